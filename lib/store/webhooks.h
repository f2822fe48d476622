/* Who is told of what happens, by webhook, and with which secrets it is signed. Writes run inside
 * the caller's transaction. What was sent of it stands in the outbox: rows of kind "webhook" whose
 * destination is the webhook's id (store/webhook_events.h writes them). */
#ifndef DESK_STORE_WEBHOOKS_H
#define DESK_STORE_WEBHOOKS_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdbool.h>
#include <stdint.h>

#define DESK_WEBHOOK_ON      "on"
#define DESK_WEBHOOK_OFF     "off"     /* by hand */
#define DESK_WEBHOOK_GONE    "gone"    /* it said 410 */
#define DESK_WEBHOOK_FAILING "failing" /* nothing got through for days */

#define DESK_WEBHOOK_STANDARD "standard" /* {type, timestamp, data: {…}} */
#define DESK_WEBHOOK_FLAT     "flat"     /* all in one level, local times beside: Zapier, Make */

#define DESK_WEBHOOKS_MOST  20                   /* of one business */
#define DESK_WEBHOOK_LAP_MS (24LL * 3600 * 1000) /* so long an old secret signs, too */
#define DESK_WEBHOOK_BAD_MS (72LL * 3600 * 1000) /* without success: then it is switched off */

struct desk_webhook {
    const char *id;
    const char *tenant_id;
    const char *url;
    const char *events; /* "*", or names with a space between */
    const char *format;
    bool personal;
    const char *state;
    int64_t failures, failing_since, last_ok_at, last_status;
    int64_t revision;
    int64_t created_at, updated_at;
};
extern const struct desk_fields desk_webhook_fields;

struct desk_webhook_secret {
    const char *id;
    const char *tenant_id;
    const char *webhook_id;
    const char *secret;
    int64_t created_at, ends_at;
};
extern const struct desk_fields desk_webhook_secret_fields;

/* w->id, state and times are set here; the arena keeps them. secret: to sign with (wire/webhook.h
 * makes one), kept sealed and never shown again. DESK_ELIMIT: there are as many as may be. */
DESK_MUST enum desk_rc desk_webhook_add(struct desk_db *db, struct desk_arena *a,
                                        struct desk_webhook *w, const char *secret);
DESK_MUST enum desk_rc desk_webhook_get(struct desk_db *db, struct desk_arena *a,
                                        const char *tenant_id, const char *id,
                                        struct desk_webhook *out);
/* Oldest first. */
DESK_MUST enum desk_rc desk_webhook_list(struct desk_db *db, struct desk_arena *a,
                                         const char *tenant_id, struct desk_webhook **out,
                                         size_t *n);
/* url, events, format, personal and state as w says; w->revision is the one it was read with.
 * DESK_ECONFLICT: it was changed or removed meanwhile. Switched on again, its failures are
 * forgotten. */
DESK_MUST enum desk_rc desk_webhook_update(struct desk_db *db, const struct desk_webhook *w);
DESK_MUST enum desk_rc desk_webhook_delete(struct desk_db *db, const char *tenant_id,
                                           const char *id);

/* secret: the new one; the one before signs, too, for DESK_WEBHOOK_LAP_MS, and no third one does.
 */
DESK_MUST enum desk_rc desk_webhook_rotate(struct desk_db *db, const char *tenant_id,
                                           const char *id, const char *secret);
/* Those that sign now, the newest first. */
DESK_MUST enum desk_rc desk_webhook_secrets(struct desk_db *db, struct desk_arena *a,
                                            const char *tenant_id, const char *id,
                                            struct desk_webhook_secret **out, size_t *n);

/* ---- for the worker: how it does ------------------------------------------------------------- */

DESK_MUST enum desk_rc desk_webhook_worked(struct desk_db *db, const char *tenant_id,
                                           const char *id, int64_t status);
/* gone: it is not wanted any more. last: the delivery is given up; if nothing at all got through
 * for DESK_WEBHOOK_BAD_MS the webhook is switched off. */
DESK_MUST enum desk_rc desk_webhook_failed(struct desk_db *db, const char *tenant_id,
                                           const char *id, int64_t status, bool gone, bool last);

#endif
