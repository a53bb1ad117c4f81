
/*
 * Copyright (C) ngx_gov authors
 *
 * HTTP by libcurl: to govd over its socket, to nginx over the loopback.
 *
 * When the connection breaks before the answer (govd is starting anew) or
 * govd is too busy, it is asked again: the operation ids in what is sent make
 * that harmless, what was done is told, not done twice.
 */


#include <time.h>
#include <unistd.h>

#include "ctl/govctl_talk.h"


#define GOVCTL_TRIES  8


static int govctl_perform(govctl_talk_t *t, gov_arena_t *a,
    govctl_sink_t *sink, govctl_answer_t *answer);
static size_t govctl_receive(char *p, size_t size, size_t n, void *data);
static size_t govctl_receive_lines(char *p, size_t size, size_t n,
    void *data);
static void govctl_again(CURL *curl, gov_arena_t *a, gov_str_t url);
static struct curl_slist *govctl_language(struct curl_slist *headers);
static void govctl_pause(unsigned tries);


void
govctl_sink(govctl_sink_t *sink, gov_arena_t *a)
{
    memset(sink, 0, sizeof(govctl_sink_t));
    gov_buf_init(&sink->text, a, 4096);
}


int
govctl_http_post(govctl_talk_t *t, gov_arena_t *a, gov_str_t url,
    gov_str_t *header, gov_str_t body, govctl_answer_t *answer)
{
    int                 rc;
    unsigned            tries;
    govctl_sink_t       sink;
    struct curl_slist  *headers;

    headers = curl_slist_append(NULL, "Content-Type: application/json");
    headers = curl_slist_append(headers, "Expect:");
    headers = govctl_language(headers);

    if (header) {
        headers = curl_slist_append(headers, gov_str_c(a, *header));
    }

    for (tries = 0; /* void */ ; tries++) {
        govctl_again(t->curl, a, url);
        (void) curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, headers);
        (void) curl_easy_setopt(t->curl, CURLOPT_POSTFIELDS, body.data);
        (void) curl_easy_setopt(t->curl, CURLOPT_POSTFIELDSIZE_LARGE,
                                (curl_off_t) body.len);

        govctl_sink(&sink, a);
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
govctl_http_ask(govctl_talk_t *t, gov_arena_t *a, gov_str_t url,
    govctl_answer_t *answer)
{
    int             rc;
    unsigned        tries;
    govctl_sink_t   sink;

    for (tries = 0; /* void */ ; tries++) {
        govctl_again(t->curl, a, url);
        govctl_sink(&sink, a);

        rc = govctl_perform(t, a, &sink, answer);

        if (answer->status != 0 || tries == GOVCTL_TRIES) {
            return rc;
        }

        govctl_pause(tries);
    }
}


int
govctl_http_put(govctl_talk_t *t, gov_arena_t *a, int fd, size_t size,
    govctl_answer_t *answer)
{
    int             rc;
    FILE           *f;
    govctl_sink_t   sink;

    f = fdopen(dup(fd), "rb");
    if (f == NULL) {
        return GOVCTL_FAILED;
    }

    govctl_again(t->curl, a, gov_s("http://govd/api/v1/blobs"));
    (void) curl_easy_setopt(t->curl, CURLOPT_UPLOAD, 1L);
    (void) curl_easy_setopt(t->curl, CURLOPT_READDATA, f);
    (void) curl_easy_setopt(t->curl, CURLOPT_INFILESIZE_LARGE,
                            (curl_off_t) size);

    govctl_sink(&sink, a);
    rc = govctl_perform(t, a, &sink, answer);

    (void) fclose(f);

    return rc;
}


int
govctl_http_lines(govctl_talk_t *t, gov_arena_t *a, gov_str_t url,
    gov_str_t body, govctl_sink_t *sink, govctl_answer_t *answer)
{
    govctl_again(t->curl, a, url);
    (void) curl_easy_setopt(t->curl, CURLOPT_POSTFIELDS, body.data);
    (void) curl_easy_setopt(t->curl, CURLOPT_POSTFIELDSIZE_LARGE,
                            (curl_off_t) body.len);

    return govctl_perform(t, a, sink, answer);
}


int
govctl_http_get(govctl_t *ctl, const char *url, int *status,
    gov_str_t *text)
{
    long            code;
    CURL           *curl;
    CURLcode        rc;
    govctl_sink_t   sink;

    govctl_sink(&sink, ctl->arena);

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
        /* who stopped it has said why; what came is no message */

        answer->text = sink->stopped ? (gov_str_t) gov_null_string
                                     : gov_str_of(curl_easy_strerror(rc));
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


/* the connection is kept, the request before is forgotten */

static void
govctl_again(CURL *curl, gov_arena_t *a, gov_str_t url)
{
    static struct curl_slist  *language;

    if (language == NULL) {
        language = govctl_language(NULL);
    }

    curl_easy_reset(curl);
    (void) curl_easy_setopt(curl, CURLOPT_URL, gov_str_c(a, url));
    (void) curl_easy_setopt(curl, CURLOPT_HTTPHEADER, language);
}


/* the locale "C" is no language: Chinese then, as everywhere */

static struct curl_slist *
govctl_language(struct curl_slist *headers)
{
    return gov_speaks("en")
           ? curl_slist_append(headers, "Accept-Language: en") : headers;
}


static void
govctl_pause(unsigned tries)
{
    struct timespec  ts;

    ts.tv_sec = tries / 4;
    ts.tv_nsec = 100 * 1000 * 1000 * (long) (1 + tries % 4);

    (void) nanosleep(&ts, NULL);
}
