
/*
 * Copyright (C) ngx_gov authors
 *
 * Publication, edits, references, withdrawal; and which marks they touch.
 */


#include "content/t_content.h"


/* "site:slot site:slot", slots by name */

#define t_marks(t, txn, want)                                                 \
    t_str_at(t_touched(t, txn), want, __FILE__, __LINE__)

#define t_fmt(t, ...)  gov_str_fmt((t)->arena, __VA_ARGS__)

#define T_COL(column)  gov_slot_column(column)
#define T_DOC(doc)     gov_slot_doc((doc).id)


static const char *
t_shown(gov_doc_t *doc, int64_t now)
{
    return gov_shown_name(gov_doc_shown(&doc->rec, now));
}


static void
a_publication_touches_its_page_and_its_column(void **state)
{
    gov_doc_t   doc;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    doc = t_draft(t, txn, 2, 2, "通知");
    t_marks(t, txn, t_fmt(t, "2:%u", T_DOC(doc)));
    t_shows(t, txn, 2, 2, T_NOW, "");

    t_ok(gov_doc_publish(txn, t->arena, &doc, 1, T_NOW, t_by(T_NOW),
                         &t->err));
    t_marks(t, txn, t_fmt(t, "2:%u 2:%u", T_COL(2), T_DOC(doc)));
    t_shows(t, txn, 2, 2, T_NOW, "1");

    doc = t_read(t, txn, doc.id);
    assert_int_equal(doc.rec.published, T_NOW);
    assert_int_equal(doc.rec.live, 1);
    t_str(doc.rec.title, "通知");
    assert_string_equal(t_shown(&doc, T_NOW), "public");
    assert_string_equal(t_shown(&doc, T_NOW - 1), "scheduled");

    gov_txn_end(&txn);
}


static void
a_time_before_the_commit_is_refused(void **state)
{
    gov_doc_t   doc;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    doc = t_draft(t, txn, 1, 2, "通知");

    t_rc(gov_doc_publish(txn, t->arena, &doc, 1, T_NOW - 1, t_by(T_NOW),
                         &t->err),
         GOV_DENIED);
    t_says(t, "不能早于当前时间");
    t_rc(gov_doc_publish(txn, t->arena, &doc, 1, 0, t_by(T_NOW), &t->err),
         GOV_DENIED);
    t_err_clear(t);

    doc = t_read(t, txn, doc.id);
    assert_int_equal(doc.rec.state, GOV_DOC_DRAFT);
    t_shows(t, txn, 1, 2, T_NOW, "");

    gov_txn_end(&txn);
}


static void
an_edit_shows_when_it_is_made_live_and_keeps_the_date(void **state)
{
    gov_doc_t           doc;
    gov_txn_t          *txn;
    t_store_t          *t = *state;
    gov_version_rec_t   v, old;

    txn = t_content_begin(t);
    doc = t_doc(t, txn, 1, 2, "旧题", T_NOW);
    t_touched(t, txn);

    v = t_version(t, txn, 1, "新题", "新文");
    t_ok(gov_doc_write(txn, t->arena, &doc, &v, &t->err));
    doc = t_read(t, txn, doc.id);
    t_str(doc.rec.title, "旧题");
    assert_int_equal(doc.rec.live, 1);
    assert_int_equal(doc.rec.last, 2);
    t_marks(t, txn, t_fmt(t, "1:%u", T_DOC(doc)));

    t_rc(gov_doc_publish(txn, t->arena, &doc, 2, T_NOW + 9, t_by(T_NOW + 5),
                         &t->err), GOV_CONFLICT);
    t_says(t, "只能立即发布");

    t_ok(gov_doc_publish(txn, t->arena, &doc, 2, T_NOW + 5, t_by(T_NOW + 5),
                         &t->err));
    t_marks(t, txn, t_fmt(t, "1:%u 1:%u", T_COL(2), T_DOC(doc)));

    doc = t_read(t, txn, doc.id);
    t_str(doc.rec.title, "新题");
    assert_int_equal(doc.rec.published, T_NOW);
    assert_int_equal(doc.rec.changed, T_NOW + 5);
    t_shows(t, txn, 1, 2, T_NOW + 5, "1");

    /* the first version is what it was */

    t_ok(gov_version_get(txn, t->arena, 1, doc.id, 1, &old));
    t_str(old.title, "旧题");
    assert_false(gov_str_eq(old.body, doc.rec.body));

    gov_txn_end(&txn);
}


