
/*
 * Copyright (C) ngx_gov authors
 *
 * Questions about long work that was asked for.  Shown is one's own, and what
 * one might have asked for oneself.
 */


#include "view/gov_query_int.h"
#include "people/gov_work.h"


#define GOV_WORKS_LOOK  100


static int gov_ask_work_seen(gov_ask_t *q, gov_work_t *w);
static void gov_ask_work_row(gov_ask_t *q, gov_value_t *row, gov_work_t *w);


gov_rc_t
gov_query_work_list(gov_ask_t *q)
{
    gov_rc_t      rc;
    unsigned      i, n, limit;
    gov_str_t     name;
    gov_site_t    site;
    gov_work_t   *list;
    gov_value_t  *rows;

    site.id = GOV_HUB;

    if (gov_member(q->in, "site")) {
        rc = gov_ask_site(q, "site", &site);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    rc = gov_work_newest(q->txn, q->arena, GOV_WORKS_LOOK, &list, &n);
    name = gov_get_str(q->in, "work");
    limit = gov_ask_limit(q);
    rows = gov_put_list(q->arena, q->out, "rows");

    for (i = 0; rc == GOV_OK && i < n && rows->n < limit; i++) {
        if ((site.id == GOV_HUB || list[i].rec.site == site.id)
            && (name.len == 0 || gov_str_eq(list[i].rec.name, name))
            && gov_ask_work_seen(q, &list[i]))
        {
            gov_ask_work_row(q, gov_add_map(q->arena, rows), &list[i]);
        }
    }

    return rc;
}


gov_rc_t
gov_query_work_get(gov_ask_t *q)
{
    gov_rc_t    rc;
    int64_t     id;
    gov_work_t  w;

    id = gov_get_int(q->in, "work", 0);
    rc = gov_work_get(q->txn, q->arena, (uint64_t) id, &w);

    if (rc == GOV_OK && !gov_ask_work_seen(q, &w)) {
        rc = GOV_NOT_FOUND;
    }

    if (rc != GOV_OK) {
        return gov_fail(q->err, rc, "work", "没有编号为 %lld 的工作",
                        (long long) id);
    }

    gov_ask_work_row(q, q->out, &w);

    return GOV_OK;
}


static int
gov_ask_work_seen(gov_ask_t *q, gov_work_t *w)
{
    gov_work_kind_t  *kind;

    if (q->who->account != 0
        && q->who->account == (uint64_t) w->rec.account)
    {
        return 1;
    }

    kind = gov_work_kind(w->rec.name);

    return kind != NULL
           && gov_may(q->txn, q->who, kind->right, (uint32_t) w->rec.site, 0);
}


static void
gov_ask_work_row(gov_ask_t *q, gov_value_t *row, gov_work_t *w)
{
    gov_arena_t  *a = q->arena;

    gov_put_int(a, row, "work", (int64_t) w->id);
    gov_put_str(a, row, "name", w->rec.name);

    if (w->rec.site != GOV_HUB) {
        gov_put_str(a, row, "site", gov_ask_code(q, (uint32_t) w->rec.site));
    }

    if (w->rec.table.len != 0) {
        gov_put_bool(a, row, "table", 1);
    }

    gov_put_str(a, row, "actor", w->rec.actor);
    gov_ask_time(q, row, "begun", w->rec.begun);
    gov_ask_time(q, row, "ended", w->rec.ended);

    if (w->rec.total) {
        gov_put_int(a, row, "done", w->rec.done);
        gov_put_int(a, row, "total", w->rec.total);
    }

    if (w->rec.ended) {
        gov_put_bool(a, row, "ok", w->rec.ok != 0);
        gov_put(row, "result", w->rec.result
                               ? gov_value_copy(a, w->rec.result)
                               : gov_map(a));
    }
}
