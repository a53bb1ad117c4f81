
/*
 * Copyright (C) ngx_gov authors
 *
 * A mail of a row: its notices are asked for as its reader would ask, so it
 * shows what the console shows (view/gov_query_notice.c).  Those that were
 * read meanwhile are left out.
 */


#include "govd/govd_mail.h"
#include "govd/govd_mail_words.h"


#define GOVD_WORD_MAX  63           /* of an encoded word's own text */
#define GOVD_UP_MAX    16           /* depth of the tree of sites */


static gov_rc_t govd_letter_left(gov_arena_t *a, gov_account_t *account,
    gov_mail_t *mail, govd_letter_t *l);
static gov_rc_t govd_letter_invite(govd_conf_t *conf, gov_arena_t *a,
    gov_account_t *account, gov_mail_t *mail, int64_t now, govd_letter_t *l);
static gov_rc_t govd_letter_notices(govd_conf_t *conf, gov_txn_t *t,
    gov_arena_t *a, gov_account_t *account, gov_mail_t *mail, int64_t now,
    govd_letter_t *l);
static gov_rc_t govd_letter_rows(gov_txn_t *t, gov_arena_t *a,
    gov_account_t *account, gov_mail_t *mail, int64_t now,
    gov_value_t **rows);
static gov_str_t govd_letter_subject(gov_arena_t *a, gov_mail_t *mail,
    gov_value_t *rows);
static void govd_letter_row(gov_buf_t *b, govd_conf_t *conf,
    gov_value_t *row, unsigned n);
static void govd_letter_words_of(gov_buf_t *b, gov_value_t *row);
static gov_str_t govd_letter_when(gov_str_t time);
static gov_rc_t govd_letter_sender(gov_txn_t *t, gov_arena_t *a,
    gov_value_t *rows, govd_letter_t *l);
static gov_str_t govd_letter_id(govd_conf_t *conf, gov_arena_t *a,
    gov_mail_t *mail);


gov_rc_t
govd_letter_make(govd_conf_t *conf, gov_txn_t *t, gov_arena_t *a,
    gov_mail_t *mail, int64_t now, govd_letter_t *l)
{
    gov_rc_t       rc;
    gov_account_t  account;

    memset(l, 0, sizeof(govd_letter_t));

    rc = gov_account_get(t, a, mail->account, &account);

    if (rc != GOV_OK) {
        return rc;
    }

    l->to = gov_str_copy(a, mail->rec.to.len ? mail->rec.to
                                             : account.rec.mail);

    if (l->to.len == 0 || !gov_account_holds(&account.rec, now)) {
        return GOV_NOT_FOUND;
    }

    l->from = gov_str_of(conf->mail_from);
    l->name = gov_s(GOVD_MAIL_SENDER);
    l->id = govd_letter_id(conf, a, mail);
    l->date = gov_date(a, now, GOV_DATE_HTTP);

    if (mail->rec.to.len) {
        return govd_letter_left(a, &account, mail, l);
    }

    return mail->rec.invite.len
           ? govd_letter_invite(conf, a, &account, mail, now, l)
           : govd_letter_notices(conf, t, a, &account, mail, now, l);
}


/* the new address is not told at the old one */

static gov_rc_t
govd_letter_left(gov_arena_t *a, gov_account_t *account, gov_mail_t *mail,
    govd_letter_t *l)
{
    gov_buf_t  b;

    gov_buf_init(&b, a, 512);
    gov_buf_fmt(&b, GOVD_MAIL_HELLO, gov_strf(account->rec.name));
    gov_buf_fmt(&b, GOVD_MAIL_LEFT, gov_strf(account->rec.login),
                gov_strf(gov_date(a, mail->rec.made, GOV_DATE_MINUTE)));

    l->subject = gov_s(GOVD_MAIL_LEFT_S);
    l->text = b.s;

    return GOV_OK;
}


/* a link that was used, replaced or has ended is not sent any more */

static gov_rc_t
govd_letter_invite(govd_conf_t *conf, gov_arena_t *a, gov_account_t *account,
    gov_mail_t *mail, int64_t now, govd_letter_t *l)
{
    u_char              token[GOV_TOKEN_LEN], hash[GOV_DIGEST_LEN];
    gov_buf_t           b;
    gov_account_rec_t  *rec;

    rec = &account->rec;

    if (mail->rec.invite.len != GOV_OPID_LEN
        || govd_invite_token(conf, a, mail->rec.invite.data, token) != GOV_OK
        || gov_session_hash(token, hash) != GOV_OK)
    {
        return GOV_ERROR;
    }

    if (rec->invite_until <= now
        || !gov_str_eq(rec->invite, gov_hex_str(a, hash, sizeof(hash))))
    {
        return GOV_NOT_FOUND;
    }

    gov_buf_init(&b, a, 512);
    gov_buf_fmt(&b, GOVD_MAIL_HELLO, gov_strf(rec->name));
    gov_buf_fmt(&b, GOVD_MAIL_INVITE, gov_strf(rec->login), conf->portal_url,
                gov_strf(govd_invite_path(a, (int64_t) account->id, token)),
                gov_strf(gov_date(a, rec->invite_until, GOV_DATE_MINUTE)));

    l->subject = gov_s(GOVD_MAIL_INVITE_S);
    l->text = b.s;

    return GOV_OK;
}


