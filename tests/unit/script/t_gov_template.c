
/*
 * Copyright (C) ngx_gov authors
 *
 * Template marks: what they put out, and the line an error names.
 */


#include "script/t_script.h"


static unsigned t_lines(gov_str_t s);


static const char  t_values[] =
    "{\"name\":\"A&B <\\\"'>\",\"n\":7,\"yes\":true,\"list\":[\"a\",\"b\"],"
    "\"page\":{\"title\":\"咸阳\"},\"type\":\"value\"}";


static void
marks_put_out_what_they_say(void **state)
{
    size_t       i;
    gov_rc_t     rc;
    t_house_t   *h = *state;

    static const struct {
        const char  *text, *want;
    } rows[] = {
        { "", "" },
        { "plain", "plain" },
        { "line\nline\n", "line\nline\n" },
        { "tab\t quote\" back\\slash \r\n", "tab\t quote\" back\\slash \r\n" },
        { "咸阳市", "咸阳市" },
        { "{ { } }} %} *} {", "{ { } }} %} *} {" },
        { "a{b}c", "a{b}c" },

        /* escaped */
        { "{{ name }}", "A&amp;B &lt;&quot;&#39;&gt;" },
        { "{{name}}", "A&amp;B &lt;&quot;&#39;&gt;" },
        { "<p>{{ n }}</p>", "<p>7</p>" },
        { "{{ n + 1 }}{{ n / 2 }}", "83.5" },
        { "{{ nothing }}|{{ page.nothing }}", "|" },
        { "{{ yes }} {{ not yes }}", "true false" },
        { "{{ page.title }}", "咸阳" },
        { "{{ \"}}\" }}", "}}" },
        { "{{ '{{' }}{{ \"{%\" }}", "{{{%" },
        { "{{ ({ a = { 1 } }).a[1] }}", "1" },
        { "{{ #{ {}, {} } }}", "2" },
        { "{{ [[a}}b]] }}{{ [==[c]]d}}]==] }}", "a}}bc]]d}}" },
        { "{{ 'it\\'s }}' }}", "it&#39;s }}" },
        { "{{ n -- a remark }}|", "7|" },
        { "{{ select(2, 'a', 'b', 'c') }}", "b" },

        /* of a link only what may be followed */
        { "<a href=\"{{ 'javascript:x' }}\">", "<a href=\"#\">" },
        { "<a href='{{ 'data:x' }}'>", "<a href='#'>" },
        { "<img src=\"{{ 'data:x' }}\">", "<img src=\"#\">" },
        { "<form action=\"{{ 'x:y' }}\">", "<form action=\"#\">" },
        { "<a href=\"{{ '' }}{{ 'x:y' }}\">", "<a href=\"#\">" },
        { "<a href=\"{{ '/a&b:c' }}\">", "<a href=\"/a&amp;b:c\">" },
        { "<a title=\"{{ 'x:y' }}\">", "<a title=\"x:y\">" },
        { "f=\"{{ 'x:y' }}", "f=\"x:y" },

        /* raw */
        { "{* name *}", "A&B <\"'>" },
        { "{* '<b>' *}{{ '<b>' }}{* '<i>' *}", "<b>&lt;b&gt;<i>" },
        { "{* nothing *}", "" },
        { "{* n * 2 *}", "14" },
        { "{* nothing *}{* n *}{{ n }}{{ n }}x{{ n }}", "777x7" },
        { "{* esc(name) *}", "A&amp;B &lt;&quot;&#39;&gt;" },

        /* code */
        { "{% if yes then %}a{% else %}b{% end %}", "a" },
        { "{% for i, x in ipairs(list) do %}{{ i }}{{ x }},{% end %}",
          "1a,2b," },
        { "{% local x = 3 %}{{ x }}", "3" },
        { "{% x = 4 %}{{ x }}", "4" },
        { "{% -- don't %}ok", "ok" },
        { "{% -- one\n local x = 1 -- two %}{{ x }}", "1" },
        { "{% local s = '%}' %}{{ s }}", "%}" },
        { "a{% (tostring)(1) %}b{% (type)(1) %}c", "abc" },
        { "{% local f = function () %}<{{ n }}>{% end %}{% f() f() %}",
          "<7><7>" },
        { "{% if yes then return end %}never", "" },
        { "{% goto on %}never{% ::on:: %}x", "x" },

        /* names */
        { "{{ v.n }}{{ v.type }}{{ type(v) }}", "7valuetable" },
        { "{% n = 8 %}{{ n }}{{ v.n }}", "87" },

        /* lines that hold only code leave no line */
        { "a\n{% if yes then %}\nb\n{% end %}\nc\n", "a\nb\nc\n" },
        { "a\n  {% local x = 1 %}  \nb", "a\nb" },
        { "{# first #}\nb", "b" },
        { "a {% local x = 1 %}\nb", "a \nb" },
        { "  {{ n }}\n", "  7\n" },
        { "{%\nlocal x = 1\n%}\n{{ x }}", "1" },

        /* remarks */
        { "a{# {{ nothing.here }} {% #}b", "ab" },
        { "a{##}b", "ab" },

        /* parts */
        { "{( parts/p )}", "[7]" },
        { "{( p )}{(p.html)}{( \"p\" )}", "[7][7][7]" },
        { "a\n  {( p )}\nb", "a\n[7]b" },
        { "{( arg, 'x' )}{( arg, { {} } )}{( arg )}", "(x)(table)()" },
        { "{% for _, x in ipairs(list) do %}{( arg, x )}{% end %}",
          "(a)(b)" },
        { "{( deep/er )}", "<[7]>" },
        { "{( tree, { t = 'a', k = { { t = 'b' }, { t = 'c' } } } )}",
          "a(b()c())" }
    };

    t_file(h, "base/parts/p.html", "[{{ n }}]");
    t_file(h, "base/parts/arg.html",
           "({{ type(it) == 'table' and 'table' or it }})");
    t_file(h, "base/parts/deep/er.html", "<{( p )}>");
    t_file(h, "base/parts/tree.html",
           "{{ it.t }}({% for _, k in ipairs(it.k or {}) do %}"
           "{( tree, k )}{% end %})");

    for (i = 0; i < t_rows(rows); i++) {
        rc = t_template(h, rows[i].text, t_json(h, t_values));

        if (rc != GOV_OK || !gov_str_is(h->out.s, rows[i].want)) {
            print_error("%s\ngot  \"%.*s\" %s\nwant \"%s\"\n", rows[i].text,
                        gov_strf(h->out.s), h->err.text, rows[i].want);
            fail();
        }
    }
}


