
/*
 * Copyright (C) ngx_gov authors
 *
 * Mail by SMTP, the only file that uses libcurl's easy interface in govd.
 *
 *     smtp://HOST       STARTTLS if the server has it; a user is told to it
 *                       under TLS alone
 *     starttls://HOST   STARTTLS or nothing
 *     smtps://HOST      TLS from the first byte
 *
 * What a failure means follows from the server's code and the command it
 * answered, which libcurl does not tell but to its log: 5xx to RCPT is the
 * reader's, anything after it the mail's, all else the server's or ours.  A
 * server that was given the whole mail and answers nothing, or goes, does so
 * for that mail: it may have it, and others are no worse off.
 */


#define _GNU_SOURCE

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "govd/govd_mail.h"


#define GOVD_SMTP_CONNECT  10L      /* s */
#define GOVD_SMTP_ANSWER   600L     /* RFC 5321 4.5.3.2.6: of the whole mail */
#define GOVD_SMTP_TIMEOUT  660L


struct govd_smtp_s {
    CURL         *curl;
    govd_conf_t  *conf;
    atomic_int   *stop;
    char         *url;
    char         *secret;           /* or NULL */
    char          said[CURL_ERROR_SIZE];
    int           code;             /* of the last answer */
    int           stage;            /* what was said last: GOVD_AT_... */
    int           answered;         /* what the code answered */
};

enum {
    GOVD_AT_BEGIN = 0,
    GOVD_AT_RCPT,
    GOVD_AT_DATA,
    GOVD_AT_QUIT
};


static void govd_smtp_set(govd_smtp_t *s);
static char *govd_smtp_secret(void);
static struct curl_slist *govd_smtp_head(gov_arena_t *a, govd_smtp_t *s,
    govd_letter_t *l);
static int govd_smtp_heard(CURL *curl, curl_infotype type, char *data,
    size_t size, void *own);
static int govd_smtp_wait(void *own, curl_off_t dltotal, curl_off_t dlnow,
    curl_off_t ultotal, curl_off_t ulnow);
static govd_smtp_end_t govd_smtp_judge(govd_smtp_t *s, CURLcode code);


govd_smtp_t *
govd_smtp_open(govd_conf_t *conf, atomic_int *stop)
{
    govd_smtp_t  *s;
    const char   *host;

    s = calloc(1, sizeof(govd_smtp_t));
    if (s == NULL) {
        return NULL;
    }

    s->conf = conf;
    s->stop = stop;
    s->curl = curl_easy_init();
    s->secret = govd_smtp_secret();

    host = strstr(conf->smtp, "://") + 3;

    if (s->curl == NULL
        || asprintf(&s->url, "%s://%s",
                    strncmp(conf->smtp, "smtps", 5) == 0 ? "smtps" : "smtp",
                    host) == -1)
    {
        s->url = NULL;
        govd_smtp_close(&s);
    }

    return s;
}


void
govd_smtp_close(govd_smtp_t **smtp)
{
    govd_smtp_t  *s = *smtp;

    *smtp = NULL;

    if (s != NULL) {
        curl_easy_cleanup(s->curl);
        free(s->url);
        free(s->secret);
        free(s);
    }
}


/* the first line of a file; NULL: there is none */

static char *
govd_smtp_secret(void)
{
    FILE    *f;
    char    *line;
    size_t   size;

    f = fopen(GOVD_SMTP_SECRET, "r");
    if (f == NULL) {
        return NULL;
    }

    line = NULL;
    size = 0;

    if (getline(&line, &size, f) > 0) {
        line[strcspn(line, "\r\n")] = '\0';
    }

    (void) fclose(f);

    return line;
}


govd_smtp_end_t
govd_smtp_send(govd_smtp_t *s, gov_arena_t *a, govd_letter_t *l,
    gov_str_t *why)
{
    CURLcode            code;
    curl_mime          *mime;
    curl_mimepart      *part;
    struct curl_slist  *head, *to;

    govd_smtp_set(s);

    mime = curl_mime_init(s->curl);
    part = curl_mime_addpart(mime);
    head = govd_smtp_head(a, s, l);
    to = curl_slist_append(NULL, gov_str_c(a, l->to));

    (void) curl_mime_data(part, (char *) l->text.data, l->text.len);
    (void) curl_mime_type(part, "text/plain; charset=utf-8");
    (void) curl_mime_encoder(part, "base64");

    (void) curl_easy_setopt(s->curl, CURLOPT_MAIL_RCPT, to);
    (void) curl_easy_setopt(s->curl, CURLOPT_HTTPHEADER, head);
    (void) curl_easy_setopt(s->curl, CURLOPT_MIMEPOST, mime);

    code = head == NULL || to == NULL ? CURLE_OUT_OF_MEMORY
                                      : curl_easy_perform(s->curl);

    *why = gov_str_fmt(a, "%s%s%d",
                       s->said[0] && gov_text_clean(gov_str_of(s->said))
                       ? s->said : curl_easy_strerror(code),
                       s->code ? ", " : ", no answer ", s->code);

    curl_easy_reset(s->curl);
    curl_slist_free_all(to);
    curl_slist_free_all(head);
    curl_mime_free(mime);

    return govd_smtp_judge(s, code);
}


