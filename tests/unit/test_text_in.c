/* What is done with a text, and how spoken words are written. */
#include "core/text_in.h"
#include "core/live_words.h"
#include "core/text_words.h"
#include "core/dialog.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct desk_text_facts person(const char *text)
{
    return (struct desk_text_facts){
        .text = text, .opt_out_type = "", .can_text = true, .in_hour = 1, .alike = 1};
}

static void is(const struct desk_text_facts *f, enum desk_text_made want)
{
    const char *because;
    enum desk_text_made got = desk_text_decide(f, &because);
    if (got != want)
        fail_msg("\"%s\" is %s, not %s", f->text, desk_text_made_name(got),
                 desk_text_made_name(want));
}

/* Words alone, by somebody without a visit / with one to come / in a talk / who wants no texts. */
static void words_by_what_is_known(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum desk_text_made alone, visit, told, talking, opted_out;
    } rows[] = {
        {"stop", DESK_TEXT_STOP, DESK_TEXT_STOP, DESK_TEXT_STOP, DESK_TEXT_STOP, DESK_TEXT_STOP},
        {"STOP!", DESK_TEXT_STOP, DESK_TEXT_STOP, DESK_TEXT_STOP, DESK_TEXT_STOP, DESK_TEXT_STOP},
        {"cancel", DESK_TEXT_STOP, DESK_TEXT_ASK_OFF, DESK_TEXT_ASK_OFF, DESK_TEXT_TALK,
         DESK_TEXT_STOP},
        {"end", DESK_TEXT_STOP, DESK_TEXT_STOP, DESK_TEXT_STOP, DESK_TEXT_STOP, DESK_TEXT_STOP},
        {"C", DESK_TEXT_TALK, DESK_TEXT_ASK_OFF, DESK_TEXT_ASK_OFF, DESK_TEXT_TALK,
         DESK_TEXT_OPTED_OUT},
        {"yes", DESK_TEXT_TALK, DESK_TEXT_TALK, DESK_TEXT_CONFIRM, DESK_TEXT_TALK, DESK_TEXT_START},
        {"Y", DESK_TEXT_TALK, DESK_TEXT_TALK, DESK_TEXT_CONFIRM, DESK_TEXT_TALK,
         DESK_TEXT_OPTED_OUT},
        {"1", DESK_TEXT_TALK, DESK_TEXT_TALK, DESK_TEXT_CONFIRM, DESK_TEXT_TALK,
         DESK_TEXT_OPTED_OUT},
        {"start", DESK_TEXT_START, DESK_TEXT_START, DESK_TEXT_START, DESK_TEXT_START,
         DESK_TEXT_START},
        {"help", DESK_TEXT_HELP, DESK_TEXT_HELP, DESK_TEXT_HELP, DESK_TEXT_HELP, DESK_TEXT_HELP},
        {"thanks!", DESK_TEXT_CLOSING, DESK_TEXT_CLOSING, DESK_TEXT_CLOSING, DESK_TEXT_TALK,
         DESK_TEXT_OPTED_OUT},
        {"stop by at five", DESK_TEXT_TALK, DESK_TEXT_TALK, DESK_TEXT_TALK, DESK_TEXT_TALK,
         DESK_TEXT_OPTED_OUT},
        {"I want to cancel my visit on Tuesday", DESK_TEXT_TALK, DESK_TEXT_TALK, DESK_TEXT_TALK,
         DESK_TEXT_TALK, DESK_TEXT_OPTED_OUT},
        {"", DESK_TEXT_CLOSING, DESK_TEXT_CLOSING, DESK_TEXT_CLOSING, DESK_TEXT_CLOSING,
         DESK_TEXT_OPTED_OUT},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct desk_text_facts f = person(rows[i].text);
        is(&f, rows[i].alone);
        f.visit = true;
        is(&f, rows[i].visit);
        f.told = true;
        is(&f, rows[i].told);
        f = person(rows[i].text);
        f.talking = true;
        is(&f, rows[i].talking);
        f = person(rows[i].text);
        f.opted_out = true;
        is(&f, rows[i].opted_out);
        f = person("I can come at four");
        f.spanish = true;
        is(&f, DESK_TEXT_SPANISH);
        f.by_hand = true; /* the owner reads it anyway */
        is(&f, DESK_TEXT_BY_HAND);
    }
}

static void answers_to_whether_it_is_off(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum desk_text_made made;
    } rows[] = {
        {"YES", DESK_TEXT_OFF},   {"y", DESK_TEXT_OFF},
        {"C", DESK_TEXT_OFF},     {"cancel", DESK_TEXT_OFF},
        {"no", DESK_TEXT_KEEP},   {"No, thanks", DESK_TEXT_KEEP},
        {"stop", DESK_TEXT_STOP}, {"can I come at five?", DESK_TEXT_TALK},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct desk_text_facts f = person(rows[i].text);
        f.visit = f.asked = true;
        is(&f, rows[i].made);
    }
    struct desk_text_facts gone = person("YES"); /* it is over meanwhile: nothing is cancelled */
    gone.asked = true;
    is(&gone, DESK_TEXT_TALK);
}

