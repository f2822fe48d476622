/* The rules brain, spoken to as callers speak: every flow, every way out, every table row. */
#include "../../lib/core/dialog.c"
#include "base/utf8.h"
#include "tests/unit/dialog_talk.h"

static const char facts[] =
    "{\"business\":\"Harwick Plumbing\",\"owner\":\"Sal\",\"hours\":\"Monday to Friday, seven to "
    "five\","
    "\"services\":[\"drain cleaning\",\"water heater\",\"leak "
    "repair\"],\"people\":[\"Sal\",\"Maria Lopez\"],"
    "\"emergencies\":[\"burst pipe\",\"flooding\"],\"caller\":{\"number\":\"+14155550134\"},"
    "\"can_transfer\":true,\"open_now\":true}";

static void silent(void)
{
    step(DESK_DIALOG_SILENCE, NULL);
}

static int fresh(void **state)
{
    (void)state;
    return talk_begin(facts);
}

static void test_whole_call(void **state)
{
    (void)state;
    in_state("reason");
    heard("Thank you for calling Harwick Plumbing.");
    heard("drain cleaning, water heater, leak repair, leave a message");
    assert_int_equal(out.expect, DESK_EXPECT_ANYTHING);
    says("I need some drain cleaning please");
    in_state("name");
    assert_int_equal(out.expect, DESK_EXPECT_NAME);
    says("my name is Charlie");
    heard("Thank you, Charlie.");
    tool_is("log_caller_info", "name", "Charlie");
    tool_is("log_caller_info", "reason", "drain cleaning");
    result("{\"ok\":true}");
    heard("Shall we call you back on 4 1 5, 5 5 5, 0 1 3 4?");
    assert_int_equal(out.expect, DESK_EXPECT_YESNO);
    presses("1");
    in_state("when");
    says("tomorrow morning would be good");
    in_state("confirm");
    heard("drain cleaning");
    heard("Charlie");
    heard("tomorrow morning");
    not_heard("Done");
    says("yes");
    tool_is("schedule_callback", "number", "+14155550134");
    tool_is("schedule_callback", "when_text", "tomorrow morning");
    tool_is("schedule_callback", "urgency", "normal");
    not_heard("Done"); /* never before the tool's answer */
    result("{\"ok\":true}");
    heard("Done. Sal will call you tomorrow morning.");
    in_state("more");
    says("no thank you");
    heard("Goodbye");
    tool_is("end_call", "outcome", "completed");
    assert_true(out.done);
    result("{\"ok\":true}");
    assert_string_equal(out.say, "");
    assert_string_equal(out.tool_name, "");
    assert_true(out.done);
}

/* A greeting that asks is not followed by the same question in other words. */
static void test_greeting_asks_once(void **state)
{
    (void)state;
    snprintf(profile.greeting, sizeof profile.greeting, "Smith and Son. How can I help you?");
    profile.open_now = false;
    desk_dialog_init(&talk);
    step(DESK_DIALOG_START, NULL);
    heard("How can I help you? You can say:");
    not_heard("What is it about");
    not_heard("closed");
}

static void test_message(void **state)
{
    (void)state;
    says("message");
    says("charlie");
    result("{\"ok\":true}");
    presses("2");
    in_state("number");
    presses("4155550199#");
    in_state("number_check");
    heard("4 1 5, 5 5 5, 0 1 9 9");
    presses("1");
    says("tomorrow");
    says("yes");
    tool_is("schedule_callback", "reason", "a message to pass on");
    tool_is("schedule_callback", "number", "+14155550199");
    result("{\"ok\":true,\"say\":\"Sal has it.\"}");
    heard("Done. Sal has it.");
    heard("record your message");
    says("yes");
    tool_is("end_call", "outcome", "message");
    assert_true(out.done);
}

static void test_keys_alone(void **state)
{
    (void)state;
    presses("2");
    assert_string_equal(talk.reason, "water heater");
    presses("#");
    in_state("name"); /* an empty entry is a failure, not a choice */
    presses("5");
    assert_true(talk.name_recorded);
    in_state("offer");
    presses("1");
    presses("3");
    assert_string_equal(talk.when, "tomorrow");
    presses("1");
    tool_is("schedule_callback", "reason", "water heater");
    result("{\"ok\":true}");
    presses("2");
    tool_is("end_call", "outcome", "completed");
}

