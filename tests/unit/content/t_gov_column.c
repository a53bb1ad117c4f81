
/*
 * Copyright (C) ngx_gov authors
 *
 * Columns: the blueprint's, and a site's own laid over them.
 */


#include "content/t_content.h"


/* the path of one column, read without the others */

static gov_str_t
t_way(t_store_t *t, gov_txn_t *txn, gov_site_t *site, uint32_t id)
{
    unsigned       n, all;
    gov_way_t      way;
    gov_column_t  *columns;

    all = 0;
    (void) gov_columns_kept(txn, t->arena, site, &columns, &n, &all);
    t_ok(gov_column_way(txn, t->arena, site->id, columns, all, id, &way));

    return way.path;
}


/* what is on the way to a column, by its path or its number, says of it what
 * the list of all says */

static void
t_on_way(t_store_t *t, gov_txn_t *txn, gov_site_t *site, gov_str_t path,
    uint32_t id, gov_column_t *column, gov_str_t name)
{
    unsigned       n;
    gov_column_t  *list, *c;

    t_ok(gov_columns_way(txn, t->arena, site, path, id, &list, &n));
    c = gov_column_at(list, n, name);

    assert_ptr_equal(c, gov_column_find(list, n, column->id));
    assert_non_null(c);
    assert_true(gov_str_eq(c->rec.name, column->rec.name));
    assert_true(gov_str_eq(c->rec.kind, column->rec.kind));
    assert_int_equal(c->rec.parent, column->rec.parent);
    assert_true(gov_str_eq(gov_column_path(t->arena, list, n, c->id), name));
}


/* and nothing is on the way to what is not there */

static void
t_no_way(t_store_t *t, gov_txn_t *txn, gov_site_t *site, const char *path,
    uint32_t id)
{
    unsigned       n;
    gov_column_t  *list;

    t_ok(gov_columns_way(txn, t->arena, site, gov_str_of(path), id, &list,
                         &n));
    assert_null(gov_column_at(list, n, gov_str_of(path)));
    assert_null(gov_column_find(list, n, id));
}


/* "xxgk/ xxgk/tzgg/ ..." with the numbers */

static gov_str_t
t_tree(t_store_t *t, gov_txn_t *txn, const char *code)
{
    unsigned       i, n;
    gov_buf_t      b;
    gov_str_t      path;
    gov_site_t     site;
    gov_column_t  *list;

    site = t_site(t, txn, code);
    t_ok(gov_columns(txn, t->arena, &site, &list, &n));
    gov_buf_init(&b, t->arena, 256);

    for (i = 0; i < n; i++) {
        path = gov_column_path(t->arena, list, n, list[i].id);
        gov_buf_fmt(&b, "%s%u=%.*s", i ? " " : "", list[i].id,
                    gov_strf(path));

        assert_ptr_equal(gov_column_at(list, n, path), &list[i]);
        t_on_way(t, txn, &site, path, 0, &list[i], path);
        t_on_way(t, txn, &site, gov_s(""), list[i].id, &list[i], path);
        path.len--;
        assert_ptr_equal(gov_column_at(list, n, path), &list[i]);
        assert_true(gov_str_eq(t_way(t, txn, &site, list[i].id), path));
    }

    assert_int_equal(t_way(t, txn, &site, 9999).len, 0);

    assert_null(gov_column_at(list, n, gov_s("")));
    assert_null(gov_column_at(list, n, gov_s("nix")));
    assert_null(gov_column_at(list, n, gov_s("xxgk/nix")));
    assert_null(gov_column_at(list, n, gov_s("/xxgk")));
    t_no_way(t, txn, &site, "", 9999);
    t_no_way(t, txn, &site, "", 0);
    t_no_way(t, txn, &site, "xxgk/nix", 0);

    return b.s;
}


static gov_column_t
t_column(t_store_t *t, gov_txn_t *txn, const char *code, uint32_t id)
{
    unsigned       n;
    gov_site_t     site;
    gov_column_t  *list, *c;

    site = t_site(t, txn, code);
    t_ok(gov_columns(txn, t->arena, &site, &list, &n));
    c = gov_column_find(list, n, id);
    assert_non_null(c);

    return *c;
}


