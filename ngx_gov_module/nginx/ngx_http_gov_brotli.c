
/*
 * Copyright (C) ngx_gov authors
 *
 * Brotli for a page that is read again.
 *
 * Of what a page without a copy costs, brotli is nearly a third, and of most
 * pages nobody reads more than one before they change.  So a page is made
 * with its gzip form, and who meets that copy and takes brotli has it made:
 * from the copy, which is kept with both from then on.
 *
 * Who asks whether the page it has still stands is told so, and nothing is
 * made: in another form the page would have another ETag.
 */


#include "ngx_http_gov.h"


ngx_uint_t
ngx_http_gov_brotli_is_due(ngx_http_request_t *r, gov_copy_t *copy,
    ngx_uint_t codings)
{
    return (codings & NGX_HTTP_GOV_BR) && copy->br.len == 0
           && copy->gzip.len && r->headers_in.if_none_match == NULL;
}


/* a part of its page, which the site pays for */

static void
ngx_http_gov_brotli_make(ngx_http_gov_worker_t *w, gov_copy_t *copy)
{
    gov_str_t       body;
    gov_page_t      page;
    gov_page_req_t  req;

    ngx_memzero(&req, sizeof(gov_page_req_t));
    ngx_memzero(&page, sizeof(gov_page_t));
    page.site = copy->site;

    ngx_http_gov_fence_begin(&req);

    if (gov_variant_inflate(w->arena, copy->gzip, &body) == GOV_OK) {
        copy->br = gov_variant_brotli(w->arena, body);
    }

    ngx_http_gov_fence_end(&page);
}


ngx_int_t
ngx_http_gov_brotli(ngx_http_request_t *r, ngx_http_gov_worker_t *w,
    gov_copy_key_t *key, gov_copy_t *copy)
{
    ngx_http_gov_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);

    gov_arena_reset(w->arena);
    ngx_http_gov_brotli_make(w, copy);

    if (copy->br.len == 0) {
        return NGX_OK;
    }

    ngx_http_gov_direct_prepare(r, copy);
    gov_copies_put(&mcf->copies, key, copy);

    return ngx_http_gov_copy_str(r, &copy->br) == NGX_OK
           ? NGX_OK : NGX_HTTP_INTERNAL_SERVER_ERROR;
}
