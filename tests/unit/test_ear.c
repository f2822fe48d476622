/* The bridge's ear with recorded audio: a caller's line with the echo of our own voice at -15 to
 * -30 dB and 20 to 300 ms, white noise, a street, other people talking, coughs and sneezes (what of
 * it is recorded: sounds.h). Our own voice is flite's, as the offline engine speaks. Both ways pass
 * through µ-law, as on a line.
 *
 * The table it prints is the reason for the thresholds in ws-bridge/ear.c:
 *   false   interruptions by our own echo, noise or coughs, and in how many minutes of our speech
 *   missed  of the recordings spoken while we spoke: not confirmed before their end
 *   ms      from the first sound of a recording to its confirmation: middle and longest */
#include "../../speech/sentence.c"
#include "../../speech/tts_flite.c"
#include "../../ws-bridge/ear.c"

#include "sounds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#define SECONDS 30
#define SAMPLES (RATE * SECONDS)
#define OURS    (-18.0)

/* ---- sounds ---------------------------------------------------------------------------------- */

static struct sound callers[] = {
    {.name = "leave_a_message"},
    {.name = "speak_with_a_representative"},
    {.name = "number_4155550134"},
    {.name = "thursday_at_three_pm"},
    {.name = "weasels"},
    {.name = "tomorrow"},
    {.name = "monday"},
    {.name = "friday"},
    {.name = "goodbye"},
    {.name = "charlie"},
    {.name = "the_time"},
    {.name = "no"},
};
#define N_CALLERS (sizeof callers / sizeof *callers)
static int16_t ours[2][SAMPLES]; /* slt, rms */
static int16_t street[SAMPLES], babble[SAMPLES], white[SAMPLES], coughs[SAMPLES];

static void speak(const char *voice, int16_t *out)
{
    static const char words[] =
        "Thanks for calling Harwick Plumbing, this is the receptionist. We are open from eight in "
        "the morning until five in the afternoon, Monday to Friday. I can take a message, arrange "
        "a call back, or put you through to Sal. Our drain cleaning starts at ninety five dollars, "
        "and we come out the same day if it is urgent. May I have your name, and the number we can "
        "reach you at, please? You told me that the water heater is leaking. Please close the "
        "valve "
        "above it, and put a bucket under it until we come. Is there anything else I can do?";
    struct desk_buf b;
    desk_buf_init(&b, DESK_TTS_MAX_AUDIO);
    assert_int_equal(desk_tts_flite.speak(voice, words, &b), DESK_OK);
    assert_true(b.len > RATE * 10);
    for (size_t i = 0; i < SAMPLES; i++)
        out[i] = desk_mulaw_to_linear((uint8_t)b.p[i % b.len]);
    desk_buf_clear(&b);
    sound_set_level(out, SAMPLES, OURS);
}

static int make_all(void **st)
{
    (void)st;
    assert_true(desk_tts_flite.open());
    for (size_t i = 0; i < N_CALLERS; i++)
        sound_load(&callers[i]);
    speak("slt", ours[0]);
    speak("rms", ours[1]);
    sound_white(white, SAMPLES);
    sound_street(street, SAMPLES);
    sound_babble(babble, SAMPLES);
    (void)sound_coughs(coughs, SAMPLES);
    return 0;
}

static int end_all(void **st)
{
    (void)st;
    for (size_t i = 0; i < N_CALLERS; i++)
        sound_free(&callers[i]);
    desk_tts_flite.close();
    return 0;
}

/* ---- a line ---------------------------------------------------------------------------------- */

struct line {
    int voice;      /* of ours; -1: we are silent */
    double echo_db; /* below our voice; 0 = none */
    int delay_ms;
    const int16_t *noise; /* or NULL */
    double snr_db;        /* a usual caller's voice over it */
    bool cough;
    double caller_db; /* relative to USUAL */
};

static int16_t heard[SAMPLES];

