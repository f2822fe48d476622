/* lib/out/telegram: the exact request, and what each kind of answer means for sending again,
 * against a small server that answers as it is told (http_peer.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "out/telegram.h"
#include "tests/unit/http_peer.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOKEN "123456:AAsecret_token-x"

#define OK JSON("200 OK", "") "{\"ok\":true,\"result\":{\"message_id\":77,\"date\":1}}"

static struct desk_outbox_result send_text(const char *http, const char *text)
{
    char base[64];
    struct desk_outbox_result r;
    snprintf(base, sizeof base, "http://127.0.0.1:%u/", peer_port);
    const struct desk_telegram_bot_of bot = {base, TOKEN};
    atomic_store(&peer_answer, http);
    desk_telegram_bot.send(&bot, "-100123", text, &r);
    return r;
}

static void asks_as_telegram_wants(void **state)
{
    (void)state;
    struct desk_outbox_result r = send_text(OK, "Harwick P1: “burst pipe” <b>*_[x](y)\\ & 50%");
    assert_int_equal(r.end, DESK_END_SENT);
    assert_string_equal(r.remote_id, "77");
    assert_string_equal(r.why, "");
    pthread_mutex_lock(&peer_turn);
    assert_ptr_equal(strstr(peer_seen, "POST /bot" TOKEN "/sendMessage HTTP/1.1\r\n"), peer_seen);
    assert_non_null(strstr(peer_seen, "Content-Type: application/json\r\n"));
    json_t *v = json_loads(strstr(peer_seen, "\r\n\r\n") + 4, 0, NULL);
    pthread_mutex_unlock(&peer_turn);
    assert_string_equal(json_string_value(json_object_get(v, "chat_id")), "-100123");
    assert_string_equal(json_string_value(json_object_get(v, "text")),
                        "Harwick P1: “burst pipe” <b>*_[x](y)\\ & 50%");
    assert_null(json_object_get(v, "parse_mode")); /* plain: nothing of it is a mark */
    json_decref(v);
}

