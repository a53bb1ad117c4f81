
/*
 * Copyright (C) ngx_gov authors
 *
 * Page copies: the ring keeps what was read, gives out only equal keys, and
 * recovers from a worker that died inside the lock.
 */


#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "page/gov_copies.h"


#define T_REGION  (256 * 1024)


typedef struct {
    u_char            *region;
    gov_copies_ref_t   ref;
    int                depth;
} t_zone_t;

static u_char   t_out[128 * 1024];
static u_char   t_bytes[128 * 1024];
static char     t_name[64];


static void
t_lock(void *data)
{
    t_zone_t *z = data;

    assert_int_equal(z->depth++, 0);
}


static void
t_unlock(void *data)
{
    t_zone_t *z = data;

    assert_int_equal(--z->depth, 0);
}


static void *
t_alloc(void *data, size_t size)
{
    (void) data;

    return size <= sizeof(t_out) ? t_out : NULL;
}


static int
t_setup(void **state)
{
    t_zone_t  *z;

    z = calloc(1, sizeof(t_zone_t));
    z->region = aligned_alloc(64, T_REGION);
    z->ref.shared = gov_copies_init(z->region, T_REGION, 42);
    z->ref.lock = t_lock;
    z->ref.unlock = t_unlock;
    z->ref.data = z;
    *state = z;

    return z->ref.shared == NULL;
}


static int
t_teardown(void **state)
{
    t_zone_t *z = *state;

    free(z->region);
    free(z);

    return 0;
}


static gov_copy_key_t
t_key(t_zone_t *z, unsigned n)
{
    gov_copy_key_t  k;

    k.key.len = snprintf(t_name, sizeof(t_name), "host%u", n);
    k.key.data = (u_char *) t_name;
    k.hash = gov_copies_hash(z->ref.shared, k.key);
    k.stamp = 7;

    return k;
}


static void
t_put_of(t_zone_t *z, uint32_t site, unsigned n, size_t len)
{
    gov_copy_t      c;
    gov_copy_key_t  k;

    memset(&c, 0, sizeof(gov_copy_t));
    memset(t_bytes, 'a' + n % 26, len);

    c.status = 200;
    c.site = site;
    c.proof.built = n;
    c.proof.due = 1000 + n;
    c.proof.deps.n = 1;
    c.proof.deps.dep[0].site = n;
    c.proof.deps.dep[0].mask = 5;
    c.gzip.data = t_bytes;
    c.gzip.len = len;

    k = t_key(z, n);
    gov_copies_put(&z->ref, &k, &c);
}


static void
t_put(t_zone_t *z, unsigned n, size_t len)
{
    t_put_of(z, n, n, len);
}


static gov_rc_t
t_get_key(t_zone_t *z, gov_copy_key_t *k, unsigned forms, gov_copy_t *c)
{
    gov_copies_want_t  want;

    want.forms = forms;
    want.head = UINT64_MAX;
    want.alloc = t_alloc;
    want.data = NULL;

    return gov_copies_get(&z->ref, k, &want, c);
}


static gov_rc_t
t_get(t_zone_t *z, unsigned n, gov_copy_t *c)
{
    gov_copy_key_t  k;

    k = t_key(z, n);

    return t_get_key(z, &k, GOV_COPY_GZIP, c);
}


static void
what_was_put_comes_back_whole(void **state)
{
    size_t      i;
    t_zone_t   *z = *state;
    gov_copy_t  c;

    t_put(z, 3, 5000);

    assert_int_equal(t_get(z, 3, &c), GOV_OK);
    assert_int_equal(c.gzip.len, 5000);
    assert_int_equal(c.br.len, 0);
    assert_int_equal(c.site, 3);
    assert_int_equal(c.status, 200);
    assert_int_equal(c.proof.built, 3);
    assert_int_equal(c.proof.due, 1003);
    assert_int_equal(c.proof.deps.n, 1);
    assert_int_equal(c.proof.deps.dep[0].site, 3);
    assert_int_equal(c.proof.deps.dep[0].mask, 5);

    for (i = 0; i < c.gzip.len; i++) {
        assert_int_equal(c.gzip.data[i], 'd');
    }

    assert_int_equal(t_get(z, 4, &c), GOV_NOT_FOUND);
}


static void
an_equal_hash_with_another_key_is_no_hit(void **state)
{
    t_zone_t        *z = *state;
    gov_copy_t       c;
    gov_copy_key_t   k;

    t_put(z, 1, 100);

    k = t_key(z, 1);
    k.key = gov_s("host2");

    assert_int_equal(t_get_key(z, &k, GOV_COPY_GZIP, &c),
                     GOV_NOT_FOUND);
}


