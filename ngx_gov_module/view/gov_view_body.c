
/*
 * Copyright (C) ngx_gov authors
 *
 * What depends on where and when a body is shown: the addresses of its files
 * and of the documents it links to.  The safe HTML names both as if there
 * were one place for them:
 *
 *     src="/files/DIGEST/NAME"     a file of the document's site
 *     href="gov:doc/4711"          a document, wherever it stands now
 *
 * Safe HTML has no quote in a text, so an attribute's beginning is one.
 */


#define _GNU_SOURCE         /* memmem() */

#include "view/gov_view_int.h"


#define GOV_HREF  " href=\""


static u_char *gov_body_file(gov_view_t *v, uint32_t site, gov_buf_t *b,
    u_char *p, u_char *last);
static u_char *gov_body_link(gov_view_t *v, gov_buf_t *b, u_char *p,
    u_char *last);
static int gov_body_address(gov_view_t *v, uint64_t id, gov_str_t *url);


/*
 * Where this site serves the document's files: below itself in either mode,
 * also those of another site's document, so that a page's images are all
 * from its own host.
 */

gov_str_t
gov_view_files_at(gov_view_t *v, gov_doc_t *doc)
{
    if (v->files_at.len) {
        return v->files_at;
    }

    if (doc->site == v->site.id) {
        return gov_str_cat(v->arena, v->base.path, gov_s("files/"));
    }

    return gov_str_fmt(v->arena, "%.*sfiles/%llu/", gov_strf(v->base.path),
                       (unsigned long long) doc->id);
}


gov_str_t
gov_view_body(gov_view_t *v, gov_doc_t *doc, gov_str_t html)
{
    u_char     *p, *found, *last;
    gov_buf_t   b;
    gov_str_t   files, rest;

    files = gov_view_files_at(v, doc);

    gov_buf_init(&b, v->arena, html.len + 256);
    p = html.data;
    last = html.data + html.len;

    while ((found = memmem(p, last - p, "=\"", 2)) != NULL) {
        rest.data = found + 2;
        rest.len = last - rest.data;

        gov_buf_add(&b, p, rest.data - p);
        p = rest.data;

        if (gov_str_starts(rest, "/files/")) {
            gov_buf_str(&b, files);
            p = gov_body_file(v, doc->site, &b, p + sizeof("/files/") - 1,
                              last);

        } else if (gov_str_starts(rest, GOV_DOC_URL)
                   && gov_str_ends(b.s, GOV_HREF))
        {
            p = gov_body_link(v, &b, p, last);
        }
    }

    gov_buf_add(&b, p, last - p);

    return b.s;
}


/*
 * p is at a digest: what stands in the file's place now is named instead of
 * it.  Gives where to go on reading.
 */

static u_char *
gov_body_file(gov_view_t *v, uint32_t site, gov_buf_t *b, u_char *p,
    u_char *last)
{
    u_char          *end;
    gov_str_t        hex;
    gov_file_rec_t   f;

    end = memchr(p, '"', last - p);

    if (end == NULL || end - p <= 2 * GOV_DIGEST_LEN) {
        return p;
    }

    hex.data = p;
    hex.len = 2 * GOV_DIGEST_LEN;

    if (gov_view_got(v, gov_file_now(v->txn, v->arena, site, &hex, &f))
        != GOV_OK || hex.data == p)
    {
        return p;
    }

    gov_buf_str(b, hex);
    gov_buf_c(b, "/");
    gov_buf_uri(b, f.name);

    return end;
}


/*
 * A document that was public keeps its address, which says what became of
 * it; one that never was has none, and what would lead to it is text.
 */

static u_char *
gov_body_link(gov_view_t *v, gov_buf_t *b, u_char *p, u_char *last)
{
    int64_t    id;
    gov_str_t  number, url;

    number.data = p + sizeof(GOV_DOC_URL) - 1;
    p = memchr(number.data, '"', last - number.data);

    if (p == NULL) {
        return last;
    }

    number.len = p - number.data;

    if (gov_str_int(number, &id) == 0 && gov_body_address(v, id, &url)) {
        gov_buf_html(b, url);
        return p;
    }

    b->s.len -= sizeof(GOV_HREF) - 1;

    return p + 1;
}


static int
gov_body_address(gov_view_t *v, uint64_t id, gov_str_t *url)
{
    gov_doc_t    doc;
    gov_shown_t  shown;

    if (gov_view_load_doc(v, id, &doc) != GOV_OK) {
        return 0;
    }

    shown = gov_doc_shown(&doc.rec, v->now);

    return shown != GOV_SHOWN_DRAFT && shown != GOV_SHOWN_SCHEDULED
           && gov_view_doc_address(v, &doc, url) == GOV_OK;
}
