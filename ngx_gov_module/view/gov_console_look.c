
/*
 * Copyright (C) ngx_gov authors
 *
 * What is looked at and is no page of the console: a file of a site that may
 * not be public yet.  Judged here, served by the caller.
 */


#include "view/gov_console_int.h"


static gov_rc_t gov_console_whole(gov_console_t *c, gov_file_rec_t *whole);


/*
 * By its digest, whatever its name was or is.  A refused one has no bytes to
 * be looked at; one that nothing has scanned yet goes to those who may bring
 * it, and never opens in the browser.
 */

gov_rc_t
gov_console_file(gov_console_t *c, gov_err_t *err)
{
    gov_rc_t         rc;
    gov_file_rec_t   whole;

    c->digest = gov_get_str(c->params, "digest");
    rc = gov_console_whole(c, &whole);

    if (rc == GOV_OK && whole.state == GOV_FILE_OK) {
        return GOV_DONE;
    }

    if (rc == GOV_OK && whole.state == GOV_FILE_HELD
        && gov_console_may(c, GOV_RIGHT_DOC_WRITE, c->site.id,
                           GOV_ANY_COLUMN))
    {
        c->file.type = gov_s("application/octet-stream");
        return GOV_DONE;
    }

    c->digest.len = 0;

    return gov_fail(err, GOV_NOT_FOUND, "", "没有这个文件");
}


/* of a variant the file it was made of tells what was found */

static gov_rc_t
gov_console_whole(gov_console_t *c, gov_file_rec_t *whole)
{
    gov_rc_t   rc;
    gov_str_t  of;

    rc = gov_file_load(c->txn, c->arena, c->site.id, c->digest, &c->file);
    *whole = c->file;

    if (rc != GOV_OK || c->file.of.len == 0) {
        return rc;
    }

    of = gov_hex_str(c->arena, c->file.of.data, c->file.of.len);

    return gov_file_load(c->txn, c->arena, c->site.id, of, whole);
}
