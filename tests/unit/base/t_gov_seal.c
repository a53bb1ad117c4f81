
/*
 * Copyright (C) ngx_gov authors
 *
 * Secrets under a key: what is sealed opens for its key and its subject alone,
 * and the key's file is nobody else's.
 */


#include <sys/stat.h>
#include <unistd.h>

#include "base/t_base.h"


#define T_ABOUT  gov_s("password 17")


static void
t_key(gov_seal_t *key, u_char first)
{
    memset(key, 7, sizeof(gov_seal_t));
    key->bytes[0] = first;
}


static void
base64url_is_the_standard_s(void **state)
{
    size_t        i;
    gov_buf_t     b;
    gov_str_t     back;
    gov_arena_t  *a = *state;

    static const struct {
        gov_str_t  plain, text;
    } rows[] = {
        { gov_string("f"), gov_string("Zg") },
        { gov_string("fo"), gov_string("Zm8") },
        { gov_string("foobar"), gov_string("Zm9vYmFy") },
        { gov_string("\xfb\xff\xfe\x00"), gov_string("-__-AA") }
    };
    static const char  *bad[] = { "", "Z", "Zg=", "Zg==", "Zh", "Zm9v\n",
                                  " Zm9v", "Zm9vYmFyA", "+_-A", "Zm/v" };

    for (i = 0; i < t_rows(rows); i++) {
        gov_buf_init(&b, a, 0);
        gov_buf_base64url(&b, rows[i].plain);
        t_str_at(b.s, rows[i].text, __FILE__, __LINE__);

        assert_int_equal(gov_unbase64url(a, b.s, &back), 0);
        t_str_at(back, rows[i].plain, __FILE__, __LINE__);
    }

    for (i = 0; i < t_rows(bad); i++) {
        if (gov_unbase64url(a, gov_str_of(bad[i]), &back) == 0) {
            fail_msg("\"%s\" was taken", bad[i]);
        }
    }
}


static void
what_is_sealed_opens(void **state)
{
    size_t        len;
    gov_str_t     s, sealed, again, back;
    gov_seal_t    key;
    gov_arena_t  *a = *state;

    t_key(&key, 1);

    for (len = 0; len < 300; len++) {
        s.len = len;
        s.data = gov_alloc(a, len + 1);
        memset(s.data, (int) len, len);

        assert_int_equal(gov_seal(a, &key, T_ABOUT, s, &sealed), GOV_OK);
        assert_int_equal(gov_seal(a, &key, T_ABOUT, s, &again), GOV_OK);
        assert_false(gov_str_eq(sealed, again));

        assert_int_equal(gov_unseal(a, &key, T_ABOUT, sealed, &back),
                         GOV_OK);
        t_str_at(back, s, __FILE__, __LINE__);
    }
}


static void
no_other_key_and_no_other_subject_opens_it(void **state)
{
    gov_str_t     sealed, back;
    gov_seal_t    key, other;
    gov_arena_t  *a = *state;

    t_key(&key, 1);
    t_key(&other, 2);

    assert_int_equal(gov_seal(a, &key, T_ABOUT, gov_s("secret"), &sealed),
                     GOV_OK);
    assert_int_equal(gov_unseal(a, &other, T_ABOUT, sealed, &back),
                     GOV_DENIED);
    assert_int_equal(gov_unseal(a, &key, gov_s("password 18"), sealed,
                                &back), GOV_CORRUPT);
    assert_int_equal(gov_unseal(a, &key, gov_s("totp 17"), sealed, &back),
                     GOV_CORRUPT);
}


/* every byte altered, every length cut */

static void
tampering_is_told(void **state)
{
    size_t        i;
    gov_rc_t      rc;
    gov_buf_t     b;
    gov_str_t     sealed, raw, cut, back;
    gov_seal_t    key;
    gov_arena_t  *a = *state;

    t_key(&key, 1);
    assert_int_equal(gov_seal(a, &key, T_ABOUT, gov_s("secret"), &sealed),
                     GOV_OK);
    assert_int_equal(gov_unbase64url(a, sealed, &raw), 0);

    for (i = 0; i < raw.len; i++) {
        raw.data[i] ^= 0x10;
        gov_buf_init(&b, a, 0);
        gov_buf_base64url(&b, raw);
        raw.data[i] ^= 0x10;

        rc = gov_unseal(a, &key, T_ABOUT, b.s, &back);
        assert_true(rc == GOV_CORRUPT || (rc == GOV_DENIED && i < 5));
    }

    for (cut = sealed; cut.len > 0; cut.len--) {
        if (cut.len < sealed.len) {
            assert_int_equal(gov_unseal(a, &key, T_ABOUT, cut, &back),
                             GOV_CORRUPT);
        }
    }

    assert_int_equal(gov_unseal(a, &key, T_ABOUT, gov_s(""), &back),
                     GOV_CORRUPT);
}


