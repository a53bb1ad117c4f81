
/*
 * Copyright (C) ngx_gov authors
 *
 * What the tests of site share: a small city in a store of its own.
 *
 *     1  610400       市      www.xianyang.localhost, also localhost
 *     2  610402       区      qindu.xianyang.localhost
 *     3  610402001    街道    page /renminlu/ below 2
 *     4  610402001201 村      page /cunyi/ below 3
 *     5  xy-fgw       部门    fgw.xianyang.localhost
 *     6  610403       区      page /yangling/ below 1
 */


#ifndef _T_SITE_H_INCLUDED_
#define _T_SITE_H_INCLUDED_


#include "store/t_store.h"
#include "site/gov_site.h"


#define T_NOW  1795420800000000LL          /* 2026-11-23 in Shanghai */

#define t_str(s, text)                                                        \
    t_str_at(s, gov_str_of(text), __FILE__, __LINE__)


typedef struct {
    const char  *code;
    const char  *name;
    int          level;
    const char  *parent;
    int          mode;
    const char  *slug;
    const char  *host;
} t_site_row_t;


static t_site_row_t  t_city[] = {
    { "610400", "咸阳市", GOV_CITY, NULL, GOV_MODE_SUBSITE, "xianyang",
      "www.xianyang.localhost" },
    { "610402", "秦都区", GOV_COUNTY, "610400", GOV_MODE_SUBSITE, "qindu",
      "" },
    { "610402001", "人民路街道", GOV_TOWNSHIP, "610402", GOV_MODE_PAGE,
      "renminlu", "" },
    { "610402001201", "村一", GOV_VILLAGE, "610402001", GOV_MODE_PAGE,
      "cunyi", "" },
    { "xy-fgw", "发展改革委", GOV_DEPARTMENT, "610400", GOV_MODE_SUBSITE,
      "fgw", "" },
    { "610403", "杨陵区", GOV_COUNTY, "610400", GOV_MODE_PAGE, "yangling",
      "" }
};


static inline void
t_str_at(gov_str_t got, gov_str_t want, const char *file, int line)
{
    if (gov_str_eq(got, want)) {
        return;
    }

    print_error("got  \"%.*s\"\nwant \"%.*s\"\n", gov_strf(got),
                gov_strf(want));
    _fail(file, line);
}


/* err->text holds the words */

static inline void
t_says_at(t_store_t *t, const char *words, const char *file, int line)
{
    if (strstr(t->err.text, words) == NULL) {
        print_error("\"%s\" does not say \"%s\"\n", t->err.text, words);
        _fail(file, line);
    }

    t_err_clear(t);
}

#define t_says(t, words)  t_says_at(t, words, __FILE__, __LINE__)


/* nothing of it is left in Chinese, where no name of a site is */

static inline void
t_in_english_at(t_store_t *t, const char *file, int line)
{
    const char  *p;

    for (p = t->err.english; *p && (u_char) *p < 0x80; p++) {
        /* void */
    }

    if (*p != '\0' || p == t->err.english) {
        print_error("\"%s\" is \"%s\" in English\n", t->err.text,
                    t->err.english);
        _fail(file, line);
    }
}

#define t_in_english(t)  t_in_english_at(t, __FILE__, __LINE__)


static inline gov_site_t
t_site(t_store_t *t, gov_txn_t *txn, const char *code)
{
    gov_site_t  site;

    t_ok(gov_site_by_code(txn, t->arena, gov_str_of(code), &site));

    return site;
}


static inline gov_rc_t
t_site_add(t_store_t *t, gov_txn_t *txn, t_site_row_t *row,
    gov_site_t *site)
{
    memset(site, 0, sizeof(gov_site_t));

    site->rec.code = gov_str_of(row->code);
    site->rec.name = gov_str_of(row->name);
    site->rec.level = row->level;
    site->rec.mode = row->mode;
    site->rec.slug = gov_str_of(row->slug);
    site->rec.host = gov_str_of(row->host);

    if (row->parent) {
        site->rec.parent = t_site(t, txn, row->parent).id;
    }

    return gov_site_add(txn, t->arena, site, 0, T_NOW, &t->err);
}


static inline gov_txn_t *
t_city_begin(t_store_t *t)
{
    unsigned     i;
    gov_txn_t   *txn;
    gov_site_t   site;

    txn = t_begin(t, GOV_TXN_WRITE);

    for (i = 0; i < t_rows(t_city); i++) {
        t_ok(t_site_add(t, txn, &t_city[i], &site));
        assert_int_equal(site.id, i + 1);
    }

    site = t_site(t, txn, "610400");
    t_ok(gov_host_add(txn, t->arena, &site, gov_s("localhost"), 0, T_NOW,
                      &t->err));

    return txn;
}


/* "host/path" of a site */

static inline gov_str_t
t_base(t_store_t *t, gov_txn_t *txn, const char *code)
{
    gov_site_t  site;
    gov_base_t  base;

    site = t_site(t, txn, code);
    t_ok(gov_site_base(txn, t->arena, &site, &base));

    return gov_str_cat(t->arena, base.host, base.path);
}


/* "301 code rest" or "200 code rest" or "421" */

static inline gov_str_t
t_resolve(t_store_t *t, gov_txn_t *txn, const char *host, const char *path)
{
    gov_rc_t     rc;
    gov_site_t   site;
    gov_place_t  place;

    rc = gov_site_resolve(txn, t->arena, gov_str_of(host), gov_str_of(path),
                          &place);

    if (rc == GOV_NOT_FOUND) {
        return gov_s("421");
    }

    t_ok(rc);
    t_ok(gov_site_get(txn, t->arena, place.site, &site));

    return gov_str_fmt(t->arena, "%d %.*s %.*s", place.moved ? 301 : 200,
                       gov_strf(site.rec.slug), gov_strf(place.rest));
}

#define t_leads(t, txn, host, path, want)                                     \
    t_str_at(t_resolve(t, txn, host, path), gov_str_of(want),                 \
             __FILE__, __LINE__)


#endif /* _T_SITE_H_INCLUDED_ */
