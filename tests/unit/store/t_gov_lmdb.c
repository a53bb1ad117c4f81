
/*
 * Copyright (C) ngx_gov authors
 *
 * The store between processes: dead readers, forks, other users, a map that
 * grew, a damaged page.  Every child opens the store itself.
 */


#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/wait.h>

#include "store/t_store.h"


typedef int (*child_pt)(t_store_t *t, int in, int out);

typedef struct {
    pid_t        pid;
    int          in;           /* what the child says */
    int          out;          /* a byte lets it go on */
} child_t;


/* the child's store is not open when it is forked */

static void
start(t_store_t *t, child_t *c, child_pt run)
{
    int  to[2], from[2];

    assert_int_equal(pipe(to), 0);
    assert_int_equal(pipe(from), 0);

    c->pid = fork();
    assert_true(c->pid != -1);

    if (c->pid == 0) {
        (void) close(to[1]);
        (void) close(from[0]);
        _exit(run(t, to[0], from[1]));
    }

    (void) close(to[0]);
    (void) close(from[1]);
    c->in = from[0];
    c->out = to[1];
}


static void
hear(child_t *c)
{
    char  byte;

    assert_int_equal(read(c->in, &byte, 1), 1);
}


static int
say(int fd)
{
    return write(fd, "x", 1) == 1 ? 0 : 1;
}


static int
wait_for(int fd)
{
    char  byte;

    return read(fd, &byte, 1) == 1 ? 0 : 1;
}


static int
end(child_t *c)
{
    int  status;

    assert_int_equal(waitpid(c->pid, &status, 0), c->pid);
    (void) close(c->in);
    (void) close(c->out);

    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + status;
}


static int
hold_a_snapshot(t_store_t *t, int in, int out)
{
    gov_txn_t  *txn;

    t->conf.flags = GOV_STORE_READ;

    if (gov_store_open(&t->conf, &t->store, NULL) != GOV_OK
        || gov_txn_begin(t->store, GOV_TXN_READ, &txn, NULL) != GOV_OK
        || say(out) != 0)
    {
        return 1;
    }

    return wait_for(in);
}


static void
a_dead_readers_slot_is_freed(void **state)
{
    child_t       c;
    t_store_t    *t = *state;
    gov_value_t  *v;

    gov_store_close(&t->store);
    start(t, &c, hold_a_snapshot);
    hear(&c);

    t_open(t);
    v = gov_store_stats(t->store, t->arena);
    assert_int_equal(gov_get_int(v, "oldest_reader_pid", 0), c.pid);

    /* the living keep theirs */
    assert_int_equal(gov_store_reader_check(t->store), 0);

    assert_int_equal(kill(c.pid, SIGKILL), 0);
    (void) end(&c);

    assert_int_equal(gov_store_reader_check(t->store), 1);
    v = gov_store_stats(t->store, t->arena);
    assert_int_equal(gov_get_int(v, "oldest_reader", -1), 0);
}


static int
use_after_fork(t_store_t *t, int in, int out)
{
    gov_txn_t    *txn;
    gov_store_t  *other;

    (void) in;

    if (gov_txn_begin(t->store, GOV_TXN_READ, &txn, NULL) != GOV_ERROR
        || gov_txn_begin(t->store, GOV_TXN_WRITE, &txn, NULL) != GOV_ERROR
        || gov_store_open(&t->conf, &other, NULL) != GOV_ERROR)
    {
        return 1;
    }

    gov_store_close(&t->store);

    return say(out);
}


static void
a_store_that_came_through_fork_is_refused(void **state)
{
    child_t     c;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    start(t, &c, use_after_fork);
    hear(&c);
    assert_int_equal(end(&c), 0);

    txn = t_begin(t, GOV_TXN_WRITE);
    t_command(t, txn, 3, 1, 1);
    t_commit(t, &txn);
}


static int
read_as_nobody(t_store_t *t, int in, int out)
{
    char           path[128];
    uint64_t       head;
    gov_rc_t       rc;
    gov_txn_t     *txn;
    gov_store_t   *writer;

    (void) in;

    if (setgroups(0, NULL) != 0 || setgid(65534) != 0 || setuid(65534) != 0) {
        return 1;
    }

    t->conf.flags = GOV_STORE_WRITE;
    rc = gov_store_open(&t->conf, &writer, NULL);

    if (rc == GOV_OK) {
        return 2;
    }

    (void) snprintf(path, sizeof(path), "%s/data.mdb", t->dir);

    if (access(path, W_OK) == 0 || access(path, R_OK) != 0) {
        return 3;
    }

    (void) snprintf(path, sizeof(path), "%s/other", t->dir);

    if (open(path, O_CREAT|O_WRONLY, 0600) != -1) {
        return 4;
    }

    t->conf.flags = GOV_STORE_READ;

    if (gov_store_open(&t->conf, &t->store, NULL) != GOV_OK
        || gov_txn_begin(t->store, GOV_TXN_READ, &txn, NULL) != GOV_OK)
    {
        return 5;
    }

    head = gov_journal_head(txn);
    gov_txn_end(&txn);

    if (gov_txn_begin(t->store, GOV_TXN_WRITE, &txn, NULL) == GOV_OK) {
        return 6;
    }

    return head == 1 ? say(out) : 7;
}


