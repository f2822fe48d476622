/* What the worker does with a recorded message (worker/kinds.h): its sound fetched and checked, its
 * words written down once, the owner told; against stand-ins for Twilio and the STT server, on a
 * database opened with the worker's own rights. */
#include "worker/kinds.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/ids.h"
#include "base/log.h"
#include "store/alerts.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/conversation.h"
#include "store/open.h"
#include "store/recording_file.h"
#include "store/recordings.h"
#include "store/results.h"
#include "store/tenants.h"
#include "wire/mulaw.h"
#include "wire/wav.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOW   1795000000000LL /* 2026-11-18 */
#define OWNER "+18605550101"
#define DESK  "+18605550100"

static char dir[] = "/tmp/desk-voicemail-XXXXXX";
static struct desk_db *db, *admin; /* the worker's; for making and looking */
static struct desk_arena *look;

/* ---- the outside ----------------------------------------------------------------------------- */

static struct {
    /* told */
    const uint8_t *wav;
    size_t n, piece;
    enum desk_outbox_end end; /* of an exchange that was not stopped */
    const char *why, *text;
    /* seen */
    int fetched, erased, asked, texts;
    char sid[64], to[32], from[32], body[2000], report[200], model[64];
    uint8_t heard[200000];
    size_t heard_n;
} out;

static void ended(struct desk_outbox_result *r)
{
    r->end = out.end;
    snprintf(r->why, sizeof r->why, "%s", out.why ? out.why : "");
}

static void fake_fetch(const struct desk_twilio_account *account, const char *sid,
                       const struct desk_twilio_sink *to, struct desk_outbox_result *r)
{
    out.fetched++;
    assert_string_equal(account->sid, "AC1");
    snprintf(out.sid, sizeof out.sid, "%s", sid);
    for (size_t at = 0; at < out.n; at += out.piece)
        if (!to->data(to->ctx, (const char *)out.wav + at,
                      out.n - at < out.piece ? out.n - at : out.piece)) {
            r->end = DESK_END_UNKNOWN;
            return;
        }
    ended(r);
}

static void fake_erase(const struct desk_twilio_account *account, const char *sid,
                       struct desk_outbox_result *r)
{
    (void)account;
    out.erased++;
    snprintf(out.sid, sizeof out.sid, "%s", sid);
    ended(r);
}

static void fake_transcribe(const struct desk_stt_server *s, const uint8_t *wav, size_t n,
                            struct desk_buf *text, struct desk_outbox_result *r)
{
    out.asked++;
    snprintf(out.model, sizeof out.model, "%s", s->model);
    out.heard_n = n < sizeof out.heard ? n : sizeof out.heard;
    memcpy(out.heard, wav, out.heard_n);
    if (out.end == DESK_END_SENT)
        desk_buf_str(text, out.text);
    ended(r);
}

static void fake_message(const struct desk_twilio_account *account,
                         const struct desk_twilio_message *m, struct desk_outbox_result *r)
{
    (void)account;
    out.texts++;
    snprintf(out.to, sizeof out.to, "%s", m->to);
    snprintf(out.from, sizeof out.from, "%s", m->from);
    snprintf(out.body, sizeof out.body, "%s", m->body);
    snprintf(out.report, sizeof out.report, "%s", m->status_callback ? m->status_callback : "-");
    ended(r);
}

static enum desk_twilio_found fake_find(const struct desk_twilio_account *account,
                                        const struct desk_twilio_message *m, int64_t since,
                                        bool (*known)(void *ctx, const char *sid), void *ctx,
                                        struct desk_outbox_result *r)
{
    (void)account;
    (void)since;
    (void)known;
    (void)ctx;
    (void)r;
    out.asked++;
    return strcmp(m->body, out.body) == 0 ? DESK_TWILIO_FOUND : DESK_TWILIO_NOT_THERE;
}

static const struct desk_twilio twilio = {.message = fake_message, .find = fake_find};
static const struct desk_twilio_media media = {.fetch = fake_fetch, .erase = fake_erase};
static const struct desk_stt stt = {fake_transcribe};
static const struct outbox_services outside = {
    .twilio = &twilio, .media = &media, .stt = &stt, .telegram = NULL};

