
/*
 * Copyright (C) ngx_gov authors
 *
 * What an answer was built from: for each site the slots of its marks, as a
 * bit mask.  Small enough to stand in front of every page copy.
 */


#ifndef _GOV_DEPS_H_INCLUDED_
#define _GOV_DEPS_H_INCLUDED_


#include "store/gov_store.h"


/*
 * So many sites are checked in 80 us, once for a store transaction; to make
 * a page of as many takes 1,800 us.
 */
#define GOV_DEPS_MAX  192

typedef struct {
    uint64_t     mask;
    uint32_t     site;
} gov_dep_t;

typedef struct {
    unsigned     n;
    int          wild;            /* too many: depends on everything */
    gov_dep_t    dep[GOV_DEPS_MAX];
} gov_deps_t;


void gov_deps_note(gov_deps_t *d, uint32_t site, unsigned slot);

/*
 * 1: nothing noted was touched after journal entry `built`; 0: something
 * was, or the marks could not be read.
 */
int gov_deps_hold(gov_deps_t *d, gov_txn_t *t, uint64_t built);

/*
 * The same by the news alone, for what was seen to hold at journal entry
 * `seen`.  1: it still does; 0: perhaps not, gov_deps_hold() knows.
 */
int gov_deps_still(gov_deps_t *d, gov_news_t *n, uint64_t seen);


#endif /* _GOV_DEPS_H_INCLUDED_ */
