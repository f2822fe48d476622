/* A report of a business: its rows counted into core/report.h. Blocks on the database; a month of a
 * year with a million calls takes about a tenth of a second. */
#ifndef DESK_TALK_REPORT_H
#define DESK_TALK_REPORT_H

#include "base/arena.h"
#include "base/err.h"
#include "core/report.h"
#include "db/db.h"

#include <jansson.h>

/* Of a business, or of one of its locations (NULL = all; days are those of the main one's zone).
 * from, to: UTC ms, [from, to). DESK_ENOTFOUND: no such business or location. */
DESK_MUST enum desk_rc desk_report_make(struct desk_db *db, struct desk_arena *a,
                                        const char *tenant_id, const char *location_id,
                                        int64_t from, int64_t to, struct desk_report *out);

/* All of it: a new reference; NULL = no memory. Numbers of callers are in it: people's data. */
json_t *desk_report_json(const struct desk_report *r);

#endif
