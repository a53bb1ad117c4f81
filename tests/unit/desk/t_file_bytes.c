
/*
 * Copyright (C) ngx_gov authors
 *
 * The bytes of files: they stay as long as a record of some site needs them
 * and go when the last one went, whatever happens on the way.
 */


#define _GNU_SOURCE

#include <fcntl.h>

#include "desk/t_doc_desk.h"
#include "desk/t_fault.h"
#include "desk/t_people_desk.h"
#include "desk/t_replay.h"


#define T_BYTES  4


/* SHA-256 of "0", "1", "2", "3" */
static const char  *const  t_hexes[T_BYTES] = {
    "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9",
    "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",
    "d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35",
    "4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce"
};

static const char  *const  t_sites[] = { "610402", "610403" };


static char *
t_path(t_store_t *t, unsigned i)
{
    gov_str_t  path;

    t_ok(gov_blob_path(t->arena, t->base, gov_str_of(t_hexes[i]), &path));

    return gov_str_c(t->arena, path);
}


static int
t_bytes(t_store_t *t, unsigned i)
{
    return access(t_path(t, i), R_OK) == 0;
}


/* as if all had come long ago */

static void
t_aged(t_store_t *t)
{
    unsigned  i;

    static const struct timespec  times[2] = { { 1, 0 }, { 1, 0 } };

    for (i = 0; i < T_BYTES; i++) {
        (void) utimensat(AT_FDCWD, t_path(t, i), times, 0);
    }
}


static const char *
t_named(t_store_t *t, unsigned site, unsigned i, const char *more)
{
    return gov_str_c(t->arena, gov_str_fmt(t->arena,
                     "{'site': '%s', 'digest': '%s'%s}", t_sites[site],
                     t_hexes[i], more));
}


static const char *
t_brought(t_store_t *t, unsigned site, unsigned i, const char *more)
{
    u_char     digest[GOV_DIGEST_LEN];
    gov_str_t  data;

    data = gov_str_fmt(t->arena, "%u", i);
    t_ok(gov_blob_put(t->base, data, digest, &t->err));

    return gov_str_c(t->arena, gov_str_fmt(t->arena,
                     "{'site': '%s', 'files': [{'name': '%u.pdf', "
                     "'digest': '%s', 'size': 1%s}]}", t_sites[site], i,
                     t_hexes[i], more));
}


/* done, refused or, when the store fails, undone */

static void
t_try(t_store_t *t, const char *command, const char *json)
{
    gov_op_t      op;
    uint64_t      seq;
    gov_rc_t      rc;
    gov_txn_t    *txn;
    gov_value_t  *v;

    op = t_op(t, command, t_json(t, json));

    if (gov_command_find(op.command)->scope == GOV_SCOPE_INNER) {
        op.door = GOV_DOOR_DAEMON;
    }

    rc = gov_txn_begin(t->store, GOV_TXN_WRITE, &txn, &t->err);
    if (rc != GOV_OK) {
        return;
    }

    rc = gov_desk_apply(txn, t->arena, &op, &v, &seq, &t->err);

    if (rc == GOV_OK) {
        (void) gov_txn_commit(&txn, &t->err);
    } else {
        gov_txn_end(&txn);
    }
}


/* the input of file.forget for all rows of GONE; their number in *n */

static const char *
t_gone(t_store_t *t, unsigned *n)
{
    gov_buf_t       b;
    gov_key_t       k;
    gov_txn_t      *txn;
    gov_scan_t      sc;
    gov_ref_rec_t   ref;

    *n = 0;
    gov_buf_init(&b, t->arena, 256);
    gov_buf_c(&b, "{'files': [");

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_scan_open(&sc, gov_handle(txn, GOV_HUB), GOV_T_GONE, gov_key(&k),
                       GOV_FORWARD));

    while (gov_scan_next(&sc, t->arena, &ref) == GOV_OK) {
        gov_buf_fmt(&b, "%s{'digest': '%.*s', 'number': %lld}",
                    (*n)++ ? ", " : "",
                    gov_strf(gov_hex_str(t->arena, sc.key.data, sc.key.len)),
                    (long long) ref.to);
    }

    gov_scan_close(&sc);
    gov_txn_end(&txn);
    gov_buf_c(&b, "]}");

    return gov_str_c(t->arena, b.s);
}


