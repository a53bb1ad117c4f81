
/*
 * Copyright (C) ngx_gov authors
 *
 * What the public is told of a document's changes (C03, C04): a row a change,
 * beside the log and apart from it, so that nothing internal can stand in a
 * page.  The first publication is no change.
 */


#include "content/gov_content_int.h"


gov_rc_t
gov_told_add(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, gov_change_t kind,
    uint32_t n, gov_by_t *by, gov_err_t *err)
{
    gov_key_t          k;
    gov_changed_rec_t  row;

    if (gov_utf8_chars(by->what) > 500 || gov_utf8_chars(by->why) > 500
        || !gov_text_clean(by->what) || !gov_text_clean(by->why))
    {
        return gov_fail(err, GOV_INVALID, "what",
                        "更正的内容和原因各最多 500 字");
    }

    memset(&row, 0, sizeof(gov_changed_rec_t));
    row.time = by->now;
    row.kind = kind;
    row.version = n;
    row.what = by->what;
    row.why = by->why;

    doc->rec.changes++;
    gov_key_add4(gov_key8(&k, doc->id), (uint32_t) doc->rec.changes);

    return gov_store_said(err, gov_save(gov_handle(t, doc->site),
                                        GOV_T_CHANGES, &k, a, &row));
}


/* of a publication: what kind it is follows from what the page was */

gov_rc_t
gov_told_published(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, uint32_t n,
    gov_by_t *by, gov_err_t *err)
{
    gov_change_t  kind;

    switch (gov_doc_shown(&doc->rec, by->now)) {

    case GOV_SHOWN_PUBLIC:
        if (doc->rec.live == (int64_t) n) {
            return GOV_OK;
        }

        kind = by->what.len != 0 ? GOV_CHANGE_CORRECTED : GOV_CHANGE_EDITED;
        break;

    case GOV_SHOWN_EXPIRED:
    case GOV_SHOWN_WITHDRAWN:
        kind = GOV_CHANGE_AGAIN;
        break;

    default:
        return GOV_OK;
    }

    return gov_told_add(t, a, doc, kind, n, by, err);
}


gov_rc_t
gov_doc_correct(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, gov_by_t *by,
    gov_err_t *err)
{
    gov_rc_t  rc;

    gov_rec_own(a, &gov_rec_doc, &doc->rec);

    if (gov_doc_shown(&doc->rec, by->now) != GOV_SHOWN_PUBLIC) {
        return gov_fail(err, GOV_CONFLICT, "doc",
                        "文档没有公开，不需要更正说明");
    }

    if (by->what.len == 0 || by->why.len == 0) {
        return gov_fail(err, GOV_INVALID,
                        by->what.len == 0 ? "what" : "why",
                        "更正说明要写更正了什么和为什么");
    }

    rc = gov_told_add(t, a, doc, GOV_CHANGE_CORRECTED,
                      (uint32_t) doc->rec.live, by, err);

    if (rc == GOV_OK) {
        by->reason = by->what;
        rc = gov_flow_to(t, a, doc, GOV_ACT_CORRECT,
                         gov_doc_step(&doc->rec), (uint32_t) doc->rec.live,
                         by, err);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    doc->rec.changed = by->now;
    gov_doc_touch(t, doc, 0);

    return gov_doc_save(t, a, doc, err);
}


const char *
gov_change_name(int kind)
{
    static const char  *names[] = {
        "", "edited", "corrected", "withdrawn", "again"
    };

    return kind > 0 && kind <= GOV_CHANGE_AGAIN ? names[kind] : "";
}


gov_rc_t
gov_doc_change(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, uint32_t n,
    gov_changed_rec_t *row)
{
    gov_key_t  k;

    gov_key_add4(gov_key8(&k, doc->id), n);

    return gov_load(gov_handle(t, doc->site), GOV_T_CHANGES, &k, a, row);
}
