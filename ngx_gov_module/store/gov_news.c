
/*
 * Copyright (C) ngx_gov authors
 *
 * News.  An entry of the journal names the sites it touched, and the hub's
 * marks are one value: read after each transaction, they say which proofs
 * still hold.
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
#define GOV_NEWS_FAR    64              /* entries; further back is left */
#define GOV_NEWS_LONG   8192            /* bytes of an entry; an import's */


struct gov_news_s {
    uint64_t     txn;                   /* last looked at */
    uint64_t     head;
    uint64_t     floor;
    uint64_t     hub[GOV_SLOTS];
    uint64_t     site[GOV_NEWS_SITES];
};


static gov_rc_t gov_news_read(gov_news_t *n, gov_txn_t *t);
static gov_rc_t gov_news_entries(gov_news_t *n, gov_txn_t *t, uint64_t head);
static gov_rc_t gov_news_entry(gov_news_t *n, gov_txn_t *t, gov_arena_t *a,
    uint64_t seq);


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
        rc = gov_news_read(n, t);
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

    rc = (n->head > head || head - n->head > GOV_NEWS_FAR)
         ? GOV_FULL : gov_news_entries(n, t, head);

    if (rc == GOV_FULL) {
        n->floor = head;

    } else if (rc != GOV_OK) {
        return rc;
    }

    n->head = head;
    n->txn = gov_txn_id(t);

    return GOV_OK;
}


static gov_rc_t
gov_news_entries(gov_news_t *n, gov_txn_t *t, uint64_t head)
{
    gov_rc_t      rc;
    uint64_t      seq;
    gov_arena_t  *a;

    a = gov_arena_new(4096);
    rc = GOV_OK;

    for (seq = n->head + 1; seq <= head && rc == GOV_OK; seq++) {
        rc = gov_news_entry(n, t, a, seq);
        gov_arena_reset(a);
    }

    gov_arena_free(&a);

    return rc;
}


/* GOV_FULL: so long an entry would keep visitors waiting */

static gov_rc_t
gov_news_entry(gov_news_t *n, gov_txn_t *t, gov_arena_t *a, uint64_t seq)
{
    gov_rc_t          rc;
    gov_key_t         k;
    gov_str_t         value;
    gov_value_t      *site;
    gov_handle_t      h;
    gov_entry_rec_t   e;

    h = gov_handle(t, GOV_HUB);

    rc = gov_raw_get(h, GOV_T_JOURNAL, gov_key8(&k, seq), &value);

    if (rc == GOV_OK && value.len > GOV_NEWS_LONG) {
        return GOV_FULL;
    }

    if (rc == GOV_OK) {
        rc = gov_load(h, GOV_T_JOURNAL, &k, a, &e);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    gov_each(site, e.sites) {
        n->site[site->u.i & (GOV_NEWS_SITES - 1)] = seq;
    }

    return GOV_OK;
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
