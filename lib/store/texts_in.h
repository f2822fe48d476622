/* Texts that came in, each once, by Twilio's MessageSid. A text belongs to a conversation (a voice
 * session and its call) and waits until a turn of the talk, or a rule, has answered it. Writes run
 * inside the caller's transaction. */
#ifndef DESK_STORE_TEXTS_IN_H
#define DESK_STORE_TEXTS_IN_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdbool.h>
#include <stdint.h>

#define DESK_TEXT_WAITING  "waiting"
#define DESK_TEXT_ANSWERED "answered"
#define DESK_TEXT_NONE     "none" /* nothing is to be said to it */

struct desk_text_in {
    const char *id;
    const char *tenant_id;
    const char *call_id;
    const char *session_id;
    const char *pair_key; /* its conversation's */
    const char *message_sid;
    const char *token; /* Twilio's name of the webhook, or NULL */
    const char *text;
    int64_t pictures;
    const char *made; /* core/text_in.h */
    const char *state;
    int64_t turn;      /* of the talk; 0 = none yet */
    const char *reply; /* cause of its answer in the outbox, or NULL */
    bool on_page;      /* the answer went out as the webhook's own */
    int64_t created_at;
};
extern const struct desk_fields desk_text_in_fields;

/* DESK_ECONFLICT: this MessageSid is there already. */
DESK_MUST enum desk_rc desk_text_in_insert(struct desk_db *db, const struct desk_text_in *t);
DESK_MUST enum desk_rc desk_text_in_by_sid(struct desk_db *db, struct desk_arena *a,
                                           const char *message_sid, struct desk_text_in *out);

/* Those of a conversation that wait, oldest first (at most 50). */
DESK_MUST enum desk_rc desk_texts_waiting(struct desk_db *db, struct desk_arena *a,
                                          const char *tenant_id, const char *session_id,
                                          struct desk_text_in **out, size_t *n);
/* The newest ones since then between those numbers, of whatever conversation. */
DESK_MUST enum desk_rc desk_texts_recent(struct desk_db *db, struct desk_arena *a,
                                         const char *tenant_id, const char *pair_key, int64_t since,
                                         size_t max, struct desk_text_in **out, size_t *n);
/* Of all businesses, those that came before then and wait still: at most 20. */
DESK_MUST enum desk_rc desk_texts_due(struct desk_db *db, struct desk_arena *a, int64_t before,
                                      struct desk_text_in **out, size_t *n);

/* That turn answers it. DESK_ECONFLICT: it does not wait any more. */
DESK_MUST enum desk_rc desk_text_in_take(struct desk_db *db, const struct desk_text_in *t,
                                         int64_t turn);
/* Those of that turn are answered; reply NULL = without words. *last: when the newest of them came,
 * 0 = there were none. */
DESK_MUST enum desk_rc desk_texts_answered(struct desk_db *db, const char *tenant_id,
                                           const char *session_id, int64_t turn, const char *reply,
                                           int64_t *last);
/* What waits goes on in another conversation. */
DESK_MUST enum desk_rc desk_texts_move(struct desk_db *db, const char *tenant_id,
                                       const char *session_id, const char *to_session,
                                       const char *to_call);
/* It has its end by a rule: state ANSWERED or NONE. */
DESK_MUST enum desk_rc desk_text_in_end(struct desk_db *db, const struct desk_text_in *t,
                                        const char *state, const char *reply);
/* Its answer goes out as the webhook's own. */
DESK_MUST enum desk_rc desk_text_in_page(struct desk_db *db, const struct desk_text_in *t);

#endif
