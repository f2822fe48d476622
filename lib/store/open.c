#include "store/open.h"
#include "store/key_check.h"
#include "base/config.h"
#include "base/log.h"
#include "base/paths.h"
#include "db/migrate.h"
#include "queries.h"

#include <stdio.h>
#include <string.h>

static struct desk_key the_key;

const struct desk_key *desk_store_the_key(void)
{
    return &the_key;
}

enum desk_rc desk_store_key(bool create, char *why, size_t n)
{
    char path[DESK_PATH_LEN];
    enum desk_rc rc = desk_key_load(&the_key, desk_path_key(path), create);
    if (rc == DESK_ENOTFOUND)
        snprintf(why, n, "There is no data key: %s is missing and FRONTDESK_DATA_KEY is not set",
                 path);
    else if (rc)
        snprintf(why, n, "The data key cannot be used: it must be 64 hex digits, readable by you");
    return rc;
}

static enum desk_rc open_path(struct desk_db **db, const char *path, enum desk_zone zone,
                              int busy_ms, bool create)
{
    struct desk_db_options opt = {.path = path,
                                  .queries = desk_queries,
                                  .n_queries = DESK_Q__MAX,
                                  .zone = desk_zone_rows(zone),
                                  .key = &the_key,
                                  .busy_ms = busy_ms,
                                  .create = create,
                                  .impatient = zone == DESK_ZONE_HOOK}; /* fail.c has an answer */
    return desk_db_open(db, &opt);
}

enum desk_rc desk_store_open(struct desk_db **db, enum desk_zone zone, int busy_ms)
{
    char path[DESK_PATH_LEN];
    enum desk_rc rc = open_path(db, desk_path_db(path), zone, busy_ms, false);
    if (rc)
        return rc;
    int version = desk_migrate_version(*db);
    if (version == desk_migrate_latest())
        return DESK_OK;
    desk_log(DESK_LOG_ERROR, "store.schema", "found=%d wanted=%d", version, desk_migrate_latest());
    desk_db_close(*db);
    *db = NULL;
    return DESK_EINVAL;
}

enum desk_rc desk_store_open_any(struct desk_db **db)
{
    char path[DESK_PATH_LEN];
    return open_path(db, desk_path_db(path), DESK_ZONE_ADMIN_CLI, 0, false);
}

enum desk_rc desk_store_key_check(struct desk_db *db)
{
    struct desk_arena *a = desk_arena_new(65536);
    struct desk_key_check row;
    if (!a)
        return DESK_ENOMEM;
    enum desk_rc rc = desk_db_row(db, DESK_Q_KEY_CHECK_GET, DESK_ARGS(DESK_T("key")),
                                  &desk_key_check_fields, a, &row);
    if (rc == DESK_EINTERNAL || (!rc && strcmp(row.proof, "frontdesk") != 0))
        rc = DESK_EAUTH;
    desk_arena_free(a);
    return rc;
}

static enum desk_rc key_check_make(struct desk_db *db)
{
    struct desk_key_check row = {.id = "key", .tenant_id = "-", .proof = "frontdesk"};
    enum desk_rc rc = DESK_TX_BEGIN(db);
    if (rc)
        return rc;
    rc = desk_db_insert(db, DESK_Q_KEY_CHECK_INSERT, &row);
    return desk_tx_end(db, rc == DESK_ECONFLICT ? DESK_OK : rc);
}

static enum desk_rc prepare(struct desk_db *db)
{
    enum desk_rc rc = desk_migrate(db, 0);
    if (rc)
        return rc;
    rc = desk_store_key_check(db);
    return rc == DESK_ENOTFOUND ? key_check_make(db) : rc;
}

enum desk_rc desk_store_create(struct desk_db **db)
{
    char path[DESK_PATH_LEN];
    enum desk_rc rc = open_path(db, desk_path_db(path), DESK_ZONE_ADMIN_CLI, 10000, true);
    if (rc)
        return rc;
    rc = prepare(*db);
    if (rc) {
        desk_db_close(*db);
        *db = NULL;
    }
    return rc;
}

enum desk_rc desk_store_memory(struct desk_db **db)
{
    enum desk_rc rc =
        desk_key_init(&the_key, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    if (!rc)
        rc = open_path(db, ":memory:", DESK_ZONE_ADMIN_CLI, 0, true);
    return rc ? rc : prepare(*db);
}
