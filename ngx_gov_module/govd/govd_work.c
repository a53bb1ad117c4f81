
/*
 * Copyright (C) ngx_gov authors
 *
 * Long work (a check, a backup, a dump) runs in a process of its own: this
 * program again with --task, so that a damaged page ends that process alone
 * and a long snapshot is not this one's.  What it prints are JSON lines; the
 * last one is {"end": {...}}, and if the process did not come so far, it is
 * said here.
 *
 *     process --pipe--> thread --buffer--> libmicrohttpd's reader
 *                                          (suspended while it is empty)
 *
 * The thread and the answer share a govd_work_t; the one who leaves last
 * frees it.  An asker who goes away ends the process.
 */


#define _GNU_SOURCE         /* pipe2() */

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "govd/govd_work.h"


#define GOVD_WORKS_MAX   2
#define GOVD_WORK_BUF    65536
#define GOVD_WORK_WORDS  16

#define GOVD_WORK_FREE   0
#define GOVD_WORK_TAKEN  -1         /* not started yet, or ended */


struct govd_work_s {
    pthread_mutex_t         mutex;
    pthread_cond_t          cond;
    struct MHD_Connection  *connection;
    int                     fd;
    pid_t                   pid;
    unsigned                slot;
    size_t                  pos;
    size_t                  len;
    int                     ended;
    int                     suspended;
    int                     gone;       /* the asker */
    int                     shared;     /* thread and answer: 2, 1, freed */
    u_char                  buf[GOVD_WORK_BUF];
};


static void govd_work_line(govd_conf_t *conf, const char **argv,
    const char *name, const char *input);
static void govd_work_exec(const char **argv, int out)
    __attribute__((noreturn));
static int govd_works_take(unsigned *slot);
static void govd_works_set(unsigned slot, pid_t pid);
static void *govd_work_thread(void *data);
static void govd_work_pass(govd_work_t *w, const u_char *p, size_t n);
static ssize_t govd_work_read(void *data, uint64_t pos, char *buf,
    size_t max);
static void govd_work_left(void *data);
static void govd_work_drop(govd_work_t *w);


static pthread_mutex_t  govd_works_mutex = PTHREAD_MUTEX_INITIALIZER;
static pid_t            govd_works[GOVD_WORKS_MAX];


gov_rc_t
govd_work_start(govd_conf_t *conf, gov_str_t name, gov_str_t input, int *fd,
    pid_t *pid, gov_err_t *err)
{
    int           pipes[2];
    gov_rc_t      rc;
    const char   *argv[GOVD_WORK_WORDS];
    gov_arena_t  *a;

    if (gov_query_find(gov_works, name) == NULL) {
        return gov_fail(err, GOV_NOT_FOUND, "work", "没有名为“%.*s”的工作",
                        gov_strf(gov_utf8_head(name, 60)));
    }

    if (pipe2(pipes, O_CLOEXEC) == -1) {
        return gov_fail(err, GOV_ERROR, "", "无法建立管道：%s",
                        strerror(errno));
    }

    /* all that needs memory is done before fork() */

    a = gov_arena_new(1024);
    govd_work_line(conf, argv, gov_str_c(a, name), gov_str_c(a, input));

    *pid = fork();

    if (*pid == 0) {
        govd_work_exec(argv, pipes[1]);
    }

    rc = *pid == -1 ? gov_fail(err, GOV_ERROR, "", "无法启动进程：%s",
                               strerror(errno))
                    : GOV_OK;

    (void) close(pipes[1]);
    gov_arena_free(&a);

    if (rc != GOV_OK) {
        (void) close(pipes[0]);
    }

    *fd = pipes[0];

    return rc;
}


static void
govd_work_line(govd_conf_t *conf, const char **argv, const char *name,
    const char *input)
{
    unsigned  n;

    n = 0;
    argv[n++] = conf->program;

    if (conf->map_size) {
        argv[n++] = "--map-size";
        argv[n++] = conf->map_size;
    }

    if (conf->readers) {
        argv[n++] = "--readers";
        argv[n++] = conf->readers;
    }

    argv[n++] = "--task";
    argv[n++] = name;
    argv[n++] = input;
    argv[n] = NULL;
}


/* between fork() and exec() of a process with threads: no memory, no locks */

