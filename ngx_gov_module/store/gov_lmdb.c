
/*
 * Copyright (C) ngx_gov authors
 *
 * The backend over LMDB 0.9.24: the only file that includes lmdb.h.
 *
 * What LMDB asks for, and where it is kept:
 *
 *    1. An environment is opened after fork and once a process: gov_store.c
 *       (registry by device and inode; a child of fork finds it refused).
 *    2. The data and lock files are never opened by other means while the
 *       environment is open: closing any descriptor of the lock file would
 *       drop the process's locks.  gov_place.c makes the lock file before
 *       the first open; later only stat(), chmod() and LMDB's own
 *       descriptor (gov_lmdb_settle) are used.
 *    3. MDB_NOTLS, so that a snapshot belongs to its object and not to a
 *       thread; MDB_NORDAHEAD, because pages are read at random; never
 *       MDB_WRITEMAP (a full disk becomes SIGBUS), MDB_NOSYNC (a power cut
 *       becomes corruption) or MDB_DUPSORT: gov_lmdb_env.
 *    4. Reader slots and map size are set explicitly before the open, the
 *       same by every process; the first opener decides: gov_lmdb_env.
 *    5. MDB_MAP_RESIZED is GOV_BUSY; gov_txn.c then calls gov_lmdb_resized
 *       when no transaction is active.  MDB_MAP_FULL and MDB_TXN_FULL are
 *       GOV_FULL: gov_lmdb_rc.
 *    6. A snapshot is reset and renewed, not opened anew; it lives inside
 *       one call of the event loop: gov_txn.c.  Slots of dead readers are
 *       freed by gov_lmdb_reader_check.
 *    7. Nothing is deleted through a cursor: there is no call for it here.
 *    8. A write transaction has one child at a time, and its cursors are
 *       closed before it ends: gov_txn.c, gov_scan.c.  One of them is where
 *       it read or wrote last: what lies on the same page is then found
 *       without a walk from the root.  It is closed before a child begins
 *       and before anything is deleted, too: gov_lmdb_leave.
 *    9. After a commit that failed other than for want of room the process
 *       must not write again: fsync tells of a lost page once.
 *       gov_lmdb_commit sets *dead; gov_txn.c refuses.  Nor can it when the
 *       room was wanted for a meta page: LMDB then begins no transaction any
 *       more (gov_lmdb_panics).
 *   10. A file shorter than its pages ends its reader with SIGBUS:
 *       gov_lmdb_length.  LMDB itself may leave a file short whose last
 *       pages were freed in the transaction that took them (76 of 12,000
 *       random commits did).  So the writer lengthens the file after such
 *       a commit (gov_lmdb_settle), and a short file found by a writer is
 *       walked in a process of its own before it is believed
 *       (gov_lmdb_walk).
 *   11. A damaged page makes LMDB abort: gov_lmdb_assert first writes which
 *       site was being read.  Whole walks run in processes of their own.
 *   12. Keys of at most 511 bytes: gov_key.c keeps them to 500.
 *   13. Network file systems are refused: gov_place.c.
 */


#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <lmdb.h>

#include "store/gov_store_int.h"


/* mdb_dbi_open() of the unnamed database gives this; checked at the open */
#define GOV_LMDB_MAIN  1
#define GOV_LMDB_FREE  0


typedef struct {
    MDB_env      *env;
    size_t        page;           /* bytes */
    unsigned      write;
} gov_lmdb_t;

typedef struct {
    MDB_txn      *txn;
    unsigned      write;
    MDB_cursor   *at;             /* of a writing one, or NULL */
} gov_lmdb_txn_t;


static gov_rc_t gov_lmdb_open(gov_backend_t *self, gov_store_conf_t *conf,
    void **env, gov_err_t *err);
static gov_rc_t gov_lmdb_env(gov_store_conf_t *conf, gov_lmdb_t *lm,
    gov_err_t *err);
static int gov_lmdb_keep(gov_lmdb_t *lm);
static int gov_lmdb_main(gov_lmdb_t *lm);
static gov_rc_t gov_lmdb_length(gov_lmdb_t *lm, off_t *want, off_t *have);
static gov_rc_t gov_lmdb_short(gov_store_conf_t *conf, gov_lmdb_t *lm,
    gov_err_t *err);
