/* One simulated call from the first webhook to the last. */
#include "cli/call_sim.h"
#include "cli/call_url.h"
#include "base/clock.h"
#include "base/ids.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SLICE_MS 20                 /* how soon a waiting call notices that it is over */
#define KEEP_MAX (16 * 1024 * 1024) /* form fields of all webhooks of a call */

/* ---- events ---------------------------------------------------------------------------------- */

long sim_now(const struct sim_call *c)
{
    return (long)(desk_mono_ms() - c->t0_ms);
}

static void event(struct sim_call *c, const char *who, const char *kind, long value,
                  const char *text)
{
    struct desk_sim_event ev = {sim_now(c), who, kind, text, c->leg.sid, value};

    if (c->o->on_event)
        c->o->on_event(c->o->ctx, &ev);
}

static const char *text_v(char *buf, size_t n, const char *fmt, va_list ap)
    __attribute__((format(printf, 3, 0)));
static const char *text_v(char *buf, size_t n, const char *fmt, va_list ap)
{
    vsnprintf(buf, n, fmt, ap);
    return buf;
}

void sim_note(struct sim_call *c, const char *who, const char *kind, long value, const char *fmt,
              ...)
{
    char text[DESK_MAX_SIM_LINE + 1];
    va_list ap;

    va_start(ap, fmt);
    event(c, who, kind, value, text_v(text, sizeof text, fmt, ap));
    va_end(ap);
}

void sim_error(struct sim_call *c, int code, const char *fmt, ...)
{
    char text[1000];
    va_list ap;

    if (code)
        c->r->error = code;
    va_start(ap, fmt);
    event(c, "twilio", "error", code, text_v(text, sizeof text, fmt, ap));
    va_end(ap);
}

void sim_warning(struct sim_call *c, int code, const char *fmt, ...)
{
    char text[1000];
    va_list ap;

    c->r->warnings++;
    va_start(ap, fmt);
    event(c, "twilio", "warning", code, text_v(text, sizeof text, fmt, ap));
    va_end(ap);
}

void sim_heard(struct sim_call *c)
{
    if (c->r->heard_ms < 0 && c->on == &c->leg)
        c->r->heard_ms = sim_now(c);
}

/* ---- the end --------------------------------------------------------------------------------- */

void sim_end(struct sim_call *c, enum desk_sim_end end, const char *fmt, ...)
{
    va_list ap;

    if (c->over)
        return;
    c->over = true;
    c->r->end = end;
    va_start(ap, fmt);
    vsnprintf(c->r->why, sizeof c->r->why, fmt, ap);
    va_end(ap);
}

bool sim_over(void *call)
{
    struct sim_call *c = call;
    long now = sim_now(c);

    if (c->over)
        return true;
    if (c->o->stop && c->o->stop(c->o->stop_ctx))
        sim_end(c, DESK_SIM_END_STOPPED, "stopped");
    else if (c->o->max_ms > 0 && now >= c->o->max_ms)
        sim_end(c, DESK_SIM_END_TIMEOUT, "still going after %ld s", c->o->max_ms / 1000);
    else if (c->o->hangup_after_ms > 0 && now >= c->o->hangup_after_ms) {
        sim_note(c, "caller", "hangup", -1, "hangs up");
        sim_end(c, DESK_SIM_END_CALLER, "the caller hung up after %.1f s",
                (double)c->o->hangup_after_ms / 1000.0);
    }
    return c->over;
}

bool sim_sleep(struct sim_call *c, long ms)
{
    int64_t end = desk_mono_ms() + ms;

    while (!sim_over(c)) {
        int64_t left = end - desk_mono_ms();
        struct timespec ts = {.tv_nsec = (left < SLICE_MS ? left : SLICE_MS) * 1000000L};
        if (left <= 0)
            return true;
        nanosleep(&ts, NULL);
    }
    return false;
}

void sim_answer(struct sim_call *c)
{
    if (c->on != &c->leg || c->r->answered)
        return;
    c->r->answered = true;
    c->leg.status = "in-progress";
    sim_note(c, "twilio", "answered", -1, "the call is answered");
    if (c->o->status_events)
        sim_web_status(c, "answered");
}

/* ---- documents ------------------------------------------------------------------------------- */

