/* Who is a machine, and who is only upset. */
#include "core/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct desk_machine_rules usual = {.words = 3, .repeats = 5};

/* Index of the saying at which a rule held, and that rule; -1: none. */
static int heard(const struct desk_machine_rules *r, const char *const *said, const char **rule)
{
    struct desk_machine m;
    char because[200];
    memset(&m, 0, sizeof m);
    for (int i = 0; said[i]; i++)
        if ((*rule = desk_machine_heard(&m, r, said[i], because, sizeof because)) != NULL) {
            assert_non_null(strstr(because, "a machine. The call was ended."));
            return i;
        }
    return -1;
}

static void machines(void **state)
{
    static const struct {
        const char *rule;
        int at;
        const char *said[16];
    } rows[] = {
        {"machine_words",
         1,
         {"You've reached the voicemail of Dan Miller. I can’t come to the phone right now. Please "
          "leave a message after the tone.",
          "When you are finished, hang up, or press pound for more.", NULL}},
        {"machine_words",
         1,
         {"Thank you. Your call is important to us.",
          "Press 1 to leave a message, or stay on the line.", NULL}},
        {"machine_words",
         2,
         {"This call may be recorded.", "Please hold. Please hold.",
          "To continue in English, press one now.", NULL}},
        /* a menu that comes round, a word heard otherwise now and then */
        {"machine_repeats",
         7,
         {"We have an important offer about your car insurance policy today",
          "Say yes to speak with one of our friendly agents right now",
          "This offer ends at midnight so please do not wait any longer",
          "We have an important offer about your car insurance policy today",
          "Say yes to speak with one of our friendly agents right now",
          "This offer ends at midnight so please do not wait any longer",
          "We have an important offer about your car insurance policy to day",
          "Say yes to speak with one of our family agents right now", NULL}},
        {"machine_repeats",
         5,
         {"hello this is a courtesy call about your warranty", /* no repeat yet */
          "Hello, this is a courtesy call about your warranty.",
          "hello this is a courtesy call about your warranty",
          "HELLO THIS IS A COURTESY CALL ABOUT YOUR WARRANTY",
          "hello this is a courtesy call about your warranty!",
          "hello this is a courtesy call about your warranty", NULL}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *rule;
        int at = heard(&usual, rows[i].said, &rule);
        if (at != rows[i].at)
            fail_msg("row %zu: %d", i, at);
        assert_string_equal(rule, rows[i].rule);
    }
}

static void people(void **state)
{
    static const char *const rows[][16] = {
        /* who tells of a machine */
        {"I got your voicemail, it said you are not available and to leave a message after the "
         "tone",
         "so I call again, my sink is leaking", "press one it said", NULL},
        {"My kitchen sink is leaking", "Please hold on, let me get my wife",
         "she says your mailbox is full and you have reached nobody, leave a message it says",
         NULL},
        /* who is not understood */
        {"I would like to speak to a person please", "I would like to speak to a person please",
         "No. I would like to speak to a person please", "A person!",
         "I would like to speak to a person please", "I would like to speak to a person please",
         "are you deaf", "I would like to speak to a person please",
         "I would like to speak to a person please", "I would like to speak to a person please",
         NULL},
        {"hello?", "hello?", "hello?", "hello?", "hello?", "hello?", "hello?", "is anybody there?",
         "hello?", "hello?", "hello?", "hello?", NULL},
        {"yes", "yes", "yes", "no", "yes", "yes", "yes", "yes", "yes", "no", "no", "no", NULL},
        {"", "  ", "...", "'", "\xff\xfe\xe2", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *rule;
        if (heard(&usual, rows[i], &rule) >= 0)
            fail_msg("row %zu: %s", i, rule);
    }
}

static void thresholds(void **state)
{
    static const char *const greeting[] = {
        "You have reached our office. Please leave a message after the beep.",
        "You have reached our office. Please leave a message after the beep.", NULL};
    static const char *const again[] = {"one two three four five six",
                                        "one two three four five six",
                                        "one two three four five six", NULL};
    static const char *const brief[] = {"one two three four five", "one two three four five",
                                        "one two three four five", NULL};
    const char *rule;
    (void)state;
    assert_int_equal(heard(&(struct desk_machine_rules){.words = 4}, greeting, &rule), -1);
    assert_int_equal(heard(&(struct desk_machine_rules){.words = 3}, greeting, &rule), 1);
    assert_int_equal(heard(&(struct desk_machine_rules){.repeats = 2}, again, &rule), 2);
    assert_int_equal(heard(&(struct desk_machine_rules){.repeats = 1}, again, &rule), 1);
    assert_int_equal(heard(&(struct desk_machine_rules){.repeats = 1}, brief, &rule), -1);
    assert_int_equal(heard(&(struct desk_machine_rules){.words = 0}, greeting, &rule), -1);
    assert_int_equal(heard(&(struct desk_machine_rules){.repeats = 0}, again, &rule), -1);
}

static void an_emergency_spares(void **state)
{
    struct desk_machine m;
    char because[200];
    (void)state;
    memset(&m, 0, sizeof m);
    m.spared = true;
    for (int i = 0; i < 20; i++)
        assert_null(desk_machine_heard(&m, &usual, "my basement is flooding please send somebody",
                                       because, sizeof because));
}

/* More sayings than are remembered, and longer ones: the oldest is forgotten, nothing overruns. */
static void long_talks(void **state)
{
    struct desk_machine m;
    char because[200], text[8000];
    (void)state;
    memset(&m, 0, sizeof m);
    memset(text, 'x', sizeof text - 1);
    for (size_t i = 0; i < sizeof text - 1; i += 3)
        text[i] = ' ';
    text[sizeof text - 1] = '\0';
    assert_null(desk_machine_heard(&m, &usual, text, because, sizeof because));
    for (int i = 0; i < 100; i++) {
        char own[80];
        size_t at = 0;
        for (int k = 0; k < 8; k++) {
            own[at++] = (char)('a' + (i * 7 + k * 3) % 26);
            own[at++] = (char)('a' + i % 26);
            own[at++] = (char)('a' + i / 26);
            own[at++] = ' ';
        }
        own[at] = '\0';
        assert_null(desk_machine_heard(&m, &usual, own, because, sizeof because));
    }
    assert_int_equal(m.n_said, DESK_MACHINE_SAID);
    assert_int_equal(m.run, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(machines),   cmocka_unit_test(people),
        cmocka_unit_test(thresholds), cmocka_unit_test(an_emergency_spares),
        cmocka_unit_test(long_talks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
