
/*
 * Copyright (C) ngx_gov authors
 *
 * The workflow: which act there is at which step and what right it asks for;
 * that no version goes out without the passes of distinct people; and that
 * every act is in the log and every wait is a task.
 */


#include "content/t_content.h"


/* a row a step, a letter an act: W doc.write, R doc.review, P doc.publish,
 * U doc.urgent, "-" no such act */

static void
each_step_has_its_acts_and_their_rights(void **state)
{
    int            step, act;
    gov_rc_t       rc;
    t_store_t     *t = *state;
    gov_right_t    right;
    gov_doc_rec_t  d;

    /* write hand submit pass reject recall take_back sign urgent later
     * secrecy withdraw expire move correct take_over pin */

    static const char  *want[] = {
        "WWW----PURRPPWPWP",       /* collect */
        "W-W----PURRPPWPWP",       /* edit */
        "W--RRW-PURRPPWPWP",       /* review1 */
        "W--RR-RPURRPPWPWP",       /* review2 */
        "W--RR-RPURRPPWPWP",       /* review3 */
        "W---PWRPURRPPWPWP",       /* sign */
        "W------PURRPPWPWP"       /* done */
    };

    for (step = 0; step < GOV_STEP_MAX; step++) {
        for (act = GOV_ACT_WRITE; act < GOV_ACT_MAX; act++) {
            char  got, expected;

            memset(&d, 0, sizeof(gov_doc_rec_t));
            d.step = step;
            rc = gov_flow_right(&d, (gov_act_t) act, &right, &t->err);

            got = '-';

            if (rc == GOV_OK) {
                got = right == GOV_RIGHT_DOC_WRITE ? 'W'
                      : right == GOV_RIGHT_DOC_REVIEW ? 'R'
                      : right == GOV_RIGHT_DOC_PUBLISH ? 'P'
                      : right == GOV_RIGHT_DOC_URGENT ? 'U' : '?';

            } else {
                assert_int_equal(rc, GOV_CONFLICT);
                t_in_english(t);
                t_err_clear(t);
            }

            expected = want[step][act - 1];

            if (got != expected) {
                fail_msg("%s at %s: %c, not %c", gov_act_name(act),
                         gov_step_name(step), got, expected);
            }
        }
    }
}


#define t_one(id, words)                                                      \
    (&(gov_by_t) { .account = (id), .name = gov_s(words), .now = T_NOW })

#define T_CLERK   t_one(11, "信息员")
#define T_ONE     t_one(12, "一审")
#define T_TWO     t_one(13, "二审")
#define T_SIGNER  t_one(14, "签发人")

#define t_says_why(by, words)                                                 \
    (&(gov_by_t) { .account = (by)->account, .name = (by)->name,              \
                   .now = (by)->now, .reason = gov_s(words) })


/* what the site 2, or its column 2, asks for */

static void
t_flow_set(t_store_t *t, gov_txn_t *txn, uint32_t column, const char *json)
{
    unsigned       n;
    gov_str_t      text;
    gov_site_t     site;
    gov_value_t   *v;
    gov_column_t  *list, *c;

    text = gov_str_of(json);
    t_ok(gov_json_parse(t->arena, text, &v, &t->err));
    t_ok(gov_site_get(txn, t->arena, 2, &site));

    if (column == 0) {
        site.rec.flow = v;
        t_ok(gov_site_save(txn, t->arena, &site));
        return;
    }

    t_ok(gov_columns(txn, t->arena, &site, &list, &n));
    c = gov_column_find(list, n, column);
    c->rec.flow = v;
    t_ok(gov_column_put(txn, t->arena, &site, c, &t->err));
}


/* a draft of the clerk in the county's notices */

static gov_doc_t
t_clerks(t_store_t *t, gov_txn_t *txn)
{
    gov_doc_t          doc;
    gov_version_rec_t  v;

    memset(&doc, 0, sizeof(gov_doc_t));
    doc.site = 2;
    doc.rec.column = 2;
    v = t_version(t, txn, 2, "通知", "正文");
    v.by = 11;
    t_ok(gov_doc_write(txn, t->arena, &doc, &v, &t->err));

    return doc;
}


static void
t_edit_by(t_store_t *t, gov_txn_t *txn, gov_doc_t *doc, int64_t by)
{
    gov_version_rec_t  v;

    v = t_version(t, txn, 2, "通知二", "新文");
    v.by = by;
    t_ok(gov_doc_write(txn, t->arena, doc, &v, &t->err));
}