static gov_column_t
t_new(uint32_t parent, const char *slug, const char *name)
{
    gov_column_t  c;

    memset(&c, 0, sizeof(gov_column_t));
    c.rec.parent = parent;
    c.rec.slug = gov_str_of(slug);
    c.rec.name = gov_str_of(name);
    c.rec.kind = gov_s("list");

    return c;
}


static gov_rc_t
t_put(t_store_t *t, gov_txn_t *txn, const char *code, gov_column_t *c)
{
    gov_site_t  site;

    t_err_clear(t);
    site = t_site(t, txn, code);

    return gov_column_put(txn, t->arena, &site, c, &t->err);
}

/* keys of COLUMNS in a site */

static size_t
t_stored(gov_txn_t *txn, uint32_t site)
{
    size_t      n;
    gov_key_t   k;
    gov_scan_t  sc;

    assert_int_equal(gov_scan_open(&sc, gov_handle(txn, site), GOV_T_COLUMNS,
                                   gov_key(&k), GOV_FORWARD), GOV_OK);
    assert_int_equal(gov_scan_skip(&sc, 1000, &n), GOV_OK);
    gov_scan_close(&sc);

    return n;
}


static void
a_site_that_changes_nothing_stores_nothing(void **state)
{
    gov_txn_t     *txn;
    t_store_t     *t = *state;
    gov_column_t   c;

    txn = t_content_begin(t);
    t_str(t_tree(t, txn, "610402"), "1=xxgk/ 2=xxgk/tzgg/ 3=xxgk/gfxwj/ "
          "4=zjbd/ 5=zjbd/gk/");
    t_touched(t, txn);

    c = t_column(t, txn, "610402", 2);
    t_ok(t_put(t, txn, "610402", &c));
    assert_int_equal(t_stored(txn, 2), 0);
    t_str(t_touched(t, txn), "");

    gov_txn_end(&txn);
}


static void
a_changed_column_is_the_sites_own_and_no_others(void **state)
{
    gov_txn_t     *txn;
    t_store_t     *t = *state;
    gov_column_t   c;

    txn = t_content_begin(t);
    t_touched(t, txn);

    c = t_column(t, txn, "610402", 2);
    c.rec.name = gov_s("公示公告");
    c.rec.order = 99;
    t_ok(t_put(t, txn, "610402", &c));

    t_str_at(t_touched(t, txn),
             gov_str_fmt(t->arena, "2:%u 2:%u 2:%u", GOV_SLOT_COLUMNS,
                         GOV_SLOT_NAMES, gov_slot_column(2)),
             __FILE__, __LINE__);
    assert_int_equal(t_stored(txn, 2), 1);
    t_str(t_tree(t, txn, "610402"), "1=xxgk/ 3=xxgk/gfxwj/ 2=xxgk/tzgg/ "
          "4=zjbd/ 5=zjbd/gk/");
    t_str(t_column(t, txn, "610402", 2).rec.name, "公示公告");
    t_str(t_column(t, txn, "610403", 2).rec.name, "通知公告");

    gov_txn_end(&txn);
}


static gov_rc_t
t_free(t_store_t *t, gov_txn_t *txn, const char *code, uint32_t parent,
    const char *slug)
{
    gov_site_t  site;

    t_err_clear(t);
    site = t_site(t, txn, code);

    return gov_name_check(txn, t->arena, &site, parent, gov_str_of(slug),
                          &t->err);
}


