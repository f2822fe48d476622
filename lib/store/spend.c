#include "store/spend.h"
#include "queries.h"

#define HOUR_MS 3600000

enum desk_rc desk_spend_since_hour(struct desk_db *db, const char *tenant_id, int64_t since,
                                   int64_t *nanos)
{
    return desk_db_int(db, DESK_Q_SPEND_SINCE_HOUR,
                       DESK_ARGS(DESK_T(tenant_id), DESK_I(since / HOUR_MS)), nanos);
}

enum desk_rc desk_spend_since(struct desk_db *db, const char *tenant_id, int64_t since,
                              int64_t *nanos)
{
    return desk_db_int(db, DESK_Q_SPEND_SINCE, DESK_ARGS(DESK_T(tenant_id), DESK_I(since)), nanos);
}

enum desk_rc desk_spend_caller(struct desk_db *db, const char *tenant_id, const char *from_key,
                               int64_t since, int64_t *nanos)
{
    return desk_db_int(db, DESK_Q_SPEND_CALLER,
                       DESK_ARGS(DESK_T(tenant_id), DESK_T(from_key), DESK_I(since)), nanos);
}

enum desk_rc desk_spend_minute(struct desk_db *db, const char *tenant_id, int64_t *nanos)
{
    return desk_db_int(db, DESK_Q_SPEND_MINUTE, DESK_ARGS(DESK_T(tenant_id)), nanos);
}

enum desk_rc desk_spend_open(struct desk_db *db, const char *tenant_id, const char *from_key,
                             int64_t since, int64_t now, int64_t *ms)
{
    return desk_db_int(
        db, DESK_Q_SPEND_OPEN,
        DESK_ARGS(DESK_T(tenant_id), DESK_I(since), DESK_T(from_key ? from_key : ""), DESK_I(now)),
        ms);
}

enum desk_rc desk_spend_calls(struct desk_db *db, const char *tenant_id, const char *from_key,
                              int64_t since, int64_t *n, int64_t *urgent)
{
    enum desk_rc rc = desk_db_int(db, DESK_Q_SPEND_CALLS,
                                  DESK_ARGS(DESK_T(tenant_id), DESK_T(from_key), DESK_I(since)), n);
    return rc ? rc
              : desk_db_int(db, DESK_Q_SPEND_URGENT,
                            DESK_ARGS(DESK_T(tenant_id), DESK_T(from_key), DESK_I(since)), urgent);
}
