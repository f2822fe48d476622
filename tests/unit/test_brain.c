/* The two brains behind one interface, on a real database in memory: turns, tools, {TRANSFER}, and
 * the rules in the place of a model that fails. The model is a script. */
#include "base/config.h"
#include "base/ids.h"
#include "store/results.h"
#include "talk/brain.h"
#include "tests/unit/tools_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALLER "+18605550134"

static const struct desk_tenant harwick = {
    .id = "tenant_1",
    .slug = "harwick",
    .name = "Harwick Plumbing",
    .profile = "{\"greeting\":\"Thanks for calling Harwick Plumbing.\",\"services\":[\"repair\","
               "\"water heater\"],\"emergencies\":[\"burst pipe\"],\"people\":[\"Sal\"]}",
    .created_at = 1,
    .updated_at = 1};

static void open_and_call(void)
{
    tenant = harwick;
    location = (struct desk_location){.id = "loc_1",
                                      .tenant_id = "tenant_1",
                                      .name = "Main",
                                      .zone = "America/New_York",
                                      .hours = "{}",
                                      .owner_name = "Sal",
                                      .owner_phone = "+18605550101",
                                      .created_at = 1};
    world_open();
    world_call((struct desk_call){.id = "call_1",
                                  .caller_kind = "new",
                                  .from_number = CALLER,
                                  .to_number = "+18605550100",
                                  .mode = "gather"});
}

/* ---- the model: a script --------------------------------------------------------------------- */

struct line {
    enum desk_llm_end end;
    const char *text;
    const char *tools[6]; /* name, arguments, name, arguments, … */
    bool pieces;          /* the words come one character at a time */
};

static struct line script[12];
static size_t n_script, asked;
static char *sent[12]; /* what it was asked, in OpenAI's dialect */
static int tools_offered[12];

static void ask(const struct desk_llm_question *q, struct desk_llm_answer *a)
{
    struct desk_buf out;
    const struct line *l = &script[asked < n_script ? asked : n_script - 1];
    assert_true(n_script > 0 && asked < sizeof sent / sizeof *sent);
    desk_buf_init(&out, DESK_MAX_CHAT_REQUEST);
    desk_chat_build(
        &out, DESK_CHAT_OPENAI,
        &(struct desk_chat_request){.system = q->system, .msgs = q->msgs, .n_msgs = q->n_msgs});
    free(sent[asked]);
    sent[asked] = desk_buf_take(&out);
    tools_offered[asked++] = q->no_tools ? -1 : (int)json_array_size(q->tools);
    memset(a, 0, sizeof *a);
    desk_chat_reply_init(&a->reply, DESK_CHAT_OPENAI);
    a->end = l->end;
    snprintf(a->why, sizeof a->why, "%s", l->end ? "It failed." : "");
    a->tries = 1;
    a->first_ms = 5;
    a->reply.usage = (struct desk_chat_usage){true, 100, 50, 10};
    snprintf(a->reply.model, sizeof a->reply.model, "script-1");
    desk_buf_str(&a->reply.text, l->text);
    for (const char *p = l->text; p && *p && q->words; p += l->pieces ? 1 : strlen(p))
        q->words(q->ctx, p, l->pieces ? 1 : strlen(p));
    for (size_t i = 0; l->tools[i]; i += 2) {
        struct desk_chat_part *part = &a->reply.calls[a->reply.n_calls++];
        desk_buf_init(&part->id, 100);
        desk_buf_init(&part->name, 100);
        desk_buf_init(&part->arguments, 10000);
        desk_buf_fmt(&part->id, "c%zu_%zu", asked, i);
        desk_buf_str(&part->name, l->tools[i]);
        desk_buf_str(&part->arguments, l->tools[i + 1]);
    }
}
static const struct desk_llm scripted = {.ask = ask};

static void answers_with(const struct line *lines, size_t n)
{
    memcpy(script, lines, n * sizeof *lines);
    n_script = n;
    asked = 0;
}
#define MODEL(...)                                                                                 \
    answers_with((const struct line[]){__VA_ARGS__},                                               \
                 sizeof((const struct line[]){__VA_ARGS__}) / sizeof(struct line))
#define SAYS(words)                                                                                \
    {                                                                                              \
        .text = (words)                                                                            \
    }
