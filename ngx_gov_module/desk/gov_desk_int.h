
/*
 * Copyright (C) ngx_gov authors
 *
 * For the files of the desk alone: the command functions, and what they share
 * of the five steps.
 *
 * c->in holds the fields that were given, as gov_in_read() shaped them.  A
 * field that is absent was not given.
 */


#ifndef _GOV_DESK_INT_H_INCLUDED_
#define _GOV_DESK_INT_H_INCLUDED_


#include "desk/gov_desk.h"
#include "desk/gov_commands.h"


#define GOV_DESK_FUNCTION(id, name, right, scope, summary, title)             \
    gov_rc_t gov_desk_##id(gov_cmd_t *c);

GOV_COMMANDS(GOV_DESK_FUNCTION)
GOV_COMMANDS_INNER(GOV_DESK_FUNCTION)


/*
 * May who gives the command do this too, at a node that it names besides?
 * GOV_NOT_FOUND and GOV_DENIED as gov_judge_at() tells them.
 */
gov_rc_t gov_desk_may(gov_cmd_t *c, gov_right_t right, uint32_t site,
    uint32_t column, const char *field);
void gov_desk_judge(gov_cmd_t *c, gov_judge_t *j);

int gov_desk_has(gov_cmd_t *c, const char *field);
gov_str_t gov_desk_str(gov_cmd_t *c, const char *field);

/* who acts, when, and the field "reason" */
gov_by_t gov_desk_by(gov_cmd_t *c);
/* the fields of GOV_IN_flow_fields laid over stored settings, NULL if none
 * are left */
gov_rc_t gov_desk_flow_set(gov_cmd_t *c, gov_value_t **flow);

/* the site whose code stands in a field; GOV_NOT_FOUND names the field, also
 * for one at which who gives the command holds nothing */
gov_rc_t gov_desk_site(gov_cmd_t *c, const char *field, gov_site_t *site);
/* the same for a code from anywhere, `field` for the error only */
gov_rc_t gov_desk_site_code(gov_cmd_t *c, gov_str_t code, const char *field,
    gov_site_t *site);
/* any site: what all may name, as the source of a link */
gov_rc_t gov_desk_site_any(gov_cmd_t *c, gov_str_t code, const char *field,
    gov_site_t *site);
/* the same, and GOV_DENIED for a merged or closed one */
gov_rc_t gov_desk_open_site(gov_cmd_t *c, const char *field,
    gov_site_t *site);
/* GOV_DENIED of a merged or closed one */
gov_rc_t gov_desk_site_open(gov_site_t *site, const char *field,
    gov_err_t *err);

/* tells the editor which links of a stored body lead nowhere; nothing is
 * refused for it */
gov_rc_t gov_desk_dead(gov_cmd_t *c, gov_site_t *site, uint32_t column,
    gov_str_t body);
/* rows as gov_body_dead() makes them */
gov_rc_t gov_desk_dead_of(gov_cmd_t *c, gov_site_t *site, uint32_t column,
    gov_str_t body, gov_value_t *rows);
/*
 * Stores a body of the input (gov_body_put) and remembers where it is, so
 * that the journal names it.  doc: whose it is, 0 of the document that the
 * command is about to make.  `source` is the very string of the input, not a
 * copy.  *name is what gov_body_put gave.
 */
gov_rc_t gov_desk_body(gov_cmd_t *c, uint32_t site, uint64_t doc,
    gov_str_t form, gov_str_t source, gov_str_t *name);

/* adds what is made of a text that the store has, for its replay */
void gov_desk_safe_stored(gov_arena_t *a, gov_str_t form, gov_str_t source,
    gov_safe_t ***last);
/* what gov_desk_prepare() made of this very text; GOV_NOT_FOUND: it made
 * nothing, else why the text is refused */
gov_rc_t gov_desk_safe(gov_cmd_t *c, gov_str_t form, gov_str_t source,
    gov_body_made_t *made);
/* the form of the member "body" */
gov_str_t gov_desk_form(gov_value_t *in);

