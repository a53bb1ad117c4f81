
/*
 * Copyright (C) ngx_gov authors
 *
 * The way of a document, one table.  A picture of its usual ways:
 *
 *     采集 collect --hand--> 编辑 edit <------- reject, to any earlier step
 *          |                   |  ^                  |            |
 *          +------ submit -----+  +-- recall         |            |
 *                    |                               |            |
 *                    v                               |            |
 *             审核 review1 --pass--> review2 --pass--> review3     |
 *                    |                  |                |        |
 *                    +------- pass, the flow asks no more +--> 签发 sign
 *                                                                 |
 *             write (from anywhere): edit           sign, urgent  v
 *                                                               done
 *
 * Invariants kept here:
 *
 *   1. Passes are of one version.  Who writes another one after it begins at
 *      "edit" again; the live version stays what it is until the next sign.
 *   2. Each act is a row of the log with who, when, why and the number of
 *      the journal's entry; a row is never written twice (gov_log.c).
 *   3. Publication asks for the passes themselves and not for the step, so
 *      that no door and no change of the settings goes round them (N28,
 *      gov_flow_ready.c).
 */


#include "content/gov_content_int.h"


#define GOV_AT(step)    (1u << GOV_STEP_##step)
#define GOV_AT_REVIEWS  (GOV_AT(REVIEW1) | GOV_AT(REVIEW2) | GOV_AT(REVIEW3))
#define GOV_AT_ANY      ((1u << GOV_STEP_MAX) - 1)

typedef struct {
    gov_act_t        act;
    unsigned         from;          /* steps at which it may be done */
    gov_right_t      right;
    int              reason;        /* 1: must be given */
} gov_flow_row_t;


static gov_flow_row_t  gov_flow_rows[] = {
    { GOV_ACT_WRITE, GOV_AT_ANY, GOV_RIGHT_DOC_WRITE, 0 },
    { GOV_ACT_HAND, GOV_AT(COLLECT), GOV_RIGHT_DOC_WRITE, 0 },
    { GOV_ACT_SUBMIT, GOV_AT(COLLECT) | GOV_AT(EDIT),
      GOV_RIGHT_DOC_WRITE, 0 },
    { GOV_ACT_PASS, GOV_AT_REVIEWS, GOV_RIGHT_DOC_REVIEW, 0 },
    { GOV_ACT_REJECT, GOV_AT_REVIEWS, GOV_RIGHT_DOC_REVIEW, 1 },
    { GOV_ACT_REJECT, GOV_AT(SIGN), GOV_RIGHT_DOC_PUBLISH, 1 },
    { GOV_ACT_RECALL, GOV_AT(REVIEW1) | GOV_AT(SIGN),
      GOV_RIGHT_DOC_WRITE, 0 },
    { GOV_ACT_TAKE_BACK, GOV_AT(REVIEW2) | GOV_AT(REVIEW3) | GOV_AT(SIGN),
      GOV_RIGHT_DOC_REVIEW, 0 },
    { GOV_ACT_SIGN, GOV_AT_ANY, GOV_RIGHT_DOC_PUBLISH, 0 },
    { GOV_ACT_URGENT, GOV_AT_ANY, GOV_RIGHT_DOC_URGENT, 1 },
    { GOV_ACT_LATER, GOV_AT_ANY, GOV_RIGHT_DOC_REVIEW, 0 },
    { GOV_ACT_SECRECY, GOV_AT_ANY, GOV_RIGHT_DOC_REVIEW, 0 },
    { GOV_ACT_WITHDRAW, GOV_AT_ANY, GOV_RIGHT_DOC_PUBLISH, 1 },
    { GOV_ACT_EXPIRE, GOV_AT_ANY, GOV_RIGHT_DOC_PUBLISH, 0 },
    { GOV_ACT_MOVE, GOV_AT_ANY, GOV_RIGHT_DOC_WRITE, 0 },
    { GOV_ACT_CORRECT, GOV_AT_ANY, GOV_RIGHT_DOC_PUBLISH, 1 },
    { GOV_ACT_TAKE_OVER, GOV_AT_ANY, GOV_RIGHT_DOC_WRITE, 0 },
    { GOV_ACT_PIN, GOV_AT_ANY, GOV_RIGHT_DOC_PUBLISH, 0 },
    { 0, 0, 0, 0 }
};


static struct {
    const char  *name;
    const char  *title;
} gov_steps[] = {
    { "collect", "采集" }, { "edit", "编辑" }, { "review1", "一审" },
    { "review2", "二审" }, { "review3", "三审" }, { "sign", "签发" },
    { "done", "办结" }
};

