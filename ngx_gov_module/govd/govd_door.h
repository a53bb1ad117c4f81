
/*
 * Copyright (C) ngx_gov authors
 *
 * A request on its way through a door: govd_door.c reads it and sends its
 * answer, govd_api.c decides what it is, govd_web.c who asks.
 *
 *     arrived --route--> reading --whole--> waiting --commit--> answered
 *                           |                                      ^
 *                           +--- asked, refused, too large --------+
 *
 * Who signs in waits for the pool first, which puts the job (govd_sign.c).
 */


#ifndef _GOVD_DOOR_H_INCLUDED_
#define _GOVD_DOOR_H_INCLUDED_


#include "govd/govd_work.h"


typedef struct govd_request_s  govd_request_t;
typedef struct govd_route_s    govd_route_t;
typedef struct govd_upload_s   govd_upload_t;
typedef struct govd_sign_s     govd_sign_t;

/* who may come this way on web.sock: nobody, anybody, or who has a session of
 * one of these stages */
#define GOVD_CLOSED          0
#define GOVD_OPEN            0x100
#define govd_stage(stage)    (1u << (stage))
#define GOVD_SIGNED          govd_stage(GOV_STAGE_FULL)
#define GOVD_ANY_STAGE                                                        \
    (GOVD_SIGNED | govd_stage(GOV_STAGE_CODE)                                 \
     | govd_stage(GOV_STAGE_PASSWORD) | govd_stage(GOV_STAGE_FACTOR))

#define GOVD_FORM_MAX        16384      /* bytes of a form to sign in */

struct govd_route_s {
    const char        *method;
    const char        *path;        /* ends with "/": a name follows */
    size_t             max;         /* bytes of a body */
    unsigned           web;         /* on web.sock */
    int                form;        /* a form, told back when it fails */
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

    u_char                  token[GOV_TOKEN_LEN];
    gov_session_t           session;    /* of web.sock */
    gov_stage_t             stage;      /* it is at */
    int                     signed_in;  /* it is there */
    gov_value_t            *form;       /* lists of texts by name */
    govd_sign_t            *sign;
    govd_slow_t             slow;

    int                     waiting;    /* the connection sleeps */
    int                     closing;    /* the connection cannot go on */
    govd_job_t              job;
    govd_answer_t           answer;     /* status 0: none yet */
    /* the job is done, in the door's thread again: shapes the answer, or
     * makes the connection sleep again */
    void                  (*after)(govd_request_t *r);
    gov_str_t               cookie;     /* Set-Cookie */
    gov_str_t               device;     /* a second one */
    gov_str_t               to;         /* where a form that is done goes on */
    gov_str_t               location;   /* Location */
    gov_str_t               inside;     /* X-Accel-Redirect: nginx goes there */
    unsigned                retry;      /* s, Retry-After */
    struct MHD_Response    *response;   /* instead: a work's lines */
};


/* sets route and name, or answer to why not */
void govd_route(govd_request_t *r, const char *method, const char *path);
/* a route's function in a file of its own */
void govd_api_batch(govd_request_t *r);
/* r->job.op is filled: who asks is put, the job queued */
void govd_api_queue(govd_request_t *r);
/* the first half of it */
void govd_api_who(govd_request_t *r);
/* queues r->job; the connection sleeps until it is done */
void govd_door_queue(govd_request_t *r);
/* the same in two steps, the second from any thread */
void govd_door_sleep(govd_request_t *r);
void govd_door_put(govd_request_t *r);
/* instead of the second: there is no job */
void govd_door_wake(govd_request_t *r);

const char *govd_header(govd_request_t *r, const char *name);
/* of the operation, made by whoever asks or, when they do not, by nginx; ""
 * when neither did */
gov_str_t govd_header_op(govd_request_t *r);

/* who asks; these fill the answer when they do not return 0 */
int govd_web_judge(govd_request_t *r, unsigned stages);
int govd_web_csrf(govd_request_t *r, gov_str_t given);
/* 1: no other site's page sent it; else the answer is filled */
int govd_web_near(govd_request_t *r);
/* NULL: the browser is to forget it */
void govd_web_cookie(govd_request_t *r, u_char token[GOV_TOKEN_LEN]);
/* a cookie of this host's and no script's; life: s, -1 the browser's run */
gov_str_t govd_web_set_cookie(govd_request_t *r, const char *name,
    gov_str_t value, int life);
/* NULL: the browser has none */
const char *govd_web_cookie_of(govd_request_t *r, const char *name);
gov_str_t govd_web_address(govd_request_t *r);

/* the body read into r->form */
gov_rc_t govd_form_read(govd_request_t *r, gov_err_t *err);
/* one field's (last) text, or "" */
gov_str_t govd_form_str(govd_request_t *r, const char *name);
gov_value_t *govd_form_input(govd_request_t *r, gov_in_t *table);
/* what was typed, without secrets */
gov_value_t *govd_form_echo(gov_arena_t *a, gov_value_t *form);
/* a field that is an address inside the console; else "" */
gov_str_t govd_form_way(govd_request_t *r, const char *name);
/* the answer to a form whose job is done: {verdict, to} */
void govd_form_done(govd_request_t *r);
/* POST /console/do/COMMAND */
void govd_form_command(govd_request_t *r);
/* POST /console/text */
void govd_text(govd_request_t *r);


#endif /* _GOVD_DOOR_H_INCLUDED_ */
