
/*
 * Copyright (C) ngx_gov authors
 *
 * The one writer.  Jobs that wait while a commit is in flight share the next
 * transaction:
 *
 *     queue --take--> child transaction --ok----> its changes join the group
 *                                       --else--> nothing of it is left
 *     the group ends: 10 ms, 64 MB (commit-bytes in govd.conf) or an empty
 *                     queue
 *     commit --ok--> every job's done()
 *
 * Invariants:
 *
 *   1. An answer goes out after the commit that holds its change, never
 *      before; a job that changed nothing is answered with its group too.
 *   2. Nothing a command changes is kept in memory between two jobs.
 *   3. A commit that failed for another reason than lack of space ends the
 *      process at once (a failed fsync must not be tried again): the waiting
 *      connections break, the parent starts a new child, and who asks again
 *      with the same operation id learns what became of it.
 */


#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "govd/govd_int.h"


#define GOVD_QUEUE_MAX    4096
#define GOVD_GROUP_BYTES  (64 * 1024 * 1024)
#define GOVD_GROUP_US     10000


struct govd_writer_s {
    gov_store_t      *store;
    size_t            group;
    pthread_t         thread;
    pthread_mutex_t   mutex;
    pthread_cond_t    cond;
    govd_job_t       *first;
    govd_job_t      **last;
    unsigned          waiting;
    int               ending;
};

typedef struct {
    gov_txn_t        *txn;
    govd_job_t       *first;        /* in the order they came */
    govd_job_t      **last;
    unsigned          changes;
} govd_group_t;


static void *govd_writer_thread(void *data);
static govd_job_t *govd_writer_take(govd_writer_t *w, int wait);
static void govd_writer_group(govd_writer_t *w, govd_job_t *job);
static void govd_group_do(govd_group_t *group, govd_job_t *job);
static gov_rc_t govd_job_do(gov_txn_t *t, govd_job_t *job);
static void govd_group_commit(govd_group_t *group);
static void govd_group_answer(govd_group_t *group, gov_rc_t rc,
    gov_err_t *err);
static int64_t govd_ticks(void);


gov_rc_t
govd_writer_begin(gov_store_t *s, size_t group, govd_writer_t **writer,
    gov_err_t *err)
{
    govd_writer_t  *w;

    w = calloc(1, sizeof(govd_writer_t));
    if (w == NULL) {
        return gov_fail(err, GOV_ERROR, "", "内存不足");
    }

    w->store = s;
    w->group = group ? group : GOVD_GROUP_BYTES;
    w->last = &w->first;
    (void) pthread_mutex_init(&w->mutex, NULL);
    (void) pthread_cond_init(&w->cond, NULL);

    if (pthread_create(&w->thread, NULL, govd_writer_thread, w) != 0) {
        free(w);
        return gov_fail(err, GOV_ERROR, "", "无法启动写线程");
    }

    *writer = w;

    return GOV_OK;
}


gov_rc_t
govd_writer_put(govd_writer_t *w, govd_job_t *job)
{
    gov_rc_t  rc;

    job->next = NULL;
    rc = GOV_BUSY;

    (void) pthread_mutex_lock(&w->mutex);

    if (w->waiting < GOVD_QUEUE_MAX && !w->ending) {
        *w->last = job;
        w->last = &job->next;
        w->waiting++;
        (void) pthread_cond_signal(&w->cond);
        rc = GOV_OK;
    }

    (void) pthread_mutex_unlock(&w->mutex);

    return rc;
}


void
govd_writer_stop(govd_writer_t *w)
{
    int  ended;

    (void) pthread_mutex_lock(&w->mutex);
    ended = w->ending;
    w->ending = 1;
    (void) pthread_cond_signal(&w->cond);
    (void) pthread_mutex_unlock(&w->mutex);

    if (!ended) {
        (void) pthread_join(w->thread, NULL);
    }
}


void
govd_writer_end(govd_writer_t **writer)
{
    govd_writer_t  *w = *writer;

    *writer = NULL;

    if (w == NULL) {
        return;
    }

    govd_writer_stop(w);

    (void) pthread_cond_destroy(&w->cond);
    (void) pthread_mutex_destroy(&w->mutex);
    free(w);
}


static void *
govd_writer_thread(void *data)
{
    govd_job_t     *job;
    govd_writer_t  *w = data;

    while ((job = govd_writer_take(w, 1)) != NULL) {
        govd_writer_group(w, job);
    }

    return NULL;
}


/* NULL: the queue is empty and, when waiting, the end was asked for */

