
/*
 * Copyright (C) ngx_gov authors
 *
 * A request walks straight down:
 *
 *     host and path -> site -> its state -> route -> view -> hooks ->
 *     template -> variants -> proof
 *
 * Invariant: the proof is taken from the same snapshot as the page, and
 * names the journal's head of that snapshot, so a commit that comes later
 * carries a larger number than anything the page was built from.
 */


#include "page/gov_page_int.h"


#define GOV_HTML_TYPE  "text/html; charset=utf-8"
#define GOV_PATH_MAX   1024

/* how much later than its time a commit may be seen */
#define GOV_COMMIT_SECONDS  10

/* a page made around a failed script is tried again, in microseconds */
#define GOV_SCRIPT_AGAIN    (10 * (int64_t) 1000000)


typedef struct {
    gov_page_req_t   *r;
    gov_page_t       *p;
    gov_view_t        v;
    gov_route_t       route;
    uint64_t          failed;       /* scripts, before this page */
    gov_err_t        *err;
} gov_make_t;

typedef gov_rc_t (*gov_make_pt)(gov_make_t *m);


static gov_rc_t gov_make_render(gov_make_t *m, const char *name,
    gov_value_t *values);
static gov_rc_t gov_make_notice(gov_make_t *m, int status, const char *what,
    gov_doc_t *doc);


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


static gov_rc_t
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

        return gov_make_notice(m, 410, "", &doc);

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


static gov_rc_t
gov_make_file(gov_make_t *m)
{
    int             is_public;
    gov_rc_t        rc;
    uint32_t        site;
    gov_file_rec_t  f;

    rc = gov_make_file_site(m, &site);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_file_get(m->r->txn, m->r->arena, site, m->route.digest,
                      m->r->now, &f, &is_public);
    if (rc != GOV_OK) {
        return rc;
    }

    if (!gov_str_eq(f.name, m->route.name)) {
        return GOV_NOT_FOUND;
    }

    if (!is_public) {
        return gov_make_notice(m, 410, "", NULL);
    }

    m->p->status = 200;
    m->p->view = "file";
    m->p->file = m->route.digest;
    m->p->file_name = gov_str_copy(m->r->arena, f.name);
    m->p->file_type = gov_str_copy(m->r->arena, f.type);

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
    [GOV_ROUTE_TO_COLUMN] = gov_make_to_column,
    [GOV_ROUTE_TO_HOME] = gov_make_to_home
};


/* each link group passes the hook, which may change or drop it */

static void
gov_make_link_hook(gov_make_t *m, gov_value_t *values)
{
    gov_value_t  *group, *next, *list, *old, *out;

    old = gov_member(values, "links");

    if (old == NULL
        || !gov_script_has_hook(m->r->script, m->v.site.rec.bundle,
                                "link_group"))
    {
        return;
    }

    list = gov_list(m->r->arena);

    for (group = old->u.first; group; group = next) {
        next = group->next;

        (void) gov_script_hook(m->r->script, m->v.site.rec.bundle,
                               "link_group", group, m->r->arena, &out,
                               m->err);

        if (out->kind == GOV_MAP) {
            gov_add(list, out);
        }
    }

    gov_set(values, "links", list);
}


