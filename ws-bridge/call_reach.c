/* Reaching the model: at the start, again when it is lost, and a new session when one grows old.
 *
 * What the caller notices: nothing, if nobody was speaking; else a few words of apology within a
 * moment, and the talk goes on. The first loss is answered with another session, told what has been
 * said (story.h); the second within LOSS_FORGET_MS, and whatever will not get better by dialling
 * again, leads out of the stream: /voice/next goes on there. */
#include "ws-bridge/call.h"
#include "ws-bridge/session.h"
#include "ws-bridge/warm.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"

#include <stdio.h>
#include <string.h>

#define AGAIN_S        2.0    /* longest time to reach the model again in the middle of a call */
#define LOSS_FORGET_MS 120000 /* a loss so long ago does not count */
#define WORDS_LATE_MS  3000   /* the caller's words come within this, or not at all */

/* a new session before the old one ends */
#define ROLL_MARGIN_S  90  /* before the server's own end */
#define ROLL_SOONEST_S 2   /* whatever the server says: not at once, and not in circles */
#define ROLL_AGAIN_S   20  /* after one that could not be had */
#define ROLL_LOOK_S    0.1 /* is it quiet? */
#define ROLL_QUIET_MS  300 /* so long already, before the new session hears the caller, too */
#define ROLL_OVER_MS   500 /* both hear; more than a VAD wants before the first word */

static const struct session_owner owner;

/* ---- telling a session what was said --------------------------------------------------------- */

static void tell(struct call *c, struct leg *leg, const char *item, enum desk_rt_role role,
                 const char *text)
{
    char id[24];
    struct queue_msg *m = queue_new(&leg->out, 6 * strlen(text) + 512);
    snprintf(id, sizeof id, "fd-story-%u", (unsigned)++c->events);
    if (m)
        desk_rt_build_message_as(&m->buf, id, item, c->b->target.dialect, role, text);
    call_send(c, leg, m, QUEUE_TEXT, 0);
}

static void tell_tool(struct call *c, struct leg *leg, const struct story_line *l)
{
    struct queue_msg *m = queue_new(&leg->out, 6 * (strlen(l->text) + strlen(l->name)) + 1024);
    if (m)
        desk_rt_build_function_call(&m->buf, NULL, l->key, l->name, l->text);
    if (!call_send(c, leg, m, QUEUE_TEXT, 0) || !l->result)
        return; /* its result comes when it is there */
    m = queue_new(&leg->out, 6 * strlen(l->result) + 1024);
    if (m)
        desk_rt_build_function_output(&m->buf, NULL, l->key, l->result);
    call_send(c, leg, m, QUEUE_TEXT, 0);
}

static void tell_line(struct call *c, struct leg *leg, struct story_line *l)
{
    *l->told = '\0';
    if (l->kind == STORY_TOOL) {
        tell_tool(c, leg, l);
    } else if (*l->text) {
        snprintf(l->told, sizeof l->told, "fd-said-%u", (unsigned)++c->events);
        tell(c, leg, l->told, l->kind == STORY_DESK ? DESK_RT_ASSISTANT : DESK_RT_USER, l->text);
    }
}

/* All of it, and what is special about now. note NULL = nothing is. */
static void tell_story(struct call *c, struct leg *leg, const char *note)
{
    char text[120];
    c->reach.items_before = c->play.numbers;
    if (c->story.left_out) {
        snprintf(text, sizeof text, "[%u earlier lines of this call are left out here]",
                 c->story.left_out);
        tell(c, leg, NULL, DESK_RT_SYSTEM, text);
    }
    for (struct story_line *l = c->story.first; l && c->state < CALL_ENDING; l = l->next)
        tell_line(c, leg, l);
    if (note)
        tell(c, leg, NULL, DESK_RT_SYSTEM, note);
}

static void send_instructions(struct call *c)
{
    char id[24];
    const char *text = c->claim->instructions;
    struct queue_msg *m = queue_new(&c->model.out, 6 * strlen(text) + 512);
    snprintf(id, sizeof id, "fd-lead-%u", (unsigned)++c->events);
    c->reach.relead = false;
    if (m)
        desk_rt_build_instructions(&m->buf, id, c->b->target.dialect, text);
    call_send(c, &c->model, m, QUEUE_TEXT, 0);
}

