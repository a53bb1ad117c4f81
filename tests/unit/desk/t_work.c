
/*
 * Copyright (C) ngx_gov authors
 *
 * Long work that somebody asks for: who may, what is one and the same, how
 * many may wait, and who is shown what became of it.
 */


#include "desk/t_people_desk.h"
#include "desk/t_replay.h"
#include "people/gov_work.h"
#include "view/gov_query.h"


#define T_TABLE  "5feceb66ffc86f38d952786c6d696c79" \
                 "c2dbc239dd4e91b46729d73a27fb57e9"


static void
t_auditors(t_store_t *t)
{
    t_people_do(t);
    t_do(t, "user.create", "{'login': 'local', 'name': '县审', "
         "'role': 'auditor', 'site': '610402', 'secret': 'x'}");
}


/* the `next` of the last answer, 0: none; and whether it was `partial` */
static int64_t  t_next;
static int      t_partial;


/* "3+ 2? 1-": those shown, by number: sound, waiting, not */

static gov_str_t
t_works(t_store_t *t, const char *login, const char *json)
{
    gov_buf_t     b;
    gov_txn_t    *txn;
    gov_who_t     who;
    gov_value_t  *out, *row;

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_who(txn, t->arena, t_account(t, login).id, t_now, &who));
    t_ok(gov_query(txn, t->arena, &who, gov_s("work.list"), t_json(t, json),
                   t_now, &out, &t->err));

    gov_buf_init(&b, t->arena, 64);

    gov_each (row, gov_member(out, "rows")) {
        gov_buf_fmt(&b, "%s%lld%s", b.s.len ? " " : "",
                    (long long) gov_get_int(row, "work", 0),
                    gov_member(row, "ended") == NULL ? "?"
                    : gov_get_bool(row, "ok") ? "+" : "-");
    }

    t_next = gov_get_int(out, "next", 0);
    t_partial = gov_get_bool(out, "partial");

    gov_txn_end(&txn);

    return b.s;
}


/* about another county, ended, written without an entry each */

static void
t_others(t_store_t *t, unsigned n)
{
    gov_txn_t   *txn;
    gov_work_t   w;

    txn = t_begin(t, GOV_TXN_WRITE);

    while (n-- != 0) {
        memset(&w, 0, sizeof(gov_work_t));
        w.rec.name = gov_s("journal.verify");
        w.rec.site = t_site(t, txn, "610403").id;
        w.rec.begun = t_now;
        w.rec.ended = t_now;
        w.rec.ok = 1;
        t_ok(gov_work_put(txn, t->arena, &w));
    }

    t_commit(t, &txn);
}


static void
who_may_ask_for_what(void **state)
{
    t_store_t  *t = *state;

    t_auditors(t);

    t_as(t, "audit", "work.begin", "{'work': 'journal.verify'}");
    t_as(t, "local", "work.begin", "{'work': 'journal.verify', "
         "'site': '610402'}");
    t_as_no(t, "local", GOV_DENIED, "work.begin",
            "{'work': 'journal.verify'}", "权限");
    t_as_no(t, "local", GOV_NOT_FOUND, "work.begin",
            "{'work': 'journal.verify', 'site': '610403'}", "610403");
    t_as_no(t, "clerk", GOV_DENIED, "work.begin",
            "{'work': 'journal.verify'}", "权限");
    t_as_no(t, "audit", GOV_INVALID, "work.begin", "{'work': 'store.dump'}",
            "只能是");
    t_no(t, GOV_INVALID, "work.begin", "{'work': 'store.check', "
         "'site': '610402'}", "不分站点");
    t_no(t, GOV_DENIED, "work.end", "{'work': 1, 'result': {}}", "平台自己");

    t_str(t_works(t, "audit", "{}"), "2? 1?");
    t_str(t_works(t, "local", "{}"), "2?");
    t_str(t_works(t, "clerk", "{}"), "");
}


