
/*
 * Copyright (C) ngx_gov authors
 *
 * Packed bytes, as the inputs of the journal lie in the store.  The input's
 * first two bytes are the length that is claimed, in units of the third; the
 * rest is the packed form.  All of it is packed and unpacked as well.
 */


#include "fuzz.h"

#include "base/gov_pack.h"


#define F_HEAD  3


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t        len;
    gov_str_t     in, packed, out;
    gov_arena_t  *a;

    in = f_str(data, size);
    a = gov_arena_new(4096);

    if (size > F_HEAD) {
        len = (data[0] + 256 * (size_t) data[1]) * (1 + data[2]);

        if (gov_unpack(a, f_str(data + F_HEAD, size - F_HEAD), len, &out)
            == GOV_OK)
        {
            f_must(out.len == len && out.data[len] == '\0');
        }
    }

    if (gov_pack(a, in, &packed) == GOV_OK) {
        f_must(packed.len < in.len);
        f_must(gov_unpack(a, packed, in.len + 1, &out) == GOV_CORRUPT);
        f_must(gov_unpack(a, packed, in.len, &out) == GOV_OK);
        f_must(gov_str_eq(in, out));
    }

    gov_arena_free(&a);

    return 0;
}
