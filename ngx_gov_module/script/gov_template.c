
/*
 * Copyright (C) ngx_gov authors
 *
 * Templates to Lua text.  The marks (see lua/gov/template.md):
 *
 *     {{ expression }}     put out, escaped       {( parts/name )}  a part
 *     {* expression *}     put out as it is       {% code %}        Lua
 *     {# remark #}         nothing
 *
 * Invariants:
 *
 *   1. code stands in the Lua text on the line it has in the template, so
 *      that Lua's own messages name FILE:LINE rightly;
 *   2. text and expressions between two pieces of code are one call of
 *      _put(text, expression, ...): each zero byte of the text is where the
 *      next expression goes, so a template's own text has none;
 *   3. remarks inside code are left out, they would swallow what follows.
 */


#include "script/gov_script_int.h"


/* expressions of a call; Lua lets it have about 250 */
#define GOV_TEMPLATE_ARGS  60

#define GOV_TEMPLATE_HEAD  "local _ENV,v,_put,_parts,it=... "


typedef struct {
    const char   *file;
    gov_str_t     text;
    u_char       *p;
    u_char       *end;
    unsigned      line;
    gov_buf_t    *lua;
    gov_parts_t  *parts;
    gov_err_t    *err;

    int           open;           /* a call of _put() is being collected: */
    unsigned      n;              /* its expressions, */
    gov_buf_t     puts;           /* its text, as in a Lua string, */
    gov_buf_t     args;           /* and what follows the text */
} gov_template_t;


static u_char *gov_template_mark(gov_template_t *t);
static gov_rc_t gov_template_one(gov_template_t *t);
static gov_rc_t gov_template_put(gov_template_t *t);
static gov_rc_t gov_template_raw(gov_template_t *t);
static gov_rc_t gov_template_value(gov_template_t *t, u_char close,
    gov_buf_t *to);
static gov_rc_t gov_template_part(gov_template_t *t);
static gov_rc_t gov_template_remark(gov_template_t *t);
static void gov_template_text(gov_template_t *t, u_char *p, u_char *end);
static void gov_template_open(gov_template_t *t);
static void gov_template_close(gov_template_t *t);
static void gov_template_line(gov_template_t *t);
static gov_rc_t gov_template_code(gov_template_t *t, u_char close,
    gov_buf_t *to);
static int gov_template_skip(gov_template_t *t);
static int gov_template_alone(gov_template_t *t, u_char *mark);
static void gov_template_eat_line(gov_template_t *t);
static gov_rc_t gov_template_name(gov_template_t *t, gov_str_t *name);
static gov_rc_t gov_template_fail(gov_template_t *t, unsigned line,
    const char *reason);


gov_rc_t
gov_template_compile(gov_str_t text, const char *file, gov_buf_t *lua,
    gov_parts_t *parts, gov_err_t *err)
{
    u_char          *mark, *until;
    gov_rc_t         rc;
    gov_template_t   t;

    memset(&t, 0, sizeof(gov_template_t));

    t.file = file;
    t.text = text;
    t.p = text.data;
    t.end = text.data + text.len;
    t.line = 1;
    t.lua = lua;
    t.parts = parts;
    t.err = err;
    gov_buf_init(&t.puts, lua->arena, 1024);
    gov_buf_init(&t.args, lua->arena, 1024);

    if (text.len != 0 && memchr(text.data, '\0', text.len) != NULL) {
        return gov_template_fail(&t, 1, "a zero byte is no text");
    }

    gov_buf_c(lua, GOV_TEMPLATE_HEAD);

    for ( ;; ) {
        mark = gov_template_mark(&t);

        if (mark == NULL) {
            gov_template_text(&t, t.p, t.end);
            gov_template_close(&t);
            return GOV_OK;
        }

        until = mark;

        if (gov_template_alone(&t, mark)) {
            while (until > t.p && until[-1] != '\n') {
                until--;
            }
        }

        gov_template_text(&t, t.p, until);
        t.p = mark;

        rc = gov_template_one(&t);
        if (rc != GOV_OK) {
            return rc;
        }

        if (gov_template_alone(&t, mark)) {
            gov_template_eat_line(&t);
        }
    }
}


static u_char *
gov_template_mark(gov_template_t *t)
{
    u_char  *p;

    for (p = t->p; t->end - p >= 2; p++) {
        p = memchr(p, '{', t->end - p - 1);

        if (p == NULL) {
            return NULL;
        }

        if (strchr("{*%(#", p[1]) != NULL && p[1] != '\0') {
            return p;
        }
    }

    return NULL;
}


/* at a mark */