static void test_person(void **state)
{
    (void)state;
    says("can I speak to Sal");
    tool_is("transfer_to_owner", NULL, NULL);
    heard("One moment");
    assert_null(strstr(out.say, "through")); /* not before it is accepted */
    assert_true(out.done);
    result("{\"ok\":false,\"error\":\"busy\"}");
    assert_false(out.done);
    in_state("no_answer");
    heard("could not put you through");
    says("no");
    in_state("name");
    presses("0"); /* and again by key */
    tool_is("transfer_to_owner", NULL, NULL);
    result("{\"ok\":true}");
    heard("putting you through to Sal");
    assert_string_equal(out.tool_name, "");
    in_state("end");
}

/* The caller speaks on during the goodbye, and the call is not ended after all. */
static void test_held(void **state)
{
    (void)state;
    desk_dialog_held(&talk);
    in_state("reason"); /* nothing was over */
    says("goodbye");
    tool_is("end_call", "outcome", "completed");
    desk_dialog_held(&talk);
    in_state("reason");
    snprintf(talk.reason, sizeof talk.reason, "water heater");
    says("goodbye");
    tool_is("end_call", "outcome", "completed");
    result("{\"ok\":true}");
    in_state("end");
    desk_dialog_held(&talk);
    in_state("more");
    says("no");
    tool_is("end_call", "outcome", "completed");
}

static void test_person_away(void **state)
{
    (void)state;
    profile.can_transfer = false;
    presses("0");
    heard("we will call you back");
    in_state("name");
    assert_string_equal(out.tool_name, "");
}

static void test_emergency(void **state)
{
    (void)state;
    says("leave a message");
    says("help there is a burst pipe"); /* at any state */
    in_state("urgent");
    heard("Is this happening now?");
    says("yes it is");
    tool_is("transfer_to_owner", "reason", "burst pipe");
    assert_non_null(strstr(out.tool_args, "\"urgent\":true"));
    result("{\"ok\":false,\"say\":\"Sal does not answer.\"}");
    heard("Sal does not answer."); /* honest, then straight on to the urgent callback */
    in_state("offer");
    says("yes");
    tool_is("schedule_callback", "urgency", "urgent");
    tool_is("schedule_callback", "when_text", "as soon as possible");
    result("{\"ok\":true}");
    heard("marked urgent");
}

static void test_emergency_not_now(void **state)
{
    (void)state;
    says("it is an emergency");
    says("no");
    assert_false(talk.urgent);
    in_state("name");
}

static void test_emergency_misheard_is_believed(void **state)
{
    (void)state;
    says("flooding");
    says("");
    heard("Press 1 for yes");
    says("");
    assert_true(talk.urgent);
    tool_is("transfer_to_owner", "reason", "flooding");
}

static void test_two_failures(void **state)
{
    (void)state;
    says("");
    heard("did not get that");
    heard("For drain cleaning, press 1.");
    in_state("reason");
    says("");
    heard("I did not understand");
    tool_is("transfer_to_owner", NULL, NULL);
    assert_true(out.done);
    result("{\"ok\":false}"); /* the owner cannot be rung: a message, and no second try */
    says("yes");
    tool_is("end_call", "outcome", "message");

    fresh(NULL); /* nobody is woken up for it */
    profile.open_now = profile.rings = false;
    says("");
    says("");
    tool_is("end_call", "outcome", "message");
    heard("leave your message after the tone");
    assert_true(out.done);

    fresh(NULL);
    says("leak repair");
    says("");
    says("");
    assert_true(talk.name_recorded);
    in_state("offer");
    says("");
    says("");
    in_state("number_keys");
    presses("12");
    presses("13");
    tool_is("transfer_to_owner", "reason", "leak repair");

    fresh(NULL);
    says("leak repair");
    presses("1");
    presses("1");
    says("");
    says("");
    assert_string_equal(talk.when, "as soon as possible");
    in_state("confirm");
}

static void test_silence(void **state)
{
    (void)state;
    silent();
    heard("Are you still there?");
    says("leak repair");
    in_state("name");
    silent();
    silent();
    heard("cannot hear you");
    tool_is("end_call", "outcome", "message");
}

static void test_withheld(void **state)
{
    (void)state;
    profile.caller_number[0] = '\0';
    says("leak repair");
    says("charlie");
    result("{\"ok\":true}");
    in_state("number");
    not_heard("Shall we call you back on");
    says("four one five five five five oh one nine nine");
    in_state("number_check");
    says("no");
    in_state("number_keys");
    presses("4155550199");
    says("yes");
    in_state("when");
}

