
/*
 * Copyright (C) ngx_gov authors
 *
 * A site's list is the merge of its columns': rows of LISTS or DESK, whose
 * keys are kind, time and document, newest first.
 *
 *     gov_merge_begin(&m, h, GOV_T_LISTS, GOV_LIST_EXPIRY, arena);
 *     m.time = now + 1;
 *     head.column = GOV_MERGE_TOP;
 *     while (gov_merge_below(&m, &head) == GOV_OK) {
 *         gov_merge_add(&m, &head);
 *     }
 *     while (gov_merge_next(&m, &head) == GOV_OK) { head.doc ... }
 *     gov_merge_close(&m);
 *
 * A document that stands in several columns at one time is given once, so
 * where a merge goes on follows from time and document alone.
 */


#ifndef _GOV_MERGE_H_INCLUDED_
#define _GOV_MERGE_H_INCLUDED_


#include "content/gov_content.h"


/* above each column's number */
#define GOV_MERGE_TOP  0x100000u

typedef struct {
    uint32_t           column;
    uint64_t           time;
    uint64_t           doc;
    gov_listed_rec_t   rec;         /* of LISTS */
    gov_scan_t        *sc;          /* once it has moved on */
} gov_head_t;

typedef struct {
    gov_handle_t       h;
    gov_table_t        table;
    uint32_t           base;        /* of a kind, without the column */
    gov_arena_t       *arena;

    uint64_t           time;        /* only what lies before these: */
    uint64_t           doc;         /* the row that was given last */
    uint64_t           floor;       /* and not before this time */

    gov_head_t        *heads;
    unsigned           n;
    unsigned           size;
} gov_merge_t;

void gov_merge_begin(gov_merge_t *m, gov_handle_t h, gov_table_t table,
    uint32_t base, gov_arena_t *a);
/* the newest row of the next column below head->column that has any, be it
 * the site's no more; GOV_DONE: there is none */
gov_rc_t gov_merge_below(gov_merge_t *m, gov_head_t *head);
/* the column takes part */
gov_rc_t gov_merge_add(gov_merge_t *m, gov_head_t *head);
gov_rc_t gov_merge_next(gov_merge_t *m, gov_head_t *row);
void gov_merge_close(gov_merge_t *m);


#endif /* _GOV_MERGE_H_INCLUDED_ */
