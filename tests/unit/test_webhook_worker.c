/* What the worker does with an event for a webhook (worker/webhook.c), on a database opened with
 * the worker's own rights, against a receiver that fails as it is told: what is signed, under which
 * id, what a killed attempt leaves, and when a webhook is switched off and its owner told, once. */
#include "tests/sql/fixture.h"

#include "store/outbox.h"
#include "store/settings.h"
#include "store/webhook_events.h"
#include "store/webhooks.h"
#include "worker/deliver.h"
#include "worker/kinds.h"

#include <jansson.h>

#define SECRET "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define OWNER  "+14155550199"
#define HOUR   3600000LL

static struct desk_db *db, *admin; /* the worker's; for making and looking */
static const char *hook;

/* ---- the receiver ---------------------------------------------------------------------------- */

static struct {
    enum desk_outbox_end end; /* told */
    int code;
    int posts; /* seen */
    char url[100], id[80], body[2000], secrets[200];
} out;

static void fake_post(const struct desk_webhook_post *p, struct desk_outbox_result *r)
{
    out.posts++;
    snprintf(out.url, sizeof out.url, "%s", p->url);
    snprintf(out.id, sizeof out.id, "%s", p->id);
    snprintf(out.body, sizeof out.body, "%s", p->body);
    out.secrets[0] = '\0';
    for (size_t i = 0; i < p->n_secrets; i++)
        snprintf(out.secrets + strlen(out.secrets), sizeof out.secrets - strlen(out.secrets), "%s ",
                 p->secrets[i]);
    *r = (struct desk_outbox_result){.end = out.end, .code = out.code};
    if (out.end == DESK_END_SENT)
        snprintf(r->remote_state, sizeof r->remote_state, "204");
    else
        snprintf(r->why, sizeof r->why, "The receiver answered HTTP %d.", out.code);
}

static const struct desk_webhook_sender sender = {.post = fake_post};
static const struct outbox_services outside = {.webhook = &sender};

/* ---- the house ------------------------------------------------------------------------------- */

static void setup_db(void)
{
    struct desk_webhook w = {.tenant_id = "t1",
                             .url = "https://hooks.example.com/secret?x=1",
                             .events = "*",
                             .format = DESK_WEBHOOK_STANDARD};
    admin = fx_file();
    fx_seed(admin);
    OK(DESK_TX_BEGIN(admin));
    OK(desk_tx_end(admin, desk_webhook_add(admin, fx_a, &w, SECRET)));
    hook = w.id;
    OK(desk_store_open(&db, DESK_ZONE_WORKER, 10000));
    memset(&out, 0, sizeof out);
    out.end = DESK_END_SENT;
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC1");
    desk_setting_override(DESK_S_TELEGRAM_BOT_TOKEN, "");
}

static void end_db(void)
{
    desk_db_close(db);
    desk_db_close(admin);
}

/* The call is over; the id of the row that tells it. */
static const char *event(void)
{
    struct desk_outbox *rows;
    size_t n = 0;
    OK(DESK_TX_BEGIN(admin));
    OK(desk_tx_end(admin, desk_happened(admin, DESK_ON_CALL_COMPLETED, "t1", "call1", NULL)));
    OK(desk_outbox_deliveries(admin, fx_a, "t1", hook, 10, &rows, &n));
    for (size_t i = 0; i < n; i++)
        if (strstr(rows[i].dedupe, "call.completed:call1"))
            return rows[i].id;
    fail_msg("no row of the event");
    return NULL;
}

static struct desk_outbox row_now(const char *id)
{
    struct desk_outbox row;
    OK(desk_outbox_get(admin, fx_a, "t1", id, &row));
    return row;
}

static struct desk_webhook hook_now(void)
{
    struct desk_webhook w;
    OK(desk_webhook_get(admin, fx_a, "t1", hook, &w));
    return w;
}

/* The next one; id: it must be that. NULL: any. */
static void claim(const char *id, struct desk_outbox *row)
{
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_outbox_claim(db, fx_a, hook, HOUR, row)));
    if (id)
        assert_string_equal(row->id, id);
}

/* One attempt as the worker makes it, with its end written down. */
static struct desk_outbox_result attempt(const char *id)
{
    struct desk_outbox row;
    struct desk_outbox_result r;
    struct desk_arena *a = desk_arena_new(16 * 1024 * 1024);
    const struct outbox_work w = {.services = &outside, .db = db, .arena = a, .row = &row};
    claim(id, &row);
    outbox_deliver(&w, &r);
    desk_arena_free(a);
    return r;
}

