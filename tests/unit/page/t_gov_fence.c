
/*
 * Copyright (C) ngx_gov authors
 *
 * The fence's accounts: they fill, flow off, add up over workers, survive a
 * clock that is set and a table that is full.
 */


#include <pthread.h>

#include "base/t_base.h"
#include "page/gov_fence.h"


#define T_SECOND   1000000LL
#define T_NOW      (1795000000LL * T_SECOND)
#define T_CHARGES  1000000


static gov_fence_t        t_fence;
static pthread_barrier_t  t_start;


static void
t_charge(uint32_t site, int64_t now, int64_t time, int64_t requests)
{
    int64_t  debt[GOV_FENCE_ACCOUNTS];

    debt[GOV_FENCE_TIME] = time;
    debt[GOV_FENCE_REQUESTS] = requests;

    gov_fence_charge(&t_fence, site, now, debt);
}


#define t_level(site, now)  gov_fence_level(&t_fence, site, now)


static int
t_empty(void **state)
{
    (void) state;

    memset(&t_fence, 0, sizeof(gov_fence_t));

    return 0;
}


static void
an_account_fills_and_flows_off(void **state)
{
    (void) state;

    assert_int_equal(t_level(7, T_NOW), GOV_FENCE_WHOLE);

    t_charge(7, T_NOW, GOV_FENCE_SPARE, 0);
    assert_int_equal(t_level(7, T_NOW), GOV_FENCE_WHOLE);
    t_charge(7, T_NOW, 1, 0);
    assert_int_equal(t_level(7, T_NOW), GOV_FENCE_STOCK);
    t_charge(7, T_NOW, GOV_FENCE_SPARE - 1, 0);
    assert_int_equal(t_level(7, T_NOW), GOV_FENCE_STOCK);
    t_charge(7, T_NOW, 1, 0);
    assert_int_equal(t_level(7, T_NOW), GOV_FENCE_SHUT);

    assert_int_equal(t_level(7, T_NOW + 1), GOV_FENCE_STOCK);
    assert_int_equal(t_level(7, T_NOW + GOV_FENCE_SPARE), GOV_FENCE_STOCK);
    assert_int_equal(t_level(7, T_NOW + GOV_FENCE_SPARE + 1),
                     GOV_FENCE_WHOLE);

    /* what flowed off is not kept for later */

    t_charge(7, T_NOW + 100 * T_SECOND, GOV_FENCE_SPARE + 1, 0);
    assert_int_equal(t_level(7, T_NOW + 100 * T_SECOND), GOV_FENCE_STOCK);
}


static void
each_account_counts_alone(void **state)
{
    (void) state;

    t_charge(7, T_NOW, GOV_FENCE_SPARE, GOV_FENCE_SPARE);
    assert_int_equal(t_level(7, T_NOW), GOV_FENCE_WHOLE);
    t_charge(7, T_NOW, 0, 1);
    assert_int_equal(t_level(7, T_NOW), GOV_FENCE_STOCK);
    assert_int_equal(t_level(7, T_NOW + 1), GOV_FENCE_WHOLE);
}


static void
a_site_pays_for_itself_alone(void **state)
{
    uint32_t  site;

    (void) state;

    t_charge(0, T_NOW, 3 * GOV_FENCE_SPARE, 0);

    assert_int_equal(t_level(0, T_NOW), GOV_FENCE_SHUT);

    for (site = 1; site < 50000; site++) {
        assert_int_equal(t_level(site, T_NOW), GOV_FENCE_WHOLE);
    }

    assert_int_equal(t_level(UINT32_MAX, T_NOW), GOV_FENCE_WHOLE);
}


static void
a_share_is_kept_whoever_asks(void **state)
{
    int64_t   now;
    unsigned  made;

    (void) state;

    /* a page a millisecond, each worth 20 ms of the share, for an hour: what
     * is made is the share and the spare, and no debt grows beyond it */

    made = 0;

    for (now = T_NOW; now < T_NOW + 3600 * T_SECOND; now += 1000) {

        if (t_level(7, now) != GOV_FENCE_SHUT) {
            t_charge(7, now, 20000, 0);
            made++;
        }
    }

    assert_in_range(made, 3600 * 50, (3600 + 21) * 50);
    assert_int_equal(t_level(7, now + GOV_FENCE_SPARE + 20000),
                     GOV_FENCE_WHOLE);
}


static void
a_charge_beyond_all_bounds_ends_too(void **state)
{
    (void) state;

    t_charge(7, T_NOW, INT64_MAX, INT64_MAX);
    t_charge(7, T_NOW, INT64_MAX, 1);
    assert_int_equal(t_level(7, T_NOW), GOV_FENCE_SHUT);
    assert_int_equal(t_level(7, T_NOW + 2 * GOV_FENCE_SPARE + 1),
                     GOV_FENCE_WHOLE);
}


static void
a_clock_that_is_set_shuts_nobody_out(void **state)
{
    (void) state;

    t_charge(7, T_NOW, 2 * GOV_FENCE_SPARE + 1, 0);
    assert_int_equal(t_level(7, T_NOW), GOV_FENCE_SHUT);
    assert_int_equal(t_level(7, T_NOW - 86400 * T_SECOND), GOV_FENCE_WHOLE);

    t_charge(7, T_NOW - 86400 * T_SECOND, 1, 1);
    assert_int_equal(t_level(7, T_NOW - 86400 * T_SECOND), GOV_FENCE_WHOLE);
    assert_int_equal(t_level(7, T_NOW), GOV_FENCE_WHOLE);
}


