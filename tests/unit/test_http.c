/* The HTTP client against a small server in a thread of this process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/limits.h"
#include "out/http.h"
#include "tests/unit/http_peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- the server: one thread, one connection at a time ---------------------------------------- */

static atomic_int connections;

static void reply_write(int fd, const char *status, const char *headers, size_t body_len)
{
    char head[512], *body = malloc(body_len + 1);
    int n = snprintf(head, sizeof head, "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n\r\n", status,
                     headers, body_len);

    assert_non_null(body);
    memset(body, 'b', body_len);
    (void)!write(fd, head, (size_t)n);
    for (size_t at = 0; at < body_len;) {
        ssize_t put = send(fd, body + at, body_len - at, MSG_NOSIGNAL);
        if (put <= 0)
            break;
        at += (size_t)put;
    }
    free(body);
}

static const struct {
    const char *path, *status, *headers;
    size_t body;
    unsigned delay_ms;
} pages[] = {
    {"/plain", "200 OK", "Content-Type: text/plain; charset=utf-8\r\n", 5, 0},
    {"/none", "204 No Content", "", 0, 0},
    {"/dated", "200 OK", "Date: Fri, 20 Nov 2026 09:24:19 GMT\r\n", 0, 0},
    {"/undated", "200 OK", "Date: yesterday\r\n", 0, 0},
    {"/socket", "101 Switching Protocols", "Upgrade: websocket\r\n", 0, 0},
    {"/key", "401 Unauthorized", "", 3, 0},
    {"/busy", "429 Too Many Requests", "Retry-After: 7\r\n", 3, 0},
    {"/moved", "302 Found", "Location: /plain\r\n", 0, 0},
    {"/loop", "302 Found", "Location: /loop\r\n", 0, 0},
    {"/file", "302 Found", "Location: file:///etc/hostname\r\n", 0, 0},
    {"/big", "200 OK", "", 100000, 0},
    {"/slow", "200 OK", "", 2, 700},
};

static void *serve(void *ctx)
{
    (void)ctx;
    for (;;) {
        int fd = accept(peer_listener, NULL, NULL);
        if (fd < 0)
            return NULL;
        atomic_fetch_add(&connections, 1);
        while (peer_read(fd)) {
            char *path = strchr(peer_seen, ' ');
            size_t i = 0, n = path ? strcspn(++path, " ?") : 0;
            while (i < sizeof pages / sizeof pages[0] &&
                   (strlen(pages[i].path) != n || strncmp(pages[i].path, path, n) != 0))
                i++;
            if (i == sizeof pages / sizeof pages[0]) {
                reply_write(fd, "404 Not Found", "", 0);
                continue;
            }
            usleep(pages[i].delay_ms * 1000);
            reply_write(fd, pages[i].status, pages[i].headers, pages[i].body);
        }
        close(fd);
    }
}

static int server_start(void **state)
{
    pthread_t server;
    (void)state;
    if (!peer_listen())
        return -1;
    return pthread_create(&server, NULL, serve, NULL) || pthread_detach(server);
}

static int server_stop(void **state)
{
    (void)state;
    shutdown(peer_listener, SHUT_RDWR);
    close(peer_listener);
    return 0;
}

/* ---- tests ----------------------------------------------------------------------------------- */

static struct desk_http_reply reply;

static enum desk_rc ask(const char *path, struct desk_http_request req)
{
    char url[200];

    snprintf(url, sizeof url, "http://127.0.0.1:%u%s", peer_port, path);
    if (!req.url)
        req.url = url;
    desk_http_reply_clear(&reply);
    pthread_mutex_lock(&peer_turn);
    pthread_mutex_unlock(&peer_turn);
    enum desk_rc rc = desk_http_send(&req, &reply);
    pthread_mutex_lock(&peer_turn);
    pthread_mutex_unlock(&peer_turn);
    return rc;
}

static void get(void **state)
{
    (void)state;
    assert_int_equal(ask("/plain?a=b%20c", (struct desk_http_request){0}), DESK_OK);
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply.content_type, "text/plain; charset=utf-8");
    assert_string_equal(desk_buf_cstr(&reply.body), "bbbbb");
    assert_int_equal(reply.fail, DESK_HTTP_NONE);
    assert_string_equal(reply.why, "");
    assert_non_null(strstr(peer_seen, "GET /plain?a=b%20c HTTP/1.1\r\n"));
    assert_non_null(strstr(peer_seen, "User-Agent: Frontdesk/1\r\n"));
    assert_int_equal(ask("/none", (struct desk_http_request){0}), DESK_OK);
    assert_int_equal(reply.status, 204);
    assert_string_equal(desk_buf_cstr(&reply.body), "");
    assert_string_equal(reply.content_type, "");
    assert_int_equal(ask("/missing", (struct desk_http_request){0}), DESK_OK);
    assert_int_equal(reply.status, 404);
}

