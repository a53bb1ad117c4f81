
/*
 * Copyright (C) ngx_gov authors
 *
 * govd --once: what govctl runs when no daemon is there.  It holds the
 * daemon's lock, reads requests from stdin, a JSON line each, and answers on
 * stdout in the same way, until stdin ends:
 *
 *     {"command": "site.create", "input": {}, "op": "", "dry_run": false}
 *     {"query": "site.list", "input": {}}
 *     {"blob": 4711}            followed by as many bytes
 *     {"work": "store.check", "input": {}}
 *
 *     {"status": 200, "body": {}, "op": "...", "seq": 1}
 *
 * A work answers with its own lines, the last one {"end": ...}.
 */


#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "govd/govd_int.h"


typedef struct {
    govd_conf_t  *conf;
    gov_store_t  *store;
    gov_arena_t  *arena;            /* of one request */
    gov_str_t     actor;
    int           english;          /* who called speaks it */
} govd_once_t;


static gov_rc_t govd_once_open(govd_once_t *o, gov_err_t *err);
static void govd_once_request(govd_once_t *o, gov_str_t line);
static void govd_once_command(govd_once_t *o, gov_value_t *v);
static void govd_once_query(govd_once_t *o, gov_value_t *v);
static void govd_once_blob(govd_once_t *o, gov_value_t *v);
static gov_rc_t govd_once_bytes(govd_once_t *o, int64_t n, gov_str_t *json,
    gov_err_t *err);
static gov_rc_t govd_once_work(govd_once_t *o, gov_value_t *v,
    gov_err_t *err);
static void govd_once_nothing(govd_job_t *job);
static void govd_once_say(govd_once_t *o, govd_answer_t *an,
    govd_job_t *job);
static void govd_once_fail(govd_once_t *o, gov_err_t *err);


int
govd_once(govd_conf_t *conf)
{
    char         *line;
    size_t        size;
    ssize_t       n;
    gov_err_t     err;
    govd_once_t   o;
    struct passwd  *pw;

    memset(&err, 0, sizeof(gov_err_t));
    memset(&o, 0, sizeof(govd_once_t));
    o.conf = conf;

    pw = getpwuid(getuid());
    o.actor = gov_str_of(pw ? pw->pw_name : "?");

    if (getenv("GOV_ACTOR")) {
        o.actor = gov_str_of(getenv("GOV_ACTOR"));
    }

    o.english = gov_speaks("en");

    if (govd_lock(&err) == -1) {
        govd_log(GOVD_ERROR, "%s", err.text);
        return 1;
    }

    line = NULL;
    size = 0;

    while ((n = getline(&line, &size, stdin)) > 0) {
        o.arena = gov_arena_new_limited(4096, GOVD_ARENA_MAX);
        govd_once_request(&o, (gov_str_t) { (size_t) n, (u_char *) line });
        gov_arena_free(&o.arena);
        (void) fflush(stdout);
    }

    free(line);
    gov_store_close(&o.store);

    return 0;
}


static void
govd_once_request(govd_once_t *o, gov_str_t line)
{
    gov_rc_t      rc;
    gov_err_t     err;
    gov_value_t  *v;

    memset(&err, 0, sizeof(gov_err_t));

    rc = gov_json_parse(o->arena, line, &v, &err);

    if (rc == GOV_OK && gov_member(v, "work")) {
        rc = govd_once_work(o, v, &err);

    } else if (rc == GOV_OK) {
        rc = govd_once_open(o, &err);

        if (rc != GOV_OK) {
            /* said below */

        } else if (gov_member(v, "command")) {
            govd_once_command(o, v);

        } else if (gov_member(v, "query")) {
            govd_once_query(o, v);

        } else if (gov_member(v, "blob")) {
            govd_once_blob(o, v);

        } else {
            rc = gov_fail(&err, GOV_INVALID, "", "不明的请求");
        }
    }

    if (rc != GOV_OK) {
        govd_once_fail(o, &err);
    }
}


static gov_rc_t
govd_once_open(govd_once_t *o, gov_err_t *err)
{
    gov_rc_t  rc;

    if (o->store) {
        return GOV_OK;
    }

    rc = gov_store_open(&o->conf->store, &o->store, err);

    return rc == GOV_OK ? govd_key_open(o->conf, o->store, err) : rc;
}


