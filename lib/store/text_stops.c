#include "store/text_stops.h"
#include "base/clock.h"
#include "db/seal.h"
#include "queries.h"

enum desk_rc desk_text_stop(struct desk_db *db, const char *tenant_id, const char *e164,
                            const char *how)
{
    char key[DESK_BLIND_LEN];
    desk_blind(desk_db_key(db), tenant_id, e164, key);
    return desk_db_exec(
        db, DESK_Q_TEXT_STOP_ADD,
        DESK_ARGS(DESK_T(tenant_id), DESK_T(key), DESK_T(how), DESK_I(desk_now_ms())), NULL);
}

enum desk_rc desk_text_start(struct desk_db *db, const char *tenant_id, const char *e164)
{
    char key[DESK_BLIND_LEN];
    desk_blind(desk_db_key(db), tenant_id, e164, key);
    return desk_db_exec(db, DESK_Q_TEXT_STOP_REMOVE, DESK_ARGS(DESK_T(tenant_id), DESK_T(key)),
                        NULL);
}

enum desk_rc desk_text_stopped(struct desk_db *db, const char *tenant_id, const char *e164,
                               bool *yes)
{
    char key[DESK_BLIND_LEN];
    int64_t n = 0;
    desk_blind(desk_db_key(db), tenant_id, e164, key);
    enum desk_rc rc =
        desk_db_int(db, DESK_Q_TEXT_STOP_IS, DESK_ARGS(DESK_T(tenant_id), DESK_T(key)), &n);
    *yes = n > 0;
    return rc;
}
