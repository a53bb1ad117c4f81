
/*
 * Copyright (C) ngx_gov authors
 *
 * Views: counted in shared memory at every page shown, handed to govd by the
 * minute as datagrams that nobody waits for.
 *
 * The counts are an open table without a lock, a thirty-second of the zone.
 * It is walked a step at a time: a step, or govd's full socket, ends one
 * call of the event loop, and the walk goes on a tenth of a second later.
 * Every worker walks; a count is taken by an exchange, so by one of them.
 *
 * A place that counted nothing since it was last taken is freed then; a view
 * that comes in between may be counted for whoever takes the place next.
 */


#include "ngx_http_gov.h"
#include <sys/un.h>


#define NGX_HTTP_GOV_VIEWS_EVERY   60000    /* ms between walks */
#define NGX_HTTP_GOV_VIEWS_SOON    100      /* ms between steps */
#define NGX_HTTP_GOV_VIEWS_STEP    16384    /* places */
#define NGX_HTTP_GOV_VIEWS_BATCH   256      /* rows of a datagram */
#define NGX_HTTP_GOV_VIEWS_PROBE   8
#define NGX_HTTP_GOV_VIEWS_MIN     4096     /* powers of two */
#define NGX_HTTP_GOV_VIEWS_MAX     (1 << 20)
#define NGX_HTTP_GOV_VIEWS_DOC     40       /* bits of the document */

/* on the wire to govd: one machine, its own byte order */
typedef struct {
    uint32_t                   site;
    uint32_t                   count;
    uint64_t                   doc;
} ngx_http_gov_view_row_t;


ngx_uint_t
ngx_http_gov_views_places(size_t zone)
{
    ngx_uint_t  n;

    n = NGX_HTTP_GOV_VIEWS_MIN;

    while (n < NGX_HTTP_GOV_VIEWS_MAX
           && n * 2 * sizeof(ngx_http_gov_view_t) <= zone / 32)
    {
        n *= 2;
    }

    return n;
}


/* the i-th place where a key may stand */

static ngx_http_gov_view_t *
ngx_http_gov_views_place(ngx_http_gov_main_conf_t *mcf, uint64_t key,
    ngx_uint_t i)
{
    ngx_uint_t  at;

    at = (key * 0x9e3779b97f4a7c15ULL) >> 40;

    return &mcf->view[(at + i) & (mcf->shared->views - 1)];
}


void
ngx_http_gov_views_ahead(ngx_http_gov_main_conf_t *mcf, uint32_t site,
    uint64_t doc)
{
    uint64_t  key;

    key = (uint64_t) site << NGX_HTTP_GOV_VIEWS_DOC | doc;

    __builtin_prefetch(ngx_http_gov_views_place(mcf, key, 0), 1);
}


void
ngx_http_gov_count_views(ngx_http_gov_main_conf_t *mcf, uint32_t site,
    uint64_t doc, ngx_uint_t n)
{
    uint64_t              key;
    ngx_uint_t            i;
    ngx_http_gov_view_t  *v;

    key = (uint64_t) site << NGX_HTTP_GOV_VIEWS_DOC | doc;

    for (i = 0; i < NGX_HTTP_GOV_VIEWS_PROBE; i++) {
        v = ngx_http_gov_views_place(mcf, key, i);

        if (v->key == 0) {
            (void) ngx_atomic_cmp_set(&v->key, 0, key);
        }

        if (v->key == key) {
            (void) ngx_atomic_fetch_add(&v->count, n);
            return;
        }
    }

    (void) ngx_atomic_fetch_add(&mcf->shared->views_dropped, n);
}


ngx_int_t
ngx_http_gov_views_tell(ngx_http_gov_worker_t *w,
    ngx_http_gov_main_conf_t *mcf, void *data, size_t size)
{
    struct sockaddr_un  to;

    ngx_memzero(&to, sizeof(struct sockaddr_un));
    to.sun_family = AF_UNIX;
    (void) ngx_cpystrn((u_char *) to.sun_path, mcf->views.data,
                       sizeof(to.sun_path));

    if (sendto(w->views_fd, data, size, MSG_DONTWAIT,
               (struct sockaddr *) &to, sizeof(to))
        != -1)
    {
        return NGX_OK;
    }

    return ngx_errno == NGX_EAGAIN ? NGX_AGAIN : NGX_ERROR;
}


