/* How long the caller waited for each answer of ours, and where the time went. Pure: the caller of
 * these functions brings the clock (monotonic µs). One struct per call.
 *
 * A turn begins when the caller has stopped speaking (or has pressed the last key), and is over
 * when the first sound of our answer is given to Twilio's socket. Between: the model thinks, tools
 * run, and we carry. Ours is what lies between a message's arrival and its leaving; what is left is
 * the model's. The first turn (0) begins with the call itself. */
#ifndef BRIDGE_LATENCY_H
#define BRIDGE_LATENCY_H

#include <stdbool.h>
#include <stdint.h>

struct latency {
    int64_t begin_us; /* 0 = nobody waits */
    int64_t model_us; /* when the answer's first sound came from the model; 0 = not yet */
    int64_t tool_us;  /* spent in tools since begin_us, each stretch once */
    int64_t tool_begin_us;
    unsigned tools; /* running now */
    uint32_t turns; /* measured so far */
};

struct latency_turn {
    uint32_t turn; /* 0 = the first word of the call */
    int64_t total_us, model_us, tool_us, own_us;
};

/* The call began at that time: turn 0. */
void latency_init(struct latency *l, int64_t begin_us);

/* The caller has stopped speaking, or pressed the last key, at that time. A turn that was open is
 * forgotten: nobody answered it. */
void latency_asked(struct latency *l, int64_t at_us);
/* The caller speaks again, or the call leaves: the open turn is forgotten. Not turn 0: the first
 * word is waited for whoever speaks. */
void latency_forget(struct latency *l);

void latency_tool_begin(struct latency *l, int64_t now_us);
void latency_tool_end(struct latency *l, int64_t now_us);

/* A piece of the model's sound came. Cheap when nobody waits. */
void latency_model_sound(struct latency *l, int64_t now_us);

/* A piece of our sound was given to Twilio's socket. True: it was the one waited for, *out says
 * all, and the turn is over. */
bool latency_sent(struct latency *l, int64_t now_us, struct latency_turn *out);

/* Does anybody wait for the model's sound to reach the socket? Then latency_sent() is to be told.
 */
static inline bool latency_watches(const struct latency *l)
{
    return l->begin_us != 0 && l->model_us != 0;
}

#endif
