
/*
 * Copyright (C) ngx_gov authors
 *
 * A site's life by commands: gates warn on trial suffixes and block on
 * official ones; notices, mergers, closures; addresses by commands.
 */


#include "desk/t_site_desk.h"


static const char  t_blueprint[] =
    "{'name': 'county', 'title': '县级门户', 'columns': ["
    "{'id': 1, 'slug': 'tzgg', 'name': '通知公告', 'kind': 'notice', "
    " 'required': true},"
    "{'id': 2, 'slug': 'gk', 'name': '概况', 'kind': 'profile'}]}";


static void
t_gates(void **state)
{
    gov_op_t      op;
    uint64_t      seq;
    gov_txn_t    *txn;
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_city_do(t);
    t_do(t, "blueprint.put", t_blueprint);

    /* on a trial suffix all that is missing is told, and the site is live */
    v = t_do(t, "site.live", "{'site': '610402'}");
    t_str(gov_get_str(v, "state"), "live");
    t_str(t_text(t, gov_member(v, "warnings")),
          "[\"没有行政机关的合法名称\","
          "\"没有写明主管责任人和运行责任人\","
          "\"1 个必填栏目没有内容：通知公告\","
          "\"没有网站标识码\","
          "\"页脚缺少主办单位、联系方式、ICP备案号或公安备案号\"]");
    t_str(t_text(t, gov_member(v, "warnings_en")),
          "[\"the authority's legal name is missing\","
          "\"who is in charge and who runs the site is not said\","
          "\"1 required columns hold nothing: 通知公告\","
          "\"the site's identification code is missing\","
          "\"the footer lacks the sponsor, the contact, the ICP number or "
          "the public security number\"]");

    /* on an official one each of them blocks */
    t_do(t, "site.create", "{'code': '610403', 'name': '杨陵区', "
         "'level': 'county', 'parent': '6104', "
         "'host': 'www.yangling.gov.cn', 'slug': 'yangling'}");

    op = t_op(t, "site.live", t_json(t, "{'site': '610403'}"));
    t_rc(t_apply(t, &op, &v, &seq), GOV_DENIED);
    assert_non_null(strstr(t->err.english, "cannot go live: the authority's "
                           "legal name is missing; who is in charge"));
    t_says(t, "没有行政机关的合法名称；没有写明");
    t_do(t, "site.set", "{'site': '610403', "
         "'legal_name': '杨陵区人民政府'}");
    t_no(t, GOV_DENIED, "site.live", "{'site': '610403'}",
         "不能上线：没有写明主管责任人");
    t_do(t, "site.set", "{'site': '610403', 'head': '甲', 'keeper': '甲'}");
    t_no(t, GOV_DENIED, "site.live", "{'site': '610403'}",
         "应是两个人");
    t_do(t, "site.set", "{'site': '610403', 'keeper': '乙'}");
    t_no(t, GOV_DENIED, "site.live", "{'site': '610403'}",
         "不能上线：1 个必填栏目没有内容：通知公告");
    t_do(t, "doc.create", "{'site': '610403', 'column': 'tzgg', "
         "'title': '示例通知', 'body': '正文', 'publish': true}");
    t_no(t, GOV_DENIED, "site.live", "{'site': '610403'}",
         "不能上线：没有网站标识码");
    t_do(t, "site.set", "{'site': '610403', 'site_id_code': '6104030001'}");
    t_no(t, GOV_DENIED, "site.live", "{'site': '610403'}",
         "不能上线：页脚缺少");
    t_do(t, "site.set", "{'site': '610403', 'sponsor': '政府办', "
         "'contact': '029', 'icp': '陕ICP备1号', 'psb': '陕公网安备1号'}");

    v = t_do(t, "site.live", "{'site': '610403'}");
    t_str(gov_get_str(v, "state"), "live");
    assert_null(gov_member(v, "warnings"));

    /* the gates are policy */
    t_do(t, "policy.put", "{'name': 'gates', 'rules': ["
         "{'from': '2018-01-01', 'gates': []}]}");
    t_do(t, "site.create", "{'code': '610404', 'name': '渭城区', "
         "'level': 'county', 'parent': '6104', "
         "'host': 'www.weicheng.gov.cn', 'slug': 'weicheng'}");
    t_do(t, "site.live", "{'site': '610404'}");

    txn = t_begin(t, GOV_TXN_READ);
    assert_int_equal(t_site(t, txn, "610404").rec.state, GOV_SITE_LIVE);
    gov_txn_end(&txn);
}


