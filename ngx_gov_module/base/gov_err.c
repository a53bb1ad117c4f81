
/*
 * Copyright (C) ngx_gov authors
 *
 * Result codes, their names, and what front doors make of them.
 */


#include <stdarg.h>
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


static const gov_rc_row_t *gov_rc_row(gov_rc_t rc);
static void gov_err_trim(char *text, size_t size, int n);
static void gov_err_clean(char *text);


gov_rc_t
gov_fail(gov_err_t *err, gov_rc_t code, const char *field,
    const char *fmt, ...)
{
    int          n;
    va_list      args;
    const char  *english;

    if (err == NULL || err->code != GOV_OK) {
        return code;
    }

    err->code = code;

    n = snprintf(err->field, sizeof(err->field), "%s", field ? field : "");
    gov_err_trim(err->field, sizeof(err->field), n);
    gov_err_clean(err->field);

    va_start(args, fmt);
    n = vsnprintf(err->text, sizeof(err->text), fmt, args);
    va_end(args);

    gov_err_trim(err->text, sizeof(err->text), n);
    gov_err_clean(err->text);

    err->english[0] = '\0';
    english = gov_english(fmt);

    if (english != NULL) {
        va_start(args, fmt);
        n = vsnprintf(err->english, sizeof(err->english), english, args);
        va_end(args);

        gov_err_trim(err->english, sizeof(err->english), n);
        gov_err_clean(err->english);
    }

    return code;
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
