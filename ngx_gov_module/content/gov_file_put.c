
/*
 * Copyright (C) ngx_gov authors
 *
 * Changes of attachments: brought, scanned, replaced, put away, bound to the
 * documents that name them.
 */


#include "content/gov_content_int.h"


#define GOV_WAS_MAX   150           /* digests one stands in the place of */
#define GOV_NAMES_MAX 100           /* names that were brought with it */


static void gov_file_keep(gov_arena_t *a, gov_file_rec_t *f,
    gov_file_rec_t *old);
static void gov_file_keep_name(gov_arena_t *a, gov_file_rec_t *f,
    gov_file_rec_t *old);
static gov_rc_t gov_file_refuse(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t digest, gov_file_rec_t *f, gov_file_rec_t *old);
static void gov_file_touch(gov_txn_t *t, uint32_t site, gov_str_t digest,
    gov_file_rec_t *f);
static gov_rc_t gov_file_own(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t digest, const char *field, gov_file_rec_t *f, gov_err_t *err);
static gov_rc_t gov_file_follow(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_file_rec_t *f, gov_str_t digest, gov_err_t *err);
static void gov_file_succeed(gov_arena_t *a, gov_file_rec_t *f,
    gov_str_t digest, gov_file_rec_t *old, gov_str_t old_digest);
static void gov_file_merge(gov_arena_t *a, gov_value_t **list,
    gov_value_t *more);
static gov_rc_t gov_file_purge_variants(gov_txn_t *t, gov_arena_t *a,
    uint32_t site, gov_str_t of, gov_value_t *variants);
static gov_rc_t gov_file_purge_variant(gov_txn_t *t, gov_arena_t *a,
    uint32_t site, gov_str_t of, gov_str_t hex);
static gov_rc_t gov_file_bind(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint64_t doc, gov_str_t hex, int must, gov_err_t *err);
static gov_rc_t gov_file_bind_one(gov_txn_t *t, gov_arena_t *a,
    uint32_t site, uint64_t doc, gov_str_t digest, gov_file_rec_t *f,
    gov_err_t *err);


gov_rc_t
gov_file_put(gov_txn_t *t, gov_arena_t *a, uint32_t site, gov_str_t digest,
    gov_file_rec_t *f, gov_err_t *err)
{
    gov_rc_t        rc;
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

    rc = gov_file_load_raw(t, a, site, digest, &old);

    if (rc == GOV_OK) {
        /* a small image brought for itself, and made of another one too */

        if (f->of.len && old.of.len == 0) {
            return GOV_OK;
        }

        gov_rec_own(a, &gov_rec_file, &old);
        gov_file_keep(a, f, &old);

    } else if (rc != GOV_NOT_FOUND) {
        return gov_store_said(err, rc);
    }

    return gov_file_save(t, a, site, digest, f, err);
}


/* brought again: it comes out of the bin; what a scan once found good stays
 * good until one finds something, and a variant that is now brought for
 * itself is a file */

static void
gov_file_keep(gov_arena_t *a, gov_file_rec_t *f, gov_file_rec_t *old)
{
    f->rest = old->rest;
    f->docs = old->docs;
    f->was = old->was;
    f->replaced_by = old->replaced_by;

    gov_file_keep_name(a, f, old);

    if (f->variants == NULL) {
        f->variants = old->variants;
    }

    if (f->width == 0) {
        f->width = old->width;
        f->height = old->height;
    }

    if (f->state == GOV_FILE_HELD && old->state == GOV_FILE_OK
        && old->of.len == 0)
    {
        f->state = GOV_FILE_OK;
        f->why = old->why;
    }

    if (f->alt.len == 0 && !f->decorative) {
        f->alt = old->alt;
        f->decorative = old->decorative;
    }
}


/* pages name it by the name it has, which whoever brings the same bytes does
 * not change; the type goes with the name's ending */

static void
gov_file_keep_name(gov_arena_t *a, gov_file_rec_t *f, gov_file_rec_t *old)
{
    gov_str_t  brought;

    brought = f->name;

    if (gov_media_named(brought) != gov_media_named(old->name)) {
        f->type = old->type;
    }

    f->name = old->name;
    f->names = old->names;

    if (!gov_str_eq(brought, f->name)
        && (f->names == NULL || f->names->n < GOV_NAMES_MAX))
    {
        gov_file_named_too(a, f, brought);
    }
}


