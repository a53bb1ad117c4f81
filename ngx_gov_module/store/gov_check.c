
/*
 * Copyright (C) ngx_gov authors
 *
 * The whole store read: every pair by one cursor, so every page in use.
 * A damaged page raises a signal inside LMDB: this runs in a process of its
 * own, which opens the store itself, comes back from the signal, names the
 * site that was being read and goes on with the next one.  Nothing is freed
 * of what was in hand; the process ends soon.
 *
 * Looked at: the key's shape and place, the value's checksum, the record's
 * decoding, a body's digest against its key, a site's marks against the
 * journal's head, a site's usage against the sum of its counted values, and
 * both chains of the journal.
 */


#include <setjmp.h>
#include <signal.h>
#include <stdio.h>

#include "store/gov_store_int.h"


/* after so many pages that cannot be read the rest is not looked for */
#define GOV_CHECK_BROKEN  100


typedef struct {
    gov_txn_t      *txn;
    gov_arena_t    *arena;
    gov_report_pt   report;
    void           *data;
    uint64_t        values;
    uint64_t        faults;
    uint64_t        head;
    unsigned        broken;

    uint32_t        site;         /* whose range the cursor is in */
    int64_t         counted;
    int64_t         usage;
} gov_check_t;


static void gov_check_signals(int on);
static void gov_check_signal(int signo);
static gov_rc_t gov_check_sites(gov_check_t *c);
static gov_rc_t gov_check_walk(gov_check_t *c);
static void gov_check_journal(gov_check_t *c);
static void gov_check_pair(gov_check_t *c, gov_str_t key, gov_str_t value);
static void gov_check_value(gov_check_t *c, gov_table_t t, gov_str_t key,
    gov_str_t value);
static void gov_check_rec(gov_check_t *c, gov_table_t t, gov_str_t key,
    void *rec);
static int gov_check_body(gov_str_t key, size_t head, gov_body_rec_t *b);
static void gov_check_site_end(gov_check_t *c);
static void gov_check_fault(gov_check_t *c, uint32_t site, gov_str_t key,
    const char *text);


static int  gov_check_signos[] = { SIGBUS, SIGSEGV, SIGABRT };

#define GOV_CHECK_SIGNOS  (sizeof(gov_check_signos) / sizeof(int))

static struct sigaction  gov_check_old[GOV_CHECK_SIGNOS];
static sigjmp_buf        gov_check_back;


gov_rc_t
gov_store_check(gov_store_t *s, gov_report_pt report, void *data,
    uint64_t *values, uint64_t *faults, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_check_t   c;

    memset(&c, 0, sizeof(gov_check_t));

    c.report = report;
    c.data = data;

    rc = gov_txn_begin(s, GOV_TXN_READ, &c.txn, err);
    if (rc != GOV_OK) {
        return rc;
    }

    c.arena = gov_arena_new(16384);
    c.head = gov_journal_head(c.txn);

    gov_check_signals(1);

    rc = gov_check_sites(&c);

    if (rc == GOV_OK) {
        gov_check_journal(&c);
    }

    gov_check_signals(0);

    gov_txn_end(&c.txn);
    gov_arena_free(&c.arena);

    *values = c.values;
    *faults = c.faults;

    if (rc != GOV_OK) {
        return gov_fail(err, rc, "", "数据库无法读完");
    }

    return c.faults == 0 ? GOV_OK
                         : gov_fail(err, GOV_CORRUPT, "",
                                    "数据库有 %llu 处错误",
                                    (unsigned long long) c.faults);
}


static void
gov_check_signals(int on)
{
    unsigned          i;
    struct sigaction  sa;

    memset(&sa, 0, sizeof(struct sigaction));
    sa.sa_handler = gov_check_signal;
    (void) sigemptyset(&sa.sa_mask);

    for (i = 0; i < GOV_CHECK_SIGNOS; i++) {
        (void) sigaction(gov_check_signos[i], on ? &sa : &gov_check_old[i],
                         on ? &gov_check_old[i] : NULL);
    }
}


static void
gov_check_signal(int signo)
{
    siglongjmp(gov_check_back, signo);
}


/* walks on behind each site that cannot be read to its end */

static gov_rc_t
gov_check_sites(gov_check_t *c)
{
    gov_rc_t  rc;

    for ( ;; ) {
        rc = sigsetjmp(gov_check_back, 1) == 0 ? gov_check_walk(c)
                                               : GOV_CORRUPT;

        if (rc != GOV_CORRUPT) {
            return rc;
        }

        gov_check_fault(c, c->site, (gov_str_t) gov_null_string,
                        "数据页损坏，该站点的数据无法读完");

        if (++c->broken == GOV_CHECK_BROKEN || c->site == UINT32_MAX) {
            return GOV_CORRUPT;
        }

        c->site++;
        c->counted = 0;
        c->usage = 0;
    }
}


/* from the site's first key on */

