
/*
 * Copyright (C) ngx_gov authors
 *
 * One function a kind of route: it asks its view for the values and has them
 * rendered, or redirects, or names a file.  GOV_NOT_FOUND: nothing stands at
 * the address; the walk shows the site's 404.
 */


#include "page/gov_page_int.h"


static int gov_make_file_called(gov_file_rec_t *f, gov_str_t name);
static gov_rc_t gov_make_file_shown(gov_make_t *m, uint32_t site,
    gov_str_t hex, gov_file_rec_t *f, int is_public);
static gov_rc_t gov_make_file_none(gov_make_t *m, uint32_t site,
    gov_str_t hex);


/*
 * The path came decoded and may hold any byte; what is not of a path's
 * letters (RFC 3986, 3.3) is encoded again, so that nobody ends the header's
 * line or the path with it.
 */

static gov_str_t
gov_make_location(gov_arena_t *a, gov_str_t url)
{
    size_t     i;
    u_char     c;
    gov_buf_t  b;

    gov_buf_init(&b, a, url.len + 32);

    for (i = 0; i < url.len; i++) {
        c = url.data[i];

        if (c != '\0' && strchr("/:@!$&'()*+,;=", c) != NULL) {
            gov_buf_add(&b, &c, 1);

        } else {
            gov_buf_uri(&b, (gov_str_t) { 1, &c });
        }
    }

    return b.s;
}


gov_rc_t
gov_make_redirect(gov_make_t *m, gov_str_t url)
{
    m->p->status = 301;
    m->p->location = gov_make_location(m->r->arena, url);
    m->p->view = "redirect";

    return GOV_OK;
}


static gov_rc_t
gov_make_home(gov_make_t *m)
{
    gov_rc_t      rc;
    gov_value_t  *values;

    if (!gov_str_eq(m->r->path, m->v.base.path)) {
        return gov_make_redirect(m, gov_view_absolute(&m->v, &m->v.base,
                                            (gov_str_t) gov_null_string));
    }

    rc = gov_view_home(&m->v, &values);

    return rc == GOV_OK ? gov_make_render(m, "home", values) : rc;
}


static gov_rc_t
gov_make_to_home(gov_make_t *m)
{
    return gov_make_redirect(m, gov_view_absolute(&m->v, &m->v.base,
                                            (gov_str_t) gov_null_string));
}


static gov_rc_t
gov_make_to_column(gov_make_t *m)
{
    return gov_make_redirect(m, gov_view_absolute(&m->v, &m->v.base,
                         gov_column_path(m->v.arena, m->v.columns,
                                         m->v.ncolumns,
                                         m->route.column->id)));
}


static gov_rc_t
gov_make_map(gov_make_t *m)
{
    gov_rc_t      rc;
    gov_value_t  *values;

    rc = gov_view_map(&m->v, &values);

    return rc == GOV_OK ? gov_make_render(m, "map", values) : rc;
}


static gov_rc_t
gov_make_column(gov_make_t *m)
{
    gov_rc_t      rc;
    gov_value_t  *values;

    rc = gov_view_column(&m->v, m->route.column, m->route.page, &values);

    return rc == GOV_OK ? gov_make_render(m, "column", values) : rc;
}


/* a document that is public but does not stand at this address */

static gov_rc_t
gov_make_doc_elsewhere(gov_make_t *m, gov_doc_t *doc)
{
    gov_str_t  url;

    if (gov_view_canonical(&m->v, doc, &url) != GOV_OK) {
        return GOV_NOT_FOUND;
    }

    return gov_make_redirect(m, url);
}


