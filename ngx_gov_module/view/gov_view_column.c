
/*
 * Copyright (C) ngx_gov authors
 *
 * A column: its rows by page; or, for a section, its sub-columns with their
 * newest rows; or, for a profile, its newest document as the page itself.
 */


#include "view/gov_view_int.h"


#define GOV_GROUP_ROWS  5


static void gov_column_subs(gov_view_t *v, gov_column_t *c,
    gov_value_t *out);
static void gov_column_groups(gov_view_t *v, gov_column_t *c,
    gov_value_t *out);
static gov_rc_t gov_column_list(gov_view_t *v, gov_column_t *c,
    unsigned page, gov_value_t *out);
static void gov_column_pager(gov_view_t *v, gov_column_t *c, unsigned page,
    unsigned pages, size_t total, gov_value_t *out);
static gov_rc_t gov_column_profile(gov_view_t *v, gov_column_t *c,
    gov_value_t *out);


gov_rc_t
gov_view_column(gov_view_t *v, gov_column_t *c, unsigned page,
    gov_value_t **out)
{
    gov_rc_t          rc;
    gov_arena_t      *a;
    gov_value_t      *m;
    gov_page_head_t   head;

    a = v->arena;
    *out = gov_map(a);

    memset(&head, 0, sizeof(gov_page_head_t));
    head.kind = "column";
    head.heading = c->rec.name;
    head.description = c->rec.desc;
    head.column = c;
    head.path = gov_column_path(a, v->columns, v->ncolumns, c->id);

    if (page > 1) {
        head.path = gov_str_fmt(a, "%.*sindex_%u.html", gov_strf(head.path),
                                page);
    }

    rc = gov_view_chrome(v, &head, *out);
    if (rc != GOV_OK) {
        return rc;
    }

    m = gov_put_map(a, *out, "column");
    gov_put_str(a, m, "title", c->rec.name);
    gov_put_str(a, m, "desc", c->rec.desc);
    gov_put_str(a, m, "kind", c->rec.kind);
    gov_put_str(a, m, "url", gov_view_column_url(v, c->id));

    gov_put_str(a, *out, "feed",
                gov_str_cat(a, gov_view_column_url(v, c->id),
                            gov_s("feed.xml")));

    gov_column_subs(v, c, *out);

    if (gov_str_is(c->rec.kind, "profile") && page == 1) {
        return gov_column_profile(v, c, *out);
    }

    rc = gov_column_list(v, c, page, *out);

    if (rc == GOV_OK && page == 1 && gov_member(*out, "rows")->n == 0) {
        gov_column_groups(v, c, *out);
    }

    return rc;
}


/* the sub-columns, or the sisters of a column without any */

static void
gov_column_subs(gov_view_t *v, gov_column_t *c, gov_value_t *out)
{
    unsigned      i;
    uint32_t      parent;
    gov_value_t  *list, *m;

    parent = c->rec.parent;

    for (i = 0; i < v->ncolumns; i++) {
        if (v->columns[i].rec.parent == c->id) {
            parent = c->id;
            break;
        }
    }

    list = gov_put_list(v->arena, out, "subs");

    if (parent == 0) {
        return;
    }

    for (i = 0; i < v->ncolumns; i++) {
        if (v->columns[i].rec.parent != parent) {
            continue;
        }

        m = gov_add_map(v->arena, list);
        gov_put_str(v->arena, m, "title", v->columns[i].rec.name);
        gov_put_str(v->arena, m, "url",
                    gov_view_column_url(v, v->columns[i].id));
        gov_put_bool(v->arena, m, "current", v->columns[i].id == c->id);
    }
}


