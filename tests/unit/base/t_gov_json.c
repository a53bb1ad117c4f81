
/*
 * Copyright (C) ngx_gov authors
 *
 * JSON, read and written.
 */


#include "base/t_base.h"


static gov_rc_t t_parse(gov_arena_t *a, gov_str_t text, gov_err_t *err);
static gov_str_t t_write(gov_arena_t *a, gov_str_t text, unsigned flags);
static gov_str_t t_nested(gov_arena_t *a, size_t depth, char open,
    char close);


static gov_rc_t
t_parse(gov_arena_t *a, gov_str_t text, gov_err_t *err)
{
    gov_value_t  *v;

    memset(err, 0, sizeof(gov_err_t));

    return gov_json_parse(a, text, &v, err);
}


static gov_str_t
t_write(gov_arena_t *a, gov_str_t text, unsigned flags)
{
    gov_buf_t     b;
    gov_err_t     err;
    gov_value_t  *v;

    memset(&err, 0, sizeof(err));

    if (gov_json_parse(a, text, &v, &err) != GOV_OK) {
        fail_msg("%.*s: %s", gov_strf(text), err.text);
    }

    gov_buf_init(&b, a, 16);
    gov_json_write(&b, v, flags);

    return b.s;
}


static gov_str_t
t_nested(gov_arena_t *a, size_t depth, char open, char close)
{
    size_t     i;
    gov_buf_t  b;

    gov_buf_init(&b, a, 64);

    for (i = 0; i < depth; i++) {
        gov_buf_add(&b, &open, 1);

        if (open == '{' && i + 1 < depth) {
            gov_buf_c(&b, "\"k\":");
        }
    }

    for (i = 0; i < depth; i++) {
        gov_buf_add(&b, &close, 1);
    }

    return b.s;
}


static void
what_is_read_is_written_again(void **state)
{
    size_t        i;
    gov_arena_t  *a = *state;

    static const gov_str_t  rows[] = {
        gov_string("null"),
        gov_string("true"),
        gov_string("[]"),
        gov_string("{}"),
        gov_string("0"),
        gov_string("-9223372036854775808"),
        gov_string("9223372036854775807"),
        gov_string("\"\""),
        gov_string("[1,[2,[]],{},{\"b\":1,\"a\":[false]},\"x\"]"),
        gov_string("{\"中\":\"文\",\"\":\"empty key\"}"),
        gov_string("\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f/\x7f\""),
        gov_string("\"</p>&\""),
        gov_string("\"😀\xed\x9f\xbf\xee\x80\x80\"")
    };

    for (i = 0; i < t_rows(rows); i++) {
        t_str_at(t_write(a, rows[i], 0), rows[i], __FILE__, __LINE__);
    }
}


static void
escapes_become_their_characters(void **state)
{
    gov_arena_t  *a = *state;

    t_str(t_write(a, gov_s("\"\\u4e2d\\/\\u0041\\ud83d\\ude00\""), 0),
          "\"中/A😀\"");
    t_str(t_write(a, gov_s(" { \"a\" :\t[ 1 ,\r\n2 ] } "), 0),
          "{\"a\":[1,2]}");
}


static void
what_is_no_json_is_refused(void **state)
{
    size_t        i;
    gov_err_t     err;
    gov_arena_t  *a = *state;

    static const gov_str_t  rows[] = {
        gov_null_string,
        gov_string(""),
        gov_string(" "),
        gov_string("{"),
        gov_string("[1,]"),
        gov_string("[1 2]"),
        gov_string("{\"a\":1,}"),
        gov_string("{a:1}"),
        gov_string("{'a':1}"),
        gov_string("nul"),
        gov_string("NaN"),
        gov_string("01"),
        gov_string("+1"),
        gov_string("1 1"),
        gov_string("[] x"),
        gov_string("[]\0"),
        gov_string("\"\0\""),
        gov_string("\"\\u0000\""),
        gov_string("\"a\nb\""),
        gov_string("\"\\x\""),
        gov_string("\"open"),
        gov_string("\"\\ud83d\""),
        gov_string("\"\\ude00\\ud83d\""),
        gov_string("\"\\ud83dx\""),
        gov_string("\"\xed\xa0\x80\""),
        gov_string("\"\xc0\x80\""),
        gov_string("\"\xff\""),
        gov_string("\"\xe4\xb8\""),
        gov_string("\xef\xbb\xbf{}"),
        gov_string("9223372036854775808"),
        gov_string("{\"a\":1,\"a\":2}"),
        gov_string("{\"a\":1,\"\\u0061\":2}"),
        gov_string("{\"x\":{\"a\":1,\"b\":2,\"a\":1}}"),
        gov_string("1.0"),
        gov_string("1e3"),
        gov_string("[[1.5]]"),
        gov_string("1e999")
    };

    for (i = 0; i < t_rows(rows); i++) {

        if (t_parse(a, rows[i], &err) != GOV_INVALID) {
            fail_msg("row %zu: %.*s", i, gov_strf(rows[i]));
        }

        assert_int_equal(err.code, GOV_INVALID);
        assert_true(err.text[0] != '\0');
        assert_true(gov_utf8_valid(gov_str_of(err.text)));
    }
}


