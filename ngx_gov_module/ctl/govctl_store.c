
/*
 * Copyright (C) ngx_gov authors
 *
 * Works, whose answer comes line by line, and what nginx says of an address.
 */


#define _GNU_SOURCE         /* syncfs() */

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ctl/govctl_int.h"


static int govctl_work_line(void *data, gov_str_t line);
static int govctl_take(char *from, char *to);
static const char *govctl_port(govctl_t *ctl);
static gov_str_t govctl_port_of(govctl_t *ctl, const char *name);


int
govctl_do_work(govctl_t *ctl, govctl_verb_t *verb, gov_value_t *in)
{
    int              rc;
    govctl_answer_t  answer;

    rc = govctl_work(ctl, ctl->arena, gov_str_of(verb->name), in,
                     govctl_work_line, ctl, &answer);

    if (rc != 0) {
        return govctl_complain(&answer);
    }

    gov_unset(answer.body, "ok");

    /* a dump's lines are the data; its sum would be one line too many */

    if (strcmp(verb->name, "store.dump") != 0
        && (ctl->format != GOVCTL_TABLE || !ctl->quiet))
    {
        govctl_print_one(ctl, answer.body);
    }

    return 0;
}


/* steps and faults are messages, the rest is data */

static int
govctl_work_line(void *data, gov_str_t line)
{
    gov_str_t     step;
    gov_arena_t  *a;
    gov_value_t  *v;
    govctl_t     *ctl = data;

    a = gov_arena_new(4096);

    if (gov_json_parse(a, line, &v, NULL) == GOV_OK
        && gov_member(v, "fault"))
    {
        govctl_say(govctl_word(GOVCTL_W_FAULT),
                   (long long) gov_get_int(v, "site", 0),
                   gov_strf(gov_get_str(v, "fault")));

    } else if (gov_member(v, "step")) {
        step = gov_get_str(v, "step");

        if (!ctl->quiet) {
            govctl_say(govctl_word(gov_str_is(step, "store")
                                   ? GOVCTL_W_STEP_STORE
                                   : GOVCTL_W_STEP_FILES),
                       gov_strf(gov_get_str(v, "dir")));
        }

    } else {
        (void) printf("%.*s\n", gov_strf(line));
    }

    gov_arena_free(&a);

    return 0;
}


/*
 * govd makes the copy below its data folder, where it may write; a folder
 * that was named is the operator's, who takes it there.
 */

int
govctl_do_backup(govctl_t *ctl, govctl_verb_t *verb, gov_value_t *in)
{
    int              rc;
    char            *to, *made;
    govctl_answer_t  answer;

    if (gov_get_str(in, "dir").len == 0) {
        return govctl_do_work(ctl, verb, in);
    }

    to = gov_str_c(ctl->arena, gov_get_str(in, "dir"));

    if (rmdir(to) == -1 && errno != ENOENT) {
        govctl_say(govctl_word(GOVCTL_W_NO_WRITE), to, strerror(errno));
        return GOVCTL_FAILED;
    }

    rc = govctl_work(ctl, ctl->arena, gov_s("store.backup"),
                     gov_map(ctl->arena), govctl_work_line, ctl, &answer);
    if (rc != 0) {
        return govctl_complain(&answer);
    }

    made = gov_str_c(ctl->arena,
               gov_str_fmt(ctl->arena, "%s/%.*s", ctl->run,
                           gov_strf(gov_get_str(answer.body, "dir"))));

    if (govctl_take(made, to) != 0) {
        return GOVCTL_FAILED;
    }

    gov_unset(answer.body, "ok");
    gov_set(answer.body, "dir", gov_val_str(ctl->arena, gov_str_of(to)));

    if (ctl->format != GOVCTL_TABLE || !ctl->quiet) {
        govctl_print_one(ctl, answer.body);
    }

    return 0;
}


/* renamed, or moved to another file system by mv and synced there */

static int
govctl_take(char *from, char *to)
{
    int     fd, status;
    char   *argv[] = { "mv", "-T", "--", from, to, NULL };
    pid_t   pid;

    if (rename(from, to) == 0) {
        return 0;
    }

    if (errno == EXDEV && posix_spawnp(&pid, "mv", NULL, NULL, argv, environ)
        == 0)
    {
        errno = EIO;

        if (waitpid(pid, &status, 0) == pid && status == 0) {
            fd = open(to, O_RDONLY|O_DIRECTORY|O_CLOEXEC);
            status = fd == -1 ? -1 : syncfs(fd);
            (void) close(fd);

            if (status == 0) {
                return 0;
            }
        }
    }

    govctl_say(govctl_word(GOVCTL_W_KEPT), to, strerror(errno), from);

    return -1;
}


int
govctl_do_explain(govctl_t *ctl, govctl_verb_t *verb, gov_value_t *in)
{
    int           rc, status;
    gov_buf_t     url;
    gov_str_t     text;
    const char   *port;
    gov_value_t  *v;

    (void) verb;

    port = govctl_port(ctl);

    gov_buf_init(&url, ctl->arena, 256);
    gov_buf_fmt(&url, "http://127.0.0.1:%s/_gov/explain?url=", port);
    gov_buf_uri(&url, gov_get_str(in, "url"));

    rc = govctl_http_get(ctl, gov_str_c(ctl->arena, url.s), &status, &text);

    if (rc != 0) {
        govctl_say(govctl_word(GOVCTL_W_NO_NGINX), port,
                   gov_str_c(ctl->arena, text));
        return rc;
    }

    if (gov_json_parse(ctl->arena, text, &v, NULL) == GOV_OK
        && v->kind == GOV_MAP)
    {
        govctl_print_one(ctl, v);
    } else {
        (void) printf("%.*s\n", gov_strf(text));
    }

    return status == 404 ? 3 : status / 100 == 2 ? 0 : GOVCTL_FAILED;
}


/* run/http.port, else what nginx.conf listens on, else PORT, else 8080 */

static const char *
govctl_port(govctl_t *ctl)
{
    size_t       n;
    gov_str_t    s;
    const char  *p, *end;

    s = govctl_port_of(ctl, "run/http.port");
    n = strspn((char *) s.data, "0123456789");

    if (n) {
        s.len = n;
        return gov_str_c(ctl->arena, s);
    }

    s = govctl_port_of(ctl, "nginx.conf");
    p = strstr((char *) s.data, "listen ");

    if (p) {
        p += sizeof("listen ") - 1;
        end = p + strcspn(p, " ;\n");

        while (end > p && end[-1] >= '0' && end[-1] <= '9') {
            end--;
        }

        n = strspn(end, "0123456789");
        if (n) {
            return gov_str_c(ctl->arena, (gov_str_t) { n, (u_char *) end });
        }
    }

    return getenv("PORT") ? getenv("PORT") : "8080";
}


/* a small file of the data folder, terminated; "" when there is none */

static gov_str_t
govctl_port_of(govctl_t *ctl, const char *name)
{
    FILE       *f;
    char        buf[8192];
    size_t      n;

    f = fopen(gov_str_c(ctl->arena, gov_str_fmt(ctl->arena, "%s/%s",
                                                ctl->run, name)), "r");
    n = f ? fread(buf, 1, sizeof(buf), f) : 0;

    if (f) {
        (void) fclose(f);
    }

    return gov_str_copy(ctl->arena, (gov_str_t) { n, (u_char *) buf });
}
