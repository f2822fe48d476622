/* seed LOGIN PASSWORD: fill the data folder (FRONTDESK_DATA) with a business, a login and enough
 * calls for two pages, among them the ugly ones. The business lives where it is early afternoon
 * now, so that "Today" looks the same whenever the tests run. */
#include "base/config.h"
#include "base/log.h"
#include "base/tz.h"
#include "store/alerts.h"
#include "store/appointments.h"
#include "store/calendar_sources.h"
#include "store/exceptions.h"
#include "store/google_grants.h"
#include "store/invites.h"
#include "store/latency.h"
#include "store/open.h"
#include "store/outbox.h"
#include "store/promises.h"
#include "store/pulse.h"
#include "store/tenants.h"
#include "tests/page/admin_world.h"
#include "tests/web/seed_texts.h"
#include "talk/wave.h"

#include <sys/stat.h>

static const char *const zones[] = {
    "America/New_York",       "America/Chicago",   "America/Denver",
    "America/Los_Angeles",    "Pacific/Honolulu",  "America/Halifax",
    "America/Sao_Paulo",      "Atlantic/Azores",   "Europe/London",
    "Europe/Berlin",          "Europe/Helsinki",   "Asia/Dubai",
    "Asia/Karachi",           "Asia/Dhaka",        "Asia/Bangkok",
    "Asia/Singapore",         "Asia/Tokyo",        "Australia/Sydney",
    "Pacific/Auckland",       "Pacific/Pago_Pago", "Pacific/Noumea",
    "Atlantic/South_Georgia",
};

static const char *afternoon(int64_t now)
{
    const char *best = zones[0];
    int off = 99;
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        struct desk_local_time t;
        desk_tz_local(desk_tz_load(zones[i]), now, &t);
        int d = abs(t.hour * 60 + t.minute - 14 * 60 - 15) / 30;
        if (d < off) {
            off = d;
            best = zones[i];
        }
    }
    return best;
}

static const char long_name[] =
    "Bartholomew-Maximilian Featherstonehaugh-Cholmondeley of Worcestershire the Third";

