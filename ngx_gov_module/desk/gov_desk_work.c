
/*
 * Copyright (C) ngx_gov authors
 *
 * work.begin, work.end: long work, which govd does by itself once it is
 * written down that somebody asked for it.
 *
 * An import is asked for with its table, which the door keeps as a file and
 * names by digest.  The right to a row is judged with the row, when it comes
 * to it: who may import nowhere at all is told here.
 */


#include "desk/gov_desk_file.h"
#include "people/gov_work.h"


typedef gov_rc_t (*gov_bytes_does_pt)(gov_txn_t *t, gov_arena_t *a,
    uint32_t site, gov_str_t digest);


static gov_rc_t gov_desk_work_judge(gov_cmd_t *c, uint32_t *at);
static gov_rc_t gov_desk_work_anywhere(gov_cmd_t *c, gov_right_t right);
static int gov_desk_work_same(gov_cmd_t *c, gov_work_t *w, uint32_t site);
static gov_rc_t gov_desk_work_new(gov_cmd_t *c, uint32_t site,
    gov_work_t *w);
static gov_rc_t gov_desk_work_table(gov_cmd_t *c, gov_str_t hex,
    gov_bytes_does_pt does);
static gov_rc_t gov_desk_work_done(gov_cmd_t *c, gov_str_t table);
static gov_value_t *gov_desk_work_input(gov_cmd_t *c);


/* of work.begin, those that its work is given again */

static const char  *gov_desk_work_names[] = {
    "site", "column", "host_pattern", "mode", NULL
};


