
/*
 * Copyright (C) ngx_gov authors
 *
 * The arena, strings and the growing buffer.
 */


#include "base/t_base.h"


static void
an_arena_gives_aligned_memory_that_stays(void **state)
{
    int           i, j;
    u_char       *p[200];
    gov_arena_t  *a = *state;

    for (i = 0; i < 200; i++) {
        p[i] = gov_alloc(a, (size_t) i);
        assert_int_equal((uintptr_t) p[i] % 16, 0);
        memset(p[i], i, (size_t) i);
    }

    for (i = 0; i < 200; i++) {

        for (j = 0; j < i; j++) {
            assert_int_equal(p[i][j], i);
        }
    }

    p[0] = gov_calloc(a, 1000);

    for (j = 0; j < 1000; j++) {
        assert_int_equal(p[0][j], 0);
    }

    assert_int_equal(gov_arena_failed(a), 0);
}


static void
a_large_piece_does_not_end_the_current_block(void **state)
{
    u_char       *one, *two;
    size_t        used;
    gov_arena_t  *a = *state;

    one = gov_alloc(a, 32);
    memset(gov_alloc(a, 1000000), 7, 1000000);
    two = gov_alloc(a, 32);

    assert_ptr_equal(two, one + 32);

    used = gov_arena_used(a);
    assert_true(used > 1000000 && used < 1010000);

    gov_arena_reset(a);
    assert_ptr_equal(gov_alloc(a, 32), one);
    assert_int_equal(gov_arena_used(a), 4096);
}


static void
blocks_grow_to_64_kib(void **state)
{
    size_t        i, used, step, largest;
    gov_arena_t  *a = *state;

    largest = 0;

    for (i = 0; i < 100000; i++) {
        used = gov_arena_used(a);
        gov_alloc(a, 16);
        step = gov_arena_used(a) - used;
        largest = step > largest ? step : largest;
    }

    assert_int_equal(largest, 65536);
}


static void
past_its_limit_an_arena_is_failed_and_safe(void **state)
{
    int           i;
    char         *p[100];
    gov_str_t     s;
    gov_arena_t  *a;

    (void) state;

    a = gov_arena_new_limited(256, 4096);

    for (i = 0; i < 100; i++) {
        p[i] = gov_alloc(a, 100);
        memset(p[i], i, 100);
    }

    assert_int_equal(gov_arena_failed(a), 1);

    for (i = 0; i < 100; i++) {
        assert_int_equal(p[i][0], i);
        assert_int_equal(p[i][99], i);
    }

    s = gov_str_copy(a, gov_s("copy"));
    assert_int_equal(s.len, 0);
    assert_string_equal(gov_str_c(a, gov_s("copy")), "");
    assert_int_equal(gov_str_fmt(a, "%300d", 1).len, 0);

    gov_arena_reset(a);
    assert_int_equal(gov_arena_failed(a), 0);
    t_str(gov_str_copy(a, gov_s("copy")), "copy");

    gov_arena_free(&a);
    assert_null(a);
    gov_arena_free(&a);
}


static void
within_its_limit_an_arena_is_used_up(void **state)
{
    gov_arena_t  *a;

    (void) state;

    a = gov_arena_new_limited(1024, 3072);

    /* the next block of 2048 is taken whole, then there is none */

    gov_alloc(a, 900);
    gov_alloc(a, 1000);
    assert_int_equal(gov_arena_used(a), 3072);
    gov_alloc(a, 1000);
    assert_int_equal(gov_arena_failed(a), 0);
    gov_alloc(a, 1000);
    assert_int_equal(gov_arena_failed(a), 1);

    gov_arena_free(&a);

    /* a first block above the limit is all there is */

    a = gov_arena_new_limited(4096, 256);
    gov_alloc(a, 3000);
    assert_int_equal(gov_arena_failed(a), 0);
    gov_alloc(a, 3000);
    assert_int_equal(gov_arena_failed(a), 1);

    gov_arena_free(&a);
}


static void
a_string_larger_than_the_limit_takes_no_memory(void **state)
{
    gov_str_t     s;
    gov_arena_t  *a;

    (void) state;

    a = gov_arena_new_limited(256, 65536);

    s.len = SIZE_MAX / 2 + 1;
    s.data = (u_char *) "";
    s = gov_str_copy(a, s);

    assert_int_equal(s.len, 0);
    assert_int_equal(gov_arena_failed(a), 1);
    assert_int_equal(gov_arena_used(a), 256);

    gov_arena_free(&a);
}


