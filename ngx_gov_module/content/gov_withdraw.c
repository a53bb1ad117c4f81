
/*
 * Copyright (C) ngx_gov authors
 *
 * A document leaves a list: at a time, for good, or for another column.  The
 * states are drawn in gov_publish.c.
 */


#include "content/gov_content_int.h"


static gov_rc_t gov_doc_leave(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_act_t act, int anew, gov_by_t *by, gov_err_t *err);
static gov_rc_t gov_doc_redraft(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_err_t *err);
static gov_rc_t gov_doc_unlink(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_err_t *err);
static gov_rc_t gov_doc_shut(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_withdrawn_t kind, uint64_t replacement, gov_by_t *by, gov_err_t *err);
static gov_rc_t gov_move_anew(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    uint32_t column, int64_t now, int *anew, gov_err_t *err);
static gov_rc_t gov_doc_settle(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_err_t *err);


gov_rc_t
gov_doc_expire(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, int64_t at,
    gov_by_t *by, gov_err_t *err)
{
    gov_rc_t     rc;
    gov_shown_t  was;

    was = gov_doc_shown(&doc->rec, by->now);

    if (was == GOV_SHOWN_WITHDRAWN || was == GOV_SHOWN_EXPIRED) {
        return gov_fail(err, GOV_CONFLICT, "doc",
                        "文档已下线，不能再定下线时间");
    }

    if (at != 0 && at < by->now) {
        return gov_fail(err, GOV_DENIED, "at", "下线时间不能早于当前时间");
    }

    if (at != 0 && was == GOV_SHOWN_SCHEDULED && at <= doc->rec.published) {
        return gov_fail(err, GOV_INVALID, "at", "下线时间要晚于发布时间");
    }

    rc = gov_doc_leave(t, a, doc, GOV_ACT_EXPIRE, 0, by, err);
    if (rc != GOV_OK) {
        return rc;
    }

    doc->rec.expires = at;

    return gov_doc_settle(t, a, doc, err);
}


/* the public is told of each change, and the first publication is none */

int
gov_doc_returns(gov_doc_rec_t *d, int64_t now)
{
    return d->changes != 0 && gov_doc_shown(d, now) == GOV_SHOWN_SCHEDULED;
}


/*
 * A page that the public never saw goes back to a draft; one that it saw
 * answers 410 with the reason from then on.
 */

gov_rc_t
gov_doc_withdraw(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_withdrawn_t kind, uint64_t replacement, gov_by_t *by, gov_err_t *err)
{
    int          seen;
    gov_rc_t     rc;
    gov_doc_t    other;
    gov_shown_t  was;

    was = gov_doc_shown(&doc->rec, by->now);
    seen = was != GOV_SHOWN_SCHEDULED
           || (gov_doc_returns(&doc->rec, by->now) && !by->unseen);

    if (was == GOV_SHOWN_DRAFT || was == GOV_SHOWN_WITHDRAWN) {
        return gov_fail(err, GOV_CONFLICT, "doc",
                        was == GOV_SHOWN_DRAFT ? "文档没有发布，无从撤回"
                                               : "文档已经撤回");
    }

    if (by->reason.len == 0 || gov_utf8_chars(by->reason) > 500
        || !gov_text_clean(by->reason))
    {
        return gov_fail(err, GOV_INVALID, "reason",
                        "撤回须向公众说明理由，最多 500 字");
    }

    if (replacement != 0) {
        rc = replacement == doc->id
             ? GOV_INVALID : gov_doc_find(t, a, replacement, &other);

        if (rc != GOV_OK) {
            return gov_fail(err, rc, "replacement", "没有可替代的文档 %llu",
                            (unsigned long long) replacement);
        }
    }

    rc = gov_doc_leave(t, a, doc, GOV_ACT_WITHDRAW, 1, by, err);
    if (rc != GOV_OK) {
        return rc;
    }

    doc->rec.pinned = 0;

    rc = seen ? gov_doc_shut(t, a, doc, kind, replacement, by, err)
              : gov_doc_redraft(t, a, doc, err);

    return rc == GOV_OK ? gov_doc_settle(t, a, doc, err) : rc;
}


/* a page that was to come again says from now on that it is gone: one of a
 * time to come is not there yet */

static gov_rc_t
gov_doc_shut(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_withdrawn_t kind, uint64_t replacement, gov_by_t *by, gov_err_t *err)
{
    gov_rc_t  rc;

    if (doc->rec.published > by->now) {
        rc = gov_doc_unlink(t, a, doc, err);
        if (rc != GOV_OK) {
            return rc;
        }

        doc->rec.published = by->now;
    }

    doc->rec.state = GOV_DOC_WITHDRAWN;
    doc->rec.reason = by->reason;
    doc->rec.replacement = (int64_t) replacement;
    doc->rec.withdrawn = kind;
    doc->rec.changed = by->now;

    return gov_told_add(t, a, doc, GOV_CHANGE_WITHDRAWN,
                        (uint32_t) doc->rec.live, by, err);
}


/* those that it named while it was to come do not name it any more */

