
/*
 * Copyright (C) ngx_gov authors
 *
 * Recomputes the journal's chains.
 *
 * The platform's: entries 1, 2, 3 ... up to the head kept in META, each with
 * the hash of the one before, the last one's hash equal to META's.  A site's:
 * every link over the one before and its entry's hash, every linked entry
 * naming the site, and every site an entry names having its link.
 *
 * A first entry or a link that does not hold ends the walk and is named.
 * What somebody cut off or rewrote from some entry to the end, head and links
 * included, holds in itself.  It is seen by a head that was noted outside:
 * the number and the hash of the last entry of that day.
 */


#include "store/gov_store_int.h"


static gov_rc_t gov_verify_platform(gov_txn_t *t, gov_arena_t *a,
    uint64_t *checked, gov_watch_t *watch, gov_err_t *err);
static gov_rc_t gov_verify_entry(uint64_t seq, gov_entry_rec_t *e,
    gov_str_t prev, gov_err_t *err);
static gov_rc_t gov_verify_links(gov_txn_t *t, uint64_t seq,
    gov_entry_rec_t *e, gov_err_t *err);
static gov_rc_t gov_verify_sites(gov_txn_t *t, gov_arena_t *a,
    gov_err_t *err);
static gov_rc_t gov_verify_site(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    int whole, uint64_t *links, gov_err_t *err);
static gov_rc_t gov_verify_link(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint64_t seq, int whole, u_char *hash, gov_str_t stored, gov_err_t *err);
static int gov_verify_names(gov_entry_rec_t *e, uint32_t site);
static gov_rc_t gov_verify_next_site(gov_txn_t *t, uint32_t *site);
static gov_rc_t gov_verify_fail(gov_err_t *err, uint64_t seq,
    const char *text);


gov_rc_t
gov_journal_verify(gov_txn_t *t, uint32_t site, uint64_t *checked,
    gov_watch_t *watch, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_arena_t  *a;

    *checked = 0;
    a = gov_arena_new(8192);

    if (site != GOV_HUB) {
        rc = gov_verify_site(t, a, site, 1, checked, err);
        gov_arena_free(&a);

        return rc;
    }

    rc = gov_verify_platform(t, a, checked, watch, err);

    if (rc == GOV_OK) {
        rc = gov_verify_sites(t, a, err);
    }

    gov_arena_free(&a);

    return rc;
}


gov_rc_t
gov_journal_note(gov_txn_t *t, gov_arena_t *a, gov_str_t *head)
{
    gov_rc_t        rc;
    gov_str_t       hex;
    gov_meta_rec_t  rec;

    head->len = 0;

    rc = gov_meta_get(t, a, "journal", &rec);

    if (rc == GOV_OK) {
        hex = gov_hex_str(a, rec.bytes.data, rec.bytes.len);
        *head = gov_str_fmt(a, "%lld:%.*s", (long long) rec.value,
                            gov_strf(hex));
    }

    return rc == GOV_NOT_FOUND ? GOV_OK : rc;
}


gov_rc_t
gov_journal_noted(gov_txn_t *t, gov_str_t noted, gov_err_t *err)
{
    u_char           *colon, hash[GOV_DIGEST_LEN];
    int64_t           seq;
    gov_rc_t          rc;
    gov_str_t         hex;
    gov_arena_t      *a;
    gov_entry_rec_t   e;

    colon = noted.len ? memchr(noted.data, ':', noted.len) : NULL;

    if (colon != NULL) {
        hex.data = colon + 1;
        hex.len = noted.len - (size_t) (hex.data - noted.data);
        noted.len -= hex.len + 1;
    }

    if (colon == NULL || gov_str_int(noted, &seq) != 0 || seq < 1
        || hex.len != 2 * GOV_DIGEST_LEN
        || gov_unhex(hash, hex, GOV_DIGEST_LEN) != 0)
    {
        return gov_fail(err, GOV_INVALID, "head",
                        "链头要写成 序号:散列值，与记下时一样");
    }

    a = gov_arena_new(8192);

    rc = gov_journal_get(t, a, (uint64_t) seq, &e);

    if (rc != GOV_OK) {
        rc = gov_fail(err, GOV_CORRUPT, "head",
                      "日志第 %lld 条不在了：记下它之后，日志被截短过",
                      (long long) seq);

    } else if (!gov_str_eq(e.hash, (gov_str_t) { GOV_DIGEST_LEN, hash })) {
        rc = gov_fail(err, GOV_CORRUPT, "head",
                      "日志第 %lld 条的散列值与记下的不同：到它为止的日志"
                      "被改写过", (long long) seq);
    }

    gov_arena_free(&a);

    return rc;
}