static void mix(const struct line *l)
{
    double echo = l->echo_db ? pow(10, -l->echo_db / 20) : 0;
    double noise = l->noise ? pow(10, (USUAL - l->snr_db - -30) / 20) : 0;
    size_t delay = (size_t)l->delay_ms * 8;
    for (size_t i = 0; i < SAMPLES; i++) {
        double v = 2 * sin((double)i); /* no line is digitally silent */
        if (l->voice >= 0 && i >= delay)
            v += echo * ours[l->voice][i - delay];
        if (noise > 0)
            v += noise * l->noise[i];
        if (l->cough)
            v += coughs[i];
        heard[i] = sound_clip(v);
    }
}

static struct ear_settings settings = {
    .confirm_ms = 160, .echo_db = 6, .margin_db = 9, .least_db = -55, .tone = 0.8};

struct outcome {
    int times;        /* confirmed */
    int64_t first_ms; /* the first time, ms into the sound; -1 never */
    uint64_t opened;
};

/* Our voice goes out in deltas of 200 ms, up to 2 s ahead of its playing, as a model sends it. */
static struct outcome run_between(const struct line *l, size_t from_ms, size_t to_ms)
{
    struct outcome o = {.first_ms = -1};
    struct ear e;
    uint8_t out[1600], in[160];
    size_t sent = 0;
    bool was = false;
    ear_init(&e, &settings);
    for (size_t ms = 0; ms < to_ms; ms += 20) {
        for (; l->voice >= 0 && sent < ms + 2000 && sent + 200 <= SECONDS * 1000; sent += 200) {
            desk_mulaw_encode(out, ours[l->voice] + sent * 8, 1600);
            ear_sent(&e, out, 1600, 100000 + (int64_t)sent);
        }
        desk_mulaw_encode(in, heard + ms * 8, 160);
        ear_heard(&e, in, 160, 100000 + (int64_t)ms + 20);
        bool is = ear_since_ms(&e, true) != 0;
        if (is && !was && ms >= from_ms) {
            o.times++;
            if (o.first_ms < 0)
                o.first_ms = (int64_t)ms + 20;
        }
        was = is;
    }
    o.opened = e.opened;
    ear_clear(&e);
    return o;
}

/* Up to to_ms, nothing of ours: longest time without a voice since from_ms; when the first was
 * heard after it. */
static int64_t first_ms;
static int64_t longest_silence(size_t from_ms, size_t to_ms)
{
    struct ear e;
    uint8_t in[160];
    int64_t longest = 0, last = 100000 + (int64_t)from_ms;
    ear_init(&e, &settings);
    first_ms = -1;
    for (size_t ms = 0; ms < to_ms; ms += 20) {
        int64_t now = 100000 + (int64_t)ms + 20, was = last;
        desk_mulaw_encode(in, heard + ms * 8, 160);
        ear_heard(&e, in, 160, now);
        if (ear_heard_ms(&e) > last) {
            last = ear_heard_ms(&e);
            first_ms = first_ms < 0 ? last - 100000 - (int64_t)from_ms : first_ms;
        }
        longest = now - was > longest ? now - was : longest;
    }
    ear_clear(&e);
    return longest;
}

static int64_t first_heard(size_t from_ms, size_t to_ms)
{
    (void)longest_silence(from_ms, to_ms);
    return first_ms;
}

struct row {
    const char *what;
    int wrong, missed, n;
    double minutes;
    int64_t ms[400];
};

