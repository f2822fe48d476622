/* Reports and digests: calls counted as they happened, digests written once, sent when wanted. */
#include "fixture.h"

#include "store/alerts.h"
#include "store/attention.h"
#include "store/call_after.h"
#include "store/latency.h"
#include "store/outbox.h"
#include "store/report.h"
#include "talk/business.h"
#include "talk/call_export.h"
#include "talk/digest.h"
#include "talk/report.h"

#define HOUR 3600000LL
#define DAY  (24 * HOUR)

/* Weekdays 8 to 17 in Denver; the digest every day at 18:00, by text. */
static const char profile[] =
    "{\"digest\":{\"daily\":true,\"weekly\":true,\"at\":\"18:00\",\"weekday\":\"mon\"}}";
static const char hours[] =
    "{\"weekly\":{\"mon\":[[\"08:00\",\"17:00\"]],\"tue\":[[\"08:00\",\"17:00\"]],"
    "\"wed\":[[\"08:00\",\"17:00\"]],\"thu\":[[\"08:00\",\"17:00\"]],"
    "\"fri\":[[\"08:00\",\"17:00\"]]}}";
static const char phi_profile[] = "{\"phi\":true}";

static struct desk_db *db;
static int calls_made;

static int64_t at(const char *zone, int year, int month, int day, int hour, int minute)
{
    const struct desk_local_time t = {
        .year = year, .month = month, .day = day, .hour = hour, .minute = minute};
    int64_t ms;
    desk_tz_utc(desk_tz_load(zone), &t, false, &ms);
    return ms;
}

#define LOCAL(d, h, m) at("America/Denver", 2026, 11, d, h, m)

static void business(const char *id, const char *text)
{
    char number[16];
    static int n;
    snprintf(number, sizeof number, "+1303555010%d", n++ % 10);
    const struct desk_tenant t = {.id = id,
                                  .slug = id,
                                  .name = "Peak Plumbing",
                                  .profile = text,
                                  .created_at = LOCAL(1, 9, 0),
                                  .updated_at = LOCAL(1, 9, 0)};
    const struct desk_location l = {.id = desk_arena_fmt(fx_a, "loc_%s", id),
                                    .tenant_id = id,
                                    .name = "Main",
                                    .zone = "America/Denver",
                                    .hours = hours,
                                    .owner_name = "Sal",
                                    .owner_phone = "+13035550199",
                                    .created_at = LOCAL(1, 9, 0)};
    const struct desk_number nr = {number, id, l.id, LOCAL(1, 9, 0)};
    OK(DESK_TX_BEGIN(db));
    OK(desk_tenant_insert(db, &t));
    OK(desk_location_insert(db, &l));
    OK(desk_number_insert(db, &nr));
    OK(desk_tx_end(db, DESK_OK));
}

static const char *call(const char *tenant, int64_t when, const char *from, const char *kind,
                        const char *outcome)
{
    char key[DESK_BLIND_LEN];
    int n = ++calls_made;
    if (from)
        desk_blind(desk_db_key(db), tenant, from, key);
    const struct desk_call c = {.id = desk_arena_fmt(fx_a, "call_%d", n),
                                .tenant_id = tenant,
                                .location_id = desk_arena_fmt(fx_a, "loc_%s", tenant),
                                .call_sid = desk_arena_fmt(fx_a, "CA%d", n),
                                .direction = "inbound",
                                .caller_kind = kind,
                                .from_number = from,
                                .from_key = from ? key : NULL,
                                .to_number = "+13035550100",
                                .mode = "realtime",
                                .status = outcome ? "completed" : "in-progress",
                                .status_rank = outcome ? 50 : 20,
                                .outcome = outcome,
                                .summary = "=1+1 wants a quote",
                                .started_at = when,
                                .ended_at = outcome ? when + 60000 : 0,
                                .duration_ms = outcome ? 60000 : 0,
                                .updated_at = when};
    OK(DESK_TX_BEGIN(db));
    OK(desk_call_insert(db, &c));
    OK(desk_tx_end(db, DESK_OK));
    return c.id;
}

static void callback(const char *tenant, const char *id, const char *name, int64_t when)
{
    const struct desk_callback k = {.id = id,
                                    .tenant_id = tenant,
                                    .name = name,
                                    .number = "+13035550123",
                                    .reason = "the boiler",
                                    .when_text = "before noon",
                                    .state = "open",
                                    .created_at = when};
    OK(DESK_TX_BEGIN(db));
    OK(desk_callback_insert(db, &k));
    OK(desk_tx_end(db, DESK_OK));
}

