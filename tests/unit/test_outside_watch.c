/* What is ours and seen from outside: the certificate's end and the clock, as the health page gets
 * them. The looks are called as the thread would. */
#include "../../worker/outside_watch.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define NOW    1795198500000LL
#define DAY_MS (24LL * 3600 * 1000)

static struct outside_watch w;
static struct desk_arena *arena;
static struct desk_http_reply answer;
static enum desk_rc answer_rc;
static char asked[1024];

static enum desk_rc fake_send(const struct desk_http_request *req, struct desk_http_reply *reply)
{
    snprintf(asked, sizeof asked, "%s", req->url);
    assert_true(req->certificate && req->once && !req->stop(req->stop_ctx));
    *reply = answer;
    desk_buf_init(&reply->body, 100);
    return answer_rc;
}

static int setup(void **state)
{
    (void)state;
    desk_log_init("test", DESK_LOG__MAX);
    desk_clock_fake(NOW);
    memset(&w, 0, sizeof w);
    pthread_mutex_init(&w.lock, NULL);
    w.send = fake_send;
    arena = desk_arena_new(65536);
    answer = (struct desk_http_reply){.status = 200};
    answer_rc = DESK_OK;
    asked[0] = '\0';
    return desk_store_memory(&w.db) != DESK_OK;
}

static int teardown(void **state)
{
    (void)state;
    desk_db_close(w.db);
    desk_arena_free(arena);
    pthread_mutex_destroy(&w.lock);
    desk_clock_fake(0);
    return 0;
}

static struct desk_pulse pulse(const char *id)
{
    struct desk_pulse p;
    assert_int_equal(desk_pulse_get(w.db, arena, id, &p), DESK_OK);
    return p;
}

static bool none(const char *id)
{
    struct desk_pulse p;
    return desk_pulse_get(w.db, arena, id, &p) == DESK_ENOTFOUND;
}

static void how_long_it_is_good_for(void **state)
{
    (void)state;
    desk_setting_override(DESK_S_PUBLIC_BASE_URL, "https://desk.example.com/");
    answer.cert_expires = (NOW + 40 * DAY_MS) / 1000;
    assert_int_equal(look_certificate(&w), DESK_OK);
    assert_string_equal(asked, "https://desk.example.com/healthz");
    struct desk_pulse p = pulse(DESK_PULSE_CERTIFICATE);
    assert_true(p.ok);
    assert_int_equal(p.took_ms, 40 * DAY_MS);
    assert_string_equal(p.what, "desk.example.com");
    assert_null(p.why);
    /* soon over, and over */
    answer.cert_expires = (NOW + 6 * DAY_MS) / 1000;
    assert_int_equal(look_certificate(&w), DESK_OK);
    assert_false(pulse(DESK_PULSE_CERTIFICATE).ok);
    answer.cert_expires = NOW / 1000 - 1;
    assert_int_equal(look_certificate(&w), DESK_OK);
    p = pulse(DESK_PULSE_CERTIFICATE);
    assert_false(p.ok);
    assert_int_equal(p.took_ms, 0);
}

static void one_that_does_not_hold(void **state)
{
    (void)state;
    desk_setting_override(DESK_S_PUBLIC_BASE_URL, "https://desk.example.com");
    answer_rc = DESK_EUPSTREAM;
    answer.fail = DESK_HTTP_TLS;
    snprintf(answer.why, sizeof answer.why, "%s", "certificate has expired");
    assert_int_equal(look_certificate(&w), DESK_OK);
    struct desk_pulse p = pulse(DESK_PULSE_CERTIFICATE);
    assert_false(p.ok);
    assert_string_equal(p.why, "certificate has expired");
}

static void what_is_not_reached_is_no_news(void **state)
{
    (void)state;
    desk_setting_override(DESK_S_PUBLIC_BASE_URL, "https://desk.example.com");
    answer_rc = DESK_EUPSTREAM;
    answer.fail = DESK_HTTP_CONNECT;
    assert_int_equal(look_certificate(&w), DESK_OK);
    assert_true(none(DESK_PULSE_CERTIFICATE));
    answer_rc = DESK_OK;
    answer.fail = DESK_HTTP_NONE;
    answer.cert_expires = (NOW + 40 * DAY_MS) / 1000;
    assert_int_equal(look_certificate(&w), DESK_OK);
    answer_rc = DESK_EUPSTREAM;
    answer.fail = DESK_HTTP_TIMEOUT;
    assert_int_equal(look_certificate(&w), DESK_OK);
    assert_true(pulse(DESK_PULSE_CERTIFICATE).ok); /* as it was */
}

static void without_https_there_is_none(void **state)
{
    (void)state;
    desk_setting_override(DESK_S_PUBLIC_BASE_URL, "https://desk.example.com");
    answer.cert_expires = (NOW + 40 * DAY_MS) / 1000;
    assert_int_equal(look_certificate(&w), DESK_OK);
    asked[0] = '\0';
    desk_setting_override(DESK_S_PUBLIC_BASE_URL, "http://127.0.0.1:8080");
    assert_int_equal(look_certificate(&w), DESK_OK);
    assert_string_equal(asked, "");
    assert_true(none(DESK_PULSE_CERTIFICATE));
}

static void it_stops_at_once(void **state)
{
    (void)state;
    struct outside_watch *own = calloc(1, sizeof *own);
    pthread_condattr_t attr;
    assert_non_null(own);
    pthread_mutex_init(&own->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&own->changed, &attr);
    pthread_condattr_destroy(&attr);
    own->send = fake_send;
    own->started = pthread_create(&own->thread, NULL, watch, own) == 0;
    assert_true(own->started);
    outside_watch_stop(own); /* before its first look */
    assert_string_equal(asked, "");
    outside_watch_stop(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(how_long_it_is_good_for, setup, teardown),
        cmocka_unit_test_setup_teardown(one_that_does_not_hold, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_reached_is_no_news, setup, teardown),
        cmocka_unit_test_setup_teardown(without_https_there_is_none, setup, teardown),
        cmocka_unit_test_setup_teardown(it_stops_at_once, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
