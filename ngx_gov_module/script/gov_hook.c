
/*
 * Copyright (C) ngx_gov authors
 *
 * The hook points: one row each, and one section in lua/hooks.md, which a
 * test compares with these rows.
 *
 * A hook is "hooks/NAME.lua" of a bundle: a chunk that returns a function.
 * It is given the value as a table and returns a table, of which the members
 * named here are taken over; nil changes nothing; false, where a row allows
 * it, leaves the value out.
 */


#include "script/gov_script_int.h"


/* name, members it may change, may drop, thousand instructions, ms */

#define GOV_HOOKS(X)                                                          \
    X("before_render", "nav links blocks tags extra", 0, 1000, 10)            \
    X("link_group", "title items", 1, 200, 5)                                 \
    X("feed_item", "title summary", 1, 200, 5)                                \
    X("route", "path", 0, 200, 5)


static const gov_hook_row_t  gov_hook_rows[] = {
#define X(name, changes, drops, steps, ms)                                    \
    { name, changes, drops, steps, ms },
    GOV_HOOKS(X)
#undef X
    { NULL, NULL, 0, 0, 0 }
};


static int gov_hook_may(const gov_hook_row_t *row, gov_str_t key);


const gov_hook_row_t *
gov_hook_find(const char *name)
{
    const gov_hook_row_t  *row;

    for (row = gov_hook_rows; row->name != NULL; row++) {

        if (strcmp(row->name, name) == 0) {
            return row;
        }
    }

    return NULL;
}


/* NULL after the last */

const gov_hook_row_t *
gov_hook_row(unsigned i)
{
    return i < sizeof(gov_hook_rows) / sizeof(gov_hook_row_t) - 1
           ? &gov_hook_rows[i] : NULL;
}


unsigned
gov_hook_bit(const gov_hook_row_t *row)
{
    return 1u << (row - gov_hook_rows);
}


static int
gov_hook_may(const gov_hook_row_t *row, gov_str_t key)
{
    size_t       n;
    const char  *p;

    for (p = row->changes; *p != '\0'; p += n) {
        p += *p == ' ';
        n = strcspn(p, " ");

        if (n == key.len && memcmp(p, key.data, n) == 0) {
            return 1;
        }
    }

    return 0;
}


/* members of in are shared with the result, not copied */

gov_value_t *
gov_hook_merge(const gov_hook_row_t *row, gov_value_t *in,
    gov_value_t *answer, gov_arena_t *a)
{
    gov_value_t  *item, *map, *v;

    map = gov_map(a);

    gov_each(item, in) {
        v = gov_hook_may(row, item->key) ? gov_member_s(answer, item->key)
                                         : NULL;
        v = v != NULL ? v : item;

        /* a link of its own: v goes on standing in the other map */
        v = memcpy(gov_alloc(a, sizeof(gov_value_t)), v, sizeof(gov_value_t));
        v->next = NULL;
        gov_put_key(map, item->key, v);
    }

    gov_each(item, answer) {

        if (!gov_hook_may(row, item->key)
            || gov_member_s(map, item->key) != NULL)
        {
            continue;
        }

        v = memcpy(gov_alloc(a, sizeof(gov_value_t)), item,
                   sizeof(gov_value_t));
        v->next = NULL;
        gov_put_key(map, item->key, v);
    }

    return map;
}
