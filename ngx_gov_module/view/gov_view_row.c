
/*
 * Copyright (C) ngx_gov authors
 *
 * A row: one document as a list shows it.
 */


#include "view/gov_view_int.h"


static void gov_row_source(gov_view_t *v, uint32_t id, gov_value_t *row);


int
gov_view_official(gov_str_t kind)
{
    return gov_str_is(kind, "normative");
}


gov_str_t
gov_view_validity_word(const char *validity)
{
    static struct {
        const char  *name;
        gov_word_t   word;
    } words[] = {
        { "in_force", GOV_W_in_force },
        { "not_yet", GOV_W_not_yet },
        { "expired", GOV_W_expired },
        { "repealed", GOV_W_repealed },
        { "amended", GOV_W_amended },
        { NULL, GOV_W_END }
    };

    unsigned  i;

    for (i = 0; words[i].name; i++) {
        if (strcmp(words[i].name, validity) == 0) {
            break;
        }
    }

    return gov_word(words[i].word);
}


const char *
gov_view_validity(gov_view_t *v, gov_doc_rec_t *d, gov_value_t *out)
{
    const char  *validity;

    validity = gov_validity(d, v->now, &v->due);

    if (*validity) {
        gov_put_c(v->arena, out, "validity", validity);
        gov_put_str(v->arena, out, "validity_word",
                    gov_view_validity_word(validity));
    }

    return validity;
}


gov_value_t *
gov_view_row(gov_view_t *v, uint32_t column, gov_listed_t *listed,
    gov_doc_t *doc)
{
    gov_view_note(v, listed->site, gov_slot_doc(listed->doc));

    if (gov_doc_get(v->txn, v->arena, listed->site, listed->doc, doc)
        != GOV_OK)
    {
        v->unread++;            /* a list names what is there */
        return NULL;
    }

    return gov_view_doc_row(v, column, doc);
}


gov_value_t *
gov_view_doc_row(gov_view_t *v, uint32_t column, gov_doc_t *doc)
{
    gov_str_t       moment;
    gov_arena_t    *a;
    gov_value_t    *row;
    gov_doc_rec_t  *d;

    a = v->arena;
    d = &doc->rec;
    moment = gov_date(a, d->published, GOV_DATE_RFC3339);

    row = gov_map(a);
    gov_put_str(a, row, "title", d->title);
    gov_put_str(a, row, "url", gov_view_doc_url(v, column, doc->id));
    gov_put_str(a, row, "date", gov_date_day(moment));
    gov_put_str(a, row, "iso", moment);
    gov_put_some(a, row, "summary", d->summary);
    gov_put_some(a, row, "number", d->number);
    gov_put_some(a, row, "written", d->written);
    (void) gov_view_validity(v, d, row);

    if (doc->site != v->site.id) {
        gov_row_source(v, doc->site, row);
    }

    return row;
}


static void
gov_row_source(gov_view_t *v, uint32_t id, gov_value_t *row)
{
    gov_site_t  site;

    gov_view_note(v, id, GOV_SLOT_SITE);

    if (gov_view_got(v, gov_site_get(v->txn, v->arena, id, &site)) == GOV_OK)
    {
        gov_put_str(v->arena, row, "source", site.rec.name);
    }
}


gov_rc_t
gov_view_listed(gov_view_t *v, uint32_t column, size_t skip,
    gov_listed_t *rows, unsigned max, unsigned *n, int *more)
{
    gov_view_note(v, v->site.id, gov_slot_column(column));

    return gov_view_got(v, gov_column_rows(v->txn, v->arena, v->site.id,
                                           column, v->now, skip, rows, max, n,
                                           more, &v->due));
}


static int
gov_row_pinned(uint64_t doc, gov_listed_t *pins, unsigned n)
{
    unsigned  i;

    for (i = 0; i < n && pins[i].doc != doc; i++) {
        /* void */
    }

    return i < n;
}


/* a pin of what is not public yet, or no more, waits for it */

static unsigned
gov_row_pins(gov_view_t *v, uint32_t column, unsigned max,
    gov_listed_t *pins, gov_value_t *list)
{
    unsigned      i, n, npins;
    gov_doc_t     doc;
    gov_value_t  *row;

    gov_view_note(v, v->site.id, gov_slot_column(column));

    if (gov_view_got(v, gov_column_pinned(v->txn, v->arena, v->site.id,
                                          column, v->now, pins,
                                          GOV_PINNED_MAX, &n, &v->due))
        != GOV_OK)
    {
        return 0;
    }

    npins = 0;

    for (i = 0; i < n && npins < max; i++) {
        row = gov_view_row(v, column, &pins[i], &doc);

        if (row == NULL
            || gov_doc_shown(&doc.rec, v->now) != GOV_SHOWN_PUBLIC)
        {
            continue;
        }

        gov_put_bool(v->arena, row, "pinned", 1);
        gov_add(list, row);
        pins[npins++] = pins[i];
    }

    return npins;
}


/* max rows by date, and above the first of all the pins: `most` together */

static gov_value_t *
gov_row_list(gov_view_t *v, uint32_t column, size_t skip, unsigned max,
    unsigned most)
{
    int            more;
    unsigned       i, n, npins;
    gov_doc_t      doc;
    gov_value_t   *list, *row;
    gov_listed_t  *rows, pins[GOV_PINNED_MAX];

    list = gov_list(v->arena);
    rows = gov_alloc(v->arena, max * sizeof(gov_listed_t));
    npins = skip == 0 ? gov_row_pins(v, column, most, pins, list) : 0;

    if (gov_view_listed(v, column, skip, rows, max, &n, &more) != GOV_OK) {
        return list;
    }

    for (i = 0; i < n && list->n < most; i++) {

        if (gov_row_pinned(rows[i].doc, pins, npins)) {
            continue;
        }

        row = gov_view_row(v, column, &rows[i], &doc);
        if (row != NULL) {
            gov_add(list, row);
        }
    }

    return list;
}


gov_value_t *
gov_view_rows(gov_view_t *v, uint32_t column, unsigned max)
{
    return gov_row_list(v, column, 0, max, max);
}


/* the next page begins where this one's rows by date end: a pin that stood in
 * the place of one of them would leave it on no page */

gov_value_t *
gov_view_page_rows(gov_view_t *v, uint32_t column, unsigned page)
{
    return gov_row_list(v, column, (size_t) (page - 1) * GOV_VIEW_PAGE_ROWS,
                        GOV_VIEW_PAGE_ROWS,
                        GOV_VIEW_PAGE_ROWS + GOV_PINNED_MAX);
}
