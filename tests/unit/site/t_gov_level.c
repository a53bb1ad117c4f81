
/*
 * Copyright (C) ngx_gov authors
 *
 * Levels, codes, and who may hang below whom (C09), as tables.
 */


#include "site/t_site.h"
#include "site/gov_site_int.h"


static void
t_codes(void **state)
{
    unsigned    i;
    t_store_t  *t = *state;

    static struct {
        const char  *code;
        const char  *canon;
    } rows[] = {
        { "61", "610000000000" },
        { "6104", "610400000000" },
        { "610402", "610402000000" },
        { "610402001", "610402001000" },
        { "610402001201", "610402001201" },
        { "6", "6" },
        { "xy-fgw", "xy-fgw" },
        { "61040Z", "61040Z" },
        { "11610400016016128A", "11610400016016128A" },
        { "6104020012010", "6104020012010" },
        { "", "" }
    };

    for (i = 0; i < t_rows(rows); i++) {
        t_str(gov_code_canon(t->arena, gov_str_of(rows[i].code)),
              rows[i].canon);
    }

    assert_true(gov_code_valid(gov_s("xy-fgw_1.2")));
    assert_false(gov_code_valid(gov_s("")));
    assert_false(gov_code_valid(gov_s("a b")));
    assert_false(gov_code_valid(gov_s("咸阳")));
    assert_false(gov_code_valid(gov_s("a/b")));
    assert_false(gov_code_valid(
                     gov_s("12345678901234567890123456789012345678901")));
}


static void
t_names(void **state)
{
    int  level;

    (void) state;

    for (level = GOV_PROVINCE; level <= GOV_INSTITUTION; level++) {
        assert_int_equal(gov_level_parse(gov_str_of(gov_level_name(level))),
                         level);
    }

    assert_int_equal(gov_level_parse(gov_s("1")), GOV_PROVINCE);
    assert_int_equal(gov_level_parse(gov_s("4")), GOV_TOWNSHIP);
    assert_int_equal(gov_level_parse(gov_s("5")), 0);
    assert_int_equal(gov_level_parse(gov_s("0")), 0);
    assert_int_equal(gov_level_parse(gov_s("")), 0);
    assert_int_equal(gov_level_parse(gov_s("Town")), 0);
    assert_int_equal(gov_mode_parse(gov_s("page")), GOV_MODE_PAGE);
    assert_int_equal(gov_mode_parse(gov_s("subsite")), GOV_MODE_SUBSITE);
    assert_int_equal(gov_mode_parse(gov_s("")), -1);
}


/* a unit attaches to its own level's portal; else the levels are named */

static void
t_attach(void **state)
{
    int         level, above;
    gov_rc_t    rc;
    t_store_t  *t = *state;
    gov_site_t  parent;

    /* the rows are what hangs, the columns what it hangs below, 0 a root */
    static const char  *may[] = {
        /*             0 P C C T V D I */
        [1] = "y.......",      /* province */
        [2] = "yy......",      /* city */
        [3] = "yyy.....",      /* county */
        [4] = "y..y....",      /* township */
        [5] = "....y...",      /* village */
        [6] = "yyyy....",      /* department */
        [7] = "yyyyy.y."       /* institution */
    };

    memset(&parent, 0, sizeof(gov_site_t));
    parent.id = 9;
    parent.rec.name = gov_s("above");

    for (level = 1; level <= 7; level++) {
        for (above = 0; above <= 7; above++) {
            parent.rec.level = above;
            t_err_clear(t);

            rc = gov_level_check(level, gov_s("610402001000"),
                                 above ? &parent : NULL, &t->err);

            if ((rc == GOV_OK) != (may[level][above] == 'y')) {
                fail_msg("%s below %s: %s", gov_level_name(level),
                         gov_level_name(above), gov_rc_name(rc));
            }

            assert_true(rc == GOV_OK || rc == GOV_DENIED);

            if (rc == GOV_DENIED) {
                t_in_english(t);
            }
        }
    }

    parent.rec.level = GOV_CITY;
    t_err_clear(t);
    t_rc(gov_level_check(GOV_TOWNSHIP, gov_s("610402001000"), &parent,
                         &t->err), GOV_DENIED);
    t_says(t, "乡镇站点应挂在县级门户之下，“above”是市级门户");

    /* cities without counties */
    t_ok(gov_level_check(GOV_TOWNSHIP, gov_s("441900003000"), &parent,
                         &t->err));
}


static void
t_slugs(void **state)
{
    unsigned    i, k;
    t_store_t  *t = *state;

    static struct {
        const char  *wish;
        const char  *code;
        const char  *tries[4];
    } rows[] = {
        { "chengguan", "610402001000",
          { "chengguan", "chengguan-001", "chengguan-610402001", "" } },
        { "qindu", "610402000000",
          { "qindu", "qindu-02", "qindu-610402", "" } },
        { "xianyang", "610400000000",
          { "xianyang", "xianyang-04", "xianyang-6104", "" } },
        { "", "610402001000",
          { "610402001", "610402001", "610402001", "" } },
        { "Da Qiao", "610402001000",
          { "daqiao-001", "daqiao-001", "daqiao-610402001", "" } },
        { "渭城", "610404000000", { "04", "04", "610404", "" } },
        { "fgw", "xy-fgw", { "fgw", "fgw-xy-fgw", "fgw-xy-fgw", "" } },
        { "a123456789012345678901234567890123456789", "610402001000",
          { "a123456789012345678901234567-001",
            "a123456789012345678901234567-001",
            "a123456789012345678901-610402001", "" } }
    };

    for (i = 0; i < t_rows(rows); i++) {
        for (k = 0; k < 4; k++) {
            t_str(gov_slug_try(t->arena, gov_str_of(rows[i].wish),
                               gov_str_of(rows[i].code), k),
                  rows[i].tries[k]);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(t_codes),
        t_test(t_names),
        t_test(t_attach),
        t_test(t_slugs)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
