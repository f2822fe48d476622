/* The texts we send: the table, its templates, a business's own wording, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/log.h"
#include "core/sms.h"
#include "core/text_words.h"
#include "talk/text_fit.h"
#include "talk/texts.h"
#include "wire/gsm7.h"

#include <stdio.h>
#include <string.h>

static struct desk_arena *arena;
static struct desk_business business;
static char why[400];

static void read_business(const char *profile, const char *owner)
{
    const struct desk_business_parts parts = {
        .slug = "harwick", .name = "Harwick Plumbing", .profile = profile, .owner_name = owner};
    assert_int_equal(desk_business_compose(&business, arena, &parts), DESK_OK);
}

static int setup(void **state)
{
    (void)state;
    desk_log_init("test", DESK_LOG__MAX);
    arena = desk_arena_new(4 * 1024 * 1024);
    read_business("{}", "Sal");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    desk_arena_free(arena);
    return 0;
}

static enum desk_rc render(const char *name, const struct desk_sms_value *v, size_t n,
                           const char **text)
{
    why[0] = '\0';
    return desk_text_render(arena, &business, name, v, n, text, why, sizeof why);
}
#define RENDER(name, text, ...)                                                                    \
    render(name, (const struct desk_sms_value[]){__VA_ARGS__},                                     \
           sizeof((const struct desk_sms_value[]){__VA_ARGS__}) / sizeof(struct desk_sms_value),   \
           text)

static void is(const char *name, const char *want, const struct desk_sms_value *v, size_t n)
{
    const char *text = NULL;
    enum desk_rc rc = render(name, v, n, &text);
    if (rc)
        fail_msg("%s: %s", name, why);
    assert_string_equal(text, want);
}
#define IS(name, want, ...)                                                                        \
    is(name, want, (const struct desk_sms_value[]){__VA_ARGS__},                                   \
       sizeof((const struct desk_sms_value[]){__VA_ARGS__}) / sizeof(struct desk_sms_value))

/* A value of that kind and length. */
static const char *sample(const struct desk_sms_var *var, char out[700])
{
    if (var->kind == DESK_SMS_PHONE)
        return "+14155550134";
    if (var->kind == DESK_SMS_LINK)
        return "https://example.com/r";
    snprintf(out, 700, "%0*d", (int)var->most, 7);
    return out;
}

static void every_template_reads_well_with_all_and_with_the_least(void **state)
{
    (void)state;
    char room[DESK_SMS_VARS][700];
    size_t count = 0;
    for (const struct desk_sms_template *t = desk_sms_templates; t->name; t++, count++) {
        for (int all = 0; all < 2; all++) {
            struct desk_sms_value v[DESK_SMS_VARS];
            size_t n = 0;
            const char *text = NULL;
            for (const struct desk_sms_var *var = t->vars; var->name; var++)
                if (all || var->needed) {
                    v[n] = (struct desk_sms_value){var->name, sample(var, room[n])};
                    n++;
                }
            enum desk_rc rc = render(t->name, v, n, &text);
            if (rc)
                fail_msg("%s: %s", t->name, why);
            for (size_t i = 0; i < n; i++)
                if (!strstr(text, strcmp(v[i].value, "+14155550134") == 0 ? "(415) 555-0134"
                                                                          : v[i].value))
                    fail_msg("%s does not say %s: %s", t->name, v[i].name, text);
            struct desk_sms_size size;
            desk_sms_size(text, strlen(text), &size);
            if (size.ucs2 || strstr(text, "  ") || strstr(text, " .") || strstr(text, "<?"))
                fail_msg("%s: %s", t->name, text);
            assert_non_null(strstr(text, "Harwick Plumbing"));
        }
        assert_true(t == desk_sms_templates || strcmp(t[-1].name, t->name) < 0);
        assert_ptr_equal(desk_sms_template_find(t->name), t);
    }
    assert_true(count >= 15);
}