#define CALLS(t, ...)                                                                              \
    {                                                                                              \
        .text = (t), .tools = { __VA_ARGS__ }                                                      \
    }
#define FAILS(how)                                                                                 \
    {                                                                                              \
        .end = (how)                                                                               \
    }
#define CALLBACK                                                                                   \
    "schedule_callback", "{\"name\":\"Dana\",\"reason\":\"water heater\",\"when_text\":"           \
                         "\"tomorrow\",\"urgency\":\"normal\"}"
#define END "end_call", "{\"outcome\":\"completed\"}"

/* ---- a talk ---------------------------------------------------------------------------------- */

static struct desk_brain_answer a;
static const struct desk_brain *brain;
static const char *state;
static int n;
static char spoken[4000];
static bool stream, not_mine;

static void on_words(void *ctx, const char *p, size_t len)
{
    (void)ctx;
    snprintf(spoken + strlen(spoken), sizeof spoken - strlen(spoken), "%.*s", (int)len, p);
}

static bool mine(void *ctx)
{
    (void)ctx;
    return !not_mine;
}

static void write_turn(const char *who, const char *how, const char *text)
{
    struct desk_turn t = {.tenant_id = "tenant_1",
                          .call_id = "call_1",
                          .item_id = desk_arena_fmt(arena, "%d-%s", n, who),
                          .who = who,
                          .how = how,
                          .text = text,
                          .start_ms = desk_now_ms() - call.started_at};
    must(DESK_TX_BEGIN(db));
    must(desk_tx_end(db, desk_turn_add(db, &t)));
}

static enum desk_rc take(enum desk_brain_event event, const char *text)
{
    struct desk_prompt_input about;
    struct desk_brain_past past;
    must(desk_call_get(db, arena, "tenant_1", "call_1", &call));
    must(desk_prompt_load(db, arena, &call, &about));
    n++;
    if (*text)
        write_turn(DESK_WHO_CALLER, event == DESK_BRAIN_KEYS ? "keys" : "speech", text);
    must(desk_brain_past_load(db, arena, &call, desk_arena_fmt(arena, "%d-caller", n), &past));
    desk_brain_answer_clear(&a);
    desk_brain_answer_init(&a);
    spoken[0] = '\0';
    enum desk_rc rc =
        desk_brain_think(brain,
                         &(struct desk_brain_turn){.db = db,
                                                   .arena = arena,
                                                   .about = &about,
                                                   .event = event,
                                                   .text = text,
                                                   .state = state,
                                                   .past = &past,
                                                   .deadline_ms = desk_mono_ms() + 1000,
                                                   .llm = &scripted,
                                                   .words = stream ? on_words : NULL,
                                                   .mine = mine},
                         &a);
    state = a.state;
    if (!rc && a.say.len)
        write_turn(DESK_WHO_DESK, "speech", a.say.p);
    return rc;
}

static void hear(const char *text)
{
    must(take(DESK_BRAIN_SPEECH, text));
}

static const char *said(void)
{
    return desk_buf_cstr(&a.say);
}
#define says(want) assert_string_equal(said(), want)

static void has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in: %s", part, text);
}

static size_t callbacks(void)
{
    struct desk_callback *v;
    size_t count;
    must(desk_callback_by_call(db, arena, "tenant_1", "call_1", &v, &count));
    return count;
}

static const char *event_of(const char *name, size_t *times)
{
    struct desk_event *v;
    size_t count;
    const char *detail = NULL;
    *times = 0;
    must(desk_event_list(db, arena, "tenant_1", "call_1", 500, &v, &count));
    for (size_t i = 0; i < count; i++)
        if (strcmp(v[i].name, name) == 0) {
            detail = v[i].detail;
            ++*times;
        }
    return detail;
}

static struct desk_call row(void)
{
    struct desk_call c;
    must(desk_call_get(db, arena, "tenant_1", "call_1", &c));
    return c;
}

static int start(void **unused)
{
    (void)unused;
    open_and_call();
    brain = &desk_brain_llm;
    state = NULL;
    n = 0;
    stream = not_mine = false;
    n_script = asked = 0;
    desk_brain_answer_init(&a);
    return 0;
}

static int stop(void **unused)
{
    (void)unused;
    desk_brain_answer_clear(&a);
    for (size_t i = 0; i < sizeof sent / sizeof *sent; i++) {
        free(sent[i]);
        sent[i] = NULL;
    }
    world_close();
    return 0;
}

