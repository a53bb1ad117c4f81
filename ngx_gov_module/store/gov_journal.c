
/*
 * Copyright (C) ngx_gov authors
 *
 * The journal: one entry a command, in the command's own transaction.
 *
 *     META "journal"   number and hash of the last entry
 *     META "recent"    the sites touched last (gov_recent.c)
 *     JOURNAL n        the entry; prev is the hash of entry n - 1
 *     CHAIN site       of every site the entry changed: n and its link, the
 *                      hash over the site's link before and the entry's hash
 *     MARKS site       of every such site: the touched slots become n
 *     APPLIED op       the entry's number and verdict
 *
 * The entry carries the links too, each with the number of the entry that has
 * the link before, 0 for none: so a site's chain is walked from its last link
 * back.  They are not in the entry's hash, over which they are made.
 *
 * A site that the entry makes has neither link nor marks yet, so that a new
 * site costs no more than what leads to it (docs/adr/0017).  What a site gets
 * is written in one go, ascending: pages at the store's end are then full.
 *
 * A long input is kept packed; hashes are of what was packed, so that they
 * depend on nobody's compression.
 *
 * Numbers have no gaps.  Both chains begin with 32 zero bytes.  What goes
 * into a hash, in which order, stands in docs/store-format.md; every part
 * has a fixed length or its length in front.
 */


#include <endian.h>

#include "store/gov_store_int.h"


#define GOV_JOURNAL_TAG   "gov journal entry 1"
#define GOV_JOURNAL_META  "journal"
#define GOV_JOURNAL_LONG  512       /* bytes of an input that is packed */


static gov_rc_t gov_note_entry(gov_txn_t *t, gov_arena_t *a,
    gov_note_t *note, uint64_t seq, gov_str_t prev, gov_entry_rec_t *e);
static gov_str_t gov_note_bytes(gov_arena_t *a, size_t n);
static void gov_note_pack(gov_arena_t *a, gov_entry_rec_t *e);
static gov_rc_t gov_note_touched(gov_txn_t *t, gov_arena_t *a, uint64_t seq,
    gov_entry_rec_t *e);
static gov_rc_t gov_note_link(gov_handle_t h, gov_arena_t *a, uint64_t seq,
    gov_entry_rec_t *e, u_char *at);
static gov_rc_t gov_note_applied(gov_txn_t *t, gov_arena_t *a,
    gov_note_t *note, uint64_t seq);
static void gov_note_sites(gov_txn_t *t, gov_arena_t *a, gov_entry_rec_t *e);
static void gov_note_made(gov_arena_t *a, gov_entry_rec_t *e, uint32_t site);
static gov_str_t gov_note_json(gov_arena_t *a, gov_value_t *v);
static void gov_hash_made(gov_digest_t *d, gov_value_t *made);
static void gov_hash_8(gov_digest_t *d, uint64_t v);
static void gov_hash_4(gov_digest_t *d, uint32_t v);
static void gov_hash_str(gov_digest_t *d, gov_str_t s);


