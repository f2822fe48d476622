#include "store/text_marks.h"
#include "base/clock.h"
#include "db/seal.h"
#include "queries.h"

#include <stddef.h>

#define DAY_MS (24LL * 3600 * 1000)

/* Faults of the number; for how long each is believed (0 = until something says otherwise). */
static const struct {
    int64_t code, for_ms;
} faults[] = {{21211, 0},      {21610, 0}, {21612, 0}, {21614, 0},
              {30003, DAY_MS}, {30004, 0}, {30005, 0}, {30006, 0}};

static int64_t holds(int64_t code, int64_t since, int64_t now)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (faults[i].code == code)
            return faults[i].for_ms && now - since > faults[i].for_ms ? 0 : code;
    return 0;
}

enum desk_rc desk_text_mark(struct desk_db *db, const char *tenant_id, const char *e164,
                            int64_t code)
{
    char key[DESK_BLIND_LEN];
    int64_t now = desk_now_ms();
    if (!holds(code, now, now))
        return DESK_OK;
    desk_blind(desk_db_key(db), tenant_id, e164, key);
    return desk_db_exec(db, DESK_Q_TEXT_MARK_PUT,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(key), DESK_I(code), DESK_I(now)), NULL);
}

enum desk_rc desk_text_unmark(struct desk_db *db, const char *tenant_id, const char *e164)
{
    char key[DESK_BLIND_LEN];
    desk_blind(desk_db_key(db), tenant_id, e164, key);
    return desk_db_exec(db, DESK_Q_TEXT_MARK_REMOVE, DESK_ARGS(DESK_T(tenant_id), DESK_T(key)),
                        NULL);
}

/* A number without a row: 0. */
static enum desk_rc read(struct desk_db *db, unsigned q, const char *tenant_id, const char *key,
                         int64_t *out)
{
    *out = 0;
    enum desk_rc rc = desk_db_int(db, q, DESK_ARGS(DESK_T(tenant_id), DESK_T(key)), out);
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

enum desk_rc desk_text_marked(struct desk_db *db, const char *tenant_id, const char *e164,
                              int64_t *code, int64_t *since)
{
    char key[DESK_BLIND_LEN];
    int64_t at = 0;
    desk_blind(desk_db_key(db), tenant_id, e164, key);
    enum desk_rc rc = read(db, DESK_Q_TEXT_MARK_CODE, tenant_id, key, code);
    if (!rc && *code)
        rc = read(db, DESK_Q_TEXT_MARK_SINCE, tenant_id, key, &at);
    if (!rc && *code)
        *code = holds(*code, at, desk_now_ms());
    if (since)
        *since = at;
    return rc;
}

enum desk_rc desk_text_by_hand(struct desk_db *db, const char *tenant_id, const char *e164,
                               int64_t until)
{
    char key[DESK_BLIND_LEN];
    desk_blind(desk_db_key(db), tenant_id, e164, key);
    return desk_db_exec(db, DESK_Q_TEXT_HAND_PUT,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(key), DESK_I(until)), NULL);
}

enum desk_rc desk_text_by_hand_until(struct desk_db *db, const char *tenant_id, const char *e164,
                                     int64_t *until)
{
    char key[DESK_BLIND_LEN];
    desk_blind(desk_db_key(db), tenant_id, e164, key);
    enum desk_rc rc = read(db, DESK_Q_TEXT_HAND_UNTIL, tenant_id, key, until);
    if (!rc && *until <= desk_now_ms())
        *until = 0;
    return rc;
}
