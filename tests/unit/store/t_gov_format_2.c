
/*
 * Copyright (C) ngx_gov authors
 *
 * A store of format 2 is led up to today's.  It is made from one of today,
 * whose rows are put back to where they stood then.  Broken off or killed on
 * the way it is as before, and the next start leads it up.
 */


#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "store/t_store.h"


typedef void (*pair_pt)(void *data, gov_str_t key, gov_str_t value);

typedef struct {
    gov_arena_t  *arena;
    unsigned      n;
    gov_str_t     keys[8000];
    gov_str_t     values[8000];
} kept_t;


static gov_format_t  today;
static unsigned      links;         /* that were put back */


static struct {
    gov_table_t   table;
    u_char        was;
    unsigned      n;                /* pairs that were put back */
} moved[] = {
    { GOV_T_MARKS, 32, 0 }, { GOV_T_USAGE, 34, 0 }, { GOV_T_DOCS, 37, 0 },
    { GOV_T_VERSIONS, 38, 0 }, { GOV_T_LOG, 46, 0 },
    { GOV_T_CHANGES, 47, 0 }, { GOV_T_NOTES, 48, 0 },
    { GOV_T_LENGTHS, 51, 0 }
};


static void
put_back(gov_txn_t *txn, gov_str_t key, gov_str_t value)
{
    size_t        i;
    u_char        old[GOV_KEY_MAX];
    gov_key_t     k;
    gov_table_t   table;

    t_ok(gov_key_split(key, &table, &k));

    for (i = 0; i < t_rows(moved); i++) {
        if (moved[i].table == table) {
            moved[i].n++;
            memcpy(old, key.data, 4);
            old[4] = moved[i].was;
            memcpy(old + 5, k.data, k.len);
            t_ok(txn->store->backend->put(txn->txn, (gov_str_t) {
                                              5 + k.len, old }, value));
            t_ok(txn->store->backend->del(txn->txn, key));
        }
    }
}


/* links of an entry as rows of their sites: CHAIN was 33 */

static void
unlink_entry(t_store_t *t, gov_txn_t *txn, uint64_t seq)
{
    u_char            key[4 + 1 + 8];
    unsigned          i;
    gov_key_t         k;
    gov_str_t         value;
    gov_link_t        link;
    gov_value_t      *site;
    gov_chain_rec_t   row;
    gov_entry_rec_t   e;

    t_ok(gov_load(gov_handle(txn, 0), GOV_T_JOURNAL, gov_key8(&k, seq),
                  t->arena, &e));
    i = 0;

    gov_each(site, e.sites) {
        t_ok(gov_link_read(&e, i++, &link));
        memset(&row, 0, sizeof(gov_chain_rec_t));
        row.hash = (gov_str_t) { GOV_DIGEST_LEN, link.hash };
        t_ok(gov_rec_encode(t->arena, &gov_rec_chain, &row, &value));

        gov_key_head(key, (uint32_t) site->u.i, 33);
        memcpy(key + 5, k.data, 8);
        t_ok(txn->store->backend->put(txn->txn, (gov_str_t) { 13, key },
                                      value));
        (void) gov_drop(gov_handle(txn, (uint32_t) site->u.i), GOV_T_CHAIN,
                        &(gov_key_t) { 0 });
        links++;
    }

    e.links.len = 0;
    t_ok(gov_save(gov_handle(txn, 0), GOV_T_JOURNAL, &k, t->arena, &e));
}


/* rows by state that format 3 has, and others */

static void
desk_rows(gov_txn_t *txn, gov_arena_t *a, int old)
{
    size_t           i;
    gov_key_t        k;
    gov_ref_rec_t    ref;
    static struct {
        uint32_t     kind;
        int          old;
    } rows[] = {
        { 3, 0 },                   /* a step */
        { 0x80000000, 0 },          /* a maker */
        { 0x40000007, 0 },          /* drafts, withdrawn ones of a column */
        { 0x40100007, 0 },
        { 0x40000000, 1 },          /* of a site */
        { 0x40100000, 1 },
        { 0x40200000, 1 },
        { 0x40200007, 1 },          /* what stays, enters, leaves */
        { 0x40300007, 1 },
        { 0x40400007, 1 }
    };

    memset(&ref, 0, sizeof(gov_ref_rec_t));
    ref.to = 7;

    for (i = 0; i < t_rows(rows); i++) {
        if (rows[i].old == old) {
            gov_key_add8(gov_key_add8(gov_key4(&k, rows[i].kind), 5), 9);
            t_ok(gov_save(gov_handle(txn, 4), GOV_T_DESK, &k, a, &ref));
        }
    }
}


/* every pair as it lies in the store */

