
/*
 * Copyright (C) ngx_gov authors
 *
 * The workflow through the web's door: people with roles of their own, each
 * by a session.  Who may do what at which step, what each is shown, and that
 * their journal, replayed, names them again.
 */


#include "desk/t_flow_desk.h"


static const char  *t_logins[] = {
    "clerk", "reviewer", "second", "publisher", "town", "other"
};

enum { CLERK, REVIEWER, SECOND, PUBLISHER, TOWN, OTHER };


/* the session's hash is the letter of its owner, 32 times */

static gov_str_t
t_hash(t_store_t *t, unsigned who)
{
    gov_str_t  s;

    s.len = GOV_DIGEST_LEN;
    s.data = gov_alloc(t->arena, GOV_DIGEST_LEN);
    memset(s.data, 'a' + (int) who, GOV_DIGEST_LEN);

    return s;
}


static void
t_person(t_store_t *t, unsigned who, const char *role, const char *site)
{
    gov_op_t      op;
    uint64_t      seq;
    gov_str_t     hash;
    gov_value_t  *verdict;

    t_do(t, "user.create",
         gov_str_c(t->arena, gov_str_fmt(t->arena, "{'login': '%s', "
                   "'name': '%s', 'secret': 'x', 'role': '%s', "
                   "'site': '%s'}", t_logins[who], t_logins[who], role,
                   site)));

    hash = t_hash(t, who);
    op = t_op(t, "session.open",
              t_json(t, gov_str_c(t->arena,
                     gov_str_fmt(t->arena, "{'user': '%s', "
                     "'session': '%.*s'}", t_logins[who],
                     gov_strf(gov_hex_str(t->arena, hash.data,
                                          hash.len))))));
    op.door = GOV_DOOR_DAEMON;
    t_ok(t_apply(t, &op, &verdict, &seq));
}


static gov_rc_t
t_web(t_store_t *t, unsigned who, const char *command, const char *json)
{
    gov_op_t      op;
    gov_rc_t      rc;
    uint64_t      seq;
    gov_value_t  *verdict;

    op = t_op(t, command, t_json(t, json));
    op.door = GOV_DOOR_WEB;
    op.account = who + 1;
    op.session = t_hash(t, who);
    op.origin = gov_s("web 192.0.2.1");

    t_err_clear(t);
    rc = t_apply(t, &op, &verdict, &seq);

    if (rc != GOV_OK && rc != GOV_DENIED && rc != GOV_NOT_FOUND) {
        print_error("%s by %s: %s\n", command, t_logins[who], t->err.text);
    }

    return rc;
}

#define t_may(t, who, command, json)                                          \
    assert_int_equal(t_web(t, who, command, json), GOV_OK)

#define t_may_not(t, who, rc, command, json)                                  \
    do {                                                                      \
        assert_int_equal(t_web(t, who, command, json), rc);                   \
        t_err_clear(t);                                                       \
    } while (0)


static gov_value_t *
t_asked(t_store_t *t, unsigned login, const char *name, const char *json)
{
    gov_who_t     who;
    gov_txn_t    *txn;
    gov_value_t  *out, *copy;

    txn = t_begin(t, GOV_TXN_READ);
    t_err_clear(t);
    t_ok(gov_who(txn, t->arena, login + 1, t_now, &who));
    t_ok(gov_query(txn, t->arena, &who, gov_str_of(name), t_json(t, json),
                   t_now, &out, &t->err));
    copy = gov_value_copy(t->arena, out);
    gov_txn_end(&txn);

    return copy;
}

#define t_queue(t, who, json, want)                                           \
    t_str_at(t_docs_of(t, t_asked(t, who, "task.list", json)),                \
             gov_str_of(want), __FILE__, __LINE__)


