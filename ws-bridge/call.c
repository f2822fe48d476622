/* A call's life, from Twilio's socket to its end. */
#include "ws-bridge/call.h"
#include "ws-bridge/relay.h"
#include "ws-bridge/session.h"
#include "ws-bridge/viewer.h"
#include "ws-bridge/warm.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const state_names[CALL_STATE__MAX] = {
    [CALL_NEW] = "new",         [CALL_CLAIMING] = "claiming", [CALL_DIALLING] = "dialling",
    [CALL_TALKING] = "talking", [CALL_LEAVING] = "leaving",   [CALL_ENDING] = "ending",
    [CALL_CLOSED] = "closed",
};

const char *call_state_name(enum call_state s)
{
    return state_names[s];
}

void call_log(const struct call *c)
{
    desk_log_about(c ? &c->about : NULL);
}

int64_t call_now_ms(const struct call *c)
{
    return desk_mono_ms() - c->origin_ms;
}

struct scribe_call call_scribe(const struct call *c)
{
    return (struct scribe_call){.tenant_id = c->claim->call.tenant_id,
                                .id = c->claim->call.id,
                                .started_at = c->claim->call.started_at};
}

bool call_may_write(struct call *c)
{
    if (c->lines >= DESK_MAX_CALL_LINES)
        return false;
    if (++c->lines == DESK_MAX_CALL_LINES)
        desk_log(DESK_LOG_WARN, "call.lines", "call=%s max=%d", c->name, DESK_MAX_CALL_LINES);
    return true;
}

void call_event(struct call *c, const char *kind, const char *name, const char *fmt, ...)
{
    char text[400], detail[400];
    va_list ap;
    if (!c->claim || !call_may_write(c))
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    desk_utf8_clean_str(detail, sizeof detail, text); /* it may be cut within a letter */
    struct scribe_call who = call_scribe(c);
    scribe_event(c->b->scribe, &who, kind, name, detail);
}

/* ---- timers ---------------------------------------------------------------------------------- */

static void no_start(struct call *c, enum call_timer t)
{
    (void)t;
    desk_log(DESK_LOG_NOTICE, "call.no_start", "slot=%u", (unsigned)(c->handle & 0xffff));
    call_close(c);
}

static void no_claim(struct call *c, enum call_timer t)
{
    (void)t;
    desk_log(DESK_LOG_ERROR, "call.no_claim", "call=%s", c->name);
    call_close(c); /* /voice/next goes on from the row as it is */
}

static void end_not_written(struct call *c, enum call_timer t)
{
    (void)t;
    if (c->relay && relay_end(c, true))
        return;
    desk_log(DESK_LOG_ERROR, "call.end_late", "call=%s why=%s", c->name, c->end_why);
    call_close(c);
}

static void order_due(struct call *c, enum call_timer t)
{
    (void)t;
    call_order_look(c);
}

static void relay_timer(struct call *c, enum call_timer t)
{
    (void)t;
    relay_on_timer(c);
}

/* Twilio sends every 20 ms, silence too. */
static int64_t line_dead_ms(void)
{
    return desk_setting_int(DESK_S_LINE_DEAD_S) * 1000;
}

static void line_check(struct call *c, enum call_timer t)
{
    int64_t quiet = desk_mono_ms() - c->last_media_ms, dead = line_dead_ms();
    if (quiet >= dead) {
        desk_log(DESK_LOG_NOTICE, "call.line_dead", "call=%s ms=%lld", c->name, (long long)quiet);
        call_end(c, "line_lost", DESK_NEXT_GATHER);
        return;
    }
    call_timer_start(c, t, (double)(dead - quiet) / 1000.0 + 0.1);
}