static void
t_states(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_city_do(t);

    t_no(t, GOV_INVALID, "site.suspend", "{'site': '610402'}",
         "缺少“notice”");
    t_do(t, "site.suspend", "{'site': '610402', 'notice': '整改\\n暂停'}");
    t_no(t, GOV_DENIED, "site.live", "{'site': '610402'}",
         "请用 site.resume 恢复");
    v = t_do(t, "site.resume", "{'site': '610402'}");
    t_str(gov_get_str(v, "state"), "live");
    t_no(t, GOV_DENIED, "site.resume", "{'site': '610402'}", "没有暂停");

    t_no(t, GOV_DENIED, "site.archive", "{'site': '610402'}",
         "还有“人民路街道”");
    t_do(t, "site.archive", "{'site': '610402001', 'notice': '关停'}");
    t_no(t, GOV_DENIED, "site.set", "{'site': '610402001', 'abbr': 'x'}",
         "已关停，不能再修改");
    t_no(t, GOV_DENIED, "site.live", "{'site': '610402001'}", "已关停");
    t_no(t, GOV_DENIED, "site.suspend",
         "{'site': '610402001', 'notice': 'x'}", "已关停，不能再暂停");

    t_no(t, GOV_NOT_FOUND, "site.merge", "{'site': '610402', 'into': 'x'}",
         "没有代码为“x”的站点");
    t_do(t, "site.merge", "{'site': '610402', 'into': '6104'}");
    t_no(t, GOV_DENIED, "site.create", "{'code': '610402002', "
         "'name': 'a', 'level': 'township', 'parent': '610402'}",
         "已合并");
}


/* another notice, or another site to go on, is not dropped in silence */

static void
a_state_twice_says_the_same(void **state)
{
    gov_op_t      op;
    uint64_t      seq;
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_city_do(t);
    t_do(t, "site.create", "{'code': '610403', 'name': '杨陵区', "
         "'level': 'county', 'parent': '6104', 'slug': 'yangling'}");

    t_do(t, "site.suspend", "{'site': '610402', 'notice': '整改'}");
    t_do(t, "site.suspend", "{'site': '610402', 'notice': '整改'}");
    t_no(t, GOV_CONFLICT, "site.suspend", "{'site': '610402', "
         "'notice': '迁移'}", "公告与原来的不同");

    t_do(t, "site.archive", "{'site': '610402001', 'notice': '关停'}");
    t_do(t, "site.archive", "{'site': '610402001', 'notice': '关停'}");
    t_no(t, GOV_CONFLICT, "site.archive", "{'site': '610402001', "
         "'notice': '撤销'}", "公告与原来的不同");

    t_do(t, "site.merge", "{'site': '610403', 'into': '610402'}");
    t_do(t, "site.merge", "{'site': '610403', 'into': '610402'}");
    t_no(t, GOV_CONFLICT, "site.merge", "{'site': '610403', "
         "'into': '6104'}", "站点与原来的不同");

    /* a journal may say that it was done */

    op = t_op(t, "site.merge", t_json(t, "{'site': '610403', "
              "'into': '6104'}"));
    op.door = GOV_DOOR_REPLAY;
    op.again = 1;
    op.dry_run = 1;
    t_ok(t_apply(t, &op, &v, &seq));
}


