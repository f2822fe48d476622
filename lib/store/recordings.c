#include "store/recordings.h"
#include "base/clock.h"
#include "queries.h"

#define F(member) offsetof(struct desk_recording, member)
static const struct desk_field recording_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"call_id", "CallId", DESK_K_TEXT, F(call_id), 0, 0, 0, 0},
    {"kind", "Kind", DESK_K_TEXT, F(kind), 0, 0, 0, 0},
    {"state", "State", DESK_K_TEXT, F(state), 0, 0, 0, 0},
    {"path", "Path", DESK_K_TEXT, F(path), DESK_F_HIDDEN, 0, 0, 0},
    {"twilio_sid", "TwilioSid", DESK_K_TEXT, F(twilio_sid), 0, 0, 0, 0},
    {"url", "Url", DESK_K_TEXT, F(url), DESK_F_PII | DESK_F_HIDDEN, 0, 0, 0},
    {"not_here", "NotHere", DESK_K_TEXT, F(not_here), DESK_F_PII, 0, 0, 0},
    {"ms", "Ms", DESK_K_INT, F(ms), 0, 0, 0, 0},
    {"bytes", "Bytes", DESK_K_INT, F(bytes), 0, 0, 0, 0},
    {"cut", "Cut", DESK_K_TEXT, F(cut), 0, 0, 0, 0},
    {"consent", "Consent", DESK_K_TEXT, F(consent), 0, 0, 0, 0},
    {"consent_at", "ConsentAt", DESK_K_TIME, F(consent_at), 0, 0, 0, 0},
    {"started_at", "StartedAt", DESK_K_TIME, F(started_at), 0, 0, 0, 0},
    {"ended_at", "EndedAt", DESK_K_TIME, F(ended_at), 0, 0, 0, 0},
    {"erased_at", "ErasedAt", DESK_K_TIME, F(erased_at), 0, 0, 0, 0},
    {"remote_erased_at", "RemoteErasedAt", DESK_K_TIME, F(remote_erased_at), 0, 0, 0, 0},
    {"wave", "Wave", DESK_K_TEXT, F(wave), DESK_F_PII | DESK_F_HIDDEN, 0, 0, 0},
};
DESK_FIELDS(desk_recording_fields, "recording", struct desk_recording, recording_fields);
#undef F

enum desk_rc desk_recording_insert(struct desk_db *db, const struct desk_recording *r)
{
    return desk_db_insert(db, DESK_Q_RECORDING_INSERT, r);
}

enum desk_rc desk_recording_length(struct desk_db *db, const char *tenant_id,
                                   const char *twilio_sid, int64_t ms)
{
    return desk_db_exec(db, DESK_Q_RECORDING_LENGTH,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(twilio_sid), DESK_I(ms)), NULL);
}

enum desk_rc desk_recording_fetched(struct desk_db *db, const struct desk_recording *r)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(db, DESK_Q_RECORDING_FETCHED,
                                   DESK_ARGS(DESK_T(r->tenant_id), DESK_T(r->id), DESK_T(r->path),
                                             DESK_I(r->ms), DESK_I(r->bytes)),
                                   &changed);
    return !rc && !changed ? DESK_DONE : rc;
}

enum desk_rc desk_recording_not_here(struct desk_db *db, const char *tenant_id, const char *id,
                                     const char *why)
{
    return desk_db_exec(db, DESK_Q_RECORDING_NOT_HERE,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(id),
                                  DESK_SEAL(&desk_recording_fields, "not_here", id, why)),
                        NULL);
}

enum desk_rc desk_recording_remote_erased(struct desk_db *db, const char *tenant_id, const char *id)
{
    return desk_db_exec(db, DESK_Q_RECORDING_REMOTE_ERASED,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_I(desk_now_ms())), NULL);
}

enum desk_rc desk_recording_by_sid(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                   const char *twilio_sid, struct desk_recording *out)
{
    return desk_db_row(db, DESK_Q_RECORDING_BY_SID,
                       DESK_ARGS(DESK_T(tenant_id), DESK_T(twilio_sid)), &desk_recording_fields, a,
                       out);
}

enum desk_rc desk_recording_end(struct desk_db *db, const struct desk_recording *r)
{
    int64_t changed = 0, ended = r->ended_at ? r->ended_at : desk_now_ms();
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_RECORDING_END,
                     DESK_ARGS(DESK_T(r->tenant_id), DESK_T(r->id), DESK_T(r->state), DESK_I(r->ms),
                               DESK_I(r->bytes), DESK_T(r->cut), DESK_I(ended)),
                     &changed);
    return !rc && !changed ? DESK_DONE : rc;
}

enum desk_rc desk_recording_erase(struct desk_db *db, const char *tenant_id, const char *id)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(db, DESK_Q_FILE_GONE_RECORDING_OF,
                                   DESK_ARGS(DESK_T(tenant_id), DESK_T(id)), NULL);
    if (!rc)
        rc =
            desk_db_exec(db, DESK_Q_RECORDING_ERASE,
                         DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_I(desk_now_ms())), &changed);
    return !rc && !changed ? DESK_DONE : rc;
}

enum desk_rc desk_recording_get(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                const char *id, struct desk_recording *out)
{
    return desk_db_row(db, DESK_Q_RECORDING_BY_ID, DESK_ARGS(DESK_T(tenant_id), DESK_T(id)),
                       &desk_recording_fields, a, out);
}

enum desk_rc desk_recording_by_call(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                    const char *call_id, struct desk_recording **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_RECORDING_BY_CALL, DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id)),
                     &desk_recording_fields, a, 50, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_recording_list(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                 size_t max, struct desk_recording **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_RECORDING_LIST, DESK_ARGS(DESK_T(tenant_id), DESK_I((int64_t)max)),
                     &desk_recording_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_recording_open(struct desk_db *db, struct desk_arena *a, int64_t before,
                                 struct desk_recording **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_RECORDING_OPEN, DESK_ARGS(DESK_I(before)),
                                   &desk_recording_fields, a, 100, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_consent_spoken_at(struct desk_db *db, const char *tenant_id, const char *call_id,
                                    int64_t *at)
{
    *at = 0;
    enum desk_rc rc = desk_db_int(db, DESK_Q_CONSENT_SPOKEN_AT,
                                  DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id)), at);
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

enum desk_rc desk_recording_undrawn(struct desk_db *db, struct desk_arena *a, size_t max,
                                    struct desk_recording **out, size_t *n)
{
    void *rows = NULL;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_RECORDING_UNDRAWN, DESK_ARGS(DESK_I((int64_t)max)),
                                   &desk_recording_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_recording_wave(struct desk_db *db, const char *tenant_id, const char *id,
                                 const char *wave)
{
    return desk_db_exec(db, DESK_Q_RECORDING_WAVE,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(id),
                                  DESK_SEAL(&desk_recording_fields, "wave", id, wave)),
                        NULL);
}
