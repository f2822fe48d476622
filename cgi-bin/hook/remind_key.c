/* A reminder's call (remind.h): what the keys do, and Twilio's reports. */
#include "cgi-bin/hook/remind.h"
#include "base/clock.h"
#include "core/dates.h"
#include "store/consents.h"
#include "store/outbox.h"
#include "talk/promise.h"

#include <string.h>

#define TELLINGS 3

enum desk_rc remind_said(struct desk_request *req, const struct reminder *r, const char *answer)
{
    const struct desk_appointment_said said = {.tenant_id = r->c.tenant_id,
                                               .id = r->c.appointment_id,
                                               .start_at = r->c.start_at,
                                               .answer = answer,
                                               .by = DESK_ANSWER_BY_CALL};
    enum desk_rc rc = desk_appointment_answer(req->db, &said);
    return rc == DESK_ENOTFOUND ? DESK_OK : rc; /* it was moved in this moment */
}

/* ---- keys ------------------------------------------------------------------------------------ */

static enum desk_rc note(struct desk_request *req, const struct reminder *r, const char *name,
                         const char *words)
{
    return hook_event(req, &r->call, "note", name, words, name);
}

static enum desk_rc confirm(struct desk_request *req, const struct reminder *r)
{
    enum desk_rc rc = remind_said(req, r, DESK_ANSWER_COMING);
    if (!rc)
        rc = note(req, r, "appointment_confirmed", "They will be there: confirmed by a key.");
    return rc ? rc
              : desk_call_outcome(req->db, r->call.tenant_id, r->call.id, DESK_OUT_ANSWERED, false);
}

/* A call back is promised first, whatever happens to this call: what follows takes it back. */
static enum desk_rc change(struct desk_request *req, const struct reminder *r)
{
    char when[160];
    const struct desk_business *b = req->business;
    const struct desk_when_place place = {b->hours, b->zone, desk_now_ms(), b->day_first};
    desk_when_say_start(&place, r->row.start_at, when, sizeof when);
    const char *reason =
        desk_arena_fmt(req->arena, "Wants to change or cancel the appointment on %s", when);
    enum desk_rc rc = reason ? remind_said(req, r, DESK_ANSWER_CHANGE) : DESK_ENOMEM;
    if (!rc)
        rc = desk_promise(req->db, req->arena, &r->call, reason);
    if (!rc)
        rc = note(req, r, "appointment_change",
                  "They want to change or cancel it: chosen by a key.");
    return rc ? rc
              : desk_call_outcome(req->db, r->call.tenant_id, r->call.id, DESK_OUT_CALLBACK, false);
}

static enum desk_rc refuse(struct desk_request *req, const struct reminder *r)
{
    enum desk_rc rc = desk_consent_set(req->db, r->c.tenant_id, r->c.number, DESK_CONSENT_CALLS,
                                       false, DESK_CONSENT_BY_KEY);
    if (!rc)
        rc = note(req, r, "calls_refused", "They want no such calls any more: chosen by a key.");
    return rc ? rc
              : desk_call_outcome(req->db, r->call.tenant_id, r->call.id, DESK_OUT_ANSWERED, false);
}

static enum desk_rc bye_confirmed(struct desk_request *req, struct reminder *r)
{
    (void)r;
    return hook_answer_goodbye(req, "Thank you, it is confirmed. Goodbye.");
}

static enum desk_rc bye_refused(struct desk_request *req, struct reminder *r)
{
    (void)r;
    return hook_answer_goodbye(req, "You will not be called by this machine any more. Goodbye.");
}

static const struct {
    const char *key;
    enum desk_rc (*act)(struct desk_request *, const struct reminder *); /* in a transaction */
    enum desk_rc (*answer)(struct desk_request *, struct reminder *);
    bool of_visit; /* which must stand as it was told */
} keys[] = {
    {"1", confirm, bye_confirmed, true},
    {"2", change, remind_change_menu, true},
    {"9", refuse, bye_refused, false},
};
#define KEYS (sizeof keys / sizeof *keys)

static enum desk_rc pressed(struct desk_request *req, struct reminder *r, size_t i)
{
    if (keys[i].of_visit && !remind_stands(r))
        return remind_as_it_is(req, r);
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, keys[i].act(req, r));
    return rc ? rc : keys[i].answer(req, r);
}

/* GET/POST /voice/reminder-key: what was pressed; nothing, or 3, tells it again. */
enum desk_rc hook_reminder_key(struct desk_request *req)
{
    struct reminder r;
    int64_t n = desk_param(req, "n")->num;
    enum desk_rc rc = remind_load(req, &r);
    if (!rc)
        rc = remind_taken(req, &r);
    if (rc == DESK_ENOTFOUND || rc == DESK_DONE)
        return hook_answer_goodbye(req, NULL);
    if (!rc)
        rc = remind_answered(req, &r, DESK_BY_HUMAN);
    if (rc)
        return rc;
    for (size_t i = 0; i < KEYS; i++)
        if (strcmp(keys[i].key, hook_text(req, "Digits")) == 0)
            return pressed(req, &r, i);
    return n >= 0 && n + 1 < TELLINGS ? remind_tell(req, &r, n + 1)
                                      : hook_answer_goodbye(req, "Goodbye.");
}

/* ---- reports --------------------------------------------------------------------------------- */

/* A report of another call than the try's own says nothing about it. */
static bool is_own(const struct desk_request *req, const struct reminder *r)
{
    return !r->c.call_sid || strcmp(r->c.call_sid, hook_text(req, "CallSid")) == 0;
}

/* POST /voice/reminder-machine: a person, or a machine (whose greeting is over). */
enum desk_rc hook_reminder_machine(struct desk_request *req)
{
    struct reminder r;
    const char *by = remind_by_of(hook_text(req, "AnsweredBy"));
    enum desk_rc rc = remind_load(req, &r);
    if (rc == DESK_ENOTFOUND || (!rc && (!by || !is_own(req, &r))))
        return hook_answer_done(req);
    if (!rc)
        rc = remind_answered(req, &r, by);
    return rc ? rc : hook_answer_done(req);
}

/* In a transaction. */
static enum desk_rc ended(struct desk_request *req, const struct reminder *r, const char *status)
{
    struct desk_call c;
    const char *sid = hook_text(req, "CallSid");
    enum desk_rc rc = desk_out_call_ended(req->db, &r->c, status);
    if (!rc)
        rc = remind_report(req, r, DESK_OUTBOX_DELIVERED, sid, status);
    if (rc && rc != DESK_DONE)
        return rc;
    rc = desk_call_by_sid(req->db, req->arena, sid, &c);
    if (!rc)
        rc = desk_call_status(req->db, &c, status, false);
    return rc == DESK_ENOTFOUND || rc == DESK_DONE ? DESK_OK : rc;
}

/* POST /voice/reminder-status: how the call ended; the first word stands. */
enum desk_rc hook_reminder_status(struct desk_request *req)
{
    struct reminder r;
    const char *status = hook_text(req, "CallStatus");
    enum desk_rc rc = remind_load(req, &r);
    if (rc == DESK_ENOTFOUND ||
        (!rc && (!is_own(req, &r) || desk_call_rank(status) < DESK_RANK_FINAL)))
        return hook_answer_done(req);
    if (!rc)
        rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, ended(req, &r, status));
    return rc ? rc : hook_answer_done(req);
}