static void
a_version_is_never_overwritten(void **state)
{
    unsigned            i;
    gov_doc_t           doc;
    gov_txn_t          *txn;
    t_store_t          *t = *state;
    gov_version_rec_t   v;

    txn = t_content_begin(t);
    doc = t_doc(t, txn, 1, 2, "1", T_NOW);

    for (i = 2; i <= 5; i++) {
        v = t_version(t, txn, 1, gov_str_c(t->arena, t_fmt(t, "%u", i)),
                      "文");
        t_ok(gov_doc_write(txn, t->arena, &doc, &v, &t->err));
        t_ok(gov_doc_publish(txn, t->arena, &doc, i, T_NOW, t_by(T_NOW),
                             &t->err));
    }

    for (i = 1; i <= 5; i++) {
        t_ok(gov_version_get(txn, t->arena, 1, doc.id, i, &v));
        t_str_at(v.title, t_fmt(t, "%u", i), __FILE__, __LINE__);
        t_str(v.actor, "编辑");
    }

    t_rc(gov_version_get(txn, t->arena, 1, doc.id, 6, &v), GOV_NOT_FOUND);

    /* an older one may be made live again: it is a new copy of nothing */

    t_ok(gov_doc_publish(txn, t->arena, &doc, 2, T_NOW + 1, t_by(T_NOW + 1),
                         &t->err));
    doc = t_read(t, txn, doc.id);
    t_str(doc.rec.title, "2");
    assert_int_equal(doc.rec.last, 5);

    gov_txn_end(&txn);
}


static void
a_schedule_may_be_moved_and_lifted(void **state)
{
    gov_doc_t   doc;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    doc = t_doc(t, txn, 1, 2, "预告", T_NOW + 100);
    t_shows(t, txn, 1, 2, T_NOW, "@100");

    t_ok(gov_doc_publish(txn, t->arena, &doc, 1, T_NOW + 50, t_by(T_NOW),
                         &t->err));
    t_shows(t, txn, 1, 2, T_NOW, "@50");
    t_shows(t, txn, 1, 2, T_NOW + 50, "1");

    t_ok(gov_doc_withdraw(txn, t->arena, &doc, 0, 0,
                          t_why(T_NOW, gov_s("改期")), &t->err));
    t_shows(t, txn, 1, 2, T_NOW + 100, "");
    doc = t_read(t, txn, doc.id);
    assert_string_equal(t_shown(&doc, T_NOW + 100), "draft");
    assert_int_equal(doc.rec.published, 0);

    t_ok(gov_doc_publish(txn, t->arena, &doc, 1, T_NOW + 7, t_by(T_NOW),
                         &t->err));
    t_shows(t, txn, 1, 2, T_NOW, "@7");

    /* "publish now" of what was scheduled */

    t_ok(gov_doc_publish(txn, t->arena, &doc, 1, T_NOW + 3, t_by(T_NOW + 3),
                         &t->err));
    t_shows(t, txn, 1, 2, T_NOW + 3, "1");

    gov_txn_end(&txn);
}


/* what it was scheduled with, and what was written since */

static void
a_lifted_schedule_leaves_the_newest_draft(void **state)
{
    gov_doc_t           doc;
    gov_txn_t          *txn;
    t_store_t          *t = *state;
    gov_version_rec_t   v;

    txn = t_content_begin(t);
    doc = t_doc(t, txn, 1, 2, "预告", T_NOW + 100);

    v = t_version(t, txn, 1, "改期预告", "正文");
    t_ok(gov_doc_write(txn, t->arena, &doc, &v, &t->err));
    doc = t_read(t, txn, doc.id);
    t_str(doc.rec.title, "预告");

    t_ok(gov_doc_withdraw(txn, t->arena, &doc, 0, 0,
                          t_why(T_NOW, gov_s("改期")), &t->err));
    doc = t_read(t, txn, doc.id);
    t_str(doc.rec.title, "改期预告");
    assert_int_equal(doc.rec.live, 0);

    gov_txn_end(&txn);
}


