/* The outbox: what must reach the outside world (texts now; calls, alerts, webhooks, rows of other
 * systems later). A row is written in the transaction of the fact that caused it, and so exists
 * exactly if the fact does; the worker (worker/outbox.c) delivers it.
 *
 *   waiting ──claim──► claimed ──► sent ──► delivered     the other side took it; it arrived
 *      ▲                  ├──► refused                    it never will, and nobody can change that
 *      ├──── again ───────┤                               (a landline)
 *      │                  ├──► opted_out                  they want no texts of this business
 *      │                  ├──► failed                     given up: somebody should look
 *      └──── retry ◄──────┴──► unknown                    may have been done or not: never sent
 * again by itself, somebody should look. Those two may be dropped by hand.
 *
 * A row that may have been done, where the other side can be asked, waits with asking = 1 or 2: the
 * next claim of it is a question, not a delivery.
 *
 * Writes run inside the caller's transaction. */
#ifndef DESK_STORE_OUTBOX_H
#define DESK_STORE_OUTBOX_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdbool.h>
#include <stdint.h>

#define DESK_OUTBOX_WAITING   "waiting"
#define DESK_OUTBOX_CLAIMED   "claimed"
#define DESK_OUTBOX_SENT      "sent"
#define DESK_OUTBOX_DELIVERED "delivered"
#define DESK_OUTBOX_REFUSED   "refused"
#define DESK_OUTBOX_FAILED    "failed"
#define DESK_OUTBOX_UNKNOWN   "unknown"
#define DESK_OUTBOX_OPTED_OUT "opted_out"
#define DESK_OUTBOX_DROPPED   "dropped"

/* kinds; each is a row in worker/kinds.c */
#define DESK_OUTBOX_SMS            "sms" /* payload {"from","to","body","text"}: talk/texts.h */
#define DESK_OUTBOX_TELEGRAM       "telegram"       /* payload {"chat","text","keys"?} */
#define DESK_OUTBOX_TELEGRAM_REPLY "telegram_reply" /* {"method","body"}: the bot answers */
#define DESK_OUTBOX_OWNER_TEXT     "owner_text" /* {"from","to","message"}: a message was left */
#define DESK_OUTBOX_FETCH          "recording_fetch" /* {"recording"}: its sound, from Twilio */
#define DESK_OUTBOX_ERASE          "recording_erase" /* {"recording"}: delete it at Twilio */
#define DESK_OUTBOX_WEBHOOK        "webhook" /* {"event", "body"}: to the webhook that is its dest */
#define DESK_OUTBOX_CALL           "call"    /* {"from","to","callback"}: talk/ring_me.h */
#define DESK_OUTBOX_REMIND         "remind_call" /* {"from","to","out","try"}: talk/remind_call.h */
#define DESK_OUTBOX_STEER          "call_steer"  /* {"sid"}: Twilio asks for another page */
#define DESK_OUTBOX_PROBE          "probe"       /* {"what"}: store/probes.h */
#define DESK_OUTBOX_WORDS          "transcribe"  /* {"message"}: write down what was said */

#define DESK_OUTBOX_EVENT   "google_event"    /* {"appointment"}: Google is to agree */
#define DESK_OUTBOX_SYNC    "google_sync"     /* {"source"}: what the owner did there; for ever */
#define DESK_OUTBOX_CONNECT "google_connect"  /* {"code","verifier","redirect"}: a consent */
#define DESK_OUTBOX_REVOKE  "google_revoke"   /* {"token"}: given back */
#define DESK_OUTBOX_IMPORT  "calendar_import" /* {"source"}: an address is read; for ever */
#define DESK_OUTBOX_PICTURE "picture"         /* {"picture"}: its bytes, from Twilio */
#define DESK_OUTBOX_SHEETS  "sheets"          /* {"lead"} or {"call"}: a row of a sheet */
#define DESK_OUTBOX_DTOOLS  "dtools"          /* {"lead"}: a client and an opportunity */

/* destinations of several kinds; the others' is their kind */
#define DESK_OUTBOX_TO_SMS    "sms"          /* Twilio's messages */
#define DESK_OUTBOX_TO_CALLS  "call"         /* calls that Twilio makes */
#define DESK_OUTBOX_TO_MEDIA  "twilio_media" /* its recordings, and pictures */
#define DESK_OUTBOX_TO_GOOGLE "google" /* visits and consents; reading has a lane of its own */

/* priorities: lower goes first */
#define DESK_OUTBOX_ALERT  10 /* an emergency: overtakes everything */
#define DESK_OUTBOX_NORMAL 50

#define DESK_OUTBOX_ATTEMPTS         8  /* before it is given up: four minutes of not reaching it */
#define DESK_OUTBOX_ALERT_ATTEMPTS   40 /* five hours */
#define DESK_OUTBOX_WEBHOOK_ATTEMPTS 10 /* three days: Standard Webhooks' plan of waits */

