
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
    (void) f_apply(txn, a, gov_s("site.restore"), input);
    gov_txn_end(&txn);

    (void) unlink(path);
    gov_arena_free(&a);

    return 0;
}
