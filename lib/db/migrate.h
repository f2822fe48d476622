/* Migrations: sql/migrations/NNNN_name.sql, compiled in, run in order, each in one transaction. */
#ifndef DESK_DB_MIGRATE_H
#define DESK_DB_MIGRATE_H

#include "db/db.h"

struct desk_migration {
    int version; /* NNNN; the last row has 0 */
    const char *file;
    const char *sql;
};

extern const struct desk_migration desk_migrations[];

int desk_migrate_latest(void);

/* Bring the schema up to version upto (0 = latest). Idempotent; safe when two processes try.
 * DESK_EINVAL when the database is newer than this program. */
DESK_MUST enum desk_rc desk_migrate(struct desk_db *db, int upto);

/* Present version (PRAGMA user_version), or -1. */
int desk_migrate_version(struct desk_db *db);

#endif