static int gov_lmdb_walk(gov_store_conf_t *conf);
static int gov_lmdb_walk_db(MDB_txn *txn, MDB_dbi dbi);
static void gov_lmdb_settle(gov_lmdb_t *lm);
static void gov_lmdb_assert(MDB_env *env, const char *text);
static gov_rc_t gov_lmdb_rc(int e);
static void gov_lmdb_close(void *env);
static gov_rc_t gov_lmdb_begin(void *env, void *parent, unsigned flags,
    void **txn);
static gov_rc_t gov_lmdb_renew(void *txn);
static void gov_lmdb_reset(void *txn);
static gov_rc_t gov_lmdb_commit(void *env, void *txn, unsigned child,
    int *dead, gov_err_t *err);
static int gov_lmdb_panics(gov_lmdb_t *lm);
static void gov_lmdb_abort(void *txn);
static uint64_t gov_lmdb_id(void *txn);
static gov_rc_t gov_lmdb_resized(void *env);
static int gov_lmdb_here(gov_lmdb_txn_t *t);
static void gov_lmdb_leave(gov_lmdb_txn_t *t);
static gov_rc_t gov_lmdb_get(void *txn, gov_str_t key, gov_str_t *value);
static gov_rc_t gov_lmdb_put(void *txn, gov_str_t key, gov_str_t value);
static gov_rc_t gov_lmdb_del(void *txn, gov_str_t key);
static gov_rc_t gov_lmdb_cursor_open(void *txn, void **cursor);
static gov_rc_t gov_lmdb_cursor_move(void *cursor, gov_move_t move,
    gov_str_t *key, gov_str_t *value);
static void gov_lmdb_cursor_close(void *cursor);
static uint64_t gov_lmdb_last(void *env);
static int gov_lmdb_reader_check(void *env);
static gov_rc_t gov_lmdb_stats(void *env, gov_backend_stats_t *st);
static int gov_lmdb_reader_line(const char *line, void *data);
static gov_rc_t gov_lmdb_copy(void *env, const char *folder, gov_err_t *err);


gov_backend_t  gov_lmdb_backend = {
    .name = "lmdb",
    .open = gov_lmdb_open,
    .close = gov_lmdb_close,
    .begin = gov_lmdb_begin,
    .renew = gov_lmdb_renew,
    .reset = gov_lmdb_reset,
    .commit = gov_lmdb_commit,
    .abort = gov_lmdb_abort,
    .id = gov_lmdb_id,
    .resized = gov_lmdb_resized,
    .get = gov_lmdb_get,
    .put = gov_lmdb_put,
    .del = gov_lmdb_del,
    .cursor_open = gov_lmdb_cursor_open,
    .cursor_move = gov_lmdb_cursor_move,
    .cursor_close = gov_lmdb_cursor_close,
    .last = gov_lmdb_last,
    .reader_check = gov_lmdb_reader_check,
    .stats = gov_lmdb_stats,
    .copy = gov_lmdb_copy
};


/* the site of the key that was asked for or met last, for gov_lmdb_assert() */
static atomic_uint  gov_lmdb_site;


static gov_rc_t
gov_lmdb_open(gov_backend_t *self, gov_store_conf_t *conf, void **env,
    gov_err_t *err)
{
    off_t        want, have;
    gov_rc_t     rc;
    gov_lmdb_t  *lm;

    (void) self;

    lm = calloc(1, sizeof(gov_lmdb_t));
    if (lm == NULL) {
        return gov_fail(err, GOV_ERROR, "", "内存不足");
    }

    lm->write = conf->flags & GOV_STORE_WRITE;

    rc = gov_lmdb_env(conf, lm, err);

    if (rc == GOV_OK) {
        rc = gov_lmdb_length(lm, &want, &have);
    }

    if (rc == GOV_OK && have < want) {
        rc = gov_lmdb_short(conf, lm, err);
    }

    if (rc != GOV_OK) {
        gov_lmdb_close(lm);
        return gov_fail(err, rc, "", "无法打开数据库 %s", conf->dir);
    }

    *env = lm;

    return GOV_OK;
}


