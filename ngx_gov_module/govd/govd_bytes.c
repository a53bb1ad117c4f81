
/*
 * Copyright (C) ngx_gov authors
 *
 * What govd does about the bytes of files, once a minute and some at a time
 * (content/gov_file_bytes.c):
 *
 *     gather   files of earlier times that no shelf has are led into the
 *              library, site by site, until there are none
 *     forget   from then on, bytes that nobody needs go: those of GONE, and
 *              those that no row names (govd_stray.c)
 *
 * While bytes go the folder of the blobs is locked, and a backup, which locks
 * it as well, is not going on: what its copy of the store names is there
 * until it has copied it.
 */


#define _GNU_SOURCE

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "govd/govd_file.h"


#define GOVD_GATHER_STEPS  2000         /* sites, or parts of one, a time */
#define GOVD_GATHER_MAX    500          /* files a step */
#define GOVD_FORGET_MAX    200          /* files a time */


typedef struct {
    uint32_t     site;
    gov_key_t    from;                  /* in its files */
} govd_gather_t;


static void govd_gather(govd_t *g);
static gov_rc_t govd_gather_step(govd_t *g, gov_arena_t *a,
    gov_value_t *input);
static gov_rc_t govd_gather_site(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site);
static void govd_forget(govd_t *g);
static gov_rc_t govd_forget_read(govd_t *g, gov_arena_t *a,
    gov_value_t *files);
static int govd_forget_rests(govd_t *g, gov_arena_t *a, gov_str_t hex);
static gov_rc_t govd_bytes_op(govd_t *g, gov_arena_t *a, const char *command,
    gov_value_t *input);


static govd_gather_t  govd_gather_at;   /* of the pool's thread at work */
static gov_key_t      govd_forget_from;


void
govd_bytes_round(govd_t *g)
{
    int64_t     since;
    gov_rc_t    rc;
    gov_txn_t  *t;

    rc = gov_txn_begin(g->store, GOV_TXN_READ, &t, NULL);
    if (rc != GOV_OK) {
        return;
    }

    rc = gov_files_known(t, &since);
    gov_txn_end(&t);

    if (rc == GOV_NOT_FOUND) {
        govd_gather(g);

    } else if (rc == GOV_OK) {
        govd_forget(g);
    }
}


static void
govd_gather(govd_t *g)
{
    gov_rc_t      rc;
    unsigned      i;
    gov_arena_t  *a;
    gov_value_t  *input;

    a = gov_arena_new(16384);
    rc = GOV_OK;

    for (i = 0; rc == GOV_OK && i < GOVD_GATHER_STEPS; i++) {
        input = gov_map(a);

        rc = govd_gather_step(g, a, input);

        if (rc == GOV_OK && gov_member(input, "digests")->n != 0) {
            rc = govd_bytes_op(g, a, "file.gather", input);
        }

        gov_arena_reset(a);
    }

    if (rc == GOV_DONE) {
        input = gov_map(a);
        gov_put_bool(a, input, "all", 1);
        (void) govd_bytes_op(g, a, "file.gather", input);
        govd_gather_at.site = 0;
    }

    gov_arena_free(&a);
}


/* GOV_DONE: all sites have been looked at */

static gov_rc_t
govd_gather_step(govd_t *g, gov_arena_t *a, gov_value_t *input)
{
    gov_rc_t        rc;
    gov_txn_t      *t;
    gov_site_t      site;
    govd_gather_t  *at = &govd_gather_at;

    rc = gov_txn_begin(g->store, GOV_TXN_READ, &t, NULL);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = govd_gather_site(t, a, &site);

    if (rc == GOV_OK) {
        if (site.id != at->site) {
            at->site = site.id;
            at->from.len = 0;
        }

        gov_put_str(a, input, "site", gov_str_copy(a, site.rec.code));

        rc = gov_files_missed(t, a, site.id, &at->from, GOVD_GATHER_MAX,
                              gov_put_list(a, input, "digests"));

        if (rc == GOV_DONE) {
            at->site++;
            at->from.len = 0;
            rc = GOV_OK;
        }
    }

    gov_txn_end(&t);

    return rc;
}


