/* POST /voice/incoming: a call comes in. */
#include "cgi-bin/hook/hook.h"
#include "base/config.h"
#include "base/ids.h"
#include "base/log.h"
#include "talk/business.h"
#include "talk/spend.h"
#include "wire/stream_path.h"

#include <string.h>

/* wss:// of the public base; plain ws:// only to a practice stack on this machine. */
static const char *stream_url(const struct desk_request *req, const char *path)
{
    const char *base = desk_public_base(), *rest = strstr(base, "://");
    bool plain = strncmp(base, "http://", 7) == 0 && desk_url_local(base);
    return desk_arena_fmt(req->arena, "%s%s%s", plain ? "ws" : "wss", rest ? rest : "", path);
}

/* Where Twilio goes on when the stream is over: on the host that it has just called. */
static const char *next_path(const struct desk_request *req)
{
    const char *base = desk_public_base(), *host = strstr(base, "://");
    const char *prefix = host ? strchr(host + 3, '/') : NULL;
    return prefix ? desk_arena_fmt(req->arena, "%s/voice/next", prefix) : "/voice/next";
}

const char *hook_consent(struct desk_request *req)
{
    struct desk_business own;
    const struct desk_business *b = req->business; /* with the call it was read already */
    if (!b && desk_business_of(req->arena, &req->tenant, &req->location, &own) == DESK_OK)
        b = &own;
    return b && *b->consent ? b->consent : NULL;
}

enum desk_rc hook_connect(struct desk_request *req, struct desk_call *c)
{
    char token[DESK_TOKEN_LEN];
    struct desk_twiml t;
    bool relay = strcmp(c->mode, DESK_MODE_RELAY) == 0, twilio = false;
    if (!relay && strcmp(c->mode, DESK_MODE_REALTIME) != 0)
        return hook_answer_next(req, c, NULL); /* question by question */
    char path[DESK_STREAM_PATH_LEN];
    const char *url =
        stream_url(req, relay ? "/conversation-relay" : desk_stream_path(path, c->id));
    const char *next = next_path(req), *first = hook_consent(req);
    enum desk_rc rc = url && next ? DESK_TX_BEGIN(req->db) : DESK_ENOMEM;
    if (!rc) {
        rc = desk_call_stream_token(req->db, c, token);
        if (!rc)
            rc = hook_record_note(req, c, first, &twilio);
        rc = desk_tx_end(req->db, rc);
    }
    if (rc)
        return rc;
    desk_twiml_init(&t);
    hook_say(&t, first);
    if (twilio)
        hook_record_verb(req, &t);
    desk_twiml_connect_open(&t, next);
    if (relay)
        hook_relay_open(req, &t, c, url);
    else
        desk_twiml_stream_open(
            &t, &(struct desk_twiml_stream){
                    .url = url, .status_callback = hook_url(req, "/voice/stream-status")});
    desk_twiml_parameter(&t, "token", token);
    desk_twiml_close(&t);
    desk_twiml_close(&t);
    return hook_send(req, &t);
}

/* ---- what is done before anybody talks ------------------------------------------------------- */

static enum desk_rc reject(struct desk_request *req, struct desk_call *c)
{
    struct desk_twiml t;
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db,
                         desk_call_outcome(req->db, c->tenant_id, c->id, DESK_OUT_BLOCKED, true));
    if (rc)
        return rc;
    desk_twiml_init(&t);
    desk_twiml_reject(&t, "rejected");
    return hook_send(req, &t);
}

static enum desk_rc ring_owner(struct desk_request *req, struct desk_call *c)
{
    return hook_answer_ring(req, c, "owner", NULL);
}

static enum desk_rc ask_message(struct desk_request *req, struct desk_call *c)
{
    return hook_answer_record(req, c, HOOK_NOBODY);
}

/* By the word of core/route.h, or of the guard over money; a call that talks is not in it.
 * DESK_DONE: it does, after all. */
static const struct {
    const char *action;
    enum desk_rc (*fn)(struct desk_request *, struct desk_call *);
} beginnings[] = {
    {"reject", reject},
    {"transfer_exception", ring_owner},
    {"voice_query", hook_owner_call},
    {DESK_SPEND_ACTION_RECORD, ask_message},
    {DESK_SPEND_ACTION_RING, ring_owner},
};

static enum desk_rc begin(struct desk_request *req, struct desk_call *c)
{
    enum desk_rc rc = DESK_DONE;
    for (size_t i = 0; c->action && i < sizeof beginnings / sizeof *beginnings; i++)
        if (strcmp(beginnings[i].action, c->action) == 0)
            rc = beginnings[i].fn(req, c);
    if (rc != DESK_DONE)
        return rc;
    if (hook_rings_first(req))
        return hook_answer_ring(req, c, req->business->answer.ring, NULL);
    return hook_connect(req, c);
}

enum desk_rc hook_voice_incoming(struct desk_request *req)
{
    struct desk_call c;
    bool fresh = false;
    enum desk_rc rc = hook_call_ensure(req, &c, &fresh);
    if (rc == DESK_ENOTFOUND)
        return hook_answer_unknown(req);
    if (rc)
        return rc;
    desk_log(DESK_LOG_INFO, "voice.incoming", "call=%s caller=%s repeat=%d", c.id, c.caller_kind,
             !fresh);
    if (fresh)
        desk_fields_event(DESK_LOG_INFO, "call.new", &desk_call_fields, &c);
    if (c.stream_started_at || hook_caller_gone(req, &c) || strcmp(c.mode, DESK_MODE_RECORD) == 0)
        return hook_answer_next(req, &c, NULL); /* a repeat that comes late: go on from there */
    return begin(req, &c);
}
