
/*
 * Copyright (C) ngx_gov authors
 *
 * Commands that are done in parts: rows of an import, documents of a batch,
 * grants of a restored site.  A part may be refused while the others are
 * done.
 *
 * Which parts were refused, and why, the journal keeps beside the input:
 *
 *     {"$refused": [{"row": 7, "field": "...", "reason": "...",
 *                    "reason_en": "..."}], ...}
 *
 * Who asked, and what they might do, a replay does not know, nor which rules
 * have come since: it refuses the parts that were refused, in the same words,
 * and no others.  Entries from before this was kept have no such list; of
 * their parts the replay judges as if they were given on the machine.
 */


#include <stdio.h>

#include "desk/gov_desk_int.h"


static gov_value_t *gov_part_noted(gov_cmd_t *c, unsigned part);
static void gov_part_refuse(gov_cmd_t *c, unsigned part, gov_err_t *why);
static void gov_part_why(gov_arena_t *a, gov_value_t *m, gov_err_t *why);
static void gov_part_back(char *to, size_t size, gov_str_t s);


gov_value_t *
gov_desk_refused_note(gov_cmd_t *c, gov_value_t *input)
{
    return c->op->again && c->op->refused == NULL
           ? input : gov_desk_beside_put(c, input, GOV_DESK_REFUSED,
                                         c->refused);
}


int
gov_desk_refused(gov_cmd_t *c, unsigned part)
{
    return gov_part_noted(c, part) != NULL;
}


/* NULL if it was not refused, or this is no replay */

static gov_value_t *
gov_part_noted(gov_cmd_t *c, unsigned part)
{
    gov_value_t  *m;

    gov_each (m, c->op->refused) {
        if (gov_get_int(m, "row", 0) == part) {
            return m;
        }
    }

    return NULL;
}


void
gov_desk_refuse_row(gov_cmd_t *c, unsigned row, const char *key,
    gov_str_t id, gov_err_t *why)
{
    gov_value_t  *list, *m;

    gov_part_refuse(c, row, why);

    list = gov_member(c->out, "refused");
    if (list == NULL) {
        list = gov_put_list(c->arena, c->out, "refused");
    }

    m = gov_add_map(c->arena, list);
    gov_put_int(c->arena, m, "row", row);
    gov_put_str(c->arena, m, key,
                gov_str_copy(c->arena, gov_utf8_head(id, 60)));
    gov_part_why(c->arena, m, why);
}


void
gov_desk_refuse_part(gov_cmd_t *c, unsigned part, gov_err_t *said)
{
    gov_part_refuse(c, part, said);
    gov_said_warn(c->arena, c->out, said);
}


/* in a replay what was said then is said, whatever came of it now */

static void
gov_part_refuse(gov_cmd_t *c, unsigned part, gov_err_t *why)
{
    gov_value_t  *m, *noted;

    noted = gov_part_noted(c, part);

    if (noted != NULL) {
        gov_part_back(why->field, sizeof(why->field),
                      gov_get_str(noted, "field"));
        gov_part_back(why->text, sizeof(why->text),
                      gov_get_str(noted, "reason"));
        gov_part_back(why->english, sizeof(why->english),
                      gov_get_str(noted, "reason_en"));
    }

    m = gov_add_map(c->arena, c->refused);
    gov_put_int(c->arena, m, "row", part);
    gov_part_why(c->arena, m, why);
}


static void
gov_part_why(gov_arena_t *a, gov_value_t *m, gov_err_t *why)
{
    if (why->field[0]) {
        gov_put_str(a, m, "field",
                    gov_str_copy(a, gov_str_of(why->field)));
    }

    gov_said_why(a, m, why);
}


static void
gov_part_back(char *to, size_t size, gov_str_t s)
{
    (void) snprintf(to, size, "%.*s", gov_strf(s));
}