gov_rc_t
gov_note(gov_txn_t *t, gov_arena_t *a, gov_note_t *note, uint64_t *seq,
    gov_err_t *err)
{
    gov_rc_t          rc;
    uint64_t          n;
    gov_key_t         k;
    gov_str_t         op, verdict;
    gov_meta_rec_t    last;
    gov_entry_rec_t   e;

    op = (gov_str_t) { GOV_OPID_LEN, note->op };

    rc = gov_raw_get(gov_handle(t, GOV_HUB), GOV_T_APPLIED,
                     gov_key_s(&k, op), &verdict);

    if (rc != GOV_NOT_FOUND) {
        return rc == GOV_OK
               ? gov_fail(err, GOV_CONFLICT, "op", "此操作已经执行过")
               : gov_fail(err, rc, "", "操作记录无法读取");
    }

    rc = gov_quota_flush(t, a, err);
    if (rc != GOV_OK) {
        return rc;
    }

    memset(&last, 0, sizeof(gov_meta_rec_t));

    rc = gov_meta_get(t, a, GOV_JOURNAL_META, &last);

    if (rc != GOV_OK && rc != GOV_NOT_FOUND) {
        return gov_fail(err, rc, "", "日志的末尾无法读取");
    }

    n = (uint64_t) last.value + 1;

    gov_touches_sort(t);

    rc = gov_note_entry(t, a, note, n, last.bytes, &e);

    if (rc == GOV_OK) {
        rc = gov_note_touched(t, a, n, &e);
    }

    if (rc == GOV_OK) {
        rc = gov_save(gov_handle(t, GOV_HUB), GOV_T_JOURNAL, gov_key8(&k, n),
                      a, &e);
    }

    if (rc == GOV_OK) {
        rc = gov_recent_add(t, a, n, e.sites);
    }

    if (rc == GOV_OK) {
        rc = gov_note_applied(t, a, note, n);
    }

    if (rc == GOV_OK) {
        last.value = (int64_t) n;
        last.bytes = e.hash;

        rc = gov_meta_put(t, a, GOV_JOURNAL_META, &last);
    }

    if (rc != GOV_OK) {
        return gov_fail(err, rc, "", "日志无法写入");
    }

    t->ntouches = 0;

    if (seq != NULL) {
        *seq = n;
    }

    return GOV_OK;
}


static gov_rc_t
gov_note_entry(gov_txn_t *t, gov_arena_t *a, gov_note_t *note, uint64_t seq,
    gov_str_t prev, gov_entry_rec_t *e)
{
    gov_rc_t  rc;

    memset(e, 0, sizeof(gov_entry_rec_t));

    e->time = note->time;
    e->actor = note->actor;
    e->origin = note->origin;
    e->op = (gov_str_t) { GOV_OPID_LEN, note->op };
    e->command = note->command;
    e->input = gov_note_json(a, note->input);
    e->prev = prev.len ? prev : gov_note_bytes(a, GOV_DIGEST_LEN);
    e->digest = t->store->conf.digest;
    e->random = note->random;
    gov_note_sites(t, a, e);

    e->hash = gov_note_bytes(a, GOV_DIGEST_LEN);

    rc = gov_entry_hash(seq, e, e->hash.data);

    if (rc == GOV_OK) {
        gov_note_pack(a, e);
    }

    return rc;
}


/* zeros */

static gov_str_t
gov_note_bytes(gov_arena_t *a, size_t n)
{
    return (gov_str_t) { n, gov_calloc(a, n) };
}


static void
gov_note_pack(gov_arena_t *a, gov_entry_rec_t *e)
{
    gov_str_t  packed;

    if (e->input.len >= GOV_JOURNAL_LONG
        && gov_pack(a, e->input, &packed) == GOV_OK)
    {
        e->size = (int64_t) e->input.len;
        e->input = packed;
    }
}


static gov_rc_t
gov_note_touched(gov_txn_t *t, gov_arena_t *a, uint64_t seq,
    gov_entry_rec_t *e)
{
    int        made;
    u_char    *link;
    unsigned   i, n;
    gov_rc_t   rc;
    uint32_t   site;

    e->links = gov_note_bytes(a, (e->sites ? e->sites->n : 0) * GOV_LINK_LEN);
    link = e->links.data;

    for (i = 0; i < t->ntouches; i += n) {
        site = t->touches[i].site;
        n = gov_touches_site(t, i, &made);

        if (made) {
            continue;
        }

        rc = gov_marks_write(t, a, seq, i, n);

        if (rc == GOV_OK && site != GOV_HUB) {
            rc = gov_note_link(gov_handle(t, site), a, seq, e, link);
            link += GOV_LINK_LEN;
        }

        if (rc != GOV_OK) {
            return rc;
        }
    }

    return GOV_OK;
}


