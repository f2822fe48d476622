/* Calls: one row per Twilio CallSid, and the only place that decides what comes next.
 * Writes run inside the caller's transaction. Texts of the columns are in sql/migrations. */
#ifndef DESK_STORE_CALLS_H
#define DESK_STORE_CALLS_H

#include "base/arena.h"
#include "base/ids.h"
#include "db/db.h"
#include "db/fields.h"
#include "store/period.h"

#include <stdbool.h>
#include <stdint.h>

/* mode: the rung of the ladder a call is on */
#define DESK_MODE_REALTIME "realtime"
#define DESK_MODE_RELAY    "relay" /* Twilio hears and speaks: ConversationRelay */
#define DESK_MODE_GATHER   "gather"
#define DESK_MODE_RECORD   "record"

/* next_step: what /voice/next answers once the stream is over */
#define DESK_NEXT_HANGUP   "hangup"
#define DESK_NEXT_TRANSFER "transfer"
#define DESK_NEXT_MESSAGE  "message" /* record one */
#define DESK_NEXT_GATHER   "gather"

/* outcome: one word for lists */
#define DESK_OUT_BOOKED      "booked"      /* an appointment was made or moved */
#define DESK_OUT_CANCELLED   "cancelled"   /* an appointment was cancelled */
#define DESK_OUT_CALLBACK    "callback"    /* a callback was promised */
#define DESK_OUT_TRANSFERRED "transferred" /* put through, and somebody answered */
#define DESK_OUT_NOT_PUT     "not_put_through"
#define DESK_OUT_MESSAGE     "message"         /* a message was recorded or taken */
#define DESK_OUT_ANSWERED    "answered"        /* talked, nothing to do */
#define DESK_OUT_HUNG_UP     "hung_up"         /* the caller left before getting help */
#define DESK_OUT_NO_SPEECH   "ended_no_speech" /* we ended it: the caller never said a word */
#define DESK_OUT_SCREENED    "screened"        /* told to send a text instead */
#define DESK_OUT_BLOCKED     "blocked"         /* on the owner's list of numbers not answered */
#define DESK_OUT_MACHINE     "machine"         /* a machine spoke with us, and we ended it */
#define DESK_OUT_FAILED      "failed"

/* caller_kind of who is on the exception list: put through to the owner at once */
#define DESK_CALLER_EXCEPTION "exception"

/* channel: by what way, when not by Twilio's voice */
#define DESK_CHANNEL_SESSION   "session"   /* REST clients */
#define DESK_CHANNEL_TELEPHONY "telephony" /* another telephone provider */
#define DESK_CHANNEL_TEXT      "text"      /* texts, by Twilio */
#define DESK_CHANNEL_CHAT      "chat"      /* a visitor of the business's website */

struct desk_call {
    const char *id;
    const char *tenant_id;
    const char *location_id;
    const char *contact_id;
    const char *call_sid;
    const char *direction;
    const char *caller_kind;
    const char *from_number;
    const char *from_key;
    const char *to_number;
    const char *mode;
    const char *status;
    int64_t status_rank;
    const char *next_step;
    const char *transfer_to;
    const char *transfer_reason;
    const char *stream_token;
    int64_t stream_token_end;
    int64_t stream_started_at;
    int64_t stream_ended_at;
    const char *stream_end;
    const char *dialog;
    const char *outcome;
    const char *summary;
    bool urgent;
    const char *severity;                /* the worst that was heard: "P1", "P2", "P3", or NULL */
    const char *script, *script_version; /* which texts instructed who spoke; NULL = none did */
    const char *action;                  /* core/route.h's word for what was done */
    const char *channel;                 /* DESK_CHANNEL_…; NULL = a call by Twilio */
    const char *engine;
    int64_t first_audio_ms;
    int64_t started_at;
    int64_t ended_at;
    int64_t duration_ms;
    int64_t updated_at;
    int64_t max_s; /* how long it may talk by the limit of one call (core/spend.h); 0 = as long as
                      any */
    const char *trace; /* of the request that it began with: 32 hex digits; NULL = not known */
    int64_t
        after_at; /* from then on the worker looks at it (talk/after.h); 0 = it need not, or has */
    int64_t erased_at; /* its words were erased by hand (store/erase.h) */
};
extern const struct desk_fields desk_call_fields;

/* Rank of Twilio's status words: a call only moves up. Unknown words have rank 0. Final ones are
 * ≥ DESK_RANK_FINAL. */
#define DESK_RANK_FINAL 50
int desk_call_rank(const char *status);

/* Do both sides write to each other: texts, or the chat of a website? */
bool desk_call_written(const struct desk_call *c);

/* How it ended, in one word, by the rest of the row: "transferred", "completed", "ended_no_speech",
 * "transferred_exception", and ours (decisions[] in calls.c). NULL while it runs; else never. */
