
/*
 * Copyright (C) ngx_gov authors
 *
 * The clock.  The one of test builds keeps the file's descriptor open and
 * reads it at every call, so the file is to be written in place: to a
 * process that has it open, a file renamed over it changes nothing.  Where
 * the file cannot be read, or is just being written, the last moment read
 * holds; before the first, the real clock.
 */


#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/gov_base.h"


static int64_t gov_clock_real(void);


static int64_t
gov_clock_real(void)
{
    struct timespec  t;

    clock_gettime(CLOCK_REALTIME, &t);

    return (int64_t) t.tv_sec * 1000000 + t.tv_nsec / 1000;
}


#ifndef GOV_TEST_CLOCK

int64_t
gov_now(void)
{
    return gov_clock_real();
}

#else

static int      gov_clock_fd = -1;
static int64_t  gov_clock_last = INT64_MIN;


static int gov_clock_open(void);


int64_t
gov_now(void)
{
    int        fd;
    u_char     text[64];
    int64_t    now;
    ssize_t    n;
    gov_str_t  s;

    fd = gov_clock_open();

    if (fd == -1) {
        return gov_clock_real();
    }

    n = pread(fd, text, sizeof(text), 0);

    while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == ' ')) {
        n--;
    }

    s.len = n > 0 ? (size_t) n : 0;
    s.data = text;

    if (gov_str_int(s, &now) == 0) {
        __atomic_store_n(&gov_clock_last, now, __ATOMIC_RELAXED);
        return now;
    }

    now = __atomic_load_n(&gov_clock_last, __ATOMIC_RELAXED);

    return now == INT64_MIN ? gov_clock_real() : now;
}


/* threads may race to the first open: the loser closes his own */

static int
gov_clock_open(void)
{
    int          fd, none;
    const char  *name;

    fd = __atomic_load_n(&gov_clock_fd, __ATOMIC_ACQUIRE);

    if (fd != -1) {
        return fd;
    }

    name = getenv("GOV_TEST_CLOCK_FILE");

    if (name == NULL) {
        return -1;
    }

    fd = open(name, O_RDONLY|O_CLOEXEC);

    if (fd == -1) {
        return -1;
    }

    none = -1;

    if (!__atomic_compare_exchange_n(&gov_clock_fd, &none, fd, 0,
                                     __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    {
        close(fd);
        return none;
    }

    return fd;
}

#endif
