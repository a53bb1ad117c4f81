
/*
 * Copyright (C) ngx_gov authors
 *
 * What a worker owns.  The store is opened after fork, here, and never in
 * the master; a store that is not there yet is tried again at most once a
 * second, so that govd may come later than nginx without a reload.
 */


#include "ngx_http_gov.h"
#include <sys/stat.h>


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
    conf.time_ms = mcf->lua_time;

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
    if (ngx_http_gov_enter_site(GOV_PAGE_JOURNAL) == NGX_OK) {
        (void) gov_news_follow(w->news, w->store);
        ngx_http_gov_leave();

    } else {
        gov_news_empty(w->news);
    }
}


ngx_int_t
ngx_http_gov_init_process(ngx_cycle_t *cycle)
{
    ngx_http_gov_worker_t     *w;
    ngx_http_gov_main_conf_t  *mcf;

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

    w->arena = gov_arena_new_limited(NGX_HTTP_GOV_PAGE_USUAL,
                                     NGX_HTTP_GOV_PAGE_MAX);
    w->news = gov_news_new();

    ngx_http_gov_open_store(w, mcf, cycle->log);

    /* nginx asks an event's data for a descriptor when it logs */

    w->nobody.fd = -1;
    w->nobody.data = w;

    ngx_http_gov_views_init(w, cycle);
    ngx_http_gov_turn_init(w, cycle);
    ngx_http_gov_stall_init(mcf);

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

    ngx_http_gov_views_exit(w, ngx_http_gov_cycle_conf(cycle));

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
