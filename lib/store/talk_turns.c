#include "store/talk_turns.h"
#include "base/clock.h"
#include "queries.h"

#define F(member) offsetof(struct desk_talk_turn, member)
static const struct desk_field talk_turn_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), DESK_F_HIDDEN, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"call_id", "CallId", DESK_K_TEXT, F(call_id), 0, 0, 0, 0},
    {"n", "N", DESK_K_INT, F(n), 0, 0, 0, 0},
    {"event", "Event", DESK_K_TEXT, F(event), 0, 0, 0, 0},
    {"text", "Text", DESK_K_TEXT, F(text), DESK_F_PII, 0, 0, 0},
    {"claim", "Claim", DESK_K_TEXT, F(claim), DESK_F_HIDDEN, 0, 0, 0},
    {"lease_until", "LeaseUntil", DESK_K_INT, F(lease_until), DESK_F_HIDDEN, 0, 0, 0},
    {"done_at", "DoneAt", DESK_K_TIME, F(done_at), 0, 0, 0, 0},
    {"brain", "Brain", DESK_K_TEXT, F(brain), 0, 0, 0, 0},
    {"trouble", "Trouble", DESK_K_TEXT, F(trouble), 0, 0, 0, 0},
    {"asks", "Asks", DESK_K_INT, F(asks), 0, 0, 0, 0},
    {"tokens_in", "TokensIn", DESK_K_INT, F(tokens_in), 0, 0, 0, 0},
    {"tokens_cached", "TokensCached", DESK_K_INT, F(tokens_cached), 0, 0, 0, 0},
    {"tokens_out", "TokensOut", DESK_K_INT, F(tokens_out), 0, 0, 0, 0},
    {"first_ms", "FirstMs", DESK_K_INT, F(first_ms), 0, 0, 0, 0},
    {"took_ms", "TookMs", DESK_K_INT, F(took_ms), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"idem_key", "IdemKey", DESK_K_TEXT, F(idem_key), DESK_F_HIDDEN, 0, 0, 0},
    {"idem_body", "IdemBody", DESK_K_TEXT, F(idem_body), DESK_F_HIDDEN, 0, 0, 0},
};
DESK_FIELDS(desk_talk_turn_fields, "talk_turn", struct desk_talk_turn, talk_turn_fields);
#undef F

#define KEY(t) DESK_T((t)->tenant_id), DESK_T((t)->call_id), DESK_I((t)->n)

enum desk_rc desk_talk_turn_add(struct desk_db *db, const struct desk_talk_turn *t)
{
    char id[DESK_ID_LEN];
    struct desk_talk_turn row = *t;
    row.id = desk_id_new(id, "talk");
    row.created_at = desk_now_ms();
    row.lease_until = row.created_at + DESK_TALK_LEASE_MS;
    return desk_db_insert(db, DESK_Q_TALK_TURN_INSERT, &row);
}

enum desk_rc desk_talk_turn_get(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                const char *call_id, int64_t n, struct desk_talk_turn *out)
{
    return desk_db_row(db, DESK_Q_TALK_TURN_GET,
                       DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id), DESK_I(n)),
                       &desk_talk_turn_fields, a, out);
}

static enum desk_rc one(enum desk_rc rc, int64_t changed)
{
    return rc ? rc : changed == 1 ? DESK_OK : DESK_ECONFLICT;
}

enum desk_rc desk_talk_turn_by_idem(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                    const char *call_id, const char *idem_key,
                                    struct desk_talk_turn *out)
{
    return desk_db_row(db, DESK_Q_TALK_TURN_BY_IDEM,
                       DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id), DESK_T(idem_key)),
                       &desk_talk_turn_fields, a, out);
}

enum desk_rc desk_talk_turn_take(struct desk_db *db, const struct desk_talk_turn *t,
                                 const char *claim)
{
    int64_t changed = 0, now = desk_now_ms();
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_TALK_TURN_TAKE,
        DESK_ARGS(KEY(t), DESK_T(claim), DESK_I(now + DESK_TALK_LEASE_MS), DESK_I(now)), &changed);
    return one(rc, changed);
}

enum desk_rc desk_talk_turn_hold(struct desk_db *db, const struct desk_talk_turn *t)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_TALK_TURN_HOLD,
        DESK_ARGS(KEY(t), DESK_T(t->claim), DESK_I(desk_now_ms() + DESK_TALK_LEASE_MS)), &changed);
    return one(rc, changed);
}

enum desk_rc desk_talk_turn_done(struct desk_db *db, const struct desk_talk_turn *t)
{
    int64_t changed = 0;
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_TALK_TURN_DONE,
                     DESK_ARGS(KEY(t), DESK_T(t->claim), DESK_I(desk_now_ms()), DESK_T(t->brain),
                               DESK_T(t->trouble), DESK_I(t->asks), DESK_I(t->tokens_in),
                               DESK_I(t->tokens_cached), DESK_I(t->tokens_out), DESK_I(t->first_ms),
                               DESK_I(t->took_ms)),
                     &changed);
    return one(rc, changed);
}

enum desk_rc desk_talk_turn_hear(struct desk_db *db, const struct desk_talk_turn *t)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_TALK_TURN_HEAR,
        DESK_ARGS(KEY(t), DESK_T(t->claim), DESK_T(t->event),
                  DESK_SEAL(&desk_talk_turn_fields, "text", t->id, t->text), DESK_T(t->idem_key),
                  DESK_T(t->idem_body), DESK_I(desk_now_ms() + DESK_TALK_LEASE_MS)),
        &changed);
    return one(rc, changed);
}

enum desk_rc desk_talk_turn_drop(struct desk_db *db, const struct desk_talk_turn *t)
{
    int64_t changed = 0;
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_TALK_TURN_DROP, DESK_ARGS(KEY(t), DESK_T(t->claim)), &changed);
    return one(rc, changed);
}
