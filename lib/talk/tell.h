/* Texts to a caller that are not an answer: may one be sent, and sending it. The words are the
 * owner's own (profile "sms"); the outbox delivers. */
#ifndef DESK_TALK_TELL_H
#define DESK_TALK_TELL_H

#include "base/arena.h"
#include "core/business.h"
#include "core/sms.h"
#include "db/db.h"
#include "store/calls.h"

#include <stdbool.h>

/* Why this caller cannot be sent the business's text of that name ("address"), as a sentence; NULL
 * = they can, as far as is known without the database. Pure but for the settings. */
const char *desk_can_text(const struct desk_business *b, const struct desk_call *c,
                          const char *name);

/* In a transaction: queue it, once per call. *why: why it was not, or NULL. */
DESK_MUST enum desk_rc desk_text_caller(struct desk_db *db, struct desk_arena *a,
                                        const struct desk_business *b, const struct desk_call *c,
                                        const char *name, const char **why);

/* The same of any text, in the house's words where the business has none of its own, with its
 * values. */
struct desk_tell {
    const struct desk_business *b;
    const struct desk_call *c;
    const char *name;
    const struct desk_sms_value *v;
    size_t n;
};
DESK_MUST enum desk_rc desk_text_caller_of(struct desk_db *db, struct desk_arena *a,
                                           const struct desk_tell *t, const char **why);

#endif
