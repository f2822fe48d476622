/* wire/picture: any bytes are one kind or none, read no further than they go, and more bytes behind
 * them change nothing. */
#include "wire/picture.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    uint8_t *tight = malloc(n ? n : 1), *more = calloc(n + 64, 1);
    if (!tight || !more)
        abort();
    if (n) {
        memcpy(tight, data, n);
        memcpy(more, data, n);
    }
    enum desk_picture_kind k = desk_picture_look(tight, n);
    if ((unsigned)k >= DESK_PICTURE__MAX)
        abort();
    if (k && desk_picture_look(more, n + 64) != k)
        abort();
    if (k && desk_picture_parse(desk_picture_name(k)) != k)
        abort();
    struct desk_arena *a = desk_arena_new(4096);
    char url[256];
    size_t len = n < sizeof url ? n : sizeof url - 1;
    if (len)
        memcpy(url, data, len);
    url[len] = '\0';
    const char *sid = a ? desk_picture_sid(a, url) : NULL;
    if (sid && (strlen(sid) != 34 || !strstr(url, sid)))
        abort();
    desk_arena_free(a);
    free(tight);
    free(more);
    return 0;
}
