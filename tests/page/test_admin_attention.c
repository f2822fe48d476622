/* Needs attention: what failed or does not add up, its buttons, and how they are undone. */
#include "store/calendar_sources.h"
#include "store/google_grants.h"
#include "store/outbox.h"
#include "store/pulse.h"
#include "store/webhooks.h"
#include "tests/page/admin_page.h"

static void as(const char *login)
{
    struct desk_session s;
    page_session(login);
    must(desk_session_find(db, arena, session, &s), "session");
    page_csrf = s.csrf;
}

static int setup(void **state)
{
    (void)state;
    page_open("long enough pw");
    desk_setting_override(DESK_S_FRONTDESK_DATA, "/tmp");
    desk_setting_override(DESK_S_REALTIME_URL, "");
    TX(desk_pulse_set(db, &(struct desk_pulse){.id = DESK_PULSE_WORKER, .ok = true}));
    TX(desk_pulse_set(db, &(struct desk_pulse){.id = DESK_PULSE_BRIDGE, .ok = true}));
    as("sal");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    page_close();
    return 0;
}

/* The outbox row of that cause, given up in that state. */
static const char *give_up(const struct world *w, const char *kind, const char *cause,
                           const char *payload, const char *as_state)
{
    struct desk_outbox row;
    TX(desk_outbox_add(db, &(struct desk_outbox_new){.tenant_id = w->tenant,
                                                     .kind = kind,
                                                     .dedupe = cause,
                                                     .payload = payload,
                                                     .priority = DESK_OUTBOX_NORMAL}));
    must(desk_outbox_by_cause(db, arena, w->tenant, cause, &row), "row");
    TX(desk_outbox_report(db, &row, as_state, NULL, "failed", 1, "The phone <was> off."));
    return row.id;
}

static const char *state_of(const char *cause)
{
    struct desk_outbox row;
    must(desk_outbox_by_cause(db, arena, here.tenant, cause, &row), "row");
    return row.state;
}

static void test_nothing(void **state)
{
    (void)state;
    give_up(&other, DESK_OUTBOX_SMS, "theirs", "{\"to\":\"+18605550199\"}", DESK_OUTBOX_FAILED);
    page_ok("/attention");
    assert_has("Nothing needs you.");
    assert_lacks("class=\"count\"");
}

static void test_kinds(void **state)
{
    static const char *const rows[][3] = {
        {DESK_OUTBOX_SMS, "{\"to\":\"+18605550134\",\"body\":\"Sal <comes>.\"}",
         "The text to (860)\xc2\xa0"
         "555-0134 was not sent."},
        {DESK_OUTBOX_CALL, "{\"to\":\"+18605550135\"}",
         "Your phone at (860)\xc2\xa0"
         "555-0135 could not be rung."},
        {DESK_OUTBOX_REMIND, "{}", "A reminder call was not made."},
        {DESK_OUTBOX_EVENT, "{\"appointment\":\"x\"}", "A visit is not in Google Calendar yet."},
        {DESK_OUTBOX_SHEETS, "no json", "A row was not written into your sheet."},
        {"something_new", "{}", "Something was not sent."}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        give_up(&here, rows[i][0], rows[i][2], rows[i][1], DESK_OUTBOX_FAILED);
    page_ok("/attention");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_has(rows[i][2]);
    assert_has("Sal &lt;comes&gt;.");
    assert_has("The phone &lt;was&gt; off.");
    assert_has("Needs attention<span class=\"count\">6<span class=\"vh\"> waiting</span></span>");
}

static void test_try_again(void **state)
{
    char uri[120];
    const char *id = give_up(&here, DESK_OUTBOX_SMS, "x", "{}", DESK_OUTBOX_FAILED);
    (void)state;
    snprintf(uri, sizeof uri, "/attention/%s/retry", id);
    page_ok("/attention");
    assert_has(uri);
    assert_int_equal(page_post(uri, ""), 303);
    assert_string_equal(state_of("x"), DESK_OUTBOX_WAITING);
    page_ok("/attention");
    assert_has("It is tried again now.");
    assert_has("Nothing needs you.");
    assert_int_equal(page_post(uri, ""), 303); /* pressed twice */
    assert_string_equal(state_of("x"), DESK_OUTBOX_WAITING);
    page_ok("/attention");
    assert_has("It is on its way already");
    give_up(&here, DESK_OUTBOX_SMS, "y", "{}", DESK_OUTBOX_UNKNOWN);
    page_ok("/attention");
    assert_has("It may have arrived all the same.");
    assert_has("even if it comes twice");
}

static void test_leave_and_undo(void **state)
{
    char leave[120], open[120];
    const char *id = give_up(&here, DESK_OUTBOX_SMS, "x", "{}", DESK_OUTBOX_FAILED);
    (void)state;
    snprintf(leave, sizeof leave, "/attention/%s/leave", id);
    snprintf(open, sizeof open, "/attention/%s/open", id);
    assert_int_equal(page_post(leave, ""), 303);
    assert_string_equal(state_of("x"), DESK_OUTBOX_DROPPED);
    page_ok("/attention");
    assert_has("Left as it is.");
    assert_has(open);
    assert_int_equal(page_post(open, ""), 303);
    assert_string_equal(state_of("x"), DESK_OUTBOX_FAILED);
    page_ok("/attention");
    assert_has("On the list again.");
    assert_int_equal(page_post(leave, ""), 303);
    desk_clock_fake(NOW + 11 * MIN_MS);
    assert_int_equal(page_post(open, ""), 303);
    assert_string_equal(state_of("x"), DESK_OUTBOX_DROPPED);
    page_ok("/attention");
    assert_has("Too late to undo.");
    desk_clock_fake(NOW);
}

static void test_rows_of_others(void **state)
{
    static const char *const deeds[] = {"retry", "leave", "open", "tell"};
    char uri[120];
    struct desk_outbox row;
    const char *id = give_up(&here, DESK_OUTBOX_SMS, "x", "{}", DESK_OUTBOX_FAILED);
    (void)state;
    as("olga");
    page_ok("/attention");
    assert_has("Nothing needs you.");
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        snprintf(uri, sizeof uri, "/attention/%s/%s", id, deeds[i]);
        assert_int_equal(page_post(uri, ""), i == 3 ? 404 : 303);
        must(desk_outbox_get(db, arena, here.tenant, id, &row), "row");
        assert_string_equal(row.state, DESK_OUTBOX_FAILED);
    }
}

