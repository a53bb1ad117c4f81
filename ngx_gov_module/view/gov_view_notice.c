
/*
 * Copyright (C) ngx_gov authors
 *
 * Pages that say no: what happened in one sentence, why, and ways on.
 */


#include "view/gov_view_int.h"


typedef struct {
    int           status;
    const char   *what;
    gov_word_t    heading;
    gov_word_t    text;
} gov_notice_t;

static gov_notice_t  gov_notices[] = {
    { 503, "suspended", GOV_W_hsuspended, GOV_W_tsuspended },
    { 410, "closed", GOV_W_hclosed, GOV_W_tclosed },
    { 410, "preview", GOV_W_hpreview, GOV_W_tpreview },
    { 410, "error", GOV_W_herror, GOV_W_t410 },
    { 400, "", GOV_W_h400, GOV_W_t400 },
    { 411, "", GOV_W_h400, GOV_W_t400 },
    { 414, "", GOV_W_h400, GOV_W_t400 },
    { 416, "", GOV_W_h400, GOV_W_t400 },
    { 404, "", GOV_W_h404, GOV_W_t404 },
    { 405, "", GOV_W_h405, GOV_W_t405 },
    { 410, "", GOV_W_h410, GOV_W_t410 },
    { 413, "", GOV_W_h413, GOV_W_t413 },
    { 421, "", GOV_W_h421, GOV_W_t421 },
    { 500, "", GOV_W_h500, GOV_W_t500 },
    { 502, "", GOV_W_h503, GOV_W_t503 },
    { 503, "", GOV_W_h503, GOV_W_t503 },
    { 504, "", GOV_W_h503, GOV_W_t503 },
    { 494, "", GOV_W_h400, GOV_W_t400 },        /* nginx's, sent as 400 */
    { 0, "", GOV_W_h500, GOV_W_t500 }
};


static gov_notice_t *
gov_notice_find(int status, const char *what)
{
    gov_notice_t  *n;

    for (n = gov_notices; n->status; n++) {
        if (n->status == status && strcmp(n->what, what) == 0) {
            break;
        }
    }

    return n;
}


static void
gov_notice_ways(gov_view_t *v, gov_value_t *out)
{
    unsigned      i;
    gov_value_t  *list, *m;

    list = gov_put_list(v->arena, out, "ways");
    m = gov_add_map(v->arena, list);
    gov_put_str(v->arena, m, "title", v->site.rec.legal_name);
    gov_put_str(v->arena, m, "url", v->base.path);

    for (i = 0; i < v->ncolumns; i++) {
        if (v->columns[i].rec.parent != 0) {
            continue;
        }

        m = gov_add_map(v->arena, list);
        gov_put_str(v->arena, m, "title", v->columns[i].rec.name);
        gov_put_str(v->arena, m, "url",
                    gov_view_column_url(v, v->columns[i].id));
    }

    m = gov_add_map(v->arena, list);
    gov_put_str(v->arena, m, "title", gov_word(GOV_W_map));
    gov_put_str(v->arena, m, "url",
                gov_str_cat(v->arena, v->base.path, gov_s("map.html")));
}


static void
gov_notice_withdrawn(gov_view_t *v, gov_doc_t *doc, gov_value_t *out)
{
    gov_doc_t     other;
    gov_str_t     url;
    gov_value_t  *m;

    gov_put_str(v->arena, out, "reason", doc->rec.reason);

    if (doc->rec.replacement == 0
        || gov_view_load_doc(v, doc->rec.replacement, &other) != GOV_OK
        || gov_doc_shown(&other.rec, v->now) != GOV_SHOWN_PUBLIC
        || gov_view_canonical(v, &other, &url) != GOV_OK)
    {
        return;
    }

    m = gov_put_map(v->arena, out, "replacement");
    gov_put_str(v->arena, m, "title", other.rec.title);
    gov_put_str(v->arena, m, "url", url);
}


gov_rc_t
gov_view_notice(gov_view_t *v, int status, const char *what, gov_doc_t *doc,
    gov_value_t **out)
{
    gov_rc_t          rc;
    gov_arena_t      *a;
    gov_notice_t     *n;
    gov_page_head_t   head;

    a = v->arena;
    n = gov_notice_find(status, what);
    *out = gov_map(a);

    memset(&head, 0, sizeof(gov_page_head_t));
    head.kind = "notice";
    head.heading = gov_word(n->heading);
    head.leaf = head.heading;
    head.status = status;

    rc = gov_view_chrome(v, &head, *out);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_put_int(a, *out, "status", status);
    gov_put_str(a, *out, "heading", head.heading);
    gov_put_str(a, *out, "text", gov_word(n->text));

    if (doc != NULL) {
        gov_notice_withdrawn(v, doc, *out);

    } else if (*what && v->site.rec.notice.len
               && v->site.rec.state != GOV_SITE_LIVE)
    {
        gov_put_str(a, *out, "reason", v->site.rec.notice);
    }

    if (*what == '\0' || doc != NULL) {
        gov_notice_ways(v, *out);
    }

    return GOV_OK;
}


gov_value_t *
gov_view_bare_notice(gov_arena_t *a, int status, gov_assets_t *assets)
{
    gov_value_t   *out, *m;
    gov_notice_t  *n;

    n = gov_notice_find(status, "");
    out = gov_map(a);

    m = gov_put_map(a, out, "page");
    gov_put_c(a, m, "kind", "notice");
    gov_put_str(a, m, "title", gov_word(n->heading));
    gov_put_str(a, m, "heading", gov_word(n->heading));
    gov_put_c(a, m, "lang", "zh-Hans");
    gov_put_c(a, m, "rendering", "normal");
    gov_put_int(a, m, "status", status);

    gov_put_int(a, out, "status", status);
    gov_put_str(a, out, "heading", gov_word(n->heading));
    gov_put_str(a, out, "text", gov_word(n->text));

    if (assets != NULL) {
        m = gov_put_map(a, out, "assets");
        gov_put_str(a, m, "css", assets->css);
    }

    return out;
}
