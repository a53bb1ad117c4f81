
/*
 * Copyright (C) ngx_gov authors
 *
 * Who is told: which acts tell whom of what is a table.
 */


#include "desk/gov_desk_tell.h"


#define GOV_TELL_PAGE   50          /* accounts of a node read at once */
#define GOV_TELL_DEPTH  16          /* of the tree of sites */

/* who is told of an act on a document */
#define GOV_TELL_AUTHORS  1         /* who wrote and handed it on */
#define GOV_TELL_NEXT     2         /* who may act where it waits now */
#define GOV_TELL_JUDGES   4         /* who passed it */
#define GOV_TELL_REVIEW   8         /* who reviews there */
#define GOV_TELL_EDITORS  16        /* who writes there */

typedef struct {
    gov_act_t           act;
    gov_notice_kind_t   kind;
    unsigned            whom;
} gov_tell_row_t;


/* the authors before the others: a notice of theirs is never cut off */

static gov_tell_row_t  gov_tell_rows[] = {
    { GOV_ACT_HAND, GOV_NOTICE_TASK, GOV_TELL_EDITORS },
    { GOV_ACT_SUBMIT, GOV_NOTICE_TASK, GOV_TELL_NEXT },
    { GOV_ACT_PASS, GOV_NOTICE_PASSED, GOV_TELL_AUTHORS },
    { GOV_ACT_PASS, GOV_NOTICE_TASK, GOV_TELL_NEXT },
    { GOV_ACT_REJECT, GOV_NOTICE_REJECTED,
      GOV_TELL_AUTHORS | GOV_TELL_JUDGES },
    { GOV_ACT_REJECT, GOV_NOTICE_TASK, GOV_TELL_NEXT },
    { GOV_ACT_SIGN, GOV_NOTICE_PUBLISHED, GOV_TELL_AUTHORS },
    { GOV_ACT_URGENT, GOV_NOTICE_PUBLISHED, GOV_TELL_AUTHORS },
    { GOV_ACT_URGENT, GOV_NOTICE_URGENT, GOV_TELL_REVIEW },
    { GOV_ACT_LATER, GOV_NOTICE_PASSED, GOV_TELL_AUTHORS },
    { GOV_ACT_WITHDRAW, GOV_NOTICE_WITHDRAWN, GOV_TELL_AUTHORS },
    { GOV_TELL_NOTE, GOV_NOTICE_NOTE, GOV_TELL_AUTHORS | GOV_TELL_JUDGES },
    { 0, 0, 0 }
};


static gov_rc_t gov_tell_one(gov_cmd_t *c, gov_tell_t *tell,
    uint64_t account, gov_right_t right);
static int gov_tell_seen(gov_tell_t *tell, uint64_t account);
static int gov_tell_more(gov_cmd_t *c);
static gov_rc_t gov_tell_node(gov_cmd_t *c, gov_tell_t *tell, uint32_t node,
    gov_right_t right);
static gov_rc_t gov_tell_row(gov_cmd_t *c, gov_tell_row_t *row,
    gov_doc_t *doc);
static gov_rc_t gov_tell_authors(gov_cmd_t *c, gov_tell_t *tell,
    gov_doc_rec_t *d);
static gov_rc_t gov_tell_judges(gov_cmd_t *c, gov_tell_t *tell,
    gov_doc_rec_t *d);
static gov_rc_t gov_tell_next(gov_cmd_t *c, gov_tell_t *tell,
    gov_doc_rec_t *d);


void
gov_desk_tell_begin(gov_cmd_t *c, gov_tell_t *tell, gov_notice_kind_t kind,
    uint32_t site)
{
    memset(tell, 0, sizeof(gov_tell_t));

    tell->right = GOV_RIGHT_MAX;
    tell->site = site;
    tell->rec.kind = kind;
    tell->rec.site = site;
    tell->rec.time = c->op->time;
    tell->rec.by = (int64_t) c->op->who->account;
    tell->rec.name = gov_str_is(c->op->origin, GOV_ORIGIN_DAEMON)
                     ? gov_s("") : c->op->actor;
}


