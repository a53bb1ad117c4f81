
/*
 * Copyright (C) ngx_gov authors
 *
 * Questions about sites and what hangs on them.
 */


#include "view/gov_query_int.h"


#define GOV_ASK_BANNERS_MAX  50


typedef struct {
    int       known;
    uint32_t  parent;
    int       below;            /* what is held there reaches down */
} gov_ask_seen_t;


static int gov_ask_seen(gov_ask_t *q, gov_site_t *site,
    gov_ask_seen_t *seen);
static gov_rc_t gov_ask_site_wanted(gov_ask_t *q, uint32_t *parent,
    int *level);
static const char *gov_ask_host_kind(gov_site_t *site, gov_str_t host,
    gov_place_rec_t *place);
static int64_t gov_ask_column_depth(gov_str_t name);
static void gov_ask_column_row(gov_ask_t *q, gov_value_t *row,
    gov_site_t *site, gov_column_t *c, gov_str_t path);
static void gov_ask_column_docs(gov_ask_t *q, gov_value_t *row,
    gov_site_t *site, uint32_t column);


gov_rc_t
gov_query_site_list(gov_ask_t *q)
{
    int              level;
    gov_rc_t         rc;
    unsigned         looked, limit;
    uint32_t         id, parent;
    gov_str_t        state;
    gov_site_t       site;
    gov_value_t     *rows;
    gov_ask_seen_t   seen;

    rc = gov_ask_site_wanted(q, &parent, &level);
    if (rc != GOV_OK) {
        return rc;
    }

    id = (uint32_t) gov_get_int(q->in, "after", 0);
    limit = gov_ask_limit(q);
    state = gov_get_str(q->in, "state");
    rows = gov_put_list(q->arena, q->out, "rows");

    memset(&seen, 0, sizeof(gov_ask_seen_t));

    for (looked = 0; rows->n < limit && looked < GOV_ASK_LOOK_MAX; looked++) {
        rc = gov_site_next(q->txn, q->arena, &id, &site);
        if (rc != GOV_OK) {
            return rc == GOV_DONE ? GOV_OK : rc;
        }

        if ((parent && site.rec.parent != parent)
            || (level && site.rec.level != level)
            || (state.len
                && !gov_str_is(state, gov_site_state_name(site.rec.state)))
            || !gov_ask_seen(q, &site, &seen))
        {
            continue;
        }

        gov_ask_site_row(q, gov_add_map(q->arena, rows), &site);
    }

    gov_put_int(q->arena, q->out, "next", id);

    return GOV_OK;
}


/* sisters mostly follow one another: what reaches them from above is asked
 * once for all of them */

static int
gov_ask_seen(gov_ask_t *q, gov_site_t *site, gov_ask_seen_t *seen)
{
    unsigned  i;

    if (!seen->known || seen->parent != site->rec.parent) {
        seen->known = 1;
        seen->parent = (uint32_t) site->rec.parent;
        seen->below = gov_may_see_below(q->txn, q->who, seen->parent);
    }

    for (i = 0; !seen->below && i < q->who->ngrants; i++) {
        if (q->who->grants[i].site == site->id) {
            return 1;
        }
    }

    return seen->below;
}


static gov_rc_t
gov_ask_site_wanted(gov_ask_t *q, uint32_t *parent, int *level)
{
    gov_rc_t    rc;
    gov_str_t   word;
    gov_site_t  site;

    *parent = 0;
    *level = 0;

    if (gov_member(q->in, "parent")) {
        rc = gov_ask_site(q, "parent", &site);
        if (rc != GOV_OK) {
            return rc;
        }

        *parent = site.id;
    }

    word = gov_get_str(q->in, "level");

    if (word.len) {
        *level = gov_level_parse(word);
        if (*level == 0) {
            return gov_fail(q->err, GOV_INVALID, "level",
                            "没有名为“%.*s”的级别", gov_strf(word));
        }
    }

    return GOV_OK;
}


