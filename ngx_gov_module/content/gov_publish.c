
/*
 * Copyright (C) ngx_gov authors
 *
 * What a document may become:
 *
 *              write                    publish, at = now
 *     (none) ---------> DRAFT ---------------------------> PUBLISHED (public)
 *                        | ^                                 |  ^      |
 *        publish, at     | | withdraw                expire, |  | its  |
 *          > now         v |                       its time  v  | time |
 *                   PUBLISHED (scheduled)        PUBLISHED (expired)   |
 *                                                                      |
 *                        WITHDRAWN <-------------- withdraw ------------+
 *                            | publish
 *                            v
 *                        PUBLISHED, under a new time
 *
 * What was public once and is to be again, under a time to come, is WITHDRAWN
 * when that is called off, not DRAFT.
 *
 * "scheduled", "public" and "expired" are not stored: they follow from the
 * record's two times and the clock.  Invariants kept here:
 *
 *   1. The time of publication is not before the commit's (N07), and once a
 *      page was public an edit does not move it.
 *   2. A page that is public stays at its live version until another one is
 *      made live at once; a later version cannot be laid on the clock.
 *   3. Lists, marks and the record change together or not at all.
 */


#include "content/gov_content_int.h"


static gov_rc_t gov_publish_as(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    uint32_t n, int64_t at, gov_act_t act, gov_by_t *by, gov_err_t *err);
static gov_rc_t gov_publish_version(gov_txn_t *t, gov_arena_t *a,
    gov_doc_t *doc, gov_version_rec_t *v, uint32_t n, int64_t at,
    gov_act_t act, gov_by_t *by, gov_err_t *err);
static gov_rc_t gov_publish_lists(gov_txn_t *t, gov_arena_t *a,
    gov_doc_t *doc, gov_version_rec_t *v, uint32_t n, int64_t at,
    int64_t now, gov_err_t *err);
static gov_rc_t gov_publish_check(gov_arena_t *a, gov_doc_t *doc,
    gov_version_rec_t *v, int64_t at, int64_t now, gov_err_t *err);
static int gov_publish_left(gov_doc_t *doc, gov_shown_t was, int64_t at);
static gov_rc_t gov_interpreted(gov_txn_t *t, gov_arena_t *a, uint64_t target,
    uint64_t doc, int add, gov_err_t *err);
static gov_rc_t gov_replaced(gov_txn_t *t, gov_arena_t *a, uint64_t target,
    uint64_t from, uint64_t to, gov_err_t *err);


gov_rc_t
gov_doc_publish(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, uint32_t n,
    int64_t at, gov_by_t *by, gov_err_t *err)
{
    return gov_publish_as(t, a, doc, n, at, GOV_ACT_SIGN, by, err);
}


/* the draft that it is in between leaves no rows, so that there are none to
 * drop, and no record; the version just written is not read back */

gov_rc_t
gov_doc_issue(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_version_rec_t *v, int64_t at, gov_by_t *by, gov_err_t *err)
{
    gov_rc_t  rc;

    rc = gov_doc_version(t, a, doc, v, err);

    if (rc == GOV_OK) {
        rc = gov_publish_version(t, a, doc, v, 1, at, GOV_ACT_SIGN, by, err);
    }

    return rc == GOV_OK
           ? gov_publish_lists(t, a, doc, v, 1, at, by->now, err) : rc;
}


gov_rc_t
gov_doc_urgent(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, uint32_t n,
    gov_by_t *by, gov_err_t *err)
{
    return gov_publish_as(t, a, doc, n, by->now, GOV_ACT_URGENT, by, err);
}


