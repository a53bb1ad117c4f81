
/*
 * Copyright (C) ngx_gov authors
 *
 * Questions about long work that was asked for.  Shown is one's own, and what
 * one might have asked for oneself.
 */


#include "view/gov_query_int.h"
#include "people/gov_work.h"


#define GOV_WORKS_LOOK   1000       /* for one page, */
#define GOV_WORKS_MAX    100        /* and its rows: a result may be long */
#define GOV_WORKS_ARENA  16384


static gov_rc_t gov_ask_works(gov_ask_t *q, uint32_t site,
    gov_arena_t *scratch);
static int gov_ask_work_fits(gov_ask_t *q, uint32_t site, gov_work_t *w);
static gov_rc_t gov_ask_work_add(gov_ask_t *q, uint64_t id,
    gov_value_t *rows);
static int gov_ask_work_seen(gov_ask_t *q, gov_work_t *w);
static void gov_ask_work_row(gov_ask_t *q, gov_value_t *row, gov_work_t *w);


gov_rc_t
gov_query_work_list(gov_ask_t *q)
{
    gov_rc_t      rc;
    gov_site_t    site;
    gov_arena_t  *scratch;

    site.id = GOV_HUB;

    if (gov_member(q->in, "site")) {
        rc = gov_ask_site(q, "site", &site);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    scratch = gov_arena_new(GOV_WORKS_ARENA);

    rc = gov_ask_works(q, site.id, scratch);

    gov_arena_free(&scratch);

    return rc == GOV_DONE ? GOV_OK : rc;
}


/* those passed over are read into an arena of their own: a table's result
 * names a thousand rows */

static gov_rc_t
gov_ask_works(gov_ask_t *q, uint32_t site, gov_arena_t *scratch)
{
    gov_rc_t      rc;
    uint64_t      id;
    unsigned      looked, limit;
    gov_work_t    w;
    gov_value_t  *rows;

    id = (uint64_t) gov_get_int(q->in, "after", 0);
    limit = gov_ask_limit(q);
    limit = limit < GOV_WORKS_MAX ? limit : GOV_WORKS_MAX;
    rows = gov_put_list(q->arena, q->out, "rows");

    for (looked = 0; rows->n < limit && looked < GOV_WORKS_LOOK; looked++) {
        gov_arena_reset(scratch);

        rc = gov_work_before(q->txn, scratch, &id, &w);

        if (rc == GOV_OK && gov_ask_work_fits(q, site, &w)) {
            rc = gov_ask_work_add(q, id, rows);
        }

        if (rc != GOV_OK) {
            return rc;
        }
    }

    gov_put_int(q->arena, q->out, "next", (int64_t) id);

    if (rows->n < limit) {
        gov_put_bool(q->arena, q->out, "partial", 1);
    }

    return GOV_OK;
}


static int
gov_ask_work_fits(gov_ask_t *q, uint32_t site, gov_work_t *w)
{
    gov_str_t  name;

    name = gov_get_str(q->in, "work");

    return (site == GOV_HUB || w->rec.site == site)
           && (name.len == 0 || gov_str_eq(w->rec.name, name))
           && gov_ask_work_seen(q, w);
}


static gov_rc_t
gov_ask_work_add(gov_ask_t *q, uint64_t id, gov_value_t *rows)
{
    gov_rc_t    rc;
    gov_work_t  w;

    rc = gov_work_get(q->txn, q->arena, id, &w);

    if (rc == GOV_OK) {
        gov_ask_work_row(q, gov_add_map(q->arena, rows), &w);
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
           && gov_ask_may(q, kind->right, (uint32_t) w->rec.site, 0);
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