static void
what_waits_is_one_and_the_same(void **state)
{
    t_store_t  *t = *state;

    t_auditors(t);

    t_as(t, "audit", "work.begin", "{'work': 'journal.verify'}");
    t_do(t, "work.begin", "{'work': 'journal.verify'}");
    t_str(t_works(t, "audit", "{}"), "1?");

    t_inner(t, "work.end", "{'work': 1, 'ok': true, 'result': "
            "{'entries': 7}}");
    t_inner_no(t, GOV_CONFLICT, "work.end", "{'work': 1, 'result': {}}",
               "已经结束");
    t_inner_no(t, GOV_NOT_FOUND, "work.end", "{'work': 9, 'result': {}}",
               "没有编号为 9");
    t_do(t, "work.begin", "{'work': 'journal.verify'}");
    t_inner(t, "work.end", "{'work': 2, 'result': {}}");
    t_do(t, "work.begin", "{'work': 'store.check'}");

    t_str(t_works(t, "audit", "{}"), "3? 2- 1+");
    t_str(t_works(t, "audit", "{'limit': 1}"), "3?");
    t_str(t_works(t, "audit", "{'work': 'journal.verify'}"), "2- 1+");
    t_str(t_works(t, "local", "{}"), "");
    (void) t_replayed(t);
}


static void
a_result_is_found_behind_any_number_of_others(void **state)
{
    t_store_t  *t = *state;

    t_auditors(t);
    t_as(t, "local", "work.begin", "{'work': 'journal.verify', "
         "'site': '610402'}");
    t_inner(t, "work.end", "{'work': 1, 'ok': true, 'result': {}}");

    t_others(t, 150);
    t_str(t_works(t, "local", "{}"), "1+");
    t_str(t_works(t, "audit", "{'site': '610402'}"), "1+");
    assert_int_equal(t_next, 0);

    /* a page that found none says that it goes on */

    t_others(t, 850);
    t_str(t_works(t, "local", "{}"), "");
    assert_true(t_partial);
    assert_int_equal(t_next, 2);
    t_str(t_works(t, "local", "{'after': 2}"), "1+");
    assert_int_equal(t_next, 0);
    assert_false(t_partial);

    t_str(t_works(t, "audit", "{'limit': 2}"), "1001+ 1000+");
    assert_int_equal(t_next, 1000);
    assert_false(t_partial);
    t_str(t_works(t, "audit", "{'limit': 2, 'after': 3}"), "2+ 1+");
}


static void
so_many_wait_and_no_more(void **state)
{
    unsigned    i;
    t_store_t  *t = *state;

    static const char  *more[] = {
        "{'work': 'journal.verify'}", "{'work': 'store.check'}",
        "{'work': 'journal.verify', 'site': '6104'}",
        "{'work': 'journal.verify', 'site': '610402'}",
        "{'work': 'journal.verify', 'site': '610403'}",
        "{'work': 'journal.verify', 'site': '610402001'}"
    };

    t_auditors(t);

    for (i = 0; i < t_rows(more); i++) {
        t_do(t, "work.begin", more[i]);
    }

    t_do(t, "site.create", "{'code': '610404', 'name': '丙县', "
         "'level': 'county', 'parent': '6104'}");
    t_do(t, "site.create", "{'code': '610405', 'name': '丁县', "
         "'level': 'county', 'parent': '6104'}");
    t_do(t, "site.create", "{'code': '610406', 'name': '戊县', "
         "'level': 'county', 'parent': '6104'}");
    t_do(t, "work.begin", "{'work': 'journal.verify', 'site': '610404'}");
    t_do(t, "work.begin", "{'work': 'journal.verify', 'site': '610405'}");
    t_no(t, GOV_BUSY, "work.begin", "{'work': 'journal.verify', "
         "'site': '610406'}", "过多");

    /* one that waits is told all the same */

    t_do(t, "work.begin", more[0]);
}


/* the same table, to be brought in elsewhere or otherwise */

