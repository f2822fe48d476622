/* Pictures to a small JPEG: JPEG and PNG here, by libjpeg-turbo and libpng (the only place that
 * names them), the others in files of their own (small_image.h). What is in the file besides its
 * pixels (where and when it was taken) does not go into the likeness; the way up does: phones write
 * it down in EXIF instead of turning the picture (TIFF tag 0x0112).
 */
#include "worker/small.h"
#include "worker/small_image.h"
#include "base/limits.h"
#include "wire/picture.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

#define QUALITY 72

bool small_room(struct image *im, uint64_t w, uint64_t h)
{
    if (!w || !h || w > DESK_MAX_PIXELS || h > DESK_MAX_PIXELS || w * h > DESK_MAX_PIXELS)
        return false;
    im->rgb = malloc((size_t)(w * h) * 3);
    if (!im->rgb)
        return false;
    memset(im->rgb, 0xff, (size_t)(w * h) * 3);
    im->w = (unsigned)w;
    im->h = (unsigned)h;
    return true;
}

/* ---- JPEG in --------------------------------------------------------------------------------- */

struct trouble {
    struct jpeg_error_mgr mgr;
    jmp_buf back;
};

static void on_error(j_common_ptr c)
{
    longjmp(((struct trouble *)c->err)->back, 1);
}

static void on_message(j_common_ptr c)
{
    (void)c;
}

static unsigned number(const uint8_t *p, size_t n, bool little)
{
    unsigned v = 0;
    for (size_t i = 0; i < n; i++)
        v |= (unsigned)p[i] << 8 * (little ? i : n - 1 - i);
    return v;
}

/* The first directory's orientation; 1 when there is none. */
static int turn_of(const uint8_t *p, size_t n)
{
    if (n < 14 || memcmp(p, "Exif\0\0", 6) != 0)
        return 1;
    p += 6, n -= 6;
    bool little = p[0] == 'I';
    size_t at = number(p + 4, 4, little);
    if (at + 2 > n || at > n)
        return 1;
    unsigned entries = number(p + at, 2, little);
    at += 2;
    for (unsigned i = 0; i < entries && at + 12 <= n; i++, at += 12)
        if (number(p + at, 2, little) == 0x0112) {
            unsigned v = number(p + at + 8, 2, little);
            return v >= 1 && v <= 8 ? (int)v : 1;
        }
    return 1;
}

/* Decoded at an eighth, a quarter or a half where that is still large enough: cheap for large ones.
 */
static void scale(struct jpeg_decompress_struct *c)
{
    unsigned edge = c->image_width > c->image_height ? c->image_width : c->image_height;
    c->scale_num = 1;
    c->scale_denom = 1;
    while (c->scale_denom < 8 && edge / (c->scale_denom * 2) >= SMALL_EDGE)
        c->scale_denom *= 2;
    c->out_color_space = JCS_RGB;
    c->dct_method = JDCT_IFAST;
}

static bool pixels(struct jpeg_decompress_struct *c, struct image *im)
{
    if ((uint64_t)c->image_width * c->image_height > DESK_MAX_PIXELS)
        return false;
    scale(c);
    jpeg_start_decompress(c);
    im->w = c->output_width;
    im->h = c->output_height;
    im->rgb = malloc((size_t)im->w * im->h * 3);
    while (im->rgb && c->output_scanline < c->output_height) {
        JSAMPROW row = im->rgb + (size_t)c->output_scanline * im->w * 3;
        jpeg_read_scanlines(c, &row, 1);
    }
    jpeg_finish_decompress(c);
    return im->rgb;
}

static bool read_jpeg(const void *bytes, size_t n, struct image *im)
{
    struct jpeg_decompress_struct c;
    struct trouble t;
    volatile bool ok = false;
    c.err = jpeg_std_error(&t.mgr);
    t.mgr.error_exit = on_error;
    t.mgr.output_message = on_message;
    if (!setjmp(t.back)) {
        jpeg_create_decompress(&c);
        jpeg_mem_src(&c, bytes, n);
        jpeg_save_markers(&c, JPEG_APP0 + 1, 0xffff);
        jpeg_read_header(&c, TRUE);
        for (jpeg_saved_marker_ptr m = c.marker_list; m && im->turn == 1; m = m->next)
            im->turn = turn_of(m->data, m->data_length);
        ok = pixels(&c, im);
    }
    jpeg_destroy_decompress(&c);
    return ok;
}

/* ---- PNG in ---------------------------------------------------------------------------------- */

static bool read_png(const void *bytes, size_t n, struct image *im)
{
    png_image p = {.version = PNG_IMAGE_VERSION};
    const png_color white = {255, 255, 255};
    if (!png_image_begin_read_from_memory(&p, bytes, n))
        return false;
    p.format = PNG_FORMAT_RGB;
    if (p.width && p.height && (uint64_t)p.width * p.height <= DESK_MAX_PIXELS)
        im->rgb = malloc(PNG_IMAGE_SIZE(p));
    bool ok = im->rgb && png_image_finish_read(&p, &white, im->rgb, 0, NULL);
    im->w = p.width;
    im->h = p.height;
    png_image_free(&p);
    return ok;
}

/* ---- smaller --------------------------------------------------------------------------------- */

