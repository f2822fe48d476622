/* SQLite, and the only folder that names it.
 *
 * One desk_db is one connection with its prepared statements; use it from one thread at a time.
 * SQL is never a string in C: a statement is named by enum desk_query_id (made from sql/queries).
 * Every write runs between DESK_TX_BEGIN and desk_tx_end: BEGIN IMMEDIATE behind one mutex per
 * process, because SQLite's own busy handler starves (facts/stack.md 1). A write outside of a
 * transaction is refused. All functions may block on the disk and on the lock (busy_ms at most).
 *
 * Values: UTC milliseconds, text, 0/1. Columns flagged PII or SECRET in a field table (db/fields.h)
 * are sealed on the way in and opened on the way out. */
#ifndef DESK_DB_DB_H
#define DESK_DB_DB_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct desk_db;
struct desk_fields;
struct desk_key;

struct desk_query {
    const char *name;
    const struct desk_fields *fields; /* table of {columns} and {values}, or NULL */
    const char *plan;                 /* index this must use (tests/sql), or NULL */
    const char *sql;
};

/* What a program may do to one table; a zone is a list of these, ended by table NULL. */
#define DESK_CAN_READ   1u
#define DESK_CAN_INSERT 2u
#define DESK_CAN_UPDATE 4u
#define DESK_CAN_DELETE 8u
#define DESK_CAN_KEY    16u /* read id and …_id only: parents and children of what it writes */
struct desk_zone_row {
    const char *table; /* "*" = any */
    unsigned can;
};

struct desk_db_options {
    const char *path;
    const struct desk_query *queries; /* array of n_queries, static */
    size_t n_queries;
    const struct desk_zone_row *zone; /* NULL = everything (the machine's admin) */
    const struct desk_key *key;       /* for sealing; outlives the connection */
    int busy_ms;                      /* longest wait for a lock; 0 = 5000 */
    bool create;                      /* make the file if it is missing */
    /* While the database is known to be locked (a wait of busy_ms was in vain, and none has had the
     * lock since) wait only a sixth of busy_ms: many callers must not queue up behind each other's
     * waits. For who has another answer ready. */
    bool impatient;
};

/* Opens and sets the pragmas (WAL, foreign keys, synchronous NORMAL, trusted_schema off).
 * DESK_ENOTFOUND if the file is missing and !create. *out is NULL on failure. */
DESK_MUST enum desk_rc desk_db_open(struct desk_db **out, const struct desk_db_options *opt);
void desk_db_close(struct desk_db *db); /* NULL is fine */

const struct desk_key *desk_db_key(const struct desk_db *db);

/* fn runs once, inside the next transaction that is about to commit, after all of its writes; what
 * it fails with ends the transaction instead. NULL: it is not wanted any more. Is it still to come?
 */
void desk_db_before_commit(struct desk_db *db, enum desk_rc (*fn)(void *ctx), void *ctx);
bool desk_db_before_commit_waits(const struct desk_db *db);

/* Read-only from now on (GET requests of the admin zone), until called with false. */
void desk_db_readonly(struct desk_db *db, bool on);

/* While on, all reads see the database as it was at the first of them: one transaction, in place of
 * one for each statement. A transaction that is begun to write ends it. */
void desk_db_snapshot(struct desk_db *db, bool on);

/* While on, DESK_F_PII columns are not opened: they are read as NULL. For who may see rows, but not
 * whose they are. Never while a row is read to be written back. */
void desk_db_sealed(struct desk_db *db, bool on);

/* ---- arguments: bound to $1, $2, … in order -------------------------------------------------- */
enum desk_arg_kind { DESK_ARG_TEXT, DESK_ARG_INT, DESK_ARG_NULL, DESK_ARG_SEALED };
struct desk_arg {
    enum desk_arg_kind kind;
    const char *text; /* TEXT, SEALED; NULL binds NULL */
    int64_t num;
    const struct desk_fields *fields; /* SEALED: whose column */
    const char *column, *row_id;
};
#define DESK_T(s)    ((struct desk_arg){.kind = DESK_ARG_TEXT, .text = (s)})
#define DESK_I(i)    ((struct desk_arg){.kind = DESK_ARG_INT, .num = (i)})
#define DESK_NULLARG ((struct desk_arg){.kind = DESK_ARG_NULL})
/* A value for a sealed column of the row with that id. */
#define DESK_SEAL(f, col, id, s)                                                                   \
    ((struct desk_arg){                                                                            \
        .kind = DESK_ARG_SEALED, .text = (s), .fields = (f), .column = (col), .row_id = (id)})
