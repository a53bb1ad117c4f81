
/*
 * Copyright (C) ngx_gov authors
 *
 * page: a request becomes bytes.
 *
 *     gov_page.c      the walk: host and path -> site -> page, with its proof
 *     gov_route.c     path below the site -> route
 *     gov_make.c      one function a kind of route
 *     gov_make_preview.c  a version that is not public
 *     gov_render.c    values -> hooks -> template -> bytes
 *     gov_proof.c     what a copy of the page is asked when it is read
 *     gov_last.c      pages for when nothing else can be made
 *     gov_feed.c      Atom, sitemap, robots, security.txt
 *     gov_accept.c    which codings a client takes
 *     gov_variant.c   gzip and brotli forms (the only libdeflate, brotli)
 *     gov_copies.c    page copies in memory shared by the workers
 *     gov_copies_put.c  keeping one
 *     gov_fence.c     what one site may take of the workers
 *
 * Nothing here knows nginx.  A page lives in the arena of its request.
 */


#ifndef _GOV_PAGE_H_INCLUDED_
#define _GOV_PAGE_H_INCLUDED_


#include "view/gov_view.h"
#include "script/gov_script.h"
#include "page/gov_copies.h"
#include "page/gov_fence.h"


typedef struct gov_page_req_s  gov_page_req_t;

/* the journal's end, which belongs to no site */
#define GOV_PAGE_JOURNAL  UINT32_MAX

/* asked before the store is read for the host (GOV_HUB), then for its site:
 * GOV_BUSY makes the answer 503 without reading further; and around the
 * reading of the journal's end: GOV_BUSY leaves that out */
typedef gov_rc_t (*gov_page_enter_pt)(gov_page_req_t *r, uint32_t site);

/* asked before anything is made for the site; GOV_HUB: no site has the host */
typedef gov_fence_level_t (*gov_page_fence_pt)(gov_page_req_t *r,
    uint32_t site);

struct gov_page_req_s {
    gov_txn_t         *txn;         /* the snapshot of this request */
    gov_arena_t       *arena;
    gov_script_t      *script;
    gov_links_conf_t  *links;
    gov_assets_t      *assets;
    int64_t            now;
    gov_str_t          host;        /* lower case, no port */
    gov_str_t          path;        /* decoded, "/" first, no query */
    int                elder;
    gov_page_enter_pt  enter;       /* may be NULL */
    gov_page_fence_pt  fence;       /* may be NULL */
};


typedef struct {
    int                status;
    const char        *type;        /* media type */
    gov_str_t          location;    /* of a redirect, absolute */
    gov_str_t          body;        /* identity */
    gov_str_t          gzip;        /* empty where it would not help */
    gov_str_t          br;

    /* an attachment instead of a body */
    gov_str_t          file;        /* hexadecimal digest */
    gov_str_t          file_name;
    gov_str_t          file_type;

    /* what the answer is about, for counters and explain */
    uint32_t           site;
    uint64_t           doc;
    const char        *view;
    gov_fence_level_t  fence;
    unsigned           unread;      /* records left out of it, unreadable */

    gov_proof_t        proof;
    int                keep;        /* may be kept as a copy */
    int                secret;      /* by nobody at all, nor indexed */
    int                lasting;     /* a 503 until somebody decides otherwise */
} gov_page_t;


/*
 * Always gives an answer, an error's page included; GOV_ERROR only when not
 * even that could be made (err says why).  GOV_NOT_FOUND: no site has the
 * host, page is the bare 421.
 */
gov_rc_t gov_page_make(gov_page_req_t *r, gov_page_t *page, gov_err_t *err);

/* the page of an error found outside (405, 413, 503), with the site's frame
 * where there is one; never kept */
gov_rc_t gov_page_error(gov_page_req_t *r, int status, gov_page_t *page,
    gov_err_t *err);

/*
 * One version of a document as it would be shown, or a file of it, for who
 * may see it, which the caller has judged; never kept.  at: the address of
 * it, with a slash at the end; rest: what is asked for below, its number or
 * "NUMBER/files/DIGEST/NAME", 0 is the last one.  GOV_NOT_FOUND.
 */
gov_rc_t gov_page_version(gov_page_req_t *r, gov_doc_t *doc, gov_str_t at,
    gov_str_t rest, gov_page_t *page, gov_err_t *err);

/*
 * A text that nobody saved, as its document would be shown: html is the safe
 * HTML made of its body, typed the form's fields.  doc: the document it is of,
 * or site and column alone.  files_at: where its site's files are, with a
 * slash at the end.
 */
gov_rc_t gov_page_typed(gov_page_req_t *r, gov_doc_t *doc,
    gov_value_t *typed, gov_str_t html, gov_str_t files_at, gov_page_t *page,
    gov_err_t *err);

/* without store and script: a whole page in plain bytes, static memory */
gov_str_t gov_page_last_resort(int status);


/* the codings that a header Accept-Encoding takes: GOV_COPY_GZIP, _BR */
unsigned gov_accept(gov_str_t accept);

/*
 * What compresses, half a megabyte that a process keeps between its pages;
 * NULL: no memory.
 */
typedef struct gov_variant_s  gov_variant_t;

gov_variant_t *gov_variant_open(void);
void gov_variant_close(gov_variant_t **v);
/* compresses p->body into gzip and br */
void gov_variant_make(gov_variant_t *v, gov_arena_t *a, gov_page_t *p);
/* one form in the arena, empty where it failed; gzip: or v is NULL, or the
 * body too small to gain by it */
gov_str_t gov_variant_gzip(gov_variant_t *v, gov_arena_t *a, gov_str_t body);
gov_str_t gov_variant_brotli(gov_arena_t *a, gov_str_t body);
/* the identity of a gzip form; GOV_CORRUPT */
gov_rc_t gov_variant_inflate(gov_arena_t *a, gov_str_t gzip, gov_str_t *body);


#endif /* _GOV_PAGE_H_INCLUDED_ */
