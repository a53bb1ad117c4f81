
/*
 * Copyright (C) ngx_gov authors
 *
 * site.import: a batch goes on past bad rows, may be sent again, and gives a
 * taken prefix the code's last digits.
 */


#include "desk/t_site_desk.h"


static void
t_rows_in(void **state)
{
    gov_str_t     before;
    gov_txn_t    *txn;
    t_store_t    *t = *state;
    gov_value_t  *v;

    static const char  rows[] = "{'rows': ["
        "{'code': '610400000000', 'level': '2', 'name': '咸阳市', "
        " 'parent_code': '', 'slug': 'xianyang', 'village_count': '2374'},"
        "{'code': '610402000000', 'level': '3', 'name': '秦都区', "
        " 'parent_code': '610400000000', 'slug': 'qindu'},"
        "{'code': '610402001000', 'level': '4', 'name': '城关街道', "
        " 'parent_code': '610402000000', 'slug': 'chengguan'},"
        "{'code': '610402101000', 'level': '4', 'name': '城关镇', "
        " 'parent_code': '610402000000', 'slug': 'chengguan'}"
        "]}";

    v = t_do(t, "site.import", rows);
    t_str(t_text(t, v), "{\"created\":4,\"unchanged\":0,\"updated\":0,"
          "\"warnings\":[\"“village_count”这一列没有采用\"],"
          "\"warnings_en\":"
          "[\"the column \\\"village_count\\\" is not taken\"]}");

    /* what changes nothing is no entry of the journal */

    before = t_dump(t, 0, 1);
    v = t_do(t, "site.import", rows);
    assert_int_equal(gov_get_int(v, "unchanged", 0), 4);
    t_str_at(t_dump(t, 0, 1), before, __FILE__, __LINE__);

    txn = t_begin(t, GOV_TXN_READ);
    t_leads(t, txn, "xianyang.localhost", "/", "200 xianyang ");
    t_leads(t, txn, "qindu.xianyang.localhost", "/chengguan/",
            "200 chengguan ");
    t_leads(t, txn, "qindu.xianyang.localhost", "/chengguan-101/",
            "200 chengguan-101 ");
    assert_int_equal(t_site(t, txn, "610402101").rec.state, GOV_SITE_LIVE);
    gov_txn_end(&txn);

    /* the same as a person pastes it, with Chinese names of the columns */
    v = t_do(t, "site.import", "{'csv': '代码,名称,层级,上级代码,备注\\n"
             "610402102,平陵镇,township,610402,新\\n\\n"
             "610402103,,township,610402\\n'}");
    assert_int_equal(gov_get_int(v, "created", 0), 1);
    assert_int_equal(gov_member(v, "refused")->n, 1);
    t_no(t, GOV_INVALID, "site.import", "{'csv': 'code,name'}",
         "下面至少要有一行");

    /* a column of no use is told once, it may have been misspelt */
    t_str(t_text(t, gov_member(v, "warnings")),
          "[\"“备注”这一列没有采用\"]");
    v = t_do(t, "site.import", "{'csv': 'code,name,level,parent,parent_code\\n"
             "610402104,一镇,township,610402,610402\\n"
             "610402105,二镇,township,610402,610402\\n'}");
    assert_int_equal(gov_get_int(v, "created", 0), 2);
    t_str(t_text(t, gov_member(v, "warnings")),
          "[\"“parent”这一列没有采用\"]");
    v = t_do(t, "site.import", "{'first': 101, 'rows': [{'code': '610402106',"
             "'name': '三镇', 'level': '4', 'parent_code': '610402',"
             "'parent': '610402'}]}");
    assert_null(gov_member(v, "warnings"));

    /* a root whose parent the platform does not hold is still the same */
    v = t_do(t, "site.import", "{'rows': [{'code': '6104', 'level': '2', "
             "'name': '咸阳市', 'parent_code': '61'}]}");
    t_str(t_text(t, v),
          "{\"created\":0,\"differs\":["
          "{\"code\":\"610400000000\",\"field\":\"parent_code\",\"row\":1}],"
          "\"unchanged\":1,\"updated\":0}");

    /* a name follows, the place in the tree is told and stays */
    v = t_do(t, "site.import", "{'rows': ["
             "{'code': '610402', 'level': '2', 'name': '秦都新区'}]}");
    t_str(t_text(t, v),
          "{\"created\":0,\"differs\":["
          "{\"code\":\"610402000000\",\"field\":\"level\",\"row\":1},"
          "{\"code\":\"610402000000\",\"field\":\"parent_code\",\"row\":1}],"
          "\"unchanged\":0,\"updated\":1}");
}


