
/*
 * Copyright (C) ngx_gov authors
 *
 * look: what foreign bytes are.  The program govlook, which govd runs once
 * for a file and which holds every library that reads formats: libmagic,
 * libvips, libarchive.  It has the file as its standard input and writes
 * into descriptors it was given; once begun it can open nothing, connect to
 * nothing and run nothing, and its memory and time are bounded
 * (gov_look_cage.c).  What it finds it says as one line of JSON.
 *
 *     gov_look_begin()      libraries ready, then the cage closes
 *     gov_look_type()       {"type", "charset"}
 *     gov_look_image()      + {"width", "height", "variants"}, re-encoded
 *     gov_look_archive()    {"entries": [{"name", "at", "size"}]}, unpacked
 *
 * A file that is not what it should be has a "fault", a word of GOV_LOOKS.
 */


#ifndef _GOV_LOOK_H_INCLUDED_
#define _GOV_LOOK_H_INCLUDED_


#include "base/gov_base.h"


/* descriptors: the file, what is made of it, and its smaller forms */
#define GOV_LOOK_IN        0
#define GOV_LOOK_OUT       3
#define GOV_LOOK_VARIANTS  2
#define GOV_LOOK_FDS       (1 + GOV_LOOK_VARIANTS)

typedef struct {
    int64_t   pixels;           /* of an image */
    int64_t   entries;          /* of an archive */
    int64_t   bytes;            /* all of them unpacked */
    int64_t   ratio;            /* unpacked to packed */
} gov_look_limits_t;


gov_rc_t gov_look_begin(void);
/* 0, or -1: then nothing may be read */
int gov_look_cage(void);

void gov_look_type(gov_arena_t *a, gov_value_t *out);
/* out holds "type" */
void gov_look_image(gov_arena_t *a, gov_look_limits_t *limits,
    gov_value_t *out);
void gov_look_archive(gov_arena_t *a, gov_look_limits_t *limits,
    gov_value_t *out);

gov_rc_t gov_look_type_begin(void);
gov_rc_t gov_look_image_begin(void);


#endif /* _GOV_LOOK_H_INCLUDED_ */
