/* The recorder's thread at its file: sound of both sides at any place, laid into pieces. One piece
 * of each side is in hand; what is skipped is silence. Blocks on the disk. Results as in
 * store/recording_file.h: DESK_ELIMIT = the disk is full. */
#ifndef BRIDGE_RECORDER_DISK_H
#define BRIDGE_RECORDER_DISK_H

#include "store/recording_file.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rec_side {
    int64_t k;    /* piece in hand, -1 = none */
    int64_t high; /* highest piece there is */
    bool dirty;   /* differs from what is on the disk */
    uint8_t sound[DESK_REC_PIECE];
};

struct rec_disk {
    struct desk_recfile file;
    struct rec_side sides[2];
};

void rec_disk_init(struct rec_disk *d);
DESK_MUST enum desk_rc rec_disk_open(struct rec_disk *d, const struct desk_key *key,
                                     const char *path, const char *tenant_id, const char *id);
/* n samples of a side from place `at` on. Ours follow the caller's at some distance by themselves:
 * a file without its end is only as long as both sides. */
DESK_MUST enum desk_rc rec_disk_sound(struct rec_disk *d, enum desk_rec_side side, int64_t at,
                                      const uint8_t *p, size_t n);
/* Ours from there on was never heard. */
DESK_MUST enum desk_rc rec_disk_cut(struct rec_disk *d, int64_t at);
/* Fill both sides up to so many samples. */
DESK_MUST enum desk_rc rec_disk_fill(struct rec_disk *d, int64_t samples);
/* How many samples of both sides are on the disk. */
int64_t rec_disk_samples(const struct rec_disk *d);

#endif
