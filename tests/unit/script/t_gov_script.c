
/*
 * Copyright (C) ngx_gov authors
 *
 * Bundles and the engine: what overrides what, what is shown when a
 * bundle's own template fails, and what is refused at configuration time.
 */


#include "script/t_script.h"


static void t_plain(t_house_t *h);


static void
t_plain(t_house_t *h)
{
    t_file(h, "base/views/home.html", "<{( head )}{{ name }}>\n");
    t_file(h, "base/views/layout.html",
           "<html lang={{ w.lang }}>{* content *}</html>");
    t_file(h, "base/parts/head.html", "base head ");
    t_file(h, "base/words/zh.lua",
           "return { lang = 'zh', more = '更多', old = '旧' }");
    t_file(h, "base/words/en.lua", "return { lang = 'en', more = 'more' }");
}


static void
a_view_stands_inside_the_layout(void **state)
{
    t_house_t  *h = *state;

    t_plain(h);
    t_open(h, NULL);

    assert_int_equal(t_render(h, "", "home", t_json(h, "{\"name\":\"<x>\"}")),
                     GOV_OK);
    t_text(h->out.s, "<html lang=zh><base head &lt;x&gt;>\n</html>");

    /* what was in the buffer stays */
    assert_int_equal(gov_script_render(h->script, gov_s(""), "home", "zh",
                                       NULL, &h->out, &h->err), GOV_OK);
    t_text(h->out.s, "<html lang=zh><base head &lt;x&gt;>\n</html>"
                     "<html lang=zh><base head >\n</html>");
}


static void
a_base_without_a_layout_gives_the_view_alone(void **state)
{
    t_house_t  *h = *state;

    assert_int_equal(t_template(h, "alone", NULL), GOV_OK);
    t_text(h->out.s, "alone");
}


static void
words_of_a_language_fall_back_to_chinese(void **state)
{
    t_house_t  *h = *state;

    t_plain(h);
    t_file(h, "base/views/home.html", "{{ w.more }} {{ w.old }} {{ w.x }}");
    t_file(h, "base/views/layout.html", "{* content *}");
    t_file(h, "site/words/zh.lua", "return { old = '本站' }");
    t_open(h, "site");

    assert_int_equal(t_render(h, "", "home", NULL), GOV_OK);
    t_text(h->out.s, "更多 旧 ");
    assert_int_equal(t_render(h, "site", "home", NULL), GOV_OK);
    t_text(h->out.s, "更多 本站 ");

    h->out.s.len = 0;
    assert_int_equal(gov_script_render(h->script, gov_s("site"), "home", "en",
                                       NULL, &h->out, &h->err), GOV_OK);
    t_text(h->out.s, "more 本站 ");

    h->out.s.len = 0;
    assert_int_equal(gov_script_render(h->script, gov_s(""), "home", "xx",
                                       NULL, &h->out, &h->err), GOV_OK);
    t_text(h->out.s, "更多 旧 ");
}


static void
a_bundle_overrides_file_by_file(void **state)
{
    t_house_t  *h = *state;

    t_plain(h);
    t_file(h, "site/parts/head.html", "own head ");
    t_open(h, "site");

    assert_true(gov_script_lib_has(h->lib, gov_s("site")));
    assert_false(gov_script_lib_has(h->lib, gov_s("other")));
    assert_false(gov_script_lib_has(h->lib, gov_s("")));

    assert_int_equal(t_render(h, "site", "home", NULL), GOV_OK);
    t_text(h->out.s, "<html lang=zh><own head >\n</html>");
    assert_int_equal(t_render(h, "", "home", NULL), GOV_OK);
    t_text(h->out.s, "<html lang=zh><base head >\n</html>");

    /* a bundle nobody knows is the base */
    assert_int_equal(t_render(h, "other", "home", NULL), GOV_OK);
    t_text(h->out.s, "<html lang=zh><base head >\n</html>");
}


/* no instruction of the base is counted: its time ends it, whatever it does */

