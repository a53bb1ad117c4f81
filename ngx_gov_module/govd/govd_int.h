
/*
 * Copyright (C) ngx_gov authors
 *
 * govd: the only program that writes.
 *
 *     govd_main.c       options, and which of the lives below begins
 *     govd_conf.c       govd.conf
 *     govd_parent.c     holds the sockets, keeps a child at work
 *     govd_child.c      the child: its threads, every second's chores, its end
 *     govd_writer.c     the queue and group commit
 *     govd_door.c       HTTP on the two sockets (libmicrohttpd)
 *     govd_api.c        the paths of the API
 *     govd_batch.c      many commands in one request
 *     govd_answer.c     verdicts and problems as JSON
 *     govd_invite.c     one-time links
 *     govd_blob.c       attachments on their way into blobs/
 *     govd_upload.c     a form with files
 *     govd_unzip.c      a ZIP becomes the files in it
 *     govd_file.c       what is found out about one file
 *     govd_look.c       govlook, run for one file
 *     govd_clamd.c      the scanner, asked about one file
 *     govd_held.c       files that wait for the scanner, or for their end
 *     govd_bytes.c      bytes that no file needs any longer
 *     govd_web.c        who asks on web.sock: session, form token, origin
 *     govd_form.c       a form's fields as a command's input
 *     govd_text.c       a text that is not saved yet, as it would be shown
 *     govd_sign.h       signing in; its files are named there
 *     govd_pool.c       threads for what takes long by design
 *     govd_key.c        the key that secrets are sealed with
 *     govd_secret.c     what doors make of a secret before it is queued
 *     govd_own.c        the commands that govd gives by itself
 *     govd_mail.h       mail; its files are named there
 *     govd_work.c       long work in a process of its own, its lines streamed
 *     govd_asked.c      long work that people asked for and come back to
 *     govd_index.c      indexes that an older store lacks
 *     govd_table.c      long tables, imported piece by piece
 *     govd_task.c       what that process does
 *     govd_views.c      counts of views from nginx's workers
 *     govd_once.c       the same questions and commands without a socket
 *     govd_replay.c     a journal applied to an empty store
 *     govd_docs.c  govd_openapi.c   the lists written down
 *     govd_log.c        lines for the log
 *
 * Threads of the child: the main one (chores), the writer, four of
 * libmicrohttpd for each socket, the collector of views, the pool's, and one
 * for every work whose lines are being passed on.  What they share is govd_t,
 * which does not change after the start except for `stopping`, and the queues
 * of govd_writer.c and govd_pool.c.
 */


#ifndef _GOVD_INT_H_INCLUDED_
#define _GOVD_INT_H_INCLUDED_


#include <stdatomic.h>

#include "desk/gov_desk.h"
#include "sign/gov_sign.h"
#include "view/gov_query.h"


#define GOVD_VERSION       "0.2"

#define GOVD_BODY_MAX      (8 * 1024 * 1024)
#define GOVD_BLOB_MAX      (512 * 1024 * 1024)
#define GOVD_UPLOAD_MAX    (1024 * 1024 * 1024) /* one form's files */
#define GOVD_VERDICT_MAX   (4 * 1024 * 1024)    /* on web.sock */
#define GOVD_ARENA_MAX     (1024 * 1024 * 1024) /* of one command */
#define GOVD_SAFE_MAX      10000000             /* us, for its bodies */

#define GOVD_SOCK_WEB      "run/web.sock"
#define GOVD_SOCK_CTL      "run/ctl.sock"
#define GOVD_SOCK_VIEWS    "run/views.sock"

#define GOVD_KEYS          "keys"               /* 0700 */
#define GOVD_KEY           "keys/secret.key"


/* what the command line said */
typedef struct {
    const char        *program;     /* run again for works */
    const char        *run;         /* the data folder, then "." */
    const char        *user;
    const char        *group;
    const char        *map_size;    /* as given, or NULL */
    const char        *quota;
    const char        *readers;
    const char        *digest;
    const char        *commit;
    const char        *password;
    const char        *password_memory;
    const char        *password_passes;
    const char        *password_lanes;
    const char        *password_rounds;
    const char        *smtp;        /* URL of the server, NULL: no mail */
    const char        *mail_from;
    const char        *mail_rate;
    const char        *portal_url;
    gov_store_conf_t   store;
    gov_password_conf_t  passwords;
    uint32_t           mails;       /* at most, in a minute */
    size_t             commit_bytes;
    const char        *blobs;
    const char        *look;        /* govlook, beside this program */
    const char        *clamd;       /* its socket or HOST:PORT, or NULL */
    gov_seal_t        *key;             /* once it is open */
} govd_conf_t;


