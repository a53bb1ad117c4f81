
/*
 * Copyright (C) ngx_gov authors
 *
 * Who edits a document just now.  A lock is a courtesy with an end: whoever
 * holds none may take it over, and the holder is told so in a note.  What
 * keeps one editor from overwriting another is the version that an edit names
 * as its base; the lock spares them the work.
 */


#include "content/gov_content_int.h"


static int gov_lock_mine(gov_doc_rec_t *d, uint64_t account, int64_t now);
static gov_rc_t gov_desk_save(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_err_t *err);


gov_rc_t
gov_lock_free(gov_doc_t *doc, uint64_t account, int64_t now, gov_err_t *err)
{
    gov_arena_t  *a;
    gov_rc_t      rc;

    if (gov_lock_mine(&doc->rec, account, now)) {
        return GOV_OK;
    }

    a = gov_arena_new(256);

    rc = gov_fail(err, GOV_CONFLICT, "lock",
                  "%.*s 正在编辑这份文档，锁定到 %.*s；可以接手编辑",
                  gov_strf(gov_get_str(doc->rec.lock, "name")),
                  gov_strf(gov_date(a, gov_get_int(doc->rec.lock, "until", 0),
                                    GOV_DATE_MINUTE)));
    gov_arena_free(&a);

    return rc;
}


/* nobody's is everybody's */

static int
gov_lock_mine(gov_doc_rec_t *d, uint64_t account, int64_t now)
{
    return d->lock == NULL || gov_get_int(d->lock, "until", 0) <= now
           || gov_get_int(d->lock, "by", 0) == (int64_t) account;
}


gov_rc_t
gov_doc_lock(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, int take,
    gov_by_t *by, gov_err_t *err)
{
    int          mine;
    gov_rc_t     rc;
    gov_str_t    text;
    gov_value_t *lock;

    gov_rec_own(a, &gov_rec_doc, &doc->rec);
    mine = gov_lock_mine(&doc->rec, by->account, by->now);

    if (!mine && !take) {
        return gov_lock_free(doc, by->account, by->now, err);
    }

    if (!mine) {
        text = gov_str_fmt(a, "%.*s 接手了编辑，原由 %.*s 锁定",
                           gov_strf(by->name),
                           gov_strf(gov_get_str(doc->rec.lock, "name")));

        rc = gov_log_add(t, a, doc, GOV_ACT_TAKE_OVER,
                         gov_doc_step(&doc->rec), 0, by, err);

        if (rc == GOV_OK) {
            rc = gov_note_add(t, a, doc, text, by, err);
        }

        if (rc != GOV_OK) {
            return rc;
        }
    }

    lock = gov_map(a);
    gov_put_int(a, lock, "by", (int64_t) by->account);
    gov_put_str(a, lock, "name", by->name);
    gov_put_int(a, lock, "since", by->now);
    gov_put_int(a, lock, "until", by->now + GOV_LOCK_TIME);
    doc->rec.lock = lock;

    return gov_desk_save(t, a, doc, err);
}


gov_rc_t
gov_doc_unlock(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, gov_by_t *by,
    gov_err_t *err)
{
    gov_rc_t  rc;

    rc = gov_lock_free(doc, by->account, by->now, err);

    if (rc != GOV_OK || doc->rec.lock == NULL) {
        return rc;
    }

    gov_rec_own(a, &gov_rec_doc, &doc->rec);
    doc->rec.lock = NULL;

    return gov_desk_save(t, a, doc, err);
}


gov_rc_t
gov_doc_note(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, gov_str_t text,
    gov_by_t *by, gov_err_t *err)
{
    gov_rc_t  rc;

    gov_rec_own(a, &gov_rec_doc, &doc->rec);

    if (text.len == 0 || gov_utf8_chars(text) > 1000
        || !gov_text_clean(text))
    {
        return gov_fail(err, GOV_INVALID, "text", "留言要 1 到 1000 字");
    }

    rc = gov_note_add(t, a, doc, text, by, err);

    return rc == GOV_OK ? gov_desk_save(t, a, doc, err) : rc;
}


gov_rc_t
gov_note_add(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, gov_str_t text,
    gov_by_t *by, gov_err_t *err)
{
    gov_key_t        k;
    gov_noted_rec_t  note;

    memset(&note, 0, sizeof(gov_noted_rec_t));
    note.time = by->now;
    note.actor = by->name;
    note.by = (int64_t) by->account;
    note.text = text;

    doc->rec.notes++;
    gov_key_add4(gov_key8(&k, doc->id), (uint32_t) doc->rec.notes);

    return gov_store_said(err, gov_save(gov_handle(t, doc->site), GOV_T_NOTES,
                                        &k, a, &note));
}


/* what no page shows */

static gov_rc_t
gov_desk_save(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, gov_err_t *err)
{
    gov_touch(t, doc->site, GOV_SLOT_DESK);

    return gov_doc_save(t, a, doc, err);
}
