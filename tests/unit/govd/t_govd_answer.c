
/*
 * Copyright (C) ngx_gov authors
 *
 * Answers that are told shorter than they are.
 */


#include "store/t_store.h"
#include "govd/govd_int.h"


static void
a_verdict_too_large_for_nginx_is_told_by_its_entry(void **state)
{
    gov_arena_t    *a;
    govd_job_t      job;
    govd_answer_t   an;

    (void) state;

    a = gov_arena_new(4096);
    memset(&job, 0, sizeof(govd_job_t));
    memset(&an, 0, sizeof(govd_answer_t));
    job.seq = 12;

    govd_answer_ok(&an, gov_s("{\"a\":1}"));
    govd_answer_bound(a, &an, &job, gov_s(""), 7);
    assert_true(gov_str_is(an.body, "{\"a\":1}"));

    govd_answer_bound(a, &an, &job, gov_s("/console/"), 6);
    assert_int_equal(an.status, 200);
    assert_true(gov_str_is(an.body, "{\"entry\":12,\"op\":\"00000000-0000-0000"
                           "-0000-000000000000\",\"to\":\"/console/\"}"));

    /* nothing was done */

    job.seq = 0;
    govd_answer_ok(&an, gov_s("{\"a\":1}"));
    govd_answer_bound(a, &an, &job, gov_s(""), 6);
    assert_int_equal(an.status, 500);
    assert_true(gov_str_starts(an.body, "{"));

    gov_arena_free(&a);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_verdict_too_large_for_nginx_is_told_by_its_entry)
    };

    return cmocka_run_group_tests_name("govd/govd_answer", tests, NULL, NULL);
}
