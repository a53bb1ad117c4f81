
/*
 * Copyright (C) ngx_gov authors
 *
 * A request on its way through a door: govd_door.c reads it and sends its
 * answer, govd_api.c decides what it is.
 *
 *     arrived --route--> reading --whole--> waiting --commit--> answered
 *                           |                                      ^
 *                           +--- asked, refused, too large --------+
 */


#ifndef _GOVD_DOOR_H_INCLUDED_
#define _GOVD_DOOR_H_INCLUDED_


#include "govd/govd_work.h"


typedef struct govd_request_s  govd_request_t;
typedef struct govd_route_s    govd_route_t;
typedef struct govd_upload_s   govd_upload_t;

struct govd_route_s {
    const char        *method;
    const char        *path;        /* ends with "/": a name follows */
    size_t             max;         /* bytes of a body */
    int                web;         /* 1: on web.sock too */
    /* the whole request is there: fills answer or work, or queues a job */
    void             (*run)(govd_request_t *r);
    /* a piece of the body; NULL: it is gathered */
    void             (*take)(govd_request_t *r, const char *data, size_t n);
};

struct govd_request_s {
    govd_t                 *g;
    govd_door_t            *door;
    struct MHD_Connection  *connection;
    govd_socket_t           which;
    gov_arena_t            *arena;
    govd_route_t           *route;
    gov_str_t               name;       /* what follows the route's path */

    gov_buf_t               body;
    size_t                  length;     /* of the body so far */
    govd_blob_t             blob;       /* a body that goes into a file */
    govd_upload_t          *upload;     /* a form with files */
    gov_err_t               err;        /* of storing it */

    int                     waiting;    /* the job is queued */
    int                     closing;    /* the connection cannot go on */
    govd_job_t              job;
    govd_answer_t           answer;     /* status 0: none yet */
    struct MHD_Response    *response;   /* instead: a work's lines */
};


/* sets route and name, or answer to why not */
void govd_route(govd_request_t *r, const char *method, const char *path);
/* a route's function in a file of its own */
void govd_api_batch(govd_request_t *r);
/* queues r->job; the connection sleeps until it is done */
void govd_door_queue(govd_request_t *r);
/* the same in two steps, the second from any thread */
void govd_door_sleep(govd_request_t *r);
void govd_door_put(govd_request_t *r);
/* instead of the second: there is no job */
void govd_door_wake(govd_request_t *r);


#endif /* _GOVD_DOOR_H_INCLUDED_ */