static void
gov_column_groups(gov_view_t *v, gov_column_t *c, gov_value_t *out)
{
    unsigned      i;
    gov_value_t  *list, *m, *rows;

    list = gov_put_list(v->arena, out, "groups");

    for (i = 0; i < v->ncolumns; i++) {
        if (v->columns[i].rec.parent != c->id) {
            continue;
        }

        rows = gov_view_rows(v, v->columns[i].id, GOV_GROUP_ROWS);
        if (rows->n == 0) {
            continue;
        }

        m = gov_add_map(v->arena, list);
        gov_put_str(v->arena, m, "title", v->columns[i].rec.name);
        gov_put_str(v->arena, m, "url",
                    gov_view_column_url(v, v->columns[i].id));
        gov_put_str(v->arena, m, "kind", v->columns[i].rec.kind);
        gov_put(m, "items", rows);
    }
}


static gov_rc_t
gov_column_list(gov_view_t *v, gov_column_t *c, unsigned page,
    gov_value_t *out)
{
    size_t    total;
    unsigned  pages;
    gov_rc_t  rc;

    gov_view_note(v, v->site.id, gov_slot_column(c->id));

    rc = gov_column_count(v->txn, v->arena, v->site.id, c->id, v->now,
                          GOV_VIEW_PAGES * GOV_VIEW_PAGE_ROWS, &total);
    if (rc != GOV_OK) {
        return rc;
    }

    pages = (total + GOV_VIEW_PAGE_ROWS - 1) / GOV_VIEW_PAGE_ROWS;

    if (page > 1 && page > pages) {
        return GOV_NOT_FOUND;
    }

    gov_put(out, "rows", gov_view_page_rows(v, c->id, page));
    gov_put_bool(v->arena, out, "official", gov_view_official(c->rec.kind));

    if (pages > 1) {
        gov_column_pager(v, c, page, pages, total, out);
    }

    return GOV_OK;
}


static gov_str_t
gov_column_page_url(gov_view_t *v, gov_column_t *c, unsigned page)
{
    gov_str_t  url;

    url = gov_view_column_url(v, c->id);

    return page == 1 ? url
                     : gov_str_fmt(v->arena, "%.*sindex_%u.html",
                                   gov_strf(url), page);
}


/* first, last, and two on either side of the page */

static void
gov_column_pager(gov_view_t *v, gov_column_t *c, unsigned page,
    unsigned pages, size_t total, gov_value_t *out)
{
    int           gap;
    unsigned      i;
    gov_arena_t  *a;
    gov_value_t  *pager, *numbers, *m;

    a = v->arena;
    pager = gov_put_map(a, out, "pager");
    gov_put_int(a, pager, "page", page);
    gov_put_int(a, pager, "pages", pages);
    gov_put_int(a, pager, "total", total);

    if (page > 1) {
        gov_put_str(a, pager, "prev", gov_column_page_url(v, c, page - 1));
    }

    if (page < pages) {
        gov_put_str(a, pager, "next", gov_column_page_url(v, c, page + 1));
    }

    numbers = gov_put_list(a, pager, "numbers");
    gap = 0;

    for (i = 1; i <= pages; i++) {
        if (i != 1 && i != pages && (i + 2 < page || i > page + 2)) {
            gap = 1;
            continue;
        }

        m = gov_add_map(a, numbers);
        gov_put_int(a, m, "n", i);
        gov_put_str(a, m, "url", gov_column_page_url(v, c, i));
        gov_put_bool(a, m, "current", i == page);
        gov_put_bool(a, m, "gap", gap);
        gap = 0;
    }
}


static gov_rc_t
gov_column_profile(gov_view_t *v, gov_column_t *c, gov_value_t *out)
{
    int           more;
    unsigned      n;
    gov_rc_t      rc;
    gov_doc_t     doc;
    gov_listed_t  row;

    rc = gov_view_listed(v, c->id, 0, &row, 1, &n, &more);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_put_list(v->arena, out, "rows");

    if (n == 1 && gov_view_load_doc(v, row.doc, &doc) == GOV_OK) {
        gov_put(out, "doc", gov_view_doc_value(v, c, &doc));
    }

    return GOV_OK;
}