static gov_rc_t
gov_verify_platform(gov_txn_t *t, gov_arena_t *a, uint64_t *checked,
    gov_watch_t *watch, gov_err_t *err)
{
    u_char            prev[GOV_DIGEST_LEN];
    gov_rc_t          rc;
    uint64_t          seq;
    gov_key_t         k;
    gov_scan_t        sc;
    gov_meta_rec_t    head;
    gov_entry_rec_t   e;

    seq = 0;
    memset(prev, 0, GOV_DIGEST_LEN);

    rc = gov_scan_open(&sc, gov_handle(t, GOV_HUB), GOV_T_JOURNAL,
                       gov_key(&k), GOV_FORWARD);

    while (rc == GOV_OK) {
        gov_arena_reset(a);

        rc = gov_scan_next(&sc, a, &e);

        if (rc == GOV_DONE) {
            break;
        }

        if (rc == GOV_OK) {
            rc = gov_entry_unpack(a, &e);
        }

        seq++;

        if (rc != GOV_OK || gov_key_get8(sc.key, 0) != seq) {
            rc = gov_verify_fail(err, seq, rc ? "无法读取" : "缺失");
            break;
        }

        rc = gov_verify_entry(seq, &e, (gov_str_t) { GOV_DIGEST_LEN, prev },
                              err);

        if (rc == GOV_OK) {
            rc = gov_verify_links(t, seq, &e, err);
        }

        if (rc == GOV_OK) {
            memcpy(prev, e.hash.data, GOV_DIGEST_LEN);
            (*checked)++;

            if (watch != NULL) {
                watch->at(watch->data, *checked);
            }
        }
    }

    gov_scan_close(&sc);

    if (rc != GOV_DONE) {
        return rc;
    }

    gov_arena_reset(a);
    memset(&head, 0, sizeof(gov_meta_rec_t));

    rc = gov_meta_get(t, a, "journal", &head);

    if (rc != GOV_OK && !(rc == GOV_NOT_FOUND && seq == 0)) {
        return gov_fail(err, GOV_CORRUPT, "", "日志末尾的记录无法读取");
    }

    if ((uint64_t) head.value != seq) {
        return gov_verify_fail(err, seq + 1, "缺失");
    }

    if (seq > 0
        && !gov_str_eq(head.bytes, (gov_str_t) { GOV_DIGEST_LEN, prev }))
    {
        return gov_verify_fail(err, seq, "与末尾记录的散列值不符");
    }

    return GOV_OK;
}


static gov_rc_t
gov_verify_entry(uint64_t seq, gov_entry_rec_t *e, gov_str_t prev,
    gov_err_t *err)
{
    u_char    hash[GOV_DIGEST_LEN];
    gov_rc_t  rc;

    if (!gov_str_eq(e->prev, prev)) {
        return gov_verify_fail(err, seq, "与前一条的散列值不符");
    }

    rc = gov_entry_hash(seq, e, hash);

    if (rc == GOV_ERROR) {
        return gov_fail(err, rc, "", "散列算法不可用");
    }

    if (rc != GOV_OK
        || !gov_str_eq(e->hash, (gov_str_t) { GOV_DIGEST_LEN, hash }))
    {
        return gov_verify_fail(err, seq, "内容与散列值不符");
    }

    return GOV_OK;
}


static gov_rc_t
gov_verify_links(gov_txn_t *t, uint64_t seq, gov_entry_rec_t *e,
    gov_err_t *err)
{
    gov_key_t     k;
    gov_value_t  *site;

    gov_each(site, e->sites) {

        if (!gov_exists(gov_handle(t, (uint32_t) site->u.i), GOV_T_CHAIN,
                        gov_key8(&k, seq)))
        {
            return gov_verify_fail(err, seq, "在站点链上缺失");
        }
    }

    return GOV_OK;
}


