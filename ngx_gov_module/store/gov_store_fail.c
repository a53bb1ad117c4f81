
/*
 * Copyright (C) ngx_gov authors
 *
 * The failing backend, see gov_store_fail.h.
 *
 * A transaction of the inner backend is wrapped, to know whether it writes;
 * so is a cursor.
 */


#include <stdlib.h>

#include "store/gov_store_int.h"
#include "store/gov_store_fail.h"


typedef struct {
    void         *inner;
    unsigned      counts;         /* of a write transaction */
} gov_fail_obj_t;


static gov_rc_t gov_fail_call(unsigned counts);
static gov_rc_t gov_fail_wrap(gov_rc_t rc, void *inner, unsigned counts,
    void **out);
static gov_rc_t gov_fail_open(gov_backend_t *self, gov_store_conf_t *conf,
    void **env, gov_err_t *err);
static void gov_fail_close(void *env);
static gov_rc_t gov_fail_begin(void *env, void *parent, unsigned flags,
    void **txn);
static gov_rc_t gov_fail_renew(void *txn);
static void gov_fail_reset(void *txn);
static gov_rc_t gov_fail_commit(void *env, void *txn, unsigned child,
    int *dead, gov_err_t *err);
static void gov_fail_abort(void *txn);
static uint64_t gov_fail_id(void *txn);
static gov_rc_t gov_fail_resized(void *env);
static gov_rc_t gov_fail_get(void *txn, gov_str_t key, gov_str_t *value);
static gov_rc_t gov_fail_put(void *txn, gov_str_t key, gov_str_t value);
static gov_rc_t gov_fail_del(void *txn, gov_str_t key);
static gov_rc_t gov_fail_cursor_open(void *txn, void **cursor);
static gov_rc_t gov_fail_cursor_move(void *cursor, gov_move_t move,
    gov_str_t *key, gov_str_t *value);
static void gov_fail_cursor_close(void *cursor);
static uint64_t gov_fail_last(void *env);
static int gov_fail_reader_check(void *env);
static gov_rc_t gov_fail_stats(void *env, gov_backend_stats_t *st);
static gov_rc_t gov_fail_copy(void *env, const char *folder, gov_err_t *err);


static gov_backend_t  gov_fail_backend = {
    .name = "fail",
    .open = gov_fail_open,
    .close = gov_fail_close,
    .begin = gov_fail_begin,
    .renew = gov_fail_renew,
    .reset = gov_fail_reset,
    .commit = gov_fail_commit,
    .abort = gov_fail_abort,
    .id = gov_fail_id,
    .resized = gov_fail_resized,
    .get = gov_fail_get,
    .put = gov_fail_put,
    .del = gov_fail_del,
    .cursor_open = gov_fail_cursor_open,
    .cursor_move = gov_fail_cursor_move,
    .cursor_close = gov_fail_cursor_close,
    .last = gov_fail_last,
    .reader_check = gov_fail_reader_check,
    .stats = gov_fail_stats,
    .copy = gov_fail_copy
};


static gov_backend_t  *gov_fail_inner;
static atomic_uint     gov_fail_n;
static atomic_uint     gov_fail_made;
static gov_rc_t        gov_fail_rc;


gov_backend_t *
gov_store_fail(gov_backend_t *inner)
{
    gov_fail_inner = inner ? inner : &gov_lmdb_backend;

    return &gov_fail_backend;
}


void
gov_store_fail_at(unsigned n, gov_rc_t rc)
{
    gov_fail_rc = rc;
    atomic_store(&gov_fail_n, n);
    atomic_store(&gov_fail_made, 0);
}


int
gov_store_fail_fired(void)
{
    unsigned  n;

    n = atomic_load(&gov_fail_n);

    return n != 0 && atomic_load(&gov_fail_made) >= n;
}


unsigned
gov_store_fail_calls(void)
{
    return atomic_load(&gov_fail_made);
}


static gov_rc_t
gov_fail_call(unsigned counts)
{
    if (!counts) {
        return GOV_OK;
    }

    return atomic_fetch_add(&gov_fail_made, 1) + 1 == atomic_load(&gov_fail_n)
           ? gov_fail_rc : GOV_OK;
}


static gov_rc_t
gov_fail_wrap(gov_rc_t rc, void *inner, unsigned counts, void **out)
{
    gov_fail_obj_t  *o;

    if (rc != GOV_OK) {
        return rc;
    }

    o = malloc(sizeof(gov_fail_obj_t));
    if (o == NULL) {
        abort();
    }

    o->inner = inner;
    o->counts = counts;
    *out = o;

    return GOV_OK;
}


