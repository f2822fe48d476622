/* Reminders by call, as the worker makes them: when one may be dialled, what follows when it is
 * over, and that none is dialled twice whatever Twilio says or does not say; and greetings on
 * birthdays. It is Monday 12 October 2026, 9:10 am in Denver. */
#include "worker/deliver.h"
#include "worker/worker.h"
#include "base/config.h"
#include "core/dial_rules.h"
#include "store/consents.h"
#include "store/out_calls.h"
#include "store/settings.h"
#include "store/text_stops.h"
#include "talk/business.h"
#include "talk/calendar.h"
#include "talk/reach.h"
#include "talk/remind_call.h"
#include "tests/unit/tools_world.h"

#include <string.h>

#define NOW    1791817800000LL
#define MINUTE 60000LL
#define HOUR   (60 * MINUTE)
#define DANA   "+13035550134"
#define OWNER  "+13035550101"
#define OURS   "+13035550100"
#define COMING (NOW + 26 * HOUR + HOUR * 5 / 6) /* Tuesday, noon */
#define DUE    (COMING - 24 * HOUR)

static struct desk_business business;
static struct desk_booked booked;

/* ---- Twilio ---------------------------------------------------------------------------------- */

static struct {
    enum desk_outbox_end end[4]; /* of the next requests */
    int asked;
    char to[20], from[20], url[200], status[200], machine[200];
    int ring_s, most_s;
    bool to_beep;
} line;

static void put_text(char *out, size_t n, const char *text)
{
    snprintf(out, n, "%s", text ? text : "-");
}

static void dial(const struct desk_twilio_account *account, const struct desk_twilio_call *c,
                 struct desk_outbox_result *r)
{
    (void)account;
    *r = (struct desk_outbox_result){.end = line.end[line.asked % 4], .wait_ms = 1000};
    put_text(r->remote_id, sizeof r->remote_id, r->end == DESK_END_SENT ? "CA1" : "");
    put_text(line.to, sizeof line.to, c->to);
    put_text(line.from, sizeof line.from, c->from);
    put_text(line.url, sizeof line.url, c->url);
    put_text(line.status, sizeof line.status, c->status_callback);
    put_text(line.machine, sizeof line.machine, c->machine_callback);
    line.ring_s = c->ring_s;
    line.most_s = c->most_s;
    line.to_beep = c->to_beep;
    line.asked++;
}

static const struct desk_twilio twilio = {.call = dial};
static const struct outbox_services services = {.twilio = &twilio};

/* ---- the world ------------------------------------------------------------------------------- */

static void put(enum desk_setting_id id, const char *value)
{
    char why[200];
    must(DESK_TX_BEGIN(db));
    must(desk_tx_end(db, desk_tenant_setting_put(db, "tenant_1", id, value, why, sizeof why)));
}