static const struct world_call calls[] = {
    {.id = "call_ines", .name = "Ines Ortega", .number = "+18605550177", .ago_min = 2},
    {.id = "call_marcus",
     .name = "Marcus Bell",
     .number = "+18605550134",
     .ago_min = 23,
     .seconds = 132,
     .outcome = DESK_OUT_CALLBACK,
     .urgent = true,
     .back_state = "open",
     .back_when = "as soon as possible",
     .back_reason = "leaking water heater",
     .summary = "Water heater leaking in the garage. Marcus has shut the water off. Sal did not "
                "pick up, so Frontdesk took over.",
     .talk = true},
    {.id = "call_silent",
     .number = "+14155550190",
     .ago_min = 31,
     .seconds = 4,
     .outcome = DESK_OUT_HUNG_UP},
    {.id = "call_harbor",
     .name = "Harbor Dental",
     .number = "+18605550141",
     .ago_min = 44,
     .seconds = 65,
     .outcome = DESK_OUT_TRANSFERRED,
     .summary = "Asked for Sal about the new sinks."},
    {.id = "call_tom",
     .name = "Tom Hale",
     .number = "+18605550139",
     .ago_min = 71,
     .seconds = 148,
     .outcome = DESK_OUT_CALLBACK,
     .back_state = "open",
     .back_when = "tomorrow after 9",
     .back_reason = "quote for a bathroom",
     .summary = "Wants a quote for a new bathroom on Alder Street, two storeys.",
     .talk = true},
    {.id = "call_lena",
     .name = "Lena Fox",
     .number = "+18605550140",
     .ago_min = 96,
     .seconds = 190,
     .outcome = DESK_OUT_CALLBACK,
     .back_state = "done",
     .back_when = "before noon",
     .back_reason = "kitchen tap",
     .summary = "Kitchen tap drips. Sal called her back and will come "
                "on Monday.",
     .talk = true},
    {.id = "call_hidden",
     .ago_min = 118,
     .seconds = 84,
     .outcome = DESK_OUT_MESSAGE,
     .message_s = 23,
     .message = "It is about the invoice from last week, I will try again.",
     .mode = DESK_MODE_RECORD},
    {.id = "call_priya",
     .name = "Priya Raman",
     .number = "+18605550155",
     .ago_min = 162,
     .seconds = 71,
     .outcome = DESK_OUT_NOT_PUT,
     .summary = "Wanted to speak to Sal about a boiler "
                "that Harwick fitted in spring."},
    {.id = "call_owen",
     .name = "Owen Clarke",
     .number = "+18605550156",
     .ago_min = 60 * 19,
     .seconds = 95,
     .outcome = DESK_OUT_CALLBACK,
     .summary = "Asked when the water will be back on."},
    {.id = "call_rosa",
     .name = "Rosa Lindqvist",
     .number = "+18605550157",
     .ago_min = 60 * 20,
     .seconds = 58,
     .outcome = DESK_OUT_ANSWERED,
     .summary = "Asked for opening hours on Saturday."},
    {.id = "call_london",
     .number = "+442079460123",
     .ago_min = 60 * 22,
     .seconds = 12,
     .outcome = DESK_OUT_FAILED},
    {.id = "call_script",
     .name = "<script>alert(1)</script>",
     .number = "+18605550161",
     .ago_min = 60 * 23,
     .seconds = 40,
     .outcome = DESK_OUT_ANSWERED,
     .summary = "<img src=x onerror=alert(1)> & \"quoted\" 'text'"},
    {.id = "call_rtl",
     .name = "יעל בן־דוד",
     .number = "+18605550162",
     .ago_min = 60 * 24,
     .seconds = 51,
     .outcome = DESK_OUT_CALLBACK,
     .back_state = "open",
     .back_when = "מחר בבוקר",
     .back_reason = "דליפה במטבח",
     .summary = "דליפה במטבח מתחת לכיור.",
     .talk = true},
    {.id = "call_emoji",
     .name = "🎉🔧 Plumb & Co 👩‍🔧",
     .number = "+18605550163",
     .ago_min = 60 * 25,
     .seconds = 33,
     .outcome = DESK_OUT_MESSAGE,
     .message_s = -1,
     .message = "Part 4471 is ready 🎉, please fetch it."},
    {.id = "call_long",
     .name = long_name,
     .number = "+18605550164",
     .ago_min = 60 * 26,
     .seconds = 3905,
     .outcome = DESK_OUT_CALLBACK,
     .urgent = true,
     .back_state = "open",
     .back_when =
         "any day of next week but not Tuesday, and after the school run if at all possible",
     .back_reason =
         "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
     .summary = "AVeryLongWordWithoutAnySpaceThatGoesOnAndOnAndOnUntilItMustBreakSomewhereOrThePage"
                "Scrolls",
     .talk = true},
};

static const struct {
    const char *name, *summary, *outcome;
} usual[] = {
    {"Grace Kim", "Asked the price of a drain cleaning.", DESK_OUT_ANSWERED},
    {NULL, NULL, DESK_OUT_HUNG_UP},
    {"Noah Brandt", "Was put through about the job on Mill Lane.", DESK_OUT_TRANSFERRED},
    {"Elena Petrova", "Will be ten minutes late for the delivery.", DESK_OUT_ANSWERED},
    {"Sam Achebe", "Left a message about the spare keys.", DESK_OUT_MESSAGE},
};

static void history(struct world *w)
{
    char number[24];
    for (int i = 0; i < 62; i++) {
        const size_t k = (size_t)i % (sizeof usual / sizeof *usual);
        snprintf(number, sizeof number, "+1860555%04d", 200 + i % 15);
        world_call(w, &(struct world_call){.name = usual[k].name,
                                           .number = number,
                                           .ago_min = 60 * 30 + i * 337,
                                           .seconds = 20 + i * 7 % 300,
                                           .outcome = usual[k].outcome,
                                           .summary = usual[k].summary});
    }
    world_call(w, &(struct world_call){.name = "Marcus Bell",
                                       .number = "+18605550134",
                                       .ago_min = 60 * 24 * 17,
                                       .seconds = 77,
                                       .outcome = DESK_OUT_ANSWERED,
                                       .summary = "Asked what a new water heater costs."});
}

