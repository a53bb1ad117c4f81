
/*
 * Copyright (C) ngx_gov authors
 *
 * What the commands on content share.
 */


#include "desk/gov_desk_doc.h"


#define GOV_DESK_TEXTS(T)                                                     \
    T(title) T(subtitle) T(summary) T(number) T(issuer) T(written)            \
    T(effective) T(expires_on) T(validity) T(force) T(source) T(author)       \
    T(keywords) T(index_number) T(topic) T(openness) T(basis)

static const struct {
    const char  *name;
    size_t       offset;
} gov_desk_texts[] = {
#define GOV_DESK_TEXT_ROW(name)                                               \
    { #name, offsetof(gov_version_rec_t, name) },
    GOV_DESK_TEXTS(GOV_DESK_TEXT_ROW)
    { NULL, 0 }
};


static void gov_desk_path(gov_cmd_t *c, gov_site_t *site, gov_column_t *list,
    unsigned n, uint32_t column);
static gov_str_t *gov_desk_text_of(gov_version_rec_t *v, gov_str_t name);
static void gov_desk_validity(gov_version_rec_t *v);
static gov_rc_t gov_desk_extra(gov_cmd_t *c, gov_value_t *fields,
    gov_value_t *extra, gov_version_rec_t *v);
static gov_rc_t gov_desk_attachments(gov_cmd_t *c, uint32_t site,
    gov_value_t *list, gov_version_rec_t *v);
static gov_rc_t gov_desk_attachment(gov_cmd_t *c, uint32_t site,
    gov_value_t *item, gov_value_t *files);
static void gov_desk_attached(gov_value_t *item, gov_str_t *digest,
    gov_str_t *name);


gov_rc_t
gov_desk_doc(gov_cmd_t *c, const char *field, gov_doc_t *doc,
    gov_site_t *site)
{
    return gov_desk_doc_load(c, (uint64_t) gov_get_int(c->in, field, 0),
                             field, doc, site);
}


gov_rc_t
gov_desk_doc_load(gov_cmd_t *c, uint64_t id, const char *field,
    gov_doc_t *doc, gov_site_t *site)
{
    gov_rc_t  rc;

    rc = gov_desk_doc_any(c, id, field, doc, site);
    if (rc != GOV_OK) {
        return rc;
    }

    if (gov_site_ended(site->rec.state)) {
        return gov_fail(c->err, GOV_DENIED, field,
                        "文档所在的“%.*s”已合并或关停，不能再修改",
                        gov_strf(site->rec.name));
    }

    return GOV_OK;
}


gov_rc_t
gov_desk_doc_any(gov_cmd_t *c, uint64_t id, const char *field,
    gov_doc_t *doc, gov_site_t *site)
{
    gov_rc_t  rc;

    rc = gov_doc_find(c->txn, c->arena, id, doc);
    if (rc != GOV_OK) {
        return gov_fail(c->err, rc, field, "没有文档 %llu",
                        (unsigned long long) id);
    }

    gov_rec_own(c->arena, &gov_rec_doc, &doc->rec);

    rc = gov_site_get(c->txn, c->arena, doc->site, site);
    if (rc != GOV_OK) {
        return gov_fail(c->err, rc, field, "文档 %llu 的站点读不到",
                        (unsigned long long) id);
    }

    gov_rec_own(c->arena, &gov_rec_site, &site->rec);

    return GOV_OK;
}


gov_rc_t
gov_desk_column(gov_cmd_t *c, gov_site_t *site, gov_str_t path,
    const char *field, gov_column_t *column)
{
    gov_rc_t       rc;
    unsigned       n;
    gov_column_t  *list, *found;

    while (path.len != 0 && path.data[0] == '/') {
        path.data++;
        path.len--;
    }

    rc = gov_columns_way(c->txn, c->arena, site, path, 0, &list, &n);
    if (rc != GOV_OK) {
        return gov_fail(c->err, rc, field, "读取栏目失败（%s）",
                        gov_rc_name(rc));
    }

    found = path.len != 0 ? gov_column_at(list, n, path) : NULL;

    if (found == NULL) {
        return gov_fail(c->err, GOV_NOT_FOUND, field,
                        "“%.*s”没有栏目“%.*s”", gov_strf(site->rec.name),
                        gov_strf(gov_utf8_head(path, 60)));
    }

    *column = *found;
    gov_rec_own(c->arena, &gov_rec_column, &column->rec);
    gov_desk_path(c, site, list, n, column->id);

    return GOV_OK;
}


/* an address is mostly asked for in the column that was just found */

static void
gov_desk_path(gov_cmd_t *c, gov_site_t *site, gov_column_t *list, unsigned n,
    uint32_t column)
{
    c->path_site = site->id;
    c->path_column = column;
    c->path = gov_column_path(c->arena, list, n, column);
}


gov_rc_t
gov_desk_site_column(gov_cmd_t *c, gov_site_t *site, gov_column_t *column)
{
    gov_rc_t  rc;

    rc = gov_desk_open_site(c, "site", site);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_rec_own(c->arena, &gov_rec_site, &site->rec);

    return gov_desk_column(c, site, gov_desk_str(c, "column"), "column",
                           column);
}


gov_rc_t
gov_desk_takes(gov_cmd_t *c, gov_column_t *column, const char *field)
{
    if (!gov_column_is_section(column)) {
        return GOV_OK;
    }

    return gov_fail(c->err, GOV_INVALID, field,
                    "“%.*s”只用来归类，请选它下面的栏目",
                    gov_strf(column->rec.name));
}


gov_rc_t
gov_desk_target(gov_cmd_t *c, gov_str_t to, const char *field,
    gov_site_t *site, gov_column_t *column)
{
    u_char     *slash;
    gov_rc_t    rc;
    gov_str_t   code, path;

    slash = to.len != 0 ? memchr(to.data, '/', to.len) : NULL;

    if (slash == NULL) {
        return gov_fail(c->err, GOV_INVALID, field,
                        "“%.*s”要写成 站点代码/栏目路径",
                        gov_strf(gov_utf8_head(to, 60)));
    }

    code.data = to.data;
    code.len = (size_t) (slash - to.data);
    path.data = slash + 1;
    path.len = to.len - code.len - 1;

    rc = gov_desk_site_code(c, gov_code_canon(c->arena, code), field, site);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_rec_own(c->arena, &gov_rec_site, &site->rec);

    if (gov_site_ended(site->rec.state)) {
        return gov_fail(c->err, GOV_DENIED, field, "“%.*s”已合并或关停",
                        gov_strf(site->rec.name));
    }

    return gov_desk_column(c, site, path, field, column);
}


gov_rc_t
gov_desk_content(gov_cmd_t *c, uint32_t site, gov_value_t *in,
    gov_value_t *extra, gov_version_rec_t *v)
{
    gov_rc_t      rc;
    uint64_t      id;
    unsigned      i;
    gov_value_t  *m;

    for (i = 0; gov_desk_texts[i].name; i++) {
        m = gov_member(in, gov_desk_texts[i].name);

        if (m != NULL && m->kind == GOV_STR) {
            *gov_desk_text_of(v, gov_str_of(gov_desk_texts[i].name)) = m->u.s;
        }
    }

    v->interprets = gov_get_int(in, "interprets", v->interprets);
    v->replaces = gov_get_int(in, "replaces", v->replaces);

    id = (uint64_t) gov_get_int(in, "interprets", 0);

    rc = id != 0 ? gov_desk_known(c, id) : GOV_OK;
    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND ? gov_no_doc(c->err, "interprets", id)
                                   : rc;
    }

    rc = gov_desk_replaces(c, (uint64_t) gov_get_int(in, "replaces", 0),
                           "replaces");
    if (rc != GOV_OK) {
        return rc;
    }

    m = gov_member(in, "attachments");

    if (m != NULL) {
        rc = gov_desk_attachments(c, site, m, v);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    m = gov_member(in, "fields");

    if (m != NULL || extra != NULL) {
        rc = gov_desk_extra(c, m, extra, v);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    gov_desk_validity(v);

    return GOV_OK;
}


gov_rc_t
gov_desk_known(gov_cmd_t *c, uint64_t id)
{
    gov_rc_t   rc;
    gov_doc_t  doc;

    rc = gov_doc_find(c->txn, c->arena, id, &doc);

    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND ? GOV_OK : rc;
    }

    return gov_doc_shown(&doc.rec, c->op->time) == GOV_SHOWN_PUBLIC
           || gov_may_see(c->txn, c->op->who, doc.site)
           ? GOV_OK : GOV_NOT_FOUND;
}


gov_rc_t
gov_desk_replaces(gov_cmd_t *c, uint64_t id, const char *field)
{
    gov_rc_t   rc;
    gov_doc_t  doc;

    if (id == 0 || c->op->who->all) {
        return GOV_OK;
    }

    rc = gov_doc_find(c->txn, c->arena, id, &doc);

    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND ? GOV_OK : rc;
    }

    return gov_may_see(c->txn, c->op->who, doc.site)
           ? gov_desk_may(c, GOV_RIGHT_DOC_WRITE, doc.site,
                          (uint32_t) doc.rec.column, field)
           : gov_no_doc(c->err, field, id);
}


