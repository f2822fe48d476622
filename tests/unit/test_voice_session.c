/* Voice sessions, the pure part: the table of states, when one lapses, what a body says; and the
 * sound that comes with it: WAV of all kinds, other rates, pieces, forms with files. */
#include "core/resample.h"
#include "core/route.h"
#include "core/utterance.h"
#include "core/voice_body.h"
#include "core/voice_session.h"
#include "wire/mulaw.h"
#include "wire/multipart.h"
#include "wire/wav.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- states ---------------------------------------------------------------------------------- */

static void an_end_is_final(void **state)
{
    (void)state;
    static const enum desk_vs_state ends[] = {DESK_VS_COMPLETED, DESK_VS_FAILED, DESK_VS_ABANDONED};
    for (size_t i = 0; i < 3; i++)
        for (int e = 0; e < DESK_VS__EVENTS; e++) {
            struct desk_vs_step s = desk_vs_step(ends[i], (enum desk_vs_event)e);
            assert_int_equal(s.to, ends[i]);
            assert_int_equal(s.verdict, e == DESK_VS_INPUT ? DESK_VS_REFUSED : DESK_VS_STAYS);
        }
}

static void what_runs_goes_on_or_ends(void **state)
{
    (void)state;
    static const struct {
        enum desk_vs_event event;
        enum desk_vs_state to;
    } rows[] = {{DESK_VS_INPUT, DESK_VS_ACTIVE},
                {DESK_VS_OVER, DESK_VS_COMPLETED},
                {DESK_VS_END, DESK_VS_COMPLETED},
                {DESK_VS_BROKE, DESK_VS_FAILED},
                {DESK_VS_LAPSE, DESK_VS_ABANDONED}};
    for (size_t i = 0; i < DESK_VS__EVENTS; i++) {
        struct desk_vs_step s = desk_vs_step(DESK_VS_ACTIVE, rows[i].event);
        assert_int_equal(s.verdict, DESK_VS_GO);
        assert_int_equal(s.to, rows[i].to);
    }
    for (int s = 0; s < DESK_VS__STATES; s++)
        assert_int_equal(desk_vs_state_parse(desk_vs_state_name((enum desk_vs_state)s)), s);
    assert_int_equal(desk_vs_state_parse("active"), DESK_VS_FAILED);
    assert_int_equal(desk_vs_state_parse(NULL), DESK_VS_FAILED);
    assert_string_equal(desk_vs_state_name((enum desk_vs_state)99), "FAILED");
    assert_int_equal(desk_vs_step((enum desk_vs_state)99, DESK_VS_INPUT).verdict, DESK_VS_REFUSED);
    assert_int_equal(desk_vs_step(DESK_VS_ACTIVE, (enum desk_vs_event)99).verdict, DESK_VS_REFUSED);
}

static void it_lapses_in_time(void **state)
{
    (void)state;
    const int64_t t = 1000000, longest = DESK_VS_LONGEST_MS;
    assert_int_equal(desk_vs_expires(t, t, 5000, false), t + 5000);
    assert_int_equal(desk_vs_expires(t, t + 700, 5000, false), t + 5700);
    /* not while a turn is being answered, which has a limit of its own */
    assert_int_equal(desk_vs_expires(t, t, 5000, true), t + DESK_VS_TURN_MS);
    assert_int_equal(desk_vs_expires(t, t, 3600000, true), t + 3600000);
    /* and once for all */
    assert_int_equal(desk_vs_expires(t, t + longest - 10, 5000, false), t + longest);
    assert_int_equal(desk_vs_expires(t, t + longest, 5000, true), t + longest);
}

static void a_claimed_number_opens_nothing(void **state)
{
    (void)state;
    struct desk_business b = {0};
    const char *why = NULL;
    struct desk_caller_facts f = {
        .number = "+14155550134", .attest = DESK_ATTEST_CLAIMED, .exception = "family"};
    assert_int_equal(desk_caller_resolve(&b, &f, &why), DESK_WHO_UNKNOWN);
    assert_non_null(strstr(why, "No carrier"));
    f.exception = NULL;
    f.vip = true;
    assert_int_equal(desk_caller_resolve(&b, &f, &why), DESK_WHO_UNKNOWN);
    f.vip = false; /* and is no sign of spam, as one that a carrier refused is */
    assert_int_equal(desk_caller_resolve(&b, &f, &why), DESK_WHO_UNKNOWN);
    f.attest = DESK_ATTEST_FAILED;
    assert_int_equal(desk_caller_resolve(&b, &f, &why), DESK_WHO_SPAM);
    f.attest = DESK_ATTEST_CLAIMED;
    f.blocked = true;
    assert_int_equal(desk_caller_resolve(&b, &f, &why), DESK_WHO_BLOCKED);
}

