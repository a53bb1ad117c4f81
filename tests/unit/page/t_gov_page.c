
/*
 * Copyright (C) ngx_gov authors
 *
 * A request becomes an answer: which status, whose address, and whether a
 * copy that was kept holds after what changed.
 */


#include <sys/stat.h>

#include "page/t_page.h"
#include "link/gov_link_int.h"


static void
an_address_tells_site_state_and_place(void **state)
{
    unsigned    i;
    gov_page_t  page;
    t_store_t  *t = *state;

    static const char  *rows[][3] = {
        { "www.xianyang.localhost", "/", "200" },
        { "localhost", "/", "200" },
        { "qindu.xianyang.localhost", "/renminlu/", "200" },
        { "qindu.xianyang.localhost", "/renminlu/cunyi/map.html", "200" },
        { "qindu.xianyang.localhost", "/renminlu",
          "301 http://qindu.xianyang.localhost:8080/renminlu/" },
        { "qindu.xianyang.localhost", "/index.html",
          "301 http://qindu.xianyang.localhost:8080/" },
        { "qindu.xianyang.localhost", "/xxgk",
          "301 http://qindu.xianyang.localhost:8080/xxgk/" },
        { "qindu.xianyang.localhost", "/xxgk/tzgg/index_1.html",
          "301 http://qindu.xianyang.localhost:8080/xxgk/tzgg/" },
        { "qindu.xianyang.localhost", "/xxgk/tzgg/index_2.html", "404" },
        { "qindu.xianyang.localhost", "/xxgk/tzgg/99.html", "404" },
        { "qindu.xianyang.localhost", "/nothing", "404" },
        { "qindu.xianyang.localhost", "/robots.txt", "200" },
        { "qindu.xianyang.localhost", "/renminlu/robots.txt", "404" },
        { "qindu.xianyang.localhost", "/.well-known/security.txt", "200" },
        { "nowhere.localhost", "/", "421" }
    };

    t_pages_city(t);

    for (i = 0; i < t_rows(rows); i++) {
        t_answers(t, rows[i][0], rows[i][1], rows[i][2]);
    }

    assert_int_equal(t_page(t, "nowhere.localhost", "/", &page),
                     GOV_NOT_FOUND);
    assert_int_equal(page.keep, 0);

    (void) t_page(t, "qindu.xianyang.localhost", "/nothing", &page);
    assert_int_equal(page.keep, 0);

    t_do(t, "site.suspend", "{'site': '610403', 'notice': '系统维护'}");
    t_answers(t, "yangling.xianyang.localhost", "/", "503");
    (void) t_page(t, "yangling.xianyang.localhost", "/x", &page);
    assert_int_equal(page.keep, 0);
    assert_true(t_page_has(&page, "系统维护"));

    t_do(t, "site.archive", "{'site': '610403', 'notice': '不再更新'}");
    t_answers(t, "yangling.xianyang.localhost", "/", "410");

    t_do(t, "site.merge", "{'site': 'xy-fgw', 'into': '6104'}");
    t_answers(t, "fgw.xianyang.localhost", "/xxgk/",
              "301 http://www.xianyang.localhost:8080/");
}


/* the path is decoded when it comes: any byte may stand in it */

static void
a_redirect_says_its_path_in_letters_of_addresses(void **state)
{
    t_store_t  *t = *state;

    t_pages_city(t);
    t_do(t, "site.slug", "{'site': '610402001', 'slug': 'rml'}");

    t_answers(t, "qindu.xianyang.localhost",
              "/renminlu/a\r\nSet-Cookie: x=1",
              "301 http://qindu.xianyang.localhost:8080/rml/"
              "a%0D%0ASet-Cookie:%20x=1");
    t_answers(t, "qindu.xianyang.localhost", "/renminlu/100%/中?a#b\\c",
              "301 http://qindu.xianyang.localhost:8080/rml/"
              "100%25/%E4%B8%AD%3Fa%23b%5Cc");
}


/* names of page-mode sites stand in the addresses of all below them */

