/* Text to speech over HTTP, in the shape of OpenAI's POST /audio/speech; the settings TTS_… say
 * where (out/audio_target.h). As a struct of functions: tests put their own in its place.
 *
 * Blocking, 30 s at most: for request and helper threads. Nothing is repeated. Text and key are in
 * no log and no reason. */
#ifndef DESK_OUT_TTS_H
#define DESK_OUT_TTS_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct desk_tts_ask {
    const char *text;
    const char *voice;       /* NULL or "" = REALTIME_VOICE */
    bool (*stop)(void *ctx); /* about once a second; true gives up. NULL = never */
    void *stop_ctx;
};

struct desk_tts {
    /* A WAV file (wire/wav.h) into an empty wav, whose maximum counts. DESK_EUPSTREAM: it did not
     * speak, DESK_ELIMIT: too much, DESK_DONE: stopped; why (n bytes) is a sentence for a log. */
    enum desk_rc (*speak)(const struct desk_tts_ask *ask, struct desk_buf *wav, char *why,
                          size_t n);
};

extern const struct desk_tts desk_tts_http;

#endif
