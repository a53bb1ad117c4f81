
/*
 * Copyright (C) ngx_gov authors
 *
 * The rights of gov_rights.h by name, and which of them make an
 * administrator that is kept apart from the two others (G27).
 */


#include "people/gov_people_int.h"


#define GOV_RIGHT_ROW(id, name, title)  { name, title },

static const struct {
    const char  *name;
    const char  *title;
} gov_rights[] = {
    GOV_RIGHTS(GOV_RIGHT_ROW)
};

static const uint64_t  gov_rights_of[] = {
    [GOV_APART_SYSTEM] = gov_right_bit(GOV_RIGHT_PLATFORM_MANAGE),
    [GOV_APART_SECURITY] = gov_right_bit(GOV_RIGHT_SECURITY_MANAGE)
                           | gov_right_bit(GOV_RIGHT_ROLE_MANAGE),
    [GOV_APART_AUDIT] = gov_right_bit(GOV_RIGHT_AUDIT_READ)
};

static const char  *gov_aparts[] = { "", "system", "security", "audit" };


const char *
gov_right_name(gov_right_t right)
{
    return right < GOV_RIGHT_MAX ? gov_rights[right].name : "";
}


const char *
gov_right_title(gov_right_t right)
{
    return right < GOV_RIGHT_MAX ? gov_rights[right].title : "";
}


int
gov_right_parse(gov_str_t name)
{
    int  i;

    for (i = 0; i < GOV_RIGHT_MAX; i++) {
        if (gov_str_is(name, gov_rights[i].name)) {
            return i;
        }
    }

    return -1;
}


int
gov_rights_apart(uint64_t rights)
{
    int  apart, i;

    apart = GOV_APART_NONE;

    for (i = GOV_APART_SYSTEM; i <= GOV_APART_AUDIT; i++) {
        if (rights & gov_rights_of[i]) {
            if (apart != GOV_APART_NONE) {
                return -1;
            }

            apart = i;
        }
    }

    return apart;
}


const char *
gov_apart_name(gov_apart_t apart)
{
    return apart <= GOV_APART_AUDIT ? gov_aparts[apart] : "";
}
