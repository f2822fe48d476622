#include "talk/remind_call.h"
#include "base/config.h"
#include "core/dial_rules.h"
#include "core/dialling.h"
#include "store/calls.h"
#include "store/consents.h"
#include "store/conversation.h"
#include "store/outbox.h"
#include "store/settings.h"
#include "store/text_stops.h"
#include "talk/business.h"
#include "talk/reach.h"
#include "talk/visit_text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE_MS 60000LL
#define DAY_MS    (24LL * 60 * MINUTE_MS)

/* ---- asking for one -------------------------------------------------------------------------- */

static const char *cannot(const struct desk_business *b, const char *to, const char *from)
{
    const struct {
        bool so;
        const char *why;
    } rows[] = {
        {!*desk_setting(DESK_S_TWILIO_ACCOUNT_SID), "No account to call with is set up."},
        {!desk_public_reachable(),
         "Frontdesk has no public address yet, so Twilio cannot ask it what to say."},
        {!from, "The business has no number to call from."},
        {!to || !*to, "No number is known."},
        {to && b->owner->phone && strcmp(b->owner->phone, to) == 0, "It is the owner's number."},
        {to && from && strcmp(from, to) == 0, "It is the business's own number."},
        {!desk_may_call_out(b, to), "That number may not be called."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].so)
            return rows[i].why;
    return NULL;
}

/* The outbox row of the try that c is at. call_id: on whose timeline it is told. */
static enum desk_rc queue_try(struct desk_db *db, struct desk_arena *a,
                              const struct desk_out_call *c, const char *call_id, int64_t wait_ms)
{
    json_t *root = json_pack("{s:s, s:s, s:s, s:I}", "from", c->from_number, "to", c->number, "out",
                             c->id, "try", (json_int_t)c->tries);
    char *payload = root ? json_dumps(root, JSON_COMPACT) : NULL;
    const struct desk_outbox_new row = {.tenant_id = c->tenant_id,
                                        .call_id = call_id,
                                        .kind = DESK_OUTBOX_REMIND,
                                        .dedupe = desk_out_call_cause(a, c),
                                        .payload = payload,
                                        .priority = DESK_OUTBOX_NORMAL,
                                        .wait_ms = wait_ms,
                                        .dest = DESK_OUTBOX_TO_CALLS};
    enum desk_rc rc = payload && row.dedupe ? desk_outbox_add(db, &row) : DESK_ENOMEM;
    json_decref(root);
    free(payload);
    return rc;
}

enum desk_rc desk_remind_call(const struct desk_calendar_place *p, const struct desk_remind *r,
                              const char **why)
{
    char id[DESK_ID_LEN];
    const char *from = NULL;
    enum desk_rc rc = desk_visit_number(p->db, p->arena, p->tenant_id, r->row->location_id, &from);
    if (rc)
        return rc;
    *why = cannot(p->business, r->row->number, from);
    if (*why)
        return DESK_OK;
    const struct desk_out_call c = {.id = desk_id_new(id, "out"),
                                    .tenant_id = p->tenant_id,
                                    .location_id = r->row->location_id,
                                    .dedupe = r->key,
                                    .appointment_id = r->row->id,
                                    .start_at = r->row->start_at,
                                    .or_text = r->or_text,
                                    .number = r->row->number,
                                    .from_number = from,
                                    .state = "open",
                                    .tries = 1,
                                    .until_at = r->row->start_at - DESK_REMIND_LAST_MS,
                                    .created_at = p->now,
                                    .updated_at = p->now};
    rc = desk_out_call_insert(p->db, &c);
    if (!rc)
        rc = queue_try(p->db, p->arena, &c, r->row->call_id, 0);
    return rc == DESK_ECONFLICT ? DESK_DONE : rc;
}

/* ---- one that is there ----------------------------------------------------------------------- */

struct world {
    struct desk_db *db;
    struct desk_arena *a;
    int64_t now;
    struct desk_out_call c;
    struct desk_appointment row; /* id NULL: it is gone */
    struct desk_business b;
    struct desk_tenant_settings own;
};

static enum desk_rc load(struct world *w, const char *id)
{
    enum desk_rc rc = desk_out_call_by_id(w->db, w->a, id, &w->c);
    if (!rc)
        rc = desk_appointment_get(w->db, w->a, w->c.tenant_id, w->c.appointment_id, &w->row);
    if (rc == DESK_ENOTFOUND && w->c.id)
        rc = DESK_OK;
    if (!rc)
        rc = desk_business_load(w->db, w->a, w->c.tenant_id, w->c.location_id, &w->b);
    return rc ? rc : desk_tenant_settings_load(w->db, w->a, w->c.tenant_id, &w->own);
}

static bool stands(const struct world *w)
{
    return w->row.id && w->row.start_at == w->c.start_at &&
           (strcmp(w->row.status, DESK_APPT_BOOKED) == 0 ||
            strcmp(w->row.status, DESK_APPT_MOVED) == 0);
}

