
/*
 * Copyright (C) ngx_gov authors
 *
 * An account is one number, the moment at which all is paid: it flows off by
 * itself as time goes on, and a charge is one atomic exchange.
 */


#include "page/gov_fence.h"


#define GOV_FENCE_WINDOW  8         /* places a site may stand at */
#define GOV_FENCE_MOST    (3 * GOV_FENCE_SPARE)
#define GOV_FENCE_MINUTE  (60 * (int64_t) 1000000)


static gov_fence_place_t *
gov_fence_place(gov_fence_t *f, uint32_t site, unsigned i)
{
    uint64_t  hash;

    hash = site * 0x9e3779b97f4a7c15ULL;

    return &f->place[((hash >> 32) + i) & (GOV_FENCE_PLACES - 1)];
}


/* more than anybody can owe: the clock was set back */

static int64_t
gov_fence_debt(int64_t paid, int64_t now)
{
    return paid <= now || paid - now > GOV_FENCE_MOST ? 0 : paid - now;
}


static int64_t
gov_fence_worst(gov_fence_place_t *p, int64_t now)
{
    unsigned  i;
    int64_t   debt, worst;

    worst = 0;

    for (i = 0; i < GOV_FENCE_ACCOUNTS; i++) {
        debt = gov_fence_debt(__atomic_load_n(&p->paid[i], __ATOMIC_RELAXED),
                              now);
        worst = debt > worst ? debt : worst;
    }

    return worst;
}


static gov_fence_place_t *
gov_fence_find(gov_fence_t *f, uint32_t site)
{
    unsigned            i;
    gov_fence_place_t  *p;

    for (i = 0; i < GOV_FENCE_WINDOW; i++) {
        p = gov_fence_place(f, site, i);

        if (__atomic_load_n(&p->key, __ATOMIC_RELAXED)
            == (uint64_t) site + 1)
        {
            return p;
        }
    }

    return NULL;
}


/* from who owes least; NULL: another worker was faster */

static gov_fence_place_t *
gov_fence_take(gov_fence_t *f, uint32_t site, int64_t now)
{
    int64_t             debt, least;
    unsigned            i;
    uint64_t            key;
    gov_fence_place_t  *p, *place;

    least = INT64_MAX;
    place = NULL;

    for (i = 0; i < GOV_FENCE_WINDOW; i++) {
        p = gov_fence_place(f, site, i);
        debt = gov_fence_worst(p, now);

        if (debt < least) {
            least = debt;
            place = p;
        }
    }

    key = __atomic_load_n(&place->key, __ATOMIC_RELAXED);

    if (!__atomic_compare_exchange_n(&place->key, &key, (uint64_t) site + 1,
                                     0, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
    {
        return gov_fence_find(f, site);
    }

    for (i = 0; i < GOV_FENCE_ACCOUNTS; i++) {
        __atomic_store_n(&place->paid[i], 0, __ATOMIC_RELAXED);
    }

    __atomic_store_n(&place->told, 0, __ATOMIC_RELAXED);

    return place;
}


gov_fence_level_t
gov_fence_level(gov_fence_t *f, uint32_t site, int64_t now)
{
    int64_t             debt;
    gov_fence_place_t  *p;

    p = gov_fence_find(f, site);
    debt = p != NULL ? gov_fence_worst(p, now) : 0;

    return debt > 2 * GOV_FENCE_SPARE ? GOV_FENCE_SHUT
           : debt > GOV_FENCE_SPARE ? GOV_FENCE_STOCK : GOV_FENCE_WHOLE;
}


static void
gov_fence_add(int64_t *paid, int64_t now, int64_t debt)
{
    int64_t  was, owes;

    was = __atomic_load_n(paid, __ATOMIC_RELAXED);

    do {
        owes = gov_fence_debt(was, now);
        owes = debt > GOV_FENCE_MOST - owes ? GOV_FENCE_MOST : owes + debt;

    } while (!__atomic_compare_exchange_n(paid, &was, now + owes, 0,
                                          __ATOMIC_RELAXED,
                                          __ATOMIC_RELAXED));
}


void
gov_fence_charge(gov_fence_t *f, uint32_t site, int64_t now,
    const int64_t debt[GOV_FENCE_ACCOUNTS])
{
    unsigned            i;
    gov_fence_place_t  *p;

    p = gov_fence_find(f, site);

    if (p == NULL) {
        p = gov_fence_take(f, site, now);
    }

    for (i = 0; p != NULL && i < GOV_FENCE_ACCOUNTS; i++) {
        gov_fence_add(&p->paid[i], now, debt[i]);
    }
}


int64_t
gov_fence_owed(gov_fence_t *f, unsigned i, int64_t now, uint32_t *site)
{
    uint64_t  key;

    key = __atomic_load_n(&f->place[i].key, __ATOMIC_RELAXED);

    if (key == 0) {
        return 0;
    }

    *site = (uint32_t) (key - 1);

    return gov_fence_worst(&f->place[i], now);
}


int
gov_fence_tell(gov_fence_t *f, uint32_t site, int64_t now)
{
    int64_t             told;
    gov_fence_place_t  *p;

    p = gov_fence_find(f, site);

    if (p == NULL) {
        return 0;
    }

    told = __atomic_load_n(&p->told, __ATOMIC_RELAXED);

    return (told == 0 || told > now || now - told >= GOV_FENCE_MINUTE)
           && __atomic_compare_exchange_n(&p->told, &told, now, 0,
                                          __ATOMIC_RELAXED,
                                          __ATOMIC_RELAXED);
}