/* What the calls of the last days cost, and how long callers waited in them. */
static void measured(struct world *w)
{
    struct desk_call *rows;
    size_t n;
    const struct desk_period p = {w->tenant, NULL, w->now - 20 * 24 * 60 * MIN_MS, w->now, 200};
    must(desk_call_between(w->db, w->arena, &p, &rows, &n), "calls");
    must(DESK_TX_BEGIN(w->db), "begin");
    for (size_t i = 0; i < n; i++) {
        char day[16];
        struct desk_local_time t;
        desk_tz_local(desk_tz_load(w->zone), rows[i].started_at, &t);
        snprintf(day, sizeof day, "%04d-%02d-%02d", t.year % 10000, t.month, t.day);
        for (int k = 0; k < 5; k++)
            must(desk_latency_add(
                     w->db,
                     &(struct desk_latency){.tenant_id = w->tenant,
                                            .call_id = rows[i].id,
                                            .turn = k,
                                            .kind = k ? DESK_LATENCY_TURN : DESK_LATENCY_ANSWER,
                                            .total_ms = 500 + (int)(i * 37 % 11) * 60 +
                                                        (k == 4 ? 900 : k * 40),
                                            .model_ms = 380 + k * 30,
                                            .tool_ms = k == 4 ? 420 : 0,
                                            .own_us = 9000 + k * 2500,
                                            .day = day}),
                 "latency");
        if (strcmp(rows[i].id, "call_marcus") == 0 || strcmp(rows[i].id, "call_long") == 0)
            continue; /* theirs are richer */
        must(desk_call_after_insert(
                 w->db, &(struct desk_call_after){.tenant_id = w->tenant,
                                                  .location_id = w->location,
                                                  .call_id = rows[i].id,
                                                  .by_whom = DESK_AFTER_RULES,
                                                  .summary = "s",
                                                  .topics = "",
                                                  .sentiment = "neutral",
                                                  .facts = "{}",
                                                  .nanos = 20000000 + rows[i].duration_ms * 800,
                                                  .cost = "[]",
                                                  .unpriced = "",
                                                  .told = "no",
                                                  .started_at = rows[i].started_at}),
             "after");
    }
    must(desk_tx_end(w->db, DESK_OK), "commit");
}

/* Calendars outside of ours, as ugly as they get: Google lets go, one cannot be read. */
static void calendars(const struct world *w)
{
    struct desk_google_grant g;
    struct desk_tenant t;
    const struct desk_calendar_source rows[] = {
        {.id = "cal_main", .kind = DESK_SOURCE_GOOGLE, .main = true, .address = "primary"},
        {.id = "cal_raj",
         .kind = DESK_SOURCE_GOOGLE,
         .resource = "raj",
         .resource_name = long_name,
         .address = "a-calendar-with-a-very-long-name-that-nobody-has-shortened-"
                    "0123456789abcdef@group.calendar.google.com"},
        {.id = "cal_ics",
         .kind = DESK_SOURCE_ICS,
         .address = "https://calendar.example.com/secret.ics"}};
    must(desk_tenant_get(w->db, w->arena, w->tenant, &t), "business");
    t.profile =
        "{\"staff\":[{\"name\":\"Raj\",\"services\":\"all\"}],\"services\":[{\"id\":\"repair\","
        "\"name\":\"repair\",\"minutes\":60}]}";
    must(DESK_TX_BEGIN(w->db), "begin");
    must(desk_tenant_update(w->db, &t), "profile");
    must(desk_google_grant_put(w->db, w->tenant, DESK_GRANT_OWNER, "1//x", "calendar"), "grant");
    must(desk_google_grant_get(w->db, w->arena, w->tenant, &g), "grant");
    must(desk_google_grant_broken(w->db, &g,
                                  "Google no longer lets Frontdesk in: connect it again."),
         "broken");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_calendar_source s = rows[i];
        s.tenant_id = w->tenant;
        must(desk_calendar_source_add(w->db, &s), "calendar");
        s.synced_at = w->now - 90000;
        must(desk_calendar_source_synced(w->db, &s), "read");
        must(desk_calendar_busy_put(w->db, &s, "event", w->now, w->now + 3600000, w->now), "busy");
        if (i == 2)
            must(desk_calendar_source_failed(w->db, &s, "That address could not be reached."),
                 "failed");
    }
    must(desk_tx_end(w->db, DESK_OK), "commit");
}

/* A visit of that business, so long from the beginning of the hour that is now. */
static void visit(struct world *w, const char *id, int64_t in_min, const struct desk_appointment *a)
{
    char resource[DESK_BLIND_LEN];
    struct desk_appointment row = *a;
    int64_t hour = 60 * MIN_MS, start = w->now / hour * hour + in_min * MIN_MS;
    desk_appointment_resource(w->db, w->tenant, "person|raj", resource);
    row.id = id;
    row.tenant_id = w->tenant;
    row.location_id = w->location;
    row.service = "repair";
    row.service_name = "repair";
    row.resource = resource;
    row.resource_name = "Raj";
    row.status = DESK_APPT_BOOKED;
    row.start_at = start;
    row.end_at = row.busy_until = start + hour;
    row.source = "call";
    row.created_at = row.updated_at = w->now;
    must(DESK_TX_BEGIN(w->db), "begin");
    must(desk_tx_end(w->db, desk_appointment_insert(w->db, &row)), "visit");
}

