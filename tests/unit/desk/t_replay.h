
/*
 * Copyright (C) ngx_gov authors
 *
 * A store's journal replayed into an empty one gives the same dump.
 */


#ifndef _T_REPLAY_H_INCLUDED_
#define _T_REPLAY_H_INCLUDED_


#include "desk/t_site_desk.h"


static inline gov_entry_rec_t
t_entry(t_store_t *t, gov_txn_t *txn, uint64_t seq)
{
    gov_entry_rec_t   e;

    t_ok(gov_journal_get(txn, t->arena, seq, &e));
    gov_rec_own(t->arena, &gov_rec_entry, &e);

    return e;
}


/* the number of entries */

static inline uint64_t
t_replayed(t_store_t *t)
{
    gov_op_t          op;
    uint64_t          n, seq, head;
    gov_txn_t        *from;
    t_store_t         other;
    gov_str_t         want, got;
    gov_store_t      *first;
    gov_value_t      *verdict;
    gov_entry_rec_t   e;

    want = t_dump(t, 0, 1);
    first = t->store;

    memset(&other, 0, sizeof(t_store_t));
    (void) snprintf(other.dir, sizeof(other.dir), "%s/again", t->base);
    other.conf = t->conf;
    other.conf.dir = other.dir;
    t_ok(gov_store_open(&other.conf, &other.store, &t->err));

    from = t_begin(t, GOV_TXN_READ);
    head = gov_journal_head(from);

    for (n = 1; n <= head; n++) {
        e = t_entry(t, from, n);

        t_ok(gov_desk_replay_op(from, t->arena, &e, &op, &t->err));
        op.blobs = t->base;

        t->store = other.store;
        t_ok(t_apply(t, &op, &verdict, &seq));
        t->store = first;

        assert_int_equal(seq, n);
    }

    gov_txn_end(&from);

    t->store = other.store;
    got = t_dump(t, 0, 1);
    gov_store_close(&t->store);
    t->store = first;

    if (!gov_str_eq(got, want)) {
        print_error("%.*s\n----\n%.*s\n", gov_strf(want), gov_strf(got));
        fail();
    }

    return head;
}


#endif /* _T_REPLAY_H_INCLUDED_ */