static void
readers_of_the_group_read_without_being_able_to_write(void **state)
{
    char         command[128];
    child_t      c;
    gov_txn_t   *txn;
    t_store_t   *t = *state;

    if (geteuid() != 0) {
        skip();
    }

    gov_store_close(&t->store);
    assert_int_equal(chmod(t->base, 0755), 0);
    (void) snprintf(command, sizeof(command), "rm -r %s", t->dir);
    assert_int_equal(system(command), 0);

    t->conf.group_gid = 65534;
    t_open(t);

    txn = t_begin(t, GOV_TXN_WRITE);
    t_command(t, txn, 3, 1, 1);
    t_commit(t, &txn);
    gov_store_close(&t->store);

    start(t, &c, read_as_nobody);
    assert_int_equal(end(&c), 0);
}


static int
grow(t_store_t *t, int in, int out)
{
    unsigned        n;
    gov_key_t       k;
    gov_txn_t      *txn;
    gov_doc_rec_t   d;

    t->conf.map_size = (size_t) 64 << 20;
    t->conf.flags = GOV_STORE_WRITE;
    memset(&d, 0, sizeof(gov_doc_rec_t));
    d.summary.len = 3000;
    d.summary.data = gov_calloc(t->arena, 3000);

    if (wait_for(in) != 0
        || gov_store_open(&t->conf, &t->store, NULL) != GOV_OK
        || gov_txn_begin(t->store, GOV_TXN_WRITE, &txn, NULL) != GOV_OK)
    {
        return 1;
    }

    for (n = 0; n < 2000; n++) {
        if (gov_save(gov_handle(txn, 3), GOV_T_DOCS, gov_key8(&k, n),
                     t->arena, &d)
            != GOV_OK)
        {
            return 2;
        }
    }

    if (gov_txn_commit(&txn, NULL) != GOV_OK) {
        return 3;
    }

    gov_store_close(&t->store);

    return say(out);
}


static void
a_map_that_another_process_enlarged_is_taken_over(void **state)
{
    size_t       n;
    child_t      c;
    gov_key_t    k;
    gov_txn_t   *txn, *held;
    t_store_t   *t = *state;
    gov_scan_t   sc;

    gov_store_close(&t->store);
    start(t, &c, grow);

    t->conf.flags = GOV_STORE_READ;
    t->conf.map_size = (size_t) 1 << 20;
    t_open(t);

    txn = t_begin(t, GOV_TXN_READ);
    gov_txn_end(&txn);
    held = t_begin(t, GOV_TXN_READ);

    assert_int_equal(say(c.out), 0);
    hear(&c);
    assert_int_equal(end(&c), 0);

    /* not while a snapshot of this process stands on the old map */

    t_rc(gov_txn_begin(t->store, GOV_TXN_READ, &txn, &t->err), GOV_BUSY);
    assert_true(gov_journal_head(held) == 0);
    gov_txn_end(&held);

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_scan_open(&sc, gov_handle(txn, 3), GOV_T_DOCS, gov_key(&k),
                       GOV_FORWARD));
    t_ok(gov_scan_skip(&sc, 5000, &n));
    assert_int_equal(n, 2000);
    gov_scan_close(&sc);
    gov_txn_end(&txn);
}


static int
read_all(t_store_t *t, int in, int out)
{
    size_t       n;
    gov_key_t    k;
    gov_txn_t   *txn;
    gov_scan_t   sc;

    (void) in;
    (void) dup2(out, STDERR_FILENO);
    (void) signal(SIGABRT, SIG_DFL);

    t->conf.flags = GOV_STORE_READ;

    if (gov_store_open(&t->conf, &t->store, NULL) != GOV_OK) {
        return 1;
    }

    if (gov_txn_begin(t->store, GOV_TXN_READ, &txn, NULL) != GOV_OK
        || gov_scan_open(&sc, gov_handle(txn, 3), GOV_T_VIEWS, gov_key(&k),
                         GOV_FORWARD)
           != GOV_OK)
    {
        return 2;
    }

    (void) gov_scan_skip(&sc, 10000, &n);
    gov_scan_close(&sc);
    gov_txn_end(&txn);

    return n > 0 ? 0 : 3;
}


/* leaf pages that begin with a row of site 3 say they are no leaves */

