/* Silence and length of a talk: the rules are in quiet.c, here they look and act. */
#include "ws-bridge/call.h"
#include "base/clock.h"
#include "base/config.h"

#include <stdio.h>

#define BEFORE_S 0.05 /* a first look, to find when the next one is due */

static int64_t ms_of(const struct call *c, enum desk_setting_id id)
{
    return (int64_t)desk_tenant_setting_int(&c->claim->settings, id) * 1000;
}

static void set(struct call *c)
{
    const struct desk_tenant_settings *own = &c->claim->settings;
    struct quiet_rules r = {
        .prompt_ms = ms_of(c, DESK_S_SILENCE_PROMPT_S),
        .goodbye_ms = ms_of(c, DESK_S_SILENCE_GOODBYE_S),
        .no_words_ms = ms_of(c, DESK_S_NO_WORDS_S),
        .max_ms = ms_of(c, DESK_S_CALL_MAX_S),
        .warn_ms = ms_of(c, DESK_S_CALL_WARN_S),
        .speech_ms = ms_of(c, DESK_S_SPEECH_MAX_S),
        .turns = (unsigned)desk_tenant_setting_int(own, DESK_S_UNPRODUCTIVE_TURNS),
        .ear = call_ear_guards(c),
    };
    if (!*desk_setting(DESK_S_REALTIME_TRANSCRIPTION_MODEL)) { /* nobody tells us any words */
        r.no_words_ms = 0;
        r.turns = 0;
        r.ear = false; /* nor what our ear has missed */
    }
    quiet_init(&c->quiet, &r, c->origin_ms);
    c->quiet_set = true;
}

void call_quiet_go(struct call *c)
{
    if (!c->quiet_set)
        set(c);
    quiet_go(&c->quiet, desk_mono_ms());
    quiet_busy(&c->quiet, !call_no_tools(c), desk_mono_ms());
    call_timer_start(c, CALL_T_QUIET, BEFORE_S);
}

void call_quiet_stop(struct call *c)
{
    quiet_stop(&c->quiet, desk_mono_ms());
    call_timer_stop(c, CALL_T_QUIET);
}

/* ---- what is due ----------------------------------------------------------------------------- */

/* Asked into what the server takes for speech, if our ear hears no voice in it. */
static void still_there(struct call *c)
{
    if (!quiet_speaks(&c->quiet))
        c->caller_speaks = false;
    call_say(c, "Are you still there?", "still_there", false);
    quiet_asked(&c->quiet, desk_mono_ms());
}

static void warn(struct call *c)
{
    char words[120];
    int64_t s = (c->quiet.rules.max_ms - call_now_ms(c) + 500) / 1000;
    if (s >= 90)
        snprintf(words, sizeof words, "We have about %lld more minutes.", (long long)(s + 30) / 60);
    else
        snprintf(words, sizeof words, "We have about %s left.",
                 s >= 45 ? "one minute" : "half a minute");
    quiet_warned(&c->quiet);
    call_say(c, words, "time_warning", false);
    call_event(c, "stream", "time_warning", "The caller was told that the time is nearly up");
}

/* The model is told that what it has heard so far is all. */
static void speech_over(struct call *c)
{
    struct queue_msg *m = queue_new(&c->model.out, 256);
    call_model_trouble(c, "speech_endless",
                       "The caller's speech had no end; the receptionist went on");
    c->caller_speaks = false;
    if (m)
        desk_rt_build_commit(&m->buf);
    call_want(c);
    if (call_send(c, &c->model, m, QUEUE_TEXT, 0))
        call_respond(c);
}

static void silent(struct call *c)
{
    call_leave(c, LEAVE_SILENT, NULL);
}

static void no_words(struct call *c)
{
    call_interrupt(c, true);
    call_leave(c, LEAVE_NO_WORDS, NULL);
}

static void too_long(struct call *c)
{
    call_interrupt(c, true);
    call_leave(c, c->helped ? LEAVE_TIME_UP : LEAVE_TIME_MESSAGE, NULL);
}

static void (*const acts[])(struct call *) = {
    [QUIET_ASK] = still_there, [QUIET_WARN] = warn,         [QUIET_OVER] = speech_over,
    [QUIET_SILENT] = silent,   [QUIET_NO_WORDS] = no_words, [QUIET_TOO_LONG] = too_long,
};

void call_quiet_look(struct call *c)
{
    int64_t again;
    struct quiet_look look = {.now_ms = desk_mono_ms(),
                              .until_ms = c->play.until_ms,
                              .on = *c->active || c->requested,
                              .owed = c->owed || c->wanted};
    if (c->state != CALL_TALKING)
        return;
    enum quiet_act act = quiet_next(&c->quiet, &look, &again);
    if (act)
        acts[act](c);
    if (c->state == CALL_TALKING)
        call_timer_start(c, CALL_T_QUIET, (double)again / 1000.0);
}

/* ---- a machine ------------------------------------------------------------------------------- */

bool call_is_machine(struct call *c, const char *words)
{
    char because[200];
    const struct desk_tenant_settings *own = &c->claim->settings;
    const struct desk_machine_rules r = {
        .words = (unsigned)desk_tenant_setting_int(own, DESK_S_MACHINE_WORDS),
        .repeats = (unsigned)desk_tenant_setting_int(own, DESK_S_MACHINE_REPEATS)};
    if (c->state != CALL_TALKING)
        return false;
    if (c->claim->call.urgent)
        c->machine.spared = true;
    const char *rule = desk_machine_heard(&c->machine, &r, words, because, sizeof because);
    if (rule)
        call_event(c, "rule", rule, "%s", because);
    return rule != NULL;
}

/* ---- a person, please ------------------------------------------------------------------------ */

void call_put_through(struct call *c, const char *name, const char *sentence)
{
    char arguments[200];
    if (c->put_through || c->state >= CALL_LEAVING || !c->claim)
        return;
    c->put_through = true;
    call_event(c, "stream", name, "%s", sentence);
    snprintf(arguments, sizeof arguments, "{\"reason\":\"%s\",\"urgent\":false}", sentence);
    c->wanted = false;
    call_answer_paid(c);
    if (c->state == CALL_TALKING)
        call_interrupt(c, true);
    call_tool_own(c, "transfer_to_owner", arguments);
}