static gov_rc_t
gov_fail_open(gov_backend_t *self, gov_store_conf_t *conf, void **env,
    gov_err_t *err)
{
    (void) self;

    return gov_fail_inner->open(gov_fail_inner, conf, env, err);
}


static void
gov_fail_close(void *env)
{
    gov_fail_inner->close(env);
}


static gov_rc_t
gov_fail_begin(void *env, void *parent, unsigned flags, void **txn)
{
    void            *inner;
    gov_rc_t         rc;
    gov_fail_obj_t  *p = parent;

    rc = gov_fail_call(flags == GOV_TXN_WRITE);

    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_fail_inner->begin(env, p ? p->inner : NULL, flags, &inner);

    return gov_fail_wrap(rc, inner, flags == GOV_TXN_WRITE, txn);
}


static gov_rc_t
gov_fail_renew(void *txn)
{
    gov_fail_obj_t  *o = txn;

    return gov_fail_inner->renew(o->inner);
}


static void
gov_fail_reset(void *txn)
{
    gov_fail_obj_t  *o = txn;

    gov_fail_inner->reset(o->inner);
}


static gov_rc_t
gov_fail_commit(void *env, void *txn, unsigned child, int *dead,
    gov_err_t *err)
{
    gov_rc_t         rc;
    gov_fail_obj_t  *o = txn;

    rc = gov_fail_call(o->counts);

    if (rc == GOV_OK) {
        rc = gov_fail_inner->commit(env, o->inner, child, dead, err);

    } else {
        gov_fail_inner->abort(o->inner);
        *dead = !child && rc != GOV_FULL;
        rc = gov_fail(err, rc, "", "提交失败：测试");
    }

    free(o);

    return rc;
}


static void
gov_fail_abort(void *txn)
{
    gov_fail_obj_t  *o = txn;

    gov_fail_inner->abort(o->inner);
    free(o);
}


static uint64_t
gov_fail_id(void *txn)
{
    gov_fail_obj_t  *o = txn;

    return gov_fail_inner->id(o->inner);
}


static gov_rc_t
gov_fail_resized(void *env)
{
    return gov_fail_inner->resized(env);
}


static gov_rc_t
gov_fail_get(void *txn, gov_str_t key, gov_str_t *value)
{
    gov_rc_t         rc;
    gov_fail_obj_t  *o = txn;

    rc = gov_fail_call(o->counts);

    return rc == GOV_OK ? gov_fail_inner->get(o->inner, key, value) : rc;
}


static gov_rc_t
gov_fail_put(void *txn, gov_str_t key, gov_str_t value)
{
    gov_rc_t         rc;
    gov_fail_obj_t  *o = txn;

    rc = gov_fail_call(o->counts);

    return rc == GOV_OK ? gov_fail_inner->put(o->inner, key, value) : rc;
}


static gov_rc_t
gov_fail_del(void *txn, gov_str_t key)
{
    gov_rc_t         rc;
    gov_fail_obj_t  *o = txn;

    rc = gov_fail_call(o->counts);

    return rc == GOV_OK ? gov_fail_inner->del(o->inner, key) : rc;
}


static gov_rc_t
gov_fail_cursor_open(void *txn, void **cursor)
{
    void            *inner;
    gov_rc_t         rc;
    gov_fail_obj_t  *o = txn;

    rc = gov_fail_call(o->counts);

    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_fail_inner->cursor_open(o->inner, &inner);

    return gov_fail_wrap(rc, inner, o->counts, cursor);
}


static gov_rc_t
gov_fail_cursor_move(void *cursor, gov_move_t move, gov_str_t *key,
    gov_str_t *value)
{
    gov_rc_t         rc;
    gov_fail_obj_t  *o = cursor;

    rc = gov_fail_call(o->counts);

    return rc == GOV_OK
           ? gov_fail_inner->cursor_move(o->inner, move, key, value) : rc;
}


static void
gov_fail_cursor_close(void *cursor)
{
    gov_fail_obj_t  *o = cursor;

    gov_fail_inner->cursor_close(o->inner);
    free(o);
}


static uint64_t
gov_fail_last(void *env)
{
    return gov_fail_inner->last(env);
}


static int
gov_fail_reader_check(void *env)
{
    return gov_fail_inner->reader_check(env);
}


static gov_rc_t
gov_fail_stats(void *env, gov_backend_stats_t *st)
{
    return gov_fail_inner->stats(env, st);
}


static gov_rc_t
gov_fail_copy(void *env, const char *folder, gov_err_t *err)
{
    return gov_fail_inner->copy(env, folder, err);
}
