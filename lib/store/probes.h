/* Tests of the connections of a business (Twilio, the voice model, Telegram, Google): asked for on
 * a page, done by the worker, the last of each kept. Writes run inside the caller's transaction. */
#ifndef DESK_STORE_PROBES_H
#define DESK_STORE_PROBES_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdbool.h>
#include <stdint.h>

#define DESK_PROBES_MOST 16

struct desk_probe {
    const char *id;
    const char *tenant_id;
    const char *what;
    bool ok;
    const char *sentence; /* NULL = under way */
    int64_t asked_at, done_at;
};
extern const struct desk_fields desk_probe_fields;

/* Asks the worker for one: a row of the outbox goes with it. */
DESK_MUST enum desk_rc desk_probe_ask(struct desk_db *db, const char *tenant_id, const char *what);
/* The last of each. */
DESK_MUST enum desk_rc desk_probe_list(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, struct desk_probe **out, size_t *n);
DESK_MUST enum desk_rc desk_probe_done(struct desk_db *db, const char *tenant_id, const char *what,
                                       bool ok, const char *sentence);

#endif