static gov_rc_t
gov_make_doc(gov_make_t *m)
{
    gov_rc_t      rc;
    gov_doc_t     doc;
    gov_value_t  *values;

    rc = gov_view_load_doc(&m->v, m->route.doc, &doc);
    if (rc != GOV_OK) {
        return rc;
    }

    switch (gov_doc_shown(&doc.rec, m->r->now)) {

    case GOV_SHOWN_PUBLIC:
        break;

    case GOV_SHOWN_EXPIRED:
    case GOV_SHOWN_WITHDRAWN:
        if (doc.rec.published == 0 || doc.rec.published > m->r->now) {
            return GOV_NOT_FOUND;
        }

        if (doc.site != m->v.site.id
            && (m->route.kind == GOV_ROUTE_SHORT
                || !gov_view_doc_stands_in(&m->v, &doc, m->route.column)))
        {
            return gov_make_doc_elsewhere(m, &doc);
        }

        return gov_make_notice(m, 410,
                               doc.rec.withdrawn == GOV_WITHDRAWN_ERROR
                               ? "error" : "", &doc);

    default:
        return GOV_NOT_FOUND;
    }

    if (m->route.kind == GOV_ROUTE_SHORT
        || !gov_view_doc_stands_in(&m->v, &doc, m->route.column))
    {
        return gov_make_doc_elsewhere(m, &doc);
    }

    m->p->doc = doc.id;

    rc = gov_view_doc(&m->v, m->route.column, &doc, &values);

    return rc == GOV_OK ? gov_make_render(m, "document", values) : rc;
}


/* whose the attachment is: the site's own, or of what it refers to */

static gov_rc_t
gov_make_file_site(gov_make_t *m, uint32_t *site)
{
    gov_rc_t      rc;
    gov_doc_t     doc;
    gov_value_t  *ref;

    *site = m->v.site.id;

    if (m->route.doc == 0) {
        return GOV_OK;
    }

    rc = gov_view_load_doc(&m->v, m->route.doc, &doc);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_each (ref, doc.rec.refs) {
        if (ref->u.first != NULL && ref->u.first->u.i == m->v.site.id) {
            *site = doc.site;
            return GOV_OK;
        }
    }

    return GOV_NOT_FOUND;
}


/*
 * A file that another took the place of, or that has a new name, leads there;
 * one that is held or refused is not there for anybody yet.
 */

static gov_rc_t
gov_make_file(gov_make_t *m)
{
    int             is_public;
    gov_rc_t        rc;
    uint32_t        site;
    gov_str_t       hex;
    gov_file_rec_t  f;

    rc = gov_make_file_site(m, &site);

    if (rc == GOV_OK) {
        rc = gov_file_get(m->r->txn, m->r->arena, site, m->route.digest,
                          m->r->now, &f, &is_public);
    }

    if (rc != GOV_OK || !gov_make_file_called(&f, m->route.file)) {
        return rc == GOV_OK ? GOV_NOT_FOUND : rc;
    }

    hex = m->route.digest;

    if (f.replaced_by.len || f.of.len) {
        rc = gov_file_now(m->r->txn, m->r->arena, site, &hex, &f);

        if (rc == GOV_OK && !gov_str_eq(hex, m->route.digest)) {
            rc = gov_file_get(m->r->txn, m->r->arena, site, hex, m->r->now,
                              &f, &is_public);
        }

        if (rc != GOV_OK) {
            return rc;
        }
    }

    return gov_make_file_shown(m, site, hex, &f, is_public);
}


/* by its name, or one it had */

static int
gov_make_file_called(gov_file_rec_t *f, gov_str_t name)
{
    gov_value_t  *v;

    gov_each (v, f->names) {
        if (gov_str_eq(v->u.s, name)) {
            return 1;
        }
    }

    return gov_str_eq(f->name, name);
}


static gov_rc_t
gov_make_file_shown(gov_make_t *m, uint32_t site, gov_str_t hex,
    gov_file_rec_t *f, int is_public)
{
    gov_str_t  rest;

    if (!is_public) {
        return gov_make_file_none(m, site, hex);
    }

    if (!gov_str_eq(hex, m->route.digest)
        || !gov_str_eq(f->name, m->route.file))
    {
        rest = m->route.doc ? gov_str_fmt(m->r->arena, "%llu/",
                                          (unsigned long long) m->route.doc)
                            : (gov_str_t) gov_null_string;

        return gov_make_redirect(m, gov_view_absolute(&m->v, &m->v.base,
                   gov_str_fmt(m->r->arena, "files/%.*s%.*s/%.*s",
                               gov_strf(rest), gov_strf(hex),
                               gov_strf(f->name))));
    }

    return gov_make_file_as(m, f);
}


