
/*
 * Copyright (C) ngx_gov authors
 *
 * HTTP/1.1 on the two sockets, by libmicrohttpd: epoll and four threads each.
 * The listening sockets are the parent's and outlive this process.
 *
 * Invariants:
 *
 *   1. A connection that waits for the writer is suspended before its job is
 *      queued and resumed by the job's done(), so a request is never touched
 *      by two threads at once.
 *   2. ctl.sock takes root and govd's own user, by the peer's credentials;
 *      on web.sock the peer is always nginx's user and nothing is believed
 *      but a session's token (govd_web.c).
 *   3. Once stopping, every answer says "Connection: close"; a connection
 *      that brings no further request is closed at the end.
 */


#define _GNU_SOURCE         /* struct ucred */

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "govd/govd_upload.h"


/*
 * Of a door: one for each core, so that what comes together is written
 * together; two, for one of them may have a long text to judge.
 */
#define GOVD_THREADS_MIN  2
#define GOVD_THREADS_MAX  4

#define GOVD_CONNECTIONS  2000
#define GOVD_IDLE         75        /* s; nginx keeps its own for 60 */
#define GOVD_NAME         64


struct govd_door_s {
    govd_t             *g;
    govd_socket_t       which;
    struct MHD_Daemon  *daemon;
    atomic_uint         requests;
    atomic_uint         connections;
    char                root[GOVD_NAME];    /* who may come by ctl.sock */
    char                own[GOVD_NAME];
};


static unsigned govd_door_threads(void);
static void govd_door_name(uid_t uid, char *name);
static enum MHD_Result govd_door_request(void *data,
    struct MHD_Connection *c, const char *url, const char *method,
    const char *version, const char *upload, size_t *size, void **place);
static enum MHD_Result govd_door_arrived(govd_door_t *door,
    struct MHD_Connection *c, const char *url, const char *method,
    govd_request_t **place);
static void govd_door_peer(govd_request_t *r);
static void govd_door_web(govd_request_t *r);
static int govd_door_too_large(govd_request_t *r, size_t n);
static void govd_door_upload(govd_request_t *r, const char *upload,
    size_t n);
static enum MHD_Result govd_door_answer(govd_request_t *r);
static void govd_door_headers(govd_request_t *r, struct MHD_Response *re);
static void govd_door_awake(govd_request_t *r);
static void govd_door_done(govd_job_t *job);
static void govd_door_completed(void *data, struct MHD_Connection *c,
    void **place, enum MHD_RequestTerminationCode how);
static void govd_door_connection(void *data, struct MHD_Connection *c,
    void **place, enum MHD_ConnectionNotificationCode what);
static void govd_door_log(void *data, const char *fmt, va_list args);


gov_rc_t
govd_door_open(govd_t *g, govd_socket_t which, govd_door_t **out,
    gov_err_t *err)
{
    govd_door_t  *door;

    door = calloc(1, sizeof(govd_door_t));
    if (door == NULL) {
        return gov_fail(err, GOV_ERROR, "", "内存不足");
    }

    door->g = g;
    door->which = which;
    govd_door_name(0, door->root);
    govd_door_name(geteuid(), door->own);

    door->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME
        | MHD_USE_ERROR_LOG,
        0, NULL, NULL, govd_door_request, door,
        MHD_OPTION_EXTERNAL_LOGGER, govd_door_log, door,
        MHD_OPTION_LISTEN_SOCKET, (MHD_socket) g->sockets[which],
        MHD_OPTION_THREAD_POOL_SIZE, govd_door_threads(),
        MHD_OPTION_CONNECTION_LIMIT, (unsigned) GOVD_CONNECTIONS,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned) GOVD_IDLE,
        MHD_OPTION_NOTIFY_COMPLETED, govd_door_completed, door,
        MHD_OPTION_NOTIFY_CONNECTION, govd_door_connection, door,
        MHD_OPTION_END);

    if (door->daemon == NULL) {
        free(door);
        return gov_fail(err, GOV_ERROR, "", "无法在 %s 上开始服务",
                        which == GOVD_WEB ? GOVD_SOCK_WEB : GOVD_SOCK_CTL);
    }

    *out = door;

    return GOV_OK;
}


