
/*
 * Copyright (C) ngx_gov authors
 *
 * One file that somebody brought:
 *
 *     name, size     the policy "upload" has its ending and its size
 *     look           govlook: the bytes are what the ending says; an image
 *                    is made anew
 *     scan           clamd: what is found makes it refused, silence held
 *     keep           what is left is put among the blobs
 *
 * A file that is refused for its type leaves nothing; one in which something
 * was found leaves its record, without its bytes.
 */


#include <unistd.h>

#include "govd/govd_file.h"


static gov_rc_t govd_file_look(govd_t *g, gov_arena_t *a,
    gov_upload_t *rules, govd_file_t *file, govd_blob_t *outs,
    gov_value_t **found, gov_err_t *err);
static gov_rc_t govd_file_keep(govd_t *g, gov_arena_t *a, govd_file_t *file,
    govd_blob_t *outs, gov_value_t *found, gov_value_t *out, gov_err_t *err);
static gov_rc_t govd_file_variants(govd_t *g, gov_arena_t *a,
    govd_blob_t *outs, gov_value_t *found, gov_value_t *out, gov_err_t *err);
static gov_rc_t govd_file_refuse(gov_arena_t *a, govd_file_t *file,
    gov_value_t *out, gov_err_t *err);
static gov_rc_t govd_file_text(gov_arena_t *a, const gov_media_t *m,
    govd_file_t *file, gov_value_t *out, gov_err_t *err);


gov_rc_t
govd_file_name(gov_arena_t *a, gov_str_t name, gov_str_t *out,
    gov_err_t *err)
{
    int        converted;
    size_t     i;
    gov_rc_t   rc;

    rc = gov_text_utf8(a, &name, &converted, NULL);

    for (i = name.len; i > 0; i--) {
        if (name.data[i - 1] == '/' || name.data[i - 1] == '\\') {
            break;
        }
    }

    out->data = name.data + i;
    out->len = name.len - i;
    *out = gov_str_copy(a, *out);

    return rc == GOV_OK && gov_file_name_ok(*out)
           ? GOV_OK
           : gov_fail(err, GOV_INVALID, "file",
                      "文件名要 1 到 150 字，不能有斜杠和控制字符");
}


gov_rc_t
govd_file_allowed(gov_upload_t *rules, gov_str_t name, size_t size,
    gov_err_t *err)
{
    int64_t  max;

    max = gov_upload_size(rules, name);

    if (max < 0) {
        return gov_fail(err, GOV_INVALID, "file", "不接受这种类型的文件");
    }

    if (size > (size_t) max) {
        return gov_fail(err, GOV_INVALID, "file",
                        "这种文件最大 %lld MB",
                        (long long) (max + 1024 * 1024 - 1) / 1024 / 1024);
    }

    return GOV_OK;
}


gov_rc_t
govd_file_check(govd_t *g, gov_arena_t *a, gov_upload_t *rules,
    govd_file_t *file, gov_value_t *out, gov_err_t *err)
{
    gov_rc_t           rc;
    unsigned           i;
    gov_str_t          why;
    govd_blob_t        outs[GOV_LOOK_FDS];
    gov_value_t       *found;
    gov_file_state_t   state;

    for (i = 0; i < GOV_LOOK_FDS; i++) {
        outs[i].fd = -1;
    }

    rc = govd_file_look(g, a, rules, file, outs, &found, err);

    if (rc == GOV_OK) {
        state = govd_file_scan(g, a, rules, file->blob.fd, file->blob.size,
                               &why);

        gov_put_str(a, out, "name", file->name);
        gov_put_c(a, out, "state", gov_file_state_name(state));
        gov_put_some(a, out, "why", why);
        gov_put_some(a, out, "alt", file->alt);

        if (file->decorative) {
            gov_put_bool(a, out, "decorative", 1);
        }

        rc = state == GOV_FILE_REFUSED
             ? govd_file_refuse(a, file, out, err)
             : govd_file_keep(g, a, file, outs, found, out, err);
    }

    for (i = 0; i < GOV_LOOK_FDS; i++) {
        govd_blob_drop(&outs[i]);
    }

    govd_blob_drop(&file->blob);

    return rc;
}


