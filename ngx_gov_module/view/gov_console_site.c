
/*
 * Copyright (C) ngx_gov authors
 *
 * Pages of a site, and the way to one.
 */


#include "view/gov_console_int.h"


#define GOV_CONSOLE_BOARD_ROWS  50


static gov_str_t gov_console_above(gov_console_t *c, gov_right_t right);
static gov_rc_t gov_console_flow(gov_console_t *c, uint32_t column,
    gov_err_t *err);
static gov_rc_t gov_console_blueprints(gov_console_t *c, gov_err_t *err);


gov_rc_t
gov_console_sites(gov_console_t *c, gov_err_t *err)
{
    gov_str_t     text;
    gov_value_t  *in;

    in = gov_console_args(c, "below from");
    text = gov_console_arg(c, "q");

    if (text.len) {
        gov_put_str(c->arena, in, "text", text);
    }

    gov_put_int(c->arena, in, "limit", 50);

    return gov_console_ask(c, "site.search", in, "found", err);
}


gov_rc_t
gov_console_site(gov_console_t *c, gov_err_t *err)
{
    if (gov_console_may(c, GOV_RIGHT_SITE_MANAGE, c->site.id, 0)) {
        gov_put_bool(c->arena, c->out, "may_manage", 1);
    }

    return gov_console_ask(c, "site.get", gov_console_here(c), "facts", err);
}


gov_rc_t
gov_console_settings(gov_console_t *c, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_value_t  *in;

    rc = gov_console_site(c, err);

    if (rc == GOV_OK) {
        in = gov_console_args(c, "after");
        gov_put_str(c->arena, in, "site", c->site.rec.code);
        rc = gov_console_ask(c, "site.hosts", in, "hosts", err);
    }

    return rc == GOV_OK ? gov_console_flow(c, 0, err) : rc;
}


/* what holds now, wherever it was set */

static gov_rc_t
gov_console_flow(gov_console_t *c, uint32_t column, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_flow_t    flow;
    gov_value_t  *holds;

    rc = gov_flow_of(c->txn, c->arena, c->site.id, column, c->now, &flow);
    if (rc != GOV_OK) {
        return gov_fail(err, rc, "", "流程设置读取失败");
    }

    holds = gov_put_map(c->arena, c->out, "holds");
    gov_put_int(c->arena, holds, "reviews", flow.reviews);
    gov_put_bool(c->arena, holds, "apart", flow.apart);
    gov_put_bool(c->arena, holds, "alt", flow.alt);
    gov_put_bool(c->arena, holds, "openness", flow.openness);
    gov_put_bool(c->arena, holds, "secrecy", flow.secrecy);

    return GOV_OK;
}


gov_rc_t
gov_console_columns(gov_console_t *c, gov_err_t *err)
{
    if (gov_console_may(c, GOV_RIGHT_COLUMN_MANAGE, c->site.id,
                        GOV_ANY_COLUMN))
    {
        gov_put_bool(c->arena, c->out, "may_manage", 1);
    }

    return gov_console_ask(c, "column.list", gov_console_here(c), "columns",
                           err);
}


gov_rc_t
gov_console_choices(gov_console_t *c, gov_err_t *err)
{
    gov_value_t  *in;

    in = gov_console_here(c);
    gov_put_bool(c->arena, in, "brief", 1);

    return gov_console_ask(c, "column.list", in, "columns", err);
}


gov_rc_t
gov_console_column_new(gov_console_t *c, gov_err_t *err)
{
    return gov_console_choices(c, err);
}


/* the column of "?column=a/b" as "column" */

gov_rc_t
gov_console_column(gov_console_t *c, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_str_t     path;
    gov_value_t  *row;

    rc = gov_console_columns(c, err);
    if (rc != GOV_OK) {
        return rc;
    }

    path = gov_console_arg(c, "column");

    gov_each(row, gov_member(gov_member(c->out, "columns"), "rows")) {
        if (gov_str_eq(gov_get_str(row, "column"), path)) {
            gov_put(c->out, "column", gov_value_copy(c->arena, row));
            return gov_console_flow(c,
                       (uint32_t) gov_get_int(row, "number", 0), err);
        }
    }

    return gov_fail(err, GOV_NOT_FOUND, "column", "该站点没有这个栏目");
}


gov_rc_t
gov_console_site_new(gov_console_t *c, gov_err_t *err)
{
    if (gov_console_arg(c, "parent").len == 0) {
        gov_put_str(c->arena, c->out, "above",
                    gov_console_above(c, GOV_RIGHT_SITE_MANAGE));
    }

    return gov_console_blueprints(c, err);
}


gov_rc_t
gov_console_site_import(gov_console_t *c, gov_err_t *err)
{
    return gov_console_blueprints(c, err);
}


static gov_rc_t
gov_console_blueprints(gov_console_t *c, gov_err_t *err)
{
    return gov_console_ask(c, "blueprint.list", gov_map(c->arena),
                           "blueprints", err);
}


/* the code of the first site where they hold the right; empty */

static gov_str_t
gov_console_above(gov_console_t *c, gov_right_t right)
{
    unsigned     n;
    uint32_t    *sites;
    gov_site_t   site;

    if (gov_who_roots(c->txn, c->arena, &c->me.who, right, &sites, &n) != GOV_OK
        || n == 0
        || gov_site_get(c->txn, c->arena, sites[0], &site) != GOV_OK)
    {
        return (gov_str_t) gov_null_string;
    }

    return site.rec.code;
}


gov_rc_t
gov_console_board(gov_console_t *c, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_value_t  *in;

    if (gov_console_may(c, GOV_RIGHT_PLATFORM_MANAGE, GOV_HUB, 0)) {
        in = gov_map(c->arena);
        gov_put_int(c->arena, in, "limit", 1);
        rc = gov_console_ask(c, "mail.list", in, "mails", err);

        if (rc != GOV_OK) {
            return rc;
        }
    }

    in = gov_console_args(c, "below from");

    if (gov_member(in, "below") == NULL) {
        gov_put_str(c->arena, in, "below",
                    gov_console_above(c, GOV_RIGHT_SITE_MANAGE));
    }

    gov_put_str(c->arena, c->out, "below", gov_get_str(in, "below"));
    gov_put_int(c->arena, in, "limit", GOV_CONSOLE_BOARD_ROWS);

    return gov_console_ask(c, "site.board", in, "board", err);
}
