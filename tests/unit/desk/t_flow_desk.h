
/*
 * Copyright (C) ngx_gov authors
 *
 * What the tests of the workflow's commands share: people by number, who may
 * everything, questions, and documents in any number.
 *
 *     t_as(t, 11, "doc.submit", "{...}")     done by account 11
 *     t_not_as(t, 11, GOV_DENIED, "doc.pass", "{...}", "words")
 *     t_rows_of(t, "task.list", "{...}", "1 2")  documents of its rows
 *     t_many(t, "610402", 3, T_MANY, t_public)   public ones in column 3
 *     t_again(t)     the journal, replayed, gives the same store
 */


#ifndef _T_FLOW_DESK_H_INCLUDED_
#define _T_FLOW_DESK_H_INCLUDED_


#include "desk/t_doc_desk.h"
#include "view/gov_query.h"


#define T_MANY  4100                /* more than one page looks at */


static const char  *t_asker;        /* a login; NULL: who may everything */


static inline gov_op_t
t_op_as(t_store_t *t, uint64_t account, const char *command,
    const char *json)
{
    gov_op_t  op;

    static const char  *names[] = { "甲", "乙", "丙", "丁" };

    /* as a journal's: in somebody's name, judged before */

    op = t_op(t, command, t_json(t, json));
    op.door = GOV_DOOR_REPLAY;
    op.account = account;
    op.actor = gov_str_of(names[(account - 11) % 4]);

    return op;
}


static inline void
t_as_at(t_store_t *t, uint64_t account, gov_rc_t want, const char *command,
    const char *json, const char *words, const char *file, int line)
{
    gov_op_t      op;
    uint64_t      seq;
    gov_value_t  *verdict;

    op = t_op_as(t, account, command, json);
    t_rc_at(t_apply(t, &op, &verdict, &seq), want, file, line);

    if (words != NULL) {
        t_says_at(t, words, file, line);
    }
}

#define t_as(t, account, command, json)                                       \
    t_as_at(t, account, GOV_OK, command, json, NULL, __FILE__, __LINE__)

#define t_not_as(t, account, rc, command, json, words)                        \
    t_as_at(t, account, rc, command, json, words, __FILE__, __LINE__)


static inline gov_value_t *
t_ask_at(t_store_t *t, const char *name, const char *json, const char *file,
    int line)
{
    gov_who_t      who;
    gov_txn_t     *txn;
    gov_value_t   *out, *copy;
    gov_account_t  account;

    txn = t_begin(t, GOV_TXN_READ);
    t_err_clear(t);
    gov_who_operator(&who);

    if (t_asker != NULL) {
        t_ok(gov_account_by_login(txn, t->arena, gov_str_of(t_asker),
                                  &account));
        t_ok(gov_who(txn, t->arena, account.id, t_now, &who));
    }

    t_rc_at(gov_query(txn, t->arena, &who, gov_str_of(name),
                      t_json(t, json), t_now, &out, &t->err),
            GOV_OK, file, line);
    copy = gov_value_copy(t->arena, out);
    gov_txn_end(&txn);

    return copy;
}


static inline void
t_holds_at(t_store_t *t, gov_value_t *v, const char *words, const char *file,
    int line)
{
    const char  *text;

    text = gov_str_c(t->arena, t_text(t, v));

    if (strstr(text, words) == NULL) {
        print_error("%s\nhas no %s\n", text, words);
        _fail(file, line);
    }
}

#define t_holds(t, v, words)  t_holds_at(t, v, words, __FILE__, __LINE__)

#define t_asks(t, name, json, words)                                          \
    t_holds_at(t, t_ask_at(t, name, json, __FILE__, __LINE__), words,         \
               __FILE__, __LINE__)


static inline gov_str_t
t_docs_of(t_store_t *t, gov_value_t *answer)
{
    gov_buf_t     b;
    gov_value_t  *row;

    gov_buf_init(&b, t->arena, 64);

    gov_each (row, gov_member(answer, "rows")) {
        gov_buf_fmt(&b, "%s%lld", b.s.len ? " " : "",
                    (long long) gov_get_int(row, "doc", 0));
    }

    return b.s;
}