void
gov_file_named_too(gov_arena_t *a, gov_file_rec_t *f, gov_str_t name)
{
    gov_value_t  *names;

    names = gov_list(a);
    gov_add(names, gov_val_str(a, name));

    gov_file_merge(a, &f->names, names);
}


gov_rc_t
gov_file_save(gov_txn_t *t, gov_arena_t *a, uint32_t site, gov_str_t digest,
    gov_file_rec_t *f, gov_err_t *err)
{
    gov_rc_t         rc;
    gov_key_t        k;
    gov_file_rec_t   old;

    rc = gov_file_load_raw(t, a, site, digest, &old);

    if (rc == GOV_OK) {
        gov_rec_own(a, &gov_rec_file, &old);
        rc = f->state == GOV_FILE_REFUSED
             ? gov_file_refuse(t, a, site, digest, f, &old)
             : gov_file_unshelve(t, site, digest, &old);

    } else if (rc == GOV_NOT_FOUND) {
        rc = GOV_OK;
    }

    if (rc == GOV_OK) {
        rc = gov_save(gov_handle(t, site), GOV_T_FILES,
                      gov_key_add_s(gov_key(&k), digest), a, f);
    }

    if (rc == GOV_OK) {
        rc = gov_file_appear(t, a, site, digest, f);
    }

    gov_file_touch(t, site, digest, f);

    return gov_store_said(err, rc);
}


/* of what was found the record stays, its bytes and its variants go */

static gov_rc_t
gov_file_refuse(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t digest, gov_file_rec_t *f, gov_file_rec_t *old)
{
    gov_rc_t  rc;

    f->variants = NULL;

    rc = gov_file_vanish(t, a, site, digest, old);

    return rc == GOV_OK
           ? gov_file_purge_variants(t, a, site, digest, old->variants) : rc;
}


/* one that no page shows has a mark all the same: the site's chain names the
 * change */

