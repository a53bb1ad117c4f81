
/*
 * Copyright (C) ngx_gov authors
 *
 * A small city in a scratch store, made once a process by commands.  Targets
 * work in a write transaction that is always ended: every input meets the
 * same store.
 *
 *     6104        市      www.xianyang.localhost, localhost
 *     610402      区      qindu.xianyang.localhost; documents 1 and 2
 *     610402001   街道    page /renminlu/ below it
 *
 * Columns: 1 xxgk, 2 xxgk/tzgg, 3 xxgk/gfxwj.
 */


#ifndef _FUZZ_STORE_H_INCLUDED_
#define _FUZZ_STORE_H_INCLUDED_


#include <unistd.h>

#include "desk/gov_desk.h"

#include "fuzz.h"


#define F_NOW  1795420800000000LL          /* 2026-11-23 in Shanghai */

#define F_COLUMNS                                                             \
    "\"columns\":[{\"id\":1,\"slug\":\"xxgk\",\"name\":\"信息公开\","         \
    "\"kind\":\"section\"},{\"id\":2,\"parent\":1,\"slug\":\"tzgg\","         \
    "\"name\":\"通知公告\",\"kind\":\"notice\"},{\"id\":3,\"parent\":1,"      \
    "\"slug\":\"gfxwj\",\"name\":\"规范性文件\",\"kind\":\"normative\"}]}"

static const char  *f_city[][2] = {
    { "blueprint.put", "{\"name\":\"city\",\"title\":\"市\"," F_COLUMNS },
    { "blueprint.put", "{\"name\":\"county\",\"title\":\"县\"," F_COLUMNS },
    { "blueprint.put", "{\"name\":\"township\",\"title\":\"镇\","
      F_COLUMNS },
    { "site.create", "{\"code\":\"6104\",\"name\":\"咸阳市\","
      "\"level\":\"city\",\"slug\":\"xianyang\","
      "\"host\":[\"www.xianyang.localhost\",\"localhost\"]}" },
    { "site.create", "{\"code\":\"610402\",\"name\":\"秦都区\","
      "\"level\":\"county\",\"parent\":\"6104\",\"slug\":\"qindu\"}" },
    { "site.create", "{\"code\":\"610402001\",\"name\":\"人民路街道\","
      "\"level\":\"township\",\"parent\":\"610402\","
      "\"slug\":\"renminlu\"}" },
    { "doc.create", "{\"site\":\"610402\",\"column\":\"xxgk/tzgg\","
      "\"title\":\"一号\",\"body\":\"一\",\"publish\":true}" },
    { "doc.create", "{\"site\":\"610402\",\"column\":\"xxgk/tzgg\","
      "\"title\":\"二号\",\"body\":\"二\"}" },
    { "doc.refer", "{\"doc\":1,\"to\":[\"6104/xxgk/tzgg\"]}" },
    { "column.create", "{\"site\":\"610402\",\"slug\":\"own\","
      "\"name\":\"自设\",\"kind\":\"news\"}" }
};


static char          f_base[] = "/tmp/gov-fuzz-XXXXXX";
static char          f_dir[64];
static gov_store_t  *f_opened;


static inline void
f_op(gov_op_t *op, gov_str_t command, gov_value_t *input)
{
    static uint32_t  n;

    memset(op, 0, sizeof(gov_op_t));

    n++;
    memcpy(op->id, &n, sizeof(n));
    op->id[GOV_OPID_LEN - 1] = 7;
    op->time = F_NOW + n;
    op->door = GOV_DOOR_CTL;
    op->actor = gov_s("管理员");
    op->origin = gov_s("fuzz");
    op->command = command;
    op->input = input;
    op->blobs = f_base;
}


static inline void
f_remove(void)
{
    char  command[64];

    gov_store_close(&f_opened);
    (void) snprintf(command, sizeof(command), "rm -rf %s", f_base);
    (void) !system(command);
}


/* commands that must go through */

