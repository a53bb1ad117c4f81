
/*
 * Copyright (C) ngx_gov authors
 *
 * file.add: the door has put the bytes among the blobs, durable, before the
 * command that names them; the command makes them an attachment of a site.
 */


#include <unistd.h>

#include "desk/gov_desk_doc.h"


static gov_rc_t gov_desk_file_there(gov_cmd_t *c, gov_str_t hex);
static gov_rc_t gov_desk_file_type(gov_cmd_t *c, gov_file_rec_t *f);


gov_rc_t
gov_desk_file_add(gov_cmd_t *c)
{
    u_char           raw[GOV_DIGEST_LEN];
    gov_rc_t         rc;
    gov_str_t        hex, url;
    gov_buf_t        path;
    gov_site_t       site;
    gov_file_rec_t   f;

    rc = gov_desk_open_site(c, "site", &site);

    if (rc == GOV_OK) {
        rc = gov_desk_may(c, GOV_RIGHT_DOC_WRITE, site.id, GOV_ANY_COLUMN,
                          "site");
    }

    if (rc != GOV_OK) {
        return rc;
    }

    gov_rec_own(c->arena, &gov_rec_site, &site.rec);

    hex = gov_desk_str(c, "digest");

    if (hex.len != 2 * GOV_DIGEST_LEN
        || gov_unhex(raw, hex, GOV_DIGEST_LEN) != 0)
    {
        return gov_fail(c->err, GOV_INVALID, "digest",
                        "摘要要是 64 位十六进制数字");
    }

    hex = gov_hex_str(c->arena, raw, GOV_DIGEST_LEN);

    rc = gov_desk_file_there(c, hex);
    if (rc != GOV_OK) {
        return rc;
    }

    memset(&f, 0, sizeof(gov_file_rec_t));
    f.name = gov_desk_str(c, "name");
    f.size = gov_get_int(c->in, "size", 0);

    rc = gov_desk_file_type(c, &f);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_file_put(c->txn, c->arena, site.id,
                      (gov_str_t) { GOV_DIGEST_LEN, raw }, &f, c->err);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_buf_init(&path, c->arena, 256);
    gov_buf_fmt(&path, "files/%.*s/", gov_strf(hex));
    gov_buf_uri(&path, f.name);

    rc = gov_desk_url(c, &site, path.s, &url);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_put_str(c->arena, c->out, "digest", hex);
    gov_put_str(c->arena, c->out, "url", url);

    return GOV_OK;
}


/* a replay may run where the blobs are not */

static gov_rc_t
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
 * By the name's ending, and only types a browser shows or saves without
 * running anything: whatever is not known here is saved, not shown.  Text
 * says its characters, UTF-8 unless whoever brings it has looked and found
 * the older ones; no name ends with a slash.
 */

static const struct {
    const char  *ending;
    const char  *type;
} gov_desk_types[] = {
    { ".pdf", "application/pdf" },
    { ".doc", "application/msword" },
    { ".docx", "application/vnd.openxmlformats-officedocument"
               ".wordprocessingml.document" },
    { ".xls", "application/vnd.ms-excel" },
    { ".xlsx", "application/vnd.openxmlformats-officedocument"
               ".spreadsheetml.sheet" },
    { ".ppt", "application/vnd.ms-powerpoint" },
    { ".pptx", "application/vnd.openxmlformats-officedocument"
               ".presentationml.presentation" },
    { ".ofd", "application/ofd" },
    { ".wps", "application/vnd.ms-works" },
    { ".zip", "application/zip" },
    { ".rar", "application/vnd.rar" },
    { ".txt", "text/plain; charset=utf-8" },
    { ".csv", "text/csv; charset=utf-8" },
    { "/", "text/plain; charset=gb18030" },
    { "/", "text/csv; charset=gb18030" },
    { ".png", "image/png" },
    { ".jpg", "image/jpeg" },
    { ".jpeg", "image/jpeg" },
    { ".gif", "image/gif" },
    { ".webp", "image/webp" },
    { ".mp3", "audio/mpeg" },
    { ".mp4", "video/mp4" },
    { "", "application/octet-stream" },
    { NULL, NULL }
};


static gov_rc_t
gov_desk_file_type(gov_cmd_t *c, gov_file_rec_t *f)
{
    unsigned   i;
    gov_str_t  given;

    given = gov_desk_str(c, "type");

    if (gov_str_is(given, "text/plain") || gov_str_is(given, "text/csv")) {
        given = gov_str_cat(c->arena, given, gov_s("; charset=utf-8"));
    }

    for (i = 0; gov_desk_types[i].ending; i++) {

        if (given.len != 0 ? gov_str_is(given, gov_desk_types[i].type)
                           : gov_str_ends(f->name, gov_desk_types[i].ending))
        {
            f->type = gov_str_of(gov_desk_types[i].type);
            return GOV_OK;
        }
    }

    return gov_fail(c->err, GOV_INVALID, "type", "不支持的类型“%.*s”",
                    gov_strf(gov_utf8_head(given, 60)));
}
