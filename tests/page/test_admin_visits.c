/* Appointments on the dashboard: days and weeks, moving to a free time, a time that went meanwhile,
 * cancelling, and who is told. */
#include "store/appointments.h"
#include "store/calendar_events.h"
#include "store/calendar_sources.h"
#include "store/outbox.h"
#include "tests/page/admin_page.h"

#define HOUR    (60 * MIN_MS)
#define TUESDAY (NOW + 4 * 24 * HOUR) /* Tue 24 Nov 2026, 1:15 pm in New York */
#define AT      (TUESDAY + 45 * MIN_MS)

static void visit(const char *id, int64_t at, const char *number)
{
    char key[DESK_BLIND_LEN];
    desk_appointment_resource(db, here.tenant, "person|raj", key);
    const struct desk_appointment a = {.id = id,
                                       .tenant_id = here.tenant,
                                       .location_id = here.location,
                                       .call_id = number ? "call_lena" : NULL,
                                       .service = "repair",
                                       .service_name = "repair",
                                       .resource = key,
                                       .resource_name = "Raj",
                                       .status = DESK_APPT_BOOKED,
                                       .start_at = at,
                                       .end_at = at + HOUR,
                                       .busy_until = at + HOUR,
                                       .name = "Lena <Fox>",
                                       .number = number,
                                       .address = "40 Mill Lane",
                                       .source = "call",
                                       .created_at = NOW,
                                       .updated_at = NOW};
    TX(desk_appointment_insert(db, &a));
}

static struct desk_appointment row_of(const char *id)
{
    struct desk_appointment a;
    must(desk_appointment_get(db, arena, here.tenant, id, &a), "visit");
    return a;
}

static int setup(void **state)
{
    struct desk_tenant t;
    struct desk_session s;
    (void)state;
    page_open("long enough pw");
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC0123456789abcdef0123456789abcdef");
    desk_setting_override(DESK_S_TWILIO_AUTH_TOKEN, "00112233445566778899aabbccddeeff");
    must(desk_tenant_get(db, arena, here.tenant, &t), "business");
    t.profile = "{\"staff\":[{\"name\":\"Raj\",\"services\":\"all\"}],\"services\":[{\"id\":"
                "\"repair\",\"name\":\"repair\",\"minutes\":60}]}";
    TX(desk_tenant_update(db, &t));
    page_session("sal");
    must(desk_session_find(db, arena, session, &s), "session");
    page_csrf = s.csrf;
    world_call(&here, &(struct world_call){.id = "call_lena",
                                           .name = "Lena <Fox>",
                                           .number = "+18605550140",
                                           .ago_min = 90,
                                           .seconds = 60,
                                           .outcome = DESK_OUT_BOOKED});
    visit("app_lena", AT, "+18605550140");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    page_close();
    return 0;
}

/* Of the page that is shown, the n-th time offered: what its form sends. */
static const char *slot(size_t n)
{
    static char field[200];
    const char *p = body();
    static const char mark[] = "name=\"slot\" value=\"";
    for (size_t i = 0; i <= n; i++) {
        p = strstr(p, mark);
        if (!p)
            fail_msg("fewer than %zu times\n%s", n + 1, body());
        p += strlen(mark);
    }
    snprintf(field, sizeof field, "&slot=%.*s", (int)strcspn(p, "\""), p);
    return field;
}

/* ---- days and weeks -------------------------------------------------------------------------- */

static void test_day(void **state)
{
    (void)state;
    page_ok("/calendar?day=2026-11-24");
    assert_has("<h1>Tuesday 24 November</h1>");
    assert_has("2:00 pm");
    assert_has("Lena &lt;Fox&gt;");
    assert_has("40 Mill Lane");
    assert_has("href=\"/calendar/visits/app_lena\"");
    assert_has("/calendar?day=2026-11-23\"");
    assert_has("/calendar?day=2026-11-25\"");
    assert_lacks("They are coming");
    struct desk_appointment_said said = {.tenant_id = here.tenant,
                                         .id = "app_lena",
                                         .start_at = AT,
                                         .answer = DESK_ANSWER_COMING,
                                         .by = DESK_ANSWER_BY_TEXT};
    TX(desk_appointment_answer(db, &said));
    page_ok("/calendar?day=2026-11-24");
    assert_has("They are coming");
    said.answer = DESK_ANSWER_CHANGE;
    TX(desk_appointment_answer(db, &said));
    page_ok("/calendar?day=2026-11-24");
    assert_has("They want a change");
    assert_lacks("They are coming");
    static const char *const todays[] = {"/calendar", "/calendar?day=nonsense",
                                         "/calendar?day=2026-02-30", "/calendar?view=month"};
    for (size_t i = 0; i < sizeof todays / sizeof *todays; i++) {
        page_ok(todays[i]);
        assert_has("<h1>Friday 20 November</h1>");
        assert_has("Nothing booked.");
    }
}

