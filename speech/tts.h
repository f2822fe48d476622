/* Text to speech: what any voice behind the engine must offer. Rows of desk_tts_backends. */
#ifndef SPEECH_TTS_H
#define SPEECH_TTS_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>

#define DESK_TTS_SENTENCE  600          /* bytes of what is spoken at once, at most */
#define DESK_TTS_MAX_AUDIO (120 * 8000) /* bytes of µ-law of one response: two minutes */

struct desk_tts_backend {
    const char *name, *help;
    /* Once, before threads. False: not available here; the reason is logged. */
    bool (*open)(void);
    /* Append text as 8 kHz µ-law to out. Blocks, much faster than real time. voice: any name, an
     * unknown one gives the default. Thread-safe. */
    enum desk_rc (*speak)(const char *voice, const char *text, struct desk_buf *out);
    void (*close)(void);
};

/* NULL at the end. The first is the default. */
extern const struct desk_tts_backend *const desk_tts_backends[];
const struct desk_tts_backend *desk_tts_backend_find(const char *name); /* as desk_stt_… */

extern const struct desk_tts_backend desk_tts_flite; /* tts_flite.c */

/* sentence.c: bytes of the first sentence of text, which does not begin with a space: up to its
 * full stop, or where it gets too long to be spoken at once. So much can be spoken by itself
 * without a difference to be heard. 0 only for "". */
size_t desk_tts_sentence(const char *text);

/* flite's lexicon is not made for threads; its users (voice, recogniser) take turns. */
void desk_flite_lock(void);
void desk_flite_unlock(void);

#endif
