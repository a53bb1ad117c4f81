
/*
 * Copyright (C) ngx_gov authors
 *
 * Long work that people ask for and come back to: a row each, which stays.
 * govd does them one after the other, in the order they were asked for
 * (govd_asked.c); one that a stop of govd broke off is done anew.
 */


#ifndef _GOV_WORK_H_INCLUDED_
#define _GOV_WORK_H_INCLUDED_


#include "people/gov_people.h"


#define GOV_WORKS_WAIT  8           /* that may wait for their end */

typedef struct {
    uint64_t         id;
    gov_work_rec_t   rec;
} gov_work_t;


/* what may be asked for */
typedef struct {
    const char      *name;
    gov_right_t      right;         /* it needs, where it looks */
    int              site;          /* 1: of one site too */
    int              table;         /* 1: it works through one */
} gov_work_kind_t;

gov_work_kind_t *gov_work_kind(gov_str_t name);     /* NULL: no such work */

gov_rc_t gov_work_get(gov_txn_t *t, gov_arena_t *a, uint64_t id,
    gov_work_t *w);
/* id 0: a new one */
gov_rc_t gov_work_put(gov_txn_t *t, gov_arena_t *a, gov_work_t *w);
/* the one asked for before *id, which becomes its number; 0: the newest */
gov_rc_t gov_work_before(gov_txn_t *t, gov_arena_t *a, uint64_t *id,
    gov_work_t *w);
/* those not ended, the oldest last */
gov_rc_t gov_work_waiting(gov_txn_t *t, gov_arena_t *a, gov_work_t **list,
    unsigned *n);


#endif /* _GOV_WORK_H_INCLUDED_ */
