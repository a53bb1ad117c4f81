
/*
 * Copyright (C) ngx_gov authors
 *
 * Value trees to Lua tables and back: compared as canonical JSON.
 */


#include "script/t_script.h"


static gov_str_t t_back(t_house_t *h, gov_value_t *v);


/* through a hook that changes nothing but gives a new member the input */

static gov_str_t
t_back(t_house_t *h, gov_value_t *v)
{
    gov_buf_t     b;
    gov_value_t  *in, *out;

    in = gov_map(h->arena);
    gov_put(in, "extra", v);
    memset(&h->err, 0, sizeof(gov_err_t));

    assert_int_equal(gov_script_hook(h->script, gov_s(""), "before_render",
                                     in, h->arena, &out, &h->err), GOV_OK);

    if (out == in) {
        return gov_str_of(gov_script_last(h->script));
    }

    gov_buf_init(&b, h->arena, 256);
    gov_json_write(&b, gov_member(out, "extra"), GOV_JSON_CANON);

    return b.s;
}


static void
values_come_back_as_they_went(void **state)
{
    size_t      i;
    t_house_t  *h = *state;

    static const char  *rows[] = {
        "1", "-9223372036854775808", "9223372036854775807", "true", "false",
        "\"\"", "\"咸阳\"",
        "[1,2,3]", "[[1],[2,[3]]]",
        "{\"a\":1,\"b\":[{\"c\":\"x\"}],\"d\":{\"e\":false}}",
        "[{\"title\":\"t\",\"url\":\"/\"},{\"title\":\"u\",\"url\":\"/x\"}]",
        "{\"\":1,\"a key\":2}"
    };

    t_file(h, "base/hooks/before_render.lua",
           "return function (v) return v end");
    t_open(h, NULL);

    for (i = 0; i < t_rows(rows); i++) {
        t_text(t_back(h, t_json(h, rows[i])), rows[i]);
    }
}


static void
what_has_no_place_in_a_tree_is_refused(void **state)
{
    char        text[512];
    size_t      i;
    t_house_t  *h = *state;

    static const struct {
        const char  *code, *want;
    } rows[] = {
        { "v.extra = type", "a function is no value" },
        { "v.extra = { [1.5] = 1 }", "a key is a number" },
        { "v.extra = { [2] = 1 }", "a key is a number" },
        { "v.extra = { [true] = 1 }", "a key is a boolean" },
        { "v.extra = { [{}] = 1 }", "a key is a table" },
        { "v.extra = '\\xff'", "a string is not UTF-8" },
        { "v.extra = { v }", "the value is too large" },
        { "local t = {} for i = 1, 21000 do t[i] = i end v.extra = t",
          "the value is too large" },
        { "local t = 1 for i = 1, 70 do t = { t } end v.extra = t",
          "the value is too large" },
        /* these are taken */
        { "v.extra = {}", "{}" },
        { "v.extra = { 1, 2, nil, 4 }", "[1,2]" },
        { "v.extra = { 1, x = 2 }", "[1]" },
        { "v.extra = 2.5", "\"2.5\"" },
        { "v.extra = 2^53", "\"9.007199254741e+15\"" },
        { "v.extra = 3 // 1 | 0", "3" }
    };

    for (i = 0; i < t_rows(rows); i++) {
        snprintf(text, sizeof(text), "return function (v) %s return v end",
                 rows[i].code);
        t_file(h, "base/hooks/before_render.lua", text);
        t_open(h, NULL);
        t_text(t_back(h, gov_val_nil(h->arena)), rows[i].want);
    }
}


static void
html_is_a_string_to_a_script(void **state)
{
    t_house_t    *h = *state;
    gov_value_t  *v;

    v = gov_map(h->arena);
    gov_put_html(h->arena, v, "body", gov_s("<p>x</p>"));
    gov_put(v, "none", gov_val_nil(h->arena));
    gov_put_bool(h->arena, v, "no", 0);

    assert_int_equal(t_template(h, "{* body *}{{ body }}{{ type(body) }}"
                                "{{ type(none) }}{{ no }}", v), GOV_OK);
    t_text(h->out.s, "<p>x</p>&lt;p&gt;x&lt;/p&gt;stringnilfalse");
}


/* more keys than are remembered, and two of one address */

