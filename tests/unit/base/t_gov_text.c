
/*
 * Copyright (C) ngx_gov authors
 *
 * Escaping, UTF-8, hexadecimal.
 */


#include "base/t_base.h"


static void
markup_is_escaped_in_every_form_alike(void **state)
{
    size_t        i, n;
    u_char       *p;
    gov_buf_t     b;
    gov_arena_t  *a = *state;

    static const struct {
        gov_str_t  text, want;
    } rows[] = {
        { gov_null_string, gov_string("") },
        { gov_string("plain 文"), gov_string("plain 文") },
        { gov_string("<"), gov_string("&lt;") },
        { gov_string("a<b>c&d\"e'f"),
          gov_string("a&lt;b&gt;c&amp;d&quot;e&#39;f") },
        { gov_string("&amp;"), gov_string("&amp;amp;") },
        { gov_string("a\0<"), gov_string("a\0&lt;") }
    };

    for (i = 0; i < t_rows(rows); i++) {
        n = gov_escape_html_len(rows[i].text);
        p = gov_alloc(a, n + 1);
        assert_ptr_equal(gov_escape_html(p, rows[i].text), p + n);
        t_str_at((gov_str_t) { n, p }, rows[i].want, __FILE__, __LINE__);

        gov_buf_init(&b, a, 16);
        gov_buf_html(&b, rows[i].text);
        t_str_at(b.s, rows[i].want, __FILE__, __LINE__);
    }
}


/* sixteen bytes are looked at in one: each place in texts of each length */

static void
markup_is_escaped_wherever_it_stands(void **state)
{
    size_t        len, at;
    u_char        text[80], want[160], c;
    gov_buf_t     b;
    gov_arena_t  *a = *state;

    gov_buf_init(&b, a, 256);

    for (len = 1; len < sizeof(text); len++) {
        for (at = 0; at < len; at++) {
            c = (u_char) "<>&\"'"[(len + at) % 5];

            memset(text, 'a' + (int) (at % 26), len);
            text[at] = c;

            memset(want, 'a' + (int) (at % 26), at);
            memcpy(want + at, gov_entity(c), strlen(gov_entity(c)));
            memset(want + at + strlen(gov_entity(c)), 'a' + (int) (at % 26),
                   len - at - 1);

            b.s.len = 0;
            gov_buf_html(&b, (gov_str_t) { len, text });
            t_str_at(b.s, (gov_str_t) { len - 1 + strlen(gov_entity(c)),
                                        want }, __FILE__, __LINE__);
        }
    }
}


static void
an_entity_is_read_as_it_was_written(void **state)
{
    size_t  i, n;

    static const struct {
        gov_str_t  text;
        u_char     want;
        size_t     n;
    } rows[] = {
        { gov_string("&amp;lt;"), '&', 5 }, { gov_string("&lt;b"), '<', 4 },
        { gov_string("&gt;"), '>', 4 }, { gov_string("&quot;"), '"', 6 },
        { gov_string("&#39;"), '\'', 5 }, { gov_string("&am"), 0, 0 },
        { gov_string("&nbsp;"), 0, 0 }, { gov_string("a&lt;"), 0, 0 },
        { gov_null_string, 0, 0 }
    };

    (void) state;

    for (i = 0; i < t_rows(rows); i++) {
        n = 0;
        assert_int_equal(gov_unescape_html(rows[i].text, &n), rows[i].want);
        assert_int_equal(n, rows[i].n);
    }
}


static void
a_path_segment_is_percent_encoded(void **state)
{
    gov_buf_t     b;
    gov_arena_t  *a = *state;

    gov_buf_init(&b, a, 16);
    gov_buf_uri(&b, gov_s("aZ09-._~ /?#%+&中\0"));
    t_str(b.s, "aZ09-._~%20%2F%3F%23%25%2B%26%E4%B8%AD%00");
}


static void
a_path_below_another_leads_nowhere_else(void **state)
{
    size_t  i;

    static const struct {
        gov_str_t  url;
        int        below;
    } rows[] = {
        { gov_string("/a/"), 1 }, { gov_string("/a/b?c=%E4&d=~"), 1 },
        { gov_null_string, 0 }, { gov_string("/a"), 0 },
        { gov_string("/b/a/"), 0 }, { gov_string("//a/"), 0 },
        { gov_string("/a/\n"), 0 }, { gov_string("/a/\r\nb: c"), 0 },
        { gov_string("/a/\0"), 0 }, { gov_string("/a/ b"), 0 },
        { gov_string("/a/\\b"), 0 }, { gov_string("/a/\x7f"), 0 },
        { gov_string("/a/中"), 0 }
    };

    (void) state;

    for (i = 0; i < t_rows(rows); i++) {
        assert_int_equal(gov_url_below(rows[i].url, "/a/"), rows[i].below);
    }
}