static void
t_people(t_store_t *t)
{
    t_content_do(t);
    t_do(t, "blueprint.put", "{'name': 'township', 'title': '镇', " T_COLUMNS
         "}");
    t_do(t, "site.set", "{'site': '610402', 'reviews': '2', "
         "'apart': 'true'}");
    t_person(t, CLERK, "clerk", "610402");
    t_person(t, REVIEWER, "reviewer", "610402");
    t_person(t, SECOND, "reviewer", "610402");
    t_person(t, PUBLISHER, "publisher", "610402");
    t_person(t, TOWN, "clerk", "610402001");
    t_person(t, OTHER, "reviewer", "610403");
}


/* each step by its people, refused to the others */

static void
each_step_is_done_by_its_people(void **state)
{
    t_store_t  *t = *state;

    t_people(t);
    t_may(t, TOWN, "doc.create", "{'site': '610402001', "
          "'column': 'xxgk/tzgg', 'title': '镇的', 'body': '文'}");
    t_may_not(t, TOWN, GOV_DENIED, "doc.pass", "{'doc': 1}");
    t_may_not(t, TOWN, GOV_DENIED, "doc.publish", "{'doc': 1}");
    t_may_not(t, OTHER, GOV_NOT_FOUND, "doc.submit", "{'doc': 1}");
    t_may_not(t, REVIEWER, GOV_DENIED, "doc.submit", "{'doc': 1}");
    t_may(t, TOWN, "doc.submit", "{'doc': 1}");

    t_may_not(t, OTHER, GOV_NOT_FOUND, "doc.pass", "{'doc': 1}");
    t_may_not(t, PUBLISHER, GOV_DENIED, "doc.pass", "{'doc': 1}");
    t_may_not(t, PUBLISHER, GOV_DENIED, "doc.reject",
              "{'doc': 1, 'reason': '不行'}");
    t_may(t, REVIEWER, "doc.pass", "{'doc': 1}");
    t_may_not(t, REVIEWER, GOV_DENIED, "doc.pass", "{'doc': 1}");
    t_may(t, SECOND, "doc.pass", "{'doc': 1}");

    /* at "sign" it is the publisher's, to reject too */

    t_may_not(t, REVIEWER, GOV_DENIED, "doc.reject",
              "{'doc': 1, 'reason': '不行'}");
    t_may_not(t, SECOND, GOV_DENIED, "doc.sign", "{'doc': 1}");
    t_may_not(t, CLERK, GOV_DENIED, "doc.urgent",
              "{'doc': 1, 'reason': '急'}");
    t_may(t, PUBLISHER, "doc.reject", "{'doc': 1, 'to': 'review2', "
          "'reason': '请再核'}");
    t_may(t, SECOND, "doc.pass", "{'doc': 1}");
    t_may(t, PUBLISHER, "doc.sign", "{'doc': 1}");
    assert_int_equal(t_doc_of(t, 1).rec.live, 1);

    /* what reviewers may not, readers of notes may */

    t_may(t, REVIEWER, "doc.note", "{'doc': 1, 'text': '好'}");
    t_may_not(t, REVIEWER, GOV_DENIED, "doc.lock", "{'doc': 1}");
    t_may_not(t, OTHER, GOV_NOT_FOUND, "doc.note",
              "{'doc': 1, 'text': '好'}");
    t_may_not(t, OTHER, GOV_NOT_FOUND, "doc.preview", "{'doc': 1, 'hash': "
              "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
              "aaa'}");
}


/* ahead.md, row 13 */

