
/*
 * Copyright (C) ngx_gov authors
 *
 * Questions that lead to a site: by what somebody types, down the tree, and
 * along the steps of its opening.  Each looks at as many records as it shows,
 * or as who asks has sites: never at all there are.
 */


#include "view/gov_query_int.h"


#define GOV_FIND_ROWS    20
#define GOV_FIND_WALK    3000       /* records looked at for one answer */
#define GOV_FIND_FIRST   50         /* of those that are theirs, at first */
#define GOV_FIND_CALLED  200        /* of all that are called so, then */


typedef struct {
    gov_ask_t    *q;
    gov_str_t     text;
    gov_value_t  *rows;
    unsigned      limit;
    unsigned      looked;
    unsigned      bound;            /* of looked */
    int           all;              /* every site is theirs */
    int           sure;             /* so is what is walked over now */
    uint32_t     *seen;
} gov_find_t;


static gov_rc_t gov_ask_text(gov_ask_t *q, gov_find_t *f);
static gov_rc_t gov_ask_index(gov_ask_t *q, gov_find_t *f);
static gov_rc_t gov_ask_called(void *data, gov_site_t *site);
static gov_rc_t gov_ask_roots(gov_ask_t *q, gov_find_t *f);
static gov_rc_t gov_ask_walk(gov_find_t *f, uint32_t site);
static gov_rc_t gov_ask_below(gov_ask_t *q, uint32_t site, uint32_t *todo,
    unsigned *n);
static gov_rc_t gov_ask_found(gov_find_t *f, gov_site_t *site);
static gov_rc_t gov_ask_children(gov_ask_t *q, gov_find_t *f,
    gov_rc_t (*row)(gov_ask_t *q, gov_value_t *rows, gov_site_t *site));
static gov_rc_t gov_ask_tree_row(gov_ask_t *q, gov_value_t *rows,
    gov_site_t *site);
static gov_rc_t gov_ask_board_row(gov_ask_t *q, gov_value_t *rows,
    gov_site_t *site);


gov_rc_t
gov_query_site_search(gov_ask_t *q)
{
    gov_find_t  f;

    memset(&f, 0, sizeof(gov_find_t));
    f.q = q;
    f.text = gov_get_str(q->in, "text");
    f.rows = gov_put_list(q->arena, q->out, "rows");
    f.limit = gov_member(q->in, "limit") ? gov_ask_limit(q) : GOV_FIND_ROWS;
    f.seen = gov_alloc(q->arena, f.limit * sizeof(uint32_t));

    if (gov_member(q->in, "below")) {
        return gov_ask_children(q, &f, gov_ask_tree_row);
    }

    f.all = gov_may(q->txn, q->who, GOV_RIGHT_SITE_READ, GOV_HUB, 0);

    return f.text.len ? gov_ask_text(q, &f) : gov_ask_roots(q, &f);
}


/*
 * What many sites are called is soon found among what is theirs, what few are
 * called among all there are.  What is neither costs more, up to a bound.
 */

static gov_rc_t
gov_ask_text(gov_ask_t *q, gov_find_t *f)
{
    unsigned  i;
    gov_rc_t  rc;

    static struct {
        gov_rc_t  (*look)(gov_ask_t *q, gov_find_t *f);
        unsigned    bound;
    } ways[] = {
        { gov_ask_roots, GOV_FIND_FIRST },
        { gov_ask_index, GOV_FIND_CALLED },
        { gov_ask_roots, GOV_FIND_WALK },
        { gov_ask_index, GOV_FIND_WALK }
    };

    rc = GOV_OK;

    for (i = f->all ? 3 : 0; i < 4; i++) {
        f->rows = gov_list(q->arena);
        gov_set(q->out, "rows", f->rows);
        f->looked = 0;
        f->sure = 0;
        f->bound = ways[i].bound;

        rc = ways[i].look(q, f);

        if (rc != GOV_OK || f->looked <= f->bound) {
            break;
        }
    }

    return rc;
}


static gov_rc_t
gov_ask_index(gov_ask_t *q, gov_find_t *f)
{
    return gov_site_find(q->txn, q->arena, f->text, gov_ask_called, f);
}


static gov_rc_t
gov_ask_called(void *data, gov_site_t *site)
{
    gov_find_t  *f = data;

    return ++f->looked > f->bound ? GOV_DONE : gov_ask_found(f, site);
}


/* all of theirs are looked at */

static gov_rc_t
gov_ask_roots(gov_ask_t *q, gov_find_t *f)
{
    gov_rc_t     rc;
    unsigned     i, n;
    uint32_t    *roots;
    gov_site_t   site;

    rc = gov_who_roots(q->txn, q->arena, q->who, GOV_RIGHT_SITE_READ, &roots,
                       &n);

    for (i = 0; i < n && rc == GOV_OK; i++) {
        if (f->text.len) {
            f->sure = gov_may(q->txn, q->who, GOV_RIGHT_SITE_READ, roots[i],
                              0);
            rc = gov_ask_walk(f, roots[i]);
            continue;
        }

        rc = gov_site_get(q->txn, q->arena, roots[i], &site);

        if (rc == GOV_OK) {
            rc = gov_ask_found(f, &site);
        }
    }

    return rc == GOV_DONE ? GOV_OK : rc;
}


/* the site and all below it, deepest first: todo, what is still to be looked
 * at, is as long as the sites beside the way down are many */