static void
govd_work_exec(const char **argv, int out)
{
    sigset_t  none;

    (void) sigemptyset(&none);
    (void) sigprocmask(SIG_SETMASK, &none, NULL);
    (void) dup2(out, STDOUT_FILENO);
    (void) execv(argv[0], (char *const *) argv);
    _exit(127);
}


int
govd_work_wait(pid_t pid)
{
    int  status;

    while (waitpid(pid, &status, 0) == -1) {
        if (errno != EINTR) {
            return 0;
        }
    }

    return WIFEXITED(status) && WEXITSTATUS(status) < GOVD_TASK_BROKEN;
}


gov_rc_t
govd_work_follow(govd_t *g, gov_str_t name, gov_str_t input,
    void (*line)(void *data, gov_str_t line), void *data, gov_err_t *err)
{
    int        fd;
    FILE      *f;
    pid_t      pid;
    char      *text;
    size_t     size;
    ssize_t    n;
    unsigned   slot;

    if (!govd_works_take(&slot)) {
        return gov_fail(err, GOV_BUSY, "", "进行中的工作过多");
    }

    if (govd_work_start(g->conf, name, input, &fd, &pid, err) != GOV_OK) {
        govd_works_set(slot, GOVD_WORK_FREE);
        return err->code;
    }

    govd_works_set(slot, pid);

    /* one that was begun while all others were ended is ended too */

    if (atomic_load(&g->stopping)) {
        (void) kill(pid, SIGTERM);
    }

    text = NULL;
    size = 0;
    f = fdopen(fd, "r");

    while (f != NULL && (n = getline(&text, &size, f)) > 0) {
        line(data, (gov_str_t) { (size_t) n, (u_char *) text });
    }

    free(text);
    (void) (f ? fclose(f) : close(fd));

    govd_works_set(slot, GOVD_WORK_TAKEN);

    n = govd_work_wait(pid);

    govd_works_set(slot, GOVD_WORK_FREE);

    return n ? GOV_OK : gov_fail(err, GOV_ERROR, "",
                                 "执行这项工作的进程意外结束，详见日志");
}


gov_rc_t
govd_work_begin(govd_conf_t *conf, gov_str_t name, gov_str_t input,
    struct MHD_Connection *connection, struct MHD_Response **response,
    gov_err_t *err)
{
    gov_rc_t      rc;
    unsigned      slot;
    pthread_t     thread;
    govd_work_t  *w;

    if (!govd_works_take(&slot)) {
        return gov_fail(err, GOV_BUSY, "",
                        "已有 %d 项检查、备份或导出在进行，请稍后再试",
                        GOVD_WORKS_MAX);
    }

    w = calloc(1, sizeof(govd_work_t));

    rc = w == NULL ? gov_fail(err, GOV_ERROR, "", "内存不足")
                   : govd_work_start(conf, name, input, &w->fd, &w->pid, err);

    if (rc != GOV_OK) {
        govd_works_set(slot, GOVD_WORK_FREE);
        free(w);
        return rc;
    }

    govd_works_set(slot, w->pid);
    w->slot = slot;
    w->shared = 2;
    w->connection = connection;
    (void) pthread_mutex_init(&w->mutex, NULL);
    (void) pthread_cond_init(&w->cond, NULL);

    *response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN,
                    GOVD_WORK_BUF, govd_work_read, w, govd_work_left);

    if (*response == NULL
        || pthread_create(&thread, NULL, govd_work_thread, w) != 0)
    {
        /* cannot go on without memory: the parent starts a new child */
        govd_log(GOVD_ERROR, "out of memory");
        abort();
    }

    (void) pthread_detach(thread);

    return GOV_OK;
}


static int
govd_works_take(unsigned *slot)
{
    unsigned  i;

    (void) pthread_mutex_lock(&govd_works_mutex);

    for (i = 0; i < GOVD_WORKS_MAX; i++) {
        if (govd_works[i] == GOVD_WORK_FREE) {
            govd_works[i] = GOVD_WORK_TAKEN;
            *slot = i;
            break;
        }
    }

    (void) pthread_mutex_unlock(&govd_works_mutex);

    return i < GOVD_WORKS_MAX;
}


