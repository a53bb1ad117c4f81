
/*
 * Copyright (C) ngx_gov authors
 *
 * Transactions: the model test, children, snapshots, threads.
 */


#include "store/t_store.h"


/*
 * The model: for each of SITES sites an array of KEYS numbers, 0 for absent,
 * compared after every committed group by scans in both directions.
 */

#define SITES  5
#define KEYS   300

typedef struct {
    int64_t      at[SITES][KEYS];
} model_t;

/* sites whose ranges lie side by side, at the ends, and the hub's */
static uint32_t  sites[SITES] = { 0, 1, 2, 256, UINT32_MAX };


static void
put_or_drop(t_store_t *t, gov_txn_t *txn, model_t *m, uint64_t *seed)
{
    unsigned          s, key;
    gov_key_t         k;
    gov_rc_t          rc;
    gov_handle_t      h;
    gov_place_rec_t   place;

    s = t_random(seed) % SITES;
    key = t_random(seed) % KEYS;
    h = gov_handle(txn, sites[s]);

    (void) gov_key_add_s(gov_key4(&k, key / 16),
                         gov_str_fmt(t->arena, "k%03u", key));

    if (t_random(seed) % 3 == 0) {
        rc = gov_drop(h, GOV_T_NAMES, &k);
        t_rc(rc, m->at[s][key] ? GOV_OK : GOV_NOT_FOUND);
        m->at[s][key] = 0;
        return;
    }

    memset(&place, 0, sizeof(gov_place_rec_t));
    place.to = (int64_t) (t_random(seed) >> 2) + 1;
    place.path.len = t_random(seed) % 20 ? t_random(seed) % 200
                                         : t_random(seed) % 9000;
    place.path.data = gov_alloc(t->arena, place.path.len + 1);
    memset(place.path.data, 'p', place.path.len);

    t_ok(gov_save(h, GOV_T_NAMES, &k, t->arena, &place));
    m->at[s][key] = place.to;
}


static void
compare(t_store_t *t, gov_txn_t *txn, model_t *m, unsigned reverse)
{
    int               key, step;
    unsigned          s;
    gov_key_t         k;
    gov_scan_t        sc;
    gov_place_rec_t   place;

    step = reverse ? -1 : 1;

    for (s = 0; s < SITES; s++) {
        t_ok(gov_scan_open(&sc, gov_handle(txn, sites[s]), GOV_T_NAMES,
                           gov_key(&k), reverse));

        for (key = reverse ? KEYS - 1 : 0; key >= 0 && key < KEYS;
             key += step)
        {
            if (m->at[s][key] == 0) {
                continue;
            }

            t_ok(gov_scan_next(&sc, t->arena, &place));
            assert_true(place.to == m->at[s][key]);
            assert_int_equal(gov_key_get4(sc.key, 0), key / 16);
        }

        t_rc(gov_scan_next(&sc, t->arena, &place), GOV_DONE);
        t_rc(gov_scan_next(&sc, t->arena, &place), GOV_DONE);
        gov_scan_close(&sc);
    }
}


static void
the_store_equals_a_model_over_random_groups_of_children(void **state)
{
    int          group, child, n;
    model_t     *model, *group_model, *child_model;
    uint64_t     seed;
    gov_txn_t   *txn, *kid;
    t_store_t   *t = *state;

    seed = 61;
    model = calloc(3, sizeof(model_t));
    group_model = model + 1;
    child_model = model + 2;

    for (group = 0; group < 300; group++) {
        gov_arena_reset(t->arena);

        *group_model = *model;
        txn = t_begin(t, GOV_TXN_WRITE);

        for (child = 0; child < 6; child++) {
            *child_model = *group_model;
            t_ok(gov_txn_child(txn, &kid, &t->err));

            for (n = (int) (t_random(&seed) % 25); n > 0; n--) {
                put_or_drop(t, kid, child_model, &seed);
            }

            if (t_random(&seed) % 3 == 0) {
                gov_txn_end(&kid);

            } else {
                t_commit(t, &kid);
                *group_model = *child_model;
            }
        }

        if (group % 10 == 0) {
            compare(t, txn, group_model, group % 20 == 0);
        }

        if (t_random(&seed) % 10 == 0) {
            gov_txn_end(&txn);

        } else {
            t_commit(t, &txn);
            *model = *group_model;
        }

        txn = t_begin(t, GOV_TXN_READ);
        compare(t, txn, model, group % 2);
        gov_txn_end(&txn);

        if (group % 100 == 99) {
            gov_store_close(&t->store);
            t_open(t);
        }
    }

    free(model);
}