/* Said and not done: mended or dealt with from here, and taken back. */
static void test_said(void **state)
{
    char uri[160];
    struct desk_attention *u;
    size_t n;
    (void)state;
    world_call(&here, &(struct world_call){.id = "call_dana",
                                           .name = "Dana <Reed>",
                                           .number = "+18605550134",
                                           .ago_min = 5,
                                           .seconds = 60,
                                           .outcome = DESK_OUT_ANSWERED});
    world_after(&here, "call_dana");
    must(desk_attention_by_call(db, arena, here.tenant, "call_dana", &u, &n), "cards");
    page_ok("/attention");
    assert_has("Said, but not on record");
    assert_has("but none was sent");
    assert_has("To Dana &lt;Reed&gt; it said: ");
    assert_has("href=\"/calls/call_dana\"");
    snprintf(uri, sizeof uri, "/calls/call_dana/attention/%s/done", u[0].id);
    assert_has(uri);
    assert_int_equal(page_post(uri, "&back=%2Fattention"), 303);
    assert_non_null(strstr(desk_buf_cstr(&req.reply.headers), "Location: /attention\r\n"));
    page_ok("/attention");
    assert_has("Nothing needs you.");
    snprintf(uri, sizeof uri, "/calls/call_dana/attention/%s/open", u[0].id);
    assert_has(uri);
    assert_int_equal(page_post(uri, "&back=%2Fattention"), 303);
    page_ok("/attention");
    assert_has("On your list again.");
    assert_has("but none was sent");
    snprintf(uri, sizeof uri, "/calls/call_dana/attention/%s/mend", u[0].id);
    assert_int_equal(page_post(uri, "&back=%2Fattention"), 303);
    page_ok("/attention");
    assert_has("Done: it is on record now.");
    assert_has("Nothing needs you.");
    snprintf(uri, sizeof uri, "/calls/call_dana/attention/%s/open", u[0].id);
    assert_int_equal(page_post(uri, ""), 303); /* what was done is done */
    page_ok("/attention");
    assert_has("Nothing needs you.");
}

