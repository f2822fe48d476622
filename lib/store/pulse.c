#include "store/pulse.h"
#include "base/clock.h"
#include "queries.h"

#define MACHINE "-"

#define F(member) offsetof(struct desk_pulse, member)
static const struct desk_field fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"ok", "Ok", DESK_K_BOOL, F(ok), 0, 0, 0, 0},
    {"at", "At", DESK_K_TIME, F(at), 0, 0, 0, 0},
    {"since", "Since", DESK_K_TIME, F(since), 0, 0, 0, 0},
    {"took_ms", "TookMs", DESK_K_INT, F(took_ms), 0, 0, 0, 0},
    {"what", "What", DESK_K_TEXT, F(what), 0, 0, 0, 0},
    {"why", "Why", DESK_K_TEXT, F(why), 0, 0, 0, 0},
};
DESK_FIELDS(desk_pulse_fields, "pulse", struct desk_pulse, fields);
#undef F

enum desk_rc desk_pulse_set(struct desk_db *db, const struct desk_pulse *p)
{
    return desk_db_exec(db, DESK_Q_PULSE_SET,
                        DESK_ARGS(DESK_T(MACHINE), DESK_T(p->id), DESK_I(p->ok),
                                  DESK_I(desk_now_ms()), DESK_I(p->took_ms),
                                  p->what ? DESK_T(p->what) : DESK_NULLARG,
                                  p->why ? DESK_T(p->why) : DESK_NULLARG),
                        NULL);
}

enum desk_rc desk_pulse_get(struct desk_db *db, struct desk_arena *a, const char *id,
                            struct desk_pulse *out)
{
    return desk_db_row(db, DESK_Q_PULSE_GET, DESK_ARGS(DESK_T(MACHINE), DESK_T(id)),
                       &desk_pulse_fields, a, out);
}

enum desk_rc desk_pulse_drop(struct desk_db *db, const char *id)
{
    return desk_db_exec(db, DESK_Q_PULSE_DROP, DESK_ARGS(DESK_T(MACHINE), DESK_T(id)), NULL);
}
