#include "db/internal.h"
#include "db/seal.h"
#include "base/clock.h"
#include "base/log.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* One writer at a time in this process: a fair queue before SQLite's polling one. */
static pthread_mutex_t write_lock = PTHREAD_MUTEX_INITIALIZER;

/* "It is there already" is daily bread, and so is a trigger that says a time is taken; a missing
 * parent or value is a mistake and must not pass for a harmless repeat. */
static enum desk_rc constraint_rc(int code)
{
    bool there = code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
                 code == SQLITE_CONSTRAINT_TRIGGER;
    return there ? DESK_ECONFLICT : DESK_EINVAL;
}

enum desk_rc desk_sqlite_rc(struct desk_db *db, int code, const char *what)
{
    enum desk_rc rc = DESK_EINTERNAL;
    enum desk_log_level level = DESK_LOG_ERROR;
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return DESK_OK;
    case SQLITE_CONSTRAINT:
        rc = constraint_rc(code);
        level = rc == DESK_ECONFLICT ? DESK_LOG_DEBUG : DESK_LOG_ERROR;
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        rc = DESK_EBUSY;
        level = DESK_LOG_WARN;
        break;
    case SQLITE_NOMEM:
        rc = DESK_ENOMEM;
        break;
    case SQLITE_AUTH:
        rc = DESK_EFORBID;
        break;
    default:
        break;
    }
    desk_log(level, "db.failed", "what=%s code=%d msg=\"%s\"", what, code,
             db && db->sq ? sqlite3_errmsg(db->sq) : "-");
    return rc;
}

static enum desk_rc run_plain(struct desk_db *db, const char *sql)
{
    db->admin_window = true;
    int code = sqlite3_exec(db->sq, sql, NULL, NULL, NULL);
    db->admin_window = false;
    return desk_sqlite_rc(db, code, sql);
}

static const char open_pragmas[] = "PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                                   "PRAGMA trusted_schema=OFF;";

/* Turning WAL on needs the file for itself, and SQLite does not wait for that by its busy timeout:
 * several programs at their first start would fail. So we wait. */
static enum desk_rc turn_wal_on(struct desk_db *db, int busy_ms)
{
    int64_t until = desk_mono_ms() + busy_ms;
    int code;
    while ((code = sqlite3_exec(db->sq, "PRAGMA journal_mode=WAL", NULL, NULL, NULL)) ==
               SQLITE_BUSY &&
           desk_mono_ms() < until)
        usleep(2000);
    return desk_sqlite_rc(db, code, "wal");
}

enum desk_rc desk_db_open(struct desk_db **out, const struct desk_db_options *opt)
{
    enum desk_rc rc = DESK_ENOMEM;
    int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (opt->create ? SQLITE_OPEN_CREATE : 0);
    struct desk_db *db = calloc(1, sizeof *db);
    *out = NULL;
    if (!db)
        return rc;
    db->queries = opt->queries;
    db->n_queries = opt->n_queries;
    db->key = opt->key;
    db->stmts = calloc(opt->n_queries + 1, sizeof *db->stmts);
    db->columns = calloc(opt->n_queries + 1, sizeof *db->columns);
    if (!db->stmts || !db->columns)
        goto out;
    int code = sqlite3_open_v2(opt->path, &db->sq, flags, NULL);
    if (code == SQLITE_CANTOPEN && !opt->create) {
        rc = DESK_ENOTFOUND;
        goto out;
    }
    rc = desk_sqlite_rc(db, code, "open");
    if (rc)
        goto out;
    sqlite3_extended_result_codes(db->sq, 1);
    db->busy_ms = opt->busy_ms ? opt->busy_ms : 5000;
    db->impatient = opt->impatient;
    sqlite3_busy_timeout(db->sq, db->busy_ms);
    rc = turn_wal_on(db, db->busy_ms);
    if (!rc)
        rc = run_plain(db, open_pragmas);
    if (rc)
        goto out;
    db->zone = opt->zone;
    sqlite3_set_authorizer(db->sq, desk_db_authorize, db);
    *out = db;
    db = NULL;
out:
    desk_db_close(db);
    return rc;
}

void desk_db_close(struct desk_db *db)
{
    if (!db)
        return;
    if (db->in_tx) {
        enum desk_rc rc = desk_tx_end(db, DESK_EINTERNAL);
        (void)rc;
    }
    for (size_t i = 0; db->stmts && i < db->n_queries; i++)
        sqlite3_finalize(db->stmts[i]);
    for (size_t i = 0; db->columns && i < db->n_queries; i++)
        free(db->columns[i]);
    free(db->stmts);
    free(db->columns);
    sqlite3_close_v2(db->sq);
    free(db);
}

