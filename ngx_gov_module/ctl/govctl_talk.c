
/*
 * Copyright (C) ngx_gov authors
 *
 * Asking govd.  The socket is reached through the data folder's descriptor,
 * so neither a long path nor a closed folder above it is in the way.
 *
 * A command carries an operation id from here.  When the connection breaks
 * before the answer (govd is starting anew) it is asked again with the same
 * id: what was done is told, not done twice.
 */


#define _GNU_SOURCE

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "ctl/govctl_int.h"


#define GOVCTL_TRIES  8


struct govctl_talk_s {
    int              dir;           /* the data folder */
    char             socket[64];
    CURL            *curl;          /* NULL: once is used */
    govctl_once_t   *once;
};

/* what comes back: whole, or line by line */
typedef struct {
    gov_buf_t        text;
    govctl_line_pt   line;
    void            *data;
    int              stopped;
} govctl_sink_t;


static govctl_talk_t *govctl_talk(govctl_t *ctl);
static int govctl_connects(const char *path);
static int govctl_post(govctl_talk_t *t, gov_arena_t *a, gov_str_t url,
    gov_str_t header, gov_str_t body, govctl_answer_t *answer);
static int govctl_perform(govctl_talk_t *t, gov_arena_t *a,
    govctl_sink_t *sink, govctl_answer_t *answer);
static size_t govctl_receive(char *p, size_t size, size_t n, void *data);
static size_t govctl_receive_lines(char *p, size_t size, size_t n,
    void *data);
static void govctl_pause(unsigned tries);
static int govctl_parse(gov_arena_t *a, govctl_answer_t *answer);
static int govctl_once_ask(govctl_t *ctl, gov_arena_t *a, gov_value_t *v,
    govctl_answer_t *answer);
static int govctl_once_send(govctl_talk_t *t, gov_arena_t *a,
    gov_value_t *v);
static int govctl_once_work(govctl_talk_t *t, gov_arena_t *a,
    gov_str_t name, gov_value_t *input, govctl_sink_t *sink,
    govctl_answer_t *answer);
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
    gov_buf_t        body;
    gov_str_t        op;
    gov_value_t     *v;
    govctl_talk_t   *t;

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
        return govctl_once_ask(ctl, a, v, answer);
    }

    gov_buf_init(&body, a, 1024);
    gov_json_write(&body, input, 0);

    return govctl_post(t, a,
               gov_str_fmt(a, "http://govd/api/v1/commands/%.*s%s",
                           gov_strf(name), ctl->dry_run ? "?dry_run=1" : ""),
               gov_str_fmt(a, "Gov-Operation: %.*s", gov_strf(op)),
               body.s, answer);
}


int
govctl_commands(govctl_t *ctl, gov_arena_t *a, gov_value_t *lines,
    govctl_answer_t *answer)
{
    gov_buf_t       body;
    gov_str_t       line;
    gov_value_t    *v;
    govctl_talk_t  *t;

    memset(answer, 0, sizeof(govctl_answer_t));

    t = govctl_talk(ctl);
    if (t == NULL) {
        return GOVCTL_FAILED;
    }

    gov_buf_init(&body, a, 65536);

    gov_each(v, lines) {
        gov_put_str(a, v, "op", govctl_opid(a));
        gov_put_bool(a, v, "dry_run", ctl->dry_run);

        if (t->once == NULL) {
            gov_json_write(&body, v, 0);
            gov_buf_c(&body, "\n");
            continue;
        }

        if (govctl_once_send(t, a, v) != 0) {
            return GOVCTL_FAILED;
        }

        line = govctl_once_line(t->once, a);
        gov_buf_str(&body, line);
        gov_buf_c(&body, "\n");
    }

    if (t->once) {
        answer->status = 200;
        answer->text = body.s;
        return 0;
    }

    return govctl_post(t, a, gov_s("http://govd/api/v1/batch"),
                       gov_s("Accept: application/x-ndjson"), body.s, answer);
}


/*
 * Asked again while the connection breaks or the queue is full: the operation
 * ids in it make that harmless.
 */

