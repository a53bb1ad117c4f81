
/*
 * Copyright (C) ngx_gov authors
 *
 * Host and path to a site and what stands below it.  First line: the host
 * as a client says it, "=" for the city's; second: the path.
 */


#include "page/gov_page_int.h"

#include "fuzz_store.h"


static void
f_below(gov_txn_t *txn, gov_arena_t *a, gov_place_t *place)
{
    gov_view_t   v;
    gov_route_t  r;

    memset(&v, 0, sizeof(gov_view_t));
    v.txn = txn;
    v.arena = a;

    f_must(gov_site_get(txn, a, place->site, &v.site) == GOV_OK);
    f_must(gov_columns(txn, a, &v.site, &v.columns, &v.ncolumns) == GOV_OK);

    gov_route(&v, place->rest, &r);

    f_must(r.kind != GOV_ROUTE_COLUMN || (r.column != NULL && r.page != 0));
    f_must(r.kind != GOV_ROUTE_DOC || (r.column != NULL && r.doc != 0));
    f_must(r.kind != GOV_ROUTE_FILE || r.digest.len == GOV_DIGEST_LEN * 2);
    f_must(r.kind != GOV_ROUTE_TO_COLUMN || r.column != NULL);
}


static void
f_resolve(gov_arena_t *a, gov_str_t host, gov_str_t path)
{
    gov_rc_t     rc;
    gov_txn_t   *txn;
    gov_place_t  place;

    txn = f_begin(GOV_TXN_READ);

    rc = gov_site_resolve(txn, a, host, path, &place);
    f_must(rc == GOV_OK || rc == GOV_NOT_FOUND);

    if (rc == GOV_OK) {
        f_must(place.site != 0);
        f_must(place.rest.len == 0 || place.rest.len <= path.len);

        f_below(txn, a, &place);
    }

    gov_txn_end(&txn);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gov_rc_t      rc;
    gov_str_t     rest, said, host, again;
    gov_err_t     err;
    gov_arena_t  *a;

    a = gov_arena_new(4096);
    memset(&err, 0, sizeof(gov_err_t));

    rest = f_str(data, size);
    said = f_line(&rest);

    if (gov_str_is(said, "=")) {
        said = gov_s("QINDU.xianyang.localhost.:8080");
    }

    rc = gov_host_canon(a, said, &host, &err);

    if (rc == GOV_OK) {
        f_must(host.len > 0 && host.len <= 253);
        f_must(gov_host_canon(a, host, &again, &err) == GOV_OK);
        f_must(gov_str_eq(host, again));

        if (rest.len && rest.data[0] == '/') {
            f_resolve(a, host, rest);
        }

    } else {
        f_must(rc == GOV_INVALID && err.text[0] != '\0');

        /* nginx hands on what it lets pass, canonical or not */

        if (rest.len && rest.data[0] == '/') {
            f_resolve(a, said, rest);
        }
    }

    gov_arena_free(&a);

    return 0;
}
