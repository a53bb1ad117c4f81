
/*
 * Copyright (C) ngx_gov authors
 *
 * Readers at an even pace: every PERIOD microseconds each connection that is
 * not still waiting asks for the page of another host, at random.
 *
 *     readers PORT HOSTS PATH CONNECTIONS PERIOD SECONDS
 *
 * Prints how many answers came and the 99th of a hundred, in microseconds:
 * from before a request was written until the kernel had its whole answer for
 * the connection, by the stamp it gave the last piece when it came in.
 *
 * Readers of a real server are elsewhere, so the server shall not pay for what
 * this program does on a core of the same machine.  It sleeps by the clock and
 * never for an answer: over loopback it is the one who sends that has to wake
 * who waits, and to wake a process on another core that is at work costs
 * several times what it costs on one that idles.  Answers are read when the
 * next requests are due.
 *
 * An answer other than 200 ends the program at once.
 */


#define _GNU_SOURCE         /* strcasestr() */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>


#define READERS_MAX     1024
#define READERS_HEAD    4096
#define READERS_PIECE   65536


typedef struct {
    int          fd;
    int          asking;
    double       from;
    size_t       got;               /* bytes of the answer */
    size_t       want;              /* 0: its head is not whole */
    int          last;              /* the server closes behind it */
    char         head[READERS_HEAD];
} reader_t;


static reader_t    readers[READERS_MAX];
static unsigned    readers_count;

static char      **readers_hosts;
static size_t      readers_nhosts;
static char       *readers_path;
static int         readers_port;

static double     *readers_times;
static size_t      readers_n, readers_size;     /* with a stamp */
static size_t      readers_answers;


static void
readers_die(const char *what, const char *why)
{
    fprintf(stderr, "readers: %s: %s\n", what, why);
    exit(1);
}


static double
readers_us(struct timespec *t)
{
    return t->tv_sec * 1e6 + t->tv_nsec / 1e3;
}


/* of the clock that the kernel's stamps are of */

static double
readers_clock(void)
{
    struct timespec  t;

    (void) clock_gettime(CLOCK_REALTIME, &t);

    return readers_us(&t);
}


static void
readers_read_hosts(const char *file)
{
    char     line[512];
    FILE    *f;
    size_t   size;

    f = fopen(file, "r");
    size = 0;

    while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
        line[strcspn(line, "\n")] = '\0';

        if (readers_nhosts == size) {
            size = size * 2 + 1024;
            readers_hosts = realloc(readers_hosts, size * sizeof(char *));
            if (readers_hosts == NULL) {
                readers_die(file, "no memory");
            }
        }

        readers_hosts[readers_nhosts++] = strdup(line);
    }

    if (readers_nhosts == 0) {
        readers_die(file, "has no hosts");
    }

    (void) fclose(f);
}


