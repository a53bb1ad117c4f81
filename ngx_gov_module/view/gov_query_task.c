
/*
 * Copyright (C) ngx_gov authors
 *
 * What waits for whoever asks: task.list, task.count, schedule.list.  The
 * rows stand at every node of the tree above their document, so a queue is
 * read at the nodes where the right is held, whatever stands below them.
 *
 * Where it is held in a column the rows of others stand between.  Of a kind
 * GOV_ASK_LOOK_MAX of them are passed over; then nothing is shown from behind
 * the row where the first node ended, the answer says so (`partial`), and the
 * next page goes on there.
 *
 * Such a right ends at its site.  What stands below that is theirs by another
 * grant, whose site has been given as a node of its own.
 */


#include <stdlib.h>

#include "view/gov_query_int.h"


/* kinds of tasks, the right to see them as one's own, and their names */
static struct {
    uint32_t       kind;
    gov_right_t    right;
    const char    *name;
} gov_tasks[] = {
    { GOV_STEP_COLLECT, GOV_RIGHT_DOC_WRITE, "collect" },
    { GOV_STEP_EDIT, GOV_RIGHT_DOC_WRITE, "edit" },
    { GOV_STEP_REVIEW1, GOV_RIGHT_DOC_REVIEW, "review1" },
    { GOV_STEP_REVIEW2, GOV_RIGHT_DOC_REVIEW, "review2" },
    { GOV_STEP_REVIEW3, GOV_RIGHT_DOC_REVIEW, "review3" },
    { GOV_STEP_SIGN, GOV_RIGHT_DOC_PUBLISH, "sign" },
    { GOV_TASK_LATER, GOV_RIGHT_DOC_REVIEW, "later" },
    { 0, 0, NULL }
};

static struct {
    uint32_t       kind;
    const char    *name;
} gov_comings[] = {
    { GOV_TASK_COMING, "publish" }, { GOV_TASK_LEAVING, "expire" },
    { 0, NULL }
};

typedef struct {
    int64_t          time;
    uint64_t         doc;
    const char      *name;          /* of its kind */
    gov_task_rec_t   rec;
} gov_wait_t;

typedef struct {
    gov_wait_t    *rows;
    unsigned       n;
    unsigned       max;
    gov_key_t      from;            /* time and document, behind the kind */
    uint32_t      *nodes;
    unsigned       nnodes;
    int            roots;           /* they are those of who asks */
    int            partial;         /* some node was not read to its end, */
    gov_wait_t     end;             /* and this is the first where it was */
    unsigned       looks;           /* left at acts on the documents */
} gov_waits_t;


static gov_rc_t gov_ask_nodes(gov_ask_t *q, gov_right_t right,
    gov_waits_t *w);
static gov_rc_t gov_ask_waits(gov_ask_t *q, uint32_t node, uint32_t kind,
    gov_right_t right, const char *name, unsigned limit, gov_waits_t *w);
static int gov_ask_wait_own(gov_ask_t *q, gov_waits_t *w, gov_right_t right,
    uint32_t node);
static void gov_ask_wait_end(gov_waits_t *w, gov_wait_t *row);
static void gov_ask_wait_add(gov_ask_t *q, gov_waits_t *w, gov_wait_t *row);
static gov_rc_t gov_ask_from(gov_ask_t *q, gov_waits_t *w);
static int gov_wait_cmp(const void *one, const void *two);
static gov_rc_t gov_ask_waits_out(gov_ask_t *q, gov_waits_t *w,
    const char *key);
static gov_rc_t gov_ask_wait_out(gov_ask_t *q, gov_waits_t *w,
    gov_wait_t *wait, const char *key, gov_value_t *rows);
static gov_rc_t gov_ask_wait_from(gov_ask_t *q, gov_waits_t *w,
    gov_value_t *row, gov_doc_t *doc);
static void gov_ask_wait_next(gov_ask_t *q, gov_wait_t *last);
static gov_rc_t gov_ask_count(gov_ask_t *q, uint32_t node, uint32_t kind,
    gov_right_t right, gov_waits_t *w, size_t *count);