static void
a_changed_column_keeps_its_address(void **state)
{
    gov_txn_t        *txn;
    t_store_t        *t = *state;
    gov_column_t      c;
    gov_place_rec_t   place;

    txn = t_content_begin(t);

    c = t_column(t, txn, "610402", 1);
    c.rec.name = gov_s("政务公开");
    t_ok(t_put(t, txn, "610402", &c));
    c = t_column(t, txn, "610402", 2);
    c.rec.order = 99;
    t_ok(t_put(t, txn, "610402", &c));

    t_rc(t_free(t, txn, "610402", 0, "xxgk"), GOV_CONFLICT);
    t_rc(t_free(t, txn, "610402", 1, "tzgg"), GOV_CONFLICT);
    t_ok(gov_name_get(txn, t->arena, 2, 0, gov_s("xxgk"), &place));
    assert_int_equal(place.kind, GOV_PLACE_COLUMN);
    assert_int_equal(place.to, 1);

    c = t_new(1, "tzgg", "另一个");
    t_rc(t_put(t, txn, "610402", &c), GOV_CONFLICT);

    /* a store where it was changed without its name being put */

    t_ok(gov_name_drop(txn, 2, 0, gov_s("xxgk")));
    t_rc(t_free(t, txn, "610402", 0, "xxgk"), GOV_CONFLICT);
    t_says(t, "的栏目“信息公开”的地址");

    /* the next change puts it, and a name that is there is not put again */

    c = t_column(t, txn, "610402", 1);
    c.rec.name = gov_s("信息");
    t_ok(t_put(t, txn, "610402", &c));
    t_ok(gov_name_get(txn, t->arena, 2, 0, gov_s("xxgk"), &place));
    t_touched(t, txn);
    c.rec.name = gov_s("公开");
    t_ok(t_put(t, txn, "610402", &c));
    t_str_at(t_touched(t, txn),
             gov_str_fmt(t->arena, "2:%u 2:%u", GOV_SLOT_COLUMNS,
                         gov_slot_column(1)), __FILE__, __LINE__);

    gov_txn_end(&txn);
}


static void
own_columns_are_numbered_from_200(void **state)
{
    gov_txn_t     *txn;
    t_store_t     *t = *state;
    gov_column_t   c, d;

    txn = t_content_begin(t);

    c = t_new(1, "zdly", "重点领域");
    t_ok(t_put(t, txn, "610402", &c));
    assert_int_equal(c.id, 200);
    d = t_new(200, "hj", "环境保护");
    t_ok(t_put(t, txn, "610402", &d));
    assert_int_equal(d.id, 201);

    t_str(t_tree(t, txn, "610402"), "1=xxgk/ 200=xxgk/zdly/ "
          "201=xxgk/zdly/hj/ 2=xxgk/tzgg/ 3=xxgk/gfxwj/ 4=zjbd/ "
          "5=zjbd/gk/");
    t_str(t_tree(t, txn, "610403"), "1=xxgk/ 2=xxgk/tzgg/ 3=xxgk/gfxwj/ "
          "4=zjbd/ 5=zjbd/gk/");

    gov_txn_end(&txn);
}


static void
what_cannot_be_a_column_is_refused_with_the_reason(void **state)
{
    size_t         i;
    gov_txn_t     *txn;
    t_store_t     *t = *state;
    gov_column_t   c;

    static const struct {
        uint32_t     parent;
        const char  *slug, *name, *kind;
        gov_rc_t     rc;
        const char  *words;
    } rows[] = {
        { 0, "a", "", "list", GOV_INVALID, "栏目名" },
        { 0, "a", "甲", "blog", GOV_INVALID, "blog" },
        { 77, "a", "甲", "list", GOV_NOT_FOUND, "77" },
        { 1, "a", "通知公告", "list", GOV_CONFLICT, "已有栏目" },
        { 1, "tzgg", "甲", "list", GOV_CONFLICT, "通知公告" },
        { 0, "files", "甲", "list", GOV_CONFLICT, "保留" },
        { 0, "A b", "甲", "list", GOV_INVALID, "地址名" },
        { 0, "renminlu", "甲", "list", GOV_CONFLICT, "人民路街道" }
    };

    txn = t_content_begin(t);
    t_touched(t, txn);

    for (i = 0; i < t_rows(rows); i++) {
        c = t_new(rows[i].parent, rows[i].slug, rows[i].name);
        c.rec.kind = gov_str_of(rows[i].kind);
        t_rc(t_put(t, txn, "610402", &c), rows[i].rc);
        t_says(t, rows[i].words);
    }

    c = t_column(t, txn, "610402", 1);
    c.rec.parent = 2;
    t_rc(t_put(t, txn, "610402", &c), GOV_INVALID);
    t_says(t, "自己下面");

    assert_int_equal(t_stored(txn, 2), 0);
    t_str(t_touched(t, txn), "");

    gov_txn_end(&txn);
}