static govd_job_t *
govd_writer_take(govd_writer_t *w, int wait)
{
    govd_job_t  *job;

    (void) pthread_mutex_lock(&w->mutex);

    while (wait && w->first == NULL && !w->ending) {
        (void) pthread_cond_wait(&w->cond, &w->mutex);
    }

    job = w->first;

    if (job != NULL) {
        w->first = job->next;
        w->waiting--;

        if (w->first == NULL) {
            w->last = &w->first;
        }
    }

    (void) pthread_mutex_unlock(&w->mutex);

    return job;
}


static void
govd_writer_group(govd_writer_t *w, govd_job_t *job)
{
    int64_t       begun;
    gov_rc_t      rc;
    gov_err_t     err;
    govd_group_t  group;

    memset(&group, 0, sizeof(govd_group_t));
    memset(&err, 0, sizeof(gov_err_t));
    group.last = &group.first;

    rc = gov_txn_begin(w->store, GOV_TXN_WRITE, &group.txn, &err);

    begun = govd_ticks();

    do {
        job->next = NULL;
        *group.last = job;
        group.last = &job->next;

        if (rc != GOV_OK) {
            govd_group_answer(&group, rc, &err);
            return;
        }

        govd_group_do(&group, job);

        if (gov_txn_bytes(group.txn) >= w->group
            || govd_ticks() - begun >= GOVD_GROUP_US)
        {
            break;
        }

        job = govd_writer_take(w, 0);

    } while (job != NULL);

    govd_group_commit(&group);
}


void
govd_writer_run(gov_store_t *s, govd_job_t *job)
{
    gov_rc_t      rc;
    gov_err_t     err;
    govd_group_t  group;

    memset(&group, 0, sizeof(govd_group_t));
    memset(&err, 0, sizeof(gov_err_t));

    job->next = NULL;
    group.first = job;

    rc = gov_txn_begin(s, GOV_TXN_WRITE, &group.txn, &err);

    if (rc != GOV_OK) {
        govd_group_answer(&group, rc, &err);
        return;
    }

    govd_group_do(&group, job);
    govd_group_commit(&group);
}


static void
govd_group_do(govd_group_t *group, govd_job_t *job)
{
    gov_txn_t  *child;

    gov_point("before_apply");

    job->rc = gov_txn_child(group->txn, &child, &job->err);
    if (job->rc != GOV_OK) {
        return;
    }

    job->rc = govd_job_do(child, job);

    if (job->rc == GOV_OK && !job->op.dry_run) {
        job->rc = gov_txn_commit(&child, &job->err);
        group->changes += job->rc == GOV_OK;
    }

    gov_txn_end(&child);

    gov_point("after_apply");

    if (job->rc != GOV_OK) {
        (void) gov_fail(&job->err, job->rc, "", "命令没有完成（%s）",
                        gov_rc_name(job->rc));
    }
}


/* the verdict points into the transaction: it becomes bytes inside it */

static gov_rc_t
govd_job_do(gov_txn_t *t, govd_job_t *job)
{
    gov_rc_t      rc;
    gov_buf_t     b;
    gov_value_t  *verdict;

    if (job->step) {
        return job->step(t, job->arena, job->data, &job->err);
    }

    job->op.time = gov_now();

    rc = gov_desk_apply(t, job->arena, &job->op, &verdict, &job->seq,
                        &job->err);
    if (rc != GOV_OK) {
        return rc;
    }

    govd_invite_say(job->arena, &job->op, verdict);
    gov_said_in(verdict, job->lang);

    gov_buf_init(&b, job->arena, 256);
    gov_json_write(&b, verdict, 0);
    job->body = b.s;

    return gov_arena_failed(job->arena)
           ? gov_fail(&job->err, GOV_FULL, "", "命令的结果过大") : GOV_OK;
}


static void
govd_group_commit(govd_group_t *group)
{
    gov_rc_t    rc;
    gov_err_t   err;

    memset(&err, 0, sizeof(gov_err_t));

    if (group->changes == 0) {
        govd_group_answer(group, GOV_OK, &err);
        return;
    }

    rc = gov_txn_commit(&group->txn, &err);

    if (rc != GOV_OK && rc != GOV_FULL) {
        govd_log(GOVD_ERROR, "commit failed, this process ends: %s",
                 err.text);
        _exit(3);
    }

    govd_group_answer(group, rc, &err);
}


/* rc: what became of the whole group.  done() may free its job */

static void
govd_group_answer(govd_group_t *group, gov_rc_t rc, gov_err_t *err)
{
    govd_job_t  *job, *next;

    gov_txn_end(&group->txn);

    gov_point("before_answer");

    for (job = group->first; job; job = next) {
        next = job->next;

        if (job->rc == GOV_OK && rc != GOV_OK) {
            job->rc = rc;
            job->err = *err;
            job->seq = 0;
        }

        job->done(job);

        gov_point("between_answers");
    }
}


/* for lengths of time only; never shown and never stored */

static int64_t
govd_ticks(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_MONOTONIC, &ts);

    return (int64_t) ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}
