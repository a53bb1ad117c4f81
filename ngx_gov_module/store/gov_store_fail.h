
/*
 * Copyright (C) ngx_gov authors
 *
 * Failure as a normal backend: everything goes through to another backend,
 * but the n-th call made for a write transaction fails.
 *
 *     conf.backend = gov_store_fail(NULL);         over LMDB
 *     gov_store_open(&conf, &store, err);
 *
 *     for (n = 1; ; n++) {
 *         gov_store_fail_at(n, GOV_ERROR);
 *         rc = the command under test;
 *         if (!gov_store_fail_fired()) { break; }
 *         the store must be as before or as after, never between
 *     }
 *
 * Counted are begin, child, get, put, del, opening and moving a cursor, and
 * commit, of a write transaction: calls of readers go on undisturbed.  A
 * commit that fails leaves the old state and, as LMDB's would, forbids
 * further writing until the store is opened again; GOV_FULL forbids nothing.
 *
 * One such backend a process; the counter is set while no transaction is
 * open.
 */


#ifndef _GOV_STORE_FAIL_H_INCLUDED_
#define _GOV_STORE_FAIL_H_INCLUDED_


#include "store/gov_store.h"


/* inner NULL is LMDB */
gov_backend_t *gov_store_fail(gov_backend_t *inner);
/* the n-th call from now on gives rc; 0: none */
void gov_store_fail_at(unsigned n, gov_rc_t rc);
/* whether it came to that */
int gov_store_fail_fired(void);
/* calls counted since gov_store_fail_at() */
unsigned gov_store_fail_calls(void);


#endif /* _GOV_STORE_FAIL_H_INCLUDED_ */
