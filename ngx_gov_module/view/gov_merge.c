
/*
 * Copyright (C) ngx_gov authors
 *
 * The merge of columns: the next row of each is its head, and the heads are a
 * heap, the newest at its top.
 *
 * A column of which nothing is given has no cursor: it costs the seek that
 * found it, and one more where its newest row is not to be given.  So a page
 * costs what it shows and what columns have rows, and holds as many cursors
 * as columns that gave some.
 */


#include "view/gov_merge.h"


static gov_rc_t gov_head_open(gov_merge_t *m, gov_head_t *head,
    gov_scan_t *sc);
static gov_rc_t gov_head_read(gov_merge_t *m, gov_head_t *head,
    gov_scan_t *sc);
static int gov_head_before(gov_head_t *head, uint64_t time, uint64_t doc);
static void gov_merge_grow(gov_merge_t *m);
static gov_rc_t gov_merge_move(gov_merge_t *m);
static void gov_merge_sink(gov_merge_t *m);


void
gov_merge_begin(gov_merge_t *m, gov_handle_t h, gov_table_t table,
    uint32_t base, gov_arena_t *a)
{
    memset(m, 0, sizeof(gov_merge_t));

    m->h = h;
    m->table = table;
    m->base = base;
    m->arena = a;
    m->time = UINT64_MAX;
}


gov_rc_t
gov_merge_below(gov_merge_t *m, gov_head_t *head)
{
    gov_rc_t    rc;
    gov_key_t   k;
    gov_scan_t  sc;

    rc = gov_scan_open(&sc, m->h, m->table, gov_key(&k), GOV_REVERSE);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_scan_from(&sc, gov_key4(&k, m->base + head->column));
    memset(head, 0, sizeof(gov_head_t));
    rc = gov_head_read(m, head, &sc);
    gov_scan_close(&sc);

    return rc == GOV_OK && head->column >= GOV_MERGE_TOP ? GOV_DONE : rc;
}


gov_rc_t
gov_merge_add(gov_merge_t *m, gov_head_t *head)
{
    gov_rc_t    rc;
    unsigned    i;
    gov_scan_t  sc;

    if (!gov_head_before(head, m->time, m->doc)) {
        rc = gov_head_open(m, head, &sc);

        if (rc == GOV_OK) {
            rc = gov_head_read(m, head, &sc);
            gov_scan_close(&sc);
        }

        if (rc != GOV_OK) {
            return rc == GOV_DONE ? GOV_OK : rc;
        }
    }

    gov_merge_grow(m);

    for (i = m->n++;
         i != 0 && gov_head_before(&m->heads[(i - 1) / 2], head->time,
                                   head->doc);
         i = (i - 1) / 2)
    {
        m->heads[i] = m->heads[(i - 1) / 2];
    }

    m->heads[i] = *head;

    return GOV_OK;
}


gov_rc_t
gov_merge_next(gov_merge_t *m, gov_head_t *row)
{
    gov_rc_t  rc;

    while (m->n != 0 && !gov_head_before(m->heads, m->time, m->doc)) {
        rc = gov_merge_move(m);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    if (m->n == 0 || m->heads->time < m->floor) {
        return GOV_DONE;
    }

    *row = *m->heads;
    m->time = row->time;
    m->doc = row->doc;

    return GOV_OK;
}


void
gov_merge_close(gov_merge_t *m)
{
    while (m->n != 0) {
        if (m->heads[--m->n].sc != NULL) {
            gov_scan_close(m->heads[m->n].sc);
        }
    }
}


/* from where the merge stands */

static gov_rc_t
gov_head_open(gov_merge_t *m, gov_head_t *head, gov_scan_t *sc)
{
    gov_rc_t   rc;
    gov_key_t  k;

    rc = gov_scan_open(sc, m->h, m->table,
                       gov_key4(&k, m->base + head->column), GOV_REVERSE);

    if (rc == GOV_OK) {
        gov_scan_from(sc, gov_key_add8(gov_key_add8(&k, m->time), m->doc));
    }

    return rc;
}


static gov_rc_t
gov_head_read(gov_merge_t *m, gov_head_t *head, gov_scan_t *sc)
{
    gov_rc_t  rc;

    rc = gov_scan_next(sc, m->arena,
                       m->table == GOV_T_LISTS ? &head->rec : NULL);

    if (rc == GOV_OK) {
        head->column = gov_key_get4(sc->key, 0) - m->base;
        head->time = gov_key_get8(sc->key, 4);
        head->doc = gov_key_get8(sc->key, 12);
    }

    return rc;
}


static int
gov_head_before(gov_head_t *head, uint64_t time, uint64_t doc)
{
    return head->time < time || (head->time == time && head->doc < doc);
}


static void
gov_merge_grow(gov_merge_t *m)
{
    gov_head_t  *more;

    if (m->n < m->size) {
        return;
    }

    m->size = m->size * 2 + 16;
    more = gov_alloc(m->arena, m->size * sizeof(gov_head_t));

    if (m->n != 0) {
        memcpy(more, m->heads, m->n * sizeof(gov_head_t));
    }

    m->heads = more;
}


/* the first head goes on to the next row of its column, or is no more */

static gov_rc_t
gov_merge_move(gov_merge_t *m)
{
    gov_rc_t     rc;
    gov_head_t  *head;

    rc = GOV_OK;
    head = m->heads;

    if (head->sc == NULL) {
        head->sc = gov_alloc(m->arena, sizeof(gov_scan_t));
        rc = gov_head_open(m, head, head->sc);
    }

    if (rc == GOV_OK) {
        rc = gov_head_read(m, head, head->sc);
    }

    if (rc == GOV_DONE) {
        *head = m->heads[--m->n];
        rc = GOV_OK;
    }

    if (rc == GOV_OK && m->n != 0) {
        gov_merge_sink(m);
    }

    return rc;
}


static void
gov_merge_sink(gov_merge_t *m)
{
    unsigned    i, below;
    gov_head_t  head;

    head = m->heads[0];

    for (i = 0; (below = 2 * i + 1) < m->n; i = below) {

        if (below + 1 < m->n
            && gov_head_before(&m->heads[below], m->heads[below + 1].time,
                               m->heads[below + 1].doc))
        {
            below++;
        }

        if (!gov_head_before(&head, m->heads[below].time,
                             m->heads[below].doc))
        {
            break;
        }

        m->heads[i] = m->heads[below];
    }

    m->heads[i] = head;
}
