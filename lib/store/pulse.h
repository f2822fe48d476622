/* What runs leaves its pulse here, a row for each thing of the machine, so that the dashboard can
 * say what does not. Writes run inside the caller's transaction. */
#ifndef DESK_STORE_PULSE_H
#define DESK_STORE_PULSE_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdbool.h>
#include <stdint.h>

#define DESK_PULSE_WORKER "worker" /* its clock */
#define DESK_PULSE_BRIDGE "bridge" /* any of them: its loop and its thread of the database */
#define DESK_PULSE_MODEL  "model"  /* would it talk? No row: it is not asked (worker/model_watch) */

#define DESK_PULSE_BACKUP "backup" /* the last one; what: its folder */
/* of PUBLIC_BASE_URL. No row: it is not https. what: its host; took_ms: until it ends, 0 = there is
 * none that holds, and why says so */
#define DESK_PULSE_CERTIFICATE "certificate"
/* what: whose; took_ms: how far ours is ahead of it (below 0: behind) */
#define DESK_PULSE_CLOCK "clock"

#define DESK_PULSE_EVERY_MS (30 * 1000LL)     /* a program's */
#define DESK_PULSE_LATE_MS  (3 * 60 * 1000LL) /* without one for so long it does not run */

struct desk_pulse {
    const char *id;
    const char *tenant_id;
    bool ok;
    int64_t at;       /* last heard of; set by desk_pulse_set() */
    int64_t since;    /* ok or not ok since then; set by desk_pulse_set() */
    int64_t took_ms;  /* model: until it answered */
    const char *what; /* model: its engine's name */
    const char *why;  /* not ok: what it does, behind its name ("refuses the key") */
};
extern const struct desk_fields desk_pulse_fields;

DESK_MUST enum desk_rc desk_pulse_set(struct desk_db *db, const struct desk_pulse *p);
/* DESK_ENOTFOUND: it never gave one, or is not asked. */
DESK_MUST enum desk_rc desk_pulse_get(struct desk_db *db, struct desk_arena *a, const char *id,
                                      struct desk_pulse *out);
/* It is not asked any more. DESK_OK also if there was none. */
DESK_MUST enum desk_rc desk_pulse_drop(struct desk_db *db, const char *id);

#endif