static void
govd_works_set(unsigned slot, pid_t pid)
{
    (void) pthread_mutex_lock(&govd_works_mutex);
    govd_works[slot] = pid;
    (void) pthread_mutex_unlock(&govd_works_mutex);
}


void
govd_works_stop(void)
{
    unsigned  i;

    (void) pthread_mutex_lock(&govd_works_mutex);

    for (i = 0; i < GOVD_WORKS_MAX; i++) {
        if (govd_works[i] > 0) {
            (void) kill(govd_works[i], SIGTERM);
        }
    }

    (void) pthread_mutex_unlock(&govd_works_mutex);
}


static void *
govd_work_thread(void *data)
{
    u_char        piece[16384];
    ssize_t       n;
    govd_work_t  *w = data;

    static const char  broken[] =
        "\n{\"end\":{\"ok\":false,\"problem\":{\"type\":\"about:blank\","
        "\"title\":\"内部错误\",\"status\":500,\"code\":\"error\","
        "\"detail\":\"执行这项工作的进程意外结束，详见日志\"}}}\n";

    for ( ;; ) {
        n = read(w->fd, piece, sizeof(piece));

        if (n == -1 && errno == EINTR) {
            continue;
        }

        if (n <= 0) {
            break;
        }

        govd_work_pass(w, piece, (size_t) n);
    }

    (void) close(w->fd);

    /* its number may be another process's once it was waited for */

    govd_works_set(w->slot, GOVD_WORK_TAKEN);

    if (!govd_work_wait(w->pid)) {
        govd_log(GOVD_WARN, "process %d of a work broke off", (int) w->pid);
        govd_work_pass(w, (u_char *) broken, sizeof(broken) - 1);
    }

    govd_works_set(w->slot, GOVD_WORK_FREE);

    (void) pthread_mutex_lock(&w->mutex);

    w->ended = 1;

    if (w->suspended) {
        w->suspended = 0;
        MHD_resume_connection(w->connection);
    }

    govd_work_drop(w);

    return NULL;
}


static void
govd_work_pass(govd_work_t *w, const u_char *p, size_t n)
{
    (void) pthread_mutex_lock(&w->mutex);

    while (!w->gone && w->len + n > GOVD_WORK_BUF) {
        (void) pthread_cond_wait(&w->cond, &w->mutex);
    }

    if (!w->gone) {
        memmove(w->buf, w->buf + w->pos, w->len);
        memcpy(w->buf + w->len, p, n);
        w->pos = 0;
        w->len += n;
    }

    if (w->suspended) {
        w->suspended = 0;
        MHD_resume_connection(w->connection);
    }

    (void) pthread_mutex_unlock(&w->mutex);
}


static ssize_t
govd_work_read(void *data, uint64_t at, char *buf, size_t max)
{
    ssize_t       n;
    govd_work_t  *w = data;

    (void) at;
    (void) pthread_mutex_lock(&w->mutex);

    if (w->len) {
        n = (ssize_t) (w->len < max ? w->len : max);
        memcpy(buf, w->buf + w->pos, (size_t) n);
        w->pos += (size_t) n;
        w->len -= (size_t) n;
        (void) pthread_cond_signal(&w->cond);

    } else if (w->ended) {
        n = MHD_CONTENT_READER_END_OF_STREAM;

    } else {
        n = 0;
        w->suspended = 1;
        MHD_suspend_connection(w->connection);
    }

    (void) pthread_mutex_unlock(&w->mutex);

    return n;
}


static void
govd_work_left(void *data)
{
    govd_work_t  *w = data;

    (void) pthread_mutex_lock(&govd_works_mutex);

    if (govd_works[w->slot] == w->pid) {
        (void) kill(w->pid, SIGTERM);
    }

    (void) pthread_mutex_unlock(&govd_works_mutex);

    (void) pthread_mutex_lock(&w->mutex);
    w->gone = 1;
    (void) pthread_cond_signal(&w->cond);

    govd_work_drop(w);
}


/* entered with the mutex held */

static void
govd_work_drop(govd_work_t *w)
{
    int  shared;

    shared = --w->shared;

    (void) pthread_mutex_unlock(&w->mutex);

    if (shared == 0) {
        (void) pthread_cond_destroy(&w->cond);
        (void) pthread_mutex_destroy(&w->mutex);
        free(w);
    }
}
