
/*
 * Copyright (C) ngx_gov authors
 *
 * What waits for who is signed in, across their sites.
 */


#include "view/gov_console_int.h"


gov_rc_t
gov_console_tasks(gov_console_t *c, gov_err_t *err)
{
    (void) c;
    (void) err;

    return GOV_OK;
}
