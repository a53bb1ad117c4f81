
/*
 * Copyright (C) ngx_gov authors
 *
 * Dates: what is shown, what is read, and both against the C library.
 */


#include <time.h>

#include "base/t_base.h"


#define T_DAY  86400000000LL


static void
a_moment_is_shown_in_shanghai(void **state)
{
    size_t        i;
    gov_arena_t  *a = *state;

    static const struct {
        int64_t    us;
        gov_str_t  minute, rfc3339, http;
    } rows[] = {
        { 0,
          gov_string("1970-01-01 08:00"),
          gov_string("1970-01-01T08:00:00+08:00"),
          gov_string("Thu, 01 Jan 1970 00:00:00 GMT") },
        { -1,
          gov_string("1970-01-01 07:59"),
          gov_string("1970-01-01T07:59:59+08:00"),
          gov_string("Wed, 31 Dec 1969 23:59:59 GMT") },
        { 784111777999999,
          gov_string("1994-11-06 16:49"),
          gov_string("1994-11-06T16:49:37+08:00"),
          gov_string("Sun, 06 Nov 1994 08:49:37 GMT") },
        { 1709222399000000,
          gov_string("2024-02-29 23:59"),
          gov_string("2024-02-29T23:59:59+08:00"),
          gov_string("Thu, 29 Feb 2024 15:59:59 GMT") },
        { 1709222400000000,
          gov_string("2024-03-01 00:00"),
          gov_string("2024-03-01T00:00:00+08:00"),
          gov_string("Thu, 29 Feb 2024 16:00:00 GMT") },
        { 4107542400000000,
          gov_string("2100-03-01 08:00"),
          gov_string("2100-03-01T08:00:00+08:00"),
          gov_string("Mon, 01 Mar 2100 00:00:00 GMT") },
        { 4107542399000000,
          gov_string("2100-03-01 07:59"),
          gov_string("2100-03-01T07:59:59+08:00"),
          gov_string("Sun, 28 Feb 2100 23:59:59 GMT") }
    };

    for (i = 0; i < t_rows(rows); i++) {
        t_str_at(gov_date(a, rows[i].us, GOV_DATE_MINUTE), rows[i].minute,
                 __FILE__, __LINE__);
        t_str_at(gov_date_day(rows[i].rfc3339),
                 gov_date(a, rows[i].us, GOV_DATE_DAY), __FILE__, __LINE__);
        t_str_at(gov_date(a, rows[i].us, GOV_DATE_RFC3339), rows[i].rfc3339,
                 __FILE__, __LINE__);
        t_str_at(gov_date(a, rows[i].us, GOV_DATE_HTTP), rows[i].http,
                 __FILE__, __LINE__);
    }

    t_str(gov_date(a, 1709222400000000, GOV_DATE_DAY), "2024-03-01");

    /* the first and the last there are */

    t_str(gov_date(a, -62167248000000000, GOV_DATE_MINUTE),
          "0000-01-01 00:00");
    t_str(gov_date(a, INT64_MAX, GOV_DATE_MINUTE), "9999-12-31 23:59");
}


static void
every_day_of_two_centuries_agrees_with_the_library(void **state)
{
    char          want[64];
    time_t        t;
    int64_t       day, us;
    gov_str_t     s;
    struct tm     tm;
    gov_arena_t  *a = *state;

    /* 1901-01-01 to 2100-12-31 */

    for (day = -25202; day <= 47846; day++) {
        gov_arena_reset(a);

        t = (time_t) day * 86400;
        gmtime_r(&t, &tm);
        strftime(want, sizeof(want), "%Y-%m-%d", &tm);

        s = gov_date(a, day * T_DAY, GOV_DATE_DAY);
        t_str_at(s, gov_str_of(want), __FILE__, __LINE__);

        assert_int_equal(gov_day_valid(s), 1);
        assert_int_equal(gov_date_parse(s, &us), 0);
        assert_true(us == day * T_DAY - T_DAY / 3);

        strftime(want, sizeof(want), "%a, %d %b %Y %H:%M:%S GMT", &tm);
        t_str_at(gov_date(a, day * T_DAY, GOV_DATE_HTTP), gov_str_of(want),
                 __FILE__, __LINE__);
    }
}