/* ---- the rules ------------------------------------------------------------------------------- */

static void the_rules_take_a_callback(void **unused)
{
    (void)unused;
    brain = &desk_brain_rules;
    must(take(DESK_BRAIN_START, ""));
    has(said(), "Thanks for calling Harwick Plumbing.");
    assert_string_equal(a.brain, "rules");
    hear("please have Sal call me back about my last bill");
    has(said(), "name");
    assert_int_equal(a.expect, DESK_EXPECT_NAME);
    assert_true(a.led_on);
    hear("My name is Charlie Brown");
    assert_int_equal(a.n_did, 1);
    assert_string_equal(a.did[0].tool, "log_caller_info");
    has(a.did[0].args, "\"name\":\"Charlie Brown\"");
    for (int i = 0; i < 6 && !callbacks(); i++)
        must(take(DESK_BRAIN_KEYS, "1"));
    assert_int_equal(callbacks(), 1);
    assert_false(a.done);
    hear("no");
    assert_true(a.done);
    assert_string_equal(a.next, DESK_NEXT_HANGUP);
    assert_string_equal(row().next_step, DESK_NEXT_HANGUP);
    assert_int_equal(asked, 0);
}

/* By keys alone, from the number to the time; nothing is booked before the last of them. */
static void the_rules_book_a_visit(void **unused)
{
    bool ok = false;
    (void)unused;
    brain = &desk_brain_rules;
    must(take(DESK_BRAIN_START, ""));
    hear("I need a repair");
    hear("it's Charlie Brown");
    for (int i = 0; i < 12 && !ok; i++) {
        must(take(DESK_BRAIN_KEYS, "1"));
        for (size_t k = 0; k < a.n_did; k++)
            ok = ok || strcmp(a.did[k].tool, "book_appointment") == 0;
    }
    assert_true(ok);
    has(said(), "It is booked: repair on ");
    assert_int_equal(callbacks(), 0);
    assert_string_equal(row().outcome, DESK_OUT_BOOKED);
    hear("okay thanks");
    assert_true(a.done);
    assert_int_equal(asked, 0);
}

static void the_rules_go_on_after_a_broken_line(void **unused)
{
    (void)unused;
    write_turn(DESK_WHO_DESK, "speech", "How can I help?");
    n++;
    write_turn(DESK_WHO_CALLER, "speech", "my water heater is leaking");
    must(take(DESK_BRAIN_RESUME, "")); /* also where a model thinks: known words at once */
    says("I am sorry, the line was interrupted. I have: water heater. Is that right?");
    assert_int_equal(asked, 0);
}

static void nothing_understood_leads_nowhere(void **unused)
{
    (void)unused;
    brain = &desk_brain_rules;
    must(take(DESK_BRAIN_START, ""));
    hear("repair");
    hear("what are your opening hours");
    assert_false(a.led_on);
}

/* ---- the model ------------------------------------------------------------------------------- */

static void the_model_talks(void **unused)
{
    (void)unused;
    must(take(DESK_BRAIN_START, ""));
    says("Thanks for calling Harwick Plumbing. How can I help you?");
    assert_int_equal(asked, 0); /* known words need no model */
    MODEL(SAYS("Sure. **What is your name?**"));
    hear("my boiler is broken");
    says("Sure. What is your name?");
    assert_int_equal(a.expect, DESK_EXPECT_NAME);
    assert_false(a.done);
    assert_string_equal(a.brain, "model");
    assert_int_equal(a.trouble, DESK_LLM_ANSWERED);
    assert_int_equal(a.usage.input, 100);
    assert_true(tools_offered[0] >= 9);
    has(sent[0], "# How this talk goes");
    has(sent[0], "You are the automated telephone receptionist of Harwick Plumbing.");
    has(sent[0],
        "\"role\":\"assistant\",\"content\":\"Thanks for calling Harwick Plumbing. How can I "
        "help you?\"},{\"role\":\"user\",\"content\":\"my boiler is broken\"}]");
    MODEL(SAYS("Thanks, Dana. What is the best number?"));
    hear("Dana");
    assert_int_equal(a.expect, DESK_EXPECT_NUMBER);
    MODEL(SAYS("Anything else?"));
    must(take(DESK_BRAIN_KEYS, "4155550199#"));
    has(sent[0], "{\"role\":\"user\",\"content\":\"[keys] 4155550199#\"}");
    assert_int_equal(a.expect, DESK_EXPECT_ANYTHING);
    size_t times;
    assert_string_equal(event_of("brain", &times), "A text model answers: script-1.");
    assert_int_equal(times, 1);
}

