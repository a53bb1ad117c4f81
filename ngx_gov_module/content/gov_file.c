
/*
 * Copyright (C) ngx_gov authors
 *
 * Attachments.  The bytes are a file by digest, outside the store; the
 * record says under which site it may be asked for, and which documents ever
 * carried it.  Whether it is public is asked of those documents each time:
 * one of them must be public now and its live version must name the file, in
 * its list or in its body's addresses.  So a file follows its document in
 * the same commit and at the same moment, and a file of a draft is not seen.
 *
 * A file that no document ever carried (a logo) is public.
 */


#define _GNU_SOURCE     /* memmem */

#include "content/gov_content_int.h"


#define GOV_HEX_LEN  (2 * GOV_DIGEST_LEN)


static gov_rc_t gov_file_load(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t hex, gov_file_rec_t *f);
static gov_rc_t gov_file_carried(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint64_t id, gov_str_t hex, int64_t now, int *carried);
static gov_rc_t gov_file_is_logo(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t hex, int *logo);
static gov_rc_t gov_file_bind(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint64_t doc, gov_str_t hex, int must, gov_err_t *err);


gov_rc_t
gov_file_get(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t hexdigest, int64_t now, gov_file_rec_t *f, int *is_public)
{
    gov_rc_t      rc;
    gov_value_t  *v;

    rc = gov_file_load(t, a, site, hexdigest, f);
    if (rc != GOV_OK) {
        return rc;
    }

    *is_public = f->docs == NULL || f->docs->n == 0;

    gov_each (v, f->docs) {
        rc = gov_file_carried(t, a, site, (uint64_t) v->u.i, hexdigest, now,
                              is_public);
        if (rc != GOV_OK || *is_public) {
            return rc;
        }
    }

    return *is_public ? GOV_OK
                      : gov_file_is_logo(t, a, site, hexdigest, is_public);
}


static gov_rc_t
gov_file_load(gov_txn_t *t, gov_arena_t *a, uint32_t site, gov_str_t hex,
    gov_file_rec_t *f)
{
    u_char     raw[GOV_DIGEST_LEN];
    gov_key_t  k;

    if (hex.len != GOV_HEX_LEN || gov_unhex(raw, hex, GOV_DIGEST_LEN) != 0) {
        return GOV_NOT_FOUND;
    }

    gov_key_add_s(gov_key(&k), (gov_str_t) { GOV_DIGEST_LEN, raw });

    return gov_load(gov_handle(t, site), GOV_T_FILES, &k, a, f);
}


static gov_rc_t
gov_file_carried(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint64_t id,
    gov_str_t hex, int64_t now, int *carried)
{
    gov_rc_t   rc;
    gov_doc_t  doc;

    rc = gov_doc_get(t, a, site, id, &doc);
    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND ? GOV_OK : rc;
    }

    if (gov_doc_shown(&doc.rec, now) != GOV_SHOWN_PUBLIC) {
        return GOV_OK;
    }

    return gov_file_named(t, a, site, doc.rec.files, doc.rec.body, hex,
                          carried);
}


gov_rc_t
gov_file_named(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_value_t *files, gov_str_t body, gov_str_t hex, int *named)
{
    gov_rc_t         rc;
    gov_value_t     *v;
    gov_body_rec_t   b;

    *named = 0;

    gov_each (v, files) {
        if (gov_str_eq(gov_get_str(v, "digest"), hex)) {
            *named = 1;
            return GOV_OK;
        }
    }

    rc = gov_body_get(t, a, site, body, &b);

    if (rc == GOV_OK) {
        *named = memmem(b.html.data, b.html.len, hex.data, hex.len) != NULL;
    }

    return rc;
}


static gov_rc_t
gov_file_is_logo(gov_txn_t *t, gov_arena_t *a, uint32_t site, gov_str_t hex,
    int *logo)
{
    gov_rc_t    rc;
    gov_site_t  s;

    rc = gov_site_get(t, a, site, &s);

    if (rc == GOV_OK && s.rec.logo.len > hex.len
        && memcmp(s.rec.logo.data, hex.data, hex.len) == 0)
    {
        *logo = 1;
    }

    return rc;
}


