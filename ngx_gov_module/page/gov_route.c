
/*
 * Copyright (C) ngx_gov authors
 *
 * The route table: what stands below a site.
 *
 *     ""                          home
 *     map.html  feed.xml  sitemap.xml  robots.txt  .well-known/security.txt
 *     s/ID                        short address of a document
 *     _gov/preview/TOKEN          a version, for who holds the link
 *     _gov/preview/TOKEN/files/DIGEST/NAME  its attachments
 *     files/DIGEST/NAME           attachment
 *     files/ID/DIGEST/NAME        attachment of a document referred to
 *     COLUMN/                     column; COLUMN/index_2.html and on
 *     COLUMN/feed.xml             its feed
 *     COLUMN/ID.html              document
 *
 * COLUMN is nested slugs ("xxgk/tzgg").  index.html, index_1.html and a
 * missing slash are redirected to the one address.
 */


#include "page/gov_page_int.h"


typedef struct {
    const char         *name;
    gov_route_kind_t    kind;
} gov_route_row_t;

static gov_route_row_t  gov_route_table[] = {
    { "", GOV_ROUTE_HOME },
    { "index.html", GOV_ROUTE_TO_HOME },
    { "map.html", GOV_ROUTE_MAP },
    { "feed.xml", GOV_ROUTE_FEED },
    { "sitemap.xml", GOV_ROUTE_SITEMAP },
    { "robots.txt", GOV_ROUTE_ROBOTS },
    { ".well-known/security.txt", GOV_ROUTE_SECURITY },
    { NULL, GOV_ROUTE_NONE }
};


static gov_str_t
gov_route_tail(gov_str_t s, size_t from)
{
    s.data += from;
    s.len -= from;

    return s;
}


static uint64_t
gov_route_number(gov_str_t s)
{
    int64_t  n;

    if (s.len == 0 || s.len > 15 || s.data[0] == '0' || s.data[0] == '-'
        || gov_str_int(s, &n) != 0)
    {
        return 0;
    }

    return n;
}


static int
gov_route_digest(gov_str_t s)
{
    size_t  i;

    if (s.len < GOV_DIGEST_LEN * 2 + 2 || s.data[GOV_DIGEST_LEN * 2] != '/') {
        return 0;
    }

    for (i = 0; i < GOV_DIGEST_LEN * 2; i++) {
        if (!((s.data[i] >= '0' && s.data[i] <= '9')
              || (s.data[i] >= 'a' && s.data[i] <= 'f')))
        {
            return 0;
        }
    }

    return 1;
}


static void
gov_route_file(gov_str_t rest, gov_route_t *route)
{
    u_char     *slash;
    gov_str_t   first;

    rest = gov_route_tail(rest, sizeof("files/") - 1);
    slash = rest.len ? memchr(rest.data, '/', rest.len) : NULL;

    if (slash == NULL) {
        return;
    }

    first.data = rest.data;
    first.len = slash - rest.data;
    route->doc = gov_route_number(first);

    if (route->doc) {
        rest = gov_route_tail(rest, first.len + 1);
    }

    if (!gov_route_digest(rest)) {
        return;
    }

    route->digest.data = rest.data;
    route->digest.len = GOV_DIGEST_LEN * 2;
    route->file = gov_route_tail(rest, GOV_DIGEST_LEN * 2 + 1);
    route->kind = GOV_ROUTE_FILE;
}


/* a token is letters and digits; its files stand below it */

void
gov_route_preview(gov_str_t rest, gov_route_t *route)
{
    size_t       n;
    gov_route_t  file;

    for (n = 0; n < rest.len && rest.data[n] != '/'; n++) {
        /* void */
    }

    route->kind = GOV_ROUTE_PREVIEW;
    route->name.data = rest.data;
    route->name.len = n;

    if (n == rest.len) {
        return;
    }

    memset(&file, 0, sizeof(gov_route_t));
    rest = gov_route_tail(rest, n + 1);

    if (gov_str_starts(rest, "files/")) {
        gov_route_file(rest, &file);
    }

    if (file.kind != GOV_ROUTE_FILE || file.doc != 0) {
        route->kind = GOV_ROUTE_NONE;
        return;
    }

    route->digest = file.digest;
    route->file = file.file;
}