static gov_rc_t
gov_make_render(gov_make_t *m, const char *name, gov_value_t *values)
{
    gov_buf_t     b;
    gov_str_t     bundle;
    gov_value_t  *out;

    bundle = m->v.site.rec.bundle;
    out = values;

    if (m->r->script == NULL) {
        return gov_fail(m->err, GOV_ERROR, "", "no script engine");
    }

    gov_make_link_hook(m, values);

    if (gov_script_has_hook(m->r->script, bundle, "before_render")) {
        (void) gov_script_hook(m->r->script, bundle, "before_render", values,
                               m->r->arena, &out, m->err);
    }

    gov_buf_init(&b, m->r->arena, 48 * 1024);

    if (gov_script_render(m->r->script, bundle, name, "zh", out, &b, m->err)
        != GOV_OK)
    {
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


static gov_rc_t
gov_make_notice(gov_make_t *m, int status, const char *what, gov_doc_t *doc)
{
    gov_rc_t      rc;
    gov_value_t  *values;

    rc = gov_view_notice(&m->v, status, what, doc, &values);
    if (rc != GOV_OK) {
        return rc;
    }

    m->p->status = status;

    return gov_make_render(m, "notice", values);
}


static gov_rc_t
gov_make_bare(gov_make_t *m, int status)
{
    m->p->status = status;

    if (m->r->script != NULL
        && gov_make_render(m, "notice",
                           gov_view_bare_notice(m->r->arena, status,
                                                m->r->assets))
           == GOV_OK)
    {
        return GOV_OK;
    }

    m->p->type = GOV_HTML_TYPE;
    m->p->body = gov_page_last_resort(status);
    m->p->view = "last_resort";

    return GOV_OK;
}


static gov_rc_t
gov_make_enter(gov_make_t *m, uint32_t site)
{
    return m->r->enter == NULL ? GOV_OK : m->r->enter(m->r, site);
}


/* the place of the request, and the view on its site */

static gov_rc_t
gov_make_place(gov_make_t *m, gov_place_t *place)
{
    gov_rc_t         rc;
    gov_page_req_t  *r;

    r = m->r;
    memset(&m->v, 0, sizeof(gov_view_t));

    if (gov_make_enter(m, GOV_HUB) != GOV_OK) {
        return GOV_BUSY;
    }

    rc = gov_site_resolve(r->txn, r->arena, r->host, r->path, place);
    if (rc != GOV_OK) {
        return rc;
    }

    m->p->site = place->site;

    if (gov_make_enter(m, place->site) != GOV_OK) {
        return GOV_BUSY;
    }

    rc = gov_view_begin(&m->v, r->txn, r->arena, r->now, r->links,
                        place->site);
    if (rc != GOV_OK) {
        return GOV_ERROR;
    }

    gov_deps_note(&m->v.deps, GOV_HUB,
                  gov_slot_host(gov_host_hash(r->host)));

    m->v.elder = r->elder;
    m->v.assets = r->assets;
    m->v.path = r->path;

    return GOV_OK;
}


static gov_rc_t
gov_make_merged(gov_make_t *m)
{
    gov_base_t  base;
    gov_site_t  into;

    if (gov_site_get(m->r->txn, m->r->arena, m->v.site.rec.into, &into)
        != GOV_OK
        || gov_site_base(m->r->txn, m->r->arena, &into, &base) != GOV_OK)
    {
        return gov_make_notice(m, 410, "closed", NULL);
    }

    return gov_make_redirect(m, gov_view_absolute(&m->v, &base,
                                            (gov_str_t) gov_null_string));
}


static gov_rc_t
gov_make_route(gov_make_t *m, gov_place_t *place)
{
    gov_rc_t  rc;

    switch (m->v.site.rec.state) {

    case GOV_SITE_SUSPENDED:
        return gov_make_notice(m, 503, "suspended", NULL);

    case GOV_SITE_CLOSED:
        return gov_make_notice(m, 410, "closed", NULL);

    case GOV_SITE_MERGED:
        return gov_make_merged(m);
    }

    rc = gov_view_columns(&m->v);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_route(&m->v, place->rest, &m->route);

    return gov_make_routes[m->route.kind](m);
}


/*
 * A date proves a page only when no other page at its address can carry the
 * same one.  A command's time is fixed when its group begins, and it is seen
 * when its commit is durable, which on a slow disk is seconds later.
 */

static int
gov_make_same_second(gov_page_req_t *r, uint64_t head)
{
    gov_key_t        k;
    gov_entry_rec_t  e;

    if (head == 0
        || gov_load(gov_handle(r->txn, GOV_HUB), GOV_T_JOURNAL,
                    gov_key8(&k, head), r->arena, &e)
           != GOV_OK)
    {
        return 1;
    }

    return e.time / 1000000 + GOV_COMMIT_SECONDS >= r->now / 1000000;
}


/* what falls due within its own second leaves that second to what follows */

static void
gov_make_modified(gov_make_t *m, gov_proof_t *f)
{
    f->modified = m->r->now / 1000000;
    f->same_second = gov_make_same_second(m->r, f->built);

    if (f->due / 1000000 <= f->modified) {
        f->modified--;
        f->same_second = 1;
    }
}


void
gov_page_validators(gov_arena_t *a, gov_page_t *p)
{
    unsigned    i;
    u_char      bytes[GOV_ETAG / 2];
    uint64_t    hash;
    gov_str_t   date;

    hash = gov_hash64(p->body.data, p->body.len);

    for (i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (u_char) (hash >> (56 - 8 * i));
    }

    gov_hex(p->proof.etag, bytes, sizeof(bytes));

    date = gov_date(a, p->proof.modified * 1000000, GOV_DATE_HTTP);
    memcpy(p->proof.date, date.data, date.len);
}


static uint64_t
gov_make_failed(gov_page_req_t *r)
{
    gov_script_count_t  n;

    if (r->script == NULL) {
        return 0;
    }

    gov_script_counts(r->script, &n);

    return n.failed + n.overruns;
}


/*
 * A hook that overran its time on a busy machine, or a site's template that
 * gave way to the base's: what came out is shown, and not for long.
 */

static int64_t
gov_make_due(gov_make_t *m)
{
    int64_t  again;

    again = m->r->now + GOV_SCRIPT_AGAIN;

    return gov_make_failed(m->r) != m->failed && again < m->v.due
               ? again : m->v.due;
}


static void
gov_make_proof(gov_make_t *m)
{
    gov_page_t   *p;
    gov_proof_t  *f;

    p = m->p;
    f = &p->proof;

    f->txn = gov_txn_id(m->r->txn);
    f->built = gov_journal_head(m->r->txn);
    f->due = gov_make_due(m);
    gov_make_modified(m, f);
    gov_page_validators(m->r->arena, p);
    f->deps = m->v.deps;

    /* an attachment's rule is asked of its documents at each request */

    p->keep = (p->status == 200 || (p->status == 410 && m->v.site.id))
              && p->body.len && m->route.kind != GOV_ROUTE_FILE;
}


gov_rc_t
gov_page_make(gov_page_req_t *r, gov_page_t *page, gov_err_t *err)
{
    gov_rc_t     rc;
    gov_make_t   m;
    gov_place_t  place;

    memset(page, 0, sizeof(gov_page_t));
    memset(&m, 0, sizeof(gov_make_t));
    m.r = r;
    m.p = page;
    m.err = err;
    m.failed = gov_make_failed(r);

    rc = gov_make_place(&m, &place);

    if (rc == GOV_NOT_FOUND) {
        (void) gov_make_bare(&m, 421);
        return GOV_NOT_FOUND;
    }

    if (rc == GOV_BUSY) {
        return gov_make_bare(&m, 503);
    }

    if (rc == GOV_OK && place.moved) {
        return gov_make_redirect(&m, gov_view_absolute(&m.v, &m.v.base,
                                                       place.rest));
    }

    if (rc == GOV_OK) {
        rc = r->path.len > GOV_PATH_MAX ? GOV_NOT_FOUND
                                        : gov_make_route(&m, &place);
    }

    if (rc == GOV_NOT_FOUND) {
        page->status = 0;
        rc = gov_make_notice(&m, 404, "", NULL);
    }

    if (rc != GOV_OK || gov_arena_failed(r->arena)) {
        (void) gov_fail(err, GOV_ERROR, "", "page failed: %s",
                        gov_rc_name(rc));
        page->status = 500;
        page->type = GOV_HTML_TYPE;
        page->body = gov_page_last_resort(500);
        page->view = "last_resort";

        return GOV_ERROR;
    }

    if (page->status == 301) {
        return GOV_OK;
    }

    gov_make_proof(&m);

    return GOV_OK;
}


gov_rc_t
gov_page_error(gov_page_req_t *r, int status, gov_page_t *page,
    gov_err_t *err)
{
    gov_make_t   m;
    gov_place_t  place;

    memset(page, 0, sizeof(gov_page_t));
    memset(&m, 0, sizeof(gov_make_t));
    m.r = r;
    m.p = page;
    m.err = err;

    if (r->txn != NULL && r->script != NULL
        && gov_make_place(&m, &place) == GOV_OK
        && gov_make_notice(&m, status, "", NULL) == GOV_OK)
    {
        return GOV_OK;
    }

    return gov_make_bare(&m, status);
}


/* plain words that need nothing: the rows stand in one table */

typedef struct {
    int         status;
    gov_str_t   page;
} gov_last_resort_t;

#define gov_last_page(title, text)                                            \
    gov_string("<!DOCTYPE html>\n<html lang=\"zh-Hans\"><head>"               \
               "<meta charset=\"utf-8\"><meta name=\"viewport\" "             \
               "content=\"width=device-width\"><title>" title "</title>"      \
               "</head><body><h1>" title "</h1><p>" text "</p></body></html>\n")

static gov_last_resort_t  gov_last_resorts[] = {
    { 400, gov_last_page("请求有误",
                         "地址或者请求的写法有误，请核对后再试。") },
    { 405, gov_last_page("这个地址不接受这种请求",
                         "这个页面只能浏览，不能提交。") },
    { 413, gov_last_page("提交的内容过大", "请减小后再提交。") },
    { 421, gov_last_page("没有这个网站",
                         "本服务器上没有以这个域名开办的网站，请核对网址。") },
    { 503, gov_last_page("服务暂时不可用", "请过一会儿再试。") },
    { 0, gov_last_page("页面暂时无法显示",
                       "我们已经记录了这个错误，请稍后再试。") }
};


gov_str_t
gov_page_last_resort(int status)
{
    gov_last_resort_t  *l;

    for (l = gov_last_resorts; l->status; l++) {
        if (l->status == status) {
            break;
        }
    }

    return l->page;
}
