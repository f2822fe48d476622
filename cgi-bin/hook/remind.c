/* A reminder's call (remind.h): in the call log, and what is heard. */
#include "cgi-bin/hook/remind.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/ids.h"
#include "core/dates.h"
#include "db/seal.h"
#include "store/conversation.h"
#include "store/outbox.h"
#include "store/settings.h"

#include <stdio.h>
#include <string.h>

#define WAIT_S 3  /* one wait for Twilio's word of who answered */
#define WAITS  12 /* so many: it gives up after 30 s itself */
#define KEY_S  6

enum desk_rc remind_load(struct desk_request *req, struct reminder *r)
{
    memset(r, 0, sizeof *r);
    enum desk_rc rc = desk_out_call_by_id(req->db, req->arena, hook_text(req, "id"), &r->c);
    if (!rc && r->c.tries != desk_param(req, "t")->num)
        rc = DESK_ENOTFOUND;
    if (!rc)
        rc =
            desk_appointment_get(req->db, req->arena, r->c.tenant_id, r->c.appointment_id, &r->row);
    return rc ? rc : hook_place_load(req, r->c.tenant_id, r->c.location_id, r->c.from_number);
}

static bool is_over(const struct reminder *r)
{
    return strcmp(r->c.state, "open") != 0;
}

bool remind_stands(const struct reminder *r)
{
    return r->row.start_at == r->c.start_at && (strcmp(r->row.status, DESK_APPT_BOOKED) == 0 ||
                                                strcmp(r->row.status, DESK_APPT_MOVED) == 0);
}

static const char *url(struct desk_request *req, const char *path, const struct reminder *r,
                       const char *name, int64_t n)
{
    return desk_arena_fmt(req->arena, "%s%s?id=%s&t=%lld&%s=%lld", desk_public_base(), path,
                          r->c.id, (long long)r->c.tries, name, (long long)n);
}

/* ---- in the call log ------------------------------------------------------------------------- */

static enum desk_rc log_call(struct desk_request *req, struct reminder *r, const char *sid)
{
    char id[DESK_ID_LEN], key[DESK_BLIND_LEN];
    int64_t now = desk_now_ms();
    desk_blind(desk_db_key(req->db), r->c.tenant_id, r->c.number, key);
    r->call = (struct desk_call){.id = desk_arena_strdup(req->arena, desk_id_new(id, "call")),
                                 .tenant_id = r->c.tenant_id,
                                 .location_id = r->c.location_id,
                                 .contact_id = r->row.contact_id,
                                 .call_sid = sid,
                                 .direction = "outbound",
                                 .caller_kind = "known",
                                 .from_number = r->c.number, /* whom the call is with */
                                 .from_key = desk_arena_strdup(req->arena, key),
                                 .to_number = r->c.from_number,
                                 .mode = DESK_MODE_GATHER,
                                 .status = "in-progress",
                                 .status_rank = desk_call_rank("in-progress"),
                                 .script = "appointment_reminder",
                                 .trace = *req->trace.trace ? req->trace.trace : NULL,
                                 .started_at = now,
                                 .updated_at = now};
    if (!r->call.id || !r->call.from_key)
        return DESK_ENOMEM;
    enum desk_rc rc = desk_call_insert(req->db, &r->call);
    if (rc)
        return rc;
    return hook_event(req, &r->call, "note", "reminder_call",
                      "We called to remind of an appointment.", "reminder");
}

enum desk_rc remind_report(struct desk_request *req, const struct reminder *r, const char *state,
                           const char *sid, const char *status)
{
    struct desk_outbox row;
    const char *cause = desk_out_call_cause(req->arena, &r->c);
    enum desk_rc rc = cause ? desk_outbox_by_cause(req->db, req->arena, r->c.tenant_id, cause, &row)
                            : DESK_ENOMEM;
    if (rc || strcmp(row.state, DESK_OUTBOX_DELIVERED) == 0 || strcmp(row.state, state) == 0)
        return rc == DESK_ENOTFOUND ? DESK_OK : rc;
    return desk_outbox_report(req->db, &row, state, sid, status, 0, NULL);
}

/* In a transaction. DESK_DONE: another call of Twilio's has this try already, or it is over. */
static enum desk_rc take(struct desk_request *req, struct reminder *r, const char *sid)
{
    enum desk_rc rc = desk_call_by_sid(req->db, req->arena, sid, &r->call);
    if (rc == DESK_ENOTFOUND && (is_over(r) || (r->c.call_sid && strcmp(r->c.call_sid, sid) != 0)))
        return DESK_DONE;
    if (rc == DESK_ENOTFOUND)
        rc = log_call(req, r, sid);
    if (!rc)
        rc = desk_out_call_seen(req->db, &r->c, sid, r->call.id);
    if (!rc)
        rc = remind_report(req, r, DESK_OUTBOX_SENT, sid, "in-progress");
    r->c.call_id = r->call.id;
    return rc;
}

enum desk_rc remind_taken(struct desk_request *req, struct reminder *r)
{
    const char *sid = hook_text(req, "CallSid");
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    return rc ? rc : desk_tx_end(req->db, take(req, r, sid));
}

enum desk_rc remind_answered(struct desk_request *req, struct reminder *r, const char *by)
{
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, desk_out_call_answered(req->db, &r->c, by));
    if (!rc)
        r->c.answered_by = by;
    return rc == DESK_DONE ? DESK_OK : rc;
}

