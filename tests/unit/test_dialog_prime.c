/* A talk that broke, carried on by questions: whole conversations with a model, cut after every
 * turn. Whatever was told is repeated or used, nothing of it is asked for again, and each way leads
 * to a callback with the right facts. */
#include "tests/unit/dialog_talk.h"

#include <stdio.h>
#include <strings.h>

static const char facts[] =
    "{\"business\":\"Harwick Plumbing\",\"owner\":\"Sal\",\"services\":[\"drain cleaning\",\"water "
    "heater\",\"leak repair\"],\"people\":[\"Sal\"],\"emergencies\":[\"burst pipe\"],"
    "\"caller\":{\"number\":\"+14155550134\"},\"can_transfer\":true,\"open_now\":true}";

static int fresh(void **state)
{
    (void)state;
    return desk_dialog_profile_parse(&profile, facts) != DESK_OK;
}

#define TURNS_MAX 16
static struct desk_dialog_past_turn turns[TURNS_MAX];
static struct desk_dialog_past_tool tools[4];

static void resume(size_t n_turns, size_t n_tools, bool urgent)
{
    const struct desk_dialog_past past = {turns, n_turns, tools, n_tools, urgent};
    const struct desk_dialog_input in = {DESK_DIALOG_RESUME, "", NULL};
    desk_dialog_prime(&profile, &talk, &past);
    desk_dialog_step(&profile, &talk, &in, &out);
    assert_non_null(strstr(out.say, "the line was interrupted"));
    assert_null(strstr(out.say, "Thank you for calling"));
}

/* desk, caller, desk, caller, … */
static size_t said(const char *const *lines)
{
    size_t n = 0;
    for (; lines[n]; n++)
        turns[n] = (struct desk_dialog_past_turn){lines[n], n % 2 == 1};
    return n;
}
#define SAID(...) said((const char *const[]){__VA_ARGS__, NULL})

/* One conversation; after how many turns what is known, and in which state it goes on. */
static const char *const whole[] = {
    "Thank you for calling Harwick Plumbing. How can I help?",
    "Hi, um, my water heater is leaking and there is no hot water.",
    "Oh, I am sorry to hear that. May I have your name?",
    "Dana",
    "Thanks, Dana. What number can we reach you at?",
    "four one five five five five oh one nine nine",
    "Got it. And when would be a good time to call?",
    "Tuesday morning would be good",
    "Let me put that in. Is that right?",
    "Yes",
    NULL,
};
static const struct {
    size_t after;
    const char *state, *words, *reason, *name, *number, *when;
} cuts[] = {
    {0, "reason", "Let us carry on.", "", "", "", ""},
    {1, "reason", "Let us carry on.", "", "", "", ""},
    {2, "recap", "I have: water heater. Is that right?", "water heater", "", "", ""},
    {3, "recap", "I have: water heater. Is that right?", "water heater", "", "", ""},
    {4, "recap", "I have: water heater, for Dana. Is that right?", "water heater", "Dana", "", ""},
    {6, "recap", "water heater, for Dana, on 4 1 5, 5 5 5, 0 1 9 9. Is that", "water heater",
     "Dana", "+14155550199", ""},
    {8, "confirm", "I have: water heater. Sal will call Dana on 4 1 5, 5 5 5, 0 1 9 9, Tuesday",
     "water heater", "Dana", "+14155550199", "Tuesday morning"},
    {10, "confirm", "Is that right?", "water heater", "Dana", "+14155550199", "Tuesday morning"},
};

/* Answers whatever is asked, as somebody would who has said it once and gives it again if asked. */
static void to_the_end(const char *const *answers_by_state, size_t n)
{
    for (int i = 0; i < 20 && strcmp(out.tool_name, "schedule_callback") != 0; i++) {
        const char *state = desk_dialog_state_name(talk.state), *answer = "yes";
        if (out.tool_name[0]) {
            const struct desk_dialog_input in = {DESK_DIALOG_TOOL_RESULT, "{\"ok\":true}",
                                                 out.tool_name};
            struct desk_dialog_output next;
            desk_dialog_step(&profile, &talk, &in, &next);
            out = next;
            continue;
        }
        for (size_t k = 0; k < n; k += 2)
            if (strcmp(answers_by_state[k], state) == 0)
                answer = answers_by_state[k + 1];
        says(answer);
    }
    assert_string_equal(out.tool_name, "schedule_callback");
}