static void
a_child_that_ends_leaves_nothing(void **state)
{
    uint64_t     n, head;
    gov_txn_t   *txn, *kid;
    t_store_t   *t = *state;
    gov_str_t    before;

    before = t_dump(t, 0, 1);

    txn = t_begin(t, GOV_TXN_WRITE);

    t_ok(gov_txn_child(txn, &kid, &t->err));
    t_command(t, kid, 9, 1, 1);
    t_ok(gov_next(kid, "document", &n));
    assert_true(gov_journal_head(kid) == 1);
    gov_txn_end(&kid);

    head = gov_journal_head(txn);
    assert_true(head == 0);

    t_ok(gov_txn_child(txn, &kid, &t->err));
    t_ok(gov_next(kid, "document", &n));
    assert_true(n == 1);
    gov_txn_end(&kid);

    t_commit(t, &txn);

    assert_true(gov_str_eq(before, t_dump(t, 0, 1)));
}


static void
only_one_child_and_only_of_a_writer(void **state)
{
    gov_txn_t  *txn, *kid, *other;
    t_store_t  *t = *state;

    txn = t_begin(t, GOV_TXN_READ);
    t_rc(gov_txn_child(txn, &kid, NULL), GOV_ERROR);
    gov_txn_end(&txn);

    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(gov_txn_child(txn, &kid, &t->err));
    t_rc(gov_txn_child(txn, &other, NULL), GOV_ERROR);

    /* the parent's end ends the child */
    gov_txn_end(&txn);
}


static void
a_reader_writes_nothing(void **state)
{
    gov_key_t       k;
    gov_txn_t      *txn;
    t_store_t      *t = *state;
    gov_ref_rec_t   ref;

    memset(&ref, 0, sizeof(gov_ref_rec_t));

    txn = t_begin(t, GOV_TXN_READ);
    t_rc(gov_save(gov_handle(txn, 0), GOV_T_CODES,
                  gov_key_s(&k, gov_s("1")), t->arena, &ref), GOV_ERROR);
    t_rc(gov_drop(gov_handle(txn, 0), GOV_T_CODES, &k), GOV_ERROR);
    gov_touch(txn, 3, 1);
    gov_txn_end(&txn);

    gov_store_close(&t->store);
    t->conf.flags = GOV_STORE_READ;
    t_open(t);
    t_rc(gov_txn_begin(t->store, GOV_TXN_WRITE, &txn, NULL), GOV_ERROR);
    assert_null(txn);
}


static void
a_snapshot_stays_as_it_was_and_ids_grow_with_commits(void **state)
{
    uint64_t    id;
    gov_txn_t  *old, *now, *txn;
    t_store_t  *t = *state;

    old = t_begin(t, GOV_TXN_READ);
    id = gov_txn_id(old);

    txn = t_begin(t, GOV_TXN_WRITE);
    t_command(t, txn, 9, 1, 1);
    t_commit(t, &txn);

    assert_true(gov_journal_head(old) == 0);
    assert_true(gov_txn_id(old) == id);

    now = t_begin(t, GOV_TXN_READ);
    assert_true(gov_journal_head(now) == 1);
    assert_true(gov_txn_id(now) == id + 1);

    gov_txn_end(&now);
    gov_txn_end(&old);

    /* nothing committed, nothing moved; a snapshot used again is new */

    now = t_begin(t, GOV_TXN_READ);
    assert_true(gov_txn_id(now) == id + 1);
    assert_true(gov_journal_head(now) == 1);
    gov_txn_end(&now);
}