static void post(void **state)
{
    static const char *const headers[] = {"Content-Type: application/json", "X-One: 1", NULL};
    char big[5000];

    (void)state;
    assert_int_equal(ask("/plain", (struct desk_http_request){.body = "{\"a\":1}",
                                                              .body_len = 7,
                                                              .headers = headers,
                                                              .user = "AC1",
                                                              .password = "secret"}),
                     DESK_OK);
    assert_non_null(strstr(peer_seen, "POST /plain HTTP/1.1\r\n"));
    assert_non_null(strstr(peer_seen, "Content-Type: application/json\r\n"));
    assert_non_null(strstr(peer_seen, "X-One: 1\r\n"));
    assert_non_null(strstr(peer_seen, "Authorization: Basic QUMxOnNlY3JldA==\r\n"));
    assert_non_null(strstr(peer_seen, "\r\n\r\n{\"a\":1}"));
    /* nothing of it stays for the next one on this handle */
    assert_int_equal(ask("/plain", (struct desk_http_request){0}), DESK_OK);
    assert_non_null(strstr(peer_seen, "GET /plain"));
    assert_null(strstr(peer_seen, "Authorization"));
    assert_null(strstr(peer_seen, "X-One"));

    memset(big, 'x', sizeof big);
    assert_int_equal(ask("/plain", (struct desk_http_request){.body = big, .body_len = sizeof big}),
                     DESK_OK);
    assert_null(strstr(peer_seen, "Expect"));
    assert_int_equal(ask("/none", (struct desk_http_request){.method = "DELETE"}), DESK_OK);
    assert_non_null(strstr(peer_seen, "DELETE /none"));
    assert_int_equal(ask("/none", (struct desk_http_request){.body = "", .body_len = 0}), DESK_OK);
    assert_non_null(strstr(peer_seen, "POST /none"));
}

static void connection_is_reused(void **state)
{
    int before;

    (void)state;
    assert_int_equal(ask("/plain", (struct desk_http_request){0}), DESK_OK);
    before = atomic_load(&connections);
    for (int i = 0; i < 5; i++)
        assert_int_equal(ask("/plain", (struct desk_http_request){0}), DESK_OK);
    assert_int_equal(atomic_load(&connections), before);
}

static void retry_after(void **state)
{
    (void)state;
    assert_int_equal(ask("/busy", (struct desk_http_request){0}), DESK_OK);
    assert_int_equal(reply.status, 429);
    assert_int_equal(reply.retry_after, 7);
}

/* ---- piece by piece -------------------------------------------------------------------------- */

static size_t pieces, piece_bytes, piece_most;

static bool take(void *ctx, const struct desk_http_reply *r, const char *p, size_t n)
{
    assert_ptr_equal(ctx, &pieces);
    assert_int_equal(r->status, 200);
    assert_true(n && p[0] == 'b');
    pieces++;
    piece_bytes += n;
    return piece_bytes < piece_most;
}

static void in_pieces(void **state)
{
    static const char *const want[] = {"retry-after", "content-length", NULL};
    struct desk_http_request req = {.data = take, .data_ctx = &pieces, .want = want};

    (void)state;
    pieces = piece_bytes = 0;
    piece_most = SIZE_MAX;
    assert_int_equal(ask("/big", req), DESK_OK);
    assert_true(pieces > 1);
    assert_int_equal(piece_bytes, 100000);
    assert_int_equal(reply.body.len, 0);
    assert_string_equal(reply.got[0], "");
    assert_string_equal(reply.got[1], "100000");
    /* who has enough says so */
    piece_bytes = 0;
    piece_most = 1;
    assert_int_equal(ask("/big", req), DESK_DONE);
    assert_int_equal(reply.fail, DESK_HTTP_STOPPED);
    assert_int_equal(reply.status, 200);
    /* what is no success is kept whole */
    piece_bytes = 0;
    assert_int_equal(ask("/busy", req), DESK_OK);
    assert_string_equal(desk_buf_cstr(&reply.body), "bbb");
    assert_string_equal(reply.got[0], "7");
    assert_int_equal(piece_bytes, 0);
}

static void redirects(void **state)
{
    char want[100];

    (void)state;
    assert_int_equal(ask("/moved", (struct desk_http_request){0}), DESK_OK);
    assert_int_equal(reply.status, 302);
    snprintf(want, sizeof want, "http://127.0.0.1:%u/plain", peer_port);
    assert_string_equal(reply.location, want);
    assert_int_equal(ask("/moved", (struct desk_http_request){.max_redirects = 3}), DESK_OK);
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply.location, "");
    assert_int_equal(ask("/loop", (struct desk_http_request){.max_redirects = 3}), DESK_EUPSTREAM);
    assert_int_equal(ask("/file", (struct desk_http_request){.max_redirects = 3}), DESK_EINVAL);
    assert_int_equal(reply.fail, DESK_HTTP_BAD_URL);
}

