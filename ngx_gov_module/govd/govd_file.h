
/*
 * Copyright (C) ngx_gov authors
 *
 * What is found out about files that somebody brought, before the command
 * that names them.
 */


#ifndef _GOVD_FILE_H_INCLUDED_
#define _GOVD_FILE_H_INCLUDED_


#include "govd/govd_int.h"
#include "look/gov_look.h"


typedef struct govd_file_s  govd_file_t;

struct govd_file_s {
    gov_str_t     name;
    gov_str_t     alt;
    int           decorative;
    int           unpack;           /* a ZIP: its files are meant */
    govd_blob_t   blob;             /* its bytes, as they came */
    gov_err_t     err;              /* it is refused, and why */
    govd_file_t  *next;
};


/* the name as it may be kept: in UTF-8, without the folders before it */
gov_rc_t govd_file_name(gov_arena_t *a, gov_str_t name, gov_str_t *out,
    gov_err_t *err);
/* may a file of this name and size come at all? */
gov_rc_t govd_file_allowed(gov_upload_t *rules, gov_str_t name, size_t size,
    gov_err_t *err);
/*
 * Looked at, scanned, made anew if it is an image, its bytes put among the
 * blobs: out is a map of file.upload's "files".  GOV_INVALID: refused, err
 * says why.  The file's bytes are dropped in every case.
 */
gov_rc_t govd_file_check(govd_t *g, gov_arena_t *a, gov_upload_t *rules,
    govd_file_t *file, gov_value_t *out, gov_err_t *err);


/* govlook on a file; outs: n files without a name that are begun.  found is
 * what it says; GOV_INVALID when that is a fault */
gov_rc_t govd_look(govd_t *g, const char *const *words, int fd,
    govd_blob_t *outs, unsigned n, gov_arena_t *a, gov_value_t **found,
    gov_err_t *err);
/* the sentence for a fault, with GOV_INVALID */
gov_rc_t govd_look_fault(gov_str_t fault, gov_err_t *err);


typedef enum {
    GOVD_SCAN_CLEAN = 0,
    GOVD_SCAN_FOUND,
    GOVD_SCAN_DOWN              /* nothing can be said */
} govd_scan_t;

/* size bytes of the descriptor; found: the name of what is in it */
govd_scan_t govd_clamd(const char *address, int fd, size_t size,
    gov_arena_t *a, gov_str_t *found);
/* an answer with its zero byte; found points into it */
govd_scan_t govd_clamd_answer(gov_str_t answer, gov_str_t *found);
/* what the configured scanner and the policy make of it: state and why */
gov_file_state_t govd_file_scan(govd_t *g, gov_arena_t *a,
    gov_upload_t *rules, int fd, size_t size, gov_str_t *why);


/* the files of a ZIP, each with its own err; its bytes are dropped */
gov_rc_t govd_unzip(govd_t *g, gov_arena_t *a, gov_upload_t *rules,
    govd_file_t *zip, govd_file_t **files, gov_err_t *err);
/* the same of what govlook said and unpacked into one file */
void govd_unzip_files(gov_arena_t *a, gov_upload_t *rules,
    gov_value_t *found, govd_blob_t *all, govd_file_t **files);
/* the path of an entry, hexadecimal, to the name of a file.  GOV_DONE: not
 * meant for anybody; GOV_INVALID: it would lead elsewhere */
gov_rc_t govd_unzip_name(gov_arena_t *a, gov_str_t hex, gov_str_t *name,
    gov_err_t *err);


/* once a second: what is held is scanned, what lay long enough in a bin is
 * purged, by the clock once a minute */
void govd_held_tick(govd_t *g);
/* the same for bytes that nobody needs, and files of earlier times */
void govd_bytes_round(govd_t *g);
/* some of those that no row names, as rows of file.forget */
gov_rc_t govd_strays(govd_t *g, gov_arena_t *a, gov_value_t *files);


#endif /* _GOVD_FILE_H_INCLUDED_ */
