
/*
 * Copyright (C) ngx_gov authors
 *
 * Recomputes the journal's chains.
 *
 * The platform's: entries 1, 2, 3 ... up to the head kept in META, each with
 * the hash of the one before, the last one's hash equal to META's.  A site's:
 * every entry that names the site has a link over the one before and its own
 * hash, the number of the entry before, and the last one is the site's in
 * CHAIN.  Both are proved in one walk, for which the end of each site's chain
 * so far is remembered; a site's alone from its last link back, which cannot
 * see that an entry was left out.
 *
 * A first entry or a link that does not hold ends the walk and is named.
 * What somebody cut off or rewrote from some entry to the end, head and links
 * included, holds in itself.  It is seen by a head that was noted outside:
 * the number and the hash of the last entry of that day.
 */


#define _GNU_SOURCE         /* tdestroy() */

#include <search.h>
#include <stdlib.h>

#include "store/gov_store_int.h"


/* the end of a site's chain, as far as the walk has come */
typedef struct {
    uint32_t      site;
    uint64_t      seq;
    u_char        hash[GOV_DIGEST_LEN];
} gov_tail_t;

typedef struct {
    gov_txn_t    *txn;
    gov_arena_t  *arena;            /* of one entry */
    gov_watch_t  *watch;
    uint64_t     *checked;
    void         *tails;            /* tsearch(), until the last is seen */
    gov_err_t    *err;
} gov_verify_t;


static gov_rc_t gov_verify_whole(gov_verify_t *v);
static gov_rc_t gov_verify_next(gov_verify_t *v, gov_scan_t *sc,
    uint64_t seq, u_char *prev);
static gov_rc_t gov_verify_head(gov_verify_t *v, uint64_t seq, u_char *prev);
static gov_rc_t gov_verify_entry(uint64_t seq, gov_entry_rec_t *e,
    gov_str_t prev, gov_err_t *err);
static gov_rc_t gov_verify_links(gov_verify_t *v, uint64_t seq,
    gov_entry_rec_t *e);
static gov_rc_t gov_verify_tail(gov_verify_t *v, uint32_t site,
    gov_tail_t **tail);
static int gov_tail_cmp(const void *one, const void *two);
static gov_rc_t gov_verify_lasts(gov_verify_t *v);
static gov_rc_t gov_verify_last(gov_verify_t *v, uint32_t site);
static gov_rc_t gov_verify_site(gov_verify_t *v, uint32_t site);
static gov_rc_t gov_verify_back(gov_verify_t *v, uint32_t site,
    uint64_t *seq, u_char *hash);
static gov_rc_t gov_verify_link(uint32_t site, uint64_t seq,
    gov_entry_rec_t *e, gov_link_t *link, u_char *before, gov_err_t *err);
static gov_rc_t gov_verify_next_site(gov_txn_t *t, uint32_t *site);
static gov_rc_t gov_verify_fail(gov_err_t *err, uint64_t seq,
    const char *text);
static gov_rc_t gov_verify_breaks(gov_err_t *err, uint32_t site,
    uint64_t seq);


