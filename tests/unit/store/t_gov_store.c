
/*
 * Copyright (C) ngx_gov authors
 *
 * Opening: what is refused, what is made, which format.
 */


#include <fcntl.h>
#include <sys/wait.h>

#include "store/t_store.h"


static char *
file(t_store_t *t, const char *name)
{
    return gov_str_c(t->arena, gov_str_fmt(t->arena, "%s/%s", t->dir, name));
}


static gov_rc_t
opened(t_store_t *t, unsigned flags)
{
    gov_rc_t  rc;

    t_err_clear(t);
    t->conf.flags = flags;

    rc = gov_store_open(&t->conf, &t->store, &t->err);

    if (rc != GOV_OK) {
        t->store = NULL;
        assert_true(t->err.text[0] != '\0');
    }

    return rc;
}


static void
fill(t_store_t *t, unsigned from, unsigned to)
{
    gov_txn_t  *txn;

    txn = t_begin(t, GOV_TXN_WRITE);

    for ( /* void */ ; from <= to; from++) {
        t_command(t, txn, 3 + from % 5, from, from);
    }

    t_commit(t, &txn);
}


static void
folder_data_and_lock_have_their_modes_under_any_umask(void **state)
{
    mode_t        mask;
    t_store_t    *t = *state;
    struct stat   st;

    gov_store_close(&t->store);
    assert_int_equal(unlink(file(t, "data.mdb")), 0);
    assert_int_equal(unlink(file(t, "lock.mdb")), 0);
    assert_int_equal(rmdir(t->dir), 0);

    mask = umask(0077);
    t_ok(opened(t, GOV_STORE_WRITE));
    (void) umask(mask);

    assert_int_equal(stat(t->dir, &st), 0);
    assert_int_equal(st.st_mode & 07777, 02750);
    assert_int_equal(stat(file(t, "data.mdb"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
    assert_int_equal(stat(file(t, "lock.mdb"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0660);
}


static void
a_second_open_in_one_process_is_refused(void **state)
{
    char              other[128];
    t_store_t        *t = *state;
    gov_store_t      *second;
    gov_store_conf_t  conf;

    conf = t->conf;

    t_rc(gov_store_open(&conf, &second, &t->err), GOV_ERROR);

    conf.flags = GOV_STORE_READ;
    t_rc(gov_store_open(&conf, &second, NULL), GOV_ERROR);

    /* by another path too */

    (void) snprintf(other, sizeof(other), "%s/link", t->base);
    assert_int_equal(symlink(t->dir, other), 0);
    conf.dir = other;
    t_rc(gov_store_open(&conf, &second, NULL), GOV_ERROR);

    /* the first goes on, and its snapshot keeps its slot */

    fill(t, 1, 1);

    gov_store_close(&t->store);
    t_ok(gov_store_open(&conf, &second, &t->err));
    gov_store_close(&second);
}


static void
a_reader_makes_nothing_and_says_there_is_no_store(void **state)
{
    t_store_t  *t = *state;

    gov_store_close(&t->store);

    assert_int_equal(unlink(file(t, "lock.mdb")), 0);
    t_rc(opened(t, GOV_STORE_READ), GOV_NOT_FOUND);
    assert_int_equal(access(file(t, "lock.mdb"), F_OK), -1);

    assert_int_equal(unlink(file(t, "data.mdb")), 0);
    t_rc(opened(t, GOV_STORE_READ), GOV_NOT_FOUND);
    assert_int_equal(access(file(t, "data.mdb"), F_OK), -1);

    assert_int_equal(rmdir(t->dir), 0);
    t_rc(opened(t, GOV_STORE_READ), GOV_NOT_FOUND);
    assert_int_equal(access(t->dir, F_OK), -1);
}


static long  fs_magic;

static int
fs_of_a_kind(const char *path, struct statfs *st)
{
    (void) path;

    memset(st, 0, sizeof(struct statfs));
    st->f_type = fs_magic;

    return 0;
}


static void
network_file_systems_are_refused(void **state)
{
    size_t       i;
    t_store_t   *t = *state;
    static long  magics[] = { 0x6969, 0x517b, (long) 0xff534d42u,
                              (int32_t) 0xfe534d42, 0x01021997, 0x65735546,
                              0x00c36400 };

    gov_store_close(&t->store);
    gov_place_statfs = fs_of_a_kind;

    for (i = 0; i < t_rows(magics); i++) {
        fs_magic = magics[i];
        t_rc(opened(t, GOV_STORE_WRITE), GOV_INVALID);
        t_rc(opened(t, GOV_STORE_READ), GOV_INVALID);
    }

    fs_magic = 0xef53;
    t_ok(opened(t, GOV_STORE_WRITE));

    gov_place_statfs = statfs;
}


static void
a_folder_of_another_user_is_refused(void **state)
{
    t_store_t  *t = *state;

    if (geteuid() != 0) {
        skip();
    }

    gov_store_close(&t->store);

    assert_int_equal(chown(file(t, "data.mdb"), 65534, 65534), 0);
    t_rc(opened(t, GOV_STORE_WRITE), GOV_INVALID);

    assert_int_equal(chown(file(t, "data.mdb"), 0, 0), 0);
    assert_int_equal(chown(t->dir, 65534, 65534), 0);
    t_rc(opened(t, GOV_STORE_WRITE), GOV_INVALID);

    assert_int_equal(chown(t->dir, 0, 0), 0);
    t_ok(opened(t, GOV_STORE_WRITE));
}


static void
a_truncated_file_is_refused_by_writer_and_reader(void **state)
{
    int          pages;
    t_store_t   *t = *state;
    struct stat  st;

    fill(t, 1, 2000);
    gov_store_close(&t->store);
    assert_int_equal(stat(file(t, "data.mdb"), &st), 0);

    for (pages = 40; pages > 0; pages -= 13) {
        assert_int_equal(truncate(file(t, "data.mdb"),
                                  st.st_size / 2 + pages * 4096), 0);
        t_rc(opened(t, GOV_STORE_READ), GOV_INVALID);
        t_rc(opened(t, GOV_STORE_WRITE), GOV_INVALID);
        assert_non_null(strstr(t->err.text, "截断"));
    }

    assert_int_equal(truncate(file(t, "data.mdb"), 100), 0);
    t_rc(opened(t, GOV_STORE_WRITE), GOV_INVALID);

    assert_int_equal(truncate(file(t, "data.mdb"), 0), 0);
    t_rc(opened(t, GOV_STORE_WRITE), GOV_INVALID);
    t_rc(opened(t, GOV_STORE_READ), GOV_NOT_FOUND);
}


/* LMDB may leave pages unwritten that were freed by the end of their txn */

static void
a_short_file_that_misses_no_page_in_use_is_lengthened(void **state)
{
    unsigned         n;
    gov_key_t        k;
    gov_str_t        before;
    gov_txn_t       *txn;
    t_store_t       *t = *state;
    gov_body_rec_t   body;
    struct stat      st, now;

    fill(t, 1, 20);

    memset(&body, 0, sizeof(gov_body_rec_t));
    body.text.len = 400000;
    body.text.data = gov_alloc(t->arena, body.text.len);
    memset(body.text.data, 'b', body.text.len);

    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(gov_save(gov_handle(txn, 3), GOV_T_BODIES, gov_key_s(&k, gov_s("b")),
                  t->arena, &body));
    t_commit(t, &txn);

    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(gov_drop(gov_handle(txn, 3), GOV_T_BODIES,
                  gov_key_s(&k, gov_s("b"))));
    t_commit(t, &txn);

    /* what the drop wrote at the end moves to the pages it freed */

    for (n = 21; n <= 26; n++) {
        fill(t, n, n);
    }

    before = t_dump(t, 0, 1);
    gov_store_close(&t->store);

    assert_int_equal(stat(file(t, "data.mdb"), &st), 0);
    assert_int_equal(truncate(file(t, "data.mdb"), st.st_size - 20 * 4096),
                     0);

    t_rc(opened(t, GOV_STORE_READ), GOV_INVALID);
    t_ok(opened(t, GOV_STORE_WRITE));

    assert_int_equal(stat(file(t, "data.mdb"), &now), 0);
    assert_true(now.st_size == st.st_size);
    assert_true(gov_str_eq(before, t_dump(t, 0, 1)));
    fill(t, 27, 40);
}


/* random groups of which LMDB leaves one short within 20 commits */

static void
random_group(t_store_t *t, int size, uint64_t *seed)
{
    int              n;
    gov_key_t        k;
    gov_txn_t       *txn;
    gov_arena_t     *a;
    gov_body_rec_t   body;

    a = gov_arena_new(100000);
    memset(&body, 0, sizeof(gov_body_rec_t));
    body.text.data = gov_calloc(a, 100000);

    txn = t_begin(t, GOV_TXN_WRITE);

    for (n = (int) (t_random(seed) % 60); n > 0; n--) {
        body.text.len = t_random(seed) % (uint64_t) size;
        (void) gov_key4(&k, (uint32_t) (t_random(seed) % 300));

        if (t_random(seed) % 2) {
            t_ok(gov_save(gov_handle(txn, 3), GOV_T_BODIES, &k, a, &body));

        } else {
            (void) gov_drop(gov_handle(txn, 3), GOV_T_BODIES, &k);
        }
    }

    t_commit(t, &txn);
    gov_arena_free(&a);
}


static void
the_writer_leaves_no_short_file(void **state)
{
    int                   i;
    size_t                row;
    uint64_t              seed;
    t_store_t            *t = *state;
    struct stat           st;
    gov_backend_stats_t   stats;
    static uint64_t       seeds[] = { 12 * 7919, 13 * 7919, 38 * 7919 };

    for (row = 0; row < t_rows(seeds); row++) {
        seed = seeds[row];

        for (i = 0; i < 20; i++) {
            random_group(t, t_random(&seed) % 3 ? 300 : 100000, &seed);

            t_ok(t->store->backend->stats(t->store->env, &stats));
            assert_int_equal(stat(file(t, "data.mdb"), &st), 0);
            assert_true((uint64_t) st.st_size >= stats.used);
        }

        assert_int_equal(t_teardown(state), 0);
        assert_int_equal(t_setup(state), 0);
    }
}


static void
a_file_that_is_no_store_is_refused(void **state)
{
    int             fd;
    u_char          buf[GOV_KEY_MAX];
    gov_key_t       k;
    gov_str_t       key;
    gov_txn_t      *txn;
    t_store_t      *t = *state;

    /* an environment with values but no format */

    txn = t_begin(t, GOV_TXN_WRITE);
    t_command(t, txn, 3, 1, 1);
    t_ok(gov_key_whole(gov_handle(txn, 0), GOV_T_META,
                       gov_key_s(&k, gov_s("format")), buf, &key));
    t_ok(t->store->backend->del(txn->txn, key));
    t_commit(t, &txn);
    gov_store_close(&t->store);

    t_rc(opened(t, GOV_STORE_WRITE), GOV_INVALID);
    t_rc(opened(t, GOV_STORE_READ), GOV_NOT_FOUND);

    /* no environment at all */

    fd = open(file(t, "data.mdb"), O_WRONLY);
    assert_int_equal(write(fd, "SQLite format 3\0....................", 32),
                     32);
    (void) lseek(fd, 4096, SEEK_SET);
    assert_int_equal(write(fd, "SQLite format 3\0....................", 32),
                     32);
    (void) close(fd);

    t_rc(opened(t, GOV_STORE_WRITE), GOV_INVALID);
    t_rc(opened(t, GOV_STORE_READ), GOV_INVALID);
}


/* migration: two steps from this program's format */

static gov_rc_t  step_rc;

static gov_rc_t
step_one(gov_txn_t *txn, gov_arena_t *a, gov_err_t *err)
{
    gov_meta_rec_t  m;

    (void) err;

    memset(&m, 0, sizeof(gov_meta_rec_t));
    m.value = 11;

    return gov_meta_put(txn, a, "one", &m);
}


static gov_rc_t
step_two(gov_txn_t *txn, gov_arena_t *a, gov_err_t *err)
{
    gov_rc_t        rc;
    gov_meta_rec_t  m;

    rc = gov_meta_get(txn, a, "one", &m);

    if (rc == GOV_OK) {
        m.value++;
        rc = gov_meta_put(txn, a, "two", &m);
    }

    if (rc == GOV_OK && step_rc != GOV_OK) {
        return gov_fail(err, step_rc, "", "第二步失败");
    }

    return rc;
}


static gov_migration_t  steps[] = {
    { GOV_STORE_FORMAT + 1, step_two },
    { GOV_STORE_FORMAT, step_one }
};


static void
an_older_store_is_led_up_step_by_step_or_not_at_all(void **state)
{
    gov_str_t        before;
    gov_txn_t       *txn;
    t_store_t       *t = *state;
    gov_meta_rec_t   m;

    fill(t, 1, 10);
    before = t_dump(t, 0, 1);
    gov_store_close(&t->store);

    /* a step that is missing, then one that fails: all stays as it was */

    gov_store_format = (gov_format_t) { GOV_STORE_FORMAT + 2, steps, 1 };
    t_rc(opened(t, GOV_STORE_WRITE), GOV_INVALID);

    gov_store_format = (gov_format_t) { GOV_STORE_FORMAT + 2, steps, 2 };
    step_rc = GOV_ERROR;
    t_rc(opened(t, GOV_STORE_WRITE), GOV_ERROR);
    assert_string_equal(t->err.text, "第二步失败");

    /* a reader of the new program waits for the writer */

    t_rc(opened(t, GOV_STORE_READ), GOV_BUSY);

    gov_store_format = (gov_format_t) { GOV_STORE_FORMAT, NULL, 0 };
    t_ok(opened(t, GOV_STORE_READ));
    assert_true(gov_str_eq(before, t_dump(t, 0, 1)));
    gov_store_close(&t->store);

    gov_store_format = (gov_format_t) { GOV_STORE_FORMAT + 2, steps, 2 };
    step_rc = GOV_OK;
    t_ok(opened(t, GOV_STORE_WRITE));

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_meta_get(txn, t->arena, "two", &m));
    assert_int_equal(m.value, 12);
    t_ok(gov_meta_get(txn, t->arena, "format", &m));
    assert_int_equal(m.value, GOV_STORE_FORMAT + 2);
    gov_txn_end(&txn);
    gov_store_close(&t->store);

    t_ok(opened(t, GOV_STORE_READ));
    gov_store_close(&t->store);

    /* and the old program refuses it */

    gov_store_format = (gov_format_t) { GOV_STORE_FORMAT, NULL, 0 };
    t_rc(opened(t, GOV_STORE_WRITE), GOV_INVALID);
    t_rc(opened(t, GOV_STORE_READ), GOV_INVALID);
}


static void
opening_an_up_to_date_store_writes_nothing(void **state)
{
    uint64_t    id;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_begin(t, GOV_TXN_READ);
    id = gov_txn_id(txn);
    gov_txn_end(&txn);

    gov_store_close(&t->store);
    t_open(t);

    txn = t_begin(t, GOV_TXN_READ);
    assert_true(gov_txn_id(txn) == id);
    gov_txn_end(&txn);
}


static void
a_full_map_is_told_and_the_store_goes_on(void **state)
{
    unsigned     n;
    gov_rc_t     rc;
    gov_key_t    k;
    gov_txn_t   *txn;
    t_store_t   *t = *state;
    gov_doc_rec_t  d;

    gov_store_close(&t->store);
    t->conf.map_size = 64 * 4096;
    t_open(t);

    fill(t, 1, 5);

    memset(&d, 0, sizeof(gov_doc_rec_t));
    d.summary.len = 3000;
    d.summary.data = gov_calloc(t->arena, 3000);

    txn = t_begin(t, GOV_TXN_WRITE);
    rc = GOV_OK;

    for (n = 0; rc == GOV_OK && n < 1000; n++) {
        rc = gov_save(gov_handle(txn, 3), GOV_T_DOCS, gov_key8(&k, n),
                      t->arena, &d);
    }

    t_rc(rc, GOV_FULL);
    gov_txn_end(&txn);

    fill(t, 6, 8);
}


static void
no_free_reader_slot_is_busy_and_passes(void **state)
{
    int         i;
    gov_txn_t  *txns[16], *one;
    t_store_t  *t = *state;

    for (i = 0; i < 16; i++) {
        txns[i] = t_begin(t, GOV_TXN_READ);
    }

    t_rc(gov_txn_begin(t->store, GOV_TXN_READ, &one, &t->err), GOV_BUSY);
    assert_null(one);

    for (i = 0; i < 16; i++) {
        gov_txn_end(&txns[i]);
    }

    one = t_begin(t, GOV_TXN_READ);
    gov_txn_end(&one);
}


static void
figures_tell_of_readers_and_sites(void **state)
{
    gov_key_t        k;
    gov_txn_t       *txn;
    t_store_t       *t = *state;
    gov_value_t     *v;
    gov_site_rec_t   site;

    memset(&site, 0, sizeof(gov_site_rec_t));
    site.name = gov_s("秦都区");

    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(gov_save(gov_handle(txn, 0), GOV_T_SITES, gov_key4(&k, 3), t->arena,
                  &site));
    t_commit(t, &txn);

    txn = t_begin(t, GOV_TXN_READ);
    v = gov_store_stats(t->store, t->arena);

    assert_int_equal(gov_get_int(v, "format", 0), GOV_STORE_FORMAT);
    assert_int_equal(gov_get_int(v, "map_size", 0), t->conf.map_size);
    assert_int_equal(gov_get_int(v, "max_readers", 0), 16);
    assert_int_equal(gov_get_int(v, "oldest_reader", 0), gov_txn_id(txn));
    assert_int_equal(gov_get_int(v, "oldest_reader_pid", 0), getpid());
    assert_int_equal(gov_get_int(v, "sites", 0), 1);
    assert_true(gov_get_int(v, "readers", 0) >= 1);
    assert_true(gov_get_int(v, "used", 0) >= 3 * 4096);

    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(folder_data_and_lock_have_their_modes_under_any_umask),
        t_test(a_second_open_in_one_process_is_refused),
        t_test(a_reader_makes_nothing_and_says_there_is_no_store),
        t_test(network_file_systems_are_refused),
        t_test(a_folder_of_another_user_is_refused),
        t_test(a_truncated_file_is_refused_by_writer_and_reader),
        t_test(a_short_file_that_misses_no_page_in_use_is_lengthened),
        t_test(the_writer_leaves_no_short_file),
        t_test(a_file_that_is_no_store_is_refused),
        t_test(an_older_store_is_led_up_step_by_step_or_not_at_all),
        t_test(opening_an_up_to_date_store_writes_nothing),
        t_test(a_full_map_is_told_and_the_store_goes_on),
        t_test(no_free_reader_slot_is_busy_and_passes),
        t_test(figures_tell_of_readers_and_sites)
    };

    return cmocka_run_group_tests_name("store/gov_store", tests, NULL, NULL);
}
