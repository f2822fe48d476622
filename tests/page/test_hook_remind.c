/* A reminder's call, webhook by webhook: each twice and in any order, by a person, a machine,
 * nobody; of another try, of another call of Twilio's; bad input. */
#include "tests/page/hook_world.h"
#include "base/clock.h"
#include "store/appointments.h"
#include "store/consents.h"
#include "store/out_calls.h"
#include "store/outbox.h"
#include "store/promises.h"
#include "store/settings.h"
#include "talk/business.h"
#include "talk/remind_call.h"

#define HOUR (3600LL * 1000)

struct asked {
    struct desk_out_call c;
    const char *sid;
};

static struct desk_number number;
static struct desk_business business;

/* An appointment in 24 hours for that service, and its call asked for. */
static struct asked asked_for(const char *service)
{
    static int n;
    struct desk_out_call *rows;
    size_t count;
    const char *why;
    int64_t now = desk_now_ms(), start = now + 24 * HOUR;
    struct desk_appointment row = {.id = desk_arena_fmt(look, "ap%d", ++n),
                                   .service = service,
                                   .service_name = "drain cleaning",
                                   .resource = desk_arena_fmt(look, "r%d", n),
                                   .status = "booked",
                                   .start_at = start,
                                   .end_at = start + HOUR,
                                   .busy_until = start + HOUR,
                                   .name = "Dana",
                                   .number = CALLER,
                                   .source = "owner",
                                   .created_at = now,
                                   .updated_at = now};
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC0123456789abcdef0123456789abcdef");
    assert_int_equal(desk_number_find(admin_db, look, TEST_TO, &number), DESK_OK);
    row.tenant_id = number.tenant_id;
    row.location_id = number.location_id;
    assert_int_equal(
        desk_business_load(admin_db, look, number.tenant_id, number.location_id, &business),
        DESK_OK);
    const struct desk_calendar_place place = {.db = admin_db,
                                              .arena = look,
                                              .tenant_id = number.tenant_id,
                                              .location_id = number.location_id,
                                              .business = &business,
                                              .now = now};
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_appointment_insert(admin_db, &row), DESK_OK);
    const struct desk_remind remind = {.row = &row, .key = row.id, .or_text = true};
    assert_int_equal(desk_remind_call(&place, &remind, &why), DESK_OK);
    assert_null(why);
    assert_int_equal(desk_remind_call(&place, &remind, &why), DESK_DONE); /* twice */
    assert_int_equal(desk_tx_end(admin_db, DESK_OK), DESK_OK);
    assert_int_equal(desk_out_call_list(admin_db, look, number.tenant_id, 200, &rows, &count),
                     DESK_OK);
    for (size_t i = 0; i < count; i++)
        if (strcmp(rows[i].appointment_id, row.id) == 0)
            return (struct asked){rows[i], new_sid()};
    fail_msg("no call was asked for");
    return (struct asked){.sid = NULL};
}

/* One whose service the business does not list (any more). */
static struct asked asked(void)
{
    return asked_for("drain");
}

static struct answer say(const char *path, const struct asked *o, const char *name,
                         const char *value)
{
    const char *uri =
        desk_arena_fmt(look, "%s%cid=%s&t=1", path, strchr(path, '?') ? '&' : '?', o->c.id);
    return hook_ask(uri, CALL_FIELDS(o->sid, TEST_TO, CALLER, name, value));
}

static void report(const char *path, const struct asked *o, const char *name, const char *value)
{
    const char *uri = desk_arena_fmt(look, "%s?id=%s&t=1", path, o->c.id);
    for (int i = 0; i < 2; i++)
        assert_int_equal(
            hook_ask(uri, (const char *const[]){"CallSid", o->sid, name, value, NULL}).status, 204);
}

static struct desk_out_call row_of(const struct asked *o)
{
    struct desk_out_call c;
    assert_int_equal(desk_out_call_by_id(admin_db, look, o->c.id, &c), DESK_OK);
    return c;
}

static const char *outbox_state(const struct asked *o)
{
    struct desk_outbox row;
    assert_int_equal(desk_outbox_by_cause(admin_db, look, o->c.tenant_id,
                                          desk_out_call_cause(look, &o->c), &row),
                     DESK_OK);
    return row.state;
}

