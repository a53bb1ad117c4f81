
/*
 * Copyright (C) ngx_gov authors
 *
 * The words after a verb as its input, by the verb's fields:
 *
 *     WORD             the next plain argument that is not given yet; a list
 *                      takes the rest
 *     --name VALUE     --name=VALUE; a list's may be repeated or be JSON
 *     --flag           true; --flag=false
 *     --field K=V      the field K, or a further field of the column's kind
 *     --md FILE        the body, and its form; --html FILE
 *     --attach FILE    an attachment (govctl_do.c puts it)
 *
 * Values stay texts: govd knows what they mean.  Only maps and lists that
 * are written as JSON become values here.
 */


#include "ctl/govctl_int.h"


typedef struct {
    govctl_t       *ctl;
    govctl_verb_t  *verb;
    const char    **words;
    unsigned        n;
    unsigned        at;
    char            name[80];       /* the verb as it is typed */
    gov_value_t    *input;
} govctl_args_t;


static int govctl_args_plain(govctl_args_t *p, const char *word);
static int govctl_args_option(govctl_args_t *p, const char *word);
static int govctl_args_special(govctl_args_t *p, gov_str_t name,
    const char *value, int *done);
static int govctl_args_body(govctl_args_t *p, const char *form,
    const char *path);
static int govctl_args_pair(govctl_args_t *p, const char *pair);
static int govctl_args_put(govctl_args_t *p, gov_in_t *in,
    const char *value);
static int govctl_args_missing(govctl_args_t *p);
static int govctl_args_unknown(govctl_args_t *p, gov_str_t name);
static const char *govctl_args_value(govctl_args_t *p, const char *equals);
static gov_in_t *govctl_args_field(govctl_verb_t *verb, gov_str_t name);
static int govctl_args_has_body(govctl_verb_t *verb);


int
govctl_args(govctl_t *ctl, govctl_verb_t *verb, const char **words,
    unsigned n, gov_value_t **input)
{
    int             rc, plain;
    const char     *word;
    govctl_args_t   p;

    memset(&p, 0, sizeof(govctl_args_t));
    p.ctl = ctl;
    p.verb = verb;
    p.words = words;
    p.n = n;
    p.input = gov_map(ctl->arena);
    govctl_help_name(p.name, sizeof(p.name), verb->name);
    plain = 0;

    while (p.at < n) {
        word = words[p.at++];

        if (!plain && strcmp(word, "--") == 0) {
            plain = 1;
            continue;
        }

        rc = !plain && word[0] == '-' && word[1] == '-'
             ? govctl_args_option(&p, word + 2)
             : govctl_args_plain(&p, word);

        if (rc != 0) {
            return rc;
        }
    }

    *input = p.input;

    return govctl_args_missing(&p);
}


static int
govctl_args_plain(govctl_args_t *p, const char *word)
{
    gov_in_t  *in;

    for (in = p->verb->in; in->name; in++) {

        if ((in->flags & GOV_IN_ARG)
            && (in->kind == GOV_IN_LIST
                || gov_member(p->input, in->name) == NULL))
        {
            return govctl_args_put(p, in, word);
        }
    }

    return govctl_usage(govctl_word(GOVCTL_W_TOO_MANY), p->name, word);
}


static int
govctl_args_option(govctl_args_t *p, const char *word)
{
    int          rc, done;
    gov_in_t    *in;
    gov_str_t    name;
    const char  *equals, *value;

    equals = strchr(word, '=');
    name = equals ? (gov_str_t) { (size_t) (equals - word), (u_char *) word }
                  : gov_str_of(word);

    in = govctl_args_field(p->verb, name);

    if (in && in->kind == GOV_IN_BOOL) {
        return govctl_args_put(p, in, equals ? equals + 1 : "true");
    }

    value = govctl_args_value(p, equals);

    if (in == NULL) {
        rc = govctl_args_special(p, name, value, &done);

        return done ? rc : govctl_args_unknown(p, name);
    }

    if (value == NULL) {
        return govctl_usage(govctl_word(GOVCTL_W_NEEDS_VALUE), in->name);
    }

    return govctl_args_put(p, in, value);
}


static int
govctl_args_unknown(govctl_args_t *p, gov_str_t name)
{
    const char  *typed;

    typed = gov_str_c(p->ctl->arena, name);

    (void) govctl_usage(govctl_word(GOVCTL_W_NO_OPTION), p->name, typed);
    govctl_help_near(p->verb, typed);

    return GOVCTL_USAGE;
}


/* the word behind an option, or what stands after its "=" */

static const char *
govctl_args_value(govctl_args_t *p, const char *equals)
{
    if (equals) {
        return equals + 1;
    }

    return p->at < p->n ? p->words[p->at++] : NULL;
}


