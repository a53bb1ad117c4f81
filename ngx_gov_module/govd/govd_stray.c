
/*
 * Copyright (C) ngx_gov authors
 *
 * Bytes that came and that no row names: of a command that was refused or
 * never came, or of a program that was killed in the middle.  Only the folder
 * of the blobs knows of them, so it is looked through, from one of its folders
 * to the next:
 *
 *     HEX        a file under its name
 *     .old.HEX   one that stepped aside to go (store/gov_blob.c)
 *     .new.X     one that was not written to its end
 *
 * What came within the last hour is somebody's who may be about to name it.
 */


#define _GNU_SOURCE

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "govd/govd_file.h"


#define GOVD_STRAY_LOOK     5000        /* files a time */
#define GOVD_STRAY_MAX      200         /* that go, a time */
#define GOVD_STRAY_FOLDERS  256


typedef struct {
    govd_t       *g;
    gov_txn_t    *txn;
    gov_arena_t  *arena;
    gov_value_t  *files;
    int64_t       since;
    int64_t       until;
    unsigned      looked;
    unsigned      found;
} govd_stray_t;


static int govd_stray_folder(govd_stray_t *s, unsigned n);
static void govd_stray_file(govd_stray_t *s, int folder, unsigned n,
    const char *name);
static int govd_stray_old(govd_stray_t *s, int folder, const char *name);
static int govd_stray_digest(unsigned n, const char *name,
    u_char raw[GOV_DIGEST_LEN]);


static unsigned  govd_stray_next;       /* of the pool's thread at work */


gov_rc_t
govd_strays(govd_t *g, gov_arena_t *a, gov_value_t *files)
{
    gov_rc_t       rc;
    unsigned       i;
    govd_stray_t   s;

    memset(&s, 0, sizeof(govd_stray_t));
    s.g = g;
    s.arena = a;
    s.files = files;
    s.until = gov_now() - GOV_BYTES_REST;

    rc = gov_txn_begin(g->store, GOV_TXN_READ, &s.txn, NULL);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_files_known(s.txn, &s.since);

    for (i = 0;
         rc == GOV_OK && i < GOVD_STRAY_FOLDERS && s.looked < GOVD_STRAY_LOOK;
         i++)
    {
        if (!govd_stray_folder(&s, govd_stray_next)) {
            break;
        }

        govd_stray_next = (govd_stray_next + 1) % GOVD_STRAY_FOLDERS;
    }

    gov_txn_end(&s.txn);

    return rc;
}


/* 0: there is more in it than may go at a time */

static int
govd_stray_folder(govd_stray_t *s, unsigned n)
{
    DIR            *d;
    gov_str_t       path;
    struct dirent  *e;

    path = gov_str_fmt(s->arena, "%s/%02x", s->g->conf->blobs, n);

    d = opendir(gov_str_c(s->arena, path));
    if (d == NULL) {
        return 1;
    }

    while (s->found < GOVD_STRAY_MAX && (e = readdir(d)) != NULL) {
        govd_stray_file(s, dirfd(d), n, e->d_name);
    }

    (void) closedir(d);

    return s->found < GOVD_STRAY_MAX;
}


static void
govd_stray_file(govd_stray_t *s, int folder, unsigned n, const char *name)
{
    u_char        raw[GOV_DIGEST_LEN];
    int64_t       number;
    gov_value_t  *row;

    s->looked++;

    if (strncmp(name, ".new.", 5) == 0) {
        if (govd_stray_old(s, folder, name)) {
            (void) unlinkat(folder, name, 0);
        }

        return;
    }

    if (!govd_stray_digest(n, name, raw)
        || gov_bytes_gone(s->txn, s->arena,
                          (gov_str_t) { GOV_DIGEST_LEN, raw }, &number)
           != GOV_OK
        || number != 0 || !govd_stray_old(s, folder, name))
    {
        return;
    }

    row = gov_add_map(s->arena, s->files);
    gov_put_str(s->arena, row, "digest",
                gov_hex_str(s->arena, raw, GOV_DIGEST_LEN));
    gov_put_int(s->arena, row, "number", number);

    s->found++;
}


static int
govd_stray_old(govd_stray_t *s, int folder, const char *name)
{
    int64_t      came;
    struct stat  st;

    if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == -1) {
        return 0;
    }

    came = (int64_t) st.st_mtime * 1000000;

    return came >= s->since && came + 1000000 < s->until;
}


static int
govd_stray_digest(unsigned n, const char *name, u_char raw[GOV_DIGEST_LEN])
{
    gov_str_t  rest;

    rest = gov_str_of(name);

    if (gov_str_starts(rest, ".old.") && rest.len > 7) {
        rest.data += 7;
        rest.len -= 7;
    }

    raw[0] = (u_char) n;

    return rest.len == 2 * (GOV_DIGEST_LEN - 1)
           && gov_unhex(raw + 1, rest, GOV_DIGEST_LEN - 1) == 0;
}
