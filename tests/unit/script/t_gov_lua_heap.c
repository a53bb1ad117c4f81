
/*
 * Copyright (C) ngx_gov authors
 *
 * The heap: blocks do not overlap, and an image brings back what was there.
 */


#include "script/t_script.h"


#define T_BLOCKS  400


typedef struct {
    u_char  *p;
    size_t   size;
    u_char   c;
} t_block_t;


static uint32_t t_next(uint32_t *seed);


static uint32_t
t_next(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;

    return *seed >> 8;
}


static void
blocks_keep_their_bytes(void **state)
{
    int           i, k;
    size_t        j, keep, size;
    uint32_t      seed;
    t_block_t     blocks[T_BLOCKS], *b;
    gov_heap_t   *heap;

    (void) state;

    heap = gov_heap_open(4 * 1024 * 1024);
    assert_non_null(heap);
    memset(blocks, 0, sizeof(blocks));
    seed = 7;

    for (i = 0; i < 20000; i++) {
        k = t_next(&seed) % T_BLOCKS;
        b = &blocks[k];
        size = t_next(&seed) % (i % 10 == 0 ? 9000 : 200);

        b->p = gov_heap_alloc(heap, b->p, b->size, size);

        if (size == 0) {
            assert_null(b->p);
            b->size = 0;
            continue;
        }

        assert_non_null(b->p);
        assert_int_equal((uintptr_t) b->p % 16, 0);
        keep = b->size < size ? b->size : size;

        for (j = 0; j < keep; j++) {
            assert_int_equal(b->p[j], b->c);
        }

        b->size = size;
        b->c = (u_char) i;
        memset(b->p, b->c, size);
    }

    gov_heap_close(&heap);
    assert_null(heap);
}


static void
a_full_heap_refuses_and_shrinks(void **state)
{
    void        *p, *q;
    gov_heap_t  *heap;

    (void) state;

    heap = gov_heap_open(64 * 1024);

    p = gov_heap_alloc(heap, NULL, 0, 40000);
    assert_non_null(p);
    q = gov_heap_alloc(heap, NULL, 0, 24000);
    assert_null(q);

    /* never refused */
    p = gov_heap_alloc(heap, p, 40000, 30000);
    assert_non_null(p);
    assert_null(gov_heap_alloc(heap, p, 30000, 60000));
    assert_null(gov_heap_alloc(heap, NULL, 0, (size_t) 1 << 40));

    /* memory returned is used again */
    assert_null(gov_heap_alloc(heap, p, 30000, 0));
    assert_non_null(gov_heap_alloc(heap, NULL, 0, 30000));

    gov_heap_close(&heap);
}


static void
an_image_brings_everything_back(void **state)
{
    u_char       *p, *q;
    gov_heap_t   *heap;
    gov_image_t   image;

    (void) state;

    heap = gov_heap_open(4 * 1024 * 1024);

    p = gov_heap_alloc(heap, NULL, 0, 100);
    memset(p, 'a', 100);
    q = gov_heap_alloc(heap, NULL, 0, 100);
    gov_heap_alloc(heap, q, 100, 0);

    assert_int_equal(gov_heap_save(heap, &image), 0);

    memset(p, 'b', 100);
    assert_ptr_equal(gov_heap_alloc(heap, NULL, 0, 100), q);
    assert_non_null(gov_heap_alloc(heap, NULL, 0, 3 * 1024 * 1024));

    gov_heap_load(heap, &image);
    assert_int_equal(p[0], 'a');
    assert_int_equal(p[99], 'a');
    assert_ptr_equal(gov_heap_alloc(heap, NULL, 0, 100), q);
    assert_non_null(gov_heap_alloc(heap, NULL, 0, 3 * 1024 * 1024));

    free(image.bytes);
    gov_heap_close(&heap);
}


/* blocks of all sizes, every other one given back before the image is made */

static void
what_is_spare_is_not_in_an_image(void **state)
{
    u_char       *p[200];
    size_t        i, size, kept;
    gov_heap_t   *heap;
    gov_image_t   image;

    (void) state;

    heap = gov_heap_open(4 * 1024 * 1024);
    kept = 0;

    for (i = 0; i < 200; i++) {
        size = 100 + 97 * i;
        p[i] = gov_heap_alloc(heap, NULL, 0, size);
        assert_non_null(p[i]);
        memset(p[i], (int) i, size);
    }

    for (i = 0; i < 200; i++) {
        size = 100 + 97 * i;

        if (i % 2 == 0) {
            (void) gov_heap_alloc(heap, p[i], size, 0);

        } else {
            kept += size;
        }
    }

    assert_int_equal(gov_heap_save(heap, &image), 0);
    assert_true(image.size < kept + kept / 4);

    /* two renders: each overwrites what is there and takes blocks anew */

    for (i = 0; i < 400; i++) {
        if (i % 200 == 0) {
            gov_heap_load(heap, &image);
        }

        size = 100 + 97 * (i % 200);

        if (i % 2 == 0) {
            p[i % 200] = gov_heap_alloc(heap, NULL, 0, size);
            assert_non_null(p[i % 200]);
            memset(p[i % 200], 0xff, size);

        } else {
            assert_int_equal(p[i % 200][0], i % 200);
            assert_int_equal(p[i % 200][size - 1], i % 200);
            memset(p[i % 200], 0xff, size);
        }
    }

    free(image.bytes);
    gov_heap_close(&heap);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(blocks_keep_their_bytes),
        cmocka_unit_test(a_full_heap_refuses_and_shrinks),
        cmocka_unit_test(an_image_brings_everything_back),
        cmocka_unit_test(what_is_spare_is_not_in_an_image)
    };

    return cmocka_run_group_tests_name("script/gov_lua_heap", tests, NULL,
                                       NULL);
}