static gov_rc_t
gov_doc_unlink(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, gov_err_t *err)
{
    gov_version_rec_t  none;

    memset(&none, 0, sizeof(gov_version_rec_t));

    return gov_link_back(t, a, doc, &none, err);
}


/* as every draft it has the fields of its last version */

static gov_rc_t
gov_doc_redraft(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, gov_err_t *err)
{
    gov_rc_t            rc;
    gov_version_rec_t   v;

    rc = gov_version_there(t, a, doc, (uint32_t) doc->rec.last, &v, err);

    if (rc == GOV_OK) {
        rc = gov_doc_unlink(t, a, doc, err);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    doc->rec.state = GOV_DOC_DRAFT;
    doc->rec.published = 0;
    doc->rec.live = 0;

    gov_doc_carry(&doc->rec, &v);

    return GOV_OK;
}


/* first in its own column's list; others order theirs themselves */

gov_rc_t
gov_doc_pin(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, int64_t until,
    gov_by_t *by, gov_err_t *err)
{
    gov_rc_t     rc;
    gov_shown_t  was;

    was = gov_doc_shown(&doc->rec, by->now);

    if (was != GOV_SHOWN_PUBLIC && was != GOV_SHOWN_SCHEDULED) {
        return gov_fail(err, GOV_CONFLICT, "doc", "文档没有公开，不能置顶");
    }

    if (until != 0 && until <= by->now) {
        return gov_fail(err, GOV_DENIED, "until",
                        "置顶要到当前时间以后为止");
    }

    rc = gov_doc_leave(t, a, doc, GOV_ACT_PIN, 0, by, err);
    if (rc != GOV_OK) {
        return rc;
    }

    doc->rec.pinned = until;

    return gov_doc_settle(t, a, doc, err);
}


gov_rc_t
gov_doc_move(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, uint32_t column,
    gov_by_t *by, gov_err_t *err)
{
    int           anew;
    gov_rc_t      rc;
    uint32_t      site, col;
    gov_value_t  *ref, *refs;

    if ((uint32_t) doc->rec.column == column) {
        return GOV_OK;
    }

    rc = gov_move_anew(t, a, doc, column, by->now, &anew, err);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_doc_leave(t, a, doc, GOV_ACT_MOVE, anew, by, err);
    if (rc != GOV_OK) {
        return rc;
    }

    /* a reference from the new column to itself would list it twice */

    refs = gov_list(a);

    gov_each (ref, doc->rec.refs) {
        gov_ref_of(ref, &site, &col);

        if (site != doc->site || col != column) {
            gov_add(refs, gov_value_copy(a, ref));
        }
    }

    doc->rec.refs = refs->n != 0 ? refs : NULL;
    doc->rec.column = column;

    return gov_doc_settle(t, a, doc, err);
}


/* what was passed where another flow holds counts for nothing here; what is
 * public or will be is a publisher's to move and stays what it is */

static gov_rc_t
gov_move_anew(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, uint32_t column,
    int64_t now, int *anew, gov_err_t *err)
{
    gov_rc_t    rc;
    gov_step_t  step;
    gov_flow_t  here, there;

    *anew = 0;
    step = gov_doc_step(&doc->rec);

    if (step < GOV_STEP_REVIEW1
        || (step == GOV_STEP_DONE
            && gov_doc_shown(&doc->rec, now) != GOV_SHOWN_EXPIRED))
    {
        return GOV_OK;
    }

    rc = gov_flow_of(t, a, doc->site, (uint32_t) doc->rec.column, now, &here);

    if (rc == GOV_OK) {
        rc = gov_flow_of(t, a, doc->site, column, now, &there);
    }

    *anew = rc == GOV_OK && memcmp(&here, &there, sizeof(gov_flow_t)) != 0;

    return gov_store_said(err, rc);
}


/* anew: what was passed is void, and it is worked on before it is judged
 * again, or not at all; what has only moved on its shelf waits for nobody */

static gov_rc_t
gov_doc_leave(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, gov_act_t act,
    int anew, gov_by_t *by, gov_err_t *err)
{
    gov_rc_t    rc;
    gov_step_t  step;

    gov_rec_own(a, &gov_rec_doc, &doc->rec);
    gov_doc_touch(t, doc, 1);

    step = gov_doc_step(&doc->rec);

    if (anew) {
        doc->rec.judged = 0;
        doc->rec.approvals = NULL;

        if (step > GOV_STEP_EDIT
            && (step != GOV_STEP_DONE || act == GOV_ACT_WITHDRAW))
        {
            step = GOV_STEP_EDIT;
        }
    }

    rc = gov_flow_to(t, a, doc, act, step, (uint32_t) doc->rec.live, by, err);

    return rc == GOV_OK ? gov_entries_drop(t, a, doc, err) : rc;
}


static gov_rc_t
gov_doc_settle(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, gov_err_t *err)
{
    gov_rc_t  rc;

    gov_doc_touch(t, doc, 1);

    rc = gov_entries_put(t, a, doc, err);
    if (rc != GOV_OK) {
        return rc;
    }

    return gov_doc_save(t, a, doc, err);
}
