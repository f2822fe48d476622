/* Somebody arrives, by whatever way: who it is by what is known of the number, and what is done
 * with the call before a word is said (core/route.h). Fills the row of a new call and writes it,
 * with its reasons on the timeline. Blocks on the database; runs inside the caller's transaction.
 */
#ifndef DESK_TALK_ARRIVE_H
#define DESK_TALK_ARRIVE_H

#include "base/arena.h"
#include "core/route.h"
#include "db/db.h"
#include "store/calls.h"

struct desk_arrival {
    const struct desk_business *business;
    const char *from;        /* the number as it was told, in any writing; unusable = withheld */
    enum desk_attest attest; /* how far somebody vouches for it */
    bool text;               /* they write: no call is counted */
};

/* c: all of the row but who calls (contact_id, from_number, from_key, caller_kind) and what is done
 * (script, action), and its trace (that of this thread's log), which are set here; strings are in
 * the arena. DESK_ECONFLICT: this call_sid is there already. */
DESK_MUST enum desk_rc desk_arrive(struct desk_db *db, struct desk_arena *a,
                                   const struct desk_arrival *in, struct desk_call *c);

#endif
