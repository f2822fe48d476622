/* An owner's question (core/owner_query.h) answered out of the database: by a voice call of the
 * owner's (hook) and by POST /v1/voice/owner/query (api). Reads only; blocks on the database. */
#ifndef DESK_TALK_OWNER_ANSWER_H
#define DESK_TALK_OWNER_ANSWER_H

#include "base/arena.h"
#include "core/business.h"
#include "core/owner_query.h"
#include "db/db.h"

#include <jansson.h>

#define DESK_OWNER_ROWS   500 /* rows of the database looked at for one answer */
#define DESK_OWNER_LISTED 20  /* people in its data */

struct desk_owner_ask {
    const struct desk_business *business;
    const char *tenant_id;
    const char *location_id; /* NULL = all locations */
    const char *text;        /* any bytes */
    int64_t now;             /* UTC ms */
};

struct desk_owner_answer {
    struct desk_owner_query query;
    const char *say; /* one sentence, in the arena */
    json_t *data; /* what it was made of: {"from", "to", "count", "items": […]}; a new reference */
};

DESK_MUST enum desk_rc desk_owner_answer(struct desk_db *db, struct desk_arena *a,
                                         const struct desk_owner_ask *ask,
                                         struct desk_owner_answer *out);

#endif
