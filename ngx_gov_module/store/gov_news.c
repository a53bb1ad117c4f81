
/*
 * Copyright (C) ngx_gov authors
 *
 * News.  What entries touched last is one row (gov_recent.c), and the hub's
 * marks are another: read after each transaction, they say which proofs still
 * hold.
 *
 * Invariants:
 *
 *   1. Every touch after entry `floor` up to entry `head` is in hub[] or
 *      site[]; about what came before nothing is said.
 *   2. Numbers in hub[] and site[] only grow, so what is left of older times
 *      or of another site in the same place can only send to the marks.
 *   3. Empty, floor and head are above every entry: nothing is known.
 */


#include <stdlib.h>

#include "store/gov_store_int.h"


#define GOV_NEWS_SITES  8192            /* places; a power of two */


struct gov_news_s {
    uint64_t     txn;                   /* last looked at */
    uint64_t     head;
    uint64_t     floor;
    uint64_t     hub[GOV_SLOTS];
    uint64_t     site[GOV_NEWS_SITES];
};


static gov_rc_t gov_news_read(gov_news_t *n, gov_txn_t *t);
static gov_rc_t gov_news_sites(gov_news_t *n, gov_txn_t *t, uint64_t head);


gov_news_t *
gov_news_new(void)
{
    gov_news_t  *n;

    n = calloc(1, sizeof(gov_news_t));

    if (n == NULL) {
        gov_out_of_memory();
    }

    gov_news_empty(n);

    return n;
}


void
gov_news_free(gov_news_t **n)
{
    free(*n);
    *n = NULL;
}


void
gov_news_empty(gov_news_t *n)
{
    n->txn = GOV_NEWS_NONE;
    n->head = GOV_NEWS_NONE;
    n->floor = GOV_NEWS_NONE;
}


gov_rc_t
gov_news_follow(gov_news_t *n, gov_store_t *s)
{
    gov_rc_t    rc;
    gov_txn_t  *t;

    if (gov_store_last(s) == n->txn) {
        return GOV_OK;
    }

    rc = gov_txn_begin(s, GOV_TXN_READ, &t, NULL);

    if (rc == GOV_OK) {
        rc = gov_txn_id(t) == n->txn ? GOV_OK : gov_news_read(n, t);
        gov_txn_end(&t);
    }

    if (rc != GOV_OK) {
        gov_news_empty(n);
    }

    return rc;
}


static gov_rc_t
gov_news_read(gov_news_t *n, gov_txn_t *t)
{
    gov_rc_t  rc;
    uint64_t  head;

    head = gov_journal_head(t);

    rc = gov_marks_read(gov_handle(t, GOV_HUB), n->hub);

    if (rc != GOV_OK && rc != GOV_NOT_FOUND) {
        return rc;
    }

    rc = gov_news_sites(n, t, head);

    if (rc == GOV_NOT_FOUND) {
        n->floor = head;

    } else if (rc != GOV_OK) {
        return rc;
    }

    n->head = head;
    n->txn = gov_txn_id(t);

    return GOV_OK;
}


/* from the row's floor where what is known ends below it, or in a store that
 * was put back */

static gov_rc_t
gov_news_sites(gov_news_t *n, gov_txn_t *t, uint64_t head)
{
    unsigned        i;
    gov_rc_t        rc;
    uint64_t       *place;
    gov_arena_t    *a;
    gov_recent_t    r;

    a = gov_arena_new(4096);

    rc = gov_recent_read(t, a, &r);

    if (rc == GOV_OK && (n->head < r.floor || n->head == GOV_NEWS_NONE)) {
        n->floor = r.floor;

    } else if (rc == GOV_OK && n->head > head) {
        n->floor = head;
    }

    for (i = 0; rc == GOV_OK && i < r.n; i++) {
        place = &n->site[r.sites[i].site & (GOV_NEWS_SITES - 1)];
        *place = *place > r.sites[i].seq ? *place : r.sites[i].seq;
    }

    gov_arena_free(&a);

    return rc;
}


uint64_t
gov_news_head(gov_news_t *n)
{
    return n->head;
}


int
gov_news_none(gov_news_t *n, uint32_t site, uint64_t mask, uint64_t seen)
{
    unsigned  slot;

    if (seen < n->floor) {
        return 0;
    }

    if (site != GOV_HUB) {
        return n->site[site & (GOV_NEWS_SITES - 1)] <= seen;
    }

    for ( /* void */ ; mask; mask &= mask - 1) {
        slot = __builtin_ctzll(mask);

        if (n->hub[slot] > seen) {
            return 0;
        }
    }

    return 1;
}
