
/*
 * Copyright (C) ngx_gov authors
 *
 * Dates: what was understood is shown and understood again.
 */


#include "fuzz.h"


/* years 0 to 9999 in Shanghai: what lies beyond is shown as the nearest */

#define F_FIRST  ((-62167219200LL - 8 * 3600) * 1000000)
#define F_LAST   ((253402300799LL - 8 * 3600) * 1000000 + 999999)


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int           day;
    int64_t       us, again;
    gov_str_t     s, shown;
    gov_arena_t  *a;

    a = gov_arena_new(1024);
    s = f_str(data, size);
    day = gov_day_valid(s);

    if (gov_date_parse(s, &us) == 0) {
        shown = gov_date(a, us, GOV_DATE_RFC3339);
        f_must(gov_date_parse(shown, &again) == 0);
        f_must(us < F_FIRST || us > F_LAST
               || (us - again >= 0 && us - again < 1000000));

        (void) gov_date(a, us, GOV_DATE_MINUTE);
        (void) gov_date(a, us, GOV_DATE_HTTP);

        if (day) {
            f_must(us >= F_FIRST && us <= F_LAST);
            f_must(gov_str_eq(gov_date(a, us, GOV_DATE_DAY), s));
        }

    } else {
        f_must(!day);
    }

    if (size == sizeof(int64_t)) {
        memcpy(&us, data, sizeof(int64_t));
        (void) gov_date(a, us, GOV_DATE_RFC3339);
        (void) gov_date(a, us, GOV_DATE_HTTP);
    }

    gov_arena_free(&a);

    return 0;
}
