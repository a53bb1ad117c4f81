
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


static void gov_hook_share(gov_value_t *map, gov_str_t key, gov_value_t *v,
    gov_arena_t *a);


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


gov_str_t
gov_hook_member(const char **p)
{
    gov_str_t  name;

    *p += strspn(*p, " ");

    name.data = (u_char *) *p;
    name.len = strcspn(*p, " ");
    *p += name.len;

    return name;
}


/* members of either are shared with the result, not copied */

gov_value_t *
gov_hook_merge(gov_value_t *in, gov_value_t *answer, gov_arena_t *a)
{
    gov_value_t  *item, *map, *v;

    map = gov_map(a);

    gov_each(item, in) {
        v = gov_member_s(answer, item->key);
        gov_hook_share(map, item->key, v != NULL ? v : item, a);
    }

    gov_each(item, answer) {

        if (gov_member_s(in, item->key) == NULL) {
            gov_hook_share(map, item->key, item, a);
        }
    }

    return map;
}


/* a value stands in one map only: the other gets a head of its own */

static void
gov_hook_share(gov_value_t *map, gov_str_t key, gov_value_t *v,
    gov_arena_t *a)
{
    v = memcpy(gov_alloc(a, sizeof(gov_value_t)), v, sizeof(gov_value_t));
    v->next = NULL;
    gov_put_key(map, key, v);
}
