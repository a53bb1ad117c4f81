
/*
 * Copyright (C) ngx_gov authors
 *
 * nginx: the module.  It reads and never writes the store.
 *
 *     ngx_http_gov_module.c    directives and configuration
 *     ngx_http_gov_zone.c      shared memory: page copies, counters
 *     ngx_http_gov_views.c     how often a page was shown, for govd
 *     ngx_http_gov_worker.c    what a worker owns: store, script, timers
 *     ngx_http_gov_stall.c     how long a round of the event loop takes
 *     ngx_http_gov_turn.c      who waits for a round to make its page
 *     ngx_http_gov_crash.c     whose page ended a worker; quarantine
 *     ngx_http_gov_fence.c     who takes more of the workers than its share
 *     ngx_http_gov_request.c   phases; which door a request takes
 *     ngx_http_gov_ctx.c       what a request says of itself
 *     ngx_http_gov_visit.c     a page: copy, or made and kept
 *     ngx_http_gov_make.c      a page made, or an error's
 *     ngx_http_gov_brotli.c    a copy's brotli form, once it is read again
 *     ngx_http_gov_headers.c   what an answer says of itself
 *     ngx_http_gov_respond.c   answers
 *     ngx_http_gov_direct.c    a hit's headers and bytes in one piece
 *     ngx_http_gov_file.c      attachments
 *     ngx_http_gov_system.c    /_gov/: its table, health, rendering
 *     ngx_http_gov_metrics.c   /_gov/metrics
 *     ngx_http_gov_explain.c   /_gov/explain
 *     ngx_http_gov_assets.c    /_gov/assets/, /_gov/brand/
 *     ngx_http_gov_submit.c    what goes on to govd
 *     ngx_http_gov_console.c   /console/: a page for who is signed in
 *     ngx_http_gov_look.c      a file that may not be public yet
 *     ngx_http_gov_act.c       /console/: what a form does
 *     ngx_http_gov_bring.c     /console/upload: who may not is told first
 *     ngx_http_gov_body.c      the body of a request as one text
 *
 * A snapshot lives inside one function call: begun and ended in the same
 * handler, before the first byte is sent.
 */


#ifndef _NGX_HTTP_GOV_H_INCLUDED_
#define _NGX_HTTP_GOV_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include "page/gov_page.h"
#include "view/gov_console.h"


#define NGX_HTTP_GOV_STATUSES  600
#define NGX_HTTP_GOV_LINES     32           /* a power of two */

#define NGX_HTTP_GOV_HIT       0
#define NGX_HTTP_GOV_MISS      1
#define NGX_HTTP_GOV_PASS      2


/* counted since somebody took them; the key is the site's number and the
 * document's, which is 0 for the site's other pages */
typedef struct {
    ngx_atomic_t               key;
    ngx_atomic_t               count;
} ngx_http_gov_view_t;

/* a worker's own counters; two workers share a line during a reload */
typedef struct {
    ngx_atomic_t               hits;        /* status 200 */
    u_char                     pad[64 - sizeof(ngx_atomic_t)];
} ngx_http_gov_line_t;

/* a site, or a host, whose pages ended workers: see ngx_http_gov_crash.c */
typedef struct {
    ngx_atomic_t               key;
    ngx_atomic_t               count;
} ngx_http_gov_crash_t;

#define NGX_HTTP_GOV_PAGE_USUAL    (384 * 1024)
#define NGX_HTTP_GOV_PAGE_MAX      (64 * 1024 * 1024)  /* memory of one */
#define NGX_HTTP_GOV_CRASHES       3        /* from here on quarantined */
#define NGX_HTTP_GOV_CRASH_PLACES  256      /* a power of two */

