/* Practice callers: their files, what they take the receptionist's words for, what they answer, and
 * whether what came of it is what was expected; and the copy they talk to. */
#include "core/practice.h"
#include "talk/practice.h"
#include "base/clock.h"
#include "core/business_file.h"
#include "store/contacts.h"
#include "store/outbox.h"
#include "store/results.h"
#include "store/text_stops.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define HEAD                                                                                       \
    "{\"id\":\"a\",\"business\":\"plumbing\",\"now\":\"2026-11-17T10:00:00-05:00\","               \
    "\"caller_number\":\"+18605550125\",\"opening\":\"hello\","
#define NOW 1794927600000LL /* of HEAD */

static char told_text[4000];
static int told_line;

static void keep(void *ctx, int line, const char *sentence)
{
    size_t n = strlen(told_text);
    (void)ctx;
    if (!n)
        told_line = line;
    snprintf(told_text + n, sizeof told_text - n, "%s\n", sentence);
}

static void read_fine(struct desk_practice *p, const char *text)
{
    told_text[0] = '\0';
    enum desk_rc rc = desk_practice_read(p, text, strlen(text), keep, NULL);
    if (rc)
        print_error("%s\n", told_text);
    assert_int_equal(rc, DESK_OK);
}

/* ---- files ----------------------------------------------------------------------------------- */

static void a_file_is_read(void **state)
{
    struct desk_practice p;
    (void)state;
    read_fine(&p, HEAD "\"lines\":{\"ask_name\":[\"jo\"]},\"expect\":{},\"channel\":\"sms\"}");
    assert_string_equal(p.id, "a");
    assert_true(p.now == NOW);
    assert_true(p.by_text);
    assert_string_equal(p.hang_up, "after_goodbye");
    assert_int_equal(p.max_turns, 16);
    desk_practice_clear(&p);
    assert_null(p.doc);
}

static void what_is_wrong_is_told_with_its_place(void **state)
{
    static const struct {
        const char *text, *says;
        int line;
    } rows[] = {
        {"", "not JSON", 1},
        {"[]", "the file must be one caller", 1},
        {"{\n\"id\": \"a\"}", "business is missing", 1},
        {HEAD "\"lines\":{},\n\"expect\":{},\n\"linse\":{}}", "linse", 3},
        {HEAD "\"lines\":{\n\"ask_name\":\"jo\"},\"expect\":{}}", "lines.ask_name must be a list",
         2},
        {HEAD "\"lines\":{\"ask_name\":[]},\"expect\":{}}", "lines.ask_name", 1},
        {HEAD "\"lines\":{},\"expect\":{\n\"alarms\":[]}}", "alarms", 2},
        {HEAD "\"lines\":{},\"expect\":{\"appointments\":[{\"service\":\"x\"}]}}",
         "expect.appointments[0].start_within is missing", 1},
        {HEAD "\"lines\":{},\"expect\":{},\n\"seed_db\":{\"appointments\":[\n{\"service\":\"x\","
              "\"start\":\"2026-13-18T09:00-05:00\"}]}}",
         "seed_db.appointments[0].start must be a time", 3},
        {HEAD "\"lines\":{},\"lines\":{},\"expect\":{}}", "not JSON", 1},
        {HEAD "\"lines\":{},\"expect\":{},\"channel\":\"fax\"}", "channel must be one of", 1},
    };
    struct desk_practice p;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        told_text[0] = '\0';
        enum desk_rc rc = desk_practice_read(&p, rows[i].text, strlen(rows[i].text), keep, NULL);
        if (rc != DESK_EINVAL || !strstr(told_text, rows[i].says) || told_line != rows[i].line)
            fail_msg("%s: line %d: %s", rows[i].text, told_line, told_text);
        assert_null(p.doc);
    }
}

