
/*
 * Copyright (C) ngx_gov authors
 *
 * A command with the n-th store call failing, n = 1, 2, 3 ... until none
 * does: whenever one failed, the command must say so, in words, and the store
 * must be as it was.
 */


#ifndef _T_FAULT_H_INCLUDED_
#define _T_FAULT_H_INCLUDED_


#include "desk/t_site_desk.h"


/* the number of calls that were made to fail */

static inline unsigned
t_each_call_of(t_store_t *t, gov_op_t *op)
{
    gov_op_t      again;
    gov_rc_t      rc;
    unsigned      n;
    uint64_t      seq;
    gov_err_t     said;
    gov_str_t     before, after;
    gov_txn_t    *txn;
    gov_value_t  *verdict;

    before = t_dump(t, 0, 1);

    for (n = 1; n < 5000; n++) {
        again = *op;
        t_err_clear(t);
        gov_store_fail_at(n, GOV_FULL);

        rc = gov_txn_begin(t->store, GOV_TXN_WRITE, &txn, &t->err);

        if (rc == GOV_OK) {
            rc = gov_desk_apply(txn, t->arena, &again, &verdict, &seq,
                                &t->err);

            if (rc == GOV_OK) {
                rc = gov_txn_commit(&txn, &t->err);

            } else {
                gov_txn_end(&txn);
            }
        }

        if (!gov_store_fail_fired()) {
            gov_store_fail_at(0, GOV_OK);
            t_ok(rc);
            return n - 1;
        }

        gov_store_fail_at(0, GOV_OK);
        said = t->err;
        after = t_dump(t, 0, 1);

        if (rc == GOV_OK || said.text[0] == '\0'
            || !gov_str_eq(before, after))
        {
            fail_msg("%.*s, call %u: %s \"%s\", the store %s",
                     gov_strf(op->command), n, gov_rc_name(rc), said.text,
                     gov_str_eq(before, after) ? "is as before" : "changed");
        }
    }

    fail();

    return 0;
}


static inline unsigned
t_each_call(t_store_t *t, const char *command, gov_value_t *input)
{
    gov_op_t  op;

    op = t_op(t, command, input);

    if (gov_command_find(op.command)->scope == GOV_SCOPE_INNER) {
        op.door = GOV_DOOR_DAEMON;
    }

    return t_each_call_of(t, &op);
}


#endif /* _T_FAULT_H_INCLUDED_ */
