
/*
 * Copyright (C) ngx_gov authors
 *
 * The format's number is in the hub's table META.  A program reads only its
 * own format; one that writes leads an older store up, step by step, in one
 * transaction: whoever is broken off finds the store as it was.
 *
 * A step knows the formats as they were.  What it says of them is never
 * changed with the program.
 */


#include "store/gov_store_int.h"


/* pairs and bytes that are moved at a time */
#define GOV_FORMAT_BATCH  256
#define GOV_FORMAT_BYTES  (1 << 20)

typedef struct {
    gov_str_t    key;
    gov_str_t    value;
} gov_format_pair_t;


static gov_rc_t gov_format_lead(gov_txn_t *t, gov_arena_t *a,
    gov_err_t *err);
static gov_rc_t gov_format_begin(gov_txn_t *t, gov_arena_t *a,
    gov_err_t *err);
static gov_rc_t gov_format_newer(int64_t format, gov_err_t *err);
static gov_rc_t gov_format_from_4(gov_txn_t *t, gov_arena_t *a,
    gov_err_t *err);
static gov_rc_t gov_format_from_3(gov_txn_t *t, gov_arena_t *a,
    gov_err_t *err);
static gov_rc_t gov_format_links(gov_txn_t *t, gov_arena_t *a, uint64_t seq);
static gov_rc_t gov_format_link(gov_handle_t h, gov_arena_t *a, uint64_t seq,
    u_char *at);
static gov_rc_t gov_format_from_1(gov_txn_t *t, gov_arena_t *a,
    gov_err_t *err);
static gov_rc_t gov_format_from_2(gov_txn_t *t, gov_arena_t *a,
    gov_err_t *err);
static int gov_format_stale(gov_str_t key);
static gov_rc_t gov_format_collect(gov_txn_t *t, gov_arena_t *a,
    gov_key_t *at, gov_format_pair_t *pairs, unsigned *n);
static gov_rc_t gov_format_move(gov_txn_t *t, gov_format_pair_t *pair);


/* leading from format 0, an empty store, needs no step */

static gov_migration_t  gov_format_steps[] = {
    { 1, gov_format_from_1 },
    { 2, gov_format_from_2 },
    { 3, gov_format_from_3 },
    { 4, gov_format_from_4 }
};

gov_format_t  gov_store_format = {
    GOV_STORE_FORMAT, gov_format_steps,
    sizeof(gov_format_steps) / sizeof(gov_format_steps[0])
};


gov_rc_t
gov_format_read(gov_store_t *s, gov_err_t *err)
{
    gov_rc_t        rc;
    gov_txn_t      *t;
    gov_arena_t    *a;
    gov_meta_rec_t  m;

    rc = gov_txn_begin(s, GOV_TXN_READ, &t, err);
    if (rc != GOV_OK) {
        return rc;
    }

    a = gov_arena_new(256);

    rc = gov_meta_get(t, a, "format", &m);

    if (rc == GOV_NOT_FOUND) {
        rc = gov_fail(err, rc, "", "数据库尚未建立：%s", s->dir);

    } else if (rc == GOV_OK && m.value > gov_store_format.format) {
        rc = gov_format_newer(m.value, err);

    } else if (rc == GOV_OK && m.value < gov_store_format.format) {
        rc = gov_fail(err, GOV_BUSY, "", "数据库等待升级：%s", s->dir);
    }

    gov_txn_end(&t);
    gov_arena_free(&a);

    return rc;
}


gov_rc_t
gov_format_write(gov_store_t *s, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_txn_t    *t;
    gov_arena_t  *a;

    rc = gov_txn_begin(s, GOV_TXN_WRITE, &t, err);
    if (rc != GOV_OK) {
        return rc;
    }

    a = gov_arena_new(1024);

    rc = gov_format_lead(t, a, err);

    if (rc == GOV_OK) {
        gov_point("upgrade_commit");
        rc = gov_txn_commit(&t, err);
    }

    gov_txn_end(&t);
    gov_arena_free(&a);

    /* nothing to do is told by GOV_DONE, so that opening writes nothing */

    return rc == GOV_DONE ? GOV_OK : rc;
}


