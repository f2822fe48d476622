/* <Connect>: where a call goes to a receptionist's socket. Source: Twilio "TwiML Voice: Connect",
 * "TwiML Voice: Stream", "TwiML Voice: ConversationRelay". Codes 64102 and 64105 are from memory of
 * Twilio's list of errors. */
#include "cli/call_relay.h"
#include "cli/call_sim.h"
#include "cli/call_stream.h"
#include "cli/call_url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* <Stream statusCallback>. event: stream-started, stream-stopped, stream-error. */
static void stream_event(struct sim_call *c, const struct sim_node *n, const char *sid,
                         const char *event, const char *error)
{
    const char *url = sim_attr(n, "statusCallback", NULL);
    struct sim_fields f = {.n = 0};
    char when[64];

    if (!url)
        return;
    sim_timestamp(when, sizeof when, true);
    sim_field(c, &f, "StreamSid", sid);
    sim_field(c, &f, "StreamName", sim_attr(n, "name", sid));
    sim_field(c, &f, "StreamEvent", event);
    if (error)
        sim_field(c, &f, "StreamError", error);
    sim_field(c, &f, "Timestamp", when);
    sim_web_callback(c, &c->leg, url, sim_attr(n, "statusCallbackMethod", "POST"), &f);
}

struct open_stream {
    struct sim_call *c;
    const struct sim_node *n;
    const char *sid;
};

static bool stream_over(void *ctx)
{
    return sim_over(((struct open_stream *)ctx)->c);
}

static void stream_note(void *ctx, const char *who, const char *kind, const char *text, long value)
{
    struct open_stream *s = ctx;

    if (strcmp(kind, "first-audio") == 0)
        sim_heard(s->c);
    sim_note(s->c, who, kind, value, "%s", text);
    if (strcmp(kind, "stream-start") == 0)
        stream_event(s->c, s->n, s->sid, "stream-started", NULL);
}

static size_t params_read(struct sim_call *c, const struct sim_node *n,
                          struct desk_media_param params[DESK_MEDIA_PARAMS])
{
    size_t count = 0;

    for (const struct sim_node *k = n->first; k; k = k->next) {
        const char *name = sim_attr(k, "name", ""), *value = sim_attr(k, "value", "");
        if (strcmp(k->name, "Parameter") != 0 || count == DESK_MEDIA_PARAMS ||
            strlen(name) >= sizeof params[0].name || strlen(name) + strlen(value) >= 500) {
            sim_warning(c, 12200, "<%s> in <%s>: not a Parameter, too long or too many", k->name,
                        n->name);
            continue;
        }
        snprintf(params[count].name, sizeof params[0].name, "%s", name);
        snprintf(params[count++].value, sizeof params[0].value, "%s", value);
    }
    return count;
}

/* What is wrong with the URL as Twilio sees it; NULL = nothing. */
static const char *stream_url_wrong(const char *url, int *code)
{
    struct sim_url u;

    *code = 31922;
    if (!sim_url_split(url, &u))
        return "is no address";
    if (strcmp(u.scheme, "wss") != 0 && !sim_host_is_loopback(u.host))
        return "must begin with wss://";
    *code = 31920;
    if (strchr(u.rest, '?'))
        return "must not have a query: pass data by <Parameter>";
    return NULL;
}

static void stats_add(struct sim_call *c, const struct sim_stream_result *s)
{
    struct desk_sim_result *r = c->r;

    r->streams++;
    if (r->first_audio_ms < 0)
        r->first_audio_ms = s->stats.first_audio_ms;
    if (s->stats.barge_in_ms > r->barge_in_ms)
        r->barge_in_ms = s->stats.barge_in_ms;
    r->barge_ins += s->stats.barge_ins;
    r->marks += s->stats.marks;
    r->clears += s->stats.clears;
    r->gaps += s->stats.gaps;
    r->gap_ms += s->stats.gap_ms;
    r->unplayed_ms += s->unplayed_ms;
    r->bytes_in += s->stats.bytes_in;
    r->bytes_out += s->stats.bytes_out;
}

