/* The relay's parts that need no socket: what was heard of what we said; and the course of a
 * conversation with a brain of the test's own, a clock of its own, and everything else of the
 * bridge stood in for. */
#include "base/clock.h"

#include <stdint.h>

static int64_t mono = 1000000;
#define desk_mono_ms() (mono)
#define desk_mono_us() (mono * 1000)

#include "../../ws-bridge/relay_speech.c"
#include "../../ws-bridge/relay_brain.c"
#include "../../ws-bridge/relay_brain_rules.c"
#include "../../ws-bridge/relay_talk.c"
#include "../../ws-bridge/relay_call.c"
#include "../../ws-bridge/relay_time.c"
#include "../../ws-bridge/call_order.c"
#include "../../ws-bridge/latency.c"
#include "../../ws-bridge/call_measure.c"

#include "base/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

const struct relay_brain_backend relay_brain_model = {.name = "model"}; /* it has threads */

/* ---- what was heard -------------------------------------------------------------------------- */

static struct speech sp;
static struct {
    unsigned number;
    char heard[400], rest[400];
    int64_t end_ms;
} cuts[SPEECH_SAYINGS];
static size_t n_cuts;

static void on_cut(void *ctx, const struct saying *s, size_t heard, int64_t end_ms)
{
    const char *words = desk_buf_cstr(&s->words);
    assert_ptr_equal(ctx, &sp);
    cuts[n_cuts].number = s->number;
    snprintf(cuts[n_cuts].heard, sizeof cuts[0].heard, "%.*s", (int)heard, words);
    snprintf(cuts[n_cuts].rest, sizeof cuts[0].rest, "%s", words + heard);
    cuts[n_cuts++].end_ms = end_ms;
}

static int speech_begin(void **state)
{
    (void)state;
    speech_init(&sp, mono);
    n_cuts = 0;
    return 0;
}

static int speech_over(void **state)
{
    (void)state;
    speech_clear(&sp);
    return 0;
}

static size_t interrupt(const char *utterance, int64_t ms)
{
    return speech_interrupt(&sp, utterance, ms, mono, on_cut, &sp);
}

static void is_cut(size_t i, unsigned number, const char *heard, const char *rest)
{
    assert_true(i < n_cuts);
    assert_int_equal(cuts[i].number, number);
    assert_string_equal(cuts[i].heard, heard);
    assert_string_equal(cuts[i].rest, rest);
}

