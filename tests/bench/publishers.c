
/*
 * Copyright (C) ngx_gov authors
 *
 * Publishers without a pause: each has a connection of its own to SOCKET and
 * posts to PATH the next command as soon as its last one was answered.
 *
 *     publishers SOCKET PATH FILE
 *
 * A line of FILE is one publisher's command as JSON, in which "#" stands for
 * a number that grows.  When stdin ends nothing more is asked; what is under
 * way is waited for.  Then a line for each command: the microseconds from
 * before its request was written until its whole answer was read.
 *
 * An answer other than 200 ends the program at once.
 */


#define _GNU_SOURCE         /* strcasestr() */

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>


#define PUBLISHERS_MAX     128
#define PUBLISHERS_LINE    65536
#define PUBLISHERS_ANSWER  16384


typedef struct {
    char        *before;            /* the number */
    char        *after;
    unsigned     n;
    double       from;
    size_t       len;
    char         answer[PUBLISHERS_ANSWER];
} publisher_t;


static const char  *publishers_path;

static publisher_t    publishers[PUBLISHERS_MAX];
static struct pollfd  publishers_fds[PUBLISHERS_MAX + 1];   /* stdin last */
static unsigned       publishers_count;

static double  *publishers_us;
static size_t   publishers_n, publishers_size;


static void
publishers_die(const char *what, const char *why)
{
    fprintf(stderr, "publishers: %s: %s\n", what, why);
    exit(1);
}


static double
publishers_clock(void)
{
    struct timespec  t;

    (void) clock_gettime(CLOCK_MONOTONIC, &t);

    return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}


static int
publishers_connect(const char *socket_path)
{
    int                 fd;
    struct sockaddr_un  address;

    memset(&address, 0, sizeof(struct sockaddr_un));
    address.sun_family = AF_UNIX;
    (void) snprintf(address.sun_path, sizeof(address.sun_path), "%s",
                    socket_path);

    fd = socket(AF_UNIX, SOCK_STREAM, 0);

    if (fd == -1
        || connect(fd, (struct sockaddr *) &address, sizeof(address)) == -1)
    {
        publishers_die(socket_path, "no connection");
    }

    return fd;
}


static void
publishers_read(const char *file, const char *socket_path)
{
    char         *line;
    FILE         *f;
    publisher_t  *p;

    f = fopen(file, "r");
    line = malloc(PUBLISHERS_LINE);

    if (f == NULL || line == NULL) {
        publishers_die(file, "cannot be read");
    }

    while (fgets(line, PUBLISHERS_LINE, f) != NULL) {

        if (publishers_count == PUBLISHERS_MAX || strchr(line, '#') == NULL) {
            publishers_die(file, "too many lines, or one without a number");
        }

        p = &publishers[publishers_count];
        line[strcspn(line, "\n")] = '\0';
        p->before = strdup(line);
        p->after = strchr(p->before, '#');
        *p->after++ = '\0';

        publishers_fds[publishers_count].fd = publishers_connect(socket_path);
        publishers_fds[publishers_count].events = POLLIN;
        publishers_count++;
    }

    free(line);
    (void) fclose(f);
}


static void
publishers_ask(publisher_t *p, int fd)
{
    int     n;
    char    number[16];
    size_t  length;

    static char  request[PUBLISHERS_LINE + 512];

    length = strlen(p->before) + strlen(p->after)
             + (size_t) snprintf(number, sizeof(number), "%u", p->n++);

    n = snprintf(request, sizeof(request),
                 "POST %s HTTP/1.1\r\nHost: localhost\r\n"
                 "Content-Length: %zu\r\n\r\n%s%s%s",
                 publishers_path, length, p->before, number, p->after);

    p->len = 0;
    p->from = publishers_clock();

    if (n >= (int) sizeof(request) || write(fd, request, (size_t) n) != n) {
        publishers_die("request", "not written");
    }
}


/* 1: the answer is there as a whole */

static int
publishers_answered(publisher_t *p)
{
    char  *body, *length;

    body = strstr(p->answer, "\r\n\r\n");
    if (body == NULL) {
        return 0;
    }

    body += 4;
    length = strcasestr(p->answer, "\r\nContent-Length:");

    if (strncmp(p->answer, "HTTP/1.1 200 ", 13) != 0 || length == NULL
        || length > body)
    {
        publishers_die("answer", p->answer);
    }

    return p->len >= (size_t) (body - p->answer)
                     + strtoul(length + 17, NULL, 10);
}


static void
publishers_keep(double us)
{
    if (publishers_n == publishers_size) {
        publishers_size = publishers_size * 2 + 4096;
        publishers_us = realloc(publishers_us,
                                publishers_size * sizeof(double));
        if (publishers_us == NULL) {
            publishers_die("times", "no memory");
        }
    }

    publishers_us[publishers_n++] = us;
}


/* 1: one command of this publisher is over */

static int
publishers_hear(publisher_t *p, int fd)
{
    ssize_t  n;

    n = read(fd, p->answer + p->len, PUBLISHERS_ANSWER - 1 - p->len);
    if (n <= 0) {
        publishers_die("answer", "broke off, or is too long");
    }

    p->len += (size_t) n;
    p->answer[p->len] = '\0';

    if (!publishers_answered(p)) {
        return 0;
    }

    publishers_keep(publishers_clock() - p->from);

    return 1;
}


static void
publishers_run(void)
{
    unsigned        i, asking;
    struct pollfd  *in;

    in = &publishers_fds[publishers_count];
    in->fd = STDIN_FILENO;
    in->events = POLLIN;

    for (i = 0; i < publishers_count; i++) {
        publishers_ask(&publishers[i], publishers_fds[i].fd);
    }

    for (asking = publishers_count; asking; /* void */ ) {

        if (poll(publishers_fds, publishers_count + 1, -1) == -1) {
            publishers_die("poll", "failed");
        }

        if (in->revents) {
            in->fd = -1;
        }

        for (i = 0; i < publishers_count; i++) {

            if (!publishers_fds[i].revents
                || !publishers_hear(&publishers[i], publishers_fds[i].fd))
            {
                continue;
            }

            if (in->fd == -1) {
                asking--;

            } else {
                publishers_ask(&publishers[i], publishers_fds[i].fd);
            }
        }
    }
}


int
main(int argc, char **argv)
{
    size_t  i;

    if (argc != 4) {
        fprintf(stderr, "usage: %s SOCKET PATH FILE\n", argv[0]);
        return 2;
    }

    publishers_path = argv[2];
    publishers_read(argv[3], argv[1]);
    publishers_run();

    for (i = 0; i < publishers_n; i++) {
        printf("%.1f\n", publishers_us[i]);
    }

    return 0;
}
