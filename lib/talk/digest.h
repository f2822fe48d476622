/* Digests: what the owner is told of a day or a week. A row of the table `digest` and its messages
 * are written in one transaction, once for each stretch of time. Blocks on the database, and reads
 * templates. */
#ifndef DESK_TALK_DIGEST_H
#define DESK_TALK_DIGEST_H

#include "base/arena.h"
#include "base/err.h"
#include "core/business.h"
#include "core/report.h"
#include "db/db.h"

#include <stdbool.h>
#include <stdint.h>

/* The words, in the arena: of several lines (for Telegram, terminals, pages). Of callers who tell
 * of their health (business.phi) nobody is named. */
DESK_MUST enum desk_rc desk_digest_text(struct desk_db *db, struct desk_arena *a,
                                        const char *tenant_id, const struct desk_business *b,
                                        const struct desk_report *r, const char **text);

/* The same as one short text message. */
DESK_MUST enum desk_rc desk_digest_sms(struct desk_arena *a, const struct desk_business *b,
                                       const struct desk_report *r, const char **text);

/* "Friday 27 November", "20 to 27 November": of what time it tells; in the arena. */
const char *desk_digest_period(struct desk_arena *a, const struct desk_report *r);

/* What is due now and was not written yet, of every business: rows, and messages to the owners who
 * want them. A digest that is late by more than half a day is written, but not sent. *n: rows
 * written. No transaction may be open. One business's failure does not keep others from theirs: the
 * first is given back. */
DESK_MUST enum desk_rc desk_digests_write(struct desk_db *db, int64_t now, size_t *n);

#endif
