/* The offline engine takes up a talk that began in a session that was lost: what the client tells
 * of it is not said again, and the first words fit to it. */
#include "../../speech/audio.c"
#include "../../speech/brain_rules.c"
#include "../../speech/pool.c"
#include "../../speech/session_config.c"
#include "../../speech/session.c"
#include "../../speech/session_items.c"
#include "../../speech/session_response.c"
#include "../../speech/session_resume.c"
#include "../../speech/session_voice.c"
#include "../../speech/sentence.c"
#include "../../speech/tts_flite.c"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char facts[] =
    "You answer the phone.\\nFACTS\\n{\\\"business\\\":\\\"Harwick Plumbing\\\",\\\"owner\\\":"
    "\\\"Sal\\\",\\\"services\\\":[\\\"drain cleaning\\\",\\\"water heater\\\"],\\\"people\\\":"
    "[\\\"Sal\\\"],\\\"emergencies\\\":[\\\"burst pipe\\\"],\\\"caller\\\":{\\\"number\\\":"
    "\\\"+14155550134\\\"},\\\"can_transfer\\\":true,\\\"open_now\\\":true}";

static struct {
    char said[1000], tool[40], args[400];
    bool done;
} out;

static void world_send(void *ctx, const char *json, size_t n)
{
    (void)ctx;
    json_t *e = json_loadb(json, n, 0, NULL);
    const char *type = json_string_value(json_object_get(e, "type"));
    assert_string_not_equal(type, "error");
    if (strcmp(type, "response.output_text.done") == 0)
        snprintf(out.said, sizeof out.said, "%s", json_string_value(json_object_get(e, "text")));
    if (strcmp(type, "response.function_call_arguments.done") == 0) {
        snprintf(out.tool, sizeof out.tool, "%s", json_string_value(json_object_get(e, "name")));
        snprintf(out.args, sizeof out.args, "%s",
                 json_string_value(json_object_get(e, "arguments")));
    }
    out.done = out.done || strcmp(type, "response.done") == 0;
    json_decref(e);
}

static void world_submit(void *ctx, struct desk_job *job)
{
    (void)ctx;
    desk_job_free(job);
    fail_msg("only text is asked for");
}

static int64_t world_now(void *ctx)
{
    (void)ctx;
    return 1000;
}

