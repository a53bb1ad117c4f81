
/*
 * Copyright (C) ngx_gov authors
 *
 * Packed bytes come back, and damaged ones are told.
 */


#include "base/t_base.h"


static void
what_is_packed_comes_back(void **state)
{
    size_t        i, len;
    gov_str_t     s, packed, back;
    gov_arena_t  *a;

    (void) state;

    for (len = 2; len < 300000; len = len * 3 + 1) {
        a = gov_arena_new(4096);
        s.len = len;
        s.data = gov_alloc(a, len);

        for (i = 0; i < len; i++) {
            s.data[i] = (u_char) ("{\"code\":\"610402\"}"[i % 17]);
        }

        if (gov_pack(a, s, &packed) == GOV_OK) {
            assert_true(packed.len < len);
            assert_int_equal(gov_unpack(a, packed, len, &back), GOV_OK);
            assert_true(gov_str_eq(back, s));

        } else {
            assert_true(len < 64);
        }

        gov_arena_free(&a);
    }
}


static void
what_does_not_get_smaller_stays(void **state)
{
    u_char        random[600];
    gov_str_t     packed;
    gov_arena_t  *a;

    (void) state;

    a = gov_arena_new(4096);
    assert_int_equal(gov_random(random, sizeof(random)), 0);
    assert_int_equal(gov_pack(a, (gov_str_t) { sizeof(random), random },
                              &packed), GOV_DONE);
    assert_int_equal(gov_pack(a, gov_s(""), &packed), GOV_DONE);
    gov_arena_free(&a);
}


static void
damage_is_told_and_takes_no_memory(void **state)
{
    size_t        i;
    gov_str_t     s, packed, cut, back;
    gov_arena_t  *a;

    (void) state;

    a = gov_arena_new_limited(4096, 1 << 20);
    s = gov_s("610402001000 610402001000 610402001000 610402001000");
    assert_int_equal(gov_pack(a, s, &packed), GOV_OK);

    assert_int_equal(gov_unpack(a, packed, s.len - 1, &back), GOV_CORRUPT);
    assert_int_equal(gov_unpack(a, packed, s.len + 1, &back), GOV_CORRUPT);
    assert_int_equal(gov_unpack(a, packed, 0, &back), GOV_CORRUPT);
    assert_int_equal(gov_unpack(a, packed, SIZE_MAX / 2, &back),
                     GOV_CORRUPT);

    for (cut = packed; cut.len > 0; cut.len--) {
        if (cut.len < packed.len) {
            assert_int_equal(gov_unpack(a, cut, s.len, &back), GOV_CORRUPT);
        }
    }

    for (i = 0; i < packed.len; i++) {
        packed.data[i] ^= 0x55;
        assert_int_equal(gov_unpack(a, packed, s.len, &back), GOV_CORRUPT);
        packed.data[i] ^= 0x55;
    }

    assert_false(gov_arena_failed(a));
    gov_arena_free(&a);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(what_is_packed_comes_back),
        t_test(what_does_not_get_smaller_stays),
        t_test(damage_is_told_and_takes_no_memory)
    };

    return cmocka_run_group_tests_name("base/gov_pack", tests, NULL, NULL);
}