/* what does not go out is counted on */

static ngx_int_t
ngx_http_gov_views_send(ngx_http_gov_worker_t *w,
    ngx_http_gov_main_conf_t *mcf, ngx_http_gov_view_row_t *rows,
    ngx_uint_t n)
{
    ngx_int_t   rc;
    ngx_uint_t  i;

    if (n == 0) {
        return NGX_OK;
    }

    rc = ngx_http_gov_views_tell(w, mcf, rows,
                                 n * sizeof(ngx_http_gov_view_row_t));

    for (i = 0; rc != NGX_OK && i < n; i++) {
        ngx_http_gov_count_views(mcf, rows[i].site, rows[i].doc,
                                 rows[i].count);
    }

    return rc;
}


/* 1: the place had a count, which is the row's now */

static ngx_uint_t
ngx_http_gov_views_take(ngx_http_gov_view_t *v, ngx_http_gov_view_row_t *row)
{
    uint64_t  key, count;

    key = v->key;

    if (key == 0) {
        return 0;
    }

    count = v->count;

    if (count == 0) {
        v->key = 0;
        return 0;
    }

    if (!ngx_atomic_cmp_set(&v->count, count, 0)) {
        return 0;
    }

    row->site = key >> NGX_HTTP_GOV_VIEWS_DOC;
    row->count = count;
    row->doc = key & ((1ULL << NGX_HTTP_GOV_VIEWS_DOC) - 1);

    return 1;
}


/* NGX_OK: the walk is over; NGX_AGAIN: it goes on; NGX_ERROR: govd is away */

static ngx_int_t
ngx_http_gov_views_step(ngx_http_gov_worker_t *w,
    ngx_http_gov_main_conf_t *mcf, ngx_uint_t places)
{
    ngx_int_t                rc;
    ngx_uint_t               n, end;
    ngx_http_gov_view_row_t  rows[NGX_HTTP_GOV_VIEWS_BATCH];

    n = 0;
    end = ngx_min(w->views_at + places, mcf->shared->views);

    while (w->views_at < end) {
        n += ngx_http_gov_views_take(&mcf->view[w->views_at++], &rows[n]);

        if (n < NGX_HTTP_GOV_VIEWS_BATCH && w->views_at < end) {
            continue;
        }

        rc = ngx_http_gov_views_send(w, mcf, rows, n);

        if (rc != NGX_OK) {
            return rc;
        }

        n = 0;
    }

    return end < mcf->shared->views ? NGX_AGAIN : NGX_OK;
}


static void
ngx_http_gov_views_timer(ngx_event_t *ev)
{
    ngx_connection_t          *c;
    ngx_http_gov_worker_t     *w;
    ngx_http_gov_main_conf_t  *mcf;

    c = ev->data;
    w = c->data;
    mcf = ngx_http_cycle_get_module_main_conf(ngx_cycle, ngx_http_gov_module);

    if (ngx_http_gov_views_step(w, mcf, NGX_HTTP_GOV_VIEWS_STEP)
        == NGX_AGAIN)
    {
        ngx_add_timer(ev, NGX_HTTP_GOV_VIEWS_SOON);
        return;
    }

    w->views_at = 0;
    ngx_add_timer(ev, NGX_HTTP_GOV_VIEWS_EVERY);
}


void
ngx_http_gov_views_init(ngx_http_gov_worker_t *w, ngx_cycle_t *cycle)
{
    w->views_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    w->views.handler = ngx_http_gov_views_timer;
    w->views.data = &w->nobody;
    w->views.log = cycle->log;
    w->views.cancelable = 1;
    ngx_add_timer(&w->views, NGX_HTTP_GOV_VIEWS_EVERY);
}


/*
 * At a worker's end: all at once, in as few datagrams as can be.  What govd
 * does not take is the next worker's.
 */

void
ngx_http_gov_views_exit(ngx_http_gov_worker_t *w,
    ngx_http_gov_main_conf_t *mcf)
{
    w->views_at = 0;

    (void) ngx_http_gov_views_step(w, mcf, mcf->shared->views);
}