static void test_week(void **state)
{
    static const char *const days[] = {"Monday 23", "Tuesday 24",  "Wednesday 25", "Thursday 26",
                                       "Friday 27", "Saturday 28", "Sunday 29"};
    (void)state;
    page_ok("/calendar?day=2026-11-29&view=week");
    assert_has("<h1>Week of Monday 23 November</h1>");
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        assert_has(days[i]);
    assert_has("Lena &lt;Fox&gt;");
    assert_has("/calendar?day=2026-11-30&amp;view=week");
    page_ok("/calendar?day=2026-11-30&view=week");
    assert_lacks("Lena");
}

static void test_google_waits(void **state)
{
    const struct desk_calendar_source s = {.id = "cal_main",
                                           .tenant_id = here.tenant,
                                           .kind = DESK_SOURCE_GOOGLE,
                                           .main = true,
                                           .address = "primary"};
    (void)state;
    TX(desk_calendar_source_add(db, &s));
    TX(desk_calendar_event_add(db, here.tenant, "app_lena", "cal_main", NULL));
    page_ok("/calendar?day=2026-11-24");
    assert_has("Waiting for Google");
    page_ok("/calendar/visits/app_lena?day=2026-11-25");
    assert_int_equal(page_post("/calendar/visits/app_lena/move", slot(0)), 303);
    page_ok("/calendar/visits/app_lena");
    assert_has("Google is asked first; until then it stands where it was.");
    assert_int_equal(row_of("app_lena").start_at, AT);
}

/* ---- moving ---------------------------------------------------------------------------------- */

static void test_move_and_undo(void **state)
{
    struct desk_outbox o;
    char undo[300];
    (void)state;
    page_ok("/calendar/visits/app_lena?day=2026-11-25");
    assert_has("Wednesday 25 November");
    assert_has("with <bdi>Raj</bdi>");
    assert_has("href=\"/calls/call_lena\"");
    assert_lacks("Thursday 26");
    assert_int_equal(page_post("/calendar/visits/app_lena/move", slot(3)), 303);
    struct desk_appointment a = row_of("app_lena");
    assert_string_equal(a.status, DESK_APPT_MOVED);
    assert_true(a.start_at > AT && a.start_at < AT + 36 * HOUR);
    must(desk_outbox_by_cause(db, arena, here.tenant, "visit:app_lena:1", &o), "text");
    page_ok("/calendar/visits/app_lena");
    assert_has("Moved: Lena &lt;Fox&gt; to Wednesday 25 November");
    assert_has("A text tells them.");
    const char *p = strstr(body(), "/calendar/visits/app_lena/move?undo=1&amp;slot=");
    assert_non_null(p);
    size_t n = strcspn(p, "\"");
    const char *amp = strstr(p, "&amp;");
    snprintf(undo, sizeof undo, "%.*s&%.*s", (int)(amp - p), p, (int)(n - (size_t)(amp - p) - 5),
             amp + 5);
    assert_int_equal(page_post(undo, ""), 303);
    assert_int_equal(row_of("app_lena").start_at, AT);
    page_ok("/calendar/visits/app_lena");
    assert_has("Moved back: Lena &lt;Fox&gt; to Tuesday 24 November, 2:00 pm.");
}

/* Somebody else was quicker: nothing is changed, and the page says so and offers others. */
static void test_move_race(void **state)
{
    char fields[240];
    (void)state;
    page_ok("/calendar/visits/app_lena?day=2026-11-25");
    snprintf(fields, sizeof fields, "%s&day=2026-11-25", slot(2));
    visit("app_quick", AT + 11 * HOUR + 0, NULL); /* 1 am on Wednesday */
    assert_int_equal(page_post("/calendar/visits/app_lena/move", fields), 409);
    assert_has("role=\"alert\"");
    assert_has("It was not moved: that time is not to be had any more.");
    assert_has("<title>Error: ");
    assert_has("name=\"slot\"");
    assert_has("value=\"2026-11-25\"");
    assert_int_equal(row_of("app_lena").start_at, AT);
}