static gov_rc_t
gov_ask_walk(gov_find_t *f, uint32_t site)
{
    gov_rc_t     rc;
    uint32_t    *todo;
    unsigned     n;
    gov_site_t   one;
    gov_ask_t   *q = f->q;

    todo = gov_alloc(q->arena, GOV_FIND_WALK * sizeof(uint32_t));
    todo[0] = site;
    n = 1;
    rc = GOV_OK;

    while (rc == GOV_OK && n && ++f->looked <= f->bound) {
        rc = gov_site_get(q->txn, q->arena, todo[--n], &one);

        if (rc == GOV_OK && gov_site_is_called(q->arena, &one.rec, f->text)) {
            rc = gov_ask_found(f, &one);
        }

        if (rc == GOV_OK) {
            rc = gov_ask_below(q, one.id, todo, &n);
        }
    }

    return rc;
}


/* the last first, so that the first is the next to be looked at */

static gov_rc_t
gov_ask_below(gov_ask_t *q, uint32_t site, uint32_t *todo, unsigned *n)
{
    gov_rc_t       rc;
    gov_key_t      k;
    gov_scan_t     sc;
    gov_ref_rec_t  ref;

    rc = gov_scan_open(&sc, gov_handle(q->txn, GOV_HUB), GOV_T_CHILDREN,
                       gov_key4(&k, site), GOV_REVERSE);
    if (rc != GOV_OK) {
        return rc;
    }

    while (*n < GOV_FIND_WALK
           && (rc = gov_scan_next(&sc, q->arena, &ref)) == GOV_OK)
    {
        todo[(*n)++] = (uint32_t) ref.to;
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


/* one may come twice, and from anywhere */

static gov_rc_t
gov_ask_found(gov_find_t *f, gov_site_t *site)
{
    unsigned  i;

    for (i = 0; i < f->rows->n; i++) {
        if (f->seen[i] == site->id) {
            return GOV_OK;
        }
    }

    if (!f->all && !f->sure
        && !gov_may(f->q->txn, f->q->who, GOV_RIGHT_SITE_READ,
                    site->id, GOV_ANY_COLUMN))
    {
        return GOV_OK;
    }

    if (f->rows->n == f->limit) {
        gov_put_bool(f->q->arena, f->q->out, "more", 1);
        return GOV_DONE;
    }

    f->seen[f->rows->n] = site->id;

    return gov_ask_tree_row(f->q, f->rows, site);
}


/* in order of code, from the one after "from" */

static gov_rc_t
gov_ask_children(gov_ask_t *q, gov_find_t *f,
    gov_rc_t (*row)(gov_ask_t *q, gov_value_t *rows, gov_site_t *site))
{
    gov_rc_t       rc;
    gov_key_t      k, from;
    gov_str_t      after;
    gov_scan_t     sc;
    gov_site_t     above, site;
    gov_judge_t    j;
    gov_ref_rec_t  ref;

    rc = gov_ask_site(q, "below", &above);

    if (rc == GOV_OK) {
        gov_ask_judge(q, &j);
        rc = gov_judge_at(&j, GOV_RIGHT_SITE_READ, above.id, 0, "below");
    }

    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_scan_open(&sc, gov_handle(q->txn, GOV_HUB), GOV_T_CHILDREN,
                       gov_key4(&k, above.id), GOV_FORWARD);
    if (rc != GOV_OK) {
        return rc;
    }

    after = gov_get_str(q->in, "from");

    if (after.len) {
        gov_scan_from(&sc, gov_key_add_s(gov_key4(&from, above.id),
                                         gov_str_cat(q->arena, after,
                                                     gov_s("\1"))));
    }

    while ((rc = gov_scan_next(&sc, q->arena, &ref)) == GOV_OK) {
        rc = gov_site_get(q->txn, q->arena, (uint32_t) ref.to, &site);

        if (rc == GOV_OK) {
            rc = row(q, f->rows, &site);
        }

        if (rc != GOV_OK || f->rows->n == f->limit) {
            break;
        }
    }

    gov_scan_close(&sc);

    if (rc == GOV_OK) {
        gov_put_str(q->arena, q->out, "next", site.rec.code);
    }

    return rc == GOV_DONE ? GOV_OK : rc;
}


static gov_rc_t
gov_ask_tree_row(gov_ask_t *q, gov_value_t *rows, gov_site_t *site)
{
    gov_site_t    above;
    gov_value_t  *row;

    row = gov_add_map(q->arena, rows);
    gov_ask_site_row(q, row, site);

    if (site->rec.parent
        && gov_site_get(q->txn, q->arena, (uint32_t) site->rec.parent,
                        &above) == GOV_OK)
    {
        gov_put_str(q->arena, row, "parent_name", above.rec.name);
    }

    return GOV_OK;
}


/* the five official steps, in their order, and who answers for the site */

gov_rc_t
gov_query_site_board(gov_ask_t *q)
{
    gov_find_t  f;

    memset(&f, 0, sizeof(gov_find_t));
    f.rows = gov_put_list(q->arena, q->out, "rows");
    f.limit = gov_ask_limit(q);

    return gov_ask_children(q, &f, gov_ask_board_row);
}


static gov_rc_t
gov_ask_board_row(gov_ask_t *q, gov_value_t *rows, gov_site_t *site)
{
    gov_value_t  *row;
    gov_arena_t  *a = q->arena;

    row = gov_add_map(a, rows);
    gov_put_str(a, row, "code", site->rec.code);
    gov_put_str(a, row, "name", site->rec.name);
    gov_put_c(a, row, "state", gov_site_state_name(site->rec.state));
    gov_put_some(a, row, "approval", site->rec.approval);
    gov_put_some(a, row, "party_mark", site->rec.party_mark);
    gov_put_some(a, row, "icp", site->rec.icp);
    gov_put_some(a, row, "psb", site->rec.psb);
    gov_put_some(a, row, "site_id_code", site->rec.site_id_code);
    gov_put_some(a, row, "head", site->rec.head);
    gov_put_some(a, row, "keeper", site->rec.keeper);
    gov_ask_time(q, row, "since", site->rec.since);

    return GOV_OK;
}