static void
t_addresses(void **state)
{
    gov_txn_t    *txn;
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_city_do(t);
    t_do(t, "site.create", "{'code': '610403', 'name': '杨陵区', "
         "'level': 'county', 'parent': '6104', 'slug': 'yangling'}");

    v = t_do(t, "site.mode", "{'site': '610402', 'mode': 'page'}");
    t_str(gov_get_str(v, "url"), "//www.xianyang.localhost/qindu/");
    v = t_do(t, "site.mode", "{'site': '610402', 'mode': 'subsite'}");
    t_str(gov_get_str(v, "url"), "//qindu.xianyang.localhost/");
    v = t_do(t, "site.mode", "{'site': '610402', 'mode': 'subsite', "
             "'host': 'www.qd.gov.cn'}");
    t_str(gov_get_str(v, "url"), "//www.qd.gov.cn/");
    assert_int_equal(gov_member(v, "warnings")->n, 1);

    t_do(t, "site.slug", "{'site': '610402001', 'slug': 'rml'}");
    t_do(t, "site.host.add", "{'site': '610402', 'host': 'qd.test'}");
    v = t_do(t, "site.host.remove", "{'site': '610402', "
             "'host': 'qd.test'}");
    t_str(gov_get_str(v, "host"), "moved");
    v = t_do(t, "site.host.remove", "{'site': '610402', "
             "'host': 'qd.test'}");
    t_str(gov_get_str(v, "host"), "free");
    v = t_do(t, "site.move", "{'site': '610402001', 'parent': '610403'}");
    t_str(gov_get_str(v, "url"), "//yangling.xianyang.localhost/rml/");

    t_no(t, GOV_DENIED, "site.move",
         "{'site': '610402001', 'parent': '6104'}", "县级门户");
    t_no(t, GOV_INVALID, "site.mode", "{'site': '610402', 'mode': 'x'}",
         "page 和 subsite");

    txn = t_begin(t, GOV_TXN_READ);
    t_leads(t, txn, "www.qd.gov.cn", "/renminlu/a/1.html",
            "301 rml a/1.html");
    t_leads(t, txn, "localhost", "/qindu/renminlu/a/1.html",
            "301 rml a/1.html");
    t_leads(t, txn, "qindu.xianyang.localhost", "/rml/", "301 rml ");
    gov_txn_end(&txn);
}


/* "" where there is none */

static const char *
t_warning(t_store_t *t, gov_value_t *verdict)
{
    gov_value_t  *list;

    list = gov_member(verdict, "warnings");

    return list ? gov_str_c(t->arena, list->u.first->u.s) : "";
}


static void
who_changes_a_host_is_told_of_those_below_the_old_one(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_city_do(t);
    t_do(t, "site.create", "{'code': 'xy-fgw', 'name': '发展改革委', "
         "'level': 'department', 'parent': '6104', 'slug': 'fgw'}");
    t_do(t, "site.create", "{'code': 'xy-jyj', 'name': '教育局', "
         "'level': 'department', 'parent': '6104', 'slug': 'jyj', "
         "'host': 'jyj.notxianyang.localhost'}");

    v = t_do(t, "site.host.add", "{'site': '6104', 'host': 'xy.test'}");
    assert_string_equal(t_warning(t, v), "");

    v = t_do(t, "site.host.add",
             "{'site': '6104', 'host': 'xy.test', 'main': true}");
    assert_non_null(strstr(t_warning(t, v), "2 个下级站点"));
    assert_non_null(strstr(t_warning(t, v), "www.xianyang.localhost"));

    v = t_do(t, "site.mode",
             "{'site': '6104', 'mode': 'subsite', 'host': 'yx.test'}");
    assert_string_equal(t_warning(t, v), "");
    v = t_do(t, "site.slug", "{'site': '610402', 'slug': 'qd'}");
    assert_string_equal(t_warning(t, v), "");
}


static void
a_unit_that_hangs_nowhere_is_told(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_city_do(t);
    v = t_do(t, "site.create", "{'code': 'alone', 'name': '水利局', "
             "'level': 'department', 'slug': 'slj'}");
    assert_non_null(strstr(t_warning(t, v), "“水利局”（alone）没有上级站点"));

    v = t_do(t, "site.import", "{'rows': [{'code': 'again', 'level': "
             "'institution', 'name': '图书馆', 'slug': 'tsg'}]}");
    assert_non_null(strstr(t_warning(t, v), "again"));

    v = t_do(t, "site.create", "{'code': '62', 'name': '甘肃省', "
             "'level': 'province', 'slug': 'gansu'}");
    assert_string_equal(t_warning(t, v), "");
    v = t_do(t, "site.create", "{'code': 'xy-fgw', 'name': '发展改革委', "
             "'level': 'department', 'parent': '6104', 'slug': 'fgw'}");
    assert_string_equal(t_warning(t, v), "");
}


