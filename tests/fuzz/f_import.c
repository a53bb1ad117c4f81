
/*
 * Copyright (C) ngx_gov authors
 *
 * Rows of an import as JSON lines.  First byte: s is site.import, else
 * doc.import into a column of the city.
 */


#include "fuzz_store.h"


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gov_str_t     text;
    gov_txn_t    *txn;
    gov_value_t  *input, *rows, *row;
    gov_arena_t  *a;

    if (size == 0) {
        return 0;
    }

    a = gov_arena_new(16384);
    text = f_str(data + 1, size - 1);
    input = gov_map(a);

    if (data[0] != 's') {
        gov_put_c(a, input, "site", "610402");
        gov_put_c(a, input, "column", "xxgk/gfxwj");
    }

    rows = gov_put_list(a, input, "rows");

    while (text.len && rows->n < 32) {
        if (gov_json_parse(a, f_line(&text), &row, NULL) == GOV_OK) {
            gov_add(rows, row);
        }
    }

    txn = f_begin(GOV_TXN_WRITE);
    (void) f_apply(txn, a, data[0] == 's' ? gov_s("site.import")
                                          : gov_s("doc.import"), input);
    gov_txn_end(&txn);

    gov_arena_free(&a);

    return 0;
}
