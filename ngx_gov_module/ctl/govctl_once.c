
/*
 * Copyright (C) ngx_gov authors
 *
 * A govd of our own for this one call: `govd --once` from the folder of this
 * program, as the user the store belongs to, with pipes to and from it.  It
 * is run by its descriptor, so it need not be able to reach that folder.
 */


#define _GNU_SOURCE         /* execveat() */

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ctl/govctl_int.h"


struct govctl_once_s {
    pid_t    pid;
    FILE    *to;
    FILE    *from;
    char    *line;
    size_t   size;
};


static int govctl_once_program(void);
static void govctl_once_run(govctl_t *ctl, int program, int in, int out)
    __attribute__((noreturn));
static int govctl_once_user(void);


govctl_once_t *
govctl_once_begin(govctl_t *ctl)
{
    int             program, to[2], from[2];
    govctl_once_t  *o;

    o = calloc(1, sizeof(govctl_once_t));
    program = govctl_once_program();

    if (o == NULL || program == -1 || pipe2(to, O_CLOEXEC) == -1
        || pipe2(from, O_CLOEXEC) == -1)
    {
        govctl_say(govctl_word(GOVCTL_W_NO_GOVD), strerror(errno));
        free(o);
        return NULL;
    }

    (void) signal(SIGPIPE, SIG_IGN);
    (void) fflush(NULL);

    o->pid = fork();

    if (o->pid == 0) {
        govctl_once_run(ctl, program, to[0], from[1]);
    }

    (void) close(program);
    (void) close(to[0]);
    (void) close(from[1]);

    o->to = fdopen(to[1], "w");
    o->from = fdopen(from[0], "r");

    return o;
}


/* govd beside this program */

static int
govctl_once_program(void)
{
    char     path[PATH_MAX + 8], *slash;
    ssize_t  n;

    n = readlink("/proc/self/exe", path, PATH_MAX - 1);
    if (n <= 0) {
        return -1;
    }

    path[n] = '\0';
    slash = strrchr(path, '/');
    (void) snprintf(slash + 1, 5, "govd");

    return open(path, O_RDONLY|O_CLOEXEC);
}


static void
govctl_once_run(govctl_t *ctl, int program, int in, int out)
{
    static char  *argv[] = { "govd", "--once", NULL };

    (void) setenv("GOV_ACTOR", getuid() == 0 ? "root" : "operator", 1);

    if (chdir(ctl->run) == -1 || govctl_once_user() == -1
        || dup2(in, STDIN_FILENO) == -1 || dup2(out, STDOUT_FILENO) == -1)
    {
        govctl_say(govctl_word(GOVCTL_W_NO_GOVD), strerror(errno));
        _exit(1);
    }

    (void) signal(SIGPIPE, SIG_DFL);
    (void) execveat(program, "", argv, environ, AT_EMPTY_PATH);

    govctl_say(govctl_word(GOVCTL_W_NO_GOVD), strerror(errno));
    _exit(1);
}


/* root becomes the one the store belongs to */

static int
govctl_once_user(void)
{
    struct stat  st;

    if (getuid() != 0) {
        return 0;
    }

    if (stat("store", &st) == -1) {
        return errno == ENOENT ? 0 : -1;
    }

    return setgroups(0, NULL) == -1 || setgid(st.st_gid) == -1
           || setuid(st.st_uid) == -1 ? -1 : 0;
}


FILE *
govctl_once_to(govctl_once_t *o)
{
    return o->to;
}


gov_str_t
govctl_once_line(govctl_once_t *o, gov_arena_t *a)
{
    ssize_t  n;

    n = getline(&o->line, &o->size, o->from);

    if (n <= 0) {
        return (gov_str_t) gov_null_string;
    }

    if (o->line[n - 1] == '\n') {
        n--;
    }

    return gov_str_copy(a, (gov_str_t) { (size_t) n, (u_char *) o->line });
}


void
govctl_once_end(govctl_once_t **once)
{
    govctl_once_t  *o = *once;

    *once = NULL;

    if (o == NULL) {
        return;
    }

    (void) fclose(o->to);
    (void) fclose(o->from);
    (void) waitpid(o->pid, NULL, 0);
    free(o->line);
    free(o);
}
