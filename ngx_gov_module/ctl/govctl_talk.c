
/*
 * Copyright (C) ngx_gov authors
 *
 * Asking govd.  The socket is reached through the data folder's descriptor,
 * so neither a long path nor a closed folder above it is in the way.  Where
 * nobody listens, a govd of our own answers (govctl_once.c).
 *
 * A command carries an operation id from here, unless it brought its own.
 */


#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "ctl/govctl_talk.h"


static govctl_talk_t *govctl_talk(govctl_t *ctl);
static int govctl_connects(const char *path);
static int govctl_work_end(govctl_answer_t *answer);
static gov_str_t govctl_opid(gov_arena_t *a);


/* the connection, made when first needed; NULL: said why not */

static govctl_talk_t *
govctl_talk(govctl_t *ctl)
{
    int             rc;
    govctl_talk_t  *t;

    if (ctl->talk) {
        return ctl->talk;
    }

    t = gov_calloc(ctl->arena, sizeof(govctl_talk_t));

    t->dir = open(ctl->run, O_PATH|O_DIRECTORY|O_CLOEXEC);
    if (t->dir == -1) {
        govctl_say(govctl_word(GOVCTL_W_NO_RUN), ctl->run);
        return NULL;
    }

    (void) snprintf(t->socket, sizeof(t->socket),
                    "/proc/self/fd/%d/run/ctl.sock", t->dir);

    rc = govctl_connects(t->socket);

    if (rc == EACCES || rc == EPERM) {
        govctl_say(govctl_word(GOVCTL_W_NOT_ALLOWED), "run/ctl.sock");
        return NULL;
    }

    if (rc == 0) {
        t->curl = curl_easy_init();

    } else {
        t->once = govctl_once_begin(ctl);
    }

    if (t->curl == NULL && t->once == NULL) {
        return NULL;
    }

    ctl->talk = t;

    return t;
}


static int
govctl_connects(const char *path)
{
    int                 fd, rc;
    struct sockaddr_un  sa;

    memset(&sa, 0, sizeof(struct sockaddr_un));
    sa.sun_family = AF_UNIX;
    (void) snprintf(sa.sun_path, sizeof(sa.sun_path), "%s", path);

    fd = socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0);
    if (fd == -1) {
        return errno;
    }

    rc = connect(fd, (struct sockaddr *) &sa, sizeof(sa)) == 0 ? 0 : errno;
    (void) close(fd);

    return rc;
}


void
govctl_talk_end(govctl_t *ctl)
{
    govctl_talk_t  *t = ctl->talk;

    if (t == NULL) {
        return;
    }

    if (t->curl) {
        curl_easy_cleanup(t->curl);
    }

    govctl_once_end(&t->once);
    (void) close(t->dir);
    ctl->talk = NULL;
}


int
govctl_command(govctl_t *ctl, gov_arena_t *a, gov_str_t name,
    gov_value_t *input, govctl_answer_t *answer)
{
    gov_buf_t       body;
    gov_str_t       op, header;
    gov_value_t    *v;
    govctl_talk_t  *t;

    memset(answer, 0, sizeof(govctl_answer_t));

    t = govctl_talk(ctl);
    if (t == NULL) {
        return GOVCTL_FAILED;
    }

    op = govctl_opid(a);

    if (t->once) {
        v = gov_map(a);
        gov_put_str(a, v, "command", name);
        gov_put_str(a, v, "op", op);
        gov_put_bool(a, v, "dry_run", ctl->dry_run);
        gov_put(v, "input", input);
        return govctl_once_ask(t, a, v, answer);
    }

    gov_buf_init(&body, a, 1024);
    gov_json_write(&body, input, 0);

    header = gov_str_fmt(a, "Gov-Operation: %.*s", gov_strf(op));

    return govctl_http_post(t, a,
               gov_str_fmt(a, "http://govd/api/v1/commands/%.*s%s",
                           gov_strf(name), ctl->dry_run ? "?dry_run=1" : ""),
               &header, body.s, answer);
}


int
govctl_commands(govctl_t *ctl, gov_arena_t *a, gov_value_t *lines,
    govctl_answer_t *answer)
{
    gov_buf_t       body;
    gov_value_t    *v;
    govctl_talk_t  *t;

    memset(answer, 0, sizeof(govctl_answer_t));

    t = govctl_talk(ctl);
    if (t == NULL) {
        return GOVCTL_FAILED;
    }

    gov_each(v, lines) {
        if (gov_member(v, "op") == NULL) {
            gov_put_str(a, v, "op", govctl_opid(a));
        }

        gov_put_bool(a, v, "dry_run", ctl->dry_run);
    }

    if (t->once) {
        return govctl_once_many(t, a, lines, answer);
    }

    gov_buf_init(&body, a, 65536);

    gov_each(v, lines) {
        gov_json_write(&body, v, 0);
        gov_buf_c(&body, "\n");
    }

    return govctl_http_post(t, a, gov_s("http://govd/api/v1/batch"), NULL,
                            body.s, answer);
}