void
gov_ask_site_row(gov_ask_t *q, gov_value_t *row, gov_site_t *site)
{
    gov_arena_t  *a = q->arena;

    gov_put_str(a, row, "code", site->rec.code);
    gov_put_str(a, row, "name", site->rec.name);
    gov_put_c(a, row, "level", gov_level_name(site->rec.level));
    gov_put_c(a, row, "state", gov_site_state_name(site->rec.state));
    gov_put_c(a, row, "mode",
              site->rec.mode == GOV_MODE_PAGE ? "page" : "subsite");
    gov_put_str(a, row, "slug", site->rec.slug);
    gov_put_str(a, row, "parent",
                gov_ask_code(q, (uint32_t) site->rec.parent));
    gov_put_str(a, row, "url",
                gov_ask_url(q, site, (gov_str_t) gov_null_string));
}


gov_rc_t
gov_query_site_get(gov_ask_t *q)
{
    gov_rc_t      rc;
    uint64_t      bytes;
    gov_site_t    site;
    gov_value_t  *rec, *v;

    rc = gov_ask_site(q, "site", &site);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_ask_site_row(q, q->out, &site);

    /* the record's other members, numbers that mean nothing outside left */

    rec = gov_rec_value(q->arena, &gov_rec_site, &site.rec);

    gov_unset(rec, "into");
    gov_unset(rec, "since");

    gov_each(v, rec) {
        if (gov_member_s(q->out, v->key) == NULL) {
            gov_put_key(q->out, v->key, gov_value_copy(q->arena, v));
        }
    }

    if (site.rec.into) {
        gov_put_str(q->arena, q->out, "into",
                    gov_ask_code(q, (uint32_t) site.rec.into));
    }

    gov_ask_time(q, q->out, "since", site.rec.since);
    gov_put_int(q->arena, q->out, "number", site.id);

    if (gov_usage(gov_handle(q->txn, site.id), q->arena, &bytes) == GOV_OK) {
        gov_put_int(q->arena, q->out, "bytes", (int64_t) bytes);
    }

    gov_ask_views(q, site.id, 0);

    return GOV_OK;
}


/* hosts are kept by name, for all sites: a page may end before it is full */

