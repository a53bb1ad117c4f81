
/*
 * Copyright (C) ngx_gov authors
 *
 * An attachment comes in pieces, in front of the command that names it: into
 * a file without a name in blobs/, then, whole, into its place there.  What
 * is broken off leaves nothing.
 */


#define _GNU_SOURCE         /* O_TMPFILE */

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "govd/govd_int.h"


gov_rc_t
govd_blob_begin(govd_blob_t *b, gov_err_t *err)
{
    b->size = 0;

    b->fd = open("blobs", O_TMPFILE|O_RDWR|O_CLOEXEC, 0600);

    if (b->fd == -1 && errno == ENOENT && mkdir("blobs", 02750) == 0) {
        b->fd = open("blobs", O_TMPFILE|O_RDWR|O_CLOEXEC, 0600);
    }

    return b->fd == -1 ? gov_fail(err, GOV_ERROR, "", "附件目录无法写入：%s",
                                  strerror(errno))
                       : GOV_OK;
}


gov_rc_t
govd_blob_add(govd_blob_t *b, const void *data, size_t n, gov_err_t *err)
{
    ssize_t        written;
    const u_char  *p;

    b->size += n;

    for (p = data; n; p += written, n -= (size_t) written) {
        written = write(b->fd, p, n);

        if (written == -1 && errno == EINTR) {
            written = 0;

        } else if (written <= 0) {
            return gov_fail(err, errno == ENOSPC ? GOV_FULL : GOV_ERROR, "",
                            "附件没有写下：%s", strerror(errno));
        }
    }

    return GOV_OK;
}


gov_rc_t
govd_blob_map(govd_blob_t *b, gov_str_t *data, gov_err_t *err)
{
    data->len = b->size;
    data->data = (u_char *) "";

    if (b->size) {
        data->data = mmap(NULL, b->size, PROT_READ, MAP_PRIVATE, b->fd, 0);

        if (data->data == MAP_FAILED) {
            return gov_fail(err, GOV_ERROR, "", "附件无法读回：%s",
                            strerror(errno));
        }
    }

    return GOV_OK;
}


void
govd_blob_unmap(gov_str_t data)
{
    if (data.len) {
        (void) munmap(data.data, data.len);
    }
}


gov_rc_t
govd_blob_keep(govd_blob_t *b, gov_arena_t *a, const char *dir,
    gov_str_t *hex, gov_err_t *err)
{
    u_char     digest[GOV_DIGEST_LEN];
    gov_rc_t   rc;
    gov_str_t  data;

    rc = govd_blob_map(b, &data, err);

    if (rc == GOV_OK) {
        rc = gov_blob_put(dir, data, digest, err);
        govd_blob_unmap(data);
    }

    if (rc == GOV_OK) {
        *hex = gov_hex_str(a, digest, GOV_DIGEST_LEN);
    }

    govd_blob_drop(b);

    return rc;
}


gov_rc_t
govd_blob_end(govd_blob_t *b, gov_arena_t *a, const char *dir,
    gov_str_t *json, gov_err_t *err)
{
    size_t     size;
    gov_rc_t   rc;
    gov_str_t  hex;

    size = b->size;

    rc = govd_blob_keep(b, a, dir, &hex, err);

    if (rc == GOV_OK) {
        *json = gov_str_fmt(a, "{\"digest\":\"%.*s\",\"size\":%zu}",
                            gov_strf(hex), size);
    }

    return rc;
}


void
govd_blob_drop(govd_blob_t *b)
{
    if (b->fd != -1) {
        (void) close(b->fd);
        b->fd = -1;
    }
}
