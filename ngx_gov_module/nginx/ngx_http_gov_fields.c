
/*
 * Copyright (C) ngx_gov authors
 *
 * The fields of a form (application/x-www-form-urlencoded) or of a query, as
 * values.  Only what a page shows again is read here: govd reads the form
 * itself.
 */


#include "ngx_http_gov.h"


#define NGX_HTTP_GOV_FIELDS  2000


/* decoded in the arena, CRLF as LF */

static gov_str_t
ngx_http_gov_field_text(gov_arena_t *a, u_char *p, u_char *end)
{
    u_char     *dst, *src, *last;
    gov_str_t   s;

    s.data = gov_alloc(a, end - p + 1);

    for (dst = s.data, src = p; src < end; src++) {
        *dst++ = *src == '+' ? ' ' : *src;
    }

    last = dst;
    src = dst = s.data;
    ngx_unescape_uri(&dst, &src, last - s.data, 0);
    last = dst;

    for (src = dst = s.data; src < last; src++) {
        if (*src != '\r' || src + 1 == last || src[1] != '\n') {
            *dst++ = *src;
        }
    }

    s.len = dst - s.data;

    return s;
}


static void
ngx_http_gov_field_put(gov_arena_t *a, gov_value_t *form, gov_str_t name,
    gov_str_t text)
{
    gov_value_t  *v, *list;

    v = gov_member_s(form, name);

    if (v == NULL) {
        gov_put_key(form, name, gov_val_str(a, text));
        return;
    }

    if (v->kind != GOV_LIST) {
        list = gov_list(a);
        gov_add(list, gov_val_str(a, v->u.s));
        gov_set(form, gov_str_c(a, name), list);
        v = list;
    }

    gov_add(v, gov_val_str(a, text));
}


gov_value_t *
ngx_http_gov_fields(gov_arena_t *a, gov_str_t text)
{
    u_char       *p, *end, *last, *eq;
    gov_str_t     name, value;
    ngx_uint_t    n;
    gov_value_t  *form;

    form = gov_map(a);
    last = text.data + text.len;

    for (n = 0, p = text.data; p < last && n < NGX_HTTP_GOV_FIELDS; n++) {
        end = ngx_strlchr(p, last, '&');
        end = end ? end : last;
        eq = ngx_strlchr(p, end, '=');
        eq = eq ? eq : end;

        name = ngx_http_gov_field_text(a, p, eq);
        value = ngx_http_gov_field_text(a, eq < end ? eq + 1 : end, end);

        if (name.len && gov_text_json(name) && gov_text_json(value)) {
            ngx_http_gov_field_put(a, form, name, value);
        }

        p = end + 1;
    }

    return form;
}


static void
ngx_http_gov_fields_buf(gov_buf_t *b, ngx_buf_t *buf)
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
ngx_http_gov_fields_body(ngx_http_request_t *r, gov_arena_t *a)
{
    gov_buf_t     b;
    ngx_chain_t  *cl;

    gov_buf_init(&b, a, 4096);

    if (r->request_body != NULL) {
        for (cl = r->request_body->bufs; cl; cl = cl->next) {
            ngx_http_gov_fields_buf(&b, cl->buf);
        }
    }

    return b.s;
}
