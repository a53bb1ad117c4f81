
/*
 * Copyright (C) ngx_gov authors
 *
 * Names below a site.  Column 0 is the top: there sites in page mode, columns
 * and reserved words share one name space.  A column of the blueprint that
 * the site did not change has no record here, so that a new site takes no
 * space; its name is read from the blueprint.
 */


#include "site/gov_site_int.h"


static gov_rc_t gov_name_column(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint32_t column);


gov_rc_t
gov_name_check(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    uint32_t column, gov_str_t name, gov_err_t *err)
{
    return gov_name_free(t, a, site, column, name, 0, err);
}


gov_rc_t
gov_name_free(gov_txn_t *t, gov_arena_t *a, gov_site_t *above,
    uint32_t column, gov_str_t name, uint32_t site, gov_err_t *err)
{
    gov_rc_t          rc;
    gov_value_t      *found;
    gov_place_rec_t   place;

    if (!gov_slug_valid(name)) {
        return gov_fail(err, GOV_INVALID, "slug",
                        "“%.*s”不能作地址名：须为 1 至 32 个小写字母、数字"
                        "或“-”", gov_strf(gov_utf8_head(name, 40)));
    }

    if (column == 0 && gov_name_reserved(name)) {
        return gov_fail(err, GOV_CONFLICT, "slug", "“%.*s”是平台的保留地址",
                        gov_strf(name));
    }

    rc = gov_name_get(t, a, above->id, column, name, &place);

    if (rc == GOV_OK) {
        rc = gov_name_left(t, a, above, name, &place, site, err);

        if (rc != GOV_OK || place.to == site || gov_txn_again(t)) {
            return rc;
        }

    } else if (rc != GOV_NOT_FOUND) {
        return rc;
    }

    rc = gov_blueprint_name(t, a, above, column, name, &found);

    if (rc == GOV_OK && found) {
        return gov_fail(err, GOV_CONFLICT, "slug",
                        "“%.*s”是“%.*s”的栏目“%.*s”的地址", gov_strf(name),
                        gov_strf(above->rec.name),
                        gov_strf(gov_get_str(found, "name")));
    }

    return rc;
}


/* what moved away keeps its redirect until its holder is closed; a column
 * that was taken away may have left its names behind */

gov_rc_t
gov_name_left(gov_txn_t *t, gov_arena_t *a, gov_site_t *above,
    gov_str_t name, gov_place_rec_t *place, uint32_t site, gov_err_t *err)
{
    gov_rc_t    rc;
    gov_site_t  holder;

    if (place->kind == GOV_PLACE_COLUMN) {
        rc = gov_name_column(t, a, above->id, (uint32_t) place->to);

        if (rc != GOV_OK) {
            return rc == GOV_NOT_FOUND ? GOV_OK : rc;
        }

        return gov_fail(err, GOV_CONFLICT, "slug", "“%.*s”已是一个栏目的地址",
                        gov_strf(name));
    }

    if (place->to == site) {
        return GOV_OK;
    }

    rc = gov_site_get(t, a, place->to, &holder);
    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND ? GOV_CORRUPT : rc;
    }

    if (place->kind == GOV_PLACE_SITE) {
        return gov_fail(err, GOV_CONFLICT, "slug",
                        "“%.*s”已由“%.*s”（%.*s）使用", gov_strf(name),
                        gov_strf(holder.rec.name),
                        gov_strf(holder.rec.code));
    }

    if (holder.rec.state == GOV_SITE_CLOSED) {
        return GOV_OK;
    }

    return gov_fail(err, GOV_CONFLICT, "slug",
                    "“%.*s”是“%.*s”（%.*s）的旧地址，仍在转向",
                    gov_strf(name), gov_strf(holder.rec.name),
                    gov_strf(holder.rec.code));
}


/* GOV_NOT_FOUND: it is gone.  One of a blueprint needs no record */

static gov_rc_t
gov_name_column(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint32_t column)
{
    gov_rc_t          rc;
    gov_key_t         k;
    gov_column_rec_t  own;

    rc = gov_load(gov_handle(t, site), GOV_T_COLUMNS, gov_key4(&k, column),
                  a, &own);

    if (rc == GOV_OK) {
        return own.removed ? GOV_NOT_FOUND : GOV_OK;
    }

    return rc == GOV_NOT_FOUND && column <= GOV_BLUEPRINT_COLUMNS ? GOV_OK
                                                                  : rc;
}


gov_rc_t
gov_name_get(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint32_t column,
    gov_str_t name, gov_place_rec_t *place)
{
    gov_key_t  k;

    return gov_load(gov_handle(t, site), GOV_T_NAMES,
                    gov_key_add_s(gov_key4(&k, column), name), a, place);
}


gov_rc_t
gov_name_put(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint32_t column,
    gov_str_t name, gov_place_rec_t *place)
{
    gov_key_t  k;

    gov_touch(t, site, GOV_SLOT_NAMES);

    return gov_save(gov_handle(t, site), GOV_T_NAMES,
                    gov_key_add_s(gov_key4(&k, column), name), a, place);
}


gov_rc_t
gov_name_put_site(gov_txn_t *t, gov_arena_t *a, uint32_t above,
    gov_str_t name, int kind, uint32_t site)
{
    gov_place_rec_t  place;

    memset(&place, 0, sizeof(gov_place_rec_t));
    place.kind = kind;
    place.to = site;

    return gov_name_put(t, a, above, 0, name, &place);
}


gov_rc_t
gov_name_drop(gov_txn_t *t, uint32_t site, uint32_t column, gov_str_t name)
{
    gov_key_t  k;

    gov_touch(t, site, GOV_SLOT_NAMES);

    return gov_drop(gov_handle(t, site), GOV_T_NAMES,
                    gov_key_add_s(gov_key4(&k, column), name));
}


gov_rc_t
gov_names_drop(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint32_t column)
{
    gov_rc_t          rc;
    gov_str_t         key;
    gov_key_t         k;
    gov_scan_t        sc;
    gov_value_t      *v, *keys;
    gov_place_rec_t   place;

    keys = gov_list(a);

    rc = gov_scan_open(&sc, gov_handle(t, site), GOV_T_NAMES, gov_key(&k),
                       GOV_FORWARD);

    while (rc == GOV_OK && (rc = gov_scan_next(&sc, a, &place)) == GOV_OK) {
        if (place.kind == GOV_PLACE_COLUMN && place.to == column) {
            gov_add(keys, gov_val_str(a, gov_str_copy(a, sc.key)));
        }
    }

    gov_scan_close(&sc);
    rc = rc == GOV_DONE ? GOV_OK : rc;

    gov_each (v, keys) {
        if (rc == GOV_OK) {
            key = v->u.s;
            rc = gov_name_drop(t, site, gov_key_get4(key, 0),
                               (gov_str_t) { key.len - 4, key.data + 4 });
        }
    }

    return rc;
}
