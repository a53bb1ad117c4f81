
/*
 * Copyright (C) ngx_gov authors
 *
 * clamd, asked about one file by its own protocol: "zINSTREAM", then pieces,
 * each behind its length in four bytes, then a length of 0; the answer ends
 * with a zero byte:
 *
 *     stream: OK
 *     stream: Win.Test.EICAR_HDB-1 FOUND
 *     INSTREAM size limit exceeded. ERROR
 *
 * Nothing is believed but the first two.  A scanner that cannot be asked is
 * no scanner that found nothing.
 */


#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "govd/govd_file.h"


#define GOVD_CLAMD_PIECE    65536
#define GOVD_CLAMD_ANSWER   1024
#define GOVD_CLAMD_SECONDS  60          /* for one step of the talk */


static int govd_clamd_connect(const char *address);
static int govd_clamd_unix(const char *path);
static int govd_clamd_host(const char *address);
static void govd_clamd_patience(int s);
static int govd_clamd_send(int s, const void *data, size_t n);
static int govd_clamd_stream(int s, int fd, size_t size);
static size_t govd_clamd_read(int s, u_char *buf, size_t size);


govd_scan_t
govd_clamd(const char *address, int fd, size_t size, gov_arena_t *a,
    gov_str_t *found)
{
    int          s;
    size_t       n;
    u_char       buf[GOVD_CLAMD_ANSWER];
    govd_scan_t  scan;

    s = govd_clamd_connect(address);

    if (s == -1) {
        return GOVD_SCAN_DOWN;
    }

    /* one that has seen enough answers before the end */

    (void) govd_clamd_stream(s, fd, size);
    n = govd_clamd_read(s, buf, sizeof(buf));
    (void) close(s);

    scan = govd_clamd_answer((gov_str_t) { n, buf }, found);
    *found = gov_str_copy(a, *found);

    return scan;
}


govd_scan_t
govd_clamd_answer(gov_str_t answer, gov_str_t *found)
{
    size_t      n;
    govd_scan_t scan;

    static gov_str_t  stream = gov_string("stream: ");
    static gov_str_t  word = gov_string(" FOUND");

    *found = (gov_str_t) gov_null_string;
    scan = GOVD_SCAN_DOWN;

    if (answer.len == 0 || answer.data[answer.len - 1] != '\0'
        || memchr(answer.data, '\0', answer.len - 1) != NULL)
    {
        return scan;
    }

    answer.len--;

    if (gov_str_is(answer, "stream: OK")) {
        return GOVD_SCAN_CLEAN;
    }

    if (!gov_str_starts(answer, "stream: ")
        || !gov_str_ends(answer, " FOUND")
        || answer.len <= stream.len + word.len)
    {
        return scan;
    }

    found->data = answer.data + stream.len;
    n = answer.len - stream.len - word.len;
    found->len = n;

    if (!gov_text_clean(*found)) {
        *found = gov_s("?");
    }

    *found = gov_utf8_head(*found, 100);

    return GOVD_SCAN_FOUND;
}


static int
govd_clamd_connect(const char *address)
{
    return strchr(address, '/') ? govd_clamd_unix(address)
                                : govd_clamd_host(address);
}


static int
govd_clamd_unix(const char *path)
{
    int                 s;
    struct sockaddr_un  un;

    memset(&un, 0, sizeof(un));
    un.sun_family = AF_UNIX;

    if (strlen(path) >= sizeof(un.sun_path)) {
        return -1;
    }

    (void) strcpy(un.sun_path, path);
    s = socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0);

    if (s != -1) {
        govd_clamd_patience(s);

        if (connect(s, (struct sockaddr *) &un, sizeof(un)) == -1) {
            (void) close(s);
            s = -1;
        }
    }

    return s;
}


static int
govd_clamd_host(const char *address)
{
    int               s;
    char              host[128], *colon;
    struct addrinfo   hints, *list, *one;

    (void) snprintf(host, sizeof(host), "%s", address);
    colon = strrchr(host, ':');

    if (colon == NULL) {
        return -1;
    }

    *colon = '\0';

    memset(&hints, 0, sizeof(hints));
    hints.ai_socktype = SOCK_STREAM;

    if (getaddrinfo(host, colon + 1, &hints, &list) != 0) {
        return -1;
    }

    s = -1;

    for (one = list; one && s == -1; one = one->ai_next) {
        s = socket(one->ai_family, SOCK_STREAM|SOCK_CLOEXEC, 0);

        if (s != -1) {
            govd_clamd_patience(s);

            if (connect(s, one->ai_addr, one->ai_addrlen) == -1) {
                (void) close(s);
                s = -1;
            }
        }
    }

    freeaddrinfo(list);

    return s;
}


static void
govd_clamd_patience(int s)
{
    struct timeval  t;

    t.tv_sec = GOVD_CLAMD_SECONDS;
    t.tv_usec = 0;

    (void) setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t));
    (void) setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
}


static int
govd_clamd_stream(int s, int fd, size_t size)
{
    off_t     at;
    u_char    buf[GOVD_CLAMD_PIECE];
    ssize_t   n;
    uint32_t  len;

    if (govd_clamd_send(s, "zINSTREAM", sizeof("zINSTREAM")) != 0) {
        return -1;
    }

    for (at = 0; (size_t) at < size; at += n) {
        n = pread(fd, buf, sizeof(buf), at);

        if (n <= 0) {
            return -1;
        }

        len = htonl((uint32_t) n);

        if (govd_clamd_send(s, &len, sizeof(len)) != 0
            || govd_clamd_send(s, buf, (size_t) n) != 0)
        {
            return -1;
        }
    }

    len = 0;

    return govd_clamd_send(s, &len, sizeof(len));
}


static int
govd_clamd_send(int s, const void *data, size_t n)
{
    ssize_t        sent;
    const u_char  *p;

    for (p = data; n; p += sent, n -= (size_t) sent) {
        sent = send(s, p, n, MSG_NOSIGNAL);

        if (sent == -1 && errno == EINTR) {
            sent = 0;

        } else if (sent <= 0) {
            return -1;
        }
    }

    return 0;
}


static size_t
govd_clamd_read(int s, u_char *buf, size_t size)
{
    size_t   len;
    ssize_t  n;

    for (len = 0; len < size; len += (size_t) n) {
        n = recv(s, buf + len, size - len, 0);

        if (n == -1 && errno == EINTR) {
            n = 0;

        } else if (n <= 0) {
            break;

        } else if (memchr(buf + len, '\0', (size_t) n) != NULL) {
            return len + (size_t) n;
        }
    }

    return 0;
}
