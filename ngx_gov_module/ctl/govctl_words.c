
/*
 * Copyright (C) ngx_gov authors
 *
 * The list of govctl_words.h as a table, and saying things.
 */


#include <stdarg.h>

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
    return gov_speaks("zh");
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

    (void) putc('\n', stderr);

    return GOVCTL_USAGE;
}
