
/*
 * Copyright (C) ngx_gov authors
 *
 * Points inside a commit, for LD_PRELOAD: between the writes of LMDB, which
 * writes its pages first, syncs them and then writes the page that says they
 * count (at the very beginning of the file).
 *
 *     pages_before  half_pages  pages_after | sync_before  sync_after |
 *     meta_before  meta_after
 *
 * With GOV_NOSYNC in the environment nothing is synced, as by MDB_NOSYNC: what
 * a power cut takes then is the measure of the test that cuts it.
 */


#define _GNU_SOURCE

#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/gov_point.h"


#define DISK_META  8192


ssize_t
pwrite64(int fd, const void *buf, size_t n, off64_t at)
{
    ssize_t         done;
    static ssize_t  (*next)(int, const void *, size_t, off64_t);

    if (next == NULL) {
        next = (ssize_t (*)(int, const void *, size_t, off64_t))
               dlsym(RTLD_NEXT, "pwrite64");
    }

    gov_point(at < DISK_META ? "meta_before" : "pages_before");

    done = next(fd, buf, n, at);

    gov_point(at < DISK_META ? "meta_after" : "pages_after");

    return done;
}


ssize_t
pwrite(int fd, const void *buf, size_t n, off_t at)
{
    return pwrite64(fd, buf, n, at);
}


/* several pages in a row; half of them are there at the point between */

ssize_t
writev(int fd, const struct iovec *iov, int n)
{
    ssize_t         done, rest;
    struct stat     st;
    static ssize_t  (*next)(int, const struct iovec *, int);

    if (next == NULL) {
        next = (ssize_t (*)(int, const struct iovec *, int))
               dlsym(RTLD_NEXT, "writev");
    }

    if (n < 2 || fstat(fd, &st) == -1 || !S_ISREG(st.st_mode)) {
        return next(fd, iov, n);
    }

    gov_point("pages_before");

    done = next(fd, iov, n / 2);

    if (done < 0) {
        return done;
    }

    gov_point("half_pages");

    rest = next(fd, iov + n / 2, n - n / 2);

    gov_point("pages_after");

    return rest < 0 ? rest : done + rest;
}


int
fdatasync(int fd)
{
    int         rc;
    static int  (*next)(int);

    if (next == NULL) {
        next = (int (*)(int)) dlsym(RTLD_NEXT, "fdatasync");
    }

    gov_point("sync_before");

    rc = getenv("GOV_NOSYNC") ? 0 : next(fd);

    gov_point("sync_after");

    return rc;
}


/* LMDB writes the page that counts through a descriptor that syncs */

int
open64(const char *path, int flags, ...)
{
    mode_t      mode;
    va_list     args;
    static int  (*next)(const char *, int, ...);

    if (next == NULL) {
        next = (int (*)(const char *, int, ...)) dlsym(RTLD_NEXT, "open64");
    }

    va_start(args, flags);
    mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
    va_end(args);

    if (getenv("GOV_NOSYNC")) {
        flags &= ~O_SYNC;
    }

    return next(path, flags, mode);
}


int
open(const char *path, int flags, ...)
{
    mode_t   mode;
    va_list  args;

    va_start(args, flags);
    mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
    va_end(args);

    return open64(path, flags, mode);
}
