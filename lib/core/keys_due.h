/* When the keys of an identity provider are fetched, from what is known of them: when they grow old
 * (as long as its Cache-Control says, within bounds), or early when a token bears a key that is not
 * among them, which is how a provider changes its keys; never in a hurry, whatever tokens come.
 * Pure.
 */
#ifndef DESK_CORE_KEYS_DUE_H
#define DESK_CORE_KEYS_DUE_H

#include <stdbool.h>
#include <stdint.h>

#define DESK_KEYS_GAP_MS   60000LL         /* between two fetches that went well */
#define DESK_KEYS_USUAL_MS (3600LL * 1000) /* fresh for, when it does not say */
#define DESK_KEYS_LEAST_MS (300LL * 1000)  /* whatever it says */
#define DESK_KEYS_MOST_MS  (24LL * 3600 * 1000)

struct desk_keys_times { /* UTC ms; 0 = never */
    int64_t fetched, fresh_until;
    int64_t wanted;     /* last time that a key was missing in them */
    int64_t not_before; /* after a failure */
};

/* When they are fetched next; at once if they never were. */
int64_t desk_keys_due(const struct desk_keys_times *t);

/* A key is missing in them: may they be fetched anew for it now? Else it is none of the provider's.
 */
bool desk_keys_worth(const struct desk_keys_times *t, int64_t now);

/* How long keys that came with that Cache-Control ("" = without) are fresh (RFC 9111, 5.2.2.1). */
int64_t desk_keys_fresh_ms(const char *cache_control);

/* How long to wait after the n-th failure in a row; it asked for retry_after_s (0 = it did not). */
int64_t desk_keys_wait_ms(int64_t failures, int64_t retry_after_s);

#endif
