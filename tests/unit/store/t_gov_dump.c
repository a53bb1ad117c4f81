
/*
 * Copyright (C) ngx_gov authors
 *
 * Dump and back, the check, the backup.
 */


#define _GNU_SOURCE          /* memmem() */

#include "store/t_store.h"


/* three sites with documents, bodies, lists, names; journal and marks */

static void
platform(t_store_t *t)
{
    u_char              digest[GOV_DIGEST_LEN];
    uint64_t            n;
    uint32_t            site;
    gov_key_t           k;
    gov_txn_t          *txn;
    gov_digest_t       *d;
    gov_site_rec_t      s;
    gov_body_rec_t      body;
    gov_place_rec_t     place;
    gov_policy_rec_t    policy;

    for (site = 3; site <= 5; site++) {
        txn = t_begin(t, GOV_TXN_WRITE);

        memset(&s, 0, sizeof(gov_site_rec_t));
        s.name = gov_str_fmt(t->arena, "站点 %u", site);
        s.since = -1;
        t_ok(gov_save(gov_handle(txn, 0), GOV_T_SITES, gov_key4(&k, site),
                      t->arena, &s));

        memset(&place, 0, sizeof(gov_place_rec_t));
        place.to = site;
        (void) gov_key_add_s(gov_key4(&k, 0), gov_s("旧名"));
        t_ok(gov_save(gov_handle(txn, site), GOV_T_NAMES, &k, t->arena,
                      &place));

        memset(&body, 0, sizeof(gov_body_rec_t));
        body.form = gov_s("md");
        body.text = gov_str_fmt(t->arena, "# 标题 %u\n\"引号\"\\", site);
        t_ok(gov_digest_begin(GOV_SHA256, &d));
        gov_digest_add(d, gov_s("md\0"));
        gov_digest_add(d, body.text);
        t_ok(gov_digest_end(&d, digest));
        t_ok(gov_save(gov_handle(txn, site), GOV_T_BODIES,
                      gov_key_s(&k, (gov_str_t) { GOV_DIGEST_LEN, digest }),
                      t->arena, &body));

        for (n = 1; n <= 700; n++) {
            t_command(t, txn, site, n * 10 + site,
                      (unsigned) (site * 1000 + n));
        }

        t_commit(t, &txn);
    }

    memset(&policy, 0, sizeof(gov_policy_rec_t));
    policy.rules = gov_list(t->arena);
    gov_put_c(t->arena, gov_add_map(t->arena, policy.rules), "from",
              "2026-01-01");

    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(gov_save(gov_handle(txn, 0), GOV_T_POLICIES,
                  gov_key_s(&k, gov_s("domain")), t->arena, &policy));
    t_commit(t, &txn);
}


/* the lines of a dump put back under a site's number, or their own */

static void
undump(t_store_t *t, gov_txn_t *txn, gov_str_t dump, uint32_t site)
{
    u_char       *nl;
    uint32_t      to;
    gov_str_t     line;
    gov_value_t  *v;
    gov_arena_t  *a;

    a = gov_arena_new(4096);

    while (dump.len) {
        gov_arena_reset(a);

        nl = memchr(dump.data, '\n', dump.len);
        line = (gov_str_t) { (size_t) (nl - dump.data), dump.data };
        dump.len -= line.len + 1;
        dump.data += line.len + 1;

        t_ok(gov_json_parse(a, line, &v, &t->err));
        to = site ? site : (uint32_t) gov_get_int(v, "site", 0);
        t_ok(gov_store_undump(txn, to, a, v, &t->err));
    }

    gov_arena_free(&a);
}


static void
a_line_names_site_table_key_and_fields(void **state)
{
    gov_str_t    dump;
    gov_txn_t   *txn;
    t_store_t   *t = *state;

    txn = t_begin(t, GOV_TXN_WRITE);
    t_command(t, txn, 3, 1, 1);
    t_commit(t, &txn);

    dump = t_dump(t, 3, 0);
    assert_non_null(memmem(dump.data, dump.len,
        "{\"key\":[1],\"site\":3,\"table\":\"DOCS\",\"value\":{\"column\":7,"
        "\"title\":\"第 1 号通知\"}}\n",
        strlen("{\"key\":[1],\"site\":3,\"table\":\"DOCS\",\"value\":{"
               "\"column\":7,\"title\":\"第 1 号通知\"}}\n")));
    assert_null(memmem(dump.data, dump.len, "CHAIN", 5));

    dump = t_dump(t, 0, 0);
    assert_null(memmem(dump.data, dump.len, "\"JOURNAL\"", 9));
    assert_null(memmem(dump.data, dump.len, "\"APPLIED\"", 9));
    assert_null(memmem(dump.data, dump.len, "\"journal\"", 9));
    assert_non_null(memmem(dump.data, dump.len, "\"MARKS\"", 7));
    assert_non_null(memmem(dump.data, dump.len, "\"format\"", 8));
}


