/* What a text leads to that the brain does not answer. One row for each kind. */
#include "base/clock.h"
#include "base/log.h"
#include "core/phone.h"
#include "core/text_words.h"
#include "db/seal.h"
#include "store/contacts.h"
#include "store/conversation.h"
#include "store/outbox.h"
#include "store/settings.h"
#include "store/text_stops.h"
#include "store/threads.h"
#include "talk/by_hand.h"
#include "talk/calendar.h"
#include "talk/live_text.h"
#include "talk/owner_answer.h"
#include "talk/owner_tell.h"
#include "talk/promise.h"
#include "talk/text_in.h"
#include "talk/texts.h"
#include "talk/visit_text.h"

#include <string.h>

#define LINE      400
#define NOTICE_MS (12LL * 3600 * 1000) /* so long an answer to a notice is one */

/* ---- answers --------------------------------------------------------------------------------- */

/* body NULL or "": none. name: of its template, or NULL. */
static enum desk_rc answer(struct desk_text_work *w, const char *name, const char *body)
{
    if (!body || !*body)
        return DESK_OK;
    const struct desk_text_words words = {.key = desk_arena_fmt(w->a, "reply:%s", w->in->sid),
                                          .name = name,
                                          .body = body,
                                          .came = desk_now_ms()};
    enum desk_rc rc = words.key ? desk_text_reply(w->db, w->a, &w->s.call, &words) : DESK_ENOMEM;
    w->reply = rc ? NULL : words.key;
    return rc;
}

/* A text whose words cannot be made is none: what it was about is written all the same. */
static enum desk_rc answer_by(struct desk_text_work *w, const char *name,
                              const struct desk_sms_value *v, size_t n)
{
    char why[200] = "";
    const char *body = NULL;
    enum desk_rc rc = desk_text_render(w->a, w->in->business, name, v, n, &body, why, sizeof why);
    if (rc == DESK_ENOMEM)
        return rc;
    if (rc)
        desk_log(DESK_LOG_ERROR, "text.words", "text=%s why=\"%s\"", name, why);
    return rc ? DESK_OK : answer(w, name, body);
}

static enum desk_rc note(struct desk_text_work *w, const char *name, const char *line)
{
    const struct desk_call *c = &w->s.call;
    const char *once = desk_arena_fmt(w->a, "%s:%s", name, w->in->sid);
    return line && once
               ? desk_event_add(w->db, c->tenant_id, c->id, c->started_at, "rule", name, line, once)
               : DESK_ENOMEM;
}

static struct desk_calendar_place place_of(const struct desk_text_work *w)
{
    return (struct desk_calendar_place){.db = w->db,
                                        .arena = w->a,
                                        .tenant_id = w->in->tenant->id,
                                        .location_id = w->visit.location_id,
                                        .business = w->in->business,
                                        .now = desk_now_ms(),
                                        .on_the_line = true};
}

/* An answer that names the visit: its service and when it is. */
static enum desk_rc answer_visit(struct desk_text_work *w, const char *name)
{
    char when[160];
    const struct desk_calendar_place p = place_of(w);
    const struct desk_sms_value v[] = {
        {"service", desk_text_line(w->a, w->visit.service_name, 60, false)},
        {"when", desk_calendar_say(&p, w->visit.start_at, when, sizeof when)}};
    return answer_by(w, name, v, sizeof v / sizeof *v);
}

/* ---- words of law ---------------------------------------------------------------------------- */

/* Twilio answers these words itself, unless it was told not to. */
static enum desk_rc answer_word(struct desk_text_work *w, const char *name,
                                const struct desk_sms_value *v, size_t n)
{
    struct desk_tenant_settings own;
    if (*w->in->opt_out_type)
        return DESK_OK;
    enum desk_rc rc = desk_tenant_settings_load(w->db, w->a, w->in->tenant->id, &own);
    if (rc || !desk_tenant_setting_bool(&own, DESK_S_TEXT_ANSWER_STOP))
        return rc;
    return answer_by(w, name, v, n);
}

