/* Messages: /voice/voicemail asks for one, /voice/voicemail-done has its recording, and
 * /voice/recording-status has it too, should the caller hang up in between; /voice/transcription
 * (voice_transcription.c) has its words. Whichever of the last three comes first writes the
 * message; RecordingSid keeps it one. Where the owner forbade recordings
 * (RECORDING_ENABLED=false), /voice/message-said has what Twilio understood instead. */
#include "cgi-bin/hook/hook.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"
#include "store/recordings.h"
#include "store/results.h"
#include "talk/promise.h"

#include <string.h>

enum desk_rc hook_voice_voicemail(struct desk_request *req)
{
    struct desk_call c;
    enum desk_rc rc = hook_call_ensure(req, &c, NULL);
    if (rc == DESK_ENOTFOUND)
        return hook_answer_unknown(req);
    if (rc)
        return rc;
    return hook_caller_gone(req, &c) ? hook_answer_nothing(req) : hook_answer_record(req, &c, NULL);
}

const char *hook_recording_sid(struct desk_request *req)
{
    const char *sid = hook_text(req, "RecordingSid"), *url = hook_text(req, "RecordingUrl");
    if (*sid)
        return sid;
    const char *slash = strrchr(url, '/');
    if (!slash || !slash[1])
        return NULL;
    return desk_arena_strndup(req->arena, slash + 1, strcspn(slash + 1, ".?"));
}

enum desk_rc hook_promise(struct desk_request *req, const struct desk_call *c, const char *reason)
{
    return desk_promise(req->db, req->arena, c, reason);
}

/* The message, the promise, the timeline, and the text to the caller (words; may be NULL). dedupe:
 * a repeat is not a second line of it. */
static enum desk_rc insert_message(struct desk_request *req, const struct desk_call *c,
                                   struct desk_message *m, const char *detail, const char *dedupe,
                                   const char *words)
{
    char id[DESK_ID_LEN];
    m->id = desk_id_new(id, "msg");
    m->tenant_id = c->tenant_id;
    m->call_id = c->id;
    m->state = "new";
    m->created_at = desk_now_ms();
    bool promised = c->outcome && strcmp(c->outcome, DESK_OUT_CALLBACK) == 0;
    enum desk_rc rc = desk_message_insert(req->db, m);
    if (!rc)
        desk_fields_event(DESK_LOG_INFO, "message.new", &desk_message_fields, m);
    if (!rc)
        rc = hook_promise(req, c, "Left a recorded message");
    if (!rc)
        rc = hook_event(req, c, "note", "message_left", detail, dedupe);
    if (!rc)
        rc = desk_call_outcome(req->db, c->tenant_id, c->id, DESK_OUT_MESSAGE, !promised);
    if (!rc && m->text)
        rc = hook_watch(req, c, m->text);
    if (!rc)
        rc = hook_text_owner(req, c, m);
    return rc ? rc : hook_text_caller(req, c, words);
}

enum desk_rc hook_message_keep(struct desk_request *req, const struct desk_call *c, const char *sid,
                               const char *words)
{
    const struct desk_value *seconds = desk_param(req, "RecordingDuration");
    bool ready = strcmp(hook_text(req, "RecordingStatus"), "completed") == 0;
    struct desk_message m = {.recording_sid = sid,
                             .recording_url = hook_text(req, "RecordingUrl"),
                             .seconds = seconds->error ? 0 : seconds->num};
    const char *detail =
        m.seconds ? desk_arena_fmt(req->arena, "Left a recorded message of %lld seconds.",
                                   (long long)m.seconds)
                  : "Left a recorded message.";
    enum desk_rc rc = insert_message(req, c, &m, detail, sid, words);
    if (rc == DESK_ECONFLICT)
        rc = desk_message_length(req->db, c->tenant_id, sid, m.seconds);
    if (!rc)
        rc = hook_record_insert(req, c, DESK_REC_MESSAGE, sid, m.seconds);
    return rc ? rc : hook_record_fetch(req, c, sid, ready);
}

/* DESK_OK: it is kept, now or before. DESK_DONE: there is no recording in this webhook. */
static enum desk_rc keep_recording(struct desk_request *req, const struct desk_call *c)
{
    const char *sid = hook_recording_sid(req), *words;
    if (!sid)
        return DESK_DONE;
    words = hook_text_words(req);
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    return rc ? rc : desk_tx_end(req->db, hook_message_keep(req, c, sid, words));
}

