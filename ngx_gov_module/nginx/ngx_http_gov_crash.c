
/*
 * Copyright (C) ngx_gov authors
 *
 * Quarantine.  A damaged page of the store ends the worker that reads it, and
 * the next visitor would end the next worker.  So a worker says whose page it
 * is making (its mark); when a signal of a fault ends it, the crash is counted
 * in shared memory against the mark, and after three the mark's pages are
 * answered 503 without being made, while all others are served.
 *
 * Invariants:
 *
 *   1. a mark is a site's number, GOV_PAGE_JOURNAL for the journal's end, or,
 *      while it is not known yet which site it is, the hash of the host with
 *      GOV_CRASH_HOST set; 0 is none;
 *   2. the mark is set before the store is read for it and cleared after, in
 *      the same call of the event loop;
 *   3. the handler only reads the mark, adds atomically and writes one line;
 *      then the signal ends the worker as it would have;
 *   4. a worker that was killed from outside crashed on nothing, and one that
 *      found the machine without memory counts against nobody: a page's own
 *      memory ends before the machine's (NGX_HTTP_GOV_PAGE_MAX);
 *   5. a reload forgets all crashes.
 */


#include "ngx_http_gov.h"


#define GOV_CRASH_HOST   ((uint64_t) 1 << 63)
#define GOV_CRASH_STACK  32768
#define GOV_CRASH_PROBE  8


static void ngx_http_gov_crashed(int signo);
static ngx_uint_t ngx_http_gov_crash_count(ngx_http_gov_shared_t *sh,
    uint64_t key, ngx_uint_t machine);
static ngx_uint_t ngx_http_gov_crashes(ngx_http_gov_shared_t *sh,
    uint64_t key);


static int  ngx_http_gov_crash_signals[] = {
    SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL
};

#define GOV_CRASH_SIGNALS                                                     \
    (sizeof(ngx_http_gov_crash_signals) / sizeof(int))

static volatile uint64_t        ngx_http_gov_mark;
static ngx_http_gov_shared_t   *ngx_http_gov_crash_shared;
static struct sigaction         ngx_http_gov_crash_old[GOV_CRASH_SIGNALS];
static u_char                   ngx_http_gov_crash_stack[GOV_CRASH_STACK];


/* at a worker's start; its own stack, for a stack may be what ran out */

void
ngx_http_gov_crash_init(ngx_http_gov_main_conf_t *mcf, ngx_log_t *log)
{
    stack_t            ss;
    ngx_uint_t         i;
    struct sigaction   sa;

    ngx_http_gov_crash_shared = mcf->shared;
    ngx_http_gov_mark = 0;

    ngx_memzero(&ss, sizeof(stack_t));
    ss.ss_sp = ngx_http_gov_crash_stack;
    ss.ss_size = GOV_CRASH_STACK;

    ngx_memzero(&sa, sizeof(struct sigaction));
    sa.sa_handler = ngx_http_gov_crashed;
    sa.sa_flags = SA_ONSTACK;
    sigfillset(&sa.sa_mask);

    if (sigaltstack(&ss, NULL) == -1) {
        sa.sa_flags = 0;
    }

    for (i = 0; i < GOV_CRASH_SIGNALS; i++) {
        if (sigaction(ngx_http_gov_crash_signals[i], &sa,
                      &ngx_http_gov_crash_old[i])
            == -1)
        {
            ngx_log_error(NGX_LOG_WARN, log, ngx_errno,
                          "gov: a crash by signal %d will not be counted",
                          ngx_http_gov_crash_signals[i]);
        }
    }
}


/* what a mark is, in the words given */

static const char *
ngx_http_gov_crash_name(uint64_t key, const char *journal, const char *host,
    const char *site)
{
    if (key == GOV_PAGE_JOURNAL) {
        return journal;
    }

    return key & GOV_CRASH_HOST ? host : site;
}