static gov_rc_t
gov_check_walk(gov_check_t *c)
{
    void           *cursor;
    u_char          from[4];
    gov_rc_t        rc;
    gov_str_t       key, value;
    gov_backend_t  *backend;

    backend = c->txn->store->backend;

    rc = backend->cursor_open(c->txn->txn, &cursor);
    if (rc != GOV_OK) {
        return rc;
    }

    from[0] = (u_char) (c->site >> 24);
    from[1] = (u_char) (c->site >> 16);
    from[2] = (u_char) (c->site >> 8);
    from[3] = (u_char) c->site;

    key = (gov_str_t) { sizeof(from), from };
    rc = backend->cursor_move(cursor, GOV_MOVE_AT, &key, &value);

    while (rc == GOV_OK) {
        gov_arena_reset(c->arena);
        gov_check_pair(c, key, value);
        c->values++;

        rc = backend->cursor_move(cursor, GOV_MOVE_NEXT, &key, &value);
    }

    backend->cursor_close(cursor);

    if (rc != GOV_NOT_FOUND) {
        return rc;
    }

    gov_check_site_end(c);

    return GOV_OK;
}


static void
gov_check_journal(gov_check_t *c)
{
    uint64_t   entries;
    gov_err_t  why;

    memset(&why, 0, sizeof(gov_err_t));

    if (sigsetjmp(gov_check_back, 1) != 0) {
        gov_check_fault(c, GOV_HUB, (gov_str_t) gov_null_string,
                        "数据页损坏，日志无法读完");
        return;
    }

    if (gov_journal_verify(c->txn, GOV_HUB, &entries, NULL, &why) != GOV_OK) {
        gov_check_fault(c, GOV_HUB, (gov_str_t) gov_null_string, why.text);
    }
}


static void
gov_check_pair(gov_check_t *c, gov_str_t key, gov_str_t value)
{
    uint32_t     site;
    gov_key_t    k;
    gov_str_t    parts;
    gov_table_t  t;

    if (key.len < GOV_KEY_HEAD) {
        gov_check_fault(c, GOV_HUB, key, "键过短");
        return;
    }

    site = gov_key_get4(key, 0);

    if (site != c->site) {
        gov_check_site_end(c);
        c->site = site;
    }

    if (gov_key_split(key, &t, &k) != GOV_OK
        || (!gov_table_info[t].site && site != GOV_HUB))
    {
        gov_check_fault(c, site, key, "此处没有这样的表");
        return;
    }

    parts = (gov_str_t) { k.len, k.data };

    if (!gov_key_fits(gov_table_info[t].shape, parts)) {
        gov_check_fault(c, site, key, "键的形式不符");
        return;
    }

    gov_check_value(c, t, key, value);
}


static void
gov_check_value(gov_check_t *c, gov_table_t t, gov_str_t key,
    gov_str_t value)
{
    gov_any_rec_t      rec;
    gov_table_info_t  *info = &gov_table_info[t];

    if (info->counted) {
        c->counted += gov_quota_weight(t, value);
    }

    if (!gov_sum_holds(value)) {
        gov_check_fault(c, c->site, key, "校验和不符");
        return;
    }

    if (info->record == NULL) {
        if (!gov_marks_hold(value, c->head)) {
            gov_check_fault(c, c->site, key, "更新标记不成立");
        }

        return;
    }

    if (gov_rec_decode(c->arena, info->record, value, &rec) != GOV_OK) {
        gov_check_fault(c, c->site, key, "记录无法解读");
        return;
    }

    gov_check_rec(c, t, key, &rec);
}


static void
gov_check_rec(gov_check_t *c, gov_table_t t, gov_str_t key, void *rec)
{
    if (t == GOV_T_USAGE) {
        c->usage = ((gov_usage_rec_t *) rec)->n;
    }

    if ((t == GOV_T_BODIES && !gov_check_body(key, GOV_KEY_HEAD, rec))
        || (t == GOV_T_TEXTS && !gov_check_body(key, GOV_KEY_DOC, rec)))
    {
        gov_check_fault(c, c->site, key, "正文与散列值不符");
    }
}


/* behind its head, a body's key is the SHA-256 of its form, a zero byte and
 * its source */

static int
gov_check_body(gov_str_t key, size_t head, gov_body_rec_t *b)
{
    u_char         digest[GOV_DIGEST_LEN];
    gov_digest_t  *d;

    if (gov_digest_begin(GOV_SHA256, &d) != GOV_OK) {
        return 0;
    }

    gov_digest_add(d, b->form);
    gov_digest_add(d, (gov_str_t) { 1, (u_char *) "" });
    gov_digest_add(d, b->text);

    return gov_digest_end(&d, digest) == GOV_OK
           && key.len == head + GOV_DIGEST_LEN
           && memcmp(key.data + head, digest, GOV_DIGEST_LEN) == 0;
}


static void
gov_check_site_end(gov_check_t *c)
{
    if (c->counted != c->usage) {
        gov_check_fault(c, c->site, (gov_str_t) gov_null_string,
                        "用量与实际不符");
    }

    c->counted = 0;
    c->usage = 0;
}


static void
gov_check_fault(gov_check_t *c, uint32_t site, gov_str_t key,
    const char *text)
{
    char               line[768], hex[2 * 64 + 1];
    size_t             n;
    const char        *table;

    c->faults++;

    if (c->report == NULL) {
        return;
    }

    if (key.len == 0) {
        c->report(c->data, site, text);
        return;
    }

    n = key.len < 64 ? key.len : 64;
    gov_hex((u_char *) hex, key.data, n);
    hex[2 * n] = '\0';

    table = gov_table_info[gov_key_table(key)].name;

    (void) snprintf(line, sizeof(line), "%s %s：%s", table ? table : "?", hex,
                    text);

    c->report(c->data, site, line);
}