static void
a_site_is_restored_to_the_byte(void **state)
{
    uint64_t     values, faults, checked;
    gov_str_t    whole, site;
    gov_txn_t   *txn;
    t_store_t   *t = *state;

    platform(t);
    whole = t_dump(t, 0, 1);
    site = t_dump(t, 4, 0);

    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(gov_store_clear_site(txn, 4));
    t_commit(t, &txn);

    /* only its links of the journal are left: the entries name them */

    assert_int_equal(t_dump(t, 4, 0).len, 0);
    assert_true(t_dump(t, 4, 1).len > 0);
    assert_false(gov_str_eq(whole, t_dump(t, 0, 1)));

    txn = t_begin(t, GOV_TXN_WRITE);
    undump(t, txn, site, 4);
    t_commit(t, &txn);

    assert_true(gov_str_eq(whole, t_dump(t, 0, 1)));
    t_ok(gov_store_check(t->store, NULL, NULL, &values, &faults, &t->err));

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_journal_verify(txn, 0, &checked, NULL, &t->err));
    gov_txn_end(&txn);
}


static void
the_whole_store_is_rebuilt_from_its_dump(void **state)
{
    gov_str_t      whole;
    gov_txn_t     *txn;
    t_store_t     *t = *state;
    gov_arena_t   *kept;

    platform(t);
    whole = t_dump(t, 0, 1);

    kept = t->arena;
    t->arena = gov_arena_new(4096);
    assert_int_equal(t_teardown(state), 0);
    assert_int_equal(t_setup(state), 0);

    txn = t_begin(t, GOV_TXN_WRITE);
    undump(t, txn, whole, 0);
    t_commit(t, &txn);

    assert_true(gov_str_eq(whole, t_dump(t, 0, 1)));
    gov_arena_free(&kept);
}


static void
clearing_a_site_touches_no_neighbour_and_never_the_hub(void **state)
{
    gov_str_t    three, five, hub;
    gov_txn_t   *txn;
    t_store_t   *t = *state;

    platform(t);
    three = t_dump(t, 3, 1);
    five = t_dump(t, 5, 1);
    hub = t_dump(t, 0, 1);

    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(gov_store_clear_site(txn, 4));
    t_rc(gov_store_clear_site(txn, GOV_HUB), GOV_ERROR);
    t_commit(t, &txn);

    assert_true(gov_str_eq(three, t_dump(t, 3, 1)));
    assert_true(gov_str_eq(five, t_dump(t, 5, 1)));
    assert_true(t_dump(t, 0, 1).len + 200 < hub.len);
}


static void
wrong_lines_are_refused(void **state)
{
    size_t        i;
    gov_txn_t    *txn;
    gov_value_t  *v;
    t_store_t    *t = *state;
    static const char  *rows[] = {
        "{}",
        "[]",
        "{\"key\":[1],\"site\":3,\"table\":\"NONE\",\"value\":{}}",
        "{\"key\":[1],\"site\":0,\"table\":\"DOCS\",\"value\":{}}",
        "{\"key\":[1],\"site\":3,\"table\":\"SITES\",\"value\":{}}",
        "{\"key\":[\"a\"],\"site\":3,\"table\":\"DOCS\",\"value\":{}}",
        "{\"key\":[1],\"site\":3,\"table\":\"DOCS\",\"value\":{\"x\":1}}",
        "{\"key\":[1],\"site\":3,\"table\":\"DOCS\","
            "\"value\":{\"~rest\":\"00\"}}",
        "{\"key\":[1],\"site\":3,\"table\":\"DOCS\"}",
        "{\"key\":[],\"site\":3,\"table\":\"MARKS\",\"value\":\"00\"}",
        "{\"key\":[],\"site\":3,\"table\":\"MARKS\",\"value\":\"0000000001\"}",
        "{\"key\":[],\"site\":3,\"table\":\"MARKS\",\"value\":7}"
    };

    txn = t_begin(t, GOV_TXN_WRITE);

    for (i = 0; i < t_rows(rows); i++) {
        t_ok(gov_json_parse(t->arena, gov_str_of(rows[i]), &v, &t->err));
        t_rc(gov_store_undump(txn, 3, t->arena, v, NULL), GOV_INVALID);
    }

    gov_txn_end(&txn);

    txn = t_begin(t, GOV_TXN_READ);
    t_rc(gov_store_undump(txn, 3, t->arena, v, NULL), GOV_ERROR);
    t_rc(gov_store_clear_site(txn, 3), GOV_ERROR);
    gov_txn_end(&txn);
}


