/* lib/out/twilio: exact bytes of a request, and what each kind of answer means for sending again,
 * against a small server that answers as it is told (http_peer.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "out/twilio.h"
#include "wire/twilio_error.h"
#include "tests/unit/http_peer.h"

#include <stdio.h>
#include <string.h>

static struct desk_outbox_result text(const char *http)
{
    char base[64];
    struct desk_outbox_result r;
    const struct desk_twilio_message m = {.to = "+14155550134",
                                          .from = "+14155550100",
                                          .body = "Caf\xc3\xa9 & more: 50% + 1",
                                          .status_callback = "https://d.example/s?id=out_1"};
    snprintf(base, sizeof base, "http://127.0.0.1:%u/", peer_port);
    const struct desk_twilio_account account = {base, "AC0123", "s3cret"};
    atomic_store(&peer_answer, http);
    desk_twilio_rest.message(&account, &m, &r);
    return r;
}

static void assert_end(const char *http, enum desk_outbox_end end, int64_t code)
{
    int before = atomic_load(&peer_requests);
    struct desk_outbox_result r = text(http);
    if (r.end != end || r.code != code)
        fail_msg("end %d code %lld of: %s", (int)r.end, (long long)r.code, http);
    assert_int_equal(atomic_load(&peer_requests), before + 1); /* whatever came: once */
    assert_true((r.end == DESK_END_SENT) == (r.why[0] == '\0'));
    assert_null(strstr(r.why, "s3cret"));
}

static void asks_as_twilio_wants(void **state)
{
    (void)state;
    struct desk_outbox_result r =
        text(JSON("201 Created", "") "{\"sid\":\"SM0123\",\"status\":\"queued\"}");
    assert_int_equal(r.end, DESK_END_SENT);
    assert_string_equal(r.remote_id, "SM0123");
    assert_string_equal(r.remote_state, "queued");
    pthread_mutex_lock(&peer_turn);
    assert_int_equal(
        strncmp(peer_seen, "POST /2010-04-01/Accounts/AC0123/Messages.json HTTP/1.1\r\n", 57), 0);
    assert_non_null(strstr(peer_seen, "\r\nAuthorization: Basic QUMwMTIzOnMzY3JldA==\r\n"));
    assert_non_null(strstr(peer_seen, "\r\nAccept: application/json\r\n"));
    assert_non_null(strstr(
        peer_seen, "\r\nContent-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"));
    assert_string_equal(strstr(peer_seen, "\r\n\r\n") + 4,
                        "To=%2B14155550134&From=%2B14155550100&Body=Caf%C3%A9%20%26%20more%3A%2050"
                        "%25%20%2B%201&StatusCallback=https%3A%2F%2Fd.example%2Fs%3Fid%3Dout_1");
    pthread_mutex_unlock(&peer_turn);
}

static struct desk_outbox_result place_call(const char *machine, bool to_beep, int most_s,
                                            const char *http)
{
    char base[64];
    struct desk_outbox_result r;
    const struct desk_twilio_call c = {.to = "+14155550134",
                                       .from = "+14155550100",
                                       .url = "https://d.example/r?id=out_1&t=1",
                                       .status_callback = "https://d.example/s",
                                       .ring_s = 25,
                                       .most_s = most_s,
                                       .machine_callback = machine,
                                       .to_beep = to_beep};
    snprintf(base, sizeof base, "http://127.0.0.1:%u/", peer_port);
    const struct desk_twilio_account account = {base, "AC0123", "s3cret"};
    atomic_store(&peer_answer, http);
    desk_twilio_rest.call(&account, &c, &r);
    return r;
}