static void
a_base_that_does_not_end_is_ended(void **state)
{
    size_t      i;
    t_house_t  *h = *state;

    static const char  *text[] = {
        "{% while true do end %}",
        "{% local function f() return f() end f() %}",
        "{% while true do pcall(function() while true do end end) end %}",
        "{% for i = 1, 1e15 do local x = i * 2 end %}",
    };

    for (i = 0; i < sizeof(text) / sizeof(char *); i++) {
        h->conf.time_ms = 5;
        assert_int_equal(t_template(h, text[i], NULL), GOV_BUSY);
        t_text(gov_str_of(h->err.text), "base/views/x.html:1: too much time");

        /* the timer of the one before reaches nobody */
        h->conf.time_ms = 60000;
        assert_int_equal(t_template(h, "{% local n = 0 for i = 1, 1e6 do "
                                    "n = n + 1 end %}{{ n }}", NULL),
                         GOV_OK);
        t_text(h->out.s, "1000000");
    }
}


static void
a_failing_bundle_gives_way_to_the_base_and_is_counted(void **state)
{
    size_t               i;
    t_house_t           *h = *state;
    gov_script_count_t   count;

    static const struct {
        const char  *path, *text, *last;
        uint64_t     failed, overruns;
    } rows[] = {
        { "site/views/home.html", "written{% error('told') %}",
          "site/views/home.html:1: told", 1, 0 },
        { "site/views/home.html", "written\n{{ no",
          "site/views/home.html:2: a mark is not closed", 1, 0 },
        { "site/views/home.html", "{% while true do end %}",
          "site/views/home.html:1: too m", 0, 1 },
        { "site/parts/head.html", "\n{{ no.way }}",
          "site/parts/head.html:2: attempt to index a nil value "
          "(global 'no')", 1, 0 },
        { "site/views/layout.html", "{* content *}{{ {} }}",
          "site/views/layout.html:1: attempt to put out a table value", 1, 0
        },
        { "site/words/zh.lua", "return 1", "site/words/zh.lua:1: words are "
          "a table", 1, 0 },
        { "site/words/zh.lua", "return { x = y.z }",
          "site/words/zh.lua:1: attempt to index a nil value (global 'y')",
          1, 0 },
        { "site/gov/x.lua", "while true do end",
          "site/gov/x.lua:1: too m", 0, 1 }
    };

    for (i = 0; i < t_rows(rows); i++) {
        t_plain(h);
        t_file(h, "site/views/home.html", "site");
        t_file(h, "site/views/layout.html", "{* content *}");
        t_file(h, "site/parts/head.html", "head");
        t_file(h, "site/words/zh.lua", "return {}");
        t_file(h, "site/gov/x.lua", "return {}");
        t_file(h, "site/views/home.html", "{( head )}");
        t_file(h, rows[i].path, rows[i].text);
        t_open(h, "site");

        assert_int_equal(t_render(h, "site", "home", NULL), GOV_OK);
        t_text(h->out.s, "<html lang=zh><base head >\n</html>");
        t_begins(gov_script_last(h->script), rows[i].last);

        gov_script_counts(h->script, &count);
        assert_int_equal(count.renders, 1);
        assert_int_equal(count.failed, rows[i].failed);
        assert_int_equal(count.overruns, rows[i].overruns);

        /* again, from the shelf */
        assert_int_equal(t_render(h, "site", "home", NULL), GOV_OK);
        t_text(h->out.s, "<html lang=zh><base head >\n</html>");
        gov_script_counts(h->script, &count);
        assert_int_equal(count.failed + count.overruns, 2);
    }
}


static void
the_base_s_own_failure_is_returned(void **state)
{
    t_house_t           *h = *state;
    gov_script_count_t   count;

    assert_int_equal(t_template(h, "a\n{{ no.way }}", NULL), GOV_ERROR);
    assert_string_equal(h->err.text, "base/views/x.html:2: attempt to index "
                        "a nil value (global 'no')");
    t_text(h->out.s, "");

    assert_int_equal(t_template(h, "a{% while true do end %}", NULL),
                     GOV_BUSY);
    t_begins(h->err.text, "base/views/x.html:1: too m");
    t_text(h->out.s, "");

    gov_script_counts(h->script, &count);
    assert_int_equal(count.overruns, 1);

    assert_int_equal(t_render(h, "", "none", NULL), GOV_NOT_FOUND);
    assert_string_equal(h->err.text, "there is no view \"none\"");
    assert_int_equal(t_render(h, "", "../x", NULL), GOV_NOT_FOUND);
}


static void
a_bundle_may_have_a_view_of_its_own(void **state)
{
    t_house_t  *h = *state;

    t_plain(h);
    t_file(h, "site/views/own.html", "own");
    t_file(h, "site/views/bad.html", "{{ no.way }}");
    t_open(h, "site");

    assert_int_equal(t_render(h, "site", "own", NULL), GOV_OK);
    t_text(h->out.s, "<html lang=zh>own</html>");
    assert_int_equal(t_render(h, "", "own", NULL), GOV_NOT_FOUND);
    assert_int_equal(t_render(h, "site", "bad", NULL), GOV_ERROR);
    t_text(h->out.s, "");
}


