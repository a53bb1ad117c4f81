
/*
 * Copyright (C) ngx_gov authors
 *
 * lua/gov/list.lua, in the sandbox it is made for.
 */


#include "script/t_script.h"


static void
lists_are_cut_mapped_filtered_and_grouped(void **state)
{
    char         text[512];
    size_t       i;
    t_house_t   *h = *state;

    static const struct {
        const char  *text, *want;
    } rows[] = {
        { "list.first({ 1, 2, 3 }, 2)", "1,2" },
        { "list.first({ 1, 2 }, 9)", "1,2" },
        { "list.first({ 1, 2 }, 0)", "" },
        { "list.map({ 1, 2, 3 }, function (x) return x * 2 end)", "2,4,6" },
        { "list.map({ 1, 2, 3 }, function (x) if x ~= 2 then return x end "
          "end)", "1,3" },
        { "list.filter({ 1, 2, 3 }, function (x) return x ~= 2 end)", "1,3" },
        { "list.map(list.groups({ 1, 2, 3, 4, 5 }, 2), "
          "function (g) return table.concat(g, '-') end)", "1-2,3-4,5" },
        { "list.groups({}, 2)", "" }
    };

    t_copy(h, "lua/gov/list.lua", "base/gov/list.lua");

    for (i = 0; i < t_rows(rows); i++) {
        snprintf(text, sizeof(text), "{{ table.concat(%s, ',') }}",
                 rows[i].text);
        assert_int_equal(t_template(h, text, NULL), GOV_OK);
        t_text(h->out.s, rows[i].want);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(lists_are_cut_mapped_filtered_and_grouped)
    };

    return cmocka_run_group_tests_name("script/lua_list", tests, NULL, NULL);
}
