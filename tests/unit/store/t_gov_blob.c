
/*
 * Copyright (C) ngx_gov authors
 *
 * Attachments: found under their digest, whole, once.
 */


#define _GNU_SOURCE

#include <fcntl.h>

#include "store/t_store.h"


/* the SHA-256 of "abc", from FIPS 180-2 */
static const char  abc[] =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";


static char *
blobs(t_store_t *t)
{
    return gov_str_c(t->arena, gov_str_fmt(t->arena, "%s/blobs", t->base));
}


static void
a_file_is_found_under_its_digest(void **state)
{
    char         *dir;
    u_char        digest[GOV_DIGEST_LEN];
    gov_str_t     path, data, hex;
    t_store_t    *t = *state;
    struct stat   st;

    dir = blobs(t);
    hex = gov_str_of(abc);

    t_rc(gov_blob_get(t->arena, dir, hex, &data, &t->err), GOV_NOT_FOUND);

    t_ok(gov_blob_put(dir, gov_s("abc"), digest, &t->err));
    assert_true(gov_str_eq(gov_hex_str(t->arena, digest, GOV_DIGEST_LEN),
                           hex));

    t_ok(gov_blob_path(t->arena, dir, hex, &path));
    assert_true(gov_str_ends(path, "/blobs/ba/7816bf8f01cfea414140de5dae2223"
                             "b00361a396177a9cb410ff61f20015ad"));
    assert_int_equal(stat(gov_str_c(t->arena, path), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    assert_int_equal(st.st_nlink, 1);

    t_ok(gov_blob_get(t->arena, dir, hex, &data, &t->err));
    assert_true(gov_str_is(data, "abc"));

    /* again: the same file, nothing left beside it */

    t_ok(gov_blob_put(dir, gov_s("abc"), digest, &t->err));
    assert_int_equal(system(gov_str_c(t->arena, gov_str_fmt(t->arena,
                            "test $(find %s -type f | wc -l) = 1", dir))),
                     0);

    t_ok(gov_blob_put(dir, gov_s(""), digest, &t->err));
    t_ok(gov_blob_get(t->arena, dir,
                      gov_hex_str(t->arena, digest, GOV_DIGEST_LEN), &data,
                      &t->err));
    assert_int_equal(data.len, 0);
}


static void
a_digest_that_is_none_makes_no_path(void **state)
{
    size_t              i;
    gov_str_t           path;
    t_store_t          *t = *state;
    static const char  *rows[] = {
        "", "ba", "../../../../../../../../../../../../../../../../../../.."
        "/../../etc",
        "BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a/",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad0"
    };

    for (i = 0; i < t_rows(rows); i++) {
        t_rc(gov_blob_path(t->arena, "d", gov_str_of(rows[i]), &path),
             GOV_INVALID);
    }
}


static void
damage_is_told_and_not_covered_up(void **state)
{
    char       *dir;
    u_char      digest[GOV_DIGEST_LEN];
    gov_str_t   data, path;
    t_store_t  *t = *state;

    dir = blobs(t);
    t_ok(gov_blob_put(dir, gov_s("abc"), digest, &t->err));
    t_ok(gov_blob_path(t->arena, dir, gov_str_of(abc), &path));

    assert_int_equal(system(gov_str_c(t->arena, gov_str_fmt(t->arena,
                            "printf abd >%.*s", gov_strf(path)))), 0);
    t_rc(gov_blob_get(t->arena, dir, gov_str_of(abc), &data, &t->err),
         GOV_CORRUPT);

    assert_int_equal(truncate(gov_str_c(t->arena, path), 2), 0);
    t_rc(gov_blob_put(dir, gov_s("abc"), digest, NULL), GOV_CORRUPT);
}


static void
a_folder_that_cannot_be_made_is_an_error(void **state)
{
    u_char      digest[GOV_DIGEST_LEN];
    t_store_t  *t = *state;

    t_rc(gov_blob_put("/nowhere/blobs", gov_s("abc"), digest, &t->err),
         GOV_ERROR);
    assert_true(t->err.text[0] != '\0');
}


static void
one_that_goes_may_come_again(void **state)
{
    char         *dir;
    u_char        digest[GOV_DIGEST_LEN];
    gov_str_t     data, hex;
    t_store_t    *t = *state;

    dir = blobs(t);
    hex = gov_str_of(abc);

    t_ok(gov_blob_drop(t->arena, dir, hex, INT64_MAX, &t->err));
    t_ok(gov_blob_put(dir, gov_s("abc"), digest, &t->err));

    /* it was put since */

    t_ok(gov_blob_drop(t->arena, dir, hex, 1, &t->err));
    t_ok(gov_blob_get(t->arena, dir, hex, &data, &t->err));
    assert_true(gov_str_is(data, "abc"));

    t_ok(gov_blob_drop(t->arena, dir, hex, INT64_MAX, &t->err));
    t_rc(gov_blob_get(t->arena, dir, hex, &data, &t->err), GOV_NOT_FOUND);
    assert_int_equal(system(gov_str_c(t->arena, gov_str_fmt(t->arena,
                            "test $(find %s -type f | wc -l) = 0", dir))),
                     0);

    t_ok(gov_blob_drop(t->arena, dir, hex, INT64_MAX, &t->err));
    t_ok(gov_blob_put(dir, gov_s("abc"), digest, &t->err));
    t_ok(gov_blob_get(t->arena, dir, hex, &data, &t->err));
    t_rc(gov_blob_drop(t->arena, dir, gov_s("../x"), INT64_MAX, &t->err),
         GOV_INVALID);
}


/* to put the same bytes again says that somebody is about to name them */

static void
what_is_put_again_is_young(void **state)
{
    char         *dir;
    u_char        digest[GOV_DIGEST_LEN];
    gov_str_t     data, path;
    t_store_t    *t = *state;

    static const struct timespec  old[2] = { { 1, 0 }, { 1, 0 } };

    dir = blobs(t);

    t_ok(gov_blob_put(dir, gov_s("abc"), digest, &t->err));
    t_ok(gov_blob_path(t->arena, dir, gov_str_of(abc), &path));
    assert_int_equal(utimensat(AT_FDCWD, gov_str_c(t->arena, path), old, 0),
                     0);
    t_ok(gov_blob_put(dir, gov_s("abc"), digest, &t->err));

    t_ok(gov_blob_drop(t->arena, dir, gov_str_of(abc), 2000000, &t->err));
    t_ok(gov_blob_get(t->arena, dir, gov_str_of(abc), &data, &t->err));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_file_is_found_under_its_digest),
        t_test(one_that_goes_may_come_again),
        t_test(what_is_put_again_is_young),
        t_test(a_digest_that_is_none_makes_no_path),
        t_test(damage_is_told_and_not_covered_up),
        t_test(a_folder_that_cannot_be_made_is_an_error)
    };

    return cmocka_run_group_tests_name("store/gov_blob", tests, NULL, NULL);
}
