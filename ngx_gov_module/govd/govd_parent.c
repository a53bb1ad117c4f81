
/*
 * Copyright (C) ngx_gov authors
 *
 * The parent does three things and opens no store: it holds the listening
 * sockets, so that connections queue while there is no child; it starts a
 * new child when one dies; it passes on the signal to stop.
 *
 *     starting --child ready--> running --child died--> waiting --> running
 *        |                         |
 *        +--child died: exit 1     +--SIGTERM, SIGINT--> child ends: exit 0
 *
 * A child that was ready is followed by the next at once, or nearly: who sent
 * a command waits at the sockets.  One that never was ready (no store, no
 * memory) is tried again at intervals that double up to seconds.
 *
 * Only the first may make a store: one that is gone later is a disk that is,
 * and an empty store in its place would be taken for the platform.
 *
 * The sockets get their names only when the first child is ready, so who
 * sees run/ctl.sock finds an open store behind it.
 */


#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "govd/govd_int.h"


#define GOVD_BACKLOG       1024
#define GOVD_LOCK          "run/govd.lock"
#define GOVD_PID           "run/govd.pid"
#define GOVD_QUIET_MS      10000        /* lived so long: no back-off */
#define GOVD_PAUSE_MS      50           /* the first */
#define GOVD_READY_MS      200          /* at most, after one that was ready */
#define GOVD_BACK_OFF_MS   5000
#define GOVD_KILL_MS       30000


typedef struct {
    govd_t    *g;
    sigset_t   set;
    pid_t      child;
    int        ready;           /* a pipe the child writes to once, or -1 */
    int        was_ready;
    int        stopping;
    int64_t    begun;           /* ms */
    int        pause;           /* ms before the next child */
} govd_parent_t;


static gov_rc_t govd_parent_user(govd_conf_t *conf, gov_err_t *err);
static gov_rc_t govd_parent_sockets(govd_t *g, gov_err_t *err);
static gov_rc_t govd_parent_socket(int *fd, int type, const char *path,
    mode_t mode, gov_err_t *err);
static gov_rc_t govd_parent_name(gov_err_t *err);
static gov_rc_t govd_parent_pid(gov_err_t *err);
static int govd_parent_fork(govd_parent_t *p);
static void govd_parent_listen(govd_parent_t *p);
static int govd_parent_pause(govd_parent_t *p);
static int govd_parent_first(govd_parent_t *p);
static int govd_parent_keep(govd_parent_t *p);
static int govd_parent_signal(govd_parent_t *p, int ms);
static void govd_parent_died(govd_parent_t *p, int status);
static int64_t govd_parent_ms(void);


static const struct {
    const char  *path;
    int          type;
    mode_t       mode;
} govd_sockets[GOVD_SOCKETS] = {
    [GOVD_WEB] =   { GOVD_SOCK_WEB, SOCK_STREAM, 0660 },
    [GOVD_CTL] =   { GOVD_SOCK_CTL, SOCK_STREAM, 0600 },
    [GOVD_VIEWS] = { GOVD_SOCK_VIEWS, SOCK_DGRAM, 0660 }
};


int
govd_parent(govd_conf_t *conf)
{
    int             code;
    govd_t          g;
    gov_err_t       err;
    govd_parent_t   p;

    memset(&g, 0, sizeof(govd_t));
    memset(&p, 0, sizeof(govd_parent_t));
    memset(&err, 0, sizeof(gov_err_t));

    g.conf = conf;
    p.g = &g;
    p.ready = -1;

    (void) sigemptyset(&p.set);
    (void) sigaddset(&p.set, SIGTERM);
    (void) sigaddset(&p.set, SIGINT);
    (void) sigaddset(&p.set, SIGCHLD);
    (void) sigprocmask(SIG_BLOCK, &p.set, NULL);
    (void) signal(SIGHUP, SIG_IGN);

    if (govd_parent_user(conf, &err) != GOV_OK
        || govd_lock(&err) == -1
        || govd_parent_sockets(&g, &err) != GOV_OK)
    {
        govd_log(GOVD_ERROR, "%s", err.text);
        return 1;
    }

    code = govd_parent_first(&p);

    if (code == 0 && !p.stopping) {
        if (govd_parent_name(&err) != GOV_OK) {
            govd_log(GOVD_ERROR, "%s", err.text);
            (void) kill(p.child, SIGTERM);
            return 1;
        }

        code = govd_parent_keep(&p);

        /* web.sock stays: nginx tells a refused connection at error, a
         * missing socket at crit */

        (void) unlink(GOVD_SOCK_CTL);
        (void) unlink(GOVD_PID);
    }

    return code;
}


