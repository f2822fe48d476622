/* What the database knows of a number that calls, for the rules of core/route.h: asked by the hook
 * for a live call and by `frontdesk route` for one that is only imagined. Reads only; blocks on the
 * database. */
#ifndef DESK_TALK_CALLER_H
#define DESK_TALK_CALLER_H

#include "base/arena.h"
#include "core/route.h"
#include "db/db.h"
#include "store/contacts.h"

#include <stdint.h>

/* Standing, exception list and habits of `number` (E.164) up to `now` into f; strings live in the
 * arena. contact: the number's, as it was before this call; NULL = it has none. f->number,
 * f->attest and f->carrier_word are left as they are. */
DESK_MUST enum desk_rc desk_caller_know(struct desk_db *db, struct desk_arena *a,
                                        const char *tenant_id, const char *number,
                                        const struct desk_contact *contact, int64_t now,
                                        struct desk_caller_facts *f);

#endif
