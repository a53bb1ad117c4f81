
/*
 * Copyright (C) ngx_gov authors
 *
 * The journal: what a note leaves, and what verification finds.
 */


#include "store/t_store.h"


#define ENTRIES  12


/* commands on sites 3, 4 and both; entry 5 touches none */

static void
history(t_store_t *t, gov_digest_kind_t digest)
{
    unsigned    n;
    gov_note_t  note;
    gov_txn_t  *txn;

    gov_store_close(&t->store);
    t->conf.digest = digest;
    t_open(t);

    for (n = 1; n <= ENTRIES; n++) {
        txn = t_begin(t, GOV_TXN_WRITE);

        if (n == 5) {
            note = t_note(n);
            gov_touch(txn, GOV_HUB, GOV_SLOT_POLICY);
            t_ok(gov_note(txn, t->arena, &note, NULL, &t->err));

        } else {
            if (n % 4 == 0) {
                gov_touch(txn, 4, GOV_SLOT_LINKS);
            }

            t_command(t, txn, 3 + n % 2, n, n);
        }

        t_commit(t, &txn);
    }
}


static gov_rc_t
verify(t_store_t *t, uint32_t site, uint64_t *checked)
{
    gov_rc_t    rc;
    gov_txn_t  *txn;

    txn = t_begin(t, GOV_TXN_READ);
    t_err_clear(t);
    rc = gov_journal_verify(txn, site, checked, NULL, &t->err);
    gov_txn_end(&txn);

    return rc;
}


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


static void
an_entry_says_who_when_what_and_where(void **state)
{
    gov_key_t          k;
    gov_txn_t         *txn;
    t_store_t         *t = *state;
    gov_entry_rec_t    e, before;

    history(t, GOV_SHA256);

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_load(gov_handle(txn, 0), GOV_T_JOURNAL, gov_key8(&k, 7),
                  t->arena, &before));
    t_ok(gov_load(gov_handle(txn, 0), GOV_T_JOURNAL, gov_key8(&k, 8),
                  t->arena, &e));

    assert_true(e.time == 1700000000000008);
    assert_true(gov_str_is(e.actor, "测试员"));
    assert_true(gov_str_is(e.command, "test.do"));
    assert_true(gov_str_is(e.input, "{\"doc\":8}"));
    assert_int_equal(e.sites->n, 2);
    assert_int_equal(e.sites->u.first->u.i, 3);
    assert_int_equal(e.sites->last->u.i, 4);
    assert_true(gov_str_eq(e.prev, before.hash));

    t_ok(gov_load(gov_handle(txn, 0), GOV_T_JOURNAL, gov_key8(&k, 5),
                  t->arena, &e));
    assert_null(e.sites);

    gov_txn_end(&txn);
}


/*
 * Forgery by someone who writes into the store and keeps checksums right.
 * Each row is found, and the entry is named.
 */

typedef void (*forge_pt)(t_store_t *t, gov_txn_t *txn);


static void
load_entry(t_store_t *t, gov_txn_t *txn, uint64_t n, gov_entry_rec_t *e)
{
    gov_key_t  k;

    t_ok(gov_load(gov_handle(txn, 0), GOV_T_JOURNAL, gov_key8(&k, n),
                  t->arena, e));
}


static void
save_entry(t_store_t *t, gov_txn_t *txn, uint64_t n, gov_entry_rec_t *e)
{
    gov_key_t  k;

    t_ok(gov_save(gov_handle(txn, 0), GOV_T_JOURNAL, gov_key8(&k, n),
                  t->arena, e));
}


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


/* site 3 has the even ones */

