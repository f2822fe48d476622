/* Two marks on a number, kept by its keyed hash: that texts do not reach it, and that the owner
 * writes to it by hand. Writes run inside the caller's transaction. */
#ifndef DESK_STORE_TEXT_MARKS_H
#define DESK_STORE_TEXT_MARKS_H

#include "db/db.h"

#include <stdbool.h>
#include <stdint.h>

/* Twilio's error of a text that did not reach its number: a landline, blocked, … Of a code that is
 * no fault of the number's nothing is marked. A text of theirs, one that arrives, and the owner
 * take it away again. */
DESK_MUST enum desk_rc desk_text_mark(struct desk_db *db, const char *tenant_id, const char *e164,
                                      int64_t code);
DESK_MUST enum desk_rc desk_text_unmark(struct desk_db *db, const char *tenant_id,
                                        const char *e164);
/* *code 0: it is not marked. A phone that was off (30003) is believed to be so for a day. since
 * may be NULL. */
DESK_MUST enum desk_rc desk_text_marked(struct desk_db *db, const char *tenant_id, const char *e164,
                                        int64_t *code, int64_t *since);

#define DESK_BY_HAND_ALWAYS 9007199254740991LL
/* Frontdesk does not answer that number's texts until then; 0 = from now on it does. */
DESK_MUST enum desk_rc desk_text_by_hand(struct desk_db *db, const char *tenant_id,
                                         const char *e164, int64_t until);
/* *until 0: Frontdesk answers. */
DESK_MUST enum desk_rc desk_text_by_hand_until(struct desk_db *db, const char *tenant_id,
                                               const char *e164, int64_t *until);

#endif
