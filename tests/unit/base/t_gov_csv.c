
/*
 * Copyright (C) ngx_gov authors
 *
 * CSV, and text of spreadsheets made UTF-8.
 */


#include "base/t_base.h"


static gov_str_t t_records(gov_arena_t *a, gov_str_t text, gov_rc_t *rc,
    gov_err_t *err);


/* fields between "|", records between "$" */

static gov_str_t
t_records(gov_arena_t *a, gov_str_t text, gov_rc_t *rc, gov_err_t *err)
{
    unsigned   i, n;
    gov_buf_t  b;
    gov_str_t  fields[4];

    memset(err, 0, sizeof(gov_err_t));
    gov_buf_init(&b, a, 64);

    for ( ;; ) {
        *rc = gov_csv_next(a, &text, fields, 4, &n, err);

        if (*rc != GOV_OK) {
            return b.s;
        }

        for (i = 0; i < n; i++) {
            assert_int_equal(gov_str_c(a, fields[i])[fields[i].len], 0);
            gov_buf_c(&b, i ? "|" : "");
            gov_buf_str(&b, fields[i]);
        }

        gov_buf_c(&b, "$");
    }
}


static void
records_are_read_to_the_end(void **state)
{
    size_t        i;
    gov_rc_t      rc;
    gov_str_t     got;
    gov_err_t     err;
    gov_arena_t  *a = *state;

    static const struct {
        gov_str_t  text, want;
    } rows[] = {
        { gov_null_string, gov_string("") },
        { gov_string(""), gov_string("") },
        { gov_string("\r\n\n\r"), gov_string("") },
        { gov_string("a"), gov_string("a$") },
        { gov_string("a,b\nc,d"), gov_string("a|b$c|d$") },
        { gov_string("a,b\r\nc,d\r\n"), gov_string("a|b$c|d$") },
        { gov_string("a\rb\r"), gov_string("a$b$") },
        { gov_string("a\n\n\nb\n"), gov_string("a$b$") },
        { gov_string(","), gov_string("|$") },
        { gov_string("a,\n,b\n"), gov_string("a|$|b$") },
        { gov_string("\"\""), gov_string("$") },
        { gov_string("\"\",\"\"\n"), gov_string("|$") },
        { gov_string("\"a\",\"b\"\r\n"), gov_string("a|b$") },
        { gov_string("\"a,b\",c"), gov_string("a,b|c$") },
        { gov_string("\"a\r\nb\"\r\nc"), gov_string("a\r\nb$c$") },
        { gov_string("\"say \"\"hi\"\"\""), gov_string("say \"hi\"$") },
        { gov_string("\"\"\"\""), gov_string("\"$") },
        { gov_string("a\"b,c"), gov_string("a\"b|c$") },
        { gov_string(" a , \"b\""), gov_string(" a | \"b\"$") },
        { gov_string("中,文"), gov_string("中|文$") },
        { gov_string("a\0b,c"), gov_string("a\0b|c$") },
        { gov_string("1,2,3,4"), gov_string("1|2|3|4$") }
    };

    for (i = 0; i < t_rows(rows); i++) {
        got = t_records(a, rows[i].text, &rc, &err);
        assert_int_equal(rc, GOV_DONE);
        t_str_at(got, rows[i].want, __FILE__, __LINE__);
    }
}


static void
a_malformed_record_is_refused_after_the_good_ones(void **state)
{
    size_t        i;
    gov_rc_t      rc;
    gov_str_t     got;
    gov_err_t     err;
    gov_arena_t  *a = *state;

    static const gov_str_t  rows[] = {
        gov_string("ok\n\""),
        gov_string("ok\n\"open,x\ny"),
        gov_string("ok\n\"a\"\""),
        gov_string("ok\n\"a\"b,c"),
        gov_string("ok\n\"a\" ,c"),
        gov_string("ok\n1,2,3,4,5"),
        gov_string("ok\n1,2,3,4,")
    };

    for (i = 0; i < t_rows(rows); i++) {
        got = t_records(a, rows[i], &rc, &err);
        assert_int_equal(rc, GOV_INVALID);
        assert_int_equal(err.code, GOV_INVALID);
        assert_true(err.text[0] != '\0');
        t_str(got, "ok$");
    }
}


