
/*
 * Copyright (C) ngx_gov authors
 *
 * /console/preview/DOC and /console/preview/DOC/VERSION: a version on its own
 * site's theme, beside the text that is being edited, for who is signed in
 * and may read it; its files stand below it.  Whoever may not is told that
 * nothing is there.
 *
 * POST /console/preview: the text of the form itself, which govd makes safe
 * and nobody keeps.
 */


#include "ngx_http_gov.h"


static gov_str_t  ngx_http_gov_version_at = gov_string("/console/preview/");


/* "DOC", "DOC/REST": the rest is "0" where there is none */

static ngx_int_t
ngx_http_gov_version_parse(gov_str_t rest, gov_str_t *at, uint64_t *doc,
    gov_str_t *version)
{
    size_t     n;
    int64_t    id;
    gov_str_t  number;

    rest.data += ngx_http_gov_version_at.len;
    rest.len -= ngx_http_gov_version_at.len;

    for (n = 0; n < rest.len && rest.data[n] != '/'; n++) { /* void */ }

    number.data = rest.data;
    number.len = n;

    if (gov_str_int(number, &id) != 0 || id <= 0) {
        return NGX_DECLINED;
    }

    *doc = (uint64_t) id;
    at->data = rest.data - ngx_http_gov_version_at.len;
    at->len = ngx_http_gov_version_at.len + n;

    if (n < rest.len) {
        version->data = rest.data + n + 1;
        version->len = rest.len - n - 1;

    } else {
        *version = gov_s("0");
    }

    return NGX_OK;
}


/* GOV_NOT_FOUND: nobody is signed in */

static gov_rc_t
ngx_http_gov_version_who(gov_page_req_t *req, u_char *token, gov_who_t *who)
{
    gov_rc_t      rc;
    gov_signed_t  me;

    rc = gov_signed(req->txn, req->arena, token, req->now, &me);

    if (rc == GOV_OK && me.is != GOV_SIGNED_IN) {
        rc = GOV_NOT_FOUND;
    }

    *who = me.who;

    return rc;
}


/* GOV_NOT_FOUND: or may not read it */

static gov_rc_t
ngx_http_gov_version_judge(gov_page_req_t *req, u_char *token, uint64_t id,
    gov_doc_t *doc)
{
    gov_rc_t   rc;
    gov_who_t  who;

    rc = ngx_http_gov_version_who(req, token, &who);

    if (rc == GOV_OK) {
        rc = gov_doc_find(req->txn, req->arena, id, doc);
    }

    return rc == GOV_OK
           && !gov_may(req->txn, &who, GOV_RIGHT_DOC_READ, doc->site,
                       (uint32_t) doc->rec.column)
           ? GOV_NOT_FOUND : rc;
}


static gov_rc_t
ngx_http_gov_version_make(ngx_http_request_t *r, gov_txn_t *txn,
    u_char *token, gov_page_t *page)
{
    gov_rc_t           rc;
    uint64_t           id;
    gov_err_t          err;
    gov_doc_t          doc;
    gov_str_t          at, rest;
    gov_page_req_t     req;
    gov_links_conf_t   links;

    if (ngx_http_gov_version_parse(ngx_http_gov_str(&r->uri), &at, &id, &rest)
        != NGX_OK)
    {
        return GOV_NOT_FOUND;
    }

    if (ngx_http_gov_request(r, ngx_http_gov_worker(r), txn,
                             ngx_http_gov_host(r), ngx_http_gov_str(&r->uri),
                             &req, &links)
        != NGX_OK)
    {
        return GOV_ERROR;
    }

    rc = ngx_http_gov_version_judge(&req, token, id, &doc);

    if (rc == GOV_OK && ngx_http_gov_enter_site(doc.site) != NGX_OK) {
        rc = GOV_BUSY;
    }

    if (rc == GOV_OK) {
        ngx_memzero(&err, sizeof(gov_err_t));
        at = gov_str_cat(req.arena, at, gov_s("/"));
        rc = gov_page_version(&req, &doc, at, rest, page, &err);
        ngx_http_gov_leave();
    }

    ngx_http_gov_fence_end(page);

    return rc;
}


static ngx_int_t
ngx_http_gov_version_send(ngx_http_request_t *r, gov_rc_t rc,
    gov_page_t *page)
{
    if (rc != GOV_OK) {
        return ngx_http_gov_visit_error(r, rc == GOV_NOT_FOUND
                                           ? NGX_HTTP_NOT_FOUND
                                           : NGX_HTTP_SERVICE_UNAVAILABLE);
    }

    return page->file.len ? ngx_http_gov_file(r, page)
                          : ngx_http_gov_respond_page(r, page,
                                                      NGX_HTTP_GOV_PASS);
}


