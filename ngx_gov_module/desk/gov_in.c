
/*
 * Copyright (C) ngx_gov authors
 *
 * The input of a command or a question checked against its fields, one
 * function a kind.  Form posts and command lines give every value as text,
 * programs give JSON: both are taken.  A value of null counts as not given.
 */


#include "site/gov_site.h"
#include "desk/gov_command.h"


#define GOV_IN_STR_MAX   1000               /* characters */
#define GOV_IN_TEXT_MAX  20000
#define GOV_IN_BODY_MAX  (4 * 1024 * 1024)  /* bytes */
#define GOV_IN_LIST_MAX  1000               /* items */


static gov_rc_t gov_in_field(gov_arena_t *a, gov_in_t *in, gov_value_t *v,
    gov_value_t **out, gov_err_t *err);
static gov_rc_t gov_in_map(gov_arena_t *a, gov_in_t *in, gov_value_t *v,
    gov_value_t **out, gov_err_t *err);
static gov_rc_t gov_in_text(gov_in_t *in, gov_value_t *v, gov_err_t *err);
static gov_rc_t gov_in_int(gov_arena_t *a, gov_in_t *in, gov_value_t *v,
    gov_value_t **out, gov_err_t *err);
static gov_rc_t gov_in_bool(gov_arena_t *a, gov_in_t *in, gov_value_t *v,
    gov_value_t **out, gov_err_t *err);
static gov_rc_t gov_in_code(gov_arena_t *a, gov_in_t *in, gov_value_t *v,
    gov_value_t **out, gov_err_t *err);
static gov_rc_t gov_in_time(gov_arena_t *a, gov_in_t *in, gov_value_t *v,
    gov_value_t **out, gov_err_t *err);
static gov_rc_t gov_in_list(gov_arena_t *a, gov_in_t *in, gov_value_t *v,
    gov_value_t **out, gov_err_t *err);


gov_rc_t
gov_in_read(gov_arena_t *a, gov_in_t *table, gov_value_t *input, int loose,
    gov_value_t **out, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_in_t     *in;
    gov_value_t  *v, *shaped;

    if (input == NULL || input->kind != GOV_MAP) {
        return gov_fail(err, GOV_INVALID, "", "输入应是一组“字段: 值”");
    }

    *out = gov_map(a);

    for (in = table; in->name; in++) {
        v = gov_member(input, in->name);

        if (v == NULL || v->kind == GOV_NIL) {
            if (in->flags & GOV_IN_REQUIRED) {
                return gov_fail(err, GOV_INVALID, in->name, "缺少“%s”",
                                in->name);
            }

            continue;
        }

        shaped = NULL;
        rc = gov_in_field(a, in, v, &shaped, err);
        if (rc != GOV_OK) {
            return rc;
        }

        gov_put(*out, in->name, shaped);
    }

    if (loose) {
        return GOV_OK;
    }

    gov_each(v, input) {
        if (!gov_in_known(table, v->key)) {
            return gov_fail(err, GOV_INVALID,
                            gov_str_c(a, gov_utf8_head(v->key, 15)),
                            "没有“%.*s”这一项",
                            gov_strf(gov_utf8_head(v->key, 60)));
        }
    }

    return GOV_OK;
}


int
gov_in_known(gov_in_t *table, gov_str_t name)
{
    gov_in_t  *in;

    for (in = table; in->name; in++) {
        if (gov_str_is(name, in->name)) {
            return 1;
        }
    }

    return 0;
}


/* *out is a value that no list or map holds yet */

