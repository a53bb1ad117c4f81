
/*
 * Copyright (C) ngx_gov authors
 *
 * The log of a document: a row for each act on it, under the next number of
 * its own, so that none is ever written twice.  A row names the entry of the
 * journal that the act is part of, whose chains show that it stood there.
 */


#include "content/gov_content_int.h"


gov_rc_t
gov_log_add(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, gov_act_t act,
    gov_step_t to, uint32_t n, gov_by_t *by, gov_err_t *err)
{
    gov_rc_t           rc;
    uint64_t           entry;
    gov_key_t          k;
    gov_stepped_rec_t  row;

    rc = gov_journal_next(t, &entry);
    if (rc != GOV_OK) {
        return gov_store_said(err, rc);
    }

    memset(&row, 0, sizeof(gov_stepped_rec_t));
    row.time = by->now;
    row.actor = by->name;
    row.by = (int64_t) by->account;
    row.act = act;
    row.from = gov_doc_step(&doc->rec);
    row.to = to;
    row.version = n;
    row.reason = by->reason;
    row.entry = (int64_t) entry;

    doc->rec.logs++;

    gov_key_add4(gov_key8(&k, doc->id), (uint32_t) doc->rec.logs);

    return gov_store_said(err, gov_save(gov_handle(t, doc->site), GOV_T_LOG,
                                        &k, a, &row));
}