static int begin(void **state)
{
    if (fx_setup(state))
        return -1;
    calls_made = 0;
    desk_clock_fake(LOCAL(27, 18, 5)); /* a Friday */
    OK(desk_store_memory(&db));
    return 0;
}

static int end(void **state)
{
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "");
    desk_setting_override(DESK_S_TELEGRAM_BOT_TOKEN, "");
    desk_db_close(db);
    return fx_teardown(state);
}

static void counts_what_happened(void **state)
{
    (void)state;
    struct desk_report *r = desk_arena_alloc(fx_a, sizeof *r);
    business("ten_a", profile);
    business("ten_b", profile);
    call("ten_a", LOCAL(27, 9, 0), "+13035550123", "known", "booked");
    call("ten_a", LOCAL(27, 16, 59), "+13035550123", "known", "callback");
    call("ten_a", LOCAL(27, 17, 0), "+13035550124", "new", "answered"); /* closed at that minute */
    call("ten_a", LOCAL(27, 3, 0), NULL, "withheld", "hung_up");        /* before opening */
    call("ten_a", LOCAL(27, 12, 0), "+13035550125", "new", NULL);       /* still running */
    call("ten_a", LOCAL(27, 12, 0), "+13035550199", "owner", "answered");
    call("ten_a", LOCAL(27, 12, 0), "+13035550126", "blocked", "blocked");
    call("ten_a", LOCAL(26, 12, 0), "+13035550123", "known", "booked"); /* the day before */
    call("ten_b", LOCAL(27, 12, 0), "+13035550123", "known", "booked"); /* another's */
    int64_t from, to;
    desk_report_days(desk_tz_load("America/Denver"), desk_now_ms(), 1, &from, &to);
    assert_int_equal(from, LOCAL(27, 0, 0));
    assert_int_equal(to, LOCAL(28, 0, 0));
    OK(desk_report_make(db, fx_a, "ten_a", NULL, from, to, r));
    assert_int_equal(r->calls, 5);
    assert_int_equal(r->answered, 3);
    assert_int_equal(r->after_hours, 2);
    assert_int_equal(r->after_hours_answered, 1);
    assert_int_equal(r->other, 1);
    assert_int_equal(r->by_outcome[0], 1);
    assert_int_equal(r->talk_ms, 240000);
    assert_int_equal(r->by_hour[5][9], 1);
    assert_int_equal(r->by_hour[5][12], 1);
    assert_int_equal(r->n_days, 1);
    assert_int_equal(r->by_day[0].calls, 5);
    assert_int_equal(r->n_top, 1); /* twice; once is nobody */
    assert_int_equal(r->top[0].n, 2);
    assert_string_equal(r->top[0].number, "+13035550123");
}

static void every_outcome_is_known_everywhere(void **state)
{
    (void)state;
    struct desk_report *r = desk_arena_alloc(fx_a, sizeof *r);
    static const char *const words[] = {
        DESK_OUT_BOOKED,    DESK_OUT_CANCELLED, DESK_OUT_CALLBACK, DESK_OUT_TRANSFERRED,
        DESK_OUT_NOT_PUT,   DESK_OUT_MESSAGE,   DESK_OUT_ANSWERED, DESK_OUT_HUNG_UP,
        DESK_OUT_NO_SPEECH, DESK_OUT_SCREENED,  DESK_OUT_BLOCKED,  DESK_OUT_FAILED,
        DESK_OUT_MACHINE};
    business("ten_a", profile);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        call("ten_a", LOCAL(27, 9, 0), NULL, "new", words[i]);
    OK(desk_report_make(db, fx_a, "ten_a", NULL, LOCAL(27, 0, 0), LOCAL(28, 0, 0), r));
    assert_int_equal(r->other, 0); /* the two lists of words are one */
    for (size_t i = 0; i < DESK_REPORT_OUTCOMES; i++)
        assert_int_equal(r->by_outcome[i], 1);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) { /* nor does it end as a failure */
        const struct desk_call c = {.outcome = words[i], .ended_at = 1};
        assert_int_equal(strcmp(desk_call_decision(&c), "failed") == 0,
                         strcmp(words[i], DESK_OUT_FAILED) == 0);
    }
    call("ten_a", LOCAL(27, 9, 0), NULL, "new", "abducted");
    memset(r, 0, sizeof *r);
    OK(desk_report_make(db, fx_a, "ten_a", NULL, LOCAL(27, 0, 0), LOCAL(28, 0, 0), r));
    assert_int_equal(r->other, 1);
    assert_int_equal(desk_report_make(db, fx_a, "ten_x", NULL, 0, 1, r), DESK_ENOTFOUND);
}

