
/*
 * Copyright (C) ngx_gov authors
 *
 * Bodies: what comes out is judged by a reader of its own, which knows the
 * few tags, attributes and addresses that may stand in a page and asks that
 * every tag be closed; and read by the parser again it must come out the
 * same, what needed no parser too.
 */


#include "content/gov_body_int.h"
#include "content/t_content.h"
#include "content/hostile.h"
#include "content/t_safe.h"


static gov_str_t
t_html_of(gov_arena_t *a, const char *form, gov_str_t text)
{
    gov_rc_t   rc;
    gov_err_t  err;
    gov_str_t  html;

    memset(&err, 0, sizeof(gov_err_t));

    rc = gov_body_html(a, gov_str_of(form), text, &html, &err);

    if (rc != GOV_OK) {
        print_error("%.200s: %s\n", text.data, err.text);
        fail();
    }

    return gov_str_copy(a, html);
}


static void
t_holds(gov_arena_t *a, const char *form, gov_str_t text)
{
    gov_err_t  err;
    gov_str_t  once, twice;

    once = t_html_of(a, form, text);

    if (!t_safe((char *) once.data)) {
        print_error("in  %.*s\nout %.*s\nat  %s\n", gov_strf(text),
                    gov_strf(once), t_why);
        fail();
    }

    t_ok(gov_body_clean(a, once, &twice, &err));

    if (!gov_str_eq(once, twice)) {
        print_error("in    %.*s\nonce  %.*s\ntwice %.*s\n", gov_strf(text),
                    gov_strf(once), gov_strf(twice));
        fail();
    }
}


static int
t_arena(void **state)
{
    *state = gov_arena_new(65536);
    return 0;
}


static int
t_arena_end(void **state)
{
    gov_arena_t  *a = *state;

    gov_arena_free(&a);
    return 0;
}


static void
the_reader_sees_what_is_wrong(void **state)
{
    size_t  i;

    static const char  *bad[] = {
        "<script>", "<b>", "</b>", "<b></i></b>", "<b onclick=\"a\"></b>",
        "<a href=\"javascript:1\"></a>", "<a href=\"//x\"></a>", "a > b",
        "&nbsp;", "<img src=\"http://x/\">", "<p class=\"x\"></p>",
        "<p title='a'></p>", "<P></P>", "<a href=\"a b\"></a>", "<br/>",
        "<!-- a -->", "a\x01", "<p title=\"a\"x></p>"
    };

    static const char  *good[] = {
        "", "a", "<b>a</b>", "<br>", "<p class=\"gov-right\">a</p>",
        "<a href=\"http://x/?a=1&amp;b=2\">a &lt; b</a>",
        "<img src=\"/files/a/b.png\" alt=\"\">", "<details open></details>"
    };

    (void) state;

    for (i = 0; i < t_rows(bad); i++) {
        if (t_safe(bad[i])) {
            print_error("%s\n", bad[i]);
            fail();
        }
    }

    for (i = 0; i < t_rows(good); i++) {
        if (!t_safe(good[i])) {
            print_error("%s: %s\n", good[i], t_why);
            fail();
        }
    }
}


static void
nothing_hostile_comes_through(void **state)
{
    size_t        i;
    gov_arena_t  *a = *state;

    assert_true(t_rows(t_hostile) >= 150);

    for (i = 0; i < t_rows(t_hostile); i++) {
        t_holds(a, "html", gov_str_of(t_hostile[i]));
        t_holds(a, "md", gov_str_of(t_hostile[i]));
    }
}


