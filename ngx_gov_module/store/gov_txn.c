
/*
 * Copyright (C) ngx_gov authors
 *
 * Transactions.
 *
 * A store keeps one snapshot that was reset.  Who needs a snapshot takes it
 * by an atomic exchange and renews it; who finds none (another thread has
 * it) begins a new one.  At its end a snapshot is put back, or given up when
 * another is already there.
 *
 *     renew                                 put back
 *     cached ----> in use ----> reset ----> cached
 *                                    \----> given up
 *
 * active counts the transactions of this process.  A map that another
 * process enlarged is taken over only by the one who finds himself alone:
 * he changes active from 1 to 1 | GOV_RESIZING, and whoever begins meanwhile
 * is told GOV_BUSY.
 *
 * Touches and deltas belong to the transaction they were made in: a child's
 * vanish with it, or join its parent's when it is committed without a note.
 */


#include <stdlib.h>

#include "store/gov_store_int.h"


static gov_rc_t gov_txn_snapshot(gov_store_t *s, gov_txn_t **t);
static gov_rc_t gov_txn_new(gov_store_t *s, gov_txn_t *parent, unsigned flags,
    gov_txn_t **t);
static gov_rc_t gov_txn_resize(gov_store_t *s);
static gov_rc_t gov_txn_refuse(gov_store_t *s, unsigned flags,
    gov_err_t *err);
static void gov_txn_join(gov_txn_t *t);
static void gov_txn_cursor_close(gov_txn_t *t);
static void gov_txn_free(gov_txn_t *t);