static void
a_withdrawn_page_leaves_every_list_and_says_why(void **state)
{
    gov_doc_t    doc;
    gov_txn_t   *txn;
    gov_site_t   site;
    t_store_t   *t = *state;

    txn = t_content_begin(t);
    doc = t_doc(t, txn, 2, 2, "通知", T_NOW);
    site = t_site(t, txn, "610400");
    t_ok(gov_doc_refer(txn, t->arena, &doc, &site, 3, &t->err));
    t_touched(t, txn);

    t_rc(gov_doc_withdraw(txn, t->arena, &doc, 0, 0,
                          t_why(T_NOW, gov_s("")), &t->err),
         GOV_INVALID);
    t_says(t, "理由");
    t_rc(gov_doc_withdraw(txn, t->arena, &doc, 0, 99,
                          t_why(T_NOW, gov_s("有误")), &t->err), GOV_NOT_FOUND);
    t_err_clear(t);
    t_rc(gov_doc_withdraw(txn, t->arena, &doc, 0, doc.id,
                          t_why(T_NOW, gov_s("有误")), &t->err), GOV_INVALID);
    t_err_clear(t);

    t_ok(gov_doc_withdraw(txn, t->arena, &doc, 0, 0,
                          t_why(T_NOW + 1, gov_s("有误")), &t->err));
    t_marks(t, txn, t_fmt(t, "1:%u 2:%u 2:%u", T_COL(3), T_COL(2),
                          T_DOC(doc)));
    t_shows(t, txn, 2, 2, T_NOW + 1, "");
    t_shows(t, txn, 1, 3, T_NOW + 1, "");

    doc = t_read(t, txn, doc.id);
    assert_string_equal(t_shown(&doc, T_NOW + 1), "withdrawn");
    t_str(doc.rec.reason, "有误");

    t_rc(gov_doc_withdraw(txn, t->arena, &doc, 0, 0,
                          t_why(T_NOW, gov_s("再撤")), &t->err), GOV_CONFLICT);
    t_err_clear(t);

    /* back again, it is new: under the commit's time, where it was shown */

    t_ok(gov_doc_publish(txn, t->arena, &doc, 1, T_NOW + 9, t_by(T_NOW + 9),
                         &t->err));
    doc = t_read(t, txn, doc.id);
    assert_int_equal(doc.rec.published, T_NOW + 9);
    assert_int_equal(doc.rec.reason.len, 0);
    t_shows(t, txn, 2, 2, T_NOW + 9, "1");
    t_shows(t, txn, 1, 3, T_NOW + 9, "2/1");

    gov_txn_end(&txn);
}


static void
an_expired_page_published_again_is_new(void **state)
{
    gov_doc_t   doc;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    doc = t_doc(t, txn, 1, 2, "通知", T_NOW);
    t_ok(gov_doc_expire(txn, t->arena, &doc, T_NOW + 5, t_by(T_NOW),
                        &t->err));

    t_rc(gov_doc_expire(txn, t->arena, &doc, T_NOW + 9, t_by(T_NOW + 5),
                        &t->err),
         GOV_CONFLICT);
    t_err_clear(t);

    t_ok(gov_doc_publish(txn, t->arena, &doc, 1, T_NOW + 6, t_by(T_NOW + 6),
                         &t->err));
    doc = t_read(t, txn, doc.id);
    assert_int_equal(doc.rec.published, T_NOW + 6);
    assert_int_equal(doc.rec.expires, 0);
    t_shows(t, txn, 1, 2, T_NOW + 6, "1");

    t_rc(gov_doc_expire(txn, t->arena, &doc, T_NOW, t_by(T_NOW + 6),
                        &t->err),
         GOV_DENIED);
    t_err_clear(t);

    gov_txn_end(&txn);
}


/* a time of leaving that is over was of the publication that ended: it does
 * not keep the next one away, and one still ahead goes on holding */

