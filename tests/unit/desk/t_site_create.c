
/*
 * Copyright (C) ngx_gov authors
 *
 * site.create and site.set: what they make, and what they refuse, each fault
 * with its field.
 */


#include "desk/t_site_desk.h"


static void
t_create(void **state)
{
    gov_txn_t    *txn;
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_city_do(t);

    v = t_do(t, "site.create", "{'code': 'xy-fgw', 'name': '发展改革委', "
             "'level': 'department', 'parent': '6104', 'slug': 'fgw', "
             "'brand': '#a1131a', 'legal_name': '咸阳市发展和改革委员会'}");
    t_str(t_text(t, v),
          "{\"code\":\"xy-fgw\",\"mode\":\"subsite\","
          "\"name\":\"发展改革委\",\"site\":4,\"slug\":\"fgw\","
          "\"state\":\"preparing\",\"url\":\"//fgw.xianyang.localhost/\"}");

    v = t_do(t, "site.create", "{'code': '610402001201', 'name': '村', "
             "'level': 'village', 'parent': '610402001'}");
    t_str(gov_get_str(v, "url"),
          "//qindu.xianyang.localhost/renminlu/610402001201/");
    t_str(gov_get_str(v, "mode"), "page");

    v = t_do(t, "site.create", "{'code': 'shui', 'name': '水利局', "
             "'level': 'department', 'parent': '6104', 'mode': 'page', "
             "'live': true}");
    t_str(gov_get_str(v, "url"), "//www.xianyang.localhost/shui/");
    t_str(gov_get_str(v, "state"), "live");

    v = t_do(t, "site.create", "{'code': '61', 'name': '陕西省', "
             "'level': '1', 'host': 'www.shaanxi.gov.cn', 'live': true}");
    t_str(gov_get_str(v, "url"), "//www.shaanxi.gov.cn/");
    t_str(gov_get_str(v, "state"), "preparing");

    v = t_do(t, "site.create", "{'code': 62, 'name': '甘肃省', "
             "'level': 'province', 'slug': 'gansu'}");
    t_str(gov_get_str(v, "url"), "//gansu.localhost/");

    txn = t_begin(t, GOV_TXN_READ);
    t_leads(t, txn, "localhost", "/", "200 xianyang ");
    t_leads(t, txn, "xianyang.localhost", "/", "200 xianyang ");
    gov_txn_end(&txn);
}


