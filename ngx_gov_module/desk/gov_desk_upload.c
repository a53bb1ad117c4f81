
/*
 * Copyright (C) ngx_gov authors
 *
 * file.upload: what one form brought, looked at by govd before, becomes files
 * of a site in one entry of the journal; the verdict tells file by file what
 * became of it.  What was found in a file that is refused is kept as its
 * record; its bytes are not.
 */


#include "desk/gov_desk_file.h"


#define GOV_UPLOAD_ROW(I)                                                     \
    I(name, STR, REQUIRED, "")                                                \
    I(digest, STR, REQUIRED, "")                                              \
    I(size, INT, REQUIRED, "")                                                \
    I(type, STR, OPTIONAL, "")                                                \
    I(state, STR, OPTIONAL, "")                                               \
    I(why, STR, OPTIONAL, "")                                                 \
    I(alt, STR, OPTIONAL, "")                                                 \
    I(decorative, BOOL, OPTIONAL, "")                                         \
    I(width, INT, OPTIONAL, "")                                               \
    I(height, INT, OPTIONAL, "")                                              \
    I(variants, LIST, OPTIONAL, "")

#define GOV_VARIANT_ROW(I)                                                    \
    I(digest, STR, REQUIRED, "")                                              \
    I(size, INT, REQUIRED, "")                                                \
    I(width, INT, REQUIRED, "")                                               \
    I(height, INT, REQUIRED, "")

#define GOV_REFUSED_ROW(I)                                                    \
    I(name, STR, REQUIRED, "")                                                \
    I(why, STR, REQUIRED, "")


static gov_rc_t gov_desk_upload_one(gov_cmd_t *c, gov_site_t *site,
    gov_value_t *in, gov_value_t *out, u_char raw[GOV_DIGEST_LEN]);
static gov_rc_t gov_desk_upload_record(gov_cmd_t *c, gov_value_t *in,
    gov_file_rec_t *f);
static gov_rc_t gov_desk_upload_variants(gov_cmd_t *c, gov_value_t *in,
    gov_file_rec_t *f);
static gov_rc_t gov_desk_upload_small(gov_cmd_t *c, gov_site_t *site,
    gov_value_t *variants, gov_file_rec_t *f, gov_str_t digest);
static gov_rc_t gov_desk_upload_out(gov_cmd_t *c, gov_site_t *site,
    gov_value_t *out, u_char raw[GOV_DIGEST_LEN]);
static gov_rc_t gov_desk_upload_refused(gov_cmd_t *c);


static gov_in_t  gov_desk_upload_row[] = {
    GOV_UPLOAD_ROW(GOV_DESK_IN_ROW)
    { NULL, 0, 0, NULL }
};

static gov_in_t  gov_desk_variant_row[] = {
    GOV_VARIANT_ROW(GOV_DESK_IN_ROW)
    { NULL, 0, 0, NULL }
};

static gov_in_t  gov_desk_refused_row[] = {
    GOV_REFUSED_ROW(GOV_DESK_IN_ROW)
    { NULL, 0, 0, NULL }
};


