
/*
 * Copyright (C) ngx_gov authors
 *
 * A ZIP is unpacked into one file, its entries one behind the other, and told
 * as a list of where each begins.  No entry's name ever becomes a path here:
 * so none can lead outside, and names are told as they stand, in hexadecimal,
 * for whoever knows in which characters they are.  The only user of
 * libarchive.
 */


#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>
#include <sys/stat.h>

#include "look/gov_look.h"


#define GOV_LOOK_NAME  4096         /* bytes of a name */


typedef struct {
    struct archive     *archive;
    gov_look_limits_t  *limits;
    int64_t             packed;     /* the archive's size */
    int64_t             at;
    int64_t             entries;
} gov_look_zip_t;


static const char *gov_look_entries(gov_arena_t *a, gov_look_zip_t *z,
    gov_value_t *list);
static const char *gov_look_entry(gov_arena_t *a, gov_look_zip_t *z,
    struct archive_entry *entry, gov_value_t *list);
static int gov_look_plain(struct archive *archive);
static const char *gov_look_unpack(gov_look_zip_t *z);
static int gov_look_write(const u_char *p, size_t n);


void
gov_look_archive(gov_arena_t *a, gov_look_limits_t *limits,
    gov_value_t *out)
{
    const char      *fault;
    struct stat      st;
    gov_look_zip_t   z;

    memset(&z, 0, sizeof(gov_look_zip_t));
    z.limits = limits;
    z.archive = archive_read_new();

    fault = "broken";

    if (z.archive != NULL && fstat(GOV_LOOK_IN, &st) == 0
        && archive_read_support_format_zip_seekable(z.archive) == ARCHIVE_OK
        && archive_read_open_fd(z.archive, GOV_LOOK_IN, 65536) == ARCHIVE_OK)
    {
        z.packed = st.st_size;
        fault = gov_look_entries(a, &z, gov_put_list(a, out, "entries"));
    }

    if (fault != NULL) {
        gov_put_c(a, out, "fault", fault);
    }

    (void) archive_read_free(z.archive);
}


static const char *
gov_look_entries(gov_arena_t *a, gov_look_zip_t *z, gov_value_t *list)
{
    int                    rc;
    const char            *fault;
    struct archive_entry  *entry;

    for ( ;; ) {
        rc = archive_read_next_header(z->archive, &entry);

        if (rc == ARCHIVE_EOF) {
            return NULL;
        }

        if (rc < ARCHIVE_WARN) {
            return "broken";
        }

        if (++z->entries > z->limits->entries) {
            return "entries";
        }

        fault = gov_look_entry(a, z, entry, list);
        if (fault != NULL) {
            return fault;
        }
    }
}


/* folders are not told; links and devices are, as what nobody may have */

static const char *
gov_look_entry(gov_arena_t *a, gov_look_zip_t *z,
    struct archive_entry *entry, gov_value_t *list)
{
    int64_t       at;
    const char   *name, *fault;
    gov_value_t  *m;

    if (archive_entry_filetype(entry) == AE_IFDIR) {
        return NULL;
    }

    name = archive_entry_pathname(entry);

    if (name == NULL) {
        name = archive_entry_pathname_utf8(entry);
    }

    if (name == NULL || strlen(name) > GOV_LOOK_NAME) {
        return "broken";
    }

    m = gov_add_map(a, list);
    gov_put_str(a, m, "name", gov_hex_str(a, (u_char *) name, strlen(name)));

    if (archive_entry_filetype(entry) != AE_IFREG
        || archive_entry_hardlink(entry) != NULL)
    {
        gov_put_c(a, m, "fault", "link");
        return NULL;
    }

    if (archive_entry_is_encrypted(entry)) {
        gov_put_c(a, m, "fault", "locked");
        return NULL;
    }

    if (!gov_look_plain(z->archive)) {
        gov_put_c(a, m, "fault", "method");
        return NULL;
    }

    at = z->at;
    fault = gov_look_unpack(z);

    gov_put_int(a, m, "at", at);
    gov_put_int(a, m, "size", z->at - at);

    return fault;
}


/* other methods may ask for gigabytes before they unpack a byte */

static int
gov_look_plain(struct archive *archive)
{
    gov_str_t  name;

    name = gov_str_of(archive_format_name(archive));

    return gov_str_ends(name, "(uncompressed)")
           || gov_str_ends(name, "(deflation)");
}


static const char *
gov_look_unpack(gov_look_zip_t *z)
{
    u_char   buf[65536];
    ssize_t  n;

    for ( ;; ) {
        n = archive_read_data(z->archive, buf, sizeof(buf));

        if (n == 0) {
            return NULL;
        }

        if (n < 0) {
            return "broken";
        }

        z->at += n;

        if (z->at > z->limits->bytes) {
            return "bytes";
        }

        if (z->at > 1024 * 1024 && z->at / z->limits->ratio > z->packed) {
            return "ratio";
        }

        if (gov_look_write(buf, (size_t) n) != 0) {
            return "broken";
        }
    }
}


static int
gov_look_write(const u_char *p, size_t n)
{
    ssize_t  written;

    for (/* void */; n; p += written, n -= (size_t) written) {
        written = write(GOV_LOOK_OUT, p, n);

        if (written <= 0) {
            return -1;
        }
    }

    return 0;
}
