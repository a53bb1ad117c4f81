
/*
 * Copyright (C) ngx_gov authors
 *
 * Long work that people asked for: work.begin writes it down, here it is done,
 * one after the other, in a process of its own or, what writes, as commands
 * (govd_table.c), and work.end says what became of it.  How far it is goes
 * into its row on the way, outside the journal.
 *
 * Nobody has to wait for it, nor has this process to live: what has no end is
 * begun anew, a table behind the rows that are done.
 */


#include <stdlib.h>

#include "govd/govd_asked.h"


typedef struct {
    govd_t       *g;
    gov_arena_t  *arena;
    gov_work_t    work;
    gov_value_t  *end;              /* its last line */
} govd_asked_t;


static void govd_asked_run(void *data);
static gov_rc_t govd_asked_next(govd_asked_t *k, gov_value_t *input);
static void govd_asked_line(void *data, gov_str_t line);
static gov_rc_t govd_asked_do(govd_asked_t *k, gov_value_t *input,
    gov_err_t *err);
static void govd_asked_at(govd_asked_t *k, gov_value_t *line);
static gov_rc_t govd_asked_step(gov_txn_t *t, gov_arena_t *a, void *data,
    gov_err_t *err);
static void govd_asked_done(govd_asked_t *k, gov_rc_t rc, gov_err_t *err);
static gov_rc_t govd_asked_job(govd_t *g, gov_work_t *w, govd_job_t *job,
    const char *command, gov_value_t *input, gov_err_t *err);


static atomic_int  govd_asked_busy;


gov_rc_t
govd_asked_begin(govd_t *g, gov_err_t *err)
{
    return govd_pool_begin(1, 1, &g->asked, err);
}


void
govd_asked_end(govd_t *g)
{
    govd_pool_end(&g->asked);
}


void
govd_asked_tick(govd_t *g)
{
    static govd_slow_t  slow;

    if (atomic_exchange(&govd_asked_busy, 1)) {
        return;
    }

    slow.run = govd_asked_run;
    slow.data = g;

    if (govd_pool_put(g->asked, &slow) != GOV_OK) {
        atomic_store(&govd_asked_busy, 0);
    }
}


/* the oldest that has no end, if there is one */

static void
govd_asked_run(void *data)
{
    gov_rc_t       rc;
    gov_err_t      err;
    gov_value_t   *input;
    govd_asked_t   k;

    govd_indexes(data);

    memset(&k, 0, sizeof(govd_asked_t));
    memset(&err, 0, sizeof(gov_err_t));
    k.g = data;
    k.arena = gov_arena_new(4096);

    input = gov_map(k.arena);
    rc = govd_asked_next(&k, input);

    if (rc == GOV_OK) {
        rc = govd_asked_do(&k, input, &err);

        /* what a stop ends, and what finds no room, waits */

        if (rc != GOV_BUSY && !atomic_load(&k.g->stopping)) {
            govd_asked_done(&k, rc, &err);
        }
    }

    gov_arena_free(&k.arena);
    atomic_store(&govd_asked_busy, 0);
}


static gov_rc_t
govd_asked_do(govd_asked_t *k, gov_value_t *input, gov_err_t *err)
{
    gov_rc_t   rc;
    gov_buf_t  b;

    if (k->work.rec.table.len != 0) {
        rc = govd_table_run(k->g, k->arena, &k->work, err);
        k->end = k->work.rec.result;

        return rc;
    }

    gov_buf_init(&b, k->arena, 128);
    gov_json_write(&b, input, 0);

    return govd_work_follow(k->g, k->work.rec.name, b.s, govd_asked_line, k,
                            err);
}


