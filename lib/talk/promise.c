#include "talk/promise.h"
#include "base/clock.h"
#include "base/ids.h"
#include "db/seal.h"
#include "store/contacts.h"
#include "store/conversation.h"
#include "store/results.h"

#include <string.h>

enum desk_rc desk_promise(struct desk_db *db, struct desk_arena *a, const struct desk_call *c,
                          const char *reason)
{
    struct desk_callback *have;
    struct desk_contact contact = {0};
    char id[DESK_ID_LEN];
    size_t n = 0;
    enum desk_rc rc = desk_callback_by_call(db, a, c->tenant_id, c->id, &have, &n);
    if (rc || n)
        return rc;
    if (c->contact_id)
        rc = desk_contact_get(db, a, c->tenant_id, c->contact_id, &contact);
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    struct desk_callback cb = {.id = desk_id_new(id, "cb"),
                               .tenant_id = c->tenant_id,
                               .call_id = c->id,
                               .contact_id = c->contact_id,
                               .name = contact.name,
                               .number = c->from_number,
                               .number_key = c->from_key,
                               .reason = reason,
                               .urgent = c->urgent,
                               .state = "open",
                               .created_at = desk_now_ms()};
    return desk_callback_insert(db, &cb);
}

/* ---- kept ------------------------------------------------------------------------------------ */

static const struct {
    const char *how, *words;
} ways[] = {
    {DESK_KEPT_CALL, "The call back that was promised was made."},
    {DESK_KEPT_TEXT, "They were written to: the call back that was promised is done."},
    {DESK_KEPT_PUT_THROUGH,
     "They called and reached somebody: the call back that was promised is done."},
};

static enum desk_rc tell(struct desk_db *db, struct desk_arena *a, const struct desk_callback *cb,
                         const char *how)
{
    struct desk_call c;
    const char *words = ways[0].words, *once = desk_arena_fmt(a, "kept:%s", cb->id);
    if (!cb->call_id)
        return DESK_OK;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (strcmp(ways[i].how, how) == 0)
            words = ways[i].words;
    enum desk_rc rc = once ? desk_call_get(db, a, cb->tenant_id, cb->call_id, &c) : DESK_ENOMEM;
    if (rc)
        return rc == DESK_ENOTFOUND ? DESK_OK : rc;
    return desk_event_add(db, c.tenant_id, c.id, c.started_at, "note", "callback_kept", words,
                          once);
}

enum desk_rc desk_promise_kept(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                               const char *number, const char *how, size_t *kept)
{
    struct desk_callback *rows = NULL;
    char key[DESK_BLIND_LEN];
    size_t n = 0;
    if (kept)
        *kept = 0;
    if (!number || !*number)
        return DESK_OK;
    desk_blind(desk_db_key(db), tenant_id, number, key);
    enum desk_rc rc = desk_callback_open_of(db, a, tenant_id, key, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        rc = desk_callback_keep(db, tenant_id, rows[i].id, how);
        if (!rc)
            rc = tell(db, a, &rows[i], how);
    }
    if (!rc && kept)
        *kept = n;
    return rc;
}