static void
another_theme_is_no_hit(void **state)
{
    t_zone_t        *z = *state;
    gov_copy_t       c;
    gov_copy_key_t   k;

    t_put(z, 1, 100);

    k = t_key(z, 1);
    k.stamp++;

    assert_int_equal(t_get_key(z, &k, GOV_COPY_GZIP, &c),
                     GOV_NOT_FOUND);
}


static void
a_second_put_replaces_the_first(void **state)
{
    t_zone_t           *z = *state;
    gov_copy_t          c;
    gov_copies_stat_t   s;

    t_put(z, 1, 100);
    t_put(z, 1, 333);

    assert_int_equal(t_get(z, 1, &c), GOV_OK);
    assert_int_equal(c.gzip.len, 333);

    gov_copies_stat(&z->ref, &s);
    assert_int_equal(s.records, 1);
    assert_int_equal(s.stored, 2);
}


/* lines of a form stand in front of it, and of no other */

static void
a_form_comes_with_its_own_lines(void **state)
{
    t_zone_t        *z = *state;
    gov_copy_t       c;
    gov_copy_key_t   k;

    memset(&c, 0, sizeof(gov_copy_t));
    c.gzip = gov_s("gzipped");
    c.gzip_lines = gov_s("of gzip\n");
    c.br = gov_s("brotli");
    c.br_lines = gov_s("of br\n");

    k = t_key(z, 1);
    gov_copies_put(&z->ref, &k, &c);

    assert_int_equal(t_get_key(z, &k, GOV_COPY_GZIP, &c), GOV_OK);
    assert_true(gov_str_is(c.gzip, "gzipped"));
    assert_int_equal(c.lines, 8);
    assert_memory_equal(c.gzip.data - c.lines, "of gzip\ngzipped", 15);

    assert_int_equal(t_get_key(z, &k, GOV_COPY_GZIP | GOV_COPY_BR, &c),
                     GOV_OK);
    assert_true(gov_str_is(c.br, "brotli"));
    assert_int_equal(c.lines, 6);
    assert_memory_equal(c.br.data - c.lines, "of br\nbrotli", 12);
}


static void
best_coding_first_and_identity_where_nothing_else_is(void **state)
{
    t_zone_t        *z = *state;
    gov_copy_t       c, o;
    gov_copy_key_t   k;

    memset(&c, 0, sizeof(gov_copy_t));
    c.body = gov_s("identity");

    k = t_key(z, 9);
    gov_copies_put(&z->ref, &k, &c);
    assert_int_equal(t_get_key(z, &k, GOV_COPY_BR|GOV_COPY_GZIP, &o),
                     GOV_OK);
    assert_int_equal(o.body.len, 8);
    assert_memory_equal(o.body.data, "identity", 8);

    c.gzip = gov_s("zip");
    c.br = gov_s("bro!");
    gov_copies_put(&z->ref, &k, &c);

    assert_int_equal(t_get_key(z, &k, GOV_COPY_BR|GOV_COPY_GZIP, &o),
                     GOV_OK);
    assert_int_equal(o.br.len, 4);
    assert_memory_equal(o.br.data, "bro!", 4);
    assert_int_equal(o.gzip.len, 0);

    assert_int_equal(t_get_key(z, &k, GOV_COPY_GZIP, &o),
                     GOV_OK);
    assert_memory_equal(o.gzip.data, "zip", 3);
}


/* the model: a plain array; what the ring gives must be what was put last */

static void
the_ring_agrees_with_a_plain_model(void **state)
{
    size_t      len[200], i, n, hits;
    unsigned    step, seed;
    t_zone_t   *z = *state;
    gov_copy_t  c;

    memset(len, 0, sizeof(len));
    seed = 12345;
    hits = 0;

    for (step = 0; step < 20000; step++) {
        seed = seed * 1103515245 + 12345;
        n = (seed >> 16) % 200;

        if ((seed >> 8) % 3 == 0) {
            len[n] = 16 + (seed >> 10) % 9000;
            t_put(z, n, len[n]);
            assert_int_equal(t_get(z, n, &c), GOV_OK);
        }

        if (t_get(z, n, &c) != GOV_OK) {
            continue;
        }

        hits++;
        assert_int_equal(c.gzip.len, len[n]);

        for (i = 0; i < c.gzip.len; i += 97) {
            assert_int_equal(c.gzip.data[i], 'a' + n % 26);
        }
    }

    assert_true(hits > 1000);
}