static void
gov_file_touch(gov_txn_t *t, uint32_t site, gov_str_t digest,
    gov_file_rec_t *f)
{
    gov_value_t  *v;

    gov_touch(t, site, gov_slot_doc(digest.data[0]));

    gov_each (v, f->docs) {
        gov_touch(t, site, gov_slot_doc((uint64_t) v->u.i));
    }
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


gov_rc_t
gov_file_replace(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t digest, gov_str_t with, gov_err_t *err)
{
    gov_rc_t         rc;
    gov_file_rec_t   old, f;

    rc = gov_file_own(t, a, site, digest, "digest", &old, err);

    if (rc == GOV_OK) {
        rc = gov_file_own(t, a, site, with, "with", &f, err);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    if (gov_str_eq(digest, with)) {
        return gov_fail(err, GOV_INVALID, "with", "新旧是同一个文件");
    }

    if (old.replaced_by.len) {
        return gov_fail(err, GOV_CONFLICT, "digest",
                        "“%.*s”已被别的文件替换", gov_strf(old.name));
    }

    if (f.state != GOV_FILE_OK || f.deleted) {
        return gov_fail(err, GOV_DENIED, "with",
                        "“%.*s”还不能使用：正在检查、被拒绝或在回收站中",
                        gov_strf(f.name));
    }

    if (old.was && old.was->n >= GOV_WAS_MAX) {
        return gov_fail(err, GOV_DENIED, "digest",
                        "“%.*s”替换的次数太多，请另传新文件并改文档",
                        gov_strf(old.name));
    }

    gov_file_succeed(a, &f, with, &old, digest);

    rc = gov_file_follow(t, a, site, &old, with, err);

    if (rc == GOV_OK) {
        rc = gov_file_save(t, a, site, with, &f, err);
    }

    if (rc == GOV_OK) {
        old.replaced_by = with;
        old.was = NULL;
        rc = gov_file_save(t, a, site, digest, &old, err);
    }

    return rc;
}


static gov_rc_t
gov_file_own(gov_txn_t *t, gov_arena_t *a, uint32_t site, gov_str_t digest,
    const char *field, gov_file_rec_t *f, gov_err_t *err)
{
    gov_rc_t  rc;

    rc = gov_file_load_raw(t, a, site, digest, f);

    if (rc == GOV_NOT_FOUND || (rc == GOV_OK && f->of.len)) {
        return gov_fail(err, GOV_NOT_FOUND, field, "本站没有这个文件");
    }

    if (rc == GOV_OK) {
        gov_rec_own(a, &gov_rec_file, f);
    }

    return gov_store_said(err, rc);
}


/* all whose place the old one took lead to the newest at once */

static gov_rc_t
gov_file_follow(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_file_rec_t *old, gov_str_t with, gov_err_t *err)
{
    u_char           raw[GOV_DIGEST_LEN];
    gov_rc_t         rc;
    gov_str_t        digest;
    gov_value_t     *v;
    gov_file_rec_t   f;

    digest.data = raw;
    digest.len = GOV_DIGEST_LEN;

    gov_each (v, old->was) {
        if (gov_unhex(raw, v->u.s, GOV_DIGEST_LEN) != 0
            || gov_str_eq(digest, with))
        {
            continue;
        }

        rc = gov_file_load_raw(t, a, site, digest, &f);

        if (rc == GOV_NOT_FOUND || (rc == GOV_OK && f.of.len)) {
            continue;
        }

        if (rc != GOV_OK) {
            return gov_store_said(err, rc);
        }

        gov_rec_own(a, &gov_rec_file, &f);
        f.replaced_by = with;

        rc = gov_file_save(t, a, site, digest, &f, err);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    return GOV_OK;
}


/* one that stood in that place before stands there again */

static void
gov_file_succeed(gov_arena_t *a, gov_file_rec_t *f, gov_str_t digest,
    gov_file_rec_t *old, gov_str_t old_digest)
{
    gov_str_t     hex;
    gov_value_t  *v, *was;

    was = gov_list(a);
    gov_add(was, gov_val_str(a, gov_hex_str(a, old_digest.data,
                                            old_digest.len)));
    hex = gov_hex_str(a, digest.data, digest.len);

    /* a document may name a smaller form of the old one alone */

    gov_each (v, old->variants) {
        gov_add(was, gov_val_str(a, gov_get_str(v, "digest")));
    }

    gov_each (v, old->was) {
        if (!gov_str_eq(v->u.s, hex)) {
            gov_add(was, gov_val_str(a, v->u.s));
        }
    }

    gov_file_merge(a, &f->was, was);
    gov_file_merge(a, &f->docs, old->docs);
    f->replaced_by.len = 0;

    if (f->alt.len == 0 && !f->decorative) {
        f->alt = old->alt;
        f->decorative = old->decorative;
    }
}


/* texts or numbers; what is there already is not added */

static void
gov_file_merge(gov_arena_t *a, gov_value_t **list, gov_value_t *more)
{
    gov_value_t  *v, *there;

    if (*list == NULL) {
        *list = gov_list(a);
    }

    gov_each (v, more) {
        gov_each (there, *list) {
            if (v->kind == GOV_INT ? there->u.i == v->u.i
                                   : gov_str_eq(there->u.s, v->u.s))
            {
                break;
            }
        }

        if (there == NULL) {
            gov_add(*list, gov_value_copy(a, v));
        }
    }
}


gov_rc_t
gov_file_purge(gov_txn_t *t, gov_arena_t *a, uint32_t site, gov_str_t digest,
    gov_err_t *err)
{
    gov_rc_t         rc;
    gov_key_t        k;
    gov_file_rec_t   f;

    rc = gov_file_own(t, a, site, digest, "digest", &f, err);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_file_vanish(t, a, site, digest, &f);

    if (rc == GOV_OK) {
        rc = gov_file_purge_variants(t, a, site, digest, f.variants);
    }

    if (rc == GOV_OK) {
        rc = gov_drop(gov_handle(t, site), GOV_T_FILES,
                      gov_key_add_s(gov_key(&k), digest));
    }

    gov_touch(t, site, gov_slot_doc(digest.data[0]));

    return gov_store_said(err, rc);
}


static gov_rc_t
gov_file_purge_variants(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t of, gov_value_t *variants)
{
    gov_rc_t      rc;
    gov_value_t  *v;

    gov_each (v, variants) {
        rc = gov_file_purge_variant(t, a, site, of, gov_get_str(v, "digest"));
        if (rc != GOV_OK) {
            return rc;
        }
    }

    return GOV_OK;
}


static gov_rc_t
gov_file_purge_variant(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t of, gov_str_t hex)
{
    u_char           raw[GOV_DIGEST_LEN];
    gov_rc_t         rc;
    gov_str_t        digest;
    gov_key_t        k;
    gov_file_rec_t   f;

    rc = gov_file_load(t, a, site, hex, &f);

    if (rc != GOV_OK || !gov_str_eq(f.of, of)) {
        return rc == GOV_NOT_FOUND ? GOV_OK : rc;
    }

    (void) gov_unhex(raw, hex, GOV_DIGEST_LEN);
    digest = (gov_str_t) { GOV_DIGEST_LEN, raw };

    rc = gov_file_vanish(t, a, site, digest, &f);

    return rc == GOV_OK ? gov_drop(gov_handle(t, site), GOV_T_FILES,
                                   gov_key_s(&k, digest))
                        : rc;
}


/*
 * What the list names must be there; an address in a body may lead to a file
 * of another site, which is that site's matter.
 */

gov_rc_t
gov_files_bind(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint64_t doc,
    gov_version_rec_t *v, gov_err_t *err)
{
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

    if (b.html.len == 0 || memchr(b.html.data, '"', b.html.len) == NULL) {
        return GOV_OK;              /* no attribute, so no address */
    }

    b.html = gov_str_copy(a, b.html);

    while (gov_file_next(&b.html, &hex)) {
        rc = gov_file_bind(t, a, site, doc, hex, 0, err);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    return GOV_OK;
}


/* pages show what stands in its place, one step on as gov_file_now() goes:
 * that one is the document's too.  It may be purged */

static gov_rc_t
gov_file_bind(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint64_t doc,
    gov_str_t hex, int must, gov_err_t *err)
{
    u_char           raw[GOV_DIGEST_LEN];
    gov_rc_t         rc;
    gov_str_t        digest;
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

    (void) gov_unhex(raw, hex, GOV_DIGEST_LEN);
    digest = (gov_str_t) { GOV_DIGEST_LEN, raw };

    if (f.of.len) {
        digest = gov_str_copy(a, f.of);

        rc = gov_file_load_raw(t, a, site, digest, &f);
        if (rc != GOV_OK) {
            return gov_store_said(err, rc);
        }
    }

    rc = gov_file_bind_one(t, a, site, doc, digest, &f, err);

    if (rc != GOV_OK || f.replaced_by.len == 0) {
        return rc;
    }

    digest = f.replaced_by;

    rc = gov_file_load_raw(t, a, site, digest, &f);

    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND ? GOV_OK : gov_store_said(err, rc);
    }

    return gov_file_bind_one(t, a, site, doc, digest, &f, err);
}


/* f is the record of that digest, just loaded, and is owned after */

static gov_rc_t
gov_file_bind_one(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint64_t doc,
    gov_str_t digest, gov_file_rec_t *f, gov_err_t *err)
{
    gov_key_t     k;
    gov_value_t  *v;

    gov_rec_own(a, &gov_rec_file, f);

    gov_each (v, f->docs) {
        if ((uint64_t) v->u.i == doc) {
            return GOV_OK;
        }
    }

    if (f->docs == NULL) {
        f->docs = gov_list(a);
    }

    if (f->docs->n >= GOV_FILE_DOCS_MAX) {
        return gov_fail(err, GOV_DENIED, "attachments",
                        "附件“%.*s”已被 %d 件文档使用", gov_strf(f->name),
                        GOV_FILE_DOCS_MAX);
    }

    gov_add(f->docs, gov_val_int(a, (int64_t) doc));
    gov_key_add_s(gov_key(&k), digest);

    return gov_store_said(err, gov_save(gov_handle(t, site), GOV_T_FILES, &k,
                                        a, f));
}