static gov_str_t *
gov_desk_text_of(gov_version_rec_t *v, gov_str_t name)
{
    unsigned  i;

    for (i = 0; gov_desk_texts[i].name; i++) {
        if (gov_str_is(name, gov_desk_texts[i].name)) {
            return (gov_str_t *) ((u_char *) v + gov_desk_texts[i].offset);
        }
    }

    return NULL;
}


/* the words that sources use; "in force" is computed, so it is not stated */

static void
gov_desk_validity(gov_version_rec_t *v)
{
    unsigned  i;

    static const struct {
        const char  *word;
        const char  *means;
    } words[] = {
        { "有效", "" }, { "现行有效", "" }, { "尚未生效", "" },
        { "尚未施行", "" }, { "in_force", "" }, { "not_yet", "" },
        { "废止", "repealed" }, { "已废止", "repealed" },
        { "已被废止", "repealed" },
        { "失效", "expired" }, { "已失效", "expired" },
        { "修改", "amended" }, { "已修改", "amended" },
        { "已修订", "amended" }, { "已被修改", "amended" },
        { "部分失效", "amended" },
        { NULL, NULL }
    };

    for (i = 0; words[i].word; i++) {
        if (gov_str_is(v->validity, words[i].word)) {
            v->validity = gov_str_of(words[i].means);
            return;
        }
    }
}


