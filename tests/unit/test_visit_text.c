/* Texts about visits: each change queues one, in its own transaction; what is overtaken is dropped;
 * who cannot or should not be texted is not. It is Monday 12 October 2026, 9:10 am in Denver. */
#include "../../worker/reminders.c"
#include "../../worker/visits.c"
#include "base/config.h"
#include "core/reminders.h"
#include "store/outbox.h"
#include "store/settings.h"
#include "talk/business.h"
#include "talk/text_gate.h"
#include "talk/visit_text.h"
#include "tests/unit/tools_world.h"

#include <string.h>

#define NOW    1791817800000LL
#define HOUR   (3600LL * 1000)
#define DANA   "+13035550134"
#define OWNER  "+13035550101"
#define OURS   "+13035550100"
#define COMING (NOW + 26 * HOUR + HOUR * 5 / 6) /* Tuesday, noon */

static struct desk_business business;
static struct desk_calendar_place place;
static struct desk_booked booked;
static struct desk_outbox *rows;
static size_t n_rows;

static int begin(void **state)
{
    (void)state;
    desk_clock_fake(NOW);
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC0123456789abcdef0123456789abcdef");
    desk_setting_override(DESK_S_PUBLIC_BASE_URL, "https://desk.example.com/");
    tenant = (struct desk_tenant){
        .id = "tenant_1",
        .slug = "larkspur",
        .name = "Larkspur",
        .profile = "{\"services\":[{\"id\":\"visit\",\"name\":\"service call\",\"minutes\":60}]}",
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
    must(desk_business_load(db, arena, "tenant_1", "loc_1", &business));
    place = (struct desk_calendar_place){.db = db,
                                         .arena = arena,
                                         .tenant_id = "tenant_1",
                                         .location_id = "loc_1",
                                         .business = &business,
                                         .now = NOW};
    return 0;
}

static int end(void **state)
{
    (void)state;
    world_close();
    return 0;
}

static struct desk_calendar_slot slot_at(int64_t at)
{
    return (struct desk_calendar_slot){.slot = {at, at + HOUR, at + HOUR, 0},
                                       .service = &business.services[0]};
}

static enum desk_rc book(const char *number, int64_t at)
{
    const struct desk_calendar_slot slot = slot_at(at);
    const struct desk_booking k = {
        .cause = "c", .name = "Dana", .number = number, .address = "12 Elm St", .source = "owner"};
    enum desk_rc rc = DESK_TX_BEGIN(db);
    return rc ? rc : desk_tx_end(db, desk_calendar_own.book(&place, &slot, &k, &booked));
}

static enum desk_rc move(int64_t at)
{
    const struct desk_calendar_slot slot = slot_at(at);
    const struct desk_appointment from = booked.row;
    enum desk_rc rc = DESK_TX_BEGIN(db);
    return rc ? rc : desk_tx_end(db, desk_calendar_own.move(&place, &from, &slot, true, &booked));
}

static enum desk_rc cancel(void)
{
    const struct desk_appointment from = booked.row;
    enum desk_rc rc = DESK_TX_BEGIN(db);
    return rc ? rc : desk_tx_end(db, desk_calendar_own.cancel(&place, &from, &booked));
}

/* Newest last. */
static const char *text(size_t i)
{
    must(desk_outbox_list(db, arena, "tenant_1", false, 20, &rows, &n_rows));
    if (i >= n_rows)
        fail_msg("there are %zu texts", n_rows);
    json_t *p = json_loads(rows[n_rows - 1 - i].payload, 0, NULL);
    const char *body = desk_arena_strdup(arena, json_string_value(json_object_get(p, "body")));
    assert_string_equal(json_string_value(json_object_get(p, "from")), OURS);
    json_decref(p);
    return body;
}

static size_t texts(void)
{
    must(desk_outbox_list(db, arena, "tenant_1", false, 20, &rows, &n_rows));
    return n_rows;
}

static void tick(void)
{
    desk_clock_fake(desk_now_ms() + 1);
}

static void each_change_has_its_text(void **state)
{
    (void)state;
    must(book(DANA, COMING));
    assert_int_equal(texts(), 1);
    const char *words = text(0);
    if (strncmp(words,
                "Dana, you are booked for service call: Tuesday, October 13th at noon at 12 Elm "
                "St. For your calendar: https://desk.example.com/v1/calendar/visit/",
                100) != 0)
        fail_msg("%s", words);
    assert_int_equal(rows[0].next_at, NOW);
    must(book(DANA, COMING)); /* the same cause again */
    assert_int_equal(texts(), 1);
    tick();
    must(move(COMING + HOUR));
    words = text(1);
    if (!strstr(words, "moved from Tuesday, October 13th at noon to Tuesday, October 13th at 1 pm"))
        fail_msg("%s", words);
    tick();
    must(cancel());
    words = text(2);
    if (!strstr(words, "service call appointment on Tuesday, October 13th at 1 pm is cancelled"))
        fail_msg("%s", words);
    assert_int_equal(texts(), 3);
    assert_int_equal(cancel(), DESK_ENOTFOUND);
    assert_int_equal(texts(), 3);
}

/* Put off for the night, or for a destination that was dead: only the last one is news. */
static void only_the_last_of_them_goes(void **state)
{
    (void)state;
    static const enum desk_outbox_end want[] = {DESK_END_OVERTAKEN, DESK_END_OVERTAKEN,
                                                DESK_END_SENT};
    must(book(DANA, COMING));
    tick();
    must(move(COMING + HOUR));
    tick();
    must(cancel());
    assert_int_equal(texts(), 3);
    for (size_t i = 0; i < 3; i++) {
        struct desk_outbox row;
        struct desk_outbox_result r;
        const char *now;
        bool may;
        must(DESK_TX_BEGIN(db));
        must(desk_tx_end(db, desk_outbox_claim(db, arena, "sms", 1000, &row)));
        must(desk_text_gate(db, arena, &row, &may, &r));
        assert_int_equal(r.end, want[i]);
        assert_int_equal(may, i == 2);
        must(DESK_TX_BEGIN(db));
        must(desk_tx_end(db, desk_outbox_finish(db, &row, &r, &now)));
        assert_string_equal(now, i == 2 ? DESK_OUTBOX_SENT : DESK_OUTBOX_DROPPED);
    }
}

static void no_booking_no_text(void **state)
{
    (void)state;
    must(book(DANA, COMING));
    const struct desk_calendar_slot slot = slot_at(COMING);
    const struct desk_booking k = {.cause = "d", .name = "Bo", .number = DANA, .source = "owner"};
    must(DESK_TX_BEGIN(db));
    struct desk_booked out;
    assert_int_equal(desk_tx_end(db, desk_calendar_own.book(&place, &slot, &k, &out)),
                     DESK_ECONFLICT);
    /* rolled back after it was booked */
    const struct desk_calendar_slot later = slot_at(COMING + 4 * HOUR);
    must(DESK_TX_BEGIN(db));
    must(desk_calendar_own.book(&place, &later, &k, &out));
    assert_int_equal(desk_tx_end(db, DESK_EBUSY), DESK_EBUSY);
    assert_int_equal(texts(), 1);
}

static void whom_not(void **state)
{
    (void)state;
    static const char *const numbers[] = {NULL, OWNER, OURS, "+18005550134", "+442079460123"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        must(book(numbers[i], COMING));
        assert_int_equal(texts(), 0);
        must(cancel());
    }
    assert_int_equal(texts(), 0);
    /* a landline that refused one */
    const struct desk_outbox_new before = {.tenant_id = "tenant_1",
                                           .kind = DESK_OUTBOX_SMS,
                                           .dedupe = "x",
                                           .payload = "{}",
                                           .to = DANA,
                                           .priority = DESK_OUTBOX_NORMAL};
    struct desk_outbox row;
    const char *state_now;
    const struct desk_outbox_result refused = {.end = DESK_END_REFUSED};
    must(DESK_TX_BEGIN(db));
    must(desk_outbox_add(db, &before));
    must(desk_outbox_claim(db, arena, "sms", 1000, &row));
    must(desk_tx_end(db, desk_outbox_finish(db, &row, &refused, &state_now)));
    must(book(DANA, COMING));
    assert_int_equal(texts(), 1);
}

static void as_the_business_wants(void **state)
{
    (void)state;
    char why[200];
    must(DESK_TX_BEGIN(db));
    must(desk_tx_end(db, desk_tenant_setting_put(db, "tenant_1", DESK_S_TEXT_APPOINTMENTS, "false",
                                                 why, sizeof why)));
    must(book(DANA, COMING));
    assert_int_equal(texts(), 0);
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "");
    must(move(COMING + HOUR));
    assert_int_equal(texts(), 0);
}