static void
damage(t_store_t *t)
{
    int          fd, n;
    char         path[128];
    off_t        at;
    u_char       page[4096], *first;

    (void) snprintf(path, sizeof(path), "%s/data.mdb", t->dir);
    fd = open(path, O_RDWR);
    n = 0;

    for (at = 2 * 4096; pread(fd, page, 4096, at) == 4096; at += 4096) {
        first = page + (page[16] | page[17] << 8);

        if (page[10] == 2 && first <= page + 4096 - 13
            && memcmp(first + 8, "\0\0\0\3", 4) == 0
            && first[12] == GOV_T_VIEWS)
        {
            assert_int_equal(pwrite(fd, "\4", 1, at + 10), 1);
            n++;
        }
    }

    (void) close(fd);
    assert_true(n > 3);
}


static void
a_damaged_page_names_its_site_and_ends_only_its_process(void **state)
{
    int               n;
    char              said[4096];
    ssize_t           got;
    child_t           c;
    gov_key_t         k;
    gov_txn_t        *txn;
    t_store_t        *t = *state;
    gov_usage_rec_t   views;

    memset(&views, 0, sizeof(gov_usage_rec_t));
    txn = t_begin(t, GOV_TXN_WRITE);

    for (n = 1; n < 500; n++) {
        views.n = n;
        t_ok(gov_save(gov_handle(txn, 3), GOV_T_VIEWS,
                      gov_key8(&k, (uint64_t) n), t->arena, &views));
    }

    t_commit(t, &txn);
    gov_store_close(&t->store);

    start(t, &c, read_all);
    assert_int_equal(end(&c), 0);

    damage(t);

    start(t, &c, read_all);
    n = 0;

    while ((got = read(c.in, said + n, sizeof(said) - 1 - (size_t) n)) > 0) {
        n += (int) got;
    }

    said[n] = '\0';

    assert_true(end(&c) >= 1000);
    assert_non_null(strstr(said, "gov: store damaged, reading site 3: "));
}


static int
change_and_say(t_store_t *t, int in, int out)
{
    gov_txn_t  *txn;

    t->conf.flags = GOV_STORE_WRITE;

    if (gov_store_open(&t->conf, &t->store, NULL) != GOV_OK
        || gov_txn_begin(t->store, GOV_TXN_WRITE, &txn, NULL) != GOV_OK)
    {
        return 1;
    }

    t_command(t, txn, 3, 1, 1);

    return say(out) || wait_for(in);
}


static void
a_writer_killed_in_the_middle_leaves_the_old_state_and_no_lock(void **state)
{
    child_t      c;
    gov_txn_t   *txn;
    t_store_t   *t = *state;

    gov_store_close(&t->store);
    start(t, &c, change_and_say);
    hear(&c);

    assert_int_equal(kill(c.pid, SIGKILL), 0);
    (void) end(&c);

    t_open(t);
    txn = t_begin(t, GOV_TXN_WRITE);
    assert_true(gov_journal_head(txn) == 0);
    t_command(t, txn, 3, 1, 1);
    t_commit(t, &txn);
}


/* the file is the store's, whichever way it was opened */

static int
of_the_store(t_store_t *t, const char *fd)
{
    char     link[64], file[PATH_MAX];
    ssize_t  n;

    (void) snprintf(link, sizeof(link), "/proc/self/fd/%.20s", fd);
    n = readlink(link, file, sizeof(file) - 1);
    file[n > 0 ? n : 0] = '\0';

    return strncmp(file, t->dir, strlen(t->dir)) == 0;
}


static void
no_descriptor_is_handed_on_to_a_program(void **state)
{
    DIR            *d;
    unsigned        n;
    t_store_t      *t = *state;
    struct dirent  *e;

    d = opendir("/proc/self/fd");
    assert_non_null(d);

    for (n = 0; (e = readdir(d)) != NULL; /* void */ ) {
        if (of_the_store(t, e->d_name)) {
            assert_true(fcntl(atoi(e->d_name), F_GETFD) & FD_CLOEXEC);
            n++;
        }
    }

    (void) closedir(d);

    /* data.mdb, the same for the meta pages, lock.mdb */
    assert_true(n >= 3);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_dead_readers_slot_is_freed),
        t_test(a_store_that_came_through_fork_is_refused),
        t_test(readers_of_the_group_read_without_being_able_to_write),
        t_test(a_map_that_another_process_enlarged_is_taken_over),
        t_test(a_damaged_page_names_its_site_and_ends_only_its_process),
        t_test(a_writer_killed_in_the_middle_leaves_the_old_state_and_no_lock),
        t_test(no_descriptor_is_handed_on_to_a_program)
    };

    return cmocka_run_group_tests_name("store/gov_lmdb", tests, NULL, NULL);
}
