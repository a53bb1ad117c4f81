
/*
 * Copyright (C) ngx_gov authors
 *
 * /_gov/metrics: the counters of the shared block as Prometheus text.  A
 * counter is a row; what has labels has a function.
 */


#include "ngx_http_gov.h"


typedef struct {
    const char                *name;
    const char                *type;
    const char                *help;
    size_t                     offset;      /* in the shared block */
    double                     unit;        /* of what is counted */
} ngx_http_gov_metric_t;

#define gov_metric(name, type, help, field, unit)                             \
    { name, type, help, offsetof(ngx_http_gov_shared_t, field), unit }

static ngx_http_gov_metric_t  ngx_http_gov_metric_rows[] = {
    gov_metric("gov_not_modified_total", "counter",
               "Answers 304.", not_modified, 1),
    gov_metric("gov_renders_total", "counter",
               "Pages made.", renders, 1),
    gov_metric("gov_render_seconds_total", "counter",
               "Time spent making pages.", render_us, 1e-6),
    gov_metric("gov_render_seconds_max", "gauge",
               "Longest making of a page.", render_max_us, 1e-6),
    gov_metric("gov_records_unread_total", "counter",
               "Records that pages left out because they cannot be read.",
               unread, 1),
    gov_metric("gov_script_failed_total", "counter",
               "Templates and hooks that failed.", script_failed, 1),
    gov_metric("gov_script_overruns_total", "counter",
               "Scripts ended for their budget.", script_overruns, 1),
    gov_metric("gov_waits_total", "counter",
               "Requests that waited their turn to have a page made.",
               waits, 1),
    gov_metric("gov_loop_stalls_total", "counter",
               "Rounds of the event loop of 5 ms or more.",
               stalls, 1),
    gov_metric("gov_loop_stall_seconds_max", "gauge",
               "Longest round of the event loop.", stall_max_us, 1e-6),
    gov_metric("gov_store_open_failed_total", "counter",
               "Failed openings of the store.", store_failed, 1),
    gov_metric("gov_views_dropped_total", "counter",
               "Views that found no place.", views_dropped, 1),
    { NULL, NULL, NULL, 0, 0 }
};


static void
ngx_http_gov_metric(gov_buf_t *b, const char *name, const char *type,
    const char *help)
{
    gov_buf_fmt(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}


static void
ngx_http_gov_metrics_copies(ngx_http_gov_main_conf_t *mcf, gov_buf_t *b)
{
    ngx_uint_t         i, n, hits;
    gov_copies_stat_t  s;

    static const char  *states[] = { "hit", "miss", "pass" };

    ngx_http_gov_metric(b, "gov_requests_total", "counter",
                        "Requests by what became of their copy.");

    hits = ngx_http_gov_hits(mcf->shared);

    for (i = 0; i < 3; i++) {
        n = mcf->shared->copy[i] + (i == NGX_HTTP_GOV_HIT ? hits : 0);
        gov_buf_fmt(b, "gov_requests_total{copy=\"%s\"} %lu\n", states[i],
                    (unsigned long) n);
    }

    ngx_http_gov_metric(b, "gov_responses_total", "counter",
                        "Answers by status.");

    for (i = 0; i < NGX_HTTP_GOV_STATUSES; i++) {
        n = mcf->shared->status[i] + (i == NGX_HTTP_OK ? hits : 0);

        if (n) {
            gov_buf_fmt(b, "gov_responses_total{status=\"%lu\"} %lu\n",
                        (unsigned long) i, (unsigned long) n);
        }
    }

    gov_copies_stat(&mcf->copies, &s);

    ngx_http_gov_metric(b, "gov_copies", "gauge", "Page copies kept.");
    gov_buf_fmt(b, "gov_copies %lu\n", (unsigned long) s.records);
    ngx_http_gov_metric(b, "gov_copies_bytes", "gauge",
                        "Bytes of the ring in use.");
    gov_buf_fmt(b, "gov_copies_bytes %lu\n", (unsigned long) s.bytes);
    ngx_http_gov_metric(b, "gov_copies_evicted_total", "counter",
                        "Copies that gave way to others.");
    gov_buf_fmt(b, "gov_copies_evicted_total %lu\n",
                (unsigned long) s.evicted);
    ngx_http_gov_metric(b, "gov_copies_resets_total", "counter",
                        "Times the ring was emptied after a worker died.");
    gov_buf_fmt(b, "gov_copies_resets_total %lu\n",
                (unsigned long) s.resets);
}


ngx_int_t
ngx_http_gov_metrics(ngx_http_request_t *r, gov_str_t rest)
{
    gov_buf_t                  b;
    gov_str_t                  body;
    gov_arena_t               *a;
    ngx_atomic_t              *value;
    ngx_http_gov_metric_t     *m;
    ngx_http_gov_main_conf_t  *mcf;

    (void) rest;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);

    a = gov_arena_new(16 * 1024);
    gov_buf_init(&b, a, 8 * 1024);

    ngx_http_gov_metrics_copies(mcf, &b);

    for (m = ngx_http_gov_metric_rows; m->name; m++) {
        value = (ngx_atomic_t *) ((u_char *) mcf->shared + m->offset);
        ngx_http_gov_metric(&b, m->name, m->type, m->help);
        gov_buf_fmt(&b, "%s %.9g\n", m->name, (double) *value * m->unit);
    }

    ngx_http_gov_crash_metrics(mcf->shared, &b);
    ngx_http_gov_fence_metrics(mcf->shared, &b);

    body.len = b.s.len;
    body.data = ngx_pstrdup(r->pool, (ngx_str_t *) &b.s);
    gov_arena_free(&a);

    if (body.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_gov_respond_text(r, NGX_HTTP_OK,
                             "text/plain; version=0.0.4; charset=utf-8",
                             body);
}