const struct desk_key *desk_db_key(const struct desk_db *db)
{
    return db->key;
}

void desk_db_sealed(struct desk_db *db, bool on)
{
    db->sealed = on;
}

void desk_db_before_commit(struct desk_db *db, enum desk_rc (*fn)(void *ctx), void *ctx)
{
    db->before_commit = fn;
    db->before_commit_ctx = ctx;
}

bool desk_db_before_commit_waits(const struct desk_db *db)
{
    return db->before_commit != NULL;
}

void desk_db_readonly(struct desk_db *db, bool on)
{
    db->readonly = on;
}

/* Neither of the two can leave anything undone: without it each statement reads by itself. */
void desk_db_snapshot(struct desk_db *db, bool on)
{
    if (on == db->snapshot || (on && db->in_tx))
        return;
    enum desk_rc rc = run_plain(db, on ? "BEGIN" : "COMMIT");
    db->snapshot = on && !rc;
}

/* ---- statements ------------------------------------------------------------------------------ */

static enum desk_rc statement(struct desk_db *db, unsigned q, sqlite3_stmt **st)
{
    *st = NULL;
    if (q >= db->n_queries)
        return DESK_EINTERNAL;
    if (!db->stmts[q]) {
        char *sql = desk_query_expand(&db->queries[q]);
        if (!sql)
            return DESK_ENOMEM;
        int code =
            sqlite3_prepare_v3(db->sq, sql, -1, SQLITE_PREPARE_PERSISTENT, &db->stmts[q], NULL);
        free(sql);
        if (code != SQLITE_OK)
            return desk_sqlite_rc(db, code, db->queries[q].name);
    }
    *st = db->stmts[q];
    if (!sqlite3_stmt_readonly(*st) && (!db->in_tx || db->readonly)) {
        desk_log(DESK_LOG_ERROR, "db.write_refused", "query=%s %s", db->queries[q].name,
                 db->readonly ? "read-only request" : "outside of a transaction");
        return db->readonly ? DESK_EFORBID : DESK_EINTERNAL;
    }
    return DESK_OK;
}

static void done(sqlite3_stmt *st)
{
    sqlite3_reset(st);
    sqlite3_clear_bindings(st);
}

/* Prepare, bind and step once; *row says whether there is a row. The caller ends with done(). */
static enum desk_rc first(struct desk_db *db, unsigned q, const struct desk_arg *args, size_t n,
                          sqlite3_stmt **st, bool *row)
{
    enum desk_rc rc = statement(db, q, st);
    if (rc) {
        *st = NULL;
        return rc;
    }
    rc = desk_stmt_bind(db, *st, args, n);
    if (rc)
        return rc;
    int code = sqlite3_step(*st);
    *row = code == SQLITE_ROW;
    return desk_sqlite_rc(db, code, db->queries[q].name);
}

enum desk_rc desk_db_exec(struct desk_db *db, unsigned q, const struct desk_arg *args, size_t n,
                          int64_t *changed)
{
    sqlite3_stmt *st;
    bool row = false;
    enum desk_rc rc = first(db, q, args, n, &st, &row);
    while (!rc && row) {
        int code = sqlite3_step(st);
        row = code == SQLITE_ROW;
        rc = desk_sqlite_rc(db, code, db->queries[q].name);
    }
    if (!rc && changed)
        *changed = sqlite3_changes64(db->sq);
    if (st)
        done(st);
    return rc;
}

enum desk_rc desk_db_insert(struct desk_db *db, unsigned q, const void *row)
{
    sqlite3_stmt *st;
    enum desk_rc rc = statement(db, q, &st);
    if (rc)
        return rc;
    rc = desk_stmt_bind_row(db, st, db->queries[q].fields, row);
    if (!rc)
        rc = desk_sqlite_rc(db, sqlite3_step(st), db->queries[q].name);
    if (!rc && sqlite3_changes64(db->sq) == 0)
        rc = DESK_ECONFLICT;
    done(st);
    return rc;
}

enum desk_rc desk_db_row(struct desk_db *db, unsigned q, const struct desk_arg *args, size_t n,
                         const struct desk_fields *f, struct desk_arena *a, void *out)
{
    sqlite3_stmt *st;
    bool row = false;
    enum desk_rc rc = first(db, q, args, n, &st, &row);
    if (!rc)
        rc = row ? desk_stmt_read(db, st, &db->columns[q], f, a, out) : DESK_ENOTFOUND;
    if (st)
        done(st);
    return rc;
}