static const struct {
    const char *name;
    void (*fn)(struct call *c, enum call_timer t);
} timer_rows[CALL_TIMER__MAX] = {
    [CALL_T_START] = {"start", no_start},
    [CALL_T_CLAIM] = {"claim", no_claim},
    [CALL_T_ROLL] = {"roll", call_model_on_timer},
    [CALL_T_RETRY] = {"retry", call_model_on_timer},
    [CALL_T_ANSWER] = {"answer", call_model_on_timer},
    [CALL_T_KEYS] = {"keys", call_model_on_timer},
    [CALL_T_TOOL] = {"tool", call_model_on_timer},
    [CALL_T_FILLER] = {"filler", call_model_on_timer},
    [CALL_T_QUIET] = {"quiet", call_model_on_timer},
    [CALL_T_CUT] = {"cut", call_model_on_timer},
    [CALL_T_RESUME] = {"resume", call_model_on_timer},
    [CALL_T_LEAVE] = {"leave", call_model_on_timer},
    [CALL_T_ENDING] = {"ending", end_not_written},
    [CALL_T_LINE] = {"line", line_check},
    [CALL_T_ORDER] = {"order", order_due},
    [CALL_T_RELAY] = {"relay", relay_timer},
};

static void on_timer(struct ev_loop *loop, ev_timer *w, int events)
{
    struct call *c = w->data;
    enum call_timer t = (enum call_timer)(w - c->timers);
    (void)loop;
    (void)events;
    call_log(c);
    desk_log(DESK_LOG_DEBUG, "call.timer", "call=%s timer=%s", c->name, timer_rows[t].name);
    timer_rows[t].fn(c, t);
    call_log(NULL);
}

void call_timer_start(struct call *c, enum call_timer t, double seconds)
{
    ev_timer *w = &c->timers[t];
    ev_timer_stop(c->b->loop, w);
    if (c->state == CALL_CLOSED)
        return;
    ev_timer_set(w, seconds, 0.);
    ev_now_update(c->b->loop);
    ev_timer_start(c->b->loop, w);
}

void call_timer_stop(struct call *c, enum call_timer t)
{
    ev_timer_stop(c->b->loop, &c->timers[t]);
}

static void stop_timers(struct call *c)
{
    for (int t = 0; t < CALL_TIMER__MAX; t++)
        call_timer_stop(c, (enum call_timer)t);
}

/* ---- the table ------------------------------------------------------------------------------- */

static bool take_slot(struct bridge *b, struct call *c)
{
    for (size_t k = 0; k < DESK_MAX_CALLS; k++) {
        size_t slot = (b->slot_hint + k) % DESK_MAX_CALLS;
        if (b->calls[slot])
            continue;
        b->calls[slot] = c;
        b->slot_hint = slot + 1;
        c->handle = (uint64_t)++b->births[slot] << 16 | slot;
        b->n_calls++;
        return true;
    }
    return false;
}

struct call *call_find(struct bridge *b, uint64_t handle)
{
    size_t slot = handle & 0xffff;
    struct call *c = slot < DESK_MAX_CALLS ? b->calls[slot] : NULL;
    return c && c->handle == handle ? c : NULL;
}

struct call *call_new(struct bridge *b, struct lws *wsi)
{
    struct call *c = calloc(1, sizeof *c);
    if (!c || !take_slot(b, c)) {
        free(c);
        return NULL;
    }
    c->b = b;
    c->opened_ms = c->last_media_ms = desk_mono_ms();
    leg_init(&c->twilio, LEG_TWILIO, c, &b->pool);
    leg_init(&c->model, LEG_MODEL, c, &b->pool);
    c->twilio.wsi = wsi;
    c->twilio.up = true;
    queue_init(&c->held, &b->pool, c->model.out.headroom, QUEUE_DROP_OLDEST, DESK_MAX_AUDIO_IN_MS,
               0);
    play_init(&c->play);
    snprintf(c->name, sizeof c->name, "-");
    for (int t = 0; t < CALL_TIMER__MAX; t++) {
        ev_timer_init(&c->timers[t], on_timer, 0., 0.);
        c->timers[t].data = c;
    }
    call_timer_start(c, CALL_T_START, 5.0);
    return c;
}