static int
govctl_args_special(govctl_args_t *p, gov_str_t name, const char *value,
    int *done)
{
    govctl_t  *ctl = p->ctl;

    *done = 0;

    if (!gov_str_is(name, "field")
        && !(govctl_args_has_body(p->verb)
             && (gov_str_is(name, "md") || gov_str_is(name, "html")))
        && !(gov_str_is(name, "attach")
             && govctl_args_field(p->verb, gov_s("attachments"))))
    {
        return 0;
    }

    *done = 1;

    if (value == NULL) {
        return govctl_usage(govctl_word(GOVCTL_W_NEEDS_VALUE),
                            gov_str_c(ctl->arena, name));
    }

    if (gov_str_is(name, "field")) {
        return govctl_args_pair(p, value);
    }

    if (!gov_str_is(name, "attach")) {
        return govctl_args_body(p, gov_str_c(ctl->arena, name), value);
    }

    if (ctl->nattach == sizeof(ctl->attach) / sizeof(ctl->attach[0])) {
        return govctl_usage(govctl_word(GOVCTL_W_TOO_MANY), p->name,
                            value);
    }

    ctl->attach[ctl->nattach++] = value;

    return 0;
}


static int
govctl_args_body(govctl_args_t *p, const char *form, const char *path)
{
    gov_str_t  text;

    if (gov_member(p->input, "body")) {
        return govctl_usage(govctl_word(GOVCTL_W_TWICE), form);
    }

    if (govctl_file_read(p->ctl->arena, path, &text) != 0) {
        return GOVCTL_FAILED;
    }

    gov_put_str(p->ctl->arena, p->input, "body", text);

    if (gov_member(p->input, "form") == NULL) {
        gov_put_c(p->ctl->arena, p->input, "form", form);
    }

    return 0;
}


static int
govctl_args_pair(govctl_args_t *p, const char *pair)
{
    gov_in_t     *in;
    gov_str_t     name;
    const char   *equals;
    gov_value_t  *fields;

    equals = strchr(pair, '=');

    if (equals == NULL || equals == pair) {
        return govctl_usage(govctl_word(GOVCTL_W_BAD_PAIR), pair);
    }

    name.len = (size_t) (equals - pair);
    name.data = (u_char *) pair;

    in = govctl_args_field(p->verb, name);
    if (in) {
        return govctl_args_put(p, in, equals + 1);
    }

    if (govctl_args_field(p->verb, gov_s("fields")) == NULL) {
        return govctl_args_unknown(p, name);
    }

    fields = gov_member(p->input, "fields");
    if (fields == NULL) {
        fields = gov_put_map(p->ctl->arena, p->input, "fields");
    }

    name = gov_str_copy(p->ctl->arena, name);

    if (fields->kind != GOV_MAP || gov_member_s(fields, name)) {
        return govctl_usage(govctl_word(GOVCTL_W_TWICE),
                            gov_str_c(p->ctl->arena, name));
    }

    gov_put_key(fields, name, gov_val_str(p->ctl->arena,
                                          gov_str_of(equals + 1)));

    return 0;
}


static int
govctl_args_put(govctl_args_t *p, gov_in_t *in, const char *value)
{
    gov_err_t     err;
    gov_value_t  *v, *list;
    gov_arena_t  *a = p->ctl->arena;

    if ((in->kind == GOV_IN_MAP || in->kind == GOV_IN_LIST)
        && (value[0] == '{' || value[0] == '['))
    {
        memset(&err, 0, sizeof(gov_err_t));

        if (gov_json_parse(a, gov_str_of(value), &v, &err) != GOV_OK) {
            return govctl_usage(govctl_word(GOVCTL_W_BAD_JSON), in->name,
                                err.text);
        }

    } else {
        v = gov_val_str(a, gov_str_of(value));
    }

    if (in->kind == GOV_IN_LIST && v->kind != GOV_LIST) {
        list = gov_member(p->input, in->name);

        if (list == NULL) {
            list = gov_put_list(a, p->input, in->name);
        }

        gov_add(list, v);
        return 0;
    }

    if (gov_member(p->input, in->name)) {
        return govctl_usage(govctl_word(GOVCTL_W_TWICE), in->name);
    }

    gov_put(p->input, in->name, v);

    return 0;
}


static int
govctl_args_missing(govctl_args_t *p)
{
    gov_in_t  *in;

    for (in = p->verb->in; in->name; in++) {

        if (!(in->flags & GOV_IN_REQUIRED)
            || gov_member(p->input, in->name))
        {
            continue;
        }

        return govctl_usage(govctl_word(GOVCTL_W_MISSING), p->name,
                            in->kind == GOV_IN_BODY
                            ? "--md FILE | --html FILE"
                            : gov_str_c(p->ctl->arena,
                                        gov_str_fmt(p->ctl->arena, "%s%s",
                                            in->flags & GOV_IN_ARG ? ""
                                                                   : "--",
                                            in->name)));
    }

    return 0;
}


/* "-" and "_" are the same to a person */

static gov_in_t *
govctl_args_field(govctl_verb_t *verb, gov_str_t name)
{
    size_t     i;
    gov_in_t  *in;

    for (in = verb->in; in->name; in++) {

        if (strlen(in->name) != name.len) {
            continue;
        }

        for (i = 0; i < name.len; i++) {
            if (in->name[i] != (char) name.data[i]
                && !(in->name[i] == '_' && name.data[i] == '-'))
            {
                break;
            }
        }

        if (i == name.len) {
            return in;
        }
    }

    return NULL;
}


static int
govctl_args_has_body(govctl_verb_t *verb)
{
    gov_in_t  *in;

    for (in = verb->in; in->name; in++) {
        if (in->kind == GOV_IN_BODY) {
            return 1;
        }
    }

    return 0;
}
