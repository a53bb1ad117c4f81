
/*
 * Copyright (C) ngx_gov authors
 *
 * What who is signed in looks at below /console/ and is no page of the
 * console: a file of a site that may not be public yet.
 */


#include "ngx_http_gov.h"


ngx_int_t
ngx_http_gov_look(ngx_http_request_t *r, gov_console_t *c)
{
    gov_page_t  page;

    ngx_memzero(&page, sizeof(gov_page_t));
    page.secret = 1;
    page.file = c->digest;
    page.file_name = c->file.name;
    page.file_type = c->file.type;

    if (ngx_http_gov_copy_str(r, &page.file) != NGX_OK
        || ngx_http_gov_copy_str(r, &page.file_name) != NGX_OK
        || ngx_http_gov_copy_str(r, &page.file_type) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_gov_file(r, &page);
}
