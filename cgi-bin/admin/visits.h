/* What the pages of appointments share (visits.c, visit.c). */
#ifndef ADMIN_VISITS_H
#define ADMIN_VISITS_H

#include "cgi-bin/admin/today.h"

/* Days are local, since 1970-01-01: the moment one begins, and "2026-11-20". */
int64_t admin_day_start(const struct desk_tz *tz, int32_t day);
const char *admin_day_iso(struct desk_request *req, int32_t day);

/* Is that (DESK_ANSWER_…) the last word of who comes? */
bool admin_visit_said(const struct desk_appointment *a, const char *answer);

/* PREFIX.Who, PREFIX.Tags.N and the row's own fields. */
DESK_MUST enum desk_rc admin_visit_fields(struct desk_request *req, struct desk_view *v,
                                          const char *prefix, const struct desk_appointment *a);

#endif
