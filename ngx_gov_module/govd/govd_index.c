
/*
 * Copyright (C) ngx_gov authors
 *
 * A store that was made before some of its indexes gets them here, step by
 * step between other jobs: nobody waits for it, and questions do without
 * until the mark stands (content/gov_index.c).
 */


#include "govd/govd_int.h"


static gov_rc_t govd_indexes_there(govd_t *g, int *all);
static gov_rc_t govd_indexes_make(govd_t *g);
static gov_rc_t govd_indexes_step(gov_txn_t *t, gov_arena_t *a, void *data,
    gov_err_t *err);


/* in the thread of the works that were asked for */

void
govd_indexes(govd_t *g)
{
    int       all;
    gov_rc_t  rc;

    static int  settled;

    if (settled) {
        return;
    }

    rc = govd_indexes_there(g, &all);

    if (rc == GOV_OK && !all) {
        govd_log(GOVD_NOTICE, "the store lacks indexes: they are made");
        rc = govd_indexes_make(g);
    }

    /* after a fault, as of a full disk, the next start tries again */

    settled = rc != GOV_BUSY;

    if (rc == GOV_OK && !all) {
        govd_log(GOVD_NOTICE, "the store has all indexes");
    }
}


static gov_rc_t
govd_indexes_there(govd_t *g, int *all)
{
    gov_rc_t    rc;
    gov_txn_t  *t;

    rc = gov_txn_begin(g->store, GOV_TXN_READ, &t, NULL);

    if (rc == GOV_OK) {
        rc = gov_indexed(t, all);
        gov_txn_end(&t);
    }

    return rc;
}


static gov_rc_t
govd_indexes_make(govd_t *g)
{
    gov_rc_t        rc;
    govd_job_t      job;
    gov_indexes_t   at;

    memset(&at, 0, sizeof(gov_indexes_t));
    rc = GOV_OK;

    while (rc == GOV_OK && !at.done && !atomic_load(&g->stopping)) {
        memset(&job, 0, sizeof(govd_job_t));
        job.arena = gov_arena_new_limited(16384, GOVD_ARENA_MAX);
        job.step = govd_indexes_step;
        job.data = &at;

        rc = govd_own_do(g, &job, NULL, NULL);

        if (rc != GOV_OK) {
            govd_log(GOVD_WARN, "indexes: %s", job.err.text);
        }

        gov_arena_free(&job.arena);

        gov_point("indexes");
    }

    return rc == GOV_OK && !at.done ? GOV_BUSY : rc;
}


static gov_rc_t
govd_indexes_step(gov_txn_t *t, gov_arena_t *a, void *data, gov_err_t *err)
{
    return gov_indexes_step(t, a, data, err);
}
