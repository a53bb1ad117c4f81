
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


static gov_key_t *gov_list_key(gov_key_t *k, uint32_t column, int64_t time);
static gov_rc_t gov_list_due(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint32_t column, int64_t now, int64_t *due);
static void gov_listed_from(gov_listed_t *row, uint32_t site, gov_str_t key,
    gov_listed_rec_t *rec);
static gov_rc_t gov_list_any(gov_txn_t *t, uint32_t site, uint32_t column,
    int64_t until, int *any);
static gov_rc_t gov_list_beside(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    int64_t now, unsigned reverse, uint64_t *id, int64_t *due);


gov_rc_t
gov_column_rows(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint32_t column,
    int64_t now, size_t skip, gov_listed_t *rows, unsigned max, unsigned *n,
    int *more, int64_t *due)
{
    int               expired;
    gov_rc_t          rc;
    gov_key_t         k;
    gov_scan_t        sc;
    gov_listed_rec_t  rec;

    *n = 0;
    *more = 0;

    rc = gov_list_due(t, a, site, column, now, due);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_list_any(t, site, column | GOV_LIST_EXPIRY, now, &expired);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_scan_open(&sc, gov_handle(t, site), GOV_T_LISTS,
                       gov_key4(&k, column), GOV_REVERSE);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_scan_from(&sc, gov_list_key(&k, column, now + 1));

    if (!expired && skip != 0) {
        if (gov_scan_skip(&sc, skip) < skip) {
            gov_scan_close(&sc);
            return GOV_OK;
        }

        skip = 0;
    }

    while ((rc = gov_scan_next(&sc, a, &rec)) == GOV_OK) {

        if (rec.expires != 0 && rec.expires <= now) {
            continue;
        }

        if (skip != 0) {
            skip--;
            continue;
        }

        if (*n == max) {
            *more = 1;
            break;
        }

        gov_listed_from(&rows[(*n)++], site, sc.key, &rec);
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


static gov_key_t *
gov_list_key(gov_key_t *k, uint32_t column, int64_t time)
{
    return gov_key_add8(gov_key4(k, column), (uint64_t) time);
}


/* the first entry behind now, of those to appear and of those to leave */

static gov_rc_t
gov_list_due(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint32_t column,
    int64_t now, int64_t *due)
{
    unsigned    i;
    gov_rc_t    rc;
    uint32_t    lists[2];
    gov_key_t   k;
    gov_scan_t  sc;

    lists[0] = column;
    lists[1] = column | GOV_LIST_EXPIRY;

    for (i = 0; i < 2; i++) {
        rc = gov_scan_open(&sc, gov_handle(t, site), GOV_T_LISTS,
                           gov_key4(&k, lists[i]), GOV_FORWARD);
        if (rc != GOV_OK) {
            return rc;
        }

        gov_scan_from(&sc, gov_list_key(&k, lists[i], now + 1));

        rc = gov_scan_next(&sc, a, NULL);
        if (rc == GOV_OK) {
            gov_due(due, (int64_t) gov_key_get8(sc.key, 4), now);
        }

        gov_scan_close(&sc);

        if (rc != GOV_OK && rc != GOV_DONE) {
            return rc;
        }
    }

    return GOV_OK;
}


static void
gov_listed_from(gov_listed_t *row, uint32_t site, gov_str_t key,
    gov_listed_rec_t *rec)
{
    row->published = (int64_t) gov_key_get8(key, 4);
    row->doc = gov_key_get8(key, 12);
    row->site = rec->site != 0 ? (uint32_t) rec->site : site;
}


/* is there an entry not later than `until` */

static gov_rc_t
gov_list_any(gov_txn_t *t, uint32_t site, uint32_t column, int64_t until,
    int *any)
{
    gov_rc_t    rc;
    gov_key_t   k;
    gov_scan_t  sc;

    *any = 0;

    rc = gov_scan_open(&sc, gov_handle(t, site), GOV_T_LISTS,
                       gov_key4(&k, column), GOV_FORWARD);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_scan_next(&sc, NULL, NULL);
    if (rc == GOV_OK) {
        *any = (int64_t) gov_key_get8(sc.key, 4) <= until;
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


gov_rc_t
gov_column_count(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint32_t column, int64_t now, size_t bound, size_t *count)
{
    int               expired;
    gov_rc_t          rc;
    gov_key_t         k;
    gov_scan_t        sc;
    gov_listed_rec_t  rec;

    *count = 0;

    rc = gov_list_any(t, site, column | GOV_LIST_EXPIRY, now, &expired);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_scan_open(&sc, gov_handle(t, site), GOV_T_LISTS,
                       gov_key4(&k, column), GOV_REVERSE);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_scan_from(&sc, gov_list_key(&k, column, now + 1));

    if (!expired) {
        *count = gov_scan_skip(&sc, bound);
        gov_scan_close(&sc);
        return GOV_OK;
    }

    while (*count < bound && (rc = gov_scan_next(&sc, a, &rec)) == GOV_OK) {
        if (rec.expires == 0 || rec.expires > now) {
            (*count)++;
        }
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
    int       any;
    gov_rc_t  rc;

    rc = gov_list_any(t, site, column, INT64_MAX, &any);

    if (rc == GOV_OK && !any) {
        rc = gov_list_any(t, site, column | GOV_LIST_DESK, INT64_MAX, &any);
    }

    return rc == GOV_OK && any ? GOV_DENIED : rc;
}
