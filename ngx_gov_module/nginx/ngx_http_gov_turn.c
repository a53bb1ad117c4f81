
/*
 * Copyright (C) ngx_gov authors
 *
 * A page waits its turn: a round of the event loop makes pages for half a
 * millisecond, then it is for others.  Who still needs a page stands in line
 * for the rounds to come.
 *
 *     no fresh copy
 *         nobody in line, and time is left  -> made at once
 *         else                              -> to the end of the line
 *     the next round, behind what the kernel brought
 *         the first of the line             -> its phases go on: a copy that
 *                                              came meanwhile, or made now
 *
 * Invariants:
 *
 *   1. a request that a copy answers at once does not come here;
 *   2. a round serves at least the first in line, nobody passes it, and who
 *      was called does not stand in line again;
 *   3. while there is a line the event loop does not sleep, for which there
 *      is a posted event, and a worker that is told to end does not, for
 *      which there is a timer: nginx asks for timers only;
 *   4. who leaves, leaves the line: see ngx_http_gov_turn_leave().
 *
 * A home page takes 0.3 to 0.5 ms.  No page is divided, so less time would
 * make no round shorter than its one page; a round more costs 2 us.
 */


#include "ngx_http_gov.h"


#define NGX_HTTP_GOV_TURN_TIME  500         /* us of a round */
#define NGX_HTTP_GOV_TURN_LIFE  60000       /* ms, set again while they wait */


/* a request's place in line, as long as the request */
typedef struct {
    ngx_queue_t                queue;
    ngx_http_request_t        *request;
} ngx_http_gov_place_t;


static ngx_queue_t          ngx_http_gov_waiting;
static ngx_event_t          ngx_http_gov_turn_event;
static ngx_http_request_t  *ngx_http_gov_called;
static uint64_t             ngx_http_gov_turn_until;    /* us; 0: no page yet */


static uint64_t
ngx_http_gov_turn_clock(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_MONOTONIC, &ts);

    return (uint64_t) ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}


/* begins to run with the round's first page */

static ngx_uint_t
ngx_http_gov_turn_is_left(void)
{
    uint64_t  now;

    now = ngx_http_gov_turn_clock();

    if (ngx_http_gov_turn_until == 0) {
        ngx_http_gov_turn_until = now + NGX_HTTP_GOV_TURN_TIME;
    }

    return now < ngx_http_gov_turn_until;
}


void
ngx_http_gov_turn_round(void)
{
    ngx_http_gov_turn_until = 0;
}


static void
ngx_http_gov_turn_watch(void)
{
    ngx_event_t  *ev;

    ev = &ngx_http_gov_turn_event;

    if (!ngx_queue_empty(&ngx_http_gov_waiting)) {
        ngx_post_event(ev, &ngx_posted_next_events);

        if (!ev->timer_set) {
            ngx_add_timer(ev, NGX_HTTP_GOV_TURN_LIFE);
        }

        return;
    }

    if (ev->posted) {
        ngx_delete_posted_event(ev);
    }

    if (ev->timer_set) {
        ngx_del_timer(ev);
    }
}


/* of ngx_http_cleanup_t: called, gone, or ended with the worker */

static void
ngx_http_gov_turn_leave(void *data)
{
    ngx_http_gov_place_t *place = data;

    ngx_queue_remove(&place->queue);
    ngx_queue_init(&place->queue);

    ngx_http_gov_turn_watch();
}


/* as limit_req does: who has gone already is found by a posted event */

static ngx_int_t
ngx_http_gov_turn_read(ngx_event_t *rev)
{
    if (!rev->ready) {
        return ngx_handle_read_event(rev, 0);
    }

    ngx_post_event(rev, &ngx_posted_events);

    return NGX_OK;
}


static ngx_int_t
ngx_http_gov_turn_wait(ngx_http_request_t *r)
{
    ngx_http_cleanup_t        *cln;
    ngx_http_gov_place_t      *place;
    ngx_http_gov_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);

    cln = ngx_http_cleanup_add(r, sizeof(ngx_http_gov_place_t));

    if (cln == NULL
        || ngx_http_gov_turn_read(r->connection->read) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    place = cln->data;
    place->request = r;
    ngx_queue_insert_tail(&ngx_http_gov_waiting, &place->queue);
    cln->handler = ngx_http_gov_turn_leave;

    r->main->count++;
    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_http_request_empty_handler;

    (void) ngx_atomic_fetch_add(&mcf->shared->waits, 1);
    ngx_http_gov_turn_watch();

    return NGX_DONE;
}


ngx_int_t
ngx_http_gov_turn(ngx_http_request_t *r)
{
    if (r == ngx_http_gov_called
        || (ngx_queue_empty(&ngx_http_gov_waiting)
            && ngx_http_gov_turn_is_left()))
    {
        return NGX_OK;
    }

    return ngx_http_gov_turn_wait(r);
}


static void
ngx_http_gov_turn_call(ngx_http_gov_place_t *place)
{
    ngx_connection_t    *c;
    ngx_http_request_t  *r;

    r = place->request;
    c = r->connection;

    ngx_http_gov_turn_leave(place);
    ngx_http_set_log_request(c->log, r);

    r->read_event_handler = ngx_http_block_reading;
    r->write_event_handler = ngx_http_core_run_phases;

    ngx_http_gov_called = r;
    ngx_http_core_run_phases(r);
    ngx_http_gov_called = NULL;

    ngx_http_run_posted_requests(c);
}


static void
ngx_http_gov_turn_handler(ngx_event_t *ev)
{
    ngx_queue_t  *first;

    while (!ngx_queue_empty(&ngx_http_gov_waiting)
           && ngx_http_gov_turn_is_left())
    {
        first = ngx_queue_head(&ngx_http_gov_waiting);

        ngx_http_gov_turn_call(ngx_queue_data(first, ngx_http_gov_place_t,
                                              queue));
    }

    ngx_http_gov_turn_watch();
}


void
ngx_http_gov_turn_init(ngx_http_gov_worker_t *w, ngx_cycle_t *cycle)
{
    ngx_queue_init(&ngx_http_gov_waiting);

    ngx_http_gov_turn_event.handler = ngx_http_gov_turn_handler;
    ngx_http_gov_turn_event.data = &w->nobody;
    ngx_http_gov_turn_event.log = cycle->log;
}
