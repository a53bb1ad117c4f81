
/*
 * Copyright (C) ngx_gov authors
 *
 * doc.list: documents of a site.  Which index is read follows from what is
 * asked for; what no index knows is looked for among its rows:
 *
 *     step, of those that wait     DESK, the newest wait first
 *     maker                        DESK, the newest document first
 *     state                        DESK, or LISTS of what was published, by
 *                                  the time it tells of: made, withdrawn,
 *                                  published, left; of one column, or the
 *                                  merge of all that who asks may read
 *     column                       LISTS: what is not public, then what is
 *     else                         DOCS, the newest document first
 *
 * So a page costs what it shows, unless words, or a second filter, are rare,
 * or it passes by what has left or is another site's, of which no index knows
 * more than the row: then it ends after GOV_ASK_LOOK_MAX documents, or
 * GOV_LIST_WALK rows as a visitor's does, says so (`partial`), and goes on at
 * `next`.  While a store lacks rows of DESK all is read from the last two.
 */


#define _GNU_SOURCE         /* memmem() */

#include <stdio.h>

#include "view/gov_merge.h"
#include "view/gov_query_int.h"


#define GOV_RUNS_MAX  2

/* one range of an index; the document's number ends its keys */
typedef struct {
    gov_table_t      table;
    gov_key_t        prefix;
} gov_run_t;

/* where the documents of a state stand in each column */
static struct {
    gov_table_t      table;
    uint32_t         base;
    int              when;          /* -1: times up to now, 1: those to come */
} gov_list_states[] = {
    [GOV_SHOWN_DRAFT] = {
        GOV_T_DESK, GOV_DESK_STATE(GOV_DESK_DRAFT, 0), 0
    },
    [GOV_SHOWN_SCHEDULED] = { GOV_T_LISTS, 0, 1 },
    [GOV_SHOWN_PUBLIC] = { GOV_T_LISTS, 0, -1 },
    [GOV_SHOWN_EXPIRED] = { GOV_T_LISTS, GOV_LIST_EXPIRY, -1 },
    [GOV_SHOWN_WITHDRAWN] = {
        GOV_T_DESK, GOV_DESK_STATE(GOV_DESK_WITHDRAWN, 0), 0
    }
};

typedef struct {
    gov_ask_docs_t   docs;
    gov_column_t    *only;
    int              shown;         /* -1: any */
    gov_str_t        text;
    int              step;          /* -1: any */
    uint64_t         maker;         /* 0: any */

    gov_run_t        runs[GOV_RUNS_MAX];
    unsigned         nruns;
    unsigned         run;           /* where the page begins, and ends */
    gov_key_t        from;          /* empty: at its end */
    gov_scan_t       sc;
    gov_merge_t      merge;         /* in place of a scan: of a state */
    int              merged;
    gov_doc_t        doc;           /* of the row */

    gov_value_t     *rows;
    unsigned         looked;        /* at documents */
    unsigned         passed;        /* by rows */
    int              all;           /* every column is theirs to read */
} gov_list_ask_t;


static gov_rc_t gov_list_filters(gov_ask_t *q, gov_list_ask_t *l);
static int gov_list_shown(gov_str_t name);
static void gov_list_runs(gov_list_ask_t *l, int indexed);
static void gov_list_run_add(gov_list_ask_t *l, gov_table_t table,
    uint32_t kind);
static gov_rc_t gov_list_after(gov_ask_t *q, gov_list_ask_t *l);
static gov_rc_t gov_list_run(gov_ask_t *q, gov_list_ask_t *l);
static gov_rc_t gov_list_open(gov_ask_t *q, gov_list_ask_t *l);
static gov_rc_t gov_list_merge(gov_ask_t *q, gov_list_ask_t *l);
static gov_rc_t gov_list_columns(gov_ask_t *q, gov_list_ask_t *l);
static gov_rc_t gov_list_step(gov_ask_t *q, gov_list_ask_t *l,
    gov_head_t *row);
static gov_rc_t gov_list_row(gov_ask_t *q, gov_list_ask_t *l,
    gov_head_t *row);
static gov_rc_t gov_list_doc(gov_ask_t *q, gov_list_ask_t *l,
    gov_head_t *row);