struct desk_outbox {
    const char *id;
    const char *tenant_id;
    const char *call_id;
    const char *kind;
    const char *dedupe;
    int64_t priority;
    const char *payload;
    const char *to_key;
    const char *state;
    int64_t attempts;
    int64_t max_attempts;
    int64_t next_at;
    int64_t lease_until;
    bool ambiguous;
    const char *remote_id;
    const char *remote_state;
    int64_t code;
    const char *last_error;
    int64_t created_at;
    int64_t updated_at;
    int64_t done_at;
    const char *dest;
    int64_t asking;
};
extern const struct desk_fields desk_outbox_fields;

/* A new row: tenant_id, kind, dedupe, priority and payload are needed, call_id and to (E.164, kept
 * as a keyed hash) may be NULL. DESK_ECONFLICT: this cause has its row already. */
struct desk_outbox_new {
    const char *tenant_id, *call_id, *kind, *dedupe, *payload, *to;
    int64_t priority;
    int64_t wait_ms;  /* not before so long from now */
    const char *dest; /* whom it goes to, where a kind has many: a host. NULL = its kind's */
    const char *id;   /* desk_id_new(…, "out"), where the caller must know it. NULL = made here */
};
DESK_MUST enum desk_rc desk_outbox_add(struct desk_db *db, const struct desk_outbox_new *n);

/* What it waited for is here: a row that was never tried goes now. DESK_OK also if there is none.
 */
DESK_MUST enum desk_rc desk_outbox_hurry(struct desk_db *db, const char *tenant_id,
                                         const char *dedupe);

/* Its text goes out as the answer to a webhook, by whoever asks: from now on it counts as sent.
 * DESK_ECONFLICT: it is on its way otherwise, or an earlier answer to that number is. */
DESK_MUST enum desk_rc desk_outbox_page(struct desk_db *db, const char *tenant_id,
                                        const char *dedupe);

/* When that number was last told of a visit, since then; 0 = it was not. */
DESK_MUST enum desk_rc desk_outbox_told_of_visit(struct desk_db *db, const char *tenant_id,
                                                 const char *to, int64_t since, int64_t *at);

/* The row of that cause is to be delivered (again) now, whatever came of it: only for kinds that
 * bring two sides to agree, not for what is sent. DESK_ENOTFOUND: there is none, or it is on its
 * way. */
DESK_MUST enum desk_rc desk_outbox_wake(struct desk_db *db, const char *tenant_id,
                                        const char *dedupe);

/* The row of that cause. */
DESK_MUST enum desk_rc desk_outbox_by_cause(struct desk_db *db, struct desk_arena *a,
                                            const char *tenant_id, const char *dedupe,
                                            struct desk_outbox *out);

/* What exactly is about to be sent, where it is made at delivery: kept in the payload of the
 * claimed row, so that the other side can be asked about it. */
DESK_MUST enum desk_rc desk_outbox_payload(struct desk_db *db, const struct desk_outbox *row,
                                           const char *payload);

/* Did the other side refuse this number for good before (opted out, a landline)? */
DESK_MUST enum desk_rc desk_outbox_refused_before(struct desk_db *db, const char *tenant_id,
                                                  const char *to, bool *yes);

DESK_MUST enum desk_rc desk_outbox_get(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, const char *id,
                                       struct desk_outbox *out);
/* For reports by the row's id alone (its tenant is in it). */
DESK_MUST enum desk_rc desk_outbox_by_id(struct desk_db *db, struct desk_arena *a, const char *id,
                                         struct desk_outbox *out);
DESK_MUST enum desk_rc desk_outbox_by_call(struct desk_db *db, struct desk_arena *a,
                                           const char *tenant_id, const char *call_id,
                                           struct desk_outbox **out, size_t *n);
/* Newest first. attention: only what was given up or is unknown. */
DESK_MUST enum desk_rc desk_outbox_list(struct desk_db *db, struct desk_arena *a,
                                        const char *tenant_id, bool attention, size_t max,
                                        struct desk_outbox **out, size_t *n);

/* How many of the last day should have been taken before that time, and were not: is nobody
 * delivering? */
DESK_MUST enum desk_rc desk_outbox_late(struct desk_db *db, const char *tenant_id, int64_t before,
                                        int64_t *n);

/* ---- for the worker -------------------------------------------------------------------------- */

/* Rows that wait for one destination: what is slow or dead at one must not hold up another. */
struct desk_outbox_lane {
    const char *dest;
    int64_t next_at;   /* when the next one is due (it may be past) */
    int64_t urgent_at; /* the next alert; 0 = none waits */
};
#define DESK_OUTBOX_LANES 64 /* more are seen once some of these are empty */
DESK_MUST enum desk_rc desk_outbox_lanes(struct desk_db *db, struct desk_arena *a,
                                         struct desk_outbox_lane **out, size_t *n);

/* Take the most urgent row for that destination that is due, for lease_ms. DESK_ENOTFOUND: none
 * that may go now. One at a time for each business and destination; alerts go beside it. */
DESK_MUST enum desk_rc desk_outbox_claim(struct desk_db *db, struct desk_arena *a, const char *dest,
                                         int64_t lease_ms, struct desk_outbox *out);
