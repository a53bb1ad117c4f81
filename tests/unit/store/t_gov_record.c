
/*
 * Copyright (C) ngx_gov authors
 *
 * Records: there and back, unknown fields, damaged bytes.
 */


#include <msgpack.h>

#include "store/t_store.h"


/* a huge length asks for memory that is refused: a sanitizer shall let it be */

const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}


#define T_RECORD(rec, LIST)  &gov_rec_##rec,

static gov_record_t  *records[] = { GOV_RECORDS(T_RECORD) };


/* every field of any record gets a value made from the seed */

static void
fill(gov_arena_t *a, gov_record_t *r, void *rec, uint64_t *seed)
{
    u_char       *p = rec;
    unsigned      i;
    gov_str_t    *s;
    gov_field_t  *f;
    gov_value_t  *v;

    memset(rec, 0, r->size);

    for (i = 0; i < r->n; i++) {
        f = &r->fields[i];

        if (t_random(seed) % 4 == 0) {
            continue;
        }

        switch (f->kind) {

        case GOV_F_INT:
            *(int64_t *) (p + f->offset) =
                (int64_t) (t_random(seed) >> (t_random(seed) % 64));
            if (t_random(seed) % 3 == 0) {
                *(int64_t *) (p + f->offset) *= -1;
            }
            break;

        case GOV_F_STR:
        case GOV_F_BIN:
            s = (gov_str_t *) (p + f->offset);
            *s = gov_str_fmt(a, "字段 %s %llu", f->name,
                             (unsigned long long) t_random(seed));
            if (f->kind == GOV_F_BIN) {
                s->data[0] = 0;
            }
            break;

        case GOV_F_TREE:
            v = gov_list(a);
            gov_add(v, gov_val_int(a, -7));
            gov_add(v, gov_val_bool(a, 1));
            gov_add(v, gov_val_nil(a));
            gov_put_c(a, gov_add_map(a, v), "名", "值");
            *(gov_value_t **) (p + f->offset) = v;
        }
    }
}


static void
every_record_comes_back_as_it_went_in(void **state)
{
    size_t          i;
    unsigned        n;
    uint64_t        seed;
    gov_str_t       one, two;
    t_store_t      *t = *state;
    gov_any_rec_t   rec, back;

    seed = 610400;

    for (i = 0; i < t_rows(records); i++) {
        assert_true(records[i]->n > 0);
        assert_true(records[i]->size <= sizeof(gov_any_rec_t));

        for (n = 0; n < 50; n++) {
            gov_arena_reset(t->arena);

            fill(t->arena, records[i], &rec, &seed);
            t_ok(gov_rec_encode(t->arena, records[i], &rec, &one));
            t_ok(gov_rec_decode(t->arena, records[i], one, &back));
            gov_rec_own(t->arena, records[i], &back);
            t_ok(gov_rec_encode(t->arena, records[i], &back, &two));

            assert_true(gov_str_eq(one, two));
        }
    }
}


static void
assert_tree_alone(t_store_t *t, gov_record_t *r, gov_str_t value, void *rec)
{
    unsigned      i;
    gov_buf_t     one, two;
    gov_value_t  *alone, *whole;

    for (i = 0; i < r->n; i++) {
        if (r->fields[i].kind != GOV_F_TREE) {
            continue;
        }

        whole = *gov_rec_at(&r->fields[i], rec, gov_value_t *);
        t_ok(gov_rec_tree(t->arena, r, value, r->fields[i].offset, &alone));
        assert_int_equal(alone == NULL, whole == NULL);

        if (whole != NULL) {
            gov_buf_init(&one, t->arena, 100);
            gov_buf_init(&two, t->arena, 100);
            gov_json_write(&one, alone, GOV_JSON_CANON);
            gov_json_write(&two, whole, GOV_JSON_CANON);
            assert_true(gov_str_eq(one.s, two.s));
        }
    }
}


