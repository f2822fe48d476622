/* Addresses of websites as browsers name them in the header Origin (RFC 6454: scheme, host, port):
 * what an owner types made into a list of them, and whether one is on a list. Pure. */
#ifndef DESK_CORE_ORIGIN_H
#define DESK_CORE_ORIGIN_H

#include "base/arena.h"

#include <stdbool.h>

#define DESK_ORIGINS_MAX 20 /* of one business */

/* What was typed, one a line or with spaces or commas between, → "https://a https://b:8443" in the
 * arena: small letters, each once, no default port. A host alone is meant as https; what stands
 * behind the host is left out, because a browser does not tell it. http only of this machine, for
 * who builds a website. NULL: *why is a sentence about what is wrong with it (in the arena; NULL =
 * no memory). */
const char *desk_origins_tidy(struct desk_arena *a, const char *typed, const char **why);

/* Is the origin a browser told on such a list? NULL or "null" (a file, a frame of a data: address)
 * never is. */
bool desk_origin_listed(const char *list, const char *origin);

#endif
