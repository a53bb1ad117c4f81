
/*
 * Copyright (C) ngx_gov authors
 *
 * Scans.
 *
 * Invariant: a pair is given only when its whole key starts with the
 * handle's site, the table and the prefix; the first that does not ends the
 * scan.  So where a scan starts may be wrong, but never what it gives.
 *
 *     forward   at max(prefix, from), then next
 *     reverse   at min(successor of the prefix, from), then back one, which
 *               is the last pair when nothing lies there
 *
 * Documents stand the newest first, each with what is of it behind its
 * record.  So a scan over DOCS leaps, and its reverse goes forward:
 *
 *     reverse   at what is above all of the document given last, or of from
 *     forward   below the document given last, or above all of from, then
 *               back one, then at the record of the document that is of
 */


#include "store/gov_store_int.h"


static gov_rc_t gov_scan_may(gov_handle_t h, gov_table_t t,
    gov_key_t *prefix);
static gov_rc_t gov_scan_start(gov_scan_t *sc, gov_str_t *key,
    gov_str_t *value);
static gov_rc_t gov_scan_start_reverse(gov_scan_t *sc, gov_str_t *key,
    gov_str_t *value);
static gov_rc_t gov_scan_step(gov_scan_t *sc, gov_str_t *value);
static gov_rc_t gov_scan_pair(gov_scan_t *sc, gov_str_t *value);
static gov_rc_t gov_scan_move(gov_scan_t *sc, gov_move_t move,
    gov_str_t *key, gov_str_t *value);
static int gov_scan_in(gov_scan_t *sc, gov_str_t key);
static gov_rc_t gov_scan_before(gov_scan_t *sc, gov_str_t *key,
    gov_str_t *value);
static gov_rc_t gov_scan_doc(gov_scan_t *sc, gov_str_t *value);
static gov_rc_t gov_scan_doc_older(gov_scan_t *sc, gov_str_t *key,
    gov_str_t *value);
static gov_rc_t gov_scan_doc_newer(gov_scan_t *sc, gov_str_t *key,
    gov_str_t *value);
static gov_rc_t gov_scan_doc_bound(gov_scan_t *sc, u_char *buf,
    u_char table);
static int gov_scan_succ(gov_str_t *key);
static int gov_scan_below(gov_key_t *a, gov_key_t *b);


gov_rc_t
gov_scan_open(gov_scan_t *sc, gov_handle_t h, gov_table_t t,
    gov_key_t *prefix, unsigned reverse)
{
    gov_rc_t  rc;

    sc->h = h;
    sc->table = t;
    sc->reverse = reverse;
    sc->started = 0;
    sc->cursor = NULL;
    sc->key.len = 0;
    sc->key.data = NULL;
    sc->from.len = GOV_KEY_MAX;        /* none */

    rc = gov_scan_may(h, t, prefix);
    if (rc != GOV_OK) {
        sc->prefix.len = GOV_KEY_MAX;
        return rc;
    }

    sc->prefix.len = prefix->len;
    memcpy(sc->prefix.data, prefix->data, prefix->len);

    return gov_txn_cursor(h.txn, &sc->cursor);
}


static gov_rc_t
gov_scan_may(gov_handle_t h, gov_table_t t, gov_key_t *prefix)
{
    u_char     buf[GOV_KEY_MAX];
    gov_str_t  key;

    if (gov_table_info[(u_char) t].doc) {
        return t == GOV_T_DOCS && prefix->len == 0 ? GOV_OK : GOV_ERROR;
    }

    return gov_key_whole(h, t, prefix, buf, &key);
}


void
gov_scan_from(gov_scan_t *sc, gov_key_t *from)
{
    if (from->len <= GOV_KEY_PARTS) {
        sc->from.len = from->len;
        memcpy(sc->from.data, from->data, from->len);
    }
}


gov_rc_t
gov_scan_next(gov_scan_t *sc, gov_arena_t *a, void *rec)
{
    gov_rc_t       rc;
    gov_str_t      value;
    gov_record_t  *r;

    rc = gov_scan_step(sc, &value);

    if (rc != GOV_OK || rec == NULL) {
        return rc;
    }

    r = gov_table_info[(u_char) sc->table].record;

    return r ? gov_load_value(sc->h.txn, r, value, a, rec) : GOV_ERROR;
}


