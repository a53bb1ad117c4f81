
/*
 * Copyright (C) ngx_gov authors
 *
 * /console/: a page for who is signed in.  Never a copy: made anew for every
 * request, in a snapshot, with rights judged in it.
 *
 *     portal's host? -> session's token -> gov_console_make() -> template
 */


#include "ngx_http_gov.h"


#define NGX_HTTP_GOV_TOKEN_TEXT  43     /* GOV_TOKEN_LEN in base64url */


/* microseconds after which a session's use is told to govd again */
#define NGX_HTTP_GOV_SEEN  60000000

static ngx_str_t  ngx_http_gov_sid = ngx_string("gov_sid");
static ngx_str_t  ngx_http_gov_host_sid = ngx_string("__Host-gov_sid");
static ngx_str_t  ngx_http_gov_lang = ngx_string("gov_lang");


/* NULL: there is no cookie of that form */

u_char *
ngx_http_gov_token(ngx_http_request_t *r, ngx_uint_t secure)
{
    ngx_str_t  text, token;

    if (r->headers_in.cookies.nelts == 0
        || ngx_http_parse_multi_header_lines(&r->headers_in.cookies,
                                             secure ? &ngx_http_gov_host_sid
                                                    : &ngx_http_gov_sid,
                                             &text)
           == NGX_DECLINED
        || text.len != NGX_HTTP_GOV_TOKEN_TEXT)
    {
        return NULL;
    }

    token.data = ngx_pnalloc(r->pool, ngx_base64_decoded_length(text.len));

    if (token.data == NULL || ngx_decode_base64url(&token, &text) != NGX_OK
        || token.len != GOV_TOKEN_LEN)
    {
        return NULL;
    }

    return token.data;
}


static const char *
ngx_http_gov_language(ngx_http_request_t *r)
{
    ngx_str_t  lang;

    return r->headers_in.cookies.nelts != 0
           && ngx_http_parse_multi_header_lines(&r->headers_in.cookies,
                                                &ngx_http_gov_lang, &lang)
              != NGX_DECLINED
           && lang.len == 2 && ngx_memcmp(lang.data, "en", 2) == 0
           ? "en" : "zh";
}


static gov_rc_t
ngx_http_gov_console_enter(uint32_t site)
{
    return ngx_http_gov_enter_site(site) == NGX_OK ? GOV_OK : GOV_BUSY;
}


void
ngx_http_gov_console_begin(ngx_http_request_t *r, gov_console_t *c)
{
    u_char                     id[GOV_OPID_LEN];
    ngx_http_gov_worker_t     *w;
    ngx_http_gov_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);
    w = ngx_http_gov_worker(r);

    gov_arena_reset(w->arena);
    ngx_memzero(c, sizeof(gov_console_t));

    c->arena = w->arena;
    c->now = gov_now();
    c->lang = ngx_http_gov_language(r);
    c->assets = ngx_http_gov_asset_urls(mcf, w->arena);
    c->enter = ngx_http_gov_console_enter;

    if (gov_opid_new(c->now, id) == GOV_OK) {
        c->op = gov_opid_str(w->arena, id);
    }

    c->host = ngx_http_gov_host(r);

    if (ngx_http_gov_links(r, &c->links) == NGX_OK) {
        c->token = ngx_http_gov_token(r, c->links.scheme.len == 5);
    }
}


/* that it is not idle: govd writes it down */

static void
ngx_http_gov_console_seen(ngx_http_request_t *r, gov_console_t *c)
{
    u_char                     gram[1 + GOV_DIGEST_LEN];
    ngx_http_gov_main_conf_t  *mcf;

    if (c->me.is == GOV_SIGNED_NOT
        || c->now - c->me.session.rec.seen < NGX_HTTP_GOV_SEEN)
    {
        return;
    }

    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);

    gram[0] = 's';
    ngx_memcpy(gram + 1, c->me.session.hash, GOV_DIGEST_LEN);

    (void) ngx_http_gov_views_tell(ngx_http_gov_worker(r), mcf, gram,
                                   sizeof(gram));
}


/* nothing else can be made: words that need neither store nor script */