static void
a_column_that_is_not_empty_or_needed_stays(void **state)
{
    gov_doc_t      doc;
    gov_txn_t     *txn;
    gov_site_t     site;
    t_store_t     *t = *state;
    gov_column_t   c;

    txn = t_content_begin(t);
    doc = t_draft(t, txn, 2, 2, "草稿");
    site = t_site(t, txn, "610402");

    t_rc(gov_column_remove(txn, t->arena, &site, 2, &t->err), GOV_DENIED);
    t_says(t, "草稿");
    t_rc(gov_column_remove(txn, t->arena, &site, 1, &t->err), GOV_DENIED);
    t_says(t, "下级栏目");
    t_rc(gov_column_remove(txn, t->arena, &site, 5, &t->err), GOV_DENIED);
    t_says(t, "必备");

    /* withdrawn, it is still there; moved away it is not */

    t_ok(gov_doc_publish(txn, t->arena, &doc, 1, T_NOW, t_by(T_NOW),
                         &t->err));
    t_rc(gov_column_remove(txn, t->arena, &site, 2, &t->err), GOV_DENIED);
    t_err_clear(t);
    t_ok(gov_doc_withdraw(txn, t->arena, &doc, 0, 0,
                          t_why(T_NOW, gov_s("错")), &t->err));
    t_rc(gov_column_remove(txn, t->arena, &site, 2, &t->err), GOV_DENIED);
    t_err_clear(t);
    t_ok(gov_doc_move(txn, t->arena, &doc, 3, t_by(T_NOW), &t->err));
    t_touched(t, txn);

    t_ok(gov_column_remove(txn, t->arena, &site, 2, &t->err));
    t_str(t_tree(t, txn, "610402"), "1=xxgk/ 3=xxgk/gfxwj/ 4=zjbd/ "
          "5=zjbd/gk/");
    assert_int_equal(t_way(t, txn, &site, 2).len, 0);
    t_str_at(t_touched(t, txn),
             gov_str_fmt(t->arena, "2:%u 2:%u", GOV_SLOT_COLUMNS,
                         gov_slot_column(2)), __FILE__, __LINE__);

    /* an own one goes without a trace in the tree */

    c = t_new(1, "zdly", "重点领域");
    t_ok(t_put(t, txn, "610402", &c));
    site = t_site(t, txn, "610402");
    t_ok(gov_column_remove(txn, t->arena, &site, 200, &t->err));
    assert_int_equal(t_stored(txn, 2), 1);

    gov_txn_end(&txn);
}


/* names of columns at the top of the county's site */

static void
t_names(t_store_t *t, gov_txn_t *txn, const char *want)
{
    gov_key_t         k;
    gov_buf_t         b;
    gov_scan_t        sc;
    gov_place_rec_t   place;

    gov_buf_init(&b, t->arena, 64);
    t_ok(gov_scan_open(&sc, gov_handle(txn, 2), GOV_T_NAMES,
                       gov_key4(&k, 0), GOV_FORWARD));

    while (gov_scan_next(&sc, t->arena, &place) == GOV_OK) {
        if (place.kind == GOV_PLACE_COLUMN) {
            gov_buf_fmt(&b, "%s%.*s", b.s.len ? " " : "",
                        (int) sc.key.len - 4, sc.key.data + 4);
        }
    }

    gov_scan_close(&sc);
    t_str(b.s, want);
}


static gov_str_t
t_was(t_store_t *t, gov_txn_t *txn, const char *path)
{
    gov_rc_t       rc;
    unsigned       n;
    uint32_t       id;
    gov_site_t     site;
    gov_column_t  *list;

    site = t_site(t, txn, "610402");
    t_ok(gov_columns(txn, t->arena, &site, &list, &n));

    rc = gov_column_was(txn, t->arena, 2, list, n, gov_str_of(path), &id);

    return rc == GOV_OK ? gov_column_path(t->arena, list, n, id)
                        : gov_str_of(gov_rc_name(rc));
}


