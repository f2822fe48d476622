/* The guard over money and loops (core/spend.h) on a business's own rows and settings: how a new
 * call is answered, what is spent, and that the owner hears of it. Blocks on the database. */
#ifndef DESK_TALK_SPEND_H
#define DESK_TALK_SPEND_H

#include "base/tz.h"
#include "core/spend.h"
#include "db/db.h"
#include "store/calls.h"

#define DESK_SPEND_ACTION_RECORD "guard_message" /* call.action: what the guard made of it */
#define DESK_SPEND_ACTION_RING   "guard_ring"

/* What the business has set. */
DESK_MUST enum desk_rc desk_spend_limits(struct desk_db *db, struct desk_arena *a,
                                         const char *tenant_id, struct desk_spend_limits *out);

/* What is spent by now, as far as limits ask for it (all: whether or not they do). tz: of the
 * business, whose month and day are meant. from_key NULL: of no caller. */
DESK_MUST enum desk_rc desk_spend_facts(struct desk_db *db, const char *tenant_id,
                                        const struct desk_tz *tz, const char *from_key,
                                        const struct desk_spend_limits *l, bool all, int64_t now,
                                        struct desk_spend_facts *out);

/* A call that would talk with the receptionist, before its row is written: mode, action, next_step
 * and max_s of c are set as the guard decides; what rule says and why is in *v. */
DESK_MUST enum desk_rc desk_spend_guard(struct desk_db *db, struct desk_arena *a,
                                        const struct desk_tz *tz, struct desk_call *c,
                                        struct desk_spend_verdict *v);

/* Owners whose month's or hour's limit is reached hear of it, once a month, once an hour. *n:
 * messages that were queued. No transaction may be open. One business's failure does not keep
 * others from theirs: the first is given back. */
DESK_MUST enum desk_rc desk_spend_tell(struct desk_db *db, int64_t now, size_t *n);

#endif
