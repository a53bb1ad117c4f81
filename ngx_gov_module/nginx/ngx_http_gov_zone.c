
/*
 * Copyright (C) ngx_gov authors
 *
 * One block of shared memory: counters and views first, page copies in the
 * rest.  The slab pool in front of it is used for its mutex only, which the
 * master unlocks when it finds a worker dead.
 */


#include "ngx_http_gov.h"


static ngx_int_t ngx_http_gov_zone_init(ngx_shm_zone_t *zone, void *data);
static void ngx_http_gov_zone_lock(void *data);
static void ngx_http_gov_zone_unlock(void *data);


char *
ngx_http_gov_zone(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_gov_main_conf_t *mcf = conf;

    u_char     *p;
    ssize_t     size;
    ngx_str_t  *value, name, s;

    value = cf->args->elts;

    if (mcf->zone != NULL) {
        return "is duplicate";
    }

    if (ngx_strncmp(value[1].data, "zone=", 5) != 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid parameter \"%V\", did you mean "
                           "\"zone=NAME:SIZE\"?", &value[1]);
        return NGX_CONF_ERROR;
    }

    name.data = value[1].data + 5;
    p = (u_char *) ngx_strchr(name.data, ':');

    if (p == NULL || p == name.data) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid zone \"%V\": no size", &value[1]);
        return NGX_CONF_ERROR;
    }

    name.len = p - name.data;
    s.data = p + 1;
    s.len = value[1].data + value[1].len - s.data;
    size = ngx_parse_size(&s);

    if (size == NGX_ERROR || size < 2 * 1024 * 1024) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid zone size \"%V\": at least 2m", &s);
        return NGX_CONF_ERROR;
    }

    mcf->zone = ngx_shared_memory_add(cf, &name, size, &ngx_http_gov_module);

    if (mcf->zone == NULL) {
        return NGX_CONF_ERROR;
    }

    mcf->zone->init = ngx_http_gov_zone_init;
    mcf->zone->data = mcf;

    return NGX_CONF_OK;
}


/* bytes in front of the copies */

static size_t
ngx_http_gov_zone_head(ngx_uint_t views)
{
    return ngx_align(sizeof(ngx_http_gov_shared_t), 64)
           + views * sizeof(ngx_http_gov_view_t);
}


static void
ngx_http_gov_zone_attach(ngx_http_gov_main_conf_t *mcf)
{
    u_char  *p;

    p = mcf->shpool->data;
    mcf->shared = (ngx_http_gov_shared_t *) p;
    mcf->view = (ngx_http_gov_view_t *)
                    (p + ngx_align(sizeof(ngx_http_gov_shared_t), 64));
    mcf->copies.shared = (gov_copies_t *)
                    (p + ngx_http_gov_zone_head(mcf->shared->views));
    mcf->copies.lock = ngx_http_gov_zone_lock;
    mcf->copies.unlock = ngx_http_gov_zone_unlock;
    mcf->copies.data = mcf->shpool;
    mcf->copies.share = mcf->fence ? mcf->fence_copies : 0;
}


static ngx_int_t
ngx_http_gov_zone_init(ngx_shm_zone_t *zone, void *data)
{
    ngx_http_gov_main_conf_t  *mcf = zone->data;

    size_t       size, head;
    u_char      *p;
    uint64_t     seed;
    ngx_uint_t   views;

    mcf->shpool = (ngx_slab_pool_t *) zone->shm.addr;

    if (data != NULL || zone->shm.exists) {
        ngx_http_gov_zone_attach(mcf);
        ngx_http_gov_crash_forget(mcf->shared);
        return NGX_OK;
    }

    size = mcf->shpool->pfree * ngx_pagesize;
    p = ngx_slab_alloc(mcf->shpool, size);

    if (p == NULL) {
        return NGX_ERROR;
    }

    views = ngx_http_gov_views_places(size);
    head = ngx_http_gov_zone_head(views);
    ngx_memzero(p, head);
    ((ngx_http_gov_shared_t *) p)->views = views;
    mcf->shpool->data = p;

    /* random pages of a large zone miss the TLB; heard where the system's
     * shmem_enabled is "advise".  A large page is found and cleared now, by
     * the master: it would stall a worker */

    if (madvise(zone->shm.addr, zone->shm.size, MADV_HUGEPAGE) == 0) {
        (void) madvise(zone->shm.addr, zone->shm.size, MADV_POPULATE_WRITE);
    }

    if (gov_random((u_char *) &seed, sizeof(uint64_t)) != 0
        || gov_copies_init(p + head, size - head, seed) == NULL)
    {
        ngx_log_error(NGX_LOG_EMERG, zone->shm.log, 0,
                      "gov zone \"%V\" is too small", &zone->shm.name);
        return NGX_ERROR;
    }

    ngx_http_gov_zone_attach(mcf);

    return NGX_OK;
}


static void
ngx_http_gov_zone_lock(void *data)
{
    ngx_slab_pool_t *pool = data;

    ngx_shmtx_lock(&pool->mutex);
}


static void
ngx_http_gov_zone_unlock(void *data)
{
    ngx_slab_pool_t *pool = data;

    ngx_shmtx_unlock(&pool->mutex);
}


/*
 * Hits on pages, nearly all there is, are counted on a line of memory of the
 * worker's own.
 */

void
ngx_http_gov_count_hit(ngx_http_gov_main_conf_t *mcf)
{
    ngx_http_gov_line_t  *line;

    line = &mcf->shared->line[ngx_worker & (NGX_HTTP_GOV_LINES - 1)];

    (void) ngx_atomic_fetch_add(&line->hits, 1);
}


ngx_atomic_uint_t
ngx_http_gov_hits(ngx_http_gov_shared_t *sh)
{
    ngx_uint_t         i;
    ngx_atomic_uint_t  n;

    n = 0;

    for (i = 0; i < NGX_HTTP_GOV_LINES; i++) {
        n += sh->line[i].hits;
    }

    return n;
}


void
ngx_http_gov_count(ngx_http_gov_main_conf_t *mcf, ngx_uint_t copy,
    ngx_uint_t status)
{
    (void) ngx_atomic_fetch_add(&mcf->shared->copy[copy], 1);

    if (status < NGX_HTTP_GOV_STATUSES) {
        (void) ngx_atomic_fetch_add(&mcf->shared->status[status], 1);
    }

    if (status == NGX_HTTP_NOT_MODIFIED) {
        (void) ngx_atomic_fetch_add(&mcf->shared->not_modified, 1);
    }
}