static gov_rc_t
gov_in_field(gov_arena_t *a, gov_in_t *in, gov_value_t *v,
    gov_value_t **out, gov_err_t *err)
{
    gov_rc_t  rc;

    switch (in->kind) {

    case GOV_IN_INT:
    case GOV_IN_DOC:
        return gov_in_int(a, in, v, out, err);

    case GOV_IN_BOOL:
        return gov_in_bool(a, in, v, out, err);

    case GOV_IN_CODE:
        return gov_in_code(a, in, v, out, err);

    case GOV_IN_TIME:
        return gov_in_time(a, in, v, out, err);

    case GOV_IN_LIST:
        return gov_in_list(a, in, v, out, err);

    case GOV_IN_MAP:
        return gov_in_map(a, in, v, out, err);

    default:            /* texts */
        if (v->kind == GOV_INT && in->kind == GOV_IN_STR) {
            v = gov_val_str(a, gov_str_fmt(a, "%lld", (long long) v->u.i));
        }

        rc = gov_in_text(in, v, err);
        if (rc == GOV_OK) {
            *out = gov_val_str(a, v->u.s);
        }

        return rc;
    }
}


/* names too: those of a form are any bytes */

static gov_rc_t
gov_in_map(gov_arena_t *a, gov_in_t *in, gov_value_t *v, gov_value_t **out,
    gov_err_t *err)
{
    gov_value_t  *item;

    if (v->kind != GOV_MAP) {
        return gov_fail(err, GOV_INVALID, in->name, "“%s”应是一组“字段: 值”",
                        in->name);
    }

    gov_each(item, v) {
        if (!gov_text_clean(item->key)
            || (item->kind == GOV_STR && !gov_text_clean(item->u.s)))
        {
            return gov_fail(err, GOV_INVALID, in->name,
                            "“%s”不是 UTF-8 文字或含有控制字符", in->name);
        }
    }

    *out = gov_alloc(a, sizeof(gov_value_t));
    **out = *v;
    (*out)->next = NULL;

    return GOV_OK;
}


static gov_rc_t
gov_in_text(gov_in_t *in, gov_value_t *v, gov_err_t *err)
{
    size_t  max;

    if (v->kind != GOV_STR) {
        return gov_fail(err, GOV_INVALID, in->name, "“%s”应是文字", in->name);
    }

    if (v->u.s.len > GOV_IN_BODY_MAX) {
        return gov_fail(err, GOV_INVALID, in->name, "“%s”超过 %d 字节",
                        in->name, GOV_IN_BODY_MAX);
    }

    if (!gov_text_clean(v->u.s)) {
        return gov_fail(err, GOV_INVALID, in->name,
                        "“%s”不是 UTF-8 文字或含有控制字符", in->name);
    }

    if (v->u.s.len == 0 && (in->flags & GOV_IN_REQUIRED)) {
        return gov_fail(err, GOV_INVALID, in->name, "“%s”不能为空",
                        in->name);
    }

    if (in->kind == GOV_IN_BODY) {
        return GOV_OK;
    }

    max = in->kind == GOV_IN_TEXT ? GOV_IN_TEXT_MAX : GOV_IN_STR_MAX;

    if (v->u.s.len > max && gov_utf8_chars(v->u.s) > max) {
        return gov_fail(err, GOV_INVALID, in->name, "“%s”超过 %zu 字",
                        in->name, max);
    }

    if (in->kind != GOV_IN_TEXT && v->u.s.len
        && (memchr(v->u.s.data, '\n', v->u.s.len)
            || memchr(v->u.s.data, '\t', v->u.s.len)))
    {
        return gov_fail(err, GOV_INVALID, in->name, "“%s”应只有一行",
                        in->name);
    }

    if (in->kind == GOV_IN_DAY && v->u.s.len && !gov_day_valid(v->u.s)) {
        return gov_fail(err, GOV_INVALID, in->name,
                        "“%s”应是 YYYY-MM-DD 的日期", in->name);
    }

    return GOV_OK;
}


static gov_rc_t
gov_in_int(gov_arena_t *a, gov_in_t *in, gov_value_t *v,
    gov_value_t **out, gov_err_t *err)
{
    int64_t  i;

    if (v->kind == GOV_INT) {
        i = v->u.i;

    } else if (v->kind != GOV_STR || gov_str_int(v->u.s, &i) != 0) {
        return gov_fail(err, GOV_INVALID, in->name, "“%s”应是整数", in->name);
    }

    if (i < 0 || (in->kind == GOV_IN_DOC && i == 0)) {
        return gov_fail(err, GOV_INVALID, in->name, "“%s”不应是 %lld",
                        in->name, (long long) i);
    }

    *out = gov_val_int(a, i);

    return GOV_OK;
}


