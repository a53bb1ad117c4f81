
/*
 * Copyright (C) ngx_gov authors
 *
 * Mails that are due, one after the other, in a thread of their own:
 *
 *     row -> letter, in a snapshot -> sent -> mail.sent or mail.failed
 *
 * Once a second it is asked whether one is due.  A server that is away is
 * tried again after one minute, two, four ... half an hour, each time after
 * mail.hold.
 */


#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>

#include "govd/govd_mail.h"


#define GOVD_MINUTE     (60 * (int64_t) 1000000)
#define GOVD_HOLD_MOST  30                      /* minutes */


struct govd_mail_s {
    govd_t           *g;
    govd_pool_t      *pool;             /* of one thread */
    govd_slow_t       slow;
    atomic_int        busy;
    int64_t           hold;             /* the server was away: till then */
    int64_t           held;             /* minutes of it */
    int64_t           window;           /* the minute that is counted */
    unsigned          sent;             /* in it */
    pthread_mutex_t   mutex;
    pthread_cond_t    cond;
    int               done;             /* the command that is waited for */
    int64_t           unread;           /* the last row that cannot be, told */
    uint64_t          whose;
    gov_arena_t      *owing;            /* of what is still to be noted */
    const char       *owed;             /* its command */
    gov_value_t      *input;
};


static gov_rc_t govd_mail_used(govd_mail_t *m, gov_err_t *err);
static int govd_mail_waits(govd_mail_t *m, int64_t now);
static void govd_mail_run(void *data);
static int govd_mail_one(govd_mail_t *m, govd_smtp_t *smtp, gov_mail_t *mail);
static gov_rc_t govd_mail_take(govd_mail_t *m, gov_arena_t *a, int64_t now,
    gov_mail_t *mail, govd_letter_t *letter, gov_rc_t *made);
static gov_rc_t govd_mail_next(govd_mail_t *m, gov_txn_t *t, gov_arena_t *a,
    int64_t now, gov_mail_t *mail);
static int govd_mail_sent(govd_mail_t *m, gov_arena_t *a, gov_mail_t *mail,
    govd_smtp_end_t end, gov_str_t why);
static void govd_mail_down(govd_mail_t *m, gov_arena_t *a, gov_str_t why);
static gov_rc_t govd_mail_failed(govd_mail_t *m, gov_arena_t *a,
    gov_mail_t *mail, int refused, gov_str_t why);
static gov_rc_t govd_mail_unmade(govd_mail_t *m, gov_arena_t *a,
    gov_mail_t *mail, gov_rc_t made);
static gov_rc_t govd_mail_taken(govd_mail_t *m, gov_arena_t *a,
    gov_mail_t *mail, int empty);
static gov_value_t *govd_mail_input(gov_arena_t *a, gov_mail_t *mail);
static gov_rc_t govd_mail_note(govd_mail_t *m, gov_arena_t *a,
    const char *command, gov_value_t *input);
static int govd_mail_owes(govd_mail_t *m);
static gov_rc_t govd_mail_give(govd_mail_t *m, gov_arena_t *a,
    const char *command, gov_value_t *input);
static void govd_mail_given(govd_job_t *job);


gov_rc_t
govd_mail_begin(govd_t *g, govd_mail_t **mail, gov_err_t *err)
{
    gov_rc_t      rc;
    govd_mail_t  *m;

    m = calloc(1, sizeof(govd_mail_t));

    if (m == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(m);
        return gov_fail(err, GOV_ERROR, "", "内存不足");
    }

    m->g = g;
    m->slow.run = govd_mail_run;
    m->slow.data = m;
    (void) pthread_mutex_init(&m->mutex, NULL);
    (void) pthread_cond_init(&m->cond, NULL);
    *mail = m;

    rc = govd_mail_used(m, err);

    return rc == GOV_OK && g->conf->smtp != NULL
           ? govd_pool_begin(1, 1, &m->pool, err) : rc;
}


/* whether rows are made stands in the store, as the journal has it */

static gov_rc_t
govd_mail_used(govd_mail_t *m, gov_err_t *err)
{
    int           used, uses;
    gov_rc_t      rc;
    gov_txn_t    *t;
    gov_arena_t  *a;
    gov_value_t  *input;

    uses = m->g->conf->smtp != NULL;
    a = gov_arena_new(2048);

    rc = gov_txn_begin(m->g->store, GOV_TXN_READ, &t, err);

    if (rc == GOV_OK) {
        rc = gov_mail_used(t, a, &used);
        gov_txn_end(&t);
    }

    if (rc == GOV_OK && used != uses) {
        input = gov_map(a);
        gov_put_bool(a, input, "on", uses);
        rc = govd_mail_give(m, a, "mail.use", input);
    }

    gov_arena_free(&a);

    return rc;
}


void
govd_mail_end(govd_mail_t **mail)
{
    govd_mail_t  *m = *mail;

    *mail = NULL;

    if (m != NULL) {
        govd_pool_end(&m->pool);
        gov_arena_free(&m->owing);
        (void) pthread_cond_destroy(&m->cond);
        (void) pthread_mutex_destroy(&m->mutex);
        free(m);
    }
}