/* the one it stopped in, or the next */

static gov_rc_t
govd_gather_site(gov_txn_t *t, gov_arena_t *a, gov_site_t *site)
{
    gov_rc_t    rc;
    gov_key_t   k;
    gov_scan_t  sc;

    rc = gov_scan_open(&sc, gov_handle(t, GOV_HUB), GOV_T_SITES, gov_key(&k),
                       GOV_FORWARD);

    if (rc == GOV_OK) {
        gov_scan_from(&sc, gov_key4(&k, govd_gather_at.site));

        rc = gov_scan_next(&sc, a, &site->rec);
        site->id = rc == GOV_OK ? gov_key_get4(sc.key, 0) : 0;
        gov_scan_close(&sc);
    }

    return rc;
}


static void
govd_forget(govd_t *g)
{
    int           fd;
    gov_rc_t      rc;
    gov_arena_t  *a;
    gov_value_t  *input, *files;

    fd = open(g->conf->blobs, O_RDONLY|O_DIRECTORY|O_CLOEXEC);
    if (fd == -1) {
        return;
    }

    a = gov_arena_new(16384);
    input = gov_map(a);
    files = gov_put_list(a, input, "files");

    rc = flock(fd, LOCK_EX|LOCK_NB) == 0 ? govd_forget_read(g, a, files)
                                         : GOV_BUSY;

    if (rc == GOV_OK) {
        rc = govd_strays(g, a, files);
    }

    if (rc == GOV_OK && files->n != 0) {
        (void) govd_bytes_op(g, a, "file.forget", input);
    }

    gov_arena_free(&a);
    (void) close(fd);
}


static gov_rc_t
govd_forget_read(govd_t *g, gov_arena_t *a, gov_value_t *files)
{
    gov_rc_t        rc;
    unsigned        looked;
    gov_key_t       k;
    gov_str_t       hex;
    gov_txn_t      *t;
    gov_scan_t      sc;
    gov_value_t    *row;
    gov_ref_rec_t   ref;

    rc = gov_txn_begin(g->store, GOV_TXN_READ, &t, NULL);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_scan_open(&sc, gov_handle(t, GOV_HUB), GOV_T_GONE, gov_key(&k),
                       GOV_FORWARD);

    if (rc == GOV_OK) {
        gov_scan_from(&sc, &govd_forget_from);
    }

    for (looked = 0; rc == GOV_OK && looked < GOVD_FORGET_MAX; looked++) {
        rc = gov_scan_next(&sc, a, &ref);
        if (rc != GOV_OK) {
            break;
        }

        hex = gov_hex_str(a, sc.key.data, sc.key.len);
        gov_key_s(&govd_forget_from, sc.key);

        if (!govd_forget_rests(g, a, hex)) {
            row = gov_add_map(a, files);
            gov_put_str(a, row, "digest", hex);
            gov_put_int(a, row, "number", ref.to);
        }
    }

    if (rc == GOV_DONE) {
        govd_forget_from.len = 0;
        rc = GOV_OK;
    }

    gov_scan_close(&sc);
    gov_txn_end(&t);

    return rc;
}


/* somebody may be about to name what came a short while ago */

static int
govd_forget_rests(govd_t *g, gov_arena_t *a, gov_str_t hex)
{
    gov_str_t    path;
    struct stat  st;

    return gov_blob_path(a, g->conf->blobs, hex, &path) == GOV_OK
           && stat(gov_str_c(a, path), &st) == 0
           && (st.st_mtime + 1) * 1000000LL >= gov_now() - GOV_BYTES_REST;
}


static gov_rc_t
govd_bytes_op(govd_t *g, gov_arena_t *a, const char *command,
    gov_value_t *input)
{
    gov_rc_t     rc;
    govd_job_t   job;

    memset(&job, 0, sizeof(govd_job_t));
    job.arena = a;

    rc = govd_own_do(g, &job, command, input);

    if (rc != GOV_OK) {
        govd_log(GOVD_WARN, "%s: %s", command, job.err.text);
    }

    return rc;
}
