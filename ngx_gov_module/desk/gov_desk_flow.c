
/*
 * Copyright (C) ngx_gov authors
 *
 * doc.submit, doc.pass, doc.reject, doc.recall, doc.sign, doc.urgent,
 * doc.secrecy
 *
 * Which right an act asks for at the document's step is a row of the table in
 * content/gov_flow.c, so it is asked here and not by the command's own row:
 * a publisher may reject at "sign", a reviewer may not.
 */


#include "desk/gov_desk_tell.h"


static gov_rc_t gov_flow_may(gov_cmd_t *c, gov_act_t act, gov_doc_t *doc);
static uint32_t gov_flow_version(gov_cmd_t *c, int64_t usual);
static gov_rc_t gov_flow_submit(gov_cmd_t *c, gov_doc_t *doc, gov_by_t *by);
static gov_rc_t gov_flow_hand(gov_cmd_t *c, gov_doc_t *doc, gov_by_t *by);
static gov_rc_t gov_flow_pass(gov_cmd_t *c, gov_doc_t *doc, gov_by_t *by);
static gov_rc_t gov_flow_later(gov_cmd_t *c, gov_doc_t *doc, gov_by_t *by);
static gov_rc_t gov_flow_reject(gov_cmd_t *c, gov_doc_t *doc, gov_by_t *by);
static gov_rc_t gov_flow_sign(gov_cmd_t *c, gov_doc_t *doc, gov_by_t *by);
static gov_rc_t gov_flow_urgent(gov_cmd_t *c, gov_doc_t *doc, gov_by_t *by);
static gov_rc_t gov_flow_secrecy(gov_cmd_t *c, gov_doc_t *doc, gov_by_t *by);


gov_by_t
gov_desk_by(gov_cmd_t *c)
{
    gov_by_t  by;

    by.account = c->op->who != NULL ? c->op->who->account : 0;
    by.name = c->op->actor;
    by.now = c->op->time;
    by.reason = gov_desk_str(c, "reason");
    by.what = gov_desk_str(c, "what");
    by.why = gov_desk_str(c, "why");

    return by;
}


/* right and load */

gov_rc_t
gov_desk_flow_begin(gov_cmd_t *c, gov_act_t act, gov_doc_t *doc,
    gov_site_t *site)
{
    gov_rc_t  rc;

    rc = gov_desk_doc(c, "doc", doc, site);

    return rc == GOV_OK ? gov_flow_may(c, act, doc) : rc;
}


static gov_rc_t
gov_flow_may(gov_cmd_t *c, gov_act_t act, gov_doc_t *doc)
{
    gov_rc_t     rc;
    gov_right_t  right;

    rc = gov_flow_right(&doc->rec, act, &right, c->err);

    return rc == GOV_OK ? gov_desk_may(c, right, doc->site,
                                       (uint32_t) doc->rec.column, "doc")
                        : rc;
}


static uint32_t
gov_flow_version(gov_cmd_t *c, int64_t usual)
{
    return (uint32_t) gov_get_int(c->in, "version", usual);
}


gov_rc_t
gov_desk_flow_out(gov_cmd_t *c, gov_rc_t rc, gov_site_t *site,
    gov_doc_t *doc)
{
    return rc == GOV_OK ? gov_desk_doc_out(c, site, doc) : rc;
}


/* change and what follows: one way for every act */

gov_rc_t
gov_desk_flow_do(gov_cmd_t *c, gov_act_t act, gov_change_pt change)
{
    gov_by_t    by;
    gov_rc_t    rc;
    gov_doc_t   doc;
    gov_site_t  site;

    rc = gov_desk_flow_begin(c, act, &doc, &site);
    if (rc != GOV_OK) {
        return rc;
    }

    by = gov_desk_by(c);

    rc = change(c, &doc, &by);
    rc = gov_desk_tell_act(c, rc, act, &doc);

    return gov_desk_flow_out(c, rc, &site, &doc);
}


/* a command a row: its act, and what it changes */

#define GOV_FLOW_COMMANDS(F)                                                  \
    F(doc_reject, GOV_ACT_REJECT, gov_flow_reject)                            \
    F(doc_sign, GOV_ACT_SIGN, gov_flow_sign)                                  \
    F(doc_urgent, GOV_ACT_URGENT, gov_flow_urgent)                            \
    F(doc_secrecy, GOV_ACT_SECRECY, gov_flow_secrecy)

GOV_FLOW_COMMANDS(GOV_DESK_ACT)


/* which act these are follows from what was given */

gov_rc_t
gov_desk_doc_submit(gov_cmd_t *c)
{
    gov_str_t  to;

    to = gov_desk_str(c, "to");

    if (to.len == 0) {
        return gov_desk_flow_do(c, GOV_ACT_SUBMIT, gov_flow_submit);
    }

    return gov_str_is(to, gov_step_name(GOV_STEP_EDIT))
           ? gov_desk_flow_do(c, GOV_ACT_HAND, gov_flow_hand)
           : gov_fail(c->err, GOV_INVALID, "to",
                      "送审只能交给编辑（edit）或第一道审核");
}


gov_rc_t
gov_desk_doc_pass(gov_cmd_t *c)
{
    return gov_get_bool(c->in, "later")
           ? gov_desk_flow_do(c, GOV_ACT_LATER, gov_flow_later)
           : gov_desk_flow_do(c, GOV_ACT_PASS, gov_flow_pass);
}


