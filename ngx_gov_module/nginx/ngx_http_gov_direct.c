
/*
 * Copyright (C) ngx_gov authors
 *
 * A direct answer: the hit of an early request, written in one piece.
 *
 * nginx's writer of headers goes through a list and measures each line, and
 * bodies pass a chain of filters, most of which have nothing to do.  The head
 * of a hit is nearly always the same, so it is written in front of the body
 * and both go to the socket at once, 3,000 instructions less of 10,000.  What
 * is the same for every hit of a copy, its type, validators and length, was
 * written when the copy was kept and comes out of it with the body.
 *
 * A copy's bytes come to a room of the worker's, which is in the processor's
 * cache, with space in front of them for the head.  They stay there for this
 * call only: what the socket does not take, and what goes another way, moves
 * to the request's pool (ngx_http_gov_stay).
 *
 * Every other header filter has run before: what it put into the list is
 * written as well.  Where it asks for more than that (trailers, another
 * length, too many headers) the answer goes nginx's own way.
 *
 * Body filters do not run: the bytes are compressed, and none of nginx's own
 * looks into such.
 */


#include "ngx_http_gov.h"


#define NGX_HTTP_GOV_HEAD        1024
#define NGX_HTTP_GOV_ROOM        65536
#define NGX_HTTP_GOV_FORM_LINES  512        /* of which they take 200 */

#define NGX_HTTP_GOV_START(server)                                            \
    "HTTP/1.1 200 OK" CRLF "Server: " server CRLF "Date: "

#define ngx_http_gov_fixed_text(name, value)  CRLF name ": " value

#define NGX_HTTP_GOV_MIDDLE(connection)                                       \
    CRLF "Connection: " connection CRLF "Cache-Control: no-cache"             \
    CRLF "X-Gov-Copy: hit" NGX_HTTP_GOV_FIXED(ngx_http_gov_fixed_text)

/* a text of a length known when compiled: a few moves */
#define ngx_http_gov_put(p, text)                                             \
    (ngx_memcpy(p, text, sizeof(text) - 1), (p) + sizeof(text) - 1)


static u_char  ngx_http_gov_room[NGX_HTTP_GOV_HEAD + NGX_HTTP_GOV_ROOM];

/* by ngx_http_core_loc_conf_t.server_tokens: off, on */
static ngx_str_t  ngx_http_gov_starts[] = {
    ngx_string(NGX_HTTP_GOV_START("nginx")),
    ngx_string(NGX_HTTP_GOV_START(NGINX_VER))
};

/* by ngx_http_request_t.keepalive */
static ngx_str_t  ngx_http_gov_middles[] = {
    ngx_string(NGX_HTTP_GOV_MIDDLE("close")),
    ngx_string(NGX_HTTP_GOV_MIDDLE("keep-alive"))
};

/* what filters see of a coding */
static ngx_table_elt_t  ngx_http_gov_gzip_seen = {
    1, ngx_string("Content-Encoding"), ngx_string("gzip"), NULL
};

static ngx_table_elt_t  ngx_http_gov_br_seen = {
    1, ngx_string("Content-Encoding"), ngx_string("br"), NULL
};


static ngx_http_output_header_filter_pt  ngx_http_next_header_filter;


/* of gov_copies_want_t; data is the request */

void *
ngx_http_gov_direct_alloc(void *data, size_t size)
{
    ngx_http_request_t *r = data;

    u_char  *p;

    if (size <= NGX_HTTP_GOV_ROOM) {
        return ngx_http_gov_room + NGX_HTTP_GOV_HEAD;
    }

    p = ngx_pnalloc(r->pool, NGX_HTTP_GOV_HEAD + size);

    return p == NULL ? NULL : p + NGX_HTTP_GOV_HEAD;
}


ngx_int_t
ngx_http_gov_stay(ngx_http_request_t *r, gov_str_t *bytes)
{
    if (bytes->data < ngx_http_gov_room
        || bytes->data >= ngx_http_gov_room + sizeof(ngx_http_gov_room))
    {
        return NGX_OK;
    }

    return ngx_http_gov_copy_str(r, bytes);
}


ngx_uint_t
ngx_http_gov_is_direct(ngx_http_request_t *r, gov_copy_t *copy,
    ngx_uint_t codings)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    return copy->status == NGX_HTTP_OK
           && copy->lines
           && (copy->br.len || (copy->gzip.len && (codings & GOV_COPY_GZIP)))