static void arg_is(const char *name, const char *want)
{
    json_t *args = json_loads(out.tool_args, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(args, name)), want);
    json_decref(args);
}

static void a_talk_cut_anywhere_goes_on_from_there(void **state)
{
    (void)state;
    static const char *const answers[] = {"reason", "the water heater",
                                          "name",   "Dana",
                                          "offer",  "no",
                                          "number", "four one five five five five oh one nine nine",
                                          "when",   "Tuesday morning"};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        (void)said(whole);
        resume(cuts[i].after, 0, false);
        in_state(cuts[i].state);
        heard(cuts[i].words);
        assert_string_equal(talk.reason, cuts[i].reason);
        assert_string_equal(talk.name, cuts[i].name);
        assert_string_equal(talk.number, cuts[i].number);
        assert_string_equal(talk.when, cuts[i].when);
        assert_int_not_equal(out.expect, DESK_EXPECT_NOTHING);
        to_the_end(answers, sizeof answers / sizeof *answers);
        arg_is("reason", "water heater");
        arg_is("name", "Dana");
        arg_is("number", "+14155550199");
        arg_is("when_text", "Tuesday morning");
    }
}

static void what_is_known_is_not_asked_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        (void)said(whole);
        resume(cuts[i].after, 0, false);
        for (int n = 0; n < 8 && strcmp(out.tool_name, "schedule_callback") != 0; n++) {
            if (*cuts[i].name)
                not_heard("your name");
            if (*cuts[i].number)
                not_heard("number should we call");
            if (*cuts[i].when)
                not_heard("When should we call");
            if (*cuts[i].reason)
                not_heard("What is it about");
            says("yes");
        }
    }
}

static void what_tools_were_told_counts_more(void **state)
{
    (void)state;
    size_t n = SAID("How can I help?", "I have a problem with the thing under the sink",
                    "Your name, please?", "Donna");
    tools[0] = (struct desk_dialog_past_tool){
        "log_caller_info", "{\"name\":\"Dana Reed\",\"reason\":\"leak under the sink\"}",
        "{\"ok\":true}", true};
    resume(n, 1, false);
    in_state("recap");
    heard("I have: leak under the sink, for Dana Reed. Is that right?");
    says("yes");
    in_state("offer");
    /* a refused callback: what it was told counts, and it is not promised */
    tools[1] = (struct desk_dialog_past_tool){
        "schedule_callback", "{\"reason\":\"leak\",\"number\":\"12\",\"when_text\":\"Friday\"}",
        "{\"ok\":false}", false};
    resume(n, 2, false);
    heard("I have: leak, for Dana Reed, Friday. Is that right?");
    assert_string_equal(talk.number, "");
}

static void a_promised_callback_is_not_asked_for_again(void **state)
{
    (void)state;
    size_t n = said(whole);
    tools[0] = (struct desk_dialog_past_tool){
        "schedule_callback",
        "{\"reason\":\"water heater\",\"name\":\"Dana\",\"when_text\":\"Tuesday morning\"}",
        "{\"ok\":true,\"number\":\"+14155550199\"}", true};
    resume(n, 1, false);
    in_state("more");
    heard("Your callback is noted: Sal will call you on 4 1 5, 5 5 5, 0 1 9 9, Tuesday morning.");
    heard("Is there anything else?");
    says("no");
    heard("Goodbye");
    assert_string_equal(out.tool_name, "end_call");
    /* and for another matter the name and number are there */
    resume(n, 1, false);
    says("yes");
    in_state("reason");
    says("drain cleaning");
    in_state("when");
}

static void an_emergency_is_asked_about_first(void **state)
{
    (void)state;
    size_t n = SAID("How can I help?", "there is a burst pipe in my kitchen", "Oh no.");
    resume(n, 0, false);
    in_state("urgent");
    heard("You said: burst pipe.");
    heard("Is this happening now?");
    says("yes");
    assert_string_equal(out.tool_name, "transfer_to_owner");
    /* the same where only the call's mark says so */
    n = SAID("How can I help?", "the cellar fills up, water heater I think");
    resume(n, 0, true);
    in_state("urgent");
}

