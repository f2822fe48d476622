/* What kind of picture some bytes are, by the bytes themselves: the name and the content type that
 * came with them are the sender's word. Pure; reads no further than n. Sources of the marks: JPEG
 * (ITU T.81 B.1.1), PNG 5.2, GIF89a 17, WebP container (RIFF, "WEBP"), HEIF (ISO 23008-12: box
 * "ftyp" with a brand of the table). */
#ifndef DESK_WIRE_PICTURE_H
#define DESK_WIRE_PICTURE_H

#include "base/arena.h"

#include <stddef.h>
#include <stdint.h>

enum desk_picture_kind {
    DESK_PICTURE_NONE, /* none that is kept */
    DESK_PICTURE_JPEG,
    DESK_PICTURE_PNG,
    DESK_PICTURE_GIF,
    DESK_PICTURE_WEBP,
    DESK_PICTURE_HEIC,
    DESK_PICTURE__MAX
};

enum desk_picture_kind desk_picture_look(const void *bytes, size_t n);

/* "jpeg", "png", …; "" for NONE. And back: NONE for any other word, or NULL. */
const char *desk_picture_name(enum desk_picture_kind k);
enum desk_picture_kind desk_picture_parse(const char *name);
/* The content type it is sent out with: "image/jpeg". */
const char *desk_picture_type(enum desk_picture_kind k);
/* Do browsers show it? (HEIC only Safari does.) */
int desk_picture_shown(enum desk_picture_kind k);

/* Twilio's name of a picture out of a webhook's MediaUrlN (facts/twilio.md 1.12), whose last part
 * it is: ME and 32 hex digits; in the arena. NULL: it has none. */
const char *desk_picture_sid(struct desk_arena *a, const char *url);

#endif
