
/*
 * Copyright (C) ngx_gov authors
 *
 * A form with files on its way through a door; see govd_upload.c.
 */


#ifndef _GOVD_UPLOAD_H_INCLUDED_
#define _GOVD_UPLOAD_H_INCLUDED_


#include "govd/govd_door.h"


/* a piece of the body, and its end */
void govd_upload_take(govd_request_t *r, const char *data, size_t n);
void govd_upload_run(govd_request_t *r);
/* the answer as a browser without scripts takes it */
void govd_upload_lead(govd_request_t *r);
/* the request is over, whole or broken off: nothing of it is left */
void govd_upload_drop(govd_upload_t **u);


#endif /* _GOVD_UPLOAD_H_INCLUDED_ */
