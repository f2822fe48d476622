/* People known by their number. No contact is ever made of a withheld caller. Writes run inside
 * the caller's transaction. */
#ifndef DESK_STORE_CONTACTS_H
#define DESK_STORE_CONTACTS_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdbool.h>
#include <stdint.h>

struct desk_contact {
    const char *id;
    const char *tenant_id;
    const char *number;
    const char *number_key;
    const char *name;
    const char *company;
    const char *email;
    const char *notes;
    const char *standing; /* "vip", "vendor", "blocked", or NULL */
    int64_t calls;
    int64_t first_at;
    int64_t last_at;
};
extern const struct desk_fields desk_contact_fields;

DESK_MUST enum desk_rc desk_contact_by_number(struct desk_db *db, struct desk_arena *a,
                                              const char *tenant_id, const char *e164,
                                              struct desk_contact *out);
DESK_MUST enum desk_rc desk_contact_get(struct desk_db *db, struct desk_arena *a,
                                        const char *tenant_id, const char *id,
                                        struct desk_contact *out);

/* Count one call of this number, making the contact if it is new. *out as before this call
 * (out->calls is 0 for a new one). */
DESK_MUST enum desk_rc desk_contact_called(struct desk_db *db, struct desk_arena *a,
                                           const char *tenant_id, const char *e164,
                                           struct desk_contact *out);

#define DESK_STANDING_VIP     "vip"
#define DESK_STANDING_VENDOR  "vendor"
#define DESK_STANDING_BLOCKED "blocked"
/* standing NULL = none of them. DESK_ENOTFOUND: no such contact. */
DESK_MUST enum desk_rc desk_contact_standing(struct desk_db *db, const char *tenant_id,
                                             const char *id, const char *standing);

/* Store what was learnt; NULL leaves a fact as it was. */
DESK_MUST enum desk_rc desk_contact_learn(struct desk_db *db, const char *tenant_id, const char *id,
                                          const char *name, const char *company, const char *email);

#endif
