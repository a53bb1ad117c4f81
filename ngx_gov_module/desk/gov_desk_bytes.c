
/*
 * Copyright (C) ngx_gov authors
 *
 * What govd does about the bytes of files by itself: those of earlier times
 * are led into the library, those of nobody go (content/gov_file_bytes.c).
 */


#include "desk/gov_desk_file.h"


#define GOV_GONE_ROW(I)                                                       \
    I(digest, STR, REQUIRED, "")                                              \
    I(number, INT, REQUIRED, "")


static gov_rc_t gov_gather_one(gov_cmd_t *c, gov_site_t *site,
    gov_str_t hex);


static gov_in_t  gov_gone_row[] = {
    GOV_GONE_ROW(GOV_DESK_IN_ROW)
    { NULL, 0, 0, NULL }
};


gov_rc_t
gov_desk_file_gather(gov_cmd_t *c)
{
    gov_rc_t      rc;
    gov_site_t    site;
    gov_value_t  *v;

    rc = gov_desk_has(c, "site") ? gov_desk_site(c, "site", &site) : GOV_OK;

    if (rc == GOV_OK && gov_desk_has(c, "site")) {
        gov_each (v, gov_member(c->in, "digests")) {
            rc = gov_gather_one(c, &site, v->u.s);
            if (rc != GOV_OK) {
                return rc;
            }
        }
    }

    return rc == GOV_OK && gov_get_bool(c->in, "all")
           ? gov_files_known_set(c->txn, c->op->time) : rc;
}


/* one that went meanwhile is passed over */

static gov_rc_t
gov_gather_one(gov_cmd_t *c, gov_site_t *site, gov_str_t hex)
{
    u_char           raw[GOV_DIGEST_LEN];
    gov_rc_t         rc;
    gov_file_rec_t   f;

    rc = gov_desk_digest(c, hex, "digests", raw);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_file_load(c->txn, c->arena, site->id, hex, &f);

    if (rc == GOV_OK) {
        rc = gov_file_appear(c->txn, c->arena, site->id,
                             (gov_str_t) { GOV_DIGEST_LEN, raw }, &f);
    }

    return rc == GOV_NOT_FOUND ? GOV_OK : rc;
}


gov_rc_t
gov_desk_file_forget(gov_cmd_t *c)
{
    u_char        raw[GOV_DIGEST_LEN];
    int64_t       since;
    gov_rc_t      rc;
    const char   *blobs;
    gov_value_t  *v, *row;

    if (gov_files_known(c->txn, &since) != GOV_OK) {
        return gov_fail(c->err, GOV_DENIED, "files", "文件库还没有整理完");
    }

    blobs = c->op->door == GOV_DOOR_REPLAY ? NULL : c->op->blobs;

    gov_each (v, gov_member(c->in, "files")) {
        rc = gov_in_read(c->arena, gov_gone_row, v, 0, &row, c->err);

        if (rc == GOV_OK) {
            rc = gov_desk_digest(c, gov_get_str(row, "digest"), "files", raw);
        }

        if (rc == GOV_OK) {
            rc = gov_file_forget(c->txn, c->arena, blobs,
                                 (gov_str_t) { GOV_DIGEST_LEN, raw },
                                 gov_get_int(row, "number", 0), c->op->time,
                                 c->err);
        }

        if (rc != GOV_OK) {
            return rc;
        }
    }

    return GOV_OK;
}
