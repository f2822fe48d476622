/* The engine's second door without its socket: what requests become jobs, and jobs answers. */
#include "../../speech/door.c"
#include "../../speech/pool.c"
#include "../../speech/sentence.c"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define FORM "multipart/form-data; boundary=b"

static struct desk_door door;

static struct desk_job *ask(const char *path, const char *type, const char *body, size_t n)
{
    desk_door_clear(&door);
    assert_true(desk_door_open(&door, 7, path, type));
    desk_door_data(&door, body, n / 2); /* it comes in pieces */
    desk_door_data(&door, body + n / 2, n - n / 2);
    return desk_door_ask(&door);
}

static struct desk_job *speak_of(const char *json)
{
    return ask("/v1/audio/speech", "application/json", json, strlen(json));
}

/* A form with a WAV of 100 ms of µ-law, and other fields as they are. */
static struct desk_job *hear_of(const char *more)
{
    struct desk_buf body;
    uint8_t wav[DESK_WAV_HEAD + 800];
    memset(wav, 0x20, sizeof wav);
    desk_wav_head(wav, 1, 800);
    desk_buf_init(&body, 100000);
    desk_multipart_add(&body, "b", "file", "a.wav", NULL, wav, sizeof wav);
    desk_buf_str(&body, more);
    desk_multipart_end(&body, "b");
    struct desk_job *job = ask("/v1/audio/transcriptions", FORM, body.p, body.len);
    desk_buf_clear(&body);
    return job;
}

#define FIELD(name, value)                                                                         \
    "--b\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"

static void what_is_heard_is_told(void **state)
{
    (void)state;
    struct desk_job *job = hear_of(FIELD("prompt", " Water Heater,, drain cleaning\r\nSal ")
                                       FIELD("expect", "anything") FIELD("model", "x"));
    assert_non_null(job);
    assert_int_equal(job->session, 7);
    assert_int_equal(job->expect, DESK_EXPECT_ANYTHING);
    assert_int_equal(strncmp(job->vocabulary, "water heater\ndrain cleaning\nsal\n", 32), 0);
    assert_non_null(strstr(job->vocabulary, "message")); /* what people say to any business */
    assert_int_equal(job->wav_len, DESK_WAV_HEAD + 800);
    desk_buf_str(&job->audio, "leave \"a\" message");
    desk_door_answer(&door, job);
    assert_int_equal(door.status, 200);
    assert_string_equal(desk_buf_cstr(&door.out), "{\"text\":\"leave \\\"a\\\" message\"}\n");
    desk_job_free(job);
    job = hear_of(FIELD("response_format", "text") FIELD("expect", "yesno"));
    assert_int_equal(job->expect, DESK_EXPECT_YESNO);
    desk_buf_str(&job->audio, "yes");
    desk_door_answer(&door, job);
    assert_string_equal(door.type, "text/plain; charset=utf-8");
    assert_string_equal(desk_buf_cstr(&door.out), "yes\n");
    job->rc = DESK_ELIMIT;
    desk_door_answer(&door, job);
    assert_int_equal(door.status, 400);
    job->rc = DESK_EUPSTREAM;
    desk_door_answer(&door, job);
    assert_int_equal(door.status, 503);
    desk_job_free(job);
}

static void what_is_spoken_is_a_wav(void **state)
{
    (void)state;
    struct desk_wav w;
    struct desk_job *job = speak_of("{\"model\":\"x\",\"input\":\"Hello.\",\"voice\":\"cedar\"}");
    assert_non_null(job);
    assert_string_equal(job->text, "Hello.");
    assert_string_equal(job->voice, "cedar");
    memset(desk_buf_room(&job->audio, 800), 0x20, 800);
    desk_buf_grew(&job->audio, 800);
    desk_door_answer(&door, job);
    assert_int_equal(door.status, 200);
    assert_string_equal(door.type, "audio/wav");
    assert_int_equal(desk_wav_parse((uint8_t *)door.out.p, door.out.len, &w, NULL), DESK_OK);
    assert_int_equal(w.frames, 800);
    assert_int_equal(w.rate, 8000);
    job->rc = DESK_ENOMEM;
    desk_door_answer(&door, job);
    assert_int_equal(door.status, 503);
    desk_job_free(job);
}

static void what_cannot_be_asked_is_refused(void **state)
{
    (void)state;
    static const char *const bodies[] = {"",
                                         "{",
                                         "[]",
                                         "{}",
                                         "null",
                                         "{\"input\":7}",
                                         "{\"input\":\"\"}",
                                         "{\"input\":\"a\",\"response_format\":\"mp3\"}",
                                         "{\"input\":\"a\",\"response_format\":7}"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        assert_null(speak_of(bodies[i]));
        assert_int_equal(door.status, 400);
        assert_non_null(strstr(desk_buf_cstr(&door.out), "\"type\":\"invalid_request_error\""));
    }
    assert_null(ask("/v1/audio/transcriptions", "application/json", "{}", 2));
    assert_int_equal(door.status, 415);
    assert_null(ask("/v1/audio/transcriptions", FORM, "--b--", 5));
    assert_int_equal(door.status, 400);
    static char much[1024 * 1024];
    desk_door_clear(&door);
    assert_true(desk_door_open(&door, 7, "/v1/audio/speech", ""));
    for (size_t i = 0; i <= DESK_MAX_DOOR / sizeof much; i++)
        desk_door_data(&door, much, sizeof much);
    assert_null(desk_door_ask(&door));
    assert_int_equal(door.status, 413);
    desk_door_clear(&door);
    assert_false(desk_door_open(&door, 7, "/v1/realtime", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_heard_is_told),
        cmocka_unit_test(what_is_spoken_is_a_wav),
        cmocka_unit_test(what_cannot_be_asked_is_refused),
    };
    int rc = cmocka_run_group_tests_name("door", tests, NULL, NULL);
    desk_door_clear(&door);
    return rc;
}