static void
utf8_is_what_the_standard_says(void **state)
{
    size_t  i;

    static const struct {
        gov_str_t  text;
        int        valid;
    } rows[] = {
        { gov_null_string, 1 },
        { gov_string(""), 1 },
        { gov_string("ascii, longer than a word of eight"), 1 },
        { gov_string("\0"), 1 },
        { gov_string("\x7f"), 1 },
        { gov_string("\xc2\x80"), 1 },
        { gov_string("\xdf\xbf"), 1 },
        { gov_string("\xe0\xa0\x80"), 1 },
        { gov_string("\xed\x9f\xbf"), 1 },
        { gov_string("\xee\x80\x80"), 1 },
        { gov_string("\xef\xbf\xbf"), 1 },
        { gov_string("\xf0\x90\x80\x80"), 1 },
        { gov_string("\xf4\x8f\xbf\xbf"), 1 },
        { gov_string("\x80"), 0 },
        { gov_string("\xbf"), 0 },
        { gov_string("\xc0\x80"), 0 },
        { gov_string("\xc1\xbf"), 0 },
        { gov_string("\xc2"), 0 },
        { gov_string("\xc2\x41"), 0 },
        { gov_string("\xe0\x9f\xbf"), 0 },
        { gov_string("\xed\xa0\x80"), 0 },
        { gov_string("\xed\xbf\xbf"), 0 },
        { gov_string("\xe4\xb8"), 0 },
        { gov_string("\xe4\xb8\x41"), 0 },
        { gov_string("\xf0\x8f\xbf\xbf"), 0 },
        { gov_string("\xf4\x90\x80\x80"), 0 },
        { gov_string("\xf0\x90\x80"), 0 },
        { gov_string("\xf5\x80\x80\x80"), 0 },
        { gov_string("\xff"), 0 },
        { gov_string("12345678\xff"), 0 },
        { gov_string("1234567\xff" "12345678"), 0 },
        { gov_string("12345678中1234567890123456\xe4"), 0 }
    };

    (void) state;

    for (i = 0; i < t_rows(rows); i++) {

        if (gov_utf8_valid(rows[i].text) != rows[i].valid) {
            fail_msg("row %zu", i);
        }
    }

    /* what stands behind the end does not count */

    assert_false(gov_utf8_valid((gov_str_t) { 1, (u_char *) "\xc2\x80" }));
    assert_false(gov_utf8_valid((gov_str_t) { 2, (u_char *) "中" }));
    assert_false(gov_utf8_valid((gov_str_t) { 3, (u_char *) "😀" }));
}


/* each character by itself, whatever is looked at together */

static int
t_valid(gov_str_t s)
{
    size_t  i, n;

    for (i = 0; i < s.len; i += n) {
        n = gov_utf8_next(s.data + i, s.data + s.len);

        if (n == 0) {
            return 0;
        }
    }

    return 1;
}


static void
characters_together_are_as_valid_as_each(void **state)
{
    unsigned   lead, i, at;
    u_char     text[] = "中，中。中中中";
    gov_str_t  s = { sizeof(text) - 1, text };

    static const u_char  next[] = { 0x00, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc0 };

    (void) state;

    for (lead = 0x80; lead <= 0xff; lead++) {
        for (i = 0; i < t_rows(next) * t_rows(next); i++) {
            for (at = 0; at < s.len; at += 3) {
                memcpy(text, "中，中。中中中", s.len);
                text[at] = (u_char) lead;
                text[at + 1] = next[i / t_rows(next)];
                text[at + 2] = next[i % t_rows(next)];

                assert_int_equal(gov_utf8_valid(s), t_valid(s));

                if (lead >= 0xe0) {
                    assert_int_equal(gov_text_clean(s), t_valid(s));
                }
            }
        }
    }
}


static void
letters_together_are_as_clean_as_each(void **state)
{
    size_t     at;
    unsigned   c;
    u_char     text[] = "letters and more";
    gov_str_t  s = { sizeof(text) - 1, text };

    (void) state;

    for (c = 0; c <= 0xff; c++) {
        for (at = 0; at < s.len; at++) {
            memcpy(text, "letters and more", s.len);
            text[at] = (u_char) c;

            assert_int_equal(gov_text_clean(s),
                             (c >= 0x20 && c < 0x7f) || c == '\t'
                             || c == '\n');
        }
    }
}