/* ---- bodies ---------------------------------------------------------------------------------- */

static struct desk_arena *arena;
static struct desk_body_errors errors;

static struct desk_voice_body read_ok(enum desk_vb_kind kind, const char *text)
{
    struct desk_voice_body b;
    enum desk_rc rc = desk_voice_body_read(arena, kind, text, strlen(text), &b, &errors);
    if (rc)
        fail_msg("%s: %s", text, errors.n ? errors.v[0].message : "?");
    return b;
}

static void bodies_are_read(void **state)
{
    (void)state;
    arena = desk_arena_new(1000000);
    struct desk_voice_body b = read_ok(DESK_VB_START, "");
    assert_string_equal(b.number, "");
    assert_string_equal(b.reply_audio, "");
    assert_int_equal(b.timeout_s, 0);
    b = read_ok(DESK_VB_START, "{\"caller\":{\"number\":\"(860) 555-0134\",\"verified\":true},"
                               "\"to\":\"+18605550100\",\"timeout_s\":60,"
                               "\"reply\":{\"audio\":\"wav\",\"voice\":\"cedar\"}}");
    assert_string_equal(b.number, "+18605550134");
    assert_true(b.verified);
    assert_string_equal(b.to, "+18605550100");
    assert_int_equal(b.timeout_s, 60);
    assert_string_equal(b.reply_audio, "wav");
    assert_string_equal(b.reply_voice, "cedar");
    b = read_ok(DESK_VB_INPUT, "{\"text\":\"caf\\u00e9\\u0007 \\ud83d\\ude00\"}");
    assert_string_equal(b.text, "caf\xc3\xa9 \xf0\x9f\x98\x80"); /* no control characters */
    assert_true(b.has_input);
    b = read_ok(DESK_VB_TELEPHONY, "{\"call_id\":\"x\",\"from\":\"anonymous\"}");
    assert_string_equal(b.number, "");
    assert_false(b.has_input);
    b = read_ok(DESK_VB_END, "{\"outcome\":\"transferred\"}");
    assert_string_equal(b.outcome, "transferred");
    for (int k = 0; k < DESK_VB__KINDS; k++)
        assert_non_null(strstr(desk_voice_body_schema((enum desk_vb_kind)k), "properties"));
    desk_arena_free(arena);
}

static void all_that_is_wrong_is_told_at_once(void **state)
{
    (void)state;
    struct desk_voice_body b;
    static const char body[] = "{\"caller\":{\"number\":7,\"name\":\"x\"},\"timeout_s\":0}";
    arena = desk_arena_new(1000000);
    assert_int_equal(desk_voice_body_read(arena, DESK_VB_START, body, sizeof body - 1, &b, &errors),
                     DESK_EINVAL);
    assert_int_equal(errors.n, 3);
    const char *wanted[] = {"#/caller/number", "#/caller/name", "#/timeout_s"};
    for (size_t w = 0; w < 3; w++) {
        bool found = false;
        for (size_t i = 0; i < errors.n; i++)
            found = found || strcmp(errors.v[i].pointer, wanted[w]) == 0;
        assert_true(found);
    }
    desk_arena_free(arena);
}

static void expectations_have_names(void **state)
{
    (void)state;
    for (int e = 0; e < DESK_EXPECT__MAX; e++)
        assert_int_equal(desk_expect_parse(desk_expect_name((enum desk_dialog_expect)e)), e);
    assert_int_equal(desk_expect_parse("nonsense"), DESK_EXPECT_ANYTHING);
    assert_int_equal(desk_expect_parse(NULL), DESK_EXPECT_ANYTHING);
}

/* ---- WAV ------------------------------------------------------------------------------------- */

struct file {
    uint8_t b[4096];
    size_t n;
};

static void put(struct file *f, uint32_t v, int bytes)
{
    for (int i = 0; i < bytes; i++)
        f->b[f->n++] = (uint8_t)(v >> (8 * i));
}
static void name(struct file *f, const char *four)
{
    memcpy(f->b + f->n, four, 4);
    f->n += 4;
}