static void
more_bundles_than_the_shelf_has_places(void **state)
{
    int         i, k;
    char        text[64], name[32];
    t_house_t  *h = *state;

    t_plain(h);
    t_file(h, "base/views/layout.html", "{* content *}");
    t_open(h, NULL);

    for (i = 0; i < 300; i++) {
        snprintf(name, sizeof(name), "s%d", i);
        snprintf(text, sizeof(text), "s%d/views/home.html", i);
        t_file(h, text, name);
        assert_int_equal(t_add(h, name, name), GOV_OK);
    }

    for (k = 0; k < 2; k++) {

        for (i = 0; i < 300; i++) {
            snprintf(name, sizeof(name), "s%d", i);
            gov_arena_reset(h->arena);
            assert_int_equal(t_render(h, name, "home", NULL), GOV_OK);
            t_text(h->out.s, name);
        }
    }
}


static void
a_check_names_the_first_error(void **state)
{
    size_t      i;
    gov_rc_t    rc;
    char        path[64], deep[4096];
    t_house_t  *h = *state;

    static const struct {
        const char  *path, *text, *want;
    } rows[] = {
        { "views/home.html", "\n\n{{ n n }}",
          "site/views/home.html:3: ')' expected near 'n'" },
        { "views/home.html", "{( none )}",
          "site/views/home.html:1: there is no part \"none\"" },
        { "parts/p.html", "{% if %}",
          "site/parts/p.html:1: unexpected symbol near <eof>" },
        { "words/zh.lua", "return {\nx = 1\n", "site/words/zh.lua:3: '}' "
          "expected (to close '{' at line 1) near <eof>" },
        { "hooks/route.lua", "return fun ction",
          "site/hooks/route.lua:1: <eof> expected near 'ction'" },
        { "hooks/rout.lua", "return 1",
          "site/hooks/rout.lua:1: there is no hook \"rout\"" },
        { "gov/list.lua", "x = = 1",
          "site/gov/list.lua:1: unexpected symbol near '='" },
        { "gov/deep.lua", "DEEP", "site/gov/deep.lua:1: C stack overflow" }
    };

    memset(deep, '(', sizeof(deep) - 1);
    deep[sizeof(deep) - 1] = '\0';

    for (i = 0; i < t_rows(rows); i++) {
        t_plain(h);
        snprintf(path, sizeof(path), "site/%s", rows[i].path);
        t_file(h, path, strcmp(rows[i].text, "DEEP") == 0 ? deep
                                                          : rows[i].text);
        t_open(h, "site");

        rc = gov_script_lib_check(h->lib, &h->err);

        if (rc != GOV_INVALID || strcmp(h->err.text, rows[i].want) != 0) {
            print_error("%s\ngot  \"%s\"\nwant \"%s\"\n", rows[i].text,
                        h->err.text, rows[i].want);
            fail();
        }

        nftw(h->dir, t_remove, 8, FTW_DEPTH|FTW_PHYS);
        mkdir(h->dir, 0700);
    }

    t_plain(h);
    t_open(h, NULL);
    assert_int_equal(gov_script_lib_check(h->lib, &h->err), GOV_OK);
}


static void
a_check_runs_nothing(void **state)
{
    t_house_t  *h = *state;

    t_plain(h);
    t_file(h, "base/gov/x.lua", "while true do end");
    t_file(h, "base/words/en.lua", "error('x')");
    t_open(h, NULL);

    assert_int_equal(gov_script_lib_check(h->lib, &h->err), GOV_OK);
}


