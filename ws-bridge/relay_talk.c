/* The course of a relay conversation: one input at a time to the brain, its words to Twilio, its
 * tools to the pool, and leaving. */
#include "ws-bridge/relay.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEAVE_MAX_MS   20000
#define ROUND          500  /* ms: how soon to look again at least */
#define WORDS_LATE_MS  1500 /* from the end of the caller's voice to its words */
#define BRAIN_SPARE_MS 3000 /* beyond its own deadline: the rules answer in its place */

static const char filler[] = "One moment, please.";
static const char dull_words[] =
    "I am sorry that I could not help. Please leave your message after "
    "the tone, and we will call you back.";

/* ---- turns ----------------------------------------------------------------------------------- */

static int64_t in_call(const struct call *c, int64_t mono_ms)
{
    int64_t ms = mono_ms - c->origin_ms;
    return ms > 0 ? ms : 0;
}

void relay_turn(struct call *c, const char *how, const char *text, int64_t start_ms)
{
    struct relay *r = c->relay;
    char item[24];
    struct scribe_call who = call_scribe(c);
    snprintf(item, sizeof item, "relay-c%u", (unsigned)++r->caller_turns);
    struct desk_turn t = {.item_id = item,
                          .who = DESK_WHO_CALLER,
                          .how = how,
                          .text = text,
                          .start_ms = in_call(c, start_ms),
                          .end_ms = in_call(c, desk_mono_ms())};
    if (call_may_write(c))
        scribe_turn(c->b->scribe, &who, &t);
}

/* Write a saying of ours as heard in whole, or correct it: the first heard bytes were. */
static void write_saying(struct call *c, const struct saying *s, size_t heard, int64_t end_ms,
                         bool cut)
{
    char item[24];
    const char *words = desk_buf_cstr(&s->words);
    const char *rest = words + heard + strspn(words + heard, " ");
    char *text = strndup(words, heard);
    struct scribe_call who = call_scribe(c);
    snprintf(item, sizeof item, "relay-d%u", (unsigned)s->number);
    struct desk_turn t = {.item_id = item,
                          .who = DESK_WHO_DESK,
                          .how = "speech",
                          .text = text,
                          .unheard = *rest ? rest : NULL,
                          .start_ms = in_call(c, s->first_ms), /* sent: its order is sure */
                          .end_ms = in_call(c, end_ms)};
    if (text && *words && call_may_write(c))
        (cut ? scribe_heard : scribe_turn)(c->b->scribe, &who, &t);
    free(text);
}

void relay_heard(struct call *c, const struct saying *s, size_t heard, int64_t end_ms)
{
    write_saying(c, s, heard, end_ms, s->written);
}

/* ---- saying ---------------------------------------------------------------------------------- */

static void send_words(struct call *c, const char *words, bool last, bool parting)
{
    struct relay *r = c->relay;
    int64_t now = desk_mono_ms();
    bool open = r->speech.n && !r->speech.items[r->speech.n - 1].whole;
    if (c->state >= CALL_ENDING || (!*words && !(last && open)))
        return;
    struct saying *s = speech_say(&r->speech, words, last, now);
    struct queue_msg *m = s ? queue_new(&c->twilio.out, 6 * strlen(words) + 256) : NULL;
    if (m)
        desk_relay_build_text(
            &m->buf,
            &(struct desk_relay_text){.token = words, .last = last, .uninterruptible = parting});
    if (!r->first_token_ms)
        r->first_token_ms = now;
    if (*words)
        call_measure_sound(c);
    if (s && last) {
        s->written = true;
        write_saying(c, s, s->words.len, s->end_ms, false);
    }
    call_send(c, &c->twilio, m, QUEUE_TEXT, 0);
}

void relay_say(struct call *c, const char *words, bool parting)
{
    send_words(c, words, true, parting);
}

/* ---- the brain ------------------------------------------------------------------------------- */