gov_rc_t
gov_journal_verify(gov_txn_t *t, uint32_t site, uint64_t *checked,
    gov_watch_t *watch, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_verify_t  v;

    memset(&v, 0, sizeof(gov_verify_t));
    *checked = 0;

    v.txn = t;
    v.arena = gov_arena_new(8192);
    v.watch = watch;
    v.checked = checked;
    v.err = err;

    rc = site == GOV_HUB ? gov_verify_whole(&v) : gov_verify_site(&v, site);

    tdestroy(v.tails, free);
    gov_arena_free(&v.arena);

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
gov_verify_whole(gov_verify_t *v)
{
    u_char      prev[GOV_DIGEST_LEN];
    gov_rc_t    rc;
    uint64_t    seq;
    gov_key_t   k;
    gov_scan_t  sc;

    memset(prev, 0, GOV_DIGEST_LEN);
    seq = 0;

    rc = gov_scan_open(&sc, gov_handle(v->txn, GOV_HUB), GOV_T_JOURNAL,
                       gov_key(&k), GOV_FORWARD);

    while (rc == GOV_OK) {
        rc = gov_verify_next(v, &sc, seq + 1, prev);
        seq += rc == GOV_OK;
    }

    gov_scan_close(&sc);

    if (rc == GOV_DONE) {
        rc = gov_verify_head(v, seq, prev);
    }

    return rc == GOV_OK ? gov_verify_lasts(v) : rc;
}


/* prev: the hash of the entry before, then of this one */

static gov_rc_t
gov_verify_next(gov_verify_t *v, gov_scan_t *sc, uint64_t seq, u_char *prev)
{
    gov_rc_t         rc;
    gov_entry_rec_t  e;

    gov_arena_reset(v->arena);

    rc = gov_scan_next(sc, v->arena, &e);

    if (rc == GOV_DONE) {
        return rc;
    }

    if (rc == GOV_OK) {
        rc = gov_entry_unpack(v->arena, &e);
    }

    if (rc != GOV_OK || gov_key_get8(sc->key, 0) != seq) {
        return gov_verify_fail(v->err, seq, rc ? "无法读取" : "缺失");
    }

    rc = gov_verify_entry(seq, &e, (gov_str_t) { GOV_DIGEST_LEN, prev },
                          v->err);

    if (rc == GOV_OK) {
        rc = gov_verify_links(v, seq, &e);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    memcpy(prev, e.hash.data, GOV_DIGEST_LEN);
    (*v->checked)++;

    if (v->watch != NULL) {
        v->watch->at(v->watch->data, *v->checked);
    }

    return GOV_OK;
}


static gov_rc_t
gov_verify_head(gov_verify_t *v, uint64_t seq, u_char *prev)
{
    gov_rc_t        rc;
    gov_meta_rec_t  head;

    gov_arena_reset(v->arena);
    memset(&head, 0, sizeof(gov_meta_rec_t));

    rc = gov_meta_get(v->txn, v->arena, "journal", &head);

    if (rc != GOV_OK && !(rc == GOV_NOT_FOUND && seq == 0)) {
        return gov_fail(v->err, GOV_CORRUPT, "", "日志末尾的记录无法读取");
    }

    if ((uint64_t) head.value != seq) {
        return gov_verify_fail(v->err, seq + 1, "缺失");
    }

    if (seq > 0
        && !gov_str_eq(head.bytes, (gov_str_t) { GOV_DIGEST_LEN, prev }))
    {
        return gov_verify_fail(v->err, seq, "与末尾记录的散列值不符");
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
gov_verify_links(gov_verify_t *v, uint64_t seq, gov_entry_rec_t *e)
{
    unsigned      i;
    gov_rc_t      rc;
    uint32_t      site;
    gov_link_t    link;
    gov_tail_t   *tail;
    gov_value_t  *item;

    i = 0;
    rc = e->links.len == (e->sites ? e->sites->n : 0) * GOV_LINK_LEN
         ? GOV_OK : gov_verify_fail(v->err, seq, "在站点链上缺失");

    for (item = e->sites ? e->sites->u.first : NULL;
         rc == GOV_OK && item != NULL;
         item = item->next)
    {
        site = (uint32_t) item->u.i;
        (void) gov_link_read(e, i++, &link);

        rc = gov_verify_tail(v, site, &tail);

        if (rc == GOV_OK && link.before != tail->seq) {
            rc = gov_verify_fail(v->err, seq, "在站点链上接错了前一条");
        }

        if (rc == GOV_OK) {
            rc = gov_verify_link(site, seq, e, &link, tail->hash, v->err);
        }

        if (rc == GOV_OK) {
            tail->seq = seq;
            memcpy(tail->hash, link.hash, GOV_DIGEST_LEN);
        }
    }

    return rc;
}


static gov_rc_t
gov_verify_tail(gov_verify_t *v, uint32_t site, gov_tail_t **tail)
{
    gov_tail_t  key, **found;

    key.site = site;
    found = tfind(&key, &v->tails, gov_tail_cmp);

    if (found != NULL) {
        *tail = *found;
        return GOV_OK;
    }

    *tail = calloc(1, sizeof(gov_tail_t));

    if (*tail == NULL) {
        return gov_fail(v->err, GOV_ERROR, "", "内存不足");
    }

    (*tail)->site = site;

    if (tsearch(*tail, &v->tails, gov_tail_cmp) == NULL) {
        free(*tail);
        return gov_fail(v->err, GOV_ERROR, "", "内存不足");
    }

    return GOV_OK;
}


static int
gov_tail_cmp(const void *one, const void *two)
{
    const gov_tail_t  *a = one, *b = two;

    return a->site < b->site ? -1 : a->site > b->site;
}


/* each site's last link is where the walk ended, and no site has another;
 * an end that is left is of a site of which nothing is there any more */

static gov_rc_t
gov_verify_lasts(gov_verify_t *v)
{
    gov_rc_t  rc;
    uint32_t  site;

    site = GOV_HUB;

    while ((rc = gov_verify_next_site(v->txn, &site)) == GOV_OK) {
        rc = gov_verify_last(v, site);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    if (rc != GOV_DONE) {
        return gov_fail(v->err, rc, "", "数据库无法读取");
    }

    return v->tails == NULL
           ? GOV_OK
           : gov_verify_fail(v->err, (*(gov_tail_t **) v->tails)->seq,
                             "在站点链上缺失");
}


static gov_rc_t
gov_verify_last(gov_verify_t *v, uint32_t site)
{
    gov_rc_t          rc;
    gov_tail_t        key, *tail, **found;
    gov_chain_rec_t   last;

    gov_arena_reset(v->arena);

    rc = gov_chain_last(gov_handle(v->txn, site), v->arena, &last);
    if (rc != GOV_OK) {
        return gov_fail(v->err, rc, "", "站点 %u 的链无法读取", site);
    }

    key.site = site;
    found = tfind(&key, &v->tails, gov_tail_cmp);

    if (found == NULL) {
        return last.seq == 0 ? GOV_OK
                             : gov_verify_fail(v->err, (uint64_t) last.seq,
                                               "没有记载链上的站点");
    }

    tail = *found;

    if (last.seq == 0) {
        return gov_verify_fail(v->err, tail->seq, "在站点链上缺失");
    }

    if ((uint64_t) last.seq != tail->seq
        || !gov_str_eq(last.hash, (gov_str_t) { GOV_DIGEST_LEN, tail->hash }))
    {
        return gov_verify_breaks(v->err, site, tail->seq);
    }

    (void) tdelete(tail, &v->tails, gov_tail_cmp);
    free(tail);

    return GOV_OK;
}


static gov_rc_t
gov_verify_site(gov_verify_t *v, uint32_t site)
{
    u_char            hash[GOV_DIGEST_LEN];
    gov_rc_t          rc;
    uint64_t          seq;
    gov_chain_rec_t   last;

    rc = gov_chain_last(gov_handle(v->txn, site), v->arena, &last);

    if (rc != GOV_OK || last.hash.len != GOV_DIGEST_LEN) {
        return gov_fail(v->err, rc ? rc : GOV_CORRUPT, "",
                        "站点 %u 的链无法读取", site);
    }

    seq = (uint64_t) last.seq;
    memcpy(hash, last.hash.data, GOV_DIGEST_LEN);

    while (rc == GOV_OK && seq != 0) {
        gov_arena_reset(v->arena);
        rc = gov_verify_back(v, site, &seq, hash);
    }

    return rc;
}


/* entry and link that the one behind says; then those before them */

static gov_rc_t
gov_verify_back(gov_verify_t *v, uint32_t site, uint64_t *seq, u_char *hash)
{
    gov_rc_t          rc;
    gov_link_t        link, before;
    gov_entry_rec_t   e, older;

    memset(&before, 0, sizeof(gov_link_t));

    rc = gov_journal_get(v->txn, v->arena, *seq, &e);

    if (rc != GOV_OK) {
        return gov_verify_fail(v->err, *seq, "缺失或无法读取");
    }

    rc = gov_link_of(&e, site, &link);

    if (rc != GOV_OK) {
        return gov_verify_fail(v->err, *seq, "没有记载链上的站点");
    }

    if (link.before >= *seq) {
        return gov_verify_fail(v->err, *seq, "在站点链上接错了前一条");
    }

    if (link.before != 0
        && (gov_journal_get(v->txn, v->arena, link.before, &older) != GOV_OK
            || gov_link_of(&older, site, &before) != GOV_OK))
    {
        return gov_verify_fail(v->err, link.before, "缺失或无法读取");
    }

    rc = gov_verify_entry(*seq, &e, e.prev, v->err);

    if (rc == GOV_OK) {
        rc = gov_verify_link(site, *seq, &e, &link, before.hash, v->err);
    }

    if (rc == GOV_OK && memcmp(link.hash, hash, GOV_DIGEST_LEN) != 0) {
        rc = gov_verify_breaks(v->err, site, *seq);
    }

    if (rc == GOV_OK) {
        *seq = link.before;
        memcpy(hash, before.hash, GOV_DIGEST_LEN);
        (*v->checked)++;
    }

    return rc;
}


static gov_rc_t
gov_verify_link(uint32_t site, uint64_t seq, gov_entry_rec_t *e,
    gov_link_t *link, u_char *before, gov_err_t *err)
{
    u_char    own[GOV_DIGEST_LEN];
    gov_rc_t  rc;

    rc = gov_link_hash((gov_digest_kind_t) e->digest,
                       (gov_str_t) { GOV_DIGEST_LEN, before }, e->hash, own);

    return rc == GOV_OK && memcmp(own, link->hash, GOV_DIGEST_LEN) == 0
           ? GOV_OK : gov_verify_breaks(err, site, seq);
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


static gov_rc_t
gov_verify_breaks(gov_err_t *err, uint32_t site, uint64_t seq)
{
    return gov_fail(err, GOV_CORRUPT, "",
                    "站点 %u 的链在日志第 %llu 条处不符", site,
                    (unsigned long long) seq);
}