static void
an_address_in_a_page_follows_the_sites_above_it(void **state)
{
    gov_page_t  home, doc;
    t_store_t  *t = *state;

    t_pages_city(t);
    t_do(t, "link.share", "{'site': 'xy-fgw', 'group': 'g', 'title': '链接', "
         "'links': [{'site': '610402001201'}]}");
    t_do(t, "doc.create", "{'site': '610402001201', 'column': 'xxgk/tzgg', "
         "'title': '村里的事', 'body': '文', 'publish': true}");
    t_do(t, "doc.refer", "{'doc': 1, 'to': ['xy-fgw/xxgk/tzgg']}");

    t_ok(t_page(t, "fgw.xianyang.localhost", "/", &home));
    t_ok(t_page(t, "fgw.xianyang.localhost", "/xxgk/tzgg/1.html", &doc));
    assert_true(t_page_has(&home, "/renminlu/cunyi/"));
    assert_true(t_page_has(&doc, "/renminlu/cunyi/xxgk/tzgg/1.html"));
    assert_true(t_holds(t, &home) && t_holds(t, &doc));

    t_do(t, "site.slug", "{'site': '610402001', 'slug': 'rml'}");
    assert_false(t_holds(t, &home));
    assert_false(t_holds(t, &doc));

    t_ok(t_page(t, "fgw.xianyang.localhost", "/", &home));
    assert_true(t_page_has(&home, "/rml/cunyi/"));
}


/* the owner as his export put him back: who took from him he does not know */

static void
t_forget_taker(t_store_t *t, const char *owner, const char *taker)
{
    gov_key_t   k;
    gov_txn_t  *txn;

    txn = t_begin(t, GOV_TXN_WRITE);
    gov_key4(&k, GOV_TAKEN_BY | t_site(t, txn, taker).id);
    t_ok(gov_drop(gov_handle(txn, t_site(t, txn, owner).id), GOV_T_TAKEN,
                  gov_key_add_s(&k, gov_s("g"))));
    t_ok(gov_txn_commit(&txn, &t->err));
}


/* taken, withdrawn by its owner, and shared again */

static void
a_group_that_is_shared_again_is_shown_again(void **state)
{
    gov_page_t   page;
    t_store_t   *t = *state;
    const char  *share;

    share = "{'site': 'xy-fgw', 'group': 'g', 'title': '共享的', "
            "'links': [{'title': '甲', 'url': 'https://a.test/'}]}";

    t_pages_city(t);
    t_do(t, "link.share", share);
    t_do(t, "link.take", "{'site': '610402', 'from': 'xy-fgw', "
         "'group': 'g'}");
    t_ok(t_page(t, "qindu.xianyang.localhost", "/", &page));
    assert_true(t_page_has(&page, "共享的"));

    t_do(t, "link.unshare", "{'site': 'xy-fgw', 'group': 'g'}");
    assert_false(t_holds(t, &page));
    t_ok(t_page(t, "qindu.xianyang.localhost", "/", &page));
    assert_false(t_page_has(&page, "共享的"));

    t_forget_taker(t, "xy-fgw", "610402");
    t_do(t, "link.share", share);
    assert_false(t_holds(t, &page));
    t_ok(t_page(t, "qindu.xianyang.localhost", "/", &page));
    assert_true(t_page_has(&page, "共享的"));

    /* and no more when its owner is gone */

    t_do(t, "site.archive", "{'site': 'xy-fgw', 'notice': '关停'}");
    assert_false(t_holds(t, &page));
    t_ok(t_page(t, "qindu.xianyang.localhost", "/", &page));
    assert_false(t_page_has(&page, "共享的"));
}


static void
the_refusal_of_an_attachment_is_not_kept(void **state)
{
    char        json[256], path[128];
    u_char      raw[GOV_DIGEST_LEN];
    gov_page_t  page;
    t_store_t  *t = *state;
    char        hex[2 * GOV_DIGEST_LEN + 1];

    t_pages_city(t);
    t_ok(gov_blob_put(t->base, gov_s("text"), raw, &t->err));
    gov_hex((u_char *) hex, raw, GOV_DIGEST_LEN);
    hex[2 * GOV_DIGEST_LEN] = '\0';

    snprintf(json, sizeof(json), "{'site': '6104', 'name': 'a.txt', "
             "'digest': '%s', 'size': 4}", hex);
    t_do(t, "file.add", json);
    snprintf(json, sizeof(json), "{'site': '6104', 'column': 'xxgk/tzgg', "
             "'title': '附件', 'body': '文', 'attachments': ['%s/a.txt']}",
             hex);
    t_do(t, "doc.create", json);

    snprintf(path, sizeof(path), "/files/%s/a.txt", hex);
    t_ok(t_page(t, "www.xianyang.localhost", path, &page));
    assert_int_equal(page.status, 410);
    assert_int_equal(page.keep, 0);

    t_do(t, "doc.publish", "{'doc': 1}");
    t_ok(t_page(t, "www.xianyang.localhost", path, &page));
    assert_int_equal(page.status, 200);
    t_str(page.file, hex);
}