static int by_value(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void print_row(struct row *r)
{
    int got = r->n - r->missed;
    qsort(r->ms, (size_t)got, sizeof *r->ms, by_value);
    print_message("%-34s %3d in %4.1f min  %3d of %3d  %4lld %4lld\n", r->what, r->wrong,
                  r->minutes, r->missed, r->n, got ? (long long)r->ms[got / 2] : 0,
                  got ? (long long)r->ms[got - 1] : 0);
}

static void wrong(struct row *r, struct line l)
{
    mix(&l);
    r->wrong += run_between(&l, 0, SECONDS * 1000).times;
    r->minutes += SECONDS / 60.0;
}

/* Each recording once, spoken at that moment over our own voice. */
static void right(struct row *r, struct line l, size_t at_ms)
{
    double gain = pow(10, l.caller_db / 20);
    for (size_t k = 0; k < N_CALLERS; k++) {
        size_t at = (at_ms + 130 * k) * 8;
        mix(&l);
        for (size_t i = 0; i < callers[k].n; i++)
            heard[at + i] = sound_clip(heard[at + i] + gain * callers[k].pcm[i]);
        size_t from = (at + callers[k].begins) / 8;
        struct outcome o = run_between(&l, from, (at + callers[k].n) / 8);
        if (o.first_ms < 0)
            r->missed++;
        else
            r->ms[r->n - r->missed] = o.first_ms - (int64_t)from;
        r->n++;
    }
}

static const int delays[] = {20, 120, 300};
static const double losses[] = {15, 20, 25, 30};

/* One row for each echo loss; returns their sum. */
static struct row scene(const char *name, const int16_t *noise, double snr_db, bool cough)
{
    char what[64];
    struct row all = {.what = name};
    for (size_t e = 0; e <= sizeof losses / sizeof *losses; e++) {
        bool none = e == sizeof losses / sizeof *losses;
        struct row r = {.what = what};
        if (none)
            snprintf(what, sizeof what, "%s, no echo", name);
        else
            snprintf(what, sizeof what, "%s, echo -%.0f dB", name, losses[e]);
        for (size_t d = 0; d < sizeof delays / sizeof *delays; d++) {
            struct line l = {.voice = (int)d % 2,
                             .echo_db = none ? 0 : losses[e],
                             .delay_ms = delays[d],
                             .noise = noise,
                             .snr_db = snr_db};
            l.cough = cough;
            wrong(&r, l);
            l.cough = false;
            right(&r, l, d % 2 ? 9000 : 1000);
        }
        print_row(&r);
        all.wrong += r.wrong;
        all.minutes += r.minutes;
        all.missed += r.missed;
        all.n += r.n;
        int got = r.n - r.missed;
        all.ms[0] = got && r.ms[got / 2] > all.ms[0] ? r.ms[got / 2] : all.ms[0];
        all.ms[1] = got && r.ms[got - 1] > all.ms[1] ? r.ms[got - 1] : all.ms[1];
    }
    return all;
}

/* wrong: at most so many in the 7.5 minutes; missed: of 180; ms: the middle and the longest */
static void hold(struct row r, int wrong_most, int missed_most, int middle_most, int longest_most)
{
    assert_int_equal(r.n, 180);
    assert_true(r.wrong <= wrong_most);
    assert_true(r.missed <= missed_most);
    assert_true(r.ms[0] <= middle_most);
    assert_true(r.ms[1] <= longest_most);
}

static void test_table(void **st)
{
    (void)st;
    print_message("%-34s %-17s %-11s %s\n", "line", "false", "missed", "ms");
    hold(scene("quiet", NULL, 0, false), 0, 0, 220, 500);
    hold(scene("white noise 20 dB", white, 20, false), 0, 2, 240, 500);
    hold(scene("white noise 10 dB", white, 10, false), 0, 9, 260, 600);
    hold(scene("street 20 dB", street, 20, false), 0, 3, 240, 500);
    hold(scene("street 10 dB", street, 10, false), 0, 8, 260, 600);
    hold(scene("babble 20 dB", babble, 20, false), 20, 3, 240, 500); /* they are voices */
    hold(scene("babble 10 dB", babble, 10, false), 20, 22, 260, 600);
    hold(scene("coughs", NULL, 0, true), 70, 0, 220, 500); /* of 210: sneezes have a tone */
}

/* What a business may choose: so pure the tone. */
static void test_tone(void **st)
{
    (void)st;
    static const struct {
        double tone;
        int coughs_least, coughs_most, street_most, missed_most;
    } rows[] = {{0, 13, 17, 30, 0}, {0.6, 13, 17, 5, 0}, {0.8, 0, 6, 0, 0}, {0.9, 0, 2, 0, 0}};
    const struct ear_settings usual = settings;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        char what[64];
        struct row coughs_row = {.what = what}, street_row = {.what = "street 10 dB"};
        struct line l = {.voice = 0, .echo_db = 25, .delay_ms = 120, .cough = true};
        settings.tone = rows[k].tone;
        snprintf(what, sizeof what, "tone %.1f: coughs", rows[k].tone);
        wrong(&coughs_row, l);
        l.cough = false;
        right(&coughs_row, l, 9000);
        print_row(&coughs_row);
        l.noise = street;
        l.snr_db = 10;
        wrong(&street_row, l);
        print_row(&street_row);
        assert_in_range(coughs_row.wrong, rows[k].coughs_least, rows[k].coughs_most);
        assert_true(street_row.wrong <= rows[k].street_most);
        assert_true(coughs_row.missed <= rows[k].missed_most);
    }
    settings = usual;
}

