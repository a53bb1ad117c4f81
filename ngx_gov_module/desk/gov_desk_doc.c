
/*
 * Copyright (C) ngx_gov authors
 *
 * doc.create, doc.edit, doc.publish, doc.schedule, doc.expire, doc.withdraw,
 * doc.move
 *
 * The time of publication is never earlier than the operation's own (N07):
 * gov_doc_publish() is given it as "now" and refuses.
 */


#include "desk/gov_desk_tell.h"


static gov_rc_t gov_desk_doc_base(gov_cmd_t *c, gov_doc_t *doc,
    gov_version_rec_t *v);
static gov_rc_t gov_desk_embargo(gov_cmd_t *c, gov_doc_t *doc);
static gov_rc_t gov_desk_doc_live(gov_cmd_t *c, gov_doc_t *doc, int64_t at);
static gov_rc_t gov_desk_move_may(gov_cmd_t *c, gov_doc_t *doc,
    uint32_t column);


gov_rc_t
gov_desk_doc_create(gov_cmd_t *c)
{
    int64_t             at, expires;
    gov_by_t            by;
    gov_rc_t            rc;
    gov_doc_t           doc;
    gov_site_t          site;
    gov_column_t        column;
    gov_version_rec_t   v;

    rc = gov_desk_site_column(c, &site, &column);

    if (rc == GOV_OK) {
        rc = gov_desk_takes(c, &column, "column");
    }

    if (rc != GOV_OK) {
        return rc;
    }

    at = gov_get_int(c->in, "at", 0);
    expires = gov_get_int(c->in, "expires", 0);

    if (at == 0 && gov_get_bool(c->in, "publish")) {
        at = c->op->time;
    }

    rc = gov_desk_leaves(c, expires);

    if (rc == GOV_OK && at != 0) {
        rc = gov_desk_may(c, GOV_RIGHT_DOC_PUBLISH, site.id, column.id,
                          "publish");
    }

    if (rc != GOV_OK) {
        return rc;
    }

    memset(&v, 0, sizeof(gov_version_rec_t));
    gov_desk_version(c, &v);

    rc = gov_desk_content(c, site.id, c->in, NULL, &v);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_desk_body(c, site.id, 0, gov_desk_form(c->in),
                       gov_desk_str(c, "body"), &v.body);
    if (rc != GOV_OK) {
        return rc;
    }

    memset(&doc, 0, sizeof(gov_doc_t));
    doc.site = site.id;
    doc.rec.column = column.id;
    doc.rec.expires = expires;
    doc.rec.embargo = gov_get_int(c->in, "embargo", 0);
    doc.rec.source_id = gov_desk_str(c, "source_id");

    if (at != 0) {
        by = gov_desk_by(c);
        rc = gov_doc_issue(c->txn, c->arena, &doc, &v, at, &by, c->err);

    } else {
        rc = gov_doc_write(c->txn, c->arena, &doc, &v, c->err);
    }

    if (rc == GOV_OK) {
        rc = gov_desk_dead(c, &site, (uint32_t) doc.rec.column, v.body);
    }

    return rc == GOV_OK ? gov_desk_doc_out(c, &site, &doc) : rc;
}


gov_rc_t
gov_desk_leaves(gov_cmd_t *c, int64_t expires)
{
    if (expires != 0 && expires <= c->op->time) {
        return gov_fail(c->err, GOV_DENIED, "expires",
                        "下线时间不能早于当前时间");
    }

    return GOV_OK;
}


