
/*
 * Copyright (C) ngx_gov authors
 *
 * Export files given to site.restore.
 */


#include <sys/stat.h>

#include "fuzz_store.h"


/* where the desk looks for it; nothing here must outlive a power cut */

static gov_str_t
f_put(gov_arena_t *a, gov_str_t bytes, char **path)
{
    char       *folder;
    FILE       *f;
    u_char      digest[GOV_DIGEST_LEN];
    gov_str_t   hex, s;

    f_must(gov_digest(GOV_SHA256, bytes, digest) == GOV_OK);
    hex = gov_hex_str(a, digest, GOV_DIGEST_LEN);
    f_must(gov_blob_path(a, f_base, hex, &s) == GOV_OK);

    *path = gov_str_c(a, s);
    folder = gov_str_c(a, s);
    *strrchr(folder, '/') = '\0';
    (void) mkdir(folder, 0700);

    f = fopen(*path, "w");
    f_must(f != NULL);
    f_must(fwrite(bytes.data, 1, bytes.len, f) == bytes.len);
    (void) fclose(f);

    return hex;
}


/* what was taken in can be read: an error it may be, an end it must have */

static void
f_read(gov_txn_t *txn, gov_arena_t *a)
{
    int            more;
    int64_t        due;
    unsigned       i, n, rows;
    uint32_t       id;
    gov_site_t     site;
    gov_base_t     base;
    gov_listed_t   listed[8];
    gov_column_t  *list;

    id = 0;

    while (gov_site_next(txn, a, &id, &site) == GOV_OK) {
        (void) gov_site_base(txn, a, &site, &base);

        if (gov_columns(txn, a, &site, &list, &n) != GOV_OK) {
            continue;
        }

        for (i = 0; i < n && i < 64; i++) {
            due = INT64_MAX;
            (void) gov_column_path(a, list, n, list[i].id);
            (void) gov_column_rows(txn, a, site.id, list[i].id, F_NOW, 0,
                                   listed, 8, &rows, &more, &due);
        }
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char         *path;
    gov_txn_t    *txn;
    gov_arena_t  *a;
    gov_value_t  *input;

    (void) f_store();

    a = gov_arena_new(16384);
    input = gov_map(a);
    gov_put_str(a, input, "file", f_put(a, f_str(data, size), &path));

    txn = f_begin(GOV_TXN_WRITE);

    if (f_apply(txn, a, gov_s("site.restore"), input) == GOV_OK) {
        f_read(txn, a);
    }

    gov_txn_end(&txn);

    (void) unlink(path);
    gov_arena_free(&a);

    return 0;
}
