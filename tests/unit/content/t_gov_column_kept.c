
/*
 * Copyright (C) ngx_gov authors
 *
 * Columns kept from one call to the next, asked for by several threads at
 * once.  Two blueprints are asked for in turns, and one thread more puts so
 * many others that nothing is kept from one round to the next: what is given
 * is always of the very bytes it was asked with, and stays so when what it
 * was made from is gone.
 *
 * cmocka ends a test by a jump, which no thread but its own may do: the others
 * count what is wrong.
 */


#include <pthread.h>

#include "content/t_content.h"


#define THREADS  3
#define ROUNDS   200
#define ASKS     500                /* of a thread in a round */
#define OTHERS   17                 /* more than are kept */


typedef struct {
    unsigned       which;
    unsigned       n;
    gov_column_t  *list;
    gov_arena_t   *arena;
} given_t;

typedef struct {
    t_store_t    *t;
    gov_txn_t    *txn;
    unsigned      number;
    unsigned      faults;
    gov_site_t    sites[2];
    gov_arena_t  *arena;            /* the sites' */
    given_t       given[2];
} asker_t;


static pthread_barrier_t  t_round;

/* the first two blueprints, and sites that have them */

static const char  *t_names[] = { "county", "city" };
static const char  *t_codes[] = { "610402", "610400" };


/* the second has more columns, all others are as long as the first */

#define t_columns(which)  ((which) == 1 ? 5 : 3)
#define t_id(which, i)  (5 * (which) + (i) + 1)
#define t_letter(which)  ('a' + (int) (which))
#define t_reviews(which)  (1 + (which) % 3)


static gov_rc_t
put(gov_txn_t *txn, gov_arena_t *a, const char *name, unsigned which,
    gov_err_t *err)
{
    gov_rc_t      rc;
    unsigned      i;
    gov_buf_t     b;
    gov_value_t  *v;

    gov_buf_init(&b, a, 512);
    gov_buf_fmt(&b, "{\"name\":\"%s\",\"title\":\"蓝本\",\"version\":1,"
                "\"columns\":[", name);

    for (i = 0; i < t_columns(which); i++) {
        gov_buf_fmt(&b, "%s{\"id\":%u,\"parent\":0,\"slug\":\"%c%u\","
                    "\"name\":\"栏%c\",\"kind\":\"section\","
                    "\"flow\":{\"reviews\":%u}}", i ? "," : "",
                    t_id(which, i), t_letter(which), i, t_letter(which),
                    t_reviews(which));
    }

    gov_buf_c(&b, "]}");

    rc = gov_json_parse(a, b.s, &v, err);

    return rc == GOV_OK ? gov_blueprint_put(txn, a, v, err) : rc;
}


static int
is(gov_column_t *c, unsigned which, unsigned i)
{
    char  slug[16], name[16];

    (void) snprintf(slug, sizeof(slug), "%c%u", t_letter(which), i);
    (void) snprintf(name, sizeof(name), "栏%c", t_letter(which));

    return c->id == t_id(which, i)
           && gov_str_is(c->rec.slug, slug)
           && gov_str_is(c->rec.name, name)
           && gov_str_is(c->rec.kind, "section")
           && gov_get_int(c->rec.flow, "reviews", 0)
              == (int64_t) t_reviews(which)
           && gov_str_is(c->rec.flow->u.first->key, "reviews");
}


static unsigned
wrong(given_t *given)
{
    unsigned  i, faults;

    faults = given->n != t_columns(given->which);

    for (i = 0; i < given->n && faults == 0; i++) {
        faults += !is(&given->list[i], given->which, i);
    }

    return faults;
}


static void
ask(asker_t *asker, gov_site_t *site, given_t *given)
{
    if (gov_columns(asker->txn, given->arena, site, &given->list, &given->n)
        != GOV_OK)
    {
        given->n = 0;
    }

    asker->faults += wrong(given);
}


/* what was given two questions ago, perhaps in the round before, is still so;
 * then it is spoiled, which nobody else may see */

static void
in_turns(asker_t *asker)
{
    unsigned   i;
    given_t   *given;

    for (i = 0; i < ASKS; i++) {
        given = &asker->given[(asker->number + i) % 2];

        if (given->n != 0) {
            asker->faults += wrong(given);
            given->list[0].rec.flow->u.first->u.i = 9;
        }

        gov_arena_reset(given->arena);
        ask(asker, &asker->sites[given->which], given);
    }
}


/* in a transaction that comes to nothing */

static void
others(asker_t *asker)
{
    given_t  *given = asker->given;

    gov_arena_reset(given->arena);

    for (given->which = 2; given->which < 2 + OTHERS; given->which++) {
        asker->faults += put(asker->txn, given->arena, t_names[0],
                             given->which, NULL)
                         != GOV_OK;
        ask(asker, &asker->sites[0], given);
    }
}


static gov_rc_t
begin(asker_t *asker, unsigned flags)
{
    unsigned  i;
    gov_rc_t  rc;

    rc = gov_txn_begin(asker->t->store, flags, &asker->txn, NULL);

    for (i = 0; i < 2 && rc == GOV_OK; i++) {
        rc = gov_site_by_code(asker->txn, asker->arena,
                              gov_str_of(t_codes[i]), &asker->sites[i]);
    }

    return rc;
}


static void *
asks(void *data)
{
    int        puts;
    gov_rc_t   rc;
    asker_t   *asker = data;
    unsigned   round;

    puts = asker->number == THREADS;
    rc = begin(asker, puts ? GOV_TXN_WRITE : GOV_TXN_READ);

    for (round = 0; round < ROUNDS; round++) {
        (void) pthread_barrier_wait(&t_round);

        if (rc != GOV_OK) {
            asker->faults++;

        } else if (puts) {
            others(asker);

        } else {
            in_turns(asker);
        }
    }

    gov_txn_end(&asker->txn);

    return NULL;
}


static void
asker_init(asker_t *asker, t_store_t *t, unsigned number)
{
    unsigned  i;

    memset(asker, 0, sizeof(asker_t));
    asker->t = t;
    asker->number = number;
    asker->arena = gov_arena_new(4096);

    for (i = 0; i < 2; i++) {
        asker->given[i].which = i;
        asker->given[i].arena = gov_arena_new(4096);
    }
}


static void
asker_free(asker_t *asker)
{
    gov_arena_free(&asker->arena);
    gov_arena_free(&asker->given[0].arena);
    gov_arena_free(&asker->given[1].arena);
}


static void
each_gets_the_columns_of_the_bytes_it_asked_with(void **state)
{
    unsigned    i;
    asker_t     askers[THREADS + 1];
    pthread_t   threads[THREADS + 1];
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    t_ok(put(txn, t->arena, t_names[0], 0, &t->err));
    t_ok(put(txn, t->arena, t_names[1], 1, &t->err));
    t_commit(t, &txn);

    assert_int_equal(pthread_barrier_init(&t_round, NULL, THREADS + 1), 0);

    for (i = 0; i <= THREADS; i++) {
        asker_init(&askers[i], t, i);
        assert_int_equal(pthread_create(&threads[i], NULL, asks, &askers[i]),
                         0);
    }

    for (i = 0; i <= THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        asker_free(&askers[i]);
    }

    (void) pthread_barrier_destroy(&t_round);

    for (i = 0; i <= THREADS; i++) {
        assert_int_equal(askers[i].faults, 0);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(each_gets_the_columns_of_the_bytes_it_asked_with)
    };

    return cmocka_run_group_tests_name("content/gov_column_kept", tests, NULL,
                                       NULL);
}
