/* The two numbers of the settings, given to a business: TWILIO_PHONE_NUMBER is the one it answers,
 * OWNER_CELL_NUMBER the phone its callers are put through to. Settings often come after the first
 * start, so this is done at every start, and only ever adds to what a person wrote:
 *
 *   - A number that belongs to no business goes to the only business there is. With several, which
 *     one is meant is not ours to guess: a sentence says what to do.
 *   - An owner's phone is replaced where it is missing, is the one of the example business, or is
 *     what OWNER_CELL_NUMBER was at an earlier start. Any other was written by a person, in the
 *     business's file: it stays, and that is said. (Of earlier settings the last is remembered, as
 * a keyed hash, in the audit trail.) */
#ifndef CLI_OWN_NUMBERS_H
#define CLI_OWN_NUMBERS_H

#include "base/err.h"
#include "db/db.h"

#include <stdio.h>

/* out gets what was changed and what could not be, a sentence a line; nothing when all was well
 * already. why: a sentence on failure, when nothing was changed. One transaction; reads the
 * example's file. */
DESK_MUST enum desk_rc desk_numbers_apply(struct desk_db *db, FILE *out, char *why, size_t n);

#endif
