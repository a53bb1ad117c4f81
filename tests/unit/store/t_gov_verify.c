
/*
 * Copyright (C) ngx_gov authors
 *
 * Verification: both chains hold, and each forgery is found.
 */


#include "store/t_journal.h"


static void
watch_at(void *data, uint64_t n)
{
    uint64_t *seen = data;

    assert_true(n == *seen + 1);
    *seen = n;
}


static void
who_watches_a_verification_is_told_each_entry(void **state)
{
    uint64_t      checked, seen;
    gov_txn_t    *txn;
    t_store_t    *t = *state;
    gov_watch_t   watch;

    history(t, GOV_SHA256);

    seen = 0;
    watch.at = watch_at;
    watch.data = &seen;

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_journal_verify(txn, GOV_HUB, &checked, &watch, &t->err));
    gov_txn_end(&txn);

    assert_true(seen == ENTRIES);
}


static void
both_chains_hold(void **state)
{
    int          i;
    uint64_t     checked;
    t_store_t   *t = *state;

    for (i = 0; i < 2; i++) {
        history(t, i ? GOV_SM3 : GOV_SHA256);
        t_ok(verify(t, GOV_HUB, &checked));
        assert_true(checked == ENTRIES);

        t_ok(verify(t, 3, &checked));
        assert_true(checked == 6);
        t_ok(verify(t, 4, &checked));
        assert_true(checked == 8);
        t_ok(verify(t, 77, &checked));
        assert_true(checked == 0);

        if (i == 0) {
            assert_int_equal(t_teardown(state), 0);
            assert_int_equal(t_setup(state), 0);
        }
    }
}


static void
a_change_of_digest_goes_on_in_the_same_chain(void **state)
{
    uint64_t     checked;
    gov_txn_t   *txn;
    t_store_t   *t = *state;

    history(t, GOV_SHA256);

    gov_store_close(&t->store);
    t->conf.digest = GOV_SM3;
    t_open(t);

    txn = t_begin(t, GOV_TXN_WRITE);
    t_command(t, txn, 3, 99, 99);
    t_commit(t, &txn);

    t_ok(verify(t, GOV_HUB, &checked));
    assert_true(checked == ENTRIES + 1);
    t_ok(verify(t, 3, &checked));
}


/*
 * Forgery by someone who writes into the store and keeps checksums right.
 * Each row is found, and the entry is named.
 */

typedef void (*forge_pt)(t_store_t *t, gov_txn_t *txn);


static void
forge_actor(t_store_t *t, gov_txn_t *txn)
{
    gov_entry_rec_t  e;

    load_entry(t, txn, 6, &e);
    e.actor = gov_s("别人");
    save_entry(t, txn, 6, &e);
}


/* bytes moved from one field to its neighbour: the lengths tell */

static void
forge_border(t_store_t *t, gov_txn_t *txn)
{
    gov_entry_rec_t  e;

    load_entry(t, txn, 6, &e);
    e.origin = gov_str_cat(t->arena, gov_s("员"), e.origin);
    e.actor.len -= sizeof("员") - 1;
    save_entry(t, txn, 6, &e);
}


static void
forge_site(t_store_t *t, gov_txn_t *txn)
{
    gov_entry_rec_t  e;

    load_entry(t, txn, 6, &e);
    e.sites = NULL;
    save_entry(t, txn, 6, &e);
}


/* the last link of a site; of an entry, or as if there were none */

static void
set_last(t_store_t *t, gov_txn_t *txn, uint32_t site, uint64_t n)
{
    gov_key_t         k;
    gov_link_t        link;
    gov_entry_rec_t   e;
    gov_chain_rec_t   last;

    if (n == 0) {
        t_ok(gov_drop(gov_handle(txn, site), GOV_T_CHAIN, gov_key(&k)));
        return;
    }

    load_entry(t, txn, n, &e);
    t_ok(gov_link_of(&e, site, &link));

    memset(&last, 0, sizeof(gov_chain_rec_t));
    last.seq = (int64_t) n;
    last.hash = (gov_str_t) { GOV_DIGEST_LEN, link.hash };
    t_ok(gov_save(gov_handle(txn, site), GOV_T_CHAIN, gov_key(&k), t->arena,
                  &last));
}


