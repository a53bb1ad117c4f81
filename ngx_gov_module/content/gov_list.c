
/*
 * Copyright (C) ngx_gov authors
 *
 * Lists of columns, read: an entry's key holds the time of publication, so
 * the rows public at "now" are those before now + 1, read backwards, and the
 * next row to appear is the first one behind.  Nothing has to run at that
 * moment: the same question asked a microsecond later has another answer.
 */


#include "content/gov_content_int.h"


#define GOV_NEIGHBOUR_STEPS  1000


typedef struct {
    size_t         skip;        /* public rows to leave out */
    size_t         seen;        /* entries, public or not */
    gov_listed_t  *rows;        /* NULL: only counted */
    size_t         max;
    size_t         n;
    int            more;
} gov_list_t;


static gov_key_t *gov_list_key(gov_key_t *k, uint32_t column, int64_t time);
static gov_rc_t gov_list_open(gov_scan_t *sc, gov_txn_t *t, uint32_t site,
    uint32_t column, unsigned reverse, int64_t from);
static gov_rc_t gov_list_first(gov_txn_t *t, uint32_t site, uint32_t column,
    int64_t from, int64_t *time);
static gov_rc_t gov_list_due(gov_txn_t *t, uint32_t site, uint32_t column,
    int64_t now, int *expired, int64_t *due);
static gov_rc_t gov_list_walk(gov_list_t *l, gov_scan_t *sc, gov_arena_t *a,
    int64_t now);
static gov_rc_t gov_list_length(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint32_t column, int64_t now, int expired, size_t *count);
static gov_rc_t gov_list_between(gov_txn_t *t, uint32_t site,
    uint32_t column, int64_t from, int64_t to, size_t *n);
static void gov_listed_from(gov_listed_t *row, uint32_t site, gov_str_t key,
    gov_listed_rec_t *rec);
static gov_rc_t gov_list_beside(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    int64_t now, unsigned reverse, uint64_t *id, int64_t *due);


