#include "core/alert.h"

#include <stdio.h>

/* does this alert hold a new one of kind back, if it is not higher? */
static bool counts(const struct desk_alert_past *p, enum desk_alert_kind kind, int64_t now_ms)
{
    if (kind == DESK_ALERT_EMERGENCY && p->kind != DESK_ALERT_EMERGENCY)
        return false;
    return desk_severity_alerts(p->severity) && p->at_ms > now_ms - DESK_ALERT_GAP_MS;
}

struct desk_alert_decision desk_alert_decide(enum desk_alert_kind kind, enum desk_severity severity,
                                             int64_t now_ms, const struct desk_alert_past *past,
                                             size_t n)
{
    struct desk_alert_decision d = {
        .send = true, .ways = DESK_ALERT_SMS | DESK_ALERT_TELEGRAM, .why = DESK_ALERT_GOES};
    enum desk_severity highest = DESK_SEVERITY_NONE;
    for (size_t i = 0; i < n; i++)
        if (counts(&past[i], kind, now_ms) && past[i].severity > highest)
            highest = past[i].severity;
    if (!desk_severity_alerts(severity))
        d = (struct desk_alert_decision){.why = DESK_ALERT_MINOR};
    else if (highest >= severity)
        d = (struct desk_alert_decision){.why = DESK_ALERT_TOO_SOON};
    else if (highest != DESK_SEVERITY_NONE)
        d.why = DESK_ALERT_HIGHER;
    return d;
}

void desk_alert_key(char out[DESK_ALERT_KEY], const char *e164, const char *call)
{
    if (e164 && *e164)
        snprintf(out, DESK_ALERT_KEY, "number %s", e164);
    else
        snprintf(out, DESK_ALERT_KEY, "call %s", call ? call : "");
}

const char *desk_alert_kind_name(enum desk_alert_kind kind)
{
    return kind == DESK_ALERT_ESCALATION ? "escalation" : "emergency";
}

const char *desk_alert_why_text(enum desk_alert_why why)
{
    static const char *const texts[DESK_ALERT_WHY__MAX] = {
        [DESK_ALERT_GOES] = "sent",
        [DESK_ALERT_HIGHER] = "sent: more severe than the alert before",
        [DESK_ALERT_TOO_SOON] =
            "not sent: an alert of this caller went out in the last five minutes",
        [DESK_ALERT_MINOR] = "not sent: P3 and below alert nobody",
    };
    return texts[why < DESK_ALERT_WHY__MAX ? why : DESK_ALERT_MINOR];
}