static void test_change(void **state)
{
    (void)state;
    says("leak repair");
    says("victor");
    result("{}"); /* a failed note does not stop the call */
    presses("1");
    says("friday");
    says("no that is not right");
    in_state("fix");
    says("the time");
    in_state("when");
    says("thursday after three pm");
    assert_string_equal(talk.when, "Thursday after three p.m.");
    in_state("confirm");
    presses("2");
    presses("1");
    in_state("name");
    says("oscar");
    result("{\"ok\":true}");
    in_state("confirm");
    heard("Oscar");
    says("make it monday");
    heard("Monday");
    in_state("confirm");
}

static void test_schedule_fails(void **state)
{
    (void)state;
    says("leak repair");
    presses("1");
    presses("1");
    presses("1");
    presses("1");
    tool_is("schedule_callback", NULL, NULL);
    says("hello?"); /* while the tool runs: nothing, above all no second booking */
    assert_string_equal(out.tool_name, "");
    assert_string_equal(out.say, "");
    silent();
    heard("One moment");
    result("not json");
    heard("Nothing has been booked");
    in_state("sorry");
    not_heard("Done");
    says("no");
    tool_is("end_call", "outcome", "caller_left");
}

static void test_lost_tool(void **state)
{
    (void)state;
    says("leak repair");
    says("charlie");
    in_state("log");
    silent();
    silent();
    silent();
    tool_is("end_call", "outcome", "message");
}

static void test_known_caller_and_more(void **state)
{
    (void)state;
    snprintf(profile.caller_name, sizeof profile.caller_name, "Juliet");
    desk_dialog_init(&talk);
    step(DESK_DIALOG_START, NULL);
    heard("Hello, Juliet.");
    says("leak repair");
    in_state("offer"); /* her name is known */
    presses("1");
    says("asap");
    assert_string_equal(talk.when, "as soon as possible");
    presses("1");
    result("{\"ok\":true}");
    says("yes");
    in_state("reason");
    says("what are your opening hours");
    heard("We are open Monday to Friday, seven to five.");
    in_state("reason");
    presses("*");
    in_state("reason");
    says("goodbye");
    tool_is("end_call", "outcome", "completed");
}

/* Whatever is asked, who says goodbye is not asked on, and it is no name. */
static void test_goodbye_at_every_question(void **state)
{
    static const char *const ways[][5] = {
        {NULL},
        {"drain cleaning", NULL},
        {"drain cleaning", "charlie", "", NULL},
        {"drain cleaning", "charlie", "", "no", NULL},
        {"drain cleaning", "charlie", "", "yes", NULL},
    };
    static const char *const where[] = {"reason", "name", "offer", "number", "when"};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        fresh(state);
        for (size_t k = 0; ways[i][k]; k++)
            if (*ways[i][k])
                says(ways[i][k]);
            else
                result("{\"ok\":true}");
        in_state(where[i]);
        says(i % 2 ? "goodbye" : "bye bye");
        heard("Goodbye.");
        tool_is("end_call", "outcome", "completed");
    }
}

static void test_free_sentence(void **state)
{
    (void)state;
    says("i need ... look at my toilet"); /* a recogniser's gap is no pause of the caller */
    assert_string_equal(talk.reason, "i need ... look at my toilet");
    assert_int_equal(fresh(NULL), 0);
    says("I would like an estimate for a bathroom");
    assert_string_equal(talk.reason, "i would like an estimate for a bathroom");
    in_state("name");
    says("this is Mary O'Neil");
    assert_string_equal(talk.name, "Mary Oneil");
}

/* Whatever is said, and however long: what is kept and said are whole letters, so that it can be
 * written down and told to a tool. */
static void keeps_letters(const char *words, size_t before)
{
    char text[2000];
    size_t n = before;
    memset(text, 'a', before);
    for (size_t i = 0; i < 60; i++) /* letters of two, three and four bytes */
        n += (size_t)snprintf(text + n, sizeof text - n, "%s", words);
    step(DESK_DIALOG_START, NULL);
    desk_dialog_init(&talk);
    step(DESK_DIALOG_START, NULL);
    snprintf(text + n, sizeof text - n, " is what I call about");
    says(text);
    assert_true(desk_utf8_valid(talk.reason, strlen(talk.reason)));
    assert_true(talk.reason[0]);
    in_state("name");
    says(text); /* too many words for a name */
    text[n] = '\0';
    says(text);
    tool_is("log_caller_info", "reason", talk.reason);
    assert_true(desk_utf8_valid(out.say, strlen(out.say)));
    char *saved = desk_dialog_save(&talk);
    assert_non_null(saved);
    free(saved);
    char json[2200];
    snprintf(json, sizeof json, "{\"ok\":false,\"say\":\"%s\"}", text);
    result(json);
    assert_true(desk_utf8_valid(out.say, strlen(out.say)));
}