/* the i-th link of entry n made anew, as if `before` were the one before */

static void
set_link(t_store_t *t, gov_txn_t *txn, uint64_t n, unsigned i,
    uint64_t before)
{
    u_char            zeros[GOV_DIGEST_LEN];
    unsigned          at;
    gov_str_t         prev;
    gov_link_t        link, older;
    gov_value_t      *site;
    gov_entry_rec_t   e, o;

    load_entry(t, txn, n, &e);
    e.links = gov_str_copy(t->arena, e.links);
    memset(zeros, 0, GOV_DIGEST_LEN);
    prev = (gov_str_t) { GOV_DIGEST_LEN, zeros };

    for (site = e.sites->u.first, at = 0; at < i; at++) {
        site = site->next;
    }

    if (before != 0) {
        load_entry(t, txn, before, &o);
        t_ok(gov_link_of(&o, (uint32_t) site->u.i, &older));
        prev.data = older.hash;
    }

    link.before = before;
    t_ok(gov_link_hash(GOV_SHA256, prev, e.hash, link.hash));
    gov_link_write(e.links.data + i * GOV_LINK_LEN, &link);
    save_entry(t, txn, n, &e);
}


/* the last entry of one site given to another, with a link that is right */

static void
forge_other_site(t_store_t *t, gov_txn_t *txn)
{
    gov_entry_rec_t  e;

    load_entry(t, txn, ENTRIES, &e);
    assert_int_equal(e.sites->last->u.i, 4);
    e.sites->last->u.i = 9;
    save_entry(t, txn, ENTRIES, &e);

    set_link(t, txn, ENTRIES, 1, 0);
    set_last(t, txn, 4, 11);
    set_last(t, txn, 9, ENTRIES);
}


static void
forge_swap(t_store_t *t, gov_txn_t *txn)
{
    gov_entry_rec_t  e, f;

    load_entry(t, txn, 6, &e);
    load_entry(t, txn, 7, &f);
    save_entry(t, txn, 6, &f);
    save_entry(t, txn, 7, &e);
}


static void
forge_cut_middle(t_store_t *t, gov_txn_t *txn)
{
    gov_key_t  k;

    (void) t;

    t_ok(gov_drop(gov_handle(txn, 0), GOV_T_JOURNAL, gov_key8(&k, 6)));
}


static void
forge_cut_end(t_store_t *t, gov_txn_t *txn)
{
    gov_key_t  k;

    t_ok(gov_drop(gov_handle(txn, 0), GOV_T_JOURNAL,
                  gov_key8(&k, ENTRIES)));
    set_last(t, txn, 3, 10);
    set_last(t, txn, 4, 11);
}


/* an entry rewritten with a right hash of its own: the next one's prev */

static void
forge_rewrite(t_store_t *t, gov_txn_t *txn)
{
    u_char           hash[GOV_DIGEST_LEN];
    gov_entry_rec_t  e;

    load_entry(t, txn, 6, &e);
    e.input = gov_s("{\"doc\":666}");
    t_ok(gov_entry_hash(6, &e, hash));
    e.hash = (gov_str_t) { GOV_DIGEST_LEN, hash };
    save_entry(t, txn, 6, &e);
}


/* a last entry, of no site, rewritten likewise: the head's hash in META */

static void
forge_rewrite_last(t_store_t *t, gov_txn_t *txn)
{
    u_char           hash[GOV_DIGEST_LEN];
    gov_note_t       note;
    gov_entry_rec_t  e;

    note = t_note(ENTRIES + 1);
    t_ok(gov_note(txn, t->arena, &note, NULL, &t->err));

    load_entry(t, txn, ENTRIES + 1, &e);
    e.input = gov_s("{\"doc\":666}");
    t_ok(gov_entry_hash(ENTRIES + 1, &e, hash));
    e.hash = (gov_str_t) { GOV_DIGEST_LEN, hash };
    save_entry(t, txn, ENTRIES + 1, &e);
}


/* all of the platform's chain and the head rewritten: the sites' chains */

