
/*
 * Copyright (C) ngx_gov authors
 *
 * Differences by lines, and by words of a line that stayed in part.
 */


#include "base/t_base.h"
#include "view/gov_diff.h"


/* a row a line: " same", "-gone", "+came", "~same[-gone][+came]same", "...n" */

static void
t_show_part(gov_buf_t *b, gov_value_t *part)
{
    int  gone, same;

    same = gov_str_is(gov_get_str(part, "kind"), "same");
    gone = gov_str_is(gov_get_str(part, "kind"), "gone");

    gov_buf_c(b, same ? "" : gone ? "[-" : "[+");
    gov_buf_str(b, gov_get_str(part, "text"));
    gov_buf_c(b, same ? "" : "]");
}


static gov_str_t
t_show(gov_arena_t *a, gov_value_t *rows)
{
    gov_buf_t     b;
    gov_str_t     kind;
    gov_value_t  *row, *part;

    gov_buf_init(&b, a, 256);

    gov_each (row, rows) {
        kind = gov_get_str(row, "kind");

        gov_buf_c(&b, gov_str_is(kind, "changed") ? "~"
                      : gov_str_is(kind, "gone") ? "-"
                      : gov_str_is(kind, "came") ? "+"
                      : gov_str_is(kind, "same") ? " " : "...");
        gov_buf_str(&b, gov_get_str(row, "text"));

        gov_each (part, gov_member(row, "parts")) {
            t_show_part(&b, part);
        }

        gov_buf_c(&b, "\n");
    }

    return b.s;
}


static void
words_of_a_changed_line_are_told(void **state)
{
    size_t        i;
    gov_arena_t  *a = *state;

    static const struct {
        gov_str_t  was, is, want;
    } rows[] = {
        { gov_string("一\n二"), gov_string("一\n二"),
          gov_string(" 一\n 二\n") },
        { gov_string("截止时间为12月1日。"), gov_string("截止时间为12月15日。"),
          gov_string("~截止时间为12月[-1][+15]日。\n") },

        /* what came, and what went, alone */
        { gov_string("请带身份证。"), gov_string("请带身份证和户口簿。"),
          gov_string("~请带身份证[+和户口簿]。\n") },
        { gov_string("即日起全面停止办理"), gov_string("即日起停止办理"),
          gov_string("~即日起[-全面]停止办理\n") },

        /* one that is equal between two that are not is no help */
        { gov_string("办公地点在人民路三号院内东楼"),
          gov_string("办公地点在解放路五号院内东楼"),
          gov_string("~办公地点在[-人民路三][+解放路五]号院内东楼\n") },
        { gov_string("the old fox runs home today"),
          gov_string("the new dog runs home today"),
          gov_string("~the [-old fox][+new dog] runs home today\n") },

        /* characters that share bytes are whole: E4 B8 AD, E4 B8 AE; F0 A0 */
        { gov_string("甲乙丙中丁戊"), gov_string("甲乙丙丮丁戊"),
          gov_string("~甲乙丙[-中][+丮]丁戊\n") },
        { gov_string("甲乙丙𠀀丁戊"), gov_string("甲乙丙𠀁丁戊"),
          gov_string("~甲乙丙[-𠀀][+𠀁]丁戊\n") },
        { gov_string("abc \xe4\xb8"), gov_string("abc \xe4\xb9"),
          gov_string("~abc \xe4[-\xb8][+\xb9]\n") },

        /* another line altogether */
        { gov_string("关于春耕的通知"), gov_string("防汛值班安排表"),
          gov_string("-关于春耕的通知\n+防汛值班安排表\n") },

        /* it is found behind one that came, and before one that went */
        { gov_string("总则\n请带身份证。"),
          gov_string("总则\n办理时间另行公布\n请带户口簿、身份证。"),
          gov_string(" 总则\n+办理时间另行公布\n~请带[+户口簿、]身份证。\n") },
        { gov_string("办理时间另行公布\n请带身份证。\n附件"),
          gov_string("请带身份证原件。\n附件"),
          gov_string("-办理时间另行公布\n~请带身份证[+原件]。\n 附件\n") },
        { gov_string(""), gov_string("一"), gov_string("+一\n") }
    };

    for (i = 0; i < t_rows(rows); i++) {
        t_str_at(t_show(a, gov_diff(a, rows[i].was, rows[i].is)),
                 rows[i].want, __FILE__, __LINE__);
    }
}


/* n characters of a few, none of them ASCII, and now and then a line's end */

