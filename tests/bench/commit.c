
/*
 * Copyright (C) ngx_gov authors
 *
 * What the disk takes for one synced commit: a new store in FOLDER, N commits
 * of one value of a page's size, one after the other.
 *
 *     commit FOLDER N
 *
 * Prints the median and the 99th of a hundred, in microseconds.
 */


#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "store/gov_store_int.h"


#define COMMIT_VALUE  3300


static void
commit_die(const char *what, gov_err_t *err)
{
    fprintf(stderr, "commit: %s: %s\n", what, err->text);
    exit(1);
}


static double
commit_clock(void)
{
    struct timespec  t;

    (void) clock_gettime(CLOCK_MONOTONIC, &t);

    return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}


static void
commit_one(gov_store_t *store, uint32_t i)
{
    gov_err_t   err;
    gov_txn_t  *txn;

    static u_char  key[] = { 0, 0, 0, 0, 255, 0, 0, 0 };
    static u_char  value[COMMIT_VALUE];

    err.text[0] = '\0';
    memcpy(key + GOV_KEY_HEAD, &i, sizeof(key) - GOV_KEY_HEAD);

    if (gov_txn_begin(store, GOV_TXN_WRITE, &txn, &err) != GOV_OK
        || store->backend->put(txn->txn, (gov_str_t) { sizeof(key), key },
                               (gov_str_t) { COMMIT_VALUE, value })
           != GOV_OK
        || gov_txn_commit(&txn, &err) != GOV_OK)
    {
        commit_die("commit", &err);
    }
}


static int
commit_cmp(const void *one, const void *two)
{
    double  a, b;

    a = *(double *) one;
    b = *(double *) two;

    return (a > b) - (a < b);
}


int
main(int argc, char **argv)
{
    double            *us, from;
    uint32_t           i, n;
    gov_err_t          err;
    gov_store_t       *store;
    gov_store_conf_t   conf;

    if (argc != 3) {
        fprintf(stderr, "usage: %s FOLDER N\n", argv[0]);
        return 2;
    }

    memset(&conf, 0, sizeof(gov_store_conf_t));
    conf.dir = argv[1];
    conf.flags = GOV_STORE_WRITE;
    conf.group_gid = -1;

    if (gov_store_open(&conf, &store, &err) != GOV_OK) {
        commit_die("store", &err);
    }

    n = (uint32_t) atoi(argv[2]);
    us = calloc(n, sizeof(double));

    for (i = 0; i < n; i++) {
        from = commit_clock();
        commit_one(store, i);
        us[i] = commit_clock() - from;
    }

    qsort(us, n, sizeof(double), commit_cmp);
    printf("%.1f %.1f\n", us[n / 2], us[n - 1 - n / 100]);
    free(us);
    gov_store_close(&store);

    return 0;
}
