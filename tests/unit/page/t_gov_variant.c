
/*
 * Copyright (C) ngx_gov authors
 *
 * The forms a page is sent in, and the way back for those who take none.
 */


#include "store/t_store.h"
#include "page/gov_page.h"


static gov_page_t
t_made(t_store_t *t, size_t len)
{
    size_t          i;
    gov_page_t      p;
    gov_variant_t  *v;

    memset(&p, 0, sizeof(gov_page_t));
    p.body.len = len;
    p.body.data = gov_alloc(t->arena, len + 1);

    for (i = 0; i < len; i++) {
        p.body.data[i] = "<li>政务公开</li>\n"[i % 22];
    }

    v = gov_variant_open();
    gov_variant_make(v, t->arena, &p);
    gov_variant_close(&v);

    return p;
}


static void
a_page_is_the_same_after_it_was_packed(void **state)
{
    unsigned     i;
    gov_str_t    body;
    gov_page_t   p;
    t_store_t   *t = *state;

    static const size_t  lens[] = { 256, 257, 4096, 65536, 1000000 };

    for (i = 0; i < t_rows(lens); i++) {
        p = t_made(t, lens[i]);

        assert_true(p.gzip.len > 0 && p.gzip.len < p.body.len);
        assert_true(p.br.len > 0 && p.br.len < p.body.len);
        t_ok(gov_variant_inflate(t->arena, p.gzip, &body));
        assert_true(gov_str_eq(body, p.body));
    }
}


static void
a_short_page_is_left_as_it_is(void **state)
{
    gov_page_t  p;

    p = t_made(*state, 255);

    assert_int_equal(p.gzip.len, 0);
    assert_int_equal(p.br.len, 0);
}


/* each byte of the packed form turned over, one after the other */

static void
a_packed_form_that_is_damaged_is_not_unpacked_wrongly(void **state)
{
    size_t       i;
    gov_rc_t     rc;
    gov_str_t    body, gzip;
    gov_page_t   p;
    t_store_t   *t = *state;

    p = t_made(t, 4096);
    gzip = p.gzip;

    for (i = 0; i < gzip.len; i++) {
        gzip.data[i] ^= 0xff;
        rc = gov_variant_inflate(t->arena, gzip, &body);
        assert_true(rc != GOV_OK || gov_str_eq(body, p.body));
        gzip.data[i] ^= 0xff;
    }

    for (i = 0; i < p.gzip.len; i++) {
        gzip.len = i;
        assert_int_not_equal(gov_variant_inflate(t->arena, gzip, &body),
                             GOV_OK);
    }
}


/* what the last four bytes say is longer than what comes out */

static void
a_length_that_is_not_true_is_told(void **state)
{
    unsigned     i;
    gov_str_t    body;
    gov_page_t   p;
    t_store_t   *t = *state;

    static const u_char  lens[][4] = {
        { 0, 0, 0, 0 }, { 1, 16, 0, 0 }, { 0, 0, 1, 0 },
        { 0xff, 0xff, 0xff, 0xff }
    };

    p = t_made(t, 4096);

    for (i = 0; i < t_rows(lens); i++) {
        memcpy(p.gzip.data + p.gzip.len - 4, lens[i], 4);
        t_rc(gov_variant_inflate(t->arena, p.gzip, &body), GOV_CORRUPT);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_page_is_the_same_after_it_was_packed),
        t_test(a_short_page_is_left_as_it_is),
        t_test(a_packed_form_that_is_damaged_is_not_unpacked_wrongly),
        t_test(a_length_that_is_not_true_is_told)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
