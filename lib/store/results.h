/* What calls lead to: callbacks promised, messages left; and day counters. Writes run inside
 * the caller's transaction. */
#ifndef DESK_STORE_RESULTS_H
#define DESK_STORE_RESULTS_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"
#include "store/period.h"

#include <stdbool.h>
#include <stdint.h>

struct desk_callback {
    const char *id;
    const char *tenant_id;
    const char *call_id;
    const char *contact_id;
    const char *name;
    const char *number;
    const char *number_key;
    const char *reason;
    const char *when_text;
    bool urgent;
    const char *state;
    int64_t created_at;
    int64_t closed_at;
    const char *kind;    /* enum desk_wish of core/dialog.h by name; NULL = "callback" */
    const char *address; /* of the work, as it was told */
    int64_t window_start, window_end; /* when_text resolved, UTC ms; 0, 0 = it was not clear,
                                         end 0 = from then on, both the same = at that time */
    const char *appointment_text;     /* the appointment there is (reschedule, cancel), as told */
    const char *appointment_day;      /* its day, "2026-12-03" at the business; NULL = not clear */
    int64_t due_at;                   /* 0 = not reckoned yet */
    int64_t next_at, told;            /* store/promises.h: when and how often it was spoken of */
    const char *closed_by;            /* DESK_KEPT_…, or NULL */
};
extern const struct desk_fields desk_callback_fields;

struct desk_message {
    const char *id;
    const char *tenant_id;
    const char *call_id;
    const char *recording_sid;
    const char *recording_url;
    int64_t seconds;
    const char *text;
    const char *words_by; /* DESK_WORDS_…: who wrote the text down; NULL = nobody did */
    const char *no_words; /* why nobody could, a sentence; or NULL */
    const char *state;
    int64_t created_at;
    const char *for_name;           /* whom it is for; NULL = the owner */
    const char *from_name, *number; /* who it is from, as they said, and where to reach them */
    bool urgent;
};
extern const struct desk_fields desk_message_fields;

#define DESK_WORDS_TWILIO "twilio"
#define DESK_WORDS_STT    "stt"

struct desk_counter {
    const char *tenant_id;
    const char *name;
    const char *day;
    int64_t n;
    int64_t last_at;
};
extern const struct desk_fields desk_counter_fields;

DESK_MUST enum desk_rc desk_callback_insert(struct desk_db *db, const struct desk_callback *c);
DESK_MUST enum desk_rc desk_callback_by_call(struct desk_db *db, struct desk_arena *a,
                                             const char *tenant_id, const char *call_id,
                                             struct desk_callback **out, size_t *n);
DESK_MUST enum desk_rc desk_callback_list(struct desk_db *db, struct desk_arena *a,
                                          const char *tenant_id, const char *state, size_t max,
                                          struct desk_callback **out, size_t *n);
DESK_MUST enum desk_rc desk_callback_open_count(struct desk_db *db, const char *tenant_id,
                                                int64_t *n);
/* Open ones that were promised then: urgent ones first, then the oldest. */
DESK_MUST enum desk_rc desk_callback_between(struct desk_db *db, struct desk_arena *a,
                                             const struct desk_period *p,
                                             struct desk_callback **out, size_t *n);
/* state: "done" or "dropped". DESK_ENOTFOUND when there is no open one of that id. */
DESK_MUST enum desk_rc desk_callback_close(struct desk_db *db, const char *tenant_id,
                                           const char *id, const char *state);
/* Undo of desk_callback_close, for ten minutes. DESK_ENOTFOUND: too late, or it is open. */
#define DESK_CALLBACK_UNDO_MS (10LL * 60 * 1000)
DESK_MUST enum desk_rc desk_callback_reopen(struct desk_db *db, const char *tenant_id,
                                            const char *id);

/* A repeat of the same recording is DESK_ECONFLICT. */
DESK_MUST enum desk_rc desk_message_insert(struct desk_db *db, const struct desk_message *m);
/* What was not known when it was inserted: its length. Nothing changes if that is known. */
DESK_MUST enum desk_rc desk_message_length(struct desk_db *db, const char *tenant_id,
                                           const char *recording_sid, int64_t seconds);
DESK_MUST enum desk_rc desk_message_get(struct desk_db *db, struct desk_arena *a,
                                        const char *tenant_id, const char *id,
                                        struct desk_message *out);
DESK_MUST enum desk_rc desk_message_by_recording(struct desk_db *db, struct desk_arena *a,
                                                 const char *tenant_id, const char *recording_sid,
                                                 struct desk_message *out);
/* Its words, sealed. The first that come stand: DESK_DONE when it has some, or was erased. */
DESK_MUST enum desk_rc desk_message_words(struct desk_db *db, const char *tenant_id, const char *id,
                                          const char *text, const char *by);
/* Why it has none (it may get some later all the same). */
DESK_MUST enum desk_rc desk_message_no_words(struct desk_db *db, const char *tenant_id,
                                             const char *id, const char *why);
DESK_MUST enum desk_rc desk_message_by_call(struct desk_db *db, struct desk_arena *a,
                                            const char *tenant_id, const char *call_id,
                                            struct desk_message **out, size_t *n);

/* New ones that were left then, newest first. */
DESK_MUST enum desk_rc desk_message_between(struct desk_db *db, struct desk_arena *a,
                                            const struct desk_period *p, struct desk_message **out,
                                            size_t *n);

/* "new" to "heard" and back. DESK_ENOTFOUND when there is none of that id in state `from`. */
DESK_MUST enum desk_rc desk_message_mark(struct desk_db *db, const char *tenant_id, const char *id,
                                         const char *from, const char *to);

/* Count one today (UTC). tenant_id NULL = the machine's own ("-"). */
DESK_MUST enum desk_rc desk_counter_add(struct desk_db *db, const char *tenant_id,
                                        const char *name);
/* Today's count and when it last happened; zeros if never. */
DESK_MUST enum desk_rc desk_counter_today(struct desk_db *db, struct desk_arena *a,
                                          const char *tenant_id, const char *name, int64_t *n,
                                          int64_t *last_at);

#endif
