
/*
 * Copyright (C) ngx_gov authors
 *
 * Columns: the blueprint's, with the site's own records laid over them by
 * number.  A record in the site is whole: it hides the blueprint's column of
 * its number.  A site that changes nothing stores nothing.
 */


#include <stdlib.h>

#include "content/gov_content_int.h"


static void gov_column_from(gov_value_t *v, gov_column_t *column);
static void gov_column_field(gov_field_t *f, gov_value_t *m,
    gov_column_rec_t *rec);
static int64_t gov_column_int(gov_value_t *m);
static gov_rc_t gov_column_one(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_column_t *blueprint, unsigned all, uint32_t id,
    gov_column_rec_t *rec);
static gov_rc_t gov_columns_some(gov_txn_t *t, uint32_t site);
static gov_rc_t gov_columns_own(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_column_t **list, unsigned *n);
static gov_str_t gov_way_join(gov_arena_t *a, gov_str_t above,
    gov_str_t between, gov_str_t below);
static int gov_column_cmp(const void *one, const void *two);


gov_rc_t
gov_columns(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_column_t **list, unsigned *n)
{
    gov_rc_t       rc;
    unsigned       all;
    gov_column_t  *flat;

    rc = gov_columns_kept(t, a, site, &flat, n, &all);

    if (rc == GOV_NOT_FOUND) {
        all = *n = gov_columns_flat(a, NULL, &flat);

    } else if (rc != GOV_OK) {
        return rc;
    }

    *list = flat;

    rc = gov_columns_own(t, a, site->id, &flat, &all);
    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND ? GOV_OK : rc;
    }

    *list = gov_alloc(a, (all + 1) * sizeof(gov_column_t));
    *n = gov_columns_tree(flat, all, *list);

    return GOV_OK;
}


/* a site that changed nothing: then the rest is not even copied */

gov_rc_t
gov_columns_way(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_str_t path, uint32_t id, gov_column_t **list, unsigned *n)
{
    gov_rc_t  rc;

    rc = gov_columns_some(t, site->id);

    if (rc == GOV_DONE) {
        *n = 0;
        rc = gov_columns_kept_way(t, a, site, path, id, list, n);
        return rc == GOV_NOT_FOUND ? GOV_OK : rc;
    }

    return rc == GOV_OK ? gov_columns(t, a, site, list, n) : rc;
}


/* GOV_DONE: the site has no column of its own */

static gov_rc_t
gov_columns_some(gov_txn_t *t, uint32_t site)
{
    gov_rc_t    rc;
    gov_key_t   k;
    gov_scan_t  sc;

    rc = gov_scan_open(&sc, gov_handle(t, site), GOV_T_COLUMNS, gov_key(&k),
                       GOV_FORWARD);

    if (rc == GOV_OK) {
        rc = gov_scan_next(&sc, NULL, NULL);
        gov_scan_close(&sc);
    }

    return rc;
}


unsigned
gov_columns_flat(gov_arena_t *a, gov_value_t *blueprint, gov_column_t **flat)
{
    unsigned      n;
    gov_value_t  *v;

    n = 0;
    *flat = gov_alloc(a, ((blueprint ? blueprint->n : 0) + 1)
                         * sizeof(gov_column_t));

    gov_each (v, blueprint) {
        gov_column_from(v, &(*flat)[n]);
        n += (*flat)[n].id != 0;
    }

    return n;
}


/*
 * A blueprint's column is a map whose members have the names of the record's
 * fields, and its number.  They mostly come in the record's order: so each is
 * looked for from behind the one found last.
 */

static void
gov_column_from(gov_value_t *v, gov_column_t *column)
{
    unsigned       i, at, n;
    gov_value_t   *m;
    gov_field_t   *f;

    memset(column, 0, sizeof(gov_column_t));
    n = gov_rec_column.n;
    at = 0;

    gov_each (m, v) {

        if (gov_str_is(m->key, "id")) {
            column->id = (uint32_t) gov_column_int(m);
            continue;
        }

        for (i = 0; i < n; i++, at = (at + 1) % n) {
            f = &gov_rec_column.fields[at];

            if (gov_str_is(m->key, f->name)) {
                gov_column_field(f, m, &column->rec);
                break;
            }
        }
    }

    column->rec.removed = 0;        /* what only a site's own record says */
}


