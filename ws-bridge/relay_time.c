/* The clocks of a relay session: one timer, many moments. */
#include "ws-bridge/relay.h"
#include "base/clock.h"

#include <stdio.h>
#include <string.h>

#define LOOK_MS   1000  /* how often a moving state is looked at */
#define SPEAKS_MS 30000 /* "the caller speaks" is believed so long: its end may be lost */
#define ANSWER_S  30    /* for words, once asked, while something is heard */
#define WARN_FMT  "I am sorry, we have only about %s left for this call."

static const char nobody[] = "I cannot hear you, so I am hanging up now. Please call again. "
                             "Goodbye.";
static const char too_long[] =
    "I am sorry, the time for this call is over. Please leave your message "
    "after the tone, and we will call you back.";

static void arm(struct call *c)
{
    struct relay *r = c->relay;
    int64_t next = 0, now = desk_mono_ms();
    for (int i = 0; i < RELAY_DUE__MAX; i++)
        if (r->due[i] && (!next || r->due[i] < next))
            next = r->due[i];
    if (next && c->state < CALL_ENDING)
        call_timer_start(c, CALL_T_RELAY, next > now ? (double)(next - now) / 1000.0 : 0.);
    else
        call_timer_stop(c, CALL_T_RELAY);
}

void relay_due_in(struct call *c, enum relay_due what, int64_t ms)
{
    c->relay->due[what] = desk_mono_ms() + (ms > 0 ? ms : 1);
    arm(c);
}

void relay_due_not(struct call *c, enum relay_due what)
{
    c->relay->due[what] = 0;
    arm(c);
}

static long setting(const struct call *c, enum desk_setting_id id)
{
    return desk_tenant_setting_int(&c->claim->settings, id);
}

/* ---- is the caller still there? -------------------------------------------------------------- */

void relay_sign(struct call *c, bool words)
{
    struct relay *r = c->relay;
    r->sign_ms = desk_mono_ms();
    if (!words)
        return;
    r->words_ms = r->sign_ms;
    r->asked_there = false;
    r->caller_on_ms = 0;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* How long until something must be done about it. */
static int64_t quiet_rest(struct call *c, int64_t now)
{
    struct relay *r = c->relay;
    long prompt = setting(c, r->asked_there ? DESK_S_SILENCE_GOODBYE_S : DESK_S_SILENCE_PROMPT_S);
    long words = setting(c, DESK_S_NO_WORDS_S);
    bool speaks = r->caller_on_ms && now - r->caller_on_ms < SPEAKS_MS;
    int64_t rest = INT64_MAX, spoken = r->speech.silent_ms;
    if (prompt && !speaks)
        rest = later(r->sign_ms, spoken) + prompt * 1000 - now;
    if (words && r->asked_there) /* somebody may be in the middle of a long answer */
        words = prompt > ANSWER_S ? prompt : ANSWER_S;
    if (words && later(r->words_ms, spoken) + words * 1000 - now < rest)
        rest = later(r->words_ms, spoken) + words * 1000 - now;
    return rest;
}

static void on_quiet(struct call *c)
{
    struct relay *r = c->relay;
    int64_t now = desk_mono_ms(), rest = speech_rest_ms(&r->speech, now);
    if (c->state != CALL_TALKING)
        return;
    if (r->thinking || r->tool_seq || c->n_keys)
        rest = LOOK_MS;
    if (rest <= 0)
        rest = quiet_rest(c, now);
    if (rest > 0) {
        relay_due_in(c, RELAY_DUE_QUIET, rest < LOOK_MS ? rest : LOOK_MS);
        return;
    }
    relay_due_in(c, RELAY_DUE_QUIET, LOOK_MS);
    if (!r->asked_there) {
        r->asked_there = true;
        call_event(c, "rule", "silence", "Nothing was heard, so the caller was asked");
        relay_input(c, RELAY_IN_SILENCE, "");
        return;
    }
    call_event(c, "rule", "silence_goodbye",
               "Nothing was heard for too long, so the call was ended");
    relay_say(c, nobody, true);
    relay_leave(c, "goodbye", DESK_NEXT_HANGUP);
}

/* ---- the call's length ----------------------------------------------------------------------- */

static void on_warn(struct call *c)
{
    long s = setting(c, DESK_S_CALL_WARN_S);
    char text[120], left[40];
    if (c->state != CALL_TALKING)
        return;
    if (s >= 90)
        snprintf(left, sizeof left, "%ld minutes", (s + 30) / 60);
    else
        snprintf(left, sizeof left, "%s", s >= 45 ? "a minute" : "a moment");
    snprintf(text, sizeof text, WARN_FMT, left);
    call_event(c, "rule", "call_warn", "The caller was told that the call is nearly too long");
    relay_say(c, text, false);
}

static void on_length(struct call *c)
{
    if (c->state != CALL_TALKING) { /* the caller may hold it yet */
        relay_due_in(c, RELAY_DUE_LENGTH, LOOK_MS);
        return;
    }
    call_event(c, "rule", "call_max",
               "The call was too long, so the caller is asked for a message");
    relay_say(c, too_long, true);
    relay_leave(c, "message", DESK_NEXT_MESSAGE);
}

void relay_clocks_start(struct call *c)
{
    struct relay *r = c->relay;
    int64_t max = (int64_t)setting(c, DESK_S_CALL_MAX_S) * 1000 - call_now_ms(c);
    int64_t warn = (int64_t)setting(c, DESK_S_CALL_WARN_S) * 1000;
    r->sign_ms = r->words_ms = desk_mono_ms();
    relay_due_in(c, RELAY_DUE_QUIET, LOOK_MS);
    relay_due_in(c, RELAY_DUE_LENGTH, max);
    if (warn && max > warn)
        relay_due_in(c, RELAY_DUE_WARN, max - warn);
}

/* ---- the timer ------------------------------------------------------------------------------- */

static void on_leave(struct call *c)
{
    if (c->state == CALL_LEAVING)
        call_end(c, c->leave_why, c->relay->next);
}

static void (*const due_rows[RELAY_DUE__MAX])(struct call *c) = {
    [RELAY_DUE_BRAIN] = relay_brain_late,   [RELAY_DUE_TOOL] = relay_tool_late,
    [RELAY_DUE_FILLER] = relay_tool_slow,   [RELAY_DUE_KEYS] = relay_keys,
    [RELAY_DUE_SPOKEN] = relay_leave_check, [RELAY_DUE_LEAVE] = on_leave,
    [RELAY_DUE_QUIET] = on_quiet,           [RELAY_DUE_WARN] = on_warn,
    [RELAY_DUE_LENGTH] = on_length,
};

void relay_on_timer(struct call *c)
{
    struct relay *r = c->relay;
    int64_t now = desk_mono_ms();
    for (int i = 0; i < RELAY_DUE__MAX && c->state < CALL_ENDING; i++) {
        if (!r->due[i] || r->due[i] > now)
            continue;
        r->due[i] = 0;
        due_rows[i](c);
    }
    arm(c);
}
