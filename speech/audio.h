/* The audio formats a client may choose, to and from what the engine works with: 16-bit linear at
 * 8 kHz coming in, µ-law at 8 kHz going out. One struct per direction and session. */
#ifndef SPEECH_AUDIO_H
#define SPEECH_AUDIO_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum desk_audio_format { DESK_AUDIO_PCMU, DESK_AUDIO_PCM24, DESK_AUDIO__MAX };

/* "audio/pcmu", "audio/pcm" → format; false for others. */
bool desk_audio_format_parse(const char *type, enum desk_audio_format *format);

struct desk_audio {
    enum desk_audio_format format;
    void *resampler;
    uint8_t odd; /* half a sample left over from the last piece */
    bool has_odd;
};

/* 0 or -1 (out of memory; a->format is then µ-law). A change of format begins anew. */
int desk_audio_set(struct desk_audio *a, enum desk_audio_format format, bool towards_client);
void desk_audio_clear(struct desk_audio *a);

/* Client's bytes → 8 kHz samples appended to out. */
void desk_audio_in(struct desk_audio *a, const uint8_t *bytes, size_t n, struct desk_buf *out);

/* µ-law → client's bytes appended to out. */
void desk_audio_out(struct desk_audio *a, const uint8_t *ulaw, size_t n, struct desk_buf *out);

#endif