static void
a_site_s_entries_are_walked_back(void **state)
{
    size_t       i;
    uint64_t     seq;
    gov_txn_t   *txn;
    t_store_t   *t = *state;

    static const struct {
        uint64_t  from;
        uint64_t  before;
    } rows[] = {
        { 0, 12 }, { 12, 10 }, { 10, 8 }, { 4, 2 }, { 2, 0 },
        { 7, 6 }, { 5, 4 }, { 1, 0 }, { 13, 12 }, { 1000, 12 }
    };

    history(t, GOV_SHA256);
    txn = t_begin(t, GOV_TXN_READ);

    for (i = 0; i < t_rows(rows); i++) {
        seq = rows[i].from;
        t_ok(gov_journal_before(txn, t->arena, 3, &seq));
        assert_true(seq == rows[i].before);

        seq = rows[i].from;
        t_ok(gov_journal_before(txn, t->arena, 77, &seq));
        assert_true(seq == 0);
    }

    gov_txn_end(&txn);
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


static void
a_head_has_a_number_and_a_hash(void **state)
{
    size_t       i;
    gov_txn_t   *txn;
    t_store_t   *t = *state;

    static const char  *bad[] = {
        "", ":", "1", "1:", "1:ab", "0:", "-1:", "x:"
    };

    history(t, GOV_SHA256);
    txn = t_begin(t, GOV_TXN_READ);

    for (i = 0; i < t_rows(bad); i++) {
        t_err_clear(t);
        t_rc(gov_journal_noted(txn, gov_str_of(bad[i]), &t->err),
             GOV_INVALID);
    }

    gov_txn_end(&txn);
}


static void
an_operation_gives_its_first_verdict_again(void **state)
{
    uint64_t       seq;
    gov_txn_t     *txn;
    gov_note_t     note;
    t_store_t     *t = *state;
    gov_value_t   *verdict;

    history(t, GOV_SHA256);

    note = t_note(3);
    txn = t_begin(t, GOV_TXN_WRITE);

    t_ok(gov_applied(txn, t->arena, note.op, &verdict, &seq));
    assert_true(seq == 3);
    assert_int_equal(gov_get_int(verdict, "id", 0), 3);

    t_rc(gov_note(txn, t->arena, &note, &seq, &t->err), GOV_CONFLICT);
    gov_txn_end(&txn);

    txn = t_begin(t, GOV_TXN_READ);
    note = t_note(5);
    t_ok(gov_applied(txn, t->arena, note.op, &verdict, NULL));
    assert_int_equal(verdict->kind, GOV_NIL);

    note = t_note(1000);
    t_rc(gov_applied(txn, t->arena, note.op, &verdict, &seq), GOV_NOT_FOUND);
    gov_txn_end(&txn);
}


static void
numbers_have_no_gaps_after_refused_children(void **state)
{
    unsigned     n;
    uint64_t     checked;
    gov_txn_t   *txn, *kid;
    t_store_t   *t = *state;

    txn = t_begin(t, GOV_TXN_WRITE);

    for (n = 1; n <= 30; n++) {
        t_ok(gov_txn_child(txn, &kid, &t->err));
        t_command(t, kid, 3, n, n);

        if (n % 3 == 0) {
            gov_txn_end(&kid);

        } else {
            t_commit(t, &kid);
        }
    }

    t_commit(t, &txn);

    t_ok(verify(t, GOV_HUB, &checked));
    assert_true(checked == 20);
}


/* sites 20 to 24 and 30, one of them with a child: entry 1 */

static void
made(t_store_t *t)
{
    uint32_t     site;
    gov_note_t   note;
    gov_txn_t   *txn;

    txn = t_begin(t, GOV_TXN_WRITE);

    for (site = 24; site >= 20; site--) {
        gov_touch(txn, site, GOV_SLOT_SITE);
        gov_touch_made(txn, site);
    }

    gov_touch_made(txn, 30);
    gov_touch(txn, 20, GOV_SLOT_CHILDREN);
    gov_touch(txn, GOV_HUB, gov_slot_host(1));

    note = t_note(1);
    t_ok(gov_note(txn, t->arena, &note, NULL, &t->err));
    t_commit(t, &txn);
}


static void
a_site_that_is_made_has_neither_link_nor_marks(void **state)
{
    uint64_t          n;
    gov_key_t         k;
    gov_str_t         numbers;
    gov_buf_t         b;
    gov_txn_t        *txn;
    t_store_t        *t = *state;
    gov_entry_rec_t   e;

    made(t);

    txn = t_begin(t, GOV_TXN_READ);
    load_entry(t, txn, 1, &e);
    assert_null(e.sites);

    gov_buf_init(&b, t->arena, 64);
    gov_json_write(&b, e.made, GOV_JSON_CANON);
    numbers = b.s;
    assert_true(gov_str_is(numbers, "[20,24,30,30]"));

    assert_false(gov_exists(gov_handle(txn, 20), GOV_T_MARKS, gov_key(&k)));
    assert_true(gov_exists(gov_handle(txn, 0), GOV_T_MARKS, gov_key(&k)));
    t_ok(gov_marks_newest(txn, 20, UINT64_MAX, &n));
    assert_true(n == 0);
    gov_txn_end(&txn);

    t_ok(verify(t, GOV_HUB, &n));
    t_ok(verify(t, 20, &n));
    assert_true(n == 0);

    /* the first entry that changes it begins both */

    txn = t_begin(t, GOV_TXN_WRITE);
    t_command(t, txn, 20, 7, 2);
    t_commit(t, &txn);

    t_ok(verify(t, GOV_HUB, &n));
    t_ok(verify(t, 20, &n));
    assert_true(n == 1);

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_marks_newest(txn, 20, 1 << GOV_SLOT_SITE, &n));
    assert_true(n == 2);
    t_ok(gov_marks_newest(txn, 20, 1 << GOV_SLOT_CHILDREN, &n));
    assert_true(n == 0);
    gov_txn_end(&txn);
}


