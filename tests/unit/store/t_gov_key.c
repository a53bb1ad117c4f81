
/*
 * Copyright (C) ngx_gov authors
 *
 * Keys: their order, their bounds, and a handle that stays in its range.
 */


#include "store/t_store.h"


static int
key_cmp(gov_key_t *a, gov_key_t *b)
{
    return gov_str_cmp((gov_str_t) { a->len, a->data },
                       (gov_str_t) { b->len, b->data });
}


static void
keys_are_ordered_as_their_parts(void **state)
{
    int        i;
    uint64_t   seed, a1, b1, a2, b2;
    gov_key_t  a, b;

    (void) state;
    seed = 20071123;

    for (i = 0; i < 10000; i++) {
        a1 = t_random(&seed) % 4 ? t_random(&seed) % 3 : UINT32_MAX;
        b1 = t_random(&seed) % 4 ? t_random(&seed) % 3 : UINT32_MAX;
        a2 = t_random(&seed) >> (t_random(&seed) % 64);
        b2 = t_random(&seed) >> (t_random(&seed) % 64);

        (void) gov_key_add8(gov_key4(&a, (uint32_t) a1), a2);
        (void) gov_key_add8(gov_key4(&b, (uint32_t) b1), b2);

        assert_int_equal(key_cmp(&a, &b) < 0,
                         a1 < b1 || (a1 == b1 && a2 < b2));
        assert_int_equal(key_cmp(&a, &b) == 0, a1 == b1 && a2 == b2);
    }
}


static void
parts_are_read_back_and_never_past_the_end(void **state)
{
    gov_key_t  k;
    gov_str_t  s;

    (void) state;

    (void) gov_key_add8(gov_key4(&k, 610400), 0x0102030405060708);
    s = (gov_str_t) { k.len, k.data };

    assert_int_equal(s.len, 12);
    assert_int_equal(gov_key_get4(s, 0), 610400);
    assert_true(gov_key_get8(s, 4) == 0x0102030405060708);
    assert_int_equal(gov_key_get4(s, 9), 0);
    assert_true(gov_key_get8(s, 5) == 0);
}


static void
a_long_key_keeps_its_head_and_differs_by_its_tail(void **state)
{
    u_char     text[2000];
    gov_key_t  a, b, c;

    (void) state;

    memset(text, 'x', sizeof(text));
    (void) gov_key_s(&a, (gov_str_t) { sizeof(text), text });

    text[1999] = 'y';
    (void) gov_key_s(&b, (gov_str_t) { sizeof(text), text });

    assert_int_equal(a.len, GOV_KEY_PARTS);
    assert_int_equal(b.len, GOV_KEY_PARTS);
    assert_memory_equal(a.data, b.data, GOV_KEY_PARTS - GOV_DIGEST_LEN);
    assert_int_not_equal(key_cmp(&a, &b), 0);

    text[1999] = 'x';
    (void) gov_key_s(&c, (gov_str_t) { sizeof(text), text });
    assert_int_equal(key_cmp(&a, &c), 0);

    /* a part after it changes the digest and not the length */

    (void) gov_key_add4(&c, 7);
    assert_int_equal(c.len, GOV_KEY_PARTS);
    assert_int_not_equal(key_cmp(&a, &c), 0);
}


static void
a_long_key_is_stored_found_and_dropped(void **state)
{
    u_char          text[3000];
    gov_key_t       k;
    gov_txn_t      *txn;
    t_store_t      *t = *state;
    gov_ref_rec_t   ref;

    memset(text, 0, sizeof(text));
    memset(&ref, 0, sizeof(gov_ref_rec_t));
    ref.to = 42;

    txn = t_begin(t, GOV_TXN_WRITE);
    (void) gov_key_s(&k, (gov_str_t) { sizeof(text), text });

    t_ok(gov_save(gov_handle(txn, 5), GOV_T_SOURCES, &k, t->arena, &ref));
    ref.to = 0;
    t_ok(gov_load(gov_handle(txn, 5), GOV_T_SOURCES, &k, t->arena, &ref));
    assert_int_equal(ref.to, 42);

    t_rc(gov_load(gov_handle(txn, 6), GOV_T_SOURCES, &k, t->arena, &ref),
         GOV_NOT_FOUND);

    t_ok(gov_drop(gov_handle(txn, 5), GOV_T_SOURCES, &k));
    t_rc(gov_drop(gov_handle(txn, 5), GOV_T_SOURCES, &k), GOV_NOT_FOUND);

    gov_txn_end(&txn);
}


