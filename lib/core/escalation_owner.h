/* Is the owner of the firm asked for? A part of core/escalation.c. */
#ifndef DESK_CORE_ESCALATION_OWNER_H
#define DESK_CORE_ESCALATION_OWNER_H

#include "core/words.h"

/* The word by which the owner is asked for, or NULL: "owner", "jefe", "victor" (a name of names).
 */
const char *desk_owner_asked(const struct desk_words *ws, const char *const *names, size_t n);

#endif
