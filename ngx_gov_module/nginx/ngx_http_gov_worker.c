
/*
 * Copyright (C) ngx_gov authors
 *
 * What a worker owns.  The store is opened after fork, here, and never in
 * the master; a store that is not there yet is tried again at most once a
 * second, so that govd may come later than nginx without a reload.
 *
 * A timer hands the views counted in shared memory to govd by the minute, as
 * datagrams that nobody waits for.
 */


#include "ngx_http_gov.h"
#include <sys/stat.h>
#include <sys/un.h>


#define NGX_HTTP_GOV_VIEWS_EVERY   60000    /* ms */
#define NGX_HTTP_GOV_VIEWS_BATCH   256

/* on the wire to govd: one machine, its own byte order */
typedef struct {
    uint32_t                   site;
    uint32_t                   count;
    uint64_t                   doc;
} ngx_http_gov_view_row_t;


static ngx_http_gov_worker_t  ngx_http_gov_own;


static ngx_http_gov_main_conf_t *
ngx_http_gov_cycle_conf(ngx_cycle_t *cycle)
{
    return ngx_http_cycle_get_module_main_conf(cycle, ngx_http_gov_module);
}


/*
 * Copies outlive a reload; those made from a store that was put back from a
 * backup since must not, and its numbers tell nothing.
 */

static uint64_t
ngx_http_gov_identity_of(const char *dir)
{
    u_char       path[NGX_MAX_PATH];
    uint64_t     id[2];
    struct stat  st;

    (void) ngx_snprintf(path, sizeof(path), "%s/data.mdb%Z", dir);
    path[sizeof(path) - 1] = '\0';

    if (stat((char *) path, &st) == -1) {
        return 0;
    }

    id[0] = st.st_dev;
    id[1] = st.st_ino;

    return gov_hash64(id, sizeof(id));
}


static void
ngx_http_gov_open_store(ngx_http_gov_worker_t *w,
    ngx_http_gov_main_conf_t *mcf, ngx_log_t *log)
{
    gov_rc_t          rc;
    gov_err_t         err;
    gov_store_conf_t  conf;

    ngx_memzero(&conf, sizeof(gov_store_conf_t));
    ngx_memzero(&err, sizeof(gov_err_t));

    conf.dir = (const char *) mcf->store.data;
    conf.flags = GOV_STORE_READ;
    conf.map_size = mcf->map_size;
    conf.max_readers = mcf->max_readers;
    conf.group_gid = -1;

    w->tried = ngx_time();
    rc = gov_store_open(&conf, &w->store, &err);

    if (rc != GOV_OK) {
        w->store = NULL;
        (void) ngx_atomic_fetch_add(&mcf->shared->store_failed, 1);
        ngx_log_error(NGX_LOG_WARN, log, 0,
                      "gov store \"%V\" cannot be opened: %s", &mcf->store,
                      err.text);
        return;
    }

    w->identity = ngx_http_gov_identity_of(conf.dir);
    (void) gov_store_reader_check(w->store);
}


static void
ngx_http_gov_open_script(ngx_http_gov_worker_t *w,
    ngx_http_gov_main_conf_t *mcf, ngx_log_t *log)
{
    gov_err_t          err;
    gov_script_conf_t  conf;

    ngx_memzero(&err, sizeof(gov_err_t));

    conf.memory = mcf->lua_memory;
    conf.instructions = mcf->lua_instructions;
    conf.wall_ms = mcf->lua_time;

    w->script_tried = ngx_time();

    if (gov_script_open(mcf->lib, &conf, &w->script, &err) != GOV_OK) {
        ngx_log_error(NGX_LOG_ERR, log, 0, "gov script: %s", err.text);
        w->script = NULL;
    }
}


ngx_http_gov_worker_t *
ngx_http_gov_worker(ngx_http_request_t *r)
{
    ngx_http_gov_worker_t     *w;
    ngx_http_gov_main_conf_t  *mcf;

    w = &ngx_http_gov_own;

    if (w->store == NULL && w->tried != ngx_time()) {
        mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);
        ngx_http_gov_open_store(w, mcf, r->connection->log);
    }

    if (w->script == NULL && w->script_tried != ngx_time()) {
        mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);
        ngx_http_gov_open_script(w, mcf, r->connection->log);
    }

    return w;
}


gov_txn_t *
ngx_http_gov_snapshot(ngx_http_gov_worker_t *w)
{
    gov_txn_t  *txn;

    if (w->store == NULL
        || gov_txn_begin(w->store, GOV_TXN_READ, &txn, NULL) != GOV_OK)
    {
        return NULL;
    }

    return txn;
}


/*
 * The journal's end is read like a site's pages: damage there must not end
 * one worker after the other.  In quarantine proofs go by the marks.
 */

void
ngx_http_gov_follow(ngx_http_gov_worker_t *w)
{
    if (ngx_http_gov_enter_site(NGX_HTTP_GOV_NEWS) == NGX_OK) {
        (void) gov_news_follow(w->news, w->store);
        ngx_http_gov_leave();

    } else {
        gov_news_empty(w->news);
    }
}


