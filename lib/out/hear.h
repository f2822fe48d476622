/* Speech to text over HTTP, in the shape of OpenAI's POST /audio/transcriptions; the settings STT_…
 * say where (out/audio_target.h). One utterance of a conversation at a time. As a struct of
 * functions: tests put their own in its place.
 *
 * Blocking, 60 s at most: for request and helper threads. Nothing is repeated. What was said and
 * the key are in no log and no reason. */
#ifndef DESK_OUT_HEAR_H
#define DESK_OUT_HEAR_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct desk_hear_ask {
    const void *wav; /* a whole WAV file */
    size_t n;
    const char *expect;      /* core/voice_body.h: only our own engine is told */
    const char *words;       /* worth hearing, one phrase a line; "" = none */
    bool (*stop)(void *ctx); /* about once a second; true gives up. NULL = never */
    void *stop_ctx;
};

struct desk_hear {
    /* *text, in the arena: "" = no words in it. DESK_EUPSTREAM: it was not heard; DESK_EINVAL: the
     * service does not take this sound; DESK_DONE: stopped; why (n bytes) is a sentence for a log.
     */
    enum desk_rc (*words)(const struct desk_hear_ask *ask, struct desk_arena *a, const char **text,
                          char *why, size_t n);
};

extern const struct desk_hear desk_hear_http;

#endif
