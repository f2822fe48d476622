/* Reports: what the sentences, charts, tables and files say of calls that we know, and what is
 * asked for wrongly. */
#include "db/internal.h"
#include "store/latency.h"
#include "tests/page/admin_page.h"

#define DAY_MIN (24 * 60)

static void get(const char *uri, int status)
{
    page_request(DESK_GET, uri);
    db->zone = desk_zone_rows(DESK_ZONE_ADMIN); /* with the rights of the pages */
    desk_dispatch(&admin_web, &req);
    db->zone = NULL;
    assert_int_equal(req.reply.status ? req.reply.status : 200, status);
}

static const char *first_of_week;

static void waited(const char *call, int turn, const char *kind, int64_t ms)
{
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_tx_end(db, desk_latency_add(db, &(struct desk_latency){.tenant_id = here.tenant,
                                                                     .call_id = call,
                                                                     .turn = turn,
                                                                     .kind = kind,
                                                                     .total_ms = ms,
                                                                     .day = "2026-11-20"})),
         "latency");
}

/* This week (from Monday, 16 Nov): six calls, one of them before 8; last week: two. */
static int setup(void **state)
{
    static const struct world_call rows[] = {
        {.id = "call_a",
         .name = "Marcus <Bell>",
         .number = "+18605550134",
         .ago_min = 75,
         .seconds = 60,
         .outcome = DESK_OUT_CALLBACK,
         .back_state = "open",
         .back_reason = "tap"},
        {.id = "call_b",
         .name = "=SUM(A1)",
         .number = "+18605550135",
         .ago_min = 75,
         .seconds = 60,
         .outcome = DESK_OUT_BOOKED},
        {.id = "call_c",
         .number = "+18605550134",
         .ago_min = DAY_MIN,
         .seconds = 60,
         .outcome = DESK_OUT_TRANSFERRED},
        {.id = "call_d",
         .number = "+18605550135",
         .ago_min = DAY_MIN,
         .seconds = 60,
         .outcome = DESK_OUT_ANSWERED},
        {.id = "call_e", .ago_min = 2 * DAY_MIN, .seconds = 3, .outcome = DESK_OUT_HUNG_UP},
        {.id = "call_f",
         .number = "+18605550139",
         .ago_min = 3 * DAY_MIN,
         .seconds = 60,
         .outcome = DESK_OUT_ANSWERED},
        {.id = "call_g",
         .number = "+18605550139",
         .ago_min = 8 * DAY_MIN,
         .seconds = 60,
         .outcome = DESK_OUT_ANSWERED},
        {.id = "call_h",
         .number = "+18605550139",
         .ago_min = 9 * DAY_MIN,
         .seconds = 60,
         .outcome = DESK_OUT_ANSWERED},
        /* last week, but later than this week has come: it is not compared with */
        {.id = "call_i",
         .number = "+18605550139",
         .ago_min = 6 * DAY_MIN,
         .seconds = 60,
         .outcome = DESK_OUT_ANSWERED}};
    (void)state;
    page_open("long enough pw");
    page_session("sal");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        world_call(&here, &rows[i]);
    world_call(&other, &(struct world_call){.id = "call_theirs",
                                            .name = "Olga's caller",
                                            .number = "+18605550140",
                                            .ago_min = 60,
                                            .seconds = 60,
                                            .outcome = DESK_OUT_BOOKED});
    world_after(&here, "call_a");
    waited("call_a", 0, DESK_LATENCY_ANSWER, 700);
    for (int i = 1; i <= 100; i++)
        waited("call_a", i, DESK_LATENCY_TURN, i * 20);
    first_of_week = "from=2026-11-16&to=2026-11-22";
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    page_close();
    return 0;
}

static const char *csv(const char *name)
{
    char uri[120];
    snprintf(uri, sizeof uri, "/reports/%s.csv?%s", name, first_of_week);
    get(uri, 200);
    assert_string_equal(req.reply.type, "text/csv; charset=utf-8");
    assert_non_null(strstr(desk_buf_cstr(&req.reply.headers), "attachment; filename=\"frontdesk-"));
    assert_int_equal(strncmp(body(), "\xef\xbb\xbf", 3), 0);
    return body() + 3;
}

static void this_week_in_sentences(void **state)
{
    (void)state;
    get("/reports", 200);
    assert_has("<p class=\"big headline\">6 calls: 3 taken care of, 2 needed you, 1 lost.</p>");
    assert_has("<p>4 more than the 7 days before by this time.</p>");
    assert_has("Busiest: Thursday, 1 pm to 2 pm, with 2 calls.");
    assert_has("Usual wait 1.0 s. The longest 1 in 20: 1.9 s, 1 in 100: 2.0 s.");
    assert_has("$0.19 in all, was $0.00: about $0.03 a call.");
    assert_has("1 callback still open");
    assert_has("1 thing said, but not done");
    assert_lacks("Olga");
    assert_has(
        "<a href=\"/reports?from=2026-11-16&amp;to=2026-11-22\" aria-current=\"true\">This week");
    assert_has("<a href=\"/reports?from=2026-11-09&amp;to=2026-11-15\">Last week");
    assert_has("<a href=\"/reports?from=2026-11-01&amp;to=2026-11-30\">This month");
    assert_has("<a href=\"/reports?from=2026-10-01&amp;to=2026-10-31\">Last month");
    assert_has("/calls?show=hung-up&amp;from=2026-11-16&amp;to=2026-11-22");
    assert_has("Marcus &lt;Bell&gt;");
    assert_has("It is turned off: nobody gets it.");
}