typedef struct {
    ngx_atomic_t               copy[3];     /* hit, miss, pass */
    ngx_atomic_t               not_modified;
    ngx_atomic_t               status[NGX_HTTP_GOV_STATUSES];
    ngx_atomic_t               renders;
    ngx_atomic_t               render_us;
    ngx_atomic_t               render_max_us;
    ngx_atomic_t               unread;
    ngx_atomic_t               script_failed;
    ngx_atomic_t               script_overruns;
    ngx_atomic_t               waits;
    ngx_atomic_t               stalls;
    ngx_atomic_t               stall_max_us;
    ngx_atomic_t               store_failed;
    ngx_atomic_t               views_dropped;
    ngx_atomic_t               crashes;
    ngx_atomic_t               fenced[GOV_FENCE_SHUT + 1];
    gov_fence_t                fence;
    ngx_http_gov_crash_t       crash[NGX_HTTP_GOV_CRASH_PLACES];
    ngx_uint_t                 views;       /* places, a power of two */
    ngx_http_gov_line_t        line[NGX_HTTP_GOV_LINES];
} ngx_http_gov_shared_t;


/* a file of the theme, read once by the master */
typedef struct {
    ngx_str_t                  name;
    ngx_str_t                  type;
    gov_page_t                 page;        /* body and variants */
} ngx_http_gov_asset_t;

typedef struct {
    ngx_str_t                  store;
    ngx_str_t                  blobs;
    ngx_str_t                  base;        /* bundle directories */
    ngx_str_t                  sites;
    off_t                      map_size;
    ngx_uint_t                 max_readers;
    size_t                     lua_memory;
    ngx_uint_t                 lua_instructions;
    ngx_msec_t                 lua_time;
    ngx_str_t                  views;       /* govd's datagram socket */
    ngx_flag_t                 fence;
    ngx_uint_t                 fence_time;      /* % of the workers' time */
    ngx_uint_t                 fence_requests;  /* a second */
    ngx_uint_t                 fence_copies;    /* % of the zone, when full */

    ngx_shm_zone_t            *zone;
    gov_copies_ref_t           copies;
    ngx_http_gov_shared_t     *shared;
    ngx_http_gov_view_t       *view;        /* shared->views of them */
    ngx_slab_pool_t           *shpool;

    gov_script_lib_t          *lib;
    uint64_t                   stamp;       /* of what makes other copies */
    uint64_t                   locations;   /* a hash of all there are */
    ngx_array_t                assets;      /* of ngx_http_gov_asset_t */
    gov_assets_t               urls;
    ngx_uint_t                 enabled;     /* some server says gov on */
} ngx_http_gov_main_conf_t;

typedef struct {
    ngx_flag_t                 enable;
    ngx_flag_t                 early;
    ngx_str_t                  scheme;
    ngx_str_t                  port;
    ngx_str_t                  submit;
    ngx_str_t                  upload;
} ngx_http_gov_loc_conf_t;


typedef struct {
    gov_store_t               *store;
    uint64_t                   identity;    /* of the store's file */
    gov_script_t              *script;
    gov_arena_t               *arena;       /* of the page being made */
    gov_variant_t             *variant;     /* NULL until a page is packed */
    gov_news_t                *news;
    time_t                     tried;       /* last try to open */
    time_t                     script_tried;
    gov_script_count_t         counted;
    ngx_connection_t           nobody;      /* of events without a socket */
    ngx_event_t                views;
    ngx_uint_t                 views_at;    /* the walk's next place */
    int                        views_fd;
} ngx_http_gov_worker_t;


typedef struct ngx_http_gov_ctx_s  ngx_http_gov_ctx_t;

/* what becomes of govd's answer; its result finalizes the request */
typedef ngx_int_t (*ngx_http_gov_answer_pt)(ngx_http_request_t *r,
    ngx_http_gov_ctx_t *ctx);