static void
a_time_that_passed_while_withdrawn_holds_nothing_back(void **state)
{
    gov_doc_t   doc, left;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    doc = t_doc(t, txn, 1, 2, "通知", T_NOW);
    t_ok(gov_doc_expire(txn, t->arena, &doc, T_NOW + 5, t_by(T_NOW),
                        &t->err));
    t_ok(gov_doc_withdraw(txn, t->arena, &doc, 0, 0,
                          t_why(T_NOW + 1, gov_s("有误")), &t->err));

    t_ok(gov_doc_publish(txn, t->arena, &doc, 1, T_NOW + 2, t_by(T_NOW + 2),
                         &t->err));
    t_shows(t, txn, 1, 2, T_NOW + 2, "1 @5");
    t_ok(gov_doc_withdraw(txn, t->arena, &doc, 0, 0,
                          t_why(T_NOW + 3, gov_s("有误")), &t->err));

    t_ok(gov_doc_publish(txn, t->arena, &doc, 1, T_NOW + 9, t_by(T_NOW + 9),
                         &t->err));
    assert_int_equal(t_read(t, txn, doc.id).rec.expires, 0);
    t_shows(t, txn, 1, 2, T_NOW + 9, "1");

    /* expired first, withdrawn afterwards */

    left = t_doc(t, txn, 1, 2, "公告", T_NOW);
    t_ok(gov_doc_expire(txn, t->arena, &left, T_NOW + 5, t_by(T_NOW),
                        &t->err));
    t_ok(gov_doc_withdraw(txn, t->arena, &left, 0, 0,
                          t_why(T_NOW + 6, gov_s("有误")), &t->err));
    t_ok(gov_doc_publish(txn, t->arena, &left, 1, T_NOW + 9, t_by(T_NOW + 9),
                         &t->err));
    t_shows(t, txn, 1, 2, T_NOW + 9, "2 1");

    gov_txn_end(&txn);
}


static void
a_reference_shows_the_source_and_follows_it(void **state)
{
    gov_doc_t           doc;
    gov_txn_t          *txn;
    gov_site_t          site;
    t_store_t          *t = *state;
    gov_version_rec_t   v;

    txn = t_content_begin(t);
    doc = t_doc(t, txn, 2, 2, "县里的通知", T_NOW);
    site = t_site(t, txn, "610400");
    t_touched(t, txn);

    t_ok(gov_doc_refer(txn, t->arena, &doc, &site, 3, &t->err));
    t_marks(t, txn, t_fmt(t, "1:%u 2:%u", T_COL(3), T_DOC(doc)));
    t_shows(t, txn, 1, 3, T_NOW, "2/1");
    t_shows(t, txn, 2, 2, T_NOW, "1");

    /* twice is once */

    t_ok(gov_doc_refer(txn, t->arena, &doc, &site, 3, &t->err));
    t_marks(t, txn, gov_s(""));

    /* nothing but the number stands there, so an edit needs no copying */

    v = t_version(t, txn, 2, "改过的通知", "文");
    t_ok(gov_doc_write(txn, t->arena, &doc, &v, &t->err));
    t_ok(gov_doc_publish(txn, t->arena, &doc, 2, T_NOW + 1, t_by(T_NOW + 1),
                         &t->err));
    t_marks(t, txn, t_fmt(t, "2:%u 2:%u", T_COL(2), T_DOC(doc)));
    t_str(t_read(t, txn, doc.id).rec.title, "改过的通知");

    t_ok(gov_doc_unrefer(txn, t->arena, &doc, 1, 3, &t->err));
    t_marks(t, txn, t_fmt(t, "1:%u 2:%u", T_COL(3), T_DOC(doc)));
    t_shows(t, txn, 1, 3, T_NOW + 1, "");
    t_rc(gov_doc_unrefer(txn, t->arena, &doc, 1, 3, &t->err), GOV_NOT_FOUND);
    t_err_clear(t);

    gov_txn_end(&txn);
}