static void
a_copy_that_is_read_outlives_those_that_are_not(void **state)
{
    unsigned    i;
    t_zone_t   *z = *state;
    gov_copy_t  c;

    t_put(z, 1, 2000);

    for (i = 2; i < 1000; i++) {
        t_put(z, i, 2000);
        assert_int_equal(t_get(z, 1, &c), GOV_OK);
    }

    assert_int_equal(t_get(z, 2, &c), GOV_NOT_FOUND);
}


static void
what_is_too_large_is_not_kept_and_harms_nothing(void **state)
{
    t_zone_t   *z = *state;
    gov_copy_t  c;

    t_put(z, 1, 1000);
    t_put(z, 2, 100 * 1024);

    assert_int_equal(t_get(z, 1, &c), GOV_OK);
    assert_int_equal(t_get(z, 2, &c), GOV_NOT_FOUND);
}


static void
a_worker_killed_inside_the_lock_empties_the_ring(void **state)
{
    t_zone_t            *z = *state;
    gov_copy_t           c;
    gov_copies_stat_t    s;

    t_put(z, 1, 1000);

    /* `turn` stands behind magic and seed: as a killed put leaves it */

    ((uint64_t *) z->region)[2]++;

    assert_int_equal(t_get(z, 1, &c), GOV_NOT_FOUND);

    gov_copies_stat(&z->ref, &s);
    assert_int_equal(s.resets, 1);
    assert_int_equal(s.records, 0);

    t_put(z, 1, 1000);
    assert_int_equal(t_get(z, 1, &c), GOV_OK);
}


static void
freshness_is_remembered_for_the_build_that_was_checked(void **state)
{
    t_zone_t        *z = *state;
    gov_copy_t       c;
    gov_copy_key_t   k;

    t_put(z, 5, 100);
    k = t_key(z, 5);

    gov_copies_fresh(&z->ref, &k, 4, 99);
    assert_int_equal(t_get(z, 5, &c), GOV_OK);
    assert_int_equal(c.proof.seen, 0);

    gov_copies_fresh(&z->ref, &k, 5, 99);
    assert_int_equal(t_get(z, 5, &c), GOV_OK);
    assert_int_equal(c.proof.seen, 99);

    gov_copies_fresh(&z->ref, &k, 5, 98);
    assert_int_equal(t_get(z, 5, &c), GOV_OK);
    assert_int_equal(c.proof.seen, 99);
}


/* readers beside a writer: what they get is one record's, whole */

#define T_READERS  2

typedef struct {
    t_zone_t          *z;
    pthread_mutex_t    mutex;
    atomic_int         done;
    atomic_uint        got;
} t_crowd_t;


static void
t_crowd_lock(void *data)
{
    t_crowd_t *w = data;

    (void) pthread_mutex_lock(&w->mutex);
}


static void
t_crowd_unlock(void *data)
{
    t_crowd_t *w = data;

    (void) pthread_mutex_unlock(&w->mutex);
}


static void *
t_crowd_alloc(void *data, size_t size)
{
    return size <= 4096 ? data : NULL;
}


static void *
t_crowd_says(t_crowd_t *w, char *what)
{
    atomic_store(&w->done, 1);

    return what;
}


static void *
t_crowd_reads(void *data)
{
    size_t               i;
    char                 name[64];
    u_char               out[4096];
    unsigned             n;
    gov_copy_t           c;
    gov_copy_key_t       k;
    gov_copies_want_t    want;

    t_crowd_t *w = data;

    want.forms = GOV_COPY_GZIP;
    want.head = UINT64_MAX;
    want.alloc = t_crowd_alloc;
    want.data = out;

    for (n = 0; !atomic_load(&w->done); n = (n + 1) % 400) {
        k.key.len = snprintf(name, sizeof(name), "host%u", n);
        k.key.data = (u_char *) name;
        k.hash = gov_copies_hash(w->z->ref.shared, k.key);
        k.stamp = 7;

        if (gov_copies_get(&w->z->ref, &k, &want, &c) != GOV_OK) {
            continue;
        }

        (void) atomic_fetch_add(&w->got, 1);

        if (c.site != n || c.gzip.len != 1000 + n * 5
            || c.proof.deps.n != 1 || c.proof.deps.dep[0].site != n)
        {
            return t_crowd_says(w, "a head is another's");
        }

        for (i = 0; i < c.gzip.len; i++) {
            if (c.gzip.data[i] != 'a' + n % 26) {
                return t_crowd_says(w, "bytes are another's");
            }
        }
    }

    return NULL;
}


