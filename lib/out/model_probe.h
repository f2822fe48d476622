/* Asks whether the Realtime model would talk: the WebSocket that a call would open is asked for and
 * closed at once, which finds wrong addresses, keys, certificates and accounts without credit, and
 * costs nothing. */
#ifndef DESK_OUT_MODEL_PROBE_H
#define DESK_OUT_MODEL_PROBE_H

#include "base/err.h"
#include "wire/realtime_target.h"

#include <stdbool.h>

struct desk_model_probe {
    bool would_talk;
    int status;         /* HTTP, 101 = it would talk; 0 = no reply came */
    long took_ms;       /* until the reply */
    char why[256];      /* it would not: what it did, after the engine's name: "refuses the key" */
    const char *remedy; /* what a person can do about that, "" when it would talk; static */
    bool passing;       /* it may be over by itself: too many requests, no credit */
};

/* Blocks for up to 12 s. What came of it is in *p, and no result of its own: not being reached is
 * an answer, too. */
void desk_model_probe(const struct desk_rt_target *t, struct desk_model_probe *p);

#endif
