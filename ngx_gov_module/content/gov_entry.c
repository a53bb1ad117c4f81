
/*
 * Copyright (C) ngx_gov authors
 *
 * Entries of lists, written.  A document's entries follow from its record
 * alone, so a change is always: drop those of the record as it was, change
 * it, put those of the record as it is, touch the marks of both.
 */


#include "content/gov_content_int.h"


typedef struct {
    gov_handle_t      h;
    gov_key_t         key;
    gov_listed_rec_t  rec;
} gov_entry_t;

/* of one list at most three: the row, its expiry, its pin */
#define GOV_ENTRIES_MAX  3

/* columns of a site, and those that were taken away */
#define GOV_LENGTHS_MAX  (2 * GOV_COLUMNS_MAX)


static unsigned gov_entries_of(gov_txn_t *t, gov_doc_t *doc, uint32_t site,
    uint32_t column, gov_entry_t *list);
static void gov_entry_set(gov_entry_t *e, gov_txn_t *t, gov_doc_t *doc,
    uint32_t site, uint32_t column, int64_t time);
static gov_rc_t gov_entries_list(gov_txn_t *t, gov_arena_t *a,
    gov_doc_t *doc, uint32_t site, uint32_t column, int put);
static gov_rc_t gov_entry_change(gov_entry_t *e, gov_arena_t *a, int put);
static gov_rc_t gov_length_add(gov_handle_t h, gov_arena_t *a,
    uint32_t column, int by);
static gov_rc_t gov_length_of(gov_handle_t h, uint32_t column, size_t max,
    size_t *n);
static gov_rc_t gov_lengths_drop(gov_handle_t h, gov_arena_t *a);
static gov_rc_t gov_list_next(gov_handle_t h, uint32_t *column);
static gov_rc_t gov_entries_all(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    int put);


gov_rc_t
gov_entries_put(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, gov_err_t *err)
{
    return gov_store_said(err, gov_entries_all(t, a, doc, 1));
}


gov_rc_t
gov_entries_drop(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, gov_err_t *err)
{
    return gov_store_said(err, gov_entries_all(t, a, doc, 0));
}


