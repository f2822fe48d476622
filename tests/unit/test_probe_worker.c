/* Tests of connections that the owner asks for: what came of each is a sentence, and the row of the
 * outbox is done whatever came of it. */
#include "tests/sql/fixture.h"

#include "store/outbox.h"
#include "store/probes.h"
#include "worker/kinds.h"

static struct desk_db *admin, *db;
static struct desk_outbox_result reply; /* of Telegram's */
static char chat[80];

static void fake_send(const struct desk_telegram_bot_of *bot, const char *to, const char *text,
                      struct desk_outbox_result *r)
{
    assert_non_null(strstr(text, "test"));
    assert_string_equal(bot->token, "1:secret");
    snprintf(chat, sizeof chat, "%s", to);
    *r = reply;
}

static const struct desk_telegram bot = {.send = fake_send};
static const struct outbox_services outside = {.telegram = &bot};

static void setup_db(void)
{
    admin = fx_file();
    fx_seed(admin);
    OK(desk_store_open(&db, DESK_ZONE_WORKER, 10000));
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "");
    desk_setting_override(DESK_S_TELEGRAM_BOT_TOKEN, "");
    desk_setting_override(DESK_S_TELEGRAM_CHAT_ID, "");
    *chat = '\0';
}

static void end_db(void)
{
    desk_db_close(db);
    desk_db_close(admin);
}

/* Asked for on the page, delivered by the worker: the test as it is kept. */
static struct desk_probe test_of(const char *what)
{
    struct desk_outbox row = {.tenant_id = "t1"};
    struct desk_probe *rows;
    struct desk_outbox_result r = {.end = DESK_END_FAILED};
    size_t n;
    struct desk_outbox *list;
    OK(DESK_TX_BEGIN(admin));
    OK(desk_tx_end(admin, desk_probe_ask(admin, "t1", what)));
    OK(desk_probe_list(admin, fx_a, "t1", &rows, &n));
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].what, what) == 0)
            assert_null(rows[i].sentence); /* under way */
    OK(desk_outbox_list(admin, fx_a, "t1", false, 50, &list, &n));
    for (size_t i = 0; i < n; i++)
        if (strstr(list[i].payload, what))
            row = list[i];
    assert_string_equal(row.kind, DESK_OUTBOX_PROBE);
    const struct outbox_kind *kind = outbox_kind_find(row.kind);
    assert_non_null(kind);
    const struct outbox_work w = {.services = &outside, .db = db, .arena = fx_a, .row = &row};
    kind->deliver(&w, &r);
    assert_int_equal(r.end, DESK_END_SENT);
    OK(desk_probe_list(admin, fx_a, "t1", &rows, &n));
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].what, what) == 0)
            return rows[i];
    fail();
    return (struct desk_probe){.id = NULL};
}

static void test_telegram(void **state)
{
    (void)state;
    setup_db();
    struct desk_probe p = test_of("telegram");
    assert_false(p.ok);
    assert_string_equal(p.sentence, "TELEGRAM_BOT_TOKEN is not set.");
    desk_setting_override(DESK_S_TELEGRAM_BOT_TOKEN, "1:secret");
    p = test_of("telegram");
    assert_string_equal(p.sentence, "There is no chat: set it under Who to ring.");
    desk_setting_override(DESK_S_TELEGRAM_CHAT_ID, "4711");
    reply =
        (struct desk_outbox_result){.end = DESK_END_FAILED, .why = "Telegram knows no such chat."};
    p = test_of("telegram");
    assert_false(p.ok);
    assert_string_equal(p.sentence, "Telegram knows no such chat.");
    reply = (struct desk_outbox_result){.end = DESK_END_SENT};
    p = test_of("telegram");
    assert_true(p.ok);
    assert_string_equal(chat, "4711");
    assert_true(p.done_at > 0);
    end_db();
}

static void test_not_set_up(void **state)
{
    (void)state;
    setup_db();
    struct desk_probe p = test_of("twilio");
    assert_false(p.ok);
    assert_string_equal(p.sentence, "TWILIO_ACCOUNT_SID or TWILIO_AUTH_TOKEN is not set.");
    p = test_of("google");
    assert_string_equal(p.sentence, "Google is not connected (any more).");
    end_db();
}

/* Nobody listens there: the sentence says so, and has no key in it. */
static void test_model(void **state)
{
    (void)state;
    setup_db();
    desk_setting_override(DESK_S_REALTIME_URL, "ws://127.0.0.1:1/v1/realtime");
    desk_setting_override(DESK_S_OPENAI_API_KEY, "sk-not-a-real-key");
    struct desk_probe p = test_of("model");
    assert_false(p.ok);
    assert_non_null(strstr(p.sentence, "What helps: "));
    assert_null(strstr(p.sentence, "sk-not"));
    end_db();
}

static void test_nonsense(void **state)
{
    struct desk_outbox_result r = {.end = DESK_END_SENT};
    const struct desk_outbox row = {.tenant_id = "t1", .payload = "{\"what\":\"moon\"}"};
    const struct outbox_work w = {.services = &outside, .db = db, .arena = fx_a, .row = &row};
    (void)state;
    deliver_probe(&w, &r);
    assert_int_equal(r.end, DESK_END_FAILED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_telegram), TEST(test_not_set_up), TEST(test_model),
                                       TEST(test_nonsense)};
    return cmocka_run_group_tests_name("probe_worker", tests, NULL, NULL);
}