static void
a_tree_is_read_alone_as_with_the_others(void **state)
{
    size_t          i;
    unsigned        n;
    uint64_t        seed;
    gov_str_t       value;
    t_store_t      *t = *state;
    gov_any_rec_t   rec;

    seed = 1949;

    for (i = 0; i < t_rows(records); i++) {
        for (n = 0; n < 20; n++) {
            gov_arena_reset(t->arena);
            fill(t->arena, records[i], &rec, &seed);
            t_ok(gov_rec_encode(t->arena, records[i], &rec, &value));
            assert_tree_alone(t, records[i], value, &rec);
        }
    }
}


static void
every_record_survives_the_way_through_json(void **state)
{
    size_t          i;
    unsigned        n;
    uint64_t        seed;
    gov_buf_t       b;
    gov_str_t       one, two;
    gov_value_t    *v;
    t_store_t      *t = *state;
    gov_any_rec_t   rec, back;

    seed = 4711;

    for (i = 0; i < t_rows(records); i++) {
        for (n = 0; n < 20; n++) {
            gov_arena_reset(t->arena);

            fill(t->arena, records[i], &rec, &seed);
            t_ok(gov_rec_encode(t->arena, records[i], &rec, &one));

            gov_buf_init(&b, t->arena, 100);
            gov_json_write(&b, gov_rec_value(t->arena, records[i], &rec),
                           GOV_JSON_CANON);
            t_ok(gov_json_parse(t->arena, b.s, &v, &t->err));

            t_ok(gov_rec_from_value(t->arena, records[i], v, &back, &t->err));
            t_ok(gov_rec_encode(t->arena, records[i], &back, &two));

            assert_true(gov_str_eq(one, two));
        }
    }
}


/* fields ascend and none has a number twice, or rewriting would lose order */

static void
fields_of_every_record_ascend(void **state)
{
    size_t    i;
    unsigned  n;

    (void) state;

    for (i = 0; i < t_rows(records); i++) {
        for (n = 1; n < records[i]->n; n++) {
            assert_true(records[i]->fields[n - 1].number
                        < records[i]->fields[n].number);
            assert_true(records[i]->fields[n].number < 128);
        }
    }
}


static gov_str_t
sealed(t_store_t *t, const char *map, size_t len)
{
    gov_str_t  value;

    value.len = GOV_SUM_LEN + 1 + len;
    value.data = gov_alloc(t->arena, value.len);
    value.data[GOV_SUM_LEN] = 1;
    memcpy(value.data + GOV_SUM_LEN + 1, map, len);
    gov_sum_put(value.data, (gov_str_t) { len + 1,
                                          value.data + GOV_SUM_LEN });

    return value;
}


static void
fields_of_a_newer_program_survive_a_rewrite(void **state)
{
    gov_str_t       value;
    gov_value_t    *v;
    t_store_t      *t = *state;
    gov_ref_rec_t   ref;

    /* {1: 5, 9: "新", 100: [1.5, bin, {}]} */

    static char  map[] = "\x83\x01\x05\x09\xa3\xe6\x96\xb0"
                         "\x64\x93\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00"
                         "\xc4\x02\x00\xff\x80";

    value = sealed(t, map, sizeof(map) - 1);

    t_ok(gov_rec_decode(t->arena, &gov_rec_ref, value, &ref));
    assert_int_equal(ref.to, 5);
    assert_int_equal(ref.rest.len, sizeof(map) - 1 - 3);

    ref.to = 6;
    t_ok(gov_rec_encode(t->arena, &gov_rec_ref, &ref, &value));

    map[2] = 6;
    assert_int_equal(value.len, sizeof(map) - 1 + 5);
    assert_memory_equal(value.data + 5, map, sizeof(map) - 1);

    /* and in JSON */

    v = gov_rec_value(t->arena, &gov_rec_ref, &ref);
    memset(&ref, 0, sizeof(gov_ref_rec_t));
    t_ok(gov_rec_from_value(t->arena, &gov_rec_ref, v, &ref, &t->err));
    t_ok(gov_rec_encode(t->arena, &gov_rec_ref, &ref, &value));
    assert_memory_equal(value.data + 5, map, sizeof(map) - 1);
}


