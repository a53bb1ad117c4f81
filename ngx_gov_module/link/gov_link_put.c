
/*
 * Copyright (C) ngx_gov authors
 *
 * Link groups, changed.  A change touches the owner's links and those of
 * every site that took the group, so that all of them show it on the next
 * request and nobody else's page is built again.
 */


#include "link/gov_link_int.h"


static gov_rc_t gov_link_fail(gov_err_t *err, gov_rc_t rc);
static gov_rc_t gov_link_links(gov_txn_t *t, gov_arena_t *a,
    gov_value_t *links, gov_value_t **out, gov_err_t *err);
static gov_rc_t gov_link_item(gov_txn_t *t, gov_arena_t *a,
    gov_value_t *link, gov_value_t *out, gov_err_t *err);
static int gov_link_url_ok(gov_str_t url);
static gov_rc_t gov_link_room(gov_handle_t h, gov_table_t t,
    gov_key_t *prefix, size_t most, gov_err_t *err);
static gov_rc_t gov_link_touch(gov_txn_t *t, uint32_t site, gov_str_t name);
static gov_key_t *gov_link_key(gov_key_t *k, uint32_t site, gov_str_t name);


gov_rc_t
gov_link_share(gov_txn_t *t, gov_arena_t *a, uint32_t site, gov_str_t name,
    gov_str_t title, int64_t order, gov_value_t *links, gov_err_t *err)
{
    gov_rc_t          rc;
    gov_key_t         k;
    gov_handle_t      hub;
    gov_group_rec_t   g, old;

    memset(&g, 0, sizeof(gov_group_rec_t));
    g.title = title;
    g.order = order;
    hub = gov_handle(t, GOV_HUB);

    if (!gov_slug_valid(name)) {
        return gov_fail(err, GOV_INVALID, "group",
                        "组名要是小写字母、数字和连字符，最多 32 个");
    }

    if (title.len == 0 || gov_utf8_chars(title) > 60
        || !gov_text_clean(title))
    {
        return gov_fail(err, GOV_INVALID, "title", "标题要 1 到 60 字");
    }

    rc = gov_link_links(t, a, links, &g.links, err);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_link_get(t, a, site, name, &old);
    if (rc != GOV_OK && rc != GOV_NOT_FOUND) {
        return gov_link_fail(err, rc);
    }

    if (rc == GOV_NOT_FOUND) {
        rc = gov_link_room(hub, GOV_T_GROUPS, gov_key4(&k, site),
                           GOV_LINK_GROUPS, err);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    rc = gov_link_touch(t, site, name);

    if (rc == GOV_OK) {
        rc = gov_save(hub, GOV_T_GROUPS, gov_link_key(&k, site, name), a, &g);
    }

    return gov_link_fail(err, rc);
}


static gov_rc_t
gov_link_fail(gov_err_t *err, gov_rc_t rc)
{
    return rc == GOV_OK ? rc
           : gov_fail(err, rc, "", "链接组没有存下（%s）", gov_rc_name(rc));
}


static gov_rc_t
gov_link_links(gov_txn_t *t, gov_arena_t *a, gov_value_t *links,
    gov_value_t **out, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_value_t  *link;

    *out = gov_list(a);

    if (links == NULL || links->n == 0 || links->n > GOV_LINK_LINKS) {
        return gov_fail(err, GOV_INVALID, "links", "一组要有 1 到 %d 条链接",
                        GOV_LINK_LINKS);
    }

    gov_each (link, links) {
        rc = gov_link_item(t, a, link, gov_add_map(a, *out), err);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    return GOV_OK;
}


/* a site is kept by number: it may be renamed and move */

static gov_rc_t
gov_link_item(gov_txn_t *t, gov_arena_t *a, gov_value_t *link,
    gov_value_t *out, gov_err_t *err)
{
    gov_rc_t    rc;
    gov_str_t   title, url, code;
    gov_site_t  site;

    title = gov_get_str(link, "title");
    url = gov_get_str(link, "url");
    code = gov_get_str(link, "site");

    if (gov_utf8_chars(title) > 60 || !gov_text_clean(title)
        || (title.len == 0 && code.len == 0))
    {
        return gov_fail(err, GOV_INVALID, "links", "链接标题要 1 到 60 字");
    }

    if ((url.len == 0) == (code.len == 0)) {
        return gov_fail(err, GOV_INVALID, "links",
                        "“%.*s”要有 url 或 site 之一", gov_strf(title));
    }

    if (code.len != 0) {
        rc = gov_site_by_code(t, a, gov_code_canon(a, code), &site);
        if (rc != GOV_OK) {
            return gov_fail(err, rc, "links", "没有代码为“%.*s”的站点",
                            gov_strf(gov_utf8_head(code, 40)));
        }

        if (title.len == 0) {
            title = gov_str_copy(a, site.rec.name);
        }

        gov_put_str(a, out, "title", title);
        gov_put_int(a, out, "site", site.id);

        return GOV_OK;
    }

    if (!gov_link_url_ok(url)) {
        return gov_fail(err, GOV_INVALID, "links",
                        "“%.*s”的地址要以 http:// 或 https:// 开头",
                        gov_strf(title));
    }

    gov_put_str(a, out, "title", title);
    gov_put_str(a, out, "url", url);

    return GOV_OK;
}


static int
gov_link_url_ok(gov_str_t url)
{
    size_t  i, least;

    least = gov_str_starts(url, "http://") ? 8
            : gov_str_starts(url, "https://") ? 9 : 0;

    if (least == 0 || url.len < least || url.len > 1000
        || !gov_utf8_valid(url))
    {
        return 0;
    }

    for (i = 0; i < url.len; i++) {
        if (url.data[i] <= 0x20 || url.data[i] == 0x7f
            || strchr("\"'<>\\`", url.data[i]) != NULL)
        {
            return 0;
        }
    }

    return 1;
}


static gov_rc_t
gov_link_room(gov_handle_t h, gov_table_t t, gov_key_t *prefix, size_t most,
    gov_err_t *err)
{
    size_t      n;
    gov_rc_t    rc;
    gov_scan_t  sc;

    rc = gov_scan_open(&sc, h, t, prefix, GOV_FORWARD);
    if (rc != GOV_OK) {
        return gov_link_fail(err, rc);
    }

    for (n = 0; n < most; n++) {
        rc = gov_scan_next(&sc, NULL, NULL);

        if (rc != GOV_OK || (gov_key_get4(sc.key, 0) & GOV_TAKEN_BY)) {
            break;
        }
    }

    gov_scan_close(&sc);

    if (rc != GOV_OK && rc != GOV_DONE) {
        return gov_link_fail(err, rc);
    }

    if (n == most) {
        return gov_fail(err, GOV_DENIED, "group", "一个站点最多 %zu 组链接",
                        most);
    }

    return GOV_OK;
}


static gov_key_t *
gov_link_key(gov_key_t *k, uint32_t site, gov_str_t name)
{
    return gov_key_add_s(gov_key4(k, site), name);
}


/* the owner, and who took this group */

static gov_rc_t
gov_link_touch(gov_txn_t *t, uint32_t site, gov_str_t name)
{
    gov_rc_t    rc;
    uint32_t    taker;
    gov_key_t   k;
    gov_scan_t  sc;

    gov_touch(t, site, GOV_SLOT_LINKS);

    rc = gov_scan_open(&sc, gov_handle(t, site), GOV_T_TAKEN, gov_key(&k),
                       GOV_FORWARD);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_scan_from(&sc, gov_key4(&k, GOV_TAKEN_BY));

    while ((rc = gov_scan_next(&sc, NULL, NULL)) == GOV_OK) {
        taker = gov_key_get4(sc.key, 0);

        if (gov_str_eq(gov_link_name(sc.key), name)) {
            gov_touch(t, taker & ~GOV_TAKEN_BY, GOV_SLOT_LINKS);
        }
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


gov_rc_t
gov_link_unshare(gov_txn_t *t, gov_arena_t *a, uint32_t site, gov_str_t name,
    gov_err_t *err)
{
    gov_rc_t   rc;
    gov_key_t  k;

    (void) a;

    rc = gov_drop(gov_handle(t, GOV_HUB), GOV_T_GROUPS,
                  gov_link_key(&k, site, name));

    if (rc == GOV_NOT_FOUND) {
        return gov_fail(err, rc, "group", "本站没有共享链接组“%.*s”",
                        gov_strf(gov_utf8_head(name, 40)));
    }

    if (rc == GOV_OK) {
        rc = gov_link_touch(t, site, name);
    }

    return gov_link_fail(err, rc);
}


gov_rc_t
gov_link_take(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint32_t from,
    gov_str_t name, gov_err_t *err)
{
    gov_rc_t          rc;
    gov_key_t         k;
    gov_handle_t      h;
    gov_ref_rec_t     ref;
    gov_group_rec_t   g;

    if (site == from) {
        return gov_fail(err, GOV_INVALID, "from", "本站的链接组不用引用");
    }

    rc = gov_link_get(t, a, from, name, &g);

    if (rc != GOV_OK) {
        return gov_fail(err, rc, "group", "对方没有共享链接组“%.*s”",
                        gov_strf(gov_utf8_head(name, 40)));
    }

    h = gov_handle(t, site);

    rc = gov_load(h, GOV_T_TAKEN, gov_link_key(&k, from, name), a, &ref);
    if (rc != GOV_NOT_FOUND) {
        return gov_link_fail(err, rc);
    }

    rc = gov_link_room(h, GOV_T_TAKEN, gov_key(&k), GOV_LINK_TAKEN, err);
    if (rc != GOV_OK) {
        return rc;
    }

    memset(&ref, 0, sizeof(gov_ref_rec_t));
    ref.to = from;
    gov_touch(t, site, GOV_SLOT_LINKS);

    rc = gov_save(h, GOV_T_TAKEN, gov_link_key(&k, from, name), a, &ref);

    if (rc == GOV_OK) {
        ref.to = site;
        rc = gov_save(gov_handle(t, from), GOV_T_TAKEN,
                      gov_link_key(&k, site | GOV_TAKEN_BY, name), a, &ref);
    }

    return gov_link_fail(err, rc);
}


gov_rc_t
gov_link_drop(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint32_t from,
    gov_str_t name, gov_err_t *err)
{
    gov_rc_t   rc;
    gov_key_t  k;

    (void) a;

    rc = gov_drop(gov_handle(t, site), GOV_T_TAKEN,
                  gov_link_key(&k, from, name));

    if (rc == GOV_NOT_FOUND) {
        return gov_fail(err, rc, "group", "本站没有引用这个链接组");
    }

    gov_touch(t, site, GOV_SLOT_LINKS);

    if (rc == GOV_OK) {
        rc = gov_drop(gov_handle(t, from), GOV_T_TAKEN,
                      gov_link_key(&k, site | GOV_TAKEN_BY, name));
    }

    return gov_link_fail(err, rc == GOV_NOT_FOUND ? GOV_OK : rc);
}
