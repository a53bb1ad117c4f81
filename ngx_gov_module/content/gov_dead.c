
/*
 * Copyright (C) ngx_gov authors
 *
 * Links of a body that lead a visitor nowhere.  What is judged are addresses
 * of this platform: documents, files, columns, and what else would stand in
 * a folder or be a page below a site.  Whatever else is linked to is taken as
 * good, for nothing is asked of the network.
 *
 *     gov:doc/4711                 s/4711  COLUMN/4711.html   a document
 *     /files/DIGEST/NAME           files/ID/DIGEST/NAME       a file
 *     COLUMN/  COLUMN  COLUMN/index_2.html  COLUMN/feed.xml   a column
 *
 * "/xxgk/" is on the host of the document's site, and "../x.html" is read
 * from the document's own address, as its readers' browsers do.
 *
 * It tells what the public is told: a foreign document that is not public is
 * one that is not there.
 */


#include "content/gov_content_int.h"


#define GOV_DEAD_MAX  50            /* rows of one body */

typedef enum {
    GOV_DEAD_NOT = 0,
    GOV_DEAD_DOC,
    GOV_DEAD_DRAFT,
    GOV_DEAD_EXPIRED,
    GOV_DEAD_WITHDRAWN,
    GOV_DEAD_FILE,
    GOV_DEAD_BIN,
    GOV_DEAD_REFUSED,
    GOV_DEAD_COLUMN,
    GOV_DEAD_PAGE,
    GOV_DEAD_WHYS
} gov_dead_why_t;

typedef struct {
    gov_txn_t       *txn;
    gov_arena_t     *arena;
    gov_site_t      *site;          /* of the document */
    uint32_t         column;
    int64_t          now;
    gov_dead_why_t   why;
} gov_dead_t;


static struct {
    const char  *name;
    const char  *title;
} gov_dead_whys[GOV_DEAD_WHYS] = {
    { "", "" }, { "doc", "没有这份文档" }, { "draft", "文档还没有发布" },
    { "expired", "文档已下线" }, { "withdrawn", "文档已撤回" },
    { "file", "没有这个文件" }, { "bin", "文件在回收站" },
    { "refused", "文件没有通过检查" }, { "column", "没有这个栏目" },
    { "page", "没有这个页面" }
};


static gov_rc_t gov_dead_url(gov_dead_t *d, gov_str_t url);
static gov_rc_t gov_dead_relative(gov_dead_t *d, gov_str_t url);
static gov_rc_t gov_dead_address(gov_dead_t *d, gov_str_t url);
static gov_str_t gov_dead_dots(gov_arena_t *a, gov_str_t path);
static gov_rc_t gov_dead_below(gov_dead_t *d, gov_place_t *place);
static gov_rc_t gov_dead_leaf(gov_dead_t *d, uint32_t site,
    gov_str_t folder, gov_str_t leaf);
static gov_rc_t gov_dead_doc(gov_dead_t *d, gov_str_t number);
static gov_rc_t gov_dead_file(gov_dead_t *d, uint32_t site, gov_str_t rest);
static gov_rc_t gov_dead_column(gov_dead_t *d, uint32_t site,
    gov_str_t path);
static gov_str_t gov_dead_after(gov_str_t s, size_t n);
static gov_str_t gov_dead_until(gov_str_t s, const char *stop);


gov_rc_t
gov_body_dead(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    uint32_t column, gov_str_t html, int64_t now, gov_value_t *rows)
{
    u_char       *p, *end;
    gov_rc_t      rc;
    gov_str_t     url;
    gov_dead_t    d;
    gov_value_t  *row;

    p = html.data;
    end = html.data + html.len;

    while (rows->n < GOV_DEAD_MAX && p < end
           && (p = memchr(p, '"', (size_t) (end - p))) != NULL)
    {
        if (p++ == html.data || p[-2] != '=') {
            continue;
        }

        url = gov_dead_until((gov_str_t) { (size_t) (end - p), p }, "\"");

        d = (gov_dead_t) { .txn = t, .arena = a, .site = site,
                           .column = column, .now = now };

        rc = p - html.data > 6 && (memcmp(p - 6, "href", 4) == 0
                                   || memcmp(p - 5, "src", 3) == 0)
             ? gov_dead_url(&d, url) : GOV_OK;
        if (rc != GOV_OK) {
            return rc;
        }

        if (d.why != GOV_DEAD_NOT) {
            row = gov_add_map(a, rows);
            gov_put_str(a, row, "url", gov_str_copy(a, url));
            gov_put_c(a, row, "why", gov_dead_whys[d.why].name);
            gov_put_c(a, row, "title", gov_dead_whys[d.why].title);
        }

        p += url.len + 1;
    }

    return GOV_OK;
}


