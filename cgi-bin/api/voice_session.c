/* Voice sessions for other telephony and for chats: POST /v1/voice/session/start, …/:id/input,
 * …/:id/end, and GET …/:id. See talk/session.h for what one is. */
#include "cgi-bin/api/session.h"
#include "cgi-bin/api/api.h"

#include <string.h>

static enum desk_rc load(struct desk_request *req, struct session_made *m)
{
    *m = (struct session_made){.n = 0};
    enum desk_rc rc = desk_vsession_load(req->db, req->arena, req->tenant.id,
                                         desk_param(req, "id")->text, &m->vs);
    /* by text, or on the website: whoever has a token is not who writes */
    if (!rc && (m->vs.row.pair_key || desk_call_written(&m->vs.call)))
        rc = DESK_ENOTFOUND;
    m->n = !rc && m->vs.talk.n > 0 ? m->vs.talk.n - 1 : 0;
    return rc;
}

static enum desk_rc start(struct desk_request *req, const struct desk_voice_body *b)
{
    struct session_made m;
    enum desk_rc rc = session_open(req, b, DESK_CHANNEL_SESSION, NULL, "none", &m);
    if (rc && rc != DESK_DONE)
        return rc;
    const char *at = desk_arena_fmt(req->arena, "/v1/voice/session/%s", m.vs.row.id);
    if (!at)
        return DESK_ENOMEM;
    desk_reply_header(req, "Location", at);
    return session_reply(req, 201, &m, NULL, NULL);
}

enum desk_rc api_session_start(struct desk_request *req)
{
    struct desk_voice_body b;
    enum desk_rc rc = session_body(req, DESK_VB_START, &b);
    if (rc)
        return rc;
    if (!session_enter(req))
        return DESK_EBUSY;
    rc = start(req, &b);
    session_leave();
    return rc;
}

static enum desk_rc input_of(struct desk_request *req, struct session_input *in)
{
    struct desk_voice_body b;
    enum desk_rc rc = session_input_raw(req, in);
    if (rc != DESK_DONE)
        return rc;
    rc = session_body(req, DESK_VB_INPUT, &b);
    return rc ? rc : session_input_of(req, &b, in);
}

enum desk_rc api_session_input(struct desk_request *req)
{
    struct session_input in;
    struct session_made m;
    enum desk_rc rc = load(req, &m); /* a wrong session comes before a wrong body */
    if (!rc)
        rc = input_of(req, &in);
    if (rc)
        return rc;
    if (!session_enter(req))
        return DESK_EBUSY;
    rc = session_turn(req, &m, &in);
    if (!rc)
        rc = session_reply(req, 200, &m, in.reply_audio, in.reply_voice);
    session_leave();
    return rc;
}

enum desk_rc api_session_end(struct desk_request *req)
{
    struct desk_voice_body b;
    struct session_made m;
    enum desk_rc rc = load(req, &m);
    if (!rc)
        rc = session_body(req, DESK_VB_END, &b);
    if (!rc)
        rc = session_end(req, &m, b.outcome);
    return rc ? rc : session_reply(req, 200, &m, "none", NULL);
}

enum desk_rc api_session_get(struct desk_request *req)
{
    struct session_made m;
    enum desk_rc rc = load(req, &m);
    return rc ? rc : session_reply(req, 200, &m, "none", NULL);
}