static void
t_hook(t_store_t *t, const char *text)
{
    char  path[128];
    FILE  *f;

    snprintf(path, sizeof(path), "%s/qd", t->base);
    (void) mkdir(path, 0700);
    strcat(path, "/hooks");
    (void) mkdir(path, 0700);
    strcat(path, "/link_group.lua");

    f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}


/* an address with a scheme that a browser would run, however it is written */

static void
a_hook_puts_no_address_into_a_link_that_runs(void **state)
{
    char        path[128], hook[512];
    unsigned    i;
    gov_page_t  page;
    t_store_t  *t = *state;

    static const struct {
        const char  *url;
        int          kept;
    } rows[] = {
        { "javascript:alert(1)", 0 },
        { "JavaScript:alert(1)", 0 },
        { " javascript:alert(1)", 0 },
        { "\\tjavascript:alert(1)", 0 },
        { "java\\nscript:alert(1)", 0 },
        { "\\1javascript:alert(1)", 0 },
        { "javascript\\t:alert(1)", 0 },
        { "data:text/html,<script>alert(1)</script>", 0 },
        { "vbscript:x", 0 },
        { "blob:https://a.test/1", 0 },
        { ":", 0 },
        { "https://a.test/kept", 1 },
        { "HTTP://a.test/kept", 1 },
        { "mailto:kept", 1 },
        { "tel:kept", 1 },
        { "/kept/javascript:alert(2)", 1 },
        { "?kept=javascript:x", 1 },
        { "#kept", 1 },
        { "kept.html", 1 }
    };

    t_pages_city(t);
    t_do(t, "site.set", "{'site': '610402', 'bundle': 'qd'}");
    snprintf(path, sizeof(path), "%s/qd", t->base);

    for (i = 0; i < t_rows(rows); i++) {
        snprintf(hook, sizeof(hook), "return function (g) return { items = { "
                 "{ title = 'T', url = \"%s\" } } } end", rows[i].url);
        t_hook(t, hook);

        t_pages_close(NULL);
        t_bundle = path;
        assert_int_equal(t_pages_open(NULL), 0);

        t_ok(t_page(t, "qindu.xianyang.localhost", "/", &page));
        assert_int_equal(page.status, 200);
        assert_int_equal(t_page_has(&page, "alert(1)"), 0);
        assert_int_equal(t_page_has(&page, "<a href=\"#\">T</a>"),
                         !rows[i].kept);
        assert_int_equal(t_page_has(&page, "kept"), rows[i].kept);
    }

    t_pages_close(NULL);
    t_bundle = NULL;
    assert_int_equal(t_pages_open(NULL), 0);
}


/* turns a byte of a document's record over */

static void
t_break(t_store_t *t, const char *site, uint64_t doc)
{
    gov_key_t   k;
    gov_str_t   value;
    gov_txn_t  *txn;

    txn = t_begin(t, GOV_TXN_WRITE);
    gov_key8(&k, doc);

    t_ok(gov_raw_get(gov_handle(txn, t_site(t, txn, site).id), GOV_T_DOCS, &k,
                     &value));
    value = gov_str_copy(t->arena, value);
    value.data[value.len - 1] ^= 1;
    t_ok(gov_raw_put(gov_handle(txn, t_site(t, txn, site).id), GOV_T_DOCS, &k,
                     value));
    t_ok(gov_txn_commit(&txn, &t->err));
}


static void
a_page_says_how_much_it_could_not_read(void **state)
{
    size_t      i;
    gov_page_t  page;
    t_store_t  *t = *state;

    static const char  *paths[] = { "/", "/xxgk/tzgg/", "/feed.xml" };

    t_pages_city(t);

    for (i = 0; i < 3; i++) {
        t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
             "'title': '通知', 'body': '文', 'publish': true}");
    }

    for (i = 0; i < t_rows(paths); i++) {
        t_ok(t_page(t, "qindu.xianyang.localhost", paths[i], &page));
        assert_int_equal(page.unread, 0);
        assert_int_equal(page.proof.due, INT64_MAX);
    }

    t_break(t, "610402", 2);

    for (i = 0; i < t_rows(paths); i++) {
        t_ok(t_page(t, "qindu.xianyang.localhost", paths[i], &page));
        assert_int_equal(page.status, 200);
        assert_true(page.unread > 0);
        assert_true(t_page_has(&page, "tzgg/3.html"));
        assert_false(t_page_has(&page, "tzgg/2.html"));
        assert_int_equal(page.keep, 1);
        assert_true(page.proof.due < t_now + 60 * T_SECOND);
    }
}


