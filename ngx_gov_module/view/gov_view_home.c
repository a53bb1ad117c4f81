
/*
 * Copyright (C) ngx_gov authors
 *
 * The home page: the blueprint's blocks in their order, each a function of
 * its kind.  A block with nothing in it is left out.
 */


#include "view/gov_view_int.h"


#define GOV_HOME_ROWS      8
#define GOV_HOME_ROWS_MAX  20


typedef struct {
    gov_view_t    *v;
    gov_value_t   *block;       /* as the blueprint says it */
    gov_value_t   *out;         /* list of blocks */
    unsigned       rows;
} gov_home_t;


static gov_column_t *
gov_home_column(gov_home_t *h, gov_value_t *id)
{
    return gov_column_find(h->v->columns, h->v->ncolumns, id->u.i);
}


static gov_value_t *
gov_home_block(gov_home_t *h, const char *kind)
{
    gov_value_t  *m;

    m = gov_add_map(h->v->arena, h->out);
    gov_put_c(h->v->arena, m, "kind", kind);

    gov_put_some(h->v->arena, m, "title", gov_get_str(h->block, "title"));

    return m;
}


static void
gov_home_lists(gov_home_t *h)
{
    gov_view_t    *v;
    gov_value_t   *id, *rows, *block, *list, *col;
    gov_column_t  *c;

    v = h->v;
    block = NULL;
    list = NULL;

    gov_each (id, gov_member(h->block, "columns")) {
        c = gov_home_column(h, id);
        if (c == NULL) {
            continue;
        }

        rows = gov_view_rows(v, c->id, h->rows);
        if (rows->n == 0) {
            continue;
        }

        if (block == NULL) {
            block = gov_home_block(h, "lists");
            list = gov_put_list(v->arena, block, "columns");
        }

        col = gov_add_map(v->arena, list);
        gov_put_str(v->arena, col, "title", c->rec.name);
        gov_put_str(v->arena, col, "url", gov_view_column_url(v, c->id));
        gov_put_str(v->arena, col, "kind", c->rec.kind);
        gov_put(col, "items", rows);
    }
}


/* the newest interpretation of a policy document, among its own links */

static gov_value_t *
gov_home_interpretation(gov_home_t *h, gov_doc_t *policy)
{
    gov_doc_t     in, newest;
    gov_view_t   *v;
    gov_value_t  *id;

    v = h->v;
    newest.id = 0;

    gov_each (id, policy->rec.interpreted_by) {

        /* whose it is never changes: of another site's nothing is noted */

        if (gov_view_find_doc(v, id->u.i, &in) != GOV_OK
            || in.site != v->site.id)
        {
            continue;
        }

        gov_view_note_doc(v, &in);

        if (gov_doc_shown(&in.rec, v->now) == GOV_SHOWN_PUBLIC) {
            newest = in;
        }
    }

    return newest.id ? gov_view_doc_row(v, newest.rec.column, &newest)
                     : NULL;
}


static void
gov_home_pair(gov_home_t *h)
{
    int            more;
    unsigned       i, n;
    gov_doc_t      doc;
    gov_view_t    *v;
    gov_value_t   *block, *list, *pair, *policy, *interpret, *id;
    gov_column_t  *c;
    gov_listed_t   rows[GOV_HOME_ROWS_MAX];

    v = h->v;
    id = gov_member(h->block, "columns");
    id = id ? id->u.first : NULL;
    c = id ? gov_home_column(h, id) : NULL;

    if (c == NULL) {
        return;
    }

    if (gov_view_listed(v, c->id, 0, rows, h->rows, &n, &more) != GOV_OK
        || n == 0)
    {
        return;
    }

    block = gov_home_block(h, "pair");
    gov_put_str(v->arena, block, "url", gov_view_column_url(v, c->id));
    list = gov_put_list(v->arena, block, "rows");

    for (i = 0; i < n; i++) {
        policy = gov_view_row(v, c->id, &rows[i], &doc);
        if (policy == NULL) {
            continue;
        }

        pair = gov_add_map(v->arena, list);
        gov_put(pair, "policy", policy);

        interpret = gov_home_interpretation(h, &doc);
        if (interpret != NULL) {
            gov_put(pair, "interpret", interpret);
        }
    }
}


static void
gov_home_append(gov_value_t *items, gov_value_t *rows)
{
    gov_value_t  *row, *next;

    for (row = rows->u.first; row; row = next) {
        next = row->next;
        gov_add(items, row);
    }
}


/* a column with nothing in it is no way on; a section is one to its own */

static int
gov_home_is_empty(gov_home_t *h, gov_column_t *c)
{
    int            more;
    unsigned       n;
    gov_listed_t   row;

    if (gov_str_is(c->rec.kind, "section")) {
        return 0;
    }

    return gov_view_listed(h->v, c->id, 0, &row, 1, &n, &more) != GOV_OK
           || n == 0;
}


/* links to columns: disclosure, pillars */

