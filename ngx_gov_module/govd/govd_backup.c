
/*
 * Copyright (C) ngx_gov authors
 *
 * A backup: the store's verified copy (gov_store_backup), then the
 * attachments beside it; it gets its name when all of it is there.
 *
 *     DIR/data.mdb      DIR/blobs/ab/cdef...
 *
 * The store comes first: what it names is there already, and attachments
 * that came since are only more.  None goes before the end: the lock on their
 * folder keeps govd from it (govd_bytes.c).  They are never changed once
 * written, so within a file system they are linked, elsewhere copied.
 */


#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "govd/govd_task.h"


#define GOVD_BACKUP_PATH  4096


typedef struct {
    govd_task_t  *task;
    char          part[GOVD_BACKUP_PATH];   /* "DIR.part" */
    int64_t       files;
} govd_backup_t;


static gov_rc_t govd_backup_dir(govd_task_t *k, char *dir, size_t size);
static gov_rc_t govd_backup_lock(govd_task_t *k, int *lock);
static void govd_backup_step(govd_task_t *k, const char *step,
    const char *what);
static gov_rc_t govd_backup_rest(govd_backup_t *b, const char *dir);
static gov_rc_t govd_backup_blobs(govd_backup_t *b);
static gov_rc_t govd_backup_folder(govd_backup_t *b, const char *name);
static gov_rc_t govd_backup_open(govd_backup_t *b, const char *path,
    DIR **d);
static struct dirent *govd_backup_next(govd_backup_t *b, DIR *d,
    const char *path, gov_rc_t *rc);
static gov_rc_t govd_backup_file(govd_backup_t *b, const char *from,
    const char *to);
static int govd_backup_copy(const char *from, const char *to);
static int govd_backup_sync(const char *path);


gov_rc_t
govd_task_backup(govd_task_t *k)
{
    int            lock;
    char           dir[GOVD_BACKUP_PATH - sizeof(".part")];
    gov_rc_t       rc;
    govd_backup_t  b;

    rc = govd_backup_dir(k, dir, sizeof(dir));
    if (rc != GOV_OK) {
        return rc;
    }

    b.task = k;
    b.files = 0;
    (void) snprintf(b.part, sizeof(b.part), "%s.part", dir);

    rc = govd_backup_lock(k, &lock);

    if (rc == GOV_OK) {
        govd_backup_step(k, "store", dir);
        rc = gov_store_backup(k->store, dir, &k->err);
    }

    if (rc == GOV_OK) {
        rc = govd_backup_rest(&b, dir);
    }

    if (lock != -1) {
        (void) close(lock);
    }

    return rc;
}


/* with no folder there is no attachment either */

static gov_rc_t
govd_backup_lock(govd_task_t *k, int *lock)
{
    *lock = open(k->conf->blobs, O_RDONLY|O_DIRECTORY|O_CLOEXEC);

    return (*lock == -1 && errno == ENOENT) || flock(*lock, LOCK_SH) == 0
           ? GOV_OK
           : gov_fail(&k->err, GOV_ERROR, "", "附件目录无法锁定：%s",
                      strerror(errno));
}


/*
 * The folder given, which must not be there or be empty; or a new one, named
 * by the time, in backup/
 */

static gov_rc_t
govd_backup_dir(govd_task_t *k, char *dir, size_t size)
{
    gov_str_t  given, now;

    given = gov_get_str(k->in, "dir");

    if (given.len == 0) {
        now = gov_date(k->arena, gov_now(), GOV_DATE_RFC3339);
        (void) mkdir("backup", 0700);
        (void) snprintf(dir, size, "backup/%.4s%.2s%.2s-%.2s%.2s%.2s",
                        now.data, now.data + 5, now.data + 8, now.data + 11,
                        now.data + 14, now.data + 17);
        return GOV_OK;
    }

    if (given.len >= size - 100) {
        return gov_fail(&k->err, GOV_INVALID, "dir", "备份目录的路径过长");
    }

    (void) snprintf(dir, size, "%.*s", gov_strf(given));

    while (given.len > 1 && dir[given.len - 1] == '/') {
        dir[--given.len] = '\0';
    }

    (void) rmdir(dir);              /* an empty one gives way */

    return GOV_OK;
}


static void
govd_backup_step(govd_task_t *k, const char *step, const char *what)
{
    gov_value_t  *v;

    v = gov_map(k->arena);
    gov_put_c(k->arena, v, "step", step);
    gov_put_c(k->arena, v, "dir", what);

    govd_task_say(k, v);
}


/* the store is there */

static gov_rc_t
govd_backup_rest(govd_backup_t *b, const char *dir)
{
    gov_rc_t      rc;
    govd_task_t  *k = b->task;

    govd_backup_step(k, "attachments", dir);

    rc = govd_backup_blobs(b);

    if (rc == GOV_OK) {
        rc = gov_store_backup_end(dir, &k->err);
    }

    if (rc != GOV_OK) {
        gov_store_backup_drop(dir);
        return rc;
    }

    gov_put_str(k->arena, k->end, "dir",
                gov_str_copy(k->arena, gov_str_of(dir)));
    gov_put_int(k->arena, k->end, "attachments", b->files);

    return GOV_OK;
}


