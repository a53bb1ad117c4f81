
/*
 * Copyright (C) ngx_gov authors
 *
 * The fence: what one site may take of the workers, all together, for pages
 * that no copy answers.
 *
 * A site has an account for each thing that is measured: the time spent
 * making its pages, and their number.  A charge is a debt in microseconds:
 * so long does the site's share take to pay it.  One that owes more than
 * GOV_FENCE_SPARE is served without code of its own; one that owes twice as
 * much is not served until some of it is paid.
 *
 *     gov_fence_level(f, site, now)            before the page is made
 *     gov_fence_charge(f, site, now, debt)     after it
 *
 * The memory is shared by the workers and begins as zeros.  Nothing here
 * takes a lock: a worker may die anywhere, and a charge that is lost in a
 * race over a place is lost.  now: microseconds; set back by more than
 * anybody can owe, all debts are forgotten.
 *
 * Sites in debt hold a place of the table.  Where more of them meet than fit,
 * the one that owes least gives way, so who floods stays known.
 */


#ifndef _GOV_FENCE_H_INCLUDED_
#define _GOV_FENCE_H_INCLUDED_


#include "base/gov_base.h"


#define GOV_FENCE_PLACES  1024                          /* a power of two */
#define GOV_FENCE_SPARE   (10 * (int64_t) 1000000)

typedef enum {
    GOV_FENCE_WHOLE = 0,
    GOV_FENCE_STOCK,            /* without the site's own code */
    GOV_FENCE_SHUT              /* 503 */
} gov_fence_level_t;

typedef enum {
    GOV_FENCE_TIME = 0,
    GOV_FENCE_REQUESTS,
    GOV_FENCE_ACCOUNTS
} gov_fence_account_t;

typedef struct {
    uint64_t   key;                             /* site + 1; 0 nobody's */
    int64_t    paid[GOV_FENCE_ACCOUNTS];        /* when all will be */
    int64_t    told;
} gov_fence_place_t;

typedef struct {
    gov_fence_place_t  place[GOV_FENCE_PLACES];
} gov_fence_t;


/* site GOV_HUB: all hosts together that no site has */
gov_fence_level_t gov_fence_level(gov_fence_t *f, uint32_t site,
    int64_t now);
void gov_fence_charge(gov_fence_t *f, uint32_t site, int64_t now,
    const int64_t debt[GOV_FENCE_ACCOUNTS]);

/* microseconds owed by who holds place i; 0: nobody, site is left alone */
int64_t gov_fence_owed(gov_fence_t *f, unsigned i, int64_t now,
    uint32_t *site);

/* whether to say it in a log: true once a minute for a site */
int gov_fence_tell(gov_fence_t *f, uint32_t site, int64_t now);


#endif /* _GOV_FENCE_H_INCLUDED_ */
