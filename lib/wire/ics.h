/* iCalendar files (RFC 5545), written. Times are UTC ("20261014T200000Z"): a visit is one event at
 * one moment, each reader's calendar shows it in its own zone, and no VTIMEZONE can be wrong or
 * missing; the zone that people speak of goes along as X-WR-TIMEZONE. Lines end with CRLF and are
 * folded at 75 bytes, never within a UTF-8 character. Pure. */
#ifndef DESK_WIRE_ICS_H
#define DESK_WIRE_ICS_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

struct desk_ics_event {
    const char *uid;        /* for ever the same for one event */
    int64_t sequence;       /* one more with each change */
    int64_t stamp, created; /* UTC ms: of the last change, of its making; created 0 = not said */
    int64_t start, end;     /* UTC ms */
    bool cancelled;         /* STATUS:CANCELLED, else CONFIRMED */
    bool tentative;         /* STATUS:TENTATIVE */
    bool hidden;            /* CLASS:PRIVATE */
    const char *summary, *location, *description, *url; /* plain text; NULL or "" = none */
};

/* cancel: METHOD:CANCEL (every event in it is off), else METHOD:PUBLISH. zone: "America/Denver", or
 * NULL. refresh_minutes: how often a reader should ask again; 0 = not said. */
void desk_ics_begin(struct desk_buf *out, const char *name, const char *zone, int refresh_minutes,
                    bool cancel);
void desk_ics_event(struct desk_buf *out, const struct desk_ics_event *e);
void desk_ics_end(struct desk_buf *out);

/* One content line "NAME:text", escaped where escape says so, and folded. */
void desk_ics_line(struct desk_buf *out, const char *name, const char *text, bool escape);

#endif
