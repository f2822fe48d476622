/* When the offline engine says that somebody speaks: recordings through its session as a telephone
 * brings them, clean, soft and in noise; and what stands around a telephone alone. Each by the
 * level alone (as it was) and with the second opinion. What is recorded: sounds.h. */
#include "../../speech/audio.c"
#include "../../speech/brain_rules.c"
#include "../../speech/pool.c"
#include "../../speech/session.c"
#include "../../speech/session_config.c"
#include "../../speech/session_items.c"
#include "../../speech/session_response.c"
#include "../../speech/session_resume.c"
#include "../../speech/session_voice.c"
#include "../../speech/sentence.c"
#include "../../speech/tts_flite.c"

#include "sounds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <time.h>

#include <cmocka.h>

#define SAMPLES (RATE * 30)

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
    {.name = "romeo"},
    {.name = "victor"},
};
#define N_CALLERS (sizeof callers / sizeof *callers)
static int16_t street[SAMPLES], babble[SAMPLES], white[SAMPLES], coughs[SAMPLES], puffs[SAMPLES],
    wind[SAMPLES], line_in[SAMPLES];

/* SYNTHETIC: somebody blows into the microphone, knocks, rustles: noise of 100 to 400 ms. */
static void make_puffs(void)
{
    double low = 0;
    sound_seed = 5;
    for (size_t i = 0; i < SAMPLES; i++) {
        double t = fmod((double)i / RATE, 1.5), len = 0.1 + 0.1 * (double)(i / RATE / 3 % 4);
        low += 0.3 * (sound_random() - low);
        puffs[i] = sound_clip(t < len ? 9000 * low * exp(-3 * t / len) : 2 * sound_random());
    }
}

/* SYNTHETIC: noise that swells and fades in seconds */
static void make_wind(void)
{
    double low = 0;
    for (size_t i = 0; i < SAMPLES; i++) {
        double t = fmod((double)i / RATE, 6);
        low += 0.4 * (sound_random() - low);
        wind[i] = sound_clip(6000 * low * exp(-(t - 3) * (t - 3)) + 2 * sound_random());
    }
}

static int make_all(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < N_CALLERS; i++)
        sound_load(&callers[i]);
    sound_street(street, SAMPLES);
    sound_babble(babble, SAMPLES);
    sound_white(white, SAMPLES);
    (void)sound_coughs(coughs, SAMPLES);
    make_puffs();
    make_wind();
    return 0;
}

static int end_all(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < N_CALLERS; i++)
        sound_free(&callers[i]);
    return 0;
}

/* ---- a session and what it says -------------------------------------------------------------- */

static struct {
    int64_t now_ms; /* of audio given */
    size_t started, stopped;
    int64_t told_ms[200], start_ms[200]; /* when it was told; since when, it says */
    size_t n_jobs, job_samples;
} world;

static void world_send(void *ctx, const char *json, size_t n)
{
    json_t *event = json_loadb(json, n, 0, NULL);
    const char *type = json_string_value(json_object_get(event, "type"));
    (void)ctx;
    assert_non_null(type);
    if (strcmp(type, "input_audio_buffer.speech_started") == 0 && world.started < 200) {
        world.told_ms[world.started] = world.now_ms;
        world.start_ms[world.started++] =
            json_integer_value(json_object_get(event, "audio_start_ms"));
    }
    world.stopped += strcmp(type, "input_audio_buffer.speech_stopped") == 0;
    json_decref(event);
}

static void world_submit(void *ctx, struct desk_job *job)
{
    (void)ctx;
    world.n_jobs++;
    world.job_samples = job->n;
    desk_job_free(job);
}

static int64_t world_now(void *ctx)
{
    (void)ctx;
    return world.now_ms;
}

static const struct desk_speech_host host = {NULL, world_send, world_submit, world_now};

