
/*
 * Copyright (C) ngx_gov authors
 *
 * Whose the bytes of a file are.  They lie among the blobs once, whichever
 * sites have a record of them:
 *
 *     BLOBS  digest, site    a record of that site needs them; site 0: the
 *                            journal does; GOV_BYTES_WORK: works that wait
 *     GONE   digest          nothing does since the sequence's number in it;
 *                            they may go
 *
 *     a record comes --> BLOBS row, no GONE row
 *     the last one goes --> GONE row --gov_file_forget()--> none, no bytes
 *
 *     bytes came and no row --gov_file_forget()--> no bytes
 *
 * Bytes without any row are those of a command that was refused or never
 * came.
 *
 * The bytes go in govd's order and not before the GONE row is in the store
 * for good (the number proves it is the one that was read there): a
 * transaction that is undone never asks for what went in it.
 *
 * Records of a time before these tables, and before the shelves, are found by
 * gov_files_missed().  Nothing goes until all are led in (gov_files_known()).
 */


#include "content/gov_content_int.h"


#define GOV_BYTES_GONE  "gone"      /* the sequence */


static gov_key_t *gov_bytes_key(gov_key_t *k, gov_str_t digest,
    uint32_t site);
static gov_rc_t gov_bytes_left(gov_txn_t *t, gov_arena_t *a,
    gov_str_t digest);
static gov_rc_t gov_bytes_needed(gov_txn_t *t, gov_str_t digest);


gov_rc_t
gov_bytes_need(gov_txn_t *t, gov_arena_t *a, uint32_t site, gov_str_t digest)
{
    gov_rc_t        rc;
    gov_key_t       k;
    gov_ref_rec_t   ref;

    memset(&ref, 0, sizeof(gov_ref_rec_t));

    rc = gov_save(gov_handle(t, GOV_HUB), GOV_T_BLOBS,
                  gov_bytes_key(&k, digest, site), a, &ref);

    if (rc == GOV_OK) {
        rc = gov_drop(gov_handle(t, GOV_HUB), GOV_T_GONE,
                      gov_key_s(&k, digest));
    }

    return rc == GOV_NOT_FOUND ? GOV_OK : rc;
}


gov_rc_t
gov_bytes_free(gov_txn_t *t, gov_arena_t *a, uint32_t site, gov_str_t digest)
{
    gov_rc_t   rc;
    gov_key_t  k;

    rc = gov_drop(gov_handle(t, GOV_HUB), GOV_T_BLOBS,
                  gov_bytes_key(&k, digest, site));

    return rc == GOV_OK || rc == GOV_NOT_FOUND ? gov_bytes_left(t, a, digest)
                                               : rc;
}


static gov_rc_t
gov_bytes_left(gov_txn_t *t, gov_arena_t *a, gov_str_t digest)
{
    gov_rc_t        rc;
    uint64_t        n;
    gov_key_t       k;
    gov_ref_rec_t   ref;

    rc = gov_bytes_needed(t, digest);
    if (rc != GOV_NOT_FOUND) {
        return rc;
    }

    rc = gov_next(t, GOV_BYTES_GONE, &n);
    if (rc != GOV_OK) {
        return rc;
    }

    memset(&ref, 0, sizeof(gov_ref_rec_t));
    ref.to = (int64_t) n;

    return gov_save(gov_handle(t, GOV_HUB), GOV_T_GONE,
                    gov_key_s(&k, digest), a, &ref);
}


static gov_rc_t
gov_bytes_needed(gov_txn_t *t, gov_str_t digest)
{
    gov_rc_t    rc;
    gov_key_t   k;
    gov_scan_t  sc;

    rc = gov_scan_open(&sc, gov_handle(t, GOV_HUB), GOV_T_BLOBS,
                       gov_key_s(&k, digest), GOV_FORWARD);

    if (rc == GOV_OK) {
        rc = gov_scan_next(&sc, NULL, NULL);
        gov_scan_close(&sc);
    }

    return rc == GOV_DONE ? GOV_NOT_FOUND : rc;
}


