/* TwiML answers, and the one table that says what comes after the stream. */
#include "cgi-bin/hook/hook.h"
#include "base/config.h"
#include "base/log.h"
#include "store/settings.h"

#include <string.h>

#define VOICE     "Polly.Joanna"
#define MESSAGE_S 180 /* longest message */
#define WRITTEN_S 119 /* longest that Twilio writes down: under two minutes */
#define SILENCE_S 5   /* silence that ends it */

void hook_say(struct desk_twiml *t, const char *text)
{
    if (text && *text)
        desk_twiml_say(t, &(struct desk_twiml_say){.voice = VOICE, .language = HOOK_LANGUAGE},
                       text);
}

enum desk_rc hook_send(struct desk_request *req, struct desk_twiml *t)
{
    enum desk_rc rc = desk_twiml_end(t);
    if (!rc)
        desk_reply_xml(req, desk_twiml_text(t), strlen(desk_twiml_text(t)));
    desk_twiml_clear(t);
    return rc;
}

enum desk_rc hook_answer_nothing(struct desk_request *req)
{
    struct desk_twiml t;
    desk_twiml_init(&t);
    return hook_send(req, &t);
}

enum desk_rc hook_answer_done(struct desk_request *req)
{
    req->reply.status = 204;
    return DESK_OK;
}

enum desk_rc hook_answer_goodbye(struct desk_request *req, const char *text)
{
    struct desk_twiml t;
    desk_twiml_init(&t);
    hook_say(&t, text);
    desk_twiml_hangup(&t);
    return hook_send(req, &t);
}

enum desk_rc hook_answer_unknown(struct desk_request *req)
{
    return hook_answer_goodbye(req, "I am sorry, this number is not in service. Please check the "
                                    "number and call again. Goodbye.");
}

/* Words instead of a recording: for owners who said that nothing may be recorded. */
static void verb_words(const struct desk_request *req, struct desk_twiml *t)
{
    desk_twiml_gather_open(
        t, &(struct desk_twiml_gather){.input = "speech",
                                       .action = hook_url(req, "/voice/message-said"),
                                       .timeout_s = SILENCE_S,
                                       .speech_timeout_s = SILENCE_S,
                                       .max_speech_time_s = 60, /* Twilio's most */
                                       .language = HOOK_LANGUAGE,
                                       .action_on_empty_result = true});
    hook_say(t, "Please speak now.");
    desk_twiml_close(t);
}

static void verb_recording(const struct desk_request *req, struct desk_twiml *t, bool transcribe)
{
    desk_twiml_record(
        t, &(struct desk_twiml_record){
               .action = hook_url(req, "/voice/voicemail-done"),
               .timeout_s = SILENCE_S,
               .max_length_s = transcribe ? WRITTEN_S : MESSAGE_S,
               .transcribe = transcribe,
               .transcribe_callback = transcribe ? hook_url(req, "/voice/transcription") : NULL,
               .finish_on_key = "#",
               .recording_status_callback = hook_url(req, "/voice/recording-status"),
               .recording_status_callback_event = "completed absent"});
}

/* With nothing recorded Twilio does not ask the action but runs on: hence the words behind. */
void hook_verb_message(const struct desk_request *req, struct desk_twiml *t, bool transcribe)
{
    bool forbidden = !desk_setting_bool(DESK_S_RECORDING_ENABLED);
    if (forbidden)
        verb_words(req, t);
    else
        verb_recording(req, t, transcribe);
    hook_say(t, "I did not hear a message. Goodbye.");
    desk_twiml_hangup(t);
}

void hook_verb_dial(const struct desk_request *req, struct desk_twiml *t, const char *to,
                    const char *caller_id)
{
    desk_twiml_dial(t,
                    &(struct desk_twiml_dial){.action = hook_url(req, "/voice/dial-done"),
                                              .timeout_s = HOOK_RING_S,
                                              .caller_id = caller_id,
                                              .answer_on_bridge = true},
                    to);
}

enum desk_rc hook_answer_record(struct desk_request *req, struct desk_call *c, const char *text)
{
    struct desk_twiml t;
    enum desk_rc rc = hook_step_down(req, c, DESK_MODE_RECORD, "Asked to leave a message.");
    if (rc)
        return rc;
    struct desk_tenant_settings own;
    bool transcribe = !desk_tenant_settings_load(req->db, req->arena, c->tenant_id, &own) &&
                      desk_tenant_setting_bool(&own, DESK_S_TWILIO_TRANSCRIBE);
    desk_twiml_init(&t);
    hook_say(&t, text ? text : HOOK_ASK_MESSAGE);
    hook_verb_message(req, &t, transcribe);
    return hook_send(req, &t);
}

/* To whom the tool said: a number of its own is the owner's or a person's (tools_leave.c). */
static enum desk_rc answer_transfer(struct desk_request *req, struct desk_call *c, const char *text)
{
    const struct desk_business *b = req->business;
    const char *target = c->transfer_to && *c->transfer_to ? c->transfer_to : "owner";
    for (size_t i = 0; c->transfer_to && i < b->n_people; i++)
        if (b->people[i].phone && strcmp(b->people[i].phone, c->transfer_to) == 0)
            target =
                b->people[i].owner ? "owner" : b->people[i].name; /* by name: in the timeline */
    return hook_answer_ring(req, c, target, text ? text : HOOK_PUT_THROUGH);
}

static enum desk_rc next_hangup(struct desk_request *req, struct desk_call *c, const char *said)
{
    (void)c;
    return hook_answer_goodbye(req, said);
}

static enum desk_rc next_gather(struct desk_request *req, struct desk_call *c, const char *said)
{
    /* the talk itself asked what comes next (said) and nothing is: it is over */
    return said ? hook_answer_goodbye(req, said) : hook_talk_page(req, c);
}

/* First row that fits decides; NULL fits anything. The last row catches every stream that did not
 * end by a decision: never begun, bridge gone, model lost; and "caller_left" of a caller who, as
 * this webhook says, is still there. */
static const struct {
    const char *next_step, *stream_end;
    enum desk_rc (*answer)(struct desk_request *, struct desk_call *, const char *said);
} next_rows[] = {
    {DESK_NEXT_TRANSFER, NULL, answer_transfer},
    {DESK_NEXT_MESSAGE, NULL, hook_answer_record},
    {DESK_NEXT_GATHER, NULL, next_gather},
    {DESK_NEXT_HANGUP, NULL, next_hangup},
    {NULL, "goodbye", next_hangup},
    {NULL, "message", hook_answer_record},
    {NULL, "transfer", answer_transfer},
    {NULL, NULL, next_gather},
};

static bool fits(const char *want, const char *have)
{
    return !want || (have && strcmp(want, have) == 0);
}

enum desk_rc hook_answer_next(struct desk_request *req, struct desk_call *c, const char *said)
{
    size_t i = 0;
    if (hook_caller_gone(req, c))
        return hook_answer_nothing(req);
    while (!fits(next_rows[i].next_step, c->next_step) ||
           !fits(next_rows[i].stream_end, c->stream_end))
        i++;
    desk_log(DESK_LOG_INFO, "voice.next", "next=%s end=%s mode=%s",
             c->next_step ? c->next_step : "-", c->stream_end ? c->stream_end : "-",
             c->mode ? c->mode : "-");
    return next_rows[i].answer(req, c, said);
}