static int
govctl_post(govctl_talk_t *t, gov_arena_t *a, gov_str_t url,
    gov_str_t header, gov_str_t body, govctl_answer_t *answer)
{
    int                 rc;
    unsigned            tries;
    govctl_sink_t       sink;
    struct curl_slist  *headers;

    headers = curl_slist_append(NULL, "Content-Type: application/json");
    headers = curl_slist_append(headers, "Expect:");
    headers = curl_slist_append(headers, gov_str_c(a, header));

    for (tries = 0; /* void */ ; tries++) {
        curl_easy_reset(t->curl);
        (void) curl_easy_setopt(t->curl, CURLOPT_URL, gov_str_c(a, url));
        (void) curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, headers);
        (void) curl_easy_setopt(t->curl, CURLOPT_POSTFIELDS, body.data);
        (void) curl_easy_setopt(t->curl, CURLOPT_POSTFIELDSIZE_LARGE,
                                (curl_off_t) body.len);

        memset(&sink, 0, sizeof(govctl_sink_t));
        gov_buf_init(&sink.text, a, 1024);

        rc = govctl_perform(t, a, &sink, answer);

        if ((answer->status != 0 && answer->status != 503)
            || tries == GOVCTL_TRIES)
        {
            break;
        }

        govctl_pause(tries);
    }

    curl_slist_free_all(headers);

    return rc;
}


