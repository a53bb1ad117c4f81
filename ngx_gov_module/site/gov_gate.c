
/*
 * Copyright (C) ngx_gov authors
 *
 * The go-live gates by name.  Which of them a policy asks for is data; how
 * one is looked at is the desk's, because some look at what a site holds.
 */


#include "site/gov_site_int.h"


static const char  *gov_gates[] = {
    [GOV_GATE_NAME] = "name",
    [GOV_GATE_LEGAL_NAME] = "legal_name",
    [GOV_GATE_PERSONS] = "persons",
    [GOV_GATE_COLUMNS] = "columns",
    [GOV_GATE_LINKS] = "links",
    [GOV_GATE_TAGS] = "tags",
    [GOV_GATE_FOOTER] = "footer"
};

#define GOV_GATES  ((int) (sizeof(gov_gates) / sizeof(gov_gates[0])))


int
gov_gate_parse(gov_str_t s)
{
    int  i;

    for (i = 0; i < GOV_GATES; i++) {
        if (gov_str_is(s, gov_gates[i])) {
            return i;
        }
    }

    return -1;
}
