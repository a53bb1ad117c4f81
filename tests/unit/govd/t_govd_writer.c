
/*
 * Copyright (C) ngx_gov authors
 *
 * The writer: groups, refusals inside them, failing commits.
 */


#include <pthread.h>
#include <semaphore.h>
#include <sys/wait.h>

#include "store/t_store.h"
#include "govd/govd_int.h"


#define JOBS     400
#define THREADS  4


typedef struct {
    govd_job_t    job;
    t_store_t    *t;
    uint64_t      n;
    int           refuse;
    atomic_int    done;
    int           seen;             /* in a snapshot begun by done() */
    int           next_seen;        /* there too: what came behind it */
    sem_t        *begin;            /* waited for, or NULL */
} write_t;


static gov_rc_t
value_of(gov_txn_t *txn, gov_arena_t *a, uint64_t n, int64_t *value)
{
    gov_rc_t        rc;
    gov_key_t       k;
    gov_ref_rec_t   ref;

    rc = gov_load(gov_handle(txn, GOV_HUB), GOV_T_DOC_SITES, gov_key8(&k, n),
                  a, &ref);
    *value = rc == GOV_OK ? ref.to : 0;

    return rc;
}


static gov_rc_t
step(gov_txn_t *txn, gov_arena_t *a, void *data, gov_err_t *err)
{
    write_t        *w = data;
    gov_key_t       k;
    gov_ref_rec_t   ref;

    memset(&ref, 0, sizeof(gov_ref_rec_t));
    ref.to = (int64_t) w->n + 1;

    if (w->begin != NULL) {
        (void) sem_wait(w->begin);
    }

    if (gov_save(gov_handle(txn, GOV_HUB), GOV_T_DOC_SITES,
                 gov_key8(&k, w->n), a, &ref)
        != GOV_OK)
    {
        return gov_fail(err, GOV_ERROR, "", "save");
    }

    return w->refuse ? gov_fail(err, GOV_DENIED, "n", "refused") : GOV_OK;
}


static void
done(govd_job_t *job)
{
    int64_t       value;
    write_t      *w = job->data;
    gov_txn_t    *txn;
    gov_arena_t  *a;

    a = gov_arena_new(512);

    if (gov_txn_begin(w->t->store, GOV_TXN_READ, &txn, NULL) == GOV_OK) {
        w->seen = value_of(txn, a, w->n, &value) == GOV_OK
                  && value == (int64_t) w->n + 1;
        w->next_seen = value_of(txn, a, w->n + 1, &value) == GOV_OK;
        gov_txn_end(&txn);
    }

    gov_arena_free(&a);
    atomic_fetch_add(&w->done, 1);
}


static void
write_init(write_t *w, t_store_t *t, uint64_t n)
{
    memset(w, 0, sizeof(write_t));
    w->t = t;
    w->n = n;
    w->job.arena = gov_arena_new(1024);
    w->job.step = step;
    w->job.done = done;
    w->job.data = w;
}


typedef struct {
    govd_writer_t  *writer;
    write_t        *first;
} asker_t;

static void *
ask(void *data)
{
    unsigned   i;
    asker_t   *asker = data;

    for (i = 0; i < JOBS / THREADS; i++) {
        while (govd_writer_put(asker->writer, &asker->first[i].job)
               != GOV_OK)
        {
            (void) usleep(10);
        }
    }

    return NULL;
}


static void
everybody_is_answered_after_the_commit(void **state)
{
    unsigned        i;
    write_t        *w;
    asker_t         askers[THREADS];
    pthread_t       threads[THREADS];
    t_store_t      *t = *state;
    govd_writer_t  *writer;

    t_ok(govd_writer_begin(t->store, 0, &writer, &t->err));

    w = calloc(JOBS, sizeof(write_t));

    for (i = 0; i < JOBS; i++) {
        write_init(&w[i], t, i);
        w[i].refuse = i % 7 == 0;
    }

    for (i = 0; i < THREADS; i++) {
        askers[i].writer = writer;
        askers[i].first = w + i * (JOBS / THREADS);
        assert_int_equal(pthread_create(&threads[i], NULL, ask, &askers[i]),
                         0);
    }

    for (i = 0; i < THREADS; i++) {
        (void) pthread_join(threads[i], NULL);
    }

    govd_writer_end(&writer);
    assert_null(writer);

    for (i = 0; i < JOBS; i++) {
        assert_int_equal(w[i].done, 1);
        assert_int_equal(w[i].job.rc, w[i].refuse ? GOV_DENIED : GOV_OK);
        assert_int_equal(w[i].seen, !w[i].refuse);

        if (w[i].refuse) {
            assert_string_equal(w[i].job.err.field, "n");
        }

        gov_arena_free(&w[i].job.arena);
    }

    free(w);
}


/* is what waits behind a job in the commit that it is answered with? */

