
/*
 * Copyright (C) ngx_gov authors
 *
 * Any command by its name, and files of them.  The lines of a batch are done
 * in their order, one after another: a later one may need an earlier one.
 */


#include "ctl/govctl_int.h"


static int govctl_batch_line(govctl_t *ctl, gov_arena_t *a, gov_str_t line,
    int64_t number);


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
        return govctl_usage(govctl_word(GOVCTL_W_BAD_JSON), "input", err.text);
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
    int             got;
    int64_t         number, failed, done;
    gov_str_t       line;
    gov_arena_t    *a;
    govctl_file_t  *f;

    (void) verb;

    f = govctl_file_open(gov_str_c(ctl->arena, gov_get_str(in, "file")));
    if (f == NULL) {
        return GOVCTL_FAILED;
    }

    a = gov_arena_new(65536);
    failed = 0;
    done = 0;

    for (number = 1; ; number++) {
        gov_arena_reset(a);

        got = govctl_file_line(f, a, &line);
        if (got <= 0) {
            failed += got == -1;
            break;
        }

        if (line.len == 0) {
            continue;
        }

        if (govctl_batch_line(ctl, a, line, number) == 0) {
            done++;
        } else {
            failed++;
        }
    }

    govctl_file_close(&f);
    gov_arena_free(&a);

    if (!ctl->quiet || failed) {
        govctl_say(govctl_word(GOVCTL_W_BATCH_DONE), (long long) done,
                   (long long) failed);
    }

    return failed ? GOVCTL_FAILED : 0;
}


static int
govctl_batch_line(govctl_t *ctl, gov_arena_t *a, gov_str_t line,
    int64_t number)
{
    int               rc;
    gov_str_t         name, why;
    gov_err_t         err;
    gov_value_t      *v, *input;
    govctl_answer_t   answer;

    memset(&err, 0, sizeof(gov_err_t));

    if (gov_json_parse(a, line, &v, &err) != GOV_OK) {
        govctl_say(govctl_word(GOVCTL_W_BAD_ROW), (long long) number, err.text);
        return GOVCTL_FAILED;
    }

    name = gov_get_str(v, "command");
    input = gov_member(v, "input");

    rc = govctl_command(ctl, a, name, input ? input : gov_map(a), &answer);

    if (rc == 0) {
        if (ctl->format == GOVCTL_JSON) {
            govctl_print_json(answer.body, 0);
        }

        return 0;
    }

    why = gov_get_str(answer.body, "detail");

    if (why.len == 0) {
        why = answer.text;
    }

    govctl_say(govctl_word(GOVCTL_W_BATCH_LINE), (long long) number,
               gov_str_c(a, name), gov_strf(why));

    return rc;
}
