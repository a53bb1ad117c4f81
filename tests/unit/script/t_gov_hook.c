
/*
 * Copyright (C) ngx_gov authors
 *
 * The hook points: their rows, their page, and what each may change.
 */


#include "script/t_script.h"


static gov_str_t t_ask(t_house_t *h, const char *hook, const char *code,
    const char *in);


/* the result as JSON; "in" when the input itself came back */

static gov_str_t
t_ask(t_house_t *h, const char *hook, const char *code, const char *in)
{
    char          path[64];
    gov_buf_t     b;
    gov_value_t  *out, *v;

    snprintf(path, sizeof(path), "site/hooks/%s.lua", hook);
    t_file(h, "base/views/x.html", "x");
    t_file(h, path, code);
    t_open(h, "site");

    v = t_json(h, in);
    assert_int_equal(gov_script_hook(h->script, gov_s("site"), hook, v,
                                     h->arena, &out, &h->err), GOV_OK);

    if (out == v) {
        return gov_s("in");
    }

    gov_buf_init(&b, h->arena, 256);
    gov_json_write(&b, out, GOV_JSON_CANON);

    return b.s;
}


static void
a_hook_changes_what_its_row_allows(void **state)
{
    size_t      i;
    t_house_t  *h = *state;

    static const struct {
        const char  *hook, *code, *in, *want;
    } rows[] = {
        { "link_group", "return function (g) g.title = g.title .. '!' "
          "g.from = 'x' g.new = 1 return g end",
          "{\"title\":\"t\",\"from\":\"y\",\"items\":[1]}",
          "{\"from\":\"y\",\"items\":[1],\"title\":\"t!\"}" },
        { "link_group", "return function (g) return { items = {} } end",
          "{\"title\":\"t\",\"items\":[1]}",
          "{\"items\":{},\"title\":\"t\"}" },
        { "link_group", "return function (g) g.items = nil return g end",
          "{\"title\":\"t\",\"items\":[1]}",
          "{\"items\":[1],\"title\":\"t\"}" },
        { "link_group", "return function (g) return false end",
          "{\"title\":\"t\"}", "false" },
        { "link_group", "return function (g) return nil end",
          "{\"title\":\"t\"}", "in" },
        { "link_group", "return function (g) end", "{\"title\":\"t\"}",
          "in" },
        { "feed_item", "return function (e) return { title = '[' .. e.title "
          ".. ']', url = '/evil' } end",
          "{\"title\":\"t\",\"url\":\"/a\"}",
          "{\"title\":\"[t]\",\"url\":\"/a\"}" },
        { "before_render", "return function (v) v.page.title = 'evil' "
          "v.extra = { n = 1 } return v end",
          "{\"page\":{\"title\":\"t\"}}",
          "{\"extra\":{\"n\":1},\"page\":{\"title\":\"t\"}}" },
        { "route", "return function (r) return { path = '/new' .. r.path } "
          "end", "{\"path\":\"/a\"}", "{\"path\":\"/new/a\"}" }
    };

    for (i = 0; i < t_rows(rows); i++) {
        t_text(t_ask(h, rows[i].hook, rows[i].code, rows[i].in),
               rows[i].want);
    }
}


static void
a_failed_hook_changes_nothing_and_is_counted(void **state)
{
    size_t               i;
    t_house_t           *h = *state;
    gov_script_count_t   count;

    static const struct {
        const char  *hook, *code, *last;
        uint64_t     failed, overruns;
    } rows[] = {
        { "route", "return function (r) error('told') end",
          "site/hooks/route.lua:1: told", 1, 0 },
        { "route", "return function (r) while true do end end",
          "site/hooks/route.lua:1: too m", 0, 1 },
        { "route", "return function (r) return 'x' end",
          "the hook returned a string", 1, 0 },
        { "route", "return function (r) return false end",
          "the hook returned a boolean", 1, 0 },
        { "link_group", "return function (r) return true end",
          "the hook returned a boolean", 1, 0 },
        { "route", "return function (r) return { path = type } end",
          "a function is no value", 1, 0 },
        { "route", "return 1",
          "site/hooks/route.lua:1: a hook returns a function", 1, 0 },
        { "route", "return function (", "site/hooks/route.lua:1: <name> or "
          "'...' expected near <eof>", 1, 0 },
        { "route", "while true do end",
          "site/hooks/route.lua:1: too m", 0, 1 },
        { "route", "return function (r) local s = 'x' "
          "while true do s = s .. s end end", "too m", 0, 1 },
        { "route", "return function (r) esc(1) _put('x') end",
          "site/hooks/route.lua:1: attempt to call a nil value "
          "(global '_put')", 1, 0 }
    };

    for (i = 0; i < t_rows(rows); i++) {
        t_text(t_ask(h, rows[i].hook, rows[i].code, "{\"path\":\"/\"}"),
               "in");
        t_begins(gov_script_last(h->script), rows[i].last);

        gov_script_counts(h->script, &count);
        assert_int_equal(count.hooks, 1);
        assert_int_equal(count.failed, rows[i].failed);
        assert_int_equal(count.overruns, rows[i].overruns);
    }
}