static void
readers_connect(reader_t *r)
{
    int                 on;
    struct sockaddr_in  address;

    on = 1;
    memset(&address, 0, sizeof(struct sockaddr_in));
    address.sin_family = AF_INET;
    address.sin_port = htons((uint16_t) readers_port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    r->fd = socket(AF_INET, SOCK_STREAM, 0);

    if (r->fd == -1
        || connect(r->fd, (struct sockaddr *) &address, sizeof(address)) == -1
        || setsockopt(r->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(int)) == -1
        || setsockopt(r->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(int))
           == -1)
    {
        readers_die("connection", "none");
    }
}


static void
readers_ask(reader_t *r)
{
    int   n;
    char  request[READERS_HEAD];

    n = snprintf(request, sizeof(request),
                 "GET %s HTTP/1.1\r\nHost: %s\r\nAccept-Encoding: gzip\r\n"
                 "\r\n", readers_path,
                 readers_hosts[(size_t) random() % readers_nhosts]);

    r->asking = 1;
    r->got = 0;
    r->want = 0;
    r->from = readers_clock();

    if (n >= (int) sizeof(request) || write(r->fd, request, (size_t) n) != n) {
        readers_die("request", "not written");
    }
}


/* how long the answer is, as soon as its head is there */

static void
readers_head(reader_t *r)
{
    char  *end, *length;

    end = strstr(r->head, "\r\n\r\n");

    if (end == NULL) {
        if (r->got >= READERS_HEAD - 1) {
            readers_die("answer", "has a long head");
        }

        return;
    }

    length = strcasestr(r->head, "\r\nContent-Length:");

    if (strncmp(r->head, "HTTP/1.1 200 ", 13) != 0 || length == NULL
        || length > end)
    {
        *end = '\0';
        readers_die("answer", r->head);
    }

    r->want = (size_t) (end + 4 - r->head) + strtoul(length + 17, NULL, 10);
    end[2] = '\0';
    r->last = strcasestr(r->head, "\r\nConnection: close\r\n") != NULL;
}


/*
 * A piece of an answer, 0 if there is none yet, and when the kernel had it, 0
 * if that is not known: a kernel begins to stamp a little after it was asked
 * to.
 */

static size_t
readers_piece(reader_t *r, double *stamp)
{
    size_t           left;
    ssize_t          n;
    struct iovec     io;
    struct msghdr    message;
    struct cmsghdr  *c;
    struct timespec  when;

    static char  piece[READERS_PIECE];

    _Alignas(struct cmsghdr) static char  control[256];

    io.iov_base = piece;
    io.iov_len = READERS_PIECE;

    memset(&message, 0, sizeof(struct msghdr));
    message.msg_iov = &io;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof(control);

    n = recvmsg(r->fd, &message, MSG_DONTWAIT);

    if (n == -1 && errno == EAGAIN) {
        return 0;
    }

    if (n <= 0) {
        readers_die("answer", "broke off");
    }

    c = CMSG_FIRSTHDR(&message);

    *stamp = 0;

    if (c != NULL && c->cmsg_type == SCM_TIMESTAMPNS) {
        memcpy(&when, CMSG_DATA(c), sizeof(struct timespec));
        *stamp = readers_us(&when);
    }

    if (r->got < READERS_HEAD - 1) {
        left = READERS_HEAD - 1 - r->got;
        left = left < (size_t) n ? left : (size_t) n;
        memcpy(r->head + r->got, piece, left);
        r->head[r->got + left] = '\0';
    }

    return (size_t) n;
}


static void
readers_keep(double us)
{
    if (readers_n == readers_size) {
        readers_size = readers_size * 2 + 65536;
        readers_times = realloc(readers_times, readers_size * sizeof(double));

        if (readers_times == NULL) {
            readers_die("times", "no memory");
        }
    }

    readers_times[readers_n++] = us;
}


/* an answer as far as it is there */

static void
readers_hear(reader_t *r)
{
    size_t  n;
    double  stamp;

    stamp = 0;

    while (r->want == 0 || r->got < r->want) {
        n = readers_piece(r, &stamp);

        if (n == 0) {
            return;
        }

        r->got += n;

        if (r->want == 0) {
            readers_head(r);
        }
    }

    r->asking = 0;
    readers_answers++;

    if (stamp != 0) {
        readers_keep(stamp - r->from);
    }

    if (r->last) {
        (void) close(r->fd);
        readers_connect(r);
    }
}


static void
readers_run(int timer, double until)
{
    unsigned  i;
    uint64_t  ticks;

    while (readers_clock() < until) {
        if (read(timer, &ticks, sizeof(ticks)) != sizeof(ticks)) {
            readers_die("timer", "failed");
        }

        for (i = 0; i < readers_count; i++) {
            if (readers[i].asking) {
                readers_hear(&readers[i]);
            }
        }

        for (i = 0; i < readers_count; i++) {
            if (!readers[i].asking) {
                readers_ask(&readers[i]);
            }
        }
    }
}


static int
readers_timer(long period)
{
    int                timer;
    struct itimerspec  each;

    each.it_interval.tv_sec = period / 1000000;
    each.it_interval.tv_nsec = period % 1000000 * 1000;
    each.it_value = each.it_interval;

    timer = timerfd_create(CLOCK_MONOTONIC, 0);

    if (timer == -1 || timerfd_settime(timer, 0, &each, NULL) == -1) {
        readers_die("timer", "none");
    }

    return timer;
}


static int
readers_cmp(const void *one, const void *two)
{
    double  a, b;

    a = *(double *) one;
    b = *(double *) two;

    return (a > b) - (a < b);
}


static double
readers_p99(void)
{
    qsort(readers_times, readers_n, sizeof(double), readers_cmp);

    return readers_times[readers_n - 1 - readers_n / 100];
}


int
main(int argc, char **argv)
{
    unsigned  i;

    if (argc != 7) {
        fprintf(stderr, "usage: %s PORT HOSTS PATH CONNECTIONS PERIOD "
                "SECONDS\n", argv[0]);
        return 2;
    }

    readers_port = atoi(argv[1]);
    readers_read_hosts(argv[2]);
    readers_path = argv[3];
    readers_count = (unsigned) atoi(argv[4]);

    if (readers_count > READERS_MAX) {
        readers_die(argv[4], "too many");
    }

    srandom((unsigned) time(NULL));

    for (i = 0; i < readers_count; i++) {
        readers_connect(&readers[i]);
    }

    readers_run(readers_timer(atol(argv[5])),
                readers_clock() + atof(argv[6]) * 1e6);

    if (readers_n < readers_answers - readers_answers / 20
        || readers_n == 0)
    {
        readers_die("answers", "too few have a stamp");
    }

    printf("%zu %.1f\n", readers_answers, readers_p99());

    return 0;
}