static void
gov_home_links(gov_home_t *h, const char *kind)
{
    gov_view_t    *v;
    gov_value_t   *id, *items, *m;
    gov_column_t  *c;

    v = h->v;
    items = NULL;

    gov_each (id, gov_member(h->block, "columns")) {
        c = gov_home_column(h, id);
        if (c == NULL || gov_home_is_empty(h, c)) {
            continue;
        }

        if (items == NULL) {
            items = gov_put_list(v->arena, gov_home_block(h, kind), "items");
        }

        m = gov_add_map(v->arena, items);
        gov_put_str(v->arena, m, "title", c->rec.name);
        gov_put_str(v->arena, m, "url", gov_view_column_url(v, c->id));
        gov_put_some(v->arena, m, "summary", c->rec.desc);
    }
}


static void
gov_home_disclosure(gov_home_t *h)
{
    gov_home_links(h, "disclosure");
}


static void
gov_home_pillars(gov_home_t *h)
{
    gov_home_links(h, "pillars");
}


/* the newest rows of each of the block's columns in turn, as one list */

static void
gov_home_items(gov_home_t *h, const char *kind)
{
    unsigned       n;
    gov_view_t    *v;
    gov_value_t   *id, *rows, *items, *block;
    gov_column_t  *c, *first;

    v = h->v;
    n = gov_member(h->block, "columns") ? gov_member(h->block, "columns")->n
                                        : 0;
    items = gov_list(v->arena);
    first = NULL;

    gov_each (id, gov_member(h->block, "columns")) {
        c = gov_home_column(h, id);
        if (c == NULL) {
            continue;
        }

        first = first ? first : c;
        rows = gov_view_rows(v, c->id, (h->rows + n - 1) / n);
        gov_home_append(items, rows);
    }

    if (items->n == 0) {
        return;
    }

    block = gov_home_block(h, kind);

    if (gov_member(block, "title") == NULL) {
        gov_put_str(v->arena, block, "title", first->rec.name);
    }

    gov_put_str(v->arena, block, "url",
                gov_view_column_url(v, n == 1 || first->rec.parent == 0
                                       ? first->id : first->rec.parent));
    gov_put(block, "items", items);
}


static void
gov_home_grid(gov_home_t *h)
{
    gov_home_items(h, "grid");
}


static void
gov_home_topics(gov_home_t *h)
{
    gov_home_items(h, "topics");
}


static void
gov_home_profile(gov_home_t *h)
{
    gov_view_t    *v;
    gov_value_t   *id, *rows, *block, *row;
    gov_column_t  *c;

    v = h->v;
    id = gov_member(h->block, "columns");
    id = id ? id->u.first : NULL;
    c = id ? gov_home_column(h, id) : NULL;

    if (c == NULL) {
        return;
    }

    rows = gov_view_rows(v, c->id, 1);
    row = rows->u.first;

    if (row == NULL) {
        return;
    }

    block = gov_home_block(h, "profile");

    if (gov_member(block, "title") == NULL) {
        gov_put_str(v->arena, block, "title", c->rec.name);
    }

    gov_put_str(v->arena, block, "url", gov_view_column_url(v, c->id));
    gov_put_str(v->arena, block, "text",
                gov_get_str(row, "summary").len ? gov_get_str(row, "summary")
                                                : v->site.rec.about);
}


typedef struct {
    const char  *kind;
    void       (*make)(gov_home_t *h);
} gov_home_kind_t;

static gov_home_kind_t  gov_home_kinds[] = {
    { "lists", gov_home_lists },
    { "tabs", gov_home_lists },
    { "pair", gov_home_pair },
    { "grid", gov_home_grid },
    { "topics", gov_home_topics },
    { "profile", gov_home_profile },
    { "disclosure", gov_home_disclosure },
    { "pillars", gov_home_pillars },
    { NULL, NULL }
};


static void
gov_home_make(gov_home_t *h)
{
    int64_t           rows;
    gov_str_t         kind;
    gov_home_kind_t  *k;

    kind = gov_get_str(h->block, "kind");
    rows = gov_get_int(h->block, "rows", GOV_HOME_ROWS);
    h->rows = rows < 1 || rows > GOV_HOME_ROWS_MAX ? GOV_HOME_ROWS : rows;

    for (k = gov_home_kinds; k->kind; k++) {
        if (gov_str_is(kind, k->kind)) {
            k->make(h);
            return;
        }
    }
}


gov_rc_t
gov_view_home(gov_view_t *v, gov_value_t **out)
{
    gov_rc_t          rc;
    gov_home_t        h;
    gov_value_t      *home;
    gov_page_head_t   head;

    *out = gov_map(v->arena);

    memset(&head, 0, sizeof(gov_page_head_t));
    head.kind = "home";
    head.description = v->site.rec.about;

    rc = gov_view_chrome(v, &head, *out);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_site_blueprint_tree(v->txn, v->arena, &v->site,
                                 offsetof(gov_blueprint_rec_t, home), &home);
    if (rc != GOV_OK && rc != GOV_NOT_FOUND) {
        return rc;
    }

    h.v = v;
    h.out = gov_put_list(v->arena, *out, "blocks");

    gov_each (h.block, home) {
        gov_home_make(&h);
    }

    return gov_view_link_groups(v, *out);
}
