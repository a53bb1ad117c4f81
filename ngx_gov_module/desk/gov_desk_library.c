
/*
 * Copyright (C) ngx_gov authors
 *
 * A site's library: what becomes of files that are there.
 */


#include "desk/gov_desk_file.h"
#include "desk/gov_desk_tell.h"


#define GOV_LIBRARY_USERS  5        /* documents told by number */


typedef struct {
    gov_site_t       site;
    u_char           raw[GOV_DIGEST_LEN];
    gov_str_t        digest;        /* the same as a string */
    gov_str_t        hex;
    gov_file_rec_t   rec;
} gov_desk_file_t;


static gov_rc_t gov_desk_file(gov_cmd_t *c, gov_desk_file_t *f);
static gov_rc_t gov_desk_file_out(gov_cmd_t *c, gov_desk_file_t *f);
static gov_rc_t gov_settle_tell(gov_cmd_t *c, gov_desk_file_t *f);
static gov_rc_t gov_desk_file_rename(gov_cmd_t *c, gov_desk_file_t *f);
static gov_rc_t gov_desk_file_ours(gov_cmd_t *c, uint32_t site,
    gov_str_t digest);
static gov_rc_t gov_desk_file_back(gov_cmd_t *c, uint32_t site,
    gov_str_t digest);
static gov_rc_t gov_desk_file_ours_in(gov_cmd_t *c, gov_str_t hex,
    gov_file_rec_t *f, gov_doc_t *doc);
static gov_rc_t gov_desk_file_unused(gov_cmd_t *c, gov_desk_file_t *f,
    int in_any_version);
static gov_rc_t gov_desk_file_no_logo(gov_cmd_t *c, gov_desk_file_t *f);


gov_rc_t
gov_desk_file_settle(gov_cmd_t *c)
{
    int              state;
    gov_rc_t         rc;
    gov_desk_file_t  f;

    rc = gov_desk_file(c, &f);
    if (rc != GOV_OK) {
        return rc;
    }

    state = gov_file_state_parse(gov_desk_str(c, "state"));

    if (state < 0) {
        return gov_fail(c->err, GOV_INVALID, "state",
                        "状态只能是 ok、held、refused");
    }

    f.rec.state = state;
    f.rec.why = gov_desk_str(c, "why");

    rc = gov_desk_file_out(c, &f);

    return rc == GOV_OK && state == GOV_FILE_REFUSED
           ? gov_settle_tell(c, &f) : rc;
}


/* the scanner came late: who brought it learned nothing when they did.  A
 * contractor's company stands behind the login */

static gov_rc_t
gov_settle_tell(gov_cmd_t *c, gov_desk_file_t *f)
{
    size_t         n;
    gov_rc_t       rc;
    gov_tell_t     tell;
    gov_account_t  account;

    for (n = 0; n < f->rec.by.len && f->rec.by.data[n] < 0x80; n++) {
        /* void */
    }

    rc = gov_account_by_login(c->txn, c->arena,
                              (gov_str_t) { n, f->rec.by.data }, &account);
    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND ? GOV_OK : rc;
    }

    gov_desk_tell_begin(c, &tell, GOV_NOTICE_FILE, f->site.id);
    tell.rec.text = gov_str_fmt(c->arena, "%.*s：%.*s", gov_strf(f->rec.name),
                                gov_strf(f->rec.why));

    return gov_desk_tell(c, &tell, account.id);
}


gov_rc_t
gov_desk_file_set(gov_cmd_t *c)
{
    gov_rc_t         rc;
    gov_desk_file_t  f;

    rc = gov_desk_file(c, &f);
    if (rc != GOV_OK) {
        return rc;
    }

    if (gov_desk_has(c, "alt")) {
        f.rec.alt = gov_desk_str(c, "alt");
    }

    if (gov_desk_has(c, "decorative")) {
        f.rec.decorative = gov_get_bool(c->in, "decorative");
    }

    if (f.rec.decorative && f.rec.alt.len) {
        return gov_fail(c->err, GOV_INVALID, "alt",
                        "装饰性图片不写替代文字，二者选一");
    }

    rc = gov_desk_has(c, "name") ? gov_desk_file_rename(c, &f) : GOV_OK;

    return rc == GOV_OK ? gov_desk_file_out(c, &f) : rc;
}


/* the ending says what it is, and stays; the old address leads to the new.
 * Pages show the name */

static gov_rc_t
gov_desk_file_rename(gov_cmd_t *c, gov_desk_file_t *f)
{
    gov_rc_t   rc;
    gov_str_t  name;

    name = gov_desk_str(c, "name");

    if (gov_media_named(name) != gov_media_named(f->rec.name)) {
        return gov_fail(c->err, GOV_INVALID, "name",
                        "文件名的后缀不能改：它说明文件的类型");
    }

    if (gov_str_eq(name, f->rec.name)) {
        return GOV_OK;
    }

    rc = gov_desk_file_ours(c, f->site.id, f->digest);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_file_named_too(c->arena, &f->rec, f->rec.name);

    f->rec.name = name;

    return GOV_OK;
}


