
/*
 * Copyright (C) ngx_gov authors
 *
 * Questions about the journal and the store.
 */


#include "view/gov_query_int.h"
#include "desk/gov_commands.h"


#define GOV_COMMAND_SAID(id, name, right, scope, summary, title)              \
    { name, summary, title },

/* of commands, in the journal's words */

static struct {
    const char  *command;
    const char  *summary;
    const char  *title;
} gov_commands_said[] = {
    GOV_COMMANDS(GOV_COMMAND_SAID)
    GOV_COMMANDS_INNER(GOV_COMMAND_SAID)
    { NULL, NULL, NULL }
};


static void gov_ask_entry_said(gov_ask_t *q, gov_value_t *row,
    gov_str_t command);
static gov_rc_t gov_ask_entries(gov_ask_t *q, uint32_t site, uint64_t seq,
    gov_value_t *rows);
static gov_rc_t gov_ask_before(gov_ask_t *q, uint32_t site, uint64_t *seq);
static gov_rc_t gov_ask_entry(gov_ask_t *q, uint64_t seq,
    gov_entry_rec_t *entry);
static gov_rc_t gov_ask_made(gov_ask_t *q, gov_value_t *rows, uint64_t seq,
    uint64_t before);
static void gov_ask_entry_row(gov_ask_t *q, gov_value_t *row, uint64_t seq,
    gov_entry_rec_t *entry);
static gov_str_t gov_ask_entry_sites(gov_ask_t *q, gov_entry_rec_t *entry);
static int gov_ask_entry_site(gov_ask_t *q, gov_buf_t *codes, uint32_t site);
static gov_rc_t gov_ask_held(gov_ask_t *q);
static gov_str_t gov_ask_opid(gov_ask_t *q, gov_str_t op);


/* a site's entries are the one that made it and the links of its chain */

