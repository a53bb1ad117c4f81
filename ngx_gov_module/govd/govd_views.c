
/*
 * Copyright (C) ngx_gov authors
 *
 * Counts of views.  nginx's workers send datagrams to run/views.sock:
 *
 *     (site: 4 bytes, count: 4, document: 8) ...      the machine's order
 *
 * or, of a session that the console was used with,
 *
 *     ("s": 1 byte, hash of its token: 32)
 *
 * Document 0 stands for the site's other pages.  They are added up here and
 * put into the table VIEWS once a minute, as one step of the writer.
 *
 * View counts are no truth: they are not in the journal, no page's freshness
 * depends on them, a replay does not bring them back and a comparison of two
 * dumps leaves VIEWS out.  What a worker sends is believed only so far as
 * the document exists.  Full tables and lost datagrams lose counts, nothing
 * else.
 */


#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "govd/govd_int.h"


#define GOVD_VIEWS_PLACES  65536        /* a power of two */
#define GOVD_VIEWS_MAX     (GOVD_VIEWS_PLACES / 2)
#define GOVD_VIEW_LEN      16
#define GOVD_VIEWS_GRAM    65536


typedef struct {
    uint64_t         doc;
    uint32_t         site;              /* 0: free */
    uint32_t         count;
} govd_view_t;

struct govd_views_s {
    govd_t          *g;
    pthread_t        thread;
    pthread_mutex_t  mutex;
    unsigned         n;
    govd_view_t     *places;
};


static void *govd_views_thread(void *data);
static void govd_views_take(govd_views_t *v, u_char *p, size_t n);
static void govd_views_add(govd_views_t *v, govd_view_t *add);
static gov_rc_t govd_views_step(gov_txn_t *t, gov_arena_t *a, void *data,
    gov_err_t *err);
static gov_rc_t govd_views_save(gov_txn_t *t, gov_arena_t *a,
    govd_view_t *view);
static void govd_views_done(govd_job_t *job);


gov_rc_t
govd_views_begin(govd_t *g, govd_views_t **out, gov_err_t *err)
{
    govd_views_t  *v;

    v = calloc(1, sizeof(govd_views_t));

    if (v == NULL) {
        return gov_fail(err, GOV_ERROR, "", "内存不足");
    }

    v->g = g;
    v->places = calloc(GOVD_VIEWS_PLACES, sizeof(govd_view_t));
    (void) pthread_mutex_init(&v->mutex, NULL);

    if (v->places == NULL
        || pthread_create(&v->thread, NULL, govd_views_thread, v) != 0)
    {
        free(v->places);
        free(v);
        return gov_fail(err, GOV_ERROR, "", "无法启动访问计数线程");
    }

    *out = v;

    return GOV_OK;
}


void
govd_views_end(govd_views_t **views)
{
    govd_views_t  *v = *views;

    *views = NULL;

    if (v == NULL) {
        return;
    }

    (void) pthread_join(v->thread, NULL);
    govd_views_flush(v);

    (void) pthread_mutex_destroy(&v->mutex);
    free(v->places);
    free(v);
}


/* once govd is stopping it takes what has come, and ends */

static void *
govd_views_thread(void *data)
{
    int             last;
    u_char         *gram;
    ssize_t         n;
    govd_views_t   *v = data;
    struct pollfd   p;

    gram = malloc(GOVD_VIEWS_GRAM);
    p.fd = v->g->sockets[GOVD_VIEWS];
    p.events = POLLIN;

    do {
        last = atomic_load(&v->g->stopping);

        (void) poll(&p, 1, last ? 0 : 250);

        while (gram
               && (n = recv(p.fd, gram, GOVD_VIEWS_GRAM, MSG_DONTWAIT)) > 0)
        {
            govd_views_take(v, gram, (size_t) n);
        }

    } while (!last);

    free(gram);

    return NULL;
}


