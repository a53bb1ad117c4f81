
/*
 * Copyright (C) ngx_gov authors
 *
 * What is looked at and is no page of the console: a file of a site that may
 * not be public yet.  Judged here, served by the caller.
 */


#include "view/gov_console_int.h"


/* by its digest, whatever its name was or is: nothing that was not found
 * clean, and nothing made of it, is given to anybody */

gov_rc_t
gov_console_file(gov_console_t *c, gov_err_t *err)
{
    gov_rc_t         rc;
    gov_file_rec_t   whole;

    c->digest = gov_get_str(c->params, "digest");

    rc = gov_file_whole(c->txn, c->arena, c->site.id, c->digest, &c->file,
                        &whole);

    if (rc == GOV_OK && whole.state == GOV_FILE_OK) {
        return GOV_DONE;
    }

    c->digest.len = 0;

    return gov_fail(err, GOV_NOT_FOUND, "", "没有这个文件");
}
