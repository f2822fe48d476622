/* Sounds for tests of who is speaking: recordings of tests/audio at a level, and what stands around
 * a telephone: a street, a room full of people, coughs. All 8 kHz; the same each time.
 *
 * Recorded (tests/audio/README.md): callers, cars and a motorcycle passing, a party, coughs,
 * sneezes. SYNTHETIC: horns, white noise, the rumble under the street. Babble is several recorded
 * callers at once, some of them slower or faster to be other people, over the party. */
#ifndef TEST_SOUNDS_H
#define TEST_SOUNDS_H

#include "wire/mulaw.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE  8000
#define USUAL (-22.0) /* dBFS of a caller's voice */

struct sound {
    const char *name;
    int16_t *pcm;
    size_t n, begins; /* first sample that is not quiet */
};

static unsigned sound_seed;
static double sound_random(void)
{
    sound_seed = sound_seed * 1103515245u + 12345u;
    return ((double)(sound_seed >> 8) / 8388608.0) - 1.0;
}

static int16_t sound_clip(double v)
{
    return (int16_t)(v > 32767 ? 32767 : v < -32768 ? -32768 : v);
}

/* level of the parts that are not quiet */
static double sound_active_db(const int16_t *pcm, size_t n)
{
    double power = 0;
    size_t k = 0;
    for (size_t i = 0; i + 160 <= n; i += 160)
        if (desk_pcm_level_db(pcm + i, 160) > -45) {
            power += pow(10, desk_pcm_level_db(pcm + i, 160) / 10);
            k++;
        }
    return k ? 10 * log10(power / (double)k) : -96;
}

static void sound_set_level(int16_t *pcm, size_t n, double db)
{
    double gain = pow(10, (db - sound_active_db(pcm, n)) / 20);
    for (size_t i = 0; i < n; i++)
        pcm[i] = sound_clip(pcm[i] * gain);
}

/* tests/audio/NAME.wav at a caller's usual level */
static void sound_load(struct sound *s)
{
    char path[128];
    snprintf(path, sizeof path, "tests/audio/%s.wav", s->name);
    FILE *f = fopen(path, "rb");
    s->pcm = calloc(20 * RATE, sizeof *s->pcm);
    if (!f || !s->pcm || fseek(f, 44, SEEK_SET)) {
        fprintf(stderr, "no %s\n", path);
        abort();
    }
    s->n = fread(s->pcm, sizeof *s->pcm, 20 * RATE, f);
    fclose(f);
    sound_set_level(s->pcm, s->n, USUAL);
    while (s->begins + 160 < s->n && desk_pcm_level_db(s->pcm + s->begins, 160) < -40)
        s->begins += 80;
}

static void sound_free(struct sound *s)
{
    free(s->pcm);
    s->pcm = NULL;
}

/* Add NAME at that moment, so much louder, so much faster; 0 for the end: again and again. */
static void sound_add(int16_t *out, size_t n, const char *name, double at_s, double db,
                      double speed, double every_s)
{
    struct sound s = {.name = name};
    double gain = pow(10, db / 20);
    sound_load(&s);
    for (double begin = at_s; begin * RATE < (double)n; begin += every_s) {
        size_t at = (size_t)(begin * RATE);
        for (size_t i = 0; at + i < n && (double)i * speed + 1 < (double)s.n; i++) {
            double x = (double)i * speed, part = x - floor(x);
            const int16_t *p = s.pcm + (size_t)x;
            out[at + i] = sound_clip(out[at + i] + gain * (p[0] * (1 - part) + p[1] * part));
        }
    }
    sound_free(&s);
}

static void sound_white(int16_t *out, size_t n)
{
    sound_seed = 3;
    for (size_t i = 0; i < n; i++)
        out[i] = sound_clip(sound_random() * 3000);
    sound_set_level(out, n, -30);
}

/* Cars and motorcycles pass, people talk, somewhere there is always an engine; sometimes a horn. */
static void sound_street(int16_t *out, size_t n)
{
    double rumble = 0;
    sound_seed = 7;
    for (size_t i = 0; i < n; i++) {
        double t = (double)i / RATE, v = 0;
        rumble += 0.05 * (sound_random() - rumble);
        for (int horn = 0; horn < 4; horn++) {
            double from = t - (4.3 + 6.1 * horn);
            if (from > 0 && from < 0.25 + 0.1 * horn)
                v += 1500 * (sin(2 * M_PI * 420 * t) + sin(2 * M_PI * 510 * t) +
                             0.4 * sin(2 * M_PI * 1260 * t));
        }
        out[i] = sound_clip(v + 2500 * rumble);
    }
    sound_add(out, n, "car_passing", 0.5, 0, 1, 9.1);
    sound_add(out, n, "car_passing", 5.2, -5, 1.15, 11.3);
    sound_add(out, n, "motorcycle_passing", 3.0, -3, 1, 12.7);
    sound_add(out, n, "party", 0, -14, 1, 3.9);
    sound_set_level(out, n, -30);
}

static void sound_babble(int16_t *out, size_t n)
{
    static const struct {
        const char *name;
        double at, db, speed, every;
    } talkers[] = {{"number_4155550134", 0, 0, 1, 10.3},
                   {"weasels", 0.7, 0, 0.83, 4.1},
                   {"number_4155550199", 1.1, -2, 1.2, 9.1},
                   {"speak_with_a_representative", 0.2, -1, 0.9, 3.3},
                   {"leave_a_message", 1.9, -3, 1.12, 2.7},
                   {"thursday_at_three_pm", 0.4, -2, 0.78, 4.9},
                   {"party", 0, 0, 1, 3.9}};
    memset(out, 0, n * sizeof *out);
    for (size_t i = 0; i < sizeof talkers / sizeof *talkers; i++)
        sound_add(out, n, talkers[i].name, talkers[i].at, talkers[i].db, talkers[i].speed,
                  talkers[i].every);
    sound_set_level(out, n, -30);
}

/* One each two seconds; how many there are. */
static int sound_coughs(int16_t *out, size_t n)
{
    static const char *const coughs_of[] = {"cough_man", "sneeze_woman", "cough_woman",
                                            "sneeze_man"};
    int made = 0;
    memset(out, 0, n * sizeof *out);
    for (double at = 1; (at + 1) * RATE < (double)n; at += 2)
        sound_add(out, n, coughs_of[made++ % 4], at, 2, 1, 1e9);
    return made;
}

#endif
