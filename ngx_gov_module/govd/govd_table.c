
/*
 * Copyright (C) ngx_gov authors
 *
 * Long tables, imported as work that somebody asked for.  The door keeps the
 * text as a file, durable before the operation that names it; here it is taken
 * apart into commands of some rows each, in the name of who asked and judged
 * by what they may by then.
 *
 *     piece at row n: command, id made of the work and n --> its entry
 *                     then the row of the work: done, sums, rows refused
 *
 * A piece that was applied when this process was killed gives its verdict
 * again under its id, so it is counted once and done once.
 */


#include "govd/govd_asked.h"


#define GOVD_TABLE_ROWS     100000
#define GOVD_TABLE_PIECE    100                 /* rows of a command */
#define GOVD_TABLE_BYTES    (1024 * 1024)       /* or so much text */
#define GOVD_TABLE_REFUSED  1000                /* rows told of a work */
#define GOVD_TABLE_WARNED   200                 /* and warnings */


static gov_rc_t govd_table_rows(govd_t *g, gov_arena_t *a, gov_work_t *w,
    gov_value_t **rows, gov_err_t *err);
static gov_value_t *govd_table_piece(gov_arena_t *a, gov_work_t *w,
    gov_value_t **row);
static gov_rc_t govd_table_do(govd_t *g, gov_arena_t *a, gov_work_t *w,
    gov_value_t *input, gov_value_t **verdict, gov_err_t *err);
static void govd_table_op(gov_arena_t *a, gov_work_t *w, gov_op_t *op);
static void govd_table_sum(gov_arena_t *a, gov_work_t *w,
    gov_value_t *verdict);
static void govd_table_add(gov_arena_t *a, gov_value_t *sum,
    const char *name, int64_t n);
static void govd_table_tell(gov_arena_t *a, gov_value_t *sum,
    gov_value_t *more, const char *name, unsigned most);


