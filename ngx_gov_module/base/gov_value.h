
/*
 * Copyright (C) ngx_gov authors
 *
 * A value tree is what views give to templates, what commands take as input
 * and what answers are made of.  Maps keep the order of insertion and are
 * small (linear search).  Everything lives in the arena given to the
 * constructors; strings are borrowed, not copied.
 *
 * GOV_HTML is a string that is already safe HTML: a template puts it out
 * unescaped only through the raw mark, and JSON writes it as a string.
 */


#ifndef _GOV_VALUE_H_INCLUDED_
#define _GOV_VALUE_H_INCLUDED_


typedef enum {
    GOV_NIL = 0,
    GOV_BOOL,
    GOV_INT,
    GOV_STR,
    GOV_HTML,
    GOV_LIST,
    GOV_MAP
} gov_kind_t;


typedef struct gov_value_s  gov_value_t;
typedef struct gov_pair_s   gov_pair_t;

struct gov_value_s {
    gov_kind_t        kind;
    uint32_t          n;            /* items of a list or map */
    union {
        int64_t       i;            /* GOV_BOOL, GOV_INT */
        gov_str_t     s;            /* GOV_STR, GOV_HTML */
        gov_value_t  *first;        /* GOV_LIST, GOV_MAP: linked by next */
    } u;
    gov_value_t      *last;
    gov_value_t      *next;         /* in the list or map that holds it */
    gov_str_t         key;          /* in a map */
};


gov_value_t *gov_map(gov_arena_t *a);
gov_value_t *gov_list(gov_arena_t *a);
gov_value_t *gov_val_str(gov_arena_t *a, gov_str_t s);
gov_value_t *gov_val_int(gov_arena_t *a, int64_t i);
gov_value_t *gov_val_bool(gov_arena_t *a, int b);
gov_value_t *gov_val_nil(gov_arena_t *a);

/* put a new member; key is program text.  A key is put at most once */
void gov_put(gov_value_t *map, const char *key, gov_value_t *v);
void gov_put_key(gov_value_t *map, gov_str_t key, gov_value_t *v);
void gov_put_str(gov_arena_t *a, gov_value_t *map, const char *key,
    gov_str_t s);
/* nothing is put for an empty string */
void gov_put_some(gov_arena_t *a, gov_value_t *map, const char *key,
    gov_str_t s);
void gov_put_c(gov_arena_t *a, gov_value_t *map, const char *key,
    const char *s);
void gov_put_html(gov_arena_t *a, gov_value_t *map, const char *key,
    gov_str_t s);
void gov_put_int(gov_arena_t *a, gov_value_t *map, const char *key,
    int64_t i);
void gov_put_bool(gov_arena_t *a, gov_value_t *map, const char *key, int b);
gov_value_t *gov_put_map(gov_arena_t *a, gov_value_t *map, const char *key);
gov_value_t *gov_put_list(gov_arena_t *a, gov_value_t *map, const char *key);
void gov_add(gov_value_t *list, gov_value_t *v);
gov_value_t *gov_add_map(gov_arena_t *a, gov_value_t *list);

/* replace or put; remove */
void gov_set(gov_value_t *map, const char *key, gov_value_t *v);
void gov_unset(gov_value_t *map, const char *key);

/* NULL when absent, or when v is NULL or no map */
gov_value_t *gov_member(gov_value_t *v, const char *key);
gov_value_t *gov_member_s(gov_value_t *v, gov_str_t key);

/* the member's value if it has the kind, else the empty one / dflt */
gov_str_t gov_get_str(gov_value_t *v, const char *key);
int64_t gov_get_int(gov_value_t *v, const char *key, int64_t dflt);
int gov_get_bool(gov_value_t *v, const char *key);
/* NULL unless it is a list */
gov_value_t *gov_get_list(gov_value_t *v, const char *key);

/* a deep copy, strings too */
gov_value_t *gov_value_copy(gov_arena_t *a, gov_value_t *v);

#define gov_each(item, v)                                                     \
    for (item = (v) ? (v)->u.first : NULL; item; item = item->next)


/*
 * JSON (RFC 8259): duplicates of a key refused, at most 64 levels, numbers
 * that are no integers refused.  err->text names line and column of what is
 * no JSON, err->field the member that holds a refused number.
 */
gov_rc_t gov_json_parse(gov_arena_t *a, gov_str_t text, gov_value_t **v,
    gov_err_t *err);

/* canonical: members sorted by key, no spaces; else in order */
#define GOV_JSON_CANON   1
#define GOV_JSON_PRETTY  2
/* "<" as \u003c, so that the text may stand inside a script element */
#define GOV_JSON_HTML    4

void gov_json_write(gov_buf_t *b, gov_value_t *v, unsigned flags);


#endif /* _GOV_VALUE_H_INCLUDED_ */
