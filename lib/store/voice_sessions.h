/* Voice sessions: conversations by the REST service. The session's row says whether it runs and
 * until when; its call's rows hold everything else. Writes run inside the caller's transaction. */
#ifndef DESK_STORE_VOICE_SESSIONS_H
#define DESK_STORE_VOICE_SESSIONS_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdint.h>

struct desk_voice_session {
    const char *id;
    const char *tenant_id;
    const char *call_id;
    const char *state; /* core/voice_session.h */
    const char *outside_key;
    const char *idem_key;
    const char *idem_body;
    const char *audio;
    const char *voice;
    int64_t idle_ms;
    int64_t expires_at;
    int64_t created_at;
    int64_t updated_at;
    int64_t ended_at;
    const char *pair_key; /* by text: keyed hash of the two numbers; NULL = otherwise */
    const char *asked;    /* our last text asks whether that visit is off; NULL = it does not */
};
extern const struct desk_fields desk_voice_session_fields;

/* DESK_ECONFLICT: its idem_key or outside_key is there already, or one runs between
 * those numbers. */
DESK_MUST enum desk_rc desk_voice_session_insert(struct desk_db *db,
                                                 const struct desk_voice_session *s);
DESK_MUST enum desk_rc desk_voice_session_get(struct desk_db *db, struct desk_arena *a,
                                              const char *tenant_id, const char *id,
                                              struct desk_voice_session *out);
DESK_MUST enum desk_rc desk_voice_session_by_idem(struct desk_db *db, struct desk_arena *a,
                                                  const char *tenant_id, const char *idem_key,
                                                  struct desk_voice_session *out);
/* The one that runs between two numbers that text. */
DESK_MUST enum desk_rc desk_voice_session_by_pair(struct desk_db *db, struct desk_arena *a,
                                                  const char *tenant_id, const char *pair_key,
                                                  struct desk_voice_session *out);
DESK_MUST enum desk_rc desk_voice_session_by_outside(struct desk_db *db, struct desk_arena *a,
                                                     const char *tenant_id, const char *outside_key,
                                                     struct desk_voice_session *out);

/* It lapses at that time. DESK_ECONFLICT: it does not run any more. */
DESK_MUST enum desk_rc desk_voice_session_touch(struct desk_db *db,
                                                const struct desk_voice_session *s,
                                                int64_t expires_at);
/* What our last text asks: the id of a visit, NULL = nothing. */
DESK_MUST enum desk_rc desk_voice_session_asked(struct desk_db *db,
                                                const struct desk_voice_session *s,
                                                const char *visit_id);
/* state: one of the ends. DESK_ECONFLICT: it had ended before, and nothing was changed. */
DESK_MUST enum desk_rc desk_voice_session_end(struct desk_db *db,
                                              const struct desk_voice_session *s, const char *state,
                                              int64_t ended_at);

/* Those whose time was over before now: at most 100. Of all businesses: for the worker. */
DESK_MUST enum desk_rc desk_voice_session_due(struct desk_db *db, struct desk_arena *a, int64_t now,
                                              struct desk_voice_session **out, size_t *n);

#endif