static void
copies_are_terminated_and_keep_nul_bytes(void **state)
{
    gov_str_t     s;
    gov_arena_t  *a = *state;

    s = gov_str_copy(a, gov_s("a\0b"));
    t_str(s, "a\0b");
    assert_int_equal(s.data[3], 0);

    s = gov_str_cat(a, gov_s("中"), gov_s("文"));
    t_str(s, "中文");
    assert_int_equal(s.data[6], 0);

    s = gov_str_copy(a, (gov_str_t) gov_null_string);
    assert_int_equal(s.len, 0);
    assert_non_null(s.data);

    assert_string_equal(gov_str_c(a, gov_s("text")), "text");
    assert_null(gov_str_of(NULL).data);
    t_str(gov_str_of("of"), "of");
}


static void
format_gives_short_and_long_texts(void **state)
{
    size_t        n;
    gov_str_t     s;
    gov_arena_t  *a = *state;

    t_str(gov_str_fmt(a, "%s-%d", "x", 7), "x-7");
    t_str(gov_str_fmt(a, "%.*s", gov_strf(gov_s("counted"))), "counted");

    for (n = 250; n < 260; n++) {
        s = gov_str_fmt(a, "%*d", (int) n, 5);
        assert_int_equal(s.len, n);
        assert_int_equal(s.data[n - 1], '5');
        assert_int_equal(s.data[n], 0);
    }
}


static void
strings_compare_by_bytes(void **state)
{
    size_t  i;

    static const struct {
        gov_str_t  a, b;
        int        cmp;
    } rows[] = {
        { gov_string(""), gov_string(""), 0 },
        { gov_string(""), gov_null_string, 0 },
        { gov_null_string, gov_string("a"), -1 },
        { gov_string("a"), gov_string("a"), 0 },
        { gov_string("a"), gov_string("b"), -1 },
        { gov_string("a"), gov_string("ab"), -1 },
        { gov_string("b"), gov_string("ab"), 1 },
        { gov_string("a\0b"), gov_string("a\0c"), -1 },
        { gov_string("a\0"), gov_string("a"), 1 },
        { gov_string("z"), gov_string("\xe4"), -1 }
    };

    (void) state;

    for (i = 0; i < t_rows(rows); i++) {
        int  ab = gov_str_cmp(rows[i].a, rows[i].b);
        int  ba = gov_str_cmp(rows[i].b, rows[i].a);

        assert_int_equal((ab > 0) - (ab < 0), rows[i].cmp);
        assert_int_equal((ba > 0) - (ba < 0), -rows[i].cmp);
        assert_int_equal(gov_str_eq(rows[i].a, rows[i].b), !rows[i].cmp);
    }

    assert_true(gov_str_is(gov_s("yes"), "yes"));
    assert_false(gov_str_is(gov_s("yes\0"), "yes"));
    assert_true(gov_str_starts(gov_s("/a/b"), "/a"));
    assert_false(gov_str_starts(gov_s("/"), "/a"));
    assert_true(gov_str_starts((gov_str_t) gov_null_string, ""));
    assert_true(gov_str_ends(gov_s("a.html"), ".html"));
    assert_false(gov_str_ends(gov_s("html"), ".html"));
    assert_true(gov_str_ends((gov_str_t) gov_null_string, ""));
}


