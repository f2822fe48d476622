/* lib/out/stt and lib/out/twilio_media: exact requests, and what each kind of answer means for
 * asking again, against a small server that answers as it is told (http_peer.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "out/stt.h"
#include "out/twilio_media.h"
#include "tests/unit/http_peer.h"

#include <stdio.h>
#include <string.h>

/* ---- writing down ---------------------------------------------------------------------------- */

static char words[200];

static struct desk_outbox_result write_down(const char *http, const char *key, size_t most)
{
    char base[64];
    struct desk_outbox_result r;
    struct desk_buf text;
    static const uint8_t sound[] = "RIFF\0\r\n--x\r\nsound";
    snprintf(base, sizeof base, "http://127.0.0.1:%u/v1/", peer_port);
    const struct desk_stt_server s = {.url = base, .key = key, .model = "gpt-transcribe"};
    desk_buf_init(&text, most);
    atomic_store(&peer_answer, http);
    desk_stt_rest.transcribe(&s, sound, sizeof sound - 1, &text, &r);
    assert_true(desk_buf_ok(&text));
    snprintf(words, sizeof words, "%s", desk_buf_cstr(&text));
    desk_buf_clear(&text);
    return r;
}

/* Does the last request begin so? */
static void assert_asked(const char *line)
{
    pthread_mutex_lock(&peer_turn);
    bool so = strncmp(peer_seen, line, strlen(line)) == 0;
    pthread_mutex_unlock(&peer_turn);
    assert_true(so);
}

static void asks_as_openai_wants(void **state)
{
    (void)state;
    struct desk_outbox_result r =
        write_down(JSON("200 OK", "") "{\"text\":\" It\\u2019s me. \\n\"}", "s3cret", 100);
    assert_int_equal(r.end, DESK_END_SENT);
    assert_string_equal(words, "It\xe2\x80\x99s me.");
    assert_asked("POST /v1/audio/transcriptions HTTP/1.1\r\n");
    pthread_mutex_lock(&peer_turn);
    assert_non_null(strstr(peer_seen, "\r\nAuthorization: Bearer s3cret\r\n"));
    char mark[64] = "", part[400];
    const char *type = strstr(peer_seen, "\r\nContent-Type: multipart/form-data; boundary=");
    assert_non_null(type);
    type = strstr(type, "boundary=") + 9;
    snprintf(mark, sizeof mark, "%.*s", (int)strcspn(type, "\r"), type);
    const char *body = strstr(peer_seen, "\r\n\r\n") + 4;
    int n = snprintf(part, sizeof part,
                     "--%s\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n"
                     "gpt-transcribe\r\n--%s\r\nContent-Disposition: form-data; "
                     "name=\"response_format\"\r\n\r\njson\r\n--%s\r\nContent-Disposition: "
                     "form-data; name=\"file\"; filename=\"message.wav\"\r\nContent-Type: "
                     "audio/wav\r\n\r\n",
                     mark, mark, mark);
    assert_memory_equal(body, part, (size_t)n);
    assert_memory_equal(body + n, "RIFF\0\r\n--x\r\nsound", 17);
    int end = snprintf(part, sizeof part, "\r\n--%s--\r\n", mark);
    assert_memory_equal(body + n + 17, part, (size_t)end);
    assert_int_equal(peer_seen_n, (size_t)(body - peer_seen + n + 17 + end));
    pthread_mutex_unlock(&peer_turn);
    /* a whole header, or no key at all */
    write_down(JSON("200 OK", "") "{\"text\":\"a\"}", "api-key: other", 100);
    pthread_mutex_lock(&peer_turn);
    assert_non_null(strstr(peer_seen, "\r\napi-key: other\r\n"));
    assert_null(strstr(peer_seen, "Authorization"));
    pthread_mutex_unlock(&peer_turn);
    write_down(JSON("200 OK", "") "{\"text\":\"a\"}", "", 100);
    pthread_mutex_lock(&peer_turn);
    assert_null(strstr(peer_seen, "Authorization"));
    pthread_mutex_unlock(&peer_turn);
}

