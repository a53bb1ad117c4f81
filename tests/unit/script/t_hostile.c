
/*
 * Copyright (C) ngx_gov authors
 *
 * Every script of hostile.h in a bundle of its own, with the limits that are
 * shipped: it is ended, the base's view is shown in its place and counted, the
 * processor was held for less than 50 ms, and the next render of the same
 * engine sees nothing of it.
 */


#include "script/t_script.h"
#include "script/hostile.h"

#include <time.h>


/* microseconds of the processor that a script may cost, with the stock view
 * in its place; a build that slows everything down is not asked */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_UNDEFINED__)
#define T_RUN  INT64_MAX
#else
#define T_RUN  50000
#endif

static const char  t_base[] =
    "stock {{ page.title }} {{ w.hello }} {{ ('x'):upper() }}"
    "{{ string.upper('y') }} {{ str.trim(' z ') }} {( p )}"
    "{{ evil or more or later or 'clean' }} {{ lib.twice(2) }}"
    "{{ esc('<') }}{{ table.concat({ 1, 2 }) }}{{ string.later or '' }}";

static const char  t_stock[] =
    "[stock T hello XY z part clean 4&amp;lt;12]";


static gov_str_t t_code(gov_arena_t *a, const char *code);


/* a word in capitals stands for a text too long to be written down */

static gov_str_t
t_code(gov_arena_t *a, const char *code)
{
    unsigned   i;
    gov_buf_t  b;

    gov_buf_init(&b, a, 65536);
    gov_buf_c(&b, "shown{% ");

    if (strcmp(code, "LOCALS") == 0) {
        t_repeat(&b, "local a ", 300);

    } else if (strcmp(code, "PARENTHESES") == 0) {
        gov_buf_c(&b, "x = ");
        t_repeat(&b, "(", 20000);

    } else if (strcmp(code, "BLOCKS") == 0) {
        t_repeat(&b, "do ", 20000);

    } else if (strcmp(code, "FUNCTIONS") == 0) {
        t_repeat(&b, "f(function () ", 10000);

    } else if (strcmp(code, "ORS") == 0) {
        gov_buf_c(&b, "x = a");
        t_repeat(&b, " or a", 3000);

    } else if (strcmp(code, "ELSEIFS") == 0) {
        gov_buf_c(&b, "if a then");
        t_repeat(&b, " elseif a then", 1000);
        gov_buf_c(&b, " end");

    } else if (strcmp(code, "INSERT") == 0 || strcmp(code, "REMOVE") == 0) {

        /* from one key that is there to the next, twice as far */
        gov_buf_c(&b, "local t = { ");

        for (i = 0; i < 63; i++) {
            gov_buf_fmt(&b, "[1 << %u] = 1, ", i);
        }

        gov_buf_c(&b, code[0] == 'I'
                      ? "} table.insert(t, #t + 1 - (1 << 58), 5)"
                      : "} table.remove(t, #t - (1 << 58))");

    } else if (strcmp(code, "GOTOS") == 0) {
        t_repeat(&b, "goto a ", 20000);

    } else if (strcmp(code, "TABLES") == 0) {
        gov_buf_c(&b, "x = ");
        t_repeat(&b, "{", 20000);

    } else if (strcmp(code, "ESCAPES") == 0) {
        gov_buf_c(&b, "x = '");
        t_repeat(&b, "\\z \\u{7fffffff}\\065", 5000);
        gov_buf_c(&b, "'");

    } else if (strcmp(code, "NAMES") == 0) {

        /* each name is sought in 150 functions of 190 locals */
        for (i = 0; i < 60; i++) {
            gov_buf_c(&b, "local function f() local a0");
            gov_buf_fmt(&b, ",b%u", i);
            t_repeat(&b, ",a", 180);
            gov_buf_c(&b, " ");
        }

        t_repeat(&b, "q() ", 50000);

    } else {
        gov_buf_c(&b, code);
    }

    gov_buf_c(&b, " %}");

    return b.s;
}


static int64_t
t_ran(void)
{
    struct timespec  ts;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);

    return (int64_t) ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}


