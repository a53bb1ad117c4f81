
/*
 * Copyright (C) ngx_gov authors
 *
 * Columns, changed.  A column keeps its number whatever it is called and
 * wherever it hangs.  Names below a site are places of NAMES: that of a new
 * or renamed column leads to its number, and an old name goes on leading
 * there, so that every address that once answered still can.  They go with
 * the column.
 */


#include "content/gov_content_int.h"


static gov_rc_t gov_column_check(gov_txn_t *t, gov_column_t *list,
    unsigned n, gov_column_t *c, gov_err_t *err);
static gov_rc_t gov_column_parent(gov_txn_t *t, gov_column_t *list,
    unsigned n, gov_column_t *c, gov_err_t *err);
static unsigned gov_column_height(gov_column_t *list, unsigned n,
    uint32_t id);
static gov_rc_t gov_column_name(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site, gov_column_t *old, gov_column_t *c, gov_err_t *err);
static gov_rc_t gov_column_name_kept(gov_txn_t *t, gov_arena_t *a,
    uint32_t site, gov_column_t *c, gov_err_t *err);
static gov_rc_t gov_column_name_put(gov_txn_t *t, gov_arena_t *a,
    uint32_t site, gov_column_rec_t *rec, uint32_t column);
static gov_rc_t gov_column_number(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site, gov_column_t *c, gov_err_t *err);
static gov_rc_t gov_column_store(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_column_t *c, gov_err_t *err);
static gov_rc_t gov_column_bare(gov_txn_t *t, gov_site_t *site,
    gov_column_t *c, gov_err_t *err);
static int gov_column_same(gov_arena_t *a, gov_column_rec_t *one,
    gov_column_rec_t *two);


/* a change that changes nothing stores nothing: the blueprint goes on ruling */

gov_rc_t
gov_column_put(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_column_t *column, gov_err_t *err)
{
    gov_rc_t       rc;
    unsigned       n;
    gov_column_t  *list, *old;

    gov_rec_own(a, &gov_rec_column, &column->rec);

    rc = gov_columns(t, a, site, &list, &n);
    if (rc != GOV_OK) {
        return gov_store_said(err, rc);
    }

    rc = gov_column_check(t, list, n, column, err);
    if (rc != GOV_OK) {
        return rc;
    }

    old = NULL;

    if (column->id != 0) {
        old = gov_column_find(list, n, column->id);

        if (old == NULL) {
            return gov_fail(err, GOV_NOT_FOUND, "column", "没有栏目 %u",
                            column->id);
        }

        if (gov_column_same(a, &old->rec, &column->rec)) {
            return GOV_OK;
        }

        gov_rec_own(a, &gov_rec_column, &old->rec);

        if (gov_column_is_section(column) && !gov_column_is_section(old))
        {
            rc = gov_column_bare(t, site, old, err);
            if (rc != GOV_OK) {
                return rc;
            }
        }

    } else {
        if (n >= GOV_COLUMNS_MAX) {
            return gov_fail(err, GOV_DENIED, "", "一个站点最多 %d 个栏目",
                            GOV_COLUMNS_MAX);
        }
    }

    return gov_column_name(t, a, site, old, column, err);
}


static gov_rc_t
gov_column_check(gov_txn_t *t, gov_column_t *list, unsigned n,
    gov_column_t *c, gov_err_t *err)
{
    unsigned             i;
    static const char   *kinds[] = {
        "section", "news", "notice", "normative", "interpret", "profile",
        "list", "service", "talk", "topic", NULL
    };

    if (c->rec.name.len == 0 || gov_utf8_chars(c->rec.name) > 40
        || !gov_text_clean(c->rec.name))
    {
        return gov_fail(err, GOV_INVALID, "name", "栏目名要 1 到 40 字");
    }

    if (gov_utf8_chars(c->rec.desc) > 300 || !gov_text_clean(c->rec.desc)
        || gov_utf8_chars(c->rec.keywords) > 300)
    {
        return gov_fail(err, GOV_INVALID, "desc", "说明和关键词最多 300 字");
    }

    for (i = 0; kinds[i] && !gov_str_is(c->rec.kind, kinds[i]); i++) {
        /* void */
    }

    if (kinds[i] == NULL) {
        return gov_fail(err, GOV_INVALID, "kind",
                        "没有“%.*s”这一类栏目（section news notice normative "
                        "interpret profile list service talk topic）",
                        gov_strf(gov_utf8_head(c->rec.kind, 20)));
    }

    if (c->rec.days < 0 || c->rec.days > 3650) {
        return gov_fail(err, GOV_INVALID, "days", "更新期限要 0 到 3650 天");
    }

    return gov_column_parent(t, list, n, c, err);
}


