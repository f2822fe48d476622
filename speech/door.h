/* The engine's second door: hearing and speaking by single requests, in the shape of OpenAI's audio
 * service, so that other programs of the house (and any OpenAI client) can use ears and mouths
 * without a session:
 *
 *   POST /v1/audio/transcriptions  multipart: file (WAV), prompt (words worth hearing, one a line
 *                                  or with commas), response_format json | text; and our own
 *                                  "expect": what was asked for (core/voice_body.h)
 *   POST /v1/audio/speech          JSON: input, voice, response_format wav  →  WAV, 16 bits, 8 kHz
 *
 * "model", "language" and the rest are taken and have no meaning here. Errors are OpenAI's
 * {"error":{…}}. No sockets in here: server_http.c has them. Source: OpenAI API reference, audio.
 */
#ifndef SPEECH_DOOR_H
#define SPEECH_DOOR_H

#include "base/buf.h"
#include "speech/pool.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum desk_door_kind { DESK_DOOR_NONE, DESK_DOOR_HEAR, DESK_DOOR_SPEAK };

struct desk_door {
    uint64_t number; /* of its job */
    enum desk_door_kind kind;
    char content_type[200];
    struct desk_buf in;
    bool plain; /* words alone, no JSON */
    /* the answer, once status is not 0 */
    int status;
    const char *type;
    struct desk_buf out;
};

/* A request for that path comes in. False: no door of ours. */
bool desk_door_open(struct desk_door *d, uint64_t number, const char *path,
                    const char *content_type);
void desk_door_clear(struct desk_door *d);

void desk_door_data(struct desk_door *d, const char *p, size_t n);

/* It is whole: a job to be done, or NULL: the answer is there already. */
struct desk_job *desk_door_ask(struct desk_door *d);
/* What came of it, as the answer. */
void desk_door_answer(struct desk_door *d, const struct desk_job *job);

/* An answer that is an error. */
void desk_door_refuse(struct desk_door *d, int status, const char *message);

#endif
