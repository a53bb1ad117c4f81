
/*
 * Copyright (C) ngx_gov authors
 *
 * How long a worker serves nobody else: a round of its event loop, from the
 * moment the kernel's events come in to the next question for events.
 *
 * nginx reads the time when events come in.  What has passed when it comes
 * to ask again is the round, timers and posted events with it; so the
 * question is wrapped, and no stall is missed.  Of the moment events came in
 * nginx keeps whole milliseconds, so a round looks up to one too long, but
 * none begins before the last question was asked.  Where timer_resolution is
 * set nginx does not read the time then, and nothing is measured.
 *
 * A late round is counted and logged, each with its end to the microsecond: so
 * it can be laid beside what else the machine did then.  There are at most 200
 * in a second, fewer than requests that nginx logs when it limits them.
 */


#include "ngx_http_gov.h"


#define NGX_HTTP_GOV_STALL_LATE  5000       /* us, from here on late */


typedef ngx_int_t (*ngx_http_gov_process_pt)(ngx_cycle_t *cycle,
    ngx_msec_t timer, ngx_uint_t flags);

static ngx_http_gov_shared_t    *ngx_http_gov_stall_shared;
static ngx_http_gov_process_pt   ngx_http_gov_process_events;
static int64_t                   ngx_http_gov_stall_asked;


static void
ngx_http_gov_stall_late(int64_t us, struct timeval *end)
{
    (void) ngx_atomic_fetch_add(&ngx_http_gov_stall_shared->stalls, 1);

    ngx_log_error(NGX_LOG_NOTICE, ngx_cycle->log, 0,
                  "gov loop: a round of %L us ended at %T.%06l", us,
                  end->tv_sec, (long) end->tv_usec);
}


static void
ngx_http_gov_stall_measure(void)
{
    int64_t                 came, now, us;
    ngx_time_t             *t;
    struct timeval          tv;
    ngx_http_gov_shared_t  *sh;

    sh = ngx_http_gov_stall_shared;
    t = ngx_timeofday();
    ngx_gettimeofday(&tv);

    came = (int64_t) t->sec * 1000000 + t->msec * 1000;
    now = (int64_t) tv.tv_sec * 1000000 + tv.tv_usec;

    us = now - ngx_max(came, ngx_http_gov_stall_asked);
    ngx_http_gov_stall_asked = now;

    if (us > (int64_t) sh->stall_max_us) {
        sh->stall_max_us = us;
    }

    if (us >= NGX_HTTP_GOV_STALL_LATE) {
        ngx_http_gov_stall_late(us, &tv);
    }
}


static ngx_int_t
ngx_http_gov_stall_round(ngx_cycle_t *cycle, ngx_msec_t timer,
    ngx_uint_t flags)
{
    ngx_http_gov_turn_round();

    if (flags & NGX_UPDATE_TIME) {
        ngx_http_gov_stall_measure();
    }

    return ngx_http_gov_process_events(cycle, timer, flags);
}


void
ngx_http_gov_stall_init(ngx_http_gov_main_conf_t *mcf)
{
    ngx_http_gov_stall_shared = mcf->shared;
    ngx_http_gov_process_events = ngx_process_events;
    ngx_process_events = ngx_http_gov_stall_round;

    /* what a start takes is no round */

    ngx_time_update();
}
