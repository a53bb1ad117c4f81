
/*
 * Copyright (C) ngx_gov authors
 *
 * The end of a script's time.  When the thread has run as long as the budget
 * says, a timer of its processor time sends a signal, whose handler sets the
 * hook of gov_lua.c: it fires at the very next instruction.  Who looks at the
 * clock every so many instructions only comes too late where each compares
 * two long strings.  One such instruction is waited for: of zero bytes Lua
 * compares some 200 a microsecond, so strings are limited, too.
 *
 * The base's scripts are not counted at all.  While a state has a hook Lua
 * asks about it at every instruction, which took a sixth of a page's time; and
 * what the base may take needs no number of instructions, only an end.
 *
 * Invariants:
 *
 *   1. lua_sethook() is all the handler does with Lua: it is what may be
 *      called while a script runs (ldebug.c says so);
 *   2. a signal that comes when nothing is watched does nothing;
 *   3. one thread of a process runs scripts; the timer is that thread's.
 */


#define _GNU_SOURCE         /* gettid() */

#include <errno.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "script/gov_script_int.h"

#ifndef sigev_notify_thread_id      /* not named by this libc */
#define sigev_notify_thread_id  _sigev_un._tid
#endif


static void gov_lua_alarm(int signo);
static int gov_lua_timer(void);
static void gov_lua_set(int64_t ns);


static lua_State *volatile  gov_lua_watched;

static timer_t  gov_lua_timer_id;
static pid_t    gov_lua_timer_thread;       /* 0: there is no timer yet */


void
gov_lua_watch(gov_lua_t *g, int base)
{
    if (base) {
        g->text = g->block;
    }

    if (gov_lua_timer() != 0) {
        return;
    }

    if (base) {
        lua_sethook(g->state, NULL, 0, 0);
    }

    gov_lua_watched = g->state;
    gov_lua_set(g->time);
}


void
gov_lua_unwatch(void)
{
    if (gov_lua_watched != NULL) {
        gov_lua_watched = NULL;
        gov_lua_set(0);
    }
}


static void
gov_lua_alarm(int signo)
{
    int         saved;
    lua_State  *L;

    (void) signo;

    saved = errno;
    L = gov_lua_watched;

    if (L != NULL) {
        gov_lua_hooked(L, 1);
    }

    errno = saved;
}


/* 0: this thread has one.  A timer is not inherited by who is forked */

static int
gov_lua_timer(void)
{
    pid_t             thread;
    struct sigevent   ev;
    struct sigaction  sa;

    thread = gettid();

    if (thread == gov_lua_timer_thread) {
        return 0;
    }

    memset(&sa, 0, sizeof(struct sigaction));
    sa.sa_handler = gov_lua_alarm;
    sa.sa_flags = SA_RESTART;

    memset(&ev, 0, sizeof(struct sigevent));
    ev.sigev_notify = SIGEV_THREAD_ID;
    ev.sigev_signo = GOV_LUA_SIGNAL;
    ev.sigev_notify_thread_id = thread;

    if (sigaction(GOV_LUA_SIGNAL, &sa, NULL) == -1
        || timer_create(CLOCK_THREAD_CPUTIME_ID, &ev, &gov_lua_timer_id)
           == -1)
    {
        return -1;
    }

    gov_lua_timer_thread = thread;

    return 0;
}


static void
gov_lua_set(int64_t ns)
{
    struct itimerspec  t;

    memset(&t, 0, sizeof(struct itimerspec));
    t.it_value.tv_sec = ns / 1000000000;
    t.it_value.tv_nsec = ns % 1000000000;

    (void) timer_settime(gov_lua_timer_id, 0, &t, NULL);
}