/* ---- a message ------------------------------------------------------------------------------- */

static unsigned serial;
static char call_id[40], message_id[40], recording_id[40], recording_sid[40];

static void a_message(const char *from, int64_t seconds)
{
    struct desk_contact who = {0};
    serial++;
    snprintf(call_id, sizeof call_id, "call_%u", serial);
    snprintf(message_id, sizeof message_id, "msg_%u", serial);
    snprintf(recording_id, sizeof recording_id, "rec_%u", serial);
    snprintf(recording_sid, sizeof recording_sid, "RE%032x", serial);
    memset(&out, 0, sizeof out);
    out.piece = 1000;
    out.end = DESK_END_SENT;
    assert_int_equal(DESK_TX_BEGIN(admin), DESK_OK);
    enum desk_rc rc = from ? desk_contact_called(admin, look, "ten_1", from, &who) : DESK_OK;
    struct desk_call c = {.id = call_id,
                          .tenant_id = "ten_1",
                          .location_id = "loc_1",
                          .contact_id = who.id,
                          .call_sid = call_id,
                          .direction = "inbound",
                          .caller_kind = from ? "new" : "withheld",
                          .from_number = from,
                          .to_number = DESK,
                          .mode = DESK_MODE_RECORD,
                          .status = "completed",
                          .status_rank = DESK_RANK_FINAL,
                          .outcome = DESK_OUT_MESSAGE,
                          .started_at = NOW - 60000,
                          .ended_at = NOW,
                          .updated_at = NOW};
    struct desk_message m = {.id = message_id,
                             .tenant_id = "ten_1",
                             .call_id = call_id,
                             .recording_sid = recording_sid,
                             .seconds = seconds,
                             .state = "new",
                             .created_at = NOW};
    struct desk_recording r = {.id = recording_id,
                               .tenant_id = "ten_1",
                               .call_id = call_id,
                               .kind = DESK_REC_MESSAGE,
                               .state = DESK_REC_READY,
                               .twilio_sid = recording_sid,
                               .ms = seconds * 1000,
                               .consent = DESK_CONSENT_MESSAGE,
                               .started_at = NOW};
    rc = rc ? rc : desk_call_insert(admin, &c);
    rc = rc ? rc : desk_message_insert(admin, &m);
    rc = rc ? rc : desk_recording_insert(admin, &r);
    assert_int_equal(desk_tx_end(admin, rc), DESK_OK);
}

static struct desk_message message_now(void)
{
    struct desk_message m;
    assert_int_equal(desk_message_get(admin, look, "ten_1", message_id, &m), DESK_OK);
    return m;
}

static struct desk_recording recording_now(void)
{
    struct desk_recording r;
    assert_int_equal(desk_recording_get(admin, look, "ten_1", recording_id, &r), DESK_OK);
    return r;
}

static bool has_event(const char *name)
{
    struct desk_event *v;
    size_t n, hits = 0;
    assert_int_equal(desk_event_list(admin, look, "ten_1", call_id, 100, &v, &n), DESK_OK);
    for (size_t i = 0; i < n; i++)
        hits += strcmp(v[i].name, name) == 0;
    return hits == 1;
}

/* The row of a kind that waits for this call; id NULL: none. */
static struct desk_outbox waits(const char *kind)
{
    struct desk_outbox *rows, none = {.id = NULL};
    size_t n;
    assert_int_equal(desk_outbox_by_call(admin, look, "ten_1", call_id, &rows, &n), DESK_OK);
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].kind, kind) == 0)
            return rows[i];
    return none;
}

/* One delivery, as the outbox would make it. */
static struct desk_outbox_result deliver(const char *kind, const char *payload, int64_t attempt)
{
    struct desk_outbox_result r = {.end = DESK_END__MAX};
    struct desk_arena *a = desk_arena_new(16 * 1024 * 1024);
    const struct desk_outbox row = {.id = "out_1",
                                    .tenant_id = "ten_1",
                                    .call_id = call_id,
                                    .kind = kind,
                                    .payload = payload,
                                    .attempts = attempt,
                                    .max_attempts = DESK_OUTBOX_ATTEMPTS};
    const struct outbox_work w = {.services = &outside, .db = db, .arena = a, .row = &row};
    outbox_kind_find(kind)->deliver(&w, &r);
    desk_arena_free(a);
    return r;
}

