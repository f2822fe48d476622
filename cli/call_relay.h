/* A ConversationRelay session as Twilio holds it: the caller's lines become prompts, the text that
 * comes back is spoken in real time on the same kind of line as a media stream's (call_line.h). */
#ifndef CLI_CALL_RELAY_H
#define CLI_CALL_RELAY_H

#include "cli/call_stream.h"

#define SIM_RELAY_FAST_MS 60 /* with fast: quiet that tells "she has finished" */

struct sim_relay_to {
    struct sim_socket_to socket;
    const char *session_sid, *call_sid, *account_sid, *from, *to;
    const struct desk_media_param *params;
    size_t n_params;
    const char *debug;    /* what `info` messages are wanted: the attribute */
    const char *greeting; /* Twilio speaks it first; "" = none */
    bool keys;            /* keys are reported */
    bool fast;            /* words take nearly no time */
};

/* Run the session to its end; SIM_STREAM_CLOSED: the server has ended it (*handoff, malloc'd: its
 * `end`, maybe ""; NULL: it only closed). Events as of a stream; words as kind "say". */
enum sim_stream_rc sim_relay_run(
    const struct sim_relay_to *to, struct sim_cursor *cursor, const struct sim_line_config *line,
    void (*note)(void *ctx, const char *who, const char *kind, const char *text, long value),
    bool (*over)(void *ctx), void *ctx, struct sim_stream_result *result, char **handoff);

#endif
