/* Calls into a CSV file: one line a call, newest first, cells safe in a spreadsheet (wire/csv.h).
 * Blocks on the database; a hundred thousand calls take a few seconds. */
#ifndef DESK_TALK_CALL_EXPORT_H
#define DESK_TALK_CALL_EXPORT_H

#include "base/err.h"
#include "db/db.h"

#include <stddef.h>
#include <stdint.h>

/* Calls of a business that began in [from, to), UTC ms, piece by piece to put(), whose failure ends
 * it. *count: lines written, without the one of titles. Times are those of each call's location.
 * The rows hold numbers, names and summaries: people's data. */
DESK_MUST enum desk_rc desk_call_export(struct desk_db *db, const char *tenant_id, int64_t from,
                                        int64_t to,
                                        enum desk_rc (*put)(void *ctx, const char *p, size_t n),
                                        void *ctx, size_t *count);

#endif