static void
what_was_loaded_stays_while_its_writer_goes_on(void **state)
{
    int              i;
    gov_key_t        k;
    gov_txn_t       *txn;
    t_store_t       *t = *state;
    gov_handle_t     h;
    gov_place_rec_t  place, first;

    memset(&place, 0, sizeof(gov_place_rec_t));
    place.path = gov_s("notice/12.html");

    txn = t_begin(t, GOV_TXN_WRITE);
    h = gov_handle(txn, 4);

    t_ok(gov_save(h, GOV_T_NAMES, gov_key4(&k, 50), t->arena, &place));
    t_ok(gov_load(h, GOV_T_NAMES, gov_key4(&k, 50), t->arena, &first));

    place.path = gov_s("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");

    for (i = 0; i < 49; i++) {
        t_ok(gov_save(h, GOV_T_NAMES, gov_key4(&k, (uint32_t) i), t->arena,
                      &place));
    }

    t_ok(gov_drop(h, GOV_T_NAMES, gov_key4(&k, 50)));

    assert_true(gov_str_is(first.path, "notice/12.html"));
    gov_txn_end(&txn);
}


static void *
read_often(void *data)
{
    int          i;
    uint64_t     last, head;
    gov_txn_t   *a, *b;
    t_store_t   *t = data;

    last = 0;

    for (i = 0; i < 2000; i++) {
        if (gov_txn_begin(t->store, GOV_TXN_READ, &a, NULL) != GOV_OK
            || gov_txn_begin(t->store, GOV_TXN_READ, &b, NULL) != GOV_OK)
        {
            return "begin";
        }

        head = gov_journal_head(a);

        if (head < last || gov_journal_head(b) < head
            || gov_txn_id(b) < gov_txn_id(a))
        {
            return "order";
        }

        last = head;

        gov_txn_end(&a);
        gov_txn_end(&b);
    }

    return NULL;
}


static void
threads_have_snapshots_of_their_own(void **state)
{
    int          i;
    void        *said;
    gov_txn_t   *txn;
    t_store_t   *t = *state;
    pthread_t    threads[4];

    for (i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, read_often, t), 0);
    }

    for (i = 1; i <= 100; i++) {
        txn = t_begin(t, GOV_TXN_WRITE);
        t_command(t, txn, 9, (uint64_t) i, (unsigned) i);
        t_commit(t, &txn);
    }

    for (i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], &said), 0);
        assert_null(said);
    }
}


static void
bytes_of_a_group_grow_with_its_children(void **state)
{
    size_t      bytes;
    gov_txn_t  *txn, *kid;
    t_store_t  *t = *state;

    txn = t_begin(t, GOV_TXN_WRITE);
    assert_int_equal(gov_txn_bytes(txn), 0);

    t_ok(gov_txn_child(txn, &kid, &t->err));
    t_command(t, kid, 9, 1, 1);
    bytes = gov_txn_bytes(kid);
    assert_true(bytes > 100);
    t_commit(t, &kid);

    assert_int_equal(gov_txn_bytes(txn), bytes);
    assert_ptr_equal(gov_txn_store(txn), t->store);
    gov_txn_end(&txn);
}


static void
sequences_count_from_one_each_for_itself(void **state)
{
    uint64_t    n;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(gov_next(txn, "a", &n));
    assert_true(n == 1);
    t_ok(gov_next(txn, "a", &n));
    assert_true(n == 2);
    t_ok(gov_next(txn, "b", &n));
    assert_true(n == 1);
    t_commit(t, &txn);

    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(gov_next(txn, "a", &n));
    assert_true(n == 3);

    /* raised, never lowered */

    t_ok(gov_next_above(txn, "a", 100));
    t_ok(gov_next_above(txn, "a", 50));
    t_ok(gov_next(txn, "a", &n));
    assert_true(n == 101);
    t_ok(gov_next_above(txn, "c", 7));
    t_ok(gov_next(txn, "c", &n));
    assert_true(n == 8);
    gov_txn_end(&txn);

    txn = t_begin(t, GOV_TXN_READ);
    t_rc(gov_next(txn, "a", &n), GOV_ERROR);
    gov_txn_end(&txn);
}