static void the_busiest_callers_in_order(void **state)
{
    (void)state;
    struct desk_report *r = desk_arena_alloc(fx_a, sizeof *r);
    business("ten_a", profile);
    for (int who = 0; who < 300; who++)
        for (int n = 0; n < (who < 7 ? who + 2 : 1); n++)
            call("ten_a", LOCAL(20, 9, who % 60), desk_arena_fmt(fx_a, "+1303556%04d", who), "new",
                 "answered");
    OK(desk_report_make(db, fx_a, "ten_a", NULL, LOCAL(1, 0, 0), LOCAL(28, 0, 0), r));
    assert_int_equal(r->n_top, DESK_REPORT_TOP);
    for (int i = 0; i < DESK_REPORT_TOP; i++) {
        assert_int_equal(r->top[i].n, 8 - i);
        assert_string_equal(r->top[i].number, desk_arena_fmt(fx_a, "+1303556%04d", 6 - i));
    }
}

static void waits_are_counted_by_a_trigger(void **state)
{
    (void)state;
    struct desk_report *r = desk_arena_alloc(fx_a, sizeof *r);
    business("ten_a", profile);
    const char *id = call("ten_a", LOCAL(27, 9, 0), NULL, "new", "answered");
    OK(DESK_TX_BEGIN(db));
    for (int i = 1; i <= 100; i++) {
        const struct desk_latency l = {.tenant_id = "ten_a",
                                       .call_id = id,
                                       .turn = i,
                                       .kind = DESK_LATENCY_TURN,
                                       .total_ms = i == 100 ? 90000 : i * 20,
                                       .day = "2026-11-27"};
        OK(desk_latency_add(db, &l));
        assert_int_equal(desk_latency_add(db, &l), DESK_DONE); /* again: counted once */
    }
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_report_make(db, fx_a, "ten_a", NULL, LOCAL(27, 0, 0), LOCAL(28, 0, 0), r));
    assert_int_equal(r->turn.n, 100);
    assert_int_equal(r->turn.p50, 1000);
    assert_int_equal(r->turn.p95, 1900);
    assert_int_equal(r->turn.p99, 1980);
    assert_int_equal(r->answer.n, 0);
    OK(desk_report_make(db, fx_a, "ten_a", NULL, LOCAL(26, 0, 0), LOCAL(27, 0, 0), r));
    assert_int_equal(r->turn.n, 0);
}

/* What the calls cost, and what was promised in them and not done: of the time, place and business
 * that is asked for. */
static void cost_and_broken_promises(void **state)
{
    (void)state;
    struct desk_report *r = desk_arena_alloc(fx_a, sizeof *r);
    const char *text;
    business("ten_a", profile);
    business("ten_b", profile);
    const char *ids[] = {call("ten_a", LOCAL(27, 9, 0), NULL, "new", "answered"),
                         call("ten_a", LOCAL(27, 10, 0), NULL, "new", "answered"),
                         call("ten_a", LOCAL(26, 10, 0), NULL, "new", "answered"),
                         call("ten_b", LOCAL(27, 10, 0), NULL, "new", "answered")};
    OK(DESK_TX_BEGIN(db));
    for (int i = 0; i < 4; i++) {
        struct desk_call c;
        const char *tenant = i < 3 ? "ten_a" : "ten_b";
        OK(desk_call_get(db, fx_a, tenant, ids[i], &c));
        OK(desk_call_after_insert(db, &(struct desk_call_after){.tenant_id = tenant,
                                                                .location_id = c.location_id,
                                                                .call_id = c.id,
                                                                .by_whom = "rules",
                                                                .summary = "s",
                                                                .topics = "",
                                                                .sentiment = "neutral",
                                                                .facts = "{}",
                                                                .nanos = 100000000LL << i,
                                                                .cost = "[]",
                                                                .unpriced = "",
                                                                .told = "no",
                                                                .started_at = c.started_at}));
        desk_clock_fake(c.started_at + 60000);
        OK(desk_attention_raise(db, &(struct desk_attention){.tenant_id = tenant,
                                                             .call_id = c.id,
                                                             .claim = "callback",
                                                             .words = "I will call you."}));
    }
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_report_make(db, fx_a, "ten_a", NULL, LOCAL(27, 0, 0), LOCAL(28, 0, 0), r));
    assert_int_equal(r->cost_nanos, 300000000);
    assert_int_equal(r->undone, 2);
    struct desk_business b;
    OK(desk_business_load(db, fx_a, "ten_a", NULL, &b));
    OK(desk_digest_text(db, fx_a, "ten_a", &b, r, &text));
    assert_non_null(strstr(text, "\nPromised, but not done: 2. See the calls marked so.\n"));
    assert_non_null(strstr(text, "\nCost of the calls: $0.300.\n"));
    json_t *json = desk_report_json(r);
    assert_int_equal(json_integer_value(json_object_get(json, "cost_microdollars")), 300000);
    assert_int_equal(json_integer_value(json_object_get(json, "promised_not_done")), 2);
    json_decref(json);
    OK(desk_report_make(db, fx_a, "ten_a", NULL, LOCAL(25, 0, 0), LOCAL(26, 0, 0), r));
    assert_int_equal(r->cost_nanos, 0);
    assert_int_equal(r->undone, 0);
}

