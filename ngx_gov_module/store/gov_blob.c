
/*
 * Copyright (C) ngx_gov authors
 *
 * Attachments: files named by the SHA-256 of what they hold.
 *
 * A file appears under its name complete and durable: written beside it
 * under a name of its own, synced, linked, and the folders synced, also when
 * the name was there already, since who put it there may not have come as
 * far.  A file is never changed and never replaced.
 *
 * One that goes steps aside first: who puts the same bytes meanwhile either
 * came before, and its time says so, or finds the name free.
 */


#define _GNU_SOURCE         /* mkostemp() */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/gov_store_int.h"


#define GOV_BLOB_HEX     (2 * GOV_DIGEST_LEN)
#define GOV_BLOB_FOLDER  4000
#define GOV_BLOB_PATH    (GOV_BLOB_FOLDER + GOV_BLOB_HEX + 16)


static gov_rc_t gov_blob_folder(const char *dir, const char *hex, char *path,
    gov_err_t *err);
static gov_rc_t gov_blob_write(const char *folder, gov_str_t data, char *temp,
    gov_err_t *err);
static gov_rc_t gov_blob_fill(int fd, gov_str_t data, gov_err_t *err);
static gov_rc_t gov_blob_link(const char *temp, const char *folder,
    const char *hex, size_t size, gov_err_t *err);
static int64_t gov_blob_time(struct stat *st);
static gov_rc_t gov_blob_read(gov_arena_t *a, int fd, gov_str_t *data,
    gov_err_t *err);
static int gov_blob_hex(gov_str_t hexdigest);


gov_rc_t
gov_blob_put(const char *dir, gov_str_t data, u_char digest[GOV_DIGEST_LEN],
    gov_err_t *err)
{
    char      hex[GOV_BLOB_HEX + 1], folder[GOV_BLOB_FOLDER];
    char      temp[GOV_BLOB_PATH];
    gov_rc_t  rc;

    if (gov_digest(GOV_SHA256, data, digest) != GOV_OK) {
        return gov_fail(err, GOV_ERROR, "", "散列算法不可用");
    }

    gov_hex((u_char *) hex, digest, GOV_DIGEST_LEN);
    hex[GOV_BLOB_HEX] = '\0';

    rc = gov_blob_folder(dir, hex, folder, err);

    if (rc == GOV_OK) {
        rc = gov_blob_write(folder, data, temp, err);
    }

    if (rc == GOV_OK) {
        rc = gov_blob_link(temp, folder, hex, data.len, err);
        (void) unlink(temp);
    }

    if (rc == GOV_OK) {
        rc = gov_place_sync(folder, err);
    }

    if (rc == GOV_OK) {
        rc = gov_place_sync(dir, err);
    }

    return rc;
}


static gov_rc_t
gov_blob_folder(const char *dir, const char *hex, char *path, gov_err_t *err)
{
    int  n;

    n = snprintf(path, GOV_BLOB_FOLDER, "%s/%.2s", dir, hex);

    if (n < 0 || n >= GOV_BLOB_FOLDER) {
        return gov_fail(err, GOV_INVALID, "", "附件目录的路径过长");
    }

    if (mkdir(dir, 0750) == -1 && errno != EEXIST) {
        return gov_fail(err, GOV_ERROR, "", "无法建立附件目录 %s", dir);
    }

    if (mkdir(path, 0750) == -1 && errno != EEXIST) {
        return gov_fail(err, GOV_ERROR, "", "无法建立附件目录 %s", path);
    }

    return GOV_OK;
}


static gov_rc_t
gov_blob_write(const char *folder, gov_str_t data, char *temp,
    gov_err_t *err)
{
    int       fd;
    gov_rc_t  rc;

    (void) snprintf(temp, GOV_BLOB_PATH, "%s/.new.XXXXXX", folder);

    fd = mkostemp(temp, O_CLOEXEC);
    if (fd == -1) {
        return gov_fail(err, GOV_ERROR, "", "无法写入附件目录 %s", folder);
    }

    rc = gov_blob_fill(fd, data, err);

    if (close(fd) == -1 && rc == GOV_OK) {
        rc = gov_fail(err, GOV_ERROR, "", "附件无法写入");
    }

    if (rc != GOV_OK) {
        (void) unlink(temp);
    }

    return rc;
}


static gov_rc_t
gov_blob_fill(int fd, gov_str_t data, gov_err_t *err)
{
    ssize_t  n;

    while (data.len > 0) {
        n = write(fd, data.data, data.len);

        if (n == -1 && errno == EINTR) {
            continue;
        }

        if (n <= 0) {
            return gov_fail(err, errno == ENOSPC || errno == EDQUOT
                                 ? GOV_FULL : GOV_ERROR,
                            "", "附件无法写入");
        }

        data.data += n;
        data.len -= (size_t) n;
    }

    if (fchmod(fd, 0640) == -1 || fsync(fd) == -1) {
        return gov_fail(err, GOV_ERROR, "", "附件无法落盘");
    }

    return GOV_OK;
}


/* a name that is taken by as many bytes holds the same; one that goes just
 * then leaves it free */