gov_rc_t
gov_desk_file_replace(gov_cmd_t *c)
{
    u_char           with[GOV_DIGEST_LEN];
    gov_rc_t         rc;
    gov_desk_file_t  f;

    rc = gov_desk_file(c, &f);

    if (rc == GOV_OK) {
        rc = gov_desk_digest(c, gov_desk_str(c, "with"), "with", with);
    }

    if (rc == GOV_OK) {
        rc = gov_desk_file_put_in_place(c, f.site.id, f.digest,
                                        (gov_str_t) { GOV_DIGEST_LEN, with });
    }

    if (rc == GOV_OK) {
        gov_put_str(c->arena, c->out, "digest",
                    gov_hex_str(c->arena, with, GOV_DIGEST_LEN));
    }

    return rc;
}


gov_rc_t
gov_desk_file_put_in_place(gov_cmd_t *c, uint32_t site, gov_str_t digest,
    gov_str_t with)
{
    gov_rc_t  rc;

    rc = gov_desk_file_ours(c, site, digest);

    if (rc == GOV_OK) {
        rc = gov_desk_file_back(c, site, with);
    }

    return rc == GOV_OK
           ? gov_file_replace(c->txn, c->arena, site, digest, with, c->err)
           : rc;
}


/* one that was replaced stands for itself again: what names it shows it, and
 * no more what stood in its place.  One that is not there is told later */

static gov_rc_t
gov_desk_file_back(gov_cmd_t *c, uint32_t site, gov_str_t digest)
{
    gov_rc_t         rc;
    gov_file_rec_t   f;

    rc = gov_file_load(c->txn, c->arena, site,
                       gov_hex_str(c->arena, digest.data, digest.len), &f);

    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND ? GOV_OK : rc;
    }

    return f.replaced_by.len ? gov_desk_file_ours(c, site, digest) : GOV_OK;
}


/* may who asks change what documents show of the file */

static gov_rc_t
gov_desk_file_ours(gov_cmd_t *c, uint32_t site, gov_str_t digest)
{
    gov_rc_t         rc;
    gov_str_t        hex;
    gov_doc_t        doc;
    gov_value_t     *v;
    gov_file_rec_t   f;

    hex = gov_hex_str(c->arena, digest.data, digest.len);

    rc = gov_file_load(c->txn, c->arena, site, hex, &f);
    if (rc != GOV_OK) {
        return gov_fail(c->err, rc, "digest", "本站没有这个文件");
    }

    gov_each (v, f.docs) {
        rc = gov_doc_get(c->txn, c->arena, site, (uint64_t) v->u.i, &doc);

        if (rc == GOV_NOT_FOUND) {
            continue;
        }

        if (rc == GOV_OK) {
            rc = gov_desk_file_ours_in(c, hex, &f, &doc);
        }

        if (rc != GOV_OK) {
            return rc;
        }
    }

    return GOV_OK;
}


/* what the public reads is changed by who publishes it, what was judged by
 * nobody; in a replay both were asked when it was done */

static gov_rc_t
gov_desk_file_ours_in(gov_cmd_t *c, gov_str_t hex, gov_file_rec_t *f,
    gov_doc_t *doc)
{
    int       now, ever, judged;
    gov_rc_t  rc;

    rc = gov_file_used(c->txn, c->arena, doc->site, hex, f, doc->id, &now,
                       &ever);

    if (rc == GOV_OK && now && doc->rec.live) {
        rc = gov_desk_may(c, GOV_RIGHT_DOC_PUBLISH, doc->site,
                          (uint32_t) doc->rec.column, "digest");
    }

    if (rc != GOV_OK || !ever || c->op->again) {
        return rc;
    }

    rc = gov_file_judged(c->txn, c->arena, hex, f, doc, &judged);

    return rc == GOV_OK && judged
           ? gov_fail(c->err, GOV_CONFLICT, "digest",
                      "“%.*s”在文档 %llu 送审或审查过的版本中，不能改动："
                      "请先退回，或在文档中改用新文件", gov_strf(f->name),
                      (unsigned long long) doc->id)
           : rc;
}


