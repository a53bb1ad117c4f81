
/*
 * Copyright (C) ngx_gov authors
 *
 * What of a command's parts somebody was refused, a replay, which knows no
 * rights, refuses again: the same store, the same verdict, the same entry.
 */


#include "desk/t_people_desk.h"
#include "desk/t_replay.h"


/* two more people, of one county alone: half is an operator there, write a
 * clerk and a publisher */

static void
t_half(t_store_t *t)
{
    t_people_do(t);
    t_do(t, "user.create", "{'login': 'half', 'name': '半区', "
         "'role': 'operator', 'site': '610402', 'secret': 'x'}");
    t_do(t, "user.create", "{'login': 'write', 'name': '采编', "
         "'role': 'clerk', 'site': '610402', 'secret': 'x'}");
    t_do(t, "user.grant", "{'user': 'write', 'role': 'publisher', "
         "'site': '610402'}");
}


/* the last entry's input */

static const char *
t_noted(t_store_t *t)
{
    gov_txn_t        *txn;
    gov_entry_rec_t   e;

    txn = t_begin(t, GOV_TXN_READ);
    e = t_entry(t, txn, gov_journal_head(txn));
    gov_txn_end(&txn);

    return gov_str_c(t->arena, e.input);
}


static void
t_has(const char *text, const char *words)
{
    if (strstr(text, words) == NULL) {
        print_error("%s\nhas no %s\n", text, words);
        fail();
    }
}


static gov_value_t *
t_refused(gov_value_t *verdict, unsigned i)
{
    gov_value_t  *m;

    gov_each (m, gov_member(verdict, "refused")) {
        if (i-- == 0) {
            return m;
        }
    }

    fail();

    return NULL;
}


static void
sites_where_they_may_not_are_left_again(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_half(t);
    v = t_as(t, "half", "site.import", "{'rows': ["
             "{'code': '610402002', 'level': 'township', 'name': '一街', "
             "'parent_code': '610402', 'slug': 'one'},"
             "{'code': '610403002', 'level': 'township', 'name': '二街', "
             "'parent_code': '610403', 'slug': 'two'},"
             "{'code': '610403', 'name': '改名区', 'level': 'county', "
             "'parent_code': '6104'},"
             "{'code': '610402003', 'level': 'township', 'name': '三街', "
             "'parent_code': '610402', 'slug': 'three'}]}");

    assert_int_equal(gov_get_int(v, "created", 0), 2);
    assert_int_equal(gov_get_int(t_refused(v, 0), "row", 0), 2);
    assert_int_equal(gov_get_int(t_refused(v, 1), "row", 0), 3);
    t_has(t_noted(t), "\"$refused\":[{\"field\":");

    (void) t_replayed(t);
}


static void
documents_where_they_may_not_are_left_again(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_half(t);
    v = t_as(t, "write", "doc.import", "{'site': '610402', "
             "'column': 'tzgg', 'rows': ["
             "{'id': 'a', 'title': '甲', 'body_md': '甲文', "
             "'published': '2020-01-01'},"
             "{'id': 'b', 'title': '乙', 'body_md': '乙文', "
             "'site': '610403', 'published': '2020-01-01'},"
             "{'id': 'c', 'title': '', 'body_md': '丙文', "
             "'published': '2020-01-01'},"
             "{'id': 'd', 'title': '丁', 'body_md': '丁文'}]}");

    assert_int_equal(gov_get_int(v, "created", 0), 2);
    assert_int_equal(gov_get_int(t_refused(v, 0), "row", 0), 2);
    assert_int_equal(gov_get_int(t_refused(v, 1), "row", 0), 3);

    /* of what is refused nothing else is said */
    assert_int_equal(gov_member(v, "warnings")->n, 1);
    assert_int_equal(gov_member(v, "warnings_en")->n, 1);

    t_has(t_noted(t), "乙文");
    (void) t_replayed(t);
}


static void
a_batch_leaves_the_same_documents(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_half(t);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'tzgg', "
         "'title': '一', 'body': '文', 'publish': true}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'tzgg', "
         "'title': '二', 'body': '文'}");

    v = t_as(t, "clerk", "doc.bulk", "{'act': 'move', 'docs': [1, 2], "
             "'column': 'gzdt'}");

    assert_int_equal(gov_get_int(v, "done", 0), 1);
    assert_int_equal(gov_get_int(t_refused(v, 0), "row", 0), 1);
    t_has(t_noted(t), "\"row\":1}]");

    (void) t_replayed(t);
}


static void
grants_that_were_not_theirs_stay_out(void **state)
{
    u_char        digest[GOV_DIGEST_LEN];
    gov_buf_t     b;
    gov_txn_t    *txn;
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_half(t);

    gov_buf_init(&b, t->arena, 4096);
    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_site_export(txn, t->arena, t_site(t, txn, "610402").id,
                         t_dump_line, &b, &t->err));
    t_ok(gov_people_export(txn, t->arena, t_site(t, txn, "610402").id,
                           t_dump_line, &b, &t->err));
    gov_txn_end(&txn);
    t_ok(gov_blob_put(t->base, b.s, digest, &t->err));

    t_do(t, "user.revoke", "{'user': 'half', 'role': 'operator', "
         "'site': '610402'}");
    v = t_as(t, "ops", "site.restore", gov_str_c(t->arena,
             gov_str_fmt(t->arena, "{'file': '%.*s'}",
                         gov_strf(gov_hex_str(t->arena, digest,
                                              sizeof(digest))))));

    v = gov_member(v, "warnings");
    assert_non_null(v);
    assert_int_equal(v->n, 1);
    t_has(gov_str_c(t->arena, v->u.first->u.s),
          "没有恢复 half 的授权“operator”");

    (void) t_replayed(t);
}


/* an entry of before says nothing of its parts, and comes out as it was */

static void
an_older_entry_says_nothing(void **state)
{
    gov_op_t      op;
    uint64_t      seq;
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_half(t);
    op = t_op(t, "site.import", t_json(t, "{'rows': ["
              "{'code': '610402002', 'level': 'township', 'name': '一街', "
              "'parent_code': '610402', 'slug': 'one'},"
              "{'code': '99', 'level': '9', 'name': 'x'}]}"));
    op.door = GOV_DOOR_REPLAY;
    op.again = 1;
    t_ok(t_apply(t, &op, &v, &seq));

    assert_int_equal(gov_get_int(t_refused(v, 0), "row", 0), 2);
    assert_null(strstr(t_noted(t), "$refused"));

    (void) t_replayed(t);
}


/* what the journal keeps beside an input is nobody's to give */

static void
nobody_says_what_was_refused(void **state)
{
    t_store_t  *t = *state;

    t_half(t);
    t_no(t, GOV_INVALID, "site.set", "{'site': '610402', "
         "'$refused': [{'row': 1}]}", "$refused");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(sites_where_they_may_not_are_left_again),
        t_test(documents_where_they_may_not_are_left_again),
        t_test(a_batch_leaves_the_same_documents),
        t_test(grants_that_were_not_theirs_stay_out),
        t_test(an_older_entry_says_nothing),
        t_test(nobody_says_what_was_refused)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
