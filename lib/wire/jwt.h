/* JSON Web Tokens of somebody else's identity provider: RFC 7519 in the compact form of RFC 7515,
 * signed with RS256 or ES256 (RFC 7518) by a key of a JWK set (RFC 7517). Nothing else is taken, as
 * RFC 8725 advises: no "none", no HMAC, no "crit", and the key says what it may be used with. Pure,
 * never blocks; a signature takes about 0.1 ms to check. */
#ifndef DESK_WIRE_JWT_H
#define DESK_WIRE_JWT_H

#include "base/arena.h"
#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DESK_JWT_MAX    8192 /* longest token */
#define DESK_JWT_SKEW_S 60   /* how far clocks may differ */

/* Does it look like one (three parts)? Our own tokens have no dot. */
bool desk_jwt_like(const char *token);

/* What a token must say, and what the clock says. */
struct desk_jwt_want {
    const char *issuer, *audience; /* both needed */
    int64_t now_s;
};

/* Signature, then claims. keys: a JWK set, {"keys": […]}. *claims is a new reference.
 * DESK_ENOTFOUND: no key of that kid (and kind) is in the set, so it may be newer than the set is;
 * DESK_EAUTH: anything else that is wrong. *why says what, a sentence, without any word of the
 * token. */
DESK_MUST enum desk_rc desk_jwt_check(const char *token, const json_t *keys,
                                      const struct desk_jwt_want *want, json_t **claims,
                                      const char **why);

/* How many keys of a set we could use. */
size_t desk_jwks_usable(const json_t *keys);

#endif