static size_t outbox_of(const char *tenant, const char *kind, const char **payload)
{
    struct desk_outbox *rows;
    size_t n = 0, found = 0;
    OK(desk_outbox_list(db, fx_a, tenant, false, 100, &rows, &n));
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].kind, kind) == 0) {
            found++;
            *payload = rows[i].payload;
        }
    return found;
}

static void a_digest_is_written_and_sent_once(void **state)
{
    (void)state;
    struct desk_digest *d;
    size_t n = 0, written = 0;
    const char *payload = NULL;
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC00000000000000000000000000000000");
    business("ten_a", profile);
    business("ten_b", profile); /* nothing happened there */
    call("ten_a", LOCAL(27, 9, 0), "+13035550123", "known", "booked");
    call("ten_a", LOCAL(26, 17, 59), "+13035550123", "known", "booked"); /* told of yesterday */
    callback("ten_a", "cb_1", "Dana Reyes", LOCAL(26, 9, 0));
    OK(desk_digests_write(db, LOCAL(27, 18, 1), &written));
    assert_int_equal(written, 4); /* two of the day, two of last week */
    assert_int_equal(outbox_of("ten_a", DESK_OUTBOX_SMS, &payload), 1); /* the week's is too old */
    assert_non_null(strstr(payload, "Peak Plumbing, Friday 27 November: 1 call, answered."));
    assert_non_null(strstr(payload, "1 callback open, 1 late."));
    assert_int_equal(outbox_of("ten_b", DESK_OUTBOX_SMS, &payload), 0); /* a quiet day */
    OK(desk_digests_write(db, LOCAL(27, 18, 2), &written));
    assert_int_equal(written, 0);
    OK(desk_digest_list(db, fx_a, "ten_a", DESK_DIGEST_DAILY, 10, &d, &n));
    assert_int_equal(n, 1);
    assert_int_equal(d[0].from_at, LOCAL(26, 18, 0));
    assert_int_equal(d[0].to_at, LOCAL(27, 18, 0));
    assert_int_equal(d[0].sent, 1);
    assert_non_null(strstr(d[0].text, "call back Dana Reyes"));
    json_t *figures = json_loads(d[0].figures, 0, NULL);
    assert_int_equal(json_integer_value(json_object_get(figures, "calls")), 1);
    json_decref(figures);
    OK(desk_digests_write(db, LOCAL(28, 17, 59), &written)); /* not yet */
    assert_int_equal(written, 0);
    OK(desk_digests_write(db, LOCAL(30, 18, 0), &written)); /* Monday: the day's and the week's */
    assert_int_equal(written, 4);
    assert_int_equal(outbox_of("ten_a", DESK_OUTBOX_SMS, &payload), 3);
}

static void by_telegram_where_there_is_a_chat_and_nobody_named_of_health(void **state)
{
    (void)state;
    size_t written = 0;
    const char *payload = NULL;
    desk_setting_override(DESK_S_TELEGRAM_BOT_TOKEN, "1:AA");
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC00000000000000000000000000000000");
    business("ten_c", "{\"phi\":true,\"digest\":{\"daily\":true},\"owner\":{\"telegram\":\"77\"}}");
    call("ten_c", LOCAL(27, 9, 0), "+13035550123", "known", "booked");
    call("ten_c", LOCAL(27, 10, 0), "+13035550123", "known", "booked");
    callback("ten_c", "cb_2", "Dana Reyes", LOCAL(27, 9, 0));
    OK(desk_digests_write(db, LOCAL(27, 18, 1), &written));
    assert_int_equal(outbox_of("ten_c", DESK_OUTBOX_TELEGRAM, &payload), 1);
    assert_non_null(strstr(payload, "2 calls, all answered"));
    assert_null(strstr(payload, "Dana"));
    assert_null(strstr(payload, "555"));
    assert_int_equal(outbox_of("ten_c", DESK_OUTBOX_SMS, &payload), 0);
    business("ten_d", phi_profile); /* wants none: written for the dashboard, not sent */
    call("ten_d", LOCAL(27, 9, 0), "+13035550123", "known", "booked");
    OK(desk_digests_write(db, LOCAL(27, 18, 3), &written));
    assert_int_equal(written, 2);
    assert_int_equal(outbox_of("ten_d", DESK_OUTBOX_TELEGRAM, &payload), 0);
}