void call_model_led(struct call *c, const char *emergency)
{
    char text[1200];
    c->reach.relead = c->reach.fresh != NULL;
    if (c->state != CALL_TALKING || !c->model.wsi)
        return;
    send_instructions(c);
    c->reach.relead = c->reach.fresh != NULL; /* the next one may have the old ones */
    if (!emergency || c->b->target.offline || c->state != CALL_TALKING)
        return;
    snprintf(text, sizeof text,
             "[An emergency was noticed: %s. Your instructions have changed: from now on lead by "
             "\"This call is an emergency\".]",
             emergency);
    tell(c, &c->model, NULL, DESK_RT_SYSTEM, text);
}

bool call_model_retell(struct call *c, const struct play_item *item)
{
    char id[24];
    if (item->number > c->reach.items_before)
        return false;
    struct story_line *l = story_find(&c->story, item->id);
    if (!l || !*l->told)
        return true;
    struct queue_msg *m = queue_new(&c->model.out, 512);
    snprintf(id, sizeof id, "fd-cut-%u", (unsigned)++c->events);
    if (m)
        desk_rt_build_delete(&m->buf, id, l->told);
    if (call_send(c, &c->model, m, QUEUE_TEXT, 0))
        tell_line(c, &c->model, l);
    return true;
}

/* ---- on the air ------------------------------------------------------------------------------ */

int64_t call_model_patience_ms(const struct call *c)
{
    int64_t ms = desk_setting_int(DESK_S_MODEL_SILENT_S) * 1000;
    bool once_more = c->reach.losses && c->play.until_ms < c->reach.back_ms;
    return once_more ? ms / 2 : ms; /* the caller has waited already */
}

static void roll_from(struct call *c, const struct session *s)
{
    int64_t now = desk_mono_ms(), left = desk_setting_int(DESK_S_SESSION_MAX_S) * 1000;
    left -= now - s->ready_ms;
    if (s->expires_at) {
        int64_t theirs = s->expires_at * 1000 - desk_now_ms() - ROLL_MARGIN_S * 1000;
        left = theirs < left ? theirs : left;
    }
    if (left < ROLL_SOONEST_S * 1000)
        left = ROLL_SOONEST_S * 1000;
    c->reach.roll = ROLL_NONE;
    if (!c->b->target.offline)
        call_timer_start(c, CALL_T_ROLL, (double)left / 1000.0);
}

/* The ready session becomes the one that talks. */
static void take_over(struct call *c)
{
    struct session *s = c->reach.fresh;
    c->reach.fresh = NULL;
    roll_from(c, s);
    session_take(s, &c->model);
    c->bad_model = 0;
    c->reach.words_due_ms = 0;
    if (c->reach.relead)
        send_instructions(c);
}

/* What a session that takes over after a loss is told, and whether it is to speak now. */
static const char *note_of(const struct call *c, bool speak)
{
    if (c->reach.misheard)
        return "[The line was interrupted for a moment and the caller's last words were lost. "
               "Apologise in a few words and ask the caller to say that again. Do not greet.]";
    if (speak)
        return "[The line was interrupted for a moment. Begin with an apology of a few words, then "
               "go on exactly where the conversation stopped. Do not greet again, and do not "
               "repeat what was said.]";
    if (!call_no_tools(c))
        return "[The line to you was interrupted for a moment; the caller has not noticed. Go on "
               "when the result is there. Do not greet again.]";
    return "[The line to you was interrupted for a moment; the caller has not noticed. Wait for "
           "the caller to speak. Do not greet again.]";
}

/* Whose words come now? */
static void go_on(struct call *c, bool greeted, bool speak)
{
    if (c->state == CALL_LEAVING) {
        call_leave_go_on(c);
    } else if (!greeted) {
        call_model_greet(c);
    } else if (speak && !call_no_tools(c)) {
        c->filled = true;
        call_say(c, "I am sorry, the line was interrupted for a moment. I am still looking.",
                 "filler", true);
    } else if (speak) {
        call_ask(c, NULL, "answer");
    }
}