static void
a_refusal_names_the_place(void **state)
{
    gov_err_t     err;
    gov_arena_t  *a = *state;

    t_parse(a, gov_s("{\n  \"a\": x\n}"), &err);
    assert_non_null(strstr(err.text, "第 2 行"));

    t_parse(a, gov_s("{\"a\": {\"price\": 1.5}}"), &err);
    assert_string_equal(err.field, "price");
    assert_non_null(strstr(err.text, "1.5"));
}


static void
sixty_four_levels_are_read_and_no_more(void **state)
{
    gov_err_t     err;
    gov_arena_t  *a = *state;

    assert_int_equal(t_parse(a, t_nested(a, 64, '[', ']'), &err), GOV_OK);
    assert_int_equal(t_parse(a, t_nested(a, 65, '[', ']'), &err),
                     GOV_INVALID);
    assert_int_equal(t_parse(a, t_nested(a, 64, '{', '}'), &err), GOV_OK);
    assert_int_equal(t_parse(a, t_nested(a, 65, '{', '}'), &err),
                     GOV_INVALID);
    assert_int_equal(t_parse(a, t_nested(a, 100000, '[', ']'), &err),
                     GOV_INVALID);
}


static void
a_text_too_large_for_its_arena_is_refused(void **state)
{
    gov_err_t     err;
    gov_str_t     text;
    gov_buf_t     b;
    gov_arena_t  *a = *state, *small;

    gov_buf_init(&b, a, 64);
    gov_buf_c(&b, "[0");

    while (b.s.len < 100000) {
        gov_buf_c(&b, ",{\"a\":\"bcdefgh\"}");
    }

    gov_buf_c(&b, "]");
    text = b.s;

    small = gov_arena_new_limited(256, 65536);
    assert_int_equal(t_parse(small, text, &err), GOV_FULL);
    assert_true(gov_arena_used(small) < 2 * 65536);
    gov_arena_free(&small);

    assert_int_equal(t_parse(a, text, &err), GOV_OK);
}


static void
canonical_form_sorts_by_bytes(void **state)
{
    gov_str_t     s;
    gov_arena_t  *a = *state;

    s = t_write(a, gov_s("{\"b\": 1, \"a\": {\"z\": [2, 1], \"y\": 0},"
                         " \"ab\": 3, \"\": 4, \"中\": 5, \"Z\": 6}"),
                GOV_JSON_CANON|GOV_JSON_PRETTY);

    t_str(s, "{\"\":4,\"Z\":6,\"a\":{\"y\":0,\"z\":[2,1]},\"ab\":3,\"b\":1,"
             "\"中\":5}");
    t_str_at(t_write(a, s, GOV_JSON_CANON), s, __FILE__, __LINE__);
}


static void
pretty_form_stands_in_lines(void **state)
{
    gov_arena_t  *a = *state;

    t_str(t_write(a, gov_s("{\"a\":[1,{}],\"b\":{\"c\":[]}}"),
                  GOV_JSON_PRETTY),
          "{\n  \"a\": [\n    1,\n    {}\n  ],\n"
          "  \"b\": {\n    \"c\": []\n  }\n}");
}


static void
html_form_cannot_end_a_script(void **state)
{
    gov_arena_t  *a = *state;

    t_str(t_write(a, gov_s("{\"<\":\"</script><!--\"}"), GOV_JSON_HTML),
          "{\"\\u003c\":\"\\u003c/script>\\u003c!--\"}");
}


