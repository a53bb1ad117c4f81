
/*
 * Copyright (C) ngx_gov authors
 *
 * What the tests of view share: the small city of the page tests, and the
 * values of a page as a template gets them.
 *
 *     m = t_home(t, "6104");                   in a snapshot that stays open
 *     t_is(t, m, "doc.prev.url", "/xxgk/tzgg/1.html");
 *
 * A path's numbers count from 0 in lists; "-" stands for what is not there.
 */


#ifndef _T_VIEW_H_INCLUDED_
#define _T_VIEW_H_INCLUDED_


#include "page/t_page.h"


static gov_view_t    t_v;
static gov_txn_t    *t_snapshot;


static inline void
t_view_end(void)
{
    if (t_snapshot != NULL) {
        gov_txn_end(&t_snapshot);
    }
}


/* before the store is closed */

static inline int
t_view_teardown(void **state)
{
    t_view_end();

    return t_teardown(state);
}

#define t_view_test(f)                                                        \
    cmocka_unit_test_setup_teardown(f, t_setup, t_view_teardown)


static inline gov_view_t *
t_view(t_store_t *t, const char *code)
{
    gov_site_t  site;

    t_view_end();
    t_snapshot = t_begin(t, GOV_TXN_READ);
    site = t_site(t, t_snapshot, code);

    t_ok(gov_view_begin(&t_v, t_snapshot, t->arena, t_now, &t_links,
                        site.id));
    t_ok(gov_view_columns(&t_v));

    return &t_v;
}


static inline gov_value_t *
t_home(t_store_t *t, const char *code)
{
    gov_value_t  *m;

    t_ok(gov_view_home(t_view(t, code), &m));

    return m;
}


static inline gov_value_t *
t_column_view(t_store_t *t, const char *code, const char *path,
    unsigned page)
{
    gov_view_t    *v;
    gov_value_t   *m;
    gov_column_t  *c;

    v = t_view(t, code);
    c = gov_column_at(v->columns, v->ncolumns, gov_str_of(path));
    assert_non_null(c);
    t_ok(gov_view_column(v, c, page, &m));

    return m;
}


static inline gov_value_t *
t_doc_view(t_store_t *t, const char *code, const char *path, uint64_t id)
{
    gov_doc_t      doc;
    gov_view_t    *v;
    gov_value_t   *m;
    gov_column_t  *c;

    v = t_view(t, code);
    c = gov_column_at(v->columns, v->ncolumns, gov_str_of(path));
    assert_non_null(c);
    t_ok(gov_view_load_doc(v, id, &doc));
    assert_true(gov_view_doc_stands_in(v, &doc, c));
    t_ok(gov_view_doc(v, c, &doc, &m));

    return m;
}


/* "links.0.items.1.title" */

static inline gov_value_t *
t_at(gov_value_t *m, const char *path)
{
    char          name[64];
    size_t        len;
    unsigned      i;

    while (m != NULL && *path) {
        len = strcspn(path, ".");
        snprintf(name, sizeof(name), "%.*s", (int) len, path);
        path += len + (path[len] == '.');

        if (m->kind != GOV_LIST) {
            m = m->kind == GOV_MAP ? gov_member(m, name) : NULL;
            continue;
        }

        m = m->u.first;

        for (i = atoi(name); i && m != NULL; i--) {
            m = m->next;
        }
    }

    return m;
}


static inline void
t_is_at(t_store_t *t, gov_value_t *m, const char *path, const char *want,
    const char *file, int line)
{
    gov_str_t     got;
    gov_value_t  *v;

    v = t_at(m, path);

    if (v == NULL) {
        got = gov_s("-");

    } else if (v->kind == GOV_STR || v->kind == GOV_HTML) {
        got = v->u.s;

    } else if (v->kind == GOV_LIST) {
        got = gov_str_fmt(t->arena, "[%u]", v->n);

    } else {
        got = t_text(t, v);
    }

    if (!gov_str_is(got, want)) {
        print_error("%s\n", path);
    }

    t_str_at(got, gov_str_of(want), file, line);
}

#define t_is(t, m, path, want)  t_is_at(t, m, path, want, __FILE__, __LINE__)


/* a document published at once; its number */

static inline uint64_t
t_put(t_store_t *t, const char *code, const char *column, const char *title,
    const char *more)
{
    char  json[1024];

    snprintf(json, sizeof(json), "{'site': '%s', 'column': '%s', "
             "'title': '%s', 'body': '正文', 'publish': true%s%s}", code,
             column, title, *more ? ", " : "", more);

    return gov_get_int(t_do(t, "doc.create", json), "doc", 0);
}


#endif /* _T_VIEW_H_INCLUDED_ */
