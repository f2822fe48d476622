/* A person is forgotten: all that is known of them, their calls with words, sounds and notes, and
 * what these led to. What stays is by keyed hash only: that this number wants no texts or calls.
 * Files of recordings and pictures are noted in the same transaction and removed after it
 * (files_gone.h); what is at Twilio is asked to be deleted there (outbox). */
#ifndef DESK_STORE_ERASE_H
#define DESK_STORE_ERASE_H

#include "base/arena.h"
#include "db/db.h"
#include "store/calls.h"
#include "store/contacts.h"

#include <stdbool.h>
#include <stdint.h>

/* Why not now, a sentence, or NULL: somebody is on the phone with them, or they have a visit to
 * come (which would stay in a calendar of somebody else's). */
DESK_MUST enum desk_rc desk_erase_refused(struct desk_db *db, struct desk_arena *a,
                                          const struct desk_contact *c, const char **why);

/* The next at most max calls, inside the caller's transaction; *n were erased. DESK_DONE: there are
 * no more. */
DESK_MUST enum desk_rc desk_erase_calls(struct desk_db *db, struct desk_arena *a,
                                        const struct desk_contact *c, size_t max, size_t *n);
/* And then all the rest. */
DESK_MUST enum desk_rc desk_erase_rest(struct desk_db *db, struct desk_arena *a,
                                       const struct desk_contact *c);

/* ---- one call -------------------------------------------------------------------------------- */

/* Why not now, a sentence, or NULL: it runs, it is erased already, or its words are those of texts
 * or a chat, which stand elsewhere. */
const char *desk_erase_call_refused(const struct desk_call *c);

/* Its sound, what was said and done, its summary and notes, and what was left as a message are
 * forgotten, inside the caller's transaction; what goes on by it (callbacks, appointments, leads)
 * stays, and so does its row, with erased_at. A file that cannot be removed: DESK_EINTERNAL.
 * DESK_DONE: it was erased before. */
DESK_MUST enum desk_rc desk_erase_one_call(struct desk_db *db, struct desk_arena *a,
                                           const struct desk_call *c);

#endif
