
/*
 * Copyright (C) ngx_gov authors
 *
 * Columns: the blueprint's, with the site's own records laid over them by
 * number.  A record in the site is whole: it hides the blueprint's column of
 * its number.  A site that changes nothing stores nothing.
 */


#include <stdlib.h>

#include "content/gov_content_int.h"


static gov_rc_t gov_columns_blueprint(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site, gov_column_t **list, unsigned *n);
static void gov_column_from(gov_value_t *v, gov_column_t *column);
static gov_rc_t gov_columns_own(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_column_t **list, unsigned *n);
static unsigned gov_columns_tree(gov_column_t *from, unsigned n,
    gov_column_t *to);
static int gov_column_cmp(const void *one, const void *two);


gov_rc_t
gov_columns(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_column_t **list, unsigned *n)
{
    gov_rc_t       rc;
    unsigned       all;
    gov_column_t  *flat;

    rc = gov_columns_blueprint(t, a, site, &flat, &all);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_columns_own(t, a, site->id, &flat, &all);
    if (rc != GOV_OK) {
        return rc;
    }

    *list = gov_alloc(a, (all + 1) * sizeof(gov_column_t));
    *n = gov_columns_tree(flat, all, *list);

    return GOV_OK;
}


static gov_rc_t
gov_columns_blueprint(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_column_t **list, unsigned *n)
{
    gov_rc_t              rc;
    gov_value_t          *v;
    gov_blueprint_rec_t   b;

    *n = 0;
    *list = NULL;

    rc = gov_site_blueprint(t, a, site, &b);
    if (rc == GOV_NOT_FOUND) {
        return GOV_OK;
    }

    if (rc != GOV_OK || b.columns == NULL) {
        return rc;
    }

    *list = gov_alloc(a, (b.columns->n + 1) * sizeof(gov_column_t));

    gov_each (v, b.columns) {
        gov_column_from(v, *list + *n);

        if ((*list)[*n].id != 0) {
            (*n)++;
        }
    }

    return GOV_OK;
}


static void
gov_column_from(gov_value_t *v, gov_column_t *column)
{
    memset(column, 0, sizeof(gov_column_t));

    column->id = (uint32_t) gov_get_int(v, "id", 0);
    column->rec.parent = gov_get_int(v, "parent", 0);
    column->rec.slug = gov_get_str(v, "slug");
    column->rec.name = gov_get_str(v, "name");
    column->rec.kind = gov_get_str(v, "kind");
    column->rec.order = gov_get_int(v, "order", 0);
    column->rec.nav = gov_get_bool(v, "nav");
    column->rec.desc = gov_get_str(v, "desc");
    column->rec.days = gov_get_int(v, "days", 0);
    column->rec.required = gov_get_bool(v, "required");
    column->rec.keywords = gov_get_str(v, "keywords");
}


/* own records take the place of the blueprint's, or come behind them */

static gov_rc_t
gov_columns_own(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_column_t **list, unsigned *n)
{
    gov_rc_t       rc;
    unsigned       size;
    gov_key_t      k;
    gov_scan_t     sc;
    gov_column_t   own, *c, *more;

    rc = gov_scan_open(&sc, gov_handle(t, site), GOV_T_COLUMNS, gov_key(&k),
                       GOV_FORWARD);
    if (rc != GOV_OK) {
        return rc;
    }

    size = *n;

    while ((rc = gov_scan_next(&sc, a, &own.rec)) == GOV_OK) {
        own.id = gov_key_get4(sc.key, 0);
        c = gov_column_find(*list, *n, own.id);

        if (c != NULL) {
            c->rec = own.rec;
            continue;
        }

        if (*n == size) {
            size = size * 2 + 16;
            more = gov_alloc(a, size * sizeof(gov_column_t));

            if (*n != 0) {
                memcpy(more, *list, *n * sizeof(gov_column_t));
            }

            *list = more;
        }

        (*list)[(*n)++] = own;
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


/*
 * Sorted by parent, order and number the sisters lie side by side; a walk
 * from the top puts every column behind its parent.  What hangs below a
 * removed column is not reached.
 */

static unsigned
gov_columns_tree(gov_column_t *from, unsigned n, gov_column_t *to)
{
    unsigned  at[GOV_COLUMN_DEPTH], depth, i, out;
    int64_t   parent[GOV_COLUMN_DEPTH];

    if (n == 0) {
        return 0;
    }

    qsort(from, n, sizeof(gov_column_t), gov_column_cmp);

    out = 0;
    depth = 0;
    parent[0] = 0;
    at[0] = 0;

    for ( ;; ) {
        i = at[depth];

        if (i == n || from[i].rec.parent != parent[depth]) {
            if (depth-- == 0) {
                return out;
            }

            continue;
        }

        at[depth]++;

        if (from[i].rec.removed) {
            continue;
        }

        to[out++] = from[i];

        if (depth + 1 < GOV_COLUMN_DEPTH) {
            parent[++depth] = from[i].id;

            for (i = 0; i < n && from[i].rec.parent < parent[depth]; i++) {
                /* void */
            }

            at[depth] = i;
        }
    }
}


static int
gov_column_cmp(const void *one, const void *two)
{
    const gov_column_t  *a, *b;

    a = one;
    b = two;

    if (a->rec.parent != b->rec.parent) {
        return a->rec.parent < b->rec.parent ? -1 : 1;
    }

    if (a->rec.order != b->rec.order) {
        return a->rec.order < b->rec.order ? -1 : 1;
    }

    return a->id < b->id ? -1 : a->id > b->id;
}


int
gov_column_is_section(gov_column_t *c)
{
    return gov_str_is(c->rec.kind, "section");
}


gov_column_t *
gov_column_find(gov_column_t *list, unsigned n, uint32_t id)
{
    unsigned  i;

    for (i = 0; i < n; i++) {
        if (list[i].id == id) {
            return &list[i];
        }
    }

    return NULL;
}


gov_column_t *
gov_column_at(gov_column_t *list, unsigned n, gov_str_t path)
{
    u_char        *end, *p;
    uint32_t       parent;
    gov_str_t      slug;
    gov_column_t  *found;

    found = NULL;
    parent = 0;
    p = path.data;
    end = p + path.len;

    while (p < end) {
        slug.data = p;

        while (p < end && *p != '/') {
            p++;
        }

        slug.len = (size_t) (p++ - slug.data);

        found = gov_column_below(list, n, parent, slug);

        if (found == NULL) {
            return NULL;
        }

        parent = found->id;
    }

    return found;
}


gov_column_t *
gov_column_below(gov_column_t *list, unsigned n, uint32_t parent,
    gov_str_t slug)
{
    unsigned  i;

    for (i = 0; i < n; i++) {
        if (list[i].rec.parent == parent && gov_str_eq(list[i].rec.slug, slug))
        {
            return &list[i];
        }
    }

    return NULL;
}


gov_str_t
gov_column_path(gov_arena_t *a, gov_column_t *list, unsigned n, uint32_t id)
{
    unsigned       depth;
    gov_buf_t      b;
    gov_column_t  *c, *up[GOV_COLUMN_DEPTH];

    gov_buf_init(&b, a, 64);
    depth = 0;

    for (c = gov_column_find(list, n, id);
         c != NULL && depth < GOV_COLUMN_DEPTH;
         c = gov_column_find(list, n, (uint32_t) c->rec.parent))
    {
        up[depth++] = c;
    }

    while (depth--) {
        gov_buf_str(&b, up[depth]->rec.slug);
        gov_buf_add(&b, "/", 1);
    }

    return b.s;
}