static void
what_cannot_be_read_is_refused(void **state)
{
    char       *large;
    t_house_t  *h = *state;

    t_plain(h);
    t_open(h, NULL);

    assert_int_equal(t_add(h, "x", "none"), GOV_NOT_FOUND);
    assert_int_equal(t_add(h, "", "base"), GOV_CONFLICT);

    t_bytes(h, "bad/views/home.html", "\xff\xfe", 2);
    assert_int_equal(t_add(h, "x", "bad"), GOV_INVALID);
    assert_string_equal(h->err.text, "bad/views/home.html: not UTF-8");

    large = calloc(1, 300000);
    assert_non_null(large);
    memset(large, 'x', 299999);
    t_file(h, "large/views/home.html", large);
    free(large);
    assert_int_equal(t_add(h, "x", "large"), GOV_INVALID);

    t_file(h, "deep/views/a/b/c/d/e.html", "x");
    assert_int_equal(t_add(h, "x", "deep"), GOV_INVALID);

    /* other people's files are none of ours */
    t_bytes(h, "good/views/home.html~", "\xff\xfe", 2);
    t_bytes(h, "good/views/.home.html", "\xff\xfe", 2);
    t_bytes(h, "good/hooks/README.md", "\xff\xfe", 2);
    t_bytes(h, "good/assets/logo.png", "\xff\xfe", 2);
    assert_int_equal(t_add(h, "x", "good"), GOV_OK);
    assert_int_equal(t_add(h, "x", "good"), GOV_CONFLICT);
}


static void
the_stamp_follows_every_source(void **state)
{
    size_t      i;
    uint64_t    stamp[5];
    t_house_t  *h = *state;

    t_plain(h);
    t_open(h, NULL);
    stamp[0] = gov_script_lib_stamp(h->lib);
    t_open(h, NULL);
    assert_true(gov_script_lib_stamp(h->lib) == stamp[0]);

    t_file(h, "base/words/en.lua", "return { lang = 'en', more = 'more.' }");
    t_open(h, NULL);
    stamp[1] = gov_script_lib_stamp(h->lib);

    t_file(h, "base/parts/new.html", "");
    t_open(h, NULL);
    stamp[2] = gov_script_lib_stamp(h->lib);

    t_file(h, "site/parts/new.html", "");
    t_open(h, "site");
    stamp[3] = gov_script_lib_stamp(h->lib);

    t_file(h, "site/parts/new.html", "x");
    t_open(h, "site");
    stamp[4] = gov_script_lib_stamp(h->lib);

    for (i = 0; i < 5; i++) {
        assert_true(stamp[i] != 0);
        assert_true(i == 0 || stamp[i] != stamp[i - 1]);
    }
}


static void
the_order_of_bundles_is_none_of_the_stamp_s_concern(void **state)
{
    uint64_t    stamp;
    t_house_t  *h = *state;

    t_plain(h);
    t_file(h, "a/views/home.html", "a");
    t_file(h, "b/views/home.html", "b");
    t_file(h, "c/views/home.html", "c");

    t_open(h, "b");
    assert_int_equal(t_add(h, "a", "a"), GOV_OK);
    assert_int_equal(t_add(h, "c", "c"), GOV_OK);
    stamp = gov_script_lib_stamp(h->lib);

    t_open(h, "c");
    assert_int_equal(t_add(h, "b", "b"), GOV_OK);
    assert_int_equal(t_add(h, "a", "a"), GOV_OK);
    assert_true(gov_script_lib_stamp(h->lib) == stamp);
}


static void
every_folder_but_those_with_a_mark_is_a_bundle(void **state)
{
    char        dir[64];
    t_house_t  *h = *state;

    t_plain(h);
    t_file(h, "sites/qindu/views/home.html", "q");
    t_file(h, "sites/weicheng/hooks/route.lua", "return type");
    t_file(h, "sites/_base/views/home.html", "\xff");
    t_file(h, "sites/.git/views/home.html", "\xff");
    t_file(h, "sites/README.md", "a file");
    t_open(h, NULL);

    snprintf(dir, sizeof(dir), "%s/sites", h->dir);
    assert_int_equal(gov_script_lib_add_all(h->lib, dir, &h->err), GOV_OK);
    assert_int_equal(h->lib->n, 2);
    assert_true(gov_script_lib_has(h->lib, gov_s("qindu")));
    assert_true(gov_script_lib_has(h->lib, gov_s("weicheng")));

    snprintf(dir, sizeof(dir), "%s/none", h->dir);
    assert_int_equal(gov_script_lib_add_all(h->lib, dir, &h->err),
                     GOV_INVALID);
}


