
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


static void
ngx_http_gov_zone_attach(ngx_http_gov_main_conf_t *mcf)
{
    u_char  *p;

    p = mcf->shpool->data;
    mcf->shared = (ngx_http_gov_shared_t *) p;
    mcf->copies.shared = (gov_copies_t *)
                    (p + ngx_align(sizeof(ngx_http_gov_shared_t), 64));
    mcf->copies.lock = ngx_http_gov_zone_lock;
    mcf->copies.unlock = ngx_http_gov_zone_unlock;
    mcf->copies.data = mcf->shpool;
}


static ngx_int_t
ngx_http_gov_zone_init(ngx_shm_zone_t *zone, void *data)
{
    ngx_http_gov_main_conf_t  *mcf = zone->data;

    size_t     size, head;
    u_char    *p;
    uint64_t   seed;

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

    head = ngx_align(sizeof(ngx_http_gov_shared_t), 64);
    ngx_memzero(p, head);
    mcf->shpool->data = p;

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


void
ngx_http_gov_count(ngx_http_gov_main_conf_t *mcf, ngx_uint_t copy,
    ngx_uint_t status)
{
    (void) ngx_atomic_fetch_add(&mcf->shared->copy[copy], 1);

    if (status < NGX_HTTP_GOV_STATUSES) {
        (void) ngx_atomic_fetch_add(&mcf->shared->status[status], 1);
    }
}


/*
 * Open addressing without a lock.  A place that counted nothing since the
 * last time is freed when the counts are taken; a view that comes in between
 * may be counted for whoever takes the place next.
 */

void
ngx_http_gov_count_views(ngx_http_gov_main_conf_t *mcf, uint32_t site,
    uint64_t doc, ngx_uint_t n)
{
    uint64_t              key;
    ngx_uint_t            i, at;
    ngx_http_gov_view_t  *v;

    key = (uint64_t) site << NGX_HTTP_GOV_VIEW_DOC | doc;
    at = (key * 0x9e3779b97f4a7c15ULL) >> 40;

    for (i = 0; i < 8; i++) {
        v = &mcf->shared->views[(at + i) & (NGX_HTTP_GOV_VIEWS - 1)];

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