/* Who is on the line waits for it, at any hour; the owner's own changes wait for the morning. */
static void who_waits_for_it(void **state)
{
    (void)state;
    must(book(DANA, COMING));
    must(desk_outbox_list(db, arena, "tenant_1", false, 20, &rows, &n_rows));
    assert_non_null(strstr(rows[0].payload, "\"answers\":false"));
    tick();
    place.on_the_line = true;
    must(move(COMING + HOUR));
    must(desk_outbox_list(db, arena, "tenant_1", false, 20, &rows, &n_rows));
    assert_non_null(strstr(rows[0].payload, "\"answers\":true"));
}

/* No address of ours that others could open: no link. */
static void without_a_public_address(void **state)
{
    (void)state;
    static const char *const bases[] = {"", "http://127.0.0.1:8080", "http://localhost:8080/"};
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
        desk_setting_override(DESK_S_PUBLIC_BASE_URL, bases[i]);
        must(book(DANA, COMING));
        assert_null(strstr(text(2 * i), "calendar"));
        tick();
        must(cancel());
        tick();
    }
}

static void what_is_over_is_done(void **state)
{
    (void)state;
    struct desk_appointment now;
    must(book(DANA, COMING));
    desk_clock_fake(COMING + 2 * HOUR - 1);
    must(job_visits(db));
    must(desk_appointment_get(db, arena, "tenant_1", booked.row.id, &now));
    assert_string_equal(now.status, DESK_APPT_BOOKED);
    desk_clock_fake(COMING + 2 * HOUR);
    must(job_visits(db));
    must(desk_appointment_get(db, arena, "tenant_1", booked.row.id, &now));
    assert_string_equal(now.status, DESK_APPT_DONE);
    struct desk_appointment *list;
    size_t n;
    must(desk_appointments_between(db, arena, "tenant_1", NOW, NOW + 48 * HOUR, false, 10, &list,
                                   &n));
    assert_int_equal(n, 1); /* it stays in the owner's calendar */
}