static int
shares_a_commit(t_store_t *t, size_t group)
{
    sem_t           begin;
    write_t         w[2];
    govd_writer_t  *writer;

    t_ok(govd_writer_begin(t->store, group, &writer, &t->err));
    assert_int_equal(sem_init(&begin, 0, 0), 0);

    write_init(&w[0], t, group * 10);
    write_init(&w[1], t, group * 10 + 1);
    w[0].begin = &begin;

    t_ok(govd_writer_put(writer, &w[0].job));
    t_ok(govd_writer_put(writer, &w[1].job));
    (void) sem_post(&begin);
    govd_writer_end(&writer);

    assert_int_equal(w[0].seen, 1);
    assert_int_equal(w[1].seen, 1);
    gov_arena_free(&w[0].job.arena);
    gov_arena_free(&w[1].job.arena);
    (void) sem_destroy(&begin);

    return w[0].next_seen;
}


static void
a_group_of_a_byte_is_a_command(void **state)
{
    t_store_t  *t = *state;

    assert_int_equal(shares_a_commit(t, 0), 1);
    assert_int_equal(shares_a_commit(t, 1), 0);
}


static void
a_dry_run_leaves_nothing(void **state)
{
    write_t     w;
    t_store_t  *t = *state;

    write_init(&w, t, 1);
    w.job.op.dry_run = 1;

    govd_writer_run(t->store, &w.job);

    assert_int_equal(w.job.rc, GOV_OK);
    assert_int_equal(w.done, 1);
    assert_int_equal(w.seen, 0);

    gov_arena_free(&w.job.arena);
}


/* the n-th call of the store fails: done or not done, and told so */

static void
a_full_store_is_told_and_the_next_one_works(void **state)
{
    unsigned    n;
    write_t     w;
    t_store_t  *t = *state;

    for (n = 1; ; n++) {
        write_init(&w, t, n);

        gov_store_fail_at(n, GOV_FULL);
        govd_writer_run(t->store, &w.job);

        assert_int_equal(w.done, 1);

        if (!gov_store_fail_fired()) {
            break;
        }

        assert_int_not_equal(w.job.rc, GOV_OK);
        assert_true(w.job.err.text[0] != '\0');
        assert_int_equal(w.seen, 0);

        gov_store_fail_at(0, GOV_OK);
        gov_arena_free(&w.job.arena);
    }

    assert_true(n > 4);
    assert_int_equal(w.job.rc, GOV_OK);
    assert_int_equal(w.seen, 1);

    gov_arena_free(&w.job.arena);
}


/* a commit that fails otherwise must not be tried again: the process ends */

static void
fail_at_commit(t_store_t *t, unsigned calls)
{
    write_t  w;

    t->store = NULL;
    t_open(t);
    write_init(&w, t, 7);
    gov_store_fail_at(calls, GOV_ERROR);
    govd_writer_run(t->store, &w.job);
    _exit(0);
}


static void
a_failed_commit_ends_the_process(void **state)
{
    int         status;
    pid_t       pid;
    write_t     w;
    unsigned    calls;
    t_store_t  *t = *state;

    write_init(&w, t, 6);
    gov_store_fail_at(1000, GOV_ERROR);
    govd_writer_run(t->store, &w.job);
    calls = gov_store_fail_calls();
    gov_store_fail_at(0, GOV_OK);
    assert_int_equal(w.job.rc, GOV_OK);
    gov_arena_free(&w.job.arena);

    gov_store_close(&t->store);

    pid = fork();

    if (pid == 0) {
        fail_at_commit(t, calls);
    }

    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 3);

    t_open(t);
    write_init(&w, t, 7);
    done(&w.job);
    assert_int_equal(w.seen, 0);
    gov_arena_free(&w.job.arena);
}


static void
a_writer_that_ends_takes_no_more(void **state)
{
    write_t         w;
    t_store_t      *t = *state;
    govd_writer_t  *writer;

    t_ok(govd_writer_begin(t->store, 0, &writer, &t->err));

    write_init(&w, t, 1);
    t_ok(govd_writer_put(writer, &w.job));
    govd_writer_stop(writer);

    assert_int_equal(w.done, 1);
    assert_int_equal(w.seen, 1);

    /* a door that serves still may ask it */

    assert_int_equal(govd_writer_put(writer, &w.job), GOV_BUSY);
    assert_int_equal(w.done, 1);

    govd_writer_end(&writer);
    assert_null(writer);
    govd_writer_end(&writer);

    gov_arena_free(&w.job.arena);
}


/* the writer must not wait for a parser: bodies come made safe */

static void
an_operation_from_any_door_brings_its_bodies(void **state)
{
    gov_op_t      op;
    t_store_t    *t = *state;
    govd_conf_t   conf;
    gov_value_t  *input;

    memset(&op, 0, sizeof(gov_op_t));
    memset(&conf, 0, sizeof(govd_conf_t));
    input = gov_map(t->arena);
    gov_put_c(t->arena, input, "body", "**a**");

    t_ok(govd_op_fill(&conf, t->arena, &op, gov_s("doc.create"), input,
                      gov_s(""), 0, &t->err));
    assert_non_null(op.safe);
}


int
main(void)
{
    static const struct CMUnitTest  tests[] = {
        t_test(everybody_is_answered_after_the_commit),
        t_test(a_group_of_a_byte_is_a_command),
        t_test(a_dry_run_leaves_nothing),
        t_test_fail(a_full_store_is_told_and_the_next_one_works),
        t_test_fail(a_failed_commit_ends_the_process),
        t_test(a_writer_that_ends_takes_no_more),
        t_test(an_operation_from_any_door_brings_its_bodies)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