static void message(struct desk_speech *s, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static void message(struct desk_speech *s, const char *fmt, ...)
{
    char text[4096];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    desk_speech_message(s, text, strlen(text));
}

static int begin(void **session)
{
    static const struct desk_speech_host host = {NULL, world_send, world_submit, world_now};
    memset(&out, 0, sizeof out);
    struct desk_speech *s = desk_speech_new(&host, 1, "offline", &desk_speech_rules);
    *session = s;
    message(s,
            "{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\",\"instructions\":"
            "\"%s\",\"output_modalities\":[\"text\"],\"tools\":[{\"type\":\"function\",\"name\":"
            "\"log_caller_info\"},{\"type\":\"function\",\"name\":\"schedule_callback\"},{\"type\":"
            "\"function\",\"name\":\"transfer_to_owner\"}],\"audio\":{\"input\":{"
            "\"turn_detection\":null}}}}",
            facts);
    return 0;
}

static int end(void **session)
{
    desk_speech_free(*session);
    return 0;
}

/* "desk: …", "caller: …" or "system: …" as the bridge tells it */
static void tell(struct desk_speech *s, const char *line)
{
    static const char *const roles[][2] = {
        {"desk: ", "assistant"}, {"caller: ", "user"}, {"system: ", "system"}};
    for (size_t i = 0; i < 3; i++) {
        size_t n = strlen(roles[i][0]);
        if (strncmp(line, roles[i][0], n) == 0)
            message(
                s,
                "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\",\"role\":"
                "\"%s\",\"content\":[{\"type\":\"%s\",\"text\":\"%s\"}]}}",
                roles[i][1], i == 0 ? "output_text" : "input_text", line + n);
    }
}

static void tell_tool(struct desk_speech *s, const char *name, const char *args, const char *result)
{
    if (name)
        message(s,
                "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"function_call\","
                "\"call_id\":\"c1\",\"name\":\"%s\",\"arguments\":\"%s\"}}",
                name, args);
    if (result)
        message(s,
                "{\"type\":\"conversation.item.create\",\"item\":{\"type\":"
                "\"function_call_output\",\"call_id\":\"c1\",\"output\":\"%s\"}}",
                result);
}

static const char *answer(struct desk_speech *s)
{
    memset(&out, 0, sizeof out);
    message(s, "{\"type\":\"response.create\"}");
    assert_true(out.done);
    return out.said;
}

#define GREETING "desk: Thanks for calling Harwick Plumbing. What is it about?"
#define LOST     "system: [The line was interrupted for a moment. Begin with an apology.]"

static void nothing_was_said_yet(void **session)
{
    tell(*session, GREETING);
    tell(*session, LOST);
    const char *said = answer(*session);
    assert_non_null(strstr(said, "the line was interrupted"));
    assert_null(strstr(said, "Thanks for calling"));
    assert_non_null(strchr(said, '?'));
}

static void goes_on_at_the_open_question(void **session)
{
    struct desk_speech *s = *session;
    static const char *const lines[] = {GREETING, "caller: water heater",
                                        "desk: Alright, water heater. What is your name?", LOST};
    for (size_t i = 0; i < 4; i++)
        tell(s, lines[i]);
    assert_int_equal(s->n_inputs, 0);
    const char *said = answer(s);
    assert_non_null(strstr(said, "the line was interrupted"));
    assert_non_null(strstr(said, "I have: water heater. Is that right?"));
    tell(s, "caller: yes"); /* and from there as ever */
    assert_non_null(strstr(answer(s), "What is your name"));
    tell(s, "caller: Charlie Brown");
    said = answer(s);
    assert_null(strstr(said, "interrupted"));
    assert_string_equal(out.tool, "log_caller_info");
    assert_non_null(strstr(out.args, "Charlie Brown"));
    assert_non_null(strstr(out.args, "water heater"));
}

/* The caller has not noticed: nothing is said of a line, and the answer is taken for what it is. */
static void an_answer_to_a_question_of_before(void **session)
{
    struct desk_speech *s = *session;
    char words[MAX_VOCABULARY];
    tell(s, GREETING);
    tell(s, "caller: water heater");
    tell(s, "desk: Alright, water heater. What is your name?");
    tell(s, "system: [The caller has not noticed. Wait for the caller to speak.]");
    assert_int_equal(s->brain_of->expect(s->brain, words, sizeof words), DESK_EXPECT_NAME);
    tell(s, "caller: Charlie Brown");
    const char *said = answer(s);
    assert_null(strstr(said, "interrupted"));
    assert_null(strstr(said, "Thanks for calling"));
    assert_non_null(strstr(said, "I have: water heater, for Charlie Brown. Is that right?"));
    tell(s, "caller: [keys] 1");
    assert_non_null(strstr(answer(s), "call you back on"));
}

static void keys_of_before_are_answers(void **session)
{
    struct desk_speech *s = *session;
    static const char *const lines[] = {GREETING,
                                        "caller: water heater",
                                        "desk: What is your name?",
                                        "caller: Charlie Brown",
                                        "desk: Shall we call you back on 4 1 5, 5 5 5, 0 1 3 4?",
                                        "caller: [keys] 1",
                                        "desk: When should we call?",
                                        LOST};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        tell(s, lines[i]);
    const char *said = answer(s);
    assert_non_null(strstr(said, "0 1 3 4")); /* what is known is said back */
    assert_null(strstr(said, "What is your name"));
}

static void what_is_promised_is_not_asked_again(void **session)
{
    struct desk_speech *s = *session;
    tell(s, GREETING);
    tell(s, "caller: water heater");
    tell_tool(s, "schedule_callback",
              "{\\\"name\\\":\\\"Charlie\\\",\\\"reason\\\":\\\"water heater\\\",\\\"when_text\\\":"
              "\\\"tomorrow\\\"}",
              "{\\\"ok\\\":true,\\\"number\\\":\\\"+14155550134\\\"}");
    tell(s, LOST);
    assert_int_equal(s->n_inputs, 0);
    const char *said = answer(s);
    assert_non_null(strstr(said, "callback is noted"));
    assert_string_equal(out.tool, "");
}

/* A tool ran when the session was lost: its result comes into the new one. */
static void a_result_that_comes_late(void **session)
{
    struct desk_speech *s = *session;
    tell(s, GREETING);
    tell(s, "caller: water heater");
    tell_tool(s, "schedule_callback",
              "{\\\"name\\\":\\\"Charlie\\\",\\\"reason\\\":\\\"boiler\\\"}", NULL);
    tell(s, LOST);
    tell_tool(s, NULL, NULL, "{\\\"ok\\\":true,\\\"number\\\":\\\"+14155550134\\\"}");
    const char *said = answer(s);
    assert_non_null(strstr(said, "callback is noted"));
    assert_null(strstr(said, "interrupted"));
}

static void an_emergency_stays_one(void **session)
{
    struct desk_speech *s = *session;
    tell(s, GREETING);
    tell(s, "caller: burst pipe");
    tell(s, LOST);
    (void)answer(s);
    assert_non_null(strstr(out.said, "burst pipe"));
}

/* A word of the system in a talk of our own is none, nor is one before anything was said. */
static void other_words_of_the_system(void **session)
{
    struct desk_speech *s = *session;
    tell(s, "system: Be kind.");
    assert_false(s->resumes);
    assert_non_null(strstr(answer(s), "Harwick Plumbing"));
    tell(s, "caller: water heater");
    tell(s, "system: The owner was told.");
    assert_false(s->resumes);
    assert_int_equal(s->n_inputs, 1);
    assert_null(strstr(answer(s), "interrupted"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_was_said_yet, begin, end),
        cmocka_unit_test_setup_teardown(goes_on_at_the_open_question, begin, end),
        cmocka_unit_test_setup_teardown(an_answer_to_a_question_of_before, begin, end),
        cmocka_unit_test_setup_teardown(keys_of_before_are_answers, begin, end),
        cmocka_unit_test_setup_teardown(what_is_promised_is_not_asked_again, begin, end),
        cmocka_unit_test_setup_teardown(a_result_that_comes_late, begin, end),
        cmocka_unit_test_setup_teardown(an_emergency_stays_one, begin, end),
        cmocka_unit_test_setup_teardown(other_words_of_the_system, begin, end),
    };
    return cmocka_run_group_tests_name("resume", tests, NULL, NULL);
}
