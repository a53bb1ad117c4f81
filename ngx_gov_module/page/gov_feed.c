
/*
 * Copyright (C) ngx_gov authors
 *
 * Pages for machines: Atom (RFC 4287), sitemaps (sitemaps.org 0.9),
 * robots.txt (RFC 9309), security.txt (RFC 9116).  Writers only.
 */


#include "page/gov_page_int.h"
#include <stdlib.h>


#define GOV_FEED_ROWS      20
#define GOV_FEED_COLUMNS   200
#define GOV_FEED_DEPTH     16
#define GOV_SITEMAP_URLS   10000
#define GOV_ROBOTS_SITES   1000
#define GOV_ROBOTS_DEPTH   4
#define GOV_SECURITY_DAYS  180
#define GOV_DAY_US         (86400 * (int64_t) 1000000)
#define GOV_ZONE_US        (8 * 3600 * (int64_t) 1000000)


typedef struct {
    uint32_t       column;
    gov_listed_t   row;
} gov_feed_row_t;

typedef struct {
    gov_view_t    *v;
    gov_buf_t      b;
    unsigned       left;                        /* sitemaps to name */
} gov_robots_t;


static void
gov_xml(gov_buf_t *b, const char *name, gov_str_t text)
{
    gov_buf_fmt(b, "<%s>", name);
    gov_buf_html(b, text);
    gov_buf_fmt(b, "</%s>\n", name);
}


static int
gov_feed_newer(const void *one, const void *two)
{
    const gov_feed_row_t  *a, *b;

    a = one;
    b = two;

    if (a->row.published != b->row.published) {
        return a->row.published < b->row.published ? 1 : -1;
    }

    return a->row.doc < b->row.doc ? 1 : a->row.doc > b->row.doc ? -1 : 0;
}


/* sorted rows of one document lie side by side: the first stays */

static unsigned
gov_feed_once(gov_feed_row_t *rows, unsigned total)
{
    unsigned  i, n;

    for (i = 0, n = 0; i < total; i++) {
        if (n == 0 || rows[i].row.doc != rows[n - 1].row.doc) {
            rows[n++] = rows[i];
        }
    }

    return n;
}


/* the column itself or one below it; all are below none */

static int
gov_feed_below(gov_view_t *v, gov_column_t *one, gov_column_t *c)
{
    unsigned  depth;

    if (c == NULL) {
        return 1;
    }

    for (depth = 0; one != NULL && depth < GOV_FEED_DEPTH; depth++) {

        if (one->id == c->id) {
            return 1;
        }

        one = gov_column_find(v->columns, v->ncolumns, one->rec.parent);
    }

    return 0;
}


/* the newest rows of a column and what is below it, or of all columns */

static unsigned
gov_feed_rows(gov_view_t *v, gov_column_t *c, gov_feed_row_t *out)
{
    int            more;
    unsigned       i, j, n, left, total;
    gov_column_t  *one;
    gov_listed_t   rows[GOV_FEED_ROWS];

    total = 0;
    left = GOV_FEED_COLUMNS;

    for (i = 0; i < v->ncolumns && left > 0; i++) {
        one = &v->columns[i];

        if (!gov_feed_below(v, one, c)) {
            continue;
        }

        left--;

        if (gov_view_listed(v, one->id, 0, rows, GOV_FEED_ROWS, &n, &more)
            != GOV_OK)
        {
            continue;
        }

        for (j = 0; j < n; j++) {
            out[total].column = one->id;
            out[total++].row = rows[j];
        }
    }

    qsort(out, total, sizeof(gov_feed_row_t), gov_feed_newer);
    total = gov_feed_once(out, total);

    return total < GOV_FEED_ROWS ? total : GOV_FEED_ROWS;
}


/*
 * An id never changes (RFC 4287, 4.2.6): it is made of what no command can
 * change, the site's code and a number, and never of an address.
 */