void
govd_mail_tick(govd_mail_t *m)
{
    int64_t  now;

    if (m->pool == NULL || atomic_load(&m->busy)) {
        return;
    }

    now = gov_now();

    /* a clock that was set back holds nothing up */

    if ((now < m->hold && m->hold - now <= GOVD_HOLD_MOST * GOVD_MINUTE)
        || !govd_mail_waits(m, now))
    {
        return;
    }

    atomic_store(&m->busy, 1);

    if (govd_pool_put(m->pool, &m->slow) != GOV_OK) {
        atomic_store(&m->busy, 0);
    }
}


/* is something owed, or one due, and may it be sent in this minute? */

static int
govd_mail_waits(govd_mail_t *m, int64_t now)
{
    gov_rc_t      rc;
    gov_mail_t    mail;
    gov_txn_t    *t;
    gov_arena_t  *a;

    if (m->owing != NULL) {
        return 1;
    }

    if (now / GOVD_MINUTE != m->window) {
        m->window = now / GOVD_MINUTE;
        m->sent = 0;
    }

    if (m->sent >= m->g->conf->mails
        || gov_txn_begin(m->g->store, GOV_TXN_READ, &t, NULL) != GOV_OK)
    {
        return 0;
    }

    a = gov_arena_new(1024);
    memset(&mail, 0, sizeof(gov_mail_t));
    rc = govd_mail_next(m, t, a, now, &mail);

    gov_txn_end(&t);
    gov_arena_free(&a);

    return rc == GOV_OK;
}


static void
govd_mail_run(void *data)
{
    gov_mail_t    mail;
    govd_mail_t  *m = data;
    govd_smtp_t  *smtp;

    memset(&mail, 0, sizeof(gov_mail_t));
    smtp = govd_mail_owes(m) ? NULL : govd_smtp_open(m->g->conf,
                                                     &m->g->stopping);

    while (smtp != NULL && !atomic_load(&m->g->stopping)
           && m->sent < m->g->conf->mails
           && govd_mail_one(m, smtp, &mail))
    {
        /* void */
    }

    govd_smtp_close(&smtp);
    atomic_store(&m->busy, 0);
}


/* 0: no further one now */

static int
govd_mail_one(govd_mail_t *m, govd_smtp_t *smtp, gov_mail_t *mail)
{
    int              more;
    gov_rc_t         made;
    gov_str_t        why;
    gov_arena_t     *a;
    govd_letter_t    letter;
    govd_smtp_end_t  end;

    a = gov_arena_new(8192);

    if (govd_mail_take(m, a, gov_now(), mail, &letter, &made) != GOV_OK) {
        more = 0;

    } else if (made == GOV_OK) {
        m->sent++;
        end = govd_smtp_send(smtp, a, &letter, &why);
        more = govd_mail_sent(m, a, mail, end, why);

    } else if (made == GOV_NOT_FOUND) {
        more = govd_mail_taken(m, a, mail, 1) == GOV_OK;

    } else {
        more = govd_mail_unmade(m, a, mail, made) == GOV_OK;
    }

    gov_arena_free(&a);

    return more;
}


/* GOV_DONE: none is due; made: what became of its letter */

static gov_rc_t
govd_mail_take(govd_mail_t *m, gov_arena_t *a, int64_t now, gov_mail_t *mail,
    govd_letter_t *letter, gov_rc_t *made)
{
    gov_rc_t    rc;
    gov_txn_t  *t;

    rc = gov_txn_begin(m->g->store, GOV_TXN_READ, &t, NULL);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = govd_mail_next(m, t, a, now, mail);

    if (rc == GOV_OK) {
        *made = govd_letter_make(m->g->conf, t, a, mail, now, letter);
    }

    gov_txn_end(&t);

    return rc;
}


/* over rows that cannot be read, each told once */

static gov_rc_t
govd_mail_next(govd_mail_t *m, gov_txn_t *t, gov_arena_t *a, int64_t now,
    gov_mail_t *mail)
{
    gov_rc_t  rc;

    while ((rc = gov_mail_next(t, a, now, mail)) == GOV_CORRUPT) {

        if (mail->due > m->unread
            || (mail->due == m->unread && mail->account > m->whose))
        {
            m->unread = mail->due;
            m->whose = mail->account;
            govd_log(GOVD_ERROR, "the row of a mail to account %llu cannot "
                     "be read and is stepped over",
                     (unsigned long long) mail->account);
        }
    }

    return rc;
}


static int
govd_mail_sent(govd_mail_t *m, gov_arena_t *a, gov_mail_t *mail,
    govd_smtp_end_t end, gov_str_t why)
{
    if (end == GOVD_SMTP_DOWN) {
        govd_mail_down(m, a, why);
        return 0;
    }

    m->held = 0;

    if (end == GOVD_SMTP_SENT) {
        gov_point("mail_sent");
        return govd_mail_taken(m, a, mail, 0) == GOV_OK;
    }

    govd_log(GOVD_WARN, "a mail to account %llu was refused%s: %.*s",
             (unsigned long long) mail->account,
             end == GOVD_SMTP_LATER ? " for now" : "", gov_strf(why));

    return govd_mail_failed(m, a, mail, end == GOVD_SMTP_REFUSED, why)
           == GOV_OK;
}


