#include "talk/owner_pin.h"
#include "base/clock.h"
#include "base/ids.h"
#include "store/pin_tries.h"
#include "store/tenants.h"
#include "store/users.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define NEW_DIGITS 6

static bool is_pin(const char *text)
{
    size_t n = text ? strlen(text) : 0;
    return n >= 4 && n < DESK_PIN_LEN && strspn(text, "0123456789") == n;
}

/* ---- keeping it ------------------------------------------------------------------------------ */

enum desk_rc desk_owner_pin_hide(json_t *people)
{
    char hash[DESK_PASSWORD_HASH_LEN];
    json_t *owner = json_object_get(people, "owner");
    const char *pin = json_string_value(json_object_get(owner, "pin"));
    if (!is_pin(pin))
        return DESK_OK;
    enum desk_rc rc = desk_password_hash(pin, hash);
    if (!rc && json_object_set_new(owner, "pin", json_string(hash)))
        rc = DESK_ENOMEM;
    return rc;
}

void desk_owner_pin_new(char out[DESK_PIN_LEN])
{
    unsigned char dice[NEW_DIGITS];
    for (size_t i = 0; i < NEW_DIGITS; i++) {
        do
            desk_random(&dice[i], 1);
        while (dice[i] >= 250); /* each digit as often as another */
        out[i] = (char)('0' + dice[i] % 10);
    }
    out[NEW_DIGITS] = '\0';
}

/* The people's text with that hash (NULL: without a PIN), in the arena. */
static enum desk_rc with_pin(struct desk_arena *a, const char *people, const char *hash,
                             const char **out)
{
    json_t *root = json_loads(people && *people ? people : "{}", 0, NULL);
    json_t *owner = json_object_get(root, "owner");
    if (root && !json_is_object(owner)) {
        json_object_set_new(root, "owner", json_object());
        owner = json_object_get(root, "owner");
    }
    if (hash)
        json_object_set_new(owner, "pin", json_string(hash));
    else
        json_object_del(owner, "pin");
    char *text = owner ? json_dumps(root, JSON_COMPACT) : NULL;
    *out = text ? desk_arena_strdup(a, text) : NULL;
    free(text);
    json_decref(root);
    return *out ? DESK_OK : DESK_ENOMEM;
}

static enum desk_rc set_in_tx(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                              const char *hash)
{
    struct desk_tenant t;
    enum desk_rc rc = desk_tenant_get(db, a, tenant_id, &t);
    if (!rc)
        rc = with_pin(a, t.people, hash, &t.people);
    t.updated_at = desk_now_ms();
    if (!rc)
        rc = desk_tenant_update(db, &t);
    return rc ? rc : desk_pin_try_forget(db, tenant_id);
}

enum desk_rc desk_owner_pin_set(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                const char *pin)
{
    char hash[DESK_PASSWORD_HASH_LEN];
    if (pin && !is_pin(pin))
        return DESK_EINVAL;
    enum desk_rc rc = pin ? desk_password_hash(pin, hash) : DESK_OK;
    if (!rc)
        rc = DESK_TX_BEGIN(db);
    return rc ? rc : desk_tx_end(db, set_in_tx(db, a, tenant_id, pin ? hash : NULL));
}

/* ---- trying it ------------------------------------------------------------------------------- */

static enum desk_rc paused(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                           const char *who_key, bool *is)
{
    struct desk_pin_try t;
    enum desk_rc rc = desk_pin_try_get(db, a, tenant_id, who_key, &t);
    *is = rc || desk_pin_paused_until(t.failed, t.last_at) > desk_now_ms();
    return rc;
}

enum desk_rc desk_owner_pin_may_try(struct desk_db *db, struct desk_arena *a,
                                    const struct desk_business *b, const char *tenant_id,
                                    const char *who_key, bool *may)
{
    bool is = true;
    enum desk_rc rc =
        *b->pin && who_key && *who_key ? paused(db, a, tenant_id, who_key, &is) : DESK_OK;
    *may = !rc && !is;
    return rc;
}

/* Older rows hold the digits themselves. */
static bool right(const struct desk_business *b, const char *pin)
{
    static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER; /* 64 MiB each */
    if (b->pin[0] != '$')
        return desk_business_pin_ok(b, pin);
    pthread_mutex_lock(&one);
    bool is = desk_password_ok(b->pin, pin);
    pthread_mutex_unlock(&one);
    return is;
}

/* Counted before it is looked at. DESK_DONE: it may not be, and is not counted. */
static enum desk_rc count_in_tx(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                const char *who_key, enum desk_pin_try_end *end)
{
    struct desk_pin_try t;
    bool is = true;
    enum desk_rc rc = paused(db, a, tenant_id, who_key, &is);
    if (rc || is)
        return rc ? rc : DESK_DONE;
    rc = desk_pin_try_add(db, tenant_id, who_key);
    if (!rc)
        rc = desk_pin_try_get(db, a, tenant_id, who_key, &t);
    if (!rc)
        *end = desk_pin_paused_until(t.failed, t.last_at) ? DESK_PIN_PAUSED : DESK_PIN_WRONG;
    return rc;
}

enum desk_rc desk_owner_pin_try(struct desk_db *db, struct desk_arena *a,
                                const struct desk_business *b, const char *tenant_id,
                                const char *who_key, const char *given, enum desk_pin_try_end *end)
{
    char pin[DESK_PIN_LEN];
    bool may = false, readable = desk_pin_read(given, pin);
    *end = DESK_PIN_PAUSED;
    enum desk_rc rc = desk_owner_pin_may_try(db, a, b, tenant_id, who_key, &may);
    if (rc || !may)
        return rc;
    rc = DESK_TX_BEGIN(db);
    if (!rc)
        rc = desk_tx_end(db, count_in_tx(db, a, tenant_id, who_key, end));
    if (rc || !readable || !right(b, pin))
        return rc == DESK_DONE ? DESK_OK : rc;
    *end = DESK_PIN_RIGHT;
    rc = DESK_TX_BEGIN(db);
    return rc ? rc : desk_tx_end(db, desk_pin_try_right(db, tenant_id, who_key));
}
