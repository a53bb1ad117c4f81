
/*
 * Copyright (C) ngx_gov authors
 *
 * What every page of a site carries: its names, navigation, breadcrumbs,
 * banner, page tags (standards 2.2) and structured data.
 */


#include "view/gov_view_int.h"
#include <stdlib.h>


#define GOV_BANNERS_MAX  8
#define GOV_MODE_PATH    1024       /* bytes of a way back */


static void gov_chrome_page(gov_view_t *v, gov_page_head_t *h,
    gov_value_t *out);
static void gov_chrome_site(gov_view_t *v, gov_value_t *out);
static void gov_chrome_nav(gov_view_t *v, gov_page_head_t *h,
    gov_value_t *out);
static void gov_chrome_crumbs(gov_view_t *v, gov_page_head_t *h,
    gov_value_t *out);
static void gov_chrome_banner(gov_view_t *v, gov_value_t *out);
static void gov_chrome_tags(gov_view_t *v, gov_page_head_t *h,
    gov_value_t *out);
static void gov_chrome_jsonld(gov_view_t *v, gov_value_t *out);


gov_rc_t
gov_view_chrome(gov_view_t *v, gov_page_head_t *h, gov_value_t *out)
{
    gov_rc_t      rc;
    gov_value_t  *assets;

    rc = gov_view_columns(v);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_chrome_page(v, h, out);
    gov_chrome_site(v, out);
    gov_chrome_nav(v, h, out);
    gov_chrome_crumbs(v, h, out);
    gov_chrome_banner(v, out);
    gov_chrome_tags(v, h, out);
    gov_chrome_jsonld(v, out);

    if (v->assets != NULL) {
        assets = gov_put_map(v->arena, out, "assets");
        gov_put_str(v->arena, assets, "css", v->assets->css);

        gov_put_some(v->arena, assets, "js", v->assets->js);
    }

    return GOV_OK;
}


/* 页面标题_栏目_网站: the legal name stands in every title (G07) */

static gov_str_t
gov_chrome_title(gov_view_t *v, gov_page_head_t *h)
{
    gov_str_t  name;

    name = v->site.rec.legal_name;

    if (h->heading.len == 0) {
        return name;
    }

    if (h->doc != NULL && h->column != NULL) {
        return gov_str_fmt(v->arena, "%.*s_%.*s_%.*s", gov_strf(h->heading),
                           gov_strf(h->column->rec.name), gov_strf(name));
    }

    return gov_str_fmt(v->arena, "%.*s_%.*s", gov_strf(h->heading),
                       gov_strf(name));
}


static void
gov_chrome_page(gov_view_t *v, gov_page_head_t *h, gov_value_t *out)
{
    gov_buf_t     b;
    gov_str_t     url;
    gov_arena_t  *a;
    gov_value_t  *page;

    a = v->arena;
    url = h->canonical.len ? h->canonical
                           : gov_view_absolute(v, &v->base, h->path);

    page = gov_put_map(a, out, "page");
    gov_put_c(a, page, "kind", h->kind);
    gov_put_str(a, page, "title", gov_chrome_title(v, h));
    gov_put_str(a, page, "heading",
                h->heading.len ? h->heading : v->site.rec.legal_name);
    gov_put_str(a, page, "url", url);
    gov_put_c(a, page, "lang", "zh-Hans");
    gov_put_c(a, page, "rendering", v->elder ? "elder" : "normal");
    gov_put_int(a, page, "status", h->status ? h->status : 200);

    gov_put_some(a, page, "description", h->description);

    gov_buf_init(&b, a, 128);
    gov_buf_fmt(&b, "/_gov/view?mode=%s&to=", v->elder ? "normal" : "elder");
    gov_buf_uri(&b, v->path.len && v->path.len <= GOV_MODE_PATH
                        ? v->path : v->base.path);
    gov_put_str(a, page, "mode_url", b.s);
}


