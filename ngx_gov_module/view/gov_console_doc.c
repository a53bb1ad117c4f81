
/*
 * Copyright (C) ngx_gov authors
 *
 * Pages of documents.
 */


#define _GNU_SOURCE     /* memmem() */

#include "view/gov_console_int.h"


#define GOV_CONSOLE_DOCS    50
#define GOV_CONSOLE_CHOICE  100         /* files to choose from */
#define GOV_CONSOLE_ACTS    200         /* the last, or those of a page */


static gov_value_t *gov_console_this(gov_console_t *c);
static void gov_console_text(gov_console_t *c);
static void gov_console_acts(gov_console_t *c);
static void gov_console_locked(gov_console_t *c);
static gov_rc_t gov_console_logged(gov_console_t *c, int64_t after,
    gov_err_t *err);
static gov_rc_t gov_console_library(gov_console_t *c, gov_err_t *err);


gov_rc_t
gov_console_docs(gov_console_t *c, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_value_t  *in;

    if (gov_console_may(c, GOV_RIGHT_DOC_WRITE, c->site.id, GOV_ANY_COLUMN)) {
        gov_put_bool(c->arena, c->out, "may_write", 1);

        if (gov_console_may(c, GOV_RIGHT_DOC_PUBLISH, c->site.id,
                            GOV_ANY_COLUMN))
        {
            gov_put_bool(c->arena, c->out, "may_import", 1);
        }
    }

    in = gov_console_args(c, "column state step text maker after");
    gov_put_str(c->arena, in, "site", c->site.rec.code);
    gov_put_int(c->arena, in, "limit", GOV_CONSOLE_DOCS);

    rc = gov_console_ask(c, "doc.list", in, "docs", err);

    return rc == GOV_OK ? gov_console_choices(c, err) : rc;
}


gov_rc_t
gov_console_doc_import(gov_console_t *c, gov_err_t *err)
{
    return gov_console_choices(c, err);
}


gov_rc_t
gov_console_doc_new(gov_console_t *c, gov_err_t *err)
{
    gov_rc_t  rc;

    c->editor = 1;

    rc = gov_console_choices(c, err);

    return rc == GOV_OK ? gov_console_library(c, err) : rc;
}


/* the newest files of the site, to be chosen from */

static gov_rc_t
gov_console_library(gov_console_t *c, gov_err_t *err)
{
    gov_value_t  *in;

    in = gov_console_here(c);
    gov_put_int(c->arena, in, "limit", GOV_CONSOLE_CHOICE);

    return gov_console_ask(c, "file.list", in, "library", err);
}


gov_rc_t
gov_console_doc(gov_console_t *c, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_value_t  *in;

    in = gov_console_this(c);
    gov_put_int(c->arena, in, "version", c->doc.rec.last);
    gov_put_bool(c->arena, in, "html", 1);

    rc = gov_console_ask(c, "doc.get", in, "doc", err);

    if (rc == GOV_OK) {
        rc = gov_console_logged(c, c->doc.rec.logs - GOV_CONSOLE_ACTS, err);
    }

    if (rc == GOV_OK) {
        rc = gov_console_ask(c, "doc.links", gov_console_this(c), "dead",
                             err);
    }

    if (rc == GOV_OK) {
        rc = gov_console_choices(c, err);
    }

    gov_console_text(c);
    gov_console_acts(c);
    gov_console_locked(c);

    return rc;
}


static gov_rc_t
gov_console_logged(gov_console_t *c, int64_t after, gov_err_t *err)
{
    gov_value_t  *in;

    in = gov_console_this(c);
    gov_put_int(c->arena, in, "after", after > 0 ? after : 0);
    gov_put_int(c->arena, in, "limit", GOV_CONSOLE_ACTS);

    return gov_console_ask(c, "doc.log", in, "log", err);
}


/* all that was done with it, from the first act on */

gov_rc_t
gov_console_log(gov_console_t *c, gov_err_t *err)
{
    int64_t  after;

    return gov_console_logged(c, gov_str_int(gov_console_arg(c, "after"),
                                             &after) == 0 ? after : 0, err);
}


