
/*
 * Copyright (C) ngx_gov authors
 *
 * What never changes under its name, and is cached for ever: the theme's
 * built files ("assets/dist" of the base bundle), whose names carry a hash of
 * their content, and the style of a site's colour.  The master reads the
 * files, so that workers need no right on the checkout.
 */


#include "ngx_http_gov.h"


#define NGX_HTTP_GOV_ASSET_MAX  (4 * 1024 * 1024)


typedef struct {
    const char                *suffix;
    const char                *type;
} ngx_http_gov_suffix_t;

static ngx_http_gov_suffix_t  ngx_http_gov_suffixes[] = {
    { ".css", "text/css; charset=utf-8" },
    { ".js", "text/javascript; charset=utf-8" },
    { ".svg", "image/svg+xml" },
    { NULL, NULL }
};


static ngx_int_t
ngx_http_gov_asset_read(ngx_conf_t *cf, ngx_str_t *path, size_t size,
    gov_str_t *body)
{
    ssize_t     n;
    ngx_file_t  file;

    ngx_memzero(&file, sizeof(ngx_file_t));
    file.name = *path;
    file.log = cf->log;
    file.fd = ngx_open_file(path->data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);

    if (file.fd == NGX_INVALID_FILE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           ngx_open_file_n " \"%V\" failed", path);
        return NGX_ERROR;
    }

    body->data = ngx_pnalloc(cf->pool, size ? size : 1);
    n = body->data ? ngx_read_file(&file, body->data, size, 0) : NGX_ERROR;
    body->len = size;

    (void) ngx_close_file(file.fd);

    return n == (ssize_t) size ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_http_gov_asset_keep(ngx_conf_t *cf, gov_str_t *s)
{
    u_char  *p;

    p = ngx_pnalloc(cf->pool, s->len ? s->len : 1);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(p, s->data, s->len);
    s->data = p;

    return NGX_OK;
}


/* "gov.css" of "gov-1a2b3c4d.css"; empty for a name without a hash */

static gov_str_t
ngx_http_gov_asset_stem(gov_arena_t *a, gov_str_t name)
{
    size_t  hash, dot;

    for (dot = name.len; dot > 0 && name.data[dot - 1] != '.'; dot--) {
        /* void */
    }

    for (hash = dot; hash > 0 && name.data[hash - 1] != '-'; hash--) {
        /* void */
    }

    if (hash == 0) {
        return (gov_str_t) gov_null_string;
    }

    return gov_str_fmt(a, "%.*s.%.*s", (int) hash - 1, name.data,
                       (int) (name.len - dot), name.data + dot);
}


static gov_str_t
ngx_http_gov_asset_url(gov_arena_t *a, ngx_http_gov_asset_t *asset)
{
    return gov_str_fmt(a, "/_gov/assets/%.*s",
                       gov_strf(ngx_http_gov_str(&asset->name)));
}


/* those that every public page names */

static ngx_int_t
ngx_http_gov_asset_public(ngx_conf_t *cf, ngx_http_gov_main_conf_t *mcf,
    gov_arena_t *a, ngx_http_gov_asset_t *asset)
{
    gov_str_t   stem;
    gov_str_t  *url;

    stem = ngx_http_gov_asset_stem(a, ngx_http_gov_str(&asset->name));

    url = gov_str_is(stem, "gov.css") ? &mcf->urls.css
          : gov_str_is(stem, "gov.js") ? &mcf->urls.js : NULL;

    if (url == NULL) {
        return NGX_OK;
    }

    *url = ngx_http_gov_asset_url(a, asset);

    return ngx_http_gov_asset_keep(cf, url);
}


gov_value_t *
ngx_http_gov_asset_urls(ngx_http_gov_main_conf_t *mcf, gov_arena_t *a)
{
    gov_str_t              stem;
    ngx_uint_t             i;
    gov_value_t           *urls;
    ngx_http_gov_asset_t  *asset;

    urls = gov_map(a);
    asset = mcf->assets.elts;

    for (i = 0; i < mcf->assets.nelts; i++) {
        stem = ngx_http_gov_asset_stem(a, ngx_http_gov_str(&asset[i].name));

        if (stem.len && gov_member_s(urls, stem) == NULL) {
            gov_put_key(urls, stem,
                        gov_val_str(a, ngx_http_gov_asset_url(a,
                                                              &asset[i])));
        }
    }

    return urls;
}


