
/*
 * Copyright (C) ngx_gov authors
 *
 * view: every question.  A snapshot and arguments go in, a value tree comes
 * out (its form is lua/views.md); on the way the view notes what the answer
 * depends on and when it next changes by itself:
 *
 *     gov_view_begin(&v, txn, arena, now, &links, site_id);
 *     gov_view_home(&v, &values);
 *     v.deps, v.due ...
 *
 * Invariants:
 *
 *   1. Whatever a page shows of a site is noted as a slot of that site's
 *      marks before it is read.
 *   2. A page with more than GOV_DEPS_MAX sites in it is "wild": fresh only
 *      until the next commit of any kind, which is right and only slower.
 *   3. What a page leaves out because the store could not give it is counted
 *      in unread: a list is never shorter without a word.
 *   4. Everything lives in the arena or the snapshot; a value tree must be
 *      turned into bytes before the snapshot ends.
 */


#ifndef _GOV_VIEW_H_INCLUDED_
#define _GOV_VIEW_H_INCLUDED_


#include "content/gov_content.h"
#include "link/gov_link.h"
#include "view/gov_deps.h"


/* how addresses of other hosts are written */
typedef struct {
    gov_str_t        scheme;        /* "http" */
    gov_str_t        port;          /* ":8080" or "" */
} gov_links_conf_t;

typedef struct {
    gov_str_t        css;           /* URLs of the theme's files */
    gov_str_t        js;
} gov_assets_t;

typedef struct {
    gov_txn_t         *txn;
    gov_arena_t       *arena;
    int64_t            now;
    gov_links_conf_t  *links;
    gov_assets_t      *assets;
    int                elder;
    gov_str_t          path;        /* of the request, as shown */
    gov_str_t          files_at;    /* of a preview: where its files are */
    gov_str_t          typed;       /* instead of the body: safe HTML of a text
                                       that nobody saved; data NULL: none */

    gov_site_t         site;
    gov_base_t         base;
    gov_site_t        *above;       /* from the parent up to the root */
    unsigned           nabove;
    gov_column_t      *columns;
    unsigned           ncolumns;
    gov_str_t         *column_urls;     /* empty until asked for */

    gov_deps_t         deps;
    int64_t            due;         /* INT64_MAX: never by itself */
    unsigned           unread;      /* records that could not be read */
} gov_view_t;


/* loads the site with all above it; GOV_NOT_FOUND */
gov_rc_t gov_view_begin(gov_view_t *v, gov_txn_t *t, gov_arena_t *a,
    int64_t now, gov_links_conf_t *links, uint32_t site);

/* rc as it is; what is neither there nor absent is counted in v->unread */
gov_rc_t gov_view_got(gov_view_t *v, gov_rc_t rc);

/* v.columns, filled once */
gov_rc_t gov_view_columns(gov_view_t *v);

gov_rc_t gov_view_home(gov_view_t *v, gov_value_t **out);
/* page from 1; GOV_NOT_FOUND for a page that is not there */
gov_rc_t gov_view_column(gov_view_t *v, gov_column_t *c, unsigned page,
    gov_value_t **out);
/* c: the column of the address, the document's own or one that refers */
gov_rc_t gov_view_doc(gov_view_t *v, gov_column_t *c, gov_doc_t *doc,
    gov_value_t **out);
gov_rc_t gov_view_map(gov_view_t *v, gov_value_t **out);

/* the page for a status; doc may be NULL (410: the withdrawn one) */
gov_rc_t gov_view_notice(gov_view_t *v, int status, const char *what,
    gov_doc_t *doc, gov_value_t **out);
/* the same without a site (421, 503): page, status, heading, text only */
gov_value_t *gov_view_bare_notice(gov_arena_t *a, int status,
    gov_assets_t *assets);

/* shown in the site's column at now: the document, noted as a dependency */
gov_rc_t gov_view_load_doc(gov_view_t *v, uint64_t id, gov_doc_t *doc);
/* its two halves: whose it is, which never changes; and that it is shown */
gov_rc_t gov_view_find_doc(gov_view_t *v, uint64_t id, gov_doc_t *doc);
void gov_view_note_doc(gov_view_t *v, gov_doc_t *doc);
int gov_view_doc_stands_in(gov_view_t *v, gov_doc_t *doc, gov_column_t *c);

/* addresses: a path on the view's host, absolute elsewhere */
gov_str_t gov_view_site_url(gov_view_t *v, gov_site_t *site);
gov_str_t gov_view_base_url(gov_view_t *v, gov_base_t *base);
gov_str_t gov_view_absolute(gov_view_t *v, gov_base_t *base, gov_str_t rest);
gov_str_t gov_view_column_url(gov_view_t *v, uint32_t column);
gov_str_t gov_view_doc_url(gov_view_t *v, uint32_t column, uint64_t doc);
/* the one address of a document, absolute, at its source */
gov_rc_t gov_view_canonical(gov_view_t *v, gov_doc_t *doc, gov_str_t *url);
/* the same, a path where it is the view's own site */
gov_rc_t gov_view_doc_address(gov_view_t *v, gov_doc_t *doc, gov_str_t *url);
/* a body's safe HTML as it is shown here: files and documents have addresses */
gov_str_t gov_view_body(gov_view_t *v, gov_doc_t *doc, gov_str_t html);

/* entries of a column's list, noted */
gov_rc_t gov_view_listed(gov_view_t *v, uint32_t column, size_t skip,
    gov_listed_t *rows, unsigned max, unsigned *n, int *more);

/* up to max public rows of a column as ROW values: its pins, then the newest */
gov_value_t *gov_view_rows(gov_view_t *v, uint32_t column, unsigned max);
/* those of a page of its list, from 1; the first one's pins stand above */
gov_value_t *gov_view_page_rows(gov_view_t *v, uint32_t column,
    unsigned page);

#define GOV_VIEW_PAGE_ROWS  20
#define GOV_VIEW_PAGES      500


#endif /* _GOV_VIEW_H_INCLUDED_ */