static void
what_is_no_utf8_is_written_as_a_replacement(void **state)
{
    gov_buf_t     b;
    gov_value_t  *list;
    gov_arena_t  *a = *state;

    list = gov_list(a);
    gov_add(list, gov_val_str(a, gov_s("a\xffz")));
    gov_add(list, gov_val_str(a, gov_s("\xe4\xb8")));
    gov_add(list, gov_val_str(a, gov_s("\xed\xa0\x80")));
    gov_add(list, gov_val_str(a, gov_s("nul\0here")));
    gov_add(list, gov_val_str(a, (gov_str_t) gov_null_string));

    gov_buf_init(&b, a, 16);
    gov_json_write(&b, list, 0);

    t_str(b.s, "[\"a\xef\xbf\xbdz\",\"\xef\xbf\xbd\xef\xbf\xbd\","
               "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\","
               "\"nul\\u0000here\",\"\"]");

    b.s.len = 0;
    gov_json_write(&b, NULL, 0);
    t_str(b.s, "null");
}


/* without the quotation marks around it */

static gov_str_t
t_written(gov_arena_t *a, gov_str_t s, unsigned flags)
{
    gov_buf_t  b;

    gov_buf_init(&b, a, 64);
    gov_json_write(&b, gov_val_str(a, s), flags);

    return (gov_str_t) { b.s.len - 2, b.s.data + 1 };
}


static void
letters_together_are_written_as_each(void **state)
{
    size_t        at;
    u_char        text[] = "letters and more", letter;
    unsigned      c, flags;
    gov_str_t     s = { sizeof(text) - 1, text }, got, one;
    gov_arena_t  *a = *state;

    for (c = 0; c < 2 * 0x80 * s.len; c++) {
        gov_arena_reset(a);
        flags = c & 1 ? GOV_JSON_HTML : 0;
        letter = (u_char) (c / 2 % 0x80);
        at = c / 2 / 0x80;

        memcpy(text, "letters and more", s.len);
        text[at] = letter;
        got = t_written(a, s, flags);
        one = t_written(a, (gov_str_t) { 1, &letter }, flags);

        assert_int_equal(got.len, s.len - 1 + one.len);
        assert_memory_equal(got.data, text, at);
        assert_memory_equal(got.data + at, one.data, one.len);
        assert_memory_equal(got.data + at + one.len, text + at + 1,
                            s.len - at - 1);
    }
}


static void
a_mutated_text_is_read_or_refused(void **state)
{
    int           i;
    u_char        r[4];
    gov_rc_t      rc;
    gov_str_t     text, canon;
    gov_buf_t     b;
    gov_err_t     err;
    gov_value_t  *v;
    gov_arena_t  *a = *state;

    static const char  seed[] = "{\"a\":[1,-20,true,null,\"\\u4e2d\\n文\"],"
                                "\"b\":{\"c\":{},\"d\":\"x\\\"y\"}}";

    for (i = 0; i < 20000; i++) {
        gov_arena_reset(a);
        memset(&err, 0, sizeof(err));
        text = gov_str_copy(a, gov_str_of(seed));

        gov_random(r, sizeof(r));
        text.data[r[0] % text.len] = r[1];
        text.data[r[2] % text.len] = (u_char) seed[r[3] % text.len];

        rc = gov_json_parse(a, text, &v, &err);

        if (rc != GOV_OK) {
            assert_int_equal(rc, GOV_INVALID);
            continue;
        }

        gov_buf_init(&b, a, 64);
        gov_json_write(&b, v, GOV_JSON_CANON);
        canon = b.s;
        t_str_at(t_write(a, canon, GOV_JSON_CANON), canon, __FILE__,
                 __LINE__);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(what_is_read_is_written_again),
        t_test(escapes_become_their_characters),
        t_test(what_is_no_json_is_refused),
        t_test(a_refusal_names_the_place),
        t_test(sixty_four_levels_are_read_and_no_more),
        t_test(a_text_too_large_for_its_arena_is_refused),
        t_test(canonical_form_sorts_by_bytes),
        t_test(pretty_form_stands_in_lines),
        t_test(html_form_cannot_end_a_script),
        t_test(what_is_no_utf8_is_written_as_a_replacement),
        t_test(letters_together_are_written_as_each),
        t_test(a_mutated_text_is_read_or_refused)
    };

    return cmocka_run_group_tests_name("base/gov_json", tests, NULL, NULL);
}