static void
gov_chrome_logo(gov_view_t *v, gov_value_t *site)
{
    gov_value_t  *logo;

    if (v->site.rec.logo.len == 0) {
        return;
    }

    logo = gov_put_map(v->arena, site, "logo");
    gov_put_str(v->arena, logo, "src",
                gov_str_fmt(v->arena, "%.*sfiles/%.*s",
                            gov_strf(v->base.path),
                            gov_strf(v->site.rec.logo)));
    gov_put_str(v->arena, logo, "alt", v->site.rec.logo_alt);
}


static gov_str_t
gov_chrome_brand(gov_view_t *v)
{
    gov_value_t  *theme;

    if (v->site.rec.brand.len) {
        return v->site.rec.brand;
    }

    (void) gov_view_got(v, gov_site_blueprint_tree(v->txn, v->arena, &v->site,
                               offsetof(gov_blueprint_rec_t, theme), &theme));

    if (gov_get_str(theme, "brand").len) {
        return gov_get_str(theme, "brand");
    }

    return gov_s("#a1131a");
}


static void
gov_chrome_other(gov_view_t *v, gov_value_t *out, const char *key,
    gov_site_t *site)
{
    gov_value_t  *m;

    m = gov_put_map(v->arena, out, key);
    gov_put_str(v->arena, m, "name", site->rec.name);
    gov_put_str(v->arena, m, "url", gov_view_site_url(v, site));
}


static void
gov_chrome_site(gov_view_t *v, gov_value_t *out)
{
    gov_str_t        brand;
    gov_arena_t     *a;
    gov_value_t     *m;
    gov_column_t    *fault;
    gov_site_rec_t  *s;

    a = v->arena;
    s = &v->site.rec;
    brand = gov_chrome_brand(v);

    m = gov_put_map(a, out, "site");
    gov_put_str(a, m, "code", s->code);
    gov_put_str(a, m, "name", s->name);
    gov_put_str(a, m, "legal_name", s->legal_name);
    gov_put_c(a, m, "level", gov_level_name(s->level));
    gov_put_c(a, m, "state", gov_site_state_name(s->state));
    gov_put_str(a, m, "home", v->base.path);
    gov_put_str(a, m, "map", gov_str_cat(a, v->base.path,
                                         gov_s("map.html")));
    gov_put_str(a, m, "brand", brand);
    gov_put_str(a, m, "brand_css",
                gov_str_fmt(a, "/_gov/brand/%.*s.css",
                            (int) (brand.len - 1), brand.data + 1));
    gov_chrome_logo(v, m);
    gov_put_str(a, m, "abbr", s->abbr);
    gov_put_str(a, m, "about", s->about);
    gov_put_str(a, m, "sponsor", s->sponsor);
    gov_put_str(a, m, "operator", s->operator);
    gov_put_str(a, m, "contact", s->contact);
    gov_put_str(a, m, "site_id_code", s->site_id_code);
    gov_put_str(a, m, "icp", s->icp);
    gov_put_str(a, m, "psb", s->psb);

    fault = gov_column_at(v->columns, v->ncolumns, gov_s("hdjl/zcjb"));
    if (fault != NULL) {
        gov_put_str(a, m, "fault", gov_view_column_url(v, fault->id));
    }

    if (v->nabove) {
        gov_chrome_other(v, out, "portal", &v->above[v->nabove - 1]);
        gov_chrome_other(v, out, "upper", &v->above[0]);

    } else {
        gov_chrome_other(v, out, "portal", &v->site);
    }
}


/* the top column of a column */

static uint32_t
gov_chrome_top(gov_view_t *v, gov_column_t *c)
{
    while (c != NULL && c->rec.parent != 0) {
        c = gov_column_find(v->columns, v->ncolumns, c->rec.parent);
    }

    return c ? c->id : 0;
}