static void ask_brain(struct call *c, enum relay_input_kind kind, const char *text,
                      const char *tool)
{
    struct relay *r = c->relay;
    bool waits = r->backend->waits;
    r->thinking = true;
    relay_due_in(c, RELAY_DUE_BRAIN,
                 waits ? 1000 * desk_setting_int(DESK_S_CHAT_TURN_S) + BRAIN_SPARE_MS
                       : 1000 * desk_setting_int(DESK_S_MODEL_SILENT_S));
    if (waits)
        relay_due_in(c, RELAY_DUE_FILLER, desk_setting_int(DESK_S_CHAT_FILLER_MS));
    r->backend->step(r->brain, &(struct relay_input){kind, text, tool});
}

/* Kept until the brain may be asked again: words after words, or the newest of another kind. */
static void put_off(struct call *c, enum relay_input_kind kind, const char *text)
{
    struct relay *r = c->relay;
    bool more = kind == RELAY_IN_WORDS && r->waiting == RELAY_IN_WORDS;
    if (kind == RELAY_IN_SILENCE)
        return; /* it is we who are slow */
    if (!more)
        desk_buf_reset(&r->waiting_text);
    if (more && r->waiting_text.len + strlen(text) + 1 > r->waiting_text.max)
        return;
    if (more)
        desk_buf_chr(&r->waiting_text, ' ');
    desk_buf_str(&r->waiting_text, text);
    r->waiting = kind;
    r->waiting_ms = desk_mono_ms();
}

/* It came at that moment: from then on the caller waits for our words. */
static void input(struct call *c, enum relay_input_kind kind, const char *text, int64_t at_ms)
{
    struct relay *r = c->relay;
    r->counted = kind == RELAY_IN_WORDS || kind == RELAY_IN_KEYS;
    r->led_on = false;
    if (r->counted) {
        call_measure_sent(c); /* words on their way to the socket answer what was before */
        call_measure_asked(c, at_ms - c->origin_ms);
    }
    ask_brain(c, kind, text, NULL);
}

/* Words while the brain still thinks about those before: may it think about all of them? */
static bool more_to_say(const struct call *c, enum relay_input_kind kind)
{
    const struct relay *r = c->relay;
    return r->backend->again && (kind == RELAY_IN_WORDS || kind == RELAY_IN_KEYS);
}

static void give_up_answer(struct call *c)
{
    struct relay *r = c->relay;
    if (!r->backend->again(r->brain))
        return;
    r->thinking = false;
    relay_due_not(c, RELAY_DUE_BRAIN);
    relay_due_not(c, RELAY_DUE_FILLER);
    send_words(c, "", true, false); /* what was begun is not spoken on */
}

void relay_input(struct call *c, enum relay_input_kind kind, const char *text)
{
    struct relay *r = c->relay;
    if (c->state != CALL_TALKING)
        return;
    if (r->thinking && more_to_say(c, kind))
        give_up_answer(c);
    if (r->thinking || r->tool_seq)
        put_off(c, kind, text);
    else
        input(c, kind, text, desk_mono_ms());
}

void relay_led(struct call *c, bool alarm)
{
    struct relay *r = c->relay;
    if (c->state != CALL_TALKING || !r->brain || !r->backend->led)
        return;
    bool takes_up = r->backend->led(r->brain, c->claim->instructions, alarm);
    /* while it thinks or a tool runs, the next words of the caller take it up */
    if (takes_up && !r->thinking && !r->tool_seq && r->waiting == RELAY_IN_START)
        input(c, RELAY_IN_ALARM, "", desk_mono_ms());
}

static void next_input(struct call *c)
{
    struct relay *r = c->relay;
    if (r->waiting == RELAY_IN_START || c->state != CALL_TALKING)
        return;
    enum relay_input_kind kind = r->waiting;
    char *text = strdup(desk_buf_cstr(&r->waiting_text));
    r->waiting = RELAY_IN_START;
    desk_buf_reset(&r->waiting_text);
    if (text)
        input(c, kind, text, r->waiting_ms);
    free(text);
}