gov_rc_t
gov_query_task_list(gov_ask_t *q)
{
    int           known;
    gov_rc_t      rc;
    unsigned      i, k;
    gov_str_t     step;
    gov_waits_t   w;

    step = gov_get_str(q->in, "step");
    known = step.len == 0;

    rc = gov_ask_from(q, &w);

    for (i = 0; rc == GOV_OK && gov_tasks[i].name; i++) {

        if (step.len != 0 && !gov_str_is(step, gov_tasks[i].name)) {
            continue;
        }

        known = 1;
        rc = gov_ask_nodes(q, gov_tasks[i].right, &w);

        for (k = 0; rc == GOV_OK && k < w.nnodes; k++) {
            rc = gov_ask_waits(q, w.nodes[k], gov_tasks[i].kind,
                               gov_tasks[i].right, gov_tasks[i].name,
                               gov_ask_limit(q), &w);
        }
    }

    if (rc != GOV_OK) {
        return rc;
    }

    if (!known) {
        return gov_fail(q->err, GOV_INVALID, "step", "没有“%.*s”这个环节",
                        gov_strf(gov_utf8_head(step, 20)));
    }

    return gov_ask_waits_out(q, &w, "step");
}


/* at the site named, or where the right is held: then nothing above it */

static gov_rc_t
gov_ask_nodes(gov_ask_t *q, gov_right_t right, gov_waits_t *w)
{
    gov_rc_t    rc;
    gov_site_t  site;

    w->roots = gov_member(q->in, "site") == NULL;

    if (w->roots) {
        return gov_who_roots(q->txn, q->arena, q->who, right, &w->nodes,
                             &w->nnodes);
    }

    rc = gov_ask_site(q, "site", &site);
    if (rc != GOV_OK) {
        return rc;
    }

    w->nodes = gov_alloc(q->arena, sizeof(uint32_t));
    *w->nodes = site.id;
    w->nnodes = 1;

    return GOV_OK;
}


/* "time.document" of the last row of the page before */

static gov_rc_t
gov_ask_from(gov_ask_t *q, gov_waits_t *w)
{
    int64_t    time, doc;
    u_char    *dot;
    gov_str_t  after, head;

    memset(w, 0, sizeof(gov_waits_t));
    after = gov_get_str(q->in, "after");
    dot = after.len != 0 ? memchr(after.data, '.', after.len) : NULL;

    if (after.len == 0 || gov_str_is(after, "0")) {
        return GOV_OK;
    }

    if (dot != NULL) {
        head.data = after.data;
        head.len = (size_t) (dot - after.data);
        after.data = dot + 1;
        after.len -= head.len + 1;

        if (gov_str_int(head, &time) == 0 && gov_str_int(after, &doc) == 0) {
            gov_key_add8(gov_key8(&w->from, (uint64_t) time),
                         (uint64_t) doc + 1);
            return GOV_OK;
        }
    }

    return gov_fail(q->err, GOV_INVALID, "after", "翻页位置不对");
}


