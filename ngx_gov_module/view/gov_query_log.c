
/*
 * Copyright (C) ngx_gov authors
 *
 * What became of a document: doc.log, doc.changes; and who works on it, as
 * parts of doc.get.
 */


#include "view/gov_query_int.h"


#define GOV_NOTES_SHOWN  50


gov_rc_t
gov_query_doc_log(gov_ask_t *q)
{
    int64_t             n;
    gov_rc_t            rc;
    unsigned            limit;
    gov_doc_t           doc;
    gov_key_t           k;
    gov_value_t        *rows, *row;
    gov_stepped_rec_t   r;

    rc = gov_ask_doc(q, &doc);
    if (rc != GOV_OK) {
        return rc;
    }

    rows = gov_put_list(q->arena, q->out, "rows");
    limit = gov_ask_limit(q);

    for (n = gov_get_int(q->in, "after", 0) + 1; n <= doc.rec.logs; n++) {

        if (rows->n == limit) {
            gov_put_int(q->arena, q->out, "next", n - 1);
            break;
        }

        gov_key_add4(gov_key8(&k, doc.id), (uint32_t) n);

        rc = gov_load(gov_handle(q->txn, doc.site), GOV_T_LOG, &k, q->arena,
                      &r);
        if (rc != GOV_OK) {
            return rc;
        }

        row = gov_add_map(q->arena, rows);
        gov_put_int(q->arena, row, "n", n);
        gov_ask_time(q, row, "time", r.time);
        gov_put_str(q->arena, row, "actor", r.actor);
        gov_ask_person(q, row, "person", r.by);
        gov_put_c(q->arena, row, "act", gov_act_name((int) r.act));
        gov_put_c(q->arena, row, "title", gov_act_title((int) r.act));
        gov_put_c(q->arena, row, "from", gov_step_name((int) r.from));
        gov_put_c(q->arena, row, "to", gov_step_name((int) r.to));
        gov_put_int(q->arena, row, "version", r.version);
        gov_put_some(q->arena, row, "reason", r.reason);
        gov_put_int(q->arena, row, "entry", r.entry);
    }

    return GOV_OK;
}


/* behind it stand those that left it there: a row each time it was saved */

gov_rc_t
gov_ask_came(gov_ask_t *q, gov_doc_t *doc, unsigned *looks,
    gov_stepped_rec_t *r)
{
    int64_t    n;
    gov_rc_t   rc;
    gov_key_t  k;

    for (n = doc->rec.logs; n > 0 && *looks > 0; n--, (*looks)--) {
        gov_key_add4(gov_key8(&k, doc->id), (uint32_t) n);

        rc = gov_load(gov_handle(q->txn, doc->site), GOV_T_LOG, &k, q->arena,
                      r);

        if (rc != GOV_OK || r->from != r->to) {
            return rc;
        }
    }

    return GOV_DONE;
}


gov_rc_t
gov_query_doc_changes(gov_ask_t *q)
{
    int64_t             n;
    gov_rc_t            rc;
    gov_doc_t           doc;
    gov_value_t        *rows, *row;
    gov_changed_rec_t   r;

    rc = gov_ask_doc(q, &doc);
    if (rc != GOV_OK) {
        return rc;
    }

    rows = gov_put_list(q->arena, q->out, "rows");

    for (n = doc.rec.changes; n > 0 && rows->n < GOV_ASK_LIMIT_MAX; n--) {
        rc = gov_doc_change(q->txn, q->arena, &doc, (uint32_t) n, &r);
        if (rc != GOV_OK) {
            return rc;
        }

        row = gov_add_map(q->arena, rows);
        gov_ask_time(q, row, "time", r.time);
        gov_put_c(q->arena, row, "kind", gov_change_name((int) r.kind));
        gov_put_int(q->arena, row, "version", r.version);
        gov_put_some(q->arena, row, "what", r.what);
        gov_put_some(q->arena, row, "why", r.why);
    }

    return GOV_OK;
}


static void
gov_ask_signed(gov_ask_t *q, gov_value_t *from, gov_value_t *to)
{
    gov_put_int(q->arena, to, "by", gov_get_int(from, "by", 0));
    gov_put_str(q->arena, to, "name", gov_get_str(from, "name"));
    gov_ask_person(q, to, "person", gov_get_int(from, "by", 0));
    gov_ask_time(q, to, "time", gov_get_int(from, "time", 0));
}


static void
gov_ask_approvals(gov_ask_t *q, gov_doc_t *doc)
{
    gov_value_t  *list, *v, *row;

    list = gov_put_list(q->arena, q->out, "approvals");

    gov_each (v, doc->rec.approvals) {
        row = gov_add_map(q->arena, list);
        gov_put_c(q->arena, row, "step",
                  gov_step_name((int) gov_get_int(v, "step", 0)));
        gov_ask_signed(q, v, row);
    }

    if (doc->rec.secrecy != NULL) {
        row = gov_put_map(q->arena, q->out, "secrecy");
        gov_put_int(q->arena, row, "version",
                    gov_get_int(doc->rec.secrecy, "version", 0));
        gov_ask_signed(q, doc->rec.secrecy, row);
    }
}


