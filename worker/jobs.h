/* Long work that was asked for on a page (store/jobs.h): a thread of its own, one job at a time,
 * oldest first. A step is a transaction with how far it is, so that after kill -9 the next worker
 * goes on from there when the lease has run out. */
#ifndef WORKER_JOBS_H
#define WORKER_JOBS_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"
#include "store/jobs.h"

#include <stdbool.h>

struct jobs;
/* NULL: it cannot be started. */
struct jobs *jobs_start(void);
/* Ends behind the step that runs; the job goes on with the next start. NULL is fine. */
void jobs_stop(struct jobs *w);

struct job_run {
    struct desk_db *db;
    struct desk_arena *a;    /* emptied between jobs */
    struct desk_arena *step; /* emptied by who uses it */
    struct desk_job job;
    bool (*stopping)(void *ctx); /* then end with DESK_EBUSY behind a step */
    void *ctx;
    const char *words; /* what came of it, set by the kind before it ends */
    bool failed;       /* it cannot be done, as the words say */
};

/* Do it to its end. DESK_OK: words and failed say what came of it. Else it is tried again: what was
 * written with the last step stays. */
typedef enum desk_rc job_kind(struct job_run *r);
/* NULL: no such kind. */
job_kind *job_kind_find(const char *kind);

/* One job that is due, to its end or until it has to stop; DESK_ENOTFOUND: there is none. Made for
 * the thread, and for tests. */
DESK_MUST enum desk_rc jobs_one(struct job_run *r);

#endif
