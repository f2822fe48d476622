/* Who of the business's people is meant: by a number, by its last digits, or by a piece of a name
 * or company. Names are sealed, so the last seen are read through. Blocks on the database. */
#ifndef DESK_TALK_PEOPLE_FIND_H
#define DESK_TALK_PEOPLE_FIND_H

#include "base/arena.h"
#include "db/db.h"
#include "store/contacts.h"

#include <stddef.h>

#define DESK_PEOPLE_READ 5000 /* so many of the last seen are looked through */

/* Last seen first, at most max; country as core/phone.h. Nothing meant ("", one letter): none. */
DESK_MUST enum desk_rc desk_people_find(struct desk_db *db, struct desk_arena *a,
                                        const char *tenant_id, const char *country,
                                        const char *words, size_t max, struct desk_contact *out,
                                        size_t *n);

#endif
