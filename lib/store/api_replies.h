/* What writes with an Idempotency-Key were answered: the same request once more gets the same
 * answer and does nothing. Kept for a day. Writes run inside the caller's transaction. */
#ifndef DESK_STORE_API_REPLIES_H
#define DESK_STORE_API_REPLIES_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdint.h>

struct desk_api_reply {
    const char *id; /* keyed hash: whose key, of which kind of request */
    const char *tenant_id;
    const char *asked; /* keyed hash of what was sent */
    int64_t status;
    const char *headers; /* lines, each with its CRLF */
    const char *body;
    int64_t created_at;
};
extern const struct desk_fields desk_api_reply_fields;

#define DESK_API_REPLY_MS (24LL * 3600 * 1000)

/* DESK_ENOTFOUND: such a request has not come. */
DESK_MUST enum desk_rc desk_api_reply_get(struct desk_db *db, struct desk_arena *a,
                                          const char *tenant_id, const char *id,
                                          struct desk_api_reply *out);
/* Keep it; what is over a day old goes. */
DESK_MUST enum desk_rc desk_api_reply_add(struct desk_db *db, const struct desk_api_reply *r);

#endif