static struct desk_appointment visit_of(const struct asked *o)
{
    struct desk_appointment row;
    assert_int_equal(
        desk_appointment_get(admin_db, look, o->c.tenant_id, o->c.appointment_id, &row), DESK_OK);
    return row;
}

static bool said(const struct asked *o, const char *what)
{
    struct desk_appointment row = visit_of(o);
    assert_true(!row.answer || strcmp(row.answer_by, DESK_ANSWER_BY_CALL) == 0);
    return row.answer && strcmp(row.answer, what) == 0;
}

static bool refuses(void)
{
    bool no;
    assert_int_equal(
        desk_consent_is(admin_db, number.tenant_id, CALLER, DESK_CONSENT_CALLS, false, &no),
        DESK_OK);
    return no;
}

static size_t callbacks_of(const char *sid)
{
    struct desk_callback *cb;
    size_t n;
    struct desk_call c = call_of(sid);
    assert_int_equal(desk_callback_by_call(admin_db, look, c.tenant_id, c.id, &cb, &n), DESK_OK);
    return n;
}

/* ---- a person -------------------------------------------------------------------------------- */

static void a_person_hears_it_and_confirms(void **state)
{
    (void)state;
    struct asked o = asked();
    for (int i = 0; i < 2; i++) {
        struct answer a = say("/voice/reminder", &o, "Digits", "");
        assert_has(a.body, "Hello, this is Harwick Plumbing");
        assert_has_not(a.body, "drain"); /* nobody knows yet who listens */
        assert_has_not(a.body, "Dana");
        assert_has(a.body, "actionOnEmptyResult=\"true\"");
        assert_has(a.body, desk_arena_fmt(look, "/voice/reminder?id=%s&amp;t=1&amp;n=1", o.c.id));
    }
    /* although the answer to our request never came */
    assert_string_equal(outbox_state(&o), DESK_OUTBOX_SENT);
    assert_string_equal(row_of(&o).call_sid, o.sid);
    struct desk_call c = call_of(o.sid);
    assert_string_equal(c.direction, "outbound");
    assert_string_equal(c.from_number, CALLER);
    assert_string_equal(c.script, "appointment_reminder");
    assert_has(say("/voice/reminder?n=1", &o, "Digits", "").body, "Press any key");
    report("/voice/reminder-machine", &o, "AnsweredBy", "human");
    struct answer a = say("/voice/reminder?n=2", &o, "Digits", "");
    assert_has(a.body, "reminder of an appointment for Dana at Harwick Plumbing: drain cleaning, ");
    assert_has(a.body, "Press 1 if you will be there, 2 to change or cancel it");
    assert_has(a.body, "or 9 if you do not want such calls");
    assert_has(a.body, "numDigits=\"1\"");
    /* nothing, 3, another key: again, not for ever */
    assert_has(say("/voice/reminder-key", &o, "Digits", "").body, "Press 1 if you");
    assert_has(say("/voice/reminder-key?n=1", &o, "Digits", "3").body, "Press 1 if you");
    assert_has_not(say("/voice/reminder-key?n=2", &o, "Digits", "7").body, "Press 1 if you");
    assert_false(said(&o, DESK_ANSWER_COMING));
    for (int i = 0; i < 2; i++)
        assert_has(say("/voice/reminder-key", &o, "Digits", "1").body, "it is confirmed");
    assert_true(said(&o, DESK_ANSWER_COMING));
    assert_int_equal(events_of(o.sid, "appointment_confirmed"), 1);
    report("/voice/reminder-status", &o, "CallStatus", "completed");
    report("/voice/reminder-status", &o, "CallStatus", "busy"); /* a late other word */
    assert_string_equal(row_of(&o).ended, "completed");
    assert_string_equal(row_of(&o).answered_by, DESK_BY_HUMAN);
    assert_string_equal(outbox_state(&o), DESK_OUTBOX_DELIVERED);
    assert_string_equal(call_of(o.sid).outcome, DESK_OUT_ANSWERED);
    assert_int_equal(callbacks_of(o.sid), 0);
}

/* A key is proof of a person, before Twilio says anything and whatever it says. */
static void a_key_tells_of_a_person(void **state)
{
    (void)state;
    struct asked o = asked();
    say("/voice/reminder", &o, "Digits", "");
    report("/voice/reminder-machine", &o, "AnsweredBy", "unknown");
    assert_has(say("/voice/reminder?n=1", &o, "Digits", "").body, "Press any key");
    assert_has(say("/voice/reminder?n=2", &o, "Digits", "5").body, "Press 1 if you");
    report("/voice/reminder-machine", &o, "AnsweredBy", "machine_end_other");
    assert_string_equal(row_of(&o).answered_by, DESK_BY_HUMAN);
}