static void the_model_calls_tools(void **unused)
{
    (void)unused;
    must(take(DESK_BRAIN_START, ""));
    MODEL(CALLS("One moment.", CALLBACK), SAYS("It is noted. Anything else?"));
    hear("call me tomorrow about the water heater, I am Dana");
    says("One moment. It is noted. Anything else?");
    assert_int_equal(callbacks(), 1);
    assert_int_equal(asked, 2);
    assert_int_equal(a.usage.input, 200);
    has(sent[1], "\"tool_calls\":[{\"id\":\"c1_0\",\"type\":\"function\",\"function\":{\"name\":"
                 "\"schedule_callback\"");
    has(sent[1], "{\"role\":\"tool\",\"tool_call_id\":\"c1_0\",\"content\":\"{\\\"ok\\\":true");
    /* in the next turn it knows what it has done */
    MODEL(CALLS("Thank you. Goodbye.", END));
    hear("no that is all");
    has(sent[0], "{\"role\":\"tool\",\"tool_call_id\":\"past_1\",\"content\":\"{\\\"ok\\\":true");
    says("Thank you. Goodbye.");
    assert_true(a.done);
    assert_string_equal(a.next, DESK_NEXT_HANGUP);
    assert_int_equal(asked, 1);
    assert_string_equal(row().outcome, DESK_OUT_CALLBACK);
}

static void two_tools_at_once(void **unused)
{
    (void)unused;
    must(take(DESK_BRAIN_START, ""));
    MODEL(CALLS(NULL, "log_caller_info", "{\"name\":\"Dana\"}", CALLBACK), SAYS("Done."));
    hear("I am Dana, call me tomorrow about the water heater");
    assert_int_equal(callbacks(), 1);
    assert_int_equal(a.n_did, 2);
    const char *first = strstr(sent[1], "\"tool_call_id\":\"c1_0\"");
    const char *second = strstr(sent[1], "\"tool_call_id\":\"c1_2\"");
    assert_true(first && second && first < second); /* the results in the order of the calls */
    /* the same again is not done twice */
    MODEL(CALLS(NULL, CALLBACK), SAYS("It is noted already."));
    hear("did you get that");
    assert_int_equal(callbacks(), 1);
}

/* "Goodbye" with a promise that was not written down: the talk does not end. */
static void no_goodbye_while_a_tool_is_refused(void **unused)
{
    (void)unused;
    must(take(DESK_BRAIN_START, ""));
    MODEL(CALLS("All done, goodbye!", END, "schedule_callback", "{\"reason\":\"x\"}"),
          SAYS("When should we call?"));
    hear("call me back");
    says("When should we call?"); /* and not that it is done */
    assert_false(a.done);
    assert_null(row().next_step);
    has(sent[1], "another tool that you called was refused");
}

static void nonsense_of_tools_is_told_to_the_model(void **unused)
{
    (void)unused;
    must(take(DESK_BRAIN_START, ""));
    MODEL(CALLS(NULL, "book.a flight!", "{}"), CALLS(NULL, "end_call", "not json"),
          CALLS(NULL, "", "{}"), SAYS("What can I do for you?"));
    hear("hello");
    says("What can I do for you?");
    has(sent[1], "There is no such tool");
    has(sent[1], "\"name\":\"book_a_flight_\""); /* a name that the other side takes back */
    has(sent[2], "\"arguments\":\"{}\"");
    has(sent[3], "\"name\":\"unknown\"");
    assert_false(a.done);
    /* it never stops calling: the last round has no tools, and nothing said is no answer */
    MODEL(CALLS(NULL, "log_caller_info", "{\"name\":\"A\"}"));
    hear("my water heater is leaking");
    assert_int_equal(asked, 5);
    assert_true(tools_offered[3] >= 9);
    assert_int_equal(tools_offered[4], -1);
    assert_string_equal(a.brain, "rules");
    assert_int_equal(a.trouble, DESK_LLM_NONSENSE);
}

