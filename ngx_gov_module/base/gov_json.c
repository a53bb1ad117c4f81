
/*
 * Copyright (C) ngx_gov authors
 *
 * JSON: read by jansson (the only jansson.h), written by ourselves.
 *
 * What is read is strict: UTF-8, no duplicates of a key, no NUL characters,
 * at most 64 levels, integers of 64 bits only.  What is written is always
 * valid JSON: bytes that are no UTF-8 become U+FFFD.
 */


#include <stdlib.h>

#include <jansson.h>

#include "base/gov_base.h"


#define GOV_JSON_DEPTH  64


static gov_rc_t gov_json_value(gov_arena_t *a, json_t *j, unsigned depth,
    gov_value_t **v, gov_err_t *err);
static gov_rc_t gov_json_list(gov_arena_t *a, json_t *j, unsigned depth,
    gov_value_t *list, gov_err_t *err);
static gov_rc_t gov_json_map(gov_arena_t *a, json_t *j, unsigned depth,
    gov_value_t *map, gov_err_t *err);
static void gov_json_put(gov_buf_t *b, gov_value_t *v, unsigned flags,
    unsigned depth);
static void gov_json_members(gov_buf_t *b, gov_value_t *v, unsigned flags,
    unsigned depth);
static gov_value_t **gov_json_order(gov_arena_t *a, gov_value_t *map);
static int gov_json_cmp(const void *one, const void *two);
static void gov_json_break(gov_buf_t *b, unsigned flags, unsigned depth);
static void gov_json_int(gov_buf_t *b, int64_t i);
static void gov_json_str(gov_buf_t *b, gov_str_t s, unsigned flags);
static int gov_json_eight(const u_char *p);
static void gov_json_escape(gov_buf_t *b, u_char c);


gov_rc_t
gov_json_parse(gov_arena_t *a, gov_str_t text, gov_value_t **v,
    gov_err_t *err)
{
    json_t        *j;
    gov_rc_t       rc;
    json_error_t   e;

    *v = NULL;

    j = json_loadb(text.len ? (char *) text.data : "", text.len,
                   JSON_REJECT_DUPLICATES|JSON_DECODE_ANY, &e);

    if (j == NULL) {

        if (json_error_code(&e) == json_error_out_of_memory) {
            return gov_fail(err, GOV_ERROR, "", "内存不足，无法读取 JSON");
        }

        return gov_fail(err, GOV_INVALID, "",
                        "JSON 第 %d 行第 %d 列有误：%s",
                        e.line, e.column, e.text);
    }

    rc = gov_json_value(a, j, 1, v, err);

    json_decref(j);

    if (rc == GOV_OK && gov_arena_failed(a)) {
        rc = gov_fail(err, GOV_FULL, "", "JSON 内容过大");
    }

    if (rc != GOV_OK) {
        *v = NULL;
    }

    return rc;
}


static gov_rc_t
gov_json_value(gov_arena_t *a, json_t *j, unsigned depth, gov_value_t **v,
    gov_err_t *err)
{
    gov_str_t  s;

    switch (json_typeof(j)) {

    case JSON_OBJECT:
        *v = gov_map(a);
        return gov_json_map(a, j, depth, *v, err);

    case JSON_ARRAY:
        *v = gov_list(a);
        return gov_json_list(a, j, depth, *v, err);

    case JSON_STRING:
        s.len = json_string_length(j);
        s.data = (u_char *) json_string_value(j);
        *v = gov_val_str(a, gov_str_copy(a, s));
        return GOV_OK;

    case JSON_INTEGER:
        *v = gov_val_int(a, json_integer_value(j));
        return GOV_OK;

    case JSON_TRUE:
    case JSON_FALSE:
        *v = gov_val_bool(a, json_is_true(j));
        return GOV_OK;

    case JSON_NULL:
        *v = gov_val_nil(a);
        return GOV_OK;

    case JSON_REAL:
        break;
    }

    return gov_fail(err, GOV_INVALID, "", "数字 %g 不是整数",
                    json_real_value(j));
}


