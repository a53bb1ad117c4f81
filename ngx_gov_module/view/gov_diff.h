
/*
 * Copyright (C) ngx_gov authors
 *
 * What changed between two texts, for a page that shows it.
 */


#ifndef _GOV_DIFF_H_INCLUDED_
#define _GOV_DIFF_H_INCLUDED_


#include "base/gov_base.h"


/* a list of {kind: "same" "gone" "came", text}, lines borrowed, of
 * {kind: "changed", parts} for a line of which some words went or came, parts
 * being such a list, and of {kind: "skip", n} for lines that are not shown */
gov_value_t *gov_diff(gov_arena_t *arena, gov_str_t a, gov_str_t b);


#endif /* _GOV_DIFF_H_INCLUDED_ */
