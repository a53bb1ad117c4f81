
/*
 * Copyright (C) ngx_gov authors
 *
 * Blueprints: what a site of a kind begins with.  A column's number in its
 * blueprint is below 200 and never means another column later; numbers from
 * 200 on are a site's own.
 *
 * A column that comes new to a blueprint takes an address on every site that
 * refers to it: so every such site is asked whether it is free, and a site that
 * is to refer to another blueprint is asked for all of its columns.
 */


#include "site/gov_site_int.h"


static gov_rc_t gov_blueprint_stands(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site, gov_value_t *v);
static gov_rc_t gov_columns_flow(gov_txn_t *t, gov_value_t *columns);
static gov_rc_t gov_columns_check(gov_value_t *columns, gov_err_t *err);
static gov_rc_t gov_column_check(gov_value_t *columns, gov_value_t *v,
    unsigned row, gov_err_t *err);
static gov_rc_t gov_column_place(gov_value_t *columns, gov_value_t *v,
    unsigned row, gov_err_t *err);
static gov_rc_t gov_blocks_check(gov_value_t *home, gov_err_t *err);
static gov_rc_t gov_sites_free(gov_txn_t *t, gov_str_t blueprint,
    gov_value_t *columns, gov_value_t *was, gov_err_t *err);
static unsigned gov_names_new(gov_value_t *columns, gov_value_t *was,
    gov_value_t **new);
static int gov_name_had(gov_value_t *columns, gov_value_t *column);
static gov_rc_t gov_names_free(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site, gov_value_t **new, unsigned n, gov_err_t *err);
static gov_rc_t gov_names_free_one(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site, gov_value_t *v, gov_err_t *err);


gov_rc_t
gov_blueprint_get(gov_txn_t *t, gov_arena_t *a, gov_str_t name,
    gov_blueprint_rec_t *b)
{
    gov_key_t  k;

    return gov_load(gov_handle(t, GOV_HUB), GOV_T_BLUEPRINTS,
                    gov_key_s(&k, name), a, b);
}


gov_rc_t
gov_site_blueprint_tree(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    size_t field, gov_value_t **tree)
{
    gov_rc_t   rc;
    gov_str_t  value;

    *tree = NULL;

    rc = gov_site_blueprint_stored(t, a, site, &value);

    return rc == GOV_OK ? gov_rec_tree(a, &gov_rec_blueprint, value, field,
                                       tree)
                        : rc;
}


gov_rc_t
gov_site_blueprint_stored(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_str_t *value)
{
    gov_key_t  k;

    return gov_stored(gov_handle(t, GOV_HUB), GOV_T_BLUEPRINTS,
                      gov_key_s(&k, gov_site_blueprint_name(site)), a, value);
}


gov_str_t
gov_site_blueprint_name(gov_site_t *site)
{
    return site->rec.blueprint.len
           ? site->rec.blueprint
           : gov_str_of(gov_blueprint_of((int) site->rec.level));
}


gov_rc_t
gov_blueprint_name(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    uint32_t column, gov_str_t name, gov_value_t **found)
{
    gov_rc_t      rc;
    gov_value_t  *v, *columns;

    *found = NULL;

    rc = gov_site_blueprint_tree(t, a, site,
                                 offsetof(gov_blueprint_rec_t, columns),
                                 &columns);
    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND ? GOV_OK : rc;
    }

    gov_each(v, columns) {
        if (gov_get_int(v, "parent", 0) == column
            && gov_str_eq(gov_get_str(v, "slug"), name))
        {
            rc = gov_blueprint_stands(t, a, site, v);

            if (rc != GOV_NOT_FOUND) {
                *found = rc == GOV_OK ? v : NULL;
                return rc;
            }
        }
    }

    return GOV_OK;
}


/*
 * GOV_NOT_FOUND: the site took the column elsewhere.  One that it changed in
 * its place has its name in NAMES too, but not where that was done by a
 * program that did not put it there.
 */