static gov_rc_t
govd_file_look(govd_t *g, gov_arena_t *a, gov_upload_t *rules,
    govd_file_t *file, govd_blob_t *outs, gov_value_t **found,
    gov_err_t *err)
{
    gov_rc_t     rc;
    unsigned     i;
    const char  *words[4];

    rc = file->blob.size == 0
         ? gov_fail(err, GOV_INVALID, "file", "文件是空的")
         : govd_file_allowed(rules, file->name, file->blob.size, err);

    for (i = 0; i < GOV_LOOK_FDS && rc == GOV_OK; i++) {
        rc = govd_blob_begin(&outs[i], err);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    words[0] = "govlook";
    words[1] = "file";
    words[2] = gov_str_c(a, gov_str_fmt(a, "%lld",
                                        (long long) rules->pixels));
    words[3] = NULL;

    rc = govd_look(g, words, file->blob.fd, outs, GOV_LOOK_FDS, a, found,
                   err);

    if (rc == GOV_OK
        && !gov_media_agrees(gov_media_named(file->name),
                             gov_get_str(*found, "type")))
    {
        return gov_fail(err, GOV_INVALID, "file",
                        "文件的内容（%.*s）与它的后缀不符",
                        gov_strf(gov_get_str(*found, "type")));
    }

    return rc;
}


gov_file_state_t
govd_file_scan(govd_t *g, gov_arena_t *a, gov_upload_t *rules, int fd,
    size_t size, gov_str_t *why)
{
    *why = (gov_str_t) gov_null_string;

    if (g->conf->clamd == NULL) {
        if (!rules->hold) {
            return GOV_FILE_OK;
        }

        *why = gov_s("没有配置病毒扫描，按政策暂不公开");
        return GOV_FILE_HELD;
    }

    switch (govd_clamd(g->conf->clamd, fd, size, a, why)) {

    case GOVD_SCAN_CLEAN:
        return GOV_FILE_OK;

    case GOVD_SCAN_FOUND:
        return GOV_FILE_REFUSED;

    default:
        *why = gov_s("病毒扫描暂时不可用，扫描后自动公开");
        return GOV_FILE_HELD;
    }
}


static gov_rc_t
govd_file_keep(govd_t *g, gov_arena_t *a, govd_file_t *file,
    govd_blob_t *outs, gov_value_t *found, gov_value_t *out, gov_err_t *err)
{
    size_t              size;
    gov_rc_t            rc;
    gov_str_t           hex;
    govd_blob_t        *b;
    const gov_media_t  *m;

    m = gov_media_named(file->name);
    b = m->kind == GOV_MEDIA_IMAGE ? &outs[0] : &file->blob;
    size = b->size;

    rc = govd_file_text(a, m, file, out, err);

    if (rc == GOV_OK) {
        rc = govd_blob_keep(b, a, g->conf->blobs, &hex, err);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    gov_put_str(a, out, "digest", hex);
    gov_put_int(a, out, "size", (int64_t) size);

    return m->kind == GOV_MEDIA_IMAGE
           ? govd_file_variants(g, a, outs + 1, found, out, err) : GOV_OK;
}


static gov_rc_t
govd_file_variants(govd_t *g, gov_arena_t *a, govd_blob_t *outs,
    gov_value_t *found, gov_value_t *out, gov_err_t *err)
{
    size_t        size;
    gov_rc_t      rc;
    gov_str_t     hex;
    gov_value_t  *v, *m, *list;

    gov_put_int(a, out, "width", gov_get_int(found, "width", 0));
    gov_put_int(a, out, "height", gov_get_int(found, "height", 0));
    list = gov_put_list(a, out, "variants");

    gov_each (v, gov_get_list(found, "variants")) {
        size = outs->size;

        rc = govd_blob_keep(outs++, a, g->conf->blobs, &hex, err);
        if (rc != GOV_OK) {
            return rc;
        }

        m = gov_add_map(a, list);
        gov_put_str(a, m, "digest", hex);
        gov_put_int(a, m, "width", gov_get_int(v, "width", 0));
        gov_put_int(a, m, "height", gov_get_int(v, "height", 0));
        gov_put_int(a, m, "size", (int64_t) size);

        if (list->n == GOV_LOOK_VARIANTS) {
            break;
        }
    }

    return GOV_OK;
}


static gov_rc_t
govd_file_refuse(gov_arena_t *a, govd_file_t *file, gov_value_t *out,
    gov_err_t *err)
{
    u_char     digest[GOV_DIGEST_LEN];
    gov_rc_t   rc;
    gov_str_t  data;

    rc = govd_blob_map(&file->blob, &data, err);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_digest(GOV_SHA256, data, digest);
    govd_blob_unmap(data);

    if (rc != GOV_OK) {
        return gov_fail(err, rc, "", "散列算法不可用");
    }

    gov_put_str(a, out, "digest", gov_hex_str(a, digest, GOV_DIGEST_LEN));
    gov_put_int(a, out, "size", (int64_t) file->blob.size);

    return GOV_OK;
}


/* text that is no UTF-8 is GB18030, which a browser has to be told */

static gov_rc_t
govd_file_text(gov_arena_t *a, const gov_media_t *m, govd_file_t *file,
    gov_value_t *out, gov_err_t *err)
{
    gov_rc_t   rc;
    gov_str_t  data;

    if (strncmp(m->type, "text/", 5) != 0) {
        return GOV_OK;
    }

    rc = govd_blob_map(&file->blob, &data, err);
    if (rc != GOV_OK) {
        return rc;
    }

    if (!gov_utf8_valid(data)) {
        gov_put_str(a, out, "type",
                    gov_str_fmt(a, "%.*s; charset=gb18030",
                                (int) strcspn(m->type, ";"), m->type));
    }

    govd_blob_unmap(data);

    return GOV_OK;
}
