
/*
 * Copyright (C) ngx_gov authors
 *
 * Bodies of documents in the journal.  A body is stored once, beside the
 * document it is of; the journal's input holds
 *
 *     {"$body": "<its name, hex>", "$site": <number>}
 *
 * in its place, at any depth, and a replay puts the text back from there
 * (gov_desk_replay.c).  A body that the command did not store (a refused row
 * of an import) stays in the input, so that a replay refuses it again.
 */


#include "desk/gov_desk_int.h"


#define GOV_DESK_DEAD_SHOWN  5


static gov_rc_t gov_desk_body_of(gov_cmd_t *c, uint64_t *doc);
static gov_seen_body_t *gov_desk_seen(gov_cmd_t *c, gov_str_t s,
    unsigned *at);
static gov_value_t *gov_desk_noted_value(gov_cmd_t *c, gov_value_t *v,
    unsigned *at);


gov_rc_t
gov_desk_body(gov_cmd_t *c, uint32_t site, uint64_t doc, gov_str_t form,
    gov_str_t source, gov_str_t *name)
{
    gov_rc_t          rc;
    unsigned          max;
    gov_body_made_t   made;
    gov_body_made_t  *known;
    gov_seen_body_t  *b;

    rc = gov_desk_safe(c, form, source, &made);
    known = rc == GOV_OK ? &made : NULL;

    if (rc == GOV_OK || rc == GOV_NOT_FOUND) {
        rc = gov_desk_body_of(c, &doc);
    }

    if (rc == GOV_OK) {
        rc = gov_body_put(c->txn, c->arena, site, doc, form, source, known,
                          name, c->err);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    if (c->n_bodies == c->max_bodies) {
        max = c->max_bodies ? c->max_bodies * 2 : 8;

        b = gov_alloc(c->arena, max * sizeof(gov_seen_body_t));
        if (c->n_bodies) {
            memcpy(b, c->bodies, c->n_bodies * sizeof(gov_seen_body_t));
        }

        c->bodies = b;
        c->max_bodies = max;
    }

    b = &c->bodies[c->n_bodies++];
    b->source = source;
    b->name = gov_hex_str(c->arena, name->data, name->len);
    b->site = site;

    return GOV_OK;
}


/* a document without a number gets the next one */

static gov_rc_t
gov_desk_body_of(gov_cmd_t *c, uint64_t *doc)
{
    gov_rc_t  rc;

    if (c->op->by_digest) {
        *doc = 0;
        return GOV_OK;
    }

    if (*doc != 0) {
        return GOV_OK;
    }

    rc = gov_last(c->txn, "doc", doc);
    ++*doc;

    return rc;
}


gov_rc_t
gov_desk_dead_of(gov_cmd_t *c, gov_site_t *site, uint32_t column,
    gov_str_t body, gov_value_t *rows)
{
    gov_rc_t         rc;
    gov_body_rec_t   b;

    rc = gov_body_get(c->txn, c->arena, site->id, body, &b);

    return rc == GOV_OK ? gov_body_dead(c->txn, c->arena, site, column,
                                        b.html, c->op->time, rows)
                        : rc;
}


gov_rc_t
gov_desk_dead(gov_cmd_t *c, gov_site_t *site, uint32_t column,
    gov_str_t body)
{
    gov_rc_t      rc;
    unsigned      n;
    gov_value_t  *rows, *row;

    rows = gov_list(c->arena);

    rc = gov_desk_dead_of(c, site, column, body, rows);
    if (rc != GOV_OK) {
        return rc;
    }

    n = 0;

    gov_each (row, rows) {
        if (n++ == GOV_DESK_DEAD_SHOWN) {
            gov_desk_warn(c, "还有 %u 个链接打不开",
                          (unsigned) rows->n - GOV_DESK_DEAD_SHOWN);
            break;
        }

        gov_desk_warn(c, "链接“%.*s”打不开（%s）：请点“修改”重新选择或者删去，"
                      "不影响送审和发布",
                      gov_strf(gov_utf8_head(gov_get_str(row, "url"), 80)),
                      gov_str_c(c->arena, gov_get_str(row, "title")));
    }

    return GOV_OK;
}


gov_value_t *
gov_desk_noted(gov_cmd_t *c, gov_value_t *input)
{
    unsigned  at;

    at = 0;

    return c->n_bodies ? gov_desk_noted_value(c, input, &at) : input;
}


static gov_value_t *
gov_desk_noted_value(gov_cmd_t *c, gov_value_t *v, unsigned *at)
{
    gov_value_t      *copy, *item;
    gov_seen_body_t  *b;

    switch (v->kind) {

    case GOV_STR:
        b = gov_desk_seen(c, v->u.s, at);

        if (b == NULL) {
            return gov_val_str(c->arena, v->u.s);
        }

        copy = gov_map(c->arena);
        gov_put_str(c->arena, copy, "$body", b->name);
        gov_put_int(c->arena, copy, "$site", b->site);
        return copy;

    case GOV_LIST:
        copy = gov_list(c->arena);
        gov_each(item, v) {
            gov_add(copy, gov_desk_noted_value(c, item, at));
        }
        return copy;

    case GOV_MAP:
        copy = gov_map(c->arena);
        gov_each(item, v) {
            gov_put_key(copy, item->key, gov_desk_noted_value(c, item, at));
        }
        return copy;

    default:
        copy = gov_alloc(c->arena, sizeof(gov_value_t));
        *copy = *v;
        copy->next = NULL;
        return copy;
    }
}


/* bodies come in the order of the input, so the next one is tried first */

static gov_seen_body_t *
gov_desk_seen(gov_cmd_t *c, gov_str_t s, unsigned *at)
{
    unsigned          i, k;
    gov_seen_body_t  *b;

    if (s.len == 0) {
        return NULL;
    }

    for (i = 0; i < c->n_bodies; i++) {
        k = (*at + i) % c->n_bodies;
        b = &c->bodies[k];

        if (b->source.data == s.data && b->source.len == s.len) {
            *at = k + 1;
            return b;
        }
    }

    return NULL;
}