/* The answer to an input is complete: did it lead anywhere? */
static void turn_over(struct call *c)
{
    struct relay *r = c->relay;
    long most = desk_tenant_setting_int(&c->claim->settings, DESK_S_UNPRODUCTIVE_TURNS);
    if (r->counted)
        r->dull_turns = r->led_on ? 0 : r->dull_turns + 1;
    if (most > 0 && r->dull_turns >= (unsigned long)most) {
        call_event(c, "rule", "unproductive",
                   "%u turns in a row led nowhere, so the caller is asked for a message",
                   r->dull_turns);
        relay_say(c, dull_words, true);
        relay_leave(c, "message", DESK_NEXT_MESSAGE);
        return;
    }
    next_input(c);
}

static void run_tool(struct call *c, const char *name, const char *args, bool parting)
{
    struct relay *r = c->relay;
    json_t *v = json_loads(args, 0, NULL);
    const char *outcome = json_string_value(json_object_get(v, "outcome"));
    snprintf(r->tool, sizeof r->tool, "%s", name);
    snprintf(r->tool_outcome, sizeof r->tool_outcome, "%s", outcome ? outcome : "");
    json_decref(v);
    r->tool_seq = ++c->tool_seq;
    struct tool_job job = {.handle = c->handle,
                           .seq = r->tool_seq,
                           .tenant_id = c->claim->call.tenant_id,
                           .call_id = c->claim->call.id,
                           .name = name,
                           .arguments = args};
    enum desk_rc rc =
        c->tool_seq > DESK_MAX_TOOLS_IN_CALL ? DESK_ELIMIT : toolpool_run(c->b->tools, &job);
    long filler_ms = desk_tenant_setting_int(&c->claim->settings, DESK_S_TOOL_FILLER_MS);
    if (rc) {
        desk_log(DESK_LOG_ERROR, "tool.refused", "call=%s rc=%s", c->name, desk_rc_name(rc));
        relay_due_in(c, RELAY_DUE_TOOL, 1); /* told as failed, from the loop */
        return;
    }
    r->tool_ms = desk_mono_ms();
    call_measure_tool(c, -1);
    relay_due_in(c, RELAY_DUE_TOOL, TOOLPOOL_LIMIT_S * 1000);
    if (filler_ms > 0 && !parting)
        relay_due_in(c, RELAY_DUE_FILLER, filler_ms);
}

static const struct {
    const char *next, *why;
} leaves[] = {{DESK_NEXT_HANGUP, "goodbye"},
              {DESK_NEXT_TRANSFER, "transfer"},
              {DESK_NEXT_GATHER, "model_lost"},
              {DESK_NEXT_MESSAGE, "message"}};

/* Last row for what nobody knows. */
static void leave_for(struct call *c, const char *next)
{
    size_t i = 0;
    while (i + 1 < sizeof leaves / sizeof *leaves && strcmp(leaves[i].next, next) != 0)
        i++;
    relay_leave(c, leaves[i].why, leaves[i].next);
}

void relay_answer(void *call, const struct relay_answer *a)
{
    struct call *c = call;
    struct relay *r = c->relay;
    if (!r->thinking || c->state >= CALL_ENDING)
        return;
    if (*a->words || a->last)
        relay_due_not(c, RELAY_DUE_FILLER);
    send_words(c, a->words, a->last, a->parting);
    if (!a->last || c->state >= CALL_ENDING)
        return;
    r->thinking = false;
    relay_due_not(c, RELAY_DUE_BRAIN);
    r->led_on = r->led_on || a->led_on;
    bool message = strcmp(r->tool_outcome, "message") == 0;
    if (c->state == CALL_LEAVING)
        relay_leave_check(c);
    else if (a->next)
        leave_for(c, a->next);
    else if (a->tool)
        run_tool(c, a->tool, a->args ? a->args : "{}", a->parting);
    else if (a->parting) /* nothing has ended it as a tool does: that could not be run */
        relay_leave(c, message ? "message" : "goodbye",
                    message ? DESK_NEXT_MESSAGE : DESK_NEXT_HANGUP);
    else
        turn_over(c);
}

