/* Emergencies: the rules and the classifier on sentences of our own, by phenomenon, and on the
 * development half of the evaluation set; the owner's phrases. */
#include "core/emergency.h"
#include "core/emergency.c"

#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

static const char *judged(const char *kind, const char *said)
{
    struct desk_emergency e;
    desk_emergency_judge(&e, kind, NULL, 0, said);
    return desk_severity_name(e.severity);
}

struct row {
    const char *kind, *said, *severity;
};

static void check(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct desk_emergency e;
        desk_emergency_judge(&e, rows[i].kind, NULL, 0, rows[i].said);
        if (strcmp(desk_severity_name(e.severity), rows[i].severity) != 0)
            print_error("%s: %s: is %s, should be %s: %s\n", rows[i].kind, rows[i].said,
                        desk_severity_name(e.severity), rows[i].severity, e.because);
        assert_string_equal(desk_severity_name(e.severity), rows[i].severity);
    }
}

static void plain_ones(void **state)
{
    static const struct row rows[] = {
        {"plumbing", "A pipe burst and water is spraying all over the kitchen!", "P1"},
        {"plumbing", "we have no hot water", "P2"},
        {"plumbing", "the faucet in the bathroom drips", "P3"},
        {"plumbing", "how much is a new water heater", "none"},
        {"smart_home", "there is smoke coming out of the panel", "P1"},
        {"smart_home", "all the cameras are offline", "P2"},
        {"smart_home", "one speaker crackles a bit", "P3"},
        {"smart_home", "I'd like a quote for outdoor lights", "none"},
        {"handyman", "the outlet is sparking and the wall is hot", "P1"},
        {"handyman", "my front door won't lock", "P2"},
        {"handyman", "a cabinet door came off its hinge", "P3"},
        {"handyman", "can you paint a bedroom", "none"},
        {"dental", "I can't breathe, my throat is swelling shut", "P1"},
        {"dental", "I broke a tooth and it really hurts", "P2"},
        {"dental", "my retainer cracked", "P3"},
        {"dental", "I need a cleaning", "none"},
        {"concierge", "your wife was in a car accident and she's in the ambulance", "P1"},
        {"concierge", "your car is being towed", "P2"},
        {"concierge", "your table for two is confirmed", "none"},
    };
    (void)state;
    check(rows, sizeof rows / sizeof *rows);
}

/* The same hazard, said in ways that change what it means. */
static void what_is_said_around(void **state)
{
    static const struct row rows[] = {
        {"smart_home", "no smoke and no fire, I just want to move my appointment", "none"},
        {"smart_home", "not the shed, the house, the house is on fire", "P1"},
        {"smart_home", "we had a fire two years ago and now we want new wiring", "none"},
        {"smart_home", "what happens if there is a fire, do the doors unlock", "none"},
        {"smart_home", "is it bad if the outlet smokes, because it is smoking now", "P1"},
        {"smart_home", "the alarm went off but it was only burnt toast, all good", "none"},
        {"smart_home", "that new theater of yours is straight fire", "none"},
        {"smart_home", "my neighbor had a break in last week so I want a quote for cameras",
         "none"},
        {"smart_home", "just a question about my bill, oh no, there's smoke in the hall", "P1"},
        {"smart_home", "this is a test of the alarm, please disregard", "none"},
        {"plumbing", "the pipe burst but I shut the water off, we need it fixed", "P2"},
        {"plumbing", "the basement flooded last spring, I want a price on a sump pump", "none"},
        {"plumbing", "you fixed the leak on Monday and now it's gushing again", "P1"},
        {"plumbing", "do you do gas lines for a grill", "none"},
        {"plumbing", "I am flooded with work, mornings only please", "none"},
        {"plumbing", "hay agua saliendo por el techo y no la puedo parar", "P1"},
        {"plumbing", "no tenemos agua caliente", "P2"},
        {"plumbing", "base mint is flood ding and water is poring in", "P1"},
        {"dental", "is it normal to bleed a little after an extraction", "none"},
        {"dental", "it's not bleeding anymore, it healed up", "none"},
        {"dental", "the swelling went from my cheek to my neck and I can hardly swallow", "P1"},
        {"concierge", "help us stop the flood of spam, vote on Tuesday", "none"},
        {"concierge", "this is the IRS, there is a warrant for your arrest, press one", "none"},
    };
    (void)state;
    check(rows, sizeof rows / sizeof *rows);
}

