
/*
 * Copyright (C) ngx_gov authors
 *
 * How long a worker serves nobody else: a round of its event loop, from the
 * moment the kernel's events come in to the next question for events.
 *
 * nginx reads the time when events come in.  What has passed when it comes
 * to ask again is the round, timers and posted events with it; so the
 * question is wrapped, and no stall is missed.  Of the moment events came in
 * nginx keeps whole milliseconds: a round looks up to one too long.  Where
 * timer_resolution is set nginx does not read the time then, and nothing is
 * measured.
 */


#include "ngx_http_gov.h"


#define NGX_HTTP_GOV_STALL_LATE  5000       /* us, from here on counted */


typedef ngx_int_t (*ngx_http_gov_process_pt)(ngx_cycle_t *cycle,
    ngx_msec_t timer, ngx_uint_t flags);

static ngx_http_gov_shared_t    *ngx_http_gov_stall_shared;
static ngx_http_gov_process_pt   ngx_http_gov_process_events;


static ngx_int_t
ngx_http_gov_stall_round(ngx_cycle_t *cycle, ngx_msec_t timer,
    ngx_uint_t flags)
{
    int64_t                 us;
    ngx_time_t             *came;
    struct timeval          now;
    ngx_http_gov_shared_t  *sh;

    sh = ngx_http_gov_stall_shared;
    came = ngx_timeofday();
    ngx_gettimeofday(&now);

    us = (int64_t) (now.tv_sec - came->sec) * 1000000 + now.tv_usec
         - (int64_t) came->msec * 1000;

    if (us > (int64_t) sh->stall_max_us) {
        sh->stall_max_us = us;
    }

    if (us >= NGX_HTTP_GOV_STALL_LATE) {
        (void) ngx_atomic_fetch_add(&sh->stalls, 1);
    }

    return ngx_http_gov_process_events(cycle, timer, flags);
}


void
ngx_http_gov_stall_init(ngx_http_gov_main_conf_t *mcf, ngx_cycle_t *cycle)
{
    ngx_core_conf_t  *ccf;

    ccf = (ngx_core_conf_t *) ngx_get_conf(cycle->conf_ctx, ngx_core_module);

    if (ccf->timer_resolution) {
        return;
    }

    ngx_http_gov_stall_shared = mcf->shared;
    ngx_http_gov_process_events = ngx_process_events;
    ngx_process_events = ngx_http_gov_stall_round;

    /* what a start takes is no round */

    ngx_time_update();
}