static void who_writes(void **state)
{
    (void)state;
    static const struct {
        enum desk_caller caller;
        enum desk_text_made made;
    } rows[] = {
        {DESK_WHO_UNKNOWN, DESK_TEXT_TALK},      {DESK_WHO_KNOWN, DESK_TEXT_TALK},
        {DESK_WHO_VIP, DESK_TEXT_TALK},          {DESK_WHO_STAFF, DESK_TEXT_TALK},
        {DESK_WHO_VENDOR, DESK_TEXT_TALK},       {DESK_WHO_OWNER, DESK_TEXT_OWNER},
        {DESK_WHO_EXCEPTION, DESK_TEXT_PASS_ON}, {DESK_WHO_BLOCKED, DESK_TEXT_BLOCKED},
        {DESK_WHO_SPAM, DESK_TEXT_SPAM},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct desk_text_facts f = person("the sink drips");
        f.caller = rows[i].caller;
        is(&f, rows[i].made);
        f.can_text = false; /* a number that no answer reaches: whoever it says it is */
        is(&f, DESK_TEXT_MACHINE);
        f.can_text = f.ours = true;
        is(&f, DESK_TEXT_MACHINE);
    }
    struct desk_text_facts f = person("hello");
    f.in_hour = DESK_TEXTS_AN_HOUR + 1;
    is(&f, DESK_TEXT_FLOOD);
    f = person("hello");
    f.alike = DESK_TEXTS_ALIKE;
    is(&f, DESK_TEXT_FLOOD);
    f.text = "STOP"; /* is heard in any flood */
    is(&f, DESK_TEXT_STOP);
    f = person("");
    f.pictures = true;
    is(&f, DESK_TEXT_PICTURES);
    f = person("alto");
    f.opt_out_type = "STOP";
    is(&f, DESK_TEXT_STOP);
}

static void each_kind_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < DESK_TEXT__MAX; i++)
        for (int k = 0; k < i; k++)
            assert_string_not_equal(desk_text_made_name((enum desk_text_made)i),
                                    desk_text_made_name((enum desk_text_made)k));
    assert_true(desk_text_scanned(DESK_TEXT_OPTED_OUT));
    assert_true(desk_text_scanned(DESK_TEXT_PASS_ON));
    assert_false(desk_text_scanned(DESK_TEXT_OWNER));
    assert_false(desk_text_scanned(DESK_TEXT_BLOCKED));
}

/* ---- words ----------------------------------------------------------------------------------- */

static void spoken_words_are_written(void **state)
{
    (void)state;
    static const struct {
        const char *spoken, *written;
    } rows[] = {
        {"Shall we call you back on 4 1 5, 5 5 5, 0 1 3 4? Say yes or no, or press 1 or 2.",
         "Shall we call you back on (415) 555-0134? Please reply yes or no."},
        {"I have 5 5 5, 0 1 3 4. Is that right? Say yes or no, or press 1 or 2.",
         "I have 5550134. Is that right? Please reply yes or no."},
        {"For repair, press 1. For drain cleaning, press 2.",
         "For repair, write 1. For drain cleaning, write 2."},
        {"Thank you for calling Harwick Plumbing. Goodbye.",
         "Thank you for writing to Harwick Plumbing."},
        {"One moment, please.", ""},
        {"We open at 8 a.m. on 1 2 3 Main Street.", "We open at 8 a.m. on 1 2 3 Main Street."},
        {"The depress 1 lever", "The depress 1 lever"},
        {"", ""},
    };
    struct desk_arena *a = desk_arena_new(1 << 20);
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(desk_text_written(a, rows[i].spoken), rows[i].written);
    desk_arena_free(a);
}

static void thanks_after_anything_else_is_a_no(void **state)
{
    (void)state;
    assert_string_equal(desk_text_meant("Thanks!", "Done. Is there anything else?"),
                        "No, thank you.");
    assert_string_equal(desk_text_meant("Thanks!", "What is your name?"), "Thanks!");
    assert_string_equal(desk_text_meant("yes, a leak", "Is there anything else?"), "yes, a leak");
    assert_true(desk_text_is_thanks(" Thank you!! "));
    assert_false(desk_text_is_thanks("thank you, but the sink still drips"));
}

