
/*
 * Copyright (C) ngx_gov authors
 *
 * Pages of a site, and the way to one.
 */


#include "view/gov_console_int.h"


gov_rc_t
gov_console_tasks(gov_console_t *c, gov_err_t *err)
{
    (void) c;
    (void) err;

    return GOV_OK;
}


gov_rc_t
gov_console_sites(gov_console_t *c, gov_err_t *err)
{
    (void) c;
    (void) err;

    return GOV_OK;
}


gov_rc_t
gov_console_site(gov_console_t *c, gov_err_t *err)
{
    return gov_console_ask(c, "site.get", gov_console_here(c), "facts", err);
}
