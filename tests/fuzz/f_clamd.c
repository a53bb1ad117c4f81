
/*
 * Copyright (C) ngx_gov authors
 *
 * What foreign programs and archives say about files.  First byte: a is a
 * scanner's answer, else the path of an entry, as its bytes.
 */


#include "fuzz.h"
#include "govd/govd_file.h"


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gov_str_t     s, found, name;
    gov_err_t     err;
    govd_scan_t   scan;
    gov_arena_t  *a;

    if (size == 0) {
        return 0;
    }

    a = gov_arena_new(4096);
    s = f_str(data + 1, size - 1);
    memset(&err, 0, sizeof(gov_err_t));

    if (data[0] == 'a') {
        scan = govd_clamd_answer(s, &found);

        f_must(scan != GOVD_SCAN_CLEAN || gov_str_starts(s, "stream: OK"));
        f_must((scan == GOVD_SCAN_FOUND) == (found.len != 0));
        f_must(gov_utf8_valid(found));

    } else if (govd_unzip_name(a, gov_hex_str(a, s.data, s.len), &name, &err)
               == GOV_OK)
    {
        f_must(gov_file_name_ok(name));
        f_must(!gov_str_starts(s, "../") && !gov_str_starts(s, "/"));
    }

    gov_arena_free(&a);

    return 0;
}
