
/*
 * Copyright (C) ngx_gov authors
 *
 * mail.list: mails that are late, that were refused for the time being, that
 * were given up.  Of a mail its account, its times and why are told, never
 * what is in it.
 */


#include "view/gov_query_int.h"
#include "people/gov_notice.h"


static void gov_ask_mailer(gov_ask_t *q, gov_mailer_rec_t *rec);
static gov_rc_t gov_ask_mail_after(gov_ask_t *q, gov_scan_t *sc);
static gov_rc_t gov_ask_mails(gov_ask_t *q, gov_scan_t *sc);
static void gov_ask_mail(gov_ask_t *q, gov_value_t *row, gov_mail_t *mail);


gov_rc_t
gov_query_mail_list(gov_ask_t *q)
{
    gov_rc_t          rc;
    gov_key_t         k;
    gov_scan_t        sc;
    gov_mailer_rec_t  rec;

    rc = gov_mailer(q->txn, q->arena, &rec);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_ask_mailer(q, &rec);

    rc = gov_scan_open(&sc, gov_handle(q->txn, GOV_HUB), GOV_T_MAILS,
                       gov_key(&k), GOV_FORWARD);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_ask_mail_after(q, &sc);

    if (rc == GOV_OK) {
        rc = gov_ask_mails(q, &sc);
    }

    gov_scan_close(&sc);

    return rc;
}


static void
gov_ask_mailer(gov_ask_t *q, gov_mailer_rec_t *rec)
{
    gov_value_t  *held;

    gov_put_bool(q->arena, q->out, "mails", rec->used != 0);

    if (rec->since != 0) {
        held = gov_put_map(q->arena, q->out, "held");
        gov_ask_time(q, held, "since", rec->since);
        gov_ask_time(q, held, "failed", rec->failed);
        gov_put_int(q->arena, held, "tries", rec->tries);
        gov_put_str(q->arena, held, "why", rec->why);
    }
}


/* "due.account" of the last row that was looked at */

static gov_rc_t
gov_ask_mail_after(gov_ask_t *q, gov_scan_t *sc)
{
    int64_t    due, account;
    u_char    *dot;
    gov_key_t  from;
    gov_str_t  after, head;

    after = gov_get_str(q->in, "after");

    if (after.len == 0) {
        return GOV_OK;
    }

    dot = memchr(after.data, '.', after.len);

    if (dot != NULL) {
        head.data = after.data;
        head.len = (size_t) (dot - after.data);
        after.data = dot + 1;
        after.len -= head.len + 1;

        if (gov_str_int(head, &due) == 0 && gov_str_int(after, &account) == 0)
        {
            gov_scan_from(sc, gov_key_add8(gov_key8(&from, (uint64_t) due),
                                           (uint64_t) account + 1));
            return GOV_OK;
        }
    }

    return gov_fail(q->err, GOV_INVALID, "after", "翻页位置不对");
}


/* what is neither late nor was tried only waits for its time */

static gov_rc_t
gov_ask_mails(gov_ask_t *q, gov_scan_t *sc)
{
    gov_rc_t      rc;
    unsigned      looked, limit;
    gov_mail_t    mail;
    gov_value_t  *rows;

    rows = gov_put_list(q->arena, q->out, "rows");
    limit = gov_ask_limit(q);

    for (looked = 0; rows->n < limit && looked < GOV_ASK_LOOK_MAX; looked++) {
        rc = gov_scan_next(sc, q->arena, &mail.rec);
        if (rc != GOV_OK) {
            return rc == GOV_DONE ? GOV_OK : rc;
        }

        mail.due = (int64_t) gov_key_get8(sc->key, 0);
        mail.account = gov_key_get8(sc->key, 8);

        if (mail.due <= q->now || mail.rec.tries != 0) {
            gov_ask_mail(q, gov_add_map(q->arena, rows), &mail);
        }
    }

    gov_put_str(q->arena, q->out, "next",
                gov_str_fmt(q->arena, "%lld.%llu", (long long) mail.due,
                            (unsigned long long) mail.account));

    if (rows->n < limit) {
        gov_put_bool(q->arena, q->out, "partial", 1);
    }

    return GOV_OK;
}


static void
gov_ask_mail(gov_ask_t *q, gov_value_t *row, gov_mail_t *mail)
{
    int              lost;
    gov_account_t    account;
    gov_mail_rec_t  *rec = &mail->rec;

    lost = mail->due == GOV_MAIL_NEVER;

    if (gov_account_get(q->txn, q->arena, mail->account, &account) == GOV_OK)
    {
        gov_put_str(q->arena, row, "user", account.rec.login);
        gov_put_str(q->arena, row, "name", account.rec.name);
    }

    gov_put_c(q->arena, row, "state", lost ? "lost" : rec->tries ? "again"
                                                               : "held");
    gov_put_c(q->arena, row, "kind", rec->invite.len ? "link" : "notices");
    gov_put_int(q->arena, row, "notices",
                rec->more + (rec->notices ? rec->notices->n : 0));
    gov_ask_time(q, row, "made", rec->made);
    gov_ask_time(q, row, "due", lost ? 0 : mail->due);
    gov_ask_time(q, row, "failed", rec->failed);
    gov_put_int(q->arena, row, "tries", rec->tries);
    gov_put_some(q->arena, row, "why", rec->why);
}