int
govctl_ask(govctl_t *ctl, gov_arena_t *a, gov_str_t name,
    gov_value_t *input, govctl_answer_t *answer)
{
    int             rc;
    char           *text;
    gov_str_t       s;
    gov_buf_t       url;
    unsigned        tries;
    gov_value_t    *v, *ask;
    govctl_sink_t   sink;
    govctl_talk_t  *t;

    memset(answer, 0, sizeof(govctl_answer_t));

    t = govctl_talk(ctl);
    if (t == NULL) {
        return GOVCTL_FAILED;
    }

    if (t->once) {
        ask = gov_map(a);
        gov_put_str(a, ask, "query", name);
        gov_put(ask, "input", input);
        return govctl_once_ask(ctl, a, ask, answer);
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

    text = gov_str_c(a, url.s);

    for (tries = 0; /* void */ ; tries++) {
        curl_easy_reset(t->curl);
        (void) curl_easy_setopt(t->curl, CURLOPT_URL, text);

        memset(&sink, 0, sizeof(govctl_sink_t));
        gov_buf_init(&sink.text, a, 4096);

        rc = govctl_perform(t, a, &sink, answer);

        if (answer->status != 0 || tries == GOVCTL_TRIES) {
            return rc;
        }

        govctl_pause(tries);
    }
}


int
govctl_blob(govctl_t *ctl, gov_arena_t *a, int fd, size_t size,
    govctl_answer_t *answer)
{
    int             rc;
    char            buf[65536];
    FILE           *f;
    ssize_t         n;
    govctl_sink_t   sink;
    govctl_talk_t  *t;

    memset(answer, 0, sizeof(govctl_answer_t));
    memset(&sink, 0, sizeof(govctl_sink_t));
    gov_buf_init(&sink.text, a, 256);

    t = govctl_talk(ctl);
    if (t == NULL) {
        return GOVCTL_FAILED;
    }

    if (t->once) {
        f = govctl_once_to(t->once);
        (void) fprintf(f, "{\"blob\":%zu}\n", size);

        while ((n = read(fd, buf, sizeof(buf))) > 0) {
            (void) fwrite(buf, 1, (size_t) n, f);
        }

        (void) fflush(f);

        answer->text = govctl_once_line(t->once, a);
        return govctl_parse(a, answer);
    }

    f = fdopen(dup(fd), "rb");
    if (f == NULL) {
        return GOVCTL_FAILED;
    }

    curl_easy_reset(t->curl);
    (void) curl_easy_setopt(t->curl, CURLOPT_URL, "http://govd/api/v1/blobs");
    (void) curl_easy_setopt(t->curl, CURLOPT_UPLOAD, 1L);
    (void) curl_easy_setopt(t->curl, CURLOPT_READDATA, f);
    (void) curl_easy_setopt(t->curl, CURLOPT_INFILESIZE_LARGE,
                            (curl_off_t) size);

    rc = govctl_perform(t, a, &sink, answer);

    (void) fclose(f);

    return rc;
}


int
govctl_work(govctl_t *ctl, gov_arena_t *a, gov_str_t name,
    gov_value_t *input, govctl_line_pt line, void *data,
    govctl_answer_t *answer)
{
    int             rc;
    gov_buf_t       body;
    gov_value_t    *end;
    govctl_sink_t   sink;
    govctl_talk_t  *t;

    memset(answer, 0, sizeof(govctl_answer_t));
    memset(&sink, 0, sizeof(govctl_sink_t));
    gov_buf_init(&sink.text, a, 65536);
    sink.line = line;
    sink.data = data;

    t = govctl_talk(ctl);
    if (t == NULL) {
        return GOVCTL_FAILED;
    }

    if (t->once) {
        rc = govctl_once_work(t, a, name, input, &sink, answer);

    } else {
        gov_buf_init(&body, a, 256);
        gov_json_write(&body, input, 0);

        curl_easy_reset(t->curl);
        (void) curl_easy_setopt(t->curl, CURLOPT_URL, gov_str_c(a,
                   gov_str_fmt(a, "http://govd/api/v1/works/%.*s",
                               gov_strf(name))));
        (void) curl_easy_setopt(t->curl, CURLOPT_POSTFIELDS, body.s.data);
        (void) curl_easy_setopt(t->curl, CURLOPT_POSTFIELDSIZE_LARGE,
                                (curl_off_t) body.s.len);

        rc = govctl_perform(t, a, &sink, answer);
    }

    if (rc != 0) {
        return rc;
    }

    /* the last line says how it ended; without it something is missing */

    end = gov_member(answer->body, "end");

    if (end == NULL) {
        govctl_say("%s", govctl_word(GOVCTL_W_CUT_SHORT));
        answer->status = 0;
        return GOVCTL_FAILED;
    }

    answer->body = end;

    if (!gov_get_bool(end, "ok")) {
        answer->body = gov_member(end, "problem");
        answer->status = (int) gov_get_int(answer->body, "status", 500);
        return govctl_answer_exit(answer);
    }

    return 0;
}


int
govctl_http_get(govctl_t *ctl, const char *url, int *status,
    gov_str_t *text)
{
    long            code;
    CURL           *curl;
    CURLcode        rc;
    govctl_sink_t   sink;

    memset(&sink, 0, sizeof(govctl_sink_t));
    gov_buf_init(&sink.text, ctl->arena, 4096);

    curl = curl_easy_init();
    (void) curl_easy_setopt(curl, CURLOPT_URL, url);
    (void) curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    (void) curl_easy_setopt(curl, CURLOPT_TIMEOUT, 30L);
    (void) curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, govctl_receive);
    (void) curl_easy_setopt(curl, CURLOPT_WRITEDATA, &sink);

    rc = curl_easy_perform(curl);
    code = 0;
    (void) curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
    curl_easy_cleanup(curl);

    *status = (int) code;
    *text = rc == CURLE_OK ? sink.text.s
                           : gov_str_of(curl_easy_strerror(rc));

    return rc == CURLE_OK ? 0 : GOVCTL_FAILED;
}


static int
govctl_perform(govctl_talk_t *t, gov_arena_t *a, govctl_sink_t *sink,
    govctl_answer_t *answer)
{
    long      status;
    CURLcode  rc;

    (void) curl_easy_setopt(t->curl, CURLOPT_UNIX_SOCKET_PATH, t->socket);
    (void) curl_easy_setopt(t->curl, CURLOPT_NOPROXY, "*");
    (void) curl_easy_setopt(t->curl, CURLOPT_WRITEFUNCTION,
                            sink->line ? govctl_receive_lines
                                       : govctl_receive);
    (void) curl_easy_setopt(t->curl, CURLOPT_WRITEDATA, sink);

    rc = curl_easy_perform(t->curl);

    status = 0;
    answer->status = 0;
    answer->text = sink->text.s;

    if (rc != CURLE_OK) {
        if (sink->stopped) {
            return GOVCTL_FAILED;
        }

        answer->text = gov_str_of(curl_easy_strerror(rc));
        return GOVCTL_FAILED;
    }

    (void) curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
    answer->status = (int) status;

    if (gov_json_parse(a, answer->text, &answer->body, NULL) != GOV_OK) {
        answer->body = NULL;
    }

    return status / 100 == 2 ? 0 : govctl_answer_exit(answer);
}


