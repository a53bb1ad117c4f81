
/*
 * Copyright (C) ngx_gov authors
 *
 * What a folder must be to hold a store:
 *
 *     folder      2750, owned by the writer; the workers' group
 *     data.mdb    0640
 *     lock.mdb    0660, made before the first open: LMDB has one mode for
 *                 both files, and readers write the lock file only
 *
 * on a local file system.  The lock file is opened here only when it is made,
 * that is, before this process has the store open.
 */


#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "store/gov_store_int.h"


#define GOV_PLACE_PATH  4096


static gov_rc_t gov_place_local(const char *dir, gov_err_t *err);
static gov_rc_t gov_place_there(gov_store_conf_t *conf, gov_err_t *err);
static gov_rc_t gov_place_folder(gov_store_conf_t *conf, gov_err_t *err);
static gov_rc_t gov_place_data(gov_store_conf_t *conf, gov_err_t *err);
static gov_rc_t gov_place_lock(gov_store_conf_t *conf, gov_err_t *err);
static gov_rc_t gov_place_give(gov_store_conf_t *conf, const char *path,
    gov_err_t *err);
static void gov_place_name(char *path, const char *dir, const char *name);


int (*gov_place_statfs)(const char *path, struct statfs *st) = statfs;


/* file systems whose mappings or locks are not shared between machines */

static struct {
    uint32_t     magic;
    const char  *name;
} gov_place_remote[] = {
    { 0x6969,     "NFS" },
    { 0x517b,     "SMB" },
    { 0xff534d42, "CIFS" },
    { 0xfe534d42, "SMB2" },
    { 0x73757245, "Coda" },
    { 0x5346414f, "AFS" },
    { 0x6b414653, "kAFS" },
    { 0x01021997, "9p" },
    { 0x00c36400, "Ceph" },
    { 0x65735546, "FUSE" },
    { 0x01161970, "GFS2" },
    { 0x7461636f, "OCFS2" },
    { 0x0bd00bd0, "Lustre" },
    { 0x19830326, "BeeGFS" },
    { 0, NULL }
};


/* before the writer's open */

gov_rc_t
gov_place_prepare(gov_store_conf_t *conf, gov_err_t *err)
{
    gov_rc_t  rc;

    rc = conf->flags & GOV_STORE_THERE ? gov_place_there(conf, err)
                                       : gov_place_folder(conf, err);

    if (rc == GOV_OK) {
        rc = gov_place_local(conf->dir, err);
    }

    if (rc == GOV_OK) {
        rc = gov_place_data(conf, err);
    }

    if (rc == GOV_OK) {
        rc = gov_place_lock(conf, err);
    }

    return rc;
}


/* after the writer's open: the file may be new and the umask strict */

gov_rc_t
gov_place_finish(gov_store_conf_t *conf, gov_err_t *err)
{
    char  path[GOV_PLACE_PATH];

    gov_place_name(path, conf->dir, "data.mdb");

    if (chmod(path, 0640) == -1) {
        return gov_fail(err, GOV_ERROR, "", "无法设置数据文件权限：%s", path);
    }

    return gov_place_give(conf, path, err);
}


/* before a reader's open, which makes nothing */

gov_rc_t
gov_place_look(gov_store_conf_t *conf, gov_err_t *err)
{
    char         path[GOV_PLACE_PATH];
    struct stat  st;

    gov_place_name(path, conf->dir, "data.mdb");

    if (stat(path, &st) == -1 || st.st_size == 0) {
        return gov_fail(err, GOV_NOT_FOUND, "", "数据库尚未建立：%s",
                        conf->dir);
    }

    gov_place_name(path, conf->dir, "lock.mdb");

    if (access(path, R_OK | W_OK) == -1) {
        return gov_fail(err, GOV_NOT_FOUND, "",
                        "数据库的锁文件不存在或不可写：%s", path);
    }

    return gov_place_local(conf->dir, err);
}


static gov_rc_t
gov_place_local(const char *dir, gov_err_t *err)
{
    unsigned       i;
    struct statfs  fs;

    if (gov_place_statfs(dir, &fs) == -1) {
        return gov_fail(err, GOV_ERROR, "", "无法查看文件系统：%s", dir);
    }

    for (i = 0; gov_place_remote[i].name; i++) {
        if ((uint32_t) fs.f_type == gov_place_remote[i].magic) {
            return gov_fail(err, GOV_INVALID, "",
                            "数据库不能放在网络文件系统（%s）上：%s",
                            gov_place_remote[i].name, dir);
        }
    }

    return GOV_OK;
}


/* a disk that is not mounted looks like a platform that is new */