static void
every_row_has_its_own_keys(void **state)
{
    char          names[300][8];
    unsigned      i, row;
    gov_buf_t     b;
    gov_value_t  *v, *list, *map;
    t_house_t    *h = *state;

    for (i = 0; i < 300; i++) {
        snprintf(names[i], sizeof(names[i]), "key%03u", i);
    }

    v = gov_map(h->arena);
    list = gov_put_list(h->arena, v, "rows");

    for (row = 0; row < 3; row++) {
        map = gov_add_map(h->arena, list);
        gov_put_key(map, (gov_str_t) { 3, (u_char *) names[row] },
                    gov_val_int(h->arena, 7));

        for (i = row; i < 300; i++) {
            gov_put_key(map, (gov_str_t) { 6, (u_char *) names[i] },
                        gov_val_int(h->arena, 1000 * row + i));
        }
    }

    assert_int_equal(t_template(h, "{% for _, r in ipairs(rows) do %}"
                                "{% local n, sum = 0, 0 %}"
                                "{% for k, x in pairs(r) do %}"
                                "{% n = n + 1; sum = sum + x %}{% end %}"
                                "{{ n }},{{ sum }},{{ r.key }},"
                                "{{ r.key299 }} {% end %}", v), GOV_OK);

    gov_buf_init(&b, h->arena, 64);

    for (row = 0; row < 3; row++) {
        gov_buf_fmt(&b, "%u,%u,7,%u ", 301 - row,
                    299 * 300 / 2 - row * (row - 1) / 2
                    + 1000 * row * (300 - row) + 7, 1000 * row + 299);
    }

    t_text(h->out.s, gov_str_c(h->arena, b.s));
}


/* as often as it takes to be remembered, of as many keys, and once more */

static void
a_row_may_say_what_the_row_before_said(void **state)
{
    char          names[80][8];
    unsigned      i, row;
    gov_buf_t     b;
    gov_str_t     text;
    gov_value_t  *v, *list, *map;
    t_house_t    *h = *state;

    static const char  *said[] = {
        "", "", "", "2026-11-30", "2026-11-30", "2026-11-30", "2026-11-30",
        "2026-11-29", "2026-11-30", "2026-11-30", "2026-11-28", "2026-11-28",
        "2026-11-28", "", "longer than what Lua keeps once, as a title is",
        "longer than what Lua keeps once, as a title is",
        "longer than what Lua keeps once, as a title is"
    };

    v = gov_map(h->arena);
    list = gov_put_list(h->arena, v, "rows");
    gov_buf_init(&b, h->arena, 64);

    for (row = 0; row < t_rows(said); row++) {
        map = gov_add_map(h->arena, list);

        for (i = 0; i < t_rows(names); i++) {
            snprintf(names[i], sizeof(names[i]), "key%02u", i);
            text = gov_str_of(said[(row + i / 20) % t_rows(said)]);

            gov_put_key(map, (gov_str_t) { 5, (u_char *) names[i] },
                        gov_val_str(h->arena, gov_str_copy(h->arena, text)));
            gov_buf_fmt(&b, "%.*s;", gov_strf(text));
        }
    }

    assert_int_equal(t_template(h, "{% for _, r in ipairs(rows) do %}"
                                "{% for i = 0, 79 do %}"
                                "{{ r['key' .. i // 10 .. i % 10] }};"
                                "{% end %}{% end %}", v), GOV_OK);
    t_text(h->out.s, gov_str_c(h->arena, b.s));
}


static void
a_tree_too_deep_or_too_large_ends_the_render(void **state)
{
    int           i;
    t_house_t    *h = *state;
    gov_value_t  *list, *v;

    v = gov_map(h->arena);
    list = gov_put_list(h->arena, v, "deep");

    for (i = 0; i < 100; i++) {
        gov_add(list, gov_list(h->arena));
        list = list->u.first;
    }

    assert_int_equal(t_template(h, "x", v), GOV_ERROR);
    assert_string_equal(h->err.text, "values deeper than 64");

    v = gov_map(h->arena);
    list = gov_put_list(h->arena, v, "large");

    for (i = 0; i < 200000; i++) {
        gov_add_map(h->arena, list);
    }

    assert_int_equal(t_template(h, "x", v), GOV_BUSY);
    t_begins(h->err.text, "too m");

    assert_int_equal(t_template(h, "x", NULL), GOV_OK);
    t_text(h->out.s, "x");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(values_come_back_as_they_went),
        t_test(what_has_no_place_in_a_tree_is_refused),
        t_test(html_is_a_string_to_a_script),
        t_test(every_row_has_its_own_keys),
        t_test(a_row_may_say_what_the_row_before_said),
        t_test(a_tree_too_deep_or_too_large_ends_the_render)
    };

    return cmocka_run_group_tests_name("script/gov_lua_value", tests, NULL,
                                       NULL);
}