static void
a_queue_holds_ones_own_steps_over_all_sites(void **state)
{
    t_store_t  *t = *state;

    t_people(t);
    t_may(t, TOWN, "doc.create", "{'site': '610402001', "
          "'column': 'xxgk/tzgg', 'title': '镇的', 'body': '文'}");
    t_may(t, CLERK, "doc.create", "{'site': '610402', "
          "'column': 'xxgk/tzgg', 'title': '区的', 'body': '文'}");
    t_may(t, TOWN, "doc.submit", "{'doc': 1}");
    t_may(t, CLERK, "doc.submit", "{'doc': 2}");

    t_queue(t, REVIEWER, "{}", "1 2");
    t_queue(t, REVIEWER, "{'step': 'review2'}", "");
    t_queue(t, PUBLISHER, "{}", "");
    t_queue(t, CLERK, "{}", "");
    t_queue(t, OTHER, "{}", "");
    t_holds(t, t_asked(t, REVIEWER, "task.list", "{}"), "\"from\":\"town\"");

    t_may(t, REVIEWER, "doc.pass", "{'doc': 1}");
    t_queue(t, SECOND, "{'step': 'review2'}", "1");
    t_holds(t, t_asked(t, SECOND, "task.count", "{}"), "\"all\":2");
    t_may(t, SECOND, "doc.pass", "{'doc': 1}");
    t_queue(t, PUBLISHER, "{}", "1");

    t_may(t, REVIEWER, "doc.reject", "{'doc': 2, 'reason': '不清楚'}");
    t_queue(t, CLERK, "{}", "2");
    t_queue(t, TOWN, "{}", "");

    /* it comes from who sent it back, whatever is said of it since */

    t_may(t, SECOND, "doc.note", "{'doc': 2, 'text': '好'}");
    t_do(t, "doc.secrecy", "{'doc': 2, 'version': 1}");
    t_holds(t, t_asked(t, CLERK, "task.list", "{}"), "\"from\":\"reviewer\","
            "\"reason\":\"不清楚\",\"rejected\":true");
    t_may(t, CLERK, "doc.submit", "{'doc': 2}");
    t_holds(t, t_asked(t, REVIEWER, "task.list", "{'step': 'review1'}"),
            "\"from\":\"clerk\",\"site\"");
    t_may(t, REVIEWER, "doc.reject", "{'doc': 2, 'reason': '不清楚'}");

    /* in one column only */

    t_do(t, "user.revoke", "{'user': 'publisher', 'role': 'publisher', "
         "'site': '610402'}");
    t_do(t, "user.grant", "{'user': 'publisher', 'role': 'publisher', "
         "'site': '610402001', 'column': 'xxgk/gfxwj'}");
    t_queue(t, PUBLISHER, "{}", "");
    t_holds(t, t_asked(t, PUBLISHER, "task.count", "{}"), "\"all\":0");
    t_do(t, "doc.move", "{'doc': 1, 'column': 'xxgk/gfxwj'}");
    t_queue(t, PUBLISHER, "{}", "1");

    /* whose documents they are */

    t_rows_of(t, "doc.list", "{'site': '610402', 'maker': 'clerk'}", "2");
    t_rows_of(t, "doc.list", "{'site': '610402', 'maker': 'town'}", "");

    /* of somebody from elsewhere and of nobody the answer is the same */

    t_pages(t, "doc.list", "'site': '610402', 'maker': 'nobody'", "|");
    t_pages(t, "doc.list", "'site': '610402', 'maker': 'nobody', "
            "'step': 'edit'", "|");
    t_pages(t, "site.links", "'site': '610402', 'maker': 'nobody'", "|");
}


/* what the clerk did with documents that others do not see */

static gov_rc_t
t_submitted(t_store_t *t, gov_txn_t *txn, gov_doc_t *doc, gov_by_t *by)
{
    by->account = CLERK + 1;

    return gov_doc_submit(txn, t->arena, doc, 1, by, &t->err);
}


static gov_rc_t
t_to_come(t_store_t *t, gov_txn_t *txn, gov_doc_t *doc, gov_by_t *by)
{
    by->account = CLERK + 1;

    return gov_doc_publish(txn, t->arena, doc, 1, by->now + 1000000, by,
                           &t->err);
}


/* "|4101|": the documents page by page, to the end; a page says that it is
 * partial where it is empty and is not the last */

static void
t_asked_pages(t_store_t *t, unsigned who, const char *name,
    const char *fields, const char *want)
{
    int           i;
    gov_buf_t     b;
    gov_str_t     next;
    gov_value_t  *answer;

    gov_buf_init(&b, t->arena, 64);
    next = gov_s("0");

    for (i = 0; next.len != 0 && i < 20; i++) {
        answer = t_asked(t, who, name,
                         gov_str_c(t->arena,
                                   gov_str_fmt(t->arena, "{%s, "
                                               "'after': '%.*s'}", fields,
                                               gov_strf(next))));
        gov_buf_str(&b, t_docs_of(t, answer));
        gov_buf_c(&b, "|");
        next = gov_get_str(answer, "next");
        assert_int_equal(gov_get_bool(answer, "partial"),
                         next.len != 0
                         && gov_member(answer, "rows")->n == 0);
    }

    t_str(b.s, want);
}