static gov_rc_t
gov_ask_notes(gov_ask_t *q, gov_doc_t *doc)
{
    int64_t           n;
    gov_rc_t          rc;
    gov_key_t         k;
    gov_value_t      *list, *row;
    gov_noted_rec_t   note;

    list = gov_put_list(q->arena, q->out, "notes");

    for (n = doc->rec.notes; n > 0 && list->n < GOV_NOTES_SHOWN; n--) {
        gov_key_add4(gov_key8(&k, doc->id), (uint32_t) n);

        rc = gov_load(gov_handle(q->txn, doc->site), GOV_T_NOTES, &k,
                      q->arena, &note);
        if (rc != GOV_OK) {
            return rc;
        }

        row = gov_add_map(q->arena, list);
        gov_ask_time(q, row, "time", note.time);
        gov_put_str(q->arena, row, "actor", note.actor);
        gov_ask_person(q, row, "person", note.by);
        gov_put_str(q->arena, row, "text", note.text);
    }

    return GOV_OK;
}


/* what its flow asks for, and what of it there is */

static gov_rc_t
gov_ask_flow(gov_ask_t *q, gov_doc_t *doc)
{
    gov_rc_t      rc;
    gov_flow_t    flow;
    gov_value_t  *map;

    rc = gov_flow_of(q->txn, q->arena, doc->site,
                     (uint32_t) doc->rec.column, q->now, &flow);
    if (rc != GOV_OK) {
        return rc;
    }

    map = gov_put_map(q->arena, q->out, "flow");
    gov_put_int(q->arena, map, "reviews", flow.reviews);
    gov_put_bool(q->arena, map, "apart", flow.apart);
    gov_put_bool(q->arena, map, "alt", flow.alt);
    gov_put_bool(q->arena, map, "openness", flow.openness);
    gov_put_bool(q->arena, map, "secrecy", flow.secrecy);

    return GOV_OK;
}


/* who sent it back to who writes it, and why */

static gov_rc_t
gov_ask_sent_back(gov_ask_t *q, gov_doc_t *doc)
{
    gov_rc_t            rc;
    unsigned            looks;
    gov_step_t          step;
    gov_value_t        *map;
    gov_stepped_rec_t   r;

    step = gov_doc_step(&doc->rec);

    if (step != GOV_STEP_COLLECT && step != GOV_STEP_EDIT) {
        return GOV_OK;
    }

    looks = GOV_ASK_LOOK_MAX;
    rc = gov_ask_came(q, doc, &looks, &r);

    if (rc == GOV_OK && r.act == GOV_ACT_REJECT) {
        map = gov_put_map(q->arena, q->out, "sent_back");
        gov_put_str(q->arena, map, "actor", r.actor);
        gov_ask_person(q, map, "person", r.by);
        gov_put_some(q->arena, map, "reason", r.reason);
    }

    return rc == GOV_DONE ? GOV_OK : rc;
}


gov_rc_t
gov_ask_work(gov_ask_t *q, gov_doc_t *doc)
{
    gov_rc_t        rc;
    gov_value_t    *lock;
    gov_doc_rec_t  *d;

    d = &doc->rec;

    gov_put_c(q->arena, q->out, "step_title",
              gov_step_title(gov_doc_step(d)));
    gov_ask_time(q, q->out, "since", d->since);
    gov_ask_time(q, q->out, "urgent", d->urgent);
    gov_ask_time(q, q->out, "embargo", d->embargo);
    gov_ask_time(q, q->out, "pinned", d->pinned);

    if (d->state == GOV_DOC_WITHDRAWN) {
        gov_put_c(q->arena, q->out, "withdrawn",
                  d->withdrawn == GOV_WITHDRAWN_ERROR ? "error" : "why");
    }

    if (gov_get_int(d->lock, "until", 0) > q->now) {
        lock = gov_put_map(q->arena, q->out, "lock");
        gov_put_int(q->arena, lock, "by", gov_get_int(d->lock, "by", 0));
        gov_put_str(q->arena, lock, "name", gov_get_str(d->lock, "name"));
        gov_ask_person(q, lock, "person", gov_get_int(d->lock, "by", 0));
        gov_ask_time(q, lock, "since", gov_get_int(d->lock, "since", 0));
        gov_ask_time(q, lock, "until", gov_get_int(d->lock, "until", 0));
    }

    gov_ask_approvals(q, doc);

    rc = gov_ask_sent_back(q, doc);

    if (rc == GOV_OK) {
        rc = gov_ask_notes(q, doc);
    }

    return rc == GOV_OK ? gov_ask_flow(q, doc) : rc;
}
