
/*
 * Copyright (C) ngx_gov authors
 *
 * Policies are data with a date: which host is accepted on which day, by the
 * platform's own rules and by rules that were put (G09, G10).
 */


#include "site/t_site.h"


static gov_rc_t
t_check(t_store_t *t, gov_txn_t *txn, const char *host, const char *day,
    int *trial)
{
    int64_t    now;
    gov_str_t  canon;

    assert_int_equal(gov_date_parse(gov_str_of(day), &now), 0);
    t_err_clear(t);
    t_ok(gov_host_canon(t->arena, gov_str_of(host), &canon, &t->err));

    return gov_domain_check(txn, t->arena, canon, now, trial, &t->err);
}


static gov_value_t *
t_json(t_store_t *t, const char *text)
{
    gov_value_t  *v;

    t_err_clear(t);
    t_ok(gov_json_parse(t->arena, gov_str_of(text), &v, &t->err));

    return v;
}


static void
t_domains(void **state)
{
    int         trial;
    gov_rc_t    rc;
    unsigned    i;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    static struct {
        const char  *host;
        const char  *day;
        int          ok;
        int          trial;
    } rows[] = {
        { "www.xianyang.gov.cn", "2008-01-01", 1, 0 },
        { "www.xianyang.gov.cn", "2026-01-01", 1, 0 },
        { "xianyang.cn", "2008-01-01", 0, 0 },
        { "咸阳.cn", "2008-01-01", 1, 0 },
        { "咸阳.政务", "2008-01-01", 0, 0 },
        { "咸阳.cn", "2018-09-05", 1, 0 },
        { "咸阳.cn", "2018-09-06", 0, 0 },
        { "咸阳.政务", "2018-09-06", 1, 0 },
        { "咸阳.gov.cn", "2026-01-01", 0, 0 },
        { "xianyang.政务", "2026-01-01", 1, 0 },
        { "example.com", "2026-01-01", 0, 0 },
        { "gov.cn", "2026-01-01", 0, 0 },
        { "evilgov.cn", "2026-01-01", 0, 0 },
        { "a.gov.cn.evil.com", "2026-01-01", 0, 0 },
        { "a.gov.cn", "2000-01-01", 0, 0 },
        { "a.localhost", "2000-01-01", 1, 1 },
        { "localhost", "2026-01-01", 1, 1 },
        { "a.test", "2026-01-01", 1, 1 },
        { "mylocalhost", "2026-01-01", 0, 0 },
        { "咸阳.localhost", "2026-01-01", 1, 1 }
    };

    txn = t_begin(t, GOV_TXN_WRITE);

    for (i = 0; i < t_rows(rows); i++) {
        rc = t_check(t, txn, rows[i].host, rows[i].day, &trial);

        if (rc != (rows[i].ok ? GOV_OK : GOV_DENIED)
            || trial != rows[i].trial)
        {
            fail_msg("%s on %s: %s, trial %d", rows[i].host, rows[i].day,
                     gov_rc_name(rc), trial);
        }
    }

    t_rc(t_check(t, txn, "example.com", "2026-01-01", &trial), GOV_DENIED);
    t_says(t, "英文域名应以 .gov.cn 结尾（2018-09-06 起，国办函〔2018〕55号）");

    gov_txn_end(&txn);
}


/* rules that were put take the place of the platform's own */

static void
t_put(void **state)
{
    int         trial;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_begin(t, GOV_TXN_WRITE);

    t_ok(gov_policy_put(txn, t->arena, gov_s("domain"), t_json(t,
             "[{\"from\": \"2018-01-01\", \"english\": [\".gov.cn\"],"
             "  \"chinese\": [\".政务\"]},"
             " {\"from\": \"2030-01-01\", \"english\": [\".zw.cn\"],"
             "  \"chinese\": [\".政务\", \".公益\"]}]"), &t->err));

    t_ok(t_check(t, txn, "a.gov.cn", "2026-01-01", &trial));
    t_rc(t_check(t, txn, "a.zw.cn", "2029-12-31", &trial), GOV_DENIED);
    t_ok(t_check(t, txn, "a.zw.cn", "2030-01-01", &trial));
    t_rc(t_check(t, txn, "a.gov.cn", "2030-01-01", &trial), GOV_DENIED);
    t_ok(t_check(t, txn, "咸阳.公益", "2030-01-01", &trial));
    t_rc(t_check(t, txn, "a.gov.cn", "2017-01-01", &trial), GOV_DENIED);
    t_says(t, "当时没有可依据的域名规定");
    t_ok(t_check(t, txn, "a.localhost", "2017-01-01", &trial));

    gov_txn_end(&txn);
}


