
/*
 * Copyright (C) ngx_gov authors
 *
 * column.create, column.set, column.remove
 */


#include "desk/gov_desk_doc.h"


static gov_rc_t gov_desk_column_change(gov_cmd_t *c, gov_site_t *site,
    gov_column_t *column);
static gov_rc_t gov_desk_column_before(gov_cmd_t *c, gov_site_t *site,
    gov_column_t *column);
static gov_rc_t gov_desk_column_fields(gov_cmd_t *c, gov_site_t *site,
    gov_column_t *column);
static gov_rc_t gov_desk_column_out(gov_cmd_t *c, gov_site_t *site,
    gov_column_t *column);
static gov_rc_t gov_desk_column_unheld(gov_cmd_t *c, gov_site_t *site,
    gov_column_t *column);


gov_rc_t
gov_desk_column_create(gov_cmd_t *c)
{
    gov_rc_t      rc;
    gov_site_t    site;
    gov_column_t  column;

    rc = gov_desk_open_site(c, "site", &site);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_rec_own(c->arena, &gov_rec_site, &site.rec);

    memset(&column, 0, sizeof(gov_column_t));
    column.rec.kind = gov_s("list");

    return gov_desk_column_change(c, &site, &column);
}


gov_rc_t
gov_desk_column_set(gov_cmd_t *c)
{
    gov_rc_t      rc;
    gov_site_t    site;
    gov_column_t  column;

    rc = gov_desk_site_column(c, &site, &column);
    if (rc != GOV_OK) {
        return rc;
    }

    return gov_desk_column_change(c, &site, &column);
}


static gov_rc_t
gov_desk_column_change(gov_cmd_t *c, gov_site_t *site, gov_column_t *column)
{
    gov_rc_t  rc;

    rc = gov_desk_column_fields(c, site, column);

    if (rc == GOV_OK) {
        rc = gov_column_put(c->txn, c->arena, site, column, c->err);
    }

    if (rc == GOV_OK && gov_desk_has(c, "before")) {
        rc = gov_desk_column_before(c, site, column);
    }

    return rc == GOV_OK ? gov_desk_column_out(c, site, column) : rc;
}


/* it and its sisters are counted anew, by tens */

static gov_rc_t
gov_desk_column_before(gov_cmd_t *c, gov_site_t *site, gov_column_t *column)
{
    int64_t        order;
    gov_rc_t       rc;
    unsigned       i, n;
    gov_column_t   before, *list;

    rc = gov_desk_column(c, site, gov_desk_str(c, "before"), "before",
                         &before);

    if (rc == GOV_OK && (before.rec.parent != column->rec.parent
                         || before.id == column->id))
    {
        return gov_fail(c->err, GOV_INVALID, "before",
                        "只能排在同级的另一个栏目之前");
    }

    if (rc == GOV_OK) {
        rc = gov_desk_may(c, GOV_RIGHT_COLUMN_MANAGE, site->id,
                          (uint32_t) column->rec.parent, "before");
    }

    if (rc == GOV_OK) {
        rc = gov_columns(c->txn, c->arena, site, &list, &n);
    }

    for (i = 0; rc == GOV_OK && i < n; i++) {
        gov_rec_own(c->arena, &gov_rec_column, &list[i].rec);
    }

    order = 0;

    for (i = 0; rc == GOV_OK && i < n; i++) {
        if (list[i].rec.parent != column->rec.parent
            || list[i].id == column->id)
        {
            continue;
        }

        if (list[i].id == before.id) {
            column->rec.order = order += 10;
            rc = gov_column_put(c->txn, c->arena, site, column, c->err);
        }

        if (rc == GOV_OK) {
            list[i].rec.order = order += 10;
            rc = gov_column_put(c->txn, c->arena, site, &list[i], c->err);
        }
    }

    return rc;
}


static gov_rc_t
gov_desk_column_fields(gov_cmd_t *c, gov_site_t *site, gov_column_t *column)
{
    gov_rc_t       rc;
    gov_str_t      parent;
    gov_column_t   up;

    if (gov_desk_has(c, "parent")) {
        parent = gov_desk_str(c, "parent");
        up.id = 0;

        if (parent.len != 0 && !gov_str_is(parent, "/")) {
            rc = gov_desk_column(c, site, parent, "parent", &up);
            if (rc != GOV_OK) {
                return rc;
            }
        }

        rc = gov_desk_may(c, GOV_RIGHT_COLUMN_MANAGE, site->id, up.id,
                          "parent");
        if (rc != GOV_OK) {
            return rc;
        }

        column->rec.parent = up.id;
    }

#define GOV_DESK_COLUMN_STR(name)                                             \
    if (gov_desk_has(c, #name)) {                                             \
        column->rec.name = gov_desk_str(c, #name);                            \
    }

    GOV_DESK_COLUMN_STR(slug)
    GOV_DESK_COLUMN_STR(name)
    GOV_DESK_COLUMN_STR(kind)
    GOV_DESK_COLUMN_STR(desc)
    GOV_DESK_COLUMN_STR(keywords)

    column->rec.order = gov_get_int(c->in, "order", column->rec.order);
    column->rec.days = gov_get_int(c->in, "days", column->rec.days);

    if (gov_desk_has(c, "nav")) {
        column->rec.nav = gov_get_bool(c->in, "nav");
    }

    if (gov_desk_has(c, "required")) {
        column->rec.required = gov_get_bool(c->in, "required");
    }

    return gov_desk_flow_set(c, &column->rec.flow);
}


static gov_rc_t
gov_desk_column_out(gov_cmd_t *c, gov_site_t *site, gov_column_t *column)
{
    gov_rc_t       rc;
    unsigned       n;
    gov_str_t      path, url;
    gov_column_t  *list;

    rc = gov_columns(c->txn, c->arena, site, &list, &n);
    if (rc != GOV_OK) {
        return rc;
    }

    path = gov_column_path(c->arena, list, n, column->id);

    rc = gov_desk_url(c, site, path, &url);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_put_int(c->arena, c->out, "column", column->id);
    gov_put_str(c->arena, c->out, "path", path);
    gov_put_str(c->arena, c->out, "url", url);

    return GOV_OK;
}


gov_rc_t
gov_desk_column_remove(gov_cmd_t *c)
{
    gov_rc_t      rc;
    gov_site_t    site;
    gov_column_t  column;

    rc = gov_desk_site_column(c, &site, &column);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_put_int(c->arena, c->out, "column", column.id);

    rc = gov_desk_column_unheld(c, &site, &column);

    return rc == GOV_OK ? gov_column_remove(c->txn, c->arena, &site,
                                            column.id, c->err)
                        : rc;
}


/* a grant is taken back at its column: where that is gone it would stay for
 * ever.  A replay does what was done before */

static gov_rc_t
gov_desk_column_unheld(gov_cmd_t *c, gov_site_t *site, gov_column_t *column)
{
    gov_rc_t  rc;

    if (c->op->again) {
        return GOV_OK;
    }

    rc = gov_held_in(c->txn, c->arena, site->id, column->id);

    if (rc == GOV_OK) {
        return gov_fail(c->err, GOV_CONFLICT, "column",
                        "“%.*s”还有人担任角色，请先收回授权",
                        gov_strf(column->rec.name));
    }

    return rc == GOV_NOT_FOUND ? GOV_OK : rc;
}