static void
gov_chrome_nav(gov_view_t *v, gov_page_head_t *h, gov_value_t *out)
{
    unsigned      i;
    uint32_t      top;
    gov_arena_t  *a;
    gov_value_t  *nav, *m;

    a = v->arena;
    top = gov_chrome_top(v, h->column);

    nav = gov_put_list(a, out, "nav");
    m = gov_add_map(a, nav);
    gov_put_str(a, m, "title", gov_word(GOV_W_home));
    gov_put_str(a, m, "url", v->base.path);
    gov_put_bool(a, m, "current", strcmp(h->kind, "home") == 0);

    for (i = 0; i < v->ncolumns; i++) {
        if (!v->columns[i].rec.nav || v->columns[i].rec.parent != 0) {
            continue;
        }

        m = gov_add_map(a, nav);
        gov_put_str(a, m, "title", v->columns[i].rec.name);
        gov_put_str(a, m, "url", gov_view_column_url(v, v->columns[i].id));
        gov_put_bool(a, m, "current", v->columns[i].id == top);
    }
}


static void
gov_chrome_crumb(gov_view_t *v, gov_value_t *list, gov_str_t title,
    gov_str_t url)
{
    gov_value_t  *m;

    m = gov_add_map(v->arena, list);
    gov_put_str(v->arena, m, "title", title);

    gov_put_some(v->arena, m, "url", url);
}


static void
gov_chrome_column_crumbs(gov_view_t *v, gov_value_t *list, gov_column_t *c)
{
    if (c == NULL) {
        return;
    }

    gov_chrome_column_crumbs(v, list,
                             gov_column_find(v->columns, v->ncolumns,
                                             c->rec.parent));
    gov_chrome_crumb(v, list, c->rec.name, gov_view_column_url(v, c->id));
}


static void
gov_chrome_crumbs(gov_view_t *v, gov_page_head_t *h, gov_value_t *out)
{
    unsigned      i;
    gov_value_t  *list;

    list = gov_put_list(v->arena, out, "crumbs");

    for (i = v->nabove; i > 0; i--) {
        gov_chrome_crumb(v, list, v->above[i - 1].rec.name,
                         gov_view_site_url(v, &v->above[i - 1]));
    }

    gov_chrome_crumb(v, list, v->site.rec.name, v->base.path);
    gov_chrome_column_crumbs(v, list, h->column);

    if (h->leaf.len) {
        gov_chrome_crumb(v, list, h->leaf, (gov_str_t) gov_null_string);

    } else if (list->last != NULL) {
        gov_unset(list->last, "url");
    }
}


static void
gov_chrome_banner(gov_view_t *v, gov_value_t *out)
{
    unsigned           i, n;
    uint64_t           ids[GOV_BANNERS_MAX];
    gov_arena_t       *a;
    gov_value_t       *list, *m;
    gov_banner_rec_t   b[GOV_BANNERS_MAX];

    a = v->arena;
    gov_view_note(v, GOV_HUB, GOV_SLOT_BANNER);

    list = gov_put_list(a, out, "banner");

    if (gov_view_got(v, gov_banners(v->txn, a, v->site.id, v->now, b, ids,
                                    GOV_BANNERS_MAX, &n, &v->due))
        != GOV_OK)
    {
        return;
    }

    for (i = 0; i < n; i++) {
        m = gov_add_map(a, list);
        gov_put_int(a, m, "id", ids[i]);
        gov_put_str(a, m, "title", b[i].title);
        gov_put_str(a, m, "text", b[i].text);
        gov_put_str(a, m, "level", b[i].level);

        gov_put_some(a, m, "url", b[i].url);
    }
}


static void
gov_chrome_tag(gov_view_t *v, gov_value_t *list, const char *name,
    gov_str_t content)
{
    gov_value_t  *m;

    if (content.len == 0) {
        return;
    }

    m = gov_add_map(v->arena, list);
    gov_put_c(v->arena, m, "name", name);
    gov_put_str(v->arena, m, "content", content);
}


static gov_str_t
gov_chrome_column_type(gov_column_t *c)
{
    static struct {
        const char  *kind;
        const char  *type;
    } types[] = {
        { "news", "政务动态" },
        { "notice", "通知公告" },
        { "normative", "政策文件" },
        { "interpret", "解读回应" },
        { "profile", "概况信息" },
        { "service", "办事服务" },
        { "talk", "互动交流" },
        { "topic", "专题专栏" },
        { NULL, "信息公开" }
    };

    unsigned  i;

    for (i = 0; types[i].kind; i++) {
        if (gov_str_is(c->rec.kind, types[i].kind)) {
            break;
        }
    }

    return gov_str_of(types[i].type);
}


