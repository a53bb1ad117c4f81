
/*
 * Copyright (C) ngx_gov authors
 *
 * Dates, by the proleptic Gregorian calendar, years 0 to 9999.  A year is
 * counted from March, so that the leap day is its last; 400 years have
 * 146,097 days, and 0000-03-01 is 719,468 days before 1970-01-01.
 */


#include "base/gov_base.h"


#define GOV_SECOND       1000000LL
#define GOV_DAY_SECONDS  86400LL
#define GOV_ZONE         (8 * 3600)
#define GOV_YEAR_0       -62167219200LL             /* its first second */
#define GOV_YEAR_9999    253402300799LL             /* its last */
#define GOV_DATE_SIZE    sizeof("Mon, 28 Sep 1970 06:00:00 GMT")


typedef struct {
    int      year, month, day;
    int      hour, minute, second;
    int      weekday;             /* 0 is Sunday */
} gov_civil_t;


static int64_t gov_days(int year, int month, int day);
static void gov_civil(int64_t seconds, gov_civil_t *c);
static int gov_month_days(int year, int month);
static int gov_digits(gov_str_t *s, unsigned n, int *v);
static int gov_take(gov_str_t *s, const char *any);
static int gov_day_read(gov_str_t *s, gov_civil_t *c);
static int gov_time_read(gov_str_t *s, gov_civil_t *c, int64_t *fraction);
static int gov_fraction_read(gov_str_t *s, int64_t *fraction);
static int gov_zone_read(gov_str_t *s, int *zone);


/* every page has dozens of dates: digits by hand, no printf */

static u_char *
gov_date_digits(u_char *p, unsigned value, unsigned n)
{
    unsigned  i;

    for (i = n; i > 0; i--) {
        p[i - 1] = (u_char) ('0' + value % 10);
        value /= 10;
    }

    return p + n;
}


static u_char *
gov_date_text(u_char *p, const char *text)
{
    while (*text) {
        *p++ = (u_char) *text++;
    }

    return p;
}


static u_char *
gov_date_clock(u_char *p, gov_civil_t *c, int seconds)
{
    p = gov_date_digits(p, c->hour, 2);
    *p++ = ':';
    p = gov_date_digits(p, c->minute, 2);

    if (seconds) {
        *p++ = ':';
        p = gov_date_digits(p, c->second, 2);
    }

    return p;
}


static u_char *
gov_date_http(u_char *p, gov_civil_t *c)
{
    static const char  *days[] = { "Sun, ", "Mon, ", "Tue, ", "Wed, ",
                                   "Thu, ", "Fri, ", "Sat, " };
    static const char  *months[] = { " Jan ", " Feb ", " Mar ", " Apr ",
                                     " May ", " Jun ", " Jul ", " Aug ",
                                     " Sep ", " Oct ", " Nov ", " Dec " };

    p = gov_date_text(p, days[c->weekday]);
    p = gov_date_digits(p, c->day, 2);
    p = gov_date_text(p, months[c->month - 1]);
    p = gov_date_digits(p, c->year, 4);
    *p++ = ' ';
    p = gov_date_clock(p, c, 1);

    return gov_date_text(p, " GMT");
}


static u_char *
gov_date_iso(u_char *p, gov_civil_t *c, gov_date_form_t form)
{
    p = gov_date_digits(p, c->year, 4);
    *p++ = '-';
    p = gov_date_digits(p, c->month, 2);
    *p++ = '-';
    p = gov_date_digits(p, c->day, 2);

    if (form == GOV_DATE_DAY) {
        return p;
    }

    *p++ = form == GOV_DATE_MINUTE ? ' ' : 'T';
    p = gov_date_clock(p, c, form == GOV_DATE_RFC3339);

    return form == GOV_DATE_MINUTE ? p : gov_date_text(p, "+08:00");
}


/* years have four digits here: others are shown as the nearest that has */

gov_str_t
gov_date(gov_arena_t *a, int64_t us, gov_date_form_t form)
{
    u_char       *p;
    int64_t       seconds;
    gov_str_t     s;
    gov_civil_t   c;

    seconds = us / GOV_SECOND - (us % GOV_SECOND < 0)
              + (form == GOV_DATE_HTTP ? 0 : GOV_ZONE);

    if (seconds < GOV_YEAR_0) {
        seconds = GOV_YEAR_0;

    } else if (seconds > GOV_YEAR_9999) {
        seconds = GOV_YEAR_9999;
    }

    gov_civil(seconds, &c);

    s.data = gov_alloc(a, GOV_DATE_SIZE);

    p = form == GOV_DATE_HTTP ? gov_date_http(s.data, &c)
                              : gov_date_iso(s.data, &c, form);
    *p = '\0';
    s.len = p - s.data;

    return s;
}


gov_str_t
gov_date_day(gov_str_t date)
{
    return (gov_str_t) { sizeof("YYYY-MM-DD") - 1, date.data };
}


