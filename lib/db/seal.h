/* Sealing of single values at rest: XChaCha20-Poly1305 (libsodium), random nonce, additional data
 * "table|column|row id", so a value cannot be moved to another place. Also the keyed hash under
 * which a phone number can be looked up without being readable. */
#ifndef DESK_DB_SEAL_H
#define DESK_DB_SEAL_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

#define DESK_KEY_BYTES  32
#define DESK_BLIND_LEN  33 /* 32 hex digits and the NUL */
#define DESK_HASH_LEN   65 /* 64 hex digits and the NUL */
#define DESK_SEAL_EXTRA 41 /* version, nonce, tag: bytes a sealed value is longer */

struct desk_key {
    unsigned char seal[DESK_KEY_BYTES];
    unsigned char blind[DESK_KEY_BYTES];
    unsigned char chunk[DESK_KEY_BYTES];
};

/* Derive the sub-keys from the master key of 64 hex digits. DESK_EINVAL if it is not that. */
DESK_MUST enum desk_rc desk_key_init(struct desk_key *k, const char *hex);

/* Load the master key from setting FRONTDESK_DATA_KEY, else from file; when file is missing and
 * create, make it (mode 0600). DESK_ENOTFOUND when missing. Reads files: not on the event loop. */
DESK_MUST enum desk_rc desk_key_load(struct desk_key *k, const char *file, bool create);

/* Sealed bytes in the arena. NULL when out of memory. */
unsigned char *desk_seal(const struct desk_key *k, struct desk_arena *a, const char *table,
                         const char *column, const char *row_id, const char *text, size_t *len);

/* Opens; *out is NUL-terminated in the arena. DESK_EINTERNAL when key or place do not match. */
DESK_MUST enum desk_rc desk_unseal(const struct desk_key *k, struct desk_arena *a,
                                   const char *table, const char *column, const char *row_id,
                                   const void *sealed, size_t len, char **out);

/* The same for a piece of a file (a recording), under a key of its own and without an arena: out
 * takes n + DESK_CHUNK_EXTRA bytes. place says whose piece it is and which ("tenant|file|17"); it
 * is not kept with it. Pure but for the nonce, thread-safe. */
#define DESK_CHUNK_EXTRA 40 /* nonce, tag */
void desk_chunk_seal(const struct desk_key *k, const char *place, const void *plain, size_t n,
                     void *out);
/* Opens n + DESK_CHUNK_EXTRA bytes into out (n). False: another key, another place, or changed. */
bool desk_chunk_open(const struct desk_key *k, const char *place, const void *sealed, size_t n,
                     void *out);

/* Keyed BLAKE2b of tenant|value as hex: equal values give equal hashes within one tenant. */
void desk_blind(const struct desk_key *k, const char *tenant_id, const char *value,
                char out[DESK_BLIND_LEN]);

/* Plain SHA-256 of a secret token in hex: what the database keeps of it. */
void desk_token_hash(const char *token, char out[DESK_HASH_LEN]);

#endif