static void test_calendars(void **state)
{
    struct desk_google_grant g;
    const struct desk_calendar_source s = {.id = "cal_1",
                                           .tenant_id = here.tenant,
                                           .kind = DESK_SOURCE_ICS,
                                           .address = "https://calendar.example.com/secret.ics"};
    (void)state;
    TX(desk_google_grant_put(db, here.tenant, DESK_GRANT_OWNER, "1//x", "calendar"));
    must(desk_google_grant_get(db, arena, here.tenant, &g), "grant");
    TX(desk_google_grant_broken(db, &g, "Google no longer lets Frontdesk in."));
    TX(desk_calendar_source_add(db, &s));
    TX(desk_calendar_source_failed(db, &s, "That address could not be reached."));
    page_ok("/attention");
    assert_has("Google Calendar is not connected any more.");
    assert_lacks("A calendar cannot be read."); /* it may come back */
    desk_clock_fake(NOW + 61 * MIN_MS);
    TX(desk_pulse_set(db, &(struct desk_pulse){.id = DESK_PULSE_WORKER, .ok = true}));
    TX(desk_pulse_set(db, &(struct desk_pulse){.id = DESK_PULSE_BRIDGE, .ok = true}));
    page_ok("/attention");
    assert_has("A calendar cannot be read.");
    assert_has("<span class=\"count\">2<");
    assert_lacks("secret.ics");
    desk_clock_fake(NOW);
}

static void test_webhook(void **state)
{
    char uri[120];
    struct desk_webhook w = {.tenant_id = here.tenant,
                             .url = "https://hooks.example.com/x?key=secret",
                             .events = "*",
                             .format = DESK_WEBHOOK_STANDARD};
    (void)state;
    TX(desk_webhook_add(db, arena, &w, "whsec_x"));
    page_ok("/attention");
    assert_has("Nothing needs you.");
    w.state = DESK_WEBHOOK_GONE;
    TX(desk_webhook_update(db, &w));
    page_ok("/attention");
    assert_has("hooks.example.com is not told any more.");
    assert_lacks("secret");
    snprintf(uri, sizeof uri, "/attention/%s/tell", w.id);
    assert_has(uri);
    assert_int_equal(page_post(uri, ""), 303);
    page_ok("/attention");
    assert_has("hooks.example.com is told again from now on.");
    assert_has("Nothing needs you.");
    assert_int_equal(page_post("/attention/hook_gone/tell", ""), 404);
}

static void test_machine(void **state)
{
    (void)state;
    desk_clock_fake(NOW + 4 * MIN_MS);
    page_ok("/attention");
    assert_has("Not working");
    assert_has("Callers get no live voice.");
    assert_has("Texts and reminders are not going out.");
    assert_has("href=\"/health\"");
    desk_clock_fake(NOW);
}

/* ---- health check ---------------------------------------------------------------------------- */

static void test_health_fine(void **state)
{
    static const char *const names[] = {"Phone number reaches us",
                                        "Voice answers",
                                        "Sound of calls",
                                        "Texts and reminders",
                                        "Deliveries",
                                        "Calendars",
                                        "Other programs",
                                        "Database",
                                        "Disk",
                                        "Backup",
                                        "Certificate of the address",
                                        "Clock"};
    (void)state;
    desk_setting_override(DESK_S_RECORD_FREE_MB, "0");
    page_ok("/health");
    assert_has("<h1>Health check</h1>");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_has(names[i]);
    assert_lacks("Broken");
    assert_has("No call has come yet.");
    assert_has("Nothing was to be sent to anybody.");
}

#define DAY_MS (24LL * 3600 * 1000)

static void found(const char *id, bool ok, int64_t took_ms, const char *what, const char *why)
{
    TX(desk_pulse_set(db, &(struct desk_pulse){
                              .id = id, .ok = ok, .took_ms = took_ms, .what = what, .why = why}));
}

static void test_health_backup(void **state)
{
    (void)state;
    page_ok("/health");
    assert_has("None has been made: these are practice calls.");
    assert_has("All fine");
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC1");
    page_ok("/health");
    assert_has("If this machine breaks, all is lost.");
    assert_has("frontdesk db backup FOLDER");
    found(DESK_PULSE_BACKUP, true, 900, "/var/lib/frontdesk-backup", NULL);
    page_ok("/health");
    assert_has("The last one was made");
    assert_has("All fine");
    desk_clock_fake(NOW + 2 * DAY_MS + 1);
    as("sal"); /* signed in anew */
    page_ok("/health");
    assert_has("The last backup is old.");
    assert_has("is the timer frontdesk-backup on?");
    found(DESK_PULSE_BACKUP, false, 10, "/x", "The database cannot be copied: the disk is full");
    page_ok("/health");
    assert_has("The last backup failed.");
    assert_has("the disk is full");
    desk_clock_fake(NOW);
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "");
}