static struct desk_outbox_result fetch(int64_t attempt)
{
    return deliver(DESK_OUTBOX_FETCH, desk_arena_fmt(look, "{\"recording\":\"%s\"}", recording_sid),
                   attempt);
}

static struct desk_outbox_result write_down(int64_t attempt)
{
    return deliver(DESK_OUTBOX_WORDS, desk_arena_fmt(look, "{\"message\":\"%s\"}", message_id),
                   attempt);
}

static struct desk_outbox_result tell_owner(void)
{
    return deliver(DESK_OUTBOX_OWNER_TEXT,
                   desk_arena_fmt(look, "{\"from\":\"%s\",\"to\":\"%s\",\"message\":\"%s\"}", DESK,
                                  OWNER, message_id),
                   1);
}

/* A WAV of so many ms; each channel a tone of its own. */
static uint8_t *wav_of(unsigned channels, unsigned rate, int64_t ms, size_t *n)
{
    int64_t samples = ms * rate / 1000;
    *n = DESK_WAV_PCM_HEAD + (size_t)samples * 2 * channels;
    uint8_t *p = desk_arena_alloc(look, *n), *q = p + DESK_WAV_PCM_HEAD;
    desk_wav_pcm_head(p, channels, rate, samples);
    for (int64_t i = 0; i < samples; i++)
        for (unsigned c = 0; c < channels; c++) {
            int v = (int)(i * 8000 / rate % 40) * 200 * (c ? -1 : 1);
            *q++ = (uint8_t)(v & 0xff);
            *q++ = (uint8_t)((unsigned)v >> 8 & 0xff);
        }
    return p;
}

static void give_wav(unsigned channels, unsigned rate, int64_t ms)
{
    out.wav = wav_of(channels, rate, ms, &out.n);
}

static void set(enum desk_setting_id id, const char *value)
{
    desk_setting_override(id, value);
}

/* ---- fetching -------------------------------------------------------------------------------- */

static void a_recording_is_fetched_once_and_sealed(void **state)
{
    (void)state;
    a_message("+14155550134", 2);
    give_wav(1, 8000, 2000);
    assert_int_equal(fetch(1).end, DESK_END_SENT);
    assert_string_equal(out.sid, recording_sid);
    struct desk_recording r = recording_now();
    assert_non_null(r.path);
    assert_int_equal(r.ms, 2000);
    struct desk_recfile f;
    uint8_t both[320];
    assert_int_equal(desk_recfile_open(&f, desk_store_the_key(), r.path, r.tenant_id, r.id),
                     DESK_OK);
    assert_true(f.whole);
    assert_int_equal(f.samples, 16000);
    assert_int_equal(f.size, r.bytes);
    assert_int_equal(desk_recfile_read(&f, 1000, 160, both), DESK_OK);
    for (int i = 0; i < 160; i++) {
        assert_int_equal(both[2 * i], desk_mulaw_from_linear((int16_t)((1000 + i) % 40 * 200)));
        assert_int_equal(both[2 * i + 1], DESK_REC_SILENCE);
    }
    desk_recfile_close(&f);
    assert_true(has_event("recording_here"));
    assert_null(waits(DESK_OUTBOX_WORDS).id); /* no server writes down */
    assert_null(waits(DESK_OUTBOX_ERASE).id); /* nor is it to be deleted */
    /* the row again (killed before its end was written): nothing is fetched twice */
    struct desk_outbox_result again = fetch(2);
    assert_int_equal(again.end, DESK_END_SENT);
    assert_string_equal(again.remote_state, "here");
    assert_int_equal(out.fetched, 1);
}