static gov_rc_t
gov_dead_url(gov_dead_t *d, gov_str_t url)
{
    if (gov_str_starts(url, GOV_DOC_URL)) {
        return gov_dead_doc(d, gov_dead_after(url, sizeof(GOV_DOC_URL) - 1));
    }

    if (gov_str_starts(url, "/files/")) {
        return gov_dead_file(d, d->site->id,
                             gov_dead_after(url, sizeof("/files/") - 1));
    }

    if (gov_str_starts(url, "https://")) {
        url = gov_dead_after(url, sizeof("https:") - 1);

    } else if (gov_str_starts(url, "http://")) {
        url = gov_dead_after(url, sizeof("http:") - 1);
    }

    url = gov_dead_until(url, "?#");

    return url.len && url.data[0] == '/' ? gov_dead_address(d, url)
                                         : gov_dead_relative(d, url);
}


/* nothing but a query or a place in the page: it is the document itself */

static gov_rc_t
gov_dead_relative(gov_dead_t *d, gov_str_t url)
{
    gov_rc_t       rc;
    unsigned       n;
    gov_str_t      folder;
    gov_base_t     base;
    gov_column_t  *list;

    if (url.len == 0 || gov_url_kind(url) != GOV_URL_RELATIVE) {
        return GOV_OK;
    }

    rc = gov_site_base(d->txn, d->arena, d->site, &base);

    if (rc == GOV_OK) {
        rc = gov_columns(d->txn, d->arena, d->site, &list, &n);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    folder = gov_str_cat(d->arena, base.path,
                         gov_column_path(d->arena, list, n, d->column));

    return gov_dead_address(d, gov_str_cat(d->arena, folder, url));
}


/* "//host/path", or "/path" on the site's own host */

static gov_rc_t
gov_dead_address(gov_dead_t *d, gov_str_t url)
{
    gov_rc_t     rc;
    gov_str_t    host, path;
    gov_err_t    err;
    gov_base_t   base;
    gov_place_t  place;

    if (gov_str_starts(url, "//")) {
        path = gov_dead_after(url, 2);
        host = gov_dead_until(path, "/");
        path = gov_dead_after(path, host.len);

        if (gov_host_canon(d->arena, host, &host, &err) != GOV_OK) {
            return GOV_OK;
        }

    } else {
        rc = gov_site_base(d->txn, d->arena, d->site, &base);
        if (rc != GOV_OK) {
            return rc;
        }

        host = base.host;
        path = url;
    }

    rc = gov_site_resolve(d->txn, d->arena, host,
                          gov_dead_dots(d->arena, path), &place);

    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND ? GOV_OK : rc;
    }

    return gov_dead_below(d, &place);
}


/* "." and ".." are gone through (RFC 3986, 5.2.4) */

static gov_str_t
gov_dead_dots(gov_arena_t *a, gov_str_t path)
{
    int        last;
    gov_buf_t  b;
    gov_str_t  part;

    gov_buf_init(&b, a, path.len + 1);
    gov_buf_c(&b, "/");

    while (path.len) {
        path = gov_dead_after(path, 1);
        part = gov_dead_until(path, "/");
        path = gov_dead_after(path, part.len);
        last = path.len == 0;

        if (gov_str_is(part, "..")) {
            b.s.len -= b.s.len > 1;

            while (b.s.data[b.s.len - 1] != '/') {
                b.s.len--;
            }

        } else if (!gov_str_is(part, ".")) {
            gov_buf_str(&b, part);
            gov_buf_c(&b, last ? "" : "/");
        }
    }

    return b.s;
}


static gov_rc_t
gov_dead_below(gov_dead_t *d, gov_place_t *place)
{
    size_t     n;
    gov_str_t  rest;

    rest = place->rest;

    if (gov_str_starts(rest, "files/")) {
        return gov_dead_file(d, place->site,
                             gov_dead_after(rest, sizeof("files/") - 1));
    }

    if (gov_str_starts(rest, "s/")) {
        return gov_dead_doc(d, gov_dead_after(rest, 2));
    }

    if (gov_str_starts(rest, "_gov/") || gov_str_starts(rest, ".well-known/"))
    {
        return GOV_OK;
    }

    for (n = rest.len; n > 0 && rest.data[n - 1] != '/'; n--) {
        /* void */
    }

    return gov_dead_leaf(d, place->site, (gov_str_t) { n, rest.data },
                         gov_dead_after(rest, n));
}


/* a folder is empty or ends with "/"; what is no page may stand beside a
 * site's home, as an icon does */

