#include "store/appointments.h"
#include "base/clock.h"
#include "base/limits.h"
#include "queries.h"
#include "store/webhook_events.h"

#include <stdio.h>
#include <string.h>

#define F(member) offsetof(struct desk_appointment, member)
static const struct desk_field appointment_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"location_id", "LocationId", DESK_K_TEXT, F(location_id), DESK_F_HIDDEN, 0, 0, 0},
    {"contact_id", "ContactId", DESK_K_TEXT, F(contact_id), 0, 0, 0, 0},
    {"call_id", "CallId", DESK_K_TEXT, F(call_id), 0, 0, 0, 0},
    {"service", "Service", DESK_K_TEXT, F(service), 0, 0, 0, 0},
    {"service_name", "ServiceName", DESK_K_TEXT, F(service_name), 0, 0, 0, 0},
    {"resource", "Resource", DESK_K_TEXT, F(resource), DESK_F_HIDDEN, 0, 0, 0},
    {"resource_name", "ResourceName", DESK_K_TEXT, F(resource_name), DESK_F_PII, 0, 0, 0},
    {"status", "Status", DESK_K_TEXT, F(status), 0, 0, 0, 0},
    {"start_at", "StartAt", DESK_K_TIME, F(start_at), 0, 0, 0, 0},
    {"end_at", "EndAt", DESK_K_TIME, F(end_at), 0, 0, 0, 0},
    {"busy_until", "BusyUntil", DESK_K_TIME, F(busy_until), DESK_F_HIDDEN, 0, 0, 0},
    {"hold_until", "HoldUntil", DESK_K_TIME, F(hold_until), DESK_F_HIDDEN, 0, 0, 0},
    {"name", "Name", DESK_K_TEXT, F(name), DESK_F_PII, 0, 0, 0},
    {"number", "Number", DESK_K_TEXT, F(number), DESK_F_PII | DESK_F_PHONE, 0, 0, 0},
    {"number_key", "NumberKey", DESK_K_TEXT, F(number_key), DESK_F_HIDDEN, 0, 0, 0},
    {"caller_key", "CallerKey", DESK_K_TEXT, F(caller_key), DESK_F_HIDDEN, 0, 0, 0},
    {"address", "Address", DESK_K_TEXT, F(address), DESK_F_PII, 0, 0, 0},
    {"notes", "Notes", DESK_K_TEXT, F(notes), DESK_F_PII, 0, 0, 0},
    {"urgent", "Urgent", DESK_K_BOOL, F(urgent), 0, 0, 0, 0},
    {"source", "Source", DESK_K_TEXT, F(source), 0, 0, 0, 0},
    {"sequence", "Sequence", DESK_K_INT, F(sequence), DESK_F_HIDDEN, 0, 0, 0},
    {"link_hash", "LinkHash", DESK_K_TEXT, F(link_hash), DESK_F_HIDDEN, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"updated_at", "UpdatedAt", DESK_K_TIME, F(updated_at), 0, 0, 0, 0},
    {"answer", "Answer", DESK_K_TEXT, F(answer), 0, 0, 0, 0},
    {"answer_at", "AnswerAt", DESK_K_TIME, F(answer_at), 0, 0, 0, 0},
    {"answer_by", "AnswerBy", DESK_K_TEXT, F(answer_by), 0, 0, 0, 0},
};
DESK_FIELDS(desk_appointment_fields, "appointment", struct desk_appointment, appointment_fields);
#undef F

#define F(member) offsetof(struct desk_appointment_busy, member)
static const struct desk_field busy_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), DESK_F_EXTRA, 0, 0, 0},
    {"location_id", "LocationId", DESK_K_TEXT, F(location_id), DESK_F_EXTRA, 0, 0, 0},
    {"resource", "Resource", DESK_K_TEXT, F(resource), DESK_F_EXTRA, 0, 0, 0},
    {"start_at", "StartAt", DESK_K_TIME, F(start_at), DESK_F_EXTRA, 0, 0, 0},
    {"busy_until", "BusyUntil", DESK_K_TIME, F(busy_until), DESK_F_EXTRA, 0, 0, 0},
};
DESK_FIELDS(desk_appointment_busy_fields, "appointment", struct desk_appointment_busy, busy_fields);
#undef F

#define F(member) offsetof(struct desk_calendar_feed, member)
static const struct desk_field feed_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), DESK_F_HIDDEN, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_calendar_feed_fields, "calendar_feed", struct desk_calendar_feed, feed_fields);
#undef F

#define KEYED_MAX 1200

