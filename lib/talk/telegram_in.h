/* What is written to the Telegram bot, and what it answers: by webhook (hook.fcgi) or because the
 * worker asks. Whoever brings an update, it is kept first and once (desk_telegram_arrive); the
 * worker answers it (desk_telegram_answer), its deed and its answer in one transaction. The answers
 * are rows of the outbox.
 *
 * A chat that is nobody's gets nothing, not even a refusal; a private chat becomes somebody's by a
 * one-time code (`frontdesk telegram link`). Blocks on the database. */
#ifndef DESK_TALK_TELEGRAM_IN_H
#define DESK_TALK_TELEGRAM_IN_H

#include "base/arena.h"
#include "db/db.h"
#include "db/seal.h"
#include "store/telegram.h"

#include <jansson.h>

/* An update as Telegram brings it, kept if it is from somebody. DESK_DONE: it is not, or it was
 * kept before. In a transaction of its own. */
DESK_MUST enum desk_rc desk_telegram_arrive(struct desk_db *db, struct desk_arena *a,
                                            const json_t *update, int64_t now);

/* What it asks for is done, and answered. In a transaction of its own. A failure changes nothing:
 * it is told (desk_telegram_update_tried) and tried again. */
DESK_MUST enum desk_rc desk_telegram_answer(struct desk_db *db, struct desk_arena *a,
                                            const struct desk_telegram_update *u, int64_t now);

/* By which Telegram proves that a webhook is its own: of this installation's key and the bot. */
void desk_telegram_secret(const struct desk_key *key, char out[DESK_BLIND_LEN]);

/* For setMyCommands: {"commands": […]}; a new reference, NULL = no memory. */
json_t *desk_telegram_commands(void);

#endif