static void
t_only_column(t_store_t *t, const char *login, const char *site)
{
    t_do(t, "user.revoke",
         gov_str_c(t->arena, gov_str_fmt(t->arena, "{'user': '%s', "
                   "'role': 'reviewer', 'site': '%s'}", login, site)));
    t_do(t, "user.grant",
         gov_str_c(t->arena, gov_str_fmt(t->arena, "{'user': '%s', "
                   "'role': 'reviewer', 'site': '%s', "
                   "'column': 'xxgk/tzgg'}", login, site)));
}


static void
what_waits_behind_thousands_of_others_is_found(void **state)
{
    t_store_t  *t = *state;

    t_people(t);
    t_only_column(t, "second", "610402");
    t_many(t, "610402", 3, T_MANY, t_submitted);

    t_holds(t, t_asked(t, SECOND, "task.count", "{}"),
            "\"all\":0,\"partial\":true");
    t_asked_pages(t, SECOND, "task.list", "'step': 'review1'", "||");

    t_may(t, CLERK, "doc.create", "{'site': '610402', "
          "'column': 'xxgk/tzgg', 'title': '区的', 'body': '文'}");
    t_may(t, CLERK, "doc.submit", "{'doc': 4101}");

    t_asked_pages(t, SECOND, "task.list", "'step': 'review1'", "|4101|");
    t_asked_pages(t, SECOND, "task.list", "'limit': 1", "|4101|");

    /* whose they are is told all of them, and nothing is said to be left */

    t_holds(t, t_asked(t, REVIEWER, "task.count", "{}"), "{\"all\":1000,\"s");
    t_holds(t, t_asked(t, REVIEWER, "task.list", "{'limit': 1}"),
            ".1\",\"rows\"");
}


static void
what_comes_behind_thousands_of_others_is_found(void **state)
{
    t_store_t  *t = *state;

    t_people(t);
    t_only_column(t, "other", "610403");
    t_many(t, "610403", 3, T_MANY, t_to_come);
    t_do(t, "doc.create", "{'site': '610403', 'column': 'xxgk/tzgg', "
         "'title': '一', 'body': '文', 'at': '2027-03-01', "
         "'expires': '2027-05-01'}");

    /* nothing is shown that something not yet looked at may come before */

    t_asked_pages(t, OTHER, "schedule.list", "'site': '610403'",
                  "|4101 4101|");
    t_asked_pages(t, OTHER, "schedule.list", "'limit': 1", "|4101|4101|");
}


/* a right in a column of a site does not reach the sites below it */

static void
what_is_theirs_by_two_grants_waits_once(void **state)
{
    t_store_t  *t = *state;

    t_people(t);
    t_do(t, "user.grant", "{'user': 'second', 'role': 'reviewer', "
         "'site': '610400', 'column': 'xxgk/tzgg'}");
    t_do(t, "site.set", "{'site': '610402', 'reviews': '0', "
         "'apart': 'false'}");
    t_do(t, "doc.create", "{'site': '610400', 'column': 'xxgk/tzgg', "
         "'title': '市的', 'body': '文'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '区的', 'body': '文'}");
    t_do(t, "doc.create", "{'site': '610403', 'column': 'xxgk/tzgg', "
         "'title': '别的', 'body': '文'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '以后的', 'body': '文', 'at': '2027-03-01'}");
    t_do(t, "site.set", "{'site': '610400', 'reviews': '1'}");
    t_do(t, "site.set", "{'site': '610402', 'reviews': '1'}");
    t_do(t, "doc.submit", "{'doc': 1}");
    t_do(t, "doc.submit", "{'doc': 2}");
    t_do(t, "doc.submit", "{'doc': 3}");

    t_queue(t, SECOND, "{}", "1 2");
    t_queue(t, SECOND, "{'site': '610400'}", "1 2");
    t_queue(t, SECOND, "{'site': '610402'}", "2");
    t_holds(t, t_asked(t, SECOND, "task.count", "{}"),
            "{\"all\":2,\"steps\"");
    t_holds(t, t_asked(t, SECOND, "task.count", "{'site': '610400'}"),
            "{\"all\":2,\"steps\"");
    t_asked_pages(t, SECOND, "schedule.list", "'limit': 9", "4|");
}