/* started by root with --user: that user from here on */

static gov_rc_t
govd_parent_user(govd_conf_t *conf, gov_err_t *err)
{
    gid_t           gid;
    struct group   *gr;
    struct passwd  *pw;

    if (conf->user == NULL || getuid() != 0) {
        return GOV_OK;
    }

    pw = getpwnam(conf->user);
    if (pw == NULL) {
        return gov_fail(err, GOV_INVALID, "", "没有用户 %s", conf->user);
    }

    gid = pw->pw_gid;

    if (conf->group) {
        gr = getgrnam(conf->group);
        if (gr == NULL) {
            return gov_fail(err, GOV_INVALID, "", "没有用户组 %s",
                            conf->group);
        }

        gid = gr->gr_gid;
        conf->store.group_gid = (int) gid;
    }

    if (setgroups(0, NULL) == -1 || setgid(gid) == -1
        || setuid(pw->pw_uid) == -1)
    {
        return gov_fail(err, GOV_ERROR, "", "无法成为用户 %s：%s", conf->user,
                        strerror(errno));
    }

    return GOV_OK;
}


int
govd_lock(gov_err_t *err)
{
    int  fd;

    fd = open(GOVD_LOCK, O_RDWR|O_CREAT|O_CLOEXEC, 0600);

    if (fd == -1) {
        (void) gov_fail(err, GOV_ERROR, "", "无法打开 %s：%s", GOVD_LOCK,
                        strerror(errno));
        return -1;
    }

    if (flock(fd, LOCK_EX|LOCK_NB) == -1) {
        (void) close(fd);
        (void) gov_fail(err, GOV_BUSY, "",
                        "另一个 govd 正在使用这个数据目录");
        return -1;
    }

    return fd;
}