void
gov_desk_tell_doc(gov_cmd_t *c, gov_tell_t *tell, gov_notice_kind_t kind,
    gov_doc_t *doc)
{
    gov_desk_tell_begin(c, tell, kind, doc->site);

    tell->right = GOV_RIGHT_DOC_READ;
    tell->column = (uint32_t) doc->rec.column;
    tell->rec.doc = (int64_t) doc->id;
}


gov_rc_t
gov_desk_tell(gov_cmd_t *c, gov_tell_t *tell, uint64_t account)
{
    return gov_tell_one(c, tell, account, tell->right);
}


/* an account that is gone, or may not any more, is told nothing */

static gov_rc_t
gov_tell_one(gov_cmd_t *c, gov_tell_t *tell, uint64_t account,
    gov_right_t right)
{
    gov_rc_t       rc;
    gov_who_t      who;
    gov_account_t  acc;

    if (account == 0 || account == c->op->who->account
        || gov_tell_seen(tell, account) || !gov_tell_more(c))
    {
        return GOV_OK;
    }

    c->looked++;

    rc = gov_who(c->txn, c->arena, account, c->op->time, &who);

    if (rc == GOV_OK) {
        rc = gov_account_get(c->txn, c->arena, account, &acc);
    }

    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND || rc == GOV_DENIED ? GOV_OK : rc;
    }

    if (!gov_notice_wanted(&acc.rec, (int) tell->rec.kind)
        || (right != GOV_RIGHT_MAX
            && !gov_may(c->txn, &who, right, tell->site, tell->column)))
    {
        return GOV_OK;
    }

    tell->seen[tell->n++] = account;
    c->told++;

    return gov_notice_put(c->txn, c->arena, &acc, &tell->rec);
}


static int
gov_tell_seen(gov_tell_t *tell, uint64_t account)
{
    unsigned  i;

    for (i = 0; i < tell->n; i++) {
        if (tell->seen[i] == account) {
            return 1;
        }
    }

    return 0;
}


/* the first that is too many is said */

static int
gov_tell_more(gov_cmd_t *c)
{
    if (c->told < GOV_TELL_MAX && c->looked < GOV_TELL_LOOK) {
        return 1;
    }

    if (c->looked <= GOV_TELL_LOOK) {
        c->looked = GOV_TELL_LOOK + 1;
        gov_desk_warn(c, "应当通知的人较多，只通知了最近的 %u 人", c->told);
    }

    return 0;
}


gov_rc_t
gov_desk_tell_holders(gov_cmd_t *c, gov_tell_t *tell, gov_right_t right)
{
    gov_rc_t    rc;
    uint32_t    node;
    unsigned    depth;
    gov_site_t  site;

    node = tell->site;

    for (depth = 0; depth < GOV_TELL_DEPTH; depth++) {
        rc = gov_tell_node(c, tell, node, right);

        if (rc != GOV_OK || node == GOV_HUB || !gov_tell_more(c)) {
            return rc;
        }

        rc = gov_site_get(c->txn, c->arena, node, &site);
        if (rc != GOV_OK) {
            return rc;
        }

        node = (uint32_t) site.rec.parent;
    }

    return GOV_OK;
}


/* the grants there say who is asked; gov_may() what they may */

static gov_rc_t
gov_tell_node(gov_cmd_t *c, gov_tell_t *tell, uint32_t node,
    gov_right_t right)
{
    gov_rc_t      rc;
    uint64_t      after, last;
    unsigned      i, n;
    gov_grant_t  *list;

    after = 0;

    do {
        last = 0;

        rc = gov_holders(c->txn, c->arena, node, after, GOV_TELL_PAGE, &list,
                         &n, &after);

        for (i = 0; rc == GOV_OK && i < n; i++) {
            if (list[i].account != last
                && (list[i].rights & gov_right_bit(right)))
            {
                last = list[i].account;
                rc = gov_tell_one(c, tell, last, right);
            }
        }

    } while (rc == GOV_OK && after != 0 && gov_tell_more(c));

    return rc;
}


gov_rc_t
gov_desk_tell_act(gov_cmd_t *c, gov_rc_t rc, gov_act_t act, gov_doc_t *doc)
{
    gov_tell_row_t  *row;

    for (row = gov_tell_rows; rc == GOV_OK && row->act; row++) {
        if (row->act == act) {
            rc = gov_tell_row(c, row, doc);
        }
    }

    return rc;
}