static long setting(const struct world *w, enum desk_setting_id id)
{
    return desk_tenant_setting_int(&w->own, id);
}

/* For the timeline of the call in which it was booked. */
static const char *const stories[DESK_DIAL__MAX] = {
    [DESK_DIAL_TALKED] = "They were called and reminded of the appointment.",
    [DESK_DIAL_MESSAGE] = "An answering machine took the reminder's call: a message was left.",
    [DESK_DIAL_MACHINE] = "An answering machine took the reminder's call.",
    [DESK_DIAL_HUNG_UP] = "The reminder's call was answered, and ended before anything was told.",
    [DESK_DIAL_BUSY] = "The reminder's call was not taken: busy.",
    [DESK_DIAL_NO_ANSWER] = "The reminder's call was not answered.",
    [DESK_DIAL_FAILED] = "The reminder's call could not be put through.",
    [DESK_DIAL_UNKNOWN] = "Whether the reminder's call was made is not known.",
    [DESK_DIAL_NOT] = "They were not called to be reminded.",
    [DESK_DIAL_GONE] = "The reminder's call is not needed any more.",
};

static enum desk_rc tell(const struct world *w, enum desk_dial_end end, const char *more)
{
    struct desk_call call;
    const char *once = desk_arena_fmt(w->a, "remind_call:%s:%lld:%s", w->c.id,
                                      (long long)w->c.tries, desk_dial_end_name(end));
    const char *words = desk_arena_fmt(w->a, "%s%s%s", stories[end], *more ? " " : "", more);
    if (!w->row.id || !w->row.call_id)
        return DESK_OK;
    enum desk_rc rc = once && words
                          ? desk_call_get(w->db, w->a, w->c.tenant_id, w->row.call_id, &call)
                          : DESK_ENOMEM;
    if (rc)
        return rc == DESK_ENOTFOUND ? DESK_OK : rc;
    return desk_event_add(w->db, call.tenant_id, call.id, call.started_at, "note", "reminder_call",
                          words, once);
}

static enum desk_rc send_text(struct world *w, const char **why)
{
    const struct desk_calendar_place place = {.db = w->db,
                                              .arena = w->a,
                                              .tenant_id = w->c.tenant_id,
                                              .location_id = w->c.location_id,
                                              .business = &w->b,
                                              .now = w->now};
    const struct desk_visit_words words = {
        .which = DESK_VISIT_REMINDER, .row = &w->row, .key = w->c.dedupe};
    return desk_visit_text(&place, &words, why);
}

/* It came to that, and no other try follows. why: more than the end says, or "". */
static enum desk_rc finish(struct world *w, enum desk_dial_end end, bool text, const char *why)
{
    const char *none = NULL;
    bool sends = text && w->c.or_text && stands(w) && w->now < w->c.until_at;
    enum desk_rc rc = desk_out_call_end(w->db, &w->c, desk_dial_end_name(end));
    if (!rc && sends)
        rc = send_text(w, &none);
    const char *then = sends && !none ? "A text is sent instead." : "";
    const char *more = desk_arena_fmt(w->a, "%s%s%s", why, *why && *then ? " " : "", then);
    return rc ? rc : more ? tell(w, end, more) : DESK_ENOMEM;
}

/* ---- its turn -------------------------------------------------------------------------------- */

static enum desk_rc refused(const struct world *w, const char **why)
{
    bool no = false, stop = false, yes = true;
    bool asked = strcmp(desk_tenant_setting(&w->own, DESK_S_REMIND_CONSENT), "asked") == 0;
    enum desk_rc rc =
        desk_consent_is(w->db, w->c.tenant_id, w->c.number, DESK_CONSENT_CALLS, false, &no);
    if (!rc)
        rc = desk_text_stopped(w->db, w->c.tenant_id, w->c.number, &stop);
    if (!rc && asked)
        rc = desk_consent_is(w->db, w->c.tenant_id, w->c.number, DESK_CONSENT_CALLS, true, &yes);
    if (no || stop)
        *why = "They do not want to be called by a machine.";
    else if (!yes)
        *why = "They did not agree to be called by a machine.";
    return rc;
}

static enum desk_rc too_many(const struct world *w, const char **why)
{
    int64_t n = 0;
    enum desk_rc rc = desk_out_call_since(w->db, &w->c, w->now - DAY_MS, &n);
    if (!rc && n + w->c.tries > setting(w, DESK_S_REMIND_CALLS_A_DAY))
        *why = "So many calls as the business allows were made in the last 24 hours.";
    return rc;
}

/* 0, or when it may be called: where the number is. */
static int64_t quiet_until(const struct world *w)
{
    struct desk_reach reach;
    desk_reach_of(w->c.number, w->b.zone, &reach);
    const struct desk_reach_calls q = desk_reach_calls(&reach, setting(w, DESK_S_TEXT_QUIET_FROM),
                                                       setting(w, DESK_S_TEXT_QUIET_TO));
    return desk_reach_calls_end(&q, w->now);
}

