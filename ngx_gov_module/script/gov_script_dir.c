
/*
 * Copyright (C) ngx_gov authors
 *
 * Bundles of sites: every folder of a directory is one, but for those whose
 * names begin with "_" (blueprints) or ".".
 */


#include "script/gov_script.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>


#define GOV_BUNDLE_PATH  1024


static gov_rc_t
gov_script_dir_add(gov_script_lib_t *lib, const char *dir, const char *name,
    gov_err_t *err)
{
    int          n;
    char         path[GOV_BUNDLE_PATH];
    struct stat  st;

    n = snprintf(path, sizeof(path), "%s/%s", dir, name);

    if (n < 0 || (size_t) n >= sizeof(path)) {
        return gov_fail(err, GOV_INVALID, "", "%s: the path is too long",
                        name);
    }

    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)) {
        return GOV_OK;
    }

    return gov_script_lib_add(lib, name, path, err);
}


gov_rc_t
gov_script_lib_add_all(gov_script_lib_t *lib, const char *dir, gov_err_t *err)
{
    DIR            *d;
    gov_rc_t        rc;
    struct dirent  *e;

    d = opendir(dir);

    if (d == NULL) {
        return gov_fail(err, GOV_INVALID, "", "%s: %s", dir,
                        strerror(errno));
    }

    rc = GOV_OK;

    while (rc == GOV_OK && (e = readdir(d)) != NULL) {
        if (e->d_name[0] != '_' && e->d_name[0] != '.') {
            rc = gov_script_dir_add(lib, dir, e->d_name, err);
        }
    }

    (void) closedir(d);

    return rc;
}
