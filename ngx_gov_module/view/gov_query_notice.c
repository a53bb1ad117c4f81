
/*
 * Copyright (C) ngx_gov authors
 *
 * One's own notices: notice.list, notice.count, notice.rule.  A notice holds
 * numbers; what they stand for is shown to who may read it at this moment,
 * and of what was taken from them since only the kind and the time are left.
 */


#include "view/gov_query_int.h"
#include "people/gov_notice.h"


static gov_rc_t gov_ask_notices(gov_ask_t *q, gov_notice_t **list,
    unsigned *n);
static gov_rc_t gov_ask_notices_of(gov_ask_t *q, gov_value_t *ids,
    gov_notice_t **list, unsigned *n);
static gov_rc_t gov_ask_notice_from(gov_ask_t *q, unsigned *read,
    uint64_t *before);
static gov_rc_t gov_ask_notice_row(gov_ask_t *q, gov_value_t *rows,
    gov_notice_t *notice);
static gov_rc_t gov_ask_notice_site(gov_ask_t *q, gov_value_t *row,
    gov_notice_rec_t *rec, int *shown);
static gov_rc_t gov_ask_notice_doc(gov_ask_t *q, gov_value_t *row,
    gov_notice_rec_t *rec, int *shown);


gov_rc_t
gov_query_notice_list(gov_ask_t *q)
{
    gov_rc_t       rc;
    unsigned       i, n;
    gov_value_t   *ids, *rows;
    gov_notice_t  *list;

    rows = gov_put_list(q->arena, q->out, "rows");
    ids = gov_member(q->in, "ids");

    rc = ids != NULL ? gov_ask_notices_of(q, ids, &list, &n)
                     : gov_ask_notices(q, &list, &n);

    for (i = 0; rc == GOV_OK && i < n; i++) {
        rc = gov_ask_notice_row(q, rows, &list[i]);
    }

    return rc;
}


static gov_rc_t
gov_ask_notices(gov_ask_t *q, gov_notice_t **list, unsigned *n)
{
    gov_rc_t  rc;
    unsigned  read;
    uint64_t  before;

    rc = gov_ask_notice_from(q, &read, &before);

    if (rc == GOV_OK) {
        rc = gov_notices(q->txn, q->arena, q->who->account, &read, &before,
                         gov_ask_limit(q), list, n);
    }

    if (rc == GOV_OK && before != 0) {
        gov_put_str(q->arena, q->out, "next",
                    gov_str_fmt(q->arena, "%u.%llu", read,
                                (unsigned long long) before));
    }

    return rc;
}


/* "part.number" of the last row of the page before */

static gov_rc_t
gov_ask_notice_from(gov_ask_t *q, unsigned *read, uint64_t *before)
{
    int64_t    n;
    gov_str_t  after;

    *read = 0;
    *before = UINT64_MAX;
    after = gov_get_str(q->in, "after");

    if (after.len == 0) {
        return GOV_OK;
    }

    if (after.len > 2 && (after.data[0] == '0' || after.data[0] == '1')
        && after.data[1] == '.')
    {
        *read = after.data[0] == '1';
        after.data += 2;
        after.len -= 2;

        if (gov_str_int(after, &n) == 0 && n > 0) {
            *before = (uint64_t) n;
            return GOV_OK;
        }
    }

    return gov_fail(q->err, GOV_INVALID, "after", "翻页位置不对");
}


/* those that are gone, or somebody else's, are left out */

static gov_rc_t
gov_ask_notices_of(gov_ask_t *q, gov_value_t *ids, gov_notice_t **list,
    unsigned *n)
{
    int64_t       id;
    gov_rc_t      rc;
    gov_value_t  *v;

    *n = 0;
    *list = gov_alloc(q->arena, (ids->n + 1) * sizeof(gov_notice_t));

    gov_each (v, ids) {
        id = v->kind == GOV_INT ? v->u.i : 0;

        if (v->kind == GOV_STR && gov_str_int(v->u.s, &id) != 0) {
            id = 0;
        }

        rc = gov_notice_get(q->txn, q->arena, q->who->account, (uint64_t) id,
                            &(*list)[*n]);

        if (rc == GOV_OK) {
            (*n)++;

        } else if (rc != GOV_NOT_FOUND) {
            return rc;
        }
    }

    return GOV_OK;
}


