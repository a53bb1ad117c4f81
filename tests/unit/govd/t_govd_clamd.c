
/*
 * Copyright (C) ngx_gov authors
 *
 * What a scanner's answer means, and what the name of an archive's entry is.
 */


#include "base/t_base.h"
#include "govd/govd_file.h"


static void
only_two_answers_are_believed(void **state)
{
    unsigned   i;
    gov_str_t  found;

    static struct {
        gov_str_t     answer;
        govd_scan_t   scan;
        const char   *found;
    } rows[] = {
        { gov_string("stream: OK\0"), GOVD_SCAN_CLEAN, "" },
        { gov_string("stream: Eicar-Test FOUND\0"), GOVD_SCAN_FOUND,
          "Eicar-Test" },
        { gov_string("stream: A FOUND B FOUND\0"), GOVD_SCAN_FOUND,
          "A FOUND B" },
        { gov_string("stream: \n FOUND\0"), GOVD_SCAN_FOUND, "\n" },
        { gov_string("stream: \xff FOUND\0"), GOVD_SCAN_FOUND, "?" },
        { gov_string("stream: OK"), GOVD_SCAN_DOWN, "" },
        { gov_string("stream: OK\n\0"), GOVD_SCAN_DOWN, "" },
        { gov_string("stream: OK\0 FOUND\0"), GOVD_SCAN_DOWN, "" },
        { gov_string("stream:  FOUND\0"), GOVD_SCAN_DOWN, "" },
        { gov_string("stream: FOUND\0"), GOVD_SCAN_DOWN, "" },
        { gov_string(" OK\0"), GOVD_SCAN_DOWN, "" },
        { gov_string("INSTREAM size limit exceeded. ERROR\0"),
          GOVD_SCAN_DOWN, "" },
        { gov_string("\0"), GOVD_SCAN_DOWN, "" },
        { gov_null_string, GOVD_SCAN_DOWN, "" }
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (govd_clamd_answer(rows[i].answer, &found) != rows[i].scan
            || !gov_str_is(found, rows[i].found))
        {
            fail_msg("row %u: \"%.*s\"", i, gov_strf(found));
        }
    }
}


static void
an_entry_leads_nowhere_else(void **state)
{
    gov_rc_t      rc;
    unsigned      i;
    gov_str_t     name, path;
    gov_err_t     err;
    gov_arena_t  *a;

    static struct {
        const char  *path;
        gov_rc_t     rc;
        const char  *name;
    } rows[] = {
        { "通知.txt", GOV_OK, "通知.txt" },
        { "目录/图/图.png", GOV_OK, "图.png" },
        { "\xb9\xab\xb8\xe6.txt", GOV_OK, "公告.txt" },
        { "../a.txt", GOV_INVALID, "a.txt" },
        { "a/../../b.txt", GOV_INVALID, "b.txt" },
        { "..\\b.txt", GOV_INVALID, "b.txt" },
        { "/etc/a.txt", GOV_INVALID, "a.txt" },
        { "C:\\a.txt", GOV_INVALID, "a.txt" },
        { "a//b.txt", GOV_INVALID, "b.txt" },
        { "a\nb.txt", GOV_INVALID, "a\nb.txt" },
        { ".DS_Store", GOV_DONE, "" },
        { "a/.hidden", GOV_DONE, "" },
        { "__MACOSX/a.txt", GOV_DONE, "" },
        { "a/Thumbs.db", GOV_DONE, "" },
        { "a/", GOV_DONE, "" },
        { "..", GOV_DONE, "" },
        { "", GOV_DONE, "" }
    };

    (void) state;
    a = gov_arena_new(4096);

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        path = gov_str_of(rows[i].path);
        memset(&err, 0, sizeof(gov_err_t));

        rc = govd_unzip_name(a, gov_hex_str(a, path.data, path.len), &name,
                             &err);

        if (rc != rows[i].rc
            || (rc != GOV_DONE && !gov_str_is(name, rows[i].name)))
        {
            fail_msg("row %u: %s, \"%.*s\"", i, gov_rc_name(rc),
                     gov_strf(name));
        }
    }

    gov_arena_free(&a);
}


static void
a_name_is_kept_without_its_folders(void **state)
{
    gov_str_t     name;
    gov_err_t     err;
    gov_arena_t  *a;

    (void) state;
    a = gov_arena_new(4096);
    memset(&err, 0, sizeof(gov_err_t));

    assert_int_equal(govd_file_name(a, gov_s("C:\\我的\\报表.xls"), &name,
                                    &err), GOV_OK);
    assert_true(gov_str_is(name, "报表.xls"));
    assert_int_equal(govd_file_name(a, gov_s("a/.htaccess"), &name, &err),
                     GOV_INVALID);
    assert_int_equal(govd_file_name(a, gov_s("a/"), &name, &err),
                     GOV_INVALID);

    gov_arena_free(&a);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(only_two_answers_are_believed),
        cmocka_unit_test(an_entry_leads_nowhere_else),
        cmocka_unit_test(a_name_is_kept_without_its_folders)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
