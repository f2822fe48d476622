/* The conversation's course: an answer that is owed, one response at a time, the caller, keys. */
#include "ws-bridge/call.h"
#include "base/clock.h"
#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOLD_MS     300 /* what we sent so long ago has arrived */
#define SOUND_TIMES 2   /* patience: owed so long and nothing heard, whatever else came: lost */

/* ---- an answer is owed: the model may not be silent now -------------------------------------- */

void call_answer_owed(struct call *c)
{
    c->progress_ms = desk_mono_ms();
    if (!c->owed)
        c->owed_ms = c->progress_ms;
    c->owed = true;
    c->nudged = c->end_owed = false;
    call_timer_start(c, CALL_T_ANSWER, (double)call_model_patience_ms(c) / 2000.0);
}

void call_end_owed(struct call *c)
{
    if (c->owed || c->state != CALL_TALKING)
        return;
    call_answer_owed(c);
    c->end_owed = true;
}

void call_answer_paid(struct call *c)
{
    c->owed = c->end_owed = false;
    call_timer_stop(c, CALL_T_ANSWER);
}

void call_model_trouble(struct call *c, const char *name, const char *sentence)
{
    if (c->model_notes++ < DESK_MAX_MODEL_NOTES)
        call_event(c, "model", name, "%s", sentence);
}

/* Asked again after half the patience; another session after all of it. */
void call_answer_late(struct call *c)
{
    int64_t now = desk_mono_ms(), patience = call_model_patience_ms(c);
    if (!call_no_tools(c) || call_resume_waits(c))
        c->progress_ms = c->owed_ms = now;
    int64_t quiet = now - c->progress_ms, sound = SOUND_TIMES * patience;
    int64_t heard = c->play.until_ms > c->owed_ms ? c->play.until_ms : c->owed_ms;
    if (quiet >= patience || now - heard >= sound) {
        call_model_gone(c, DESK_RT_RECONNECT, "it did not answer");
        return;
    }
    if (quiet >= patience / 2 && !c->nudged) {
        c->nudged = true;
        call_model_trouble(c, "slow", "The voice was slow to answer and was asked again");
        if (!*c->active && !c->requested) {
            int64_t before = c->progress_ms;
            call_ask(c, NULL, "answer");
            c->progress_ms = before; /* the clock runs on from the first question */
            c->nudged = true;
        }
    }
    int64_t left = (quiet >= patience / 2 ? patience : patience / 2) - quiet;
    if (left > heard + sound - now)
        left = heard + sound - now;
    call_timer_start(c, CALL_T_ANSWER, (double)left / 1000.0 + 0.01);
}

/* ---- one response at a time ------------------------------------------------------------------ */

static void ask(struct call *c, const char *instructions, const char *purpose, bool aside)
{
    char id[24];
    size_t room = instructions ? strlen(instructions) * 6 : 0;
    struct queue_msg *m = queue_new(&c->model.out, room + 1024);
    c->asked_event = ++c->events;
    snprintf(id, sizeof id, "fd-create-%u", (unsigned)c->asked_event);
    snprintf(c->asked_for, sizeof c->asked_for, "%s", purpose);
    struct desk_rt_response_params r = {.event_id = id,
                                        .instructions = instructions,
                                        .tool_choice = instructions ? "none" : NULL,
                                        .purpose = purpose,
                                        .aside = aside && !c->no_aside};
    if (m)
        desk_rt_build_response_create(&m->buf, &r);
    c->requested = true;
    if (!aside)
        c->wanted = false;
    if (call_send(c, &c->model, m, QUEUE_TEXT, 0))
        call_answer_owed(c);
}

void call_ask(struct call *c, const char *instructions, const char *purpose)
{
    ask(c, instructions, purpose, false);
}

/* "Say: " is what our own speech engine repeats word for word; a model understands it, too. */
void call_say(struct call *c, const char *words, const char *purpose, bool aside)
{
    char text[4 * DESK_LIVE_SAY_MAX + 100];
    const char *language = c->claim->language;
    if (strncmp(language, "en", 2) == 0)
        snprintf(text, sizeof text, "Say: %s", words);
    else
        snprintf(text, sizeof text, "Say in the language of the conversation (%.8s): %s", language,
                 words);
    ask(c, text, purpose, aside);
}

void call_want(struct call *c)
{
    c->wanted = true;
    c->wanted_ms = desk_mono_ms();
}

void call_respond(struct call *c)
{
    if (call_resume_respond(c))
        return;
    if (c->wanted && c->state == CALL_TALKING && !*c->active && !c->requested &&
        !c->caller_speaks && call_no_tools(c))
        call_ask(c, NULL, "answer");
    else
        call_order_respond(c);
}

