/* The intake: what a visit needs to be known, appointments there are, questions, the next way to an
 * address, and what the judges found in the words. */
#include "tests/unit/dialog_talk.h"

#include <stdio.h>

static const char facts[] =
    "{\"business\":\"Harwick Plumbing\",\"owner\":\"Sal\",\"hours\":\"Monday to Friday\","
    "\"services\":[\"drain cleaning\",\"repair\"],\"people\":[\"Sal\"],"
    "\"emergencies\":[\"burst pipe\"],\"caller\":{\"number\":\"+14155550134\",\"name\":\"Dana\"},"
    "\"can_transfer\":true,\"open_now\":true,\"asks\":[\"address\",\"problem\"],\"zip\":true,"
    "\"can_text\":true}";

static int fresh(void **state)
{
    (void)state;
    kept_between = true; /* as the turn-based talk keeps it */
    return talk_begin(facts);
}

static void a_visit(void **state)
{
    (void)state;
    presses("2");
    in_state("offer"); /* her name is known */
    presses("1");
    in_state("address");
    assert_int_equal(out.expect, DESK_EXPECT_ADDRESS);
    says("It's 12 Elm Street, Harwick.");
    in_state("address_check");
    heard("I have: 12 Elm Street, Harwick. Is that right?"); /* as it was heard */
    says("yes");
    in_state("problem"); /* a key tells no story */
    assert_int_equal(out.expect, DESK_EXPECT_WORDS);
    says("The kitchen tap, it won't stop dripping.");
    in_state("when");
    heard("suit you");
    says("Tuesday morning");
    in_state("confirm");
    heard("The kitchen tap, it won't stop dripping.");
    heard("12 Elm Street, Harwick");
    heard("Best: Tuesday morning");
    heard("to confirm");
    says("yes");
    tool_is("schedule_callback", "kind", "appointment");
    tool_is("schedule_callback", "reason", "repair: The kitchen tap, it won't stop dripping");
    tool_is("schedule_callback", "address", "12 Elm Street, Harwick");
    tool_is("schedule_callback", "when_text", "Tuesday morning");
    tool_is("schedule_callback", "appointment_text", NULL);
    result("{\"ok\":true}");
    heard("Nothing is booked until Sal confirms it.");
    not_heard("Done");
    in_state("more");
}

/* Heard no more in the middle: why and where is known, so there is a call back. */
static void a_caller_who_falls_silent(void **state)
{
    (void)state;
    presses("2");
    presses("1");
    in_state("address");
    step(DESK_DIALOG_SILENCE, NULL);
    heard("Are you still there?");
    step(DESK_DIALOG_SILENCE, NULL);
    heard("I cannot hear you.");
    tool_is("schedule_callback", "reason", "repair");
    tool_is("schedule_callback", "number", profile.caller_number);
    result("{\"ok\":true}");
    in_state("more");
    step(DESK_DIALOG_SILENCE, NULL);
    step(DESK_DIALOG_SILENCE, NULL);
    tool_is("end_call", "outcome", "completed"); /* and no second one */
    /* who is not to be reached is given a recording, as before */
    assert_int_equal(fresh(NULL), 0);
    presses("2");
    in_state("offer");
    step(DESK_DIALOG_SILENCE, NULL);
    step(DESK_DIALOG_SILENCE, NULL);
    tool_is("end_call", "outcome", "message");
}

/* Who tells the story with the first words is not asked for it again. */
static void the_story_first(void **state)
{
    (void)state;
    says("Hi, my kitchen sink needs a drain cleaning again.");
    assert_string_equal(talk.reason, "drain cleaning");
    assert_string_equal(talk.problem, "Hi, my kitchen sink needs a drain cleaning again");
    in_state("offer");
    assert_int_equal(fresh(NULL), 0);
    says("The disposal in my kitchen hums and does not turn");
    assert_string_equal(talk.problem, "");
    in_state("offer");
}

