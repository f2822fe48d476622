/* Voice activity detection: the level of 20 ms frames over a tracked noise floor. Plain C, no
 * model, the same audio gives the same decisions. Pure; one struct per audio stream. Used by the
 * offline engine (speech/) and by the bridge's ear (ws-bridge/ear.h).
 *
 * Levels are dB relative to full scale, 0 (loudest) to -96, as wire/mulaw.h measures them. Good on
 * lines with a signal 15 dB over the noise; in loud rooms it misses soft speech rather than hearing
 * voices (measured in tests/unit/test_vad.c). */
#ifndef DESK_CORE_VAD_H
#define DESK_CORE_VAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DESK_VAD_FRAME    160 /* samples: 20 ms at 8 kHz */
#define DESK_VAD_FRAME_MS 20
#define DESK_VAD_HANGOVER 160 /* ms: shorter gaps never end speech */

struct desk_vad_settings {
    double margin_db; /* over the floor: 9 is good */
    double least_db;  /* relative to full scale: below this nothing is speech */
    int onset_ms;     /* so much loud audio within onset_ms + 40 begins speech */
    int silence_ms;   /* so much quiet ends it; at least DESK_VAD_HANGOVER is taken */
};

struct desk_vad {
    struct desk_vad_settings set;
    double floor_db;
    bool begun; /* has seen a frame */
    bool loud;  /* the last frame was */
    bool speaking;
    unsigned recent; /* one bit per frame, newest lowest: loud */
    int quiet_ms;    /* since the last loud frame, while speaking */
    int64_t now_ms;  /* of audio seen */
};

enum desk_vad_event { DESK_VAD_NONE, DESK_VAD_STARTED, DESK_VAD_STOPPED };

extern const struct desk_vad_settings desk_vad_defaults;

/* The protocol's threshold 0..1 → margin: 0.5 is 9 dB, 0 is 3, 1 is 15. */
double desk_vad_margin(double threshold);

/* set NULL = the defaults. */
void desk_vad_init(struct desk_vad *v, const struct desk_vad_settings *set);

/* The level of one frame. *at_ms: stream time of the event: where the first loud frame began, or
 * where the last one ended. */
enum desk_vad_event desk_vad_frame(struct desk_vad *v, double level_db, int64_t *at_ms);

/* The same for a frame that may hold the echo of our own voice: it counts as quiet, and does not
 * raise the floor. (It may lower it: a line that is quieter than the floor has a lower floor.) */
enum desk_vad_event desk_vad_echo(struct desk_vad *v, double level_db, int64_t *at_ms);

#endif