static void test_health_certificate(void **state)
{
    (void)state;
    page_ok("/health");
    assert_has("Not looked at: there is no public address with https.");
    found(DESK_PULSE_CERTIFICATE, true, 60 * DAY_MS + 1000, "desk.example.com", NULL);
    page_ok("/health");
    assert_has("That of desk.example.com is good for 60 more days.");
    assert_has("All fine");
    found(DESK_PULSE_CERTIFICATE, true, 20 * DAY_MS + 1000, "desk.example.com", NULL);
    page_ok("/health");
    assert_has("The certificate runs out soon; then no call comes in.");
    assert_has("certbot renew");
    assert_lacks(">Broken<");
    page_ok("/attention"); /* not yet something that does not work */
    assert_lacks("certificate");
    found(DESK_PULSE_CERTIFICATE, false, 2 * DAY_MS, "desk.example.com", NULL);
    page_ok("/health");
    assert_has("Broken");
    page_ok("/attention");
    assert_has("The certificate runs out soon; then no call comes in.");
    found(DESK_PULSE_CERTIFICATE, false, 0, "desk.example.com", "certificate <expired>");
    page_ok("/health");
    assert_has("desk.example.com: certificate &lt;expired&gt;");
    assert_has("Calls do not reach Frontdesk: its certificate is bad.");
    found(DESK_PULSE_CERTIFICATE, false, 0, "desk.example.com", NULL);
    page_ok("/health");
    assert_has("That of desk.example.com has run out.");
    /* it runs on, though nobody looked again */
    found(DESK_PULSE_CERTIFICATE, true, 22 * DAY_MS, "desk.example.com", NULL);
    desk_clock_fake(NOW + 12 * DAY_MS);
    as("sal");
    page_ok("/health");
    assert_has("is good for 10 more days.");
    desk_clock_fake(NOW);
}

static void test_health_clock(void **state)
{
    (void)state;
    page_ok("/health");
    assert_has("Nothing outside has been asked yet that tells the time.");
    found(DESK_PULSE_CLOCK, true, -800, "api.twilio.com", NULL);
    page_ok("/health");
    assert_has("It goes right, by that of api.twilio.com.");
    found(DESK_PULSE_CLOCK, false, -245000, "api.twilio.com", NULL);
    page_ok("/health");
    assert_has("It is 4 min 5 s slow, by that of api.twilio.com.");
    assert_has("clock is wrong.");
    assert_has("timedatectl set-ntp true");
    found(DESK_PULSE_CLOCK, true, 9000, "api.twilio.com", NULL);
    page_ok("/health");
    assert_has("It is 9 s fast, by that of api.twilio.com.");
    assert_lacks("clock is wrong.");
}

/* Every word of what is wrong comes with what to do. */
static void test_health_ill(void **state)
{
    (void)state;
    give_up(&here, DESK_OUTBOX_SMS, "x", "{}", DESK_OUTBOX_FAILED);
    give_up(&here, DESK_OUTBOX_SHEETS, "y", "{}", DESK_OUTBOX_SENT);
    give_up(&other, DESK_OUTBOX_TELEGRAM, "z", "{}", DESK_OUTBOX_SENT);
    TX(desk_counter_add(db, NULL, "webhook_refused"));
    desk_clock_fake(NOW + 4 * MIN_MS);
    page_ok("/health");
    assert_has("Calls do not reach Frontdesk.");
    assert_has("Callers get no live voice.");
    assert_has("Last heard of 4 min ago.");
    assert_has("`frontdesk check` says more.");
    assert_has("1 thing was given up.");
    assert_has("4 things to look at");
    assert_has("<strong>Texts</strong> <span>did not work</span>");
    assert_has("<strong>Google Sheets</strong> <span>last worked");
    assert_has("never failed");
    assert_lacks("Telegram");
    desk_clock_fake(NOW);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_nothing),
        TEST(test_kinds),
        TEST(test_try_again),
        TEST(test_said),
        TEST(test_leave_and_undo),
        TEST(test_rows_of_others),
        TEST(test_machine),
        TEST(test_calendars),
        TEST(test_webhook),
        TEST(test_health_fine),
        TEST(test_health_ill),
        TEST(test_health_backup),
        TEST(test_health_certificate),
        TEST(test_health_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
