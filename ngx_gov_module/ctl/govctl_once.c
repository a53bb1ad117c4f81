
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

#include "ctl/govctl_talk.h"


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
static int govctl_once_send(govctl_once_t *o, gov_arena_t *a,
    gov_value_t *v);
static gov_str_t govctl_once_line(govctl_once_t *o, gov_arena_t *a);
static int govctl_once_parse(gov_arena_t *a, govctl_answer_t *answer);


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


int
govctl_once_ask(govctl_talk_t *t, gov_arena_t *a, gov_value_t *v,
    govctl_answer_t *answer)
{
    if (govctl_once_send(t->once, a, v) != 0) {
        return GOVCTL_FAILED;
    }

    answer->text = govctl_once_line(t->once, a);

    return govctl_once_parse(a, answer);
}


int
govctl_once_many(govctl_talk_t *t, gov_arena_t *a, gov_value_t *lines,
    govctl_answer_t *answer)
{
    gov_buf_t     text;
    gov_value_t  *v;

    gov_buf_init(&text, a, 4096);

    gov_each(v, lines) {
        if (govctl_once_send(t->once, a, v) != 0) {
            return GOVCTL_FAILED;
        }

        gov_buf_str(&text, govctl_once_line(t->once, a));
        gov_buf_c(&text, "\n");
    }

    answer->status = 200;
    answer->text = text.s;

    return 0;
}


int
govctl_once_put(govctl_talk_t *t, gov_arena_t *a, int fd, size_t size,
    govctl_answer_t *answer)
{
    char      buf[65536];
    ssize_t   n;

    (void) fprintf(t->once->to, "{\"blob\":%zu}\n", size);

    while ((n = read(fd, buf, sizeof(buf))) > 0) {
        (void) fwrite(buf, 1, (size_t) n, t->once->to);
    }

    (void) fflush(t->once->to);

    answer->text = govctl_once_line(t->once, a);

    return govctl_once_parse(a, answer);
}


/* the line that ends a work, or says that there is none, is the answer */

int
govctl_once_lines(govctl_talk_t *t, gov_arena_t *a, gov_value_t *v,
    govctl_sink_t *sink, govctl_answer_t *answer)
{
    int           rc;
    gov_str_t     line;
    gov_arena_t  *la;

    if (govctl_once_send(t->once, a, v) != 0) {
        return GOVCTL_FAILED;
    }

    la = gov_arena_new(65536);

    for ( ;; ) {
        gov_arena_reset(la);
        line = govctl_once_line(t->once, la);

        if (line.len == 0 || gov_str_starts(line, "{\"end\":")
            || gov_str_starts(line, "{\"status\":"))
        {
            answer->text = gov_str_copy(a, line);
            rc = govctl_once_parse(a, answer);
            break;
        }

        if (sink->line(sink->data, line) != 0) {
            rc = GOVCTL_FAILED;
            break;
        }
    }

    gov_arena_free(&la);

    return rc;
}


static int
govctl_once_send(govctl_once_t *o, gov_arena_t *a, gov_value_t *v)
{
    gov_buf_t  b;

    gov_buf_init(&b, a, 1024);
    gov_json_write(&b, v, 0);

    if (fwrite(b.s.data, 1, b.s.len, o->to) != b.s.len
        || putc('\n', o->to) == EOF || fflush(o->to) == EOF)
    {
        govctl_say(govctl_word(GOVCTL_W_NO_ANSWER), strerror(errno));
        return -1;
    }

    return 0;
}


/* a line of the answer, in the arena; length 0: it has ended */

static gov_str_t
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


/* {"status", "body"}, or the last line of a work */

static int
govctl_once_parse(gov_arena_t *a, govctl_answer_t *answer)
{
    gov_buf_t     b;
    gov_value_t  *v;

    if (answer->text.len == 0
        || gov_json_parse(a, answer->text, &v, NULL) != GOV_OK)
    {
        answer->text = gov_str_of(govctl_word(GOVCTL_W_CUT_SHORT));
        return GOVCTL_FAILED;
    }

    answer->status = (int) gov_get_int(v, "status", 200);
    answer->body = gov_member(v, "body");

    if (answer->body == NULL) {
        answer->body = v;
    }

    gov_buf_init(&b, a, answer->text.len);
    gov_json_write(&b, answer->body, 0);
    answer->text = b.s;

    return answer->status / 100 == 2 ? 0 : govctl_answer_exit(answer);
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
