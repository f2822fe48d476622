/* The worker's jobs: one file each, one row each in main.c. */
#ifndef WORKER_WORKER_H
#define WORKER_WORKER_H

#include "base/err.h"
#include "db/db.h"

/* Runs to its end in one go, on its own transactions; may block on the disk. What it returns is
 * logged when it is a failure; the job comes again at its next time either way. */
typedef enum desk_rc worker_job(struct desk_db *db);

worker_job job_sessions;       /* forget sign-ins that ran out */
worker_job job_stale_calls;    /* end calls whose end nobody reported */
worker_job job_recordings;     /* complete recordings whose bridge died */
worker_job job_files;          /* files whose rows are gone */
worker_job job_stray_files;    /* files that have no row */
worker_job job_waves;          /* the shapes of recordings, for their pictures */
worker_job job_voice_sessions; /* end conversations whose client has gone */
worker_job job_digests;        /* tell owners of their day, of their week */
worker_job job_report_days;    /* days that are over, counted once for all reports */
worker_job job_spend;          /* limits of money that are reached: the owner hears of it */
worker_job job_promises;       /* callbacks: remind before, tell of the missed ones */
worker_job job_visits;         /* visits that are over are done */
worker_job job_reminders;      /* texts and calls before appointments */
worker_job job_remind_calls;   /* those calls: what follows when one is over */
worker_job job_occasions;      /* birthdays and anniversaries of VIPs */
worker_job job_pulse;          /* tell that it goes on */
worker_job job_audit;          /* forget what is older than the audit is kept */
worker_job job_maintain;       /* statistics for the query planner, and the write-ahead log */

#endif