static void open_with(const char *profile)
{
    desk_clock_fake(NOW);
    memset(&line, 0, sizeof line);
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC0123456789abcdef0123456789abcdef");
    desk_setting_override(DESK_S_TWILIO_AUTH_TOKEN, "token");
    desk_setting_override(DESK_S_PUBLIC_BASE_URL, "https://desk.example.com/");
    tenant = (struct desk_tenant){.id = "tenant_1",
                                  .slug = "larkspur",
                                  .name = "Larkspur",
                                  .profile = profile,
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
    put(DESK_S_TEXT_APPOINTMENTS, "false");
    put(DESK_S_REMIND_BY, "call");
}

#define PROFILE(more)                                                                              \
    "{\"services\":[{\"id\":\"visit\",\"name\":\"service call\",\"minutes\":60}]" more "}"

static int begin(void **state)
{
    (void)state;
    open_with(PROFILE(""));
    return 0;
}

static int end(void **state)
{
    (void)state;
    world_close();
    return 0;
}

static void book(const char *number, int64_t at)
{
    const struct desk_calendar_place place = {.db = db,
                                              .arena = arena,
                                              .tenant_id = "tenant_1",
                                              .location_id = "loc_1",
                                              .business = &business,
                                              .now = desk_now_ms()};
    const struct desk_calendar_slot slot = {.slot = {at, at + HOUR, at + HOUR, 0},
                                            .service = &business.services[0]};
    const struct desk_booking k = {.name = "Dana", .number = number, .source = "owner"};
    must(DESK_TX_BEGIN(db));
    must(desk_tx_end(db, desk_calendar_own.book(&place, &slot, &k, &booked)));
}

/* The clock at that moment, twice: what is due is asked for, dialled, and settled. */
static void work_at(int64_t now)
{
    desk_clock_fake(now);
    for (int i = 0; i < 2; i++) {
        struct desk_outbox row;
        struct desk_arena *scratch = desk_arena_new(8 * 1024 * 1024);
        must(job_reminders(db));
        must(job_remind_calls(db));
        for (;;) {
            must(DESK_TX_BEGIN(db));
            enum desk_rc rc = desk_outbox_claim(db, arena, DESK_OUTBOX_TO_CALLS, 60000, &row);
            assert_int_equal(desk_tx_end(db, rc), rc);
            if (rc)
                break;
            struct desk_outbox_result r;
            const struct outbox_work w = {
                .services = &services, .db = db, .arena = scratch, .row = &row};
            outbox_deliver(&w, &r);
        }
        desk_arena_free(scratch);
    }
}

static struct desk_out_call newest(void)
{
    struct desk_out_call *rows;
    size_t n;
    must(desk_out_call_list(db, arena, "tenant_1", 10, &rows, &n));
    assert_true(n > 0);
    return rows[0];
}

static size_t calls(void)
{
    struct desk_out_call *rows;
    size_t n;
    must(desk_out_call_list(db, arena, "tenant_1", 10, &rows, &n));
    return n;
}

static const char *last_text;
static size_t texts(void)
{
    struct desk_outbox *rows;
    size_t n, found = 0;
    must(desk_outbox_list(db, arena, "tenant_1", false, 50, &rows, &n));
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].kind, DESK_OUTBOX_SMS) == 0 && found++ == 0)
            last_text = rows[i].payload;
    return found;
}

/* What Twilio's webhooks write down. */
static void heard(const char *by, const char *status)
{
    struct desk_out_call c = newest();
    must(DESK_TX_BEGIN(db));
    enum desk_rc rc = by ? desk_out_call_answered(db, &c, by) : DESK_OK;
    if (!rc && status)
        rc = desk_out_call_ended(db, &c, status);
    must(desk_tx_end(db, rc));
}

static void came_to(const char *ending, int asked, size_t n_texts)
{
    struct desk_out_call c = newest();
    if (!c.ending || strcmp(c.ending, ending) != 0 || line.asked != asked || texts() != n_texts)
        fail_msg("%s after %d requests, %zu texts", c.ending ? c.ending : "open", line.asked,
                 texts());
}

/* ---- one call -------------------------------------------------------------------------------- */

static void dialled_once_as_twilio_wants(void **state)
{
    (void)state;
    char want[200];
    book(DANA, COMING);
    work_at(DUE - 1);
    assert_int_equal(calls(), 0);
    work_at(DUE);
    assert_int_equal(line.asked, 1);
    assert_string_equal(line.to, DANA);
    assert_string_equal(line.from, OURS);
    struct desk_out_call c = newest();
    snprintf(want, sizeof want, "https://desk.example.com/voice/reminder?id=%s&t=1", c.id);
    assert_string_equal(line.url, want);
    snprintf(want, sizeof want, "https://desk.example.com/voice/reminder-status?id=%s&t=1", c.id);
    assert_string_equal(line.status, want);
    snprintf(want, sizeof want, "https://desk.example.com/voice/reminder-machine?id=%s&t=1", c.id);
    assert_string_equal(line.machine, want);
    assert_true(line.to_beep && line.ring_s == 25 && line.most_s == 3600);
    assert_int_equal(c.placed_at, DUE);
    heard(DESK_BY_HUMAN, "completed");
    work_at(DUE + MINUTE);
    came_to("talked", 1, 0);
    work_at(DUE + 5 * HOUR);
    came_to("talked", 1, 0);
}

