/* Birthdays and anniversaries of contacts marked as VIP, as VIP_GREETINGS says: a text to those who
 * agreed to it (store/consents.h), or a line to the owner, who greets them himself. Each once a
 * year, on the day where their number is, in hours in which they (or the owner) may be reached. Of
 * who said that they want none the owner is not told either. Who has 29 February has the 28th in
 * other years. Blocks on the database and reads templates. */
#ifndef DESK_TALK_OCCASIONS_H
#define DESK_TALK_OCCASIONS_H

#include "base/arena.h"
#include "db/db.h"

#include <stddef.h>
#include <stdint.h>

/* All of a business that are due now, each in a transaction of its own; *queued: how many. a is
 * reset. */
DESK_MUST enum desk_rc desk_occasions(struct desk_db *db, struct desk_arena *a,
                                      const char *tenant_id, int64_t now, size_t *queued);

#endif