ngx_int_t
ngx_http_gov_version(ngx_http_request_t *r, u_char *token)
{
    gov_rc_t             rc;
    gov_txn_t           *txn;
    gov_page_t           page;
    ngx_http_gov_ctx_t  *ctx;

    /* a site's page, with a site's headers: it stands in a frame */

    ctx = ngx_http_gov_ctx(r);
    if (ctx != NULL) {
        ctx->console = 0;
    }

    txn = ngx_http_gov_snapshot(ngx_http_gov_worker(r));

    if (txn == NULL) {
        return ngx_http_gov_visit_error(r, NGX_HTTP_SERVICE_UNAVAILABLE);
    }

    ngx_memzero(&page, sizeof(gov_page_t));
    rc = ngx_http_gov_version_make(r, txn, token, &page);
    gov_txn_end(&txn);

    return ngx_http_gov_version_send(r, rc, &page);
}


/* the document that the form is of, or the column a new one is to stand in:
 * site and column are set then */

static gov_rc_t
ngx_http_gov_typed_doc(gov_page_req_t *req, u_char *token, gov_value_t *form,
    gov_doc_t *doc)
{
    int64_t        id;
    gov_rc_t       rc;
    unsigned       n;
    gov_who_t      who;
    gov_site_t     site;
    gov_column_t  *list, *c;

    if (gov_str_int(gov_get_str(form, "doc"), &id) == 0) {
        return ngx_http_gov_version_judge(req, token, (uint64_t) id, doc);
    }

    ngx_memzero(doc, sizeof(gov_doc_t));

    rc = ngx_http_gov_version_who(req, token, &who);

    if (rc == GOV_OK) {
        rc = gov_site_by_code(req->txn, req->arena,
                              gov_code_canon(req->arena,
                                             gov_get_str(form, "site")),
                              &site);
    }

    if (rc == GOV_OK) {
        rc = gov_columns(req->txn, req->arena, &site, &list, &n);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    c = gov_column_at(list, n, gov_get_str(form, "column"));

    if (c == NULL || !gov_may(req->txn, &who, GOV_RIGHT_DOC_WRITE, site.id,
                              c->id))
    {
        return GOV_NOT_FOUND;
    }

    doc->site = site.id;
    doc->rec.column = c->id;

    return GOV_OK;
}


/* where the console shows the files of its site */

static gov_rc_t
ngx_http_gov_typed_files(gov_page_req_t *req, gov_doc_t *doc, gov_str_t *at)
{
    gov_rc_t    rc;
    gov_site_t  site;

    rc = gov_site_get(req->txn, req->arena, doc->site, &site);

    if (rc == GOV_OK) {
        *at = gov_str_fmt(req->arena, "/console/site/%.*s/file/",
                          gov_strf(site.rec.code));
    }

    return rc;
}


static gov_rc_t
ngx_http_gov_typed_make(ngx_http_request_t *r, ngx_http_gov_ctx_t *ctx,
    gov_txn_t *txn, gov_page_t *page)
{
    gov_rc_t           rc;
    gov_err_t          err;
    gov_doc_t          doc;
    gov_str_t          at;
    gov_value_t       *made, *form;
    gov_page_req_t     req;
    gov_links_conf_t   links;

    if (ngx_http_gov_request(r, ngx_http_gov_worker(r), txn,
                             ngx_http_gov_host(r), ngx_http_gov_str(&r->uri),
                             &req, &links)
        != NGX_OK)
    {
        return GOV_ERROR;
    }

    ngx_memzero(&err, sizeof(gov_err_t));
    form = gov_form_fields(req.arena, ngx_http_gov_body(r, req.arena));

    rc = gov_json_parse(req.arena, ngx_http_gov_submit_text(ctx), &made,
                        &err);

    if (rc == GOV_OK) {
        rc = ngx_http_gov_typed_doc(&req,
                 ngx_http_gov_token(r, links.scheme.len == 5), form, &doc);
    }

    if (rc == GOV_OK && ngx_http_gov_enter_site(doc.site) != NGX_OK) {
        rc = GOV_BUSY;
    }

    if (rc == GOV_OK) {
        rc = ngx_http_gov_typed_files(&req, &doc, &at);

        if (rc == GOV_OK) {
            rc = gov_page_typed(&req, &doc, form, gov_get_str(made, "html"),
                                at, page, &err);
        }

        ngx_http_gov_leave();
    }

    ngx_http_gov_fence_end(page);

    return rc;
}


static ngx_int_t
ngx_http_gov_typed_answer(ngx_http_request_t *r, ngx_http_gov_ctx_t *ctx)
{
    gov_rc_t     rc;
    gov_txn_t   *txn;
    gov_page_t   page;

    if (ctx->sub_status != NGX_HTTP_OK) {
        return ngx_http_gov_act_answer(r, ctx);
    }

    ctx->console = 0;
    txn = ngx_http_gov_snapshot(ngx_http_gov_worker(r));

    if (txn == NULL) {
        return ngx_http_gov_visit_error(r, NGX_HTTP_SERVICE_UNAVAILABLE);
    }

    ngx_memzero(&page, sizeof(gov_page_t));
    rc = ngx_http_gov_typed_make(r, ctx, txn, &page);
    gov_txn_end(&txn);

    return ngx_http_gov_version_send(r, rc, &page);
}


ngx_int_t
ngx_http_gov_typed(ngx_http_request_t *r)
{
    return ngx_http_gov_submit(r, ngx_http_gov_typed_answer);
}
