/* Voice activity on real recordings, clean and in white and pink noise: how much of the speech is
 * found and how often quiet is taken for it. The labels are the energy of the clean recordings. */
#include "../../lib/core/vad.c"

#include "wire/mulaw.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define GAP     (8000 * 3 / 2) /* 1.5 s of quiet around each recording */
#define MAX_LEN (8000 * 60)

static int16_t clean[MAX_LEN], noisy[MAX_LEN];
static size_t length;
static size_t begins[16], ends[16], n_speech; /* samples, of each recording */

static void add_recording(const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "tests/audio/%s.wav", name);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    assert_int_equal(fseek(f, 44, SEEK_SET), 0);
    begins[n_speech] = length;
    length += fread(clean + length, 2, MAX_LEN - length - GAP, f);
    ends[n_speech++] = length;
    length += GAP;
    fclose(f);
}

static int load_all(void **state)
{
    (void)state;
    static const char *const names[] = {"leave_a_message",
                                        "charlie",
                                        "romeo",
                                        "tomorrow",
                                        "monday",
                                        "friday",
                                        "no",
                                        "goodbye",
                                        "speak_with_a_representative"};
    length = GAP * 2;
    n_speech = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        add_recording(names[i]);
    return 0;
}

static unsigned seed;
static double uniform(void)
{
    seed = seed * 1103515245u + 12345u;
    return ((double)(seed >> 8) / 8388608.0) - 1.0;
}

/* pink: white through a falling filter (three one-pole sections) */
static double pink(void)
{
    static double b0, b1, b2;
    double w = uniform();
    b0 = 0.99765 * b0 + w * 0.0990460;
    b1 = 0.96300 * b1 + w * 0.2965164;
    b2 = 0.57000 * b2 + w * 1.0526913;
    return b0 + b1 + b2 + w * 0.1848;
}

static double speech_power(void)
{
    double sum = 0;
    size_t n = 0;
    for (size_t k = 0; k < n_speech; k++)
        for (size_t i = begins[k]; i < ends[k]; i++, n++)
            sum += (double)clean[i] * clean[i];
    return sum / (double)n;
}

static void mix(double (*noise)(void), double snr_db)
{
    double power = 0;
    seed = 42;
    for (int i = 0; i < 20000; i++) {
        double v = noise();
        power += v * v / 20000;
    }
    double gain = sqrt(speech_power() / pow(10, snr_db / 10) / power);
    for (size_t i = 0; i < length; i++) {
        double v = clean[i] + noise() * gain;
        noisy[i] = (int16_t)(v > 32767 ? 32767 : v < -32768 ? -32768 : v);
    }
}

struct score {
    size_t found, false_starts, turns;
};

/* feed it all; a turn counts as found when it began within its recording and ended after it */
static struct score run(const int16_t *pcm)
{
    struct score sc = {0};
    struct desk_vad v;
    int64_t at = 0, from = -1;
    desk_vad_init(&v, NULL);
    bool found[16] = {false};
    for (size_t i = 0; i + DESK_VAD_FRAME <= length; i += DESK_VAD_FRAME) {
        enum desk_vad_event e = desk_vad_frame(&v, desk_pcm_level_db(pcm + i, DESK_VAD_FRAME), &at);
        if (e == DESK_VAD_NONE)
            continue;
        sc.turns += e == DESK_VAD_STARTED;
        if (e == DESK_VAD_STARTED) {
            bool inside = false;
            for (size_t k = 0; k < n_speech; k++)
                if (at >= (int64_t)(begins[k] / 8) - 60 && at <= (int64_t)(ends[k] / 8)) {
                    inside = true;
                    found[k] = true;
                }
            sc.false_starts += !inside;
            from = at;
        } else {
            assert_true(from >= 0 && at > from && at <= v.now_ms);
        }
    }
    for (size_t k = 0; k < n_speech; k++)
        sc.found += found[k];
    return sc;
}

static void expect(const char *what, struct score sc, size_t found_least, size_t false_most)
{
    print_message("%-14s %zu of %zu found, %zu false starts\n", what, sc.found, n_speech,
                  sc.false_starts);
    assert_true(sc.found >= found_least);
    assert_true(sc.false_starts <= false_most);
}

static void test_clean(void **state)
{
    (void)state;
    expect("clean", run(clean), n_speech, 0);
}

static void test_white(void **state)
{
    (void)state;
    mix(uniform, 30);
    expect("white 30 dB", run(noisy), n_speech, 0);
    mix(uniform, 15);
    expect("white 15 dB", run(noisy), n_speech - 1, 0);
}

static void test_pink(void **state)
{
    (void)state;
    mix(pink, 30);
    expect("pink 30 dB", run(noisy), n_speech, 0);
    mix(pink, 15);
    expect("pink 15 dB", run(noisy), n_speech - 1, 1);
    mix(pink, 5);
    expect("pink 5 dB", run(noisy), 0, 2);
}

