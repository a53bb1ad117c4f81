
/*
 * Copyright (C) ngx_gov authors
 *
 * A verified hot backup:
 *
 *     DIR.part/data.mdb   a compacted copy made from one snapshot, synced
 *     ...                 opened as a store and checked whole
 *     DIR.part/blobs      the attachments, by whoever asked (govd_backup.c)
 *     DIR                 renamed; its parent synced
 *
 * so a folder under its final name is whole, its store one that was readable
 * to its last value when it was made.  DIR must not exist yet.  The snapshot
 * lasts as long as the copy: meanwhile the store's freed pages are not used
 * again.
 */


#define _GNU_SOURCE         /* nftw() */

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <unistd.h>

#include "store/gov_store_int.h"


#define GOV_BACKUP_PATH   4000
#define GOV_BACKUP_FILES  8         /* open ones, while a tree is removed */


static gov_rc_t gov_backup_clear(const char *part, gov_err_t *err);
static void gov_backup_remove(const char *part);
static int gov_backup_removed(const char *path, const struct stat *st,
    int type, struct FTW *at);
static gov_rc_t gov_backup_copy(gov_store_t *s, const char *part,
    gov_err_t *err);
static gov_rc_t gov_backup_check(gov_store_t *s, const char *part,
    gov_err_t *err);
static gov_rc_t gov_backup_sync(const char *path, gov_err_t *err);
static gov_rc_t gov_backup_rename(const char *part, const char *dir,
    gov_err_t *err);


gov_rc_t
gov_store_backup(gov_store_t *s, const char *dir, gov_err_t *err)
{
    char         part[GOV_BACKUP_PATH];
    gov_rc_t     rc;
    struct stat  st;

    if (strlen(dir) > GOV_BACKUP_PATH - 64) {
        return gov_fail(err, GOV_INVALID, "", "备份目录的路径过长");
    }

    if (s->forked) {
        return gov_fail(err, GOV_ERROR, "", "fork 之后须重新打开数据库");
    }

    if (stat(dir, &st) == 0) {
        return gov_fail(err, GOV_CONFLICT, "", "备份目录已经存在：%s", dir);
    }

    (void) snprintf(part, sizeof(part), "%s.part", dir);

    rc = gov_backup_clear(part, err);

    if (rc == GOV_OK) {
        rc = gov_backup_copy(s, part, err);
    }

    if (rc == GOV_OK) {
        rc = gov_backup_check(s, part, err);
    }

    if (rc != GOV_OK) {
        gov_backup_remove(part);
    }

    return rc;
}


gov_rc_t
gov_store_backup_end(const char *dir, gov_err_t *err)
{
    char      part[GOV_BACKUP_PATH];
    gov_rc_t  rc;

    (void) snprintf(part, sizeof(part), "%s.part", dir);

    rc = gov_place_sync(part, err);

    return rc == GOV_OK ? gov_backup_rename(part, dir, err) : rc;
}


void
gov_store_backup_drop(const char *dir)
{
    char  part[GOV_BACKUP_PATH];

    (void) snprintf(part, sizeof(part), "%s.part", dir);
    gov_backup_remove(part);
}


/* what an earlier try may have left goes, then an empty folder */

static gov_rc_t
gov_backup_clear(const char *part, gov_err_t *err)
{
    gov_backup_remove(part);

    if (mkdir(part, 0700) == -1) {
        return gov_fail(err, GOV_ERROR, "", "无法建立备份目录 %s：%s", part,
                        strerror(errno));
    }

    return GOV_OK;
}


/* what a backup makes, and nothing that somebody else may have put there */

static void
gov_backup_remove(const char *part)
{
    char  path[GOV_BACKUP_PATH + 16];

    (void) snprintf(path, sizeof(path), "%s/data.mdb", part);
    (void) unlink(path);
    (void) snprintf(path, sizeof(path), "%s/lock.mdb", part);
    (void) unlink(path);
    (void) snprintf(path, sizeof(path), "%s/blobs", part);
    (void) nftw(path, gov_backup_removed, GOV_BACKUP_FILES,
                FTW_DEPTH|FTW_PHYS);
    (void) rmdir(part);
}


static int
gov_backup_removed(const char *path, const struct stat *st, int type,
    struct FTW *at)
{
    (void) st;
    (void) type;
    (void) at;

    return remove(path);
}


static gov_rc_t
gov_backup_copy(gov_store_t *s, const char *part, gov_err_t *err)
{
    char      path[GOV_BACKUP_PATH + 16];
    gov_rc_t  rc;

    rc = s->backend->copy(s->env, part, err);

    if (rc == GOV_OK) {
        (void) snprintf(path, sizeof(path), "%s/data.mdb", part);
        rc = gov_backup_sync(path, err);
    }

    return rc;
}


static gov_rc_t
gov_backup_sync(const char *path, gov_err_t *err)
{
    int  fd, rc;

    fd = open(path, O_RDWR|O_CLOEXEC);
    if (fd == -1) {
        return gov_fail(err, GOV_ERROR, "", "备份无法打开：%s", path);
    }

    rc = (fchmod(fd, 0640) == -1 || fsync(fd) == -1) ? -1 : 0;
    (void) close(fd);

    return rc == 0 ? GOV_OK
                   : gov_fail(err, GOV_ERROR, "", "备份无法落盘：%s", path);
}


/* the copy needs a lock file while it is read, and no longer */

static gov_rc_t
gov_backup_check(gov_store_t *s, const char *part, gov_err_t *err)
{
    int               fd;
    char              path[GOV_BACKUP_PATH + 16];
    gov_rc_t          rc;
    uint64_t          values, faults;
    gov_store_t      *copy;
    gov_store_conf_t  conf;

    (void) snprintf(path, sizeof(path), "%s/lock.mdb", part);

    fd = open(path, O_RDWR|O_CREAT|O_EXCL|O_CLOEXEC, 0600);
    if (fd == -1) {
        return gov_fail(err, GOV_ERROR, "", "无法建立锁文件：%s", path);
    }

    (void) close(fd);

    conf = s->conf;
    conf.dir = part;
    conf.flags = GOV_STORE_READ;
    conf.backend = NULL;

    rc = gov_store_open(&conf, &copy, err);

    if (rc == GOV_OK) {
        rc = gov_store_check(copy, NULL, NULL, &values, &faults, err);
        gov_store_close(&copy);
    }

    (void) unlink(path);

    return rc;
}


static gov_rc_t
gov_backup_rename(const char *part, const char *dir, gov_err_t *err)
{
    char   parent[GOV_BACKUP_PATH];
    char  *slash;

    if (chmod(part, 0750) == -1 || rename(part, dir) == -1) {
        return gov_fail(err, errno == EEXIST || errno == ENOTEMPTY
                             ? GOV_CONFLICT : GOV_ERROR,
                        "", "备份目录无法改名为 %s", dir);
    }

    (void) snprintf(parent, sizeof(parent), "%s", dir);
    slash = strrchr(parent, '/');

    if (slash == NULL) {
        return gov_place_sync(".", err);
    }

    slash[slash == parent] = '\0';

    return gov_place_sync(parent, err);
}