static void
t_forget(t_store_t *t, unsigned want)
{
    unsigned     n;
    const char  *json;

    json = t_gone(t, &n);
    assert_int_equal(n, want);

    if (n != 0) {
        t_inner(t, "file.forget", json);
    }
}


/* a store that was made before the library */

static void
t_earlier(t_store_t *t)
{
    gov_key_t   k;
    gov_txn_t  *txn;

    t_content_do(t);

    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(gov_drop(gov_handle(txn, GOV_HUB), GOV_T_BLOBS, gov_key(&k)));
    t_commit(t, &txn);
}


static void
t_away(t_store_t *t, unsigned site, unsigned i)
{
    t_do(t, "file.remove", t_named(t, site, i, ""));
    t_do(t, "file.purge", t_named(t, site, i, ""));
}


static void
bytes_go_with_their_last_record(void **state)
{
    t_store_t  *t = *state;

    t_content_do(t);
    t_do(t, "file.upload", t_brought(t, 0, 0, ""));
    t_do(t, "file.upload", t_brought(t, 1, 0, ""));
    t_aged(t);

    t_away(t, 0, 0);
    t_forget(t, 0);
    assert_true(t_bytes(t, 0));

    t_away(t, 1, 0);
    assert_true(t_bytes(t, 0));
    t_forget(t, 1);
    assert_false(t_bytes(t, 0));
    t_forget(t, 0);

    /* and may come again */

    t_do(t, "file.upload", t_brought(t, 1, 0, ""));
    assert_true(t_bytes(t, 0));
    assert_true(t_replayed(t) > 0);
    assert_true(t_bytes(t, 0));
}


static void
what_is_made_of_an_image_goes_with_it(void **state)
{
    u_char       digest[GOV_DIGEST_LEN];
    t_store_t   *t = *state;
    const char  *small;

    t_content_do(t);
    t_ok(gov_blob_put(t->base, gov_s("1"), digest, &t->err));

    small = gov_str_c(t->arena, gov_str_fmt(t->arena, ", 'state': 'held', "
                      "'variants': [{'digest': '%s', 'size': 1, 'width': 1, "
                      "'height': 1}]", t_hexes[1]));
    t_do(t, "file.upload", t_brought(t, 0, 0, small));
    t_aged(t);

    /* what the scanner found keeps its record and no bytes */

    t_inner(t, "file.settle", t_named(t, 0, 0, ", 'state': 'refused', "
                                      "'why': '病毒'"));
    t_forget(t, 2);
    assert_false(t_bytes(t, 0));
    assert_false(t_bytes(t, 1));

    t_away(t, 0, 0);
    t_forget(t, 0);
}


static void
nothing_goes_that_may_be_needed(void **state)
{
    unsigned     n;
    t_store_t   *t = *state;
    const char  *json;

    t_earlier(t);
    t_do(t, "file.upload", t_brought(t, 0, 0, ""));
    t_away(t, 0, 0);
    t_aged(t);

    /* files of earlier times may not be known yet */

    json = t_gone(t, &n);
    t_inner_no(t, GOV_DENIED, "file.forget", json, "整理");
    t_inner(t, "file.gather", "{'all': true}");

    /* it came and went again since the row was read */

    t_do(t, "file.upload", t_brought(t, 0, 0, ""));
    t_away(t, 0, 0);
    t_aged(t);
    t_inner(t, "file.forget", json);
    assert_true(t_bytes(t, 0));
    t_forget(t, 1);
    assert_false(t_bytes(t, 0));

    /* somebody brought it a moment ago and is about to name it */

    t_do(t, "file.upload", t_brought(t, 0, 0, ""));
    t_away(t, 0, 0);
    (void) t_brought(t, 0, 0, "");
    t_now = (int64_t) time(NULL) * 1000000;
    t_forget(t, 1);
    assert_true(t_bytes(t, 0));
    t_now = T_NOW + 1000000000;
}


/* a record as a program before the library wrote it: without a shelf */

