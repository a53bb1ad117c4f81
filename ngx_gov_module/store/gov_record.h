
/*
 * Copyright (C) ngx_gov authors
 *
 * Records as C structures (gov_site_rec_t, gov_doc_rec_t, ...), made from the
 * lists in gov_records.h.  A stored value is
 *
 *     checksum (4 bytes) | record version (1 byte) | MessagePack map
 *
 * whose keys are the fields' numbers.
 */


#ifndef _GOV_RECORD_H_INCLUDED_
#define _GOV_RECORD_H_INCLUDED_


#include "base/gov_base.h"
#include "store/gov_records.h"


#define GOV_C_int   int64_t
#define GOV_C_str   gov_str_t
#define GOV_C_bin   gov_str_t
#define GOV_C_tree  gov_value_t *

#define GOV_REC_MEMBER(number, kind, name, what)  GOV_C_##kind  name;
#define GOV_REC_STRUCT(rec, LIST)                                             \
    typedef struct {                                                          \
        gov_str_t  rest;          /* unknown fields, MessagePack pairs */     \
        GOV_REC_##LIST(GOV_REC_MEMBER)                                        \
    } gov_##rec##_rec_t;

GOV_RECORDS(GOV_REC_STRUCT)


typedef enum {
    GOV_F_INT,
    GOV_F_STR,
    GOV_F_BIN,
    GOV_F_TREE
} gov_field_kind_t;

typedef struct {
    uint8_t            number;
    gov_field_kind_t   kind;
    size_t             offset;
    const char        *name;
    const char        *what;
} gov_field_t;

typedef struct {
    const char        *name;
    size_t             size;
    gov_field_t       *fields;      /* ascending by number */
    unsigned           n;
} gov_record_t;

#define GOV_REC_EXTERN(rec, LIST)  extern gov_record_t  gov_rec_##rec;
GOV_RECORDS(GOV_REC_EXTERN)


/* the stored form, in the arena */
gov_rc_t gov_rec_encode(gov_arena_t *a, gov_record_t *r, void *rec,
    gov_str_t *value);
/* strings point into value; trees live in the arena.  GOV_CORRUPT */
gov_rc_t gov_rec_decode(gov_arena_t *a, gov_record_t *r, gov_str_t value,
    void *rec);
/*
 * One tree of a record, by its place in the structure, and nothing beside
 * it; NULL when it is empty.
 */
gov_rc_t gov_rec_tree(gov_arena_t *a, gov_record_t *r, gov_str_t value,
    size_t offset, gov_value_t **tree);
/* all strings copied into the arena, so that rec outlives the snapshot */
void gov_rec_own(gov_arena_t *a, gov_record_t *r, void *rec);
/* by field names; bin as hexadecimal */
gov_value_t *gov_rec_value(gov_arena_t *a, gov_record_t *r, void *rec);
gov_rc_t gov_rec_from_value(gov_arena_t *a, gov_record_t *r, gov_value_t *v,
    void *rec, gov_err_t *err);


#endif /* _GOV_RECORD_H_INCLUDED_ */
