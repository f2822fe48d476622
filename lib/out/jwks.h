/* The keys of an identity provider by their address (RFC 7517, 5; its jwks_uri of OpenID Connect
 * Discovery 1.0, 3). Blocks for at most 10 s: not for the event loop. */
#ifndef DESK_OUT_JWKS_H
#define DESK_OUT_JWKS_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

#define DESK_JWKS_MOST (256UL * 1024)

struct desk_jwks {
    struct desk_buf keys; /* a set with a key in it that can be used, as it came */
    char cache_control[64];
    int status;         /* 0: no answer came */
    long retry_after_s; /* 0 = it did not say */
    char why[160];      /* of a failure, a sentence without any word of the answer */
};

/* https only; http to this machine where private addresses are allowed at all (out/address.h), and
 * to no other private address where they are not. Follows no redirect. out is set up here and goes
 * to desk_jwks_clear() whatever comes. DESK_EUPSTREAM: why says it. */
DESK_MUST enum desk_rc desk_jwks_fetch(const char *url, struct desk_jwks *out);
void desk_jwks_clear(struct desk_jwks *out);

#endif
