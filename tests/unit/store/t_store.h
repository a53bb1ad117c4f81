
/*
 * Copyright (C) ngx_gov authors
 *
 * What the tests of store share: a store of its own in a new folder below
 * /tmp for every test, an arena, and a check that names a failure's sentence.
 */


#ifndef _T_STORE_H_INCLUDED_
#define _T_STORE_H_INCLUDED_


#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/gov_store_int.h"
#include "store/gov_store_fail.h"


#define t_rows(table)  (sizeof(table) / sizeof((table)[0]))

#define t_ok(x)  t_rc_at(x, GOV_OK, __FILE__, __LINE__)
#define t_rc(x, want)  t_rc_at(x, want, __FILE__, __LINE__)


typedef struct {
    char              base[64];       /* the folder that is removed */
    char              dir[80];        /* the store's, below it */
    gov_store_conf_t  conf;
    gov_store_t      *store;
    gov_arena_t      *arena;
    gov_err_t         err;
} t_store_t;


static t_store_t  t_own;


static inline void
t_rc_at(gov_rc_t rc, gov_rc_t want, const char *file, int line)
{
    if (rc == want) {
        return;
    }

    print_error("got %s, want %s: %s\n", gov_rc_name(rc), gov_rc_name(want),
                t_own.err.text);
    _fail(file, line);
}


static inline void
t_err_clear(t_store_t *t)
{
    memset(&t->err, 0, sizeof(gov_err_t));
}


static inline void
t_open(t_store_t *t)
{
    t_err_clear(t);
    t_ok(gov_store_open(&t->conf, &t->store, &t->err));
}


static inline int
t_setup_with(void **state, gov_backend_t *backend)
{
    t_store_t   *t = &t_own;
    const char  *tmp;

    memset(t, 0, sizeof(t_store_t));

    tmp = getenv("TMPDIR");
    (void) snprintf(t->base, sizeof(t->base), "%s/gov-store-XXXXXX",
                    tmp != NULL && strlen(tmp) < 40 ? tmp : "/tmp");

    if (mkdtemp(t->base) == NULL) {
        return 1;
    }

    (void) snprintf(t->dir, sizeof(t->dir), "%.63s/store", t->base);

    t->arena = gov_arena_new(65536);

    t->conf.dir = t->dir;
    t->conf.flags = GOV_STORE_WRITE;
    t->conf.map_size = (size_t) 256 << 20;
    t->conf.max_readers = 16;
    t->conf.group_gid = -1;
    t->conf.backend = backend;

    *state = t;

    return gov_store_open(&t->conf, &t->store, &t->err) != GOV_OK;
}


static inline int
t_setup(void **state)
{
    return t_setup_with(state, NULL);
}


static inline int
t_setup_fail(void **state)
{
    return t_setup_with(state, gov_store_fail(NULL));
}


static inline int
t_teardown(void **state)
{
    char        command[128];
    t_store_t  *t = *state;

    gov_store_fail_at(0, GOV_OK);

    if (t->store != NULL) {
        gov_store_close(&t->store);
    }

    gov_arena_free(&t->arena);

    (void) snprintf(command, sizeof(command), "rm -rf %s", t->base);

    return system(command) != 0;
}


#define t_test(f)  cmocka_unit_test_setup_teardown(f, t_setup, t_teardown)
#define t_test_fail(f)                                                        \
    cmocka_unit_test_setup_teardown(f, t_setup_fail, t_teardown)


static inline gov_txn_t *
t_begin(t_store_t *t, unsigned flags)
{
    gov_txn_t  *txn;

    t_err_clear(t);
    t_ok(gov_txn_begin(t->store, flags, &txn, &t->err));

    return txn;
}


static inline void
t_commit(t_store_t *t, gov_txn_t **txn)
{
    t_ok(gov_txn_commit(txn, &t->err));
}


/* numbered so that every operation id is another */

static inline gov_note_t
t_note(unsigned n)
{
    gov_note_t  note;

    memset(&note, 0, sizeof(gov_note_t));

    note.time = 1700000000000000 + n;
    note.actor = gov_s("测试员");
    note.origin = gov_s("unit");
    note.command = gov_s("test.do");
    memcpy(note.op, &n, sizeof(unsigned));
    note.op[GOV_OPID_LEN - 1] = 1;

    return note;
}


/* one command: a document of a site, touched and noted */

static inline void
t_command(t_store_t *t, gov_txn_t *txn, uint32_t site, uint64_t doc,
    unsigned n)
{
    gov_key_t      k;
    gov_note_t     note;
    gov_doc_rec_t  d;

    memset(&d, 0, sizeof(gov_doc_rec_t));
    d.column = 7;
    d.title = gov_str_fmt(t->arena, "第 %u 号通知", n);

    t_ok(gov_save(gov_handle(txn, site), GOV_T_DOCS, gov_key8(&k, doc),
                  t->arena, &d));

    gov_touch(txn, site, GOV_SLOT_SITE);
    gov_touch(txn, site, gov_slot_doc(doc));

    note = t_note(n);
    note.input = gov_map(t->arena);
    gov_put_int(t->arena, note.input, "doc", (int64_t) doc);
    note.result = gov_map(t->arena);
    gov_put_int(t->arena, note.result, "id", (int64_t) doc);

    t_ok(gov_note(txn, t->arena, &note, NULL, &t->err));
}


/* a dump as one text, for comparison */

static inline gov_rc_t
t_dump_line(void *data, gov_str_t line)
{
    gov_buf_t  *b = data;

    gov_buf_str(b, line);
    gov_buf_c(b, "\n");

    return GOV_OK;
}


static inline gov_str_t
t_dump(t_store_t *t, uint32_t site, int journal)
{
    gov_txn_t  *txn;
    gov_buf_t   b;

    gov_buf_init(&b, t->arena, 4096);

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_store_dump(txn, site, journal, t_dump_line, &b, &t->err));
    gov_txn_end(&txn);

    return b.s;
}


static inline uint64_t
t_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;

    return *seed;
}


#endif /* _T_STORE_H_INCLUDED_ */
