#include "store/results.h"
#include "base/clock.h"
#include "queries.h"
#include "store/word_index.h"
#include "store/pictures.h"
#include "store/webhook_events.h"

#include <string.h>
#include <time.h>

#define F(member) offsetof(struct desk_callback, member)
static const struct desk_field callback_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"call_id", "CallId", DESK_K_TEXT, F(call_id), 0, 0, 0, 0},
    {"contact_id", "ContactId", DESK_K_TEXT, F(contact_id), 0, 0, 0, 0},
    {"name", "Name", DESK_K_TEXT, F(name), DESK_F_PII, 0, 0, 0},
    {"number", "Number", DESK_K_TEXT, F(number), DESK_F_PII | DESK_F_PHONE, 0, 0, 0},
    {"number_key", "NumberKey", DESK_K_TEXT, F(number_key), DESK_F_HIDDEN, 0, 0, 0},
    {"reason", "Reason", DESK_K_TEXT, F(reason), DESK_F_PII, 0, 0, 0},
    {"when_text", "WhenText", DESK_K_TEXT, F(when_text), DESK_F_PII, 0, 0, 0},
    {"urgent", "Urgent", DESK_K_BOOL, F(urgent), 0, 0, 0, 0},
    {"state", "State", DESK_K_TEXT, F(state), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"closed_at", "ClosedAt", DESK_K_TIME, F(closed_at), 0, 0, 0, 0},
    {"kind", "Kind", DESK_K_TEXT, F(kind), 0, 0, 0, 0},
    {"address", "Address", DESK_K_TEXT, F(address), DESK_F_PII, 0, 0, 0},
    {"window_start", "WindowStart", DESK_K_TIME, F(window_start), 0, 0, 0, 0},
    {"window_end", "WindowEnd", DESK_K_TIME, F(window_end), 0, 0, 0, 0},
    {"appointment_text", "AppointmentText", DESK_K_TEXT, F(appointment_text), DESK_F_PII, 0, 0, 0},
    {"appointment_day", "AppointmentDay", DESK_K_TEXT, F(appointment_day), 0, 0, 0, 0},
    {"due_at", "DueAt", DESK_K_TIME, F(due_at), 0, 0, 0, 0},
    {"next_at", "NextAt", DESK_K_INT, F(next_at), DESK_F_HIDDEN, 0, 0, 0},
    {"told", "Told", DESK_K_INT, F(told), 0, 0, 0, 0},
    {"closed_by", "ClosedBy", DESK_K_TEXT, F(closed_by), 0, 0, 0, 0},
};
DESK_FIELDS(desk_callback_fields, "callback", struct desk_callback, callback_fields);
#undef F

#define F(member) offsetof(struct desk_message, member)
static const struct desk_field message_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"call_id", "CallId", DESK_K_TEXT, F(call_id), 0, 0, 0, 0},
    {"recording_sid", "RecordingSid", DESK_K_TEXT, F(recording_sid), 0, 0, 0, 0},
    {"recording_url", "RecordingUrl", DESK_K_TEXT, F(recording_url), DESK_F_PII | DESK_F_HIDDEN, 0,
     0, 0},
    {"seconds", "Seconds", DESK_K_INT, F(seconds), 0, 0, 0, 0},
    {"text", "Text", DESK_K_TEXT, F(text), DESK_F_PII, 0, 0, 0},
    {"words_by", "WordsBy", DESK_K_TEXT, F(words_by), 0, 0, 0, 0},
    {"no_words", "NoWords", DESK_K_TEXT, F(no_words), DESK_F_PII, 0, 0, 0},
    {"state", "State", DESK_K_TEXT, F(state), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"for_name", "ForName", DESK_K_TEXT, F(for_name), DESK_F_PII, 0, 0, 0},
    {"from_name", "FromName", DESK_K_TEXT, F(from_name), DESK_F_PII, 0, 0, 0},
    {"number", "Number", DESK_K_TEXT, F(number), DESK_F_PII | DESK_F_PHONE, 0, 0, 0},
    {"urgent", "Urgent", DESK_K_BOOL, F(urgent), 0, 0, 0, 0},
};
DESK_FIELDS(desk_message_fields, "message", struct desk_message, message_fields);
#undef F

#define F(member) offsetof(struct desk_counter, member)
static const struct desk_field counter_fields[] = {
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"name", "Name", DESK_K_TEXT, F(name), 0, 0, 0, 0},
    {"day", "Day", DESK_K_TEXT, F(day), 0, 0, 0, 0},
    {"n", "N", DESK_K_INT, F(n), 0, 0, 0, 0},
    {"last_at", "LastAt", DESK_K_TIME, F(last_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_counter_fields, "counter", struct desk_counter, counter_fields);
#undef F

enum desk_rc desk_callback_insert(struct desk_db *db, const struct desk_callback *c)
{
    enum desk_rc rc = desk_db_insert(db, DESK_Q_CALLBACK_INSERT, c);
    if (!rc && c->call_id)
        rc = desk_pictures_to_callback(db, c->tenant_id, c->call_id, c->id);
    return rc ? rc : desk_happened(db, DESK_ON_CALLBACK_CREATED, c->tenant_id, c->id, c);
}

enum desk_rc desk_callback_by_call(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                   const char *call_id, struct desk_callback **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_CALLBACK_BY_CALL, DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id)),
                     &desk_callback_fields, a, 50, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_callback_list(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                const char *state, size_t max, struct desk_callback **out,
                                size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(
        db, DESK_Q_CALLBACK_LIST, DESK_ARGS(DESK_T(tenant_id), DESK_T(state), DESK_I((int64_t)max)),
        &desk_callback_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_callback_open_count(struct desk_db *db, const char *tenant_id, int64_t *n)
{
    return desk_db_int(db, DESK_Q_CALLBACK_OPEN_COUNT, DESK_ARGS(DESK_T(tenant_id)), n);
}

enum desk_rc desk_callback_close(struct desk_db *db, const char *tenant_id, const char *id,
                                 const char *state)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_CALLBACK_CLOSE,
        DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_T(state), DESK_I(desk_now_ms())), &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}