static void words_of_some(void **state)
{
    (void)state;
    is("message_kept",
       "Sorry we missed you. We have your message and Sal will call you back. Harwick Plumbing",
       NULL, 0);
    IS("appointment_confirmation",
       "Dana, you are booked for drain cleaning: Fri 20 Nov at 3 pm at 12 Elm St. Reply C to "
       "cancel it. To change it, text or call this number. Harwick Plumbing",
       {"name", "Dana"}, {"service", "drain cleaning"}, {"when", "Fri 20 Nov at 3 pm"},
       {"address", "12 Elm St"});
    IS("appointment_confirmation",
       "You are booked: Fri 20 Nov at 3 pm. Reply C to cancel it. To change it, text or call this "
       "number. Harwick Plumbing",
       {"when", "Fri 20 Nov at 3 pm"}, {"name", ""}, {"service", NULL});
    IS("callback_confirmation",
       "Sal will call you back on (415) 555-0134, tomorrow morning. Harwick Plumbing",
       {"number", "+14155550134"}, {"when", "tomorrow morning"});
    IS("emergency_owner",
       "Harwick Plumbing P1: gas smell. Caller: +14155550134. Said: \"it smells <of> gas\"",
       {"severity", "P1"}, {"because", "gas smell"}, {"caller", "+14155550134"},
       {"words", "it smells <of> gas"});
    read_business("{}", NULL);
    is("message_kept",
       "Sorry we missed you. We have your message and we will call you back. Harwick Plumbing",
       NULL, 0);
}

static void what_does_not_fit_is_refused_with_its_name(void **state)
{
    (void)state;
    const char *text = "";
    assert_int_equal(RENDER("no_such", &text, {"name", "x"}), DESK_EINVAL);
    assert_non_null(strstr(why, "no text \"no_such\""));
    assert_null(text);
    assert_int_equal(RENDER("appointment_confirmation", &text, {"name", "Dana"}), DESK_EINVAL);
    assert_string_equal(why, "The text appointment_confirmation needs \"when\".");
    assert_int_equal(RENDER("appointment_confirmation", &text, {"when", ""}), DESK_EINVAL);
    assert_int_equal(RENDER("appointment_confirmation", &text, {"when", "now"}, {"wen", "x"}),
                     DESK_EINVAL);
    assert_non_null(strstr(why, "no variable \"wen\"; it has: name, when, service, address, link"));
    /* the house's own are not to be given */
    assert_int_equal(RENDER("missed_call", &text, {"business", "Other"}), DESK_EINVAL);
    char at_most[81], more[90];
    snprintf(at_most, sizeof at_most, "%080d", 1);
    snprintf(more, sizeof more, "%081d", 1);
    assert_int_equal(RENDER("appointment_confirmation", &text, {"when", at_most}), DESK_OK);
    assert_int_equal(RENDER("appointment_confirmation", &text, {"when", more}), DESK_EINVAL);
    assert_string_equal(why, "\"when\" of the text appointment_confirmation may have 80 "
                             "characters; it has 81.");
    assert_null(strstr(why, more));
    assert_int_equal(RENDER("appointment_confirmation", &text, {"when", "a\nb"}), DESK_EINVAL);
    assert_int_equal(RENDER("appointment_confirmation", &text, {"when", "a\xff"}), DESK_EINVAL);
    assert_int_equal(RENDER("review_request", &text, {"link", "javascript:x"}), DESK_EINVAL);
    assert_int_equal(RENDER("callback_confirmation", &text, {"number", "555"}), DESK_EINVAL);
    assert_int_equal(RENDER("voicemail_owner", &text, {"caller", "x"}, {"seconds", "1 2"}),
                     DESK_EINVAL);
}

static void a_business_has_its_own_words(void **state)
{
    (void)state;
    read_business("{\"sms\": {\"appointment_confirmation\": \"{business}: {service} on {when}. "
                  "See you! {owner}\", \"missed_call\": \"bad {hole}\"}}",
                  "Sal");
    IS("appointment_confirmation", "Harwick Plumbing: repair on Friday. See you! Sal",
       {"when", "Friday"}, {"service", "repair"});
    IS("appointment_confirmation", "Harwick Plumbing: on Friday {when}. See you! Sal",
       {"when", "Friday {when}"}); /* a value is no wording */
    is("missed_call",
       "Harwick Plumbing: sorry we missed your call. Text us here what it is about and we get "
       "back to you.",
       NULL, 0);
}

