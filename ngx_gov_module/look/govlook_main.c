
/*
 * Copyright (C) ngx_gov authors
 *
 * govlook's command line; govd alone runs it (govd/govd_look.c):
 *
 *     govlook file PIXELS                       <file 3>.. 4>.. 5>..
 *     govlook archive ENTRIES BYTES RATIO       <file 3>..
 *
 * and reads one line of JSON.
 */


#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "look/gov_look.h"


static int govlook_usage(void);


int
main(int argc, char **argv)
{
    gov_buf_t           b;
    gov_arena_t        *a;
    gov_value_t        *out;
    gov_look_limits_t   limits;

    if (!(argc == 3 && strcmp(argv[1], "file") == 0)
        && !(argc == 5 && strcmp(argv[1], "archive") == 0))
    {
        return govlook_usage();
    }

    memset(&limits, 0, sizeof(gov_look_limits_t));
    a = gov_arena_new(16384);
    out = gov_map(a);

    if (gov_look_begin() != GOV_OK) {
        (void) fputs("govlook: the libraries do not start\n", stderr);
        return 1;
    }

    if (argc == 3) {
        limits.pixels = atoll(argv[2]);
        gov_look_type(a, out);
        gov_look_image(a, &limits, out);

    } else {
        limits.entries = atoll(argv[2]);
        limits.bytes = atoll(argv[3]);
        limits.ratio = atoll(argv[4]);
        gov_look_archive(a, &limits, out);
    }

    gov_buf_init(&b, a, 4096);
    gov_json_write(&b, out, 0);
    (void) printf("%.*s\n", gov_strf(b.s));
    gov_arena_free(&a);

    return fflush(stdout) == 0 ? 0 : 1;
}


static int
govlook_usage(void)
{
    (void) fputs("govlook is run by govd, which gives it a file to look at\n",
                 stderr);
    return 2;
}


gov_rc_t
gov_look_begin(void)
{
    gov_rc_t  rc;

    /* names of entries may be in any character, libarchive asks the locale */

    (void) setlocale(LC_CTYPE, "C.UTF-8");

    rc = gov_look_type_begin();

    if (rc == GOV_OK) {
        rc = gov_look_image_begin();
    }

    return rc == GOV_OK && gov_look_cage() != 0 ? GOV_ERROR : rc;
}
