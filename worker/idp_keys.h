/* Fetches the keys of the operator's identity provider (IDP_JWKS_URL) when they are due
 * (core/keys_due.h), for the REST API to read: in a thread of its own, because that can take
 * seconds. */
#ifndef WORKER_IDP_KEYS_H
#define WORKER_IDP_KEYS_H

#include <stdbool.h>

struct idp_keys;

/* NULL: it cannot be started, or (*idle) there is no such address. */
struct idp_keys *idp_keys_start(bool *idle);

/* Waits for a fetch that is under way (10 s at most), frees. NULL is fine. */
void idp_keys_stop(struct idp_keys *w);

#endif
