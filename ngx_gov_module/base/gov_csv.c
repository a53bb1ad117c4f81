
/*
 * Copyright (C) ngx_gov authors
 *
 * CSV, and the encodings in which spreadsheets save it.
 */


#include <iconv.h>

#include "base/gov_base.h"


static gov_rc_t gov_csv_field(gov_arena_t *a, gov_str_t *rest,
    gov_str_t *field, gov_err_t *err);
static gov_rc_t gov_csv_quoted(gov_arena_t *a, gov_str_t *rest,
    gov_str_t *field, gov_err_t *err);
static int gov_csv_eol(gov_str_t *rest);
static void gov_csv_skip(gov_str_t *rest, size_t n);
static gov_rc_t gov_gb18030(gov_arena_t *a, gov_str_t *text, gov_err_t *err);


gov_rc_t
gov_csv_next(gov_arena_t *a, gov_str_t *text, gov_str_t *fields,
    unsigned max, unsigned *n, gov_err_t *err)
{
    gov_rc_t   rc;
    gov_str_t  rest;

    *n = 0;
    rest = *text;

    while (rest.len && gov_csv_eol(&rest)) { /* void */ }

    if (rest.len == 0) {
        *text = rest;
        return GOV_DONE;
    }

    for ( ;; ) {

        if (*n == max) {
            return gov_fail(err, GOV_INVALID, "", "CSV 一行超过 %u 列", max);
        }

        rc = gov_csv_field(a, &rest, &fields[*n], err);

        if (rc != GOV_OK) {
            return rc;
        }

        (*n)++;

        if (rest.len == 0 || gov_csv_eol(&rest)) {
            break;
        }

        gov_csv_skip(&rest, 1);       /* the comma */
    }

    if (gov_arena_failed(a)) {
        return gov_fail(err, GOV_FULL, "", "CSV 内容过大");
    }

    *text = rest;

    return GOV_OK;
}


/* one field; rest is left at a comma, at a line's end or at the text's */

static gov_rc_t
gov_csv_field(gov_arena_t *a, gov_str_t *rest, gov_str_t *field,
    gov_err_t *err)
{
    size_t  i;

    if (rest->len && rest->data[0] == '"') {
        return gov_csv_quoted(a, rest, field, err);
    }

    for (i = 0; i < rest->len; i++) {

        if (rest->data[i] == ',' || rest->data[i] == '\r'
            || rest->data[i] == '\n')
        {
            break;
        }
    }

    *field = gov_str_copy(a, (gov_str_t) { i, rest->data });
    gov_csv_skip(rest, i);

    return GOV_OK;
}


static gov_rc_t
gov_csv_quoted(gov_arena_t *a, gov_str_t *rest, gov_str_t *field,
    gov_err_t *err)
{
    u_char  *p, *q, *end;

    end = rest->data + rest->len;

    for (p = rest->data + 1; p < end; p++) {

        if (*p != '"') {
            continue;
        }

        if (p + 1 == end || p[1] != '"') {
            break;
        }

        p++;
    }

    if (p >= end) {
        return gov_fail(err, GOV_INVALID, "", "CSV 的引号没有闭合");
    }

    if (p + 1 < end && p[1] != ',' && p[1] != '\r' && p[1] != '\n') {
        return gov_fail(err, GOV_INVALID, "", "CSV 的引号之后有多余内容");
    }

    *field = gov_str_copy(a, (gov_str_t) { (size_t) (p - rest->data) - 1,
                                           rest->data + 1 });
    gov_csv_skip(rest, (size_t) (p - rest->data) + 1);

    /* doubled quotes are made single in the copy */

    p = field->data;
    q = p;
    end = p + field->len;

    while (p < end) {
        *q++ = *p;
        p += *p == '"' ? 2 : 1;
    }

    field->len = (size_t) (q - field->data);

    return GOV_OK;
}


/* of CRLF the LF is left: an empty line to the next call */

static int
gov_csv_eol(gov_str_t *rest)
{
    if (rest->data[0] != '\r' && rest->data[0] != '\n') {
        return 0;
    }

    gov_csv_skip(rest, 1);

    return 1;
}


static void
gov_csv_skip(gov_str_t *rest, size_t n)
{
    rest->data += n;
    rest->len -= n;
}


gov_rc_t
gov_text_utf8(gov_arena_t *a, gov_str_t *text, int *converted,
    gov_err_t *err)
{
    gov_rc_t  rc;

    *converted = 0;

    if (gov_str_starts(*text, "\xef\xbb\xbf")) {
        gov_csv_skip(text, 3);
    }

    if (gov_utf8_valid(*text)) {
        return GOV_OK;
    }

    rc = gov_gb18030(a, text, err);

    if (rc == GOV_OK) {
        *converted = 1;
    }

    return rc;
}


/* two bytes of GB18030 are three of UTF-8 at most, four are four */

static gov_rc_t
gov_gb18030(gov_arena_t *a, gov_str_t *text, gov_err_t *err)
{
    char      *in, *out;
    size_t     rest, room, size, rc;
    u_char    *data;
    iconv_t    cd;

    size = text->len + text->len / 2 + 1;
    data = gov_alloc(a, size);

    if (gov_arena_failed(a)) {
        return gov_fail(err, GOV_FULL, "", "文本过大");
    }

    cd = iconv_open("UTF-8", "GB18030");

    if (cd == (iconv_t) -1) {
        return gov_fail(err, GOV_ERROR, "", "系统缺少 GB18030 编码转换");
    }

    in = (char *) text->data;
    rest = text->len;
    out = (char *) data;
    room = size - 1;

    rc = iconv(cd, &in, &rest, &out, &room);

    iconv_close(cd);

    if (rc == (size_t) -1 || rest != 0) {
        return gov_fail(err, GOV_INVALID, "",
                        "文本既不是 UTF-8 也不是 GB18030（第 %zu 字节）",
                        text->len - rest + 1);
    }

    *out = '\0';
    text->len = (size_t) ((u_char *) out - data);
    text->data = data;

    return GOV_OK;
}