static void
a_sites_handle_reaches_no_table_of_the_hub(void **state)
{
    gov_key_t       k;
    gov_txn_t      *txn;
    t_store_t      *t = *state;
    gov_scan_t      sc;
    gov_ref_rec_t   ref;

    memset(&ref, 0, sizeof(gov_ref_rec_t));
    ref.to = 1;

    txn = t_begin(t, GOV_TXN_WRITE);

    t_rc(gov_save(gov_handle(txn, 3), GOV_T_CODES,
                  gov_key_s(&k, gov_s("610400")), t->arena, &ref),
         GOV_ERROR);
    t_rc(gov_load(gov_handle(txn, 3), GOV_T_CODES, &k, t->arena, &ref),
         GOV_ERROR);
    t_rc(gov_scan_open(&sc, gov_handle(txn, 3), GOV_T_CODES, gov_key(&k), 0),
         GOV_ERROR);
    t_rc(gov_scan_next(&sc, t->arena, &ref), GOV_DONE);
    gov_scan_close(&sc);

    t_rc(gov_save(gov_handle(txn, 0), (gov_table_t) 200, gov_key(&k),
                  t->arena, &ref),
         GOV_ERROR);

    gov_txn_end(&txn);
}


static void
text_stands_last_in_every_shape(void **state)
{
    int          i;
    const char  *p;

    (void) state;

    for (i = 0; i < 256; i++) {

        if (gov_table_info[i].name == NULL) {
            continue;
        }

        for (p = gov_table_info[i].shape; *p; p++) {
            assert_non_null(strchr("48sx", *p));

            if (*p == 's' || *p == 'x') {
                assert_int_equal(p[1], '\0');
            }
        }
    }
}


static void
keys_survive_the_way_through_json(void **state)
{
    size_t              i;
    gov_key_t           k, back;
    gov_value_t        *v;
    t_store_t          *t = *state;
    static const char  *shapes[] = { "s", "4", "8", "x", "4s", "84", "488",
                                     "" };

    for (i = 0; i < t_rows(shapes); i++) {
        const char  *p;

        (void) gov_key(&k);

        for (p = shapes[i]; *p; p++) {
            switch (*p) {
            case '4':
                (void) gov_key_add4(&k, 0xfffffffe);
                break;
            case '8':
                (void) gov_key_add8(&k, UINT64_MAX - 5);
                break;
            case 's':
                (void) gov_key_add_s(&k, gov_s("咸阳/a\"b"));
                break;
            default:
                (void) gov_key_add_s(&k, gov_s("\x00\xff\x01"));
            }
        }

        v = gov_key_value(t->arena, shapes[i],
                          (gov_str_t) { k.len, k.data });
        t_ok(gov_key_from_value(&back, shapes[i], v, &t->err));
        assert_int_equal(key_cmp(&k, &back), 0);
    }

    /* what does not fit its shape is kept as bytes */

    (void) gov_key_s(&k, gov_s("abc"));
    v = gov_key_value(t->arena, "8", (gov_str_t) { k.len, k.data });
    t_ok(gov_key_from_value(&back, "8", v, &t->err));
    assert_int_equal(key_cmp(&k, &back), 0);

    (void) gov_key_s(&k, gov_s("\xff\xfe"));
    v = gov_key_value(t->arena, "s", (gov_str_t) { k.len, k.data });
    t_ok(gov_key_from_value(&back, "s", v, &t->err));
    assert_int_equal(key_cmp(&k, &back), 0);
}


/* each table's least and greatest key come back from their whole form */

#define T_TABLE(number, name, where, shape, rec, owner, flags, what)  number,

static int  tables[] = { GOV_TABLES(T_TABLE) };


static void
a_whole_key_is_taken_apart_again(void **state)
{
    size_t              i;
    unsigned            all;
    u_char              buf[GOV_KEY_MAX];
    gov_key_t           k, parts;
    gov_str_t           whole;
    const char         *shape;
    gov_table_t         table;

    (void) state;

    for (i = 0; i < 2 * t_rows(tables); i++) {
        all = i % 2;
        (void) gov_key(&k);

        for (shape = gov_table_info[tables[i / 2]].shape; *shape; shape++) {
            (void) (*shape == '4' ? gov_key_add4(&k, all ? UINT32_MAX : 1)
                    : *shape == '8' ? gov_key_add8(&k, all ? UINT64_MAX : 2)
                    : gov_key_add_s(&k, gov_s("tail")));
        }

        t_ok(gov_key_whole(gov_handle(NULL, GOV_HUB), (gov_table_t)
                           tables[i / 2], &k, buf, &whole));
        t_ok(gov_key_split(whole, &table, &parts));

        assert_int_equal(table, tables[i / 2]);
        assert_int_equal(key_cmp(&k, &parts), 0);
    }
}


