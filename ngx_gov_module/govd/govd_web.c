
/*
 * Copyright (C) ngx_gov authors
 *
 * Who asks on web.sock.  Nothing is believed but the token of a session that
 * the store knows (cookie), and of a request that changes something also
 *
 *     its form's token, which another site cannot read
 *     where the browser says it comes from (Sec-Fetch-Site, Origin)
 *
 * nginx says over which scheme it was asked; under TLS a cookie's name
 * begins with "__Host-", so that no other host can have set it.
 */


#include <stdio.h>
#include <strings.h>

#include "govd/govd_door.h"


#define GOVD_COOKIE      "gov_sid"
#define GOVD_COOKIE_TLS  "__Host-"      /* before a name */
#define GOVD_SEEN_US     60000000       /* younger is not noted again */
#define GOVD_TOKEN_TEXT  43             /* base64url of a token */


static const char *govd_web_cookie_name(govd_request_t *r,
    const char *name);
static int govd_web_token(govd_request_t *r);
static gov_rc_t govd_web_session(govd_request_t *r);
static int govd_web_same_host(const char *origin, const char *host);


const char *
govd_header(govd_request_t *r, const char *name)
{
    return MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name);
}


gov_str_t
govd_header_op(govd_request_t *r)
{
    const char  *op;

    op = govd_header(r, "Gov-Operation");

    return op ? gov_str_of(op) : gov_s("");
}


static int
govd_web_tls(govd_request_t *r)
{
    const char  *scheme;

    scheme = govd_header(r, "X-Gov-Tls");

    return scheme && strcmp(scheme, "https") == 0;
}


/* the answer is filled when it is not 0 */

int
govd_web_judge(govd_request_t *r, unsigned stages)
{
    gov_rc_t  rc;

    if (!govd_web_near(r)) {
        return -1;
    }

    rc = govd_web_session(r);

    if (rc != GOV_OK) {
        govd_answer_problem(r->arena, &r->answer, 500, gov_rc_name(rc), "",
                            "会话读取失败");
        return -1;
    }

    if (!r->signed_in) {
        govd_answer_problem(r->arena, &r->answer, 401, "session", "",
                            "请先登录");
        return -1;
    }

    if ((stages & govd_stage(r->stage)) == 0) {
        govd_answer_problem(r->arena, &r->answer, 403, "stage",
                            gov_stage_name((int) r->stage),
                            "登录尚未完成");
        return -1;
    }

    return 0;
}


/*
 * A page of another host, even of the same city, is a stranger.  A client
 * that says nothing is no browser: it has the form's token or is refused.
 */

int
govd_web_near(govd_request_t *r)
{
    const char  *site, *origin, *host;

    site = govd_header(r, "Sec-Fetch-Site");
    origin = govd_header(r, "Origin");
    host = govd_header(r, "Host");

    if (strcmp(r->route->method, "GET") == 0
        || ((site == NULL || strcmp(site, "same-origin") == 0)
            && (origin == NULL || govd_web_same_host(origin, host))))
    {
        return 1;
    }

    govd_answer_problem(r->arena, &r->answer, 403, "origin", "",
                        "请求来自别的网站");

    return 0;
}


static int
govd_web_same_host(const char *origin, const char *host)
{
    const char  *p;

    p = strstr(origin, "://");

    return p && host && strcasecmp(p + 3, host) == 0;
}


int
govd_web_csrf(govd_request_t *r, gov_str_t given)
{
    u_char  csrf[GOV_CSRF_LEN];

    gov_session_csrf(r->token, csrf);

    if (gov_same(given, (gov_str_t) { GOV_CSRF_LEN, csrf })) {
        return 0;
    }

    govd_answer_problem(r->arena, &r->answer, 403, "csrf", "",
                        "页面打开得太久，请检查后再提交一次");

    return -1;
}


static int
govd_web_token(govd_request_t *r)
{
    gov_str_t    raw;
    const char  *text;

    text = govd_web_cookie_of(r, GOVD_COOKIE);

    if (text == NULL || strlen(text) != GOVD_TOKEN_TEXT
        || gov_unbase64url(r->arena, gov_str_of(text), &raw) != 0)
    {
        return -1;
    }

    memcpy(r->token, raw.data, GOV_TOKEN_LEN);

    return 0;
}


static gov_rc_t
govd_web_session(govd_request_t *r)
{
    gov_rc_t       rc;
    gov_txn_t     *t;
    gov_signed_t   me;

    if (govd_web_token(r) != 0) {
        return GOV_OK;
    }

    rc = gov_txn_begin(r->g->store, GOV_TXN_READ, &t, NULL);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_signed(t, r->arena, r->token, gov_now(), &me);

    if (rc == GOV_OK && me.is != GOV_SIGNED_NOT) {
        r->session = me.session;
        gov_rec_own(r->arena, &gov_rec_session, &r->session.rec);
        r->stage = me.stage;
        r->signed_in = 1;
    }

    gov_txn_end(&t);

    if (r->signed_in && gov_now() - r->session.rec.seen >= GOVD_SEEN_US) {
        govd_own_used(r->g->own, r->session.hash);
    }

    return rc;
}


/* the cookie that gives the browser a token, or takes it away (NULL) */

void
govd_web_cookie(govd_request_t *r, u_char token[GOV_TOKEN_LEN])
{
    gov_buf_t  b;

    gov_buf_init(&b, r->arena, 64);

    if (token) {
        gov_buf_base64url(&b, (gov_str_t) { GOV_TOKEN_LEN, token });
    }

    r->cookie = govd_web_set_cookie(r, GOVD_COOKIE, b.s, token ? -1 : 0);
}


gov_str_t
govd_web_set_cookie(govd_request_t *r, const char *name, gov_str_t value,
    int life)
{
    gov_buf_t  b;

    gov_buf_init(&b, r->arena, 256);
    gov_buf_fmt(&b, "%s=%.*s", govd_web_cookie_name(r, name),
                gov_strf(value));

    if (life >= 0) {
        gov_buf_fmt(&b, "; Max-Age=%d", life);
    }

    gov_buf_c(&b, "; Path=/; HttpOnly; SameSite=Lax");

    if (govd_web_tls(r)) {
        gov_buf_c(&b, "; Secure");
    }

    return b.s;
}


const char *
govd_web_cookie_of(govd_request_t *r, const char *name)
{
    return MHD_lookup_connection_value(r->connection, MHD_COOKIE_KIND,
                                       govd_web_cookie_name(r, name));
}


static const char *
govd_web_cookie_name(govd_request_t *r, const char *name)
{
    return govd_web_tls(r)
           ? gov_str_c(r->arena, gov_str_fmt(r->arena, GOVD_COOKIE_TLS "%s",
                                             name))
           : name;
}


/* the client's address, as nginx saw it */

gov_str_t
govd_web_address(govd_request_t *r)
{
    gov_str_t    s;
    const char  *address;

    address = govd_header(r, "X-Real-IP");
    s = gov_str_of(address ? address : "");

    return s.len && gov_text_clean(s) ? gov_utf8_head(s, 45) : gov_s("-");
}
