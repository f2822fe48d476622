#include "db/migrate.h"
#include "db/internal.h"
#include "base/log.h"

#include <stdio.h>

int desk_migrate_latest(void)
{
    int v = 0;
    for (const struct desk_migration *m = desk_migrations; m->version; m++)
        v = m->version;
    return v;
}

int desk_migrate_version(struct desk_db *db)
{
    sqlite3_stmt *st = NULL;
    int v = -1;
    db->admin_window = true;
    if (sqlite3_prepare_v2(db->sq, "PRAGMA user_version", -1, &st, NULL) == SQLITE_OK &&
        sqlite3_step(st) == SQLITE_ROW)
        v = sqlite3_column_int(st, 0);
    db->admin_window = false;
    sqlite3_finalize(st);
    return v;
}

/* The version is read again inside the transaction: another process may have been quicker. */
static enum desk_rc migrate_one(struct desk_db *db, const struct desk_migration *m)
{
    char mark[48];
    enum desk_rc rc = DESK_TX_BEGIN(db);
    if (rc)
        return rc;
    if (desk_migrate_version(db) < m->version) {
        snprintf(mark, sizeof mark, "PRAGMA user_version=%d", m->version);
        rc = desk_db_script(db, m->sql);
        if (!rc)
            rc = desk_db_script(db, mark);
        if (!rc)
            desk_log(DESK_LOG_NOTICE, "db.migrated", "file=%s", m->file);
    }
    return desk_tx_end(db, rc);
}

enum desk_rc desk_migrate(struct desk_db *db, int upto)
{
    int now = desk_migrate_version(db);
    enum desk_rc rc = DESK_OK;
    if (now > desk_migrate_latest()) {
        desk_log(DESK_LOG_ERROR, "db.too_new", "schema=%d program=%d", now, desk_migrate_latest());
        return DESK_EINVAL;
    }
    for (const struct desk_migration *m = desk_migrations; !rc && m->version; m++)
        if (m->version > now && (!upto || m->version <= upto))
            rc = migrate_one(db, m);
    return rc;
}