static void other_rates_and_both_sides(void **state)
{
    (void)state;
    static const unsigned rates[] = {8000, 16000, 48000};
    for (size_t i = 0; i < 3; i++) {
        struct desk_recfile f;
        uint8_t both[2];
        a_message("+14155550134", 1);
        give_wav(2, rates[i], 1000);
        out.piece = 77;
        assert_int_equal(fetch(1).end, DESK_END_SENT);
        struct desk_recording r = recording_now();
        assert_int_equal(r.ms, 1000);
        assert_int_equal(desk_recfile_open(&f, desk_store_the_key(), r.path, r.tenant_id, r.id),
                         DESK_OK);
        assert_int_equal(desk_recfile_read(&f, 4010, 1, both), DESK_OK);
        assert_true(desk_mulaw_to_linear(both[0]) > 1000);
        assert_true(desk_mulaw_to_linear(both[1]) < -1000);
        desk_recfile_close(&f);
    }
}

static void what_is_not_whole_or_no_sound_is_not_kept(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        unsigned channels, rate;
        int64_t ms; /* of the file that comes */
        size_t cut; /* bytes missing at its end */
        const char *junk;
        enum desk_outbox_end comes, end;
        const char *why;
    } rows[] = {
        {"cut off", 1, 8000, 5000, 20000, NULL, DESK_END_SENT, DESK_END_AGAIN, "not whole"},
        {"too short", 1, 8000, 1500, 0, NULL, DESK_END_SENT, DESK_END_AGAIN, "instead of 5"},
        {"empty", 1, 8000, 0, 0, "", DESK_END_SENT, DESK_END_AGAIN, "not whole"},
        {"JSON", 0, 0, 0, 0, "{\"code\":20404}", DESK_END_SENT, DESK_END_FAILED, "not a WAV"},
        {"a strange rate", 1, 11025, 5000, 0, NULL, DESK_END_SENT, DESK_END_FAILED, "rate"},
        {"not there yet", 1, 8000, 0, 0, "", DESK_END_AGAIN, DESK_END_AGAIN, "told"},
        {"refused", 1, 8000, 0, 0, "", DESK_END_FAILED, DESK_END_FAILED, "told"},
        {"lost in the middle", 1, 8000, 5000, 100, NULL, DESK_END_AGAIN, DESK_END_AGAIN, "told"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char full[300];
        a_message("+14155550134", 5);
        if (rows[i].junk) {
            out.wav = (const uint8_t *)rows[i].junk;
            out.n = strlen(rows[i].junk);
        } else {
            give_wav(rows[i].channels, rows[i].rate, rows[i].ms);
            out.n -= rows[i].cut;
        }
        out.end = rows[i].comes;
        out.why = "as told";
        struct desk_outbox_result r = fetch(1);
        if (r.end != rows[i].end || !strstr(r.why, rows[i].why))
            fail_msg("%s: %d %s", rows[i].name, (int)r.end, r.why);
        struct desk_recording rec = recording_now();
        assert_null(rec.path);
        assert_int_equal(rec.ms, 5000);
        /* a reason is only told once it is given up */
        assert_int_equal(rec.not_here != NULL, rows[i].end == DESK_END_FAILED);
        char path[DESK_REC_PATH];
        assert_true(
            desk_recfile_full(full, sizeof full, desk_recfile_path(path, recording_id, NOW)));
        assert_int_not_equal(access(full, F_OK), 0);
        if (rows[i].end == DESK_END_AGAIN) {
            r = fetch(DESK_OUTBOX_ATTEMPTS);
            assert_string_equal(recording_now().not_here, r.why);
        }
    }
}