static int gov_list_fits(gov_ask_t *q, gov_list_ask_t *l, gov_doc_t *doc);
static int gov_list_may(gov_ask_t *q, gov_list_ask_t *l, uint32_t column);
static void gov_list_next(gov_ask_t *q, gov_list_ask_t *l, gov_head_t *row);


gov_rc_t
gov_query_doc_list(gov_ask_t *q)
{
    int              indexed;
    gov_rc_t         rc;
    gov_list_ask_t   l;

    memset(&l, 0, sizeof(gov_list_ask_t));

    rc = gov_ask_site(q, "site", &l.docs.site);

    if (rc == GOV_OK) {
        rc = gov_ask_docs(q, &l.docs);
    }

    if (rc == GOV_OK) {
        rc = gov_list_filters(q, &l);
    }

    if (rc == GOV_OK) {
        rc = gov_indexed(q->txn, &indexed);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    gov_list_runs(&l, indexed);

    l.all = gov_may(q->txn, q->who, GOV_RIGHT_DOC_READ, l.docs.site.id, 0);

    rc = gov_list_after(q, &l);

    l.rows = gov_put_list(q->arena, q->out, "rows");

    while (rc == GOV_OK && l.run < l.nruns) {
        rc = gov_list_run(q, &l);

        if (rc != GOV_DONE) {
            break;
        }

        rc = GOV_OK;
        l.run++;
        l.from.len = 0;
    }

    return rc;
}


static gov_rc_t
gov_list_filters(gov_ask_t *q, gov_list_ask_t *l)
{
    gov_str_t  s;

    s = gov_get_str(q->in, "column");

    if (s.len != 0) {
        l->only = gov_column_at(l->docs.columns, l->docs.ncolumns, s);

        if (l->only == NULL) {
            return gov_fail(q->err, GOV_NOT_FOUND, "column",
                            "该站点没有栏目“%.*s”", gov_strf(s));
        }
    }

    s = gov_get_str(q->in, "state");
    l->shown = gov_list_shown(s);

    if (s.len != 0 && l->shown < 0) {
        return gov_fail(q->err, GOV_INVALID, "state", "没有“%.*s”这个状态",
                        gov_strf(gov_utf8_head(s, 20)));
    }

    l->text = gov_get_str(q->in, "text");
    l->step = -1;
    s = gov_get_str(q->in, "step");

    if (s.len != 0) {
        l->step = gov_step_parse(s);

        if (l->step < 0) {
            return gov_fail(q->err, GOV_INVALID, "step",
                            "没有“%.*s”这个环节",
                            gov_strf(gov_utf8_head(s, 20)));
        }
    }

    return gov_ask_maker(q, &l->maker);
}


/* nobody's documents are none, as those of somebody who works elsewhere: who
 * asks is not told which logins there are */

gov_rc_t
gov_ask_maker(gov_ask_t *q, uint64_t *id)
{
    gov_rc_t        rc;
    gov_str_t       s;
    gov_account_t   account;

    *id = 0;
    s = gov_get_str(q->in, "maker");

    if (s.len == 0) {
        return GOV_OK;
    }

    rc = gov_account_by_login(q->txn, q->arena, s, &account);

    *id = rc == GOV_OK ? account.id : UINT64_MAX;

    return rc == GOV_NOT_FOUND ? GOV_OK : rc;
}


static int
gov_list_shown(gov_str_t name)
{
    int  shown;

    for (shown = GOV_SHOWN_WITHDRAWN; shown >= 0; shown--) {
        if (gov_str_is(name, gov_shown_name((gov_shown_t) shown))) {
            break;
        }
    }

    return shown;
}


static void
gov_list_runs(gov_list_ask_t *l, int indexed)
{
    if (indexed && l->step > GOV_STEP_COLLECT && l->step < GOV_STEP_DONE) {
        gov_list_run_add(l, GOV_T_DESK, (uint32_t) l->step);

    } else if (indexed && l->maker != 0) {
        gov_list_run_add(l, GOV_T_DESK, GOV_DESK_MAKER);
        gov_key_add8(&l->runs[0].prefix, l->maker);

    } else if (indexed && l->shown >= 0) {
        l->merged = 1;
        gov_list_run_add(l, gov_list_states[l->shown].table,
                         gov_list_states[l->shown].base);

    } else if (l->only != NULL) {
        gov_list_run_add(l, GOV_T_LISTS, l->only->id | GOV_LIST_DESK);
        gov_list_run_add(l, GOV_T_LISTS, l->only->id);

    } else {
        gov_list_run_add(l, GOV_T_DOCS, 0);
        gov_key(&l->runs[0].prefix);
    }
}


static void
gov_list_run_add(gov_list_ask_t *l, gov_table_t table, uint32_t kind)
{
    gov_run_t  *run;

    run = &l->runs[l->nruns++];
    run->table = table;
    gov_key4(&run->prefix, kind);
}


/* the document's number, or for an index "run.time.number" */

static void
gov_list_next(gov_ask_t *q, gov_list_ask_t *l, gov_head_t *row)
{
    if (l->runs[l->run].table == GOV_T_DOCS) {
        gov_put_int(q->arena, q->out, "next", (int64_t) row->doc);
        return;
    }

    gov_put_str(q->arena, q->out, "next",
                gov_str_fmt(q->arena, "%u.%llu.%llu", l->run,
                            (unsigned long long) row->time,
                            (unsigned long long) row->doc));
}


static gov_rc_t
gov_list_after(gov_ask_t *q, gov_list_ask_t *l)
{
    char                 text[64], end;
    gov_str_t            after;
    unsigned             run;
    unsigned long long   time, doc;

    after = gov_get_str(q->in, "after");

    if (after.len == 0 || gov_str_is(after, "0")) {
        return GOV_OK;
    }

    if (after.len < sizeof(text)) {
        memcpy(text, after.data, after.len);
        text[after.len] = '\0';

        if (l->runs[0].table == GOV_T_DOCS
            && sscanf(text, "%llu%c", &doc, &end) == 1)
        {
            gov_key8(&l->from, doc);
            return GOV_OK;
        }

        if (l->runs[0].table != GOV_T_DOCS
            && sscanf(text, "%u.%llu.%llu%c", &run, &time, &doc, &end) == 3
            && run < l->nruns)
        {
            l->run = run;
            gov_key4(&l->from, gov_key_get4((gov_str_t) {
                                   l->runs[run].prefix.len,
                                   l->runs[run].prefix.data }, 0));
            gov_key_add8(gov_key_add8(&l->from, time), doc);
            return GOV_OK;
        }
    }

    return gov_fail(q->err, GOV_INVALID, "after", "翻页位置不对");
}


/* GOV_DONE: the run ended, the page goes on with the next */

static gov_rc_t
gov_list_run(gov_ask_t *q, gov_list_ask_t *l)
{
    gov_rc_t     rc;
    unsigned     limit;
    gov_head_t   row;

    limit = gov_ask_limit(q);
    rc = gov_list_open(q, l);

    while (rc == GOV_OK && (rc = gov_list_step(q, l, &row)) == GOV_OK) {

        rc = gov_list_row(q, l, &row);

        if (rc == GOV_OK
            && (l->rows->n == limit || l->looked == GOV_ASK_LOOK_MAX
                || l->passed == GOV_LIST_WALK))
        {
            gov_list_next(q, l, &row);
            break;
        }
    }

    gov_scan_close(&l->sc);
    gov_merge_close(&l->merge);

    if (rc == GOV_OK && l->rows->n < limit) {
        gov_put_bool(q->arena, q->out, "partial", 1);
    }

    return rc;
}


/* where the page before ended, or at the run's newest row */

static gov_rc_t
gov_list_open(gov_ask_t *q, gov_list_ask_t *l)
{
    gov_rc_t    rc;
    gov_run_t  *run;

    if (l->merged) {
        return gov_list_merge(q, l);
    }

    run = &l->runs[l->run];

    rc = gov_scan_open(&l->sc, gov_handle(q->txn, l->docs.site.id),
                       run->table, &run->prefix, GOV_REVERSE);

    if (rc == GOV_OK && l->from.len != 0) {
        gov_scan_from(&l->sc, &l->from);
    }

    return rc;
}


static gov_rc_t
gov_list_merge(gov_ask_t *q, gov_list_ask_t *l)
{
    int           when;
    gov_str_t     from;
    gov_merge_t  *m;

    m = &l->merge;
    when = gov_list_states[l->shown].when;

    gov_merge_begin(m, gov_handle(q->txn, l->docs.site.id),
                    gov_list_states[l->shown].table,
                    gov_list_states[l->shown].base, q->arena);

    m->floor = when > 0 ? (uint64_t) q->now + 1 : 0;

    if (l->from.len != 0) {
        from = (gov_str_t) { l->from.len, l->from.data };
        m->time = gov_key_get8(from, 4);
        m->doc = gov_key_get8(from, 12);

    } else if (when < 0) {
        m->time = (uint64_t) q->now + 1;
    }

    return gov_list_columns(q, l);
}


/* that of a column alone, or all that have rows */

static gov_rc_t
gov_list_columns(gov_ask_t *q, gov_list_ask_t *l)
{
    gov_rc_t    rc;
    gov_head_t  head;

    memset(&head, 0, sizeof(gov_head_t));

    if (l->only != NULL) {
        head.column = l->only->id;
        head.time = UINT64_MAX;

        return gov_list_may(q, l, head.column)
               ? gov_merge_add(&l->merge, &head) : GOV_OK;
    }

    head.column = GOV_MERGE_TOP;

    while ((rc = gov_merge_below(&l->merge, &head)) == GOV_OK) {

        if (gov_list_may(q, l, head.column)) {
            rc = gov_merge_add(&l->merge, &head);

            if (rc != GOV_OK) {
                break;
            }
        }
    }

    return rc == GOV_DONE ? GOV_OK : rc;
}


static gov_rc_t
gov_list_step(gov_ask_t *q, gov_list_ask_t *l, gov_head_t *row)
{
    gov_rc_t  rc;

    if (l->merged) {
        return gov_merge_next(&l->merge, row);
    }

    memset(row, 0, sizeof(gov_head_t));
    rc = gov_scan_next(&l->sc, q->arena,
                       l->sc.table == GOV_T_DOCS ? &l->doc.rec : NULL);

    if (rc == GOV_OK) {
        row->doc = gov_key_get8(l->sc.key, l->sc.key.len - 8);
        row->time = l->sc.key.len > 8 ? gov_key_get8(l->sc.key, 4) : 0;
    }

    return rc;
}


/* of a column's list some rows are other sites', and some have left */

static gov_rc_t
gov_list_row(gov_ask_t *q, gov_list_ask_t *l, gov_head_t *row)
{
    gov_rc_t  rc;

    if (row->rec.site != 0
        || (l->shown == GOV_SHOWN_PUBLIC && row->rec.expires != 0
            && row->rec.expires <= q->now))
    {
        l->passed++;
        return GOV_OK;
    }

    l->looked++;
    rc = gov_list_doc(q, l, row);

    if (rc == GOV_OK && gov_list_fits(q, l, &l->doc)) {
        gov_ask_doc_row(q, &l->docs, gov_add_map(q->arena, l->rows), &l->doc);
    }

    return rc == GOV_NOT_FOUND ? GOV_OK : rc;
}


/* a scan of DOCS has read it already */

static gov_rc_t
gov_list_doc(gov_ask_t *q, gov_list_ask_t *l, gov_head_t *row)
{
    if (l->runs[l->run].table != GOV_T_DOCS) {
        return gov_doc_get(q->txn, q->arena, l->docs.site.id, row->doc,
                           &l->doc);
    }

    l->doc.site = l->docs.site.id;
    l->doc.id = row->doc;

    return GOV_OK;
}


static int
gov_list_fits(gov_ask_t *q, gov_list_ask_t *l, gov_doc_t *doc)
{
    gov_str_t  title;

    if (l->only != NULL && doc->rec.column != l->only->id) {
        return 0;
    }

    if (l->shown >= 0 && (int) gov_doc_shown(&doc->rec, q->now) != l->shown)
    {
        return 0;
    }

    if (l->step >= 0 && (int) gov_doc_step(&doc->rec) != l->step) {
        return 0;
    }

    if (l->maker != 0 && (uint64_t) doc->rec.maker != l->maker) {
        return 0;
    }

    if (l->text.len != 0) {
        title = gov_ask_title(q, doc);

        if (memmem(title.data, title.len, l->text.data, l->text.len) == NULL)
        {
            return 0;
        }
    }

    return gov_list_may(q, l, (uint32_t) doc->rec.column);
}


static int
gov_list_may(gov_ask_t *q, gov_list_ask_t *l, uint32_t column)
{
    return l->all || gov_may(q->txn, q->who, GOV_RIGHT_DOC_READ,
                             l->docs.site.id, column);
}
