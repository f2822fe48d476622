/* Where speech is written down and spoken: services in the shape of OpenAI's audio service, by the
 * settings STT_… and TTS_…; by default our own engine on its loopback port. Never blocks. */
#ifndef DESK_OUT_AUDIO_TARGET_H
#define DESK_OUT_AUDIO_TARGET_H

#include "base/err.h"

#include <stdbool.h>

struct desk_audio_target {
    char url[1100];
    char auth[1100]; /* a whole header line; "" = none */
    const char *model;
    bool own; /* our own engine: it knows fields of ours, too */
};

/* A given server that writes speech down: the base of its addresses or the whole one, and its key,
 * or a whole header. model is not set. DESK_EINVAL: they cannot be used. */
DESK_MUST enum desk_rc desk_audio_target_hear(struct desk_audio_target *t, const char *url,
                                              const char *key);

/* DESK_EINVAL: the settings cannot be used. */
DESK_MUST enum desk_rc desk_audio_target_stt(struct desk_audio_target *t);
DESK_MUST enum desk_rc desk_audio_target_tts(struct desk_audio_target *t);

#endif