static void ways_to_an_address(void **state)
{
    (void)state;
    presses("2");
    presses("1");
    in_state("address");
    says("it is the blue house");
    in_state("address"); /* no number, no street */
    heard("number of the house");
    says("twelve ... street"); /* half of it was not heard */
    in_state("address_keys");
    says("");
    presses("1");
    in_state("address_text");
    says("yes please");
    tool_is("send_text", "about", "address");
    result("{\"ok\":false}");
    heard("Sal will ask for the address.");
    in_state("problem");
    presses("5"); /* any key: no story */
    in_state("when");
    presses("3");
    presses("1");
    tool_is("schedule_callback", "address", NULL);
    result("{\"ok\":true}");
    in_state("more_record");
    heard("record the address");
    presses("1");
    tool_is("end_call", "outcome", "message");

    fresh(NULL); /* read wrong twice: the keys, and these are not read back */
    presses("2");
    presses("1");
    says("12 Elm Street");
    says("no");
    in_state("address");
    says("20 Elm Street");
    says("no");
    in_state("address_keys");
    presses("06103");
    assert_string_equal(talk.address, "ZIP code 06103");
    in_state("problem");
    presses("5");
    says("tomorrow");
    heard("ZIP code 0 6 1 0 3");

    fresh(NULL); /* no text can be sent, and there are no ZIP codes */
    profile.keys_zip = profile.can_text = false;
    presses("2");
    presses("1");
    says("not sure");
    heard("Sal will ask for the address.");
    in_state("problem");
}

/* An engine with a list of words hears no address and no story: it never asks for them by voice. */
static void closed_ears(void **state)
{
    (void)state;
    profile.closed_ears = true;
    says("repair");
    in_state("offer");
    says("yes");
    in_state("address_keys");
    heard("ZIP code");
    presses("06103");
    in_state("when");
}

static void change_the_address(void **state)
{
    (void)state;
    presses("1");
    presses("1");
    says("no way");
    in_state("address");
    assert_string_equal(talk.address, "");
    says("12 Elm Street");
    presses("1");
    presses("5");
    says("tomorrow");
    says("no");
    heard("or the address?");
    says("the address");
    in_state("address");
    says("20 Elm Street");
    says("yes");
    in_state("confirm");
    heard("20 Elm Street");
}

static void another_day(void **state)
{
    (void)state;
    says("I need to move my drain cleaning appointment");
    in_state("was");
    says("Thursday at ten");
    in_state("offer");
    presses("1");
    in_state("when");
    heard("instead");
    says("next Monday");
    heard("The appointment: Thursday at ten. Rather: next Monday.");
    says("yes");
    tool_is("schedule_callback", "kind", "reschedule");
    tool_is("schedule_callback", "appointment_text", "Thursday at ten");
    tool_is("schedule_callback", "when_text", "next Monday");
    result("{\"ok\":true}");
    heard("Nothing is changed until Sal confirms it.");
    not_heard("Done");
    says("no");

    fresh(NULL);
    says("please reschedule my visit from Thursday to Friday afternoon");
    assert_string_equal(talk.was, "Thursday");
    assert_string_equal(talk.when, "Friday afternoon");
    in_state("offer");
}

static void a_cancellation(void **state)
{
    (void)state;
    says("I have to cancel my appointment on December third");
    assert_string_equal(talk.was, "December third");
    in_state("offer");
    presses("1");
    in_state("confirm"); /* no new day is asked for */
    says("yes");
    tool_is("schedule_callback", "kind", "cancel");
    tool_is("schedule_callback", "appointment_text", "December third");
    result("{\"ok\":true,\"say\":\"I have passed it on.\"}");
    heard("I have passed it on.");
    not_heard("Done");

    fresh(NULL);
    says("cancel please");
    in_state("was");
    says("");
    says("");
    heard("Sal will look it up.");
    in_state("offer");
}

static void a_question(void **state)
{
    (void)state;
    says("I have a question");
    in_state("problem");
    heard("What would you like to know?");
    says("whether you work on septic tanks");
    in_state("offer");
    presses("1");
    presses("1");
    in_state("confirm");
    says("yes");
    tool_is("schedule_callback", "kind", "question");
    tool_is("schedule_callback", "reason", "a question: whether you work on septic tanks");

    fresh(NULL);
    says("Do you work on septic tanks?");
    in_state("offer"); /* told already */
}