static enum desk_rc on_stop(struct desk_text_work *w)
{
    enum desk_rc rc = desk_text_stop(w->db, w->in->tenant->id, w->e164, DESK_STOP_BY_TEXT);
    return rc ? rc : answer_word(w, "opt_out", NULL, 0);
}

static enum desk_rc on_start(struct desk_text_work *w)
{
    enum desk_rc rc = desk_text_start(w->db, w->in->tenant->id, w->e164);
    return rc ? rc : answer_word(w, "opt_in", NULL, 0);
}

static enum desk_rc on_help(struct desk_text_work *w)
{
    const struct desk_sms_value v[] = {{"number", w->in->to}};
    return answer_word(w, "help", v, 1);
}

static enum desk_rc on_opted_out(struct desk_text_work *w)
{
    return desk_promise(w->db, w->a, &w->s.call, "Wrote, but wants no texts of ours");
}

/* ---- visits ---------------------------------------------------------------------------------- */

static enum desk_rc visit_note(struct desk_text_work *w, const char *name, const char *deed)
{
    char when[160];
    const struct desk_calendar_place p = place_of(w);
    return note(w, name,
                desk_arena_fmt(w->a, "%s: %s on %s.", deed, w->visit.service_name,
                               desk_calendar_say(&p, w->visit.start_at, when, sizeof when)));
}

static enum desk_rc on_confirm(struct desk_text_work *w)
{
    const struct desk_appointment_said said = {.tenant_id = w->in->tenant->id,
                                               .id = w->visit.id,
                                               .start_at = w->visit.start_at,
                                               .answer = DESK_ANSWER_COMING,
                                               .by = DESK_ANSWER_BY_TEXT};
    enum desk_rc rc = desk_appointment_answer(w->db, &said);
    if (!rc)
        rc = desk_voice_session_asked(w->db, &w->s.row, NULL);
    if (!rc)
        rc = visit_note(w, "visit_confirmed", "Confirmed by text");
    return rc ? rc : answer_visit(w, "appointment_coming");
}

/* The one word CANCEL stops all texts at Twilio, unless it was told not to: then our question does
 * not reach them, and somebody must ask by telephone. */
static enum desk_rc doubtful_stop(struct desk_text_work *w)
{
    if (desk_sms_word(w->in->text) != DESK_SMS_MAYBE_STOP)
        return DESK_OK;
    return desk_promise(w->db, w->a, &w->s.call,
                        "Texted CANCEL: it may mean the appointment, or no more texts");
}

static enum desk_rc on_ask_off(struct desk_text_work *w)
{
    enum desk_rc rc = desk_voice_session_asked(w->db, &w->s.row, w->visit.id);
    if (!rc)
        rc = doubtful_stop(w);
    if (!rc)
        rc = visit_note(w, "visit_off_asked", "Wants it cancelled; asked whether that is so");
    return rc ? rc : answer_visit(w, "appointment_ask_off");
}

/* The text of the change itself is the answer, where there is one. */
static enum desk_rc answer_off(struct desk_text_work *w, const struct desk_booked *out)
{
    struct desk_outbox row;
    const char *cause =
        desk_arena_fmt(w->a, DESK_VISIT_CAUSE "%s:%lld", out->row.id, (long long)out->row.sequence);
    enum desk_rc rc =
        cause ? desk_outbox_by_cause(w->db, w->a, w->in->tenant->id, cause, &row) : DESK_ENOMEM;
    if (!rc)
        w->reply = cause;
    if (rc != DESK_ENOTFOUND)
        return rc;
    return answer(w, NULL,
                  out->firm ? "It is cancelled. Thank you for telling us."
                            : "We have asked for it to be cancelled, and tell you when it is.");
}

static enum desk_rc on_off(struct desk_text_work *w)
{
    const struct desk_calendar_place p = place_of(w);
    const struct desk_call *c = &w->s.call;
    struct desk_booked out;
    enum desk_rc rc = desk_calendar_of(&p)->cancel(&p, &w->visit, &out);
    if (!rc)
        rc = desk_voice_session_asked(w->db, &w->s.row, NULL);
    if (!rc)
        rc = visit_note(w, "visit_off", "Cancelled by text");
    if (!rc)
        rc = desk_call_outcome(w->db, c->tenant_id, c->id, DESK_OUT_CANCELLED, true);
    return rc ? rc : answer_off(w, &out);
}