static void
t_create_refused(void **state)
{
    gov_rc_t      rc;
    unsigned      i;
    gov_op_t      op;
    uint64_t      seq;
    t_store_t    *t = *state;
    gov_str_t     before;
    gov_value_t  *v;

    static struct {
        const char  *json;
        gov_rc_t     rc;
        const char  *field;
        const char  *says;
    } rows[] = {
        { "{'name': 'a', 'level': 'city'}", GOV_INVALID, "code", "缺少" },
        { "{'code': null, 'name': 'a', 'level': 'city'}", GOV_INVALID,
          "code", "缺少" },
        { "{'code': 'a b', 'name': 'a', 'level': 'city'}", GOV_INVALID,
          "code", "代码应是" },
        { "{'code': [], 'name': 'a', 'level': 'city'}", GOV_INVALID, "code",
          "应是代码" },
        { "{'code': 'x', 'name': '', 'level': 'city'}", GOV_INVALID, "name",
          "不能为空" },
        { "{'code': 'x', 'name': {}, 'level': 'city'}", GOV_INVALID, "name",
          "应是文字" },
        { "{'code': 'x', 'name': 'a\\nb', 'level': 'city'}", GOV_INVALID,
          "name", "只有一行" },
        { "{'code': 'x', 'name': 'a\\u0007', 'level': 'city'}", GOV_INVALID,
          "name", "控制字符" },
        { "{'code': 'x', 'name': 'a', 'level': 'town'}", GOV_INVALID,
          "level", "没有“town”这一层级" },
        { "{'code': 'x', 'name': 'a', 'level': 'city', 'colour': 'red'}",
          GOV_INVALID, "colour", "没有“colour”这一项" },
        { "{'code': 'x', 'name': 'a', 'level': 'city', 'brand': 'red'}",
          GOV_INVALID, "brand", "#rrggbb" },
        { "{'code': 'x', 'name': 'a', 'level': 'city', 'mode': 'big'}",
          GOV_INVALID, "mode", "page 和 subsite" },
        { "{'code': 'x', 'name': 'a', 'level': 'city', 'parent': '99'}",
          GOV_NOT_FOUND, "parent", "没有代码为“990000000000”的站点" },
        { "{'code': 'x', 'name': 'a', 'level': 'city', 'blueprint': 'no'}",
          GOV_NOT_FOUND, "blueprint", "没有名为“no”的蓝本" },
        { "{'code': 'x', 'name': 'a', 'level': 'county', 'parent': '6104', "
          "'mode': 'page', 'host': 'a.test'}", GOV_INVALID, "host",
          "没有自己的域名" },
        { "{'code': 'x', 'name': 'a', 'level': 'city', 'host': [7]}",
          GOV_INVALID, "host", "域名应是文字" },
        { "{'code': 'x', 'name': 'a', 'level': 'city', "
          "'host': ['a.test', 'example.com']}", GOV_DENIED, "host",
          "不合域名规定" },
        { "{'code': 'x', 'name': 'a', 'level': 'city', "
          "'host': ['a.test', 'localhost']}", GOV_CONFLICT, "host",
          "已由“咸阳市”" },
        { "{'code': '6104', 'name': 'a', 'level': 'city'}", GOV_CONFLICT,
          "code", "已由“咸阳市”使用" },
        { "{'code': 'x', 'name': 'a', 'level': 'township', "
          "'parent': '6104'}", GOV_DENIED, "parent",
          "乡镇站点应挂在县级门户之下" },
        { "{'code': 'x', 'name': 'a', 'level': 'department', "
          "'parent': '610402001'}", GOV_DENIED, "parent",
          "部门站点应挂在省级门户、市级门户、县级门户之下" },
        { "{'code': 'x', 'name': 'a', 'level': 'village'}", GOV_DENIED,
          "parent", "必须有上级站点" },
        { "[]", GOV_INVALID, "", "一组" }
    };

    t_city_do(t);
    before = t_dump(t, 0, 1);

    for (i = 0; i < t_rows(rows); i++) {
        op = t_op(t, "site.create", t_json(t, rows[i].json));
        rc = t_apply(t, &op, &v, &seq);

        if (rc != rows[i].rc) {
            fail_msg("%s: %s, %s", rows[i].json, gov_rc_name(rc),
                     t->err.text);
        }

        assert_string_equal(t->err.field, rows[i].field);
        t_says(t, rows[i].says);
    }

    assert_true(gov_str_eq(before, t_dump(t, 0, 1)));

    t_no(t, GOV_INVALID, "site.destroy", "{}", "没有名为“site.destroy”");
}


