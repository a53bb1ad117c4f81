
/*
 * Copyright (C) ngx_gov authors
 *
 * file.add: the door has put the bytes among the blobs, durable, before the
 * command that names them; the command makes them an attachment of a site.
 */


#include <unistd.h>

#include "desk/gov_desk_file.h"


#define GOV_DESK_SAVED  "application/octet-stream"


gov_rc_t
gov_desk_file_add(gov_cmd_t *c)
{
    u_char           raw[GOV_DIGEST_LEN];
    gov_rc_t         rc;
    gov_str_t        hex, url;
    gov_site_t       site;
    gov_file_rec_t   f;

    rc = gov_desk_file_site(c, &site);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_desk_digest(c, gov_desk_str(c, "digest"), "digest", raw);
    if (rc != GOV_OK) {
        return rc;
    }

    hex = gov_hex_str(c->arena, raw, GOV_DIGEST_LEN);

    rc = gov_desk_looked(c);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_desk_file_there(c, hex);
    if (rc != GOV_OK) {
        return rc;
    }

    memset(&f, 0, sizeof(gov_file_rec_t));
    f.name = gov_desk_str(c, "name");
    f.size = gov_get_int(c->in, "size", 0);
    f.by = c->op->actor;
    f.added = c->op->time;

    rc = gov_desk_file_type(c, gov_desk_str(c, "type"), &f);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_file_put(c->txn, c->arena, site.id,
                      (gov_str_t) { GOV_DIGEST_LEN, raw }, &f, c->err);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_desk_file_url(c, &site, hex, f.name, &url);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_put_str(c->arena, c->out, "digest", hex);
    gov_put_str(c->arena, c->out, "url", url);

    return GOV_OK;
}


gov_rc_t
gov_desk_file_site(gov_cmd_t *c, gov_site_t *site)
{
    gov_rc_t  rc;

    rc = gov_desk_open_site(c, "site", site);

    if (rc == GOV_OK) {
        gov_rec_own(c->arena, &gov_rec_site, &site->rec);
        rc = gov_desk_may(c, GOV_RIGHT_DOC_WRITE, site->id, GOV_ANY_COLUMN,
                          "site");
    }

    return rc;
}


gov_rc_t
gov_desk_digest(gov_cmd_t *c, gov_str_t hex, const char *field,
    u_char raw[GOV_DIGEST_LEN])
{
    if (hex.len != 2 * GOV_DIGEST_LEN
        || gov_unhex(raw, hex, GOV_DIGEST_LEN) != 0)
    {
        return gov_fail(c->err, GOV_INVALID, field,
                        "摘要要是 64 位十六进制数字");
    }

    return GOV_OK;
}


/* bytes that a session names may be some that were refused */

gov_rc_t
gov_desk_looked(gov_cmd_t *c)
{
    return c->op->door == GOV_DOOR_WEB && !c->op->looked
           ? gov_fail(c->err, GOV_DENIED, "",
                      "文件要经上传接口检查后才能登记")
           : GOV_OK;
}


/* a replay may run where the blobs are not */

gov_rc_t
gov_desk_file_there(gov_cmd_t *c, gov_str_t hex)
{
    gov_rc_t   rc;
    gov_str_t  path;

    if (c->op->blobs == NULL || c->op->door == GOV_DOOR_REPLAY) {
        return GOV_OK;
    }

    rc = gov_blob_path(c->arena, c->op->blobs, hex, &path);

    if (rc != GOV_OK || access(gov_str_c(c->arena, path), R_OK) != 0) {
        return gov_fail(c->err, GOV_NOT_FOUND, "digest",
                        "没有上传过摘要为 %.*s 的文件", gov_strf(hex));
    }

    return GOV_OK;
}


/*
 * Text says its characters, UTF-8 unless whoever brings it has looked and
 * found the older ones.
 */

static const char  *gov_desk_old_text[] = {
    "text/plain; charset=gb18030", "text/csv; charset=gb18030", NULL
};


gov_rc_t
gov_desk_file_type(gov_cmd_t *c, gov_str_t given, gov_file_rec_t *f)
{
    unsigned            i;
    const gov_media_t  *m;

    for (i = 0; gov_desk_old_text[i]; i++) {
        if (gov_str_is(given, gov_desk_old_text[i])) {
            f->type = given;
            return GOV_OK;
        }
    }

    m = given.len ? gov_media_typed(given) : gov_media_named(f->name);

    if (m != NULL) {
        f->type = gov_str_of(m->type);
        return GOV_OK;
    }

    if (given.len == 0 || gov_str_is(given, GOV_DESK_SAVED)) {
        f->type = gov_s(GOV_DESK_SAVED);
        return GOV_OK;
    }

    return gov_fail(c->err, GOV_INVALID, "type", "不支持的类型“%.*s”",
                    gov_strf(gov_utf8_head(given, 60)));
}


gov_rc_t
gov_desk_file_url(gov_cmd_t *c, gov_site_t *site, gov_str_t hex,
    gov_str_t name, gov_str_t *url)
{
    gov_buf_t  path;

    gov_buf_init(&path, c->arena, 256);
    gov_buf_fmt(&path, "files/%.*s/", gov_strf(hex));
    gov_buf_uri(&path, name);

    return gov_desk_url(c, site, path.s, url);
}
