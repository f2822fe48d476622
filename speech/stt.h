/* Speech to text: what any recogniser behind the engine must offer. A back end is one row of
 * desk_stt_backends; a recogniser made by it belongs to one worker thread and is not thread-safe,
 * so the pool (speech/pool.h) makes one for each worker. */
#ifndef SPEECH_STT_H
#define SPEECH_STT_H

#include "base/err.h"
#include "core/dialog.h"

#include <stddef.h>
#include <stdint.h>

#define DESK_STT_RATE 8000 /* samples per second that go in */
#define DESK_STT_TEXT 512

struct desk_stt_ask {
    enum desk_dialog_expect expect; /* what was asked for: chooses the grammar */
    const char *vocabulary;         /* lines of desk_dialog_vocabulary(); may be "" */
    const int16_t *pcm;             /* one utterance, 8 kHz mono, full scale */
    size_t n;                       /* samples */
};

struct desk_stt_heard {
    char text[DESK_STT_TEXT]; /* lower case words; "" = nothing that was listened for */
};

struct desk_stt_backend {
    const char *name, *help;
    /* Make a recogniser. Blocks for up to some seconds (loads its model). NULL: not available on
     * this machine; the reason is logged. */
    void *(*open)(void);
    /* One utterance → words. Blocks, faster than real time. DESK_EUPSTREAM when the recogniser
     * failed; out is always initialised. */
    enum desk_rc (*hear)(void *recogniser, const struct desk_stt_ask *ask,
                         struct desk_stt_heard *out);
    void (*close)(void *recogniser); /* NULL is fine */
};

/* NULL at the end. The first is the default. */
extern const struct desk_stt_backend *const desk_stt_backends[];

/* By name; NULL or "" = the default; NULL when there is none of that name. */
const struct desk_stt_backend *desk_stt_backend_find(const char *name);

extern const struct desk_stt_backend desk_stt_pocketsphinx; /* stt_pocketsphinx.c */

#endif
