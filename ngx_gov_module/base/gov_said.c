
/*
 * Copyright (C) ngx_gov authors
 *
 * Sentences of a verdict, kept in both languages and told in one.
 */


#include "base/gov_base.h"


static gov_value_t *gov_said_text(gov_arena_t *a, const char *text);
static void gov_said_add(gov_arena_t *a, gov_value_t *verdict,
    const char *list, const char *text);
static void gov_said_turn(gov_value_t *map, const char *name,
    const char *english, const char *lang);


void
gov_said_warn(gov_arena_t *a, gov_value_t *verdict, gov_err_t *said)
{
    gov_said_add(a, verdict, "warnings", said->text);
    gov_said_add(a, verdict, "warnings_en",
                 said->english[0] ? said->english : said->text);
}


void
gov_said_why(gov_arena_t *a, gov_value_t *row, gov_err_t *said)
{
    gov_put(row, "reason", gov_said_text(a, said->text));

    if (said->english[0]) {
        gov_put(row, "reason_en", gov_said_text(a, said->english));
    }
}


static gov_value_t *
gov_said_text(gov_arena_t *a, const char *text)
{
    return gov_val_str(a, gov_str_copy(a, gov_str_of(text)));
}


static void
gov_said_add(gov_arena_t *a, gov_value_t *verdict, const char *list,
    const char *text)
{
    gov_value_t  *v;

    v = gov_member(verdict, list);

    if (v == NULL) {
        v = gov_put_list(a, verdict, list);
    }

    gov_add(v, gov_said_text(a, text));
}


void
gov_said_in(gov_value_t *verdict, const char *lang)
{
    gov_value_t  *row;

    if (lang == NULL || verdict == NULL || verdict->kind != GOV_MAP) {
        return;
    }

    gov_said_turn(verdict, "warnings", "warnings_en", lang);

    gov_each (row, gov_member(verdict, "refused")) {
        gov_said_turn(row, "reason", "reason_en", lang);
    }
}


void
gov_said_answer(gov_value_t *answer, const char *lang)
{
    gov_value_t  *row;

    gov_said_in(gov_member(answer, "verdict"), lang);
    gov_said_in(gov_member(answer, "result"), lang);

    gov_each (row, gov_member(answer, "rows")) {
        gov_said_in(gov_member(row, "result"), lang);
    }
}


static void
gov_said_turn(gov_value_t *map, const char *name, const char *english,
    const char *lang)
{
    gov_value_t  *v;

    v = gov_member(map, english);

    if (v == NULL) {
        return;
    }

    gov_unset(map, english);

    if (strcmp(lang, "en") == 0) {
        gov_set(map, name, v);
    }
}