gov_rc_t
gov_txn_begin(gov_store_t *s, unsigned flags, gov_txn_t **t, gov_err_t *err)
{
    gov_rc_t  rc;

    *t = NULL;

    if (s->forked || flags == GOV_TXN_WRITE) {
        rc = gov_txn_refuse(s, flags, err);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    if (atomic_fetch_add(&s->active, 1) & GOV_RESIZING) {
        atomic_fetch_sub(&s->active, 1);
        return gov_fail(err, GOV_BUSY, "", "数据库正在扩容，请重试");
    }

    rc = (flags == GOV_TXN_READ) ? gov_txn_snapshot(s, t)
                                 : gov_txn_new(s, NULL, flags, t);

    if (rc == GOV_BUSY && gov_txn_resize(s) == GOV_OK) {
        rc = (flags == GOV_TXN_READ) ? gov_txn_snapshot(s, t)
                                     : gov_txn_new(s, NULL, flags, t);
    }

    if (rc == GOV_OK) {
        return GOV_OK;
    }

    atomic_fetch_sub(&s->active, 1);

    return gov_fail(err, rc, "", rc == GOV_BUSY ? "数据库读者过多，请重试"
                                                : "无法开始数据库事务");
}


static gov_rc_t
gov_txn_refuse(gov_store_t *s, unsigned flags, gov_err_t *err)
{
    if (s->forked) {
        return gov_fail(err, GOV_ERROR, "", "fork 之后须重新打开数据库");
    }

    if (flags == GOV_TXN_WRITE && !(s->conf.flags & GOV_STORE_WRITE)) {
        return gov_fail(err, GOV_ERROR, "", "数据库是只读打开的");
    }

    if (flags == GOV_TXN_WRITE && atomic_load(&s->dead)) {
        return gov_fail(err, GOV_ERROR, "",
                        "上次提交失败，本进程不再写入，须重新启动");
    }

    return GOV_OK;
}


static gov_rc_t
gov_txn_snapshot(gov_store_t *s, gov_txn_t **t)
{
    gov_rc_t    rc;
    gov_txn_t  *own;

    own = atomic_exchange(&s->cached, NULL);

    if (own == NULL) {
        return gov_txn_new(s, NULL, GOV_TXN_READ, t);
    }

    rc = s->backend->renew(own->txn);

    if (rc != GOV_OK) {
        s->backend->abort(own->txn);
        gov_txn_free(own);
        return rc;
    }

    own->id = 0;
    *t = own;

    return GOV_OK;
}


static gov_rc_t
gov_txn_new(gov_store_t *s, gov_txn_t *parent, unsigned flags, gov_txn_t **t)
{
    gov_rc_t    rc;
    gov_txn_t  *own;

    own = calloc(1, sizeof(gov_txn_t));
    if (own == NULL) {
        return GOV_ERROR;
    }

    own->store = s;
    own->parent = parent;
    own->write = (flags == GOV_TXN_WRITE);
    own->again = parent ? parent->again : 0;

    rc = s->backend->begin(s->env, parent ? parent->txn : NULL, flags,
                           &own->txn);

    if (rc != GOV_OK) {
        gov_txn_free(own);
        return rc;
    }

    *t = own;

    return GOV_OK;
}


static gov_rc_t
gov_txn_resize(gov_store_t *s)
{
    int         one;
    gov_rc_t    rc;
    gov_txn_t  *cached;

    one = 1;

    if (!atomic_compare_exchange_strong(&s->active, &one, 1 | GOV_RESIZING)) {
        return GOV_BUSY;
    }

    cached = atomic_exchange(&s->cached, NULL);

    if (cached != NULL) {
        s->backend->abort(cached->txn);
        gov_txn_free(cached);
    }

    rc = s->backend->resized(s->env);

    atomic_fetch_sub(&s->active, GOV_RESIZING);

    return rc;
}


gov_rc_t
gov_txn_child(gov_txn_t *parent, gov_txn_t **child, gov_err_t *err)
{
    gov_rc_t  rc;

    *child = NULL;

    if (!parent->write || parent->child != NULL) {
        return gov_fail(err, GOV_ERROR, "", "此处不能开始子事务");
    }

    rc = gov_txn_new(parent->store, parent, GOV_TXN_WRITE, child);

    if (rc != GOV_OK) {
        return gov_fail(err, rc, "", "无法开始子事务");
    }

    parent->child = *child;

    return GOV_OK;
}


gov_rc_t
gov_txn_commit(gov_txn_t **t, gov_err_t *err)
{
    int           dead;
    gov_rc_t      rc;
    gov_txn_t    *own = *t;
    gov_store_t  *s = own->store;

    if (!own->write) {
        gov_txn_end(t);
        return GOV_OK;
    }

    if (own->child != NULL) {
        gov_txn_end(&own->child);
    }

    *t = NULL;
    dead = 0;

    rc = s->backend->commit(s->env, own->txn, own->parent != NULL, &dead,
                            err);

    if (dead) {
        atomic_store(&s->dead, 1);
    }

    if (own->parent == NULL) {
        atomic_fetch_sub(&s->active, 1);

    } else {
        own->parent->child = NULL;

        if (rc == GOV_OK) {
            gov_txn_join(own);
        }
    }

    gov_txn_free(own);

    return rc;
}


/* what a committed child remembers and did not note is its parent's */

static void
gov_txn_join(gov_txn_t *t)
{
    unsigned    i;
    gov_txn_t  *parent = t->parent;

    for (i = 0; i < t->ntouches; i++) {
        gov_touch(parent, t->touches[i].site, t->touches[i].slot);
    }

    for (i = 0; i < t->ndeltas; i++) {
        gov_quota_add(parent, t->deltas[i].site, t->deltas[i].bytes);
    }

    parent->bytes += t->bytes;
    gov_txn_forget(parent);
}


void
gov_txn_forget(gov_txn_t *t)
{
    t->next = 0;

    free(t->site.data);
    t->site.data = NULL;
}


void
gov_txn_end(gov_txn_t **t)
{
    gov_txn_t    *own = *t, *none;
    gov_store_t  *s;

    *t = NULL;

    if (own == NULL) {
        return;
    }

    s = own->store;

    if (!own->write) {
        gov_txn_cursor_close(own);
        s->backend->reset(own->txn);

        none = NULL;

        if (!atomic_compare_exchange_strong(&s->cached, &none, own)) {
            s->backend->abort(own->txn);
            gov_txn_free(own);
        }

        atomic_fetch_sub(&s->active, 1);

        return;
    }

    if (own->child != NULL) {
        gov_txn_end(&own->child);
    }

    s->backend->abort(own->txn);

    if (own->parent == NULL) {
        atomic_fetch_sub(&s->active, 1);

    } else {
        own->parent->child = NULL;
    }

    gov_txn_free(own);
}


/*
 * A page scans a hundred times.  So a snapshot keeps the cursor of its last
 * scan for the next one, which then often begins on the page where it stands.
 */

gov_rc_t
gov_txn_cursor(gov_txn_t *t, void **cursor)
{
    *cursor = t->cursor;

    if (*cursor == NULL) {
        return t->store->backend->cursor_open(t->txn, cursor);
    }

    t->cursor = NULL;

    return GOV_OK;
}


/* in a write transaction pages move: there a cursor ends with its scan */

void
gov_txn_cursor_end(gov_txn_t *t, void **cursor)
{
    if (t->write || t->cursor != NULL) {
        t->store->backend->cursor_close(*cursor);

    } else {
        t->cursor = *cursor;
    }

    *cursor = NULL;
}


static void
gov_txn_cursor_close(gov_txn_t *t)
{
    if (t->cursor != NULL) {
        t->store->backend->cursor_close(t->cursor);
        t->cursor = NULL;
    }
}


static void
gov_txn_free(gov_txn_t *t)
{
    free(t->touches);
    free(t->deltas);
    gov_txn_forget(t);
    free(t);
}


uint64_t
gov_txn_id(gov_txn_t *t)
{
    if (t->id == 0) {
        t->id = t->store->backend->id(t->txn);
    }

    return t->id;
}


gov_store_t *
gov_txn_store(gov_txn_t *t)
{
    return t->store;
}


void
gov_txn_make_again(gov_txn_t *t, int again)
{
    t->again = again;
}


int
gov_txn_again(gov_txn_t *t)
{
    return t->again;
}


size_t
gov_txn_bytes(gov_txn_t *t)
{
    return t->bytes;
}


gov_handle_t
gov_handle(gov_txn_t *t, uint32_t site)
{
    return (gov_handle_t) { t, site };
}