static gov_str_t
gov_feed_id(gov_view_t *v, uint32_t site, const char *what, uint64_t n)
{
    gov_str_t   code;
    gov_site_t  source;

    code = v->site.rec.code;

    if (site != v->site.id
        && gov_site_get(v->txn, v->arena, site, &source) == GOV_OK)
    {
        code = source.rec.code;
    }

    return gov_urn(v->arena, gov_str_fmt(v->arena, "gov:%.*s/%s/%llu",
                                         gov_strf(code), what,
                                         (unsigned long long) n));
}


static int64_t
gov_feed_updated(gov_doc_rec_t *d)
{
    return d->changed > d->published ? d->changed : d->published;
}


/* newest: raised to the moment of the entry's last change */

static void
gov_feed_entry(gov_page_req_t *r, gov_view_t *v, gov_feed_row_t *row,
    gov_buf_t *b, int64_t *newest)
{
    int64_t       updated;
    gov_doc_t     doc;
    gov_err_t     err;
    gov_str_t     url;
    gov_value_t  *in, *out;

    if (gov_view_load_doc(v, row->row.doc, &doc) != GOV_OK
        || gov_view_canonical(v, &doc, &url) != GOV_OK)
    {
        return;
    }

    updated = gov_feed_updated(&doc.rec);
    in = gov_map(v->arena);
    gov_put_str(v->arena, in, "title", doc.rec.title);
    gov_put_str(v->arena, in, "summary", doc.rec.summary);
    gov_put_str(v->arena, in, "url", url);
    gov_put_str(v->arena, in, "date",
                gov_date(v->arena, doc.rec.published, GOV_DATE_DAY));
    out = in;

    if (r->script != NULL
        && gov_script_has_hook(r->script, v->site.rec.bundle, "feed_item"))
    {
        err.code = GOV_OK;
        (void) gov_script_hook(r->script, v->site.rec.bundle, "feed_item",
                               in, v->arena, &out, &err);
    }

    if (out->kind != GOV_MAP) {
        return;                         /* the hook left it out */
    }

    *newest = updated > *newest ? updated : *newest;

    gov_buf_c(b, "<entry>\n");
    gov_xml(b, "id", gov_feed_id(v, doc.site, "doc", doc.id));
    gov_xml(b, "title", gov_get_str(out, "title"));
    gov_xml(b, "published",
            gov_date(v->arena, doc.rec.published, GOV_DATE_RFC3339));
    gov_xml(b, "updated", gov_date(v->arena, updated, GOV_DATE_RFC3339));
    gov_buf_c(b, "<link rel=\"alternate\" type=\"text/html\" href=\"");
    gov_buf_html(b, url);
    gov_buf_c(b, "\"/>\n");

    if (gov_get_str(out, "summary").len) {
        gov_xml(b, "summary", gov_get_str(out, "summary"));
    }

    gov_buf_c(b, "</entry>\n");
}


/* of the feed: an edit counts, also of a document that is not the newest */

static int64_t
gov_feed_newest(gov_view_t *v, gov_feed_row_t *rows, unsigned n)
{
    int64_t    at, newest;
    unsigned   i;
    gov_doc_t  doc;

    newest = n ? 0 : v->site.rec.since;

    for (i = 0; i < n; i++) {
        if (gov_view_load_doc(v, rows[i].row.doc, &doc) == GOV_OK) {
            at = gov_feed_updated(&doc.rec);
            newest = at > newest ? at : newest;
        }
    }

    return newest;
}