gov_rc_t
gov_query_journal_list(gov_ask_t *q)
{
    uint64_t       after;
    gov_rc_t       rc;
    gov_site_t     site;
    gov_value_t   *rows;

    memset(&site, 0, sizeof(gov_site_t));
    site.id = GOV_HUB;

    if (gov_member(q->in, "site")) {
        rc = gov_ask_site(q, "site", &site);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    rows = gov_put_list(q->arena, q->out, "rows");

    after = (uint64_t) gov_get_int(q->in, "after", 0);

    rc = gov_ask_entries(q, site.id, after, rows);

    if (rc == GOV_DONE) {
        rc = gov_ask_made(q, rows, (uint64_t) site.rec.made, after);
    }

    return rc;
}


/* the eldest of a site's; it has no link */

static gov_rc_t
gov_ask_made(gov_ask_t *q, gov_value_t *rows, uint64_t seq, uint64_t before)
{
    gov_rc_t         rc;
    gov_entry_rec_t  entry;

    if (seq == 0 || (before != 0 && seq >= before)) {
        return GOV_OK;
    }

    rc = gov_ask_entry(q, seq, &entry);

    if (rc == GOV_OK) {
        gov_ask_entry_row(q, gov_add_map(q->arena, rows), seq, &entry);
    }

    return rc;
}


static gov_rc_t
gov_ask_entries(gov_ask_t *q, uint32_t site, uint64_t seq, gov_value_t *rows)
{
    gov_rc_t         rc;
    unsigned         limit;
    gov_entry_rec_t  entry;

    limit = gov_ask_limit(q);

    for ( ;; ) {
        rc = gov_ask_before(q, site, &seq);

        if (rc != GOV_OK || seq == 0) {
            return rc == GOV_OK ? GOV_DONE : rc;
        }

        rc = gov_ask_entry(q, seq, &entry);
        if (rc != GOV_OK) {
            return rc;
        }

        gov_ask_entry_row(q, gov_add_map(q->arena, rows), seq, &entry);

        if (rows->n == limit) {
            gov_put_int(q->arena, q->out, "next", (int64_t) seq);
            return GOV_OK;
        }
    }
}


/* the platform's entries have no gaps */

static gov_rc_t
gov_ask_before(gov_ask_t *q, uint32_t site, uint64_t *seq)
{
    gov_rc_t  rc;
    uint64_t  next;

    if (site != GOV_HUB) {
        return gov_journal_before(q->txn, q->arena, site, seq);
    }

    rc = gov_journal_next(q->txn, &next);

    if (rc == GOV_OK) {
        *seq = (*seq == 0 || *seq > next ? next : *seq) - 1;
    }

    return rc;
}


static gov_rc_t
gov_ask_entry(gov_ask_t *q, uint64_t seq, gov_entry_rec_t *entry)
{
    return gov_journal_get(q->txn, q->arena, seq, entry);
}


static void
gov_ask_entry_row(gov_ask_t *q, gov_value_t *row, uint64_t seq,
    gov_entry_rec_t *entry)
{
    gov_put_int(q->arena, row, "seq", (int64_t) seq);
    gov_ask_time(q, row, "time", entry->time);
    gov_put_str(q->arena, row, "actor", entry->actor);
    gov_put_str(q->arena, row, "origin", entry->origin);
    gov_put_str(q->arena, row, "command", entry->command);
    gov_ask_entry_said(q, row, entry->command);
    gov_put_str(q->arena, row, "sites",
                gov_ask_entry_sites(q, entry));
    gov_put_str(q->arena, row, "op", gov_ask_opid(q, entry->op));
    gov_put_str(q->arena, row, "hash",
                gov_hex_str(q->arena, entry->hash.data, entry->hash.len));
}


static void
gov_ask_entry_said(gov_ask_t *q, gov_value_t *row, gov_str_t command)
{
    unsigned  i;

    for (i = 0; gov_commands_said[i].command; i++) {
        if (gov_str_is(command, gov_commands_said[i].command)) {
            gov_put_c(q->arena, row, "title", gov_commands_said[i].title);
            gov_put_c(q->arena, row, "summary", gov_commands_said[i].summary);
            return;
        }
    }
}


/* codes of those it made and changed, as far as a row has room */

static gov_str_t
gov_ask_entry_sites(gov_ask_t *q, gov_entry_rec_t *entry)
{
    int64_t       n;
    gov_buf_t     codes;
    gov_value_t  *site, *last;

    gov_buf_init(&codes, q->arena, 64);

    for (site = entry->made ? entry->made->u.first : NULL;
         site != NULL && site->next != NULL;
         site = last->next)
    {
        last = site->next;

        for (n = site->u.i; n <= last->u.i; n++) {
            if (!gov_ask_entry_site(q, &codes, (uint32_t) n)) {
                break;
            }
        }
    }

    gov_each(site, entry->sites) {
        if (!gov_ask_entry_site(q, &codes, (uint32_t) site->u.i)) {
            break;
        }
    }

    return codes.s;
}


/* 0: there is no more room, or no such site */

static int
gov_ask_entry_site(gov_ask_t *q, gov_buf_t *codes, uint32_t site)
{
    gov_str_t  code;

    if (codes->s.len >= 200) {
        return 0;
    }

    code = gov_ask_code(q, site);

    if (code.len == 0) {
        return 0;
    }

    gov_buf_fmt(codes, "%s%.*s", codes->s.len ? " " : "", gov_strf(code));

    return 1;
}


gov_rc_t
gov_query_journal_get(gov_ask_t *q)
{
    gov_rc_t          rc;
    uint64_t          seq;
    gov_value_t      *input;
    gov_entry_rec_t   entry;

    seq = (uint64_t) gov_get_int(q->in, "seq", 0);

    rc = gov_ask_entry(q, seq, &entry);
    if (rc != GOV_OK) {
        return gov_fail(q->err, rc, "seq", "没有第 %llu 条日志",
                        (unsigned long long) seq);
    }

    gov_ask_entry_row(q, q->out, seq, &entry);
    gov_put_str(q->arena, q->out, "prev",
                gov_hex_str(q->arena, entry.prev.data, entry.prev.len));

    rc = gov_json_parse(q->arena, entry.input, &input, q->err);
    if (rc == GOV_OK) {
        gov_put(q->out, "input", input);
    }

    return rc;
}


static gov_str_t
gov_ask_opid(gov_ask_t *q, gov_str_t op)
{
    return op.len == GOV_OPID_LEN ? gov_opid_str(q->arena, op.data)
                                  : (gov_str_t) gov_null_string;
}


gov_rc_t
gov_query_operation_get(gov_ask_t *q)
{
    u_char        id[GOV_OPID_LEN];
    gov_rc_t      rc;
    uint64_t      seq;
    gov_value_t  *verdict;

    if (gov_opid_parse(gov_get_str(q->in, "op"), id) != 0) {
        return gov_fail(q->err, GOV_INVALID, "op", "操作号应是 UUID");
    }

    rc = gov_applied(q->txn, q->arena, id, &verdict, &seq);
    if (rc != GOV_OK) {
        return gov_fail(q->err, rc, "op", "没有这一操作的记录");
    }

    gov_put_int(q->arena, q->out, "seq", (int64_t) seq);
    gov_put(q->out, "verdict", verdict);

    return GOV_OK;
}


gov_rc_t
gov_query_store_stats(gov_ask_t *q)
{
    gov_value_t  *stats, *v;

    stats = gov_store_stats(gov_txn_store(q->txn), q->arena);

    gov_each(v, stats) {
        gov_put_key(q->out, v->key, gov_value_copy(q->arena, v));
    }

    gov_put_int(q->arena, q->out, "journal",
                (int64_t) gov_journal_head(q->txn));

    return gov_ask_held(q);
}


/* files that wait for the scanner, counted up to a bound */

static gov_rc_t
gov_ask_held(gov_ask_t *q)
{
    size_t      n;
    gov_rc_t    rc;
    gov_key_t   k;
    gov_scan_t  sc;

    n = 0;

    rc = gov_scan_open(&sc, gov_handle(q->txn, GOV_HUB), GOV_T_HELD,
                       gov_key(&k), GOV_FORWARD);

    if (rc == GOV_OK) {
        rc = gov_scan_skip(&sc, GOV_ASK_LOOK_MAX, &n);
        gov_scan_close(&sc);
    }

    gov_put_int(q->arena, q->out, "held", (int64_t) n);

    return rc == GOV_DONE ? GOV_OK : rc;
}
