/* Long work that survives leaving the page, and the worker's end: asked for in a row, done by the
 * worker in steps, each of which is written with how far it is. A worker that was killed leaves a
 * lease that runs out, and the next goes on from there. Files that go in or come out are pieces,
 * sealed; all of it is forgotten DESK_JOB_KEPT_MS after its end. Writes run inside the caller's
 * transaction. */
#ifndef DESK_STORE_JOBS_H
#define DESK_STORE_JOBS_H

#include "base/arena.h"
#include "base/ids.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdint.h>

#define DESK_JOB_LEASE_MS 30000
#define DESK_JOB_KEPT_MS  (7LL * 24 * 3600 * 1000)
#define DESK_JOB_TRIES    5     /* begun so often and never ended: given up */
#define DESK_JOB_PIECE    32768 /* bytes of one */

#define DESK_JOB_PEOPLE_IMPORT "people_import" /* {"country","day_first","dry_run"} */
#define DESK_JOB_PEOPLE_EXPORT "people_export" /* {} */
#define DESK_JOB_CALLS_EXPORT  "calls_export"  /* {"from","to"}: UTC ms */
#define DESK_JOB_PERSON_ERASE  "person_erase"  /* {"person"}: id */
#define DESK_JOB_CALL_ERASE    "call_erase"    /* {"call"}: id */
#define DESK_JOB_REINDEX       "reindex"       /* {} */

#define DESK_JOB_WAITING "waiting"
#define DESK_JOB_RUNNING "running"
#define DESK_JOB_DONE    "done"
#define DESK_JOB_FAILED  "failed"

struct desk_job {
    const char *id;
    const char *tenant_id;
    const char *user_id;
    const char *kind;
    const char *about; /* JSON */
    const char *state;
    const char *claim;
    int64_t lease_until, tries;
    const char *place; /* JSON, or NULL: at the beginning */
    int64_t done, total, wrong;
    const char *words; /* what came of it */
    int64_t created_at, ended_at;
};
extern const struct desk_fields desk_job_fields;

#define DESK_JOB_IN    "in"
#define DESK_JOB_OUT   "out"
#define DESK_JOB_WRONG "wrong"

struct desk_job_piece {
    const char *id;
    const char *tenant_id;
    const char *job_id;
    const char *part;
    int64_t n, line, bytes;
    const char *text;
};
extern const struct desk_fields desk_job_piece_fields;

/* Ask for one: id (DESK_ID_LEN bytes) gets its name. user_id may be NULL. */
DESK_MUST enum desk_rc desk_job_ask(struct desk_db *db, const char *tenant_id, const char *user_id,
                                    const char *kind, const char *about, char id[DESK_ID_LEN]);
DESK_MUST enum desk_rc desk_job_get(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                    const char *id, struct desk_job *out);
/* Newest first. */
DESK_MUST enum desk_rc desk_job_list(struct desk_db *db, struct desk_arena *a,
                                     const char *tenant_id, size_t max, struct desk_job **out,
                                     size_t *n);
/* The same once more from the beginning, with another `about`: its pieces stay. DESK_ENOTFOUND: it
 * is not done. */
DESK_MUST enum desk_rc desk_job_again(struct desk_db *db, const char *tenant_id, const char *id,
                                      const char *about);

/* ---- the worker's side ----------------------------------------------------------------------- */

/* The next that is due, of any business. DESK_ENOTFOUND: none. */
DESK_MUST enum desk_rc desk_job_due(struct desk_db *db, struct desk_arena *a, int64_t now,
                                    struct desk_job *out);
/* DESK_ECONFLICT: another worker was quicker. */
DESK_MUST enum desk_rc desk_job_claim(struct desk_db *db, const struct desk_job *j,
                                      const char *claim);
/* How far it is: done, total, wrong, place of j; the lease begins anew. In the transaction of the
 * step itself. DESK_ECONFLICT: it is another's by now, and the step must not stay. */
DESK_MUST enum desk_rc desk_job_step(struct desk_db *db, const struct desk_job *j);
DESK_MUST enum desk_rc desk_job_end(struct desk_db *db, const struct desk_job *j, const char *state,
                                    const char *words);
/* It waits again, not before that time. */
DESK_MUST enum desk_rc desk_job_let_go(struct desk_db *db, const struct desk_job *j, int64_t at);
/* Forget what ended before. */
DESK_MUST enum desk_rc desk_job_purge(struct desk_db *db, int64_t before);

/* ---- pieces ---------------------------------------------------------------------------------- */

/* n bytes without a NUL behind those of a part, in as many pieces as it takes. */
DESK_MUST enum desk_rc desk_job_put(struct desk_db *db, const char *tenant_id, const char *job_id,
                                    const char *part, const char *text, size_t n);
/* What is wrong with the row on that line. */
DESK_MUST enum desk_rc desk_job_wrong(struct desk_db *db, const char *tenant_id, const char *job_id,
                                      int64_t line, const char *sentence);
/* Pieces from number n on. */
DESK_MUST enum desk_rc desk_job_pieces(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, const char *job_id, const char *part,
                                       int64_t from, size_t max, struct desk_job_piece **out,
                                       size_t *n);
DESK_MUST enum desk_rc desk_job_bytes(struct desk_db *db, const char *tenant_id, const char *job_id,
                                      const char *part, int64_t *n);
DESK_MUST enum desk_rc desk_job_drop(struct desk_db *db, const char *tenant_id, const char *job_id,
                                     const char *part);

#endif
