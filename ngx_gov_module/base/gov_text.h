
/*
 * Copyright (C) ngx_gov authors
 *
 * Text: escaping, UTF-8, hexadecimal, base64url, dates, CSV, forms.
 *
 * Times are UTC microseconds since 1970.  They are computed and shown in
 * Asia/Shanghai, which has been UTC+8 without daylight saving since 1991,
 * and read as RFC 3339 or as a plain date (midnight there).
 */


#ifndef _GOV_TEXT_H_INCLUDED_
#define _GOV_TEXT_H_INCLUDED_


/*
 * & < > " ' as entities (HTML and XML alike); _len is that of the escaped
 * text, gov_escape_html() returns the end of what it wrote at p
 */
size_t gov_escape_html_len(gov_str_t s);
u_char *gov_escape_html(u_char *p, gov_str_t s);
void gov_buf_html(gov_buf_t *b, gov_str_t s);
/* what stands for a byte; NULL: itself */
const char *gov_entity(u_char c);
/* the character whose entity s begins with, 0 for none; *n: bytes of it */
u_char gov_unescape_html(gov_str_t s, size_t *n);

/* percent-encoding of a path segment (RFC 3986 unreserved kept) */
void gov_buf_uri(gov_buf_t *b, gov_str_t s);

int gov_utf8_valid(gov_str_t s);
/* bytes of the character at p, 0 if there is no well-formed one */
size_t gov_utf8_next(const u_char *p, const u_char *end);
size_t gov_utf8_chars(gov_str_t s);
/* the first n characters, never inside one */
gov_str_t gov_utf8_head(gov_str_t s, size_t n);
/* may stand in JSON: UTF-8 without a zero byte, which its reader refuses */
int gov_text_json(gov_str_t s);
/* no control characters but tab and newline; valid UTF-8 */
int gov_text_clean(gov_str_t s);
/* [a-z0-9] then [a-z0-9-], at most 32 */
int gov_slug_valid(gov_str_t s);

void gov_hex(u_char *dst, const u_char *src, size_t n);
gov_str_t gov_hex_str(gov_arena_t *a, const u_char *src, size_t n);
/* n bytes from 2n digits of either case; 0 or -1 */
int gov_unhex(u_char *dst, gov_str_t s, size_t n);

/* base64url without padding; the way back takes nothing else, 0 or -1 */
void gov_buf_base64url(gov_buf_t *b, gov_str_t s);
int gov_unbase64url(gov_arena_t *a, gov_str_t s, gov_str_t *out);


/* "2026-11-23", "2026-11-23 15:04", RFC 3339 with "+08:00", RFC 7231 (GMT) */
typedef enum {
    GOV_DATE_DAY = 0,
    GOV_DATE_MINUTE,
    GOV_DATE_RFC3339,
    GOV_DATE_HTTP
} gov_date_form_t;

gov_str_t gov_date(gov_arena_t *a, int64_t us, gov_date_form_t form);
/* the day that such a text begins with, in its memory; not of RFC 7231 */
gov_str_t gov_date_day(gov_str_t date);
/*
 * RFC 3339, "YYYY-MM-DD HH:MM[:SS]" or "YYYY-MM-DD"; 0 or -1.  "T" may stand
 * for the space; without a zone it is Shanghai's time (a form's field)
 */
int gov_date_parse(gov_str_t s, int64_t *us);
/* a real calendar day "YYYY-MM-DD" */
int gov_day_valid(gov_str_t s);


/*
 * CSV (RFC 4180), one record a call; text is the rest of the file and is
 * moved past the record.  Fields are put into the arena unquoted.
 * GOV_DONE at the end; GOV_INVALID for an unclosed quote, text after a
 * closing one, or more than max fields.  Empty lines are skipped; a line ends
 * with CRLF, LF or CR.
 */
gov_rc_t gov_csv_next(gov_arena_t *a, gov_str_t *text, gov_str_t *fields,
    unsigned max, unsigned *n, gov_err_t *err);

/*
 * The fields of a form (application/x-www-form-urlencoded) or of a query: a
 * map of texts, a field that comes again is a list; what is no text is left
 * out.  CRLF is LF.
 */
gov_value_t *gov_form_fields(gov_arena_t *a, gov_str_t text);

/* a leading BOM is cut; GB18030 becomes UTF-8 and *converted is set */
gov_rc_t gov_text_utf8(gov_arena_t *a, gov_str_t *text, int *converted,
    gov_err_t *err);


/* what an address that somebody wrote is */
typedef enum {
    GOV_URL_BAD = 0,
    GOV_URL_HTTP,           /* http, https */
    GOV_URL_REACH,          /* mailto, tel */
    GOV_URL_PATH,           /* "/a/b": on the same host */
    GOV_URL_RELATIVE,
    GOV_URL_FRAGMENT        /* "#a" */
} gov_url_kind_t;

gov_url_kind_t gov_url_kind(gov_str_t url);
/* of what a script puts into a link: no scheme, or a known one; no more is
 * looked at */
int gov_url_follows(gov_str_t url);
/* base or a path below it, which leads nowhere else and ends no header's
 * line: no space, backslash, control character or byte that is not ASCII */
int gov_url_below(gov_str_t url, const char *base);


#endif /* _GOV_TEXT_H_INCLUDED_ */
