
/*
 * Copyright (C) ngx_gov authors
 *
 * A journal applied, entry by entry, to an empty store: the proof that
 * commands are deterministic, and the way to a point in time.
 *
 *     govd --replay FROM TO          two folders that hold a store each
 *
 * FROM is read, TO is made.  Every entry must come out under its own number
 * and with its own hash; the first that does not ends the replay.  Bodies
 * are read from FROM, attachments from blobs/ beside the current folder.
 */


#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "govd/govd_int.h"


#define GOVD_REPLAY_GROUP  100          /* entries of a transaction */


typedef struct {
    gov_store_t  *from;
    gov_store_t  *to;
    const char   *blobs;
    uint64_t      done;
} govd_replay_t;


static gov_rc_t govd_replay_all(govd_replay_t *p, gov_err_t *err);
static gov_rc_t govd_replay_some(govd_replay_t *p, gov_txn_t *from,
    uint64_t head, gov_err_t *err);
static gov_rc_t govd_replay_entry(govd_replay_t *p, gov_txn_t *from,
    gov_txn_t *to, uint64_t seq, gov_err_t *err);
static gov_rc_t govd_replay_same(gov_txn_t *to, gov_arena_t *a, uint64_t seq,
    gov_entry_rec_t *entry, gov_err_t *err);


int
govd_replay(govd_conf_t *conf, const char *from, const char *to)
{
    gov_rc_t          rc;
    gov_err_t         err;
    govd_replay_t     p;
    gov_store_conf_t  c;

    memset(&p, 0, sizeof(govd_replay_t));
    memset(&err, 0, sizeof(gov_err_t));
    p.blobs = conf->blobs;

    c = conf->store;
    c.dir = from;
    c.flags = GOV_STORE_READ;

    rc = gov_store_open(&c, &p.from, &err);

    if (rc == GOV_OK) {
        c.dir = to;
        c.flags = GOV_STORE_WRITE;
        rc = gov_store_open(&c, &p.to, &err);
    }

    if (rc == GOV_OK) {
        rc = govd_replay_all(&p, &err);
    }

    gov_store_close(&p.from);
    gov_store_close(&p.to);

    if (rc != GOV_OK) {
        (void) fprintf(stderr, "%s\n", err.text);
        return gov_rc_exit(rc);
    }

    (void) printf("{\"entries\":%llu}\n", (unsigned long long) p.done);

    return 0;
}


static gov_rc_t
govd_replay_all(govd_replay_t *p, gov_err_t *err)
{
    gov_rc_t    rc;
    uint64_t    head;
    gov_txn_t  *from, *to;

    rc = gov_txn_begin(p->to, GOV_TXN_READ, &to, err);
    if (rc != GOV_OK) {
        return rc;
    }

    p->done = gov_journal_head(to);
    gov_txn_end(&to);

    if (p->done) {
        return gov_fail(err, GOV_CONFLICT, "", "重放只能进入空的存储");
    }

    rc = gov_txn_begin(p->from, GOV_TXN_READ, &from, err);
    if (rc != GOV_OK) {
        return rc;
    }

    head = gov_journal_head(from);

    while (rc == GOV_OK && p->done < head) {
        rc = govd_replay_some(p, from, head, err);
    }

    gov_txn_end(&from);

    return rc;
}


static gov_rc_t
govd_replay_some(govd_replay_t *p, gov_txn_t *from, uint64_t head,
    gov_err_t *err)
{
    gov_rc_t    rc;
    uint64_t    seq, last;
    gov_txn_t  *to, *child;

    rc = gov_txn_begin(p->to, GOV_TXN_WRITE, &to, err);
    if (rc != GOV_OK) {
        return rc;
    }

    last = p->done + GOVD_REPLAY_GROUP < head ? p->done + GOVD_REPLAY_GROUP
                                              : head;

    for (seq = p->done + 1; rc == GOV_OK && seq <= last; seq++) {

        rc = gov_txn_child(to, &child, err);

        if (rc == GOV_OK) {
            rc = govd_replay_entry(p, from, child, seq, err);
        }

        if (rc == GOV_OK) {
            rc = gov_txn_commit(&child, err);
        } else {
            gov_txn_end(&child);
        }
    }

    if (rc == GOV_OK) {
        rc = gov_txn_commit(&to, err);
        p->done = last;
    }

    gov_txn_end(&to);

    return rc;
}


static gov_rc_t
govd_replay_entry(govd_replay_t *p, gov_txn_t *from, gov_txn_t *to,
    uint64_t seq, gov_err_t *err)
{
    gov_op_t          op;
    gov_rc_t          rc;
    uint64_t          got;
    gov_err_t         why;
    gov_arena_t      *a;
    gov_value_t      *verdict;
    gov_entry_rec_t   entry;

    memset(&why, 0, sizeof(gov_err_t));
    a = gov_arena_new(16384);

    rc = gov_journal_get(from, a, seq, &entry);

    if (rc == GOV_OK) {
        rc = gov_desk_replay_op(from, a, &entry, &op, &why);
    }

    if (rc == GOV_OK) {
        op.blobs = p->blobs;
        rc = gov_desk_apply(to, a, &op, &verdict, &got, &why);
    }

    if (rc == GOV_OK) {
        rc = govd_replay_same(to, a, seq, &entry, &why);
    }

    gov_arena_free(&a);

    return rc == GOV_OK ? rc
           : gov_fail(err, rc, "", "第 %llu 条日志无法重放：%s",
                      (unsigned long long) seq,
                      why.code ? why.text : gov_rc_name(rc));
}


static gov_rc_t
govd_replay_same(gov_txn_t *to, gov_arena_t *a, uint64_t seq,
    gov_entry_rec_t *entry, gov_err_t *err)
{
    gov_rc_t         rc;
    gov_entry_rec_t  made;

    rc = gov_journal_get(to, a, seq, &made);

    if (rc != GOV_OK || !gov_str_eq(made.hash, entry->hash)) {
        return gov_fail(err, GOV_CORRUPT, "", "重放得到的日志与原来的不同");
    }

    return GOV_OK;
}
