
/*
 * Copyright (C) ngx_gov authors
 *
 * The fields of a form (application/x-www-form-urlencoded) or of a query, as
 * values.  Only what a page shows again is read here: govd reads the form
 * itself.
 */


#include "base/gov_base.h"


#define GOV_FORM_FIELDS  2000


static gov_str_t gov_form_text(gov_arena_t *a, gov_str_t coded);
static u_char gov_form_byte(u_char **p, u_char *end);
static void gov_form_put(gov_arena_t *a, gov_value_t *form, gov_str_t name,
    gov_str_t text);
static gov_str_t gov_form_until(gov_str_t *rest, u_char ch);


gov_value_t *
gov_form_fields(gov_arena_t *a, gov_str_t text)
{
    unsigned      n;
    gov_str_t     rest, name, value;
    gov_value_t  *form;

    form = gov_map(a);

    for (n = 0; text.len && n < GOV_FORM_FIELDS; n++) {
        rest = gov_form_until(&text, '&');

        name = gov_form_text(a, gov_form_until(&rest, '='));
        value = gov_form_text(a, rest);

        if (name.len && gov_text_json(name) && gov_text_json(value)) {
            gov_form_put(a, form, name, value);
        }
    }

    return form;
}


/* what stands before ch, or all; rest goes on behind it */

static gov_str_t
gov_form_until(gov_str_t *rest, u_char ch)
{
    u_char     *p;
    gov_str_t   s;

    p = rest->len ? memchr(rest->data, ch, rest->len) : NULL;

    s.data = rest->data;
    s.len = p ? (size_t) (p - rest->data) : rest->len;

    rest->data += s.len + (p != NULL);
    rest->len -= s.len + (p != NULL);

    return s;
}


/* decoded in the arena, CRLF as LF */

static gov_str_t
gov_form_text(gov_arena_t *a, gov_str_t coded)
{
    u_char     *p, *end, ch;
    gov_str_t   s;

    s.len = 0;
    s.data = gov_alloc(a, coded.len + 1);
    end = coded.data + coded.len;

    for (p = coded.data; p < end; /* void */ ) {
        ch = gov_form_byte(&p, end);

        if (ch == '\n' && s.len && s.data[s.len - 1] == '\r') {
            s.len--;
        }

        s.data[s.len++] = ch;
    }

    return s;
}


/* a percent sign that codes nothing is itself */

static u_char
gov_form_byte(u_char **p, u_char *end)
{
    u_char  ch;

    ch = *(*p)++;

    if (ch == '%' && end - *p >= 2
        && gov_unhex(&ch, (gov_str_t) { 2, *p }, 1) == 0)
    {
        *p += 2;
        return ch;
    }

    return ch == '+' ? ' ' : ch;
}


static void
gov_form_put(gov_arena_t *a, gov_value_t *form, gov_str_t name,
    gov_str_t text)
{
    gov_value_t  *v, *list;

    v = gov_member_s(form, name);

    if (v == NULL) {
        gov_put_key(form, name, gov_val_str(a, text));
        return;
    }

    if (v->kind != GOV_LIST) {
        list = gov_list(a);
        gov_add(list, gov_val_str(a, v->u.s));
        gov_set(form, gov_str_c(a, name), list);
        v = list;
    }

    gov_add(v, gov_val_str(a, text));
}
