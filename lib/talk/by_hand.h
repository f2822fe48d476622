/* The owner writes to somebody by hand: on the dashboard, or by answering a notice of ours from
 * their own phone. The text goes through the outbox like any other, the running conversation knows
 * of it, and Frontdesk keeps silent to that number for TEXT_BY_HAND_MINUTES. */
#ifndef DESK_TALK_BY_HAND_H
#define DESK_TALK_BY_HAND_H

#include "base/arena.h"
#include "db/db.h"

#include <stdint.h>

#define DESK_HAND_CAUSE "hand:" /* before a text's key in the outbox */

struct desk_by_hand {
    const char *tenant_id;
    const char *from, *to; /* E.164: ours, theirs */
    const char *text;      /* any bytes; on several lines */
    const char *key;       /* of the form or text: the same again is no second one */
};

/* In a transaction. *why: a sentence, why it was not sent (nothing was written then), or NULL.
 * *segments: how many texts it is for the phone. DESK_DONE: that key was sent before. Blocks on the
 * database. */
DESK_MUST enum desk_rc desk_by_hand(struct desk_db *db, struct desk_arena *a,
                                    const struct desk_by_hand *h, const char **why,
                                    int64_t *segments);

/* Why nobody can write to that number, a sentence; NULL = they can, as far as is known. */
DESK_MUST enum desk_rc desk_by_hand_cannot(struct desk_db *db, const char *tenant_id,
                                           const char *to, const char **why);

#endif
