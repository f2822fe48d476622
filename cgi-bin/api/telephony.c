/* Another telephone provider's way to the same session: POST /telephony/audio with what a caller
 * said, POST /telephony/end when the call is over. The provider's own name of the call (call_id)
 * stands for the session: its first request begins it. */
#include "cgi-bin/api/api.h"
#include "cgi-bin/api/session.h"
#include "db/seal.h"

#include <string.h>

static const char *outside_key(struct desk_request *req, const char *call_id)
{
    char hash[DESK_BLIND_LEN];
    const char *text = desk_arena_fmt(req->arena, "call:%s", call_id);
    if (!text)
        return NULL;
    desk_blind(desk_db_key(req->db), req->tenant.id, text, hash);
    return desk_arena_strdup(req->arena, hash);
}

/* The call's session; the first time it begins, with a greeting. */
static enum desk_rc session_of(struct desk_request *req, const struct desk_voice_body *b,
                               struct session_made *m, bool *fresh)
{
    const char *key = outside_key(req, b->call_id);
    *m = (struct session_made){.n = 0};
    *fresh = false;
    enum desk_rc rc =
        key ? desk_vsession_load_outside(req->db, req->arena, req->tenant.id, key, &m->vs)
            : DESK_ENOMEM;
    if (rc == DESK_ENOTFOUND) {
        rc = session_open(req, b, DESK_CHANNEL_TELEPHONY, key, "mulaw", m);
        *fresh = !rc;
        rc = rc == DESK_DONE ? DESK_OK : rc;
    }
    m->n = !rc && m->vs.talk.n > 0 ? m->vs.talk.n - 1 : 0;
    return rc;
}

static enum desk_rc take(struct desk_request *req, const struct desk_voice_body *b,
                         const struct session_input *in)
{
    struct session_made m;
    bool fresh;
    enum desk_rc rc = session_of(req, b, &m, &fresh);
    if (!rc && b->has_input && fresh) /* nobody has heard the greeting yet */
        rc = desk_vsession_words(req->db, req->arena, &m.vs, 0, &m.missed);
    if (!rc && b->has_input)
        rc = session_turn(req, &m, in);
    return rc ? rc : session_reply(req, 200, &m, in->reply_audio, in->reply_voice);
}

enum desk_rc api_telephony_audio(struct desk_request *req)
{
    struct desk_voice_body b;
    struct session_input in;
    enum desk_rc rc = session_body(req, DESK_VB_TELEPHONY, &b);
    if (!rc)
        rc = session_input_of(req, &b, &in);
    if (rc)
        return rc;
    if (!session_enter(req))
        return DESK_EBUSY;
    rc = take(req, &b, &in);
    session_leave();
    return rc;
}

enum desk_rc api_telephony_end(struct desk_request *req)
{
    struct desk_voice_body b;
    struct session_made m = {.n = 0};
    enum desk_rc rc = session_body(req, DESK_VB_TELEPHONY_END, &b);
    if (rc)
        return rc;
    const char *key = outside_key(req, b.call_id);
    rc = key ? desk_vsession_load_outside(req->db, req->arena, req->tenant.id, key, &m.vs)
             : DESK_ENOMEM;
    if (!rc)
        rc = session_end(req, &m, b.outcome);
    return rc ? rc : session_reply(req, 200, &m, "none", NULL);
}
