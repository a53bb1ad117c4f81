
/*
 * Copyright (C) ngx_gov authors
 *
 * Shared by the files of page only.
 */


#ifndef _GOV_PAGE_INT_H_INCLUDED_
#define _GOV_PAGE_INT_H_INCLUDED_


#include "page/gov_page.h"


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
    GOV_ROUTE_TO_HOME
} gov_route_kind_t;

typedef struct {
    gov_route_kind_t   kind;
    gov_column_t      *column;
    unsigned           page;
    uint64_t           doc;
    gov_str_t          digest;
    gov_str_t          name;
} gov_route_t;


/* rest: of the path below the site; needs v's columns */
void gov_route(gov_view_t *v, gov_str_t rest, gov_route_t *route);

/* XML and text for machines; body is filled */
gov_rc_t gov_feed_atom(gov_page_req_t *r, gov_view_t *v, gov_column_t *c,
    gov_page_t *p);
gov_rc_t gov_feed_sitemap(gov_page_req_t *r, gov_view_t *v, gov_page_t *p);
gov_rc_t gov_feed_robots(gov_view_t *v, gov_page_t *p);
gov_rc_t gov_feed_security(gov_view_t *v, gov_page_t *p);


#endif /* _GOV_PAGE_INT_H_INCLUDED_ */
