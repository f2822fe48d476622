/* POST /voice/transcription: what Twilio wrote down of a recorded message, or that it could not. In
 * any order with the other reports of the recording, and more than once: the first words stand.
 * They are looked through for emergencies like anything that a caller says. */
#include "cgi-bin/hook/hook.h"
#include "base/log.h"
#include "store/outbox.h"

#include <string.h>

static enum desk_rc keep_words(struct desk_request *req, const struct desk_call *c,
                               const struct desk_message *m, const char *text)
{
    enum desk_rc rc = desk_message_words(req->db, c->tenant_id, m->id, text, DESK_WORDS_TWILIO);
    if (rc)
        return rc == DESK_DONE ? DESK_OK : rc;
    rc = hook_event(req, c, "note", "message_written", "Twilio wrote the message down.", m->id);
    if (!rc)
        rc = hook_watch(req, c, text);
    return rc ? rc : hook_text_owner_go(req, c, m);
}

static enum desk_rc keep_failure(struct desk_request *req, const struct desk_call *c,
                                 const struct desk_message *m)
{
    static const char why[] = "Twilio could not write the message down.";
    const char *ours = desk_arena_fmt(req->arena, DESK_OUTBOX_WORDS ":%s", m->id);
    enum desk_rc rc = desk_message_no_words(req->db, c->tenant_id, m->id, why);
    if (!rc) /* the server at STT_URL waited for this */
        rc = ours ? desk_outbox_hurry(req->db, c->tenant_id, ours) : DESK_ENOMEM;
    return rc ? rc
              : hook_event(req, c, "note", "message_not_written", why,
                           desk_arena_fmt(req->arena, "no:%s", m->id));
}

/* In the running transaction. */
static enum desk_rc keep(struct desk_request *req, const struct desk_call *c, const char *sid,
                         const char *words)
{
    struct desk_message m;
    const char *text = hook_text(req, "TranscriptionText");
    bool written = strcmp(hook_text(req, "TranscriptionStatus"), "completed") == 0 && *text;
    enum desk_rc rc = hook_message_keep(req, c, sid, words);
    if (!rc)
        rc = desk_message_by_recording(req->db, req->arena, c->tenant_id, sid, &m);
    if (rc)
        return rc;
    return written ? keep_words(req, c, &m, text) : keep_failure(req, c, &m);
}

enum desk_rc hook_voice_transcription(struct desk_request *req)
{
    struct desk_call c;
    enum desk_rc rc = hook_call_load(req, &c);
    const char *sid = rc ? NULL : hook_recording_sid(req), *words;
    if (rc == DESK_ENOTFOUND || rc == DESK_EINVAL || (!rc && !sid)) {
        desk_log(DESK_LOG_WARN, "voice.transcription_unknown", "code=%s", desk_rc_name(rc));
        return hook_answer_done(req);
    }
    if (rc)
        return rc;
    words = hook_text_words(req);
    rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, keep(req, &c, sid, words));
    return rc && rc != DESK_ENOTFOUND ? rc : hook_answer_done(req); /* another's recording */
}
