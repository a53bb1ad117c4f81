
/*
 * Copyright (C) ngx_gov authors
 *
 * The body of a request as one text, from memory and from the file that
 * nginx may have put it into.
 */


#include "ngx_http_gov.h"


static void
ngx_http_gov_body_buf(gov_buf_t *b, ngx_buf_t *buf)
{
    u_char   piece[16384];
    off_t    at;
    ssize_t  n;

    if (ngx_buf_in_memory(buf)) {
        gov_buf_add(b, buf->pos, buf->last - buf->pos);
        return;
    }

    for (at = buf->file_pos; at < buf->file_last; at += n) {
        n = ngx_read_file(buf->file, piece,
                          (size_t) ngx_min((off_t) sizeof(piece),
                                           buf->file_last - at), at);
        if (n <= 0) {
            return;
        }

        gov_buf_add(b, piece, n);
    }
}


gov_str_t
ngx_http_gov_body(ngx_http_request_t *r, gov_arena_t *a)
{
    gov_buf_t     b;
    ngx_chain_t  *cl;

    gov_buf_init(&b, a, 4096);

    if (r->request_body != NULL) {
        for (cl = r->request_body->bufs; cl; cl = cl->next) {
            ngx_http_gov_body_buf(&b, cl->buf);
        }
    }

    return b.s;
}
