/* How long callers waited, an answer at a time, and its percentiles by day. Reads put strings in
 * the arena; writes run inside the caller's transaction. */
#ifndef DESK_STORE_LATENCY_H
#define DESK_STORE_LATENCY_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdint.h>

#define DESK_LATENCY_ANSWER "answer" /* the call's beginning to our first sound */
#define DESK_LATENCY_TURN   "turn"   /* the caller's last sound to our first one */
/* by text (ConversationRelay): Twilio hears and speaks, and its time is not in them */
#define DESK_LATENCY_TEXT_ANSWER "text_answer" /* the call's beginning to our first words */
#define DESK_LATENCY_TEXT_TURN   "text_turn"   /* the caller's last words to our first ones */

struct desk_latency {
    const char *id; /* made when NULL */
    const char *tenant_id, *call_id;
    int64_t turn; /* 0 = the first word; a repeat is not written again */
    const char *kind;
    int64_t total_ms, model_ms, tool_ms, own_us;
    const char *day;
    int64_t created_at;
};
extern const struct desk_fields desk_latency_fields;

struct desk_latency_day {
    const char *day, *kind;
    int64_t n;
    int64_t p50_ms, p95_ms, p99_ms;    /* nearest rank, of total_ms */
    int64_t model_ms, tool_ms, own_us; /* means */
};
extern const struct desk_fields desk_latency_day_fields;

/* DESK_DONE: that turn is there already. */
DESK_MUST enum desk_rc desk_latency_add(struct desk_db *db, const struct desk_latency *l);
DESK_MUST enum desk_rc desk_latency_by_call(struct desk_db *db, struct desk_arena *a,
                                            const char *tenant_id, const char *call_id,
                                            struct desk_latency **out, size_t *n);
/* Days from since (YYYY-MM-DD) on, newest first; days without an answer are not in it. */
DESK_MUST enum desk_rc desk_latency_days(struct desk_db *db, struct desk_arena *a,
                                         const char *tenant_id, const char *kind, const char *since,
                                         struct desk_latency_day **out, size_t *n);

#endif
