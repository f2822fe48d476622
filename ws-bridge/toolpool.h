/* A few threads that run tools (talk/tools.h), each with its own database connection, so that a
 * slow one stops neither the audio nor another call. Results come as NOTE_TOOL. */
#ifndef BRIDGE_TOOLPOOL_H
#define BRIDGE_TOOLPOOL_H

#include "ws-bridge/inbox.h"

#define TOOLPOOL_THREADS 3
#define TOOLPOOL_LIMIT_S 8 /* a tool that takes longer is told to have failed (call_model.c) */

struct toolpool;

/* Opens the connections (blocks). NULL: it cannot, and why was logged. */
struct toolpool *toolpool_new(struct inbox *inbox);
/* Ends the threads. False: one is stuck for longer than max_ms, and nothing was freed. */
bool toolpool_free(struct toolpool *p, int max_ms);

struct tool_job {
    uint64_t handle;
    uint32_t seq;
    const char *tenant_id, *call_id, *name, *arguments; /* copied */
};
/* DESK_EBUSY: too many are waiting. */
DESK_MUST enum desk_rc toolpool_run(struct toolpool *p, const struct tool_job *job);

#endif