static void
any_changed_byte_is_found(void **state)
{
    size_t          i;
    uint64_t        seed;
    gov_str_t       value;
    t_store_t      *t = *state;
    gov_value_t    *tree;
    gov_doc_rec_t   doc;

    seed = 99;
    fill(t->arena, &gov_rec_doc, &doc, &seed);
    t_ok(gov_rec_encode(t->arena, &gov_rec_doc, &doc, &value));

    for (i = 0; i < value.len; i++) {
        value.data[i] ^= 1 << (i % 8);
        t_rc(gov_rec_decode(t->arena, &gov_rec_doc, value, &doc),
             GOV_CORRUPT);
        t_rc(gov_rec_tree(t->arena, &gov_rec_doc, value,
                          offsetof(gov_doc_rec_t, refs), &tree),
             GOV_CORRUPT);
        value.data[i] ^= 1 << (i % 8);
    }

    for (i = 0; i < value.len; i++) {
        t_rc(gov_rec_decode(t->arena, &gov_rec_doc,
                            (gov_str_t) { i, value.data }, &doc),
             GOV_CORRUPT);
    }

    t_ok(gov_rec_decode(t->arena, &gov_rec_doc, value, &doc));
}


/* damage with a checksum that holds: a program's mistake, or malice */

static void
wrong_bytes_under_a_right_checksum_do_no_harm(void **state)
{
    size_t          i, at;
    uint64_t        seed;
    gov_str_t       value, changed;
    t_store_t      *t = *state;
    gov_value_t    *tree;
    gov_doc_rec_t   doc;

    seed = 7;

    for (i = 0; i < 20000; i++) {
        gov_arena_reset(t->arena);
        fill(t->arena, &gov_rec_doc, &doc, &seed);
        t_ok(gov_rec_encode(t->arena, &gov_rec_doc, &doc, &value));

        at = 5 + t_random(&seed) % (value.len - 5);
        value.data[at] = (u_char) t_random(&seed);

        if (t_random(&seed) % 4 == 0) {
            value.len = at + 1;
        }

        changed = sealed(t, (char *) value.data + 5, value.len - 5);

        if (gov_rec_decode(t->arena, &gov_rec_doc, changed, &doc) == GOV_OK) {
            assert_tree_alone(t, &gov_rec_doc, changed, &doc);
            t_ok(gov_rec_encode(t->arena, &gov_rec_doc, &doc, &value));

        } else {
            (void) gov_rec_tree(t->arena, &gov_rec_doc, changed,
                                offsetof(gov_doc_rec_t, refs), &tree);
        }
    }
}


static void
values_of_the_wrong_kind_are_corrupt(void **state)
{
    size_t          i;
    t_store_t      *t = *state;
    gov_ref_rec_t   ref;
    static struct {
        const char  *map;
        size_t       len;
    } rows[] = {
        { "\x81\x01\xa1x", 4 },           /* text for a number */
        { "\x81\xa1x\x01", 4 },           /* a text as a key */
        { "\x81\x01", 2 },                /* cut */
        { "\x91\x01", 2 },                /* a list */
        { "\x81\x01\x05\x00", 4 },        /* more than one value */
        { "\x81\x01\xdd\xff\xff\xff\xff", 7 },    /* a huge list */
        { "\xdf\xff\xff\xff\xff", 5 },            /* a huge map */
        { "\x81\x01\xc1", 3 }             /* never used */
    };

    for (i = 0; i < t_rows(rows); i++) {
        t_rc(gov_rec_decode(t->arena, &gov_rec_ref,
                            sealed(t, rows[i].map, rows[i].len), &ref),
             GOV_CORRUPT);
    }
}