static void
govd_views_take(govd_views_t *v, u_char *p, size_t n)
{
    govd_view_t  one;

    if (n == 1 + GOV_DIGEST_LEN && *p == 's') {
        govd_own_used(v->g->own, p + 1);
        return;
    }

    (void) pthread_mutex_lock(&v->mutex);

    for ( /* void */ ; n >= GOVD_VIEW_LEN; n -= GOVD_VIEW_LEN) {
        memcpy(&one.site, p, 4);
        memcpy(&one.count, p + 4, 4);
        memcpy(&one.doc, p + 8, 8);
        p += GOVD_VIEW_LEN;

        if (one.site && one.count) {
            govd_views_add(v, &one);
        }
    }

    (void) pthread_mutex_unlock(&v->mutex);
}


static void
govd_views_add(govd_views_t *v, govd_view_t *add)
{
    u_char        key[12];
    uint64_t      i;
    govd_view_t  *place;

    memcpy(key, &add->site, 4);
    memcpy(key + 4, &add->doc, 8);

    for (i = gov_hash64(key, sizeof(key)); ; i++) {
        place = &v->places[i & (GOVD_VIEWS_PLACES - 1)];

        if (place->site == add->site && place->doc == add->doc) {
            place->count += add->count;
            return;
        }

        if (place->site == 0) {
            break;
        }
    }

    if (v->n < GOVD_VIEWS_MAX) {
        *place = *add;
        v->n++;
    }
}


/* the table is given to the writer, an empty one takes its place */

void
govd_views_flush(govd_views_t *v)
{
    govd_job_t   *job;
    govd_view_t  *full, *fresh;

    full = NULL;
    fresh = calloc(GOVD_VIEWS_PLACES, sizeof(govd_view_t));
    job = calloc(1, sizeof(govd_job_t));

    (void) pthread_mutex_lock(&v->mutex);

    if (v->n && fresh && job) {
        full = v->places;
        v->places = fresh;
        v->n = 0;
    }

    (void) pthread_mutex_unlock(&v->mutex);

    if (full == NULL) {
        free(fresh);
        free(job);
        return;
    }

    job->arena = gov_arena_new(65536);
    job->step = govd_views_step;
    job->done = govd_views_done;
    job->data = full;

    if (govd_writer_put(v->g->writer, job) != GOV_OK) {
        govd_views_done(job);
    }
}


static gov_rc_t
govd_views_step(gov_txn_t *t, gov_arena_t *a, void *data, gov_err_t *err)
{
    unsigned      i;
    gov_rc_t      rc;
    govd_view_t  *places = data;

    for (i = 0; i < GOVD_VIEWS_PLACES; i++) {

        if (places[i].site == 0) {
            continue;
        }

        rc = govd_views_save(t, a, &places[i]);
        if (rc != GOV_OK) {
            return gov_fail(err, rc, "", "访问计数没有写入（%s）",
                            gov_rc_name(rc));
        }
    }

    return GOV_OK;
}


static gov_rc_t
govd_views_save(gov_txn_t *t, gov_arena_t *a, govd_view_t *view)
{
    gov_rc_t         rc;
    gov_key_t        k;
    gov_handle_t     hub, site;
    gov_usage_rec_t  rec;

    hub = gov_handle(t, GOV_HUB);
    site = gov_handle(t, view->site);

    if (!gov_exists(hub, GOV_T_SITES, gov_key4(&k, view->site))
        || (view->doc
            && !gov_exists(site, GOV_T_DOCS, gov_key8(&k, view->doc))))
    {
        return GOV_OK;
    }

    memset(&rec, 0, sizeof(gov_usage_rec_t));

    rc = gov_load(site, GOV_T_VIEWS, gov_key8(&k, view->doc), a, &rec);
    if (rc != GOV_OK && rc != GOV_NOT_FOUND) {
        return rc;
    }

    rec.n += view->count;

    return gov_save(site, GOV_T_VIEWS, gov_key8(&k, view->doc), a, &rec);
}


static void
govd_views_done(govd_job_t *job)
{
    if (job->rc != GOV_OK) {
        govd_log(GOVD_WARN, "views were lost: %s", job->err.text);
    }

    gov_arena_free(&job->arena);
    free(job->data);
    free(job);
}
