/* What people do with webhooks, by REST and by command: whether what they want can be, a secret,
 * and telling the owner of one that was switched off. Sending is the worker's. */
#ifndef DESK_TALK_WEBHOOKS_H
#define DESK_TALK_WEBHOOKS_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"
#include "store/webhooks.h"
#include "wire/webhook.h"

/* May a webhook be so? NULL: yes. Else a sentence (static), and *member says which of it does not
 * fit: "url", "format" or "state". The state is looked at only if by_hand: on or off. Reads the
 * setting WEBHOOK_ALLOW; does not block. */
const char *desk_webhook_wrong(const struct desk_webhook *w, bool by_hand, const char **member);

/* A new secret, random. */
void desk_webhook_secret_new(char secret[DESK_WEBHOOK_SECRET_LEN]);

/* The webhook (as it stands now: gone or failing) was switched off by what its receiver did: the
 * owner is told by Telegram, or else by a text, once each time that happens. In a transaction.
 * DESK_OK also when the owner cannot be told: what could not be sent stands in the outbox
 * anyway. */
DESK_MUST enum desk_rc desk_webhook_off_tell(struct desk_db *db, struct desk_arena *a,
                                             const struct desk_webhook *w);

#endif