/* a site's record is remembered: each is read twice after each change */

static void
t_named(t_store_t *t, gov_txn_t *txn, uint32_t id, const char *name)
{
    unsigned         i;
    gov_key_t        k;
    gov_site_rec_t   site;

    for (i = 0; i < 2; i++) {
        t_rc(gov_load(gov_handle(txn, GOV_HUB), GOV_T_SITES,
                      gov_key4(&k, id), t->arena, &site),
             name != NULL ? GOV_OK : GOV_NOT_FOUND);
        assert_true(name == NULL || gov_str_is(site.name, name));
    }
}


static void
t_name(t_store_t *t, gov_txn_t *txn, uint32_t id, const char *name)
{
    gov_key_t        k;
    gov_site_rec_t   site;

    memset(&site, 0, sizeof(gov_site_rec_t));
    site.name = gov_str_of(name);

    t_ok(gov_save(gov_handle(txn, GOV_HUB), GOV_T_SITES, gov_key4(&k, id),
                  t->arena, &site));
}


static void
a_site_is_read_as_it_is_stored(void **state)
{
    gov_key_t     k;
    gov_txn_t    *txn, *kid;
    t_store_t    *t = *state;
    gov_value_t  *line;

    txn = t_begin(t, GOV_TXN_WRITE);
    t_named(t, txn, 1, NULL);
    t_name(t, txn, 1, "one");
    t_name(t, txn, 2, "two");
    t_named(t, txn, 1, "one");
    t_named(t, txn, 2, "two");
    t_name(t, txn, 2, "second");
    t_named(t, txn, 2, "second");
    t_named(t, txn, 1, "one");

    t_ok(gov_txn_child(txn, &kid, &t->err));
    t_named(t, kid, 1, "one");
    t_name(t, kid, 1, "changed");
    t_named(t, kid, 1, "changed");
    gov_txn_end(&kid);
    t_named(t, txn, 1, "one");

    t_ok(gov_txn_child(txn, &kid, &t->err));
    t_name(t, kid, 1, "first");
    t_name(t, kid, 2, "last");
    t_commit(t, &kid);
    t_named(t, txn, 1, "first");
    t_named(t, txn, 2, "last");

    t_ok(gov_json_parse(t->arena,
                        gov_s("{\"site\":0,\"table\":\"SITES\",\"key\":[1],"
                              "\"value\":{\"name\":\"again\"}}"),
                        &line, &t->err));
    t_ok(gov_store_undump(txn, GOV_HUB, t->arena, line, &t->err));
    t_named(t, txn, 1, "again");

    t_ok(gov_drop(gov_handle(txn, GOV_HUB), GOV_T_SITES, gov_key4(&k, 1)));
    t_named(t, txn, 1, NULL);
    t_named(t, txn, 2, "last");
    t_commit(t, &txn);

    txn = t_begin(t, GOV_TXN_READ);
    t_named(t, txn, 2, "last");
    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(the_store_equals_a_model_over_random_groups_of_children),
        t_test(a_child_that_ends_leaves_nothing),
        t_test(only_one_child_and_only_of_a_writer),
        t_test(a_reader_writes_nothing),
        t_test(a_snapshot_stays_as_it_was_and_ids_grow_with_commits),
        t_test(what_was_loaded_stays_while_its_writer_goes_on),
        t_test(threads_have_snapshots_of_their_own),
        t_test(a_site_is_read_as_it_is_stored),
        t_test(bytes_of_a_group_grow_with_its_children),
        t_test(sequences_count_from_one_each_for_itself)
    };

    return cmocka_run_group_tests_name("store/gov_txn", tests, NULL, NULL);
}
