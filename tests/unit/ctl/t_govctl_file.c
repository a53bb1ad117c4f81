
/*
 * Copyright (C) ngx_gov authors
 *
 * Files: lines of any length, packed or not, cut short or whole.
 */


#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

#include "ctl/govctl_int.h"


#define LONG_LINE  200000


static char  path[64];


static void
write_file(const void *data, size_t n, int packed)
{
    FILE    *f;
    gzFile   gz;

    (void) snprintf(path, sizeof(path), "/tmp/govctl-file-%d",
                    (int) getpid());

    if (packed) {
        gz = gzopen(path, "wb");
        assert_int_equal(gzwrite(gz, data, (unsigned) n), (int) n);
        assert_int_equal(gzclose(gz), Z_OK);
        return;
    }

    f = fopen(path, "w");
    assert_int_equal(fwrite(data, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}


static void
lines_are_read_whatever_their_end(void **state)
{
    int             packed;
    unsigned        i;
    gov_str_t       line;
    gov_arena_t    *a;
    govctl_file_t  *f;

    static const char  text[] = "one\r\n\ntwo\nlast";
    static const char  *lines[] = { "one", "", "two", "last" };

    (void) state;

    for (packed = 0; packed < 2; packed++) {
        write_file(text, sizeof(text) - 1, packed);
        a = gov_arena_new(1024);
        f = govctl_file_open(path);
        assert_non_null(f);

        for (i = 0; i < 4; i++) {
            assert_int_equal(govctl_file_line(f, a, &line), 1);
            assert_true(gov_str_is(line, lines[i]));
        }

        assert_int_equal(govctl_file_line(f, a, &line), 0);
        govctl_file_close(&f);
        assert_null(f);
        gov_arena_free(&a);
    }

    (void) unlink(path);
}


static void
a_line_may_be_longer_than_any_buffer(void **state)
{
    char           *text;
    gov_str_t       line, whole;
    gov_arena_t    *a;
    govctl_file_t  *f;

    (void) state;

    text = malloc(LONG_LINE + 3);
    memset(text, 'x', LONG_LINE);
    memcpy(text + LONG_LINE, "\ny\n", 3);
    write_file(text, LONG_LINE + 3, 1);

    a = gov_arena_new(1024);
    f = govctl_file_open(path);

    assert_int_equal(govctl_file_line(f, a, &line), 1);
    assert_int_equal(line.len, LONG_LINE);
    assert_int_equal(govctl_file_line(f, a, &line), 1);
    assert_true(gov_str_is(line, "y"));
    assert_int_equal(govctl_file_line(f, a, &line), 0);
    govctl_file_close(&f);

    assert_int_equal(govctl_file_read(a, path, &whole), 0);
    assert_int_equal(whole.len, LONG_LINE + 3);
    assert_memory_equal(whole.data, text, LONG_LINE + 3);

    gov_arena_free(&a);
    free(text);
    (void) unlink(path);
}


static void
a_packed_file_cut_short_is_a_failure(void **state)
{
    int             rc;
    char            noise[20000];
    size_t          i;
    gov_str_t       line, whole;
    gov_arena_t    *a;
    govctl_file_t  *f;

    (void) state;

    srand(7);

    for (i = 0; i < sizeof(noise); i++) {
        noise[i] = (char) (i % 100 == 99 ? '\n' : 'a' + rand() % 26);
    }

    write_file(noise, sizeof(noise), 1);
    assert_int_equal(truncate(path, 5000), 0);

    a = gov_arena_new(1024);
    assert_int_equal(govctl_file_read(a, path, &whole), -1);

    f = govctl_file_open(path);

    do {
        rc = govctl_file_line(f, a, &line);
    } while (rc == 1);

    assert_int_equal(rc, -1);
    govctl_file_close(&f);

    (void) unlink(path);
    assert_int_equal(govctl_file_read(a, path, &whole), -1);
    gov_arena_free(&a);
}


int
main(void)
{
    static const struct CMUnitTest  tests[] = {
        cmocka_unit_test(lines_are_read_whatever_their_end),
        cmocka_unit_test(a_line_may_be_longer_than_any_buffer),
        cmocka_unit_test(a_packed_file_cut_short_is_a_failure)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