/* what is public changes its place by who may publish there, not by who may
 * only write */

static void
what_is_public_is_moved_by_who_may_publish_there(void **state)
{
    t_store_t  *t = *state;

    t_people(t);
    t_do(t, "user.grant", "{'user': 'publisher', 'role': 'clerk', "
         "'site': '610402'}");
    t_do(t, "user.revoke", "{'user': 'publisher', 'role': 'publisher', "
         "'site': '610402'}");
    t_do(t, "user.grant", "{'user': 'publisher', 'role': 'publisher', "
         "'site': '610402', 'column': 'xxgk/tzgg'}");
    t_do(t, "column.set", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'reviews': '0', 'apart': 'false'}");

    t_may(t, CLERK, "doc.create", "{'site': '610402', "
          "'column': 'xxgk/tzgg', 'title': '一', 'body': '文'}");
    t_may(t, CLERK, "doc.move", "{'doc': 1, 'column': 'xxgk/gfxwj'}");
    t_may(t, CLERK, "doc.move", "{'doc': 1, 'column': 'xxgk/tzgg'}");
    t_may(t, PUBLISHER, "doc.schedule", "{'doc': 1, 'at': '2027-03-01'}");
    t_may_not(t, CLERK, GOV_DENIED, "doc.move", "{'doc': 1, "
              "'column': 'xxgk/gfxwj'}");
    t_may(t, PUBLISHER, "doc.sign", "{'doc': 1}");
    t_may_not(t, CLERK, GOV_DENIED, "doc.move", "{'doc': 1, "
              "'column': 'xxgk/gfxwj'}");
    t_may(t, CLERK, "doc.bulk", "{'act': 'move', 'docs': [1], "
          "'column': 'xxgk/gfxwj'}");
    t_may_not(t, PUBLISHER, GOV_DENIED, "doc.move", "{'doc': 1, "
              "'column': 'xxgk/gfxwj'}");
    t_lists(t, "610402", 2, t_now, "1");

    t_do(t, "user.grant", "{'user': 'publisher', 'role': 'publisher', "
         "'site': '610402', 'column': 'xxgk/gfxwj'}");
    t_may(t, PUBLISHER, "doc.move", "{'doc': 1, 'column': 'xxgk/gfxwj'}");
    t_lists(t, "610402", 3, t_now, "1");
    t_again(t);
}


static void
a_replay_names_the_same_people(void **state)
{
    t_store_t  *t = *state;

    t_people(t);
    t_may(t, TOWN, "doc.create", "{'site': '610402001', "
          "'column': 'xxgk/tzgg', 'title': '镇的', 'body': '文'}");
    t_may(t, TOWN, "doc.lock", "{'doc': 1}");
    t_may(t, TOWN, "doc.submit", "{'doc': 1}");
    t_may(t, REVIEWER, "doc.pass", "{'doc': 1}");
    t_may(t, SECOND, "doc.pass", "{'doc': 1}");
    t_may(t, PUBLISHER, "doc.sign", "{'doc': 1}");

    t_again(t);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(each_step_is_done_by_its_people),
        t_test(a_queue_holds_ones_own_steps_over_all_sites),
        t_test(what_waits_behind_thousands_of_others_is_found),
        t_test(what_is_theirs_by_two_grants_waits_once),
        t_test(what_comes_behind_thousands_of_others_is_found),
        t_test(what_is_public_is_moved_by_who_may_publish_there),
        t_test(a_replay_names_the_same_people)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
