
/*
 * Copyright (C) ngx_gov authors
 *
 * unlink() succeeds once, so that one process dies of an armed point.
 */


#include "base/gov_point.h"


#ifdef GOV_TEST

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>


void
gov_point(const char *name)
{
    char         path[512];
    const char  *dir;

    dir = getenv("GOV_POINTS");

    if (dir == NULL) {
        return;
    }

    (void) snprintf(path, sizeof(path), "%s/%s", dir, name);

    if (unlink(path) != 0) {
        return;
    }

    (void) kill(getpid(), SIGKILL);

    for ( ;; ) {
        (void) pause();
    }
}


int
gov_points(void)
{
    return getenv("GOV_POINTS") != NULL;
}

#else

/* ISO C forbids an empty unit */
typedef int  gov_point_t;

#endif