gov_rc_t
gov_query_site_hosts(gov_ask_t *q)
{
    gov_rc_t          rc;
    unsigned          looked, limit;
    gov_str_t         after;
    gov_key_t         k, from;
    gov_site_t        site;
    gov_scan_t        sc;
    gov_value_t      *rows, *row;
    gov_place_rec_t   place;

    rc = gov_ask_site(q, "site", &site);

    if (rc == GOV_OK) {
        rc = gov_scan_open(&sc, gov_handle(q->txn, GOV_HUB), GOV_T_HOSTS,
                           gov_key(&k), GOV_FORWARD);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    after = gov_get_str(q->in, "after");
    gov_scan_from(&sc, gov_key_s(&from, after));

    limit = gov_ask_limit(q);
    rows = gov_put_list(q->arena, q->out, "rows");

    for (looked = 0; rows->n < limit && looked < GOV_ASK_LOOK_MAX; looked++) {
        rc = gov_scan_next(&sc, q->arena, &place);
        if (rc != GOV_OK) {
            break;
        }

        if (place.to != site.id || gov_str_eq(sc.key, after)) {
            continue;
        }

        row = gov_add_map(q->arena, rows);
        gov_put_str(q->arena, row, "host", gov_str_copy(q->arena, sc.key));
        gov_put_c(q->arena, row, "kind",
                  gov_ask_host_kind(&site, sc.key, &place));
    }

    if (rc == GOV_OK) {
        gov_put_str(q->arena, q->out, "next",
                    gov_str_copy(q->arena, sc.key));
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


static const char *
gov_ask_host_kind(gov_site_t *site, gov_str_t host, gov_place_rec_t *place)
{
    if (place->kind == GOV_PLACE_MOVED) {
        return "moved";
    }

    return gov_str_eq(host, site->rec.host) ? "main" : "further";
}


gov_rc_t
gov_query_column_list(gov_ask_t *q)
{
    gov_rc_t       rc;
    unsigned       i, n;
    gov_site_t     site;
    gov_value_t   *rows;
    gov_column_t  *list;

    rc = gov_ask_site(q, "site", &site);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_columns(q->txn, q->arena, &site, &list, &n);
    if (rc != GOV_OK) {
        return rc;
    }

    rows = gov_put_list(q->arena, q->out, "rows");

    for (i = 0; i < n; i++) {
        gov_ask_column_row(q, gov_add_map(q->arena, rows), &site, &list[i],
                           gov_column_path(q->arena, list, n, list[i].id));
    }

    return GOV_OK;
}


/* how many stand above "a/b" */

static int64_t
gov_ask_column_depth(gov_str_t name)
{
    size_t   i;
    int64_t  depth;

    for (i = 0, depth = 0; i < name.len; i++) {
        depth += name.data[i] == '/';
    }

    return depth;
}


static void
gov_ask_column_row(gov_ask_t *q, gov_value_t *row, gov_site_t *site,
    gov_column_t *c, gov_str_t path)
{
    gov_str_t     name;
    gov_arena_t  *a = q->arena;

    name = path;
    if (name.len) {
        name.len--;                 /* the slash at the end */
    }

    gov_put_str(a, row, "column", name);
    gov_put_str(a, row, "name", c->rec.name);
    gov_put_str(a, row, "kind", c->rec.kind);

    if (gov_get_bool(q->in, "brief")) {
        return;
    }

    gov_put_int(a, row, "depth", gov_ask_column_depth(name));
    gov_put_int(a, row, "order", c->rec.order);
    gov_put_bool(a, row, "nav", c->rec.nav != 0);
    gov_put_bool(a, row, "required", c->rec.required != 0);
    gov_put_some(a, row, "desc", c->rec.desc);
    gov_put_some(a, row, "keywords", c->rec.keywords);

    if (c->rec.days) {
        gov_put_int(a, row, "days", c->rec.days);
    }

    if (c->rec.flow) {
        gov_put(row, "flow", gov_value_copy(a, c->rec.flow));
    }

    gov_put_int(a, row, "number", c->id);
    gov_ask_column_docs(q, row, site, c->id);
    gov_put_str(a, row, "url", gov_ask_url(q, site, path));
}


/* one more than is told says that there are more */

static void
gov_ask_column_docs(gov_ask_t *q, gov_value_t *row, gov_site_t *site,
    uint32_t column)
{
    size_t  count;

    if (gov_column_count(q->txn, q->arena, site->id, column, q->now,
                         GOV_ASK_DOCS_MAX + 1, &count)
        != GOV_OK)
    {
        return;
    }

    if (count > GOV_ASK_DOCS_MAX) {
        count = GOV_ASK_DOCS_MAX;
        gov_put_bool(q->arena, row, "documents_more", 1);
    }

    gov_put_int(q->arena, row, "documents", (int64_t) count);
}


gov_rc_t
gov_query_link_list(gov_ask_t *q)
{
    gov_rc_t      rc;
    unsigned      i, n;
    gov_site_t    site;
    gov_group_t  *list;
    gov_value_t  *rows, *row;

    rc = gov_ask_site(q, "site", &site);
    if (rc != GOV_OK) {
        return rc;
    }

    list = gov_alloc(q->arena, GOV_LINK_ALL * sizeof(gov_group_t));

    rc = gov_link_groups(q->txn, q->arena, site.id, list, GOV_LINK_ALL, &n);
    if (rc != GOV_OK) {
        return rc;
    }

    rows = gov_put_list(q->arena, q->out, "rows");

    for (i = 0; i < n; i++) {
        row = gov_add_map(q->arena, rows);
        gov_put_str(q->arena, row, "group", list[i].name);
        gov_put_str(q->arena, row, "title", list[i].rec.title);
        gov_put_str(q->arena, row, "site", gov_ask_code(q, list[i].site));
        gov_put_int(q->arena, row, "order", list[i].rec.order);

        if (list[i].rec.links) {
            gov_put(row, "links",
                    gov_value_copy(q->arena, list[i].rec.links));
        }
    }

    return GOV_OK;
}


gov_rc_t
gov_query_banner_list(gov_ask_t *q)
{
    int64_t           due;
    uint64_t          ids[GOV_ASK_BANNERS_MAX];
    gov_rc_t          rc;
    unsigned          i, n;
    gov_site_t        site;
    gov_value_t      *rows, *row;
    gov_banner_rec_t  list[GOV_ASK_BANNERS_MAX];

    site.id = 0;

    if (gov_member(q->in, "site")) {
        rc = gov_ask_site(q, "site", &site);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    due = 0;

    rc = gov_banners(q->txn, q->arena, site.id, q->now, list, ids,
                     GOV_ASK_BANNERS_MAX, &n, &due);
    if (rc != GOV_OK) {
        return rc;
    }

    rows = gov_put_list(q->arena, q->out, "rows");

    for (i = 0; i < n; i++) {
        row = gov_add_map(q->arena, rows);
        gov_put_int(q->arena, row, "id", (int64_t) ids[i]);
        gov_put_str(q->arena, row, "level", list[i].level);
        gov_put_str(q->arena, row, "title", list[i].title);
        gov_put_str(q->arena, row, "text", list[i].text);
        gov_put_str(q->arena, row, "url", list[i].url);
        gov_put_str(q->arena, row, "site",
                    gov_ask_code(q, (uint32_t) list[i].site));
        gov_ask_time(q, row, "until", list[i].until);
    }

    return GOV_OK;
}


gov_rc_t
gov_query_blueprint_list(gov_ask_t *q)
{
    gov_rc_t              rc;
    gov_key_t             k;
    gov_scan_t            sc;
    gov_value_t          *rows, *row;
    gov_blueprint_rec_t   b;

    rows = gov_put_list(q->arena, q->out, "rows");

    rc = gov_scan_open(&sc, gov_handle(q->txn, GOV_HUB), GOV_T_BLUEPRINTS,
                       gov_key(&k), GOV_FORWARD);
    if (rc != GOV_OK) {
        return rc;
    }

    while ((rc = gov_scan_next(&sc, q->arena, &b)) == GOV_OK) {
        row = gov_add_map(q->arena, rows);
        gov_put_str(q->arena, row, "name", gov_str_copy(q->arena, sc.key));
        gov_put_str(q->arena, row, "title", b.title);
        gov_put_int(q->arena, row, "version", b.version);
        gov_put_int(q->arena, row, "columns", b.columns ? b.columns->n : 0);
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


gov_rc_t
gov_query_blueprint_get(gov_ask_t *q)
{
    gov_rc_t              rc;
    gov_str_t             name;
    gov_blueprint_rec_t   b;

    name = gov_get_str(q->in, "name");

    rc = gov_blueprint_get(q->txn, q->arena, name, &b);
    if (rc != GOV_OK) {
        return gov_fail(q->err, rc, "name", "没有名为“%.*s”的蓝本",
                        gov_strf(name));
    }

    gov_put_str(q->arena, q->out, "name", name);
    gov_put_str(q->arena, q->out, "title", b.title);
    gov_put_int(q->arena, q->out, "version", b.version);

    if (b.columns) {
        gov_put(q->out, "columns", gov_value_copy(q->arena, b.columns));
    }

    if (b.home) {
        gov_put(q->out, "home", gov_value_copy(q->arena, b.home));
    }

    if (b.theme) {
        gov_put(q->out, "theme", gov_value_copy(q->arena, b.theme));
    }

    return GOV_OK;
}


gov_rc_t
gov_query_policy_get(gov_ask_t *q)
{
    gov_rc_t      rc;
    gov_str_t     name;
    gov_value_t  *rule;

    name = gov_get_str(q->in, "name");

    rc = gov_policy_get(q->txn, q->arena, gov_str_c(q->arena, name),
                        gov_get_int(q->in, "at", q->now), &rule);
    if (rc != GOV_OK) {
        return gov_fail(q->err, rc, "name", "没有名为“%.*s”的现行政策",
                        gov_strf(name));
    }

    gov_put_str(q->arena, q->out, "name", name);
    gov_put(q->out, "rule", gov_value_copy(q->arena, rule));

    return GOV_OK;
}
