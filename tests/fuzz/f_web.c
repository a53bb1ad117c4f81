
/*
 * Copyright (C) ngx_gov authors
 *
 * Who asks on web.sock.  First byte: g asks, else a change; second: t is
 * under TLS.  Lines: Cookie, Host, Origin, Sec-Fetch-Site, X-Real-IP, and the
 * form's token; an empty one is not sent.  In all of them @w is wang's
 * session token, @x the token of his forms.
 */


#define _GNU_SOURCE         /* strcasestr */

#include "fuzz_door.h"
#include "fuzz_people.h"


#define F_HEADERS  5


static const char  *f_names[F_HEADERS] = {
    "Cookie", "Host", "Origin", "Sec-Fetch-Site", "X-Real-IP"
};

static int        f_changes;
static int        f_tls;
static gov_str_t  f_given[F_HEADERS + 1];


static void
f_take(govd_request_t *r, const char *data, size_t n)
{
    (void) r;
    (void) data;
    (void) n;
}


static gov_str_t
f_sid(gov_arena_t *a, int letter)
{
    u_char     token[GOV_TOKEN_LEN];
    gov_buf_t  b;

    f_token(token, letter);
    gov_buf_init(&b, a, 64);
    gov_buf_base64url(&b, (gov_str_t) { GOV_TOKEN_LEN, token });

    return b.s;
}


static int
f_holds(gov_arena_t *a, gov_str_t s, gov_str_t part)
{
    return strcasestr(gov_str_c(a, s), gov_str_c(a, part)) != NULL;
}


/* a judge of its own: the cookie that this scheme has, with this token */

static int
f_has_cookie(gov_arena_t *a, int letter)
{
    return f_holds(a, f_given[0], f_tls ? gov_s("__Host-gov_sid")
                                        : gov_s("gov_sid"))
           && f_holds(a, f_given[0], f_sid(a, letter));
}


static void
f_whole_request(govd_request_t *r)
{
    u_char     csrf[GOV_CSRF_LEN];
    gov_str_t  address;

    if (govd_web_judge(r, GOVD_SIGNED) != 0) {
        f_must(r->answer.status == 401 || r->answer.status == 403);
        return;
    }

    f_must(r->signed_in);
    f_must(f_has_cookie(r->arena, r->token[0]));
    f_must(r->token[0] != 'p');
    f_must(!f_changes || f_given[3].len == 0
           || gov_str_is(f_given[3], "same-origin"));
    f_must(!f_changes || f_given[2].len == 0
           || f_holds(r->arena, f_given[2], f_given[1]));

    gov_session_csrf(r->token, csrf);
    f_must((govd_web_csrf(r, f_given[F_HEADERS]) == 0)
           == gov_str_eq(f_given[F_HEADERS],
                         (gov_str_t) { GOV_CSRF_LEN, csrf }));

    address = govd_web_address(r);
    f_must(address.len <= 45 * 4 && gov_utf8_valid(address));
}


static gov_str_t
f_marks(gov_arena_t *a, gov_str_t s)
{
    size_t     i;
    u_char     csrf[GOV_CSRF_LEN], token[GOV_TOKEN_LEN];
    gov_buf_t  b;

    f_token(token, 'w');
    gov_session_csrf(token, csrf);
    gov_buf_init(&b, a, s.len + 64);

    for (i = 0; i < s.len; i++) {

        if (s.data[i] != '@' || i + 1 == s.len) {
            gov_buf_add(&b, s.data + i, 1);

        } else if (s.data[++i] == 'x') {
            gov_buf_add(&b, csrf, GOV_CSRF_LEN);

        } else {
            gov_buf_str(&b, f_sid(a, s.data[i]));
        }
    }

    return b.s;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t        i;
    gov_buf_t     b;
    gov_str_t     rest;
    gov_arena_t  *a;

    if (size < 2 || size > 4096) {
        return 0;
    }

    f_people();
    a = gov_arena_new(4096);
    f_changes = data[0] != 'g';
    f_tls = data[1] == 't';
    rest = f_str(data + 2, size - 2);

    gov_buf_init(&b, a, 512);
    gov_buf_c(&b, f_changes ? "POST /console/do/x HTTP/1.1\r\n"
                              "Content-Length: 0\r\n"
                            : "GET /api/v1/queries/x HTTP/1.1\r\n");
    gov_buf_c(&b, f_tls ? "X-Gov-Tls: https\r\n" : "X-Gov-Tls: http\r\n");

    for (i = 0; i <= F_HEADERS; i++) {
        f_given[i] = f_header(a, f_marks(a, f_line(&rest)));

        if (i < F_HEADERS && f_given[i].len) {
            gov_buf_fmt(&b, "%s: %.*s\r\n", f_names[i], gov_strf(f_given[i]));
        }
    }

    gov_buf_c(&b, "Connection: close\r\n");
    f_ask(GOVD_WEB, b.s, gov_s(""));
    gov_arena_free(&a);

    return 0;
}