enum desk_rc desk_db_rows(struct desk_db *db, unsigned q, const struct desk_arg *args, size_t n,
                          const struct desk_fields *f, struct desk_arena *a, size_t max, void **out,
                          size_t *count)
{
    sqlite3_stmt *st;
    bool row = false;
    size_t cap = 0, len = 0;
    char *v = NULL;
    enum desk_rc rc = first(db, q, args, n, &st, &row);
    while (!rc && row && len < max) {
        if (len == cap) {
            size_t grown = cap ? cap * 2 : 16;
            char *bigger = desk_arena_alloc(a, grown * f->size);
            if (!bigger) {
                rc = DESK_ENOMEM;
                break;
            }
            if (len)
                memcpy(bigger, v, len * f->size);
            v = bigger;
            cap = grown;
        }
        rc = desk_stmt_read(db, st, &db->columns[q], f, a, v + len * f->size);
        len++;
        int code = rc ? SQLITE_DONE : sqlite3_step(st);
        row = code == SQLITE_ROW;
        if (!rc)
            rc = desk_sqlite_rc(db, code, db->queries[q].name);
    }
    if (st)
        done(st);
    *out = v;
    *count = rc ? 0 : len;
    return rc;
}

enum desk_rc desk_db_each(struct desk_db *db, unsigned q, const struct desk_arg *args, size_t n,
                          const struct desk_fields *f, struct desk_arena *a, desk_db_each_fn *fn,
                          void *ctx)
{
    sqlite3_stmt *st = NULL;
    bool more = false;
    void *row = malloc(f->size);
    enum desk_rc rc = row ? first(db, q, args, n, &st, &more) : DESK_ENOMEM;
    while (!rc && more) {
        desk_arena_reset(a);
        rc = desk_stmt_read(db, st, &db->columns[q], f, a, row);
        if (!rc)
            rc = fn(ctx, row);
        int code = rc ? SQLITE_DONE : sqlite3_step(st);
        more = code == SQLITE_ROW;
        if (!rc)
            rc = desk_sqlite_rc(db, code, db->queries[q].name);
    }
    if (st)
        done(st);
    free(row);
    return rc == DESK_DONE ? DESK_OK : rc;
}

enum desk_rc desk_db_int(struct desk_db *db, unsigned q, const struct desk_arg *args, size_t n,
                         int64_t *out)
{
    sqlite3_stmt *st;
    bool row = false;
    enum desk_rc rc = first(db, q, args, n, &st, &row);
    if (!rc && !row)
        rc = DESK_ENOTFOUND;
    if (!rc)
        *out = sqlite3_column_int64(st, 0);
    if (st)
        done(st);
    return rc;
}

/* ---- transactions ---------------------------------------------------------------------------- */

/* The wait for our own queue and for SQLite's lock share busy_ms: while another program holds the
 * database, many callers at once must not wait for each other's waits. */
static enum desk_rc begin_within(struct desk_db *db, int busy_ms)
{
    struct timespec until;
    int64_t started = desk_mono_ms();
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += busy_ms % 1000 * 1000000L;
    until.tv_sec += busy_ms / 1000 + until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    if (pthread_mutex_timedlock(&write_lock, &until) != 0)
        return DESK_EBUSY;
    int64_t left = busy_ms - (desk_mono_ms() - started);
    sqlite3_busy_timeout(db->sq, left > 1 ? (int)left : 1);
    enum desk_rc rc = run_plain(db, "BEGIN IMMEDIATE");
    sqlite3_busy_timeout(db->sq, db->busy_ms);
    if (rc)
        pthread_mutex_unlock(&write_lock);
    return rc;
}

#define IN_VAIN_MS 5000 /* so long a wait in vain is remembered */

static enum desk_rc begin(struct desk_db *db)
{
    static _Atomic int64_t in_vain_at; /* monotonic; 0 = the lock was had since */
    int64_t at = atomic_load(&in_vain_at);
    bool locked = at && desk_mono_ms() - at < IN_VAIN_MS;
    enum desk_rc rc = begin_within(db, db->impatient && locked ? db->busy_ms / 6 + 1 : db->busy_ms);
    if (!rc || rc == DESK_EBUSY)
        atomic_store(&in_vain_at, rc ? desk_mono_ms() : 0);
    return rc;
}

