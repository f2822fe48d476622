/* Ringing people of the business for a caller: whom (the owner, a person, who is on call, a ring
 * group), the whisper that the callee hears and accepts by a key, and what came of it. */
#include "cgi-bin/hook/hook.h"
#include "base/clock.h"
#include "base/log.h"
#include "core/dialling.h"
#include "store/contacts.h"
#include "store/conversation.h"

#include <stdio.h>
#include <string.h>

#define ACCEPT_S 8 /* how long the whisper waits for a key: a mailbox presses none */

bool hook_rings_first(const struct desk_request *req)
{
    struct desk_hours_state hours;
    const struct desk_business *b = req->business;
    desk_hours_at(b->hours, b->zone, desk_now_ms(), &hours);
    enum desk_answer_mode m =
        !hours.open && b->answer.closed != DESK_ANSWER_UNSAID ? b->answer.closed : b->answer.mode;
    return m == DESK_ANSWER_STAFF_FIRST || m == DESK_ANSWER_OFF;
}

/* People who may be rung, in order; those whose numbers may not are left out. */
static void allowed(const struct desk_business *b, struct desk_ring *ring)
{
    size_t kept = 0;
    for (size_t i = 0; i < ring->n; i++)
        if (desk_may_dial(b, ring->who[i]->phone))
            ring->who[kept++] = ring->who[i];
    ring->n = kept;
}

static const char *names_of(struct desk_request *req, const struct desk_ring *ring)
{
    const char *text = "";
    for (size_t i = 0; i < ring->n; i++) {
        const char *name = *ring->who[i]->name ? ring->who[i]->name : "the owner";
        text = desk_arena_fmt(req->arena, "%s%s%s", text, i ? ", " : "", name);
        if (!text)
            return "somebody";
    }
    return text;
}

static void verb_dial(struct desk_request *req, struct desk_twiml *t, const struct desk_call *c,
                      const struct desk_ring *ring, bool whisper)
{
    const bool shows = c->from_number && *c->from_number && strcmp(c->direction, "outbound") != 0;
    const char *url =
        desk_arena_fmt(req->arena, "%s/voice/whisper?parent=%s", desk_public_base(), c->call_sid);
    struct desk_twiml_dial dial = {
        .action = hook_url(req, "/voice/dial-done"),
        .timeout_s = ring->seconds,
        /* they see who calls; for a withheld caller our own number, and for a call
         * that we made: Twilio lets no other be shown there */
        .caller_id = shows ? c->from_number : c->to_number,
        .answer_on_bridge = true,
        .sequential = ring->n > 1 && !ring->together};
    struct desk_twiml_number number = {.url = whisper ? url : NULL};
    desk_twiml_dial_open(t, &dial);
    for (size_t i = 0; i < ring->n; i++)
        desk_twiml_number(t, &number, ring->who[i]->phone);
    desk_twiml_close(t);
}

enum desk_rc hook_answer_ring(struct desk_request *req, struct desk_call *c, const char *target,
                              const char *said)
{
    struct desk_twiml t;
    struct desk_ring ring = {0};
    const struct desk_business *b = req->business;
    bool exception = strcmp(c->caller_kind, DESK_CALLER_EXCEPTION) == 0;
    struct desk_person number = {.name = "", .phone = target};
    if (*target == '+')
        ring = (struct desk_ring){.who = {&number}, .n = 1, .why = "by number"};
    else
        (void)desk_business_ring(b, *target ? target : "owner", desk_now_ms(), &ring);
    allowed(b, &ring);
    if (!ring.n)
        return hook_answer_record(req, c, HOOK_NOBODY);
    if (!ring.seconds)
        ring.seconds = HOOK_RING_S;
    const char *detail =
        desk_arena_fmt(req->arena, "Rang %s (%s).", names_of(req, &ring), ring.why);
    enum desk_rc rc = detail ? DESK_TX_BEGIN(req->db) : DESK_ENOMEM;
    if (!rc)
        rc = desk_tx_end(req->db, hook_event(req, c, "ladder", "ring_owner", detail, "ring"));
    if (rc)
        return rc;
    desk_twiml_init(&t);
    if (!exception) /* to them nothing is announced: it simply rings */
        hook_say(&t, said);
    verb_dial(req, &t, c, &ring, b->transfer.whisper && !exception);
    return hook_send(req, &t);
}

