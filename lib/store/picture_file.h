/* The file of a picture of ours, sealed: head "frontdesk pic 1\n", then its bytes in pieces of
 * DESK_PIC_PIECE, each with nonce and tag. A piece is bound to tenant, picture, which of its two
 * files it is in, how long the whole is and its number: no piece opens in another file, and a file
 * that was cut does not open as a shorter one.
 *
 * Functions block on the disk: not on an event loop. */
#ifndef DESK_STORE_PICTURE_FILE_H
#define DESK_STORE_PICTURE_FILE_H

#include "base/arena.h"
#include "base/err.h"
#include "db/seal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DESK_PIC_PIECE (64 * 1024)
#define DESK_PIC_PATH  64

/* Whose file it is. */
struct desk_picfile {
    const struct desk_key *key;
    const char *path; /* desk_picfile_path() */
    const char *tenant_id, *id;
    bool small; /* the small likeness, a file beside it */
    int64_t bytes;
};

/* "2026/11/29/pic_x": below the folder pictures, by the day (UTC). */
const char *desk_picfile_path(char out[DESK_PIC_PATH], const char *id, int64_t at);

/* Make it of f->bytes bytes, mode 0600, with the folders above (0700); one that was there is
 * replaced as a whole, or not at all. DESK_ELIMIT: the disk is full. */
DESK_MUST enum desk_rc desk_picfile_write(const struct desk_picfile *f, const void *bytes);
/* Piece k of it (from 0): *n bytes, as many as a piece has or the last one's. DESK_DONE: there is
 * none. DESK_ENOTFOUND: no file. DESK_EINTERNAL: it does not open. */
DESK_MUST enum desk_rc desk_picfile_read(const struct desk_picfile *f, int64_t k,
                                         uint8_t out[DESK_PIC_PIECE], size_t *n);
/* DESK_OK also when there was none. */
DESK_MUST enum desk_rc desk_picfile_remove(const struct desk_picfile *f);

#endif
