/* A media stream as Twilio opens it: WebSocket client, real-time pace, one thread, one call. */
#ifndef CLI_CALL_STREAM_H
#define CLI_CALL_STREAM_H

#include "cli/call_line.h"
#include "cli/call_socket.h"
#include "wire/media_msg.h"

struct sim_stream_to {
    struct sim_socket_to socket;
    const char *stream_sid, *call_sid, *account_sid;
    const struct desk_media_param *params;
    size_t n_params;
};

enum sim_stream_rc {
    SIM_STREAM_CLOSED,   /* the server closed: TwiML goes on */
    SIM_STREAM_HANGUP,   /* the caller hangs up, by script */
    SIM_STREAM_BORED,    /* the caller hangs up after lingering */
    SIM_STREAM_SILENT,   /* expect-audio not met */
    SIM_STREAM_OVER,     /* over() said so */
    SIM_STREAM_REFUSED,  /* no connection, or no 101 */
    SIM_STREAM_PROTOCOL, /* the server sent what Twilio does not take */
    SIM_STREAM_BROKEN    /* no memory */
};

struct sim_stream_result {
    struct sim_line_stats stats;
    long duration_ms; /* from `start` on */
    long unplayed_ms; /* of the receptionist's audio, at the end */
    int close_code;   /* of the server, 0 = none seen */
    bool started;     /* the WebSocket was open */
    int twilio_error; /* 31902, 31920, 31924 or 0 */
    char why[160];
};

/* Run the stream to its end. note: events for people, called in this thread. over: asked every
 * 20 ms; true hangs up. */
enum sim_stream_rc sim_stream_run(
    const struct sim_stream_to *to, struct sim_cursor *cursor, const struct sim_line_config *line,
    void (*note)(void *ctx, const char *who, const char *kind, const char *text, long value),
    bool (*over)(void *ctx), void *ctx, struct sim_stream_result *result);

#endif
