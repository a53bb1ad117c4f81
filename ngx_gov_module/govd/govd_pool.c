
/*
 * Copyright (C) ngx_gov authors
 *
 * Threads for what takes processor time by design, passwords hashed: as many
 * as there are cores, so that a flood of sign-ins takes no more memory and
 * holds up no door.  The queue is bounded; who finds it full is told at once.
 */


#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "govd/govd_int.h"


#define GOVD_POOL_THREADS  64


struct govd_pool_s {
    pthread_mutex_t    mutex;
    pthread_cond_t     cond;
    govd_slow_t       *first;
    govd_slow_t      **last;
    unsigned           waiting;
    unsigned           max;
    int                ending;
    unsigned           n;
    pthread_t          threads[GOVD_POOL_THREADS];
};


static void *govd_pool_thread(void *data);
static govd_slow_t *govd_pool_take(govd_pool_t *p);


unsigned
govd_pool_cores(void)
{
    long  n;

    n = sysconf(_SC_NPROCESSORS_ONLN);

    return n < 1 ? 1 : n > GOVD_POOL_THREADS ? GOVD_POOL_THREADS
                                             : (unsigned) n;
}


gov_rc_t
govd_pool_begin(unsigned threads, unsigned max, govd_pool_t **pool,
    gov_err_t *err)
{
    govd_pool_t  *p;

    p = calloc(1, sizeof(govd_pool_t));
    if (p == NULL) {
        return gov_fail(err, GOV_ERROR, "", "内存不足");
    }

    p->last = &p->first;
    p->max = max;
    (void) pthread_mutex_init(&p->mutex, NULL);
    (void) pthread_cond_init(&p->cond, NULL);

    for (p->n = 0; p->n < threads; p->n++) {
        if (pthread_create(&p->threads[p->n], NULL, govd_pool_thread, p)
            != 0)
        {
            govd_pool_end(&p);
            return gov_fail(err, GOV_ERROR, "", "无法启动密码计算线程");
        }
    }

    *pool = p;

    return GOV_OK;
}


gov_rc_t
govd_pool_put(govd_pool_t *p, govd_slow_t *slow)
{
    gov_rc_t  rc;

    slow->next = NULL;
    rc = GOV_BUSY;

    (void) pthread_mutex_lock(&p->mutex);

    if (p->waiting < p->max && !p->ending) {
        *p->last = slow;
        p->last = &slow->next;
        p->waiting++;
        (void) pthread_cond_signal(&p->cond);
        rc = GOV_OK;
    }

    (void) pthread_mutex_unlock(&p->mutex);

    return rc;
}


void
govd_pool_stop(govd_pool_t *p)
{
    (void) pthread_mutex_lock(&p->mutex);
    p->ending = 1;
    (void) pthread_cond_broadcast(&p->cond);
    (void) pthread_mutex_unlock(&p->mutex);

    while (p->n) {
        (void) pthread_join(p->threads[--p->n], NULL);
    }
}


void
govd_pool_end(govd_pool_t **pool)
{
    govd_pool_t  *p = *pool;

    *pool = NULL;

    if (p == NULL) {
        return;
    }

    govd_pool_stop(p);

    (void) pthread_cond_destroy(&p->cond);
    (void) pthread_mutex_destroy(&p->mutex);
    free(p);
}


static void *
govd_pool_thread(void *data)
{
    govd_pool_t  *p = data;
    govd_slow_t  *slow;

    while ((slow = govd_pool_take(p)) != NULL) {
        slow->run(slow->data);
    }

    return NULL;
}


static govd_slow_t *
govd_pool_take(govd_pool_t *p)
{
    govd_slow_t  *slow;

    (void) pthread_mutex_lock(&p->mutex);

    while (p->first == NULL && !p->ending) {
        (void) pthread_cond_wait(&p->cond, &p->mutex);
    }

    slow = p->first;

    if (slow != NULL) {
        p->first = slow->next;
        p->waiting--;

        if (p->first == NULL) {
            p->last = &p->first;
        }
    }

    (void) pthread_mutex_unlock(&p->mutex);

    return slow;
}