static void
the_project_s_own_sources_are_right(void **state)
{
    size_t             i;
    gov_rc_t           rc;
    t_house_t         *h = *state;

    static const char  *views[] = { "home", "column", "document", "map",
                                    "notice" };

    assert_int_equal(gov_script_lib_open(&h->lib, &h->err), GOV_OK);
    assert_int_equal(gov_script_lib_add(h->lib, "", "lua", &h->err), GOV_OK);

    rc = gov_script_lib_check(h->lib, &h->err);

    if (rc != GOV_OK) {
        print_error("%s\n", h->err.text);
        fail();
    }

    assert_int_equal(gov_script_open(h->lib, NULL, &h->script, &h->err),
                     GOV_OK);

    /* with the little that every page has */
    for (i = 0; i < t_rows(views); i++) {
        rc = t_render(h, "", views[i],
                      t_json(h, "{\"page\":{\"title\":\"t\",\"kind\":\"x\"},"
                             "\"status\":404,\"column\":{\"title\":\"c\"},"
                             "\"doc\":{\"title\":\"d\"}}"));

        if (rc != GOV_OK) {
            print_error("%s: %s\n", views[i], h->err.text);
            fail();
        }
    }
}


/* a bundle whose every view is prepared with a large table */

static void
a_bundle_takes_no_room_on_the_shelf_from_others(void **state)
{
    char               name[32], path[64];
    size_t             held;
    unsigned           i, n;
    gov_lua_t          lua;
    t_house_t         *h = *state;
    gov_bundle_t      *big;
    gov_shelf_t        shelf;
    gov_lua_budget_t   budget = { 100000000, 60000000000LL };

    t_file(h, "base/views/home.html", "base");

    for (i = 0; i < 12; i++) {
        snprintf(path, sizeof(path), "big/views/v%u.html", i);
        t_file(h, path, "view");
    }

    t_file(h, "big/gov/table.lua", "local t = {} for i = 1, 20000 do "
           "t[i] = { i } end return t");
    t_open(h, "big");
    big = gov_script_bundle(h->lib, gov_s("big"));
    assert_non_null(big);

    memset(&shelf, 0, sizeof(gov_shelf_t));
    shelf.limit = 32 * 1024 * 1024;
    assert_int_equal(gov_lua_open(&lua, 8 * 1024 * 1024, &h->err), GOV_OK);

    assert_int_equal(gov_shelf_take(&shelf, h->lib, &lua, &budget, NULL,
                                    GOV_PREPARED_VIEW, "home", "zh",
                                    &h->err), GOV_OK);

    for (i = 0; i < 24; i++) {
        snprintf(name, sizeof(name), "v%u", i % 12);
        assert_int_equal(gov_shelf_take(&shelf, h->lib, &lua, &budget, big,
                                        GOV_PREPARED_VIEW, name, "zh",
                                        &h->err), GOV_OK);
    }

    for (i = 0, n = 0, held = 0; i < shelf.n; i++) {
        if (shelf.place[i].bundle == big) {
            held += shelf.place[i].image.size;
            n++;
        }
    }

    assert_in_range(n, 1, 11);
    assert_in_range(held, 1024 * 1024, 8 * 1024 * 1024);
    assert_int_equal(shelf.n, n + 1);

    /* one that is larger than all that it may have is not kept */

    shelf.limit = 1024 * 1024;
    gov_shelf_clear(&shelf);
    assert_int_equal(gov_shelf_take(&shelf, h->lib, &lua, &budget, big,
                                    GOV_PREPARED_VIEW, "v0", "zh",
                                    &h->err), GOV_OK);
    assert_int_equal(shelf.n, 0);
    assert_int_equal(shelf.size, 0);

    gov_shelf_clear(&shelf);
    gov_lua_close(&lua);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_view_stands_inside_the_layout),
        t_test(a_base_without_a_layout_gives_the_view_alone),
        t_test(words_of_a_language_fall_back_to_chinese),
        t_test(a_bundle_overrides_file_by_file),
        t_test(a_base_that_does_not_end_is_ended),
        t_test(a_failing_bundle_gives_way_to_the_base_and_is_counted),
        t_test(the_base_s_own_failure_is_returned),
        t_test(a_bundle_may_have_a_view_of_its_own),
        t_test(more_bundles_than_the_shelf_has_places),
        t_test(a_bundle_takes_no_room_on_the_shelf_from_others),
        t_test(a_check_names_the_first_error),
        t_test(a_check_runs_nothing),
        t_test(what_cannot_be_read_is_refused),
        t_test(the_stamp_follows_every_source),
        t_test(the_order_of_bundles_is_none_of_the_stamp_s_concern),
        t_test(every_folder_but_those_with_a_mark_is_a_bundle),
        t_test(the_project_s_own_sources_are_right)
    };

    return cmocka_run_group_tests_name("script/gov_script", tests, NULL,
                                       NULL);
}
