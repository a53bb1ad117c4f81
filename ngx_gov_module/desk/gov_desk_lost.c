
/*
 * Copyright (C) ngx_gov authors
 *
 * What sites lose with a column that their blueprint has no more, or has only
 * to group others: no address would lead to the documents that stand in it,
 * nor to columns of their own below it, and a role held in it could not be
 * taken back.  As column.remove asks of one site, so is asked of all of a
 * blueprint, and of one that is to have another.
 *
 * A site that keeps a record of the column keeps the column.  Of a blueprint
 * of tens of thousands of sites only columns that leave are asked for, by key.
 */


#include "desk/gov_desk_int.h"


typedef struct {
    gov_value_t  *column;           /* as it was */
    int           gone;             /* 0: from now on it groups others */
} gov_lost_t;


static unsigned gov_lost(gov_arena_t *a, gov_value_t *was, gov_value_t *now,
    gov_lost_t **list);
static gov_value_t *gov_lost_find(gov_value_t *columns, int64_t id);
static gov_rc_t gov_lost_site(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_lost_t *list, unsigned n, const char *field, gov_err_t *err);
static gov_rc_t gov_lost_below(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site, gov_lost_t *list, unsigned n, const char *field,
    gov_err_t *err);
static gov_lost_t *gov_lost_gone(gov_lost_t *list, unsigned n, int64_t id);
static gov_rc_t gov_lost_column(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site, gov_lost_t *lost, const char *field, gov_err_t *err);
static gov_rc_t gov_lost_held(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint32_t column);


gov_rc_t
gov_desk_lost_all(gov_cmd_t *c, gov_str_t blueprint, gov_value_t *was,
    gov_value_t *now)
{
    gov_rc_t      rc;
    unsigned      n;
    uint32_t      id;
    gov_site_t    site;
    gov_lost_t   *list;
    gov_arena_t  *a;

    n = gov_lost(c->arena, was, now, &list);

    if (n == 0) {
        return GOV_OK;
    }

    a = gov_arena_new(4096);
    id = 0;

    while ((rc = gov_site_next(c->txn, a, &id, &site)) == GOV_OK) {

        if (gov_str_eq(gov_site_blueprint_name(&site), blueprint)) {
            rc = gov_lost_site(c->txn, a, &site, list, n, "columns", c->err);
            if (rc != GOV_OK) {
                break;
            }
        }

        gov_arena_reset(a);
    }

    gov_arena_free(&a);

    return rc == GOV_DONE ? GOV_OK : rc;
}


gov_rc_t
gov_desk_lost_one(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_err_t *err)
{
    size_t        columns;
    gov_rc_t      rc;
    unsigned      n;
    gov_lost_t   *list;
    gov_site_t    old;
    gov_value_t  *was, *now;

    rc = gov_site_get(t, a, site->id, &old);

    if (rc != GOV_OK
        || gov_str_eq(gov_site_blueprint_name(&old),
                      gov_site_blueprint_name(site)))
    {
        return rc;
    }

    columns = offsetof(gov_blueprint_rec_t, columns);

    rc = gov_site_blueprint_tree(t, a, &old, columns, &was);
    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND ? GOV_OK : rc;
    }

    rc = gov_site_blueprint_tree(t, a, site, columns, &now);
    if (rc != GOV_OK && rc != GOV_NOT_FOUND) {
        return rc;
    }

    n = gov_lost(a, was, now, &list);

    return gov_lost_site(t, a, site, list, n, "blueprint", err);
}


static unsigned
gov_lost(gov_arena_t *a, gov_value_t *was, gov_value_t *now,
    gov_lost_t **list)
{
    unsigned      n;
    gov_value_t  *v, *m;

    n = 0;
    *list = gov_alloc(a, ((was ? was->n : 0) + 1) * sizeof(gov_lost_t));

    gov_each (v, was) {
        m = gov_lost_find(now, gov_get_int(v, "id", 0));

        if (m == NULL || (gov_str_is(gov_get_str(m, "kind"), "section")
                          && !gov_str_is(gov_get_str(v, "kind"), "section")))
        {
            (*list)[n].column = v;
            (*list)[n++].gone = m == NULL;
        }
    }

    return n;
}


