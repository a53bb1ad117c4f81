
/*
 * Copyright (C) ngx_gov authors
 *
 * Link groups: what the tree gives by itself (upper level, children, sisters:
 * C19) and what sites share with each other.
 *
 * A list of children shows names and addresses only; both are covered by the
 * parent's CHILDREN slot, so a group of a hundred sites is one dependency.
 */


#include "view/gov_view_int.h"


#define GOV_LINKS_CHILDREN  512

/* bytes of a page that shared groups may take, of four MiB it may have */
#define GOV_LINKS_ROOM      (3 * 1024 * 1024)
/* what the template puts around a title and an address */
#define GOV_LINKS_MARKUP    128


typedef struct {
    int          level;
    gov_word_t   title;
} gov_links_level_t;

static gov_links_level_t  gov_links_levels[] = {
    { GOV_PROVINCE, GOV_W_provinces },
    { GOV_CITY, GOV_W_cities },
    { GOV_COUNTY, GOV_W_counties },
    { GOV_DEPARTMENT, GOV_W_departments },
    { GOV_INSTITUTION, GOV_W_institutions },
    { GOV_TOWNSHIP, GOV_W_townships },
    { GOV_VILLAGE, GOV_W_villages },
    { 0, GOV_W_END }
};


static gov_value_t *
gov_links_group(gov_view_t *v, gov_value_t *list, gov_str_t title)
{
    gov_value_t  *group;

    group = gov_add_map(v->arena, list);
    gov_put_str(v->arena, group, "title", title);

    return gov_put_list(v->arena, group, "items");
}


static void
gov_links_item(gov_view_t *v, gov_value_t *items, gov_str_t title,
    gov_str_t url, int external)
{
    gov_value_t  *m;

    m = gov_add_map(v->arena, items);
    gov_put_str(v->arena, m, "title", title);
    gov_put_str(v->arena, m, "url", url);
    gov_put_bool(v->arena, m, "external", external);
}


/* children of one parent, a group a level; `except` is left out */

static gov_rc_t
gov_links_children(gov_view_t *v, gov_value_t *list, uint32_t parent,
    uint32_t except, int only)
{
    gov_rc_t            rc;
    unsigned            i, n;
    gov_site_t         *sites;
    gov_value_t        *items;
    gov_links_level_t  *l;

    gov_view_note(v, parent, GOV_SLOT_CHILDREN);

    rc = gov_site_children(v->txn, v->arena, parent, only,
                           GOV_LINKS_CHILDREN, &sites, &n);
    if (rc != GOV_OK) {
        return rc;
    }

    for (l = gov_links_levels; l->level; l++) {
        items = NULL;

        for (i = 0; i < n; i++) {
            if (sites[i].rec.level != l->level || sites[i].id == except
                || gov_site_ended(sites[i].rec.state))
            {
                continue;
            }

            if (items == NULL) {
                items = gov_links_group(v, list,
                                        gov_word(except ? GOV_W_sisters
                                                        : l->title));
            }

            gov_links_item(v, items, sites[i].rec.name,
                           gov_view_site_url(v, &sites[i]), 0);
        }
    }

    return GOV_OK;
}


/* a link of a shared group: out of the platform, or to a site of it */

static void
gov_links_link(gov_view_t *v, gov_value_t *items, gov_value_t *link)
{
    gov_str_t   title;
    gov_site_t  site;

    title = gov_get_str(link, "title");

    if (gov_get_str(link, "url").len) {
        gov_links_item(v, items, title, gov_get_str(link, "url"), 1);
        return;
    }

    site.id = gov_get_int(link, "site", 0);
    gov_view_note(v, site.id, GOV_SLOT_SITE);

    if (gov_view_got(v, gov_site_get(v->txn, v->arena, site.id, &site))
        == GOV_OK
        && !gov_site_ended(site.rec.state))
    {
        gov_links_item(v, items, title.len ? title : site.rec.name,
                       gov_view_site_url(v, &site), 0);
    }
}


/* whose a group is that was taken, for the hook */

static void
gov_links_from(gov_view_t *v, gov_value_t *group, uint32_t owner)
{
    gov_site_t    site;
    gov_value_t  *from;

    if (owner == v->site.id) {
        return;
    }

    gov_view_note(v, owner, GOV_SLOT_SITE);

    if (gov_view_got(v, gov_site_get(v->txn, v->arena, owner, &site))
        != GOV_OK)
    {
        return;
    }

    from = gov_put_map(v->arena, group, "from");
    gov_put_str(v->arena, from, "code", site.rec.code);
    gov_put_str(v->arena, from, "name", site.rec.name);
}


/* all from whom the site takes, also what they do not share just now */

static void
gov_links_owners(gov_view_t *v)
{
    unsigned  i, n;
    uint32_t  owners[GOV_DEPS_MAX];

    gov_view_note(v, v->site.id, GOV_SLOT_LINKS);

    if (gov_view_got(v, gov_link_owners(v->txn, v->site.id, owners,
                                        GOV_DEPS_MAX, &n))
        != GOV_OK
        || n == GOV_DEPS_MAX)
    {
        v->deps.wild = 1;
    }

    for (i = 0; i < n; i++) {
        gov_view_note(v, owners[i], GOV_SLOT_LINKS);
    }
}


static gov_value_t *
gov_links_built(gov_view_t *v, gov_group_t *g)
{
    gov_value_t  *one, *items, *link;

    one = gov_list(v->arena);
    items = gov_links_group(v, one, g->rec.title);
    gov_links_from(v, one->last, g->site);

    gov_each (link, g->rec.links) {
        gov_links_link(v, items, link);
    }

    return one->last;
}


static size_t
gov_links_size(gov_value_t *group)
{
    size_t        size;
    gov_value_t  *item;

    size = 0;

    gov_each (item, gov_member(group, "items")) {
        size += GOV_LINKS_MARKUP
                + gov_escape_html_len(gov_get_str(item, "title"))
                + gov_escape_html_len(gov_get_str(item, "url"));
    }

    return size;
}


/*
 * Titles and addresses are others', too, and may be long: groups that a page
 * has no room for are left out, the last ones, and the page is there.
 */

static void
gov_links_shared(gov_view_t *v, gov_value_t *list)
{
    size_t        room, size;
    unsigned      i, n;
    gov_group_t   groups[GOV_LINK_ALL];
    gov_value_t  *group;

    gov_links_owners(v);

    if (gov_view_got(v, gov_link_groups(v->txn, v->arena, v->site.id, groups,
                                        GOV_LINK_ALL, &n))
        != GOV_OK)
    {
        return;
    }

    room = GOV_LINKS_ROOM;

    for (i = 0; i < n; i++) {
        group = gov_links_built(v, &groups[i]);
        size = gov_links_size(group);

        if (size > room) {
            return;
        }

        room -= size;
        gov_add(list, group);
    }
}


gov_rc_t
gov_view_link_groups(gov_view_t *v, gov_value_t *out)
{
    gov_rc_t      rc;
    gov_value_t  *list, *items;

    list = gov_put_list(v->arena, out, "links");

    if (v->nabove) {
        items = gov_links_group(v, list, gov_word(GOV_W_upper));
        gov_links_item(v, items, v->above[0].rec.legal_name,
                       gov_view_site_url(v, &v->above[0]), 0);
    }

    rc = gov_links_children(v, list, v->site.id, 0, 0);

    if (rc == GOV_OK && v->nabove) {
        rc = gov_links_children(v, list, v->above[0].id, v->site.id,
                                v->site.rec.level);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    gov_links_shared(v, list);

    return GOV_OK;
}