static void due_over_a_change_of_the_clocks(void **state)
{
    (void)state;
    const struct desk_tz *tz = desk_tz_load("America/Denver");
    int64_t from, to;
    desk_report_due(tz, 18 * 60, -1, LOCAL(1, 18, 0), &from, &to); /* clocks went back that day */
    assert_int_equal(to, LOCAL(1, 18, 0));
    assert_int_equal(to - from, 25 * HOUR);
    desk_report_due(tz, 18 * 60, -1, LOCAL(1, 17, 59), &from, &to);
    assert_int_equal(to, at("America/Denver", 2026, 10, 31, 18, 0));
    desk_report_due(tz, 8 * 60, 1, LOCAL(30, 7, 59), &from, &to); /* Monday, a minute before */
    assert_int_equal(to, LOCAL(23, 8, 0));
    assert_int_equal(to - from, 7 * DAY);
    assert_true(desk_report_month(tz, "2026-11", &from, &to));
    assert_int_equal(to - from, 30 * DAY + HOUR);
    assert_true(desk_report_month(tz, "2026-12", &from, &to));
    assert_int_equal(to, at("America/Denver", 2027, 1, 1, 0, 0));
    static const char *const bad[] = {"2026-13", "2026-00", "26-11", "2026-1", "2026-11x", "", "x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(desk_report_month(tz, bad[i], &from, &to));
    assert_false(desk_report_month(tz, NULL, &from, &to));
}

static enum desk_rc into(void *ctx, const char *p, size_t n)
{
    desk_buf_add(ctx, p, n);
    return DESK_OK;
}

static void calls_as_csv(void **state)
{
    (void)state;
    struct desk_buf out;
    size_t n = 0, lines = 0;
    desk_buf_init(&out, 8 << 20);
    business("ten_a", profile);
    for (int i = 0; i < 1100; i++) /* more than two pages, many at the same moment */
        call("ten_a", LOCAL(20, 9, i / 300), "+13035550123", "known", "booked");
    call("ten_a", LOCAL(20, 8, 59), NULL, "new", "booked"); /* before */
    call("ten_a", LOCAL(21, 0, 0), NULL, "new", "booked");  /* after */
    OK(desk_call_export(db, "ten_a", LOCAL(20, 9, 0), LOCAL(21, 0, 0), into, &out, &n));
    assert_int_equal(n, 1100);
    for (const char *p = desk_buf_cstr(&out); (p = strstr(p, "\r\n")); p += 2)
        lines++;
    assert_int_equal(lines, 1101);
    assert_non_null(strstr(desk_buf_cstr(&out), ",'=1+1 wants a quote,")); /* no formula */
    assert_non_null(strstr(desk_buf_cstr(&out), ",2026-11-20T09:00:00-07:00,Main,inbound,"));
    assert_non_null(strstr(desk_buf_cstr(&out), ",'+13035550123,"));
    desk_buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(counts_what_happened, begin, end),
        cmocka_unit_test_setup_teardown(every_outcome_is_known_everywhere, begin, end),
        cmocka_unit_test_setup_teardown(the_busiest_callers_in_order, begin, end),
        cmocka_unit_test_setup_teardown(waits_are_counted_by_a_trigger, begin, end),
        cmocka_unit_test_setup_teardown(cost_and_broken_promises, begin, end),
        cmocka_unit_test_setup_teardown(a_digest_is_written_and_sent_once, begin, end),
        cmocka_unit_test_setup_teardown(
            by_telegram_where_there_is_a_chat_and_nobody_named_of_health, begin, end),
        cmocka_unit_test_setup_teardown(due_over_a_change_of_the_clocks, begin, end),
        cmocka_unit_test_setup_teardown(calls_as_csv, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
