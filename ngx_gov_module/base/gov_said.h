
/*
 * Copyright (C) ngx_gov authors
 *
 * What a verdict says to a person stands in it in Chinese and, beside it, in
 * English: who reads it later may speak another language than who asked.
 *
 *     { "warnings": ["..."], "warnings_en": ["..."],
 *       "refused": [{ "row": 1, "reason": "...", "reason_en": "..." }] }
 *
 * Whoever tells it leaves one of the two, under the first name.  English that
 * is not there is told in Chinese.
 */


#ifndef _GOV_SAID_H_INCLUDED_
#define _GOV_SAID_H_INCLUDED_


/* adds to "warnings" */
void gov_said_warn(gov_arena_t *a, gov_value_t *verdict, gov_err_t *said);
/* adds the warnings of another verdict */
void gov_said_more(gov_arena_t *a, gov_value_t *verdict, gov_value_t *other);
/* the member "reason" */
void gov_said_why(gov_arena_t *a, gov_value_t *row, gov_err_t *said);

/* lang: "zh" or "en"; NULL leaves both */
void gov_said_in(gov_value_t *verdict, const char *lang);
/* the verdicts in what a question answers */
void gov_said_answer(gov_value_t *answer, const char *lang);


#endif /* _GOV_SAID_H_INCLUDED_ */