const char *desk_call_decision(const struct desk_call *c);

/* DESK_ECONFLICT: this CallSid is there already (the webhook came again). */
DESK_MUST enum desk_rc desk_call_insert(struct desk_db *db, const struct desk_call *c);
DESK_MUST enum desk_rc desk_call_by_sid(struct desk_db *db, struct desk_arena *a, const char *sid,
                                        struct desk_call *out);
DESK_MUST enum desk_rc desk_call_get(struct desk_db *db, struct desk_arena *a,
                                     const char *tenant_id, const char *id, struct desk_call *out);

/* What a list shows only: zeros and NULL = all. */
struct desk_call_filter {
    const char *outcome; /* DESK_OUT_…, or NULL */
    bool urgent;
    bool callback_open;      /* a promised callback is not done */
    const char *location_id; /* NULL = all places */
};
/* Newest first, keyset paging: older than (before_ms, before_id); INT64_MAX, "" = from the top. */
DESK_MUST enum desk_rc desk_call_find(struct desk_db *db, struct desk_arena *a,
                                      const char *tenant_id, const struct desk_call_filter *f,
                                      int64_t before_ms, const char *before_id, size_t max,
                                      struct desk_call **out, size_t *n);
/* The other way: the max calls just newer than (after_ms, after_id), oldest of them first. */
DESK_MUST enum desk_rc desk_call_find_newer(struct desk_db *db, struct desk_arena *a,
                                            const char *tenant_id, const struct desk_call_filter *f,
                                            int64_t after_ms, const char *after_id, size_t max,
                                            struct desk_call **out, size_t *n);

/* What hangs on a call: bits. One question in place of four, for lists. */
#define DESK_CALL_HAS_CALLBACKS 1
#define DESK_CALL_HAS_MESSAGES  2
#define DESK_CALL_HAS_VISITS    4
#define DESK_CALL_HAS_UNDONE    8
DESK_MUST enum desk_rc desk_call_has(struct desk_db *db, const char *tenant_id, const char *id,
                                     int64_t *bits);

/* Which of this number's calls it is (1 = first), and when the one before was (0 = none). Zeros
 * for a withheld caller. */
DESK_MUST enum desk_rc desk_call_nth(struct desk_db *db, const struct desk_call *c, int64_t *nth,
                                     int64_t *last_at);

/* How many calls of this number (by its key) since then ended within six seconds, without a word.
 */
DESK_MUST enum desk_rc desk_call_short(struct desk_db *db, const char *tenant_id,
                                       const char *from_key, int64_t since, int64_t *n);

/* Calls that came in then, newest first: not the owner's own, not of blocked numbers. */
DESK_MUST enum desk_rc desk_call_between(struct desk_db *db, struct desk_arena *a,
                                         const struct desk_period *p, struct desk_call **out,
                                         size_t *n);

/* A one-time token for the call's media stream; token (44 bytes) gets it, the row its hash. Valid
 * for 60 s. A later token replaces an unused earlier one. */
DESK_MUST enum desk_rc desk_call_stream_token(struct desk_db *db, const struct desk_call *c,
                                              char token[DESK_TOKEN_LEN]);
/* Claim it: DESK_EAUTH when wrong, used, expired or of another CallSid. *out is the call. */
DESK_MUST enum desk_rc desk_call_claim_stream(struct desk_db *db, struct desk_arena *a,
                                              const char *token, const char *call_sid,
                                              struct desk_call *out);

/* Calls whose webhook was answered with a stream at most max_age_ms ago, and whose stream has not
 * come yet: newest first, max at most. */
DESK_MUST enum desk_rc desk_call_stream_due(struct desk_db *db, struct desk_arena *a,
                                            int64_t max_age_ms, size_t max, struct desk_call **out,
                                            size_t *n);

/* Calls that ended at least grace_ms ago, as Twilio has told, and whose stream is open all the
 * same: max at most. Streams older than a day are nobody's any more. */
DESK_MUST enum desk_rc desk_call_stream_left(struct desk_db *db, struct desk_arena *a,
                                             int64_t grace_ms, size_t max, struct desk_call **out,
                                             size_t *n);

struct desk_call_stream_end {
    const char *why;        /* goodbye, transfer, message, caller_left, model_lost, drain, … */
    const char *next_step;  /* kept only if none was set before; NULL = leave */
    const char *engine;     /* "host model", or NULL */
    int64_t first_audio_ms; /* 0 = never spoke */
    const char *outcome;    /* kept only if none was set before; NULL = leave */
};
/* Write how the stream ended. Once only; a repeat changes nothing and is DESK_OK. */
DESK_MUST enum desk_rc desk_call_stream_end(struct desk_db *db, const char *tenant_id,
                                            const char *id, const struct desk_call_stream_end *e);