gov_rc_t
gov_bytes_gone(gov_txn_t *t, gov_arena_t *a, gov_str_t digest,
    int64_t *number)
{
    gov_rc_t        rc;
    gov_key_t       k;
    gov_ref_rec_t   ref;

    rc = gov_load(gov_handle(t, GOV_HUB), GOV_T_GONE, gov_key_s(&k, digest),
                  a, &ref);

    if (rc != GOV_NOT_FOUND) {
        *number = rc == GOV_OK ? ref.to : 0;
        return rc;
    }

    *number = 0;
    rc = gov_bytes_needed(t, digest);

    return rc == GOV_OK ? GOV_DONE : rc == GOV_NOT_FOUND ? GOV_OK : rc;
}


static gov_key_t *
gov_bytes_key(gov_key_t *k, gov_str_t digest, uint32_t site)
{
    return gov_key_add4(gov_key_s(k, digest), site);
}


gov_rc_t
gov_file_appear(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t digest, gov_file_rec_t *f)
{
    gov_rc_t  rc;

    rc = gov_file_shelve(t, a, site, digest, f);

    return rc == GOV_OK && f->state != GOV_FILE_REFUSED
           ? gov_bytes_need(t, a, site, digest) : rc;
}


gov_rc_t
gov_file_vanish(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t digest, gov_file_rec_t *f)
{
    gov_rc_t  rc;

    rc = gov_file_unshelve(t, site, digest, f);

    return rc == GOV_OK && f->state != GOV_FILE_REFUSED
           ? gov_bytes_free(t, a, site, digest) : rc;
}


gov_rc_t
gov_file_forget(gov_txn_t *t, gov_arena_t *a, const char *blobs,
    gov_str_t digest, int64_t number, int64_t now, gov_err_t *err)
{
    int64_t    n;
    gov_rc_t   rc;
    gov_str_t  hex;
    gov_key_t  k;

    rc = gov_bytes_gone(t, a, digest, &n);

    if (rc == GOV_DONE || (rc == GOV_OK && n != number)) {
        return GOV_OK;
    }

    if (rc == GOV_OK && n != 0) {
        rc = gov_drop(gov_handle(t, GOV_HUB), GOV_T_GONE,
                      gov_key_s(&k, digest));
    }

    if (rc == GOV_OK && blobs != NULL) {
        hex = gov_hex_str(a, digest.data, digest.len);
        return gov_blob_drop(a, blobs, hex, now - GOV_BYTES_REST, err);
    }

    return gov_store_said(err, rc);
}


gov_rc_t
gov_files_missed(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_key_t *from, unsigned max, gov_value_t *digests)
{
    gov_rc_t         rc;
    gov_key_t        k;
    gov_str_t        digest;
    gov_scan_t       sc;
    gov_file_rec_t   f;

    rc = gov_scan_open(&sc, gov_handle(t, site), GOV_T_FILES, gov_key(&k),
                       GOV_FORWARD);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_scan_from(&sc, from);

    while (max-- && (rc = gov_scan_next(&sc, a, &f)) == GOV_OK) {
        digest = gov_str_copy(a, sc.key);

        gov_key_s(from, digest);
        gov_key_add_s(from, (gov_str_t) { 1, (u_char *) "" });

        if (f.state == GOV_FILE_REFUSED) {
            continue;
        }

        rc = gov_there(gov_handle(t, GOV_HUB), GOV_T_BLOBS,
                       gov_bytes_key(&k, digest, site));

        if (rc == GOV_NOT_FOUND) {
            gov_add(digests, gov_val_str(a, gov_hex_str(a, digest.data,
                                                        digest.len)));
        } else if (rc != GOV_OK) {
            break;
        }
    }

    gov_scan_close(&sc);

    return rc == GOV_NOT_FOUND ? GOV_OK : rc;
}
