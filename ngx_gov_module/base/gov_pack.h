
/*
 * Copyright (C) ngx_gov authors
 *
 * Bytes made smaller, in the format of zlib (RFC 1950): for text that is kept
 * for ever and hardly ever read.
 */


#ifndef _GOV_PACK_H_INCLUDED_
#define _GOV_PACK_H_INCLUDED_


/* GOV_DONE: it would not be smaller */
gov_rc_t gov_pack(gov_arena_t *a, gov_str_t s, gov_str_t *packed);
/* len: of what was packed; GOV_CORRUPT unless it comes out just so */
gov_rc_t gov_unpack(gov_arena_t *a, gov_str_t packed, size_t len,
    gov_str_t *s);


#endif /* _GOV_PACK_H_INCLUDED_ */
