
/*
 * Copyright (C) ngx_gov authors
 *
 * /_gov/: what belongs to the platform and to no site; each is a row.
 *
 *     health          JSON, any host
 *     metrics         Prometheus text, loopback only
 *     explain?url=    site, route, dependencies, copy; loopback only
 *     assets/NAME     the theme's files, immutable
 *     brand/HEX.css   a site's colour, immutable
 *     view?mode=&to=  sets the rendering and goes back
 *     view?lang=&to=  sets the console's language, the same
 *     preview/TOKEN   a version that is not public, for who holds the link
 */


#include "ngx_http_gov.h"
#include <sys/un.h>


typedef ngx_int_t (*ngx_http_gov_system_pt)(ngx_http_request_t *r,
    gov_str_t rest);

typedef struct {
    const char                *name;        /* ends with "/": a prefix */
    ngx_uint_t                 loopback;
    ngx_http_gov_system_pt     handler;
} ngx_http_gov_system_t;


static ngx_int_t ngx_http_gov_health(ngx_http_request_t *r, gov_str_t rest);
static ngx_int_t ngx_http_gov_mode(ngx_http_request_t *r, gov_str_t rest);
static ngx_int_t ngx_http_gov_preview(ngx_http_request_t *r,
    gov_str_t rest);


static ngx_http_gov_system_t  ngx_http_gov_systems[] = {
    { "/_gov/health", 0, ngx_http_gov_health },
    { "/_gov/metrics", 1, ngx_http_gov_metrics },
    { "/_gov/explain", 1, ngx_http_gov_explain },
    { "/_gov/assets/", 0, ngx_http_gov_asset },
    { "/_gov/brand/", 0, ngx_http_gov_brand },
    { "/_gov/view", 0, ngx_http_gov_mode },
    { "/_gov/preview/", 0, ngx_http_gov_preview },
    { NULL, 0, NULL }
};


/* what a gateway on this machine forwards comes from somebody else */

static ngx_uint_t
ngx_http_gov_is_forwarded(ngx_http_request_t *r)
{
#if (NGX_HTTP_X_FORWARDED_FOR)
    return r->headers_in.x_forwarded_for.nelts != 0;
#else
    (void) r;
    return 0;
#endif
}


static ngx_uint_t
ngx_http_gov_is_loopback(ngx_http_request_t *r)
{
    struct sockaddr      *sa;
    struct sockaddr_in   *sin;
    struct sockaddr_in6  *sin6;

    sa = r->connection->sockaddr;

    switch (sa->sa_family) {

    case AF_INET:
        sin = (struct sockaddr_in *) sa;
        return (ntohl(sin->sin_addr.s_addr) >> 24) == 127;

    case AF_INET6:
        sin6 = (struct sockaddr_in6 *) sa;

        if (IN6_IS_ADDR_V4MAPPED(&sin6->sin6_addr)) {
            return sin6->sin6_addr.s6_addr[12] == 127;
        }

        return IN6_IS_ADDR_LOOPBACK(&sin6->sin6_addr);

    case AF_UNIX:
        return 1;
    }

    return 0;
}


ngx_int_t
ngx_http_gov_system(ngx_http_request_t *r)
{
    size_t                  len;
    gov_str_t               uri, rest;
    ngx_http_gov_system_t  *s;

    uri = ngx_http_gov_str(&r->uri);

    for (s = ngx_http_gov_systems; s->name; s++) {
        len = ngx_strlen(s->name);

        if (!gov_str_starts(uri, s->name)
            || (s->name[len - 1] != '/' && uri.len != len))
        {
            continue;
        }

        if (s->loopback
            && (ngx_http_gov_is_forwarded(r) || !ngx_http_gov_is_loopback(r)))
        {
            break;
        }

        rest.data = uri.data + len;
        rest.len = uri.len - len;

        return s->handler(r, rest);
    }

    return ngx_http_gov_visit_error(r, NGX_HTTP_NOT_FOUND);
}


/* the daemon is there when its socket takes a connection */

static ngx_uint_t
ngx_http_gov_daemon_is_up(void)
{
    int                  fd, rc;
    struct sockaddr_un   to;

    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd == -1) {
        return 0;
    }

    ngx_memzero(&to, sizeof(struct sockaddr_un));
    to.sun_family = AF_UNIX;
    (void) ngx_cpystrn((u_char *) to.sun_path, (u_char *) "run/web.sock",
                       sizeof(to.sun_path));

    rc = connect(fd, (struct sockaddr *) &to, sizeof(struct sockaddr_un));
    (void) close(fd);

    return rc == 0;
}