#define T_COLUMN(id, slug)                                                    \
    "{'id': " id ", 'slug': '" slug "', 'name': '栏目', 'kind': 'list'}"

static void
a_blueprint_takes_no_address_that_one_of_its_sites_uses(void **state)
{
    t_store_t  *t = *state;

    static const char  first[] = "{'name': 'county', 'title': 'x', 'columns': ["
        T_COLUMN("1", "xxgk") "]}";

    t_city_do(t);
    t_do(t, "blueprint.put", first);
    t_do(t, "blueprint.put", first);
    t_no(t, GOV_CONFLICT, "blueprint.put",
         "{'name': 'county', 'title': 'x', 'columns': ["
         T_COLUMN("1", "xxgk") ", " T_COLUMN("2", "renminlu") "]}",
         "人民路街道");

    /* below the top and on other kinds of sites the name is free */

    t_do(t, "blueprint.put", "{'name': 'city', 'title': 'x', 'columns': ["
         T_COLUMN("1", "renminlu") "]}");
    t_do(t, "blueprint.put", "{'name': 'county', 'title': 'x', 'columns': ["
         T_COLUMN("1", "xxgk") ", {'id': 2, 'parent': 1, 'slug': "
         "'renminlu', 'name': '路', 'kind': 'list'}]}");

    /* a page that left goes on redirecting there */

    t_do(t, "site.slug", "{'site': '610402001', 'slug': 'rml'}");
    t_no(t, GOV_CONFLICT, "blueprint.put",
         "{'name': 'county', 'title': 'x', 'columns': ["
         T_COLUMN("2", "renminlu") "]}", "旧地址");
}


/* what a slug makes of a host is asked for as a host that is given is */

static void
a_slug_that_makes_no_host_is_refused(void **state)
{
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    t_city_do(t);
    t_no(t, GOV_INVALID, "site.slug", "{'site': '610402', 'slug': "
         "'qindu-'}", "qindu-.xianyang.localhost”不是域名");

    /* names that were allowed when the site began */

    t_do(t, "policy.put", "{'name': 'domain', 'rules': [{'from': "
         "'2018-01-01', 'english': ['.cn'], 'chinese': ['.政务']}]}");
    t_do(t, "site.create", "{'code': '6105', 'name': '渭南市', "
         "'level': 'city', 'slug': 'weinan', 'host': 'www.weinan.cn'}");
    t_do(t, "site.create", "{'code': '610502', 'name': '临渭区', "
         "'level': 'county', 'parent': '6105', 'slug': 'linwei'}");
    t_do(t, "policy.put", "{'name': 'domain', 'rules': [{'from': "
         "'2018-01-01', 'english': ['.gov.cn'], 'chinese': ['.政务']}]}");
    t_no(t, GOV_DENIED, "site.slug", "{'site': '610502', 'slug': 'lw'}",
         "lw.weinan.cn 不合域名规定");

    txn = t_begin(t, GOV_TXN_READ);
    t_str(t_base(t, txn, "610402"), "qindu.xianyang.localhost/");
    t_str(t_base(t, txn, "610502"), "linwei.weinan.cn/");
    gov_txn_end(&txn);

    t_do(t, "site.slug", "{'site': '610402', 'slug': 'qd'}");
}


