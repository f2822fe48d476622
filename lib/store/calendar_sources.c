#include "store/calendar_sources.h"
#include "base/clock.h"
#include "db/seal.h"
#include "queries.h"

#include <stdio.h>

#define F(member) offsetof(struct desk_calendar_source, member)
static const struct desk_field source_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"kind", "Kind", DESK_K_TEXT, F(kind), 0, 0, 0, 0},
    {"main", "Main", DESK_K_BOOL, F(main), 0, 0, 0, 0},
    {"resource", "Resource", DESK_K_TEXT, F(resource), DESK_F_HIDDEN, 0, 0, 0},
    {"resource_name", "ResourceName", DESK_K_TEXT, F(resource_name), DESK_F_PII, 0, 0, 0},
    {"address", "Address", DESK_K_TEXT, F(address), DESK_F_SECRET, 0, 0, 0},
    {"address_key", "AddressKey", DESK_K_TEXT, F(address_key), DESK_F_HIDDEN, 0, 0, 0},
    {"sync_token", "SyncToken", DESK_K_TEXT, F(sync_token), DESK_F_HIDDEN, 0, 0, 0},
    {"etag", "Etag", DESK_K_TEXT, F(etag), DESK_F_HIDDEN, 0, 0, 0},
    {"modified", "Modified", DESK_K_TEXT, F(modified), DESK_F_HIDDEN, 0, 0, 0},
    {"full_at", "FullAt", DESK_K_TIME, F(full_at), DESK_F_HIDDEN, 0, 0, 0},
    {"synced_at", "SyncedAt", DESK_K_TIME, F(synced_at), 0, 0, 0, 0},
    {"failing_since", "FailingSince", DESK_K_TIME, F(failing_since), 0, 0, 0, 0},
    {"why", "Why", DESK_K_TEXT, F(why), DESK_F_PII, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"updated_at", "UpdatedAt", DESK_K_TIME, F(updated_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_calendar_source_fields, "calendar_source", struct desk_calendar_source,
            source_fields);
#undef F

#define F(member) offsetof(struct desk_calendar_busy, member)
static const struct desk_field busy_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), DESK_F_EXTRA, 0, 0, 0},
    {"start_at", "StartAt", DESK_K_TIME, F(start_at), DESK_F_EXTRA, 0, 0, 0},
    {"end_at", "EndAt", DESK_K_TIME, F(end_at), DESK_F_EXTRA, 0, 0, 0},
    {"resource", "Resource", DESK_K_TEXT, F(resource), DESK_F_EXTRA, 0, 0, 0},
};
DESK_FIELDS(desk_calendar_busy_fields, "calendar_busy", struct desk_calendar_busy, busy_fields);
#undef F

/* ---- sources --------------------------------------------------------------------------------- */

enum desk_rc desk_calendar_source_add(struct desk_db *db, const struct desk_calendar_source *s)
{
    char key[DESK_BLIND_LEN];
    struct desk_calendar_source row = *s;
    desk_blind(desk_db_key(db), s->tenant_id, s->address, key);
    row.address_key = key;
    row.created_at = row.updated_at = desk_now_ms();
    return desk_db_insert(db, DESK_Q_CALENDAR_SOURCE_ADD, &row);
}

enum desk_rc desk_calendar_source_get(struct desk_db *db, struct desk_arena *a,
                                      const char *tenant_id, const char *id,
                                      struct desk_calendar_source *out)
{
    return desk_db_row(db, DESK_Q_CALENDAR_SOURCE_GET, DESK_ARGS(DESK_T(tenant_id), DESK_T(id)),
                       &desk_calendar_source_fields, a, out);
}