#if (NGX_HTTP_V2)
           && r->stream == NULL
#endif
           && r->http_version >= NGX_HTTP_VERSION_10
           && r->headers_in.if_none_match == NULL
           && r->headers_in.if_modified_since == NULL
           && r->headers_in.if_match == NULL
           && r->headers_in.if_unmodified_since == NULL
           && clcf->server_tokens != NGX_HTTP_SERVER_TOKENS_BUILD
           && clcf->keepalive_header == 0;
}


ngx_int_t
ngx_http_gov_respond_direct(ngx_http_request_t *r, gov_copy_t *copy)
{
    ngx_int_t                  rc;
    gov_str_t                 *body;
    ngx_http_gov_ctx_t        *ctx;
    ngx_http_gov_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);

    ctx = ngx_http_gov_ctx(r);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->copy = NGX_HTTP_GOV_HIT;
    ctx->direct = copy;

    body = copy->br.len ? &copy->br : &copy->gzip;

    r->headers_out.status = NGX_HTTP_OK;
    r->headers_out.content_length_n = body->len;
    ngx_http_gov_set_kind(r, copy->type);

    r->headers_out.content_encoding = copy->br.len ? &ngx_http_gov_br_seen
                                                   : &ngx_http_gov_gzip_seen;

#if (NGX_HTTP_GZIP)
    /* the client takes this coding: no filter need ask, or unpack it */
    r->gzip_tested = 1;
    r->gzip_ok = 1;
#endif

    ngx_http_gov_count_hit(mcf);

    rc = ngx_http_send_header(r);

    if (ctx->direct != NULL || rc == NGX_ERROR || rc > NGX_OK
        || r->header_only)
    {
        return rc;
    }

    return ngx_http_gov_send_body(r, *body);
}


/* the lines of a form, which end the head of each hit that it answers */

static ngx_int_t
ngx_http_gov_lines(ngx_http_request_t *r, gov_copy_t *copy, gov_str_t *form,
    const char *coding, gov_str_t *lines)
{
    size_t      dated;
    ngx_str_t  *type;

    static ngx_str_t  modified = ngx_string(CRLF "Last-Modified: ");

    if (form->len == 0) {
        return NGX_OK;
    }

    lines->data = ngx_pnalloc(r->pool, NGX_HTTP_GOV_FORM_LINES);
    if (lines->data == NULL) {
        return NGX_ERROR;
    }

    type = ngx_http_gov_kind_text(copy->type);
    dated = copy->proof.date[0] != '\0';

    lines->len = ngx_snprintf(lines->data, NGX_HTTP_GOV_FORM_LINES,
                              CRLF "Content-Type: %V"
                              CRLF "ETag: \"%*s-%c\""
                              "%*s%*s"
                              CRLF "Content-Encoding: %s"
                              CRLF "Content-Length: %uz" CRLF CRLF,
                              type, (size_t) GOV_ETAG, copy->proof.etag,
                              coding[0], dated * modified.len,
                              modified.data, dated * GOV_HTTP_DATE,
                              copy->proof.date, coding, form->len)
                 - lines->data;

    return lines->len < NGX_HTTP_GOV_FORM_LINES ? NGX_OK : NGX_ERROR;
}


/* a copy without them is answered nginx's way */

void
ngx_http_gov_direct_prepare(ngx_http_request_t *r, gov_copy_t *copy)
{
    if (ngx_http_gov_lines(r, copy, &copy->gzip, "gzip", &copy->gzip_lines)
        != NGX_OK
        || ngx_http_gov_lines(r, copy, &copy->br, "br", &copy->br_lines)
           != NGX_OK)
    {
        copy->gzip_lines.len = 0;
        copy->br_lines.len = 0;
    }
}


/* bytes that other filters' headers take */

static size_t
ngx_http_gov_others(ngx_http_request_t *r)
{
    size_t            len;
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    len = 0;

    for (part = &r->headers_out.headers.part; part; part = part->next) {
        h = part->elts;

        for (i = 0; i < part->nelts; i++) {
            if (h[i].hash) {
                len += h[i].key.len + h[i].value.len
                       + sizeof(CRLF ": ") - 1;
            }
        }
    }

    return len;
}