static void to_change_it_is_to_be_put_through(void **state)
{
    (void)state;
    struct asked o = asked();
    say("/voice/reminder", &o, "Digits", "");
    for (int i = 0; i < 2; i++) {
        struct answer a = say("/voice/reminder-key", &o, "Digits", "2");
        assert_has(a.body, "<Dial");
        assert_has(a.body, TEST_OWNER);
        assert_has(a.body, "callerId=\"" TEST_TO "\""); /* theirs could not be shown */
    }
    assert_true(said(&o, DESK_ANSWER_CHANGE));
    assert_int_equal(callbacks_of(o.sid), 1); /* promised, should nobody answer */
    hook_page("/voice/dial-done",
              CALL_FIELDS(o.sid, TEST_TO, CALLER, "DialCallStatus", "no-answer"));
    assert_int_equal(callbacks_of(o.sid), 1);
    struct desk_callback *cb;
    size_t n;
    struct desk_call c = call_of(o.sid);
    assert_int_equal(desk_callback_by_call(admin_db, look, c.tenant_id, c.id, &cb, &n), DESK_OK);
    assert_string_equal(cb->number, CALLER);
    assert_has(cb->reason, "Wants to change or cancel the appointment on ");
    assert_string_equal(cb->state, "open");
    /* and one that is put through is done with */
    hook_page("/voice/dial-done",
              CALL_FIELDS(o.sid, TEST_TO, CALLER, "DialCallStatus", "completed"));
    assert_int_equal(desk_callback_by_call(admin_db, look, c.tenant_id, c.id, &cb, &n), DESK_OK);
    assert_string_equal(cb->state, "done");
}

static void hours(const char *json)
{
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_tx_end(admin_db, desk_location_hours(admin_db, number.tenant_id,
                                                               number.location_id, json)),
                     DESK_OK);
}

/* Nobody is there: they are called back. */
static void to_change_it_while_we_are_closed(void **state)
{
    (void)state;
    struct asked o = asked();
    char day[2][16];
    for (int i = 0; i < 2; i++) { /* midnight may be near */
        struct desk_local_time t;
        desk_tz_local(desk_tz_load("America/New_York"), desk_now_ms() + i * 24 * HOUR, &t);
        snprintf(day[i], sizeof day[i], "%04d-%02d-%02d", t.year, t.month, t.day);
    }
    hours(desk_arena_fmt(look, "{\"closures\": [\"%s\", \"%s\"]}", day[0], day[1]));
    say("/voice/reminder", &o, "Digits", "");
    struct answer a = say("/voice/reminder-key", &o, "Digits", "2");
    hours("{}");
    assert_has_not(a.body, "<Dial");
    assert_has(a.body, "Somebody will call you back");
    assert_int_equal(callbacks_of(o.sid), 1);
}

/* ---- cancelled and moved by keys ------------------------------------------------------------- */

static const char *promise_of(const struct asked *o)
{
    struct desk_callback *cb;
    size_t n;
    struct desk_call c = call_of(o->sid);
    assert_int_equal(desk_callback_by_call(admin_db, look, c.tenant_id, c.id, &cb, &n), DESK_OK);
    assert_int_equal(n, 1);
    return cb[0].state;
}

/* Reminded, key 2: what is asked, and a call back should they hang up now. */
static struct asked wants_change(void)
{
    struct asked o = asked_for("drain_cleaning");
    say("/voice/reminder", &o, "Digits", "");
    struct answer a = say("/voice/reminder-key", &o, "Digits", "2");
    assert_has(a.body, "To cancel the appointment, press 1. For another time, press 2. To talk to "
                       "somebody, press 3.");
    assert_has(a.body, "/voice/reminder-change?id=");
    assert_true(said(&o, DESK_ANSWER_CHANGE));
    assert_string_equal(promise_of(&o), "open");
    return o;
}

