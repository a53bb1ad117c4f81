
/*
 * Copyright (C) ngx_gov authors
 *
 * Result codes, their names, and what front doors make of them.
 */


#include <stdio.h>

#include "base/gov_base.h"


typedef struct {
    const char  *name;
    int          status;
    int          exit;
} gov_rc_row_t;


static const gov_rc_row_t  gov_rc_rows[] = {
    [GOV_OK] =        { "ok",        200, 0 },
    [GOV_DONE] =      { "done",      200, 0 },
    [GOV_ERROR] =     { "error",     500, 1 },
    [GOV_INVALID] =   { "invalid",   422, 1 },
    [GOV_NOT_FOUND] = { "not_found", 404, 3 },
    [GOV_CONFLICT] =  { "conflict",  409, 1 },
    [GOV_DENIED] =    { "denied",    403, 4 },
    [GOV_FULL] =      { "full",      507, 1 },
    [GOV_CORRUPT] =   { "corrupt",   500, 1 },
    [GOV_BUSY] =      { "busy",      503, 1 }
};


/* a text that is written piece by piece; n may pass its size */
typedef struct {
    char        *text;
    size_t       size;
    size_t       n;
} gov_err_text_t;


static const gov_rc_row_t *gov_rc_row(gov_rc_t rc);
static void gov_err_translate(gov_err_t *err, const char *fmt,
    va_list *args);
static void gov_err_value(gov_err_text_t *t, const char *spec,
    va_list *args);
static void gov_err_names(gov_err_text_t *t, const char *names);
static void gov_err_add(gov_err_text_t *t, const char *fmt, ...);
static void gov_err_trim(char *text, size_t size, int n);
static void gov_err_clean(char *text);


gov_rc_t
gov_fail(gov_err_t *err, gov_rc_t code, const char *field,
    const char *fmt, ...)
{
    va_list  args;

    va_start(args, fmt);
    (void) gov_fail_args(err, code, field, fmt, args);
    va_end(args);

    return code;
}


gov_rc_t
gov_fail_args(gov_err_t *err, gov_rc_t code, const char *field,
    const char *fmt, va_list args)
{
    int          n;
    va_list      again;
    const char  *english;

    if (err == NULL || err->code != GOV_OK) {
        return code;
    }

    err->code = code;

    n = snprintf(err->field, sizeof(err->field), "%s", field ? field : "");
    gov_err_trim(err->field, sizeof(err->field), n);
    gov_err_clean(err->field);

    va_copy(again, args);
    n = vsnprintf(err->text, sizeof(err->text), fmt, again);
    va_end(again);

    gov_err_trim(err->text, sizeof(err->text), n);
    gov_err_clean(err->text);

    err->english[0] = '\0';
    english = gov_english(fmt);

    if (english != NULL) {
        va_copy(again, args);
        gov_err_translate(err, english, &again);
        va_end(again);
    }

    return code;
}


void
gov_fail_more(gov_err_t *err, const char *between, gov_err_t *more)
{
    gov_err_text_t  t;

    t = (gov_err_text_t) { err->text, sizeof(err->text), strlen(err->text) };
    gov_err_add(&t, "%s%s", between, more->text);
    gov_err_trim(err->text, sizeof(err->text), (int) t.n);

    if (err->english[0] == '\0' || more->english[0] == '\0') {
        return;
    }

    t = (gov_err_text_t) { err->english, sizeof(err->english),
                           strlen(err->english) };
    gov_err_names(&t, between);
    gov_err_add(&t, "%s", more->english);
    gov_err_trim(err->english, sizeof(err->english), (int) t.n);
}


/* as vsnprintf(), but that a "%s" that the catalogue has is in English too */