/* links of the site's pages that lead nowhere */

gov_rc_t
gov_console_links(gov_console_t *c, gov_err_t *err)
{
    gov_value_t  *in;

    in = gov_console_args(c, "maker after");
    gov_put_str(c->arena, in, "site", c->site.rec.code);
    gov_put_int(c->arena, in, "limit", GOV_CONSOLE_DOCS);

    return gov_console_ask(c, "site.links", in, "links", err);
}


/* files and documents of a text are where the console shows them: the public
 * may not have them yet */

static void
gov_console_text(gov_console_t *c)
{
    u_char       *p, *last, *found;
    gov_buf_t     b;
    gov_str_t     html, rest;
    gov_value_t  *doc;

    doc = gov_member(c->out, "doc");
    html = gov_get_str(doc, "html");

    if (html.len == 0) {
        return;
    }

    gov_buf_init(&b, c->arena, html.len + 256);
    p = html.data;
    last = p + html.len;

    while ((found = memmem(p, last - p, "=\"", 2)) != NULL) {
        rest.data = found + 2;
        rest.len = last - rest.data;

        gov_buf_add(&b, p, rest.data - p);
        p = rest.data;

        if (gov_str_starts(rest, "/files/")) {
            gov_buf_fmt(&b, GOV_CONSOLE_BASE "site/%.*s/file/",
                        gov_strf(c->site.rec.code));
            p += sizeof("/files/") - 1;

        } else if (gov_str_starts(rest, GOV_DOC_URL)) {
            gov_buf_c(&b, GOV_CONSOLE_BASE "doc/");
            p += sizeof(GOV_DOC_URL) - 1;
        }
    }

    gov_buf_add(&b, p, last - p);
    gov_set(doc, "html", gov_val_str(c->arena, b.s));
}


/* somebody else holds its lock */

static void
gov_console_locked(gov_console_t *c)
{
    gov_value_t  *lock;

    lock = c->doc.rec.lock;

    if (gov_get_int(lock, "until", 0) > c->now
        && (uint64_t) gov_get_int(lock, "by", 0) != c->me.account.id)
    {
        gov_put_bool(c->arena, c->out, "locked", 1);
    }
}


/* what who is signed in may do with it at its step: a map of names */

static void
gov_console_acts(gov_console_t *c)
{
    int           act;
    gov_err_t     quiet;
    gov_right_t   right;
    gov_value_t  *acts;

    acts = gov_put_map(c->arena, c->out, "acts");

    for (act = 1; act < GOV_ACT_MAX; act++) {
        memset(&quiet, 0, sizeof(gov_err_t));

        if (gov_flow_right(&c->doc.rec, (gov_act_t) act, &right, &quiet)
            == GOV_OK
            && gov_console_may(c, right, c->site.id,
                               (uint32_t) c->doc.rec.column))
        {
            gov_put_bool(c->arena, acts, gov_act_name(act), 1);
        }
    }
}


/* the last version, which the live one may not be */

gov_rc_t
gov_console_doc_edit(gov_console_t *c, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_value_t  *in;

    c->editor = 1;

    in = gov_console_this(c);
    gov_put_int(c->arena, in, "version", c->doc.rec.last);

    rc = gov_console_ask(c, "doc.get", in, "doc", err);
    gov_console_locked(c);

    return rc == GOV_OK ? gov_console_library(c, err) : rc;
}


gov_rc_t
gov_console_versions(gov_console_t *c, gov_err_t *err)
{
    return gov_console_ask(c, "doc.versions", gov_console_this(c),
                           "versions", err);
}


gov_rc_t
gov_console_diff(gov_console_t *c, gov_err_t *err)
{
    gov_value_t  *in;

    in = gov_console_args(c, "from to");
    gov_put_int(c->arena, in, "doc", (int64_t) c->doc.id);

    return gov_console_ask(c, "doc.diff", in, "diff", err);
}


static gov_value_t *
gov_console_this(gov_console_t *c)
{
    gov_value_t  *in;

    in = gov_map(c->arena);
    gov_put_int(c->arena, in, "doc", (int64_t) c->doc.id);

    return in;
}
