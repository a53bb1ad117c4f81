
/*
 * Copyright (C) ngx_gov authors
 *
 * Lines of a dump put back: refused, or dumped again the same.
 */


#include "fuzz_store.h"


static gov_rc_t
f_lines(void *data, gov_str_t line)
{
    gov_buf_t  *b = data;

    gov_buf_str(b, line);
    gov_buf_c(b, "\n");

    return GOV_OK;
}


static gov_str_t
f_dump(gov_txn_t *txn, gov_arena_t *a, uint32_t site)
{
    gov_buf_t  b;

    gov_buf_init(&b, a, 4096);
    f_must(gov_store_dump(txn, site, 1, f_lines, &b, NULL) == GOV_OK);

    return b.s;
}


static unsigned
f_undump(gov_txn_t *txn, gov_arena_t *a, gov_str_t text)
{
    unsigned      n;
    gov_err_t     err;
    uint32_t      site;
    gov_value_t  *v;

    n = 0;

    while (text.len) {
        if (gov_json_parse(a, f_line(&text), &v, NULL) != GOV_OK) {
            continue;
        }

        memset(&err, 0, sizeof(gov_err_t));
        site = gov_get_int(v, "site", -1) == GOV_HUB ? GOV_HUB : 9;

        if (gov_store_undump(txn, site, a, v, &err) == GOV_OK) {
            n++;

        } else {
            f_must(err.text[0] != '\0');
        }
    }

    return n;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gov_str_t     once;
    gov_txn_t    *txn;
    gov_arena_t  *a;

    a = gov_arena_new(16384);

    txn = f_begin(GOV_TXN_WRITE);

    if (f_undump(txn, a, f_str(data, size)) != 0) {
        f_whole(txn);
        once = f_dump(txn, a, 9);
        f_must(gov_store_clear_site(txn, 9) == GOV_OK);
        (void) f_undump(txn, a, once);
        f_must(gov_str_eq(f_dump(txn, a, 9), once));
    }

    gov_txn_end(&txn);
    gov_arena_free(&a);

    return 0;
}