const char *remind_by_of(const char *word)
{
    static const char *const words[] = {DESK_BY_HUMAN, DESK_BY_FAX, DESK_BY_UNKNOWN};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], word) == 0)
            return words[i];
    return strncmp(word, "machine_", 8) == 0 ? DESK_BY_MACHINE : NULL;
}

/* ---- what is heard --------------------------------------------------------------------------- */

static void open_gather(struct desk_twiml *t, const char *action, int seconds)
{
    desk_twiml_gather_open(t, &(struct desk_twiml_gather){.input = "dtmf",
                                                          .action = action,
                                                          .timeout_s = seconds,
                                                          .num_digits = 1,
                                                          .action_on_empty_result = true});
}

/* Who it is for and when; what for only where that tells nothing of anybody's health. */
static const char *telling(struct desk_request *req, const struct reminder *r)
{
    char when[160];
    const struct desk_business *b = req->business;
    const struct desk_when_place place = {b->hours, b->zone, desk_now_ms(), b->day_first};
    const char *name = r->row.name ? r->row.name : "";
    const char *service = !b->phi && r->row.service_name ? r->row.service_name : "";
    desk_when_say_start(&place, r->row.start_at, when, sizeof when);
    return desk_arena_fmt(req->arena,
                          "This is a reminder of an appointment%s%s at %s: %s%s%s. Press 1 if you "
                          "will be there, 2 to change or cancel it, 3 to hear it again, or 9 if "
                          "you do not want such calls.",
                          *name ? " for " : "", name, b->name, service, *service ? ", " : "", when);
}

enum desk_rc remind_tell(struct desk_request *req, const struct reminder *r, int64_t time)
{
    struct desk_twiml t;
    const char *action = url(req, "/voice/reminder-key", r, "n", time), *text = telling(req, r);
    if (!action || !text)
        return DESK_ENOMEM;
    if (!remind_stands(r))
        return hook_answer_goodbye(req, "There is nothing to remind you of any more. Goodbye.");
    desk_twiml_init(&t);
    open_gather(&t, action, KEY_S);
    hook_say(&t, text);
    desk_twiml_close(&t);
    desk_twiml_hangup(&t);
    return hook_send(req, &t);
}

static const char *wait_words(struct desk_request *req, int64_t n)
{
    if (n == 0)
        return desk_arena_fmt(req->arena, "Hello, this is %s, with a reminder for you.",
                              req->business->name);
    return n == 1 ? "Press any key to hear it." : NULL;
}

static enum desk_rc wait_for_word(struct desk_request *req, const struct reminder *r, int64_t n)
{
    struct desk_twiml t;
    const char *action = url(req, "/voice/reminder", r, "n", n + 1);
    if (!action)
        return DESK_ENOMEM;
    desk_twiml_init(&t);
    open_gather(&t, action, n ? WAIT_S : 1);
    hook_say(&t, wait_words(req, n));
    desk_twiml_close(&t);
    desk_twiml_hangup(&t);
    return hook_send(req, &t);
}

/* After the tone: who called, and the number. Nothing else, for whoever hears it. */
static enum desk_rc leave_message(struct desk_request *req, struct reminder *r)
{
    char spoken[128];
    struct desk_tenant_settings own;
    enum desk_rc rc = desk_tenant_settings_load(req->db, req->arena, r->c.tenant_id, &own);
    bool wanted =
        !rc && strcmp(desk_tenant_setting(&own, DESK_S_REMIND_ON_MACHINE), "message") == 0;
    bool left = r->c.answered_by && strcmp(r->c.answered_by, DESK_BY_MESSAGE) == 0;
    if (!rc && (!wanted || strcmp(r->c.answered_by, DESK_BY_FAX) == 0))
        return hook_answer_goodbye(req, NULL);
    if (!rc && !left)
        rc = remind_answered(req, r, DESK_BY_MESSAGE);
    if (rc)
        return rc;
    desk_phone_spoken(spoken, sizeof spoken, r->c.from_number);
    return hook_answer_goodbye(
        req, desk_arena_fmt(req->arena,
                            "Hello, this is %s. We are calling about an appointment. Please call "
                            "us back at %s. Goodbye.",
                            req->business->name, spoken));
}

static bool is_by(const struct reminder *r, const char *by)
{
    return r->c.answered_by && strcmp(r->c.answered_by, by) == 0;
}

/* GET/POST /voice/reminder: somebody answered; and again while nobody knows yet who. */
enum desk_rc hook_reminder(struct desk_request *req)
{
    struct reminder r;
    int64_t n = desk_param(req, "n")->num;
    enum desk_rc rc = remind_load(req, &r);
    if (!rc)
        rc = remind_taken(req, &r);
    if (rc == DESK_ENOTFOUND || rc == DESK_DONE)
        return hook_answer_goodbye(req, NULL);
    const char *by =
        *hook_text(req, "Digits") ? DESK_BY_HUMAN : remind_by_of(hook_text(req, "AnsweredBy"));
    if (!rc && by)
        rc = remind_answered(req, &r, by);
    if (rc)
        return rc;
    if (is_by(&r, DESK_BY_HUMAN))
        return remind_tell(req, &r, 0);
    if (is_by(&r, DESK_BY_MACHINE) || is_by(&r, DESK_BY_MESSAGE) || is_by(&r, DESK_BY_FAX))
        return leave_message(req, &r);
    if (n >= 0 && n < WAITS)
        return wait_for_word(req, &r, n);
    rc = remind_answered(req, &r, DESK_BY_MACHINE); /* no word, no key, for so long */
    return rc ? rc : leave_message(req, &r);
}
