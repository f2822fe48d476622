/* Days that were kept: a report read from them is the same as one counted from the calls, whatever
 * changes, comes late or goes; over random calls of two branches in two zones. */
#include "fixture.h"

#include "db/internal.h"
#include "store/call_after.h"
#include "store/report.h"
#include "talk/report.h"

#define HOUR    3600000LL
#define DAY     (24 * HOUR)
#define CALLS   1500
#define CALLERS 40

static const char hours[] =
    "{\"weekly\":{\"mon\":[[\"08:00\",\"17:10\"]],\"tue\":[[\"08:00\",\"17:00\"]],"
    "\"wed\":[[\"08:25\",\"17:00\"]],\"sat\":[[\"22:00\",\"03:00\"]]}}";

static struct desk_db *db;
static struct desk_arena *ra; /* of the reports */
static uint32_t seed;
static int64_t now, oldest; /* the calls begin between them, over a change of the clocks */

static uint32_t any(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

static void place(const char *id, const char *zone, int64_t at)
{
    const struct desk_location l = {
        .id = id, .tenant_id = "ten", .name = id, .zone = zone, .hours = hours, .created_at = at};
    OK(desk_location_insert(db, &l));
}

static void add_call(int n)
{
    static const char *const kinds[] = {"new", "known", "withheld", "owner", "blocked"};
    static const char *const outcomes[] = {"booked",  "callback", "answered", "hung_up",
                                           "message", "failed",   "abducted", NULL};
    char key[DESK_BLIND_LEN], number[24];
    uint32_t who = any(CALLERS) * any(CALLERS) / CALLERS; /* some call more often */
    snprintf(number, sizeof number, "+1303555%04u", who);
    desk_blind(desk_db_key(db), "ten", number, key);
    const char *outcome = outcomes[any(8)];
    const struct desk_call c = {.id = desk_arena_fmt(fx_a, "call_%d", n),
                                .tenant_id = "ten",
                                .location_id = any(3) ? "loc_a" : "loc_b",
                                .call_sid = desk_arena_fmt(fx_a, "CA%d", n),
                                .direction = any(20) ? "inbound" : "outbound",
                                .caller_kind = kinds[any(5)],
                                .from_number = number,
                                .from_key = any(10) ? key : NULL,
                                .to_number = "+13035550100",
                                .mode = "realtime",
                                .status = "completed",
                                .status_rank = 50,
                                .outcome = outcome,
                                .started_at =
                                    oldest + (int64_t)any(1u << 24) * (now - oldest) / (1 << 24),
                                .ended_at = 1,
                                .duration_ms = any(600000),
                                .updated_at = 1};
    OK(desk_call_insert(db, &c));
    if (any(2))
        OK(desk_call_after_insert(db, &(struct desk_call_after){.tenant_id = "ten",
                                                                .location_id = c.location_id,
                                                                .call_id = c.id,
                                                                .by_whom = "rules",
                                                                .summary = "s",
                                                                .topics = "",
                                                                .sentiment = "neutral",
                                                                .facts = "{}",
                                                                .nanos = any(1000000),
                                                                .cost = "[]",
                                                                .unpriced = "",
                                                                .told = "no",
                                                                .started_at = c.started_at}));
}

static int begin(void **state)
{
    const struct desk_tenant t = {.id = "ten",
                                  .slug = "ten",
                                  .name = "Peak",
                                  .profile = "{}",
                                  .created_at = 1,
                                  .updated_at = 1};
    if (fx_setup(state))
        return -1;
    seed = 20261129;
    now = 1794000000000LL; /* 6 Nov 2026; the clocks went back on the first */
    oldest = now - 9 * DAY;
    ra = desk_arena_new(64 << 20);
    desk_clock_fake(now);
    OK(desk_store_memory(&db));
    OK(DESK_TX_BEGIN(db));
    OK(desk_tenant_insert(db, &t));
    place("loc_a", "America/Denver", 1);
    place("loc_b", "Europe/Berlin", 2);
    for (int i = 0; i < CALLS; i++)
        add_call(i);
    OK(desk_tx_end(db, DESK_OK));
    return 0;
}

static int end(void **state)
{
    desk_db_close(db);
    desk_arena_free(ra);
    return fx_teardown(state);
}

static size_t keep(size_t most)
{
    size_t n = 0;
    OK(desk_report_keep(db, ra, "ten", now, most, &n));
    return n;
}

static int64_t kept_rows(void)
{
    return fx_int(db, "SELECT count(*) FROM report_day");
}

static int64_t kept_hours(void)
{
    return fx_int(db, "SELECT count(*) FROM report_hour");
}

static char *report_text(const char *location, int64_t from, int64_t to, int64_t *cost)
{
    struct desk_report *r = desk_arena_alloc(ra, sizeof *r);
    OK(desk_report_make(db, ra, "ten", location, from, to, r));
    json_t *j = desk_report_json(r);
    char *text = json_dumps(j, JSON_SORT_KEYS);
    char *out = desk_arena_strdup(ra, text);
    free(text);
    json_decref(j);
    *cost = r->cost_nanos;
    for (size_t i = 0; i < r->n_days; i++) /* what the JSON does not tell of the days */
        for (int h = 0; h < 24; h++)
            *cost = *cost % (1LL << 40) * 31 + r->by_day[i].by_hour[h] + r->by_day[i].cost_nanos +
                    r->by_day[i].by_outcome[h / 2] + r->by_day[i].talk_ms;
    return out;
}

/* Over whole months, and over a stretch that begins and ends in the middle of days. */
static void same_as_counted(void)
{
    static const char *const places[] = {NULL, "loc_a", "loc_b"};
    const int64_t stretches[][2] = {{oldest - 3 * DAY, now},
                                    {oldest + 2 * DAY + 7 * HOUR + 1, now - 4 * DAY - 3 * HOUR}};
    for (size_t i = 0; i < 6; i++) {
        const int64_t *s = stretches[i / 3];
        int64_t with, without;
        desk_arena_reset(ra);
        char *kept = report_text(places[i % 3], s[0], s[1], &with);
        OK(DESK_TX_BEGIN(db));
        OK(desk_db_script(db, "DELETE FROM report_day; DELETE FROM report_hour"));
        char *counted = report_text(places[i % 3], s[0], s[1], &without);
        assert_int_equal(desk_tx_end(db, DESK_ECONFLICT), DESK_ECONFLICT); /* back as it was */
        assert_string_equal(kept, counted);
        assert_true(with == without);
    }
}

static void kept_days_say_what_the_calls_say(void **state)
{
    (void)state;
    assert_int_equal(keep(5), 20); /* no more than it may at a time: hours of each place, too */
    assert_int_equal(kept_rows(), 5);
    same_as_counted(); /* some days and hours are kept, others are not */
    while (keep(50))
        ;
    int64_t rows = kept_rows();
    assert_in_range(rows, 3 * 8, 3 * 10); /* all, and each of the branches; today is not over */
    assert_in_range(kept_hours(), 3 * 8 * 24, 3 * 9 * 24); /* up to the one that is not over */
    same_as_counted();
    assert_int_equal(keep(50), 0);
    assert_int_equal(kept_rows(), rows);
    now += 35 * DAY; /* who needs hours of a time so long ago? */
    desk_clock_fake(now);
    while (keep(50))
        ;
    assert_int_equal(fx_int(db, "SELECT count(*) FROM report_hour WHERE from_at < 1794200000000"),
                     0);
    same_as_counted();
}

static void what_changes_is_counted_anew(void **state)
{
    static const char *const changes[] = {
        "UPDATE call SET outcome = 'booked' WHERE id",
        "UPDATE call SET duration_ms = 1 WHERE id",
        "UPDATE call SET from_key = NULL, from_number = NULL WHERE id",
        "UPDATE call SET caller_kind = 'blocked' WHERE id",
        "UPDATE call SET direction = 'outbound' WHERE id",
        "UPDATE call SET location_id = 'loc_b' WHERE id",
        "UPDATE call SET started_at = started_at - 90000000 WHERE id",
        "UPDATE call_after SET nanos = nanos + 5 WHERE call_id",
        "DELETE FROM call_after WHERE call_id",
        "DELETE FROM call WHERE id",
    };
    (void)state;
    while (keep(50))
        ;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        for (int n = 0; n < 3; n++) {
            char sql[200];
            snprintf(sql, sizeof sql, "%s = 'call_%d'", changes[i], (int)any(CALLS));
            OK(DESK_TX_BEGIN(db));
            OK(desk_db_script(db, sql));
            OK(desk_tx_end(db, DESK_OK));
            same_as_counted();
            if (any(2))
                keep(50);
        }
    while (keep(50))
        ;
    int64_t all = kept_rows(), hours_then = kept_hours();
    OK(DESK_TX_BEGIN(db)); /* calls that come late, of days long kept */
    for (int i = 0; i < 20; i++)
        add_call(CALLS + i);
    OK(desk_tx_end(db, DESK_OK));
    assert_true(kept_rows() < all);
    assert_true(kept_hours() < hours_then);
    same_as_counted();
    while (keep(50))
        ;
    same_as_counted();
}

static void other_hours_other_figures(void **state)
{
    int64_t cost;
    (void)state;
    while (keep(50))
        ;
    char *before = report_text(NULL, oldest, now, &cost);
    OK(DESK_TX_BEGIN(db));
    OK(desk_db_script(db, "UPDATE location SET hours = '{}'"));
    OK(desk_tx_end(db, DESK_OK));
    assert_int_equal(kept_rows(), 0);
    assert_int_equal(kept_hours(), 0);
    assert_string_not_equal(report_text(NULL, oldest, now, &cost), before);
    while (keep(50))
        ;
    OK(DESK_TX_BEGIN(db)); /* their days are others now: the rows that are there fit none */
    OK(desk_db_script(db, "UPDATE location SET zone = 'Asia/Tokyo'"));
    OK(desk_tx_end(db, DESK_OK));
    same_as_counted();
    while (keep(50))
        ;
    same_as_counted();
    OK(DESK_TX_BEGIN(db)); /* half an hour off: an hour there is of two days at midnight */
    OK(desk_db_script(db, "UPDATE location SET zone = 'Asia/Kolkata'"));
    OK(desk_tx_end(db, DESK_OK));
    while (keep(50))
        ;
    same_as_counted();
}

/* Writing a greeting anew does not open the doors at another time. */
static void what_is_not_counted_leaves_the_days(void **state)
{
    static const char *const all[] = {
        "UPDATE tenant SET profile = '{\"greeting\":\"Hello\"}'",
        "UPDATE location SET hours = hours, zone = zone, overlay = '{\"hours\":{}}'"};
    (void)state;
    while (keep(50))
        ;
    int64_t rows = kept_rows(), kept = kept_hours();
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        OK(DESK_TX_BEGIN(db));
        OK(desk_db_script(db, all[i]));
        OK(desk_tx_end(db, DESK_OK));
        assert_int_equal(kept_rows(), rows);
        assert_int_equal(kept_hours(), kept);
        same_as_counted();
    }
}