static void the_caller_may_correct_what_was_heard(void **state)
{
    (void)state;
    size_t n = SAID("How can I help?", "drain cleaning please");
    resume(n, 0, false);
    in_state("recap");
    says("no");
    in_state("reason");
    heard("start again");
    assert_string_equal(talk.reason, "");
    resume(n, 0, false);
    says("it is the water heater");
    assert_string_equal(talk.reason, "water heater");
    in_state("name");
    resume(n, 0, false); /* not understood twice: what we have is believed */
    says("");
    says("");
    in_state("name");
    resume(n, 0, false);
    says("speak to someone");
    assert_string_equal(out.tool_name, "transfer_to_owner");
}

static void stories_and_small_talk_are_no_facts(void **state)
{
    (void)state;
    size_t n = SAID("Hello, how can I help?", "hello hello can you hear me now",
                    "Yes, I can hear you.", "are you there are you there");
    resume(n, 0, false);
    in_state("reason");
    n = SAID("How can I help?", "it has been dripping since Monday, the leak I mean",
             "Anything else?", "My number is four one five five five five oh one nine nine");
    resume(n, 0, false);
    assert_string_equal(talk.when, "");
    assert_string_equal(talk.reason, "leak repair");
    assert_string_equal(talk.number, "+14155550199");
    n = SAID("How can I help?", "My name is Dana Reed and please call me back on Thursday");
    resume(n, 0, false);
    assert_int_equal(strncasecmp(talk.name, "dana reed", 9), 0);
    assert_string_equal(talk.when, "Thursday");
    /* a yes to the number we offered */
    n = SAID("Drain cleaning, yes. Shall we call you back on 4 1 5 5 5 5 0 1 3 4?", "yes please");
    resume(n, 0, false);
    assert_string_equal(talk.number, "+14155550134");
}

static void a_known_caller_is_not_asked_for_a_name(void **state)
{
    (void)state;
    snprintf(profile.caller_name, sizeof profile.caller_name, "Charlie");
    resume(SAID("Hello, Charlie."), 0, false);
    heard("Let us carry on, Charlie.");
    not_heard("Hello, Charlie");
    in_state("reason");
    says("drain cleaning");
    in_state("offer");
}

static void nothing_in_the_rows_can_break_it(void **state)
{
    (void)state;
    static char big[5000];
    memset(big, 'x', sizeof big - 1);
    for (size_t i = 100; i < sizeof big - 1; i += 7)
        big[i] = i % 2 ? ' ' : '?';
    static const char *const odd[] = {"",       NULL,        "?",          "??",
                                      " ? ",    "\xff\xfe?", "my name is", "my name is ",
                                      "number", "0",         "when",       "1 2 3 4 5 6 7 8 9"};
    turns[0] = (struct desk_dialog_past_turn){big, false};
    turns[1] = (struct desk_dialog_past_turn){big, true};
    tools[0] = (struct desk_dialog_past_tool){NULL, "[1]", "no json", true};
    tools[1] = (struct desk_dialog_past_tool){"schedule_callback", NULL, NULL, false};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        for (size_t k = 0; k < sizeof odd / sizeof *odd; k++) {
            turns[2] = (struct desk_dialog_past_turn){odd[i], false};
            turns[3] = (struct desk_dialog_past_turn){odd[k], true};
            resume(4, 2, i % 2 == 0);
            assert_int_not_equal(out.expect, DESK_EXPECT_NOTHING);
            assert_true(out.say[0] != '\0');
        }
}

/* ---- in the place of a model ----------------------------------------------------------------- */

static void take_over(size_t n_turns, size_t n_tools, enum desk_dialog_event event)
{
    const struct desk_dialog_past past = {turns, n_turns, tools, n_tools, false};
    const char *last = n_turns && turns[n_turns - 1].caller ? turns[n_turns - 1].text : "";
    const struct desk_dialog_input in = {event, last, NULL};
    desk_dialog_take_over(&profile, &talk, &past, &in, &out);
    assert_null(strstr(out.say, "interrupted"));
    assert_null(strstr(out.say, "Thank you for calling Harwick Plumbing. How"));
    assert_true(out.say[0] || out.tool_name[0]);
}

