
/*
 * Copyright (C) ngx_gov authors
 *
 * The list of govctl_words.h as a table, and saying things.
 */


#include <stdarg.h>
#include <stdlib.h>

#include "ctl/govctl_int.h"


#define GOVCTL_WORD_ROW(id, en, zh)  { en, zh },

static const char  *govctl_words[GOVCTL_WORDS_END][2] = {
    GOVCTL_WORDS(GOVCTL_WORD_ROW)
};


const char *
govctl_word(govctl_word_t word)
{
    return govctl_words[word][govctl_chinese()];
}


int
govctl_chinese(void)
{
    return govctl_speaks("zh");
}


int
govctl_speaks(const char *language)
{
    unsigned     i;
    const char  *value;

    static const char  *names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        value = getenv(names[i]);

        if (value && value[0]) {
            return strncmp(value, language, 2) == 0;
        }
    }

    return 0;
}


void
govctl_say(const char *fmt, ...)
{
    va_list  args;

    (void) fflush(stdout);
    (void) fputs("govctl: ", stderr);

    va_start(args, fmt);
    (void) vfprintf(stderr, fmt, args);
    va_end(args);

    (void) putc('\n', stderr);
}


int
govctl_usage(const char *fmt, ...)
{
    va_list  args;

    (void) fputs("govctl: ", stderr);

    va_start(args, fmt);
    (void) vfprintf(stderr, fmt, args);
    va_end(args);

    (void) fprintf(stderr, "\n%s\n", govctl_word(GOVCTL_W_SEE_HELP));

    return GOVCTL_USAGE;
}
