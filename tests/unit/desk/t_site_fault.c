
/*
 * Copyright (C) ngx_gov authors
 *
 * Every site command with the n-th store call failing, n = 1, 2, 3 ... until
 * none does: afterwards the store is as before or as after, never between.
 */


#include "desk/t_fault.h"


static struct {
    const char  *command;
    const char  *json;
} t_commands[] = {
    { "blueprint.put", "{'name': 'county', 'title': '县级门户', 'columns': ["
      "{'id': 1, 'slug': 'tzgg', 'name': '通知公告', 'kind': 'notice', "
      "'required': true}]}" },
    { "policy.put", "{'name': 'gates', 'rules': [{'from': '2018-01-01', "
      "'gates': ['name', 'columns', 'links']}]}" },
    { "site.create", "{'code': '610403', 'name': '杨陵区', 'level': 'county',"
      " 'parent': '6104', 'host': ['a.test', 'b.test'], "
      "'slug': 'yangling', 'blueprint': 'county', 'live': true}" },
    { "site.import", "{'rows': ["
      "{'code': '610404', 'level': '3', 'name': '渭城区', "
      " 'parent_code': '6104', 'slug': 'weicheng'},"
      "{'code': '610404001', 'level': '4', 'name': '甲', "
      " 'parent_code': '610404', 'slug': 'jia'},"
      "{'code': '610404002', 'level': '4', 'name': '乙', "
      " 'parent_code': '610404', 'slug': 'jia'},"
      "{'code': '610402', 'level': '3', 'name': '秦都', "
      " 'parent_code': '6104', 'slug': 'qindu'}]}" },
    { "site.set", "{'site': '610402', 'abbr': '秦', 'brand': '#112233'}" },
    { "site.slug", "{'site': '610402001', 'slug': 'rml'}" },
    { "site.slug", "{'site': '610402', 'slug': 'qd'}" },
    { "site.host.add", "{'site': '610402', 'host': 'qd.test'}" },
    { "site.host.add", "{'site': '610402', 'host': 'qd2.test', "
      "'main': true}" },
    { "site.host.remove", "{'site': '610402', 'host': 'qd.test'}" },
    { "site.host.remove", "{'site': '610402', 'host': 'qd.test'}" },
    { "site.mode", "{'site': '610402', 'mode': 'page'}" },
    { "site.mode", "{'site': '610402', 'mode': 'subsite'}" },
    { "site.mode", "{'site': '610402', 'mode': 'subsite', "
      "'host': 'www.qd.gov.cn'}" },
    { "site.move", "{'site': '610402001', 'parent': '610403'}" },
    { "site.live", "{'site': '6104'}" },
    { "site.suspend", "{'site': '610402', 'notice': '整改'}" },
    { "site.resume", "{'site': '610402'}" },
    { "site.archive", "{'site': '610404001', 'notice': '关停'}" },
    { "site.merge", "{'site': '610402', 'into': '6104'}" }
};


static void
t_all(void **state)
{
    unsigned    i;
    t_store_t  *t = *state;

    t_city_do(t);

    for (i = 0; i < t_rows(t_commands); i++) {
        assert_true(t_each_call(t, t_commands[i].command,
                                t_json(t, t_commands[i].json)) > 5);
    }
}


static gov_rc_t
t_line(void *data, gov_str_t line)
{
    gov_buf_str(data, line);
    gov_buf_c(data, "\n");

    return GOV_OK;
}


static void
t_restore(void **state)
{
    u_char        digest[GOV_DIGEST_LEN];
    gov_buf_t     b;
    gov_txn_t    *txn;
    t_store_t    *t = *state;
    gov_value_t  *input;

    t_do(t, t_commands[0].command, t_commands[0].json);
    t_city_do(t);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'tzgg', "
         "'title': '一号', 'body': '一', 'publish': true}");

    gov_buf_init(&b, t->arena, 4096);
    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_site_export(txn, t->arena, 2, t_line, &b, &t->err));
    gov_txn_end(&txn);

    t_ok(gov_blob_put(t->base, b.s, digest, &t->err));
    input = gov_map(t->arena);
    gov_put_str(t->arena, input, "file",
                gov_hex_str(t->arena, digest, sizeof(digest)));

    assert_true(t_each_call(t, "site.restore", input) > 20);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test_fail(t_all),
        t_test_fail(t_restore)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
