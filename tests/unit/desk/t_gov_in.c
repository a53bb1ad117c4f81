
/*
 * Copyright (C) ngx_gov authors
 *
 * The one reading of an input, for commands and questions alike.
 */


#include "base/t_base.h"
#include "desk/gov_command.h"


static gov_in_t  t_in[] = {
    { "site", GOV_IN_CODE, GOV_IN_OPTIONAL, "" },
    { "name", GOV_IN_STR, GOV_IN_OPTIONAL, "" },
    { "text", GOV_IN_TEXT, GOV_IN_OPTIONAL, "" },
    { "n", GOV_IN_INT, GOV_IN_OPTIONAL, "" },
    { "doc", GOV_IN_DOC, GOV_IN_OPTIONAL, "" },
    { "yes", GOV_IN_BOOL, GOV_IN_OPTIONAL, "" },
    { "day", GOV_IN_DAY, GOV_IN_OPTIONAL, "" },
    { "at", GOV_IN_TIME, GOV_IN_OPTIONAL, "" },
    { "list", GOV_IN_LIST, GOV_IN_OPTIONAL, "" },
    { "map", GOV_IN_MAP, GOV_IN_OPTIONAL, "" },
    { NULL, 0, 0, NULL }
};


/* the input read and written again, or the field that is at fault */

static gov_str_t
t_read(gov_arena_t *a, gov_in_t *table, const char *json, int loose)
{
    size_t        i;
    gov_buf_t     b;
    gov_err_t     err;
    gov_str_t     s;
    gov_value_t  *v, *out;

    s = gov_str_copy(a, gov_str_of(json));

    for (i = 0; i < s.len; i++) {
        s.data[i] = s.data[i] == '\'' ? '"' : s.data[i];
    }

    memset(&err, 0, sizeof(gov_err_t));
    assert_int_equal(gov_json_parse(a, s, &v, &err), GOV_OK);

    gov_buf_init(&b, a, 64);

    if (gov_in_read(a, table, v, loose, &out, &err) == GOV_OK) {
        gov_json_write(&b, out, 0);

    } else {
        assert_int_equal(err.code, GOV_INVALID);
        assert_true(err.text[0]);
        gov_buf_c(&b, err.field);
    }

    return b.s;
}


static void
text_and_json_give_the_same_value(void **state)
{
    size_t        i;
    gov_arena_t  *a = *state;

    static const char  *rows[][2] = {
        { "{}", "{}" },
        { "{'n': null}", "{}" },
        { "{'site': 610400}", "{\"site\":\"610400000000\"}" },
        { "{'site': '610400'}", "{\"site\":\"610400000000\"}" },
        { "{'site': 'a b'}", "site" },
        { "{'site': -1}", "site" },
        { "{'name': 7}", "{\"name\":\"7\"}" },
        { "{'name': 'a\\nb'}", "name" },
        { "{'name': 'a\\u0001'}", "name" },
        { "{'name': []}", "name" },
        { "{'text': 'a\\nb'}", "{\"text\":\"a\\nb\"}" },
        { "{'n': '12'}", "{\"n\":12}" },
        { "{'n': 12}", "{\"n\":12}" },
        { "{'n': 0}", "{\"n\":0}" },
        { "{'n': -1}", "n" },
        { "{'n': '12x'}", "n" },
        { "{'doc': 0}", "doc" },
        { "{'doc': '7'}", "{\"doc\":7}" },
        { "{'yes': '1'}", "{\"yes\":true}" },
        { "{'yes': 'false'}", "{\"yes\":false}" },
        { "{'yes': 1}", "{\"yes\":true}" },
        { "{'yes': 'on'}", "yes" },
        { "{'day': '2026-02-30'}", "day" },
        { "{'day': '2026-02-28'}", "{\"day\":\"2026-02-28\"}" },
        { "{'at': '1970-01-01T00:00:01Z'}", "{\"at\":1000000}" },
        { "{'at': 'soon'}", "at" },
        { "{'list': 'one'}", "{\"list\":[\"one\"]}" },
        { "{'list': ['\\u0001']}", "list" },
        { "{'map': {'a': 1}}", "{\"map\":{\"a\":1}}" },
        { "{'map': 1}", "map" },
        { "{'other': 1}", "other" },
        { "[]", "" }
    };

    for (i = 0; i < t_rows(rows); i++) {
        t_str_at(t_read(a, t_in, rows[i][0], 0), gov_str_of(rows[i][1]),
                 rows[i][0], (int) i);
    }
}


static void
what_is_required_must_be_there_and_not_empty(void **state)
{
    size_t        i;
    gov_arena_t  *a = *state;

    static gov_in_t  table[] = {
        { "name", GOV_IN_STR, GOV_IN_REQUIRED, "" },
        { "list", GOV_IN_LIST, GOV_IN_REQUIRED, "" },
        { NULL, 0, 0, NULL }
    };

    static const char  *rows[][2] = {
        { "{'list': [1]}", "name" },
        { "{'name': null, 'list': [1]}", "name" },
        { "{'name': '', 'list': [1]}", "name" },
        { "{'name': 'a', 'list': []}", "list" },
        { "{'name': 'a', 'list': [1]}", "{\"name\":\"a\",\"list\":[1]}" }
    };

    for (i = 0; i < t_rows(rows); i++) {
        t_str_at(t_read(a, table, rows[i][0], 0), gov_str_of(rows[i][1]),
                 rows[i][0], (int) i);
    }
}


static void
a_loose_reading_leaves_out_what_it_does_not_know(void **state)
{
    gov_arena_t  *a = *state;

    t_str(t_read(a, t_in, "{'n': 1, 'other': 2}", 1), "{\"n\":1}");
    t_str(t_read(a, t_in, "{'n': 'x', 'other': 2}", 1), "n");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(text_and_json_give_the_same_value),
        t_test(what_is_required_must_be_there_and_not_empty),
        t_test(a_loose_reading_leaves_out_what_it_does_not_know)
    };

    return cmocka_run_group_tests_name("desk/gov_in", tests, NULL, NULL);
}
