/* From what a text model writes to what is spoken, whole and in pieces. */
#include "core/spoken.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct desk_spoken s;

/* Characters whole: a piece never ends within one. */
static size_t piece_at(const char *p, size_t want)
{
    size_t n = want;
    while (p[n] && ((unsigned char)p[n] & 0xc0) == 0x80)
        n++;
    return n;
}

static void check(const char *text, const char *want, bool transfer)
{
    for (size_t size = 1; size <= strlen(text) + 1; size++) {
        size_t at = 0, all = strlen(text);
        desk_spoken_clear(&s);
        desk_spoken_init(&s);
        while (at < all) {
            size_t n = size < all - at ? piece_at(text + at, size) : all - at;
            size_t before = s.out.len;
            desk_spoken_feed(&s, text + at, n);
            if (s.out.len > before) /* what is out is out: no part of a mark */
                assert_null(strpbrk(s.out.p, "{}<>*"));
            at += n;
        }
        if (strcmp(desk_buf_cstr(&s.out), want) != 0 || s.transfer != transfer)
            fail_msg("pieces of %zu: \"%s\" %d", size, desk_buf_cstr(&s.out), s.transfer);
    }
}

static void words_stay_words(void **state)
{
    (void)state;
    check("Good morning! How can I help?", "Good morning! How can I help?", false);
    check("", "", false);
    check("  a \n\n b\tc ", "a b c", false);
    check("It's 5 to 7, $20 & more; 50% (really) \"yes\".",
          "It's 5 to 7, $20 & more; 50% (really) \"yes\".", false);
    check("Se\xc3\xb1or \xe2\x80\x94 caf\xc3\xa9\xe2\x80\xa6",
          "Se\xc3\xb1or \xe2\x80\x94 caf\xc3\xa9\xe2\x80\xa6", false);
    check("a well-known man", "a well-known man", false);
    check("5 < 6, said he", "5 6, said he", false);
}

static void marks_of_text_are_not_spoken(void **state)
{
    (void)state;
    check("**Sure!** I `can` do _that_.", "Sure! I can do that .", false);
    check("# Title\n- one\n- two\n  - three", "Title one two three", false);
    check("Great \xf0\x9f\x98\x80 news \xe2\x9c\x85.", "Great news .", false);
    check("See [our page].", "See our page.", false);
    check("<speak>Hello <break time=\"1s\"/>there</speak>", "Hello there", false);
    check("zero\xe2\x80\x8bwidth", "zerowidth", false);
}

static void thoughts_are_not_spoken(void **state)
{
    (void)state;
    check("<think>The caller {wants} <b>a</b> quote.</think>\n\nOf course.", "Of course.", false);
    check("The caller wants a quote. I must be brief.</think>Of course.", "Of course.", false);
    check("<THINK>a</THINK>b", "b", false);
    check("<think>never ends", "", false);
}

static void the_transfer_decision_is_found_and_never_spoken(void **state)
{
    static const char *const forms[] = {"{TRANSFER}",      "{transfer}",         "{ TRANSFER }",
                                        "{{TRANSFER}}",    "{\"TRANSFER\"}",     "{Transfer}",
                                        "{TRANSFER: Sal}", "{TRANSFER_TO_OWNER}"};
    char text[200];
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        check(forms[i], "", true);
        snprintf(text, sizeof text, "One moment. %s", forms[i]);
        check(text, "One moment.", true);
        snprintf(text, sizeof text, "%s One moment.", forms[i]);
        check(text, "One moment.", true);
        snprintf(text, sizeof text, "I put you%sthrough.", forms[i]);
        check(text, "I put you through.", true);
        snprintf(text, sizeof text, "**%s**", forms[i]);
        check(text, "", true);
    }
    check("Say {name}, please.", "Say , please.", false);
    check("{TRANSFERS}", "", false);
    check("{NO TRANSFER}", "", false);
    check("TRANSFER", "TRANSFER", false); /* a word of the talk */
    check("{\"name\": \"end_call\", \"arguments\": {\"outcome\": \"x\"}}", "", false);
    check("Well {TRANSFER", "Well", false); /* it breaks off */
    check("a } b", "a b", false);
}

/* After so many words the sentence is finished, and a decision behind it is found all the same. */
static void long_answers_are_cut_at_a_sentence(void **state)
{
    char text[2000] = "", want[2000] = "";
    (void)state;
    for (int i = 0; i < 40; i++)
        strncat(text, "one two three. ", sizeof text - strlen(text) - 1);
    for (int i = 0; i < DESK_SPOKEN_WORDS / 3; i++)
        strncat(want, i ? " one two three." : "one two three.", sizeof want - strlen(want) - 1);
    check(text, want, false);
    strncat(text, "{TRANSFER}", sizeof text - strlen(text) - 1);
    check(text, want, true);
}

static int drop(void **state)
{
    (void)state;
    desk_spoken_clear(&s);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_stay_words),
        cmocka_unit_test(marks_of_text_are_not_spoken),
        cmocka_unit_test(thoughts_are_not_spoken),
        cmocka_unit_test(the_transfer_decision_is_found_and_never_spoken),
        cmocka_unit_test(long_answers_are_cut_at_a_sentence),
    };
    return cmocka_run_group_tests_name("spoken", tests, NULL, drop);
}
