
/*
 * Copyright (C) ngx_gov authors
 *
 * Digests, random bytes, operation ids, the 64-bit hash.
 */


#include "base/t_base.h"


static void
digests_are_the_known_ones(void **state)
{
    size_t         i, k;
    u_char         out[GOV_DIGEST_LEN];
    gov_digest_t  *d;
    gov_arena_t   *a = *state;

    static const struct {
        gov_digest_kind_t  kind;
        gov_str_t          text, want;
    } rows[] = {
        { GOV_SHA256, gov_string("abc"),
          gov_string("ba7816bf8f01cfea414140de5dae2223"
                     "b00361a396177a9cb410ff61f20015ad") },
        { GOV_SHA256, gov_null_string,
          gov_string("e3b0c44298fc1c149afbf4c8996fb924"
                     "27ae41e4649b934ca495991b7852b855") },
        { GOV_SM3, gov_string("abc"),
          gov_string("66c7f0f462eeedd9d1f2d46bdc10e4e2"
                     "4167c4875cf2f7a2297da02b8f4ba8e0") },
        { GOV_SM3, gov_string("abcdabcdabcdabcdabcdabcdabcdabcd"
                              "abcdabcdabcdabcdabcdabcdabcdabcd"),
          gov_string("debe9ff92275b8a138604889c18e5a4d"
                     "6fdb70e5387e5765293dcba39c0c5732") }
    };

    for (i = 0; i < t_rows(rows); i++) {
        assert_int_equal(gov_digest(rows[i].kind, rows[i].text, out), GOV_OK);
        t_str_at(gov_hex_str(a, out, sizeof(out)), rows[i].want, __FILE__,
                 __LINE__);

        memset(out, 0, sizeof(out));
        assert_int_equal(gov_digest_begin(rows[i].kind, &d), GOV_OK);

        for (k = 0; k < rows[i].text.len; k++) {
            gov_digest_add(d, (gov_str_t) { 1, rows[i].text.data + k });
            gov_digest_add(d, (gov_str_t) gov_null_string);
        }

        assert_int_equal(gov_digest_end(&d, out), GOV_OK);
        assert_null(d);
        t_str_at(gov_hex_str(a, out, sizeof(out)), rows[i].want, __FILE__,
                 __LINE__);
    }

    assert_int_equal(gov_digest((gov_digest_kind_t) 9, gov_s(""), out),
                     GOV_ERROR);
    assert_int_equal(gov_digest_begin((gov_digest_kind_t) 9, &d), GOV_ERROR);
    assert_null(d);
    assert_int_equal(gov_digest_end(&d, out), GOV_ERROR);
}


static void
random_bytes_differ(void **state)
{
    u_char  one[1000], two[1000];

    (void) state;

    memset(one, 0, sizeof(one));
    assert_int_equal(gov_random(one, 0), 0);
    assert_int_equal(one[0], 0);
    assert_int_equal(gov_random(one, sizeof(one)), 0);
    assert_int_equal(gov_random(two, sizeof(two)), 0);
    assert_memory_not_equal(one, two, sizeof(one));
    assert_memory_not_equal(one + 900, two + 900, 100);
}


static void
operation_ids_are_ordered_by_the_microsecond(void **state)
{
    int64_t  us;
    u_char   last[GOV_OPID_LEN], id[GOV_OPID_LEN];

    (void) state;

    memset(last, 0, sizeof(last));

    for (us = 1763884799990000; us < 1763884800010000; us++) {
        assert_int_equal(gov_opid_new(us, id), GOV_OK);
        assert_true(memcmp(last, id, sizeof(id)) < 0);
        assert_int_equal(id[6] >> 4, 7);
        assert_int_equal(id[8] >> 6, 2);
        memcpy(last, id, sizeof(id));
    }

    assert_int_equal(gov_opid_new(us, last), GOV_OK);
    assert_int_equal(gov_opid_new(us, id), GOV_OK);
    assert_memory_equal(last, id, 8);
    assert_memory_not_equal(last, id, sizeof(id));

    assert_int_equal(gov_opid_new(-1, id), GOV_ERROR);
}


static void
operation_ids_hold_the_moment_they_were_made(void **state)
{
    u_char  id[GOV_OPID_LEN];

    (void) state;

    /* the moment of RFC 9562's example */

    assert_int_equal(gov_opid_new(1645557742000999, id), GOV_OK);
    assert_memory_equal(id, "\x01\x7f\x22\xe2\x79\xb0\x7f\xfb", 8);
}


