
/*
 * Copyright (C) ngx_gov authors
 *
 * The only caller of gumbo.  It takes all its memory from us: an arena of
 * its own, dropped whole afterwards, so that a tree of any depth costs no
 * stack to free; and when it asks for more than its share, or has run for
 * longer than any honest text takes (its handling of unclosed elements is
 * quadratic), it is left by longjmp from the allocator.
 */


#include <setjmp.h>
#include <time.h>

#include "content/gov_body_int.h"


typedef struct {
    gov_arena_t      *arena;
    unsigned          calls;
    struct timespec   until;
    jmp_buf           out;
} gov_body_parse_t;


static void *gov_body_alloc(void *data, size_t size);
static void gov_body_free(void *data, void *p);
static int gov_body_late(gov_body_parse_t *p);


gov_rc_t
gov_body_clean(gov_arena_t *a, gov_str_t source, gov_str_t *html,
    gov_err_t *err)
{
    gov_rc_t           rc;
    gov_buf_t          b;
    GumboOutput       *out;
    GumboOptions       options;
    gov_body_parse_t  *p;

    p = gov_calloc(a, sizeof(gov_body_parse_t));
    p->arena = gov_arena_new(65536);

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &p->until);
    p->until.tv_sec += GOV_BODY_SECONDS;

    gov_buf_init(&b, a, source.len + 256);

    if (setjmp(p->out) != 0) {
        gov_arena_free(&p->arena);

        return gov_fail(err, GOV_INVALID, "body",
                        "正文的标记太多或嵌套太深，无法处理");
    }

    options = kGumboDefaultOptions;
    options.allocator = gov_body_alloc;
    options.deallocator = gov_body_free;
    options.userdata = p;
    options.max_errors = 0;
    options.fragment_context = GUMBO_TAG_DIV;

    out = gumbo_parse_with_options(&options, (const char *) source.data,
                                   source.len);

    rc = gov_body_write(&b, out->root, err);

    gov_arena_free(&p->arena);
    *html = b.s;

    return rc;
}


static void *
gov_body_alloc(void *data, size_t size)
{
    gov_body_parse_t  *p = data;

    if (size > GOV_BODY_MEMORY
        || gov_arena_used(p->arena) > GOV_BODY_MEMORY - size
        || ((++p->calls & 1023) == 0 && gov_body_late(p)))
    {
        longjmp(p->out, 1);
    }

    /* the parser reads some of its memory before it writes it */

    return gov_calloc(p->arena, size);
}


static void
gov_body_free(void *data, void *p)
{
    (void) data;
    (void) p;
}


static int
gov_body_late(gov_body_parse_t *p)
{
    struct timespec  now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);

    return now.tv_sec > p->until.tv_sec
           || (now.tv_sec == p->until.tv_sec
               && now.tv_nsec > p->until.tv_nsec);
}