enum desk_rc desk_calendar_source_list(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, struct desk_calendar_source **out,
                                       size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_CALENDAR_SOURCE_LIST, DESK_ARGS(DESK_T(tenant_id)),
                                   &desk_calendar_source_fields, a, DESK_MAX_SOURCES, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_calendar_source_main(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, struct desk_calendar_source *out)
{
    return desk_db_row(db, DESK_Q_CALENDAR_SOURCE_MAIN, DESK_ARGS(DESK_T(tenant_id)),
                       &desk_calendar_source_fields, a, out);
}

static struct desk_arg time_or_null(int64_t ms)
{
    return ms ? DESK_I(ms) : DESK_NULLARG;
}

enum desk_rc desk_calendar_source_synced(struct desk_db *db, const struct desk_calendar_source *s)
{
    return desk_db_exec(db, DESK_Q_CALENDAR_SOURCE_SYNCED,
                        DESK_ARGS(DESK_T(s->tenant_id), DESK_T(s->id), DESK_T(s->sync_token),
                                  DESK_T(s->etag), DESK_T(s->modified), time_or_null(s->full_at),
                                  DESK_I(s->synced_at)),
                        NULL);
}

enum desk_rc desk_calendar_source_failed(struct desk_db *db, const struct desk_calendar_source *s,
                                         const char *why)
{
    return desk_db_exec(db, DESK_Q_CALENDAR_SOURCE_FAILED,
                        DESK_ARGS(DESK_T(s->tenant_id), DESK_T(s->id),
                                  DESK_SEAL(&desk_calendar_source_fields, "why", s->id, why),
                                  DESK_I(desk_now_ms())),
                        NULL);
}

enum desk_rc desk_calendar_source_drop(struct desk_db *db, const char *tenant_id, const char *id)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(db, DESK_Q_CALENDAR_SOURCE_DROP,
                                   DESK_ARGS(DESK_T(tenant_id), DESK_T(id)), &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}

/* ---- what is taken --------------------------------------------------------------------------- */

/* Ids of others' events may be long, and tell of them. */
static void busy_id(struct desk_db *db, const struct desk_calendar_source *s, const char *event,
                    char out[DESK_BLIND_LEN])
{
    char text[2400];
    snprintf(text, sizeof text, "busy|%s|%s", s->id, event);
    desk_blind(desk_db_key(db), s->tenant_id, text, out);
}

enum desk_rc desk_calendar_busy_put(struct desk_db *db, const struct desk_calendar_source *s,
                                    const char *event, int64_t start_at, int64_t end_at,
                                    int64_t seen_at)
{
    char id[DESK_BLIND_LEN];
    busy_id(db, s, event, id);
    return desk_db_exec(db, DESK_Q_CALENDAR_BUSY_PUT,
                        DESK_ARGS(DESK_T(id), DESK_T(s->tenant_id), DESK_T(s->id), DESK_I(start_at),
                                  DESK_I(end_at), DESK_I(seen_at)),
                        NULL);
}

enum desk_rc desk_calendar_busy_remove(struct desk_db *db, const struct desk_calendar_source *s,
                                       const char *event)
{
    char id[DESK_BLIND_LEN];
    busy_id(db, s, event, id);
    return desk_db_exec(db, DESK_Q_CALENDAR_BUSY_REMOVE,
                        DESK_ARGS(DESK_T(s->tenant_id), DESK_T(id)), NULL);
}

enum desk_rc desk_calendar_busy_unseen(struct desk_db *db, const struct desk_calendar_source *s,
                                       int64_t since)
{
    return desk_db_exec(db, DESK_Q_CALENDAR_BUSY_UNSEEN,
                        DESK_ARGS(DESK_T(s->tenant_id), DESK_T(s->id), DESK_I(since)), NULL);
}

enum desk_rc desk_calendar_busy_count(struct desk_db *db, const struct desk_calendar_source *s,
                                      int64_t *n)
{
    return desk_db_int(db, DESK_Q_CALENDAR_BUSY_COUNT,
                       DESK_ARGS(DESK_T(s->tenant_id), DESK_T(s->id)), n);
}

enum desk_rc desk_calendar_busy_between(struct desk_db *db, struct desk_arena *a,
                                        const char *tenant_id, int64_t from, int64_t to, size_t max,
                                        struct desk_calendar_busy **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_CALENDAR_BUSY_BETWEEN,
                     DESK_ARGS(DESK_T(tenant_id), DESK_I(from), DESK_I(to), DESK_I((int64_t)max)),
                     &desk_calendar_busy_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}