/* what does not go out is counted on: govd may be away for a while */

static ngx_int_t
ngx_http_gov_send_views(ngx_http_gov_worker_t *w,
    ngx_http_gov_main_conf_t *mcf, ngx_http_gov_view_row_t *rows,
    ngx_uint_t n)
{
    ngx_uint_t          i;
    struct sockaddr_un  to;

    if (n == 0) {
        return NGX_OK;
    }

    ngx_memzero(&to, sizeof(struct sockaddr_un));
    to.sun_family = AF_UNIX;
    (void) ngx_cpystrn((u_char *) to.sun_path, mcf->views.data,
                       sizeof(to.sun_path));

    if (sendto(w->views_fd, rows, n * sizeof(ngx_http_gov_view_row_t),
               MSG_DONTWAIT, (struct sockaddr *) &to, sizeof(to))
        != -1)
    {
        return NGX_OK;
    }

    for (i = 0; i < n; i++) {
        ngx_http_gov_count_views(mcf, rows[i].site, rows[i].doc,
                                 rows[i].count);
    }

    return NGX_ERROR;
}


static void
ngx_http_gov_take_views(ngx_http_gov_worker_t *w,
    ngx_http_gov_main_conf_t *mcf)
{
    uint64_t                  key, count;
    ngx_uint_t                i, n;
    ngx_http_gov_view_t      *v;
    ngx_http_gov_view_row_t   rows[NGX_HTTP_GOV_VIEWS_BATCH];

    n = 0;

    for (i = 0; i < NGX_HTTP_GOV_VIEWS; i++) {
        v = &mcf->shared->views[i];
        key = v->key;

        if (key == 0) {
            continue;
        }

        count = v->count;

        if (count == 0) {
            v->key = 0;
            continue;
        }

        if (!ngx_atomic_cmp_set(&v->count, count, 0)) {
            continue;
        }

        rows[n].site = key >> NGX_HTTP_GOV_VIEW_DOC;
        rows[n].count = count;
        rows[n].doc = key & ((1ULL << NGX_HTTP_GOV_VIEW_DOC) - 1);

        if (++n < NGX_HTTP_GOV_VIEWS_BATCH) {
            continue;
        }

        if (ngx_http_gov_send_views(w, mcf, rows, n) != NGX_OK) {
            return;
        }

        n = 0;
    }

    (void) ngx_http_gov_send_views(w, mcf, rows, n);
}


static void
ngx_http_gov_views(ngx_event_t *ev)
{
    ngx_http_gov_take_views(&ngx_http_gov_own,
                          ngx_http_gov_cycle_conf((ngx_cycle_t *) ngx_cycle));
    ngx_add_timer(ev, NGX_HTTP_GOV_VIEWS_EVERY);
}


ngx_int_t
ngx_http_gov_init_process(ngx_cycle_t *cycle)
{
    ngx_http_gov_worker_t     *w;
    ngx_http_gov_main_conf_t  *mcf;

    /* nginx asks a timer's data for a descriptor when it logs */

    static ngx_connection_t    nobody;

    mcf = ngx_http_gov_cycle_conf(cycle);

    if (mcf == NULL || !mcf->enabled
        || (ngx_process != NGX_PROCESS_WORKER
            && ngx_process != NGX_PROCESS_SINGLE))
    {
        return NGX_OK;
    }

    w = &ngx_http_gov_own;
    ngx_memzero(w, sizeof(ngx_http_gov_worker_t));

    ngx_http_gov_open_script(w, mcf, cycle->log);

    ngx_http_gov_crash_init(mcf, cycle->log);
    ngx_http_gov_fence_init(mcf, cycle);

    w->arena = gov_arena_new_limited(64 * 1024, NGX_HTTP_GOV_PAGE_MAX);
    w->news = gov_news_new();
    w->views_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    ngx_http_gov_open_store(w, mcf, cycle->log);

    /* every worker looks; who comes first takes the counts */

    nobody.fd = -1;
    w->views.handler = ngx_http_gov_views;
    w->views.data = &nobody;
    w->views.log = cycle->log;
    w->views.cancelable = 1;
    ngx_add_timer(&w->views, NGX_HTTP_GOV_VIEWS_EVERY);

    ngx_http_gov_stall_init(mcf, cycle);

    return NGX_OK;
}


void
ngx_http_gov_exit_process(ngx_cycle_t *cycle)
{
    ngx_http_gov_worker_t  *w;

    w = &ngx_http_gov_own;

    if (w->arena == NULL) {
        return;
    }

    ngx_http_gov_take_views(w, ngx_http_gov_cycle_conf(cycle));

    if (w->store != NULL) {
        gov_store_close(&w->store);
    }

    if (w->script != NULL) {
        gov_script_close(&w->script);
    }

    gov_variant_close(&w->variant);
    gov_news_free(&w->news);
    gov_arena_free(&w->arena);
}
