
/*
 * Copyright (C) ngx_gov authors
 *
 * Effects that a command did not have from its beginning.
 *
 * A rule that came later is not asked of a journal made again.  An effect that
 * came later is another matter: what an entry did then is to be done, and what
 * later entries build on it.  So an entry that has such an effect names it
 * beside its input:
 *
 *     {"$effects": ["own_refs"], ...}
 *
 * and of one that does not a replay makes what was made then.
 */


#include "desk/gov_desk_int.h"


static int gov_effect_in(gov_value_t *list, const char *effect);


int
gov_desk_effect(gov_cmd_t *c, const char *effect)
{
    if (c->op->again && !gov_effect_in(c->op->effects, effect)) {
        return 0;
    }

    if (!gov_effect_in(c->effects, effect)) {
        gov_add(c->effects, gov_val_str(c->arena, gov_str_of(effect)));
    }

    return 1;
}


static int
gov_effect_in(gov_value_t *list, const char *effect)
{
    gov_value_t  *v;

    gov_each (v, list) {
        if (v->kind == GOV_STR && gov_str_is(v->u.s, effect)) {
            return 1;
        }
    }

    return 0;
}


gov_value_t *
gov_desk_beside_put(gov_cmd_t *c, gov_value_t *input, const char *key,
    gov_value_t *list)
{
    if (list->n == 0) {
        return input;
    }

    if (input == c->op->input) {
        input = gov_value_copy(c->arena, input);
    }

    gov_put(input, key, list);

    return input;
}


gov_value_t *
gov_desk_beside_take(gov_value_t *input, const char *key)
{
    gov_value_t  *list;

    list = gov_get_list(input, key);

    if (list != NULL) {
        gov_unset(input, key);
    }

    return list;
}