#define t_no_rc(t, call, rc, words)                                           \
    do {                                                                      \
        t_rc(call, rc);                                                       \
        t_says(t, words);                                                     \
        t_err_clear(t);                                                       \
    } while (0)


static void
a_version_goes_out_with_the_passes_of_distinct_people(void **state)
{
    gov_doc_t     doc;
    gov_txn_t    *txn;
    t_store_t    *t = *state;

    txn = t_content_begin(t);
    t_flow_set(t, txn, 2, "{\"reviews\":2,\"apart\":true}");
    doc = t_clerks(t, txn);

    t_no_rc(t, gov_doc_publish(txn, t->arena, &doc, 1, T_NOW, T_SIGNER,
                               &t->err), GOV_DENIED, "须经 2 次审核");
    t_no_rc(t, gov_doc_pass(txn, t->arena, &doc, 1, T_ONE, &t->err),
            GOV_CONFLICT, "在“采集”环节，不能通过");

    t_ok(gov_doc_submit(txn, t->arena, &doc, 1, T_CLERK, &t->err));
    t_no_rc(t, gov_doc_pass(txn, t->arena, &doc, 1, T_CLERK, &t->err),
            GOV_DENIED, "双人原则");
    t_ok(gov_doc_pass(txn, t->arena, &doc, 1, T_ONE, &t->err));
    assert_int_equal(doc.rec.step, GOV_STEP_REVIEW2);
    t_no_rc(t, gov_doc_pass(txn, t->arena, &doc, 1, T_ONE, &t->err),
            GOV_DENIED, "您已经审核过");
    t_no_rc(t, gov_doc_publish(txn, t->arena, &doc, 1, T_NOW, T_SIGNER,
                               &t->err), GOV_DENIED, "现有 1 次");
    t_ok(gov_doc_pass(txn, t->arena, &doc, 1, T_TWO, &t->err));
    assert_int_equal(doc.rec.step, GOV_STEP_SIGN);

    t_no_rc(t, gov_doc_publish(txn, t->arena, &doc, 1, T_NOW, T_CLERK,
                               &t->err), GOV_DENIED, "双人原则");
    t_no_rc(t, gov_doc_publish(txn, t->arena, &doc, 1, T_NOW - 1, T_SIGNER,
                               &t->err), GOV_DENIED, "不能早于当前时间");
    t_ok(gov_doc_publish(txn, t->arena, &doc, 1, T_NOW, T_SIGNER, &t->err));
    assert_int_equal(doc.rec.step, GOV_STEP_DONE);
    t_shows(t, txn, 2, 2, T_NOW, "1");

    gov_txn_end(&txn);
}


/* v1 is the clerk's, v2 another's and public; who writes v3 is alone since */

static gov_doc_t
t_third(t_store_t *t, gov_txn_t *txn)
{
    gov_doc_t  doc;

    t_flow_set(t, txn, 2, "{\"reviews\":1,\"apart\":true}");
    doc = t_clerks(t, txn);
    t_edit_by(t, txn, &doc, 15);
    t_ok(gov_doc_submit(txn, t->arena, &doc, 2, T_CLERK, &t->err));
    t_ok(gov_doc_pass(txn, t->arena, &doc, 2, T_ONE, &t->err));
    t_ok(gov_doc_publish(txn, t->arena, &doc, 2, T_NOW, T_SIGNER, &t->err));
    t_edit_by(t, txn, &doc, 16);

    return doc;
}


static void
an_old_version_is_not_judged_by_who_wrote_it(void **state)
{
    gov_doc_t   doc;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    doc = t_third(t, txn);

    t_ok(gov_doc_submit(txn, t->arena, &doc, 1, T_CLERK, &t->err));
    t_no_rc(t, gov_doc_pass(txn, t->arena, &doc, 1, T_CLERK, &t->err),
            GOV_DENIED, "双人原则");
    t_ok(gov_doc_pass(txn, t->arena, &doc, 1, T_ONE, &t->err));
    t_no_rc(t, gov_doc_publish(txn, t->arena, &doc, 1, T_NOW, T_CLERK,
                               &t->err), GOV_DENIED, "双人原则");
    t_ok(gov_doc_publish(txn, t->arena, &doc, 1, T_NOW, T_SIGNER, &t->err));

    gov_txn_end(&txn);
}


/* passed while one person was enough */

