
/*
 * Copyright (C) ngx_gov authors
 */


#include "view/gov_words.h"


#define GOV_WORD_ROW(id, zh, en)  gov_string(zh),

static gov_str_t  gov_words_zh[] = {
    GOV_WORDS(GOV_WORD_ROW)
    gov_null_string
};


gov_str_t
gov_word(gov_word_t w)
{
    return gov_words_zh[w];
}