static bool purpose_is(const char *have, const char *purpose)
{
    return strcmp(have, purpose) == 0;
}

/* An answer that was refused because there is one already is asked for when that one is over;
 * everything else may be decided anew then. */
void call_ask_refused(struct call *c, const struct desk_rt_event *ev)
{
    static const char ours[] = "fd-create-";
    const char *id = ev->error.event_id;
    bool busy = purpose_is(ev->error.code, "conversation_already_has_active_response");
    bool create = strncmp(id, ours, sizeof ours - 1) == 0;
    bool last = create && strtoul(id + sizeof ours - 1, NULL, 10) == c->asked_event;
    if (!(last || (busy && !*id)) || !c->requested)
        return;
    c->requested = false;
    if (purpose_is(c->asked_for, "filler") && !busy)
        c->no_aside = true;
    else if (busy && (purpose_is(c->asked_for, "answer") || purpose_is(c->asked_for, "greeting")))
        call_want(c);
    else if (purpose_is(c->asked_for, ORDER_PURPOSE))
        call_order_refused(c);
    else if (busy && purpose_is(c->asked_for, "time_warning"))
        c->quiet.warned = false;
    if (c->state != CALL_LEAVING)
        return;
    if (busy)
        c->leaving.asked = false; /* again, when that one is over */
    else
        call_leave_check(c);
}

void call_response_began(struct call *c, const struct desk_rt_event *ev, bool ours)
{
    const char *purpose = *ev->purpose ? ev->purpose : ours ? c->asked_for : "";
    snprintf(c->active_for, sizeof c->active_for, "%s", purpose);
    if (ours)
        c->requested = false;
    c->tool_asked = false;
    c->knows = c->wanted && desk_mono_ms() - c->wanted_ms > TOLD_MS;
    c->filling = purpose_is(purpose, "filler");
    if (!c->filling)
        c->spoke = false;
    else if (!c->no_aside)
        snprintf(c->aside, sizeof c->aside, "%s", c->active);
    if (purpose_is(purpose, "still_there"))
        snprintf(c->still, sizeof c->still, "%s", c->active);
    if (purpose_is(purpose, ORDER_PURPOSE))
        call_order_began(c);
    if (c->state == CALL_LEAVING && purpose_is(purpose, "goodbye"))
        snprintf(c->leaving.words, sizeof c->leaving.words, "%s", c->active);
    if (c->state == CALL_TALKING)
        call_answer_owed(c);
    bool waits = c->state == CALL_TALKING && ours && !purpose_is(purpose, "greeting");
    if (c->caller_speaks && waits)
        call_interrupt(c, true); /* they began while it was on its way, and are answered after it */
}

/* Neither sound nor tool: the caller would hear nothing. Once more, then it is not worth waiting.
 */
static void empty(struct call *c)
{
    if (c->empties++) {
        call_model_gone(c, DESK_RT_FATAL_CALL, "its answers were empty");
        return;
    }
    call_model_trouble(c, "empty", "The voice had nothing to say and was asked again");
    call_want(c);
}

/* Was it cut off, by us or by the server? Then nothing is missing. */
static bool was_cut(const struct call *c, const struct desk_rt_event *ev)
{
    return ev->status == DESK_RT_STATUS_CANCELLED || c->caller_speaks ||
           (*ev->response_id && strcmp(c->play.dead, ev->response_id) == 0);
}

/* A filter took it away: other words, once. True: they were asked for. */
static bool other_words(struct call *c, const struct desk_rt_event *ev)
{
    bool filtered =
        ev->status == DESK_RT_STATUS_INCOMPLETE && purpose_is(ev->status_reason, "content_filter");
    bool again = filtered && c->filtered;
    c->filtered = filtered;
    if (!filtered || again)
        return false;
    call_say(c, "I am sorry, I cannot help with that. Is there anything else?", "answer", false);
    return true;
}

void call_response_over(struct call *c, const struct desk_rt_event *ev, bool was_on, bool tool)
{
    bool filler = c->filling, sound = !filler && c->spoke, cut = was_cut(c, ev);
    c->active_for[0] = '\0';
    c->filling = false;
    quiet_sound(&c->quiet, desk_mono_ms());
    if (c->knows && (sound || tool))
        c->wanted = false; /* it was the answer, though we did not ask for it */
    c->knows = false;
    if (sound)
        c->filled = false;
    if (!cut && other_words(c, ev))
        return;
    if (sound || tool)
        c->empties = 0;
    else if (was_on && !filler && !cut)
        empty(c);
    if (c->state == CALL_TALKING && quiet_circles(&c->quiet))
        call_put_through(c, "circles", "The talk led nowhere any more");
    call_respond(c);
}

