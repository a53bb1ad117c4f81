
/*
 * Copyright (C) ngx_gov authors
 *
 * /_gov/: what belongs to the platform and to no site.
 *
 *     health          JSON, any host
 *     metrics         Prometheus text, loopback only
 *     explain?url=    site, route, dependencies, copy; loopback only
 *     assets/NAME     the theme's files, immutable
 *     brand/HEX.css   a site's colour, immutable
 *     view?mode=&to=  sets the rendering and goes back
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
static ngx_int_t ngx_http_gov_metrics(ngx_http_request_t *r,
    gov_str_t rest);
static ngx_int_t ngx_http_gov_explain(ngx_http_request_t *r,
    gov_str_t rest);
static ngx_int_t ngx_http_gov_asset(ngx_http_request_t *r, gov_str_t rest);
static ngx_int_t ngx_http_gov_brand(ngx_http_request_t *r, gov_str_t rest);
static ngx_int_t ngx_http_gov_mode(ngx_http_request_t *r, gov_str_t rest);


static ngx_http_gov_system_t  ngx_http_gov_systems[] = {
    { "/_gov/health", 0, ngx_http_gov_health },
    { "/_gov/metrics", 1, ngx_http_gov_metrics },
    { "/_gov/explain", 1, ngx_http_gov_explain },
    { "/_gov/assets/", 0, ngx_http_gov_asset },
    { "/_gov/brand/", 0, ngx_http_gov_brand },
    { "/_gov/view", 0, ngx_http_gov_mode },
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


typedef struct {
    const char                *name;
    const char                *type;
    const char                *help;
    size_t                     offset;      /* in the shared block */
    double                     unit;        /* of what is counted */
} ngx_http_gov_metric_t;

#define gov_metric(name, type, help, field, unit)                             \
    { name, type, help, offsetof(ngx_http_gov_shared_t, field), unit }

static ngx_http_gov_metric_t  ngx_http_gov_metric_rows[] = {
    gov_metric("gov_not_modified_total", "counter",
               "Answers 304.", not_modified, 1),
    gov_metric("gov_renders_total", "counter",
               "Pages made.", renders, 1),
    gov_metric("gov_render_seconds_total", "counter",
               "Time spent making pages.", render_us, 1e-6),
    gov_metric("gov_render_seconds_max", "gauge",
               "Longest making of a page.", render_max_us, 1e-6),
    gov_metric("gov_script_failed_total", "counter",
               "Templates and hooks that failed.", script_failed, 1),
    gov_metric("gov_script_overruns_total", "counter",
               "Scripts ended for their budget.", script_overruns, 1),
    gov_metric("gov_loop_stalls_total", "counter",
               "Rounds of the event loop that came 5 ms late or more.",
               stalls, 1),
    gov_metric("gov_loop_stall_seconds_max", "gauge",
               "Latest round of the event loop.", stall_max_ms, 1e-3),
    gov_metric("gov_store_open_failed_total", "counter",
               "Failed openings of the store.", store_failed, 1),
    gov_metric("gov_views_dropped_total", "counter",
               "Views that found no place.", views_dropped, 1),
    { NULL, NULL, NULL, 0, 0 }
};