static void
a_hook_remembers_nothing(void **state)
{
    int           i;
    t_house_t    *h = *state;
    gov_value_t  *out, *v;

    t_file(h, "base/hooks/route.lua",
           "local calls = 0\n"
           "return function (r)\n"
           "    calls = calls + 1\n"
           "    seen = (seen or 0) + 1\n"
           "    return { path = '/' .. calls .. seen }\n"
           "end\n");
    t_open(h, NULL);
    v = t_json(h, "{\"path\":\"/\"}");

    for (i = 0; i < 3; i++) {
        assert_int_equal(gov_script_hook(h->script, gov_s(""), "route", v,
                                         h->arena, &out, &h->err), GOV_OK);
        t_text(gov_get_str(out, "path"), "/11");
    }
}


static void
a_bundle_without_the_hook_has_the_base_s(void **state)
{
    t_house_t    *h = *state;
    gov_value_t  *out, *v;

    t_file(h, "base/hooks/route.lua",
           "return function (r) return { path = '/base' } end");
    t_file(h, "site/hooks/feed_item.lua", "return function (e) end");
    t_open(h, "site");

    assert_true(gov_script_has_hook(h->script, gov_s(""), "route"));
    assert_true(gov_script_has_hook(h->script, gov_s("site"), "route"));
    assert_true(gov_script_has_hook(h->script, gov_s("site"), "feed_item"));
    assert_false(gov_script_has_hook(h->script, gov_s(""), "feed_item"));
    assert_false(gov_script_has_hook(h->script, gov_s("site"), "link_group"));
    assert_false(gov_script_has_hook(h->script, gov_s("site"), "nothing"));

    v = t_json(h, "{\"path\":\"/\"}");
    assert_int_equal(gov_script_hook(h->script, gov_s("site"), "route", v,
                                     h->arena, &out, &h->err), GOV_OK);
    t_text(gov_get_str(out, "path"), "/base");

    assert_int_equal(gov_script_hook(h->script, gov_s("site"), "link_group",
                                     v, h->arena, &out, &h->err), GOV_OK);
    assert_ptr_equal(out, v);

    assert_int_equal(gov_script_hook(h->script, gov_s("site"), "nothing",
                                     v, h->arena, &out, &h->err),
                     GOV_NOT_FOUND);
}


/* as on a page of many groups */

static void
a_hook_that_overran_is_not_asked_again_for_the_page(void **state)
{
    unsigned             page, i;
    gov_err_t            err;
    t_house_t           *h = *state;
    gov_value_t         *in, *out;
    gov_script_count_t   count;

    t_file(h, "base/views/x.html", "x");
    t_file(h, "site/hooks/link_group.lua",
           "return function (g) while true do end end");
    t_file(h, "site/hooks/route.lua",
           "return function (r) return { path = '/new' } end");
    t_open(h, "site");
    in = t_json(h, "{\"title\":\"t\",\"path\":\"/\"}");

    for (page = 1; page <= 3; page++) {
        gov_script_begin(h->script);

        for (i = 0; i < 20; i++) {
            assert_int_equal(gov_script_hook(h->script, gov_s("site"),
                                             "link_group", in, h->arena, &out,
                                             &err), GOV_OK);
            assert_ptr_equal(out, in);
        }

        gov_script_counts(h->script, &count);
        assert_int_equal(count.overruns, page);

        /* the others go on */

        assert_int_equal(gov_script_hook(h->script, gov_s("site"), "route",
                                         in, h->arena, &out, &err), GOV_OK);
        assert_ptr_not_equal(out, in);
    }
}


/* "## NAME", then a line "May change: ..." and one "Budget: ..." */

static void
each_row_has_its_section_in_the_manual(void **state)
{
    char                   line[512], text[256];
    FILE                  *f;
    unsigned               i, sections;
    t_house_t             *h = *state;
    gov_buf_t              b;
    const char            *p;
    const gov_hook_row_t  *row;

    f = fopen("lua/hooks.md", "r");
    assert_non_null(f);

    gov_buf_init(&b, h->arena, 65536);
    sections = 0;

    while (fgets(line, sizeof(line), f) != NULL) {
        gov_buf_c(&b, line);
        sections += strncmp(line, "## ", 3) == 0;
    }

    fclose(f);
    gov_buf_add(&b, "", 1);

    for (i = 0; (row = gov_hook_row(i)) != NULL; i++) {
        snprintf(text, sizeof(text), "\n## %s\n", row->name);
        p = strstr((char *) b.s.data, text);

        if (p == NULL) {
            print_error("lua/hooks.md has no section %s\n", row->name);
            fail();
        }

        snprintf(text, sizeof(text), "\nMay change: %s\n", row->changes);
        assert_non_null(strstr(p, text));
        snprintf(text, sizeof(text), "\nMay leave out: %s\n",
                 row->drops ? "yes" : "no");
        assert_non_null(strstr(p, text));
        snprintf(text, sizeof(text),
                 "\nBudget: %u thousand instructions, %u ms\n", row->steps,
                 row->time_ms);
        assert_non_null(strstr(p, text));
    }

    assert_int_equal(sections, i);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_hook_changes_what_its_row_allows),
        t_test(a_failed_hook_changes_nothing_and_is_counted),
        t_test(a_hook_that_overran_is_not_asked_again_for_the_page),
        t_test(a_hook_remembers_nothing),
        t_test(a_bundle_without_the_hook_has_the_base_s),
        t_test(each_row_has_its_section_in_the_manual)
    };

    return cmocka_run_group_tests_name("script/gov_hook", tests, NULL, NULL);
}