/* faults as "site " texts of a check */

typedef struct {
    char      text[4096];
    size_t    n;
} said_t;


static void
report(void *data, uint32_t site, const char *text)
{
    said_t  *s = data;

    s->n += (size_t) snprintf(s->text + s->n, sizeof(s->text) - s->n,
                              "%u %s\n", site, text);
}


static void
raw(gov_txn_t *txn, uint32_t site, int table, const char *key, size_t n,
    gov_str_t value)
{
    u_char     buf[GOV_KEY_MAX];
    gov_str_t  whole;

    gov_key_head(buf, site, (gov_table_t) table);
    memcpy(buf + GOV_KEY_HEAD, key, n);
    whole = (gov_str_t) { GOV_KEY_HEAD + n, buf };

    t_ok(txn->store->backend->put(txn->txn, whole, value));
}


static void
the_check_names_each_fault_by_site(void **state)
{
    u_char          sum[GOV_SUM_LEN + 8];
    said_t          said;
    uint64_t        values, faults;
    gov_key_t       k;
    gov_str_t       value;
    gov_txn_t      *txn;
    t_store_t      *t = *state;
    gov_ref_rec_t   ref;
    gov_body_rec_t  body;

    platform(t);
    t_ok(gov_store_check(t->store, report, &said, &values, &faults,
                         &t->err));
    assert_true(values > 6000);
    assert_true(faults == 0);

    memset(&said, 0, sizeof(said));
    memset(&ref, 0, sizeof(gov_ref_rec_t));
    memset(&body, 0, sizeof(gov_body_rec_t));

    txn = t_begin(t, GOV_TXN_WRITE);

    raw(txn, 19, GOV_T_DOCS, "12345678\71", 9, gov_s("a version's half key"));
    raw(txn, 20, GOV_T_DOCS, "12345678", 8, gov_s("no table in it"));
    raw(txn, 20, 200, "x", 1, gov_s("no such table"));
    raw(txn, 21, GOV_T_CODES, "x", 1, gov_s("a table of the hub"));
    raw(txn, 22, GOV_T_NAMES, "x", 1, gov_s("a short key"));
    raw(txn, 23, GOV_T_TAKEN, "1234x", 5, gov_s("no checksum"));

    t_ok(gov_rec_encode(t->arena, &gov_rec_ref, &ref, &value));
    value.data[GOV_SUM_LEN + 1] = 0x90;
    gov_sum_put(value.data, (gov_str_t) { value.len - GOV_SUM_LEN,
                                          value.data + GOV_SUM_LEN });
    raw(txn, 24, GOV_T_TAKEN, "1234x", 5, value);

    memcpy(sum + GOV_SUM_LEN, "\x01\x7f\xff\xff\xff\xff\xff\xff", 8);
    gov_sum_put(sum, (gov_str_t) { 8, sum + GOV_SUM_LEN });
    raw(txn, 25, GOV_T_MARKS, "", 0, (gov_str_t) { sizeof(sum), sum });

    body.text = gov_s("changed");
    t_ok(gov_save(gov_handle(txn, 26), GOV_T_BODIES,
                  gov_key_s(&k, gov_s("not its digest")), t->arena, &body));
    gov_key_add_s(gov_key8(&k, 9), gov_s("not its digest"));
    t_ok(gov_save(gov_handle(txn, 27), GOV_T_TEXTS, &k, t->arena, &body));
    t_commit(t, &txn);

    t_rc(gov_store_check(t->store, report, &said, &values, &faults,
                         &t->err), GOV_CORRUPT);

    assert_non_null(strstr(said.text, "19 VERSIONS 0000001338"));
    assert_non_null(strstr(said.text, "：键的形式不符\n20 ? 0000001438"));
    assert_non_null(strstr(said.text, "\n20 ? 00000014c8"));
    assert_non_null(strstr(said.text, "此处没有这样的表\n21 CODES "));
    assert_non_null(strstr(said.text, "22 NAMES 000000162378：键的形式不符"));
    assert_non_null(strstr(said.text, "23 TAKEN 00000017"));
    assert_non_null(strstr(said.text, "校验和不符\n24 TAKEN "));
    assert_non_null(strstr(said.text, "记录无法解读\n25 MARKS "));
    assert_non_null(strstr(said.text, "更新标记不成立\n26 BODIES "));
    assert_non_null(strstr(said.text, "正文与散列值不符\n26 用量与实际不符"));
    assert_non_null(strstr(said.text, "\n27 TEXTS "));
    assert_non_null(strstr(said.text, "正文与散列值不符\n27 用量与实际不符"));
    assert_true(faults == 12);
}