static void
what_an_entry_made_is_covered_by_its_hash(void **state)
{
    uint64_t          n;
    gov_txn_t        *txn;
    t_store_t        *t = *state;
    gov_entry_rec_t   e;

    made(t);

    txn = t_begin(t, GOV_TXN_WRITE);
    load_entry(t, txn, 1, &e);
    e.made->last->u.i = 31;
    save_entry(t, txn, 1, &e);
    t_commit(t, &txn);

    t_rc(verify(t, GOV_HUB, &n), GOV_CORRUPT);
    assert_non_null(strstr(t->err.text, "第 1 条内容"));
}


static void
a_long_input_is_packed_and_read_as_it_was_given(void **state)
{
    int               i;
    uint64_t          n;
    gov_note_t        note;
    gov_txn_t        *txn;
    t_store_t        *t = *state;
    gov_entry_rec_t   e, plain;

    note = t_note(1);
    note.input = gov_list(t->arena);

    for (i = 0; i < 300; i++) {
        gov_add(note.input, gov_val_int(t->arena, 610402000000 + i));
    }

    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(gov_note(txn, t->arena, &note, NULL, &t->err));
    t_commit(t, &txn);

    txn = t_begin(t, GOV_TXN_READ);
    load_entry(t, txn, 1, &e);
    t_ok(gov_journal_get(txn, t->arena, 1, &plain));
    assert_int_equal(e.size, 300 * 13 + 1);
    assert_int_equal(plain.input.len, e.size);
    assert_true(e.input.len < plain.input.len / 2);
    assert_int_equal(plain.size, 0);
    assert_memory_equal(plain.input.data, "[610402000000,610402000001,", 27);
    gov_txn_end(&txn);

    t_ok(verify(t, GOV_HUB, &n));

    /* a size that is not its own is found before any memory is taken */

    for (i = 0; i < 3; i++) {
        txn = t_begin(t, GOV_TXN_WRITE);
        e.size = i == 0 ? 3900 : i == 1 ? -1 : INT64_MAX;
        save_entry(t, txn, 1, &e);
        t_commit(t, &txn);

        t_rc(verify(t, GOV_HUB, &n), GOV_CORRUPT);
        assert_non_null(strstr(t->err.text, "第 1 条"));
    }
}


#define t_next(txn, want)                                                     \
    do {                                                                      \
        uint64_t  next;                                                       \
                                                                              \
        t_ok(gov_journal_next(txn, &next));                                   \
        assert_int_equal(next, want);                                         \
    } while (0)


/* asked twice each time: the second answer is the one remembered */

static void
the_next_number_follows_the_last_entry(void **state)
{
    gov_txn_t  *txn, *child;
    t_store_t  *t = *state;

    txn = t_begin(t, GOV_TXN_WRITE);
    t_next(txn, 1);
    t_next(txn, 1);
    t_command(t, txn, 1, 1, 1);
    t_next(txn, 2);
    t_next(txn, 2);

    t_ok(gov_txn_child(txn, &child, &t->err));
    t_next(child, 2);
    t_command(t, child, 1, 2, 2);
    t_next(child, 3);
    gov_txn_end(&child);
    t_next(txn, 2);

    t_ok(gov_txn_child(txn, &child, &t->err));
    t_command(t, child, 1, 3, 3);
    t_ok(gov_txn_commit(&child, &t->err));
    t_next(txn, 3);
    t_commit(t, &txn);

    txn = t_begin(t, GOV_TXN_READ);
    t_next(txn, 3);
    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(the_next_number_follows_the_last_entry),
        t_test(both_chains_hold),
        t_test(who_watches_a_verification_is_told_each_entry),
        t_test(a_change_of_digest_goes_on_in_the_same_chain),
        t_test(an_entry_says_who_when_what_and_where),
        t_test(verification_finds_each_forgery_and_names_the_entry),
        t_test(a_site_s_entries_are_walked_back),
        t_test(verification_of_one_site_finds_what_is_in_its_chain),
        t_test(each_byte_of_each_field_is_covered),
        t_test(a_head_noted_outside_shows_what_holds_in_itself),
        t_test(a_head_has_a_number_and_a_hash),
        t_test(an_operation_gives_its_first_verdict_again),
        t_test(numbers_have_no_gaps_after_refused_children),
        t_test(a_site_that_is_made_has_neither_link_nor_marks),
        t_test(what_an_entry_made_is_covered_by_its_hash),
        t_test(a_long_input_is_packed_and_read_as_it_was_given)
    };

    return cmocka_run_group_tests_name("store/gov_journal", tests, NULL,
                                       NULL);
}
