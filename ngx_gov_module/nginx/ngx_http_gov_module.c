
/*
 * Copyright (C) ngx_gov authors
 *
 * Directives and configuration.  What each directive means stands in
 * docs/directives.md, in the order of this table.
 *
 * "nginx -t" reads the bundles, so that an error in a template is found with
 * its file and line; it opens no store, so that it neither creates nor locks
 * one.
 */


#include "ngx_http_gov.h"
#include <dlfcn.h>
#include <sys/un.h>


static ngx_int_t ngx_http_gov_add_variables(ngx_conf_t *cf);
static ngx_int_t ngx_http_gov_postconfiguration(ngx_conf_t *cf);
static void *ngx_http_gov_create_main_conf(ngx_conf_t *cf);
static char *ngx_http_gov_init_main_conf(ngx_conf_t *cf, void *conf);
static void *ngx_http_gov_create_loc_conf(ngx_conf_t *cf);
static char *ngx_http_gov_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child);
static char *ngx_http_gov_enable(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_http_gov_bundles(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_http_gov_port(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_http_gov_scheme(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_http_gov_is_prefix(ngx_conf_t *cf, void *post, void *data);
static char *ngx_http_gov_is_named(ngx_conf_t *cf, void *post, void *data);
static char *ngx_http_gov_is_socket(ngx_conf_t *cf, void *post, void *data);


static ngx_conf_post_t  ngx_http_gov_submit_post = { ngx_http_gov_is_prefix };
static ngx_conf_post_t  ngx_http_gov_upload_post = { ngx_http_gov_is_named };
static ngx_conf_post_t  ngx_http_gov_views_post = { ngx_http_gov_is_socket };


static ngx_command_t  ngx_http_gov_commands[] = {

    { ngx_string("gov"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_FLAG,
      ngx_http_gov_enable,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_gov_loc_conf_t, enable),
      NULL },

    { ngx_string("gov_early"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_gov_loc_conf_t, early),
      NULL },

    { ngx_string("gov_scheme"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_gov_scheme,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_gov_loc_conf_t, scheme),
      NULL },

    { ngx_string("gov_port"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_gov_port,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_gov_loc_conf_t, port),
      NULL },

    { ngx_string("gov_submit"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_gov_loc_conf_t, submit),
      &ngx_http_gov_submit_post },

    { ngx_string("gov_upload"),
      NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_gov_loc_conf_t, upload),
      &ngx_http_gov_upload_post },

    { ngx_string("gov_zone"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_http_gov_zone,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("gov_store"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_gov_main_conf_t, store),
      NULL },

    { ngx_string("gov_map_size"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_off_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_gov_main_conf_t, map_size),
      NULL },

    { ngx_string("gov_max_readers"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_gov_main_conf_t, max_readers),
      NULL },

    { ngx_string("gov_blobs"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_gov_main_conf_t, blobs),
      NULL },

    { ngx_string("gov_views"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_gov_main_conf_t, views),
      &ngx_http_gov_views_post },

    { ngx_string("gov_bundles"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE12,
      ngx_http_gov_bundles,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("gov_lua_memory"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_size_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_gov_main_conf_t, lua_memory),
      NULL },

    { ngx_string("gov_lua_instructions"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_gov_main_conf_t, lua_instructions),
      NULL },

    { ngx_string("gov_lua_time"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_gov_main_conf_t, lua_time),
      NULL },

    { ngx_string("gov_fence"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_1MORE,
      ngx_http_gov_fence,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_gov_module_ctx = {
    ngx_http_gov_add_variables,            /* preconfiguration */
    ngx_http_gov_postconfiguration,        /* postconfiguration */

    ngx_http_gov_create_main_conf,         /* create main configuration */
    ngx_http_gov_init_main_conf,           /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_http_gov_create_loc_conf,          /* create location configuration */
    ngx_http_gov_merge_loc_conf            /* merge location configuration */
};


ngx_module_t  ngx_http_gov_module = {
    NGX_MODULE_V1,
    &ngx_http_gov_module_ctx,              /* module context */
    ngx_http_gov_commands,                 /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    ngx_http_gov_init_process,             /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    ngx_http_gov_exit_process,             /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_int_t
ngx_http_gov_variable_copy(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_http_gov_ctx_t  *ctx;

    static ngx_str_t  names[] = {
        ngx_string("hit"), ngx_string("miss"), ngx_string("pass")
    };

    ctx = ngx_http_get_module_ctx(r, ngx_http_gov_module);

    if (ctx == NULL || ctx->copy < 0) {
        v->not_found = 1;
        return NGX_OK;
    }

    v->len = names[ctx->copy].len;
    v->data = names[ctx->copy].data;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}


static ngx_int_t
ngx_http_gov_variable_site(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    u_char              *p;
    ngx_http_gov_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_gov_module);

    if (ctx == NULL || ctx->site == 0) {
        v->not_found = 1;
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, NGX_INT32_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    v->len = ngx_sprintf(p, "%uD", ctx->site) - p;
    v->data = p;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}


/* the scheme that people ask with, which a gateway may have taken off */

static ngx_int_t
ngx_http_gov_variable_scheme(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    gov_links_conf_t  links;

    if (ngx_http_gov_links(r, &links) != NGX_OK) {
        return NGX_ERROR;
    }

    v->len = links.scheme.len;
    v->data = links.scheme.data;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}


static ngx_http_variable_t  ngx_http_gov_variables[] = {

    { ngx_string("gov_scheme"), NULL, ngx_http_gov_variable_scheme, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("gov_copy"), NULL, ngx_http_gov_variable_copy, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("gov_site"), NULL, ngx_http_gov_variable_site, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

      ngx_http_null_variable
};


static ngx_int_t
ngx_http_gov_add_variables(ngx_conf_t *cf)
{
    ngx_http_variable_t  *var, *v;

    for (v = ngx_http_gov_variables; v->name.len; v++) {
        var = ngx_http_add_variable(cf, &v->name, v->flags);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = v->get_handler;
        var->data = v->data;
    }

    return NGX_OK;
}


/*
 * Two Luas export the same names, and nginx loads modules into one name
 * space: ours must be the one that the name finds.
 */

static ngx_int_t
ngx_http_gov_check_lua(ngx_conf_t *cf)
{
    void     *fn;
    Dl_info   info;

    fn = dlsym(RTLD_DEFAULT, "lua_newstate");

    if (fn == NULL || dladdr(fn, &info) == 0 || info.dli_fname == NULL
        || ngx_strstr(info.dli_fname, "liblua5.4") != NULL)
    {
        return NGX_OK;
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "another Lua is loaded in this nginx (%s): "
                       "ngx_http_gov_module and the Lua module cannot share "
                       "a process, remove one load_module", info.dli_fname);
    return NGX_ERROR;
}


static ngx_int_t
ngx_http_gov_load(ngx_conf_t *cf, ngx_http_gov_main_conf_t *mcf)
{
    gov_rc_t              rc;
    gov_err_t             err;
    ngx_pool_cleanup_t   *cln;

    ngx_memzero(&err, sizeof(gov_err_t));

    rc = gov_script_lib_open(&mcf->lib, &err);

    if (rc == GOV_OK) {
        cln = ngx_pool_cleanup_add(cf->pool, 0);
        if (cln == NULL) {
            return NGX_ERROR;
        }

        cln->handler = (ngx_pool_cleanup_pt) gov_script_lib_close;
        cln->data = &mcf->lib;

        rc = gov_script_lib_add(mcf->lib, "", (char *) mcf->base.data, &err);
    }

    if (rc == GOV_OK && mcf->sites.len) {
        rc = gov_script_lib_add_all(mcf->lib, (char *) mcf->sites.data,
                                    &err);
    }

    if (rc == GOV_OK) {
        rc = gov_script_lib_check(mcf->lib, &err);
    }

    if (rc != GOV_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "gov_bundles: %s",
                           err.text);
        return NGX_ERROR;
    }

    if (ngx_http_gov_assets(cf, mcf) != NGX_OK) {
        return NGX_ERROR;
    }

    /* a page names the theme's files, whose names are hashes */

    mcf->stamp = gov_script_lib_stamp(mcf->lib) ^ mcf->locations
                 ^ gov_hash64(mcf->urls.css.data, mcf->urls.css.len)
                 ^ gov_hash64(mcf->urls.js.data, mcf->urls.js.len);

    return NGX_OK;
}


static ngx_int_t
ngx_http_gov_postconfiguration(ngx_conf_t *cf)
{
    ngx_http_handler_pt        *h;
    ngx_http_core_main_conf_t  *cmcf;
    ngx_http_gov_main_conf_t   *mcf;

    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_gov_module);

    if (!mcf->enabled) {
        return NGX_OK;
    }

    if (mcf->zone == NULL || mcf->base.len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"gov on\" needs \"%s\" at http level",
                           mcf->zone == NULL ? "gov_zone" : "gov_bundles");
        return NGX_ERROR;
    }

    if (ngx_http_gov_check_lua(cf) != NGX_OK
        || ngx_http_gov_load(cf, mcf) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_http_gov_direct_init();

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_SERVER_REWRITE_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_http_gov_early;

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_CONTENT_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_http_gov_content;

    return NGX_OK;
}


static void *
ngx_http_gov_create_main_conf(ngx_conf_t *cf)
{
    ngx_http_gov_main_conf_t  *mcf;

    mcf = ngx_pcalloc(cf->pool, sizeof(ngx_http_gov_main_conf_t));
    if (mcf == NULL) {
        return NULL;
    }

    mcf->map_size = NGX_CONF_UNSET;
    mcf->max_readers = NGX_CONF_UNSET_UINT;
    mcf->lua_memory = NGX_CONF_UNSET_SIZE;
    mcf->lua_instructions = NGX_CONF_UNSET_UINT;
    mcf->lua_time = NGX_CONF_UNSET_MSEC;
    mcf->fence = NGX_CONF_UNSET;
    mcf->fence_time = NGX_CONF_UNSET_UINT;
    mcf->fence_requests = NGX_CONF_UNSET_UINT;
    mcf->fence_copies = NGX_CONF_UNSET_UINT;

    return mcf;
}


static char *
ngx_http_gov_init_main_conf(ngx_conf_t *cf, void *conf)
{
    ngx_http_gov_main_conf_t *mcf = conf;

    if (mcf->map_size == NGX_CONF_UNSET) {
        mcf->map_size = (off_t) 64 << 30;
    }

    ngx_conf_init_uint_value(mcf->max_readers, 512);
    ngx_conf_init_size_value(mcf->lua_memory, 8 * 1024 * 1024);
    ngx_conf_init_uint_value(mcf->lua_instructions, 5000);
    ngx_conf_init_msec_value(mcf->lua_time, 30);
    ngx_conf_init_value(mcf->fence, 1);
    ngx_conf_init_uint_value(mcf->fence_time, 2);
    ngx_conf_init_uint_value(mcf->fence_requests, 1000);
    ngx_conf_init_uint_value(mcf->fence_copies, 25);

    if (mcf->store.len == 0) {
        ngx_str_set(&mcf->store, "store");
    }

    if (mcf->blobs.len == 0) {
        ngx_str_set(&mcf->blobs, "blobs");
    }

    if (mcf->views.len == 0) {
        ngx_str_set(&mcf->views, "run/views.sock");
    }

    if (mcf->lua_time == 0 || mcf->lua_instructions == 0
        || mcf->lua_memory < 1024 * 1024)
    {
        return "needs gov_lua_time and gov_lua_instructions above 0 and "
               "gov_lua_memory of at least 1m";
    }

    return NGX_CONF_OK;
}


static void *
ngx_http_gov_create_loc_conf(ngx_conf_t *cf)
{
    ngx_http_gov_loc_conf_t  *lcf;

    lcf = ngx_pcalloc(cf->pool, sizeof(ngx_http_gov_loc_conf_t));
    if (lcf == NULL) {
        return NULL;
    }

    lcf->enable = NGX_CONF_UNSET;
    lcf->early = NGX_CONF_UNSET;

    return lcf;
}


/*
 * Copies outlive a reload and answer before locations are looked for: where
 * the configuration has other locations those made before must not be found.
 */

static void
ngx_http_gov_stamp_location(ngx_conf_t *cf, ngx_http_gov_loc_conf_t *conf)
{
    uint64_t                   seen[6];
    ngx_http_core_loc_conf_t  *clcf;
    ngx_http_gov_main_conf_t  *mcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_gov_module);

    seen[0] = mcf->locations;
    seen[1] = gov_hash64(clcf->name.data, clcf->name.len);
    seen[2] = conf->enable;
    seen[3] = clcf->exact_match | clcf->noregex << 1
              | (clcf->handler != NULL) << 2;
    seen[4] = gov_hash64(conf->scheme.data, conf->scheme.len);
    seen[5] = gov_hash64(conf->port.data, conf->port.len);

    mcf->locations = gov_hash64(seen, sizeof(seen));
}


static char *
ngx_http_gov_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_gov_loc_conf_t *prev = parent;
    ngx_http_gov_loc_conf_t *conf = child;

    ngx_conf_merge_value(conf->enable, prev->enable, 0);
    ngx_conf_merge_value(conf->early, prev->early, 1);
    ngx_conf_merge_str_value(conf->scheme, prev->scheme, "");
    ngx_conf_merge_str_value(conf->port, prev->port, "auto");
    ngx_conf_merge_str_value(conf->submit, prev->submit, "");
    ngx_conf_merge_str_value(conf->upload, prev->upload, "");

    ngx_http_gov_stamp_location(cf, conf);

    return NGX_CONF_OK;
}


static char *
ngx_http_gov_enable(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_gov_loc_conf_t *lcf = conf;

    char                      *rv;
    ngx_http_gov_main_conf_t  *mcf;

    rv = ngx_conf_set_flag_slot(cf, cmd, conf);

    if (rv == NGX_CONF_OK && lcf->enable) {
        mcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_gov_module);
        mcf->enabled = 1;
    }

    return rv;
}


static char *
ngx_http_gov_bundles(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_gov_main_conf_t *mcf = conf;

    ngx_str_t  *value;

    if (mcf->base.len) {
        return "is duplicate";
    }

    value = cf->args->elts;
    mcf->base = value[1];

    if (ngx_conf_full_name(cf->cycle, &mcf->base, 0) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (cf->args->nelts == 3) {
        mcf->sites = value[2];

        if (ngx_conf_full_name(cf->cycle, &mcf->sites, 0) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_gov_scheme(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_gov_loc_conf_t *lcf = conf;

    ngx_str_t  *value;

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "auto") == 0) {
        ngx_str_set(&lcf->scheme, "");
        return NGX_CONF_OK;
    }

    if (ngx_strcmp(value[1].data, "http") != 0
        && ngx_strcmp(value[1].data, "https") != 0)
    {
        return "takes \"auto\", \"http\" or \"https\"";
    }

    lcf->scheme = value[1];

    return NGX_CONF_OK;
}


/* kept as it stands in a link: "auto", "" or ":8080" */

static char *
ngx_http_gov_port(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_gov_loc_conf_t *lcf = conf;

    ngx_int_t   n;
    ngx_str_t  *value;

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "auto") == 0) {
        lcf->port = value[1];
        return NGX_CONF_OK;
    }

    if (ngx_strcmp(value[1].data, "none") == 0) {
        ngx_str_set(&lcf->port, "");
        return NGX_CONF_OK;
    }

    n = ngx_atoi(value[1].data, value[1].len);

    if (n < 1 || n > 65535) {
        return "takes \"auto\", \"none\" or a port number";
    }

    lcf->port.data = ngx_pnalloc(cf->pool, sizeof(":65535"));
    if (lcf->port.data == NULL) {
        return NGX_CONF_ERROR;
    }

    lcf->port.len = ngx_sprintf(lcf->port.data, ":%i%Z", n)
                    - lcf->port.data - 1;

    return NGX_CONF_OK;
}


/* empty: none here, where one stands above */

static char *
ngx_http_gov_is_prefix(ngx_conf_t *cf, void *post, void *data)
{
    ngx_str_t *value = data;

    return value->len == 0 || value->data[0] == '/'
           ? NGX_CONF_OK : "takes a URI that begins with \"/\"";
}


static char *
ngx_http_gov_is_named(ngx_conf_t *cf, void *post, void *data)
{
    ngx_str_t *value = data;

    return value->len > 1 && value->data[0] == '@'
           ? NGX_CONF_OK : "takes the name of a location, \"@NAME\"";
}


/* cut short it would be another's */

static char *
ngx_http_gov_is_socket(ngx_conf_t *cf, void *post, void *data)
{
    ngx_str_t *value = data;

    return value->len < sizeof(((struct sockaddr_un *) 0)->sun_path)
           ? NGX_CONF_OK : "takes a path that fits a socket's name";
}