/* The head of a WAV with two samples of one value in each channel to come. */
static struct file head(unsigned format, unsigned channels, unsigned bits, uint32_t data)
{
    struct file f = {.n = 0};
    name(&f, "RIFF");
    put(&f, 0, 4);
    name(&f, "WAVE");
    name(&f, "LIST"); /* what must be skipped, of odd length */
    put(&f, 3, 4);
    put(&f, 0, 4);
    name(&f, "fmt ");
    put(&f, format == 0xfffe ? 40 : 16, 4);
    put(&f, format, 2);
    put(&f, channels, 2);
    put(&f, 16000, 4);
    put(&f, 16000 * channels * bits / 8, 4);
    put(&f, channels * bits / 8, 2);
    put(&f, bits, 2);
    if (format == 0xfffe) {
        put(&f, 22, 2);
        put(&f, bits, 2);
        put(&f, 0, 4);
        put(&f, 1, 2); /* PCM */
        f.n += 14;
    }
    name(&f, "data");
    put(&f, data, 4);
    return f;
}

static void wavs_of_all_kinds_are_read(void **state)
{
    (void)state;
    float half = .5f;
    uint32_t half_bits;
    memcpy(&half_bits, &half, 4);
    const struct {
        unsigned format, channels, bits;
        uint32_t sample;
        int value, near;
    } rows[] = {
        {1, 1, 16, 0x4000, 16384, 0},
        {1, 2, 16, 0xc000, -16384, 0},
        {1, 1, 8, 0xc0, 16384, 0},
        {1, 1, 24, 0x400000, 16384, 0},
        {1, 1, 32, 0x40000000, 16384, 0},
        {3, 1, 32, half_bits, 16384, 0},
        {7, 1, 8, 0xff, 0, 0},
        {7, 1, 8, 0x80, 32124, 0},
        {6, 1, 8, 0xd5, 8, 0},
        {6, 1, 8, 0x2a, -32256, 0},
        {0xfffe, 1, 16, 0x4000, 16384, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct file f = head(rows[i].format, rows[i].channels, rows[i].bits,
                             2 * rows[i].channels * rows[i].bits / 8);
        struct desk_wav w;
        int16_t out[2];
        for (unsigned c = 0; c < 2 * rows[i].channels; c++)
            put(&f, rows[i].sample, (int)rows[i].bits / 8);
        assert_int_equal(desk_wav_parse(f.b, f.n, &w, NULL), DESK_OK);
        assert_int_equal(w.frames, 2);
        assert_int_equal(w.rate, 16000);
        desk_wav_mono(&w, 0, 2, out);
        if (out[0] != rows[i].value || out[1] != rows[i].value)
            fail_msg("row %zu: %d, wanted %d", i, out[0], rows[i].value);
    }
}

static void lengths_of_streams_are_not_believed(void **state)
{
    (void)state;
    static const uint32_t said[] = {0, 0xffffffff, 5, 4000};
    static const size_t frames[] = {4, 4, 2, 4};
    for (size_t i = 0; i < 4; i++) {
        struct file f = head(1, 1, 16, said[i]);
        struct desk_wav w;
        put(&f, 0, 4);
        put(&f, 0, 4);
        assert_int_equal(desk_wav_parse(f.b, f.n, &w, NULL), DESK_OK);
        assert_int_equal(w.frames, frames[i]);
    }
}

static void what_is_no_wav_is_refused(void **state)
{
    (void)state;
    struct desk_wav w;
    const char *why = NULL;
    struct file f = head(1, 1, 16, 4);
    for (size_t n = 0; n < f.n - 4; n++) /* cut anywhere before its sound */
        assert_int_equal(desk_wav_parse(f.b, n, &w, &why), DESK_EINVAL);
    assert_int_equal(desk_wav_parse((const uint8_t *)"OggS0000WAVE", 12, &w, &why), DESK_EINVAL);
    static const unsigned bad[][3] = {{2, 1, 4},  {1, 0, 16}, {1, 9, 16},
                                      {1, 1, 12}, {85, 2, 0}, {3, 1, 64}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        f = head(bad[i][0], bad[i][1], bad[i][2], 4);
        assert_int_equal(desk_wav_parse(f.b, f.n, &w, &why), DESK_EMEDIA);
        assert_non_null(strstr(why, "WAV"));
    }
}

static void heads_are_what_is_read(void **state)
{
    (void)state;
    uint8_t b[DESK_WAV_PCM_HEAD + 4] = {0}, u[DESK_WAV_HEAD + 2];
    struct desk_wav w;
    desk_wav_pcm_head(b, 1, 24000, 2);
    assert_int_equal(desk_wav_parse(b, sizeof b, &w, NULL), DESK_OK);
    assert_int_equal(w.rate, 24000);
    assert_int_equal(w.frames, 2);
    memset(u, 0xff, sizeof u);
    desk_wav_head(u, 1, 2);
    assert_int_equal(desk_wav_parse(u, sizeof u, &w, NULL), DESK_OK);
    assert_int_equal(w.rate, DESK_MULAW_RATE);
    assert_int_equal(w.frames, 2);
}

/* ---- rates ----------------------------------------------------------------------------------- */

/* How loud a tone of that frequency is after the change, in dB of what went in. */
static double through(unsigned from, unsigned to, double hz)
{
    size_t n = from / 2, len = desk_resample_len(n, from, to);
    int16_t *in = malloc(n * sizeof *in), *out = malloc((len + 1) * sizeof *out);
    double sum = 0.;
    for (size_t i = 0; i < n; i++)
        in[i] = (int16_t)(10000. * sin(2. * M_PI * hz * (double)i / from));
    desk_resample(in, n, from, to, out);
    for (size_t i = len / 4; i < len * 3 / 4; i++)
        sum += (double)out[i] * out[i];
    double level = 10. * log10(sum / (double)(len / 2) / (10000. * 10000. / 2.) + 1e-9);
    free(in);
    free(out);
    return level;
}

static void rates_change_without_harm(void **state)
{
    (void)state;
    static const unsigned rates[] = {8000, 11025, 16000, 22050, 24000, 44100, 48000};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        assert_int_equal(desk_resample_len(rates[i] * 3, rates[i], 8000), 24000);
        double voice = through(rates[i], 8000, 1000.), up = through(8000, rates[i], 1000.);
        if (fabs(voice) > .3 || fabs(up) > .3)
            fail_msg("%u: %.2f dB down, %.2f dB up", rates[i], voice, up);
        if (rates[i] > 13000) /* what cannot be kept is taken out, not folded */
            assert_true(through(rates[i], 8000, 5500.) < -50.);
    }
    int16_t one = 1234, out[2];
    desk_resample(&one, 1, 8000, 8000, out);
    assert_int_equal(out[0], 1234);
    assert_int_equal(desk_resample_len(0, 8000, 48000), 0);
}

