/* HEIC by libheif (and its libde265): the only place that names it. It is loaded while running,
 * into the child alone: with all that it needs it is many times the worker's size. */
#include "worker/small.h"
#include "worker/small_image.h"
#include "base/limits.h"

#include <dlfcn.h>
#include <string.h>

#include <libheif/heif.h>

#define SONAME "libheif.so.1" /* of the headers this was built with: Debian's libheif1 */
#define EDGE   16384

#define USED(X)                                                                                    \
    X(context_alloc)                                                                               \
    X(context_free)                                                                                \
    X(context_set_max_decoding_threads)                                                            \
    X(context_set_maximum_image_size_limit)                                                        \
    X(context_read_from_memory_without_copy)                                                       \
    X(context_get_primary_image_handle)                                                            \
    X(image_handle_get_list_of_thumbnail_IDs)                                                      \
    X(image_handle_get_thumbnail)                                                                  \
    X(image_handle_get_width)                                                                      \
    X(image_handle_get_height)                                                                     \
    X(image_handle_release)                                                                        \
    X(decode_image)                                                                                \
    X(image_get_width)                                                                             \
    X(image_get_height)                                                                            \
    X(image_get_plane_readonly)                                                                    \
    X(image_release)

#define MEMBER(name) __typeof__(heif_##name) *name;
static struct {
    bool there;
    USED(MEMBER)
} heif;

/* A function's address, which ISO C does not let us take out of a void *. */
static bool find(void *library, const char *name, void *slot, size_t size)
{
    void *at = dlsym(library, name);
    memcpy(slot, &at, size);
    return at != NULL;
}

bool small_heif_load(void)
{
    void *library = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);
    bool all = library != NULL;
#define FIND(name) all = all && find(library, "heif_" #name, &heif.name, sizeof heif.name);
    USED(FIND)
#undef FIND
    heif.there = all;
    return all;
}

static bool fine(struct heif_error e)
{
    return e.code == heif_error_Ok;
}

static bool large_enough(const struct heif_image_handle *h)
{
    return heif.image_handle_get_width(h) >= SMALL_EDGE ||
           heif.image_handle_get_height(h) >= SMALL_EDGE;
}

static bool not_too_large(const struct heif_image_handle *h)
{
    int w = heif.image_handle_get_width(h), t = heif.image_handle_get_height(h);
    return w > 0 && t > 0 && (int64_t)w * t <= DESK_MAX_PIXELS;
}

/* Its own likeness in place of it. */
static struct heif_image_handle *smaller(struct heif_image_handle *h)
{
    heif_item_id id;
    struct heif_image_handle *own = NULL;
    if (heif.image_handle_get_list_of_thumbnail_IDs(h, &id, 1) < 1 ||
        !fine(heif.image_handle_get_thumbnail(h, id, &own)))
        return h;
    bool good = large_enough(own) || !large_enough(h);
    heif.image_handle_release(good ? h : own);
    return good ? own : h;
}

static bool copy(const struct heif_image *from, struct image *im)
{
    int w = heif.image_get_width(from, heif_channel_interleaved), stride = 0;
    int h = heif.image_get_height(from, heif_channel_interleaved);
    const uint8_t *p = heif.image_get_plane_readonly(from, heif_channel_interleaved, &stride);
    if (!p || w < 1 || h < 1 || stride < 3 * w || !small_room(im, (uint64_t)w, (uint64_t)h))
        return false;
    for (int y = 0; y < h; y++)
        memcpy(im->rgb + (size_t)y * (size_t)w * 3, p + (size_t)y * (size_t)stride, (size_t)w * 3);
    return true;
}

static bool decode(struct heif_context *c, struct image *im)
{
    struct heif_image_handle *h = NULL;
    struct heif_image *got = NULL;
    if (!fine(heif.context_get_primary_image_handle(c, &h)))
        return false;
    h = smaller(h);
    bool ok =
        not_too_large(h) &&
        fine(heif.decode_image(h, &got, heif_colorspace_RGB, heif_chroma_interleaved_RGB, NULL)) &&
        copy(got, im);
    if (got)
        heif.image_release(got);
    heif.image_handle_release(h);
    return ok;
}

bool small_read_heif(const void *bytes, size_t n, struct image *im)
{
    struct heif_context *c = heif.there ? heif.context_alloc() : NULL;
    if (!c)
        return false;
    heif.context_set_max_decoding_threads(c, 0);
    heif.context_set_maximum_image_size_limit(c, EDGE);
    bool ok = fine(heif.context_read_from_memory_without_copy(c, bytes, n, NULL)) && decode(c, im);
    heif.context_free(c);
    return ok;
}
