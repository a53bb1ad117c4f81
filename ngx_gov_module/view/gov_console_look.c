
/*
 * Copyright (C) ngx_gov authors
 *
 * What is looked at and is no page of the console: a file of a site that may
 * not be public yet.  Judged here, served by the caller.
 */


#include "view/gov_console_int.h"


gov_rc_t
gov_console_file(gov_console_t *c, gov_err_t *err)
{
    int        is_public;
    gov_rc_t   rc;
    gov_str_t  digest;

    digest = gov_get_str(c->params, "digest");

    rc = gov_file_get(c->txn, c->arena, c->site.id, digest, c->now, &c->file,
                      &is_public);

    if (rc != GOV_OK
        || !gov_str_eq(c->file.name, gov_get_str(c->params, "name")))
    {
        return gov_fail(err, GOV_NOT_FOUND, "", "没有这个文件");
    }

    c->digest = digest;

    return GOV_DONE;
}
