/* Standard Webhooks 1.0.0 (github standard-webhooks/standard-webhooks, spec/standard-webhooks.md):
 * secrets, signatures, and what addresses may be called. Pure, never blocks, thread-safe.
 *
 * Signed are the bytes "id.timestamp.body" with HMAC-SHA256; the key is what stands in base64
 * behind "whsec_". The header webhook-signature has "v1,<base64>" for each secret that holds, one
 * space apart. */
#ifndef DESK_WIRE_WEBHOOK_H
#define DESK_WIRE_WEBHOOK_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

#define DESK_WEBHOOK_KEY        32 /* random bytes of a secret of ours; the specification: 24 to 64 */
#define DESK_WEBHOOK_SECRET_LEN 51 /* "whsec_", 44 characters, the NUL */
#define DESK_WEBHOOK_SIG_LEN    48 /* "v1,", 44 characters, the NUL */
#define DESK_WEBHOOK_URL_MOST   2000

/* The secret of that key, as people are shown it. Returns out. */
const char *desk_webhook_secret(const unsigned char key[DESK_WEBHOOK_KEY],
                                char out[DESK_WEBHOOK_SECRET_LEN]);

/* One signature. timestamp: UTC seconds of this attempt. DESK_EINVAL: the secret is none ("whsec_"
 * and base64 of 24 to 64 bytes), or the id is empty or has a point in it; DESK_ENOMEM. */
DESK_MUST enum desk_rc desk_webhook_sign(const char *secret, const char *id, int64_t timestamp,
                                         const void *body, size_t n,
                                         char out[DESK_WEBHOOK_SIG_LEN]);

/* What an address is to us. */
enum desk_webhook_at {
    DESK_WEBHOOK_PUBLIC,  /* https to a name: may go to public addresses only */
    DESK_WEBHOOK_TRUSTED, /* its host and port stand in the list of the exceptions */
    DESK_WEBHOOK_REFUSED
};
/* allow: "host:port" of exceptions, a space or comma between them. *why: a sentence when refused
 * (static). A name may turn out to be a private address: that is seen when it is connected to. */
enum desk_webhook_at desk_webhook_at(const char *url, const char *allow, const char **why);

/* "https://hooks.example.com/…": as much of an address as may be shown to everybody, for the rest
 * of it may be a secret (Make, Zapier). Returns out (n bytes). */
const char *desk_webhook_host(const char *url, char *out, size_t n);

#endif
