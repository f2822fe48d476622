#include "ws-bridge/session.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"

#include <stdlib.h>
#include <string.h>

#define RETRY_S  0.3  /* pause before the one second try */
#define QUICK_MS 1500 /* a failure later than this is not tried again: somebody waits */
#define OURS_MS  2000 /* so long our own engine may be gone */

/* ---- life ------------------------------------------------------------------------------------ */

static void dial(struct session *s)
{
    char address[RESOLVER_ADDRESS];
    s->dialled_ms = desk_mono_ms();
    if (resolver_get(s->b->resolver, s->id, address))
        leg_realtime_dial(s->b, &s->leg, address);
}

static void on_deadline(struct ev_loop *loop, ev_timer *w, int events)
{
    (void)loop;
    (void)events;
    session_gone(w->data, DESK_RT_FATAL_CALL, "it did not get ready in time");
}

static void on_retry(struct ev_loop *loop, ev_timer *w, int events)
{
    (void)loop;
    (void)events;
    dial(w->data);
}

struct session *session_new(struct bridge *b, const struct claim *claim,
                            const struct session_owner *owner, void *ctx, double seconds)
{
    struct session *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    *s = (struct session){
        .b = b, .claim = claim, .owner = owner, .ctx = ctx, .born_ms = desk_mono_ms()};
    s->id = ++b->sessions_born << 16 | 0xffff; /* a slot no call has */
    s->next = b->sessions;
    b->sessions = s;
    leg_init(&s->leg, LEG_MODEL, NULL, &b->pool);
    s->leg.session = s;
    ev_timer_init(&s->deadline, on_deadline, seconds, 0.);
    ev_timer_init(&s->retry, on_retry, RETRY_S, 0.);
    s->deadline.data = s->retry.data = s;
    ev_now_update(b->loop);
    ev_timer_start(b->loop, &s->deadline);
    dial(s);
    return s->closed ? NULL : s;
}

void session_close(struct session *s)
{
    if (!s || s->closed)
        return;
    s->closed = true;
    ev_timer_stop(s->b->loop, &s->deadline);
    ev_timer_stop(s->b->loop, &s->retry);
    leg_close(&s->leg);
    s->b->sessions_over = true;
}

void session_take(struct session *s, struct leg *leg)
{
    leg_move(leg, &s->leg);
    session_close(s);
}

void sessions_bury(struct bridge *b)
{
    struct session **at = &b->sessions;
    while (b->sessions_over && *at) {
        struct session *s = *at;
        if (!s->closed) {
            at = &s->next;
            continue;
        }
        *at = s->next;
        leg_clear(&s->leg);
        free(s);
    }
    b->sessions_over = false;
}

void session_address(struct bridge *b, uint64_t id, enum desk_rc rc)
{
    struct session *s = b->sessions;
    while (s && s->id != id)
        s = s->next;
    if (!s || s->closed || s->leg.wsi)
        return;
    if (rc)
        session_gone(s, DESK_RT_FATAL_CALL, "its name is not known");
    else
        dial(s);
}

/* Once more: somebody waits, but what has just failed may be mended already. */
static bool once_more(const struct session *s, enum desk_rt_severity severity)
{
    int64_t now = desk_mono_ms();
    if (s->ready || severity > DESK_RT_RECONNECT)
        return false;
    return s->b->target.offline ? now - s->born_ms < OURS_MS
                                : s->tries == 0 && now - s->dialled_ms < QUICK_MS;
}

void session_gone(struct session *s, enum desk_rt_severity severity, const char *why)
{
    bool again = once_more(s, severity), first = s->tries == 0;
    if (s->closed)
        return;
    leg_close(&s->leg);
    queue_clear(&s->leg.out);
    s->up = false;
    if (again) {
        s->tries++;
        resolver_failed(s->b->resolver);
        ev_now_update(s->b->loop);
        ev_timer_set(&s->retry, RETRY_S, 0.);
        ev_timer_start(s->b->loop, &s->retry);
    } else {
        session_close(s);
    }
    if (first || !again)
        s->owner->failed(s, severity, why, again);
}

/* ---- setting it up --------------------------------------------------------------------------- */