static void
a_pass_of_who_wrote_the_old_version_does_not_count(void **state)
{
    gov_doc_t   doc;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    doc = t_third(t, txn);

    t_flow_set(t, txn, 2, "{\"reviews\":1}");
    t_ok(gov_doc_submit(txn, t->arena, &doc, 1, T_CLERK, &t->err));
    t_ok(gov_doc_pass(txn, t->arena, &doc, 1, T_CLERK, &t->err));
    t_flow_set(t, txn, 2, "{\"reviews\":1,\"apart\":true}");
    t_no_rc(t, gov_doc_publish(txn, t->arena, &doc, 1, T_NOW, T_SIGNER,
                               &t->err), GOV_DENIED, "现有 0 次");

    gov_txn_end(&txn);
}


/* ahead.md, row 12 */

static void
an_edit_loses_the_passes_and_leaves_the_live_page(void **state)
{
    gov_doc_t   doc;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    t_flow_set(t, txn, 0, "{\"reviews\":1}");
    doc = t_clerks(t, txn);
    t_ok(gov_doc_submit(txn, t->arena, &doc, 1, T_CLERK, &t->err));
    t_ok(gov_doc_pass(txn, t->arena, &doc, 1, T_ONE, &t->err));
    t_ok(gov_doc_publish(txn, t->arena, &doc, 1, T_NOW, T_SIGNER, &t->err));

    t_edit_by(t, txn, &doc, 11);
    assert_int_equal(doc.rec.step, GOV_STEP_EDIT);
    assert_null(doc.rec.approvals);
    t_no_rc(t, gov_doc_publish(txn, t->arena, &doc, 2, T_NOW, T_SIGNER,
                               &t->err), GOV_DENIED, "第 2 版须经 1 次审核");

    t_ok(gov_doc_submit(txn, t->arena, &doc, 2, T_CLERK, &t->err));
    t_ok(gov_doc_reject(txn, t->arena, &doc, 2, GOV_STEP_COLLECT,
                        t_says_why(T_ONE, "数字不对"), &t->err));

    doc = t_read(t, txn, doc.id);
    assert_int_equal(doc.rec.live, 1);
    t_str(doc.rec.title, "通知");
    assert_int_equal(gov_doc_shown(&doc.rec, T_NOW), GOV_SHOWN_PUBLIC);
    t_shows(t, txn, 2, 2, T_NOW, "1");

    /* passed, then edited: to be passed again */

    t_edit_by(t, txn, &doc, 11);
    t_ok(gov_doc_submit(txn, t->arena, &doc, 3, T_CLERK, &t->err));
    t_ok(gov_doc_pass(txn, t->arena, &doc, 3, T_ONE, &t->err));
    t_edit_by(t, txn, &doc, 11);
    t_no_rc(t, gov_doc_publish(txn, t->arena, &doc, 4, T_NOW, T_SIGNER,
                               &t->err), GOV_DENIED, "现有 0 次");
    t_no_rc(t, gov_doc_publish(txn, t->arena, &doc, 3, T_NOW, T_SIGNER,
                               &t->err), GOV_DENIED, "现有 0 次");

    gov_txn_end(&txn);
}