static void
ngx_http_gov_metric(gov_buf_t *b, const char *name, const char *type,
    const char *help)
{
    gov_buf_fmt(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}


static void
ngx_http_gov_metrics_copies(ngx_http_gov_main_conf_t *mcf, gov_buf_t *b)
{
    ngx_uint_t         i;
    gov_copies_stat_t  s;

    static const char  *states[] = { "hit", "miss", "pass" };

    ngx_http_gov_metric(b, "gov_requests_total", "counter",
                        "Requests by what became of their copy.");

    for (i = 0; i < 3; i++) {
        gov_buf_fmt(b, "gov_requests_total{copy=\"%s\"} %lu\n", states[i],
                    (unsigned long) mcf->shared->copy[i]);
    }

    ngx_http_gov_metric(b, "gov_responses_total", "counter",
                        "Answers by status.");

    for (i = 0; i < NGX_HTTP_GOV_STATUSES; i++) {
        if (mcf->shared->status[i]) {
            gov_buf_fmt(b, "gov_responses_total{status=\"%lu\"} %lu\n",
                        (unsigned long) i,
                        (unsigned long) mcf->shared->status[i]);
        }
    }

    gov_copies_stat(&mcf->copies, &s);

    ngx_http_gov_metric(b, "gov_copies", "gauge", "Page copies kept.");
    gov_buf_fmt(b, "gov_copies %lu\n", (unsigned long) s.records);
    ngx_http_gov_metric(b, "gov_copies_bytes", "gauge",
                        "Bytes of the ring in use.");
    gov_buf_fmt(b, "gov_copies_bytes %lu\n", (unsigned long) s.bytes);
    ngx_http_gov_metric(b, "gov_copies_evicted_total", "counter",
                        "Copies that gave way to others.");
    gov_buf_fmt(b, "gov_copies_evicted_total %lu\n",
                (unsigned long) s.evicted);
    ngx_http_gov_metric(b, "gov_copies_resets_total", "counter",
                        "Times the ring was emptied after a worker died.");
    gov_buf_fmt(b, "gov_copies_resets_total %lu\n",
                (unsigned long) s.resets);
}


static ngx_int_t
ngx_http_gov_metrics(ngx_http_request_t *r, gov_str_t rest)
{
    ngx_int_t                  rc;
    gov_buf_t                  b;
    gov_str_t                  body;
    gov_arena_t               *a;
    ngx_atomic_t              *value;
    ngx_http_gov_metric_t     *m;
    ngx_http_gov_main_conf_t  *mcf;

    (void) rest;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);

    a = gov_arena_new(16 * 1024);
    gov_buf_init(&b, a, 8 * 1024);

    ngx_http_gov_metrics_copies(mcf, &b);

    for (m = ngx_http_gov_metric_rows; m->name; m++) {
        value = (ngx_atomic_t *) ((u_char *) mcf->shared + m->offset);
        ngx_http_gov_metric(&b, m->name, m->type, m->help);
        gov_buf_fmt(&b, "%s %.9g\n", m->name, (double) *value * m->unit);
    }

    ngx_http_gov_crash_metrics(mcf->shared, &b);

    body.len = b.s.len;
    body.data = ngx_pstrdup(r->pool, (ngx_str_t *) &b.s);
    gov_arena_free(&a);

    if (body.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_gov_respond_text(r, NGX_HTTP_OK,
                             "text/plain; version=0.0.4; charset=utf-8",
                             body);
    return rc;
}


/* an argument of the query, unescaped in the pool */

static gov_str_t
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


/* "http://host:port/path?query" to host and path */

static void
ngx_http_gov_explain_split(gov_str_t url, gov_str_t *host, gov_str_t *path)
{
    size_t   i;
    u_char  *p, *last;

    last = url.data + url.len;
    p = url.data;

    for (i = 0; i + 2 < url.len; i++) {
        if (p[i] == ':' && p[i + 1] == '/' && p[i + 2] == '/') {
            p += i + 3;
            break;
        }
    }

    host->data = p;
    while (p < last && *p != '/' && *p != ':' && *p != '?') {
        *p = ngx_tolower(*p);
        p++;
    }

    host->len = p - host->data;

    while (p < last && *p != '/' && *p != '?') {
        p++;
    }

    path->data = p;
    while (p < last && *p != '?' && *p != '#') {
        p++;
    }

    path->len = p - path->data;

    if (path->len == 0) {
        *path = gov_s("/");
    }
}


static void
ngx_http_gov_explain_deps(gov_arena_t *a, gov_txn_t *txn, gov_deps_t *deps,
    gov_value_t *out)
{
    uint64_t      newest;
    unsigned      i, slot;
    gov_value_t  *list, *m, *slots;

    list = gov_put_list(a, out, "dependencies");

    for (i = 0; i < deps->n; i++) {
        m = gov_add_map(a, list);
        gov_put_int(a, m, "site", deps->dep[i].site);
        slots = gov_put_list(a, m, "slots");

        for (slot = 0; slot < 64; slot++) {
            if (deps->dep[i].mask & ((uint64_t) 1 << slot)) {
                gov_add(slots, gov_val_int(a, slot));
            }
        }

        if (gov_marks_newest(txn, deps->dep[i].site, deps->dep[i].mask,
                             &newest)
            == GOV_OK)
        {
            gov_put_int(a, m, "newest_entry", newest);
        }
    }

    gov_put_bool(a, out, "depends_on_every_commit", deps->wild);
}


static void *
ngx_http_gov_explain_alloc(void *data, size_t size)
{
    return ngx_pnalloc(data, size ? size : 1);
}


static const char *
ngx_http_gov_explain_copy(ngx_http_request_t *r, gov_txn_t *txn,
    gov_str_t host, gov_str_t path, gov_copy_t *copy)
{
    gov_copy_key_t             key;
    ngx_http_gov_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);

    if (ngx_http_gov_key(r, host, path, ngx_http_gov_is_elder(r), &key)
        != NGX_OK
        || gov_copies_get(&mcf->copies, &key, 0, ngx_http_gov_explain_alloc,
                          r->pool, copy)
           != GOV_OK)
    {
        return "none";
    }

    if (copy->proof.due != INT64_MAX && copy->proof.due <= gov_now()) {
        return "due";
    }

    return gov_deps_hold(&copy->proof.deps, txn, copy->proof.built)
               ? "fresh" : "stale";
}


