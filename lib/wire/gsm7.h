/* How long a text is on its way: in GSM 7-bit (3GPP TS 23.038, default alphabet with its extension
 * table) when every character is in it, else in UCS-2. One message holds 160 or 70 characters;
 * longer ones are sent in segments of 153 or 67 that the phone joins again, and each is paid for
 * (facts/twilio.md 6.4). Pure. */
#ifndef DESK_WIRE_GSM7_H
#define DESK_WIRE_GSM7_H

#include <stdbool.h>
#include <stddef.h>

struct desk_sms_size {
    bool ucs2;         /* else GSM-7 */
    size_t characters; /* as people count: code points */
    size_t units;      /* septets (of the extension table two each), or UCS-2 words */
    size_t segments;   /* 0 for an empty text */
    const char *first; /* the character that made it UCS-2, in the text; NULL = none */
};

/* n bytes of UTF-8; an invalid byte counts as one character outside of the alphabet. */
void desk_sms_size(const char *text, size_t n, struct desk_sms_size *out);

/* "GSM-7" or "UCS-2". */
const char *desk_sms_encoding(const struct desk_sms_size *size);

#endif