static void
an_error_names_file_and_line(void **state)
{
    size_t       i;
    gov_rc_t     rc;
    t_house_t   *h = *state;

    static const struct {
        const char  *text, *want;
    } rows[] = {
        /* the template's own */
        { "a\n{{ n", "base/views/x.html:2: a mark is not closed" },
        { "a\n\n{% n %", "base/views/x.html:3: a mark is not closed" },
        { "{# a", "base/views/x.html:1: the mark {# is not closed" },
        { "\n{( p", "base/views/x.html:2: the mark {( is not closed" },
        { "\n{( p ,", "base/views/x.html:2: a mark is not closed" },
        { "\n{( p )", "base/views/x.html:2: the mark {( is not closed" },
        { "\n{( ../../etc/passwd )}",
          "base/views/x.html:2: not a part's name" },
        { "\n{{ }}", "base/views/x.html:2: the mark is empty" },
        { "{* -- only *}", "base/views/x.html:1: the mark is empty" },
        { "a\nb\n{( none )}",
          "base/views/x.html:3: there is no part \"none\"" },

        /* Lua's, found when it is compiled */
        { "a\nb\n{% if %}", "base/views/x.html:3: unexpected symbol near "
          "<eof>" },
        { "a\n{{ n n }}", "base/views/x.html:2: ')' expected near 'n'" },
        { "{% x = 1 %}\n\n{% y = = %}",
          "base/views/x.html:3: unexpected symbol near '='" },

        /* Lua's, found when it runs */
        { "a\n\n\n{{ no.way }}", "base/views/x.html:4: attempt to index a "
          "nil value (global 'no')" },
        { "{# \n\n #}\n{% -- x\n\n %}\n{{ page.no.way }}",
          "base/views/x.html:7: attempt to index a nil value (field 'no')" },
        { "a\n{% error('told') %}", "base/views/x.html:2: told" },
        { "{{ 1 }}\n{{ {} }}",
          "base/views/x.html:2: attempt to put out a table value" },
        { "{{ 1 }}\n{{ nil }}\n\n{{ {} }}\n{{ 2 }}",
          "base/views/x.html:4: attempt to put out a table value" },
        { "{{ 1 }}\n{# a\n #}\nb\n{* '\\n' *}{{ 1 }}\n\n{* {} *}",
          "base/views/x.html:7: attempt to put out a table value" },
        { "{{ n }}\n\n{{ n }}\n{{ fmt('%d', 'x') }}",
          "base/views/x.html:4: bad argument #2 to 'fmt' (number expected, "
          "got string)" },
        { "\n{( bad )}", "base/parts/bad.html:3: attempt to index a nil "
          "value (global 'nothing')" }
    };

    t_file(h, "base/parts/p.html", "p");
    t_file(h, "base/parts/bad.html", "a\nb\n{{ nothing.here }}");

    for (i = 0; i < t_rows(rows); i++) {
        rc = t_template(h, rows[i].text, t_json(h, t_values));

        if (rc == GOV_OK || strcmp(h->err.text, rows[i].want) != 0) {
            print_error("%s\ngot  \"%s\"\nwant \"%s\"\n", rows[i].text,
                        h->err.text, rows[i].want);
            fail();
        }
    }
}