static gov_rc_t
govd_parent_sockets(govd_t *g, gov_err_t *err)
{
    char      path[64];
    gov_rc_t  rc;
    unsigned  i;

    for (i = 0; i < GOVD_SOCKETS; i++) {
        (void) snprintf(path, sizeof(path), "%s.new", govd_sockets[i].path);

        rc = govd_parent_socket(&g->sockets[i], govd_sockets[i].type, path,
                                govd_sockets[i].mode, err);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    return GOV_OK;
}


static gov_rc_t
govd_parent_socket(int *fd, int type, const char *path, mode_t mode,
    gov_err_t *err)
{
    mode_t              mask;
    struct sockaddr_un  sa;

    memset(&sa, 0, sizeof(struct sockaddr_un));
    sa.sun_family = AF_UNIX;
    (void) snprintf(sa.sun_path, sizeof(sa.sun_path), "%s", path);

    (void) unlink(path);

    *fd = socket(AF_UNIX, type|SOCK_CLOEXEC|SOCK_NONBLOCK, 0);
    mask = umask(0777 & ~mode);

    if (*fd == -1
        || bind(*fd, (struct sockaddr *) &sa, sizeof(sa)) == -1
        || (type == SOCK_STREAM && listen(*fd, GOVD_BACKLOG) == -1))
    {
        (void) umask(mask);
        return gov_fail(err, GOV_ERROR, "", "无法建立套接字 %s：%s", path,
                        strerror(errno));
    }

    (void) umask(mask);

    return GOV_OK;
}


static gov_rc_t
govd_parent_name(gov_err_t *err)
{
    int   i;
    char  path[64];

    /* ctl.sock last: it says that all of it is there */

    static const govd_socket_t  order[] = { GOVD_VIEWS, GOVD_WEB, GOVD_CTL };

    for (i = 0; i < GOVD_SOCKETS; i++) {
        (void) snprintf(path, sizeof(path), "%s.new",
                        govd_sockets[order[i]].path);

        if (order[i] == GOVD_CTL && govd_parent_pid(err) != GOV_OK) {
            return GOV_ERROR;
        }

        if (rename(path, govd_sockets[order[i]].path) == -1) {
            return gov_fail(err, GOV_ERROR, "", "无法命名套接字 %s：%s",
                            govd_sockets[order[i]].path, strerror(errno));
        }
    }

    return GOV_OK;
}


static gov_rc_t
govd_parent_pid(gov_err_t *err)
{
    FILE  *f;

    f = fopen(GOVD_PID, "w");

    if (f == NULL || fprintf(f, "%d\n", (int) getpid()) < 0
        || fclose(f) == EOF)
    {
        return gov_fail(err, GOV_ERROR, "", "无法写 %s：%s", GOVD_PID,
                        strerror(errno));
    }

    return GOV_OK;
}


/* 0 or -1 */

static int
govd_parent_fork(govd_parent_t *p)
{
    int  pipes[2];

    if (pipe2(pipes, O_CLOEXEC) == -1) {
        return -1;
    }

    p->begun = govd_parent_ms();
    p->g->parent = getpid();
    p->child = fork();

    if (p->child == 0) {
        (void) close(pipes[0]);
        p->ready = -1;
        p->g->ready = pipes[1];
        _exit(govd_child(p->g));
    }

    (void) close(pipes[1]);

    if (p->child == -1) {
        (void) close(pipes[0]);
        return -1;
    }

    p->ready = pipes[0];
    p->was_ready = 0;

    return 0;
}


/* until the child is ready or has ended */

static void
govd_parent_listen(govd_parent_t *p)
{
    char     byte;
    ssize_t  n;

    do {
        n = read(p->ready, &byte, 1);
    } while (n == -1 && errno == EINTR);

    (void) close(p->ready);
    p->ready = -1;
    p->was_ready = n == 1;
}


static int
govd_parent_first(govd_parent_t *p)
{
    int  status;

    if (govd_parent_fork(p) == -1) {
        govd_log(GOVD_ERROR, "cannot start a process: %s", strerror(errno));
        return 1;
    }

    govd_parent_listen(p);

    if (p->was_ready) {
        p->g->conf->store.flags |= GOV_STORE_THERE;
        return 0;
    }

    (void) waitpid(p->child, &status, 0);

    return 1;
}


static int
govd_parent_keep(govd_parent_t *p)
{
    int      status;
    int64_t  deadline;

    deadline = 0;

    while (p->child || !p->stopping) {

        if (p->child == 0) {
            if (p->pause && govd_parent_signal(p, p->pause)) {
                break;
            }

            if (govd_parent_fork(p) == -1) {
                p->child = 0;
                p->pause = GOVD_BACK_OFF_MS;
            }
        }

        if (govd_parent_signal(p, 1000) && p->child) {
            (void) kill(p->child, SIGTERM);
            deadline = govd_parent_ms() + GOVD_KILL_MS;
        }

        if (p->child && waitpid(p->child, &status, WNOHANG) == p->child) {
            govd_parent_died(p, status);
        }

        if (p->child && deadline && govd_parent_ms() > deadline) {
            govd_log(GOVD_WARN, "the child does not stop and is killed");
            (void) kill(p->child, SIGKILL);
        }
    }

    return 0;
}


/* waits for a signal; 1 when it is the one to stop */

static int
govd_parent_signal(govd_parent_t *p, int ms)
{
    int              sig;
    struct timespec  ts;

    ts.tv_sec = ms / 1000;
    ts.tv_nsec = (long) (ms % 1000) * 1000000;

    sig = sigtimedwait(&p->set, NULL, &ts);

    if (sig == SIGTERM || sig == SIGINT) {
        p->stopping = 1;
        return 1;
    }

    return 0;
}


static void
govd_parent_died(govd_parent_t *p, int status)
{
    int          code;
    const char  *how;

    p->child = 0;

    if (p->ready != -1) {
        govd_parent_listen(p);
    }

    if (p->stopping) {
        return;
    }

    how = WIFSIGNALED(status) ? "by signal" : "with";
    code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    p->pause = govd_parent_pause(p);

    govd_log(GOVD_ERROR, "the child ended %s %d, a new one begins in %d ms",
             how, code, p->pause);
}


static int
govd_parent_pause(govd_parent_t *p)
{
    int  most, next;

    if (govd_parent_ms() - p->begun > GOVD_QUIET_MS || gov_points()) {
        return 0;
    }

    most = p->was_ready ? GOVD_READY_MS : GOVD_BACK_OFF_MS;
    next = p->pause ? p->pause * 2 : GOVD_PAUSE_MS;

    return next < most ? next : most;
}


static int64_t
govd_parent_ms(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_MONOTONIC, &ts);

    return (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}
