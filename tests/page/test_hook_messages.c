/* A recorded message from its three reports, in every order and each twice: one message, one
 * recording, one row of everything that follows; its words, the owner's text, what is fetched. */
#include "tests/page/hook_world.h"
#include "base/clock.h"
#include "store/alerts.h"
#include "store/outbox.h"
#include "store/recordings.h"

#define ACCOUNT "AC0123456789abcdef0123456789abcdef"

#define ASK(uri, sid, ...) hook_ask(uri, CALL_FIELDS(sid, CALLER, TEST_TO, ##__VA_ARGS__))

struct left {
    const char *sid, *recording;
};

static struct left ring(void)
{
    static unsigned n;
    struct left l = {desk_arena_fmt(look, "CA0e55a9e%025x", ++n),
                     desk_arena_fmt(look, "RE0e55a9e%025x", n)};
    ASK("/voice/incoming", l.sid);
    ASK("/voice/voicemail", l.sid);
    return l;
}

static void done(const struct left *l)
{
    ASK("/voice/voicemail-done", l->sid, "RecordingUrl",
        desk_arena_fmt(look, "https://api.twilio.com/x/Recordings/%s", l->recording),
        "RecordingDuration", "12", "Digits", "hangup");
}

static void report(const struct left *l)
{
    ASK("/voice/recording-status", l->sid, "RecordingSid", l->recording, "RecordingStatus",
        "completed", "RecordingDuration", "12");
}

static void words(const struct left *l)
{
    ASK("/voice/transcription", l->sid, "RecordingSid", l->recording, "TranscriptionStatus",
        "completed", "TranscriptionText", "Please ring me about the invoice.");
}

static void no_words(const struct left *l)
{
    ASK("/voice/transcription", l->sid, "RecordingSid", l->recording, "TranscriptionStatus",
        "failed");
}

static struct desk_message message_of(const struct left *l)
{
    struct desk_message *m;
    struct desk_call c = call_of(l->sid);
    size_t n;
    assert_int_equal(desk_message_by_call(admin_db, look, c.tenant_id, c.id, &m, &n), DESK_OK);
    assert_int_equal(n, 1);
    assert_string_equal(m->recording_sid, l->recording);
    return *m;
}

static size_t rows_of(const struct left *l, const char *kind, struct desk_outbox *last)
{
    struct desk_outbox *rows;
    struct desk_call c = call_of(l->sid);
    size_t n, hits = 0;
    assert_int_equal(desk_outbox_by_call(admin_db, look, c.tenant_id, c.id, &rows, &n), DESK_OK);
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].kind, kind) == 0) {
            hits++;
            *last = rows[i];
        }
    return hits;
}