static void test_wrong_times(void **state)
{
    char fields[240];
    (void)state;
    assert_int_equal(page_post("/calendar/visits/app_lena/move", ""), 422);
    assert_has("Choose one of the times.");
    assert_int_equal(page_post("/calendar/visits/app_lena/move", "&slot=slot_nonsense"), 422);
    assert_has("That is none of the times that were offered.");
    page_ok("/calendar/visits/app_lena?day=2026-11-25");
    snprintf(fields, sizeof fields, "%s", slot(0));
    desk_clock_fake(NOW + 32 * MIN_MS);
    assert_int_equal(page_post("/calendar/visits/app_lena/move", fields), 422);
    assert_has("over half an hour ago");
    desk_clock_fake(NOW);
    assert_int_equal(row_of("app_lena").start_at, AT);
}

static void test_no_time_free(void **state)
{
    struct desk_tenant t;
    (void)state;
    page_ok("/calendar/visits/app_lena?day=2026-11-19"); /* past */
    assert_has("Nothing is free on that day.");
    must(desk_tenant_get(db, arena, here.tenant, &t), "business");
    t.profile = "{}";
    TX(desk_tenant_update(db, &t));
    page_ok("/calendar/visits/app_lena");
    assert_has("Its service is not in your list any more");
}

/* ---- cancelling ------------------------------------------------------------------------------ */

static void test_cancel(void **state)
{
    struct desk_outbox o;
    char fields[240];
    (void)state;
    page_ok("/calendar/visits/app_lena?day=2026-11-25");
    snprintf(fields, sizeof fields, "%s", slot(0));
    assert_int_equal(page_post("/calendar/visits/app_lena/cancel", ""), 303);
    assert_string_equal(row_of("app_lena").status, DESK_APPT_CANCELLED);
    must(desk_outbox_by_cause(db, arena, here.tenant, "visit:app_lena:1", &o), "text");
    page_ok("/calendar/visits/app_lena");
    assert_has("Cancelled: Lena &lt;Fox&gt;, Tuesday 24 November, 2:00 pm. A text tells them.");
    assert_lacks("Move it");
    assert_int_equal(page_post("/calendar/visits/app_lena/cancel", ""), 303); /* pressed twice */
    page_ok("/calendar/visits/app_lena");
    assert_has("It was over, or cancelled already.");
    assert_int_equal(page_post("/calendar/visits/app_lena/move", fields), 409);
    assert_has("it is over, or was cancelled");
    page_ok("/calendar?day=2026-11-24");
    assert_has("Nothing booked.");
}

static void test_nobody_to_text(void **state)
{
    (void)state;
    visit("app_bare", AT + 24 * HOUR, NULL);
    assert_int_equal(page_post("/calendar/visits/app_bare/cancel", ""), 303);
    page_ok("/calendar/visits/app_bare");
    assert_has("No text goes out: tell them yourself.");
}

/* ---- by hand --------------------------------------------------------------------------------- */

#define FORM "&key=hand_1&day=2026-11-25&name=Dana+Reed&number=860+555+0134&address=9+Elm+Street"

static void booked_id(char out[64])
{
    const char *at = strstr(desk_buf_cstr(&req.reply.headers), "Location: /calendar/visits/");
    assert_non_null(at);
    at += strlen("Location: /calendar/visits/");
    snprintf(out, 64, "%.*s", (int)strcspn(at, "\r"), at);
}

static void test_added_by_hand(void **state)
{
    char fields[400], id[64], again[64];
    struct desk_contact c;
    (void)state;
    page_ok("/calendar?day=2026-11-25");
    assert_has("href=\"/calendar/add?day=2026-11-25\"");
    page_ok("/calendar/add?day=2026-11-25");
    assert_has("Wednesday 25 November");
    assert_has("with <bdi>Raj</bdi>");
    assert_lacks("Thursday 26");
    snprintf(fields, sizeof fields, FORM "%s", slot(3));
    assert_int_equal(page_post("/calendar/add", fields), 303);
    booked_id(id);
    struct desk_appointment a = row_of(id);
    assert_string_equal(a.status, DESK_APPT_BOOKED);
    assert_string_equal(a.name, "Dana Reed");
    assert_string_equal(a.number, "+18605550134");
    assert_string_equal(a.address, "9 Elm Street");
    assert_string_equal(a.source, "owner");
    must(desk_contact_by_number(db, arena, here.tenant, "+18605550134", &c), "person");
    assert_string_equal(a.contact_id, c.id);
    assert_string_equal(c.name, "Dana Reed");
    assert_int_equal(page_post("/calendar/add", fields), 303); /* pressed twice: one visit */
    booked_id(again);
    assert_string_equal(id, again);
    snprintf(fields, sizeof fields, "/calendar/visits/%s", id);
    page_ok(fields);
    assert_has("Booked: Dana Reed, Wednesday 25 November");
    assert_has("A text tells them.");
}