/* The longest silence of 30 s by the ear (in r->wrong, s), and each recording spoken into it. */
static void alone(struct row *r, struct line l)
{
    double gain = pow(10, l.caller_db / 20);
    mix(&l);
    r->wrong = (int)(longest_silence(0, SECONDS * 1000) / 1000);
    r->minutes = SECONDS / 60.0;
    for (size_t k = 0; k < 2 * N_CALLERS; k++) {
        const struct sound *s = &callers[k / 2];
        size_t at = (size_t)(k % 2 ? 3000 : 14000) * 8;
        mix(&l);
        for (size_t i = 0; i < s->n; i++)
            heard[at + i] = sound_clip(heard[at + i] + gain * s->pcm[i]);
        int64_t first = first_heard((at + s->begins) / 8, (at + s->n) / 8 + 100);
        if (first < 0)
            r->missed++;
        else
            r->ms[r->n - r->missed] = first;
        r->n++;
    }
}

/* Nothing of ours is on the line: what the clock of silence is told. Noise is no voice, and no
 * voice is lost, soft ones neither; whoever else talks is one. */
static void test_alone(void **st)
{
    (void)st;
    static const struct {
        const char *what;
        const int16_t *noise;
        double snr_db, caller_db;
        int silence_least, missed_most; /* s, of 30; by level alone */
        int level_most;
    } rows[] = {
        {"alone: quiet", NULL, 0, 0, 30, 0, 30},
        {"alone: quiet, 20 dB softer", NULL, 0, -20, 30, 0, 30},
        {"alone: white noise 10 dB", white, 10, 0, 30, 4, 30},
        {"alone: white noise 20 dB, 10 softer", white, 20, -10, 30, 4, 30},
        {"alone: street 20 dB", street, 20, 0, 7, 0, 5},
        {"alone: street 10 dB", street, 10, 0, 7, 4, 5},
        {"alone: street 20 dB, 10 softer", street, 20, -10, 7, 4, 5},
        {"alone: babble 10 dB", babble, 10, 0, 8, 6, 3}, /* they are voices: some are heard */
    };
    const struct ear_settings usual = settings;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        struct row r = {.what = rows[k].what};
        struct line l = {.voice = -1,
                         .noise = rows[k].noise,
                         .snr_db = rows[k].snr_db,
                         .caller_db = rows[k].caller_db};
        alone(&r, l);
        print_row(&r);
        assert_true(r.wrong + 1 >= rows[k].silence_least);
        assert_true(r.missed <= rows[k].missed_most);
        assert_true(r.ms[0] <= 300);
        mix(&l);
        settings.tone = 0; /* what the second opinion is for */
        assert_true(longest_silence(0, SECONDS * 1000) <= rows[k].level_most * 1000 + 999);
        settings = usual;
    }
}