static void
forge_platform(t_store_t *t, gov_txn_t *txn)
{
    u_char           hash[GOV_DIGEST_LEN];
    uint64_t         n;
    gov_entry_rec_t  e;
    gov_meta_rec_t   head;

    for (n = 6; n <= ENTRIES; n++) {
        load_entry(t, txn, n, &e);

        if (n == 6) {
            e.input = gov_s("{\"doc\":666}");

        } else {
            e.prev = (gov_str_t) { GOV_DIGEST_LEN, hash };
            e.prev = gov_str_copy(t->arena, e.prev);
        }

        t_ok(gov_entry_hash(n, &e, hash));
        e.hash = (gov_str_t) { GOV_DIGEST_LEN, hash };
        save_entry(t, txn, n, &e);
    }

    t_ok(gov_meta_get(txn, t->arena, "journal", &head));
    head.bytes = (gov_str_t) { GOV_DIGEST_LEN, hash };
    t_ok(gov_meta_put(txn, t->arena, "journal", &head));
}


static void
forge_link(t_store_t *t, gov_txn_t *txn)
{
    gov_entry_rec_t  e;

    load_entry(t, txn, 6, &e);
    e.links = gov_str_copy(t->arena, e.links);
    e.links.data[GOV_LINK_LEN - 1] ^= 1;
    save_entry(t, txn, 6, &e);
}


/* entry 6 left out of its site's chain, all links behind it right */

static void
forge_link_gone(t_store_t *t, gov_txn_t *txn)
{
    set_link(t, txn, 8, 0, 4);
    set_link(t, txn, 10, 0, 8);
    set_link(t, txn, 12, 0, 10);
    set_last(t, txn, 3, 12);
}


/* a way back that leads forward would have no end */

static void
forge_forward(t_store_t *t, gov_txn_t *txn)
{
    set_link(t, txn, 6, 0, 8);
}


static void
forge_links_gone(t_store_t *t, gov_txn_t *txn)
{
    gov_entry_rec_t  e;

    load_entry(t, txn, 6, &e);
    e.links.len = 0;
    save_entry(t, txn, 6, &e);
}


/* a site that no entry names is said to have a chain */

static void
forge_link_added(t_store_t *t, gov_txn_t *txn)
{
    gov_key_t         k;
    gov_entry_rec_t   e;
    gov_chain_rec_t   last;

    load_entry(t, txn, 6, &e);

    memset(&last, 0, sizeof(gov_chain_rec_t));
    last.seq = 6;
    last.hash = e.hash;
    t_ok(gov_save(gov_handle(txn, 9), GOV_T_CHAIN, gov_key(&k), t->arena,
                  &last));
}


static void
forge_last(t_store_t *t, gov_txn_t *txn)
{
    set_last(t, txn, 3, 10);
}


static void
forge_last_hash(t_store_t *t, gov_txn_t *txn)
{
    gov_key_t         k;
    gov_chain_rec_t   last;

    t_ok(gov_chain_last(gov_handle(txn, 3), t->arena, &last));
    last.hash = gov_str_copy(t->arena, last.hash);
    last.hash.data[0] ^= 1;
    t_ok(gov_save(gov_handle(txn, 3), GOV_T_CHAIN, gov_key(&k), t->arena,
                  &last));
}


static void
forge_last_gone(t_store_t *t, gov_txn_t *txn)
{
    set_last(t, txn, 3, 0);
}


/* a site of which nothing is left */

static void
forge_all_gone(t_store_t *t, gov_txn_t *txn)
{
    t_ok(gov_store_clear_site(txn, 3));
    set_last(t, txn, 3, 0);
}


