
/*
 * Copyright (C) ngx_gov authors
 *
 * Levels, modes and codes; and which levels a site may hang below (C09): a
 * unit stands on its own level's portal, a township on its county's, a
 * village on its township's.
 *
 * A few cities have no counties: their townships' division codes have "00"
 * where the county's digits stand, and hang below the city.  A county may
 * hang below its province where the province runs it itself.
 */


#include <ctype.h>
#include <stdio.h>

#include "site/gov_site_int.h"


#define GOV_CODE_MAX    40
#define GOV_CODE_DIGITS 12          /* of a division code */

#define gov_level_bit(level)  (1u << (level))

#define GOV_PORTALS  (gov_level_bit(GOV_PROVINCE) | gov_level_bit(GOV_CITY)   \
                      | gov_level_bit(GOV_COUNTY))


typedef struct {
    const char  *name;
    const char  *title;
    unsigned     parents;       /* levels it may hang below */
    int          root;          /* may stand alone */
    int          mode;
} gov_level_row_t;


static gov_level_row_t  gov_levels[] = {
    { NULL, NULL, 0, 0, 0 },

    { "province", "省级门户", 0, 1, GOV_MODE_SUBSITE },

    { "city", "市级门户", gov_level_bit(GOV_PROVINCE), 1, GOV_MODE_SUBSITE },

    { "county", "县级门户",
      gov_level_bit(GOV_PROVINCE) | gov_level_bit(GOV_CITY),
      1, GOV_MODE_SUBSITE },

    { "township", "乡镇", gov_level_bit(GOV_COUNTY), 1, GOV_MODE_PAGE },

    { "village", "村", gov_level_bit(GOV_TOWNSHIP), 0, GOV_MODE_PAGE },

    { "department", "部门", GOV_PORTALS, 1, GOV_MODE_SUBSITE },

    { "institution", "机构",
      GOV_PORTALS | gov_level_bit(GOV_TOWNSHIP)
      | gov_level_bit(GOV_DEPARTMENT),
      1, GOV_MODE_SUBSITE }
};

#define GOV_LEVELS  (sizeof(gov_levels) / sizeof(gov_levels[0]))


static int gov_code_below_city(gov_str_t code);


const char *
gov_level_name(int level)
{
    return level > 0 && level < (int) GOV_LEVELS ? gov_levels[level].name
                                                 : "";
}


int
gov_level_parse(gov_str_t s)
{
    unsigned  i;

    if (s.len == 1 && s.data[0] >= '1' && s.data[0] <= '4') {
        return s.data[0] - '0';
    }

    for (i = 1; i < GOV_LEVELS; i++) {
        if (gov_str_is(s, gov_levels[i].name)) {
            return (int) i;
        }
    }

    return 0;
}


int
gov_level_mode(int level)
{
    return level > 0 && level < (int) GOV_LEVELS ? gov_levels[level].mode
                                                 : GOV_MODE_SUBSITE;
}


const char *
gov_blueprint_of(int level)
{
    return gov_level_name(level);
}


int
gov_level_alone(int level)
{
    return level > 0 && level < (int) GOV_LEVELS && gov_levels[level].root
           && !(gov_level_bit(level) & GOV_PORTALS);
}


gov_rc_t
gov_level_check(int level, gov_str_t code, gov_site_t *parent,
    gov_err_t *err)
{
    char              list[160];
    size_t            n;
    unsigned          i;
    gov_level_row_t  *row;

    if (level <= 0 || level >= (int) GOV_LEVELS) {
        return gov_fail(err, GOV_INVALID, "level", "没有这样的层级");
    }

    row = &gov_levels[level];

    if (parent == NULL) {
        return row->root ? GOV_OK
                         : gov_fail(err, GOV_DENIED, "parent",
                                    "%s站点必须有上级站点", row->title);
    }

    if (row->parents & gov_level_bit(parent->rec.level)) {
        return GOV_OK;
    }

    if (level == GOV_TOWNSHIP && parent->rec.level == GOV_CITY
        && gov_code_below_city(code))
    {
        return GOV_OK;
    }

    n = 0;
    list[0] = '\0';

    for (i = 1; i < GOV_LEVELS; i++) {
        if (row->parents & gov_level_bit(i)) {
            n += snprintf(list + n, sizeof(list) - n, "%s%s", n ? "、" : "",
                          gov_levels[i].title);
        }
    }

    if (n == 0) {
        return gov_fail(err, GOV_DENIED, "parent", "%s站点没有上级",
                        row->title);
    }

    return gov_fail(err, GOV_DENIED, "parent",
                    "%s站点应挂在%s之下，“%.*s”是%s", row->title, list,
                    gov_strf(gov_utf8_head(parent->rec.name, 40)),
                    gov_levels[parent->rec.level].title);
}


/* digits 5 and 6 are the county's */

static int
gov_code_below_city(gov_str_t code)
{
    return gov_code_is_division(code) && code.len == GOV_CODE_DIGITS
           && code.data[4] == '0' && code.data[5] == '0';
}


int
gov_code_is_division(gov_str_t code)
{
    size_t  i;

    if (code.len < 2 || code.len > GOV_CODE_DIGITS) {
        return 0;
    }

    for (i = 0; i < code.len; i++) {
        if (code.data[i] < '0' || code.data[i] > '9') {
            return 0;
        }
    }

    return 1;
}


int
gov_code_valid(gov_str_t code)
{
    u_char  c;
    size_t  i;

    if (code.len == 0 || code.len > GOV_CODE_MAX) {
        return 0;
    }

    for (i = 0; i < code.len; i++) {
        c = code.data[i];

        if (c > 127 || (!isalnum(c) && c != '-' && c != '_' && c != '.')) {
            return 0;
        }
    }

    return 1;
}


gov_str_t
gov_code_canon(gov_arena_t *a, gov_str_t code)
{
    gov_str_t  s;

    if (code.len == GOV_CODE_DIGITS || !gov_code_is_division(code)) {
        return code;
    }

    s.len = GOV_CODE_DIGITS;
    s.data = gov_alloc(a, GOV_CODE_DIGITS + 1);

    memset(s.data, '0', GOV_CODE_DIGITS);
    s.data[GOV_CODE_DIGITS] = '\0';
    memcpy(s.data, code.data, code.len);

    return s;
}


int
gov_mode_parse(gov_str_t s)
{
    if (gov_str_is(s, "page")) {
        return GOV_MODE_PAGE;
    }

    return gov_str_is(s, "subsite") ? GOV_MODE_SUBSITE : -1;
}