/* Whatever somebody writes, the rules' words have nothing of a telephone in them. */
static void say(struct desk_arena *a, const struct desk_dialog_output *out)
{
    static const char *const spoken[] = {"press", "key in",   "hash",   "hang up",     "the tone",
                                         "Say ",  "say your", "say it", "cannot hear", "Goodbye"};
    const char *words = desk_text_written(a, out->say);
    for (size_t i = 0; i < COUNT(spoken); i++)
        if (strstr(words, spoken[i]))
            fail_msg("\"%s\" is not for a text: %s", spoken[i], words);
}

static void talk(struct desk_arena *a, const char *profile, const char *const *lines, size_t n)
{
    struct desk_dialog_profile p;
    struct desk_dialog d;
    struct desk_dialog_output out;
    struct desk_dialog_input in = {DESK_DIALOG_START, "", NULL};
    assert_int_equal(desk_dialog_profile_parse(&p, profile), DESK_OK);
    desk_dialog_init(&d);
    desk_dialog_step(&p, &d, &in, &out);
    say(a, &out);
    for (size_t i = 0; i < n; i++) {
        in = (struct desk_dialog_input){DESK_DIALOG_SPEECH, lines[i], NULL};
        desk_dialog_step(&p, &d, &in, &out);
        say(a, &out);
        for (int tools = 0; *out.tool_name && tools < 8; tools++) {
            char tool[40];
            snprintf(tool, sizeof tool, "%s", out.tool_name);
            in = (struct desk_dialog_input){DESK_DIALOG_TOOL_RESULT,
                                            i % 2 ? "{\"ok\":true}" : "{\"ok\":false}", tool};
            desk_dialog_step(&p, &d, &in, &out);
            say(a, &out);
        }
    }
}

static void no_talk_by_text_speaks_of_keys(void **state)
{
    (void)state;
    static const char *const profiles[] = {
        "{\"business\":\"B\",\"owner\":\"Sal\",\"services\":[\"repair\"],\"people\":[\"Sal\"],"
        "\"caller\":{\"number\":\"+14155550134\",\"name\":\"\"},\"open_now\":true}",
        "{\"business\":\"B\",\"services\":[\"repair\",\"drains\"],\"asks\":[\"address\","
        "\"problem\"],\"zip\":true,\"can_text\":true,\"open_now\":false,\"hours\":\"Monday\"}",
        "{\"business\":\"B\",\"emergencies\":[\"burst pipe\"],\"caller\":{\"number\":\"\"}}",
    };
    static const char *const lines[] = {
        "asdf",       "repair",    "qwer",       "zxcv", "Dana Reed", "maybe",      "no",
        "4155550134", "hm",        "yes",        "no",   "whenever",  "burst pipe", "what",
        "what",       "cancel it", "reschedule", "skip", "Tuesday",   "yes"};
    struct desk_arena *a = desk_arena_new(1 << 22);
    for (size_t i = 0; i < COUNT(profiles); i++)
        for (size_t from = 0; from < COUNT(lines); from++)
            talk(a, profiles[i], lines + from, COUNT(lines) - from);
    desk_arena_free(a);
}

static void an_owner_steers_by_a_word(void **state)
{
    static const struct {
        const char *text;
        enum desk_live_word word;
        const char *said;
    } rows[] = {
        {"ME", DESK_LIVE_WORD_ME, ""},
        {" me. ", DESK_LIVE_WORD_ME, ""},
        {"1", DESK_LIVE_WORD_ME, ""},
        {"me too", DESK_LIVE_WORD_NONE, NULL},
        {"12", DESK_LIVE_WORD_NONE, NULL},
        {"2", DESK_LIVE_WORD_MSG, ""},
        {"Msg", DESK_LIVE_WORD_MSG, ""},
        {"message from Dana?", DESK_LIVE_WORD_NONE, NULL},
        {"SAY I am on my way.", DESK_LIVE_WORD_SAY, "I am on my way."},
        {"say: wait", DESK_LIVE_WORD_SAY, "wait"},
        {"say", DESK_LIVE_WORD_SAY, ""},
        {"saying no", DESK_LIVE_WORD_NONE, NULL},
        {"", DESK_LIVE_WORD_NONE, NULL},
        {"Who called today?", DESK_LIVE_WORD_NONE, NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *said = NULL;
        assert_int_equal(desk_live_word(rows[i].text, &said), rows[i].word);
        if (rows[i].said)
            assert_string_equal(said, rows[i].said);
        else
            assert_null(said);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_by_what_is_known),
        cmocka_unit_test(answers_to_whether_it_is_off),
        cmocka_unit_test(who_writes),
        cmocka_unit_test(each_kind_has_a_name_of_its_own),
        cmocka_unit_test(spoken_words_are_written),
        cmocka_unit_test(thanks_after_anything_else_is_a_no),
        cmocka_unit_test(no_talk_by_text_speaks_of_keys),
        cmocka_unit_test(an_owner_steers_by_a_word),
    };
    return cmocka_run_group_tests_name("text_in", tests, NULL, NULL);
}