enum desk_rc desk_callback_reopen(struct desk_db *db, const char *tenant_id, const char *id)
{
    int64_t changed = 0, since = desk_now_ms() - DESK_CALLBACK_UNDO_MS;
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_CALLBACK_REOPEN,
                     DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_I(since)), &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}

static enum desk_rc index_message(struct desk_db *db, const char *tenant_id, const char *id,
                                  int64_t at, const char *text)
{
    const char *const texts[] = {text};
    return desk_index_put(
        db, &(struct desk_doc_words){DESK_DOC_MESSAGE, tenant_id, id, at, texts, 1, NULL, false});
}

enum desk_rc desk_message_insert(struct desk_db *db, const struct desk_message *m)
{
    enum desk_rc rc = desk_db_insert(db, DESK_Q_MESSAGE_INSERT, m);
    if (!rc && m->text)
        rc = index_message(db, m->tenant_id, m->id, m->created_at, m->text);
    return rc ? rc : desk_happened(db, DESK_ON_MESSAGE_TAKEN, m->tenant_id, m->id, m);
}

enum desk_rc desk_message_length(struct desk_db *db, const char *tenant_id,
                                 const char *recording_sid, int64_t seconds)
{
    return desk_db_exec(db, DESK_Q_MESSAGE_LENGTH,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(recording_sid), DESK_I(seconds)), NULL);
}

enum desk_rc desk_message_get(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                              const char *id, struct desk_message *out)
{
    return desk_db_row(db, DESK_Q_MESSAGE_GET, DESK_ARGS(DESK_T(tenant_id), DESK_T(id)),
                       &desk_message_fields, a, out);
}

enum desk_rc desk_message_by_recording(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, const char *recording_sid,
                                       struct desk_message *out)
{
    return desk_db_row(db, DESK_Q_MESSAGE_BY_RECORDING,
                       DESK_ARGS(DESK_T(tenant_id), DESK_T(recording_sid)), &desk_message_fields, a,
                       out);
}

enum desk_rc desk_message_words(struct desk_db *db, const char *tenant_id, const char *id,
                                const char *text, const char *by)
{
    int64_t changed = 0;
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_MESSAGE_WORDS,
                     DESK_ARGS(DESK_T(tenant_id), DESK_T(id),
                               DESK_SEAL(&desk_message_fields, "text", id, text), DESK_T(by)),
                     &changed);
    if (rc || !changed)
        return rc ? rc : DESK_DONE;
    return index_message(db, tenant_id, id, desk_now_ms(), text);
}

enum desk_rc desk_message_no_words(struct desk_db *db, const char *tenant_id, const char *id,
                                   const char *why)
{
    return desk_db_exec(db, DESK_Q_MESSAGE_NO_WORDS,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(id),
                                  DESK_SEAL(&desk_message_fields, "no_words", id, why)),
                        NULL);
}

enum desk_rc desk_message_by_call(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                  const char *call_id, struct desk_message **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_MESSAGE_BY_CALL, DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id)),
                     &desk_message_fields, a, 50, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_message_mark(struct desk_db *db, const char *tenant_id, const char *id,
                               const char *from, const char *to)
{
    int64_t changed = 0;
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_MESSAGE_STATE,
                     DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_T(from), DESK_T(to)), &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}

static void today(char out[16])
{
    struct tm tm;
    time_t sec = (time_t)(desk_now_ms() / 1000);
    gmtime_r(&sec, &tm);
    strftime(out, 16, "%Y-%m-%d", &tm);
}

enum desk_rc desk_counter_add(struct desk_db *db, const char *tenant_id, const char *name)
{
    char day[16];
    today(day);
    return desk_db_exec(db, DESK_Q_COUNTER_ADD,
                        DESK_ARGS(DESK_T(tenant_id ? tenant_id : "-"), DESK_T(name), DESK_T(day),
                                  DESK_I(desk_now_ms())),
                        NULL);
}

enum desk_rc desk_counter_today(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                const char *name, int64_t *n, int64_t *last_at)
{
    char day[16];
    struct desk_counter c;
    *n = *last_at = 0;
    today(day);
    enum desk_rc rc = desk_db_row(db, DESK_Q_COUNTER_LAST,
                                  DESK_ARGS(DESK_T(tenant_id ? tenant_id : "-"), DESK_T(name)),
                                  &desk_counter_fields, a, &c);
    if (rc)
        return rc == DESK_ENOTFOUND ? DESK_OK : rc;
    *last_at = c.last_at;
    *n = strcmp(c.day, day) == 0 ? c.n : 0;
    return DESK_OK;
}

enum desk_rc desk_callback_between(struct desk_db *db, struct desk_arena *a,
                                   const struct desk_period *p, struct desk_callback **out,
                                   size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_CALLBACK_OPEN_BETWEEN, DESK_PERIOD_ARGS(p),
                                   &desk_callback_fields, a, p->max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_message_between(struct desk_db *db, struct desk_arena *a,
                                  const struct desk_period *p, struct desk_message **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_MESSAGE_NEW_BETWEEN, DESK_PERIOD_ARGS(p),
                                   &desk_message_fields, a, p->max, &rows, n);
    *out = rows;
    return rc;
}
