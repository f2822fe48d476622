#include "store/login_tries.h"
#include "base/clock.h"
#include "db/seal.h"
#include "queries.h"

#include <stdio.h>
#include <string.h>

#define NOBODY "-" /* tenant_id: who stands at the door has none yet */

#define F(member) offsetof(struct desk_login_try, member)
static const struct desk_field login_try_fields[] = {
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"who_key", "WhoKey", DESK_K_TEXT, F(who_key), DESK_F_HIDDEN, 0, 0, 0},
    {"failed", "Failed", DESK_K_INT, F(failed), 0, 0, 0, 0},
    {"last_at", "LastAt", DESK_K_TIME, F(last_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_login_try_fields, "login_try", struct desk_login_try, login_try_fields);
#undef F

/* The three that one try counts for, and how often each may be wrong. */
enum { NAME_HERE, NAME, ADDRESS, KEYS };
static const int64_t most[KEYS] = {
    [NAME_HERE] = DESK_LOGIN_TRIES,
    [NAME] = DESK_LOGIN_TRIES_MANY,
    [ADDRESS] = DESK_LOGIN_TRIES_MANY,
};

/* Of an IPv6 address the first four groups: who has one has all behind them. */
static void network(const char *address, char out[64])
{
    size_t n = 0, colons = 0;
    bool v6 = strchr(address, ':') != NULL;
    for (; address[n] && n < 63 && !(v6 && address[n] == ':' && ++colons == 4); n++)
        out[n] = address[n];
    out[n] = '\0';
}

static void keys(struct desk_db *db, const char *login, const char *address,
                 char out[KEYS][DESK_BLIND_LEN])
{
    char from[64], what[DESK_HASH_LEN + 80], name[DESK_HASH_LEN];
    network(address ? address : "", from);
    desk_token_hash(login, name); /* whatever was typed, it is as long as this */
    snprintf(what, sizeof what, "%s|%s", name, from);
    desk_blind(desk_db_key(db), "login_try.both", what, out[NAME_HERE]);
    desk_blind(desk_db_key(db), "login_try.name", name, out[NAME]);
    desk_blind(desk_db_key(db), "login_try.from", from, out[ADDRESS]);
}

enum desk_rc desk_login_locked(struct desk_db *db, struct desk_arena *a, const char *login,
                               const char *address, bool *locked)
{
    char k[KEYS][DESK_BLIND_LEN];
    struct desk_login_try t;
    int64_t since = desk_now_ms() - DESK_LOGIN_LOCKED_MS;
    keys(db, login, address, k);
    *locked = false;
    for (size_t i = 0; i < KEYS && !*locked; i++) {
        enum desk_rc rc =
            desk_db_row(db, DESK_Q_LOGIN_TRY_GET, DESK_ARGS(DESK_T(NOBODY), DESK_T(k[i])),
                        &desk_login_try_fields, a, &t);
        if (rc && rc != DESK_ENOTFOUND)
            return rc;
        *locked = !rc && t.failed >= most[i] && t.last_at >= since;
    }
    return DESK_OK;
}

enum desk_rc desk_login_failed(struct desk_db *db, const char *login, const char *address)
{
    char k[KEYS][DESK_BLIND_LEN];
    int64_t now = desk_now_ms();
    enum desk_rc rc = DESK_OK;
    keys(db, login, address, k);
    for (size_t i = 0; i < KEYS && !rc; i++)
        rc = desk_db_exec(db, DESK_Q_LOGIN_TRY_ADD,
                          DESK_ARGS(DESK_T(NOBODY), DESK_T(k[i]), DESK_I(now),
                                    DESK_I(now - DESK_LOGIN_LOCKED_MS)),
                          NULL);
    return rc;
}

enum desk_rc desk_login_right(struct desk_db *db, const char *login, const char *address)
{
    char k[KEYS][DESK_BLIND_LEN];
    enum desk_rc rc = DESK_OK;
    keys(db, login, address, k);
    for (size_t i = 0; i < ADDRESS && !rc; i++)
        rc =
            desk_db_exec(db, DESK_Q_LOGIN_TRY_RIGHT, DESK_ARGS(DESK_T(NOBODY), DESK_T(k[i])), NULL);
    return rc;
}

enum desk_rc desk_login_purge(struct desk_db *db)
{
    return desk_db_exec(db, DESK_Q_LOGIN_TRY_PURGE,
                        DESK_ARGS(DESK_I(desk_now_ms() - DESK_LOGIN_LOCKED_MS)), NULL);
}
