
/*
 * Copyright (C) ngx_gov authors
 *
 * The clock: the real one, and in test builds the injected one.
 */


#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "base/t_base.h"


static char  t_name[] = "/tmp/gov_clock_XXXXXX";
static int   t_fd;


static void t_set(const char *text);


static void
t_set(const char *text)
{
    assert_int_equal(ftruncate(t_fd, 0), 0);
    assert_int_equal(pwrite(t_fd, text, strlen(text), 0), strlen(text));
}


#ifndef GOV_TEST_CLOCK

static void
the_clock_is_the_real_one(void **state)
{
    int64_t          now;
    struct timespec  before, after;

    (void) state;

    t_fd = mkstemp(t_name);
    assert_true(t_fd != -1);
    t_set("5");
    setenv("GOV_TEST_CLOCK_FILE", t_name, 1);

    /* not time(): its coarse clock runs a tick behind */

    clock_gettime(CLOCK_REALTIME, &before);
    now = gov_now();
    clock_gettime(CLOCK_REALTIME, &after);

    assert_true(now >= before.tv_sec * 1000000LL + before.tv_nsec / 1000);
    assert_true(now <= after.tv_sec * 1000000LL + after.tv_nsec / 1000);

    close(t_fd);
    unlink(t_name);
}

#else

static void
the_clock_is_the_one_in_the_file(void **state)
{
    int64_t  real;

    (void) state;

    /* no variable, no file: the real one */

    unsetenv("GOV_TEST_CLOCK_FILE");
    real = (int64_t) time(NULL) * 1000000;
    assert_true(gov_now() >= real - 1000000);

    setenv("GOV_TEST_CLOCK_FILE", "/nowhere/at/all", 1);
    assert_true(gov_now() >= real - 1000000);

    t_fd = mkstemp(t_name);
    assert_true(t_fd != -1);
    setenv("GOV_TEST_CLOCK_FILE", t_name, 1);

    /* an empty one: not yet; then read afresh at every call */

    assert_true(gov_now() >= real - 1000000);

    t_set("1763884800000000\n");
    assert_true(gov_now() == 1763884800000000);

    t_set("5");
    assert_true(gov_now() == 5);

    /* half written: what it was */

    t_set("");
    assert_true(gov_now() == 5);
    t_set("x");
    assert_true(gov_now() == 5);

    t_set("-7 \n");
    assert_true(gov_now() == -7);

    close(t_fd);
    unlink(t_name);
}

#endif


int
main(void)
{
    const struct CMUnitTest  tests[] = {
#ifdef GOV_TEST_CLOCK
        cmocka_unit_test(the_clock_is_the_one_in_the_file)
#else
        cmocka_unit_test(the_clock_is_the_real_one)
#endif
    };

    return cmocka_run_group_tests_name("base/gov_clock", tests, NULL, NULL);
}