static void
a_number_is_read_in_each_of_its_forms(void **state)
{
    size_t          i;
    t_store_t      *t = *state;
    gov_ref_rec_t   ref;
    static struct {
        const char  *map;
        size_t       len;
        int64_t      n;
    } rows[] = {
        { "\x81\x01\x7f", 3, 127 },
        { "\x81\x01\xe0", 3, -32 },
        { "\x81\x01\xcc\xff", 4, 255 },
        { "\x81\x01\xcd\x80\x00", 5, 32768 },
        { "\x81\x01\xce\x80\x00\x00\x00", 7, 2147483648 },
        { "\x81\x01\xcf\x00\x00\x00\x01\x00\x00\x00\x00", 11, 4294967296 },
        { "\x81\x01\xd0\x80", 4, -128 },
        { "\x81\x01\xd1\xff\x00", 5, -256 },
        { "\x81\x01\xd2\xff\xff\x00\x00", 7, -65536 },
        { "\x81\x01\xd3\xff\xff\xff\xff\x00\x00\x00\x00", 11,
          -4294967296 },
        { "\xde\x00\x01\x01\x05", 5, 5 },        /* a longer head */
        { "\x82\x01\x05\x7f\xca\x00\x00\x00\x00", 9, 5 }     /* kept */
    };

    for (i = 0; i < t_rows(rows); i++) {
        t_ok(gov_rec_decode(t->arena, &gov_rec_ref,
                            sealed(t, rows[i].map, rows[i].len), &ref));
        assert_int_equal(ref.to, rows[i].n);
        assert_int_equal(ref.rest.len, i == t_rows(rows) - 1 ? 6 : 0);
    }
}


static void
a_tree_too_deep_to_be_read_is_not_written(void **state)
{
    int                i;
    gov_str_t          value;
    gov_value_t       *v, *outer;
    t_store_t         *t = *state;
    gov_policy_rec_t   policy;

    memset(&policy, 0, sizeof(gov_policy_rec_t));
    v = gov_list(t->arena);

    for (i = 1; i < 60; i++) {
        policy.rules = v;

        if (i <= 24) {
            t_ok(gov_rec_encode(t->arena, &gov_rec_policy, &policy, &value));
            t_ok(gov_rec_decode(t->arena, &gov_rec_policy, value, &policy));

        } else {
            t_rc(gov_rec_encode(t->arena, &gov_rec_policy, &policy, &value),
                 GOV_INVALID);
        }

        outer = gov_list(t->arena);
        gov_add(outer, v);
        v = outer;
    }
}


static void
unknown_names_and_wrong_kinds_in_json_are_refused(void **state)
{
    size_t              i;
    gov_value_t        *v;
    t_store_t          *t = *state;
    gov_meta_rec_t      m;
    static const char  *rows[] = {
        "{\"nope\":1}", "{\"value\":\"1\"}", "{\"text\":1}",
        "{\"bytes\":\"0\"}", "{\"bytes\":\"xy\"}", "{\"text\":{}}",
        "{\"~rest\":1}", "[]"
    };

    for (i = 0; i < t_rows(rows); i++) {
        t_ok(gov_json_parse(t->arena, gov_str_of(rows[i]), &v, NULL));
        t_rc(gov_rec_from_value(t->arena, &gov_rec_meta, v, &m, NULL),
             GOV_INVALID);
    }

    t_rc(gov_rec_from_value(t->arena, &gov_rec_meta, NULL, &m, NULL),
         GOV_INVALID);
}


static void
text_that_is_not_utf8_survives_json(void **state)
{
    gov_value_t     *v;
    t_store_t       *t = *state;
    gov_meta_rec_t   m;

    memset(&m, 0, sizeof(gov_meta_rec_t));
    m.text = gov_s("a\xff\x80z");

    v = gov_rec_value(t->arena, &gov_rec_meta, &m);
    t_ok(gov_rec_from_value(t->arena, &gov_rec_meta, v, &m, &t->err));
    assert_true(gov_str_is(m.text, "a\xff\x80z"));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(every_record_comes_back_as_it_went_in),
        t_test(a_tree_is_read_alone_as_with_the_others),
        t_test(every_record_survives_the_way_through_json),
        t_test(fields_of_every_record_ascend),
        t_test(fields_of_a_newer_program_survive_a_rewrite),
        t_test(any_changed_byte_is_found),
        t_test(wrong_bytes_under_a_right_checksum_do_no_harm),
        t_test(values_of_the_wrong_kind_are_corrupt),
        t_test(a_number_is_read_in_each_of_its_forms),
        t_test(a_tree_too_deep_to_be_read_is_not_written),
        t_test(unknown_names_and_wrong_kinds_in_json_are_refused),
        t_test(text_that_is_not_utf8_survives_json)
    };

    return cmocka_run_group_tests_name("store/gov_record", tests, NULL, NULL);
}
