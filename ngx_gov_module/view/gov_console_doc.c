
/*
 * Copyright (C) ngx_gov authors
 *
 * Pages of documents.
 */


#include "view/gov_console_int.h"


gov_rc_t
gov_console_docs(gov_console_t *c, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_value_t  *in;

    in = gov_console_args(c, "column state after");
    gov_put_str(c->arena, in, "site", c->site.rec.code);
    gov_put_int(c->arena, in, "limit", 50);

    rc = gov_console_ask(c, "doc.list", in, "docs", err);

    return rc == GOV_OK ? gov_console_columns(c, err) : rc;
}


gov_rc_t
gov_console_doc_new(gov_console_t *c, gov_err_t *err)
{
    return gov_console_columns(c, err);
}


gov_rc_t
gov_console_doc(gov_console_t *c, gov_err_t *err)
{
    gov_value_t  *in;

    in = gov_map(c->arena);
    gov_put_int(c->arena, in, "doc", (int64_t) c->doc.id);

    return gov_console_ask(c, "doc.get", in, "doc", err);
}