static inline void
f_apply_all(gov_txn_t *txn, gov_arena_t *a, const char *list[][2], size_t n)
{
    size_t        i;
    gov_op_t      op;
    uint64_t      seq;
    gov_err_t     err;
    gov_value_t  *input, *verdict;

    memset(&err, 0, sizeof(gov_err_t));

    for (i = 0; i < n; i++) {
        f_must(gov_json_parse(a, gov_str_of(list[i][1]), &input, &err)
               == GOV_OK);
        f_op(&op, gov_str_of(list[i][0]), input);

        if (gov_desk_apply(txn, a, &op, &verdict, &seq, &err) != GOV_OK) {
            f_broken(err.text, list[i][0], (int) i);
        }
    }
}


static inline void
f_city_make(gov_store_t *s)
{
    gov_err_t     err;
    gov_txn_t    *txn;
    gov_arena_t  *a;

    a = gov_arena_new(65536);
    memset(&err, 0, sizeof(gov_err_t));
    f_must(gov_txn_begin(s, GOV_TXN_WRITE, &txn, &err) == GOV_OK);

    f_apply_all(txn, a, f_city, sizeof(f_city) / sizeof(f_city[0]));

    f_must(gov_txn_commit(&txn, &err) == GOV_OK);
    gov_arena_free(&a);
}


/* time stands still */

static inline void
f_clock(void)
{
    FILE  *f;
    char   name[64];

    (void) snprintf(name, sizeof(name), "%s/clock", f_base);
    f = fopen(name, "w");
    f_must(f != NULL && fprintf(f, "%lld\n", F_NOW) > 0 && fclose(f) == 0);
    f_must(setenv("GOV_TEST_CLOCK_FILE", name, 1) == 0);
}


static inline gov_store_t *
f_store(void)
{
    gov_err_t         err;
    gov_store_conf_t  conf;

    if (f_opened != NULL) {
        return f_opened;
    }

    f_must(mkdtemp(f_base) != NULL);
    f_clock();
    (void) snprintf(f_dir, sizeof(f_dir), "%s/store", f_base);

    memset(&err, 0, sizeof(gov_err_t));
    memset(&conf, 0, sizeof(gov_store_conf_t));
    conf.dir = f_dir;
    conf.flags = GOV_STORE_WRITE;
    conf.map_size = (size_t) 256 << 20;
    conf.max_readers = 16;
    conf.group_gid = -1;

    f_must(gov_store_open(&conf, &f_opened, &err) == GOV_OK);
    (void) atexit(f_remove);

    f_city_make(f_opened);

    return f_opened;
}


static inline gov_txn_t *
f_begin(unsigned flags)
{
    gov_err_t   err;
    gov_txn_t  *txn;

    memset(&err, 0, sizeof(gov_err_t));
    f_must(gov_txn_begin(f_store(), flags, &txn, &err) == GOV_OK);

    return txn;
}


/* what a command left: every record can be read, as JSON that parses */

static inline gov_rc_t
f_whole_line(void *data, gov_str_t line)
{
    gov_value_t  *v;

    gov_arena_reset(data);
    f_must(gov_json_parse(data, line, &v, NULL) == GOV_OK);
    f_must(gov_str_eq(f_json(data, v, GOV_JSON_CANON), line));

    return GOV_OK;
}


static inline void
f_whole(gov_txn_t *txn)
{
    gov_arena_t  *a;

    a = gov_arena_new(16384);
    f_must(gov_store_dump(txn, 0, 1, f_whole_line, a, NULL) == GOV_OK);
    gov_arena_free(&a);
}


/* a command that failed says why */

static inline gov_rc_t
f_apply(gov_txn_t *txn, gov_arena_t *a, gov_str_t command,
    gov_value_t *input)
{
    gov_op_t      op;
    gov_rc_t      rc;
    uint64_t      seq;
    gov_err_t     err;
    gov_value_t  *verdict;

    memset(&err, 0, sizeof(gov_err_t));
    f_op(&op, command, input);

    rc = gov_desk_apply(txn, a, &op, &verdict, &seq, &err);

    if (rc == GOV_OK) {
        (void) f_json(a, verdict, 0);
        f_whole(txn);

    } else {
        f_must(err.text[0] != '\0');
        f_must(gov_utf8_valid(gov_str_of(err.text)));

        if (rc == GOV_ERROR || rc == GOV_CORRUPT || rc == GOV_DONE) {
            f_broken(err.text, gov_rc_name(rc), 0);
        }
    }

    return rc;
}


#endif /* _FUZZ_STORE_H_INCLUDED_ */
