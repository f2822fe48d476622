/* Speech to text: a server that writes down a sound, by OpenAI's POST /audio/transcriptions
 * (facts/openai.md 4.3): OpenAI itself, or any compatible one, also our own offline engine. A
 * struct of functions: the real one is desk_stt_rest.
 *
 * Blocking, STT_MS at most: for the worker's threads. Nothing is repeated here; whether it may be
 * is what the result says (asking twice costs twice, and changes nothing). Key, sound and words are
 * in no log. */
#ifndef DESK_OUT_STT_H
#define DESK_OUT_STT_H

#include "base/buf.h"
#include "store/outbox.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct desk_stt_server {
    const char *url;         /* base: https://api.openai.com/v1, or the whole address */
    const char *key;         /* "" = none; with a ": " it is a whole header */
    const char *model;       /* "gpt-transcribe" */
    bool (*stop)(void *ctx); /* asked about once a second; true: again another time. NULL = never */
    void *stop_ctx;
};

struct desk_stt {
    /* wav: a whole WAV file, n bytes (DESK_MAX_STT_SOUND at most). text is appended to: clean UTF-8
     * without space around it, empty when nothing was understood; cut at its maximum. Always fills
     * *r: SENT (it was written down), AGAIN (not reached, cut off, too slow, 429 with its wait,
     * 5xx, an answer that cannot be read), FAILED (4xx: key, model, a sound it does not take). */
    void (*transcribe)(const struct desk_stt_server *server, const uint8_t *wav, size_t n,
                       struct desk_buf *text, struct desk_outbox_result *r);
};

extern const struct desk_stt desk_stt_rest;

#endif
