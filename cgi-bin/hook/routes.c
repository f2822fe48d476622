/* Every URL that Twilio may ask. Older systems' addresses are rows with the same handler, so people
 * who move here need not change anything at Twilio first. */
#include "cgi-bin/hook/hook.h"

/* Fields that several webhooks bring. By hand, because clang-format takes a row for a block. */
/* clang-format off */
#define SID       {"CallSid", DESK_P_ID, DESK_P_REQUIRED, 0, NULL}
#define CALL      SID, {"From", DESK_P_TEXT, 0, 100, NULL}, {"To", DESK_P_TEXT, 0, 100, NULL}, \
                  {"CallStatus", DESK_P_TEXT, 0, 40, NULL}
#define RECORDING {"RecordingSid", DESK_P_ID, 0, 0, NULL}, \
                  {"RecordingUrl", DESK_P_TEXT, 0, 1000, NULL}, \
                  {"RecordingDuration", DESK_P_INT, 0, 100000, NULL}
#define DIGITS    {"Digits", DESK_P_TEXT, 0, 100, NULL}
#define SPEECH    {"SpeechResult", DESK_P_TEXT, 0, 4000, NULL}

static const struct desk_param p_call[] = {CALL, {"StirVerstat", DESK_P_TEXT, 0, 60, NULL}, {0}};
static const struct desk_param p_next[] = {
    CALL,
    {"SessionId", DESK_P_ID, 0, 0, NULL}, /* from here on: only after ConversationRelay */
    {"SessionStatus", DESK_P_TEXT, 0, 40, NULL},
    {"HandoffData", DESK_P_TEXT, 0, 1000, NULL},
    {"ErrorCode", DESK_P_TEXT, 0, 20, NULL},
    {"ErrorMessage", DESK_P_TEXT, 0, 300, NULL},
    {0},
};
static const struct desk_param p_turn[] = {
    CALL,
    {"n", DESK_P_INT, 0, 1000000, NULL},
    {"w", DESK_P_INT, 0, 1000, NULL},
    DIGITS,
    SPEECH,
    {0},
};
static const struct desk_param p_dial[] = {
    CALL,
    {"DialCallStatus", DESK_P_TEXT, 0, 40, NULL},
    {"DialBridged", DESK_P_TEXT, 0, 10, NULL},
    {0},
};
static const struct desk_param p_whisper[] = {CALL, {"parent", DESK_P_ID, 0, 0, NULL}, DIGITS, {0}};
static const struct desk_param p_ring_me[] = {
    CALL,
    {"id", DESK_P_ID, DESK_P_REQUIRED, 0, NULL},
    {"DialCallStatus", DESK_P_TEXT, 0, 40, NULL},
    {"DialBridged", DESK_P_TEXT, 0, 10, NULL},
    DIGITS,
    {0},
};
static const struct desk_param p_reminder[] = {
    CALL,
    {"id", DESK_P_ID, DESK_P_REQUIRED, 0, NULL},
    {"t", DESK_P_INT, DESK_P_REQUIRED, 1000, NULL},
    {"n", DESK_P_INT, 0, 1000, NULL},
    {"AnsweredBy", DESK_P_TEXT, 0, 40, NULL},
    DIGITS,
    {0},
};
static const struct desk_param p_change[] = {
    CALL,
    {"id", DESK_P_ID, DESK_P_REQUIRED, 0, NULL},
    {"t", DESK_P_INT, DESK_P_REQUIRED, 1000, NULL},
    {"w", DESK_P_TEXT, 0, 10, NULL},
    {"s1", DESK_P_TEXT, 0, 40, NULL},
    {"s2", DESK_P_TEXT, 0, 40, NULL},
    {"s3", DESK_P_TEXT, 0, 40, NULL},
    DIGITS,
    {0},
};
static const struct desk_param p_recorded[] = {CALL, RECORDING, DIGITS, {0}};
static const struct desk_param p_said[] = {CALL, SPEECH, {0}};
static const struct desk_param p_recording[] = {
    SID,
    RECORDING,
    {"RecordingStatus", DESK_P_TEXT, 0, 40, NULL},
    {"of", DESK_P_TEXT, 0, 20, NULL}, /* "call"; none: of a message */
    {0},
};
static const struct desk_param p_transcription[] = {
    SID,
    RECORDING,
    {"TranscriptionStatus", DESK_P_TEXT, 0, 40, NULL},
    {"TranscriptionText", DESK_P_TEXT, 0, 8000, NULL},
    {0},
};
static const struct desk_param p_stream[] = {
    SID,
    {"StreamSid", DESK_P_ID, 0, 0, NULL},
    {"StreamEvent", DESK_P_TEXT, 0, 40, NULL},
    {"StreamError", DESK_P_TEXT, 0, 1000, NULL},
    {0},
};
static const struct desk_param p_text_in[] = {
    {"MessageSid", DESK_P_ID, 0, 0, NULL},
    {"From", DESK_P_TEXT, 0, 100, NULL},
    {"To", DESK_P_TEXT, 0, 100, NULL},
    {"Body", DESK_P_TEXT, 0, 8000, NULL}, /* 1600 by Twilio's word */
    {"NumMedia", DESK_P_INT, 0, 100, NULL},
    {"OptOutType", DESK_P_TEXT, 0, 20, NULL},
    {0},
};
static const struct desk_param p_text[] = {
    {"id", DESK_P_ID, DESK_P_REQUIRED, 0, NULL},
    {"MessageSid", DESK_P_ID, 0, 0, NULL},
    {"MessageStatus", DESK_P_TEXT, 0, 40, NULL},
    {"ErrorCode", DESK_P_INT, 0, 1000000, NULL},
    {0},
};