static gov_rc_t
gov_lmdb_env(gov_store_conf_t *conf, gov_lmdb_t *lm, gov_err_t *err)
{
    int       e;
    unsigned  flags;

    flags = MDB_NOTLS | MDB_NORDAHEAD | (lm->write ? 0 : MDB_RDONLY);

    e = mdb_env_create(&lm->env);

    if (e == 0) {
        e = mdb_env_set_mapsize(lm->env, conf->map_size);
    }

    if (e == 0) {
        e = mdb_env_set_maxreaders(lm->env, conf->max_readers);
    }

    if (e == 0) {
        (void) mdb_env_set_assert(lm->env, gov_lmdb_assert);
        e = mdb_env_open(lm->env, conf->dir, flags, 0640);
    }

    if (e == 0) {
        e = gov_lmdb_keep(lm);
    }

    if (e == 0) {
        e = gov_lmdb_main(lm);
    }

    if (e == 0) {
        return GOV_OK;
    }

    return gov_fail(err, e == MDB_INVALID || e == MDB_VERSION_MISMATCH
                         ? GOV_INVALID : gov_lmdb_rc(e),
                    "", "无法打开数据库 %s：%s", conf->dir, mdb_strerror(e));
}


/* the descriptor of the data is the one that LMDB would hand on to programs */

static int
gov_lmdb_keep(gov_lmdb_t *lm)
{
    int  e, fd;

    e = mdb_env_get_fd(lm->env, &fd);

    return e == 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == -1 ? errno : e;
}


/* names the main database, once an environment, as LMDB wants it */

static int
gov_lmdb_main(gov_lmdb_t *lm)
{
    int       e;
    MDB_dbi   dbi;
    MDB_stat  st;
    MDB_txn  *txn;

    e = mdb_env_stat(lm->env, &st);
    if (e != 0) {
        return e;
    }

    lm->page = st.ms_psize;

    e = mdb_txn_begin(lm->env, NULL, MDB_RDONLY, &txn);
    if (e != 0) {
        return e;
    }

    e = mdb_dbi_open(txn, NULL, 0, &dbi);
    mdb_txn_abort(txn);

    return (e == 0 && dbi != GOV_LMDB_MAIN) ? EINVAL : e;
}


/* the pages are asked for first: meanwhile a writer only lengthens the file */

static gov_rc_t
gov_lmdb_length(gov_lmdb_t *lm, off_t *want, off_t *have)
{
    int             fd;
    struct stat     st;
    MDB_envinfo     info;

    if (mdb_env_info(lm->env, &info) != 0
        || mdb_env_get_fd(lm->env, &fd) != 0
        || fstat(fd, &st) != 0)
    {
        return GOV_ERROR;
    }

    *want = (off_t) ((info.me_last_pgno + 1) * lm->page);
    *have = st.st_size;

    return GOV_OK;
}


static gov_rc_t
gov_lmdb_short(gov_store_conf_t *conf, gov_lmdb_t *lm, gov_err_t *err)
{
    gov_rc_t  rc;

    if (!lm->write) {
        return gov_fail(err, GOV_INVALID, "",
                        "数据文件比它的页数短，可能被截断：%s", conf->dir);
    }

    mdb_env_close(lm->env);
    lm->env = NULL;

    if (gov_lmdb_walk(conf) != 0) {
        return gov_fail(err, GOV_INVALID, "",
                        "数据文件被截断，请从备份恢复：%s", conf->dir);
    }

    rc = gov_lmdb_env(conf, lm, err);

    if (rc == GOV_OK) {
        gov_lmdb_settle(lm);
    }

    return rc;
}


/* 0: every page in use was read, in a child that a missing page may end */

