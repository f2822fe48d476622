/* A report of a business: its rows counted into core/report.h. Blocks on the database; a month of a
 * year with a million calls takes some milliseconds where its days were kept, and about a tenth of
 * a second where they must be counted. */
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

/* The same without who called most: a good deal faster. */
DESK_MUST enum desk_rc desk_report_sums(struct desk_db *db, struct desk_arena *a,
                                        const char *tenant_id, const char *location_id,
                                        int64_t from, int64_t to, struct desk_report *out);

/* How long answers took, of each of the report's days: r->n_days of them in the arena. */
DESK_MUST enum desk_rc desk_report_waits_by_day(struct desk_db *db, struct desk_arena *a,
                                                const char *tenant_id, const struct desk_report *r,
                                                struct desk_report_waits **out);

/* Keeps days before today that nobody has counted yet, or that have changed since: `most` of them,
 * the latest first; and for each place as many hours of the last month. *n: how many. No
 * transaction may be open: each of them is one. */
DESK_MUST enum desk_rc desk_report_keep(struct desk_db *db, struct desk_arena *a,
                                        const char *tenant_id, int64_t now, size_t most, size_t *n);

/* All of it: a new reference; NULL = no memory. Numbers of callers are in it: people's data. */
json_t *desk_report_json(const struct desk_report *r);

#endif