/* what failed once may go well the next time */

static void
a_page_made_around_a_failed_hook_is_kept_for_seconds(void **state)
{
    char        path[128];
    unsigned    i;
    gov_page_t  page;
    t_store_t  *t = *state;

    static const struct {
        const char  *text;
        int          again;
    } rows[] = {
        { "return function (g) error('x') end", 1 },
        { "return function (g) while true do end end", 1 },
        { "return function (g) g.title = '改过的' return g end", 0 }
    };

    t_pages_city(t);
    t_do(t, "site.set", "{'site': '610402', 'bundle': 'qd'}");

    for (i = 0; i < t_rows(rows); i++) {
        t_hook(t, rows[i].text);
        snprintf(path, sizeof(path), "%s/qd", t->base);

        t_pages_close(NULL);
        t_bundle = path;
        assert_int_equal(t_pages_open(NULL), 0);

        t_ok(t_page(t, "qindu.xianyang.localhost", "/", &page));
        assert_int_equal(page.status, 200);
        assert_int_equal(page.keep, 1);
        assert_int_equal(page.proof.due != INT64_MAX, rows[i].again);
        assert_int_equal(t_page_has(&page, "改过的"), !rows[i].again);
    }

    assert_true(t_holds(t, &page));
    t_pages_close(NULL);
    t_bundle = NULL;
    assert_int_equal(t_pages_open(NULL), 0);
}


/* its reason is said where it stood, and every other address leads there */

static void
a_withdrawn_document_says_so_where_it_was_shown(void **state)
{
    gov_page_t  page;
    t_store_t  *t = *state;

    t_pages_city(t);
    t_do(t, "doc.create", "{'site': '6104', 'column': 'xxgk/tzgg', "
         "'title': '通知', 'body': '文', 'publish': true}");
    t_do(t, "doc.create", "{'site': '6104', 'column': 'xxgk/tzgg', "
         "'title': '更正', 'body': '文', 'publish': true}");
    t_do(t, "doc.refer", "{'doc': 1, 'to': ['610402/xxgk/tzgg']}");
    t_do(t, "doc.withdraw", "{'doc': 1, 'reason': '数据有误', "
         "'replacement': 2}");

    t_ok(t_page(t, "www.xianyang.localhost", "/xxgk/tzgg/1.html", &page));
    assert_int_equal(page.status, 410);
    assert_true(t_page_has(&page, "数据有误"));
    assert_true(t_page_has(&page, "/xxgk/tzgg/2.html"));
    assert_int_equal(page.keep, 1);

    t_do(t, "doc.edit", "{'doc': 2, 'base': 1, 'title': '再更正', "
         "'publish': true}");
    assert_false(t_holds(t, &page));

    t_answers(t, "qindu.xianyang.localhost", "/xxgk/tzgg/1.html", "410");
    t_answers(t, "fgw.xianyang.localhost", "/xxgk/tzgg/1.html",
              "301 http://www.xianyang.localhost:8080/xxgk/tzgg/1.html");
    t_answers(t, "fgw.xianyang.localhost", "/s/1",
              "301 http://www.xianyang.localhost:8080/xxgk/tzgg/1.html");
    t_answers(t, "www.xianyang.localhost", "/s/1", "410");
    t_answers(t, "www.xianyang.localhost", "/xxgk/gfxwj/2.html",
              "301 http://www.xianyang.localhost:8080/xxgk/tzgg/2.html");

    /* it was to be published again, which was called off */

    t_do(t, "doc.schedule", "{'doc': 1, 'at': '2099-01-01'}");
    t_answers(t, "www.xianyang.localhost", "/xxgk/tzgg/1.html", "404");
    t_do(t, "doc.withdraw", "{'doc': 1, 'reason': '不再发布'}");
    t_ok(t_page(t, "www.xianyang.localhost", "/xxgk/tzgg/1.html", &page));
    assert_int_equal(page.status, 410);
    assert_true(t_page_has(&page, "不再发布"));
}


/* the last resort, and nothing that stays */

