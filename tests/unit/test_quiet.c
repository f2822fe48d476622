/* Silence, words, length and circles, on a clock of our own. */
#include "../../ws-bridge/quiet.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define S 1000

static const struct quiet_rules usual = {.prompt_ms = 12 * S,
                                         .goodbye_ms = 10 * S,
                                         .no_words_ms = 90 * S,
                                         .max_ms = 1800 * S,
                                         .warn_ms = 60 * S,
                                         .speech_ms = 45 * S,
                                         .turns = 8};
static struct quiet q;
static int64_t now, until;
static bool on, owed;

static void begin(const struct quiet_rules *rules)
{
    now = 1000000;
    until = 0;
    on = owed = false;
    quiet_init(&q, rules, now);
    quiet_go(&q, now);
}

/* As the bridge does: look when it was said to, for so long or until something is due. */
static enum quiet_act pass(int64_t ms)
{
    int64_t end = now + ms, again = 0;
    while (now < end) {
        struct quiet_look l = {now, until, on, owed};
        enum quiet_act act = quiet_next(&q, &l, &again);
        assert_in_range(again, 50, 10000);
        if (act)
            return act;
        now = now + again < end ? now + again : end;
    }
    return QUIET_WAIT;
}

/* We say something that long. */
static void say(int64_t ms)
{
    until = (until > now ? until : now) + ms;
    quiet_ours(&q, ms);
}

static void ask(void)
{
    quiet_asked(&q, now);
    say(1 * S);
}

static void test_silence_asks_then_says_goodbye(void **state)
{
    (void)state;
    begin(&usual);
    assert_int_equal(pass(11900), QUIET_WAIT);
    assert_int_equal(pass(200), QUIET_ASK);
    ask();
    int64_t asked = now;
    assert_int_equal(pass(10900), QUIET_WAIT);
    assert_int_equal(pass(400), QUIET_SILENT);
    assert_in_range(now - asked, 11000, 11300); /* from the question's end */
}

static void test_an_answer_to_the_question_begins_anew(void **state)
{
    (void)state;
    begin(&usual);
    assert_int_equal(pass(13 * S), QUIET_ASK);
    ask();
    assert_int_equal(pass(5 * S), QUIET_WAIT);
    quiet_caller(&q, true, now, until);
    assert_int_equal(pass(3 * S), QUIET_WAIT);
    quiet_caller(&q, false, now, until);
    quiet_words(&q, "yes, I am here", now, until);
    assert_int_equal(pass(11900), QUIET_WAIT);
    assert_int_equal(pass(200), QUIET_ASK);
}

static void test_our_speech_and_tools_are_no_silence(void **state)
{
    (void)state;
    begin(&usual);
    say(60 * S);
    assert_int_equal(pass(71900), QUIET_WAIT);
    assert_int_equal(pass(200), QUIET_ASK);
    begin(&usual);
    quiet_busy(&q, true, now);
    assert_int_equal(pass(80 * S), QUIET_WAIT);
    quiet_busy(&q, false, now);
    assert_int_equal(pass(11900), QUIET_WAIT);
    assert_int_equal(pass(200), QUIET_ASK);
    begin(&usual);
    owed = true; /* the model's silence has a clock of its own */
    assert_int_equal(pass(80 * S), QUIET_WAIT);
    begin(&usual);
    on = true;
    assert_int_equal(pass(100 * S), QUIET_WAIT);
}

static void test_a_clear_makes_it_quiet_at_once(void **state)
{
    (void)state;
    begin(&usual);
    say(300 * S);
    assert_int_equal(pass(5 * S), QUIET_WAIT);
    quiet_ours(&q, now - until); /* cut */
    until = now;
    quiet_sound(&q, now);
    assert_int_equal(pass(12100), QUIET_ASK);
}

/* The voice detection takes noise for speech: half a second in every two. */
static enum quiet_act noise(int64_t ms, bool answers)
{
    enum quiet_act act = QUIET_WAIT;
    for (int64_t end = now + ms; now < end && !act;) {
        quiet_caller(&q, true, now, until);
        act = pass(500);
        if (act)
            break;
        quiet_caller(&q, false, now, until);
        quiet_turn(&q);
        if (answers) {
            say(700);
            quiet_answer(&q, "Sorry?");
        }
        act = pass(1500);
    }
    return act;
}

/* The server hears comfort noise, and the model answers it; our ear hears nothing: the caller is
 * asked as if it were silent, and told goodbye. */
static void test_what_the_ear_denies_is_silence(void **state)
{
    (void)state;
    struct quiet_rules r = usual;
    r.no_words_ms = 0;
    for (int answers = 0; answers < 2; answers++)
        for (int ear = 0; ear < 2; ear++) {
            r.ear = ear;
            begin(&r);
            int64_t start = now;
            if (!ear) {
                assert_int_equal(noise(120 * S, answers), QUIET_WAIT); /* without one: for ever */
                continue;
            }
            assert_int_equal(noise(120 * S, answers), QUIET_ASK);
            assert_in_range(now - start, 12 * S, 12 * S + 900); /* not into our own words */
            ask();
            int64_t asked = now;
            assert_int_equal(noise(120 * S, answers), QUIET_SILENT);
            assert_in_range(now - asked, 11 * S, 12 * S);
        }
}

