/* The watch over what callers say: every piece of a transcript, of whatever channel, is judged as
 * it arrives, for emergencies (core/danger.h), for what the owner wants to hear of at once
 * (core/escalation.h), and with the first words once more for the script that fits (core/route.h).
 *
 * A finding becomes a fact: an alert row, the call marked, a line on the timeline, and in the same
 * transaction the messages to the owner (outbox, before everything else): a text, and of a P1 or P2
 * one by Telegram where there is a bot and a chat. At most one alert per
 * caller in five minutes goes out, unless it is worse (core/alert.h). Where the talk is to be led
 * by another script from now on, the call's row says so (talk/lead.h), and every brain that reads
 * it follows; one that read it before is told by who asked the watch.
 *
 * Blocks on the database, and on templates when the script changes; runs inside the caller's
 * transaction. */
#ifndef DESK_TALK_WATCH_H
#define DESK_TALK_WATCH_H

#include "base/arena.h"
#include "core/business.h"
#include "db/db.h"
#include "store/calls.h"
#include "talk/lead.h"

#include <stdbool.h>

struct desk_watch {
    const struct desk_business *business;
    const struct desk_call *call;
    /* out */
    enum desk_severity severity; /* of what was said so far */
    bool worse;                  /* than what the row said before */
    const char *because;         /* a sentence, in the arena; "" when nothing was found */
    struct desk_lead lead;       /* lead.script not NULL: lead by that from now on */
};

/* text: all that the caller has said so far in this call, this piece at the end. Nothing found is
 * DESK_OK with severity NONE. */
DESK_MUST enum desk_rc desk_watch_words(struct desk_db *db, struct desk_arena *a,
                                        struct desk_watch *w, const char *text);

/* What came of telling the owner. */
enum desk_watch_told {
    DESK_TOLD,        /* messages were queued */
    DESK_TOLD_BEFORE, /* withheld: told of this caller a moment ago */
    DESK_TOLD_NOBODY  /* there is nobody who could be sent one */
};

/* An alert through the gate. kind: DESK_ALERT_…; told may be NULL. */
DESK_MUST enum desk_rc desk_watch_raise(struct desk_db *db, struct desk_arena *a,
                                        const struct desk_business *b, const struct desk_call *c,
                                        const char *kind, enum desk_severity severity,
                                        const char *because, const char *words,
                                        enum desk_watch_told *told);

/* An emergency was found, by the judge or by a model's own word: the call is marked, the alert
 * raised, and a P1 or P2 is led by the emergency script (lead may be NULL). */
DESK_MUST enum desk_rc desk_watch_found(struct desk_db *db, struct desk_arena *a,
                                        const struct desk_business *b, const struct desk_call *c,
                                        enum desk_severity severity, const char *because,
                                        const char *words, enum desk_watch_told *told,
                                        struct desk_lead *lead);

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