static gov_rc_t
gov_template_one(gov_template_t *t)
{
    u_char  kind;

    kind = t->p[1];
    t->p += 2;

    switch (kind) {

    case '{':
        return gov_template_put(t);

    case '*':
        return gov_template_raw(t);

    case '(':
        return gov_template_part(t);

    case '#':
        return gov_template_remark(t);
    }

    gov_template_close(t);
    gov_buf_c(t->lua, " ");

    return gov_template_code(t, '%', t->lua);
}


static gov_rc_t
gov_template_put(gov_template_t *t)
{
    gov_rc_t  rc;

    if (t->n == GOV_TEMPLATE_ARGS) {
        gov_template_close(t);
    }

    gov_template_open(t);
    gov_buf_c(&t->puts, "\\000");
    gov_buf_c(&t->args, ",(");
    t->n++;

    rc = gov_template_value(t, '}', &t->args);
    gov_buf_c(&t->args, ")");

    return rc;
}


/* a call of its own, see gov_lua_bad() */

static gov_rc_t
gov_template_raw(gov_template_t *t)
{
    gov_rc_t  rc;

    gov_template_close(t);
    gov_buf_c(t->lua, " _put((");

    rc = gov_template_value(t, '*', t->lua);
    gov_buf_c(t->lua, "));");

    return rc;
}


static gov_rc_t
gov_template_value(gov_template_t *t, u_char close, gov_buf_t *to)
{
    size_t    i;
    gov_rc_t  rc;
    unsigned  line;

    i = to->s.len;
    line = t->line;

    rc = gov_template_code(t, close, to);
    if (rc != GOV_OK) {
        return rc;
    }

    for ( /* void */ ; i < to->s.len; i++) {
        if (to->s.data[i] > ' ') {
            return GOV_OK;
        }
    }

    return gov_template_fail(t, line, "the mark is empty");
}


static gov_rc_t
gov_template_part(gov_template_t *t)
{
    size_t     len;
    gov_rc_t   rc;
    unsigned   line;
    gov_str_t  name;

    line = t->line;

    rc = gov_template_name(t, &name);
    if (rc != GOV_OK) {
        return rc;
    }

    if (t->parts->n == GOV_TEMPLATE_PARTS) {
        return gov_template_fail(t, line, "too many parts");
    }

    t->parts->name[t->parts->n] = name;
    t->parts->line[t->parts->n++] = line;

    gov_template_close(t);
    gov_buf_fmt(t->lua, " _parts[\"%.*s\"](_ENV,v,_put,_parts",
                gov_strf(name));

    if (t->p < t->end && *t->p == ',') {
        t->p++;
        gov_buf_c(t->lua, ",(");
        len = t->lua->s.len;

        rc = gov_template_code(t, ')', t->lua);
        if (rc != GOV_OK) {
            return rc;
        }

        if (len == t->lua->s.len) {
            return gov_template_fail(t, line, "the argument is empty");
        }

        gov_buf_c(t->lua, ")");

    } else if (t->end - t->p < 2 || t->p[0] != ')' || t->p[1] != '}') {
        return gov_template_fail(t, line, "the mark {( is not closed");

    } else {
        t->p += 2;
    }

    gov_buf_c(t->lua, ");");

    return GOV_OK;
}


/* quotes, "parts/" and ".html" may be left out */

static gov_rc_t
gov_template_name(gov_template_t *t, gov_str_t *name)
{
    u_char  *p, *end;

    for (p = t->p; p < t->end && *p != ',' && *p != ')' && *p != '\n'; p++) {
        /* void */
    }

    end = p;
    p = t->p;
    t->p = end;

    while (p < end && (*p == ' ' || *p == '"' || *p == '\'')) {
        p++;
    }

    while (end > p
           && (end[-1] == ' ' || end[-1] == '"' || end[-1] == '\''))
    {
        end--;
    }

    if (end - p > 6 && memcmp(p, "parts/", 6) == 0) {
        p += 6;
    }

    if (end - p > 5 && memcmp(end - 5, ".html", 5) == 0) {
        end -= 5;
    }

    name->data = p;
    name->len = end - p;

    for ( /* void */ ; p < end; p++) {
        if ((*p < 'a' || *p > 'z') && (*p < '0' || *p > '9')
            && *p != '_' && *p != '-' && *p != '/')
        {
            return gov_template_fail(t, t->line, "not a part's name");
        }
    }

    if (name->len == 0) {
        return gov_template_fail(t, t->line, "not a part's name");
    }

    return GOV_OK;
}


static gov_rc_t
gov_template_remark(gov_template_t *t)
{
    unsigned  line;

    line = t->line;

    for ( /* void */ ; t->end - t->p >= 2; t->p++) {

        if (t->p[0] == '#' && t->p[1] == '}') {
            t->p += 2;
            return GOV_OK;
        }

        if (*t->p == '\n') {
            gov_template_line(t);
        }
    }

    return gov_template_fail(t, line, "the mark {# is not closed");
}