static void
a_name_has_one_derived_value_a_key(void **state)
{
    u_char      one[GOV_DIGEST_LEN], two[GOV_DIGEST_LEN];
    gov_seal_t  key, other;

    (void) state;

    t_key(&key, 1);
    t_key(&other, 2);

    assert_int_equal(gov_seal_derive(&key, gov_s("x"), one), GOV_OK);
    assert_int_equal(gov_seal_derive(&key, gov_s("x"), two), GOV_OK);
    assert_memory_equal(one, two, GOV_DIGEST_LEN);

    assert_int_equal(gov_seal_derive(&key, gov_s("y"), two), GOV_OK);
    assert_memory_not_equal(one, two, GOV_DIGEST_LEN);
    assert_int_equal(gov_seal_derive(&other, gov_s("x"), two), GOV_OK);
    assert_memory_not_equal(one, two, GOV_DIGEST_LEN);
}


static void
t_put(const char *path, const char *text, mode_t mode)
{
    FILE  *f;

    f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(path, mode), 0);
}


static gov_rc_t
t_open(const char *path, gov_seal_t *key, int *made)
{
    gov_err_t  err;

    memset(&err, 0, sizeof(gov_err_t));

    return gov_seal_open(key, path, made, &err);
}


static void
a_key_file_is_made_once_and_is_its_owner_s(void **state)
{
    int           made;
    char          dir[64], *path;
    gov_seal_t    key, again;
    struct stat   st;
    gov_arena_t  *a = *state;

    strcpy(dir, "/tmp/t_gov_seal.XXXXXX");
    assert_non_null(mkdtemp(dir));
    path = gov_str_c(a, gov_str_fmt(a, "%s/secret.key", dir));

    assert_int_equal(t_open(path, &key, &made), GOV_OK);
    assert_true(made);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(st.st_size, 2 * GOV_KEY_LEN + 1);

    assert_int_equal(t_open(path, &again, &made), GOV_OK);
    assert_false(made);
    assert_memory_equal(key.bytes, again.bytes, GOV_KEY_LEN);

    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(t_open(path, &again, &made), GOV_DENIED);
    assert_int_equal(chmod(path, 0604), 0);
    assert_int_equal(t_open(path, &again, &made), GOV_DENIED);

    t_put(path, "", 0600);
    assert_int_equal(t_open(path, &again, &made), GOV_CORRUPT);
    t_put(path, "0123456789abcdef0123456789abcdef0123456789abcdef"
                "0123456789abcde\n", 0600);
    assert_int_equal(t_open(path, &again, &made), GOV_CORRUPT);

    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/dev/null", path), 0);
    assert_int_equal(t_open(path, &again, &made), GOV_ERROR);

    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(dir), 0);
    assert_int_equal(t_open(path, &again, &made), GOV_ERROR);
}


static void
equal_bytes_are_the_same(void **state)
{
    (void) state;

    assert_true(gov_same(gov_s("abc"), gov_s("abc")));
    assert_false(gov_same(gov_s("abc"), gov_s("abd")));
    assert_false(gov_same(gov_s("abc"), gov_s("ab")));
    assert_true(gov_same(gov_s(""), gov_s("")));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(base64url_is_the_standard_s),
        t_test(what_is_sealed_opens),
        t_test(no_other_key_and_no_other_subject_opens_it),
        t_test(tampering_is_told),
        t_test(a_name_has_one_derived_value_a_key),
        t_test(a_key_file_is_made_once_and_is_its_owner_s),
        t_test(equal_bytes_are_the_same)
    };

    return cmocka_run_group_tests_name("base/gov_seal", tests, NULL, NULL);
}