static struct {
    const char  *name;
    const char  *title;
} gov_acts[GOV_ACT_MAX] = {
    { "", "" }, { "write", "编写" }, { "hand", "交编辑" },
    { "submit", "送审" }, { "pass", "通过" }, { "reject", "退回" },
    { "recall", "撤回送审" }, { "take_back", "收回审核" },
    { "sign", "签发" }, { "urgent", "紧急发布" }, { "later", "补审" },
    { "secrecy", "保密审查" }, { "withdraw", "撤回" },
    { "expire", "定下线时间" }, { "move", "移动" }, { "correct", "更正" },
    { "take_over", "接手编辑" }, { "pin", "置顶" }
};


static gov_rc_t gov_flow_last(gov_doc_t *doc, uint32_t n, gov_err_t *err);
static gov_rc_t gov_flow_judge(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    uint32_t n, gov_act_t act, gov_by_t *by, gov_flow_t *flow,
    gov_err_t *err);
static gov_rc_t gov_flow_apart(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_by_t *by, gov_err_t *err);
static gov_rc_t gov_flow_later(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_by_t *by, gov_err_t *err);
static void gov_flow_keep(gov_arena_t *a, gov_doc_rec_t *d, gov_step_t step);
static gov_value_t *gov_flow_signed(gov_arena_t *a, gov_by_t *by);


const char *
gov_step_name(int step)
{
    return step >= 0 && step < GOV_STEP_MAX ? gov_steps[step].name : "";
}


const char *
gov_step_title(int step)
{
    return step >= 0 && step < GOV_STEP_MAX ? gov_steps[step].title : "";
}


int
gov_step_parse(gov_str_t name)
{
    int  step;

    for (step = 0; step < GOV_STEP_MAX; step++) {
        if (gov_str_is(name, gov_steps[step].name)) {
            return step;
        }
    }

    return -1;
}


const char *
gov_act_name(int act)
{
    return act > 0 && act < GOV_ACT_MAX ? gov_acts[act].name : "";
}


const char *
gov_act_title(int act)
{
    return act > 0 && act < GOV_ACT_MAX ? gov_acts[act].title : "";
}


/* one from before there were steps stands where its versions say */

gov_step_t
gov_doc_step(gov_doc_rec_t *d)
{
    if (d->step == GOV_STEP_COLLECT && d->live != 0) {
        return d->live == d->last ? GOV_STEP_DONE : GOV_STEP_EDIT;
    }

    return (gov_step_t) d->step;
}


gov_rc_t
gov_flow_right(gov_doc_rec_t *d, gov_act_t act, gov_right_t *right,
    gov_err_t *err)
{
    gov_step_t       step;
    gov_flow_row_t  *row;

    step = gov_doc_step(d);

    for (row = gov_flow_rows; row->act; row++) {
        if (row->act == act && row->from & (1u << step)) {
            *right = row->right;
            return GOV_OK;
        }
    }

    return gov_fail(err, GOV_CONFLICT, "doc", "文档在“%s”环节，不能%s",
                    gov_step_title(step), gov_act_title(act));
}


gov_rc_t
gov_flow_allows(gov_doc_t *doc, gov_act_t act, gov_by_t *by, gov_err_t *err)
{
    gov_step_t       step;
    gov_right_t      right;
    gov_flow_row_t  *row;

    step = gov_doc_step(&doc->rec);

    for (row = gov_flow_rows; row->act; row++) {
        if (row->act == act && row->from & (1u << step)) {
            break;
        }
    }

    if (row->act == 0) {
        return gov_flow_right(&doc->rec, act, &right, err);
    }

    if ((row->reason && by->reason.len == 0)
        || gov_utf8_chars(by->reason) > 500 || !gov_text_clean(by->reason))
    {
        return gov_fail(err, GOV_INVALID, "reason",
                        "%s须说明理由，最多 500 字", gov_act_title(act));
    }

    return GOV_OK;
}


/* who judges must have seen what there is */

static gov_rc_t
gov_flow_last(gov_doc_t *doc, uint32_t n, gov_err_t *err)
{
    if (n == (uint32_t) doc->rec.judged) {
        return GOV_OK;
    }

    return gov_fail(err, GOV_CONFLICT, "version",
                    "送审的是第 %lld 版，不是第 %u 版：请先看送审的版本",
                    (long long) doc->rec.judged, n);
}