static struct {
    const char  *what;
    forge_pt     forge;
    const char  *names;
} forgeries[] = {
    { "an actor changed", forge_actor, "第 6 条" },
    { "a character moved over a field's border", forge_border,
      "第 6 条内容" },
    { "a site taken out", forge_site, "第 6 条内容" },
    { "a site exchanged", forge_other_site, "第 12 条内容" },
    { "two entries exchanged", forge_swap, "第 6 条" },
    { "an entry cut out", forge_cut_middle, "第 6 条" },
    { "the last entry cut off", forge_cut_end, "第 12 条" },
    { "an entry rewritten with its hash", forge_rewrite, "第 6 条" },
    { "the last one rewritten", forge_rewrite_last, "第 13 条" },
    { "all rewritten from one on", forge_platform, "第 6 条" },
    { "a link changed", forge_link, "第 6 条" },
    { "an entry left out of a chain", forge_link_gone, "第 8 条" },
    { "an entry's links cut out", forge_links_gone, "第 6 条" },
    { "a link added", forge_link_added, "第 6 条" },
    { "a link that leads forward", forge_forward, "第 6 条" },
    { "a last link that is not", forge_last, "第 12 条" },
    { "a last link changed", forge_last_hash, "第 12 条" },
    { "a last link cut out", forge_last_gone, "第 12 条" },
    { "all of a site cut out", forge_all_gone, "第 12 条" }
};


static void
verification_finds_each_forgery_and_names_the_entry(void **state)
{
    size_t       i;
    uint64_t     checked;
    gov_txn_t   *txn;
    t_store_t   *t = *state;

    for (i = 0; i < t_rows(forgeries); i++) {
        history(t, GOV_SHA256);

        txn = t_begin(t, GOV_TXN_WRITE);
        forgeries[i].forge(t, txn);
        t_commit(t, &txn);

        t_rc(verify(t, GOV_HUB, &checked), GOV_CORRUPT);

        if (strstr(t->err.text, forgeries[i].names) == NULL) {
            print_error("%s: %s\n", forgeries[i].what, t->err.text);
            fail();
        }

        assert_int_equal(t_teardown(state), 0);
        assert_int_equal(t_setup(state), 0);
    }
}


/* in the chain of site 3 alone */

static struct {
    forge_pt     forge;
    const char  *names;
} of_a_site[] = {
    { forge_actor, "第 6 条内容" },
    { forge_site, "第 6 条" },
    { forge_cut_middle, "第 6 条" },
    { forge_link, "第 8 条" },
    { forge_links_gone, "第 6 条" },
    { forge_forward, "第 8 条" },
    { forge_last_hash, "第 12 条" }
};


static void
verification_of_one_site_finds_what_is_in_its_chain(void **state)
{
    size_t       i;
    uint64_t     checked, seq;
    gov_txn_t   *txn;
    t_store_t   *t = *state;

    for (i = 0; i < t_rows(of_a_site); i++) {
        history(t, GOV_SHA256);

        txn = t_begin(t, GOV_TXN_WRITE);
        of_a_site[i].forge(t, txn);
        t_commit(t, &txn);

        t_rc(verify(t, 3, &checked), GOV_CORRUPT);

        if (strstr(t->err.text, of_a_site[i].names) == NULL) {
            print_error("%zu: %s\n", i, t->err.text);
            fail();
        }

        if (of_a_site[i].forge == forge_forward) {
            txn = t_begin(t, GOV_TXN_READ);
            seq = 6;
            t_rc(gov_journal_before(txn, t->arena, 3, &seq), GOV_CORRUPT);
            gov_txn_end(&txn);
        }

        assert_int_equal(t_teardown(state), 0);
        assert_int_equal(t_setup(state), 0);
    }
}


/* the n-th byte of a field, or another number; 0: it has no more */

static int
flip(t_store_t *t, gov_entry_rec_t *e, gov_field_t *f, size_t n)
{
    void         *at;
    gov_str_t    *s;
    gov_value_t  *list;

    at = (u_char *) e + f->offset;

    switch (f->kind) {

    case GOV_F_INT:
        *(int64_t *) at ^= 1;
        return n == 0;

    case GOV_F_TREE:
        list = gov_list(t->arena);
        gov_add(list, gov_val_int(t->arena, 77));
        gov_add(list, gov_val_int(t->arena, 78));
        *(gov_value_t **) at = list;
        return n == 0;

    default:
        s = at;
        *s = gov_str_copy(t->arena, s->len ? *s : gov_s("x"));

        if (n >= s->len) {
            return 0;
        }

        s->data[n] ^= 1;
        return 1;
    }
}


