
/*
 * Copyright (C) ngx_gov authors
 *
 * What the tests of the site commands share: commands as JSON, each in a
 * transaction of its own, as the platform's operator would send them.
 *
 *     t_do(t, "site.create", "{...}")        must be done; gives the verdict
 *     t_no(t, GOV_DENIED, "site.live", "{...}", "words")      must be refused
 */


#ifndef _T_SITE_DESK_H_INCLUDED_
#define _T_SITE_DESK_H_INCLUDED_


#include "site/t_site.h"
#include "desk/gov_desk_int.h"


static uint32_t  t_ops;
static int64_t   t_now = T_NOW;
static int       t_by_digest;       /* bodies are named as up to format 4 */


/* in JSON written for tests, ' stands for " */

static inline gov_value_t *
t_json(t_store_t *t, const char *text)
{
    size_t        i;
    gov_str_t     s;
    gov_value_t  *v;

    s = gov_str_copy(t->arena, gov_str_of(text));

    for (i = 0; i < s.len; i++) {
        if (s.data[i] == '\'') {
            s.data[i] = '"';
        }
    }

    t_err_clear(t);
    t_ok(gov_json_parse(t->arena, s, &v, &t->err));

    return v;
}


static inline gov_op_t
t_op(t_store_t *t, const char *command, gov_value_t *input)
{
    gov_op_t  op;

    memset(&op, 0, sizeof(gov_op_t));

    t_ops++;
    memcpy(op.id, &t_ops, sizeof(t_ops));
    op.id[GOV_OPID_LEN - 1] = 7;
    memcpy(op.random, &t_ops, sizeof(t_ops));

    op.time = t_now++;
    op.door = GOV_DOOR_CTL;
    op.actor = gov_s("管理员");
    op.origin = gov_s("unit");
    op.command = gov_str_of(command);
    op.input = input;
    op.blobs = t->base;
    op.by_digest = t_by_digest;

    return op;
}


/* what fails leaves nothing: the transaction is ended */

static inline gov_rc_t
t_apply(t_store_t *t, gov_op_t *op, gov_value_t **verdict, uint64_t *seq)
{
    gov_rc_t    rc;
    gov_txn_t  *txn;

    txn = t_begin(t, GOV_TXN_WRITE);

    rc = gov_desk_apply(txn, t->arena, op, verdict, seq, &t->err);

    if (rc == GOV_OK && !op->dry_run) {
        t_commit(t, &txn);

    } else {
        gov_txn_end(&txn);
    }

    return rc;
}


static inline gov_value_t *
t_do_at(t_store_t *t, const char *command, const char *json,
    const char *file, int line)
{
    gov_op_t      op;
    uint64_t      seq;
    gov_value_t  *verdict;

    op = t_op(t, command, t_json(t, json));
    t_rc_at(t_apply(t, &op, &verdict, &seq), GOV_OK, file, line);

    return verdict;
}

#define t_do(t, command, json)                                                \
    t_do_at(t, command, json, __FILE__, __LINE__)


/* with a body as it was taken when larger ones were */

static inline gov_value_t *
t_do_large(t_store_t *t, const char *command, gov_value_t *input)
{
    gov_op_t       op;
    uint64_t       seq;
    gov_safe_t   **last;
    gov_value_t   *verdict;

    op = t_op(t, command, input);
    last = &op.safe;
    gov_desk_safe_stored(t->arena, gov_desk_form(input),
                         gov_get_str(input, "body"), &last);
    t_ok(t_apply(t, &op, &verdict, &seq));

    return verdict;
}


/* Markdown whose safe HTML has so many bytes, at least eight: a paragraph */

static inline gov_str_t
t_body_of(t_store_t *t, size_t bytes)
{
    gov_buf_t  b;

    bytes -= sizeof("<p></p>\n") - 1;
    gov_buf_init(&b, t->arena, bytes / 6 + 8);

    while (b.s.len < bytes / 6) {
        gov_buf_c(&b, "\"");                /* six bytes of HTML */
    }

    gov_buf_add(&b, "xxxxx", bytes % 6);

    return b.s;
}


static inline void
t_no_at(t_store_t *t, gov_rc_t want, const char *command, const char *json,
    const char *words, const char *file, int line)
{
    gov_op_t      op;
    uint64_t      seq;
    gov_value_t  *verdict;

    op = t_op(t, command, t_json(t, json));
    t_rc_at(t_apply(t, &op, &verdict, &seq), want, file, line);
    t_says_at(t, words, file, line);
}

#define t_no(t, want, command, json, words)                                   \
    t_no_at(t, want, command, json, words, __FILE__, __LINE__)


static inline gov_str_t
t_text(t_store_t *t, gov_value_t *v)
{
    gov_buf_t  b;

    gov_buf_init(&b, t->arena, 256);
    gov_json_write(&b, v, GOV_JSON_CANON);

    return b.s;
}


/* the demo city's beginning */

static inline void
t_city_do(t_store_t *t)
{
    t_do(t, "site.create", "{'code': '6104', 'name': '咸阳市', "
         "'level': 'city', 'slug': 'xianyang', 'host': "
         "['www.xianyang.localhost', 'localhost', 'xianyang.localhost']}");
    t_do(t, "site.create", "{'code': '610402', 'name': '秦都区', "
         "'level': 'county', 'parent': '6104', 'slug': 'qindu'}");
    t_do(t, "site.create", "{'code': '610402001', 'name': '人民路街道', "
         "'level': 'township', 'parent': '610402', 'slug': 'renminlu'}");
}


#endif /* _T_SITE_DESK_H_INCLUDED_ */
