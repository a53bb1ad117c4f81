
/*
 * Copyright (C) ngx_gov authors
 *
 * site.restore: an export (site/gov_export.c) put back.
 *
 * The site's own range is replaced by the export's; what others have there
 * stays as it is now:
 *
 *     names of pages below the site, and redirects to other sites
 *     list entries of other sites' documents that are shown here
 *     the chain of the site's journal
 *
 * Its number, code, place in the tree, address and state stay too; its other
 * facts are the export's.  Who works there is given the role again, where the
 * account is here; what was given since stays.  A site whose code is not there
 * is added, at the exported address.  What the export says of other sites by
 * number (references, groups taken) is left out where the site has another
 * number than in the export: it is another platform's, each time it is put
 * back.  References within the site go along.
 */


#include "desk/gov_desk_people.h"


#define GOV_RESTORE_SLOTS  64


typedef struct {
    gov_key_t     key;
    gov_table_t   table;
    union {
        gov_place_rec_t   place;
        gov_listed_rec_t  listed;
        gov_ref_rec_t     taken;
    } rec;
} gov_kept_t;

typedef gov_rc_t (*gov_file_does_pt)(gov_txn_t *t, gov_arena_t *a,
    uint32_t site, gov_str_t digest, gov_file_rec_t *f);

typedef struct gov_many_s {
    void         *items;
    size_t        size;             /* of one */
    unsigned      n;
    unsigned      max;
} gov_many_t;

typedef struct {
    gov_cmd_t    *c;
    gov_site_t    site;             /* as it is to be */
    uint32_t      was;              /* its number in the export */
    int           existed;
    gov_many_t    kept;             /* gov_kept_t */
    gov_many_t    shown;            /* numbers of documents shown elsewhere */
    uint64_t      last;             /* highest number of a document */
    unsigned      docs;
    unsigned      lines;
} gov_restore_t;


static gov_rc_t gov_restore_head(gov_restore_t *r, gov_str_t line);
static gov_rc_t gov_restore_site(gov_restore_t *r, gov_site_rec_t *rec,
    gov_str_t parent);
static gov_rc_t gov_restore_add(gov_restore_t *r, gov_site_rec_t *rec,
    gov_str_t parent);
static gov_rc_t gov_restore_forget(gov_restore_t *r);
static gov_rc_t gov_forget_files(gov_restore_t *r);
static gov_rc_t gov_restore_file(gov_restore_t *r, gov_arena_t *a,
    u_char *raw, gov_file_does_pt does);
static gov_rc_t gov_forget_doc(gov_restore_t *r, uint64_t id);
static gov_rc_t gov_ref_pair(gov_value_t *ref, uint32_t *site,
    uint32_t *column);
static gov_rc_t gov_keep(gov_restore_t *r, gov_table_t table);
static int gov_keeps(gov_restore_t *r, gov_kept_t *one, gov_table_t table);
static int gov_restore_here(gov_restore_t *r);
static gov_rc_t gov_restore_lines(gov_restore_t *r, gov_str_t text);
static gov_rc_t gov_restore_line(gov_restore_t *r, gov_arena_t *a,
    gov_str_t text);
static gov_rc_t gov_restore_shelves(gov_restore_t *r, gov_arena_t *a,
    gov_value_t *line);
static gov_rc_t gov_restore_tasks(gov_restore_t *r, gov_arena_t *a,
    gov_value_t *line);
static int gov_restore_skips(gov_restore_t *r, gov_str_t table,
    gov_value_t *value);
static gov_rc_t gov_restore_doc(gov_restore_t *r, gov_arena_t *a,
    gov_value_t *line);
static void gov_restore_own_refs(gov_restore_t *r, gov_arena_t *a,
    gov_value_t *value, gov_value_t *refs);
static gov_rc_t gov_restore_kept(gov_restore_t *r);
static gov_rc_t gov_restore_shown(gov_restore_t *r);
static gov_rc_t gov_restore_refs(gov_restore_t *r, uint64_t id);
static gov_str_t gov_line_next(gov_str_t *text);
static void *gov_many_add(gov_arena_t *a, gov_many_t *m);


