
/*
 * Copyright (C) ngx_gov authors
 *
 * Who waits for what.  The rows of a document follow from its record alone,
 * as the entries of lists do:
 *
 *     TASKS   node, step, time, document   in the hub, a row for the site and
 *                                          for each one above it
 *     DESK    step, time, document         in the site: the same for itself
 *             maker, document              whose documents they are
 *             state, time, document        of a column, while not published
 *
 * A reviewer of a county reads the rows of the county's node, whatever the
 * number of townships below; so a queue costs what is shown of it.  Four
 * further kinds stand behind the steps: a review that is owed, a time of
 * publication and one of leaving that were to come when they were set.
 *
 * When a document is published and leaves LISTS says; so most of them have no
 * row here but their maker's.
 */


#include "content/gov_content_int.h"


#define GOV_ROWS_MAX    5

typedef struct {
    uint32_t    kind;
    int         task;           /* 1: stands in the hub too */
    uint64_t    time;
} gov_row_t;

typedef struct {
    gov_key_t        rest;      /* of the key, behind the node */
    gov_task_rec_t   rec;
} gov_task_t;


static unsigned gov_rows_of(gov_doc_rec_t *d, gov_row_t *rows);
static gov_row_t gov_row_state(gov_doc_rec_t *d);
static int gov_row_in(gov_row_t *row, gov_row_t *rows, unsigned n);
static gov_rc_t gov_row_change(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_row_t *row, int put);
static gov_rc_t gov_task_at(gov_txn_t *t, gov_arena_t *a, uint32_t node,
    gov_key_t *rest, gov_task_rec_t *task);
static gov_rc_t gov_task_up(gov_txn_t *t, gov_arena_t *a, uint32_t node,
    gov_key_t *rest, gov_task_rec_t *task);
static gov_rc_t gov_tasks_below(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_task_t **list, unsigned *n);


gov_rc_t
gov_tasks_follow(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_doc_rec_t *was)
{
    int        moved;
    gov_rc_t   rc;
    unsigned   i, nold, nnew;
    gov_row_t  old[GOV_ROWS_MAX], new[GOV_ROWS_MAX];

    nold = was != NULL ? gov_rows_of(was, old) : 0;
    nnew = gov_rows_of(&doc->rec, new);
    moved = was != NULL && (was->column != doc->rec.column
                            || was->handed != doc->rec.handed);

    for (i = 0; i < nold; i++) {
        if (!gov_row_in(&old[i], new, nnew)) {
            rc = gov_row_change(t, a, doc, &old[i], 0);
            if (rc != GOV_OK) {
                return rc;
            }
        }
    }

    for (i = 0; i < nnew; i++) {
        if (moved || !gov_row_in(&new[i], old, nold)) {
            rc = gov_row_change(t, a, doc, &new[i], 1);
            if (rc != GOV_OK) {
                return rc;
            }
        }
    }

    return GOV_OK;
}


gov_rc_t
gov_tasks_forget(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc)
{
    gov_rc_t   rc;
    unsigned   i, n;
    gov_row_t  rows[GOV_ROWS_MAX];

    n = gov_rows_of(&doc->rec, rows);
    rc = GOV_OK;

    for (i = 0; rc == GOV_OK && i < n; i++) {
        rc = gov_row_change(t, a, doc, &rows[i], 0);
    }

    return rc;
}


static unsigned
gov_rows_of(gov_doc_rec_t *d, gov_row_t *rows)
{
    unsigned  n;

    n = 0;

    if (d->since != 0 && d->step != GOV_STEP_DONE) {
        rows[n++] = (gov_row_t) { (uint32_t) d->step, 1,
                                  (uint64_t) d->since };
    }

    if (d->urgent != 0) {
        rows[n++] = (gov_row_t) { GOV_TASK_LATER, 1, (uint64_t) d->urgent };
    }

    if (d->state == GOV_DOC_PUBLISHED && d->coming) {
        rows[n++] = (gov_row_t) { GOV_TASK_COMING, 1,
                                  (uint64_t) d->published };
    }

    if (d->state == GOV_DOC_PUBLISHED && d->expires != 0) {
        rows[n++] = (gov_row_t) { GOV_TASK_LEAVING, 1,
                                  (uint64_t) d->expires };
    }

    if (d->maker != 0) {
        rows[n++] = (gov_row_t) { GOV_DESK_MAKER, 0, (uint64_t) d->maker };
    }

    if (d->state != GOV_DOC_PUBLISHED) {
        rows[n++] = gov_row_state(d);
    }

    return n;
}


static gov_row_t
gov_row_state(gov_doc_rec_t *d)
{
    int  draft;

    draft = d->state == GOV_DOC_DRAFT;

    return (gov_row_t) {
        GOV_DESK_STATE(draft ? GOV_DESK_DRAFT : GOV_DESK_WITHDRAWN,
                       d->column),
        0, (uint64_t) (draft ? d->created : d->changed)
    };
}