static gov_rc_t
gov_json_list(gov_arena_t *a, json_t *j, unsigned depth, gov_value_t *list,
    gov_err_t *err)
{
    size_t        i;
    gov_rc_t      rc;
    gov_value_t  *v;

    if (depth > GOV_JSON_DEPTH) {
        return gov_fail(err, GOV_INVALID, "", "JSON 嵌套超过 %d 层",
                        GOV_JSON_DEPTH);
    }

    for (i = 0; i < json_array_size(j) && !gov_arena_failed(a); i++) {

        rc = gov_json_value(a, json_array_get(j, i), depth + 1, &v, err);

        if (rc != GOV_OK) {
            return rc;
        }

        gov_add(list, v);
    }

    return GOV_OK;
}


/* a number that is refused is named by its member's key */

static gov_rc_t
gov_json_map(gov_arena_t *a, json_t *j, unsigned depth, gov_value_t *map,
    gov_err_t *err)
{
    json_t       *item;
    gov_rc_t      rc;
    gov_str_t     key;
    const char   *name;
    gov_value_t  *v;

    if (depth > GOV_JSON_DEPTH) {
        return gov_fail(err, GOV_INVALID, "", "JSON 嵌套超过 %d 层",
                        GOV_JSON_DEPTH);
    }

    json_object_foreach(j, name, item) {

        if (gov_arena_failed(a)) {
            break;
        }

        if (json_is_real(item)) {
            return gov_fail(err, GOV_INVALID, name, "数字 %g 不是整数",
                            json_real_value(item));
        }

        rc = gov_json_value(a, item, depth + 1, &v, err);

        if (rc != GOV_OK) {
            return rc;
        }

        key = gov_str_copy(a, gov_str_of(name));
        gov_put_key(map, key, v);
    }

    return GOV_OK;
}


void
gov_json_write(gov_buf_t *b, gov_value_t *v, unsigned flags)
{
    if (flags & GOV_JSON_CANON) {
        flags &= ~GOV_JSON_PRETTY;
    }

    gov_json_put(b, v, flags, 0);
}


static void
gov_json_put(gov_buf_t *b, gov_value_t *v, unsigned flags, unsigned depth)
{
    switch (v == NULL ? GOV_NIL : v->kind) {

    case GOV_NIL:
        gov_buf_add(b, "null", 4);
        break;

    case GOV_BOOL:
        gov_buf_c(b, v->u.i ? "true" : "false");
        break;

    case GOV_INT:
        gov_json_int(b, v->u.i);
        break;

    case GOV_STR:
    case GOV_HTML:
        gov_json_str(b, v->u.s, flags);
        break;

    case GOV_LIST:
    case GOV_MAP:
        gov_json_members(b, v, flags, depth);
        break;
    }
}


static void
gov_json_members(gov_buf_t *b, gov_value_t *v, unsigned flags,
    unsigned depth)
{
    uint32_t       i;
    gov_value_t   *item, **order;

    gov_buf_byte(b, v->kind == GOV_MAP ? '{' : '[');

    order = NULL;
    item = v->u.first;

    if (v->kind == GOV_MAP && (flags & GOV_JSON_CANON) && v->n > 1) {
        order = gov_json_order(b->arena, v);
        item = order[0];
    }

    for (i = 0; i < v->n && !gov_arena_failed(b->arena); i++) {

        if (i > 0) {
            gov_buf_byte(b, ',');
        }

        gov_json_break(b, flags, depth + 1);

        if (v->kind == GOV_MAP) {
            gov_json_str(b, item->key, flags);
            gov_buf_byte(b, ':');

            if (flags & GOV_JSON_PRETTY) {
                gov_buf_byte(b, ' ');
            }
        }

        gov_json_put(b, item, flags, depth + 1);

        if (order == NULL) {
            item = item->next;

        } else if (i + 1 < v->n) {
            item = order[i + 1];
        }
    }

    if (v->n) {
        gov_json_break(b, flags, depth);
    }

    gov_buf_byte(b, v->kind == GOV_MAP ? '}' : ']');
}