static void long_sound_is_cut_where_it_is_quiet(void **state)
{
    (void)state;
    size_t n = 40 * 8000;
    int16_t *pcm = malloc(n * sizeof *pcm);
    for (size_t i = 0; i < n; i++)
        pcm[i] = i / 8000 % 10 == 9 ? (int16_t)(i % 3) : (int16_t)(i / 20 % 2 ? 8000 : -8000);
    assert_int_equal(desk_utterance_next(pcm, 0), 0);
    assert_int_equal(desk_utterance_next(pcm, 100), 100);
    assert_int_equal(desk_utterance_next(pcm, DESK_UTTERANCE_LONGEST), DESK_UTTERANCE_LONGEST);
    size_t at = 0, pieces = 0;
    while (at < n) {
        size_t piece = desk_utterance_next(pcm + at, n - at);
        assert_true(piece > 0 && piece <= DESK_UTTERANCE_LONGEST);
        at += piece;
        pieces++;
        if (at < n)
            assert_int_equal(at / 8000 % 10, 9); /* in the quiet second */
    }
    assert_int_equal(at, n);
    assert_int_equal(pieces, 4);
    free(pcm);
}

static void sayings_are_heard_one_by_one(void **state)
{
    (void)state;
    size_t n = 10 * 8000, at = 0, pieces = 0;
    int16_t *pcm = calloc(n, sizeof *pcm);
    /* noise of a line; three sayings of a second, 0.6 s within one, 1.6 s between two */
    for (size_t i = 0; i < n; i++) {
        size_t ms = i / 8;
        bool said = (ms >= 1500 && ms < 2500) || (ms >= 3100 && ms < 3700) ||
                    (ms >= 5300 && ms < 6300) || (ms >= 7900 && ms < 8900);
        int voice = i / 20 % 2 ? 5000 : -5000;
        pcm[i] = (int16_t)((int)(i * 7919 % 401) - 200 + (said ? voice : 0));
    }
    static const size_t from[] = {3700, 6300, 8900}, to[] = {5300, 7900, 10001};
    while (at < n) {
        at += desk_utterance_next(pcm + at, n - at);
        assert_true(pieces < 3);
        if (at / 8 < from[pieces] || at / 8 > to[pieces])
            fail_msg("piece %zu ends at %zu ms", pieces, at / 8);
        pieces++;
    }
    assert_int_equal(pieces, 3);
    memset(pcm, 0, n * sizeof *pcm); /* nothing at all is one piece, too */
    assert_int_equal(desk_utterance_next(pcm, n), n);
    free(pcm);
}