static gov_rc_t
gov_desk_extra(gov_cmd_t *c, gov_value_t *fields, gov_value_t *extra,
    gov_version_rec_t *v)
{
    gov_str_t    *text;
    gov_value_t  *m, *rest;

    rest = extra != NULL ? extra : gov_map(c->arena);

    gov_each (m, fields) {
        text = gov_desk_text_of(v, m->key);

        if (text == NULL) {
            if (gov_member_s(rest, m->key) == NULL) {
                gov_put_key(rest, m->key, gov_value_copy(c->arena, m));
            }

            continue;
        }

        if (m->kind != GOV_STR) {
            return gov_fail(c->err, GOV_INVALID,
                            gov_str_c(c->arena, gov_utf8_head(m->key, 15)),
                            "“%.*s”应是文字", gov_strf(m->key));
        }

        *text = m->u.s;
    }

    v->fields = rest->n != 0 ? rest : NULL;

    return GOV_OK;
}


static gov_rc_t
gov_desk_attachments(gov_cmd_t *c, uint32_t site, gov_value_t *list,
    gov_version_rec_t *v)
{
    gov_rc_t      rc;
    gov_value_t  *item, *files;

    files = gov_list(c->arena);

    gov_each (item, list) {
        rc = gov_desk_attachment(c, site, item, files);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    v->files = files->n != 0 ? files : NULL;

    return GOV_OK;
}


/* the rest is the site's record */

static gov_rc_t
gov_desk_attachment(gov_cmd_t *c, uint32_t site, gov_value_t *item,
    gov_value_t *files)
{
    int              is_public;
    u_char           raw[GOV_DIGEST_LEN];
    gov_rc_t         rc;
    gov_str_t        digest, name;
    gov_value_t     *m;
    gov_file_rec_t   f;

    gov_desk_attached(item, &digest, &name);

    rc = gov_file_get(c->txn, c->arena, site, digest, c->op->time, &f,
                      &is_public);
    if (rc != GOV_OK) {
        return gov_fail(c->err, rc, "attachments",
                        "本站没有附件“%.*s”，请先上传",
                        gov_strf(gov_utf8_head(digest, 70)));
    }

    if (f.state == GOV_FILE_REFUSED || f.deleted) {
        return gov_fail(c->err, GOV_DENIED, "attachments",
                        "附件“%.*s”已被拒绝或在回收站中", gov_strf(f.name));
    }

    gov_rec_own(c->arena, &gov_rec_file, &f);

    /* it may be typed in either case, addresses have one */

    (void) gov_unhex(raw, digest, GOV_DIGEST_LEN);

    m = gov_add_map(c->arena, files);
    gov_put_str(c->arena, m, "digest",
                gov_hex_str(c->arena, raw, GOV_DIGEST_LEN));
    gov_put_str(c->arena, m, "name", name.len != 0 ? name : f.name);
    gov_put_str(c->arena, m, "type", f.type);
    gov_put_int(c->arena, m, "size", f.size);

    return GOV_OK;
}


/* "DIGEST", "DIGEST/NAME" or {digest, name} */

static void
gov_desk_attached(gov_value_t *item, gov_str_t *digest, gov_str_t *name)
{
    u_char  *slash;

    if (item->kind != GOV_STR) {
        *digest = gov_get_str(item, "digest");
        *name = gov_get_str(item, "name");
        return;
    }

    *digest = item->u.s;
    name->len = 0;
    name->data = NULL;
    slash = digest->len ? memchr(digest->data, '/', digest->len) : NULL;

    if (slash != NULL) {
        name->data = slash + 1;
        name->len = (size_t) (digest->data + digest->len - name->data);
        digest->len = (size_t) (slash - digest->data);
    }
}


void
gov_desk_version(gov_cmd_t *c, gov_version_rec_t *v)
{
    v->time = c->op->time;
    v->actor = c->op->actor;
    v->by = c->op->who != NULL ? (int64_t) c->op->who->account : 0;
    v->note.len = 0;
    v->rest.len = 0;
}


gov_rc_t
gov_desk_doc_out(gov_cmd_t *c, gov_site_t *site, gov_doc_t *doc)
{
    gov_rc_t   rc;
    gov_str_t  url;

    rc = gov_desk_doc_url(c, site, doc, &url);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_put_int(c->arena, c->out, "doc", (int64_t) doc->id);
    gov_put_int(c->arena, c->out, "version", doc->rec.last);
    gov_put_c(c->arena, c->out, "step",
              gov_step_name(gov_doc_step(&doc->rec)));
    gov_put_c(c->arena, c->out, "state",
              gov_shown_name(gov_doc_shown(&doc->rec, c->op->time)));
    gov_put_str(c->arena, c->out, "url", url);

    return GOV_OK;
}


gov_rc_t
gov_desk_doc_url(gov_cmd_t *c, gov_site_t *site, gov_doc_t *doc,
    gov_str_t *url)
{
    gov_rc_t       rc;
    unsigned       n;
    uint32_t       column;
    gov_buf_t      b;
    gov_column_t  *list;

    column = (uint32_t) doc->rec.column;

    if (c->path_site != site->id || c->path_column != column) {
        rc = gov_columns_way(c->txn, c->arena, site, gov_s(""), column,
                             &list, &n);
        if (rc != GOV_OK) {
            return rc;
        }

        gov_desk_path(c, site, list, n, column);
    }

    gov_buf_init(&b, c->arena, 64);
    gov_buf_str(&b, c->path);
    gov_buf_number(&b, doc->id);
    gov_buf_c(&b, ".html");

    return gov_desk_url(c, site, b.s, url);
}
