
/*
 * Copyright (C) ngx_gov authors
 *
 * Pages of the journal.
 */


#include "view/gov_console_int.h"


#define GOV_CONSOLE_ENTRIES  50
#define GOV_CONSOLE_WORKS    5
#define GOV_CONSOLE_ALL_WORKS  20


static gov_rc_t gov_console_entries(gov_console_t *c, gov_value_t *in,
    gov_err_t *err);
static gov_rc_t gov_console_journal_ask(gov_console_t *c,
    const char *question, gov_value_t *in, const char *key, gov_err_t *err);
static gov_rc_t gov_console_verified(gov_console_t *c, gov_value_t *in,
    gov_err_t *err);


gov_rc_t
gov_console_journal(gov_console_t *c, gov_err_t *err)
{
    gov_rc_t   rc;
    gov_str_t  head;

    rc = gov_journal_note(c->txn, c->arena, &head);

    if (rc == GOV_OK) {
        gov_put_str(c->arena, c->out, "head", head);
        rc = gov_console_verified(c, gov_map(c->arena), err);
    }

    return rc == GOV_OK ? gov_console_entries(c, gov_console_args(c, "after"),
                                              err)
                        : rc;
}


/* a journal that cannot be read is no reason to show nothing: its page says
 * so, and what a verification found */

static gov_rc_t
gov_console_journal_ask(gov_console_t *c, const char *question,
    gov_value_t *in, const char *key, gov_err_t *err)
{
    gov_rc_t  rc;

    rc = gov_console_ask(c, question, in, key, err);

    if (rc == GOV_CORRUPT) {
        memset(err, 0, sizeof(gov_err_t));
        gov_put_bool(c->arena, c->out, "unreadable", 1);
        rc = GOV_OK;
    }

    return rc;
}


/* the last times it was verified, or is */

static gov_rc_t
gov_console_verified(gov_console_t *c, gov_value_t *in, gov_err_t *err)
{
    gov_put_c(c->arena, in, "work", "journal.verify");
    gov_put_int(c->arena, in, "limit", GOV_CONSOLE_WORKS);

    return gov_console_ask(c, "work.list", in, "works", err);
}


/* all of one's own, and what one might have asked for oneself */

gov_rc_t
gov_console_works(gov_console_t *c, gov_err_t *err)
{
    gov_value_t  *in;

    in = gov_console_args(c, "work site after");
    gov_put_int(c->arena, in, "limit", GOV_CONSOLE_ALL_WORKS);

    return gov_console_ask(c, "work.list", in, "works", err);
}


gov_rc_t
gov_console_site_journal(gov_console_t *c, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_value_t  *in;

    in = gov_console_args(c, "after");
    gov_put_str(c->arena, in, "site", c->site.rec.code);

    rc = gov_console_verified(c, gov_console_here(c), err);

    return rc == GOV_OK ? gov_console_entries(c, in, err) : rc;
}


static gov_rc_t
gov_console_entries(gov_console_t *c, gov_value_t *in, gov_err_t *err)
{
    gov_put_int(c->arena, in, "limit", GOV_CONSOLE_ENTRIES);

    return gov_console_journal_ask(c, "journal.list", in, "journal", err);
}


gov_rc_t
gov_console_entry(gov_console_t *c, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_buf_t     b;
    gov_value_t  *in, *input;

    in = gov_map(c->arena);
    gov_put_str(c->arena, in, "seq", gov_get_str(c->params, "seq"));

    rc = gov_console_ask(c, "journal.get", in, "entry", err);
    if (rc != GOV_OK) {
        return rc;
    }

    input = gov_member(gov_member(c->out, "entry"), "input");
    gov_buf_init(&b, c->arena, 1024);

    if (input != NULL) {
        gov_json_write(&b, input, GOV_JSON_PRETTY);
    }

    gov_put_str(c->arena, c->out, "input_text", b.s);

    return GOV_OK;
}