static void test_through_mulaw(void **state)
{
    (void)state;
    static uint8_t ulaw[MAX_LEN];
    mix(uniform, 25);
    desk_mulaw_encode(ulaw, noisy, length);
    desk_mulaw_decode(noisy, ulaw, length);
    expect("µ-law 25 dB", run(noisy), n_speech, 0);
}

static void test_same_twice(void **state)
{
    (void)state;
    mix(pink, 15);
    struct score a = run(noisy), b = run(noisy);
    assert_int_equal(a.turns, b.turns);
    assert_int_equal(a.found, b.found);
}

static void test_silence_and_settings(void **state)
{
    (void)state;
    struct desk_vad v;
    struct desk_vad_settings set = desk_vad_defaults;
    int64_t at = -1;
    set.silence_ms = 300;
    desk_vad_init(&v, &set);
    for (int i = 0; i < 100; i++)
        assert_int_equal(desk_vad_frame(&v, -96, &at), DESK_VAD_NONE);
    assert_int_equal(desk_vad_frame(&v, -15, &at), DESK_VAD_NONE); /* a click is no voice */
    for (int i = 0; i < 20; i++)
        assert_int_equal(desk_vad_frame(&v, -96, &at), DESK_VAD_NONE);
    for (int i = 0; i < 2; i++)
        assert_int_equal(desk_vad_frame(&v, -15, &at), DESK_VAD_NONE);
    assert_int_equal(desk_vad_frame(&v, -15, &at), DESK_VAD_STARTED);
    assert_int_equal(at, 121 * 20);
    for (int i = 0; i < 14; i++)
        assert_int_equal(desk_vad_frame(&v, -96, &at), DESK_VAD_NONE);
    assert_int_equal(desk_vad_frame(&v, -96, &at), DESK_VAD_STOPPED);
    assert_int_equal(at, 124 * 20); /* where the voice ended, not where that was noticed */
    assert_true(desk_vad_margin(0.5) > 8.99 && desk_vad_margin(0.5) < 9.01);
    assert_true(desk_vad_margin(7) < 15.01 && desk_vad_margin(-1) > 2.99);
}

/* a hum that starts while somebody may speak is speech at first, but not for ever */
static void test_steady_noise_ends(void **state)
{
    (void)state;
    struct desk_vad v;
    int16_t frame[DESK_VAD_FRAME];
    int64_t at = 0;
    int started = 0, stopped = 0;
    desk_vad_init(&v, NULL);
    seed = 3;
    for (int i = 0; i < 50 * 60; i++) {
        double level = i < 100 ? 10 : 400;
        for (int j = 0; j < DESK_VAD_FRAME; j++)
            frame[j] = (int16_t)(uniform() * level);
        enum desk_vad_event e = desk_vad_frame(&v, desk_pcm_level_db(frame, DESK_VAD_FRAME), &at);
        started += e == DESK_VAD_STARTED;
        stopped += e == DESK_VAD_STOPPED;
    }
    assert_true(started <= 1);
    assert_int_equal(started, stopped);
}

/* Our own voice, coming back: no speech, and no noise either. */
static void test_echo_does_not_train(void **state)
{
    (void)state;
    struct desk_vad v;
    int64_t at = 0;
    desk_vad_init(&v, NULL);
    for (int i = 0; i < 100; i++)
        assert_int_equal(desk_vad_frame(&v, -60, &at), DESK_VAD_NONE);
    double before = v.floor_db;
    for (int i = 0; i < 500; i++)
        assert_int_equal(desk_vad_echo(&v, -25, &at), DESK_VAD_NONE);
    assert_true(v.floor_db <= before);
    assert_false(v.loud);
    assert_int_equal(desk_vad_frame(&v, -45, &at), DESK_VAD_NONE);
    assert_true(v.loud); /* soft speech right after it is still over the floor */
    for (int i = 0; i < 500; i++)
        (void)desk_vad_frame(&v, -25, &at);
    assert_true(v.floor_db > before + 5); /* while steady sound that is no echo raises it */
    for (int i = 0; i < 50; i++)
        assert_int_equal(desk_vad_echo(&v, -64, &at), i == 24 ? DESK_VAD_STOPPED : DESK_VAD_NONE);
    assert_true(v.floor_db < -60); /* and a quiet line is quiet, whoever speaks */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean),
        cmocka_unit_test(test_white),
        cmocka_unit_test(test_pink),
        cmocka_unit_test(test_through_mulaw),
        cmocka_unit_test(test_same_twice),
        cmocka_unit_test(test_silence_and_settings),
        cmocka_unit_test(test_steady_noise_ends),
        cmocka_unit_test(test_echo_does_not_train),
    };
    return cmocka_run_group_tests(tests, load_all, NULL);
}