/* As many texts and messages to the owner as there are, and the words of the last one. */
static int told(const char **words)
{
    struct desk_outbox *rows;
    size_t n = 0;
    int found = 0;
    OK(desk_outbox_list(admin, fx_a, "t1", false, 1000, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        bool text = strcmp(rows[i].kind, DESK_OUTBOX_SMS) == 0;
        if (!text && strcmp(rows[i].kind, DESK_OUTBOX_TELEGRAM) != 0)
            continue;
        json_t *p = json_loads(rows[i].payload, 0, NULL);
        *words = desk_arena_fmt(fx_a, "%s|%s",
                                json_string_value(json_object_get(p, text ? "to" : "chat")),
                                json_string_value(json_object_get(p, text ? "body" : "text")));
        json_decref(p);
        found++;
    }
    return found;
}

static void hook_set(const char *state)
{
    struct desk_webhook w = hook_now();
    w.state = state;
    OK(DESK_TX_BEGIN(admin));
    OK(desk_tx_end(admin, desk_webhook_update(admin, &w)));
}

/* ---- sending --------------------------------------------------------------------------------- */

static void what_goes_out(void **state)
{
    (void)state;
    setup_db();
    const char *id = event();
    assert_int_equal(attempt(id).end, DESK_END_SENT);
    assert_string_equal(out.url, "https://hooks.example.com/secret?x=1");
    assert_string_equal(out.id, id);
    assert_string_equal(out.secrets, SECRET " ");
    assert_non_null(strstr(out.body, "{\"type\":\"call.completed\""));
    assert_string_equal(row_now(id).state, DESK_OUTBOX_SENT);
    assert_int_equal(hook_now().last_status, 204);
    assert_int_equal(hook_now().last_ok_at, NOW);
    end_db();
}

/* Killed after the receiver had it and before that was written down: once more, under the same id
 * and with the same bytes, so that the receiver knows it. */
static void killed_between(void **state)
{
    char body[sizeof out.body];
    struct desk_outbox row;
    struct desk_outbox_result r;
    (void)state;
    setup_db();
    const char *id = event();
    claim(id, &row);
    const struct outbox_work w = {.services = &outside, .db = db, .arena = fx_a, .row = &row};
    outbox_kind_find(DESK_OUTBOX_WEBHOOK)->deliver(&w, &r); /* and no end of it is written */
    assert_int_equal(out.posts, 1);
    snprintf(body, sizeof body, "%s", out.body);
    assert_string_equal(row_now(id).state, DESK_OUTBOX_CLAIMED);
    desk_clock_fake(NOW + 2 * HOUR); /* the lease has run out */
    struct desk_outbox *over;
    size_t n = 0;
    OK(desk_outbox_overdue(db, fx_a, desk_now_ms(), &over, &n));
    assert_int_equal(n, 1);
    OK(outbox_abandoned(db, fx_a, &over[0]));
    assert_string_equal(row_now(id).state, DESK_OUTBOX_WAITING);
    assert_false(row_now(id).ambiguous); /* the other side can tell */
    desk_clock_fake(NOW + 4 * HOUR);
    assert_int_equal(attempt(id).end, DESK_END_SENT);
    assert_int_equal(out.posts, 2);
    assert_string_equal(out.id, id);
    assert_string_equal(out.body, body);
    end_db();
}

static void once_more_under_its_id(void **state)
{
    char more[DESK_ID_LEN];
    (void)state;
    setup_db();
    const char *id = event();
    out.end = DESK_END_FAILED;
    attempt(id);
    struct desk_webhook w = hook_now();
    OK(DESK_TX_BEGIN(admin));
    OK(desk_tx_end(admin, desk_webhook_again(admin, fx_a, &w, id, more)));
    out.end = DESK_END_SENT;
    attempt(more);
    assert_string_equal(out.id, id);
    assert_string_equal(row_now(more).state, DESK_OUTBOX_SENT);
    assert_string_equal(row_now(id).state, DESK_OUTBOX_DROPPED); /* nothing needs attention */
    end_db();
}

static void off_removed_or_a_test(void **state)
{
    char test[DESK_ID_LEN];
    (void)state;
    setup_db();
    const char *id = event();
    hook_set(DESK_WEBHOOK_OFF);
    struct desk_outbox_result r = attempt(id);
    assert_int_equal(r.end, DESK_END_REFUSED);
    assert_non_null(strstr(r.why, "switched off"));
    assert_int_equal(out.posts, 0);
    struct desk_webhook w = hook_now();
    OK(DESK_TX_BEGIN(admin));
    OK(desk_tx_end(admin, desk_webhook_test(admin, &w, test)));
    assert_int_equal(attempt(test).end, DESK_END_SENT); /* a test goes to one that is off, too */
    assert_int_equal(out.posts, 1);
    OK(DESK_TX_BEGIN(admin));
    OK(desk_tx_end(admin, desk_webhook_test(admin, &w, test)));
    OK(DESK_TX_BEGIN(admin));
    OK(desk_tx_end(admin, desk_webhook_delete(admin, "t1", hook)));
    r = attempt(test);
    assert_int_equal(r.end, DESK_END_REFUSED);
    assert_non_null(strstr(r.why, "removed"));
    assert_int_equal(out.posts, 1);
    end_db();
}

/* ---- switched off ---------------------------------------------------------------------------- */

/* Attempts until it is given up, each when the plan of waits says; how long that took. */
static int64_t fail_to_the_end(const char *id)
{
    int64_t from = desk_now_ms();
    for (int i = 0; i < DESK_OUTBOX_WEBHOOK_ATTEMPTS; i++) {
        struct desk_outbox row = row_now(id);
        assert_string_equal(row.state, DESK_OUTBOX_WAITING);
        if (row.next_at > desk_now_ms())
            desk_clock_fake(row.next_at);
        attempt(id);
    }
    return desk_now_ms() - from;
}

static void three_days_of_nothing(void **state)
{
    const char *words = "";
    (void)state;
    setup_db();
    out.end = DESK_END_AGAIN;
    out.code = 500;
    const char *id = event();
    int64_t took = fail_to_the_end(id);
    assert_true(took >= DESK_WEBHOOK_BAD_MS); /* the plan is as long as the rule wants */
    struct desk_outbox row = row_now(id);
    assert_string_equal(row.state, DESK_OUTBOX_FAILED);
    assert_string_equal(row.last_error,
                        "Nothing got through for three days: the webhook was switched off. The "
                        "receiver answered HTTP 500.");
    assert_string_equal(hook_now().state, DESK_WEBHOOK_FAILING);
    assert_int_equal(out.posts, DESK_OUTBOX_WEBHOOK_ATTEMPTS);
    assert_int_equal(told(&words), 1);
    assert_string_equal(words, OWNER
                        "|One: the webhook to hooks.example.com was switched off: nothing got "
                        "through for three days. Nothing more is sent there until you switch it on "
                        "again.");
    end_db();
}

/* Several that fail at the same time, and one that waits still: it is told once. On again and off
 * again is another time. */
static void told_once_each_time(void **state)
{
    char a[DESK_ID_LEN], b[DESK_ID_LEN], c[DESK_ID_LEN];
    const char *words = "";
    (void)state;
    setup_db();
    struct desk_webhook w = hook_now();
    OK(DESK_TX_BEGIN(admin));
    OK(desk_webhook_test(admin, &w, a));
    OK(desk_webhook_test(admin, &w, b));
    OK(desk_tx_end(admin, desk_webhook_test(admin, &w, c)));
    char *ids[] = {a, b, c};
    out.end = DESK_END_FAILED;
    out.code = 410;
    for (int i = 0; i < 3; i++)
        assert_int_equal(attempt(NULL).end, DESK_END_FAILED);
    for (int i = 0; i < 3; i++)
        assert_string_equal(row_now(ids[i]).state, DESK_OUTBOX_FAILED);
    assert_string_equal(hook_now().state, DESK_WEBHOOK_GONE);
    assert_int_equal(told(&words), 1);
    assert_non_null(strstr(words, "it said that it wants no more"));
    hook_set(DESK_WEBHOOK_ON);
    attempt(event());
    assert_string_equal(hook_now().state, DESK_WEBHOOK_GONE);
    assert_int_equal(told(&words), 2);
    end_db();
}

static void told_by_telegram(void **state)
{
    const char *words = "";
    (void)state;
    setup_db();
    desk_setting_override(DESK_S_TELEGRAM_BOT_TOKEN, "1:token");
    desk_setting_override(DESK_S_TELEGRAM_CHAT_ID, "4711");
    out.end = DESK_END_FAILED;
    out.code = 410;
    attempt(event());
    assert_int_equal(told(&words), 1);
    assert_memory_equal(words, "4711|One: the webhook to hooks.example.com was", 46);
    assert_null(strstr(words, "secret"));
    desk_setting_override(DESK_S_TELEGRAM_BOT_TOKEN, "");
    desk_setting_override(DESK_S_TELEGRAM_CHAT_ID, "");
    end_db();
}

/* Nobody who could be told: it is switched off all the same. */
static void nobody_to_tell(void **state)
{
    const char *words = "";
    (void)state;
    setup_db();
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "");
    out.end = DESK_END_FAILED;
    out.code = 410;
    const char *id = event();
    attempt(id);
    assert_string_equal(hook_now().state, DESK_WEBHOOK_GONE);
    assert_int_equal(told(&words), 0);
    assert_string_equal(row_now(id).state, DESK_OUTBOX_FAILED); /* under what needs attention */
    end_db();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_goes_out),         TEST(killed_between),        TEST(once_more_under_its_id),
        TEST(off_removed_or_a_test), TEST(three_days_of_nothing), TEST(told_once_each_time),
        TEST(told_by_telegram),      TEST(nobody_to_tell),
    };
    return cmocka_run_group_tests_name("webhook_worker", tests, NULL, NULL);
}
