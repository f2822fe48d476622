/* What may be written down of a person, checked and brought into one shape: the same for what a
 * caller says, for what an owner types and for a file. Pure. */
#ifndef DESK_CORE_CONTACT_H
#define DESK_CORE_CONTACT_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>

/* field: "name", "company", "email", "birthday", "anniversary" (YYYY-MM-DD, or MM-DD without a
 * year; 5/14/1980 by day_first; *clean is YYYY-MM-DD or --MM-DD), "preferred" (call, text, email),
 * "systems", "crm", "tags" (lists, each thing once), "notes", "language" ("es", "Spanish"),
 * "address", "standing" (vip, vendor, blocked; yes and no for a column "VIP"; *clean is "" for
 * none).
 *
 * *clean lives in the arena; text of spaces only is "". DESK_EINVAL: *why says what it must be ("is
 * no e-mail address: …"), to follow the field's name. DESK_ENOTFOUND: no such field. */
DESK_MUST enum desk_rc desk_contact_check(struct desk_arena *a, const char *field, const char *text,
                                          bool day_first, const char **clean, const char **why);

/* Do two descriptions speak of the same job? More than half of the words of the shorter one that
 * say something are in the other, too, as stems ("remodel the kitchen", "kitchen remodeling"). */
bool desk_same_job(const char *a, const char *b);

#endif
