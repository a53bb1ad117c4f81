
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


static unsigned gov_entries_of(gov_txn_t *t, gov_doc_t *doc, uint32_t site,
    uint32_t column, gov_entry_t *list);
static void gov_entry_set(gov_entry_t *e, gov_txn_t *t, gov_doc_t *doc,
    uint32_t site, uint32_t column, int64_t time);
static gov_rc_t gov_entries_list(gov_txn_t *t, gov_arena_t *a,
    gov_doc_t *doc, uint32_t site, uint32_t column, int put);
static gov_rc_t gov_entries_all(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    int put);


gov_rc_t
gov_entries_put(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, gov_err_t *err)
{
    return gov_store_said(err, gov_entries_all(t, a, doc, 1));
}


gov_rc_t
gov_entries_drop(gov_txn_t *t, gov_doc_t *doc, gov_err_t *err)
{
    return gov_store_said(err, gov_entries_all(t, NULL, doc, 0));
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
    gov_entry_t   list[GOV_ENTRIES_MAX], *e;

    n = gov_entries_of(t, doc, site, column, list);

    for (i = 0; i < n; i++) {
        e = &list[i];

        rc = put ? gov_save(e->h, GOV_T_LISTS, &e->key, a, &e->rec)
                 : gov_drop(e->h, GOV_T_LISTS, &e->key);

        if (rc != GOV_OK && (put || rc != GOV_NOT_FOUND)) {
            return rc;
        }
    }

    return GOV_OK;
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
