
/*
 * Copyright (C) ngx_gov authors
 *
 * Bodies made safe before the command: found by the very text, and nothing
 * else changes by it.
 */


#include "desk/t_doc_desk.h"


#define T_SECOND  1000000

#define T_DOC                                                                 \
    "{'site': '610402', 'column': 'xxgk/tzgg', 'title': '甲', "               \
    "'form': 'html', 'body': '<p>old<script>1</script></p>'}"

#define T_ROWS                                                                \
    "{'site': '610402', 'column': 'xxgk/tzgg', 'rows': ["                     \
    "{'id': 'a', 'title': '甲', 'body_md': '**甲**'},"                        \
    "{'id': 'b', 'title': '乙', 'body_html': '<p>乙<script>1</script>'},"     \
    "{'id': 'c', 'title': '', 'body_md': '无题'},"                            \
    "{'id': 'd', 'title': '丁', 'body_md': '%s'},"                            \
    "{'id': 'e', 'title': '戊', 'body_md': '戊', 'body_html': '戊'},"         \
    "{'id': 'f', 'title': '己', 'body_html': '<b>己'}]}"


/* what the n-th document of a store says */

static gov_str_t
t_html(t_store_t *t, uint64_t id)
{
    gov_str_t          html;
    gov_txn_t         *txn;
    gov_doc_t          doc;
    gov_body_rec_t     b;
    gov_version_rec_t  v;

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_doc_find(txn, t->arena, id, &doc));
    t_ok(gov_version_get(txn, t->arena, doc.site, id,
                         (uint32_t) doc.rec.last, &v));
    t_ok(gov_body_get(txn, t->arena, doc.site, v.body, &b));
    html = gov_str_copy(t->arena, b.html);
    gov_txn_end(&txn);

    return html;
}


static void
a_command_takes_what_was_made_of_the_very_text(void **state)
{
    gov_op_t      op;
    uint64_t      seq;
    t_store_t    *t = *state;
    gov_value_t  *verdict, *body;

    t_content_do(t);

    /* the text changed behind its back: the result is still the first */

    op = t_op(t, "doc.create", t_json(t, T_DOC));
    t_ok(gov_desk_prepare(t->arena, &op, T_SECOND, &t->err));
    body = gov_member(op.input, "body");
    memcpy(body->u.s.data + 3, "new", 3);
    t_ok(t_apply(t, &op, &verdict, &seq));
    t_str(t_html(t, 1), "<p>old</p>");

    /* a text that stands elsewhere is another, whatever it says */

    op = t_op(t, "doc.create", t_json(t, T_DOC));
    t_ok(gov_desk_prepare(t->arena, &op, T_SECOND, &t->err));
    body = gov_member(op.input, "body");
    body->u.s = gov_s("<p>mine<script>2</script></p>");
    t_ok(t_apply(t, &op, &verdict, &seq));
    t_str(t_html(t, 2), "<p>mine</p>");

    /* the same text in another form too */

    op = t_op(t, "doc.create", t_json(t, T_DOC));
    t_ok(gov_desk_prepare(t->arena, &op, T_SECOND, &t->err));
    gov_member(op.input, "form")->u.s = gov_s("md");
    t_ok(t_apply(t, &op, &verdict, &seq));
    t_str(t_html(t, 3), "<p>&lt;p&gt;old&lt;script&gt;1&lt;/script&gt;"
                        "&lt;/p&gt;</p>\n");
}


/* a table too wide is refused by the sanitiser */

static gov_value_t *
t_rows_of(t_store_t *t)
{
    char  wide[301];

    memset(wide, '|', 300);
    wide[300] = '\0';

    return t_json(t, gov_str_c(t->arena,
                               gov_str_fmt(t->arena, T_ROWS, wide)));
}


static gov_str_t
t_dump_txn(t_store_t *t, gov_txn_t *txn)
{
    gov_buf_t  b;

    gov_buf_init(&b, t->arena, 4096);
    t_ok(gov_store_dump(txn, GOV_HUB, 1, t_dump_line, &b, &t->err));

    return b.s;
}


static void
prepared_or_not_the_journal_and_the_verdict_are_the_same(void **state)
{
    gov_op_t      op;
    uint64_t      seq;
    gov_str_t     plain, said;
    gov_txn_t    *txn;
    t_store_t    *t = *state;
    gov_value_t  *verdict;

    t_content_do(t);

    op = t_op(t, "doc.import", t_rows_of(t));

    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(gov_desk_apply(txn, t->arena, &op, &verdict, &seq, &t->err));
    said = t_text(t, verdict);
    plain = t_dump_txn(t, txn);
    gov_txn_end(&txn);

    t_ok(gov_desk_prepare(t->arena, &op, T_SECOND, &t->err));
    assert_non_null(op.safe);

    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(gov_desk_apply(txn, t->arena, &op, &verdict, &seq, &t->err));
    t_str_at(t_text(t, verdict), said, __FILE__, __LINE__);
    t_str_at(t_dump_txn(t, txn), plain, __FILE__, __LINE__);
    gov_txn_end(&txn);

    assert_int_equal(gov_member(verdict, "refused")->n, 3);
}


static void
what_takes_too_long_together_is_refused_before_it_is_queued(void **state)
{
    gov_op_t    op;
    t_store_t  *t = *state;

    op = t_op(t, "doc.import", t_rows_of(t));
    t_rc(gov_desk_prepare(t->arena, &op, -1, &t->err), GOV_INVALID);
    t_says(t, "请分开提交");
}


static void
a_command_without_a_body_prepares_nothing(void **state)
{
    gov_op_t    op;
    t_store_t  *t = *state;

    op = t_op(t, "site.import", t_json(t, "{'rows': [{'body_md': 'a'}]}"));
    t_ok(gov_desk_prepare(t->arena, &op, T_SECOND, &t->err));
    assert_null(op.safe);

    op = t_op(t, "nothing", t_json(t, "{'body': 'a'}"));
    t_ok(gov_desk_prepare(t->arena, &op, T_SECOND, &t->err));
    assert_null(op.safe);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_command_takes_what_was_made_of_the_very_text),
        t_test(prepared_or_not_the_journal_and_the_verdict_are_the_same),
        t_test(what_takes_too_long_together_is_refused_before_it_is_queued),
        t_test(a_command_without_a_body_prepares_nothing)
    };

    return cmocka_run_group_tests_name("desk/gov_desk_safe", tests, NULL,
                                       NULL);
}