static void charts_have_words(void **state)
{
    static const char *const names[] = {"hours", "days", "waits", "cost"};
    char text[100];
    (void)state;
    get("/reports", 200);
    for (size_t i = 0; i < 4; i++) {
        snprintf(text, sizeof text, "aria-labelledby=\"t-%s d-%s\"><title id=\"t-%s\">", names[i],
                 names[i], names[i]);
        assert_has(text);
        snprintf(text, sizeof text, "<desc id=\"d-%s\">", names[i]);
        assert_has(text);
        snprintf(text, sizeof text, "href=\"/reports/%s.csv?from=", names[i]);
        assert_has(text);
    }
    assert_lacks("style=");
    assert_lacks("nan");
}

static void files_hold_the_same_numbers(void **state)
{
    (void)state;
    const char *days = csv("days");
    assert_non_null(strstr(days, "Day,Calls,By Frontdesk,Needed you,Lost,After hours,Of these "
                                 "answered\r\n"));
    assert_non_null(strstr(days, "2026-11-20,2,1,1,0,0,0\r\n"));
    assert_non_null(strstr(days, "2026-11-18,1,0,0,1,0,0\r\n"));
    assert_non_null(strstr(days, "2026-11-22,0,0,0,0,0,0\r\n"));
    const char *hours = csv("hours");
    assert_non_null(strstr(hours, "Day,0,1,2,"));
    assert_non_null(
        strstr(hours, "\r\nThursday,0,0,0,0,0,0,0,0,0,0,0,0,0,2,0,0,0,0,0,0,0,0,0,0\r\n"));
    assert_non_null(strstr(csv("outcomes"), "hung up early,1,0\r\n"));
    assert_non_null(strstr(csv("cost"), "2026-11-20,2,0.187000\r\n"));
    const char *waits = csv("waits");
    assert_non_null(strstr(waits, "For the first word,1,700,700,700\r\n"));
    assert_non_null(strstr(waits, "2026-11-20,100,1000,1900,1980\r\n"));
    const char *callers = csv("callers");
    assert_non_null(strstr(callers, "\r\n'=SUM(A1),'+18605550135,2\r\n")); /* no formula */
    assert_null(strstr(callers, "18605550139"));                           /* once is nobody */
    assert_non_null(strstr(csv("promises"), "Callbacks still open,1,0\r\n"));
}

static void what_is_asked_wrongly(void **state)
{
    static const char *const bad[] = {"from=2026-11-20", "from=2026-11-31&to=2026-12-02",
                                      "from=<b>&to=2026-11-20", "from=2026-11-20&to=2026-11-19",
                                      "from=2024-01-01&to=2026-11-20"};
    char uri[120];
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(uri, sizeof uri, "/reports?%s", bad[i]);
        get(uri, 200);
        assert_has("role=\"alert\"");
        assert_has("<title>Error: Reports");
        assert_has("6 calls: 3 taken care of"); /* and this week all the same */
        snprintf(uri, sizeof uri, "/reports/days.csv?%s", bad[i]);
        page_request(DESK_GET, uri);
        desk_dispatch(&admin_web, &req);
        assert_true(req.reply.status >= 400);
    }
    get("/reports/nothing.csv", 404);
    get("/reports/days", 404);
    get("/reports?place=loc_of_another", 404);
    snprintf(uri, sizeof uri, "/reports?place=%s", other.location);
    get(uri, 404);
    snprintf(uri, sizeof uri, "/reports?place=%s", here.location);
    get(uri, 200);
    assert_has("6 calls: 3 taken care of");
    *session = 0;
    get("/reports", 303);
    get("/reports/days.csv", 303);
    page_session("sal");
}

static void times_without_calls(void **state)
{
    (void)state;
    get("/reports?from=2025-03-01&to=2025-03-31", 200);
    assert_has("Not enough calls yet.");
    assert_lacks("<svg class=\"chart\"");
    get("/reports?from=2026-11-21&to=2026-11-21", 200); /* tomorrow, and today there were some */
    assert_has("0 calls: 0 taken care of, 0 needed you, 0 lost.");
    assert_has("2 fewer than the day before.");
    get("/reports?from=2026-11-20&to=2026-11-20", 200);
    assert_has("These are few calls");
    assert_has("2 more than the day before by this time.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(this_week_in_sentences, setup, teardown),
        cmocka_unit_test_setup_teardown(charts_have_words, setup, teardown),
        cmocka_unit_test_setup_teardown(files_hold_the_same_numbers, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_asked_wrongly, setup, teardown),
        cmocka_unit_test_setup_teardown(times_without_calls, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
