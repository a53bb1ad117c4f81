
/*
 * Copyright (C) ngx_gov authors
 *
 * Stored records: any bytes under a right checksum are read or refused,
 * and what was read is written and read again the same.  First byte: which
 * record.
 */


#include "store/gov_store_int.h"

#include "fuzz.h"


#define F_RECORD(rec, LIST)  &gov_rec_##rec,

static gov_record_t  *f_records[] = { GOV_RECORDS(F_RECORD) };

#define F_KINDS  (sizeof(f_records) / sizeof(f_records[0]))


/* through its JSON form, as a dump is put back */

static void
f_named(gov_arena_t *a, gov_record_t *r, gov_any_rec_t *rec)
{
    gov_err_t      err;
    gov_value_t   *v, *parsed;
    gov_any_rec_t  again;

    v = gov_rec_value(a, r, rec);

    if (gov_json_parse(a, f_json(a, v, GOV_JSON_CANON), &parsed, NULL)
        != GOV_OK)
    {
        return;         /* strings that are no UTF-8, two keys alike */
    }

    memset(&err, 0, sizeof(gov_err_t));

    if (gov_rec_from_value(a, r, parsed, &again, &err) != GOV_OK) {
        f_must(err.text[0] != '\0');
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gov_rc_t       rc;
    gov_str_t      value, once, twice;
    gov_arena_t   *a;
    gov_record_t  *r;
    gov_any_rec_t  rec, again;

    if (size < 2) {
        return 0;
    }

    a = gov_arena_new(4096);
    r = f_records[data[0] % F_KINDS];

    value.len = GOV_SUM_LEN + size - 1;
    value.data = malloc(value.len);
    f_must(value.data != NULL);
    memcpy(value.data + GOV_SUM_LEN, data + 1, size - 1);
    gov_sum_put(value.data, f_str(data + 1, size - 1));

    rc = gov_rec_decode(a, r, value, &rec);
    f_must(rc == GOV_OK || rc == GOV_CORRUPT);

    /* no more memory than a number of times the value */

    f_must(gov_arena_used(a) <= 65536 + size * 512);

    if (rc == GOV_OK && gov_rec_encode(a, r, &rec, &once) == GOV_OK) {
        f_must(gov_rec_decode(a, r, once, &again) == GOV_OK);
        f_must(gov_rec_encode(a, r, &again, &twice) == GOV_OK);
        f_must(gov_str_eq(once, twice));

        gov_rec_own(a, r, &rec);
        free(value.data);
        value.data = NULL;

        f_must(gov_rec_encode(a, r, &rec, &twice) == GOV_OK);
        f_must(gov_str_eq(once, twice));

        f_named(a, r, &rec);
    }

    free(value.data);
    gov_arena_free(&a);

    return 0;
}