/* the last segment below a column */

static void
gov_route_leaf(gov_str_t leaf, gov_route_t *route)
{
    uint64_t  n;

    if (leaf.len == 0) {
        route->kind = GOV_ROUTE_COLUMN;
        route->page = 1;
        return;
    }

    if (gov_str_is(leaf, "feed.xml")) {
        route->kind = GOV_ROUTE_FEED;
        return;
    }

    if (gov_str_is(leaf, "index.html") || gov_str_is(leaf, "index_1.html")) {
        route->kind = GOV_ROUTE_TO_COLUMN;
        return;
    }

    if (!gov_str_ends(leaf, ".html")) {
        return;
    }

    leaf.len -= sizeof(".html") - 1;

    if (gov_str_starts(leaf, "index_")) {
        n = gov_route_number(gov_route_tail(leaf, sizeof("index_") - 1));

        if (n > 1 && n <= GOV_VIEW_PAGES) {
            route->kind = GOV_ROUTE_COLUMN;
            route->page = n;
        }

        return;
    }

    n = gov_route_number(leaf);

    if (n) {
        route->kind = GOV_ROUTE_DOC;
        route->doc = n;
    }
}


/* below what a column was called once: all leads to where it stands now */

static void
gov_route_old(gov_view_t *v, gov_str_t path, gov_str_t leaf,
    gov_route_t *route)
{
    uint32_t  id;

    if (gov_column_was(v->txn, v->arena, v->site.id, v->columns,
                       v->ncolumns, path, &id)
        != GOV_OK)
    {
        return;
    }

    route->column = gov_column_find(v->columns, v->ncolumns, id);
    gov_route_leaf(leaf, route);

    if (route->kind == GOV_ROUTE_DOC) {
        route->kind = GOV_ROUTE_SHORT;

    } else if (route->kind != GOV_ROUTE_NONE) {
        route->kind = GOV_ROUTE_TO_COLUMN;
    }
}


void
gov_route(gov_view_t *v, gov_str_t rest, gov_route_t *route)
{
    size_t            slash;
    gov_str_t         path;
    gov_route_row_t  *row;

    memset(route, 0, sizeof(gov_route_t));

    for (row = gov_route_table; row->name; row++) {
        if (gov_str_is(rest, row->name)) {
            route->kind = row->kind;
            return;
        }
    }

    if (gov_str_starts(rest, "files/")) {
        gov_route_file(rest, route);
        return;
    }

    if (gov_str_starts(rest, "_gov/preview/")) {
        gov_route_preview(gov_route_tail(rest, sizeof("_gov/preview/") - 1),
                          route);
        return;
    }

    if (gov_str_starts(rest, "s/")) {
        route->doc = gov_route_number(gov_route_tail(rest, 2));
        route->kind = route->doc ? GOV_ROUTE_SHORT : GOV_ROUTE_NONE;
        return;
    }

    route->column = gov_column_at(v->columns, v->ncolumns, rest);

    if (route->column != NULL && rest.data[rest.len - 1] != '/') {
        route->kind = GOV_ROUTE_TO_COLUMN;
        return;
    }

    for (slash = rest.len; slash > 0 && rest.data[slash - 1] != '/'; slash--);

    /* "a//b" is no second address of "a/b" */

    if (slash < 2 || rest.data[slash - 2] == '/') {
        return;
    }

    path.data = rest.data;
    path.len = slash - 1;
    route->column = gov_column_at(v->columns, v->ncolumns, path);

    if (route->column != NULL) {
        gov_route_leaf(gov_route_tail(rest, slash), route);
        return;
    }

    gov_route_old(v, path, gov_route_tail(rest, slash), route);
}