static gov_rc_t
gov_entries_all(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, int put)
{
    uint32_t      site, column;
    gov_rc_t      rc;
    gov_value_t  *ref;

    rc = gov_entries_list(t, a, doc, doc->site, (uint32_t) doc->rec.column,
                          put);
    if (rc != GOV_OK) {
        return rc;
    }

    if (doc->rec.state != GOV_DOC_PUBLISHED) {
        return GOV_OK;
    }

    gov_each (ref, doc->rec.refs) {
        gov_ref_of(ref, &site, &column);

        rc = gov_entries_list(t, a, doc, site, column, put);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    return GOV_OK;
}


static gov_rc_t
gov_entries_list(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, uint32_t site,
    uint32_t column, int put)
{
    gov_rc_t      rc;
    unsigned      i, n;
    gov_entry_t   list[GOV_ENTRIES_MAX];

    n = gov_entries_of(t, doc, site, column, list);

    for (i = 0; i < n; i++) {
        rc = gov_entry_change(&list[i], a, put);

        if (rc != GOV_OK && (put || rc != GOV_NOT_FOUND)) {
            return rc;
        }
    }

    return GOV_OK;
}


/* the column's length follows, if the entry is a row and comes or goes */

static gov_rc_t
gov_entry_change(gov_entry_t *e, gov_arena_t *a, int put)
{
    gov_rc_t   rc, was;
    uint32_t   column;

    column = gov_key_get4((gov_str_t) { e->key.len, e->key.data }, 0);
    was = put ? gov_there(e->h, GOV_T_LISTS, &e->key) : GOV_NOT_FOUND;

    if (was != GOV_OK && was != GOV_NOT_FOUND) {
        return was;
    }

    rc = put ? gov_save(e->h, GOV_T_LISTS, &e->key, a, &e->rec)
             : gov_drop(e->h, GOV_T_LISTS, &e->key);

    return rc == GOV_OK && was == GOV_NOT_FOUND && column < GOV_LIST_DESK
           ? gov_length_add(e->h, a, column, put ? 1 : -1) : rc;
}


/* an older store's is not known until it is counted, or the list was empty */

static gov_rc_t
gov_length_add(gov_handle_t h, gov_arena_t *a, uint32_t column, int by)
{
    size_t            n;
    gov_rc_t          rc;
    gov_key_t         k;
    gov_usage_rec_t   length;

    gov_key4(&k, column);

    rc = gov_load(h, GOV_T_LENGTHS, &k, a, &length);

    if (rc == GOV_NOT_FOUND) {
        memset(&length, 0, sizeof(gov_usage_rec_t));
        rc = gov_length_of(h, column, 2, &n);

        if (rc != GOV_OK || by < 0 || n != 1) {
            return rc;
        }
    }

    if (rc != GOV_OK) {
        return rc;
    }

    length.n += by;

    return length.n > 0 ? gov_save(h, GOV_T_LENGTHS, &k, a, &length)
                        : gov_drop(h, GOV_T_LENGTHS, &k);
}


static gov_rc_t
gov_length_of(gov_handle_t h, uint32_t column, size_t max, size_t *n)
{
    gov_rc_t    rc;
    gov_key_t   k;
    gov_scan_t  sc;

    *n = 0;

    rc = gov_scan_open(&sc, h, GOV_T_LISTS, gov_key4(&k, column),
                       GOV_FORWARD);

    if (rc == GOV_OK) {
        rc = gov_scan_skip(&sc, max, n);
        gov_scan_close(&sc);
    }

    return rc;
}


gov_rc_t
gov_lists_count(gov_txn_t *t, gov_arena_t *a, uint32_t site)
{
    size_t            n;
    uint32_t          column;
    gov_rc_t          rc;
    gov_key_t         k;
    gov_handle_t      h;
    gov_usage_rec_t   length;

    h = gov_handle(t, site);
    column = 0;
    memset(&length, 0, sizeof(gov_usage_rec_t));

    rc = gov_lengths_drop(h, a);

    while (rc == GOV_OK && (rc = gov_list_next(h, &column)) == GOV_OK) {
        rc = gov_length_of(h, column, SIZE_MAX, &n);

        if (rc == GOV_OK) {
            length.n = (int64_t) n;
            rc = gov_save(h, GOV_T_LENGTHS, gov_key4(&k, column), a,
                          &length);
        }
    }

    return rc == GOV_DONE ? GOV_OK : rc;
}


static gov_rc_t
gov_lengths_drop(gov_handle_t h, gov_arena_t *a)
{
    gov_rc_t    rc;
    uint32_t   *list;
    unsigned    i, n;
    gov_key_t   k;
    gov_scan_t  sc;

    n = 0;
    list = gov_alloc(a, GOV_LENGTHS_MAX * sizeof(uint32_t));

    rc = gov_scan_open(&sc, h, GOV_T_LENGTHS, gov_key(&k), GOV_FORWARD);

    while (rc == GOV_OK && n < GOV_LENGTHS_MAX
           && (rc = gov_scan_next(&sc, NULL, NULL)) == GOV_OK)
    {
        list[n++] = gov_key_get4(sc.key, 0);
    }

    gov_scan_close(&sc);
    rc = rc == GOV_DONE ? GOV_OK : rc;

    for (i = 0; rc == GOV_OK && i < n; i++) {
        rc = gov_drop(h, GOV_T_LENGTHS, gov_key4(&k, list[i]));
    }

    return rc;
}


/* the first column behind *column that has rows; GOV_DONE: none */

static gov_rc_t
gov_list_next(gov_handle_t h, uint32_t *column)
{
    gov_rc_t    rc;
    gov_key_t   k;
    gov_scan_t  sc;

    rc = gov_scan_open(&sc, h, GOV_T_LISTS, gov_key(&k), GOV_FORWARD);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_scan_from(&sc, gov_key4(&k, *column + 1));

    rc = gov_scan_next(&sc, NULL, NULL);

    if (rc == GOV_OK) {
        *column = gov_key_get4(sc.key, 0);
        rc = *column < GOV_LIST_DESK ? GOV_OK : GOV_DONE;
    }

    gov_scan_close(&sc);

    return rc;
}


static unsigned
gov_entries_of(gov_txn_t *t, gov_doc_t *doc, uint32_t site, uint32_t column,
    gov_entry_t *list)
{
    unsigned        n;
    gov_doc_rec_t  *d;

    d = &doc->rec;
    n = 0;

    if (d->state != GOV_DOC_PUBLISHED) {
        gov_entry_set(&list[n++], t, doc, site, column | GOV_LIST_DESK,
                      d->created);
        return n;
    }

    gov_entry_set(&list[n++], t, doc, site, column, d->published);

    if (d->expires != 0) {
        gov_entry_set(&list[n++], t, doc, site, column | GOV_LIST_EXPIRY,
                      d->expires);
    }

    if (d->pinned != 0 && site == doc->site && column == d->column) {
        gov_entry_set(&list[n++], t, doc, site, column | GOV_LIST_PIN,
                      d->pinned);
    }

    return n;
}


static void
gov_entry_set(gov_entry_t *e, gov_txn_t *t, gov_doc_t *doc, uint32_t site,
    uint32_t column, int64_t time)
{
    memset(&e->rec, 0, sizeof(gov_listed_rec_t));

    e->h = gov_handle(t, site);
    e->rec.site = site == doc->site ? 0 : doc->site;
    e->rec.expires = doc->rec.expires;

    gov_key4(&e->key, column);
    gov_key_add8(&e->key, (uint64_t) time);
    gov_key_add8(&e->key, doc->id);
}


void
gov_ref_of(gov_value_t *ref, uint32_t *site, uint32_t *column)
{
    gov_value_t  *v;

    v = ref->u.first;
    *site = v != NULL ? (uint32_t) v->u.i : 0;
    v = v != NULL ? v->next : NULL;
    *column = v != NULL ? (uint32_t) v->u.i : 0;
}


void
gov_doc_touch(gov_txn_t *t, gov_doc_t *doc, int lists)
{
    uint32_t      site, column;
    gov_value_t  *ref;

    gov_touch(t, doc->site, gov_slot_doc(doc->id));

    if (!lists) {
        return;
    }

    gov_touch(t, doc->site, gov_slot_column((uint32_t) doc->rec.column));

    gov_each (ref, doc->rec.refs) {
        gov_ref_of(ref, &site, &column);
        gov_touch(t, site, gov_slot_column(column));
    }
}
