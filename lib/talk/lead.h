/* Which script leads a call, changed while it is talked: in the call's row, with a line on the
 * timeline that says why. The instructions are made again from the row, so whoever asks for them
 * next (talk/prompt.h) has the new ones; a session that keeps its own is handed them. */
#ifndef DESK_TALK_LEAD_H
#define DESK_TALK_LEAD_H

#include "base/arena.h"
#include "core/business.h"
#include "db/db.h"
#include "store/calls.h"

#include <stdbool.h>

struct desk_lead {
    const char *script, *action; /* script NULL: nothing has changed */
    const char *because;         /* a sentence */
    const char *instructions;    /* rendered again, in the arena; NULL = they could not be */
};

struct desk_lead_new {
    const char *script, *action; /* action: of core/route.h, NULL = as it is */
    const char *because;
    bool anyway; /* the facts have changed, if not the script */
};
/* In the caller's transaction: lead c so from now on. Nothing changes (out->script NULL) if it is
 * led so already. */
DESK_MUST enum desk_rc desk_lead_by(struct desk_db *db, struct desk_arena *a,
                                    const struct desk_call *c, const struct desk_lead_new *to,
                                    struct desk_lead *out);

/* Decide again by the first words: text is all that was said. The tables of core/route.h decide as
 * on arrival; nobody becomes an exception, is rejected or rung by what they say that the tables
 * would not ring. severity: what the judge made of the words. */
DESK_MUST enum desk_rc desk_lead_route(struct desk_db *db, struct desk_arena *a,
                                       const struct desk_business *b, const struct desk_call *c,
                                       enum desk_severity severity, const char *text,
                                       struct desk_lead *out);

#endif