static gov_rc_t
gov_make_file_none(gov_make_t *m, uint32_t site, gov_str_t hex)
{
    gov_rc_t        rc;
    gov_file_rec_t  f, whole;

    rc = gov_file_whole(m->r->txn, m->r->arena, site, hex, &f, &whole);
    if (rc != GOV_OK) {
        return rc;
    }

    return whole.state == GOV_FILE_OK ? gov_make_notice(m, 410, "", NULL)
                                      : GOV_NOT_FOUND;
}


gov_rc_t
gov_make_file_as(gov_make_t *m, gov_file_rec_t *f)
{
    if (!gov_str_eq(f->name, m->route.file)) {
        return GOV_NOT_FOUND;
    }

    m->p->status = 200;
    m->p->view = "file";
    m->p->file = m->route.digest;
    m->p->file_name = gov_str_copy(m->r->arena, f->name);
    m->p->file_type = gov_str_copy(m->r->arena, f->type);

    return GOV_OK;
}


static gov_rc_t
gov_make_feed(gov_make_t *m)
{
    return gov_feed_atom(m->r, &m->v, m->route.column, m->p);
}


static gov_rc_t
gov_make_sitemap(gov_make_t *m)
{
    return gov_feed_sitemap(m->r, &m->v, m->p);
}


/* for a whole host only */

static gov_rc_t
gov_make_robots(gov_make_t *m)
{
    return m->v.base.path.len == 1 ? gov_feed_robots(&m->v, m->p)
                                   : GOV_NOT_FOUND;
}


static gov_rc_t
gov_make_security(gov_make_t *m)
{
    return m->v.base.path.len == 1 ? gov_feed_security(&m->v, m->p)
                                   : GOV_NOT_FOUND;
}


/*
 * An address nothing stands at: the site's hook may know its new path.  That
 * one is looked up here, so that no hook can send a visitor in circles, and
 * must stand below the site, so that none can send him elsewhere.
 */

static gov_rc_t
gov_make_none(gov_make_t *m)
{
    gov_str_t     to, base;
    gov_route_t   route;
    gov_value_t  *in, *out;

    if (m->r->script == NULL
        || !gov_script_has_hook(m->r->script, m->v.site.rec.bundle, "route"))
    {
        return GOV_NOT_FOUND;
    }

    in = gov_map(m->r->arena);
    gov_put_str(m->r->arena, in, "path", m->r->path);

    (void) gov_script_hook(m->r->script, m->v.site.rec.bundle, "route", in,
                           m->r->arena, &out, m->err);

    to = gov_get_str(out, "path");
    base = m->v.base.path;

    if (to.len < base.len || memcmp(to.data, base.data, base.len) != 0
        || !gov_text_clean(to) || memchr(to.data, '\n', to.len) != NULL)
    {
        return GOV_NOT_FOUND;
    }

    to.data += base.len;
    to.len -= base.len;

    gov_route(&m->v, to, &route);

    return route.kind == GOV_ROUTE_NONE ? GOV_NOT_FOUND
           : gov_make_redirect(m, gov_view_absolute(&m->v, &m->v.base, to));
}


typedef gov_rc_t (*gov_make_pt)(gov_make_t *m);

static gov_make_pt  gov_make_routes[] = {
    [GOV_ROUTE_NONE] = gov_make_none,
    [GOV_ROUTE_HOME] = gov_make_home,
    [GOV_ROUTE_MAP] = gov_make_map,
    [GOV_ROUTE_COLUMN] = gov_make_column,
    [GOV_ROUTE_DOC] = gov_make_doc,
    [GOV_ROUTE_SHORT] = gov_make_doc,
    [GOV_ROUTE_FILE] = gov_make_file,
    [GOV_ROUTE_FEED] = gov_make_feed,
    [GOV_ROUTE_SITEMAP] = gov_make_sitemap,
    [GOV_ROUTE_ROBOTS] = gov_make_robots,
    [GOV_ROUTE_SECURITY] = gov_make_security,
    [GOV_ROUTE_PREVIEW] = gov_make_preview,
    [GOV_ROUTE_TO_COLUMN] = gov_make_to_column,
    [GOV_ROUTE_TO_HOME] = gov_make_to_home
};


gov_rc_t
gov_make(gov_make_t *m)
{
    return gov_make_routes[m->route.kind](m);
}