/* The same for words that were understood and not recorded: one such message a call. */
static enum desk_rc insert_words(struct desk_request *req, const struct desk_call *c,
                                 const char *text, const char *words)
{
    struct desk_message *have, m = {.text = text};
    size_t n = 0;
    enum desk_rc rc = desk_message_by_call(req->db, req->arena, c->tenant_id, c->id, &have, &n);
    for (size_t i = 0; !rc && i < n; i++)
        if (!have[i].recording_sid)
            return DESK_OK;
    return rc ? rc : insert_message(req, c, &m, "Left a spoken message.", "message", words);
}

static enum desk_rc keep_words(struct desk_request *req, const struct desk_call *c)
{
    const char *text = hook_text(req, "SpeechResult"), *words = *text ? hook_text_words(req) : NULL;
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc =
        *text ? insert_words(req, c, text, words) : desk_call_unheard(req->db, c->tenant_id, c->id);
    rc = desk_tx_end(req->db, rc);
    return rc || *text ? rc : DESK_DONE;
}

/* /voice/voicemail-done and /voice/message-said. */
static enum desk_rc message_done(struct desk_request *req,
                                 enum desk_rc (*keep)(struct desk_request *,
                                                      const struct desk_call *))
{
    struct desk_call c;
    enum desk_rc rc = hook_call_ensure(req, &c, NULL);
    if (rc == DESK_ENOTFOUND)
        return hook_answer_unknown(req);
    if (!rc)
        rc = keep(req, &c);
    if (rc && rc != DESK_DONE)
        return rc;
    /* a caller who hung up ends the recording so: the row may not know yet */
    if (hook_caller_gone(req, &c) || strcmp(hook_text(req, "Digits"), "hangup") == 0)
        return hook_answer_nothing(req);
    return hook_answer_goodbye(req, rc == DESK_DONE
                                        ? "I did not hear a message. Please call again. Goodbye."
                                        : "Thank you. We have your message and will call you back. "
                                          "Goodbye.");
}

enum desk_rc hook_voice_voicemail_done(struct desk_request *req)
{
    return message_done(req, keep_recording);
}

enum desk_rc hook_voice_message_said(struct desk_request *req)
{
    return message_done(req, keep_words);
}

/* What a recording can turn out to be. Words we do not know change nothing. */
static const struct {
    const char *status, *detail; /* detail NULL: keep the message */
} recording_rows[] = {
    {"completed", NULL},
    {"absent", "No recording was made."},
    {"failed", "The recording failed at Twilio."},
};

/* Of what: the word is in the address that we gave Twilio. */
static const struct {
    const char *of;
    enum desk_rc (*keep)(struct desk_request *req, const struct desk_call *c);
} keep_rows[] = {{"call", hook_record_keep}, {"", keep_recording}};

/* Nothing was recorded; of a message (k 1) that means that nothing was said. */
static enum desk_rc nothing_came(struct desk_request *req, const struct desk_call *c,
                                 const char *detail, size_t k)
{
    enum desk_rc rc = hook_event(req, c, "note", "recording_missing", detail, "recording");
    return rc || k == 0 ? rc : desk_call_unheard(req->db, c->tenant_id, c->id);
}

static enum desk_rc recording_row(struct desk_request *req, const struct desk_call *c, size_t i)
{
    size_t k = strcmp(hook_text(req, "of"), keep_rows[0].of) == 0 ? 0 : 1;
    if (!recording_rows[i].detail)
        return keep_rows[k].keep(req, c);
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    return rc ? rc : desk_tx_end(req->db, nothing_came(req, c, recording_rows[i].detail, k));
}

enum desk_rc hook_voice_recording_status(struct desk_request *req)
{
    struct desk_call c;
    const char *status = hook_text(req, "RecordingStatus");
    enum desk_rc rc = hook_call_load(req, &c);
    for (size_t i = 0; !rc && i < sizeof recording_rows / sizeof *recording_rows; i++)
        if (strcmp(recording_rows[i].status, status) == 0)
            rc = recording_row(req, &c, i);
    if (rc == DESK_ENOTFOUND || rc == DESK_EINVAL) {
        desk_log(DESK_LOG_WARN, "voice.recording_unknown", "code=%s", desk_rc_name(rc));
        rc = DESK_OK;
    }
    return rc && rc != DESK_DONE ? rc : hook_answer_done(req);
}
