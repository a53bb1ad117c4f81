
/*
 * Copyright (C) ngx_gov authors
 *
 * Forms with files, as they arrive.  First line: the content type, "m" for
 * what a browser says of files with the boundary "xx"; then the body, in
 * which @@ stands for the token of the form.
 */


#define _GNU_SOURCE         /* memmem */

#include <fcntl.h>

#include "fuzz_door.h"


static gov_str_t  f_sent;


static void
f_take(govd_request_t *r, const char *data, size_t n)
{
    if (r->answer.status == 0 && r->err.code == GOV_OK) {
        govd_upload_take(r, data, n);
    }
}


/* what a browser without scripts is led to is an address of the console */

static void
f_led(gov_str_t way)
{
    size_t  i;

    f_must(gov_str_starts(way, "/console/"));

    for (i = 0; i < way.len; i++) {
        f_must(way.data[i] > ' ' && way.data[i] < 0x7f);
    }
}


static void
f_whole_request(govd_request_t *r)
{
    u_char  csrf[GOV_CSRF_LEN];

    if (r->answer.status == 0 && r->err.code != GOV_OK) {
        govd_answer_err(r->arena, &r->answer, &r->err);
    }

    if (r->upload == NULL) {
        return;
    }

    /* no byte of a file is kept for who does not know the token */

    gov_session_csrf(r->token, csrf);

    if (r->answer.status == 0
        && memmem(f_sent.data, f_sent.len, csrf, GOV_CSRF_LEN) == NULL)
    {
        govd_upload_run(r);
        f_must(r->answer.status == 422);
    }

    if (r->answer.status == 0) {
        r->answer.status = 200;
        r->to = govd_form_way(r, "_to");
    }

    govd_upload_lead(r);

    if (r->inside.len) {
        f_led(r->inside);
    }

    if (r->location.len) {
        f_led(r->location);
    }
}


/* @@: the fuzzer cannot guess it */

static gov_str_t
f_body(gov_arena_t *a, gov_str_t text)
{
    u_char     csrf[GOV_CSRF_LEN], token[GOV_TOKEN_LEN];
    size_t     i;
    gov_buf_t  b;

    memset(token, 0, sizeof(token));
    gov_session_csrf(token, csrf);
    gov_buf_init(&b, a, text.len + 64);

    for (i = 0; i < text.len; i++) {

        if (text.data[i] == '@' && i + 1 < text.len
            && text.data[i + 1] == '@')
        {
            gov_buf_add(&b, csrf, GOV_CSRF_LEN);
            i++;

        } else {
            gov_buf_add(&b, text.data + i, 1);
        }
    }

    return b.s;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int           here;
    gov_buf_t     b;
    gov_str_t     rest, type;
    gov_arena_t  *a;

    if (size > 8192) {
        return 0;
    }

    a = gov_arena_new(16384);
    rest = f_str(data, size);
    type = f_line(&rest);
    f_sent = f_body(a, rest);

    if (gov_str_is(type, "m")) {
        type = gov_s("multipart/form-data; boundary=xx");
    }

    gov_buf_init(&b, a, 256);
    gov_buf_fmt(&b, "POST /console/upload HTTP/1.1\r\nHost: x\r\n"
                "Connection: close\r\nContent-Length: %zu\r\n"
                "Accept: text/html\r\nContent-Type: %.*s\r\n", f_sent.len,
                gov_strf(f_header(a, type)));

    /* files without a name are made in blobs/ of where one is */

    here = open(".", O_RDONLY|O_DIRECTORY);
    f_must(here != -1);
    (void) f_store();
    f_must(chdir(f_base) == 0);

    f_ask(GOVD_WEB, b.s, f_sent);

    f_must(fchdir(here) == 0);
    (void) close(here);
    gov_arena_free(&a);

    return 0;
}
