/* What people wish of a machine that calls or greets them. Kept by keyed hash of the number, apart
 * from the people they belong to, so that it holds for strangers and for who was forgotten. Texts
 * have their own (store/text_stops.h). Writes run inside the caller's transaction. */
#ifndef DESK_STORE_CONSENTS_H
#define DESK_STORE_CONSENTS_H

#include "db/db.h"

#include <stdbool.h>

#define DESK_CONSENT_CALLS     "calls"     /* calls by a machine */
#define DESK_CONSENT_GREETINGS "greetings" /* on birthdays and anniversaries */

#define DESK_CONSENT_BY_KEY   "key" /* pressed in a call */
#define DESK_CONSENT_BY_OWNER "owner"

/* The newer one counts. */
DESK_MUST enum desk_rc desk_consent_set(struct desk_db *db, const char *tenant_id, const char *e164,
                                        const char *about, bool yes, const char *how);
/* Was that said: yes, they want it (or: no, they do not)? Who said nothing said neither. */
DESK_MUST enum desk_rc desk_consent_is(struct desk_db *db, const char *tenant_id, const char *e164,
                                       const char *about, bool yes, bool *so);

#endif