static gov_rc_t
gov_ask_waits(gov_ask_t *q, uint32_t node, uint32_t kind, gov_right_t right,
    const char *name, unsigned limit, gov_waits_t *w)
{
    int          own;
    gov_rc_t     rc;
    unsigned     found, passed;
    gov_key_t    k, from;
    gov_scan_t   sc;
    gov_wait_t   row;

    gov_key_add4(gov_key4(&k, node), kind);
    row.name = name;

    rc = gov_scan_open(&sc, gov_handle(q->txn, GOV_HUB), GOV_T_TASKS, &k,
                       GOV_FORWARD);
    if (rc != GOV_OK) {
        return rc;
    }

    if (w->from.len != 0) {
        from = k;
        memcpy(from.data + from.len, w->from.data, w->from.len);
        from.len += w->from.len;
        gov_scan_from(&sc, &from);
    }

    found = 0;
    passed = 0;
    own = gov_ask_wait_own(q, w, right, node);

    /* one more than shown tells that there is a next page */

    while (found <= limit
           && (rc = gov_scan_next(&sc, q->arena, &row.rec)) == GOV_OK)
    {
        row.time = (int64_t) gov_key_get8(sc.key, 8);
        row.doc = gov_key_get8(sc.key, 16);

        if ((!own || row.rec.site == node)
            && gov_ask_may(q, right, (uint32_t) row.rec.site,
                           (uint32_t) row.rec.column))
        {
            gov_ask_wait_add(q, w, &row);
            found++;

        } else if (++passed > GOV_ASK_LOOK_MAX / w->nnodes) {
            gov_ask_wait_end(w, &row);
            break;
        }
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


/* only what is the node's own is found at it */

static int
gov_ask_wait_own(gov_ask_t *q, gov_waits_t *w, gov_right_t right,
    uint32_t node)
{
    return w->roots && !gov_may(q->txn, q->who, right, node, 0);
}


static void
gov_ask_wait_end(gov_waits_t *w, gov_wait_t *row)
{
    if (!w->partial || gov_wait_cmp(row, &w->end) < 0) {
        w->end = *row;
    }

    w->partial = 1;
}


static void
gov_ask_wait_add(gov_ask_t *q, gov_waits_t *w, gov_wait_t *row)
{
    gov_wait_t  *more;

    if (w->n == w->max) {
        w->max = w->max * 2 + 64;
        more = gov_alloc(q->arena, w->max * sizeof(gov_wait_t));

        if (w->n != 0) {
            memcpy(more, w->rows, w->n * sizeof(gov_wait_t));
        }

        w->rows = more;
    }

    w->rows[w->n++] = *row;
}


static int
gov_wait_cmp(const void *one, const void *two)
{
    const gov_wait_t  *a, *b;

    a = one;
    b = two;

    if (a->time != b->time) {
        return a->time < b->time ? -1 : 1;
    }

    return a->doc < b->doc ? -1 : a->doc > b->doc;
}


static gov_rc_t
gov_ask_waits_out(gov_ask_t *q, gov_waits_t *w, const char *key)
{
    gov_rc_t      rc;
    unsigned      i, limit;
    gov_value_t  *rows;

    rows = gov_put_list(q->arena, q->out, "rows");
    limit = gov_ask_limit(q);
    w->looks = GOV_ASK_LOOK_MAX;

    if (w->n != 0) {
        qsort(w->rows, w->n, sizeof(gov_wait_t), gov_wait_cmp);
    }

    for (i = 0; i < w->n && i < limit; i++) {

        if (w->partial && gov_wait_cmp(&w->rows[i], &w->end) > 0) {
            break;
        }

        rc = gov_ask_wait_out(q, w, &w->rows[i], key, rows);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    if (i == limit && i < w->n) {
        gov_ask_wait_next(q, &w->rows[i - 1]);

    } else if (w->partial) {
        gov_ask_wait_next(q, &w->end);
        gov_put_bool(q->arena, q->out, "partial", 1);
    }

    return GOV_OK;
}


static void
gov_ask_wait_next(gov_ask_t *q, gov_wait_t *last)
{
    gov_put_str(q->arena, q->out, "next",
                gov_str_fmt(q->arena, "%lld.%llu", (long long) last->time,
                            (unsigned long long) last->doc));
}


static gov_rc_t
gov_ask_wait_out(gov_ask_t *q, gov_waits_t *w, gov_wait_t *wait,
    const char *key, gov_value_t *rows)
{
    gov_rc_t        rc;
    gov_doc_t       doc;
    gov_site_t     *site;
    gov_value_t    *row;

    rc = gov_doc_get(q->txn, q->arena, (uint32_t) wait->rec.site, wait->doc,
                     &doc);

    if (rc == GOV_OK) {
        rc = gov_ask_site_got(q, doc.site, &site);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    row = gov_add_map(q->arena, rows);
    gov_put_c(q->arena, row, key, wait->name);
    gov_ask_time(q, row, "time", wait->time);
    gov_put_int(q->arena, row, "doc", (int64_t) doc.id);
    gov_put_str(q->arena, row, "title", gov_ask_title(q, &doc));
    gov_put_int(q->arena, row, "version", doc.rec.judged != 0
                                          ? doc.rec.judged : doc.rec.last);
    gov_put_c(q->arena, row, "state",
              gov_shown_name(gov_doc_shown(&doc.rec, q->now)));
    gov_put_str(q->arena, row, "site", site->rec.code);
    gov_put_str(q->arena, row, "site_name", site->rec.name);
    gov_ask_column(q, row, doc.site, (uint32_t) doc.rec.column);

    return gov_ask_wait_from(q, w, row, &doc);
}


/* who submitted it; of what was sent back who did, and why */

static gov_rc_t
gov_ask_wait_from(gov_ask_t *q, gov_waits_t *w, gov_value_t *row,
    gov_doc_t *doc)
{
    gov_rc_t           rc;
    gov_stepped_rec_t  r;

    rc = gov_ask_came(q, doc, &w->looks, &r);

    if (rc != GOV_OK && rc != GOV_DONE) {
        return rc;
    }

    if (rc == GOV_DONE || r.act != GOV_ACT_REJECT) {
        gov_ask_person(q, row, "from", doc->rec.handed);
        return GOV_OK;
    }

    if (r.by != 0) {
        gov_ask_person(q, row, "from", r.by);

    } else {
        gov_put_some(q->arena, row, "from", r.actor);
    }

    gov_put_bool(q->arena, row, "rejected", 1);
    gov_put_some(q->arena, row, "reason", r.reason);

    return GOV_OK;
}


gov_rc_t
gov_query_task_count(gov_ask_t *q)
{
    size_t        count, sum;
    gov_rc_t      rc;
    unsigned      i, k;
    gov_value_t  *steps;
    gov_waits_t   w;

    sum = 0;
    memset(&w, 0, sizeof(gov_waits_t));
    steps = gov_put_map(q->arena, q->out, "steps");

    for (i = 0; gov_tasks[i].name; i++) {
        rc = gov_ask_nodes(q, gov_tasks[i].right, &w);
        count = 0;

        for (k = 0; rc == GOV_OK && k < w.nnodes; k++) {
            rc = gov_ask_count(q, w.nodes[k], gov_tasks[i].kind,
                               gov_tasks[i].right, &w, &count);
        }

        if (rc != GOV_OK) {
            return rc;
        }

        sum += count;
        gov_put_int(q->arena, steps, gov_tasks[i].name, (int64_t) count);
    }

    gov_put_int(q->arena, q->out, "all", (int64_t) sum);

    if (w.partial) {
        gov_put_bool(q->arena, q->out, "partial", 1);
    }

    return GOV_OK;
}


/* where the right is held in all columns the rows need not be looked at */

static gov_rc_t
gov_ask_count(gov_ask_t *q, uint32_t node, uint32_t kind, gov_right_t right,
    gov_waits_t *w, size_t *count)
{
    size_t       n;
    gov_rc_t     rc;
    gov_key_t    k;
    gov_scan_t   sc;

    if (!gov_may(q->txn, q->who, right, node, 0)) {
        w->n = 0;
        rc = gov_ask_waits(q, node, kind, right, "", GOV_ASK_COUNT_MAX, w);
        *count += w->n;

        return rc;
    }

    gov_key_add4(gov_key4(&k, node), kind);

    rc = gov_scan_open(&sc, gov_handle(q->txn, GOV_HUB), GOV_T_TASKS, &k,
                       GOV_FORWARD);
    if (rc != GOV_OK) {
        return rc;
    }

    n = 0;
    rc = gov_scan_skip(&sc, GOV_ASK_COUNT_MAX, &n);
    *count += n;

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


gov_rc_t
gov_query_schedule_list(gov_ask_t *q)
{
    gov_rc_t      rc;
    unsigned      i, k;
    gov_waits_t   w;

    rc = gov_ask_from(q, &w);

    if (w.from.len == 0) {
        gov_key8(&w.from, (uint64_t) q->now + 1);
    }

    if (rc == GOV_OK) {
        rc = gov_ask_nodes(q, GOV_RIGHT_DOC_READ, &w);
    }

    for (i = 0; rc == GOV_OK && gov_comings[i].name; i++) {
        for (k = 0; rc == GOV_OK && k < w.nnodes; k++) {
            rc = gov_ask_waits(q, w.nodes[k], gov_comings[i].kind,
                               GOV_RIGHT_DOC_READ, gov_comings[i].name,
                               gov_ask_limit(q), &w);
        }
    }

    return rc == GOV_OK ? gov_ask_waits_out(q, &w, "kind") : rc;
}
