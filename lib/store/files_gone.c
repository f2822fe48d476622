#include "store/files_gone.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"
#include "queries.h"
#include "store/picture_file.h"
#include "store/recording_file.h"

#include <stdio.h>
#include <string.h>

#define STEP 100

#define F(member) offsetof(struct desk_file_gone, member)
static const struct desk_field file_gone_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"kind", "Kind", DESK_K_TEXT, F(kind), 0, 0, 0, 0},
    {"path", "Path", DESK_K_TEXT, F(path), DESK_F_HIDDEN, 0, 0, 0},
};
DESK_FIELDS(desk_file_gone_fields, "file_gone", struct desk_file_gone, file_gone_fields);
#undef F

static enum desk_rc unlink_it(const struct desk_file_gone *g)
{
    struct desk_picfile f = {.path = g->path};
    if (strcmp(g->kind, DESK_FILE_RECORDING) == 0)
        return desk_recfile_remove(g->path);
    enum desk_rc rc = desk_picfile_remove(&f);
    f.small = true;
    return rc ? rc : desk_picfile_remove(&f);
}

/* *kept: some cannot be removed. */
static enum desk_rc some(struct desk_db *db, const struct desk_file_gone *g, size_t n, bool *kept)
{
    bool gone[STEP];
    for (size_t i = 0; i < n; i++) {
        enum desk_rc rc = unlink_it(&g[i]);
        gone[i] = !rc;
        *kept = *kept || rc;
        if (rc)
            desk_log(DESK_LOG_WARN, "file.stays", "kind=%s path=%s rc=%s", g[i].kind, g[i].path,
                     desk_rc_name(rc));
    }
    enum desk_rc rc = DESK_TX_BEGIN(db);
    if (rc)
        return rc;
    for (size_t i = 0; !rc && i < n; i++)
        if (gone[i])
            rc = desk_db_exec(db, DESK_Q_FILE_GONE_END,
                              DESK_ARGS(DESK_T(g[i].tenant_id), DESK_T(g[i].id)), NULL);
    return desk_tx_end(db, rc);
}

enum desk_rc desk_files_gone_remove(struct desk_db *db, struct desk_arena *a, size_t *n)
{
    void *rows;
    size_t found = STEP;
    char last[DESK_ID_LEN] = "";
    bool kept = false;
    enum desk_rc rc = DESK_OK;
    for (*n = 0; !rc && found == STEP; *n += rc ? 0 : found) {
        desk_arena_reset(a);
        rc = desk_db_rows(db, DESK_Q_FILE_GONE_LIST, DESK_ARGS(DESK_T(last), DESK_I(STEP)),
                          &desk_file_gone_fields, a, STEP, &rows, &found);
        const struct desk_file_gone *g = rows;
        if (rc || !found)
            break;
        snprintf(last, sizeof last, "%s", g[found - 1].id);
        rc = some(db, g, found, &kept);
    }
    return rc ? rc : kept ? DESK_EINTERNAL : DESK_OK;
}

enum desk_rc desk_files_since(struct desk_db *db, int64_t *ms)
{
    return desk_db_int(db, DESK_Q_FILE_GONE_SINCE, DESK_ARGS(DESK_I(desk_now_ms())), ms);
}

enum desk_rc desk_file_known(struct desk_db *db, const char *kind, const char *id, bool *known)
{
    int64_t rows = 0;
    bool picture = strcmp(kind, DESK_FILE_PICTURE) == 0;
    enum desk_rc rc =
        desk_db_int(db, picture ? DESK_Q_FILE_GONE_PICTURE : DESK_Q_FILE_GONE_RECORDING,
                    DESK_ARGS(DESK_T(id)), &rows);
    *known = rows > 0;
    return rc;
}
