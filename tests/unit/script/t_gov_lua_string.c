
/*
 * Copyright (C) ngx_gov authors
 *
 * The functions of a script: an expression, and what it gives.
 */


#include "script/t_script.h"


typedef struct {
    const char  *text, *want;
} t_row_t;


static void t_give(t_house_t *h, const t_row_t *rows, size_t n);


/* a result is joined by "|", nil is "nil"; a failure is its message */

static void
t_give(t_house_t *h, const t_row_t *rows, size_t n)
{
    char         text[1024];
    size_t       i;
    gov_str_t    got;
    const char  *colon;

    t_file(h, "base/gov/show.lua",
           "return function (...)\n"
           "    local t = { ... }\n"
           "    for i = 1, select('#', ...) do\n"
           "        t[i] = type(t[i]) == 'table' and '{'\n"
           "               .. table.concat(t[i], ',') .. '}'\n"
           "               or tostring(t[i])\n"
           "    end\n"
           "    return table.concat(t, '|')\n"
           "end\n");

    for (i = 0; i < n; i++) {
        snprintf(text, sizeof(text), "{* show(%s) *}", rows[i].text);

        if (t_template(h, text, NULL) == GOV_OK) {
            got = h->out.s;

        } else {
            colon = strstr(h->err.text, ": ");
            got = gov_str_of(colon != NULL ? colon + 2 : h->err.text);
        }

        if (!gov_str_is(got, rows[i].want)) {
            print_error("%s\ngot  \"%.*s\"\nwant \"%s\"\n", rows[i].text,
                        gov_strf(got), rows[i].want);
            fail();
        }
    }
}


static void
string_counts_bytes(void **state)
{
    static const t_row_t  rows[] = {
        { "string.byte('A')", "65" },
        { "string.byte('ABC', 2, 3)", "66|67" },
        { "string.byte('ABC', -1)", "67" },
        { "string.byte('ABC', 9)", "" },
        { "string.char(72, 105)", "Hi" },
        { "string.char()", "" },
        { "string.char(256)", "bad argument #1 to 'char' (value out of range)"
        },
        { "string.len('咸阳')", "6" },
        { "#'咸阳'", "6" },
        { "string.lower('ABZ[咸]')", "abz[咸]" },
        { "string.upper('abz{咸}')", "ABZ{咸}" },
        { "string.rep('ab', 3)", "ababab" },
        { "string.rep('ab', 3, '-')", "ab-ab-ab" },
        { "string.rep('ab', 1, '-')", "ab" },
        { "string.rep('ab', 0), string.rep('', 5)", "|" },
        { "string.sub('hello', 2, 4)", "ell" },
        { "string.sub('hello', -3)", "llo" },
        { "string.sub('hello', -3, -2)", "ll" },
        { "string.sub('hello', 0), string.sub('hello', -99)", "hello|hello" },
        { "string.sub('hello', 4, 2), string.sub('hello', 6)", "|" },
        { "string.sub('hello', 2, 99)", "ello" },
        { "string.sub('#a1131a', 2)", "a1131a" },
        { "string.sub(nil, 2)",
          "bad argument #1 to 'sub' (string expected, got nil)" },
        { "string.sub('x', '1')",
          "bad argument #2 to 'sub' (number expected, got string)" }
    };

    t_give(*state, rows, t_rows(rows));
}