static void
characters_are_counted_and_cut_whole(void **state)
{
    size_t     n;
    gov_str_t  s = gov_string("a中é😀z");

    (void) state;

    static const size_t  bytes[] = { 0, 1, 4, 6, 10, 11, 11 };

    assert_int_equal(gov_utf8_chars(s), 5);
    assert_int_equal(gov_utf8_chars((gov_str_t) gov_null_string), 0);

    for (n = 0; n < t_rows(bytes); n++) {
        assert_int_equal(gov_utf8_head(s, n).len, bytes[n]);
        assert_ptr_equal(gov_utf8_head(s, n).data, s.data);
    }
}


static void
clean_text_has_no_control_characters(void **state)
{
    size_t  i;

    static const struct {
        gov_str_t  text;
        int        clean;
    } rows[] = {
        { gov_string(""), 1 },
        { gov_string("文\tline\n"), 1 },
        { gov_string("\xc2\xa0"), 1 },
        { gov_string("a\rb"), 0 },
        { gov_string("a\0b"), 0 },
        { gov_string("\x1b[31m"), 0 },
        { gov_string("\x7f"), 0 },
        { gov_string("\xc2\x80"), 0 },
        { gov_string("\xc2\x9f"), 0 },
        { gov_string("\xc2"), 0 },
        { gov_string("\xff"), 0 }
    };

    (void) state;

    for (i = 0; i < t_rows(rows); i++) {
        assert_int_equal(gov_text_clean(rows[i].text), rows[i].clean);
    }
}


static void
a_slug_is_short_and_lower_case(void **state)
{
    size_t  i;

    static const struct {
        gov_str_t  text;
        int        valid;
    } rows[] = {
        { gov_string("a"), 1 },
        { gov_string("0-a"), 1 },
        { gov_string("610400"), 1 },
        { gov_string("a-"), 1 },
        { gov_string("abcdefghijklmnopqrstuvwxyz012345"), 1 },
        { gov_string("abcdefghijklmnopqrstuvwxyz0123456"), 0 },
        { gov_string(""), 0 },
        { gov_null_string, 0 },
        { gov_string("-a"), 0 },
        { gov_string("A"), 0 },
        { gov_string("a_b"), 0 },
        { gov_string("a.b"), 0 },
        { gov_string("a\0"), 0 },
        { gov_string("../a"), 0 },
        { gov_string("中"), 0 }
    };

    (void) state;

    for (i = 0; i < t_rows(rows); i++) {
        assert_int_equal(gov_slug_valid(rows[i].text), rows[i].valid);
    }
}


static void
hexadecimal_goes_there_and_back(void **state)
{
    int           i;
    u_char        bytes[256], back[256];
    gov_str_t     s;
    gov_arena_t  *a = *state;

    for (i = 0; i < 256; i++) {
        bytes[i] = (u_char) i;
    }

    s = gov_hex_str(a, bytes, 256);
    assert_int_equal(s.len, 512);
    assert_int_equal(s.data[512], 0);
    assert_int_equal(gov_unhex(back, s, 256), 0);
    assert_memory_equal(back, bytes, 256);

    assert_int_equal(gov_unhex(back, gov_s("aBCd"), 2), 0);
    assert_memory_equal(back, "\xab\xcd", 2);

    assert_int_equal(gov_unhex(back, gov_s(""), 0), 0);
    assert_int_equal(gov_unhex(back, gov_s("abc"), 1), -1);
    assert_int_equal(gov_unhex(back, gov_s("abcd"), 1), -1);
    assert_int_equal(gov_unhex(back, gov_s("ab"), 2), -1);
    assert_int_equal(gov_unhex(back, gov_s("0g"), 1), -1);
    assert_int_equal(gov_unhex(back, gov_s("0x"), 1), -1);
    assert_int_equal(gov_unhex(back, gov_s("\x10" "0"), 1), -1);
    assert_int_equal(gov_unhex(back, gov_s("A@"), 1), -1);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(markup_is_escaped_in_every_form_alike),
        t_test(markup_is_escaped_wherever_it_stands),
        t_test(an_entity_is_read_as_it_was_written),
        t_test(a_path_segment_is_percent_encoded),
        t_test(a_path_below_another_leads_nowhere_else),
        t_test(utf8_is_what_the_standard_says),
        t_test(characters_together_are_as_valid_as_each),
        t_test(letters_together_are_as_clean_as_each),
        t_test(characters_are_counted_and_cut_whole),
        t_test(clean_text_has_no_control_characters),
        t_test(a_slug_is_short_and_lower_case),
        t_test(hexadecimal_goes_there_and_back)
    };

    return cmocka_run_group_tests_name("base/gov_text", tests, NULL, NULL);
}