#define HOOK(url, handler, table, text) \
    {.methods = DESK_GET | DESK_POST, .path = (url), .fn = (handler), \
     .auth = DESK_AUTH_TWILIO, .params = (table), .help = (text)}
/* clang-format on */

const struct desk_route hook_routes[] = {
    HOOK("/voice/incoming", hook_voice_incoming, p_call, "a call comes in: connect its stream"),
    HOOK("/twilio/voice", hook_voice_incoming, p_call, "alias of /voice/incoming"),
    HOOK("/api/webhooks/incoming-call", hook_voice_incoming, p_call, "alias of /voice/incoming"),
    HOOK("/telephony/inbound", hook_voice_incoming, p_call, "alias of /voice/incoming"),
    HOOK("/voice/next", hook_voice_next, p_next, "the stream is over: what comes next"),
    HOOK("/voice/turn", hook_voice_turn, p_turn, "one turn of the talk by questions and keys"),
    HOOK("/twilio/ai-response", hook_voice_turn, p_turn, "alias of /voice/turn"),
    HOOK("/voice/owner", hook_voice_owner, p_turn, "the owner's own call: PIN, then questions"),
    HOOK("/voice/dial-done", hook_voice_dial_done, p_dial, "the owner was rung: with what result"),
    HOOK("/twilio/transfer-fallback", hook_voice_dial_done, p_dial, "alias of /voice/dial-done"),
    HOOK("/voice/whisper", hook_voice_whisper, p_whisper, "what the callee hears before taking it"),
    HOOK("/voice/whisper-key", hook_voice_whisper_key, p_whisper,
         "the callee takes or declines it"),
    HOOK("/voice/ring-me", hook_ring_me, p_ring_me, "the owner answers: whom to call back"),
    HOOK("/voice/ring-me-key", hook_ring_me_key, p_ring_me, "1: put through to who waits"),
    HOOK("/voice/ring-me-done", hook_ring_me_done, p_ring_me, "did who waits answer?"),
    HOOK("/voice/ring-me-status", hook_ring_me_status, p_ring_me, "how the owner's call ended"),
    HOOK("/voice/reminder", hook_reminder, p_reminder, "a reminder's call is answered"),
    HOOK("/voice/reminder-key", hook_reminder_key, p_reminder, "confirmed, to be changed, refused"),
    HOOK("/voice/reminder-change", hook_reminder_change, p_change,
         "cancelled or moved by keys, or somebody"),
    HOOK("/voice/reminder-machine", hook_reminder_machine, p_reminder,
         "a person or a machine answered it"),
    HOOK("/voice/reminder-status", hook_reminder_status, p_reminder, "how that call ended"),
    HOOK("/voice/voicemail", hook_voice_voicemail, p_call, "ask for a recorded message"),
    HOOK("/voice/voicemail-done", hook_voice_voicemail_done, p_recorded, "a message was recorded"),
    HOOK("/voice/message-said", hook_voice_message_said, p_said, "a message was spoken"),
    HOOK("/voice/recording-status", hook_voice_recording_status, p_recording,
         "a recording is ready, or is not"),
    HOOK("/voice/transcription", hook_voice_transcription, p_transcription,
         "what was said in a recorded message"),
    HOOK("/voice/status", hook_voice_status, p_call, "how the call stands"),
    HOOK("/api/webhooks/call-status", hook_voice_status, p_call, "alias of /voice/status"),
    HOOK("/voice/stream-status", hook_voice_stream_status, p_stream, "how the media stream does"),
    HOOK("/sms/incoming", hook_sms_incoming, p_text_in, "a text comes in: answer it"),
    HOOK("/twilio/sms", hook_sms_incoming, p_text_in, "alias of /sms/incoming"),
    HOOK("/api/webhooks/incoming-sms", hook_sms_incoming, p_text_in, "alias of /sms/incoming"),
    HOOK("/sms/status", hook_sms_status, p_text, "what became of a text of ours"),
    {.methods = DESK_POST,
     .path = "/telegram/update",
     .fn = hook_telegram,
     .auth = DESK_AUTH_TELEGRAM,
     .max_body = DESK_MAX_TELEGRAM_UPDATE,
     .help = "somebody wrote to the Telegram bot, or pressed a button"},
    {.methods = DESK_GET,
     .path = "/api/webhooks/health",
     .fn = desk_health_page,
     .help = "can webhooks be answered",
     .no_db = true},
    {.methods = DESK_GET,
     .path = "/metrics/hook",
     .fn = desk_metrics_page,
     .help = "counters of these routes, for Prometheus",
     .no_db = true},
    {0},
};

static struct desk_route_stats stats[sizeof hook_routes / sizeof *hook_routes];

struct desk_web hook_web = {.name = "hook",
                            .kind = DESK_WEB_HOOK,
                            .routes = hook_routes,
                            .stats = stats,
                            .fail = hook_fail};