gov_rc_t
gov_feed_atom(gov_page_req_t *r, gov_view_t *v, gov_column_t *c,
    gov_page_t *p)
{
    int64_t          updated;
    unsigned         i, n;
    gov_buf_t        b, entries;
    gov_str_t        path, self, home;
    gov_feed_row_t  *rows;

    path = c ? gov_column_path(v->arena, v->columns, v->ncolumns, c->id)
             : (gov_str_t) gov_null_string;
    home = gov_view_absolute(v, &v->base, path);
    self = gov_str_cat(v->arena, home, gov_s("feed.xml"));

    rows = gov_alloc(v->arena, GOV_FEED_COLUMNS * GOV_FEED_ROWS
                               * sizeof(gov_feed_row_t));
    n = gov_feed_rows(v, c, rows);
    updated = gov_feed_newest(v, rows, n);

    gov_buf_init(&entries, v->arena, 16 * 1024);

    for (i = 0; i < n; i++) {
        gov_feed_entry(r, v, &rows[i], &entries, &updated);
    }

    gov_buf_init(&b, v->arena, 16 * 1024);
    gov_buf_c(&b, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                  "<feed xmlns=\"http://www.w3.org/2005/Atom\" "
                  "xml:lang=\"zh-Hans\">\n");
    gov_xml(&b, "id", gov_feed_id(v, v->site.id, "feed", c ? c->id : 0));
    gov_xml(&b, "title", c ? gov_str_fmt(v->arena, "%.*s - %.*s",
                                         gov_strf(c->rec.name),
                                         gov_strf(v->site.rec.legal_name))
                           : v->site.rec.legal_name);
    gov_xml(&b, "updated", gov_date(v->arena, updated, GOV_DATE_RFC3339));
    gov_buf_c(&b, "<author><name>");
    gov_buf_html(&b, v->site.rec.legal_name);
    gov_buf_c(&b, "</name></author>\n<link rel=\"self\" "
                  "type=\"application/atom+xml\" href=\"");
    gov_buf_html(&b, self);
    gov_buf_c(&b, "\"/>\n<link rel=\"alternate\" type=\"text/html\" href=\"");
    gov_buf_html(&b, home);
    gov_buf_c(&b, "\"/>\n");

    gov_buf_str(&b, entries.s);
    gov_buf_c(&b, "</feed>\n");

    p->status = 200;
    p->type = "application/atom+xml; charset=utf-8";
    p->body = b.s;
    p->view = "feed";

    return GOV_OK;
}


static void
gov_sitemap_url(gov_view_t *v, gov_buf_t *b, gov_str_t rest, int64_t changed)
{
    gov_buf_c(b, "<url><loc>");
    gov_buf_html(b, gov_view_absolute(v, &v->base, rest));
    gov_buf_c(b, "</loc>");

    if (changed) {
        gov_buf_c(b, "<lastmod>");
        gov_buf_str(b, gov_date(v->arena, changed, GOV_DATE_RFC3339));
        gov_buf_c(b, "</lastmod>");
    }

    gov_buf_c(b, "</url>\n");
}


/* documents of this site only: a reference's address is its source's */

static unsigned
gov_sitemap_column(gov_view_t *v, gov_buf_t *b, gov_column_t *c,
    gov_listed_t *rows, unsigned max)
{
    int        more;
    unsigned   i, n, own;
    gov_str_t  path;

    path = gov_column_path(v->arena, v->columns, v->ncolumns, c->id);
    gov_sitemap_url(v, b, path, 0);

    if (gov_view_listed(v, c->id, 0, rows, max, &n, &more) != GOV_OK) {
        return 0;
    }

    own = 0;

    for (i = 0; i < n; i++) {
        if (rows[i].site != v->site.id) {
            continue;
        }

        gov_sitemap_url(v, b, gov_str_fmt(v->arena, "%.*s%llu.html",
                                          gov_strf(path),
                                      (unsigned long long) rows[i].doc),
                        rows[i].published);
        own++;
    }

    return own;
}