static void
govd_smtp_set(govd_smtp_t *s)
{
    CURL  *c = s->curl;
    long   ssl;

    s->said[0] = '\0';
    s->code = 0;
    s->stage = GOVD_AT_BEGIN;
    s->answered = GOVD_AT_BEGIN;

    ssl = strncmp(s->conf->smtp, "smtp://", 7) == 0 && s->secret == NULL
          ? CURLUSESSL_TRY : CURLUSESSL_ALL;

    (void) curl_easy_setopt(c, CURLOPT_URL, s->url);
    (void) curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    (void) curl_easy_setopt(c, CURLOPT_PROXY, "");
    (void) curl_easy_setopt(c, CURLOPT_USE_SSL, ssl);
    (void) curl_easy_setopt(c, CURLOPT_MAIL_FROM, s->conf->mail_from);
    (void) curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    (void) curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, GOVD_SMTP_CONNECT);
    (void) curl_easy_setopt(c, CURLOPT_SERVER_RESPONSE_TIMEOUT,
                            GOVD_SMTP_ANSWER);
    (void) curl_easy_setopt(c, CURLOPT_TIMEOUT, GOVD_SMTP_TIMEOUT);
    (void) curl_easy_setopt(c, CURLOPT_ERRORBUFFER, s->said);
    (void) curl_easy_setopt(c, CURLOPT_VERBOSE, 1L);
    (void) curl_easy_setopt(c, CURLOPT_DEBUGFUNCTION, govd_smtp_heard);
    (void) curl_easy_setopt(c, CURLOPT_DEBUGDATA, s);
    (void) curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    (void) curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, govd_smtp_wait);
    (void) curl_easy_setopt(c, CURLOPT_XFERINFODATA, s);

    if (s->secret != NULL) {
        (void) curl_easy_setopt(c, CURLOPT_PASSWORD, s->secret);
    }

    if (access(GOVD_SMTP_CA, F_OK) == 0) {
        (void) curl_easy_setopt(c, CURLOPT_CAINFO, GOVD_SMTP_CA);
        (void) curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
    }
}


/* Sender: who sends in the name of a site is the platform */

static struct curl_slist *
govd_smtp_head(gov_arena_t *a, govd_smtp_t *s, govd_letter_t *l)
{
    unsigned            i;
    gov_buf_t           b[7];
    struct curl_slist  *list, *more;

    for (i = 0; i < 7; i++) {
        gov_buf_init(&b[i], a, 128);
    }

    gov_buf_c(&b[0], "From: ");
    govd_letter_words(&b[0], l->name);
    gov_buf_fmt(&b[0], " <%.*s>", gov_strf(l->from));
    gov_buf_fmt(&b[1], "Sender: <%s>", s->conf->mail_from);
    gov_buf_fmt(&b[2], "To: <%.*s>", gov_strf(l->to));
    gov_buf_c(&b[3], "Subject: ");
    govd_letter_words(&b[3], l->subject);
    gov_buf_fmt(&b[4], "Date: %.*s +0000", (int) l->date.len - 4,
                l->date.data);
    gov_buf_fmt(&b[5], "Message-ID: <%.*s>", gov_strf(l->id));
    gov_buf_c(&b[6], "Auto-Submitted: auto-generated");

    list = NULL;

    for (i = 0; i < 7; i++) {
        more = curl_slist_append(list, gov_str_c(a, b[i].s));

        if (more == NULL) {
            curl_slist_free_all(list);
            return NULL;
        }

        list = more;
    }

    return list;
}


/* the code that counts is the last before the end of the conversation */

static int
govd_smtp_heard(CURL *curl, curl_infotype type, char *data, size_t size,
    void *own)
{
    govd_smtp_t  *s = own;

    (void) curl;

    if (type == CURLINFO_HEADER_OUT && size >= 4) {
        s->stage = memcmp(data, "RCPT", 4) == 0 ? GOVD_AT_RCPT
                   : memcmp(data, "DATA", 4) == 0 ? GOVD_AT_DATA
                   : memcmp(data, "QUIT", 4) == 0 ? GOVD_AT_QUIT
                   : s->stage;

    } else if (type == CURLINFO_HEADER_IN && size >= 3
               && s->stage != GOVD_AT_QUIT)
    {
        s->code = (data[0] - '0') * 100 + (data[1] - '0') * 10
                  + (data[2] - '0');
        s->answered = s->stage;
    }

    return 0;
}


static int
govd_smtp_wait(void *own, curl_off_t dltotal, curl_off_t dlnow,
    curl_off_t ultotal, curl_off_t ulnow)
{
    govd_smtp_t  *s = own;

    (void) dltotal;
    (void) dlnow;
    (void) ultotal;
    (void) ulnow;

    return atomic_load(s->stop);
}


static govd_smtp_end_t
govd_smtp_judge(govd_smtp_t *s, CURLcode code)
{
    if (code == CURLE_OK) {
        return GOVD_SMTP_SENT;
    }

    if (s->answered == GOVD_AT_DATA && code != CURLE_ABORTED_BY_CALLBACK) {
        return GOVD_SMTP_LATER;
    }

    if (s->code < 400 || s->answered == GOVD_AT_BEGIN) {
        return GOVD_SMTP_DOWN;
    }

    return s->answered == GOVD_AT_RCPT && s->code >= 500
           ? GOVD_SMTP_REFUSED : GOVD_SMTP_LATER;
}