static void
an_old_name_goes_on_leading_to_the_column(void **state)
{
    gov_txn_t     *txn;
    t_store_t     *t = *state;
    gov_column_t   c, d;

    txn = t_content_begin(t);

    c = t_column(t, txn, "610402", 2);
    c.rec.slug = gov_s("gsgg");
    t_ok(t_put(t, txn, "610402", &c));
    t_str(t_was(t, txn, "xxgk/tzgg"), "xxgk/gsgg/");
    t_str(t_was(t, txn, "xxgk/nix"), "not_found");

    /* moved as well, and its parent renamed: all of them lead there */

    c.rec.parent = 4;
    t_ok(t_put(t, txn, "610402", &c));
    t_str(t_was(t, txn, "xxgk/tzgg/"), "zjbd/gsgg/");
    t_str(t_was(t, txn, "xxgk/gsgg"), "zjbd/gsgg/");

    d = t_column(t, txn, "610402", 4);
    d.rec.slug = gov_s("qindu");
    t_ok(t_put(t, txn, "610402", &d));
    t_str(t_was(t, txn, "zjbd/gsgg"), "qindu/gsgg/");
    t_str(t_was(t, txn, "zjbd"), "qindu/");
    t_str(t_was(t, txn, "xxgk/tzgg"), "qindu/gsgg/");

    /* nobody else takes an old name, its own column may have it back */

    d = t_new(1, "tzgg", "新栏目");
    t_rc(t_put(t, txn, "610402", &d), GOV_CONFLICT);
    c.rec.parent = 1;
    c.rec.slug = gov_s("tzgg");
    t_ok(t_put(t, txn, "610402", &c));
    t_str(t_tree(t, txn, "610402"), "1=xxgk/ 2=xxgk/tzgg/ 3=xxgk/gfxwj/ "
          "4=qindu/ 5=qindu/gk/");

    gov_txn_end(&txn);
}


/* all its names go with it, and nobody else's; those that an older platform
 * left behind are as free */

static void
a_column_that_is_gone_holds_no_name(void **state)
{
    gov_txn_t        *txn;
    t_store_t        *t = *state;
    gov_site_t        site;
    gov_column_t      c, d;
    gov_place_rec_t   place;

    txn = t_content_begin(t);

    c = t_new(0, "zdly", "重点领域");
    t_ok(t_put(t, txn, "610402", &c));
    d = t_new(0, "lyzd", "领域");
    t_ok(t_put(t, txn, "610402", &d));
    c.rec.slug = gov_s("zd");
    t_ok(t_put(t, txn, "610402", &c));
    t_names(t, txn, "lyzd zd zdly");

    site = t_site(t, txn, "610402");
    t_ok(gov_column_remove(txn, t->arena, &site, c.id, &t->err));
    t_names(t, txn, "lyzd");

    c = t_new(0, "zdly", "重点领域");
    t_ok(t_put(t, txn, "610402", &c));
    assert_int_equal(c.id, 202);

    /* one of the blueprint's, that the site had renamed */

    d = t_column(t, txn, "610402", 3);
    d.rec.parent = 0;
    d.rec.slug = gov_s("gf");
    t_ok(t_put(t, txn, "610402", &d));
    site = t_site(t, txn, "610402");
    t_ok(gov_column_remove(txn, t->arena, &site, 3, &t->err));
    t_names(t, txn, "lyzd zdly");

    /* as it was left behind: its name is free until a column has it */

    t_ok(gov_drop(gov_handle(txn, 2), GOV_T_COLUMNS,
                  gov_key4(&(gov_key_t) { 0 }, 202)));
    c = t_new(0, "zdly", "重点领域");
    t_ok(t_put(t, txn, "610402", &c));
    d = t_new(0, "zdly", "又一个");
    t_rc(t_put(t, txn, "610402", &d), GOV_CONFLICT);

    /* and not where one of the blueprint's has it by now */

    memset(&place, 0, sizeof(gov_place_rec_t));
    place.kind = GOV_PLACE_COLUMN;
    place.to = 300;
    t_ok(gov_name_put(txn, t->arena, 2, 0, gov_s("xxgk"), &place));
    t_err_clear(t);
    t_rc(t_free(t, txn, "610402", 0, "xxgk"), GOV_CONFLICT);
    t_says(t, "的栏目“信息公开”的地址");

    gov_txn_end(&txn);
}


