
/*
 * Copyright (C) ngx_gov authors
 *
 * Records by their fields' names: the JSON of dumps and exports.
 *
 * Nothing is lost on the way there and back: unknown fields stand under
 * "~rest" as hexadecimal, and text that JSON cannot hold stands as
 * {"~hex": ...} where a string is expected.
 */


#include "store/gov_store_int.h"


static gov_value_t *gov_rec_field_value(gov_arena_t *a, gov_field_t *f,
    void *rec);
static gov_value_t *gov_rec_root(gov_arena_t *a, gov_value_t *v);
static gov_rc_t gov_rec_field_set(gov_arena_t *a, gov_field_t *f,
    gov_value_t *v, void *rec);
static gov_rc_t gov_rec_unhex(gov_arena_t *a, gov_value_t *v, gov_str_t *s);
static gov_field_t *gov_rec_field(gov_record_t *r, gov_str_t name);


gov_value_t *
gov_rec_value(gov_arena_t *a, gov_record_t *r, void *rec)
{
    unsigned      i;
    gov_str_t    *rest = rec;
    gov_value_t  *map, *v;

    map = gov_map(a);

    for (i = 0; i < r->n; i++) {
        v = gov_rec_field_value(a, &r->fields[i], rec);

        if (v != NULL) {
            gov_put(map, r->fields[i].name, v);
        }
    }

    if (rest->len) {
        gov_put_str(a, map, "~rest", gov_hex_str(a, rest->data, rest->len));
    }

    return map;
}


static gov_value_t *
gov_rec_field_value(gov_arena_t *a, gov_field_t *f, void *rec)
{
    int64_t       i;
    gov_str_t     s;
    gov_value_t  *v;

    switch (f->kind) {

    case GOV_F_INT:
        i = *gov_rec_at(f, rec, int64_t);
        return i ? gov_val_int(a, i) : NULL;

    case GOV_F_TREE:
        return gov_rec_root(a, *gov_rec_at(f, rec, gov_value_t *));

    case GOV_F_BIN:
        s = *gov_rec_at(f, rec, gov_str_t);
        return s.len ? gov_val_str(a, gov_hex_str(a, s.data, s.len)) : NULL;

    case GOV_F_STR:
        s = *gov_rec_at(f, rec, gov_str_t);

        if (s.len == 0) {
            return NULL;
        }

        if (gov_text_json(s)) {
            return gov_val_str(a, s);
        }

        v = gov_map(a);
        gov_put_str(a, v, "~hex", gov_hex_str(a, s.data, s.len));
        return v;
    }

    return NULL;
}


/* a tree's root gets a new place: it may be a member of something else */

static gov_value_t *
gov_rec_root(gov_arena_t *a, gov_value_t *v)
{
    gov_value_t  *root;

    if (v == NULL) {
        return NULL;
    }

    root = gov_alloc(a, sizeof(gov_value_t));
    *root = *v;
    root->next = NULL;

    return root;
}


gov_rc_t
gov_rec_from_value(gov_arena_t *a, gov_record_t *r, gov_value_t *v, void *rec,
    gov_err_t *err)
{
    gov_rc_t      rc;
    gov_field_t  *f;
    gov_value_t  *item;

    memset(rec, 0, r->size);

    if (v == NULL || v->kind != GOV_MAP) {
        return gov_fail(err, GOV_INVALID, "", "记录 %s 不是对象", r->name);
    }

    gov_each(item, v) {

        if (gov_str_is(item->key, "~rest")) {
            rc = gov_rec_unhex(a, item, rec);

        } else {
            f = gov_rec_field(r, item->key);
            rc = f ? gov_rec_field_set(a, f, item, rec) : GOV_INVALID;
        }

        if (rc != GOV_OK) {
            return gov_fail(err, rc, gov_str_c(a, item->key),
                            "记录 %s 没有这样的字段：%.*s", r->name,
                            gov_strf(item->key));
        }
    }

    return GOV_OK;
}


static gov_rc_t
gov_rec_field_set(gov_arena_t *a, gov_field_t *f, gov_value_t *v, void *rec)
{
    switch (f->kind) {

    case GOV_F_INT:
        if (v->kind != GOV_INT) {
            return GOV_INVALID;
        }

        *gov_rec_at(f, rec, int64_t) = v->u.i;
        return GOV_OK;

    case GOV_F_TREE:
        *gov_rec_at(f, rec, gov_value_t *) = v;
        return GOV_OK;

    case GOV_F_BIN:
        return gov_rec_unhex(a, v, gov_rec_at(f, rec, gov_str_t));

    case GOV_F_STR:
        if (v->kind == GOV_MAP) {
            return gov_rec_unhex(a, gov_member(v, "~hex"),
                                 gov_rec_at(f, rec, gov_str_t));
        }

        if (v->kind != GOV_STR) {
            return GOV_INVALID;
        }

        *gov_rec_at(f, rec, gov_str_t) = v->u.s;
        return GOV_OK;
    }

    return GOV_INVALID;
}


static gov_rc_t
gov_rec_unhex(gov_arena_t *a, gov_value_t *v, gov_str_t *s)
{
    if (v == NULL || v->kind != GOV_STR || v->u.s.len % 2 != 0) {
        return GOV_INVALID;
    }

    s->len = v->u.s.len / 2;
    s->data = gov_alloc(a, s->len + 1);

    return gov_unhex(s->data, v->u.s, s->len) == 0 ? GOV_OK : GOV_INVALID;
}


static gov_field_t *
gov_rec_field(gov_record_t *r, gov_str_t name)
{
    unsigned  i;

    for (i = 0; i < r->n; i++) {
        if (gov_str_is(name, r->fields[i].name)) {
            return &r->fields[i];
        }
    }

    return NULL;
}