static void lists_of_reminders(void **state)
{
    (void)state;
    int h[DESK_REMINDERS];
    assert_int_equal(desk_reminders_parse("48  3 ", h), 2);
    assert_int_equal(h[0], 48);
    assert_int_equal(h[1], 3);
    static const struct {
        const char *text;
        int n;
    } lists[] = {{"none", 0}, {"", 0},     {"  ", 0}, {"0", -1},        {"-3", -1},
                 {"337", -1}, {"24h", -1}, {"x", -1}, {"1 2 3 4 5", 5}, {"1 2 3 4 5 6", -1}};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (desk_reminders_parse(lists[i].text, h) != lists[i].n)
            fail_msg("%s", lists[i].text);
}

static void put(enum desk_setting_id id, const char *value)
{
    char why[200];
    must(DESK_TX_BEGIN(db));
    must(desk_tx_end(db, desk_tenant_setting_put(db, "tenant_1", id, value, why, sizeof why)));
}

static size_t reminded_at(int64_t now)
{
    desk_clock_fake(now);
    for (int i = 0; i < 3; i++) /* again and again, as the worker does */
        must(job_reminders(db));
    return texts();
}

static void reminded_once_of_each_time(void **state)
{
    (void)state;
    put(DESK_S_TEXT_APPOINTMENTS, "false");
    put(DESK_S_APPOINTMENT_REMINDERS, "24 3");
    must(book(DANA, COMING)); /* Tuesday, noon */
    assert_int_equal(reminded_at(COMING - 24 * HOUR - 1), 0);
    assert_int_equal(reminded_at(COMING - 24 * HOUR), 1);
    assert_string_equal(text(0), "Reminder for Dana: service call, Tuesday, October 13th at noon "
                                 "at 12 Elm St. Reply Y to confirm, C to cancel. To change it, "
                                 "text or call this number. Larkspur");
    assert_int_equal(reminded_at(COMING - 4 * HOUR), 1);
    assert_int_equal(reminded_at(COMING - 3 * HOUR), 2);
    must(move(COMING + 30 * HOUR)); /* another time is another reminder */
    assert_int_equal(reminded_at(COMING + 5 * HOUR), 2);
    assert_int_equal(reminded_at(COMING + 7 * HOUR), 3);
    must(cancel());
    assert_int_equal(reminded_at(COMING + 28 * HOUR), 3);
}

static void not_too_late_nor_in_the_night(void **state)
{
    (void)state;
    put(DESK_S_TEXT_APPOINTMENTS, "false");
    must(book(DANA, NOW + 2 * HOUR)); /* booked when its reminder was past */
    assert_int_equal(reminded_at(NOW + HOUR), 0);
    must(cancel());
    /* an hour before a visit at 8:30 is quiet: the evening before, at a quarter to nine */
    put(DESK_S_APPOINTMENT_REMINDERS, "1");
    int64_t morning = COMING - 3 * HOUR - HOUR / 2;
    must(book(DANA, morning));
    assert_int_equal(reminded_at(morning - 12 * HOUR), 0);
    assert_int_equal(reminded_at(morning - 12 * HOUR + HOUR / 4), 1);
    assert_int_equal(reminded_at(morning - HOUR), 1);
    /* the worker was down until the visit began */
    must(cancel());
    must(book(DANA, morning + 48 * HOUR));
    assert_int_equal(reminded_at(morning + 48 * HOUR - HOUR / 2 + 1), 1);
    put(DESK_S_APPOINTMENT_REMINDERS, "soon");
    must(job_reminders(db)); /* cannot be read: logged, none sent */
    assert_int_equal(texts(), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_change_has_its_text),
        TEST(only_the_last_of_them_goes),
        TEST(no_booking_no_text),
        TEST(whom_not),
        TEST(as_the_business_wants),
        TEST(who_waits_for_it),
        TEST(without_a_public_address),
        TEST(what_is_over_is_done),
        TEST(lists_of_reminders),
        TEST(reminded_once_of_each_time),
        TEST(not_too_late_nor_in_the_night),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