static gov_rc_t
gov_place_there(gov_store_conf_t *conf, gov_err_t *err)
{
    char         path[GOV_PLACE_PATH];
    struct stat  st;

    gov_place_name(path, conf->dir, "data.mdb");

    return stat(path, &st) == 0 ? GOV_OK
           : gov_fail(err, GOV_NOT_FOUND, "", "数据文件不见了：%s", path);
}


static gov_rc_t
gov_place_folder(gov_store_conf_t *conf, gov_err_t *err)
{
    struct stat  st;

    if (mkdir(conf->dir, 0750) == 0) {

        if (chmod(conf->dir, 02750) == -1) {
            return gov_fail(err, GOV_ERROR, "", "无法设置目录权限：%s",
                            conf->dir);
        }

        return gov_place_give(conf, conf->dir, err);
    }

    if (errno != EEXIST || stat(conf->dir, &st) == -1) {
        return gov_fail(err, GOV_ERROR, "", "无法建立数据库目录：%s",
                        conf->dir);
    }

    if (!S_ISDIR(st.st_mode)) {
        return gov_fail(err, GOV_INVALID, "", "不是目录：%s", conf->dir);
    }

    if (st.st_uid != geteuid()) {
        return gov_fail(err, GOV_INVALID, "",
                        "数据库目录属于另一用户（uid %u）：%s",
                        (unsigned) st.st_uid, conf->dir);
    }

    return GOV_OK;
}


/* an empty file is what is left of a store, never the beginning of one */

static gov_rc_t
gov_place_data(gov_store_conf_t *conf, gov_err_t *err)
{
    char         path[GOV_PLACE_PATH];
    struct stat  st;

    gov_place_name(path, conf->dir, "data.mdb");

    if (stat(path, &st) == -1) {
        return errno == ENOENT ? GOV_OK
                               : gov_fail(err, GOV_ERROR, "",
                                          "无法查看数据文件：%s", path);
    }

    if (st.st_uid != geteuid()) {
        return gov_fail(err, GOV_INVALID, "",
                        "数据文件属于另一用户（uid %u）：%s",
                        (unsigned) st.st_uid, path);
    }

    if (st.st_size == 0) {
        return gov_fail(err, GOV_INVALID, "",
                        "数据文件是空的，请从备份恢复，"
                        "新装的平台则先删除它：%s", path);
    }

    return GOV_OK;
}


static gov_rc_t
gov_place_lock(gov_store_conf_t *conf, gov_err_t *err)
{
    int   fd;
    char  path[GOV_PLACE_PATH];

    gov_place_name(path, conf->dir, "lock.mdb");

    fd = open(path, O_RDWR|O_CREAT|O_EXCL|O_CLOEXEC, 0660);

    if (fd == -1 && errno != EEXIST) {
        return gov_fail(err, GOV_ERROR, "", "无法建立锁文件：%s", path);
    }

    if (fd != -1) {
        (void) close(fd);
    }

    if (chmod(path, 0660) == -1) {
        return gov_fail(err, GOV_INVALID, "", "无法设置锁文件权限：%s", path);
    }

    return gov_place_give(conf, path, err);
}


static gov_rc_t
gov_place_give(gov_store_conf_t *conf, const char *path, gov_err_t *err)
{
    struct stat  st;

    if (conf->group_gid < 0) {
        return GOV_OK;
    }

    if (stat(path, &st) == 0 && st.st_gid == (gid_t) conf->group_gid) {
        return GOV_OK;
    }

    if (chown(path, (uid_t) -1, (gid_t) conf->group_gid) == -1) {
        return gov_fail(err, GOV_ERROR, "", "无法设置所属组：%s", path);
    }

    /* chown() may have taken the folder's setgid bit away */

    if (S_ISDIR(st.st_mode) && chmod(path, 02750) == -1) {
        return gov_fail(err, GOV_ERROR, "", "无法设置目录权限：%s", path);
    }

    return GOV_OK;
}


gov_rc_t
gov_place_sync(const char *dir, gov_err_t *err)
{
    int  fd, rc;

    fd = open(dir, O_RDONLY|O_DIRECTORY|O_CLOEXEC);

    if (fd == -1) {
        return gov_fail(err, GOV_ERROR, "", "无法打开目录：%s", dir);
    }

    rc = fsync(fd);
    (void) close(fd);

    return rc == 0 ? GOV_OK
                   : gov_fail(err, GOV_ERROR, "", "目录无法落盘：%s", dir);
}


static void
gov_place_name(char *path, const char *dir, const char *name)
{
    (void) snprintf(path, GOV_PLACE_PATH, "%s/%s", dir, name);
}