static unsigned
govd_door_threads(void)
{
    unsigned  n;

    n = govd_pool_cores();

    return n < GOVD_THREADS_MIN ? GOVD_THREADS_MIN
           : n > GOVD_THREADS_MAX ? GOVD_THREADS_MAX : n;
}


/* asked for once: it takes files to be read */

static void
govd_door_name(uid_t uid, char *name)
{
    char            buf[2048];
    struct passwd   pw, *found;

    if (getpwuid_r(uid, &pw, buf, sizeof(buf), &found) == 0 && found) {
        (void) snprintf(name, GOVD_NAME, "%s", pw.pw_name);
    } else {
        (void) snprintf(name, GOVD_NAME, "%u", uid);
    }
}


void
govd_door_quiesce(govd_door_t *door)
{
    (void) MHD_quiesce_daemon(door->daemon);
}


unsigned
govd_door_busy(govd_door_t *door, unsigned *connections)
{
    *connections += atomic_load(&door->connections);

    return atomic_load(&door->requests);
}


void
govd_door_close(govd_door_t **door)
{
    if (*door != NULL) {
        MHD_stop_daemon((*door)->daemon);
        free(*door);
        *door = NULL;
    }
}


static enum MHD_Result
govd_door_request(void *data, struct MHD_Connection *c, const char *url,
    const char *method, const char *version, const char *upload,
    size_t *size, void **place)
{
    govd_request_t  *r = *place;

    (void) version;

    if (r == NULL) {
        return govd_door_arrived(data, c, url, method,
                                 (govd_request_t **) place);
    }

    if (*size) {
        govd_door_upload(r, upload, *size);
        *size = 0;
        return MHD_YES;
    }

    if (r->answer.status == 0 && r->err.code != GOV_OK) {
        govd_answer_err(r->arena, &r->answer, &r->err);
    }

    if (r->waiting) {
        govd_door_awake(r);

    } else if (r->answer.status == 0) {
        r->route->run(r);
    }

    /* asleep it is another thread's: not even looked at */

    return r->waiting ? MHD_YES : govd_door_answer(r);
}


static void
govd_door_awake(govd_request_t *r)
{
    void  (*after)(govd_request_t *r);

    r->waiting = 0;

    after = r->after;
    r->after = NULL;

    if (after) {
        after(r);
    }
}


/* headers only: what can be refused is, the rest is read */