void calls_bury(struct bridge *b)
{
    sessions_bury(b);
    for (struct call *c; (c = b->graves);) {
        b->graves = c->next_grave;
        leg_clear(&c->twilio);
        leg_clear(&c->model);
        queue_clear(&c->held);
        play_clear(&c->play);
        story_clear(&c->story);
        relay_free(c->relay);
        call_tools_clear(c);
        call_orders_clear(c);
        ear_clear(&c->ear);
        claim_free(c->claim);
        free(c);
    }
}

void call_close(struct call *c)
{
    struct bridge *b = c->b;
    if (c->state == CALL_CLOSED)
        return;
    stop_timers(c);
    int64_t dropped = c->held.dropped_ms + c->model.out.dropped_ms;
    metrics_add(&b->metrics, METRIC_DROPPED_MS, (uint64_t)dropped);
    desk_log(DESK_LOG_INFO, "call.closed",
             "call=%s state=%s why=%s ms=%lld in=%llu out=%llu dropped_ms=%lld", c->name,
             call_state_name(c->state), *c->end_why ? c->end_why : "-",
             (long long)(desk_mono_ms() - c->opened_ms), (unsigned long long)c->twilio.received,
             (unsigned long long)c->twilio.sent, (long long)dropped);
    c->state = CALL_CLOSED;
    if (c->claim)
        lookout_call(b->lookout, c->name, false);
    leg_close(&c->twilio);
    leg_close(&c->model);
    call_reach_close(c);
    call_record_end(c);
    b->calls[c->handle & 0xffff] = NULL;
    b->n_calls--;
    c->next_grave = b->graves;
    b->graves = c;
    if (b->n_calls == 0 && b->idle)
        b->idle(b);
}

static const struct {
    const char *why, *sentence;
} endings[] = {
    {"goodbye", "The conversation ended with a goodbye"},
    {"told", "The call was ended, as somebody of the business wanted"},
    {"transfer", "The caller is being put through"},
    {"machine", "A machine was speaking; the call was ended"},
    {"silent", "Nobody spoke any more; a goodbye was said"},
    {"no_words", "There was only noise on the line; a goodbye was said"},
    {"too_long", "The call had come to its longest time"},
    {"message", "The caller is asked to leave a message"},
    {"caller_left", "The caller hung up"},
    {"line_lost", "Nothing more was heard from the line"},
    {"model_lost", "The voice was lost; the call goes on by questions and keys"},
    {"drain", "The receptionist was being restarted; the call goes on by questions and keys"},
    {"overflow", "The line could not take more; the call goes on by questions and keys"},
    {"relay_error", "Twilio could not go on; the call goes on by questions and keys"},
    {"protocol", "The line sent what it should not; the call goes on by questions and keys"},
};

static const char *ending_sentence(const char *why)
{
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (strcmp(endings[i].why, why) == 0)
            return endings[i].sentence;
    return why;
}

void call_end(struct call *c, const char *why, const char *next_step)
{
    if (c->state >= CALL_ENDING)
        return;
    snprintf(c->end_why, sizeof c->end_why, "%s", why);
    stop_timers(c);
    if (!c->claim) { /* there is no row to write to */
        call_close(c);
        return;
    }
    if (c->relay)
        relay_ending(c, why, next_step);
    else
        call_play_keep(c);
    call_record_end(c);
    call_orders_end(c, why);
    c->state = CALL_ENDING;
    leg_close(&c->model);
    call_reach_close(c);
    c->lines = 0; /* the last one is always written */
    call_event(c, "stream", "ended", "%s", ending_sentence(why));
    struct scribe_call who = call_scribe(c);
    struct desk_call_stream_end e = {.why = why,
                                     .next_step = next_step,
                                     .engine = c->relay ? relay_engine(c) : c->b->target.engine,
                                     .outcome = c->end_outcome,
                                     .first_audio_ms =
                                         c->first_audio_ms ? c->first_audio_ms - c->started_ms : 0};
    if (e.first_audio_ms == 0 && c->first_audio_ms)
        e.first_audio_ms = 1; /* 0 means that nothing was said */
    scribe_end(c->b->scribe, c->handle, &who, &e);
    if (c->twilio.wsi)
        call_timer_start(c, CALL_T_ENDING, 1.0);
    else
        call_close(c);
}