static gov_rc_t
gov_publish_as(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, uint32_t n,
    int64_t at, gov_act_t act, gov_by_t *by, gov_err_t *err)
{
    gov_rc_t            rc;
    gov_version_rec_t   v;

    rc = gov_version_there(t, a, doc, n, &v, err);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_rec_own(a, &gov_rec_doc, &doc->rec);

    rc = gov_publish_version(t, a, doc, &v, n, at, act, by, err);

    if (rc == GOV_OK
        && gov_doc_shown(&doc->rec, by->now) != GOV_SHOWN_PUBLIC)
    {
        rc = gov_entries_drop(t, a, doc, err);
    }

    return rc == GOV_OK
           ? gov_publish_lists(t, a, doc, &v, n, at, by->now, err) : rc;
}


/* may version n go out, and what is said of it; it and the document are
 * owned */

static gov_rc_t
gov_publish_version(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_version_rec_t *v, uint32_t n, int64_t at, gov_act_t act,
    gov_by_t *by, gov_err_t *err)
{
    gov_rc_t  rc;

    rc = gov_publish_check(a, doc, v, at, by->now, err);

    if (rc == GOV_OK) {
        rc = gov_flow_ready(t, a, doc, v, n, act, by, err);
    }

    if (rc == GOV_OK) {
        rc = gov_link_back(t, a, doc, v, err);
    }

    if (rc == GOV_OK) {
        rc = gov_flow_published(t, a, doc, n, act, by, err);
    }

    return rc == GOV_OK ? gov_told_published(t, a, doc, n, by, err) : rc;
}


/* what was not public has no entries left */

