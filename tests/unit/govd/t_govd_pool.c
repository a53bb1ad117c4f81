
/*
 * Copyright (C) ngx_gov authors
 *
 * The pool: as many at once as it has threads, a bounded queue, and what was
 * taken is done before its end.
 */


#include <pthread.h>

#include "base/t_base.h"
#include "govd/govd_int.h"


#define THREADS  3
#define QUEUE    4


/* jobs that wait until the test lets them go */

typedef struct {
    pthread_mutex_t  mutex;
    pthread_cond_t   cond;
    unsigned         running;
    unsigned         most;
    unsigned         done;
    int              open;
} gate_t;


static void
pass(void *data)
{
    gate_t  *g = data;

    (void) pthread_mutex_lock(&g->mutex);

    g->running++;
    g->most = g->running > g->most ? g->running : g->most;
    (void) pthread_cond_broadcast(&g->cond);

    while (!g->open) {
        (void) pthread_cond_wait(&g->cond, &g->mutex);
    }

    g->running--;
    g->done++;

    (void) pthread_mutex_unlock(&g->mutex);
}


static void
wait_until_running(gate_t *g, unsigned n)
{
    (void) pthread_mutex_lock(&g->mutex);

    while (g->running < n) {
        (void) pthread_cond_wait(&g->cond, &g->mutex);
    }

    (void) pthread_mutex_unlock(&g->mutex);
}


static void
open_gate(gate_t *g)
{
    (void) pthread_mutex_lock(&g->mutex);
    g->open = 1;
    (void) pthread_cond_broadcast(&g->cond);
    (void) pthread_mutex_unlock(&g->mutex);
}


static void
no_more_at_once_than_threads_and_no_more_waiting_than_the_queue(
    void **state)
{
    gate_t        g;
    unsigned      i;
    govd_pool_t  *pool;
    govd_slow_t   slow[THREADS + QUEUE + 1];

    (void) state;

    memset(&g, 0, sizeof(gate_t));
    (void) pthread_mutex_init(&g.mutex, NULL);
    (void) pthread_cond_init(&g.cond, NULL);

    for (i = 0; i < THREADS + QUEUE + 1; i++) {
        slow[i].run = pass;
        slow[i].data = &g;
    }

    assert_int_equal(govd_pool_begin(THREADS, QUEUE, &pool, NULL), GOV_OK);

    for (i = 0; i < THREADS; i++) {
        assert_int_equal(govd_pool_put(pool, &slow[i]), GOV_OK);
        wait_until_running(&g, i + 1);
    }

    for ( /* void */ ; i < THREADS + QUEUE; i++) {
        assert_int_equal(govd_pool_put(pool, &slow[i]), GOV_OK);
    }

    assert_int_equal(govd_pool_put(pool, &slow[i]), GOV_BUSY);

    open_gate(&g);
    govd_pool_stop(pool);
    assert_int_equal(govd_pool_put(pool, &slow[0]), GOV_BUSY);
    govd_pool_end(&pool);
    assert_null(pool);

    assert_int_equal(g.most, THREADS);
    assert_int_equal(g.done, THREADS + QUEUE);
}


static void
there_is_a_core_at_least(void **state)
{
    (void) state;

    assert_in_range(govd_pool_cores(), 1, 64);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(
            no_more_at_once_than_threads_and_no_more_waiting_than_the_queue),
        cmocka_unit_test(there_is_a_core_at_least)
    };

    return cmocka_run_group_tests_name("govd/govd_pool", tests, NULL, NULL);
}