/* Speech without an end, says the server; the ear hears none of it. */
static void test_the_question_goes_into_what_the_ear_denies(void **state)
{
    (void)state;
    struct quiet_rules r = usual;
    r.ear = true;
    begin(&r);
    pass(2 * S);
    quiet_caller(&q, true, now, until);
    assert_false(quiet_speaks(&q));
    assert_int_equal(pass(9900), QUIET_WAIT);
    assert_int_equal(pass(400), QUIET_ASK);
    begin(&r);
    quiet_caller(&q, true, now, until);
    pass(S);
    quiet_voice(&q, now); /* it does */
    assert_true(quiet_speaks(&q));
    assert_int_equal(pass(30 * S), QUIET_WAIT);
    quiet_caller(&q, false, now, until);
    assert_int_equal(pass(11900), QUIET_WAIT);
    assert_int_equal(pass(400), QUIET_ASK);
}

static void test_what_the_ear_hears_is_heard(void **state)
{
    (void)state;
    struct quiet_rules r = usual;
    r.ear = true;
    begin(&r);
    pass(11 * S);
    quiet_voice(&q, now); /* and the server is deaf */
    assert_int_equal(pass(11900), QUIET_WAIT);
    assert_int_equal(pass(400), QUIET_ASK);
    ask();
    pass(9 * S);
    quiet_voice(&q, now);
    assert_int_equal(pass(11900), QUIET_WAIT);
    assert_int_equal(pass(400), QUIET_ASK); /* asked anew, no goodbye */
    /* a short word, over before the server says that it began */
    begin(&r);
    quiet_voice(&q, now);
    pass(400);
    quiet_caller(&q, true, now, until);
    assert_true(quiet_speaks(&q));
    pass(600);
    quiet_caller(&q, false, now, until);
    say(5 * S);
    assert_int_equal(pass(16900), QUIET_WAIT); /* the answer to it counts */
    assert_int_equal(pass(400), QUIET_ASK);
    /* words of it prove it, if the ear heard none */
    begin(&r);
    pass(10 * S);
    quiet_caller(&q, true, now, until);
    pass(S);
    quiet_caller(&q, false, now, until);
    quiet_words(&q, "a soft word", now, until);
    say(3 * S);
    quiet_sound(&q, now);
    assert_int_equal(pass(14900), QUIET_WAIT);
    assert_int_equal(pass(400), QUIET_ASK);
    r.ear = false; /* nobody listens: nothing it says counts */
    begin(&r);
    pass(11 * S);
    quiet_voice(&q, now);
    assert_int_equal(pass(1200), QUIET_ASK);
}

static void test_noise_does_not_defeat_the_clock_of_words(void **state)
{
    (void)state;
    for (int answers = 0; answers < 2; answers++) {
        begin(&usual);
        int64_t start = now;
        assert_int_equal(noise(300 * S, answers), QUIET_ASK);
        assert_in_range(now - start, 90 * S, answers ? 150 * S : 95 * S);
        ask();
        int64_t asked = now;
        assert_int_equal(noise(100 * S, answers), QUIET_NO_WORDS);
        assert_in_range(now - asked, 10 * S, 25 * S);
        assert_false(quiet_circles(&q)); /* nobody was understood yet: no turns */
    }
}

static void test_words_or_keys_stop_the_clock_of_words(void **state)
{
    (void)state;
    begin(&usual);
    assert_int_equal(noise(80 * S, false), QUIET_WAIT);
    quiet_words(&q, "12", now, until);
    assert_int_equal(noise(80 * S, false), QUIET_WAIT);
    assert_int_equal(noise(20 * S, false), QUIET_ASK);
    ask();
    quiet_words(&q, "hello", now, until);
    assert_int_equal(noise(80 * S, false), QUIET_WAIT);
}

static void test_the_clocks_stand_while_a_model_is_sought(void **state)
{
    (void)state;
    begin(&usual);
    quiet_words(&q, "hello", now, until);
    assert_int_equal(pass(11 * S), QUIET_WAIT);
    quiet_stop(&q, now);
    assert_int_equal(pass(200 * S), QUIET_WAIT);
    quiet_go(&q, now);
    assert_int_equal(pass(11900), QUIET_WAIT);
    assert_int_equal(pass(200), QUIET_ASK);
    ask();
    quiet_caller(&q, true, now, until);
    quiet_caller(&q, false, now, until);
    assert_int_equal(noise(60 * S, false), QUIET_WAIT); /* 11 + 12 + 60 of its 90 seconds */
    assert_int_equal(noise(20 * S, false), QUIET_ASK);
}

