
/*
 * Copyright (C) ngx_gov authors
 *
 * Where a file's record says that it is found: on shelves of its site, newest
 * first, and in the hub's lists of what govd has still to do with it.  Rows
 * hold nothing; a change takes the rows of the record as it was and puts
 * those of the record as it is.
 */


#include "content/gov_content_int.h"


#define GOV_FILE_ROWS  3

typedef struct {
    uint32_t     site;
    gov_table_t  table;
    gov_key_t    key;
} gov_file_row_t;


static unsigned gov_file_rows(gov_file_row_t *rows, uint32_t site,
    gov_str_t digest, gov_file_rec_t *f);
static void gov_file_shelf(gov_file_row_t *row, uint32_t site,
    uint32_t shelf, int64_t time, gov_str_t digest);


gov_rc_t
gov_file_shelve(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t digest, gov_file_rec_t *f)
{
    gov_rc_t        rc;
    unsigned        i, n;
    gov_ref_rec_t   ref;
    gov_file_row_t  rows[GOV_FILE_ROWS];

    memset(&ref, 0, sizeof(gov_ref_rec_t));
    rc = GOV_OK;
    n = gov_file_rows(rows, site, digest, f);

    for (i = 0; i < n && rc == GOV_OK; i++) {
        rc = gov_save(gov_handle(t, rows[i].site), rows[i].table,
                      &rows[i].key, a, &ref);
    }

    return rc;
}


gov_rc_t
gov_file_unshelve(gov_txn_t *t, uint32_t site, gov_str_t digest,
    gov_file_rec_t *f)
{
    gov_rc_t        rc;
    unsigned        i, n;
    gov_file_row_t  rows[GOV_FILE_ROWS];

    rc = GOV_OK;
    n = gov_file_rows(rows, site, digest, f);

    for (i = 0; i < n && (rc == GOV_OK || rc == GOV_NOT_FOUND); i++) {
        rc = gov_drop(gov_handle(t, rows[i].site), rows[i].table,
                      &rows[i].key);
    }

    return rc == GOV_NOT_FOUND ? GOV_OK : rc;
}


static unsigned
gov_file_rows(gov_file_row_t *rows, uint32_t site, gov_str_t digest,
    gov_file_rec_t *f)
{
    unsigned            n;
    const gov_media_t  *m;

    n = 0;

    if (f->of.len || f->replaced_by.len) {
        return 0;
    }

    if (f->deleted) {
        gov_file_shelf(&rows[n++], site, GOV_SHELF_BIN, f->deleted, digest);
        rows[n].site = GOV_HUB;
        rows[n].table = GOV_T_BIN;
        gov_key8(&rows[n].key, (uint64_t) f->deleted);
        gov_key_add4(&rows[n].key, site);
        gov_key_add_s(&rows[n++].key, digest);
        return n;
    }

    m = gov_media_typed(f->type);

    gov_file_shelf(&rows[n++], site, GOV_SHELF_ALL, f->added, digest);
    gov_file_shelf(&rows[n++], site,
                   GOV_SHELF_KIND + (m ? m->kind : GOV_MEDIA_OTHER),
                   f->added, digest);

    if (f->state == GOV_FILE_HELD) {
        rows[n].site = GOV_HUB;
        rows[n].table = GOV_T_HELD;
        gov_key4(&rows[n].key, site);
        gov_key_add_s(&rows[n++].key, digest);
    }

    return n;
}


static void
gov_file_shelf(gov_file_row_t *row, uint32_t site, uint32_t shelf,
    int64_t time, gov_str_t digest)
{
    row->site = site;
    row->table = GOV_T_SHELVES;
    gov_key4(&row->key, shelf);
    gov_key_add8(&row->key, (uint64_t) time);
    gov_key_add_s(&row->key, digest);
}