static size_t
govctl_receive(char *p, size_t size, size_t n, void *data)
{
    govctl_sink_t  *sink = data;

    gov_buf_add(&sink->text, p, size * n);

    return size * n;
}


/* a line is passed on when the next one begins: the last one is kept */

static size_t
govctl_receive_lines(char *p, size_t size, size_t n, void *data)
{
    u_char         *nl;
    gov_str_t       rest;
    govctl_sink_t  *sink = data;

    gov_buf_add(&sink->text, p, size * n);
    rest = sink->text.s;

    for ( ;; ) {
        nl = rest.len ? memchr(rest.data, '\n', rest.len) : NULL;

        if (nl == NULL || nl + 1 == rest.data + rest.len) {
            break;
        }

        if (nl > rest.data
            && sink->line(sink->data, (gov_str_t) {
                   (size_t) (nl - rest.data), rest.data }) != 0)
        {
            sink->stopped = 1;
            return 0;
        }

        rest.len -= (size_t) (nl + 1 - rest.data);
        rest.data = nl + 1;
    }

    memmove(sink->text.s.data, rest.data, rest.len);
    sink->text.s.len = rest.len;

    return size * n;
}


static void
govctl_pause(unsigned tries)
{
    struct timespec  ts;

    ts.tv_sec = tries / 4;
    ts.tv_nsec = 100 * 1000 * 1000 * (long) (1 + tries % 4);

    (void) nanosleep(&ts, NULL);
}


/* the envelope of govd --once */

static int
govctl_parse(gov_arena_t *a, govctl_answer_t *answer)
{
    gov_buf_t     b;
    gov_value_t  *v;

    if (answer->text.len == 0
        || gov_json_parse(a, answer->text, &v, NULL) != GOV_OK)
    {
        answer->text = gov_str_of(govctl_word(GOVCTL_W_CUT_SHORT));
        return GOVCTL_FAILED;
    }

    answer->status = (int) gov_get_int(v, "status", 0);
    answer->body = gov_member(v, "body");

    if (answer->body == NULL) {
        answer->body = v;               /* a line of a work */
        answer->status = 200;
    }

    gov_buf_init(&b, a, answer->text.len);
    gov_json_write(&b, answer->body, 0);
    answer->text = b.s;

    return answer->status / 100 == 2 ? 0 : govctl_answer_exit(answer);
}


static int
govctl_once_ask(govctl_t *ctl, gov_arena_t *a, gov_value_t *v,
    govctl_answer_t *answer)
{
    govctl_talk_t  *t = ctl->talk;

    if (govctl_once_send(t, a, v) != 0) {
        return GOVCTL_FAILED;
    }

    answer->text = govctl_once_line(t->once, a);

    return govctl_parse(a, answer);
}


static int
govctl_once_send(govctl_talk_t *t, gov_arena_t *a, gov_value_t *v)
{
    FILE       *f;
    gov_buf_t   b;

    gov_buf_init(&b, a, 1024);
    gov_json_write(&b, v, 0);

    f = govctl_once_to(t->once);

    if (fwrite(b.s.data, 1, b.s.len, f) != b.s.len || putc('\n', f) == EOF
        || fflush(f) == EOF)
    {
        govctl_say(govctl_word(GOVCTL_W_NO_ANSWER), strerror(errno));
        return -1;
    }

    return 0;
}


static int
govctl_once_work(govctl_talk_t *t, gov_arena_t *a, gov_str_t name,
    gov_value_t *input, govctl_sink_t *sink, govctl_answer_t *answer)
{
    int           rc;
    gov_str_t     line;
    gov_value_t  *v;
    gov_arena_t  *la;

    v = gov_map(a);
    gov_put_str(a, v, "work", name);
    gov_put(v, "input", input);

    if (govctl_once_send(t, a, v) != 0) {
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
            rc = govctl_parse(a, answer);
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