static gov_rc_t
gov_flow_submit(gov_cmd_t *c, gov_doc_t *doc, gov_by_t *by)
{
    return gov_doc_submit(c->txn, c->arena, doc,
                          gov_flow_version(c, doc->rec.last), by, c->err);
}


static gov_rc_t
gov_flow_hand(gov_cmd_t *c, gov_doc_t *doc, gov_by_t *by)
{
    return gov_doc_hand(c->txn, c->arena, doc, by, c->err);
}


static gov_rc_t
gov_flow_pass(gov_cmd_t *c, gov_doc_t *doc, gov_by_t *by)
{
    return gov_doc_pass(c->txn, c->arena, doc,
                        gov_flow_version(c, doc->rec.judged), by, c->err);
}


static gov_rc_t
gov_flow_later(gov_cmd_t *c, gov_doc_t *doc, gov_by_t *by)
{
    return gov_doc_later(c->txn, c->arena, doc, by, c->err);
}


static gov_rc_t
gov_flow_reject(gov_cmd_t *c, gov_doc_t *doc, gov_by_t *by)
{
    int  to;

    to = gov_desk_has(c, "to") ? gov_step_parse(gov_desk_str(c, "to"))
                               : GOV_STEP_EDIT;
    if (to < 0) {
        return gov_fail(c->err, GOV_INVALID, "to", "没有“%.*s”这个环节",
                        gov_strf(gov_utf8_head(gov_desk_str(c, "to"), 20)));
    }

    return gov_doc_reject(c->txn, c->arena, doc,
                          gov_flow_version(c, doc->rec.judged),
                          (gov_step_t) to, by, c->err);
}


static gov_rc_t
gov_flow_sign(gov_cmd_t *c, gov_doc_t *doc, gov_by_t *by)
{
    gov_rc_t  rc;

    rc = gov_doc_publish(c->txn, c->arena, doc,
                         gov_flow_version(c, doc->rec.last),
                         gov_get_int(c->in, "at", by->now), by, c->err);

    if (rc == GOV_OK && gov_desk_has(c, "expires")) {
        rc = gov_doc_expire(c->txn, c->arena, doc,
                            gov_get_int(c->in, "expires", 0), by, c->err);
    }

    if (rc == GOV_OK && gov_desk_has(c, "pinned")) {
        rc = gov_doc_pin(c->txn, c->arena, doc,
                         gov_get_int(c->in, "pinned", 0), by, c->err);
    }

    return rc;
}


static gov_rc_t
gov_flow_urgent(gov_cmd_t *c, gov_doc_t *doc, gov_by_t *by)
{
    return gov_doc_urgent(c->txn, c->arena, doc,
                          gov_flow_version(c, doc->rec.last), by, c->err);
}


static gov_rc_t
gov_flow_secrecy(gov_cmd_t *c, gov_doc_t *doc, gov_by_t *by)
{
    return gov_doc_secrecy(c->txn, c->arena, doc,
                           gov_flow_version(c, doc->rec.last), by, c->err);
}


/* which act it is the document says */

gov_rc_t
gov_desk_doc_recall(gov_cmd_t *c)
{
    gov_by_t    by;
    gov_rc_t    rc;
    gov_doc_t   doc;
    gov_site_t  site;

    by = gov_desk_by(c);

    rc = gov_desk_doc(c, "doc", &doc, &site);

    if (rc == GOV_OK) {
        rc = gov_flow_may(c, gov_doc_back(&doc.rec, &by), &doc);
    }

    if (rc == GOV_OK) {
        rc = gov_doc_recall(c->txn, c->arena, &doc, &by, c->err);
    }

    return gov_desk_flow_out(c, rc, &site, &doc);
}


/* "inherit" or nothing: as above it */

gov_rc_t
gov_desk_flow_set(gov_cmd_t *c, gov_value_t **flow)
{
    unsigned      i;
    int64_t       n;
    gov_str_t     s;
    gov_value_t  *set;

    static const char  *names[] = {
        "reviews", "apart", "alt", "openness", "secrecy", NULL
    };

    set = *flow != NULL ? gov_value_copy(c->arena, *flow) : gov_map(c->arena);

    for (i = 0; names[i] != NULL; i++) {

        if (!gov_desk_has(c, names[i])) {
            continue;
        }

        s = gov_desk_str(c, names[i]);

        if (s.len == 0 || gov_str_is(s, "inherit")) {
            gov_unset(set, names[i]);

        } else if (i == 0 && gov_str_int(s, &n) == 0) {
            gov_set(set, names[i], gov_val_int(c->arena, n));

        } else if (i != 0 && (gov_str_is(s, "true") || gov_str_is(s, "1"))) {
            gov_set(set, names[i], gov_val_bool(c->arena, 1));

        } else if (i != 0 && (gov_str_is(s, "false") || gov_str_is(s, "0"))) {
            gov_set(set, names[i], gov_val_bool(c->arena, 0));

        } else {
            return gov_fail(c->err, GOV_INVALID, names[i],
                            i == 0 ? "审核次数应是 0 至 3 或 inherit"
                                   : "应是 true、false 或 inherit");
        }
    }

    if (!gov_flow_set_valid(set)) {
        return gov_fail(c->err, GOV_INVALID, "reviews",
                        "审核次数应是 0 至 3 或 inherit");
    }

    *flow = set->n != 0 ? set : NULL;

    return GOV_OK;
}
