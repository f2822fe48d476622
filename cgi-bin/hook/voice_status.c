/* POST /voice/status: Twilio tells how the call stands; POST /voice/stream-status: how its media
 * stream does. They come in any order and more than once: a call only moves up by rank. */
#include "cgi-bin/hook/hook.h"
#include "base/log.h"
#include "store/conversation.h"

#include <string.h>

/* c is read again, in the transaction: the bridge may have written its end since. */
static enum desk_rc move_up(struct desk_request *req, struct desk_call *c, const char *status)
{
    bool yes = false, final = desk_call_rank(status) >= DESK_RANK_FINAL;
    enum desk_rc rc = desk_call_get(req->db, req->arena, c->tenant_id, c->id, c);
    if (!rc)
        rc = desk_turn_by_caller(req->db, c->tenant_id, c->id, &yes);
    if (!rc)
        rc = desk_call_status(req->db, c, status, yes);
    if (rc || !final)
        return rc;
    return hook_event(req, c, "status", status, "The call ended.", "status:final");
}

enum desk_rc hook_voice_status(struct desk_request *req)
{
    struct desk_call c;
    const char *status = hook_text(req, "CallStatus");
    enum desk_rc rc = hook_call_load(req, &c);
    if (rc == DESK_ENOTFOUND || rc == DESK_EINVAL) {
        desk_log(DESK_LOG_WARN, "voice.status_unknown", "code=%s", desk_rc_name(rc));
        return hook_answer_done(req);
    }
    if (rc)
        return rc;
    if (!desk_call_rank(status)) {
        desk_log(DESK_LOG_WARN, "voice.status_word", "call=%s", c.id);
        return hook_answer_done(req);
    }
    rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, move_up(req, &c, status));
    return rc && rc != DESK_DONE ? rc : hook_answer_done(req);
}

enum desk_rc hook_voice_stream_status(struct desk_request *req)
{
    struct desk_call c;
    const char *event = hook_text(req, "StreamEvent"), *error = hook_text(req, "StreamError");
    enum desk_rc rc = hook_call_load(req, &c);
    if (rc == DESK_ENOTFOUND || rc == DESK_EINVAL || (!rc && strcmp(event, "stream-error") != 0))
        return hook_answer_done(req);
    if (rc)
        return rc;
    desk_log(DESK_LOG_WARN, "voice.stream_error", "call=%s", c.id);
    rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, hook_event(req, &c, "stream", "stream_error",
                                             *error ? error : "Twilio reported a stream error.",
                                             hook_text(req, "StreamSid")));
    return rc ? rc : hook_answer_done(req);
}
