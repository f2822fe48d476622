#include "store/voice_sessions.h"
#include "base/clock.h"
#include "queries.h"

#define F(member) offsetof(struct desk_voice_session, member)
static const struct desk_field voice_session_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"call_id", "CallId", DESK_K_TEXT, F(call_id), 0, 0, 0, 0},
    {"state", "State", DESK_K_TEXT, F(state), 0, 0, 0, 0},
    {"outside_key", "OutsideKey", DESK_K_TEXT, F(outside_key), DESK_F_HIDDEN, 0, 0, 0},
    {"idem_key", "IdemKey", DESK_K_TEXT, F(idem_key), DESK_F_HIDDEN, 0, 0, 0},
    {"idem_body", "IdemBody", DESK_K_TEXT, F(idem_body), DESK_F_HIDDEN, 0, 0, 0},
    {"audio", "Audio", DESK_K_TEXT, F(audio), 0, 0, 0, 0},
    {"voice", "Voice", DESK_K_TEXT, F(voice), 0, 0, 0, 0},
    {"idle_ms", "IdleMs", DESK_K_INT, F(idle_ms), 0, 0, 0, 0},
    {"expires_at", "ExpiresAt", DESK_K_TIME, F(expires_at), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"updated_at", "UpdatedAt", DESK_K_TIME, F(updated_at), 0, 0, 0, 0},
    {"ended_at", "EndedAt", DESK_K_TIME, F(ended_at), 0, 0, 0, 0},
    {"pair_key", "PairKey", DESK_K_TEXT, F(pair_key), DESK_F_HIDDEN, 0, 0, 0},
    {"asked", "Asked", DESK_K_TEXT, F(asked), DESK_F_HIDDEN, 0, 0, 0},
};
DESK_FIELDS(desk_voice_session_fields, "voice_session", struct desk_voice_session,
            voice_session_fields);
#undef F

enum desk_rc desk_voice_session_insert(struct desk_db *db, const struct desk_voice_session *s)
{
    return desk_db_insert(db, DESK_Q_VOICE_SESSION_INSERT, s);
}

static enum desk_rc one_row(struct desk_db *db, unsigned q, struct desk_arena *a,
                            const char *tenant_id, const char *key, struct desk_voice_session *out)
{
    return desk_db_row(db, q, DESK_ARGS(DESK_T(tenant_id), DESK_T(key)), &desk_voice_session_fields,
                       a, out);
}

enum desk_rc desk_voice_session_get(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                    const char *id, struct desk_voice_session *out)
{
    return one_row(db, DESK_Q_VOICE_SESSION_GET, a, tenant_id, id, out);
}

enum desk_rc desk_voice_session_by_idem(struct desk_db *db, struct desk_arena *a,
                                        const char *tenant_id, const char *idem_key,
                                        struct desk_voice_session *out)
{
    return one_row(db, DESK_Q_VOICE_SESSION_BY_IDEM, a, tenant_id, idem_key, out);
}

enum desk_rc desk_voice_session_by_outside(struct desk_db *db, struct desk_arena *a,
                                           const char *tenant_id, const char *outside_key,
                                           struct desk_voice_session *out)
{
    return one_row(db, DESK_Q_VOICE_SESSION_BY_OUTSIDE, a, tenant_id, outside_key, out);
}

enum desk_rc desk_voice_session_by_pair(struct desk_db *db, struct desk_arena *a,
                                        const char *tenant_id, const char *pair_key,
                                        struct desk_voice_session *out)
{
    return one_row(db, DESK_Q_VOICE_SESSION_BY_PAIR, a, tenant_id, pair_key, out);
}

enum desk_rc desk_voice_session_asked(struct desk_db *db, const struct desk_voice_session *s,
                                      const char *visit_id)
{
    return desk_db_exec(
        db, DESK_Q_VOICE_SESSION_ASKED,
        DESK_ARGS(DESK_T(s->tenant_id), DESK_T(s->id), DESK_T(visit_id), DESK_I(desk_now_ms())),
        NULL);
}

enum desk_rc desk_voice_session_touch(struct desk_db *db, const struct desk_voice_session *s,
                                      int64_t expires_at)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_VOICE_SESSION_TOUCH,
        DESK_ARGS(DESK_T(s->tenant_id), DESK_T(s->id), DESK_I(expires_at), DESK_I(desk_now_ms())),
        &changed);
    return rc ? rc : changed == 1 ? DESK_OK : DESK_ECONFLICT;
}

enum desk_rc desk_voice_session_end(struct desk_db *db, const struct desk_voice_session *s,
                                    const char *state, int64_t ended_at)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_VOICE_SESSION_END,
        DESK_ARGS(DESK_T(s->tenant_id), DESK_T(s->id), DESK_T(state), DESK_I(ended_at)), &changed);
    return rc ? rc : changed == 1 ? DESK_OK : DESK_ECONFLICT;
}

enum desk_rc desk_voice_session_due(struct desk_db *db, struct desk_arena *a, int64_t now,
                                    struct desk_voice_session **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_VOICE_SESSION_DUE, DESK_ARGS(DESK_I(now)),
                                   &desk_voice_session_fields, a, 100, &rows, n);
    *out = rows;
    return rc;
}
