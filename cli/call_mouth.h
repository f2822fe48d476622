/* The caller's mouth: words (flite) and sound files (libsndfile) as 8 kHz µ-law. */
#ifndef CLI_CALL_MOUTH_H
#define CLI_CALL_MOUTH_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct sim_sound {
    uint8_t *ulaw; /* owned */
    size_t len;    /* bytes = samples; 8 are a millisecond */
    size_t onset;  /* first audible byte; = len when all is silence */
    size_t end;    /* one past the last audible byte; 0 when all is silence */
};

enum sim_voice {
    SIM_VOICE_CALLER, /* rms */
    SIM_VOICE_SAY,    /* slt: stands for Twilio's own voice in recordings */
    SIM_VOICE__MAX
};

/* Speak. Thread-safe (one at a time: flite keeps global state); about 10 ms per spoken second.
 * Failures leave out empty and say why: DESK_ELIMIT (over DESK_MAX_SIM_AUDIO_MS), DESK_ENOMEM,
 * DESK_EINTERNAL. */
DESK_MUST enum desk_rc sim_sound_speak(struct sim_sound *out, enum sim_voice voice,
                                       const char *text, char *why, size_t n);

/* Read a sound file of any format, rate and channel count that libsndfile knows. DESK_EINVAL when
 * it cannot be read. */
DESK_MUST enum desk_rc sim_sound_file(struct sim_sound *out, const char *path, char *why, size_t n);

/* The same from memory (what a <Play> fetched). */
DESK_MUST enum desk_rc sim_sound_memory(struct sim_sound *out, const void *p, size_t len, char *why,
                                        size_t n);

void sim_sound_clear(struct sim_sound *s);

long sim_sound_ms(const struct sim_sound *s);

#endif
