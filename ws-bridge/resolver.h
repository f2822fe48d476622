/* Names to addresses off the loop: a thread that asks the system's resolver, and a cache. A dead
 * resolver then delays new calls to the model, never the audio of running ones. */
#ifndef BRIDGE_RESOLVER_H
#define BRIDGE_RESOLVER_H

#include "ws-bridge/inbox.h"

#include <stddef.h>

#define RESOLVER_ADDRESS 64
#define RESOLVER_FRESH_S 60

struct resolver;

/* For one host, asked for at once. A literal address needs no thread. */
struct resolver *resolver_new(struct inbox *inbox, const char *host);
/* False: the thread is inside the system's resolver; nothing was freed. */
bool resolver_free(struct resolver *r);

/* True: out is an address to use now (old ones are used while a new one is looked up). False: a
 * NOTE_ADDRESS follows for that call. */
bool resolver_get(struct resolver *r, uint64_t handle, char out[RESOLVER_ADDRESS]);

/* The address last given did not answer: the next one, please. */
void resolver_failed(struct resolver *r);

#endif
