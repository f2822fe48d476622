/* Shared inside lib/db only. */
#ifndef DESK_DB_INTERNAL_H
#define DESK_DB_INTERNAL_H

#include "db/db.h"
#include "db/fields.h"

#include <sqlite3.h>

/* Which field each column of a query is read into, found by name once. */
struct desk_columns {
    const struct desk_fields *f;
    int n;
    struct {
        const struct desk_field *field; /* NULL = nobody reads it */
        int id; /* of a sealed one: the column with its row's id; -1 = none */
    } v[];
};

struct desk_db {
    sqlite3 *sq;
    sqlite3_stmt **stmts;          /* by query id, prepared on first use */
    struct desk_columns **columns; /* of the same, at the first row */
    const struct desk_query *queries;
    size_t n_queries;
    const struct desk_zone_row *zone;
    const struct desk_key *key;
    enum desk_rc (*before_commit)(void *ctx); /* once, in the next transaction that commits */
    void *before_commit_ctx;
    bool readonly, in_tx, admin_window; /* admin_window: migrations and pragmas of our own */
    bool sealed;                        /* desk_db_sealed() */
    bool snapshot;                      /* desk_db_snapshot() */
    bool impatient;
    int busy_ms; /* longest wait for a transaction to begin, both queues together */
    const char *tx_file;
    int tx_line;
};

enum desk_rc desk_sqlite_rc(struct desk_db *db, int code, const char *what);
int desk_db_authorize(void *ctx, int action, const char *a, const char *b, const char *dbname,
                      const char *trigger);

/* {columns}, {values} replaced from the field table, $1 by ?1 (which SQLite binds by its number: $1
 * is a name to it, to be looked up each time); malloc'd. */
char *desk_query_expand(const struct desk_query *q);

enum desk_rc desk_stmt_bind(struct desk_db *db, sqlite3_stmt *st, const struct desk_arg *args,
                            size_t n);
enum desk_rc desk_stmt_bind_row(struct desk_db *db, sqlite3_stmt *st, const struct desk_fields *f,
                                const void *row);
/* The row it stands on, as one of f. c: of the statement, made here at its first row. */
enum desk_rc desk_stmt_read(struct desk_db *db, sqlite3_stmt *st, struct desk_columns **c,
                            const struct desk_fields *f, struct desk_arena *a, void *out);

#endif