static void back(struct call *c)
{
    const bool leaving = c->state == CALL_LEAVING, greeted = c->greeting_asked && c->first_audio_ms;
    const bool speak =
        c->reach.misheard || c->reach.owed || c->reach.cut_short || c->wanted || !greeted;
    metrics_count(&c->b->metrics, METRIC_RECONNECTS);
    call_event(c, "model", "back",
               "The voice was back after %.1f seconds and was told what had been said",
               (double)(desk_mono_ms() - c->reach.lost_ms) / 1000.0);
    take_over(c);
    if (!leaving)
        c->state = CALL_TALKING;
    c->reach.back_ms = desk_mono_ms();
    c->reach.lost_ms = 0;
    tell_story(c, &c->model, greeted && !leaving ? note_of(c, speak) : NULL);
    go_on(c, greeted, speak);
    c->reach.owed = c->reach.cut_short = c->reach.misheard = false;
}

static void first_time(struct call *c)
{
    take_over(c);
    c->state = CALL_TALKING;
    c->ready_ms = desk_mono_ms();
    call_event(c, "model", "ready", "The voice was ready after %lld ms (%s)",
               (long long)(c->ready_ms - c->started_ms), c->b->target.engine);
    tell_story(c, &c->model, NULL);
    if (!c->greeting_asked)
        call_model_greet(c);
}

static void on_ready(struct session *s)
{
    struct call *c = s->ctx;
    if (c->reach.roll == ROLL_AHEAD) { /* stands by for a quiet moment */
        call_timer_start(c, CALL_T_ROLL, ROLL_LOOK_S);
        return;
    }
    if (c->reach.lost_ms)
        back(c);
    else if (c->state == CALL_DIALLING)
        first_time(c);
    if (c->state == CALL_TALKING) {
        call_caller_audio_release(c);
        call_quiet_go(c);
    }
}

bool call_reach_hopes(const struct call *c)
{
    return c->reach.lost_ms && c->reach.fresh && !c->spoke;
}

/* ---- losing it ------------------------------------------------------------------------------- */

static const struct {
    const char *code, *sentence;
} refusals[] = {
    {"insufficient_quota", "the account there is out of credit"},
    {"billing_hard_limit_reached", "the spending limit of the account there is reached"},
    {"billing_not_active", "the account there is not paid for"},
    {"account_deactivated", "the account there was switched off"},
    {"invalid_api_key", "the key is wrong"},
    {"model_not_found", "there is no such model, or it may not be used"},
    {"beta_api_shape_disabled", "it does not speak the old dialect any more"},
    {"rate_limit_exceeded", "more was asked of it than the account there may ask"},
};

/* What dialling again will not mend, somebody must. */
static bool is_theirs(enum desk_rt_severity severity, const char *why)
{
    return severity == DESK_RT_FATAL_CONFIG || strncmp(why, "rate_limit", 10) == 0;
}

static void alert(struct call *c, enum desk_rt_severity severity, const char *why)
{
    const char *sentence = why;
    if (!is_theirs(severity, why))
        return;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        if (strcmp(refusals[i].code, why) == 0)
            sentence = refusals[i].sentence;
    if (c->reach.alerted)
        return;
    c->reach.alerted = true;
    desk_log(DESK_LOG_ERROR, "model.refuses", "call=%s host=%s why=\"%s\"", c->name,
             c->b->target.host, why);
    call_event(c, SCRIBE_ALERT, "model_refuses",
               "The owner has to look after this: %s refuses to work: %s", c->b->target.host,
               sentence);
}

static void down_the_ladder(struct call *c)
{
    if (c->state == CALL_LEAVING)
        call_leave_check(c); /* what came of its last words is still played */
    else
        call_end(c, "model_lost", DESK_NEXT_GATHER);
}

static void on_failed(struct session *s, enum desk_rt_severity severity, const char *why,
                      bool again)
{
    struct call *c = s->ctx;
    char sentence[300];
    if (!again)
        c->reach.fresh = NULL;
    desk_log(severity == DESK_RT_FATAL_CONFIG ? DESK_LOG_ERROR : DESK_LOG_WARN, "model.unreachable",
             "call=%s state=%s severity=%d again=%d why=\"%s\"", c->name, call_state_name(c->state),
             (int)severity, again, why);
    snprintf(sentence, sizeof sentence, "%s could not be reached: %s", c->b->target.host, why);
    call_model_trouble(c, "unreachable", sentence);
    alert(c, severity, why);
    if (again)
        return;
    if (c->reach.roll != ROLL_NONE) { /* the old one still talks */
        c->reach.roll = ROLL_NONE;
        call_timer_start(c, CALL_T_ROLL, ROLL_AGAIN_S);
    } else {
        down_the_ladder(c);
    }
}

