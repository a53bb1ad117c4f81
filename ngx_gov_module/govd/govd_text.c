
/*
 * Copyright (C) ngx_gov authors
 *
 * POST /console/text and /console/preview: what the server would make of a
 * text that nobody saved yet.  The form's "form" and "body" give {"html": safe
 * HTML}, made in the door's thread; files and documents are named as they are
 * stored.
 */


#include "govd/govd_door.h"


void
govd_text(govd_request_t *r)
{
    gov_rc_t      rc;
    gov_err_t     err;
    gov_buf_t     b;
    gov_str_t     html;
    gov_value_t  *v;

    memset(&err, 0, sizeof(gov_err_t));

    rc = govd_form_read(r, &err);

    if (rc == GOV_OK && govd_web_csrf(r, govd_form_str(r, "_csrf")) != 0) {
        return;
    }

    if (rc == GOV_OK) {
        rc = gov_body_html(r->arena, govd_form_str(r, "form"),
                           govd_form_str(r, "body"), &html, &err);
    }

    if (rc != GOV_OK) {
        govd_answer_err(r->arena, &r->answer, &err);
        return;
    }

    v = gov_map(r->arena);
    gov_put_str(r->arena, v, "html", html);

    gov_buf_init(&b, r->arena, html.len + 256);
    gov_json_write(&b, v, 0);
    govd_answer_ok(&r->answer, b.s);
}