static void a_call_asks_who_answers(void **state)
{
    (void)state;
#define CALL                                                                                       \
    "To=%2B14155550134&From=%2B14155550100&Url=https%3A%2F%2Fd.example%2Fr%3Fid%3Dout_1%26t%3D1&"  \
    "StatusCallback=https%3A%2F%2Fd.example%2Fs&Timeout=25"
    static const struct {
        const char *machine;
        bool to_beep;
        int most_s;
        const char *form;
    } rows[] = {
        {NULL, false, 0, CALL},
        {"https://d.example/m", true, 600,
         CALL "&TimeLimit=600&MachineDetection=DetectMessageEnd&AsyncAmd=true&"
              "AsyncAmdStatusCallback=https%3A%2F%2Fd.example%2Fm"},
        {"https://d.example/m", false, 600,
         CALL "&TimeLimit=600&MachineDetection=Enable&AsyncAmd=true&"
              "AsyncAmdStatusCallback=https%3A%2F%2Fd.example%2Fm"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_outbox_result r =
            place_call(rows[i].machine, rows[i].to_beep, rows[i].most_s,
                       JSON("201 Created", "") "{\"sid\":\"CA0123\",\"status\":\"queued\"}");
        assert_int_equal(r.end, DESK_END_SENT);
        assert_string_equal(r.remote_id, "CA0123");
        pthread_mutex_lock(&peer_turn);
        assert_int_equal(
            strncmp(peer_seen, "POST /2010-04-01/Accounts/AC0123/Calls.json HTTP/1.1\r\n", 54), 0);
        assert_string_equal(strstr(peer_seen, "\r\n\r\n") + 4, rows[i].form);
        pthread_mutex_unlock(&peer_turn);
    }
    int before = atomic_load(&peer_requests);
    assert_int_equal(place_call(NULL, false, 0, JSON("500 Oops", "") "{}").end, DESK_END_UNKNOWN);
    assert_int_equal(atomic_load(&peer_requests), before + 1); /* never twice */
}

static void a_wait_is_a_wait(void **state)
{
    (void)state;
    struct desk_outbox_result r =
        text(JSON("429 Too Many Requests", "Retry-After: 7\r\n") "{\"code\":20429}");
    assert_int_equal(r.end, DESK_END_AGAIN);
    assert_int_equal(r.wait_ms, 7000);
    assert_int_equal(r.code, 20429);
    assert_int_equal(text(JSON("429 Too Many Requests", "")).wait_ms, 0);
    r = text(JSON("429 Too Many Requests", "Retry-After: 999999\r\n"));
    assert_int_equal(r.wait_ms, 3600 * 1000);
}

static void what_twilio_refuses_says_whose_fault_it_is(void **state)
{
    (void)state;
    static const struct {
        int64_t code;
        enum desk_outbox_end end;
    } rows[] = {{21610, DESK_END_REFUSED}, {21614, DESK_END_REFUSED}, {21211, DESK_END_REFUSED},
                {30006, DESK_END_REFUSED}, {21606, DESK_END_FAILED},  {21603, DESK_END_FAILED},
                {99999, DESK_END_FAILED}};
    static char texts[sizeof rows / sizeof *rows][400]; /* the server may still send the last one */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *http = texts[i];
        snprintf(http, sizeof texts[i],
                 JSON("400 Bad Request", "") "{\"code\":%lld,\"message\":\"Own words\"}",
                 (long long)rows[i].code);
        assert_end(http, rows[i].end, rows[i].code);
        assert_non_null(strstr(text(http).why, "Own words"));
    }
    assert_end(JSON("401 Unauthorized", "") "{\"code\":20003}", DESK_END_FAILED, 20003);
    assert_end(JSON("404 Not Found", "") "<html>", DESK_END_FAILED, 0);
    assert_end(JSON("302 Found", "Location: http://127.0.0.1:1/\r\n"), DESK_END_FAILED, 0);
}

