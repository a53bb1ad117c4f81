
/*
 * Copyright (C) ngx_gov authors
 *
 * What a file is by its bytes.  The only user of libmagic.
 */


#include <magic.h>
#include <unistd.h>

#include "look/gov_look.h"


static magic_t  gov_look_magic;


gov_rc_t
gov_look_type_begin(void)
{
    gov_look_magic = magic_open(MAGIC_MIME|MAGIC_NO_CHECK_COMPRESS
                                |MAGIC_NO_CHECK_ELF);

    return gov_look_magic != NULL && magic_load(gov_look_magic, NULL) == 0
           ? GOV_OK : GOV_ERROR;
}


/*
 * A PDF is read as one that begins later, and a browser may see what stands
 * before it: a page, a script.
 */

static int
gov_look_early(const char *found)
{
    char  head[5];

    return strncmp(found, "application/pdf", 15) == 0
           && (pread(GOV_LOOK_IN, head, sizeof(head), 0) != sizeof(head)
               || memcmp(head, "%PDF-", sizeof(head)) != 0);
}


void
gov_look_type(gov_arena_t *a, gov_value_t *out)
{
    size_t       n;
    const char  *found, *charset;

    found = magic_descriptor(gov_look_magic, GOV_LOOK_IN);

    if (found == NULL || lseek(GOV_LOOK_IN, 0, SEEK_SET) == -1) {
        gov_put_c(a, out, "fault", "broken");
        return;
    }

    n = strcspn(found, ";");
    charset = strstr(found, "charset=");

    gov_put_str(a, out, "type",
                gov_look_early(found) ? gov_s("application/octet-stream")
                : gov_str_copy(a, (gov_str_t) { n, (u_char *) found }));

    if (charset != NULL) {
        gov_put_str(a, out, "charset",
                    gov_str_copy(a, gov_str_of(charset + 8)));
    }
}
