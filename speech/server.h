/* The WebSocket server around the sessions, with the door for single requests beside it. This and
 * server_http.c are the only files of this program that name lws_. */
#ifndef SPEECH_SERVER_H
#define SPEECH_SERVER_H

#include "speech/brain.h"
#include "speech/stt.h"
#include "speech/tts.h"

struct desk_speech_server {
    int port; /* 0 = any free one */
    int workers;
    const struct desk_stt_backend *stt;
    const struct desk_tts_backend *tts;
    const struct desk_brain_backend *brain;
};

/* Serve on 127.0.0.1 until SIGINT or SIGTERM; prints "listening 127.0.0.1:PORT" on stdout when
 * ready. Returns the exit status of the program. */
int desk_speech_serve(const struct desk_speech_server *set);

#endif
