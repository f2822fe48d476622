#include "talk/ring_me.h"
#include "base/config.h"
#include "core/dialling.h"
#include "store/outbox.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

const char *desk_ring_me_cannot(const struct desk_business *b, const struct desk_callback *cb,
                                const char *from)
{
    const struct {
        bool so;
        const char *why;
    } rows[] = {
        {strcmp(cb->state, "open") != 0, "It is done already."},
        {!*desk_setting(DESK_S_TWILIO_ACCOUNT_SID), "No account to call with is set up."},
        {!desk_public_reachable(),
         "Frontdesk has no public address yet, so Twilio cannot ask it whom to call."},
        {!from, "The business has no number to call from."},
        {!b->owner->phone || !desk_may_dial(b, b->owner->phone),
         "There is no phone of yours that may be rung."},
        {!cb->number || !*cb->number, "There is no number to call back."},
        {cb->number && !desk_may_dial(b, cb->number), "That number may not be called."},
        {cb->number && b->owner->phone && strcmp(cb->number, b->owner->phone) == 0,
         "It is your own number."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].so)
            return rows[i].why;
    return NULL;
}

enum desk_rc desk_ring_me(struct desk_db *db, struct desk_arena *a, const struct desk_business *b,
                          const struct desk_callback *cb, int64_t now, const char **why)
{
    const char *from = b->numbers.n ? b->numbers.v[0] : NULL;
    *why = desk_ring_me_cannot(b, cb, from);
    if (*why)
        return DESK_OK;
    json_t *root =
        json_pack("{s:s, s:s, s:s}", "from", from, "to", b->owner->phone, "callback", cb->id);
    char *payload = root ? json_dumps(root, JSON_COMPACT) : NULL;
    const struct desk_outbox_new row = {
        .tenant_id = cb->tenant_id,
        .call_id = cb->call_id,
        .kind = DESK_OUTBOX_CALL,
        .dedupe = desk_arena_fmt(a, "ring:%s:%lld", cb->id, (long long)(now / DESK_RING_ME_MS)),
        .payload = payload,
        .priority = DESK_OUTBOX_ALERT}; /* somebody waits for it */
    enum desk_rc rc = payload && row.dedupe ? desk_outbox_add(db, &row) : DESK_ENOMEM;
    json_decref(root);
    free(payload);
    return rc == DESK_ECONFLICT ? DESK_DONE : rc;
}