static ngx_int_t
ngx_http_gov_console_last(ngx_http_request_t *r, gov_console_t *c)
{
    if (c->status < NGX_HTTP_BAD_REQUEST) {
        c->status = NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_gov_respond_text(r, c->status, "text/html; charset=utf-8",
                                     gov_page_last_resort(c->status));
}


static ngx_int_t
ngx_http_gov_console_render(ngx_http_request_t *r, gov_console_t *c)
{
    gov_buf_t               b;
    gov_err_t               err;
    ngx_http_gov_worker_t  *w;

    w = ngx_http_gov_worker(r);
    ngx_memzero(&err, sizeof(gov_err_t));

    if (w->script == NULL) {
        return ngx_http_gov_console_last(r, c);
    }

    gov_buf_init(&b, w->arena, 48 * 1024);

    if (gov_script_render(w->script, gov_s(""), c->view, c->lang, c->out, &b,
                          &err)
        != GOV_OK)
    {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "gov console page cannot be made: %s", err.text);

        c->status = NGX_HTTP_INTERNAL_SERVER_ERROR;
        return ngx_http_gov_console_last(r, c);
    }

    if (ngx_http_gov_copy_str(r, &b.s) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (c->editor) {
        ngx_http_gov_ctx(r)->console = NGX_HTTP_GOV_EDITOR;
    }

    return ngx_http_gov_respond_text(r, c->status, "text/html; charset=utf-8",
                                     b.s);
}


static void
ngx_http_gov_console_make(ngx_http_request_t *r, gov_console_t *c)
{
    c->txn = ngx_http_gov_snapshot(ngx_http_gov_worker(r));

    if (c->txn == NULL) {
        gov_console_notice(c, NGX_HTTP_SERVICE_UNAVAILABLE);
        return;
    }

    if (ngx_http_gov_enter_host(NGX_HTTP_GOV_CONSOLE_CRASH) != NGX_OK) {
        gov_console_notice(c, NGX_HTTP_SERVICE_UNAVAILABLE);
        return;
    }

    gov_console_make(c);
}


/* a snapshot lives until the page is rendered: its strings are the store's */

ngx_int_t
ngx_http_gov_console_show(ngx_http_request_t *r, gov_console_t *c)
{
    ngx_int_t                  rc;
    struct timespec            from;
    ngx_http_gov_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);

    (void) clock_gettime(CLOCK_MONOTONIC, &from);

    ngx_http_gov_console_make(r, c);

    if (c->digest.len) {
        rc = ngx_http_gov_look(r, c);

    } else {
        rc = c->to.len ? ngx_http_gov_respond_to(r, NGX_HTTP_SEE_OTHER, c->to)
                       : ngx_http_gov_console_render(r, c);
    }

    ngx_http_gov_leave();

    if (c->txn != NULL) {
        gov_txn_end(&c->txn);
    }

    ngx_http_gov_console_seen(r, c);
    ngx_http_gov_count_render(mcf, ngx_http_gov_worker(r), &from);

    return rc;
}


/* the same page on the portal's host, where people sign in */