static gov_rc_t
gov_verify_sites(gov_txn_t *t, gov_arena_t *a, gov_err_t *err)
{
    gov_rc_t  rc;
    uint32_t  site;
    uint64_t  n;

    site = GOV_HUB;
    n = 0;

    while ((rc = gov_verify_next_site(t, &site)) == GOV_OK) {
        rc = gov_verify_site(t, a, site, 0, &n, err);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    return rc == GOV_DONE ? GOV_OK : rc;
}


/* whole: the entries are recomputed too, not only linked */

static gov_rc_t
gov_verify_site(gov_txn_t *t, gov_arena_t *a, uint32_t site, int whole,
    uint64_t *links, gov_err_t *err)
{
    u_char            hash[GOV_DIGEST_LEN];
    gov_rc_t          rc;
    gov_key_t         k;
    gov_scan_t        sc;
    gov_chain_rec_t   link;

    memset(hash, 0, GOV_DIGEST_LEN);

    rc = gov_scan_open(&sc, gov_handle(t, site), GOV_T_CHAIN, gov_key(&k),
                       GOV_FORWARD);

    while (rc == GOV_OK) {
        gov_arena_reset(a);

        rc = gov_scan_next(&sc, a, &link);

        if (rc == GOV_OK) {
            rc = gov_verify_link(t, a, site, gov_key_get8(sc.key, 0), whole,
                                 hash, link.hash, err);

        } else if (rc != GOV_DONE) {
            rc = gov_fail(err, rc, "", "站点 %u 的链无法读取", site);
        }

        if (rc == GOV_OK) {
            (*links)++;
        }
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


/* hash: of the link before, then of this one */

static gov_rc_t
gov_verify_link(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint64_t seq,
    int whole, u_char *hash, gov_str_t stored, gov_err_t *err)
{
    u_char            own[GOV_DIGEST_LEN];
    gov_rc_t          rc;
    gov_entry_rec_t   e;

    rc = gov_journal_get(t, a, seq, &e);

    if (rc != GOV_OK) {
        return gov_verify_fail(err, seq, "缺失或无法读取");
    }

    if (!gov_verify_names(&e, site)) {
        return gov_verify_fail(err, seq, "没有记载链上的站点");
    }

    if (whole) {
        rc = gov_verify_entry(seq, &e, e.prev, err);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    rc = gov_link_hash((gov_digest_kind_t) e.digest, hash, e.hash, own);

    if (rc != GOV_OK
        || !gov_str_eq(stored, (gov_str_t) { GOV_DIGEST_LEN, own }))
    {
        return gov_fail(err, GOV_CORRUPT, "",
                        "站点 %u 的链在日志第 %llu 条处不符", site,
                        (unsigned long long) seq);
    }

    memcpy(hash, own, GOV_DIGEST_LEN);

    return GOV_OK;
}


static int
gov_verify_names(gov_entry_rec_t *e, uint32_t site)
{
    gov_value_t  *item;

    gov_each(item, e->sites) {
        if (item->kind == GOV_INT && item->u.i == (int64_t) site) {
            return 1;
        }
    }

    return 0;
}


/* the next site that has any key */

static gov_rc_t
gov_verify_next_site(gov_txn_t *t, uint32_t *site)
{
    void           *cursor;
    u_char          buf[GOV_KEY_HEAD];
    gov_rc_t        rc;
    gov_str_t       key, value;
    gov_backend_t  *backend;

    if (*site == UINT32_MAX) {
        return GOV_DONE;
    }

    backend = t->store->backend;

    rc = backend->cursor_open(t->txn, &cursor);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_key_head(buf, *site + 1, 0);
    key = (gov_str_t) { GOV_KEY_HEAD, buf };

    rc = backend->cursor_move(cursor, GOV_MOVE_AT, &key, &value);

    if (rc == GOV_OK) {
        *site = gov_key_get4(key, 0);
    }

    backend->cursor_close(cursor);

    return rc == GOV_NOT_FOUND ? GOV_DONE : rc;
}


static gov_rc_t
gov_verify_fail(gov_err_t *err, uint64_t seq, const char *text)
{
    return gov_fail(err, GOV_CORRUPT, "", "日志第 %llu 条%s",
                    (unsigned long long) seq, text);
}