static void cancelled_by_keys(void **state)
{
    (void)state;
    struct asked o = wants_change();
    struct answer a = say("/voice/reminder-change?w=menu", &o, "Digits", "1");
    assert_has(a.body, "To cancel the appointment on ");
    assert_string_equal(visit_of(&o).status, DESK_APPT_BOOKED); /* not yet */
    for (int i = 0; i < 2; i++)
        assert_has(say("/voice/reminder-change?w=sure", &o, "Digits", "1").body, "It is cancelled");
    assert_string_equal(visit_of(&o).status, DESK_APPT_CANCELLED);
    assert_string_equal(promise_of(&o), "dropped");
    assert_int_equal(events_of(o.sid, "visit_off"), 1);
    report("/voice/reminder-status", &o, "CallStatus", "completed");
    assert_string_equal(call_of(o.sid).outcome, DESK_OUT_CANCELLED);
    /* whatever is pressed late: it hears how it is */
    assert_has(say("/voice/reminder-key", &o, "Digits", "1").body, "It is cancelled");
    assert_has(say("/voice/reminder-change?w=menu", &o, "Digits", "2").body, "It is cancelled");
}

static void kept_after_all(void **state)
{
    (void)state;
    struct asked o = wants_change();
    assert_has(say("/voice/reminder-change?w=sure", &o, "Digits", "2").body, "It stands as it was");
    assert_true(said(&o, DESK_ANSWER_COMING));
    assert_string_equal(visit_of(&o).status, DESK_APPT_BOOKED);
    assert_string_equal(promise_of(&o), "dropped");
}

/* The address that the answer's keys go to, as it would be asked for. */
static const char *action_of(struct answer a)
{
    const char *p = strstr(a.body, "/voice/reminder-change?");
    assert_non_null(p);
    char *uri = desk_arena_strndup(look, p, strcspn(p, "\""));
    for (char *amp = uri; (amp = strstr(amp, "&amp;")); amp++)
        memmove(amp + 1, amp + 5, strlen(amp + 5) + 1);
    return uri;
}

static struct answer press(const char *uri, const struct asked *o, const char *digits)
{
    return hook_ask(uri, CALL_FIELDS(o->sid, TEST_TO, CALLER, "Digits", digits));
}

static void moved_by_keys(void **state)
{
    (void)state;
    struct asked o = wants_change(), other = wants_change();
    int64_t before = visit_of(&o).start_at;
    struct answer a = say("/voice/reminder-change?w=menu", &o, "Digits", "2");
    assert_has(a.body, ", press 1. For ");
    assert_has(a.body, "For none of these, press 9.");
    const char *uri = action_of(a),
               *theirs = action_of(say("/voice/reminder-change?w=menu", &other, "Digits", "2"));
    assert_has(press(uri, &o, "1").body, "It is moved to ");
    assert_string_equal(visit_of(&o).status, DESK_APPT_MOVED);
    assert_int_not_equal(visit_of(&o).start_at, before);
    assert_null(visit_of(&o).answer); /* that was of the old time */
    assert_string_equal(promise_of(&o), "dropped");
    assert_int_equal(events_of(o.sid, "visit_moved"), 1);
    assert_has(press(uri, &o, "1").body, "Your appointment is on ");
    assert_int_equal(events_of(o.sid, "visit_moved"), 1);
    /* both were offered the same time: who is second hears others */
    a = press(theirs, &other, "1");
    assert_has(a.body, "that time has just been taken. For ");
    assert_string_equal(visit_of(&other).status, DESK_APPT_BOOKED);
    assert_has(press(action_of(a), &other, "2").body, "It is moved to ");
}

/* Nothing that was not offered, and no key: somebody. */
static void what_keys_cannot_do(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"?w=menu", "3"},
        {"?w=menu", ""},
        {"?w=menu", "12"},
        {"?w=sure", ""},
        {"?w=times", "9"},
        {"?w=times", "1"},
        {"?w=times&s1=x", "1"},
        {"?w=nonsense", "1"},
        {"", "1"},
        {"?w=times&s4=abc", "4"},
        {"?w=times&s1=0123456789abcdef0123456789abcdef", "1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct asked o = wants_change();
        const char *path = desk_arena_fmt(look, "/voice/reminder-change%s", rows[i][0]);
        assert_has(say(path, &o, "Digits", rows[i][1]).body, "<Dial");
        assert_string_equal(visit_of(&o).status, DESK_APPT_BOOKED);
        assert_string_equal(promise_of(&o), "open");
    }
}

