
/*
 * Copyright (C) ngx_gov authors
 *
 * A request as a door hands it on: written to one end of a socket, read at
 * the other by libmicrohttpd, without a thread.  What comes of it is the
 * target's: f_take() for a piece of the body, f_whole_request() at its end.
 */


#ifndef _FUZZ_DOOR_H_INCLUDED_
#define _FUZZ_DOOR_H_INCLUDED_


#include <sys/socket.h>

#include "govd/govd_upload.h"

#include "fuzz_store.h"


static void f_take(govd_request_t *r, const char *data, size_t n);
static void f_whole_request(govd_request_t *r);


static govd_t                f_govd;
static govd_conf_t           f_conf;
static govd_request_t       *f_request;     /* the one that is under way */
static struct MHD_Daemon    *f_daemon;


static inline void
f_request_end(void)
{
    if (f_request != NULL) {
        govd_upload_drop(&f_request->upload);
        gov_arena_free(&f_request->arena);
        free(f_request);
        f_request = NULL;
    }
}


static inline enum MHD_Result
f_request_piece(void *data, struct MHD_Connection *c, const char *url,
    const char *method, const char *version, const char *upload,
    size_t *size, void **place)
{
    enum MHD_Result       rc;
    govd_request_t       *r = f_request;
    struct MHD_Response  *re;

    (void) data;
    (void) version;

    if (*place == NULL) {
        r->connection = c;
        *place = r;
        govd_route(r, method, url);
        return MHD_YES;
    }

    if (*size) {
        f_take(r, upload, *size);
        *size = 0;
        return MHD_YES;
    }

    f_whole_request(r);

    re = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    rc = MHD_queue_response(c, 204, re);
    MHD_destroy_response(re);

    return rc;
}


static inline void
f_door_end(void)
{
    MHD_stop_daemon(f_daemon);
}


static inline void
f_quiet(void *data, const char *fmt, va_list args)
{
    (void) data;
    (void) fmt;
    (void) args;
}


static inline void
f_door(void)
{
    if (f_daemon != NULL) {
        return;
    }

    f_govd.conf = &f_conf;
    f_govd.store = f_store();
    f_daemon = MHD_start_daemon(MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ERROR_LOG,
                                0, NULL, NULL, f_request_piece, NULL,
                                MHD_OPTION_EXTERNAL_LOGGER, f_quiet, NULL,
                                MHD_OPTION_END);
    f_must(f_daemon != NULL);
    (void) atexit(f_door_end);
}


/* head: request line and headers, without the empty line behind them */

static inline void
f_ask(govd_socket_t which, gov_str_t head, gov_str_t body)
{
    int              i, ends[2];
    char             answer[512];
    struct sockaddr  none;

    f_door();

    f_request = calloc(1, sizeof(govd_request_t));
    f_must(f_request != NULL);
    f_request->g = &f_govd;
    f_request->which = which;
    f_request->arena = gov_arena_new_limited(4096, 64 * 1024 * 1024);
    gov_buf_init(&f_request->body, f_request->arena, 0);

    f_must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    memset(&none, 0, sizeof(none));
    none.sa_family = AF_UNIX;

    f_must(send(ends[0], head.data, head.len, 0) == (ssize_t) head.len);
    f_must(send(ends[0], "\r\n", 2, 0) == 2);
    f_must(send(ends[0], body.data, body.len, 0) == (ssize_t) body.len);
    f_must(shutdown(ends[0], SHUT_WR) == 0);

    f_must(MHD_add_connection(f_daemon, ends[1], &none, sizeof(none))
           == MHD_YES);

    for (i = 0; i < 1000; i++) {
        (void) MHD_run(f_daemon);

        if (recv(ends[0], answer, sizeof(answer), MSG_DONTWAIT) == 0) {
            break;
        }
    }

    f_must(i < 1000);
    (void) close(ends[0]);

    f_request_end();
}


/* a header's value may be anything that does not end it, or is left out of it
 * by who reads it */

static inline gov_str_t
f_header(gov_arena_t *a, gov_str_t value)
{
    size_t     i;
    gov_str_t  s;

    s = gov_str_copy(a, value);

    for (i = 0; i < s.len; i++) {
        if (s.data[i] == '\r' || s.data[i] == '\n' || s.data[i] == '\0') {
            s.data[i] = ' ';
        }
    }

    while (s.len && (s.data[0] == ' ' || s.data[0] == '\t')) {
        s.data++;
        s.len--;
    }

    while (s.len && (s.data[s.len - 1] == ' ' || s.data[s.len - 1] == '\t')) {
        s.len--;
    }

    return s;
}


#endif /* _FUZZ_DOOR_H_INCLUDED_ */