void calls_end_all(struct bridge *b, const char *why, const char *next_step)
{
    for (size_t i = 0; i < DESK_MAX_CALLS; i++)
        if (b->calls[i]) {
            call_log(b->calls[i]);
            call_end(b->calls[i], why, next_step);
        }
    call_log(NULL);
}

/* ---- notes from the threads ------------------------------------------------------------------ */

static void claimed(struct bridge *b, struct call *c, struct note *n)
{
    if (!c || c->state != CALL_CLAIMING) {
        if (n->claim && n->claim->call.id) { /* it was ours, but the caller is gone already */
            struct scribe_call who = {n->claim->call.tenant_id, n->claim->call.id,
                                      n->claim->call.started_at};
            scribe_end(b->scribe, 0, &who, &(struct desk_call_stream_end){.why = "caller_left"});
        }
        return;
    }
    call_timer_stop(c, CALL_T_CLAIM);
    if (n->rc == DESK_EAUTH) {
        b->counts.bad_token++;
        desk_log(DESK_LOG_WARN, "call.bad_token", "sid=%s refused=%llu", c->call_sid,
                 (unsigned long long)b->counts.bad_token);
        call_close(c);
        return;
    }
    if (!n->claim || !n->claim->call.id) {
        desk_log(DESK_LOG_ERROR, "call.claim", "sid=%s rc=%s", c->call_sid, desk_rc_name(n->rc));
        call_close(c);
        return;
    }
    c->claim = n->claim;
    n->claim = NULL;
    snprintf(c->name, sizeof c->name, "%s", c->claim->call.id);
    snprintf(c->about.trace, sizeof c->about.trace, "%s",
             c->claim->call.trace ? c->claim->call.trace : "");
    call_log(c);
    desk_log(DESK_LOG_INFO, "call.claimed", "call=%s relay=%d", c->name, c->relay != NULL);
    c->origin_ms = desk_mono_ms() - (desk_now_ms() - c->claim->call.started_at);
    if (n->rc) { /* the row is ours, but the prompt could not be made */
        desk_log(DESK_LOG_ERROR, "call.prompt", "call=%s rc=%s", c->name, desk_rc_name(n->rc));
        call_end(c, "model_lost", DESK_NEXT_GATHER);
        return;
    }
    lookout_call(b->lookout, c->name, true);
    call_measure_begin(c);
    call_record_decide(c);
    if (c->relay) {
        relay_claimed(c);
        return;
    }
    call_timer_start(c, CALL_T_LINE, (double)line_dead_ms() / 1000.0);
    call_model_dial(c);
}

static void note_claimed(struct bridge *b, struct call *c, struct note *n)
{
    claimed(b, c, n);
}

static void note_ended(struct bridge *b, struct call *c, struct note *n)
{
    (void)b;
    if (n->rc)
        desk_log(DESK_LOG_ERROR, "call.end", "call=%s rc=%s", c ? c->name : "-",
                 desk_rc_name(n->rc));
    if (c && !(c->relay && relay_end(c, false)))
        call_close(c);
}

static void note_tool(struct bridge *b, struct call *c, struct note *n)
{
    (void)b;
    if (c && c->relay)
        relay_tool_done(c, n);
    else if (c)
        call_tool_done(c, n);
}

static void note_brain(struct bridge *b, struct call *c, struct note *n)
{
    (void)b;
    if (c && c->relay)
        relay_brain_note(c, n);
}

