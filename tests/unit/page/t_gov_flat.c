
/*
 * Copyright (C) ngx_gov authors
 *
 * What a visitor and a command cost does not grow with the platform: calls
 * of the store are counted on a small city, then with five thousand sites
 * beside it.
 */


#include "page/t_page.h"


#define T_COUNTIES   50
#define T_TOWNSHIPS  100

typedef enum {
    T_MISS = 0,
    T_TOWNSHIP,
    T_COLUMN,
    T_HIT,
    T_UNKNOWN,
    T_SET,
    T_CREATE,
    T_IMPORT,
    T_SAME,
    T_COSTS
} t_cost_t;

static const char  *t_names[] = {
    "a page made", "a page below a prefix", "a column", "a copy's proof",
    "an unknown host", "site.set", "site.create", "site.import",
    "the same row again"
};


/* only calls of a write transaction are counted */

static unsigned
t_cost_page(t_store_t *t, const char *host, const char *path, int want,
    gov_page_t *page)
{
    gov_txn_t       *txn;
    gov_page_req_t   r;

    gov_store_fail_at(0, GOV_OK);
    txn = t_begin(t, GOV_TXN_WRITE);
    r = t_page_req(txn, t->arena, gov_str_of(host), gov_str_of(path));
    (void) gov_page_make(&r, page, &t->err);
    gov_txn_end(&txn);

    if (page->status != want) {
        fail_msg("%s%s: %d", host, path, page->status);
    }

    return gov_store_fail_calls();
}


static unsigned
t_cost_proof(t_store_t *t, gov_page_t *page)
{
    gov_txn_t  *txn;

    gov_store_fail_at(0, GOV_OK);
    txn = t_begin(t, GOV_TXN_WRITE);
    assert_true(gov_deps_hold(&page->proof.deps, txn, page->proof.built));
    gov_txn_end(&txn);

    return gov_store_fail_calls();
}


static unsigned
t_cost_command(t_store_t *t, const char *command, const char *json)
{
    gov_store_fail_at(0, GOV_OK);
    t_do(t, command, json);

    return gov_store_fail_calls();
}


/* last: of the code of a township that is new each time; no page names it */

static void
t_costs(t_store_t *t, unsigned last, unsigned costs[T_COSTS])
{
    char        one[256], two[256], row[300];
    gov_page_t  page;

    snprintf(one, sizeof(one), "{'code': '61040300%u', 'name': '新镇', "
             "'level': 'township', 'parent': '610403'}", last);
    snprintf(two, sizeof(two), "{'code': '61040300%u', 'name': '另镇', "
             "'level': '4', 'parent_code': '610403'}", last + 1);
    snprintf(row, sizeof(row), "{'rows': [%s]}", two);

    costs[T_SET] = t_cost_command(t, "site.set",
                                  "{'site': '610402', 'about': '县'}");
    costs[T_CREATE] = t_cost_command(t, "site.create", one);
    costs[T_IMPORT] = t_cost_command(t, "site.import", row);
    costs[T_SAME] = t_cost_command(t, "site.import", row);

    costs[T_TOWNSHIP] = t_cost_page(t, "qindu.xianyang.localhost",
                                    "/renminlu/", 200, &page);
    costs[T_COLUMN] = t_cost_page(t, "www.xianyang.localhost",
                                  "/xxgk/tzgg/", 200, &page);
    costs[T_UNKNOWN] = t_cost_page(t, "nobody.localhost", "/", 421, &page);
    costs[T_MISS] = t_cost_page(t, "www.xianyang.localhost", "/", 200,
                                &page);
    costs[T_HIT] = t_cost_proof(t, &page);
}


/* a city with its counties and townships */

static void
t_country(t_store_t *t)
{
    unsigned   i, k;
    gov_buf_t  b;

    t_do(t, "site.import", "{'rows': [{'code': '6105', 'level': '2', "
         "'name': '渭南市', 'slug': 'weinan'}]}");

    for (i = 10; i < 10 + T_COUNTIES; i++) {
        gov_buf_init(&b, t->arena, 16384);
        gov_buf_fmt(&b, "{'host_pattern': '{code}.cn.localhost', 'rows': [");
        gov_buf_fmt(&b, "{'code': '6105%u', 'level': '3', 'name': '县%u', "
                    "'parent_code': '6105'}", i, i);

        for (k = 100; k < 100 + T_TOWNSHIPS; k++) {
            gov_buf_fmt(&b, ", {'code': '6105%u%u', 'level': '4', "
                        "'name': '镇%u', 'parent_code': '6105%u'}", i, k, k,
                        i);
        }

        gov_buf_fmt(&b, "]}");
        t_do(t, "site.import", gov_str_c(t->arena, b.s));
    }
}


static void
no_cost_grows_with_the_number_of_sites(void **state)
{
    unsigned    i, few[T_COSTS], many[T_COSTS];
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    t_pages_city(t);

    /* twice: the first entry that changes a site begins its chain */

    t_costs(t, 1, few);
    t_costs(t, 3, few);
    t_country(t);
    t_costs(t, 5, many);

    txn = t_begin(t, GOV_TXN_READ);
    (void) t_site(t, txn, "610559199");
    gov_txn_end(&txn);

    for (i = 0; i < T_COSTS; i++) {
        print_message("# %s: %u calls\n", t_names[i], many[i]);
        assert_int_not_equal(few[i], 0);

        if (few[i] != many[i]) {
            fail_msg("%s: %u calls of the store, with %u more sites %u",
                     t_names[i], few[i], T_COUNTIES * (T_TOWNSHIPS + 1),
                     many[i]);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(
            no_cost_grows_with_the_number_of_sites, t_setup_fail, t_teardown)
    };

    return cmocka_run_group_tests_name("page/gov_flat", tests, t_pages_open,
                                       t_pages_close);
}