typedef enum {
    GOVD_WEB = 0,
    GOVD_CTL,
    GOVD_VIEWS,
    GOVD_SOCKETS
} govd_socket_t;


typedef struct govd_writer_s  govd_writer_t;
typedef struct govd_door_s    govd_door_t;
typedef struct govd_views_s   govd_views_t;
typedef struct govd_work_s    govd_work_t;
typedef struct govd_pool_s    govd_pool_t;
typedef struct govd_slow_s    govd_slow_t;
typedef struct govd_own_s     govd_own_t;
typedef struct govd_mail_s    govd_mail_t;

typedef struct {
    govd_conf_t       *conf;
    gov_store_t       *store;
    govd_writer_t     *writer;
    govd_door_t       *doors[2];    /* GOVD_WEB, GOVD_CTL */
    govd_views_t      *views;
    govd_pool_t       *pool;
    govd_pool_t       *files;       /* looks at what was uploaded */
    govd_pool_t       *asked;       /* does what people asked for */
    govd_own_t        *own;
    govd_mail_t       *mail;
    gov_str_t          dummy;       /* a hash that no password has */
    int                sockets[GOVD_SOCKETS];
    pid_t              parent;
    int                ready;       /* written to once the doors are open */
    atomic_int         stopping;
} govd_t;


/* govd.conf of the current folder, then all values checked */
gov_rc_t govd_conf_read(govd_conf_t *conf, gov_err_t *err);


/* log: one line with time and level on stderr; never an input or a body */

typedef enum {
    GOVD_ERROR = 0,
    GOVD_WARN,
    GOVD_NOTICE
} govd_level_t;

void govd_log(govd_level_t level, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));


/* lives; each returns the program's exit code */

int govd_parent(govd_conf_t *conf);
int govd_child(govd_t *g);
int govd_once(govd_conf_t *conf);
int govd_replay(govd_conf_t *conf, const char *from, const char *to);
/* name of GOV_WORKS, input as JSON; prints lines, the last one {"end": ...};
 * GOVD_TASK_BROKEN and above: that line is missing */
#define GOVD_TASK_BROKEN  5
int govd_task(govd_conf_t *conf, const char *name, const char *input);

/* run/govd.lock: one govd a data folder.  The descriptor, or -1 with err */
int govd_lock(gov_err_t *err);


/*
 * Writer.  A job is what a door puts into the queue; after the commit of its
 * group `done` is called once, in the writer's thread, with rc and err or
 * body set.  The job's memory is its owner's.  In a step that is not a
 * command (views) `step` is set and nothing is noted in the journal.
 */

typedef struct govd_job_s  govd_job_t;

struct govd_job_s {
    gov_arena_t  *arena;
    gov_op_t      op;
    gov_rc_t    (*step)(gov_txn_t *t, gov_arena_t *a, void *data,
                        gov_err_t *err);
    void        (*done)(govd_job_t *job);
    void         *data;
    void         *waiting;          /* of govd_own_do() */

    gov_rc_t      rc;
    gov_err_t     err;
    uint64_t      seq;              /* journal number, 0 in a dry run */
    const char   *lang;             /* of who asks; NULL: both */
    gov_str_t     body;             /* the verdict as JSON */

    govd_job_t   *next;
};

/* group: bytes of changes that end a group, 0 for the default */
gov_rc_t govd_writer_begin(gov_store_t *s, size_t group, govd_writer_t **w,
    gov_err_t *err);
/* GOV_BUSY when the queue is full; then done is not called */
gov_rc_t govd_writer_put(govd_writer_t *w, govd_job_t *job);
/* what is queued is done first; then GOV_BUSY for all that comes */
void govd_writer_stop(govd_writer_t *w);
void govd_writer_end(govd_writer_t **w);
/* one job alone, in the caller's thread (govd --once) */
void govd_writer_run(gov_store_t *s, govd_job_t *job);