void relay_brain_late(struct call *c)
{
    struct relay *r = c->relay;
    if (r->backend->cancel)
        r->backend->cancel(r->brain);
    r->thinking = false;
    desk_log(DESK_LOG_ERROR, "relay.brain_late", "call=%s brain=%s", c->name, r->backend->name);
    call_event(c, "model", "silent", "The receptionist's thinking took too long");
    call_end(c, "model_lost", DESK_NEXT_GATHER);
}

/* ---- tools ----------------------------------------------------------------------------------- */

static void tool_over(struct call *c, const char *result)
{
    struct relay *r = c->relay;
    char tool[sizeof r->tool];
    relay_due_not(c, RELAY_DUE_TOOL);
    relay_due_not(c, RELAY_DUE_FILLER);
    memcpy(tool, r->tool, sizeof tool);
    r->tool_seq = 0;
    if (r->tool_ms)
        call_measure_tool(c, desk_mono_ms() - r->tool_ms);
    r->tool_ms = 0;
    ask_brain(c, RELAY_IN_TOOL_RESULT, result, tool);
}

void relay_tool_done(struct call *c, struct note *n)
{
    struct relay *r = c->relay;
    if (!r->tool_seq || r->tool_seq != n->seq || c->state >= CALL_ENDING)
        return;   /* it came too late: the brain was told that it failed */
    if (n->leave) /* its last words, if any, are said from within */
        leave_for(c, n->next);
    tool_over(c, !n->rc && n->text ? n->text : "{\"ok\":false,\"error\":\"it failed\"}");
}

void relay_brain_note(struct call *c, struct note *n)
{
    struct relay *r = c->relay;
    if (r->brain && r->backend->note && c->state < CALL_ENDING)
        r->backend->note(r->brain, n);
}

void relay_tool_late(struct call *c)
{
    desk_log(DESK_LOG_ERROR, "tool.late", "call=%s seq=%u", c->name, (unsigned)c->relay->tool_seq);
    call_event(c, "model", "tool_late",
               "Something could not be done in time; the receptionist went on without");
    tool_over(c, "{\"ok\":false,\"error\":\"it took too long\"}");
}

void relay_tool_slow(struct call *c)
{
    relay_say(c, filler, false);
}

/* ---- keys ------------------------------------------------------------------------------------ */

void relay_keys(struct call *c)
{
    char keys[DESK_MAX_KEYS + 1];
    relay_due_not(c, RELAY_DUE_KEYS);
    (void)relay_hold(c);
    if (!c->n_keys || c->state != CALL_TALKING)
        return; /* leaving: relay_leave_check() looks at them */
    c->keys[c->n_keys] = '\0';
    memcpy(keys, c->keys, sizeof keys);
    c->n_keys = 0;
    relay_turn(c, "keys", keys, desk_mono_ms());
    relay_input(c, RELAY_IN_KEYS, keys);
}

/* ---- interrupted ----------------------------------------------------------------------------- */

static void cut(void *ctx, const struct saying *s, size_t heard, int64_t end_ms)
{
    struct call *c = ctx;
    struct relay *r = c->relay;
    relay_heard(c, s, heard, end_ms);
    call_order_relay_cut(c, s->number, heard > 0);
    if (!r->backend->heard)
        return;
    char *words = strndup(desk_buf_cstr(&s->words), heard);
    if (words)
        r->backend->heard(r->brain, words);
    free(words);
}

void relay_interrupted(struct call *c, const struct desk_relay_msg *m)
{
    struct relay *r = c->relay;
    size_t n = speech_interrupt(&r->speech, m->text, m->ms, desk_mono_ms(), cut, c);
    if (n)
        call_event(c, "stream", "interrupted",
                   "The caller spoke while the receptionist was speaking, after %.1f seconds",
                   (double)m->ms / 1000.0);
    relay_leave_check(c);
}