static void
a_reference_needs_a_column_and_not_its_own(void **state)
{
    gov_doc_t    doc;
    gov_txn_t   *txn;
    gov_site_t   site;
    t_store_t   *t = *state;

    txn = t_content_begin(t);
    doc = t_doc(t, txn, 2, 2, "通知", T_NOW);

    site = t_site(t, txn, "610402");
    t_rc(gov_doc_refer(txn, t->arena, &doc, &site, 2, &t->err),
         GOV_CONFLICT);
    t_err_clear(t);
    t_rc(gov_doc_refer(txn, t->arena, &doc, &site, 77, &t->err),
         GOV_NOT_FOUND);
    t_err_clear(t);
    t_ok(gov_doc_refer(txn, t->arena, &doc, &site, 3, &t->err));
    t_shows(t, txn, 2, 3, T_NOW, "1");

    /* moved to where it was shown, it stands there once */

    t_ok(gov_doc_move(txn, t->arena, &doc, 3, t_by(T_NOW), &t->err));
    t_shows(t, txn, 2, 3, T_NOW, "1");
    t_shows(t, txn, 2, 2, T_NOW, "");
    assert_null(t_read(t, txn, doc.id).rec.refs);

    gov_txn_end(&txn);
}


static void
a_draft_may_be_laid_out_and_appears_everywhere_at_once(void **state)
{
    gov_doc_t    doc;
    gov_txn_t   *txn;
    gov_site_t   city, yangling;
    t_store_t   *t = *state;

    txn = t_content_begin(t);
    doc = t_draft(t, txn, 2, 2, "通知");
    city = t_site(t, txn, "610400");
    yangling = t_site(t, txn, "610403");
    t_ok(gov_doc_refer(txn, t->arena, &doc, &city, 3, &t->err));
    t_ok(gov_doc_refer(txn, t->arena, &doc, &yangling, 2, &t->err));
    t_shows(t, txn, 1, 3, T_NOW, "");
    t_touched(t, txn);

    t_ok(gov_doc_publish(txn, t->arena, &doc, 1, T_NOW + 5, t_by(T_NOW),
                         &t->err));
    t_marks(t, txn, t_fmt(t, "1:%u 2:%u 2:%u 6:%u", T_COL(3), T_COL(2),
                          T_DOC(doc), T_COL(2)));

    t_shows(t, txn, 1, 3, T_NOW, "@5");
    t_shows(t, txn, 1, 3, T_NOW + 5, "2/1");
    t_shows(t, txn, 6, 2, T_NOW + 5, "2/1");
    t_shows(t, txn, 2, 2, T_NOW + 5, "1");

    gov_txn_end(&txn);
}


static void
a_move_touches_both_columns(void **state)
{
    gov_doc_t   doc;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    doc = t_doc(t, txn, 1, 2, "通知", T_NOW);
    t_touched(t, txn);

    t_ok(gov_doc_move(txn, t->arena, &doc, 3, t_by(T_NOW), &t->err));
    t_marks(t, txn, t_fmt(t, "1:%u 1:%u 1:%u", T_COL(2), T_COL(3),
                          T_DOC(doc)));
    t_shows(t, txn, 1, 2, T_NOW, "");
    t_shows(t, txn, 1, 3, T_NOW, "1");
    assert_int_equal(t_read(t, txn, doc.id).rec.published, T_NOW);

    t_ok(gov_doc_move(txn, t->arena, &doc, 3, t_by(T_NOW), &t->err));
    t_marks(t, txn, gov_s(""));

    gov_txn_end(&txn);
}