static u_char *
ngx_http_gov_put_others(ngx_http_request_t *r, u_char *p)
{
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    for (part = &r->headers_out.headers.part; part; part = part->next) {
        h = part->elts;

        for (i = 0; i < part->nelts; i++) {
            if (h[i].hash) {
                p = ngx_http_gov_put(p, CRLF);
                p = ngx_cpymem(p, h[i].key.data, h[i].key.len);
                p = ngx_http_gov_put(p, ": ");
                p = ngx_cpymem(p, h[i].value.data, h[i].value.len);
            }
        }
    }

    return p;
}


/* where the head begins, its end being the body's beginning; NULL: no room */

static u_char *
ngx_http_gov_head(ngx_http_request_t *r, gov_copy_t *copy, gov_str_t *body)
{
    u_char                    *p, *head;
    size_t                     len;
    ngx_str_t                 *start, *middle;
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    start = &ngx_http_gov_starts[clcf->server_tokens];
    middle = &ngx_http_gov_middles[r->keepalive];

    len = start->len + ngx_cached_http_time.len + middle->len
          + ngx_http_gov_others(r) + copy->lines;

    if (len > NGX_HTTP_GOV_HEAD) {
        return NULL;
    }

    head = body->data - len;

    p = ngx_cpymem(head, start->data, start->len);
    p = ngx_cpymem(p, ngx_cached_http_time.data, ngx_cached_http_time.len);
    p = ngx_cpymem(p, middle->data, middle->len);
    (void) ngx_http_gov_put_others(r, p);

    return head;
}


/* nothing of the connection's waits, and nobody limits its rate */

static ngx_uint_t
ngx_http_gov_is_open(ngx_http_request_t *r)
{
    ngx_connection_t          *c;
    ngx_http_core_loc_conf_t  *clcf;

    c = r->connection;
    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    return c->write->ready && !c->write->delayed && !c->buffered && !c->error
#if (NGX_HTTP_SSL)
           && c->ssl == NULL
#endif
           && r->out == NULL && clcf->limit_rate == NULL
           && !r->limit_rate_set;
}


/* what is left waits as any other answer's bytes do */

static ngx_int_t
ngx_http_gov_write_rest(ngx_http_request_t *r, gov_str_t bytes)
{
    ngx_chain_t  out;

    return ngx_http_gov_chain(r, bytes, &out) == NGX_OK
           ? ngx_http_write_filter(r, &out) : NGX_ERROR;
}


static ngx_int_t
ngx_http_gov_write(ngx_http_request_t *r, u_char *head, gov_str_t *body)
{
    ssize_t            n;
    gov_str_t          bytes;
    ngx_connection_t  *c;

    c = r->connection;

    r->header_sent = 1;
    r->header_size = body->data - head;
    r->header_only = (r->method == NGX_HTTP_HEAD);

    bytes.data = head;
    bytes.len = r->header_size + (r->header_only ? 0 : body->len);

    if (ngx_http_gov_is_open(r)) {
        n = c->send(c, bytes.data, bytes.len);

        if (n == NGX_ERROR) {
            c->error = 1;
            return NGX_ERROR;
        }

        if (n > 0) {
            bytes.data += n;
            bytes.len -= n;
        }
    }

    return bytes.len ? ngx_http_gov_write_rest(r, bytes) : NGX_OK;
}


static ngx_int_t
ngx_http_gov_header_filter(ngx_http_request_t *r)
{
    u_char              *head;
    gov_str_t           *body;
    gov_copy_t          *copy;
    ngx_http_gov_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_gov_module);

    if (ctx == NULL || ctx->direct == NULL) {
        return ngx_http_next_header_filter(r);
    }

    copy = ctx->direct;
    body = copy->br.len ? &copy->br : &copy->gzip;

    head = NULL;

    if (r->headers_out.content_length_n == (off_t) body->len && !r->chunked
        && !r->expect_trailers && r->headers_out.status == NGX_HTTP_OK
        && r->headers_out.server == NULL && r->headers_out.date == NULL
        && r->headers_out.content_type.data
           == ngx_http_gov_kind_text(copy->type)->data)
    {
        head = ngx_http_gov_head(r, copy, body);
    }

    if (head != NULL) {
        return ngx_http_gov_write(r, head, body);
    }

    /* the list as everybody else makes it */

    ctx->direct = NULL;

    if (ngx_http_gov_copy_headers(r, copy, NGX_HTTP_GOV_HIT) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_next_header_filter(r);
}


void
ngx_http_gov_direct_init(void)
{
    ngx_http_next_header_filter = ngx_http_top_header_filter;
    ngx_http_top_header_filter = ngx_http_gov_header_filter;
}
