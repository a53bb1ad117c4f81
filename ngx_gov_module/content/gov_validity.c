
/*
 * Copyright (C) ngx_gov authors
 *
 * Validity of a normative document (A01).  What was stated, repealed or
 * amended, holds; the rest follows from two days, so that a page turns to
 * "expired" by itself: the text is in force from the start of 施行日期 and
 * void from the start of 失效日期, in Asia/Shanghai.
 */


#include "content/gov_content_int.h"


static int gov_validity_day(gov_str_t day, int64_t *us);


const char *
gov_validity(gov_doc_rec_t *d, int64_t now, int64_t *due)
{
    int64_t  from, until;

    if (d->number.len == 0 && d->force.len == 0 && d->validity.len == 0
        && d->effective.len == 0 && d->expires_on.len == 0)
    {
        return "";
    }

    if (gov_str_is(d->validity, "repealed")) {
        return "repealed";
    }

    if (gov_str_is(d->validity, "expired")) {
        return "expired";
    }

    if (gov_validity_day(d->expires_on, &until)) {
        if (until <= now) {
            return "expired";
        }

        gov_due(due, until, now);
    }

    if (gov_validity_day(d->effective, &from) && from > now) {
        gov_due(due, from, now);
        return "not_yet";
    }

    if (gov_str_is(d->validity, "amended")) {
        return "amended";
    }

    return "in_force";
}


static int
gov_validity_day(gov_str_t day, int64_t *us)
{
    return day.len != 0 && gov_date_parse(day, us) == 0;
}


void
gov_due(int64_t *due, int64_t at, int64_t now)
{
    if (due != NULL && at > now && (*due == 0 || at < *due)) {
        *due = at;
    }
}