static gov_rc_t
gov_column_parent(gov_txn_t *t, gov_column_t *list, unsigned n,
    gov_column_t *c, gov_err_t *err)
{
    unsigned       i, depth;
    gov_column_t  *up;

    depth = c->id != 0 ? gov_column_height(list, n, c->id) : 1;

    for (i = (unsigned) c->rec.parent; i != 0;
         i = (unsigned) up->rec.parent)
    {
        up = gov_column_find(list, n, i);

        if (up == NULL) {
            return gov_fail(err, GOV_NOT_FOUND, "parent", "没有上级栏目 %u",
                            i);
        }

        if (up->id == c->id) {
            return gov_fail(err, GOV_INVALID, "parent",
                            "栏目不能放到自己下面");
        }

        depth++;
    }

    if (depth > GOV_COLUMN_DEPTH && !gov_txn_again(t)) {
        return gov_fail(err, GOV_DENIED, "parent", "栏目最多 %d 层",
                        GOV_COLUMN_DEPTH);
    }

    for (i = 0; i < n; i++) {
        if (list[i].id != c->id && list[i].rec.parent == c->rec.parent
            && gov_str_eq(list[i].rec.name, c->rec.name))
        {
            return gov_fail(err, GOV_CONFLICT, "name",
                            "同一上级下已有栏目“%.*s”",
                            gov_strf(c->rec.name));
        }
    }

    return GOV_OK;
}


/* a column and those below it, which move with it: what would come to hang
 * too deep is in no list any more */

static unsigned
gov_column_height(gov_column_t *list, unsigned n, uint32_t id)
{
    unsigned  i, height, below;

    below = 0;

    for (i = 0; i < n; i++) {
        if ((uint32_t) list[i].rec.parent == id) {
            height = gov_column_height(list, n, list[i].id);
            below = height > below ? height : below;
        }
    }

    return below + 1;
}


/* the name is free, or was this column's own; then the old one stays too */

