
/*
 * Copyright (C) ngx_gov authors
 *
 * What a version must have before it is judged, and before it goes out.  The
 * steps themselves are gov_flow.c's, what a flow asks for gov_flow_set.c's.
 */


#include "content/gov_content_int.h"


static unsigned gov_flow_passes(gov_doc_rec_t *d, gov_version_rec_t *version,
    uint32_t n, int apart);


/* what a version itself must have before anybody judges it */

gov_rc_t
gov_flow_fit(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_version_rec_t *v, gov_flow_t *flow, gov_err_t *err)
{
    int             bare;
    gov_rc_t        rc;
    gov_body_rec_t  body;

    if (flow->openness && v->openness.len == 0) {
        return gov_fail(err, GOV_DENIED, "openness",
                        "须先确定公开属性：主动公开、依申请公开或不予公开");
    }

    if (!flow->alt) {
        return GOV_OK;
    }

    rc = gov_body_get(t, a, doc->site, v->body, &body);
    if (rc != GOV_OK) {
        return gov_store_said(err, rc);
    }

    bare = gov_body_bare_images(body.html);

    return bare == 0 ? GOV_OK
                     : gov_fail(err, GOV_DENIED, "body",
                                "有 %d 张图片没有替代文字：请写上，"
                                "或标明是装饰图片", bare);
}


/*
 * May version n go out?  Asked by publication alone, whatever the door and
 * whatever the step.  An urgent one leaves the reviews for later, but not
 * what the law asks.
 */

gov_rc_t
gov_flow_ready(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_version_rec_t *v, uint32_t n, gov_act_t act, gov_by_t *by,
    gov_err_t *err)
{
    gov_rc_t        rc;
    unsigned        passes;
    gov_flow_t      flow;

    rc = gov_flow_allows(doc, act, by, err);

    if (rc == GOV_OK) {
        rc = gov_flow_of(t, a, doc->site, (uint32_t) doc->rec.column,
                         by->now, &flow);
        rc = gov_store_said(err, rc);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    if (act == GOV_ACT_URGENT) {
        flow.reviews = 0;
        flow.apart = 0;
        flow.alt = 0;
    }

    rc = gov_flow_fit(t, a, doc, v, &flow, err);
    if (rc != GOV_OK) {
        return rc;
    }

    if (v->openness.len != 0 && !gov_str_is(v->openness, "active")) {
        return gov_fail(err, GOV_DENIED, "openness",
                        gov_str_is(v->openness, "closed")
                        ? "公开属性是“不予公开”，不能发布"
                        : "公开属性是“依申请公开”，不能发布");
    }

    if (flow.secrecy
        && gov_get_int(doc->rec.secrecy, "version", 0) != (int64_t) n)
    {
        return gov_fail(err, GOV_DENIED, "version",
                        "第 %u 版没有经过保密审查，不能发布", n);
    }

    if (gov_txn_again(t)) {
        return GOV_OK;
    }

    passes = gov_flow_passes(&doc->rec, v, n, flow.apart);

    if (passes < (unsigned) flow.reviews) {
        return gov_fail(err, GOV_DENIED, "version",
                        "第 %u 版须经 %d 次审核，现有 %u 次，不能发布", n,
                        flow.reviews, passes);
    }

    return flow.apart ? gov_flow_other(&doc->rec, v, by, err) : GOV_OK;
}


/* counted anew: the settings may have changed since they were given */

static unsigned
gov_flow_passes(gov_doc_rec_t *d, gov_version_rec_t *version, uint32_t n,
    int apart)
{
    unsigned      passes;
    gov_value_t  *v, *other;

    if (d->judged != (int64_t) n) {
        return 0;
    }

    passes = 0;

    gov_each (v, d->approvals) {

        if (apart) {
            if (gov_flow_wrote(d, version, gov_get_int(v, "by", 0))) {
                continue;
            }

            for (other = d->approvals->u.first; other != v;
                 other = other->next)
            {
                if (gov_get_int(other, "by", 0) == gov_get_int(v, "by", 0)) {
                    break;
                }
            }

            if (other != v) {
                continue;
            }
        }

        passes++;
    }

    return passes;
}