static void a_killed_attempt_leaves_nothing_in_the_way(void **state)
{
    (void)state;
    char path[DESK_REC_PATH];
    struct desk_recfile f;
    a_message("+14155550134", 1);
    give_wav(1, 8000, 1000);
    assert_int_equal(desk_recfile_create(&f, desk_store_the_key(),
                                         desk_recfile_path(path, recording_id, NOW), "ten_1",
                                         recording_id),
                     DESK_OK);
    desk_recfile_close(&f);
    assert_int_equal(fetch(2).end, DESK_END_SENT);
    /* one that was erased by then is left alone */
    a_message("+14155550134", 1);
    give_wav(1, 8000, 1000);
    assert_int_equal(DESK_TX_BEGIN(admin), DESK_OK);
    assert_int_equal(desk_tx_end(admin, desk_recording_erase(admin, "ten_1", recording_id)),
                     DESK_OK);
    assert_string_equal(fetch(1).remote_state, "erased");
    assert_int_equal(out.fetched, 0);
    set(DESK_S_RECORD_FREE_MB, "1000000"); /* there is less room than must be left */
    a_message("+14155550134", 1);
    give_wav(1, 8000, 1000);
    assert_int_equal(fetch(1).end, DESK_END_AGAIN);
    assert_int_equal(out.fetched, 0);
    assert_non_null(strstr(fetch(DESK_OUTBOX_ATTEMPTS).why, "no more room"));
    assert_non_null(recording_now().not_here);
    set(DESK_S_RECORD_FREE_MB, "0");
    set(DESK_S_TWILIO_ACCOUNT_SID, "");
    a_message("+14155550134", 1);
    assert_int_equal(fetch(1).end, DESK_END_FAILED);
    assert_int_equal(out.fetched, 0);
    set(DESK_S_TWILIO_ACCOUNT_SID, "AC1");
}

static void it_is_deleted_at_twilio_only_once_it_is_here(void **state)
{
    (void)state;
    a_message("+14155550134", 1);
    const char *payload = desk_arena_fmt(look, "{\"recording\":\"%s\"}", recording_sid);
    assert_int_equal(deliver(DESK_OUTBOX_ERASE, payload, 1).end, DESK_END_FAILED);
    assert_int_equal(out.erased, 0);
    set(DESK_S_TWILIO_DELETE_RECORDINGS, "true");
    give_wav(1, 8000, 1000);
    assert_int_equal(fetch(1).end, DESK_END_SENT);
    assert_string_equal(waits(DESK_OUTBOX_ERASE).payload, payload);
    assert_int_equal(deliver(DESK_OUTBOX_ERASE, payload, 1).end, DESK_END_SENT);
    assert_int_equal(out.erased, 1);
    assert_string_equal(out.sid, recording_sid);
    assert_true(recording_now().remote_erased_at > 0);
    /* whose it was is erased, and its row with them: it goes at Twilio all the same */
    payload = "{\"recording\":\"RE00000000000000000000000000000gone\"}";
    assert_int_equal(deliver(DESK_OUTBOX_ERASE, payload, 1).end, DESK_END_FAILED);
    payload = "{\"recording\":\"RE00000000000000000000000000000gone\",\"gone\":\"1\"}";
    assert_int_equal(deliver(DESK_OUTBOX_ERASE, payload, 1).end, DESK_END_SENT);
    assert_int_equal(out.erased, 2);
    set(DESK_S_TWILIO_DELETE_RECORDINGS, "false");
}

/* ---- words ----------------------------------------------------------------------------------- */

/* A message whose sound is here, and the owner's text that waits for its words. */
static void a_message_here(void)
{
    set(DESK_S_STT_URL, "http://127.0.0.1:1/v1");
    a_message("+14155550134", 1);
    give_wav(1, 8000, 1000);
    assert_int_equal(fetch(1).end, DESK_END_SENT);
    assert_int_equal(DESK_TX_BEGIN(admin), DESK_OK);
    assert_int_equal(
        desk_tx_end(admin,
                    desk_outbox_add(
                        admin, &(struct desk_outbox_new){.tenant_id = "ten_1",
                                                         .call_id = call_id,
                                                         .kind = DESK_OUTBOX_OWNER_TEXT,
                                                         .dedupe = desk_arena_fmt(
                                                             look, "owner_message:%s", message_id),
                                                         .payload = "{}",
                                                         .priority = DESK_OUTBOX_NORMAL,
                                                         .wait_ms = 240000})),
        DESK_OK);
}

static bool owner_goes(void)
{
    return waits(DESK_OUTBOX_OWNER_TEXT).next_at <= desk_now_ms();
}