static gov_str_t
t_noise(gov_arena_t *a, uint32_t *seed, unsigned n, unsigned line)
{
    unsigned   i;
    gov_buf_t  b;

    static const char  *chars[] = { "中", "丮", "é", "𠀀", "a", "1" };

    gov_buf_init(&b, a, n * 4);

    for (i = 0; i < n; i++) {
        *seed = *seed * 1664525 + 1013904223;
        gov_buf_c(&b, (*seed >> 8) % line == 0 ? "\n"
                      : chars[(*seed >> 16) % 6]);
    }

    return b.s;
}


/* what stayed and went is the old text, what stayed and came the new one */

static gov_str_t
t_side(gov_arena_t *a, gov_value_t *rows, const char *kind, int line)
{
    gov_buf_t     b;
    gov_str_t     text;
    gov_value_t  *row;

    gov_buf_init(&b, a, 256);

    gov_each (row, rows) {
        text = gov_get_str(row, "text");
        assert_true(gov_utf8_valid(text));

        if (gov_str_is(gov_get_str(row, "kind"), "changed")) {
            gov_buf_str(&b, t_side(a, gov_member(row, "parts"), kind, 0));

        } else if (!gov_str_is(gov_get_str(row, "kind"), "same")
                   && !gov_str_is(gov_get_str(row, "kind"), kind))
        {
            continue;
        }

        gov_buf_str(&b, text);
        gov_buf_c(&b, line ? "\n" : "");
    }

    return b.s;
}


static void
both_texts_stand_in_what_is_told(void **state)
{
    uint32_t      seed;
    unsigned      i;
    gov_str_t     was, is;
    gov_value_t  *rows;
    gov_arena_t  *a = *state;

    seed = 7;

    for (i = 0; i < 300; i++) {
        /* an end of line between, and lines of both that are equal */

        was = t_noise(a, &seed, 1 + i % 40, 8);
        is = t_noise(a, &seed, 1 + i % 37, 8);
        is = gov_str_fmt(a, "前\n%.*s%.*s", gov_strf(was), gov_strf(is));
        was = gov_str_fmt(a, "%.*s尾", gov_strf(was));

        /* ends that are equal are not all shown: nothing else is left out */

        rows = gov_diff(a, was, is);

        if (strstr(gov_str_c(a, t_show(a, rows)), "...") == NULL) {
            was = gov_str_fmt(a, "%.*s\n", gov_strf(was));
            is = gov_str_fmt(a, "%.*s%s", gov_strf(is),
                             gov_str_ends(is, "\n") ? "" : "\n");
            t_str_at(t_side(a, rows, "gone", 1), was, __FILE__, __LINE__);
            t_str_at(t_side(a, rows, "came", 1), is, __FILE__, __LINE__);
        }
    }
}


static unsigned
t_count(gov_value_t *rows, const char *kind)
{
    unsigned      n;
    gov_value_t  *row;

    n = 0;

    gov_each (row, rows) {
        n += gov_str_is(gov_get_str(row, "kind"), kind);
    }

    return n;
}


/* 甲 and 乙 by turns against 乙 and 甲: every character would be compared */

static void
a_line_that_is_too_long_is_shown_whole(void **state)
{
    unsigned      i;
    gov_buf_t     was, is;
    gov_value_t  *rows;
    gov_arena_t  *a = *state;

    gov_buf_init(&was, a, 1024);
    gov_buf_init(&is, a, 1024);

    for (i = 0; i < 20000; i++) {
        gov_buf_c(&was, "甲乙");
        gov_buf_c(&is, "乙甲");
    }

    rows = gov_diff(a, was.s, is.s);

    assert_int_equal(rows->n, 2);
    assert_int_equal(t_count(rows, "gone"), 1);
    assert_int_equal(t_count(rows, "came"), 1);
}


/* lines share what there is: the first ones have it, the last ones do not */

static void
all_lines_together_are_bounded(void **state)
{
    unsigned      i, n;
    gov_buf_t     was, is;
    gov_value_t  *rows;
    gov_arena_t  *a = *state;

    gov_buf_init(&was, a, 1024);
    gov_buf_init(&is, a, 1024);

    for (i = 0; i < 1000; i++) {
        n = 1000 + i;
        gov_buf_fmt(&was, "第%u条：负责人张三，办公室在一楼东侧，电话见公告。\n", n);
        gov_buf_fmt(&is, "第%u条：责任人李四，办公室在二楼西侧，电话见网站。\n", n);
    }

    rows = gov_diff(a, was.s, is.s);
    n = t_count(rows, "changed");

    assert_in_range(n, 100, 999);
    assert_int_equal(t_count(rows, "gone"), 1000 - n);
}


int
main(void)
{
    static const struct CMUnitTest  tests[] = {
        t_test(words_of_a_changed_line_are_told),
        t_test(both_texts_stand_in_what_is_told),
        t_test(a_line_that_is_too_long_is_shown_whole),
        t_test(all_lines_together_are_bounded)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