static void words_at_the_end(void **unused)
{
    static const struct {
        struct line line;
        const char *next, *say;
    } rows[] = {
        {CALLS(NULL, END), DESK_NEXT_HANGUP, "Thank you for calling. Goodbye."},
        {CALLS("Bye now.", END), DESK_NEXT_HANGUP, "Bye now."},
        {CALLS(NULL, "transfer_to_owner", "{\"reason\":\"x\"}"), DESK_NEXT_TRANSFER,
         "I am putting you through."},
        {CALLS("Sure.", "end_call", "{\"outcome\":\"message\"}"), DESK_NEXT_MESSAGE,
         "Sure. Please leave your message after the tone."},
        {CALLS("Speak after the tone.", "end_call", "{\"outcome\":\"message\"}"), DESK_NEXT_MESSAGE,
         "Speak after the tone."},
        {SAYS("Thanks for calling, goodbye!"), DESK_NEXT_HANGUP, "Thanks for calling, goodbye!"},
    };
    (void)unused;
    must(take(DESK_BRAIN_START, ""));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        answers_with(&rows[i].line, 1);
        hear("go on");
        says(rows[i].say);
        assert_true(a.done);
        assert_string_equal(a.next, rows[i].next);
        assert_string_equal(row().next_step, rows[i].next);
    }
    MODEL(SAYS("Did you say goodbye?"));
    hear("go on");
    assert_false(a.done);
}

static void silence_asks_no_model(void **unused)
{
    (void)unused;
    must(take(DESK_BRAIN_START, ""));
    must(take(DESK_BRAIN_SILENCE, ""));
    says("Are you still there? How can I help you?");
    assert_false(a.done);
    MODEL(SAYS("What is your name?"));
    hear("yes"); /* a word in between: counted anew */
    must(take(DESK_BRAIN_SILENCE, ""));
    says("Are you still there? What is your name?");
    assert_int_equal(a.expect, DESK_EXPECT_NAME);
    must(take(DESK_BRAIN_SILENCE, ""));
    has(said(), "I cannot hear you. Please leave your message after the tone");
    assert_true(a.done);
    assert_string_equal(row().next_step, DESK_NEXT_MESSAGE);
    assert_int_equal(asked, 1);
}

/* ---- {TRANSFER} ------------------------------------------------------------------------------ */

static void a_transfer_in_words_is_honoured(void **unused)
{
    static const struct {
        const char *text, *say;
    } rows[] = {{"One moment. {TRANSFER}", "One moment."},
                {"{TRANSFER}", "I am putting you through."},
                {"{transfer} Please hold.", "Please hold."}};
    (void)unused;
    must(take(DESK_BRAIN_START, ""));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        MODEL(SAYS(rows[i].text));
        hear("let me talk to Sal");
        says(rows[i].say);
        assert_true(a.done);
        assert_string_equal(row().next_step, DESK_NEXT_TRANSFER);
        assert_string_equal(row().transfer_to, "+18605550101");
        assert_string_equal(row().transfer_reason, "let me talk to Sal");
        assert_int_equal(a.n_did, 1);
        assert_string_equal(a.did[0].args, "{\"reason\":\"let me talk to Sal\"}");
    }
}

static void a_transfer_that_cannot_be_is_not_announced(void **unused)
{
    (void)unused;
    must(take(DESK_BRAIN_START, ""));
    /* nobody to ring: the row of the location says so */
    struct desk_location none = location;
    none.id = "loc_2";
    none.owner_phone = NULL;
    must(DESK_TX_BEGIN(db));
    must(desk_tx_end(db, desk_location_insert(db, &none)));
    struct desk_prompt_input about;
    struct desk_brain_past past;
    must(desk_prompt_load(db, arena, &call, &about));
    about.location = &none;
    must(desk_brain_past_load(db, arena, &call, NULL, &past));
    MODEL(SAYS("I am putting you through. {TRANSFER}"));
    desk_brain_answer_clear(&a);
    desk_brain_answer_init(&a);
    must(desk_brain_think(&desk_brain_llm,
                          &(struct desk_brain_turn){.db = db,
                                                    .arena = arena,
                                                    .about = &about,
                                                    .event = DESK_BRAIN_SPEECH,
                                                    .text = "Sal please",
                                                    .past = &past,
                                                    .deadline_ms = desk_mono_ms() + 1000,
                                                    .llm = &scripted},
                          &a));
    says("I am sorry, I cannot put you through at the moment. Shall we call you back?");
    assert_false(a.done);
    assert_null(row().next_step);
}

