
/*
 * Copyright (C) ngx_gov authors
 *
 * Long work, in the process that govd_work.c starts for it.  It opens the
 * store itself, for reading, and prints a JSON line a record, a fault or a
 * step; the last line is
 *
 *     {"end": {"ok": true, ...}}  or  {"end": {"ok": false, "problem": ...}}
 *
 * so that who reads knows that nothing is missing.
 */


#define _GNU_SOURCE

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include "govd/govd_int.h"
#include "govd/govd_task.h"


typedef struct {
    const char   *name;
    gov_rc_t    (*run)(govd_task_t *k);
} govd_task_row_t;


static gov_rc_t govd_task_run(govd_task_t *k, const char *name,
    const char *input);
static gov_rc_t govd_task_verify(govd_task_t *k);
static void govd_task_at(void *data, uint64_t n);
static gov_rc_t govd_task_check(govd_task_t *k);
static gov_rc_t govd_task_dump(govd_task_t *k);
static gov_rc_t govd_task_export(govd_task_t *k);
static gov_rc_t govd_task_site(govd_task_t *k, gov_txn_t *t,
    gov_site_t *site);
static void govd_task_fault(void *data, uint32_t site, const char *text);
static gov_rc_t govd_task_line(void *data, gov_str_t line);


static govd_task_row_t  govd_tasks[] = {
    { "journal.verify", govd_task_verify },
    { "store.check", govd_task_check },
    { "store.backup", govd_task_backup },
    { "store.dump", govd_task_dump },
    { "site.export", govd_task_export },
    { NULL, NULL }
};


int
govd_task(govd_conf_t *conf, const char *name, const char *input)
{
    gov_rc_t      rc;
    govd_task_t   k;
    gov_value_t  *end;

    (void) prctl(PR_SET_PDEATHSIG, SIGTERM);

    memset(&k, 0, sizeof(govd_task_t));
    k.conf = conf;
    k.arena = gov_arena_new(4096);
    k.end = gov_map(k.arena);

    rc = govd_task_run(&k, name, input);

    end = gov_map(k.arena);
    gov_put_bool(k.arena, k.end, "ok", rc == GOV_OK);

    if (rc != GOV_OK) {
        (void) gov_fail(&k.err, rc, "", "没有完成（%s）", gov_rc_name(rc));
        gov_put(k.end, "problem",
                govd_problem(k.arena, gov_rc_status(k.err.code),
                             gov_rc_name(k.err.code), k.err.field,
                             k.err.text, 0));
    }

    gov_put(end, "end", k.end);
    govd_task_say(&k, end);

    gov_store_close(&k.store);
    gov_arena_free(&k.arena);

    return fflush(stdout) == 0 ? gov_rc_exit(rc) : GOVD_TASK_BROKEN;
}