/* ---- the caller ------------------------------------------------------------------------------ */

void call_caller_began(struct call *c)
{
    call_leave_cancel(c, CALLER_SPOKE);
    if (c->state != CALL_TALKING)
        return;
    c->caller_speaks = true;
    c->reach.words_due_ms = desk_mono_ms();
    call_measure_forget(c);
    c->tools_unheard = 0;
    quiet_caller(&c->quiet, true, desk_mono_ms(), c->play.until_ms);
    call_tools_back(c);
    call_answer_paid(c);
    call_resume_cutting(c, true);
    call_interrupt(c, call_ear_guards(c) && strcmp(c->active, c->refused) != 0);
    call_resume_cutting(c, false);
}

/* What is still wanted is not asked for now: the model answers by itself, and if not, it is asked
 * when it is late. */
void call_caller_ended(struct call *c)
{
    c->caller_speaks = false;
    if (c->reach.words_due_ms)
        c->reach.words_due_ms = desk_mono_ms();
    if (c->state != CALL_TALKING)
        return;
    quiet_caller(&c->quiet, false, desk_mono_ms(), c->play.until_ms);
    quiet_turn(&c->quiet);
    c->filled = false;
    c->wait_ms = 0;
    call_tools_watch(c);
    call_answer_owed(c);
}

/* ---- keys ------------------------------------------------------------------------------------ */

/* Does our last sentence ask for something that is keyed in? Then 0 may be a part of it. */
static bool asked_for_digits(const struct call *c)
{
    static const char *const asks[] = {"number", "digit",  "code", "zip",      "how many",
                                       "key in", "keypad", "hash", "pound key"};
    const struct play_item *last = NULL;
    bool found = false;
    for (size_t i = 0; i < PLAY_ITEMS; i++) {
        const struct play_item *it = &c->play.items[i];
        if (it->number && it->words.len && (!last || it->number > last->number))
            last = it;
    }
    const char *words = last ? desk_buf_cstr(&last->words) : "";
    for (size_t i = 0; i < sizeof asks / sizeof *asks && !found; i++)
        found = strcasestr(words, asks[i]) != NULL;
    return found && !strcasestr(words, "zero") && !strcasestr(words, "press 0");
}

/* A single 0 is "put me through": while a number is asked for, the second one is. */
static bool wants_person(struct call *c)
{
    if (strcmp(c->keys, "0") != 0 && strcmp(c->keys, "0#") != 0) {
        c->zeros = 0;
        return false;
    }
    return c->zeros++ > 0 || c->state != CALL_TALKING || !asked_for_digits(c);
}

static void keep_keys(struct call *c)
{
    char item[24], text[DESK_MAX_KEYS + 16];
    snprintf(item, sizeof item, "keys-%u", ++c->keys_sent);
    snprintf(text, sizeof text, "[keys] %s", c->keys);
    struct scribe_call who = call_scribe(c);
    int64_t now = call_now_ms(c);
    story_said(&c->story, STORY_KEYS, item, text, now);
    struct desk_turn t = {.item_id = item,
                          .who = DESK_WHO_CALLER,
                          .how = "keys",
                          .text = c->keys,
                          .start_ms = now,
                          .end_ms = now};
    if (call_may_write(c))
        scribe_turn(c->b->scribe, &who, &t);
}

static void tell_keys(struct call *c)
{
    char text[DESK_MAX_KEYS + 16], id[24];
    struct queue_msg *m = queue_new(&c->model.out, 1024);
    snprintf(text, sizeof text, "[keys] %s", c->keys);
    snprintf(id, sizeof id, "fd-keys-%u", (unsigned)++c->events);
    call_measure_asked(c, call_now_ms(c));
    call_resume_off(c);
    quiet_turn(&c->quiet);
    quiet_words(&c->quiet, c->keys, desk_mono_ms(), c->play.until_ms);
    c->tools_unheard = 0;
    if (m)
        desk_rt_build_message(&m->buf, id, c->b->target.dialect, DESK_RT_USER, text);
    call_want(c);
    if (call_send(c, &c->model, m, QUEUE_TEXT, 0))
        call_respond(c);
}

void call_keys(struct call *c)
{
    if (!c->n_keys || c->state > CALL_TALKING)
        return;
    c->keys[c->n_keys] = '\0';
    bool person = c->claim && wants_person(c);
    if (!person && c->state != CALL_TALKING) { /* nobody listens yet */
        call_timer_start(c, CALL_T_KEYS, 0.5);
        return;
    }
    call_timer_stop(c, CALL_T_KEYS);
    keep_keys(c);
    c->n_keys = 0;
    if (person)
        call_put_through(c, "zero", "The caller pressed 0 to be put through");
    else
        tell_keys(c);
}