/* answers: JSON in the arena */

typedef struct {
    int           status;
    gov_str_t     body;
    const char   *type;             /* media type */
    gov_value_t  *input;            /* what was typed, told with a problem */
    int           english;          /* problems are told in English */
} govd_answer_t;

void govd_answer_ok(govd_answer_t *an, gov_str_t json);
/* problem details (RFC 9457) of a failure */
void govd_answer_err(gov_arena_t *a, govd_answer_t *an, gov_err_t *err);
/* of HTTP itself: 404, 405, 413 ... with a code of its own */
void govd_answer_problem(gov_arena_t *a, govd_answer_t *an, int status,
    const char *code, const char *field, const char *text);
/* a verdict of more bytes: {entry, op, to} in its place, or a problem when
 * nothing was done */
void govd_answer_bound(gov_arena_t *a, govd_answer_t *an, govd_job_t *job,
    gov_str_t to, size_t max);
gov_value_t *govd_problem(gov_arena_t *a, int status, const char *code,
    const char *field, const char *text, int english);
/* Accept-Language prefers English to Chinese; NULL: it does not */
int govd_wants_english(const char *accept);
/* "zh" or "en" */
const char *govd_lang(govd_answer_t *an);
/* an answer as a line of a batch or of --once; job may be NULL */
void govd_answer_line(gov_buf_t *b, gov_arena_t *a, govd_answer_t *an,
    govd_job_t *job);

/* a question answered from a snapshot of its own; session: the hash of its
 * token, NULL: the machine's operator asks */
void govd_ask(govd_conf_t *conf, gov_store_t *s, gov_arena_t *a,
    const u_char *session, gov_str_t name, gov_value_t *input,
    govd_answer_t *an);
/* what is common to commands from any door: id, input, random bytes, bodies
 * made safe, secrets sealed.  id "" makes one.  Fills everything but door
 * (which is there), actor, origin, time */
gov_rc_t govd_op_fill(govd_conf_t *conf, gov_arena_t *a, gov_op_t *op,
    gov_str_t command, gov_value_t *input, gov_str_t id, int dry_run,
    gov_err_t *err);


/* one-time links: the token before the operation is queued, the link in what
 * is answered */
gov_rc_t govd_invite_make(govd_conf_t *conf, gov_arena_t *a, gov_op_t *op,
    gov_err_t *err);
void govd_invite_say(gov_arena_t *a, gov_op_t *op, gov_value_t *verdict);
/* the token of an operation, again */
gov_rc_t govd_invite_token(govd_conf_t *conf, gov_arena_t *a,
    const u_char op[GOV_OPID_LEN], u_char token[GOV_TOKEN_LEN]);
/* the path of the page that takes it, for an account */
gov_str_t govd_invite_path(gov_arena_t *a, int64_t account,
    u_char token[GOV_TOKEN_LEN]);


/* doors */

gov_rc_t govd_door_open(govd_t *g, govd_socket_t which, govd_door_t **door,
    gov_err_t *err);
/* no further connections; every answer closes its connection */
void govd_door_quiesce(govd_door_t *door);
/* requests being worked on, and connections */
unsigned govd_door_busy(govd_door_t *door, unsigned *connections);
void govd_door_close(govd_door_t **door);


/* attachments: bytes in pieces into a nameless file, then into blobs/ */

typedef struct {
    int           fd;
    size_t        size;
} govd_blob_t;

gov_rc_t govd_blob_begin(govd_blob_t *b, gov_err_t *err);
gov_rc_t govd_blob_add(govd_blob_t *b, const void *data, size_t n,
    gov_err_t *err);
/* what came so far, in memory */
gov_rc_t govd_blob_map(govd_blob_t *b, gov_str_t *data, gov_err_t *err);
void govd_blob_unmap(gov_str_t data);
/* into its place, by its digest; ends it in every case */
gov_rc_t govd_blob_keep(govd_blob_t *b, gov_arena_t *a, const char *dir,
    gov_str_t *hex, gov_err_t *err);
/* the same, {"digest", "size"} */
gov_rc_t govd_blob_end(govd_blob_t *b, gov_arena_t *a, const char *dir,
    gov_str_t *json, gov_err_t *err);
