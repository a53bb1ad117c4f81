
/*
 * Copyright (C) ngx_gov authors
 *
 * Bodies of the API: any command, or question, with any JSON.  Lines:
 * "COMMAND", or "?QUESTION", or "#OPERATION" for the id of the next; then its
 * input.  Commands follow one another in one transaction.
 */


#include "govd/govd_int.h"
#include "view/gov_query.h"

#include "fuzz_store.h"


static void
f_question(gov_txn_t *txn, gov_arena_t *a, gov_str_t name,
    gov_value_t *input)
{
    gov_rc_t      rc;
    gov_err_t     err;
    gov_who_t     who;
    gov_value_t  *out;

    memset(&err, 0, sizeof(gov_err_t));

    gov_who_operator(&who);
    rc = gov_query(txn, a, &who, name, input, F_NOW, &out, &err);

    if (rc == GOV_OK) {
        (void) f_json(a, out, 0);

    } else {
        f_must(err.text[0] != '\0');
        f_must(gov_utf8_valid(gov_str_of(err.text)));
    }
}


/* an answer is made of every failure, and it is JSON */

static int
f_filled(gov_arena_t *a, gov_str_t name, gov_value_t *input, gov_str_t id)
{
    gov_op_t        op;
    gov_err_t       err;
    gov_value_t    *v;
    govd_conf_t     conf;
    govd_answer_t   an;

    memset(&an, 0, sizeof(govd_answer_t));
    memset(&conf, 0, sizeof(govd_conf_t));
    memset(&err, 0, sizeof(gov_err_t));
    memset(&op, 0, sizeof(gov_op_t));

    if (govd_op_fill(&conf, a, &op, name, input, id, 0, &err) == GOV_OK) {
        return 1;
    }

    govd_answer_err(a, &an, &err);
    f_must(an.status >= 400 && an.status < 600);
    f_must(gov_json_parse(a, an.body, &v, NULL) == GOV_OK);

    return 0;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned      n;
    gov_str_t     rest, name, id;
    gov_txn_t    *txn, *child;
    gov_value_t  *input;
    gov_arena_t  *a;

    a = gov_arena_new(16384);
    rest = f_str(data, size);
    txn = f_begin(GOV_TXN_WRITE);

    for (n = 0; rest.len && n < 8; n++) {
        id = gov_s("");
        name = f_line(&rest);

        if (name.len && name.data[0] == '#') {
            id = (gov_str_t) { name.len - 1, name.data + 1 };
            name = f_line(&rest);
        }

        if (gov_json_parse(a, f_line(&rest), &input, NULL) != GOV_OK) {
            continue;
        }

        if (name.len && name.data[0] == '?') {
            name.len--;
            name.data++;
            f_question(txn, a, name, input);
            continue;
        }

        if (!f_filled(a, name, input, id)) {
            continue;
        }

        f_must(gov_txn_child(txn, &child, NULL) == GOV_OK);

        if (f_apply(child, a, name, input) == GOV_OK) {
            f_must(gov_txn_commit(&child, NULL) == GOV_OK);

        } else {
            gov_txn_end(&child);
        }
    }

    gov_txn_end(&txn);
    gov_arena_free(&a);

    return 0;
}