/* The mean of the pixels that one stands for. */
static void mean(const struct image *im, const unsigned box[4], uint8_t out[3])
{
    uint64_t sum[3] = {0, 0, 0}, n = 0;
    for (unsigned y = box[1]; y < box[3]; y++)
        for (unsigned x = box[0]; x < box[2]; x++, n++) {
            const uint8_t *p = im->rgb + ((size_t)y * im->w + x) * 3;
            for (int i = 0; i < 3; i++)
                sum[i] += p[i];
        }
    for (int i = 0; i < 3; i++)
        out[i] = (uint8_t)(n ? sum[i] / n : 0);
}

static bool shrink(struct image *im)
{
    unsigned edge = im->w > im->h ? im->w : im->h;
    if (!edge)
        return false;
    if (edge <= SMALL_EDGE)
        return true;
    struct image to = {.w = im->w * SMALL_EDGE / edge, .h = im->h * SMALL_EDGE / edge};
    to.w += !to.w;
    to.h += !to.h;
    to.rgb = malloc((size_t)to.w * to.h * 3);
    for (unsigned y = 0; to.rgb && y < to.h; y++)
        for (unsigned x = 0; x < to.w; x++) {
            const unsigned box[4] = {x * im->w / to.w, y * im->h / to.h, (x + 1) * im->w / to.w,
                                     (y + 1) * im->h / to.h};
            mean(im, box, to.rgb + ((size_t)y * to.w + x) * 3);
        }
    free(im->rgb);
    im->rgb = to.rgb;
    im->w = to.w;
    im->h = to.h;
    return im->rgb;
}

/* Where the pixel at (x, y) of the right way up is, by EXIF's number. */
static size_t at_turned(const struct image *im, unsigned x, unsigned y)
{
    unsigned w = im->w, h = im->h;
    switch (im->turn) {
    case 2:
        return (size_t)y * w + (w - 1 - x);
    case 3:
        return (size_t)(h - 1 - y) * w + (w - 1 - x);
    case 4:
        return (size_t)(h - 1 - y) * w + x;
    case 5:
        return (size_t)x * w + y;
    case 6:
        return (size_t)(h - 1 - x) * w + y;
    case 7:
        return (size_t)(h - 1 - x) * w + (w - 1 - y);
    case 8:
        return (size_t)x * w + (w - 1 - y);
    default:
        return (size_t)y * w + x;
    }
}

static bool turn(struct image *im)
{
    bool lies = im->turn >= 5;
    struct image to = {.w = lies ? im->h : im->w, .h = lies ? im->w : im->h};
    if (im->turn == 1)
        return true;
    to.rgb = malloc((size_t)to.w * to.h * 3);
    for (unsigned y = 0; to.rgb && y < to.h; y++)
        for (unsigned x = 0; x < to.w; x++)
            memcpy(to.rgb + ((size_t)y * to.w + x) * 3, im->rgb + at_turned(im, x, y) * 3, 3);
    free(im->rgb);
    *im = to;
    return im->rgb;
}

/* ---- JPEG out -------------------------------------------------------------------------------- */

static bool write_jpeg(const struct image *im, struct desk_buf *out)
{
    struct jpeg_compress_struct c;
    struct trouble t;
    unsigned char *volatile bytes = NULL;
    unsigned char *made = NULL;
    unsigned long n = 0;
    volatile bool ok = false;
    c.err = jpeg_std_error(&t.mgr);
    t.mgr.error_exit = on_error;
    t.mgr.output_message = on_message;
    if (!setjmp(t.back)) {
        jpeg_create_compress(&c);
        jpeg_mem_dest(&c, &made, &n);
        c.image_width = im->w;
        c.image_height = im->h;
        c.input_components = 3;
        c.in_color_space = JCS_RGB;
        jpeg_set_defaults(&c);
        jpeg_set_quality(&c, QUALITY, TRUE);
        jpeg_start_compress(&c, TRUE);
        while (c.next_scanline < c.image_height) {
            JSAMPROW row = im->rgb + (size_t)c.next_scanline * im->w * 3;
            jpeg_write_scanlines(&c, &row, 1);
        }
        jpeg_finish_compress(&c);
        bytes = made;
        desk_buf_add(out, made, n);
        ok = desk_buf_ok(out);
    }
    jpeg_destroy_compress(&c);
    free(bytes);
    return ok;
}

static bool (*const readers[DESK_PICTURE__MAX])(const void *, size_t, struct image *) = {
    [DESK_PICTURE_JPEG] = read_jpeg,       [DESK_PICTURE_PNG] = read_png,
    [DESK_PICTURE_GIF] = small_read_gif,   [DESK_PICTURE_WEBP] = small_read_webp,
    [DESK_PICTURE_HEIC] = small_read_heif,
};

bool small_decode(const void *bytes, size_t n, struct desk_buf *out)
{
    struct image im = {.turn = 1};
    enum desk_picture_kind kind = desk_picture_look(bytes, n);
    bool ok = (unsigned)kind < DESK_PICTURE__MAX && readers[kind] && readers[kind](bytes, n, &im);
    ok = ok && im.rgb && shrink(&im) && turn(&im) && write_jpeg(&im, out);
    free(im.rgb);
    return ok;
}
