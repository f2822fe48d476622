#include "wire/picture.h"

#include <string.h>

static const struct {
    const char *name, *type;
    int shown;
} kinds[DESK_PICTURE__MAX] = {
    [DESK_PICTURE_NONE] = {"", "application/octet-stream", 0},
    [DESK_PICTURE_JPEG] = {"jpeg", "image/jpeg", 1},
    [DESK_PICTURE_PNG] = {"png", "image/png", 1},
    [DESK_PICTURE_GIF] = {"gif", "image/gif", 1},
    [DESK_PICTURE_WEBP] = {"webp", "image/webp", 1},
    [DESK_PICTURE_HEIC] = {"heic", "image/heic", 0},
};

/* Marks at their place; a second one where one is not enough. */
static const struct {
    enum desk_picture_kind kind;
    size_t at, n;
    const char *bytes;
    size_t at2, n2;
    const char *bytes2;
} marks[] = {
    {DESK_PICTURE_JPEG, 0, 3, "\xff\xd8\xff", 0, 0, ""},
    {DESK_PICTURE_PNG, 0, 8, "\x89PNG\r\n\x1a\n", 12, 4, "IHDR"},
    {DESK_PICTURE_GIF, 0, 6, "GIF87a", 0, 0, ""},
    {DESK_PICTURE_GIF, 0, 6, "GIF89a", 0, 0, ""},
    {DESK_PICTURE_WEBP, 0, 4, "RIFF", 8, 4, "WEBP"},
    {DESK_PICTURE_HEIC, 4, 4, "ftyp", 8, 4, "heic"},
    {DESK_PICTURE_HEIC, 4, 4, "ftyp", 8, 4, "heix"},
    {DESK_PICTURE_HEIC, 4, 4, "ftyp", 8, 4, "heim"},
    {DESK_PICTURE_HEIC, 4, 4, "ftyp", 8, 4, "heis"},
    {DESK_PICTURE_HEIC, 4, 4, "ftyp", 8, 4, "hevc"},
    {DESK_PICTURE_HEIC, 4, 4, "ftyp", 8, 4, "mif1"},
    {DESK_PICTURE_HEIC, 4, 4, "ftyp", 8, 4, "msf1"},
};

static int has(const uint8_t *p, size_t n, size_t at, size_t len, const char *mark)
{
    return at + len <= n && memcmp(p + at, mark, len) == 0;
}

enum desk_picture_kind desk_picture_look(const void *bytes, size_t n)
{
    for (size_t i = 0; bytes && i < sizeof marks / sizeof *marks; i++)
        if (has(bytes, n, marks[i].at, marks[i].n, marks[i].bytes) &&
            has(bytes, n, marks[i].at2, marks[i].n2, marks[i].bytes2))
            return marks[i].kind;
    return DESK_PICTURE_NONE;
}

const char *desk_picture_name(enum desk_picture_kind k)
{
    return (unsigned)k < DESK_PICTURE__MAX ? kinds[k].name : "";
}

enum desk_picture_kind desk_picture_parse(const char *name)
{
    for (int k = DESK_PICTURE_NONE + 1; name && k < DESK_PICTURE__MAX; k++)
        if (strcmp(kinds[k].name, name) == 0)
            return (enum desk_picture_kind)k;
    return DESK_PICTURE_NONE;
}

const char *desk_picture_type(enum desk_picture_kind k)
{
    return kinds[(unsigned)k < DESK_PICTURE__MAX ? k : DESK_PICTURE_NONE].type;
}

int desk_picture_shown(enum desk_picture_kind k)
{
    return (unsigned)k < DESK_PICTURE__MAX && kinds[k].shown;
}

#define SID_LEN 34

const char *desk_picture_sid(struct desk_arena *a, const char *url)
{
    const char *last = url ? strrchr(url, '/') : NULL;
    size_t n = last ? strcspn(last + 1, "?#.") : 0;
    if (n != SID_LEN || strncmp(last + 1, "ME", 2) != 0 ||
        strspn(last + 3, "0123456789abcdefABCDEF") < SID_LEN - 2)
        return NULL;
    return desk_arena_strndup(a, last + 1, n);
}