static gov_rc_t
gov_blob_link(const char *temp, const char *folder, const char *hex,
    size_t size, gov_err_t *err)
{
    int          tries;
    char         path[GOV_BLOB_PATH];
    struct stat  st;

    (void) snprintf(path, GOV_BLOB_PATH, "%s/%s", folder, hex + 2);

    for (tries = 0; tries < 2; tries++) {
        if (link(temp, path) == 0) {
            return GOV_OK;
        }

        if (errno != EEXIST) {
            break;
        }

        if (stat(path, &st) == 0) {
            if ((size_t) st.st_size != size) {
                return gov_fail(err, GOV_CORRUPT, "", "附件已损坏：%s", path);
            }

            if (utimensat(AT_FDCWD, path, NULL, 0) == 0) {
                return GOV_OK;
            }
        }
    }

    return gov_fail(err, GOV_ERROR, "", "附件无法保存：%s", path);
}


gov_rc_t
gov_blob_path(gov_arena_t *a, const char *dir, gov_str_t hexdigest,
    gov_str_t *path)
{
    if (!gov_blob_hex(hexdigest)) {
        return GOV_INVALID;
    }

    *path = gov_str_fmt(a, "%s/%.2s/%.*s", dir, (char *) hexdigest.data,
                        (int) GOV_BLOB_HEX - 2, (char *) hexdigest.data + 2);

    return GOV_OK;
}


static int
gov_blob_hex(gov_str_t hexdigest)
{
    size_t  i;

    if (hexdigest.len != GOV_BLOB_HEX) {
        return 0;
    }

    for (i = 0; i < GOV_BLOB_HEX; i++) {
        if (strchr("0123456789abcdef", hexdigest.data[i]) == NULL
            || hexdigest.data[i] == '\0')
        {
            return 0;
        }
    }

    return 1;
}


gov_rc_t
gov_blob_get(gov_arena_t *a, const char *dir, gov_str_t hexdigest,
    gov_str_t *data, gov_err_t *err)
{
    int        fd;
    u_char     digest[GOV_DIGEST_LEN];
    gov_rc_t   rc;
    gov_str_t  path;

    rc = gov_blob_path(a, dir, hexdigest, &path);
    if (rc != GOV_OK) {
        return gov_fail(err, rc, "", "附件的散列值不正确");
    }

    fd = open(gov_str_c(a, path), O_RDONLY|O_CLOEXEC);
    if (fd == -1) {
        return gov_fail(err, GOV_NOT_FOUND, "", "没有这个附件");
    }

    rc = gov_blob_read(a, fd, data, err);
    (void) close(fd);

    if (rc != GOV_OK) {
        return rc;
    }

    if (gov_digest(GOV_SHA256, *data, digest) != GOV_OK
        || !gov_str_eq(gov_hex_str(a, digest, GOV_DIGEST_LEN), hexdigest))
    {
        return gov_fail(err, GOV_CORRUPT, "", "附件的内容与散列值不符");
    }

    return GOV_OK;
}


gov_rc_t
gov_blob_drop(gov_arena_t *a, const char *dir, gov_str_t hexdigest,
    int64_t since, gov_err_t *err)
{
    char         aside[GOV_BLOB_PATH];
    gov_rc_t     rc;
    gov_str_t    path;
    struct stat  st;

    rc = gov_blob_path(a, dir, hexdigest, &path);
    if (rc != GOV_OK) {
        return gov_fail(err, rc, "", "附件的散列值不正确");
    }

    (void) snprintf(aside, sizeof(aside), "%s/%.2s/.old.%.*s", dir,
                    (char *) hexdigest.data, gov_strf(hexdigest));

    /* what an earlier try may have left is there under no other name */

    if (rename(gov_str_c(a, path), aside) == -1 && errno != ENOENT) {
        return gov_fail(err, GOV_ERROR, "", "附件无法删除：%s",
                        gov_str_c(a, path));
    }

    if (stat(aside, &st) == -1) {
        return errno == ENOENT ? GOV_OK
               : gov_fail(err, GOV_ERROR, "", "附件无法删除：%s", aside);
    }

    if ((gov_blob_time(&st) >= since
         && link(aside, gov_str_c(a, path)) == -1 && errno != EEXIST)
        || unlink(aside) == -1)
    {
        return gov_fail(err, GOV_ERROR, "", "附件无法删除：%s", aside);
    }

    aside[strlen(dir) + 3] = '\0';

    return gov_place_sync(aside, err);
}


static int64_t
gov_blob_time(struct stat *st)
{
    return (int64_t) st->st_mtim.tv_sec * 1000000
           + st->st_mtim.tv_nsec / 1000;
}


static gov_rc_t
gov_blob_read(gov_arena_t *a, int fd, gov_str_t *data, gov_err_t *err)
{
    ssize_t      n;
    struct stat  st;

    if (fstat(fd, &st) == -1) {
        return gov_fail(err, GOV_ERROR, "", "附件无法读取");
    }

    data->len = 0;
    data->data = gov_alloc(a, (size_t) st.st_size + 1);

    while (data->len < (size_t) st.st_size) {
        n = read(fd, data->data + data->len, (size_t) st.st_size - data->len);

        if (n == -1 && errno == EINTR) {
            continue;
        }

        if (n <= 0) {
            return gov_fail(err, GOV_ERROR, "", "附件无法读取");
        }

        data->len += (size_t) n;
    }

    return gov_arena_failed(a) ? gov_fail(err, GOV_FULL, "", "附件过大")
                               : GOV_OK;
}
