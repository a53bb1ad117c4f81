
/*
 * Copyright (C) ngx_gov authors
 *
 * Host names: canonical form, and what is none.
 */


#include "site/t_site.h"


static struct {
    const char  *host;
    const char  *canon;             /* NULL: refused */
} t_hosts[] = {
    { "www.xianyang.gov.cn", "www.xianyang.gov.cn" },
    { "WWW.XianYang.GOV.cn", "www.xianyang.gov.cn" },
    { "localhost:8080", "localhost" },
    { "localhost.", "localhost" },
    { "localhost.:80", "localhost" },
    { "a-b.test", "a-b.test" },
    { "咸阳.政务", "xn--9uru73m.xn--zfr164b" },
    { "咸阳。政务", "xn--9uru73m.xn--zfr164b" },
    { "xn--zfr164b", "xn--zfr164b" },
    { "faß.test", "xn--fa-hia.test" },          /* non-transitional */
    { "ＡＢＣ.test", "abc.test" },
    { "", NULL },
    { ".", NULL },
    { "a..b", NULL },
    { ".a", NULL },
    { "a..", NULL },
    { "-a.test", NULL },
    { "a-.test", NULL },
    { "a_b.test", NULL },
    { "a b.test", NULL },
    { "a/b.test", NULL },
    { "a%2e.test", NULL },
    { "[::1]", NULL },
    { "user@host", NULL },
    { "a\tb", NULL },
    { ":80", NULL },
    { "xn--a.test", NULL },                     /* no such A-label */
    { "\xff\xfe.test", NULL },
    { "a123456789012345678901234567890123456789012345678901234567890123"
      ".test", NULL },
    { "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w.x.y.z."
      "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w.x.y.z."
      "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w.x.y.z."
      "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w.x.y.z."
      "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w.x.y.z", NULL }
};


static void
t_canon(void **state)
{
    unsigned    i;
    gov_rc_t    rc;
    gov_str_t   out;
    t_store_t  *t = *state;

    for (i = 0; i < t_rows(t_hosts); i++) {
        t_err_clear(t);
        out = gov_s("-");

        rc = gov_host_canon(t->arena, gov_str_of(t_hosts[i].host), &out,
                            &t->err);

        if (t_hosts[i].canon) {
            t_ok(rc);
            t_str(out, t_hosts[i].canon);

        } else if (rc != GOV_INVALID) {
            fail_msg("\"%s\" is taken as \"%.*s\"", t_hosts[i].host,
                     gov_strf(out));

        } else {
            assert_string_equal(t->err.field, "host");
        }
    }
}


/* what comes out goes in unchanged: hosts are compared as bytes */

static void
t_again(void **state)
{
    unsigned    i;
    gov_str_t   out;
    t_store_t  *t = *state;

    for (i = 0; i < t_rows(t_hosts); i++) {
        if (t_hosts[i].canon) {
            t_ok(gov_host_canon(t->arena, gov_str_of(t_hosts[i].canon), &out,
                                &t->err));
            t_str(out, t_hosts[i].canon);
        }
    }
}


static void
t_zero_byte(void **state)
{
    gov_str_t   out;
    t_store_t  *t = *state;

    t_rc(gov_host_canon(t->arena, gov_s("a\0b.test"), &out, &t->err),
         GOV_INVALID);
    t_err_clear(t);
    t_rc(gov_host_canon(t->arena, gov_s("咸\0阳.test"), &out, &t->err),
         GOV_INVALID);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(t_canon),
        t_test(t_again),
        t_test(t_zero_byte)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