/* The same, alerts only. */
DESK_MUST enum desk_rc desk_outbox_claim_alert(struct desk_db *db, struct desk_arena *a,
                                               const char *dest, int64_t lease_ms,
                                               struct desk_outbox *out);

/* Is this name of the other side's (SM…) that of a row other than id? */
DESK_MUST enum desk_rc desk_outbox_remote_known(struct desk_db *db, const char *remote_id,
                                                const char *id, bool *yes);

/* Claimed rows whose lease was over at that time (at most 100): their deliverer is gone. */
DESK_MUST enum desk_rc desk_outbox_overdue(struct desk_db *db, struct desk_arena *a, int64_t at,
                                           struct desk_outbox **out, size_t *n);

/* What an attempt came to. */
enum desk_outbox_end {
    DESK_END_SENT,    /* the other side has it */
    DESK_END_AGAIN,   /* surely not done: try later */
    DESK_END_REFUSED, /* surely not done, never will be, and nobody can change that */
    DESK_END_FAILED,  /* surely not done; again only after somebody changed something */
    DESK_END_UNKNOWN, /* done or not, nobody knows */
    DESK_END_ASK,     /* done or not: ask the other side after wait_ms, by the number in asking */
    DESK_END_LATER,   /* not tried: not before wait_ms from now; counts for no attempt */
    DESK_END_OPTED_OUT,
    DESK_END_OVERTAKEN, /* something newer is told instead */
    DESK_END__MAX
};
struct desk_outbox_result {
    enum desk_outbox_end end;
    char remote_id[64];    /* "" = none */
    char remote_state[24]; /* "" = none */
    int64_t code;          /* the other side's error code; 0 = none */
    int64_t wait_ms;       /* AGAIN: so long at least, as the other side asked; 0 = our back-off */
    int64_t asking;        /* ASK; and AGAIN when it was the question that came to nothing */
    bool settled;          /* the other side answered: what was unclear before is clear now */
    bool ours;             /* AGAIN: the failure was ours, and says nothing about the other side */
    char why[400];         /* a sentence; "" when sent. May name people: sealed, not for logs */
};

/* For clients of the outside: how it ended, and why as a sentence. */
__attribute__((format(printf, 3, 4))) void
desk_outbox_ended(struct desk_outbox_result *r, enum desk_outbox_end end, const char *fmt, ...);
/* A Retry-After as wait_ms; 0 if there was none. More than an hour is not believed. */
int64_t desk_outbox_wait_ms(int64_t retry_after_s);

/* Write the end of the attempt that `row` (as claimed) was. AGAIN becomes failed once attempts are
 * used up, or unknown when they were questions. *state gets the state the row is in now.
 * DESK_ENOTFOUND: the row was claimed anew meanwhile. */
DESK_MUST enum desk_rc desk_outbox_finish(struct desk_db *db, const struct desk_outbox *row,
                                          const struct desk_outbox_result *r, const char **state);

/* Wait before attempt n + 1, without its jitter: 2 s, 4 s, 8 s, … at most ten minutes. */
int64_t desk_outbox_backoff_ms(int64_t n);

/* ---- afterwards ------------------------------------------------------------------------------ */

/* What the other side reports later about a row: its state and word, the error (code 0, why NULL =
 * none). row: as read in this transaction. */
DESK_MUST enum desk_rc desk_outbox_report(struct desk_db *db, const struct desk_outbox *row,
                                          const char *state, const char *remote_id,
                                          const char *remote_state, int64_t code, const char *why);

/* A person wants it sent again now. DESK_ENOTFOUND: no such row, or it is on its way or done. */
DESK_MUST enum desk_rc desk_outbox_retry(struct desk_db *db, const char *tenant_id, const char *id);

/* Webhooks: what went or should go to that one (dest), newest first. */
DESK_MUST enum desk_rc desk_outbox_deliveries(struct desk_db *db, struct desk_arena *a,
                                              const char *tenant_id, const char *dest, size_t max,
                                              struct desk_outbox **out, size_t *n);

/* A person does not want it sent any more. It stays as a row, so that its cause makes no second
 * one. DESK_ENOTFOUND: no such row, or it is on its way or done. */
DESK_MUST enum desk_rc desk_outbox_drop(struct desk_db *db, const char *tenant_id, const char *id);
/* It is wanted after all: given up again, as it was. DESK_ENOTFOUND: it was not dropped within the
 * last ten minutes. */
DESK_MUST enum desk_rc desk_outbox_undrop(struct desk_db *db, const char *tenant_id,
                                          const char *id);

/* How each kind did since then: when it worked last, and when not (0 = never). Kinds of which
 * nothing has an end are not in it. */
struct desk_outbox_last {
    const char *kind;
    int64_t good_at, bad_at;
};
extern const struct desk_fields desk_outbox_last_fields;
#define DESK_OUTBOX_KINDS 40
DESK_MUST enum desk_rc desk_outbox_lasts(struct desk_db *db, struct desk_arena *a,
                                         const char *tenant_id, int64_t since,
                                         struct desk_outbox_last **out, size_t *n);

#endif
