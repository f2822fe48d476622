/* Where the Realtime server is and how it is spoken to, from the settings:
 *   REALTIME_URL if set; else Azure, if its three settings are set; else OpenAI, if a key is set;
 *   else our own offline engine on SPEECH_PORT. Never blocks. */
#ifndef DESK_WIRE_REALTIME_TARGET_H
#define DESK_WIRE_REALTIME_TARGET_H

#include "base/err.h"
#include "wire/realtime_msg.h"

#include <stdbool.h>
#include <stddef.h>

struct desk_rt_target {
    bool tls;
    char host[256]; /* without the brackets of an IPv6 literal */
    int port;
    char path[1024];         /* with query */
    char header_name[64];    /* lower case with colon: "authorization:"; "" = none */
    char header_value[2048]; /* secret */
    bool offline;            /* our own engine, with the rules that /voice/next has, too */
    char engine[200];        /* "api.openai.com gpt-realtime-2.1", for the call's row */
    enum desk_rt_dialect dialect;
};

/* DESK_EINVAL: a setting cannot be used; why (n bytes) says which. */
DESK_MUST enum desk_rc desk_rt_target_settings(struct desk_rt_target *t, char *why, size_t n);

/* "wss://host[:port]/path?query" into t (host, port, path, tls). https and http are taken for wss
 * and ws. DESK_EINVAL for anything else. */
DESK_MUST enum desk_rc desk_rt_target_url(struct desk_rt_target *t, const char *url);

#endif
