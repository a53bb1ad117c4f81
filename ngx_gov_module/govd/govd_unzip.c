
/*
 * Copyright (C) ngx_gov authors
 *
 * A ZIP that is brought to be unpacked becomes the files in it.  govlook
 * writes them one behind the other into one file without a name; from there
 * each goes into one of its own and is looked at like any other.
 */


#define _GNU_SOURCE         /* copy_file_range() */

#include <errno.h>
#include <unistd.h>

#include "govd/govd_file.h"


#define GOVD_UNZIP_RATIO  200
#define GOVD_UNZIP_NAME   4096


static gov_rc_t govd_unzip_look(govd_t *g, gov_arena_t *a,
    gov_upload_t *rules, int fd, govd_blob_t *all, gov_value_t **found,
    gov_err_t *err);
static govd_file_t *govd_unzip_entry(gov_arena_t *a, gov_upload_t *rules,
    gov_value_t *entry, govd_blob_t *all);
static gov_rc_t govd_unzip_bytes(govd_file_t *file, gov_value_t *entry,
    govd_blob_t *all);


gov_rc_t
govd_unzip(govd_t *g, gov_arena_t *a, gov_upload_t *rules, govd_file_t *zip,
    govd_file_t **files, gov_err_t *err)
{
    gov_rc_t      rc;
    govd_blob_t   all;
    gov_value_t  *found;

    rc = govd_file_allowed(rules, zip->name, zip->blob.size, err);

    if (rc == GOV_OK) {
        rc = govd_blob_begin(&all, err);
    }

    if (rc != GOV_OK) {
        govd_blob_drop(&zip->blob);
        return rc;
    }

    rc = govd_unzip_look(g, a, rules, zip->blob.fd, &all, &found, err);

    if (rc == GOV_OK) {
        govd_unzip_files(a, rules, found, &all, files);
    }

    govd_blob_drop(&all);
    govd_blob_drop(&zip->blob);

    return rc;
}


static gov_rc_t
govd_unzip_look(govd_t *g, gov_arena_t *a, gov_upload_t *rules, int fd,
    govd_blob_t *all, gov_value_t **found, gov_err_t *err)
{
    const char  *words[6];

    words[0] = "govlook";
    words[1] = "archive";
    words[2] = gov_str_c(a, gov_str_fmt(a, "%lld",
                                        (long long) rules->zip_files));
    words[3] = gov_str_c(a, gov_str_fmt(a, "%lld",
                                        (long long) rules->zip_size));
    words[4] = gov_str_c(a, gov_str_fmt(a, "%d", GOVD_UNZIP_RATIO));
    words[5] = NULL;

    return govd_look(g, words, fd, all, 1, a, found, err);
}


void
govd_unzip_files(gov_arena_t *a, gov_upload_t *rules, gov_value_t *found,
    govd_blob_t *all, govd_file_t **files)
{
    gov_value_t  *v;
    govd_file_t  *file;

    gov_each (v, gov_get_list(found, "entries")) {
        file = govd_unzip_entry(a, rules, v, all);

        if (file != NULL) {
            *files = file;
            files = &file->next;
        }
    }
}


/* NULL: nobody meant to bring it */

static govd_file_t *
govd_unzip_entry(gov_arena_t *a, gov_upload_t *rules, gov_value_t *entry,
    govd_blob_t *all)
{
    gov_rc_t      rc;
    govd_file_t  *file;

    file = gov_calloc(a, sizeof(govd_file_t));
    file->blob.fd = -1;

    rc = govd_unzip_name(a, gov_get_str(entry, "name"), &file->name,
                         &file->err);

    if (rc == GOV_DONE) {
        return NULL;
    }

    if (rc == GOV_OK && gov_member(entry, "fault")) {
        rc = govd_look_fault(gov_get_str(entry, "fault"), &file->err);
    }

    if (rc == GOV_OK) {
        rc = govd_file_allowed(rules, file->name,
                               (size_t) gov_get_int(entry, "size", 0),
                               &file->err);
    }

    if (rc == GOV_OK) {
        rc = govd_unzip_bytes(file, entry, all);
    }

    if (rc != GOV_OK) {
        govd_blob_drop(&file->blob);
    }

    return file;
}


gov_rc_t
govd_unzip_name(gov_arena_t *a, gov_str_t hex, gov_str_t *name,
    gov_err_t *err)
{
    u_char     *p, *end;
    size_t      n;
    gov_rc_t    rc;
    gov_str_t   path, part;

    path.len = hex.len / 2;
    path.data = gov_alloc(a, path.len + 1);

    if (path.len > GOVD_UNZIP_NAME || gov_unhex(path.data, hex, path.len)
        != 0)
    {
        path.len = 0;
    }

    rc = govd_file_name(a, path, name, err);

    if (name->len == 0 || name->data[0] == '.'
        || gov_str_starts(path, "__MACOSX/")
        || gov_str_is(*name, "Thumbs.db"))
    {
        return GOV_DONE;
    }

    end = path.data + path.len;

    for (p = path.data; p < end; p += n + 1) {
        for (n = 0; p + n < end && p[n] != '/' && p[n] != '\\'; n++) {
            /* void */
        }

        part.data = p;
        part.len = n;

        if (n == 0 || gov_str_is(part, "..") || gov_str_ends(part, ":")) {
            return gov_fail(err, GOV_INVALID, "file",
                            "压缩包中的路径指向别处，不予展开");
        }
    }

    return rc;
}


static gov_rc_t
govd_unzip_bytes(govd_file_t *file, gov_value_t *entry, govd_blob_t *all)
{
    loff_t    at;
    size_t    left;
    ssize_t   n;
    gov_rc_t  rc;

    rc = govd_blob_begin(&file->blob, &file->err);
    if (rc != GOV_OK) {
        return rc;
    }

    at = gov_get_int(entry, "at", 0);
    left = (size_t) gov_get_int(entry, "size", 0);

    for (/* void */; left; left -= (size_t) n) {
        n = copy_file_range(all->fd, &at, file->blob.fd, NULL, left, 0);

        if (n <= 0) {
            return gov_fail(&file->err, GOV_ERROR, "", "附件没有写下：%s",
                            strerror(errno));
        }

        file->blob.size += (size_t) n;
    }

    return GOV_OK;
}