static gov_rc_t
gov_in_bool(gov_arena_t *a, gov_in_t *in, gov_value_t *v,
    gov_value_t **out, gov_err_t *err)
{
    int  b;

    b = -1;

    if (v->kind == GOV_BOOL || v->kind == GOV_INT) {
        b = v->u.i != 0;

    } else if (v->kind == GOV_STR) {
        if (gov_str_is(v->u.s, "true") || gov_str_is(v->u.s, "1")) {
            b = 1;

        } else if (gov_str_is(v->u.s, "false") || gov_str_is(v->u.s, "0")) {
            b = 0;
        }
    }

    if (b == -1) {
        return gov_fail(err, GOV_INVALID, in->name, "“%s”应是 true 或 false",
                        in->name);
    }

    *out = gov_val_bool(a, b);

    return GOV_OK;
}


static gov_rc_t
gov_in_code(gov_arena_t *a, gov_in_t *in, gov_value_t *v,
    gov_value_t **out, gov_err_t *err)
{
    gov_str_t  code;

    if (v->kind == GOV_INT && v->u.i >= 0) {
        code = gov_str_fmt(a, "%lld", (long long) v->u.i);

    } else if (v->kind == GOV_STR) {
        code = v->u.s;

    } else {
        return gov_fail(err, GOV_INVALID, in->name, "“%s”应是代码", in->name);
    }

    if (!gov_code_valid(code)) {
        return gov_fail(err, GOV_INVALID, in->name,
                        "“%s”的代码应是 1 至 40 个字母、数字、“-”“_”“.”",
                        in->name);
    }

    *out = gov_val_str(a, gov_code_canon(a, code));

    return GOV_OK;
}


static gov_rc_t
gov_in_time(gov_arena_t *a, gov_in_t *in, gov_value_t *v,
    gov_value_t **out, gov_err_t *err)
{
    int64_t  us;

    us = 0;

    if (in->flags & GOV_IN_CLEAR && v->kind == GOV_STR && v->u.s.len == 0) {
        *out = gov_val_int(a, us);
        return GOV_OK;
    }

    if (v->kind != GOV_STR || gov_date_parse(v->u.s, &us) != 0) {
        return gov_fail(err, GOV_INVALID, in->name,
                        "“%s”应是时间，如 2026-11-23 15:04", in->name);
    }

    *out = gov_val_int(a, us);

    return GOV_OK;
}


static gov_rc_t
gov_in_list(gov_arena_t *a, gov_in_t *in, gov_value_t *v,
    gov_value_t **out, gov_err_t *err)
{
    gov_value_t  *item;

    if (v->kind == GOV_STR) {
        *out = gov_list(a);
        gov_add(*out, gov_val_str(a, v->u.s));
        return GOV_OK;
    }

    if (v->kind != GOV_LIST) {
        return gov_fail(err, GOV_INVALID, in->name, "“%s”应是列表", in->name);
    }

    if (v->n > GOV_IN_LIST_MAX) {
        return gov_fail(err, GOV_INVALID, in->name, "“%s”超过 %d 项",
                        in->name, GOV_IN_LIST_MAX);
    }

    if (v->n == 0 && (in->flags & GOV_IN_REQUIRED)) {
        return gov_fail(err, GOV_INVALID, in->name, "“%s”不能为空",
                        in->name);
    }

    gov_each(item, v) {
        if (item->kind == GOV_STR && !gov_text_clean(item->u.s)) {
            return gov_fail(err, GOV_INVALID, in->name,
                            "“%s”不是 UTF-8 文字或含有控制字符", in->name);
        }
    }

    *out = gov_alloc(a, sizeof(gov_value_t));
    **out = *v;
    (*out)->next = NULL;

    return GOV_OK;
}
