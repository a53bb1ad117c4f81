
/*
 * Copyright (C) ngx_gov authors
 *
 * A command line as an input, by the table of verbs.
 */


#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "ctl/govctl_int.h"


#define t_rows(table)  (sizeof(table) / sizeof((table)[0]))
#define T_WORDS_MAX    12


typedef struct {
    const char  *words[T_WORDS_MAX];    /* verb and arguments */
    const char  *input;                 /* NULL: refused as usage */
} row_t;


static row_t  rows[] = {

    /* plain arguments fill the verb's in their order */
    { { "site", "get", "610402" }, "{\"site\":\"610402\"}" },
    { { "site", "mode", "610402", "page" },
      "{\"site\":\"610402\",\"mode\":\"page\"}" },
    { { "site", "host", "add", "a", "b.test", "--main" },
      "{\"site\":\"a\",\"host\":\"b.test\",\"main\":\"true\"}" },
    { { "site", "mode", "--site", "610402", "page" },
      "{\"site\":\"610402\",\"mode\":\"page\"}" },
    { { "site", "mode", "--mode=page", "610402" },
      "{\"mode\":\"page\",\"site\":\"610402\"}" },
    { { "site", "get", "a", "b" }, NULL },
    { { "site", "get", "--site", "a", "b" }, NULL },
    { { "site", "get" }, NULL },

    /* options: with "=", with a word, with "-" for "_" */
    { { "site", "move", "a", "--parent=b" },
      "{\"site\":\"a\",\"parent\":\"b\"}" },
    { { "site", "move", "a", "--parent", "b" },
      "{\"site\":\"a\",\"parent\":\"b\"}" },
    { { "site", "set", "a", "--legal-name", "x" },
      "{\"site\":\"a\",\"legal_name\":\"x\"}" },
    { { "site", "set", "a", "--legal_name=" },
      "{\"site\":\"a\",\"legal_name\":\"\"}" },
    { { "site", "move", "a", "--parent" }, NULL },
    { { "site", "move", "a", "--colour", "x" }, NULL },
    { { "site", "set", "a", "--name", "x", "--name", "y" }, NULL },

    /* what begins with dashes after "--" is an argument */
    { { "site", "get", "--", "--a" }, "{\"site\":\"--a\"}" },

    /* flags */
    { { "site", "host", "add", "a", "b", "--main=false" },
      "{\"site\":\"a\",\"host\":\"b\",\"main\":\"false\"}" },

    /* lists repeat, or are JSON */
    { { "release", "create", "--doc", "1", "--to", "a/b", "--to", "c/d" },
      "{\"doc\":\"1\",\"to\":[\"a/b\",\"c/d\"]}" },
    { { "release", "create", "--doc=1", "--to=[\"a/b\"]" },
      "{\"doc\":\"1\",\"to\":[\"a/b\"]}" },
    { { "release", "create", "--doc=1", "--to=[\"a/b\"" }, NULL },
    { { "help", "site", "create" }, "{\"verb\":[\"site\",\"create\"]}" },

    /* fields of the verb, and of the column's kind */
    { { "doc", "edit", "7", "--base", "1", "--field", "number=A=1",
        "--field", "pages=3" },
      "{\"doc\":\"7\",\"base\":\"1\",\"number\":\"A=1\","
      "\"fields\":{\"pages\":\"3\"}}" },
    { { "doc", "edit", "7", "--base", "1", "--field", "pages" }, NULL },
    { { "doc", "edit", "7", "--base", "1", "--field", "=3" }, NULL },
    { { "doc", "edit", "7", "--base", "1", "--field", "p=1", "--field",
        "p=2" }, NULL },
    { { "site", "get", "a", "--field", "x=y" }, NULL },

    /* files only where there is a body or an attachment */
    { { "site", "get", "a", "--md", "x" }, NULL },
    { { "site", "get", "a", "--attach", "x" }, NULL },
    { { "doc", "publish", "1", "--md", "x" }, NULL }
};


