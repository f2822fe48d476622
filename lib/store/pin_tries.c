#include "store/pin_tries.h"
#include "base/clock.h"
#include "queries.h"

#define F(member) offsetof(struct desk_pin_try, member)
static const struct desk_field pin_try_fields[] = {
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"who_key", "WhoKey", DESK_K_TEXT, F(who_key), DESK_F_HIDDEN, 0, 0, 0},
    {"failed", "Failed", DESK_K_INT, F(failed), 0, 0, 0, 0},
    {"last_at", "LastAt", DESK_K_TIME, F(last_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_pin_try_fields, "pin_try", struct desk_pin_try, pin_try_fields);
#undef F

enum desk_rc desk_pin_try_get(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                              const char *who_key, struct desk_pin_try *out)
{
    *out = (struct desk_pin_try){.tenant_id = tenant_id, .who_key = who_key};
    enum desk_rc rc =
        desk_db_row(db, DESK_Q_PIN_TRY_GET, DESK_ARGS(DESK_T(tenant_id), DESK_T(who_key)),
                    &desk_pin_try_fields, a, out);
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

enum desk_rc desk_pin_try_add(struct desk_db *db, const char *tenant_id, const char *who_key)
{
    return desk_db_exec(db, DESK_Q_PIN_TRY_ADD,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(who_key), DESK_I(desk_now_ms())), NULL);
}

enum desk_rc desk_pin_try_right(struct desk_db *db, const char *tenant_id, const char *who_key)
{
    return desk_db_exec(db, DESK_Q_PIN_TRY_RIGHT, DESK_ARGS(DESK_T(tenant_id), DESK_T(who_key)),
                        NULL);
}

enum desk_rc desk_pin_try_forget(struct desk_db *db, const char *tenant_id)
{
    return desk_db_exec(db, DESK_Q_PIN_TRY_FORGET, DESK_ARGS(DESK_T(tenant_id)), NULL);
}