static void without_a_clear_answer_nobody_knows(void **state)
{
    (void)state;
    static const char *const answers[] = {
        "",
        JSON("500 Internal Server Error", "") "{\"code\":0}",
        JSON("502 Bad Gateway", "") "<html>",
        JSON("503 Service Unavailable", "Retry-After: 1\r\n"),
        JSON("408 Request Timeout", ""),
        JSON("201 Created", "") "{\"sid\": \"SM",
        JSON("201 Created", "") "{}",
        JSON("200 OK", "") "<html>Sign in to this wireless network</html>",
        "HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{\"sid\"",
        "garbage\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        assert_end(answers[i], DESK_END_UNKNOWN, 0);
}

static void who_is_not_reached_has_nothing(void **state)
{
    (void)state;
    const struct desk_twilio_message m = {.to = "+1", .from = "+1", .body = "x"};
    static const struct {
        const char *base;
        enum desk_outbox_end end;
    } rows[] = {{"http://127.0.0.1:1", DESK_END_AGAIN},
                {"https://no-such-host.invalid", DESK_END_AGAIN},
                {"ftp://127.0.0.1", DESK_END_FAILED},
                {"", DESK_END_FAILED}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_outbox_result r;
        const struct desk_twilio_account account = {rows[i].base, "AC0123", "s3cret"};
        desk_twilio_rest.message(&account, &m, &r);
        if (r.end != rows[i].end)
            fail_msg("%s: %d %s", rows[i].base, (int)r.end, r.why);
    }
    char sid[600];
    memset(sid, 'A', sizeof sid);
    sid[sizeof sid - 1] = '\0';
    struct desk_outbox_result r;
    const struct desk_twilio_account account = {"http://127.0.0.1:1", sid, "s3cret"};
    desk_twilio_rest.message(&account, &m, &r);
    assert_int_equal(r.end, DESK_END_FAILED);
}

static void a_text_only_moves_up(void **state)
{
    (void)state;
    static const char *const words[] = {"accepted", "queued", "sending", "sent", "delivered"};
    for (size_t i = 1; i < sizeof words / sizeof *words; i++)
        assert_true(desk_twilio_message_rank(words[i - 1]) < desk_twilio_message_rank(words[i]));
    assert_int_equal(desk_twilio_message_rank("failed"), desk_twilio_message_rank("undelivered"));
    assert_true(desk_twilio_message_rank("failed") >= DESK_TWILIO_MESSAGE_FINAL);
    assert_int_equal(desk_twilio_message_rank("new word"), 0);
    assert_int_equal(desk_twilio_message_rank(NULL), 0);
    assert_null(desk_twilio_error_find(1));
}

/* ---- was it taken? --------------------------------------------------------------------------- */

#define SINCE 1795182720000LL /* Fri, 20 Nov 2026 13:52:00 +0000 */
#define ROW(sid, body, date)                                                                       \
    "{\"sid\":\"" sid "\",\"to\":\"+14155550134\",\"from\":\"+14155550100\",\"body\":\"" body      \
    "\",\"status\":\"queued\",\"date_sent\":null,\"date_created\":\"" date "\"}"
#define NOWISH "Fri, 20 Nov 2026 13:52:03 +0000"

static bool is_known(void *ctx, const char *sid)
{
    (void)ctx;
    return strcmp(sid, "SM_other") == 0;
}

static enum desk_twilio_found found(const char *http, struct desk_outbox_result *r)
{
    char base[64];
    const struct desk_twilio_message m = {
        .to = "+14155550134", .from = "+14155550100", .body = "See you"};
    snprintf(base, sizeof base, "http://127.0.0.1:%u", peer_port);
    const struct desk_twilio_account account = {base, "AC0123", "s3cret"};
    atomic_store(&peer_answer, http);
    return desk_twilio_rest.find(&account, &m, SINCE, is_known, NULL, r);
}

static void a_text_is_looked_up(void **state)
{
    (void)state;
    struct desk_outbox_result r;
    assert_int_equal(
        found(JSON("200 OK", "") "{\"messages\":[" ROW("SM_other", "See you", NOWISH) "," ROW(
                  "SM_no", "See you soon", NOWISH) "," ROW("SM_it", "See you", NOWISH) "]}",
              &r),
        DESK_TWILIO_FOUND);
    assert_string_equal(r.remote_id, "SM_it");
    assert_string_equal(r.remote_state, "queued");
    pthread_mutex_lock(&peer_turn);
    assert_non_null(strstr(peer_seen,
                           "GET /2010-04-01/Accounts/AC0123/Messages.json?To=%2B14155550134"
                           "&From=%2B14155550100&PageSize=50 HTTP"));
    assert_non_null(strstr(peer_seen, "Authorization: Basic"));
    pthread_mutex_unlock(&peer_turn);
}

static void what_is_not_there_was_not_taken(void **state)
{
    (void)state;
    struct desk_outbox_result r;
    assert_int_equal(found(JSON("200 OK", "") "{\"messages\":[]}", &r), DESK_TWILIO_NOT_THERE);
    /* the same words long ago are another text; five minutes are the clocks' */
    assert_int_equal(found(JSON("200 OK", "") "{\"messages\":[" ROW(
                               "SM_it", "See you", "Fri, 20 Nov 2026 13:46:59 +0000") "]}",
                           &r),
                     DESK_TWILIO_NOT_THERE);
    assert_int_equal(found(JSON("200 OK", "") "{\"messages\":[" ROW(
                               "SM_it", "See you", "Fri, 20 Nov 2026 06:47:01 -0700") "]}",
                           &r),
                     DESK_TWILIO_FOUND);
}

static void what_cannot_be_told_is_not_taken_for_an_answer(void **state)
{
    (void)state;
    static char full[32768];
    struct desk_outbox_result r;
    size_t n = (size_t)snprintf(full, sizeof full, "%s", JSON("200 OK", "") "{\"messages\":[");
    for (int i = 0; i < 50; i++)
        n += (size_t)snprintf(full + n, sizeof full - n, "%s%s", i ? "," : "",
                              ROW("SM_x", "other", NOWISH));
    snprintf(full + n, sizeof full - n, "]}");
    assert_int_equal(found(full, &r), DESK_TWILIO_CANNOT_TELL); /* more may lie behind the page */
    assert_int_equal(found(JSON("401 Unauthorized", "") "{\"code\":20003}", &r),
                     DESK_TWILIO_CANNOT_TELL);
    assert_int_equal(found(JSON("404 Not Found", "") "{}", &r), DESK_TWILIO_CANNOT_TELL);
    assert_int_equal(found(JSON("500 Oh", "") "{}", &r), DESK_TWILIO_NOT_NOW);
    assert_int_equal(found(JSON("200 OK", "") "{\"mess", &r), DESK_TWILIO_NOT_NOW);
    assert_int_equal(found("", &r), DESK_TWILIO_NOT_NOW);
    assert_int_equal(found(JSON("429 Slow", "Retry-After: 9\r\n") "{\"code\":20429}", &r),
                     DESK_TWILIO_NOT_NOW);
    assert_int_equal(r.wait_ms, 9000);
    assert_null(strstr(r.why, "s3cret"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_as_twilio_wants),
        cmocka_unit_test(a_call_asks_who_answers),
        cmocka_unit_test(a_wait_is_a_wait),
        cmocka_unit_test(what_twilio_refuses_says_whose_fault_it_is),
        cmocka_unit_test(without_a_clear_answer_nobody_knows),
        cmocka_unit_test(who_is_not_reached_has_nothing),
        cmocka_unit_test(a_text_only_moves_up),
        cmocka_unit_test(a_text_is_looked_up),
        cmocka_unit_test(what_is_not_there_was_not_taken),
        cmocka_unit_test(what_cannot_be_told_is_not_taken_for_an_answer),
    };
    return cmocka_run_group_tests_name("twilio_rest", tests, peer_start, peer_stop);
}
