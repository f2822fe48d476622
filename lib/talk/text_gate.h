/* May a text go now? Asked once, in one place: when it is about to be delivered.
 *
 * Who opted out gets nothing, but the answer to that very word. In quiet hours (TEXT_QUIET_FROM to
 * TEXT_QUIET_TO, where the number's area code is; in the zone of the branch that was called, if it
 * tells no place) only what was asked for goes: the
 * owner's own texts, and, within a quarter of an hour of their cause, answers to who has just
 * called or written. Everything else waits for the morning. */
#ifndef DESK_TALK_TEXT_GATE_H
#define DESK_TALK_TEXT_GATE_H

#include "base/arena.h"
#include "db/db.h"
#include "store/outbox.h"

#include <stdbool.h>

/* row: a text (payload of talk/texts.h). *r says why not: OPTED_OUT, REFUSED (the last one
 * did not reach that number), OVERTAKEN (the visit it tells
 * of was changed again), or LATER with wait_ms. Blocks
 * on the database (reads); what cannot be read is a failure, not a permission. */
DESK_MUST enum desk_rc desk_text_gate(struct desk_db *db, struct desk_arena *a,
                                      const struct desk_outbox *row, bool *may,
                                      struct desk_outbox_result *r);

#endif