static void on_spare_event(struct session *s, const struct desk_rt_event *ev)
{
    (void)s;
    (void)ev; /* the old session decides until it is over */
}

static const struct session_owner owner = {on_ready, on_failed, on_spare_event};

static void dial(struct call *c, double seconds)
{
    c->state = CALL_DIALLING;
    c->dialled_ms = desk_mono_ms();
    c->reach.roll = ROLL_NONE;
    struct session *s = session_new(c->b, c->claim, &owner, c, seconds);
    if (s)
        c->reach.fresh = s;
    else if (c->state == CALL_DIALLING)
        down_the_ladder(c);
}

void call_model_dial(struct call *c)
{
    struct session *s = warm_take(c->b->warm, c->claim->call.id);
    call_greet_kept(c);
    if (c->state >= CALL_ENDING) {
        session_close(s);
        return;
    }
    if (!s) {
        dial(c, (double)desk_setting_int(DESK_S_MODEL_SILENT_S));
        return;
    }
    c->state = CALL_DIALLING;
    s->owner = &owner;
    s->ctx = c;
    s->claim = c->claim;
    c->reach.fresh = s;
    if (s->ready)
        on_ready(s);
}

/* The caller spoke, the words did not come yet, and still may. */
static bool words_due(const struct call *c, int64_t now)
{
    return c->reach.words_due_ms && now - c->reach.words_due_ms < WORDS_LATE_MS;
}

/* Before anything of the lost session is forgotten: what was going on? */
static void remember(struct call *c)
{
    struct reach *r = &c->reach;
    r->lost_ms = desk_mono_ms();
    r->cut_short = *c->active && c->spoke && !c->filling;
    r->owed = call_no_tools(c) && (c->owed || c->requested || (*c->active && !c->spoke));
    r->misheard = c->caller_speaks || (words_due(c, r->lost_ms) && !*c->active);
    call_play_pause(c);
    r->ear_lost_ms = c->held.dropped_ms + c->model.out.dropped_ms;
    c->ear_ms = 0;
    for (struct queue_msg *m; (m = queue_pop(&c->model.out));) {
        if (m->kind == QUEUE_AUDIO)
            queue_push(&c->held, m, QUEUE_AUDIO, m->audio_ms); /* it never left */
        else
            queue_give_back(&c->model.out, m);
    }
    call_order_refused(c);
    *c->active = *c->active_for = *c->trash = '\0';
    c->requested = c->caller_speaks = c->filling = c->knows = false;
    call_answer_paid(c);
    call_quiet_stop(c);
    call_tools_clear(c);
    call_timer_stop(c, CALL_T_RETRY);
    call_timer_stop(c, CALL_T_ROLL);
}

/* May another session be tried, after this loss? */
static bool once_more(struct call *c, enum desk_rt_severity severity)
{
    struct reach *r = &c->reach;
    if (r->losses && desk_mono_ms() - r->back_ms > LOSS_FORGET_MS)
        r->losses = 0;
    return severity <= DESK_RT_RECONNECT && r->losses++ == 0;
}

static void reach_again(struct call *c)
{
    bool at_hand = c->reach.roll == ROLL_AHEAD && c->reach.fresh && c->reach.fresh->ready;
    if (at_hand) {
        c->state = CALL_DIALLING;
        c->reach.roll = ROLL_NONE;
        on_ready(c->reach.fresh);
        return;
    }
    call_reach_close(c);
    dial(c, AGAIN_S);
}

void call_model_gone(struct call *c, enum desk_rt_severity severity, const char *why)
{
    char sentence[300];
    if (c->state >= CALL_ENDING)
        return;
    desk_log(severity == DESK_RT_FATAL_CONFIG ? DESK_LOG_ERROR : DESK_LOG_WARN, "model.gone",
             "call=%s state=%s severity=%d losses=%u why=\"%s\"", c->name,
             call_state_name(c->state), (int)severity, c->reach.losses, why);
    snprintf(sentence, sizeof sentence, "%s was lost: %s", c->b->target.host, why);
    call_model_trouble(c, "lost", sentence);
    leg_close(&c->model);
    call_ear_forget(c);
    remember(c);
    alert(c, severity, why);
    if (c->state == CALL_TALKING && once_more(c, severity))
        reach_again(c);
    else if (c->state < CALL_ENDING)
        down_the_ladder(c);
}