static void
t_refused(void **state)
{
    gov_txn_t    *txn;
    t_store_t    *t = *state;
    gov_value_t  *v, *row;

    static const char  *reasons[] = {
        "的上级是它自己",
        "上级 990000000000 不在它之前",
        "应是一组",
        "缺少“name”",
        "没有“9”这一层级",
        "没有名为“none”的蓝本",
        "page 和 subsite",
        "乡镇站点应挂在县级门户之下",
        "已由“秦都区”",
        "不合域名规定",
        "不是域名"
    };

    t_city_do(t);

    v = t_do(t, "site.import", "{'rows': ["
        "{'code': '610403', 'level': '3', 'name': 'a', "
        " 'parent_code': '610403'},"
        "{'code': '610403', 'level': '3', 'name': 'a', "
        " 'parent_code': '99'},"
        "7,"
        "{'code': '610403', 'level': '3'},"
        "{'code': '610403', 'level': '9', 'name': 'a'},"
        "{'code': '610403', 'level': '3', 'name': 'a', "
        " 'parent_code': '6104', 'blueprint': 'none'},"
        "{'code': '610403', 'level': '3', 'name': 'a', "
        " 'parent_code': '6104', 'mode': 'both'},"
        "{'code': '610403001', 'level': '4', 'name': 'a', "
        " 'parent_code': '6104'},"
        "{'code': '610403', 'level': '3', 'name': 'a', "
        " 'parent_code': '6104', 'host': 'qindu.xianyang.localhost'},"
        "{'code': '610403', 'level': '3', 'name': 'a', "
        " 'parent_code': '6104', 'host': 'a.com'},"
        "{'code': '610403', 'level': '3', 'name': 'a', "
        " 'parent_code': '6104', 'host': 'a b'},"
        "{'code': '610404', 'level': '3', 'name': '渭城区', "
        " 'parent_code': '6104', 'slug': 'weicheng'}"
        "]}");

    assert_int_equal(gov_get_int(v, "created", -1), 1);
    assert_int_equal(gov_member(v, "refused")->n, t_rows(reasons));

    gov_each(row, gov_member(v, "refused")) {
        unsigned  i = gov_get_int(row, "row", 0);

        if (strstr(gov_str_c(t->arena, gov_get_str(row, "reason")),
                   reasons[i - 1]) == NULL)
        {
            fail_msg("row %u: %.*s", i,
                     gov_strf(gov_get_str(row, "reason")));
        }
    }

    txn = t_begin(t, GOV_TXN_READ);
    t_leads(t, txn, "weicheng.xianyang.localhost", "/", "200 weicheng ");
    assert_int_equal(t_site(t, txn, "610404").id, 4);
    gov_txn_end(&txn);
}


/* a number is a name too, and each row's room is another row's after it */

static void
a_blueprint_that_was_found_is_no_other(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_do(t, "blueprint.put", "{'name': '5', 'title': '五', 'columns': ["
         "{'id': 1, 'slug': 'a', 'name': '甲', 'kind': 'list'}]}");

    v = t_do(t, "site.import", "{'rows': ["
        "{'code': 'a1', 'level': 'county', 'name': '甲', 'blueprint': 5},"
        "{'code': 'a2', 'level': 'county', 'name': '乙', 'blueprint': 6}]}");

    assert_int_equal(gov_get_int(v, "created", 0), 1);
    assert_int_equal(gov_member(v, "refused")->n, 1);
}


