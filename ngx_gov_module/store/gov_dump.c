
/*
 * Copyright (C) ngx_gov authors
 *
 * The canonical dump: a line a pair, in key order,
 *
 *     {"key":["..."],"site":7,"table":"DOCS","value":{...}}
 *
 * with members sorted, so that equal stores give equal dumps.  A raw value
 * is its bytes as hexadecimal.  Without the journal are left out its own
 * tables and the record of its head; the marks stay.
 */


#include "store/gov_store_int.h"


static gov_rc_t gov_dump_pair(gov_arena_t *a, gov_str_t key, gov_str_t value,
    gov_str_t *line);
static gov_value_t *gov_dump_value(gov_arena_t *a, gov_table_info_t *info,
    gov_str_t value);
static int gov_dump_journal(gov_str_t key);


gov_rc_t
gov_store_dump(gov_txn_t *t, uint32_t site, int journal, gov_line_pt line,
    void *data, gov_err_t *err)
{
    void           *cursor;
    u_char          start[GOV_KEY_HEAD];
    gov_rc_t        rc;
    gov_str_t       key, value, text;
    gov_arena_t    *a;
    gov_backend_t  *backend;

    backend = t->store->backend;

    rc = backend->cursor_open(t->txn, &cursor);
    if (rc != GOV_OK) {
        return gov_fail(err, rc, "", "数据库无法读取");
    }

    a = gov_arena_new(16384);

    gov_key_head(start, site, 0);
    key = (gov_str_t) { GOV_KEY_HEAD, start };

    rc = backend->cursor_move(cursor, GOV_MOVE_AT, &key, &value);

    while (rc == GOV_OK
           && (site == GOV_HUB || gov_key_get4(key, 0) == site))
    {
        if (journal || !gov_dump_journal(key)) {
            gov_arena_reset(a);

            rc = gov_dump_pair(a, key, value, &text);

            if (rc == GOV_OK) {
                rc = line(data, text);
            }

            if (rc != GOV_OK) {
                (void) gov_fail(err, rc, "", "站点 %u 的一条记录无法导出",
                                gov_key_get4(key, 0));
                break;
            }
        }

        rc = backend->cursor_move(cursor, GOV_MOVE_NEXT, &key, &value);
    }

    backend->cursor_close(cursor);
    gov_arena_free(&a);

    return rc == GOV_NOT_FOUND ? GOV_OK : rc;
}


static gov_rc_t
gov_dump_pair(gov_arena_t *a, gov_str_t key, gov_str_t value,
    gov_str_t *line)
{
    gov_buf_t          b;
    gov_key_t          k;
    gov_table_t        table;
    gov_value_t       *v, *inner;
    gov_table_info_t  *info;

    if (gov_key_split(key, &table, &k) != GOV_OK) {
        return GOV_CORRUPT;
    }

    info = &gov_table_info[table];

    inner = gov_dump_value(a, info, value);
    if (inner == NULL) {
        return GOV_CORRUPT;
    }

    v = gov_map(a);
    gov_put_int(a, v, "site", gov_key_get4(key, 0));
    gov_put_c(a, v, "table", info->name);
    gov_put(v, "key", gov_key_value(a, info->shape,
                                 (gov_str_t) { k.len, k.data }));
    gov_put(v, "value", inner);

    gov_buf_init(&b, a, 512);
    gov_json_write(&b, v, GOV_JSON_CANON);

    *line = b.s;

    return GOV_OK;
}


static gov_value_t *
gov_dump_value(gov_arena_t *a, gov_table_info_t *info, gov_str_t value)
{
    gov_any_rec_t  rec;

    if (info->record == NULL) {
        return gov_val_str(a, gov_hex_str(a, value.data, value.len));
    }

    if (gov_rec_decode(a, info->record, value, &rec) != GOV_OK) {
        return NULL;
    }

    return gov_rec_value(a, info->record, &rec);
}


static int
gov_dump_journal(gov_str_t key)
{
    gov_str_t  parts;

    switch (gov_key_table(key)) {

    case GOV_T_JOURNAL:
    case GOV_T_APPLIED:
    case GOV_T_CHAIN:
        return 1;

    case GOV_T_META:
        parts.len = key.len - GOV_KEY_HEAD;
        parts.data = key.data + GOV_KEY_HEAD;

        return gov_str_is(parts, "journal");

    default:
        return 0;
    }
}
