
/*
 * Copyright (C) ngx_gov authors
 *
 * Pages of documents.
 */


#include "view/gov_console_int.h"


#define GOV_CONSOLE_DOCS  50


static gov_value_t *gov_console_this(gov_console_t *c);
static gov_rc_t gov_console_version(gov_console_t *c, const char *arg,
    const char *key, int64_t dflt, gov_err_t *err);


gov_rc_t
gov_console_docs(gov_console_t *c, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_value_t  *in;

    in = gov_console_args(c, "column state after");
    gov_put_str(c->arena, in, "site", c->site.rec.code);
    gov_put_int(c->arena, in, "limit", GOV_CONSOLE_DOCS);

    rc = gov_console_ask(c, "doc.list", in, "docs", err);

    return rc == GOV_OK ? gov_console_columns(c, err) : rc;
}


gov_rc_t
gov_console_doc_new(gov_console_t *c, gov_err_t *err)
{
    c->editor = 1;

    return gov_console_columns(c, err);
}


gov_rc_t
gov_console_doc(gov_console_t *c, gov_err_t *err)
{
    gov_value_t  *in;

    in = gov_console_this(c);
    gov_put_bool(c->arena, in, "html", 1);

    return gov_console_ask(c, "doc.get", in, "doc", err);
}


/* the last version, which the live one may not be */

gov_rc_t
gov_console_doc_edit(gov_console_t *c, gov_err_t *err)
{
    gov_value_t  *in;

    c->editor = 1;

    in = gov_console_this(c);
    gov_put_int(c->arena, in, "version", c->doc.rec.last);

    return gov_console_ask(c, "doc.get", in, "doc", err);
}


gov_rc_t
gov_console_versions(gov_console_t *c, gov_err_t *err)
{
    return gov_console_ask(c, "doc.versions", gov_console_this(c),
                           "versions", err);
}


/* "?a=1&b=2"; else the last one and the one before */

gov_rc_t
gov_console_diff(gov_console_t *c, gov_err_t *err)
{
    gov_rc_t  rc;

    rc = gov_console_version(c, "a", "old",
                             c->doc.rec.last > 1 ? c->doc.rec.last - 1 : 1,
                             err);

    if (rc == GOV_OK) {
        rc = gov_console_version(c, "b", "new", c->doc.rec.last, err);
    }

    if (rc == GOV_OK) {
        gov_put(c->out, "lines",
                gov_diff(c->arena,
                         gov_get_str(gov_member(c->out, "old"), "body"),
                         gov_get_str(gov_member(c->out, "new"), "body")));
    }

    return rc;
}


static gov_rc_t
gov_console_version(gov_console_t *c, const char *arg, const char *key,
    int64_t dflt, gov_err_t *err)
{
    gov_str_t     n;
    gov_value_t  *in;

    in = gov_console_this(c);
    n = gov_console_arg(c, arg);

    if (n.len) {
        gov_put_str(c->arena, in, "version", n);
    } else {
        gov_put_int(c->arena, in, "version", dflt);
    }

    return gov_console_ask(c, "doc.get", in, key, err);
}


static gov_value_t *
gov_console_this(gov_console_t *c)
{
    gov_value_t  *in;

    in = gov_map(c->arena);
    gov_put_int(c->arena, in, "doc", (int64_t) c->doc.id);

    return in;
}
