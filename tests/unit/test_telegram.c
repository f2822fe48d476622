/* lib/out/telegram: the exact request, and what each kind of answer means for sending again,
 * against a small server in a thread (pthread_create) that answers as it is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/utf8.h"
#include "out/telegram.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TOKEN "123456:AAsecret_token-x"

static int listener;
static unsigned port;
static const char *_Atomic answer; /* whole HTTP answer; "" = cut the connection */
static char seen[65536];           /* the last request; read after its answer has come */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static pthread_t server;

static void read_request(int fd)
{
    static char in[sizeof seen];
    size_t n = 0;
    for (;;) {
        ssize_t got = read(fd, in + n, sizeof in - 1 - n);
        if (got <= 0)
            return;
        n += (size_t)got;
        in[n] = '\0';
        const char *end = strstr(in, "\r\n\r\n"), *len = strstr(in, "Content-Length: ");
        if (end && n >= (size_t)(end + 4 - in) + (len ? strtoul(len + 16, NULL, 10) : 0))
            break;
    }
    pthread_mutex_lock(&turn);
    memcpy(seen, in, n + 1);
    pthread_mutex_unlock(&turn);
}

static void *serve(void *ctx)
{
    (void)ctx;
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            return NULL;
        read_request(fd);
        const char *text = atomic_load(&answer);
        if (*text)
            (void)!send(fd, text, strlen(text), MSG_NOSIGNAL);
        close(fd);
    }
}

static int start(void **state)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof a;
    (void)state;
    desk_log_init("test", DESK_LOG__MAX);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (void *)&a, sizeof a) != 0 || listen(listener, 8) != 0 ||
        getsockname(listener, (void *)&a, &len) != 0)
        return -1;
    port = ntohs(a.sin_port);
    return pthread_create(&server, NULL, serve, NULL);
}

static int stop(void **state)
{
    (void)state;
    shutdown(listener, SHUT_RDWR);
    pthread_join(server, NULL);
    close(listener);
    return 0;
}

#define HEAD(status, more)                                                                         \
    "HTTP/1.1 " status "\r\nContent-Type: application/json\r\nConnection: close\r\n" more "\r\n"
#define OK HEAD("200 OK", "") "{\"ok\":true,\"result\":{\"message_id\":77,\"date\":1}}"

static struct desk_outbox_result send_text(const char *http, const char *text)
{
    char base[64];
    struct desk_outbox_result r;
    snprintf(base, sizeof base, "http://127.0.0.1:%u/", port);
    const struct desk_telegram_bot_of bot = {base, TOKEN};
    atomic_store(&answer, http);
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
    pthread_mutex_lock(&turn);
    assert_ptr_equal(strstr(seen, "POST /bot" TOKEN "/sendMessage HTTP/1.1\r\n"), seen);
    assert_non_null(strstr(seen, "Content-Type: application/json\r\n"));
    json_t *v = json_loads(strstr(seen, "\r\n\r\n") + 4, 0, NULL);
    pthread_mutex_unlock(&turn);
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
        {HEAD("429 Too Many Requests",
              "Retry-After: 9\r\n") "{\"ok\":false,\"error_code\":429,\"description\":\"Too Many "
                                    "Requests: retry after 7\","
                                    "\"parameters\":{\"retry_after\":7}}",
         DESK_END_AGAIN, 429, 7000, "asked us to wait"},
        {HEAD("429 Too Many Requests", "Retry-After: 9\r\n") "<html>", DESK_END_AGAIN, 429, 9000,
         "asked us to wait"},
        {HEAD("429 Too Many Requests", "") "{\"parameters\":{\"retry_after\":99999999}}",
         DESK_END_AGAIN, 429, 3600000, "asked us to wait"},
        {HEAD("401 Unauthorized", "") "{\"ok\":false,\"description\":\"Unauthorized\"}",
         DESK_END_FAILED, 401, 0, "check TELEGRAM_BOT_TOKEN"},
        {HEAD("404 Not Found", "") "{\"ok\":false,\"description\":\"Not Found\"}", DESK_END_FAILED,
         404, 0, "check TELEGRAM_BOT_TOKEN"},
        {HEAD("403 Forbidden",
              "") "{\"ok\":false,\"description\":\"Forbidden: bot was blocked by the user\"}",
         DESK_END_FAILED, 403, 0, "unblock it"},
        {HEAD("403 Forbidden", "") "{\"description\":\"Forbidden: bot is not a member\"}",
         DESK_END_FAILED, 403, 0, "may not write"},
        {HEAD("400 Bad Request", "") "{\"description\":\"Bad Request: chat not found\"}",
         DESK_END_FAILED, 400, 0, "check its id"},
        {HEAD("400 Bad Request",
              "") "{\"description\":\"Bad Request: group chat was upgraded to a supergroup chat\","
                  "\"parameters\":{\"migrate_to_chat_id\":-100987}}",
         DESK_END_FAILED, 400, 0, "new chat id: -100987"},
        {HEAD("400 Bad Request", "") "what", DESK_END_FAILED, 400, 0, "refused the message"},
        {HEAD("302 Found", "Location: /bot" TOKEN "/x\r\n"), DESK_END_FAILED, 302, 0, "refused"},
        {HEAD("502 Bad Gateway", "") "<html>", DESK_END_AGAIN, 502, 0, "failure of its own"},
        {HEAD("200 OK", "") "{\"ok\":", DESK_END_AGAIN, 0, 0, "could not be read"},
        {HEAD("200 OK", "") "{\"ok\":false}", DESK_END_AGAIN, 0, 0, "could not be read"},
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
    pthread_mutex_lock(&turn);
    json_t *v = json_loads(strstr(seen, "\r\n\r\n") + 4, 0, NULL);
    pthread_mutex_unlock(&turn);
    const char *sent = json_string_value(json_object_get(v, "text"));
    assert_non_null(sent);
    assert_int_equal(desk_utf8_count(sent, strlen(sent)), 2048);
    json_decref(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_as_telegram_wants), cmocka_unit_test(answers_and_what_they_mean),
        cmocka_unit_test(nobody_listens),         cmocka_unit_test(tokens),
        cmocka_unit_test(long_texts_are_cut),
    };
    return cmocka_run_group_tests_name("telegram", tests, start, stop);
}