static void
ngx_http_gov_crashed(int signo)
{
    u_char      *p, line[160];
    uint64_t     key;
    ngx_uint_t   i, n, machine;

    for (i = 0; i < GOV_CRASH_SIGNALS; i++) {
        if (ngx_http_gov_crash_signals[i] == signo) {
            (void) sigaction(signo, &ngx_http_gov_crash_old[i], NULL);
        }
    }

    key = ngx_http_gov_mark;

    if (key) {
        ngx_http_gov_mark = 0;
        machine = gov_memory_refused != 0
                  && gov_memory_refused <= NGX_HTTP_GOV_PAGE_MAX;
        n = ngx_http_gov_crash_count(ngx_http_gov_crash_shared, key, machine);

        p = ngx_snprintf(line, sizeof(line),
                         "gov: worker %P crashed (signal %d)%s on %s %uL, "
                         "time %ui%s\n", ngx_pid, signo,
                         machine ? " for want of memory" : "",
                         ngx_http_gov_crash_name(key, "the journal, place",
                                                 "a host with hash", "site"),
                         key & ~GOV_CRASH_HOST, n,
                         n < NGX_HTTP_GOV_CRASHES ? "" : ": quarantined");

        if (write(STDERR_FILENO, line, p - line) == -1) {
            /* the count stands */
        }
    }

    /* a fault comes again when this returns, what was raised does not */

    (void) raise(signo);
}


/* lock-free, as a dead worker could not give a lock back */

static ngx_uint_t
ngx_http_gov_crash_count(ngx_http_gov_shared_t *sh, uint64_t key,
    ngx_uint_t machine)
{
    ngx_uint_t             i;
    ngx_http_gov_crash_t  *c;

    (void) ngx_atomic_fetch_add(&sh->crashes, 1);

    if (machine) {
        return 0;
    }

    for (i = 0; i < GOV_CRASH_PROBE; i++) {
        c = &sh->crash[(key + i) & (NGX_HTTP_GOV_CRASH_PLACES - 1)];

        if (c->key == 0) {
            (void) ngx_atomic_cmp_set(&c->key, 0, key);
        }

        if (c->key == key) {
            return ngx_atomic_fetch_add(&c->count, 1) + 1;
        }
    }

    return 0;
}


static ngx_uint_t
ngx_http_gov_crashes(ngx_http_gov_shared_t *sh, uint64_t key)
{
    ngx_uint_t             i;
    ngx_http_gov_crash_t  *c;

    for (i = 0; i < GOV_CRASH_PROBE; i++) {
        c = &sh->crash[(key + i) & (NGX_HTTP_GOV_CRASH_PLACES - 1)];

        if (c->key == key) {
            return c->count;
        }
    }

    return 0;
}


static ngx_int_t
ngx_http_gov_enter(uint64_t key)
{
    ngx_http_gov_shared_t  *sh;

    sh = ngx_http_gov_crash_shared;

    if (sh == NULL) {
        return NGX_OK;
    }

    if (sh->crashes
        && ngx_http_gov_crashes(sh, key) >= NGX_HTTP_GOV_CRASHES)
    {
        return NGX_DECLINED;
    }

    ngx_http_gov_mark = key;

    return NGX_OK;
}


ngx_int_t
ngx_http_gov_enter_site(uint32_t site)
{
    return ngx_http_gov_enter(site);
}


ngx_int_t
ngx_http_gov_enter_host(gov_str_t host)
{
    return ngx_http_gov_enter(gov_hash64(host.data, host.len)
                              | GOV_CRASH_HOST);
}


void
ngx_http_gov_leave(void)
{
    ngx_http_gov_mark = 0;
}


void
ngx_http_gov_crash_forget(ngx_http_gov_shared_t *sh)
{
    ngx_memzero(sh->crash, sizeof(sh->crash));
}


/* crashes in all, and those of each site and host that had any */

void
ngx_http_gov_crash_metrics(ngx_http_gov_shared_t *sh, gov_buf_t *b)
{
    uint64_t     key;
    ngx_uint_t   i;

    gov_buf_fmt(b, "# HELP gov_worker_crashes_total Workers that crashed "
                "while making a page.\n"
                "# TYPE gov_worker_crashes_total counter\n"
                "gov_worker_crashes_total %lu\n"
                "# HELP gov_crashes Crashes by whose page it was; "
                "quarantined from %d on.\n"
                "# TYPE gov_crashes gauge\n",
                (unsigned long) sh->crashes, NGX_HTTP_GOV_CRASHES);

    for (i = 0; i < NGX_HTTP_GOV_CRASH_PLACES; i++) {
        key = sh->crash[i].key;

        if (key) {
            gov_buf_fmt(b, "gov_crashes{%s=\"%llu\"} %lu\n",
                        ngx_http_gov_crash_name(key, "journal", "host_hash",
                                                "site"),
                        (unsigned long long) (key & ~GOV_CRASH_HOST),
                        (unsigned long) sh->crash[i].count);
        }
    }
}