static void what_an_answer_means(void **state)
{
    (void)state;
    static const struct {
        const char *http;
        enum desk_outbox_end end;
        int64_t wait_ms;
        const char *words;
    } rows[] = {
        {JSON("200 OK", "") "{\"text\":\"\"}", DESK_END_SENT, 0, ""},
        {JSON("200 OK", "") "{\"text\":\"a\\u0000b\"}", DESK_END_AGAIN, 0, ""},
        {JSON("200 OK", "") "{\"text\":7}", DESK_END_AGAIN, 0, ""},
        {JSON("200 OK", "") "{\"text\":\"a", DESK_END_AGAIN, 0, ""},
        {JSON("200 OK", "") "[]", DESK_END_AGAIN, 0, ""},
        {HEAD("200 OK", "text/html", "") "<p>", DESK_END_AGAIN, 0, ""},
        {JSON("204 No Content", ""), DESK_END_AGAIN, 0, ""},
        {JSON("429 Too Many", "Retry-After: 7\r\n") "{}", DESK_END_AGAIN, 7000, ""},
        {JSON("429 Too Many", "Retry-After: 99999999\r\n") "{}", DESK_END_AGAIN, 3600000, ""},
        {JSON("429 Too Many", "") "{\"error\":{\"code\":\"insufficient_quota\"}}", DESK_END_FAILED,
         0, ""},
        {JSON("500 Oops", "") "{\"error\":null}", DESK_END_AGAIN, 0, ""},
        {JSON("503 Busy", "Retry-After: 2\r\n") "", DESK_END_AGAIN, 2000, ""},
        {JSON("401 No", "") "{\"error\":{\"message\":\"key s3cret\"}}", DESK_END_FAILED, 0, ""},
        {JSON("400 Bad", "") "{}", DESK_END_FAILED, 0, ""},
        {JSON("307 Away", "Location: /elsewhere\r\n"), DESK_END_FAILED, 0, ""},
        {"", DESK_END_AGAIN, 0, ""},
        {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"text\"", DESK_END_AGAIN, 0, ""},
        {"what?\r\n\r\n", DESK_END_AGAIN, 0, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int before = atomic_load(&peer_requests);
        struct desk_outbox_result r = write_down(rows[i].http, "s3cret", 100);
        if (r.end != rows[i].end || r.wait_ms != rows[i].wait_ms)
            fail_msg("end %d wait %lld of: %s", (int)r.end, (long long)r.wait_ms, rows[i].http);
        assert_string_equal(words, rows[i].words);
        assert_int_equal(atomic_load(&peer_requests), before + 1); /* whatever came: once */
        assert_true((r.end == DESK_END_SENT) == (r.why[0] == '\0'));
        assert_null(strstr(r.why, "s3cret"));
    }
    /* more words than there is room for are cut at a character */
    write_down(JSON("200 OK", "") "{\"text\":\"abc\\u00e9\\u00e9\\u00e9\"}", "", 6);
    assert_string_equal(words, "abc\xc3\xa9");
    /* nobody is there; what is no address */
    struct desk_outbox_result r;
    struct desk_buf text;
    desk_buf_init(&text, 10);
    desk_stt_rest.transcribe(
        &(struct desk_stt_server){.url = "http://127.0.0.1:1", .key = "", .model = "m"},
        (const uint8_t *)"x", 1, &text, &r);
    assert_int_equal(r.end, DESK_END_AGAIN);
    desk_stt_rest.transcribe(
        &(struct desk_stt_server){.url = "ftp://127.0.0.1", .key = "", .model = "m"},
        (const uint8_t *)"x", 1, &text, &r);
    assert_int_equal(r.end, DESK_END_FAILED);
    desk_stt_rest.transcribe(&(struct desk_stt_server){.url = "", .key = "", .model = "m"},
                             (const uint8_t *)"x", 1, &text, &r);
    assert_int_equal(r.end, DESK_END_FAILED);
    desk_buf_clear(&text);
}

/* ---- recordings ------------------------------------------------------------------------------ */

static char got[200];
static size_t got_n, got_most;

static bool take(void *ctx, const char *p, size_t n)
{
    (void)ctx;
    memcpy(got + got_n, p, n < sizeof got - got_n ? n : sizeof got - got_n);
    got_n += n;
    return got_n < got_most;
}

static struct desk_twilio_account account(char base[64])
{
    snprintf(base, 64, "http://127.0.0.1:%u/", peer_port);
    return (struct desk_twilio_account){base, "AC0123", "s3cret"};
}

static struct desk_outbox_result fetch(const char *sid, const char *http)
{
    char base[64];
    struct desk_outbox_result r;
    const struct desk_twilio_account a = account(base);
    atomic_store(&peer_answer, http);
    got_n = 0;
    desk_twilio_media_rest.fetch(&a, sid, &(struct desk_twilio_sink){.data = take}, &r);
    return r;
}

static void fetches_a_sound(void **state)
{
    (void)state;
    got_most = SIZE_MAX;
    struct desk_outbox_result r =
        fetch("RE0123", HEAD("200 OK", "audio/x-wav", "Content-Length: 4\r\n") "RIFF");
    assert_string_equal(r.why, "");
    assert_int_equal(r.end, DESK_END_SENT);
    assert_int_equal(got_n, 4);
    assert_memory_equal(got, "RIFF", 4);
    assert_asked("GET /2010-04-01/Accounts/AC0123/Recordings/RE0123.wav HTTP/1.1\r\n");
    pthread_mutex_lock(&peer_turn);
    assert_non_null(strstr(peer_seen, "\r\nAuthorization: Basic QUMwMTIzOnMzY3JldA==\r\n"));
    pthread_mutex_unlock(&peer_turn);
    static const struct {
        const char *http;
        enum desk_outbox_end end;
        int64_t wait_ms;
    } rows[] = {
        {HEAD("200 OK", "application/octet-stream", "") "RIFF", DESK_END_SENT, 0},
        {HEAD("200 OK", "audio/x-wav", "Content-Length: 9\r\n") "RIFF", DESK_END_AGAIN, 0},
        {HEAD("200 OK", "text/html", "") "<p>", DESK_END_FAILED, 0},
        {JSON("404 Not Found", "") "{\"code\":20404}", DESK_END_AGAIN, 0},
        {JSON("401 No", "") "{}", DESK_END_FAILED, 0},
        {JSON("403 No", "") "{}", DESK_END_FAILED, 0},
        {JSON("429 Wait", "Retry-After: 3\r\n") "{}", DESK_END_AGAIN, 3000},
        {JSON("410 Gone", "") "{}", DESK_END_FAILED, 0},
        {JSON("500 Oops", "") "{}", DESK_END_AGAIN, 0},
        {JSON("302 Round", "Location: /round\r\n"), DESK_END_AGAIN, 0},
        {"", DESK_END_AGAIN, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        r = fetch("RE0123", rows[i].http);
        if (r.end != rows[i].end || r.wait_ms != rows[i].wait_ms)
            fail_msg("end %d wait %lld of: %s", (int)r.end, (long long)r.wait_ms, rows[i].http);
        assert_true((r.end == DESK_END_SENT) == (r.why[0] == '\0'));
        assert_null(strstr(r.why, "s3cret"));
    }
    /* who takes it gives up */
    got_most = 2;
    r = fetch("RE0123", HEAD("200 OK", "audio/x-wav", "") "RIFF");
    assert_int_equal(r.end, DESK_END_UNKNOWN);
    /* only what can be a name gets into an address */
    static const char *const no[] = {"", "../x", "RE1?x", "RE 1", "RE1/..", "RE%31"};
    int before = atomic_load(&peer_requests);
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        assert_int_equal(fetch(no[i], "").end, DESK_END_FAILED);
    assert_int_equal(atomic_load(&peer_requests), before);
}

static void deletes_a_recording(void **state)
{
    (void)state;
    static const struct {
        const char *http;
        enum desk_outbox_end end;
    } rows[] = {
        {"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", DESK_END_SENT},
        {JSON("404 Not Found", "") "{}", DESK_END_SENT}, /* it is gone: that is what was wanted */
        {JSON("401 No", "") "{}", DESK_END_FAILED},
        {JSON("429 Wait", "") "{}", DESK_END_AGAIN},
        {JSON("500 Oops", "") "{}", DESK_END_AGAIN},
        {"", DESK_END_AGAIN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char base[64];
        struct desk_outbox_result r;
        const struct desk_twilio_account a = account(base);
        atomic_store(&peer_answer, rows[i].http);
        desk_twilio_media_rest.erase(&a, "RE0123", &r);
        if (r.end != rows[i].end)
            fail_msg("end %d of: %s", (int)r.end, rows[i].http);
    }
    assert_asked("DELETE /2010-04-01/Accounts/AC0123/Recordings/RE0123.json HTTP/1.1\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_as_openai_wants),
        cmocka_unit_test(what_an_answer_means),
        cmocka_unit_test(fetches_a_sound),
        cmocka_unit_test(deletes_a_recording),
    };
    return cmocka_run_group_tests_name("stt and recordings", tests, peer_start, peer_stop);
}
