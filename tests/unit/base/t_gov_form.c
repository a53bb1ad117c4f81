
/*
 * Copyright (C) ngx_gov authors
 *
 * Fields of forms and queries.
 */


#include "base/t_base.h"


static void
fields_are_read_as_a_browser_writes_them(void **state)
{
    u_char       *p;
    unsigned      i;
    gov_buf_t     b;
    gov_arena_t  *a = *state;

    static struct {
        const char  *text;
        const char  *json;
    } rows[] = {
        { "", "{}" },
        { "a=1&b=%E5%85%AC+%2B", "{'a':'1','b':'公 +'}" },
        { "a=1&b&a=2&a=", "{'a':['1','2',''],'b':''}" },
        { "a%3D=x=y&&=z&", "{'a=':'x=y'}" },
        { "a=1%0D%0A2%0D3%0A", "{'a':'1\\n2\\r3\\n'}" },

        /* a percent sign that codes nothing */

        { "a=100%&b=%zz&c=%4&d=%%41",
          "{'a':'100%','b':'%zz','c':'%4','d':'%A'}" },

        /* no text */

        { "a=%00&%FF=1&b=%C3&c=2", "{'c':'2'}" }
    };

    for (i = 0; i < t_rows(rows); i++) {
        gov_buf_init(&b, a, 256);
        gov_json_write(&b, gov_form_fields(a, gov_str_of(rows[i].text)), 0);

        for (p = b.s.data; p < b.s.data + b.s.len; p++) {
            *p = *p == '"' ? '\'' : *p;
        }

        assert_string_equal(gov_str_c(a, b.s), rows[i].json);
    }
}


static void
no_more_than_so_many_fields_are_read(void **state)
{
    unsigned      i;
    gov_buf_t     b;
    gov_arena_t  *a = *state;

    gov_buf_init(&b, a, 32768);

    for (i = 0; i < 3000; i++) {
        gov_buf_c(&b, "a=1&");
    }

    assert_int_equal(gov_member(gov_form_fields(a, b.s), "a")->n, 2000);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(fields_are_read_as_a_browser_writes_them),
        t_test(no_more_than_so_many_fields_are_read)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