static void
settings_come_from_the_nearest(void **state)
{
    gov_flow_t    flow;
    gov_txn_t    *txn;
    t_store_t    *t = *state;
    gov_value_t  *v;

    txn = t_content_begin(t);

    t_ok(gov_flow_of(txn, t->arena, 2, 2, T_NOW, &flow));
    assert_int_equal(flow.reviews, 0);
    assert_int_equal(flow.apart, 0);

    /* of a blueprint, for all its sites */

    t_ok(gov_json_parse(t->arena, gov_s("{\"name\":\"county\","
         "\"title\":\"县\",\"columns\":[{\"id\":2,\"slug\":\"tzgg\","
         "\"name\":\"通知\",\"kind\":\"notice\","
         "\"flow\":{\"reviews\":4}}]}"), &v, &t->err));
    t_no_rc(t, gov_blueprint_put(txn, t->arena, v, &t->err), GOV_INVALID,
            "flow 不对");
    gov_set(gov_member(gov_member(v, "columns")->u.first, "flow"),
            "reviews", gov_val_int(t->arena, 2));
    t_ok(gov_blueprint_put(txn, t->arena, v, &t->err));
    t_ok(gov_flow_of(txn, t->arena, 2, 2, T_NOW, &flow));
    assert_int_equal(flow.reviews, 2);
    t_blueprint_put(t, txn, "county");
    t_ok(gov_flow_of(txn, t->arena, 2, 2, T_NOW, &flow));
    assert_int_equal(flow.reviews, 0);

    t_ok(gov_json_parse(t->arena, gov_s("[{\"from\":\"2020-01-01\","
         "\"reviews\":3,\"apart\":true,\"alt\":true}]"), &v, &t->err));
    t_ok(gov_policy_put(txn, t->arena, gov_s("flow"), v, &t->err));
    t_flow_set(t, txn, 0, "{\"reviews\":2,\"alt\":false}");
    t_flow_set(t, txn, 1, "{\"reviews\":1}");

    t_ok(gov_flow_of(txn, t->arena, 2, 2, T_NOW, &flow));
    assert_int_equal(flow.reviews, 1);      /* of the column above */
    assert_int_equal(flow.alt, 0);          /* of the site */
    assert_int_equal(flow.apart, 1);        /* of the policy */

    t_ok(gov_flow_of(txn, t->arena, 2, 5, T_NOW, &flow));
    assert_int_equal(flow.reviews, 2);
    t_ok(gov_flow_of(txn, t->arena, 1, 2, T_NOW, &flow));
    assert_int_equal(flow.reviews, 3);

    t_ok(gov_json_parse(t->arena, gov_s("[{\"from\":\"2020-01-01\","
         "\"reviews\":4}]"), &v, &t->err));
    t_no_rc(t, gov_policy_put(txn, t->arena, gov_s("flow"), v, &t->err),
            GOV_INVALID, "0 至 3");

    gov_txn_end(&txn);
}


/* what was found wrong is judged anew before it comes back */

static void
what_was_withdrawn_has_lost_its_passes(void **state)
{
    gov_doc_t   doc;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    t_flow_set(t, txn, 0, "{\"reviews\":1}");
    doc = t_clerks(t, txn);
    t_ok(gov_doc_submit(txn, t->arena, &doc, 1, T_CLERK, &t->err));
    t_ok(gov_doc_pass(txn, t->arena, &doc, 1, T_ONE, &t->err));
    t_ok(gov_doc_publish(txn, t->arena, &doc, 1, T_NOW, T_SIGNER, &t->err));

    /* what merely expired comes back as it was passed */

    t_ok(gov_doc_expire(txn, t->arena, &doc, T_NOW, T_SIGNER, &t->err));
    t_ok(gov_doc_publish(txn, t->arena, &doc, 1, T_NOW, T_SIGNER, &t->err));
    t_ok(gov_doc_withdraw(txn, t->arena, &doc, 0, 0,
                          t_says_why(T_SIGNER, "有误"), &t->err));
    t_no_rc(t, gov_doc_publish(txn, t->arena, &doc, 1, T_NOW, T_SIGNER,
                               &t->err), GOV_DENIED, "现有 0 次");
    t_ok(gov_doc_submit(txn, t->arena, &doc, 1, T_CLERK, &t->err));
    t_ok(gov_doc_pass(txn, t->arena, &doc, 1, T_ONE, &t->err));
    t_ok(gov_doc_publish(txn, t->arena, &doc, 1, T_NOW, T_SIGNER, &t->err));

    gov_txn_end(&txn);
}


/* "12/review1@2 ...": tasks at a node */

static gov_str_t
t_tasks(t_store_t *t, gov_txn_t *txn, uint32_t node)
{
    gov_buf_t        b;
    gov_key_t        k;
    gov_scan_t       sc;
    gov_task_rec_t   task;

    gov_buf_init(&b, t->arena, 64);
    t_ok(gov_scan_open(&sc, gov_handle(txn, GOV_HUB), GOV_T_TASKS,
                       gov_key4(&k, node), GOV_FORWARD));

    while (gov_scan_next(&sc, t->arena, &task) == GOV_OK) {
        gov_buf_fmt(&b, "%s%llu:%u", b.s.len ? " " : "",
                    (unsigned long long) gov_key_get8(sc.key, 16),
                    gov_key_get4(sc.key, 4));
    }

    gov_scan_close(&sc);

    return b.s;
}

#define t_waits(t, txn, node, want)                                           \
    t_str_at(t_tasks(t, txn, node), gov_s(want), __FILE__, __LINE__)