static gov_rc_t
gov_dead_leaf(gov_dead_t *d, uint32_t site, gov_str_t folder, gov_str_t leaf)
{
    int        html;
    int64_t    id;
    gov_str_t  name;

    name = gov_dead_until(leaf, ".");
    html = gov_str_ends(leaf, ".html");

    if (folder.len == 0) {
        d->why = html && !gov_str_is(leaf, "index.html")
                 && !gov_str_is(leaf, "map.html")
                 ? GOV_DEAD_PAGE : GOV_DEAD_NOT;
        return GOV_OK;
    }

    if (html && gov_str_int(name, &id) == 0) {
        return gov_dead_doc(d, name);
    }

    if (leaf.len == 0 || gov_str_is(leaf, "feed.xml")
        || (html && (gov_str_is(name, "index")
                     || gov_str_starts(name, "index_"))))
    {
        return gov_dead_column(d, site, folder);
    }

    if (name.len == leaf.len) {
        return gov_dead_column(d, site,
                   (gov_str_t) { folder.len + leaf.len, folder.data });
    }

    d->why = GOV_DEAD_PAGE;

    return GOV_OK;
}


/* a name that is no number is no document's */

static gov_rc_t
gov_dead_doc(gov_dead_t *d, gov_str_t number)
{
    int64_t    id;
    gov_rc_t   rc;
    gov_doc_t  doc;

    if (gov_str_int(number, &id) != 0 || id <= 0) {
        return GOV_OK;
    }

    rc = gov_doc_find(d->txn, d->arena, (uint64_t) id, &doc);

    if (rc == GOV_NOT_FOUND) {
        d->why = GOV_DEAD_DOC;
        return GOV_OK;
    }

    if (rc != GOV_OK) {
        return rc;
    }

    switch (gov_doc_shown(&doc.rec, d->now)) {

    case GOV_SHOWN_PUBLIC:
        break;

    case GOV_SHOWN_WITHDRAWN:
        d->why = GOV_DEAD_WITHDRAWN;
        break;

    case GOV_SHOWN_EXPIRED:
        d->why = GOV_DEAD_EXPIRED;
        break;

    default:
        d->why = doc.site == d->site->id ? GOV_DEAD_DRAFT : GOV_DEAD_DOC;
    }

    return GOV_OK;
}


/* DIGEST/NAME, or ID/DIGEST/NAME of another site's document */

static gov_rc_t
gov_dead_file(gov_dead_t *d, uint32_t site, gov_str_t rest)
{
    int64_t         id;
    gov_rc_t        rc;
    gov_str_t       first;
    gov_doc_t       doc;
    gov_file_rec_t  f;

    first = gov_dead_until(rest, "/");

    if (first.len <= GOV_NUMBER_LEN && gov_str_int(first, &id) == 0) {
        rc = gov_doc_find(d->txn, d->arena, (uint64_t) id, &doc);

        if (rc != GOV_OK) {
            d->why = GOV_DEAD_DOC;
            return rc == GOV_NOT_FOUND ? GOV_OK : rc;
        }

        site = doc.site;
        rest = gov_dead_after(rest, first.len);
        first = gov_dead_until(gov_dead_after(rest, rest.len ? 1 : 0), "/");
    }

    rc = gov_file_load(d->txn, d->arena, site, first, &f);

    if (rc == GOV_NOT_FOUND) {
        d->why = GOV_DEAD_FILE;
        return GOV_OK;
    }

    if (rc == GOV_OK && f.state == GOV_FILE_REFUSED) {
        d->why = GOV_DEAD_REFUSED;

    } else if (rc == GOV_OK && f.deleted) {
        d->why = GOV_DEAD_BIN;
    }

    return rc;
}


static gov_rc_t
gov_dead_column(gov_dead_t *d, uint32_t site, gov_str_t path)
{
    gov_rc_t       rc;
    uint32_t       id;
    unsigned       n;
    gov_site_t     other;
    gov_column_t  *list;

    rc = gov_site_get(d->txn, d->arena, site, &other);

    if (rc == GOV_OK) {
        rc = gov_columns(d->txn, d->arena, &other, &list, &n);
    }

    if (rc != GOV_OK || gov_column_at(list, n, path) != NULL) {
        return rc;
    }

    rc = gov_column_was(d->txn, d->arena, site, list, n, path, &id);

    if (rc == GOV_NOT_FOUND) {
        d->why = GOV_DEAD_COLUMN;
        return GOV_OK;
    }

    return rc;
}


static gov_str_t
gov_dead_after(gov_str_t s, size_t n)
{
    s.data += n;
    s.len -= n;

    return s;
}


/* up to one of the characters, or whole */

static gov_str_t
gov_dead_until(gov_str_t s, const char *stop)
{
    size_t  i;

    for (i = 0; i < s.len && strchr(stop, s.data[i]) == NULL; i++) {
        /* void */
    }

    s.len = i;

    return s;
}