static void instants(void **state)
{
    static const char *const bad[] = {"",
                                      "2026-11-17",
                                      "2026-11-17T10:00",
                                      "2026-11-17T10:00-0500",
                                      "2026-11-17T25:00Z",
                                      "2026-11-17T10:00Zx",
                                      "x"};
    int64_t at;
    (void)state;
    assert_true(desk_practice_instant("2026-11-17T10:00-05:00", &at) && at == NOW);
    assert_true(desk_practice_instant("2026-11-17T15:00:00Z", &at) && at == NOW);
    assert_true(desk_practice_instant("2026-11-17T16:00:07+01:00", &at) && at == NOW + 7000);
    assert_false(desk_practice_instant(NULL, &at));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(desk_practice_instant(bad[i], &at));
}

static void what_happens_beside_the_words(void **state)
{
    static const struct {
        const char *text;
        enum desk_practice_event event;
        const char *word;
        int64_t ms;
    } rows[] = {
        {"Dial result: no-answer", DESK_PRACTICE_DIAL, "no-answer", 0},
        {"wait 35 minutes after the first address question", DESK_PRACTICE_WAIT, "address",
         35 * 60000},
        {"wait 2 hours after the greeting", DESK_PRACTICE_WAIT, "", 2 * 3600000},
        {"silence after the name question", DESK_PRACTICE_SILENCE, "name", 0},
        {"the moon rises", DESK_PRACTICE_NOTHING, "", 0},
        {"wait for it", DESK_PRACTICE_NOTHING, "", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_practice_behaviour b;
        desk_practice_behaviour_read(rows[i].text, &b);
        assert_int_equal(b.event, rows[i].event);
        assert_string_equal(b.word, rows[i].word);
        assert_true(b.ms == rows[i].ms);
    }
}

/* ---- the caller ------------------------------------------------------------------------------ */

static void what_is_asked(void **state)
{
    static const struct {
        const char *words, *key;
    } rows[] = {
        {"Thank you. What is your name, please?", "ask_name"},
        {"Shall we call you back on 8 6 0, 5 5 5? Say yes or no, or press 1 or 2.", "ask_number"},
        {"I have 8 6 0. Is that right? Say yes or no, or press 1 or 2.", "confirm"},
        {"What is the address of the work, with the town?", "ask_address"},
        {"I have: 5 Canal Street. Is that right? Say yes or no, or press 1 or 2.", "confirm"},
        {"What is it about? You can say: repair, leave a message, or speak to someone.",
         "ask_reason"},
        {"If anyone is in danger, hang up and call 911. Is this happening now?", "ask_safety"},
        {"Which day and what time of day would suit you? Or say as soon as possible.", "ask_time"},
        {"Done. Mike will call you tomorrow. Is there anything else?", "anything_else"},
        {"Which day is the appointment that you have?", "ask_which"},
        {"How do you spell that?", "ask_spelling"},
        {"Please say or key in your PIN, then press the pound key.", "ask_pin"},
        {"Please leave your message after the tone.", "leave_message"},
        {"What number should we call? Say it, or key it in and press hash.", "ask_number"},
        {"Can you shut off the main valve?", "ask_shutoff"},
        {"Thank you for calling. Goodbye.", ""},
        {"", ""},
        {"... ?!? ", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(desk_practice_asked(rows[i].words), rows[i].key) != 0)
            fail_msg("%s: %s", rows[i].words, desk_practice_asked(rows[i].words));
}

static const char *answer(const struct desk_practice *p, struct desk_practice_stand *st,
                          const char *words, struct desk_practice_reply *out)
{
    desk_practice_reply(p, st, &(struct desk_practice_heard){words, NULL, 0}, out);
    return out->text;
}

static void lines_are_answered_in_their_order(void **state)
{
    struct desk_practice p;
    struct desk_practice_stand st = {.n = 0};
    struct desk_practice_reply r;
    (void)state;
    read_fine(&p, HEAD "\"facts\":{\"name\":\"Jo Park\",\"number\":\"+18605550125\"},\"lines\":{"
                       "\"ask_time\":[\"monday\",\"tuesday\"],\"fallback\":[\"hm\"],"
                       "\"ask_address\":[\"(no answer for 3 minutes)\",\"5 elm\"]},\"expect\":{}}");
    assert_string_equal(answer(&p, &st, "Which day?", &r), "monday");
    assert_string_equal(answer(&p, &st, "What time?", &r), "tuesday");
    assert_string_equal(answer(&p, &st, "What time?", &r), "tuesday");
    assert_string_equal(answer(&p, &st, "What is your name?", &r), "Jo Park");
    assert_string_equal(answer(&p, &st, "Shall we call you back on 8 6 0?", &r),
                        "yes, this number");
    assert_string_equal(answer(&p, &st, "What colour is it?", &r), "hm");
    assert_string_equal(answer(&p, &st, "The address, please?", &r), "5 elm");
    assert_true(r.wait_ms == 3 * 60000);
    desk_practice_clear(&p);
}

static void offered_times_are_picked(void **state)
{
    static const struct desk_practice_slot slots[] = {
        {"Wednesday, November 18th at 9 am", 100},
        {"Friday, November 20th at 2 pm", 1795201200000LL}};
    static const char words[] = "We have Wednesday at 9 am, or Friday at 2 pm. Which one?";
    const struct desk_practice_heard h = {words, slots, 2};
    const struct desk_practice_heard one = {"We have Friday at 2 pm. Shall I book that?", slots + 1,
                                            1};
    struct desk_practice p;
    struct desk_practice_stand st = {.n = 0};
    struct desk_practice_reply r;
    (void)state;
    read_fine(&p, HEAD "\"lines\":{\"offer_slots\":{\"pick\":\"first_in_window\"},\"confirm\":["
                       "\"yes\"]},\"expect\":{\"appointments\":[{\"service\":\"repair\","
                       "\"start_within\":[\"2026-11-20T12:00-05:00\",\"2026-11-20T17:00-05:00\"]}"
                       "]}}");
    desk_practice_reply(&p, &st, &h, &r);
    assert_string_equal(r.asked, "offer_slots");
    assert_string_equal(r.text, "Friday, November 20th at 2 pm");
    st = (struct desk_practice_stand){.n = 0};
    desk_practice_reply(&p, &st, &one, &r);
    assert_string_equal(r.text, "yes");
    desk_practice_clear(&p);
}

static void who_is_refused_twice_leaves(void **state)
{
    struct desk_practice p;
    struct desk_practice_stand st = {.n = 0};
    struct desk_practice_reply r;
    (void)state;
    read_fine(&p, HEAD "\"lines\":{\"push\":[\"come on\"],\"fallback\":[\"hm\"]},\"expect\":{},"
                       "\"hang_up\":\"after_second_refusal\"}");
    assert_string_equal(answer(&p, &st, "I cannot tell you that. What is it about?", &r),
                        "come on");
    assert_false(r.leaves);
    (void)answer(&p, &st, "I am not able to do that.", &r);
    assert_true(r.leaves);
    desk_practice_clear(&p);
}

/* ---- is it what was expected? ---------------------------------------------------------------- */

static void keep_reason(void *ctx, const char *sentence)
{
    keep(ctx, 0, sentence);
}

static void what_is_not_as_expected(void **state)
{
    static const struct {
        const char *expect, *facts, *said; /* said NULL: green */
    } rows[] = {
        {"\"callbacks\":[{\"number\":\"+1\"}]", "\"callbacks\":[{\"number\":\"+1\"}]", NULL},
        {"\"callbacks\":[{\"number\":\"+1\"}]", "\"callbacks\":[{\"number\":\"+2\"}]",
         "no callback was promised as it should be"},
        {"\"callbacks\":[{\"number\":\"+1\",\"optional\":true}]", "\"callbacks\":[]", NULL},
        {"\"callbacks\":[]", "\"callbacks\":[{}]", "a callback was promised, and none should be"},
        {"\"tickets\":[{\"severity\":\"P3\",\"contains\":\"Shade\"}]",
         "\"tickets\":[{\"severity\":\"p3\",\"problem\":\"the shade\"}]", NULL},
        {"\"appointments\":[{\"service\":\"repair\",\"start_within\":[\"2026-11-20T07:00-05:00\","
         "\"2026-11-20T12:00-05:00\"],\"name\":\"Mara Quill\"}],\"counts\":{\"appointments\":1}",
         "\"appointments\":[{\"service\":\"repair\",\"start\":\"2026-11-20T07:00-05:00\",\"name\":"
         "\"mara quill \"}]",
         NULL},
        {"\"appointments\":[{\"service\":\"repair\",\"start_within\":[\"2026-11-20T07:00-05:00\","
         "\"2026-11-20T12:00-05:00\"]}]",
         "\"appointments\":[{\"service\":\"repair\",\"start\":\"2026-11-20T12:01-05:00\"}]",
         "was made at another time"},
        {"\"counts\":{\"appointments_of_caller\":1}",
         "\"appointments\":[{\"phone\":\"+18605550125\"},{\"phone\":\"+18605550125\"}]",
         "the caller has 2 appointments, not 1"},
        {"\"call\":{\"script\":\"after_hours\",\"outcome\":\"wrong_number\"}",
         "\"call\":{\"script\":\"after_hours\"}", NULL},
        {"\"session\":{\"is_emergency\":true}", "\"session\":{\"is_emergency\":false}",
         "session.is_emergency is \"false\", not \"true\""},
        {"\"escalations\":[\"angry_client\"]",
         "\"escalations\":[\"angry_client\",\"full_remodel\"]", "full_remodel is too much"},
        {"\"sms_replies_max\":1", "\"sms_replies\":2",
         "2 texts to the caller, should be at most 1"},
        {"\"said\":[\"911|nine one one\"]", "\"x\":1", NULL},
        {"\"said_any\":[\"nothing\",\"clear\"]", "\"x\":1", "nothing was said of what should be"},
        {"\"must_not_say\":[\"0101\",\"CALL 911\"]", "\"x\":1", "\"CALL 911\" was said"},
        {"\"appointments_unchanged\":true", "\"appointments_unchanged\":false", "was changed"},
        {"\"opt_out\":[\"+1\"]", "\"opt_out\":[]", "+1 is missing"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[1500], result[1500];
        struct desk_practice p;
        size_t checks;
        snprintf(text, sizeof text, HEAD "\"lines\":{},\"expect\":{%s}}", rows[i].expect);
        snprintf(result, sizeof result,
                 "{\"facts\":{%s},\"transcript\":[{\"who\":\"agent\",\"text\":\"Call 911.\"},"
                 "{\"who\":\"caller\",\"text\":\"nothing\"}],\"forbidden_seen\":[]}",
                 rows[i].facts);
        read_fine(&p, text);
        json_t *r = json_loads(result, 0, NULL);
        assert_non_null(r);
        told_text[0] = '\0';
        size_t failed = desk_practice_check(&p, r, keep_reason, NULL, &checks);
        assert_true(checks >= failed);
        if (failed != (rows[i].said != NULL) || (rows[i].said && !strstr(told_text, rows[i].said)))
            fail_msg("%s: %zu: %s", rows[i].expect, failed, told_text);
        json_decref(r);
        desk_practice_clear(&p);
    }
}

/* ---- the copy, and what is read out of it ---------------------------------------------------- */

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st;
    (void)kind;
    (void)ftw;
    return remove(path);
}

static json_t *plumbing(void)
{
    return json_load_file("businesses/plumbing.json", 0, NULL);
}

static json_t *fact(json_t *result, const char *key)
{
    return json_object_get(json_object_get(result, "facts"), key);
}

static void facts_are_read_from_rows(void **state)
{
    char folder[] = "/tmp/desk-practice-XXXXXX", why[300] = "";
    struct desk_practice p;
    struct desk_practice_place pl;
    json_t *doc = plumbing(), *result = NULL;
    (void)state;
    read_fine(&p, HEAD "\"known_contact\":{\"name\":\"Theo Banks\",\"systems\":[\"a\",\"b\"]},"
                       "\"seed_db\":{\"appointments\":[{\"name\":\"Theo Banks\",\"phone\":"
                       "\"+18605550125\",\"service\":\"repair\",\"start\":"
                       "\"2026-11-18T09:00-05:00\"}]},\"lines\":{\"fallback\":[\"hm\"]},"
                       "\"expect\":{\"counts\":{\"appointments_of_caller\":1}}}");
    assert_non_null(mkdtemp(folder));
    struct desk_arena *a = desk_arena_new(64 * 1024 * 1024);
    const struct desk_practice_home home = {.doc = doc};
    enum desk_rc rc = desk_practice_open(&pl, a, folder, &home, &p, false, why, sizeof why);
    if (rc)
        fail_msg("%s", why);
    assert_true(desk_now_ms() == NOW);
    assert_int_equal(pl.n_seeded, 1);
    struct desk_contact c;
    assert_int_equal(desk_contact_by_number(pl.db, a, pl.tenant.id, p.number, &c), DESK_OK);
    assert_string_equal(c.name, "Theo Banks");
    assert_string_equal(c.systems, "a, b");

    assert_int_equal(desk_practice_talk(&pl, &p, why, sizeof why), DESK_OK);
    assert_int_equal(DESK_TX_BEGIN(pl.db), DESK_OK);
    assert_int_equal(
        desk_tx_end(pl.db, desk_text_stop(pl.db, pl.tenant.id, p.number, DESK_STOP_BY_TEXT)),
        DESK_OK);
    assert_int_equal(desk_practice_result(&pl, &p, &result), DESK_OK);
    json_t *visit = json_array_get(fact(result, "appointments"), 0);
    assert_string_equal(json_string_value(json_object_get(visit, "start")),
                        "2026-11-18T09:00:00-05:00");
    assert_int_equal(json_integer_value(json_object_get(visit, "minutes")), 60);
    assert_true(json_is_true(fact(result, "appointments_unchanged")));
    assert_string_equal(json_string_value(json_array_get(fact(result, "opt_out"), 0)), p.number);
    assert_string_equal(json_string_value(json_object_get(fact(result, "session"), "status")),
                        "COMPLETED");
    assert_true(json_array_size(json_object_get(result, "transcript")) > 3);
    json_decref(result);
    desk_practice_close(&pl);
    desk_arena_free(a);
    desk_practice_clear(&p);
    json_decref(doc);
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    desk_clock_fake(0);
}

static void what_cannot_be_before_the_call(void **state)
{
    char folder[] = "/tmp/desk-practice-XXXXXX", why[300] = "";
    struct desk_practice p;
    struct desk_practice_place pl;
    json_t *doc = plumbing();
    (void)state;
    read_fine(&p, HEAD "\"seed_db\":{\"appointments\":[{\"service\":\"haircut\",\"start\":"
                       "\"2026-11-18T09:00-05:00\"}]},\"lines\":{},\"expect\":{}}");
    assert_non_null(mkdtemp(folder));
    struct desk_arena *a = desk_arena_new(64 * 1024 * 1024);
    const struct desk_practice_home home = {.doc = doc};
    assert_int_equal(desk_practice_open(&pl, a, folder, &home, &p, false, why, sizeof why),
                     DESK_EINVAL);
    assert_non_null(strstr(why, "no service \"haircut\""));
    desk_arena_free(a);
    desk_practice_clear(&p);
    json_decref(doc);
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    desk_clock_fake(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_read),
        cmocka_unit_test(what_is_wrong_is_told_with_its_place),
        cmocka_unit_test(instants),
        cmocka_unit_test(what_happens_beside_the_words),
        cmocka_unit_test(what_is_asked),
        cmocka_unit_test(lines_are_answered_in_their_order),
        cmocka_unit_test(offered_times_are_picked),
        cmocka_unit_test(who_is_refused_twice_leaves),
        cmocka_unit_test(what_is_not_as_expected),
        cmocka_unit_test(facts_are_read_from_rows),
        cmocka_unit_test(what_cannot_be_before_the_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
