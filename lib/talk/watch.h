/* The watch over what callers say: every piece of a transcript, of whatever channel, is judged for
 * emergencies (and what else the owner wants to hear of at once) as it arrives. The first finding
 * of a call, and each worse one, becomes a fact: an alert row, the call marked, a line on the
 * timeline, and in the same transaction the messages to the owner (outbox, before everything else).
 * At most one alert per caller in five minutes goes out, unless it is worse (core/alert.h).
 *
 * Blocks on the database; runs inside the caller's transaction. */
#ifndef DESK_TALK_WATCH_H
#define DESK_TALK_WATCH_H

#include "base/arena.h"
#include "core/business.h"
#include "db/db.h"
#include "store/calls.h"

#include <stdbool.h>

struct desk_watch {
    const struct desk_business *business;
    const struct desk_call *call;
    /* out */
    enum desk_severity severity; /* of what was said so far */
    bool worse;          /* than what the row said before: lead by the emergency script now */
    const char *because; /* a sentence, in the arena; "" when nothing was found */
};

/* text: all that the caller has said so far in this call, this piece at the end. Nothing found is
 * DESK_OK with severity NONE. */
DESK_MUST enum desk_rc desk_watch_words(struct desk_db *db, struct desk_arena *a,
                                        struct desk_watch *w, const char *text);

/* An alert of a tool's, through the same gate: a model's own word for it. kind: DESK_ALERT_…;
 * *told: messages to the owner were queued. */
DESK_MUST enum desk_rc desk_watch_raise(struct desk_db *db, struct desk_arena *a,
                                        const struct desk_business *b, const struct desk_call *c,
                                        const char *kind, enum desk_severity severity,
                                        const char *because, const char *words, bool *told);

/* Something of ours does not do its work, and only the owner can mend it (the model's account is
 * out of credit, its limits are too low): a text to the owner, once in an hour for each cause.
 * what: a word for the cause; sentence: without its full stop. *told: a text was queued. */
DESK_MUST enum desk_rc desk_watch_trouble(struct desk_db *db, struct desk_arena *a,
                                          const struct desk_business *b, const struct desk_call *c,
                                          const char *what, const char *sentence, bool *told);

/* What the caller has said of late in this call, as stored, and `piece` at the end. In the arena.
 */
DESK_MUST enum desk_rc desk_watch_said(struct desk_db *db, struct desk_arena *a,
                                       const struct desk_call *c, const char *piece,
                                       const char **text);

#endif
