
/*
 * Copyright (C) ngx_gov authors
 *
 * The list of gov_commands.h as a table.
 */


#include "desk/gov_desk_int.h"


#define GOV_DESK_IN(name, kind, flags, what)                                  \
    { #name, GOV_IN_##kind, GOV_IN_##flags, what },

#define GOV_DESK_FIELDS(id, name, right, scope, summary, title)               \
    static gov_in_t  gov_desk_in_##id[] = {                                   \
        GOV_IN_##id(GOV_DESK_IN)                                              \
        { NULL, 0, 0, NULL }                                                  \
    };

GOV_COMMANDS(GOV_DESK_FIELDS)
GOV_COMMANDS_INNER(GOV_DESK_FIELDS)


#define GOV_DESK_ROW(id, name, right, scope, summary, title)                  \
    { name, gov_desk_##id, right, GOV_SCOPE_##scope, gov_desk_in_##id,        \
      summary, title },

gov_command_t  gov_commands[] = {
    GOV_COMMANDS(GOV_DESK_ROW)
    GOV_COMMANDS_INNER(GOV_DESK_ROW)
    { NULL, NULL, NULL, 0, NULL, NULL, NULL }
};


gov_command_t *
gov_command_find(gov_str_t name)
{
    gov_command_t  *c;

    for (c = gov_commands; c->name; c++) {
        if (gov_str_is(name, c->name)) {
            return c;
        }
    }

    return NULL;
}