void govd_blob_drop(govd_blob_t *b);


/*
 * The pool: run(data) in one of its threads, in the order they came.  The
 * memory is the caller's.
 */

struct govd_slow_s {
    void        (*run)(void *data);
    void         *data;
    govd_slow_t  *next;
};

unsigned govd_pool_cores(void);
/* max: that may wait */
gov_rc_t govd_pool_begin(unsigned threads, unsigned max, govd_pool_t **pool,
    gov_err_t *err);
/* GOV_BUSY: as many wait as may; then it is not run */
gov_rc_t govd_pool_put(govd_pool_t *p, govd_slow_t *slow);
/* what waits is done first; then GOV_BUSY for all that comes */
void govd_pool_stop(govd_pool_t *p);
void govd_pool_end(govd_pool_t **pool);


/* conf->key, made if need be; used: something was sealed already */
gov_rc_t govd_key_open(govd_conf_t *conf, gov_store_t *s, gov_err_t *err);
/* with the pool, and a hash that no password has */
gov_rc_t govd_key_begin(govd_t *g, gov_err_t *err);


/* a plain password of an input becomes a sealed hash */
gov_rc_t govd_secret_fill(govd_conf_t *conf, gov_arena_t *a, gov_op_t *op,
    gov_err_t *err);
/* "password wang", what a sealed text of an account is bound to */
gov_str_t govd_secret_about(gov_arena_t *a, const char *what,
    gov_str_t login);


/* what govd does by itself */

gov_rc_t govd_own_begin(govd_t *g, govd_own_t **own, gov_err_t *err);
/* once a second or so */
void govd_own_tick(govd_own_t *o);
/* is it that long since *last, which is then now?  A clock that was set back
 * begins anew */
int govd_own_due(int64_t *last, int64_t now, int64_t every);
/* a session was used; from any thread */
void govd_own_used(govd_own_t *o, const u_char hash[GOV_DIGEST_LEN]);
/* those that were are written now, before the writer stops */
void govd_own_seen(govd_own_t *o);
void govd_own_end(govd_own_t **own);
/* a command of its own, through the queue: arena and done of the job are
 * there; done is called when it is GOV_OK */
gov_rc_t govd_own_give(govd_t *g, govd_job_t *job, const char *command,
    gov_value_t *input);
/* the same, and its end is waited for; NULL: what the job's step does */
gov_rc_t govd_own_do(govd_t *g, govd_job_t *job, const char *command,
    gov_value_t *input);


/* works that people asked for (govd_asked.h) */

gov_rc_t govd_asked_begin(govd_t *g, gov_err_t *err);
/* once a second or so */
void govd_asked_tick(govd_t *g);
void govd_asked_end(govd_t *g);
/* the text of a table becomes a file that the operation names */
gov_rc_t govd_table_keep(govd_conf_t *conf, gov_arena_t *a, gov_op_t *op,
    gov_err_t *err);
/* before the first of them: what the store lacks, once */
void govd_indexes(govd_t *g);


/* works: this program run again, its lines read from a pipe */

/* the descriptor to read from and the pid; GOV_NOT_FOUND for no such work */
gov_rc_t govd_work_start(govd_conf_t *conf, gov_str_t name, gov_str_t input,
    int *fd, pid_t *pid, gov_err_t *err);
/* waits for its end; 1 when its lines are complete */
int govd_work_wait(pid_t pid);
/* the whole of it in the caller's thread: its lines, one by one.  GOV_BUSY: as
 * many run as may; GOV_ERROR: it broke off */
gov_rc_t govd_work_follow(govd_t *g, gov_str_t name, gov_str_t input,
    void (*line)(void *data, gov_str_t line), void *data, gov_err_t *err);


/* views */

gov_rc_t govd_views_begin(govd_t *g, govd_views_t **v, gov_err_t *err);
/* puts what was counted into the store, once a minute and at the end */
void govd_views_flush(govd_views_t *v);
void govd_views_end(govd_views_t **v);


/* the lists written down */

gov_value_t *govd_openapi(gov_arena_t *a);
void govd_commands_md(gov_buf_t *b);


#endif /* _GOVD_INT_H_INCLUDED_ */
