
/*
 * Copyright (C) ngx_gov authors
 *
 * One key: load, save, drop; the named numbers of the hub.
 *
 * Every write goes through gov_raw_put() and gov_raw_drop(), which count
 * bytes: of the transaction, and of the site when the table is counted.
 *
 * A write transaction remembers two things that a command asks for again and
 * again: the number of the journal's next entry, and the record of the site
 * that it read first.  What is remembered is what is stored:
 *
 *   1. whatever is put into META or SITES, or dropped from them, goes through
 *      those two functions, which forget it, or through gov_store_undump(),
 *      which does as well;
 *   2. a child begins with nothing remembered, and what its parent remembers
 *      is forgotten when it is committed: gov_txn.c.
 */


#include <stdlib.h>

#include "store/gov_store_int.h"


static gov_record_t *gov_load_record(gov_table_t t);
static gov_rc_t gov_load_site(gov_handle_t h, gov_key_t *k,
    gov_str_t *value);
static void gov_load_wrote(gov_handle_t h, gov_table_t t, size_t bytes);
static gov_rc_t gov_load_count(gov_handle_t h, gov_table_t t, gov_str_t key,
    gov_str_t *value);
static gov_rc_t gov_sequence(gov_txn_t *t, const char *sequence,
    uint64_t above, uint64_t *n);


gov_rc_t
gov_load(gov_handle_t h, gov_table_t t, gov_key_t *k, gov_arena_t *a,
    void *rec)
{
    gov_rc_t       rc;
    gov_str_t      value;
    gov_record_t  *r;

    r = gov_load_record(t);
    if (r == NULL) {
        return GOV_ERROR;
    }

    rc = t == GOV_T_SITES && h.txn->write ? gov_load_site(h, k, &value)
                                          : gov_raw_get(h, t, k, &value);

    return rc == GOV_OK ? gov_load_value(h.txn, r, value, a, rec) : rc;
}


static gov_rc_t
gov_load_site(gov_handle_t h, gov_key_t *k, gov_str_t *value)
{
    uint32_t    id;
    gov_rc_t    rc;
    gov_txn_t  *t = h.txn;

    id = gov_key_get4((gov_str_t) { k->len, k->data }, 0);

    if (t->site.data != NULL && t->site_id == id && h.site == GOV_HUB) {
        *value = t->site;
        return GOV_OK;
    }

    rc = gov_raw_get(h, GOV_T_SITES, k, value);

    if (rc != GOV_OK || t->site.data != NULL) {
        return rc;
    }

    t->site.data = malloc(value->len + 1);
    if (t->site.data == NULL) {
        gov_out_of_memory();
    }

    memcpy(t->site.data, value->data, value->len);
    t->site.len = value->len;
    t->site_id = id;

    return GOV_OK;
}


/*
 * In a write transaction the next put may move what was read, so it is read
 * from a copy.
 */

gov_rc_t
gov_load_value(gov_txn_t *t, gov_record_t *r, gov_str_t value, gov_arena_t *a,
    void *rec)
{
    if (t->write) {
        value = gov_str_copy(a, value);
    }

    return gov_rec_decode(a, r, value, rec);
}


gov_rc_t
gov_save(gov_handle_t h, gov_table_t t, gov_key_t *k, gov_arena_t *a,
    void *rec)
{
    gov_rc_t       rc;
    gov_str_t      value;
    gov_record_t  *r;

    r = gov_load_record(t);
    if (r == NULL) {
        return GOV_ERROR;
    }

    rc = gov_rec_encode(a, r, rec, &value);

    return rc == GOV_OK ? gov_raw_put(h, t, k, value) : rc;
}


gov_rc_t
gov_drop(gov_handle_t h, gov_table_t t, gov_key_t *k)
{
    return gov_raw_drop(h, t, k);
}


int
gov_exists(gov_handle_t h, gov_table_t t, gov_key_t *k)
{
    return gov_there(h, t, k) == GOV_OK;
}


gov_rc_t
gov_there(gov_handle_t h, gov_table_t t, gov_key_t *k)
{
    gov_str_t  value;

    return gov_raw_get(h, t, k, &value);
}


static gov_record_t *
gov_load_record(gov_table_t t)
{
    return gov_table_info[(u_char) t].record;
}


gov_rc_t
gov_raw_get(gov_handle_t h, gov_table_t t, gov_key_t *k, gov_str_t *value)
{
    u_char     buf[GOV_KEY_MAX];
    gov_rc_t   rc;
    gov_str_t  key;

    rc = gov_key_whole(h, t, k, buf, &key);
    if (rc != GOV_OK) {
        return rc;
    }

    return h.txn->store->backend->get(h.txn->txn, key, value);
}


gov_rc_t
gov_stored(gov_handle_t h, gov_table_t t, gov_key_t *k, gov_arena_t *a,
    gov_str_t *value)
{
    gov_rc_t  rc;

    rc = gov_raw_get(h, t, k, value);

    if (rc == GOV_OK && h.txn->write && a != NULL) {
        *value = gov_str_copy(a, *value);
    }

    return rc;
}


