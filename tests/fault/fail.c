
/*
 * Copyright (C) ngx_gov authors
 *
 * Preloaded: makes the n-th call of a kind fail, once.
 *
 *     FAIL=FILE        holds "KIND N ERRNO"; read and removed when the process
 *                      starts.  FILE.fired is made when the call has failed
 *     FAIL_FORKED=1    not at the start but in each child of fork(), of which
 *                      the first one takes it
 *     FAIL_FULL=FILE   while it is there, every write gives ENOSPC
 *     FAIL_META=FILE   while it is there, one of a file's first two pages
 *                      does, which are the store's that say what counts
 *     FAIL_EMPTY=FILE  once it is there, who asks for 32 KB of memory or more
 *                      gets none; it is removed
 *
 * Kinds: alloc read write sync map name size list.  Standard streams do not
 * count, nor memory that libc and libcrypto ask for themselves: getpwuid()
 * (glibc 2.36) and the first EVP_MD_fetch() (OpenSSL 3.0) end by SIGSEGV
 * without it.
 */


#define _GNU_SOURCE

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>


#define FAIL_META  8192


static char        fail_file[4096];
static char        fail_full[4096];
static char        fail_meta[4096];
static char        fail_empty[4096];
static char        fail_kind[16];
static int         fail_errno;
static atomic_int  fail_left;           /* 0: not armed */


static void
fail_arm(void)
{
    int      fd, n;
    char     text[64];
    ssize_t  got;

    fd = (int) syscall(SYS_openat, AT_FDCWD, fail_file, O_RDONLY, 0);
    if (fd == -1) {
        return;
    }

    got = syscall(SYS_read, fd, text, sizeof(text) - 1);
    (void) syscall(SYS_close, fd);
    (void) syscall(SYS_unlinkat, AT_FDCWD, fail_file, 0);

    if (got <= 0) {
        return;
    }

    text[got] = '\0';

    if (sscanf(text, "%15s %d %d", fail_kind, &n, &fail_errno) == 3) {
        atomic_store(&fail_left, n);
    }
}


__attribute__((constructor)) static void
fail_begin(void)
{
    if (getenv("FAIL_FULL")) {
        (void) snprintf(fail_full, sizeof(fail_full), "%s",
                        getenv("FAIL_FULL"));
    }

    if (getenv("FAIL_META")) {
        (void) snprintf(fail_meta, sizeof(fail_meta), "%s",
                        getenv("FAIL_META"));
    }

    if (getenv("FAIL_EMPTY")) {
        (void) snprintf(fail_empty, sizeof(fail_empty), "%s",
                        getenv("FAIL_EMPTY"));
    }

    if (getenv("FAIL") == NULL) {
        return;
    }

    (void) snprintf(fail_file, sizeof(fail_file), "%s", getenv("FAIL"));

    if (getenv("FAIL_FORKED")) {
        (void) pthread_atfork(NULL, NULL, fail_arm);
    } else {
        fail_arm();
    }
}


/* 1: this call fails, errno is set */

static int
fail_now(const char *kind)
{
    int   fd;
    char  path[4112];

    if (atomic_load(&fail_left) == 0 || strcmp(kind, fail_kind) != 0
        || atomic_fetch_sub(&fail_left, 1) != 1)
    {
        return 0;
    }

    (void) snprintf(path, sizeof(path), "%s.fired", fail_file);
    fd = (int) syscall(SYS_openat, AT_FDCWD, path, O_WRONLY|O_CREAT, 0666);
    (void) syscall(SYS_close, fd);

    errno = fail_errno;

    return 1;
}


/* a socket goes on while the disk is full */

static int
fail_room(int fd, const char *file)
{
    struct stat  st;

    if (file[0] && syscall(SYS_faccessat, AT_FDCWD, file, F_OK) == 0
        && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
    {
        errno = ENOSPC;
        return 1;
    }

    return 0;
}


static int
fail_write(int fd)
{
    if (fd <= STDERR_FILENO) {
        return 0;
    }

    return fail_room(fd, fail_full) || fail_now("write");
}


#define fail_next(ret, name, args)                                            \
    static ret (*next) args;                                                  \
    if (next == NULL) {                                                       \
        next = (ret (*) args) dlsym(RTLD_NEXT, name);                         \
    }


#ifndef FAIL_NO_ALLOC

static char  *fail_libc;


/* only while armed: a look-up an allocation */

static int
fail_alloc(void *from)
{
    Dl_info  info;

    if (atomic_load(&fail_left) == 0 || strcmp(fail_kind, "alloc") != 0) {
        return 0;
    }

    if (fail_libc == NULL && dladdr((void *) strtol, &info)) {
        fail_libc = info.dli_fbase;
    }

    return dladdr(from, &info) && info.dli_fbase != fail_libc
           && strstr(info.dli_fname, "libcrypto") == NULL
           && fail_now("alloc");
}


void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);