static void
integers_are_read_whole_or_not_at_all(void **state)
{
    size_t   i;
    int64_t  v;

    static const struct {
        gov_str_t  text;
        int        rc;
        int64_t    v;
    } rows[] = {
        { gov_string("0"), 0, 0 },
        { gov_string("-0"), 0, 0 },
        { gov_string("007"), 0, 7 },
        { gov_string("-42"), 0, -42 },
        { gov_string("9223372036854775807"), 0, INT64_MAX },
        { gov_string("-9223372036854775808"), 0, INT64_MIN },
        { gov_string("9223372036854775808"), -1, 0 },
        { gov_string("-9223372036854775809"), -1, 0 },
        { gov_string("99999999999999999999999"), -1, 0 },
        { gov_string(""), -1, 0 },
        { gov_null_string, -1, 0 },
        { gov_string("-"), -1, 0 },
        { gov_string("--1"), -1, 0 },
        { gov_string("+1"), -1, 0 },
        { gov_string(" 1"), -1, 0 },
        { gov_string("1 "), -1, 0 },
        { gov_string("1\0"), -1, 0 },
        { gov_string("1.5"), -1, 0 },
        { gov_string("0x10"), -1, 0 }
    };

    (void) state;

    for (i = 0; i < t_rows(rows); i++) {
        v = 0;
        assert_int_equal(gov_str_int(rows[i].text, &v), rows[i].rc);
        assert_true(v == rows[i].v);
    }
}


static void
a_buffer_grows_and_keeps_its_text(void **state)
{
    int           i;
    gov_buf_t     b, c;
    gov_arena_t  *a = *state;

    gov_buf_init(&b, a, 0);
    gov_buf_init(&c, a, 16);
    assert_int_equal(b.s.len, 0);
    gov_buf_add(&b, NULL, 0);

    for (i = 0; i < 10000; i++) {
        gov_buf_fmt(&b, "%04d", i);
        gov_buf_c(&c, "ab");
        gov_buf_str(&c, gov_s("\0c"));
    }

    assert_int_equal(b.s.len, 40000);
    assert_int_equal(c.s.len, 40000);

    for (i = 0; i < 10000; i++) {
        assert_int_equal(atoi(gov_str_c(a, (gov_str_t) {
                                  4, b.s.data + i * 4 })), i);
        assert_memory_equal(c.s.data + i * 4, "ab\0c", 4);
    }
}


static void
a_long_format_fills_a_buffer_exactly(void **state)
{
    int           i;
    u_char       *next;
    gov_buf_t     b;
    gov_arena_t  *a = *state;

    for (i = 256; i < 530; i++) {
        gov_arena_reset(a);
        gov_buf_init(&b, a, 512);
        next = gov_alloc(a, 16);
        memset(next, 'n', 16);

        gov_buf_fmt(&b, "%*d", i, 9);
        assert_int_equal(b.s.data[i - 1], '9');
        assert_memory_equal(next, "nnnnnnnnnnnnnnnn", 16);
    }

    gov_buf_init(&b, a, 16);

    for (i = 240; i < 700; i++) {
        b.s.len = 0;
        gov_buf_fmt(&b, "%*d", i, 9);
        gov_buf_fmt(&b, "%*d", 3000 - i, 8);
        assert_int_equal(b.s.len, 3000);
        assert_int_equal(b.s.data[i - 1], '9');
        assert_int_equal(b.s.data[2999], '8');
    }
}


static void
a_buffer_stops_at_the_limit(void **state)
{
    int           i;
    gov_buf_t     b;
    gov_arena_t  *a;

    (void) state;

    a = gov_arena_new_limited(256, 65536);
    gov_buf_init(&b, a, 64);

    for (i = 0; i < 1000000; i++) {
        gov_buf_c(&b, "0123456789");
    }

    assert_int_equal(gov_arena_failed(a), 1);
    assert_true(b.s.len < 65536);
    assert_true(gov_arena_used(a) <= 65536);

    gov_buf_fmt(&b, "%500d", 1);
    assert_true(b.s.len < 65536);

    gov_arena_free(&a);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(an_arena_gives_aligned_memory_that_stays),
        t_test(a_large_piece_does_not_end_the_current_block),
        t_test(blocks_grow_to_64_kib),
        t_test(past_its_limit_an_arena_is_failed_and_safe),
        t_test(within_its_limit_an_arena_is_used_up),
        t_test(a_string_larger_than_the_limit_takes_no_memory),
        t_test(copies_are_terminated_and_keep_nul_bytes),
        t_test(format_gives_short_and_long_texts),
        t_test(strings_compare_by_bytes),
        t_test(integers_are_read_whole_or_not_at_all),
        t_test(a_buffer_grows_and_keeps_its_text),
        t_test(a_long_format_fills_a_buffer_exactly),
        t_test(a_buffer_stops_at_the_limit)
    };

    return cmocka_run_group_tests_name("base/gov_str", tests, NULL, NULL);
}
