
/*
 * Copyright (C) ngx_gov authors
 *
 * Open, close, figures.
 *
 * Invariants:
 *
 *   1. a process has a folder (by device and inode) open at most once: the
 *      registry below, under its mutex;
 *   2. a store that came through fork() is refused by every call: the child
 *      handler marks it, and the registry of the child stays as it was, so
 *      that the child cannot open the same folder beside it either.
 */


#include <stdlib.h>
#include <unistd.h>

#include "store/gov_store_int.h"


static gov_rc_t gov_store_register(gov_store_t *s, gov_err_t *err);
static void gov_store_unregister(gov_store_t *s);
static void gov_store_atfork(void);
static void gov_store_in_child(void);
static gov_rc_t gov_store_enter(gov_store_t *s, gov_err_t *err);
static uint64_t gov_store_count(gov_store_t *s, gov_table_t table);


static pthread_mutex_t  gov_stores_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t   gov_stores_once = PTHREAD_ONCE_INIT;
static gov_store_t     *gov_stores;


gov_rc_t
gov_store_open(gov_store_conf_t *conf, gov_store_t **store, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_store_t  *s;

    s = calloc(1, sizeof(gov_store_t));

    if (s == NULL || (s->dir = strdup(conf->dir)) == NULL) {
        free(s);
        return gov_fail(err, GOV_ERROR, "", "内存不足");
    }

    s->conf = *conf;
    s->conf.dir = s->dir;
    s->backend = conf->backend ? conf->backend : &gov_lmdb_backend;

    if (s->conf.map_size == 0) {
        s->conf.map_size = (size_t) 64 << 30;
    }

    if (s->conf.max_readers == 0) {
        s->conf.max_readers = 512;
    }

    if (s->conf.quota == 0) {
        s->conf.quota = (size_t) 1 << 30;
    }

    rc = gov_store_enter(s, err);

    if (rc != GOV_OK) {
        gov_store_close(&s);
        return gov_fail(err, rc, "", "无法打开数据库 %s", conf->dir);
    }

    *store = s;

    return GOV_OK;
}