static void
a_site_takes_a_blueprint_whose_addresses_are_free(void **state)
{
    size_t      i;
    gov_str_t   before;
    t_store_t  *t = *state;

#define T_BELOW(id, parent, slug)                                             \
    "{'id': " id ", 'parent': " parent ", 'slug': '" slug "', "               \
    "'name': '栏目', 'kind': 'list'}"

    static const struct {
        const char  *name, *columns, *says;
    } rows[] = {
        { "page", T_COLUMN("2", "renminlu"), "人民路街道" },
        { "own", T_COLUMN("2", "own"), "“own”已是一个栏目的地址" },
        { "nested", T_COLUMN("1", "xxgk") ", " T_BELOW("2", "1", "nested"),
          "“nested”已是一个栏目的地址" },
        { "other", T_COLUMN("2", "xxgk"), "“xxgk”已是一个栏目的地址" }
    };

    t_city_do(t);
    t_do(t, "blueprint.put", "{'name': 'county', 'title': 'x', 'columns': ["
         T_COLUMN("1", "xxgk") "]}");
    t_do(t, "column.create", "{'site': '610402', 'slug': 'own', "
         "'name': '自设', 'kind': 'news'}");
    t_do(t, "column.create", "{'site': '610402', 'slug': 'nested', "
         "'parent': 'xxgk', 'name': '下面', 'kind': 'news'}");
    t_do(t, "column.set", "{'site': '610402', 'column': 'xxgk', "
         "'name': '公开'}");

    for (i = 0; i < t_rows(rows); i++) {
        t_do(t, "blueprint.put", gov_str_c(t->arena, gov_str_fmt(t->arena,
             "{'name': '%s', 'title': 'x', 'columns': [%s]}", rows[i].name,
             rows[i].columns)));
        before = t_dump(t, 0, 1);
        t_no(t, GOV_CONFLICT, "site.set", gov_str_c(t->arena, gov_str_fmt(
             t->arena, "{'site': '610402', 'blueprint': '%s'}",
             rows[i].name)), rows[i].says);
        assert_true(gov_str_eq(before, t_dump(t, 0, 1)));
    }

    /* what it has and names again is not asked, its own columns stay its own */

    t_do(t, "site.set", "{'site': '610402', 'blueprint': 'county'}");
    t_do(t, "blueprint.put", "{'name': 'b2', 'title': 'x', 'columns': ["
         T_COLUMN("1", "xxgk") ", " T_BELOW("2", "1", "tzgg") "]}");
    t_do(t, "site.set", "{'site': '610402', 'blueprint': 'b2'}");

    /* nor are they in the way of their own blueprint */

    t_do(t, "blueprint.put", "{'name': 'b2', 'title': 'x', 'columns': ["
         T_COLUMN("3", "zjbd") "]}");
    t_do(t, "blueprint.put", "{'name': 'b2', 'title': 'x', 'columns': ["
         T_COLUMN("1", "xxgk") "]}");
}


/* a column that the site changed is still where it was */

static void
no_site_takes_the_address_of_a_changed_column(void **state)
{
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    t_city_do(t);
    t_do(t, "blueprint.put", t_blueprint);
    t_do(t, "column.set", "{'site': '610402', 'column': 'tzgg', "
         "'name': '通知'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'tzgg', "
         "'title': '一号', 'body': '一', 'publish': true}");

    t_no(t, GOV_CONFLICT, "site.create", "{'code': '610402002', "
         "'name': '乙', 'level': 'township', 'parent': '610402', "
         "'slug': 'tzgg'}", "“tzgg”已是一个栏目的地址");
    t_no(t, GOV_CONFLICT, "site.slug", "{'site': '610402001', "
         "'slug': 'tzgg'}", "“tzgg”已是一个栏目的地址");

    txn = t_begin(t, GOV_TXN_READ);
    t_leads(t, txn, "qindu.xianyang.localhost", "/tzgg/1.html",
            "200 qindu tzgg/1.html");
    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(t_gates),
        t_test(t_states),
        t_test(a_state_twice_says_the_same),
        t_test(t_addresses),
        t_test(who_changes_a_host_is_told_of_those_below_the_old_one),
        t_test(a_unit_that_hangs_nowhere_is_told),
        t_test(a_blueprint_takes_no_address_that_one_of_its_sites_uses),
        t_test(a_slug_that_makes_no_host_is_refused),
        t_test(a_site_takes_a_blueprint_whose_addresses_are_free),
        t_test(no_site_takes_the_address_of_a_changed_column)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