static void
ngx_http_gov_explain_page(gov_arena_t *a, gov_txn_t *txn, gov_page_t *page,
    gov_value_t *out)
{
    gov_site_t    site;
    gov_value_t  *m;

    gov_put_int(a, out, "status", page->status);
    gov_put_c(a, out, "view", page->view ? page->view : "none");

    if (page->location.len) {
        gov_put_str(a, out, "location", page->location);
    }

    if (page->doc) {
        gov_put_int(a, out, "document", page->doc);
    }

    if (page->site && gov_site_get(txn, a, page->site, &site) == GOV_OK) {
        m = gov_put_map(a, out, "site");
        gov_put_int(a, m, "number", site.id);
        gov_put_str(a, m, "code", site.rec.code);
        gov_put_str(a, m, "name", site.rec.name);
        gov_put_str(a, m, "blueprint", site.rec.blueprint);
        gov_put_str(a, m, "bundle", site.rec.bundle);
        gov_put_c(a, m, "state", gov_site_state_name(site.rec.state));
    }

    gov_put_int(a, out, "bytes", page->body.len);
    gov_put_int(a, out, "gzip", page->gzip.len);
    gov_put_int(a, out, "br", page->br.len);
    gov_put_int(a, out, "built_at_entry", page->proof.built);

    if (page->proof.due != INT64_MAX && page->proof.due != 0) {
        gov_put_str(a, out, "due", gov_date(a, page->proof.due,
                                            GOV_DATE_RFC3339));
    }

    ngx_http_gov_explain_deps(a, txn, &page->proof.deps, out);
}