gov_rc_t
gov_desk_file_upload(gov_cmd_t *c)
{
    u_char        raw[GOV_DIGEST_LEN], first[GOV_DIGEST_LEN];
    u_char        old[GOV_DIGEST_LEN];
    gov_rc_t      rc;
    unsigned      n;
    gov_site_t    site;
    gov_value_t  *in, *v, *list;

    /* right and load */

    rc = gov_desk_looked(c);

    if (rc == GOV_OK) {
        rc = gov_desk_file_site(c, &site);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    /* check and change */

    n = 0;
    list = gov_put_list(c->arena, c->out, "files");

    gov_each (v, gov_member(c->in, "files")) {
        rc = gov_in_read(c->arena, gov_desk_upload_row, v, 0, &in, c->err);

        if (rc == GOV_OK) {
            rc = gov_desk_upload_one(c, &site, in,
                                     gov_add_map(c->arena, list), raw);
        }

        if (rc != GOV_OK) {
            return rc;
        }

        if (n++ == 0) {
            memcpy(first, raw, GOV_DIGEST_LEN);
        }
    }

    if (gov_desk_has(c, "replace") && n != 0) {
        rc = gov_desk_digest(c, gov_desk_str(c, "replace"), "replace", old);

        if (rc == GOV_OK) {
            rc = gov_desk_file_put_in_place(c, site.id,
                     (gov_str_t) { GOV_DIGEST_LEN, old },
                     (gov_str_t) { GOV_DIGEST_LEN, first });
        }
    }

    return rc == GOV_OK ? gov_desk_upload_refused(c) : rc;
}


static gov_rc_t
gov_desk_upload_one(gov_cmd_t *c, gov_site_t *site, gov_value_t *in,
    gov_value_t *out, u_char raw[GOV_DIGEST_LEN])
{
    gov_rc_t         rc;
    gov_str_t        digest;
    gov_value_t     *variants;
    gov_file_rec_t   f;

    rc = gov_desk_digest(c, gov_get_str(in, "digest"), "files", raw);

    if (rc == GOV_OK) {
        rc = gov_desk_upload_record(c, in, &f);
    }

    if (rc == GOV_OK && f.state != GOV_FILE_REFUSED) {
        rc = gov_desk_file_there(c, gov_hex_str(c->arena, raw,
                                                GOV_DIGEST_LEN));
    }

    digest.data = raw;
    digest.len = GOV_DIGEST_LEN;

    if (rc == GOV_OK) {
        rc = gov_desk_upload_variants(c, in, &f);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    variants = f.variants;

    rc = gov_file_put(c->txn, c->arena, site->id, digest, &f, c->err);

    if (rc == GOV_OK && f.state != GOV_FILE_REFUSED) {
        rc = gov_desk_upload_small(c, site, variants, &f, digest);
    }

    return rc == GOV_OK ? gov_desk_upload_out(c, site, out, raw) : rc;
}


static gov_rc_t
gov_desk_upload_record(gov_cmd_t *c, gov_value_t *in, gov_file_rec_t *f)
{
    int        state;
    gov_str_t  name;

    memset(f, 0, sizeof(gov_file_rec_t));
    name = gov_get_str(in, "state");
    state = name.len ? gov_file_state_parse(name) : GOV_FILE_OK;

    if (state < 0) {
        return gov_fail(c->err, GOV_INVALID, "state",
                        "状态只能是 ok、held、refused");
    }

    f->state = state;
    f->why = gov_get_str(in, "why");
    f->name = gov_get_str(in, "name");
    f->size = gov_get_int(in, "size", 0);
    f->alt = gov_get_str(in, "alt");
    f->decorative = gov_get_bool(in, "decorative");
    f->width = gov_get_int(in, "width", 0);
    f->height = gov_get_int(in, "height", 0);
    f->by = c->op->actor;
    f->added = c->op->time;

    return gov_desk_file_type(c, gov_get_str(in, "type"), f);
}


static gov_rc_t
gov_desk_upload_variants(gov_cmd_t *c, gov_value_t *in, gov_file_rec_t *f)
{
    u_char        raw[GOV_DIGEST_LEN];
    gov_rc_t      rc;
    gov_value_t  *v, *row;

    gov_each (v, gov_member(in, "variants")) {
        rc = gov_in_read(c->arena, gov_desk_variant_row, v, 0, &row, c->err);

        if (rc == GOV_OK) {
            rc = gov_desk_digest(c, gov_get_str(row, "digest"), "variants",
                                 raw);
        }

        if (rc == GOV_OK) {
            rc = gov_desk_file_there(c, gov_get_str(row, "digest"));
        }

        if (rc != GOV_OK) {
            return rc;
        }

        if (f->variants == NULL) {
            f->variants = gov_list(c->arena);
        }

        gov_add(f->variants, row);
    }

    return GOV_OK;
}


/* a variant is a file that is asked for by its own digest, under the name
 * that what it was made of has in the store */

static gov_rc_t
gov_desk_upload_small(gov_cmd_t *c, gov_site_t *site, gov_value_t *variants,
    gov_file_rec_t *f, gov_str_t digest)
{
    u_char           raw[GOV_DIGEST_LEN];
    gov_rc_t         rc;
    gov_value_t     *row;
    gov_file_rec_t   small;

    gov_each (row, variants) {
        (void) gov_unhex(raw, gov_get_str(row, "digest"), GOV_DIGEST_LEN);

        memset(&small, 0, sizeof(gov_file_rec_t));
        small.name = f->name;
        small.type = f->type;
        small.of = digest;
        small.size = gov_get_int(row, "size", 0);
        small.width = gov_get_int(row, "width", 0);
        small.height = gov_get_int(row, "height", 0);

        rc = gov_file_put(c->txn, c->arena, site->id,
                          (gov_str_t) { GOV_DIGEST_LEN, raw }, &small,
                          c->err);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    return GOV_OK;
}


/* as it stands now, for it may have been there before */

static gov_rc_t
gov_desk_upload_out(gov_cmd_t *c, gov_site_t *site, gov_value_t *out,
    u_char raw[GOV_DIGEST_LEN])
{
    int              is_public;
    gov_rc_t         rc;
    gov_str_t        hex, url;
    gov_file_rec_t   f;

    hex = gov_hex_str(c->arena, raw, GOV_DIGEST_LEN);

    rc = gov_file_get(c->txn, c->arena, site->id, hex, c->op->time, &f,
                      &is_public);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_rec_own(c->arena, &gov_rec_file, &f);

    rc = gov_desk_file_url(c, site, hex, f.name, &url);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_put_str(c->arena, out, "name", f.name);
    gov_put_str(c->arena, out, "digest", hex);
    gov_put_c(c->arena, out, "state",
              gov_file_state_name((gov_file_state_t) f.state));
    gov_put_some(c->arena, out, "why", f.why);
    gov_put_str(c->arena, out, "type", f.type);
    gov_put_int(c->arena, out, "size", f.size);
    gov_put_str(c->arena, out, "url", url);

    if (f.width) {
        gov_put_int(c->arena, out, "width", f.width);
        gov_put_int(c->arena, out, "height", f.height);
    }

    if (f.variants) {
        gov_put(out, "variants", gov_value_copy(c->arena, f.variants));
    }

    if (f.replaced_by.len) {
        gov_put_str(c->arena, out, "replaced_by",
                    gov_hex_str(c->arena, f.replaced_by.data,
                                f.replaced_by.len));
    }

    return GOV_OK;
}


static gov_rc_t
gov_desk_upload_refused(gov_cmd_t *c)
{
    gov_rc_t      rc;
    gov_value_t  *v, *row, *list;

    list = gov_put_list(c->arena, c->out, "refused");

    gov_each (v, gov_member(c->in, "refused")) {
        rc = gov_in_read(c->arena, gov_desk_refused_row, v, 0, &row, c->err);
        if (rc != GOV_OK) {
            return rc;
        }

        gov_add(list, row);
    }

    return GOV_OK;
}