/* The name stays the URL's; the machine, and no proxy, is ours. First of all: the server has one
 * connection at a time, and others keep theirs. */
static void connected_to_another_place(void **state)
{
    char place[40], long_one[400];
    const struct desk_http_request req = {
        .url = "http://desk.example.com:81/plain", .connect_to = place, .once = true};

    (void)state;
    snprintf(place, sizeof place, "127.0.0.1:%u", peer_port);
    setenv("http_proxy", "http://127.0.0.1:9", 1);
    enum desk_rc rc = ask("", req);
    fprintf(stderr, "%s\n", reply.why);
    assert_int_equal(rc, DESK_OK);
    unsetenv("http_proxy");
    assert_int_equal(reply.status, 200);
    assert_non_null(strstr(peer_seen, "GET /plain HTTP/1.1\r\nHost: desk.example.com:81\r\n"));
    /* nor does it stay for the next one on this handle */
    assert_int_equal(ask("/plain", (struct desk_http_request){.once = true}), DESK_OK);
    assert_non_null(strstr(peer_seen, "Host: 127.0.0.1"));
    memset(long_one, 'h', sizeof long_one - 1);
    long_one[sizeof long_one - 1] = '\0';
    assert_int_not_equal(ask("/plain", (struct desk_http_request){.connect_to = long_one}),
                         DESK_OK);
}

static void too_big(void **state)
{
    (void)state;
    assert_int_equal(ask("/big", (struct desk_http_request){.max_body = 99999}), DESK_ELIMIT);
    assert_int_equal(reply.fail, DESK_HTTP_TOO_BIG);
    assert_true(reply.body.len <= 99999);
    assert_int_equal(ask("/big", (struct desk_http_request){.max_body = 100000}), DESK_OK);
    assert_int_equal(reply.body.len, 100000);
}

static void timeouts(void **state)
{
    int64_t start = desk_mono_ms();

    (void)state;
    assert_int_equal(ask("/slow", (struct desk_http_request){.timeout_ms = 200}), DESK_EUPSTREAM);
    assert_int_equal(reply.fail, DESK_HTTP_TIMEOUT);
    assert_true(desk_mono_ms() - start < 600);
    assert_true(reply.elapsed_ms >= 190);
    assert_int_equal(ask("/slow", (struct desk_http_request){0}), DESK_OK);
}

static bool stop_now(void *ctx)
{
    return (*(int *)ctx)++ >= 0;
}

static void stopping(void **state)
{
    int asked = 0;

    (void)state;
    assert_int_equal(ask("/slow", (struct desk_http_request){.stop = stop_now, .stop_ctx = &asked}),
                     DESK_DONE);
    assert_int_equal(reply.fail, DESK_HTTP_STOPPED);
    assert_true(asked > 0);
}

static void refusals(void **state)
{
    static const struct {
        const char *url;
        enum desk_rc rc;
        enum desk_http_fail fail;
    } cases[] = {
        {"file:///etc/hostname", DESK_EINVAL, DESK_HTTP_BAD_URL},
        {"ftp://127.0.0.1/", DESK_EINVAL, DESK_HTTP_BAD_URL},
        {"http://", DESK_EINVAL, DESK_HTTP_BAD_URL},
        {"http://127.0.0.1:1/", DESK_EUPSTREAM, DESK_HTTP_CONNECT},
        {"http://no-such-host.invalid/", DESK_EUPSTREAM, DESK_HTTP_RESOLVE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum desk_rc rc = ask("", (struct desk_http_request){.url = cases[i].url});
        if (rc != cases[i].rc || reply.fail != cases[i].fail || !reply.why[0])
            fail_msg("%s: %s %s \"%s\"", cases[i].url, desk_rc_name(rc),
                     desk_http_fail_name(reply.fail), reply.why);
        assert_int_equal(reply.status, 0);
    }
}

static void *thread_asks(void *ctx)
{
    struct desk_http_reply mine;
    char url[100];
    struct desk_http_request req = {.url = url};

    snprintf(url, sizeof url, "http://127.0.0.1:%u/plain", peer_port);
    *(bool *)ctx = desk_http_send(&req, &mine) == DESK_OK && mine.status == 200;
    desk_http_reply_clear(&mine);
    return NULL;
}

static int drop(void **state)
{
    (void)state;
    desk_http_reply_clear(&reply);
    return 0;
}

/* Each thread has its own handle, and it ends with the thread (AddressSanitizer watches). This
 * thread keeps its connection, which the server's one thread would wait on: so it comes first. */
static void threads(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        bool ok = false;
        pthread_t t;
        assert_int_equal(pthread_create(&t, NULL, thread_asks, &ok), 0);
        pthread_join(t, NULL);
        assert_true(ok);
    }
}