static ngx_int_t
ngx_http_gov_health(ngx_http_request_t *r, gov_str_t rest)
{
    u_char                 *p;
    uint64_t                id;
    gov_str_t               body;
    gov_txn_t              *txn;
    ngx_uint_t              store;

    (void) rest;

    store = 0;
    id = 0;
    txn = ngx_http_gov_snapshot(ngx_http_gov_worker(r));

    if (txn != NULL) {
        id = gov_journal_head(txn);
        store = 1;
        gov_txn_end(&txn);
    }

    body.data = ngx_pnalloc(r->pool, 256);
    if (body.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = ngx_sprintf(body.data,
                    "{\"status\":\"%s\",\"store\":\"%s\","
                    "\"daemon\":\"%s\",\"journal\":%uL}\n",
                    store ? "ok" : "unavailable",
                    store ? "ok" : "unavailable",
                    ngx_http_gov_daemon_is_up() ? "ok" : "unavailable", id);
    body.len = p - body.data;

    return ngx_http_gov_respond_text(r, store ? NGX_HTTP_OK
                                          : NGX_HTTP_SERVICE_UNAVAILABLE,
                                     "application/json; charset=utf-8",
                                     body);
}


gov_str_t
ngx_http_gov_arg(ngx_http_request_t *r, const char *name)
{
    u_char     *dst, *src;
    gov_str_t   s;
    ngx_str_t   value;

    s.len = 0;
    s.data = NULL;

    if (ngx_http_arg(r, (u_char *) name, ngx_strlen(name), &value) != NGX_OK
        || (dst = ngx_pnalloc(r->pool, value.len + 1)) == NULL)
    {
        return s;
    }

    s.data = dst;
    src = value.data;
    ngx_unescape_uri(&dst, &src, value.len, 0);
    s.len = dst - s.data;

    return s;
}


/* back to a path of this host only */

static ngx_int_t
ngx_http_gov_mode(ngx_http_request_t *r, gov_str_t rest)
{
    size_t      i;
    gov_buf_t   b;
    gov_str_t   mode, to, location;
    ngx_str_t   cookie;
    gov_arena_t  *a;

    (void) rest;

    mode = ngx_http_gov_arg(r, "mode");
    to = ngx_http_gov_arg(r, "to");

    if (to.len == 0 || to.len > 1024 || to.data[0] != '/'
        || (to.len > 1 && (to.data[1] == '/' || to.data[1] == '\\')))
    {
        to = gov_s("/");
    }

    if (gov_str_is(ngx_http_gov_arg(r, "lang"), "en")) {
        ngx_str_set(&cookie, "gov_lang=en; Path=/console/; "
                             "Max-Age=31536000; SameSite=Lax; HttpOnly");

    } else if (gov_str_is(ngx_http_gov_arg(r, "lang"), "zh")) {
        ngx_str_set(&cookie, "gov_lang=; Path=/console/; Max-Age=0; "
                             "SameSite=Lax; HttpOnly");

    } else if (gov_str_is(mode, "elder")) {
        ngx_str_set(&cookie, "gov_view=elder; Path=/; Max-Age=31536000; "
                             "SameSite=Lax; HttpOnly");
    } else {
        ngx_str_set(&cookie, "gov_view=; Path=/; Max-Age=0; SameSite=Lax; "
                             "HttpOnly");
    }

    if (ngx_http_gov_header(r, "Set-Cookie", &cookie) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    a = gov_arena_new(1024);
    gov_buf_init(&b, a, 256);

    for (i = 0; i < to.len; i++) {
        if (to.data[i] == '/') {
            gov_buf_c(&b, "/");

        } else {
            gov_buf_uri(&b, (gov_str_t) { 1, &to.data[i] });
        }
    }

    location.len = b.s.len;
    location.data = ngx_pstrdup(r->pool, (ngx_str_t *) &b.s);
    gov_arena_free(&a);

    if (location.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_gov_respond_to(r, NGX_HTTP_SEE_OTHER, location);
}


/* made anew at each request: neither copy nor early answer knows it */

static ngx_int_t
ngx_http_gov_preview(ngx_http_request_t *r, gov_str_t rest)
{
    ngx_int_t               rc;
    gov_txn_t              *txn;
    gov_page_t              page;
    ngx_http_gov_worker_t  *w;

    (void) rest;

    w = ngx_http_gov_worker(r);
    txn = ngx_http_gov_snapshot(w);

    if (txn == NULL) {
        return ngx_http_gov_visit_error(r, NGX_HTTP_SERVICE_UNAVAILABLE);
    }

    ngx_memzero(&page, sizeof(gov_page_t));

    rc = ngx_http_gov_make(r, w, txn, ngx_http_gov_host(r),
                           ngx_http_gov_str(&r->uri), &page);
    gov_txn_end(&txn);

    if (rc != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    page.secret = 1;

    return page.file.len ? ngx_http_gov_file(r, &page)
                         : ngx_http_gov_respond_page(r, &page,
                                                     NGX_HTTP_GOV_PASS);
}