/* Twilio's last resort for a document that cannot be had or run. False: there is none. */
static bool fallback(struct sim_call *c)
{
    char failed[DESK_MAX_SIM_URL];

    if (c->fell_back || !c->o->fallback_path || !c->o->fallback_path[0] || c->on != &c->leg)
        return false;
    c->fell_back = c->r->fallback = true;
    snprintf(failed, sizeof failed, "%s", c->go.url);
    if ((size_t)snprintf(c->go.url, sizeof c->go.url, "%s%s", c->public, c->o->fallback_path) >=
        sizeof c->go.url)
        return false;
    c->go.get = false;
    c->go.fields.n = 0;
    sim_field_long(c, &c->go.fields, "ErrorCode", c->r->error);
    sim_field(c, &c->go.fields, "ErrorUrl", failed);
    sim_note(c, "twilio", "fallback", c->r->error, "error %d: Twilio asks %s instead", c->r->error,
             c->o->fallback_path);
    return true;
}

/* The document cannot be run and nothing replaces it. */
static void failed(struct sim_call *c)
{
    if (c->on != &c->leg) {
        c->on->status = "completed"; /* the callee is hung up on */
        return;
    }
    sim_note(c, "receptionist", "say", -1,
             "(Twilio) We are sorry, an application error has occurred. Goodbye.");
    sim_end(c, DESK_SIM_END_ERROR, "no usable TwiML (error %d)", c->r->error);
}

void sim_follow(struct sim_call *c)
{
    struct sim_node *root;
    enum sim_next next = SIM_GO;

    while (next == SIM_GO && !sim_over(c)) {
        if (c->r->documents >= DESK_MAX_SIM_DOCS) {
            sim_error(c, 11215, "more than %d documents", DESK_MAX_SIM_DOCS);
            sim_end(c, DESK_SIM_END_ERROR, "a call that goes round and round");
            break;
        }
        next = sim_web_document(c, &root) == 0 ? SIM_NEXT : SIM_FAIL;
        sim_web_later_send(c);
        if (next == SIM_NEXT)
            next = sim_verbs_run(c, root);
        if (next != SIM_FAIL || c->over)
            continue;
        if (fallback(c))
            next = SIM_GO;
        else
            failed(c);
    }
}

/* ---- the call -------------------------------------------------------------------------------- */

void sim_sid(char out[SIM_SID_LEN], const char *two_letters)
{
    unsigned char raw[16];

    desk_random(raw, sizeof raw);
    snprintf(out, 3, "%s", two_letters);
    for (size_t i = 0; i < sizeof raw; i++)
        snprintf(out + 2 + 2 * i, 3, "%02x", raw[i]);
}

static const char *options_wrong(const struct desk_sim_options *o)
{
    struct sim_url u;

    if (!o->to || !o->to[0] || !o->from || !o->url || !o->path || !o->account_sid)
        return "to, from, url, path and account are needed";
    if (!sim_url_split(o->url, &u) || strncmp(u.scheme, "http", 4) != 0)
        return "the url must begin with http:// or https://";
    if (!sim_host_is_loopback(u.host))
        return "the simulator only calls this machine: the url must be on 127.0.0.1 or localhost";
    if (o->public_url && !sim_url_split(o->public_url, &u))
        return "the public url is none";
    if (o->path[0] != '/')
        return "the path must begin with /";
    return NULL;
}

static bool call_init(struct sim_call *c, const struct desk_sim_options *o,
                      struct desk_sim_result *r)
{
    memset(c, 0, sizeof *c);
    c->o = o;
    c->r = r;
    c->public = o->public_url && o->public_url[0] ? o->public_url : o->url;
    c->t0_ms = desk_mono_ms();
    c->fast = o->fast;
    c->on = &c->leg;
    c->leg.who = "caller";
    c->leg.from = o->withheld ? "anonymous" : o->from;
    c->leg.to = o->to;
    c->leg.direction = "inbound";
    c->leg.status = "ringing";
    c->leg.cursor.script = o->script;
    sim_sid(c->leg.sid, "CA");
    memcpy(r->call_sid, c->leg.sid, sizeof r->call_sid);
    snprintf(c->go.url, sizeof c->go.url, "%s%s", c->public, o->path);
    c->arena = desk_arena_new(DESK_MAX_REQUEST_ARENA);
    c->keep = desk_arena_new(KEEP_MAX);
    if (o->record)
        c->rec = sim_rec_new(o->max_ms > 0 ? o->max_ms : DESK_MAX_SIM_SECONDS * 1000L);
    return c->arena && c->keep && (!o->record || c->rec);
}