gov_rc_t
gov_desk_work_begin(gov_cmd_t *c)
{
    gov_rc_t     rc;
    unsigned     i, n;
    uint32_t     site;
    gov_work_t   fresh, *w, *list;

    rc = gov_desk_work_judge(c, &site);

    if (rc == GOV_OK) {
        rc = gov_work_waiting(c->txn, c->arena, &list, &n);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    w = NULL;

    for (i = 0; i < n; i++) {
        if (gov_desk_work_same(c, &list[i], site)) {
            w = &list[i];
        }
    }

    if (w == NULL) {
        if (n == GOV_WORKS_WAIT) {
            return gov_fail(c->err, GOV_BUSY, "",
                            "等待的工作过多，请稍后再试");
        }

        w = &fresh;
        rc = gov_desk_work_new(c, site, w);
    }

    gov_put_int(c->arena, c->out, "work", (int64_t) w->id);

    return rc;
}


static gov_rc_t
gov_desk_work_judge(gov_cmd_t *c, uint32_t *at)
{
    gov_rc_t          rc;
    gov_site_t        site;
    gov_work_kind_t  *kind;

    *at = GOV_HUB;
    kind = gov_work_kind(gov_desk_str(c, "work"));

    if (kind == NULL) {
        return gov_fail(c->err, GOV_INVALID, "work",
                        "只能是 journal.verify、store.check、site.import、"
                        "doc.import");
    }

    if (kind->table != gov_desk_has(c, "table")) {
        return gov_fail(c->err, GOV_INVALID, "csv",
                        kind->table ? "缺少“%s”" : "这项工作不用“%s”",
                        "csv");
    }

    if (gov_desk_has(c, "site")) {
        if (!kind->site) {
            return gov_fail(c->err, GOV_INVALID, "site",
                            "这项工作不分站点");
        }

        rc = gov_desk_site(c, "site", &site);
        if (rc != GOV_OK) {
            return rc;
        }

        *at = site.id;
    }

    return kind->table
           ? gov_desk_work_anywhere(c, kind->right)
           : gov_desk_may(c, kind->right, *at, 0, "work");
}


static gov_rc_t
gov_desk_work_anywhere(gov_cmd_t *c, gov_right_t right)
{
    gov_rc_t   rc;
    unsigned   n;
    uint32_t  *sites;

    rc = gov_who_roots(c->txn, c->arena, c->op->who, right, &sites, &n);

    return rc != GOV_OK || n != 0
           ? rc : gov_fail(c->err, GOV_DENIED, "work", "没有“%s”权限",
                           gov_right_title(right));
}


/* of whom else, with the same table, is another's, and so is what brings it
 * in elsewhere or otherwise */

static int
gov_desk_work_same(gov_cmd_t *c, gov_work_t *w, uint32_t site)
{
    unsigned  i;

    for (i = 0; gov_desk_work_names[i]; i++) {
        if (!gov_str_eq(gov_get_str(w->rec.input, gov_desk_work_names[i]),
                        gov_desk_str(c, gov_desk_work_names[i])))
        {
            return 0;
        }
    }

    return w->rec.site == site
           && gov_str_eq(w->rec.name, gov_desk_str(c, "work"))
           && gov_str_eq(w->rec.head, gov_desk_str(c, "head"))
           && gov_str_eq(w->rec.table, gov_desk_str(c, "table"))
           && (w->rec.table.len == 0
               || w->rec.account == (int64_t) c->op->who->account);
}


static gov_rc_t
gov_desk_work_new(gov_cmd_t *c, uint32_t site, gov_work_t *w)
{
    gov_rc_t  rc;

    memset(w, 0, sizeof(gov_work_t));

    w->rec.name = gov_desk_str(c, "work");
    w->rec.site = site;
    w->rec.account = (int64_t) c->op->who->account;
    w->rec.actor = c->op->actor;
    w->rec.begun = c->op->time;
    w->rec.head = gov_desk_str(c, "head");
    w->rec.table = gov_desk_str(c, "table");
    w->rec.total = gov_get_int(c->in, "rows", 0);
    w->rec.input = gov_desk_work_input(c);

    rc = gov_work_put(c->txn, c->arena, w);

    return rc == GOV_OK && w->rec.table.len != 0
           ? gov_desk_work_table(c, w->rec.table, gov_bytes_need) : rc;
}


static gov_rc_t
gov_desk_work_table(gov_cmd_t *c, gov_str_t hex, gov_bytes_does_pt does)
{
    u_char    raw[GOV_DIGEST_LEN];
    gov_rc_t  rc;

    rc = gov_desk_digest(c, hex, "table", raw);

    return rc == GOV_OK ? does(c->txn, c->arena, GOV_BYTES_WORK,
                               (gov_str_t) { GOV_DIGEST_LEN, raw })
                        : rc;
}


static gov_value_t *
gov_desk_work_input(gov_cmd_t *c)
{
    unsigned      i;
    gov_str_t     s;
    gov_value_t  *input;

    input = gov_map(c->arena);

    for (i = 0; gov_desk_work_names[i]; i++) {
        s = gov_desk_str(c, gov_desk_work_names[i]);

        if (s.len != 0) {
            gov_put_str(c->arena, input, gov_desk_work_names[i], s);
        }
    }

    return input->n != 0 ? input : NULL;
}


gov_rc_t
gov_desk_work_end(gov_cmd_t *c)
{
    gov_rc_t    rc;
    uint64_t    id;
    gov_work_t  w;

    id = (uint64_t) gov_get_int(c->in, "work", 0);
    rc = gov_work_get(c->txn, c->arena, id, &w);

    if (rc != GOV_OK) {
        return gov_fail(c->err, rc, "work", "没有编号为 %llu 的工作",
                        (unsigned long long) id);
    }

    if (w.rec.ended) {
        return gov_fail(c->err, GOV_CONFLICT, "work", "这项工作已经结束");
    }

    gov_rec_own(c->arena, &gov_rec_work, &w.rec);

    w.rec.ended = c->op->time;
    w.rec.ok = gov_get_bool(c->in, "ok");
    w.rec.result = gov_member(c->in, "result");

    /* how far it came stands outside the journal */

    w.rec.done = 0;
    w.rec.total = 0;

    rc = gov_work_put(c->txn, c->arena, &w);

    return rc == GOV_OK && w.rec.table.len != 0
           ? gov_desk_work_done(c, w.rec.table) : rc;
}


/* somebody else may have asked for the same table */

static gov_rc_t
gov_desk_work_done(gov_cmd_t *c, gov_str_t table)
{
    gov_rc_t     rc;
    unsigned     i, n;
    gov_work_t  *list;

    rc = gov_work_waiting(c->txn, c->arena, &list, &n);

    for (i = 0; rc == GOV_OK && i < n; i++) {
        if (gov_str_eq(list[i].rec.table, table)) {
            return GOV_OK;
        }
    }

    return rc == GOV_OK ? gov_desk_work_table(c, table, gov_bytes_free) : rc;
}