gov_rc_t
gov_raw_put(gov_handle_t h, gov_table_t t, gov_key_t *k, gov_str_t value)
{
    u_char     buf[GOV_KEY_MAX];
    gov_rc_t   rc;
    gov_str_t  key;

    if (!h.txn->write) {
        return GOV_ERROR;
    }

    rc = gov_key_whole(h, t, k, buf, &key);

    if (rc == GOV_OK) {
        rc = gov_load_count(h, t, key, &value);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    gov_load_wrote(h, t, key.len + value.len);

    return h.txn->store->backend->put(h.txn->txn, key, value);
}


gov_rc_t
gov_raw_drop(gov_handle_t h, gov_table_t t, gov_key_t *k)
{
    u_char     buf[GOV_KEY_MAX];
    gov_rc_t   rc;
    gov_str_t  key;

    if (!h.txn->write) {
        return GOV_ERROR;
    }

    rc = gov_key_whole(h, t, k, buf, &key);

    if (rc == GOV_OK) {
        rc = gov_load_count(h, t, key, NULL);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    gov_load_wrote(h, t, key.len);

    return h.txn->store->backend->del(h.txn->txn, key);
}


static void
gov_load_wrote(gov_handle_t h, gov_table_t t, size_t bytes)
{
    h.txn->bytes += bytes;

    if (t == GOV_T_META) {
        h.txn->next = 0;
    }

    if (t == GOV_T_SITES) {
        gov_txn_forget(h.txn);
    }
}


/* what the new value weighs more than the one it replaces */

static gov_rc_t
gov_load_count(gov_handle_t h, gov_table_t t, gov_str_t key, gov_str_t *value)
{
    int64_t    bytes;
    gov_rc_t   rc;
    gov_str_t  old;

    if (!gov_table_info[(u_char) t].counted) {
        return GOV_OK;
    }

    bytes = value ? gov_quota_weight(t, *value) : 0;

    rc = h.txn->store->backend->get(h.txn->txn, key, &old);

    if (rc == GOV_OK) {
        bytes -= gov_quota_weight(t, old);

    } else if (rc != GOV_NOT_FOUND) {
        return rc;
    }

    gov_quota_add(h.txn, h.site, bytes);

    return GOV_OK;
}


gov_rc_t
gov_meta_get(gov_txn_t *t, gov_arena_t *a, const char *name,
    gov_meta_rec_t *m)
{
    gov_key_t  k;

    return gov_load(gov_handle(t, GOV_HUB), GOV_T_META,
                    gov_key_s(&k, gov_str_of(name)), a, m);
}


gov_rc_t
gov_meta_put(gov_txn_t *t, gov_arena_t *a, const char *name,
    gov_meta_rec_t *m)
{
    gov_key_t  k;

    return gov_save(gov_handle(t, GOV_HUB), GOV_T_META,
                    gov_key_s(&k, gov_str_of(name)), a, m);
}


gov_rc_t
gov_next(gov_txn_t *t, const char *sequence, uint64_t *n)
{
    return gov_sequence(t, sequence, 0, n);
}


gov_rc_t
gov_next_above(gov_txn_t *t, const char *sequence, uint64_t n)
{
    return gov_sequence(t, sequence, n, NULL);
}


gov_rc_t
gov_last(gov_txn_t *t, const char *sequence, uint64_t *n)
{
    gov_rc_t         rc;
    gov_key_t        k;
    gov_arena_t     *a;
    gov_meta_rec_t   m;

    a = gov_arena_new(512);

    (void) gov_key_s(&k, gov_s("next "));
    (void) gov_key_add_s(&k, gov_str_of(sequence));

    rc = gov_load(gov_handle(t, GOV_HUB), GOV_T_META, &k, a, &m);
    *n = rc == GOV_OK ? (uint64_t) m.value : 0;

    gov_arena_free(&a);

    return rc == GOV_NOT_FOUND ? GOV_OK : rc;
}


/* the next number into n; without it, to `above` at least */

static gov_rc_t
gov_sequence(gov_txn_t *t, const char *sequence, uint64_t above,
    uint64_t *n)
{
    gov_rc_t         rc;
    gov_key_t        k;
    gov_arena_t     *a;
    gov_handle_t     hub;
    gov_meta_rec_t   m;

    hub = gov_handle(t, GOV_HUB);
    a = gov_arena_new(512);

    (void) gov_key_s(&k, gov_s("next "));
    (void) gov_key_add_s(&k, gov_str_of(sequence));

    memset(&m, 0, sizeof(gov_meta_rec_t));

    rc = gov_load(hub, GOV_T_META, &k, a, &m);

    if (rc == GOV_NOT_FOUND) {
        rc = GOV_OK;
    }

    if (rc == GOV_OK && n != NULL) {
        *n = (uint64_t) ++m.value;
    }

    if (rc == GOV_OK && (n != NULL || (uint64_t) m.value < above)) {
        m.value = n != NULL ? m.value : (int64_t) above;
        rc = gov_save(hub, GOV_T_META, &k, a, &m);
    }

    gov_arena_free(&a);

    return rc;
}