static void
t_old(t_store_t *t, unsigned site, unsigned i)
{
    u_char           raw[GOV_DIGEST_LEN];
    gov_key_t        k;
    gov_txn_t       *txn;
    gov_file_rec_t   f;

    (void) t_brought(t, site, i, "");
    assert_int_equal(gov_unhex(raw, gov_str_of(t_hexes[i]), GOV_DIGEST_LEN),
                     0);

    memset(&f, 0, sizeof(gov_file_rec_t));
    f.name = gov_s("旧.pdf");
    f.type = gov_s("application/pdf");
    f.size = 1;

    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(gov_save(gov_handle(txn, t_site(t, txn, t_sites[site]).id),
                  GOV_T_FILES,
                  gov_key_s(&k, (gov_str_t) { GOV_DIGEST_LEN, raw }),
                  t->arena, &f));
    t_commit(t, &txn);
}


static unsigned
t_missed(t_store_t *t, unsigned site, gov_buf_t *b)
{
    gov_key_t     from;
    gov_txn_t    *txn;
    gov_value_t  *list, *v;

    list = gov_list(t->arena);
    from.len = 0;

    txn = t_begin(t, GOV_TXN_READ);

    while (gov_files_missed(txn, t->arena,
                            t_site(t, txn, t_sites[site]).id, &from, 1, list)
           == GOV_OK)
    {
        /* void */
    }

    gov_txn_end(&txn);

    gov_buf_init(b, t->arena, 256);

    gov_each (v, list) {
        gov_buf_fmt(b, "%s'%.*s'", b->s.len ? ", " : "", gov_strf(v->u.s));
    }

    return list->n;
}


/* what file.list reads */

static unsigned
t_shelved(t_store_t *t, unsigned site)
{
    unsigned     n;
    gov_key_t    k;
    gov_txn_t   *txn;
    gov_scan_t   sc;

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_scan_open(&sc, gov_handle(txn, t_site(t, txn,
                                                   t_sites[site]).id),
                       GOV_T_SHELVES, gov_key4(&k, GOV_SHELF_ALL),
                       GOV_FORWARD));

    for (n = 0; gov_scan_next(&sc, t->arena, NULL) == GOV_OK; n++) {
        /* void */
    }

    gov_scan_close(&sc);
    gov_txn_end(&txn);

    return n;
}


static void
files_of_earlier_times_are_led_in(void **state)
{
    gov_buf_t   b;
    t_store_t  *t = *state;

    t_earlier(t);
    t_old(t, 0, 0);
    t_old(t, 0, 1);
    t_do(t, "file.upload", t_brought(t, 0, 2, ""));
    t_do(t, "file.upload", t_brought(t, 1, 0, ""));
    assert_int_equal(t_shelved(t, 0), 1);

    /* somebody else's record of the same bytes goes before */

    t_away(t, 1, 0);
    t_aged(t);

    assert_int_equal(t_missed(t, 1, &b), 0);
    assert_int_equal(t_missed(t, 0, &b), 2);
    t_inner(t, "file.gather", gov_str_c(t->arena, gov_str_fmt(t->arena,
            "{'site': '610402', 'digests': [%.*s]}", gov_strf(b.s))));
    assert_int_equal(t_missed(t, 0, &b), 0);
    assert_int_equal(t_shelved(t, 0), 3);

    t_inner(t, "file.gather", "{'all': true}");
    t_forget(t, 0);
    assert_true(t_bytes(t, 0));

    t_away(t, 0, 0);
    t_forget(t, 1);
    assert_false(t_bytes(t, 0));
    assert_true(t_bytes(t, 1));
}


static const char *
t_exported(t_store_t *t, const char *code)
{
    u_char      digest[GOV_DIGEST_LEN];
    gov_buf_t   b;
    gov_txn_t  *txn;

    gov_buf_init(&b, t->arena, 4096);
    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_site_export(txn, t->arena, t_site(t, txn, code).id, t_dump_line,
                         &b, &t->err));
    gov_txn_end(&txn);
    t_ok(gov_blob_put(t->base, b.s, digest, &t->err));

    return gov_str_c(t->arena, gov_str_fmt(t->arena, "{'file': '%.*s'}",
                     gov_strf(gov_hex_str(t->arena, digest,
                                          GOV_DIGEST_LEN))));
}