gov_rc_t
gov_feed_sitemap(gov_page_req_t *r, gov_view_t *v, gov_page_t *p)
{
    unsigned       i, left;
    gov_buf_t      b;
    gov_listed_t  *rows;

    (void) r;

    left = GOV_SITEMAP_URLS;
    rows = gov_alloc(v->arena, left * sizeof(gov_listed_t));

    gov_buf_init(&b, v->arena, 64 * 1024);
    gov_buf_c(&b, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset "
                  "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    gov_sitemap_url(v, &b, (gov_str_t) gov_null_string, 0);
    gov_sitemap_url(v, &b, gov_s("map.html"), 0);

    for (i = 0; i < v->ncolumns && left > 0; i++) {
        left -= gov_sitemap_column(v, &b, &v->columns[i], rows, left);
    }

    gov_buf_c(&b, "</urlset>\n");

    p->status = 200;
    p->type = "application/xml; charset=utf-8";
    p->body = b.s;
    p->view = "sitemap";

    return GOV_OK;
}


/*
 * Sites in page mode answer on this host, at any depth, and have sitemaps of
 * their own.  `rest` is the address of `site` below the host's site.
 */

static void
gov_robots_site(gov_robots_t *r, uint32_t site, gov_str_t rest,
    unsigned depth)
{
    unsigned     i, n;
    gov_str_t    below;
    gov_view_t  *v;
    gov_site_t  *sites;

    v = r->v;

    if (r->left == 0) {
        return;
    }

    r->left--;
    gov_buf_fmt(&r->b, "Sitemap: %.*ssitemap.xml\n",
                gov_strf(gov_view_absolute(v, &v->base, rest)));

    if (depth == GOV_ROBOTS_DEPTH) {
        return;
    }

    gov_deps_note(&v->deps, site, GOV_SLOT_CHILDREN);

    if (gov_view_got(v, gov_site_children(v->txn, v->arena, site, 0, r->left,
                                          &sites, &n))
        != GOV_OK)
    {
        return;
    }

    for (i = 0; i < n; i++) {
        if (sites[i].rec.mode == GOV_MODE_PAGE
            && sites[i].rec.state <= GOV_SITE_LIVE)
        {
            below = gov_str_fmt(v->arena, "%.*s%.*s/", gov_strf(rest),
                                gov_strf(sites[i].rec.slug));
            gov_robots_site(r, sites[i].id, below, depth + 1);
        }
    }
}


gov_rc_t
gov_feed_robots(gov_view_t *v, gov_page_t *p)
{
    gov_robots_t  r;

    memset(&r, 0, sizeof(gov_robots_t));
    r.v = v;
    r.left = GOV_ROBOTS_SITES;

    gov_buf_init(&r.b, v->arena, 1024);
    gov_buf_c(&r.b, "User-agent: *\nDisallow: /console/\n"
                    "Disallow: /api/\nDisallow: /_gov/view\n");

    gov_robots_site(&r, v->site.id, (gov_str_t) gov_null_string, 0);

    p->status = 200;
    p->type = "text/plain; charset=utf-8";
    p->body = r.b.s;
    p->view = "robots";

    return GOV_OK;
}


/* valid for half a year from the start of the day: changes at midnight */

gov_rc_t
gov_feed_security(gov_view_t *v, gov_page_t *p)
{
    int64_t       day;
    gov_buf_t     b;
    gov_str_t     contact;
    gov_value_t  *rule;

    gov_deps_note(&v->deps, GOV_HUB, GOV_SLOT_POLICY);

    day = v->now - (v->now + GOV_ZONE_US) % GOV_DAY_US;

    if (day + GOV_DAY_US < v->due) {
        v->due = day + GOV_DAY_US;
    }

    contact = (gov_str_t) gov_null_string;

    if (gov_policy_get(v->txn, v->arena, "security", v->now, &rule)
        == GOV_OK)
    {
        contact = gov_get_str(rule, "contact");
    }

    if (contact.len == 0) {
        contact = gov_view_absolute(v, &v->base, gov_s("map.html"));
    }

    gov_buf_init(&b, v->arena, 512);
    gov_buf_fmt(&b, "Contact: %.*s\nExpires: %.*s\n"
                    "Preferred-Languages: zh, en\nCanonical: %.*s\n",
                gov_strf(contact),
                gov_strf(gov_date(v->arena,
                                  day + GOV_SECURITY_DAYS * GOV_DAY_US,
                                  GOV_DATE_RFC3339)),
                gov_strf(gov_view_absolute(v, &v->base,
                                  gov_s(".well-known/security.txt"))));

    p->status = 200;
    p->type = "text/plain; charset=utf-8";
    p->body = b.s;
    p->view = "security";

    return GOV_OK;
}
