/* Inside of talk/report*.c: calls of a stretch of time, counted. */
#ifndef DESK_TALK_REPORT_SET_H
#define DESK_TALK_REPORT_SET_H

#include "base/arena.h"
#include "core/hours.h"
#include "core/report.h"
#include "db/db.h"

#include <stdbool.h>

/* The hours of one location, and the span of time for which the answer is known: calls come in
 * order, and thousands of them fall between two openings. */
struct report_opening {
    const char *location_id;
    const struct desk_hours *hours;
    const struct desk_tz *tz;
    bool open;
    int64_t known_from, known_until;
};

struct report_count {
    struct desk_db *db;
    struct desk_arena *a;
    const char *tenant_id, *location_id; /* NULL = all */
    struct report_opening *places;
    size_t n_places;
    struct desk_report *r;
    struct desk_report_counting *k;
    int64_t *edges; /* of the days: r->n_days + 1 local midnights */
    int64_t at;     /* up to here all is counted: calls, costs */
    bool *kept;     /* the day was read as it was kept */
    bool nobody;    /* who called most is not asked for */
};

/* Places and zone; r with from and to. DESK_ENOTFOUND: no such business or location. */
DESK_MUST enum desk_rc desk_report_count_begin(struct report_count *c, struct desk_db *db,
                                               struct desk_arena *a, const char *tenant_id,
                                               const char *location_id, struct desk_report *r);
/* Calls and costs of [r->from, r->to): whole days and hours that were kept as they are, the rest
 * anew. */
DESK_MUST enum desk_rc desk_report_count_all(struct report_count *c);
/* The same, all of it anew; and not ended: desk_report_day_write() may follow. */
DESK_MUST enum desk_rc desk_report_count_raw(struct report_count *c);

#endif
