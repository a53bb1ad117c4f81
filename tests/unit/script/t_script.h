
/*
 * Copyright (C) ngx_gov authors
 *
 * What the tests of script share: bundles written to a folder of their own,
 * an engine over them, and renders into an arena.
 */


#ifndef _T_SCRIPT_H_INCLUDED_
#define _T_SCRIPT_H_INCLUDED_


#define _GNU_SOURCE              /* nftw() */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "script/gov_script_int.h"


#define t_rows(table)  (sizeof(table) / sizeof((table)[0]))

#define t_text(got, want)    t_text_at(got, want, __FILE__, __LINE__)
#define t_begins(got, want)  t_begins_at(got, want, __FILE__, __LINE__)


typedef struct {
    char               dir[32];
    gov_arena_t       *arena;
    gov_script_lib_t  *lib;
    gov_script_t      *script;
    gov_buf_t          out;
    gov_err_t          err;
    gov_script_conf_t  conf;      /* much time: machines may be slow */
} t_house_t;


static inline void
t_text_at(gov_str_t got, const char *want, const char *file, int line)
{
    if (gov_str_is(got, want)) {
        return;
    }

    print_error("got  \"%.*s\"\nwant \"%s\"\n", gov_strf(got), want);
    _fail(file, line);
}


static inline void
t_repeat(gov_buf_t *b, const char *text, unsigned n)
{
    while (n-- > 0) {
        gov_buf_c(b, text);
    }
}


/* want may leave out the end: which limit comes first is a matter of speed */

static inline void
t_begins_at(const char *got, const char *want, const char *file, int line)
{
    if (strncmp(got, want, strlen(want)) == 0) {
        return;
    }

    print_error("got  \"%s\"\nwant \"%s\"\n", got, want);
    _fail(file, line);
}


static inline int
t_setup(void **state)
{
    t_house_t  *h;

    h = calloc(1, sizeof(t_house_t));
    strcpy(h->dir, "/tmp/gov_script_XXXXXX");

    if (mkdtemp(h->dir) == NULL) {
        return -1;
    }

    h->arena = gov_arena_new(65536);
    h->conf.time_ms = 60000;
    *state = h;

    return 0;
}


static inline void
t_close(t_house_t *h)
{
    gov_script_close(&h->script);
    gov_script_lib_close(&h->lib);
}


static inline int
t_remove(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void) st;
    (void) kind;
    (void) ftw;

    return remove(path);
}


static inline int
t_teardown(void **state)
{
    t_house_t  *h;

    h = *state;
    t_close(h);
    gov_arena_free(&h->arena);
    nftw(h->dir, t_remove, 8, FTW_DEPTH|FTW_PHYS);
    free(h);

    return 0;
}


/* path: "BUNDLE/views/home.html" */

static inline void
t_bytes(t_house_t *h, const char *path, const char *text, size_t len)
{
    char   full[256], *p;
    FILE  *f;

    snprintf(full, sizeof(full), "%s/%s", h->dir, path);

    for (p = full + strlen(h->dir) + 1; *p != '\0'; p++) {
        if (*p == '/') {
            *p = '\0';
            mkdir(full, 0700);
            *p = '/';
        }
    }

    f = fopen(full, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, len, f), len);
    fclose(f);
}


static inline void
t_file(t_house_t *h, const char *path, const char *text)
{
    t_bytes(h, path, text, strlen(text));
}


static inline gov_rc_t
t_add(t_house_t *h, const char *bundle, const char *folder)
{
    char  full[256];

    snprintf(full, sizeof(full), "%s/%s", h->dir, folder);
    memset(&h->err, 0, sizeof(gov_err_t));

    return gov_script_lib_add(h->lib, bundle, full, &h->err);
}


/* a file of the project; tests run at its top */

static inline void
t_copy(t_house_t *h, const char *from, const char *path)
{
    FILE         *f;
    size_t        n;
    static char   bytes[65536];

    f = fopen(from, "r");
    assert_non_null(f);
    n = fread(bytes, 1, sizeof(bytes), f);
    fclose(f);

    t_bytes(h, path, bytes, n);
}


/* the base from "base", and one more bundle or NULL */

static inline void
t_open(t_house_t *h, const char *bundle)
{
    t_close(h);
    memset(&h->err, 0, sizeof(gov_err_t));

    assert_int_equal(gov_script_lib_open(&h->lib, &h->err), GOV_OK);
    assert_int_equal(t_add(h, "", "base"), GOV_OK);

    if (bundle != NULL) {
        assert_int_equal(t_add(h, bundle, bundle), GOV_OK);
    }

    assert_int_equal(gov_script_open(h->lib, &h->conf, &h->script, &h->err),
                     GOV_OK);
}


static inline gov_rc_t
t_render(t_house_t *h, const char *bundle, const char *view, gov_value_t *v)
{
    memset(&h->err, 0, sizeof(gov_err_t));
    gov_buf_init(&h->out, h->arena, 1024);

    return gov_script_render(h->script, gov_str_of(bundle), view, "zh", v,
                             &h->out, &h->err);
}


/* one template as the base's only view */

static inline gov_rc_t
t_template(t_house_t *h, const char *text, gov_value_t *v)
{
    t_file(h, "base/views/x.html", text);
    t_open(h, NULL);

    return t_render(h, "", "x", v);
}


static inline gov_value_t *
t_json(t_house_t *h, const char *text)
{
    gov_err_t     err;
    gov_value_t  *v;

    memset(&err, 0, sizeof(gov_err_t));

    if (gov_json_parse(h->arena, gov_str_of(text), &v, &err) != GOV_OK) {
        print_error("%s: %s\n", text, err.text);
        fail();
    }

    return v;
}


#define t_test(f)  cmocka_unit_test_setup_teardown(f, t_setup, t_teardown)


#endif /* _T_SCRIPT_H_INCLUDED_ */