static void
each_is_ended_and_nothing_of_it_is_left(void **state)
{
    int                  end, wrong;
    size_t               i;
    int64_t              ran;
    gov_str_t            code;
    t_house_t           *h = *state;
    gov_value_t         *v;
    gov_script_count_t   was, is;

    t_file(h, "base/views/home.html", t_base);
    t_file(h, "base/views/layout.html", "[{* content *}]");
    t_file(h, "base/parts/p.html", "part ");
    t_file(h, "base/parts/again.html", "{( again )}");
    t_file(h, "base/words/zh.lua", "return { hello = 'hello' }");
    t_file(h, "base/gov/lib.lua",
           "return { twice = function (n) return n * 2 end }");

    v = t_json(h, "{\"page\":{\"title\":\"T\"}}");

    /* parts are compiled where a view names them */
    t_file(h, "bad/views/layout.html", "[{* content *}]"
           "{% if false then %}{( p )}{( again )}{% end %}");

    for (i = 0, wrong = 0; i < t_rows(t_hostile); i++) {
        code = t_code(h->arena, t_hostile[i].code);
        t_bytes(h, "bad/views/home.html", (char *) code.data, code.len);

        h->conf.time_ms = t_hostile[i].end == OVER ? 0 : 60000;
        t_open(h, "bad");

        gov_script_counts(h->script, &was);
        ran = t_ran();
        assert_int_equal(t_render(h, "bad", "home", v), GOV_OK);
        ran = t_ran() - ran;
        gov_script_counts(h->script, &is);

        end = is.overruns - was.overruns == 1 ? OVER
              : is.failed - was.failed == 1 ? FAIL : NONE;

        if (getenv("T_SHOW") != NULL) {
            print_message("%-36s %6ld us %s\n", t_hostile[i].name,
                          (long) ran, gov_script_last(h->script));
        }

        if (end != t_hostile[i].end || ran >= T_RUN
            || !gov_str_is(h->out.s, end == NONE ? "[shown]" : t_stock))
        {
            print_error("%s: ended %d, not %d, after %ld us; \"%.*s\"; %s\n",
                        t_hostile[i].name, end, t_hostile[i].end, (long) ran,
                        gov_strf(h->out.s), gov_script_last(h->script));
            wrong++;
        }

        assert_int_equal(t_render(h, "", "home", v), GOV_OK);
        t_text(h->out.s, t_stock);

        assert_int_equal(t_render(h, "bad", "home", v), GOV_OK);
        gov_arena_reset(h->arena);
        v = t_json(h, "{\"page\":{\"title\":\"T\"}}");
    }

    assert_int_equal(wrong, 0);
}


/* a hook has 10 ms of them, and is looked at as a view is */

static void
a_hook_is_ended_in_the_midst_of_long_instructions(void **state)
{
    int64_t              ran;
    t_house_t           *h = *state;
    gov_value_t         *in, *out;
    gov_script_count_t   was, is;

    t_file(h, "base/views/home.html", t_base);
    t_file(h, "bad/hooks/before_render.lua", "return function () "
           "local a = ('\\0'):rep(500000) "
           "while true do local c = a < a end end");
    h->conf.time_ms = 0;
    t_open(h, "bad");

    in = t_json(h, "{\"nav\":[]}");
    gov_script_counts(h->script, &was);
    ran = t_ran();
    assert_int_equal(gov_script_hook(h->script, gov_s("bad"), "before_render",
                                     in, h->arena, &out, &h->err), GOV_OK);
    ran = t_ran() - ran;
    gov_script_counts(h->script, &is);

    assert_ptr_equal(out, in);
    assert_true(is.overruns - was.overruns == 1);
    assert_true(ran < T_RUN);
}


static void
a_second_render_of_a_bundle_sees_nothing_of_the_first(void **state)
{
    t_house_t  *h = *state;

    t_file(h, "base/views/home.html", "base");
    t_file(h, "base/views/layout.html", "{* content *}");
    t_file(h, "site/views/home.html",
           "{{ count or 0 }}{{ string.x or 0 }}{{ w.x or 0 }}"
           "{{ ('').x or 0 }}"
           "{% count = 1 string.x = 1 w.x = 1 string.len = nil %}");
    t_open(h, "site");

    assert_int_equal(t_render(h, "site", "home", NULL), GOV_OK);
    t_text(h->out.s, "0000");
    assert_int_equal(t_render(h, "site", "home", NULL), GOV_OK);
    t_text(h->out.s, "0000");
}


static void
the_engine_outlives_ten_thousand_attempts(void **state)
{
    int                  i;
    t_house_t           *h = *state;
    gov_script_count_t   count;

    t_file(h, "base/views/home.html", "base");
    t_file(h, "base/views/layout.html", "{* content *}");
    t_file(h, "site/views/home.html",
           "{% local t = {} for i = 1, 50 do t[i] = { i } end error(t) %}");
    t_open(h, "site");

    for (i = 0; i < 10000; i++) {
        gov_arena_reset(h->arena);
        assert_int_equal(t_render(h, "site", "home", NULL), GOV_OK);
        t_text(h->out.s, "base");
    }

    gov_script_counts(h->script, &count);
    assert_int_equal(count.failed, 10000);
    assert_int_equal(count.overruns, 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(each_is_ended_and_nothing_of_it_is_left),
        t_test(a_hook_is_ended_in_the_midst_of_long_instructions),
        t_test(a_second_render_of_a_bundle_sees_nothing_of_the_first),
        t_test(the_engine_outlives_ten_thousand_attempts)
    };

    return cmocka_run_group_tests_name("script/hostile", tests, NULL, NULL);
}