/* How a stream's end ends the call, if it does. */
static const struct stream_end {
    enum desk_sim_end end;
    const char *why, *note;
} stream_ends[] = {
    [SIM_STREAM_HANGUP] = {DESK_SIM_END_CALLER, "the caller hung up", "hangs up"},
    [SIM_STREAM_BORED] = {DESK_SIM_END_CALLER, "the caller had nothing left to say",
                          "has nothing left to say and hangs up"},
    [SIM_STREAM_SILENT] = {DESK_SIM_END_SILENT, "the receptionist did not speak in time",
                           "expected to hear the receptionist"},
    [SIM_STREAM_BROKEN] = {DESK_SIM_END_ERROR, "out of memory", NULL},
};

/* what: "media stream" or "session" */
static void stream_ended(struct sim_call *c, const char *what, enum sim_stream_rc rc,
                         const struct sim_stream_result *s)
{
    if (rc == SIM_STREAM_REFUSED || rc == SIM_STREAM_PROTOCOL) {
        c->r->stream_errors++;
        sim_error(c, s->twilio_error, "%s", s->why);
    }
    if ((size_t)rc < sizeof stream_ends / sizeof stream_ends[0] && stream_ends[rc].why) {
        if (stream_ends[rc].note)
            sim_note(c, "caller", "hangup", -1, "%s", stream_ends[rc].note);
        sim_end(c, stream_ends[rc].end, "%s", stream_ends[rc].why);
    }
    if (s->started)
        sim_note(c, "twilio", "stream-end", s->duration_ms, "%s closed%s after %.1f s", what,
                 rc == SIM_STREAM_CLOSED ? " by the receptionist" : "",
                 (double)s->duration_ms / 1000.0);
    if (rc == SIM_STREAM_CLOSED && s->unplayed_ms > 0)
        sim_note(c, "twilio", "unplayed", s->unplayed_ms, "%.1f s of her words were never heard",
                 (double)s->unplayed_ms / 1000.0);
}

/* Where a noun's url leads, and with what signature. */
struct leads {
    struct sim_url_socket at;
    char sig[64], host_port[300];
};

static bool leads_to(struct sim_call *c, const struct sim_node *n, struct leads *l,
                     struct sim_socket_to *to, struct sim_stream_result *result)
{
    const char *url = sim_attr(n, "url", "");
    struct sim_url u;
    int code;
    const char *wrong = stream_url_wrong(url, &code);

    *to = (struct sim_socket_to){.host = l->at.host,
                                 .path = l->at.path,
                                 .host_header = l->host_port,
                                 .ca_file = c->o->ca_file,
                                 .insecure = c->o->insecure};
    if (wrong || !sim_url_stream(url, c->public, c->o->url, &l->at)) {
        result->twilio_error = wrong ? code : 31902;
        snprintf(result->why, sizeof result->why, "<%s url=\"%.80s\"> %s", n->name, url,
                 wrong ? wrong : "is not on PUBLIC_BASE_URL's host");
        return false;
    }
    to->port = l->at.port;
    to->tls = l->at.tls;
    to->signature = sim_web_sign(c, url, l->sig, sizeof l->sig) ? l->sig : NULL;
    if (sim_url_split(url, &u))
        snprintf(l->host_port, sizeof l->host_port, "%s%s%s", u.host, u.port[0] ? ":" : "", u.port);
    sim_note(c, "twilio", "stream", -1, "connects the call to %s", url);
    return true;
}

static void stream(struct sim_call *c, const struct sim_node *n)
{
    char sid[SIM_SID_LEN];
    struct leads leads;
    struct desk_media_param params[DESK_MEDIA_PARAMS];
    struct sim_stream_to to = {.params = params};
    struct sim_stream_result result = {.twilio_error = 0};
    struct sim_line_config line = {c->o->finish_ms, c->o->linger_ms, c->o->patience_ms, c->rec,
                                   sim_now(c)};
    struct open_stream open = {c, n, sid};
    enum sim_stream_rc rc = SIM_STREAM_REFUSED;

    sim_sid(sid, "MZ");
    if (leads_to(c, n, &leads, &to.socket, &result)) {
        to.stream_sid = sid;
        to.call_sid = c->leg.sid;
        to.account_sid = c->o->account_sid;
        to.n_params = params_read(c, n, params);
        rc = sim_stream_run(&to, &c->leg.cursor, &line, stream_note, stream_over, &open, &result);
        stats_add(c, &result);
    }
    stream_ended(c, "media stream", rc, &result);
    bool failed = rc == SIM_STREAM_REFUSED || rc == SIM_STREAM_PROTOCOL;
    stream_event(c, n, sid, failed ? "stream-error" : "stream-stopped", failed ? result.why : NULL);
}

