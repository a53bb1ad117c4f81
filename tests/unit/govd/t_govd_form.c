
/*
 * Copyright (C) ngx_gov authors
 *
 * What a form's fields are as the input of a command.
 */


#include "base/t_base.h"
#include "govd/govd_door.h"


/* as they come, a list each */

static gov_value_t *
t_input(gov_arena_t *a, const char **names, unsigned n)
{
    unsigned         i;
    gov_value_t     *list;
    govd_request_t   r;

    memset(&r, 0, sizeof(govd_request_t));
    r.arena = a;
    r.form = gov_map(a);

    for (i = 0; i < n; i++) {
        list = gov_list(a);
        gov_add(list, gov_val_str(a, gov_s("x")));
        gov_put(r.form, names[i], list);
    }

    return govd_form_input(&r, gov_command_find(gov_s("doc.create"))->in);
}


/* JSON with a name twice stands in no journal */

static void
a_map_is_not_given_as_a_text_too(void **state)
{
    unsigned      i;
    gov_buf_t     b;
    gov_err_t     err;
    gov_arena_t  *a = *state;
    gov_value_t  *input, *read;

    static const char  *forms[][6] = {
        { "site", "column", "title", "body", "fields.a", "fields" },
        { "site", "column", "title", "body", "fields", "fields.a" },
        { "site", "column", "title", "body", "fields.a", "fields.b" }
    };

    for (i = 0; i < 3; i++) {
        memset(&err, 0, sizeof(gov_err_t));
        input = t_input(a, forms[i], 6);

        assert_int_equal(gov_in_read(a, gov_command_find(
                             gov_s("doc.create"))->in, input, 0, &read,
                             &err), i == 2 ? GOV_OK : GOV_INVALID);
        assert_string_equal(err.field, i == 2 ? "" : "fields");

        gov_buf_init(&b, a, 256);
        gov_json_write(&b, input, 0);
        assert_int_equal(gov_json_parse(a, b.s, &read, NULL), GOV_OK);
    }

    assert_int_equal(gov_member(input, "fields")->n, 2);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_map_is_not_given_as_a_text_too)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
