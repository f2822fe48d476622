/* The watch over the voice model: one failure is a hiccup, two are told, once; so is its coming
 * back; and the thread stops when it is told to. */
#include "../../worker/model_watch.c" /* pthread_create */
#include "store/outbox.h"
#include "tests/unit/tools_world.h"

#include <string.h>

#define NOW   1791817800000LL
#define OWNER "+13035550101"
#define OURS  "+13035550100"

static struct model_watch w;
static struct desk_model_probe answer;

static void probe(const struct desk_rt_target *t, struct desk_model_probe *p)
{
    assert_string_equal(t->host, "model.example");
    *p = answer;
}

static int begin(void **state)
{
    (void)state;
    desk_clock_fake(NOW);
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC0123456789abcdef0123456789abcdef");
    desk_setting_override(DESK_S_TWILIO_AUTH_TOKEN, "00112233445566778899aabbccddeeff");
    desk_setting_override(DESK_S_PUBLIC_BASE_URL, "https://desk.example.com/");
    desk_setting_override(DESK_S_REALTIME_URL, "wss://model.example/v1");
    tenant = (struct desk_tenant){.id = "tenant_1",
                                  .slug = "larkspur",
                                  .name = "Larkspur",
                                  .profile = "{}",
                                  .created_at = 1,
                                  .updated_at = 1};
    location = (struct desk_location){.id = "loc_1",
                                      .tenant_id = "tenant_1",
                                      .name = "Main",
                                      .zone = "America/Denver",
                                      .hours = "{}",
                                      .owner_name = "Mike",
                                      .owner_phone = OWNER,
                                      .created_at = 1};
    world_open();
    const struct desk_number number = {OURS, "tenant_1", "loc_1", 1};
    must(DESK_TX_BEGIN(db));
    must(desk_tx_end(db, desk_number_insert(db, &number)));
    w = (struct model_watch){.probe = probe, .db = db};
    snprintf(w.target.host, sizeof w.target.host, "model.example");
    snprintf(w.target.engine, sizeof w.target.engine, "model.example gpt");
    return 0;
}

static int end(void **state)
{
    (void)state;
    desk_arena_free(arena);
    desk_db_close(db);
    desk_clock_fake(0);
    return 0;
}

static const struct desk_model_probe fine = {.would_talk = true, .status = 101},
                                     refuses = {.status = 401, .why = "refuses the key (HTTP 401)"};

static int64_t finds(struct desk_model_probe what)
{
    answer = what;
    return look(&w, 3600000);
}

/* Texts to the owner: how many, and the last one's words. */
static size_t texts(const char **last)
{
    struct desk_outbox *rows;
    size_t n;
    must(desk_outbox_list(db, arena, "tenant_1", false, 20, &rows, &n));
    *last = n ? rows[0].payload : "";
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(rows[i].priority, DESK_OUTBOX_ALERT);
        assert_non_null(strstr(rows[i].payload, OWNER));
    }
    return n;
}

static void test_told_once(void **unused)
{
    const char *last;
    (void)unused;
    assert_int_equal(finds(fine), 3600000);
    assert_int_equal(finds(refuses), AGAIN_MS);
    assert_int_equal(texts(&last), 0); /* it may have been a hiccup */
    assert_int_equal(finds(fine), 3600000);
    assert_int_equal(finds(refuses), AGAIN_MS);
    assert_int_equal(texts(&last), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(finds(refuses), AGAIN_MS);
    assert_int_equal(texts(&last), 1);
    assert_non_null(strstr(last, "model.example gpt refuses the key (HTTP 401)"));
    assert_non_null(strstr(last, "questions and keys"));
    w.told = false, w.failures = 5; /* a worker that starts anew meanwhile */
    assert_int_equal(finds(refuses), AGAIN_MS);
    assert_int_equal(texts(&last), 1);
    desk_clock_fake(NOW + DESK_MODEL_ALARM_MS);
    assert_int_equal(finds(refuses), AGAIN_MS);
    assert_int_equal(texts(&last), 2); /* and it is still so */
    assert_int_equal(finds(fine), 3600000);
    assert_int_equal(finds(fine), 3600000);
    assert_int_equal(texts(&last), 3);
    assert_non_null(strstr(last, "answers again"));
    assert_null(strstr(last, "questions and keys"));
}

/* What the dashboard is told: a hiccup is none. */
static void test_pulse(void **unused)
{
    struct desk_pulse p;
    (void)unused;
    finds(refuses);
    assert_int_equal(desk_pulse_get(db, arena, DESK_PULSE_MODEL, &p), DESK_ENOTFOUND);
    finds(fine);
    must(desk_pulse_get(db, arena, DESK_PULSE_MODEL, &p));
    assert_true(p.ok);
    assert_string_equal(p.what, "model.example gpt");
    finds(refuses);
    must(desk_pulse_get(db, arena, DESK_PULSE_MODEL, &p));
    assert_true(p.ok);
    finds(refuses);
    must(desk_pulse_get(db, arena, DESK_PULSE_MODEL, &p));
    assert_false(p.ok);
    assert_string_equal(p.why, "refuses the key (HTTP 401)");
    finds(fine);
    must(desk_pulse_get(db, arena, DESK_PULSE_MODEL, &p));
    assert_true(p.ok);
    assert_null(p.why);
}

static void test_not_their_matter(void **unused)
{
    const char *last;
    (void)unused;
    tenant.profile = "{\"answering\":{\"mode\":\"gather\"}}";
    must(DESK_TX_BEGIN(db));
    must(desk_tx_end(db, desk_tenant_update(db, &tenant)));
    (void)finds(refuses);
    (void)finds(refuses);
    assert_int_equal(texts(&last), 0);
}

static void test_nothing_to_watch(void **unused)
{
    bool idle = false;
    (void)unused;
    desk_setting_override(DESK_S_MODEL_PROBE_MINUTES, "0");
    assert_null(model_watch_start(probe, &idle));
    assert_true(idle);
    desk_setting_override(DESK_S_MODEL_PROBE_MINUTES, "60");
    desk_setting_override(DESK_S_REALTIME_URL, "");
    assert_null(model_watch_start(probe, &idle));
    assert_true(idle);
    model_watch_stop(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_told_once, begin, end),
        cmocka_unit_test_setup_teardown(test_pulse, begin, end),
        cmocka_unit_test_setup_teardown(test_not_their_matter, begin, end),
        cmocka_unit_test_setup_teardown(test_nothing_to_watch, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