/* Each field says what is wrong with it, and keeps what was typed; nothing is booked. */
static void test_added_wrongly(void **state)
{
    char fields[400];
    (void)state;
    assert_int_equal(page_post("/calendar/add", "&key=hand_2&number=12&address=9+Elm+Street"), 422);
    assert_has("<title>Error: Add an appointment");
    assert_has("<a href=\"#slot\">Choose one of the times.</a>");
    assert_has("id=\"name-wrong\">Enter who it is for");
    assert_has("id=\"number-wrong\">");
    assert_has("value=\"9 Elm Street\"");
    assert_int_equal(page_post("/calendar/add", "&key=hand_2&name=Dana&slot=slot_nonsense"), 422);
    assert_has("That is none of the times that were offered.");
    page_ok("/calendar/add?day=2026-11-25");
    snprintf(fields, sizeof fields, "&key=hand_2&day=2026-11-25%s", slot(2));
    assert_int_equal(page_post("/calendar/add", fields), 422);
    assert_has("required checked"); /* the time that was chosen */
    snprintf(fields, sizeof fields, FORM "%s", slot(2));
    desk_clock_fake(NOW + 32 * MIN_MS);
    assert_int_equal(page_post("/calendar/add", fields), 422);
    assert_has("over half an hour ago");
    desk_clock_fake(NOW);
    visit("app_quick", AT + 11 * HOUR, NULL); /* 1 am on Wednesday: somebody else was quicker */
    assert_int_equal(page_post("/calendar/add", fields), 409);
    assert_has("That time is not to be had any more.");
    page_ok("/calendar?day=2026-11-25");
    assert_lacks("Dana");
}

static void test_added_without_number_or_service(void **state)
{
    char fields[400], id[64];
    struct desk_tenant t;
    (void)state;
    page_ok("/calendar/add");
    snprintf(fields, sizeof fields, "&key=hand_3&name=Walk-in%s", slot(0));
    assert_int_equal(page_post("/calendar/add", fields), 303);
    booked_id(id);
    assert_null(row_of(id).contact_id);
    page_ok("/calendar");
    assert_has("No text goes out: tell them yourself.");
    page_ok("/calendar/add?day=2026-11-19"); /* past */
    assert_has("Nothing is free on that day.");
    must(desk_tenant_get(db, arena, here.tenant, &t), "business");
    t.profile = "{}";
    TX(desk_tenant_update(db, &t));
    page_ok("/calendar/add");
    assert_has("There is no service to book.");
}

static void test_of_others(void **state)
{
    struct desk_session s;
    (void)state;
    page_session("olga");
    must(desk_session_find(db, arena, session, &s), "session");
    page_csrf = s.csrf;
    page_request(DESK_GET, "/calendar/visits/app_lena");
    desk_dispatch(&admin_web, &req);
    assert_int_equal(req.reply.status, 404);
    assert_int_equal(page_post("/calendar/visits/app_lena/move", "&slot=x"), 404);
    assert_int_equal(page_post("/calendar/visits/app_lena/cancel", ""), 404);
    page_ok("/calendar?day=2026-11-24");
    assert_lacks("Lena");
    assert_string_equal(row_of("app_lena").status, DESK_APPT_BOOKED);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_day),
        TEST(test_week),
        TEST(test_google_waits),
        TEST(test_wrong_times),
        TEST(test_move_and_undo),
        TEST(test_move_race),
        TEST(test_no_time_free),
        TEST(test_nobody_to_text),
        TEST(test_cancel),
        TEST(test_of_others),
        TEST(test_added_by_hand),
        TEST(test_added_wrongly),
        TEST(test_added_without_number_or_service),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
