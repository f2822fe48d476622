/* What was said (turns), why it did that (events), and what was done (tool runs).
 * Writes run inside the caller's transaction. */
#ifndef DESK_STORE_CONVERSATION_H
#define DESK_STORE_CONVERSATION_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"
#include "store/calls.h"

#include <stdbool.h>
#include <stdint.h>

struct desk_turn {
    const char *id;
    const char *tenant_id;
    const char *call_id;
    const char *item_id;
    const char *who;
    const char *how;
    const char *text;
    const char *unheard;
    int64_t start_ms;
    int64_t end_ms;
    int64_t created_at;
    int64_t seq; /* store/live.h; made by desk_turn_add() */
};
extern const struct desk_fields desk_turn_fields;

struct desk_event {
    const char *id;
    const char *tenant_id;
    const char *call_id;
    const char *kind;
    const char *name;
    const char *detail;
    int64_t at_ms;
    const char *dedupe;
    int64_t created_at;
};
extern const struct desk_fields desk_event_fields;

struct desk_tool_run {
    const char *id;
    const char *tenant_id;
    const char *call_id;
    const char *dedupe;
    const char *tool;
    const char *args;
    const char *result;
    bool ok;
    int64_t at_ms;
    int64_t took_ms;
    int64_t created_at;
};
extern const struct desk_fields desk_tool_run_fields;

#define DESK_WHO_CALLER "caller"
#define DESK_WHO_DESK   "desk"

/* t->id may be NULL: made here. A repeat of the same item is DESK_OK and changes nothing. */
DESK_MUST enum desk_rc desk_turn_add(struct desk_db *db, struct desk_turn *t);
/* What is said at this moment; nothing of an empty text. item NULL: no memory. */
DESK_MUST enum desk_rc desk_turn_now(struct desk_db *db, const struct desk_call *c,
                                     const char *item, const char *who, const char *how,
                                     const char *text);
DESK_MUST enum desk_rc desk_turn_list(struct desk_db *db, struct desk_arena *a,
                                      const char *tenant_id, const char *call_id, size_t max,
                                      struct desk_turn **out, size_t *n);
/* The newest of one side, newest first. */
DESK_MUST enum desk_rc desk_turn_recent(struct desk_db *db, struct desk_arena *a,
                                        const char *tenant_id, const char *call_id, const char *who,
                                        size_t max, struct desk_turn **out, size_t *n);
/* One by the engine's name for it. */
DESK_MUST enum desk_rc desk_turn_get(struct desk_db *db, struct desk_arena *a,
                                     const char *tenant_id, const char *call_id,
                                     const char *item_id, struct desk_turn *out);
/* Did the caller say (or key) anything? */
DESK_MUST enum desk_rc desk_turn_by_caller(struct desk_db *db, const char *tenant_id,
                                           const char *call_id, bool *yes);
DESK_MUST enum desk_rc desk_turn_count(struct desk_db *db, const char *tenant_id,
                                       const char *call_id, int64_t *n);

/* Split a turn of ours into what was heard and what was not (barge-in). DESK_ENOTFOUND when there
 * is no such item. */
DESK_MUST enum desk_rc desk_turn_heard(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, const char *call_id,
                                       const char *item_id, const char *heard, const char *unheard,
                                       int64_t end_ms);

/* A line of the timeline. dedupe NULL = always new; detail may be NULL. call_started: the call's
 * started_at, for at_ms. */
DESK_MUST enum desk_rc desk_event_add(struct desk_db *db, const char *tenant_id,
                                      const char *call_id, int64_t call_started, const char *kind,
                                      const char *name, const char *detail, const char *dedupe);
DESK_MUST enum desk_rc desk_event_list(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, const char *call_id, size_t max,
                                       struct desk_event **out, size_t *n);

/* Keep a tool call before acting. DESK_ECONFLICT: the same was asked before in this call; look at
 * its result with desk_tool_run_find(). r->id must be set. */
DESK_MUST enum desk_rc desk_tool_run_add(struct desk_db *db, const struct desk_tool_run *r);
DESK_MUST enum desk_rc desk_tool_run_find(struct desk_db *db, struct desk_arena *a,
                                          const char *tenant_id, const char *call_id,
                                          const char *dedupe, struct desk_tool_run *out);
DESK_MUST enum desk_rc desk_tool_run_done(struct desk_db *db, const struct desk_tool_run *r,
                                          const char *result, bool ok, int64_t took_ms);
DESK_MUST enum desk_rc desk_tool_run_list(struct desk_db *db, struct desk_arena *a,
                                          const char *tenant_id, const char *call_id,
                                          struct desk_tool_run **out, size_t *n);

#endif