#define t_rows_of(t, name, json, want)                                        \
    t_str_at(t_docs_of(t, t_ask_at(t, name, json, __FILE__, __LINE__)),       \
             gov_str_of(want), __FILE__, __LINE__)


/* "1 2|3|": the documents page by page, to the end */

static inline gov_str_t
t_pages_at(t_store_t *t, const char *name, const char *fields,
    const char *file, int line)
{
    int           i;
    gov_buf_t     b;
    gov_str_t     next;
    const char   *json;
    gov_value_t  *answer;

    gov_buf_init(&b, t->arena, 64);
    next = gov_s("");

    for (i = 0; i < 20; i++) {
        json = gov_str_c(t->arena,
                         next.len ? gov_str_fmt(t->arena,
                                        "{%s, 'after': '%.*s'}", fields,
                                        gov_strf(next))
                                  : gov_str_fmt(t->arena, "{%s}", fields));
        answer = t_ask_at(t, name, json, file, line);
        gov_buf_str(&b, t_docs_of(t, answer));
        gov_buf_c(&b, "|");
        next = gov_get_str(answer, "next");

        if (gov_get_int(answer, "next", 0) != 0) {
            next = gov_str_fmt(t->arena, "%lld",
                               (long long) gov_get_int(answer, "next", 0));
        }

        if (next.len == 0) {
            break;
        }
    }

    return b.s;
}

#define t_pages(t, name, fields, want)                                        \
    t_str_at(t_pages_at(t, name, fields, __FILE__, __LINE__),                 \
             gov_str_of(want), __FILE__, __LINE__)


/* what becomes of one of many that were written */

typedef gov_rc_t (*t_then_pt)(t_store_t *t, gov_txn_t *txn, gov_doc_t *doc,
    gov_by_t *by);

static inline gov_rc_t
t_public(t_store_t *t, gov_txn_t *txn, gov_doc_t *doc, gov_by_t *by)
{
    return gov_doc_publish(txn, t->arena, doc, 1, by->now, by, &t->err);
}


/* written in one transaction, without an entry each */

static inline void
t_many(t_store_t *t, const char *site, uint32_t column, unsigned n,
    t_then_pt then)
{
    unsigned           i;
    gov_by_t           by;
    gov_doc_t          doc;
    gov_txn_t         *txn;
    gov_version_rec_t  v;

    txn = t_begin(t, GOV_TXN_WRITE);
    memset(&by, 0, sizeof(gov_by_t));
    by.now = t_now++;

    for (i = 0; i < n; i++) {
        memset(&doc, 0, sizeof(gov_doc_t));
        memset(&v, 0, sizeof(gov_version_rec_t));
        doc.site = t_site(t, txn, site).id;
        doc.rec.column = column;
        v.time = by.now;
        v.title = gov_s("普通");
        t_ok(gov_body_put(txn, t->arena, doc.site, 0, gov_s("md"),
                          gov_s("文"), NULL, &v.body, &t->err));
        t_ok(gov_doc_write(txn, t->arena, &doc, &v, &t->err));
        t_ok(then(t, txn, &doc, &by));
    }

    t_commit(t, &txn);
}


static inline void
t_again(t_store_t *t)
{
    gov_op_t          op;
    uint64_t          n, seq;
    gov_str_t         want;
    gov_txn_t        *from;
    t_store_t         other;
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

    for (n = 1; n <= gov_journal_head(from); n++) {
        t_ok(gov_journal_get(from, t->arena, n, &e));
        t_ok(gov_desk_replay_op(from, t->arena, &e, &op, &t->err));
        op.blobs = t->base;

        t->store = other.store;
        t_ok(t_apply(t, &op, &verdict, &seq));
        t->store = first;
    }

    gov_txn_end(&from);

    t->store = other.store;
    t_str(t_dump(t, 0, 1), gov_str_c(t->arena, want));
    gov_store_close(&t->store);
    t->store = first;
}


#endif /* _T_FLOW_DESK_H_INCLUDED_ */