gov_rc_t
gov_file_put(gov_txn_t *t, gov_arena_t *a, uint32_t site, gov_str_t digest,
    gov_file_rec_t *f, gov_err_t *err)
{
    gov_rc_t        rc;
    gov_key_t       k;
    gov_file_rec_t  old;

    if (digest.len != GOV_DIGEST_LEN) {
        return gov_fail(err, GOV_INVALID, "digest", "摘要不对");
    }

    if (!gov_file_name_ok(f->name)) {
        return gov_fail(err, GOV_INVALID, "name",
                        "文件名要 1 到 150 字，不能有斜杠和控制字符");
    }

    if (f->size < 0) {
        return gov_fail(err, GOV_INVALID, "size", "大小不对");
    }

    gov_key_add_s(gov_key(&k), digest);

    rc = gov_load(gov_handle(t, site), GOV_T_FILES, &k, a, &old);
    if (rc == GOV_OK) {
        gov_rec_own(a, &gov_rec_file, &old);
        f->docs = old.docs;

    } else if (rc != GOV_NOT_FOUND) {
        return gov_store_said(err, rc);
    }

    /* no page shows it yet; the site's journal chain names the change */
    gov_touch(t, site, gov_slot_doc(digest.data[0]));

    return gov_store_said(err, gov_save(gov_handle(t, site), GOV_T_FILES, &k,
                                        a, f));
}


int
gov_file_name_ok(gov_str_t name)
{
    return name.len != 0 && gov_utf8_valid(name)
           && gov_utf8_chars(name) <= 150 && gov_text_clean(name)
           && memchr(name.data, '/', name.len) == NULL
           && memchr(name.data, '\\', name.len) == NULL
           && memchr(name.data, '\n', name.len) == NULL
           && name.data[0] != '.';
}


/*
 * What the list names must be there; an address in a body may lead to a file
 * of another site, which is that site's matter.
 */

gov_rc_t
gov_files_bind(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint64_t doc,
    gov_version_rec_t *v, gov_err_t *err)
{
    u_char          *p, *end;
    gov_rc_t         rc;
    gov_str_t        hex;
    gov_value_t     *f;
    gov_body_rec_t   b;

    gov_each (f, v->files) {
        rc = gov_file_bind(t, a, site, doc, gov_get_str(f, "digest"), 1, err);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    rc = gov_body_get(t, a, site, v->body, &b);
    if (rc != GOV_OK) {
        return gov_store_said(err, rc);
    }

    b.html = gov_str_copy(a, b.html);
    p = b.html.data;
    end = p + b.html.len;

    for ( ;; ) {
        p = memmem(p, (size_t) (end - p), "/files/", 7);

        if (p == NULL || end - p < 7 + GOV_HEX_LEN) {
            return GOV_OK;
        }

        p += 7;
        hex.data = p;
        hex.len = GOV_HEX_LEN;

        rc = gov_file_bind(t, a, site, doc, hex, 0, err);
        if (rc != GOV_OK) {
            return rc;
        }
    }
}


static gov_rc_t
gov_file_bind(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint64_t doc,
    gov_str_t hex, int must, gov_err_t *err)
{
    u_char           raw[GOV_DIGEST_LEN];
    gov_rc_t         rc;
    gov_key_t        k;
    gov_value_t     *v;
    gov_file_rec_t   f;

    rc = gov_file_load(t, a, site, hex, &f);

    if (rc == GOV_NOT_FOUND) {
        return must ? gov_fail(err, rc, "attachments", "没有附件 %.*s",
                               gov_strf(hex))
                    : GOV_OK;
    }

    if (rc != GOV_OK) {
        return gov_store_said(err, rc);
    }

    gov_rec_own(a, &gov_rec_file, &f);

    gov_each (v, f.docs) {
        if ((uint64_t) v->u.i == doc) {
            return GOV_OK;
        }
    }

    if (f.docs == NULL) {
        f.docs = gov_list(a);
    }

    if (f.docs->n >= GOV_FILE_DOCS_MAX) {
        return gov_fail(err, GOV_DENIED, "attachments",
                        "附件“%.*s”已被 %d 件文档使用", gov_strf(f.name),
                        GOV_FILE_DOCS_MAX);
    }

    gov_add(f.docs, gov_val_int(a, (int64_t) doc));
    (void) gov_unhex(raw, hex, GOV_DIGEST_LEN);
    gov_key_add_s(gov_key(&k), (gov_str_t) { GOV_DIGEST_LEN, raw });

    return gov_store_said(err, gov_save(gov_handle(t, site), GOV_T_FILES, &k,
                                        a, &f));
}
