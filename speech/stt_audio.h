/* One utterance as the recogniser wants it: trimmed, of one loudness, at twice the rate. */
#ifndef SPEECH_STT_AUDIO_H
#define SPEECH_STT_AUDIO_H

#include <stddef.h>
#include <stdint.h>

#define DESK_STT_MODEL_RATE 16000

/* n_heard samples at DESK_STT_RATE → *n at DESK_STT_MODEL_RATE with quiet padding; free() it. NULL
 * when out of memory. level: how loud the voice is made; noise: how much is added, of 32767. The
 * upper half of the band is empty on a telephone line: a little noise keeps the model from seeing
 * minus infinity there. */
int16_t *desk_stt_prepare(const int16_t *heard, size_t n_heard, double level, int noise, size_t *n);

#endif
