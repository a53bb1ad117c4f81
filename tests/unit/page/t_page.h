
/*
 * Copyright (C) ngx_gov authors
 *
 * What the tests of page share: the platform's own templates, and pages made
 * from a store as a worker makes them.
 *
 *     t_pages_open();                   once a program; the project's "lua/"
 *     t_page(t, "www.xianyang.localhost", "/", &page)      at t_now
 */


#ifndef _T_PAGE_H_INCLUDED_
#define _T_PAGE_H_INCLUDED_


#include "desk/t_site_desk.h"
#include "page/gov_page_int.h"


#define T_BLUEPRINT                                                           \
    "'title': '蓝本', 'columns': ["                                           \
    "{'id': 1, 'slug': 'xxgk', 'name': '信息公开', 'kind': 'section', "       \
     "'nav': true}, "                                                         \
    "{'id': 2, 'parent': 1, 'slug': 'tzgg', 'name': '通知公告', "             \
     "'kind': 'notice', 'order': 1}, "                                        \
    "{'id': 3, 'parent': 1, 'slug': 'gfxwj', 'name': '规范性文件', "          \
     "'kind': 'normative', 'order': 2}, "                                     \
    "{'id': 4, 'parent': 1, 'slug': 'zcjd', 'name': '政策解读', "             \
     "'kind': 'interpret', 'order': 3}, "                                     \
    "{'id': 5, 'slug': 'zjbd', 'name': '走进本地', 'kind': 'profile', "       \
     "'nav': true}], "                                                        \
    "'home': [{'kind': 'lists', 'columns': [2, 4], 'rows': 5}, "              \
    "{'kind': 'pair', 'title': '政策与解读', 'columns': [3, 4], 'rows': 4}, " \
    "{'kind': 'disclosure', 'title': '法定公开', 'columns': [1, 3]}, "        \
    "{'kind': 'grid', 'columns': [2, 3], 'rows': 6}, "                        \
    "{'kind': 'profile', 'columns': [5]}]"


#define T_SECOND  1000000LL

static gov_script_lib_t  *t_lib;
static gov_script_t      *t_script;
static const char        *t_bundle;     /* folder of "qd", NULL none */

static gov_links_conf_t   t_links = {
    gov_string("http"), gov_string(":8080")
};

static gov_assets_t       t_assets = {
    gov_string("/_gov/assets/gov.css"), gov_string("")
};


/* time enough: what is tested is not how long a page takes */

static inline int
t_pages_open(void **state)
{
    gov_err_t          err;
    gov_script_conf_t  conf;

    (void) state;

    memset(&conf, 0, sizeof(gov_script_conf_t));
    conf.time_ms = 60000;

    return gov_script_lib_open(&t_lib, &err) != GOV_OK
           || gov_script_lib_add(t_lib, "", "lua", &err) != GOV_OK
           || (t_bundle != NULL
               && gov_script_lib_add(t_lib, "qd", t_bundle, &err) != GOV_OK)
           || gov_script_open(t_lib, &conf, &t_script, &err) != GOV_OK;
}


static inline int
t_pages_close(void **state)
{
    (void) state;

    gov_script_close(&t_script);
    gov_script_lib_close(&t_lib);

    return 0;
}


static inline gov_page_req_t
t_page_req(gov_txn_t *txn, gov_arena_t *a, gov_str_t host, gov_str_t path)
{
    gov_page_req_t  r;

    memset(&r, 0, sizeof(gov_page_req_t));

    r.txn = txn;
    r.arena = a;
    r.script = t_script;
    r.links = &t_links;
    r.assets = &t_assets;
    r.now = t_now;
    r.host = host;
    r.path = path;

    return r;
}


/* in a snapshot of its own, into the test's arena */

static inline gov_rc_t
t_page(t_store_t *t, const char *host, const char *path, gov_page_t *page)
{
    gov_rc_t         rc;
    gov_txn_t       *txn;
    gov_page_req_t   r;

    txn = t_begin(t, GOV_TXN_READ);
    r = t_page_req(txn, t->arena, gov_str_of(host), gov_str_of(path));
    rc = gov_page_make(&r, page, &t->err);
    gov_txn_end(&txn);

    return rc;
}


/* "200", or "301 http://..." */

static inline void
t_answers_at(t_store_t *t, const char *host, const char *path,
    const char *want, const char *file, int line)
{
    gov_page_t  page;

    (void) t_page(t, host, path, &page);
    t_str_at(gov_str_fmt(t->arena, "%d%s%.*s", page.status,
                         page.location.len ? " " : "",
                         gov_strf(page.location)),
             gov_str_of(want), file, line);
}

#define t_answers(t, host, path, want)                                        \
    t_answers_at(t, host, path, want, __FILE__, __LINE__)


/* does the page still hold, for a worker that has kept it */

static inline int
t_holds(t_store_t *t, gov_page_t *page)
{
    int         holds;
    gov_txn_t  *txn;

    if (!page->keep || page->proof.due <= t_now) {
        return 0;
    }

    txn = t_begin(t, GOV_TXN_READ);
    holds = page->proof.seen == gov_journal_head(txn)
            || gov_deps_hold(&page->proof.deps, txn, page->proof.built);
    gov_txn_end(&txn);

    return holds;
}


static inline int
t_page_has(gov_page_t *page, const char *text)
{
    size_t  i, len;

    len = strlen(text);

    for (i = 0; i + len <= page->body.len; i++) {
        if (memcmp(page->body.data + i, text, len) == 0) {
            return 1;
        }
    }

    return 0;
}


/* the small city with a village, and blueprints with every kind of block */

static inline void
t_pages_city(t_store_t *t)
{
    t_do(t, "blueprint.put", "{'name': 'city', " T_BLUEPRINT "}");
    t_do(t, "blueprint.put", "{'name': 'county', " T_BLUEPRINT "}");
    t_do(t, "blueprint.put", "{'name': 'township', " T_BLUEPRINT "}");
    t_do(t, "blueprint.put", "{'name': 'village', " T_BLUEPRINT "}");
    t_do(t, "blueprint.put", "{'name': 'department', " T_BLUEPRINT "}");
    t_city_do(t);
    t_do(t, "site.create", "{'code': '610402001201', 'name': '村一', "
         "'level': 'village', 'parent': '610402001', 'slug': 'cunyi'}");
    t_do(t, "site.create", "{'code': '610403', 'name': '杨陵区', "
         "'level': 'county', 'parent': '6104', 'slug': 'yangling'}");
    t_do(t, "site.create", "{'code': 'xy-fgw', 'name': '发展改革委', "
         "'level': 'department', 'parent': '6104', 'slug': 'fgw'}");
}


#endif /* _T_PAGE_H_INCLUDED_ */