static gov_rc_t
govd_task_run(govd_task_t *k, const char *name, const char *input)
{
    gov_rc_t          rc;
    gov_query_t      *row;
    gov_value_t      *v;
    govd_task_row_t  *task;

    for (task = govd_tasks; task->name; task++) {
        if (strcmp(task->name, name) == 0) {
            break;
        }
    }

    row = gov_query_find(gov_works, gov_str_of(name));

    if (task->name == NULL || row == NULL) {
        return gov_fail(&k->err, GOV_NOT_FOUND, "work",
                        "没有名为“%s”的工作", name);
    }

    rc = gov_json_parse(k->arena, gov_str_of(input), &v, &k->err);

    if (rc == GOV_OK) {
        rc = gov_in_read(k->arena, row->in, v, 0, &k->in, &k->err);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    k->conf->store.flags = GOV_STORE_READ;

    rc = gov_store_open(&k->conf->store, &k->store, &k->err);

    gov_point("task");

    return rc == GOV_OK ? task->run(k) : rc;
}


static gov_rc_t
govd_task_verify(govd_task_t *k)
{
    gov_rc_t      rc;
    uint64_t      checked;
    gov_str_t     head;
    gov_txn_t    *t;
    gov_site_t    site;
    gov_watch_t   watch;

    rc = gov_txn_begin(k->store, GOV_TXN_READ, &t, &k->err);
    if (rc != GOV_OK) {
        return rc;
    }

    site.id = GOV_HUB;
    checked = 0;
    head.len = 0;
    k->total = gov_journal_head(t);
    watch.at = govd_task_at;
    watch.data = k;

    if (gov_member(k->in, "site")) {
        rc = govd_task_site(k, t, &site);
    }

    if (rc == GOV_OK) {
        rc = gov_journal_verify(t, site.id, &checked,
                                gov_get_bool(k->in, "progress") ? &watch
                                                                : NULL,
                                &k->err);
    }

    if (rc == GOV_OK && gov_member(k->in, "head")) {
        rc = gov_journal_noted(t, gov_get_str(k->in, "head"), &k->err);
    }

    if (rc == GOV_OK) {
        rc = gov_journal_note(t, k->arena, &head);
    }

    gov_txn_end(&t);

    gov_put_int(k->arena, k->end, "entries", (int64_t) checked);
    gov_put_some(k->arena, k->end, "head", head);

    return rc;
}


/* a hundred lines at most */

static void
govd_task_at(void *data, uint64_t n)
{
    govd_task_t  *k = data;
    gov_value_t  *line;

    if (n % (k->total / 100 + 1) != 0) {
        return;
    }

    line = gov_map(k->arena);
    gov_put_int(k->arena, line, "at", (int64_t) n);
    gov_put_int(k->arena, line, "of", (int64_t) k->total);

    govd_task_say(k, line);
}


static gov_rc_t
govd_task_check(govd_task_t *k)
{
    gov_rc_t  rc;
    uint64_t  values, faults;

    values = 0;
    faults = 0;

    rc = gov_store_check(k->store, govd_task_fault, k, &values, &faults,
                         &k->err);

    gov_put_int(k->arena, k->end, "values", (int64_t) values);
    gov_put_int(k->arena, k->end, "faults", (int64_t) faults);

    if (rc == GOV_OK && faults) {
        return gov_fail(&k->err, GOV_CORRUPT, "",
                        "%llu 个值有问题，见上面各行",
                        (unsigned long long) faults);
    }

    return rc;
}


static void
govd_task_fault(void *data, uint32_t site, const char *text)
{
    govd_task_t  *k = data;
    gov_value_t  *v;

    v = gov_map(k->arena);
    gov_put_int(k->arena, v, "site", site);
    gov_put_str(k->arena, v, "fault",
                gov_str_copy(k->arena, gov_str_of(text)));

    govd_task_say(k, v);
}


static gov_rc_t
govd_task_dump(govd_task_t *k)
{
    gov_rc_t    rc;
    gov_txn_t  *t;

    rc = gov_txn_begin(k->store, GOV_TXN_READ, &t, &k->err);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_store_dump(t, GOV_HUB, gov_get_bool(k->in, "journal"),
                        govd_task_line, k, &k->err);

    gov_txn_end(&t);

    gov_put_int(k->arena, k->end, "lines", k->lines);

    return rc;
}


static gov_rc_t
govd_task_export(govd_task_t *k)
{
    gov_rc_t    rc;
    gov_txn_t  *t;
    gov_site_t  site;

    rc = gov_txn_begin(k->store, GOV_TXN_READ, &t, &k->err);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = govd_task_site(k, t, &site);

    if (rc == GOV_OK) {
        rc = gov_site_export(t, k->arena, site.id, govd_task_line, k,
                             &k->err);
    }

    if (rc == GOV_OK) {
        rc = gov_people_export(t, k->arena, site.id, govd_task_line, k,
                               &k->err);
    }

    gov_txn_end(&t);

    gov_put_int(k->arena, k->end, "lines", k->lines);

    return rc;
}


static gov_rc_t
govd_task_site(govd_task_t *k, gov_txn_t *t, gov_site_t *site)
{
    gov_rc_t   rc;
    gov_str_t  code;

    code = gov_get_str(k->in, "site");
    rc = gov_site_by_code(t, k->arena, code, site);

    return rc == GOV_OK ? rc
                        : gov_fail(&k->err, rc, "site",
                                   "没有代码为 %.*s 的站点", gov_strf(code));
}


static gov_rc_t
govd_task_line(void *data, gov_str_t line)
{
    govd_task_t  *k = data;

    k->lines++;

    if (fwrite(line.data, 1, line.len, stdout) != line.len
        || putc('\n', stdout) == EOF)
    {
        return GOV_ERROR;
    }

    return GOV_OK;
}


void
govd_task_say(govd_task_t *k, gov_value_t *v)
{
    gov_buf_t  b;

    gov_buf_init(&b, k->arena, 256);
    gov_json_write(&b, v, 0);

    (void) fwrite(b.s.data, 1, b.s.len, stdout);
    (void) putc('\n', stdout);
    (void) fflush(stdout);
}
