
/*
 * Copyright (C) ngx_gov authors
 *
 * Adding, saving and moving sites.
 *
 * gov_site_add() decides first and changes afterwards, so that a row of an
 * import that is refused leaves nothing and costs no transaction of its own.
 * It reads by key only: no scan, whatever the number of sites.
 */


#include "site/gov_site_int.h"


static gov_rc_t gov_add_facts(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site, gov_site_t *parent, gov_err_t *err);
static gov_rc_t gov_add_parent(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site, gov_site_t *parent, gov_err_t *err);
static gov_rc_t gov_add_address(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site, gov_site_t *parent, int suffix, int64_t now,
    gov_err_t *err);
static gov_rc_t gov_add_host(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_str_t pattern, int64_t now, gov_err_t *err);
static gov_str_t gov_host_fill(gov_arena_t *a, gov_str_t pattern,
    gov_site_t *site);
static gov_rc_t gov_add_records(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site);
static gov_rc_t gov_add_state(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site, int64_t now);
static gov_rc_t gov_child_put(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site);
static gov_rc_t gov_site_record(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site, gov_site_rec_t *was);
static gov_rc_t gov_move_records(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site, uint32_t parent);
static int gov_site_listed_same(gov_site_rec_t *one, gov_site_rec_t *two);


gov_rc_t
gov_site_add(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    int suffix_on_clash, int64_t now, gov_err_t *err)
{
    gov_rc_t    rc;
    uint64_t    id, made;
    gov_site_t  parent;

    rc = gov_add_facts(t, a, site, &parent, err);

    if (rc == GOV_OK) {
        rc = gov_add_address(t, a, site, &parent, suffix_on_clash, now, err);
    }

    if (rc == GOV_OK) {
        rc = gov_add_state(t, a, site, now);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_journal_next(t, &made);

    if (rc == GOV_OK) {
        rc = gov_next(t, "site", &id);
    }

    if (rc != GOV_OK) {
        return gov_fail(err, rc, "", "没有取得站点编号");
    }

    site->id = id;
    site->rec.since = now;
    site->rec.next_column = 0;
    site->rec.made = (int64_t) made;
    gov_touch_made(t, site->id);

    return gov_add_records(t, a, site);
}


static gov_rc_t
gov_add_facts(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_site_t *parent, gov_err_t *err)
{
    gov_rc_t         rc;
    gov_site_t       other;
    gov_site_rec_t  *rec;

    rec = &site->rec;

    if (!gov_code_valid(rec->code)) {
        return gov_fail(err, GOV_INVALID, "code", "“%.*s”不是代码",
                        gov_strf(gov_utf8_head(rec->code, 40)));
    }

    rec->code = gov_code_canon(a, rec->code);

    rc = gov_site_name_fits(rec->name, err);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_site_by_code(t, a, rec->code, &other);

    if (rc == GOV_OK) {
        return gov_fail(err, GOV_CONFLICT, "code", "代码 %.*s 已由“%.*s”使用",
                        gov_strf(rec->code), gov_strf(other.rec.name));
    }

    if (rc != GOV_NOT_FOUND) {
        return gov_fail(err, rc, "code", "读取代码 %.*s 失败",
                        gov_strf(rec->code));
    }

    return gov_add_parent(t, a, site, parent, err);
}


gov_rc_t
gov_site_name_fits(gov_str_t name, gov_err_t *err)
{
    return name.len != 0 && gov_utf8_chars(name) <= 60
           ? GOV_OK
           : gov_fail(err, GOV_INVALID, "name", "名称应为 1 至 60 字");
}


/* parent->id is 0 for a root */

static gov_rc_t
gov_add_parent(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_site_t *parent, gov_err_t *err)
{
    gov_rc_t  rc;

    parent->id = 0;

    if (site->rec.parent) {
        rc = gov_site_get(t, a, site->rec.parent, parent);
        if (rc != GOV_OK) {
            return gov_fail(err, rc, "parent", "没有这个上级站点");
        }

        if (gov_site_ended(parent->rec.state)) {
            return gov_fail(err, GOV_DENIED, "parent",
                            "上级站点“%.*s”已关停或合并",
                            gov_strf(parent->rec.name));
        }
    }

    if (parent->id == 0 && site->rec.mode == GOV_MODE_PAGE) {
        return gov_fail(err, GOV_DENIED, "mode",
                        "网页模式的站点必须有上级站点");
    }

    return gov_level_check((int) site->rec.level, site->rec.code,
                           parent->id ? parent : NULL, err);
}


/* the first slug, of those that may be tried, whose address is free */

static gov_rc_t
gov_add_address(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_site_t *parent, int suffix, int64_t now, gov_err_t *err)
{
    gov_rc_t   rc;
    unsigned   k;
    gov_err_t  why;
    gov_str_t  wish, pattern;

    wish = site->rec.slug;
    pattern = site->rec.host;

    if (wish.len && !suffix && !gov_slug_valid(wish)) {
        return gov_fail(err, GOV_INVALID, "slug",
                        "“%.*s”不能作地址名：须为 1 至 32 个小写字母、数字"
                        "或“-”", gov_strf(gov_utf8_head(wish, 40)));
    }

    rc = GOV_CONFLICT;
    memset(&why, 0, sizeof(gov_err_t));

    for (k = 0; rc == GOV_CONFLICT; k++) {

        if (k > 0 && !suffix) {
            break;
        }

        site->rec.slug = gov_slug_try(a, wish, site->rec.code, k);

        if (site->rec.slug.len == 0) {
            break;
        }

        memset(&why, 0, sizeof(gov_err_t));

        if (site->rec.mode == GOV_MODE_PAGE) {
            site->rec.host.len = 0;
            rc = gov_name_free(t, a, parent, 0, site->rec.slug, 0, &why);

        } else {
            rc = gov_add_host(t, a, site, pattern, now, &why);
        }
    }

    if (rc != GOV_OK) {
        return gov_fail(err, rc, why.field, "%s",
                        why.text[0] ? why.text : "地址无法确定");
    }

    return GOV_OK;
}


static gov_rc_t
gov_add_host(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_str_t pattern, int64_t now, gov_err_t *err)
{
    gov_rc_t   rc;
    gov_str_t  host;

    if (pattern.len) {
        host = gov_host_fill(a, pattern, site);

    } else {
        rc = gov_host_below(t, a, site->rec.parent, site->rec.slug, &host);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    rc = gov_host_fits(t, a, 0, host, now, &host, err);

    site->rec.host = host;

    return rc;
}


/* {code} and {slug} put in; other braces stay and are refused as no host */

static gov_str_t
gov_host_fill(gov_arena_t *a, gov_str_t pattern, gov_site_t *site)
{
    size_t     i;
    gov_buf_t  b;
    gov_str_t  rest;

    if (memchr(pattern.data, '{', pattern.len) == NULL) {
        return pattern;
    }

    gov_buf_init(&b, a, pattern.len + 32);

    for (i = 0; i < pattern.len; /* void */) {
        rest.data = pattern.data + i;
        rest.len = pattern.len - i;

        if (gov_str_starts(rest, "{code}")) {
            gov_buf_str(&b, site->rec.code);
            i += sizeof("{code}") - 1;

        } else if (gov_str_starts(rest, "{slug}")) {
            gov_buf_str(&b, site->rec.slug);
            i += sizeof("{slug}") - 1;

        } else {
            gov_buf_add(&b, rest.data, 1);
            i++;
        }
    }

    return b.s;
}


static gov_rc_t
gov_add_records(gov_txn_t *t, gov_arena_t *a, gov_site_t *site)
{
    gov_rc_t        rc;
    gov_key_t       k;
    gov_ref_rec_t   ref;

    memset(&ref, 0, sizeof(gov_ref_rec_t));
    ref.to = site->id;

    rc = gov_save(gov_handle(t, GOV_HUB), GOV_T_CODES,
                  gov_key_s(&k, site->rec.code), a, &ref);

    if (rc == GOV_OK) {
        rc = gov_child_put(t, a, site);
    }

    if (rc == GOV_OK) {
        rc = site->rec.mode == GOV_MODE_PAGE
             ? gov_name_put_site(t, a, site->rec.parent, site->rec.slug,
                                 GOV_PLACE_SITE, site->id)
             : gov_host_put(t, a, site->rec.host, GOV_PLACE_SITE, site->id);
    }

    return rc == GOV_OK ? gov_site_write(t, a, site) : rc;
}


/* live at once where the gates only warn */

static gov_rc_t
gov_add_state(gov_txn_t *t, gov_arena_t *a, gov_site_t *site, int64_t now)
{
    int         trial;
    gov_rc_t    rc;
    gov_err_t   why;
    gov_base_t  base;

    memset(&why, 0, sizeof(gov_err_t));

    if (site->rec.state != GOV_SITE_LIVE) {
        site->rec.state = GOV_SITE_PREPARING;
        return GOV_OK;
    }

    rc = gov_site_base(t, a, site, &base);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_domain_check(t, a, base.host, now, &trial, &why);

    if (!trial) {
        site->rec.state = GOV_SITE_PREPARING;
    }

    return rc == GOV_DENIED ? GOV_OK : rc;
}


static gov_rc_t
gov_child_put(gov_txn_t *t, gov_arena_t *a, gov_site_t *site)
{
    gov_key_t      k;
    gov_ref_rec_t  ref;

    memset(&ref, 0, sizeof(gov_ref_rec_t));
    ref.to = site->id;

    gov_key_add_s(gov_key4(&k, site->rec.parent), site->rec.code);

    return gov_save(gov_handle(t, GOV_HUB), GOV_T_CHILDREN, &k, a, &ref);
}


gov_rc_t
gov_site_write(gov_txn_t *t, gov_arena_t *a, gov_site_t *site)
{
    gov_rc_t    rc;
    gov_site_t  old;

    gov_touch(t, site->id, GOV_SLOT_SITE);
    gov_touch(t, site->rec.parent, GOV_SLOT_CHILDREN);

    rc = gov_site_get(t, a, site->id, &old);

    if (rc != GOV_OK && rc != GOV_NOT_FOUND) {
        return rc;
    }

    return gov_site_record(t, a, site, rc == GOV_OK ? &old.rec : NULL);
}


static gov_rc_t
gov_site_record(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_site_rec_t *was)
{
    gov_rc_t   rc;
    gov_key_t  k;

    rc = gov_find_put(t, a, site, was);

    return rc == GOV_OK ? gov_save(gov_handle(t, GOV_HUB), GOV_T_SITES,
                                   gov_key4(&k, site->id), a, &site->rec)
                        : rc;
}


gov_rc_t
gov_site_save(gov_txn_t *t, gov_arena_t *a, gov_site_t *site)
{
    gov_rc_t    rc;
    gov_site_t  old;

    rc = gov_site_get(t, a, site->id, &old);
    if (rc != GOV_OK) {
        return rc;
    }

    site->rec.code = old.rec.code;
    site->rec.parent = old.rec.parent;
    site->rec.slug = old.rec.slug;
    site->rec.mode = old.rec.mode;
    site->rec.host = old.rec.host;
    site->rec.made = old.rec.made;

    gov_touch(t, site->id, GOV_SLOT_SITE);

    if (!gov_site_listed_same(&old.rec, &site->rec)) {
        gov_touch(t, site->rec.parent, GOV_SLOT_CHILDREN);
    }

    return gov_site_record(t, a, site, &old.rec);
}


/* what lists of children show of a site */

static int
gov_site_listed_same(gov_site_rec_t *one, gov_site_rec_t *two)
{
    return gov_str_eq(one->name, two->name)
           && gov_str_eq(one->legal_name, two->legal_name)
           && gov_str_eq(one->abbr, two->abbr)
           && one->state == two->state
           && one->level == two->level;
}


gov_rc_t
gov_site_move(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    uint32_t parent, gov_err_t *err)
{
    gov_rc_t    rc;
    gov_site_t  to, at;

    if (parent == site->rec.parent) {
        return GOV_OK;
    }

    rc = gov_site_path(t, a, parent, site->id);

    if (rc == GOV_OK) {
        return gov_fail(err, GOV_INVALID, "parent",
                        "“%.*s”不能挂在自己或自己的下级之下",
                        gov_strf(gov_utf8_head(site->rec.name, 40)));
    }

    if (rc != GOV_NOT_FOUND) {
        return rc;
    }

    at = *site;
    at.rec.parent = parent;

    rc = gov_add_parent(t, a, &at, &to, err);

    if (rc == GOV_OK && site->rec.mode == GOV_MODE_PAGE) {
        rc = gov_name_free(t, a, &to, 0, site->rec.slug, site->id, err);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    return gov_move_records(t, a, site, parent);
}


static gov_rc_t
gov_move_records(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    uint32_t parent)
{
    gov_rc_t   rc;
    uint32_t   old;
    gov_key_t  k;

    old = site->rec.parent;

    gov_key_add_s(gov_key4(&k, old), site->rec.code);
    gov_touch(t, old, GOV_SLOT_CHILDREN);

    rc = gov_drop(gov_handle(t, GOV_HUB), GOV_T_CHILDREN, &k);

    if (rc == GOV_OK && site->rec.mode == GOV_MODE_PAGE) {
        rc = gov_name_put_site(t, a, old, site->rec.slug, GOV_PLACE_MOVED,
                               site->id);

        if (rc == GOV_OK) {
            rc = gov_name_put_site(t, a, parent, site->rec.slug,
                                   GOV_PLACE_SITE, site->id);
        }
    }

    if (rc == GOV_OK) {
        site->rec.parent = parent;
        rc = gov_child_put(t, a, site);
    }

    return rc == GOV_OK ? gov_site_write(t, a, site) : rc;
}
