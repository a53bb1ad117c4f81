
/*
 * Copyright (C) ngx_gov authors
 *
 * docs/commands.md, made from the lists of commands and questions.
 */


#include "govd/govd_int.h"


static void govd_md_entry(gov_buf_t *b, const char *name,
    const char *summary, const char *title, const char *right, gov_in_t *in);
static void govd_md_usage(gov_buf_t *b, const char *name, gov_in_t *in);
static void govd_md_option(gov_buf_t *b, const char *name);


/* where govctl has a verb of its own for a command or a work */

static const struct {
    const char  *name;
    const char  *usage;
} govd_md_own[] = {
    { "site.import", "site import-csv FILE [--host-pattern P] "
                     "[--mode page|subsite] [--strict] [--progress]" },
    { "doc.import", "doc import --site CODE --column COLUMN FILE "
                    "[--strict] [--progress]" },
    { "site.restore", "site restore FILE [--code CODE]" },
    { "site.export", "site export CODE FILE" },
    { "store.backup", "store backup [DIR]" },
    { NULL, NULL }
};

static const char  govd_md_rest[] =
    "\n# govctl's own verbs\n\n"
    "| verb | does |\n| --- | --- |\n"
    "| `run NAME JSON` | any command with its fields as a JSON object, "
    "`-` for stdin |\n"
    "| `batch FILE` | commands, a line `{\"command\", \"input\"}` each, in "
    "their order; names the lines that failed |\n"
    "| `explain URL` | site, view, dependencies and copy, as nginx sees them "
    "|\n"
    "| `help [VERB]` | the verbs, or one of them |\n"
    "\nFiles may be packed by gzip; `-` is stdin. Rows that an import "
    "refuses are told as `row N: ID: reason` and the rest goes on: exit 0 "
    "if any row was accepted, 1 with `--strict`. Without a running govd, "
    "govctl runs one for itself.\n\n"
    "Exit codes: 0 done, 1 failed, 2 usage, 3 not found, 4 refused by "
    "policy.\n";


static const char  *govd_md_kinds[] = {
    [GOV_IN_STR] =  "text",
    [GOV_IN_TEXT] = "text of several lines",
    [GOV_IN_INT] =  "number",
    [GOV_IN_BOOL] = "true or false",
    [GOV_IN_CODE] = "site's code",
    [GOV_IN_DOC] =  "document's number",
    [GOV_IN_DAY] =  "day, YYYY-MM-DD",
    [GOV_IN_TIME] = "time, RFC 3339 or YYYY-MM-DD HH:MM",
    [GOV_IN_BODY] = "Markdown or HTML",
    [GOV_IN_LIST] = "list",
    [GOV_IN_MAP] =  "map"
};


void
govd_commands_md(gov_buf_t *b)
{
    gov_query_t    *q;
    gov_command_t  *c;

    gov_buf_c(b,
        "# Commands\n\n"
        "Written by `make docs` from `ngx_gov_module/desk/gov_commands.h` "
        "and `ngx_gov_module/view/gov_queries.h`; do not edit.\n\n"
        "A command changes the platform and is one entry of the journal. "
        "Over HTTP it is `POST /api/v1/commands/NAME` with its fields as a "
        "JSON object (docs/openapi.json); with govctl it is the line below "
        "its name, or `govctl run NAME JSON`. Options of every line: "
        "`--run DIR`, `--format=table|json|csv|ids`, `--quiet`, "
        "`--dry-run`, `--yes`. Times without a zone are Shanghai's.\n\n"
        "A field whose kind is a list may be given several times; "
        "`--field K=V` sets any field, also one of the kind's further "
        "fields.\n");

    for (c = gov_commands; c->name; c++) {
        if (c->scope != GOV_SCOPE_INNER) {
            govd_md_entry(b, c->name, c->summary, c->title, c->right, c->in);
        }
    }

    gov_buf_c(b, "\n# Queries\n\nThey read a snapshot: "
                 "`GET /api/v1/queries/NAME?FIELD=VALUE`. Lists come in "
                 "pages: `after` takes the `next` of the page before; "
                 "govctl asks for all of them.\n");

    for (q = gov_queries; q->name; q++) {
        govd_md_entry(b, q->name, q->summary, q->title, q->right, q->in);
    }

    gov_buf_c(b, "\n# Works\n\nThey take long and run in a process of their "
                 "own: `POST /api/v1/works/NAME`; the answer is a JSON "
                 "object a line, the last one with the member `end`.\n");

    for (q = gov_works; q->name; q++) {
        govd_md_entry(b, q->name, q->summary, q->title, q->right, q->in);
    }

    gov_buf_c(b, govd_md_rest);
}


static void
govd_md_entry(gov_buf_t *b, const char *name, const char *summary,
    const char *title, const char *right, gov_in_t *in)
{
    gov_buf_fmt(b, "\n## %s\n\n%s: %s.", name, title, summary);

    if (right[0]) {
        gov_buf_fmt(b, " Right: `%s`.", right);
    }

    gov_buf_c(b, "\n\n    ");
    govd_md_usage(b, name, in);
    gov_buf_c(b, "\n");

    if (in->name == NULL) {
        return;
    }

    gov_buf_c(b, "\n| field | kind | |\n| --- | --- | --- |\n");

    for ( /* void */ ; in->name; in++) {
        gov_buf_fmt(b, "| `%s`%s | %s | %s |\n", in->name,
                    in->flags & GOV_IN_REQUIRED ? " *" : "",
                    govd_md_kinds[in->kind], in->what);
    }
}


/* "site.host.add" is "govctl site host add CODE HOST [--main]" */

static void
govd_md_usage(gov_buf_t *b, const char *name, gov_in_t *in)
{
    unsigned     i;
    gov_in_t    *f;
    const char  *p;

    gov_buf_c(b, "govctl ");

    for (i = 0; govd_md_own[i].name; i++) {
        if (strcmp(govd_md_own[i].name, name) == 0) {
            gov_buf_c(b, govd_md_own[i].usage);
            return;
        }
    }

    for (p = name; *p; p++) {
        gov_buf_add(b, *p == '.' ? " " : p, 1);
    }

    for (f = in; f->name; f++) {
        if (f->flags & GOV_IN_ARG) {
            gov_buf_c(b, " ");
            govd_md_option(b, f->name);
        }
    }

    for (f = in; f->name; f++) {
        if (f->flags & GOV_IN_ARG || !(f->flags & GOV_IN_REQUIRED)
            || f->kind == GOV_IN_BODY)
        {
            continue;
        }

        gov_buf_fmt(b, " --%s ", f->name);
        govd_md_option(b, f->name);
    }

    for (f = in; f->name; f++) {
        if (f->kind == GOV_IN_BODY) {
            gov_buf_c(b, " --md FILE|--html FILE");
        }
    }

    for (f = in; f->name; f++) {
        if (!(f->flags & (GOV_IN_ARG|GOV_IN_REQUIRED))) {
            gov_buf_c(b, " [OPTION]...");
            break;
        }
    }
}


static void
govd_md_option(gov_buf_t *b, const char *name)
{
    u_char  c;

    for ( /* void */ ; *name; name++) {
        c = (u_char) (*name >= 'a' && *name <= 'z' ? *name - 'a' + 'A'
                                                   : *name);
        gov_buf_add(b, &c, 1);
    }
}