#define T_TEN  "一二三四五六七八九十"

/* of the first row that was refused, "" where none was */

static gov_str_t
t_reason(gov_value_t *verdict)
{
    gov_value_t  *refused;

    refused = gov_member(verdict, "refused");

    return gov_get_str(refused != NULL ? refused->u.first : NULL, "reason");
}


/* what site.set would refuse is refused in a row too */

static void
a_site_that_is_there_takes_what_it_would_by_itself(void **state)
{
    gov_op_t      op;
    uint64_t      seq;
    t_store_t    *t = *state;
    gov_value_t  *v;

    static const char  ended[] = "{'rows': [{'code': '610402001', 'level': "
        "'township', 'name': '新路街道', 'parent_code': '610402'}]}";

    t_city_do(t);
    t_do(t, "site.archive", "{'site': '610402001', 'notice': '关停'}");

    v = t_do(t, "site.import", ended);
    t_str(t_reason(v), "“人民路街道”已关停，不能再修改");
    assert_int_equal(gov_get_int(v, "updated", -1), 0);

    v = t_do(t, "site.import", "{'rows': [{'code': '610402001', 'level': "
             "'township', 'name': '人民路街道', 'parent_code': '610402'}]}");
    assert_int_equal(gov_get_int(v, "unchanged", 0), 1);
    assert_null(gov_member(v, "refused"));

    v = t_do(t, "site.import", "{'rows': [{'code': '610402', 'level': "
             "'county', 'name': '" T_TEN T_TEN T_TEN T_TEN T_TEN T_TEN "余', "
             "'parent_code': '6104'}]}");
    t_str(t_reason(v), "名称应为 1 至 60 字");

    /* a journal may say that it was done */

    op = t_op(t, "site.import", t_json(t, ended));
    op.door = GOV_DOOR_REPLAY;
    op.again = 1;
    op.dry_run = 1;
    t_ok(t_apply(t, &op, &v, &seq));
    assert_int_equal(gov_get_int(v, "updated", 0), 1);
}


/* the blueprint that a row names has an address that is a unit's */

static void
a_row_gives_no_blueprint_whose_addresses_are_taken(void **state)
{
    gov_op_t      op;
    uint64_t      seq;
    t_store_t    *t = *state;
    gov_value_t  *v;

    static const char  rows[] = "{'rows': [{'code': '610402', 'level': "
        "'county', 'name': '秦都区', 'parent_code': '6104', "
        "'blueprint': 'b2'}]}";

    t_city_do(t);
    t_do(t, "site.create", "{'code': '610402002', 'name': '路子镇', "
         "'level': 'township', 'parent': '610402', 'slug': 'luzi'}");
    t_do(t, "blueprint.put", "{'name': 'b2', 'title': '二', 'columns': ["
         "{'id': 1, 'slug': 'luzi', 'name': '路', 'kind': 'news'}]}");

    v = t_do(t, "site.import", rows);
    t_str(t_reason(v), "蓝本“b2”的栏目地址不能用："
          "“luzi”已由“路子镇”（610402002000）使用");
    assert_int_equal(gov_get_int(v, "updated", -1), 0);

    /* a journal may say that it was done */

    op = t_op(t, "site.import", t_json(t, rows));
    op.door = GOV_DOOR_REPLAY;
    op.again = 1;
    op.dry_run = 1;
    t_ok(t_apply(t, &op, &v, &seq));
    assert_int_equal(gov_get_int(v, "updated", 0), 1);
}