static void
a_site_that_is_put_back_needs_its_files_again(void **state)
{
    unsigned     n;
    t_store_t   *t = *state;
    const char  *text;

    t_content_do(t);
    t_do(t, "file.upload", t_brought(t, 0, 0, ""));
    text = t_exported(t, "610402");

    t_do(t, "file.upload", t_brought(t, 0, 1, ""));
    t_away(t, 0, 0);
    t_aged(t);

    t_do(t, "site.restore", text);
    (void) t_gone(t, &n);
    assert_int_equal(n, 1);
    t_forget(t, 1);
    assert_true(t_bytes(t, 0));
    assert_false(t_bytes(t, 1));

    /* and is not lost with another one of the site's files */

    t_away(t, 0, 0);
    t_forget(t, 1);
    assert_false(t_bytes(t, 0));
    assert_true(t_replayed(t) > 0);
}


static void
the_failing_of_any_call_loses_nothing(void **state)
{
    unsigned     n;
    t_store_t   *t = *state;
    const char  *json;

    t_content_do(t);
    t_old(t, 0, 1);
    t_do(t, "file.upload", t_brought(t, 0, 0, ""));
    t_away(t, 0, 0);
    t_aged(t);

    assert_true(t_each_call(t, "file.gather", t_json(t,
                gov_str_c(t->arena, gov_str_fmt(t->arena,
                "{'site': '610402', 'digests': ['%s'], 'all': true}",
                t_hexes[1])))) > 5);
    json = t_gone(t, &n);
    assert_int_equal(n, 1);
    assert_true(t_each_call(t, "file.forget", t_json(t, json)) > 5);
    assert_false(t_bytes(t, 0));
    assert_true(t_bytes(t, 1));
    t_forget(t, 0);
}


/* the input of file.forget for bytes that no row is known of */

static const char *
t_strays(t_store_t *t)
{
    unsigned   i;
    gov_buf_t  b;

    gov_buf_init(&b, t->arena, 256);

    for (i = 0; i < T_BYTES; i++) {
        gov_buf_fmt(&b, "%s{'digest': '%s', 'number': 0}", i ? ", " : "",
                    t_hexes[i]);
    }

    return gov_str_c(t->arena, gov_str_fmt(t->arena, "{'files': [%.*s]}",
                                           gov_strf(b.s)));
}


static void
bytes_that_nothing_ever_named_go(void **state)
{
    t_store_t  *t = *state;

    t_content_do(t);
    t_do(t, "file.upload", t_brought(t, 0, 0, ""));
    t_do(t, "file.upload", t_brought(t, 0, 1, ""));
    t_away(t, 0, 1);
    (void) t_brought(t, 0, 2, "");
    t_aged(t);
    (void) t_brought(t, 0, 3, "");

    t_now = (int64_t) time(NULL) * 1000000;
    t_inner(t, "file.forget", t_strays(t));
    t_now = T_NOW + 1000000000;

    assert_true(t_bytes(t, 0));
    assert_true(t_bytes(t, 1));         /* GONE has it under its number */
    assert_false(t_bytes(t, 2));
    assert_true(t_bytes(t, 3));         /* it came a moment ago */
    t_forget(t, 1);
}


static void
a_table_stays_until_the_last_work_that_reads_it_ends(void **state)
{
    unsigned     i;
    t_store_t   *t = *state;
    const char  *of;

    static const char  *const  works[] = { "site.import", "doc.import" };

    t_content_do(t);
    (void) t_brought(t, 0, 0, "");
    t_aged(t);

    for (i = 0; i < t_rows(works); i++) {
        t_do(t, "work.begin", gov_str_c(t->arena, gov_str_fmt(t->arena,
             "{'work': '%s', 'rows': 1, 'table': '%s'}", works[i],
             t_hexes[0])));
    }

    for (i = 1; i <= t_rows(works); i++) {
        t_inner(t, "file.forget", t_strays(t));
        t_forget(t, 0);
        assert_true(t_bytes(t, 0));

        of = gov_str_c(t->arena, gov_str_fmt(t->arena,
             "{'work': %u, 'ok': true, 'result': {}}", i));
        t_inner(t, "work.end", of);
    }

    t_forget(t, 1);
    assert_false(t_bytes(t, 0));
    assert_true(t_replayed(t) > 0);
}


/* whatever is done in whatever order */

static uint32_t
t_chance(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525 + 1013904223;

    return (*seed >> 8) % below;
}


