
/*
 * Copyright (C) ngx_gov authors
 *
 * The child: opens the store (after fork, as LMDB wants it), starts the
 * writer, the doors and the collector of views, and looks after them once a
 * second until it is told to stop:
 *
 *     stop  -> every answer closes its connection, no new ones are taken
 *              (they queue in the parent's sockets)
 *           -> works are ended, requests are answered
 *           -> the writer empties its queue, the doors close, the store too
 */


#define _GNU_SOURCE

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "govd/govd_mail.h"
#include "govd/govd_file.h"
#include "govd/govd_work.h"


#define GOVD_VIEWS_EVERY    60          /* s */
#define GOVD_STOP_SECONDS   20
#define GOVD_STOP_TICKS     20          /* in a second */
#define GOVD_WATCH_EVERY    5           /* s */
#define GOVD_FILES          8192        /* descriptors, if allowed */
#define GOVD_FILE_THREADS   2           /* that look at uploads */
#define GOVD_FILES_WAIT     64          /* forms */


typedef struct {
    uint64_t    txn;
    int64_t     pid;
    int         told;
} govd_watch_t;


static gov_rc_t govd_child_begin(govd_t *g, gov_err_t *err);
static void govd_child_files(void);
static void govd_child_work(govd_t *g, sigset_t *set);
static void govd_child_watch(govd_t *g, govd_watch_t *watch);
static void govd_child_stop(govd_t *g);
static void govd_child_pause(void);


int
govd_child(govd_t *g)
{
    ssize_t    n;
    sigset_t   set;
    gov_err_t  err;

    /* a killed parent ends its child, also one that was killed before this */

    (void) prctl(PR_SET_PDEATHSIG, SIGTERM);

    if (getppid() != g->parent) {
        return 1;
    }

    (void) sigemptyset(&set);
    (void) sigaddset(&set, SIGTERM);
    (void) sigaddset(&set, SIGINT);
    (void) sigprocmask(SIG_SETMASK, &set, NULL);
    (void) signal(SIGPIPE, SIG_IGN);

    govd_child_files();

    memset(&err, 0, sizeof(gov_err_t));

    if (govd_child_begin(g, &err) != GOV_OK) {
        govd_log(GOVD_ERROR, "%s", err.text);
        return 1;
    }

    /* the parent waits for its first child only: nobody may be listening */

    n = write(g->ready, "r", 1);
    (void) n;
    (void) close(g->ready);

    govd_log(GOVD_NOTICE, "ready");

    govd_child_work(g, &set);
    govd_child_stop(g);

    govd_log(GOVD_NOTICE, "stopped");

    return 0;
}


static void
govd_child_files(void)
{
    struct rlimit  files;

    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < GOVD_FILES)
    {
        files.rlim_cur = files.rlim_max < GOVD_FILES ? files.rlim_max
                                                     : GOVD_FILES;
        (void) setrlimit(RLIMIT_NOFILE, &files);
    }
}


static gov_rc_t
govd_child_begin(govd_t *g, gov_err_t *err)
{
    gov_rc_t  rc;

    rc = gov_store_open(&g->conf->store, &g->store, err);

    gov_point("store_open");

    if (rc == GOV_OK) {
        rc = govd_writer_begin(g->store, g->conf->commit_bytes, &g->writer,
                               err);
    }

    if (rc == GOV_OK) {
        rc = govd_key_begin(g, err);
    }

    if (rc == GOV_OK) {
        rc = govd_own_begin(g, &g->own, err);
    }

    if (rc == GOV_OK) {
        rc = govd_mail_begin(g, &g->mail, err);
    }

    if (rc == GOV_OK) {
        rc = govd_views_begin(g, &g->views, err);
    }

    if (rc == GOV_OK) {
        rc = govd_pool_begin(GOVD_FILE_THREADS, GOVD_FILES_WAIT, &g->files,
                             err);
    }

    if (rc == GOV_OK) {
        rc = govd_asked_begin(g, err);
    }

    if (rc == GOV_OK) {
        rc = govd_door_open(g, GOVD_CTL, &g->doors[GOVD_CTL], err);
    }

    if (rc == GOV_OK) {
        rc = govd_door_open(g, GOVD_WEB, &g->doors[GOVD_WEB], err);
    }

    return rc;
}