/* ---- words as they come ---------------------------------------------------------------------- */

static void words_are_handed_out_as_they_come(void **unused)
{
    (void)unused;
    stream = true;
    must(take(DESK_BRAIN_START, ""));
    assert_string_equal(spoken, said());
    MODEL({.text = "One <b>moment</b>.", .pieces = true, .tools = {CALLBACK}},
          {.text = "**It is noted.** {nothing} Anything else?", .pieces = true});
    hear("call me tomorrow about the water heater, I am Dana");
    says("One moment . It is noted. Anything else?");
    assert_string_equal(spoken, said());
    MODEL({.text = "One moment. {TRANSFER} never", .pieces = true});
    hear("Sal please");
    assert_string_equal(spoken, "One moment. never");
    assert_string_equal(row().next_step, DESK_NEXT_TRANSFER);
    MODEL({.end = DESK_LLM_LATE, .text = "I will"});
    hear("what are your opening hours");
    has(spoken, "I will"); /* it cannot be taken back */
    has(spoken, "opening hours");
    assert_null(strstr(said(), "I will"));
}

/* ---- the rules in its place ------------------------------------------------------------------ */

static void the_rules_answer_when_the_model_fails(void **unused)
{
    (void)unused;
    for (int end = DESK_LLM_NOT_SET; end < DESK_LLM__MAX; end++) {
        size_t times;
        if (end > DESK_LLM_NOT_SET) {
            stop(NULL);
            start(NULL);
        }
        must(take(DESK_BRAIN_START, ""));
        MODEL(FAILS((enum desk_llm_end)end));
        hear("my water heater is leaking");
        says("I have: water heater. Is that right?");
        assert_string_equal(a.brain, "rules");
        assert_int_equal(a.trouble, end);
        assert_string_equal(event_of("brain_failed", &times),
                            "It failed. The rules answered in its place.");
        assert_int_equal(times, 1);
        assert_int_equal(asked, 1);
    }
    /* the rules go on from there by themselves */
    brain = &desk_brain_rules;
    hear("yes");
    has(said(), "name");
}

static void nonsense_is_a_failure(void **unused)
{
    static const char *const texts[] = {
        "", "   ", "***", "{\"name\":\"end_call\"}", "<think>hm, what now?</think>", "<think>hm"};
    (void)unused;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (i) {
            stop(NULL);
            start(NULL);
        }
        must(take(DESK_BRAIN_START, ""));
        MODEL(SAYS(texts[i]));
        hear("my water heater is leaking");
        assert_string_equal(a.brain, "rules");
        assert_int_equal(a.trouble, DESK_LLM_NONSENSE);
        has(said(), "water heater");
    }
}

static void going_in_circles_is_a_failure(void **unused)
{
    (void)unused;
    must(take(DESK_BRAIN_START, ""));
    MODEL(SAYS("What is it about?"));
    hear("my water heater is leaking");
    hear("as I said");
    assert_string_equal(a.brain, "model");
    hear("my water heater is leaking");
    assert_string_equal(a.brain, "rules");
    assert_int_equal(a.trouble, DESK_LLM_NONSENSE);
}

/* A promise that was written down before the model failed is known to the rules. */
static void what_was_done_in_the_turn_is_known(void **unused)
{
    (void)unused;
    must(take(DESK_BRAIN_START, ""));
    MODEL(CALLS("One moment.", CALLBACK), FAILS(DESK_LLM_UNREACHED));
    hear("call me tomorrow about the water heater, I am Dana");
    has(said(), "Your callback is noted: Sal will call you on");
    has(said(), "Is there anything else?");
    assert_null(strstr(said(), "One moment"));
    assert_int_equal(callbacks(), 1);
    assert_false(a.done);
}

/* The rules hold the talk, then the model is back: it reads all that was said. */
static void the_model_comes_back(void **unused)
{
    (void)unused;
    must(take(DESK_BRAIN_START, ""));
    MODEL(FAILS(DESK_LLM_LATE));
    hear("my water heater is leaking");
    assert_string_equal(a.brain, "rules");
    MODEL(SAYS("What is your name?"));
    hear("yes");
    assert_string_equal(a.brain, "model");
    has(sent[0], "\"content\":\"I have: water heater. Is that right?\"},{\"role\":\"user\","
                 "\"content\":\"yes\"}");
    MODEL(FAILS(DESK_LLM_LATE)); /* and again: primed anew, not where it stood before */
    hear("Dana");
    says("I have: water heater, for Dana. Is that right?");
}