static void
t_put_refused(void **state)
{
    gov_rc_t    rc;
    unsigned    i;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    static struct {
        const char  *name;
        const char  *rules;
        const char  *says;
    } rows[] = {
        { "colour", "[{\"from\": \"2018-01-01\"}]", "没有名为“colour”" },
        { "domain", "[]", "1 至 50 条" },
        { "domain", "{}", "1 至 50 条" },
        { "domain", "[{\"english\": [], \"chinese\": []}]",
          "第 1 条的 from" },
        { "domain", "[7]", "第 1 条的 from" },
        { "domain", "[{\"from\": \"2018-02-30\", \"english\": [],"
                    "\"chinese\": []}]", "第 1 条的 from" },
        { "domain", "[{\"from\": \"2018-01-02\", \"english\": [],"
                    "\"chinese\": []}, {\"from\": \"2018-01-02\"}]",
          "第 2 条的 from 应是晚于上一条" },
        { "domain", "[{\"from\": \"2018-01-02\", \"english\": []}]",
          "没有 chinese 列表" },
        { "domain", "[{\"from\": \"2018-01-02\", \"english\": [\"gov.cn\"],"
                    "\"chinese\": []}]", "以“.”开头" },
        { "domain", "[{\"from\": \"2018-01-02\", \"english\": [\". x\"],"
                    "\"chinese\": []}]", "以“.”开头" },
        { "gates", "[{\"from\": \"2018-01-02\"}]", "没有 gates 列表" },
        { "gates", "[{\"from\": \"2018-01-02\", \"gates\": [\"luck\"]}]",
          "未知的上线条件" },
        { "security", "[{\"from\": \"2018-01-02\", \"contact\": "
          "\"tel:1\", \"idle\": 0}]", "应是 1 至 10080 分钟" },
        { "security", "[{\"from\": \"2018-01-02\", \"contact\": "
          "\"tel:1\", \"absolute\": 10081}]", "应是 1 至 10080 分钟" },
        { "security", "[{\"from\": \"2018-01-02\", \"contact\": "
          "\"tel:1\", \"idle\": \"30\"}]", "应是 1 至 10080 分钟" },
        { "security", "[{\"from\": \"2018-01-02\"}]", "contact 应以" },
        { "security", "[{\"from\": \"2018-01-02\","
                      "\"contact\": \"javascript:x\"}]", "contact 应以" },
        { "security", "[{\"from\": \"2018-01-02\","
                      "\"contact\": \"mailto:a@b\\nExpires: x\"}]",
          "contact 应以" }
    };

    txn = t_begin(t, GOV_TXN_WRITE);

    for (i = 0; i < t_rows(rows); i++) {
        rc = gov_policy_put(txn, t->arena, gov_str_of(rows[i].name),
                            t_json(t, rows[i].rules), &t->err);
        t_rc(rc, GOV_INVALID);
        t_says(t, rows[i].says);
    }

    gov_txn_end(&txn);
}


static void
a_contact_for_security_is_a_dated_policy(void **state)
{
    int64_t       now;
    gov_txn_t    *txn;
    t_store_t    *t = *state;
    gov_value_t  *rule;

    txn = t_begin(t, GOV_TXN_WRITE);

    t_ok(gov_policy_put(txn, t->arena, gov_s("security"), t_json(t,
             "[{\"from\": \"2026-01-01\", \"contact\": \"tel:1\"},"
             " {\"from\": \"2026-06-01\", \"contact\": \"mailto:a@b.c\"}]"),
             &t->err));

    assert_int_equal(gov_date_parse(gov_s("2026-03-01"), &now), 0);
    t_ok(gov_policy_get(txn, t->arena, "security", now, &rule));
    t_str(gov_get_str(rule, "contact"), "tel:1");

    assert_int_equal(gov_date_parse(gov_s("2026-06-01"), &now), 0);
    t_ok(gov_policy_get(txn, t->arena, "security", now, &rule));
    t_str(gov_get_str(rule, "contact"), "mailto:a@b.c");

    gov_txn_end(&txn);
}


static void
t_gates(void **state)
{
    int64_t       now;
    gov_txn_t    *txn;
    t_store_t    *t = *state;
    gov_value_t  *rule;

    txn = t_begin(t, GOV_TXN_WRITE);

    assert_int_equal(gov_date_parse(gov_s("2010-01-01"), &now), 0);
    t_ok(gov_policy_get(txn, t->arena, "gates", now, &rule));
    assert_int_equal(gov_member(rule, "gates")->n, 5);

    t_ok(gov_policy_get(txn, t->arena, "gates", T_NOW, &rule));
    assert_int_equal(gov_member(rule, "gates")->n, 7);
    t_str(gov_member(rule, "gates")->u.first->u.s, "name");
    t_str(gov_member(rule, "gates")->last->u.s, "footer");

    t_rc(gov_policy_get(txn, t->arena, "gates", 0, &rule), GOV_NOT_FOUND);
    t_rc(gov_policy_get(txn, t->arena, "none", T_NOW, &rule),
         GOV_NOT_FOUND);

    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(t_domains),
        t_test(t_put),
        t_test(t_put_refused),
        t_test(a_contact_for_security_is_a_dated_policy),
        t_test(t_gates)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
