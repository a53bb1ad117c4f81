
/*
 * Copyright (C) ngx_gov authors
 *
 * Bodies made safe, and their digests, before the command is queued.  Parsing
 * what a stranger wrote may take seconds, and there is one writer: so the door
 * that read an operation does it in its own thread, and the command finds the
 * result here.
 *
 * Invariants:
 *
 *   1. What is found here was made by gov_body_html() and gov_body_digest()
 *      of the very text of the input, and is found by where that text stands:
 *      no input can bring a result of its own.
 *   2. A text that has no result here is made safe by the command itself, so
 *      a door that forgot loses time and nothing else.  In a replay that is
 *      what was refused; what was stored once has its result here, and is not
 *      measured again by what is taken today.
 *   3. The journal holds the text and never the result.  A refused text is
 *      refused where the command asks for it, in its words; only when all of
 *      them together take too long is the operation refused as a whole, which
 *      leaves nothing to replay.
 */


#include <time.h>

#include "desk/gov_desk_int.h"


struct gov_safe_s {
    gov_str_t        source;
    gov_str_t        form;
    gov_body_made_t  made;
    gov_rc_t         rc;
    gov_err_t       *err;           /* of a failure */
    gov_safe_t      *next;
};

typedef gov_rc_t (*gov_body_maker_t)(gov_arena_t *a, gov_str_t form,
    gov_str_t source, gov_str_t *html, gov_err_t *err);

typedef struct {
    gov_arena_t     *arena;
    gov_safe_t     **last;
    int64_t          until;         /* of this thread's processor time */
} gov_desk_safe_t;

static const struct {
    const char      *name;
    const char      *form;          /* NULL: "form" beside it says */
} gov_desk_bodies[] = {
    { "body", NULL },
    { "body_md", "md" },
    { "body_html", "html" },
    { NULL, NULL }
};


static int gov_desk_safe_asked(gov_command_t *command);
static gov_rc_t gov_desk_safe_map(gov_desk_safe_t *s, gov_value_t *map,
    gov_err_t *err);
static gov_rc_t gov_desk_safe_add(gov_desk_safe_t *s, gov_str_t form,
    gov_str_t source, gov_err_t *err);
static gov_safe_t *gov_desk_safe_of(gov_arena_t *a, gov_str_t form,
    gov_str_t source, gov_body_maker_t make);
static int64_t gov_desk_safe_now(void);


gov_rc_t
gov_desk_prepare(gov_arena_t *a, gov_op_t *op, int64_t budget, gov_err_t *err)
{
    gov_rc_t          rc;
    gov_value_t      *rows, *row;
    gov_command_t    *command;
    gov_desk_safe_t   s;

    op->safe = NULL;
    command = gov_command_find(op->command);

    if (command == NULL || !gov_desk_safe_asked(command)) {
        return GOV_OK;
    }

    s.arena = a;
    s.last = &op->safe;
    s.until = gov_desk_safe_now() + budget;

    rc = gov_desk_safe_map(&s, op->input, err);
    rows = gov_member(op->input, "rows");

    if (rc != GOV_OK || rows == NULL || rows->kind != GOV_LIST
        || rows->n > GOV_IMPORT_ROWS)
    {
        return rc;
    }

    gov_each (row, rows) {
        rc = gov_desk_safe_map(&s, row, err);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    return GOV_OK;
}


static int
gov_desk_safe_asked(gov_command_t *command)
{
    gov_in_t  *in;

    for (in = command->in; in->name; in++) {
        if (in->kind == GOV_IN_BODY) {
            return 1;
        }
    }

    return command->run == gov_desk_doc_import;
}


static gov_rc_t
gov_desk_safe_map(gov_desk_safe_t *s, gov_value_t *map, gov_err_t *err)
{
    gov_rc_t      rc;
    unsigned      i;
    gov_str_t     form;
    gov_value_t  *body;

    if (map->kind != GOV_MAP) {
        return GOV_OK;
    }

    for (i = 0; gov_desk_bodies[i].name; i++) {
        body = gov_member(map, gov_desk_bodies[i].name);

        if (body == NULL || body->kind != GOV_STR) {
            continue;
        }

        form = gov_desk_bodies[i].form ? gov_str_of(gov_desk_bodies[i].form)
                                       : gov_desk_form(map);

        rc = gov_desk_safe_add(s, form, body->u.s, err);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    return GOV_OK;
}


static gov_rc_t
gov_desk_safe_add(gov_desk_safe_t *s, gov_str_t form, gov_str_t source,
    gov_err_t *err)
{
    if (gov_desk_safe_now() > s->until) {
        return gov_fail(err, GOV_INVALID, "body",
                        "这些正文的标记整理起来太久，请分开提交");
    }

    *s->last = gov_desk_safe_of(s->arena, form, source, gov_body_html);
    s->last = &(*s->last)->next;

    return GOV_OK;
}


void
gov_desk_safe_stored(gov_arena_t *a, gov_str_t form, gov_str_t source,
    gov_safe_t ***last)
{
    **last = gov_desk_safe_of(a, form, source, gov_body_html_stored);
    *last = &(**last)->next;
}


static gov_safe_t *
gov_desk_safe_of(gov_arena_t *a, gov_str_t form, gov_str_t source,
    gov_body_maker_t make)
{
    gov_err_t    why;
    gov_safe_t  *safe;

    memset(&why, 0, sizeof(gov_err_t));

    safe = gov_calloc(a, sizeof(gov_safe_t));
    safe->form = form;
    safe->source = source;
    safe->rc = make(a, form, source, &safe->made.html, &why);

    if (safe->rc == GOV_OK) {
        safe->rc = gov_body_digest(a, form, source, &safe->made.digest, &why);
    }

    if (safe->rc != GOV_OK) {
        safe->err = gov_alloc(a, sizeof(gov_err_t));
        *safe->err = why;
    }

    return safe;
}


gov_rc_t
gov_desk_safe(gov_cmd_t *c, gov_str_t form, gov_str_t source,
    gov_body_made_t *made)
{
    gov_safe_t  *safe;

    for (safe = c->safe; safe; safe = safe->next) {

        if (safe->source.data != source.data
            || safe->source.len != source.len
            || !gov_str_eq(safe->form, form))
        {
            continue;
        }

        /* they are asked for in the order of the input */

        c->safe = safe;
        *made = safe->made;

        if (safe->rc != GOV_OK && c->err->code == GOV_OK) {
            *c->err = *safe->err;
        }

        return safe->rc;
    }

    return GOV_NOT_FOUND;
}


gov_str_t
gov_desk_form(gov_value_t *in)
{
    gov_str_t  form;

    form = gov_get_str(in, "form");

    return form.len != 0 ? form : gov_s("md");
}


static int64_t
gov_desk_safe_now(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);

    return (int64_t) ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}