static void
a_site_without_a_blueprint_has_its_own_only(void **state)
{
    gov_txn_t     *txn;
    t_store_t     *t = *state;
    gov_column_t   c;

    txn = t_content_begin(t);

    c = t_new(0, "dt", "动态");
    t_ok(t_put(t, txn, "610402001", &c));
    t_str(t_tree(t, txn, "610402001"), "200=dt/");

    gov_txn_end(&txn);
}


/* the counties' blueprint: a column, and so many more one below the other */

static void
t_county(t_store_t *t, gov_txn_t *txn, unsigned id, const char *slug,
    unsigned below)
{
    unsigned      i;
    gov_buf_t     b;
    gov_value_t  *v;

    gov_buf_init(&b, t->arena, 512);
    gov_buf_fmt(&b, "{\"name\":\"county\",\"title\":\"蓝本\",\"columns\":["
                "{\"id\":%u,\"parent\":0,\"slug\":\"%s\",\"name\":\"甲\","
                "\"kind\":\"section\",\"flow\":{\"reviews\":2}}", id, slug);

    for (i = 1; i <= below; i++) {
        gov_buf_fmt(&b, ",{\"id\":%u,\"parent\":%u,\"slug\":\"s\","
                    "\"name\":\"乙\",\"kind\":\"section\"}", id + i, id + i - 1);
    }

    gov_buf_c(&b, "]}");
    t_ok(gov_json_parse(t->arena, b.s, &v, &t->err));
    t_ok(gov_blueprint_put(txn, t->arena, v, &t->err));
}


static void
a_changed_blueprint_is_seen_at_once(void **state)
{
    gov_txn_t  *txn, *child, *before;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    t_county(t, txn, 1, "aa", 0);
    t_str(t_tree(t, txn, "610402"), "1=aa/");
    t_commit(t, &txn);

    before = t_begin(t, GOV_TXN_READ);
    t_str(t_tree(t, before, "610402"), "1=aa/");

    /* as long as the one before it */

    txn = t_begin(t, GOV_TXN_WRITE);
    t_county(t, txn, 2, "bb", 0);
    t_str(t_tree(t, txn, "610402"), "2=bb/");
    t_str(t_tree(t, before, "610402"), "1=aa/");

    /* a command that comes to nothing takes its blueprint with it */

    t_ok(gov_txn_child(txn, &child, &t->err));
    t_county(t, child, 3, "cc", 1);
    t_str(t_tree(t, child, "610402"), "3=cc/ 4=cc/s/");
    t_str(t_tree(t, child, "610403"), "3=cc/ 4=cc/s/");
    gov_txn_end(&child);

    t_str(t_tree(t, txn, "610402"), "2=bb/");
    gov_txn_end(&txn);
    gov_txn_end(&before);

    txn = t_begin(t, GOV_TXN_READ);
    t_str(t_tree(t, txn, "610402"), "1=aa/");
    gov_txn_end(&txn);
}


static void
columns_are_the_callers_own(void **state)
{
    char           slug[8];
    unsigned       i, n;
    gov_txn_t     *txn;
    gov_site_t     site;
    t_store_t     *t = *state;
    gov_column_t  *list;

    txn = t_content_begin(t);
    t_county(t, txn, 1, "aa", 1);
    site = t_site(t, txn, "610402");
    gov_rec_own(t->arena, &gov_rec_site, &site.rec);

    /* what one does to them another does not see */

    t_ok(gov_columns(txn, t->arena, &site, &list, &n));
    list[0].rec.slug.data[0] = 'x';
    list[0].rec.flow->u.first->u.i = 9;
    list[1].rec.parent = 0;
    t_str(t_tree(t, txn, "610402"), "1=aa/ 2=aa/s/");

    /* and they stay when many another blueprint was read */

    t_ok(gov_columns(txn, t->arena, &site, &list, &n));

    for (i = 0; i < 40; i++) {
        (void) snprintf(slug, sizeof(slug), "b%u", i);
        t_county(t, txn, 1, slug, 0);
        (void) t_tree(t, txn, "610402");
    }

    assert_int_equal(n, 2);
    t_str(list[0].rec.slug, "aa");
    t_str(list[0].rec.name, "甲");
    assert_int_equal(gov_get_int(list[0].rec.flow, "reviews", 0), 2);
    t_str(list[0].rec.flow->u.first->key, "reviews");

    gov_txn_end(&txn);
}