static int
gov_row_in(gov_row_t *row, gov_row_t *rows, unsigned n)
{
    unsigned  i;

    for (i = 0; i < n; i++) {
        if (rows[i].kind == row->kind && rows[i].time == row->time) {
            return 1;
        }
    }

    return 0;
}


static gov_rc_t
gov_row_change(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, gov_row_t *row,
    int put)
{
    gov_rc_t         rc;
    gov_key_t        k;
    gov_handle_t     h;
    gov_ref_rec_t    ref;
    gov_task_rec_t   task;

    h = gov_handle(t, doc->site);
    memset(&ref, 0, sizeof(gov_ref_rec_t));
    ref.to = doc->rec.column;

    gov_key_add8(gov_key_add8(gov_key4(&k, row->kind), row->time), doc->id);

    rc = put ? gov_save(h, GOV_T_DESK, &k, a, &ref)
             : gov_drop(h, GOV_T_DESK, &k);

    if (rc != GOV_OK && (put || rc != GOV_NOT_FOUND)) {
        return rc;
    }

    memset(&task, 0, sizeof(gov_task_rec_t));
    task.site = doc->site;
    task.column = doc->rec.column;
    task.by = doc->rec.handed;

    return row->task ? gov_task_up(t, a, doc->site, &k, put ? &task : NULL)
                     : GOV_OK;
}


/* for a node and each one above it; task NULL: dropped.  A site that ended
 * has none */

static gov_rc_t
gov_task_up(gov_txn_t *t, gov_arena_t *a, uint32_t node, gov_key_t *rest,
    gov_task_rec_t *task)
{
    gov_rc_t    rc;
    gov_site_t  site;

    while (node != 0) {
        rc = gov_site_get(t, a, node, &site);
        if (rc != GOV_OK) {
            return rc;
        }

        if (task != NULL && gov_site_ended(site.rec.state)) {
            break;
        }

        rc = gov_task_at(t, a, node, rest, task);
        if (rc != GOV_OK) {
            return rc;
        }

        node = (uint32_t) site.rec.parent;
    }

    return GOV_OK;
}


static gov_rc_t
gov_task_at(gov_txn_t *t, gov_arena_t *a, uint32_t node, gov_key_t *rest,
    gov_task_rec_t *task)
{
    gov_rc_t   rc;
    gov_key_t  k;

    gov_key4(&k, node);
    memcpy(k.data + k.len, rest->data, rest->len);
    k.len += rest->len;

    if (task != NULL) {
        return gov_save(gov_handle(t, GOV_HUB), GOV_T_TASKS, &k, a, task);
    }

    rc = gov_drop(gov_handle(t, GOV_HUB), GOV_T_TASKS, &k);

    return rc == GOV_NOT_FOUND ? GOV_OK : rc;
}


/* all of a site and what is below it: they have rows at its node */

static gov_rc_t
gov_tasks_below(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_task_t **list, unsigned *n)
{
    gov_rc_t         rc;
    unsigned         size;
    gov_key_t        k;
    gov_task_t      *more;
    gov_scan_t       sc;
    gov_task_rec_t   rec;

    *n = 0;
    *list = NULL;
    size = 0;

    rc = gov_scan_open(&sc, gov_handle(t, GOV_HUB), GOV_T_TASKS,
                       gov_key4(&k, site), GOV_FORWARD);

    while (rc == GOV_OK && (rc = gov_scan_next(&sc, a, &rec)) == GOV_OK) {

        if (*n == size) {
            size = size * 2 + 64;
            more = gov_alloc(a, size * sizeof(gov_task_t));

            if (*n != 0) {
                memcpy(more, *list, *n * sizeof(gov_task_t));
            }

            *list = more;
        }

        more = &(*list)[(*n)++];
        more->rec = rec;
        more->rest.len = sc.key.len - 4;
        memcpy(more->rest.data, sc.key.data + 4, more->rest.len);
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


gov_rc_t
gov_tasks_move(gov_txn_t *t, gov_arena_t *a, gov_site_t *site, uint32_t was,
    gov_err_t *err)
{
    gov_rc_t     rc;
    unsigned     i, n;
    gov_task_t  *list;

    rc = gov_tasks_below(t, a, site->id, &list, &n);

    for (i = 0; rc == GOV_OK && i < n; i++) {
        rc = gov_task_up(t, a, was, &list[i].rest, NULL);

        if (rc == GOV_OK) {
            rc = gov_task_up(t, a, (uint32_t) site->rec.parent,
                             &list[i].rest, &list[i].rec);
        }
    }

    return gov_store_said(err, rc);
}


gov_rc_t
gov_tasks_end(gov_txn_t *t, gov_arena_t *a, gov_site_t *site, gov_err_t *err)
{
    gov_rc_t     rc;
    unsigned     i, n;
    gov_task_t  *list;

    rc = gov_tasks_below(t, a, site->id, &list, &n);

    for (i = 0; rc == GOV_OK && i < n; i++) {
        rc = gov_task_up(t, a, site->id, &list[i].rest, NULL);
    }

    return gov_store_said(err, rc);
}