static void
an_interpretation_and_its_document_name_each_other(void **state)
{
    gov_doc_t           doc, word;
    gov_txn_t          *txn;
    t_store_t          *t = *state;
    gov_version_rec_t   v;

    txn = t_content_begin(t);
    doc = t_doc(t, txn, 1, 3, "办法", T_NOW);

    memset(&word, 0, sizeof(gov_doc_t));
    word.site = 2;
    word.rec.column = 2;
    v = t_version(t, txn, 2, "解读", "文");
    v.interprets = (int64_t) doc.id;
    v.replaces = (int64_t) doc.id;
    t_ok(gov_doc_write(txn, t->arena, &word, &v, &t->err));
    assert_null(t_read(t, txn, doc.id).rec.interpreted_by);
    t_touched(t, txn);

    t_ok(gov_doc_publish(txn, t->arena, &word, 1, T_NOW, t_by(T_NOW),
                         &t->err));
    t_marks(t, txn, t_fmt(t, "1:%u 2:%u 2:%u", T_DOC(doc), T_COL(2),
                          T_DOC(word)));
    doc = t_read(t, txn, doc.id);
    assert_int_equal(doc.rec.interpreted_by->n, 1);
    assert_int_equal(doc.rec.interpreted_by->u.first->u.i, word.id);
    assert_int_equal(doc.rec.replaced_by, word.id);

    /* the next version says nothing of it any more */

    v = t_version(t, txn, 2, "解读", "文");
    t_ok(gov_doc_write(txn, t->arena, &word, &v, &t->err));
    t_ok(gov_doc_publish(txn, t->arena, &word, 2, T_NOW, t_by(T_NOW),
                         &t->err));
    doc = t_read(t, txn, doc.id);
    assert_null(doc.rec.interpreted_by);
    assert_int_equal(doc.rec.replaced_by, 0);

    v.interprets = 99;
    t_rc(gov_doc_write(txn, t->arena, &word, &v, &t->err), GOV_NOT_FOUND);
    t_err_clear(t);
    v.interprets = (int64_t) word.id;
    t_ok(gov_doc_write(txn, t->arena, &word, &v, &t->err));
    t_rc(gov_doc_publish(txn, t->arena, &word, 3, T_NOW, t_by(T_NOW),
                         &t->err),
         GOV_INVALID);
    t_err_clear(t);

    gov_txn_end(&txn);
}


static void
a_publication_called_off_is_named_by_nobody(void **state)
{
    gov_doc_t           doc, word;
    gov_txn_t          *txn;
    t_store_t          *t = *state;
    gov_version_rec_t   v;

    txn = t_content_begin(t);
    doc = t_doc(t, txn, 1, 3, "办法", T_NOW);

    memset(&word, 0, sizeof(gov_doc_t));
    word.site = 2;
    word.rec.column = 2;
    v = t_version(t, txn, 2, "解读", "文");
    v.interprets = (int64_t) doc.id;
    v.replaces = (int64_t) doc.id;
    t_ok(gov_doc_write(txn, t->arena, &word, &v, &t->err));
    t_ok(gov_doc_publish(txn, t->arena, &word, 1, T_NOW + 5, t_by(T_NOW),
                         &t->err));
    assert_int_equal(t_read(t, txn, doc.id).rec.replaced_by, word.id);
    t_touched(t, txn);

    t_ok(gov_doc_withdraw(txn, t->arena, &word, 0, 0,
                          t_why(T_NOW, gov_s("不发了")), &t->err));
    t_marks(t, txn, t_fmt(t, "1:%u 2:%u 2:%u", T_DOC(doc), T_COL(2),
                          T_DOC(word)));
    doc = t_read(t, txn, doc.id);
    assert_null(doc.rec.interpreted_by);
    assert_int_equal(doc.rec.replaced_by, 0);

    /* nor once a version goes out that says nothing of it */

    v = t_version(t, txn, 2, "解读", "文");
    t_ok(gov_doc_write(txn, t->arena, &word, &v, &t->err));
    t_ok(gov_doc_publish(txn, t->arena, &word, 2, T_NOW, t_by(T_NOW),
                         &t->err));
    doc = t_read(t, txn, doc.id);
    assert_null(doc.rec.interpreted_by);
    assert_int_equal(doc.rec.replaced_by, 0);

    gov_txn_end(&txn);
}


/* a site put back from an export forgets what it has had since */

static void
what_names_a_document_that_is_gone_can_be_called_off(void **state)
{
    gov_doc_t           doc, word;
    gov_key_t           k;
    gov_txn_t          *txn;
    t_store_t          *t = *state;
    gov_version_rec_t   v;

    txn = t_content_begin(t);
    doc = t_doc(t, txn, 1, 3, "办法", T_NOW);

    memset(&word, 0, sizeof(gov_doc_t));
    word.site = 2;
    word.rec.column = 2;
    v = t_version(t, txn, 2, "解读", "文");
    v.interprets = (int64_t) doc.id;
    v.replaces = (int64_t) doc.id;
    t_ok(gov_doc_write(txn, t->arena, &word, &v, &t->err));
    t_ok(gov_doc_publish(txn, t->arena, &word, 1, T_NOW + 5, t_by(T_NOW),
                         &t->err));

    t_ok(gov_drop(gov_handle(txn, GOV_HUB), GOV_T_DOC_SITES,
                  gov_key8(&k, doc.id)));
    t_ok(gov_doc_withdraw(txn, t->arena, &word, 0, 0,
                          t_why(T_NOW, gov_s("不发了")), &t->err));
    t_rc(gov_doc_publish(txn, t->arena, &word, 1, T_NOW, t_by(T_NOW),
                         &t->err), GOV_NOT_FOUND);
    t_err_clear(t);

    gov_txn_end(&txn);
}