/* ---- leaving --------------------------------------------------------------------------------- */

void relay_leave(struct call *c, const char *why, const char *next_step)
{
    struct relay *r = c->relay;
    if (c->state != CALL_TALKING)
        return;
    snprintf(c->leave_why, sizeof c->leave_why, "%s", why);
    snprintf(r->next, sizeof r->next, "%s", next_step);
    c->state = CALL_LEAVING;
    r->left_ms = desk_mono_ms();
    relay_due_not(c, RELAY_DUE_QUIET);
    relay_due_in(c, RELAY_DUE_LEAVE, LEAVE_MAX_MS);
    relay_due_in(c, RELAY_DUE_SPOKEN, 1);
}

bool relay_order_say(struct call *c, const char *words, uint32_t *saying)
{
    struct relay *r = c->relay;
    if (c->state != CALL_TALKING || r->thinking || r->tool_seq || r->caller_on_ms)
        return false;
    relay_say(c, words, false);
    *saying = r->speech.number;
    return true;
}

/* What is under way is not waited for. */
void relay_order_leave(struct call *c, const char *words, const char *why, const char *next_step)
{
    struct relay *r = c->relay;
    if (r->thinking && r->backend->cancel)
        r->backend->cancel(r->brain);
    r->thinking = false;
    r->tool_seq = 0;
    r->waiting = RELAY_IN_START;
    relay_due_not(c, RELAY_DUE_BRAIN);
    relay_due_not(c, RELAY_DUE_TOOL);
    relay_due_not(c, RELAY_DUE_FILLER);
    send_words(c, "", true, false);
    relay_say(c, words, true);
    relay_leave(c, why, next_step);
}

/* Only a goodbye is: who is to be put through or asked for a message is not left alone. */
static bool may_hold(const struct call *c)
{
    const struct relay *r = c->relay;
    return c->state == CALL_LEAVING && !r->thinking && !r->tool_seq && r->backend->held &&
           strcmp(c->leave_why, "goodbye") == 0;
}

/* They speak, or have just ended: what they say is waited for. */
static bool speaks_on(const struct relay *r)
{
    return r->caller_on_ms ||
           (r->sign_ms > r->left_ms && desk_mono_ms() - r->sign_ms < WORDS_LATE_MS);
}

bool relay_hold(struct call *c)
{
    struct relay *r = c->relay;
    struct scribe_call who = call_scribe(c);
    if (!may_hold(c))
        return false;
    c->state = CALL_TALKING;
    relay_due_not(c, RELAY_DUE_LEAVE);
    relay_due_not(c, RELAY_DUE_SPOKEN);
    relay_due_in(c, RELAY_DUE_QUIET, ROUND);
    call_event(c, "stream", "leave_cancelled", "The caller had more to say");
    scribe_leave_undo(c->b->scribe, &who);
    r->backend->held(r->brain);
    return true;
}

void relay_leave_check(struct call *c)
{
    struct relay *r = c->relay;
    if (c->state != CALL_LEAVING || r->thinking || r->tool_seq)
        return;
    /* said or pressed while the goodbye was made */
    if ((r->waiting != RELAY_IN_START || c->n_keys) && relay_hold(c)) {
        if (c->n_keys)
            relay_due_in(c, RELAY_DUE_KEYS, RELAY_KEYS_MS);
        next_input(c);
        return;
    }
    int64_t rest = speech_rest_ms(&r->speech, desk_mono_ms());
    if (rest <= 0 && may_hold(c) && speaks_on(r))
        rest = ROUND;
    if (rest > 0)
        relay_due_in(c, RELAY_DUE_SPOKEN, rest < ROUND ? rest : ROUND);
    else
        call_end(c, c->leave_why, r->next);
}
