/* The file of a recording of ours: both sides of a call, µ-law at 8 kHz, sealed piece by piece.
 *
 *   head     16 bytes, "frontdesk rec 1\n"
 *   slot     nonce 24, sealed sound 1280 (160 ms of one side), tag 16; slot 2k is piece k of the
 *            caller's side, slot 2k+1 of ours
 *   end      nonce 24, sealed length 8 (samples, little endian), tag 16; behind the last slot
 *
 * A piece is bound to tenant, recording, side and number (db/seal.h), so it opens alone, which is
 * what seeking and a crash need, and pieces cannot be changed, moved, or taken from another file.
 * The end says how long it is: a file that was cut is told from one that is whole. Without an end
 * (the process was killed) the file is as long as both sides' pieces open.
 *
 * Our side is known before it is heard: it may be written ahead, and what is then cleared is
 * written again. Piece by piece, in any order, each as often as needed.
 *
 * Functions block on the disk: not on an event loop. A file is for one thread at a time. */
#ifndef DESK_STORE_RECORDING_FILE_H
#define DESK_STORE_RECORDING_FILE_H

#include "base/err.h"
#include "db/seal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DESK_REC_PIECE_MS 160
#define DESK_REC_PIECE    (DESK_REC_PIECE_MS * 8) /* samples, and bytes, of one side */
#define DESK_REC_SILENCE  0xff
#define DESK_REC_PATH     64 /* of "2026/11/20/rec_….rec" with its NUL */
#define DESK_REC_PLACE    128

/* Bytes of a file that holds so many samples and was closed well. */
int64_t desk_recfile_bytes(int64_t samples);

enum desk_rec_side { DESK_REC_CALLER, DESK_REC_DESK };

struct desk_recfile {
    int fd; /* -1: not open */
    const struct desk_key *key;
    char place[DESK_REC_PLACE]; /* tenant|recording */
    int64_t samples;            /* reading: its length */
    bool whole;                 /* reading: it has its end */
    int64_t size;               /* of the file */
};

/* Where the recording of that id, begun at that moment (UTC ms), has its file: relative to
 * DATA/recordings, and as a whole path. */
const char *desk_recfile_path(char out[DESK_REC_PATH], const char *id, int64_t started_at);
/* False: it would be too long, or path is not one of ours. */
bool desk_recfile_full(char *out, size_t n, const char *path);

/* Make it, mode 0600, with the folders above (0700). DESK_ECONFLICT: it is there. DESK_ELIMIT: the
 * disk is full. DESK_EINTERNAL: errno says why not. */
DESK_MUST enum desk_rc desk_recfile_create(struct desk_recfile *f, const struct desk_key *key,
                                           const char *path, const char *tenant_id, const char *id);

/* Write piece k of a side. DESK_ELIMIT, DESK_EINTERNAL as above. */
DESK_MUST enum desk_rc desk_recfile_put(struct desk_recfile *f, enum desk_rec_side side, int64_t k,
                                        const uint8_t sound[DESK_REC_PIECE]);
/* Read it. DESK_ENOTFOUND: nothing is there. DESK_EINTERNAL: it does not open. */
DESK_MUST enum desk_rc desk_recfile_get(const struct desk_recfile *f, enum desk_rec_side side,
                                        int64_t k, uint8_t sound[DESK_REC_PIECE]);
/* Forget all pieces from number k of both sides on. */
DESK_MUST enum desk_rc desk_recfile_cut(struct desk_recfile *f, int64_t k);
/* It is so many samples long: cut what is behind, write the end, and bring it all to the disk. All
 * pieces up to there must have been put. */
DESK_MUST enum desk_rc desk_recfile_end(struct desk_recfile *f, int64_t samples);

/* Open to read; finds how long it is. DESK_ENOTFOUND: no file. DESK_EINTERNAL: not one of ours. */
DESK_MUST enum desk_rc desk_recfile_open(struct desk_recfile *f, const struct desk_key *key,
                                         const char *path, const char *tenant_id, const char *id);
/* n samples from number `from`, both sides in turn (caller first): 2 n bytes. Beyond its length:
 * DESK_EINVAL. DESK_EINTERNAL: a piece does not open. */
DESK_MUST enum desk_rc desk_recfile_read(const struct desk_recfile *f, int64_t from, size_t n,
                                         uint8_t *out);
/* Ms since its last change. */
int64_t desk_recfile_idle_ms(const struct desk_recfile *f);
void desk_recfile_close(struct desk_recfile *f);

/* DESK_OK also when there was none. */
DESK_MUST enum desk_rc desk_recfile_remove(const char *path);

#endif