/* as in a Lua string on one line; its line ends follow the string */

static void
gov_template_text(gov_template_t *t, u_char *p, u_char *end)
{
    u_char  *run;

    if (p == end) {
        return;
    }

    gov_template_open(t);

    for (run = p; p < end; p++) {

        if (*p >= ' ' && *p != '"' && *p != '\\') {
            continue;
        }

        gov_buf_add(&t->puts, run, p - run);
        gov_buf_fmt(&t->puts, "\\%03u", *p);
        run = p + 1;

        if (*p == '\n') {
            gov_template_line(t);
        }
    }

    gov_buf_add(&t->puts, run, p - run);
}


static void
gov_template_open(gov_template_t *t)
{
    if (!t->open) {
        t->open = 1;
        t->n = 0;
        t->puts.s.len = 0;
        t->args.s.len = 0;
    }
}


static void
gov_template_close(gov_template_t *t)
{
    if (!t->open) {
        return;
    }

    gov_buf_c(t->lua, " _put(\"");
    gov_buf_str(t->lua, t->puts.s);
    gov_buf_c(t->lua, "\"");
    gov_buf_str(t->lua, t->args.s);
    gov_buf_c(t->lua, ");");

    t->open = 0;
}


/* a line of the template is one of the Lua text */

static void
gov_template_line(gov_template_t *t)
{
    gov_buf_c(t->open ? &t->args : t->lua, "\n");
    t->line++;
}


/* copies Lua up to the closing mark, which a string may hold unharmed */

static gov_rc_t
gov_template_code(gov_template_t *t, u_char close, gov_buf_t *to)
{
    int       depth;
    u_char   *p;
    unsigned  line;

    line = t->line;
    depth = 0;

    while (t->p < t->end) {

        if (t->end - t->p >= 2 && t->p[0] == close && t->p[1] == '}'
            && (depth == 0 || close == '%' || close == '*'))
        {
            t->p += 2;
            return GOV_OK;
        }

        p = t->p;

        if (t->end - p >= 2 && p[0] == '-' && p[1] == '-') {

            while (t->p < t->end && *t->p != '\n'
                   && (t->end - t->p < 2 || t->p[0] != close
                       || t->p[1] != '}'))
            {
                t->p++;
            }

            continue;
        }

        if (!gov_template_skip(t)) {
            depth += *p == '{';
            depth -= *p == '}' && depth > 0;
            t->line += *p == '\n';
            t->p++;
        }

        gov_buf_add(to, p, t->p - p);
    }

    return gov_template_fail(t, line, "a mark is not closed");
}


/* moves past a string or a long string, or returns 0 */

static int
gov_template_skip(gov_template_t *t)
{
    u_char  *p, *q;
    size_t   n;

    p = t->p;

    if (*p == '"' || *p == '\'') {

        for (q = p + 1; q < t->end && *q != *p && *q != '\n'; q++) {
            q += *q == '\\' && q + 1 < t->end && q[1] != '\n';
        }

        t->p = q < t->end && *q == *p ? q + 1 : q;
        return 1;
    }

    for (n = 1; *p == '[' && p + n < t->end && p[n] == '='; n++) {
        /* void */
    }

    if (*p != '[' || p + n >= t->end || p[n] != '[') {
        return 0;
    }

    for (q = p + n + 1; q + n < t->end; q++) {

        if (*q == ']' && q[n] == ']'
            && (n == 1 || memcmp(q + 1, p + 1, n - 1) == 0))
        {
            for (t->p = q + n + 1; p < q; p++) {
                t->line += *p == '\n';
            }

            return 1;
        }
    }

    return 0;
}


/*
 * Code, a part or a remark that begins its line: blanks before it are left
 * out, and the line's end if nothing follows.
 */

static int
gov_template_alone(gov_template_t *t, u_char *mark)
{
    u_char  *p;

    if (mark[1] == '{' || mark[1] == '*') {
        return 0;
    }

    for (p = mark; p > t->text.data && p[-1] != '\n'; p--) {
        if (p[-1] != ' ' && p[-1] != '\t') {
            return 0;
        }
    }

    return 1;
}


static void
gov_template_eat_line(gov_template_t *t)
{
    u_char  *p;

    for (p = t->p; p < t->end && (*p == ' ' || *p == '\t' || *p == '\r');
         p++)
    {
        /* void */
    }

    if (p == t->end) {
        t->p = p;
        return;
    }

    if (*p == '\n') {
        gov_template_line(t);
        t->p = p + 1;
    }
}


static gov_rc_t
gov_template_fail(gov_template_t *t, unsigned line, const char *reason)
{
    return gov_fail(t->err, GOV_INVALID, "", "%s:%u: %s", t->file, line,
                    reason);
}