static enum MHD_Result
govd_door_arrived(govd_door_t *door, struct MHD_Connection *c,
    const char *url, const char *method, govd_request_t **place)
{
    int64_t          n;
    const char      *length;
    govd_request_t  *r;

    r = calloc(1, sizeof(govd_request_t));
    if (r == NULL) {
        return MHD_NO;
    }

    atomic_fetch_add(&door->requests, 1);
    *place = r;

    r->g = door->g;
    r->door = door;
    r->which = door->which;
    r->connection = c;
    r->blob.fd = -1;
    r->arena = gov_arena_new_limited(4096, GOVD_ARENA_MAX);
    gov_buf_init(&r->body, r->arena, 0);

    r->answer.english = govd_wants_english(
        MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Accept-Language"));
    r->job.lang = govd_lang(&r->answer);

    govd_route(r, method, url);
    govd_door_peer(r);
    govd_door_web(r);

    if (r->answer.status) {
        return MHD_YES;
    }

    length = MHD_lookup_connection_value(c, MHD_HEADER_KIND,
                                         "Content-Length");

    if (length && gov_str_int(gov_str_of(length), &n) == 0
        && govd_door_too_large(r, (size_t) n))
    {
        return govd_door_answer(r);
    }

    return MHD_YES;
}


/* before a body is read: who may not come this way need not send one */

static void
govd_door_web(govd_request_t *r)
{
    if (r->which != GOVD_WEB || r->answer.status) {
        return;
    }

    r->job.op.door = GOV_DOOR_WEB;
    r->job.op.origin = gov_str_fmt(r->arena, "web %.*s",
                                   gov_strf(govd_web_address(r)));

    if (r->route->web & GOVD_OPEN) {
        (void) govd_web_near(r);
        return;
    }

    if (govd_web_judge(r, r->route->web) == 0 && !r->route->form
        && strcmp(r->route->method, "GET") != 0)
    {
        (void) govd_web_csrf(r, gov_str_of(govd_header(r, "Gov-Csrf")
                                           ? govd_header(r, "Gov-Csrf")
                                           : ""));
    }
}


static void
govd_door_peer(govd_request_t *r)
{
    socklen_t                        len;
    struct ucred                     peer;
    const union MHD_ConnectionInfo  *info;

    if (r->which != GOVD_CTL) {
        return;
    }

    info = MHD_get_connection_info(r->connection,
                                   MHD_CONNECTION_INFO_CONNECTION_FD);
    len = sizeof(struct ucred);

    if (info == NULL
        || getsockopt(info->connect_fd, SOL_SOCKET, SO_PEERCRED, &peer, &len)
           == -1
        || (peer.uid != 0 && peer.uid != geteuid()))
    {
        govd_answer_problem(r->arena, &r->answer, 403, "denied", "",
                            "只有平台的运行用户和 root 可以使用这个接口");
        return;
    }

    r->job.op.door = GOV_DOOR_CTL;
    r->job.op.origin = gov_s("ctl");
    r->job.op.actor = gov_str_of(peer.uid == 0 ? r->door->root
                                               : r->door->own);
}


static int
govd_door_too_large(govd_request_t *r, size_t n)
{
    gov_err_t  err;

    if (n <= r->route->max) {
        return 0;
    }

    memset(&err, 0, sizeof(gov_err_t));
    (void) gov_fail(&err, GOV_INVALID, "", "内容超过 %zu MB",
                    r->route->max / 1024 / 1024);

    govd_answer_problem(r->arena, &r->answer, 413, "too_large", "",
                        r->answer.english ? err.english : err.text);
    r->closing = 1;

    return 1;
}


static void
govd_door_upload(govd_request_t *r, const char *upload, size_t n)
{
    if (r->answer.status || r->err.code != GOV_OK) {
        return;
    }

    r->length += n;

    if (govd_door_too_large(r, r->length)) {
        return;
    }

    if (r->route->take) {
        r->route->take(r, upload, n);
        return;
    }

    gov_buf_add(&r->body, upload, n);
}


static enum MHD_Result
govd_door_answer(govd_request_t *r)
{
    unsigned              status;
    enum MHD_Result       rc;
    struct MHD_Response  *re;

    /* nginx buffers a verdict whole (but an upload's, which it passes on); one
     * larger than its buffer, of 8 MB, would break the visitor's connection.
     * What was typed is told back as long as it may be */

    if (r->which == GOVD_WEB && r->job.done && r->upload == NULL) {
        govd_answer_bound(r->arena, &r->answer, &r->job, r->to,
                          GOVD_VERDICT_MAX);
    }

    if (r->route && r->route->form && r->route->take) {
        govd_upload_lead(r);
    }

    re = r->response;
    status = 200;

    if (re == NULL) {
        status = (unsigned) r->answer.status;
        re = MHD_create_response_from_buffer(r->answer.body.len,
                                             r->answer.body.data,
                                             MHD_RESPMEM_PERSISTENT);
        if (re == NULL) {
            return MHD_NO;
        }
    }

    govd_door_headers(r, re);

    rc = MHD_queue_response(r->connection, status, re);
    MHD_destroy_response(re);
    r->response = NULL;

    return rc;
}


static void
govd_door_headers(govd_request_t *r, struct MHD_Response *re)
{
    char  number[24];

    (void) MHD_add_response_header(re, "Content-Type",
                                   r->response ? "application/x-ndjson"
                                               : r->answer.type);

    if (r->inside.len) {
        (void) MHD_add_response_header(re, "X-Accel-Redirect",
                                       gov_str_c(r->arena, r->inside));

    } else {
        (void) MHD_add_response_header(re, "Cache-Control", "no-store");
    }

    if (r->job.seq) {
        (void) snprintf(number, sizeof(number), "%llu",
                        (unsigned long long) r->job.seq);
        (void) MHD_add_response_header(re, "Gov-Entry", number);
    }

    if (r->job.op.command.len) {
        (void) MHD_add_response_header(re, "Gov-Operation",
            gov_str_c(r->arena, gov_opid_str(r->arena, r->job.op.id)));
    }

    if (r->answer.status == 503 || r->retry) {
        (void) snprintf(number, sizeof(number), "%u",
                        r->retry ? r->retry : 1);
        (void) MHD_add_response_header(re, "Retry-After", number);
    }

    if (r->cookie.len) {
        (void) MHD_add_response_header(re, "Set-Cookie",
                                       gov_str_c(r->arena, r->cookie));
    }

    if (r->device.len) {
        (void) MHD_add_response_header(re, "Set-Cookie",
                                       gov_str_c(r->arena, r->device));
    }

    if (r->location.len) {
        (void) MHD_add_response_header(re, "Location",
                                       gov_str_c(r->arena, r->location));
    }

    if (r->answer.status == 405) {
        (void) MHD_add_response_header(re, "Allow",
                                       strcmp(r->route->method, "GET") == 0
                                       ? "GET, HEAD" : r->route->method);
    }

    if (r->closing || atomic_load(&r->g->stopping)) {
        (void) MHD_add_response_header(re, "Connection", "close");
    }
}


void
govd_door_queue(govd_request_t *r)
{
    govd_door_sleep(r);
    govd_door_put(r);
}


void
govd_door_sleep(govd_request_t *r)
{
    r->waiting = 1;
    MHD_suspend_connection(r->connection);
}


void
govd_door_wake(govd_request_t *r)
{
    MHD_resume_connection(r->connection);
}


void
govd_door_put(govd_request_t *r)
{
    r->job.arena = r->arena;
    r->job.data = r;
    r->job.done = govd_door_done;

    if (govd_writer_put(r->g->writer, &r->job) != GOV_OK) {
        r->job.rc = gov_fail(&r->job.err, GOV_BUSY, "",
                             "等待写入的操作过多，请稍后再试");
        govd_door_done(&r->job);
    }
}


/* by the writer; after the resume the request is the door's again */

static void
govd_door_done(govd_job_t *job)
{
    govd_request_t  *r = job->data;

    if (job->rc == GOV_OK) {
        govd_answer_ok(&r->answer, job->body);
    } else {
        govd_answer_err(r->arena, &r->answer, &job->err);
    }

    govd_door_wake(r);
}


static void
govd_door_completed(void *data, struct MHD_Connection *c, void **place,
    enum MHD_RequestTerminationCode how)
{
    govd_door_t     *door = data;
    govd_request_t  *r = *place;

    (void) c;
    (void) how;

    if (r == NULL) {
        return;
    }

    govd_blob_drop(&r->blob);
    govd_upload_drop(&r->upload);
    gov_arena_free(&r->arena);
    free(r);

    *place = NULL;
    atomic_fetch_sub(&door->requests, 1);
}


static void
govd_door_connection(void *data, struct MHD_Connection *c, void **place,
    enum MHD_ConnectionNotificationCode what)
{
    govd_door_t  *door = data;

    (void) c;
    (void) place;

    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        atomic_fetch_add(&door->connections, 1);
    } else {
        atomic_fetch_sub(&door->connections, 1);
    }
}


/* the library's own complaints, mostly about peers that went away */

static void
govd_door_log(void *data, const char *fmt, va_list args)
{
    int           n;
    char          line[512];
    govd_door_t  *door = data;

    n = vsnprintf(line, sizeof(line), fmt, args);

    while (n > 0 && n < (int) sizeof(line) && line[n - 1] == '\n') {
        line[--n] = '\0';
    }

    govd_log(GOVD_NOTICE, "%s: %s",
             door->which == GOVD_WEB ? "web.sock" : "ctl.sock", line);
}
