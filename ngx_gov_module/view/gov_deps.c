
/*
 * Copyright (C) ngx_gov authors
 */


#include "view/gov_deps.h"


void
gov_deps_note(gov_deps_t *d, uint32_t site, unsigned slot)
{
    unsigned  i;

    for (i = 0; i < d->n; i++) {
        if (d->dep[i].site == site) {
            d->dep[i].mask |= (uint64_t) 1 << slot;
            return;
        }
    }

    if (d->n == GOV_DEPS_MAX) {
        d->wild = 1;
        return;
    }

    d->dep[d->n].site = site;
    d->dep[d->n].mask = (uint64_t) 1 << slot;
    d->n++;
}


int
gov_deps_hold(gov_deps_t *d, gov_txn_t *t, uint64_t built)
{
    uint64_t  newest;
    unsigned  i;

    if (d->wild) {
        return gov_journal_head(t) == built;
    }

    for (i = 0; i < d->n; i++) {
        if (gov_marks_newest(t, d->dep[i].site, d->dep[i].mask, &newest)
            != GOV_OK
            || newest > built)
        {
            return 0;
        }
    }

    return 1;
}


int
gov_deps_still(gov_deps_t *d, gov_news_t *n, uint64_t seen)
{
    unsigned  i;

    if (gov_news_head(n) == seen) {
        return 1;
    }

    if (d->wild) {
        return 0;
    }

    for (i = 0; i < d->n; i++) {
        if (!gov_news_none(n, d->dep[i].site, d->dep[i].mask, seen)) {
            return 0;
        }
    }

    return 1;
}