/* ---- whose words go to the owner ------------------------------------------------------------- */

/* The call that the newest notice to the owner told of, if it is of somebody to write to. */
static enum desk_rc noticed(struct desk_text_work *w, struct desk_call *c, bool *found)
{
    char key[DESK_BLIND_LEN];
    const char *call_id;
    *found = false;
    if (!w->e164)
        return DESK_OK;
    desk_blind(desk_db_key(w->db), w->in->tenant->id, w->e164, key);
    enum desk_rc rc = desk_thread_notice(w->db, w->a, w->in->tenant->id, key,
                                         desk_now_ms() - NOTICE_MS, &call_id);
    if (!rc)
        rc = desk_call_get(w->db, w->a, w->in->tenant->id, call_id, c);
    *found = !rc && c->from_number && strcmp(c->from_number, w->e164) != 0;
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

/* What is no question to us goes to whom the last notice was about; the owner is told to whom, so
 * that nothing goes astray unseen. */
static enum desk_rc pass_to_them(struct desk_text_work *w, const struct desk_call *c,
                                 const char **say)
{
    struct desk_contact who = {.name = NULL};
    const char *why = NULL;
    char number[64];
    int64_t segments = 0;
    const struct desk_by_hand h = {.tenant_id = c->tenant_id,
                                   .from = w->in->to,
                                   .to = c->from_number,
                                   .text = w->in->text,
                                   .key = w->in->sid};
    enum desk_rc rc = desk_by_hand(w->db, w->a, &h, &why, &segments);
    if (!rc && c->contact_id)
        rc = desk_contact_get(w->db, w->a, c->tenant_id, c->contact_id, &who);
    if (rc && rc != DESK_ENOTFOUND && rc != DESK_DONE)
        return rc;
    desk_phone_plain(number, sizeof number, c->from_number);
    const char *name = who.name && *who.name ? who.name : NULL;
    *say =
        why ? desk_arena_fmt(w->a, "Not sent to %s%s%s: %s", name ? name : "", name ? ", " : "",
                             number, why)
            : desk_arena_fmt(w->a, "Sent to %s%s%s.", name ? name : "", name ? ", " : "", number);
    return *say ? DESK_OK : DESK_ENOMEM;
}

/* The answer goes to the owner's own phone, whoever wrote: so no PIN is asked for, and nothing can
 * be changed this way but the course of a call that they were just told of: it rings their own
 * phone, has a sentence said, or takes a message. */
static enum desk_rc on_owner(struct desk_text_work *w)
{
    struct desk_call about;
    bool found = false;
    const struct desk_owner_ask ask = {.business = w->in->business,
                                       .tenant_id = w->in->tenant->id,
                                       .text = w->in->text,
                                       .now = desk_now_ms()};
    const struct desk_live_text live = {.business = w->in->business,
                                        .tenant_id = w->in->tenant->id,
                                        .text = w->in->text,
                                        .sid = w->in->sid,
                                        .now = ask.now};
    struct desk_owner_answer out;
    const char *told = NULL;
    enum desk_rc rc = desk_live_text(w->db, w->a, &live, &told);
    if (rc || told)
        return rc ? rc : answer(w, NULL, told);
    rc = desk_owner_answer(w->db, w->a, &ask, &out);
    if (rc)
        return rc;
    json_decref(out.data);
    const char *say = out.say;
    if (*w->in->text && (out.query.about == DESK_OWNER_UNKNOWN || !desk_text_asks_us(w->in->text)))
        rc = noticed(w, &about, &found);
    if (!rc && found)
        rc = pass_to_them(w, &about, &say);
    return rc ? rc : answer(w, NULL, say);
}

static enum desk_rc tell_owner(struct desk_text_work *w)
{
    char why[200] = "";
    const char *to = w->in->business->owner->phone, *body = NULL;
    if (desk_cannot_text(w->in->business, to))
        return DESK_OK;
    const struct desk_sms_value v[] = {{"caller", w->e164},
                                       {"words", desk_text_line(w->a, w->in->text, LINE, false)}};
    enum desk_rc rc =
        desk_text_render(w->a, w->in->business, "text_owner", v, 2, &body, why, sizeof why);
    if (rc)
        return rc == DESK_ENOMEM ? rc : DESK_OK;
    const struct desk_text t = {.tenant_id = w->in->tenant->id,
                                .call_id = w->s.call.id,
                                .from = w->in->to,
                                .to = to,
                                .name = "text_owner",
                                .body = body,
                                .key = desk_arena_fmt(w->a, "pass_on:%s", w->in->sid)};
    rc = t.key ? desk_text_queue(w->db, w->a, &t) : DESK_ENOMEM;
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}

static enum desk_rc on_pass_on(struct desk_text_work *w)
{
    struct desk_turn *turns;
    size_t n = 0;
    const struct desk_call *c = &w->s.call;
    enum desk_rc rc = tell_owner(w);
    if (!rc) /* once in a conversation: they do not write to us */
        rc = desk_turn_recent(w->db, w->a, c->tenant_id, c->id, DESK_WHO_DESK, 1, &turns, &n);
    return rc || n ? rc : answer_by(w, "text_passed_on", NULL, 0);
}

/* Every word goes to the owner, who answers. */
static enum desk_rc on_by_hand(struct desk_text_work *w)
{
    return tell_owner(w);
}

/* Once in a row: they know then that somebody reads it. */
static enum desk_rc on_spanish(struct desk_text_work *w)
{
    struct desk_turn *turns;
    size_t n = 0;
    const char *v[DESK_FACT__MAX] = {[DESK_FACT_LANGUAGE] = "es"};
    const struct desk_call *c = &w->s.call;
    enum desk_rc rc = tell_owner(w);
    if (!rc)
        rc = desk_promise(w->db, w->a, c, "Wrote in Spanish");
    if (!rc && c->contact_id)
        rc = desk_contact_set(w->db, w->a, c->tenant_id, c->contact_id, v, DESK_FROM_TEXT, NULL);
    if (!rc)
        rc = desk_turn_recent(w->db, w->a, c->tenant_id, c->id, DESK_WHO_DESK, 1, &turns, &n);
    bool said = !rc && n && strncmp(turns[0].text, "Gracias", 7) == 0;
    return rc || said ? rc : answer_by(w, "passed_on_spanish", NULL, 0);
}

static enum desk_rc on_blocked(struct desk_text_work *w)
{
    const struct desk_call *c = &w->s.call;
    return desk_call_outcome(w->db, c->tenant_id, c->id, DESK_OUT_BLOCKED, true);
}

static enum desk_rc on_pictures(struct desk_text_work *w)
{
    return answer_by(w, "picture_thanks", NULL, 0);
}

/* ---- the table ------------------------------------------------------------------------------- */

static enum desk_rc (*const acts[DESK_TEXT__MAX])(struct desk_text_work *) = {
    [DESK_TEXT_STOP] = on_stop,       [DESK_TEXT_START] = on_start,
    [DESK_TEXT_HELP] = on_help,       [DESK_TEXT_CONFIRM] = on_confirm,
    [DESK_TEXT_KEEP] = on_confirm,    [DESK_TEXT_ASK_OFF] = on_ask_off,
    [DESK_TEXT_OFF] = on_off,         [DESK_TEXT_OWNER] = on_owner,
    [DESK_TEXT_PASS_ON] = on_pass_on, [DESK_TEXT_OPTED_OUT] = on_opted_out,
    [DESK_TEXT_SPANISH] = on_spanish, [DESK_TEXT_BY_HAND] = on_by_hand,
    [DESK_TEXT_BLOCKED] = on_blocked, [DESK_TEXT_PICTURES] = on_pictures,
};

enum desk_rc desk_text_act(struct desk_text_work *w, enum desk_text_made made)
{
    const char *name = desk_arena_fmt(w->a, "text_%s", desk_text_made_name(made));
    enum desk_rc rc = !name ? DESK_ENOMEM : w->because ? note(w, name, w->because) : DESK_OK;
    return rc || !acts[made] ? rc : acts[made](w);
}