#define GOV_IMPORT_ROWS  500            /* of doc.import */
#define GOV_ROW_MAX      1000000000U    /* that "first" may be */

/* the verdict's parts */
void gov_desk_warn(gov_cmd_t *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* what its rows are counted from: "first", else 1 */
gov_rc_t gov_desk_first(gov_cmd_t *c, unsigned *n);
/* the command's own right, judged by c->in */
gov_rc_t gov_desk_right(gov_cmd_t *c, gov_command_t *command);
/* rows of a field that holds CSV, a map each */
gov_rc_t gov_desk_csv(gov_cmd_t *c, const char *field, gov_value_t **rows);
/* "//host/path" of a site, rest without a leading slash */
gov_rc_t gov_desk_url(gov_cmd_t *c, gov_site_t *site, gov_str_t rest,
    gov_str_t *url);

/* number, code, name, slug, mode, state and url of a site */
gov_rc_t gov_desk_site_verdict(gov_cmd_t *c, gov_site_t *site);

/* of a unit that hangs nowhere */
void gov_desk_warn_root(gov_cmd_t *c, gov_site_t *site);

/* GOV_NOT_FOUND unless it is there; an empty name is the level's own */
gov_rc_t gov_desk_blueprint(gov_cmd_t *c, gov_str_t name);
/* gov_blueprint_fits() */
gov_rc_t gov_desk_blueprint_fits(gov_cmd_t *c, gov_site_t *site);

/* GOV_CONFLICT: documents or roles would be lost with a column, on a site of
 * the blueprint whose columns change, or on one whose record names another
 * blueprint and is not saved yet */
gov_rc_t gov_desk_lost_all(gov_cmd_t *c, gov_str_t blueprint,
    gov_value_t *was, gov_value_t *now);
gov_rc_t gov_desk_lost_one(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_err_t *err);

/* what a site lacks to go live is warned of; *missing says it all, its code
 * GOV_OK if nothing is; *trial: the site stands on a trial suffix, where that
 * does not block */
gov_rc_t gov_desk_gates(gov_cmd_t *c, gov_site_t *site, int *trial,
    gov_err_t *missing);

/*
 * A part of the command, numbered from 1, is refused and the others are done:
 * a row adds {row, key: id, field, reason} to the verdict's "refused",
 * another part warns.  In a replay `why` becomes what was said then.
 */
void gov_desk_refuse_row(gov_cmd_t *c, unsigned row, const char *key,
    gov_str_t id, gov_err_t *why);
void gov_desk_refuse_part(gov_cmd_t *c, unsigned part, gov_err_t *why);
/* in a replay: it was refused then, so it is to be refused unseen */
int gov_desk_refused(gov_cmd_t *c, unsigned part);
/* the input with the parts that were refused */
gov_value_t *gov_desk_refused_note(gov_cmd_t *c, gov_value_t *input);

/*
 * Is an effect made that the command did not always have: the entry names it
 * from then on, and in a replay one that does not is made as it was.  To be
 * asked where it would be made, and nowhere else.
 */
int gov_desk_effect(gov_cmd_t *c, const char *effect);

/* lists that the journal keeps beside an input: the input with one that is not
 * empty; what an entry's input holds taken out of it, or NULL */
#define GOV_DESK_REFUSED  "$refused"
#define GOV_DESK_EFFECTS  "$effects"
gov_value_t *gov_desk_beside_put(gov_cmd_t *c, gov_value_t *input,
    const char *key, gov_value_t *list);
gov_value_t *gov_desk_beside_take(gov_value_t *input, const char *key);

/* the input as the journal keeps it: bodies replaced by {"$body", "$site"} */
gov_value_t *gov_desk_noted(gov_cmd_t *c, gov_value_t *input);

/* "#rrggbb" that white text can be read on, or empty; GOV_INVALID */
gov_rc_t gov_desk_colour(gov_cmd_t *c, gov_str_t colour);


#endif /* _GOV_DESK_INT_H_INCLUDED_ */
