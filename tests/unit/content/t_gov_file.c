
/*
 * Copyright (C) ngx_gov authors
 *
 * Attachments follow their documents.
 */


#include "content/t_content.h"


#define T_HEX                                                                 \
    "ab0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd"
#define T_UPPER                                                               \
    "AB0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCD"
#define T_HEX2                                                                \
    "cd0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd"


static void
t_file(t_store_t *t, gov_txn_t *txn, uint32_t site, const char *hex)
{
    u_char           raw[GOV_DIGEST_LEN];
    gov_file_rec_t   f;

    memset(&f, 0, sizeof(gov_file_rec_t));
    f.name = gov_s("附件.pdf");
    f.type = gov_s("application/pdf");
    f.size = 1000;
    assert_int_equal(gov_unhex(raw, gov_str_of(hex), GOV_DIGEST_LEN), 0);
    t_ok(gov_file_put(txn, t->arena, site,
                      (gov_str_t) { GOV_DIGEST_LEN, raw }, &f, &t->err));
}


static int
t_public(t_store_t *t, gov_txn_t *txn, uint32_t site, const char *hex,
    int64_t now)
{
    int              is_public;
    gov_rc_t         rc;
    gov_file_rec_t   f;

    rc = gov_file_get(txn, t->arena, site, gov_str_of(hex), now, &f,
                      &is_public);
    if (rc == GOV_NOT_FOUND) {
        return -1;
    }

    t_ok(rc);
    t_str(f.name, "附件.pdf");

    return is_public;
}


static gov_doc_t
t_carrier(t_store_t *t, gov_txn_t *txn, const char *hex, const char *body)
{
    gov_doc_t           doc;
    gov_value_t        *m;
    gov_version_rec_t   v;

    memset(&doc, 0, sizeof(gov_doc_t));
    doc.site = 1;
    doc.rec.column = 2;
    v = t_version(t, txn, 1, "带附件", body);

    if (hex) {
        v.files = gov_list(t->arena);
        m = gov_add_map(t->arena, v.files);
        gov_put_c(t->arena, m, "digest", hex);
        gov_put_c(t->arena, m, "name", "附件.pdf");
    }

    t_ok(gov_doc_write(txn, t->arena, &doc, &v, &t->err));

    return doc;
}


static void
a_file_is_public_while_a_document_of_it_is(void **state)
{
    gov_doc_t   one, two;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    t_file(t, txn, 1, T_HEX);
    assert_int_equal(t_public(t, txn, 1, T_HEX, T_NOW), 1);
    assert_int_equal(t_public(t, txn, 2, T_HEX, T_NOW), -1);

    one = t_carrier(t, txn, T_HEX, "文");
    assert_int_equal(t_public(t, txn, 1, T_HEX, T_NOW), 0);

    t_ok(gov_doc_publish(txn, t->arena, &one, 1, T_NOW + 5, t_by(T_NOW),
                         &t->err));
    assert_int_equal(t_public(t, txn, 1, T_HEX, T_NOW + 4), 0);
    assert_int_equal(t_public(t, txn, 1, T_HEX, T_NOW + 5), 1);

    two = t_carrier(t, txn, T_HEX, "文二");
    t_ok(gov_doc_publish(txn, t->arena, &two, 1, T_NOW, t_by(T_NOW),
                         &t->err));
    t_ok(gov_doc_withdraw(txn, t->arena, &one, 0, 0,
                          t_why(T_NOW + 6, gov_s("错")), &t->err));
    assert_int_equal(t_public(t, txn, 1, T_HEX, T_NOW + 6), 1);

    t_ok(gov_doc_expire(txn, t->arena, &two, T_NOW + 9, t_by(T_NOW),
                        &t->err));
    assert_int_equal(t_public(t, txn, 1, T_HEX, T_NOW + 8), 1);
    assert_int_equal(t_public(t, txn, 1, T_HEX, T_NOW + 9), 0);

    gov_txn_end(&txn);
}


static void
a_file_of_a_version_not_yet_live_is_not_seen(void **state)
{
    gov_doc_t           doc;
    gov_txn_t          *txn;
    gov_value_t        *m;
    t_store_t          *t = *state;
    gov_version_rec_t   v;

    txn = t_content_begin(t);
    t_file(t, txn, 1, T_HEX);
    t_file(t, txn, 1, T_HEX2);
    doc = t_carrier(t, txn, T_HEX, "文");
    t_ok(gov_doc_publish(txn, t->arena, &doc, 1, T_NOW, t_by(T_NOW),
                         &t->err));

    v = t_version(t, txn, 1, "换附件", "文");
    v.files = gov_list(t->arena);
    m = gov_add_map(t->arena, v.files);
    gov_put_c(t->arena, m, "digest", T_HEX2);
    gov_put_c(t->arena, m, "name", "新.pdf");
    t_ok(gov_doc_write(txn, t->arena, &doc, &v, &t->err));
    assert_int_equal(t_public(t, txn, 1, T_HEX, T_NOW), 1);
    assert_int_equal(t_public(t, txn, 1, T_HEX2, T_NOW), 0);

    t_ok(gov_doc_publish(txn, t->arena, &doc, 2, T_NOW, t_by(T_NOW),
                         &t->err));
    assert_int_equal(t_public(t, txn, 1, T_HEX, T_NOW), 0);
    assert_int_equal(t_public(t, txn, 1, T_HEX2, T_NOW), 1);

    gov_txn_end(&txn);
}