static void
dates_of_every_form_are_read(void **state)
{
    size_t   i;
    int64_t  us;

    static const struct {
        gov_str_t  text;
        int64_t    us;
    } rows[] = {
        { gov_string("1970-01-01"), -28800000000 },
        { gov_string("1970-01-01 08:00"), 0 },
        { gov_string("1970-01-01 08:00:01"), 1000000 },
        { gov_string("1970-01-01T08:00"), 0 },
        { gov_string("1970-01-01T00:00:00Z"), 0 },
        { gov_string("1970-01-01t00:00:00z"), 0 },
        { gov_string("1970-01-01T08:00:00+08:00"), 0 },
        { gov_string("1969-12-31T19:00:00-05:00"), 0 },
        { gov_string("1970-01-01T05:30:00+05:30"), 0 },
        { gov_string("1970-01-01T00:00:00-00:00"), 0 },
        { gov_string("1970-01-01T00:00:00.5Z"), 500000 },
        { gov_string("1970-01-01T00:00:00.000001Z"), 1 },
        { gov_string("1970-01-01T00:00:00.0000019Z"), 1 },
        { gov_string("1970-01-01T00:00:00.123456789012345Z"), 123456 },
        { gov_string("1969-12-31T23:59:59.999999Z"), -1 },
        { gov_string("2000-02-29T00:00:00Z"), 951782400000000 },
        { gov_string("2100-12-31T23:59:59Z"), 4133980799000000 },
        { gov_string("0000-03-01T00:00:00Z"), -62162035200000000 },
        { gov_string("9999-12-31T23:59:59Z"), 253402300799000000 }
    };

    (void) state;

    for (i = 0; i < t_rows(rows); i++) {
        us = 77;

        if (gov_date_parse(rows[i].text, &us) != 0 || us != rows[i].us) {
            fail_msg("%.*s gives %lld", gov_strf(rows[i].text),
                     (long long) us);
        }
    }
}


static void
what_is_no_date_is_refused(void **state)
{
    size_t   i;
    int64_t  us;

    static const gov_str_t  rows[] = {
        gov_null_string,
        gov_string(""),
        gov_string("2026"),
        gov_string("2026-11"),
        gov_string("2026-1-1"),
        gov_string("2026/11/23"),
        gov_string("20261123"),
        gov_string("2026-00-10"),
        gov_string("2026-13-10"),
        gov_string("2026-11-00"),
        gov_string("2026-11-31"),
        gov_string("2025-02-29"),
        gov_string("2100-02-29"),
        gov_string("1900-02-29"),
        gov_string("2026-11-23 "),
        gov_string(" 2026-11-23"),
        gov_string("2026-11-23\0"),
        gov_string("2026-11-23\0" "08:00"),
        gov_string("2026-11-23X08:00"),
        gov_string("2026-11-23 8:00"),
        gov_string("2026-11-23 24:00"),
        gov_string("2026-11-23 23:60"),
        gov_string("2026-11-23 23:59:60"),
        gov_string("2026-11-23 23:59:"),
        gov_string("2026-11-23T23:59:59."),
        gov_string("2026-11-23T23:59:59.Z"),
        gov_string("2026-11-23T23:59:59ZZ"),
        gov_string("2026-11-23T23:59:59+8:00"),
        gov_string("2026-11-23T23:59:59+0800"),
        gov_string("2026-11-23T23:59:59+24:00"),
        gov_string("2026-11-23T23:59:59+08:60"),
        gov_string("2026-11-23T23:59:59 +08:00"),
        gov_string("-026-11-23"),
        gov_string("２０２６-11-23")
    };

    (void) state;

    for (i = 0; i < t_rows(rows); i++) {

        if (gov_date_parse(rows[i], &us) == 0) {
            fail_msg("%.*s is read", gov_strf(rows[i]));
        }
    }
}


static void
a_day_is_real_or_not(void **state)
{
    (void) state;

    assert_true(gov_day_valid(gov_s("2024-02-29")));
    assert_true(gov_day_valid(gov_s("2000-02-29")));
    assert_false(gov_day_valid(gov_s("2023-02-29")));
    assert_false(gov_day_valid(gov_s("2100-02-29")));
    assert_false(gov_day_valid(gov_s("2024-02-30")));
    assert_false(gov_day_valid(gov_s("2024-04-31")));
    assert_false(gov_day_valid(gov_s("2024-02-29 00:00")));
    assert_false(gov_day_valid((gov_str_t) gov_null_string));
}


static void
moments_far_away_do_no_harm(void **state)
{
    gov_arena_t  *a = *state;

    assert_true(gov_date(a, INT64_MAX, GOV_DATE_RFC3339).len > 0);
    assert_true(gov_date(a, INT64_MIN, GOV_DATE_RFC3339).len > 0);
    assert_true(gov_date(a, INT64_MIN, GOV_DATE_HTTP).len > 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_moment_is_shown_in_shanghai),
        t_test(every_day_of_two_centuries_agrees_with_the_library),
        t_test(dates_of_every_form_are_read),
        t_test(what_is_no_date_is_refused),
        t_test(a_day_is_real_or_not),
        t_test(moments_far_away_do_no_harm)
    };

    return cmocka_run_group_tests_name("base/gov_date", tests, NULL, NULL);
}
