#include "store/consents.h"
#include "base/clock.h"
#include "db/seal.h"
#include "queries.h"

enum desk_rc desk_consent_set(struct desk_db *db, const char *tenant_id, const char *e164,
                              const char *about, bool yes, const char *how)
{
    char key[DESK_BLIND_LEN];
    desk_blind(desk_db_key(db), tenant_id, e164, key);
    return desk_db_exec(db, DESK_Q_CONSENT_SET,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(key), DESK_T(about), DESK_I(yes),
                                  DESK_T(how), DESK_I(desk_now_ms())),
                        NULL);
}

enum desk_rc desk_consent_is(struct desk_db *db, const char *tenant_id, const char *e164,
                             const char *about, bool yes, bool *so)
{
    char key[DESK_BLIND_LEN];
    int64_t n = 0;
    desk_blind(desk_db_key(db), tenant_id, e164, key);
    enum desk_rc rc =
        desk_db_int(db, DESK_Q_CONSENT_IS,
                    DESK_ARGS(DESK_T(tenant_id), DESK_T(key), DESK_T(about), DESK_I(yes)), &n);
    *so = n > 0;
    return rc;
}