static void
who_reads_without_the_lock_gets_whole_records(void **state)
{
    void        *said;
    unsigned     i, n;
    t_zone_t    *z = *state;
    pthread_t    reader[T_READERS];
    t_crowd_t    w;

    memset(&w, 0, sizeof(t_crowd_t));
    (void) pthread_mutex_init(&w.mutex, NULL);
    w.z = z;
    z->ref.lock = t_crowd_lock;
    z->ref.unlock = t_crowd_unlock;
    z->ref.data = &w;

    for (i = 0; i < T_READERS; i++) {
        assert_int_equal(pthread_create(&reader[i], NULL, t_crowd_reads, &w),
                         0);
    }

    /* a region for about 120 of 400: each turn of the ring is another's */

    for (n = 0; !atomic_load(&w.done); n++) {

        if (n >= 60000 && atomic_load(&w.got) >= 1000) {
            break;
        }

        t_put(z, n % 400, 1000 + n % 400 * 5);
    }

    atomic_store(&w.done, 1);

    for (i = 0; i < T_READERS; i++) {
        (void) pthread_join(reader[i], &said);

        if (said != NULL) {
            print_error("%s\n", (char *) said);
            fail();
        }
    }

    (void) pthread_mutex_destroy(&w.mutex);
}


/* who writes addresses cannot choose those of one place */

static void
keys_of_one_place_are_not_of_one_under_another_seed(void **state)
{
    unsigned         i, met, again;
    uint64_t         first, second;
    t_zone_t        *z = *state, other;
    gov_copy_key_t   k;

    other.region = aligned_alloc(64, T_REGION);
    other.ref.shared = gov_copies_init(other.region, T_REGION, 43);

    first = t_key(z, 0).hash;
    second = t_key(&other, 0).hash;

    for (i = 1, met = 0, again = 0; met < 64; i++) {
        k = t_key(z, i);

        if ((k.hash ^ first) & 1023) {
            continue;
        }

        met++;
        k = t_key(&other, i);
        again += ((k.hash ^ second) & 1023) == 0;
    }

    assert_in_range(again, 0, 4);
    free(other.region);
}


#define t_test(f)  cmocka_unit_test_setup_teardown(f, t_setup, t_teardown)

/* how many of the copies from n on are there; they are read by that */

static unsigned
t_there(t_zone_t *z, unsigned n, unsigned count)
{
    unsigned     i, there;
    gov_copy_t   c;

    for (i = n, there = 0; i < n + count; i++) {
        there += t_get(z, i, &c) == GOV_OK;
    }

    return there;
}


/* a ring of some 500 copies */

static void
t_larger(t_zone_t *z, unsigned share)
{
    free(z->region);
    z->region = aligned_alloc(64, 8 * T_REGION);
    z->ref.shared = gov_copies_init(z->region, 8 * T_REGION, 42);
    z->ref.share = share;
}


/* 20 sites with one copy each, none of them ever read, and one site that
 * never ends */

static void
t_flood(t_zone_t *z, unsigned share)
{
    unsigned  i;

    t_larger(z, share);

    for (i = 100; i < 120; i++) {
        t_put(z, i, 4000);
    }

    for (i = 1000; i < 2000; i++) {
        t_put_of(z, 7, i, 4000);
    }
}


static void
a_site_with_its_share_takes_no_room_from_others(void **state)
{
    gov_copy_t   c;
    t_zone_t    *z = *state;

    t_flood(z, 25);

    /* of its own the newest; the ring's end may cost one of others a turn */
    assert_int_equal(t_get(z, 1999, &c), GOV_OK);
    assert_int_equal(t_get(z, 1000, &c), GOV_NOT_FOUND);
    assert_in_range(t_there(z, 100, 20), 18, 20);
}


static void
without_a_share_the_oldest_goes(void **state)
{
    t_zone_t  *z = *state;

    t_flood(z, 0);
    assert_int_equal(t_there(z, 100, 20), 0);
}


