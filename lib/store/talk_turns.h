/* Turns of the talk question by question, from input to answer. A turn is claimed by whoever works
 * on it (a thread of hook.fcgi) and held for a few seconds at a time; one whose holder died is
 * taken by another. Only the holder may write the answer, so it is written once. Writes run inside
 * the caller's transaction. */
#ifndef DESK_STORE_TALK_TURNS_H
#define DESK_STORE_TALK_TURNS_H

#include "base/arena.h"
#include "base/ids.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdbool.h>
#include <stdint.h>

struct desk_talk_turn {
    const char *id;
    const char *tenant_id;
    const char *call_id;
    int64_t n;
    const char *event; /* speech, keys, silence */
    const char *text;  /* until it is answered: then it stands in `turn` alone */
    const char *claim;
    int64_t lease_until;
    int64_t done_at; /* 0 = not answered */
    const char *brain;
    const char *trouble;
    int64_t asks;
    int64_t tokens_in, tokens_cached, tokens_out;
    int64_t first_ms, took_ms;
    int64_t created_at;
    const char *idem_key, *idem_body; /* keyed hashes of the client's key and of what it sent */
};
extern const struct desk_fields desk_talk_turn_fields;

#define DESK_TALK_LEASE_MS 4000

/* A new turn, claimed: t->claim (DESK_ID_LEN, see desk_id_new()) must be set; id, lease and time
 * are made here. DESK_ECONFLICT: it is there already. */
DESK_MUST enum desk_rc desk_talk_turn_add(struct desk_db *db, const struct desk_talk_turn *t);
DESK_MUST enum desk_rc desk_talk_turn_get(struct desk_db *db, struct desk_arena *a,
                                          const char *tenant_id, const char *call_id, int64_t n,
                                          struct desk_talk_turn *out);
/* The one that a client sent under that key. */
DESK_MUST enum desk_rc desk_talk_turn_by_idem(struct desk_db *db, struct desk_arena *a,
                                              const char *tenant_id, const char *call_id,
                                              const char *idem_key, struct desk_talk_turn *out);
/* What a turn that was claimed before it was heard turned out to be: t->event, text and idem_… are
 * written, and it is held on. DESK_ECONFLICT: it is not ours any more. */
DESK_MUST enum desk_rc desk_talk_turn_hear(struct desk_db *db, const struct desk_talk_turn *t);
/* Nothing could be heard: as if it had never been claimed. DESK_ECONFLICT: not ours any more. */
DESK_MUST enum desk_rc desk_talk_turn_drop(struct desk_db *db, const struct desk_talk_turn *t);
/* Claim one whose holder is gone. DESK_ECONFLICT: it is held, or answered. */
DESK_MUST enum desk_rc desk_talk_turn_take(struct desk_db *db, const struct desk_talk_turn *t,
                                           const char *claim);
/* Hold it on. DESK_ECONFLICT: it is not ours any more. */
DESK_MUST enum desk_rc desk_talk_turn_hold(struct desk_db *db, const struct desk_talk_turn *t);
/* It is answered; brain to took_ms of t are written. DESK_ECONFLICT: it is not ours any more. */
DESK_MUST enum desk_rc desk_talk_turn_done(struct desk_db *db, const struct desk_talk_turn *t);

#endif