/* All of line_in[0..n) in frames of 20 ms. tone below 0: as the session has it. */
static void listen_to(size_t n, double tone)
{
    static const char set_up[] =
        "{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\",\"audio\":{\"input\":{"
        "\"format\":{"
        "\"type\":\"audio/"
        "pcmu\"},\"turn_detection\":{\"type\":\"server_vad\",\"create_response\":false}}}}}";
    struct desk_speech *s = desk_speech_new(&host, 1, "offline", &desk_speech_rules);
    assert_non_null(s);
    memset(&world, 0, sizeof world);
    desk_speech_message(s, set_up, sizeof set_up - 1);
    if (tone >= 0)
        s->config.tone = tone;
    for (size_t at = 0; at + 160 <= n; at += 160) {
        uint8_t ulaw[160];
        char text[300];
        desk_mulaw_encode(ulaw, line_in + at, 160);
        size_t len = (size_t)snprintf(text, sizeof text,
                                      "{\"type\":\"input_audio_buffer.append\",\"audio\":\"");
        len += desk_base64_encode_raw(text + len, ulaw, 160);
        len += (size_t)snprintf(text + len, sizeof text - len, "\"}");
        world.now_ms += 20;
        desk_speech_message(s, text, len);
        s->hearing = 0;
    }
    desk_speech_free(s);
}

static void lay(const int16_t *noise, double noise_db, size_t n)
{
    double gain = noise ? pow(10, noise_db / 20) : 0;
    for (size_t i = 0; i < n; i++)
        line_in[i] = sound_clip(gain * (noise ? noise[i] : 0) + 2 * sin((double)i));
}

/* ---- measured -------------------------------------------------------------------------------- */

struct found {
    size_t n, missed, late;
    int64_t worst_ms, sum_ms; /* from its first sound to being told */
};

/* Each recording alone, its first sound at 3 s. */
static struct found find(const int16_t *noise, double snr_db, double caller_db, double tone)
{
    struct found f = {.n = N_CALLERS};
    double gain = pow(10, caller_db / 20);
    for (size_t k = 0; k < N_CALLERS; k++) {
        size_t at = 3 * RATE - callers[k].begins, n = at + callers[k].n + RATE;
        lay(noise, USUAL + 30 - snr_db, n);
        for (size_t i = 0; i < callers[k].n; i++)
            line_in[at + i] = sound_clip(line_in[at + i] + gain * callers[k].pcm[i]);
        listen_to(n, tone);
        int64_t best = -1;
        for (size_t i = 0; i < world.started; i++)
            if (world.told_ms[i] >= 3000 && world.start_ms[i] < 3000 + (int64_t)callers[k].n / 8 &&
                best < 0)
                best = world.told_ms[i] - 3000;
        if (best < 0) {
            f.missed++;
            continue;
        }
        f.sum_ms += best;
        f.worst_ms = best > f.worst_ms ? best : f.worst_ms;
    }
    return f;
}

static void test_voices_are_found(void **unused)
{
    static const struct {
        const char *what;
        const int16_t *noise;
        double snr_db, caller_db;
    } rows[] = {{"clean", NULL, 0, 0},
                {"20 dB softer", NULL, 0, -20},
                {"28 dB softer", NULL, 0, -28},
                {"white noise 20 dB", white, 20, 0},
                {"white noise 15 dB", white, 15, 0},
                {"white noise 20 dB, 5 softer", white, 20, -5}};
    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct found level = find(rows[i].noise, rows[i].snr_db, rows[i].caller_db, 0);
        struct found both = find(rows[i].noise, rows[i].snr_db, rows[i].caller_db, -1);
        int64_t mean[2] = {level.sum_ms / (int64_t)N_CALLERS, both.sum_ms / (int64_t)N_CALLERS};
        print_message(
            "%-28s missed %zu of %zu, told after %lld ms, at the latest %lld (by level alone: "
            "%zu, %lld, %lld)\n",
            rows[i].what, both.missed, both.n, (long long)mean[1], (long long)both.worst_ms,
            level.missed, (long long)mean[0], (long long)level.worst_ms);
        assert_int_equal(both.missed, 0);
        assert_true(mean[1] <= mean[0] + 20);
        assert_true(both.worst_ms <= level.worst_ms + 60); /* the vowel after a "th" */
    }
}

