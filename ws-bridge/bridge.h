/* The process: what all calls share, and the table of calls. One thread owns all of it. */
#ifndef BRIDGE_BRIDGE_H
#define BRIDGE_BRIDGE_H

#include "ws-bridge/brainpool.h"
#include "ws-bridge/inbox.h"
#include "ws-bridge/lookout.h"
#include "ws-bridge/metrics.h"
#include "ws-bridge/queue.h"
#include "ws-bridge/recorder.h"
#include "ws-bridge/resolver.h"
#include "ws-bridge/scribe.h"
#include "ws-bridge/toolpool.h"

#include "base/limits.h"
#include "wire/realtime_target.h"

#include <jansson.h>

struct call;
struct leg;
struct leg_reader;
struct ev_loop;
struct lws_context;
struct lws_vhost;
struct warm;
struct session;
struct viewer;

struct bridge_counts {
    uint64_t calls, refused_full, refused_draining, bad_signature, bad_token, bad_path;
    uint64_t viewers_refused;
};

struct bridge {
    struct ev_loop *loop;
    struct lws_context *lws;
    struct lws_vhost *outside; /* for sockets we open */
    struct desk_rt_target target;
    struct inbox *inbox;
    struct scribe *scribe;
    struct toolpool *tools;
    struct brainpool *brains;
    struct resolver *resolver;
    struct recorder *recorder;
    struct lookout *lookout;
    struct warm *warm;      /* NULL: nothing is made ahead */
    struct call *listening; /* whose greeting is being kept; one at a time */
    struct queue_pool pool;
    struct leg *due;          /* legs with something to write at the end of the round */
    struct leg_reader *ripe;  /* sockets that libwebsockets still reads (leg_read.c) */
    size_t reading;           /* sockets that we read */
    struct session *sessions; /* on their way (session.h) */
    uint64_t sessions_born;
    bool sessions_over; /* some wait to be freed */
    bool draining;
    void (*idle)(struct bridge *b); /* the last call is over */
    struct bridge_counts counts;
    struct metrics metrics;

    struct call *calls[DESK_MAX_CALLS]; /* by slot */
    uint32_t births[DESK_MAX_CALLS];    /* how often a slot was used: part of the handle */
    size_t n_calls, slot_hint;
    struct viewer *viewers[DESK_MAX_VIEWERS]; /* by slot (viewer.h) */
    uint64_t viewers_born;
    size_t n_viewers;
    struct call *graves; /* closed, freed at the end of the loop's round */
};

#endif