static void
govd_once_command(govd_once_t *o, gov_value_t *v)
{
    govd_job_t     job;
    govd_answer_t  an;

    memset(&an, 0, sizeof(govd_answer_t));
    an.english = o->english;
    memset(&job, 0, sizeof(govd_job_t));
    job.arena = o->arena;
    job.done = govd_once_nothing;
    job.lang = govd_lang(&an);
    job.op.door = GOV_DOOR_CTL;
    job.op.actor = o->actor;
    job.op.origin = gov_s("once");
    job.op.blobs = o->conf->blobs;

    job.rc = govd_op_fill(o->conf, o->arena, &job.op,
                          gov_get_str(v, "command"), gov_member(v, "input"),
                          gov_get_str(v, "op"), gov_get_bool(v, "dry_run"),
                          &job.err);

    if (job.rc == GOV_OK && gov_command_find(job.op.command) == NULL) {
        job.rc = gov_fail(&job.err, GOV_NOT_FOUND, "command",
                          "没有名为“%.*s”的命令",
                          gov_strf(gov_utf8_head(job.op.command, 60)));
    }

    if (job.rc == GOV_OK) {
        govd_writer_run(o->store, &job);
    }

    if (job.rc == GOV_OK) {
        govd_answer_ok(&an, job.body);
    } else {
        govd_answer_err(o->arena, &an, &job.err);
    }

    govd_once_say(o, &an, &job);
}


static void
govd_once_nothing(govd_job_t *job)
{
    (void) job;
}


static void
govd_once_query(govd_once_t *o, gov_value_t *v)
{
    gov_value_t    *input;
    govd_answer_t   an;

    memset(&an, 0, sizeof(govd_answer_t));
    an.english = o->english;
    input = gov_member(v, "input");

    govd_ask(o->conf, o->store, o->arena, NULL, gov_get_str(v, "query"),
             input ? input : gov_map(o->arena), &an);

    govd_once_say(o, &an, NULL);
}


static void
govd_once_blob(govd_once_t *o, gov_value_t *v)
{
    gov_str_t      json;
    gov_err_t      err;
    govd_answer_t  an;

    memset(&err, 0, sizeof(gov_err_t));

    if (govd_once_bytes(o, gov_get_int(v, "blob", 0), &json, &err)
        != GOV_OK)
    {
        govd_once_fail(o, &err);
        return;
    }

    govd_answer_ok(&an, json);
    govd_once_say(o, &an, NULL);
}


/* the bytes are read to their end also when they cannot be kept */

static gov_rc_t
govd_once_bytes(govd_once_t *o, int64_t n, gov_str_t *json, gov_err_t *err)
{
    char         buf[65536];
    size_t       part;
    gov_rc_t     rc;
    govd_blob_t  b;

    rc = n <= GOVD_BLOB_MAX ? govd_blob_begin(&b, err)
         : gov_fail(err, GOV_INVALID, "", "附件超过 %d MB",
                    GOVD_BLOB_MAX / 1024 / 1024);

    while (n > 0) {
        part = fread(buf, 1, n < (int64_t) sizeof(buf) ? (size_t) n
                                                       : sizeof(buf), stdin);
        if (part == 0) {
            if (rc == GOV_OK) {
                govd_blob_drop(&b);
            }

            return gov_fail(err, GOV_INVALID, "", "附件不完整");
        }

        n -= (int64_t) part;

        if (rc == GOV_OK) {
            rc = govd_blob_add(&b, buf, part, err);

            if (rc != GOV_OK) {
                govd_blob_drop(&b);
            }
        }
    }

    return rc == GOV_OK ? govd_blob_end(&b, o->arena, o->conf->blobs, json,
                                        err)
                        : rc;
}


static gov_rc_t
govd_once_work(govd_once_t *o, gov_value_t *v, gov_err_t *err)
{
    int           fd;
    char          buf[16384];
    pid_t         pid;
    ssize_t       n;
    gov_rc_t      rc;
    gov_buf_t     input;
    gov_value_t  *in;

    in = gov_member(v, "input");
    gov_buf_init(&input, o->arena, 64);
    gov_json_write(&input, in ? in : gov_map(o->arena), 0);

    rc = govd_work_start(o->conf, gov_get_str(v, "work"), input.s, &fd, &pid,
                         err);
    if (rc != GOV_OK) {
        return rc;
    }

    while ((n = read(fd, buf, sizeof(buf))) > 0) {
        (void) fwrite(buf, 1, (size_t) n, stdout);
        (void) fflush(stdout);
    }

    (void) close(fd);

    return govd_work_wait(pid) ? GOV_OK
           : gov_fail(err, GOV_ERROR, "", "执行这项工作的进程意外结束");
}


static void
govd_once_say(govd_once_t *o, govd_answer_t *an, govd_job_t *job)
{
    gov_buf_t  b;

    gov_buf_init(&b, o->arena, an->body.len + 128);
    govd_answer_line(&b, o->arena, an, job);

    (void) fwrite(b.s.data, 1, b.s.len, stdout);
}


static void
govd_once_fail(govd_once_t *o, gov_err_t *err)
{
    govd_answer_t  an;

    memset(&an, 0, sizeof(govd_answer_t));
    an.english = o->english;
    govd_answer_err(o->arena, &an, err);
    govd_once_say(o, &an, NULL);
}