static gov_rc_t
govd_letter_notices(govd_conf_t *conf, gov_txn_t *t, gov_arena_t *a,
    gov_account_t *account, gov_mail_t *mail, int64_t now, govd_letter_t *l)
{
    gov_rc_t      rc;
    unsigned      n;
    gov_buf_t     b;
    gov_value_t  *rows, *row;

    rc = govd_letter_rows(t, a, account, mail, now, &rows);

    if (rc == GOV_OK && rows->n == 0) {
        rc = GOV_NOT_FOUND;
    }

    if (rc != GOV_OK) {
        return rc;
    }

    gov_buf_init(&b, a, 1024);
    gov_buf_fmt(&b, GOVD_MAIL_HELLO, gov_strf(account->rec.name));
    n = 0;

    gov_each (row, rows) {
        govd_letter_row(&b, conf, row, ++n);
    }

    if (mail->rec.more) {
        gov_buf_fmt(&b, GOVD_MAIL_MORE, (long long) mail->rec.more);
    }

    gov_buf_fmt(&b, GOVD_MAIL_ALL, conf->portal_url);
    gov_buf_c(&b, GOVD_MAIL_FOOT);

    l->text = b.s;
    l->subject = govd_letter_subject(a, mail, rows);

    return govd_letter_sender(t, a, rows, l);
}


/* as the reader asks; those not read */

static gov_rc_t
govd_letter_rows(gov_txn_t *t, gov_arena_t *a, gov_account_t *account,
    gov_mail_t *mail, int64_t now, gov_value_t **rows)
{
    gov_rc_t      rc;
    gov_who_t     who;
    gov_value_t  *in, *answer, *row;

    rc = gov_who(t, a, account->id, now, &who);
    if (rc != GOV_OK) {
        return rc == GOV_DENIED ? GOV_NOT_FOUND : rc;
    }

    in = gov_map(a);
    gov_put(in, "ids", gov_value_copy(a, mail->rec.notices));

    rc = gov_query(t, a, &who, gov_s("notice.list"), in, now, &answer, NULL);

    *rows = gov_list(a);

    gov_each (row, rc == GOV_OK ? gov_member(answer, "rows") : NULL) {
        if (!gov_get_bool(row, "read")) {
            gov_add(*rows, gov_value_copy(a, row));
        }
    }

    return rc;
}


static gov_str_t
govd_letter_subject(gov_arena_t *a, gov_mail_t *mail, gov_value_t *rows)
{
    gov_str_t     title;
    const char   *kind;
    gov_value_t  *row;

    if (mail->rec.daily || rows->n > 1) {
        return gov_str_fmt(a, mail->rec.daily ? GOVD_MAIL_DAILY_S
                                              : GOVD_MAIL_SOME,
                           rows->n + (unsigned) mail->rec.more);
    }

    row = rows->u.first;
    kind = gov_notice_title(gov_notice_parse(gov_get_str(row, "kind")));
    title = gov_get_str(row, "title");

    return title.len ? gov_str_fmt(a, GOVD_MAIL_ONE, kind,
                                   gov_strf(gov_utf8_head(title, 150)))
                     : gov_str_fmt(a, GOVD_MAIL_BARE, kind);
}


static void
govd_letter_row(gov_buf_t *b, govd_conf_t *conf, gov_value_t *row, unsigned n)
{
    gov_str_t  title, site;

    title = gov_get_str(row, "title");
    site = gov_get_str(row, "site_name");

    gov_buf_fmt(b, GOVD_MAIL_KIND, n,
                gov_notice_title(gov_notice_parse(gov_get_str(row,
                                                              "kind"))));

    if (title.len) {
        gov_buf_fmt(b, GOVD_MAIL_TITLE, gov_strf(title));
    }

    if (site.len) {
        gov_buf_fmt(b, GOVD_MAIL_SITE, gov_strf(site));
    }

    gov_buf_c(b, "\n");

    if (gov_get_bool(row, "hidden")) {
        gov_buf_c(b, GOVD_MAIL_HIDDEN);
    }

    govd_letter_words_of(b, row);
    gov_buf_fmt(b, GOVD_MAIL_WHEN,
                gov_strf(govd_letter_when(gov_get_str(row, "time"))));

    if (gov_member(row, "doc") != NULL) {
        gov_buf_fmt(b, GOVD_MAIL_LINK, conf->portal_url,
                    (long long) gov_get_int(row, "doc", 0));
    }

    gov_buf_c(b, "\n");
}