static void answers_and_what_they_mean(void **state)
{
    static const struct {
        const char *http;
        enum desk_outbox_end end;
        int64_t code, wait_ms;
        const char *why;
    } rows[] = {
        {JSON("429 Too Many Requests",
              "Retry-After: 9\r\n") "{\"ok\":false,\"error_code\":429,\"description\":\"Too Many "
                                    "Requests: retry after 7\","
                                    "\"parameters\":{\"retry_after\":7}}",
         DESK_END_AGAIN, 429, 7000, "asked us to wait"},
        {JSON("429 Too Many Requests", "Retry-After: 9\r\n") "<html>", DESK_END_AGAIN, 429, 9000,
         "asked us to wait"},
        {JSON("429 Too Many Requests", "") "{\"parameters\":{\"retry_after\":99999999}}",
         DESK_END_AGAIN, 429, 3600000, "asked us to wait"},
        {JSON("401 Unauthorized", "") "{\"ok\":false,\"description\":\"Unauthorized\"}",
         DESK_END_FAILED, 401, 0, "check TELEGRAM_BOT_TOKEN"},
        {JSON("404 Not Found", "") "{\"ok\":false,\"description\":\"Not Found\"}", DESK_END_FAILED,
         404, 0, "check TELEGRAM_BOT_TOKEN"},
        {JSON("403 Forbidden",
              "") "{\"ok\":false,\"description\":\"Forbidden: bot was blocked by the user\"}",
         DESK_END_FAILED, 403, 0, "unblock it"},
        {JSON("403 Forbidden", "") "{\"description\":\"Forbidden: bot is not a member\"}",
         DESK_END_FAILED, 403, 0, "may not write"},
        {JSON("400 Bad Request", "") "{\"description\":\"Bad Request: chat not found\"}",
         DESK_END_FAILED, 400, 0, "check its id"},
        {JSON("400 Bad Request",
              "") "{\"description\":\"Bad Request: group chat was upgraded to a supergroup chat\","
                  "\"parameters\":{\"migrate_to_chat_id\":-100987}}",
         DESK_END_FAILED, 400, 0, "new chat id: -100987"},
        {JSON("400 Bad Request", "") "what", DESK_END_FAILED, 400, 0, "refused the message"},
        {JSON("302 Found", "Location: /bot" TOKEN "/x\r\n"), DESK_END_FAILED, 302, 0, "refused"},
        {JSON("502 Bad Gateway", "") "<html>", DESK_END_AGAIN, 502, 0, "failure of its own"},
        {JSON("200 OK", "") "{\"ok\":", DESK_END_AGAIN, 0, 0, "could not be read"},
        {JSON("200 OK", "") "{\"ok\":false}", DESK_END_AGAIN, 0, 0, "could not be read"},
        {"", DESK_END_AGAIN, 0, 0, "did not answer"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_outbox_result r = send_text(rows[i].http, "x");
        if (r.end != rows[i].end || r.code != rows[i].code || r.wait_ms != rows[i].wait_ms ||
            !strstr(r.why, rows[i].why))
            fail_msg("row %zu: end %d code %lld wait %lld: %s", i, (int)r.end, (long long)r.code,
                     (long long)r.wait_ms, r.why);
        assert_null(strstr(r.why, "secret")); /* the token, in whatever came */
    }
}

static void nobody_listens(void **state)
{
    (void)state;
    struct desk_outbox_result r;
    const struct desk_telegram_bot_of bots[] = {{"http://127.0.0.1:1", TOKEN},
                                                {"http://nowhere.invalid", TOKEN}};
    for (size_t i = 0; i < 2; i++) {
        desk_telegram_bot.send(&bots[i], "1", "x", &r);
        assert_int_equal(r.end, DESK_END_AGAIN);
        assert_null(strstr(r.why, "secret"));
    }
}

static void tokens(void **state)
{
    static const char *const bad[] = {"", "123456", "123456:", ":AA", "12:a/b", "12:a b", "12:a?x"};
    struct desk_outbox_result r;
    (void)state;
    assert_true(desk_telegram_token_ok(TOKEN));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct desk_telegram_bot_of bot = {"http://127.0.0.1:1", bad[i]};
        assert_false(desk_telegram_token_ok(bad[i]));
        desk_telegram_bot.send(&bot, "1", "x", &r);
        assert_int_equal(r.end, DESK_END_FAILED);
    }
}

/* Cut as Telegram counts, in UTF-16 units, and not within a character. */
static void long_texts_are_cut(void **state)
{
    (void)state;
    static char text[4 * 5000 + 1];
    for (size_t i = 0; i < 5000; i++)
        memcpy(text + 4 * i, "\xf0\x9f\x94\xa5", 4); /* two units each */
    assert_int_equal(send_text(OK, text).end, DESK_END_SENT);
    pthread_mutex_lock(&peer_turn);
    json_t *v = json_loads(strstr(peer_seen, "\r\n\r\n") + 4, 0, NULL);
    pthread_mutex_unlock(&peer_turn);
    const char *sent = json_string_value(json_object_get(v, "text"));
    assert_non_null(sent);
    assert_int_equal(desk_utf8_count(sent, strlen(sent)), 2048);
    json_decref(v);
}

static const char *body_seen(void)
{
    static char body[4096];
    pthread_mutex_lock(&peer_turn);
    snprintf(body, sizeof body, "%s", strstr(peer_seen, "\r\n\r\n") + 4);
    pthread_mutex_unlock(&peer_turn);
    return body;
}

static struct desk_outbox_result call_it(const char *http, const char *method, const char *body,
                                         json_t **result)
{
    char base[64];
    struct desk_outbox_result r;
    snprintf(base, sizeof base, "http://127.0.0.1:%u", peer_port);
    const struct desk_telegram_bot_of bot = {base, TOKEN};
    atomic_store(&peer_answer, http);
    desk_telegram_bot.call(&bot, method, body, result, &r);
    return r;
}

