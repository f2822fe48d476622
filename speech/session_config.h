/* The settings of one Realtime session: the object the protocol shows and what it means here. */
#ifndef SPEECH_SESSION_CONFIG_H
#define SPEECH_SESSION_CONFIG_H

#include "base/err.h"
#include "speech/audio.h"
#include "core/vad.h"
#include "wire/realtime_msg.h"

#include <jansson.h>

struct desk_speech_config {
    json_t *object; /* the whole effective session, as sent to the client; owned */
    enum desk_audio_format in, out;
    bool text_only;
    char voice[32];
    bool transcribe;
    bool turn_detection; /* else the client commits */
    struct desk_vad_settings vad;
    double tone; /* of a voice: core/voice.h */
    int prefix_ms;
    bool create_response, interrupt_response;
    int idle_ms; /* 0 = never */
};

/* id and model are shown only. -1: out of memory. */
int desk_speech_config_init(struct desk_speech_config *c, const char *id, const char *model,
                            int64_t expires_at);
void desk_speech_config_clear(struct desk_speech_config *c);

/* Apply the "session" object of a session.update. All or nothing: DESK_EINVAL fills why (texts that
 * live for ever) and changes nothing. has_spoken: the voice may not change any more. */
DESK_MUST enum desk_rc desk_speech_config_update(struct desk_speech_config *c, const json_t *update,
                                                 bool has_spoken, struct desk_rt_error *why);

#endif