/* ---- the parts ------------------------------------------------------------------------------- */

static void test_soft_and_settings(void **st)
{
    (void)st;
    struct row soft = {.what = "10 dB softer, quiet, echo -30 dB"},
               strict = {.what = "the same, 30 dB over the echo"};
    struct line l = {.voice = 0, .echo_db = 30, .delay_ms = 120, .caller_db = -10};
    const struct ear_settings usual = settings;
    right(&soft, l, 9000);
    print_row(&soft);
    assert_true(soft.missed <= 1);
    settings.echo_db = 30;
    right(&strict, l, 9000);
    print_row(&strict);
    assert_int_equal(strict.missed, N_CALLERS); /* each business may choose */
    settings = usual;
    settings.confirm_ms = 600;
    struct row slow = {.what = "confirmed after 600 ms"};
    l.caller_db = 0;
    right(&slow, l, 9000);
    print_row(&slow);
    assert_true(slow.missed >= 3 && slow.missed < (int)N_CALLERS && slow.ms[0] >= 600);
    settings = usual;
}

/* The same audio in pieces of any length gives the same decisions, a few ms apart. */
static void test_any_length(void **st)
{
    (void)st;
    static const size_t sizes[] = {1, 7, 80, 159, 161, 1000, 4001};
    static uint8_t line[RATE * 4];
    desk_mulaw_encode(line, callers[0].pcm, callers[0].n);
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        struct ear e, whole;
        ear_init(&e, &settings);
        ear_init(&whole, &settings);
        for (size_t at = 0; at < callers[0].n; at += sizes[k]) {
            size_t n = callers[0].n - at < sizes[k] ? callers[0].n - at : sizes[k];
            ear_heard(&e, line + at, n, 1000 + (int64_t)(at + n) / 8);
        }
        ear_heard(&whole, line, callers[0].n, 1000 + (int64_t)callers[0].n / 8);
        assert_int_equal(e.counted_ms, whole.counted_ms);
        assert_true(e.counted_ms > 300);
        assert_true(llabs(e.last_ms - whole.last_ms) <= 20);
        ear_clear(&e);
        ear_clear(&whole);
    }
}

/* The model sends ten seconds at once: the echo is expected when they play, and not after a clear.
 */
static void test_by_the_time_of_playing(void **st)
{
    (void)st;
    static uint8_t out[RATE * 10];
    struct ear e;
    uint8_t quiet[160];
    memset(quiet, DESK_MULAW_SILENCE, sizeof quiet);
    desk_mulaw_encode(out, ours[0], sizeof out);
    ear_init(&e, &settings);
    assert_false(ear_own_voice(&e, 5000));
    ear_sent(&e, out, sizeof out, 5003);
    assert_false(ear_own_voice(&e, 4900));
    assert_true(ear_own_voice(&e, 5100));
    double loudest = -96;
    for (int64_t ms = 5020; ms <= 9000; ms += 20) {
        ear_heard(&e, quiet, sizeof quiet, ms);
        loudest = e.expected_db > loudest ? e.expected_db : loudest;
    }
    assert_true(loudest > -30 && loudest < 0);
    ear_cut(&e, 9000);
    assert_true(ear_own_voice(&e, 9300)); /* what was played may still come back */
    assert_false(ear_own_voice(&e, 9500));
    for (int64_t ms = 9020; ms <= 9600; ms += 20)
        ear_heard(&e, quiet, sizeof quiet, ms);
    assert_true(e.expected_db < -90);
    ear_sent(&e, out, 8000, 60000); /* the next answer, much later */
    assert_int_equal(e.own_from, 3000);
    ear_clear(&e);
}