static void test_length_is_told_and_kept(void **state)
{
    struct quiet_rules r = {.max_ms = 100 * S, .warn_ms = 20 * S};
    (void)state;
    begin(&r);
    assert_int_equal(pass(79900), QUIET_WAIT);
    assert_int_equal(pass(400), QUIET_WARN);
    quiet_warned(&q);
    assert_int_equal(pass(19500), QUIET_WAIT);
    assert_int_equal(pass(400), QUIET_TOO_LONG);
    begin(&r); /* somebody speaks: the warning waits, the end does not */
    quiet_caller(&q, true, now, until);
    assert_int_equal(pass(85 * S), QUIET_WAIT);
    quiet_caller(&q, false, now, until);
    assert_int_equal(pass(300), QUIET_WARN);
    quiet_warned(&q);
    quiet_caller(&q, true, now, until);
    assert_int_equal(pass(20 * S), QUIET_TOO_LONG);
    quiet_stop(&q, now);
    assert_int_equal(pass(20 * S), QUIET_WAIT);
}

static void test_speech_without_an_end_is_over(void **state)
{
    (void)state;
    begin(&usual);
    assert_int_equal(pass(3 * S), QUIET_WAIT);
    quiet_caller(&q, true, now, until);
    assert_int_equal(pass(44 * S), QUIET_WAIT);
    assert_int_equal(pass(2 * S), QUIET_OVER);
    assert_int_equal(pass(12100), QUIET_ASK);
}

static void test_zeros_switch_off(void **state)
{
    struct quiet_rules none = {.goodbye_ms = 10 * S};
    (void)state;
    begin(&none);
    assert_int_equal(pass(86400 * S), QUIET_WAIT);
    quiet_caller(&q, true, now, until);
    assert_int_equal(pass(86400 * S), QUIET_WAIT);
    for (int i = 0; i < 100; i++) {
        quiet_turn(&q);
        quiet_words(&q, "the same words again", now, until);
        quiet_answer(&q, "Sorry?");
    }
    assert_false(quiet_circles(&q));
}

static void turn(const char *caller, const char *desk)
{
    quiet_turn(&q);
    if (caller)
        quiet_words(&q, caller, now, until);
    quiet_answer(&q, desk);
}

static void test_circles(void **state)
{
    struct quiet_rules r = {.turns = 3};
    (void)state;
    begin(&r);
    turn("what are your hours", "We are open at nine.");
    for (int i = 0; i < 3; i++) { /* not understood */
        assert_false(quiet_circles(&q));
        turn(NULL, i % 2 ? "Sorry?" : "Pardon?");
    }
    quiet_turn(&q);
    assert_true(quiet_circles(&q));

    begin(&r); /* the same answer again and again, however it is written */
    turn("mumble", "Sorry, I did not get that.");
    turn("mumble", "Sorry! I did not get that");
    turn("grumble", "sorry I did not get that");
    assert_false(quiet_circles(&q));
    turn("rumble", "Sorry, I did not get that.");
    assert_true(quiet_circles(&q));

    begin(&r); /* the caller says the same; short words may be said again */
    turn("yes", "And your name?");
    turn("yes", "And your number?");
    turn("yes", "And when?");
    turn("yes", "What is it about?");
    assert_int_equal(q.nowhere, 0);
    turn("I want to speak to Sal", "He is out.");
    turn("I want to speak to Sal", "Later perhaps.");
    turn("I want to speak to Sal.", "Not now.");
    assert_false(quiet_circles(&q));
    turn("i want to speak to sal", "Tomorrow?");
    assert_true(quiet_circles(&q));
}

static void test_what_leads_somewhere(void **state)
{
    struct quiet_rules r = {.turns = 2};
    (void)state;
    begin(&r);
    turn("one thing to say", "Sorry?");
    turn(NULL, "Sorry?");
    turn("something quite new", "A new answer.");
    turn("more that is new", "Another one.");
    assert_int_equal(q.nowhere, 0);
    turn(NULL, "Sorry?");
    quiet_done(&q); /* a tool worked */
    turn(NULL, "Done.");
    assert_int_equal(q.nowhere, 0);
    for (int i = 0; i < 6; i++) { /* new words without end, and nothing is ever done */
        char words[40], answer[40];
        snprintf(words, sizeof words, "new words number %d", i);
        snprintf(answer, sizeof answer, "New answer %d", i);
        assert_false(quiet_circles(&q));
        turn(words, answer);
    }
    quiet_turn(&q);
    assert_true(quiet_circles(&q));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_silence_asks_then_says_goodbye),
        cmocka_unit_test(test_an_answer_to_the_question_begins_anew),
        cmocka_unit_test(test_our_speech_and_tools_are_no_silence),
        cmocka_unit_test(test_a_clear_makes_it_quiet_at_once),
        cmocka_unit_test(test_what_the_ear_denies_is_silence),
        cmocka_unit_test(test_the_question_goes_into_what_the_ear_denies),
        cmocka_unit_test(test_what_the_ear_hears_is_heard),
        cmocka_unit_test(test_noise_does_not_defeat_the_clock_of_words),
        cmocka_unit_test(test_words_or_keys_stop_the_clock_of_words),
        cmocka_unit_test(test_the_clocks_stand_while_a_model_is_sought),
        cmocka_unit_test(test_length_is_told_and_kept),
        cmocka_unit_test(test_speech_without_an_end_is_over),
        cmocka_unit_test(test_zeros_switch_off),
        cmocka_unit_test(test_circles),
        cmocka_unit_test(test_what_leads_somewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