static void
a_column_too_deep_is_shown_once_it_is_lifted(void **state)
{
    gov_txn_t     *txn;
    t_store_t     *t = *state;
    gov_column_t   c;

    txn = t_content_begin(t);
    t_county(t, txn, 1, "aa", 6);
    t_str(t_tree(t, txn, "610402"), "1=aa/ 2=aa/s/ 3=aa/s/s/ 4=aa/s/s/s/ "
          "5=aa/s/s/s/s/ 6=aa/s/s/s/s/s/");

    c = t_column(t, txn, "610402", 6);
    c.rec.parent = 0;
    c.rec.slug = gov_s("top");
    t_ok(t_put(t, txn, "610402", &c));
    t_str(t_tree(t, txn, "610402"), "1=aa/ 2=aa/s/ 3=aa/s/s/ 4=aa/s/s/s/ "
          "5=aa/s/s/s/s/ 6=top/ 7=top/s/");

    gov_txn_end(&txn);
}


/* a0/a1/...: own columns one below the other; the last one's number */

static gov_column_t
t_chain(t_store_t *t, gov_txn_t *txn, char letter, unsigned n)
{
    char          slug[4];
    unsigned      i;
    gov_column_t  c;

    memset(&c, 0, sizeof(gov_column_t));

    for (i = 0; i < n; i++) {
        (void) snprintf(slug, sizeof(slug), "%c%u", letter, i);
        c = t_new(c.id, slug, slug);
        t_ok(t_put(t, txn, "610402", &c));
        gov_rec_own(t->arena, &gov_rec_column, &c.rec);
    }

    return c;
}


static void
a_column_takes_those_below_it_no_deeper_than_they_are_shown(void **state)
{
    gov_txn_t     *txn;
    t_store_t     *t = *state;
    gov_column_t   c, top, low;

    txn = t_content_begin(t);
    low = t_chain(t, txn, 'a', 5);
    c = t_chain(t, txn, 'b', 2);
    top = t_column(t, txn, "610402", (uint32_t) c.rec.parent);

    top.rec.parent = low.id;
    t_rc(t_put(t, txn, "610402", &top), GOV_DENIED);
    t_says(t, "栏目最多 6 层");
    (void) t_column(t, txn, "610402", c.id);

    top.rec.parent = low.rec.parent;
    t_ok(t_put(t, txn, "610402", &top));
    (void) t_column(t, txn, "610402", c.id);

    top = t_column(t, txn, "610402", (uint32_t) low.rec.parent);
    top.rec.parent = low.id;
    t_rc(t_put(t, txn, "610402", &top), GOV_INVALID);
    t_says(t, "自己下面");

    /* and one that has none below it goes as deep as any */

    c.rec.parent = low.id;
    t_ok(t_put(t, txn, "610402", &c));

    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_site_that_changes_nothing_stores_nothing),
        t_test(a_changed_column_is_the_sites_own_and_no_others),
        t_test(a_changed_column_keeps_its_address),
        t_test(own_columns_are_numbered_from_200),
        t_test(what_cannot_be_a_column_is_refused_with_the_reason),
        t_test(a_column_that_is_not_empty_or_needed_stays),
        t_test(an_old_name_goes_on_leading_to_the_column),
        t_test(a_column_that_is_gone_holds_no_name),
        t_test(a_site_without_a_blueprint_has_its_own_only),
        t_test(a_changed_blueprint_is_seen_at_once),
        t_test(columns_are_the_callers_own),
        t_test(a_column_takes_those_below_it_no_deeper_than_they_are_shown),
        t_test(a_column_too_deep_is_shown_once_it_is_lifted)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