static void
govd_mail_down(govd_mail_t *m, gov_arena_t *a, gov_str_t why)
{
    gov_value_t  *input;

    if (atomic_load(&m->g->stopping)) {
        return;
    }

    m->held = m->held == 0 ? 1 : m->held * 2;

    if (m->held > GOVD_HOLD_MOST) {
        m->held = GOVD_HOLD_MOST;
    }

    m->hold = gov_now() + m->held * GOVD_MINUTE;

    govd_log(GOVD_WARN, "no mail goes out, tried again in %lld minutes: %.*s",
             (long long) m->held, gov_strf(why));

    input = gov_map(a);
    gov_put_str(a, input, "why", why);
    (void) govd_mail_give(m, a, "mail.hold", input);
}


static gov_rc_t
govd_mail_failed(govd_mail_t *m, gov_arena_t *a, gov_mail_t *mail,
    int refused, gov_str_t why)
{
    gov_value_t  *input;

    input = govd_mail_input(a, mail);
    gov_put_str(a, input, "why", why);

    if (refused) {
        gov_put_bool(a, input, "refused", 1);
    }

    return govd_mail_note(m, a, "mail.failed", input);
}


/* behind the others: what it names may be put back */

static gov_rc_t
govd_mail_unmade(govd_mail_t *m, gov_arena_t *a, gov_mail_t *mail,
    gov_rc_t made)
{
    gov_value_t  *input;

    govd_log(GOVD_ERROR, "a mail to account %llu cannot be made: %s",
             (unsigned long long) mail->account, gov_rc_name(made));

    input = govd_mail_input(a, mail);
    gov_put_bool(a, input, "unmade", 1);
    gov_put_c(a, input, "why", "邮件所涉及的记录无法读取");

    return govd_mail_note(m, a, "mail.failed", input);
}


static gov_rc_t
govd_mail_taken(govd_mail_t *m, gov_arena_t *a, gov_mail_t *mail, int empty)
{
    gov_value_t  *input, *list;

    input = govd_mail_input(a, mail);
    list = mail->rec.notices;

    if (list != NULL && list->n) {
        gov_put_int(a, input, "last", list->last->u.i);
    }

    if (empty) {
        gov_put_bool(a, input, "empty", 1);
    }

    return govd_mail_note(m, a, "mail.sent", input);
}


static gov_value_t *
govd_mail_input(gov_arena_t *a, gov_mail_t *mail)
{
    gov_value_t  *input;

    input = gov_map(a);
    gov_put_int(a, input, "due", mail->due);
    gov_put_int(a, input, "account", (int64_t) mail->account);

    return input;
}


/* what cannot be noted now is owed: the mail would go out again and again */

static gov_rc_t
govd_mail_note(govd_mail_t *m, gov_arena_t *a, const char *command,
    gov_value_t *input)
{
    gov_rc_t  rc;

    rc = govd_mail_give(m, a, command, input);

    if (rc != GOV_OK && rc != GOV_NOT_FOUND) {
        m->owing = gov_arena_new(1024);
        m->owed = command;
        m->input = gov_value_copy(m->owing, input);
    }

    return rc;
}


/* gives it again */

static int
govd_mail_owes(govd_mail_t *m)
{
    gov_rc_t      rc;
    gov_arena_t  *a;

    if (m->owing == NULL) {
        return 0;
    }

    a = gov_arena_new(2048);
    rc = govd_mail_give(m, a, m->owed, m->input);
    gov_arena_free(&a);

    if (rc == GOV_OK || rc == GOV_NOT_FOUND) {
        gov_arena_free(&m->owing);
    }

    return m->owing != NULL;
}


/* waits until it is durable; what is owed was told when it came to be */

static gov_rc_t
govd_mail_give(govd_mail_t *m, gov_arena_t *a, const char *command,
    gov_value_t *input)
{
    gov_rc_t    rc;
    govd_job_t  job;

    memset(&job, 0, sizeof(govd_job_t));
    job.arena = a;
    job.done = govd_mail_given;
    job.data = m;
    m->done = 0;

    rc = govd_own_give(m->g, &job, command, input);
    if (rc != GOV_OK) {
        return rc;
    }

    (void) pthread_mutex_lock(&m->mutex);

    while (!m->done) {
        (void) pthread_cond_wait(&m->cond, &m->mutex);
    }

    (void) pthread_mutex_unlock(&m->mutex);

    if (job.rc != GOV_OK && m->owing == NULL) {
        govd_log(GOVD_WARN, "%s: %s", command, job.err.text);
    }

    return job.rc;
}


static void
govd_mail_given(govd_job_t *job)
{
    govd_mail_t  *m = job->data;

    (void) pthread_mutex_lock(&m->mutex);
    m->done = 1;
    (void) pthread_cond_signal(&m->cond);
    (void) pthread_mutex_unlock(&m->mutex);
}