gov_rc_t
gov_desk_site_restore(gov_cmd_t *c)
{
    u_char          raw[GOV_DIGEST_LEN];
    unsigned        slot;
    gov_rc_t        rc;
    gov_str_t       text;
    gov_restore_t   r;

    memset(&r, 0, sizeof(gov_restore_t));
    r.c = c;
    r.kept.size = sizeof(gov_kept_t);
    r.shown.size = sizeof(uint64_t);

    /* load */

    if (c->op->blobs == NULL) {
        return gov_fail(c->err, GOV_ERROR, "file", "附件目录没有打开");
    }

    rc = gov_blob_get(c->arena, c->op->blobs, gov_desk_str(c, "file"), &text,
                      c->err);
    if (rc != GOV_OK) {
        return gov_fail(c->err, rc, "file", "没有这个导出文件");
    }

    /* a replay reads it again, whatever becomes of a file of these bytes */

    (void) gov_unhex(raw, gov_desk_str(c, "file"), GOV_DIGEST_LEN);

    rc = gov_bytes_need(c->txn, c->arena, GOV_HUB,
                        (gov_str_t) { GOV_DIGEST_LEN, raw });
    if (rc != GOV_OK) {
        return rc;
    }

    /* check and change */

    rc = gov_restore_head(&r, gov_line_next(&text));

    if (rc == GOV_OK && r.existed) {
        rc = gov_restore_forget(&r);
    }

    if (rc == GOV_OK) {
        rc = gov_restore_lines(&r, text);
    }

    if (rc == GOV_OK) {
        rc = gov_restore_kept(&r);
    }

    if (rc == GOV_OK && r.existed) {
        rc = gov_desk_blueprint_fits(c, &r.site);
    }

    if (rc == GOV_OK) {
        rc = gov_restore_shown(&r);
    }

    if (rc == GOV_OK) {
        rc = gov_lists_count(c->txn, c->arena, r.site.id);
    }

    if (rc == GOV_OK) {
        rc = gov_next_above(c->txn, "doc", r.last);
    }

    if (rc == GOV_OK) {
        rc = gov_site_save(c->txn, c->arena, &r.site);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    for (slot = 0; slot < GOV_RESTORE_SLOTS; slot++) {
        gov_touch(c->txn, r.site.id, slot);
    }

    gov_put_int(c->arena, c->out, "documents", r.docs);
    gov_put_bool(c->arena, c->out, "created", !r.existed);

    return gov_desk_site_verdict(c, &r.site);
}


static gov_rc_t
gov_restore_head(gov_restore_t *r, gov_str_t line)
{
    gov_cmd_t       *c;
    gov_value_t     *v;
    gov_site_rec_t   rec;

    c = r->c;
    r->lines = 1;

    if (gov_json_parse(c->arena, line, &v, NULL) != GOV_OK
        || !gov_str_is(gov_get_str(v, "table"), "SITES")
        || gov_member(v, "key") == NULL
        || gov_member(v, "key")->kind != GOV_LIST
        || gov_member(v, "key")->n != 1
        || gov_member(v, "key")->u.first->kind != GOV_INT
        || gov_rec_from_value(c->arena, &gov_rec_site,
                              gov_member(v, "value"), &rec, NULL) != GOV_OK)
    {
        return gov_fail(c->err, GOV_INVALID, "file",
                        "第 1 行不是站点的记录，这不是导出的站点");
    }

    r->was = gov_member(v, "key")->u.first->u.i;

    if (gov_desk_has(c, "code")
        && !gov_str_eq(gov_desk_str(c, "code"), rec.code))
    {
        return gov_fail(c->err, GOV_INVALID, "code",
                        "导出文件是站点 %.*s 的，不是 %.*s 的",
                        gov_strf(gov_utf8_head(rec.code, 40)),
                        gov_strf(gov_desk_str(c, "code")));
    }

    return gov_restore_site(r, &rec, gov_get_str(v, "parent_code"));
}


static gov_rc_t
gov_restore_site(gov_restore_t *r, gov_site_rec_t *rec, gov_str_t parent)
{
    gov_rc_t         rc;
    gov_cmd_t       *c;
    gov_site_rec_t   now;

    c = r->c;

    rc = gov_site_by_code(c->txn, c->arena, rec->code, &r->site);

    if (rc == GOV_NOT_FOUND) {
        rc = gov_restore_add(r, rec, parent);

    } else {
        r->existed = 1;
    }

    if (rc != GOV_OK) {
        return rc;
    }

    now = r->site.rec;
    r->site.rec = *rec;

    if (r->existed || gov_site_ended(rec->state)) {
        r->site.rec.state = now.state;
        r->site.rec.since = now.since;
        r->site.rec.notice = now.notice;
        r->site.rec.into = now.into;
    }

    r->site.rec.level = now.level;

    if (r->site.rec.next_column < now.next_column) {
        r->site.rec.next_column = now.next_column;
    }

    return GOV_OK;
}


static gov_rc_t
gov_restore_add(gov_restore_t *r, gov_site_rec_t *rec, gov_str_t parent)
{
    gov_rc_t     rc;
    gov_cmd_t   *c;
    gov_site_t   above;

    c = r->c;

    memset(&r->site, 0, sizeof(gov_site_t));
    r->site.rec = *rec;
    r->site.rec.parent = 0;

    if (parent.len) {
        rc = gov_desk_site_code(c, parent, "parent", &above);
        if (rc != GOV_OK) {
            return rc;
        }

        r->site.rec.parent = above.id;
    }

    return gov_site_add(c->txn, c->arena, &r->site, 0, c->op->time, c->err);
}


/* what is not in the export must not be left in the hub or in other sites */

static gov_rc_t
gov_restore_forget(gov_restore_t *r)
{
    unsigned      i;
    uint64_t     *id;
    gov_rc_t      rc;
    gov_key_t     k;
    gov_scan_t    sc;
    gov_cmd_t    *c;
    gov_many_t    docs;

    c = r->c;
    memset(&docs, 0, sizeof(gov_many_t));
    docs.size = sizeof(uint64_t);

    rc = gov_scan_open(&sc, gov_handle(c->txn, r->site.id), GOV_T_DOCS,
                       gov_key(&k), GOV_FORWARD);

    while (rc == GOV_OK) {
        rc = gov_scan_next(&sc, c->arena, NULL);

        if (rc == GOV_OK) {
            id = gov_many_add(c->arena, &docs);
            *id = gov_key_get8(sc.key, 0);
        }
    }

    gov_scan_close(&sc);

    rc = rc == GOV_DONE ? GOV_OK : rc;
    id = docs.items;

    for (i = 0; rc == GOV_OK && i < docs.n; i++) {
        rc = gov_forget_doc(r, id[i]);
    }

    if (rc == GOV_OK) {
        rc = gov_forget_files(r);
    }

    if (rc == GOV_OK) {
        rc = gov_keep(r, GOV_T_NAMES);
    }

    if (rc == GOV_OK) {
        rc = gov_keep(r, GOV_T_LISTS);
    }

    if (rc == GOV_OK) {
        rc = gov_keep(r, GOV_T_TAKEN);
    }

    return rc == GOV_OK ? gov_store_clear_site(c->txn, r->site.id) : rc;
}


static gov_rc_t
gov_forget_files(gov_restore_t *r)
{
    u_char       *digest;
    gov_rc_t      rc;
    unsigned      i;
    gov_key_t     k;
    gov_scan_t    sc;
    gov_many_t    files;

    memset(&files, 0, sizeof(gov_many_t));
    files.size = GOV_DIGEST_LEN;

    rc = gov_scan_open(&sc, gov_handle(r->c->txn, r->site.id), GOV_T_FILES,
                       gov_key(&k), GOV_FORWARD);

    while (rc == GOV_OK) {
        rc = gov_scan_next(&sc, r->c->arena, NULL);

        if (rc == GOV_OK) {
            digest = gov_many_add(r->c->arena, &files);
            memcpy(digest, sc.key.data, GOV_DIGEST_LEN);
        }
    }

    gov_scan_close(&sc);

    rc = rc == GOV_DONE ? GOV_OK : rc;
    digest = files.items;

    for (i = 0; rc == GOV_OK && i < files.n; i++) {
        rc = gov_restore_file(r, r->c->arena, digest, gov_file_vanish);
        digest += GOV_DIGEST_LEN;
    }

    return rc;
}


/* what is in the hub of a file comes or goes with it */

static gov_rc_t
gov_restore_file(gov_restore_t *r, gov_arena_t *a, u_char *raw,
    gov_file_does_pt does)
{
    gov_rc_t         rc;
    gov_str_t        digest;
    gov_file_rec_t   f;

    digest.len = GOV_DIGEST_LEN;
    digest.data = raw;

    rc = gov_file_load(r->c->txn, a, r->site.id,
                       gov_hex_str(a, raw, GOV_DIGEST_LEN), &f);

    return rc == GOV_OK ? does(r->c->txn, a, r->site.id, digest, &f) : rc;
}


static gov_rc_t
gov_forget_doc(gov_restore_t *r, uint64_t id)
{
    gov_rc_t    rc;
    uint32_t    site, column;
    gov_key_t   k;
    gov_cmd_t  *c;
    gov_doc_t   doc;

    c = r->c;

    rc = gov_doc_get(c->txn, c->arena, r->site.id, id, &doc);

    while (rc == GOV_OK && doc.rec.refs && doc.rec.refs->n) {
        rc = gov_ref_pair(doc.rec.refs->u.first, &site, &column);

        if (rc == GOV_OK) {
            rc = gov_doc_unrefer(c->txn, c->arena, &doc, site, column,
                                 c->err);
        }
    }

    if (rc == GOV_OK) {
        rc = gov_tasks_forget(c->txn, c->arena, &doc);
    }

    if (rc == GOV_OK) {
        rc = gov_drop(gov_handle(c->txn, GOV_HUB), GOV_T_DOC_SITES,
                      gov_key8(&k, id));
    }

    return rc == GOV_NOT_FOUND ? GOV_OK : rc;
}


/* a reference as it is stored: [site, column] */

static gov_rc_t
gov_ref_pair(gov_value_t *ref, uint32_t *site, uint32_t *column)
{
    if (ref->kind != GOV_LIST || ref->n != 2
        || ref->u.first->kind != GOV_INT || ref->last->kind != GOV_INT)
    {
        return GOV_CORRUPT;
    }

    *site = ref->u.first->u.i;
    *column = ref->last->u.i;

    return GOV_OK;
}


/* what others have in a table of the site */

static gov_rc_t
gov_keep(gov_restore_t *r, gov_table_t table)
{
    gov_rc_t     rc;
    gov_key_t    k;
    gov_scan_t   sc;
    gov_cmd_t   *c;
    gov_kept_t   one, *kept;

    c = r->c;

    rc = gov_scan_open(&sc, gov_handle(c->txn, r->site.id), table,
                       gov_key(&k), GOV_FORWARD);

    while (rc == GOV_OK) {
        rc = gov_scan_next(&sc, c->arena, &one.rec);
        if (rc != GOV_OK) {
            break;
        }

        if (gov_keeps(r, &one, table)) {
            kept = gov_many_add(c->arena, &r->kept);
            *kept = one;
            kept->table = table;
            kept->key.len = sc.key.len;
            memcpy(kept->key.data, sc.key.data, sc.key.len);
        }
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


static int
gov_keeps(gov_restore_t *r, gov_kept_t *one, gov_table_t table)
{
    gov_place_rec_t  *place;

    if (table == GOV_T_LISTS) {
        return one->rec.listed.site != 0;
    }

    if (table == GOV_T_TAKEN) {
        return !gov_restore_here(r);
    }

    place = &one->rec.place;

    return place->kind == GOV_PLACE_SITE
           || (place->kind == GOV_PLACE_MOVED && place->to != r->site.id);
}


/* do the export's numbers of sites mean these sites */

static int
gov_restore_here(gov_restore_t *r)
{
    return r->existed && r->was == r->site.id;
}


static gov_rc_t
gov_restore_lines(gov_restore_t *r, gov_str_t text)
{
    gov_rc_t      rc;
    gov_err_t     why;
    gov_str_t     line;
    gov_arena_t  *a;

    a = gov_arena_new(64 * 1024);
    rc = GOV_OK;

    while (rc == GOV_OK && text.len) {
        line = gov_line_next(&text);
        r->lines++;

        if (line.len) {
            memset(&why, 0, sizeof(gov_err_t));
            rc = gov_restore_line(r, a, line);
        }

        gov_arena_reset(a);
    }

    gov_arena_free(&a);

    return rc == GOV_OK ? rc
                        : gov_fail(r->c->err, rc, "file",
                                   "第 %u 行没有写入（%s）", r->lines,
                                   gov_rc_name(rc));
}


static gov_rc_t
gov_restore_line(gov_restore_t *r, gov_arena_t *a, gov_str_t text)
{
    gov_rc_t      rc;
    gov_err_t     why;
    gov_str_t     table;
    gov_value_t  *line;

    memset(&why, 0, sizeof(gov_err_t));

    rc = gov_json_parse(a, text, &line, &why);
    if (rc != GOV_OK) {
        return gov_fail(r->c->err, GOV_INVALID, "file", "第 %u 行：%s",
                        r->lines, why.text);
    }

    table = gov_get_str(line, "table");

    if (gov_restore_skips(r, table, gov_member(line, "value"))) {
        return GOV_OK;
    }

    if (gov_str_is(table, "GRANTS")) {
        return gov_desk_grant_again(r->c, r->site.id, line, r->lines);
    }

    if (gov_str_is(table, "NAMES")
        && gov_get_int(gov_member(line, "value"), "kind", 0)
           == GOV_PLACE_MOVED)
    {
        gov_set(gov_member(line, "value"), "to",
                gov_val_int(a, r->site.id));
    }

    if (gov_str_is(table, "DOCS")) {
        rc = gov_restore_doc(r, a, line);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    rc = gov_store_undump(r->c->txn, r->site.id, a, line, &why);
    if (rc != GOV_OK) {
        return gov_fail(r->c->err, rc, "file", "第 %u 行：%s", r->lines,
                        why.text);
    }

    if (gov_str_is(table, "FILES")) {
        return gov_restore_shelves(r, a, line);
    }

    return gov_str_is(table, "DOCS") ? gov_restore_tasks(r, a, line) : GOV_OK;
}


/* its key is [{"hex": DIGEST}] */

static gov_rc_t
gov_restore_shelves(gov_restore_t *r, gov_arena_t *a, gov_value_t *line)
{
    u_char        raw[GOV_DIGEST_LEN];
    gov_str_t     hex;
    gov_value_t  *key;

    key = gov_member(line, "key");
    hex = gov_get_str(key->kind == GOV_LIST ? key->u.first : key, "hex");

    if (hex.len != 2 * GOV_DIGEST_LEN
        || gov_unhex(raw, hex, GOV_DIGEST_LEN) != 0)
    {
        return gov_fail(r->c->err, GOV_INVALID, "file",
                        "第 %u 行没有附件的摘要", r->lines);
    }

    return gov_restore_file(r, a, raw, gov_file_appear);
}


static gov_rc_t
gov_restore_tasks(gov_restore_t *r, gov_arena_t *a, gov_value_t *line)
{
    gov_rc_t   rc;
    gov_doc_t  doc;

    rc = gov_doc_get(r->c->txn, a, r->site.id,
                     (uint64_t) gov_member(line, "key")->u.first->u.i, &doc);

    return rc == GOV_OK ? gov_tasks_follow(r->c->txn, a, &doc, NULL) : rc;
}


static int
gov_restore_skips(gov_restore_t *r, gov_str_t table, gov_value_t *value)
{
    int64_t  kind;

    if (gov_str_is(table, "MARKS") || gov_str_is(table, "CHAIN")) {
        return 1;
    }

    if (gov_str_is(table, "TAKEN")) {
        return !gov_restore_here(r);
    }

    if (gov_str_is(table, "LISTS")) {
        return gov_get_int(value, "site", 0) != 0;
    }

    if (!gov_str_is(table, "NAMES")) {
        return 0;
    }

    kind = gov_get_int(value, "kind", 0);

    return kind == GOV_PLACE_SITE
           || (kind == GOV_PLACE_MOVED
               && gov_get_int(value, "to", 0) != r->was);
}


/* a document's number is the platform's: nobody else's may be taken */

static gov_rc_t
gov_restore_doc(gov_restore_t *r, gov_arena_t *a, gov_value_t *line)
{
    uint64_t       id, *shown;
    gov_rc_t       rc;
    gov_key_t      k;
    gov_cmd_t     *c;
    gov_value_t   *key, *refs, *value;
    gov_handle_t   hub;
    gov_ref_rec_t  ref;

    c = r->c;
    hub = gov_handle(c->txn, GOV_HUB);
    key = gov_member(line, "key");
    value = gov_member(line, "value");

    if (key == NULL || key->kind != GOV_LIST || key->n != 1
        || key->u.first->kind != GOV_INT || key->u.first->u.i <= 0)
    {
        return gov_fail(c->err, GOV_INVALID, "file", "第 %u 行没有文档号",
                        r->lines);
    }

    id = key->u.first->u.i;

    rc = gov_load(hub, GOV_T_DOC_SITES, gov_key8(&k, id), a, &ref);

    if (rc == GOV_OK) {
        return gov_fail(c->err, GOV_CONFLICT, "file",
                        "第 %u 行的文档 %llu 是另一个站点的", r->lines,
                        (unsigned long long) id);
    }

    if (rc != GOV_NOT_FOUND) {
        return rc;
    }

    refs = gov_member(value, "refs");

    if (refs && refs->kind == GOV_LIST && refs->n) {
        if (gov_restore_here(r)) {
            shown = gov_many_add(c->arena, &r->shown);
            *shown = id;

        } else {
            gov_restore_own_refs(r, a, value, refs);
        }
    }

    r->docs++;
    r->last = id > r->last ? id : r->last;

    memset(&ref, 0, sizeof(gov_ref_rec_t));
    ref.to = r->site.id;

    return gov_save(hub, GOV_T_DOC_SITES, gov_key8(&k, id), a, &ref);
}


/* their rows are lines of the export: they need a document that owns them */

static void
gov_restore_own_refs(gov_restore_t *r, gov_arena_t *a, gov_value_t *value,
    gov_value_t *refs)
{
    uint32_t      site, column;
    gov_value_t  *ref, *own, *pair;

    own = gov_list(a);

    gov_each (ref, refs) {
        if (gov_ref_pair(ref, &site, &column) != GOV_OK || site != r->was) {
            continue;
        }

        pair = gov_list(a);
        gov_add(pair, gov_val_int(a, r->site.id));
        gov_add(pair, gov_val_int(a, column));
        gov_add(own, pair);
    }

    gov_unset(value, "refs");

    if (own->n && gov_desk_effect(r->c, "own_refs")) {
        gov_put(value, "refs", own);
    }
}


static gov_rc_t
gov_restore_kept(gov_restore_t *r)
{
    unsigned       i;
    gov_rc_t       rc;
    gov_kept_t    *kept;
    gov_handle_t   h;

    rc = GOV_OK;
    kept = r->kept.items;
    h = gov_handle(r->c->txn, r->site.id);

    for (i = 0; rc == GOV_OK && i < r->kept.n; i++) {
        rc = gov_save(h, kept[i].table, &kept[i].key, r->c->arena,
                      &kept[i].rec);
    }

    return rc;
}


static gov_rc_t
gov_restore_shown(gov_restore_t *r)
{
    unsigned    i;
    uint64_t   *id;
    gov_rc_t    rc;

    rc = GOV_OK;
    id = r->shown.items;

    for (i = 0; rc == GOV_OK && i < r->shown.n; i++) {
        rc = gov_restore_refs(r, id[i]);
    }

    return rc;
}


/* a column elsewhere that is gone since is told, not missed in silence */

static gov_rc_t
gov_restore_refs(gov_restore_t *r, uint64_t id)
{
    gov_rc_t      rc;
    uint32_t      to, column;
    gov_key_t     k;
    gov_err_t     why;
    gov_cmd_t    *c;
    gov_doc_t     doc;
    gov_site_t    site;
    gov_value_t  *refs, *ref;

    c = r->c;

    rc = gov_doc_get(c->txn, c->arena, r->site.id, id, &doc);
    if (rc != GOV_OK) {
        return rc;
    }

    refs = doc.rec.refs;
    doc.rec.refs = NULL;

    rc = gov_save(gov_handle(c->txn, r->site.id), GOV_T_DOCS,
                  gov_key8(&k, id), c->arena, &doc.rec);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_each(ref, refs) {
        memset(&why, 0, sizeof(gov_err_t));

        if (gov_ref_pair(ref, &to, &column) != GOV_OK) {
            return gov_fail(c->err, GOV_INVALID, "file",
                            "文档 %llu 的引用不是站点和栏目",
                            (unsigned long long) id);
        }

        rc = gov_site_get(c->txn, c->arena, to, &site);

        if (rc == GOV_OK) {
            rc = gov_doc_refer(c->txn, c->arena, &doc, &site, column, &why);
        }

        if (rc == GOV_NOT_FOUND || rc == GOV_DENIED || rc == GOV_CONFLICT) {
            gov_desk_warn(c, "文档 %llu 有一处引用没有恢复（%s）",
                          (unsigned long long) id, gov_rc_name(rc));

        } else if (rc != GOV_OK) {
            return rc;
        }
    }

    return GOV_OK;
}


static gov_str_t
gov_line_next(gov_str_t *text)
{
    u_char     *end;
    gov_str_t   line;

    line = *text;
    end = text->len ? memchr(text->data, '\n', text->len) : NULL;

    if (end == NULL) {
        text->len = 0;
        return line;
    }

    line.len = end - text->data;
    text->data += line.len + 1;
    text->len -= line.len + 1;

    if (line.len && line.data[line.len - 1] == '\r') {
        line.len--;
    }

    return line;
}


static void *
gov_many_add(gov_arena_t *a, gov_many_t *m)
{
    void  *items;

    if (m->n == m->max) {
        m->max = m->max ? 2 * m->max : 64;
        items = gov_alloc(a, m->max * m->size);

        if (m->n) {
            memcpy(items, m->items, m->n * m->size);
        }

        m->items = items;
    }

    return (u_char *) m->items + m->n++ * m->size;
}
