/* A picture on its way to its small likeness (small_decode.c), and its decoders. Each takes
 * whatever bytes a stranger sent; false: it is none that can be made small. They run behind the
 * child's walls (small.h). */
#ifndef WORKER_SMALL_IMAGE_H
#define WORKER_SMALL_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct image {
    uint8_t *rgb; /* owned by who called; 3 bytes a pixel */
    unsigned w, h;
    int turn; /* EXIF 1 to 8: it lies so */
};

/* Room for w times h pixels, all white. False: none, or more than may be (DESK_MAX_PIXELS). */
bool small_room(struct image *im, uint64_t w, uint64_t h);

/* The first of its pictures, on white. */
bool small_read_gif(const void *bytes, size_t n, struct image *im);
/* Still or the first of moving ones, on white. */
bool small_read_webp(const void *bytes, size_t n, struct image *im);

/* HEIC, as iPhones send it. Its library is large and is loaded by the child that has such a
 * picture, before the walls stand: behind them no file can be opened. False: it is not there. */
bool small_heif_load(void);
/* Its own small likeness where it has one that is large enough, else the picture. Turned as it
 * should be. False also when small_heif_load() was not called. */
bool small_read_heif(const void *bytes, size_t n, struct image *im);

#endif
