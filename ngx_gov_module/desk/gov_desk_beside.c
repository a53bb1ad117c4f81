
/*
 * Copyright (C) ngx_gov authors
 *
 * What is done beside the text of a document: doc.lock, doc.unlock, doc.note,
 * doc.correct, doc.pin, doc.preview
 */


#include "desk/gov_desk_tell.h"


#define GOV_PREVIEW_HOURS  72
#define GOV_HOUR           (3600LL * 1000000)


static gov_rc_t gov_beside_unlock(gov_cmd_t *c, gov_doc_t *doc, gov_by_t *by);
static gov_rc_t gov_beside_correct(gov_cmd_t *c, gov_doc_t *doc,
    gov_by_t *by);
static gov_rc_t gov_beside_pin(gov_cmd_t *c, gov_doc_t *doc, gov_by_t *by);


/* a command a row, as in gov_desk_flow.c */

#define GOV_BESIDE_COMMANDS(F)                                                \
    F(doc_unlock, GOV_ACT_WRITE, gov_beside_unlock)                           \
    F(doc_correct, GOV_ACT_CORRECT, gov_beside_correct)                       \
    F(doc_pin, GOV_ACT_PIN, gov_beside_pin)

GOV_BESIDE_COMMANDS(GOV_DESK_ACT)


static gov_rc_t
gov_beside_unlock(gov_cmd_t *c, gov_doc_t *doc, gov_by_t *by)
{
    return gov_doc_unlock(c->txn, c->arena, doc, by, c->err);
}


static gov_rc_t
gov_beside_correct(gov_cmd_t *c, gov_doc_t *doc, gov_by_t *by)
{
    return gov_doc_correct(c->txn, c->arena, doc, by, c->err);
}


static gov_rc_t
gov_beside_pin(gov_cmd_t *c, gov_doc_t *doc, gov_by_t *by)
{
    return gov_doc_pin(c->txn, c->arena, doc,
                       gov_get_int(c->in, "until", 0), by, c->err);
}


gov_rc_t
gov_desk_doc_lock(gov_cmd_t *c)
{
    gov_by_t    by;
    gov_rc_t    rc;
    gov_doc_t   doc;
    int64_t     logs;
    uint64_t    holder;
    gov_site_t  site;

    rc = gov_desk_flow_begin(c, GOV_ACT_WRITE, &doc, &site);
    if (rc != GOV_OK) {
        return rc;
    }

    by = gov_desk_by(c);
    logs = doc.rec.logs;
    holder = (uint64_t) gov_get_int(doc.rec.lock, "by", 0);

    rc = gov_doc_lock(c->txn, c->arena, &doc, gov_get_bool(c->in, "take"),
                      &by, c->err);

    rc = gov_desk_tell_lock(c, rc, &doc, holder, logs);

    if (rc == GOV_OK) {
        gov_put_str(c->arena, c->out, "until",
                    gov_date(c->arena, by.now + GOV_LOCK_TIME,
                             GOV_DATE_RFC3339));
    }

    return gov_desk_flow_out(c, rc, &site, &doc);
}


gov_rc_t
gov_desk_doc_note(gov_cmd_t *c)
{
    gov_by_t    by;
    gov_rc_t    rc;
    gov_doc_t   doc;
    gov_site_t  site;

    rc = gov_desk_doc(c, "doc", &doc, &site);
    if (rc != GOV_OK) {
        return rc;
    }

    by = gov_desk_by(c);

    rc = gov_doc_note(c->txn, c->arena, &doc, gov_desk_str(c, "text"), &by,
                      c->err);

    rc = gov_desk_tell_act(c, rc, GOV_TELL_NOTE, &doc);

    return gov_desk_flow_out(c, rc, &site, &doc);
}


/* the token is made in the door, or by who gives the command, and stands in
 * no operation and no verdict */

gov_rc_t
gov_desk_doc_preview(gov_cmd_t *c)
{
    u_char      *raw;
    int64_t      until, hours;
    gov_by_t     by;
    gov_rc_t     rc;
    gov_doc_t    doc;
    gov_str_t    hash;
    gov_site_t   site;

    rc = gov_desk_doc(c, "doc", &doc, &site);
    if (rc != GOV_OK) {
        return rc;
    }

    hash = gov_desk_str(c, "hash");
    raw = gov_alloc(c->arena, GOV_DIGEST_LEN);

    if (hash.len != 2 * GOV_DIGEST_LEN
        || gov_unhex(raw, hash, GOV_DIGEST_LEN) != 0)
    {
        return gov_fail(c->err, GOV_INVALID, "hash",
                        "hash 应是 SHA-256 的 64 位十六进制");
    }

    by = gov_desk_by(c);
    hours = gov_get_int(c->in, "hours", GOV_PREVIEW_HOURS);
    hours = hours > 10000 ? 10000 : hours;
    until = by.now + hours * GOV_HOUR;
    hash.data = raw;
    hash.len = GOV_DIGEST_LEN;

    rc = gov_preview_put(c->txn, c->arena, &doc,
                         (uint32_t) gov_get_int(c->in, "version",
                                                doc.rec.last),
                         hash, until, &by, c->err);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_put_str(c->arena, c->out, "hash", gov_desk_str(c, "hash"));
    gov_put_str(c->arena, c->out, "until",
                gov_date(c->arena, until, GOV_DATE_RFC3339));

    return gov_desk_flow_out(c, rc, &site, &doc);
}