static void note_address(struct bridge *b, struct call *c, struct note *n)
{
    (void)c;
    session_address(b, n->call, n->rc);
}

static void note_due(struct bridge *b, struct call *c, struct note *n)
{
    (void)c;
    if (!n->claim) {
        warm_looked(b->warm);
        return;
    }
    warm_offer(b->warm, n->claim);
    n->claim = NULL;
}

static void note_rec_stopped(struct bridge *b, struct call *c, struct note *n)
{
    (void)b;
    if (c && c->rec)
        call_record_stopped(c, n->text);
}

static void note_recorded(struct bridge *b, struct call *c, struct note *n)
{
    (void)c;
    scribe_recorded(b->scribe, n->recorded);
}

/* The call of that id in the database, or NULL. */
static struct call *call_of_row(struct bridge *b, const char *id)
{
    for (size_t i = 0; id && i < DESK_MAX_CALLS; i++)
        if (b->calls[i] && b->calls[i]->claim && strcmp(b->calls[i]->name, id) == 0)
            return b->calls[i];
    return NULL;
}

/* Its caller has hung up long since: nobody hears what is said here, but it is paid for. */
static void note_left(struct bridge *b, struct call *c, struct note *n)
{
    c = call_of_row(b, n->text);
    if (!c || c->state >= CALL_ENDING)
        return;
    call_event(c, "stream", "left_open",
               "Twilio said that the call was over and left its stream open; it was closed");
    call_end(c, "caller_left", NULL);
}

/* Who talks leads by another script from now on. */
static void note_led(struct bridge *b, struct call *c, struct note *n)
{
    c = call_of_row(b, n->text);
    if (!c || c->state >= CALL_ENDING)
        return;
    c->machine.spared = c->machine.spared || n->emergency;
    char *kept = n->instructions ? desk_arena_strdup(c->claim->arena, n->instructions) : NULL;
    if (kept)
        c->claim->instructions = kept; /* a session to come is told so, too */
    if (c->relay)
        relay_led(c, n->alarm);
    else
        call_model_led(c, n->emergency ? n->because : NULL);
}

static void note_order(struct bridge *b, struct call *c, struct note *n)
{
    c = call_of_row(b, n->ordered->call_id);
    if (c && call_order(c, n->ordered))
        n->ordered = NULL;
}

static void note_live(struct bridge *b, struct call *c, struct note *n)
{
    (void)c;
    viewer_note(b, n);
}

static void (*const note_rows[NOTE__MAX])(struct bridge *, struct call *, struct note *) = {
    [NOTE_CLAIMED] = note_claimed,   [NOTE_ENDED] = note_ended,
    [NOTE_TOOL] = note_tool,         [NOTE_ADDRESS] = note_address,
    [NOTE_DUE] = note_due,           [NOTE_REC_STOPPED] = note_rec_stopped,
    [NOTE_RECORDED] = note_recorded, [NOTE_LEFT] = note_left,
    [NOTE_LED] = note_led,           [NOTE_BRAIN] = note_brain,
    [NOTE_ORDER] = note_order,       [NOTE_LIVE] = note_live,
};

void calls_note(struct bridge *b, struct note *n)
{
    struct call *c = call_find(b, n->call);
    call_log(c);
    note_rows[n->kind](b, c, n);
    call_log(NULL);
}

/* ---- what Twilio says ------------------------------------------------------------------------ */

static void bad_twilio(struct call *c, const char *what)
{
    if (c->bad_twilio++ == 0)
        desk_log(DESK_LOG_WARN, "call.bad_message", "call=%s peer=twilio what=%s", c->name, what);
    if (c->state == CALL_NEW || c->bad_twilio > DESK_MAX_BAD_MESSAGES)
        call_end(c, "protocol", DESK_NEXT_GATHER);
}

