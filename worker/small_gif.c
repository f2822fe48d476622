/* GIF by giflib: the only place that names it. Source of the interlaced order: GIF89a, appendix E.
 */
#include "worker/small.h"
#include "worker/small_image.h"

#include <gif_lib.h>
#include <stdlib.h>
#include <string.h>

#define RECORDS 1000 /* before its first picture */

struct source {
    const uint8_t *p;
    size_t n;
};

static int feed(GifFileType *g, GifByteType *to, int n)
{
    struct source *s = g->UserData;
    size_t k = (size_t)n < s->n ? (size_t)n : s->n;
    memcpy(to, s->p, k);
    s->p += k;
    s->n -= k;
    return (int)k;
}

/* The row that comes k-th. */
static int row_of(int k, int h, bool interlaced)
{
    static const int from[] = {0, 4, 2, 1}, step[] = {8, 8, 4, 2};
    if (!interlaced)
        return k;
    for (int pass = 0; pass < 4; pass++) {
        int rows = (h - from[pass] + step[pass] - 1) / step[pass];
        rows = rows > 0 ? rows : 0;
        if (k < rows)
            return from[pass] + k * step[pass];
        k -= rows;
    }
    return 0;
}

static void put(struct image *im, const ColorMapObject *map, int clear, const uint8_t *row, int n,
                size_t at)
{
    for (int i = 0; i < n; i++) {
        const GifColorType *c = &map->Colors[row[i] < map->ColorCount ? row[i] : 0];
        if (row[i] == clear)
            continue;
        uint8_t *to = im->rgb + (at + (size_t)i) * 3;
        to[0] = c->Red, to[1] = c->Green, to[2] = c->Blue;
    }
}

static bool paint(GifFileType *g, int clear, struct image *im)
{
    const GifImageDesc *d = &g->Image;
    const ColorMapObject *map = d->ColorMap ? d->ColorMap : g->SColorMap;
    int w = d->Left + d->Width, h = d->Top + d->Height;
    w = w > g->SWidth ? w : g->SWidth;
    h = h > g->SHeight ? h : g->SHeight;
    if (!map || map->ColorCount < 1 || d->Left < 0 || d->Top < 0 || d->Width < 1 || d->Height < 1 ||
        w < 1 || h < 1 || !small_room(im, (uint64_t)w, (uint64_t)h))
        return false;
    uint8_t *row = malloc((size_t)d->Width);
    bool ok = row != NULL;
    for (int k = 0; ok && k < d->Height; k++) {
        ok = DGifGetLine(g, row, d->Width) == GIF_OK;
        size_t y = (size_t)d->Top + (size_t)row_of(k, d->Height, d->Interlace);
        if (ok)
            put(im, map, clear, row, d->Width, y * im->w + (size_t)d->Left);
    }
    free(row);
    return ok;
}

/* What is said of the picture that follows: which colour is clear; -1 = none. */
static bool extension(GifFileType *g, int *clear)
{
    int code;
    GifByteType *ext;
    GraphicsControlBlock said;
    bool ok = DGifGetExtension(g, &code, &ext) == GIF_OK;
    while (ok && ext) {
        if (code == GRAPHICS_EXT_FUNC_CODE && DGifExtensionToGCB(ext[0], ext + 1, &said) == GIF_OK)
            *clear = said.TransparentColor;
        ok = DGifGetExtensionNext(g, &ext) == GIF_OK;
    }
    return ok;
}

static bool first_picture(GifFileType *g, struct image *im)
{
    GifRecordType type;
    int clear = -1;
    for (int i = 0; i < RECORDS && DGifGetRecordType(g, &type) == GIF_OK; i++) {
        if (type == IMAGE_DESC_RECORD_TYPE)
            return DGifGetImageDesc(g) == GIF_OK && paint(g, clear, im);
        if (type != EXTENSION_RECORD_TYPE || !extension(g, &clear))
            return false;
    }
    return false;
}

bool small_read_gif(const void *bytes, size_t n, struct image *im)
{
    struct source s = {bytes, n};
    int why = 0;
    GifFileType *g = DGifOpen(&s, feed, &why);
    bool ok = g && first_picture(g, im);
    if (g)
        DGifCloseFile(g, &why);
    return ok;
}
