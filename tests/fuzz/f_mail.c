
/*
 * Copyright (C) ngx_gov authors
 *
 * Mails made of what people wrote.  First byte: a is an address, w words of a
 * header, else a line is the title of a document that is submitted and the
 * rest what is said with it.
 */


#include "govd/govd_mail.h"

#include "fuzz_people.h"


static govd_conf_t  f_conf;


/* it stands alone between "<" and ">", and in RCPT */

static void
f_address(gov_str_t s)
{
    size_t  i;

    if (!gov_mail_valid(s)) {
        return;
    }

    f_must(s.len >= 3 && s.len <= 200 && memchr(s.data, '@', s.len));

    for (i = 0; i < s.len; i++) {
        f_must(s.data[i] > ' ' && s.data[i] < 0x7f);
        f_must(strchr("<>,;:\"()", s.data[i]) == NULL);
    }
}


/* a reader of encoded words: what is between two of them is one fold */

static gov_str_t
f_decoded(gov_arena_t *a, gov_str_t s)
{
    u_char      c;
    gov_buf_t   b;
    gov_str_t   word;
    u_char     *end;

    gov_buf_init(&b, a, s.len);

    while (s.len) {
        f_must(gov_str_starts(s, "=?UTF-8?Q?"));
        s.data += 10;
        s.len -= 10;

        for (word = s; s.len && *s.data != '?'; s.data++, s.len--) {
            f_must(*s.data > ' ' && *s.data < 0x7f);
        }

        word.len = (size_t) (s.data - word.data);
        f_must(gov_str_starts(s, "?="));
        s.data += 2;
        s.len -= 2;

        for (end = word.data + word.len; word.data < end; word.data++) {
            c = *word.data;

            if (c == '=') {
                f_must(end - word.data > 2);
                f_must(gov_unhex(&c, (gov_str_t) { 2, word.data + 1 }, 1)
                       == 0);
                word.data += 2;
            }

            gov_buf_add(&b, &c, 1);
        }

        if (s.len) {
            f_must(gov_str_starts(s, "\r\n =?"));
            s.data += 3;
            s.len -= 3;
        }
    }

    return b.s;
}


static void
f_words(gov_arena_t *a, gov_str_t text)
{
    size_t     i, n;
    gov_buf_t  b;

    gov_buf_init(&b, a, 128);
    govd_letter_words(&b, text);

    f_must(gov_str_eq(f_decoded(a, b.s), text));

    for (i = 0, n = 0; gov_utf8_valid(text) && i < b.s.len; i++) {
        n = b.s.data[i] == '\n' ? 0 : n + 1;
        f_must(n <= 77);
    }
}


static void
f_set_up(gov_txn_t *txn, gov_arena_t *a)
{
    static const char  *reader[][2] = {
        { "policy.put", "{\"name\":\"flow\",\"rules\":["
          "{\"from\":\"2020-01-01\",\"reviews\":1}]}" },
        { "user.create", "{\"login\":\"rev\",\"name\":\"审\","
          "\"role\":\"reviewer\",\"mail\":\"rev@city.test\"}" }
    };

    f_must(gov_mail_use(txn, a, 1) == GOV_OK);
    f_apply_all(txn, a, reader, 2);
}


static void
f_letter(gov_txn_t *txn, gov_arena_t *a)
{
    gov_mail_t     mail;
    govd_letter_t  l;

    f_conf.mail_from = "noreply@city.test";
    f_conf.portal_url = "https://www.city.test";
    memset(&mail, 0, sizeof(gov_mail_t));

    f_must(gov_mail_next(txn, a, F_NOW + 3600 * (int64_t) 1000000, &mail)
           == GOV_OK);
    f_must(govd_letter_make(&f_conf, txn, a, &mail, F_NOW, &l) == GOV_OK);

    f_must(gov_utf8_valid(l.text) && gov_text_clean(l.text));
    f_must(gov_mail_valid(l.to) && gov_mail_valid(l.from));
    f_words(a, l.subject);
    f_words(a, l.name);
}


static void
f_submitted(gov_arena_t *a, gov_str_t rest)
{
    gov_txn_t    *txn;
    gov_value_t  *input;

    f_people();
    txn = f_begin(GOV_TXN_WRITE);
    f_set_up(txn, a);

    input = gov_map(a);
    gov_put_c(a, input, "site", "610402");
    gov_put_c(a, input, "column", "xxgk/tzgg");
    gov_put_c(a, input, "body", "正文");
    gov_put_str(a, input, "title", f_line(&rest));

    if (f_apply(txn, a, gov_s("doc.create"), input) == GOV_OK) {
        input = gov_map(a);
        gov_put_int(a, input, "doc", 3);
        gov_put_str(a, input, "reason", rest);

        if (f_apply(txn, a, gov_s("doc.submit"), input) == GOV_OK) {
            f_letter(txn, a);
        }
    }

    gov_txn_end(&txn);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gov_str_t     s;
    gov_arena_t  *a;

    if (size == 0 || size > 4096) {
        return 0;
    }

    a = gov_arena_new(16384);
    s = f_str(data + 1, size - 1);

    if (data[0] == 'a') {
        f_address(s);

    } else if (data[0] == 'w') {
        f_words(a, s);

    } else {
        f_submitted(a, s);
    }

    gov_arena_free(&a);

    return 0;
}