static void
govd_letter_words_of(gov_buf_t *b, gov_value_t *row)
{
    gov_str_t  name, text, at;

    name = gov_get_str(row, "name");
    text = gov_get_str(row, "text");
    at = gov_get_str(row, "at");

    if (name.len && text.len) {
        gov_buf_fmt(b, GOVD_MAIL_SAID, gov_strf(name), gov_strf(text));

    } else if (name.len) {
        gov_buf_fmt(b, GOVD_MAIL_BY, gov_strf(name));

    } else if (text.len) {
        gov_buf_fmt(b, GOVD_MAIL_TEXT, gov_strf(text));
    }

    if (at.len) {
        gov_buf_fmt(b, GOVD_MAIL_AT, gov_strf(govd_letter_when(at)));
    }
}


/* "2026-11-20T08:00:00+08:00" as people read it */

static gov_str_t
govd_letter_when(gov_str_t time)
{
    if (time.len >= 16) {
        time.len = 16;
        time.data[10] = ' ';
    }

    return time;
}


/* all of one site: it, or one above it, may have a sender of its own */

static gov_rc_t
govd_letter_sender(gov_txn_t *t, gov_arena_t *a, gov_value_t *rows,
    govd_letter_t *l)
{
    gov_rc_t      rc;
    unsigned      depth;
    gov_str_t     code;
    gov_site_t    site;
    gov_value_t  *row;

    code = gov_get_str(rows->u.first, "site");

    gov_each (row, rows) {
        if (code.len == 0 || !gov_str_eq(code, gov_get_str(row, "site"))) {
            return GOV_OK;
        }
    }

    rc = gov_site_by_code(t, a, code, &site);

    if (rc == GOV_OK) {
        l->name = gov_str_copy(a, site.rec.name);
    }

    for (depth = 0; rc == GOV_OK && depth < GOVD_UP_MAX; depth++) {

        if (site.rec.mail_from.len) {
            l->from = gov_str_copy(a, site.rec.mail_from);
            return GOV_OK;
        }

        if (site.rec.parent == 0) {
            return GOV_OK;
        }

        rc = gov_site_get(t, a, (uint32_t) site.rec.parent, &site);
    }

    return rc;
}


/* the same however often it is sent */

static gov_str_t
govd_letter_id(govd_conf_t *conf, gov_arena_t *a, gov_mail_t *mail)
{
    const char   *domain;
    gov_value_t  *list;

    domain = strchr(conf->mail_from, '@') + 1;
    list = mail->rec.notices;

    if (mail->rec.invite.len == GOV_OPID_LEN) {
        return gov_str_fmt(a, "link.%.*s@%s",
                           gov_strf(gov_opid_str(a, mail->rec.invite.data)),
                           domain);
    }

    if (list == NULL || list->n == 0) {
        return gov_str_fmt(a, "left.%lld.%llu@%s", (long long) mail->rec.made,
                           (unsigned long long) mail->account, domain);
    }

    return gov_str_fmt(a, "notice.%lld-%lld.%llu@%s",
                       (long long) list->u.first->u.i,
                       (long long) list->last->u.i,
                       (unsigned long long) mail->account, domain);
}


/* a word ends between two characters; all but letters and digits is said by
 * number, so that nothing of a title can end a header */

void
govd_letter_words(gov_buf_t *b, gov_str_t text)
{
    u_char  c;
    size_t  i, n, size;

    static const u_char  hex[] = "0123456789ABCDEF";

    n = 0;

    for (i = 0; i < text.len; i++) {
        c = text.data[i];
        size = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
               || (c >= '0' && c <= '9') ? 1 : 3;

        if (n == 0 || (n > GOVD_WORD_MAX - 12 && (c & 0xc0) != 0x80)) {
            gov_buf_c(b, n == 0 ? "=?UTF-8?Q?" : "?=\r\n =?UTF-8?Q?");
            n = 0;
        }

        if (size == 1) {
            gov_buf_add(b, &c, 1);

        } else {
            gov_buf_fmt(b, "=%c%c", hex[c >> 4], hex[c & 15]);
        }

        n += size;
    }

    if (n) {
        gov_buf_c(b, "?=");
    }
}