static void wordings_are_checked(void **state)
{
    (void)state;
    const struct desk_sms_template *t = desk_sms_template_find("appointment_reminder");
    static const struct {
        const char *wording, *why;
    } bad[] = {
        {"On {wen}", "names {wen}, which this text does not have; it has: name, when, service, "
                     "address, business, owner"},
        {"On {when", "stands alone"},
        {"On when}", "stands alone"},
        {"{{when}}", "stands alone"},
        {"{}", "names {}"},
        {"  ", "must be words"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(desk_sms_wording_check(t, bad[i].wording, why, sizeof why), DESK_EINVAL);
        if (!strstr(why, bad[i].why))
            fail_msg("%s: %s", bad[i].wording, why);
    }
    assert_int_equal(
        desk_sms_wording_check(t, "{business}: {when}, {address}. {owner}", why, sizeof why),
        DESK_OK);
}

static void health_is_not_texted(void **state)
{
    (void)state;
    const char *text;
    read_business("{\"phi\": true}", "Dr Lee");
    IS("appointment_reminder",
       "Reminder: Friday at 3. Reply Y to confirm, C to cancel. To change it, text or call this "
       "number. Harwick Plumbing",
       {"when", "Friday at 3"}, {"service", "root canal"});
    assert_int_equal(RENDER("call_summary", &text, {"summary", "your molar"}), DESK_EINVAL);
    assert_non_null(strstr(why, "does not text that"));
}

static void words_with_a_meaning(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum desk_sms_word is;
    } rows[] = {
        {"STOP", DESK_SMS_STOP},         {" stop. \n", DESK_SMS_STOP},
        {"Unsubscribe", DESK_SMS_STOP},  {"stop calling me Dan", DESK_SMS_NO_WORD},
        {"cancel", DESK_SMS_MAYBE_STOP}, {"Cancel my visit", DESK_SMS_NO_WORD},
        {"end!", DESK_SMS_MAYBE_STOP},   {"start", DESK_SMS_START},
        {"YES", DESK_SMS_MAYBE_START},   {"yes please", DESK_SMS_NO_WORD},
        {"help", DESK_SMS_HELP},         {"", DESK_SMS_NO_WORD},
        {"stop2", DESK_SMS_NO_WORD},     {"unsubscribeunsubscribe", DESK_SMS_NO_WORD},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (desk_sms_word(rows[i].text) != rows[i].is)
            fail_msg("\"%s\" is %d", rows[i].text, (int)desk_sms_word(rows[i].text));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/* Two segments where it can be; what is left out is known. */
static void an_answer_fits_two_segments(void **state)
{
    (void)state;
    const char *left;
    struct desk_sms_size size;
    struct desk_arena *m = desk_arena_new(1 << 20);
    assert_string_equal(desk_text_fit(m, "Yes, we do.", &left), "Yes, we do.");
    assert_null(left);
    /* dear marks get plain sisters before anything is cut */
    const char *curly = desk_arena_fmt(
        m, "%0200d\xe2\x80\x99s \xe2\x80\x9cyes\xe2\x80\x9d \xe2\x80\x93 fine\xe2\x80\xa6", 0);
    const char *text = desk_text_fit(m, curly, &left);
    assert_null(left);
    assert_string_equal(text + 200, "'s \"yes\" - fine...");
    /* at a sentence, with the question at its end */
    const char *longer = "Does it suit you?";
    for (int i = 0; i < 8; i++)
        longer =
            desk_arena_fmt(m, "One sentence of about fifty characters, with a mark. %s", longer);
    text = desk_text_fit(m, longer, &left);
    desk_sms_size(text, strlen(text), &size);
    assert_int_equal(size.segments, 2);
    assert_non_null(strstr(text, "with a mark. Does it suit you?"));
    assert_non_null(left);
    assert_non_null(strstr(left, "One sentence"));
    /* no sentence ends early enough: it goes as it is */
    char *one = desk_arena_alloc(m, 701);
    memset(one, 'w', 700);
    one[700] = '\0';
    assert_string_equal(desk_text_fit(m, one, &left), one);
    assert_null(left);
    /* longer than a text may be */
    char *huge = desk_arena_alloc(m, 2001);
    memset(huge, 'w', 2000);
    huge[2000] = '\0';
    text = desk_text_fit(m, huge, &left);
    assert_int_equal(strlen(text), DESK_MAX_TEXT);
    assert_int_equal(strlen(left), 2000 - DESK_MAX_TEXT);
    assert_string_equal(desk_text_fit(m, "", &left), "");
    desk_arena_free(m);
}

/* What a model puts behind its question, and marks that are no end of a sentence, do not cost it.
 */
static void the_last_question_is_kept(void **state)
{
    (void)state;
    static const char *const ends[][2] = {
        {"Which day suits you? Thank you!", "Which day suits you?"},
        {"Which day suits you?\n", "Which day suits you?"},
        {"Which day suits you?  ", "Which day suits you?"},
        {"Which day suits you? \xf0\x9f\x98\x8a", "Which day suits you?"},
        {"Which day suits you?! We look forward to it.", "Which day suits you?!"},
        {"(Which day suits you?)", "(Which day suits you?)"},
        {"Would 9 a.m. on Tuesday suit you?", "Would 9 a.m. on Tuesday suit you?"},
        {"Would Tuesday at 2 p.m. Eastern suit Dr. Cole at 12 Main St. as well?",
         "Would Tuesday at 2 p.m. Eastern suit Dr. Cole at 12 Main St. as well?"},
        {"Pick one:\n1. Tuesday\n2. Wednesday\nWhich one is it?\nBest regards,\nthe office",
         "Which one is it?"},
        {"\xc2\xbfLe conviene el martes? Gracias.", "\xc2\xbfLe conviene el martes?"},
        {"Does Monday suit you? If not, which day does? We come to you.",
         "If not, which day does?"},
    };
    struct desk_arena *m = desk_arena_new(1 << 20);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const char *left, *body = ends[i][0];
        struct desk_sms_size size;
        for (int k = 0; k < 8; k++)
            body =
                desk_arena_fmt(m, "One sentence of about fifty characters, with a mark. %s", body);
        const char *text = desk_text_fit(m, body, &left);
        desk_sms_size(text, strlen(text), &size);
        if (size.segments > 2 || !strstr(text, ends[i][1]) || strncmp(text, "One", 3) != 0)
            fail_msg("\"%s\" became \"%s\"", ends[i][0], text);
        assert_non_null(left);
        assert_non_null(strstr(left, "One sentence"));
    }
    /* nothing is asked: it ends at a sentence; what is asked early stays where it is */
    const char *left, *body = "Goodbye.";
    for (int k = 0; k < 8; k++)
        body = desk_arena_fmt(m, "One sentence of about fifty characters, with a mark. %s", body);
    const char *text = desk_text_fit(m, body, &left);
    assert_string_equal(text + strlen(text) - 5, "mark.");
    body = desk_arena_fmt(m, "Does it leak now? %s", body);
    text = desk_text_fit(m, body, &left);
    assert_int_equal(strncmp(text, "Does it leak now? One", 21), 0);
    assert_string_equal(strstr(text, "leak now?"), text + 8);
    assert_null(strstr(text + 17, "leak now?"));
    /* longer than any text may be, in one breath */
    char *huge = desk_arena_alloc(m, 4001);
    memset(huge, 'w', 4000);
    memcpy(huge + 3000, ". And when? ", 12);
    huge[4000] = '\0';
    text = desk_text_fit(m, huge, &left);
    assert_true(strlen(text) <= DESK_MAX_TEXT);
    assert_string_equal(text + strlen(text) - 10, " And when?");
    /* more sentences than are told apart */
    body = "Is that so?";
    for (int k = 0; k < 100; k++)
        body = desk_arena_fmt(m, "Yes. %s", body);
    assert_non_null(desk_text_fit(m, body, &left));
    desk_arena_free(m);
}

static void who_is_asked(void **state)
{
    (void)state;
    static const char *const us[] = {
        "how many calls today?", "Messages",         "2",
        " any emergencies",      "What's tomorrow?", "show me the schedule"};
    static const char *const them[] = {
        "I am with you at four",  "ok", "shut the valve", "10 minutes",
        "Sure, see you tomorrow", "",   "2 pm works"};
    for (size_t i = 0; i < sizeof us / sizeof *us; i++)
        assert_true(desk_text_asks_us(us[i]));
    for (size_t i = 0; i < sizeof them / sizeof *them; i++)
        assert_false(desk_text_asks_us(them[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_template_reads_well_with_all_and_with_the_least),
        TEST(words_of_some),
        TEST(what_does_not_fit_is_refused_with_its_name),
        TEST(a_business_has_its_own_words),
        TEST(wordings_are_checked),
        TEST(health_is_not_texted),
        TEST(words_with_a_meaning),
        cmocka_unit_test(an_answer_fits_two_segments),
        cmocka_unit_test(the_last_question_is_kept),
        cmocka_unit_test(who_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