static void
nothing_hostile_comes_through_inside_another(void **state)
{
    size_t        i, k;
    gov_str_t     text;
    gov_arena_t  *a = *state;

    static const char  *inside[] = {
        "<p>%s</p>", "<table><tr><td>%s</td></tr></table>", "<table>%s",
        "<svg>%s</svg>", "<math><mtext>%s", "<a href=/x>%s</a>",
        "<ul><li>%s<li>b</ul>", "<b><i>%s</b></i>", "<pre>\n%s</pre>",
        "<abbr title=\"%s\">a</abbr>", "<select>%s", "<!-- %s -->",
        "<p title='%s'", "<svg><title>%s"
    };

    for (i = 0; i < t_rows(t_hostile); i++) {
        for (k = 0; k < t_rows(inside); k++) {
            text.len = strlen(inside[k]) + strlen(t_hostile[i]);
            text.data = gov_alloc(a, text.len + 1);
            text.len = sprintf((char *) text.data, inside[k], t_hostile[i]);
            t_holds(a, "html", text);
        }

        gov_arena_reset(a);
    }
}


/* the same pieces thrown together, always the same way */

static void
nothing_hostile_comes_of_random_pieces(void **state)
{
    unsigned      round, n;
    uint64_t      seed;
    gov_buf_t     b;
    const char   *piece;
    gov_arena_t  *a = *state;

    seed = 20071010;

    for (round = 0; round < 4000; round++) {
        gov_buf_init(&b, a, 1024);

        for (n = t_random(&seed) % 8 + 1; n > 0; n--) {
            piece = t_hostile[t_random(&seed) % t_rows(t_hostile)];
            gov_buf_add(&b, piece, t_random(&seed) % (strlen(piece) + 1));
        }

        if (gov_utf8_valid(b.s)) {
            t_holds(a, "html", b.s);
        }

        gov_arena_reset(a);
    }
}


typedef struct {
    const char  *in, *out;
} t_pair_t;

static void
t_pairs(gov_arena_t *a, const char *form, t_pair_t *rows, size_t n)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        t_str(t_html_of(a, form, gov_str_of(rows[i].in)), rows[i].out);
        t_holds(a, form, gov_str_of(rows[i].in));
    }
}