/* of a request, for $gov_site, $gov_copy and the door of submits */
struct ngx_http_gov_ctx_s {
    uint32_t                   site;
    ngx_int_t                  copy;        /* NGX_HTTP_GOV_HIT ... or -1 */
    ngx_uint_t                 console;     /* answers with its headers: */
    gov_copy_t                *direct;      /* to be written in one piece */
    ngx_http_request_t        *sub;
    ngx_uint_t                 sub_status;
    ngx_http_gov_answer_pt     answer;
};


extern ngx_module_t  ngx_http_gov_module;


/* zone */
char *ngx_http_gov_zone(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
void ngx_http_gov_count(ngx_http_gov_main_conf_t *mcf, ngx_uint_t copy,
    ngx_uint_t status);
/* a direct answer: a hit with status 200 */
void ngx_http_gov_count_hit(ngx_http_gov_main_conf_t *mcf);
ngx_atomic_uint_t ngx_http_gov_hits(ngx_http_gov_shared_t *sh);

/* views */
ngx_uint_t ngx_http_gov_views_places(size_t zone);
void ngx_http_gov_count_views(ngx_http_gov_main_conf_t *mcf, uint32_t site,
    uint64_t doc, ngx_uint_t n);
/* the count's memory is fetched while the caller goes on */
void ngx_http_gov_views_ahead(ngx_http_gov_main_conf_t *mcf, uint32_t site,
    uint64_t doc);
/* a datagram to govd; NGX_AGAIN: it has its hands full, NGX_ERROR: away */
ngx_int_t ngx_http_gov_views_tell(ngx_http_gov_worker_t *w,
    ngx_http_gov_main_conf_t *mcf, void *data, size_t size);
void ngx_http_gov_views_init(ngx_http_gov_worker_t *w, ngx_cycle_t *cycle);
void ngx_http_gov_views_exit(ngx_http_gov_worker_t *w,
    ngx_http_gov_main_conf_t *mcf);

/* worker */
ngx_int_t ngx_http_gov_init_process(ngx_cycle_t *cycle);
void ngx_http_gov_exit_process(ngx_cycle_t *cycle);
/* store and script are NULL while there is none; tried once a second */
ngx_http_gov_worker_t *ngx_http_gov_worker(ngx_http_request_t *r);
/* ended with gov_txn_end() before this call of the event loop returns; NULL */
gov_txn_t *ngx_http_gov_snapshot(ngx_http_gov_worker_t *w);

/* stall: from now on every round of the worker's event loop is measured */
void ngx_http_gov_stall_init(ngx_http_gov_main_conf_t *mcf);

/* turn */
void ngx_http_gov_turn_init(ngx_http_gov_worker_t *w, ngx_cycle_t *cycle);
/* a round of the event loop is over */
void ngx_http_gov_turn_round(void);
/* before a page is made; NGX_DONE: the request waits, its phases go on later */
ngx_int_t ngx_http_gov_turn(ngx_http_request_t *r);

/* before a proof is judged by the news */
void ngx_http_gov_follow(ngx_http_gov_worker_t *w);

/* crash: around every reading of the store for a page; NGX_DECLINED: the
 * site, or the host, is in quarantine */
void ngx_http_gov_crash_init(ngx_http_gov_main_conf_t *mcf, ngx_log_t *log);
ngx_int_t ngx_http_gov_enter_site(uint32_t site);
ngx_int_t ngx_http_gov_enter_host(gov_str_t host);
/* a name that is no host: of what the console reads of no site */
#define NGX_HTTP_GOV_CONSOLE_CRASH  gov_s("console")
void ngx_http_gov_leave(void);
void ngx_http_gov_crash_forget(ngx_http_gov_shared_t *sh);
void ngx_http_gov_crash_metrics(ngx_http_gov_shared_t *sh, gov_buf_t *b);

/* fence: begin before a page is made, end after it */
char *ngx_http_gov_fence(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
void ngx_http_gov_fence_init(ngx_http_gov_main_conf_t *mcf,
    ngx_cycle_t *cycle);
void ngx_http_gov_fence_begin(gov_page_req_t *req);
void ngx_http_gov_fence_end(gov_page_t *page);
void ngx_http_gov_fence_metrics(ngx_http_gov_shared_t *sh, gov_buf_t *b);

/* request */
ngx_int_t ngx_http_gov_early(ngx_http_request_t *r);
ngx_int_t ngx_http_gov_content(ngx_http_request_t *r);
ngx_int_t ngx_http_gov_not_allowed(ngx_http_request_t *r,
    const char *allow);

/* ctx: made when first asked for; NULL without memory */
ngx_http_gov_ctx_t *ngx_http_gov_ctx(ngx_http_request_t *r);
ngx_uint_t ngx_http_gov_is_elder(ngx_http_request_t *r);
ngx_uint_t ngx_http_gov_is_tls(ngx_http_request_t *r);
gov_str_t ngx_http_gov_host(ngx_http_request_t *r);

/* visit: early, only a fresh copy answers, else NGX_DECLINED */
ngx_int_t ngx_http_gov_visit(ngx_http_request_t *r, ngx_uint_t early);
ngx_int_t ngx_http_gov_key(ngx_http_request_t *r, gov_str_t host,
    gov_str_t path, ngx_uint_t elder, gov_copy_key_t *key);

/* brotli: is it this request that has it made; then the copy must have come
 * with its deps, and goes on without the form where that fails */
ngx_uint_t ngx_http_gov_brotli_is_due(ngx_http_request_t *r,
    gov_copy_t *copy, ngx_uint_t codings);
ngx_int_t ngx_http_gov_brotli(ngx_http_request_t *r,
    ngx_http_gov_worker_t *w, gov_copy_key_t *key, gov_copy_t *copy);

/* make: the page lives until the next one is made; the worker's arena is
 * emptied for the request */
ngx_int_t ngx_http_gov_request(ngx_http_request_t *r,
    ngx_http_gov_worker_t *w, gov_txn_t *txn, gov_str_t host,
    gov_str_t path, gov_page_req_t *req, gov_links_conf_t *links);
ngx_int_t ngx_http_gov_make(ngx_http_request_t *r,
    ngx_http_gov_worker_t *w, gov_txn_t *txn, gov_str_t host,
    gov_str_t path, gov_page_t *page);
ngx_int_t ngx_http_gov_visit_error(ngx_http_request_t *r,
    ngx_uint_t status);
/* scheme and port of links to other hosts; NGX_ERROR: no memory */
ngx_int_t ngx_http_gov_links(ngx_http_request_t *r,
    gov_links_conf_t *links);
void ngx_http_gov_count_render(ngx_http_gov_main_conf_t *mcf,
    ngx_http_gov_worker_t *w, struct timespec *from);

/* headers that are the same on every answer: X(name, value) */

#define NGX_HTTP_GOV_FIXED(X)                                                 \
    X("Content-Security-Policy",                                              \
      "default-src 'none'; style-src 'self'; script-src 'self'; "             \
      "img-src 'self' data:; connect-src 'self'; form-action 'self'; "        \
      "base-uri 'none'; frame-ancestors 'self'")                              \
    X("X-Content-Type-Options", "nosniff")                                    \
    X("Referrer-Policy", "strict-origin-when-cross-origin")                   \
    X("Vary", "Accept-Encoding")

#define NGX_HTTP_GOV_CONSOLE  1
#define NGX_HTTP_GOV_EDITOR   2             /* which sets styles */

#define NGX_HTTP_GOV_FIXED_CONSOLE(X, style)                                  \
    X("Content-Security-Policy",                                              \
      "default-src 'self'; img-src 'self' data: blob:; " style                \
      "object-src 'none'; form-action 'self'; base-uri 'none'; "              \
      "frame-ancestors 'none'")                                               \
    X("X-Content-Type-Options", "nosniff")                                    \
    X("Referrer-Policy", "same-origin")                                       \
    X("Vary", "Cookie, Accept")

#define NGX_HTTP_GOV_GZIP  GOV_COPY_GZIP
#define NGX_HTTP_GOV_BR    GOV_COPY_BR

/* headers */
ngx_int_t ngx_http_gov_header(ngx_http_request_t *r, const char *name,
    ngx_str_t *value);
/* of gov_copy_t.type: its number, and what it says */
ngx_uint_t ngx_http_gov_kind(const char *type);
ngx_str_t *ngx_http_gov_kind_text(ngx_uint_t kind);
void ngx_http_gov_set_kind(ngx_http_request_t *r, ngx_uint_t kind);
void ngx_http_gov_set_type(ngx_http_request_t *r, const char *type);
/* NGX_HTTP_GOV_GZIP and _BR that the client takes */
ngx_uint_t ngx_http_gov_codings(ngx_http_request_t *r);
ngx_int_t ngx_http_gov_set_coding(ngx_http_request_t *r, const char *name);
void ngx_http_gov_tag_first(ngx_http_request_t *r);
/* the fixed ones and what became of the copy */
ngx_int_t ngx_http_gov_common(ngx_http_request_t *r, ngx_uint_t state);
/* the best form a copy has: its letter in the ETag */
u_char ngx_http_gov_form(gov_copy_t *copy, gov_str_t **form);
/* all that a copy says of itself */
ngx_int_t ngx_http_gov_copy_headers(ngx_http_request_t *r,
    gov_copy_t *copy, ngx_uint_t state);

/* respond */
/* moves to the request's pool; the worker's arena is gone with the next page */
ngx_int_t ngx_http_gov_copy_str(ngx_http_request_t *r, gov_str_t *s);
/* the last bytes of an answer as a chain of one buffer */
ngx_int_t ngx_http_gov_chain(ngx_http_request_t *r, gov_str_t bytes,
    ngx_chain_t *out);
ngx_int_t ngx_http_gov_send_body(ngx_http_request_t *r, gov_str_t body);
ngx_int_t ngx_http_gov_respond_copy(ngx_http_request_t *r,
    gov_copy_t *copy, ngx_uint_t codings, ngx_uint_t state);
ngx_int_t ngx_http_gov_respond_page(ngx_http_request_t *r,
    gov_page_t *page, ngx_uint_t state);
/* what no search engine may know of says so */
ngx_int_t ngx_http_gov_secret(ngx_http_request_t *r, gov_page_t *page);
/* never changes under its name; the forms outlive the request */
ngx_int_t ngx_http_gov_respond_immutable(ngx_http_request_t *r,
    gov_page_t *page);
ngx_int_t ngx_http_gov_respond_text(ngx_http_request_t *r,
    ngx_uint_t status, const char *type, gov_str_t body);
ngx_int_t ngx_http_gov_respond_to(ngx_http_request_t *r,
    ngx_uint_t status, gov_str_t location);

/* direct: whether a hit may be answered in one piece */
void ngx_http_gov_direct_init(void);
/* gives a copy about to be kept the lines it is answered with */
void ngx_http_gov_direct_prepare(ngx_http_request_t *r, gov_copy_t *copy);
/* where a copy's bytes come to: good for this call of the event loop only */
void *ngx_http_gov_direct_alloc(void *data, size_t size);
/* bytes from there move to the request's pool; others are let be */
ngx_int_t ngx_http_gov_stay(ngx_http_request_t *r, gov_str_t *bytes);
ngx_uint_t ngx_http_gov_is_direct(ngx_http_request_t *r, gov_copy_t *copy,
    ngx_uint_t codings);
ngx_int_t ngx_http_gov_respond_direct(ngx_http_request_t *r,
    gov_copy_t *copy);

ngx_int_t ngx_http_gov_file(ngx_http_request_t *r, gov_page_t *page);

/* submit: the body is read and asked of govd, then answer() is called */
ngx_int_t ngx_http_gov_submit(ngx_http_request_t *r,
    ngx_http_gov_answer_pt answer);
/* govd's answer as it is */
ngx_int_t ngx_http_gov_submit_pass(ngx_http_request_t *r,
    ngx_http_gov_ctx_t *ctx);
gov_str_t ngx_http_gov_submit_text(ngx_http_gov_ctx_t *ctx);
ngx_uint_t ngx_http_gov_submit_is_away(ngx_http_gov_ctx_t *ctx);
ngx_int_t ngx_http_gov_submit_headers(ngx_http_request_t *r,
    ngx_http_request_t *sr);
ngx_uint_t ngx_http_gov_wants_html(ngx_http_request_t *r);
ngx_uint_t ngx_http_gov_wants_json(ngx_http_request_t *r);

/* the request's body, in the arena; empty where there is none */
gov_str_t ngx_http_gov_body(ngx_http_request_t *r, gov_arena_t *a);

/* console */
ngx_int_t ngx_http_gov_console(ngx_http_request_t *r);
/* the token that the cookie holds, by its name under TLS; NULL */
u_char *ngx_http_gov_token(ngx_http_request_t *r, ngx_uint_t secure);
/* version: a document's, for who is signed in; token NULL: nobody is */
ngx_int_t ngx_http_gov_version(ngx_http_request_t *r, u_char *token);
/* typed: a text that nobody saved */
#define NGX_HTTP_GOV_TYPED  "/console/preview"
ngx_int_t ngx_http_gov_typed(ngx_http_request_t *r);
/* the worker's arena is empty from now on */
void ngx_http_gov_console_begin(ngx_http_request_t *r,
    gov_console_t *c);
/* a page of the console; c->path, c->args and, after a form that did not go
 * through, c->status, c->problem and c->input are set */
ngx_int_t ngx_http_gov_console_show(ngx_http_request_t *r,
    gov_console_t *c);
ngx_int_t ngx_http_gov_console_act(ngx_http_request_t *r);
ngx_int_t ngx_http_gov_act_answer(ngx_http_request_t *r,
    ngx_http_gov_ctx_t *ctx);
ngx_int_t ngx_http_gov_bring(ngx_http_request_t *r);
/* the page of an error that nginx found, in the console's frame */
ngx_int_t ngx_http_gov_console_error(ngx_http_request_t *r,
    ngx_uint_t status);
/* c->digest */
ngx_int_t ngx_http_gov_look(ngx_http_request_t *r, gov_console_t *c);

/* system: /_gov/, rest is what follows the row's name */
ngx_int_t ngx_http_gov_system(ngx_http_request_t *r);
ngx_int_t ngx_http_gov_metrics(ngx_http_request_t *r, gov_str_t rest);
ngx_int_t ngx_http_gov_explain(ngx_http_request_t *r, gov_str_t rest);
ngx_int_t ngx_http_gov_asset(ngx_http_request_t *r, gov_str_t rest);
ngx_int_t ngx_http_gov_brand(ngx_http_request_t *r, gov_str_t rest);
/* an argument of the query, unescaped in the pool; empty */
gov_str_t ngx_http_gov_arg(ngx_http_request_t *r, const char *name);

/* every asset's URL: "console.css" is that of console-1a2b3c4d.css */
gov_value_t *ngx_http_gov_asset_urls(ngx_http_gov_main_conf_t *mcf,
    gov_arena_t *a);

/* assets, read at configuration time */
ngx_int_t ngx_http_gov_assets(ngx_conf_t *cf,
    ngx_http_gov_main_conf_t *mcf);


static ngx_inline gov_str_t
ngx_http_gov_str(ngx_str_t *s)
{
    gov_str_t  g;

    g.len = s->len;
    g.data = s->data;

    return g;
}


#endif /* _NGX_HTTP_GOV_H_INCLUDED_ */
