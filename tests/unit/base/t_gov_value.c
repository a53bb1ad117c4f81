
/*
 * Copyright (C) ngx_gov authors
 *
 * Value trees.
 */


#include "base/t_base.h"


static void
a_map_keeps_the_order_of_insertion(void **state)
{
    int           i;
    gov_value_t  *map, *item;
    gov_arena_t  *a = *state;

    static const char  *keys[] = { "z", "a", "m", "b", "flag", "html", "nil" };

    map = gov_map(a);
    gov_put_int(a, map, "z", 1);
    gov_put_c(a, map, "a", "text");
    gov_put_map(a, map, "m");
    gov_put_list(a, map, "b");
    gov_put_bool(a, map, "flag", 42);
    gov_put_html(a, map, "html", gov_s("<b>"));
    gov_put(map, "nil", gov_val_nil(a));

    i = 0;

    gov_each(item, map) {
        assert_true(gov_str_is(item->key, keys[i++]));
    }

    assert_int_equal(i, 7);
    assert_int_equal(map->n, 7);
    assert_int_equal(gov_member(map, "flag")->u.i, 1);
    assert_int_equal(gov_member(map, "html")->kind, GOV_HTML);
    assert_int_equal(gov_member(map, "nil")->kind, GOV_NIL);

    gov_each(item, (gov_value_t *) NULL) {
        fail();
    }
}


static void
a_list_is_walked_as_it_was_filled(void **state)
{
    int           i;
    gov_value_t  *list, *item;
    gov_arena_t  *a = *state;

    list = gov_list(a);

    for (i = 0; i < 1000; i++) {
        gov_put_int(a, gov_add_map(a, list), "i", i);
    }

    i = 0;

    gov_each(item, list) {
        assert_int_equal(gov_get_int(item, "i", -1), i++);
    }

    assert_int_equal(i, 1000);
    assert_int_equal(list->n, 1000);
}


static void
what_is_absent_or_of_another_kind_is_empty(void **state)
{
    gov_value_t  *map, *list;
    gov_arena_t  *a = *state;

    map = gov_map(a);
    gov_put_c(a, map, "text", "7");
    gov_put_int(a, map, "int", 7);
    gov_put_bool(a, map, "yes", 1);
    gov_put_html(a, map, "html", gov_s("<b>"));
    list = gov_put_list(a, map, "list");

    t_str(gov_get_str(map, "text"), "7");
    t_str(gov_get_str(map, "html"), "<b>");
    t_str(gov_get_str(map, "int"), "");
    t_str(gov_get_str(map, "none"), "");
    t_str(gov_get_str(NULL, "text"), "");
    t_str(gov_get_str(list, "text"), "");

    assert_int_equal(gov_get_int(map, "int", -1), 7);
    assert_int_equal(gov_get_int(map, "text", -1), -1);
    assert_int_equal(gov_get_int(map, "yes", -1), -1);
    assert_int_equal(gov_get_int(NULL, "int", -1), -1);

    assert_int_equal(gov_get_bool(map, "yes"), 1);
    assert_int_equal(gov_get_bool(map, "int"), 0);
    assert_int_equal(gov_get_bool(map, "none"), 0);

    assert_null(gov_member(map, "tex"));
    assert_null(gov_member(map, ""));
    assert_null(gov_member(NULL, "text"));
    assert_null(gov_member_s(list, gov_s("text")));
    assert_ptr_equal(gov_member_s(map, gov_s("list")), list);
}


static void
set_replaces_in_place_and_unset_removes(void **state)
{
    gov_buf_t     b;
    gov_value_t  *map;
    gov_arena_t  *a = *state;

    map = gov_map(a);
    gov_unset(map, "a");
    gov_set(map, "a", gov_val_int(a, 1));
    gov_set(map, "b", gov_val_int(a, 2));
    gov_set(map, "c", gov_val_int(a, 3));
    gov_set(map, "b", gov_val_str(a, gov_s("two")));
    gov_set(map, "c", gov_val_bool(a, 0));
    gov_put_int(a, map, "d", 4);

    gov_buf_init(&b, a, 64);
    gov_json_write(&b, map, 0);
    t_str(b.s, "{\"a\":1,\"b\":\"two\",\"c\":false,\"d\":4}");

    gov_unset(map, "d");
    gov_put_int(a, map, "e", 5);
    gov_unset(map, "a");
    gov_unset(map, "b");
    gov_unset(map, "none");

    b.s.len = 0;
    gov_json_write(&b, map, 0);
    t_str(b.s, "{\"c\":false,\"e\":5}");
    assert_int_equal(map->n, 2);

    gov_unset(map, "c");
    gov_unset(map, "e");
    assert_int_equal(map->n, 0);
    assert_null(map->u.first);

    gov_put_int(a, map, "f", 6);
    assert_ptr_equal(map->u.first, map->last);
}


static void
a_copy_outlives_its_original(void **state)
{
    gov_str_t     key, text;
    gov_buf_t     b;
    gov_value_t  *map, *list, *copy;
    gov_arena_t  *a = *state, *other;

    other = gov_arena_new(256);

    key = gov_str_copy(other, gov_s("key"));
    text = gov_str_copy(other, gov_s("text"));

    map = gov_map(other);
    gov_put_key(map, key, gov_val_str(other, text));
    gov_put_html(other, map, "html", text);
    gov_put_int(other, map, "int", -5);
    gov_put_bool(other, map, "yes", 1);
    list = gov_put_list(other, map, "list");
    gov_add(list, gov_val_nil(other));
    gov_put_map(other, gov_add_map(other, list), "in");

    copy = gov_value_copy(a, map);
    memset(text.data, 'x', text.len);
    memset(key.data, 'x', key.len);
    gov_arena_free(&other);

    gov_buf_init(&b, a, 64);
    gov_json_write(&b, copy, 0);
    t_str(b.s, "{\"key\":\"text\",\"html\":\"text\",\"int\":-5,\"yes\":true,"
               "\"list\":[null,{\"in\":{}}]}");
    assert_int_equal(gov_member(copy, "html")->kind, GOV_HTML);
    assert_null(gov_value_copy(a, NULL));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_map_keeps_the_order_of_insertion),
        t_test(a_list_is_walked_as_it_was_filled),
        t_test(what_is_absent_or_of_another_kind_is_empty),
        t_test(set_replaces_in_place_and_unset_removes),
        t_test(a_copy_outlives_its_original)
    };

    return cmocka_run_group_tests_name("base/gov_value", tests, NULL, NULL);
}