static void
below_its_share_a_site_takes_what_is_oldest(void **state)
{
    unsigned     i;
    gov_copy_t   c;
    t_zone_t    *z = *state;

    t_flood(z, 25);

    /* the others take its room in turn, and each other's */

    for (i = 200; i < 1000; i++) {
        t_put(z, i, 4000);
    }

    assert_int_equal(t_get(z, 999, &c), GOV_OK);
    assert_int_equal(t_get(z, 1999, &c), GOV_NOT_FOUND);
    assert_int_equal(t_get(z, 200, &c), GOV_NOT_FOUND);

    /* and it begins anew */

    t_put_of(z, 7, 3000, 4000);
    assert_int_equal(t_get(z, 3000, &c), GOV_OK);
}


static void
what_finds_no_room_among_its_own_is_not_kept(void **state)
{
    unsigned             i, own;
    t_zone_t            *z = *state;
    gov_copies_stat_t    before, now;

    t_larger(z, 10);

    for (i = 0; i < 400; i++) {
        t_put(z, 1000 + i, 4000);
    }

    /* the ring is full, and what is oldest is all of others */

    for (own = 0; /* void */ ; own++) {
        t_put_of(z, 7, 2000 + own, 4000);
        gov_copies_stat(&z->ref, &before);

        if (before.bytes + 4100 > before.size) {
            break;
        }
    }

    assert_true(own > 50);

    for (i = 0; i < 40; i++) {
        t_put_of(z, 7, 3000 + i, 4000);
    }

    gov_copies_stat(&z->ref, &now);
    assert_int_equal(now.stored, before.stored);
    assert_int_equal(t_there(z, 3000, 40), 0);

    /* until its own are the oldest */

    for (i = 0; i < 20; i++) {
        t_put_of(z, 7, 4000 + i, 4000);
    }

    assert_in_range(t_there(z, 4000, 20), 10, 20);
    assert_in_range(t_there(z, 2000, own + 1), own - 20, own - 10);
    assert_in_range(t_there(z, 1000, 400), 399, 400);
}


/* the oldest and the newest are its own, of others are those between */

static void
what_finds_no_room_leaves_the_copy_it_was_for(void **state)
{
    unsigned             i;
    gov_copy_t           c;
    t_zone_t            *z = *state;
    gov_copies_stat_t    before, now;

    t_larger(z, 10);
    t_put_of(z, 7, 2000, 4000);

    for (i = 0; i < 400; i++) {
        t_put(z, 1000 + i, 4000);
    }

    for (i = 1; /* void */ ; i++) {
        t_put_of(z, 7, 2000 + i, 4000);
        gov_copies_stat(&z->ref, &before);

        if (before.bytes + 4200 > before.size) {
            break;
        }
    }

    /* the oldest had to make room */

    t_put_of(z, 7, 2000, 60000);
    gov_copies_stat(&z->ref, &now);
    assert_int_equal(now.stored, before.stored);
    assert_int_equal(t_get(z, 2000, &c), GOV_NOT_FOUND);

    /* the newest stays as it was */

    t_put_of(z, 7, 2000 + i, 4500);
    gov_copies_stat(&z->ref, &now);
    assert_int_equal(now.stored, before.stored);
    assert_int_equal(t_get(z, 2000 + i, &c), GOV_OK);
    assert_int_equal(c.gzip.len, 4000);

    assert_int_equal(t_there(z, 2001, i), i);
    assert_int_equal(t_there(z, 1000, 400), 400);
    gov_copies_stat(&z->ref, &now);
    assert_int_equal(now.records, i + 400);
}


int
main(void)
{
    static const struct CMUnitTest  tests[] = {
        t_test(what_was_put_comes_back_whole),
        t_test(an_equal_hash_with_another_key_is_no_hit),
        t_test(another_theme_is_no_hit),
        t_test(keys_of_one_place_are_not_of_one_under_another_seed),
        t_test(a_second_put_replaces_the_first),
        t_test(best_coding_first_and_identity_where_nothing_else_is),
        t_test(a_form_comes_with_its_own_lines),
        t_test(the_ring_agrees_with_a_plain_model),
        t_test(a_copy_that_is_read_outlives_those_that_are_not),
        t_test(what_is_too_large_is_not_kept_and_harms_nothing),
        t_test(a_worker_killed_inside_the_lock_empties_the_ring),
        t_test(freshness_is_remembered_for_the_build_that_was_checked),
        t_test(who_reads_without_the_lock_gets_whole_records),
        t_test(a_site_with_its_share_takes_no_room_from_others),
        t_test(without_a_share_the_oldest_goes),
        t_test(below_its_share_a_site_takes_what_is_oldest),
        t_test(what_finds_no_room_among_its_own_is_not_kept),
        t_test(what_finds_no_room_leaves_the_copy_it_was_for)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