void *
malloc(size_t size)
{
    if (size >= 32768 && fail_empty[0]
        && syscall(SYS_unlinkat, AT_FDCWD, fail_empty, 0) == 0)
    {
        errno = ENOMEM;
        return NULL;
    }

    return fail_alloc(__builtin_return_address(0)) ? NULL
           : __libc_malloc(size);
}


void *
calloc(size_t n, size_t size)
{
    return fail_alloc(__builtin_return_address(0)) ? NULL
           : __libc_calloc(n, size);
}


void *
realloc(void *p, size_t size)
{
    return fail_alloc(__builtin_return_address(0)) ? NULL
           : __libc_realloc(p, size);
}

#endif


ssize_t
read(int fd, void *buf, size_t n)
{
    fail_next(ssize_t, "read", (int, void *, size_t));

    return fd > STDERR_FILENO && fail_now("read") ? -1 : next(fd, buf, n);
}


ssize_t
pread(int fd, void *buf, size_t n, off_t at)
{
    fail_next(ssize_t, "pread", (int, void *, size_t, off_t));

    return fail_now("read") ? -1 : next(fd, buf, n, at);
}


ssize_t
pread64(int fd, void *buf, size_t n, off64_t at)
{
    return pread(fd, buf, n, at);
}


ssize_t
write(int fd, const void *buf, size_t n)
{
    fail_next(ssize_t, "write", (int, const void *, size_t));

    return fail_write(fd) ? -1 : next(fd, buf, n);
}


ssize_t
pwrite(int fd, const void *buf, size_t n, off_t at)
{
    fail_next(ssize_t, "pwrite", (int, const void *, size_t, off_t));

    return (at < FAIL_META && fail_room(fd, fail_meta)) || fail_write(fd)
           ? -1 : next(fd, buf, n, at);
}


ssize_t
pwrite64(int fd, const void *buf, size_t n, off64_t at)
{
    return pwrite(fd, buf, n, at);
}


ssize_t
writev(int fd, const struct iovec *iov, int n)
{
    fail_next(ssize_t, "writev", (int, const struct iovec *, int));

    return fail_write(fd) ? -1 : next(fd, iov, n);
}


ssize_t
pwritev(int fd, const struct iovec *iov, int n, off_t at)
{
    fail_next(ssize_t, "pwritev", (int, const struct iovec *, int, off_t));

    return fail_write(fd) ? -1 : next(fd, iov, n, at);
}


ssize_t
pwritev64(int fd, const struct iovec *iov, int n, off64_t at)
{
    return pwritev(fd, iov, n, at);
}


int
fsync(int fd)
{
    fail_next(int, "fsync", (int));

    return fail_now("sync") ? -1 : next(fd);
}


int
fdatasync(int fd)
{
    fail_next(int, "fdatasync", (int));

    return fail_now("sync") ? -1 : next(fd);
}


void *
mmap(void *p, size_t n, int prot, int flags, int fd, off_t at)
{
    fail_next(void *, "mmap", (void *, size_t, int, int, int, off_t));

    return fail_now("map") ? MAP_FAILED : next(p, n, prot, flags, fd, at);
}


void *
mmap64(void *p, size_t n, int prot, int flags, int fd, off64_t at)
{
    return mmap(p, n, prot, flags, fd, at);
}


int
rename(const char *from, const char *to)
{
    fail_next(int, "rename", (const char *, const char *));

    return fail_now("name") ? -1 : next(from, to);
}


int
link(const char *from, const char *to)
{
    fail_next(int, "link", (const char *, const char *));

    return fail_now("name") ? -1 : next(from, to);
}


int
linkat(int a, const char *from, int b, const char *to, int flags)
{
    fail_next(int, "linkat", (int, const char *, int, const char *, int));

    return fail_now("name") ? -1 : next(a, from, b, to, flags);
}


int
renameat2(int a, const char *from, int b, const char *to, unsigned flags)
{
    fail_next(int, "renameat2",
              (int, const char *, int, const char *, unsigned));

    return fail_now("name") ? -1 : next(a, from, b, to, flags);
}


int
ftruncate(int fd, off_t n)
{
    fail_next(int, "ftruncate", (int, off_t));

    return fail_now("size") ? -1 : next(fd, n);
}


int
ftruncate64(int fd, off64_t n)
{
    return ftruncate(fd, n);
}


struct dirent *
readdir(DIR *d)
{
    fail_next(struct dirent *, "readdir", (DIR *));

    return fail_now("list") ? NULL : next(d);
}


struct dirent64 *
readdir64(DIR *d)
{
    return (struct dirent64 *) readdir(d);
}