static void
each_pair(gov_txn_t *txn, pair_pt pair, void *data)
{
    void           *cursor;
    gov_str_t       key, value;
    gov_move_t      move;
    gov_backend_t  *backend;

    backend = txn->store->backend;
    t_ok(backend->cursor_open(txn->txn, &cursor));

    key = gov_s("\0");
    move = GOV_MOVE_AT;

    while (backend->cursor_move(cursor, move, &key, &value) == GOV_OK) {
        pair(data, key, value);
        move = GOV_MOVE_NEXT;
    }

    backend->cursor_close(cursor);
}


static void
pair_keep(void *data, gov_str_t key, gov_str_t value)
{
    kept_t  *kept = data;

    assert_true(kept->n < t_rows(kept->keys));
    kept->keys[kept->n] = gov_str_copy(kept->arena, key);
    kept->values[kept->n++] = gov_str_copy(kept->arena, value);
}


static void
age(t_store_t *t)
{
    kept_t           kept;
    unsigned         i;
    uint64_t         seq;
    gov_key_t        k;
    gov_txn_t       *txn;
    gov_meta_rec_t   m;

    txn = t_begin(t, GOV_TXN_WRITE);

    kept.arena = t->arena;
    kept.n = 0;
    each_pair(txn, pair_keep, &kept);

    for (i = 0; i < kept.n; i++) {
        put_back(txn, kept.keys[i], kept.values[i]);
    }

    t_ok(gov_drop(gov_handle(txn, 0), GOV_T_META,
                  gov_key_s(&k, gov_s("recent"))));

    for (seq = gov_journal_head(txn); seq > 0; seq--) {
        unlink_entry(t, txn, seq);
    }

    desk_rows(txn, t->arena, 1);

    memset(&m, 0, sizeof(gov_meta_rec_t));
    m.value = 2;
    t_ok(gov_meta_put(txn, t->arena, "format", &m));
    t_commit(t, &txn);
}


static void
more(t_store_t *t)
{
    unsigned             i;
    gov_key_t            k;
    gov_txn_t           *txn;
    gov_note_t           note;
    gov_handle_t         h;
    gov_noted_rec_t      noted;
    gov_usage_rec_t      usage;
    gov_changed_rec_t    changed;
    gov_stepped_rec_t    stepped;
    gov_version_rec_t    version;

    memset(&noted, 0, sizeof(gov_noted_rec_t));
    memset(&usage, 0, sizeof(gov_usage_rec_t));
    memset(&changed, 0, sizeof(gov_changed_rec_t));
    memset(&stepped, 0, sizeof(gov_stepped_rec_t));
    memset(&version, 0, sizeof(gov_version_rec_t));

    version.title = gov_s("标题");
    version.body.len = 100000;
    version.body.data = gov_alloc(t->arena, version.body.len);
    memset(version.body.data, 'x', version.body.len);

    txn = t_begin(t, GOV_TXN_WRITE);

    for (i = 1; i <= 40; i++) {
        h = gov_handle(txn, 3 + i % 5);
        (void) gov_key_add4(gov_key8(&k, i), 1);

        t_ok(gov_save(h, GOV_T_VERSIONS, &k, t->arena, &version));
        t_ok(gov_save(h, GOV_T_LOG, &k, t->arena, &stepped));
        t_ok(gov_save(h, GOV_T_CHANGES, &k, t->arena, &changed));
        t_ok(gov_save(h, GOV_T_NOTES, &k, t->arena, &noted));
        usage.n = i;
        t_ok(gov_save(h, GOV_T_LENGTHS, gov_key4(&k, i), t->arena, &usage));
    }

    note = t_note(10000);
    note.input = gov_map(t->arena);
    note.result = gov_map(t->arena);
    t_ok(gov_note(txn, t->arena, &note, NULL, &t->err));
    t_commit(t, &txn);
}


static void
fill(t_store_t *t, unsigned n)
{
    gov_txn_t  *txn;

    txn = t_begin(t, GOV_TXN_WRITE);

    for ( /* void */ ; n > 0; n--) {
        t_command(t, txn, 3 + n % 5, n, n);
    }

    desk_rows(txn, t->arena, 0);

    t_commit(t, &txn);
}


static gov_rc_t
opened(t_store_t *t, unsigned flags)
{
    t_err_clear(t);
    t->conf.flags = flags;

    return gov_store_open(&t->conf, &t->store, &t->err);
}


static void
a_store_of_format_2_says_the_same_today(void **state)
{
    size_t      i;
    uint64_t    values, faults, checked;
    gov_str_t   before;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    fill(t, 1500);
    more(t);
    before = t_dump(t, 0, 1);

    age(t);
    gov_store_close(&t->store);

    for (i = 0; i < t_rows(moved); i++) {
        assert_true(moved[i].n > 0);
    }

    assert_true(links > 1000);

    t_rc(opened(t, GOV_STORE_READ), GOV_BUSY);
    t_ok(opened(t, GOV_STORE_WRITE));

    assert_true(gov_str_eq(before, t_dump(t, 0, 1)));
    t_ok(gov_store_check(t->store, NULL, NULL, &values, &faults, &t->err));
    assert_true(values > 4500);
    assert_int_equal(faults, 0);

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_journal_verify(txn, GOV_HUB, &checked, NULL, &t->err));
    assert_true(checked == gov_journal_head(txn));
    gov_txn_end(&txn);
}