static gov_rc_t
gov_tell_row(gov_cmd_t *c, gov_tell_row_t *row, gov_doc_t *doc)
{
    gov_rc_t    rc;
    gov_tell_t  tell;

    gov_desk_tell_doc(c, &tell, row->kind, doc);

    tell.rec.step = gov_doc_step(&doc->rec);
    tell.rec.text = gov_desk_str(c, row->act == GOV_TELL_NOTE ? "text"
                                                              : "reason");

    if (row->kind == GOV_NOTICE_PUBLISHED
        && doc->rec.published > c->op->time)
    {
        tell.rec.kind = GOV_NOTICE_SCHEDULED;
        tell.rec.at = doc->rec.published;
    }

    rc = GOV_OK;

    if (row->whom & GOV_TELL_AUTHORS) {
        rc = gov_tell_authors(c, &tell, &doc->rec);
    }

    if (rc == GOV_OK && (row->whom & GOV_TELL_JUDGES)) {
        rc = gov_tell_judges(c, &tell, &doc->rec);
    }

    if (rc == GOV_OK && (row->whom & GOV_TELL_NEXT)) {
        rc = gov_tell_next(c, &tell, &doc->rec);
    }

    if (rc == GOV_OK && (row->whom & GOV_TELL_REVIEW)) {
        rc = gov_desk_tell_holders(c, &tell, GOV_RIGHT_DOC_REVIEW);
    }

    return rc == GOV_OK && (row->whom & GOV_TELL_EDITORS)
           ? gov_desk_tell_holders(c, &tell, GOV_RIGHT_DOC_WRITE) : rc;
}


static gov_rc_t
gov_tell_authors(gov_cmd_t *c, gov_tell_t *tell, gov_doc_rec_t *d)
{
    gov_rc_t      rc;
    gov_value_t  *v;

    rc = gov_desk_tell(c, tell, (uint64_t) d->maker);

    if (rc == GOV_OK) {
        rc = gov_desk_tell(c, tell, (uint64_t) d->handed);
    }

    gov_each (v, d->writers) {
        if (rc == GOV_OK) {
            rc = gov_desk_tell(c, tell, (uint64_t) v->u.i);
        }
    }

    return rc;
}


static gov_rc_t
gov_tell_judges(gov_cmd_t *c, gov_tell_t *tell, gov_doc_rec_t *d)
{
    gov_rc_t      rc;
    gov_value_t  *v;

    rc = GOV_OK;

    gov_each (v, d->approvals) {
        if (rc == GOV_OK) {
            rc = gov_desk_tell(c, tell,
                               (uint64_t) gov_get_int(v, "by", 0));
        }
    }

    return rc;
}


static gov_rc_t
gov_tell_next(gov_cmd_t *c, gov_tell_t *tell, gov_doc_rec_t *d)
{
    switch (gov_doc_step(d)) {

    case GOV_STEP_REVIEW1:
    case GOV_STEP_REVIEW2:
    case GOV_STEP_REVIEW3:
        return gov_desk_tell_holders(c, tell, GOV_RIGHT_DOC_REVIEW);

    case GOV_STEP_SIGN:
        return gov_desk_tell_holders(c, tell, GOV_RIGHT_DOC_PUBLISH);

    default:
        return GOV_OK;
    }
}


gov_rc_t
gov_desk_tell_grant(gov_cmd_t *c, gov_notice_kind_t kind, gov_grant_t *grant)
{
    gov_rc_t        rc;
    gov_tell_t      tell;
    gov_role_rec_t  role;

    rc = gov_role_get(c->txn, c->arena, grant->role, &role, NULL);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_desk_tell_begin(c, &tell, kind, grant->site);
    tell.rec.text = role.title;
    tell.rec.at = grant->rec.until;

    return gov_desk_tell(c, &tell, grant->account);
}


gov_rc_t
gov_desk_tell_lock(gov_cmd_t *c, gov_rc_t rc, gov_doc_t *doc,
    uint64_t holder, int64_t logs)
{
    gov_tell_t  tell;

    if (rc != GOV_OK || doc->rec.logs == logs) {
        return rc;
    }

    gov_desk_tell_doc(c, &tell, GOV_NOTICE_LOCK, doc);

    return gov_desk_tell(c, &tell, holder);
}
