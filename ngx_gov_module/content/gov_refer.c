
/*
 * Copyright (C) ngx_gov authors
 *
 * References: a document stands in columns of other sites, or in further
 * ones of its own.  Only its number stands there; what it says is read at
 * the source.
 */


#include "content/gov_content_int.h"


static gov_value_t *gov_refs_without(gov_arena_t *a, gov_value_t *refs,
    uint32_t site, uint32_t column, int *found);
static gov_rc_t gov_refer_change(gov_txn_t *t, gov_arena_t *a,
    gov_doc_t *doc, uint32_t site, uint32_t column, gov_value_t *refs,
    gov_err_t *err);


/* a reference that stands already is GOV_OK: sent twice it is one */

gov_rc_t
gov_doc_refer(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, gov_site_t *site,
    uint32_t column, gov_err_t *err)
{
    int            found;
    unsigned       n;
    gov_rc_t       rc;
    gov_value_t   *refs, *ref;
    gov_column_t  *list;

    if (site->id == doc->site && column == (uint32_t) doc->rec.column) {
        return gov_fail(err, GOV_CONFLICT, "to", "文档本来就在这个栏目");
    }

    rc = gov_columns(t, a, site, &list, &n);
    if (rc != GOV_OK) {
        return gov_store_said(err, rc);
    }

    if (gov_column_find(list, n, column) == NULL) {
        return gov_fail(err, GOV_NOT_FOUND, "to", "站点“%.*s”没有栏目 %u",
                        gov_strf(site->rec.name), column);
    }

    refs = gov_refs_without(a, doc->rec.refs, site->id, column, &found);

    if (found) {
        return GOV_OK;
    }

    if (refs->n >= GOV_REFS_MAX) {
        return gov_fail(err, GOV_DENIED, "to", "一件文档最多引用到 %d 个栏目",
                        GOV_REFS_MAX);
    }

    ref = gov_list(a);
    gov_add(ref, gov_val_int(a, site->id));
    gov_add(ref, gov_val_int(a, column));
    gov_add(refs, ref);

    return gov_refer_change(t, a, doc, site->id, column, refs, err);
}


gov_rc_t
gov_doc_unrefer(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, uint32_t site,
    uint32_t column, gov_err_t *err)
{
    int           found;
    gov_value_t  *refs;

    refs = gov_refs_without(a, doc->rec.refs, site, column, &found);

    if (!found) {
        return gov_fail(err, GOV_NOT_FOUND, "from", "文档没有引用到这个栏目");
    }

    return gov_refer_change(t, a, doc, site, column, refs, err);
}


static gov_value_t *
gov_refs_without(gov_arena_t *a, gov_value_t *refs, uint32_t site,
    uint32_t column, int *found)
{
    uint32_t      s, c;
    gov_value_t  *ref, *list;

    *found = 0;
    list = gov_list(a);

    gov_each (ref, refs) {
        gov_ref_of(ref, &s, &c);

        if (s == site && c == column) {
            *found = 1;
            continue;
        }

        gov_add(list, gov_value_copy(a, ref));
    }

    return list;
}


/*
 * The other lists are left alone: only the column concerned is touched, and
 * the page of the document, which names where else it is shown.
 */

static gov_rc_t
gov_refer_change(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, uint32_t site,
    uint32_t column, gov_value_t *refs, gov_err_t *err)
{
    gov_rc_t  rc;

    gov_rec_own(a, &gov_rec_doc, &doc->rec);

    rc = gov_entries_drop(t, a, doc, err);
    if (rc != GOV_OK) {
        return rc;
    }

    doc->rec.refs = refs->n != 0 ? refs : NULL;

    rc = gov_entries_put(t, a, doc, err);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_touch(t, site, gov_slot_column(column));
    gov_doc_touch(t, doc, 0);

    return gov_doc_save(t, a, doc, err);
}