/* Of a business that visits nobody an appointment is one all the same; a callback stays one. */
static void no_visits(void **state)
{
    (void)state;
    profile.asks_address = profile.asks_problem = false;
    says("I would like to book an appointment");
    assert_int_equal(talk.wish, DESK_WISH_VISIT);
    presses("1");
    in_state("when");
    heard("suit you");
    fresh(NULL);
    profile.asks_address = profile.asks_problem = false;
    says("repair");
    assert_int_equal(talk.wish, DESK_WISH_CALLBACK);
    presses("1");
    heard("When should we call?");
}

static void an_emergency_is_led_by_its_address(void **state)
{
    (void)state;
    says("a burst pipe");
    says("yes");
    tool_is("transfer_to_owner", "reason", "burst pipe");
    result("{\"ok\":false}");
    presses("1");
    in_state("address");
    says("no idea"); /* neither keys nor texts while it runs */
    tool_is("schedule_callback", "urgency", "urgent");
}

/* ---- what the judges found ------------------------------------------------------------------- */

static void alarm_in_the_facts(void **state)
{
    (void)state;
    presses("2");
    in_state("offer");
    snprintf(profile.emergency, sizeof profile.emergency, "rule water: ceiling comes down");
    says("The ceiling is coming down with water");
    in_state("urgent"); /* in place of the answer that was waited for */
    heard("If anyone is in danger");
    assert_string_equal(talk.reason, "The ceiling is coming down with water");
    says("no");
    in_state("offer"); /* the caller decides what it is, and is not asked a second time */
    says("The ceiling is coming down with water");
    in_state("offer");
    presses("1");
    in_state("address");
}

/* It is taken up at once where nobody spoke (the words were answered already), and once only. */
static void alarm_at_once(void **state)
{
    (void)state;
    presses("2");
    step(DESK_DIALOG_ALARM, "");
    in_state("offer"); /* there is none */
    assert_string_equal(out.say, "");
    assert_int_equal(out.expect, DESK_EXPECT_YESNO);
    snprintf(profile.emergency, sizeof profile.emergency, "gas");
    step(DESK_DIALOG_ALARM, "");
    in_state("urgent");
    heard("danger");
    assert_string_equal(talk.reason, "an emergency");
    step(DESK_DIALOG_ALARM, "");
    assert_string_equal(out.say, "");
    says("yes");
    tool_is("transfer_to_owner", "reason", "an emergency");
    step(DESK_DIALOG_ALARM, ""); /* while it rings */
    assert_string_equal(out.tool_name, "");
}

static void alarm_of_words_that_are_known(void **state)
{
    (void)state;
    snprintf(profile.emergency, sizeof profile.emergency, "burst");
    says("we have a burst pipe");
    in_state("urgent");
    assert_string_equal(talk.reason, "burst pipe");
    says("no");
    in_state("offer");
    says("yes"); /* not a second time */
    in_state("address");
}

static void a_person_in_other_words(void **state)
{
    (void)state;
    profile.wants_person = true;
    says("is the boss around");
    tool_is("transfer_to_owner", NULL, NULL);
    result("{\"ok\":false}");
    says("no");
    in_state("offer");
    says("is the boss around"); /* tried once */
    assert_string_equal(out.tool_name, "");
    fresh(NULL);
    profile.wants_person = true;
    profile.can_transfer = false; /* the tables say no */
    says("is the boss around");
    assert_string_equal(out.tool_name, "");
    heard("Nobody can take the call now");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_visit, fresh),
        cmocka_unit_test_setup(a_caller_who_falls_silent, fresh),
        cmocka_unit_test_setup(the_story_first, fresh),
        cmocka_unit_test_setup(ways_to_an_address, fresh),
        cmocka_unit_test_setup(closed_ears, fresh),
        cmocka_unit_test_setup(change_the_address, fresh),
        cmocka_unit_test_setup(another_day, fresh),
        cmocka_unit_test_setup(a_cancellation, fresh),
        cmocka_unit_test_setup(a_question, fresh),
        cmocka_unit_test_setup(no_visits, fresh),
        cmocka_unit_test_setup(an_emergency_is_led_by_its_address, fresh),
        cmocka_unit_test_setup(alarm_in_the_facts, fresh),
        cmocka_unit_test_setup(alarm_at_once, fresh),
        cmocka_unit_test_setup(alarm_of_words_that_are_known, fresh),
        cmocka_unit_test_setup(a_person_in_other_words, fresh),
    };
    return cmocka_run_group_tests_name("dialog_intake", tests, NULL, NULL);
}