/* A row of another version, or one that was damaged, is none. */
static void rows_that_cannot_be_read_are_passed_over(void **state)
{
    static const char *const damage[] = {
        "UPDATE report_day SET figures = '2' || substr(figures, 2)",
        "UPDATE report_day SET figures = substr(figures, 1, 20)",
        "UPDATE report_day SET figures = figures || ' 1'",
        "UPDATE report_day SET figures = ''",
        "UPDATE report_day SET callers = 'abc'",
        "UPDATE report_day SET callers = '0123456789abcdef0 '",
        "UPDATE report_day SET callers = '0123456789abcdef5'"};
    (void)state;
    while (keep(50))
        ;
    for (size_t i = 0; i < sizeof damage / sizeof *damage; i++) {
        char *of_hours = desk_arena_fmt(fx_a, "UPDATE report_hour%s", damage[i] + 17);
        OK(DESK_TX_BEGIN(db));
        OK(desk_db_script(db, damage[i]));
        OK(desk_db_script(db, of_hours));
        OK(desk_tx_end(db, DESK_OK));
        same_as_counted();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(kept_days_say_what_the_calls_say, begin, end),
        cmocka_unit_test_setup_teardown(what_changes_is_counted_anew, begin, end),
        cmocka_unit_test_setup_teardown(other_hours_other_figures, begin, end),
        cmocka_unit_test_setup_teardown(what_is_not_counted_leaves_the_days, begin, end),
        cmocka_unit_test_setup_teardown(rows_that_cannot_be_read_are_passed_over, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
