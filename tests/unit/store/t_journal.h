
/*
 * Copyright (C) ngx_gov authors
 *
 * What the tests of the journal and of its verification share: a history of
 * some commands, and entries as they lie in the store.
 */


#ifndef _T_JOURNAL_H_INCLUDED_
#define _T_JOURNAL_H_INCLUDED_


#include "store/t_store.h"


#define ENTRIES  12


/* commands on sites 3, 4 and both; entry 5 touches none */

static inline void
history(t_store_t *t, gov_digest_kind_t digest)
{
    unsigned    n;
    gov_note_t  note;
    gov_txn_t  *txn;

    gov_store_close(&t->store);
    t->conf.digest = digest;
    t_open(t);

    for (n = 1; n <= ENTRIES; n++) {
        txn = t_begin(t, GOV_TXN_WRITE);

        if (n == 5) {
            note = t_note(n);
            gov_touch(txn, GOV_HUB, GOV_SLOT_POLICY);
            t_ok(gov_note(txn, t->arena, &note, NULL, &t->err));

        } else {
            if (n % 4 == 0) {
                gov_touch(txn, 4, GOV_SLOT_LINKS);
            }

            t_command(t, txn, 3 + n % 2, n, n);
        }

        t_commit(t, &txn);
    }
}


static inline gov_rc_t
verify(t_store_t *t, uint32_t site, uint64_t *checked)
{
    gov_rc_t    rc;
    gov_txn_t  *txn;

    txn = t_begin(t, GOV_TXN_READ);
    t_err_clear(t);
    rc = gov_journal_verify(txn, site, checked, NULL, &t->err);
    gov_txn_end(&txn);

    return rc;
}


static inline void
load_entry(t_store_t *t, gov_txn_t *txn, uint64_t n, gov_entry_rec_t *e)
{
    gov_key_t  k;

    t_ok(gov_load(gov_handle(txn, 0), GOV_T_JOURNAL, gov_key8(&k, n),
                  t->arena, e));
}


static inline void
save_entry(t_store_t *t, gov_txn_t *txn, uint64_t n, gov_entry_rec_t *e)
{
    gov_key_t  k;

    t_ok(gov_save(gov_handle(txn, 0), GOV_T_JOURNAL, gov_key8(&k, n),
                  t->arena, e));
}


#endif /* _T_JOURNAL_H_INCLUDED_ */