static void visits(struct world *w)
{
    visit(w, "app_1", 60,
          &(struct desk_appointment){.name = "Lena Fox",
                                     .number = "+18605550140",
                                     .address = "40 Mill Lane",
                                     .answer = DESK_ANSWER_COMING,
                                     .answer_at = w->now,
                                     .answer_by = DESK_ANSWER_BY_TEXT});
    visit(w, "app_2", 180,
          &(struct desk_appointment){.name = long_name,
                                     .number = "+18605550164",
                                     .address = "The Old Rectory beside the Church of Saint Mary, "
                                                "Lower Worcestershire-on-the-Water"});
    visit(w, "app_3", 60 * 25, &(struct desk_appointment){.name = "Tom Hale", .urgent = true});
}

/* The programs are there, the model is not; an emergency nobody has seen; texts that were given up.
 */
static void troubles(struct world *w)
{
    static const char *const bodies[][2] = {
        {"failed", "{\"to\":\"+18605550134\",\"body\":\"Sal comes at 2 pm.\"}"},
        {"unknown", "{\"to\":\"+18605550140\",\"body\":\"Your visit is booked.\"}"}};
    const struct desk_alert alert = {.tenant_id = w->tenant,
                                     .call_id = "call_marcus",
                                     .who_key = "k",
                                     .kind = DESK_ALERT_EMERGENCY,
                                     .severity = "P1",
                                     .because = "Said “leaking all over the garage floor”.",
                                     .words = "leaking all over",
                                     .told = true,
                                     .state = "open",
                                     .created_at = w->now - 22 * MIN_MS};
    must(DESK_TX_BEGIN(w->db), "begin");
    must(desk_alert_insert(w->db, &alert), "alert");
    must(desk_pulse_set(w->db, &(struct desk_pulse){.id = DESK_PULSE_WORKER, .ok = true}), "pulse");
    must(desk_pulse_set(w->db, &(struct desk_pulse){.id = DESK_PULSE_BRIDGE, .ok = true}), "pulse");
    for (size_t i = 0; i < 2; i++) {
        struct desk_outbox *rows;
        size_t n;
        must(desk_outbox_add(w->db, &(struct desk_outbox_new){.tenant_id = w->tenant,
                                                              .call_id = "call_marcus",
                                                              .kind = DESK_OUTBOX_SMS,
                                                              .dedupe = bodies[i][0],
                                                              .payload = bodies[i][1],
                                                              .to = "+18605550134",
                                                              .priority = DESK_OUTBOX_NORMAL}),
             "outbox");
        must(desk_outbox_list(w->db, w->arena, w->tenant, false, 1, &rows, &n), "outbox");
        must(desk_outbox_report(w->db, &rows[0], bodies[i][0], NULL, "undelivered", 30003,
                                i ? "The phone company did not say whether it arrived."
                                  : "The phone was switched off."),
             "report");
        desk_clock_fake(w->now - (int64_t)(2 - i) * 1000);
    }
    must(desk_tx_end(w->db, DESK_OK), "commit");
    desk_clock_fake(w->now);
}

/* Others who sign in, one who is invited, and a second place. */
static void people(struct world *w)
{
    static const struct {
        const char *login, *role;
        bool branch, totp;
    } rows[] = {{"raj", "staff", false, true},
                {"bartholomew.featherstonehaugh-cholmondeley@harwick-plumbing.example.com", "read",
                 true, false}};
    const struct desk_location branch = {.id = "loc_branch",
                                         .tenant_id = w->tenant,
                                         .name = "Branch by the harbour",
                                         .zone = w->zone,
                                         .hours = "{}",
                                         .created_at = w->now};
    const struct desk_invite invite = {.tenant_id = w->tenant, .name = "Bea", .role = "staff"};
    char secret[DESK_TOKEN_LEN], id[DESK_ID_LEN];
    must(DESK_TX_BEGIN(w->db), "begin");
    must(desk_location_insert(w->db, &branch), "branch");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct desk_user u = {.id = desk_id_new(id, "usr"),
                                    .tenant_id = w->tenant,
                                    .login = rows[i].login,
                                    .password_hash = "none",
                                    .role = rows[i].role,
                                    .location_id = rows[i].branch ? branch.id : NULL,
                                    .totp_on = rows[i].totp,
                                    .created_at = w->now,
                                    .last_login_at = rows[i].totp ? w->now - 60000 : 0};
        must(desk_user_insert(w->db, &u), "person");
    }
    must(desk_invite_new(w->db, &invite, secret), "invitation");
    must(desk_tx_end(w->db, DESK_OK), "commit");
}