static void a_message_is_written_down_once(void **state)
{
    (void)state;
    a_message_here();
    assert_non_null(waits(DESK_OUTBOX_WORDS).id); /* queued with the fetch */
    assert_false(owner_goes());
    out.text = "Please ring me about my invoice.";
    assert_int_equal(write_down(1).end, DESK_END_SENT);
    assert_string_equal(out.model, "gpt-transcribe");
    assert_int_equal(out.heard_n, DESK_WAV_PCM_HEAD + 16000);
    int16_t v =
        (int16_t)(out.heard[DESK_WAV_PCM_HEAD + 40] | out.heard[DESK_WAV_PCM_HEAD + 41] << 8);
    assert_in_range(v, 3800, 4200); /* 20 * 200, but for µ-law */
    struct desk_message m = message_now();
    assert_string_equal(m.text, out.text);
    assert_string_equal(m.words_by, DESK_WORDS_STT);
    assert_true(has_event("message_written"));
    assert_true(owner_goes());
    out.text = "Something else.";
    assert_string_equal(write_down(2).remote_state, "written");
    assert_int_equal(out.asked, 1);
    assert_string_equal(message_now().text, m.text);
}

static void twilios_words_are_not_paid_for_again(void **state)
{
    (void)state;
    a_message_here();
    assert_int_equal(DESK_TX_BEGIN(admin), DESK_OK);
    assert_int_equal(desk_tx_end(admin, desk_message_words(admin, "ten_1", message_id, "Theirs.",
                                                           DESK_WORDS_TWILIO)),
                     DESK_OK);
    assert_int_equal(write_down(1).end, DESK_END_SENT);
    assert_int_equal(out.asked, 0);
    assert_string_equal(message_now().text, "Theirs.");
    /* and while Twilio may still write them, ours wait */
    set(DESK_S_TWILIO_TRANSCRIBE, "true");
    a_message("+14155550134", 1);
    give_wav(1, 8000, 1000);
    assert_int_equal(fetch(1).end, DESK_END_SENT);
    assert_true(waits(DESK_OUTBOX_WORDS).next_at > desk_now_ms() + 60000);
    set(DESK_S_TWILIO_TRANSCRIBE, "false");
}

static void what_cannot_be_written_down_says_why(void **state)
{
    (void)state;
    a_message_here(); /* nothing to be understood */
    out.text = "";
    assert_int_equal(write_down(1).end, DESK_END_SENT);
    assert_null(message_now().text);
    assert_non_null(strstr(message_now().no_words, "No words"));
    assert_true(owner_goes());
    a_message_here(); /* refused for good */
    out.end = DESK_END_FAILED;
    out.why = "The server does not know the key.";
    assert_int_equal(write_down(1).end, DESK_END_FAILED);
    assert_string_equal(message_now().no_words, out.why);
    assert_true(owner_goes());
    a_message_here(); /* not now: later, and only at the end it is given up */
    out.end = DESK_END_AGAIN;
    out.why = "The server asked us to wait.";
    assert_int_equal(write_down(1).end, DESK_END_AGAIN);
    assert_null(message_now().no_words);
    assert_false(owner_goes());
    assert_int_equal(write_down(DESK_OUTBOX_ATTEMPTS).end, DESK_END_AGAIN);
    assert_string_equal(message_now().no_words, out.why);
    assert_true(owner_goes());
    a_message_here(); /* the file is gone */
    assert_int_equal(desk_recfile_remove(recording_now().path), DESK_OK);
    assert_int_equal(write_down(1).end, DESK_END_FAILED);
    assert_int_equal(out.asked, 0);
    assert_non_null(strstr(message_now().no_words, "cannot be read"));
    set(DESK_S_STT_URL, "");
    assert_int_equal(write_down(1).end, DESK_END_FAILED);
}

static void an_emergency_in_it_is_told_at_once(void **state)
{
    (void)state;
    struct desk_alert *alerts;
    struct desk_call c;
    size_t n;
    a_message_here();
    out.text = "help there is a burst pipe and water everywhere";
    assert_int_equal(write_down(1).end, DESK_END_SENT);
    assert_int_equal(desk_alert_by_call(admin, look, "ten_1", call_id, &alerts, &n), DESK_OK);
    assert_int_equal(n, 1);
    assert_true(alerts[0].told);
    assert_int_equal(waits(DESK_OUTBOX_SMS).priority, DESK_OUTBOX_ALERT);
    assert_int_equal(desk_call_get(admin, look, "ten_1", call_id, &c), DESK_OK);
    assert_non_null(c.severity);
    set(DESK_S_STT_URL, "");
}