static void
a_long_run_of_expressions_is_cut_into_calls(void **state)
{
    int         i;
    char        text[8192], want[8192];
    t_house_t  *h = *state;

    text[0] = '\0';
    want[0] = '\0';

    for (i = 0; i < 400; i++) {
        strcat(text, i % 3 ? "{{ n }}-" : "{* n *}");
        strcat(want, i % 3 ? "7-" : "7");
    }

    assert_int_equal(t_template(h, text, t_json(h, t_values)), GOV_OK);
    t_text(h->out.s, want);
}


static void
any_bytes_between_marks_come_out_as_they_were(void **state)
{
    unsigned    c;
    char        text[256];
    t_house_t  *h = *state;

    for (c = 1; c < 128; c++) {
        text[c - 1] = (char) c;
    }

    text[127] = '\0';

    assert_int_equal(t_template(h, text, NULL), GOV_OK);
    t_text(h->out.s, text);
}


/* escaping looks at the clock between pieces, which nobody may see */

static void
a_long_value_is_escaped_as_a_short_one_is(void **state)
{
    gov_buf_t   want;
    t_house_t  *h = *state;

    gov_buf_init(&want, h->arena, 1024);
    gov_buf_c(&want, "x");
    t_repeat(&want, "&lt;政&amp;", 20000);
    gov_buf_c(&want, " y");
    t_repeat(&want, "&lt;政&amp;", 20000);
    gov_buf_c(&want, " z");
    t_repeat(&want, "%3C%E6%94%BF%26", 20000);
    gov_buf_add(&want, "", 1);

    assert_int_equal(t_template(h, "{% local s = ('<政&'):rep(20000) %}"
                                   "{{ 'x' .. s }} {* esc('y' .. s) *} "
                                   "{* url('z' .. s) *}", NULL), GOV_OK);
    t_text(h->out.s, (char *) want.s.data);
}


static void
a_zero_byte_is_refused(void **state)
{
    gov_buf_t    lua;
    gov_parts_t  parts;
    t_house_t   *h = *state;

    parts.n = 0;
    gov_buf_init(&lua, h->arena, 1024);

    assert_int_equal(gov_template_compile(gov_s("a\0b"), "f", &lua, &parts,
                                          &h->err),
                     GOV_INVALID);
    assert_string_equal(h->err.text, "f:1: a zero byte is no text");
}


static unsigned
t_lines(gov_str_t s)
{
    size_t    i;
    unsigned  n;

    for (i = 0, n = 0; i < s.len; i++) {
        n += s.data[i] == '\n';
    }

    return n;
}


/* whatever is accepted has each line where it was */

static void
marks_at_random_are_refused_or_keep_their_lines(void **state)
{
    int            i, k, good;
    gov_rc_t       rc;
    uint32_t       seed;
    gov_buf_t      lua, text;
    gov_parts_t    parts;
    t_house_t     *h = *state;

    static const char  *words[] = {
        "{{", "}}", "{*", "*}", "{%", "%}", "{(", ")}", "{#", "#}", "{", "}",
        "\n", "\n", "\n", " ", "\"", "'", "[[", "]]", "[=[", "]=]", "--",
        "\\", "(", ")", "p", "x", ",", "if x then ", "end "
    };

    seed = 3;

    for (i = 0, good = 0; i < 20000; i++) {
        gov_arena_reset(h->arena);
        gov_buf_init(&text, h->arena, 256);
        gov_buf_init(&lua, h->arena, 1024);

        for (k = 0; k < 3 + i % 12; k++) {
            seed = seed * 1664525 + 1013904223;
            gov_buf_c(&text, words[(seed >> 8) % t_rows(words)]);
        }

        parts.n = 0;
        memset(&h->err, 0, sizeof(gov_err_t));
        rc = gov_template_compile(text.s, "f", &lua, &parts, &h->err);

        if (rc != GOV_OK) {
            assert_int_equal(rc, GOV_INVALID);
            t_begins(h->err.text, "f:");
            continue;
        }

        good++;

        if (t_lines(lua.s) != t_lines(text.s)) {
            print_error("%.*s\n-->\n%.*s\n", gov_strf(text.s),
                        gov_strf(lua.s));
            fail();
        }
    }

    assert_true(good > 1000);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(marks_put_out_what_they_say),
        t_test(an_error_names_file_and_line),
        t_test(a_long_run_of_expressions_is_cut_into_calls),
        t_test(any_bytes_between_marks_come_out_as_they_were),
        t_test(a_long_value_is_escaped_as_a_short_one_is),
        t_test(a_zero_byte_is_refused),
        t_test(marks_at_random_are_refused_or_keep_their_lines)
    };

    return cmocka_run_group_tests_name("script/gov_template", tests, NULL,
                                       NULL);
}