gov_rc_t
gov_flow_to(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, gov_act_t act,
    gov_step_t to, uint32_t n, gov_by_t *by, gov_err_t *err)
{
    gov_rc_t    rc;
    gov_step_t  from;

    from = gov_doc_step(&doc->rec);

    rc = gov_log_add(t, a, doc, act, to, n, by, err);
    if (rc != GOV_OK) {
        return rc;
    }

    if (to != from) {
        doc->rec.since = to == GOV_STEP_DONE ? 0 : by->now;
    }

    doc->rec.step = to;

    return GOV_OK;
}


static gov_rc_t
gov_flow_save(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, gov_err_t *err)
{
    gov_touch(t, doc->site, GOV_SLOT_DESK);

    return gov_doc_save(t, a, doc, err);
}


gov_rc_t
gov_doc_hand(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, gov_by_t *by,
    gov_err_t *err)
{
    gov_rc_t  rc;

    gov_rec_own(a, &gov_rec_doc, &doc->rec);

    rc = gov_flow_allows(doc, GOV_ACT_HAND, by, err);

    if (rc == GOV_OK) {
        rc = gov_flow_to(t, a, doc, GOV_ACT_HAND, GOV_STEP_EDIT,
                         (uint32_t) doc->rec.last, by, err);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    doc->rec.handed = (int64_t) by->account;

    return gov_flow_save(t, a, doc, err);
}


gov_rc_t
gov_doc_submit(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, uint32_t n,
    gov_by_t *by, gov_err_t *err)
{
    gov_rc_t            rc;
    gov_flow_t          flow;
    gov_version_rec_t   v;

    gov_rec_own(a, &gov_rec_doc, &doc->rec);

    rc = gov_flow_allows(doc, GOV_ACT_SUBMIT, by, err);

    if (rc == GOV_OK) {
        rc = gov_version_there(t, a, doc, n, &v, err);
    }

    if (rc == GOV_OK) {
        rc = gov_flow_of(t, a, doc->site, (uint32_t) doc->rec.column,
                         by->now, &flow);
        rc = gov_store_said(err, rc);
    }

    if (rc == GOV_OK) {
        rc = gov_flow_fit(t, a, doc, &v, &flow, err);
    }

    if (rc == GOV_OK) {
        rc = gov_flow_to(t, a, doc, GOV_ACT_SUBMIT,
                         flow.reviews ? GOV_STEP_REVIEW1 : GOV_STEP_SIGN, n,
                         by, err);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    doc->rec.judged = n;
    doc->rec.handed = (int64_t) by->account;
    doc->rec.approvals = NULL;
    doc->rec.lock = NULL;

    return gov_flow_save(t, a, doc, err);
}


/* what every judgement asks first */

static gov_rc_t
gov_flow_judge(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, uint32_t n,
    gov_act_t act, gov_by_t *by, gov_flow_t *flow, gov_err_t *err)
{
    gov_rc_t  rc;

    gov_rec_own(a, &gov_rec_doc, &doc->rec);

    rc = gov_flow_allows(doc, act, by, err);

    if (rc == GOV_OK) {
        rc = gov_flow_last(doc, n, err);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_flow_of(t, a, doc->site, (uint32_t) doc->rec.column, by->now,
                     flow);

    return gov_store_said(err, rc);
}


gov_rc_t
gov_doc_pass(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, uint32_t n,
    gov_by_t *by, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_step_t    step, next;
    gov_flow_t    flow;
    gov_value_t  *pass;

    rc = gov_flow_judge(t, a, doc, n, GOV_ACT_PASS, by, &flow, err);

    if (rc == GOV_OK && flow.apart) {
        rc = gov_flow_apart(t, a, doc, by, err);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    step = gov_doc_step(&doc->rec);
    next = step - GOV_STEP_REVIEW1 + 1 < (gov_step_t) flow.reviews
           ? step + 1 : GOV_STEP_SIGN;

    rc = gov_flow_to(t, a, doc, GOV_ACT_PASS, next, n, by, err);
    if (rc != GOV_OK) {
        return rc;
    }

    pass = gov_flow_signed(a, by);
    gov_put_int(a, pass, "step", step);

    if (doc->rec.approvals == NULL) {
        doc->rec.approvals = gov_list(a);
    }

    gov_add(doc->rec.approvals, pass);

    return gov_flow_save(t, a, doc, err);
}


/* the two-person rule (N28), for who is about to pass the version judged */

static gov_rc_t
gov_flow_apart(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, gov_by_t *by,
    gov_err_t *err)
{
    gov_rc_t            rc;
    gov_value_t        *v;
    gov_version_rec_t   version;

    if (gov_txn_again(t)) {
        return GOV_OK;
    }

    rc = gov_version_there(t, a, doc, (uint32_t) doc->rec.judged, &version,
                           err);

    if (rc == GOV_OK) {
        rc = gov_flow_other(&doc->rec, &version, by, err);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    gov_each (v, doc->rec.approvals) {
        if (gov_get_int(v, "by", 0) == (int64_t) by->account) {
            return gov_fail(err, GOV_DENIED, "doc",
                            "本栏目实行双人原则：您已经审核过这一版");
        }
    }

    return GOV_OK;
}


gov_rc_t
gov_flow_other(gov_doc_rec_t *d, gov_version_rec_t *v, gov_by_t *by,
    gov_err_t *err)
{
    if (!gov_flow_wrote(d, v, (int64_t) by->account)) {
        return GOV_OK;
    }

    return gov_fail(err, GOV_DENIED, "doc",
                    "本栏目实行双人原则：编写的人不能审核或签发");
}


/* an older version may be judged again when those who wrote since are
 * others: so its own writer is asked for as well */

int
gov_flow_wrote(gov_doc_rec_t *d, gov_version_rec_t *v, int64_t account)
{
    gov_value_t  *writer;

    if (v != NULL && v->by == account) {
        return 1;
    }

    gov_each (writer, d->writers) {
        if (writer->u.i == account) {
            return 1;
        }
    }

    return 0;
}


static gov_value_t *
gov_flow_signed(gov_arena_t *a, gov_by_t *by)
{
    gov_value_t  *map;

    map = gov_map(a);
    gov_put_int(a, map, "by", (int64_t) by->account);
    gov_put_str(a, map, "name", by->name);
    gov_put_int(a, map, "time", by->now);

    return map;
}


gov_rc_t
gov_doc_reject(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, uint32_t n,
    gov_step_t to, gov_by_t *by, gov_err_t *err)
{
    gov_rc_t    rc;
    gov_flow_t  flow;

    rc = gov_flow_judge(t, a, doc, n, GOV_ACT_REJECT, by, &flow, err);
    if (rc != GOV_OK) {
        return rc;
    }

    if (to >= gov_doc_step(&doc->rec)
        || (int) to > GOV_STEP_EDIT + flow.reviews)
    {
        return gov_fail(err, GOV_INVALID, "to",
                        "只能退回到更早的环节，不能从“%s”退回到“%s”",
                        gov_step_title(gov_doc_step(&doc->rec)),
                        gov_step_title(to));
    }

    rc = gov_flow_to(t, a, doc, GOV_ACT_REJECT, to, n, by, err);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_flow_keep(a, &doc->rec, to);

    return gov_flow_save(t, a, doc, err);
}


/* passes of the steps before this one stay */

static void
gov_flow_keep(gov_arena_t *a, gov_doc_rec_t *d, gov_step_t step)
{
    gov_value_t  *v, *kept;

    kept = gov_list(a);

    gov_each (v, d->approvals) {
        if (gov_get_int(v, "step", 0) < step) {
            gov_add(kept, gov_value_copy(a, v));
        }
    }

    d->approvals = kept->n != 0 ? kept : NULL;

    if (step < GOV_STEP_REVIEW1) {
        d->judged = 0;
    }
}


gov_act_t
gov_doc_back(gov_doc_rec_t *d, gov_by_t *by)
{
    gov_value_t  *last;

    last = d->approvals != NULL ? d->approvals->last : NULL;

    return last != NULL && gov_get_int(last, "by", 0) == (int64_t) by->account
           ? GOV_ACT_TAKE_BACK : GOV_ACT_RECALL;
}


gov_rc_t
gov_doc_recall(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, gov_by_t *by,
    gov_err_t *err)
{
    gov_rc_t    rc;
    gov_act_t   act;
    gov_step_t  to;

    gov_rec_own(a, &gov_rec_doc, &doc->rec);

    act = gov_doc_back(&doc->rec, by);

    rc = gov_flow_allows(doc, act, by, err);
    if (rc != GOV_OK) {
        return rc;
    }

    if (act == GOV_ACT_RECALL
        && (doc->rec.approvals != NULL
            || doc->rec.handed != (int64_t) by->account))
    {
        return gov_fail(err, GOV_DENIED, "doc",
                        doc->rec.approvals != NULL
                        ? "已有人审核通过，不能撤回送审，请审核人退回"
                        : "只有送审的人可以撤回送审");
    }

    to = act == GOV_ACT_RECALL
         ? GOV_STEP_EDIT
         : (gov_step_t) gov_get_int(doc->rec.approvals->last, "step",
                                    GOV_STEP_EDIT);

    rc = gov_flow_to(t, a, doc, act, to, (uint32_t) doc->rec.judged, by, err);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_flow_keep(a, &doc->rec, to);

    return gov_flow_save(t, a, doc, err);
}


gov_rc_t
gov_doc_later(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, gov_by_t *by,
    gov_err_t *err)
{
    gov_rc_t  rc;

    gov_rec_own(a, &gov_rec_doc, &doc->rec);

    if (doc->rec.urgent == 0) {
        return gov_fail(err, GOV_CONFLICT, "doc", "文档没有待补的审核");
    }

    if (doc->rec.urgent_by == (int64_t) by->account) {
        return gov_fail(err, GOV_DENIED, "doc",
                        "紧急发布的补审须由另一个人进行");
    }

    rc = gov_flow_allows(doc, GOV_ACT_LATER, by, err);

    if (rc == GOV_OK) {
        rc = gov_flow_later(t, a, doc, by, err);
    }

    if (rc == GOV_OK) {
        rc = gov_flow_to(t, a, doc, GOV_ACT_LATER, gov_doc_step(&doc->rec),
                         (uint32_t) doc->rec.live, by, err);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    doc->rec.urgent = 0;
    doc->rec.urgent_by = 0;

    return gov_flow_save(t, a, doc, err);
}


/* an owed review is one of the two people's as well; a publication called off
 * since has no live version */

static gov_rc_t
gov_flow_later(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, gov_by_t *by,
    gov_err_t *err)
{
    int                 live;
    gov_rc_t            rc;
    gov_flow_t          flow;
    gov_version_rec_t   v;

    rc = gov_flow_of(t, a, doc->site, (uint32_t) doc->rec.column, by->now,
                     &flow);

    if (rc != GOV_OK || !flow.apart || gov_txn_again(t)) {
        return gov_store_said(err, rc);
    }

    live = doc->rec.live != 0;

    if (live) {
        rc = gov_version_there(t, a, doc, (uint32_t) doc->rec.live, &v, err);
    }

    return rc == GOV_OK
           ? gov_flow_other(&doc->rec, live ? &v : NULL, by, err) : rc;
}


gov_rc_t
gov_doc_secrecy(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, uint32_t n,
    gov_by_t *by, gov_err_t *err)
{
    gov_rc_t            rc;
    gov_version_rec_t   v;

    gov_rec_own(a, &gov_rec_doc, &doc->rec);

    rc = gov_flow_allows(doc, GOV_ACT_SECRECY, by, err);

    if (rc == GOV_OK) {
        rc = gov_version_there(t, a, doc, n, &v, err);
    }

    if (rc == GOV_OK) {
        rc = gov_flow_to(t, a, doc, GOV_ACT_SECRECY,
                         gov_doc_step(&doc->rec), n, by, err);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    doc->rec.secrecy = gov_flow_signed(a, by);
    gov_put_int(a, doc->rec.secrecy, "version", n);

    return gov_flow_save(t, a, doc, err);
}


/* version `last` + 1 comes: nothing that was passed is passed any more */

gov_rc_t
gov_flow_written(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_version_rec_t *v, gov_err_t *err)
{
    gov_by_t        by;
    gov_rc_t        rc;
    gov_step_t      from;
    gov_doc_rec_t  *d;

    d = &doc->rec;
    from = gov_doc_step(d);

    memset(&by, 0, sizeof(gov_by_t));
    by.account = (uint64_t) v->by;
    by.name = v->actor;
    by.now = v->time;

    rc = gov_flow_to(t, a, doc, GOV_ACT_WRITE,
                     from == GOV_STEP_COLLECT ? from : GOV_STEP_EDIT,
                     (uint32_t) d->last + 1, &by, err);

    if (d->last == 0) {
        d->maker = v->by;
    }

    if (from == GOV_STEP_DONE) {
        d->writers = NULL;
    }

    if (!gov_flow_wrote(d, NULL, v->by)) {
        if (d->writers == NULL) {
            d->writers = gov_list(a);
        }

        gov_add(d->writers, gov_val_int(a, v->by));
    }

    d->judged = 0;
    d->approvals = NULL;

    return rc;
}


/* the step after publication: one that was not the last leaves the desk's
 * work where it is */

gov_rc_t
gov_flow_published(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, uint32_t n,
    gov_act_t act, gov_by_t *by, gov_err_t *err)
{
    gov_step_t  to;

    to = n == (uint32_t) doc->rec.last ? GOV_STEP_DONE
                                       : gov_doc_step(&doc->rec);

    if (act == GOV_ACT_URGENT) {
        doc->rec.urgent = by->now;
        doc->rec.urgent_by = (int64_t) by->account;
    }

    return gov_flow_to(t, a, doc, act, to, n, by, err);
}