static void
an_image_in_a_body_follows_it_too(void **state)
{
    gov_doc_t   doc;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    t_file(t, txn, 1, T_HEX);
    doc = t_carrier(t, txn, NULL,
                    "![图](/files/" T_HEX "/a.png) [他站](/files/" T_HEX2
                    "/b.pdf)");
    assert_int_equal(t_public(t, txn, 1, T_HEX, T_NOW), 0);
    t_ok(gov_doc_publish(txn, t->arena, &doc, 1, T_NOW, t_by(T_NOW),
                         &t->err));
    assert_int_equal(t_public(t, txn, 1, T_HEX, T_NOW), 1);
    t_ok(gov_doc_withdraw(txn, t->arena, &doc, GOV_WITHDRAWN_ERROR, 0,
                          t_why(T_NOW, gov_s("错")), &t->err));
    assert_int_equal(t_public(t, txn, 1, T_HEX, T_NOW), 0);

    gov_txn_end(&txn);
}


static void
a_file_that_is_only_named_is_not_carried(void **state)
{
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    t_file(t, txn, 1, T_HEX);
    t_carrier(t, txn, NULL, "见 /files/" T_HEX "/a.png");
    assert_int_equal(t_public(t, txn, 1, T_HEX, T_NOW), 1);
    t_carrier(t, txn, NULL, "见[图](/files/" T_HEX "/a.png)");
    assert_int_equal(t_public(t, txn, 1, T_HEX, T_NOW), 0);

    gov_txn_end(&txn);
}


/* digests were once stored as they were typed */

static void
a_digest_in_capitals_is_the_same_file(void **state)
{
    unsigned         i;
    gov_doc_t        doc;
    gov_txn_t       *txn;
    t_store_t       *t = *state;
    gov_file_rec_t   f;
    int              now, ever;

    txn = t_content_begin(t);
    t_file(t, txn, 1, T_HEX);

    for (i = 0; i < 2; i++) {
        doc = i == 0 ? t_carrier(t, txn, T_UPPER, "文")
                     : t_carrier(t, txn, NULL,
                                 "见[图](/files/" T_UPPER "/a.png)");
        assert_int_equal(t_public(t, txn, 1, T_HEX, T_NOW), 0);
        t_ok(gov_doc_publish(txn, t->arena, &doc, 1, T_NOW, t_by(T_NOW),
                             &t->err));
        assert_int_equal(t_public(t, txn, 1, T_HEX, T_NOW), 1);

        t_ok(gov_file_load(txn, t->arena, 1, gov_s(T_HEX), &f));
        t_ok(gov_file_used(txn, t->arena, 1, gov_s(T_HEX), &f, doc.id, &now,
                           &ever));
        assert_int_equal(now, 1);
        assert_int_equal(ever, 1);

        t_ok(gov_doc_withdraw(txn, t->arena, &doc, 0, 0,
                              t_why(T_NOW, gov_s("错")), &t->err));
    }

    gov_txn_end(&txn);
}


static void
the_sites_logo_is_public_whatever_carries_it(void **state)
{
    gov_txn_t   *txn;
    gov_site_t   site;
    t_store_t   *t = *state;

    txn = t_content_begin(t);
    t_file(t, txn, 1, T_HEX);
    t_carrier(t, txn, T_HEX, "文");
    assert_int_equal(t_public(t, txn, 1, T_HEX, T_NOW), 0);

    site = t_site(t, txn, "610400");
    gov_rec_own(t->arena, &gov_rec_site, &site.rec);
    site.rec.logo = gov_s(T_HEX "/logo.png");
    site.rec.logo_alt = gov_s("标志");
    t_ok(gov_site_save(txn, t->arena, &site));
    assert_int_equal(t_public(t, txn, 1, T_HEX, T_NOW), 1);

    gov_txn_end(&txn);
}


static void
what_is_no_file_is_refused(void **state)
{
    size_t             i;
    u_char             raw[GOV_DIGEST_LEN] = { 1 };
    gov_txn_t         *txn;
    gov_doc_t          doc;
    t_store_t         *t = *state;
    gov_value_t       *m;
    gov_file_rec_t     f;
    gov_version_rec_t  v;

    static const char  *names[] = {
        "", "a/b", "..", ".htaccess", "a\\b", "a\nb", "\xff"
    };

    txn = t_content_begin(t);

    for (i = 0; i < t_rows(names); i++) {
        memset(&f, 0, sizeof(gov_file_rec_t));
        f.name = gov_str_of(names[i]);
        t_rc(gov_file_put(txn, t->arena, 1,
                          (gov_str_t) { GOV_DIGEST_LEN, raw }, &f, &t->err),
             GOV_INVALID);
        t_err_clear(t);
    }

    assert_int_equal(t_public(t, txn, 1, "zz", T_NOW), -1);
    assert_int_equal(t_public(t, txn, 1, "../../etc/passwd", T_NOW), -1);

    memset(&doc, 0, sizeof(gov_doc_t));
    doc.site = 1;
    doc.rec.column = 2;
    v = t_version(t, txn, 1, "带附件", "文");
    v.files = gov_list(t->arena);
    m = gov_add_map(t->arena, v.files);
    gov_put_c(t->arena, m, "digest", T_HEX);
    gov_put_c(t->arena, m, "name", "附件.pdf");
    t_rc(gov_doc_write(txn, t->arena, &doc, &v, &t->err), GOV_NOT_FOUND);
    t_says(t, T_HEX);

    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_file_is_public_while_a_document_of_it_is),
        t_test(a_file_of_a_version_not_yet_live_is_not_seen),
        t_test(an_image_in_a_body_follows_it_too),
        t_test(a_file_that_is_only_named_is_not_carried),
        t_test(a_digest_in_capitals_is_the_same_file),
        t_test(the_sites_logo_is_public_whatever_carries_it),
        t_test(what_is_no_file_is_refused)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