static gov_rc_t
gov_blueprint_stands(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_value_t *v)
{
    gov_rc_t          rc;
    gov_key_t         k;
    gov_column_rec_t  own;

    rc = gov_load(gov_handle(t, site->id), GOV_T_COLUMNS,
                  gov_key4(&k, gov_get_int(v, "id", 0)), a, &own);
    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND ? GOV_OK : rc;
    }

    return own.removed || own.parent != gov_get_int(v, "parent", 0)
           || !gov_str_eq(own.slug, gov_get_str(v, "slug"))
           ? GOV_NOT_FOUND : GOV_OK;
}


gov_rc_t
gov_blueprint_put(gov_txn_t *t, gov_arena_t *a, gov_value_t *v,
    gov_err_t *err)
{
    gov_rc_t              rc;
    gov_str_t             name;
    gov_key_t             k;
    gov_value_t          *theme;
    gov_blueprint_rec_t   b;

    name = gov_get_str(v, "name");

    if (!gov_slug_valid(name)) {
        return gov_fail(err, GOV_INVALID, "name",
                        "蓝本的名字须为 1 至 32 个小写字母、数字或“-”");
    }

    rc = gov_columns_check(gov_member(v, "columns"), err);

    if (rc == GOV_OK) {
        rc = gov_blocks_check(gov_member(v, "home"), err);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    theme = gov_member(v, "theme");

    if (theme && theme->kind != GOV_MAP) {
        return gov_fail(err, GOV_INVALID, "theme", "theme 应是一组“名: 值”");
    }

    rc = gov_blueprint_get(t, a, name, &b);

    if (rc == GOV_NOT_FOUND) {
        memset(&b, 0, sizeof(gov_blueprint_rec_t));

    } else if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_txn_again(t)
         ? GOV_OK : gov_sites_free(t, name, gov_member(v, "columns"),
                                   b.columns, err);
    if (rc != GOV_OK) {
        return rc;
    }

    b.title = gov_get_str(v, "title");
    b.version = gov_get_int(v, "version", b.version + 1);
    b.columns = gov_member(v, "columns");
    b.home = gov_member(v, "home");
    b.theme = theme;

    rc = gov_columns_flow(t, b.columns);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_touch(t, GOV_HUB, GOV_SLOT_BLUEPRINT);

    return gov_save(gov_handle(t, GOV_HUB), GOV_T_BLUEPRINTS,
                    gov_key_s(&k, name), a, &b);
}


/*
 * A column's workflow is asked for at each publication; while no blueprint
 * ever set one, nobody reads blueprints for it.
 */

static gov_rc_t
gov_columns_flow(gov_txn_t *t, gov_value_t *columns)
{
    uint64_t      n;
    gov_value_t  *v;

    gov_each(v, columns) {
        if (gov_member(v, "flow")) {
            return gov_next(t, GOV_FLOW_BLUEPRINTS, &n);
        }
    }

    return GOV_OK;
}


static gov_rc_t
gov_columns_check(gov_value_t *columns, gov_err_t *err)
{
    gov_rc_t      rc;
    unsigned      row;
    gov_value_t  *v;

    if (columns == NULL || columns->kind != GOV_LIST
        || columns->n > GOV_BLUEPRINT_COLUMNS)
    {
        return gov_fail(err, GOV_INVALID, "columns",
                        "columns 应是至多 %d 个栏目的列表",
                        GOV_BLUEPRINT_COLUMNS);
    }

    row = 0;

    gov_each(v, columns) {
        rc = gov_column_check(columns, v, ++row, err);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    return GOV_OK;
}


static gov_rc_t
gov_column_check(gov_value_t *columns, gov_value_t *v, unsigned row,
    gov_err_t *err)
{
    int64_t    id;
    gov_str_t  name;

    if (v->kind != GOV_MAP) {
        return gov_fail(err, GOV_INVALID, "columns",
                        "第 %u 个栏目不是一组“字段: 值”", row);
    }

    id = gov_get_int(v, "id", 0);

    if (id < 1 || id > GOV_BLUEPRINT_COLUMNS) {
        return gov_fail(err, GOV_INVALID, "columns",
                        "第 %u 个栏目的 id 应在 1 与 %d 之间", row,
                        GOV_BLUEPRINT_COLUMNS);
    }

    name = gov_get_str(v, "name");

    if (name.len == 0 || gov_utf8_chars(name) > 60 || !gov_text_clean(name)) {
        return gov_fail(err, GOV_INVALID, "columns",
                        "第 %u 个栏目的 name 应为 1 至 60 字", row);
    }

    if (!gov_slug_valid(gov_get_str(v, "slug"))) {
        return gov_fail(err, GOV_INVALID, "columns",
                        "第 %u 个栏目“%.*s”的 slug 须为 1 至 32 个小写字母、"
                        "数字或“-”", row, gov_strf(name));
    }

    if (gov_get_str(v, "kind").len == 0) {
        return gov_fail(err, GOV_INVALID, "columns",
                        "第 %u 个栏目“%.*s”没有 kind", row, gov_strf(name));
    }

    if (gov_member(v, "flow") && !gov_flow_set_valid(gov_member(v, "flow"))) {
        return gov_fail(err, GOV_INVALID, "columns",
                        "第 %u 个栏目“%.*s”的 flow 不对：reviews 应是 0 至 3，"
                        "其余应是 true 或 false", row, gov_strf(name));
    }

    return gov_column_place(columns, v, row, err);
}


/* its number and its address are its own, its parent stands before it */

static gov_rc_t
gov_column_place(gov_value_t *columns, gov_value_t *v, unsigned row,
    gov_err_t *err)
{
    int           found;
    int64_t       id, parent;
    gov_str_t     slug;
    gov_value_t  *other;

    id = gov_get_int(v, "id", 0);
    parent = gov_get_int(v, "parent", 0);
    slug = gov_get_str(v, "slug");
    found = parent == 0;

    if (parent == 0 && gov_name_reserved(slug)) {
        return gov_fail(err, GOV_CONFLICT, "columns",
                        "第 %u 个栏目的 slug“%.*s”是平台的保留地址", row,
                        gov_strf(slug));
    }

    for (other = columns->u.first; other != v; other = other->next) {

        if (gov_get_int(other, "id", 0) == id) {
            return gov_fail(err, GOV_CONFLICT, "columns",
                            "第 %u 个栏目的 id %lld 已用过", row,
                            (long long) id);
        }

        if (gov_get_int(other, "parent", 0) == parent
            && gov_str_eq(gov_get_str(other, "slug"), slug))
        {
            return gov_fail(err, GOV_CONFLICT, "columns",
                            "第 %u 个栏目的 slug“%.*s”与“%.*s”相同", row,
                            gov_strf(slug),
                            gov_strf(gov_get_str(other, "name")));
        }

        found |= gov_get_int(other, "id", 0) == parent;
    }

    return found ? GOV_OK
                 : gov_fail(err, GOV_INVALID, "columns",
                            "第 %u 个栏目的上级 %lld 不在它之前", row,
                            (long long) parent);
}


static gov_rc_t
gov_blocks_check(gov_value_t *home, gov_err_t *err)
{
    unsigned      row;
    gov_value_t  *v;

    if (home == NULL) {
        return GOV_OK;
    }

    if (home->kind != GOV_LIST) {
        return gov_fail(err, GOV_INVALID, "home", "home 应是列表");
    }

    row = 0;

    gov_each(v, home) {
        row++;

        if (gov_get_str(v, "kind").len == 0) {
            return gov_fail(err, GOV_INVALID, "home",
                            "首页第 %u 块没有 kind", row);
        }
    }

    return GOV_OK;
}


gov_rc_t
gov_blueprint_fits(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_err_t *err)
{
    gov_rc_t      rc;
    unsigned      n;
    gov_err_t     why;
    gov_site_t    now;
    gov_value_t  *columns, *new[GOV_BLUEPRINT_COLUMNS];

    rc = gov_site_get(t, a, site->id, &now);

    if (rc != GOV_OK
        || gov_str_eq(gov_site_blueprint_name(&now),
                      gov_site_blueprint_name(site)))
    {
        return rc;
    }

    rc = gov_site_blueprint_tree(t, a, site,
                                 offsetof(gov_blueprint_rec_t, columns),
                                 &columns);
    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND ? GOV_OK : rc;
    }

    memset(&why, 0, sizeof(gov_err_t));
    n = gov_names_new(columns, NULL, new);
    rc = gov_names_free(t, a, site, new, n, &why);

    return rc == GOV_OK ? rc
                        : gov_fail(err, rc, "blueprint",
                                   "蓝本“%.*s”的栏目地址不能用：%s",
                                   gov_strf(gov_site_blueprint_name(site)),
                                   why.code ? why.text : gov_rc_name(rc));
}


static gov_rc_t
gov_sites_free(gov_txn_t *t, gov_str_t blueprint, gov_value_t *columns,
    gov_value_t *was, gov_err_t *err)
{
    gov_rc_t      rc;
    unsigned      n;
    uint32_t      id;
    gov_err_t     why;
    gov_site_t    site;
    gov_value_t  *new[GOV_BLUEPRINT_COLUMNS];
    gov_arena_t  *a;

    n = gov_names_new(columns, was, new);

    if (n == 0) {
        return GOV_OK;
    }

    a = gov_arena_new(4096);
    id = 0;

    while ((rc = gov_site_next(t, a, &id, &site)) == GOV_OK) {

        if (gov_str_eq(gov_site_blueprint_name(&site), blueprint)) {
            memset(&why, 0, sizeof(gov_err_t));

            rc = gov_names_free(t, a, &site, new, n, &why);
            if (rc != GOV_OK) {
                rc = gov_fail(err, rc, "columns", "在“%.*s”（%.*s）：%s",
                              gov_strf(gov_utf8_head(site.rec.name, 30)),
                              gov_strf(site.rec.code),
                              why.code ? why.text : gov_rc_name(rc));
                break;
            }
        }

        gov_arena_reset(a);
    }

    gov_arena_free(&a);

    return rc == GOV_DONE ? GOV_OK : rc;
}


static unsigned
gov_names_new(gov_value_t *columns, gov_value_t *was, gov_value_t **new)
{
    unsigned      n;
    gov_value_t  *v;

    n = 0;

    gov_each(v, columns) {
        if (!gov_name_had(was, v)) {
            new[n++] = v;
        }
    }

    return n;
}


/* by the very column: of another that had it a site may have a record */

static int
gov_name_had(gov_value_t *columns, gov_value_t *column)
{
    gov_value_t  *v;

    gov_each(v, columns) {
        if (gov_get_int(v, "id", 0) == gov_get_int(column, "id", 0)
            && gov_get_int(v, "parent", 0) == gov_get_int(column, "parent", 0)
            && gov_str_eq(gov_get_str(v, "slug"), gov_get_str(column, "slug")))
        {
            return 1;
        }
    }

    return 0;
}


static gov_rc_t
gov_names_free(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_value_t **new, unsigned n, gov_err_t *err)
{
    unsigned  i;
    gov_rc_t  rc;

    rc = GOV_OK;

    for (i = 0; rc == GOV_OK && i < n; i++) {
        rc = gov_names_free_one(t, a, site, new[i], err);
    }

    return rc;
}


/* the name of this very column, which the site changed, is its own */

static gov_rc_t
gov_names_free_one(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_value_t *v, gov_err_t *err)
{
    gov_rc_t         rc;
    uint32_t         parent;
    gov_str_t        slug;
    gov_place_rec_t  place;

    parent = (uint32_t) gov_get_int(v, "parent", 0);
    slug = gov_get_str(v, "slug");

    rc = gov_name_get(t, a, site->id, parent, slug, &place);

    if (rc == GOV_NOT_FOUND
        || (rc == GOV_OK && place.kind == GOV_PLACE_COLUMN
            && place.to == gov_get_int(v, "id", 0)))
    {
        return GOV_OK;
    }

    return rc == GOV_OK ? gov_name_left(t, a, site, slug, &place, 0, err)
                        : rc;
}