static void
a_wait_is_a_task_at_every_node_above(void **state)
{
    gov_doc_t   doc;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    t_flow_set(t, txn, 0, "{\"reviews\":1}");
    doc = t_clerks(t, txn);
    t_waits(t, txn, 2, "");

    t_ok(gov_doc_hand(txn, t->arena, &doc, T_CLERK, &t->err));
    t_waits(t, txn, 2, "1:1");
    t_ok(gov_doc_submit(txn, t->arena, &doc, 1, T_CLERK, &t->err));
    t_waits(t, txn, 2, "1:2");
    t_waits(t, txn, 1, "1:2");
    t_waits(t, txn, 3, "");

    t_no_rc(t, gov_doc_recall(txn, t->arena, &doc, T_ONE, &t->err),
            GOV_DENIED, "只有送审的人");
    t_ok(gov_doc_recall(txn, t->arena, &doc, T_CLERK, &t->err));
    t_waits(t, txn, 1, "1:1");
    t_ok(gov_doc_submit(txn, t->arena, &doc, 1, T_CLERK, &t->err));
    t_ok(gov_doc_pass(txn, t->arena, &doc, 1, T_ONE, &t->err));
    t_waits(t, txn, 1, "1:5");
    t_no_rc(t, gov_doc_recall(txn, t->arena, &doc, T_CLERK, &t->err),
            GOV_DENIED, "已有人审核通过");
    t_ok(gov_doc_recall(txn, t->arena, &doc, T_ONE, &t->err));
    t_waits(t, txn, 1, "1:2");
    assert_null(doc.rec.approvals);
    t_ok(gov_doc_pass(txn, t->arena, &doc, 1, T_ONE, &t->err));

    t_no_rc(t, gov_doc_reject(txn, t->arena, &doc, 1, GOV_STEP_REVIEW1,
                              T_SIGNER, &t->err), GOV_INVALID, "须说明理由");
    t_no_rc(t, gov_doc_reject(txn, t->arena, &doc, 1, GOV_STEP_REVIEW2,
                              t_says_why(T_SIGNER, "再审"), &t->err),
            GOV_INVALID, "更早的环节");
    t_ok(gov_doc_reject(txn, t->arena, &doc, 1, GOV_STEP_REVIEW1,
                        t_says_why(T_SIGNER, "再审"), &t->err));
    t_waits(t, txn, 2, "1:2");
    t_ok(gov_doc_pass(txn, t->arena, &doc, 1, T_ONE, &t->err));

    /* a time to come is a task, and what it leaves at too */

    t_ok(gov_doc_publish(txn, t->arena, &doc, 1, T_NOW + 5, T_SIGNER,
                         &t->err));
    t_waits(t, txn, 1, "1:17");
    t_ok(gov_doc_expire(txn, t->arena, &doc, T_NOW + 9, T_SIGNER, &t->err));
    t_waits(t, txn, 1, "1:17 1:18");
    t_ok(gov_doc_withdraw(txn, t->arena, &doc, 0, 0,
                          t_says_why(T_SIGNER, "不发了"), &t->err));
    t_waits(t, txn, 1, "1:1");

    gov_txn_end(&txn);
}


static void
an_urgent_one_goes_out_and_owes_its_review(void **state)
{
    gov_doc_t   doc;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    t_flow_set(t, txn, 0, "{\"reviews\":3,\"apart\":true,\"secrecy\":true}");
    doc = t_clerks(t, txn);

    t_no_rc(t, gov_doc_urgent(txn, t->arena, &doc, 1, T_SIGNER, &t->err),
            GOV_INVALID, "紧急发布须说明理由");
    t_no_rc(t, gov_doc_urgent(txn, t->arena, &doc, 1,
                              t_says_why(T_SIGNER, "暴雨"), &t->err),
            GOV_DENIED, "没有经过保密审查");
    t_ok(gov_doc_secrecy(txn, t->arena, &doc, 1, T_TWO, &t->err));
    t_ok(gov_doc_urgent(txn, t->arena, &doc, 1, t_says_why(T_SIGNER, "暴雨"),
                        &t->err));
    t_shows(t, txn, 2, 2, T_NOW, "1");
    t_waits(t, txn, 1, "1:16");

    t_no_rc(t, gov_doc_later(txn, t->arena, &doc, T_SIGNER, &t->err),
            GOV_DENIED, "另一个人");
    t_ok(gov_doc_later(txn, t->arena, &doc, T_ONE, &t->err));
    t_waits(t, txn, 1, "");
    t_no_rc(t, gov_doc_later(txn, t->arena, &doc, T_ONE, &t->err),
            GOV_CONFLICT, "没有待补的审核");

    gov_txn_end(&txn);
}