/* What is said most in a talk is no alarm. */
static void ordinary_answers(void **state)
{
    static const char *const said[] = {
        "",
        "yes",
        "tomorrow at 8",
        "my name is Rob Burns",
        "no thanks",
        "five five five oh one three four",
        "412 Fire Lane",
        "can I talk to a person",
    };
    static const char *const kinds[] = {"smart_home", "plumbing", "handyman", "dental",
                                        "concierge",  "florist",  "",         NULL};
    (void)state;
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            assert_false(desk_severity_alerts(desk_severity_of(judged(kinds[k], said[i]))));
    assert_string_equal(judged("florist", "there's a fire in my shop"), "P1");
    assert_string_equal(judged(NULL, NULL), "none");
}

/* In a long talk what was said last is heard, and a P1 said first is not forgotten. */
static void long_talks(void **state)
{
    char text[6000] = "";
    size_t n = 0;
    (void)state;
    while (n < 700)
        n += (size_t)snprintf(text + n, sizeof text - n,
                              "my name is ann and I live on main street. tuesday would be good. ");
    assert_string_equal(judged("plumbing", text), "none");
    snprintf(text + n, sizeof text - n,
             "oh wait, the ceiling just came down and water is pouring in");
    assert_string_equal(judged("plumbing", text), "P1");
}

/* as people answer "what is it about?": a rule must know the few words, or nobody is woken */
static void few_words(void **state)
{
    static const char *const urgent[] = {"carbon monoxide alarm", "tree fell on the house",
                                         "call 911", "I need an ambulance", "gas smell"};
    static const char *const calm[] = {"in the kitchen", "the water heater", "smoke alarm quote",
                                       "Waters Lane"};
    (void)state;
    for (size_t i = 0; i < sizeof urgent / sizeof *urgent; i++)
        assert_string_equal(judged("plumbing", urgent[i]), "P1");
    for (size_t i = 0; i < sizeof calm / sizeof *calm; i++)
        assert_string_equal(judged("plumbing", calm[i]), "none");
}

static void because(void **state)
{
    struct desk_emergency e;
    (void)state;
    desk_emergency_judge(&e, "plumbing", NULL, 0, "I smell gas in the kitchen");
    assert_int_equal(e.severity, DESK_P1);
    assert_non_null(strstr(e.because, "rule gas smell: \"smell\""));
    desk_emergency_judge(&e, "plumbing", NULL, 0, "hello");
    assert_non_null(strstr(e.because, "nothing urgent"));
}

static enum desk_severity with_own(const char *said)
{
    static const struct desk_emergency_phrase own[] = {
        {"koi pond", DESK_P1},
        {"burst pipe", DESK_P1},
        {"no hot water", DESK_P3},
        {"will not lock", DESK_P2},
        {"grease trap", DESK_SEVERITY_NONE},
        {"", DESK_P1},
    };
    struct desk_emergency e;
    desk_emergency_judge(&e, "plumbing", own, sizeof own / sizeof *own, said);
    return e.severity;
}

static void owners_phrases(void **state)
{
    char plain[DESK_EMERGENCY_PHRASE];
    (void)state;
    desk_emergency_plain(plain, sizeof plain, "Won't LOCK!");
    assert_string_equal(plain, "will not lock");
    desk_emergency_plain(plain, 8, "koi pond");
    assert_string_equal(plain, "koi");
    desk_emergency_plain(plain, sizeof plain, NULL);
    assert_string_equal(plain, "");

    assert_int_equal(with_own("hello, it is about the koi pond"), DESK_P1);
    assert_int_equal(with_own("it's about the koi ponds"), DESK_P1);
    assert_int_equal(with_own("it is not about the koi pond"), DESK_SEVERITY_NONE);
    assert_int_equal(with_own("what if the koi pond freezes"), DESK_SEVERITY_NONE);
    assert_int_equal(with_own("we have no hot water"), DESK_P3);         /* lowered */
    assert_int_equal(with_own("no hot water and I smell gas"), DESK_P1); /* not lowered */
    assert_int_equal(with_own("my pipe has burst"), DESK_P1);
}

static void names(void **state)
{
    (void)state;
    for (int s = 0; s < DESK_SEVERITY__MAX; s++)
        assert_int_equal(desk_severity_of(desk_severity_name((enum desk_severity)s)), s);
    assert_int_equal(desk_severity_of("P4"), DESK_SEVERITY__MAX);
    assert_int_equal(desk_severity_of(NULL), DESK_SEVERITY__MAX);
    assert_string_equal(desk_severity_name((enum desk_severity)99), "none");
    assert_true(desk_severity_alerts(DESK_P2));
    assert_false(desk_severity_alerts(DESK_P3));
}