static void
another_way_of_importing_is_another_work(void **state)
{
    unsigned      i;
    t_store_t    *t = *state;
    gov_value_t  *v;

    static const char  *ways[] = {
        "{'work': 'doc.import', 'table': '" T_TABLE "', 'site': '610402', "
        "'column': 'tzgg'}",
        "{'work': 'doc.import', 'table': '" T_TABLE "', 'site': '610402', "
        "'column': 'xwdt'}",
        "{'work': 'site.import', 'table': '" T_TABLE "'}",
        "{'work': 'site.import', 'table': '" T_TABLE "', 'mode': 'page'}",
        "{'work': 'site.import', 'table': '" T_TABLE "', "
        "'host_pattern': '{slug}.test'}"
    };

    t_auditors(t);

    for (i = 0; i < 2 * t_rows(ways); i++) {
        v = t_do(t, "work.begin", ways[i % t_rows(ways)]);
        assert_int_equal(gov_get_int(v, "work", 0), i % t_rows(ways) + 1);
    }

    (void) t_replayed(t);
}


/* as govd gives its pieces: in the name of who asked for it */

static gov_rc_t
t_piece(t_store_t *t, const char *login, const char *code)
{
    gov_op_t      op;
    uint64_t      seq;
    gov_value_t  *verdict;

    op = t_op(t, "site.import", t_json(t, gov_str_c(t->arena,
              gov_str_fmt(t->arena, "{'rows': [{'code': '%s', 'name': "
                          "'街道', 'level': 'township', "
                          "'parent_code': '610402'}]}", code))));
    op.door = GOV_DOOR_WORK;
    op.account = login != NULL ? t_account(t, login).id : 0;
    op.actor = gov_s("?");
    op.origin = gov_s("work 1");

    return t_apply(t, &op, &verdict, &seq) == GOV_OK
           ? (gov_rc_t) gov_get_int(verdict, "created", 0) : t->err.code;
}


static void
a_table_is_worked_through_in_its_askers_name(void **state)
{
    t_store_t  *t = *state;

    t_auditors(t);
    t_as_no(t, "ops", GOV_INVALID, "work.begin", "{'work': 'site.import'}",
            "缺少“csv”");
    t_as_no(t, "ops", GOV_INVALID, "work.begin",
            "{'work': 'store.check', 'table': '" T_TABLE "'}", "不用“csv”");
    t_as_no(t, "local", GOV_DENIED, "work.begin",
            "{'work': 'site.import', 'table': '" T_TABLE "'}", "权限");
    t_as(t, "ops", "work.begin",
         "{'work': 'site.import', 'table': '" T_TABLE "', 'rows': 7}");
    t_str(t_works(t, "ops", "{}"), "1?");
    t_str(t_works(t, "audit", "{}"), "");

    /* another's table is another work */

    t_do(t, "work.begin", "{'work': 'site.import', 'table': '" T_TABLE "'}");
    t_as(t, "ops", "work.begin",
         "{'work': 'site.import', 'table': '" T_TABLE "'}");
    t_str(t_works(t, "ops", "{'work': 'site.import'}"), "2? 1?");

    /* rights as they are by then */

    assert_int_equal(t_piece(t, "ops", "A1"), 1);
    assert_int_equal(t_piece(t, "local", "A2"), 0);
    t_do(t, "user.suspend", "{'user': 'ops'}");
    assert_int_equal(t_piece(t, "ops", "A3"), GOV_DENIED);
    t_says(t, "已停用");
    t_do(t, "user.resume", "{'user': 'ops'}");
    assert_int_equal(t_piece(t, "ops", "A4"), 1);

    /* what would hold a session of theirs at the second factor holds it */

    t_do(t, "user.invite", "{'user': 'ops', 'invite': 'h', "
         "'factor': true}");
    assert_int_equal(t_piece(t, "ops", "A5"), GOV_DENIED);
    t_says(t, "第二因素");
    (void) t_session(t, "ops");
    assert_int_equal(t_piece(t, "ops", "A5"), 1);

    t_do(t, "user.set", "{'user': 'ops', 'expires': '2026-11-24'}");
    t_now += 2 * T_DAY;
    assert_int_equal(t_piece(t, "ops", "A6"), GOV_DENIED);
    t_says(t, "已到期");
    assert_int_equal(t_piece(t, NULL, "A6"), 1);
    (void) t_replayed(t);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(who_may_ask_for_what),
        t_test(what_waits_is_one_and_the_same),
        t_test(a_result_is_found_behind_any_number_of_others),
        t_test(so_many_wait_and_no_more),
        t_test(another_way_of_importing_is_another_work),
        t_test(a_table_is_worked_through_in_its_askers_name)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