static gov_rc_t
gov_publish_lists(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_version_rec_t *v, uint32_t n, int64_t at, int64_t now,
    gov_err_t *err)
{
    gov_rc_t     rc;
    gov_shown_t  was;

    was = gov_doc_shown(&doc->rec, now);

    if (was != GOV_SHOWN_PUBLIC) {
        if (gov_publish_left(doc, was, at)) {
            doc->rec.expires = 0;
        }

        doc->rec.state = GOV_DOC_PUBLISHED;
        doc->rec.published = at;
        doc->rec.reason.len = 0;
        doc->rec.replacement = 0;
        doc->rec.withdrawn = 0;

        rc = gov_entries_put(t, a, doc, err);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    gov_doc_carry(&doc->rec, v);
    doc->rec.live = n;
    doc->rec.changed = at;
    doc->rec.coming = at > now;

    gov_touch(t, doc->site, gov_slot_column((uint32_t) doc->rec.column));
    gov_doc_touch(t, doc, was != GOV_SHOWN_PUBLIC);

    return gov_doc_save(t, a, doc, err);
}


static gov_rc_t
gov_publish_check(gov_arena_t *a, gov_doc_t *doc, gov_version_rec_t *v,
    int64_t at, int64_t now, gov_err_t *err)
{
    gov_shown_t  was;

    if (at < now) {
        return gov_fail(err, GOV_DENIED, "at",
                        "发布时间不能早于当前时间：发布日期以提交为准，"
                        "文件自身的日期请填成文日期");
    }

    if (at < doc->rec.embargo) {
        return gov_fail(err, GOV_DENIED, "at",
                        "文档设有禁发期，%.*s 以前不能发布",
                        gov_strf(gov_date(a, doc->rec.embargo,
                                          GOV_DATE_MINUTE)));
    }

    was = gov_doc_shown(&doc->rec, now);

    if (was == GOV_SHOWN_PUBLIC && at > now) {
        return gov_fail(err, GOV_CONFLICT, "at",
                        "文档已公开，新版本只能立即发布");
    }

    if (doc->rec.expires != 0 && doc->rec.expires <= at
        && !gov_publish_left(doc, was, at))
    {
        return gov_fail(err, GOV_INVALID, "at", "发布时间不能晚于下线时间");
    }

    if (v->interprets == (int64_t) doc->id
        || v->replaces == (int64_t) doc->id)
    {
        return gov_fail(err, GOV_INVALID,
                        v->interprets == (int64_t) doc->id ? "interprets"
                                                           : "replaces",
                        "文档不能指向自己");
    }

    return GOV_OK;
}


/* the time of leaving was of a publication that is over: it does not bind one
 * that comes after it, and doc.expire cannot take it away any more */

static int
gov_publish_left(gov_doc_t *doc, gov_shown_t was, int64_t at)
{
    return (was == GOV_SHOWN_EXPIRED || was == GOV_SHOWN_WITHDRAWN)
           && doc->rec.expires <= at;
}


/*
 * An interpretation is named by what it interprets, a successor by what it
 * replaces (D20): on whatever site that stands, in the same commit.
 */

gov_rc_t
gov_link_back(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_version_rec_t *v, gov_err_t *err)
{
    gov_rc_t  rc;
    int64_t   old;

    old = doc->rec.live != 0 ? doc->rec.interprets : 0;

    if (old != 0 && old != v->interprets) {
        rc = gov_interpreted(t, a, (uint64_t) old, doc->id, 0, err);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    if (v->interprets != 0) {
        rc = gov_interpreted(t, a, (uint64_t) v->interprets, doc->id, 1, err);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    old = doc->rec.live != 0 ? doc->rec.replaces : 0;

    if (old != 0 && old != v->replaces) {
        rc = gov_replaced(t, a, (uint64_t) old, doc->id, 0, err);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    if (v->replaces != 0) {
        return gov_replaced(t, a, (uint64_t) v->replaces, 0, doc->id, err);
    }

    return GOV_OK;
}


/* add 0: it names it no more, and one that is gone names nobody */

static gov_rc_t
gov_interpreted(gov_txn_t *t, gov_arena_t *a, uint64_t target, uint64_t doc,
    int add, gov_err_t *err)
{
    int           found;
    gov_rc_t      rc;
    gov_doc_t     d;
    gov_value_t  *v, *list;

    rc = gov_doc_find(t, a, target, &d);
    if (rc == GOV_NOT_FOUND && !add) {
        return GOV_OK;
    }

    if (rc != GOV_OK) {
        return gov_fail(err, rc, "interprets", "没有文档 %llu",
                        (unsigned long long) target);
    }

    gov_rec_own(a, &gov_rec_doc, &d.rec);

    found = 0;
    list = gov_list(a);

    gov_each (v, d.rec.interpreted_by) {
        if ((uint64_t) v->u.i == doc) {
            found = 1;

            if (!add) {
                continue;
            }
        }

        gov_add(list, gov_val_int(a, v->u.i));
    }

    if (found == add) {
        return GOV_OK;
    }

    if (add) {
        if (list->n >= GOV_INTERPRET_MAX) {
            return gov_fail(err, GOV_DENIED, "interprets",
                            "文档 %llu 的解读已达 %d 件",
                            (unsigned long long) target, GOV_INTERPRET_MAX);
        }

        gov_add(list, gov_val_int(a, (int64_t) doc));
    }

    d.rec.interpreted_by = list->n != 0 ? list : NULL;

    gov_doc_touch(t, &d, 0);

    return gov_doc_save(t, a, &d, err);
}


/* "from" 0 is whoever it is; else only that one's mark is taken away */

static gov_rc_t
gov_replaced(gov_txn_t *t, gov_arena_t *a, uint64_t target, uint64_t from,
    uint64_t to, gov_err_t *err)
{
    gov_rc_t   rc;
    gov_doc_t  d;

    rc = gov_doc_find(t, a, target, &d);
    if (rc == GOV_NOT_FOUND && to == 0) {
        return GOV_OK;
    }

    if (rc != GOV_OK) {
        return gov_fail(err, rc, "replaces", "没有文档 %llu",
                        (unsigned long long) target);
    }

    if ((uint64_t) d.rec.replaced_by == to
        || (from != 0 && (uint64_t) d.rec.replaced_by != from))
    {
        return GOV_OK;
    }

    gov_rec_own(a, &gov_rec_doc, &d.rec);
    d.rec.replaced_by = (int64_t) to;

    gov_doc_touch(t, &d, 0);

    return gov_doc_save(t, a, &d, err);
}