static void busy_is_tried_once_more_then_a_text(void **state)
{
    (void)state;
    book(DANA, COMING);
    work_at(DUE);
    heard(NULL, "busy");
    work_at(DUE + MINUTE);
    assert_int_equal(newest().tries, 2);
    work_at(DUE + 30 * MINUTE);
    assert_int_equal(line.asked, 1);
    work_at(DUE + 31 * MINUTE);
    assert_int_equal(line.asked, 2);
    assert_non_null(strstr(line.url, "&t=2"));
    heard(NULL, "no-answer");
    work_at(DUE + 32 * MINUTE);
    came_to("no_answer", 2, 1);
    assert_non_null(strstr(last_text, "Reminder for Dana: service call, Tuesday, October 13th at "
                                      "noon"));
    work_at(DUE + 33 * MINUTE);
    came_to("no_answer", 2, 1);
}

/* No time is left for another try: three quarters of an hour before it begins. */
static void no_second_try_too_late(void **state)
{
    (void)state;
    put(DESK_S_APPOINTMENT_REMINDERS, "1");
    book(DANA, COMING);
    work_at(COMING - HOUR);
    heard(NULL, "busy");
    work_at(COMING - 45 * MINUTE);
    came_to("busy", 1, 1);
}

static void machines(void **state)
{
    (void)state;
    static const struct {
        const char *setting, *by, *ending;
        size_t texts;
    } rows[] = {
        {"message", DESK_BY_MESSAGE, "message_left", 0},
        {"hang_up", DESK_BY_MACHINE, "machine", 1},
        {"message", DESK_BY_FAX, "machine", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (i)
            begin(NULL);
        put(DESK_S_REMIND_ON_MACHINE, rows[i].setting);
        book(DANA, COMING);
        work_at(DUE);
        assert_true(line.to_beep == (strcmp(rows[i].setting, "message") == 0));
        heard(rows[i].by, "completed");
        work_at(DUE + MINUTE);
        came_to(rows[i].ending, 1, rows[i].texts);
        if (i + 1 < sizeof rows / sizeof *rows)
            world_close();
    }
}

/* ---- Twilio fails ---------------------------------------------------------------------------- */

static void an_unclear_answer_is_never_dialled_again(void **state)
{
    (void)state;
    line.end[0] = DESK_END_UNKNOWN;
    book(DANA, COMING);
    work_at(DUE);
    work_at(DUE + 14 * MINUTE);
    assert_int_equal(line.asked, 1);
    assert_int_equal(texts(), 0); /* it may be heard of yet */
    work_at(DUE + 16 * MINUTE);
    came_to("unknown", 1, 1);
    /* and one that was made all the same */
    world_close();
    begin(NULL);
    line.end[0] = DESK_END_UNKNOWN;
    book(DANA, COMING);
    work_at(DUE);
    heard(DESK_BY_HUMAN, "completed");
    work_at(DUE + MINUTE);
    came_to("talked", 1, 0);
    work_at(DUE + HOUR);
    came_to("talked", 1, 0);
}

/* Killed between asking Twilio and writing down what it said. */
static void a_killed_try_is_never_dialled_again(void **state)
{
    (void)state;
    struct desk_outbox row;
    struct desk_remind_turn turn;
    book(DANA, COMING);
    desk_clock_fake(DUE);
    must(job_reminders(db));
    must(DESK_TX_BEGIN(db));
    must(desk_tx_end(db, desk_outbox_claim(db, arena, DESK_OUTBOX_TO_CALLS, 60000, &row)));
    must(desk_remind_call_begin(db, arena, newest().id, 1, DUE, &turn));
    assert_int_equal(turn.may, DESK_REMIND_GO);
    must(outbox_abandoned(db, arena, &row));
    work_at(DUE + MINUTE);
    assert_int_equal(line.asked, 0);
    work_at(DUE + 16 * MINUTE);
    came_to("unknown", 0, 1);
}

static void what_twilio_refuses_is_a_text(void **state)
{
    (void)state;
    line.end[0] = DESK_END_FAILED;
    book(DANA, COMING);
    work_at(DUE);
    came_to("not_allowed", 1, 1);
}

/* Asked to wait (429), then it goes; the report of its end was lost. */
static void a_wait_and_a_lost_report(void **state)
{
    (void)state;
    line.end[0] = DESK_END_AGAIN;
    book(DANA, COMING);
    work_at(DUE);
    assert_int_equal(line.asked, 1);
    work_at(DUE + MINUTE);
    assert_int_equal(line.asked, 2);
    work_at(DUE + 15 * MINUTE);
    assert_null(newest().ending);
    work_at(DUE + 17 * MINUTE);
    came_to("unknown", 2, 1);
}

/* ---- who may be called, and when ------------------------------------------------------------- */

static void say(const char *about, bool yes)
{
    must(DESK_TX_BEGIN(db));
    must(desk_tx_end(db, desk_consent_set(db, "tenant_1", DANA, about, yes, DESK_CONSENT_BY_KEY)));
}

static void who_said_no_is_not_called(void **state)
{
    (void)state;
    say(DESK_CONSENT_CALLS, false);
    book(DANA, COMING);
    work_at(DUE);
    came_to("not_allowed", 0, 1);
    /* yes is newer */
    world_close();
    begin(NULL);
    say(DESK_CONSENT_CALLS, false);
    say(DESK_CONSENT_CALLS, true);
    put(DESK_S_REMIND_CONSENT, "asked");
    book(DANA, COMING);
    work_at(DUE);
    assert_int_equal(line.asked, 1);
    /* STOP was for all */
    world_close();
    begin(NULL);
    must(DESK_TX_BEGIN(db));
    must(desk_tx_end(db, desk_text_stop(db, "tenant_1", DANA, DESK_STOP_BY_TEXT)));
    book(DANA, COMING);
    work_at(DUE);
    came_to("not_allowed", 0, 1); /* the text is stopped when it is to go: talk/text_gate.h */
    /* nobody asked them */
    world_close();
    begin(NULL);
    put(DESK_S_REMIND_CONSENT, "asked");
    book(DANA, COMING);
    work_at(DUE);
    came_to("not_allowed", 0, 1);
}

static void numbers_that_are_texted_or_nothing(void **state)
{
    (void)state;
    book("+18765550123", COMING); /* Jamaica */
    work_at(DUE);
    assert_int_equal(calls(), 0);
    assert_int_equal(line.asked, 0);
    book("+18005550123", COMING + 2 * HOUR);
    book(OWNER, COMING + 4 * HOUR);
    work_at(DUE + 4 * HOUR);
    assert_int_equal(calls(), 0);
    assert_int_equal(texts(), 0);
    /* without an account or an address that Twilio can ask: a text */
    desk_setting_override(DESK_S_PUBLIC_BASE_URL, "http://127.0.0.1:8080");
    book(DANA, COMING + 6 * HOUR);
    work_at(DUE + 6 * HOUR);
    assert_int_equal(calls(), 0);
    assert_int_equal(texts(), 1);
}

/* Due at eight in the evening in Denver; the number is in New York, where it is ten. */
static void legal_hours_are_theirs(void **state)
{
    (void)state;
    put(DESK_S_TEXT_QUIET_FROM, "0"); /* the business has none */
    put(DESK_S_TEXT_QUIET_TO, "0");
    put(DESK_S_APPOINTMENT_REMINDERS, "20");
    int64_t at = NOW - 10 * MINUTE + 31 * HOUR; /* Tuesday, 4 pm in Denver */
    book("+12125550142", at);
    work_at(at - 22 * HOUR); /* 8 pm in New York */
    assert_int_equal(line.asked, 0);
    work_at(at - 21 * HOUR - 15 * MINUTE); /* the last quarter of the day there */
    assert_int_equal(line.asked, 1);
    world_close();
    begin(NULL);
    put(DESK_S_TEXT_QUIET_FROM, "0");
    put(DESK_S_TEXT_QUIET_TO, "0");
    put(DESK_S_APPOINTMENT_REMINDERS, "20");
    book("+12125550142", at);
    work_at(at - 20 * HOUR); /* the worker was down until ten there: it waits for eight */
    assert_int_equal(calls(), 1);
    assert_int_equal(line.asked, 0);
    work_at(at - 10 * HOUR - MINUTE);
    assert_int_equal(line.asked, 0);
    work_at(at - 10 * HOUR); /* 6 am in Denver */
    assert_int_equal(line.asked, 1);
    /* the business is stricter: not before ten */
    world_close();
    begin(NULL);
    put(DESK_S_TEXT_QUIET_FROM, "18");
    put(DESK_S_TEXT_QUIET_TO, "10");
    put(DESK_S_APPOINTMENT_REMINDERS, "20");
    book("+12125550142", at);
    work_at(at - 20 * HOUR);
    work_at(at - 8 * HOUR - MINUTE);
    assert_int_equal(line.asked, 0);
    work_at(at - 8 * HOUR);
    assert_int_equal(line.asked, 1);
}

/* It stays night there until the visit: a text, which its own gate keeps. */
static void no_hour_left_to_call(void **state)
{
    (void)state;
    put(DESK_S_APPOINTMENT_REMINDERS, "1");
    int64_t at = NOW - 10 * MINUTE + 23 * HOUR + 30 * MINUTE; /* Tuesday, 8:30 am */
    book(DANA, at);
    work_at(at - 11 * HOUR); /* half past nine in the evening: it was due at 8:45 pm */
    came_to("not_allowed", 0, 1);
}

static void no_more_than_so_many_a_day(void **state)
{
    (void)state;
    put(DESK_S_REMIND_CALLS_A_DAY, "2");
    for (int i = 0; i < 3; i++)
        book(DANA, COMING + i * 2 * HOUR);
    for (int i = 0; i < 3; i++) {
        work_at(DUE + i * 2 * HOUR);
        if (i < 2)
            heard(DESK_BY_HUMAN, "completed");
    }
    came_to("not_allowed", 2, 1);
    book(DANA, COMING + 24 * HOUR); /* the next day */
    work_at(DUE + 24 * HOUR + MINUTE);
    assert_int_equal(line.asked, 3);
}

static void what_does_not_stand_is_not_told(void **state)
{
    (void)state;
    line.end[0] = DESK_END_AGAIN;
    book(DANA, COMING);
    work_at(DUE);
    const struct desk_calendar_place place = {.db = db,
                                              .arena = arena,
                                              .tenant_id = "tenant_1",
                                              .location_id = "loc_1",
                                              .business = &business,
                                              .now = DUE};
    const struct desk_appointment from = booked.row;
    must(DESK_TX_BEGIN(db));
    must(desk_tx_end(db, desk_calendar_own.cancel(&place, &from, &booked)));
    work_at(DUE + MINUTE);
    came_to("not_needed", 1, 0);
}

/* ---- which way ------------------------------------------------------------------------------- */

static void by_both(void **state)
{
    (void)state;
    put(DESK_S_REMIND_BY, "both");
    book(DANA, COMING);
    work_at(DUE);
    assert_int_equal(texts(), 1);
    heard(NULL, "no-answer");
    work_at(DUE + MINUTE);
    work_at(DUE + 40 * MINUTE);
    heard(NULL, "busy");
    work_at(DUE + 41 * MINUTE);
    came_to("busy", 2, 1); /* it was texted already */
}

static void the_profile_says_another_way(void **state)
{
    (void)state;
    static const struct {
        const char *profile;
        size_t calls, texts;
    } rows[] = {
        {PROFILE(",\"reminders\":{\"by\":\"text\"}"), 0, 1},
        {PROFILE(",\"reminders\":{\"by\":\"off\"}"), 0, 0},
        {PROFILE(",\"reminders\":{\"by\":\"both\"}"), 1, 1},
        {PROFILE(""), 1, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        world_close();
        open_with(rows[i].profile);
        book(DANA, COMING);
        work_at(DUE);
        if (calls() != rows[i].calls || texts() != rows[i].texts)
            fail_msg("row %zu: %zu calls, %zu texts", i, calls(), texts());
        /* another way from now on: nobody is reminded twice */
        put(DESK_S_REMIND_BY, i == 3 ? "text" : "call");
        work_at(DUE + MINUTE);
        if (calls() != rows[i].calls || texts() != rows[i].texts)
            fail_msg("row %zu: then %zu calls, %zu texts", i, calls(), texts());
    }
}

static void remember(const char *number, const char *const v[DESK_FACT__MAX])
{
    struct desk_contact c;
    must(DESK_TX_BEGIN(db));
    enum desk_rc rc = desk_contact_ensure(db, arena, "tenant_1", number, &c);
    assert_true(rc == DESK_OK || rc == DESK_DONE);
    must(desk_contact_set(db, arena, "tenant_1", c.id, v, DESK_FROM_OWNER, NULL));
    must(desk_tx_end(db, DESK_OK));
}

static void who_prefers_texts_is_texted(void **state)
{
    (void)state;
    remember(DANA, (const char *const[DESK_FACT__MAX]){[DESK_FACT_PREFERRED] = "text"});
    book(DANA, COMING);
    work_at(DUE);
    assert_int_equal(calls(), 0);
    assert_int_equal(texts(), 1);
}

/* ---- rules ----------------------------------------------------------------------------------- */

static void ends(void **state)
{
    (void)state;
    static const struct {
        struct desk_dial_facts f;
        const char *end;
        enum desk_dial_then first, second;
    } rows[] = {
        {{"completed", "human", true, false}, "talked", DESK_DIAL_OVER, DESK_DIAL_OVER},
        {{"completed", "message", true, false}, "message_left", DESK_DIAL_OVER, DESK_DIAL_OVER},
        {{"completed", "machine", true, false}, "machine", DESK_DIAL_TEXT, DESK_DIAL_TEXT},
        {{"completed", "unknown", true, false}, "hung_up", DESK_DIAL_TEXT, DESK_DIAL_TEXT},
        {{"completed", NULL, false, false}, "no_answer", DESK_DIAL_AGAIN, DESK_DIAL_TEXT},
        {{"busy", NULL, false, false}, "busy", DESK_DIAL_AGAIN, DESK_DIAL_TEXT},
        {{"failed", NULL, false, false}, "failed", DESK_DIAL_AGAIN, DESK_DIAL_TEXT},
        {{"canceled", NULL, false, false}, "not_needed", DESK_DIAL_OVER, DESK_DIAL_OVER},
        {{"strange", NULL, false, false}, "no_answer", DESK_DIAL_AGAIN, DESK_DIAL_TEXT},
        {{NULL, "human", true, false}, "talked", DESK_DIAL_OVER, DESK_DIAL_OVER},
        {{NULL, NULL, false, false}, "unknown", DESK_DIAL_TEXT, DESK_DIAL_TEXT},
        {{NULL, NULL, false, true}, "not_allowed", DESK_DIAL_TEXT, DESK_DIAL_TEXT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum desk_dial_end e = desk_dial_end_of(&rows[i].f);
        assert_string_equal(desk_dial_end_name(e), rows[i].end);
        assert_int_equal(desk_dial_then(e, 1, true), rows[i].first);
        assert_int_equal(desk_dial_then(e, 2, true), rows[i].second);
        assert_true(desk_dial_then(e, 1, false) != DESK_DIAL_AGAIN);
    }
}

static void days_that_return(void **state)
{
    (void)state;
    assert_true(desk_day_returns("1980-05-14", 2026, 5, 14));
    assert_true(desk_day_returns("--05-14", 2026, 5, 14));
    assert_false(desk_day_returns("--05-14", 2026, 5, 15));
    assert_true(desk_day_returns("1984-02-29", 2028, 2, 29));
    assert_false(desk_day_returns("1984-02-29", 2028, 2, 28));
    assert_true(desk_day_returns("1984-02-29", 2026, 2, 28));
    assert_true(desk_day_returns("--02-29", 2100, 2, 28)); /* no leap year */
    static const char *const none[] = {NULL, "", "May", "05", "x-y-zz-qq"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(desk_day_returns(none[i], 2026, 5, 14));
}

/* ---- birthdays ------------------------------------------------------------------------------- */

#define BO "+12125550142"

static void vip(const char *number, const char *birthday, const char *anniversary)
{
    remember(number, (const char *const[DESK_FACT__MAX]){[DESK_FACT_NAME] = "Bo",
                                                         [DESK_FACT_STANDING] = "vip",
                                                         [DESK_FACT_BIRTHDAY] = birthday,
                                                         [DESK_FACT_ANNIVERSARY] = anniversary});
}

static size_t greeted_at(int64_t now)
{
    desk_clock_fake(now);
    for (int i = 0; i < 3; i++)
        must(job_occasions(db));
    return texts();
}

static void greetings_to_those_who_agreed(void **state)
{
    (void)state;
    vip(BO, "1980-10-13", "--10-14");
    vip(DANA, "1980-10-13", NULL);
    put(DESK_S_VIP_GREETINGS, "text");
    int64_t midnight = NOW - 70 * MINUTE - 10 * HOUR + 24 * HOUR; /* of the 13th in New York */
    assert_int_equal(greeted_at(midnight + 12 * HOUR), 0);
    must(DESK_TX_BEGIN(db));
    must(desk_consent_set(db, "tenant_1", BO, DESK_CONSENT_GREETINGS, true, DESK_CONSENT_BY_OWNER));
    must(desk_tx_end(db, DESK_OK));
    assert_int_equal(greeted_at(midnight + 8 * HOUR - 1), 0);
    assert_int_equal(greeted_at(midnight + 8 * HOUR), 1);
    assert_non_null(strstr(last_text, "Bo, happy birthday"));
    assert_non_null(strstr(last_text, "\"to\":\"" BO "\""));
    assert_int_equal(greeted_at(midnight + 20 * HOUR), 1);
    assert_int_equal(greeted_at(midnight + 33 * HOUR), 2);
    assert_non_null(strstr(last_text, "Bo, happy anniversary"));
    assert_int_equal(greeted_at(midnight + 365 * 24 * HOUR + 10 * HOUR), 3); /* the next year */
    put(DESK_S_VIP_GREETINGS, "off");
    assert_int_equal(greeted_at(midnight + 730 * 24 * HOUR + 10 * HOUR), 3);
}

static void the_owner_greets_them(void **state)
{
    (void)state;
    vip(BO, "1980-10-13", NULL);
    put(DESK_S_VIP_GREETINGS, "owner");
    int64_t midnight = NOW - 70 * MINUTE - 10 * HOUR + 24 * HOUR;
    assert_int_equal(greeted_at(midnight + 9 * HOUR), 0); /* seven in Denver */
    assert_int_equal(greeted_at(midnight + 11 * HOUR), 1);
    assert_non_null(strstr(last_text, "Today is the birthday of Bo ((212) 555-0142)"));
    assert_non_null(strstr(last_text, "\"to\":\"" OWNER "\""));
    put(DESK_S_VIP_GREETINGS, "text"); /* the same day, another way: it was told */
    must(DESK_TX_BEGIN(db));
    must(desk_consent_set(db, "tenant_1", BO, DESK_CONSENT_GREETINGS, true, DESK_CONSENT_BY_OWNER));
    must(desk_tx_end(db, DESK_OK));
    assert_int_equal(greeted_at(midnight + 12 * HOUR), 1);
    /* who wants none is not spoken of */
    must(DESK_TX_BEGIN(db));
    must(
        desk_consent_set(db, "tenant_1", BO, DESK_CONSENT_GREETINGS, false, DESK_CONSENT_BY_OWNER));
    must(desk_tx_end(db, DESK_OK));
    put(DESK_S_VIP_GREETINGS, "owner");
    assert_int_equal(greeted_at(midnight + 365 * 24 * HOUR + 12 * HOUR), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(dialled_once_as_twilio_wants),
        TEST(busy_is_tried_once_more_then_a_text),
        TEST(no_second_try_too_late),
        TEST(machines),
        TEST(an_unclear_answer_is_never_dialled_again),
        TEST(a_killed_try_is_never_dialled_again),
        TEST(what_twilio_refuses_is_a_text),
        TEST(a_wait_and_a_lost_report),
        TEST(who_said_no_is_not_called),
        TEST(numbers_that_are_texted_or_nothing),
        TEST(legal_hours_are_theirs),
        TEST(no_hour_left_to_call),
        TEST(no_more_than_so_many_a_day),
        TEST(what_does_not_stand_is_not_told),
        TEST(by_both),
        TEST(the_profile_says_another_way),
        TEST(who_prefers_texts_is_texted),
        cmocka_unit_test(ends),
        cmocka_unit_test(days_that_return),
        TEST(greetings_to_those_who_agreed),
        TEST(the_owner_greets_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