/* When each is due, as the worker would have reckoned it. */
static void due(struct world *w, const char *call, int64_t in_min)
{
    struct desk_callback *k;
    size_t n;
    must(desk_callback_by_call(w->db, w->arena, w->tenant, call, &k, &n), "callbacks");
    must(DESK_TX_BEGIN(w->db), "begin");
    for (size_t i = 0; i < n; i++)
        must(desk_callback_step(w->db, &k[i],
                                &(struct desk_callback_step){.due_at = w->now + in_min * MIN_MS,
                                                             .next_at = DESK_CALLBACK_NEVER}),
             "step");
    must(desk_tx_end(w->db, DESK_OK), "commit");
}

/* The shapes of recordings, as the worker would have measured them. One cannot be opened. */
static void drawn(struct world *w, const char *shut)
{
    struct desk_recording *rows;
    size_t n;
    char wave[DESK_WAVE_LEN];
    must(desk_recording_undrawn(w->db, w->arena, 10, &rows, &n), "recordings");
    for (size_t i = 0; i < n; i++) {
        struct desk_recfile f;
        must(desk_recfile_open(&f, desk_store_the_key(), rows[i].path, w->tenant, rows[i].id),
             "file");
        must(desk_wave_of(&f, wave), "shape");
        desk_recfile_close(&f);
        must(DESK_TX_BEGIN(w->db), "begin");
        must(
            desk_tx_end(w->db, desk_recording_wave(w->db, w->tenant, rows[i].id,
                                                   strcmp(rows[i].call_id, shut) == 0 ? "" : wave)),
            "wave");
    }
}

static void put_through(struct world *w, const char *number, const char *name, const char *group)
{
    must(DESK_TX_BEGIN(w->db), "begin");
    must(desk_tx_end(w->db, desk_exception_put(w->db, w->tenant, number, name, group)),
         "exception");
}

int main(int argc, char **argv)
{
    char why[300];
    struct world w = {.now = desk_now_ms()};
    if (argc != 3) {
        fprintf(stderr, "usage: seed LOGIN PASSWORD\n");
        return 64;
    }
    desk_log_init("seed", DESK_LOG_WARN);
    must(desk_settings_load(NULL, why, sizeof why), "settings");
    mkdir(desk_setting(DESK_S_FRONTDESK_DATA), 0700);
    must(desk_store_key(true, why, sizeof why), "key");
    must(desk_store_create(&w.db), "database");
    w.arena = desk_arena_new(64 * 1024 * 1024);
    w.zone = afternoon(w.now);
    world_business(&w, "harwick", "Harwick Plumbing", "+18605550100", argv[1], argv[2]);
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        world_call(&w, &calls[i]);
    history(&w);
    calendars(&w);
    people(&w);
    seed_texts(&w);
    world_after(&w, "call_marcus");
    world_after(&w, "call_long");
    visits(&w);
    troubles(&w);
    measured(&w);
    due(&w, "call_marcus", 12);
    due(&w, "call_long", -185);
    due(&w, "call_tom", 60 * 20);
    put_through(&w, "+18605550150", "Mum", "family");
    put_through(&w, "+447700900123", long_name, "gardening club");
    world_recording(
        &w, "call_marcus",
        (struct desk_recording){.kind = DESK_REC_OWN, .state = DESK_REC_READY, .ms = 132000});
    world_recording(&w, "call_hidden",
                    (struct desk_recording){.kind = DESK_REC_OWN, .state = DESK_REC_ERASED});
    world_recording(
        &w, "call_long",
        (struct desk_recording){
            .kind = DESK_REC_OWN, .state = DESK_REC_READY, .ms = 3905000, .cut = "disk_full"});
    world_recording(
        &w, "call_tom",
        (struct desk_recording){.kind = DESK_REC_OWN, .state = DESK_REC_READY, .ms = 20000});
    drawn(&w, "call_tom");
    desk_arena_free(w.arena);
    desk_db_close(w.db);
    return 0;
}
