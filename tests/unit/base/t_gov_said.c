
/*
 * Copyright (C) ngx_gov authors
 *
 * Sentences of a verdict in two languages, told in one.
 */


#include "base/t_base.h"


#define t_told(v, json)  t_str(t_text(*state, v), json)


static gov_str_t
t_text(gov_arena_t *a, gov_value_t *v)
{
    gov_buf_t  b;

    gov_buf_init(&b, a, 256);
    gov_json_write(&b, v, GOV_JSON_CANON);

    return b.s;
}


/* one sentence that has English and one that has none, warned of and as the
 * reasons of rows */

static gov_value_t *
t_verdict(gov_arena_t *a)
{
    gov_err_t     known, own;
    gov_value_t  *v, *rows;

    memset(&known, 0, sizeof(gov_err_t));
    memset(&own, 0, sizeof(gov_err_t));
    gov_fail(&known, GOV_DENIED, "", "没有这条通知");
    gov_fail(&own, GOV_DENIED, "", "甲");

    v = gov_map(a);
    gov_said_warn(a, v, &known);
    gov_said_warn(a, v, &own);

    rows = gov_put_list(a, v, "refused");
    gov_said_why(a, gov_add_map(a, rows), &known);
    gov_said_why(a, gov_add_map(a, rows), &own);

    return v;
}


static void
a_verdict_is_told_in_one_language(void **state)
{
    gov_value_t  *v;

    v = t_verdict(*state);
    gov_said_in(v, "zh");
    t_told(v, "{\"refused\":[{\"reason\":\"没有这条通知\"},"
           "{\"reason\":\"甲\"}],\"warnings\":[\"没有这条通知\",\"甲\"]}");

    v = t_verdict(*state);
    gov_said_in(v, "en");
    t_told(v, "{\"refused\":[{\"reason\":\"there is no such notice\"},"
           "{\"reason\":\"甲\"}],"
           "\"warnings\":[\"there is no such notice\",\"甲\"]}");
}


static void
both_stay_for_who_keeps_it(void **state)
{
    gov_str_t     before;
    gov_value_t  *v;

    v = t_verdict(*state);
    before = t_text(*state, v);
    gov_said_in(v, NULL);
    assert_true(gov_str_eq(t_text(*state, v), before));
    assert_int_equal(gov_member(v, "warnings_en")->n, 2);
}


static void
verdicts_in_an_answer_are_told_too(void **state)
{
    gov_value_t  *answer, *rows;

    answer = gov_map(*state);
    gov_put(answer, "verdict", t_verdict(*state));
    gov_put(answer, "result", t_verdict(*state));
    rows = gov_put_list(*state, answer, "rows");
    gov_put(gov_add_map(*state, rows), "result", t_verdict(*state));
    gov_add_map(*state, rows);

    gov_said_answer(answer, "en");
    assert_null(strstr(gov_str_c(*state, t_text(*state, answer)), "_en"));
    assert_null(strstr(gov_str_c(*state, t_text(*state, answer)), "没有"));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_verdict_is_told_in_one_language),
        t_test(both_stay_for_who_keeps_it),
        t_test(verdicts_in_an_answer_are_told_too)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