static ngx_int_t
ngx_http_gov_console_away(ngx_http_request_t *r, gov_str_t portal)
{
    u_char            *p;
    gov_str_t          to;
    gov_links_conf_t   links;

    if (ngx_http_gov_links(r, &links) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    to.len = links.scheme.len + 3 + portal.len + links.port.len
             + r->unparsed_uri.len;
    to.data = ngx_pnalloc(r->pool, to.len);

    if (to.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = ngx_cpymem(to.data, links.scheme.data, links.scheme.len);
    p = ngx_cpymem(p, "://", 3);
    p = ngx_cpymem(p, portal.data, portal.len);
    p = ngx_cpymem(p, links.port.data, links.port.len);
    ngx_memcpy(p, r->unparsed_uri.data, r->unparsed_uri.len);

    return ngx_http_gov_respond_to(r, NGX_HTTP_SEE_OTHER, to);
}


/* NGX_DECLINED: it is the portal's, or nobody can tell now */

static ngx_int_t
ngx_http_gov_console_elsewhere(ngx_http_request_t *r)
{
    gov_rc_t                rc;
    gov_str_t               portal;
    gov_txn_t              *txn;
    ngx_http_gov_worker_t  *w;

    w = ngx_http_gov_worker(r);
    txn = ngx_http_gov_snapshot(w);

    if (txn == NULL) {
        return NGX_DECLINED;
    }

    gov_arena_reset(w->arena);
    ngx_str_null(&portal);
    rc = GOV_OK;

    if (ngx_http_gov_enter_host(ngx_http_gov_host(r)) == NGX_OK) {
        rc = gov_console_host(txn, w->arena, ngx_http_gov_host(r), &portal);
        ngx_http_gov_leave();
    }

    if (ngx_http_gov_copy_str(r, &portal) != NGX_OK) {
        rc = GOV_ERROR;
    }

    gov_txn_end(&txn);

    switch (rc) {

    case GOV_OK:
        return NGX_DECLINED;

    case GOV_DONE:
        return ngx_http_gov_console_away(r, portal);

    case GOV_NOT_FOUND:
        return ngx_http_gov_visit_error(r, 421);

    default:
        return ngx_http_gov_visit_error(r, NGX_HTTP_SERVICE_UNAVAILABLE);
    }
}


static void
ngx_http_gov_console_asked(ngx_http_request_t *r, gov_console_t *c)
{
    ngx_http_gov_console_begin(r, c);

    c->path = ngx_http_gov_str(&r->uri);
    c->query = ngx_http_gov_str(&r->args);
    c->args = gov_form_fields(c->arena, c->query);
}


/*
 * govd leads a form with files that failed back to its page, by an address
 * that nobody outside can ask for: it ends with "_status=" and what was
 * wrong.
 */

static void
ngx_http_gov_console_uploaded(gov_console_t *c)
{
    u_char     *p;
    int64_t     status;
    gov_str_t   said;

    static gov_str_t  mark = gov_string("_status=");

    p = c->query.len == 0 ? NULL
        : ngx_strlcasestrn(c->query.data, c->query.data + c->query.len,
                           mark.data, mark.len - 1);

    if (p == NULL) {
        return;
    }

    said.data = p;
    said.len = c->query.data + c->query.len - p;

    c->query.len = p - c->query.data - (p > c->query.data);
    c->args = gov_form_fields(c->arena, c->query);
    c->input = gov_form_fields(c->arena, said);

    c->problem = gov_value_copy(c->arena, c->input);
    gov_put_c(c->arena, c->problem, "command", "/console/upload");

    if (gov_str_int(gov_get_str(c->input, "_status"), &status) == 0) {
        c->status = (int) status;
    }

    gov_put_int(c->arena, c->problem, "status", c->status);
}


static ngx_int_t
ngx_http_gov_console_page(ngx_http_request_t *r)
{
    ngx_int_t      rc;
    gov_console_t  c;

    rc = ngx_http_discard_request_body(r);
    if (rc != NGX_OK) {
        return rc;
    }

    ngx_http_gov_console_asked(r, &c);

    if (r->internal) {
        ngx_http_gov_console_uploaded(&c);
    }

    /* who is not signed in is led to that first, as from every page */

    return c.token != NULL && gov_str_starts(c.path, "/console/preview/")
           ? ngx_http_gov_version(r, c.token)
           : ngx_http_gov_console_show(r, &c);
}


/* the pages where a second factor is set up: at sign-in, and later */

static ngx_uint_t
ngx_http_gov_console_is_factor(gov_str_t path)
{
    return gov_str_is(path, "/console/sign-in/factor")
           || gov_str_is(path, "/console/account/factor");
}


/* the new secret is made by govd, which has the key, and stands on the page */

static ngx_int_t
ngx_http_gov_console_told(ngx_http_request_t *r, ngx_http_gov_ctx_t *ctx)
{
    gov_console_t  c;

    if (!ngx_http_gov_wants_html(r)) {
        return ngx_http_gov_submit_pass(r, ctx);
    }

    ngx_http_gov_console_asked(r, &c);

    if (ngx_http_gov_submit_is_away(ctx)) {
        gov_console_notice(&c, NGX_HTTP_SERVICE_UNAVAILABLE);
        return ngx_http_gov_console_render(r, &c);
    }

    if (ctx->sub_status != NGX_HTTP_OK
        || gov_json_parse(c.arena, ngx_http_gov_submit_text(ctx), &c.told,
                          NULL)
           != GOV_OK)
    {
        c.told = NULL;
    }

    return ngx_http_gov_console_show(r, &c);
}


ngx_int_t
ngx_http_gov_console_error(ngx_http_request_t *r, ngx_uint_t status)
{
    gov_console_t        c;
    ngx_http_gov_ctx_t  *ctx;

    ctx = ngx_http_gov_ctx(r);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->console = NGX_HTTP_GOV_CONSOLE;

    ngx_http_gov_console_begin(r, &c);
    gov_console_notice(&c, status);

    return ngx_http_gov_console_render(r, &c);
}


ngx_int_t
ngx_http_gov_console(ngx_http_request_t *r)
{
    ngx_int_t                 rc;
    ngx_http_gov_ctx_t       *ctx;
    ngx_http_gov_loc_conf_t  *lcf;

    ctx = ngx_http_gov_ctx(r);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->console = NGX_HTTP_GOV_CONSOLE;

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD|NGX_HTTP_POST))) {
        return ngx_http_gov_not_allowed(r, "GET, HEAD, POST");
    }

    rc = ngx_http_gov_console_elsewhere(r);
    if (rc != NGX_DECLINED) {
        return rc;
    }

    if (r->uri.len == sizeof("/console") - 1) {
        return ngx_http_gov_respond_to(r, NGX_HTTP_SEE_OTHER,
                                       gov_s("/console/"));
    }

    if (r->method == NGX_HTTP_POST) {
        lcf = ngx_http_get_module_loc_conf(r, ngx_http_gov_module);

        if (gov_str_is(ngx_http_gov_str(&r->uri), NGX_HTTP_GOV_TYPED)) {
            return ngx_http_gov_typed(r);
        }

        return lcf->upload.len ? ngx_http_gov_bring(r)
                               : ngx_http_gov_console_act(r);
    }

    return ngx_http_gov_console_is_factor(ngx_http_gov_str(&r->uri))
           ? ngx_http_gov_submit(r, ngx_http_gov_console_told)
           : ngx_http_gov_console_page(r);
}
