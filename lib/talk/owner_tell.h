/* Reaching the owner and their people: who can be sent a text, and the chat of the Telegram bot.
 * What is sent, and when, is the matter of who calls these: alarms (watch.c), promises
 * (promise_clock.c), digests (digest.c). */
#ifndef DESK_TALK_OWNER_TELL_H
#define DESK_TALK_OWNER_TELL_H

#include "base/arena.h"
#include "base/err.h"
#include "core/business.h"
#include "db/db.h"

#include <stdbool.h>
#include <stdint.h>

/* Why the business cannot send a text to that phone (E.164; NULL = none), as a sentence; NULL = it
 * can, as far as is known without the database. Pure but for the settings. */
const char *desk_cannot_text(const struct desk_business *b, const char *to);

/* The chat in which the owner hears of things: the profile's, else TELEGRAM_CHAT_ID, else the one
 * that was linked first. *chat "" = there is none, or no bot. Blocks on the database (reads). */
DESK_MUST enum desk_rc desk_owner_chat(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, const struct desk_business *b,
                                       const char **chat);

/* By which ways the owner hears of what calls lead to: as the business has chosen for after a call;
 * where it has not, Telegram where there is a chat, else a text from `from` (E.164: ours). */
struct desk_owner_ways {
    const char *chat; /* "" = not by Telegram */
    bool text;
};
DESK_MUST enum desk_rc desk_owner_ways(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, const struct desk_business *b,
                                       const char *from, struct desk_owner_ways *out);

struct desk_telegram_new {
    const char *tenant_id, *call_id; /* call_id: NULL = of no call */
    const char *chat, *text;
    const char *key;  /* the cause: ":telegram" is put behind it, so a text may have the same */
    int64_t priority; /* DESK_OUTBOX_… */
    bool keys; /* with buttons that do something: of its call's callbacks, of the sound … */
    const char *alert_id; /* … and that it was seen; NULL = it is of no alert */
};
/* In a transaction. DESK_ECONFLICT: its cause has a message already. */
DESK_MUST enum desk_rc desk_telegram_queue(struct desk_db *db, struct desk_arena *a,
                                           const struct desk_telegram_new *n);

#endif