static void
who_wrote_does_not_do_the_owed_review(void **state)
{
    gov_doc_t   doc;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    t_flow_set(t, txn, 0, "{\"reviews\":1,\"apart\":true}");
    doc = t_clerks(t, txn);
    t_edit_by(t, txn, &doc, 15);
    t_ok(gov_doc_urgent(txn, t->arena, &doc, 2, t_says_why(T_SIGNER, "暴雨"),
                        &t->err));
    t_no_rc(t, gov_doc_later(txn, t->arena, &doc, T_CLERK, &t->err),
            GOV_DENIED, "双人原则");

    /* nor once another one writes the next version */

    t_edit_by(t, txn, &doc, 16);
    t_no_rc(t, gov_doc_later(txn, t->arena, &doc, t_one(15, "编辑"),
                             &t->err), GOV_DENIED, "双人原则");
    t_ok(gov_doc_later(txn, t->arena, &doc, T_ONE, &t->err));

    /* where one person is enough, only who was in a hurry may not */

    t_flow_set(t, txn, 0, "{\"reviews\":1}");
    t_ok(gov_doc_urgent(txn, t->arena, &doc, 2, t_says_why(T_SIGNER, "暴雨"),
                        &t->err));
    t_ok(gov_doc_later(txn, t->arena, &doc, t_one(16, "编辑"), &t->err));

    gov_txn_end(&txn);
}


/* called off as it was in an older store, there is no live version whose
 * writer would be asked for */

static void
an_owed_review_outlives_what_it_is_of(void **state)
{
    gov_by_t    by;
    gov_doc_t   doc;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    t_flow_set(t, txn, 0, "{\"apart\":true}");
    doc = t_clerks(t, txn);
    t_ok(gov_doc_urgent(txn, t->arena, &doc, 1, t_says_why(T_SIGNER, "暴雨"),
                        &t->err));
    t_ok(gov_doc_withdraw(txn, t->arena, &doc, 0, 0,
                          t_says_why(T_SIGNER, "有误"), &t->err));
    t_ok(gov_doc_publish(txn, t->arena, &doc, 1, T_NOW + 5, T_SIGNER,
                         &t->err));
    by = *t_says_why(T_SIGNER, "不发了");
    by.unseen = 1;
    t_ok(gov_doc_withdraw(txn, t->arena, &doc, 0, 0, &by, &t->err));
    assert_int_equal(doc.rec.live, 0);

    t_no_rc(t, gov_doc_later(txn, t->arena, &doc, T_CLERK, &t->err),
            GOV_DENIED, "双人原则");
    t_ok(gov_doc_later(txn, t->arena, &doc, T_ONE, &t->err));

    gov_txn_end(&txn);
}


static void
every_act_is_in_the_log(void **state)
{
    uint32_t            n;
    gov_buf_t           b;
    gov_doc_t           doc;
    gov_key_t           k;
    gov_txn_t          *txn;
    t_store_t          *t = *state;
    gov_stepped_rec_t   row;

    txn = t_content_begin(t);
    t_flow_set(t, txn, 0, "{\"reviews\":1}");
    doc = t_clerks(t, txn);
    t_ok(gov_doc_submit(txn, t->arena, &doc, 1, T_CLERK, &t->err));
    t_ok(gov_doc_reject(txn, t->arena, &doc, 1, GOV_STEP_EDIT,
                        t_says_why(T_ONE, "缺附件"), &t->err));
    t_edit_by(t, txn, &doc, 11);
    t_ok(gov_doc_submit(txn, t->arena, &doc, 2, T_CLERK, &t->err));
    t_ok(gov_doc_pass(txn, t->arena, &doc, 2, T_ONE, &t->err));
    t_ok(gov_doc_publish(txn, t->arena, &doc, 2, T_NOW, T_SIGNER, &t->err));
    t_ok(gov_doc_move(txn, t->arena, &doc, 3, T_CLERK, &t->err));
    t_ok(gov_doc_withdraw(txn, t->arena, &doc, GOV_WITHDRAWN_ERROR, 0,
                          t_says_why(T_SIGNER, "误发"), &t->err));

    gov_buf_init(&b, t->arena, 256);

    for (n = 1; n <= (uint32_t) doc.rec.logs; n++) {
        gov_key_add4(gov_key8(&k, doc.id), n);
        t_ok(gov_load(gov_handle(txn, 2), GOV_T_LOG, &k, t->arena, &row));
        gov_buf_fmt(&b, "%lld %s %s>%s v%lld %.*s\n", (long long) row.by,
                    gov_act_name((int) row.act),
                    gov_step_name((int) row.from),
                    gov_step_name((int) row.to), (long long) row.version,
                    gov_strf(row.reason));
        assert_int_equal(row.time, T_NOW);
        assert_true(row.entry > 0);
    }

    t_str(b.s,
          "11 write collect>collect v1 \n"
          "11 submit collect>review1 v1 \n"
          "12 reject review1>edit v1 缺附件\n"
          "11 write edit>edit v2 \n"
          "11 submit edit>review1 v2 \n"
          "12 pass review1>sign v2 \n"
          "14 sign sign>done v2 \n"
          "11 move done>done v2 \n"
          "14 withdraw done>edit v2 误发\n");

    gov_txn_end(&txn);
}