/* SYNTHETIC: noise with the course of a recording's level, as a whisper has. */
static void whisper(size_t at, const struct sound *s, double db)
{
    sound_seed = 9;
    for (size_t i = 0; i < s->n; i++) {
        double level = pow(10, (desk_pcm_level_db(s->pcm + i / 160 * 160, 160) + db) / 20);
        line_in[at + i] = sound_clip(line_in[at + i] + 32768 * 1.7 * level * sound_random());
    }
}

static void test_a_whisper_is_found(void **unused)
{
    (void)unused;
    for (double db = 0; db >= -20; db -= 20)
        for (size_t k = 0; k < 4; k++) { /* sentences; a whispered word is a puff */
            lay(NULL, 0, SAMPLES);
            whisper(3 * RATE, &callers[k], db);
            listen_to(3 * RATE + callers[k].n + RATE, -1);
            assert_true(world.started >= 1 && world.told_ms[0] > 3000);
            assert_true(world.told_ms[0] < 3000 + (int64_t)callers[k].n / 8);
        }
}

/* At most so many turns in half a minute; by level alone there are so many at least. */
static void test_noise_is_no_turn(void **unused)
{
    static const struct {
        const char *what;
        const int16_t *noise;
        double db;
        size_t most, level_least;
    } rows[] = {{"puffs and knocks", puffs, 0, 0, 15},
                {"puffs, loud", puffs, 8, 0, 15},
                {"wind", wind, 0, 0, 3},
                {"white noise", white, 0, 0, 0},
                {"coughs", coughs, 0, 14, 14},
                {"street", street, 0, 4, 4},
                {"babble", babble, 0, 4, 4}};
    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        lay(rows[i].noise, rows[i].db, SAMPLES);
        listen_to(SAMPLES, 0);
        size_t level = world.started;
        listen_to(SAMPLES, -1);
        print_message("%-18s %zu turns in 30 s (by level alone: %zu)\n", rows[i].what,
                      world.started, level);
        assert_true(level >= rows[i].level_least);
        assert_true(world.started <= rows[i].most);
        assert_int_equal(world.n_jobs, world.stopped);
    }
}

/* The wind blows for five seconds, then somebody speaks into it: the turn is what they say. */
static void test_a_voice_in_noise_begins_where_it_does(void **unused)
{
    const struct sound *s = &callers[1];
    (void)unused;
    sound_seed = 4;
    for (size_t i = 0; i < SAMPLES; i++) {
        bool blows = i > 2 * RATE && i < 7 * RATE;
        line_in[i] = sound_clip((blows ? 700 : 2) * sound_random());
    }
    for (size_t i = 0; i < s->n; i++)
        line_in[5 * RATE + i] = sound_clip(line_in[5 * RATE + i] + 2 * s->pcm[i]);
    listen_to(9 * RATE, -1);
    assert_int_equal(world.started, 1);
    assert_in_range(world.start_ms[0], 4100, 5200);
    assert_in_range(world.told_ms[0], 5000, 5400);
    assert_int_equal(world.n_jobs, 1);
    assert_in_range(world.job_samples, s->n, s->n + 3 * RATE);
}

/* Noise that is no turn does not keep the engine from asking whether anybody is there. */
static void test_noise_is_silence(void **unused)
{
    (void)unused;
    lay(puffs, 0, SAMPLES);
    listen_to(RATE * 2, -1);
    assert_int_equal(world.started, 0);
    struct desk_speech *s = desk_speech_new(&host, 1, "offline", &desk_speech_rules);
    s->vad.speaking = true; /* it goes on */
    s->config.idle_ms = 1000;
    s->idle_at = world.now_ms + 1000;
    world.now_ms += 2000;
    desk_speech_tick(s);
    assert_int_equal(s->idle_at, 0);
    desk_speech_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_voices_are_found),
        cmocka_unit_test(test_a_whisper_is_found),
        cmocka_unit_test(test_noise_is_no_turn),
        cmocka_unit_test(test_a_voice_in_noise_begins_where_it_does),
        cmocka_unit_test(test_noise_is_silence),
    };
    return cmocka_run_group_tests(tests, make_all, end_all);
}