static void
str_counts_characters(void **state)
{
    static const t_row_t  rows[] = {
        { "str.len(''), str.len('abc'), str.len('咸阳市')", "0|3|3" },
        { "str.sub('咸阳市政府', 2, 3)", "阳市" },
        { "str.sub('咸阳市政府', -2)", "政府" },
        { "str.sub('咸阳市', 1, -2)", "咸阳" },
        { "str.sub('咸阳市', 4), str.sub('咸阳市', 3, 2)", "|" },
        { "str.sub('咸阳市', 1, 99), str.sub('咸阳市', -99)",
          "咸阳市|咸阳市" },
        { "str.cut('咸阳市人民政府', 3)", "咸阳市…" },
        { "str.cut('咸阳市', 3), str.cut('', 3)", "咸阳市|" },
        { "str.cut('咸阳市人民', 2, '>')", "咸阳>" },
        { "str.cut('咸阳', 0), str.cut('咸阳', -5)", "…|…" },
        { "str.find('abcabc', 'ca')", "3|4" },
        { "str.find('abcabc', 'b', 3)", "5|5" },
        { "str.find('abc', '.'), str.find('a.c', '.')", "nil|2|2" },
        { "str.find('abc', ''), str.find('', '')", "1|1|0" },
        { "str.find('abc', 'abcd')", "nil" },
        { "str.starts('abc', 'ab'), str.starts('abc', 'b')", "true|false" },
        { "str.starts('ab', 'abc'), str.starts('', '')", "false|true" },
        { "str.ends('abc', 'bc'), str.ends('abc', 'b')", "true|false" },
        { "str.ends('c', 'abc'), str.ends('a', '')", "false|true" },
        { "str.split('a,b,,c', ',')", "{a,b,,c}" },
        { "#str.split('', ','), #str.split(',', ',')", "1|2" },
        { "str.split('甲、乙、丙', '、')", "{甲,乙,丙}" },
        { "str.replace('aXbXc', 'X', '--')", "a--b--c" },
        { "str.replace('aaaa', 'aa', 'b'), str.replace('abc', 'x', 'y')",
          "bb|abc" },
        { "str.replace('a.b', '.', '%1'), str.replace('aaa', 'a', '')",
          "a%1b|" },
        { "str.trim('  a b\\t\\n')", "a b" },
        { "str.trim('　咸　阳　'), str.trim('  '), str.trim('')",
          "咸　阳||" }
    };

    t_give(*state, rows, t_rows(rows));
}


static void
fmt_knows_six_marks(void **state)
{
    static const t_row_t  rows[] = {
        { "fmt('plain')", "plain" },
        { "fmt('100%%')", "100%" },
        { "fmt('%s 条，共 %d 页', 12, 3)", "12 条，共 3 页" },
        { "fmt('%5d|%-5d|%05d|%+d', 42, 42, 42, 42)",
          "   42|42   |00042|+42" },
        { "fmt('%x %X', 255, 255)", "ff FF" },
        { "fmt('%.2f %g', 3.14159, 0.5)", "3.14 0.5" },
        { "fmt('%.1f', 2)", "2.0" },
        { "fmt('%s %s %s %s', nil, true, {}, 'x')", "nil true table x" },
        { "fmt('[%5s][%-5s][%.2s]', 'ab', 'ab', 'abcdef')",
          "[   ab][ab   ][ab]" },
        { "fmt('%d', 3.0)", "3" },
        { "fmt('%d', 3.5)", "bad argument #2 to 'fmt' (number has no integer "
          "representation)" },
        { "fmt('%d', -9223372036854775807 - 1)", "-9223372036854775808" },
        { "string.format('%s', 'x')", "x" },
        { "fmt('%q', 'x')", "a mark after % that fmt does not know" }
    };

    t_give(*state, rows, t_rows(rows));
}


static void
tables_are_joined_sorted_and_moved(void **state)
{
    static const t_row_t  rows[] = {
        { "table.concat({})", "" },
        { "table.concat({ 'a', 1, 2.5 }, ', ')", "a, 1, 2.5" },
        { "table.concat({ 'a', 'b', 'c' }, '-', 2)", "b-c" },
        { "table.concat({ 'a', 'b', 'c' }, '-', 2, 2)", "b" },
        { "table.concat({ {} })", "item 1 to be joined is a table" },
        { "(function () local t = {} table.insert(t, 'a') "
          "table.insert(t, 'c') table.insert(t, 2, 'b') "
          "table.insert(t, 1, '0') return t end)()", "{0,a,b,c}" },
        { "table.insert({}, 3, 1)",
          "bad argument #2 to 'insert' (position out of bounds)" },
        { "table.insert({}, 1, 2, 3)",
          "wrong number of arguments to 'insert'" },
        { "table.remove({})", "" },
        { "(function () local t = { 1, 2, 3, 4 } "
          "return table.remove(t), table.remove(t, 1), t end)()",
          "4|1|{2,3}" },
        { "table.unpack({ 1, 2, 3 })", "1|2|3" },
        { "table.unpack({ 1, 2, 3 }, 2), table.unpack({}, 1, 2)",
          "2|nil|nil" },
        { "(function () local t = { 3, 1, 2 } table.sort(t) return t end)()",
          "{1,2,3}" },
        { "(function () local t = { 'b', 'a', 'ab' } table.sort(t) "
          "return t end)()", "{a,ab,b}" },
        { "(function () local t = {} for i = 1, 100 do "
          "t[i] = (i * 37) % 101 end table.sort(t, function (a, b) "
          "return a > b end) return t[1], t[2], t[99], t[100] end)()",
          "100|99|2|1" },
        /* equal ones stay in their order */
        { "(function () local t = { 'b1', 'a1', 'b2', 'a2', 'a3' } "
          "table.sort(t, function (a, b) return a:byte() < b:byte() end) "
          "return t end)()", "{a1,a2,a3,b1,b2}" },
        { "#{ table.sort({}) }, #{ table.sort({ 1 }) }", "0|0" },
        { "table.sort({ 1, 2 }, 'x')",
          "bad argument #2 to 'sort' (function expected, got string)" }
    };

    t_give(*state, rows, t_rows(rows));
}