static void
fields_have_their_limits(void **state)
{
    char                long_title[201 * 3 + 1];
    unsigned            i;
    gov_doc_t           doc;
    gov_txn_t          *txn;
    t_store_t          *t = *state;
    gov_version_rec_t   v;

    txn = t_content_begin(t);

    for (i = 0; i < 201; i++) {
        memcpy(long_title + 3 * i, "字", 3);
    }

    long_title[3 * 201] = '\0';

    memset(&doc, 0, sizeof(gov_doc_t));
    doc.site = 1;
    doc.rec.column = 2;

    v = t_version(t, txn, 1, long_title, "文");
    t_rc(gov_doc_write(txn, t->arena, &doc, &v, &t->err), GOV_INVALID);
    t_says(t, "200");

    v.title = gov_utf8_head(v.title, 200);
    t_ok(gov_doc_write(txn, t->arena, &doc, &v, &t->err));

    v.title = gov_s("");
    t_rc(gov_doc_write(txn, t->arena, &doc, &v, &t->err), GOV_INVALID);
    t_err_clear(t);

    v.title = gov_s("两\n行");
    t_rc(gov_doc_write(txn, t->arena, &doc, &v, &t->err), GOV_INVALID);
    t_err_clear(t);

    v.title = gov_s("题");
    v.written = gov_s("2007-13-01");
    t_rc(gov_doc_write(txn, t->arena, &doc, &v, &t->err), GOV_INVALID);
    t_says(t, "YYYY-MM-DD");

    /* the day it was written may be long ago: only publication may not */

    v.written = gov_s("2007-10-10");
    v.validity = gov_s("forever");
    t_rc(gov_doc_write(txn, t->arena, &doc, &v, &t->err), GOV_INVALID);
    t_err_clear(t);
    v.validity = gov_s("repealed");
    t_ok(gov_doc_write(txn, t->arena, &doc, &v, &t->err));

    v.body = gov_s("0123456789abcdef0123456789abcdef");
    t_rc(gov_doc_write(txn, t->arena, &doc, &v, &t->err), GOV_INVALID);
    t_says(t, "正文");

    gov_txn_end(&txn);
}


static void
documents_are_numbered_across_sites_and_not_read_across(void **state)
{
    uint64_t    id;
    gov_doc_t   a, b, doc;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    a = t_doc(t, txn, 1, 2, "一", T_NOW);
    b = t_doc(t, txn, 2, 2, "二", T_NOW);
    assert_int_equal(a.id, 1);
    assert_int_equal(b.id, 2);

    t_rc(gov_doc_get(txn, t->arena, 1, b.id, &doc), GOV_NOT_FOUND);
    t_ok(gov_doc_find(txn, t->arena, b.id, &doc));
    assert_int_equal(doc.site, 2);
    t_rc(gov_doc_find(txn, t->arena, 3, &doc), GOV_NOT_FOUND);
    t_rc(gov_doc_by_source(txn, t->arena, 1, gov_s("x"), &id),
         GOV_NOT_FOUND);

    gov_txn_end(&txn);
}