static ngx_int_t
ngx_http_gov_asset_add(ngx_conf_t *cf, ngx_http_gov_main_conf_t *mcf,
    ngx_str_t *path, ngx_str_t *name, size_t size)
{
    gov_arena_t            *a;
    gov_variant_t          *v;
    ngx_http_gov_asset_t   *asset;
    ngx_http_gov_suffix_t  *s;

    for (s = ngx_http_gov_suffixes; s->suffix; s++) {
        if (gov_str_ends(ngx_http_gov_str(name), s->suffix)) {
            break;
        }
    }

    if (s->suffix == NULL || size > NGX_HTTP_GOV_ASSET_MAX) {
        return NGX_OK;
    }

    asset = ngx_array_push(&mcf->assets);
    if (asset == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(asset, sizeof(ngx_http_gov_asset_t));
    asset->name.len = name->len;
    asset->name.data = ngx_pstrdup(cf->pool, name);
    asset->page.type = s->type;
    asset->page.status = NGX_HTTP_OK;

    if (asset->name.data == NULL
        || ngx_http_gov_asset_read(cf, path, size, &asset->page.body)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    a = gov_arena_new(64 * 1024);
    v = gov_variant_open();
    gov_variant_make(v, a, &asset->page);
    gov_variant_close(&v);

    if (ngx_http_gov_asset_keep(cf, &asset->page.gzip) != NGX_OK
        || ngx_http_gov_asset_keep(cf, &asset->page.br) != NGX_OK
        || ngx_http_gov_asset_public(cf, mcf, a, asset) != NGX_OK)
    {
        gov_arena_free(&a);
        return NGX_ERROR;
    }

    gov_arena_free(&a);

    return NGX_OK;
}


ngx_int_t
ngx_http_gov_assets(ngx_conf_t *cf, ngx_http_gov_main_conf_t *mcf)
{
    ngx_int_t   rc;
    ngx_str_t   dir, path, name;
    ngx_dir_t   d;

    if (ngx_array_init(&mcf->assets, cf->pool, 8,
                       sizeof(ngx_http_gov_asset_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    dir.len = mcf->base.len + sizeof("/assets/dist") - 1;
    dir.data = ngx_pnalloc(cf->pool, dir.len + 1);

    if (dir.data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_sprintf(dir.data, "%V/assets/dist%Z", &mcf->base);

    if (ngx_open_dir(&dir, &d) != NGX_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           ngx_open_dir_n " \"%V\" failed: run \"make "
                           "assets\"", &dir);
        return NGX_ERROR;
    }

    rc = NGX_OK;

    while (rc == NGX_OK && ngx_read_dir(&d) == NGX_OK) {
        name.len = ngx_de_namelen(&d);
        name.data = ngx_de_name(&d);

        path.len = dir.len + 1 + name.len;
        path.data = ngx_pnalloc(cf->pool, path.len + 1);

        if (path.data == NULL) {
            rc = NGX_ERROR;
            break;
        }

        (void) ngx_sprintf(path.data, "%V/%V%Z", &dir, &name);

        if (name.data[0] != '.' && ngx_de_info(path.data, &d) == 0
            && ngx_de_is_file(&d))
        {
            rc = ngx_http_gov_asset_add(cf, mcf, &path, &name,
                                        ngx_de_size(&d));
        }
    }

    (void) ngx_close_dir(&d);

    return rc;
}


ngx_int_t
ngx_http_gov_asset(ngx_http_request_t *r, gov_str_t rest)
{
    ngx_uint_t                 i;
    ngx_http_gov_asset_t      *asset;
    ngx_http_gov_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);
    asset = mcf->assets.elts;

    for (i = 0; i < mcf->assets.nelts; i++) {
        if (gov_str_eq(rest, ngx_http_gov_str(&asset[i].name))) {
            return ngx_http_gov_respond_immutable(r, &asset[i].page);
        }
    }

    return ngx_http_gov_visit_error(r, NGX_HTTP_NOT_FOUND);
}


ngx_int_t
ngx_http_gov_brand(ngx_http_request_t *r, gov_str_t rest)
{
    u_char      rgb[3];
    u_char     *p;
    gov_str_t   hex;
    gov_page_t  page;

    hex.data = rest.data;
    hex.len = 6;

    if (rest.len != 10 || !gov_str_ends(rest, ".css")
        || gov_unhex(rgb, hex, 3) != 0)
    {
        return ngx_http_gov_visit_error(r, NGX_HTTP_NOT_FOUND);
    }

    p = ngx_pnalloc(r->pool, 64);
    if (p == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_memzero(&page, sizeof(gov_page_t));
    page.type = "text/css; charset=utf-8";
    page.body.data = p;
    page.body.len = ngx_sprintf(p, ":root{--brand:#%02xd%02xd%02xd}\n",
                                rgb[0], rgb[1], rgb[2]) - p;

    return ngx_http_gov_respond_immutable(r, &page);
}