static void
the_basic_functions_do_what_lua_s_do(void **state)
{
    static const t_row_t  rows[] = {
        { "assert(1, 2)", "1|2" },
        { "assert(nil)", "assertion failed" },
        { "assert(false, 'why')", "why" },
        { "pcall(error, 'x', 0)", "false|x" },
        { "pcall(error, { 1 })", "false|{1}" },
        { "pcall(function (a) return a, 2 end, 1)", "true|1|2" },
        { "select('#'), select('#', nil, nil)", "0|2" },
        { "select(2, 'a', 'b', 'c'), select(-1, 'a', 'b')", "b|b" },
        { "select(9, 'a')", "" },
        { "select(0, 'a')",
          "bad argument #1 to 'select' (index out of range)" },
        { "tonumber('12'), tonumber(' 0x10 '), tonumber('1e2')",
          "12|16|100.0" },
        { "tonumber('x'), tonumber(''), tonumber({}), tonumber(nil)",
          "nil|nil|nil|nil" },
        { "tonumber('12abc'), tonumber('1\\0')", "nil|nil" },
        { "tostring(1), tostring(1.5), tostring(nil), tostring(true)",
          "1|1.5|nil|true" },
        { "tostring({}), tostring(type)", "table|function" },
        { "type(nil), type({}), type(''), type(1)",
          "nil|table|string|number" },
        { "next({}), next({ 5 })", "nil|1|5" },
        { "pairs(nil)", "bad argument #1 to 'pairs' (table expected, got nil)"
        },
        { "ipairs()", "bad argument #1 to 'ipairs' (table expected, got no "
          "value)" },
        { "(function () local n = 0 for _, x in ipairs({ 1, 2, nil, 4 }) do "
          "n = n + x end return n end)()", "3" },
        { "math.abs(-3), math.abs(-1.5), math.ceil(1.2), math.ceil(3)",
          "3|1.5|2|3" },
        { "math.floor(-1.2), math.floor(7), math.floor(1e300)",
          "-2|7|1e+300" },
        { "math.max(1, 3, 2), math.min(2, 1.5)", "3|1.5" },
        { "math.max()", "bad argument #1 to 'max' (number expected, got no "
          "value)" },
        { "esc('<a href=\"x\">\\'&')", "&lt;a href=&quot;x&quot;&gt;&#39;"
          "&amp;" },
        { "esc(nil), esc(5), esc('')", "|5|" },
        { "url('a b/咸&?'), url(nil)", "a%20b%2F%E5%92%B8%26%3F|" },
        { "esc({})", "bad argument #1 to 'esc' (text expected, got table)" }
    };

    t_give(*state, rows, t_rows(rows));
}


/* anything.html calls what it finds; an overrun ends some attempts early */

static void
every_function_bears_every_argument(void **state)
{
    char        text[64];
    int         i, whole;
    gov_rc_t    rc;
    t_house_t  *h = *state;

    t_copy(h, "tests/unit/script/anything.html", "base/parts/anything.html");

    for (i = 0, whole = 0; i < 300; i++) {
        snprintf(text, sizeof(text), "{%% seed = %d %%}{( anything )}",
                 i * 7919);
        gov_arena_reset(h->arena);
        rc = t_template(h, text, NULL);

        assert_true(rc == GOV_OK || rc == GOV_BUSY);
        whole += rc == GOV_OK;
    }

    assert_true(whole > 100);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(string_counts_bytes),
        t_test(str_counts_characters),
        t_test(fmt_knows_six_marks),
        t_test(tables_are_joined_sorted_and_moved),
        t_test(the_basic_functions_do_what_lua_s_do),
        t_test(every_function_bears_every_argument)
    };

    return cmocka_run_group_tests_name("script/gov_lua_string", tests, NULL,
                                       NULL);
}