static void
honest_markup_keeps_its_meaning(void **state)
{
    static t_pair_t  rows[] = {
        { "", "" },
        { "文字", "文字" },
        { "<p>一</p><p>二</p>", "<p>一</p><p>二</p>" },
        { "<p>一<p>二", "<p>一</p><p>二</p>" },
        { "<h1>题</h1><h2>题</h2>", "<h2>题</h2><h2>题</h2>" },
        { "<span style=color:red>红</span><font size=7>大</font>", "红大" },
        { "<section>a</section><article>b</article>",
          "<div>a</div><div>b</div>" },
        { "<strike>a</strike><tt>b</tt><acronym title=c>d</acronym>",
          "<s>a</s><code>b</code><abbr title=\"c\">d</abbr>" },
        { "<p align=right>署名</p>", "<p class=\"gov-right\">署名</p>" },
        { "<p style='font-size:2em; text-align: right'>署名</p>",
          "<p class=\"gov-right\">署名</p>" },
        { "<p class=gov-center>题</p>", "<p class=\"gov-center\">题</p>" },
        { "<center>题</center>", "<div class=\"gov-center\">题</div>" },
        { "<p class='gov-centerx'>题</p>", "<p>题</p>" },
        { "<a href=' http://a.gov.cn/b c?d&e '>a</a>",
          "<a href=\"http://a.gov.cn/b%20c?d&amp;e\">a</a>" },
        { "<a href=mailto:a@b.cn>a</a><a href=TEL:029-1>b</a>",
          "<a href=\"mailto:a@b.cn\">a</a><a href=\"TEL:029-1\">b</a>" },
        { "<a href=../a/b.html#c title='甲\"乙'>a</a>",
          "<a href=\"../a/b.html#c\" title=\"甲&quot;乙\">a</a>" },
        { "<a href=#tail>a</a><a href=/列表/>b</a>",
          "<a href=\"#tail\">a</a><a href=\"/列表/\">b</a>" },
        { "<a href=' gov:doc/4711 '>a</a>",
          "<a href=\"gov:doc/4711\">a</a>" },
        { "<a href=gov:doc/>a</a><a href=GOV:doc/1>a</a>"
          "<a href=gov:doc/0>a</a><a href=gov:doc/1x>a</a>"
          "<a href=gov:site/1>a</a><a href=gov:doc/-1>a</a>"
          "<a href=gov:doc/9999999999999999999999>a</a>",
          "<a>a</a><a>a</a><a>a</a><a>a</a><a>a</a><a>a</a><a>a</a>" },
        { "<img src=gov:doc/1 alt=b>", "b" },
        { "<a href=javascript:1>a</a>", "<a>a</a>" },
        { "<img src=/files/ab/图.png alt=图 width=300 height=x onload=y>",
          "<img src=\"/files/ab/图.png\" alt=\"图\" width=\"300\">" },
        { "<img src=/files/ab/a.png>", "<img src=\"/files/ab/a.png\" alt=\"\">"
        },
        { "看<img src=http://x/a.png alt='<图>'>图", "看&lt;图&gt;图" },
        { "<table><tr><td colspan=3 rowspan=2 width=9>a<th scope=col>b",
          "<table><tbody><tr><td colspan=\"3\" rowspan=\"2\">a</td>"
          "<th scope=\"col\">b</th></tr></tbody></table>" },
        { "<td colspan=2>a", "a" },
        { "<table><td colspan=1000000000>a", "<table><tbody><tr><td>a</td>"
          "</tr></tbody></table>" },
        { "<ol start=3 type=a reversed><li value=7>a</ol>",
          "<ol start=\"3\" type=\"a\" reversed><li value=\"7\">a</li></ol>" },
        { "<pre>\n\n a\n</pre>", "<pre>\n\n a\n</pre>" },
        { "<details open><summary>a</summary>b</details>",
          "<details open><summary>a</summary>b</details>" },
        { "<time datetime=2007-10-10>a</time><time datetime=x>b</time>",
          "<time datetime=\"2007-10-10\">a</time><time>b</time>" },
        { "<p lang=en dir=ltr>a<p lang='e n' dir=up>b",
          "<p lang=\"en\" dir=\"ltr\">a</p><p>b</p>" },
        { "a<br/>b<hr>c<wbr>d", "a<br>b<hr>c<wbr>d" },
        { "<marquee>通知</marquee>", "<div>通知</div>" },
        { "a<!-- b -->c<script>d</script>e", "ace" },
        { "1 &lt; 2 &amp; 3 &gt; 2&nbsp;&hellip;",
          "1 &lt; 2 &amp; 3 &gt; 2\xc2\xa0…" }
    };

    t_pairs(*state, "html", rows, t_rows(rows));
}


static void
markdown_becomes_html(void **state)
{
    static t_pair_t  rows[] = {
        { "# 一\n\n## 二", "<h2>一</h2>\n<h2>二</h2>\n" },
        { "**重**_轻_ ~~删~~ `码`",
          "<p><strong>重</strong><em>轻</em> <del>删</del> <code>码</code>"
          "</p>\n" },
        { "| 项 | 数 |\n|:--|--:|\n| 甲 | 1 |\n| 乙 |",
          "<table>\n<thead>\n<tr>\n<th>项</th>\n"
          "<th class=\"gov-right\">数</th>\n</tr>\n</thead>\n<tbody>\n"
          "<tr>\n<td>甲</td>\n<td class=\"gov-right\">1</td>\n</tr>\n"
          "<tr>\n<td>乙</td>\n<td class=\"gov-right\"></td>\n</tr>\n"
          "</tbody>\n</table>\n" },
        { "    第一条 缩进的不是代码", "<p>第一条 缩进的不是代码</p>\n" },
        { "<b>a</b> <script>1</script>",
          "<p>&lt;b&gt;a&lt;/b&gt; &lt;script&gt;1&lt;/script&gt;</p>\n" },
        { "[a](javascript:alert(1)) [b](http://b.cn \"题\")",
          "<p><a>a</a> <a href=\"http://b.cn\" title=\"题\">b</a></p>\n" },
        { "[a](gov:doc/12)", "<p><a href=\"gov:doc/12\">a</a></p>\n" },
        { "![图](/files/ab/a.png) ![外](http://x/a.png)",
          "<p><img src=\"/files/ab/a.png\" alt=\"图\"> 外</p>\n" },
        { "- a\n- b\n\n3. c", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"
          "<ol start=\"3\">\n<li>c</li>\n</ol>\n" },
        { "<javascript:alert(1)> <http://a.cn/>",
          "<p><a>javascript:alert(1)</a> "
          "<a href=\"http://a.cn/\">http://a.cn/</a></p>\n" },
        { "```html\n<b>\n```", "<pre><code>&lt;b&gt;\n</code></pre>\n" },
        { "> 引", "<blockquote>\n<p>引</p>\n</blockquote>\n" }
    };

    t_pairs(*state, "md", rows, t_rows(rows));
}