static void
pair_sum(void *data, gov_str_t key, gov_str_t value)
{
    uint64_t  *sum = data;

    *sum = 31 * *sum + gov_hash64(key.data, key.len);
    *sum = 31 * *sum + gov_hash64(value.data, value.len);
}


/* of every key and value, as a program of that format sees them */

static uint64_t
old_sum(t_store_t *t)
{
    uint64_t    sum;
    gov_txn_t  *txn;

    today = gov_store_format;
    gov_store_format = (gov_format_t) { 2, NULL, 0 };
    t_ok(opened(t, GOV_STORE_READ));
    gov_store_format = today;

    sum = 0;
    txn = t_begin(t, GOV_TXN_READ);
    each_pair(txn, pair_sum, &sum);
    gov_txn_end(&txn);
    gov_store_close(&t->store);

    return sum;
}


static void
broken_off_anywhere_it_is_of_format_2_as_before(void **state)
{
    unsigned    n;
    uint64_t    before;
    gov_rc_t    rc;
    gov_str_t   dump;
    t_store_t  *t = *state;

    gov_store_fail_at(0, GOV_OK);
    fill(t, 10);
    dump = t_dump(t, 0, 1);
    age(t);
    gov_store_close(&t->store);
    before = old_sum(t);

    for (n = 1; n < 1000; n++) {
        gov_store_fail_at(n, GOV_FULL);
        rc = opened(t, GOV_STORE_WRITE);

        if (!gov_store_fail_fired()) {
            break;
        }

        gov_store_fail_at(0, GOV_OK);
        t_rc(rc, GOV_FULL);
        assert_true(t->err.text[0] != '\0');
        assert_true(before == old_sum(t));
    }

    gov_store_fail_at(0, GOV_OK);

    assert_in_range(n, 100, 999);
    assert_true(gov_str_eq(dump, t_dump(t, 0, 1)));
}


/* the next start of a program comes to the point and is killed there */

static void
killed_at(t_store_t *t, const char *point)
{
    int    fd, status;
    char   path[128];
    pid_t  pid;

    (void) snprintf(path, sizeof(path), "%s/%s", t->base, point);
    fd = open(path, O_WRONLY|O_CREAT, 0600);
    assert_int_not_equal(fd, -1);
    (void) close(fd);

    pid = fork();
    assert_int_not_equal(pid, -1);

    if (pid == 0) {
        (void) setenv("GOV_POINTS", t->base, 1);
        (void) opened(t, GOV_STORE_WRITE);
        _exit(0);
    }

    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGKILL);
    assert_int_equal(access(path, F_OK), -1);
}


/* as it was where nothing was committed, or whole */

static void
says_what_it_is(t_store_t *t, int led, uint64_t old, gov_str_t dump)
{
    if (!led) {
        t_rc(opened(t, GOV_STORE_READ), GOV_BUSY);
        assert_true(old == old_sum(t));
        return;
    }

    t_ok(opened(t, GOV_STORE_READ));
    assert_true(gov_str_eq(dump, t_dump(t, 0, 1)));
    gov_store_close(&t->store);
}


static void
killed_anywhere_the_next_start_leads_it_up(void **state)
{
    size_t      i;
    uint64_t    old, values, faults;
    gov_str_t   dump;
    t_store_t  *t = *state;

    static const struct {
        const char  *point;
        int          led;
    } rows[] = {
        { "upgrade_before", 0 },
        { "upgrade_within", 0 },
        { "upgrade_after", 0 },
        { "upgrade_commit", 0 },
        { "after_commit", 1 }
    };

    fill(t, 1500);
    more(t);
    dump = t_dump(t, 0, 1);

    for (i = 0; i < t_rows(rows); i++) {
        age(t);
        gov_store_close(&t->store);
        old = old_sum(t);

        killed_at(t, rows[i].point);
        says_what_it_is(t, rows[i].led, old, dump);

        t_ok(opened(t, GOV_STORE_WRITE));
        assert_true(gov_str_eq(dump, t_dump(t, 0, 1)));
        t_ok(gov_store_check(t->store, NULL, NULL, &values, &faults,
                             &t->err));
        assert_int_equal(faults, 0);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_store_of_format_2_says_the_same_today),
        t_test_fail(broken_off_anywhere_it_is_of_format_2_as_before),
        t_test(killed_anywhere_the_next_start_leads_it_up)
    };

    return cmocka_run_group_tests_name("store/gov_format 2", tests, NULL,
                                       NULL);
}