static void test_long_words_of_any_script(void **state)
{
    (void)state;
    for (size_t before = 0; before < 5; before++) {
        keeps_letters("\xc3\xa9", before);
        keeps_letters("\xe4\xb8\xad", before);
        keeps_letters("\xf0\x9f\x98\x80", before);
    }
}

/* A frightened caller tells the whole story first. */
static void test_emergency_at_the_end_of_a_long_story(void **state)
{
    (void)state;
    char text[3000] = "";
    size_t n = 0;
    while (n < 2500)
        n += (size_t)snprintf(text + n, sizeof text - n, "we came home and then we looked around ");
    snprintf(text + n, sizeof text - n, "and it is a burst pipe");
    says(text);
    in_state("urgent");
    says("yes");
    tool_is("transfer_to_owner", "reason", "burst pipe");
}

/* A service in other words is one, too; the menu tells only the services. */
static void test_other_words(void **state)
{
    (void)state;
    char words[8192];
    snprintf(profile.words[0], sizeof profile.words[0], "Blocked sink");
    profile.n_words = 1;
    desk_dialog_init(&talk);
    step(DESK_DIALOG_START, NULL);
    not_heard("Blocked");
    says("My blocked sink");
    assert_string_equal(talk.reason, "Blocked sink");
    (void)desk_dialog_vocabulary(&profile, DESK_EXPECT_ANYTHING, words, sizeof words);
    assert_non_null(strstr(words, "blocked sink\n"));
}

static void test_profile(void **state)
{
    (void)state;
    struct desk_dialog_profile p;
    char text[2048];
    snprintf(text, sizeof text,
             "You answer the phone. FACTS are below.\nFACTS\n%s\nMore text {\"a\":1}", facts);
    assert_int_equal(desk_dialog_profile_find(&p, text), DESK_OK);
    assert_string_equal(p.business, "Harwick Plumbing");
    assert_string_equal(p.caller_number, "+14155550134");
    assert_int_equal(p.n_services, 3);
    assert_int_equal(desk_dialog_profile_find(&p, "no such block"), DESK_ENOTFOUND);
    assert_string_equal(p.business, "");
    assert_int_equal(desk_dialog_profile_find(&p, "FACTS\n[1]"), DESK_EINVAL);
    assert_int_equal(
        desk_dialog_profile_parse(&p, "{\"services\":[1,\"\",\"a\"],\"open_now\":false}"), DESK_OK);
    assert_int_equal(p.n_services, 1);
    assert_false(p.open_now);
    assert_int_equal(desk_dialog_profile_parse(&p, NULL), DESK_EINVAL);
}

static void test_save_load(void **state)
{
    (void)state;
    struct desk_dialog other;
    says("leak repair");
    says("charlie");
    char *text = desk_dialog_save(&talk);
    assert_non_null(text);
    assert_int_equal(desk_dialog_load(&other, text), DESK_OK);
    assert_memory_equal(&other, &talk, sizeof talk);
    free(text);
    assert_int_equal(desk_dialog_load(&other, "{\"state\":999}"), DESK_EINVAL);
    assert_int_equal(desk_dialog_load(&other, "[]"), DESK_EINVAL);
    assert_int_equal(other.state, 0);
}

static void test_vocabulary(void **state)
{
    (void)state;
    char words[4096], tiny[24];
    for (int e = 0; e < DESK_EXPECT__MAX; e++) {
        size_t n =
            desk_dialog_vocabulary(&profile, (enum desk_dialog_expect)e, words, sizeof words);
        size_t lines = 0;
        for (const char *s = words; *s; s++)
            lines += *s == '\n';
        assert_int_equal(n, lines);
        if (e != DESK_EXPECT_NOTHING)
            assert_non_null(strstr(words, "burst pipe\n"));
    }
    (void)desk_dialog_vocabulary(&profile, DESK_EXPECT_ANYTHING, words, sizeof words);
    assert_non_null(strstr(words, "water heater\n"));
    assert_non_null(strstr(words, "maria\n"));
    (void)desk_dialog_vocabulary(&profile, DESK_EXPECT_ANYTHING, tiny, sizeof tiny);
    assert_true(strlen(tiny) < sizeof tiny);
    /* what the fixed words say, the table understands */
    static const enum desk_dialog_expect whole[] = {DESK_EXPECT_YESNO, DESK_EXPECT_ANYTHING};
    for (size_t i = 0; i < 2; i++) {
        (void)desk_dialog_vocabulary(&profile, whole[i], words, sizeof words);
        char *rest = words;
        for (char *w = strsep(&rest, "\n"); w && *w; w = strsep(&rest, "\n")) {
            struct desk_dialog_input in = {DESK_DIALOG_SPEECH, w, NULL};
            struct desk_meaning m;
            desk_words_meaning(&profile, whole[i], &in, false, &m);
            if (m.token == DESK_T_NONE)
                fail_msg("%d: not understood: %s", (int)whole[i], w);
        }
    }
}