static void
a_refused_record_is_not_passed(void **state)
{
    unsigned      n;
    gov_str_t     text = gov_string("a,b\n"), fields[1];
    gov_arena_t  *a = *state;

    assert_int_equal(gov_csv_next(a, &text, fields, 1, &n, NULL),
                     GOV_INVALID);
    t_str(text, "a,b\n");
}


static void
text_of_spreadsheets_becomes_utf8(void **state)
{
    size_t        i;
    int           converted;
    gov_str_t     text;
    gov_err_t     err;
    gov_arena_t  *a = *state;

    static const struct {
        gov_str_t  text, want;
        gov_rc_t   rc;
        int        converted;
    } rows[] = {
        { gov_string(""), gov_string(""), GOV_OK, 0 },
        { gov_null_string, gov_string(""), GOV_OK, 0 },
        { gov_string("中文"), gov_string("中文"), GOV_OK, 0 },
        { gov_string("\xef\xbb\xbf中"), gov_string("中"), GOV_OK, 0 },
        { gov_string("\xef\xbb\xbf"), gov_string(""), GOV_OK, 0 },
        { gov_string("\xd6\xd0\xce\xc4,a"), gov_string("中文,a"), GOV_OK, 1 },
        { gov_string("\x95\x32\x82\x36"), gov_string("\xf0\xa0\x80\x80"),
          GOV_OK, 1 },
        { gov_string("a\xff"), gov_string("a\xff"), GOV_INVALID, 0 },
        { gov_string("\xd6"), gov_string("\xd6"), GOV_INVALID, 0 }
    };

    for (i = 0; i < t_rows(rows); i++) {
        memset(&err, 0, sizeof(err));
        text = rows[i].text;
        converted = 7;

        assert_int_equal(gov_text_utf8(a, &text, &converted, &err),
                         rows[i].rc);
        assert_int_equal(converted, rows[i].converted);
        t_str_at(text, rows[i].want, __FILE__, __LINE__);
        assert_int_equal(err.code, rows[i].rc);
    }
}


static void
every_character_of_the_plane_has_room(void **state)
{
    int           converted, high, low;
    gov_buf_t     b;
    gov_str_t     text;
    u_char        pair[2];
    gov_arena_t  *a = *state;

    gov_buf_init(&b, a, 64);

    for (high = 0xb0; high <= 0xd6; high++) {

        for (low = 0xa1; low <= 0xfe; low++) {
            pair[0] = (u_char) high;
            pair[1] = (u_char) low;
            gov_buf_add(&b, pair, 2);
        }
    }

    text = b.s;

    assert_int_equal(gov_text_utf8(a, &text, &converted, NULL), GOV_OK);
    assert_int_equal(converted, 1);
    assert_int_equal(text.len, b.s.len / 2 * 3);
    assert_true(gov_utf8_valid(text));
}


static void
random_bytes_are_read_or_refused(void **state)
{
    int           i, converted;
    u_char        bytes[64];
    gov_rc_t      rc;
    gov_str_t     text;
    gov_err_t     err;
    gov_arena_t  *a = *state;

    static const u_char  likely[] = ",,\"\"\r\nab";

    for (i = 0; i < 20000; i++) {
        size_t  k;

        gov_arena_reset(a);
        gov_random(bytes, sizeof(bytes));
        memset(&err, 0, sizeof(err));

        text = (gov_str_t) { 32, bytes };
        rc = gov_text_utf8(a, &text, &converted, &err);
        assert_true(rc == GOV_INVALID || gov_utf8_valid(text));

        for (k = 0; k < sizeof(bytes); k++) {
            bytes[k] = likely[bytes[k] % 8];
        }

        t_records(a, (gov_str_t) { sizeof(bytes), bytes }, &rc, &err);
        assert_true(rc == GOV_DONE || rc == GOV_INVALID);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(records_are_read_to_the_end),
        t_test(a_malformed_record_is_refused_after_the_good_ones),
        t_test(a_refused_record_is_not_passed),
        t_test(text_of_spreadsheets_becomes_utf8),
        t_test(every_character_of_the_plane_has_room),
        t_test(random_bytes_are_read_or_refused)
    };

    return cmocka_run_group_tests_name("base/gov_csv", tests, NULL, NULL);
}