static void
gov_err_translate(gov_err_t *err, const char *fmt, va_list *args)
{
    char             spec[16];
    size_t           n;
    gov_err_text_t   t;

    t = (gov_err_text_t) { err->english, sizeof(err->english), 0 };

    for ( /* void */ ; *fmt; fmt += n) {
        n = strcspn(fmt, "%");

        if (n) {
            gov_err_add(&t, "%.*s", (int) n, fmt);
            continue;
        }

        n = strcspn(fmt, "sducxfg") + 1;
        (void) snprintf(spec, sizeof(spec), "%.*s", (int) n, fmt);
        gov_err_value(&t, spec, args);
    }

    gov_err_trim(err->english, sizeof(err->english), (int) t.n);
    gov_err_clean(err->english);
}


static void
gov_err_value(gov_err_text_t *t, const char *spec, va_list *args)
{
    int  width;

    if (strcmp(spec, "%s") == 0) {
        gov_err_names(t, va_arg(*args, const char *));

    } else if (strcmp(spec, "%.*s") == 0) {
        width = va_arg(*args, int);
        gov_err_add(t, spec, width, va_arg(*args, const char *));

    } else if (strstr(spec, "ll")) {
        gov_err_add(t, spec, va_arg(*args, long long));

    } else if (strchr(spec, 'z')) {
        gov_err_add(t, spec, va_arg(*args, size_t));

    } else if (strpbrk(spec, "fg")) {
        gov_err_add(t, spec, va_arg(*args, double));

    } else {
        gov_err_add(t, spec, va_arg(*args, int));
    }
}


/* a name, or several with "、" between */

static void
gov_err_names(gov_err_text_t *t, const char *names)
{
    char         one[128];
    int          n;
    size_t       from;
    const char  *p, *end, *english;

    from = t->n;
    end = names;

    for (p = names; end != NULL; p = end + strlen("、")) {
        english = gov_english(p);
        end = english ? NULL : strstr(p, "、");

        if (end != NULL) {
            n = snprintf(one, sizeof(one), "%.*s", (int) (end - p), p);
            english = n < (int) sizeof(one) ? gov_english(one) : NULL;
        }

        if (english == NULL) {
            t->n = from;
            gov_err_add(t, "%s", names);
            return;
        }

        gov_err_add(t, "%s%s", p == names ? "" : ", ", english);
    }
}


static void
gov_err_add(gov_err_text_t *t, const char *fmt, ...)
{
    int      n;
    size_t   at;
    va_list  args;

    at = t->n < t->size ? t->n : t->size;

    va_start(args, fmt);
    n = vsnprintf(t->text + at, t->size - at, fmt, args);
    va_end(args);

    t->n += n > 0 ? (size_t) n : 0;
}


/* a text that was cut ends before the character it was cut in */

static void
gov_err_trim(char *text, size_t size, int n)
{
    size_t  i;

    if (n < 0) {
        text[0] = '\0';
        return;
    }

    if ((size_t) n < size) {
        return;
    }

    i = size - 1;

    while (i > 0 && ((u_char) text[i - 1] & 0xc0) == 0x80) {
        i--;
    }

    if (i > 0 && (u_char) text[i - 1] >= 0xc0) {
        i--;
    }

    /* the last character was whole if it takes all that was cut off */

    if (!gov_utf8_valid(gov_str_of(text + i))) {
        text[i] = '\0';
    }
}


/* a sentence may quote input that is no UTF-8; the answer must be */

static void
gov_err_clean(char *text)
{
    size_t   n;
    u_char  *p, *end;

    p = (u_char *) text;
    end = p + strlen(text);

    while (p < end) {
        n = gov_utf8_next(p, end);

        if (n == 0) {
            *p = '?';
            n = 1;
        }

        p += n;
    }
}


static const gov_rc_row_t *
gov_rc_row(gov_rc_t rc)
{
    if ((size_t) rc >= sizeof(gov_rc_rows) / sizeof(gov_rc_rows[0])) {
        rc = GOV_ERROR;
    }

    return &gov_rc_rows[rc];
}


const char *
gov_rc_name(gov_rc_t rc)
{
    return gov_rc_row(rc)->name;
}


int
gov_rc_status(gov_rc_t rc)
{
    return gov_rc_row(rc)->status;
}


int
gov_rc_exit(gov_rc_t rc)
{
    return gov_rc_row(rc)->exit;
}