#define DESK_ARGS(...)                                                                             \
    (const struct desk_arg[]){__VA_ARGS__},                                                        \
        sizeof((const struct desk_arg[]){__VA_ARGS__}) / sizeof(struct desk_arg)
#define DESK_NOARGS NULL, 0

/* ---- statements (q: enum desk_query_id) ------------------------------------------------------ */

/* Run to the end, ignoring rows. changed may be NULL: rows inserted, updated or deleted.
 * DESK_ECONFLICT on a unique key or when a trigger refuses the row, DESK_EINVAL when the row breaks
 * another rule of its table (no such parent, a value missing or out of its list), DESK_EBUSY on a
 * lock. */
DESK_MUST enum desk_rc desk_db_exec(struct desk_db *db, unsigned q, const struct desk_arg *args,
                                    size_t n, int64_t *changed);

/* Insert one struct through its field table; the query has {columns} and {values}. A query with
 * ON CONFLICT DO NOTHING gives DESK_ECONFLICT when the row was there already. */
DESK_MUST enum desk_rc desk_db_insert(struct desk_db *db, unsigned q, const void *row);

/* First row into *out by column name (strings live in the arena). DESK_ENOTFOUND if there is none.
 * Columns the table does not know are ignored; missing ones leave zero. */
DESK_MUST enum desk_rc desk_db_row(struct desk_db *db, unsigned q, const struct desk_arg *args,
                                   size_t n, const struct desk_fields *f, struct desk_arena *a,
                                   void *out);

/* All rows (at most max) into an array of structs in the arena. *count may be 0. */
DESK_MUST enum desk_rc desk_db_rows(struct desk_db *db, unsigned q, const struct desk_arg *args,
                                    size_t n, const struct desk_fields *f, struct desk_arena *a,
                                    size_t max, void **out, size_t *count);

/* Each row in turn to fn, which may end the reading by returning a failure (given back) or
 * DESK_DONE. row and a, in which its strings live, are emptied for the next one: many rows need the
 * memory of one. fn may read on this connection, but not run q again, and nothing may write. args:
 * none of them may live in a. */
typedef enum desk_rc desk_db_each_fn(void *ctx, const void *row);
DESK_MUST enum desk_rc desk_db_each(struct desk_db *db, unsigned q, const struct desk_arg *args,
                                    size_t n, const struct desk_fields *f, struct desk_arena *a,
                                    desk_db_each_fn *fn, void *ctx);

/* First column of the first row. DESK_ENOTFOUND if there is none. */
DESK_MUST enum desk_rc desk_db_int(struct desk_db *db, unsigned q, const struct desk_arg *args,
                                   size_t n, int64_t *out);

/* ---- transactions ---------------------------------------------------------------------------- */
#define DESK_TX_BEGIN(db) desk_tx_begin((db), __FILE__, __LINE__)
DESK_MUST enum desk_rc desk_tx_begin(struct desk_db *db, const char *file, int line);

/* Ends what DESK_TX_BEGIN began: commit if rc is DESK_OK or DESK_DONE, else roll back. Returns rc,
 * or the failure of the commit. */
DESK_MUST enum desk_rc desk_tx_end(struct desk_db *db, enum desk_rc rc);

/* ---- maintenance and tests ------------------------------------------------------------------- */
DESK_MUST enum desk_rc desk_db_script(struct desk_db *db, const char *sql); /* many statements */
DESK_MUST enum desk_rc desk_db_integrity(struct desk_db *db, struct desk_arena *a, char **report);
DESK_MUST enum desk_rc desk_db_prepare_check(struct desk_db *db, unsigned q, struct desk_arena *a,
                                             char **plan); /* EXPLAIN QUERY PLAN as text */
/* Statistics for the query planner, and the write-ahead log back into the file as far as readers
 * let it. Waits for nobody. */
DESK_MUST enum desk_rc desk_db_maintain(struct desk_db *db);
/* All of the database as it is at one moment into a new file, which is one file and whole (SQLite's
 * online backup, then a quick check of the copy): others go on writing meanwhile. What is sealed
 * stays sealed. DESK_ECONFLICT: there is a file of that name. DESK_ELIMIT: the disk is full. On
 * failure nothing is left there. Blocks for as long as the disk takes. */
DESK_MUST enum desk_rc desk_db_backup(struct desk_db *db, const char *path);
int64_t desk_db_data_version(struct desk_db *db); /* changes when another connection wrote */

#endif