static void
t_all_there(t_store_t *t, unsigned step)
{
    unsigned         i, s;
    gov_txn_t       *txn;
    gov_file_rec_t   f;

    txn = t_begin(t, GOV_TXN_READ);

    for (s = 0; s < t_rows(t_sites); s++) {
        for (i = 0; i < T_BYTES; i++) {
            if (gov_file_load(txn, t->arena, t_site(t, txn, t_sites[s]).id,
                              gov_str_of(t_hexes[i]), &f) == GOV_OK
                && f.state != GOV_FILE_REFUSED && !t_bytes(t, i))
            {
                fail_msg("step %u: %s lost %s", step, t_sites[s], t_hexes[i]);
            }
        }
    }

    gov_txn_end(&txn);
}


static void
t_none_left(t_store_t *t)
{
    unsigned         i, s, n;
    gov_txn_t       *txn;
    gov_file_rec_t   f;

    (void) t_gone(t, &n);
    t_aged(t);
    t_forget(t, n);
    t_inner(t, "file.forget", t_strays(t));

    txn = t_begin(t, GOV_TXN_READ);

    for (i = 0; i < T_BYTES; i++) {
        for (s = 0, n = 0; s < t_rows(t_sites); s++) {
            n += gov_file_load(txn, t->arena, t_site(t, txn, t_sites[s]).id,
                               gov_str_of(t_hexes[i]), &f) == GOV_OK
                 && f.state != GOV_FILE_REFUSED;
        }

        assert_int_equal(t_bytes(t, i), n != 0);
    }

    gov_txn_end(&txn);
}


static void
t_document(t_store_t *t, unsigned s, unsigned i, uint32_t *seed)
{
    t_try(t, "doc.create", gov_str_c(t->arena, gov_str_fmt(t->arena,
          "{'site': '%s', 'column': 'xxgk/tzgg', 'title': '一', "
          "'body': '![图](/files/%s/a.pdf)', 'attachments': ['%s'], "
          "'publish': true}", t_sites[s], t_hexes[i],
          t_hexes[t_chance(seed, T_BYTES)])));
}


/* now and then the store fails in the middle of it */

static void
t_sweep(t_store_t *t, uint32_t *seed)
{
    unsigned     n;
    const char  *json;

    json = t_gone(t, &n);

    if (t_chance(seed, 2)) {
        t_aged(t);
    }

    if (t_chance(seed, 2)) {
        gov_store_fail_at(1 + t_chance(seed, 12), GOV_FULL);
    }

    t_try(t, "file.forget", t_chance(seed, 3) ? json : t_strays(t));
    gov_store_fail_at(0, GOV_OK);
}


static void
t_step(t_store_t *t, uint32_t *seed)
{
    unsigned  s, i;

    s = t_chance(seed, t_rows(t_sites));
    i = t_chance(seed, T_BYTES);

    switch (t_chance(seed, 9)) {

    case 0:
    case 1:
        t_try(t, "file.upload", t_brought(t, s, i,
              t_chance(seed, 5) ? "" : ", 'state': 'held'"));
        break;

    case 2:
        t_document(t, s, i, seed);
        break;

    case 3:
        t_try(t, "file.remove", t_named(t, s, i, ""));
        break;

    case 4:
        t_try(t, "file.restore", t_named(t, s, i, ""));
        break;

    case 5:
    case 6:
        t_try(t, "file.remove", t_named(t, s, i, ""));
        t_try(t, "file.purge", t_named(t, s, i, ""));
        break;

    case 7:
        t_try(t, "file.settle", t_named(t, s, i,
              t_chance(seed, 2) ? ", 'state': 'refused'"
                                : ", 'state': 'ok'"));
        break;

    default:
        t_sweep(t, seed);
    }
}


static void
no_bytes_that_are_needed_are_ever_lost(void **state)
{
    uint32_t     seed;
    unsigned     step;
    t_store_t   *t = *state;

    t_content_do(t);
    seed = 20261128;

    for (step = 0; step < 600; step++) {
        t_step(t, &seed);
        t_all_there(t, step);
    }

    t_none_left(t);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(bytes_go_with_their_last_record),
        t_test(what_is_made_of_an_image_goes_with_it),
        t_test(nothing_goes_that_may_be_needed),
        t_test(files_of_earlier_times_are_led_in),
        t_test(a_site_that_is_put_back_needs_its_files_again),
        t_test(bytes_that_nothing_ever_named_go),
        t_test(a_table_stays_until_the_last_work_that_reads_it_ends),
        t_test_fail(the_failing_of_any_call_loses_nothing),
        t_test_fail(no_bytes_that_are_needed_are_ever_lost)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