static gov_value_t *
gov_lost_find(gov_value_t *columns, int64_t id)
{
    gov_value_t  *v;

    gov_each (v, columns) {
        if (gov_get_int(v, "id", 0) == id) {
            return v;
        }
    }

    return NULL;
}


static gov_rc_t
gov_lost_site(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_lost_t *list, unsigned n, const char *field, gov_err_t *err)
{
    unsigned  i;
    gov_rc_t  rc;

    rc = GOV_OK;

    for (i = 0; rc == GOV_OK && i < n; i++) {
        rc = gov_lost_column(t, a, site, &list[i], field, err);
    }

    return rc == GOV_OK && n && !gov_site_ended(site->rec.state)
           ? gov_lost_below(t, a, site, list, n, field, err) : rc;
}


/* of its own columns, which few sites have */

static gov_rc_t
gov_lost_below(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_lost_t *list, unsigned n, const char *field, gov_err_t *err)
{
    gov_rc_t           rc;
    gov_key_t          k;
    gov_scan_t         sc;
    gov_lost_t        *lost;
    gov_handle_t       h;
    gov_column_rec_t   own;

    h = gov_handle(t, site->id);

    rc = gov_scan_open(&sc, h, GOV_T_COLUMNS, gov_key(&k), GOV_FORWARD);

    while (rc == GOV_OK && (rc = gov_scan_next(&sc, a, &own)) == GOV_OK) {
        lost = own.removed ? NULL : gov_lost_gone(list, n, own.parent);

        if (lost == NULL) {
            continue;
        }

        rc = gov_there(h, GOV_T_COLUMNS, gov_key4(&k, (uint32_t) own.parent));

        if (rc == GOV_NOT_FOUND) {
            rc = gov_fail(err, GOV_CONFLICT, field,
                          "“%.*s”（%.*s）的“%.*s”还有下级栏目“%.*s”",
                          gov_strf(gov_utf8_head(site->rec.name, 30)),
                          gov_strf(site->rec.code),
                          gov_strf(gov_utf8_head(gov_get_str(lost->column,
                                                             "name"), 30)),
                          gov_strf(gov_utf8_head(own.name, 30)));
        }
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


static gov_lost_t *
gov_lost_gone(gov_lost_t *list, unsigned n, int64_t id)
{
    unsigned  i;

    for (i = 0; i < n; i++) {
        if (list[i].gone && gov_get_int(list[i].column, "id", 0) == id) {
            return &list[i];
        }
    }

    return NULL;
}


/* an ended site shows nothing, and nobody can move anything there; roles can
 * be taken back.  The site's own record is asked for last, as few have
 * anything to lose */

static gov_rc_t
gov_lost_column(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_lost_t *lost, const char *field, gov_err_t *err)
{
    gov_rc_t      rc, own;
    uint32_t      id;
    gov_key_t     k;
    const char   *why;

    id = (uint32_t) gov_get_int(lost->column, "id", 0);
    why = "“%.*s”（%.*s）的“%.*s”还有文档（含草稿、已撤回和引用的），"
          "请先移走";

    rc = gov_site_ended(site->rec.state) ? GOV_OK
                                         : gov_column_empty(t, site->id, id);

    if (rc == GOV_OK && lost->gone) {
        why = "“%.*s”（%.*s）的“%.*s”还有人担任角色，请先收回授权";
        rc = gov_lost_held(t, a, site->id, id);
    }

    if (rc != GOV_DENIED) {
        return rc;
    }

    own = gov_there(gov_handle(t, site->id), GOV_T_COLUMNS, gov_key4(&k, id));

    return own != GOV_NOT_FOUND
           ? own
           : gov_fail(err, GOV_CONFLICT, field, why,
                      gov_strf(gov_utf8_head(site->rec.name, 30)),
                      gov_strf(site->rec.code),
                      gov_strf(gov_utf8_head(gov_get_str(lost->column,
                                                         "name"), 30)));
}


/* GOV_DENIED: somebody holds a role there */

static gov_rc_t
gov_lost_held(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint32_t column)
{
    gov_rc_t  rc;

    rc = gov_held_in(t, a, site, column);

    return rc == GOV_OK ? GOV_DENIED : rc == GOV_NOT_FOUND ? GOV_OK : rc;
}
