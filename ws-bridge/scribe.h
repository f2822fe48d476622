/* The database thread: writes what the loop tells it, in that order, and loads what a call needs.
 * Jobs are copies; answers come as notes (inbox.h). Nothing here blocks the caller. A locked
 * database is tried again for SCRIBE_PATIENCE_MS before a job is given up and logged. */
#ifndef BRIDGE_SCRIBE_H
#define BRIDGE_SCRIBE_H

#include "ws-bridge/inbox.h"

#include "store/conversation.h"
#include "store/latency.h"
#include "store/usage.h"

#define SCRIBE_PATIENCE_MS 15000
#define SCRIBE_ALERT       "alert"

struct scribe;

/* Which call a job is about. Copied. */
struct scribe_call {
    const char *tenant_id, *id;
    int64_t started_at;
};

/* Opens the database (blocks; before the loop runs). NULL: it cannot be opened, and why was logged.
 */
struct scribe *scribe_new(struct inbox *inbox, const char *engine);
/* Finish the jobs that are waiting, for max_ms at most, and end the thread. */
void scribe_free(struct scribe *s, int max_ms);

/* → NOTE_CLAIMED: DESK_EAUTH for a wrong, used or expired token. */
void scribe_claim(struct scribe *s, uint64_t handle, const char *token, const char *call_sid);

/* → NOTE_DUE for each call whose stream is to come and that was not told before, then an empty one.
 */
void scribe_due(struct scribe *s);
/* → NOTE_LEFT for each call that is over although its stream is open. */
void scribe_left(struct scribe *s);
/* The bridge goes on: its pulse for the dashboard. */
void scribe_pulse(struct scribe *s);
/* Keep a greeting's sound (greeting.h). Takes sound. */
void scribe_greeting(struct scribe *s, const char *name, char *sound);

/* One turn; tenant_id and call_id of t are not looked at. */
void scribe_turn(struct scribe *s, const struct scribe_call *c, const struct desk_turn *t);
/* A turn of ours that is stored already was cut off. */
void scribe_heard(struct scribe *s, const struct scribe_call *c, const struct desk_turn *t);
/* A line of the timeline, at the moment of this call. detail may be NULL. kind SCRIBE_ALERT: the
 * owner is told as well, once in an hour for each name; detail is then a sentence for them. */
void scribe_event(struct scribe *s, const struct scribe_call *c, const char *kind, const char *name,
                  const char *detail);
/* How long the caller waited for one answer; ids and times of l are not looked at. */
void scribe_latency(struct scribe *s, const struct scribe_call *c, const struct desk_latency *l);
/* What a model counted: added to what there is. Ids and time of u are not looked at. */
void scribe_usage(struct scribe *s, const struct scribe_call *c, const struct desk_usage *u);
/* A recording begins, and ends: its row. */
void scribe_recording(struct scribe *s, const struct recorded *r);
void scribe_recorded(struct scribe *s, const struct recorded *r);
/* An order of the owner's has come to that state (store/live.h). phone: whom the caller is put
 * through to, or NULL. */
void scribe_order(struct scribe *s, const struct scribe_call *c, const struct ordered *o,
                  const char *state);
/* end_call is taken back: the caller had more to say. */
void scribe_leave_undo(struct scribe *s, const struct scribe_call *c);
/* The stream is over → NOTE_ENDED. */
void scribe_end(struct scribe *s, uint64_t handle, const struct scribe_call *c,
                const struct desk_call_stream_end *e);

#endif