gov_rc_t
gov_column_rows(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint32_t column,
    int64_t now, size_t skip, gov_listed_t *rows, unsigned max, unsigned *n,
    int *more, int64_t *due)
{
    int         expired;
    gov_rc_t    rc;
    gov_list_t  l;
    gov_scan_t  sc;

    memset(&l, 0, sizeof(gov_list_t));
    l.skip = skip;
    l.rows = rows;
    l.max = max;

    *n = 0;
    *more = 0;

    rc = gov_list_due(t, site, column, now, &expired, due);

    if (rc == GOV_OK) {
        rc = gov_list_open(&sc, t, site, column, GOV_REVERSE, now + 1);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    if (!expired && skip != 0) {
        rc = gov_scan_skip(&sc, skip, &l.seen);
        l.skip -= l.seen;
    }

    if (rc == GOV_OK && (expired || l.skip == 0)) {
        rc = gov_list_walk(&l, &sc, a, now);
    }

    gov_scan_close(&sc);

    *n = l.n;
    *more = l.more;

    return rc;
}


static gov_key_t *
gov_list_key(gov_key_t *k, uint32_t column, int64_t time)
{
    return gov_key_add8(gov_key4(k, column), (uint64_t) time);
}


/* backwards: from the newest row before that time */

static gov_rc_t
gov_list_open(gov_scan_t *sc, gov_txn_t *t, uint32_t site, uint32_t column,
    unsigned reverse, int64_t from)
{
    gov_rc_t   rc;
    gov_key_t  k;

    rc = gov_scan_open(sc, gov_handle(t, site), GOV_T_LISTS,
                       gov_key4(&k, column), reverse);

    if (rc == GOV_OK) {
        gov_scan_from(sc, gov_list_key(&k, column, from));
    }

    return rc;
}


/* the time of the first entry not before `from`; GOV_DONE: there is none */

static gov_rc_t
gov_list_first(gov_txn_t *t, uint32_t site, uint32_t column, int64_t from,
    int64_t *time)
{
    gov_rc_t    rc;
    gov_scan_t  sc;

    rc = gov_list_open(&sc, t, site, column, GOV_FORWARD, from);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_scan_next(&sc, NULL, NULL);
    if (rc == GOV_OK) {
        *time = (int64_t) gov_key_get8(sc.key, 4);
    }

    gov_scan_close(&sc);

    return rc;
}


/*
 * The first entry behind now, of those to appear and of those to leave; and
 * whether some have left already, so that each has to be looked at.
 */

static gov_rc_t
gov_list_due(gov_txn_t *t, uint32_t site, uint32_t column, int64_t now,
    int *expired, int64_t *due)
{
    int64_t   time;
    gov_rc_t  rc;

    *expired = 0;

    rc = gov_list_first(t, site, column, now + 1, &time);

    if (rc == GOV_OK) {
        gov_due(due, time, now);

    } else if (rc != GOV_DONE) {
        return rc;
    }

    rc = gov_list_first(t, site, column | GOV_LIST_EXPIRY, 0, &time);

    if (rc == GOV_OK && time <= now) {
        *expired = 1;
        rc = gov_list_first(t, site, column | GOV_LIST_EXPIRY, now + 1,
                            &time);
    }

    if (rc == GOV_OK) {
        gov_due(due, time, now);
    }

    return rc == GOV_DONE ? GOV_OK : rc;
}


/*
 * Entries that expired stay where they are, so a walk past them costs time
 * and shows nothing: it ends at GOV_LIST_WALK entries.  What is older is
 * found by its address and by search, not by turning pages.
 */

static gov_rc_t
gov_list_walk(gov_list_t *l, gov_scan_t *sc, gov_arena_t *a, int64_t now)
{
    gov_rc_t          rc;
    gov_listed_rec_t  rec;

    rc = GOV_OK;

    while (l->seen < GOV_LIST_WALK) {
        rc = gov_scan_next(sc, a, &rec);
        if (rc != GOV_OK) {
            break;
        }

        l->seen++;

        if (rec.expires != 0 && rec.expires <= now) {
            continue;
        }

        if (l->skip != 0) {
            l->skip--;
            continue;
        }

        if (l->n == l->max) {
            l->more = 1;
            break;
        }

        if (l->rows != NULL) {
            gov_listed_from(&l->rows[l->n], sc->h.site, sc->key, &rec);
        }

        l->n++;
    }

    return rc == GOV_DONE ? GOV_OK : rc;
}


static void
gov_listed_from(gov_listed_t *row, uint32_t site, gov_str_t key,
    gov_listed_rec_t *rec)
{
    row->published = (int64_t) gov_key_get8(key, 4);
    row->doc = gov_key_get8(key, 12);
    row->site = rec->site != 0 ? (uint32_t) rec->site : site;
}


gov_rc_t
gov_column_count(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint32_t column, int64_t now, size_t bound, size_t *count)
{
    int         expired;
    int64_t     due;
    gov_rc_t    rc;
    gov_list_t  l;
    gov_scan_t  sc;

    memset(&l, 0, sizeof(gov_list_t));
    l.max = bound;

    due = INT64_MAX;
    *count = 0;

    rc = gov_list_due(t, site, column, now, &expired, &due);

    if (rc == GOV_OK) {
        rc = gov_list_length(t, a, site, column, now, expired, count);

        if (rc != GOV_NOT_FOUND) {
            *count = *count < bound ? *count : bound;
            return rc;
        }

        rc = gov_list_open(&sc, t, site, column, GOV_REVERSE, now + 1);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    if (expired) {
        rc = gov_list_walk(&l, &sc, a, now);
        *count = l.n;

    } else {
        rc = gov_scan_skip(&sc, bound, count);
    }

    gov_scan_close(&sc);

    return rc;
}


/*
 * Of the rows there are, those to come and those that have left are not
 * shown: so few steps as there are of them.  GOV_NOT_FOUND: it is not known,
 * or a walk would end before the last row.
 */

static gov_rc_t
gov_list_length(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint32_t column,
    int64_t now, int expired, size_t *count)
{
    size_t            coming, left;
    gov_rc_t          rc;
    gov_key_t         k;
    gov_usage_rec_t   length;

    left = 0;

    rc = gov_load(gov_handle(t, site), GOV_T_LENGTHS, gov_key4(&k, column),
                  a, &length);

    if (rc == GOV_OK && expired && length.n > GOV_LIST_WALK) {
        return GOV_NOT_FOUND;
    }

    if (rc == GOV_OK) {
        rc = gov_list_between(t, site, column, now + 1, INT64_MAX, &coming);
    }

    if (rc == GOV_OK && expired) {
        rc = gov_list_between(t, site, column | GOV_LIST_EXPIRY, 0, now,
                              &left);
    }

    if (rc == GOV_OK) {
        *count = (size_t) length.n - coming - left;
    }

    return rc;
}


static gov_rc_t
gov_list_between(gov_txn_t *t, uint32_t site, uint32_t column, int64_t from,
    int64_t to, size_t *n)
{
    gov_rc_t    rc;
    gov_scan_t  sc;

    *n = 0;

    rc = gov_list_open(&sc, t, site, column, GOV_FORWARD, from);
    if (rc != GOV_OK) {
        return rc;
    }

    while ((rc = gov_scan_next(&sc, NULL, NULL)) == GOV_OK
           && (int64_t) gov_key_get8(sc.key, 4) <= to)
    {
        (*n)++;
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


gov_rc_t
gov_column_pinned(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint32_t column, int64_t now, gov_listed_t *rows, unsigned max,
    unsigned *n, int64_t *due)
{
    gov_rc_t          rc;
    gov_scan_t        sc;
    gov_listed_rec_t  rec;

    *n = 0;
    column |= GOV_LIST_PIN;

    rc = gov_list_open(&sc, t, site, column, GOV_FORWARD, now + 1);
    if (rc != GOV_OK) {
        return rc;
    }

    while (*n < max && (rc = gov_scan_next(&sc, a, &rec)) == GOV_OK) {
        gov_listed_from(&rows[*n], site, sc.key, &rec);
        gov_due(due, rows[*n].published, now);
        (*n)++;
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


gov_rc_t
gov_doc_neighbours(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, int64_t now,
    uint64_t *newer, uint64_t *older, int64_t *due)
{
    gov_rc_t  rc;

    rc = gov_list_beside(t, a, doc, now, GOV_FORWARD, newer, due);
    if (rc != GOV_OK) {
        return rc;
    }

    return gov_list_beside(t, a, doc, now, GOV_REVERSE, older, due);
}


/*
 * A row between a document and its neighbour can only come by a commit, so
 * the moments that count are the neighbour's own: to appear, or to leave.
 */

static gov_rc_t
gov_list_beside(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, int64_t now,
    unsigned reverse, uint64_t *id, int64_t *due)
{
    int64_t           time;
    gov_rc_t          rc;
    unsigned          steps;
    gov_key_t         k;
    gov_scan_t        sc;
    gov_listed_rec_t  rec;

    *id = 0;

    rc = gov_scan_open(&sc, gov_handle(t, doc->site), GOV_T_LISTS,
                       gov_key4(&k, (uint32_t) doc->rec.column), reverse);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_list_key(&k, (uint32_t) doc->rec.column, doc->rec.published);
    gov_scan_from(&sc, gov_key_add8(&k, doc->id + (reverse ? 0 : 1)));

    for (steps = 0; steps < GOV_NEIGHBOUR_STEPS; steps++) {
        rc = gov_scan_next(&sc, a, &rec);
        if (rc != GOV_OK) {
            break;
        }

        time = (int64_t) gov_key_get8(sc.key, 4);

        if (time > now) {
            gov_due(due, time, now);
            break;
        }

        if (rec.expires == 0 || rec.expires > now) {
            *id = gov_key_get8(sc.key, 12);
            gov_due(due, rec.expires, now);
            break;
        }
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


gov_rc_t
gov_column_empty(gov_txn_t *t, uint32_t site, uint32_t column)
{
    int64_t   time;
    gov_rc_t  rc;

    rc = gov_list_first(t, site, column, 0, &time);

    if (rc == GOV_DONE) {
        rc = gov_list_first(t, site, column | GOV_LIST_DESK, 0, &time);
    }

    return rc == GOV_OK ? GOV_DENIED : rc == GOV_DONE ? GOV_OK : rc;
}