static void
gov_column_field(gov_field_t *f, gov_value_t *m, gov_column_rec_t *rec)
{
    u_char  *p;

    p = (u_char *) rec + f->offset;

    if (f->kind == GOV_F_INT) {
        *(int64_t *) p = gov_column_int(m);

    } else if (f->kind == GOV_F_TREE) {
        *(gov_value_t **) p = m;

    } else if (m->kind == GOV_STR) {
        *(gov_str_t *) p = m->u.s;
    }
}


static int64_t
gov_column_int(gov_value_t *m)
{
    return m->kind == GOV_INT || m->kind == GOV_BOOL ? m->u.i : 0;
}


/* own records take the place of the blueprint's, or come behind them;
 * GOV_NOT_FOUND: there are none */

static gov_rc_t
gov_columns_own(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_column_t **list, unsigned *n)
{
    gov_rc_t       rc;
    unsigned       size, some;
    gov_key_t      k;
    gov_scan_t     sc;
    gov_column_t   own, *c, *more;

    rc = gov_scan_open(&sc, gov_handle(t, site), GOV_T_COLUMNS, gov_key(&k),
                       GOV_FORWARD);
    if (rc != GOV_OK) {
        return rc;
    }

    size = *n;
    some = 0;

    while ((rc = gov_scan_next(&sc, a, &own.rec)) == GOV_OK) {
        some = 1;
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

    if (rc == GOV_DONE) {
        return some ? GOV_OK : GOV_NOT_FOUND;
    }

    return rc;
}


/*
 * Sorted by parent, order and number the sisters lie side by side; a walk
 * from the top puts every column behind its parent.  What hangs below a
 * removed column is not reached.
 */

unsigned
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
    uint32_t       parent;
    gov_str_t      slug;
    gov_column_t  *found;

    found = NULL;
    parent = 0;

    while (gov_column_step(&path, &slug)) {
        found = gov_column_below(list, n, parent, slug);

        if (found == NULL) {
            return NULL;
        }

        parent = found->id;
    }

    return found;
}


int
gov_column_step(gov_str_t *path, gov_str_t *slug)
{
    u_char  *slash;

    if (path->len == 0) {
        return 0;
    }

    slash = memchr(path->data, '/', path->len);

    slug->data = path->data;
    slug->len = slash ? (size_t) (slash - path->data) : path->len;

    path->data += slug->len + (slash != NULL);
    path->len -= slug->len + (slash != NULL);

    return 1;
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


/* the column above what the way holds goes before it */

void
gov_way_up(gov_arena_t *a, gov_way_t *way, gov_column_rec_t *rec)
{
    if (way->path.len == 0) {
        way->path = rec->slug;
        way->name = rec->name;
        return;
    }

    way->path = gov_way_join(a, rec->slug, gov_s("/"), way->path);
    way->name = gov_way_join(a, rec->name, gov_s(" › "), way->name);
}


static gov_str_t
gov_way_join(gov_arena_t *a, gov_str_t above, gov_str_t between,
    gov_str_t below)
{
    return gov_str_cat(a, gov_str_cat(a, above, between), below);
}


gov_rc_t
gov_column_way(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_column_t *blueprint, unsigned all, uint32_t id, gov_way_t *way)
{
    gov_rc_t          rc;
    unsigned          depth;
    gov_column_rec_t  rec;

    memset(way, 0, sizeof(gov_way_t));
    rc = GOV_OK;

    for (depth = 0; id != 0 && depth < GOV_COLUMN_DEPTH; depth++) {
        rc = gov_column_one(t, a, site, blueprint, all, id, &rec);

        if (rc != GOV_OK || rec.removed) {
            memset(way, 0, sizeof(gov_way_t));
            break;
        }

        gov_way_up(a, way, &rec);
        id = (uint32_t) rec.parent;
    }

    return rc == GOV_NOT_FOUND ? GOV_OK : rc;
}


static gov_rc_t
gov_column_one(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_column_t *blueprint, unsigned all, uint32_t id,
    gov_column_rec_t *rec)
{
    gov_rc_t       rc;
    gov_key_t      k;
    gov_column_t  *column;

    rc = gov_load(gov_handle(t, site), GOV_T_COLUMNS, gov_key4(&k, id), a,
                  rec);

    if (rc != GOV_NOT_FOUND) {
        return rc;
    }

    column = gov_column_find(blueprint, all, id);

    if (column == NULL) {
        return GOV_NOT_FOUND;
    }

    *rec = column->rec;

    return GOV_OK;
}
