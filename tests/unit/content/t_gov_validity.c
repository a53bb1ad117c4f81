
/*
 * Copyright (C) ngx_gov authors
 *
 * Validity of a normative document: a truth table over days.
 */


#include "content/t_content.h"


#define T_DAY  (86400 * T_SECOND)

/* 2026-11-23 00:00 in Shanghai */
#define T_TODAY  1795363200000000LL


static void
validity_follows_from_words_and_days(void **state)
{
    size_t          i;
    int64_t         due;
    const char     *got;
    gov_doc_rec_t   d;

    static const struct {
        const char  *number, *stated, *from, *until, *want;
        int64_t      due;               /* days from T_TODAY, -1 none */
    } rows[] = {
        { "", "", "", "", "", -1 },
        { "咸政办发〔2007〕171号", "", "", "", "in_force", -1 },
        { "1号", "", "2026-11-23", "", "in_force", -1 },
        { "1号", "", "2026-11-24", "", "not_yet", 1 },
        { "", "", "2026-11-24", "2026-11-30", "not_yet", 1 },
        { "", "", "2026-11-01", "2026-11-30", "in_force", 7 },
        { "", "", "", "2026-11-23", "expired", -1 },
        { "", "", "", "2012-10-10", "expired", -1 },
        { "1号", "amended", "", "", "amended", -1 },
        { "1号", "amended", "", "2026-11-24", "amended", 1 },
        { "1号", "amended", "", "2026-11-22", "expired", -1 },
        { "1号", "repealed", "2027-01-01", "", "repealed", -1 },
        { "", "expired", "", "", "expired", -1 },
        { "", "", "", "not a day", "in_force", -1 }
    };

    (void) state;

    for (i = 0; i < t_rows(rows); i++) {
        memset(&d, 0, sizeof(gov_doc_rec_t));
        d.number = gov_str_of(rows[i].number);
        d.validity = gov_str_of(rows[i].stated);
        d.effective = gov_str_of(rows[i].from);
        d.expires_on = gov_str_of(rows[i].until);

        due = INT64_MAX;
        got = gov_validity(&d, T_TODAY, &due);

        if (strcmp(got, rows[i].want) != 0
            || due != (rows[i].due < 0 ? INT64_MAX
                                       : T_TODAY + rows[i].due * T_DAY))
        {
            print_error("row %zu: \"%s\" due %lld\n", i, got,
                        (long long) (due - T_TODAY));
            fail();
        }
    }
}


static void
it_changes_at_midnight_in_shanghai(void **state)
{
    int64_t         due;
    gov_doc_rec_t   d;

    (void) state;

    memset(&d, 0, sizeof(gov_doc_rec_t));
    d.expires_on = gov_s("2026-11-24");
    due = 0;

    assert_string_equal(gov_validity(&d, T_TODAY + T_DAY - 1, &due),
                        "in_force");
    assert_int_equal(due, T_TODAY + T_DAY);
    assert_string_equal(gov_validity(&d, T_TODAY + T_DAY, &due), "expired");

    /* an earlier moment stands */

    due = T_TODAY + 5;
    gov_validity(&d, T_TODAY, &due);
    assert_int_equal(due, T_TODAY + 5);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(validity_follows_from_words_and_days),
        cmocka_unit_test(it_changes_at_midnight_in_shanghai)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