gov_rc_t
gov_desk_doc_edit(gov_cmd_t *c)
{
    gov_rc_t            rc;
    gov_doc_t           doc;
    gov_site_t          site;
    gov_version_rec_t   v;

    rc = gov_desk_doc(c, "doc", &doc, &site);
    if (rc != GOV_OK) {
        return rc;
    }

    if (gov_get_bool(c->in, "publish")) {
        rc = gov_desk_may(c, GOV_RIGHT_DOC_PUBLISH, site.id,
                          (uint32_t) doc.rec.column, "publish");
        if (rc != GOV_OK) {
            return rc;
        }
    }

    rc = gov_desk_doc_base(c, &doc, &v);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_desk_version(c, &v);
    v.note = gov_desk_str(c, "note");

    rc = gov_desk_content(c, site.id, c->in, NULL, &v);
    if (rc != GOV_OK) {
        return rc;
    }

    if (gov_desk_has(c, "body")) {
        rc = gov_desk_body(c, site.id, doc.id, gov_desk_form(c->in),
                           gov_desk_str(c, "body"), &v.body);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    rc = gov_desk_embargo(c, &doc);

    if (rc == GOV_OK) {
        rc = gov_doc_write(c->txn, c->arena, &doc, &v, c->err);
    }

    if (rc == GOV_OK) {
        rc = gov_desk_dead(c, &site, (uint32_t) doc.rec.column, v.body);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    if (gov_get_bool(c->in, "publish")) {
        rc = gov_desk_doc_live(c, &doc, c->op->time);

    } else if (gov_doc_shown(&doc.rec, c->op->time) == GOV_SHOWN_SCHEDULED) {
        gov_desk_warn(c, "文档已定时发布第 %lld 版，新写的第 %lld 版不会随之"
                      "发布", (long long) doc.rec.live,
                      (long long) doc.rec.last);
    }

    return rc == GOV_OK ? gov_desk_doc_out(c, &site, &doc) : rc;
}


/* the last version, to lay the edit over; the editor must have seen it */

static gov_rc_t
gov_desk_doc_base(gov_cmd_t *c, gov_doc_t *doc, gov_version_rec_t *v)
{
    int64_t   base;
    gov_rc_t  rc;

    base = gov_get_int(c->in, "base", 0);

    if (base != doc->rec.last) {
        return gov_fail(c->err, GOV_CONFLICT, "base",
                        "文档已有第 %lld 版，您改的是第 %lld 版：请先看新版",
                        (long long) doc->rec.last, (long long) base);
    }

    rc = gov_version_get(c->txn, c->arena, doc->site, doc->id,
                         (uint32_t) base, v);
    if (rc != GOV_OK) {
        return gov_fail(c->err, rc, "base", "读取第 %lld 版失败（%s）",
                        (long long) base, gov_rc_name(rc));
    }

    gov_rec_own(c->arena, &gov_rec_version, v);

    return GOV_OK;
}


/* a publication asks for it when its time is fixed and not when it comes: one
 * laid over it afterwards would not hold */

static gov_rc_t
gov_desk_embargo(gov_cmd_t *c, gov_doc_t *doc)
{
    doc->rec.embargo = gov_get_int(c->in, "embargo", doc->rec.embargo);

    if (!c->op->again
        && gov_doc_shown(&doc->rec, c->op->time) == GOV_SHOWN_SCHEDULED
        && doc->rec.published < doc->rec.embargo)
    {
        return gov_fail(c->err, GOV_CONFLICT, "embargo",
                        "文档已定于 %.*s 发布，早于禁发期：请先改定发布时间，"
                        "或撤回定时发布",
                        gov_strf(gov_date(c->arena, doc->rec.published,
                                          GOV_DATE_MINUTE)));
    }

    return GOV_OK;
}


/* the version that the input names, or the last, becomes live at `at` */

static gov_rc_t
gov_desk_doc_live(gov_cmd_t *c, gov_doc_t *doc, int64_t at)
{
    gov_by_t  by;
    gov_rc_t  rc;

    by = gov_desk_by(c);

    rc = gov_doc_publish(c->txn, c->arena, doc,
                         (uint32_t) gov_get_int(c->in, "version",
                                                doc->rec.last),
                         at, &by, c->err);

    return gov_desk_tell_act(c, rc, GOV_ACT_SIGN, doc);
}


gov_rc_t
gov_desk_doc_publish(gov_cmd_t *c)
{
    gov_rc_t    rc;
    gov_doc_t   doc;
    gov_site_t  site;

    rc = gov_desk_doc(c, "doc", &doc, &site);

    if (rc == GOV_OK) {
        rc = gov_desk_doc_live(c, &doc, c->op->time);
    }

    return rc == GOV_OK ? gov_desk_doc_out(c, &site, &doc) : rc;
}


gov_rc_t
gov_desk_doc_schedule(gov_cmd_t *c)
{
    gov_rc_t    rc;
    gov_doc_t   doc;
    gov_site_t  site;

    rc = gov_desk_doc(c, "doc", &doc, &site);

    if (rc == GOV_OK) {
        rc = gov_desk_doc_live(c, &doc, gov_get_int(c->in, "at", 0));
    }

    return rc == GOV_OK ? gov_desk_doc_out(c, &site, &doc) : rc;
}


gov_rc_t
gov_desk_doc_expire(gov_cmd_t *c)
{
    gov_by_t    by;
    gov_rc_t    rc;
    gov_doc_t   doc;
    gov_site_t  site;

    rc = gov_desk_doc(c, "doc", &doc, &site);

    if (rc == GOV_OK) {
        by = gov_desk_by(c);
        rc = gov_doc_expire(c->txn, c->arena, &doc,
                            gov_get_int(c->in, "at", 0), &by, c->err);
    }

    return rc == GOV_OK ? gov_desk_doc_out(c, &site, &doc) : rc;
}


static gov_rc_t
gov_desk_withdrawn(gov_cmd_t *c, gov_withdrawn_t *kind)
{
    gov_str_t  s;

    s = gov_desk_str(c, "kind");
    *kind = gov_str_is(s, "error") ? GOV_WITHDRAWN_ERROR : GOV_WITHDRAWN_WHY;

    if (s.len != 0 && !gov_str_is(s, "why") && !gov_str_is(s, "error")) {
        return gov_fail(c->err, GOV_INVALID, "kind",
                        "撤回分两种：why（说明理由）和 error（误发）");
    }

    return GOV_OK;
}


gov_rc_t
gov_desk_doc_withdraw(gov_cmd_t *c)
{
    gov_by_t         by;
    gov_rc_t         rc;
    gov_doc_t        doc;
    uint64_t         replacement;
    gov_site_t       site;
    gov_withdrawn_t  kind;

    replacement = (uint64_t) gov_get_int(c->in, "replacement", 0);

    rc = gov_desk_doc(c, "doc", &doc, &site);

    if (rc == GOV_OK) {
        rc = gov_desk_withdrawn(c, &kind);
    }

    if (rc == GOV_OK && replacement != 0) {
        rc = gov_desk_known(c, replacement);
        if (rc != GOV_OK) {
            return gov_fail(c->err, rc, "replacement",
                            "没有可替代的文档 %llu",
                            (unsigned long long) replacement);
        }
    }

    if (rc == GOV_OK) {
        by = gov_desk_by(c);
        by.unseen = gov_doc_returns(&doc.rec, c->op->time)
                    && !gov_desk_effect(c, "seen");
        rc = gov_doc_withdraw(c->txn, c->arena, &doc, kind, replacement, &by,
                              c->err);
    }

    rc = gov_desk_tell_act(c, rc, GOV_ACT_WITHDRAW, &doc);

    return rc == GOV_OK ? gov_desk_doc_out(c, &site, &doc) : rc;
}


gov_rc_t
gov_desk_doc_move(gov_cmd_t *c)
{
    gov_by_t      by;
    gov_rc_t      rc;
    gov_doc_t     doc;
    gov_site_t    site;
    gov_column_t  column;

    rc = gov_desk_doc(c, "doc", &doc, &site);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_desk_column(c, &site, gov_desk_str(c, "column"), "column",
                         &column);

    if (rc == GOV_OK) {
        rc = gov_desk_takes(c, &column, "column");
    }

    if (rc == GOV_OK) {
        rc = gov_desk_move_may(c, &doc, column.id);
    }

    if (rc == GOV_OK) {
        by = gov_desk_by(c);
        rc = gov_doc_move(c->txn, c->arena, &doc, column.id, &by, c->err);
    }

    return rc == GOV_OK ? gov_desk_doc_out(c, &site, &doc) : rc;
}


/* what is public, or will be, is published there from then on */

static gov_rc_t
gov_desk_move_may(gov_cmd_t *c, gov_doc_t *doc, uint32_t column)
{
    gov_rc_t     rc;
    gov_shown_t  shown;

    rc = gov_desk_may(c, GOV_RIGHT_DOC_WRITE, doc->site, column, "column");

    shown = gov_doc_shown(&doc->rec, c->op->time);

    if (rc == GOV_OK
        && (shown == GOV_SHOWN_PUBLIC || shown == GOV_SHOWN_SCHEDULED))
    {
        rc = gov_desk_may(c, GOV_RIGHT_DOC_PUBLISH, doc->site, column,
                          "column");
    }

    return rc;
}
