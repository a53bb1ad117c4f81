
/*
 * Copyright (C) ngx_gov authors
 *
 * A ZIP that is brought to be unpacked.  First byte: j is the line that
 * govlook says of one, whose fault libarchive's may have become, with eight
 * bytes unpacked; else what follows is the ZIP.
 */


#define _GNU_SOURCE         /* memfd_create */

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"
#include "govd/govd_file.h"


#define F_ENTRIES  20
#define F_BYTES    (1024 * 1024)

#define F_TYPES                                                               \
    "[{\"ending\":\".txt\",\"size\":100000},"                               \
    "{\"ending\":\".pdf\",\"size\":4}]"


static char  f_base[] = "/tmp/gov-fuzz-XXXXXX";


static void
f_remove(void)
{
    char  blobs[64];

    (void) snprintf(blobs, sizeof(blobs), "%s/blobs", f_base);
    (void) rmdir(blobs);
    (void) rmdir(f_base);
}


/* where files without a name are made; gives where this process was */

static int
f_enter(void)
{
    int  here;

    static int  made;

    if (!made) {
        f_must(mkdtemp(f_base) != NULL);
        (void) atexit(f_remove);
        made = 1;
    }

    here = open(".", O_RDONLY|O_DIRECTORY|O_CLOEXEC);
    f_must(here != -1 && chdir(f_base) == 0);

    return here;
}


/* the descriptors that govlook is given */

static void
f_give(int from, int as)
{
    f_must(dup2(from, as) == as);
}


static gov_value_t *
f_look(gov_arena_t *a, gov_str_t bytes, govd_blob_t *all)
{
    int                 zip, in, out;
    struct stat         st;
    gov_value_t        *said, *found;
    gov_look_limits_t   limits = { 0, F_ENTRIES, F_BYTES, 200 };

    zip = memfd_create("zip", MFD_CLOEXEC);
    f_must(zip != -1
           && write(zip, bytes.data, bytes.len) == (ssize_t) bytes.len
           && lseek(zip, 0, SEEK_SET) == 0);

    in = dup(GOV_LOOK_IN);
    out = fcntl(GOV_LOOK_OUT, F_DUPFD, 10);
    f_give(zip, GOV_LOOK_IN);
    f_give(all->fd, GOV_LOOK_OUT);

    said = gov_map(a);
    gov_look_archive(a, &limits, said);

    f_give(in, GOV_LOOK_IN);

    if (out != -1) {
        f_give(out, GOV_LOOK_OUT);
        (void) close(out);

    } else {
        (void) close(GOV_LOOK_OUT);
    }

    (void) close(in);
    (void) close(zip);

    f_must(fstat(all->fd, &st) == 0 && st.st_size <= F_BYTES);
    all->size = (size_t) st.st_size;

    f_must(gov_json_parse(a, f_json(a, said, 0), &found, NULL) == GOV_OK);
    f_must(gov_get_list(found, "entries") == NULL
           || gov_get_list(found, "entries")->n <= F_ENTRIES);

    return gov_member(found, "fault") ? NULL : found;
}


static gov_value_t *
f_said(gov_arena_t *a, gov_str_t line, govd_blob_t *all)
{
    gov_err_t     err;
    gov_value_t  *found;

    f_must(govd_blob_add(all, "unpacked", 8, &err) == GOV_OK);

    return gov_json_parse(a, line, &found, NULL) == GOV_OK ? found : NULL;
}


static void
f_files(gov_arena_t *a, gov_value_t *found, govd_blob_t *all)
{
    struct stat    st;
    gov_upload_t   rules;
    govd_file_t   *file;

    memset(&rules, 0, sizeof(gov_upload_t));
    f_must(gov_json_parse(a, gov_s(F_TYPES), &rules.types, NULL) == GOV_OK);

    file = NULL;
    govd_unzip_files(a, &rules, found, all, &file);

    for (/* void */; file; file = file->next) {

        if (file->err.code != GOV_OK) {
            f_must(file->err.text[0] != '\0' && file->blob.fd == -1);
            continue;
        }

        f_must(gov_file_name_ok(file->name));
        f_must(govd_file_allowed(&rules, file->name, file->blob.size, NULL)
               == GOV_OK);
        f_must(fstat(file->blob.fd, &st) == 0
               && (size_t) st.st_size == file->blob.size
               && file->blob.size <= all->size);
        govd_blob_drop(&file->blob);
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int           here;
    gov_err_t     err;
    gov_arena_t  *a;
    gov_value_t  *found;
    govd_blob_t   all;

    if (size == 0 || size > 65536) {
        return 0;
    }

    a = gov_arena_new(16384);
    here = f_enter();
    f_must(govd_blob_begin(&all, &err) == GOV_OK);

    found = data[0] == 'j' ? f_said(a, f_str(data + 1, size - 1), &all)
                           : f_look(a, f_str(data + 1, size - 1), &all);

    if (found != NULL) {
        f_files(a, found, &all);
    }

    govd_blob_drop(&all);
    f_must(fchdir(here) == 0);
    (void) close(here);
    gov_arena_free(&a);

    return 0;
}