/* "review2 1 1": the step, the version judged, how many passed it */

static gov_str_t
t_judged(t_store_t *t, gov_txn_t *txn, uint64_t id)
{
    gov_doc_t  doc;

    doc = t_read(t, txn, id);

    return gov_str_fmt(t->arena, "%s %lld %u",
                       gov_step_name((int) doc.rec.step),
                       (long long) doc.rec.judged,
                       doc.rec.approvals ? doc.rec.approvals->n : 0);
}


static void
passes_do_not_count_in_a_column_that_asks_otherwise(void **state)
{
    gov_doc_t   doc;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    t_flow_set(t, txn, 2, "{\"reviews\":2}");
    t_flow_set(t, txn, 3, "{\"reviews\":2}");
    doc = t_clerks(t, txn);
    t_ok(gov_doc_submit(txn, t->arena, &doc, 1, T_CLERK, &t->err));
    t_ok(gov_doc_pass(txn, t->arena, &doc, 1, T_ONE, &t->err));

    /* the same is asked there: it goes on */

    t_ok(gov_doc_move(txn, t->arena, &doc, 3, T_CLERK, &t->err));
    t_str(t_judged(t, txn, doc.id), "review2 1 1");
    t_waits(t, txn, 2, "1:3");

    t_flow_set(t, txn, 2, "{\"reviews\":2,\"apart\":true}");
    t_ok(gov_doc_move(txn, t->arena, &doc, 2, T_CLERK, &t->err));
    t_str(t_judged(t, txn, doc.id), "edit 0 0");
    t_waits(t, txn, 2, "1:1");

    /* what expired comes back as it was passed, but not elsewhere */

    t_ok(gov_doc_submit(txn, t->arena, &doc, 1, T_CLERK, &t->err));
    t_ok(gov_doc_pass(txn, t->arena, &doc, 1, T_ONE, &t->err));
    t_ok(gov_doc_pass(txn, t->arena, &doc, 1, T_TWO, &t->err));
    t_ok(gov_doc_publish(txn, t->arena, &doc, 1, T_NOW, T_SIGNER, &t->err));
    t_ok(gov_doc_expire(txn, t->arena, &doc, T_NOW, T_SIGNER, &t->err));
    t_ok(gov_doc_move(txn, t->arena, &doc, 3, T_CLERK, &t->err));
    t_str(t_judged(t, txn, doc.id), "done 0 0");
    t_waits(t, txn, 2, "1:18");
    t_no_rc(t, gov_doc_publish(txn, t->arena, &doc, 1, T_NOW, T_SIGNER,
                               &t->err), GOV_DENIED, "现有 0 次");

    gov_txn_end(&txn);
}


static void
what_is_public_stays_so_in_another_column(void **state)
{
    gov_doc_t   doc;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    t_flow_set(t, txn, 2, "{\"reviews\":1}");
    doc = t_clerks(t, txn);
    t_ok(gov_doc_submit(txn, t->arena, &doc, 1, T_CLERK, &t->err));
    t_ok(gov_doc_pass(txn, t->arena, &doc, 1, T_ONE, &t->err));
    t_ok(gov_doc_publish(txn, t->arena, &doc, 1, T_NOW, T_SIGNER, &t->err));
    t_ok(gov_doc_move(txn, t->arena, &doc, 3, T_CLERK, &t->err));
    t_str(t_judged(t, txn, doc.id), "done 1 1");
    t_shows(t, txn, 2, 3, T_NOW, "1");

    /* its working copy is judged anew */

    t_edit_by(t, txn, &doc, 11);
    t_ok(gov_doc_submit(txn, t->arena, &doc, 2, T_CLERK, &t->err));
    t_str(t_judged(t, txn, doc.id), "sign 2 0");
    t_ok(gov_doc_move(txn, t->arena, &doc, 2, T_CLERK, &t->err));
    t_str(t_judged(t, txn, doc.id), "edit 0 0");
    t_shows(t, txn, 2, 2, T_NOW, "1");

    gov_txn_end(&txn);
}