enum desk_rc desk_tx_begin(struct desk_db *db, const char *file, int line)
{
    if (db->in_tx || db->readonly) {
        desk_log(DESK_LOG_ERROR, "db.tx_refused", "at=%s:%d %s=%s:%d", file, line,
                 db->readonly ? "readonly" : "inside", db->tx_file ? db->tx_file : "-",
                 db->tx_line);
        return DESK_EINTERNAL;
    }
    desk_db_snapshot(db, false);
    enum desk_rc rc = begin(db);
    if (rc) {
        desk_log(DESK_LOG_WARN, "db.tx_failed", "at=%s:%d rc=%s", file, line, desk_rc_name(rc));
        return rc;
    }
    db->in_tx = true;
    db->tx_file = file;
    db->tx_line = line;
    return DESK_OK;
}

enum desk_rc desk_tx_end(struct desk_db *db, enum desk_rc rc)
{
    if (!db->in_tx)
        return rc ? rc : DESK_EINTERNAL;
    enum desk_rc (*last)(void *ctx) = db->before_commit;
    if (last && (rc == DESK_OK || rc == DESK_DONE)) {
        db->before_commit = NULL;
        enum desk_rc added = last(db->before_commit_ctx);
        rc = added ? added : rc;
    }
    bool commit = rc == DESK_OK || rc == DESK_DONE;
    enum desk_rc end = commit ? run_plain(db, "COMMIT") : DESK_OK;
    if ((!commit || end) && !sqlite3_get_autocommit(db->sq)) {
        enum desk_rc back = run_plain(db, "ROLLBACK");
        if (back)
            desk_log(DESK_LOG_ERROR, "db.rollback_failed", "at=%s:%d", db->tx_file, db->tx_line);
    }
    db->in_tx = false;
    pthread_mutex_unlock(&write_lock);
    return end ? end : rc;
}

/* ---- maintenance ----------------------------------------------------------------------------- */

enum desk_rc desk_db_script(struct desk_db *db, const char *sql)
{
    return run_plain(db, sql);
}

static enum desk_rc first_column(struct desk_db *db, const char *sql, int column,
                                 struct desk_arena *a, char **out)
{
    sqlite3_stmt *st = NULL;
    char *text = NULL;
    db->admin_window = true;
    int code = sqlite3_prepare_v2(db->sq, sql, -1, &st, NULL);
    db->admin_window = false;
    enum desk_rc rc = desk_sqlite_rc(db, code, "prepare");
    while (!rc && (code = sqlite3_step(st)) == SQLITE_ROW) {
        const char *line = (const char *)sqlite3_column_text(st, column);
        text = desk_arena_fmt(a, "%s%s%s", text ? text : "", text ? "\n" : "", line ? line : "");
        if (!text)
            rc = DESK_ENOMEM;
    }
    if (!rc)
        rc = desk_sqlite_rc(db, code, "step");
    sqlite3_finalize(st);
    *out = text;
    return rc;
}

enum desk_rc desk_db_integrity(struct desk_db *db, struct desk_arena *a, char **report)
{
    char *keys = NULL;
    enum desk_rc rc = first_column(db, "PRAGMA integrity_check(20)", 0, a, report);
    if (!rc)
        rc = first_column(db, "PRAGMA foreign_key_check", 0, a, &keys);
    if (!rc && keys)
        *report = desk_arena_fmt(a, "%s\nrows without their parent in: %s", *report, keys);
    return rc;
}

enum desk_rc desk_db_prepare_check(struct desk_db *db, unsigned q, struct desk_arena *a,
                                   char **plan)
{
    char *sql = desk_query_expand(&db->queries[q]);
    if (!sql)
        return DESK_ENOMEM;
    char *explain = desk_arena_fmt(a, "EXPLAIN QUERY PLAN %s", sql);
    free(sql);
    return explain ? first_column(db, explain, 3, a, plan) : DESK_ENOMEM;
}

enum desk_rc desk_db_maintain(struct desk_db *db)
{
    enum desk_rc rc = run_plain(db, "PRAGMA analysis_limit=400; PRAGMA optimize");
    return rc ? rc : run_plain(db, "PRAGMA wal_checkpoint(PASSIVE)");
}

int64_t desk_db_data_version(struct desk_db *db)
{
    sqlite3_stmt *st = NULL;
    int64_t v = 0;
    db->admin_window = true;
    if (sqlite3_prepare_v2(db->sq, "PRAGMA data_version", -1, &st, NULL) == SQLITE_OK &&
        sqlite3_step(st) == SQLITE_ROW)
        v = sqlite3_column_int64(st, 0);
    db->admin_window = false;
    sqlite3_finalize(st);
    return v;
}