int
gov_date_parse(gov_str_t s, int64_t *us)
{
    int          zone;
    int64_t      seconds, fraction;
    gov_civil_t  c;

    memset(&c, 0, sizeof(c));
    zone = GOV_ZONE;
    fraction = 0;

    if (gov_day_read(&s, &c) != 0) {
        return -1;
    }

    if (s.len) {

        if (!gov_take(&s, "Tt ") || gov_time_read(&s, &c, &fraction) != 0) {
            return -1;
        }

        if (s.len && gov_zone_read(&s, &zone) != 0) {
            return -1;
        }
    }

    if (s.len) {
        return -1;
    }

    seconds = gov_days(c.year, c.month, c.day) * GOV_DAY_SECONDS
              + c.hour * 3600 + c.minute * 60 + c.second - zone;

    *us = seconds * GOV_SECOND + fraction;

    return 0;
}


int
gov_day_valid(gov_str_t s)
{
    gov_civil_t  c;

    return gov_day_read(&s, &c) == 0 && s.len == 0;
}


/* days since 1970-01-01 */

static int64_t
gov_days(int year, int month, int day)
{
    int64_t  era, y, in_year, in_era;

    y = year - (month <= 2);
    era = (y >= 0 ? y : y - 399) / 400;
    y -= era * 400;

    in_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    in_era = y * 365 + y / 4 - y / 100 + in_year;

    return era * 146097 + in_era - 719468;
}


static void
gov_civil(int64_t seconds, gov_civil_t *c)
{
    int64_t  days, rest, era, in_era, y, in_year, m;

    days = seconds / GOV_DAY_SECONDS;
    rest = seconds % GOV_DAY_SECONDS;

    if (rest < 0) {
        rest += GOV_DAY_SECONDS;
        days--;
    }

    c->hour = (int) (rest / 3600);
    c->minute = (int) (rest / 60 % 60);
    c->second = (int) (rest % 60);
    c->weekday = (int) (((days + 4) % 7 + 7) % 7);

    days += 719468;
    era = (days >= 0 ? days : days - 146096) / 146097;
    in_era = days - era * 146097;

    y = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    in_year = in_era - (365 * y + y / 4 - y / 100);
    m = (5 * in_year + 2) / 153;

    c->day = (int) (in_year - (153 * m + 2) / 5 + 1);
    c->month = (int) (m < 10 ? m + 3 : m - 9);
    c->year = (int) (y + era * 400 + (c->month <= 2));
}


static int
gov_month_days(int year, int month)
{
    static const int  days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
                                 31 };

    if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) {
        return 29;
    }

    return days[month - 1];
}


/* the readers below move s past what they read */

static int
gov_digits(gov_str_t *s, unsigned n, int *v)
{
    int  sum;

    if (s->len < n) {
        return -1;
    }

    for (sum = 0; n; n--) {

        if (*s->data < '0' || *s->data > '9') {
            return -1;
        }

        sum = sum * 10 + (*s->data++ - '0');
        s->len--;
    }

    *v = sum;

    return 0;
}


static int
gov_take(gov_str_t *s, const char *any)
{
    if (s->len == 0 || *s->data == '\0' || strchr(any, *s->data) == NULL) {
        return 0;
    }

    s->data++;
    s->len--;

    return 1;
}


static int
gov_day_read(gov_str_t *s, gov_civil_t *c)
{
    if (gov_digits(s, 4, &c->year) != 0 || !gov_take(s, "-")
        || gov_digits(s, 2, &c->month) != 0 || !gov_take(s, "-")
        || gov_digits(s, 2, &c->day) != 0)
    {
        return -1;
    }

    if (c->month < 1 || c->month > 12 || c->day < 1
        || c->day > gov_month_days(c->year, c->month))
    {
        return -1;
    }

    return 0;
}


static int
gov_time_read(gov_str_t *s, gov_civil_t *c, int64_t *fraction)
{
    if (gov_digits(s, 2, &c->hour) != 0 || !gov_take(s, ":")
        || gov_digits(s, 2, &c->minute) != 0
        || c->hour > 23 || c->minute > 59)
    {
        return -1;
    }

    if (!gov_take(s, ":")) {
        return 0;
    }

    if (gov_digits(s, 2, &c->second) != 0 || c->second > 59) {
        return -1;
    }

    return gov_take(s, ".") ? gov_fraction_read(s, fraction) : 0;
}


/* digits beyond the microsecond are dropped */

static int
gov_fraction_read(gov_str_t *s, int64_t *fraction)
{
    int      digit;
    int64_t  unit;

    if (gov_digits(s, 1, &digit) != 0) {
        return -1;
    }

    unit = GOV_SECOND;

    do {
        unit /= 10;
        *fraction += digit * unit;
    } while (gov_digits(s, 1, &digit) == 0);

    return 0;
}


static int
gov_zone_read(gov_str_t *s, int *zone)
{
    int  sign, hour, minute;

    if (gov_take(s, "Zz")) {
        *zone = 0;
        return 0;
    }

    sign = gov_take(s, "+") ? 1 : -1;

    if (sign < 0 && !gov_take(s, "-")) {
        return -1;
    }

    if (gov_digits(s, 2, &hour) != 0 || !gov_take(s, ":")
        || gov_digits(s, 2, &minute) != 0 || hour > 23 || minute > 59)
    {
        return -1;
    }

    *zone = sign * (hour * 3600 + minute * 60);

    return 0;
}
