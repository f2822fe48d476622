#include "store/calendar_events.h"
#include "base/clock.h"
#include "db/seal.h"
#include "queries.h"

#include <stdio.h>

#define MOST 2000 /* rows at once; the queries say how many of each */

#define F(member) offsetof(struct desk_calendar_event, member)
static const struct desk_field event_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"source_id", "SourceId", DESK_K_TEXT, F(source_id), DESK_F_HIDDEN, 0, 0, 0},
    {"event_id", "EventId", DESK_K_TEXT, F(event_id), 0, 0, 0, 0},
    {"generation", "Generation", DESK_K_INT, F(generation), DESK_F_HIDDEN, 0, 0, 0},
    {"state", "State", DESK_K_TEXT, F(state), 0, 0, 0, 0},
    {"moves", "Moves", DESK_K_TEXT, F(moves), DESK_F_HIDDEN, 0, 0, 0},
    {"told", "Told", DESK_K_INT, F(told), DESK_F_HIDDEN, 0, 0, 0},
    {"etag", "Etag", DESK_K_TEXT, F(etag), DESK_F_HIDDEN, 0, 0, 0},
    {"start_at", "StartAt", DESK_K_TIME, F(start_at), 0, 0, 0, 0},
    {"end_at", "EndAt", DESK_K_TIME, F(end_at), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"updated_at", "UpdatedAt", DESK_K_TIME, F(updated_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_calendar_event_fields, "calendar_event", struct desk_calendar_event, event_fields);
#undef F

/* Google takes a-v and 0-9: hex digits are among them, and so is "fd". */
static void make_id(struct desk_db *db, const char *tenant_id, const char *appointment_id,
                    int64_t generation, char out[DESK_BLIND_LEN + 2])
{
    char text[100], hash[DESK_BLIND_LEN];
    snprintf(text, sizeof text, "event|%s|%lld", appointment_id, (long long)generation);
    desk_blind(desk_db_key(db), tenant_id, text, hash);
    snprintf(out, DESK_BLIND_LEN + 2, "fd%s", hash);
}

enum desk_rc desk_calendar_event_add(struct desk_db *db, const char *tenant_id,
                                     const char *appointment_id, const char *source_id,
                                     const char *moves)
{
    char event[DESK_BLIND_LEN + 2];
    make_id(db, tenant_id, appointment_id, 0, event);
    const struct desk_calendar_event row = {.id = appointment_id,
                                            .tenant_id = tenant_id,
                                            .source_id = source_id,
                                            .event_id = event,
                                            .state = DESK_EVENT_WANTED,
                                            .moves = moves,
                                            .created_at = desk_now_ms(),
                                            .updated_at = desk_now_ms()};
    return desk_db_insert(db, DESK_Q_CALENDAR_EVENT_ADD, &row);
}

enum desk_rc desk_calendar_event_get(struct desk_db *db, struct desk_arena *a,
                                     const char *tenant_id, const char *appointment_id,
                                     struct desk_calendar_event *out)
{
    return desk_db_row(db, DESK_Q_CALENDAR_EVENT_GET,
                       DESK_ARGS(DESK_T(tenant_id), DESK_T(appointment_id)),
                       &desk_calendar_event_fields, a, out);
}

enum desk_rc desk_calendar_event_find(struct desk_db *db, struct desk_arena *a,
                                      const char *tenant_id, const char *event_id,
                                      struct desk_calendar_event *out)
{
    return desk_db_row(db, DESK_Q_CALENDAR_EVENT_BY_EVENT,
                       DESK_ARGS(DESK_T(tenant_id), DESK_T(event_id)), &desk_calendar_event_fields,
                       a, out);
}

enum desk_rc desk_calendar_event_set(struct desk_db *db, const struct desk_calendar_event *e)
{
    return desk_db_exec(db, DESK_Q_CALENDAR_EVENT_SET,
                        DESK_ARGS(DESK_T(e->tenant_id), DESK_T(e->id), DESK_T(e->state),
                                  DESK_T(e->event_id), DESK_I(e->generation), DESK_T(e->etag),
                                  e->start_at ? DESK_I(e->start_at) : DESK_NULLARG,
                                  e->end_at ? DESK_I(e->end_at) : DESK_NULLARG,
                                  DESK_I(desk_now_ms())),
                        NULL);
}

enum desk_rc desk_calendar_event_next(struct desk_db *db, struct desk_arena *a,
                                      struct desk_calendar_event *e)
{
    char event[DESK_BLIND_LEN + 2];
    e->generation++;
    make_id(db, e->tenant_id, e->id, e->generation, event);
    e->event_id = desk_arena_strdup(a, event);
    return e->event_id ? desk_calendar_event_set(db, e) : DESK_ENOMEM;
}

enum desk_rc desk_calendar_event_told(struct desk_db *db, const char *tenant_id,
                                      const char *appointment_id, int64_t told)
{
    return desk_db_exec(db, DESK_Q_CALENDAR_EVENT_TOLD,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(appointment_id), DESK_I(told)), NULL);
}

static enum desk_rc rows(struct desk_db *db, struct desk_arena *a, unsigned q,
                         const struct desk_arg *args, size_t n_args,
                         struct desk_calendar_event **out, size_t *n)
{
    void *list;
    enum desk_rc rc =
        desk_db_rows(db, q, args, n_args, &desk_calendar_event_fields, a, MOST, &list, n);
    *out = list;
    return rc;
}

enum desk_rc desk_calendar_event_standing(struct desk_db *db, struct desk_arena *a,
                                          const char *tenant_id, const char *source_id,
                                          int64_t from, int64_t to, int64_t before,
                                          struct desk_calendar_event **out, size_t *n)
{
    return rows(
        db, a, DESK_Q_CALENDAR_EVENT_STANDING,
        DESK_ARGS(DESK_T(tenant_id), DESK_T(source_id), DESK_I(from), DESK_I(to), DESK_I(before)),
        out, n);
}

enum desk_rc desk_calendar_event_open(struct desk_db *db, struct desk_arena *a,
                                      const char *tenant_id, int64_t before,
                                      struct desk_calendar_event **out, size_t *n)
{
    return rows(db, a, DESK_Q_CALENDAR_EVENT_OPEN, DESK_ARGS(DESK_T(tenant_id), DESK_I(before)),
                out, n);
}

enum desk_rc desk_calendar_event_behind(struct desk_db *db, struct desk_arena *a,
                                        const char *tenant_id, const char *source_id, int64_t from,
                                        int64_t before, struct desk_calendar_event **out, size_t *n)
{
    return rows(db, a, DESK_Q_CALENDAR_EVENT_BEHIND,
                DESK_ARGS(DESK_T(tenant_id), DESK_T(source_id), DESK_I(from), DESK_I(before)), out,
                n);
}
