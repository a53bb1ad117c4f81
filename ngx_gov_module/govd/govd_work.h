
/*
 * Copyright (C) ngx_gov authors
 *
 * What of a work is known to the files that speak HTTP.
 */


#ifndef _GOVD_WORK_H_INCLUDED_
#define _GOVD_WORK_H_INCLUDED_


#include <microhttpd.h>

#include "govd/govd_int.h"


/* a response that streams the work's lines; it frees itself */
gov_rc_t govd_work_begin(govd_conf_t *conf, gov_str_t name, gov_str_t input,
    struct MHD_Connection *connection, struct MHD_Response **response,
    gov_err_t *err);

/* ends the processes of all works, so that their answers end soon */
void govd_works_stop(void);


#endif /* _GOVD_WORK_H_INCLUDED_ */
