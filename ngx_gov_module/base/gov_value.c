
/*
 * Copyright (C) ngx_gov authors
 *
 * Value trees.  A list or map holds its members by first, next and last; a
 * value is a member of one parent at most.  Members are put at the end, in
 * constant time; a map is searched from its first member.
 */


#include "base/gov_base.h"


static gov_value_t *gov_value_new(gov_arena_t *a, gov_kind_t kind);


static gov_value_t *
gov_value_new(gov_arena_t *a, gov_kind_t kind)
{
    gov_value_t  *v;

    v = gov_alloc(a, sizeof(gov_value_t));

    v->kind = kind;
    v->n = 0;
    v->u.s.len = 0;
    v->u.s.data = NULL;
    v->last = NULL;
    v->next = NULL;
    v->key.len = 0;
    v->key.data = NULL;

    return v;
}


gov_value_t *
gov_map(gov_arena_t *a)
{
    gov_value_t  *v;

    v = gov_value_new(a, GOV_MAP);
    v->u.first = NULL;

    return v;
}


gov_value_t *
gov_list(gov_arena_t *a)
{
    gov_value_t  *v;

    v = gov_value_new(a, GOV_LIST);
    v->u.first = NULL;

    return v;
}


gov_value_t *
gov_val_str(gov_arena_t *a, gov_str_t s)
{
    gov_value_t  *v;

    v = gov_value_new(a, GOV_STR);
    v->u.s = s;

    return v;
}


gov_value_t *
gov_val_int(gov_arena_t *a, int64_t i)
{
    gov_value_t  *v;

    v = gov_value_new(a, GOV_INT);
    v->u.i = i;

    return v;
}


gov_value_t *
gov_val_bool(gov_arena_t *a, int b)
{
    gov_value_t  *v;

    v = gov_value_new(a, GOV_BOOL);
    v->u.i = b != 0;

    return v;
}


gov_value_t *
gov_val_nil(gov_arena_t *a)
{
    return gov_value_new(a, GOV_NIL);
}


void
gov_put(gov_value_t *map, const char *key, gov_value_t *v)
{
    gov_put_key(map, gov_str_of(key), v);
}


void
gov_put_key(gov_value_t *map, gov_str_t key, gov_value_t *v)
{
    v->key = key;
    gov_add(map, v);
}


void
gov_put_str(gov_arena_t *a, gov_value_t *map, const char *key, gov_str_t s)
{
    gov_put(map, key, gov_val_str(a, s));
}


void
gov_put_some(gov_arena_t *a, gov_value_t *map, const char *key, gov_str_t s)
{
    if (s.len) {
        gov_put_str(a, map, key, s);
    }
}


void
gov_put_c(gov_arena_t *a, gov_value_t *map, const char *key, const char *s)
{
    gov_put(map, key, gov_val_str(a, gov_str_of(s)));
}


void
gov_put_html(gov_arena_t *a, gov_value_t *map, const char *key, gov_str_t s)
{
    gov_value_t  *v;

    v = gov_val_str(a, s);
    v->kind = GOV_HTML;

    gov_put(map, key, v);
}


void
gov_put_int(gov_arena_t *a, gov_value_t *map, const char *key, int64_t i)
{
    gov_put(map, key, gov_val_int(a, i));
}


void
gov_put_bool(gov_arena_t *a, gov_value_t *map, const char *key, int b)
{
    gov_put(map, key, gov_val_bool(a, b));
}


gov_value_t *
gov_put_map(gov_arena_t *a, gov_value_t *map, const char *key)
{
    gov_value_t  *v;

    v = gov_map(a);
    gov_put(map, key, v);

    return v;
}


gov_value_t *
gov_put_list(gov_arena_t *a, gov_value_t *map, const char *key)
{
    gov_value_t  *v;

    v = gov_list(a);
    gov_put(map, key, v);

    return v;
}


void
gov_add(gov_value_t *list, gov_value_t *v)
{
    v->next = NULL;

    if (list->last == NULL) {
        list->u.first = v;

    } else {
        list->last->next = v;
    }

    list->last = v;
    list->n++;
}


gov_value_t *
gov_add_map(gov_arena_t *a, gov_value_t *list)
{
    gov_value_t  *v;

    v = gov_map(a);
    gov_add(list, v);

    return v;
}


/* a replaced member keeps its place */

void
gov_set(gov_value_t *map, const char *key, gov_value_t *v)
{
    gov_str_t     name;
    gov_value_t  *item, **link;

    name = gov_str_of(key);

    for (link = &map->u.first; *link != NULL; link = &(*link)->next) {
        item = *link;

        if (!gov_str_eq(item->key, name)) {
            continue;
        }

        v->key = item->key;
        v->next = item->next;
        *link = v;

        if (map->last == item) {
            map->last = v;
        }

        return;
    }

    gov_put_key(map, name, v);
}


void
gov_unset(gov_value_t *map, const char *key)
{
    gov_str_t     name;
    gov_value_t  *item, *prev;

    name = gov_str_of(key);
    prev = NULL;

    for (item = map->u.first; item != NULL; item = item->next) {

        if (gov_str_eq(item->key, name)) {
            break;
        }

        prev = item;
    }

    if (item == NULL) {
        return;
    }

    if (prev == NULL) {
        map->u.first = item->next;

    } else {
        prev->next = item->next;
    }

    if (map->last == item) {
        map->last = prev;
    }

    item->next = NULL;
    map->n--;
}


gov_value_t *
gov_member(gov_value_t *v, const char *key)
{
    return gov_member_s(v, gov_str_of(key));
}


gov_value_t *
gov_member_s(gov_value_t *v, gov_str_t key)
{
    gov_value_t  *item;

    if (v == NULL || v->kind != GOV_MAP) {
        return NULL;
    }

    gov_each(item, v) {

        if (gov_str_eq(item->key, key)) {
            return item;
        }
    }

    return NULL;
}


gov_str_t
gov_get_str(gov_value_t *v, const char *key)
{
    v = gov_member(v, key);

    if (v == NULL || (v->kind != GOV_STR && v->kind != GOV_HTML)) {
        return gov_s("");
    }

    return v->u.s;
}


int64_t
gov_get_int(gov_value_t *v, const char *key, int64_t dflt)
{
    v = gov_member(v, key);

    return v != NULL && v->kind == GOV_INT ? v->u.i : dflt;
}


int
gov_get_bool(gov_value_t *v, const char *key)
{
    v = gov_member(v, key);

    return v != NULL && v->kind == GOV_BOOL && v->u.i;
}


gov_value_t *
gov_get_list(gov_value_t *v, const char *key)
{
    v = gov_member(v, key);

    return v != NULL && v->kind == GOV_LIST ? v : NULL;
}


/* as deep as the tree is; JSON's limit bounds what strangers can build */

gov_value_t *
gov_value_copy(gov_arena_t *a, gov_value_t *v)
{
    gov_value_t  *copy, *item, *member;

    if (v == NULL) {
        return NULL;
    }

    copy = gov_value_new(a, v->kind);

    switch (v->kind) {

    case GOV_NIL:
        break;

    case GOV_BOOL:
    case GOV_INT:
        copy->u.i = v->u.i;
        break;

    case GOV_STR:
    case GOV_HTML:
        copy->u.s = gov_str_copy(a, v->u.s);
        break;

    case GOV_LIST:
    case GOV_MAP:
        copy->u.first = NULL;

        gov_each(item, v) {
            member = gov_value_copy(a, item);

            if (v->kind == GOV_MAP) {
                member->key = gov_str_copy(a, item->key);
            }

            gov_add(copy, member);
        }

        break;
    }

    return copy;
}
