#include "talk/promise.h"
#include "base/clock.h"
#include "base/ids.h"
#include "store/contacts.h"
#include "store/results.h"

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