/* ---- forms with files ------------------------------------------------------------------------ */

static bool part_is(const struct desk_multipart *m, const char *part, const char *data)
{
    const struct desk_part *p = desk_multipart_find(m, part);
    return p && p->len == strlen(data) && memcmp(p->data, data, p->len) == 0;
}

static void forms_are_read_as_written(void **state)
{
    (void)state;
    struct desk_buf out;
    struct desk_multipart m;
    desk_buf_init(&out, 10000);
    desk_multipart_add(&out, "xyz", "file", "a.wav", "audio/wav", "RIFF\r\n--xy\0z", 12);
    desk_multipart_add(&out, "xyz", "empty", NULL, NULL, "", 0);
    desk_multipart_add(&out, "xyz", "model", NULL, NULL, "m", 1);
    desk_multipart_end(&out, "xyz");
    assert_int_equal(desk_multipart_parse("multipart/form-data; boundary=xyz", out.p, out.len, &m),
                     DESK_OK);
    assert_int_equal(m.n, 3);
    assert_int_equal(m.parts[0].len, 12);
    assert_true(m.parts[0].file);
    assert_false(m.parts[2].file);
    assert_true(part_is(&m, "empty", ""));
    assert_true(part_is(&m, "model", "m"));
    assert_null(desk_multipart_find(&m, "other"));
    /* cut anywhere: refused, never read beyond */
    for (size_t n = 0; n + 4 < out.len; n++) {
        char *copy = malloc(n ? n : 1);
        memcpy(copy, out.p, n);
        assert_int_equal(desk_multipart_parse("multipart/form-data; boundary=xyz", copy, n, &m),
                         DESK_EINVAL);
        free(copy);
    }
    desk_buf_clear(&out);
}

static void forms_of_others(void **state)
{
    (void)state;
    struct desk_multipart m;
    static const char body[] = "preamble\r\n--\"q\"\r\ncontent-disposition: FORM-DATA; "
                               "filename=x; name=a\r\n\r\n1\r\n--\"q\"--\r\nepilogue";
    assert_int_equal(desk_multipart_parse("Multipart/Form-Data; charset=x; boundary=\"\\\"q\\\"\"",
                                          body, sizeof body - 1, &m),
                     DESK_OK);
    assert_true(part_is(&m, "a", "1"));
    static const char *const types[] = {NULL,
                                        "",
                                        "application/json",
                                        "multipart/form-data",
                                        "multipart/form-data; boundary=",
                                        "multipart/form-data; xboundary=a"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        assert_int_equal(desk_multipart_parse(types[i], "", 0, &m), DESK_EMEDIA);
    static const char *const bodies[] = {"", "--b", "--bx", "--b\r\n\r\n--b--",
                                         "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        assert_int_equal(desk_multipart_parse("multipart/form-data; boundary=b", bodies[i],
                                              strlen(bodies[i]), &m),
                         DESK_EINVAL);
    struct desk_buf many;
    desk_buf_init(&many, 10000);
    for (int i = 0; i <= DESK_MULTIPART_PARTS; i++)
        desk_multipart_add(&many, "b", "n", NULL, NULL, "x", 1);
    desk_multipart_end(&many, "b");
    assert_int_equal(desk_multipart_parse("multipart/form-data; boundary=b", many.p, many.len, &m),
                     DESK_ELIMIT);
    desk_buf_clear(&many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_end_is_final),
        cmocka_unit_test(what_runs_goes_on_or_ends),
        cmocka_unit_test(it_lapses_in_time),
        cmocka_unit_test(a_claimed_number_opens_nothing),
        cmocka_unit_test(bodies_are_read),
        cmocka_unit_test(all_that_is_wrong_is_told_at_once),
        cmocka_unit_test(expectations_have_names),
        cmocka_unit_test(wavs_of_all_kinds_are_read),
        cmocka_unit_test(lengths_of_streams_are_not_believed),
        cmocka_unit_test(what_is_no_wav_is_refused),
        cmocka_unit_test(heads_are_what_is_read),
        cmocka_unit_test(rates_change_without_harm),
        cmocka_unit_test(long_sound_is_cut_where_it_is_quiet),
        cmocka_unit_test(sayings_are_heard_one_by_one),
        cmocka_unit_test(forms_are_read_as_written),
        cmocka_unit_test(forms_of_others),
    };
    return cmocka_run_group_tests_name("voice_session", tests, NULL, NULL);
}