/* D01 and row 28 */

static void
what_the_law_asks_is_asked_at_the_store(void **state)
{
    gov_doc_t           doc;
    gov_txn_t          *txn;
    t_store_t          *t = *state;
    gov_version_rec_t   v;

    txn = t_content_begin(t);
    t_flow_set(t, txn, 2, "{\"openness\":true,\"secrecy\":true,"
               "\"alt\":true}");
    doc = t_clerks(t, txn);

    t_no_rc(t, gov_doc_publish(txn, t->arena, &doc, 1, T_NOW, T_SIGNER,
                               &t->err), GOV_DENIED, "须先确定公开属性");
    t_no_rc(t, gov_doc_submit(txn, t->arena, &doc, 1, T_CLERK, &t->err),
            GOV_DENIED, "须先确定公开属性");

    v = t_version(t, txn, 2, "通知", "![](/files/aa/a.png)");
    v.openness = gov_s("closed");
    t_no_rc(t, gov_doc_write(txn, t->arena, &doc, &v, &t->err),
            GOV_INVALID, "依据");
    v.basis = gov_s("政府信息公开条例第十四条");
    t_ok(gov_doc_write(txn, t->arena, &doc, &v, &t->err));
    t_no_rc(t, gov_doc_submit(txn, t->arena, &doc, 2, T_CLERK, &t->err),
            GOV_DENIED, "有 1 张图片没有替代文字");

    v = t_version(t, txn, 2, "通知", "![](/files/aa/a.png \"装饰\")"
                  "![图](/files/aa/b.png)");
    v.openness = gov_s("closed");
    v.basis = gov_s("政府信息公开条例第十四条");
    t_ok(gov_doc_write(txn, t->arena, &doc, &v, &t->err));
    t_no_rc(t, gov_doc_publish(txn, t->arena, &doc, 3, T_NOW, T_SIGNER,
                               &t->err), GOV_DENIED, "不予公开");

    v.openness = gov_s("active");
    t_ok(gov_doc_write(txn, t->arena, &doc, &v, &t->err));
    t_no_rc(t, gov_doc_publish(txn, t->arena, &doc, 4, T_NOW, T_SIGNER,
                               &t->err), GOV_DENIED, "没有经过保密审查");
    t_ok(gov_doc_secrecy(txn, t->arena, &doc, 4, T_TWO, &t->err));
    t_ok(gov_doc_publish(txn, t->arena, &doc, 4, T_NOW, T_SIGNER, &t->err));

    /* the stamp is of one version */

    t_ok(gov_doc_write(txn, t->arena, &doc, &v, &t->err));
    t_no_rc(t, gov_doc_publish(txn, t->arena, &doc, 5, T_NOW, T_SIGNER,
                               &t->err), GOV_DENIED, "没有经过保密审查");

    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(each_step_has_its_acts_and_their_rights),
        t_test(a_version_goes_out_with_the_passes_of_distinct_people),
        t_test(an_old_version_is_not_judged_by_who_wrote_it),
        t_test(a_pass_of_who_wrote_the_old_version_does_not_count),
        t_test(an_edit_loses_the_passes_and_leaves_the_live_page),
        t_test(what_was_withdrawn_has_lost_its_passes),
        t_test(settings_come_from_the_nearest),
        t_test(a_wait_is_a_task_at_every_node_above),
        t_test(an_urgent_one_goes_out_and_owes_its_review),
        t_test(who_wrote_does_not_do_the_owed_review),
        t_test(an_owed_review_outlives_what_it_is_of),
        t_test(every_act_is_in_the_log),
        t_test(passes_do_not_count_in_a_column_that_asks_otherwise),
        t_test(what_is_public_stays_so_in_another_column),
        t_test(what_the_law_asks_is_asked_at_the_store)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