static gov_rc_t
govd_backup_blobs(govd_backup_t *b)
{
    DIR            *d;
    char            path[GOVD_BACKUP_PATH + 16];
    gov_rc_t        rc;
    struct dirent  *e;

    rc = govd_backup_open(b, b->task->conf->blobs, &d);
    if (d == NULL) {
        return rc;
    }

    (void) snprintf(path, sizeof(path), "%s/blobs", b->part);

    rc = mkdir(path, 0750) == 0 ? GOV_OK
         : gov_fail(&b->task->err, GOV_ERROR, "", "无法建立目录 %s：%s", path,
                    strerror(errno));

    while ((e = govd_backup_next(b, d, b->task->conf->blobs, &rc)) != NULL) {
        if (strlen(e->d_name) == 2 && e->d_name[0] != '.') {
            rc = govd_backup_folder(b, e->d_name);
        }
    }

    (void) closedir(d);

    if (rc == GOV_OK && govd_backup_sync(path) != 0) {
        rc = gov_fail(&b->task->err, GOV_ERROR, "", "目录 %s 无法落盘", path);
    }

    return rc;
}


static gov_rc_t
govd_backup_folder(govd_backup_t *b, const char *name)
{
    DIR            *d;
    char            from[GOVD_BACKUP_PATH], to[GOVD_BACKUP_PATH + 16];
    char            file[GOVD_BACKUP_PATH + 300];
    char            copy[GOVD_BACKUP_PATH + 300];
    gov_rc_t        rc;
    struct dirent  *e;

    (void) snprintf(from, sizeof(from), "%s/%.2s", b->task->conf->blobs,
                    name);
    (void) snprintf(to, sizeof(to), "%s/blobs/%.2s", b->part, name);

    rc = govd_backup_open(b, from, &d);
    if (d == NULL) {
        return rc;
    }

    rc = mkdir(to, 0750) == 0 ? GOV_OK
         : gov_fail(&b->task->err, GOV_ERROR, "", "无法建立目录 %s：%s", to,
                    strerror(errno));

    while ((e = govd_backup_next(b, d, from, &rc)) != NULL) {

        if (strlen(e->d_name) != 2 * GOV_DIGEST_LEN - 2) {
            continue;               /* not whole yet */
        }

        (void) snprintf(file, sizeof(file), "%s/%s", from, e->d_name);
        (void) snprintf(copy, sizeof(copy), "%s/%s", to, e->d_name);

        rc = govd_backup_file(b, file, copy);
    }

    (void) closedir(d);

    if (rc == GOV_OK && govd_backup_sync(to) != 0) {
        rc = gov_fail(&b->task->err, GOV_ERROR, "", "目录 %s 无法落盘", to);
    }

    return rc;
}


/* NULL: it is not there, for no attachment was put, or cannot be read */

static gov_rc_t
govd_backup_open(govd_backup_t *b, const char *path, DIR **d)
{
    *d = opendir(path);

    return *d || errno == ENOENT || errno == ENOTDIR
           ? GOV_OK : gov_fail(&b->task->err, GOV_ERROR, "",
                               "无法打开目录：%s", path);
}


/* NULL: there is none, or *rc says that it is not known */

static struct dirent *
govd_backup_next(govd_backup_t *b, DIR *d, const char *path, gov_rc_t *rc)
{
    struct dirent  *e;

    if (*rc != GOV_OK) {
        return NULL;
    }

    errno = 0;
    e = readdir(d);

    if (e == NULL && errno != 0) {
        *rc = gov_fail(&b->task->err, GOV_ERROR, "", "无法读取目录 %s：%s",
                       path, strerror(errno));
    }

    return e;
}


static gov_rc_t
govd_backup_file(govd_backup_t *b, const char *from, const char *to)
{
    if (link(from, to) == -1 && govd_backup_copy(from, to) == -1) {
        return gov_fail(&b->task->err,
                        errno == ENOSPC ? GOV_FULL : GOV_ERROR, "",
                        "附件无法备份到 %s：%s", to, strerror(errno));
    }

    b->files++;

    return GOV_OK;
}


static int
govd_backup_copy(const char *from, const char *to)
{
    int      in, out, rc;
    char     buf[65536];
    ssize_t  n;

    in = open(from, O_RDONLY|O_CLOEXEC);
    out = open(to, O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0640);

    rc = (in == -1 || out == -1) ? -1 : 0;

    while (rc == 0 && (n = read(in, buf, sizeof(buf))) != 0) {
        rc = (n == -1 || write(out, buf, (size_t) n) != n) ? -1 : 0;
    }

    if (rc == 0) {
        rc = fsync(out);
    }

    if (in != -1) {
        (void) close(in);
    }

    if (out != -1) {
        (void) close(out);
    }

    return rc;
}


static int
govd_backup_sync(const char *path)
{
    int  fd, rc;

    fd = open(path, O_RDONLY|O_DIRECTORY|O_CLOEXEC);
    if (fd == -1) {
        return -1;
    }

    rc = fsync(fd);
    (void) close(fd);

    return rc;
}