static gov_rc_t
gov_column_name(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_column_t *old, gov_column_t *c, gov_err_t *err)
{
    int               own;
    gov_rc_t          rc;
    uint32_t          parent;
    gov_place_rec_t   place;

    parent = (uint32_t) c->rec.parent;

    if (old != NULL && old->rec.parent == c->rec.parent
        && gov_str_eq(old->rec.slug, c->rec.slug))
    {
        return gov_column_name_kept(t, a, site->id, c, err);
    }

    rc = gov_name_get(t, a, site->id, parent, c->rec.slug, &place);
    if (rc != GOV_OK && rc != GOV_NOT_FOUND) {
        return gov_store_said(err, rc);
    }

    own = rc == GOV_OK && old != NULL && place.kind == GOV_PLACE_COLUMN
          && place.to == old->id;

    rc = own ? GOV_OK
             : gov_name_check(t, a, site, parent, c->rec.slug, err);
    if (rc != GOV_OK) {
        return gov_fail(err, rc, "slug", "地址名“%.*s”不能用",
                        gov_strf(c->rec.slug));
    }

    if (old == NULL) {
        rc = gov_column_number(t, a, site, c, err);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    rc = gov_column_name_put(t, a, site->id, &c->rec, c->id);

    if (rc == GOV_OK && old != NULL) {
        rc = gov_column_name_put(t, a, site->id, &old->rec, c->id);
    }

    if (rc != GOV_OK) {
        return gov_store_said(err, rc);
    }

    return gov_column_store(t, a, site->id, c, err);
}


/* the blueprint holds it no longer once the column is the site's own */

static gov_rc_t
gov_column_name_kept(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_column_t *c, gov_err_t *err)
{
    gov_rc_t         rc;
    gov_place_rec_t  place;

    rc = gov_name_get(t, a, site, (uint32_t) c->rec.parent, c->rec.slug,
                      &place);

    if (rc == GOV_NOT_FOUND) {
        rc = gov_column_name_put(t, a, site, &c->rec, c->id);
    }

    return rc == GOV_OK ? gov_column_store(t, a, site, c, err)
                        : gov_store_said(err, rc);
}


/* the name of the record leads to the column */

static gov_rc_t
gov_column_name_put(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_column_rec_t *rec, uint32_t column)
{
    gov_place_rec_t  place;

    memset(&place, 0, sizeof(gov_place_rec_t));
    place.kind = GOV_PLACE_COLUMN;
    place.to = column;

    return gov_name_put(t, a, site, (uint32_t) rec->parent, rec->slug,
                        &place);
}


static gov_rc_t
gov_column_number(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_column_t *c, gov_err_t *err)
{
    gov_rec_own(a, &gov_rec_site, &site->rec);

    if (site->rec.next_column < GOV_COLUMN_OWN) {
        site->rec.next_column = GOV_COLUMN_OWN;
    }

    if (site->rec.next_column >= GOV_COLUMN_MAX) {
        return gov_fail(err, GOV_DENIED, "", "栏目编号已用完");
    }

    c->id = (uint32_t) site->rec.next_column++;

    return gov_store_said(err, gov_site_save(t, a, site));
}


static gov_rc_t
gov_column_store(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_column_t *c, gov_err_t *err)
{
    gov_key_t  k;

    gov_touch(t, site, GOV_SLOT_COLUMNS);
    gov_touch(t, site, gov_slot_column(c->id));

    return gov_store_said(err, gov_save(gov_handle(t, site), GOV_T_COLUMNS,
                                        gov_key4(&k, c->id), a, &c->rec));
}


static int
gov_column_same(gov_arena_t *a, gov_column_rec_t *one, gov_column_rec_t *two)
{
    gov_str_t  s1, s2;

    return gov_rec_encode(a, &gov_rec_column, one, &s1) == GOV_OK
           && gov_rec_encode(a, &gov_rec_column, two, &s2) == GOV_OK
           && gov_str_eq(s1, s2);
}


gov_rc_t
gov_column_remove(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    uint32_t column, gov_err_t *err)
{
    gov_rc_t       rc;
    unsigned       i, n;
    gov_key_t      k;
    gov_column_t  *list, *c;

    rc = gov_columns(t, a, site, &list, &n);
    if (rc != GOV_OK) {
        return gov_store_said(err, rc);
    }

    c = gov_column_find(list, n, column);

    if (c == NULL) {
        return gov_fail(err, GOV_NOT_FOUND, "column", "没有栏目 %u", column);
    }

    if (c->rec.required) {
        return gov_fail(err, GOV_DENIED, "column", "“%.*s”是必备栏目",
                        gov_strf(c->rec.name));
    }

    for (i = 0; i < n; i++) {
        if (list[i].rec.parent == column) {
            return gov_fail(err, GOV_DENIED, "column",
                            "“%.*s”还有下级栏目“%.*s”",
                            gov_strf(c->rec.name),
                            gov_strf(list[i].rec.name));
        }
    }

    rc = gov_column_bare(t, site, c, err);

    if (rc == GOV_OK) {
        gov_rec_own(a, &gov_rec_column, &c->rec);
        rc = gov_store_said(err, gov_names_drop(t, a, site->id, column));
    }

    if (rc != GOV_OK) {
        return rc;
    }

    if (column < GOV_COLUMN_OWN) {
        c->rec.removed = 1;
        return gov_column_store(t, a, site->id, c, err);
    }

    gov_touch(t, site->id, GOV_SLOT_COLUMNS);
    gov_touch(t, site->id, gov_slot_column(column));

    return gov_store_said(err, gov_drop(gov_handle(t, site->id),
                          GOV_T_COLUMNS, gov_key4(&k, column)));
}


/* nothing stands in it: no document can lose its list */

static gov_rc_t
gov_column_bare(gov_txn_t *t, gov_site_t *site, gov_column_t *c,
    gov_err_t *err)
{
    gov_rc_t  rc;

    rc = gov_column_empty(t, site->id, c->id);

    if (rc == GOV_DENIED) {
        return gov_fail(err, GOV_DENIED, "column",
                        "“%.*s”还有文档（含草稿、已撤回和引用的），"
                        "请先移走", gov_strf(c->rec.name));
    }

    return gov_store_said(err, rc);
}


/*
 * A path that no column has: each segment may be an old name.  GOV_NOT_FOUND,
 * or the column that once answered there.
 */

gov_rc_t
gov_column_was(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_column_t *list, unsigned n, gov_str_t path, uint32_t *column)
{
    uint32_t           at;
    gov_rc_t           rc;
    gov_str_t          slug;
    gov_column_t      *c;
    gov_place_rec_t    place;

    at = 0;

    while (gov_column_step(&path, &slug)) {
        c = gov_column_below(list, n, at, slug);

        if (c == NULL) {
            rc = gov_name_get(t, a, site, at, slug, &place);
            if (rc != GOV_OK) {
                return rc;
            }

            c = place.kind == GOV_PLACE_COLUMN
                ? gov_column_find(list, n, (uint32_t) place.to) : NULL;

            if (c == NULL) {
                return GOV_NOT_FOUND;
            }
        }

        at = c->id;
    }

    *column = at;

    return at != 0 ? GOV_OK : GOV_NOT_FOUND;
}
