
/*
 * Copyright (C) ngx_gov authors
 *
 * Result codes and the first failure's sentence.
 */


#include "base/t_base.h"


static void
the_first_failure_wins(void **state)
{
    gov_err_t  err;

    (void) state;

    memset(&err, 0, sizeof(err));

    assert_int_equal(gov_fail(&err, GOV_INVALID, "name", "第 %d 处", 1),
                     GOV_INVALID);
    assert_int_equal(gov_fail(&err, GOV_DENIED, "other", "later"),
                     GOV_DENIED);

    assert_int_equal(err.code, GOV_INVALID);
    assert_string_equal(err.field, "name");
    assert_string_equal(err.text, "第 1 处");
}


static void
no_error_and_no_field_are_fine(void **state)
{
    gov_err_t  err;

    (void) state;

    memset(&err, 0, sizeof(err));

    assert_int_equal(gov_fail(NULL, GOV_BUSY, "x", "text"), GOV_BUSY);
    assert_int_equal(gov_fail(&err, GOV_BUSY, NULL, "text"), GOV_BUSY);
    assert_string_equal(err.field, "");
}


static void
a_long_sentence_ends_with_a_whole_character(void **state)
{
    int        i, n;
    char       text[1000];
    gov_err_t  err;

    (void) state;

    for (n = 0; n < 4; n++) {
        memset(&err, 0, sizeof(err));
        memset(text, 'x', (size_t) n);

        for (i = 0; i < 300; i++) {
            memcpy(text + n + i * 3, "文", 3);
        }

        text[n + 900] = '\0';
        gov_fail(&err, GOV_INVALID, text, "%s", text);
        assert_string_equal(err.english, err.text);

        assert_true(gov_utf8_valid(gov_str_of(err.text)));
        assert_true(gov_utf8_valid(gov_str_of(err.field)));
        assert_in_range(strlen(err.text), sizeof(err.text) - 4,
                        sizeof(err.text) - 1);
        assert_in_range(strlen(err.field), sizeof(err.field) - 4,
                        sizeof(err.field) - 1);
    }
}


static void
a_sentence_is_utf8_whatever_it_quotes(void **state)
{
    gov_err_t  err;

    (void) state;

    memset(&err, 0, sizeof(gov_err_t));
    (void) gov_fail(&err, GOV_INVALID, "a\xff", "“%s”", "\xcc\xe5\x92中");
    assert_string_equal(err.field, "a?");
    assert_string_equal(err.text, "“???中”");
}


/* what a person or a site is called is nobody's to translate */

static void
names_that_are_put_in_are_english_too(void **state)
{
    gov_err_t  err;

    (void) state;

    memset(&err, 0, sizeof(gov_err_t));
    (void) gov_fail(&err, GOV_CONFLICT, "doc", "文档在“%s”环节，不能%s",
                    "一审", "撤回");
    assert_string_equal(err.text, "文档在“一审”环节，不能撤回");
    assert_string_equal(err.english, "the document is at the step first "
                        "review: no withdrawal there");

    memset(&err, 0, sizeof(gov_err_t));
    (void) gov_fail(&err, GOV_DENIED, "", "%s站点应挂在%s之下，“%.*s”是%s",
                    "部门", "省级门户、市级门户", 6, "乡镇府", "乡镇");
    assert_string_equal(err.english, "a site of level department hangs below "
                        "province, city; \"乡镇\" is township");

    /* one that is not known stays, whole; a right has "、" in it */

    memset(&err, 0, sizeof(gov_err_t));
    (void) gov_fail(&err, GOV_DENIED, "", "您没有“%s”权限（%s）",
                    "签发、撤回文档", "乡镇、x");
    assert_string_equal(err.english, "you do not hold the right \"sign and "
                        "withdraw documents\" (乡镇、x)");
}


static void
numbers_are_the_same_in_both_sentences(void **state)
{
    gov_err_t  err;

    (void) state;

    memset(&err, 0, sizeof(gov_err_t));
    (void) gov_fail(&err, GOV_INVALID, "", "“%s”不应是 %lld", "limit",
                    -5000000000LL);
    assert_non_null(strstr(err.english, "limit"));
    assert_non_null(strstr(err.english, "-5000000000"));

    memset(&err, 0, sizeof(gov_err_t));
    (void) gov_fail(&err, GOV_INVALID, "", "“%s”超过 %zu 字", "title",
                    (size_t) 200);
    assert_non_null(strstr(err.english, "200"));

    memset(&err, 0, sizeof(gov_err_t));
    (void) gov_fail(&err, GOV_INVALID, "",
                    "%.*s 与白色文字的对比度为 %.1f，应不低于 4.5，请选深一些的颜色",
                    4, "#fff0", 2.25);
    assert_non_null(strstr(err.english, "#fff beside white has a contrast of "
                           "2.2; 4.5"));

    memset(&err, 0, sizeof(gov_err_t));
    (void) gov_fail(&err, GOV_NOT_FOUND, "", "站点 %u 的链在日志第 %llu 条处不符",
                    7, 18446744073709551615ULL);
    assert_string_equal(err.english, "the chain of site 7 breaks at entry "
                        "18446744073709551615");
}


static void
codes_have_a_name_a_status_and_an_exit_code(void **state)
{
    size_t  i;

    static const struct {
        gov_rc_t     rc;
        const char  *name;
        int          status, exit;
    } rows[] = {
        { GOV_OK, "ok", 200, 0 },
        { GOV_DONE, "done", 200, 0 },
        { GOV_ERROR, "error", 500, 1 },
        { GOV_INVALID, "invalid", 422, 1 },
        { GOV_NOT_FOUND, "not_found", 404, 3 },
        { GOV_CONFLICT, "conflict", 409, 1 },
        { GOV_DENIED, "denied", 403, 4 },
        { GOV_FULL, "full", 507, 1 },
        { GOV_CORRUPT, "corrupt", 500, 1 },
        { GOV_BUSY, "busy", 503, 1 },
        { (gov_rc_t) 99, "error", 500, 1 },
        { (gov_rc_t) -1, "error", 500, 1 }
    };

    (void) state;

    for (i = 0; i < t_rows(rows); i++) {
        assert_string_equal(gov_rc_name(rows[i].rc), rows[i].name);
        assert_int_equal(gov_rc_status(rows[i].rc), rows[i].status);
        assert_int_equal(gov_rc_exit(rows[i].rc), rows[i].exit);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(the_first_failure_wins),
        cmocka_unit_test(no_error_and_no_field_are_fine),
        cmocka_unit_test(a_long_sentence_ends_with_a_whole_character),
        cmocka_unit_test(a_sentence_is_utf8_whatever_it_quotes),
        cmocka_unit_test(names_that_are_put_in_are_english_too),
        cmocka_unit_test(numbers_are_the_same_in_both_sentences),
        cmocka_unit_test(codes_have_a_name_a_status_and_an_exit_code)
    };

    return cmocka_run_group_tests_name("base/gov_err", tests, NULL, NULL);
}
