
/*
 * Copyright (C) ngx_gov authors
 *
 * The sandbox: everything a script can see is on the list, and budgets end
 * what they should and nothing else.
 */


#include "script/t_script.h"
#include "script/gov_lua_globals.h"


static int t_by_text(const void *a, const void *b);
static int t_endless(lua_State *L);
static int t_greedy(lua_State *L);
static int t_paying(lua_State *L);
static int t_caught(lua_State *L);
static int t_good(lua_State *L);
static int t_odd(lua_State *L);


static int
t_by_text(const void *a, const void *b)
{
    return strcmp(*(char **) a, *(char **) b);
}


/* two levels of everything that pairs() shows, one "TABLE.NAME TYPE" a line */

static void
nothing_is_visible_that_is_not_listed(void **state)
{
    size_t       i, n;
    gov_buf_t    want;
    t_house_t   *h = *state;
    char        *lines[128], text[128];

    static const struct {
        const char  *table, *name;
    } rows[] = {
#define X(table, name, function)  { table, name },
        GOV_LUA_GLOBALS(X)
#undef X
    };

    for (i = 0, n = 0; i < t_rows(rows); i++) {
        snprintf(text, sizeof(text), "%s.%s function", rows[i].table,
                 rows[i].name);
        lines[n++] = gov_str_c(h->arena, gov_str_of(text));
    }

    /* the words and the value of this render */
    lines[n++] = "w.hello string";
    lines[n++] = ".page string";

    qsort(lines, n, sizeof(char *), t_by_text);
    gov_buf_init(&want, h->arena, 4096);

    for (i = 0; i < n; i++) {
        gov_buf_fmt(&want, "%s\n", lines[i]);
    }

    gov_buf_add(&want, "", 1);

    t_file(h, "base/words/zh.lua", "return { hello = 'hello' }");

    assert_int_equal(t_template(h,
        "{%\n"
        "local all = {}\n"
        "for k, x in pairs(_ENV) do\n"
        "    if type(x) == 'table' then\n"
        "        for m, y in pairs(x) do\n"
        "            all[#all + 1] = k .. '.' .. m .. ' ' .. type(y)\n"
        "        end\n"
        "    else\n"
        "        all[#all + 1] = '.' .. k .. ' ' .. type(x)\n"
        "    end\n"
        "end\n"
        "table.sort(all)\n"
        "%}\n"
        "{% for _, x in ipairs(all) do %}\n"
        "{{ x }}\n"
        "{% end %}\n", t_json(h, "{\"page\":\"p\"}")), GOV_OK);

    t_text(h->out.s, (char *) want.s.data);
}


static void
strings_have_their_methods_and_no_more(void **state)
{
    t_house_t  *h = *state;

    assert_int_equal(t_template(h,
        "{{ ('ab'):upper() }}{{ ('ab'):rep(2) }}{{ ('ab'):sub(2) }}"
        "{{ tostring(('ab').find) }}{{ tostring(('ab').__index) }}"
        "{{ tostring(('ab').dump) }}{{ tostring(('ab').gsub) }}", NULL),
        GOV_OK);
    t_text(h->out.s, "ABababbnilnilnilnil");
}


static int
t_endless(lua_State *L)
{
    gov_lua_load(L, "@t", NULL, gov_s("while true do end"));
    lua_call(L, 0, 0);

    return 0;
}


static int
t_greedy(lua_State *L)
{
    lua_newtable(L);

    while (lua_checkstack(L, 4)) {
        lua_newtable(L);
        lua_rawseti(L, -2, (lua_Integer) lua_rawlen(L, -2) + 1);
    }

    return 0;
}


static int
t_paying(lua_State *L)
{
    while (lua_checkstack(L, 4)) {
        gov_lua_pay(L, 1000);
    }

    return 0;
}


/* catches what cannot be caught */

static int
t_caught(lua_State *L)
{
    lua_pushcfunction(L, t_endless);
    (void) lua_pcall(L, 0, 0, 0);

    return 0;
}


static int
t_good(lua_State *L)
{
    gov_lua_load(L, "@t", NULL, gov_s("local t = {} for i = 1, 10000 do "
                                      "t[i] = i end"));
    lua_call(L, 0, 0);

    return 0;
}


static int
t_odd(lua_State *L)
{
    lua_newtable(L);

    return lua_error(L);
}


static void
each_budget_ends_what_it_is_for(void **state)
{
    size_t             i;
    gov_rc_t           rc;
    gov_err_t          err;
    gov_lua_t          g;
    gov_lua_budget_t   budget;

    static const struct {
        lua_CFunction   f;
        int64_t         steps, time;
        gov_rc_t        rc;
        const char     *text;
    } rows[] = {
        { t_endless, 10000, 60000000000, GOV_BUSY,
          "t:1: too many instructions" },
        { t_endless, INT64_MAX, 1000000, GOV_BUSY, "t:1: too much time" },
        { t_paying, 10000, 60000000000, GOV_BUSY, "too many instructions" },
        { t_paying, INT64_MAX, 1000000, GOV_BUSY, "too much time" },
        { t_greedy, INT64_MAX, 60000000000, GOV_BUSY, "too much memory" },
        { t_greedy, INT64_MAX, 1000000, GOV_BUSY, "too much" },
        { t_caught, 10000, 60000000000, GOV_BUSY,
          "t:1: too many instructions" },
        { t_odd, 10000, 60000000000, GOV_ERROR, "the error is a table value" },
        { t_good, 1000000, 60000000000, GOV_OK, "" }
    };

    (void) state;

    memset(&err, 0, sizeof(gov_err_t));
    assert_int_equal(gov_lua_open(&g, 1024 * 1024, &err), GOV_OK);

    for (i = 0; i < t_rows(rows); i++) {
        budget.steps = rows[i].steps;
        budget.time = rows[i].time;

        memset(&err, 0, sizeof(gov_err_t));
        assert_int_equal(gov_lua_fresh(&g, &budget, &err), GOV_OK);
        rc = gov_lua_run(&g, rows[i].f, NULL, &err);

        if (rc != rows[i].rc
            || strncmp(err.text, rows[i].text, strlen(rows[i].text)) != 0)
        {
            print_error("row %zu: %d %s\n", i, rc, err.text);
            fail();
        }
    }

    gov_lua_close(&g);
}


static void
a_state_too_small_for_the_sandbox_is_refused(void **state)
{
    gov_lua_t          g;
    gov_err_t          err;
    gov_lua_budget_t   budget = { 1000000, 60000000000 };

    (void) state;

    memset(&err, 0, sizeof(gov_err_t));
    assert_int_equal(gov_lua_open(&g, 8192, &err), GOV_OK);
    assert_int_not_equal(gov_lua_fresh(&g, &budget, &err), GOV_OK);
    gov_lua_close(&g);
}


static void
only_text_is_loaded(void **state)
{
    t_house_t  *h = *state;

    t_file(h, "base/views/x.html", "x");
    t_bytes(h, "base/gov/b.lua", "\x1bLua", 4);
    t_open(h, NULL);

    assert_int_equal(t_render(h, "", "x", NULL), GOV_ERROR);
    assert_string_equal(h->err.text, "base/gov/b.lua:1: not a text");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(nothing_is_visible_that_is_not_listed),
        t_test(strings_have_their_methods_and_no_more),
        t_test(each_budget_ends_what_it_is_for),
        t_test(a_state_too_small_for_the_sandbox_is_refused),
        t_test(only_text_is_loaded)
    };

    return cmocka_run_group_tests_name("script/gov_lua", tests, NULL, NULL);
}
