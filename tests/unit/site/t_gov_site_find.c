
/*
 * Copyright (C) ngx_gov authors
 *
 * Finding sites by what somebody types.
 */


#include "site/t_site.h"


typedef struct {
    u_char    seen[16];
    unsigned  max;
    unsigned  n;
} t_found_t;


static gov_rc_t
t_found(void *data, gov_site_t *site)
{
    t_found_t  *f = data;

    assert_true(site->id < sizeof(f->seen));

    f->seen[site->id] = 1;
    f->n++;

    return f->n == f->max ? GOV_DONE : GOV_OK;
}


/* the numbers that a text finds, as digits in order */

static const char *
t_find(t_store_t *t, gov_txn_t *txn, const char *text)
{
    char        *p;
    unsigned     i;
    t_found_t    f;
    static char  numbers[16];

    memset(&f, 0, sizeof(t_found_t));

    assert_int_equal(gov_site_find(txn, t->arena, gov_str_of(text), t_found,
                                   &f), GOV_OK);

    for (p = numbers, i = 0; i < sizeof(f.seen); i++) {
        if (f.seen[i]) {
            *p++ = (char) ('0' + i);
        }
    }

    *p = '\0';

    return numbers;
}


static const struct {
    const char  *text;
    const char  *found;
} t_texts[] = {
    { "咸阳", "1" },
    { "区", "" },
    { "都区", "2" },
    { "秦", "2" },
    { "民路街", "3" },
    { "秦都区", "2" },
    { "秦都区人", "" },
    { "610402", "234" },
    { "10402", "" },
    { "XY-F", "5" },
    { "yang", "6" },
    { "ang", "" },
    { "发展改革委", "5" },
    { "\xe5", "" },
    { "没有", "" }
};


static void
t_table(void **state)
{
    unsigned    i;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_city_begin(t);

    for (i = 0; i < sizeof(t_texts) / sizeof(t_texts[0]); i++) {
        assert_string_equal(t_find(t, txn, t_texts[i].text),
                            t_texts[i].found);
    }

    gov_txn_end(&txn);
}


/* a name of 40 characters is found by its end too */

static void
t_renamed(void **state)
{
    gov_txn_t   *txn;
    t_store_t   *t = *state;
    gov_site_t   site;

    txn = t_city_begin(t);

    site = t_site(t, txn, "xy-fgw");
    site.rec.name = gov_s("一二三四五六七八九十一二三四五六七八九十"
                          "一二三四五六七八九十一二三四五六七八九甲乙");

    assert_int_equal(gov_site_save(txn, t->arena, &site), GOV_OK);
    assert_string_equal(t_find(t, txn, "改革委"), "");
    assert_string_equal(t_find(t, txn, "甲乙"), "5");
    assert_string_equal(t_find(t, txn, "三四五六七八九十一二三四五六七八九甲"),
                        "5");
    assert_string_equal(t_find(t, txn, "三四五六七八九十一二三四五六七八九乙"),
                        "");

    assert_int_equal(gov_site_rename_slug(txn, t->arena, &site,
                                          gov_s("gaige"), T_NOW, &t->err),
                     GOV_OK);
    assert_string_equal(t_find(t, txn, "fgw"), "");
    assert_string_equal(t_find(t, txn, "gaig"), "5");
    assert_string_equal(t_find(t, txn, "xy-fgw"), "5");

    gov_txn_end(&txn);
}


static void
t_ends(void **state)
{
    gov_txn_t  *txn;
    t_found_t   f;
    t_store_t  *t = *state;

    txn = t_city_begin(t);

    memset(&f, 0, sizeof(t_found_t));
    f.max = 2;

    assert_int_equal(gov_site_find(txn, t->arena, gov_s("610402"), t_found,
                                   &f), GOV_OK);
    assert_int_equal(f.n, 2);

    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(t_table),
        t_test(t_renamed),
        t_test(t_ends)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