static void
t_set(void **state)
{
    gov_txn_t    *txn;
    t_store_t    *t = *state;
    gov_site_t    site;
    gov_value_t  *v;

    t_city_do(t);

    t_do(t, "site.set", "{'site': '6104', 'legal_name': '咸阳市人民政府', "
         "'brand': '#A1131a', 'head': '甲', 'keeper': '乙', "
         "'site_id_code': '6104000001', 'quota': '1000000', 'icp': 'x'}");
    t_do(t, "site.set", "{'site': '6104', 'icp': ''}");

    txn = t_begin(t, GOV_TXN_READ);
    site = t_site(t, txn, "6104");
    t_str(site.rec.legal_name, "咸阳市人民政府");
    t_str(site.rec.name, "咸阳市");
    t_str(site.rec.icp, "");
    assert_int_equal(site.rec.quota, 1000000);
    gov_txn_end(&txn);

    v = t_do(t, "site.set",
             "{'site': '6104', 'site_id_code': '3100000001'}");
    assert_int_equal(gov_member(v, "warnings")->n, 1);

    t_no(t, GOV_INVALID, "site.set", "{'site': '6104', 'brand': '#12345'}",
         "#rrggbb");
    t_no(t, GOV_INVALID, "site.set", "{'site': '6104', 'name': ''}",
         "1 至 60 字");
    t_no(t, GOV_INVALID, "site.set", "{'site': '6104', 'bundle': '../x'}",
         "模板包的名字");
    t_no(t, GOV_INVALID, "site.set",
         "{'site': '6104', 'site_id_code': '123'}", "10 位");
    t_no(t, GOV_INVALID, "site.set", "{'site': '6104', 'quota': -1}",
         "不应是 -1");
    t_no(t, GOV_NOT_FOUND, "site.set", "{'site': 'x'}",
         "没有代码为“x”的站点");
    t_no(t, GOV_INVALID, "site.set", "{'site': '6104', 'slug': 'x'}",
         "没有“slug”这一项");
}


/* G08: no logo without words, none that is not there */

/* contrast to white, by WCAG's own worked figures: #767676 is 4.54 */

static void
a_colour_white_text_cannot_be_read_on_is_refused(void **state)
{
    t_store_t  *t = *state;

    t_city_do(t);

    (void) t_do(t, "site.set", "{'site': '6104', 'brand': '#767676'}");
    (void) t_do(t, "site.set", "{'site': '6104', 'brand': '#000000'}");
    (void) t_do(t, "site.set", "{'site': '6104', 'brand': '#0B4F8A'}");

    t_no(t, GOV_INVALID, "site.set", "{'site': '6104', 'brand': '#777777'}",
         "对比度为 4.4");
    t_no(t, GOV_INVALID, "site.set", "{'site': '6104', 'brand': '#ff0000'}",
         "对比度为 3.9");
    t_no(t, GOV_INVALID, "site.set", "{'site': '6104', 'brand': '#ffffff'}",
         "对比度为 1.0");
}


static void
t_logo(void **state)
{
    char        json[300], *hex;
    u_char      digest[GOV_DIGEST_LEN];
    t_store_t  *t = *state;

#define T_HEX                                                                 \
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

    t_city_do(t);

    t_no(t, GOV_INVALID, "site.set",
         "{'site': '6104', 'logo': '" T_HEX "/logo.png'}",
         "标志必须有替代文字");
    t_no(t, GOV_NOT_FOUND, "site.set",
         "{'site': '6104', 'logo': '" T_HEX "/logo.png', "
         "'logo_alt': '市徽'}", "没有这个附件");
    t_no(t, GOV_INVALID, "site.set",
         "{'site': '6104', 'logo': '../etc/passwd', 'logo_alt': '市徽'}",
         "摘要/文件名");

    t_ok(gov_blob_put(t->base, gov_s("not a picture"), digest, &t->err));
    hex = gov_str_c(t->arena, gov_hex_str(t->arena, digest, sizeof(digest)));

    (void) snprintf(json, sizeof(json), "{'site': '6104', 'name': "
                    "'logo.png', 'digest': '%s', 'size': 13, "
                    "'type': 'image/png'}", hex);
    t_do(t, "file.add", json);

    (void) snprintf(json, sizeof(json), "{'site': '6104', "
                    "'logo': '%s/logo.png', 'logo_alt': '市徽'}", hex);
    t_do(t, "site.set", json);
    t_no(t, GOV_INVALID, "site.set", "{'site': '6104', 'logo_alt': ''}",
         "标志必须有替代文字");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(t_create),
        t_test(t_create_refused),
        t_test(t_set),
        t_test(a_colour_white_text_cannot_be_read_on_is_refused),
        t_test(t_logo)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