static void
a_page_without_a_script_engine_is_an_error(void **state)
{
    gov_txn_t       *txn;
    gov_page_t       page;
    t_store_t       *t = *state;
    gov_page_req_t   r;

    t_pages_city(t);

    txn = t_begin(t, GOV_TXN_READ);
    r = t_page_req(txn, t->arena, gov_s("www.xianyang.localhost"),
                   gov_s("/"));
    r.script = NULL;

    t_rc(gov_page_make(&r, &page, &t->err), GOV_ERROR);
    assert_int_equal(page.status, 500);
    assert_int_equal(page.keep, 0);
    assert_true(t_page_has(&page, "<h1>"));

    t_ok(gov_page_error(&r, 405, &page, &t->err));
    assert_int_equal(page.status, 405);
    assert_true(t_page_has(&page, "<h1>"));

    r.path = gov_s("/robots.txt");
    t_ok(gov_page_make(&r, &page, &t->err));
    assert_int_equal(page.status, 200);
    gov_txn_end(&txn);
}


/* a commit is seen later than its time, and a page may change by itself */

static void
a_date_proves_a_page_only_when_it_is_the_only_one_of_it(void **state)
{
    char        json[256];
    int64_t     second;
    gov_str_t   day;
    gov_page_t  page;
    t_store_t  *t = *state;

    t_pages_city(t);

    t_now = (t_now / T_SECOND + 100) * T_SECOND + 990000;
    t_do(t, "doc.create", "{'site': '6104', 'column': 'xxgk/tzgg', "
         "'title': '甲', 'body': '文', 'publish': true}");

    t_now += 20000;
    t_ok(t_page(t, "www.xianyang.localhost", "/", &page));
    assert_int_equal(page.proof.same_second, 1);

    t_now += 60 * T_SECOND;
    t_ok(t_page(t, "www.xianyang.localhost", "/", &page));
    assert_int_equal(page.proof.same_second, 0);
    assert_int_equal(page.proof.modified, t_now / T_SECOND);

    /* published half a second on; the page before it has the second before */

    second = t_now / T_SECOND + 100;
    day = gov_date(t->arena, second * T_SECOND, GOV_DATE_RFC3339);
    snprintf(json, sizeof(json), "{'site': '6104', 'column': 'xxgk/tzgg', "
             "'title': '乙', 'body': '文', 'at': '%.19s.5%.6s'}", day.data,
             day.data + 19);
    t_do(t, "doc.create", json);

    t_now = second * T_SECOND + 100000;
    t_ok(t_page(t, "www.xianyang.localhost", "/", &page));
    assert_int_equal(page.proof.due, second * T_SECOND + 500000);
    assert_int_equal(page.proof.modified, second - 1);
    assert_int_equal(page.proof.same_second, 1);

    t_now = page.proof.due;
    t_ok(t_page(t, "www.xianyang.localhost", "/", &page));
    assert_int_equal(page.proof.modified, second);
    assert_int_equal(page.proof.same_second, 0);
}


/* which is of the same address, and perhaps of the same second */

static void
an_elder_page_has_a_tag_and_no_date(void **state)
{
    gov_txn_t       *txn;
    gov_page_t       normal, elder;
    t_store_t       *t = *state;
    gov_page_req_t   r;

    t_pages_city(t);
    t_now += 60 * T_SECOND;
    t_ok(t_page(t, "www.xianyang.localhost", "/", &normal));
    assert_int_not_equal(normal.proof.date[0], '\0');

    txn = t_begin(t, GOV_TXN_READ);
    r = t_page_req(txn, t->arena, gov_s("www.xianyang.localhost"),
                   gov_s("/"));
    r.elder = 1;
    t_ok(gov_page_make(&r, &elder, &t->err));
    gov_txn_end(&txn);

    assert_int_equal(elder.proof.date[0], '\0');
    assert_int_equal(elder.proof.same_second, 1);
    assert_memory_not_equal(elder.proof.etag, normal.proof.etag, GOV_ETAG);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(an_address_tells_site_state_and_place),
        t_test(a_redirect_says_its_path_in_letters_of_addresses),
        t_test(an_address_in_a_page_follows_the_sites_above_it),
        t_test(a_group_that_is_shared_again_is_shown_again),
        t_test(the_refusal_of_an_attachment_is_not_kept),
        t_test(a_hook_puts_no_address_into_a_link_that_runs),
        t_test(a_page_says_how_much_it_could_not_read),
        t_test(a_page_made_around_a_failed_hook_is_kept_for_seconds),
        t_test(a_withdrawn_document_says_so_where_it_was_shown),
        t_test(a_page_without_a_script_engine_is_an_error),
        t_test(a_date_proves_a_page_only_when_it_is_the_only_one_of_it),
        t_test(an_elder_page_has_a_tag_and_no_date)
    };

    return cmocka_run_group_tests(tests, t_pages_open, t_pages_close);
}
