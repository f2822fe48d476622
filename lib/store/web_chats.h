/* The chat on a business's own website: one row of each business that has opened its settings page
 * once. Writes run inside the caller's transaction. */
#ifndef DESK_STORE_WEB_CHATS_H
#define DESK_STORE_WEB_CHATS_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdbool.h>
#include <stdint.h>

struct desk_web_chat {
    const char *id; /* the key in the website's pages: it names the business, and opens nothing */
    const char *tenant_id;
    bool active;
    const char *origins;  /* core/origin.h; "" = of no website */
    const char *greeting; /* "" = the house's */
    int64_t created_at, updated_at;
};
extern const struct desk_fields desk_web_chat_fields;

/* Of a business. DESK_ENOTFOUND: it never had one. */
DESK_MUST enum desk_rc desk_web_chat_get(struct desk_db *db, struct desk_arena *a,
                                         const char *tenant_id, struct desk_web_chat *out);
/* By the key of a page: whose it is. */
DESK_MUST enum desk_rc desk_web_chat_by_key(struct desk_db *db, struct desk_arena *a,
                                            const char *key, struct desk_web_chat *out);
/* Write it; the key that a business has stays. */
DESK_MUST enum desk_rc desk_web_chat_put(struct desk_db *db, const struct desk_web_chat *c);

#endif
