
/*
 * Copyright (C) ngx_gov authors
 *
 * POST /api/v1/batch: many commands in one request, a JSON line each,
 *
 *     {"command": "site.set", "input": {}, "op": "UUID", "dry_run": false}
 *
 * queued in their order, so that they share commits and a later one finds
 * what an earlier one made.  A line that fails does not stop the others.  The
 * answer has a line for each:
 *
 *     {"status": 200, "seq": 12, "op": "UUID", "body": {}}
 *
 * The jobs run one after another in the writer's thread and share the
 * request's arena; the last to be done writes the answer.
 */


#include "govd/govd_door.h"


#define GOVD_BATCH_MAX  500


typedef struct {
    govd_request_t  *r;
    atomic_uint      left;
    unsigned         n;
    govd_job_t      *jobs;
} govd_batch_t;


static gov_rc_t govd_batch_lines(govd_batch_t *b, gov_err_t *err);
static void govd_batch_line(govd_batch_t *b, gov_str_t line);
static void govd_batch_done(govd_job_t *job);
static void govd_batch_drop(govd_batch_t *b);
static void govd_batch_answer(govd_batch_t *b);


void
govd_api_batch(govd_request_t *r)
{
    unsigned       i;
    gov_rc_t       rc;
    gov_err_t      err;
    govd_batch_t  *b;

    memset(&err, 0, sizeof(gov_err_t));

    b = gov_calloc(r->arena, sizeof(govd_batch_t));
    b->r = r;
    b->jobs = gov_calloc(r->arena, GOVD_BATCH_MAX * sizeof(govd_job_t));

    if (govd_batch_lines(b, &err) != GOV_OK) {
        govd_answer_err(r->arena, &r->answer, &err);
        return;
    }

    r->waiting = 1;
    atomic_store(&b->left, b->n + 1);

    MHD_suspend_connection(r->connection);

    /* once the queue is full the rest must not overtake what is missing */

    rc = GOV_OK;

    for (i = 0; i < b->n; i++) {

        if (b->jobs[i].rc != GOV_OK) {
            govd_batch_drop(b);
            continue;
        }

        if (rc == GOV_OK) {
            rc = govd_writer_put(r->g->writer, &b->jobs[i]);
        }

        if (rc != GOV_OK) {
            b->jobs[i].rc = gov_fail(&b->jobs[i].err, rc, "",
                                     "等待写入的操作过多，请稍后再试");
            govd_batch_drop(b);
        }
    }

    govd_batch_drop(b);
}


static gov_rc_t
govd_batch_lines(govd_batch_t *b, gov_err_t *err)
{
    u_char     *nl;
    gov_str_t   text, line;

    text = b->r->body.s;

    while (text.len) {
        nl = memchr(text.data, '\n', text.len);

        line.data = text.data;
        line.len = nl ? (size_t) (nl - text.data) : text.len;

        text.data += line.len + (nl != NULL);
        text.len -= line.len + (nl != NULL);

        if (line.len == 0) {
            continue;
        }

        if (b->n == GOVD_BATCH_MAX) {
            return gov_fail(err, GOV_INVALID, "", "一次最多 %d 条命令",
                            GOVD_BATCH_MAX);
        }

        govd_batch_line(b, line);
    }

    return GOV_OK;
}


static void
govd_batch_line(govd_batch_t *b, gov_str_t line)
{
    gov_arena_t  *a;
    govd_job_t   *job;
    gov_value_t  *v;

    a = b->r->arena;
    job = &b->jobs[b->n++];

    job->arena = a;
    job->data = b;
    job->done = govd_batch_done;
    job->lang = b->r->job.lang;
    job->op.door = b->r->job.op.door;
    job->op.actor = b->r->job.op.actor;
    job->op.origin = b->r->job.op.origin;
    job->op.blobs = b->r->g->conf->blobs;

    job->rc = gov_json_parse(a, line, &v, &job->err);

    if (job->rc == GOV_OK) {
        job->rc = govd_op_fill(b->r->g->conf, a, &job->op,
                               gov_get_str(v, "command"),
                               gov_member(v, "input"), gov_get_str(v, "op"),
                               gov_get_bool(v, "dry_run"), &job->err);
    }
}


static void
govd_batch_done(govd_job_t *job)
{
    govd_batch_drop(job->data);
}


static void
govd_batch_drop(govd_batch_t *b)
{
    struct MHD_Connection  *connection;

    connection = b->r->connection;

    if (atomic_fetch_sub(&b->left, 1) == 1) {
        govd_batch_answer(b);
        MHD_resume_connection(connection);
    }
}


static void
govd_batch_answer(govd_batch_t *b)
{
    unsigned        i;
    gov_buf_t       text;
    gov_arena_t    *a;
    govd_answer_t   an;

    memset(&an, 0, sizeof(govd_answer_t));
    an.english = b->r->answer.english;
    a = b->r->arena;
    gov_buf_init(&text, a, 4096);

    for (i = 0; i < b->n; i++) {

        if (b->jobs[i].rc == GOV_OK) {
            govd_answer_ok(&an, b->jobs[i].body);
        } else {
            govd_answer_err(a, &an, &b->jobs[i].err);
        }

        govd_answer_line(&text, a, &an, &b->jobs[i]);
    }

    govd_answer_ok(&b->r->answer, text.s);
    b->r->answer.type = "application/x-ndjson";
}