static void
operation_ids_are_read_in_two_forms(void **state)
{
    size_t  i;
    u_char  id[GOV_OPID_LEN];

    static const u_char  want[] = "\x01\x7f\x22\xe2\x79\xb0\x7c\xc3"
                                  "\x98\xc4\xdc\x0c\x0c\x07\x39\x8f";

    static const gov_str_t  good[] = {
        gov_string("017f22e279b07cc398c4dc0c0c07398f"),
        gov_string("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"),
        gov_string("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
    };

    static const gov_str_t  bad[] = {
        gov_null_string,
        gov_string(""),
        gov_string("017f22e279b07cc398c4dc0c0c07398"),
        gov_string("017f22e279b07cc398c4dc0c0c07398g"),
        gov_string("017f22e279b07cc398c4dc0c0c07398f0"),
        gov_string("017f22e27-9b0-7cc3-98c4-dc0c0c07398f"),
        gov_string("017f22e2-79b0-7cc3-98c4dc0c0c07398f--"),
        gov_string("017f22e2-79b0-7cc3-98c4-dc0c0c07398-"),
        gov_string("017f22e2079b0-7cc3-98c4-dc0c0c07398f"),
        gov_string("{17f22e2-79b0-7cc3-98c4-dc0c0c07398f"),
        gov_string("017f22e2-79b0-7cc3-98c4-dc0c0c07398\0")
    };

    (void) state;

    for (i = 0; i < t_rows(good); i++) {
        memset(id, 0, sizeof(id));
        assert_int_equal(gov_opid_parse(good[i], id), 0);
        assert_memory_equal(id, want, sizeof(id));
    }

    for (i = 0; i < t_rows(bad); i++) {
        assert_int_equal(gov_opid_parse(bad[i], id), -1);
    }
}


/* the store's checksums are made of these: they may never change */

static void
the_hash_is_the_one_on_disk(void **state)
{
    size_t     i;
    gov_str_t  s;

    static const struct {
        size_t    len;
        uint64_t  hash;
    } rows[] = {
        { 0, 0x0bcfa93206c21207ULL },
        { 1, 0x3bc0f90a114165e5ULL },
        { 8, 0x963c24242bfbb127ULL },
        { 15, 0xc855ee927ba450f9ULL },
        { 16, 0xbb7110a5ec5a324fULL },
        { 17, 0x06d12e783ba74bcdULL },
        { 32, 0xdd8367dc40b6c687ULL },
        { 33, 0x4b685c368a6bb660ULL },
        { 43, 0xfc1ba2ca654544acULL },
        { 80, 0x62271142896b2111ULL }
    };

    static const char  text[] = "The quick brown fox jumps over the lazy dog"
                                " and hides behind sixteen bytes, twice over.";

    (void) state;

    for (i = 0; i < t_rows(rows); i++) {
        s = (gov_str_t) { rows[i].len, (u_char *) text };

        if (gov_hash64(s.data, s.len) != rows[i].hash) {
            fail_msg("{ %zu, 0x%016llx },", rows[i].len,
                     (unsigned long long) gov_hash64(s.data, s.len));
        }
    }
}


static void
a_flipped_bit_flips_half_of_the_hash(void **state)
{
    int       total, flips;
    u_char    bytes[40];
    size_t    n, bit;
    uint64_t  was, is;

    (void) state;

    for (n = 1; n <= sizeof(bytes); n++) {
        memset(bytes, 0, sizeof(bytes));
        was = gov_hash64(bytes, n);
        total = 0;

        for (bit = 0; bit < n * 8; bit++) {
            bytes[bit / 8] ^= (u_char) (1 << bit % 8);
            is = gov_hash64(bytes, n);
            bytes[bit / 8] ^= (u_char) (1 << bit % 8);

            flips = __builtin_popcountll(was ^ is);
            assert_in_range(flips, 8, 56);
            total += flips;
        }

        assert_in_range(total / (int) bit, 26, 38);
    }
}


static void
zero_bytes_count_and_a_shift_is_seen(void **state)
{
    size_t    n, k;
    u_char    bytes[64];
    uint64_t  seen[65];

    (void) state;

    memset(bytes, 0, sizeof(bytes));

    for (n = 0; n <= 64; n++) {
        seen[n] = gov_hash64(bytes, n);

        for (k = 0; k < n; k++) {
            assert_true(seen[k] != seen[n]);
        }
    }

    assert_true(gov_hash64(NULL, 0) == seen[0]);
    assert_true(gov_hash64("abcdefgh12345678abcdefgh12345678x", 33)
                != gov_hash64("12345678abcdefgh12345678abcdefghx", 33));
}


static void
ten_thousand_numbers_share_no_hash(void **state)
{
    int        i, k, n, same;
    char       text[32];
    uint64_t  *low;

    (void) state;

    low = calloc(65536, sizeof(uint64_t));
    assert_non_null(low);
    same = 0;

    for (i = 0; i < 10000; i++) {
        n = snprintf(text, sizeof(text), "/a/b/%d.html", i);
        k = (int) (gov_hash64(text, (size_t) n) & 65535);
        same += low[k]++ != 0;
    }

    /* the places of a table: about 720 are expected twice */

    assert_in_range(same, 550, 900);

    free(low);
}


static void
a_name_has_one_urn_for_ever(void **state)
{
    u_char        id[GOV_OPID_LEN];
    gov_str_t     urn;
    gov_arena_t  *a = *state;

    urn = gov_urn(a, gov_s("gov:6104/doc/1"));
    t_str(urn, "urn:uuid:80f1968d-14c4-825c-b048-c017421032da");

    urn.data += 9;
    urn.len -= 9;
    assert_int_equal(gov_opid_parse(urn, id), 0);
    t_str_at(gov_opid_str(a, id), urn, __FILE__, __LINE__);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(digests_are_the_known_ones),
        t_test(random_bytes_differ),
        t_test(operation_ids_are_ordered_by_the_microsecond),
        t_test(operation_ids_hold_the_moment_they_were_made),
        t_test(operation_ids_are_read_in_two_forms),
        t_test(a_name_has_one_urn_for_ever),
        t_test(the_hash_is_the_one_on_disk),
        t_test(a_flipped_bit_flips_half_of_the_hash),
        t_test(zero_bytes_count_and_a_shift_is_seen),
        t_test(ten_thousand_numbers_share_no_hash)
    };

    return cmocka_run_group_tests_name("base/gov_id", tests, NULL, NULL);
}