static void the_same_talk_goes_on_when_a_model_fails(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        (void)said(whole);
        take_over(cuts[i].after, 0, DESK_DIALOG_SPEECH);
        in_state(cuts[i].state);
        assert_string_equal(talk.reason, cuts[i].reason);
        assert_string_equal(talk.name, cuts[i].name);
        assert_string_equal(talk.number, cuts[i].number);
        if (!*cuts[i].reason)
            heard("Sorry, I did not get that. What is it about?");
        else
            not_heard("sorry");
    }
}

static void what_is_wanted_at_once_is_done_at_once(void **state)
{
    static const struct {
        const char *words;
        enum desk_dialog_event event;
        const char *state, *say, *tool;
    } rows[] = {
        {"I want to speak to a person", DESK_DIALOG_SPEECH, "transfer", "One moment",
         "transfer_to_owner"},
        {"0", DESK_DIALOG_DIGITS, "transfer", "One moment", "transfer_to_owner"},
        {"help we have a burst pipe", DESK_DIALOG_SPEECH, "urgent", "If anyone is in danger", ""},
        {"what are your opening hours", DESK_DIALOG_SPEECH, "reason", "opening hours", ""},
        {"goodbye", DESK_DIALOG_SPEECH, "bye", "Goodbye", "end_call"},
        {"I would like to leave a message", DESK_DIALOG_SPEECH, "name", "name", ""},
        {"1", DESK_DIALOG_DIGITS, "reason", "What is it about?",
         ""}, /* a menu that was never told */
        {"", DESK_DIALOG_SILENCE, "reason", "What is it about?", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t n = SAID("Thank you for calling Harwick Plumbing. How can I help?", rows[i].words);
        take_over(n, 0, rows[i].event);
        in_state(rows[i].state);
        heard(rows[i].say);
        assert_string_equal(out.tool_name, rows[i].tool);
    }
    /* what was told before is not lost by it */
    size_t n = SAID("How can I help?", "my water heater is leaking", "What is your name?", "Dana",
                    "What number can we reach you at?", "I want to speak to a person");
    take_over(n, 0, DESK_DIALOG_SPEECH);
    in_state("transfer");
    assert_string_equal(talk.reason, "water heater");
    assert_string_equal(talk.name, "Dana");
}

static void what_a_question_asks_for(void **state)
{
    (void)state;
    assert_int_equal(desk_dialog_asked("Sure. What is the best number to call?"),
                     DESK_EXPECT_NUMBER);
    assert_int_equal(desk_dialog_asked("May I have your name?"), DESK_EXPECT_NAME);
    assert_int_equal(desk_dialog_asked("What day works? Is that right?"), DESK_EXPECT_YESNO);
    assert_int_equal(desk_dialog_asked("It is noted."), DESK_EXPECT_ANYTHING);
    assert_int_equal(desk_dialog_asked(NULL), DESK_EXPECT_ANYTHING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_talk_cut_anywhere_goes_on_from_there, fresh),
        cmocka_unit_test_setup(what_is_known_is_not_asked_again, fresh),
        cmocka_unit_test_setup(what_tools_were_told_counts_more, fresh),
        cmocka_unit_test_setup(a_promised_callback_is_not_asked_for_again, fresh),
        cmocka_unit_test_setup(an_emergency_is_asked_about_first, fresh),
        cmocka_unit_test_setup(the_caller_may_correct_what_was_heard, fresh),
        cmocka_unit_test_setup(stories_and_small_talk_are_no_facts, fresh),
        cmocka_unit_test_setup(a_known_caller_is_not_asked_for_a_name, fresh),
        cmocka_unit_test_setup(nothing_in_the_rows_can_break_it, fresh),
        cmocka_unit_test_setup(the_same_talk_goes_on_when_a_model_fails, fresh),
        cmocka_unit_test_setup(what_is_wanted_at_once_is_done_at_once, fresh),
        cmocka_unit_test_setup(what_a_question_asks_for, fresh),
    };
    return cmocka_run_group_tests_name("dialog_prime", tests, NULL, NULL);
}