/* These two use connections of their own and come before one is kept, like threads(). */
static void the_date_of_an_answer(void **state)
{
    static const struct {
        const char *path;
        int64_t date;
    } rows[] = {{"/dated", 1795166659}, {"/undated", 0}, {"/plain", 0}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_http_reply mine;
        char url[80];
        snprintf(url, sizeof url, "http://127.0.0.1:%u%s", peer_port, rows[i].path);
        const struct desk_http_request req = {.url = url, .certificate = true, .once = true};
        assert_int_equal(desk_http_send(&req, &mine), DESK_OK);
        assert_int_equal(mine.date, rows[i].date);
        assert_int_equal(mine.cert_expires, 0); /* no TLS, no certificate */
        desk_http_reply_clear(&mine);
    }
}

/* The Date of an answer tells how far our clock is off; not that of our own front desk. */
static void the_clock_by_others(void **state)
{
    int64_t ahead = 0;
    char host[40], url[80];
    (void)state;
    struct desk_http_reply mine;
    snprintf(url, sizeof url, "http://127.0.0.1:%u/dated", peer_port);
    const struct desk_http_request own = {.url = url, .certificate = true, .once = true},
                                   others = {.url = url, .once = true};
    assert_false(desk_http_clock(&ahead, host, sizeof host));
    desk_clock_fake(1795166659LL * 1000 + 60500);
    assert_int_equal(desk_http_send(&own, &mine), DESK_OK);
    desk_http_reply_clear(&mine);
    assert_false(desk_http_clock(&ahead, host, sizeof host));
    assert_int_equal(desk_http_send(&others, &mine), DESK_OK);
    if (mine.elapsed_ms <= 2000) { /* a slower one says nothing */
        assert_true(desk_http_clock(&ahead, host, sizeof host));
        assert_true(ahead <= 60000 && ahead >= 60000 - mine.elapsed_ms);
        assert_string_equal(host, "127.0.0.1");
    }
    desk_http_reply_clear(&mine);
    desk_clock_fake(0);
}

static void asks_for_a_websocket(void **state)
{
    static const char *const headers[] = {"authorization: Bearer k", NULL};
    static const struct {
        const char *path;
        int status;
    } rows[] = {{"/socket?model=a%20b", 101}, {"/key", 401}, {"/nowhere", 404}};
    struct desk_http_reply mine;
    char url[80];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(url, sizeof url, "http://127.0.0.1:%u%s", peer_port, rows[i].path);
        const struct desk_http_request req = {.url = url, .headers = headers};
        assert_int_equal(desk_http_upgrade(&req, &mine), DESK_OK);
        assert_int_equal(mine.status, rows[i].status);
        desk_http_reply_clear(&mine);
        pthread_mutex_lock(&peer_turn);
        assert_non_null(strstr(peer_seen, "\r\nauthorization: Bearer k\r\n"));
        assert_non_null(strstr(peer_seen, "\r\nUpgrade: websocket\r\n"));
        assert_int_equal(strncmp(peer_seen, "GET ", 4), 0);
        assert_int_equal(strncmp(peer_seen + 4, rows[i].path, strlen(rows[i].path)), 0);
        pthread_mutex_unlock(&peer_turn);
    }
    snprintf(url, sizeof url, "http://127.0.0.1:%u/slow", peer_port);
    const struct desk_http_request late = {.url = url, .timeout_ms = 200};
    assert_int_equal(desk_http_upgrade(&late, &mine), DESK_EUPSTREAM);
    assert_int_equal(mine.fail, DESK_HTTP_TIMEOUT);
    desk_http_reply_clear(&mine);
    const struct desk_http_request nobody = {.url = "http://127.0.0.1:1/"};
    assert_int_equal(desk_http_upgrade(&nobody, &mine), DESK_EUPSTREAM);
    assert_int_equal(mine.fail, DESK_HTTP_CONNECT);
    desk_http_reply_clear(&mine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connected_to_another_place),
        cmocka_unit_test(threads),
        cmocka_unit_test(the_date_of_an_answer),
        cmocka_unit_test(the_clock_by_others),
        cmocka_unit_test(asks_for_a_websocket),
        cmocka_unit_test(get),
        cmocka_unit_test(post),
        cmocka_unit_test(connection_is_reused),
        cmocka_unit_test(retry_after),
        cmocka_unit_test(redirects),
        cmocka_unit_test(too_big),
        cmocka_unit_test(timeouts),
        cmocka_unit_test(stopping),
        cmocka_unit_test(in_pieces),
        cmocka_unit_test(refusals),
    };

    return cmocka_run_group_tests(tests, server_start, server_stop) + drop(NULL);
}
