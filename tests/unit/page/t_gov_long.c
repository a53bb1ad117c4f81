
/*
 * Copyright (C) ngx_gov authors
 *
 * A long text: the largest that is taken is shown by every page that shows a
 * document, beside the most that may stand around it; of what is larger and
 * was stored before, the page says so.
 */


#include "view/t_view.h"


#define T_HOST  "www.xianyang.localhost"


static gov_value_t *
t_large_in(t_store_t *t, const char *column, size_t bytes)
{
    gov_value_t  *in;

    in = t_json(t, "{'site': '6104', 'title': '长文', 'publish': true}");
    gov_put_c(t->arena, in, "column", column);
    gov_put_str(t->arena, in, "body", t_body_of(t, bytes));

    return in;
}


static void
t_large(t_store_t *t, const char *column, size_t bytes)
{
    gov_op_t      op;
    uint64_t      seq;
    gov_value_t  *verdict;

    op = t_op(t, "doc.create", t_large_in(t, column, bytes));
    t_ok(t_apply(t, &op, &verdict, &seq));
}


/* the page has the whole text, or says that it has not */

static void
t_shows(t_store_t *t, const char *host, const char *path, size_t bytes)
{
    gov_page_t  page;

    t_ok(t_page(t, host, path, &page));
    assert_int_equal(page.status, 200);

    if (bytes != 0) {
        assert_true(page.body.len > bytes);
        assert_false(t_page_has(&page, "正文太长"));

    } else {
        assert_in_range(page.body.len, 1000, 100000);
        assert_true(t_page_has(&page, "正文太长"));
    }
}


static void
the_largest_body_is_on_every_page_of_its_document(void **state)
{
    t_store_t    *t = *state;
    gov_op_t      op;
    uint64_t      seq;
    gov_value_t  *verdict;

    t_pages_city(t);
    t_large(t, "xxgk/tzgg", GOV_BODY_PAGE_MAX);
    t_large(t, "zjbd", GOV_BODY_PAGE_MAX);
    t_do(t, "doc.refer", "{'doc': 1, 'to': ['610402/xxgk/tzgg']}");

    t_shows(t, T_HOST, "/xxgk/tzgg/1.html", GOV_BODY_PAGE_MAX);
    t_shows(t, T_HOST, "/zjbd/", GOV_BODY_PAGE_MAX);
    t_shows(t, T_HOST, "/zjbd/2.html", GOV_BODY_PAGE_MAX);
    t_shows(t, "qindu.xianyang.localhost", "/xxgk/tzgg/1.html",
            GOV_BODY_PAGE_MAX);

    /* one byte more is not taken, by none of the doors */

    op = t_op(t, "doc.create",
              t_large_in(t, "xxgk/tzgg", GOV_BODY_PAGE_MAX + 1));
    t_rc(t_apply(t, &op, &verdict, &seq), GOV_INVALID);
    t_says(t, "正文做成网页后最多 1.25 MB");

    op = t_op(t, "doc.edit", t_json(t, "{'doc': 1, 'base': 1}"));
    gov_put_str(t->arena, op.input, "body",
                t_body_of(t, GOV_BODY_PAGE_MAX + 1));
    t_rc(t_apply(t, &op, &verdict, &seq), GOV_INVALID);
    t_says(t, "正文做成网页后最多 1.25 MB");
}


/* so many of a word as a field may have of characters */

static void
t_fill(t_store_t *t, gov_value_t *m, const char *key, const char *c,
    unsigned n)
{
    gov_buf_t  b;

    gov_buf_init(&b, t->arena, strlen(c) * n + 1);

    while (n--) {
        gov_buf_c(&b, c);
    }

    gov_set(m, key, gov_val_str(t->arena, b.s));
}


/* as gov_version.c, gov_told.c and gov_content_int.h allow */

static void
t_fill_doc(t_store_t *t, gov_value_t *doc)
{
    unsigned      i;
    gov_value_t  *list, *m;

    list = gov_member(doc, "attachments");

    for (i = 0; i < 100; i++) {
        m = gov_add_map(t->arena, list);
        t_fill(t, m, "title", "件", 150);
        t_fill(t, m, "url", "%E4%BB%B6", 160);
    }

    list = gov_member(doc, "interpretations");

    for (i = 0; i < 200; i++) {
        m = gov_add_map(t->arena, list);
        t_fill(t, m, "title", "题", 200);
        t_fill(t, m, "url", "/xxgk/", 20);
    }

    list = gov_put_list(t->arena, doc, "changes");

    for (i = 0; i < 50; i++) {
        m = gov_add_map(t->arena, list);
        gov_put_c(t->arena, m, "date", "2026-11-23 09:00");
        gov_put_c(t->arena, m, "word", "更正");
        t_fill(t, m, "what", "改", 500);
        t_fill(t, m, "why", "因", 500);
    }

    t_fill(t, doc, "summary", "要", 2000);
}


static void
the_largest_body_has_room_beside_everything_else(void **state)
{
    unsigned      i;
    gov_buf_t     b;
    t_store_t    *t = *state;
    gov_value_t  *m, *list;

    t_pages_city(t);
    t_large(t, "xxgk/tzgg", GOV_BODY_PAGE_MAX);

    m = t_doc_view(t, "6104", "xxgk/tzgg", 1);
    t_fill_doc(t, gov_member(m, "doc"));
    list = gov_member(m, "banner");

    for (i = 0; i < 20; i++) {
        t_fill(t, gov_add_map(t->arena, list), "text", "急", 1000);
    }

    gov_buf_init(&b, t->arena, 4 * 1024 * 1024);
    t_ok(gov_script_render(t_script, gov_s(""), "document", "zh", m, &b,
                           &t->err));
    assert_true(b.s.len > GOV_BODY_PAGE_MAX + 550000);
}


/* as up to the day when it was measured: never a fault of the page */

static void
a_body_stored_larger_is_said_to_be_too_long(void **state)
{
    gov_page_t   page;
    t_store_t   *t = *state;

    t_pages_city(t);
    (void) t_do_large(t, "doc.create",
                      t_large_in(t, "xxgk/tzgg", 3 * 1024 * 1024));
    (void) t_do_large(t, "doc.create",
                      t_large_in(t, "zjbd", 3 * 1024 * 1024));
    (void) t_do_large(t, "doc.create",
                      t_large_in(t, "xxgk/tzgg", GOV_BODY_PAGE_MAX + 1));

    t_shows(t, T_HOST, "/xxgk/tzgg/1.html", 0);
    t_shows(t, T_HOST, "/zjbd/", 0);

    /* where there is room it is shown */

    t_shows(t, T_HOST, "/xxgk/tzgg/3.html", GOV_BODY_PAGE_MAX);

    /* the page is asked for again, and soon: it may have been the machine */

    t_ok(t_page(t, T_HOST, "/xxgk/tzgg/1.html", &page));
    assert_true(page.keep);
    assert_true(page.proof.due <= t_now + 60 * T_SECOND);

    /* who writes it shorter has it shown */

    t_do(t, "doc.edit", "{'doc': 1, 'base': 1, 'body': '长文，短了', "
         "'publish': true}");
    t_ok(t_page(t, T_HOST, "/xxgk/tzgg/1.html", &page));
    assert_true(t_page_has(&page, "短了"));
    assert_false(t_page_has(&page, "正文太长"));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_view_test(the_largest_body_is_on_every_page_of_its_document),
        t_view_test(the_largest_body_has_room_beside_everything_else),
        t_view_test(a_body_stored_larger_is_said_to_be_too_long)
    };

    return cmocka_run_group_tests(tests, t_pages_open, t_pages_close);
}
