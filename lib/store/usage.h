/* What the models that took part in a call count: tokens, time. Writes run inside the caller's
 * transaction. */
#ifndef DESK_STORE_USAGE_H
#define DESK_STORE_USAGE_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdint.h>

#define DESK_USAGE_VOICE "voice" /* the Realtime model */
#define DESK_USAGE_WORDS "words" /* the caller's words written down */
#define DESK_USAGE_TALK  "talk"  /* the text model, in the talk */
#define DESK_USAGE_AFTER "after" /* … and once it was over */

struct desk_usage {
    const char *id;
    const char *tenant_id, *call_id;
    const char *part, *model; /* DESK_USAGE_…; as the server or the settings name it */
    int64_t asks;
    int64_t text_in, text_cached, text_out; /* tokens; cached ones are not in text_in */
    int64_t audio_in, audio_cached, audio_out;
    int64_t heard_ms; /* what is billed by time */
    int64_t created_at;
};
extern const struct desk_fields desk_usage_fields;

/* Adds to what there is of that part and model; id and time are made here. */
DESK_MUST enum desk_rc desk_usage_add(struct desk_db *db, const struct desk_usage *u);
DESK_MUST enum desk_rc desk_usage_by_call(struct desk_db *db, struct desk_arena *a,
                                          const char *tenant_id, const char *call_id,
                                          struct desk_usage **out, size_t *n);

#endif
