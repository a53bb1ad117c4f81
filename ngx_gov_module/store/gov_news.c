
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
 *
 * Of an entry no more is read than its sites; but its checksum holds over all
 * of it, and entries follow one another without a gap.  Else (1) would be a
 * guess, and a page that was touched be shown for ever.
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
static gov_rc_t gov_news_step(gov_txn_t *t, void *cursor, gov_move_t move,
    uint64_t seq, gov_str_t *value);
static gov_rc_t gov_news_entry(gov_news_t *n, gov_arena_t *a, uint64_t seq,
    gov_str_t value);


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
    void         *cursor;
    gov_rc_t      rc;
    uint64_t      seq;
    gov_str_t     value;
    gov_move_t    move;
    gov_arena_t  *a;

    if (n->head == head) {
        return GOV_OK;
    }

    rc = gov_txn_cursor(t, &cursor);
    if (rc != GOV_OK) {
        return rc;
    }

    a = gov_arena_new(1024);
    move = GOV_MOVE_AT;

    for (seq = n->head + 1; seq <= head && rc == GOV_OK; seq++) {
        rc = gov_news_step(t, cursor, move, seq, &value);
        move = GOV_MOVE_NEXT;

        if (rc == GOV_OK) {
            rc = gov_news_entry(n, a, seq, value);
            gov_arena_reset(a);
        }
    }

    gov_arena_free(&a);
    gov_txn_cursor_end(t, &cursor);

    return rc;
}


/* numbers have no gaps: another key is a lost entry */

static gov_rc_t
gov_news_step(gov_txn_t *t, void *cursor, gov_move_t move, uint64_t seq,
    gov_str_t *value)
{
    u_char     buf[GOV_KEY_MAX];
    gov_rc_t   rc;
    gov_key_t  k;
    gov_str_t  key, found;

    rc = gov_key_whole(gov_handle(t, GOV_HUB), GOV_T_JOURNAL,
                       gov_key8(&k, seq), buf, &key);
    found = key;

    if (rc == GOV_OK) {
        rc = t->store->backend->cursor_move(cursor, move, &found, value);
    }

    return rc == GOV_OK && !gov_str_eq(found, key) ? GOV_NOT_FOUND : rc;
}


/* GOV_FULL: so long an entry would keep visitors waiting */

static gov_rc_t
gov_news_entry(gov_news_t *n, gov_arena_t *a, uint64_t seq, gov_str_t value)
{
    gov_rc_t      rc;
    gov_value_t  *site, *sites;

    if (value.len > GOV_NEWS_LONG) {
        return GOV_FULL;
    }

    rc = gov_rec_tree(a, &gov_rec_entry, value,
                      offsetof(gov_entry_rec_t, sites), &sites);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_each(site, sites) {
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
