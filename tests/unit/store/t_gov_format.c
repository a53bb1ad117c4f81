
/*
 * Copyright (C) ngx_gov authors
 *
 * docs/store-format.md says what the lists say.  When this fails it prints
 * the lines that the document lacks.
 */


#include "store/t_store.h"


static gov_str_t
document(t_store_t *t)
{
    FILE      *f;
    gov_str_t  s;

    f = fopen("docs/store-format.md", "r");
    assert_non_null(f);

    s.data = gov_alloc(t->arena, 1 << 20);
    s.len = fread(s.data, 1, (1 << 20) - 1, f);
    s.data[s.len] = '\0';
    (void) fclose(f);

    return s;
}


static int
lacks(gov_str_t doc, gov_str_t line, t_store_t *t)
{
    if (strstr((char *) doc.data, gov_str_c(t->arena, line)) != NULL) {
        return 0;
    }

    (void) fprintf(stderr, "%.*s\n", gov_strf(line));

    return 1;
}


typedef struct {
    int          number;
    const char  *name, *where, *shape, *rec, *owner, *what;
    int          counted;
} row_t;

#define T_ROW(number, name, where, shape, rec, owner, flags, what)            \
    { number, #name, #where, shape, #rec, #owner, what, flags },

static row_t  rows[] = { GOV_TABLES(T_ROW) };


static void
every_table_stands_in_the_document(void **state)
{
    int         missing;
    size_t      i;
    row_t      *r;
    gov_str_t   doc;
    t_store_t  *t = *state;

    doc = document(t);
    missing = 0;

    for (i = 0; i < t_rows(rows); i++) {
        r = &rows[i];
        missing += lacks(doc, gov_str_fmt(t->arena,
                         "| %d | %s | %s | `%s` | %s | %s | %s | %s |\n",
                         r->number, r->name,
                         strcmp(r->where, "HUB") == 0 ? "hub"
                         : strcmp(r->where, "DOC") == 0 ? "document" : "site",
                         r->shape, r->rec, r->owner,
                         r->counted ? "yes" : "", r->what), t);
    }

    assert_int_equal(missing, 0);
}


#define T_RECORD(rec, LIST)  &gov_rec_##rec,

static gov_record_t  *records[] = { GOV_RECORDS(T_RECORD) };


static void
every_field_of_every_record_stands_in_the_document(void **state)
{
    int                  missing;
    size_t               i;
    unsigned             n;
    gov_buf_t            b;
    gov_str_t            doc;
    t_store_t           *t = *state;
    gov_field_t         *f;
    static const char   *kinds[] = { "int", "str", "bin", "tree" };

    doc = document(t);
    missing = 0;

    for (i = 0; i < t_rows(records); i++) {
        gov_buf_init(&b, t->arena, 4096);
        gov_buf_fmt(&b, "### %s\n\n| number | kind | name | what |\n"
                    "| --- | --- | --- | --- |\n", records[i]->name);

        for (n = 0; n < records[i]->n; n++) {
            f = &records[i]->fields[n];
            gov_buf_fmt(&b, "| %d | %s | %s | %s |\n", f->number,
                        kinds[f->kind], f->name, f->what);
        }

        missing += lacks(doc, b.s, t);
    }

    assert_int_equal(missing, 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(every_table_stands_in_the_document),
        t_test(every_field_of_every_record_stands_in_the_document)
    };

    return cmocka_run_group_tests_name("store/format", tests, NULL, NULL);
}
