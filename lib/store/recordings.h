/* Recordings of calls: one row each; the sound of our own is a file (store/recording_file.h).
 * Writes run inside the caller's transaction. Texts of the columns are in sql/migrations. */
#ifndef DESK_STORE_RECORDINGS_H
#define DESK_STORE_RECORDINGS_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdint.h>

/* kind: who keeps the sound */
#define DESK_REC_OWN     "own"     /* we: both sides of the call, in a file of ours */
#define DESK_REC_TWILIO  "twilio"  /* Twilio: both sides */
#define DESK_REC_MESSAGE "message" /* Twilio: a message left by the caller */

#define DESK_REC_RECORDING "recording" /* it is being made, or its end is not written yet */
#define DESK_REC_READY     "ready"
#define DESK_REC_BROKEN    "broken" /* nothing of it can be heard */
#define DESK_REC_ERASED    "erased"

/* consent: on what ground */
#define DESK_CONSENT_SPOKEN     "spoken" /* the business's line was said before */
#define DESK_CONSENT_NOT_NEEDED "not_needed"
#define DESK_CONSENT_MESSAGE    "message" /* who leaves one knows it */

struct desk_recording {
    const char *id;
    const char *tenant_id;
    const char *call_id;
    const char *kind;
    const char *state;
    const char
        *path; /* below DATA/recordings: "2026/11/20/rec_….rec"; NULL: its sound is not here */
    const char *twilio_sid;
    const char *url;
    const char *not_here; /* why its sound could not be fetched, a sentence; or NULL */
    int64_t ms;
    int64_t bytes;
    const char *cut; /* disk_full, disk_failed, too_slow, killed; NULL: it ends with the call */
    const char *consent;
    int64_t consent_at;
    int64_t started_at;
    int64_t ended_at;
    int64_t erased_at;
    int64_t remote_erased_at; /* deleted at Twilio */
    const char *wave;         /* its shape (talk/wave.h); "" = it cannot be opened; NULL = not
                                 looked at yet */
};
extern const struct desk_fields desk_recording_fields;

/* DESK_ECONFLICT: it is there already (the report of Twilio's came again). */
DESK_MUST enum desk_rc desk_recording_insert(struct desk_db *db, const struct desk_recording *r);

/* What was not known when it was inserted: its length. Nothing changes if that is known. */
DESK_MUST enum desk_rc desk_recording_length(struct desk_db *db, const char *tenant_id,
                                             const char *twilio_sid, int64_t ms);
/* Its sound was fetched from Twilio: path, ms, bytes of r. DESK_DONE: it was before, or the
 * recording is erased. */
DESK_MUST enum desk_rc desk_recording_fetched(struct desk_db *db, const struct desk_recording *r);
/* Why it could not be fetched. */
DESK_MUST enum desk_rc desk_recording_not_here(struct desk_db *db, const char *tenant_id,
                                               const char *id, const char *why);
/* It is deleted at Twilio. */
DESK_MUST enum desk_rc desk_recording_remote_erased(struct desk_db *db, const char *tenant_id,
                                                    const char *id);

/* A recording of ours is over: id, tenant_id, state, ms, bytes, cut of r. DESK_DONE: it was already
 * (the first end stands). */
DESK_MUST enum desk_rc desk_recording_end(struct desk_db *db, const struct desk_recording *r);

/* Its file is gone, or will be. DESK_DONE: it was erased before. */
DESK_MUST enum desk_rc desk_recording_erase(struct desk_db *db, const char *tenant_id,
                                            const char *id);

DESK_MUST enum desk_rc desk_recording_by_sid(struct desk_db *db, struct desk_arena *a,
                                             const char *tenant_id, const char *twilio_sid,
                                             struct desk_recording *out);
DESK_MUST enum desk_rc desk_recording_get(struct desk_db *db, struct desk_arena *a,
                                          const char *tenant_id, const char *id,
                                          struct desk_recording *out);
/* Of one call, oldest first; at most 50. */
DESK_MUST enum desk_rc desk_recording_by_call(struct desk_db *db, struct desk_arena *a,
                                              const char *tenant_id, const char *call_id,
                                              struct desk_recording **out, size_t *n);
/* The newest max of one business. */
DESK_MUST enum desk_rc desk_recording_list(struct desk_db *db, struct desk_arena *a,
                                           const char *tenant_id, size_t max,
                                           struct desk_recording **out, size_t *n);
/* Begun before that moment and not ended: at most 100, of all businesses. */
DESK_MUST enum desk_rc desk_recording_open(struct desk_db *db, struct desk_arena *a, int64_t before,
                                           struct desk_recording **out, size_t *n);
/* Those that can be heard and have no shape yet, the newest first: of all businesses. */
DESK_MUST enum desk_rc desk_recording_undrawn(struct desk_db *db, struct desk_arena *a, size_t max,
                                              struct desk_recording **out, size_t *n);
/* Its shape; "": it cannot be opened. Nothing changes if it was erased meanwhile. */
DESK_MUST enum desk_rc desk_recording_wave(struct desk_db *db, const char *tenant_id,
                                           const char *id, const char *wave);

/* When the business's consent line was put before the call (a line of its timeline with this
 * dedupe word); 0 = never. */
#define DESK_CONSENT_DEDUPE "consent"
DESK_MUST enum desk_rc desk_consent_spoken_at(struct desk_db *db, const char *tenant_id,
                                              const char *call_id, int64_t *at);

#endif