int
govctl_ask(govctl_t *ctl, gov_arena_t *a, gov_str_t name,
    gov_value_t *input, govctl_answer_t *answer)
{
    gov_buf_t       url;
    gov_str_t       s;
    gov_value_t    *v;
    govctl_talk_t  *t;

    memset(answer, 0, sizeof(govctl_answer_t));

    t = govctl_talk(ctl);
    if (t == NULL) {
        return GOVCTL_FAILED;
    }

    if (t->once) {
        v = gov_map(a);
        gov_put_str(a, v, "query", name);
        gov_put(v, "input", input);
        return govctl_once_ask(t, a, v, answer);
    }

    gov_buf_init(&url, a, 256);
    gov_buf_fmt(&url, "http://govd/api/v1/queries/%.*s", gov_strf(name));

    gov_each(v, input) {
        s = v->kind == GOV_STR ? v->u.s
            : gov_str_fmt(a, "%lld", (long long) v->u.i);

        gov_buf_fmt(&url, "%s%.*s=",
                    memchr(url.s.data, '?', url.s.len) ? "&" : "?",
                    gov_strf(v->key));
        gov_buf_uri(&url, s);
    }

    return govctl_http_ask(t, a, url.s, answer);
}


int
govctl_blob(govctl_t *ctl, gov_arena_t *a, int fd, size_t size,
    govctl_answer_t *answer)
{
    govctl_talk_t  *t;

    memset(answer, 0, sizeof(govctl_answer_t));

    t = govctl_talk(ctl);
    if (t == NULL) {
        return GOVCTL_FAILED;
    }

    return t->once ? govctl_once_put(t, a, fd, size, answer)
                   : govctl_http_put(t, a, fd, size, answer);
}


int
govctl_work(govctl_t *ctl, gov_arena_t *a, gov_str_t name,
    gov_value_t *input, govctl_line_pt line, void *data,
    govctl_answer_t *answer)
{
    int             rc;
    gov_buf_t       body;
    gov_value_t    *v;
    govctl_sink_t   sink;
    govctl_talk_t  *t;

    memset(answer, 0, sizeof(govctl_answer_t));

    t = govctl_talk(ctl);
    if (t == NULL) {
        return GOVCTL_FAILED;
    }

    govctl_sink(&sink, a);
    sink.line = line;
    sink.data = data;

    if (t->once) {
        v = gov_map(a);
        gov_put_str(a, v, "work", name);
        gov_put(v, "input", input);
        rc = govctl_once_lines(t, a, v, &sink, answer);

    } else {
        gov_buf_init(&body, a, 256);
        gov_json_write(&body, input, 0);

        rc = govctl_http_lines(t, a,
                 gov_str_fmt(a, "http://govd/api/v1/works/%.*s",
                             gov_strf(name)),
                 body.s, &sink, answer);
    }

    return rc == 0 ? govctl_work_end(answer) : rc;
}


/* the last line says how it ended; without it something is missing */

static int
govctl_work_end(govctl_answer_t *answer)
{
    gov_value_t  *end;

    end = gov_member(answer->body, "end");

    if (end == NULL) {
        govctl_say("%s", govctl_word(GOVCTL_W_CUT_SHORT));
        memset(answer, 0, sizeof(govctl_answer_t));
        return GOVCTL_FAILED;
    }

    answer->body = end;

    if (gov_get_bool(end, "ok")) {
        return 0;
    }

    answer->body = gov_member(end, "problem");
    answer->status = (int) gov_get_int(answer->body, "status", 500);

    return govctl_answer_exit(answer);
}


static gov_str_t
govctl_opid(gov_arena_t *a)
{
    u_char  id[GOV_OPID_LEN];

    if (gov_opid_new(gov_now(), id) != GOV_OK) {
        return (gov_str_t) gov_null_string;
    }

    return gov_hex_str(a, id, GOV_OPID_LEN);
}


/* problem details name what went wrong */

int
govctl_complain(govctl_answer_t *answer)
{
    gov_str_t  detail, field;

    if (answer->status == 0) {
        if (answer->text.len) {
            govctl_say(govctl_word(GOVCTL_W_NO_ANSWER),
                       (char *) answer->text.data);
        }

        return GOVCTL_FAILED;
    }

    detail = gov_get_str(answer->body, "detail");
    field = gov_get_str(answer->body, "field");

    if (detail.len == 0) {
        detail = answer->text;
    }

    if (field.len) {
        (void) fprintf(stderr, "govctl: ");
        (void) fprintf(stderr, "%.*s: %.*s\n", gov_strf(field),
                       gov_strf(detail));
    } else {
        govctl_say(govctl_word(GOVCTL_W_FAILED), gov_strf(detail));
    }

    return govctl_answer_exit(answer);
}


int
govctl_answer_exit(govctl_answer_t *answer)
{
    gov_rc_t   rc;
    gov_str_t  code;

    code = gov_get_str(answer->body, "code");

    for (rc = GOV_OK; rc <= GOV_BUSY; rc++) {
        if (code.len && gov_str_is(code, gov_rc_name(rc))) {
            return gov_rc_exit(rc);
        }
    }

    return GOVCTL_FAILED;
}
