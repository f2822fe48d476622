#include "talk/text_gate.h"
#include "base/clock.h"
#include "base/tz.h"
#include "core/sms.h"
#include "store/calls.h"
#include "store/settings.h"
#include "store/tenants.h"
#include "store/text_marks.h"
#include "store/text_stops.h"
#include "talk/reach.h"
#include "talk/visit_text.h"
#include "wire/twilio_error.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_MS (15LL * 60 * 1000) /* so long somebody waits for an answer */

/* What kind of text it is: DESK_SMS_… An alert of no name is the owner's. */
static unsigned flags_of(const struct desk_outbox *row, json_t *payload)
{
    const struct desk_sms_template *t =
        desk_sms_template_find(json_string_value(json_object_get(payload, "text")));
    unsigned flags = t ? t->flags : row->priority <= DESK_OUTBOX_ALERT ? DESK_SMS_OWNER : 0;
    if (json_is_true(json_object_get(payload, "answers")))
        flags |= DESK_SMS_ANSWER;
    return flags;
}

static enum desk_rc opted_out(struct desk_db *db, const struct desk_outbox *row, json_t *payload,
                              bool *yes)
{
    const char *to = json_string_value(json_object_get(payload, "to"));
    *yes = false;
    return to ? desk_text_stopped(db, row->tenant_id, to, yes) : DESK_OK;
}

/* A number that a text did not reach before: not tried, and not in silence either. */
static enum desk_rc unreached(struct desk_db *db, const struct desk_outbox *row, json_t *payload,
                              struct desk_outbox_result *r)
{
    const char *to = json_string_value(json_object_get(payload, "to"));
    int64_t code = 0;
    enum desk_rc rc = to ? desk_text_marked(db, row->tenant_id, to, &code, NULL) : DESK_OK;
    const struct desk_twilio_error *error = desk_twilio_error_find(code);
    if (rc || !code)
        return rc;
    desk_outbox_ended(r, DESK_END_REFUSED, "It was not tried, because of the last one: %s",
                      error ? error->words : "it did not arrive.");
    return DESK_OK; /* without the code: it says nothing new of the number */
}

/* The branch that was called, else the main one. */
static enum desk_rc location_of(struct desk_db *db, struct desk_arena *a,
                                const struct desk_outbox *row, struct desk_location *l)
{
    struct desk_call c;
    enum desk_rc rc =
        row->call_id ? desk_call_get(db, a, row->tenant_id, row->call_id, &c) : DESK_ENOTFOUND;
    if (!rc && c.location_id)
        return desk_location_get(db, a, row->tenant_id, c.location_id, l);
    return rc && rc != DESK_ENOTFOUND ? rc : desk_location_first(db, a, row->tenant_id, l);
}

/* Where the number is that it goes to; where the branch is, if the number tells no place. */
static enum desk_rc quiet_until(struct desk_db *db, struct desk_arena *a,
                                const struct desk_outbox *row, const char *to, int64_t now,
                                int64_t *until)
{
    struct desk_tenant_settings own;
    struct desk_location l;
    struct desk_reach reach;
    enum desk_rc rc = desk_tenant_settings_load(db, a, row->tenant_id, &own);
    if (!rc)
        rc = location_of(db, a, row, &l);
    if (rc)
        return rc;
    desk_reach_of(to, desk_tz_load(l.zone), &reach);
    const struct desk_quiet q =
        desk_reach_quiet(&reach, desk_tenant_setting_int(&own, DESK_S_TEXT_QUIET_FROM),
                         desk_tenant_setting_int(&own, DESK_S_TEXT_QUIET_TO));
    *until = desk_quiet_ends(&q, now);
    return DESK_OK;
}

/* The text of a change of a visit, and the next change has its text, too. */
static enum desk_rc overtaken(struct desk_db *db, struct desk_arena *a,
                              const struct desk_outbox *row, bool *yes)
{
    struct desk_outbox next;
    const char *n = strrchr(row->dedupe, ':');
    *yes = false;
    if (!n || strncmp(row->dedupe, DESK_VISIT_CAUSE, strlen(DESK_VISIT_CAUSE)) != 0)
        return DESK_OK;
    const char *cause = desk_arena_fmt(a, "%.*s:%lld", (int)(n - row->dedupe), row->dedupe,
                                       strtoll(n + 1, NULL, 10) + 1);
    enum desk_rc rc =
        cause ? desk_outbox_by_cause(db, a, row->tenant_id, cause, &next) : DESK_ENOMEM;
    *yes = rc == DESK_OK;
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

static enum desk_rc ask(struct desk_db *db, struct desk_arena *a, const struct desk_outbox *row,
                        json_t *payload, struct desk_outbox_result *r)
{
    unsigned flags = flags_of(row, payload);
    int64_t now = desk_now_ms(), until = 0;
    bool stop = false;
    enum desk_rc rc = DESK_OK;
    if (!(flags & (DESK_SMS_OWNER | DESK_SMS_STANDING)))
        rc = opted_out(db, row, payload, &stop);
    if (!rc && stop) {
        r->end = DESK_END_OPTED_OUT;
        snprintf(r->why, sizeof r->why, "They asked for no more texts.");
        return DESK_OK;
    }
    if (!rc && !(flags & DESK_SMS_OWNER))
        rc = unreached(db, row, payload, r);
    if (rc || r->end != DESK_END_SENT)
        return rc;
    rc = overtaken(db, a, row, &stop);
    if (!rc && stop) {
        r->end = DESK_END_OVERTAKEN;
        snprintf(r->why, sizeof r->why,
                 "The appointment was changed again: a later text tells it.");
        return DESK_OK;
    }
    if (rc || flags & DESK_SMS_OWNER ||
        (flags & DESK_SMS_ANSWER && now - row->created_at < ANSWER_MS))
        return rc;
    rc = quiet_until(db, a, row, json_string_value(json_object_get(payload, "to")), now, &until);
    if (rc || !until)
        return rc;
    r->end = DESK_END_LATER;
    r->wait_ms = until - now;
    snprintf(r->why, sizeof r->why, "It is late there: it waits for the morning.");
    return DESK_OK;
}

enum desk_rc desk_text_gate(struct desk_db *db, struct desk_arena *a, const struct desk_outbox *row,
                            bool *may, struct desk_outbox_result *r)
{
    json_t *payload = json_loads(row->payload ? row->payload : "", 0, NULL);
    *r = (struct desk_outbox_result){.end = DESK_END_SENT};
    enum desk_rc rc = ask(db, a, row, payload, r);
    *may = !rc && r->end == DESK_END_SENT;
    json_decref(payload);
    return rc;
}