static void a_talk_that_is_too_long_is_asked_with_its_end(void **unused)
{
    (void)unused;
    must(take(DESK_BRAIN_START, ""));
    MODEL(SAYS("Go on."), SAYS("And then?"), SAYS("I see."));
    for (int i = 0; i < 11; i++)
        hear("a long story");
    MODEL(FAILS(DESK_LLM_TOO_LONG), SAYS("What can we do?"));
    hear("the end of it");
    says("What can we do?");
    assert_int_equal(asked, 2);
    has(sent[0], "Thanks for calling");
    assert_null(strstr(sent[1], "How can I help you?"));
    has(sent[1], "the end of it");
    MODEL(FAILS(DESK_LLM_TOO_LONG));
    hear("and more");
    assert_int_equal(asked, 2);
    assert_string_equal(a.brain, "rules");
}

static void somebody_else_answers_this_turn(void **unused)
{
    (void)unused;
    must(take(DESK_BRAIN_START, ""));
    not_mine = true;
    MODEL(CALLS(NULL, CALLBACK), SAYS("Done."));
    assert_int_equal(take(DESK_BRAIN_SPEECH, "call me tomorrow"), DESK_ECONFLICT);
    assert_int_equal(callbacks(), 0);
}

/* ---- which ----------------------------------------------------------------------------------- */

static void which_brain_is_asked(void **unused)
{
    struct desk_tenant_settings own = {.own = {NULL}};
    (void)unused;
    desk_setting_override(DESK_S_OPENAI_API_KEY, "");
    desk_setting_override(DESK_S_CHAT_URL, "");
    assert_ptr_equal(desk_brain_choose(&own, 0), &desk_brain_rules); /* auto, and none is set up */
    own.own[DESK_S_BRAIN] = "model";
    assert_ptr_equal(desk_brain_choose(&own, 0), &desk_brain_rules);
    own.own[DESK_S_BRAIN] = NULL;
    desk_setting_override(DESK_S_OPENAI_API_KEY, "k");
    assert_ptr_equal(desk_brain_choose(&own, 0), &desk_brain_llm);
    assert_ptr_equal(desk_brain_choose(&own, 1), &desk_brain_llm);
    assert_ptr_equal(desk_brain_choose(&own, 2), &desk_brain_rules);
    own.own[DESK_S_BRAIN] = "rules";
    assert_ptr_equal(desk_brain_choose(&own, 0), &desk_brain_rules);
    desk_setting_override(DESK_S_OPENAI_API_KEY, "");
    assert_true(desk_brain_is_model(desk_brains[1]) && !desk_brain_is_model(desk_brains[0]));
    for (int i = 0; i < DESK_BRAIN_EVENT__MAX; i++)
        assert_int_equal(desk_brain_event_parse(desk_brain_event_name((enum desk_brain_event)i)),
                         i);
    assert_int_equal(desk_brain_event_parse("x"), DESK_BRAIN_SILENCE);
}

#define T(f) cmocka_unit_test_setup_teardown(f, start, stop)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(the_rules_take_a_callback),
        T(the_rules_book_a_visit),
        T(the_rules_go_on_after_a_broken_line),
        T(nothing_understood_leads_nowhere),
        T(the_model_talks),
        T(the_model_calls_tools),
        T(two_tools_at_once),
        T(no_goodbye_while_a_tool_is_refused),
        T(nonsense_of_tools_is_told_to_the_model),
        T(words_at_the_end),
        T(silence_asks_no_model),
        T(a_transfer_in_words_is_honoured),
        T(a_transfer_that_cannot_be_is_not_announced),
        T(words_are_handed_out_as_they_come),
        T(the_rules_answer_when_the_model_fails),
        T(nonsense_is_a_failure),
        T(going_in_circles_is_a_failure),
        T(what_was_done_in_the_turn_is_known),
        T(the_model_comes_back),
        T(a_talk_that_is_too_long_is_asked_with_its_end),
        T(somebody_else_answers_this_turn),
        T(which_brain_is_asked),
    };
    return cmocka_run_group_tests_name("brain", tests, NULL, NULL);
}
