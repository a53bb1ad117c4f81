
/*
 * Copyright (C) ngx_gov authors
 *
 * A line of the log is written by one write(), so that lines of threads and
 * processes do not mix:
 *
 *     2026-11-23T16:20:05.123+08:00 notice 4711: text
 */


#include <stdarg.h>
#include <stdio.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "govd/govd_int.h"


static const char  *govd_levels[] = { "error", "warn", "notice" };


void
govd_log(govd_level_t level, const char *fmt, ...)
{
    int             n, m;
    char            line[1024];
    time_t          shown;
    va_list         args;
    struct tm       tm;
    struct timeval  tv;

    (void) gettimeofday(&tv, NULL);
    shown = tv.tv_sec + 8 * 3600;
    (void) gmtime_r(&shown, &tm);

    n = (int) strftime(line, sizeof(line), "%Y-%m-%dT%H:%M:%S", &tm);
    n += snprintf(line + n, sizeof(line) - n, ".%03d+08:00 %s %d: ",
                  (int) (tv.tv_usec / 1000), govd_levels[level],
                  (int) getpid());

    va_start(args, fmt);
    m = vsnprintf(line + n, sizeof(line) - n - 1, fmt, args);
    va_end(args);

    n += m < (int) sizeof(line) - n - 1 ? m : (int) sizeof(line) - n - 2;
    line[n++] = '\n';

    if (write(STDERR_FILENO, line, n) == -1) {
        /* nowhere left to say it */
        return;
    }
}