gov_rc_t
gov_desk_file_remove(gov_cmd_t *c)
{
    gov_rc_t         rc;
    gov_desk_file_t  f;

    rc = gov_desk_file(c, &f);

    if (rc == GOV_OK) {
        rc = gov_desk_file_unused(c, &f, 0);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    if (f.rec.deleted) {
        return gov_fail(c->err, GOV_CONFLICT, "digest",
                        "“%.*s”已在回收站中", gov_strf(f.rec.name));
    }

    f.rec.deleted = c->op->time;

    return gov_desk_file_out(c, &f);
}


gov_rc_t
gov_desk_file_restore(gov_cmd_t *c)
{
    gov_rc_t         rc;
    gov_desk_file_t  f;

    rc = gov_desk_file(c, &f);
    if (rc != GOV_OK) {
        return rc;
    }

    if (f.rec.deleted == 0) {
        return gov_fail(c->err, GOV_CONFLICT, "digest",
                        "“%.*s”不在回收站中", gov_strf(f.rec.name));
    }

    f.rec.deleted = 0;

    return gov_desk_file_out(c, &f);
}


gov_rc_t
gov_desk_file_purge(gov_cmd_t *c)
{
    gov_rc_t         rc;
    gov_desk_file_t  f;

    rc = gov_desk_file(c, &f);
    if (rc != GOV_OK) {
        return rc;
    }

    if (f.rec.deleted == 0) {
        return gov_fail(c->err, GOV_DENIED, "digest",
                        "只能清除回收站中的文件");
    }

    rc = gov_desk_file_unused(c, &f, 1);

    if (rc == GOV_OK) {
        rc = gov_file_purge(c->txn, c->arena, f.site.id, f.digest, c->err);
    }

    gov_put_str(c->arena, c->out, "digest", f.hex);

    return rc;
}


/* the fields "site" and "digest": a file, no variant, in an open site */

static gov_rc_t
gov_desk_file(gov_cmd_t *c, gov_desk_file_t *f)
{
    int       is_public;
    gov_rc_t  rc;

    rc = gov_desk_file_site(c, &f->site);

    if (rc == GOV_OK) {
        rc = gov_desk_digest(c, gov_desk_str(c, "digest"), "digest", f->raw);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    f->digest.data = f->raw;
    f->digest.len = GOV_DIGEST_LEN;
    f->hex = gov_hex_str(c->arena, f->raw, GOV_DIGEST_LEN);

    rc = gov_file_get(c->txn, c->arena, f->site.id, f->hex, c->op->time,
                      &f->rec, &is_public);

    if (rc == GOV_NOT_FOUND || (rc == GOV_OK && f->rec.of.len)) {
        return gov_fail(c->err, GOV_NOT_FOUND, "digest",
                        "本站没有这个文件");
    }

    if (rc == GOV_OK) {
        gov_rec_own(c->arena, &gov_rec_file, &f->rec);
    }

    return rc;
}


static gov_rc_t
gov_desk_file_out(gov_cmd_t *c, gov_desk_file_t *f)
{
    gov_rc_t   rc;
    gov_str_t  url;

    rc = gov_file_name_ok(f->rec.name)
         ? gov_file_save(c->txn, c->arena, f->site.id, f->digest, &f->rec,
                         c->err)
         : gov_fail(c->err, GOV_INVALID, "name",
                    "文件名要 1 到 150 字，不能有斜杠和控制字符");

    if (rc == GOV_OK) {
        rc = gov_desk_file_url(c, &f->site, f->hex, f->rec.name, &url);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    gov_put_str(c->arena, c->out, "digest", f->hex);
    gov_put_str(c->arena, c->out, "name", f->rec.name);
    gov_put_c(c->arena, c->out, "state",
              gov_file_state_name((gov_file_state_t) f->rec.state));
    gov_put_str(c->arena, c->out, "url", url);

    return GOV_OK;
}


/* GOV_CONFLICT names the documents; the last versions count, or all */

static gov_rc_t
gov_desk_file_unused(gov_cmd_t *c, gov_desk_file_t *f, int in_any_version)
{
    int           now, ever;
    gov_rc_t      rc;
    unsigned      n;
    gov_buf_t     b;
    gov_value_t  *v;

    n = 0;
    gov_buf_init(&b, c->arena, 64);

    gov_each (v, f->rec.docs) {
        rc = gov_file_used(c->txn, c->arena, f->site.id, f->hex, &f->rec,
                           (uint64_t) v->u.i, &now, &ever);
        if (rc != GOV_OK) {
            return rc;
        }

        if ((in_any_version ? ever : now) && n++ < GOV_LIBRARY_USERS) {
            gov_buf_fmt(&b, "%s%lld", n > 1 ? "、" : "",
                        (long long) v->u.i);
        }
    }

    return n == 0 ? gov_desk_file_no_logo(c, f)
                  : gov_fail(c->err, GOV_CONFLICT, "digest",
                             "“%.*s”仍被 %u 件文档使用（%.*s）",
                             gov_strf(f->rec.name), n, gov_strf(b.s));
}


/* nor a form of it, nor what it took the place of; in a replay it was asked
 * when it was done */

static gov_rc_t
gov_desk_file_no_logo(gov_cmd_t *c, gov_desk_file_t *f)
{
    gov_rc_t         rc;
    gov_str_t        hex;
    gov_file_rec_t   logo;

    hex.data = f->site.rec.logo.data;
    hex.len = f->site.rec.logo.len < f->hex.len ? 0 : f->hex.len;

    if (hex.len == 0 || c->op->again) {
        return GOV_OK;
    }

    rc = GOV_OK;
    memset(&logo, 0, sizeof(gov_file_rec_t));

    if (!gov_str_eq(hex, f->hex)) {
        rc = gov_file_now(c->txn, c->arena, f->site.id, &hex, &logo);
    }

    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND ? GOV_OK : rc;
    }

    return gov_str_eq(hex, f->hex) || gov_str_eq(logo.of, f->digest)
           ? gov_fail(c->err, GOV_CONFLICT, "digest",
                      "“%.*s”是本站的标志：请先在站点设置中换下",
                      gov_strf(f->rec.name))
           : GOV_OK;
}