/* ---- the owner ------------------------------------------------------------------------------- */

static void the_owner_is_told_who_when_and_what(void **state)
{
    (void)state;
    a_message("+14155550134", 75);
    assert_int_equal(tell_owner().end, DESK_END_SENT);
    assert_string_equal(out.to, OWNER);
    assert_string_equal(out.from, DESK);
    assert_string_equal(out.report, "https://desk.example.com/sms/status?id=out_1");
    char want[300];
    snprintf(want, sizeof want,
             "Harwick: message from (415) 555-0134, Wed 18 Nov 6:06 am (75 s). "
             "https://desk.example.com/calls/%s",
             call_id);
    assert_string_equal(out.body, want);
    /* a name, and words: the first ones */
    char words[541];
    for (size_t i = 0; i < 60; i++)
        memcpy(words + 9 * i, "pay bill ", 10);
    a_message("+14155550134", 5);
    assert_int_equal(DESK_TX_BEGIN(admin), DESK_OK);
    struct desk_call c;
    enum desk_rc rc = desk_call_get(admin, look, "ten_1", call_id, &c);
    rc = rc ? rc : desk_contact_learn(admin, "ten_1", c.contact_id, "Dana", NULL, NULL);
    rc = rc ? rc : desk_message_words(admin, "ten_1", message_id, words, DESK_WORDS_STT);
    assert_int_equal(desk_tx_end(admin, rc), DESK_OK);
    set(DESK_S_PUBLIC_BASE_URL, "");
    assert_int_equal(tell_owner().end, DESK_END_SENT);
    assert_non_null(strstr(out.body, "message from Dana, (415) 555-0134, "));
    assert_non_null(strstr(out.body, "\"pay bill pay"));
    assert_non_null(strstr(out.body, "...\""));
    assert_in_range(strlen(out.body), 150, 320);
    assert_null(strstr(out.body, "http")); /* nobody could open an address on this machine */
    set(DESK_S_PUBLIC_BASE_URL, "https://desk.example.com/");
    a_message(NULL, 0);
    assert_int_equal(tell_owner().end, DESK_END_SENT);
    assert_non_null(strstr(out.body, "message from a hidden number, Wed 18 Nov 6:06 am."));
    snprintf(message_id, sizeof message_id, "msg_gone");
    assert_int_equal(tell_owner().end, DESK_END_FAILED);
}

/* What goes is written down before it goes: Twilio is asked for that, whatever came meanwhile. */
static void twilio_is_asked_for_the_very_text(void **state)
{
    (void)state;
    const struct outbox_kind *kind = outbox_kind_find(DESK_OUTBOX_OWNER_TEXT);
    struct desk_outbox_result r = {.end = DESK_END_SENT};
    struct desk_outbox row;
    const char *state_now;
    a_message("+14155550134", 5);
    const struct desk_outbox_new new = {
        .tenant_id = "ten_1",
        .call_id = call_id,
        .kind = DESK_OUTBOX_OWNER_TEXT,
        .dedupe = message_id,
        .payload = desk_arena_fmt(look, "{\"from\":\"%s\",\"to\":\"%s\",\"message\":\"%s\"}", DESK,
                                  OWNER, message_id),
        .priority = DESK_OUTBOX_NORMAL};
    assert_int_equal(DESK_TX_BEGIN(admin), DESK_OK);
    assert_int_equal(desk_tx_end(admin, desk_outbox_add(admin, &new)), DESK_OK);
    assert_int_equal(DESK_TX_BEGIN(db), DESK_OK);
    do { /* before it, what other tests left for that destination */
        enum desk_rc rc = desk_outbox_claim(db, look, DESK_OUTBOX_TO_SMS, 1000, &row);
        assert_int_equal(rc, DESK_OK);
        if (strcmp(row.dedupe, message_id) != 0)
            assert_int_equal(desk_outbox_finish(db, &row, &r, &state_now), DESK_OK);
    } while (strcmp(row.dedupe, message_id) != 0);
    assert_int_equal(desk_tx_end(db, DESK_OK), DESK_OK);
    struct outbox_work w = {.services = &outside, .db = db, .arena = look, .row = &row};
    assert_int_equal(kind->find(&w, NULL, NULL, &r), DESK_TWILIO_NOT_THERE); /* nothing went */
    kind->deliver(&w, &r);
    assert_int_equal(r.end, DESK_END_SENT);
    assert_int_equal(DESK_TX_BEGIN(admin), DESK_OK);
    assert_int_equal(
        desk_tx_end(admin, desk_message_words(admin, "ten_1", message_id, "hello", DESK_WORDS_STT)),
        DESK_OK);
    row = waits(DESK_OUTBOX_OWNER_TEXT);
    assert_string_equal(outbox_payload(&w, "body"), out.body);
    assert_int_equal(kind->find(&w, NULL, NULL, &r), DESK_TWILIO_FOUND);
    assert_int_equal(out.asked, 1);
}