/* Keyed hash of "kind|what". */
static void keyed(struct desk_db *db, const char *tenant_id, const char *kind, const char *what,
                  char out[DESK_BLIND_LEN])
{
    char text[KEYED_MAX];
    snprintf(text, sizeof text, "%s|%s", kind, what);
    desk_blind(desk_db_key(db), tenant_id, text, out);
}

const char *desk_appointment_id(struct desk_db *db, const char *tenant_id, const char *cause,
                                char out[DESK_ID_LEN])
{
    char key[DESK_BLIND_LEN];
    keyed(db, tenant_id, "appointment", cause, key);
    snprintf(out, DESK_ID_LEN, "ap_%s", key);
    return out;
}

void desk_appointment_resource(struct desk_db *db, const char *tenant_id, const char *what,
                               char out[DESK_BLIND_LEN])
{
    keyed(db, tenant_id, "resource", what, out);
}

void desk_appointment_link(struct desk_db *db, const char *tenant_id, const char *id,
                           char out[DESK_BLIND_LEN])
{
    keyed(db, tenant_id, "visit", id, out);
}

enum desk_rc desk_appointment_insert(struct desk_db *db, const struct desk_appointment *row)
{
    char secret[DESK_BLIND_LEN], hash[DESK_HASH_LEN];
    struct desk_appointment r = *row;
    desk_appointment_link(db, r.tenant_id, r.id, secret);
    desk_token_hash(secret, hash);
    r.link_hash = hash;
    enum desk_rc rc = desk_db_exec(db, DESK_Q_APPOINTMENT_SWEEP,
                                   DESK_ARGS(DESK_T(r.tenant_id), DESK_I(r.updated_at)), NULL);
    if (!rc)
        rc = desk_db_insert(db, DESK_Q_APPOINTMENT_INSERT, &r);
    return rc ? rc : desk_happened(db, DESK_ON_APPOINTMENT_BOOKED, r.tenant_id, r.id, &r);
}

enum desk_rc desk_appointment_get(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                  const char *id, struct desk_appointment *out)
{
    return desk_db_row(db, DESK_Q_APPOINTMENT_GET, DESK_ARGS(DESK_T(tenant_id), DESK_T(id)),
                       &desk_appointment_fields, a, out);
}

enum desk_rc desk_appointment_by_link(struct desk_db *db, struct desk_arena *a, const char *secret,
                                      struct desk_appointment *out)
{
    char hash[DESK_HASH_LEN];
    desk_token_hash(secret, hash);
    return desk_db_row(db, DESK_Q_APPOINTMENT_BY_LINK, DESK_ARGS(DESK_T(hash)),
                       &desk_appointment_fields, a, out);
}

enum desk_rc desk_appointments_between(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, int64_t from, int64_t to, bool all,
                                       size_t max, struct desk_appointment **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(
        db, DESK_Q_APPOINTMENT_BETWEEN,
        DESK_ARGS(DESK_T(tenant_id), DESK_I(from), DESK_I(to), DESK_I(all), DESK_I((int64_t)max)),
        &desk_appointment_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_appointments_busy(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                    int64_t from, int64_t to, int64_t now, size_t max,
                                    struct desk_appointment_busy **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(
        db, DESK_Q_APPOINTMENT_BUSY,
        DESK_ARGS(DESK_T(tenant_id), DESK_I(from), DESK_I(to), DESK_I(now), DESK_I((int64_t)max)),
        &desk_appointment_busy_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

/* A visit that was booked from that number for another one, and one that is of it. */
enum desk_rc desk_appointments_of_number(struct desk_db *db, struct desk_arena *a,
                                         const char *tenant_id, const char *e164, int64_t after,
                                         bool all, size_t max, struct desk_appointment **out,
                                         size_t *n)
{
    static const unsigned queries[] = {DESK_Q_APPOINTMENT_BY_NUMBER, DESK_Q_APPOINTMENT_BY_CALLER};
    char key[DESK_BLIND_LEN];
    struct desk_appointment *found = desk_arena_alloc(a, (max + 1) * sizeof *found);
    enum desk_rc rc = found ? DESK_OK : DESK_ENOMEM;
    desk_blind(desk_db_key(db), tenant_id, e164, key);
    *out = found;
    *n = 0;
    for (size_t i = 0; !rc && i < sizeof queries / sizeof *queries && *n < max; i++) {
        void *rows;
        size_t more = 0;
        rc = desk_db_rows(db, queries[i],
                          DESK_ARGS(DESK_T(tenant_id), DESK_T(key), DESK_I(after), DESK_I(all),
                                    DESK_I((int64_t)(max - *n))),
                          &desk_appointment_fields, a, max - *n, &rows, &more);
        if (!rc && more)
            memcpy(found + *n, rows, more * sizeof *found);
        *n += rc ? 0 : more;
    }
    return rc;
}

enum desk_rc desk_appointments_of_call(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, const char *call_id,
                                       struct desk_appointment **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_APPOINTMENT_BY_CALL, DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id)),
                     &desk_appointment_fields, a, 50, &rows, n);
    *out = rows;
    return rc;
}

static enum desk_rc changed_one(enum desk_rc rc, int64_t changed)
{
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}

enum desk_rc desk_appointment_move(struct desk_db *db, const struct desk_appointment *to)
{
    int64_t changed = 0, now = desk_now_ms();
    enum desk_rc rc = desk_db_exec(db, DESK_Q_APPOINTMENT_SWEEP,
                                   DESK_ARGS(DESK_T(to->tenant_id), DESK_I(now)), NULL);
    if (!rc)
        rc = desk_db_exec(db, DESK_Q_APPOINTMENT_MOVE,
                          DESK_ARGS(DESK_T(to->tenant_id), DESK_T(to->id), DESK_T(to->location_id),
                                    DESK_T(to->resource),
                                    DESK_SEAL(&desk_appointment_fields, "resource_name", to->id,
                                              to->resource_name),
                                    DESK_I(to->start_at), DESK_I(to->end_at),
                                    DESK_I(to->busy_until), DESK_I(now)),
                          &changed);
    rc = changed_one(rc, changed);
    return rc ? rc : desk_happened(db, DESK_ON_APPOINTMENT_MOVED, to->tenant_id, to->id, NULL);
}

enum desk_rc desk_appointment_end(struct desk_db *db, const char *tenant_id, const char *id,
                                  const char *status)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_APPOINTMENT_END,
        DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_T(status), DESK_I(desk_now_ms())), &changed);
    rc = changed_one(rc, changed);
    if (rc || strcmp(status, DESK_APPT_CANCELLED) != 0)
        return rc;
    return desk_happened(db, DESK_ON_APPOINTMENT_CANCELLED, tenant_id, id, NULL);
}