static void
the_check_runs_the_journals_verification(void **state)
{
    said_t       said;
    uint64_t     values, faults;
    gov_key_t    k;
    gov_txn_t   *txn;
    t_store_t   *t = *state;

    memset(&said, 0, sizeof(said));

    txn = t_begin(t, GOV_TXN_WRITE);
    t_command(t, txn, 3, 1, 1);
    t_command(t, txn, 3, 2, 2);
    t_ok(gov_drop(gov_handle(txn, 0), GOV_T_JOURNAL, gov_key8(&k, 1)));
    t_commit(t, &txn);

    t_rc(gov_store_check(t->store, report, &said, &values, &faults,
                         &t->err), GOV_CORRUPT);
    assert_string_equal(said.text, "0 日志第 1 条缺失\n");
}


static void
a_backup_opens_and_equals_the_store(void **state)
{
    char             dir[128];
    gov_str_t        whole;
    gov_txn_t       *txn;
    t_store_t       *t = *state;

    platform(t);
    whole = t_dump(t, 0, 1);

    (void) snprintf(dir, sizeof(dir), "%s/copy", t->base);
    t_ok(gov_store_backup(t->store, dir, &t->err));
    assert_int_equal(access(dir, F_OK), -1);
    t_ok(gov_store_backup_end(dir, &t->err));

    t_rc(gov_store_backup(t->store, dir, &t->err), GOV_CONFLICT);
    t_err_clear(t);

    /* the store goes on; the copy stays as it was, and holds no lock file */

    txn = t_begin(t, GOV_TXN_WRITE);
    t_command(t, txn, 3, 9999, 9999);
    t_commit(t, &txn);

    assert_int_equal(system(gov_str_c(t->arena, gov_str_fmt(t->arena,
                     "test \"$(ls -A %s)\" = data.mdb", dir))), 0);
    assert_int_equal(system(gov_str_c(t->arena, gov_str_fmt(t->arena,
                     "test ! -e %s.part", dir))), 0);

    gov_store_close(&t->store);
    t->conf.dir = dir;
    t_open(t);
    assert_true(gov_str_eq(whole, t_dump(t, 0, 1)));

    txn = t_begin(t, GOV_TXN_WRITE);
    t_command(t, txn, 3, 1, 77);
    t_commit(t, &txn);
}


static void
a_damaged_store_makes_no_backup(void **state)
{
    char        dir[128];
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    platform(t);

    txn = t_begin(t, GOV_TXN_WRITE);
    raw(txn, 3, GOV_T_VIEWS, "12345678", 8, gov_s("rubbish"));
    t_commit(t, &txn);

    (void) snprintf(dir, sizeof(dir), "%s/copy", t->base);
    t_rc(gov_store_backup(t->store, dir, &t->err), GOV_CORRUPT);
    assert_int_equal(access(dir, F_OK), -1);
    assert_int_equal(system(gov_str_c(t->arena, gov_str_fmt(t->arena,
                     "test ! -e %s.part", dir))), 0);
}


/*
 * What a new site takes: its record, code, place among its sisters, prefix,
 * links, marks, and its share of the journal.  Pairs first, then pages, which
 * LMDB fills to about two thirds.
 */