static void
gov_chrome_doc_tags(gov_view_t *v, gov_page_head_t *h, gov_value_t *list)
{
    gov_doc_rec_t  *d;

    d = &h->doc->rec;

    gov_chrome_tag(v, list, "ArticleTitle", d->title);
    gov_chrome_tag(v, list, "PubDate",
                   gov_date(v->arena, d->published, GOV_DATE_MINUTE));
    gov_chrome_tag(v, list, "ContentSource", gov_view_source(v, h->doc));
    gov_chrome_tag(v, list, "Keywords", d->keywords);
    gov_chrome_tag(v, list, "Author", d->author);
    gov_chrome_tag(v, list, "Description", d->summary);
    gov_chrome_tag(v, list, "Url",
                   h->canonical.len ? h->canonical
                                : gov_view_absolute(v, &v->base, h->path));
}


static void
gov_chrome_tags(gov_view_t *v, gov_page_head_t *h, gov_value_t *out)
{
    gov_value_t   *list;
    gov_column_t  *c;

    list = gov_put_list(v->arena, out, "tags");

    gov_chrome_tag(v, list, "SiteName", v->site.rec.legal_name);
    gov_chrome_tag(v, list, "SiteDomain", v->base.host);
    gov_chrome_tag(v, list, "SiteIDCode", v->site.rec.site_id_code);

    c = h->column;

    if (c != NULL) {
        gov_chrome_tag(v, list, "ColumnName", c->rec.name);
        gov_chrome_tag(v, list, "ColumnType", gov_chrome_column_type(c));

        if (h->doc == NULL) {
            gov_chrome_tag(v, list, "ColumnDescription", c->rec.desc);
            gov_chrome_tag(v, list, "ColumnKeywords",
                           c->rec.keywords.len ? c->rec.keywords
                                               : c->rec.name);
        }
    }

    if (h->doc != NULL) {
        gov_chrome_doc_tags(v, h, list);
    }
}


/* schema.org BreadcrumbList of the crumbs, and who publishes */

static void
gov_chrome_jsonld(gov_view_t *v, gov_value_t *out)
{
    int           pos;
    gov_buf_t     b;
    gov_str_t     url;
    gov_arena_t  *a;
    gov_value_t  *root, *graph, *m, *items, *item, *crumb;

    a = v->arena;
    root = gov_map(a);
    gov_put_c(a, root, "@context", "https://schema.org");
    graph = gov_put_list(a, root, "@graph");

    m = gov_add_map(a, graph);
    gov_put_c(a, m, "@type", "GovernmentOrganization");
    gov_put_str(a, m, "name", v->site.rec.legal_name);
    gov_put_str(a, m, "url", gov_view_absolute(v, &v->base,
                                        (gov_str_t) gov_null_string));

    m = gov_add_map(a, graph);
    gov_put_c(a, m, "@type", "BreadcrumbList");
    items = gov_put_list(a, m, "itemListElement");
    pos = 0;

    gov_each (crumb, gov_member(out, "crumbs")) {
        item = gov_add_map(a, items);
        gov_put_c(a, item, "@type", "ListItem");
        gov_put_int(a, item, "position", ++pos);
        gov_put_str(a, item, "name", gov_get_str(crumb, "title"));

        url = gov_get_str(crumb, "url");
        if (url.len == 0) {
            continue;
        }

        if (url.data[0] == '/') {
            url = gov_str_fmt(a, "%.*s://%.*s%.*s%.*s",
                              gov_strf(v->links->scheme),
                              gov_strf(v->base.host),
                              gov_strf(v->links->port), gov_strf(url));
        }

        gov_put_str(a, item, "item", url);
    }

    gov_buf_init(&b, a, 512);
    gov_json_write(&b, root, GOV_JSON_HTML);
    gov_put_html(a, out, "jsonld", b.s);
}