static ngx_int_t
ngx_http_gov_explain(ngx_http_request_t *r, gov_str_t rest)
{
    gov_buf_t               b;
    gov_str_t               url, host, path, body;
    gov_txn_t              *txn;
    gov_copy_t              copy;
    gov_page_t              page;
    gov_value_t            *out;
    const char             *state;
    ngx_http_gov_worker_t  *w;

    (void) rest;

    url = ngx_http_gov_arg(r, "url");
    if (url.len == 0) {
        return ngx_http_gov_visit_error(r, NGX_HTTP_NOT_FOUND);
    }

    w = ngx_http_gov_worker(r);
    txn = ngx_http_gov_snapshot(w);

    if (txn == NULL) {
        return ngx_http_gov_visit_error(r, NGX_HTTP_SERVICE_UNAVAILABLE);
    }

    ngx_http_gov_explain_split(url, &host, &path);
    state = ngx_http_gov_explain_copy(r, txn, host, path, &copy);

    if (ngx_http_gov_make(r, w, txn, host, path, &page) != NGX_OK) {
        gov_txn_end(&txn);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    out = gov_map(w->arena);
    gov_put_str(w->arena, out, "host", host);
    gov_put_str(w->arena, out, "path", path);
    gov_put_c(w->arena, out, "copy", state);
    ngx_http_gov_explain_page(w->arena, txn, &page, out);

    gov_buf_init(&b, w->arena, 4096);
    gov_json_write(&b, out, GOV_JSON_PRETTY);
    gov_buf_c(&b, "\n");

    gov_txn_end(&txn);

    body.len = b.s.len;
    body.data = ngx_pstrdup(r->pool, (ngx_str_t *) &b.s);

    if (body.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_gov_respond_text(r, NGX_HTTP_OK,
                                     "application/json; charset=utf-8",
                                     body);
}


/* never changes under its name */

static ngx_int_t
ngx_http_gov_immutable(ngx_http_request_t *r, gov_page_t *page)
{
    ngx_int_t     rc;
    ngx_str_t     value;
    ngx_uint_t    want;
    gov_str_t     body;
    ngx_buf_t    *b;
    ngx_chain_t   out;
    const char   *coding;

    want = ngx_http_gov_codings(r);
    body = page->body;
    coding = NULL;

    if ((want & NGX_HTTP_GOV_BR) && page->br.len) {
        body = page->br;
        coding = "br";

    } else if ((want & NGX_HTTP_GOV_GZIP) && page->gzip.len) {
        body = page->gzip;
        coding = "gzip";
    }

    r->headers_out.status = NGX_HTTP_OK;
    r->headers_out.content_length_n = body.len;
    ngx_http_gov_set_type(r, page->type);

    if (coding != NULL && ngx_http_gov_set_coding(r, coding) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_str_set(&value, "public, max-age=31536000, immutable");
    rc = ngx_http_gov_header(r, "Cache-Control", &value);
    ngx_str_set(&value, "nosniff");
    rc |= ngx_http_gov_header(r, "X-Content-Type-Options", &value);
    ngx_str_set(&value, "Accept-Encoding");
    rc |= ngx_http_gov_header(r, "Vary", &value);

    b = ngx_calloc_buf(r->pool);

    if (rc != NGX_OK || b == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    b->pos = body.data;
    b->last = body.data + body.len;
    b->memory = 1;
    b->last_buf = (r == r->main) ? 1 : 0;
    b->last_in_chain = 1;
    out.buf = b;
    out.next = NULL;

    return ngx_http_output_filter(r, &out);
}


static ngx_int_t
ngx_http_gov_asset(ngx_http_request_t *r, gov_str_t rest)
{
    ngx_uint_t                 i;
    ngx_http_gov_asset_t      *asset;
    ngx_http_gov_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);
    asset = mcf->assets.elts;

    for (i = 0; i < mcf->assets.nelts; i++) {
        if (gov_str_eq(rest, ngx_http_gov_str(&asset[i].name))) {
            return ngx_http_gov_immutable(r, &asset[i].page);
        }
    }

    return ngx_http_gov_visit_error(r, NGX_HTTP_NOT_FOUND);
}


static ngx_int_t
ngx_http_gov_brand(ngx_http_request_t *r, gov_str_t rest)
{
    u_char      rgb[3];
    u_char     *p;
    gov_str_t   hex;
    gov_page_t  page;

    hex.data = rest.data;
    hex.len = 6;

    if (rest.len != 10 || !gov_str_ends(rest, ".css")
        || gov_unhex(rgb, hex, 3) != 0)
    {
        return ngx_http_gov_visit_error(r, NGX_HTTP_NOT_FOUND);
    }

    p = ngx_pnalloc(r->pool, 64);
    if (p == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_memzero(&page, sizeof(gov_page_t));
    page.type = "text/css; charset=utf-8";
    page.body.data = p;
    page.body.len = ngx_sprintf(p, ":root{--brand:#%02xd%02xd%02xd}\n",
                                rgb[0], rgb[1], rgb[2]) - p;

    return ngx_http_gov_immutable(r, &page);
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

    if (gov_str_is(mode, "elder")) {
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