enum desk_rc desk_appointments_past(struct desk_db *db, int64_t ended_by, int64_t *n)
{
    return desk_db_exec(db, DESK_Q_APPOINTMENT_PAST,
                        DESK_ARGS(DESK_I(ended_by), DESK_I(desk_now_ms())), n);
}

enum desk_rc desk_appointment_confirm(struct desk_db *db, const char *tenant_id, const char *id)
{
    int64_t changed = 0;
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_APPOINTMENT_CONFIRM,
                     DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_I(desk_now_ms())), &changed);
    rc = changed_one(rc, changed);
    return rc ? rc : desk_happened(db, DESK_ON_APPOINTMENT_BOOKED, tenant_id, id, NULL);
}

enum desk_rc desk_appointment_answer(struct desk_db *db, const struct desk_appointment_said *s)
{
    int64_t changed = 0;
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_APPOINTMENT_ANSWER,
                     DESK_ARGS(DESK_T(s->tenant_id), DESK_T(s->id), DESK_I(s->start_at),
                               DESK_T(s->answer), DESK_T(s->by), DESK_I(desk_now_ms())),
                     &changed);
    return changed_one(rc, changed);
}

enum desk_rc desk_appointment_let_go(struct desk_db *db, const char *tenant_id, const char *id)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(db, DESK_Q_APPOINTMENT_DROP_HOLD,
                                   DESK_ARGS(DESK_T(tenant_id), DESK_T(id)), &changed);
    return changed_one(rc, changed);
}

/* ---- the owner's feed ------------------------------------------------------------------------ */

enum desk_rc desk_calendar_feed_new(struct desk_db *db, const char *tenant_id,
                                    char secret[DESK_TOKEN_LEN])
{
    char id[DESK_HASH_LEN];
    desk_token_new(secret);
    desk_token_hash(secret, id);
    return desk_db_exec(db, DESK_Q_CALENDAR_FEED_SET,
                        DESK_ARGS(DESK_T(id), DESK_T(tenant_id), DESK_I(desk_now_ms())), NULL);
}

enum desk_rc desk_calendar_feed_drop(struct desk_db *db, const char *tenant_id)
{
    int64_t changed = 0;
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_CALENDAR_FEED_DROP, DESK_ARGS(DESK_T(tenant_id)), &changed);
    return changed_one(rc, changed);
}

enum desk_rc desk_calendar_feed_find(struct desk_db *db, struct desk_arena *a, const char *secret,
                                     struct desk_calendar_feed *out)
{
    char id[DESK_HASH_LEN];
    desk_token_hash(secret, id);
    return desk_db_row(db, DESK_Q_CALENDAR_FEED_FIND, DESK_ARGS(DESK_T(id)),
                       &desk_calendar_feed_fields, a, out);
}
