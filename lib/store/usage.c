#include "store/usage.h"
#include "base/clock.h"
#include "base/ids.h"
#include "queries.h"

#define F(member) offsetof(struct desk_usage, member)
static const struct desk_field fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), DESK_F_HIDDEN, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"call_id", "CallId", DESK_K_TEXT, F(call_id), 0, 0, 0, 0},
    {"part", "Part", DESK_K_TEXT, F(part), 0, 0, 0, 0},
    {"model", "Model", DESK_K_TEXT, F(model), 0, 0, 0, 0},
    {"asks", "Asks", DESK_K_INT, F(asks), 0, 0, 0, 0},
    {"text_in", "TextIn", DESK_K_INT, F(text_in), 0, 0, 0, 0},
    {"text_cached", "TextCached", DESK_K_INT, F(text_cached), 0, 0, 0, 0},
    {"text_out", "TextOut", DESK_K_INT, F(text_out), 0, 0, 0, 0},
    {"audio_in", "AudioIn", DESK_K_INT, F(audio_in), 0, 0, 0, 0},
    {"audio_cached", "AudioCached", DESK_K_INT, F(audio_cached), 0, 0, 0, 0},
    {"audio_out", "AudioOut", DESK_K_INT, F(audio_out), 0, 0, 0, 0},
    {"heard_ms", "HeardMs", DESK_K_INT, F(heard_ms), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_usage_fields, "usage", struct desk_usage, fields);
#undef F

enum desk_rc desk_usage_add(struct desk_db *db, const struct desk_usage *u)
{
    char id[DESK_ID_LEN];
    struct desk_usage row = *u;
    row.id = desk_id_new(id, "use");
    row.created_at = desk_now_ms();
    return desk_db_insert(db, DESK_Q_USAGE_ADD, &row);
}

enum desk_rc desk_usage_by_call(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                const char *call_id, struct desk_usage **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_USAGE_BY_CALL, DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id)),
                     &desk_usage_fields, a, 40, &rows, n);
    *out = rows;
    return rc;
}