/* ---- the callee ------------------------------------------------------------------------------ */

/* The call that the callee's leg belongs to: not that leg's own. */
static enum desk_rc load_parent(struct desk_request *req, struct desk_call *c)
{
    const char *sid = hook_text(req, "parent");
    return *sid ? hook_call_load_sid(req, sid, c) : DESK_EINVAL;
}

static const char *who_calls(struct desk_request *req, const struct desk_call *c)
{
    struct desk_contact contact;
    char spoken[128];
    if (c->contact_id &&
        !desk_contact_get(req->db, req->arena, c->tenant_id, c->contact_id, &contact) &&
        contact.name && *contact.name)
        return contact.name;
    if (!c->from_number || !*c->from_number)
        return "somebody who hides their number";
    return desk_arena_strdup(req->arena, desk_phone_spoken(spoken, sizeof spoken, c->from_number));
}

/* GET/POST /voice/whisper: heard by the callee only, before both sides are joined. */
enum desk_rc hook_voice_whisper(struct desk_request *req)
{
    struct desk_twiml t;
    struct desk_call c;
    enum desk_rc rc = load_parent(req, &c);
    if (rc == DESK_ENOTFOUND || rc == DESK_EINVAL)
        return hook_answer_nothing(req); /* joined without a word rather than not at all */
    if (rc)
        return rc;
    const char *who = who_calls(req, &c), *reason = c.transfer_reason;
    const char *text = desk_arena_fmt(
        req->arena, "A call for %s, from %s%s%s. Press 1 to take it, or 2 to decline.",
        req->business->name, who ? who : "somebody", reason && *reason ? ": " : "",
        reason ? reason : "");
    const char *action = desk_arena_fmt(req->arena, "%s/voice/whisper-key?parent=%s",
                                        desk_public_base(), c.call_sid);
    if (!text || !action)
        return DESK_ENOMEM;
    desk_twiml_init(&t);
    desk_twiml_gather_open(
        &t, &(struct desk_twiml_gather){
                .input = "dtmf", .action = action, .timeout_s = ACCEPT_S, .num_digits = 1});
    hook_say(&t, text);
    desk_twiml_close(&t);
    desk_twiml_hangup(&t); /* no key: a mailbox, or nobody who wants it */
    return hook_send(req, &t);
}

/* The key the callee pressed: 1 joins both, anything else does not. */
enum desk_rc hook_voice_whisper_key(struct desk_request *req)
{
    struct desk_twiml t;
    struct desk_call c;
    bool takes = strcmp(hook_text(req, "Digits"), "1") == 0;
    enum desk_rc rc = load_parent(req, &c);
    if (!rc)
        rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db,
                         hook_event(req, &c, "ladder", takes ? "ring_accepted" : HOOK_DECLINED,
                                    takes ? "Somebody took the call." : "The call was declined.",
                                    hook_text(req, "CallSid")));
    if (rc && rc != DESK_ENOTFOUND && rc != DESK_EINVAL)
        desk_log(DESK_LOG_WARN, "voice.whisper", "code=%s", desk_rc_name(rc));
    desk_twiml_init(&t);
    if (!takes)
        desk_twiml_hangup(&t);
    return hook_send(req, &t); /* an empty document joins both sides */
}

/* Did somebody press 2 in this call? */
enum desk_rc hook_ring_declined(struct desk_request *req, const struct desk_call *c, bool *yes)
{
    struct desk_event *events;
    size_t n;
    enum desk_rc rc =
        desk_event_list(req->db, req->arena, c->tenant_id, c->id, DESK_MAX_STORY_ROWS, &events, &n);
    *yes = false;
    for (size_t i = 0; !rc && i < n; i++)
        *yes = *yes || strcmp(events[i].name, HOOK_DECLINED) == 0;
    return rc;
}