gov_rc_t
gov_scan_skip(gov_scan_t *sc, size_t n, size_t *stepped)
{
    gov_rc_t   rc;
    gov_str_t  value;

    rc = GOV_OK;

    for (*stepped = 0; *stepped < n; (*stepped)++) {
        rc = gov_scan_step(sc, &value);

        if (rc != GOV_OK) {
            break;
        }
    }

    return rc == GOV_DONE ? GOV_OK : rc;
}


void
gov_scan_close(gov_scan_t *sc)
{
    if (sc->cursor != NULL) {
        gov_txn_cursor_end(sc->h.txn, &sc->cursor);
    }
}


static gov_rc_t
gov_scan_step(gov_scan_t *sc, gov_str_t *value)
{
    gov_rc_t  rc;

    if (sc->cursor == NULL) {
        return GOV_DONE;
    }

    rc = sc->table == GOV_T_DOCS ? gov_scan_doc(sc, value)
                                 : gov_scan_pair(sc, value);

    if (rc == GOV_NOT_FOUND) {
        gov_scan_close(sc);
        return GOV_DONE;
    }

    return rc;
}


/* GOV_NOT_FOUND: behind the last one */

static gov_rc_t
gov_scan_pair(gov_scan_t *sc, gov_str_t *value)
{
    gov_rc_t   rc;
    gov_str_t  key;

    if (sc->started) {
        rc = gov_scan_move(sc, sc->reverse ? GOV_MOVE_PREV : GOV_MOVE_NEXT,
                           &key, value);
    } else {
        sc->started = 1;
        rc = sc->reverse ? gov_scan_start_reverse(sc, &key, value)
                         : gov_scan_start(sc, &key, value);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    if (!gov_scan_in(sc, key)
        || key.len < GOV_KEY_HEAD + sc->prefix.len
        || memcmp(key.data + GOV_KEY_HEAD, sc->prefix.data, sc->prefix.len)
           != 0)
    {
        return GOV_NOT_FOUND;
    }

    sc->key.len = key.len - GOV_KEY_HEAD;
    sc->key.data = key.data + GOV_KEY_HEAD;

    return GOV_OK;
}


static gov_rc_t
gov_scan_move(gov_scan_t *sc, gov_move_t move, gov_str_t *key,
    gov_str_t *value)
{
    return sc->h.txn->store->backend->cursor_move(sc->cursor, move, key,
                                                  value);
}


/* of the handle's site and the table; what names no document is outside */

static int
gov_scan_in(gov_scan_t *sc, gov_str_t key)
{
    u_char  head[GOV_KEY_HEAD];

    gov_key_head(head, sc->h.site, sc->table);

    return key.len >= (sc->table == GOV_T_DOCS ? GOV_KEY_DOC : GOV_KEY_HEAD)
           && memcmp(key.data, head, GOV_KEY_HEAD) == 0;
}


static gov_rc_t
gov_scan_start(gov_scan_t *sc, gov_str_t *key, gov_str_t *value)
{
    u_char      buf[GOV_KEY_MAX];
    gov_key_t  *start;

    start = &sc->prefix;

    if (sc->from.len <= GOV_KEY_PARTS && gov_scan_below(start, &sc->from)) {
        start = &sc->from;
    }

    (void) gov_key_whole(sc->h, sc->table, start, buf, key);

    return gov_scan_move(sc, GOV_MOVE_AT, key, value);
}


static gov_rc_t
gov_scan_start_reverse(gov_scan_t *sc, gov_str_t *key, gov_str_t *value)
{
    int        last;
    u_char     buf[GOV_KEY_MAX], from_buf[GOV_KEY_MAX];
    gov_str_t  from;

    (void) gov_key_whole(sc->h, sc->table, &sc->prefix, buf, key);
    last = gov_scan_succ(key);

    if (sc->from.len <= GOV_KEY_PARTS) {
        (void) gov_key_whole(sc->h, sc->table, &sc->from, from_buf, &from);

        if (last || gov_str_cmp(from, *key) < 0) {
            *key = from;
            last = 0;
        }
    }

    return last ? gov_scan_move(sc, GOV_MOVE_LAST, key, value)
                : gov_scan_before(sc, key, value);
}


/* the last pair below a key */

static gov_rc_t
gov_scan_before(gov_scan_t *sc, gov_str_t *key, gov_str_t *value)
{
    gov_rc_t  rc;

    rc = gov_scan_move(sc, GOV_MOVE_AT, key, value);

    if (rc != GOV_OK && rc != GOV_NOT_FOUND) {
        return rc;
    }

    return gov_scan_move(sc, rc == GOV_OK ? GOV_MOVE_PREV : GOV_MOVE_LAST,
                         key, value);
}


/* a document that has no record is passed over */

static gov_rc_t
gov_scan_doc(gov_scan_t *sc, gov_str_t *value)
{
    gov_rc_t   rc;
    gov_str_t  key;

    do {
        rc = sc->reverse ? gov_scan_doc_older(sc, &key, value)
                         : gov_scan_doc_newer(sc, &key, value);

        if (rc != GOV_OK) {
            return rc;
        }

        if (!gov_scan_in(sc, key)) {
            return GOV_NOT_FOUND;
        }

        sc->started = 1;
        (void) gov_key8(&sc->from, gov_key_number(key));
        sc->key = (gov_str_t) { sc->from.len, sc->from.data };

    } while (gov_key_table(key) != GOV_T_DOCS);

    return GOV_OK;
}


static gov_rc_t
gov_scan_doc_older(gov_scan_t *sc, gov_str_t *key, gov_str_t *value)
{
    u_char  buf[GOV_KEY_DOC];

    *key = (gov_str_t) { GOV_KEY_DOC, buf };

    if (gov_scan_doc_bound(sc, buf, 0xff) != GOV_OK) {
        gov_key_head(buf, sc->h.site, GOV_T_DOCS);
        key->len = GOV_KEY_HEAD;
    }

    return gov_scan_move(sc, GOV_MOVE_AT, key, value);
}


static gov_rc_t
gov_scan_doc_newer(gov_scan_t *sc, gov_str_t *key, gov_str_t *value)
{
    u_char    buf[GOV_KEY_DOC];
    gov_rc_t  rc;

    *key = (gov_str_t) { GOV_KEY_DOC, buf };

    if (gov_scan_doc_bound(sc, buf, sc->started ? 0 : 0xff) != GOV_OK) {
        gov_key_head(buf, sc->h.site, GOV_T_DOCS + 1);
        key->len = GOV_KEY_HEAD;
    }

    rc = gov_scan_before(sc, key, value);

    if (rc != GOV_OK || !gov_scan_in(sc, *key)) {
        return rc;
    }

    gov_key_doc(buf, sc->h.site, gov_key_number(*key), 0);
    *key = (gov_str_t) { GOV_KEY_DOC, buf };

    return gov_scan_move(sc, GOV_MOVE_AT, key, value);
}


/* at the document given last, or the one to start from; GOV_DONE: none */

static gov_rc_t
gov_scan_doc_bound(gov_scan_t *sc, u_char *buf, u_char table)
{
    if (sc->from.len > GOV_KEY_PARTS) {
        return GOV_DONE;
    }

    gov_key_doc(buf, sc->h.site,
                gov_key_get8((gov_str_t) { sc->from.len, sc->from.data }, 0),
                table);

    return GOV_OK;
}


/* the least key above all that start with this one; 1: there is none */

static int
gov_scan_succ(gov_str_t *key)
{
    while (key->len > 0) {

        if (key->data[key->len - 1] != 0xff) {
            key->data[key->len - 1]++;
            return 0;
        }

        key->len--;
    }

    return 1;
}


static int
gov_scan_below(gov_key_t *a, gov_key_t *b)
{
    return gov_str_cmp((gov_str_t) { a->len, a->data },
                       (gov_str_t) { b->len, b->data }) < 0;
}