static void
govd_child_work(govd_t *g, sigset_t *set)
{
    int              n;
    unsigned         seconds;
    govd_watch_t     watch;
    struct timespec  second;

    memset(&watch, 0, sizeof(govd_watch_t));
    second.tv_sec = 1;
    second.tv_nsec = 0;

    for (seconds = 1; sigtimedwait(set, NULL, &second) == -1; seconds++) {

        n = gov_store_reader_check(g->store);

        if (n > 0) {
            govd_log(GOVD_NOTICE, "%d slots of dead readers freed", n);
        }

        if (seconds % GOVD_WATCH_EVERY == 0) {
            govd_child_watch(g, &watch);
        }

        govd_own_tick(g->own);
        govd_mail_tick(g->mail);

        if (seconds % GOVD_VIEWS_EVERY == 0) {
            govd_views_flush(g->views);
        }

        govd_held_tick(g);
        govd_asked_tick(g);
    }
}


/*
 * A snapshot that is kept lets the file grow: one that was the oldest last
 * time too is told, once
 */

static void
govd_child_watch(govd_t *g, govd_watch_t *watch)
{
    int64_t       pid;
    uint64_t      txn, last;
    gov_arena_t  *a;
    gov_value_t  *stats;

    a = gov_arena_new(2048);
    stats = gov_store_stats(g->store, a);

    txn = (uint64_t) gov_get_int(stats, "oldest_reader", 0);
    pid = gov_get_int(stats, "oldest_reader_pid", 0);
    last = (uint64_t) gov_get_int(stats, "last_txn", 0);

    gov_arena_free(&a);

    if (txn == 0 || txn >= last || txn != watch->txn || pid != watch->pid) {
        memset(watch, 0, sizeof(govd_watch_t));
        watch->txn = txn;
        watch->pid = pid;
        return;
    }

    if (!watch->told) {
        watch->told = 1;
        govd_log(GOVD_WARN, "process %lld keeps a snapshot more than %d s "
                 "old: the store grows while it does", (long long) pid,
                 GOVD_WATCH_EVERY);
    }
}


static void
govd_child_stop(govd_t *g)
{
    unsigned  i, idle, busy, connections;

    atomic_store(&g->stopping, 1);

    govd_door_quiesce(g->doors[GOVD_WEB]);
    govd_door_quiesce(g->doors[GOVD_CTL]);
    govd_works_stop();

    /* a connection that brings one more request gets its answer and goes;
     * one that is silent for a second is only kept, not used */

    idle = 0;

    for (i = 0;
         i < GOVD_STOP_SECONDS * GOVD_STOP_TICKS && idle < GOVD_STOP_TICKS;
         i++)
    {
        connections = 0;
        busy = govd_door_busy(g->doors[GOVD_WEB], &connections)
               + govd_door_busy(g->doors[GOVD_CTL], &connections);

        if (connections == 0) {
            break;
        }

        idle = busy ? 0 : idle + 1;
        govd_child_pause();
    }

    govd_asked_end(g);
    govd_mail_end(&g->mail);
    govd_views_end(&g->views);

    /* the doors serve still: what they ask is there, and says no */

    govd_pool_stop(g->files);
    govd_own_seen(g->own);
    govd_pool_stop(g->pool);
    govd_writer_stop(g->writer);

    govd_door_close(&g->doors[GOVD_WEB]);
    govd_door_close(&g->doors[GOVD_CTL]);

    govd_pool_end(&g->files);
    govd_own_end(&g->own);
    govd_pool_end(&g->pool);
    govd_writer_end(&g->writer);
    gov_store_close(&g->store);
}


static void
govd_child_pause(void)
{
    struct timespec  tick;

    tick.tv_sec = 0;
    tick.tv_nsec = 1000 * 1000 * 1000 / GOVD_STOP_TICKS;

    (void) nanosleep(&tick, NULL);
}