/* the members sorted by the bytes of their keys */

static gov_value_t **
gov_json_order(gov_arena_t *a, gov_value_t *map)
{
    uint32_t       i;
    gov_value_t   *item, **order;

    order = gov_alloc(a, map->n * sizeof(gov_value_t *));
    i = 0;

    gov_each(item, map) {
        order[i++] = item;
    }

    qsort(order, map->n, sizeof(gov_value_t *), gov_json_cmp);

    return order;
}


static int
gov_json_cmp(const void *one, const void *two)
{
    gov_value_t *const  *a = one, *const *b = two;

    return gov_str_cmp((*a)->key, (*b)->key);
}


static void
gov_json_break(gov_buf_t *b, unsigned flags, unsigned depth)
{
    if (!(flags & GOV_JSON_PRETTY)) {
        return;
    }

    gov_buf_byte(b, '\n');

    while (depth--) {
        gov_buf_add(b, "  ", 2);
    }
}


static void
gov_json_int(gov_buf_t *b, int64_t i)
{
    u_char    text[24], *p;
    uint64_t  n;

    p = text + sizeof(text);
    n = i < 0 ? 0 - (uint64_t) i : (uint64_t) i;

    do {
        *--p = (u_char) ('0' + n % 10);
        n /= 10;
    } while (n);

    if (i < 0) {
        *--p = '-';
    }

    gov_buf_add(b, p, (size_t) (text + sizeof(text) - p));
}


/* runs of bytes that stand for themselves are added whole */

static void
gov_json_str(gov_buf_t *b, gov_str_t s, unsigned flags)
{
    u_char  *p, *end, *run;
    size_t   n;

    gov_buf_byte(b, '"');

    p = s.data;
    run = p;
    end = s.data + s.len;

    while (p < end) {

        if (*p >= 0x80) {
            n = gov_utf8_next(p, end);

        } else if (end - p >= 8 && gov_json_eight(p)) {
            n = 8;

        } else {
            n = *p >= 0x20 && *p != '"' && *p != '\\'
                && !(*p == '<' && (flags & GOV_JSON_HTML));
        }

        if (n) {
            p += n;
            continue;
        }

        gov_buf_add(b, run, (size_t) (p - run));
        gov_json_escape(b, *p++);
        run = p;
    }

    gov_buf_add(b, run, (size_t) (p - run));
    gov_buf_byte(b, '"');
}


/* eight bytes of ASCII that stand for themselves under any flag: less than
 * 0x20, or than 1 once a special one is laid over it, falls below zero */

static int
gov_json_eight(const u_char *p)
{
    uint64_t  word;

#define gov_eight(c)   (0x0101010101010101ULL * (c))
#define gov_no_eight(c)  ((word ^ gov_eight(c)) - gov_eight(1))

    memcpy(&word, p, 8);

    return ((word | (word - gov_eight(0x20)) | gov_no_eight('"')
             | gov_no_eight('\\') | gov_no_eight('<'))
            & gov_eight(0x80)) == 0;
}


static void
gov_json_escape(gov_buf_t *b, u_char c)
{
    u_char              text[6] = "\\u0000";
    const char         *short_form;
    static const char   from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";

    if (c >= 0x80) {
        gov_buf_add(b, "\xef\xbf\xbd", 3);
        return;
    }

    short_form = c ? strchr(from, c) : NULL;

    if (short_form != NULL) {
        text[1] = (u_char) to[short_form - from];
        gov_buf_add(b, text, 2);
        return;
    }

    gov_hex(text + 4, &c, 1);
    gov_buf_add(b, text, 6);
}