static void
the_parser_is_spared_what_is_plain(void **state)
{
    size_t        i;
    gov_arena_t  *a = *state;

    static const char  *plain[] = {
        "", "文字", "<p>一</p>\n<p>二</p>\n", "<h2>题</h2><hr>文",
        "<p>a<br>\n<strong>重<em>轻</em></strong> <del>删</del></p>",
        "<ul>\n<li>甲</li>\n<li>\n<p>乙</p>\n<ol><li>丙</li></ol></li>\n</ul>",
        "<blockquote>\n<p>1 &lt; 2 &amp; &quot;&#39;&gt;</p></blockquote>"
    };

    static const char  *other[] = {
        "<", "<p", "<p>", "</p>", "<p>一</h2>", "<p><h2>一</h2></p>",
        "<p><p>一</p></p>", "<ul>一</ul>", "<li>一</li>", "<p><li>一</li></p>",
        "<em><p>一</p></em>", "<p>a > b</p>", "<p>&nbsp;</p>", "<p>&lt</p>",
        "<p>\"</p>", "<p>'</p>", "<p>\r\n</p>", "<p>\x7f</p>", "<P>一</P>",
        "<p >一</p>", "<p/>", "<hr></hr>", "<br/>", "<script></script>",
        "<h1>一</h1>", "<p class=\"gov-right\">一</p>", "<!-- a -->",
        "<table><tbody><tr><td>a</td></tr></tbody></table>"
    };

    for (i = 0; i < t_rows(plain); i++) {
        assert_true(gov_body_plain(gov_str_of(plain[i])));
        t_holds(a, "html", gov_str_of(plain[i]));
    }

    for (i = 0; i < t_rows(other); i++) {
        assert_false(gov_body_plain(gov_str_of(other[i])));
    }

    assert_false(gov_body_plain((gov_str_t) { 1, (u_char *) "" }));
}


/* every way in which what is plain may stand in something else */

static void
the_parser_agrees_about_what_is_plain(void **state)
{
    unsigned      round, n, taken;
    uint64_t      seed;
    gov_buf_t     b;
    gov_arena_t  *a = *state;

    static const char  *pieces[] = {
        "<p>", "</p>", "<h2>", "</h2>", "<h6>", "</h6>", "<blockquote>",
        "</blockquote>", "<ul>", "</ul>", "<ol>", "</ol>", "<li>", "</li>",
        "<hr>", "<br>", "<em>", "</em>", "<strong>", "</strong>", "<code>",
        "</code>", "<del>", "</del>", "\n", "文", " ", "&amp;", "\xef\xbb\xbf",
        "\xc2\x85", "\xef\xbf\xbf", "\t"
    };

    seed = 20071010;
    taken = 0;

    for (round = 0; round < 400000; round++) {
        gov_buf_init(&b, a, 128);

        for (n = t_random(&seed) % 7 + 1; n > 0; n--) {
            gov_buf_c(&b, pieces[t_random(&seed) % t_rows(pieces)]);
        }

        if (gov_body_plain(b.s)) {
            taken++;
            t_holds(a, "html", b.s);
        }

        gov_arena_reset(a);
    }

    assert_true(taken > 10000);
}


