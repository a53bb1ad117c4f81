
/*
 * Copyright (C) ngx_gov authors
 *
 * Sentences of a verdict, kept in both languages and told in one.
 */


#include "base/gov_base.h"


static gov_value_t *gov_said_text(gov_arena_t *a, const char *text);
static void gov_said_add(gov_arena_t *a, gov_value_t *verdict,
    const char *name, gov_value_t *text);
static void gov_said_all(gov_arena_t *a, gov_value_t *verdict,
    const char *name, gov_value_t *list);
static void gov_said_turn(gov_value_t *map, const char *name,
    const char *english, const char *lang);


void
gov_said_warn(gov_arena_t *a, gov_value_t *verdict, gov_err_t *said)
{
    gov_said_add(a, verdict, "warnings", gov_said_text(a, said->text));
    gov_said_add(a, verdict, "warnings_en",
                 gov_said_text(a, said->english[0] ? said->english
                                                   : said->text));
}


void
gov_said_more(gov_arena_t *a, gov_value_t *verdict, gov_value_t *other)
{
    gov_said_all(a, verdict, "warnings", gov_member(other, "warnings"));
    gov_said_all(a, verdict, "warnings_en",
                 gov_member(other, "warnings_en"));
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
gov_said_add(gov_arena_t *a, gov_value_t *verdict, const char *name,
    gov_value_t *text)
{
    gov_value_t  *list;

    list = gov_member(verdict, name);

    if (list == NULL) {
        list = gov_put_list(a, verdict, name);
    }

    gov_add(list, text);
}


static void
gov_said_all(gov_arena_t *a, gov_value_t *verdict, const char *name,
    gov_value_t *list)
{
    gov_value_t  *v;

    gov_each (v, list) {
        gov_said_add(a, verdict, name, gov_value_copy(a, v));
    }
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