static void who_wants_no_such_calls(void **state)
{
    (void)state;
    struct asked o = asked();
    say("/voice/reminder", &o, "Digits", "");
    assert_false(refuses());
    for (int i = 0; i < 2; i++)
        assert_has(say("/voice/reminder-key", &o, "Digits", "9").body, "not be called");
    assert_true(refuses());
    assert_int_equal(events_of(o.sid, "calls_refused"), 1);
}

/* ---- machines -------------------------------------------------------------------------------- */

static void put(enum desk_setting_id id, const char *value)
{
    char why[200];
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_tx_end(admin_db, desk_tenant_setting_put(admin_db, number.tenant_id, id,
                                                                   value, why, sizeof why)),
                     DESK_OK);
}

static void a_machine_gets_no_detail(void **state)
{
    (void)state;
    static const char *const words[] = {"machine_end_beep", "machine_end_silence",
                                        "machine_end_other", "machine_start"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct asked o = asked();
        report("/voice/reminder-machine", &o, "AnsweredBy", words[i]); /* before the page */
        assert_string_equal(row_of(&o).answered_by, DESK_BY_MACHINE);
        for (int k = 0; k < 2; k++) {
            struct answer a = say("/voice/reminder?n=3", &o, "Digits", "");
            assert_has(a.body, "We are calling about an appointment. Please call us back at 8 6 0");
            assert_has(a.body, "<Hangup");
            assert_has_not(a.body, "Dana");
            assert_has_not(a.body, "drain");
            assert_has_not(a.body, "<Gather");
        }
        assert_string_equal(row_of(&o).answered_by, DESK_BY_MESSAGE);
    }
    struct asked o = asked();
    put(DESK_S_REMIND_ON_MACHINE, "hang_up");
    report("/voice/reminder-machine", &o, "AnsweredBy", "machine_start");
    struct answer a = say("/voice/reminder?n=1", &o, "Digits", "");
    put(DESK_S_REMIND_ON_MACHINE, "message");
    assert_has_not(a.body, "<Say");
    assert_has(a.body, "<Hangup");
    assert_string_equal(row_of(&o).answered_by, DESK_BY_MACHINE);
    o = asked();
    report("/voice/reminder-machine", &o, "AnsweredBy", "fax");
    assert_has_not(say("/voice/reminder?n=1", &o, "Digits", "").body, "<Say");
}

/* Twilio's word never comes, or is none that we know: nobody hears what is not theirs. */
static void no_word_of_who_answered(void **state)
{
    (void)state;
    struct asked o = asked();
    report("/voice/reminder-machine", &o, "AnsweredBy", "a parrot");
    for (int n = 0; n < 12; n++) {
        struct answer a = say(desk_arena_fmt(look, "/voice/reminder?n=%d", n), &o, "Digits", "");
        assert_has(a.body, "<Gather");
        assert_has_not(a.body, "Dana");
    }
    struct answer a = say("/voice/reminder?n=12", &o, "Digits", "");
    assert_has(a.body, "Please call us back");
    assert_has_not(a.body, "Dana");
    assert_string_equal(row_of(&o).answered_by, DESK_BY_MESSAGE);
    /* told with the page itself, as without AsyncAmd */
    o = asked();
    assert_has(say("/voice/reminder", &o, "AnsweredBy", "human").body, "for Dana");
}

/* ---- what is not of this try ----------------------------------------------------------------- */

static void not_answered(void **state)
{
    (void)state;
    static const char *const words[] = {"busy", "no-answer", "failed", "canceled"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct desk_call c;
        struct asked o = asked();
        report("/voice/reminder-status", &o, "CallStatus", "ringing"); /* no end */
        assert_null(row_of(&o).ended);
        report("/voice/reminder-status", &o, "CallStatus", words[i]);
        report("/voice/reminder-status", &o, "CallStatus", "completed");
        assert_string_equal(row_of(&o).ended, words[i]);
        assert_string_equal(outbox_state(&o), DESK_OUTBOX_DELIVERED);
        assert_int_equal(desk_call_by_sid(admin_db, look, o.sid, &c), DESK_ENOTFOUND);
    }
}

