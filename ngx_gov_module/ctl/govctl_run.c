
/*
 * Copyright (C) ngx_gov authors
 *
 * Any command by its name, and files of them.  The lines of a batch are sent
 * many at a time and done in their order: a later one may need an earlier
 * one, and all of a sending share a commit.  A line may bring the id of its
 * operation: the file done again does not do it twice.
 */


#include "ctl/govctl_int.h"


#define GOVCTL_BATCH_LINES  100
#define GOVCTL_BATCH_BYTES  (1024 * 1024)


typedef struct {
    govctl_t     *ctl;
    gov_arena_t  *arena;            /* of the lines not yet sent */
    gov_value_t  *lines;
    int64_t       numbers[GOVCTL_BATCH_LINES];
    size_t        bytes;
    int64_t       number;           /* of the line read last */
    int64_t       done;
    int64_t       failed;
} govctl_batch_t;


static void govctl_batch_line(govctl_batch_t *b, gov_str_t text);
static int govctl_batch_send(govctl_batch_t *b);
static void govctl_batch_told(govctl_batch_t *b, gov_value_t *sent,
    int64_t number, gov_str_t line);


int
govctl_do_run(govctl_t *ctl, govctl_verb_t *verb, gov_value_t *in)
{
    int               rc;
    gov_err_t         err;
    gov_str_t         name, text;
    gov_value_t      *input;
    govctl_answer_t   answer;

    (void) verb;
    memset(&err, 0, sizeof(gov_err_t));

    name = gov_get_str(in, "command");
    text = gov_get_str(in, "input");

    if (gov_str_is(text, "-")
        && govctl_file_read(ctl->arena, "-", &text) != 0)
    {
        return GOVCTL_FAILED;
    }

    if (text.len == 0) {
        text = gov_s("{}");
    }

    if (gov_json_parse(ctl->arena, text, &input, &err) != GOV_OK) {
        (void) govctl_usage(govctl_word(GOVCTL_W_BAD_JSON), "input", err.text);
        return govctl_help_see(verb->name);
    }

    rc = govctl_command(ctl, ctl->arena, name, input, &answer);

    if (rc != 0) {
        return govctl_complain(&answer);
    }

    govctl_print_verdict(ctl, gov_str_c(ctl->arena, name), answer.body);

    return 0;
}


int
govctl_do_batch(govctl_t *ctl, govctl_verb_t *verb, gov_value_t *in)
{
    int               got, rc;
    gov_str_t         line;
    govctl_file_t    *f;
    govctl_batch_t    b;

    (void) verb;

    f = govctl_file_open(gov_str_c(ctl->arena, gov_get_str(in, "file")));
    if (f == NULL) {
        return GOVCTL_FAILED;
    }

    memset(&b, 0, sizeof(govctl_batch_t));
    b.ctl = ctl;
    b.arena = gov_arena_new(1024 * 1024);
    b.lines = gov_list(b.arena);
    rc = 0;

    while (rc == 0 && (got = govctl_file_line(f, b.arena, &line)) != 0) {

        if (got == -1) {
            rc = GOVCTL_FAILED;
            break;
        }

        govctl_batch_line(&b, line);

        if (b.lines->n == GOVCTL_BATCH_LINES
            || b.bytes >= GOVCTL_BATCH_BYTES)
        {
            rc = govctl_batch_send(&b);
        }
    }

    if (rc == 0) {
        rc = govctl_batch_send(&b);
    }

    govctl_file_close(&f);
    gov_arena_free(&b.arena);

    if (!ctl->quiet || b.failed) {
        govctl_say(govctl_word(GOVCTL_W_BATCH_DONE), (long long) b.done,
                   (long long) b.failed);
    }

    return rc ? rc : b.failed ? GOVCTL_FAILED : 0;
}


static void
govctl_batch_line(govctl_batch_t *b, gov_str_t text)
{
    gov_err_t     err;
    gov_value_t  *v, *line, *input;

    b->number++;

    if (text.len == 0) {
        return;
    }

    memset(&err, 0, sizeof(gov_err_t));

    if (gov_json_parse(b->arena, text, &v, &err) != GOV_OK) {
        govctl_say(govctl_word(GOVCTL_W_BAD_ROW), (long long) b->number,
                   err.text);
        b->failed++;
        return;
    }

    input = gov_member(v, "input");

    line = gov_add_map(b->arena, b->lines);
    gov_put_str(b->arena, line, "command", gov_get_str(v, "command"));
    gov_put(line, "input", input ? gov_value_copy(b->arena, input)
                                 : gov_map(b->arena));
    gov_put_some(b->arena, line, "op", gov_get_str(v, "op"));

    b->numbers[b->lines->n - 1] = b->number;
    b->bytes += text.len;
}


static int
govctl_batch_send(govctl_batch_t *b)
{
    int               rc;
    unsigned          i;
    u_char           *nl;
    gov_str_t         text, line;
    gov_value_t      *sent;
    govctl_answer_t   answer;

    if (b->lines->n == 0) {
        return 0;
    }

    rc = govctl_commands(b->ctl, b->arena, b->lines, &answer);

    if (rc != 0) {
        b->failed += b->lines->n;
        return govctl_complain(&answer);
    }

    text = answer.text;
    i = 0;

    gov_each(sent, b->lines) {
        nl = text.len ? memchr(text.data, '\n', text.len) : NULL;

        line.data = text.data;
        line.len = nl ? (size_t) (nl - text.data) : 0;

        govctl_batch_told(b, sent, b->numbers[i++], line);

        if (nl) {
            text.len -= line.len + 1;
            text.data = nl + 1;
        }
    }

    gov_arena_reset(b->arena);
    b->lines = gov_list(b->arena);
    b->bytes = 0;

    return 0;
}


static void
govctl_batch_told(govctl_batch_t *b, gov_value_t *sent, int64_t number,
    gov_str_t line)
{
    gov_str_t     why;
    gov_value_t  *v, *body;

    why = gov_str_of(govctl_word(GOVCTL_W_CUT_SHORT));

    if (line.len && gov_json_parse(b->arena, line, &v, NULL) == GOV_OK) {
        body = gov_member(v, "body");

        if (gov_get_int(v, "status", 0) == 200) {
            b->done++;

            if (b->ctl->format == GOVCTL_JSON) {
                govctl_print_json(body, 0);
            }

            return;
        }

        why = gov_get_str(body, "detail");
    }

    b->failed++;

    govctl_say(govctl_word(GOVCTL_W_BATCH_LINE), (long long) number,
               gov_str_c(b->arena, gov_get_str(sent, "command")),
               gov_strf(why));
}