gov_rc_t
govd_table_keep(govd_conf_t *conf, gov_arena_t *a, gov_op_t *op,
    gov_err_t *err)
{
    u_char        digest[GOV_DIGEST_LEN];
    gov_rc_t      rc;
    gov_str_t     csv;
    gov_value_t  *rows;

    if (!gov_str_is(op->command, "work.begin")) {
        return GOV_OK;
    }

    if (gov_member(op->input, "table") || gov_member(op->input, "rows")) {
        return gov_fail(err, GOV_INVALID, "table", "表格请用 csv 提交");
    }

    csv = gov_get_str(op->input, "csv");

    if (csv.len == 0) {
        return GOV_OK;
    }

    rc = gov_text_clean(csv)
         ? gov_desk_csv_rows(a, csv, GOVD_TABLE_ROWS, &rows, err)
         : gov_fail(err, GOV_INVALID, "csv",
                    "“%s”不是 UTF-8 文字或含有控制字符", "csv");

    if (rc == GOV_OK && !op->dry_run) {
        rc = gov_blob_put(conf->blobs, csv, digest, err);

    } else if (rc == GOV_OK) {
        rc = gov_digest(GOV_SHA256, csv, digest);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    gov_unset(op->input, "csv");
    gov_set(op->input, "table",
            gov_val_str(a, gov_hex_str(a, digest, GOV_DIGEST_LEN)));
    gov_set(op->input, "rows", gov_val_int(a, rows->n));

    return GOV_OK;
}


gov_rc_t
govd_table_run(govd_t *g, gov_arena_t *a, gov_work_t *w, gov_err_t *err)
{
    int64_t        i;
    gov_rc_t       rc;
    gov_value_t   *rows, *row, *input, *verdict;
    gov_arena_t   *piece;

    rc = govd_table_rows(g, a, w, &rows, err);
    if (rc != GOV_OK) {
        return rc;
    }

    if (w->rec.result == NULL) {
        w->rec.result = gov_map(a);
    }

    row = rows->u.first;

    for (i = 0; row != NULL && i < w->rec.done; i++) {
        row = row->next;
    }

    while (rc == GOV_OK && row != NULL) {

        if (atomic_load(&g->stopping)) {
            return GOV_BUSY;
        }

        piece = gov_arena_new_limited(16384, GOVD_ARENA_MAX);
        input = govd_table_piece(piece, w, &row);
        rc = govd_table_do(g, piece, w, input, &verdict, err);

        if (rc == GOV_OK) {
            govd_table_sum(a, w, verdict);
            w->rec.done += gov_member(input, "rows")->n;
            rc = govd_asked_note(g, w, err);
        }

        gov_arena_free(&piece);

        gov_point("table");
    }

    return rc;
}


static gov_rc_t
govd_table_rows(govd_t *g, gov_arena_t *a, gov_work_t *w,
    gov_value_t **rows, gov_err_t *err)
{
    gov_rc_t   rc;
    gov_str_t  csv;

    rc = gov_blob_get(a, g->conf->blobs, w->rec.table, &csv, err);

    return rc == GOV_OK ? gov_desk_csv_rows(a, csv, GOVD_TABLE_ROWS, rows,
                                            err)
                        : rc;
}


/* the input of the next command; *row: where the one after it begins */

static gov_value_t *
govd_table_piece(gov_arena_t *a, gov_work_t *w, gov_value_t **row)
{
    size_t        bytes;
    gov_value_t  *input, *rows, *cell;

    input = w->rec.input ? gov_value_copy(a, w->rec.input) : gov_map(a);
    gov_put_int(a, input, "first", w->rec.done + 1);
    rows = gov_put_list(a, input, "rows");
    bytes = 0;

    while (*row != NULL && rows->n < GOVD_TABLE_PIECE) {

        gov_each (cell, *row) {
            bytes += cell->u.s.len;
        }

        if (rows->n != 0 && bytes > GOVD_TABLE_BYTES) {
            break;
        }

        gov_add(rows, gov_value_copy(a, *row));
        *row = (*row)->next;
    }

    return input;
}


static gov_rc_t
govd_table_do(govd_t *g, gov_arena_t *a, gov_work_t *w, gov_value_t *input,
    gov_value_t **verdict, gov_err_t *err)
{
    gov_rc_t     rc;
    govd_job_t   job;

    memset(&job, 0, sizeof(govd_job_t));
    job.arena = a;
    govd_table_op(a, w, &job.op);
    job.op.blobs = g->conf->blobs;
    job.op.input = input;

    rc = gov_random(job.op.random, GOV_RANDOM_LEN) == 0
         ? gov_desk_prepare(a, &job.op, GOVD_SAFE_MAX, &job.err) : GOV_ERROR;

    if (rc == GOV_OK) {
        rc = govd_own_do(g, &job, NULL, NULL);
    }

    if (rc == GOV_OK) {
        rc = gov_json_parse(a, job.body, verdict, &job.err);
    }

    return rc == GOV_OK ? rc : gov_fail(err, rc, job.err.field,
                                        "第 %lld 行起没有导入：%s",
                                        (long long) w->rec.done + 1,
                                        job.err.text);
}


static void
govd_table_op(gov_arena_t *a, gov_work_t *w, gov_op_t *op)
{
    u_char  digest[GOV_DIGEST_LEN];

    (void) gov_digest(GOV_SHA256,
                      gov_str_fmt(a, "work %llu %lld %lld %.*s",
                                  (unsigned long long) w->id,
                                  (long long) w->rec.begun,
                                  (long long) w->rec.done,
                                  gov_strf(w->rec.table)),
                      digest);

    digest[6] = (u_char) (0x80 | (digest[6] & 0x0f));   /* version 8 */
    digest[8] = (u_char) (0x80 | (digest[8] & 0x3f));
    memcpy(op->id, digest, GOV_OPID_LEN);

    op->door = GOV_DOOR_WORK;
    op->account = (uint64_t) w->rec.account;
    op->actor = w->rec.actor;
    op->origin = op->account != 0
                 ? gov_str_fmt(a, GOV_ORIGIN_WORK "%llu",
                               (unsigned long long) w->id)
                 : gov_s(GOV_ORIGIN_DAEMON);
    op->command = w->rec.name;
}


/* what is told of rows is kept up to a bound, warnings in both languages;
 * beyond it they are only counted */

static void
govd_table_sum(gov_arena_t *a, gov_work_t *w, gov_value_t *verdict)
{
    unsigned      i;
    gov_value_t  *sum, *list;

    static const char  *counts[] = {
        "created", "updated", "unchanged", "dead", NULL
    };

    static const struct {
        const char  *list;
        const char  *count;             /* NULL: as the one before */
        unsigned     most;
    } told[] = {
        { "refused", "refusals", GOVD_TABLE_REFUSED },
        { "warnings", "warned", GOVD_TABLE_WARNED },
        { "warnings_en", NULL, GOVD_TABLE_WARNED },
        { NULL, NULL, 0 }
    };

    sum = w->rec.result;

    for (i = 0; counts[i]; i++) {
        if (gov_member(verdict, counts[i])) {
            govd_table_add(a, sum, counts[i],
                           gov_get_int(verdict, counts[i], 0));
        }
    }

    for (i = 0; told[i].list; i++) {
        list = gov_member(verdict, told[i].list);

        if (list != NULL && told[i].count != NULL) {
            govd_table_add(a, sum, told[i].count, list->n);
        }

        if (list != NULL) {
            govd_table_tell(a, sum, list, told[i].list, told[i].most);
        }
    }
}


static void
govd_table_add(gov_arena_t *a, gov_value_t *sum, const char *name, int64_t n)
{
    gov_set(sum, name, gov_val_int(a, gov_get_int(sum, name, 0) + n));
}


static void
govd_table_tell(gov_arena_t *a, gov_value_t *sum, gov_value_t *more,
    const char *name, unsigned most)
{
    gov_value_t  *list, *v;

    list = gov_member(sum, name);
    list = list != NULL ? list : gov_put_list(a, sum, name);

    gov_each (v, more) {
        if (list->n < most) {
            gov_add(list, gov_value_copy(a, v));
        }
    }
}