static gov_rc_t
gov_note_link(gov_handle_t h, gov_arena_t *a, uint64_t seq,
    gov_entry_rec_t *e, u_char *at)
{
    gov_rc_t          rc;
    gov_key_t         k;
    gov_link_t        link;
    gov_chain_rec_t   last;

    rc = gov_chain_last(h, a, &last);
    if (rc != GOV_OK) {
        return rc;
    }

    link.before = (uint64_t) last.seq;

    rc = gov_link_hash((gov_digest_kind_t) e->digest, last.hash, e->hash,
                       link.hash);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_link_write(at, &link);

    last.seq = (int64_t) seq;
    last.hash = (gov_str_t) { GOV_DIGEST_LEN, link.hash };

    return gov_save(h, GOV_T_CHAIN, gov_key(&k), a, &last);
}


static gov_rc_t
gov_note_applied(gov_txn_t *t, gov_arena_t *a, gov_note_t *note, uint64_t seq)
{
    gov_key_t           k;
    gov_applied_rec_t   r;

    memset(&r, 0, sizeof(gov_applied_rec_t));

    r.seq = (int64_t) seq;
    r.time = note->time;
    r.result = gov_note_json(a, note->result);

    return gov_save(gov_handle(t, GOV_HUB), GOV_T_APPLIED,
                    gov_key_s(&k, (gov_str_t) { GOV_OPID_LEN, note->op }),
                    a, &r);
}


static void
gov_note_sites(gov_txn_t *t, gov_arena_t *a, gov_entry_rec_t *e)
{
    int       made;
    uint32_t  site;
    unsigned  i, n;

    for (i = 0; i < t->ntouches; i += n) {
        site = t->touches[i].site;
        n = gov_touches_site(t, i, &made);

        if (made) {
            gov_note_made(a, e, site);
            continue;
        }

        if (site == GOV_HUB) {
            continue;
        }

        if (e->sites == NULL) {
            e->sites = gov_list(a);
        }

        gov_add(e->sites, gov_val_int(a, site));
    }
}


/* numbers that follow one another are one pair */

static void
gov_note_made(gov_arena_t *a, gov_entry_rec_t *e, uint32_t site)
{
    if (e->made == NULL) {
        e->made = gov_list(a);
    }

    if (e->made->n && e->made->last->u.i + 1 == (int64_t) site) {
        e->made->last->u.i = site;
        return;
    }

    gov_add(e->made, gov_val_int(a, site));
    gov_add(e->made, gov_val_int(a, site));
}


static gov_str_t
gov_note_json(gov_arena_t *a, gov_value_t *v)
{
    gov_buf_t  b;

    if (v == NULL) {
        return (gov_str_t) gov_null_string;
    }

    gov_buf_init(&b, a, 256);
    gov_json_write(&b, v, GOV_JSON_CANON);

    return b.s;
}


gov_rc_t
gov_applied(gov_txn_t *t, gov_arena_t *a, u_char op[GOV_OPID_LEN],
    gov_value_t **verdict, uint64_t *seq)
{
    gov_rc_t            rc;
    gov_key_t           k;
    gov_applied_rec_t   r;

    rc = gov_load(gov_handle(t, GOV_HUB), GOV_T_APPLIED,
                  gov_key_s(&k, (gov_str_t) { GOV_OPID_LEN, op }), a, &r);

    if (rc != GOV_OK) {
        return rc;
    }

    if (seq != NULL) {
        *seq = (uint64_t) r.seq;
    }

    if (verdict == NULL) {
        return GOV_OK;
    }

    *verdict = gov_val_nil(a);

    if (r.result.len == 0) {
        return GOV_OK;
    }

    /* the verdict outlives the snapshot */

    return gov_json_parse(a, gov_str_copy(a, r.result), verdict, NULL)
           == GOV_OK ? GOV_OK : GOV_CORRUPT;
}


uint64_t
gov_journal_head(gov_txn_t *t)
{
    uint64_t  next;

    return gov_journal_next(t, &next) == GOV_OK ? next - 1 : 0;
}


/* asked for by each row of a log: a write transaction remembers it */

