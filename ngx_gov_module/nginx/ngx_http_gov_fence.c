
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
 *      its share however many ask for it;
 *   4. nor is what was refused before it was asked whose page it is (429):
 *      the hosts that no site has do not pay for it.
 */


#include "ngx_http_gov.h"


static ngx_http_gov_main_conf_t  *ngx_http_gov_fence_conf;
static ngx_uint_t                 ngx_http_gov_fence_workers;
static int64_t                    ngx_http_gov_fence_from;
static ngx_uint_t                 ngx_http_gov_fence_asked;


typedef struct {
    ngx_str_t                  name;
    ngx_str_t                  unit;
    ngx_int_t                  max;
    size_t                     offset;
} ngx_http_gov_fence_word_t;

static ngx_http_gov_fence_word_t  ngx_http_gov_fence_words[] = {
    { ngx_string("time="), ngx_string("%"), 100,
      offsetof(ngx_http_gov_main_conf_t, fence_time) },
    { ngx_string("requests="), ngx_string("r/s"), 1000000,
      offsetof(ngx_http_gov_main_conf_t, fence_requests) },
    { ngx_string("copies="), ngx_string("%"), 100,
      offsetof(ngx_http_gov_main_conf_t, fence_copies) },
    { ngx_null_string, ngx_null_string, 0, 0 }
};


/* NAME=NUMBERUNIT, from 1 to the row's most */

static ngx_int_t
ngx_http_gov_fence_word(ngx_http_gov_main_conf_t *mcf, ngx_str_t *value)
{
    ngx_int_t                   n;
    ngx_http_gov_fence_word_t  *w;

    for (w = ngx_http_gov_fence_words; w->name.len; w++) {

        if (value->len <= w->name.len + w->unit.len
            || ngx_strncmp(value->data, w->name.data, w->name.len) != 0
            || ngx_strcmp(value->data + value->len - w->unit.len,
                          w->unit.data)
               != 0)
        {
            continue;
        }

        n = ngx_atoi(value->data + w->name.len,
                     value->len - w->name.len - w->unit.len);

        if (n < 1 || n > w->max) {
            return NGX_ERROR;
        }

        *(ngx_uint_t *) ((u_char *) mcf + w->offset) = n;

        return NGX_OK;
    }

    return NGX_ERROR;
}


char *
ngx_http_gov_fence(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_gov_main_conf_t *mcf = conf;

    ngx_str_t   *value;
    ngx_uint_t   i;

    if (mcf->fence != NGX_CONF_UNSET) {
        return "is duplicate";
    }

    value = cf->args->elts;
    mcf->fence = cf->args->nelts != 2
                 || ngx_strcmp(value[1].data, "off") != 0;

    for (i = 1; mcf->fence && i < cf->args->nelts; i++) {

        if (ngx_http_gov_fence_word(mcf, &value[i]) != NGX_OK) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid parameter \"%V\": \"off\" alone, or "
                               "\"time=3%%\", \"requests=1000r/s\", "
                               "\"copies=25%%\"", &value[i]);
            return NGX_CONF_ERROR;
        }
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

    ngx_http_gov_fence_asked = 1;

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
        ngx_http_gov_fence_asked = 0;
        ngx_http_gov_fence_from = ngx_http_gov_fence_ran();
    }
}


void
ngx_http_gov_fence_end(gov_page_t *page)
{
    int64_t                    ran, debt[GOV_FENCE_ACCOUNTS];
    ngx_http_gov_main_conf_t  *mcf;

    mcf = ngx_http_gov_fence_conf;

    if (!mcf->fence || page->fence == GOV_FENCE_SHUT
        || (page->site == GOV_HUB && !ngx_http_gov_fence_asked))
    {
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