static void test_echo_loss_is_learned(void **st)
{
    (void)st;
    static const struct {
        double echo_db, low, high;
    } rows[] = {{0, 30, 40}, {30, 25, 33}, {20, 17, 24}, {15, 12, 18}, {6, 12, 12}};
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        struct line l = {.voice = 1, .echo_db = rows[k].echo_db, .delay_ms = 120};
        struct ear e;
        uint8_t out[160], in[160];
        mix(&l);
        ear_init(&e, &settings);
        for (size_t ms = 0; ms < 12000; ms += 20) {
            desk_mulaw_encode(out, ours[1] + ms * 8, 160);
            desk_mulaw_encode(in, heard + ms * 8, 160);
            ear_sent(&e, out, 160, 1000 + (int64_t)ms);
            ear_heard(&e, in, 160, 1020 + (int64_t)ms);
        }
        print_message("echo -%.0f dB: a loss of %.1f dB learned, floor %.0f dB\n", rows[k].echo_db,
                      e.loss_db, e.vad.floor_db);
        assert_true(e.loss_db >= rows[k].low && e.loss_db <= rows[k].high);
        assert_true(e.vad.floor_db < -55); /* the echo did not train it */
        ear_clear(&e);
    }
}

static void test_memory_is_bounded(void **st)
{
    (void)st;
    static uint8_t second[RATE];
    struct ear e;
    memset(second, 0x90, sizeof second);
    ear_init(&e, &settings);
    ear_sent(&e, second, sizeof second, 1000);
    assert_int_equal(e.own_cap, EAR_OWN_FIRST);
    for (int64_t s = 1; s < 1000; s++) /* nobody plays that much, but somebody may send it */
        ear_sent(&e, second, sizeof second, 1000 + s * 1000);
    assert_int_equal(e.own_cap, EAR_OWN_MAX);
    assert_true(e.own_to - e.own_from <= EAR_OWN_MAX);
    ear_sent(&e, second, sizeof second, 50); /* long past */
    uint8_t quiet[160];
    memset(quiet, DESK_MULAW_SILENCE, sizeof quiet);
    ear_heard(&e, quiet, sizeof quiet, 999000);
    assert_true(e.own_to - e.own_from <= 150);
    print_message("an ear: %zu bytes\n", sizeof e);
    assert_true(sizeof e < 8192);
    ear_clear(&e);
    ear_clear(&e);
}

static void test_silence_is_counted(void **st)
{
    (void)st;
    struct ear e;
    uint8_t in[160];
    ear_init(&e, &settings);
    memset(heard, 0, sizeof heard);
    memcpy(heard + RATE, callers[0].pcm, callers[0].n * sizeof *heard);
    int64_t begin = 0, end = 0;
    for (size_t ms = 0; ms < 10000; ms += 20) {
        desk_mulaw_encode(in, heard + ms * 8, 160);
        ear_heard(&e, in, 160, 5020 + (int64_t)ms);
        if (!begin && ear_since_ms(&e, false))
            begin = ear_since_ms(&e, false);
        end = ear_since_ms(&e, false) ? 5020 + (int64_t)ms : end;
    }
    assert_true(llabs(begin - (6000 + (int64_t)callers[0].begins / 8)) <= 60);
    assert_true(end > begin + 500 && ear_since_ms(&e, false) == 0);
    assert_true(ear_quiet_ms(&e, 5000, 15000) > 15000 - end - 1);
    assert_int_equal(ear_quiet_ms(&e, 14900, 15000), 100);
    ear_clear(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_tone),
        cmocka_unit_test(test_alone),
        cmocka_unit_test(test_soft_and_settings),
        cmocka_unit_test(test_any_length),
        cmocka_unit_test(test_by_the_time_of_playing),
        cmocka_unit_test(test_echo_loss_is_learned),
        cmocka_unit_test(test_memory_is_bounded),
        cmocka_unit_test(test_silence_is_counted),
    };
    return cmocka_run_group_tests(tests, make_all, end_all);
}
