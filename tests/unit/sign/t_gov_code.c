
/*
 * Copyright (C) ngx_gov authors
 *
 * The second factor: RFC 6238's own examples, a code once, recovery codes,
 * the picture.
 */


#define _GNU_SOURCE         /* memmem */

#include "base/t_base.h"
#include "sign/gov_sign.h"


#define T_SECRET  gov_s("12345678901234567890")
#define T_SECOND  ((int64_t) 1000000)


static gov_rc_t
t_check(gov_arena_t *a, const char *code, int64_t second, int64_t used,
    int64_t *step)
{
    return gov_code_check(a, T_SECRET, gov_str_of(code), second * T_SECOND,
                          used, step);
}


static void
codes_are_the_standard_s(void **state)
{
    size_t        i;
    int64_t       step;
    gov_arena_t  *a = *state;

    static const struct {
        int64_t      second;
        const char  *code;
    } rows[] = {                        /* RFC 6238, appendix B, SHA-1 */
        { 59, "287082" },
        { 1111111109, "081804" },
        { 1111111111, "050471" },
        { 1234567890, "005924" },
        { 2000000000, "279037" },
        { 20000000000, "353130" }
    };

    for (i = 0; i < t_rows(rows); i++) {
        assert_int_equal(t_check(a, rows[i].code, rows[i].second, 0, &step),
                         GOV_OK);
        assert_int_equal(step, rows[i].second / 30);
    }

    assert_int_equal(t_check(a, " 287 082 ", 59, 0, &step), GOV_OK);
}


static void
a_code_is_good_in_its_step_and_beside_it(void **state)
{
    int64_t       step;
    gov_arena_t  *a = *state;

    assert_int_equal(t_check(a, "005924", 1234567890 - 30, 0, &step), GOV_OK);
    assert_int_equal(t_check(a, "005924", 1234567890 + 30, 0, &step), GOV_OK);
    assert_int_equal(step, 1234567890 / 30);
    assert_int_equal(t_check(a, "005924", 1234567890 - 60, 0, &step),
                     GOV_DENIED);
    assert_int_equal(t_check(a, "005924", 1234567890 + 60, 0, &step),
                     GOV_DENIED);
}


static void
a_code_is_good_once(void **state)
{
    int64_t       step;
    gov_arena_t  *a = *state;

    assert_int_equal(t_check(a, "005924", 1234567890, 1234567890 / 30 - 1,
                             &step), GOV_OK);
    assert_int_equal(t_check(a, "005924", 1234567890, step, &step),
                     GOV_DENIED);
    assert_int_equal(t_check(a, "005924", 1234567890, step + 5, &step),
                     GOV_DENIED);
}


static void
what_is_no_code_is_refused(void **state)
{
    size_t        i;
    int64_t       step;
    gov_arena_t  *a = *state;

    static const char  *bad[] = { "", "28708", "2870822", "28708a", "-28708",
                                  "+287082", "94287082", "000000" };

    for (i = 0; i < t_rows(bad); i++) {
        assert_int_equal(t_check(a, bad[i], 59, 0, &step), GOV_DENIED);
    }
}


static void
apps_are_told_the_secret(void **state)
{
    gov_str_t     text, uri;
    gov_arena_t  *a = *state;

    assert_int_equal(gov_code_secret(a, T_SECRET, &text), GOV_OK);
    t_str(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");

    assert_int_equal(gov_code_uri(a, T_SECRET, gov_s("咸阳 A&B"),
                                  gov_s("wang:fang"), &uri), GOV_OK);
    t_str(uri, "otpauth://totp/%E5%92%B8%E9%98%B3%20A%26B:wang%3Afang"
               "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
               "&issuer=%E5%92%B8%E9%98%B3%20A%26B");
}


static void
recovery_codes_are_read_as_they_look(void **state)
{
    size_t        i;
    gov_str_t     code, hex, again;
    gov_arena_t  *a = *state;

    static const u_char  bytes[7] = { 0, 0, 0, 0, 0, 0, 1 };
    static const char   *same[] = { "10000-00000", "1000000000",
                                    " l0oO0-000 00", "I0000-0000o" };
    static const char   *bad[] = { "", "10000-0000", "10000-000000" };

    code = gov_recovery_code(a, bytes);
    t_str(code, "10000-00000");
    assert_int_equal(gov_recovery_hash(a, code, &hex), GOV_OK);
    assert_int_equal(hex.len, 2 * GOV_DIGEST_LEN);

    for (i = 0; i < t_rows(same); i++) {
        assert_int_equal(gov_recovery_hash(a, gov_str_of(same[i]), &again),
                         GOV_OK);
        assert_true(gov_str_eq(again, hex));
    }

    for (i = 0; i < t_rows(bad); i++) {
        assert_int_equal(gov_recovery_hash(a, gov_str_of(bad[i]), &again),
                         GOV_DENIED);
    }

    assert_int_equal(gov_recovery_hash(a, gov_s("20000-00000"), &again),
                     GOV_OK);
    assert_false(gov_str_eq(again, hex));
}


static void
a_picture_is_an_svg_of_numbers(void **state)
{
    size_t        i;
    gov_str_t     svg;
    gov_arena_t  *a = *state;

    assert_int_equal(gov_qr_svg(a, gov_s("otpauth://totp/\"><script>"), &svg),
                     GOV_OK);
    assert_true(gov_str_starts(svg, "<svg xmlns="));
    assert_true(gov_str_ends(svg, "z\"/></svg>"));
    assert_null(memmem(svg.data, svg.len, "script", 6));

    /* the three large squares begin and end the first row */
    assert_non_null(memmem(svg.data, svg.len, "d=\"M4 4h7v1h-7z", 15));

    for (i = 0; i < svg.len; i++) {
        assert_true(svg.data[i] >= ' ' && svg.data[i] < 127);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(codes_are_the_standard_s),
        t_test(a_code_is_good_in_its_step_and_beside_it),
        t_test(a_code_is_good_once),
        t_test(what_is_no_code_is_refused),
        t_test(apps_are_told_the_secret),
        t_test(recovery_codes_are_read_as_they_look),
        t_test(a_picture_is_an_svg_of_numbers)
    };

    return cmocka_run_group_tests_name("sign/gov_code", tests, NULL, NULL);
}
