
/*
 * Copyright (C) ngx_gov authors
 *
 * The policy "upload": the platform's own figures, and a rule laid over them.
 */


#include "site/t_site.h"


static gov_value_t *
t_json(t_store_t *t, const char *text)
{
    gov_value_t  *v;

    t_err_clear(t);
    t_ok(gov_json_parse(t->arena, gov_str_of(text), &v, &t->err));

    return v;
}


static void
the_platform_has_figures_of_its_own(void **state)
{
    gov_txn_t     *txn;
    t_store_t     *t = *state;
    gov_value_t   *rule;
    gov_upload_t   u;

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_upload_get(txn, t->arena, 1000, &u));

    assert_int_equal(gov_upload_size(&u, gov_s("a.pdf")), 50 << 20);
    assert_int_equal(gov_upload_size(&u, gov_s("A.JPG")), 20 << 20);
    assert_int_equal(gov_upload_size(&u, gov_s("a.html")), -1);
    assert_int_equal(gov_upload_size(&u, gov_s("a")), -1);
    assert_int_equal(u.hold, 0);
    assert_true(u.pixels > 10000000);

    t_ok(gov_policy_get(txn, t->arena, "upload", 1000, &rule));
    assert_true(gov_member(rule, "types")->n > 10);
    gov_txn_end(&txn);
}


static void
a_rule_allows_its_types_and_no_others(void **state)
{
    gov_txn_t     *txn;
    t_store_t     *t = *state;
    gov_upload_t   u;

    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(gov_policy_put(txn, t->arena, gov_s("upload"),
                        t_json(t, "[{\"from\":\"2020-01-01\",\"types\":"
                               "[{\"ending\":\".pdf\",\"size\":1000},"
                               "{\"ending\":\".png\"}],\"scan\":\"hold\","
                               "\"keep\":7}]"), &t->err));
    t_ok(gov_upload_get(txn, t->arena, 1700000000000000, &u));

    assert_int_equal(gov_upload_size(&u, gov_s("a.pdf")), 1000);
    assert_int_equal(gov_upload_size(&u, gov_s("a.png")), 20 << 20);
    assert_int_equal(gov_upload_size(&u, gov_s("a.jpg")), -1);
    assert_int_equal(u.hold, 1);
    assert_int_equal(u.keep, 7);

    gov_txn_end(&txn);
}


static void
a_rule_that_cannot_be_kept_is_refused(void **state)
{
    unsigned    i;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    static const char  *rules[] = {
        "[{\"from\":\"2020-01-01\",\"types\":\"pdf\"}]",
        "[{\"from\":\"2020-01-01\",\"types\":[{\"ending\":\".exe\"}]}]",
        "[{\"from\":\"2020-01-01\",\"types\":[{\"ending\":\"pdf\"}]}]",
        "[{\"from\":\"2020-01-01\",\"types\":[{\"ending\":\".PDF\"}]}]",
        "[{\"from\":\"2020-01-01\",\"types\":[{\"ending\":\".pdf\","
        "\"size\":0}]}]",
        "[{\"from\":\"2020-01-01\",\"types\":[{\"ending\":\".pdf\","
        "\"size\":9999999999}]}]",
        "[{\"from\":\"2020-01-01\",\"pixels\":0}]",
        "[{\"from\":\"2020-01-01\",\"zip_files\":201}]",
        "[{\"from\":\"2020-01-01\",\"scan\":\"on\"}]"
    };

    txn = t_begin(t, GOV_TXN_WRITE);

    for (i = 0; i < t_rows(rules); i++) {
        t_rc(gov_policy_put(txn, t->arena, gov_s("upload"),
                            t_json(t, rules[i]), &t->err), GOV_INVALID);
        t_err_clear(t);
    }

    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(the_platform_has_figures_of_its_own),
        t_test(a_rule_allows_its_types_and_no_others),
        t_test(a_rule_that_cannot_be_kept_is_refused)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
