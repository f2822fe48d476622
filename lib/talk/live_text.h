/* The owner's answer by text to an alert about a call that still runs: "ME" puts it through to
 * them, "SAY …" has it said, "MSG" takes a message and ends it (talk/live.h). Blocks on the
 * database; in the caller's transaction. */
#ifndef DESK_TALK_LIVE_TEXT_H
#define DESK_TALK_LIVE_TEXT_H

#include "base/arena.h"
#include "core/business.h"
#include "db/db.h"

#include <stdint.h>

/* So long after an alert such a word is taken as an answer to it. */
#define DESK_LIVE_TEXT_MS (30LL * 60 * 1000)

struct desk_live_text {
    const struct desk_business *business;
    const char *tenant_id;
    const char *text;
    const char *sid; /* Twilio's name of the text: it is one order, however often it comes */
    int64_t now;
};

/* *answer: what to write back, or NULL: it is none of these words, or the owner was told of no call
 * lately. */
DESK_MUST enum desk_rc desk_live_text(struct desk_db *db, struct desk_arena *a,
                                      const struct desk_live_text *in, const char **answer);

#endif