static gov_rc_t
gov_store_enter(gov_store_t *s, gov_err_t *err)
{
    gov_rc_t  rc;

    (void) pthread_once(&gov_stores_once, gov_store_atfork);

    if (s->conf.flags & GOV_STORE_WRITE) {

        /* the registry first: the lock file may be opened to make it */

        rc = gov_store_register(s, err);

        if (rc == GOV_OK || rc == GOV_NOT_FOUND) {
            rc = gov_place_prepare(&s->conf, err);
        }

    } else {
        rc = gov_place_look(&s->conf, err);
    }

    if (rc == GOV_OK) {
        rc = gov_store_register(s, err);
    }

    if (rc == GOV_OK) {
        rc = s->backend->open(s->backend, &s->conf, &s->env, err);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    (void) gov_store_reader_check(s);

    if (!(s->conf.flags & GOV_STORE_WRITE)) {
        return gov_format_read(s, err);
    }

    rc = gov_place_finish(&s->conf, err);

    return rc == GOV_OK ? gov_format_write(s, err) : rc;
}


void
gov_store_close(gov_store_t **store)
{
    gov_txn_t    *t;
    gov_store_t  *s = *store;

    *store = NULL;

    if (s == NULL || s->forked) {
        return;
    }

    t = atomic_exchange(&s->cached, NULL);

    if (t != NULL) {
        s->backend->abort(t->txn);
        free(t);
    }

    if (s->env != NULL) {
        s->backend->close(s->env);
    }

    gov_store_unregister(s);

    free(s->dir);
    free(s);
}


/* GOV_NOT_FOUND: the folder is not there yet; once registered, GOV_OK */

static gov_rc_t
gov_store_register(gov_store_t *s, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_store_t  *other;
    struct stat   st;

    if (stat(s->dir, &st) == -1) {
        return GOV_NOT_FOUND;
    }

    rc = GOV_OK;

    (void) pthread_mutex_lock(&gov_stores_mutex);

    for (other = gov_stores; other; other = other->next) {

        if (other->dev != st.st_dev || other->ino != st.st_ino) {
            continue;
        }

        if (other != s) {
            rc = gov_fail(err, GOV_ERROR, "", "本进程已经打开了数据库 %s",
                          s->dir);
        }

        break;
    }

    if (other == NULL) {
        s->dev = st.st_dev;
        s->ino = st.st_ino;
        s->next = gov_stores;
        gov_stores = s;
    }

    (void) pthread_mutex_unlock(&gov_stores_mutex);

    return rc;
}


static void
gov_store_unregister(gov_store_t *s)
{
    gov_store_t  **p;

    (void) pthread_mutex_lock(&gov_stores_mutex);

    for (p = &gov_stores; *p; p = &(*p)->next) {
        if (*p == s) {
            *p = s->next;
            break;
        }
    }

    (void) pthread_mutex_unlock(&gov_stores_mutex);
}


static void
gov_store_atfork(void)
{
    (void) pthread_atfork(NULL, NULL, gov_store_in_child);
}


static void
gov_store_in_child(void)
{
    gov_store_t  *s;

    for (s = gov_stores; s; s = s->next) {
        s->forked = 1;
    }
}


gov_rc_t
gov_indexed(gov_txn_t *t, int *all)
{
    gov_rc_t         rc;
    gov_arena_t     *a;
    gov_meta_rec_t   m;

    a = gov_arena_new(256);

    rc = gov_meta_get(t, a, "indexes", &m);
    *all = rc == GOV_OK && m.value >= GOV_STORE_INDEXES;

    gov_arena_free(&a);

    return rc == GOV_NOT_FOUND ? GOV_OK : rc;
}


gov_rc_t
gov_indexed_set(gov_txn_t *t)
{
    gov_rc_t         rc;
    gov_arena_t     *a;
    gov_meta_rec_t   m;

    memset(&m, 0, sizeof(gov_meta_rec_t));
    m.value = GOV_STORE_INDEXES;

    a = gov_arena_new(256);
    rc = gov_meta_put(t, a, "indexes", &m);
    gov_arena_free(&a);

    return rc;
}


gov_rc_t
gov_files_known(gov_txn_t *t, int64_t *since)
{
    gov_rc_t        rc;
    gov_key_t       k;
    gov_arena_t    *a;
    gov_ref_rec_t   ref;

    a = gov_arena_new(256);
    rc = gov_load(gov_handle(t, GOV_HUB), GOV_T_BLOBS, gov_key(&k), a, &ref);
    *since = rc == GOV_OK ? ref.to : 0;
    gov_arena_free(&a);

    return rc;
}


gov_rc_t
gov_files_known_set(gov_txn_t *t, int64_t since)
{
    gov_rc_t        rc;
    gov_key_t       k;
    gov_arena_t    *a;
    gov_ref_rec_t   ref;

    memset(&ref, 0, sizeof(gov_ref_rec_t));
    ref.to = since;

    a = gov_arena_new(256);
    rc = gov_save(gov_handle(t, GOV_HUB), GOV_T_BLOBS, gov_key(&k), a, &ref);
    gov_arena_free(&a);

    return rc;
}


uint64_t
gov_store_last(gov_store_t *s)
{
    return s->forked ? 0 : s->backend->last(s->env);
}


int
gov_store_reader_check(gov_store_t *s)
{
    return s->forked ? 0 : s->backend->reader_check(s->env);
}


gov_value_t *
gov_store_stats(gov_store_t *s, gov_arena_t *a)
{
    gov_value_t          *v;
    gov_backend_stats_t   st;

    v = gov_map(a);

    if (s->forked || s->backend->stats(s->env, &st) != GOV_OK) {
        return v;
    }

    gov_put_int(a, v, "format", gov_store_format.format);
    gov_put_int(a, v, "map_size", (int64_t) st.map_size);
    gov_put_int(a, v, "used", (int64_t) st.used);
    gov_put_int(a, v, "page_size", (int64_t) st.page_size);
    gov_put_int(a, v, "pairs", (int64_t) st.pairs);
    gov_put_int(a, v, "depth", (int64_t) st.depth);
    gov_put_int(a, v, "readers", (int64_t) st.readers);
    gov_put_int(a, v, "max_readers", (int64_t) st.max_readers);
    gov_put_int(a, v, "last_txn", (int64_t) st.last);
    gov_put_int(a, v, "oldest_reader", (int64_t) st.oldest);
    gov_put_int(a, v, "oldest_reader_pid", st.oldest_pid);
    gov_put_int(a, v, "sites", (int64_t) gov_store_count(s, GOV_T_SITES));
    gov_put_bool(a, v, "dead", atomic_load(&s->dead));

    return v;
}


static uint64_t
gov_store_count(gov_store_t *s, gov_table_t table)
{
    size_t       n;
    gov_key_t    k;
    gov_txn_t   *t;
    gov_scan_t   sc;

    if (gov_txn_begin(s, GOV_TXN_READ, &t, NULL) != GOV_OK) {
        return 0;
    }

    n = 0;

    if (gov_scan_open(&sc, gov_handle(t, GOV_HUB), table, gov_key(&k),
                      GOV_FORWARD)
        == GOV_OK)
    {
        (void) gov_scan_skip(&sc, (size_t) -1, &n);
        gov_scan_close(&sc);
    }

    gov_txn_end(&t);

    return n;
}
