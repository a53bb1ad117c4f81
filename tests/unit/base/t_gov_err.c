
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
        cmocka_unit_test(codes_have_a_name_a_status_and_an_exit_code)
    };

    return cmocka_run_group_tests_name("base/gov_err", tests, NULL, NULL);
}