static void call_clear(struct sim_call *c)
{
    desk_arena_free(c->arena);
    desk_arena_free(c->keep);
    sim_rec_free(c->rec);
}

/* After the last word: the status callback, the recording, the verdict. */
static void call_close(struct sim_call *c)
{
    struct desk_sim_result *r = c->r;
    char why[160];

    sim_end(c, DESK_SIM_END_RECEPTIONIST, "the receptionist hung up");
    r->duration_ms = sim_now(c);
    if (r->end != DESK_SIM_END_REJECTED)
        c->leg.status = r->answered                    ? "completed"
                        : r->end == DESK_SIM_END_ERROR ? "failed"
                                                       : "canceled";
    sim_web_later_send(c);
    sim_web_status(c, "completed");
    if (c->rec && sim_rec_write(c->rec, c->o->record, r->duration_ms, why, sizeof why) != DESK_OK) {
        sim_error(c, 0, "%s", why);
        r->end = DESK_SIM_END_ERROR;
        snprintf(r->why, sizeof r->why, "%s", why);
    } else if (c->rec) {
        sim_note(c, "twilio", "recording", -1, "both sides are in %s", c->o->record);
    }
    r->ok = !r->fallback && (r->end == DESK_SIM_END_RECEPTIONIST || r->end == DESK_SIM_END_CALLER ||
                             r->end == DESK_SIM_END_REJECTED);
    sim_note(c, "twilio", "end", r->duration_ms, "%s", r->why);
}

enum desk_rc desk_sim_call(const struct desk_sim_options *o, struct desk_sim_result *result)
{
    const char *wrong = options_wrong(o);
    struct sim_call *c;
    enum desk_rc rc = DESK_ENOMEM;

    memset(result, 0, sizeof *result);
    result->webhook_ms = result->heard_ms = result->first_audio_ms = result->barge_in_ms = -1;
    if (wrong) {
        result->end = DESK_SIM_END_ERROR;
        snprintf(result->why, sizeof result->why, "%s", wrong);
        return DESK_EINVAL;
    }
    c = malloc(sizeof *c); /* large: form fields, URLs */
    if (c && call_init(c, o, result)) {
        sim_note(c, "caller", "call", -1, "%s calls %s", c->leg.from, c->leg.to);
        if (o->status_events) {
            sim_web_status(c, "initiated");
            sim_web_status(c, "ringing");
        }
        sim_follow(c);
        call_close(c);
        rc = DESK_OK;
    }
    if (c)
        call_clear(c);
    free(c);
    return rc;
}

void desk_sim_options_init(struct desk_sim_options *o)
{
    memset(o, 0, sizeof *o);
    o->path = "/voice/incoming";
    o->fallback_path = "/voice/fallback";
    o->status_path = "/voice/status";
    o->account_sid = "AC00000000000000000000000000000000";
    o->dial_result = "no-answer";
    o->dial_ring_ms = -1;
    o->dial_talk_ms = 5000;
    o->max_ms = 180 * 1000;
    o->finish_ms = 700;
    o->linger_ms = 6000;
    o->patience_ms = 15000;
}

const char *desk_sim_end_name(enum desk_sim_end end)
{
    static const char *const names[DESK_SIM_END__MAX] = {
        [DESK_SIM_END_NONE] = "none",       [DESK_SIM_END_RECEPTIONIST] = "receptionist",
        [DESK_SIM_END_CALLER] = "caller",   [DESK_SIM_END_REJECTED] = "rejected",
        [DESK_SIM_END_STOPPED] = "stopped", [DESK_SIM_END_SILENT] = "silent",
        [DESK_SIM_END_TIMEOUT] = "timeout", [DESK_SIM_END_ERROR] = "error",
    };

    return (unsigned)end < DESK_SIM_END__MAX ? names[end] : "none";
}