static int
gov_lmdb_walk(gov_store_conf_t *conf)
{
    int         status;
    pid_t       pid;
    MDB_txn    *txn;
    gov_lmdb_t  lm;

    pid = fork();

    if (pid == -1) {
        return -1;
    }

    if (pid == 0) {
        (void) signal(SIGBUS, SIG_DFL);
        (void) signal(SIGSEGV, SIG_DFL);
        (void) signal(SIGABRT, SIG_DFL);

        memset(&lm, 0, sizeof(gov_lmdb_t));

        if (gov_lmdb_env(conf, &lm, NULL) != GOV_OK
            || mdb_txn_begin(lm.env, NULL, MDB_RDONLY, &txn) != 0
            || gov_lmdb_walk_db(txn, GOV_LMDB_FREE) != 0
            || gov_lmdb_walk_db(txn, GOV_LMDB_MAIN) != 0)
        {
            _exit(1);
        }

        mdb_txn_abort(txn);
        _exit(0);
    }

    while (waitpid(pid, &status, 0) == -1) {
        if (errno != EINTR) {
            return -1;
        }
    }

    return (WIFEXITED(status) && WEXITSTATUS(status) == 0) ? 0 : -1;
}


static int
gov_lmdb_walk_db(MDB_txn *txn, MDB_dbi dbi)
{
    int               e;
    size_t            n;
    MDB_val           key, value;
    MDB_cursor       *cursor;
    volatile u_char   byte;

    e = mdb_cursor_open(txn, dbi, &cursor);
    if (e != 0) {
        return e;
    }

    while ((e = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) {

        for (n = 0; n < value.mv_size; n += 512) {
            byte = ((u_char *) value.mv_data)[n];
        }

        if (value.mv_size) {
            byte = ((u_char *) value.mv_data)[value.mv_size - 1];
        }
    }

    (void) byte;
    mdb_cursor_close(cursor);

    return e == MDB_NOTFOUND ? 0 : e;
}


/* fails harmlessly: the next open then walks the file */

static void
gov_lmdb_settle(gov_lmdb_t *lm)
{
    int    fd;
    off_t  want, have;

    if (gov_lmdb_length(lm, &want, &have) == GOV_OK
        && have < want
        && mdb_env_get_fd(lm->env, &fd) == 0
        && ftruncate(fd, want) != 0)
    {
        return;
    }
}


static void
gov_lmdb_assert(MDB_env *env, const char *text)
{
    int   n;
    char  line[256];

    (void) env;

    n = snprintf(line, sizeof(line), "gov: store damaged, reading site %u: "
                 "%.160s\n", atomic_load(&gov_lmdb_site), text);

    if (write(STDERR_FILENO, line, (size_t) n) == -1) {
        return;
    }
}


static gov_rc_t
gov_lmdb_rc(int e)
{
    switch (e) {

    case 0:
        return GOV_OK;

    case MDB_NOTFOUND:
        return GOV_NOT_FOUND;

    case MDB_MAP_FULL:
    case MDB_TXN_FULL:
    case ENOSPC:
    case EDQUOT:
        return GOV_FULL;

    case MDB_MAP_RESIZED:
    case MDB_READERS_FULL:
        return GOV_BUSY;

    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
        return GOV_CORRUPT;

    default:
        return GOV_ERROR;
    }
}


static void
gov_lmdb_close(void *env)
{
    gov_lmdb_t  *lm = env;

    if (lm->env != NULL) {
        mdb_env_close(lm->env);
    }

    free(lm);
}


static gov_rc_t
gov_lmdb_begin(void *env, void *parent, unsigned flags, void **txn)
{
    int              e;
    gov_lmdb_t      *lm = env;
    gov_lmdb_txn_t  *t, *above = parent;

    t = calloc(1, sizeof(gov_lmdb_txn_t));
    if (t == NULL) {
        return GOV_ERROR;
    }

    t->write = flags == GOV_TXN_WRITE;

    if (above != NULL) {
        gov_lmdb_leave(above);
    }

    e = mdb_txn_begin(lm->env, above ? above->txn : NULL,
                      t->write ? 0 : MDB_RDONLY, &t->txn);
    if (e != 0) {
        free(t);
        return gov_lmdb_rc(e);
    }

    *txn = t;

    return GOV_OK;
}


static gov_rc_t
gov_lmdb_renew(void *txn)
{
    gov_lmdb_txn_t  *t = txn;

    return gov_lmdb_rc(mdb_txn_renew(t->txn));
}


static void
gov_lmdb_reset(void *txn)
{
    gov_lmdb_txn_t  *t = txn;

    mdb_txn_reset(t->txn);
}


static gov_rc_t
gov_lmdb_commit(void *env, void *txn, unsigned child, int *dead,
    gov_err_t *err)
{
    int              e;
    gov_rc_t         rc;
    gov_lmdb_txn_t  *t = txn;

    gov_lmdb_leave(t);
    e = mdb_txn_commit(t->txn);
    free(t);

    if (e == 0) {
        if (!child) {
            gov_point("after_commit");
            gov_lmdb_settle(env);
        }

        return GOV_OK;
    }

    rc = gov_lmdb_rc(e);

    if (rc == GOV_FULL && !child && gov_lmdb_panics(env)) {
        rc = GOV_ERROR;
    }

    *dead = !child && rc != GOV_FULL;

    if (e == ENOSPC || e == EDQUOT) {
        return gov_fail(err, rc, "", "磁盘空间已满，没有写入，"
                        "腾出空间后请再试");
    }

    return gov_fail(err, rc == GOV_FULL ? rc : GOV_ERROR, "",
                    "提交失败：%s", mdb_strerror(e));
}


/* nothing else tells of it */

static int
gov_lmdb_panics(gov_lmdb_t *lm)
{
    int       e;
    MDB_txn  *txn;

    e = mdb_txn_begin(lm->env, NULL, 0, &txn);

    if (e == 0) {
        mdb_txn_abort(txn);
    }

    return e == MDB_PANIC;
}


static void
gov_lmdb_abort(void *txn)
{
    gov_lmdb_txn_t  *t = txn;

    gov_lmdb_leave(t);
    mdb_txn_abort(t->txn);
    free(t);
}


static uint64_t
gov_lmdb_id(void *txn)
{
    gov_lmdb_txn_t  *t = txn;

    return mdb_txn_id(t->txn);
}


static gov_rc_t
gov_lmdb_resized(void *env)
{
    gov_lmdb_t  *lm = env;

    return gov_lmdb_rc(mdb_env_set_mapsize(lm->env, 0));
}


static inline MDB_val
gov_lmdb_key(gov_str_t key)
{
    uint32_t  site;

    if (key.len >= sizeof(uint32_t)) {
        memcpy(&site, key.data, sizeof(uint32_t));
        atomic_store_explicit(&gov_lmdb_site, be32toh(site),
                              memory_order_relaxed);
    }

    return (MDB_val) { key.len, key.data };
}


/* t->at is there */

static int
gov_lmdb_here(gov_lmdb_txn_t *t)
{
    return t->at != NULL ? 0 : mdb_cursor_open(t->txn, GOV_LMDB_MAIN, &t->at);
}


static void
gov_lmdb_leave(gov_lmdb_txn_t *t)
{
    if (t->at != NULL) {
        mdb_cursor_close(t->at);
        t->at = NULL;
    }
}


static gov_rc_t
gov_lmdb_get(void *txn, gov_str_t key, gov_str_t *value)
{
    int              e;
    MDB_val          k, v;
    gov_lmdb_txn_t  *t = txn;

    k = gov_lmdb_key(key);

    if (t->write) {
        e = gov_lmdb_here(t);
        e = e == 0 ? mdb_cursor_get(t->at, &k, &v, MDB_SET) : e;

    } else {
        e = mdb_get(t->txn, GOV_LMDB_MAIN, &k, &v);
    }

    if (e == 0) {
        value->len = v.mv_size;
        value->data = v.mv_data;
        return GOV_OK;
    }

    return gov_lmdb_rc(e);
}


static gov_rc_t
gov_lmdb_put(void *txn, gov_str_t key, gov_str_t value)
{
    int              e;
    MDB_val          k, v;
    gov_lmdb_txn_t  *t = txn;

    k = gov_lmdb_key(key);
    v.mv_size = value.len;
    v.mv_data = value.data;

    e = gov_lmdb_here(t);

    return gov_lmdb_rc(e == 0 ? mdb_cursor_put(t->at, &k, &v, 0) : e);
}


static gov_rc_t
gov_lmdb_del(void *txn, gov_str_t key)
{
    MDB_val          k;
    gov_lmdb_txn_t  *t = txn;

    k = gov_lmdb_key(key);
    gov_lmdb_leave(t);

    return gov_lmdb_rc(mdb_del(t->txn, GOV_LMDB_MAIN, &k, NULL));
}


static gov_rc_t
gov_lmdb_cursor_open(void *txn, void **cursor)
{
    gov_lmdb_txn_t  *t = txn;

    return gov_lmdb_rc(mdb_cursor_open(t->txn, GOV_LMDB_MAIN,
                                       (MDB_cursor **) cursor));
}


static gov_rc_t
gov_lmdb_cursor_move(void *cursor, gov_move_t move, gov_str_t *key,
    gov_str_t *value)
{
    int                   e;
    MDB_val               k, v;
    static MDB_cursor_op  ops[] = {
        [GOV_MOVE_AT] = MDB_SET_RANGE,
        [GOV_MOVE_NEXT] = MDB_NEXT,
        [GOV_MOVE_PREV] = MDB_PREV,
        [GOV_MOVE_LAST] = MDB_LAST
    };

    if (move == GOV_MOVE_AT) {
        k = gov_lmdb_key(*key);
    }

    e = mdb_cursor_get(cursor, &k, &v, ops[move]);
    if (e != 0) {
        return gov_lmdb_rc(e);
    }

    key->len = k.mv_size;
    key->data = k.mv_data;
    value->len = v.mv_size;
    value->data = v.mv_data;

    (void) gov_lmdb_key(*key);

    return GOV_OK;
}


static void
gov_lmdb_cursor_close(void *cursor)
{
    mdb_cursor_close(cursor);
}


/*
 * Read from the newer of the two meta pages.  It may be ahead of what a
 * snapshot would be told by the one commit that is just being made visible,
 * never behind.
 */

static uint64_t
gov_lmdb_last(void *env)
{
    gov_lmdb_t  *lm = env;
    MDB_envinfo  info;

    return mdb_env_info(lm->env, &info) == 0 ? info.me_last_txnid : 0;
}


static int
gov_lmdb_reader_check(void *env)
{
    int          dead;
    gov_lmdb_t  *lm = env;

    dead = 0;

    return mdb_reader_check(lm->env, &dead) == 0 ? dead : 0;
}


static gov_rc_t
gov_lmdb_stats(void *env, gov_backend_stats_t *st)
{
    MDB_stat     tree;
    gov_lmdb_t  *lm = env;
    MDB_envinfo  info;

    memset(st, 0, sizeof(gov_backend_stats_t));

    if (mdb_env_info(lm->env, &info) != 0
        || mdb_env_stat(lm->env, &tree) != 0
        || mdb_reader_list(lm->env, gov_lmdb_reader_line, st) < 0)
    {
        return GOV_ERROR;
    }

    st->map_size = info.me_mapsize;
    st->page_size = tree.ms_psize;
    st->used = (info.me_last_pgno + 1) * tree.ms_psize;
    st->pairs = tree.ms_entries;
    st->depth = tree.ms_depth;
    st->max_readers = info.me_maxreaders;
    st->last = info.me_last_txnid;

    return GOV_OK;
}


/* "pid thread txnid"; the id is "-" while the snapshot is reset */

static int
gov_lmdb_reader_line(const char *line, void *data)
{
    int                   pid;
    unsigned long         thread, id;
    gov_backend_stats_t  *st = data;

    if (sscanf(line, "%d %lx %lu", &pid, &thread, &id) == 3) {
        st->readers++;

        if (st->oldest == 0 || id < st->oldest) {
            st->oldest = id;
            st->oldest_pid = pid;
        }

    } else if (sscanf(line, "%d %lx -", &pid, &thread) == 2) {
        st->readers++;
    }

    return 0;
}


static gov_rc_t
gov_lmdb_copy(void *env, const char *folder, gov_err_t *err)
{
    int          e;
    gov_lmdb_t  *lm = env;

    e = mdb_env_copy2(lm->env, folder, MDB_CP_COMPACT);

    return e == 0 ? GOV_OK
                  : gov_fail(err, gov_lmdb_rc(e), "", "备份失败：%s",
                             mdb_strerror(e));
}