static void
what_is_of_a_document_stands_behind_its_record(void **state)
{
    size_t            i;
    u_char            buf[8][GOV_KEY_MAX];
    gov_key_t         k;
    gov_str_t         whole[8];
    static struct {
        gov_table_t   table;
        uint64_t      doc;
        uint32_t      n;
    } rows[] = {                    /* as they are to stand */
        { GOV_T_LENGTHS, UINT64_MAX, 0 },
        { GOV_T_DOCS, 300, 0 },
        { GOV_T_VERSIONS, 300, 1 },
        { GOV_T_VERSIONS, 300, 2 },
        { GOV_T_NOTES, 300, 1 },
        { GOV_T_DOCS, 299, 0 },
        { GOV_T_LOG, 299, 9 },
        { GOV_T_DOCS, 1, 0 }
    };

    (void) state;

    for (i = 0; i < t_rows(rows); i++) {
        (void) gov_key8(&k, rows[i].doc);

        if (rows[i].n != 0) {
            (void) gov_key_add4(&k, rows[i].n);
        }

        t_ok(gov_key_whole(gov_handle(NULL, 3), rows[i].table, &k, buf[i],
                           &whole[i]));
        assert_true(i == 0 || gov_str_cmp(whole[i - 1], whole[i]) < 0);
    }

    t_rc(gov_key_whole(gov_handle(NULL, 3), GOV_T_VERSIONS, gov_key4(&k, 7),
                       buf[0], &whole[0]), GOV_ERROR);
}


static void
a_key_that_nobody_wrote_is_of_no_table(void **state)
{
    size_t              i;
    gov_key_t           k;
    gov_str_t           key;
    gov_table_t         table;
    static struct {
        const char     *key;
        size_t          len;
    } rows[] = {
        { "", 0 },
        { "\0\0\0\3", 4 },
        { "\0\0\0\3\0", 5 },
        { "\0\0\0\3\310", 5 },                        /* table 200 */
        { "\0\0\0\3\70", 5 },                         /* no document */
        { "\0\0\0\3\70\1\2\3\4\5\6\7\10", 13 },   /* no table in it */
        { "\0\0\0\3\70\1\2\3\4\5\6\7\10\50", 14 }    /* LISTS in it */
    };

    (void) state;

    for (i = 0; i < t_rows(rows); i++) {
        key = (gov_str_t) { rows[i].len, (u_char *) rows[i].key };
        t_rc(gov_key_split(key, &table, &k), GOV_CORRUPT);
    }
}


static void
wrong_keys_in_json_are_refused(void **state)
{
    size_t              i;
    gov_key_t           k;
    gov_value_t        *v;
    t_store_t          *t = *state;
    static const char  *rows[] = {
        "[]", "[1,2]", "[\"x\"]", "[-1]", "[4294967296]", "{}", "7",
        "{\"hex\":\"0\"}", "{\"hex\":\"zz\"}", "[null]"
    };

    for (i = 0; i < t_rows(rows); i++) {
        t_ok(gov_json_parse(t->arena, gov_str_of(rows[i]), &v, &t->err));
        t_rc(gov_key_from_value(&k, "4", v, NULL), GOV_INVALID);
    }

    t_rc(gov_key_from_value(&k, "4", NULL, NULL), GOV_INVALID);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(keys_are_ordered_as_their_parts),
        cmocka_unit_test(parts_are_read_back_and_never_past_the_end),
        cmocka_unit_test(a_long_key_keeps_its_head_and_differs_by_its_tail),
        t_test(a_long_key_is_stored_found_and_dropped),
        t_test(a_sites_handle_reaches_no_table_of_the_hub),
        cmocka_unit_test(text_stands_last_in_every_shape),
        t_test(keys_survive_the_way_through_json),
        cmocka_unit_test(a_whole_key_is_taken_apart_again),
        cmocka_unit_test(what_is_of_a_document_stands_behind_its_record),
        cmocka_unit_test(a_key_that_nobody_wrote_is_of_no_table),
        t_test(wrong_keys_in_json_are_refused)
    };

    return cmocka_run_group_tests_name("store/gov_key", tests, NULL, NULL);
}