static void in_any_order_and_twice(void **state)
{
    (void)state;
    void (*const reports[])(const struct left *) = {done, report, words};
    static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                    {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (size_t o = 0; o < 6; o++) {
        struct left l = ring();
        struct desk_outbox row;
        for (int i = 0; i < 3; i++) {
            reports[orders[o][i]](&l);
            reports[orders[o][i]](&l);
        }
        struct desk_message m = message_of(&l);
        assert_int_equal(m.seconds, 12);
        assert_string_equal(m.text, "Please ring me about the invoice.");
        assert_string_equal(m.words_by, DESK_WORDS_TWILIO);
        struct desk_recording r;
        assert_int_equal(desk_recording_by_sid(admin_db, look, m.tenant_id, l.recording, &r),
                         DESK_OK);
        assert_int_equal(r.ms, 12000);
        assert_string_equal(r.kind, DESK_REC_MESSAGE);
        assert_int_equal(rows_of(&l, DESK_OUTBOX_FETCH, &row), 1);
        assert_has(row.payload, l.recording);
        assert_true(row.next_at <= desk_now_ms()); /* Twilio said that it is ready */
        assert_int_equal(rows_of(&l, DESK_OUTBOX_OWNER_TEXT, &row), 1);
        assert_has(row.payload, TEST_OWNER);
        assert_has(row.payload, m.id);
        assert_true(row.next_at <= desk_now_ms()); /* its words are there */
        assert_int_equal(rows_of(&l, DESK_OUTBOX_SMS, &row), 1);
        assert_int_equal(events_of(l.sid, "message_left"), 1);
        assert_int_equal(events_of(l.sid, "message_written"), 1);
    }
}

static void the_first_words_stand(void **state)
{
    (void)state;
    struct left l = ring();
    done(&l);
    no_words(&l);
    assert_null(message_of(&l).text);
    assert_has(message_of(&l).no_words, "could not");
    words(&l);
    assert_string_equal(message_of(&l).text, "Please ring me about the invoice.");
    assert_null(message_of(&l).no_words);
    ASK("/voice/transcription", l.sid, "RecordingSid", l.recording, "TranscriptionStatus",
        "completed", "TranscriptionText", "Something else.");
    no_words(&l);
    assert_string_equal(message_of(&l).text, "Please ring me about the invoice.");
    assert_null(message_of(&l).no_words);
    /* sealed: the words are not in the file */
    char path[128], line[65536];
    snprintf(path, sizeof path, "%s/frontdesk.db-wal", test_dir);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    for (size_t n; (n = fread(line, 1, sizeof line, f)) > 0;)
        assert_null(memmem(line, n, "about the invoice", 17));
    fclose(f);
}

static void the_owner_is_told_when_there_is_something_to_tell(void **state)
{
    (void)state;
    struct desk_outbox row;
    struct left l = ring();
    done(&l); /* nobody will write it down: at once, and the fetch waits for Twilio's word */
    assert_int_equal(rows_of(&l, DESK_OUTBOX_OWNER_TEXT, &row), 1);
    assert_true(row.next_at <= desk_now_ms());
    assert_int_equal(rows_of(&l, DESK_OUTBOX_FETCH, &row), 1);
    assert_true(row.next_at > desk_now_ms() + 10000);
    desk_setting_override(DESK_S_TWILIO_TRANSCRIBE, "true");
    l = ring();
    done(&l); /* its words may come: a while is waited */
    assert_int_equal(rows_of(&l, DESK_OUTBOX_OWNER_TEXT, &row), 1);
    assert_true(row.next_at > desk_now_ms() + 60000);
    words(&l);
    assert_int_equal(rows_of(&l, DESK_OUTBOX_OWNER_TEXT, &row), 1);
    assert_true(row.next_at <= desk_now_ms());
    desk_setting_override(DESK_S_TWILIO_TRANSCRIBE, "false");
    desk_setting_override(DESK_S_TEXT_OWNER_MESSAGE, "false");
    desk_setting_override(DESK_S_FETCH_RECORDINGS, "false");
    l = ring();
    done(&l);
    assert_int_equal(rows_of(&l, DESK_OUTBOX_OWNER_TEXT, &row), 0);
    assert_int_equal(rows_of(&l, DESK_OUTBOX_FETCH, &row), 0);
    desk_setting_override(DESK_S_TEXT_OWNER_MESSAGE, "true");
    desk_setting_override(DESK_S_FETCH_RECORDINGS, "true");
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, ""); /* for practice: the dashboard only */
    l = ring();
    done(&l);
    assert_int_equal(rows_of(&l, DESK_OUTBOX_OWNER_TEXT, &row), 0);
    assert_int_equal(rows_of(&l, DESK_OUTBOX_FETCH, &row), 0);
    assert_non_null(message_of(&l).id);
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, ACCOUNT);
}

static void twilio_is_asked_to_write_only_if_wanted(void **state)
{
    (void)state;
    struct left l = ring();
    assert_has_not(ASK("/voice/voicemail", l.sid).body, "transcribe");
    desk_setting_override(DESK_S_TWILIO_TRANSCRIBE, "true");
    struct answer a = ASK("/voice/voicemail", l.sid);
    assert_has(a.body, "transcribe=\"true\"");
    assert_has(a.body, "transcribeCallback=\"" TEST_BASE "/voice/transcription\"");
    assert_has(a.body, "maxLength=\"119\"");
    desk_setting_override(DESK_S_TWILIO_TRANSCRIBE, "false");
}

static void an_emergency_in_a_message_is_told_at_once(void **state)
{
    (void)state;
    struct left l = ring();
    struct desk_alert *alerts;
    size_t n;
    done(&l);
    ASK("/voice/transcription", l.sid, "RecordingSid", l.recording, "TranscriptionStatus",
        "completed", "TranscriptionText", "help there is a burst pipe and water everywhere");
    struct desk_call c = call_of(l.sid);
    assert_int_equal(desk_alert_by_call(admin_db, look, c.tenant_id, c.id, &alerts, &n), DESK_OK);
    assert_int_equal(n, 1);
    /* words that nobody recorded, too */
    l = ring();
    ASK("/voice/message-said", l.sid, "SpeechResult",
        "this is an emergency, the burst pipe is flooding the house");
    c = call_of(l.sid);
    assert_int_equal(desk_alert_by_call(admin_db, look, c.tenant_id, c.id, &alerts, &n), DESK_OK);
    assert_int_equal(n, 1);
}

static int begin(void **state)
{
    (void)state;
    int rc = test_begin(DESK_ZONE_HOOK);
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, ACCOUNT);
    return rc;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_any_order_and_twice),
        cmocka_unit_test(the_first_words_stand),
        cmocka_unit_test(the_owner_is_told_when_there_is_something_to_tell),
        cmocka_unit_test(twilio_is_asked_to_write_only_if_wanted),
        cmocka_unit_test(an_emergency_in_a_message_is_told_at_once),
    };
    return cmocka_run_group_tests_name("hook, messages", tests, begin, hook_finish);
}