static void
a_line_becomes_an_input(void **state)
{
    int             rc;
    unsigned        i, n, used;
    govctl_t        ctl;
    gov_buf_t       b;
    gov_value_t    *input;
    govctl_verb_t  *verb;

    (void) state;

    for (i = 0; i < t_rows(rows); i++) {
        memset(&ctl, 0, sizeof(govctl_t));
        ctl.arena = gov_arena_new(4096);

        for (n = 0; n < T_WORDS_MAX && rows[i].words[n]; n++) {
            /* counted */
        }

        verb = govctl_verb_find(rows[i].words, n, &used);
        assert_non_null(verb);

        rc = govctl_args(&ctl, verb, rows[i].words + used, n - used, &input);

        if (rows[i].input == NULL) {
            if (rc != GOVCTL_USAGE) {
                fail_msg("row %u was not refused", i);
            }

        } else if (rc != 0) {
            fail_msg("row %u was refused", i);

        } else {
            gov_buf_init(&b, ctl.arena, 256);
            gov_json_write(&b, input, 0);
            assert_string_equal(gov_str_c(ctl.arena, b.s), rows[i].input);
        }

        gov_arena_free(&ctl.arena);
    }
}


static void
a_body_is_read_and_its_form_noted(void **state)
{
    int             fd;
    char            path[] = "/tmp/govctl-XXXXXX";
    govctl_t        ctl;
    const char     *words[] = { "7", "--base=1", "--html", path };
    const char     *both[] = { "7", "--base=1", "--html", path, "--md",
                               path };
    gov_value_t    *input;
    govctl_verb_t  *verb;

    (void) state;

    fd = mkstemp(path);
    assert_int_not_equal(fd, -1);
    assert_int_equal(write(fd, "<p>", 3), 3);
    (void) close(fd);

    memset(&ctl, 0, sizeof(govctl_t));
    ctl.arena = gov_arena_new(4096);
    verb = govctl_verb_named("doc.edit");

    assert_int_equal(govctl_args(&ctl, verb, words, 4, &input), 0);
    assert_true(gov_str_is(gov_get_str(input, "body"), "<p>"));
    assert_true(gov_str_is(gov_get_str(input, "form"), "html"));

    assert_int_equal(govctl_args(&ctl, verb, both, 6, &input), GOVCTL_USAGE);

    (void) unlink(path);
    assert_int_equal(govctl_args(&ctl, verb, words, 4, &input),
                     GOVCTL_FAILED);

    gov_arena_free(&ctl.arena);
}


static void
the_longest_name_is_the_verb(void **state)
{
    unsigned  used;

    static const char  *host[] = { "site", "host", "add", "x" };
    static const char  *list[] = { "site", "list", "add" };
    static const char  *none[] = { "site", "wash" };

    (void) state;

    assert_string_equal(govctl_verb_find(host, 4, &used)->name,
                        "site.host.add");
    assert_int_equal(used, 3);
    assert_string_equal(govctl_verb_find(list, 3, &used)->name, "site.list");
    assert_int_equal(used, 2);
    assert_null(govctl_verb_find(none, 2, &used));
    assert_null(govctl_verb_find(none, 0, &used));
}


static void
a_verb_is_listed_once_and_told_in_both_languages(void **state)
{
    govctl_verb_t  *v, *other;

    (void) state;

    for (v = govctl_verb_next(NULL); v; v = govctl_verb_next(v)) {
        assert_true(v->summary[0] && v->title[0]);
        assert_non_null(v->run);

        for (other = govctl_verb_next(v); other;
             other = govctl_verb_next(other))
        {
            assert_string_not_equal(v->name, other->name);
        }
    }

    assert_int_equal(govctl_verb_named("site.export")->kind, GOVCTL_OWN);
}


int
main(void)
{
    static const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_line_becomes_an_input),
        cmocka_unit_test(a_body_is_read_and_its_form_noted),
        cmocka_unit_test(the_longest_name_is_the_verb),
        cmocka_unit_test(a_verb_is_listed_once_and_told_in_both_languages)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
