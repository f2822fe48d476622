/* One row of the outbox: asked whether it may go, delivered (or asked about), and what came of it
 * written down. */
#ifndef WORKER_DELIVER_H
#define WORKER_DELIVER_H

#include "base/arena.h"
#include "db/db.h"
#include "worker/kinds.h"

/* Waits for the outside (150 s at most, most kinds 15 s) and for the database (two minutes). *r:
 * what came of it. w->arena is used and reset. */
void outbox_deliver(const struct outbox_work *w, struct desk_outbox_result *r);

/* A claimed row whose deliverer is gone. */
DESK_MUST enum desk_rc outbox_abandoned(struct desk_db *db, struct desk_arena *a,
                                        const struct desk_outbox *row);

#endif
