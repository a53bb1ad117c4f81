
/*
 * Copyright (C) ngx_gov authors
 *
 * Points: one process dies of an armed one, and none in a release build.
 */


#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/t_base.h"


static char  t_dir[] = "/tmp/gov_point_XXXXXX";
static char  t_file[64];


static int t_child(void);


/* 1: a process that comes to the point dies of it */

static int
t_child(void)
{
    int    status;
    pid_t  pid;

    pid = fork();
    assert_int_not_equal(pid, -1);

    if (pid == 0) {
        gov_point("here");
        _exit(0);
    }

    assert_int_equal(waitpid(pid, &status, 0), pid);

    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}


static void
an_armed_point_kills_once(void **state)
{
    int  fd;

    (void) state;

    assert_non_null(mkdtemp(t_dir));
    (void) snprintf(t_file, sizeof(t_file), "%s/here", t_dir);
    (void) setenv("GOV_POINTS", t_dir, 1);

    assert_int_equal(t_child(), 0);

    fd = open(t_file, O_WRONLY|O_CREAT, 0600);
    assert_int_not_equal(fd, -1);
    (void) close(fd);

#ifdef GOV_TEST
    assert_int_equal(t_child(), 1);
    assert_int_equal(access(t_file, F_OK), -1);
#endif

    assert_int_equal(t_child(), 0);

    (void) unlink(t_file);
    (void) rmdir(t_dir);
    (void) unsetenv("GOV_POINTS");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(an_armed_point_kills_once)
    };

    return cmocka_run_group_tests_name("base/gov_point", tests, NULL, NULL);
}
