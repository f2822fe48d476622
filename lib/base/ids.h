/* Random bytes and identifiers. */
#ifndef DESK_BASE_IDS_H
#define DESK_BASE_IDS_H

#include <stddef.h>

#define DESK_ID_LEN    40 /* room for any id with its NUL */
#define DESK_TOKEN_LEN 44 /* 43 characters and the NUL */

/* n random bytes from the kernel; ends the process if the kernel has none (cannot happen later
 * than early boot). */
void desk_random(void *out, size_t n);

/* "<prefix>_<10 chars of time><3 counted><13 random>" (Crockford base 32; ids of one process sort
 * in the order they were made, up to 32,768 within one millisecond). prefix: up to 8 letters.
 * Returns out. */
const char *desk_id_new(char out[DESK_ID_LEN], const char *prefix);

/* A secret bearer token: 43 random base64url characters (258 bits). Returns out. */
const char *desk_token_new(char out[DESK_TOKEN_LEN]);

/* Tests: from now on ids count up from n and desk_random() is a fixed sequence; 0 = real again. */
void desk_ids_fake(unsigned n);

#endif
