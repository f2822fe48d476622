/* A few threads that think (talk/brain.h), each with its own database connection: a model may take
 * seconds, and its tools block. Words come as they are made, as NOTE_BRAIN with text; the last note
 * of a job has its result. */
#ifndef BRIDGE_BRAINPOOL_H
#define BRIDGE_BRAINPOOL_H

#include "ws-bridge/inbox.h"

#include "talk/brain.h"

struct brainpool;

/* Threads are made when they are needed. NULL: no memory. */
struct brainpool *brainpool_new(struct inbox *inbox);
/* Ends the threads: what they think about is given up. False: one is stuck for longer than max_ms,
 * and nothing was freed. */
bool brainpool_free(struct brainpool *p, int max_ms);

/* Whether an answer is wanted any more: held by who asked and by the job. */
struct brain_ticket;
void brain_ticket_cancel(struct brain_ticket *t); /* and lets go of it; NULL is fine */
void brain_ticket_drop(struct brain_ticket *t);   /* lets go of it only */

struct brain_job {
    uint64_t handle;
    uint32_t seq;
    const char *tenant_id, *call_id;
    const struct desk_brain *brain;
    enum desk_brain_event event;
    const char *text, *state; /* state may be NULL */
    struct desk_brain_past past;
};
/* Everything is copied. *ticket: the asker's hold. DESK_EBUSY: too many are waiting. */
DESK_MUST enum desk_rc brainpool_run(struct brainpool *p, const struct brain_job *job,
                                     struct brain_ticket **ticket);

/* What the last note of a job brings; its strings live in its arena. */
struct brain_result {
    struct desk_arena *arena;
    struct desk_brain_answer a; /* a.say is empty: the words came before */
};
void brain_result_free(struct brain_result *r); /* NULL is fine */

#endif