static void
t_pattern(void **state)
{
    gov_txn_t    *txn;
    t_store_t    *t = *state;
    gov_value_t  *v;

    v = t_do(t, "site.import", "{'host_pattern': '{code}.cn.localhost', "
        "'rows': ["
        "{'code': '61', 'level': '1', 'name': '陕西省'},"
        "{'code': '6104', 'level': '2', 'name': '咸阳市', "
        " 'parent_code': '61'},"
        "{'code': '610402', 'level': '3', 'name': '秦都区', "
        " 'parent_code': '6104', 'slug': 'qindou'},"
        "{'code': '610402001', 'level': '4', 'name': '街道', "
        " 'parent_code': '610402', 'mode': 'page', 'slug': 'jie'}]}");
    assert_int_equal(gov_get_int(v, "created", 0), 4);

    txn = t_begin(t, GOV_TXN_READ);
    t_leads(t, txn, "610402000000.cn.localhost", "/x", "200 qindou x");
    t_leads(t, txn, "610402000000.cn.localhost", "/jie/x", "200 jie x");
    gov_txn_end(&txn);

    /* of the slug: a taken one gets the digits, a bad one is made fit */
    v = t_do(t, "site.import", "{'host_pattern': '{slug}.c.localhost', "
        "'rows': ["
        "{'code': '610501', 'level': '3', 'name': '甲', 'slug': 'a'},"
        "{'code': '610502', 'level': '3', 'name': '乙', 'slug': 'a'},"
        "{'code': '610503', 'level': '3', 'name': '丙', 'slug': 'A B'}"
        "]}");
    assert_int_equal(gov_get_int(v, "created", 0), 3);

    txn = t_begin(t, GOV_TXN_READ);
    t_str(t_base(t, txn, "610501"), "a.c.localhost/");
    t_str(t_base(t, txn, "610502"), "a-02.c.localhost/");
    t_str(t_base(t, txn, "610503"), "ab-03.c.localhost/");
    gov_txn_end(&txn);

    v = t_do(t, "site.import", "{'host_pattern': '{name}.c.localhost', "
        "'rows': [{'code': '6106', 'level': '2', 'name': '丁'}]}");
    assert_int_equal(gov_member(v, "refused")->n, 1);

    t_no(t, GOV_INVALID, "site.import", "{'host_pattern': '{code}.a', "
         "'mode': 'page', 'rows': [{}]}", "page 和 subsite");
}


static void
t_bounds(void **state)
{
    gov_op_t      op;
    unsigned      i;
    uint64_t      seq;
    t_store_t    *t = *state;
    gov_value_t  *input, *rows, *m, *v;

    t_no(t, GOV_INVALID, "site.import", "{}", "没有站点清单");
    t_no(t, GOV_INVALID, "site.import", "{'csv': 'code,level,name'}",
         "下面至少要有一行");
    t_no(t, GOV_INVALID, "site.import", "{'rows': []}", "不能为空");
    t_no(t, GOV_INVALID, "site.import", "{'rows': 7}", "应是列表");

    input = gov_map(t->arena);
    rows = gov_put_list(t->arena, input, "rows");

    for (i = 0; i < 1001; i++) {
        m = gov_add_map(t->arena, rows);
        gov_put_str(t->arena, m, "code", gov_str_fmt(t->arena, "d%u", i));
        gov_put_c(t->arena, m, "level", "department");
        gov_put_c(t->arena, m, "name", "局");
    }

    op = t_op(t, "site.import", input);
    t_rc(t_apply(t, &op, &v, &seq), GOV_INVALID);
    t_says(t, "超过 1000 项");

    rows->n--;
    op = t_op(t, "site.import", input);
    rows->u.first = rows->u.first->next;
    t_ok(t_apply(t, &op, &v, &seq));
    assert_int_equal(gov_get_int(v, "created", 0), 1000);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(t_rows_in),
        t_test(t_refused),
        t_test(a_blueprint_that_was_found_is_no_other),
        t_test(a_site_that_is_there_takes_what_it_would_by_itself),
        t_test(a_row_gives_no_blueprint_whose_addresses_are_taken),
        t_test(t_pattern),
        t_test(t_bounds)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
