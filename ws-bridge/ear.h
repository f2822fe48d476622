/* The ear of one call: who is speaking on the line, and is it the caller or the echo of ourselves?
 * Pure: no sockets, no database, no clock of its own; times are monotonic ms, given with the audio.
 * One thread. Levels are dB relative to full scale, 0 to -96.
 *
 * It hears the caller's audio, and what we send with the moment it will PLAY (the model sends
 * faster than real time). Of our own voice it keeps one level per 20 ms, until 400 ms after it was
 * played: an echo comes back within that time (telephone networks add 20 to 300 ms).
 *
 * A frame counts for the caller if it is
 *   over the noise   VAD_MARGIN_DB over the line's tracked noise floor, and over VAD_LEAST_DBFS;
 *   over the echo    BARGE_IN_ECHO_DB over what our own voice can come back with: the loudest of
 * the last 400 ms of it, less the line's echo loss. The loss is learned from our own speech: 15 dB
 * at first (an echo louder than that is rare), never under 12 (else a caller could not get in) nor
 * over 40. Frames under that never train the noise floor. While our own voice is to be heard a
 * voice (below) needs only half the margin to count.
 *
 * Speech is CONFIRMED when BARGE_IN_CONFIRM_MS of such frames came with no gap over 200 ms, and
 *   half of it is a voice     core/voice.h, by VOICE_TONE: hiss, knocks, cars and three of four
 * coughs are none; its level moves           a horn's does not. tests/unit/test_ear.c prints what
 * that does to recorded speech, echo and noise.
 *
 * Cost: one table look-up and multiplication per sample; the voice (20 µs a frame, and once 0.7 ms
 * for what came before) only while something is over the noise, and not all the time while the
 * caller speaks and we are silent. Memory: 8 kB, 20 kB more meanwhile, and 1 byte for each 20 ms of
 * our own speech not yet played. */
#ifndef BRIDGE_EAR_H
#define BRIDGE_EAR_H

#include "core/vad.h"
#include "core/voice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EAR_ECHO_MS   400  /* an echo comes back within that */
#define EAR_KEEP      6400 /* µ-law bytes of the caller kept: 800 ms, for the voice's second look */
#define EAR_OWN_FIRST 256  /* 20 ms levels of our voice kept at first: 5 s */
#define EAR_OWN_MAX   16384 /* at most: DESK_MAX_AUDIO_OUT_MS and the echo's time */

struct ear_settings {
    int confirm_ms; /* 0: everything over noise and echo is confirmed at once */
    double echo_db, margin_db, least_db;
    double tone; /* of a voice, 0…1; 0: what is loud enough is one */
};

struct ear {
    struct ear_settings set;
    struct desk_vad vad;

    /* our own voice: levels of 20 ms by the moment of playing, in a ring that grows */
    uint8_t *own; /* dB under full scale, 96 = silence; index: slot & (own_cap - 1) */
    size_t own_cap;
    int64_t own_from, own_to; /* slots [from, to) are known; slot = ms / 20 */

    /* the line's echo loss */
    double loss_db;
    int doubts; /* frames of this doubt louder than that: they teach if it comes to nothing */

    /* the caller's frame being put together, and the last ones */
    uint8_t frame[DESK_VAD_FRAME];
    size_t fill;
    uint8_t kept[EAR_KEEP];
    size_t kept_at; /* next to be written: the oldest */
    struct desk_voice voice;
    int64_t voice_ms; /* when it was last needed */

    /* somebody speaks, perhaps */
    int64_t since_ms; /* first frame that counted; 0 = none */
    int counted_ms, voiced_ms, gap_ms;
    double low_db, lower_db, high_db, higher_db; /* levels of the frames that counted */
    bool confirmed;
    int64_t last_ms; /* of the last frame that counted, ever; 0 = none */

    /* a voice, for the clock of silence */
    int64_t heard_ms, sure_ms; /* when one was heard last, and when that was asked; 0 = never */
    int sure_for_ms;

    /* what it was made of, for logs and tests */
    double level_db, expected_db; /* of the last frame; expected of our echo, with echo_db */
    uint64_t opened;              /* how often the voice was asked */
};

/* set is copied. Then _clear() to give memory back; a zeroed one is clear. */
void ear_init(struct ear *e, const struct ear_settings *set);
void ear_clear(struct ear *e);

/* We send n bytes of µ-law, which will begin to play at play_ms. No memory: the echo of them is not
 * expected, which is noted nowhere (a call without memory has other troubles). */
void ear_sent(struct ear *e, const uint8_t *ulaw, size_t n, int64_t play_ms);
/* Twilio was told to forget what it has not played. */
void ear_cut(struct ear *e, int64_t now_ms);

/* The caller's audio as it arrives: µ-law, any length; now_ms: when the last byte of it came. */
void ear_heard(struct ear *e, const uint8_t *ulaw, size_t n, int64_t now_ms);

/* Since when the caller has been speaking, by what is known now; 0 = nobody is. confirmed: only if
 * it lasted (see above). It ends 200 ms after the last frame that counted. */
int64_t ear_since_ms(const struct ear *e, bool confirmed);
/* ms since the caller last made a sound that counted; since_ms (a moment) if there was none. */
int64_t ear_quiet_ms(const struct ear *e, int64_t since_ms, int64_t now_ms);
/* When a voice was heard last, as far as the second opinion can tell; 0 = never. Up to 2 s of other
 * sound that follows one without a pause count with it. */
int64_t ear_heard_ms(const struct ear *e);
/* Is our own voice (or a pause in it) on the line at that moment, or may its echo be? */
bool ear_own_voice(const struct ear *e, int64_t now_ms);

#endif
