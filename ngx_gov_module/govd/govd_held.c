
/*
 * Copyright (C) ngx_gov authors
 *
 * What govd has still to do with files of any site: those that are held are
 * scanned again, those that lay in a recycle bin as long as the policy keeps
 * them are purged, bytes that nobody needs go (govd_bytes.c).  All stand in
 * lists of the hub, so that none asks how many sites there are.  By the clock
 * once a minute, in a thread of the pool that looks at uploads; a few each
 * time, going on behind the last one.
 */


#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "govd/govd_file.h"


#define GOVD_HELD_EVERY  60000000       /* us */
#define GOVD_HELD_MAX    50             /* files a time */


typedef struct {
    govd_t           *g;
    gov_arena_t      *arena;
    gov_upload_t      rules;
    gov_value_t      *list;             /* maps of site, digest */
} govd_round_t;


static void govd_held_round(void *data);
static gov_rc_t govd_held_read(govd_round_t *round, gov_table_t table,
    size_t site_at, gov_key_t *from);
static void govd_held_scan(govd_round_t *round, gov_value_t *row);
static void govd_held_purge(govd_round_t *round, gov_value_t *row);
static void govd_held_op(govd_round_t *round, const char *command,
    gov_value_t *input);


static atomic_int  govd_held_busy;
static gov_key_t   govd_held_from;      /* of the pool's thread at work */
static gov_key_t   govd_held_bin_from;


void
govd_held_tick(govd_t *g)
{
    static int64_t      last;
    static govd_slow_t  slow;

    if (atomic_load(&govd_held_busy)
        || !govd_own_due(&last, gov_now(), GOVD_HELD_EVERY))
    {
        return;
    }

    atomic_store(&govd_held_busy, 1);
    slow.run = govd_held_round;
    slow.data = g;

    if (govd_pool_put(g->files, &slow) != GOV_OK) {
        atomic_store(&govd_held_busy, 0);
    }
}


static void
govd_held_round(void *data)
{
    gov_value_t   *row;
    govd_round_t   round;

    round.g = data;
    round.arena = gov_arena_new(16384);

    if (govd_held_read(&round, GOV_T_HELD, 0, &govd_held_from) == GOV_OK) {
        gov_each (row, round.list) {
            govd_held_scan(&round, row);
        }
    }

    if (govd_held_read(&round, GOV_T_BIN, 8, &govd_held_bin_from) == GOV_OK) {
        gov_each (row, round.list) {
            govd_held_purge(&round, row);
        }
    }

    govd_bytes_round(round.g);

    gov_arena_free(&round.arena);
    atomic_store(&govd_held_busy, 0);
}


/* keys end with a site's number, at site_at, and a file's digest */

static gov_rc_t
govd_held_read(govd_round_t *round, gov_table_t table, size_t site_at,
    gov_key_t *from)
{
    gov_rc_t      rc;
    gov_key_t     k;
    gov_txn_t    *t;
    gov_site_t    site;
    gov_scan_t    sc;
    gov_value_t  *row;

    round->list = gov_list(round->arena);

    rc = gov_txn_begin(round->g->store, GOV_TXN_READ, &t, NULL);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_upload_get(t, round->arena, gov_now(), &round->rules);

    if (rc == GOV_OK) {
        rc = gov_scan_open(&sc, gov_handle(t, GOV_HUB), table, gov_key(&k),
                           GOV_FORWARD);
    }

    if (rc != GOV_OK) {
        gov_txn_end(&t);
        return rc;
    }

    gov_scan_from(&sc, from);

    while (round->list->n < GOVD_HELD_MAX
           && gov_scan_next(&sc, round->arena, NULL) == GOV_OK)
    {
        if (sc.key.len != site_at + 4 + GOV_DIGEST_LEN
            || gov_site_get(t, round->arena, gov_key_get4(sc.key, site_at),
                            &site) != GOV_OK)
        {
            continue;
        }

        row = gov_add_map(round->arena, round->list);
        gov_put_str(round->arena, row, "site",
                    gov_str_copy(round->arena, site.rec.code));
        gov_put_str(round->arena, row, "digest",
                    gov_hex_str(round->arena, sc.key.data + site_at + 4,
                                GOV_DIGEST_LEN));

        if (site_at) {
            gov_put_int(round->arena, row, "time",
                        (int64_t) gov_key_get8(sc.key, 0));
        }

        gov_key_s(from, sc.key);
        from->data[from->len - 1]++;    /* just behind it */
    }

    if (round->list->n < GOVD_HELD_MAX) {
        from->len = 0;
    }

    gov_scan_close(&sc);
    round->rules.types = NULL;
    gov_txn_end(&t);

    return GOV_OK;
}


static void
govd_held_scan(govd_round_t *round, gov_value_t *row)
{
    int                fd;
    gov_str_t          path, why;
    struct stat        st;
    gov_value_t       *input;
    gov_arena_t       *a = round->arena;
    gov_file_state_t   state;

    if (gov_blob_path(a, round->g->conf->blobs, gov_get_str(row, "digest"),
                      &path)
        != GOV_OK)
    {
        return;
    }

    fd = open(gov_str_c(a, path), O_RDONLY|O_CLOEXEC);

    if (fd == -1 || fstat(fd, &st) == -1) {
        govd_log(GOVD_WARN, "a held file cannot be read: %s",
                 strerror(errno));
        return;
    }

    state = govd_file_scan(round->g, a, &round->rules, fd,
                           (size_t) st.st_size, &why);
    (void) close(fd);

    if (state == GOV_FILE_HELD) {
        return;
    }

    input = gov_map(a);
    gov_put_str(a, input, "site", gov_get_str(row, "site"));
    gov_put_str(a, input, "digest", gov_get_str(row, "digest"));
    gov_put_c(a, input, "state", gov_file_state_name(state));
    gov_put_some(a, input, "why", why);

    govd_held_op(round, "file.settle", input);
}


static void
govd_held_purge(govd_round_t *round, gov_value_t *row)
{
    int64_t       keep;
    gov_value_t  *input;
    gov_arena_t  *a = round->arena;

    keep = round->rules.keep * 24 * 3600 * 1000000;

    if (gov_get_int(row, "time", 0) > gov_now() - keep) {
        return;
    }

    input = gov_map(a);
    gov_put_str(a, input, "site", gov_get_str(row, "site"));
    gov_put_str(a, input, "digest", gov_get_str(row, "digest"));

    govd_held_op(round, "file.purge", input);
}


/* a refusal is none to tell: a version may name the file, a site be closed */

static void
govd_held_op(govd_round_t *round, const char *command, gov_value_t *input)
{
    govd_job_t  job;

    memset(&job, 0, sizeof(govd_job_t));
    job.arena = round->arena;

    (void) govd_own_do(round->g, &job, command, input);
}