/* The caller had more to say after end_call: next step, outcome and tool run of it are taken back.
 * Nothing changes once the stream has ended. */
DESK_MUST enum desk_rc desk_call_leave_undo(struct desk_db *db, const char *tenant_id,
                                            const char *id);

DESK_MUST enum desk_rc desk_call_next(struct desk_db *db, const char *tenant_id, const char *id,
                                      const char *next_step);
DESK_MUST enum desk_rc desk_call_transfer(struct desk_db *db, const char *tenant_id, const char *id,
                                          const char *to_e164, const char *reason, bool urgent);
DESK_MUST enum desk_rc desk_call_mode(struct desk_db *db, const char *tenant_id, const char *id,
                                      const char *mode);
DESK_MUST enum desk_rc desk_call_dialog(struct desk_db *db, const char *tenant_id, const char *id,
                                        const char *json);
DESK_MUST enum desk_rc desk_call_urgent(struct desk_db *db, const char *tenant_id, const char *id);
/* Who it was with turned out later. */
DESK_MUST enum desk_rc desk_call_person(struct desk_db *db, const char *tenant_id, const char *id,
                                        const char *contact_id);
/* The script that was run, and which version of its texts. */
DESK_MUST enum desk_rc desk_call_script(struct desk_db *db, const char *tenant_id, const char *id,
                                        const char *script, const char *version);
/* The same, and what is done with the call (core/route.h's word): decided again in the call. */
DESK_MUST enum desk_rc desk_call_route(struct desk_db *db, const char *tenant_id, const char *id,
                                       const char *script, const char *version, const char *action);
/* Note the severity of what was heard ("P1" to "P3"): it only gets worse. */
DESK_MUST enum desk_rc desk_call_severity(struct desk_db *db, const char *tenant_id, const char *id,
                                          const char *severity);
DESK_MUST enum desk_rc desk_call_summary(struct desk_db *db, const char *tenant_id, const char *id,
                                         const char *text);

/* Set the outcome if there is none yet; force replaces (a better fact came later). */
DESK_MUST enum desk_rc desk_call_outcome(struct desk_db *db, const char *tenant_id, const char *id,
                                         const char *outcome, bool force);

/* A message was asked for and none came: "ended_no_speech", unless this caller spoke at any time or
 * something better than "hung_up" is known. */
DESK_MUST enum desk_rc desk_call_unheard(struct desk_db *db, const char *tenant_id, const char *id);

/* Move the status up by rank. A final one also ends the call: time, duration, and the outcome if
 * none was set, or only "hung_up" (first of these that fits): "not_put_through" when somebody was
 * to be rung, "answered" when the caller spoke, "ended_no_speech" when we ended it, "failed" when
 * Twilio says so, else "hung_up". DESK_DONE: it was there or past it already. */
DESK_MUST enum desk_rc desk_call_status(struct desk_db *db, const struct desk_call *c,
                                        const char *status, bool spoke);

/* End a call with that final status (never back), at a time that may be past; outcome as above. */
DESK_MUST enum desk_rc desk_call_end(struct desk_db *db, const struct desk_call *c,
                                     const char *status, bool spoke, int64_t ended_at);

/* End a call whose end was never reported, at a time that is past: final status (never back),
 * outcome as above, duration. "failed", both, for one whose stream never came, or never ended and
 * was not taken over by another rung. */
DESK_MUST enum desk_rc desk_call_close(struct desk_db *db, const struct desk_call *c, bool spoke,
                                       int64_t ended_at);

/* Calls of all businesses that ended, and that nobody has looked at since: the longest ended first.
 */
DESK_MUST enum desk_rc desk_call_after_due(struct desk_db *db, struct desk_arena *a, int64_t now,
                                           size_t max, struct desk_call **out, size_t *n);
/* That is done. The summary is kept where there is none, or in place of the one there is.
 * DESK_ECONFLICT: somebody else was quicker. */
DESK_MUST enum desk_rc desk_call_after_done(struct desk_db *db, const char *tenant_id,
                                            const char *id, const char *summary, bool replace);

/* It could not be done: not before that time again. */
DESK_MUST enum desk_rc desk_call_after_later(struct desk_db *db, const char *tenant_id,
                                             const char *id, int64_t at);

/* Calls that are running, the longest first; not what is written (sessions, texts). Longer than
 * four hours none of ours lasts: their end was not reported. */
DESK_MUST enum desk_rc desk_call_on_phone(struct desk_db *db, struct desk_arena *a,
                                          const char *tenant_id, size_t max, struct desk_call **out,
                                          size_t *n);

/* Calls begun before `before` that never ended (at most 100): the worker closes them. */
DESK_MUST enum desk_rc desk_call_stale(struct desk_db *db, struct desk_arena *a, int64_t before,
                                       struct desk_call **out, size_t *n);

#endif