static void
each_byte_of_each_field_is_covered(void **state)
{
    size_t            n;
    uint64_t          checked;
    unsigned          i;
    gov_txn_t        *txn;
    t_store_t        *t = *state;
    gov_field_t      *f;
    gov_entry_rec_t   e;

    history(t, GOV_SHA256);

    for (i = 0; i < gov_rec_entry.n; i++) {
        f = &gov_rec_entry.fields[i];

        for (n = 0; ; n++) {
            txn = t_begin(t, GOV_TXN_WRITE);
            load_entry(t, txn, 6, &e);

            if (!flip(t, &e, f, n)) {
                gov_txn_end(&txn);
                break;
            }

            save_entry(t, txn, 6, &e);
            t_err_clear(t);

            if (gov_journal_verify(txn, GOV_HUB, &checked, NULL, &t->err)
                != GOV_CORRUPT
                || strstr(t->err.text, "第 6 条") == NULL)
            {
                print_error("%s, byte %zu: %s\n", f->name, n, t->err.text);
                fail();
            }

            gov_txn_end(&txn);
        }
    }
}


/* a forger who puts everything right: chains, links and head */

static void
perfect_cut(t_store_t *t, gov_txn_t *txn)
{
    gov_entry_rec_t  e;
    gov_meta_rec_t   head;

    forge_cut_end(t, txn);

    load_entry(t, txn, ENTRIES - 1, &e);
    t_ok(gov_meta_get(txn, t->arena, "journal", &head));
    head.value = ENTRIES - 1;
    head.bytes = e.hash;
    t_ok(gov_meta_put(txn, t->arena, "journal", &head));
}


static void
relink(t_store_t *t, gov_txn_t *txn, uint32_t site)
{
    unsigned         i;
    uint64_t         n, before;
    gov_value_t     *item;
    gov_entry_rec_t  e;

    before = 0;

    for (n = 1; n <= ENTRIES; n++) {
        load_entry(t, txn, n, &e);
        i = 0;

        gov_each(item, e.sites) {
            if (item->u.i == (int64_t) site) {
                set_link(t, txn, n, i, before);
                before = n;
            }

            i++;
        }
    }

    set_last(t, txn, site, before);
}


static void
perfect_rewrite(t_store_t *t, gov_txn_t *txn)
{
    forge_platform(t, txn);
    relink(t, txn, 3);
    relink(t, txn, 4);
}


static struct {
    forge_pt     forge;
    const char  *says;
} perfect[] = {
    { perfect_cut, "第 12 条不在了" },
    { perfect_rewrite, "第 12 条的散列值与记下的不同" }
};


static void
a_head_noted_outside_shows_what_holds_in_itself(void **state)
{
    size_t       i;
    uint64_t     checked;
    gov_str_t    head;
    gov_txn_t   *txn;
    t_store_t   *t = *state;

    for (i = 0; i < t_rows(perfect); i++) {
        history(t, GOV_SHA256);

        txn = t_begin(t, GOV_TXN_WRITE);
        t_ok(gov_journal_note(txn, t->arena, &head));
        t_ok(gov_journal_noted(txn, head, &t->err));
        perfect[i].forge(t, txn);
        t_commit(t, &txn);

        t_ok(verify(t, GOV_HUB, &checked));

        txn = t_begin(t, GOV_TXN_READ);
        t_rc(gov_journal_noted(txn, head, &t->err), GOV_CORRUPT);
        assert_non_null(strstr(t->err.text, perfect[i].says));
        gov_txn_end(&txn);

        assert_int_equal(t_teardown(state), 0);
        assert_int_equal(t_setup(state), 0);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(both_chains_hold),
        t_test(who_watches_a_verification_is_told_each_entry),
        t_test(a_change_of_digest_goes_on_in_the_same_chain),
        t_test(verification_finds_each_forgery_and_names_the_entry),
        t_test(verification_of_one_site_finds_what_is_in_its_chain),
        t_test(each_byte_of_each_field_is_covered),
        t_test(a_head_noted_outside_shows_what_holds_in_itself)
    };

    return cmocka_run_group_tests_name("store/gov_verify", tests, NULL,
                                       NULL);
}
