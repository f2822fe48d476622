/* What the owner must hear of at once: emergencies and escalations, one row for each that was
 * noticed, told or (within another one's five minutes) not. Writes run inside the caller's
 * transaction, with the outbox rows that tell the owner. */
#ifndef DESK_STORE_ALERTS_H
#define DESK_STORE_ALERTS_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"
#include "store/period.h"

#include <stdbool.h>
#include <stdint.h>

#define DESK_ALERT_EMERGENCY  "emergency"
#define DESK_ALERT_ESCALATION "escalation"

struct desk_alert {
    const char *id;
    const char *tenant_id;
    const char *call_id;
    const char *who_key; /* see the column: what the gate counts by */
    const char *kind;
    const char *severity; /* "P1", "P2", "P3" */
    const char *because;
    const char *words;
    bool told;
    const char *state; /* "open", "seen" */
    int64_t created_at;
    int64_t seen_at;
};
extern const struct desk_fields desk_alert_fields;

/* a->id may be NULL: made here (and not written back). */
DESK_MUST enum desk_rc desk_alert_insert(struct desk_db *db, const struct desk_alert *a);

/* Of one caller since that time, newest first, at most max. */
DESK_MUST enum desk_rc desk_alert_by_who(struct desk_db *db, struct desk_arena *a,
                                         const char *tenant_id, const char *who_key, int64_t since,
                                         size_t max, struct desk_alert **out, size_t *n);
DESK_MUST enum desk_rc desk_alert_by_call(struct desk_db *db, struct desk_arena *a,
                                          const char *tenant_id, const char *call_id,
                                          struct desk_alert **out, size_t *n);
/* Newest first. */
DESK_MUST enum desk_rc desk_alert_list(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, size_t max, struct desk_alert **out,
                                       size_t *n);
/* Emergencies (P1, P2) of that time, newest first. */
DESK_MUST enum desk_rc desk_alert_between(struct desk_db *db, struct desk_arena *a,
                                          const struct desk_period *p, struct desk_alert **out,
                                          size_t *n);
/* DESK_ENOTFOUND: no open one of that id. */
DESK_MUST enum desk_rc desk_alert_seen(struct desk_db *db, const char *tenant_id, const char *id);
/* Not seen after all. DESK_ENOTFOUND: it was not seen within the last ten minutes. */
DESK_MUST enum desk_rc desk_alert_unseen(struct desk_db *db, const char *tenant_id, const char *id);

#endif
