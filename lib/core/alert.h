/* May a new alert to the owner go out? At most one per caller in five minutes, except that a higher
 * severity always goes. Pure: the last alerts of the caller are given, the answer is a decision and
 * where to send it; storing and sending is the caller's.
 *
 * "Caller" is a number, or for a withheld one the call itself: desk_alert_key says which. */
#ifndef DESK_CORE_ALERT_H
#define DESK_CORE_ALERT_H

#include "core/emergency.h"

#include <stdint.h>

#define DESK_ALERT_GAP_MS (5 * 60 * 1000)
#define DESK_ALERT_KEY    80

enum desk_alert_kind { DESK_ALERT_EMERGENCY, DESK_ALERT_ESCALATION, DESK_ALERT__MAX };

/* ways to the owner, bits */
enum desk_alert_way { DESK_ALERT_SMS = 1, DESK_ALERT_TELEGRAM = 2 };

/* An alert that went out. */
struct desk_alert_past {
    enum desk_alert_kind kind;
    enum desk_severity severity;
    int64_t at_ms; /* UTC */
};

enum desk_alert_why {
    DESK_ALERT_GOES,   /* nothing was sent of late */
    DESK_ALERT_HIGHER, /* more severe than what was sent of late */
    DESK_ALERT_TOO_SOON,
    DESK_ALERT_MINOR, /* P3 and none alert nobody */
    DESK_ALERT_WHY__MAX
};

struct desk_alert_decision {
    bool send;
    unsigned ways; /* enum desk_alert_way, 0 unless send */
    enum desk_alert_why why;
};

/* past[n]: alerts of this caller, of either kind, in any order; older ones than the gap may be
 * among them. An emergency is not held back by an escalation; an escalation waits for either.
 * Alerts from the future (the clock was put back) hold as if sent now. */
struct desk_alert_decision desk_alert_decide(enum desk_alert_kind kind, enum desk_severity severity,
                                             int64_t now_ms, const struct desk_alert_past *past,
                                             size_t n);

/* Whose alerts are counted together: "number +1…", or "call CA…" when e164 is NULL or "". */
void desk_alert_key(char out[DESK_ALERT_KEY], const char *e164, const char *call);

/* "emergency", "escalation". */
const char *desk_alert_kind_name(enum desk_alert_kind kind);

/* One line for the timeline: "sent", "sent: more severe than before" … */
const char *desk_alert_why_text(enum desk_alert_why why);

#endif