static void
a_body_is_stored_once_beside_its_document(void **state)
{
    gov_txn_t       *txn;
    t_store_t       *t = *state;
    gov_str_t        one, two, three;
    gov_body_rec_t   b;

    txn = t_content_begin(t);

    t_ok(gov_body_put(txn, t->arena, 1, 7, gov_s("md"), gov_s("# a"), NULL,
                      &one, &t->err));
    t_ok(gov_body_put(txn, t->arena, 1, 7, gov_s("md"), gov_s("# a"), NULL,
                      &two, &t->err));
    t_ok(gov_body_put(txn, t->arena, 1, 7, gov_s("html"), gov_s("# a"), NULL,
                      &three, &t->err));
    assert_true(gov_str_eq(one, two));
    assert_false(gov_str_eq(one, three));
    assert_int_equal(one.len, GOV_BODY_NAME);
    assert_int_equal(gov_key_get8(one, 0), 7);

    t_ok(gov_body_get(txn, t->arena, 1, one, &b));
    t_str(b.html, "<h2>a</h2>\n");
    t_str(b.text, "# a");
    t_ok(gov_body_get(txn, t->arena, 1, three, &b));
    t_str(b.html, "# a");
    t_rc(gov_body_get(txn, t->arena, 2, one, &b), GOV_NOT_FOUND);

    /* a source of which nothing is safe never comes out as it is */

    t_ok(gov_body_put(txn, t->arena, 1, 7, gov_s("html"),
                      gov_s("<script>alert(1)</script>"), NULL, &one,
                      &t->err));
    t_ok(gov_body_get(txn, t->arena, 1, one, &b));
    t_str(b.html, "\n");
    t_ok(gov_body_put(txn, t->arena, 1, 7, gov_s("md"),
                      gov_s("[a]: /x '<script>1</script>'"), NULL, &one,
                      &t->err));
    t_ok(gov_body_get(txn, t->arena, 1, one, &b));
    t_str(b.html, "\n");

    gov_txn_end(&txn);
}


/* as a store has it that was led up from format 4 */

static void
a_body_named_by_its_digest_serves_every_document(void **state)
{
    gov_txn_t       *txn;
    t_store_t       *t = *state;
    gov_str_t        old, again, other;
    gov_body_rec_t   b;

    txn = t_content_begin(t);

    t_ok(gov_body_put(txn, t->arena, 1, 0, gov_s("md"), gov_s("# a"), NULL,
                      &old, &t->err));
    t_ok(gov_body_put(txn, t->arena, 1, 8, gov_s("md"), gov_s("# a"), NULL,
                      &again, &t->err));
    t_ok(gov_body_put(txn, t->arena, 2, 8, gov_s("md"), gov_s("# a"), NULL,
                      &other, &t->err));

    assert_int_equal(old.len, GOV_DIGEST_LEN);
    assert_true(gov_str_eq(old, again));
    assert_int_equal(other.len, GOV_BODY_NAME);

    t_ok(gov_body_get(txn, t->arena, 1, old, &b));
    t_str(b.text, "# a");
    t_rc(gov_body_get(txn, t->arena, 2, old, &b), GOV_NOT_FOUND);
    t_ok(gov_body_get(txn, t->arena, 2, other, &b));
    t_str(b.text, "# a");
    t_rc(gov_body_get(txn, t->arena, 1, other, &b), GOV_NOT_FOUND);

    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_publication_touches_its_page_and_its_column),
        t_test(a_time_before_the_commit_is_refused),
        t_test(an_edit_shows_when_it_is_made_live_and_keeps_the_date),
        t_test(a_version_is_never_overwritten),
        t_test(a_schedule_may_be_moved_and_lifted),
        t_test(a_lifted_schedule_leaves_the_newest_draft),
        t_test(a_withdrawn_page_leaves_every_list_and_says_why),
        t_test(an_expired_page_published_again_is_new),
        t_test(a_time_that_passed_while_withdrawn_holds_nothing_back),
        t_test(a_reference_shows_the_source_and_follows_it),
        t_test(a_reference_needs_a_column_and_not_its_own),
        t_test(a_draft_may_be_laid_out_and_appears_everywhere_at_once),
        t_test(a_move_touches_both_columns),
        t_test(an_interpretation_and_its_document_name_each_other),
        t_test(a_publication_called_off_is_named_by_nobody),
        t_test(what_names_a_document_that_is_gone_can_be_called_off),
        t_test(fields_have_their_limits),
        t_test(documents_are_numbered_across_sites_and_not_read_across),
        t_test(a_body_is_stored_once_beside_its_document),
        t_test(a_body_named_by_its_digest_serves_every_document)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