static gov_rc_t
t_many(gov_arena_t *a, const char *form, const char *piece, unsigned n,
    gov_str_t *html)
{
    gov_buf_t  b;

    gov_buf_init(&b, a, strlen(piece) * n + 1);

    while (n--) {
        gov_buf_c(&b, piece);
    }

    return gov_body_html(a, gov_str_of(form), b.s, html, NULL);
}


static void
what_would_cost_too_much_is_refused(void **state)
{
    gov_str_t     html;
    gov_arena_t  *a = *state;

    assert_int_equal(t_many(a, "html", "<div>", 100, &html), GOV_OK);
    assert_true(t_safe((char *) gov_str_copy(a, html).data));
    assert_int_equal(t_many(a, "html", "<div>", 300, &html), GOV_INVALID);
    assert_int_equal(t_many(a, "html", "<div>", 5000, &html), GOV_INVALID);
    assert_int_equal(t_many(a, "html", "x", 1024 * 1024, &html), GOV_OK);
    assert_int_equal(html.len, 1024 * 1024);
    assert_int_equal(t_many(a, "html", "x", 1024 * 1024 + 1, &html),
                     GOV_INVALID);
    assert_int_equal(t_many(a, "html", "<p>x", 20000, &html), GOV_OK);
    assert_int_equal(t_many(a, "md", "<gov:doc/1>", 1000, &html), GOV_OK);
    assert_int_equal(t_many(a, "md", "<gov:doc/1>", 1001, &html),
                     GOV_INVALID);
    assert_int_equal(t_many(a, "md", "|", 257, &html), GOV_INVALID);
    assert_int_equal(t_many(a, "md", "|", 256, &html), GOV_OK);
    assert_int_equal(t_many(a, "html", "\xff", 1, &html), GOV_INVALID);
    assert_int_equal(t_many(a, "html", "\xed\xa0\x80", 1, &html),
                     GOV_INVALID);
    assert_int_equal(t_many(a, "rtf", "x", 1, &html), GOV_INVALID);
}


/* short as it is typed, and more than a page has room for */

static void
what_no_page_can_carry_is_refused(void **state)
{
    gov_err_t     err;
    gov_str_t     html;
    gov_buf_t     b;
    gov_arena_t  *a = *state;

    /* "<p>" and "</p>\n" stand around, a quote is six bytes */

    gov_buf_init(&b, a, GOV_BODY_PAGE_MAX / 6 + 16);

    while (b.s.len < (GOV_BODY_PAGE_MAX - 8) / 6) {
        gov_buf_c(&b, "\"");
    }

    gov_buf_add(&b, "xxxxx", (GOV_BODY_PAGE_MAX - 8) % 6);
    assert_int_equal(gov_body_html(a, gov_s("md"), b.s, &html, NULL),
                     GOV_OK);
    assert_int_equal(html.len, GOV_BODY_PAGE_MAX);

    gov_buf_c(&b, "x");
    memset(&err, 0, sizeof(gov_err_t));
    assert_int_equal(gov_body_html(a, gov_s("md"), b.s, &html, &err),
                     GOV_INVALID);
    assert_string_equal(err.field, "body");
    assert_non_null(strstr(err.text, "1.25 MB"));

    /* what was taken once is made again */

    assert_int_equal(gov_body_html_stored(a, gov_s("md"), b.s, &html, NULL),
                     GOV_OK);
    assert_int_equal(html.len, GOV_BODY_PAGE_MAX + 1);
}


int
main(void)
{
#define t_body(f)  cmocka_unit_test_setup_teardown(f, t_arena, t_arena_end)

    const struct CMUnitTest  tests[] = {
        t_body(the_reader_sees_what_is_wrong),
        t_body(nothing_hostile_comes_through),
        t_body(nothing_hostile_comes_through_inside_another),
        t_body(nothing_hostile_comes_of_random_pieces),
        t_body(honest_markup_keeps_its_meaning),
        t_body(markdown_becomes_html),
        t_body(the_parser_is_spared_what_is_plain),
        t_body(the_parser_agrees_about_what_is_plain),
        t_body(what_would_cost_too_much_is_refused),
        t_body(what_no_page_can_carry_is_refused)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
