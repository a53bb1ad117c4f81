
/*
 * Copyright (C) ngx_gov authors
 *
 * A site that costs more than its share: see page/gov_fence.h.  Here is what
 * a page costs, and what a share is.
 *
 * Invariants:
 *
 *   1. a request that a copy answers does not come here;
 *   2. what is charged is the time the worker ran, not the time that passed:
 *      a busy machine makes nobody's page dearer;
 *   3. what is answered 503 by the fence is not charged, so that a site gets
 *      its share however many ask for it.
 */


#include "ngx_http_gov.h"


static ngx_http_gov_main_conf_t  *ngx_http_gov_fence_conf;
static ngx_uint_t                 ngx_http_gov_fence_workers;
static int64_t                    ngx_http_gov_fence_from;


/* "off", or "time=3%" and "requests=1000r/s" in any order */

char *
ngx_http_gov_fence(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_gov_main_conf_t *mcf = conf;

    ngx_int_t    n;
    ngx_str_t   *value;
    ngx_uint_t   i;

    if (mcf->fence != NGX_CONF_UNSET) {
        return "is duplicate";
    }

    value = cf->args->elts;
    mcf->fence = ngx_strcmp(value[1].data, "off") != 0;

    if (!mcf->fence) {
        return cf->args->nelts == 2 ? NGX_CONF_OK : "takes nothing after off";
    }

    for (i = 1; i < cf->args->nelts; i++) {

        if (ngx_strncmp(value[i].data, "time=", 5) == 0
            && value[i].data[value[i].len - 1] == '%')
        {
            n = ngx_atoi(value[i].data + 5, value[i].len - 6);

            if (n > 0 && n <= 100) {
                mcf->fence_time = n;
                continue;
            }
        }

        if (ngx_strncmp(value[i].data, "requests=", 9) == 0
            && value[i].len > 12
            && ngx_strcmp(value[i].data + value[i].len - 3, "r/s") == 0)
        {
            n = ngx_atoi(value[i].data + 9, value[i].len - 12);

            if (n > 0 && n <= 1000000) {
                mcf->fence_requests = n;
                continue;
            }
        }

        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid parameter \"%V\": \"off\", \"time=3%%\", "
                           "\"requests=1000r/s\"", &value[i]);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


void
ngx_http_gov_fence_init(ngx_http_gov_main_conf_t *mcf, ngx_cycle_t *cycle)
{
    ngx_core_conf_t  *ccf;

    ccf = (ngx_core_conf_t *) ngx_get_conf(cycle->conf_ctx, ngx_core_module);

    ngx_http_gov_fence_conf = mcf;
    ngx_http_gov_fence_workers = ngx_max(ccf->worker_processes, 1);
}


static int64_t
ngx_http_gov_fence_ran(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);

    return (int64_t) ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}


/* of gov_page_req_t */

static gov_fence_level_t
ngx_http_gov_fence_level(gov_page_req_t *req, uint32_t site)
{
    gov_fence_level_t       level;
    ngx_http_gov_shared_t  *sh;

    sh = ngx_http_gov_fence_conf->shared;
    level = gov_fence_level(&sh->fence, site, req->now);

    if (level == GOV_FENCE_WHOLE) {
        return level;
    }

    (void) ngx_atomic_fetch_add(&sh->fenced[level], 1);

    if (gov_fence_tell(&sh->fence, site, req->now)) {
        ngx_log_error(NGX_LOG_WARN, ngx_cycle->log, 0,
                      "gov fence: %s %uD takes more than its share, its "
                      "pages are %s", site == GOV_HUB ? "unknown hosts,"
                                                      : "site", site,
                      level == GOV_FENCE_SHUT ? "answered 503"
                                              : "made without its own code");
    }

    return level;
}


void
ngx_http_gov_fence_begin(gov_page_req_t *req)
{
    if (ngx_http_gov_fence_conf->fence) {
        req->fence = ngx_http_gov_fence_level;
        ngx_http_gov_fence_from = ngx_http_gov_fence_ran();
    }
}


void
ngx_http_gov_fence_end(gov_page_t *page)
{
    int64_t                    ran, debt[GOV_FENCE_ACCOUNTS];
    ngx_http_gov_main_conf_t  *mcf;

    mcf = ngx_http_gov_fence_conf;

    if (!mcf->fence || page->fence == GOV_FENCE_SHUT) {
        return;
    }

    ran = ngx_http_gov_fence_ran() - ngx_http_gov_fence_from;

    debt[GOV_FENCE_TIME] = ran * 100 / (int64_t) (mcf->fence_time
                                                * ngx_http_gov_fence_workers);
    debt[GOV_FENCE_REQUESTS] = 1000000 / (int64_t) mcf->fence_requests;

    gov_fence_charge(&mcf->shared->fence, page->site, gov_now(), debt);
}


void
ngx_http_gov_fence_metrics(ngx_http_gov_shared_t *sh, gov_buf_t *b)
{
    int64_t   now, owed;
    uint32_t  site;
    unsigned  i;

    gov_buf_fmt(b, "# HELP gov_fenced_total Pages of sites over their share, "
                "by what became of them.\n"
                "# TYPE gov_fenced_total counter\n"
                "gov_fenced_total{page=\"stock\"} %lu\n"
                "gov_fenced_total{page=\"shut\"} %lu\n"
                "# HELP gov_fence_owed_seconds Sites over their share now.\n"
                "# TYPE gov_fence_owed_seconds gauge\n",
                (unsigned long) sh->fenced[GOV_FENCE_STOCK],
                (unsigned long) sh->fenced[GOV_FENCE_SHUT]);

    now = gov_now();

    for (i = 0; i < GOV_FENCE_PLACES; i++) {
        owed = gov_fence_owed(&sh->fence, i, now, &site);

        if (owed > GOV_FENCE_SPARE) {
            gov_buf_fmt(b, "gov_fence_owed_seconds{site=\"%u\"} %.1f\n",
                        site, owed / 1e6);
        }
    }
}