/* Any bytes, none of them kept, none of them read beyond. */
static void odd_bytes(void **state)
{
    unsigned seed = 1;
    char *text = malloc(8001);
    (void)state;
    for (int round = 0; round < 60; round++) {
        size_t n = (size_t)(round * 133 % 8000);
        for (size_t i = 0; i < n; i++) {
            seed = seed * 1664525u + 1013904223u;
            text[i] = (char)(1 + (seed >> 24) % 255);
        }
        text[n] = '\0';
        judged("dental", text);
        struct desk_emergency_phrase own = {.plain = text, .severity = DESK_P2};
        struct desk_emergency e;
        desk_emergency_judge(&e, "dental", &own, 1, text);
    }
    for (size_t i = 0; i < 8000; i++)
        text[i] = "fire, "[i % 6];
    text[8000] = '\0';
    assert_string_equal(judged("plumbing", text), "P1");
    free(text);
}

/* What the trainer computed is what the judge computes: the model fits the code. Train again when
 * this fails (scripts/train/README.md). */
static void the_model_is_of_this_code(void **state)
{
    static struct desk_emergency_read r;
    (void)state;
    assert_true(emergency_model.n_checks >= 20);
    assert_int_equal(emergency_model.n_classes, 4);
    for (size_t i = 0; i < emergency_model.n_checks; i++) {
        const struct desk_linear_check *c = &emergency_model.checks[i];
        float scores[DESK_LINEAR_CLASSES];
        desk_emergency_read(&r, c->tags, c->text);
        desk_linear_score_words(&emergency_model, &r.words, r.tag, r.n_tags, scores);
        for (size_t k = 0; k < emergency_model.n_classes; k++)
            if (fabsf(scores[k] - c->scores[k]) > 0.01f)
                fail_msg("train again: \"%s\" has %s %.3f, the trainer got %.3f", c->text,
                         emergency_model.classes[k], (double)scores[k], (double)c->scores[k]);
    }
}

/* The development half: floors, not the last figure (make judge has that). Prints the time. */
static void development_half(void **state)
{
    FILE *f = fopen("tests/eval/emergency.jsonl", "r");
    char line[4096];
    int p1 = 0, p1_found = 0, quiet = 0, false_alerts = 0, n = 0;
    double us = 0;
    (void)state;
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        json_t *row = json_loads(line, 0, NULL);
        struct timespec a, b;
        struct desk_emergency e;
        assert_non_null(row);
        const char *gold = json_string_value(json_object_get(row, "severity"));
        clock_gettime(CLOCK_MONOTONIC, &a);
        desk_emergency_judge(&e, json_string_value(json_object_get(row, "business")), NULL, 0,
                             json_string_value(json_object_get(row, "text")));
        clock_gettime(CLOCK_MONOTONIC, &b);
        us += (double)(b.tv_sec - a.tv_sec) * 1e6 + (double)(b.tv_nsec - a.tv_nsec) / 1e3;
        p1 += strcmp(gold, "P1") == 0;
        p1_found += strcmp(gold, "P1") == 0 && e.severity == DESK_P1;
        bool is_quiet = strcmp(gold, "P3") == 0 || strcmp(gold, "none") == 0;
        quiet += is_quiet;
        false_alerts += is_quiet && desk_severity_alerts(e.severity);
        n++;
        json_decref(row);
    }
    fclose(f);
    print_message("P1 %d of %d, false alerts %d of %d, %.1f us a text\n", p1_found, p1,
                  false_alerts, quiet, us / n);
    assert_true(p1_found >= 0.95 * p1);
    assert_true(false_alerts <= 0.10 * quiet);
}

static void reasons_are_told_plainly(void **state)
{
    (void)state;
    static const struct {
        const char *because, *plain;
    } rows[] = {
        {"rule flooding: \"water is pouring\" (P1 0.98)", "water is pouring"},
        {"it sounds like danger or damage (P1 0.54)", "it sounds like danger or damage"},
        {"no heat", "no heat"},
        {"one \" alone (P2 0.5)", "one \" alone"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t n;
        const char *p = desk_emergency_told(rows[i].because, &n);
        assert_int_equal(n, strlen(rows[i].plain));
        assert_memory_equal(p, rows[i].plain, n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reasons_are_told_plainly),
        cmocka_unit_test(plain_ones),
        cmocka_unit_test(what_is_said_around),
        cmocka_unit_test(ordinary_answers),
        cmocka_unit_test(long_talks),
        cmocka_unit_test(few_words),
        cmocka_unit_test(because),
        cmocka_unit_test(owners_phrases),
        cmocka_unit_test(names),
        cmocka_unit_test(odd_bytes),
        cmocka_unit_test(the_model_is_of_this_code),
        cmocka_unit_test(development_half),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
