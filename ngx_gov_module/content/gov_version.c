
/*
 * Copyright (C) ngx_gov authors
 *
 * What a version's fields may hold.  Checked here, so that no screen,
 * import or API goes round it.
 */


#include "content/gov_content_int.h"


/* name, least and most characters, may have newlines */

#define GOV_TEXTS(T)                                                          \
    T(title, 1, 200, 0)                                                       \
    T(subtitle, 0, 200, 0)                                                    \
    T(summary, 0, 2000, 1)                                                    \
    T(number, 0, 100, 0)                                                      \
    T(issuer, 0, 300, 0)                                                      \
    T(force, 0, 100, 0)                                                       \
    T(source, 0, 200, 0)                                                      \
    T(author, 0, 100, 0)                                                      \
    T(keywords, 0, 300, 0)                                                    \
    T(index_number, 0, 100, 0)                                                \
    T(topic, 0, 200, 0)                                                       \
    T(basis, 0, 300, 0)

#define GOV_DAYS(D)  D(written) D(effective) D(expires_on)


static gov_rc_t gov_version_text(gov_str_t s, const char *field, size_t least,
    size_t most, int lines, gov_err_t *err);
static gov_rc_t gov_version_target(gov_txn_t *t, gov_arena_t *a, int64_t id,
    const char *field, gov_err_t *err);
static gov_rc_t gov_version_files(gov_version_rec_t *v, gov_err_t *err);
static gov_rc_t gov_version_fields(gov_arena_t *a, gov_version_rec_t *v,
    gov_err_t *err);
static gov_rc_t gov_version_openness(gov_version_rec_t *v, gov_err_t *err);


gov_rc_t
gov_version_check(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_version_rec_t *v, gov_err_t *err)
{
    gov_rc_t     rc;
    gov_key_t    k;
    gov_table_t  table;

#define GOV_TEXT_CHECK(name, least, most, lines)                              \
    rc = gov_version_text(v->name, #name, least, most, lines, err);           \
    if (rc != GOV_OK) {                                                       \
        return rc;                                                            \
    }

    GOV_TEXTS(GOV_TEXT_CHECK)

#define GOV_DAY_CHECK(name)                                                   \
    if (v->name.len != 0 && !gov_day_valid(v->name)) {                        \
        return gov_fail(err, GOV_INVALID, #name,                              \
                        "日期要写成 YYYY-MM-DD：“%.*s”",                      \
                        gov_strf(gov_utf8_head(v->name, 40)));                \
    }

    GOV_DAYS(GOV_DAY_CHECK)

    if (v->validity.len != 0 && !gov_str_is(v->validity, "repealed")
        && !gov_str_is(v->validity, "amended")
        && !gov_str_is(v->validity, "expired"))
    {
        return gov_fail(err, GOV_INVALID, "validity",
                        "有效性只能标明 repealed（废止）、amended（修改）"
                        "或 expired（失效）");
    }

    rc = gov_version_openness(v, err);
    if (rc != GOV_OK) {
        return rc;
    }

    table = gov_body_key(&k, v->body);
    rc = gov_there(gov_handle(t, site), table, &k);

    if (rc == GOV_NOT_FOUND) {
        return gov_fail(err, GOV_INVALID, "body", "缺少正文");
    }

    if (rc != GOV_OK) {
        return gov_store_said(err, rc);
    }

    rc = gov_version_target(t, a, v->interprets, "interprets", err);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_version_target(t, a, v->replaces, "replaces", err);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_version_files(v, err);
    if (rc != GOV_OK) {
        return rc;
    }

    return gov_version_fields(a, v, err);
}


static gov_rc_t
gov_version_text(gov_str_t s, const char *field, size_t least, size_t most,
    int lines, gov_err_t *err)
{
    size_t  n;

    if (!gov_utf8_valid(s) || !gov_text_clean(s)
        || (!lines && s.len != 0 && memchr(s.data, '\n', s.len) != NULL))
    {
        return gov_fail(err, GOV_INVALID, field,
                        "不能有控制字符、换行或不合法的编码");
    }

    n = gov_utf8_chars(s);

    if (n < least) {
        return gov_fail(err, GOV_INVALID, field, "不能为空");
    }

    if (n > most) {
        return gov_fail(err, GOV_INVALID, field, "最多 %zu 字，现有 %zu 字",
                        most, n);
    }

    return GOV_OK;
}


/* what is kept from the public is kept by a law that is named (D01) */

static gov_rc_t
gov_version_openness(gov_version_rec_t *v, gov_err_t *err)
{
    if (v->openness.len == 0 || gov_str_is(v->openness, "active")) {
        return GOV_OK;
    }

    if (!gov_str_is(v->openness, "request")
        && !gov_str_is(v->openness, "closed"))
    {
        return gov_fail(err, GOV_INVALID, "openness",
                        "公开属性只有 active（主动公开）、request（依申请公"
                        "开）和 closed（不予公开）");
    }

    return v->basis.len != 0
           ? GOV_OK
           : gov_fail(err, GOV_INVALID, "basis",
                      "依申请公开和不予公开须写明法律依据");
}


static gov_rc_t
gov_version_target(gov_txn_t *t, gov_arena_t *a, int64_t id,
    const char *field, gov_err_t *err)
{
    gov_rc_t   rc;
    gov_doc_t  doc;

    if (id == 0) {
        return GOV_OK;
    }

    rc = gov_doc_find(t, a, (uint64_t) id, &doc);
    if (rc != GOV_OK) {
        return gov_fail(err, rc, field, "没有文档 %lld", (long long) id);
    }

    return GOV_OK;
}


static gov_rc_t
gov_version_files(gov_version_rec_t *v, gov_err_t *err)
{
    gov_value_t  *f;

    if (v->files == NULL) {
        return GOV_OK;
    }

    if (v->files->n > GOV_FILES_MAX) {
        return gov_fail(err, GOV_INVALID, "attachments", "附件最多 %d 个",
                        GOV_FILES_MAX);
    }

    gov_each (f, v->files) {
        if (!gov_file_name_ok(gov_get_str(f, "name"))) {
            return gov_fail(err, GOV_INVALID, "attachments",
                            "附件名要 1 到 150 字，不能有斜杠和控制字符");
        }
    }

    return GOV_OK;
}


static gov_rc_t
gov_version_fields(gov_arena_t *a, gov_version_rec_t *v, gov_err_t *err)
{
    gov_buf_t  b;

    if (v->fields == NULL) {
        return GOV_OK;
    }

    if (v->fields->kind != GOV_MAP) {
        return gov_fail(err, GOV_INVALID, "fields", "其他字段要是一个对象");
    }

    gov_buf_init(&b, a, 1024);
    gov_json_write(&b, v->fields, 0);

    if (b.s.len > GOV_FIELDS_MAX) {
        return gov_fail(err, GOV_INVALID, "fields", "其他字段最多 %d 字节",
                        GOV_FIELDS_MAX);
    }

    return GOV_OK;
}