/* ---- ConversationRelay ----------------------------------------------------------------------- */

static const char relay_attrs[] =
    " url welcomeGreeting welcomeGreetingInterruptible language ttsLanguage ttsProvider voice"
    " transcriptionLanguage transcriptionProvider speechModel interruptible interruptSensitivity"
    " dtmfDetection reportInputDuringAgentSpeech preemptible hints debug"
    " elevenlabsTextNormalization intelligenceService ";

/* What the <Connect> action is told of the session. */
struct session {
    char sid[SIM_SID_LEN];
    const char *status, *handoff; /* NULL = none */
    int error;
    long ms;
};

static void relay(struct sim_call *c, const struct sim_node *n, struct session *session)
{
    struct leads leads;
    struct desk_media_param params[DESK_MEDIA_PARAMS];
    struct sim_relay_to to = {.params = params, .from = c->leg.from, .to = c->leg.to};
    struct sim_stream_result result = {.twilio_error = 0};
    struct sim_line_config line = {c->fast ? SIM_RELAY_FAST_MS : c->o->finish_ms, c->o->linger_ms,
                                   c->o->patience_ms, c->rec, sim_now(c)};
    struct open_stream open = {c, n, session->sid};
    enum sim_stream_rc rc = SIM_STREAM_REFUSED;
    char *handoff = NULL;

    sim_sid(session->sid, "VX");
    sim_attrs_check(c, n, relay_attrs);
    if (leads_to(c, n, &leads, &to.socket, &result)) {
        to.session_sid = session->sid;
        to.call_sid = c->leg.sid;
        to.account_sid = c->o->account_sid;
        to.n_params = params_read(c, n, params);
        to.debug = sim_attr(n, "debug", "");
        to.keys = strcmp(sim_attr(n, "dtmfDetection", "false"), "true") == 0;
        to.greeting = sim_attr(n, "welcomeGreeting", "");
        to.fast = c->fast;
        rc = sim_relay_run(&to, &c->leg.cursor, &line, stream_note, stream_over, &open, &result,
                           &handoff);
        stats_add(c, &result);
    }
    session->ms = result.duration_ms;
    session->handoff = handoff ? desk_arena_strdup(c->keep, handoff) : NULL;
    free(handoff);
    if (rc == SIM_STREAM_CLOSED && !session->handoff && !result.twilio_error)
        result.twilio_error = 64105; /* the server closed, and had not said that it would */
    session->error = result.twilio_error;
    session->status = session->error ? "failed" : rc == SIM_STREAM_CLOSED ? "ended" : "completed";
    stream_ended(c, "session", rc, &result);
    if (rc == SIM_STREAM_CLOSED && session->error) {
        c->r->stream_errors++;
        sim_error(c, session->error, "the WebSocket ended without `end`");
    }
}

static void session_fields(struct sim_call *c, const struct session *s)
{
    sim_field(c, &c->go.fields, "SessionId", s->sid);
    sim_field(c, &c->go.fields, "SessionStatus", s->status);
    sim_field_long(c, &c->go.fields, "SessionDuration", (s->ms + 500) / 1000);
    if (s->handoff && *s->handoff)
        sim_field(c, &c->go.fields, "HandoffData", s->handoff);
    if (s->error) {
        sim_field_long(c, &c->go.fields, "ErrorCode", s->error);
        sim_field(c, &c->go.fields, "ErrorMessage", "the session failed");
    }
}

enum sim_next sim_verb_connect(struct sim_call *c, const struct sim_node *n)
{
    const char *action = sim_attr(n, "action", NULL);
    const struct sim_node *noun = n->first;
    struct session session = {.status = NULL};

    if (c->on != &c->leg || !noun) {
        sim_warning(c, 12200, "<Connect> needs a <Stream>, on the caller's own leg");
        return SIM_NEXT;
    }
    if (strcmp(noun->name, "Stream") == 0) {
        stream(c, noun);
    } else if (strcmp(noun->name, "ConversationRelay") == 0) {
        relay(c, noun, &session);
    } else {
        c->r->stream_errors++;
        sim_error(c, 12200, "<Connect><%.40s> is not simulated: taken as failed", noun->name);
    }
    if (!action)
        return c->over ? SIM_END : SIM_NEXT;
    if (!sim_go_to(c, action, sim_attr(n, "method", "POST")))
        return SIM_FAIL;
    if (session.status)
        session_fields(c, &session);
    return sim_action_next(c, n);
}
