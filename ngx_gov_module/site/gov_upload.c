
/*
 * Copyright (C) ngx_gov authors
 *
 * The policy "upload": what may be brought to the library of a site.
 *
 *     {from, basis, types: [{ending, size}], pixels, files, zip_files,
 *      zip_size, scan: "off" | "hold", keep}
 *
 * A rule that leaves something out means the platform's own figure for it;
 * one with types allows these and no others.
 */


#include "site/gov_site_int.h"


#define GOV_UPLOAD_MB      (1024 * 1024)
#define GOV_UPLOAD_TYPES   50
#define GOV_UPLOAD_MAX     (512LL * GOV_UPLOAD_MB)


/* sizes of the platform's own rule */

static const int64_t  gov_upload_sizes[GOV_MEDIA_KINDS] = {
    [GOV_MEDIA_OTHER] = 0,
    [GOV_MEDIA_IMAGE] = 20 * GOV_UPLOAD_MB,
    [GOV_MEDIA_DOCUMENT] = 50 * GOV_UPLOAD_MB,
    [GOV_MEDIA_SOUND] = GOV_UPLOAD_MAX,
    [GOV_MEDIA_ARCHIVE] = 100 * GOV_UPLOAD_MB,
};

/* numbers of a rule: the platform's own, and the most that may be set */

static const struct {
    const char  *name;
    size_t       offset;
    int64_t      own;
    int64_t      max;
} gov_upload_numbers[] = {
    { "pixels", offsetof(gov_upload_t, pixels), 50000000, 100000000 },
    { "files", offsetof(gov_upload_t, files), 20, 200 },
    { "zip_files", offsetof(gov_upload_t, zip_files), 200, 200 },
    { "zip_size", offsetof(gov_upload_t, zip_size), 200 * GOV_UPLOAD_MB,
      GOV_UPLOAD_MAX },
    { "keep", offsetof(gov_upload_t, keep), 30, 3650 },
    { NULL, 0, 0, 0 }
};


gov_value_t *
gov_upload_default(gov_arena_t *a)
{
    unsigned            i;
    gov_value_t        *rule, *list, *type;
    const gov_media_t  *m;

    rule = gov_map(a);
    gov_put_c(a, rule, "from", "1970-01-01");
    list = gov_put_list(a, rule, "types");

    for (m = gov_media; m->ending; m++) {
        type = gov_add_map(a, list);
        gov_put_c(a, type, "ending", m->ending);
        gov_put_int(a, type, "size", gov_upload_sizes[m->kind]);
    }

    for (i = 0; gov_upload_numbers[i].name; i++) {
        gov_put_int(a, rule, gov_upload_numbers[i].name,
                    gov_upload_numbers[i].own);
    }

    gov_put_c(a, rule, "scan", "off");

    return rule;
}


gov_rc_t
gov_upload_get(gov_txn_t *t, gov_arena_t *a, int64_t now, gov_upload_t *u)
{
    gov_rc_t      rc;
    unsigned      i;
    gov_value_t  *rule, *own;

    rc = gov_policy_get(t, a, "upload", now, &rule);

    if (rc != GOV_OK && rc != GOV_NOT_FOUND) {
        return rc;
    }

    own = gov_upload_default(a);

    u->types = gov_member(rule, "types");

    if (u->types == NULL) {
        u->types = gov_member(own, "types");
    }

    u->hold = gov_str_is(gov_get_str(rule, "scan"), "hold");

    for (i = 0; gov_upload_numbers[i].name; i++) {
        *(int64_t *) ((u_char *) u + gov_upload_numbers[i].offset) =
            gov_get_int(rule, gov_upload_numbers[i].name,
                        gov_upload_numbers[i].own);
    }

    return GOV_OK;
}


int64_t
gov_upload_size(gov_upload_t *u, gov_str_t name)
{
    gov_str_t           ending;
    gov_value_t        *v;
    const gov_media_t  *m;

    m = gov_media_named(name);

    gov_each (v, m ? u->types : NULL) {
        ending = gov_get_str(v, "ending");

        if (gov_str_is(ending, m->ending)) {
            return gov_get_int(v, "size", gov_upload_sizes[m->kind]);
        }
    }

    return -1;
}


gov_rc_t
gov_upload_rule(gov_arena_t *a, gov_value_t *rule, unsigned row,
    gov_err_t *err)
{
    int64_t             n;
    unsigned            i;
    gov_str_t           scan, ending;
    gov_value_t        *v, *types;
    const gov_media_t  *m;

    types = gov_member(rule, "types");
    scan = gov_get_str(rule, "scan");

    if (types != NULL && (types->kind != GOV_LIST
                          || types->n > GOV_UPLOAD_TYPES))
    {
        return gov_fail(err, GOV_INVALID, "rules",
                        "第 %u 条的 types 应是列表", row);
    }

    gov_each (v, types) {
        ending = gov_get_str(v, "ending");
        m = gov_media_named(gov_str_cat(a, gov_s("x"), ending));
        n = gov_get_int(v, "size", 1);

        if (m == NULL || !gov_str_is(ending, m->ending) || n < 1
            || n > GOV_UPLOAD_MAX)
        {
            return gov_fail(err, GOV_INVALID, "rules",
                            "第 %u 条的 types 中有未知的后缀，或大小超过 512 MB",
                            row);
        }
    }

    for (i = 0; gov_upload_numbers[i].name; i++) {
        n = gov_get_int(rule, gov_upload_numbers[i].name, 1);

        if (n < 1 || n > gov_upload_numbers[i].max) {
            return gov_fail(err, GOV_INVALID, "rules",
                            "第 %u 条的 %s 应在 1 到 %lld 之间", row,
                            gov_upload_numbers[i].name,
                            (long long) gov_upload_numbers[i].max);
        }
    }

    if (scan.len && !gov_str_is(scan, "off") && !gov_str_is(scan, "hold")) {
        return gov_fail(err, GOV_INVALID, "rules",
                        "第 %u 条的 scan 只能是 off 或 hold", row);
    }

    return GOV_OK;
}
