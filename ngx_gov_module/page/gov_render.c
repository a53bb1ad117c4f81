
/*
 * Copyright (C) ngx_gov authors
 *
 * Values become bytes: the site's hooks may change a few of them, then its
 * template speaks.  Where no view can show what the hooks made of them, they
 * are shown as they were.  A notice stands in the site's frame, a bare one
 * without.
 */


#include "page/gov_page_int.h"
#include "view/gov_words.h"


/* what is shorter is not why a page does not fit */
#define GOV_RENDER_LONG  (64 * 1024)


/*
 * Each link group passes the hook, which may change or drop it.  The list that
 * was there stays as it is.
 */

static void
gov_make_link_hook(gov_make_t *m, gov_value_t *values)
{
    gov_value_t  *group, *list, *old, *out;

    old = gov_member(values, "links");

    if (old == NULL
        || !gov_script_has_hook(m->r->script, m->v.site.rec.bundle,
                                "link_group"))
    {
        return;
    }

    list = gov_list(m->r->arena);

    gov_each(group, old) {
        (void) gov_script_hook(m->r->script, m->v.site.rec.bundle,
                               "link_group",
                               gov_value_copy(m->r->arena, group),
                               m->r->arena, &out, m->err);

        if (out->kind == GOV_MAP) {
            gov_add(list, out);
        }
    }

    gov_set(values, "links", list);
}


/*
 * A body that was stored when larger ones were taken, or a page with too much
 * around it, or less memory for scripts than is usual: the page is there, and
 * says what is missing.  It counts as a failed script, so it is made anew
 * soon.
 */

static int
gov_make_without_body(gov_make_t *m, gov_value_t *values)
{
    gov_value_t  *body;

    body = gov_member(gov_member(values, "doc"), "body");

    if (body == NULL || body->kind != GOV_HTML
        || body->u.s.len < GOV_RENDER_LONG)
    {
        return 0;
    }

    body->u.s = gov_str_fmt(m->r->arena, "<p>%.*s</p>",
                            gov_strf(gov_word(GOV_W_long_body)));

    return 1;
}


/* what no view can show, as it was before the hooks, then without its body */

static gov_rc_t
gov_make_text(gov_make_t *m, const char *name, gov_value_t *values,
    gov_value_t *links, gov_value_t *out, gov_buf_t *b)
{
    gov_rc_t   rc;
    gov_str_t  bundle;

    bundle = m->v.site.rec.bundle;

    rc = gov_script_render(m->r->script, bundle, name, "zh", out, b, m->err);

    if (rc != GOV_OK
        && (out != values || gov_member(values, "links") != links))
    {
        if (links != NULL) {
            gov_set(values, "links", links);
        }

        rc = gov_script_render(m->r->script, bundle, name, "zh", values, b,
                               m->err);
    }

    if (rc == GOV_BUSY && gov_make_without_body(m, values)) {
        rc = gov_script_render(m->r->script, bundle, name, "zh", values, b,
                               m->err);
    }

    return rc;
}


gov_rc_t
gov_make_render(gov_make_t *m, const char *name, gov_value_t *values)
{
    gov_buf_t     b;
    gov_str_t     bundle;
    gov_value_t  *links, *out;

    bundle = m->v.site.rec.bundle;
    out = values;

    if (m->r->script == NULL) {
        return gov_fail(m->err, GOV_ERROR, "", "no script engine");
    }

    links = gov_member(values, "links");
    gov_make_link_hook(m, values);

    if (gov_script_has_hook(m->r->script, bundle, "before_render")) {
        (void) gov_script_hook(m->r->script, bundle, "before_render", values,
                               m->r->arena, &out, m->err);
    }

    gov_buf_init(&b, m->r->arena, 48 * 1024);

    if (gov_make_text(m, name, values, links, out, &b) != GOV_OK) {
        return GOV_ERROR;
    }

    if (m->p->status == 0) {
        m->p->status = 200;
    }

    m->p->type = GOV_HTML_TYPE;
    m->p->body = b.s;
    m->p->view = name;

    return GOV_OK;
}


gov_rc_t
gov_make_notice(gov_make_t *m, int status, const char *what, gov_doc_t *doc)
{
    gov_rc_t      rc;
    gov_value_t  *values;

    /* what no copy will answer the next time */

    if (m->p->fence != GOV_FENCE_WHOLE && status != 410) {
        gov_last_make(m->p, status);
        return GOV_OK;
    }

    rc = gov_view_notice(&m->v, status, what, doc, &values);
    if (rc != GOV_OK) {
        return rc;
    }

    m->p->status = status;

    return gov_make_render(m, "notice", values);
}


gov_rc_t
gov_make_bare(gov_make_t *m, int status)
{
    m->p->status = status;

    if (m->r->script != NULL && m->p->fence == GOV_FENCE_WHOLE
        && gov_make_render(m, "notice",
                           gov_view_bare_notice(m->r->arena, status,
                                                m->r->assets))
           == GOV_OK)
    {
        return GOV_OK;
    }

    gov_last_make(m->p, status);

    return GOV_OK;
}