/* sites of one window: as many as it has places are known, one more is not */

static void
t_neighbours(uint32_t *site, unsigned n)
{
    unsigned  i, found;
    uint32_t  s, held, at, first;

    first = GOV_FENCE_PLACES;

    for (s = 1, found = 0; found < n; s++) {
        memset(&t_fence, 0, sizeof(gov_fence_t));
        t_charge(s, T_NOW, 1, 0);
        at = GOV_FENCE_PLACES;

        for (i = 0; i < GOV_FENCE_PLACES; i++) {
            if (gov_fence_owed(&t_fence, i, T_NOW, &held) != 0) {
                assert_int_equal(held, s);
                at = i;
            }
        }

        assert_in_range(at, 0, GOV_FENCE_PLACES - 1);

        if (first == GOV_FENCE_PLACES) {
            first = at;
        }

        if (at == first) {
            site[found++] = s;
        }
    }

    memset(&t_fence, 0, sizeof(gov_fence_t));
}


static void
who_owes_most_stays_known_in_a_full_table(void **state)
{
    unsigned  i;
    uint32_t  site[12];

    (void) state;

    t_neighbours(site, 12);

    for (i = 0; i < 8; i++) {
        t_charge(site[i], T_NOW, (i + 1) * T_SECOND, 0);
    }

    t_charge(site[0], T_NOW, GOV_FENCE_SPARE, 0);
    t_charge(site[7], T_NOW, 2 * GOV_FENCE_SPARE, 0);

    /* site[1] owes least: it gives way, and begins anew */

    t_charge(site[8], T_NOW, GOV_FENCE_SPARE + 1, 0);
    assert_int_equal(t_level(site[0], T_NOW), GOV_FENCE_STOCK);
    assert_int_equal(t_level(site[7], T_NOW), GOV_FENCE_SHUT);
    assert_int_equal(t_level(site[8], T_NOW), GOV_FENCE_STOCK);

    t_charge(site[1], T_NOW, GOV_FENCE_SPARE, 0);
    assert_int_equal(t_level(site[1], T_NOW), GOV_FENCE_WHOLE);

    /* many that come once do not make it forget */

    for (i = 9; i < 12; i++) {
        t_charge(site[i], T_NOW, 1, 0);
    }

    assert_int_equal(t_level(site[7], T_NOW), GOV_FENCE_SHUT);
    assert_int_equal(t_level(site[0], T_NOW), GOV_FENCE_STOCK);
}


static void
forty_thousand_sites_hide_nobody(void **state)
{
    int64_t   now;
    uint32_t  site;

    (void) state;

    now = T_NOW;
    t_charge(7, now, 3 * GOV_FENCE_SPARE, 0);

    for (site = 100; site < 44800; site++) {
        now += 100;
        t_charge(site, now, 8000, 1000);
        assert_int_equal(t_level(site, now), GOV_FENCE_WHOLE);
    }

    assert_int_equal(t_level(7, now), GOV_FENCE_SHUT);
}


static void *
t_worker(void *data)
{
    int  i;

    (void) data;

    (void) pthread_barrier_wait(&t_start);

    for (i = 0; i < T_CHARGES; i++) {
        t_charge(7, T_NOW, 1, 1);
    }

    return NULL;
}


static void
several_workers_add_up(void **state)
{
    int        i;
    uint32_t   site;
    pthread_t  thread[4];

    (void) state;

    t_charge(7, T_NOW, 0, 0);
    assert_int_equal(pthread_barrier_init(&t_start, NULL, 4), 0);

    for (i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&thread[i], NULL, t_worker, NULL), 0);
    }

    for (i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(thread[i], NULL), 0);
    }

    for (i = 0; i < GOV_FENCE_PLACES; i++) {
        if (gov_fence_owed(&t_fence, i, T_NOW, &site) != 0) {
            assert_int_equal(site, 7);
            assert_int_equal(gov_fence_owed(&t_fence, i, T_NOW, &site),
                             4 * T_CHARGES);
        }
    }
}


static void
it_is_told_once_a_minute(void **state)
{
    (void) state;

    assert_false(gov_fence_tell(&t_fence, 7, T_NOW));

    t_charge(7, T_NOW, 1, 0);
    assert_true(gov_fence_tell(&t_fence, 7, T_NOW));
    assert_false(gov_fence_tell(&t_fence, 7, T_NOW));
    assert_false(gov_fence_tell(&t_fence, 7, T_NOW + 60 * T_SECOND - 1));
    assert_true(gov_fence_tell(&t_fence, 7, T_NOW + 60 * T_SECOND));
    assert_true(gov_fence_tell(&t_fence, 7, T_NOW));
}


#define t_fence_test(f)  cmocka_unit_test_setup(f, t_empty)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_fence_test(an_account_fills_and_flows_off),
        t_fence_test(each_account_counts_alone),
        t_fence_test(a_site_pays_for_itself_alone),
        t_fence_test(a_share_is_kept_whoever_asks),
        t_fence_test(a_charge_beyond_all_bounds_ends_too),
        t_fence_test(a_clock_that_is_set_shuts_nobody_out),
        t_fence_test(who_owes_most_stays_known_in_a_full_table),
        t_fence_test(forty_thousand_sites_hide_nobody),
        t_fence_test(several_workers_add_up),
        t_fence_test(it_is_told_once_a_minute)
    };

    return cmocka_run_group_tests_name("page/fence", tests, NULL, NULL);
}