static void other_methods(void **state)
{
    static const char body[] = "{\"callback_query_id\":\"9\",\"text\":\"Done.\"}";
    json_t *got = NULL;
    (void)state;
    struct desk_outbox_result r = call_it(JSON("200 OK", "") "{\"ok\":true,\"result\":true}",
                                          "answerCallbackQuery", body, &got);
    assert_int_equal(r.end, DESK_END_SENT);
    assert_true(json_is_true(got));
    json_decref(got);
    assert_string_equal(body_seen(), body);
    pthread_mutex_lock(&peer_turn);
    assert_ptr_equal(strstr(peer_seen, "POST /bot" TOKEN "/answerCallbackQuery HTTP/1.1\r\n"),
                     peer_seen);
    pthread_mutex_unlock(&peer_turn);
}

/* What is as it should be needs nobody. */
static void true_already(void **state)
{
    static const char *const words[] = {
        "Bad Request: message is not modified: specified new message content is the same",
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
        "Bad Request: message to edit not found"};
    static char http[3][400]; /* one each: the other thread may still be sending the last */
    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        snprintf(http[i], sizeof http[i],
                 JSON("400 Bad Request", "") "{\"ok\":false,\"description\":\"%s\"}", words[i]);
        struct desk_outbox_result r = call_it(http[i], "editMessageText", "{}", NULL);
        assert_int_equal(r.end, DESK_END_SENT);
        assert_int_equal(r.code, 0);
        assert_string_equal(r.why, "");
    }
}

static bool goes_on(void *ctx)
{
    (void)ctx;
    return false;
}

static struct desk_outbox_result ask_for(const char *http, int64_t from, json_t **list)
{
    char base[64];
    struct desk_outbox_result r;
    snprintf(base, sizeof base, "http://127.0.0.1:%u", peer_port);
    const struct desk_telegram_bot_of bot = {base, TOKEN};
    atomic_store(&peer_answer, http);
    desk_telegram_bot.updates(&bot, from, 1, goes_on, NULL, list, &r);
    return r;
}

static void asks_for_updates(void **state)
{
    json_t *list = NULL;
    (void)state;
    struct desk_outbox_result r =
        ask_for(JSON("200 OK", "") "{\"ok\":true,\"result\":[{\"update_id\":8}]}", 8, &list);
    assert_int_equal(r.end, DESK_END_SENT);
    assert_int_equal(json_array_size(list), 1);
    json_decref(list);
    assert_string_equal(body_seen(), "{\"offset\":8,\"limit\":10,\"timeout\":1,"
                                     "\"allowed_updates\":[\"message\",\"callback_query\"]}");
    static const struct {
        const char *http;
        enum desk_outbox_end end;
        int64_t code, wait_ms;
    } rows[] = {
        {JSON("409 Conflict", "") "{\"ok\":false,\"error_code\":409,\"description\":\"Conflict: "
                                  "can't use getUpdates method while webhook is active\"}",
         DESK_END_FAILED, 409, 0},
        {JSON("429 Too Many Requests", "") "{\"parameters\":{\"retry_after\":3}}", DESK_END_AGAIN,
         429, 3000},
        {JSON("401 Unauthorized", "") "{\"ok\":false}", DESK_END_FAILED, 401, 0},
        {JSON("200 OK", "") "{\"ok\":true,\"result\":true}", DESK_END_AGAIN, 0, 0},
        {JSON("200 OK", "") "{\"ok\":tr", DESK_END_AGAIN, 0, 0},
        {"", DESK_END_AGAIN, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        r = ask_for(rows[i].http, 0, &list);
        if (r.end != rows[i].end || r.code != rows[i].code || r.wait_ms != rows[i].wait_ms || list)
            fail_msg("row %zu: end %d code %lld: %s", i, (int)r.end, (long long)r.code, r.why);
        assert_null(strstr(r.why, "secret"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_as_telegram_wants), cmocka_unit_test(answers_and_what_they_mean),
        cmocka_unit_test(nobody_listens),         cmocka_unit_test(tokens),
        cmocka_unit_test(long_texts_are_cut),     cmocka_unit_test(other_methods),
        cmocka_unit_test(true_already),           cmocka_unit_test(asks_for_updates),
    };
    return cmocka_run_group_tests_name("telegram", tests, peer_start, peer_stop);
}