void session_up(struct session *s)
{
    const struct desk_tenant_settings *own = &s->claim->settings;
    struct queue_msg *m = queue_new(&s->leg.out, 6 * DESK_MAX_PROMPT);
    struct desk_rt_session set = {
        .dialect = s->b->target.dialect,
        .event_id = SESSION_EVENT_ID,
        .voice = desk_setting(DESK_S_REALTIME_VOICE),
        .instructions = s->claim->instructions,
        .tools = s->claim->tools ? s->claim->tools : s->b->tool_list,
        .transcription_model = desk_setting(DESK_S_REALTIME_TRANSCRIPTION_MODEL),
        .language = s->claim->language,
        .semantic_vad =
            strcmp(desk_tenant_setting(own, DESK_S_TURN_DETECTION), "semantic_vad") == 0,
        .eagerness = desk_tenant_setting(own, DESK_S_TURN_EAGERNESS),
        .vad_threshold = (double)desk_tenant_setting_int(own, DESK_S_TURN_THRESHOLD) / 100.0,
        .prefix_padding_ms = (int)desk_tenant_setting_int(own, DESK_S_TURN_PREFIX_MS),
        .silence_ms = (int)desk_tenant_setting_int(own, DESK_S_TURN_SILENCE_MS),
        /* then the call's ear decides who interrupts (call_ear.c) */
        .no_interrupt = desk_tenant_setting_int(own, DESK_S_BARGE_IN_CONFIRM_MS) > 0,
        .max_output_tokens = 2048, /* 102 s of speech: bounds what one answer can hold */
        .retention_ratio = 0.8,
    };
    s->up = true;
    if (m)
        desk_rt_build_session_update(&m->buf, &set);
    if (!m || queue_push(&s->leg.out, m, QUEUE_TEXT, 0) == QUEUE_FULL)
        session_gone(s, DESK_RT_FATAL_CALL, "there is no memory for its prompt");
    else
        leg_wake(&s->leg);
}

static bool speaks_ulaw(const struct desk_rt_event *ev)
{
    const json_t *audio = json_object_get(json_object_get(ev->json, "session"), "audio");
    const json_t *format = json_object_get(json_object_get(audio, "output"), "format");
    const char *type = json_string_value(json_object_get(format, "type"));
    return !type || strcmp(type, "audio/pcmu") == 0;
}

static void on_updated(struct session *s, const struct desk_rt_event *ev)
{
    if (!speaks_ulaw(ev)) {
        session_gone(s, DESK_RT_FATAL_CONFIG, "it does not speak telephone audio");
        return;
    }
    ev_timer_stop(s->b->loop, &s->deadline);
    s->ready = true;
    s->ready_ms = desk_mono_ms();
    s->owner->ready(s);
}

static void on_error(struct session *s, const struct desk_rt_event *ev)
{
    const char *code = ev->error.code;
    bool ours = strcmp(ev->error.event_id, SESSION_EVENT_ID) == 0;
    enum desk_rt_severity severity = desk_rt_error_class(code, ours);
    desk_log(DESK_LOG_NOTICE, "session.error", "code=%s type=%s severity=%d", code, ev->error.type,
             (int)severity);
    if (severity != DESK_RT_HARMLESS)
        session_gone(s, severity, *code ? code : "an error without a name");
}

void session_message(struct session *s, const char *p, size_t n)
{
    struct desk_rt_event ev;
    if (s->closed)
        return;
    if (desk_rt_event_parse(&ev, p, n)) {
        desk_log(DESK_LOG_WARN, "session.bad_message", "bytes=%zu", n);
    } else if (ev.type == DESK_RT_ERROR) {
        on_error(s, &ev);
    } else {
        if (ev.expires_at)
            s->expires_at = ev.expires_at;
        if (ev.type == DESK_RT_SESSION_UPDATED && !s->ready)
            on_updated(s, &ev);
        else if (s->ready && s->owner->event)
            s->owner->event(s, &ev);
    }
    desk_rt_event_clear(&ev);
}

void session_giant(struct session *s)
{
    session_gone(s, DESK_RT_RECONNECT, "it sent a message larger than we take");
}
