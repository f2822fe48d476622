/* What happens once a call is over: it is summed up (by the text model where there is one, else by
 * rules over its rows), its cost is reckoned, what was promised in it is compared with what was
 * done, and the owner is told, if they want that.
 *
 * All of it becomes rows in one transaction, with the outbox rows: whoever is killed on the way has
 * written nothing, and the call is looked at again. The model is asked before, outside of it. */
#ifndef DESK_TALK_AFTER_H
#define DESK_TALK_AFTER_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"
#include "out/llm.h"
#include "store/calls.h"

#include <stdbool.h>
#include <stdint.h>

/* May be looked at now? Words of a call may be written down for a while after its end: it is waited
 * for until nothing has come for four seconds, for a minute at most. Blocks on the database. */
DESK_MUST enum desk_rc desk_after_settled(struct desk_db *db, struct desk_arena *a,
                                          const struct desk_call *call, int64_t now, bool *yes);

struct desk_after_ask {
    const struct desk_llm *llm; /* NULL = desk_llm_http */
    bool (*stop)(void *ctx);    /* asked about once a second; true: give up, write nothing */
    void *ctx;
};
/* No transaction may be open. Blocks, for half a minute where a model is asked. DESK_ECONFLICT:
 * somebody else has done it; DESK_DONE: stopped. */
DESK_MUST enum desk_rc desk_after_call(struct desk_db *db, struct desk_arena *a,
                                       const struct desk_call *call,
                                       const struct desk_after_ask *ask, int64_t now);

#endif
