
/*
 * Copyright (C) ngx_gov authors
 *
 * The commands that govd gives by itself, each at its own interval of the
 * platform's clock:
 *
 *     session.seen     once a minute, for the sessions that were used
 *     session.sweep    every ten minutes, what is over
 *
 * Which sessions were used the doors say, and nginx's workers by a datagram
 * (govd_views.c).  What is lost with this process makes a session end a
 * minute too early.
 */


#include <pthread.h>
#include <stdlib.h>

#include "govd/govd_int.h"


#define GOVD_MINUTE       (60 * (int64_t) 1000000)
#define GOVD_SEEN_EVERY   GOVD_MINUTE
#define GOVD_SWEEP_EVERY  (10 * GOVD_MINUTE)
#define GOVD_SEEN_MAX     1000          /* items of a list */


typedef struct {
    pthread_mutex_t   mutex;
    pthread_cond_t    cond;
    int               done;
} govd_own_wait_t;

struct govd_own_s {
    govd_t           *g;
    int64_t           seen_at;          /* last time of each */
    int64_t           swept_at;
    pthread_mutex_t   mutex;
    unsigned          n;
    u_char            seen[GOVD_SEEN_MAX][GOV_DIGEST_LEN];
};


static void govd_own_put(govd_own_t *o, gov_arena_t *a, const char *command,
    gov_value_t *input);
static void govd_own_done(govd_job_t *job);
static void govd_own_ended(govd_job_t *job);


gov_rc_t
govd_own_begin(govd_t *g, govd_own_t **own, gov_err_t *err)
{
    govd_own_t  *o;

    o = calloc(1, sizeof(govd_own_t));
    if (o == NULL) {
        return gov_fail(err, GOV_ERROR, "", "内存不足");
    }

    o->g = g;
    o->seen_at = o->swept_at = gov_now();
    (void) pthread_mutex_init(&o->mutex, NULL);

    *own = o;

    return GOV_OK;
}


void
govd_own_end(govd_own_t **own)
{
    govd_own_t  *o = *own;

    *own = NULL;

    if (o != NULL) {
        (void) pthread_mutex_destroy(&o->mutex);
        free(o);
    }
}


void
govd_own_tick(govd_own_t *o)
{
    int64_t       now;
    gov_arena_t  *a;

    now = gov_now();

    if (govd_own_due(&o->seen_at, now, GOVD_SEEN_EVERY)) {
        govd_own_seen(o);
    }

    if (govd_own_due(&o->swept_at, now, GOVD_SWEEP_EVERY)) {
        a = gov_arena_new_limited(4096, GOVD_ARENA_MAX);
        govd_own_put(o, a, "session.sweep", gov_map(a));
    }
}


int
govd_own_due(int64_t *last, int64_t now, int64_t every)
{
    if (now >= *last && now - *last < every) {
        return 0;
    }

    *last = now;

    return 1;
}


void
govd_own_used(govd_own_t *o, const u_char hash[GOV_DIGEST_LEN])
{
    unsigned  i;

    (void) pthread_mutex_lock(&o->mutex);

    for (i = 0; i < o->n; i++) {
        if (memcmp(o->seen[i], hash, GOV_DIGEST_LEN) == 0) {
            break;
        }
    }

    if (i == o->n && o->n < GOVD_SEEN_MAX) {
        memcpy(o->seen[o->n++], hash, GOV_DIGEST_LEN);
    }

    (void) pthread_mutex_unlock(&o->mutex);
}


void
govd_own_seen(govd_own_t *o)
{
    unsigned      i;
    gov_arena_t  *a;
    gov_value_t  *input, *list;

    a = gov_arena_new_limited(4096, GOVD_ARENA_MAX);
    input = gov_map(a);
    list = gov_put_list(a, input, "sessions");

    (void) pthread_mutex_lock(&o->mutex);

    for (i = 0; i < o->n; i++) {
        gov_add(list, gov_val_str(a, gov_hex_str(a, o->seen[i],
                                                 GOV_DIGEST_LEN)));
    }

    o->n = 0;

    (void) pthread_mutex_unlock(&o->mutex);

    if (list->n) {
        govd_own_put(o, a, "session.seen", input);

    } else {
        gov_arena_free(&a);
    }
}


/* the job lives in its arena, which its end frees */

static void
govd_own_put(govd_own_t *o, gov_arena_t *a, const char *command,
    gov_value_t *input)
{
    govd_job_t  *job;

    job = gov_calloc(a, sizeof(govd_job_t));
    job->arena = a;
    job->done = govd_own_done;

    if (govd_own_give(o->g, job, command, input) != GOV_OK) {
        gov_arena_free(&a);
    }
}


gov_rc_t
govd_own_give(govd_t *g, govd_job_t *job, const char *command,
    gov_value_t *input)
{
    gov_rc_t  rc;

    job->op.door = GOV_DOOR_DAEMON;
    job->op.actor = gov_s("govd");
    job->op.origin = gov_s(GOV_ORIGIN_DAEMON);
    job->op.blobs = g->conf->blobs;

    rc = govd_op_fill(g->conf, job->arena, &job->op, gov_str_of(command),
                      input, gov_s(""), 0, &job->err);

    return rc == GOV_OK ? govd_writer_put(g->writer, job) : rc;
}


static void
govd_own_done(govd_job_t *job)
{
    gov_arena_t  *a;

    if (job->rc != GOV_OK) {
        govd_log(GOVD_WARN, "%.*s: %s", gov_strf(job->op.command),
                 job->err.text);
    }

    a = job->arena;
    gov_arena_free(&a);
}


gov_rc_t
govd_own_do(govd_t *g, govd_job_t *job, const char *command,
    gov_value_t *input)
{
    gov_rc_t          rc;
    govd_own_wait_t   wait;

    memset(&wait, 0, sizeof(govd_own_wait_t));
    (void) pthread_mutex_init(&wait.mutex, NULL);
    (void) pthread_cond_init(&wait.cond, NULL);

    job->waiting = &wait;
    job->done = govd_own_ended;

    rc = command ? govd_own_give(g, job, command, input)
                 : govd_writer_put(g->writer, job);

    (void) pthread_mutex_lock(&wait.mutex);

    while (rc == GOV_OK && !wait.done) {
        (void) pthread_cond_wait(&wait.cond, &wait.mutex);
    }

    (void) pthread_mutex_unlock(&wait.mutex);
    (void) pthread_cond_destroy(&wait.cond);
    (void) pthread_mutex_destroy(&wait.mutex);

    return rc == GOV_OK ? job->rc : rc;
}


static void
govd_own_ended(govd_job_t *job)
{
    govd_own_wait_t  *wait = job->waiting;

    (void) pthread_mutex_lock(&wait->mutex);
    wait->done = 1;
    (void) pthread_cond_signal(&wait->cond);
    (void) pthread_mutex_unlock(&wait->mutex);
}
