
/*
 * Copyright (C) ngx_gov authors
 *
 * Shared by the files of view only.
 */


#ifndef _GOV_VIEW_INT_H_INCLUDED_
#define _GOV_VIEW_INT_H_INCLUDED_


#include "view/gov_view.h"
#include "view/gov_words.h"


typedef struct {
    const char      *kind;          /* of the page */
    gov_str_t        heading;
    gov_str_t        path;          /* below the base, of the canonical URL */
    gov_str_t        canonical;     /* whole, when not on this base */
    gov_str_t        description;
    gov_column_t    *column;        /* for crumbs, navigation and tags */
    gov_doc_t       *doc;
    gov_str_t        leaf;          /* last crumb when no column ends it */
    int              status;
} gov_page_head_t;

/* notes it and reads it as pages call it: a site without a legal name goes
 * by its name */
gov_rc_t gov_view_site(gov_view_t *v, uint32_t id, gov_site_t *site);

/* page, site, portal, upper, nav, crumbs, banner, tags, jsonld, assets */
gov_rc_t gov_view_chrome(gov_view_t *v, gov_page_head_t *head,
    gov_value_t *out);

/* the link groups of the tree and those shared, for home and map */
gov_rc_t gov_view_link_groups(gov_view_t *v, gov_value_t *out);

/* a row of a list, and the document it shows; NULL: it cannot be read */
gov_value_t *gov_view_row(gov_view_t *v, uint32_t column,
    gov_listed_t *listed, gov_doc_t *doc);
/* the same for a document that was read and noted */
gov_value_t *gov_view_doc_row(gov_view_t *v, uint32_t column,
    gov_doc_t *doc);
gov_value_t *gov_view_doc_value(gov_view_t *v, gov_column_t *c,
    gov_doc_t *doc);
gov_str_t gov_view_source(gov_view_t *v, gov_doc_t *doc);
/* where this site serves the document's files, with a slash at the end */
gov_str_t gov_view_files_at(gov_view_t *v, gov_doc_t *doc);
int gov_view_official(gov_str_t kind);
/* puts what holds of a document, "" for most; *due of the view lowered */
const char *gov_view_validity(gov_view_t *v, gov_doc_rec_t *d,
    gov_value_t *out);
gov_str_t gov_view_validity_word(const char *validity);

#define gov_view_note(v, site, slot)  gov_deps_note(&(v)->deps, site, slot)


#endif /* _GOV_VIEW_INT_H_INCLUDED_ */