/* Every state asks something or ends, and no walk of any inputs gets stuck or silent. */
static void test_random_walks(void **state)
{
    (void)state;
    static const char *const words[] = {"yes",
                                        "no",
                                        "charlie",
                                        "tomorrow",
                                        "message",
                                        "flooding",
                                        "operator",
                                        "",
                                        "415 555 0134",
                                        "the name",
                                        "goodbye",
                                        "again",
                                        "hours",
                                        "drain cleaning",
                                        "\xff\xfe",
                                        "0",
                                        "1",
                                        "2",
                                        "9",
                                        "*",
                                        "4155550134#"};
    unsigned seed = 1;
    for (int walk = 0; walk < 2000; walk++) {
        profile.can_transfer = walk % 2 == 0;
        desk_dialog_init(&talk);
        int turns = 0;
        bool ended = false;
        step(DESK_DIALOG_START, NULL);
        for (; turns < 60 && !ended; turns++) {
            seed = seed * 1103515245u + 12345u;
            unsigned r = (seed >> 16) % 100;
            if (out.tool_name[0])
                result(r < 70 ? "{\"ok\":true}" : "{\"ok\":false}");
            else if (r < 8)
                silent();
            else
                step(r % 3 ? DESK_DIALOG_SPEECH : DESK_DIALOG_DIGITS,
                     words[(seed >> 8) % (sizeof words / sizeof *words)]);
            ended = out.done && strcmp(desk_dialog_state_name(talk.state), "transfer") != 0;
            assert_true(out.say[0] || out.tool_name[0] || out.done);
            assert_true(strlen(out.say) < sizeof out.say - 1);
            if (!ended && !out.tool_name[0])
                assert_int_not_equal(out.expect, DESK_EXPECT_NOTHING);
        }
    }
}

static void test_tables_are_whole(void **state)
{
    (void)state;
    for (int i = 0; i < S__MAX; i++) {
        assert_non_null(states[i].name);
        assert_non_null(states[i].ask);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(states[i].name, states[j].name);
        if (states[i].expect == DESK_EXPECT_YESNO) {
            assert_non_null(find_move(i, DESK_T_YES));
            assert_non_null(find_move(i, DESK_T_NO));
        }
    }
    assert_string_equal(desk_dialog_state_name(-1), "?");
    assert_string_equal(desk_dialog_state_name(S__MAX), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_whole_call, fresh),
        cmocka_unit_test_setup(test_message, fresh),
        cmocka_unit_test_setup(test_goodbye_at_every_question, fresh),
        cmocka_unit_test_setup(test_greeting_asks_once, fresh),
        cmocka_unit_test_setup(test_keys_alone, fresh),
        cmocka_unit_test_setup(test_person, fresh),
        cmocka_unit_test_setup(test_held, fresh),
        cmocka_unit_test_setup(test_person_away, fresh),
        cmocka_unit_test_setup(test_emergency, fresh),
        cmocka_unit_test_setup(test_emergency_not_now, fresh),
        cmocka_unit_test_setup(test_emergency_misheard_is_believed, fresh),
        cmocka_unit_test_setup(test_two_failures, fresh),
        cmocka_unit_test_setup(test_silence, fresh),
        cmocka_unit_test_setup(test_withheld, fresh),
        cmocka_unit_test_setup(test_change, fresh),
        cmocka_unit_test_setup(test_schedule_fails, fresh),
        cmocka_unit_test_setup(test_lost_tool, fresh),
        cmocka_unit_test_setup(test_known_caller_and_more, fresh),
        cmocka_unit_test_setup(test_free_sentence, fresh),
        cmocka_unit_test_setup(test_long_words_of_any_script, fresh),
        cmocka_unit_test_setup(test_emergency_at_the_end_of_a_long_story, fresh),
        cmocka_unit_test_setup(test_other_words, fresh),
        cmocka_unit_test_setup(test_profile, fresh),
        cmocka_unit_test_setup(test_save_load, fresh),
        cmocka_unit_test_setup(test_vocabulary, fresh),
        cmocka_unit_test_setup(test_random_walks, fresh),
        cmocka_unit_test(test_tables_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