static void on_start(struct call *c, const struct desk_media_msg *m)
{
    const char *token = desk_media_param_get(m, "token");
    bool mulaw = strcmp(m->encoding, "audio/x-mulaw") == 0 && m->sample_rate == 8000;
    if (c->state != CALL_NEW) {
        bad_twilio(c, "second_start");
        return;
    }
    call_timer_stop(c, CALL_T_START);
    c->started_ms = c->last_media_ms = desk_mono_ms();
    snprintf(c->call_sid, sizeof c->call_sid, "%s", m->call_sid);
    snprintf(c->stream_sid, sizeof c->stream_sid, "%s", m->stream_sid);
    snprintf(c->name, sizeof c->name, "%s", m->call_sid);
    snprintf(c->about.sid, sizeof c->about.sid, "%s", m->call_sid);
    call_log(c);
    if (!token || !*token || !mulaw || !*m->stream_sid) {
        if (!token || !*token)
            c->b->counts.bad_token++;
        desk_log(DESK_LOG_WARN, "call.bad_start", "sid=%s token=%s encoding=%s", c->call_sid,
                 token && *token ? "given" : "missing", m->encoding);
        call_close(c);
        return;
    }
    c->state = CALL_CLAIMING;
    call_record_start(c);
    scribe_claim(c->b->scribe, c->handle, token, c->call_sid);
    call_timer_start(c, CALL_T_CLAIM, 4.0);
}

static void on_media(struct call *c, const struct desk_media_msg *m)
{
    c->last_media_ms = desk_mono_ms();
    if (c->rec && m->track != DESK_TRACK_OUTBOUND)
        call_record_caller(c, m);
    bool heard = (c->state > CALL_NEW && c->state <= CALL_TALKING) || call_leave_listens(c);
    if (m->track != DESK_TRACK_OUTBOUND && heard)
        call_caller_audio(c, m);
}

static void on_digit(struct call *c, const struct desk_media_msg *m)
{
    call_leave_cancel(c, CALLER_KEYED);
    if (!m->digit || c->state > CALL_TALKING || c->n_keys >= DESK_MAX_KEYS)
        return;
    c->keys[c->n_keys++] = m->digit;
    if (c->state == CALL_TALKING && c->n_keys == 1)
        call_interrupt(c, true);
    if (m->digit == '#')
        call_keys(c);
    else
        call_timer_start(c, CALL_T_KEYS, 1.5);
}

static void on_mark(struct call *c, const struct desk_media_msg *m)
{
    call_mark_back(c, m->mark);
}

static void on_stop(struct call *c, const struct desk_media_msg *m)
{
    (void)m;
    call_end(c, "caller_left", NULL);
}

static void (*const media_rows[DESK_MEDIA__MAX])(struct call *, const struct desk_media_msg *) = {
    [DESK_MEDIA_START] = on_start,      [DESK_MEDIA_MEDIA] = on_media, [DESK_MEDIA_DTMF] = on_digit,
    [DESK_MEDIA_MARK_PLAYED] = on_mark, [DESK_MEDIA_STOP] = on_stop,
};

void call_twilio_message(struct call *c, const char *p, size_t n)
{
    struct desk_media_msg m;
    if (c->state >= CALL_ENDING)
        return;
    enum desk_rc rc = desk_media_msg_parse(&m, p, n);
    bool other = !rc && c->state > CALL_NEW && *m.stream_sid && m.type != DESK_MEDIA_START &&
                 strcmp(m.stream_sid, c->stream_sid) != 0;
    if (rc || other)
        bad_twilio(c, rc ? "malformed" : "other_stream");
    else if (media_rows[m.type])
        media_rows[m.type](c, &m);
    desk_media_msg_clear(&m);
}

void call_twilio_giant(struct call *c)
{
    desk_log(DESK_LOG_WARN, "call.giant", "call=%s peer=twilio", c->name);
    call_end(c, "protocol", DESK_NEXT_GATHER);
}

void call_twilio_gone(struct call *c)
{
    if (c->state == CALL_ENDING)
        call_close(c);
    else
        call_end(c, "caller_left", NULL);
}
