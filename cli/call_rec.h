/* Both sides of a call as one stereo recording: left caller, right receptionist, true timing. */
#ifndef CLI_CALL_REC_H
#define CLI_CALL_REC_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum sim_side { SIM_LEFT, SIM_RIGHT };

struct sim_rec; /* not thread-safe */

/* Holds at most max_ms of sound. NULL: no memory. */
struct sim_rec *sim_rec_new(long max_ms);
void sim_rec_free(struct sim_rec *r); /* NULL is fine */

/* n samples of µ-law heard at at_ms since the beginning of the call; silence fills what lies
 * between, later sound replaces earlier at the same place. What does not fit is dropped. r may be
 * NULL. */
void sim_rec_put(struct sim_rec *r, enum sim_side side, long at_ms, const uint8_t *ulaw, size_t n);

/* Write a 16-bit stereo WAV of total_ms (or as long as there is sound). DESK_EINVAL: the file
 * cannot be written; why says so. */
DESK_MUST enum desk_rc sim_rec_write(const struct sim_rec *r, const char *path, long total_ms,
                                     char *why, size_t n);

#endif
