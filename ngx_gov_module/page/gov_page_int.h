
/*
 * Copyright (C) ngx_gov authors
 *
 * Shared by the files of page only.
 */


#ifndef _GOV_PAGE_INT_H_INCLUDED_
#define _GOV_PAGE_INT_H_INCLUDED_


#include "page/gov_page.h"


#define GOV_HTML_TYPE  "text/html; charset=utf-8"


typedef enum {
    GOV_ROUTE_NONE = 0,
    GOV_ROUTE_HOME,
    GOV_ROUTE_MAP,
    GOV_ROUTE_COLUMN,
    GOV_ROUTE_DOC,
    GOV_ROUTE_SHORT,            /* s/ID: redirect to the document */
    GOV_ROUTE_FILE,
    GOV_ROUTE_FEED,             /* of the site, or of a column */
    GOV_ROUTE_SITEMAP,
    GOV_ROUTE_ROBOTS,
    GOV_ROUTE_SECURITY,
    GOV_ROUTE_TO_COLUMN,        /* redirect to the column's own address */
    GOV_ROUTE_TO_HOME,
    GOV_ROUTE_PREVIEW           /* of a version, by a link's token (name) */
} gov_route_kind_t;

typedef struct {
    gov_route_kind_t   kind;
    gov_column_t      *column;
    unsigned           page;
    uint64_t           doc;
    gov_str_t          digest;
    gov_str_t          file;        /* name of the digest's file */
    gov_str_t          name;
} gov_route_t;


/* one page being made */
typedef struct {
    gov_page_req_t    *r;
    gov_page_t        *p;
    gov_view_t         v;
    gov_route_t        route;
    uint64_t           failed;  /* scripts, before this page */
    int                stock;   /* its own code was left out */
    gov_err_t         *err;
} gov_make_t;


/* "TOKEN" or "TOKEN/files/DIGEST/NAME" */
void gov_route_preview(gov_str_t rest, gov_route_t *route);
/* rest: of the path below the site; needs v's columns */
void gov_route(gov_view_t *v, gov_str_t rest, gov_route_t *route);

void gov_make_begin(gov_make_t *m, gov_page_req_t *r, gov_page_t *page,
    gov_err_t *err);
/* what stands at m's route; GOV_NOT_FOUND */
gov_rc_t gov_make(gov_make_t *m);
gov_rc_t gov_make_preview(gov_make_t *m);
/* the answer is this file, by the route's digest, if it has the route's name */
gov_rc_t gov_make_file_as(gov_make_t *m, gov_file_rec_t *f);
/* url may hold any byte: encoded where it must be */
gov_rc_t gov_make_redirect(gov_make_t *m, gov_str_t url);

/* name: of the template; status 200 unless set */
gov_rc_t gov_make_render(gov_make_t *m, const char *name,
    gov_value_t *values);
/* what became of the page or the site, in the site's frame; doc may be NULL */
gov_rc_t gov_make_notice(gov_make_t *m, int status, const char *what,
    gov_doc_t *doc);
/* without a site; never fails */
gov_rc_t gov_make_bare(gov_make_t *m, int status);

/* p's body and r's snapshot -> p's proof */
void gov_proof_make(gov_page_req_t *r, gov_deps_t *deps, int64_t due,
    gov_page_t *p);

void gov_last_make(gov_page_t *p, int status);

/* XML and text for machines; body is filled */
gov_rc_t gov_feed_atom(gov_page_req_t *r, gov_view_t *v, gov_column_t *c,
    gov_page_t *p);
gov_rc_t gov_feed_sitemap(gov_page_req_t *r, gov_view_t *v, gov_page_t *p);
gov_rc_t gov_feed_robots(gov_view_t *v, gov_page_t *p);
gov_rc_t gov_feed_security(gov_view_t *v, gov_page_t *p);


#endif /* _GOV_PAGE_INT_H_INCLUDED_ */
