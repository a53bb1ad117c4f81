
/*
 * Copyright (C) ngx_gov authors
 *
 * Columns of blueprints, kept between two calls: to read those of a county
 * takes half as long as to publish a document in one of them.
 *
 * Invariants:
 *
 *   1. What is kept is given only for the bytes it was made from, which are
 *      read from the caller's own transaction each time.  No number, mark or
 *      time is believed: nothing need be told that a blueprint changed, that
 *      a transaction came to nothing, or that another store is read.
 *   2. What is given lies in the caller's arena and, but for the way to one
 *      column, in those bytes; nothing in it points into what is kept.
 *   3. GOV_KEPT blueprints at most; the one that was made first makes room.
 */


#include <pthread.h>

#include "content/gov_content_int.h"


#define GOV_KEPT  16


typedef struct {
    gov_arena_t   *arena;
    gov_str_t      bytes;           /* empty: nothing is kept */
    gov_column_t  *list;
    unsigned       n;
    unsigned       all;
} gov_kept_t;


static gov_rc_t gov_kept_of(gov_str_t bytes, gov_kept_t **kept);
static gov_kept_t *gov_kept_find(gov_str_t bytes);
static gov_rc_t gov_kept_make(gov_str_t bytes, gov_kept_t **kept);
static void gov_kept_list(gov_kept_t *kept, gov_value_t *columns);
static gov_column_t *gov_kept_give(gov_kept_t *kept, gov_str_t bytes,
    gov_arena_t *a);
static unsigned gov_kept_way(gov_kept_t *kept, gov_column_t *column,
    gov_arena_t *a, gov_column_t **list);
static void gov_kept_move(gov_arena_t *a, gov_column_rec_t *rec,
    u_char *from, u_char *to);


static pthread_mutex_t  gov_kept_mutex = PTHREAD_MUTEX_INITIALIZER;
static gov_kept_t       gov_kept[GOV_KEPT];
static unsigned         gov_kept_next;


gov_rc_t
gov_columns_kept(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_column_t **list, unsigned *n, unsigned *all)
{
    gov_rc_t     rc;
    gov_str_t    bytes;
    gov_kept_t  *kept;

    rc = gov_site_blueprint_stored(t, a, site, &bytes);
    if (rc != GOV_OK) {
        return rc;
    }

    (void) pthread_mutex_lock(&gov_kept_mutex);

    rc = gov_kept_of(bytes, &kept);

    if (rc == GOV_OK) {
        *list = gov_kept_give(kept, bytes, a);
        *n = kept->n;
        *all = kept->all;
    }

    (void) pthread_mutex_unlock(&gov_kept_mutex);

    return rc;
}


gov_rc_t
gov_columns_kept_way(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_str_t path, uint32_t id, gov_column_t **list, unsigned *n)
{
    gov_rc_t       rc;
    gov_str_t      bytes;
    gov_kept_t    *kept;
    gov_column_t  *column;

    rc = gov_site_blueprint_stored(t, NULL, site, &bytes);
    if (rc != GOV_OK) {
        return rc;
    }

    (void) pthread_mutex_lock(&gov_kept_mutex);

    rc = gov_kept_of(bytes, &kept);

    if (rc == GOV_OK) {
        column = path.len ? gov_column_at(kept->list, kept->n, path)
                          : gov_column_find(kept->list, kept->n, id);
        *n = gov_kept_way(kept, column, a, list);
    }

    (void) pthread_mutex_unlock(&gov_kept_mutex);

    return rc;
}


static gov_rc_t
gov_kept_of(gov_str_t bytes, gov_kept_t **kept)
{
    *kept = gov_kept_find(bytes);

    return *kept != NULL ? GOV_OK : gov_kept_make(bytes, kept);
}


static gov_kept_t *
gov_kept_find(gov_str_t bytes)
{
    gov_kept_t  *kept;

    for (kept = gov_kept; kept < gov_kept + GOV_KEPT; kept++) {
        if (bytes.len && gov_str_eq(kept->bytes, bytes)) {
            return kept;
        }
    }

    return NULL;
}


static gov_rc_t
gov_kept_make(gov_str_t bytes, gov_kept_t **kept)
{
    gov_rc_t      rc;
    gov_str_t     copy;
    gov_kept_t   *k;
    gov_value_t  *columns;

    k = &gov_kept[gov_kept_next++ % GOV_KEPT];
    k->bytes.len = 0;
    gov_arena_free(&k->arena);
    k->arena = gov_arena_new(bytes.len);

    copy = gov_str_copy(k->arena, bytes);

    rc = gov_rec_tree(k->arena, &gov_rec_blueprint, copy,
                      offsetof(gov_blueprint_rec_t, columns), &columns);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_kept_list(k, columns);

    k->bytes = copy;
    *kept = k;

    return GOV_OK;
}


/* behind those in order: too deep to be shown, but a site may lift them */

static void
gov_kept_list(gov_kept_t *kept, gov_value_t *columns)
{
    unsigned       i, n;
    gov_column_t  *flat;

    n = gov_columns_flat(kept->arena, columns, &flat);

    kept->list = gov_alloc(kept->arena, (n + 1) * sizeof(gov_column_t));
    kept->n = gov_columns_tree(flat, n, kept->list);
    kept->all = kept->n;

    for (i = 0; i < n && kept->all < n; i++) {
        if (gov_column_find(kept->list, kept->n, flat[i].id) == NULL) {
            kept->list[kept->all++] = flat[i];
        }
    }
}


static gov_column_t *
gov_kept_give(gov_kept_t *kept, gov_str_t bytes, gov_arena_t *a)
{
    size_t         size;
    unsigned       i;
    gov_column_t  *list;

    size = kept->all * sizeof(gov_column_t);
    list = gov_alloc(a, size + sizeof(gov_column_t));
    memcpy(list, kept->list, size);

    for (i = 0; i < kept->all; i++) {
        gov_kept_move(a, &list[i].rec, kept->bytes.data, bytes.data);
    }

    return list;
}


/* a column and those above it, upwards; NULL: none */

static unsigned
gov_kept_way(gov_kept_t *kept, gov_column_t *column, gov_arena_t *a,
    gov_column_t **list)
{
    unsigned  n;

    *list = gov_alloc(a, GOV_COLUMN_DEPTH * sizeof(gov_column_t));

    for (n = 0; column != NULL && n < GOV_COLUMN_DEPTH; n++) {
        (*list)[n] = *column;
        gov_rec_own(a, &gov_rec_column, &(*list)[n].rec);
        column = gov_column_find(kept->list, kept->n,
                                 (uint32_t) column->rec.parent);
    }

    return n;
}


/* the record's strings lie in the bytes: in others as far from the start */

static void
gov_kept_move(gov_arena_t *a, gov_column_rec_t *rec, u_char *from, u_char *to)
{
    unsigned       i;
    gov_str_t     *s;
    gov_field_t   *f;
    gov_value_t  **v;

    for (i = 0; i < gov_rec_column.n; i++) {
        f = &gov_rec_column.fields[i];
        s = (gov_str_t *) ((u_char *) rec + f->offset);
        v = (gov_value_t **) s;

        if (f->kind == GOV_F_STR && s->data != NULL) {
            s->data = to + (s->data - from);

        } else if (f->kind == GOV_F_TREE && *v != NULL) {
            *v = gov_value_copy(a, *v);
        }
    }
}
