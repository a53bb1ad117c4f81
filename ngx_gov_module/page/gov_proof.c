
/*
 * Copyright (C) ngx_gov authors
 *
 * The proof of a page: what a copy of it is asked when it is read.
 *
 * Invariant: it is taken from the same snapshot as the page, and names the
 * journal's head of that snapshot, so a commit that comes later carries a
 * larger number than anything the page was built from.
 */


#include "page/gov_page_int.h"


/* how much later than its time a commit may be seen */
#define GOV_COMMIT_SECONDS  10


/* every page reads it: damage there must be put down to no site */

static gov_rc_t
gov_proof_entry(gov_page_req_t *r, uint64_t head, uint32_t site,
    gov_entry_rec_t *e)
{
    gov_rc_t   rc;
    gov_key_t  k;

    if (r->enter != NULL && r->enter(r, GOV_PAGE_JOURNAL) != GOV_OK) {
        return GOV_BUSY;
    }

    rc = gov_load(gov_handle(r->txn, GOV_HUB), GOV_T_JOURNAL,
                  gov_key8(&k, head), r->arena, e);

    if (r->enter != NULL) {
        (void) r->enter(r, site);
    }

    return rc;
}


/*
 * A date proves a page only when no other page at its address can carry the
 * same one.  A command's time is fixed when its group begins, and it is seen
 * when its commit is durable, which on a slow disk is seconds later.
 */

static int
gov_proof_same_second(gov_page_req_t *r, uint64_t head, uint32_t site)
{
    gov_entry_rec_t  e;

    if (head == 0 || gov_proof_entry(r, head, site, &e) != GOV_OK) {
        return 1;
    }

    return e.time / 1000000 + GOV_COMMIT_SECONDS >= r->now / 1000000;
}


/* what falls due within its own second leaves that second to what follows */

static void
gov_proof_modified(gov_page_req_t *r, gov_proof_t *f, uint32_t site)
{
    f->modified = r->now / 1000000;
    f->same_second = gov_proof_same_second(r, f->built, site);

    if (f->due / 1000000 <= f->modified) {
        f->modified--;
        f->same_second = 1;
    }
}


/*
 * The texts that its headers show.  Two renderings stand at one address and
 * may be made in one second: the elder one has no date, so that neither is
 * taken for the other.
 */

static void
gov_proof_validators(gov_page_req_t *r, gov_page_t *p)
{
    unsigned    i;
    u_char      bytes[GOV_ETAG / 2];
    uint64_t    hash;
    gov_str_t   date;

    hash = gov_hash64(p->body.data, p->body.len);

    for (i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (u_char) (hash >> (56 - 8 * i));
    }

    gov_hex(p->proof.etag, bytes, sizeof(bytes));

    if (r->elder) {
        p->proof.date[0] = '\0';
        p->proof.same_second = 1;
        return;
    }

    date = gov_date(r->arena, p->proof.modified * 1000000, GOV_DATE_HTTP);
    memcpy(p->proof.date, date.data, date.len);
}


void
gov_proof_make(gov_page_req_t *r, gov_deps_t *deps, int64_t due,
    gov_page_t *p)
{
    gov_proof_t  *f;

    f = &p->proof;

    f->built = gov_journal_head(r->txn);
    f->seen = f->built;
    f->due = due;
    f->deps = *deps;
    gov_proof_modified(r, f, p->site);
    gov_proof_validators(r, p);
}
