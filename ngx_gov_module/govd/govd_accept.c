
/*
 * Copyright (C) ngx_gov authors
 *
 * A door's connections: taken by a thread and given to the door's loops in
 * turn.  Loops that took them for themselves would not share them: who woke
 * first took all that waited, and one thread served sixteen publishers.
 *
 * While the door has as many as it may, the others wait in the socket.
 */


#define _GNU_SOURCE         /* accept4() */

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "govd/govd_door.h"


#define GOVD_CONNECTIONS  2000
#define GOVD_SHORT_MS     100       /* there was no descriptor, no memory */


static void *govd_accept_thread(void *data);
static void govd_accept_next(govd_door_t *door);


gov_rc_t
govd_accept_begin(govd_door_t *door, gov_err_t *err)
{
    door->wake = eventfd(0, EFD_CLOEXEC|EFD_NONBLOCK);

    if (door->wake == -1
        || pthread_create(&door->thread, NULL, govd_accept_thread, door) != 0)
    {
        return gov_fail(err, GOV_ERROR, "", "无法在 %s 上开始服务",
                        govd_door_socket(door));
    }

    door->accepting = 1;

    return GOV_OK;
}


void
govd_accept_end(govd_door_t *door)
{
    if (door->accepting) {
        door->accepting = 0;
        atomic_store(&door->closed, 1);
        (void) eventfd_write(door->wake, 1);
        (void) pthread_join(door->thread, NULL);
    }
}


void
govd_accept_came(govd_door_t *door)
{
    atomic_fetch_add(&door->connections, 1);
}


void
govd_accept_went(govd_door_t *door)
{
    if (atomic_fetch_sub(&door->connections, 1) >= GOVD_CONNECTIONS) {
        (void) eventfd_write(door->wake, 1);
    }
}


static void *
govd_accept_thread(void *data)
{
    int            full;
    eventfd_t      woken;
    govd_door_t   *door = data;
    struct pollfd  in[2];

    in[0].fd = door->wake;
    in[1].fd = door->g->sockets[door->which];
    in[0].events = in[1].events = POLLIN;

    while (!atomic_load(&door->closed)) {

        full = atomic_load(&door->connections) >= GOVD_CONNECTIONS;

        if (poll(in, full ? 1 : 2, -1) <= 0) {
            continue;
        }

        if (in[0].revents) {
            (void) eventfd_read(door->wake, &woken);
        }

        if (!full && in[1].revents) {
            govd_accept_next(door);
        }
    }

    return NULL;
}


static void
govd_accept_next(govd_door_t *door)
{
    int                 fd;
    socklen_t           len;
    struct pollfd       in;
    struct sockaddr_un  sa;

    len = sizeof(struct sockaddr_un);
    fd = accept4(door->g->sockets[door->which], (struct sockaddr *) &sa, &len,
                 SOCK_CLOEXEC|SOCK_NONBLOCK);

    if (fd != -1) {
        (void) MHD_add_connection(door->loops[door->turn++ % GOVD_LOOPS], fd,
                                  (struct sockaddr *) &sa, len);
        return;
    }

    if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED) {
        return;
    }

    govd_log(GOVD_ERROR, "%s: %s", govd_door_socket(door), strerror(errno));

    in.fd = door->wake;
    in.events = POLLIN;
    (void) poll(&in, 1, GOVD_SHORT_MS);
}
