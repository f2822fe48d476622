/* WebP by libwebp: the only place that names it. A still one is decoded at its likeness's size. */
#include "worker/small.h"
#include "worker/small_image.h"
#include "base/limits.h"

#include <stdlib.h>

#include <webp/decode.h>
#include <webp/demux.h>

/* Of moving ones whole pictures are held, three of them with four bytes a pixel. */
#define MOVING_PIXELS (DESK_MAX_PIXELS / 4)

static bool on_white(const uint8_t *rgba, int w, int h, int stride, struct image *im)
{
    if (w < 1 || h < 1 || !small_room(im, (uint64_t)w, (uint64_t)h))
        return false;
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            const uint8_t *p = rgba + (size_t)y * (size_t)stride + (size_t)x * 4;
            uint8_t *to = im->rgb + ((size_t)y * (size_t)w + (size_t)x) * 3;
            for (int i = 0; i < 3; i++)
                to[i] = (uint8_t)((p[i] * p[3] + 255 * (255 - p[3])) / 255);
        }
    return true;
}

static bool moving(const void *bytes, size_t n, struct image *im)
{
    WebPAnimDecoderOptions o;
    WebPAnimInfo info;
    const WebPData all = {bytes, n};
    uint8_t *rgba = NULL;
    int at = 0;
    if (!WebPAnimDecoderOptionsInit(&o))
        return false;
    o.color_mode = MODE_RGBA;
    o.use_threads = 0;
    WebPAnimDecoder *d = WebPAnimDecoderNew(&all, &o);
    bool ok = d && WebPAnimDecoderGetInfo(d, &info) && WebPAnimDecoderGetNext(d, &rgba, &at) &&
              on_white(rgba, (int)info.canvas_width, (int)info.canvas_height,
                       (int)info.canvas_width * 4, im);
    WebPAnimDecoderDelete(d);
    return ok;
}

static bool still(const void *bytes, size_t n, WebPDecoderConfig *c, struct image *im)
{
    int w = c->input.width, h = c->input.height, edge = w > h ? w : h;
    if (edge > SMALL_EDGE) {
        c->options.use_scaling = 1;
        c->options.scaled_width = w * SMALL_EDGE / edge ? w * SMALL_EDGE / edge : 1;
        c->options.scaled_height = h * SMALL_EDGE / edge ? h * SMALL_EDGE / edge : 1;
    }
    c->output.colorspace = MODE_RGBA;
    bool ok = WebPDecode(bytes, n, c) == VP8_STATUS_OK &&
              on_white(c->output.u.RGBA.rgba, c->output.width, c->output.height,
                       c->output.u.RGBA.stride, im);
    WebPFreeDecBuffer(&c->output);
    return ok;
}

bool small_read_webp(const void *bytes, size_t n, struct image *im)
{
    WebPDecoderConfig c;
    if (!WebPInitDecoderConfig(&c) || WebPGetFeatures(bytes, n, &c.input) != VP8_STATUS_OK ||
        c.input.width < 1 || c.input.height < 1)
        return false;
    int64_t pixels = (int64_t)c.input.width * c.input.height;
    if (pixels > (c.input.has_animation ? MOVING_PIXELS : DESK_MAX_PIXELS))
        return false;
    return c.input.has_animation ? moving(bytes, n, im) : still(bytes, n, &c, im);
}