static void heard_by_words(void **state)
{
    static const struct {
        const char *said, *utterance, *heard, *rest;
    } rows[] = {
        {"Thanks for calling. How can I help?", "Thanks for calling.", "Thanks for calling.",
         " How can I help?"},
        {"Thanks for calling. How can I help?", "thanks   for CALLING", "Thanks for calling.",
         " How can I help?"},
        {"Thanks for calling.", "Thanks for cal", "Thanks for", " calling."}, /* begun: not heard */
        {"It's \xE2\x80\x9Cours\xE2\x80\x9D, caf\xC3\xA9.", "It's", "It's",
         " \xE2\x80\x9Cours\xE2\x80\x9D, caf\xC3\xA9."},
        {"Thanks for calling.", "", "", "Thanks for calling."},
        {"Thanks for calling.", "  ...", "", "Thanks for calling."},
        /* a voice reads numbers its own way: counted by letters, to a whole word */
        {"Open at 7 today, until five.", "Open at seven today", "Open at 7 today,", " until five."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        speech_begin(state);
        speech_say(&sp, rows[i].said, true, mono);
        mono += 500;
        assert_int_equal(interrupt(rows[i].utterance, 400), 1);
        is_cut(0, 1, rows[i].heard, rows[i].rest);
        assert_int_equal(speech_rest_ms(&sp, mono), 0); /* nothing is to be spoken any more */
        speech_over(state);
    }
}

static void heard_in_whole(void **state)
{
    (void)state;
    speech_say(&sp, "Hello there.", true, mono);
    assert_int_equal(interrupt("Hello there", 900), 0);
    assert_int_equal(n_cuts, 0);
    assert_int_equal(interrupt("", 0), 0); /* once more, with nothing being said */
}

static void several_sayings(void **state)
{
    (void)state;
    speech_say(&sp, "Thank you, ", false, mono);
    speech_say(&sp, "Charlie.", true, mono);
    speech_say(&sp, "When should we call?", true, mono);
    speech_say(&sp, "Say a day.", true, mono);
    assert_int_equal(sp.n, 3);
    mono += 3000;
    /* the utterance spans the first and part of the second */
    assert_int_equal(interrupt("Thank you, Charlie. When should", 2000), 2);
    is_cut(0, 2, "When should", " we call?");
    is_cut(1, 3, "", "Say a day.");
}

static void utterance_of_a_later_saying(void **state)
{
    (void)state;
    speech_say(&sp, "Thank you, Charlie.", true, mono);
    speech_say(&sp, "When should we call?", true, mono);
    assert_int_equal(interrupt("When should", 700), 1); /* what came before it was heard */
    is_cut(0, 2, "When should", " we call?");
}

static void interrupted_after_we_thought_it_over(void **state)
{
    (void)state;
    speech_say(&sp, "When should we call?", true, mono);
    mono += 60000 / 12;
    assert_int_equal(speech_rest_ms(&sp, mono), 0);
    assert_int_equal(interrupt("When should", 700), 1); /* a very slow voice */
    is_cut(0, 1, "When should", " we call?");
    speech_say(&sp, "Other words.", true, mono);
    mono += SPEECH_RECENT_MS + 20000;
    assert_int_equal(speech_rest_ms(&sp, mono), 0);
    assert_int_equal(interrupt("Other", 700), 0); /* too long ago */
}

static void interrupted_end_time(void **state)
{
    (void)state;
    int64_t begun = mono;
    speech_say(&sp, "Thanks for calling.", true, mono);
    mono += 3000;
    assert_int_equal(interrupt("Thanks for", 800), 1);
    assert_true(cuts[0].end_ms == begun + 800);
}

static void spoken_by_reading_speed(void **state)
{
    (void)state;
    speech_say(&sp, "0123456789", true, mono);
    assert_true(speech_rest_ms(&sp, mono) == SPEECH_START_MS + 10 * SPEECH_CHAR_MS);
    speech_say(&sp, "01234", true, mono); /* behind it */
    mono += SPEECH_START_MS + 10 * SPEECH_CHAR_MS;
    assert_true(speech_rest_ms(&sp, mono) == SPEECH_START_MS + 5 * SPEECH_CHAR_MS);
    mono += SPEECH_START_MS + 5 * SPEECH_CHAR_MS;
    assert_int_equal(speech_rest_ms(&sp, mono), 0);
    assert_true(sp.silent_ms == mono);
    assert_int_equal(speech_rest_ms(&sp, mono + 1000), 0);
    assert_true(sp.silent_ms == mono); /* told once */
}

static void spoken_as_twilio_tells(void **state)
{
    (void)state;
    const char *words = "A long sentence that takes its time to be spoken.";
    speech_say(&sp, words, true, mono);
    mono += 300;
    speech_voice(&sp, true, mono);
    mono += 1000;
    assert_true(speech_rest_ms(&sp, mono) > 0);
    speech_voice(&sp, false, mono); /* a quick voice */
    assert_int_equal(speech_rest_ms(&sp, mono), 0);
    /* an end that belongs to what was said before does not end this one */
    speech_voice(&sp, true, mono);
    mono += 200;
    speech_say(&sp, words, true, mono);
    speech_voice(&sp, false, mono);
    assert_true(speech_rest_ms(&sp, mono) > 0);
    speech_played(&sp, "A long sentence that takes");
    speech_played(&sp, " its time to");
    assert_true(speech_rest_ms(&sp, mono) > 0);
    speech_played(&sp, " be spoken.");
    assert_int_equal(speech_rest_ms(&sp, mono), 0);
}

static void a_slow_voice_is_waited_for(void **state)
{
    (void)state;
    speech_say(&sp, "Goodbye.", true, mono);
    speech_voice(&sp, true, mono);
    mono += SPEECH_START_MS + 8 * SPEECH_CHAR_MS + SPEECH_SPARE_MS;
    assert_true(speech_rest_ms(&sp, mono) > 0);
    mono += SPEECH_LATE_MS;
    assert_int_equal(speech_rest_ms(&sp, mono), 0); /* but not for ever */
}

static void an_answer_tells_that_it_was_heard(void **state)
{
    (void)state;
    speech_say(&sp, "A question that is thought to take very long to be asked?", true, mono);
    mono += SPEECH_NEW_MS;
    speech_say(&sp, "Another.", true, mono); /* just now: the answer cannot be to this */
    speech_answered(&sp, mono);
    assert_true(sp.items[0].over);
    assert_false(sp.items[1].over);
}

static void given_up(void **state)
{
    (void)state;
    speech_say(&sp, "One two three four five six seven eight nine ten.", true, mono);
    mono += SPEECH_START_MS + 15 * SPEECH_CHAR_MS;
    assert_int_equal(speech_give_up(&sp, mono, on_cut, &sp), 1);
    is_cut(0, 1, "One two three", " four five six seven eight nine ten."); /* by reading speed */
    speech_over(state);
    speech_begin(state);
    speech_say(&sp, "One two three four five.", true, mono);
    speech_voice(&sp, true, mono);
    speech_played(&sp, "One two");
    mono += 1000;
    assert_int_equal(speech_give_up(&sp, mono, on_cut, &sp), 1);
    is_cut(0, 1, "One two", " three four five."); /* as Twilio told */
}

static void ring_and_limits(void **state)
{
    static char big[DESK_MAX_TURN_TEXT];
    (void)state;
    for (int i = 0; i < 3 * SPEECH_SAYINGS; i++)
        assert_non_null(speech_say(&sp, "Words.", true, mono));
    assert_int_equal(sp.n, SPEECH_SAYINGS);
    assert_int_equal(sp.items[0].number, 2 * SPEECH_SAYINGS + 1);
    memset(big, 'x', sizeof big - 1);
    assert_non_null(speech_say(&sp, big, false, mono));
    assert_null(speech_say(&sp, "yy", true, mono));
    assert_non_null(speech_say(&sp, "New.", true, mono)); /* a saying of its own */
}

/* ---- the course of a conversation ------------------------------------------------------------ */

static struct {
    struct relay_input in[16];
    char text[16][200], tool[40], heard[200];
    size_t n;
    bool cancelled, closed;
    relay_answer_fn *answer;
    void *ctx;
} brain;

static void *brain_open(const struct relay_brain_setup *s)
{
    memset(&brain, 0, sizeof brain);
    brain.answer = s->answer;
    brain.ctx = s->ctx;
    return &brain;
}

static void brain_step(void *b, const struct relay_input *in)
{
    (void)b;
    brain.n %= 16;
    brain.in[brain.n] = *in;
    snprintf(brain.tool, sizeof brain.tool, "%s", in->tool ? in->tool : "");
    snprintf(brain.text[brain.n++], sizeof brain.text[0], "%s", in->text);
}

static void brain_heard(void *b, const char *words)
{
    (void)b;
    snprintf(brain.heard, sizeof brain.heard, "%s", words);
}

static void brain_cancel(void *b)
{
    (void)b;
    brain.cancelled = true;
}

static void brain_close(void *b)
{
    (void)b;
    brain.closed = true;
}

static const struct relay_brain_backend slow_brain = {.name = "test",
                                                      .help = "answers when the test does",
                                                      .open = brain_open,
                                                      .step = brain_step,
                                                      .heard = brain_heard,
                                                      .cancel = brain_cancel,
                                                      .close = brain_close};

static bool brain_again(void *b)
{
    brain_cancel(b);
    return true;
}

static void brain_note(void *b, struct note *n)
{
    (void)b;
    brain.answer(brain.ctx,
                 &(struct relay_answer){.words = n->text, .last = n->last, .led_on = true});
}

/* One that thinks in a thread and waits for a server. */
static const struct relay_brain_backend far_brain = {.name = "far",
                                                     .help = "answers by notes",
                                                     .waits = true,
                                                     .open = brain_open,
                                                     .step = brain_step,
                                                     .note = brain_note,
                                                     .again = brain_again,
                                                     .cancel = brain_cancel,
                                                     .close = brain_close};

/* The rest of the bridge: what it was told. */
static struct bridge bridge;
static struct call *call;
static struct claim claim;
static char sent[32][1200], events_told[32][40], turns_told[32][300], ended[40], tool_asked[300];
static size_t n_sent, n_told, n_turns;
static bool closed, tools_busy;
static double timer_s;
static char waits[8][80]; /* measured, as they are kept */
static size_t n_waits, n_observed;

static void take_sent(void)
{
    for (struct queue_msg *m; (m = call->twilio.out.head);) {
        call->twilio.out.head = m->next;
        snprintf(sent[n_sent++ % 32], sizeof sent[0], "%s", m->buf.p);
        desk_buf_clear(&m->buf);
        free(m);
    }
}

struct queue_msg *queue_new(struct queue *q, size_t max)
{
    struct queue_msg *m = calloc(1, sizeof *m);
    (void)q;
    desk_buf_init(&m->buf, max);
    return m;
}

enum queue_rc queue_push(struct queue *q, struct queue_msg *m, enum queue_kind kind, int64_t ms)
{
    assert_int_equal(kind, QUEUE_TEXT);
    assert_int_equal(ms, 0);
    assert_true(desk_buf_ok(&m->buf));
    m->next = NULL;
    q->head = m;
    take_sent();
    return QUEUE_OK;
}

/* As leg_ws.c writes it: at once, unless the loop's round is not over. */
static bool same_round;

bool call_send(struct call *c, struct leg *leg, struct queue_msg *m, enum queue_kind kind,
               int64_t ms)
{
    assert_ptr_equal(leg, &c->twilio);
    enum queue_rc rc = queue_push(&leg->out, m, kind, ms);
    if (!same_round)
        call_measure_sent(c);
    return rc == QUEUE_OK;
}

void metrics_observe(struct metrics *m, enum metric_histogram h, int64_t us)
{
    (void)m;
    (void)us;
    n_observed += h != METRIC_TOOL; /* the others are of sound */
}

void metrics_count(struct metrics *m, enum metric_counter c)
{
    (void)m;
    assert_int_equal(c, METRIC_TOOLS);
}

void scribe_latency(struct scribe *s, const struct scribe_call *c, const struct desk_latency *l)
{
    (void)s;
    assert_string_equal(c->id, "call_1");
    snprintf(waits[n_waits++ % 8], sizeof waits[0], "%s %d: %d = %d + %d + %dus", l->kind,
             (int)l->turn, (int)l->total_ms, (int)l->model_ms, (int)l->tool_ms, (int)l->own_us);
}

static char used[200];

void scribe_usage(struct scribe *s, const struct scribe_call *c, const struct desk_usage *u)
{
    (void)s;
    assert_string_equal(c->id, "call_1");
    snprintf(used, sizeof used, "%s %s: text %d+%d>%d sound %d+%d>%d heard %d", u->part, u->model,
             (int)u->text_in, (int)u->text_cached, (int)u->text_out, (int)u->audio_in,
             (int)u->audio_cached, (int)u->audio_out, (int)u->heard_ms);
}

void leg_wake(struct leg *leg)
{
    (void)leg;
}

struct call *call_new(struct bridge *b, struct lws *wsi)
{
    struct call *c = calloc(1, sizeof *c);
    c->b = b;
    c->twilio.wsi = wsi;
    return c;
}

void call_end(struct call *c, const char *why, const char *next_step)
{
    if (c->state >= CALL_ENDING)
        return;
    relay_ending(c, why, next_step);
    c->state = CALL_ENDING;
    snprintf(ended, sizeof ended, "%s %s", why, next_step ? next_step : "-");
}

void call_close(struct call *c)
{
    c->state = CALL_CLOSED;
    closed = true;
}

void call_timer_start(struct call *c, enum call_timer t, double seconds)
{
    (void)c;
    if (t == CALL_T_RELAY)
        timer_s = seconds;
}

void call_timer_stop(struct call *c, enum call_timer t)
{
    (void)c;
    if (t == CALL_T_RELAY)
        timer_s = -1;
}

/* What the owner asked for, as it is written down. */
static char orders_told[160];

void scribe_order(struct scribe *s, const struct scribe_call *c, const struct ordered *o,
                  const char *state)
{
    size_t n = strlen(orders_told);
    (void)s;
    assert_string_equal(c->id, "call_1");
    snprintf(orders_told + n, sizeof orders_told - n, "%s%s %s %s", n ? ", " : "", o->id, o->kind,
             state);
}

/* Of calls with a model's voice only. */
void call_interrupt(struct call *c, bool cancel)
{
    (void)cancel;
    fail_msg("%s", c->name);
}

void call_leave(struct call *c, enum leave_kind kind, const struct running_tool *tool)
{
    (void)kind;
    (void)tool;
    fail_msg("%s", c->name);
}

void call_say(struct call *c, const char *words, const char *purpose, bool aside)
{
    (void)words;
    (void)purpose;
    (void)aside;
    fail_msg("%s", c->name);
}

bool call_no_tools(const struct call *c)
{
    return c != NULL;
}

/* Who is one: tests/unit/test_machine.c, tests/e2e/bridge-machine.test.mjs. */
bool call_is_machine(struct call *c, const char *words)
{
    return c == NULL || words == NULL;
}

void call_log(const struct call *c)
{
    (void)c;
}

int64_t call_now_ms(const struct call *c)
{
    return mono - c->origin_ms;
}

struct scribe_call call_scribe(const struct call *c)
{
    return (struct scribe_call){c->claim->call.tenant_id, c->claim->call.id, 0};
}

bool call_may_write(struct call *c)
{
    return c != NULL;
}

void call_event(struct call *c, const char *kind, const char *name, const char *fmt, ...)
{
    (void)c;
    (void)fmt;
    snprintf(events_told[n_told++ % 32], sizeof events_told[0], "%s:%s", kind, name);
}

void scribe_claim(struct scribe *s, uint64_t handle, const char *token, const char *call_sid)
{
    (void)s;
    (void)handle;
    (void)token;
    (void)call_sid;
}

static void turn_told(const char *how, const struct desk_turn *t)
{
    assert_true(t->start_ms >= 0 && t->end_ms >= t->start_ms);
    snprintf(turns_told[n_turns++ % 32], sizeof turns_told[0], "%s %s %s|%s", how, t->item_id,
             t->text, t->unheard ? t->unheard : "");
}

void scribe_turn(struct scribe *s, const struct scribe_call *c, const struct desk_turn *t)
{
    (void)s;
    (void)c;
    turn_told("turn", t);
}

void scribe_heard(struct scribe *s, const struct scribe_call *c, const struct desk_turn *t)
{
    (void)s;
    (void)c;
    turn_told("heard", t);
}

void scribe_leave_undo(struct scribe *s, const struct scribe_call *c)
{
    (void)s;
    (void)c;
    if (!call->relay->backend->held)
        fail_msg("%s", "a brain that cannot be held is not");
}

enum desk_rc toolpool_run(struct toolpool *p, const struct tool_job *job)
{
    (void)p;
    if (tools_busy)
        return DESK_EBUSY;
    snprintf(tool_asked, sizeof tool_asked, "%s %s", job->name, job->arguments);
    return DESK_OK;
}

static int talk_begin_with(const struct relay_brain_backend *backend)
{
    char why[200];
    assert_int_equal(desk_settings_load(NULL, why, sizeof why), DESK_OK);
    n_sent = n_told = n_turns = n_waits = n_observed = 0;
    closed = tools_busy = same_round = false;
    *ended = *tool_asked = '\0';
    mono += 1000000;
    call = relay_new(&bridge, (struct lws *)&bridge);
    call->relay->backend = backend;
    memset(&claim, 0, sizeof claim);
    claim.call.tenant_id = "t";
    claim.call.id = "call_1";
    claim.instructions = claim.greeting = claim.language = "";
    call->claim = &claim;
    call->origin_ms = call->started_ms = mono;
    call->state = CALL_CLAIMING;
    call_measure_begin(call);
    relay_claimed(call);
    return 0;
}

static int talk_begin(void **state)
{
    (void)state;
    return talk_begin_with(&slow_brain);
}

static int far_begin(void **state)
{
    (void)state;
    return talk_begin_with(&far_brain);
}

static int talk_over(void **state)
{
    (void)state;
    relay_free(call->relay);
    assert_true(brain.closed);
    free(call);
    return 0;
}

/* Time goes by, as the loop's timer has it. */
static void pass(int64_t ms)
{
    for (int64_t end = mono + ms; mono < end && call->state < CALL_ENDING;) {
        int64_t due = timer_s >= 0 ? (int64_t)(timer_s * 1000) : INT64_MAX;
        mono = due < end - mono ? mono + (due ? due : 1) : end;
        relay_on_timer(call);
    }
}

static void answers(const char *words, const char *tool, const char *args)
{
    brain.answer(brain.ctx,
                 &(struct relay_answer){
                     .words = words, .last = true, .tool = tool, .args = args, .led_on = true});
}

static void twilio(const char *text)
{
    relay_message(call, text, strlen(text));
}

static void one_input_at_a_time(void **state)
{
    (void)state;
    assert_int_equal(brain.n, 1);
    assert_int_equal(brain.in[0].kind, RELAY_IN_START);
    brain.answer(brain.ctx, &(struct relay_answer){.words = "Hello, "});
    answers("how can I help?", NULL, NULL);
    assert_string_equal(sent[0], "{\"type\":\"text\",\"token\":\"Hello, \",\"last\":false}");
    assert_string_equal(sent[1], "{\"type\":\"text\",\"token\":\"how can I help?\",\"last\":true}");
    assert_string_equal(turns_told[0], "turn relay-d1 Hello, how can I help?|");
    twilio("{\"type\":\"prompt\",\"voicePrompt\":\"one\",\"last\":true}");
    twilio("{\"type\":\"prompt\",\"voicePrompt\":\"two\",\"last\":true}");
    twilio("{\"type\":\"prompt\",\"voicePrompt\":\"three\",\"last\":true}");
    assert_int_equal(brain.n, 2); /* it thinks: the rest waits */
    assert_string_equal(brain.text[1], "one");
    answers("Yes.", NULL, NULL);
    assert_int_equal(brain.n, 3);
    assert_string_equal(brain.text[2], "two three"); /* put together */
    assert_int_equal(n_turns, 1 + 3 + 1);
    twilio("{\"type\":\"prompt\",\"voicePrompt\":\"four\",\"last\":true}");
    twilio("{\"type\":\"dtmf\",\"digit\":\"1\"}");
    twilio("{\"type\":\"dtmf\",\"digit\":\"#\"}");
    answers("Good.", NULL, NULL);
    assert_int_equal(brain.in[3].kind, RELAY_IN_KEYS); /* the newest of another kind */
    assert_string_equal(brain.text[3], "1#");
}

static void waited(size_t n, const char *last)
{
    assert_int_equal(n_waits, n);
    assert_string_equal(waits[n - 1], last);
}

/* From the last words understood to our first ones; tools apart, each input from its own moment. */
static void waiting_is_measured(void **state)
{
    (void)state;
    mono += 300;
    brain.answer(brain.ctx, &(struct relay_answer){.words = "Hello, "});
    waited(1, "text_answer 0: 300 = 300 + 0 + 0us");
    mono += 50;
    answers("how can I help?", NULL, NULL);
    twilio("{\"type\":\"prompt\",\"voicePrompt\":\"my\",\"last\":false}");
    mono += 5000;
    assert_int_equal(n_waits, 1);
    twilio("{\"type\":\"prompt\",\"voicePrompt\":\"my tap drips\",\"last\":true}");
    mono += 400;
    same_round = true; /* the answer is not yet written when the next input is thought of */
    twilio("{\"type\":\"prompt\",\"voicePrompt\":\"it is loud\",\"last\":true}");
    mono += 100;
    answers("I see.", NULL, NULL);
    waited(2, "text_turn 1: 500 = 500 + 0 + 0us");
    same_round = false;
    mono += 200;
    answers("", "log_caller_info", "{}"); /* no words yet */
    assert_int_equal(n_waits, 2);
    mono += 700;
    struct note n = {.seq = call->relay->tool_seq, .text = "{\"ok\":true}"};
    relay_tool_done(call, &n);
    mono += 60;
    answers("Noted.", NULL, NULL);
    waited(3,
           "text_turn 2: 1060 = 360 + 700 + 0us"); /* it was said 100 ms before it was thought of */
    mono += 20000;
    relay_say(call, "Are you still there?", false); /* nobody waits for this */
    assert_int_equal(n_waits, 3);
    assert_int_equal(n_observed, 0);
}

static void brain_without_an_answer(void **state)
{
    (void)state;
    pass(3900);
    assert_int_equal(call->state, CALL_TALKING);
    pass(200); /* MODEL_SILENT_S */
    assert_string_equal(ended, "model_lost gather");
    assert_string_equal(events_told[n_told - 1], "model:silent");
    assert_true(brain.cancelled);
    answers("Too late.", NULL, NULL);
    assert_int_equal(n_sent, 0);
    /* the same goes to Twilio, once */
    assert_true(relay_end(call, false));
    assert_string_equal(sent[0],
                        "{\"type\":\"end\",\"handoffData\":\"{\\\"why\\\":\\\"model_lost\\\","
                        "\\\"next\\\":\\\"gather\\\"}\"}");
    assert_true(relay_end(call, false));
    assert_int_equal(n_sent, 1);
    assert_false(relay_end(call, true)); /* Twilio does not close: we do */
}

static void a_brain_that_waits_for_a_server(void **state)
{
    (void)state;
    pass(2900); /* CHAT_FILLER_MS */
    assert_int_equal(n_sent, 0);
    pass(200);
    assert_string_equal(sent[0],
                        "{\"type\":\"text\",\"token\":\"One moment, please.\",\"last\":true}");
    relay_brain_note(call, &(struct note){.text = (char[]){"Hello, "}});
    relay_brain_note(call, &(struct note){.text = (char[]){"there."}});
    pass(5000); /* it has begun: no more fillers */
    assert_int_equal(n_sent, 3);
    relay_brain_note(call, &(struct note){.text = (char[]){""}, .last = true});
    assert_string_equal(sent[3], "{\"type\":\"text\",\"token\":\"\",\"last\":true}");
    assert_string_equal(turns_told[n_turns - 1], "turn relay-d2 Hello, there.|");
    /* it has as long as a turn may take, and a little for the rules in its place */
    twilio("{\"type\":\"prompt\",\"voicePrompt\":\"one\",\"last\":true}");
    pass(12900);
    assert_int_equal(call->state, CALL_TALKING);
    pass(200);
    assert_string_equal(ended, "model_lost gather");
    assert_true(brain.cancelled);
}

static void more_words_before_the_answer(void **state)
{
    (void)state;
    relay_brain_note(call, &(struct note){.text = (char[]){"Hello."}, .last = true});
    twilio("{\"type\":\"prompt\",\"voicePrompt\":\"one\",\"last\":true}");
    relay_brain_note(call, &(struct note){.text = (char[]){"I will"}});
    assert_false(brain.cancelled);
    twilio("{\"type\":\"prompt\",\"voicePrompt\":\"two\",\"last\":true}");
    assert_true(brain.cancelled); /* given up, and asked at once with the new words */
    assert_int_equal(brain.n, 3);
    assert_string_equal(brain.text[2], "two");
    assert_string_equal(turns_told[n_turns - 1], "turn relay-d2 I will|");
    /* silence is no more words */
    brain.cancelled = false;
    relay_input(call, RELAY_IN_SILENCE, "");
    assert_false(brain.cancelled);
}

static void a_brain_that_ended_the_talk_itself(void **state)
{
    static const struct {
        const char *next, *ended;
    } rows[] = {{"hangup", "goodbye hangup"},
                {"transfer", "transfer transfer"},
                {"message", "message message"},
                {"gather", "model_lost gather"},
                {"dance", "message message"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (i) {
            talk_over(state);
            far_begin(state);
        }
        brain.answer(brain.ctx,
                     &(struct relay_answer){
                         .words = "Bye.", .last = true, .parting = true, .next = rows[i].next});
        assert_int_equal(call->state, CALL_LEAVING);
        pass(20000); /* the last words are spoken first */
        assert_string_equal(ended, rows[i].ended);
    }
}

static void tool_and_its_result(void **state)
{
    (void)state;
    answers("One moment.", "schedule_callback", "{\"reason\":\"x\"}");
    assert_string_equal(tool_asked, "schedule_callback {\"reason\":\"x\"}");
    twilio("{\"type\":\"prompt\",\"voicePrompt\":\"hello?\",\"last\":true}");
    assert_int_equal(brain.n, 1); /* the result comes first */
    struct note wrong = {.seq = 77, .text = (char *)(uintptr_t) "{}"};
    relay_tool_done(call, &wrong);
    assert_int_equal(brain.n, 1);
    struct note n = {.seq = 1, .text = (char *)(uintptr_t) "{\"ok\":true}"};
    relay_tool_done(call, &n);
    assert_int_equal(brain.in[1].kind, RELAY_IN_TOOL_RESULT);
    assert_string_equal(brain.text[1], "{\"ok\":true}");
    assert_string_equal(brain.tool, "schedule_callback");
    answers("Done.", NULL, NULL);
    assert_string_equal(brain.text[2], "hello?");
}

static void slow_tool_gets_a_filler_then_fails(void **state)
{
    (void)state;
    answers("", "schedule_callback", "{}");
    pass(1400);
    assert_int_equal(n_sent, 0);
    pass(200);
    assert_non_null(strstr(sent[0], "One moment, please."));
    pass(7000);
    assert_int_equal(n_sent, 1); /* once */
    assert_non_null(strstr(brain.text[1], "\"ok\":false"));
    struct note late = {.seq = 1, .text = (char *)(uintptr_t) "{\"ok\":true}"};
    relay_tool_done(call, &late);
    assert_int_equal(brain.n, 2);
    tools_busy = true;
    answers("", "schedule_callback", "{}");
    assert_int_equal(brain.n, 2);
    pass(50);
    assert_int_equal(brain.n, 3); /* refused: told so, from the loop */
    assert_non_null(strstr(brain.text[2], "\"ok\":false"));
}

static void leaves_when_the_last_words_are_spoken(void **state)
{
    (void)state;
    brain.answer(brain.ctx, &(struct relay_answer){.words = "Goodbye now.",
                                                   .last = true,
                                                   .tool = "end_call",
                                                   .args = "{\"outcome\":\"completed\"}",
                                                   .parting = true});
    assert_non_null(strstr(sent[0], "\"interruptible\":false"));
    struct note n = {
        .seq = 1, .text = (char *)(uintptr_t) "{\"ok\":true}", .leave = true, .next = "hangup"};
    relay_tool_done(call, &n);
    assert_int_equal(call->state, CALL_LEAVING);
    pass(500); /* the brain's last answer is owed: not yet */
    answers("", NULL, NULL);
    assert_string_equal(ended, "");
    pass(SPEECH_START_MS + 12 * SPEECH_CHAR_MS - 600);
    assert_string_equal(ended, "");
    pass(700);
    assert_string_equal(ended, "goodbye hangup");
}

static unsigned times_held;

static void brain_held(void *ctx)
{
    (void)ctx;
    times_held++;
}

/* "0", pressed while the tool of the goodbye runs, or while the brain thinks its result over. */
static void keys_into_the_goodbye_hold_it(void **state)
{
    static struct relay_brain_backend holdable;
    (void)state;
    for (int when = 0; when < 2; when++) {
        brain.n = 0;
        holdable = slow_brain;
        holdable.held = brain_held;
        call->relay->backend = &holdable;
        times_held = 0;
        if (when)
            relay_input(call, RELAY_IN_WORDS, "goodbye");
        brain.answer(brain.ctx, &(struct relay_answer){.words = "Goodbye.",
                                                       .last = true,
                                                       .tool = "end_call",
                                                       .args = "{\"outcome\":\"completed\"}",
                                                       .parting = true});
        struct note n = {.seq = call->relay->tool_seq,
                         .text = (char *)(uintptr_t) "{\"ok\":true}",
                         .leave = true,
                         .next = "hangup"};
        if (!when)
            twilio("{\"type\":\"dtmf\",\"digit\":\"0\"}");
        relay_tool_done(call, &n);
        assert_int_equal(call->state, CALL_LEAVING);
        if (when) {
            twilio("{\"type\":\"dtmf\",\"digit\":\"0\"}");
            pass(RELAY_KEYS_MS + 100); /* the row is whole before the brain is done */
        }
        answers("", NULL, NULL);
        pass(SPEECH_START_MS + 8 * SPEECH_CHAR_MS + RELAY_KEYS_MS + 2000);
        assert_string_equal(ended, "");
        assert_int_equal(times_held, 1);
        assert_string_equal(brain.text[brain.n - 1], "0");
        answers("Yes?", NULL, NULL);
    }
    call->relay->backend = &slow_brain;
}

static void last_words_have_a_limit(void **state)
{
    (void)state;
    static char words[2000];
    memset(words, 'a', sizeof words - 1);
    answers(words, NULL, NULL);
    relay_leave(call, "message", DESK_NEXT_MESSAGE);
    pass(19900);
    assert_string_equal(ended, "");
    pass(200);
    assert_string_equal(ended, "message message");
}

/* The tool that would end the talk cannot be run: it ends all the same, as it was meant. */
static void parting_without_its_tool(void **state)
{
    (void)state;
    tools_busy = true;
    brain.answer(brain.ctx, &(struct relay_answer){.words = "Please leave your message.",
                                                   .last = true,
                                                   .tool = "end_call",
                                                   .args = "{\"outcome\":\"message\"}",
                                                   .parting = true});
    pass(50);
    brain.answer(brain.ctx, &(struct relay_answer){.words = "", .last = true, .parting = true});
    pass(5000);
    assert_string_equal(ended, "message message");
}

static void silence_is_asked_then_ended(void **state)
{
    (void)state;
    answers("Hello.", NULL, NULL); /* 400 + 6 * 70 ms */
    pass(12000);
    assert_int_equal(brain.n, 1);
    pass(1000); /* SILENCE_PROMPT_S after the words' end */
    assert_int_equal(brain.in[1].kind, RELAY_IN_SILENCE);
    assert_string_equal(events_told[n_told - 1], "rule:silence");
    answers("Are you there?", NULL, NULL);
    pass(10000);
    assert_int_equal(call->state, CALL_TALKING);
    twilio("{\"type\":\"prompt\",\"voicePrompt\":\"mm\",\"last\":false}"); /* somebody is */
    pass(9000);
    assert_int_equal(call->state, CALL_TALKING);
    pass(3000); /* SILENCE_GOODBYE_S */
    assert_int_equal(call->state, CALL_LEAVING);
    assert_non_null(strstr(sent[n_sent - 1], "cannot hear you"));
    pass(20000);
    assert_string_equal(ended, "goodbye hangup");
}

static void noise_does_not_keep_a_call(void **state)
{
    (void)state;
    answers("Hello.", NULL, NULL);
    for (int i = 0; i < 85; i++) {
        twilio("{\"type\":\"prompt\",\"voicePrompt\":\"sh\",\"last\":false}");
        pass(1000);
    }
    assert_int_equal(brain.n, 1);
    for (int i = 0; i < 8; i++) {
        twilio("{\"type\":\"info\",\"name\":\"clientSpeaking\",\"value\":\"on\"}");
        pass(1000);
    }
    assert_int_equal(brain.in[1].kind, RELAY_IN_SILENCE); /* NO_WORDS_S: 90 */
    answers("Are you there?", NULL, NULL);
    for (int i = 0; i < 29; i++) {
        twilio("{\"type\":\"prompt\",\"voicePrompt\":\"sh\",\"last\":false}");
        pass(1000);
    }
    assert_int_equal(call->state, CALL_TALKING);
    pass(4000);
    assert_int_equal(call->state, CALL_LEAVING);
}

static void long_calls_are_told_and_ended(void **state)
{
    (void)state;
    answers("Hello.", NULL, NULL);
    for (int s = 0; s < 1730; s += 5) {
        twilio("{\"type\":\"prompt\",\"voicePrompt\":\"words\",\"last\":true}");
        answers("Yes.", NULL, NULL);
        pass(5000);
    }
    assert_int_equal(call->state, CALL_TALKING);
    twilio("{\"type\":\"prompt\",\"voicePrompt\":\"words\",\"last\":true}");
    answers("Yes.", NULL, NULL);
    size_t before = n_sent;
    n_told = 0;
    pass(11000); /* CALL_MAX_S 1800 - CALL_WARN_S 60 */
    assert_string_equal(events_told[0], "rule:call_warn");
    assert_non_null(strstr(sent[before % 32], "about a minute left"));
    for (int s = 0; s < 60 && call->state == CALL_TALKING; s += 5) {
        twilio("{\"type\":\"prompt\",\"voicePrompt\":\"words\",\"last\":true}");
        answers("Yes.", NULL, NULL);
        pass(5000);
        n_turns = 0;
    }
    assert_string_equal(events_told[1], "rule:call_max");
    pass(20000);
    assert_string_equal(ended, "message message");
}

static void turns_that_lead_nowhere(void **state)
{
    (void)state;
    answers("Hello.", NULL, NULL);
    for (int i = 0; i < 8; i++) { /* UNPRODUCTIVE_TURNS */
        assert_int_equal(call->state, CALL_TALKING);
        twilio("{\"type\":\"prompt\",\"voicePrompt\":\"eh\",\"last\":true}");
        brain.answer(brain.ctx, &(struct relay_answer){.words = "What?", .last = true});
    }
    assert_int_equal(call->state, CALL_LEAVING);
    assert_string_equal(events_told[n_told - 1], "rule:unproductive");
    pass(20000);
    assert_string_equal(ended, "message message");
}

static void interrupted_words_reach_the_brain(void **state)
{
    (void)state;
    answers("Thanks for calling. How can I help?", NULL, NULL);
    pass(1500);
    twilio("{\"type\":\"interrupt\",\"utteranceUntilInterrupt\":\"Thanks for calling\","
           "\"durationUntilInterruptMs\":\"900\"}");
    assert_string_equal(brain.heard, "Thanks for calling.");
    assert_string_equal(turns_told[1], "heard relay-d1 Thanks for calling.|How can I help?");
    assert_string_equal(events_told[n_told - 1], "stream:interrupted");
}

static void keys_pause_ends_a_row(void **state)
{
    (void)state;
    answers("Hello.", NULL, NULL);
    twilio("{\"type\":\"dtmf\",\"digit\":\"1\"}");
    pass(1000);
    twilio("{\"type\":\"dtmf\",\"digit\":\"2\"}");
    pass(1400);
    assert_int_equal(brain.n, 1);
    pass(200);
    assert_string_equal(brain.text[1], "12");
    answers("Yes.", NULL, NULL);
    for (int i = 0; i < 100; i++) /* more than there is room for */
        twilio("{\"type\":\"dtmf\",\"digit\":\"7\"}");
    pass(1600);
    assert_int_equal(strlen(brain.text[2]), DESK_MAX_KEYS);
}

/* Whatever a Realtime server tells of it, from all the details to a sum. */
static void what_a_model_counts(void **state)
{
    (void)state;
    static const struct {
        const char *part;
        struct desk_rt_usage u;
        const char *want;
    } rows[] = {
        {DESK_USAGE_VOICE,
         {.present = true,
          .input = 1000,
          .output = 150,
          .in_text = 700,
          .in_audio = 300,
          .in_cached = 640,
          .cached_text = 512,
          .cached_audio = 128,
          .out_text = 30,
          .out_audio = 120},
         "voice m-1: text 188+512>30 sound 172+128>120 heard 0"},
        {DESK_USAGE_VOICE, /* cached, but not of what */
         {.present = true, .input = 1000, .in_text = 700, .in_audio = 300, .in_cached = 750},
         "voice m-1: text 0+700>0 sound 250+50>0 heard 0"},
        {DESK_USAGE_VOICE, /* sums only */
         {.present = true, .input = 50, .output = 20},
         "voice m-1: text 0+0>0 sound 50+0>20 heard 0"},
        {DESK_USAGE_WORDS,
         {.present = true, .seconds = 2.5},
         "words gpt-transcribe: text 0+0>0 sound 0+0>0 heard 2500"},
        {DESK_USAGE_WORDS,
         {.present = true, .input = 40, .in_audio = 30, .in_text = 10, .output = 9},
         "words gpt-transcribe: text 0+0>0 sound 0+0>0 heard 3000"},
        {DESK_USAGE_WORDS,
         {.present = true, .seconds = 1e300, .input = 7},
         "words gpt-transcribe: text 0+0>0 sound 0+0>0 heard 700"},
        {DESK_USAGE_VOICE, {.present = false, .input = 50}, ""},
    };
    snprintf(bridge.target.engine, sizeof bridge.target.engine, "api.example.com m-1");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        *used = '\0';
        call_measure_usage(call, rows[i].part, &rows[i].u);
        assert_string_equal(used, rows[i].want);
    }
    bridge.target.offline = true;
    call_measure_usage(call, DESK_USAGE_WORDS, &rows[3].u);
    assert_string_equal(used, "words m-1: text 0+0>0 sound 0+0>0 heard 2500");
    bridge.target.offline = false;
    *bridge.target.engine = '\0';
}

/* ---- what the owner asks for ----------------------------------------------------------------- */

static void owner_asks(const char *id, const char *kind, const char *text)
{
    struct ordered *o = calloc(1, sizeof *o);
    assert_non_null(o);
    snprintf(o->id, sizeof o->id, "%s", id);
    snprintf(o->kind, sizeof o->kind, "%s", kind);
    snprintf(o->text, sizeof o->text, "%s", text);
    if (!call_order(call, o))
        free(o);
}

static int orders_begin(void **state)
{
    *orders_told = '\0';
    return talk_begin(state);
}

static int orders_over(void **state)
{
    call_orders_clear(call);
    return talk_over(state);
}

static void a_sentence_waits_for_the_answer_and_is_spoken(void **state)
{
    (void)state;
    owner_asks("o1", DESK_LIVE_SAY, "Sal is on his way."); /* the brain thinks about the greeting */
    assert_string_equal(orders_told, "");
    answers("Hello.", NULL, NULL);
    call_order_look(call);
    assert_string_equal(orders_told, "o1 say asked");
    assert_non_null(strstr(sent[1], "Sal is on his way."));
    mono += 400;
    call_order_look(call);
    assert_string_equal(orders_told, "o1 say asked"); /* it is still being spoken */
    mono += 20000;
    call_order_look(call);
    assert_string_equal(orders_told, "o1 say asked, o1 say done");
}

static void spoken_over_it_was_not_said(void **state)
{
    (void)state;
    answers("Hello.", NULL, NULL);
    mono += 20000;
    owner_asks("o1", DESK_LIVE_SAY, "Sal is on his way to you.");
    mono += 1500;
    struct desk_relay_msg m = {.text = "Sal is on", .ms = 900};
    relay_interrupted(call, &m);
    assert_string_equal(orders_told, "o1 say asked, o1 say cut");
}

static void what_ends_the_talk_waits_for_nobody(void **state)
{
    (void)state;
    owner_asks("o1", DESK_LIVE_SAY, "Sal is on his way.");
    call->orders.n = 0; /* gone */
    free(call->orders.v[0]);
    owner_asks("o2", DESK_LIVE_THROUGH, "");
    assert_true(brain.cancelled);
    assert_non_null(strstr(sent[n_sent - 1], "putting you through"));
    assert_int_equal(call->state, CALL_LEAVING);
    owner_asks("o3", DESK_LIVE_SAY, "Too late.");
    pass(20000);
    assert_string_equal(ended, "transfer transfer");
    call_orders_end(call, "transfer");
    assert_string_equal(orders_told, "o2 through asked, o3 say late, o2 through done");
}

static void who_hangs_up_is_not_put_through(void **state)
{
    (void)state;
    owner_asks("o1", DESK_LIVE_MESSAGE, "");
    owner_asks("o2", DESK_LIVE_HANGUP, "");
    call_orders_end(call, "caller_left");
    assert_string_equal(orders_told, "o1 message asked, o2 hangup late, o1 message late");
    for (int i = 0; i <= DESK_MAX_ORDERS; i++) {
        call->state = CALL_DIALLING; /* not yet: they wait */
        owner_asks("x", DESK_LIVE_SAY, "Hello.");
    }
    assert_int_equal(call->orders.n, DESK_MAX_ORDERS);
    assert_non_null(strstr(orders_told, "x say failed"));
}

static void the_rules_brain(void **state)
{
    (void)state;
    assert_ptr_equal(relay_brain_find(NULL), &relay_brain_rules);
    assert_ptr_equal(relay_brain_find("rules"), &relay_brain_rules);
    assert_ptr_equal(relay_brain_find("model"), &relay_brain_model);
    assert_null(relay_brain_find("oracle"));
}

int main(void)
{
#define S(f) cmocka_unit_test_setup_teardown(f, speech_begin, speech_over)
#define C(f) cmocka_unit_test_setup_teardown(f, talk_begin, talk_over)
#define O(f) cmocka_unit_test_setup_teardown(f, orders_begin, orders_over)
#define F(f) cmocka_unit_test_setup_teardown(f, far_begin, talk_over)
    const struct CMUnitTest tests[] = {
        S(heard_by_words),
        S(heard_in_whole),
        S(several_sayings),
        S(utterance_of_a_later_saying),
        S(interrupted_after_we_thought_it_over),
        S(interrupted_end_time),
        S(spoken_by_reading_speed),
        S(spoken_as_twilio_tells),
        S(a_slow_voice_is_waited_for),
        S(an_answer_tells_that_it_was_heard),
        S(given_up),
        S(ring_and_limits),
        C(one_input_at_a_time),
        C(waiting_is_measured),
        C(what_a_model_counts),
        C(brain_without_an_answer),
        F(a_brain_that_waits_for_a_server),
        F(more_words_before_the_answer),
        F(a_brain_that_ended_the_talk_itself),
        C(tool_and_its_result),
        C(slow_tool_gets_a_filler_then_fails),
        C(leaves_when_the_last_words_are_spoken),
        C(keys_into_the_goodbye_hold_it),
        C(last_words_have_a_limit),
        C(parting_without_its_tool),
        C(silence_is_asked_then_ended),
        C(noise_does_not_keep_a_call),
        C(long_calls_are_told_and_ended),
        C(turns_that_lead_nowhere),
        C(interrupted_words_reach_the_brain),
        C(keys_pause_ends_a_row),
        O(a_sentence_waits_for_the_answer_and_is_spoken),
        O(spoken_over_it_was_not_said),
        O(what_ends_the_talk_waits_for_nobody),
        O(who_hangs_up_is_not_put_through),
        cmocka_unit_test(the_rules_brain),
    };
    return cmocka_run_group_tests_name("relay", tests, NULL, NULL);
}