void call_reach_close(struct call *c)
{
    call_greet_close(c);
    session_close(c->reach.fresh);
    c->reach.fresh = NULL;
    c->reach.roll = ROLL_NONE;
}

/* ---- a new session before the old one ends --------------------------------------------------- */

/* Nobody speaks, nothing is owed, no words are on their way. */
static bool quiet(const struct call *c, int64_t now)
{
    return c->state == CALL_TALKING && !*c->active && !c->requested && !c->wanted && !c->owed &&
           !c->caller_speaks && !words_due(c, now) && !c->n_keys && call_no_tools(c) &&
           !play_outstanding(&c->play, now);
}

static void roll_overlap(struct call *c)
{
    struct session *s = c->reach.fresh;
    char note[] = "[The call goes on. Wait for the caller to speak. Do not greet again.]";
    c->reach.roll = ROLL_OVERLAP;
    c->reach.overlap_ear_ms = 0;
    tell_story(c, &s->leg, note);
    call_timer_start(c, CALL_T_ROLL, ROLL_OVER_MS / 1000.0);
}

/* Somebody began to speak: the old session takes it, another one is made for the next pause. */
static void roll_put_off(struct call *c)
{
    call_reach_close(c);
    call_timer_start(c, CALL_T_ROLL, ROLL_LOOK_S);
}

static void roll_over(struct call *c)
{
    leg_close(&c->model);
    queue_clear(&c->model.out);
    call_ear_forget(c);
    take_over(c);
    c->ear_ms = c->reach.overlap_ear_ms;
    c->reach.ear_lost_ms = c->held.dropped_ms + c->model.out.dropped_ms;
    metrics_count(&c->b->metrics, METRIC_RENEWALS);
    call_event(c, "model", "renewed",
               "The voice's session was old and was replaced by a new one in a pause");
}

static void roll_begin(struct call *c)
{
    c->reach.quiet_ms = 0;
    c->reach.roll = ROLL_AHEAD;
    struct session *s =
        session_new(c->b, c->claim, &owner, c, (double)desk_setting_int(DESK_S_MODEL_SILENT_S));
    if (s)
        c->reach.fresh = s;
    else if (c->reach.roll == ROLL_AHEAD)
        call_timer_start(c, CALL_T_ROLL, ROLL_AGAIN_S);
}

void call_reach_roll(struct call *c)
{
    int64_t now = desk_mono_ms();
    bool is_quiet = quiet(c, now);
    if (c->state != CALL_TALKING) { /* it may yet stay */
        call_timer_start(c, CALL_T_ROLL, 1.0);
        return;
    }
    c->reach.quiet_ms = !is_quiet ? 0 : c->reach.quiet_ms ? c->reach.quiet_ms : now;
    if (c->reach.roll == ROLL_NONE) {
        roll_begin(c);
    } else if (c->reach.roll == ROLL_OVERLAP) {
        if (is_quiet)
            roll_over(c);
        else
            roll_put_off(c);
    } else if (is_quiet && now - c->reach.quiet_ms >= ROLL_QUIET_MS) {
        roll_overlap(c);
    } else {
        call_timer_start(c, CALL_T_ROLL, ROLL_LOOK_S);
    }
}

void call_reach_audio(struct call *c, const char *audio, size_t n, int64_t ms)
{
    struct session *s = c->reach.fresh;
    if (c->reach.roll != ROLL_OVERLAP || !s)
        return;
    struct queue_msg *m = queue_new(&s->leg.out, n + 256);
    if (!m)
        return;
    desk_rt_build_append(&m->buf, audio, n);
    if (!c->reach.overlap_ear_ms)
        c->reach.overlap_ear_ms = desk_mono_ms() - ms;
    queue_push(&s->leg.out, m, QUEUE_AUDIO, ms);
    leg_wake(&s->leg);
}