/* Should Twilio have dialled twice for one try, the second is let go. */
static void one_call_for_a_try(void **state)
{
    (void)state;
    struct asked o = asked(), twin = o;
    struct desk_call c;
    say("/voice/reminder", &o, "Digits", "");
    twin.sid = new_sid();
    assert_has_not(say("/voice/reminder", &twin, "Digits", "").body, "<Gather");
    assert_has_not(say("/voice/reminder-key", &twin, "Digits", "9").body, "<Say");
    report("/voice/reminder-machine", &twin, "AnsweredBy", "fax");
    report("/voice/reminder-status", &twin, "CallStatus", "busy");
    assert_null(row_of(&o).ended);
    assert_null(row_of(&o).answered_by);
    assert_int_equal(desk_call_by_sid(admin_db, look, twin.sid, &c), DESK_ENOTFOUND);
}

/* A late webhook of a try after which another one was begun, and of one that is over. */
static void of_an_earlier_try(void **state)
{
    (void)state;
    struct asked o = asked();
    report("/voice/reminder-status", &o, "CallStatus", "busy");
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_tx_end(admin_db, desk_out_call_again(admin_db, &o.c)), DESK_OK);
    assert_has_not(say("/voice/reminder", &o, "Digits", "").body, "<Gather");
    report("/voice/reminder-machine", &o, "AnsweredBy", "human");
    report("/voice/reminder-status", &o, "CallStatus", "completed");
    struct desk_out_call c = row_of(&o);
    assert_null(c.ended);
    assert_null(c.answered_by);
    assert_null(c.call_sid);
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_tx_end(admin_db, desk_out_call_end(admin_db, &c, "busy")), DESK_OK);
    const char *uri = desk_arena_fmt(look, "/voice/reminder?id=%s&t=2", c.id);
    assert_has_not(hook_page(uri, CALL_FIELDS(new_sid(), TEST_TO, CALLER)).body, "<Gather");
}

/* Moved or cancelled while it rang. */
static void an_appointment_that_stands_no_more(void **state)
{
    (void)state;
    struct asked o = asked();
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(
        desk_tx_end(admin_db, desk_appointment_end(admin_db, number.tenant_id, o.c.appointment_id,
                                                   DESK_APPT_CANCELLED)),
        DESK_OK);
    struct answer a = say("/voice/reminder", &o, "Digits", "1");
    assert_has(a.body, "nothing to remind you of");
    assert_has_not(a.body, "<Gather");
}

static void bad_input(void **state)
{
    (void)state;
    static const char *const paths[] = {"/voice/reminder", "/voice/reminder-key",
                                        "/voice/reminder-machine", "/voice/reminder-status",
                                        "/voice/reminder-change"};
    struct asked o = asked();
    const char *queries[] = {"?id=out_nobody&t=1",
                             "?id=&t=1",
                             "",
                             "?id=..%2f&t=1",
                             "?id=%00&t=x",
                             desk_arena_fmt(look, "?id=%s", o.c.id),
                             desk_arena_fmt(look, "?id=%s&t=-1", o.c.id),
                             desk_arena_fmt(look, "?id=%s&t=99999999999999999999", o.c.id)};
    for (size_t p = 0; p < sizeof paths / sizeof *paths; p++)
        for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
            struct answer a =
                hook_ask(desk_arena_fmt(look, "%s%s", paths[p], queries[i]),
                         CALL_FIELDS(o.sid, TEST_TO, CALLER, "Digits", "9", "AnsweredBy", "human"));
            assert_has_not(a.body, "Dana");
        }
    assert_null(row_of(&o).call_sid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_hears_it_and_confirms),
        cmocka_unit_test(a_key_tells_of_a_person),
        cmocka_unit_test(to_change_it_is_to_be_put_through),
        cmocka_unit_test(to_change_it_while_we_are_closed),
        cmocka_unit_test(cancelled_by_keys),
        cmocka_unit_test(kept_after_all),
        cmocka_unit_test(moved_by_keys),
        cmocka_unit_test(what_keys_cannot_do),
        cmocka_unit_test(who_wants_no_such_calls),
        cmocka_unit_test(a_machine_gets_no_detail),
        cmocka_unit_test(no_word_of_who_answered),
        cmocka_unit_test(not_answered),
        cmocka_unit_test(one_call_for_a_try),
        cmocka_unit_test(of_an_earlier_try),
        cmocka_unit_test(an_appointment_that_stands_no_more),
        cmocka_unit_test(bad_input),
    };
    return cmocka_run_group_tests(tests, hook_begin, hook_finish);
}