gov_rc_t
gov_journal_next(gov_txn_t *t, uint64_t *seq)
{
    gov_rc_t         rc;
    gov_arena_t     *a;
    gov_meta_rec_t   last;

    if (t->next != 0) {
        *seq = t->next;
        return GOV_OK;
    }

    last.value = 0;

    a = gov_arena_new(256);
    rc = gov_meta_get(t, a, GOV_JOURNAL_META, &last);
    gov_arena_free(&a);

    if (rc != GOV_OK && rc != GOV_NOT_FOUND) {
        return rc;
    }

    *seq = rc == GOV_OK ? (uint64_t) last.value + 1 : 1;
    t->next = t->write ? *seq : 0;

    return GOV_OK;
}


gov_rc_t
gov_journal_get(gov_txn_t *t, gov_arena_t *a, uint64_t seq,
    gov_entry_rec_t *e)
{
    gov_rc_t   rc;
    gov_key_t  k;

    rc = gov_load(gov_handle(t, GOV_HUB), GOV_T_JOURNAL, gov_key8(&k, seq), a,
                  e);

    return rc == GOV_OK ? gov_entry_unpack(a, e) : rc;
}


gov_rc_t
gov_entry_unpack(gov_arena_t *a, gov_entry_rec_t *e)
{
    gov_rc_t  rc;

    if (e->size == 0) {
        return GOV_OK;
    }

    rc = e->size > 0 ? gov_unpack(a, e->input, (size_t) e->size, &e->input)
                     : GOV_CORRUPT;

    e->size = 0;

    return rc;
}


gov_rc_t
gov_entry_hash(uint64_t seq, gov_entry_rec_t *e, u_char out[GOV_DIGEST_LEN])
{
    gov_digest_t  *d;
    gov_value_t   *site;

    if (e->digest != GOV_SHA256 && e->digest != GOV_SM3) {
        return GOV_CORRUPT;
    }

    if (gov_digest_begin((gov_digest_kind_t) e->digest, &d) != GOV_OK) {
        return GOV_ERROR;
    }

    gov_hash_str(d, gov_s(GOV_JOURNAL_TAG));
    gov_hash_8(d, seq);
    gov_hash_8(d, (uint64_t) e->time);
    gov_hash_str(d, e->actor);
    gov_hash_str(d, e->origin);
    gov_hash_str(d, e->op);
    gov_hash_str(d, e->command);
    gov_hash_str(d, e->input);
    gov_hash_4(d, e->sites ? e->sites->n : 0);

    gov_each(site, e->sites) {
        gov_hash_4(d, (uint32_t) site->u.i);
    }

    gov_hash_str(d, e->prev);
    gov_hash_8(d, (uint64_t) e->digest);
    gov_hash_str(d, e->random);
    gov_hash_made(d, e->made);

    return gov_digest_end(&d, out);
}


gov_rc_t
gov_link_hash(gov_digest_kind_t kind, gov_str_t before, gov_str_t hash,
    u_char out[GOV_DIGEST_LEN])
{
    gov_digest_t  *d;

    if (before.len != GOV_DIGEST_LEN || hash.len != GOV_DIGEST_LEN) {
        return GOV_CORRUPT;
    }

    if (gov_digest_begin(kind, &d) != GOV_OK) {
        return GOV_ERROR;
    }

    gov_digest_add(d, before);
    gov_digest_add(d, hash);

    return gov_digest_end(&d, out);
}


/* last, and only where a site was made */

static void
gov_hash_made(gov_digest_t *d, gov_value_t *made)
{
    gov_value_t  *site;

    if (made == NULL || made->n == 0) {
        return;
    }

    gov_hash_4(d, made->n);

    gov_each(site, made) {
        gov_hash_4(d, (uint32_t) site->u.i);
    }
}


static void
gov_hash_8(gov_digest_t *d, uint64_t v)
{
    v = htobe64(v);

    gov_digest_add(d, (gov_str_t) { sizeof(uint64_t), (u_char *) &v });
}


static void
gov_hash_4(gov_digest_t *d, uint32_t v)
{
    v = htobe32(v);

    gov_digest_add(d, (gov_str_t) { sizeof(uint32_t), (u_char *) &v });
}


static void
gov_hash_str(gov_digest_t *d, gov_str_t s)
{
    gov_hash_4(d, (uint32_t) s.len);
    gov_digest_add(d, s);
}