static gov_rc_t
gov_ask_notice_row(gov_ask_t *q, gov_value_t *rows, gov_notice_t *notice)
{
    int                shown;
    gov_rc_t           rc;
    gov_value_t       *row;
    gov_notice_rec_t  *rec;

    rec = &notice->rec;
    row = gov_add_map(q->arena, rows);
    gov_put_int(q->arena, row, "id", (int64_t) notice->id);
    gov_put_c(q->arena, row, "kind", gov_notice_name((int) rec->kind));
    gov_put_bool(q->arena, row, "read", rec->read != 0);
    gov_ask_time(q, row, "time", rec->time);

    shown = 1;
    rc = gov_ask_notice_site(q, row, rec, &shown);

    if (rc == GOV_OK && shown && rec->doc != 0) {
        rc = gov_ask_notice_doc(q, row, rec, &shown);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    if (!shown) {
        gov_put_bool(q->arena, row, "hidden", 1);
        return GOV_OK;
    }

    gov_put_some(q->arena, row, "name", rec->name);
    gov_ask_person(q, row, "person", rec->by);
    gov_put_some(q->arena, row, "text", rec->text);
    gov_ask_time(q, row, "at", rec->at);

    return GOV_OK;
}


/* the role that one lost is told with its site: that is about oneself */

static gov_rc_t
gov_ask_notice_site(gov_ask_t *q, gov_value_t *row, gov_notice_rec_t *rec,
    int *shown)
{
    gov_rc_t    rc;
    gov_site_t  site;

    if (rec->site == 0) {
        return GOV_OK;
    }

    if (rec->kind != GOV_NOTICE_REVOKED
        && !gov_may_see(q->txn, q->who, (uint32_t) rec->site))
    {
        *shown = 0;
        return GOV_OK;
    }

    rc = gov_site_get(q->txn, q->arena, (uint32_t) rec->site, &site);

    if (rc == GOV_OK && rec->doc == 0) {
        gov_put_str(q->arena, row, "site", site.rec.code);
        gov_put_str(q->arena, row, "site_name", site.rec.name);
    }

    return rc;
}


static gov_rc_t
gov_ask_notice_doc(gov_ask_t *q, gov_value_t *row, gov_notice_rec_t *rec,
    int *shown)
{
    gov_rc_t    rc;
    gov_doc_t   doc;
    gov_site_t  site;

    rc = gov_doc_find(q->txn, q->arena, (uint64_t) rec->doc, &doc);

    if (rc == GOV_OK
        && gov_may(q->txn, q->who, GOV_RIGHT_DOC_READ, doc.site,
                   (uint32_t) doc.rec.column))
    {
        rc = gov_site_get(q->txn, q->arena, doc.site, &site);

    } else {
        *shown = 0;
        return rc == GOV_NOT_FOUND ? GOV_OK : rc;
    }

    if (rc == GOV_OK) {
        gov_put_str(q->arena, row, "site", site.rec.code);
        gov_put_str(q->arena, row, "site_name", site.rec.name);
        gov_put_int(q->arena, row, "doc", rec->doc);
        gov_put_str(q->arena, row, "title", gov_ask_title(q, &doc));
        gov_put_c(q->arena, row, "step", gov_step_name((int) rec->step));
    }

    return rc;
}


gov_rc_t
gov_query_notice_count(gov_ask_t *q)
{
    gov_rc_t  rc;
    unsigned  n;

    rc = gov_notice_unread(q->txn, q->who->account, &n);

    if (rc == GOV_OK) {
        gov_put_int(q->arena, q->out, "unread", n);
        gov_put_bool(q->arena, q->out, "more", n == GOV_NOTICE_COUNT);
    }

    return rc;
}


gov_rc_t
gov_query_notice_rule(gov_ask_t *q)
{
    int             kind, used;
    gov_rc_t        rc;
    gov_value_t    *kinds, *row;
    gov_account_t   acc;

    rc = gov_mail_used(q->txn, q->arena, &used);

    if (rc == GOV_OK && q->who->account != 0) {
        rc = gov_account_get(q->txn, q->arena, q->who->account, &acc);

    } else {
        memset(&acc, 0, sizeof(gov_account_t));
    }

    if (rc != GOV_OK) {
        return rc;
    }

    gov_put_bool(q->arena, q->out, "mails", used);
    gov_put_c(q->arena, q->out, "how", gov_mail_how_name((int) acc.rec.how));
    gov_put_some(q->arena, q->out, "mail", acc.rec.mail);
    gov_ask_time(q, q->out, "refused", acc.rec.refused);

    kinds = gov_put_list(q->arena, q->out, "kinds");

    for (kind = 1; kind < GOV_NOTICE_MAX; kind++) {
        row = gov_add_map(q->arena, kinds);
        gov_put_c(q->arena, row, "kind", gov_notice_name(kind));
        gov_put_bool(q->arena, row, "wanted",
                     gov_notice_wanted(&acc.rec, kind));
    }

    return GOV_OK;
}
