/* The stand-in Realtime server: every append comes back as one audio delta, or ten of them as one,
 * and so much of the protocol around it as a call needs. On the path of a media stream it is the
 * far end of the raw relay instead, and echoes media messages. */
#ifndef BENCH_LOAD_MODEL_H
#define BENCH_LOAD_MODEL_H

#include "net.h"

struct model_mode {
    int frames;  /* of 20 ms in one delta: 1 to 10 */
    bool talk;   /* transcripts, ends of responses and tools as well */
    int talk_ms; /* length of a response then */
};

struct model {
    struct net *net;
    struct model_mode mode; /* of sockets opened from now on, and of all: */
    struct listener plain, tls;
    struct session *sessions; /* open ones */
    size_t n_sessions;
    uint64_t appends, deltas, responses, tools, outputs, unknown;
    /* the soak: what it does with a session when it is asked; NULL = nothing */
    void (*upon)(struct model *m, struct session *s, const char *type);
};

struct session {
    struct model *model;
    struct conn *conn;
    struct session *next, **at;
    bool relay; /* a media stream of the raw relay */
    bool active, tool_due;
    unsigned number, response, frames;
    int64_t response_us;
    char stream[48];
    unsigned char audio[1600];
    size_t n_audio;
    /* the soak's */
    int64_t opened_us, acted_us;
    unsigned plan, acts;
    bool mute;       /* no audio comes back */
    int64_t loud_us; /* when the caller was loud, as it has told; 0 = not */
    uint32_t caller; /* whose first frame it heard; 0 = none yet */
};

void model_open(struct model *m, struct net *net, const char *cert_pem);
void model_close(struct model *m);

/* One event of a session; fmt is its JSON. */
void model_say(struct session *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void model_response(struct session *s); /* begins one */
void model_done(struct session *s, const char *status);
/* Asks for a tool (arguments as JSON in a JSON string), and ends the response. */
void model_tool(struct session *s, const char *name, const char *arguments);
/* The session's socket is shut without a word. */
void model_drop(struct session *s);

#endif
