#include "store/duty.h"
#include "store/pulse.h"
#include "queries.h"

#define F(member) offsetof(struct desk_duty, member)
static const struct desk_field fields[] = {
    {"callbacks", "Callbacks", DESK_K_INT, F(callbacks), DESK_F_EXTRA, 0, 0, 0},
    {"attention", "Attention", DESK_K_INT, F(attention), DESK_F_EXTRA, 0, 0, 0},
};
DESK_FIELDS(desk_duty_fields, "duty", struct desk_duty, fields);
#undef F

enum desk_rc desk_duty_count(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                             int64_t now, struct desk_duty *out)
{
    return desk_db_row(db, DESK_Q_DUTY_COUNT,
                       DESK_ARGS(DESK_T(tenant_id), DESK_I(now + DESK_DUTY_SOON_MS),
                                 DESK_I(now - DESK_DUTY_FAILING_MS),
                                 DESK_I(now - DESK_PULSE_LATE_MS)),
                       &desk_duty_fields, a, out);
}