static gov_rc_t
gov_format_lead(gov_txn_t *t, gov_arena_t *a, gov_err_t *err)
{
    unsigned          i;
    gov_rc_t          rc;
    gov_meta_rec_t    m;
    gov_migration_t  *step;

    rc = gov_meta_get(t, a, "format", &m);

    if (rc == GOV_NOT_FOUND) {
        return gov_format_begin(t, a, err);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    if (m.value > gov_store_format.format) {
        return gov_format_newer(m.value, err);
    }

    if (m.value == gov_store_format.format) {
        return GOV_DONE;
    }

    while (m.value < gov_store_format.format) {

        step = NULL;

        for (i = 0; i < gov_store_format.n; i++) {
            if (gov_store_format.steps[i].from == m.value) {
                step = &gov_store_format.steps[i];
            }
        }

        if (step == NULL) {
            return gov_fail(err, GOV_INVALID, "",
                            "没有从数据库格式 %d 升级的步骤", (int) m.value);
        }

        gov_point("upgrade_before");

        rc = step->step(t, a, err);

        if (rc != GOV_OK) {
            return gov_fail(err, rc, "", "数据库从格式 %d 升级失败（%s）",
                            (int) m.value, gov_rc_name(rc));
        }

        gov_point("upgrade_after");

        m.value++;
    }

    return gov_meta_put(t, a, "format", &m);
}


static gov_rc_t
gov_format_begin(gov_txn_t *t, gov_arena_t *a, gov_err_t *err)
{
    gov_rc_t             rc;
    gov_meta_rec_t       m;
    gov_backend_stats_t  st;

    rc = t->store->backend->stats(t->store->env, &st);
    if (rc != GOV_OK) {
        return rc;
    }

    if (st.pairs != 0) {
        return gov_fail(err, GOV_INVALID, "",
                        "不是本平台的数据库（没有格式号）：%s", t->store->dir);
    }

    memset(&m, 0, sizeof(gov_meta_rec_t));

    m.value = gov_store_format.format;

    rc = gov_meta_put(t, a, "format", &m);

    if (rc == GOV_OK) {
        rc = gov_indexed_set(t);
    }

    return rc == GOV_OK ? gov_files_known_set(t, 0) : rc;
}


/* entries name the sites they make: older ones are read as before */

static gov_rc_t
gov_format_from_1(gov_txn_t *t, gov_arena_t *a, gov_err_t *err)
{
    (void) t;
    (void) a;
    (void) err;

    return GOV_OK;
}


/*
 * Tables as they were numbered in format 2, and where they stand now.  Values
 * and parts of keys stay as they are.
 */

static u_char  gov_format_tables[256] = {
    [32] = 53,          /* MARKS */
    [33] = 52,          /* CHAIN */
    [34] = 54,          /* USAGE */
    [37] = 56,          /* DOCS */
    [38] = 57,          /* VERSIONS */
    [46] = 58,          /* LOG */
    [47] = 59,          /* CHANGES */
    [48] = 60,          /* NOTES */
    [51] = 55           /* LENGTHS */
};


/*
 * Rows of DESK (45), each a kind, a time and a document, that nobody writes
 * any more: by state (bits 30 and 20 to 29 of the kind), of a whole site
 * (column 0, the lowest bits) or of what was published (2 and above).
 */

static int
gov_format_stale(gov_str_t key)
{
    uint32_t  kind;

    kind = gov_key_get4(key, GOV_KEY_HEAD);

    return key.data[4] == 45 && kind >> 30 == 1
           && ((kind >> 20 & 0x3ff) >= 2 || (kind & 0xfffff) == 0);
}


static gov_rc_t
gov_format_from_2(gov_txn_t *t, gov_arena_t *a, gov_err_t *err)
{
    gov_rc_t            rc;
    unsigned            i, n;
    gov_key_t           at;
    gov_arena_t        *batch;
    gov_format_pair_t   pairs[GOV_FORMAT_BATCH];

    (void) a;
    (void) err;

    (void) gov_key_s(&at, gov_s("\0"));
    batch = gov_arena_new(16384);

    do {
        gov_arena_reset(batch);

        rc = gov_format_collect(t, batch, &at, pairs, &n);

        for (i = 0; rc == GOV_OK && i < n; i++) {
            rc = gov_format_move(t, &pairs[i]);
        }

        gov_point("upgrade_within");

    } while (rc == GOV_OK && n > 0);

    gov_arena_free(&batch);

    return rc;
}


/* the next ones that move or go, from a key on: nothing is written under a
 * cursor */

static gov_rc_t
gov_format_collect(gov_txn_t *t, gov_arena_t *a, gov_key_t *at,
    gov_format_pair_t *pairs, unsigned *n)
{
    void           *cursor;
    size_t          bytes;
    gov_rc_t        rc;
    gov_str_t       key, value;
    gov_backend_t  *backend;

    *n = 0;
    bytes = 0;
    backend = t->store->backend;

    rc = backend->cursor_open(t->txn, &cursor);
    if (rc != GOV_OK) {
        return rc;
    }

    key = (gov_str_t) { at->len, at->data };
    rc = backend->cursor_move(cursor, GOV_MOVE_AT, &key, &value);

    while (rc == GOV_OK && *n < GOV_FORMAT_BATCH && bytes < GOV_FORMAT_BYTES)
    {
        if (key.len >= GOV_KEY_HEAD
            && (gov_format_tables[key.data[4]] != 0 || gov_format_stale(key)))
        {
            pairs[(*n)++] = (gov_format_pair_t) { gov_str_copy(a, key),
                                                  gov_str_copy(a, value) };
            bytes += value.len;
            (void) gov_key_s(at, key);
        }

        rc = backend->cursor_move(cursor, GOV_MOVE_NEXT, &key, &value);
    }

    backend->cursor_close(cursor);

    return rc == GOV_NOT_FOUND ? GOV_OK : rc;
}


static gov_rc_t
gov_format_move(gov_txn_t *t, gov_format_pair_t *pair)
{
    u_char          buf[GOV_KEY_MAX];
    gov_rc_t        rc;
    gov_key_t       k;
    gov_str_t       key;
    gov_table_t     table;
    gov_backend_t  *backend;

    backend = t->store->backend;
    table = (gov_table_t) gov_format_tables[pair->key.data[4]];

    if (table == GOV_T_NONE) {
        return backend->del(t->txn, pair->key);
    }

    (void) gov_key_s(&k, (gov_str_t) { pair->key.len - GOV_KEY_HEAD,
                                       pair->key.data + GOV_KEY_HEAD });

    rc = gov_key_whole(gov_handle(t, gov_key_get4(pair->key, 0)), table, &k,
                       buf, &key);

    if (rc == GOV_OK) {
        rc = backend->put(t->txn, key, pair->value);
    }

    return rc == GOV_OK ? backend->del(t->txn, pair->key) : rc;
}


/*
 * In format 4 a body stood in BODIES, named by its digest alone.  The journal
 * has that name, so it stays there; only those that come stand in TEXTS.  What
 * was touched last had no row.
 */

static gov_rc_t
gov_format_from_4(gov_txn_t *t, gov_arena_t *a, gov_err_t *err)
{
    gov_rc_t           rc;
    uint64_t           seq, next;
    gov_key_t          k;
    gov_arena_t       *entry;
    gov_entry_rec_t    e;

    (void) a;
    (void) err;

    entry = gov_arena_new(16384);

    rc = gov_journal_next(t, &next);

    for (seq = 1; rc == GOV_OK && seq < next; seq++) {
        gov_arena_reset(entry);

        rc = gov_load(gov_handle(t, GOV_HUB), GOV_T_JOURNAL,
                      gov_key8(&k, seq), entry, &e);

        if (rc == GOV_OK) {
            rc = gov_recent_add(t, entry, seq, e.sites);
        }

        rc = rc == GOV_NOT_FOUND ? GOV_OK : rc;
    }

    gov_arena_free(&entry);

    return rc;
}


/*
 * In format 3 a link stood in CHAIN (52) under its site and entry; now the
 * entry has it, and CHAIN the last one only.
 */

static gov_rc_t
gov_format_from_3(gov_txn_t *t, gov_arena_t *a, gov_err_t *err)
{
    gov_rc_t      rc;
    uint64_t      seq, next;
    gov_arena_t  *entry;

    (void) a;
    (void) err;

    entry = gov_arena_new(16384);

    rc = gov_journal_next(t, &next);

    for (seq = 1; rc == GOV_OK && seq < next; seq++) {
        gov_arena_reset(entry);
        rc = gov_format_links(t, entry, seq);
        gov_point("upgrade_within");
    }

    gov_arena_free(&entry);

    return rc;
}


/* an entry that is not there is named by verification */

static gov_rc_t
gov_format_links(gov_txn_t *t, gov_arena_t *a, uint64_t seq)
{
    u_char           *at;
    gov_rc_t          rc;
    gov_key_t         k;
    gov_value_t      *site;
    gov_handle_t      hub;
    gov_entry_rec_t   e;

    hub = gov_handle(t, GOV_HUB);

    rc = gov_load(hub, GOV_T_JOURNAL, gov_key8(&k, seq), a, &e);

    if (rc != GOV_OK || e.sites == NULL || e.sites->n == 0) {
        return rc == GOV_NOT_FOUND ? GOV_OK : rc;
    }

    gov_rec_own(a, &gov_rec_entry, &e);

    e.links.len = e.sites->n * GOV_LINK_LEN;
    e.links.data = gov_calloc(a, e.links.len);
    at = e.links.data;

    gov_each(site, e.sites) {
        rc = gov_format_link(gov_handle(t, (uint32_t) site->u.i), a, seq, at);
        if (rc != GOV_OK) {
            return rc;
        }

        at += GOV_LINK_LEN;
    }

    return gov_save(hub, GOV_T_JOURNAL, gov_key8(&k, seq), a, &e);
}


/* one that is not there stays zeros: verification names it */

static gov_rc_t
gov_format_link(gov_handle_t h, gov_arena_t *a, uint64_t seq, u_char *at)
{
    gov_rc_t          rc;
    gov_key_t         k;
    gov_link_t        link;
    gov_chain_rec_t   old, last;

    rc = gov_load(h, GOV_T_CHAIN, gov_key8(&k, seq), a, &old);

    if (rc == GOV_NOT_FOUND || (rc == GOV_OK
                                && old.hash.len != GOV_DIGEST_LEN))
    {
        return GOV_OK;
    }

    if (rc == GOV_OK) {
        gov_rec_own(a, &gov_rec_chain, &old);
        rc = gov_drop(h, GOV_T_CHAIN, &k);
    }

    if (rc == GOV_OK) {
        rc = gov_chain_last(h, a, &last);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    link.before = (uint64_t) last.seq;
    memcpy(link.hash, old.hash.data, GOV_DIGEST_LEN);
    gov_link_write(at, &link);

    old.seq = (int64_t) seq;

    return gov_save(h, GOV_T_CHAIN, gov_key(&k), a, &old);
}


static gov_rc_t
gov_format_newer(int64_t format, gov_err_t *err)
{
    return gov_fail(err, GOV_INVALID, "",
                    "数据库格式 %d 比本程序（%u）新，请使用新版程序",
                    (int) format, gov_store_format.format);
}