static enum desk_rc decide(struct world *w, int64_t n, struct desk_remind_turn *out)
{
    const char *why = NULL;
    *out = (struct desk_remind_turn){
        .may = DESK_REMIND_NOT,
        .why = "It is over.",
        .message = strcmp(desk_tenant_setting(&w->own, DESK_S_REMIND_ON_MACHINE), "message") == 0};
    if (strcmp(w->c.state, "open") != 0 || w->c.tries != n)
        return DESK_OK;
    if (!stands(w) || w->now >= w->c.until_at) {
        out->why = stands(w) ? "It is too late." : "The appointment does not stand any more.";
        return finish(w, DESK_DIAL_GONE, false, out->why);
    }
    enum desk_rc rc = refused(w, &why);
    int64_t until = quiet_until(w);
    if (!rc && !why)
        rc = too_many(w, &why);
    if (!why)
        why = cannot(&w->b, w->c.number, w->c.from_number);
    if (!why && until >= w->c.until_at)
        why = "It is late there until the appointment.";
    if (!rc && why) {
        out->why = why;
        return finish(w, DESK_DIAL_NOT, true, why);
    }
    out->may = until ? DESK_REMIND_LATER : DESK_REMIND_GO;
    out->wait_ms = until ? until - w->now : 0;
    out->why = until ? "It is late there: it waits for the morning." : NULL;
    return rc || until ? rc : desk_out_call_placed(w->db, &w->c);
}

enum desk_rc desk_remind_call_begin(struct desk_db *db, struct desk_arena *a, const char *id,
                                    int64_t n, int64_t now, struct desk_remind_turn *out)
{
    struct world *w = desk_arena_alloc(a, sizeof *w);
    enum desk_rc rc = w ? DESK_TX_BEGIN(db) : DESK_ENOMEM;
    if (rc)
        return rc;
    *w = (struct world){.db = db, .a = a, .now = now};
    rc = load(w, id);
    return desk_tx_end(db, rc ? rc : decide(w, n, out));
}

/* ---- its end --------------------------------------------------------------------------------- */

/* Twilio surely has no call of that try. */
static enum desk_rc never_began(const struct world *w, bool *yes)
{
    static const char *const states[] = {DESK_OUTBOX_FAILED, DESK_OUTBOX_REFUSED,
                                         DESK_OUTBOX_DROPPED};
    struct desk_outbox row;
    const char *cause = desk_out_call_cause(w->a, &w->c);
    enum desk_rc rc =
        cause ? desk_outbox_by_cause(w->db, w->a, w->c.tenant_id, cause, &row) : DESK_ENOMEM;
    *yes = rc == DESK_ENOTFOUND;
    for (size_t i = 0; !rc && i < sizeof states / sizeof *states; i++)
        *yes = *yes || strcmp(row.state, states[i]) == 0;
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

static enum desk_rc again(struct world *w, enum desk_dial_end end, int64_t wait_ms)
{
    struct desk_out_call next = w->c;
    next.tries++;
    enum desk_rc rc = tell(w, end, "It is tried once more.");
    if (!rc)
        rc = desk_out_call_again(w->db, &w->c);
    return rc ? rc : queue_try(w->db, w->a, &next, w->row.call_id, wait_ms);
}

static enum desk_rc settle(struct world *w, const struct desk_out_call *seen)
{
    bool refused_it = false;
    if (strcmp(w->c.state, "open") != 0 || w->c.tries != seen->tries)
        return DESK_DONE;
    enum desk_rc rc = w->c.ended ? DESK_OK : never_began(w, &refused_it);
    if (rc)
        return rc;
    const struct desk_dial_facts facts = {.status = w->c.ended,
                                          .answered_by = w->c.answered_by,
                                          .picked_up = w->c.call_id != NULL,
                                          .refused = refused_it};
    int64_t wait = setting(w, DESK_S_REMIND_RETRY_MINUTES) * MINUTE_MS;
    enum desk_dial_end end = desk_dial_end_of(&facts);
    enum desk_dial_then then =
        desk_dial_then(end, w->c.tries, stands(w) && w->now + wait < w->c.until_at);
    return then == DESK_DIAL_AGAIN ? again(w, end, wait)
                                   : finish(w, end, then == DESK_DIAL_TEXT, "");
}

enum desk_rc desk_remind_call_settle(struct desk_db *db, struct desk_arena *a,
                                     const struct desk_out_call *row, int64_t now)
{
    struct world *w = desk_arena_alloc(a, sizeof *w);
    enum desk_rc rc = w ? DESK_TX_BEGIN(db) : DESK_ENOMEM;
    if (rc)
        return rc;
    *w = (struct world){.db = db, .a = a, .now = now};
    rc = load(w, row->id);
    return desk_tx_end(db, rc ? rc : settle(w, row));
}