/* ---- the house ------------------------------------------------------------------------------- */

static int begin(void **state)
{
    (void)state;
    char why[200], env[80];
    const struct desk_tenant t = {.id = "ten_1",
                                  .slug = "a",
                                  .name = "Harwick",
                                  .profile = "{}",
                                  .created_at = NOW,
                                  .updated_at = NOW};
    const struct desk_location l = {.id = "loc_1",
                                    .tenant_id = "ten_1",
                                    .name = "Main",
                                    .zone = "America/New_York",
                                    .hours = "{}",
                                    .owner_name = "Sal",
                                    .owner_phone = OWNER,
                                    .created_at = NOW};
    if (!mkdtemp(dir))
        return -1;
    snprintf(env, sizeof env, "%s/none.env", dir);
    FILE *f = fopen(env, "w");
    if (!f || fclose(f) || desk_settings_load(env, why, sizeof why))
        return -1;
    desk_log_init("test", DESK_LOG_ERROR);
    set(DESK_S_FRONTDESK_DATA, dir);
    set(DESK_S_CALLER_MEMORY_DB, "");
    set(DESK_S_PUBLIC_BASE_URL, "https://desk.example.com/");
    set(DESK_S_TWILIO_API_URL, "https://api.twilio.com");
    set(DESK_S_TWILIO_ACCOUNT_SID, "AC1");
    set(DESK_S_TWILIO_AUTH_TOKEN, "token");
    desk_clock_fake(NOW);
    look = desk_arena_new(64 * 1024 * 1024);
    if (desk_store_key(true, why, sizeof why) || desk_store_create(&admin) || DESK_TX_BEGIN(admin))
        return -1;
    enum desk_rc rc = desk_tenant_insert(admin, &t);
    rc = rc ? rc : desk_location_insert(admin, &l);
    return desk_tx_end(admin, rc) || desk_store_open(&db, DESK_ZONE_WORKER, 300) ? -1 : 0;
}

static int gone(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)kind, (void)at;
    return remove(path);
}

static int finish(void **state)
{
    (void)state;
    desk_db_close(db);
    desk_db_close(admin);
    desk_arena_free(look);
    desk_clock_fake(0);
    return nftw(dir, gone, 8, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_recording_is_fetched_once_and_sealed),
        cmocka_unit_test(other_rates_and_both_sides),
        cmocka_unit_test(what_is_not_whole_or_no_sound_is_not_kept),
        cmocka_unit_test(a_killed_attempt_leaves_nothing_in_the_way),
        cmocka_unit_test(it_is_deleted_at_twilio_only_once_it_is_here),
        cmocka_unit_test(a_message_is_written_down_once),
        cmocka_unit_test(twilios_words_are_not_paid_for_again),
        cmocka_unit_test(what_cannot_be_written_down_says_why),
        cmocka_unit_test(an_emergency_in_it_is_told_at_once),
        cmocka_unit_test(the_owner_is_told_who_when_and_what),
        cmocka_unit_test(twilio_is_asked_for_the_very_text),
    };
    return cmocka_run_group_tests_name("voicemail", tests, begin, finish);
}