static gov_rc_t
govd_asked_next(govd_asked_t *k, gov_value_t *input)
{
    gov_rc_t     rc;
    unsigned     n;
    gov_txn_t   *t;
    gov_site_t   site;
    gov_work_t  *list;

    rc = gov_txn_begin(k->g->store, GOV_TXN_READ, &t, NULL);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_work_waiting(t, k->arena, &list, &n);

    if (rc == GOV_OK && n == 0) {
        rc = GOV_DONE;
    }

    if (rc == GOV_OK) {
        k->work = list[n - 1];
        gov_rec_own(k->arena, &gov_rec_work, &k->work.rec);

        if (gov_str_is(k->work.rec.name, "journal.verify")) {
            gov_put_bool(k->arena, input, "progress", 1);
            gov_put_some(k->arena, input, "head", k->work.rec.head);
        }
    }

    if (rc == GOV_OK && k->work.rec.site != GOV_HUB) {
        rc = gov_site_get(t, k->arena, (uint32_t) k->work.rec.site, &site);

        if (rc == GOV_OK) {
            gov_put_str(k->arena, input, "site",
                        gov_str_copy(k->arena, site.rec.code));
        }
    }

    gov_txn_end(&t);

    return rc;
}


static void
govd_asked_line(void *data, gov_str_t line)
{
    gov_value_t   *v;
    govd_asked_t  *k = data;

    if (gov_json_parse(k->arena, line, &v, NULL) != GOV_OK) {
        return;
    }

    if (gov_member(v, "end")) {
        k->end = gov_member(v, "end");

    } else if (gov_member(v, "at")) {
        govd_asked_at(k, v);
    }
}


static void
govd_asked_at(govd_asked_t *k, gov_value_t *line)
{
    gov_err_t  err;

    memset(&err, 0, sizeof(gov_err_t));
    k->work.rec.done = gov_get_int(line, "at", 0);
    k->work.rec.total = gov_get_int(line, "of", 0);

    (void) govd_asked_note(k->g, &k->work, &err);
}


gov_rc_t
govd_asked_note(govd_t *g, gov_work_t *w, gov_err_t *err)
{
    govd_job_t  job;

    memset(&job, 0, sizeof(govd_job_t));
    job.step = govd_asked_step;
    job.data = w;

    return govd_asked_job(g, w, &job, NULL, NULL, err);
}


static gov_rc_t
govd_asked_step(gov_txn_t *t, gov_arena_t *a, void *data, gov_err_t *err)
{
    return gov_work_put(t, a, data) == GOV_OK
           ? GOV_OK : gov_fail(err, GOV_ERROR, "", "工作进度没有写入");
}


/* what it said last; a table that was not worked through says why too */

static void
govd_asked_done(govd_asked_t *k, gov_rc_t rc, gov_err_t *err)
{
    int           table;
    govd_job_t    job;
    gov_value_t  *input, *result;

    table = k->work.rec.table.len != 0;
    result = k->end != NULL ? k->end : gov_map(k->arena);

    if (k->end == NULL || (table && rc != GOV_OK)) {
        gov_put(result, "problem",
                govd_problem(k->arena, 500, "error", "",
                             err->text[0] ? err->text : "没有完成", 0));
    }

    input = gov_map(k->arena);
    gov_put_int(k->arena, input, "work", (int64_t) k->work.id);
    gov_put_bool(k->arena, input, "ok",
                 table ? rc == GOV_OK : gov_get_bool(result, "ok"));
    gov_put(input, "result", gov_value_copy(k->arena, result));

    memset(&job, 0, sizeof(govd_job_t));
    (void) govd_asked_job(k->g, &k->work, &job, "work.end", input, err);
}


/* NULL: the work's row as it is known here */

static gov_rc_t
govd_asked_job(govd_t *g, gov_work_t *w, govd_job_t *job,
    const char *command, gov_value_t *input, gov_err_t *err)
{
    gov_rc_t  rc;

    job->arena = gov_arena_new(4096);

    rc = govd_own_do(g, job, command, input);

    if (rc != GOV_OK) {
        govd_log(GOVD_WARN, "work %llu: %s", (unsigned long long) w->id,
                 job->err.text);
        (void) gov_fail(err, rc, "", "%s", job->err.text);
    }

    gov_arena_free(&job->arena);

    return rc;
}