static uint64_t
pairs_bytes(t_store_t *t)
{
    void       *cursor;
    gov_rc_t    rc;
    uint64_t    bytes;
    gov_str_t   key, value;
    gov_txn_t  *txn;

    bytes = 0;
    txn = t_begin(t, GOV_TXN_READ);

    t_ok(gov_lmdb_backend.cursor_open(txn->txn, &cursor));

    key = gov_s("\0");
    rc = gov_lmdb_backend.cursor_move(cursor, GOV_MOVE_AT, &key, &value);

    while (rc == GOV_OK) {
        bytes += key.len + value.len;
        rc = gov_lmdb_backend.cursor_move(cursor, GOV_MOVE_NEXT, &key,
                                          &value);
    }

    gov_lmdb_backend.cursor_close(cursor);
    gov_txn_end(&txn);

    return bytes;
}


static void
a_new_sites_pairs_take_less_than_a_kilobyte(void **state)
{
    uint32_t             n;
    gov_key_t            k;
    gov_note_t           note;
    gov_txn_t           *txn;
    t_store_t           *t = *state;
    gov_ref_rec_t        ref;
    gov_site_rec_t       s;
    gov_place_rec_t      place;
    gov_backend_stats_t  before, after;

    t_ok(t->store->backend->stats(t->store->env, &before));
    txn = t_begin(t, GOV_TXN_WRITE);

    for (n = 1; n <= 5000; n++) {
        gov_arena_reset(t->arena);

        memset(&s, 0, sizeof(gov_site_rec_t));
        s.code = gov_str_fmt(t->arena, "6104%08u", n);
        s.name = gov_str_fmt(t->arena, "示范镇 %u", n);
        s.legal_name = gov_str_fmt(t->arena, "示范县示范镇人民政府 %u", n);
        s.level = 4;
        s.parent = 1;
        s.slug = gov_str_fmt(t->arena, "zhen%u", n);
        s.state = 1;
        s.blueprint = gov_s("township");
        s.since = 1763900000000000;
        t_ok(gov_save(gov_handle(txn, 0), GOV_T_SITES, gov_key4(&k, n),
                      t->arena, &s));

        memset(&ref, 0, sizeof(gov_ref_rec_t));
        ref.to = n;
        t_ok(gov_save(gov_handle(txn, 0), GOV_T_CODES, gov_key_s(&k, s.code),
                      t->arena, &ref));
        (void) gov_key_add_s(gov_key4(&k, 1), s.code);
        t_ok(gov_save(gov_handle(txn, 0), GOV_T_CHILDREN, &k, t->arena,
                      &ref));

        memset(&place, 0, sizeof(gov_place_rec_t));
        place.kind = 1;
        place.to = n;
        (void) gov_key_add_s(gov_key4(&k, 0), s.slug);
        t_ok(gov_save(gov_handle(txn, 1), GOV_T_NAMES, &k, t->arena, &place));

        gov_touch(txn, n, GOV_SLOT_SITE);
        gov_touch(txn, 1, GOV_SLOT_CHILDREN);

        note = t_note(n);
        note.command = gov_s("site.create");
        note.random = gov_s("0123456789abcdef");
        note.input = gov_rec_value(t->arena, &gov_rec_site, &s);
        note.result = gov_map(t->arena);
        gov_put_int(t->arena, note.result, "site", n);
        t_ok(gov_note(txn, t->arena, &note, NULL, &t->err));
    }

    t_commit(t, &txn);
    t_ok(t->store->backend->stats(t->store->env, &after));

    print_message("a new site: %u bytes of pairs, %u of pages\n",
                  (unsigned) (pairs_bytes(t) / 5000),
                  (unsigned) ((after.used - before.used) / 5000));

    assert_in_range(pairs_bytes(t) / 5000, 300, 1023);
    assert_in_range((after.used - before.used) / 5000, 300, 1536);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_line_names_site_table_key_and_fields),
        t_test(a_site_is_restored_to_the_byte),
        t_test(the_whole_store_is_rebuilt_from_its_dump),
        t_test(clearing_a_site_touches_no_neighbour_and_never_the_hub),
        t_test(wrong_lines_are_refused),
        t_test(the_check_names_each_fault_by_site),
        t_test(the_check_runs_the_journals_verification),
        t_test(a_backup_opens_and_equals_the_store),
        t_test(a_damaged_store_makes_no_backup),
        t_test(a_new_sites_pairs_take_less_than_a_kilobyte)
    };

    return cmocka_run_group_tests_name("store/gov_dump", tests, NULL, NULL);
}
