
/*
 * Copyright (C) ngx_gov authors
 *
 * govlook, run for one file: its standard input is the file, its output a
 * line of JSON, and what it makes of the file goes into files without a name
 * that are given to it as descriptors.
 */


#define _GNU_SOURCE         /* pipe2() */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "govd/govd_file.h"


#define GOVD_LOOK_SECONDS  120          /* it ends itself long before */
#define GOVD_LOOK_SAID     (4 * 1024 * 1024)
#define GOVD_LOOK_ASIDE    16           /* above all its descriptors */


static void govd_look_exec(const char *path, const char *const *words,
    const int *fds, unsigned n) __attribute__((noreturn));
static gov_rc_t govd_look_read(int fd, gov_arena_t *a, gov_str_t *said);
static gov_rc_t govd_look_end(pid_t pid, gov_rc_t rc);
static gov_rc_t govd_look_sizes(govd_blob_t *outs, unsigned n);


static const struct {
    const char  *fault;
    const char  *text;
} govd_look_faults[] = {
    { "pixels", "图片的像素太多，请缩小后再传" },
    { "broken", "文件已损坏，或者不是它的后缀所说的类型" },
    { "entries", "压缩包中的文件太多" },
    { "bytes", "压缩包展开后太大" },
    { "ratio", "压缩包的压缩率异常，不予展开" },
    { "link", "压缩包中的链接不予展开" },
    { "locked", "压缩包中的加密文件无法检查" },
    { "method", "压缩包的压缩方法不受支持，请用普通的 ZIP 重新打包" },
    { NULL, "文件无法检查" }
};


gov_rc_t
govd_look(govd_t *g, const char *const *words, int fd, govd_blob_t *outs,
    unsigned n, gov_arena_t *a, gov_value_t **found, gov_err_t *err)
{
    int        pipes[2], fds[2 + GOV_LOOK_FDS];
    pid_t      pid;
    unsigned   i;
    gov_rc_t   rc;
    gov_str_t  said;

    if (pipe2(pipes, O_CLOEXEC) == -1) {
        return gov_fail(err, GOV_ERROR, "", "无法建立管道：%s",
                        strerror(errno));
    }

    fds[0] = fd;
    fds[1] = pipes[1];

    for (i = 0; i < n; i++) {
        fds[2 + i] = outs[i].fd;
    }

    pid = fork();

    if (pid == 0) {
        govd_look_exec(g->conf->look, words, fds, 2 + n);
    }

    (void) close(pipes[1]);

    rc = pid == -1 ? GOV_ERROR : govd_look_read(pipes[0], a, &said);
    (void) close(pipes[0]);

    if (pid != -1) {
        rc = govd_look_end(pid, rc);
    }

    if (rc == GOV_OK) {
        rc = govd_look_sizes(outs, n);
    }

    if (rc == GOV_OK) {
        rc = gov_json_parse(a, said, found, NULL);
    }

    if (rc != GOV_OK) {
        govd_log(GOVD_WARN, "govlook ended without an answer");
        return gov_fail(err, GOV_INVALID, "", "文件无法检查");
    }

    return gov_member(*found, "fault")
           ? govd_look_fault(gov_get_str(*found, "fault"), err) : GOV_OK;
}


/*
 * Between fork() and exec() of a process with threads: no memory, no locks.
 * Descriptors 0, 1, and 3 on (2 is the log) are moved aside first, for one
 * of them may have the number of another.
 */

static void
govd_look_exec(const char *path, const char *const *words, const int *fds,
    unsigned n)
{
    int       to, aside[2 + GOV_LOOK_FDS];
    unsigned  i;
    sigset_t  none;

    (void) prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void) sigemptyset(&none);
    (void) sigprocmask(SIG_SETMASK, &none, NULL);

    for (i = 0; i < n; i++) {
        aside[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, GOVD_LOOK_ASIDE);
    }

    for (i = 0; i < n; i++) {
        to = i < 2 ? (int) i : GOV_LOOK_OUT + (int) i - 2;

        if (dup2(aside[i], to) == -1) {
            _exit(127);
        }
    }

    (void) lseek(GOV_LOOK_IN, 0, SEEK_SET);
    (void) execv(path, (char *const *) words);
    _exit(127);
}


static gov_rc_t
govd_look_read(int fd, gov_arena_t *a, gov_str_t *said)
{
    u_char         buf[4096];
    ssize_t        n;
    gov_buf_t      b;
    struct pollfd  p;

    gov_buf_init(&b, a, 4096);
    p.fd = fd;
    p.events = POLLIN;

    for ( ;; ) {
        n = poll(&p, 1, GOVD_LOOK_SECONDS * 1000);

        if (n == -1 && errno == EINTR) {
            continue;
        }

        n = n <= 0 ? -1 : read(fd, buf, sizeof(buf));

        if (n < 0 || b.s.len + (size_t) n > GOVD_LOOK_SAID) {
            return GOV_ERROR;
        }

        if (n == 0) {
            *said = b.s;
            return GOV_OK;
        }

        gov_buf_add(&b, buf, (size_t) n);
    }
}


static gov_rc_t
govd_look_end(pid_t pid, gov_rc_t rc)
{
    int  status;

    if (rc != GOV_OK) {
        (void) kill(pid, SIGKILL);
    }

    while (waitpid(pid, &status, 0) == -1) {
        if (errno != EINTR) {
            return GOV_ERROR;
        }
    }

    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? rc : GOV_ERROR;
}


static gov_rc_t
govd_look_sizes(govd_blob_t *outs, unsigned n)
{
    unsigned     i;
    struct stat  st;

    for (i = 0; i < n; i++) {
        if (fstat(outs[i].fd, &st) == -1) {
            return GOV_ERROR;
        }

        outs[i].size = (size_t) st.st_size;
    }

    return GOV_OK;
}


gov_rc_t
govd_look_fault(gov_str_t fault, gov_err_t *err)
{
    unsigned  i;

    for (i = 0; govd_look_faults[i].fault; i++) {
        if (gov_str_is(fault, govd_look_faults[i].fault)) {
            break;
        }
    }

    return gov_fail(err, GOV_INVALID, "file", "%s", govd_look_faults[i].text);
}
