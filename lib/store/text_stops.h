/* Numbers that want no texts of a business. Kept by keyed hash, apart from the people they belong
 * to, so that it holds for strangers and for who was forgotten. Writes run inside the caller's
 * transaction. */
#ifndef DESK_STORE_TEXT_STOPS_H
#define DESK_STORE_TEXT_STOPS_H

#include "db/db.h"

#include <stdbool.h>

#define DESK_STOP_BY_TEXT   "text"   /* they wrote STOP */
#define DESK_STOP_BY_TWILIO "twilio" /* its error 21610 */
#define DESK_STOP_BY_OWNER  "owner"

/* Both are fine when it is so already. */
DESK_MUST enum desk_rc desk_text_stop(struct desk_db *db, const char *tenant_id, const char *e164,
                                      const char *how);
DESK_MUST enum desk_rc desk_text_start(struct desk_db *db, const char *tenant_id, const char *e164);
DESK_MUST enum desk_rc desk_text_stopped(struct desk_db *db, const char *tenant_id,
                                         const char *e164, bool *yes);

#endif
