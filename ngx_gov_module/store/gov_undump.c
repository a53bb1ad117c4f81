
/*
 * Copyright (C) ngx_gov authors
 *
 * Lines of a dump put back, and a site's range emptied before.  Neither is
 * counted towards the site's usage: the dump holds the usage too.
 */


#include "store/gov_store_int.h"


#define GOV_CLEAR_BATCH  512


static gov_rc_t gov_undump_table(gov_value_t *line, uint32_t site,
    gov_table_t *t, gov_err_t *err);
static gov_rc_t gov_undump_value(gov_arena_t *a, gov_table_info_t *info,
    gov_value_t *v, gov_str_t *value, gov_err_t *err);
static gov_rc_t gov_undump_raw(gov_arena_t *a, gov_value_t *v,
    gov_str_t *value, gov_err_t *err);
static gov_rc_t gov_clear_collect(gov_txn_t *t, uint32_t site,
    gov_arena_t *a, gov_str_t *keys, unsigned *n);


gov_rc_t
gov_store_undump(gov_txn_t *t, uint32_t site, gov_arena_t *a,
    gov_value_t *line, gov_err_t *err)
{
    u_char       buf[GOV_KEY_MAX];
    gov_rc_t     rc;
    gov_key_t    k;
    gov_str_t    key, value;
    gov_table_t  table = GOV_T_END;

    if (!t->write) {
        return gov_fail(err, GOV_ERROR, "", "数据库是只读打开的");
    }

    rc = gov_undump_table(line, site, &table, err);

    if (rc == GOV_OK) {
        rc = gov_key_from_value(&k, gov_table_info[table].shape,
                                gov_member(line, "key"), err);
    }

    if (rc == GOV_OK) {
        rc = gov_undump_value(a, &gov_table_info[table],
                              gov_member(line, "value"), &value, err);
    }

    if (rc == GOV_OK) {
        rc = gov_key_whole(gov_handle(t, site), table, &k, buf, &key);
    }

    if (rc == GOV_OK) {
        gov_txn_forget(t);
        t->bytes += key.len + value.len;
        rc = t->store->backend->put(t->txn, key, value);
    }

    return rc == GOV_OK ? rc : gov_fail(err, rc, "", "记录无法写入");
}


static gov_rc_t
gov_undump_table(gov_value_t *line, uint32_t site, gov_table_t *t,
    gov_err_t *err)
{
    int        i;
    gov_str_t  name;

    name = gov_get_str(line, "table");

    for (i = 0; i < GOV_T_END; i++) {
        if (gov_table_info[i].name != NULL
            && gov_str_is(name, gov_table_info[i].name))
        {
            break;
        }
    }

    if (i == GOV_T_END) {
        return gov_fail(err, GOV_INVALID, "table", "没有表 %.*s",
                        gov_strf(name));
    }

    if ((gov_get_int(line, "site", -1) == GOV_HUB) != (site == GOV_HUB)
        || (site != GOV_HUB && !gov_table_info[i].site))
    {
        return gov_fail(err, GOV_INVALID, "site",
                        "平台的记录不能放到站点，反之亦然");
    }

    *t = (gov_table_t) i;

    return GOV_OK;
}


static gov_rc_t
gov_undump_value(gov_arena_t *a, gov_table_info_t *info, gov_value_t *v,
    gov_str_t *value, gov_err_t *err)
{
    gov_rc_t       rc;
    gov_any_rec_t  rec, again;

    if (info->record == NULL) {
        return gov_undump_raw(a, v, value, err);
    }

    rc = gov_rec_from_value(a, info->record, v, &rec, err);

    if (rc == GOV_OK) {
        rc = gov_rec_encode(a, info->record, &rec, value);
    }

    /* fields that this program does not know come as bytes */

    if (rc == GOV_OK
        && gov_rec_decode(a, info->record, *value, &again) != GOV_OK)
    {
        rc = gov_fail(err, GOV_INVALID, "value", "记录写下后无法读回");
    }

    return rc;
}


static gov_rc_t
gov_undump_raw(gov_arena_t *a, gov_value_t *v, gov_str_t *value,
    gov_err_t *err)
{
    if (v == NULL || v->kind != GOV_STR || v->u.s.len % 2 != 0) {
        return gov_fail(err, GOV_INVALID, "value", "值不是十六进制");
    }

    value->len = v->u.s.len / 2;
    value->data = gov_alloc(a, value->len + 1);

    if (gov_unhex(value->data, v->u.s, value->len) != 0
        || !gov_sum_holds(*value))
    {
        return gov_fail(err, GOV_INVALID, "value", "值的校验和不符");
    }

    return GOV_OK;
}


/* keys are collected first: nothing is deleted under a cursor */

gov_rc_t
gov_store_clear_site(gov_txn_t *t, uint32_t site)
{
    unsigned      i, n;
    gov_rc_t      rc;
    gov_str_t     keys[GOV_CLEAR_BATCH];
    gov_arena_t  *a;

    if (site == GOV_HUB || !t->write) {
        return GOV_ERROR;
    }

    a = gov_arena_new(16384);

    do {
        gov_arena_reset(a);

        rc = gov_clear_collect(t, site, a, keys, &n);

        for (i = 0; rc == GOV_OK && i < n; i++) {
            t->bytes += keys[i].len;
            rc = t->store->backend->del(t->txn, keys[i]);
        }

    } while (rc == GOV_OK && n > 0);

    gov_arena_free(&a);

    /* what this transaction wrote before is gone as well */

    for (i = 0; i < t->ndeltas; i++) {
        if (t->deltas[i].site == site) {
            t->deltas[i].bytes = 0;
        }
    }

    return rc;
}


static gov_rc_t
gov_clear_collect(gov_txn_t *t, uint32_t site, gov_arena_t *a,
    gov_str_t *keys, unsigned *n)
{
    void           *cursor;
    u_char          start[GOV_KEY_HEAD];
    gov_rc_t        rc;
    gov_str_t       key, value;
    gov_backend_t  *backend;

    *n = 0;

    backend = t->store->backend;

    rc = backend->cursor_open(t->txn, &cursor);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_key_head(start, site, 0);
    key = (gov_str_t) { GOV_KEY_HEAD, start };

    rc = backend->cursor_move(cursor, GOV_MOVE_AT, &key, &value);

    while (rc == GOV_OK
           && *n < GOV_CLEAR_BATCH
           && gov_key_get4(key, 0) == site)
    {
        /* the site's journal goes on where it is */

        if (gov_key_table(key) != GOV_T_CHAIN) {
            keys[(*n)++] = gov_str_copy(a, key);
        }

        rc = backend->cursor_move(cursor, GOV_MOVE_NEXT, &key, &value);
    }

    backend->cursor_close(cursor);

    return rc == GOV_NOT_FOUND ? GOV_OK : rc;
}
